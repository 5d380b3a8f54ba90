"""From staged files to the figures of a report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from semantix.runs.reporting.codes import gone_codes, new_codes, unmapped_codes
from semantix.runs.reporting.drifting import drift_of
from semantix.runs.reporting.facts import Limits, RunFacts
from semantix.runs.reporting.figures import Codes, QualityFigures
from semantix.runs.reporting.grouped import dimensions_of, targets_of, total_of
from semantix.runs.reporting.relations import open_relations

USUAL = Limits()


def collect(
    documents: pa.Table,
    chunks: Mapping[int, Path],
    facts: RunFacts,
    limits: Limits = USUAL,
    temporary: Path | None = None,
) -> QualityFigures:
    """Measure the run ``facts.run`` against those before.

    ``documents`` has a row a document (``document`` int64, ``is_live`` bool, ``run`` the run that read it); of those of
    a later run nothing is said. ``chunks`` are the folders staged; what is before is what is given, so a caller bounds
    the work by giving the chunks of the last runs only. ``temporary`` is a folder for what does not fit in memory.
    """
    with open_relations(documents, chunks, facts.run, temporary) as db:
        drift, watched = drift_of(db, limits)
        before = total_of(db, "past", "NOT is_now")
        return QualityFigures(
            facts=facts,
            limits=limits,
            total=total_of(db, "now_fact", "is_now"),
            before=before,
            targets=targets_of(db),
            dimensions=dimensions_of(db, limits),
            unmapped=unmapped_codes(db, limits),
            new_codes=new_codes(db, limits),
            gone_codes=gone_codes(db, limits) if before.documents else Codes(),
            drift=drift,
            watched=watched,
        )
