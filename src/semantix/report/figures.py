"""Figures of one document and of a whole run: the same shape, so that a run is the sum of its documents.

Three classes of coded elements: *carried* (the code is in the output), *implied* (the output says the same
without the code) and *lost* (not carried). ``read = carried + implied + lost`` always holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from msgspec import Struct, field

from semantix import systems
from semantix.ledger import KEPT_MEANING, Account, Ledger, Loss
from semantix.model import Document, Issue

K = TypeVar("K", bound=Hashable)

NO_SYSTEM = ""
"""Stands for the code system of a coded element that names none."""

DECIDED = ("exact", "curated", "equivalent", "candidate", "review", "nothing")
"""How a concept that got no code of the target from its source was decided: a code added by some evidence, or not."""

MAX_LOST_CODES = 5_000
"""Distinct lost codes kept in memory; beyond, they are still counted by system and by reason."""


class Tally(Struct):
    """How many elements were read, and what became of them."""

    read: int = 0
    carried: int = 0
    implied: int = 0
    lost: int = 0

    def add(self, other: Tally) -> None:
        """Add the figures of ``other``."""
        self.read += other.read
        self.carried += other.carried
        self.implied += other.implied
        self.lost += other.lost

    @property
    def kept(self) -> float:
        """The share carried or implied, between 0 and 1; 1 when nothing was read."""
        return (self.carried + self.implied) / self.read if self.read else 1.0


class Unreadable(Struct, frozen=True):
    """An input that was not converted: its name, the class of the error and one line of explanation."""

    name: str
    error: str
    message: str


class DocumentLine(Struct, frozen=True):
    """One document in the list shown to people."""

    name: str
    kind: str | None
    codes: Tally
    statements: Tally
    issues: int


class Figures(Struct, kw_only=True):
    """Everything that can be summed.

    ``produced`` counts resources by type, or rows by table; ``mapped`` the rows of the OMOP event tables
    with a standard concept. ``reasons`` and ``lost_codes`` count what is not carried as such, implied
    included; a lost code is known by (system, code, reason); ``issues`` counts by (code, severity) and
    ``issue_words`` keeps one wording of each code. ``decided`` counts the concepts for which the terminology engine was
    asked for a code, by (target system, how it was decided): the words of Outcome for a code that was added, else
    ``review`` (candidates wait for a person) or ``nothing``.
    """

    documents: int = 0
    size: int = 0
    codes: Tally = field(default_factory=Tally)
    statements: Tally = field(default_factory=Tally)
    by_system: dict[str, Tally] = field(default_factory=dict)
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)
    lost_codes: dict[tuple[str, str, str], int] = field(default_factory=dict)
    produced: dict[str, int] = field(default_factory=dict)
    mapped: dict[str, int] = field(default_factory=dict)
    issues: dict[tuple[str, str], int] = field(default_factory=dict)
    issue_words: dict[str, str] = field(default_factory=dict)
    decided: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, other: Figures) -> None:
        """Add the figures of ``other``."""
        self.documents += other.documents
        self.size += other.size
        self.codes.add(other.codes)
        self.statements.add(other.statements)
        for system, tally in other.by_system.items():
            self.by_system.setdefault(system, Tally()).add(tally)
        add_counts(self.reasons, other.reasons)
        add_counts(self.produced, other.produced)
        add_counts(self.mapped, other.mapped)
        add_counts(self.issues, other.issues)
        add_counts(self.decided, other.decided)
        self.issue_words = other.issue_words | self.issue_words
        for key, count in other.lost_codes.items():
            if key in self.lost_codes or len(self.lost_codes) < MAX_LOST_CODES:
                self.lost_codes[key] = self.lost_codes.get(key, 0) + count

    def add_issues(self, issues: Iterable[Issue]) -> None:
        """Count doubts about the data."""
        for issue in issues:
            key = (issue.code, str(issue.severity))
            self.issues[key] = self.issues.get(key, 0) + 1
            self.issue_words.setdefault(issue.code, issue.message)

    def systems(self) -> list[tuple[str, str, Tally]]:
        """List (name, OID, figures) of each code system met: the most frequent first."""
        rows = [(system_name(oid), oid, tally) for oid, tally in self.by_system.items()]
        return sorted(rows, key=lambda row: (-row[2].read, row[0], row[1]))

    def decisions(self) -> list[tuple[str, dict[str, int]]]:
        """List each target system with how many concepts were decided in each of DECIDED, by system."""
        targets = sorted({target for target, _ in self.decided})
        return [(target, {how: self.decided.get((target, how), 0) for how in DECIDED}) for target in targets]

    def losses(self) -> list[tuple[str, int, int]]:
        """List (reason, codes, statements) of what is lost, implied left out: the most frequent first."""
        reasons = {reason for _, reason in self.reasons} - {str(reason) for reason in KEPT_MEANING}
        rows = [(r, self.reasons.get(("code", r), 0), self.reasons.get(("statement", r), 0)) for r in reasons]
        return sorted(rows, key=lambda row: (-row[1] - row[2], row[0]))


def add_counts(into: dict[K, int], counts: Mapping[K, int]) -> None:
    """Add ``counts`` to ``into``."""
    for key, count in counts.items():
        into[key] = into.get(key, 0) + count


def system_name(oid: str) -> str:
    """Return the usual name of a code system, or its OID, or ``-`` when the source named none."""
    known = systems.find(oid) if oid else None
    return known.title if known else oid or "-"


def target_name(key: str) -> str:
    """Return the usual name of a target system, known by its key."""
    return next((system.title for system in systems.SYSTEMS if system.key == key), key)


def figures_of(
    document: Document, ledger: Ledger, account: Account, produced: Mapping[str, int], issues: Iterable[Issue]
) -> Figures:
    """Count one document."""
    figures = Figures(documents=1, size=document.source.size, produced=dict(produced))
    figures.codes = _tally(account.codes_read, account.codes_carried, account.losses, "code")
    figures.statements = _tally(account.statements_read, account.statements_carried, account.losses, "statement")
    figures.reasons = dict(Counter((loss.kind, str(loss.reason)) for loss in account.losses))
    figures.lost_codes = dict(
        Counter(
            (loss.system or NO_SYSTEM, loss.code or "", str(loss.reason)) for loss in account.losses if _is_lost(loss)
        )
    )
    figures.by_system = _by_system(document, ledger, account)
    figures.add_issues(issues)
    return figures


def _is_lost(loss: Loss) -> bool:
    return loss.kind == "code" and loss.reason not in KEPT_MEANING


def _tally(read: int, carried: int, losses: Iterable[Loss], kind: str) -> Tally:
    implied = sum(loss.kind == kind and loss.reason in KEPT_MEANING for loss in losses)
    return Tally(read, carried, implied, read - carried - implied)


def _by_system(document: Document, ledger: Ledger, account: Account) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    system_of, carried = document.system_of, ledger.carried
    for place in document.coded:
        if place in carried:
            tally = found.setdefault(system_of(place) or NO_SYSTEM, Tally())
            tally.read += 1
            tally.carried += 1
    for loss in account.losses:
        if loss.kind == "code":
            tally = found.setdefault(loss.system or NO_SYSTEM, Tally())
            tally.read += 1
            if loss.reason in KEPT_MEANING:
                tally.implied += 1
            else:
                tally.lost += 1
    return found


def line_of(document: Document, figures: Figures) -> DocumentLine:
    """Return the document's line in the list shown to people."""
    kind = document.code.codings[0] if document.code and document.code.codings else None
    words = (kind.display or kind.code) if kind else None
    return DocumentLine(document.source.name, words, figures.codes, figures.statements, sum(figures.issues.values()))
