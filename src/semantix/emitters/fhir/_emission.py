"""From a Document to FHIR resources: the builders, and the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir import (
    allergies,
    conditions,
    documents,
    imaging,
    immunizations,
    medications,
    observations,
    procedures,
    supplies,
)
from semantix.emitters.fhir._context import Context, FhirOptions, Json
from semantix.emitters.fhir._relations import settle
from semantix.emitters.fhir._statements import (
    Builder,
    extend,
)
from semantix.emitters.fhir.composition import build_attachments, build_encounter, build_header, build_section
from semantix.emitters.fhir.patient import build_patient
from semantix.emitters.fhir.provenance import build_provenance, build_source
from semantix.ledger import Ledger
from semantix.model import (
    Allergy,
    Document,
    Encounter,
    Immunization,
    MappedCodings,
    Media,
    Medication,
    Observation,
    Panel,
    Problem,
    Procedure,
    Statement,
    Supply,
)


class Emission(Struct):
    """The resources of one document, the Composition first, and the account of what they carry."""

    resources: list[Json]
    ledger: Ledger
    urn_references: bool = False


def _observation(cx: Context, one: Observation) -> Json:
    if one.mood == "GOL":
        return procedures.build_goal(cx, one)
    if one.mood in procedures.PLANNED:
        return procedures.build_request(cx, one)
    if one.kind == "advance-directive":
        return documents.build_directive(cx, one)
    return observations.build_observation(cx, one)


def _panel(cx: Context, one: Panel) -> Json:
    if one.kind == "family-history":
        return documents.build_family(cx, one)
    if one.kind == "attached-document":
        return documents.build_attached_document(cx, one)
    return observations.build_panel(cx, one)


_ACTS: Mapping[str, Builder] = MappingProxyType(
    {
        "lab-report": observations.build_report,
        "external-reference": documents.build_external,
        "imaging-study": imaging.build_study,
        "coverage": imaging.build_coverage,
    }
)


def _act(cx: Context, one: Statement) -> Json | None:
    if one.mood == "GOL":
        return procedures.build_goal(cx, one)
    if one.mood in procedures.PLANNED:
        return procedures.build_request(cx, one)
    return _ACTS.get(one.kind, observations.build_statement)(cx, one)


def _procedure(cx: Context, one: Procedure) -> Json:
    taken = imaging.build_collection(cx, one) if one.kind == "specimen-collection" and one.mood == "EVN" else None
    return taken if taken is not None else procedures.build_procedure(cx, one)


BUILDERS: Mapping[type[Statement], Builder] = MappingProxyType(
    {
        Observation: _observation,
        Panel: _panel,
        Problem: conditions.build_problem,
        Allergy: allergies.build_allergy,
        Medication: medications.build_medication,
        Immunization: immunizations.build_immunization,
        Procedure: _procedure,
        Encounter: procedures.build_encounter,
        Supply: supplies.build_supply,
        Media: documents.build_media,
        Statement: _act,
    }
)
"""What builds each class of statement."""


def emit(document: Document, options: FhirOptions | None = None, mapped: MappedCodings | None = None) -> Emission:
    """Every resource of a document; ``mapped`` are codes to write after those of the source, marked as mapped.

    The output depends on the arguments alone: the same document gives the same resources and ids.
    """
    options = options or FhirOptions()
    cx = Context(document, options, BUILDERS, mapped)
    build_patient(cx, document.patient)
    if document.encounter is not None:
        build_encounter(cx, document.encounter)
    composition = build_header(cx, document)
    sections = [build_section(cx, one) for one in document.sections]
    sections += build_attachments(cx, document)
    if sections:
        composition["section"] = sections
    settle(cx)
    source = build_source(cx, document, composition)
    extend(composition, {"url": url.SOURCE_DOCUMENT, "valueReference": cx.to(source)})
    build_provenance(cx, document, composition, source)
    return Emission([composition, *cx.resources], cx.ledger, options.urn_references)
