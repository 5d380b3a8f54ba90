"""One importer a format of official releases. ``IMPORTERS`` is the registry: a hand-written tuple."""

from __future__ import annotations

from semantix.terminology.releases import (
    atc_csv,
    athena,
    bdpm,
    cim10_atih,
    claml,
    cnam,
    code_tables,
    codes_list,
    edqm,
    fhir,
    known_tables,
    loinc,
    loinc_fr,
    nos_tabs,
    orphanet,
    owl,
    smt_rdf,
    snomed,
    sssom,
    svs,
    term_tables,
    ucd_cip,
    ucum_essence,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release

__all__ = ["IMPORTERS", "Hints", "Importer", "Refused", "Release"]

IMPORTERS: tuple[Importer, ...] = (
    atc_csv.IMPORTER,
    athena.IMPORTER,
    bdpm.IMPORTER,
    cim10_atih.IMPORTER,
    claml.IMPORTER,
    cnam.IMPORTER,
    code_tables.IMPORTER,
    codes_list.IMPORTER,
    edqm.IMPORTER,
    fhir.IMPORTER,
    known_tables.IMPORTER,
    loinc.IMPORTER,
    loinc_fr.IMPORTER,
    nos_tabs.IMPORTER,
    orphanet.IMPORTER,
    owl.IMPORTER,
    smt_rdf.IMPORTER,
    snomed.IMPORTER,
    sssom.IMPORTER,
    svs.IMPORTER,
    term_tables.IMPORTER,
    ucd_cip.IMPORTER,
    ucum_essence.IMPORTER,
)
"""Asked in this order whether they claim a source; two claims are an error, never "first wins"."""
