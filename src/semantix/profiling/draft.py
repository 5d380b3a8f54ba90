"""A first mapping pack from profiles: valid, loadable, and honest: what is not sure stands beside it as a comment.

Nothing of a patient is written: only names of columns, formats, and the closed words of sexes, booleans and flags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from semantix.profiling.draft_facts import draft_facts, quoted, role_of_table
from semantix.profiling.figures import Column, FileProfile, Remark, Table
from semantix.profiling.shapes import FEMALE, YES, folded
from semantix.profiling.words import ProfileWords

MAX_COLUMNS = 200
_NAMES: Mapping[str, str] = {
    "patient-number": "number",
    "birth-date": "birth",
    "birth-name": "birth_name",
    "family-name": "family",
    "given-name": "given",
    "end-date": "end",
}
_LEFT_OUT = frozenset({"nss"})
_IN_WORDS = frozenset(
    {"family-name", "given-name", "birth-name", "label", "unit", "address", "city", "comment", "drug"}
)
"""What is text even where it looks like codes."""
_TRUSTED = 0.9
_FORMAT_FIELDS = (("yyyy", r"\d{4}"), ("yy", r"\d{2}"), ("mmmm", r"[^\d\s]{3,12}"), ("dd", r"\d{2}"), ("mm", r"\d{2}"))


class Drafted(Struct, frozen=True):
    """One table with the names that its columns get in the pack, by position."""

    role: str
    table: Table
    ids: Mapping[int, str]

    @property
    def columns(self) -> list[tuple[str, Column]]:
        """The columns that the pack has, with their names."""
        return [(self.ids[column.position], column) for column in self.table.columns if column.position in self.ids]


def draft_pack(profiles: Sequence[FileProfile], pack: str, words: ProfileWords) -> str:
    """Write a first pack called ``pack`` (lower case, digits, ``-``). Its comments are in the language of ``words``."""
    tables = _drafted(profiles)
    lines = [f"# {words.remark(Remark('pack-first'))}", "schema: semantix-pack/1", f"pack: {pack}", 'version: "0.1"']
    title, origin = _title(profiles, words)
    lines += [
        f"software: unknown{_doubt('pack-software', words)}",
        f"title: {quoted(title)}",
        f"evidence: {quoted(origin)}{_doubt('pack-evidence', words)}",
        "",
        "files:",
    ]
    everything = [drafted for group in tables for drafted in group]
    for profile, group in zip(profiles, tables, strict=True):
        lines += _indented(_file(profile, group, everything, words), 2)
    lines += ["", f"# {words.remark(Remark('pack-tests'))}", "tests: []", ""]
    return "\n".join(lines)


def pack_name(text: str) -> str:
    """A name that packs may have, from a name of a file."""
    name = "-".join(folded(text).split())[:60].strip("-")
    return name if name[:1].isalpha() else f"pack-{name}".strip("-")


def _title(profiles: Sequence[FileProfile], words: ProfileWords) -> tuple[str, str]:
    """The title, and where the layout is known from."""
    kinds = sorted({words(f"kind_{profile.kind}") for profile in profiles})
    rows = sum(table.rows for profile in profiles for table in profile.tables)
    counts = {"files": str(len(profiles)), "rows": str(rows)}
    return words.remark(Remark("pack-title", {"kinds": ", ".join(kinds)})), words.remark(Remark("pack-origin", counts))


# --- tables and columns ---------------------------------------------------------------------------------------------


def _drafted(profiles: Sequence[FileProfile]) -> list[list[Drafted]]:
    taken: set[str] = set()
    groups = []
    for profile in profiles:
        group = []
        for table in profile.tables:
            role = _free(role_of_table(table, pack_name(table.name) if table.name else "rows"), taken, "-")
            group.append(Drafted(role, table, _ids(table)))
        groups.append(group)
    return groups


def _ids(table: Table) -> dict[int, str]:
    taken: set[str] = set()
    ids = {}
    for column in table.columns[:MAX_COLUMNS]:
        if column.role in _LEFT_OUT or (not column.filled and not column.name):
            continue
        base = _NAMES.get(column.role, column.role.replace("-", "_"))
        base = base or "_".join(folded(column.name).split())[:40]
        if not base[:1].isalpha() or base == "part":
            base = f"column_{column.position}"
        ids[column.position] = _free(base, taken, "_")
    return ids


def _free(name: str, taken: set[str], mark: str) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{mark}{number}"
    taken.add(free)
    return free


# --- files ----------------------------------------------------------------------------------------------------------


def _file(
    profile: FileProfile, group: Sequence[Drafted], everything: Sequence[Drafted], words: ProfileWords
) -> Iterator[str]:
    role = group[0].role if len(group) == 1 else _file_role(profile, everything)
    yield f"{role}:{_doubt('pack-role', words)}"
    suffix = profile.name.rpartition(".")[2].lower() if "." in profile.name.rpartition("/")[2] else ""
    pattern = f"*.{suffix}" if re.fullmatch(r"[a-z0-9]{1,5}", suffix) else "*"
    yield f"  kind: {profile.kind}"
    yield f"  names: [{quoted(pattern)}]{_doubt('pack-pattern', words)}"
    yield from _indented(_dialect(profile, group, words), 2)
    yield from _indented(_expects(profile, group), 2)
    if len(group) == 1:
        yield from _indented(_table(profile, group[0], everything, words), 2)
        return
    yield "  tables:"
    for drafted in group:
        yield f"    {drafted.role}:"
        yield from _indented(_table(profile, drafted, everything, words), 6)


def _file_role(profile: FileProfile, everything: Sequence[Drafted]) -> str:
    taken = {drafted.role for drafted in everything}
    return _free(pack_name(profile.kind), taken, "-")


def _dialect(profile: FileProfile, group: Sequence[Drafted], words: ProfileWords) -> Iterator[str]:
    if profile.kind in {"xml", "json"} or not group:
        return
    said: list[str] = []
    doubts: list[Remark] = []
    if profile.kind == "delimited" and profile.dialect:
        said += [f"separator: {json.dumps(profile.dialect.separator)}", f"quote: {json.dumps(profile.dialect.quote)}"]
    if profile.dialect:
        doubts += profile.dialect.doubts
    if profile.encoding:
        said.append(f"encodings: [{', '.join(_encodings(profile.encoding.name))}]")
    first = group[0].table
    if profile.kind in {"delimited", "fixed-width", "workbook"}:
        said.append(f"header: {first.header}")
        if any(drafted.table.header != first.header for drafted in group[1:]):
            doubts.append(Remark("pack-dialect"))
    columns = [column for drafted in group for _, column in drafted.columns]
    missing = sorted({word for column in columns for word, _ in column.missing} | {"."})
    said.append(f"missing: [{', '.join(map(quoted, missing))}]")
    for field in ("decimal", "grouping"):
        marks = {getattr(column.numbers, field) for column in columns if column.numbers} - {""}
        if len(marks) == 1:
            said.append(f"{field}: {json.dumps(marks.pop())}")
    yield "dialect:"
    yield from _comments(doubts, words)
    yield from _indented(said, 2)


def _encodings(name: str) -> list[str]:
    """The encoding found, and UTF-8 before a single-byte one: the same software may change its mind."""
    return [name] if name.startswith("utf") else ["utf-8", name]


def _expects(profile: FileProfile, group: Sequence[Drafted]) -> Iterator[str]:
    said: list[str] = []
    if profile.kind in {"sql-insert", "workbook"} and len(group) > 1:
        # A dump may be long before its second table begins.
        told = group[:1] if profile.kind == "sql-insert" else group
        said.append(f"tables: [{', '.join(quoted(drafted.table.source) for drafted in told)}]")
    elif profile.kind == "xml":
        said.append(f"root: {quoted(group[0].table.source.split('/')[1])}") if group else None
    elif profile.kind in {"delimited", "workbook", "dbase", "fixed-width"} and group:
        said += _columns_expected(profile, group[0])
    if said:
        yield "expects:"
        yield from _indented(said, 2)


def _columns_expected(profile: FileProfile, drafted: Drafted) -> Iterator[str]:
    names = [column.name for _, column in drafted.columns if _by_name(profile, column, drafted.table)]
    if names:
        yield f"columns: [{', '.join(map(quoted, names[:12]))}]"
        return
    cells = drafted.table.cells
    if profile.kind == "delimited" and cells:
        sizes = [int(size) for size, _ in cells]
        yield f"cells: [{min(sizes)}, {max(len(drafted.table.columns), *sizes)}]"
    patterns = [(name, pattern) for name, column in drafted.columns if (pattern := _pattern(column))]
    if patterns:
        yield "matches:"
        yield from (f"  {name}: {_single(pattern)}" for name, pattern in patterns[:3])


def _pattern(column: Column) -> str:
    """An expression that nearly all cells of a column follow, from their form."""
    if column.share(column.type_count) < _TRUSTED or column.fill < _TRUSTED:
        return ""
    if column.dates and column.type == "date" and len(column.dates.formats) == 1:
        return _date_pattern(column.dates.formats[0][0])
    if column.type == "integer" and column.numbers and not column.numbers.grouping:
        return r"^\d+$"
    return ""


def _date_pattern(shape: str) -> str:
    shape = shape.split(" ", maxsplit=1)[0].split("t", maxsplit=1)[0]
    for field, pattern in _FORMAT_FIELDS:
        shape = shape.replace(field, f"<{pattern}>")
    shape = re.sub(r"(?<![a-z\\<{])[dm](?![a-z])", lambda _: r"<\d{1,2}>", shape)
    return "^" + shape.replace("<", "").replace(">", "").replace(".", r"\.").replace("/", "/")


def _by_name(profile: FileProfile, column: Column, table: Table) -> bool:
    """True when a column is found by its name: names that are the file's own, and not twice there."""
    same = sum(folded(other.name) == folded(column.name) for other in table.columns)
    is_named = bool(table.header) or profile.kind in {"dbase", "sql-insert"}
    return bool(column.name) and same == 1 and is_named and len(column.name) <= 80


