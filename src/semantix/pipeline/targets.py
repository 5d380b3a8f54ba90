"""Where a run writes: the sink's side, which runs in the main process only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from semantix.pipeline.guard import reports
from semantix.pipeline.plan import Options
from semantix.resources import version
from semantix.sinks.fate import Fate
from semantix.sinks.fhir import open_fhir

if TYPE_CHECKING:
    from semantix.emitters.omop import OmopEmission
    from semantix.vocabulary import Vocabulary


class Target(Protocol):
    """Takes the documents' payloads in order. ``versions`` counts resources written again with other content."""

    versions: int

    def admits(self, payload: Any) -> Fate:
        """Tell what :meth:`write` would do of one document."""

    def write(self, name: str, payload: Any) -> str | None:
        """Write one document; return the name of its own file below the target, if it has one."""

    def close(self) -> dict[str, int]:
        """Complete, and return how much of each resource type or table was written, as far as it is counted."""

    def abandon(self) -> None:
        """Leave nothing half-written."""


def refuse_target(options: Options, out: Path) -> None:
    """Raise BadTarget for an OMOP target that may not be written, before a vocabulary is indexed for nothing."""
    if options.target == "omop":
        from semantix.sinks.omop import check_target, explained, keys_of  # noqa: PLC0415 - FHIR does without DuckDB

        target = out.resolve()
        with explained(target, keys_of(target)):
            check_target(target, options.kind, overwrite=options.overwrite, beside=reports(options))


def open_target(options: Options, out: Path, vocabulary: Vocabulary | None = None) -> Target:
    """Open what ``options`` ask for. Raises BadTarget."""
    if options.target == "omop":
        return OmopTarget(options, out, vocabulary)
    return open_fhir(options.kind, out, overwrite=options.overwrite, reserved=reports(options))


class OmopTarget:
    """A CDM database or folder, built when every document was staged."""

    def __init__(self, options: Options, out: Path, vocabulary: Vocabulary | None) -> None:
        from semantix.sinks.omop import SinkOptions, open_sink  # noqa: PLC0415 - FHIR does without DuckDB

        wishes = SinkOptions(
            overwrite=options.overwrite,
            vocabulary=options.vocabulary,
            vocabulary_release=vocabulary.release if vocabulary else None,
            software=f"semantix {version()}",
            beside=tuple(reports(options)),
        )
        self.versions = 0
        self._sink = open_sink(options.kind, out, wishes)

    def admits(self, payload: OmopEmission) -> Fate:
        """Tell whether the document is new."""
        return self._sink.admits(payload)

    def write(self, name: str, payload: OmopEmission) -> str | None:
        """Stage one document's rows; ``name`` leaves no trace."""
        assert payload.ledger is None, name
        self._sink.write(payload)
        return None

    def close(self) -> dict[str, int]:
        """Build the database."""
        return self._sink.close()

    def abandon(self) -> None:
        """Forget what was staged."""
        self._sink.abandon()
