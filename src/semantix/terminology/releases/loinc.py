"""LOINC: the release archive (or its folder), with the French linguistic variant and the table of replacements.

Source: LOINC Users' Guide, "Table structure"; the archive is free under http://loinc.org/license.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from semantix.terminology import codes
from semantix.terminology.records import Concept, Parent, Record, Successor, Term
from semantix.terminology.releases._cells import fold, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

LICENCE = "LOINC (c) Regenstrief Institute, Inc.: free under http://loinc.org/license"
CODE = re.compile(r"\d+-\d")
AXES = {
    "COMPONENT": "COMPONENT",
    "PROPERTY": "PROPERTY",
    "TIME_ASPCT": "TIME",
    "SYSTEM": "SYSTEM",
    "SCALE_TYP": "SCALE",
    "METHOD_TYP": "METHOD",
    "CLASS": "CLASS",
    "STATUS": "STATUS",
    "EXAMPLE_UCUM_UNITS": "EXAMPLE_UCUM_UNITS",
    "COMMON_TEST_RANK": "RANK",
}
_NEEDED = ("LOINC_NUM", "COMPONENT", "PROPERTY", "SYSTEM", "SCALE_TYP", "STATUS", "LONG_COMMON_NAME")
_CLASSES = {"1": "laboratory", "2": "clinical", "3": "attachment", "4": "survey"}
_VERSION = re.compile(r"(?<![\d.])(2\.\d\d)(?!\d)")
_LANGUAGE = re.compile(r"(fr)(FR|BE|CA)\d*LinguisticVariant\.csv", re.IGNORECASE)
_IMPLIED = frozenset({"ponctuel", "pt", "quantitatif", "qn"})
_UNREAD = ("answerlist.csv", "loincanswerlistlink.csv", "panelsandforms.csv", "part.csv", "group.csv")

Row = dict[str, str]


def _table(source: Source) -> str:
    """The main table; another Loinc.csv sits beside the panels and forms."""
    found = [name for name in source.find("loinc.csv") if "panelsandforms" not in name.lower()]
    return found[0] if len(found) == 1 else ""


def _claims(source: Source, _: Hints) -> bool:
    name = _table(source)
    return bool(name) and b"LOINC_NUM" in source.head(name, 64)


def _describe(source: Source, hints: Hints) -> Release:
    places = (source.path.name, *PurePosixPath(_table(source)).parts)
    named = next((found[1] for each in places if (found := _VERSION.search(each))), "")
    return Release("loinc", hints.version or named or version_of(source, hints), ("loinc",), LICENCE)


def _rows(source: Source, name: str, needed: tuple[str, ...]) -> Iterator[Row]:
    """Give the rows of one CSV file by column. Raises Refused where columns lack, or where it is not CSV in UTF-8."""
    with source.open(name) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        try:
            header = [cell.strip() for cell in next(reader, [])]
            missing = [column for column in needed if column not in header]
            if missing:
                raise Refused(f"{base(name)}: found {len(header)} columns without {', '.join(missing)}")
            for row in reader:
                if len(row) != len(header):
                    raise Refused(f"{base(name)}: line {reader.line_num} has {len(row)} columns, not {len(header)}")
                yield dict(zip(header, row, strict=True))
        except UnicodeDecodeError:
            raise Refused(f"{base(name)}: after line {reader.line_num}, not UTF-8; download it again") from None
        except csv.Error as error:
            raise Refused(f"{base(name)}: line {reader.line_num} is not CSV ({error})") from None


def _read(source: Source, _: Hints) -> Iterator[Record]:
    name = _table(source)
    if not name:
        raise Refused(f"{source.name}: expected one LoincTable/Loinc.csv")
    tally = Tally()
    french, others = _variants(source, tally)
    seen = 0
    for row in _rows(source, name, _NEEDED):
        code = codes.canonical("loinc", row["LOINC_NUM"])
        if not CODE.fullmatch(code):
            tally.add("not a LOINC code", code)
            continue
        seen += 1
        yield from _entry(code, row, french.pop(code, {}))
        for language, rows in others.items():
            if code in rows:
                yield from _wordings(code, rows[code], "", language)
    if not seen:
        raise Refused(f"{base(name)}: found no row with a LOINC code")
    tally.add("French row of a code that Loinc.csv lacks", next(iter(french), ""), len(french))
    yield from _replacements(source)
    yield from _hierarchy(source)
    for file in _UNREAD:
        if source.find(file):
            tally.add(f"{file} is not read")
    yield from tally.records()


def _variants(source: Source, tally: Tally) -> tuple[dict[str, Row], dict[str, dict[str, Row]]]:
    """The rows of the variant of France, and those of other French variants by language."""
    found: dict[str, dict[str, Row]] = {}
    for name in source.find("fr*linguisticvariant.csv"):
        match = _LANGUAGE.fullmatch(PurePosixPath(name).name)
        if match is None:
            tally.add("a linguistic variant of an unknown name", base(name))
            continue
        language = f"fr-{match[2].upper()}"
        rows = found.setdefault(language, {})
        for row in _rows(source, name, ("LOINC_NUM", "COMPONENT")):
            rows[codes.canonical("loinc", row["LOINC_NUM"])] = row
    return found.pop("fr-FR", {}), found


def _entry(code: str, row: Row, french: Row) -> Iterator[Record]:
    english = row["LONG_COMMON_NAME"].strip() or row.get("SHORTNAME", "").strip() or _from_axes(row)
    display = _french(french)
    properties = {AXES[column]: row[column].strip() for column in AXES if row.get(column, "").strip() not in {"", "0"}}
    yield Concept(
        "loinc",
        code,
        display or english,
        _CLASSES.get(row.get("CLASSTYPE", ""), ""),
        active=row["STATUS"].strip().upper() != "DEPRECATED",
        properties=dict(sorted(properties.items())),
    )
    if not display:
        yield Term("loinc", code, english, "preferred", "en")
    yield from _wordings(code, row, "" if display else english, "en")
    if french:
        yield from _wordings(code, french, display, "fr")


def _wordings(code: str, row: Row, display: str, language: str) -> Iterator[Record]:
    """The names of one row in one language; related names are looser, and may repeat the others."""
    built = _french(row) if language.startswith("fr") else ""
    consumer = row.get("CONSUMER_NAME", "") or row.get("ConsumerName", "")
    names = {
        "short": (row.get("SHORTNAME", ""),),
        "synonym": (
            row.get("LONG_COMMON_NAME", ""),
            row.get("DisplayName", "") or row.get("LinguisticVariantDisplayName", ""),
            consumer,
            built,
        ),
        "related": tuple(row.get("RELATEDNAMES2", "").split(";")),
    }
    said = {display}
    for kind, texts in names.items():
        for text in texts:
            clean = " ".join(text.split())
            if clean and clean not in said:
                said.add(clean)
                yield Term("loinc", code, clean, kind, language)


def _french(row: Row) -> str:
    """The French name of a row: the long name is often blank, and is then built from the axes."""
    named = row.get("LinguisticVariantDisplayName", "").strip() or row.get("LONG_COMMON_NAME", "").strip()
    return named or _from_axes(row)


def _from_axes(row: Row) -> str:
    """``Fictine [Concentration massique] Sérum ; Méthode``: a point in time and a quantity go without saying."""
    component = row.get("COMPONENT", "").strip()
    if not component:
        return ""
    grandeur, system = row.get("PROPERTY", "").strip(), row.get("SYSTEM", "").strip()
    head = " ".join(part for part in (component, f"[{grandeur}]" if grandeur else "", system) if part)
    rest = [row.get(axis, "").strip() for axis in ("TIME_ASPCT", "SCALE_TYP", "METHOD_TYP")]
    return " ; ".join([head, *(part for part in rest if part and fold(part) not in _IMPLIED)])


def _replacements(source: Source) -> Iterator[Record]:
    """One replacement takes the place of a code; of several, the user must choose."""
    pairs: dict[str, list[str]] = {}
    for name in source.find("mapto.csv"):
        for row in _rows(source, name, ("LOINC", "MAP_TO")):
            old, new = (codes.canonical("loinc", row[column]) for column in ("LOINC", "MAP_TO"))
            if new not in pairs.setdefault(old, []):
                pairs[old].append(new)
    for old, found in pairs.items():
        for new in found:
            yield Successor("loinc", old, new, "replaced-by" if len(found) == 1 else "possibly-equivalent")


def _hierarchy(source: Source) -> Iterator[Record]:
    """Parts (LP codes) group the observations by component and system."""
    parts: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for name in source.find("componenthierarchybysystem.csv"):
        for row in _rows(source, name, ("IMMEDIATE_PARENT", "CODE", "CODE_TEXT")):
            code, parent = row["CODE"].strip(), row["IMMEDIATE_PARENT"].strip()
            if code.startswith("LP") and code not in parts:
                parts.add(code)
                yield Concept("loinc", code, row["CODE_TEXT"].strip(), "part", assignable=False)
            if parent and (code, parent) not in pairs:
                pairs.add((code, parent))
                yield Parent("loinc", code, parent)


IMPORTER = Importer("loinc", "LOINC release with its French variant (Regenstrief)", _claims, _describe, _read)