# --- one table ------------------------------------------------------------------------------------------------------


def _table(profile: FileProfile, drafted: Drafted, everything: Sequence[Drafted], words: ProfileWords) -> Iterator[str]:
    table = drafted.table
    if table.source and profile.kind in {"workbook", "sql-insert", "xml", "json"}:
        yield f"source: {quoted(table.source)}"
    facts = list(draft_facts(drafted.role, drafted.columns, _others(drafted, everything), words))
    if "facts:" not in facts:
        yield "use: lookup"
    yield "columns:" if drafted.columns else "columns: {}"
    left_out = [column for column in table.columns if column.role in _LEFT_OUT]
    yield from _comments((Remark("pack-nss", {"position": str(c.position)}) for c in left_out), words, 2)
    for name, column in drafted.columns:
        yield from _comments(column.doubts, words, 2)
        yield f"  {name}: {{{', '.join(_column(profile, column, table))}}}{_told(column, words)}"
    yield from facts


def _others(drafted: Drafted, everything: Sequence[Drafted]) -> list[tuple[str, list[tuple[str, Column]]]]:
    return [(other.role, other.columns) for other in everything if other is not drafted]


def _column(profile: FileProfile, column: Column, table: Table) -> Iterator[str]:
    if profile.kind == "fixed-width":
        yield f"at: {column.at}"
        yield f"width: {column.width}"
    elif profile.kind in {"xml", "json"}:
        yield f"at: {quoted(column.at)}"
    elif _by_name(profile, column, table):
        yield f"at: {quoted(column.name)}"
    else:
        yield f"at: {column.position}"
    kind = "code" if column.role in {"patient-number", "code"} else column.type
    if kind == "code" and column.role in _IN_WORDS:
        kind = "text"
    if column.role == "value" and kind in {"number", "integer", "text"}:
        kind = "value"
    if kind != "text":
        yield f"type: {kind}"
    if kind == "date" and column.dates:
        yield f"formats: [{', '.join(quoted(shape) for shape, _ in column.dates.formats)}]"
        if column.dates.two_digit_years:
            yield f"pivot: {10 if column.role == 'birth-date' else 45}"
    if kind in {"sex", "boolean"} and column.words:
        yield f"words: {{{', '.join(_words(kind, column))}}}"


