"""Coverage of meaning: invented documents counted by system and state."""

from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from semantix.model import Coding, Concept, Document, MappedCoding, Outcome
from semantix.parsers import parse
from semantix.systems import System
from semantix.validation._terms import Standing
from semantix.validation.coverage import BEST, concepts_of, coverage_of
from semantix.validation.terms import OpenTerms

LOINC, CIM10 = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.3"
XML = """<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id root="1.2.250.1.999.1"/><effectiveTime value="20240308"/>
<recordTarget><patientRole><patient/></patientRole></recordTarget>
<component><structuredBody><component><section><entry><observation classCode="OBS" moodCode="EVN">
{code}<statusCode code="completed"/></observation></entry></section></component></structuredBody></component>
</ClinicalDocument>"""


class Told(OpenTerms):
    """Terms that give a standing to the codes named in the test."""

    def __init__(self, **told: Standing) -> None:
        super().__init__()
        self.told, self.days = told, set[date | None]()

    def standing(self, system: System, code: str, on: date | None = None) -> Standing:
        self.days.add(on)
        return self.told.get(code, Standing.UNCHECKED)


def document(code: str) -> Document:
    return parse(XML.replace("{code}", code).encode(), "invented.xml")


def coded(code: str, oid: str, inner: str = "") -> str:
    return f'<code code="{code}" codeSystem="{oid}">{inner}</code>'


def counts(code: str, terms: OpenTerms | None = None) -> dict[str, dict[str, int]]:
    return coverage_of(document(code), terms or OpenTerms()).counts


@pytest.mark.parametrize(
    ("standing", "state"),
    [(Standing.VALID, "valid"), (Standing.UNCHECKED, "unchecked"), (Standing.RETIRED, "retired"),
     (Standing.ABSENT, "unknown"), (Standing.MALFORMED, "unknown")],
)  # fmt: skip
def test_a_code_of_a_known_system_has_its_standing(standing, state):
    assert counts(coded("A1", LOINC), Told(A1=standing)) == {"loinc": {state: 1}}


def test_the_best_code_of_a_concept_counts():
    inner = coded("A1", "1.2.250.1.999.7", f'<translation code="B2" codeSystem="{LOINC}"/>')
    assert counts(inner, Told(B2=Standing.VALID)) == {"loinc": {"valid": 1}}
    assert counts(inner, Told(B2=Standing.ABSENT)) == {"loinc": {"unknown": 1}}


def test_a_code_is_judged_on_the_day_of_its_document():
    terms = Told()
    coverage_of(document(coded("A1", LOINC)), terms)
    assert terms.days == {date(2024, 3, 8)}


def test_a_document_without_a_day_is_judged_without_one():
    terms = Told()
    coverage_of(structs.replace(document(coded("A1", LOINC)), time=None), terms)
    assert terms.days == {None}


@pytest.mark.parametrize(
    ("oid", "state"),
    [
        ("1.2.250.1.999.7", "local"),
        ("1.2.250.1.213.2.9999", "unchecked"),
        ("1.0.3166.1.2.2", "unchecked"),
        ("1.3.5.1.4.1.19376.1.5.3.2", "unknown"),
        ("2.16.840.1.113883.6", "unknown"),
        ("http://terminology.hl7.org/CodeSystem/v2-0002", "unchecked"),
        ("urn:semantix:local:lab", "local"),
    ],
)
def test_a_system_without_a_name_may_be_local_published_or_mistyped(oid, state):
    assert counts(coded("A1", oid)) == {oid: {state: 1}}


def test_a_code_of_a_published_system_without_a_name_may_be_at_hand():
    assert counts(coded("A1", "1.2.250.1.999.7"), Told(A1=Standing.VALID)) == {"1.2.250.1.999.7": {"valid": 1}}


def test_poor_codes_are_counted_by_system_and_code():
    terms = Told(A1=Standing.ABSENT)
    found = coverage_of(document(coded("A1", LOINC)), terms)
    assert found.worst == {"loinc|A1": 1}


@pytest.mark.parametrize("code", ["M. Essai", "2550814168025", "x" * 21])
def test_what_may_be_of_a_patient_is_not_shown(code):
    found = coverage_of(document(coded(code, "1.2.250.1.999.7")), OpenTerms())
    assert (found.counts, found.worst) == ({"1.2.250.1.999.7": {"local": 1}}, {})


def test_a_code_without_a_system_is_counted_and_not_shown():
    found = coverage_of(document('<code code="75056"/>'), OpenTerms())
    assert (found.counts, found.worst) == ({"": {"local": 1}}, {})


