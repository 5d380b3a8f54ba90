"""Who a record is about: the header of twelve lines, found by the shape of its lines when some are missing or extra.

Source: HPRIM Médecin 3.0, structure of the header: 1 patient code, 2 family name, 3 given name, 4 and 5 address,
6 postcode and city, 7 birth date, 8 social security number, 9 laboratory file number, 10 date, 11 sender, 12 recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from semantix.parsers.hprim_medecin._lines import HEAD_LINES

NAMES_BEFORE_BIRTH = 5
"""The family name stands five lines above the birth date, the patient code six."""

_DATE = re.compile(
    r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{8})"
    r"(?:[ T]\d{1,2}[:hH]\d{2}(?::\d{2})?)?\s*"
)
_POSTCODE = re.compile(r"\s*(?:F\s?-\s?)?(\d{5})(?:[\s-]+(\S.*))?$")
_SOCIAL_SECURITY = re.compile(r"\d{5}[0-9AB]\d{7}(?:\d{2})?")
_BLANKS = str.maketrans("", "", " .\t")
_TAG = re.compile(r"\s*\*{3,}\s*(LAB|FIN|FINFICHIER)\s*\*{2,}\s*$", re.IGNORECASE)
_FIELDS = re.compile(r"\s*(RES|TEX)\|")
_UNPADDED = re.compile(
    r"(?=\S{0,9}[0-9])(?![0-9]{1,4}(?:ers?|[èe]?res?|[èe]?mes?)?\s)(\S{3,10})\s+(?=[^\W\d_])(\S.*)$", re.IGNORECASE
)
"""A short word with a digit, which is no number of a street or an order, then words."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


class Header(Struct, frozen=True, kw_only=True):
    """The lines of a header as written, from line ``first`` up to ``after`` (indices). An empty field is unknown.

    ``number`` is the laboratory's patient code, ``local`` the practice's own, when one precedes the header. ``routing``
    and ``birth`` are line indices. ``doubt`` says what was not in its place.
    """

    first: int
    after: int
    birth: int
    family: str
    given: str
    number: str = ""
    local: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    born: str = ""
    accession: str = ""
    date: str = ""
    sender: str = ""
    recipient: str = ""
    routing: str = ""
    administrative: int = 0
    doubt: str = ""


class Unsure(Struct, frozen=True):
    """Lines that look like a header whose names cannot be told: ``line`` is the index of the birth date."""

    line: int


def tag_of(line: str) -> str | None:
    """``LAB``, ``FIN`` or ``FINFICHIER`` for a mark, which may be indented."""
    found = _TAG.match(line) if "***" in line else None
    return found[1].upper() if found else None


def kind_of(line: str) -> str | None:
    """``RES`` or ``TEX`` for a line of fields."""
    if line.startswith(("RES|", "TEX|")):
        return line[:3]
    found = _FIELDS.match(line) if "|" in line and line[:1].isspace() else None
    return found[1] if found else None


def find_header(lines: Sequence[str], start: int, end: int) -> Header | Unsure | None:
    """Find the header of the record that begins at ``start``; ``None`` when nothing looks like one."""
    limit = _limit(lines, start, end)
    base = start
    while base < limit and not lines[base].strip():
        base += 1
    is_routed = base < limit and _is_routing(lines[base])
    routing = lines[base] if is_routed else ""
    if is_routed:
        # The last columns of the routing record may hold the patient code: it is then the first line itself.
        bases = [base, base + 1] if _is_number(_number(routing)) else [base + 1]
    else:
        # The patient code may be missing, and its line blank.
        bases = [base, base - 1] if base > start else [base]
    unsure: Unsure | None = None
    for base in bases:
        for at in range(base + 1, limit):
            if not _may_be_birth(lines, base, at, limit):
                continue
            named = _names(lines, base, at)
            if named is not None:
                return _read(lines, (base, at, end), named, routing)
            unsure = unsure or Unsure(at)
    return _inner(lines, start, limit, end) or unsure


