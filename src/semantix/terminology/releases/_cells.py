"""What importers of small tables share: the only member of a source, its first lines, its separator, its rows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from semantix.systems import BY_URI, SYSTEMS
from semantix.terminology.records import Parent
from semantix.terminology.releases._importer import Hints, Refused
from semantix.terminology.releases._tabular import base, decode, lines
from semantix.terminology.source import Source

SEPARATORS = "\t;,|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d(?:-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?)?)(?!\d)")
_WORDS = re.compile(r"[a-z0-9]+")
_ALIASES: Mapping[str, str] = {
    "icd10": "cim10",
    "cim": "cim10",
    "icpc2": "cisp2",
    "cisp": "cisp2",
    "orphanet": "orpha",
    "orphacode": "orpha",
    "snomedct": "snomed",
    "cip13": "cip",
    "cip7": "cip",
    "medicabase": "mv",
}


def only_member(source: Source) -> str:
    """Return the one member of a source, or nothing where there are several."""
    return source.names[0] if len(source.names) == 1 else ""


def stem(name: str) -> str:
    """Return the base name of a member without its extension, in lower case."""
    return PurePosixPath(name).stem.strip().lower()


def suffix(name: str) -> str:
    """Return the extension of a member, in lower case."""
    return PurePosixPath(name.strip()).suffix.lower()


def first_lines(source: Source, name: str, count: int = 2) -> tuple[str, ...]:
    """Return the first lines of a member that hold something, however they are encoded: to recognise, not to read."""
    head = source.head(name, 16_384)
    if head[:2] in _UTF16:
        text = head.decode("utf-16", "replace")
    else:
        text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    found = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    return tuple(found[:count])


def text_of(source: Source, name: str, fallback: str = "cp1252") -> str:
    """Decode a whole member: UTF-16 where a mark says so, strict UTF-8, else strictly ``fallback``."""
    content = source.read(name)
    if content[:2] in _UTF16:
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Refused(f"{base(name)}: begins like UTF-16 and is not; download the file again") from None
    return decode(content, name, fallback=fallback)


def separator_of(line: str) -> str:
    """Return the separator that a header uses, or nothing."""
    return max(SEPARATORS, key=line.count) if any(each in line for each in SEPARATORS) else ""


def split(line: str, separator: str) -> list[str]:
    """Split one line. Between tabs a quote is a character, unless it encloses a whole cell."""
    if separator in ";,":
        return [cell.strip() for cell in next(csv.reader([line.replace("\r", " ")], delimiter=separator), [])]
    return [_unquoted(cell.strip()) for cell in line.split(separator)]


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', ""):
        return cell[1:-1].replace('""', '"').strip()
    return cell


def rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold something, with the number of their (last) line.

    Raises Refused where a cell is longer than any label: a quote was opened and never closed.
    """
    if separator in ";,":
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, [cell.strip() for cell in row]
        except csv.Error as error:
            raise Refused(f"line {reader.line_num} is not CSV ({error}); look for a quote that is not closed") from None
        return
    for number, line in lines(text):
        if line.strip():
            yield number, split(line, separator)


def table(source: Source, name: str, separator: str = "") -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a table with a header, by folded name of column, with their line numbers.

    Missing cells at the end are empty. Raises Refused at a row that has more cells than the header, where they hold
    something: a separator stands inside a value, and what follows would be read in the wrong column.
    """
    text = text_of(source, name)
    first = next((line for _, line in lines(text) if line.strip()), "")
    chosen = separator or separator_of(first)
    if not chosen:
        raise Refused(f"{base(name)}: found no separator in its first line, expected a table with a header")
    header: list[str] = []
    for number, row in rows(text, chosen):
        if not header:
            header = [fold(cell) for cell in row]
            continue
        if any(row[len(header) :]):
            raise Refused(f"{base(name)}: line {number} has {len(row)} columns, its header {len(header)}")
        cells = row + [""] * (len(header) - len(row))
        yield number, dict(zip(header, cells, strict=False))


def fold(text: str) -> str:
    """Make names of columns comparable: ``Libellé français`` → ``libelle_francais``."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "_".join(_WORDS.findall(plain))


def system_named(word: str) -> str:
    """Return the key of the system that a folded word names, or nothing."""
    compact = word.replace("_", "").replace("-", "")
    for system in SYSTEMS:
        if system.key.replace("-", "") == compact:
            return system.key
    return _ALIASES.get(compact, "")


def system_of(hints: Hints, name: str) -> str:
    """Return the system that the user named, else the only one that the name of a file names, else nothing."""
    if hints.system:
        known = BY_URI.get(hints.system)
        return known.key if known else system_named(fold(hints.system)) or hints.system
    named = {system_named(word) for word in _WORDS.findall(fold(stem(name)))} - {""}
    return named.pop() if len(named) == 1 else ""


def version_of(source: Source, hints: Hints, *names: str) -> str:
    """Return the version given, else a date or year in a file name, else the start of the digest of the source."""
    if hints.version:
        return hints.version
    for name in (*names, source.path.name):
        found = _YEAR.search(PurePosixPath(name).name)
        if found:
            return found[1]
    return source.sha256()[:12]


def parents_by_prefix(system: str, codes: Sequence[str], cut: Callable[[str], str]) -> Iterator[Parent]:
    """Put each code below the longest other code that begins it; ``cut`` gives the next shorter prefix."""
    known = frozenset(codes)
    for code in codes:
        shorter = cut(code)
        while shorter and shorter not in known:
            shorter = cut(shorter)
        if shorter:
            yield Parent(system, code, shorter)


def shorter_cim10(code: str) -> str:
    """Cut one character of a CIM-10 code, and the dot or plus that would end it: ``A00.0`` → ``A00`` → nothing."""
    return code[:-1].rstrip(".+") if len(code) > 3 and "-" not in code else ""


def shorter_atc(code: str) -> str:
    """Cut an ATC code to its next level: 7, 5, 4, 3 and 1 characters."""
    return code[: {7: 5, 5: 4, 4: 3, 3: 1}.get(len(code), 0)]