def _words(kind: str, column: Column) -> Iterator[str]:
    """What is written, and what it means; the first spelling of a word in lower case is enough."""
    for word in dict.fromkeys(word.lower() for word, _ in column.words):
        plain = folded(word) or word
        if kind == "sex":
            yield f"{quoted(word)}: {'F' if plain in FEMALE else 'M'}"
        else:
            yield f"{quoted(word)}: {'true' if plain in YES else 'false'}"


def _told(column: Column, words: ProfileWords) -> str:
    """Why a column has its role, when its name does not say it."""
    if not column.reason or column.reason.key == "by-name":
        return ""
    return f"  # ? {words('because', role=words('role_' + column.role), why=words.remark(column.reason))}"


# --- writing --------------------------------------------------------------------------------------------------------


def _single(text: str) -> str:
    """An expression between single quotes, in which a backslash is one."""
    return "'" + text.replace("'", "''") + "'"


def _doubt(key: str, words: ProfileWords) -> str:
    return f"  # ? {words.remark(Remark(key))}"


def _comments(doubts: Iterable[Remark], words: ProfileWords, indent: int = 2) -> Iterator[str]:
    for doubt in doubts:
        yield f"{' ' * indent}# ? {words.remark(doubt)}"


def _indented(lines: Iterable[str], by: int) -> Iterator[str]:
    return (f"{' ' * by}{line}" if line else line for line in lines)
