"""What the register keeps of a document: its identity and person, what it replaces and withdraws, as digests.

Keys, names, sets, reports and persons are digests of different kinds under the key of the project, so one of a kind
never meets one of another. What they are made of is told in ``docs/explanation/lineage.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct

from semantix.emitters.omop.tables.person import person_key
from semantix.model import Document, Identifier, Observation, PartialDate, Section, Statement
from semantix.report import Reading
from semantix.runs.model import DocumentFacts, Withdrawal
from semantix.runs.pseudonyms.subjects import subject_ids
from semantix.runs.sealing import Seal

OWN_DIGEST = "urn:semantix:document"
"""The root of identities made of the content, for sources that give documents no identifier."""
REPLACES = "RPLC"
_REPORT, _BATTERY, _RESULT = "lab-report", "lab-battery", "lab-result"
_CORRECTED = frozenset({"corrected", "amended", "nullified"})
_DAY = 10


def facts_of(document: Document, seal: Seal, *, id: int, file: int) -> DocumentFacts:  # noqa: A002 - as its field is named
    """What is kept of a document as it was read, before anything is replaced in it by a pseudonym."""
    person = person_key(document.patient, document.source.sha256 or document.key)
    set_key = _numbered(seal, "set", document.set_id, person)
    laboratory = _laboratory(document, seal)
    report = _numbered(seal, "report", laboratory.number, person, laboratory.day)
    related = [one for one in document.related if one.type_code == REPLACES]
    replaced = (*(one for each in related for one in each.ids), *document.lineage.replaces)
    sets = (
        (key, one.version)
        for one in related
        if (one.version is not None or not one.ids) and (key := _numbered(seal, "set", one.set_id, person)) is not None
    )
    return DocumentFacts(
        id=id,
        file=file,
        key=_named(seal, document.key),
        content=_content(document, seal, person),
        subject=seal.digest("person", person),
        subject_ids=subject_ids(document, seal),
        set_key=set_key,
        version=document.version,
        moment=moment_of(document.time),
        names=_names(seal, document.lineage.names),
        replaces=_names(seal, replaced),
        replaces_sets=tuple(dict.fromkeys(sets)),
        report=report,
        results=laboratory.results,
        is_correction=document.lineage.is_correction or laboratory.is_correction,
        withdraws=(report,) if report is not None and laboratory.is_withdrawn else (),
    )


def withdrawals_of(reading: Reading, seal: Seal, by: int, file: int) -> tuple[Withdrawal, ...]:
    """What the source of a task said to withdraw; ``by`` is the number of the document that comes next."""
    found: dict[Withdrawal, None] = {}
    for one in reading.withdrawn or ():
        moment = moment_of(one.time)
        for name in _names(seal, one.ids):
            found[Withdrawal(by, file, name, None, moment)] = None
        if one.number is None or one.patient is None:
            continue
        person = person_key(one.patient, "")
        report = _numbered(seal, "report", one.number, person, "")
        if report is not None:
            found[Withdrawal(by, file, report, seal.digest("person", person), moment)] = None
    return tuple(found)


def links_of(facts: DocumentFacts) -> tuple[bytes, ...]:
    """What ties a document to others.

    Two documents (or a document and a withdrawal) that share none never have a say in each other's fate, but through
    others that are tied to both.
    """
    sets = (facts.set_key, facts.report, *(key for key, _ in facts.replaces_sets))
    many = (facts.key, *facts.names, *facts.replaces, *facts.withdraws, *(one for one in sets if one is not None))
    return tuple(sorted(set(many)))


def links_of_withdrawal(one: Withdrawal) -> tuple[bytes, ...]:
    """What ties a withdrawal to documents."""
    return (one.key,)


def moment_of(time: PartialDate | None) -> str:
    """A time in UTC, to the second when its source is that precise: moments are compared as text."""
    if time is None:
        return ""
    if not time.has_time:
        return time.iso
    try:
        told = datetime.fromisoformat(time.iso)
        if told.tzinfo is None:
            return time.iso[:_DAY]
        return told.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return time.iso[:_DAY]


# --- digests --------------------------------------------------------------------------------------------------------


def _named(seal: Seal, name: str) -> bytes:
    return seal.digest("document", name)


def _names(seal: Seal, ids: Iterable[Identifier]) -> tuple[bytes, ...]:
    """Identifiers in the form of :attr:`Document.key`."""
    written = (f"{one.root}^{one.extension}" if one.extension else one.root for one in ids if one.root)
    return tuple(dict.fromkeys(_named(seal, name) for name in written if name))


def _numbered(seal: Seal, kind: str, number: Identifier | None, person: str, *more: str) -> bytes | None:
    """A number of a set or a report, which may be given again to somebody else."""
    if number is None or not number.root:
        return None
    return seal.digest(kind, number.root, number.extension or "", person, *more)


def _content(document: Document, seal: Seal, person: str) -> bytes:
    """What tells two versions apart under one identifier.

    An identity made of the content says it already, wherever the message stood; a file that is sent for two people as
    it is has one identity, so the person counts.
    """
    own = document.ids[0].root == OWN_DIGEST if document.ids else False
    return seal.digest("content", document.key, person) if own else seal.digest("content", document.source.sha256)


# --- laboratory -----------------------------------------------------------------------------------------------------


class _Laboratory(Struct):
    """What a document is as a report of a laboratory; nothing when it is none, or holds several."""

    number: Identifier | None = None
    day: str = ""
    results: tuple[bytes, ...] = ()
    is_correction: bool = False
    is_withdrawn: bool = False


def _laboratory(document: Document, seal: Seal) -> _Laboratory:
    tops = [one for section in document.sections for one in _tops(section)]
    reports = [one for one in tops if one.kind == _REPORT]
    if len(reports) != 1:
        return _Laboratory()
    report = reports[0]
    inside = list(_inside(report))
    results = [one for one in inside if one.kind == _RESULT and isinstance(one, Observation)]
    if not results:
        return _Laboratory()
    number, day = _number(document, report, results)
    digests = _digests(results, seal)
    if len(tops) > 1 or document.attachments:
        # Nobody else's report says what it says beside its results.
        digests.append(seal.digest("beside", document.key))
    statuses = {one.status for one in inside}
    told = {one.status for one in results}
    return _Laboratory(
        number=number,
        day=day,
        results=tuple(sorted(digests)),
        is_correction=bool(statuses & _CORRECTED) or told == {"cancelled"},
        is_withdrawn=report.status == "nullified" or told == {"nullified"},
    )


def _tops(section: Section) -> Iterator[Statement]:
    yield from section.statements
    for inner in section.sections:
        yield from _tops(inner)


def _inside(statement: Statement) -> Iterator[Statement]:
    yield statement
    for link in statement.links:
        yield from _inside(link.statement)


def _number(document: Document, report: Statement, results: Iterable[Observation]) -> tuple[Identifier | None, str]:
    """The number of a report and, for one that a laboratory gives again, its day.

    Without a number of its own, it is known by that of the specimen that all of it was measured in.
    """
    if document.set_id is not None:
        return document.set_id, ""
    if report.ids:
        return report.ids[0], document.time.date if document.time is not None else ""
    batteries = [link.statement for link in report.links]
    numbers = {one.ids[0] if one.kind == _BATTERY and one.ids else None for one in batteries}
    days = sorted(_started(one)[:_DAY] for one in results)
    return (numbers.pop(), days[0]) if len(numbers) == 1 else (None, "")


def _digests(results: Iterable[Observation], seal: Seal) -> list[bytes]:
    """What there are results for: code and time of sampling; what is measured twice counts twice."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in results:
        coding = one.code.codings[0] if one.code is not None and one.code.codings else None
        label = (one.code.label or "") if one.code is not None else ""
        system, code = (coding.system or "", coding.code) if coding is not None else ("", label)
        seen[system, code, _started(one)] += 1
    return [seal.digest("result", *what, str(n)) for what, count in seen.items() for n in range(count)]


def _started(one: Observation) -> str:
    start = one.time.start if one.time is not None else None
    return start.iso if start is not None else ""


__all__ = ["facts_of", "links_of", "links_of_withdrawal", "moment_of", "withdrawals_of"]