# --- sources with local codes -------------------------------------------------------------------------------------


def local(*codings: Coding, text: str | None = None, null: str | None = None, sender: str | None = "labo") -> Document:
    whole = document("")
    section = structs.replace(whole.sections[0], statements=(), code=Concept(codings, "here", text, null))
    return structs.replace(whole, sections=(section,), sender=sender, code=None)


GLU = Coding("GLU", "urn:semantix:local:labo", "Glycémie", "glu")


def mapped(method: Outcome) -> dict[object, tuple[MappedCoding, ...]]:
    return {"here": (MappedCoding(LOINC, "2345-7", "Glucose", method),)}


def test_a_local_code_is_local_until_it_is_mapped():
    system = "urn:semantix:local:labo"
    assert coverage_of(local(GLU), OpenTerms()).counts == {system: {"local": 1}}
    assert coverage_of(local(GLU), OpenTerms(), mapped(Outcome.CURATED)).counts == {system: {"mapped": 1}}


def test_a_code_found_by_likeness_does_not_count():
    found = coverage_of(local(GLU), OpenTerms(), mapped(Outcome.CANDIDATE))
    assert found.counts == {"urn:semantix:local:labo": {"local": 1}}
    assert found.worst == {"urn:semantix:local:labo|GLU": 1}


def test_a_mapped_code_is_not_worse_than_a_retired_one():
    document = local(Coding("X01", CIM10, None, "x"))
    terms = Told(X01=Standing.RETIRED)
    assert coverage_of(document, terms, mapped(Outcome.EXACT)).counts == {"cim10": {"mapped": 1}}


def test_a_right_code_stays_right_beside_a_mapped_one():
    document = local(Coding("E11", CIM10, None, "x"))
    assert coverage_of(document, OpenTerms(), mapped(Outcome.EXACT)).counts == {"cim10": {"unchecked": 1}}


@pytest.mark.parametrize(
    ("text", "null", "sender", "counts"),
    [
        ("Glycémie", None, "labo", {"": {"local": 1}}),
        ("Glycémie", None, None, {}),
        ("Glycémie", "NASK", "labo", {}),
        (None, None, "labo", {}),
    ],
)
def test_a_label_alone_is_local_where_the_source_has_local_labels(text, null, sender, counts):
    assert coverage_of(local(text=text, null=null, sender=sender), OpenTerms()).counts == counts


def test_a_mapped_label_counts_whatever_the_source():
    found = coverage_of(local(text="Glycémie", sender=None), OpenTerms(), mapped(Outcome.EXACT))
    assert found.counts == {"": {"mapped": 1}}


# --- which concepts -----------------------------------------------------------------------------------------------


def test_a_concept_reached_twice_counts_once():
    whole = local(GLU)
    assert len(list(concepts_of(structs.replace(whole, sections=whole.sections * 2)))) == 1


def test_concepts_of_qualifiers_count_on_their_own():
    side = f'<qualifier><name code="A1" codeSystem="{LOINC}"/><value code="B2" codeSystem="{CIM10}"/></qualifier>'
    assert counts(coded("C3", LOINC, side), Told()) == {"loinc": {"unchecked": 2}, "cim10": {"unchecked": 1}}


def test_what_the_format_only_implies_is_left_out():
    whole = local(GLU)
    assert list(concepts_of(structs.replace(whole, derived=frozenset({"here"})))) == []


def test_every_state_has_its_rank():
    assert sorted(BEST) == sorted({"valid", "unchecked", "mapped", "local", "retired", "unknown"})


def test_the_coded_elements_of_a_published_example_are_counted(shared: Path):
    name = "BIO-CR-BIO_2024.01_TSH_1.xml"
    whole = parse((shared / "corpus/cda-3.0" / name).read_bytes(), name)
    found = coverage_of(whole, OpenTerms()).counts
    total = sum(count for states in found.values() for count in states.values())
    assert 0.7 * len(whole.coded) < total <= len(whole.coded)
    assert found["loinc"].keys() == {"unchecked"}


@pytest.mark.parametrize(
    "system", ["Jean Zqdupond", "185057800608491", "1.2.250.185057800608491.4", "zq@zq.fr", "urn:x:185057800608491"]
)
def test_a_system_that_may_be_a_value_is_not_shown(system):
    found = coverage_of(document(f'<code code="K35" codeSystem="{system}"/>'), OpenTerms())
    assert list(found.counts) == ["…"]
    assert found.worst == {}
