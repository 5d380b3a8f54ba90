"""Lines of prose that are a result: a label and its value."""

from __future__ import annotations

import re

from semantix.text._numerals import GROUPED, Marks
from semantix.text._ranges import BANDS, plain_of
from semantix.text._readings import Number, ValueReading
from semantix.text._results import FLAG_BESIDE, value_of
from semantix.text._units import UNIT, counts_cells, folded, is_of_result

_DIGIT = re.compile(r"[0-9]")
_PARTING = re.compile(r"\s*[.…]{2,}[\s.:=…]*|\s*[:=]\s*|\s{2,}:?\s*")
_VALUE_START = re.compile(r"(?:[*+]\s*)?(?:[<>≤≥]|inf|sup|-?[0-9])", re.IGNORECASE)
_NO_LABEL = re.compile(
    r"\b(?:soit|v\.?r|normes?|normales?|normaux|valeurs?|r[ée]f\w*|t[ée]l\w*|fax|dates?|[âa]ge|dossier|page|objectifs?|cibles?"
    r"|risques?|seuils?|carences?|insuffisances?|d[ée]ficits?|toxi\w*|douteux|n[ée]gati\w*|positi\w*|limites?|zones?"
    r"|interpr[ée]t\w*|recomm\w*|ant[ée]ri\w*|pr[ée]c[ée]den\w*|derni\w*|pr[ée]vention|th[ée]rapeutiques?|interm[ée]diaire"
    r"|posologie|prendre|traitement)\b|^\W*(?:le|du|au|n)\b|^\W*[0-9]{1,2}[/.-][0-9]{1,2}[/.-]|^\W*[<>]",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}|(?:[^\W\d_]\.){2}")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}+(?:[^\W\d_](?!\w)\.?)?")
_POINTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.)++[^\W\d_]$")
_SHOUTED = re.compile(r"[A-Z][A-Z0-9 .,'()/-]{1,40}")
_SHOUTED_VALUE = re.compile(r"\s(?=[*<>]?\s?[0-9])")
_ENDS_MEASURED = re.compile(rf"[0-9]\s?({UNIT})$", re.IGNORECASE)
_LONGEST_LINE = 300
_COUNTED = re.compile(r"\s(?=[*<>]?\s?[0-9]{1,3}(?:[.,][0-9]{1,2})?\s?%\s?(?:soit|=)\s?:?\s?[0-9])", re.IGNORECASE)
_CELLS = re.compile(r"(?:g|giga|10[*e]?9|x10[*e]?9)/l")
_SENTENCE = re.compile(
    r"(?<![\w'’])(?:les?|la|une?|des?|à|a|ont|est|sont|était|de|du|par|environ|chez|avec|dont|pour)(?![\w'’])",
    re.IGNORECASE,
)


def result_of(line: str) -> tuple[str, ValueReading] | None:
    """A label and its value, where value and unit, or value and bounds, are unmistakable."""
    if len(line) > _LONGEST_LINE or not _DIGIT.search(line):
        return None
    plain = plain_of(line.replace("\t", "  "))
    for number, found in enumerate(_PARTING.finditer(plain)):
        if number > 12:
            break
        label = plain[: found.start()]
        if _VALUE_START.match(plain, found.end()) and (read := _result(label, plain[found.end() :])):
            return read
    return _counted(plain) or _shouted(plain)


def _counted(plain: str) -> tuple[str, ValueReading] | None:
    """``Lymphocytes 62 % soit 1.810 /mm3``: one space, and a part of the cells with their count."""
    found = _COUNTED.search(plain)
    if found is None or _SENTENCE.search(plain, 0, found.start()) or len(plain[: found.start()].split()) > 4:
        return None
    read = _result(plain[: found.start()], plain[found.end() :])
    count = read[1].second if read is not None else None
    unit = count.unit if count is not None else None
    return read if unit and (counts_cells(unit) or _CELLS.fullmatch(folded(unit))) else None


def _shouted(plain: str) -> tuple[str, ValueReading] | None:
    """``LEUCOCYTES 2.920 */mm3``: a label in capitals and one space."""
    found = _SHOUTED_VALUE.search(plain)
    if found is None or not _SHOUTED.fullmatch(plain, 0, found.start()):
        return None
    return _result(plain[: found.start()], plain[found.end() :])


def _result(label: str, value: str) -> tuple[str, ValueReading] | None:
    label = _named(label)
    if (
        not _LETTERS.search(label)
        or len(label) > 80
        or _NO_LABEL.search(label)
        or _is_band(label)
        or _holds_value(label)
    ):
        return None
    reading = value_of(value, Marks())
    if (
        reading.number is None
        or (reading.comment and reading.reference is None)
        or not _is_sure(reading, reading.number)
    ):
        return None
    return label, reading


def _named(label: str) -> str:
    """A label without what leads to its value; the last point of initials (``T.S.H.``) is theirs."""
    bare = label.strip(" .:=*-…\t")
    return f"{bare}." if label.lstrip(" .:=*-…\t")[len(bare) :][:1] == "." and _POINTED.search(bare) else bare


def _is_band(label: str) -> bool:
    """True for words of age, sex or state; the H of ``T.S.H.`` is none."""
    return BANDS.search(_INITIALS.sub(" ", label) if "." in label else label) is not None


def _holds_value(label: str) -> bool:
    """True of a label that ends with a result: what follows it is then its bound (``Sucre 1,62 g/l  < 1,60 g/l``)."""
    found = _ENDS_MEASURED.search(label)
    return found is not None and is_of_result(found[1])


def _is_sure(reading: ValueReading, number: Number) -> bool:
    if set(filter(None, reading.doubt.split("; "))) - {GROUPED, FLAG_BESIDE}:
        return False
    return reading.reference is not None or (number.unit is not None and is_of_result(number.unit))
