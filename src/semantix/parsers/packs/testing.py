"""The tests that a pack brings: rows in, facts out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from semantix import systems
from semantix.errors import SemantixError
from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import HEAD, Claim, Cut, Piece, Told
from semantix.parsers.packs.parser import PacksParser
from semantix.parsers.packs.plans import compile_pack
from semantix.parsers.packs.sources import Prepared, open_prepared
from semantix.parsers.packs.spec import Example, Given, Pack, TestOutcome
from semantix.parsers.packs.told import tell

_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_EXTENSIONS = {"delimited": ".txt", "fixed-width": ".txt", "sql-insert": ".sql", "xml": ".xml", "json": ".json"}


def test_pack(pack: Pack) -> list[TestOutcome]:
    """Run the tests of a pack."""
    outcomes = []
    for example in pack.spec.tests:
        try:
            differences = tuple(_differences(pack, example))
        except SemantixError as error:
            differences = (f"could not be read: {error}",)
        outcomes.append(TestOutcome(pack.id, example.name, differences))
    return outcomes


test_pack.__test__ = False  # type: ignore[attr-defined]


def _differences(pack: Pack, example: Example) -> Iterator[str]:
    told: list[Told] = []
    for role in example.files:
        told += _told(pack, example, role)
    documents = [one for one in told if isinstance(one, Document)]
    asides = [one for one in told if isinstance(one, SetAside)]
    read = sum(one.lines for one in documents) + sum(one.lines for one in asides)
    counted = sum(one.lines for one in told if isinstance(one, LineCount))
    if read != counted:
        yield f"{counted} lines were counted, {read} are accounted for: a fault of the reader, tell its authors"
    facts = [fact for document in documents for fact in tell(document)]
    yield from _compare(example.facts, facts)
    wanted = sorted(_summed(example).items())
    found: dict[str, int] = {}
    for one in asides:
        if one.reason != "administrative" or any(each.reason == "administrative" for each in example.aside):
            found[one.reason] = found.get(one.reason, 0) + one.lines
    structure = {"structure", "description"} - {each.reason for each in example.aside}
    left = sorted((reason, lines) for reason, lines in found.items() if reason not in structure)
    if wanted != left:
        yield f"set aside: expected {_words(wanted)}; found {_words(left)}"
    doubts = sorted({issue.code for document in documents for issue in document.issues})
    if sorted(set(example.doubts)) != doubts:
        yield f"doubts: expected {', '.join(sorted(example.doubts)) or 'none'}; found {', '.join(doubts) or 'none'}"


def _summed(example: Example) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in example.aside:
        found[one.reason] = found.get(one.reason, 0) + one.lines
    return found


def _words(pairs: list[tuple[str, int]]) -> str:
    return ", ".join(f"{reason} {lines}" for reason, lines in pairs) or "nothing"


def _compare(wanted: list[dict[str, str]], found: list[dict[str, str]]) -> Iterator[str]:
    if len(wanted) != len(found):
        yield f"{len(wanted)} facts expected, {len(found)} found: {'; '.join(_short(fact) for fact in found)}"
    for rank, (expected, fact) in enumerate(zip(wanted, found, strict=False), 1):
        for name, value in expected.items():
            have = fact.get(name, "")
            if name == "system":
                have = next((one.key for one in systems.SYSTEMS if have in one.oids), have)
            if have != value:
                yield f"fact {rank}: {name}: expected {value!r}, found {have!r}"


def _short(fact: Mapping[str, str]) -> str:
    return " ".join(fact[name] for name in ("kind", "code", "words", "value", "unit", "text") if name in fact)[:80]


# --- files --------------------------------------------------------------------------------------------------------


def _told(pack: Pack, example: Example, role: str) -> Iterator[Told]:
    parser = PacksParser((pack,))
    plan = compile_pack(pack)
    given = example.files[role]
    others = {name: _prepared(pack, name, one) for name, one in example.files.items() if name != role}
    file = pack.spec.files[role]
    claim = Claim(pack.spec.software, pack.version, 1.0, "a test", pack.id, role)
    data = bytes_of(given)
    piece = Piece(data=data, name=_name(pack, role, given), practice=example.practice, others=others, claim=claim)
    prepared = _prepared(pack, role, given)
    if prepared.sheets is not None:
        yield from parser.read_opened(plan, open_prepared(plan, role, prepared), piece)
        return
    # A file given as text must also be recognised as what it is.
    recognised = parser.claims(data[:HEAD], piece.name)
    if recognised is None or recognised.role != role:
        yield SetAside(role, 0, "unknown-kind", "not recognised by its names and expects", quarantined=True)
    if file.kind in {"delimited", "fixed-width"}:
        for cut in parser.cut(prepared, claim):
            yield from parser.read(_piece(piece, cut))
    else:
        yield from parser.read(piece)


def _piece(piece: Piece, cut: Cut) -> Piece:
    return Piece(
        data=cut.data,
        name=piece.name,
        practice=piece.practice,
        line=cut.line,
        context=cut.context,
        others=piece.others,
        claim=piece.claim,
    )


def _name(pack: Pack, role: str, given: Given) -> str:
    if given.name is not None:
        return given.name
    file = pack.spec.files[role]
    if file.names:
        return file.names[0].replace("*", "export").replace("?", "1")
    return f"export{_EXTENSIONS.get(file.kind, '.dat')}"


def _prepared(pack: Pack, role: str, given: Given) -> Prepared:
    """The file that a test gives: its bytes, or its rows."""
    sheets = given.tables or ({role: given.rows} if given.rows is not None else None)
    return Prepared(_name(pack, role, given), bytes_of(given), sheets)


def bytes_of(given: Given) -> bytes:
    """The bytes of a file that a test gives as text."""
    if given.text is None:
        return b""
    return given.text.replace("\n", _ENDS[given.line_ends]).encode(given.encoding)
