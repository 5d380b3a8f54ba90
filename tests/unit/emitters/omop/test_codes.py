import pytest

from semantix.emitters.omop.codes import lookups, ranked, source_vocabulary
from semantix.model import Coding, Concept

SNOMED, LOINC, CIM10, ATC = (
    "2.16.840.1.113883.6.96",
    "2.16.840.1.113883.6.1",
    "2.16.840.1.113883.6.3",
    "2.16.840.1.113883.6.73",
)
TA = "1.2.250.1.213.1.1.4.322"


def concept(*pairs):
    return Concept(tuple(Coding(code, system, None, i) for i, (system, code) in enumerate(pairs)), 99)


@pytest.mark.parametrize(
    ("area", "first"), [("condition", "1"), ("procedure", "1"), ("measurement", "2-2"), ("observation", "1")]
)
def test_snomed_comes_first_loinc_for_measurements_icd_after_local_last(area, first):
    codings = concept((TA, "MED-1"), (CIM10, "I10"), (LOINC, "2-2"), (SNOMED, "1"))
    order = [c.code for c in ranked(codings, area)]
    assert order[0] == first
    assert order.index("I10") < order.index("MED-1")


def test_the_main_code_wins_a_tie():
    assert ranked(concept((TA, "B"), (TA, "A")), "condition")[0].code == "B"


def test_the_more_specific_of_two_codes_wins():
    assert ranked(concept((CIM10, "I21"), (CIM10, "I21.1")), "condition")[0].code == "I21.1"
    assert ranked(concept((CIM10, "I21"), (CIM10, "J45")), "condition")[0].code == "I21"
    assert ranked(concept((None, "A"), (None, "AB")), "condition")[0].code == "A"


def test_a_register_number_is_never_a_code():
    assert ranked(concept(("1.2.250.1.71.4.2.1", "810000000001")), "observation") == []


def test_cim10_is_looked_up_with_and_without_dot_and_cip13_by_cip7():
    assert [c for _, c in lookups(Coding("I211", CIM10, None, 0))] == ["I211", "I21.1"]
    assert [c for _, c in lookups(Coding("I21.1", CIM10, None, 0))] == ["I21.1", "I211"]
    assert [c for _, c in lookups(Coding("I10", CIM10, None, 0))] == ["I10"]
    assert [c for _, c in lookups(Coding("3400934000010", "1.2.250.1.213.2.3.2", None, 0))] == [
        "3400934000010",
        "3400001",
    ]
    assert list(lookups(Coding("X", "9.9.9", None, 0))) == []


def test_a_system_has_a_short_stable_name():
    assert source_vocabulary(SNOMED)[0] == "snomed"
    assert source_vocabulary(None)[0] == "unspecified"
    assert source_vocabulary("1.2.3") == ("1.2.3", "1.2.3", "1.2.3")
    long = source_vocabulary("1.2.250.1.213.1.1.4.999.999")
    assert long[0].startswith("sx-")
    assert len(long[0]) <= 20
    assert long[2] == "1.2.250.1.213.1.1.4.999.999"