def _inner(lines: Sequence[str], start: int, limit: int, end: int) -> Header | None:
    """A header with every line in its place, below lines that are not of it."""
    for at in range(start + 7, limit - 3):
        if _DATE.fullmatch(lines[at]) and _is_strict(lines, at):
            above = next((line for line in lines[start : at - 6] if line.strip()), "")
            routing = above if _is_routing(above) else ""
            return _read(lines, (at - 6, at, end), (at - 5, "lines before the header; they are kept as text"), routing)
    return None


def later_headers(lines: Sequence[str], start: int, end: int) -> Iterator[int]:
    """Where further records begin that no end mark separates from the one before: every line must be in its place."""
    at = start
    while at + 3 < end:
        line = lines[at]
        if 5 < len(line) < 24 and _DATE.fullmatch(line) and at - 6 >= start and _is_strict(lines, at):
            yield _beginning(lines, at - 6, start)
            at += 3
        at += 1


def _beginning(lines: Sequence[str], first: int, start: int) -> int:
    """A routing record, or the practice's own number after a blank line, belongs to the header that follows."""
    above = first - 1
    if above < start:
        return first
    is_local = _is_number(lines[above]) and (above == start or not lines[above - 1].strip())
    return above if is_local or _is_routing(lines[above]) else first


def _is_strict(lines: Sequence[str], at: int) -> bool:
    return bool(
        _POSTCODE.match(lines[at - 1])
        and _DATE.fullmatch(lines[at + 3])
        and _is_social_security(lines[at + 1], or_blank=True)
        and _is_name(lines[at - 5])
        and _is_name(lines[at - 4], or_blank=True)
        and (len(lines[at - 6].strip()) <= 20 or _is_routing(lines[at - 6]))
    )


def _limit(lines: Sequence[str], start: int, end: int) -> int:
    """A header stands before the first result, in the first lines."""
    limit = min(end, start + HEAD_LINES)
    return next((i for i in range(start, limit) if kind_of(lines[i]) or tag_of(lines[i])), limit)


def _may_be_birth(lines: Sequence[str], base: int, at: int, limit: int) -> bool:
    """Two of: the postcode above, the number below, the file date three lines below, the seventh place.

    An empty seventh line needs what is around it.
    """
    line = lines[at]
    is_seventh = at - base == 6
    is_date = _DATE.fullmatch(line) is not None
    if not is_date and (line.strip(" .") or not is_seventh):
        return False
    has_postcode = _POSTCODE.match(lines[at - 1]) is not None
    has_number = at + 1 < limit and _is_social_security(lines[at + 1])
    has_file_date = at + 3 < limit and _DATE.fullmatch(lines[at + 3]) is not None
    found = has_postcode + has_number + has_file_date + is_seventh
    return found >= (2 if is_date else 3)


def _names(lines: Sequence[str], base: int, at: int) -> tuple[int, str] | None:
    """The line of the family name, and what is not in its place; ``None`` when it cannot be told."""
    usual = at - NAMES_BEFORE_BIRTH
    if usual == base + 1 and _are_names(lines, usual):
        return usual, ""
    if usual > base + 1 and _are_names(lines, usual) and _is_number(lines[usual - 1], or_blank=True):
        before = [line for line in lines[base : usual - 1] if line.strip()]
        if all(map(_is_number, before)) and len(before) <= 1:
            return usual, ""
    missing = "lines of the header are missing or extra; it was read from its birth date and its names"
    if usual == base and _are_names(lines, usual) and not _is_name(lines[usual + 2]):
        return usual, missing
    is_numbered = base + 2 < at and _is_number(lines[base]) and _are_names(lines, base + 1)
    if is_numbered and 3 <= at - base - 1 <= 7:
        return base + 1, missing
    return None


def _are_names(lines: Sequence[str], at: int) -> bool:
    return _is_name(lines[at]) and _is_name(lines[at + 1], or_blank=True)


def _is_name(line: str, *, or_blank: bool = False) -> bool:
    words = line.strip()
    if not words:
        return or_blank
    return len(words) <= 60 and not _DIGIT.search(words) and bool(_LETTER.search(words)) and not words.endswith(":")


