"""Code systems and identifier systems: the OID that CDA writes, the URI that FHIR wants, the OMOP vocabulary.

A URI is given only where its owner publishes it (HL7 terminology, FR Core, NOS); every other OID becomes ``urn:oid:…``,
which is always valid. An OID with a typing error keeps its typing error: it is not ours to guess what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

V3 = "http://terminology.hl7.org/CodeSystem/v3-"
NOS = "https://mos.esante.gouv.fr/NOS/"
THO = "http://terminology.hl7.org/CodeSystem/"
SMT = "https://smt.esante.gouv.fr/terminologie-"


class System(Struct, frozen=True):
    """One code system. ``omop`` lists OMOP vocabulary_ids that hold its codes, best first; ``oids`` the OIDs in use.

    ``others`` are URIs that are published for it and read, but not written.
    """

    key: str
    title: str
    oids: tuple[str, ...]
    uri: str | None = None
    omop: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def _nos(name: str) -> str:
    return f"{NOS}{name}/FHIR/{name.replace('_', '-')}"


def _v3(key: str, title: str, oid: str) -> System:
    return System(key, title, (oid,), V3 + title)


SYSTEMS: tuple[System, ...] = (
    System("loinc", "LOINC", ("2.16.840.1.113883.6.1",), "http://loinc.org", ("LOINC",)),
    System("snomed", "SNOMED CT", ("2.16.840.1.113883.6.96",), "http://snomed.info/sct", ("SNOMED",)),
    System(
        "cim10",
        "CIM-10",
        ("2.16.840.1.113883.6.3",),
        "http://hl7.org/fhir/sid/icd-10",
        ("CIM10", "ICD10"),
        (f"{SMT}cim-10",),
    ),
    System("cim11", "CIM-11 MMS", ("2.16.840.1.113883.6.347",), "http://id.who.int/icd/release/11/mms"),
    System(
        "cimo3", "CIM-O-3", ("2.16.840.1.113883.6.43.1",), "http://terminology.hl7.org/CodeSystem/icd-o-3", ("ICDO3",)
    ),
    System("atc", "ATC", ("2.16.840.1.113883.6.73",), "http://www.whocc.no/atc", ("ATC",), (f"{SMT}atc",)),
    System(
        "ncit",
        "NCI Thesaurus",
        ("2.16.840.1.113883.3.26.1.1",),
        "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        ("NCIt",),
        (f"{SMT}ncit",),
    ),
    System(
        "rxnorm",
        "RxNorm",
        ("2.16.840.1.113883.6.88",),
        "http://www.nlm.nih.gov/research/umls/rxnorm",
        ("RxNorm", "RxNorm Extension"),
    ),
    System("icd10cm", "ICD-10-CM", ("2.16.840.1.113883.6.90",), "http://hl7.org/fhir/sid/icd-10-cm", ("ICD10CM",)),
    System("cvx", "CVX", ("2.16.840.1.113883.12.292",), "http://hl7.org/fhir/sid/cvx", ("CVX",)),
    System("ucum", "UCUM", ("2.16.840.1.113883.6.8",), "http://unitsofmeasure.org", ("UCUM",)),
    System("edqm", "EDQM Standard Terms", ("0.4.0.127.0.16.1.1.2.1",), "http://standardterms.edqm.eu"),
    System("dicom", "DICOM", ("1.2.840.10008.2.16.4",), "http://dicom.nema.org/resources/ontology/DCM"),
    System("dicom-uid", "DICOM UID", ("1.2.840.10008.2.6.1",)),
    System("hgnc", "HGNC", ("2.16.840.1.113883.6.281",), "http://www.genenames.org/geneId", ("HGNC",)),
    System("meddra", "MedDRA", ("2.16.840.1.113883.6.163",), "http://terminology.hl7.org/CodeSystem/mdr", ("MedDRA",)),
    System("icf", "CIF", ("2.16.840.1.113883.6.254",), "http://hl7.org/fhir/sid/icf"),
    System("cisp2", "CISP-2", ("2.16.840.1.113883.6.139",), "http://hl7.org/fhir/sid/icpc-2"),
    System("tnm", "TNM", ("2.16.840.1.113883.15.6",)),
    System("ncbi-taxonomy", "NCBI Taxonomy", ("2.16.840.1.113883.3.9471", "1.2.250.1.213.2.69.1")),
    System("sms", "EMA SMS", ("2.16.840.1.113883.3.6905.2",)),
    System(
        "ips-absent",
        "IPS absent and unknown data",
        ("2.16.840.1.113883.5.1150.1",),
        "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
    ),
    # HL7 v3
    _v3("act-code", "ActCode", "2.16.840.1.113883.5.4"),
    _v3("interpretation", "ObservationInterpretation", "2.16.840.1.113883.5.83"),
    _v3("role-code", "RoleCode", "2.16.840.1.113883.5.111"),
    _v3("gender", "AdministrativeGender", "2.16.840.1.113883.5.1"),
    _v3("confidentiality", "Confidentiality", "2.16.840.1.113883.5.25"),
    _v3("function", "ParticipationFunction", "2.16.840.1.113883.5.88"),
    _v3("observation-method", "ObservationMethod", "2.16.840.1.113883.5.84"),
    _v3("priority", "ActPriority", "2.16.840.1.113883.5.7"),
    _v3("substitution", "substanceAdminSubstitution", "2.16.840.1.113883.5.1070"),
    _v3("route", "RouteOfAdministration", "2.16.840.1.113883.5.112"),
    _v3("act-site", "ActSite", "2.16.840.1.113883.5.1052"),
    _v3("role-class", "RoleClass", "2.16.840.1.113883.5.110"),
    _v3("specimen-type", "SpecimenType", "2.16.840.1.113883.5.129"),
    _v3("null-flavor", "NullFlavor", "2.16.840.1.113883.5.1008"),
    _v3("marital-status", "MaritalStatus", "2.16.840.1.113883.5.2"),
    _v3("timing-event", "TimingEvent", "2.16.840.1.113883.5.139"),
    System(
        "v2-0487", "HL7 v2 table 0487", ("2.16.840.1.113883.18.311",), "http://terminology.hl7.org/CodeSystem/v2-0487"
    ),
    # FHIR status systems: the OID is carried as written beside the status that FHIR requires.
    System(
        "condition-clinical",
        "condition-clinical",
        ("2.16.840.1.113883.4.642.1.1074", "2.16.840.1.113883.4.642.4.1074"),
        others=(f"{THO}condition-clinical",),
    ),
    System(
        "condition-ver-status",
        "condition-ver-status",
        ("2.16.840.1.113883.4.642.1.1075", "2.16.840.1.113883.4.642.4.1075"),
        others=(f"{THO}condition-ver-status",),
    ),
    System(
        "allergy-clinical",
        "allergyintolerance-clinical",
        ("2.16.840.1.113883.4.642.4.1373",),
        others=(f"{THO}allergyintolerance-clinical",),
    ),
    System(
        "allergy-criticality",
        "allergy-intolerance-criticality",
        ("2.16.840.1.113883.4.642.4.130",),
        others=("http://hl7.org/fhir/allergy-intolerance-criticality",),
    ),
    # France
    System("ccam", "CCAM", ("1.2.250.1.215.300.1", "1.2.250.1.213.2.5"), None, ("CCAM",), (f"{SMT}ccam",)),
    System("nabm", "NABM", ("1.2.250.1.213.2.7", "1.2.250.1.215.200.4.1")),
    System("ngap", "NGAP", ("1.2.250.1.215.200.3.3", "1.2.250.1.213.2.10")),
    System("lpp", "LPP", ("1.2.250.1.215.200.2.1", "1.2.250.1.215.300.4")),
    System("cis", "BDPM, code CIS", ("1.2.250.1.213.2.3.1",)),
    System("cip", "BDPM, code CIP", ("1.2.250.1.213.2.3.2", "1.2.250.1.213.2.3.3"), None, ("BDPM",)),
    System("ucd", "UCD", ("1.2.250.1.213.2.62",)),
    System("mv", "Medicabase", ("1.2.250.1.213.2.59",)),
    System("ansm-reagents", "ANSM, table de codage des réactifs", ("1.2.250.1.213.2.3.5",)),
    System("emdn", "EMDN", ("1.2.250.1.213.2.68",), others=(f"{SMT}emdn",)),
    System("cladimed", "CLADIMED", ("1.2.250.1.213.2.65",)),
    System(
        "orpha",
        "Orphanet",
        ("1.2.250.1.213.2.49", "1.2.250.1.213.2.49.1", "1.2.250.1.213.2.49.2"),
        "http://www.orpha.net",
    ),
    System("adicap", "ADICAP", ("1.2.250.1.213.2.11",)),
    System("snomed-3.5", "SNOMED 3.5", ("1.2.250.1.213.2.12",)),
    System("pcs", "PCS INSEE", ("1.2.250.1.213.2.13",)),
    System("drc", "DRC SFMG", ("1.2.250.1.213.2.9",)),
    System("ta-asip", "Terminologie CI-SIS (TA_ASIP)", ("1.2.250.1.213.1.1.4.322",)),
    System("document-type", "Type de document CI-SIS", ("1.2.250.1.213.1.1.4.12",)),
    System("tre-a01", "TRE_A01-CadreExercice", ("1.2.250.1.213.1.1.4.9",), _nos("TRE_A01-CadreExercice")),
    System(
        "tre-a02",
        "TRE_A02-ProfessionSavFaire-CISIS",
        ("1.2.250.1.213.1.1.4.5",),
        _nos("TRE_A02-ProfessionSavFaire-CISIS"),
    ),
    System("tre-r02", "TRE_R02-SecteurActivite", ("1.2.250.1.71.4.2.4",), _nos("TRE_R02-SecteurActivite")),
    System(
        "tre-r66", "TRE_R66-CategorieEtablissement", ("1.2.250.1.213.1.6.1.8",), _nos("TRE_R66-CategorieEtablissement")
    ),
    System("tre-r213", "TRE_R213-ModePriseEnCharge", ("1.2.250.1.213.3.3.13",), _nos("TRE_R213-ModePriseEnCharge")),
    System("ihe-act-code", "IHE Act Code", ("1.3.6.1.4.1.19376.1.5.3.2",)),
)

INS_NIR = "1.2.250.1.213.1.4.8"
INS_NIA = "1.2.250.1.213.1.4.9"
INS_NIR_TEST = "1.2.250.1.213.1.4.10"
INS_NIR_DEMO = "1.2.250.1.213.1.4.11"
INS_C = "1.2.250.1.213.1.4.2"
INS_OIDS = frozenset({INS_NIR, INS_NIA, INS_NIR_TEST, INS_NIR_DEMO})
PS_ID_NAT = "1.2.250.1.71.4.2.1"
STRUCT_ID_NAT = "1.2.250.1.71.4.2.2"

BY_OID: Mapping[str, System] = MappingProxyType({oid: system for system in SYSTEMS for oid in system.oids})
BY_URI: Mapping[str, System] = MappingProxyType(
    {uri: system for system in SYSTEMS for uri in (system.uri, *system.others) if uri}
)
URI_BY_OID: Mapping[str, str] = MappingProxyType(
    {oid: system.uri or f"urn:oid:{oid}" for system in SYSTEMS for oid in system.oids}
)

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def find(identifier: str | None) -> System | None:
    """The known system with this OID, ``urn:oid:`` or URI."""
    if identifier is None:
        return None
    return BY_OID.get(identifier.removeprefix("urn:oid:")) or BY_URI.get(identifier)


def uri(identifier: str) -> str:
    """The absolute URI of a code or identifier system written as an OID, a UUID or a URI."""
    known = URI_BY_OID.get(identifier)
    if known:
        return known
    if _OID.fullmatch(identifier):
        return f"urn:oid:{identifier}"
    if _UUID.fullmatch(identifier):
        return f"urn:uuid:{identifier.lower()}"
    return identifier
