"""Intervals and reference ranges: bounds in order, units that meet, an interpretation that says the same."""

import pytest
from tests.unit.validation.cda.bodies import cda, codes, observation, pq, section, words_are_whole

from semantix.validation.cda.ranges import RULES, check


def bounds(low: str, high: str, tag: str = "value", kind: str = 'xsi:type="IVL_PQ"') -> str:
    return f"<{tag} {kind}>{low}{high}</{tag}>"


def low(value: str, unit: str = "g/L") -> str:
    return f'<low value="{value}" unit="{unit}"/>'


def high(value: str, unit: str = "g/L") -> str:
    return f'<high value="{value}" unit="{unit}"/>'


def ranged(value: str, interval: str, said: str = "", more: str = "", inner: str = "") -> str:
    interpretation = f'<interpretationCode code="{said}" codeSystem="2.16.840.1.113883.5.83"/>' if said else ""
    reference = f"<referenceRange><observationRange>{inner}{interval}</observationRange></referenceRange>"
    return section(observation(value, more=interpretation + reference + more))


NORMAL = bounds(low("120"), high("160"))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (bounds(low("3"), high("5")), []),
        (bounds(low("3"), high("3")), []),
        (bounds(low("5"), high("3")), ["SX-RANGE-01"]),
        (bounds(low("5", "g/L"), high("0.6", "g/dL")), []),
        (bounds(low("5", "g/L"), high("0.4", "g/dL")), ["SX-RANGE-01"]),
        (bounds(low("5", "g/L"), high("9", "mmol/L")), ["SX-RANGE-02"]),
        (bounds(low("36", "Cel"), high("99", "[degF]")), []),
        (bounds(low("5", "g/L"), high("9", "grams")), []),
        (bounds(low("5"), '<high nullFlavor="PINF"/>'), []),
        ('<value xsi:type="IVL_PQ"/>', ["SX-RANGE-07"]),
        ('<value xsi:type="IVL_PQ" nullFlavor="UNK"/>', []),
        ('<value xsi:type="IVL_TS"><low value="2024"/><high value="2020"/></value>', []),
        ('<value xsi:type="IVL_INT"><low value="4"/><high value="2"/></value>', ["SX-RANGE-01"]),
        (pq("3", "g/L"), []),
    ],
)
def test_bounds_of_a_value(interval: str, expected: list[str]) -> None:
    assert codes(check, section(observation(interval))) == expected


@pytest.mark.parametrize("tag", ["doseQuantity", "rateQuantity", "repeatNumber"])
def test_bounds_of_a_dose_are_in_order(tag: str) -> None:
    dose = bounds('<low value="2"/>', '<high value="1"/>', tag, "")
    assert codes(check, section(f"<substanceAdministration>{dose}</substanceAdministration>")) == ["SX-RANGE-01"]


@pytest.mark.parametrize(
    ("value", "said", "expected"),
    [
        (pq("140", "g/L"), "N", []),
        (pq("14", "g/dL"), "N", ["SX-RANGE-04"]),
        (pq("14", "g/dL"), "L", ["SX-RANGE-04", "SX-RANGE-05"]),
        (pq("8", "mmol/L"), "", ["SX-RANGE-03"]),
        (pq("100", "g/L"), "N", ["SX-RANGE-05"]),
        (pq("100", "g/L"), "H", ["SX-RANGE-05"]),
        (pq("100", "g/L"), "L", []),
        (pq("100", "g/L"), "A", []),
        (pq("170", "g/L"), "HH", []),
        (pq("170", "g/L"), "L", ["SX-RANGE-05"]),
        (pq("160", "g/L"), "H", []),
        (pq("120", "g/L"), "L", []),
        (pq("140", "grams"), "N", []),
        (pq("140", None), "N", []),
        (pq("beaucoup", "g/L"), "N", []),
        ('<value xsi:type="ST">140</value>', "H", []),
        ("", "H", []),
    ],
)
def test_a_value_beside_its_range(value: str, said: str, expected: list[str]) -> None:
    assert codes(check, ranged(value, NORMAL, said)) == expected


def test_a_range_of_one_point_is_told_once() -> None:
    assert codes(check, ranged(pq("3", "g/L"), bounds(low("5"), high("5")), "N")) == ["SX-RANGE-06"]


def test_a_range_with_one_bound_is_compared() -> None:
    assert codes(check, ranged(pq("9", "g/L"), bounds("", high("5")), "N")) == ["SX-RANGE-05"]
    assert codes(check, ranged(pq("9", "g/L"), bounds(low("5"), ""), "L")) == ["SX-RANGE-05"]


def test_a_range_in_words_is_left_alone() -> None:
    words = "<referenceRange><observationRange><text>inférieur à 5</text></observationRange></referenceRange>"
    assert codes(check, section(observation(pq("9", "g/L"), more=words + "<referenceRange/>"))) == []


@pytest.mark.parametrize("inner", ["<precondition/>", '<code code="1"/>', '<interpretationCode code="H"/>'])
def test_a_range_for_some_patients_or_for_high_values_decides_nothing(inner: str) -> None:
    assert codes(check, ranged(pq("100", "g/L"), NORMAL, "N", inner=inner)) == []


def test_two_ranges_decide_nothing() -> None:
    other = f"<referenceRange><observationRange>{bounds(low('60'), high('90'))}</observationRange></referenceRange>"
    assert codes(check, ranged(pq("100", "g/L"), NORMAL, "N", more=other)) == []


def test_two_interpretations_decide_nothing() -> None:
    assert codes(check, ranged(pq("100", "g/L"), NORMAL, "N", more='<interpretationCode code="L"/>')) == []


def test_words_are_filled_and_show_no_value() -> None:
    document = cda(
        section(observation(bounds(low("5.123"), high("3")))),
        section(observation(bounds(low("5"), high("9", "mmol/L")))),
        section(observation('<value xsi:type="IVL_PQ"/>')),
        ranged(pq("14.987", "g/dL"), NORMAL, "L"),
        ranged(pq("8", "mmol/L"), NORMAL),
        ranged(pq("3", "g/L"), bounds(low("5"), high("5"))),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
    assert not any("14.987" in fact or "5.123" in fact for one in found for fact in one.facts.values())
