"""Codes first: what a code decides alone, what it only proposes, and where it must say nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.terminology.conftest import Shelve

from semantix.model import Outcome, Query
from semantix.terminology.records import Concept, Link, Record, Successor, Term
from semantix.terminology.resolving import Resolution, locate, resolve, system_key
from semantix.terminology.store import Store

CIP13, CIP7 = "3400933333331", "3333333"
UCD7, UCD13 = "9444444", "3400894444442"
RECORDS: tuple[Record, ...] = (
    Concept("cim10", "E11.9", "Diabète fictif, sans complication"),
    Term("cim10", "E11.9", "Maladie sucrée"),
    Term("cim10", "E11.9", "tumeur", "exclusion"),
    Concept("cim10", "I10", "Tension fictive"),
    Concept("cim10", "A01", "Fièvre fictive", assignable=False, kind="category"),
    Concept("cim10", "B00", "Ancien", active=False),
    Concept("cim10", "B01", "Ancien qui hésite", active=False),
    Concept("cim10", "B02", "Ancien sans suite", active=False),
    Concept("cim10", "B03", "Ancien par étapes", active=False),
    Concept("cim10", "B04", "En rond", active=False),
    Successor("cim10", "B00", "I10"),
    Successor("cim10", "B01", "I10"),
    Successor("cim10", "B01", "E11.9"),
    Successor("cim10", "B03", "B00", "same-as"),
    Successor("cim10", "B04", "B04.1"),
    Successor("cim10", "B04.1", "B04"),
    Successor("cim10", "B99", "I10"),
    Successor("cim10", "B98", "I10", "possibly-equivalent"),
    Concept("cisp2", "A01", "Douleur fictive"),
    Concept("cisp2", "T90", "Sucre fictif"),
    Concept("cisp2", "B72", "Groupe fictif"),
    Link("cisp2", "T90", "cim10", "E11.9"),
    Link("cisp2", "B72", "cim10", "I10"),
    Link("cisp2", "B72", "cim10", "A01"),
    Concept("snomed", "123456789", "Concept fictif"),
    Link("snomed", "123456789", "cim10", "I10", "equivalent", "IFA 445518008 | Age at onset |"),
    Concept("snomed", "123456780", "Concept sans condition"),
    Link("snomed", "123456780", "cim10", "I10", "equivalent", "TRUE"),
    Concept("snomed", "223456789", "Concept large"),
    Link("snomed", "223456789", "cim10", "I10", "broader"),
    Concept("orpha", "558", "Syndrome fictif"),
    Link("orpha", "558", "cim10", "I10"),
    Link("orpha", "558", "cim10", "E11.9", "broader"),
    Concept("orpha", "559", "Syndrome à code retiré"),
    Link("orpha", "559", "cim10", "B00"),
    Concept("orpha", "560", "Syndrome à code inconnu"),
    Link("orpha", "560", "cim10", "Z99.9"),
    Concept("orpha", "561", "Syndrome à code sans suite"),
    Link("orpha", "561", "cim10", "B02"),
    Concept("orpha", "562", "Syndrome retiré", active=False),
    Successor("orpha", "562", "558"),
    Concept("orpha", "563", "Syndrome à bloc"),
    Link("orpha", "563", "cim10", "A01"),
    Concept("cis", "60000001", "FICTOL 5 mg, comprimé"),
    Concept("cis", "60000002", "FICTOL GENERIQUE 5 mg, comprimé"),
    Concept("cip", CIP13, "plaquette de 30"),
    Link("cip", CIP13, "cis", "60000001"),
    Link("cis", "60000001", "atc", "N02BE01"),
    Link("cis", "60000002", "atc", "N02BE01"),
    Concept("ucd", UCD7, "FICTOL 5MG CPR"),
    Link("cip", CIP13, "ucd", UCD7),
    Concept("nabm", "0552", "Glycémie fictive"),
    Link("nabm", "0552", "loinc", "2345-7", "narrower"),
    Link("nabm", "0552", "loinc", "1558-6", "narrower"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    from tests.unit.terminology.conftest import importer

    from semantix.terminology.building import import_source
    from semantix.terminology.source import Source

    folder = tmp_path_factory.mktemp("resolving")
    (folder / "base.txt").write_text("x")
    import_source(Source(folder / "base.txt"), folder / "store", importers=(importer(RECORDS, "base", "1"),))
    return Store.open(folder / "store")


def ask(store: Store, code: str, system: str = "cim10", target: str = "cim10", text: str = "") -> Resolution:
    found = resolve(store, Query(code=code, system=system, text=text), target)
    assert found is not None
    return found


def codes(found: Resolution) -> list[str]:
    return [candidate.code for candidate in found.candidates]


def kinds(found: Resolution) -> list[str]:
    return [evidence.kind for evidence in found.candidates[0].evidence]


# --- codes of the target ----------------------------------------------------------------------------------------


def test_a_valid_code_is_exact(store: Store) -> None:
    found = ask(store, "E11.9")
    (candidate,) = found.candidates
    assert (found.outcome, candidate.code, candidate.probability) == (Outcome.EXACT, "E11.9", 1.0)
    assert candidate.display == "Diabète fictif, sans complication"
    assert [(each.kind, each.source) for each in candidate.evidence] == [("code", "base@1")]


@pytest.mark.parametrize("written", ["E119", "e11.9", "E11 9", " E11.9 ", "E11,9", "E11.9*", "E11.9†"])
def test_a_usual_malformation_is_exact_and_said(store: Store, written: str) -> None:
    found = ask(store, written)
    assert (found.outcome, codes(found)) == (Outcome.EXACT, ["E11.9"])
    assert kinds(found) == (["code"] if written.strip() == "E11.9" else ["code", "malformed code"])


@pytest.mark.parametrize("system", ["cim10", "CIM-10", "2.16.840.1.113883.6.3", "urn:oid:2.16.840.1.113883.6.3",
                                    "http://hl7.org/fhir/sid/icd-10", " CIM10 "])  # fmt: skip
def test_a_system_may_be_written_in_several_ways(store: Store, system: str) -> None:
    assert ask(store, "I10.", system).outcome is Outcome.EXACT


def test_both_oids_of_cip_are_cip() -> None:
    assert {system_key(oid) for oid in ("1.2.250.1.213.2.3.2", "1.2.250.1.213.2.3.3")} == {"cip"}
    assert system_key("urn:oid:2.999.1") == "urn:oid:2.999.1"


def test_a_code_that_may_not_be_recorded_is_said(store: Store) -> None:
    found = ask(store, "A01")
    assert kinds(found) == ["code", "not assignable"]
    assert found.reason == "valid code, not assignable"


def test_a_retired_code_with_one_successor_is_exact(store: Store) -> None:
    found = ask(store, "B00")
    assert (found.outcome, codes(found)) == (Outcome.EXACT, ["I10"])
    assert found.candidates[0].evidence[-1].detail == "B00 replaced-by I10"


def test_a_chain_of_successors_is_followed_and_told(store: Store) -> None:
    found = ask(store, "B03")
    assert codes(found) == ["I10"]
    assert [each.detail for each in found.candidates[0].evidence[1:]] == ["B03 same-as B00", "B00 replaced-by I10"]


def test_several_successors_are_candidates(store: Store) -> None:
    found = ask(store, "B01")
    assert (found.outcome, codes(found)) == (Outcome.CANDIDATE, ["E11.9", "I10"])
    assert all(each.conflicts == ("retired",) and each.probability == 0 for each in found.candidates)


def test_a_possible_equivalent_is_a_candidate(store: Store) -> None:
    assert ask(store, "B98").outcome is Outcome.CANDIDATE


def test_a_retired_code_that_the_release_no_longer_lists_is_followed(store: Store) -> None:
    assert (ask(store, "B99").outcome, codes(ask(store, "B99"))) == (Outcome.EXACT, ["I10"])


@pytest.mark.parametrize("code", ["B02", "B04"])
def test_a_retired_code_that_leads_nowhere_is_for_review(store: Store, code: str) -> None:
    found = ask(store, code)
    assert (found.outcome, codes(found), found.candidates[0].conflicts) == (Outcome.CANDIDATE, [code], ("retired",))


@pytest.mark.parametrize("query", [
    Query(text="Diabète"), Query(code="  ", system="cim10"), Query(code="Z99.9", system="cim10"), Query(code="Z99.9"),
    Query(code="I10", system="atc"), Query(code="I10", system="2.999.1"), Query(code="T90", system="ccam"),
])  # fmt: skip
def test_where_codes_say_nothing_there_is_no_answer(store: Store, query: Query) -> None:
    assert resolve(store, query, "cim10") is None


# --- codes without a system, or of another one ------------------------------------------------------------------


def test_a_code_without_a_system_is_exact_when_the_text_agrees(store: Store) -> None:
    found = ask(store, "A01", "", text="FIEVRES")
    assert (found.outcome, kinds(found)[-1]) == (Outcome.EXACT, "system not stated")
    assert ask(store, "E11.9", "", text="maladies sucrées").outcome is Outcome.EXACT


@pytest.mark.parametrize("text", ["douleur", "tumeur", "xx"])
def test_a_code_without_a_system_is_for_review_when_the_text_does_not_agree(store: Store, text: str) -> None:
    found = ask(store, "E11.9", "", text=text)
    assert (found.outcome, found.candidates[0].conflicts) == (Outcome.CANDIDATE, ("system",))
    assert found.candidates[0].probability == 0


def test_a_code_without_system_or_text_is_exact_only_when_its_shape_is_that_of_one_system(store: Store) -> None:
    assert ask(store, "E119", "").outcome is Outcome.EXACT
    # A01 is fever in one classification and pain in another.
    assert ask(store, "A01", "").outcome is Outcome.CANDIDATE
    assert ask(store, "0552", "", target="nabm").outcome is Outcome.CANDIDATE


def test_a_code_is_never_read_in_another_system_than_the_one_stated(store: Store) -> None:
    assert resolve(store, Query(code="A01", system="cisp2", text="fièvre fictive"), "cim10") is None or codes(
        ask(store, "A01", "cisp2")
    ) != ["A01"]


# --- official maps ----------------------------------------------------------------------------------------------


def test_one_equivalent_target_is_equivalent_with_its_release(store: Store) -> None:
    found = ask(store, "T90", "cisp2")
    assert (found.outcome, codes(found)) == (Outcome.EQUIVALENT, ["E11.9"])
    last = found.candidates[0].evidence[-1]
    assert (last.kind, last.source) == ("map", "base@1")
    assert last.detail == "cisp2 T90 -> cim10 E11.9 (equivalent)"


def test_a_map_is_read_backwards(store: Store) -> None:
    assert ask(store, "E119", "cim10", "cisp2").outcome is Outcome.EQUIVALENT


def test_one_of_a_set_read_backwards_is_not_equivalent(store: Store) -> None:
    found = ask(store, "A01", "cim10", "cisp2")
    assert (found.outcome, codes(found)) == (Outcome.CANDIDATE, ["B72"])


@pytest.mark.parametrize(("code", "system"), [("B72", "cisp2"), ("123456789", "snomed"), ("223456789", "snomed")])
def test_a_set_a_condition_or_a_wider_target_is_for_review(store: Store, code: str, system: str) -> None:
    found = ask(store, code, system)
    assert found.outcome is Outcome.CANDIDATE
    assert {candidate.probability for candidate in found.candidates} == {0.0}


def test_a_rule_that_always_holds_is_no_condition(store: Store) -> None:
    assert ask(store, "123456780", "snomed").outcome is Outcome.EQUIVALENT


def test_one_equivalent_among_wider_targets_decides(store: Store) -> None:
    assert (ask(store, "558", "orpha").outcome, codes(ask(store, "558", "orpha"))) == (Outcome.EQUIVALENT, ["I10"])


def test_a_map_to_a_retired_code_goes_on_to_its_successor(store: Store) -> None:
    found = ask(store, "559", "orpha")
    assert (found.outcome, codes(found)) == (Outcome.EQUIVALENT, ["I10"])
    assert kinds(found) == ["code", "map", "retired code"]


@pytest.mark.parametrize(("code", "conflict"), [("560", "unknown code"), ("561", "retired")])
def test_a_map_to_a_code_that_does_not_hold_is_for_review(store: Store, code: str, conflict: str) -> None:
    found = ask(store, code, "orpha")
    assert (found.outcome, found.candidates[0].conflicts) == (Outcome.CANDIDATE, (conflict,))


def test_a_retired_source_code_is_mapped_through_its_successor(store: Store) -> None:
    assert codes(ask(store, "562", "orpha")) == ["I10"]


def test_a_map_to_a_code_that_may_not_be_recorded_says_so(store: Store) -> None:
    assert kinds(ask(store, "563", "orpha"))[-1] == "not assignable"


@pytest.mark.parametrize(("system", "code"), [
    ("cis", "60000001"), ("cip", CIP13), ("cip", CIP7), ("cip", "34009 333 333 31"), ("ucd", UCD7), ("ucd", UCD13),
])  # fmt: skip
def test_medicines_reach_atc_by_their_known_roads(store: Store, system: str, code: str) -> None:
    found = ask(store, code, system, "atc")
    assert (found.outcome, codes(found)) == (Outcome.EQUIVALENT, ["N02BE01"])


def test_a_loinc_set_is_a_set_of_candidates(store: Store) -> None:
    found = ask(store, "552", "nabm", "loinc")
    assert (found.outcome, codes(found)) == (Outcome.CANDIDATE, ["1558-6", "2345-7"])


def test_a_number_whose_check_digit_is_wrong_is_not_shortened(store: Store) -> None:
    assert locate(store, "ucd", UCD13[:-1] + "6") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30), st.sampled_from(["", "cim10", "cip", "ucd", "nabm", "x"]), st.text(max_size=20))
def test_no_code_crashes(store: Store, code: str, system: str, text: str) -> None:
    resolve(store, Query(code=code, system=system, text=text), "cim10")


def test_an_empty_store_says_nothing(tmp_path: Path, shelve: Shelve) -> None:
    assert resolve(Store.open(tmp_path), Query(code="I10", system="cim10"), "cim10") is None
