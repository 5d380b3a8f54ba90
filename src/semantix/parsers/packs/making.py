"""One document of the rows of one patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.model import Concept, Document, Identifier, PartialDate, Section, Statement
from semantix.parsers._book import Book, digest, local_system, source_of
from semantix.parsers.packs.bench import RECORD, Bench
from semantix.parsers.packs.entries import Dated, Entry, text_of
from semantix.parsers.packs.facts import Written
from semantix.parsers.packs.people import date_of, parties_of, patient_of
from semantix.parsers.packs.plans import TablePlan
from semantix.parsers.packs.spec import Pack

DOCUMENT_ID = "urn:semantix:document"
PACK = "urn:semantix:pack:"
LOINC = "2.16.840.1.113883.6.1"
LAB_REPORT = ("11502-2", "Compte rendu d'examens biologiques")
CELL, ROW = "\x1f", "\n"
SECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "lab-result": ("26436-6", "Résultats d'examens biologiques"),
        "vital-sign": ("8716-3", "Signes vitaux"),
        "observation": ("30954-2", "Résultats et observations"),
        "social-history": ("29762-2", "Habitus, mode de vie"),
        "problem": ("11450-4", "Problèmes"),
        "history": ("11348-0", "Antécédents médicaux"),
        "family-history": ("10157-6", "Antécédents familiaux"),
        "allergy": ("48765-2", "Allergies et intolérances"),
        "no-allergy": ("48765-2", "Allergies et intolérances"),
        "no-problem": ("11450-4", "Problèmes"),
        "medication": ("10160-0", "Traitements"),
        "immunization": ("11369-6", "Vaccinations"),
        "procedure": ("47519-4", "Actes et interventions"),
        "encounter": ("46240-8", "Consultations"),
        "coverage": ("11450-4", "Problèmes"),
        "note": ("34109-9", "Notes"),
    }
)
"""The section of each kind of fact: its LOINC code and its title."""


class Origin(Struct):
    """Where rows come from. ``doubts`` about the file go to its first document."""

    pack: Pack
    name: str
    practice: str
    media_type: str
    doubts: list[tuple[str, str]]


class _Draft(Struct):
    """A section being filled."""

    statements: list[Statement]
    words: list[Written]


def make_document(
    plan: TablePlan, rows: Sequence[Entry], above: Sequence[Entry], origin: Origin
) -> tuple[Document | None, list[Entry]]:
    """The document of some rows, and those of them that make no fact. No document when none does."""
    book = Book()
    first = rows[0]
    sender = plan.gather.sender_of(first)
    user = sender or origin.practice
    records = f"{RECORD}{local_system(origin.practice).rpartition(':')[2]}:{origin.pack.id}:{plan.name}"
    drafts: dict[str, _Draft] = {}
    silent: list[Entry] = []
    word = first.session.word
    local = local_system(user)
    # Places are those in the document, so that what is sent again is the same; doubts are told where they are seen.
    for rank, entry in enumerate(rows, 1):
        bench = Bench(book, entry, f"{word} {rank}", user, local, records)
        known = len(book.issues)
        if not _fill(plan, bench, drafts):
            silent.append(entry)
        for index in range(known, len(book.issues)):
            issue = book.issues[index]
            where = f"{word} {entry.line}{issue.path.removeprefix(bench.path)}"
            book.issues[index] = structs.replace(issue, path=where)
    if plan.facts and len(silent) == len(rows):
        return None, silent
    used = [entry for entry in rows if entry not in silent] if silent else list(rows)
    assert plan.person is not None
    patient = patient_of(book, plan.person, first, origin.practice)
    parties = parties_of(book, plan.person, first, origin.practice, sender)
    when = _time(book, plan, used)
    # Rows that are joined for the patient and the author may be doubted too.
    _doubt(book, used, origin, word)
    lines = sum(entry.lines for entry in used) + sum(entry.lines for entry in above)
    around = [CELL.join(text_of(get(first)) for get in plan.around)] if plan.around else []
    content = ROW.join([*around, *(CELL.join(entry.raw) for entry in (*above, *used))])
    said = content
    if first.session.surrogates:
        said = ROW.join([*around, *(CELL.join(entry.session.content(entry)) for entry in (*above, *used))])
    identity = digest((origin.practice, sender, origin.pack.id, plan.name, said))
    only_results = set(drafts) == {"lab-result"}
    pack = origin.pack
    document = book.document(
        source_of(content.encode("utf-8", "surrogatepass"), origin.name, origin.media_type),
        format=f"{pack.spec.software} export",
        templates=(f"{PACK}{pack.id}:{pack.version}:{pack.digest}",),
        ids=(Identifier(DOCUMENT_ID, identity),),
        code=book.concept("code", book.derived("code/1", LAB_REPORT[0], LOINC, LAB_REPORT[1]))
        if only_results
        else None,
        title=text_of(plan.gather.title(first)) or f"Export {pack.spec.software}",
        time=when,
        patient=patient,
        parties=parties,
        sections=tuple(_section(book, kind, draft) for kind, draft in drafts.items()),
        sender=user or None,
        lines=lines,
        language="fr-FR",
    )
    return document, silent


def _fill(plan: TablePlan, bench: Bench, drafts: dict[str, _Draft]) -> bool:
    """Put the facts of one row in their sections; false when there are none."""
    found = not plan.facts
    for fact in plan.facts_of(bench.entry.kind):
        for made in fact.run(bench):
            found = True
            if isinstance(made, Written):
                drafts.setdefault("note", _Draft([], [])).words.append(made)
            else:
                drafts.setdefault(made[0], _Draft([], [])).statements.append(made[1])
    return found


def _doubt(book: Book, rows: Sequence[Entry], origin: Origin, word: str) -> None:
    for code, words in origin.doubts:
        book.doubt(code, "/", words)
    origin.doubts.clear()
    told: set[tuple[str, str]] = set()
    for entry in rows:
        for code, words in entry.doubts:
            if (code, words) not in told:
                told.add((code, words))
                book.doubt(code, f"{word} {entry.line}", words)


def _time(book: Book, plan: TablePlan, rows: Sequence[Entry]) -> PartialDate | None:
    """The day of the rows; the last of them when they are of several days."""
    day = plan.gather.day
    if day is None:
        return None
    cells = [cell for entry in rows if isinstance(cell := day(entry), Dated) and cell.iso is not None]
    if not cells:
        return None
    if plan.gather.by == "patient-day":
        return date_of(book, "time", cells[0])
    return date_of(book, "time", max(cells, key=lambda cell: cell.iso or ""))


def _section(book: Book, kind: str, draft: _Draft) -> Section:
    code, title = SECTIONS[kind]
    path = f"section/{kind}"
    spot = book.spot(path)
    concept: Concept | None = book.concept(f"{path}/code", book.derived(f"{path}/code/1", code, LOINC))
    return Section(
        at=spot,
        path=spot.path,
        code=concept,
        title=title,
        narrative=narrative(draft.words),
        statements=tuple(draft.statements),
    )


def narrative(words: Sequence[Written]) -> str | None:
    """Notes as XHTML, each with its title, lines kept."""
    if not words:
        return None
    parts = []
    for one in words:
        if one.title:
            parts.append(f"<p><b>{escaped(one.title)}</b></p>")
        parts.append(f"<pre>{escaped(one.text)}</pre>")
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'


_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF], " ")


def escaped(text: str) -> str:
    """Text that XML can hold."""
    plain = text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
