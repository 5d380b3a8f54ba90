"""What a run is asked to do, and the part of it that travels to the workers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from semantix.io import Limits

if TYPE_CHECKING:
    from semantix.vocabulary import Vocabulary

TARGETS = ("fhir", "omop")
FORMATS = {"fhir": ("bundle", "ndjson", "transaction"), "omop": ("duckdb", "parquet", "csv")}
"""What ``--format`` may be, by target; the first is the default."""


class Options(Struct, frozen=True, kw_only=True):
    """The wishes of the user.

    ``format`` is one of ``FORMATS[target]``, the first when None. ``vocabulary`` is an Athena folder (OMOP).
    ``keep_text`` keeps free text (OMOP notes). ``check`` validates each FHIR resource. ``jobs`` is the
    number of processes. ``report`` and ``overwrite`` concern the files written; ``report_html`` is a page that the
    caller writes at the end, known here so that it takes the place of nothing.

    ``store`` is a terminology store: with one, concepts gain the codes that it gives with a precision of ``accept`` at
    least, with curated ``tables`` of the site's own; what is left for a person to decide goes to ``candidates``.
    Without one, the curated tables alone give codes to sources that have local codes, if ``curated``.

    ``practice`` names who sent all the inputs; ``packs`` are mapping packs besides those of semantix.
    """

    target: str = "fhir"
    format: str | None = None
    keep_text: bool = False
    check: bool = False
    vocabulary: Path | None = None
    jobs: int = 1
    overwrite: bool = False
    report: Path | None = None
    report_html: Path | None = None
    store: Path | None = None
    accept: float = 0.98
    tables: tuple[Path, ...] = ()
    candidates: Path | None = None
    curated: bool = True
    practice: str | None = None
    packs: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def kind(self) -> str:
        """The format, chosen or by default."""
        return self.format or FORMATS[self.target][0]


class Plan(Struct, frozen=True, kw_only=True):
    """What a worker needs to know. It crosses to other processes; a vocabulary does so as a path."""

    target: str
    kind: str
    keep_text: bool
    check: bool
    vocabulary: Vocabulary | None
    detail: bool
    store: Path | None = None
    accept: float = 0.98
    tables: tuple[Path, ...] = ()
    curated: bool = True
    packs: tuple[Path, ...] = ()
    limits: Limits

    @property
    def narratives(self) -> bool:
        """True when something of the narrative of sections is written."""
        return self.target != "omop" or self.keep_text


def plan_of(options: Options) -> Plan:
    """Return the workers' part of ``options``. Raises BadVocabulary."""
    return Plan(
        target=options.target,
        kind=options.kind,
        keep_text=options.keep_text,
        check=options.check,
        vocabulary=_load(options.vocabulary) if options.vocabulary else None,
        detail=options.report is not None,
        store=options.store,
        accept=options.accept,
        tables=options.tables,
        curated=options.curated,
        packs=options.packs,
        limits=options.limits,
    )


def _load(folder: Path) -> Vocabulary:
    from semantix.vocabulary import Vocabulary  # noqa: PLC0415 - DuckDB is slow to import; FHIR does without

    return Vocabulary.load(folder)
