"""The quality of what a run read, in figures: what pages, JSON and comparisons are made from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from semantix.runs.reporting.facts import Limits, RunFacts

DIMENSIONS = ("practice", "software", "section", "system", "sex", "age_band", "period")
"""What facts are grouped by: columns of ``documents.parquet``, and of ``coverage.parquet`` for the fact's own."""
OF_FACTS = frozenset({"section", "system"})
OTHER = "\x1fother"
"""The name of what is too small to be shown by itself; no source writes a control character."""
MEASURES = ("systems", "sections", "volume", "documents")
"""What may drift: where codes come from, where facts stand, facts a document, documents a run."""


class Share(Struct, frozen=True):
    """How the facts of a group are coded, by occurrences.

    ``source``: by the source itself; ``engine``: by the terminology engine; ``unmapped``: not, though a code was looked
    for; ``unasked``: no code is looked for, and they count in no share.
    """

    documents: int = 0
    source: int = 0
    engine: int = 0
    unmapped: int = 0
    unasked: int = 0

    @property
    def facts(self) -> int:
        """Facts for which a code is wanted."""
        return self.source + self.engine + self.unmapped

    @property
    def unmapped_share(self) -> float:
        """Between 0 and 1; 0 when there is no fact."""
        return self.unmapped / self.facts if self.facts else 0.0


class Contrast(Struct, frozen=True):
    """A group against the rest: the difference of unmapped shares with its 95 % interval.

    ``rate`` is the false discovery rate at which it is told (Benjamini-Hochberg, over groups of documents or of facts);
    ``verdict`` is ``more``, ``less`` or ``alike``.
    """

    difference: float
    low: float
    high: float
    rate: float
    verdict: str


class Group(Struct, frozen=True):
    """One value of a dimension. ``name`` is OTHER for those pooled, of which there are ``pooled``.

    ``contrast`` is ``None`` where there is too little to compare.
    """

    name: str
    share: Share
    contrast: Contrast | None = None
    pooled: int = 0


class CodeCount(Struct, frozen=True):
    """A code of the source: how many documents have it, and how many times."""

    system: str
    code: str
    documents: int
    n: int
    targets: tuple[str, ...] = ()


class Codes(Struct, frozen=True):
    """A list of codes, the most frequent first; those that are not named are counted.

    ``rare`` are in fewer documents than may be named; ``more`` are beyond the length of the list.
    """

    named: tuple[CodeCount, ...] = ()
    more: int = 0
    rare: int = 0
    rare_n: int = 0


class Drift(Struct, frozen=True):
    """What changed in a practice between the runs before and this one.

    ``value`` is a divergence in bits (0 to 1, beyond what chance makes) for ``systems`` and ``sections``, a ratio for
    ``volume`` and ``documents``. ``before`` and ``now`` are the two sides: documents for the former, facts a document,
    documents a run. ``verdict`` is ``moved`` or ``drifted``.
    """

    practice: str
    measure: str
    value: float
    before: float
    now: float
    verdict: str


class QualityFigures(Struct, frozen=True, kw_only=True):
    """The quality report of one run.

    ``total`` is of the live documents that the run read; ``before`` of the live documents of earlier runs.
    ``targets`` counts facts by target system and outcome. ``new_codes`` were in no earlier run, ``gone_codes`` were,
    and should be in this one given its practices. ``watched`` practices had enough documents for drift.
    """

    facts: RunFacts
    limits: Limits
    total: Share
    before: Share
    targets: Mapping[str, Mapping[str, int]]
    dimensions: Mapping[str, tuple[Group, ...]]
    unmapped: Codes
    new_codes: Codes
    gone_codes: Codes
    drift: tuple[Drift, ...]
    watched: int = 0

    def differing(self, *, of_facts: bool) -> list[tuple[str, Group]]:
        """Groups of documents, or of facts, whose unmapped share differs from the rest, the furthest first.

        Documents are grouped by who made them and whom they are about: there, a difference is a matter of
        representativity. That a section or a code system is not covered is a matter of mapping.
        """
        found = [
            (dimension, group)
            for dimension, groups in self.dimensions.items()
            if (dimension in OF_FACTS) == of_facts
            for group in groups
            if group.contrast is not None and group.contrast.verdict != "alike"
        ]
        return sorted(found, key=lambda each: (-abs(_difference(each[1])), each[0], each[1].name))


def _difference(group: Group) -> float:
    return group.contrast.difference if group.contrast is not None else 0.0
