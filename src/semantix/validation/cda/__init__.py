"""Our own rules for CDA R2 documents, by topic. A topic is a module with ``RULES`` and ``check``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation.cda import (
    absence,
    codes,
    dates,
    duplicates,
    header,
    identity,
    labels,
    narrative,
    ranges,
    references,
    units,
    value_sets,
    vsm,
)

CHECKS: Mapping[str, Callable[[Cda], Iterator[Finding]]] = MappingProxyType(
    {
        "identity": identity.check,
        "header": header.check,
        "dates": dates.check,
        "vsm": vsm.check,
        "codes": codes.check,
        "labels": labels.check,
        "value-sets": value_sets.check,
        "units": units.check,
        "ranges": ranges.check,
        "references": references.check,
        "narrative": narrative.check,
        "absence": absence.check,
        "duplicates": duplicates.check,
    }
)
"""What is checked of a document, by topic, in the order of the report."""
