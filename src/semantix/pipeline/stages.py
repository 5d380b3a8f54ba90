"""From a Document to what a sink writes: the emitter's side, which runs in the workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, structs

from semantix.ledger import Ledger
from semantix.model import Document, Issue, MappedCodings, Severity
from semantix.pipeline.plan import Plan

if TYPE_CHECKING:
    from semantix.emitters.fhir import Emission

Payload = Any
"""Bytes, (type, id, line) triples or an OMOP emission: each stage has its sink."""

INVALID_RESOURCE = "SX901"


class Made(Struct, frozen=True):
    """What a stage made of one document. ``produced`` counts resources by type or rows by table.

    ``mapped`` counts the rows of the event tables whose concept is a standard one (not 0).
    """

    payload: Payload
    ledger: Ledger
    produced: Mapping[str, int]
    mapped: Mapping[str, int] = MappingProxyType({})
    issues: tuple[Issue, ...] = ()


class Stage(Protocol):
    """Converts documents to one target."""

    def convert(self, document: Document, codings: MappedCodings | None = None) -> Made:
        """Convert one document, with the codes found for it."""


def open_stage(plan: Plan) -> Stage:
    """Return the stage of a plan, loaded once for many documents; other targets' libraries are not imported."""
    return OmopStage(plan) if plan.target == "omop" else FhirStage(plan)


class FhirStage:
    """FHIR R4: a Bundle, a transaction, or one line a resource."""

    def __init__(self, plan: Plan) -> None:
        from semantix.emitters import fhir  # noqa: PLC0415 - see open_stage

        self._fhir = fhir
        self._kind = plan.kind
        self._check = plan.check
        self._options = fhir.FhirOptions(urn_references=plan.kind == "bundle")

    def convert(self, document: Document, codings: MappedCodings | None = None) -> Made:
        """Convert one document, with the codes found for it."""
        emission = self._fhir.emit(document, self._options, codings)
        produced = Counter(resource["resourceType"] for resource in emission.resources)
        issues = _check(emission.resources) if self._check else ()
        return Made(self._payload(emission, document), emission.ledger, produced, issues=issues)

    def _payload(self, emission: Emission, document: Document) -> Payload:
        encode = self._fhir.encode
        if self._kind == "ndjson":
            return [(each["resourceType"], each["id"], encode(each)) for each in emission.resources]
        if self._kind == "transaction":
            return encode(self._fhir.transaction_bundle(emission, document))
        return encode(self._fhir.document_bundle(emission, document))


def _check(resources: list[dict[str, Any]]) -> tuple[Issue, ...]:
    """Validate each resource against the R4 models; places and kinds of error only, since values may be a patient's."""
    from semantix.emitters.fhir._r4 import check  # noqa: PLC0415 - fhir.resources is an optional dependency

    issues = []
    for resource in resources:
        place = f"{resource['resourceType']}/{resource.get('id', '?')}"
        for finding in check(resource):
            # What follows the path may quote a value.
            words = f"not as the FHIR R4 model wants it: {finding.partition(': ')[0]}"
            issues.append(Issue(INVALID_RESOURCE, Severity.ERROR, place, words))
    return tuple(issues)


class OmopStage:
    """OMOP CDM 5.4: rows by table; keys are given by the only writer."""

    def __init__(self, plan: Plan) -> None:
        from semantix.emitters import omop  # noqa: PLC0415 - see open_stage

        self._emit = omop.emit
        self._concepts = {table: str(omop.SCHEMA[table].concept) for table in omop.EVENTS}
        self._options = omop.OmopOptions(keep_text=plan.keep_text, vocabulary=plan.vocabulary)

    def convert(self, document: Document, codings: MappedCodings | None = None) -> Made:
        """Convert one document, with the codes found for it."""
        emission = self._emit(document, self._options, codings)
        produced = {table: len(rows) for table, rows in emission.rows.items() if rows}
        ledger = emission.ledger
        assert ledger is not None
        # The ledger holds places of the source, which cannot travel between processes.
        payload = structs.replace(emission, ledger=None, issues=())
        mapped = {
            table: sum(row.get(column) not in {0, None} for row in emission.rows[table])
            for table, column in self._concepts.items()
            if table in emission.rows
        }
        return Made(payload, ledger, produced, mapped, emission.issues)