def _is_number(line: str, *, or_blank: bool = False) -> bool:
    """A number given to somebody: a digit at least, one word of at most 20 characters."""
    words = line.strip()
    if not words:
        return or_blank
    return len(words) <= 20 and bool(_DIGIT.search(words)) and len(words.split()) == 1 and not _DATE.fullmatch(words)


def _is_social_security(line: str, *, or_blank: bool = False) -> bool:
    compact = line.translate(_BLANKS)
    return bool(_SOCIAL_SECURITY.fullmatch(compact)) if compact else or_blank


def _is_routing(line: str) -> bool:
    """Columns of forty characters: the code of the laboratory, its name, the patient..."""
    return len(line) >= 80 and line[39] == " " and line[40] != " " and line[30:40].strip() != line[30:40]


def _read(lines: Sequence[str], bounds: tuple[int, int, int], named: tuple[int, str], routing: str) -> Header:
    base, birth, end = bounds
    name, doubt = named
    after, accession, date, people = _tail(lines, birth, end)
    before = [line.strip() for line in lines[base : max(name - 1, base)] if line.strip()]
    found = _POSTCODE.match(lines[birth - 1])
    home = [line.strip() for line in lines[name + 2 : birth - 1] if line.strip(" .")]
    if not found and lines[birth - 1].strip(" ."):
        home.append(lines[birth - 1].strip())
    first = min(base, name - 1 if name > base else name)
    return Header(
        first=first,
        after=after,
        birth=birth,
        family=lines[name].strip(),
        given=lines[name + 1].strip(),
        number=_number(lines[name - 1]) if name > base else "",
        local=before[0] if before else "",
        address=tuple(home),
        postcode=found[1] if found else "",
        city=(found[2] or "").strip() if found else "",
        born=lines[birth].strip(" ."),
        accession=accession.strip(" ."),
        date=date.strip(),
        sender=people[0].rstrip(),
        recipient=people[1].rstrip(),
        routing=routing,
        administrative=bool(routing),
        doubt=doubt,
    )


def _number(line: str) -> str:
    """The patient code, which the last columns of a routing record may hold."""
    return line[160:].strip() if _is_routing(line) else line.strip()


def _tail(lines: Sequence[str], birth: int, end: int) -> tuple[int, str, str, tuple[str, str]]:
    """Where the text begins, the laboratory's file number, the date, the sender and the recipient."""

    def at(index: int) -> str:
        return lines[index] if index < end else ""

    dated = next((i for i in (birth + 3, birth + 2, birth + 4) if i < end and _DATE.fullmatch(lines[i])), None)
    if dated is None and _is_social_security(at(birth + 1), or_blank=True) and not at(birth + 3).strip(" ."):
        dated = birth + 3 if birth + 3 < end else None
    if dated is None:
        after = birth + 2 if birth + 1 < end and _is_social_security(at(birth + 1)) else birth + 1
        return min(after, end), "", "", ("", "")
    accession = at(dated - 1) if dated - 1 > birth and not _is_social_security(at(dated - 1)) else ""
    people = ["", ""]
    after = dated + 1
    for rank in (0, 1):
        line = at(after)
        if after >= end or kind_of(line) or tag_of(line):
            break
        people[rank] = line
        after += 1
    return after, accession, at(dated), (people[0], people[1])


def code_and_name(line: str) -> tuple[str, str]:
    """A code of ten columns and a name; without the columns, a word with a digit and a name, else the name alone."""
    words = line.strip()
    if found := _UNPADDED.match(words):
        return found[1], " ".join(found[2].split())
    if len(words) <= 10:
        return (words, "") if _DIGIT.search(words) or " " not in words else ("", words)
    code, name = line[:10].strip(), line[10:].strip()
    is_column = line[9] == " " or line[10] == " "
    if not code or not is_column or " " in code:
        return "", " ".join(words.split())
    return code, " ".join(name.split())
