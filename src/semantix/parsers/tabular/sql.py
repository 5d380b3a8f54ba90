"""Dumps of SQL databases: the rows of their INSERT statements, whatever the length of a line."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from msgspec import Struct

_SPACE = r"(?:\s++|--[^\n]*+\n?|/\*(?:[^*]++|\*(?!/))*+\*/|\#[^\n]*+\n?)*+"
_NAME = r"(?:`[^`]++`|\"[^\"]++\"|\[[^\]]++\]|[\w$]++)"
_QUALIFIED = rf"{_NAME}(?:\s*+\.\s*+{_NAME})*+"
_INSERT = re.compile(
    rf"\bINSERT\s++(?:IGNORE\s++|LOW_PRIORITY\s++|DELAYED\s++)*+(?:INTO\s++)?(?:ONLY\s++)?(?P<table>{_QUALIFIED})"
    rf"{_SPACE}(?:\((?P<columns>[^()]*+)\){_SPACE})?(?:OVERRIDING\s++\w++\s++VALUE\s++)?VALUES{_SPACE}",
    re.IGNORECASE,
)
_CREATE = re.compile(
    rf"\bCREATE\s++(?:TEMPORARY\s++|UNLOGGED\s++)*+TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?(?P<table>{_QUALIFIED})"
    rf"{_SPACE}\(",
    re.IGNORECASE,
)
_ESCAPED = r"(?:[^'\\]++|''|\\.){0,50000}+"
_PLAIN = r"(?:[^']++|''){0,50000}+"
_STRING, _PLAIN_STRING = f"'{_ESCAPED}'", f"'{_PLAIN}'"
"""What is inside a string is bounded, so that one that is never closed costs little each time it is met."""
MAX_BROKEN = 1_000
"""Rows that cannot be read, after which a dump is left: it is not written as any database writes one."""
_OPEN = re.compile(rf"{_SPACE}\(", re.DOTALL)
_BETWEEN = re.compile(rf"{_SPACE}(?P<mark>[,;]|\Z|(?=ON\b)|(?=RETURNING\b))", re.DOTALL | re.IGNORECASE)
_DEFINED = re.compile(rf"{_SPACE}(?P<name>{_NAME})", re.DOTALL)
_NOT_COLUMNS = frozenset(
    {"primary", "key", "unique", "constraint", "index", "foreign", "check", "fulltext", "spatial", "exclude", "like"}
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)|''", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "Z": "\x1a", "%": "\\%", "_": "\\_"}


class Inserted(Struct):
    """One row of an INSERT. ``columns`` are those of the statement, else of the table's definition, else none.

    ``broken`` says why it cannot be read; its cells are then empty.
    """

    table: str
    columns: tuple[str, ...]
    cells: list[str]
    broken: str = ""


def read_inserts(text: str) -> Iterator[Inserted]:
    """Every row that is inserted, in order. NULL is an empty cell.

    MySQL's strings have escapes, those of PostgreSQL only after ``E``: the quoting of names says which it is.
    """
    speech = _MYSQL if _is_mysql(text) else _POSTGRES
    defined: dict[str, tuple[str, ...]] = {}
    at = broken = 0
    while at < len(text):
        char = text[at]
        found = (_INSERT if char in "iI" else _CREATE).match(text, at) if char in "iIcC" else None
        if found is None or _is_inside_word(text, at):
            skipped = speech.skipped.match(text, at)
            assert skipped is not None
            at = skipped.end()
            continue
        table = plain_name(found["table"])
        if found.re is _CREATE:
            defined[table.lower()], at = _definition(text, found.end(), speech)
            continue
        written = found["columns"]
        columns = _columns(written) if written is not None else defined.get(table.lower(), ())
        begun = Inserted(table, columns, [])
        at = yield from _values(text, found.end(), begun, speech)
        broken += bool(begun.broken)
        if broken == MAX_BROKEN:
            return


def tables_in(text: str) -> set[str]:
    """Names of the tables that a text makes or fills, in lower case."""
    return {plain_name(match["table"]).lower() for pattern in (_INSERT, _CREATE) for match in pattern.finditer(text)}


def _is_mysql(text: str) -> bool:
    head = text[:200_000]
    return "`" in head or "mysql" in head[:2_000].lower() or "mariadb" in head[:2_000].lower()


def _is_inside_word(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")


def plain_name(name: str) -> str:
    """The last part of a name, without quotes: ``public."Patients"`` is ``Patients``."""
    last: str = re.findall(_NAME, name)[-1]
    return last[1:-1] if last[0] in '`"[' else last


def _columns(written: str) -> tuple[str, ...]:
    return tuple(plain_name(one) for one in re.findall(_NAME, written))


class _Speech(Struct, frozen=True):
    """How one database writes values; ``escapes`` when a plain string has backslash escapes."""

    value: re.Pattern[str]
    skipped: re.Pattern[str]
    escapes: bool


def _speech(plain: str, *, escapes: bool) -> _Speech:
    word = rf"(?:[^\s,()'\"]++|\((?:[^()']++|{plain})*+\))++"
    value = (
        rf"{_SPACE}(?:[eE](?P<escaped>{_STRING})|(?:[nNbBxX]|_\w++\s*+)?(?P<string>{plain})|(?P<word>{word}))"
        rf"(?:::[\w ]++(?:\([\d, ]*+\))?)?{_SPACE}(?P<end>[,)])"
    )
    inner = _ESCAPED if escapes else _PLAIN
    # The closing mark may be missing: what is skipped is then skipped once.
    skipped = (
        rf"[^'\"`\-/#;iIcCeE]++|[eE]'{_ESCAPED}'?|'{inner}'?|`[^`]*+`?|\"[^\"]*+\"?|--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
        + (r"|\#[^\n]*+" if escapes else "")
        + "|."
    )
    return _Speech(re.compile(value, re.DOTALL), re.compile(skipped, re.DOTALL), escapes)


_MYSQL = _speech(_STRING, escapes=True)
_POSTGRES = _speech(_PLAIN_STRING, escapes=False)


def _values(text: str, at: int, shape: Inserted, speech: _Speech) -> Generator[Inserted, None, int]:
    """The tuples of one statement; returns where reading goes on."""
    while opened := _OPEN.match(text, at):
        cells: list[str] = []
        at = opened.end()
        while found := speech.value.match(text, at):
            cells.append(_cell(found, speech))
            at = found.end()
            if found["end"] == ")":
                break
        else:
            shape.broken = "a value that is no string, number or word, or has no end"
            yield shape
            return at
        yield Inserted(shape.table, shape.columns, cells)
        after = _BETWEEN.match(text, at)
        if after is None:
            return at
        at = after.end()
        if after["mark"] != ",":
            return at
    return at


def _cell(found: re.Match[str], speech: _Speech) -> str:
    escaped, string = found["escaped"], found["string"]
    if escaped is not None or (string is not None and speech.escapes):
        inner = (escaped or string)[1:-1]
        return _ESCAPE.sub(_unescape, inner) if "\\" in inner or "''" in inner else inner
    if string is not None:
        return string[1:-1].replace("''", "'")
    word = found["word"]
    return "" if word.upper() == "NULL" else word


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if code is None:
        return "'"
    if code[0] in "xuU" and len(code) > 1:
        return _character(int(code[1:], 16))
    if code.isdigit() and code != "0":
        return _character(int(code, 8))
    return _LETTERS.get(code, code)


def _character(number: int) -> str:
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _definition(text: str, at: int, speech: _Speech) -> tuple[tuple[str, ...], int]:
    """The names of the columns of a CREATE TABLE whose parenthesis opens before ``at``, and where it ends."""
    names: list[str] = []
    depth = 1
    begins = True
    while at < len(text) and depth:
        if begins:
            begins = False
            named = _DEFINED.match(text, at)
            if named is not None:
                name = named["name"]
                if name[0] in '`"[' or name.lower() not in _NOT_COLUMNS:
                    names.append(plain_name(name))
                at = named.end()
                continue
        char = text[at]
        if char in "'\"`-/#":
            skipped = speech.skipped.match(text, at)
            assert skipped is not None
            at = skipped.end()
            continue
        depth += (char == "(") - (char == ")")
        begins = char == "," and depth == 1
        at += 1
    return tuple(names), at
