"""The distance between codes and between judgements, in an invented hierarchy."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.review.distance import FAMILIES, HIGHEST, MOST_ABOVE, Band, HierarchyDistance
from semantix.review.model import Judgement, Part, Relation, Target
from semantix.terminology.records import Concept
from semantix.terminology.serving import FAMILY

TREE: Mapping[str, tuple[str, ...]] = {
    "top": (), "left": ("top",), "right": ("top",), "l1": ("left",), "l2": ("left",), "r1": ("right",),
    "both": ("left", "right"), "deep": ("both",), "alone": (), "ring": ("round",), "round": ("ring",),
}  # fmt: skip


class Tree:
    """A hierarchy written in the test; every code below or above is known, for any system."""

    def __init__(self, parents: Mapping[str, tuple[str, ...]]) -> None:
        self.above = parents
        self.asked = 0

    def lookup(self, system: str, code: str) -> Concept | None:
        return Concept(system, code, code) if code in self.above else None

    def parents(self, system: str, code: str) -> tuple[str, ...]:
        self.asked += 1
        return self.above.get(code, ())


@pytest.fixture
def distance() -> HierarchyDistance:
    return HierarchyDistance(Tree(TREE))


def chose(*codes: str, system: str = "s", relation: Relation = Relation.EXACT, part: Part = Part.TARGET) -> Judgement:
    targets = tuple(Target(system=system, code=code, relation=relation, part=part) for code in codes)
    return Judgement(targets=targets, no_target=not codes)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("l1", "l1", 0.0),
        ("l1", "l2", 1 - 4 / 6),  # in common: left, at depth 2
        ("left", "l1", 1 - 4 / 5),
        ("left", "right", 1 - 2 / 4),
        ("l1", "r1", 1 - 2 / 6),
        ("l1", "both", 1 - 4 / 6),  # by the parent that they share
        ("r1", "deep", 1 - 4 / 7),
        ("l1", "alone", 1.0),
        ("unknown", "unknown", 0.0),
        ("l1", "unknown", 1.0),
        ("ring", "round", 1 - 2 / 3),
    ],
)
def test_codes_are_as_far_apart_as_wu_and_palmer_say(
    distance: HierarchyDistance, one: str, other: str, expected: float
) -> None:
    assert distance.between("s", one, other) == pytest.approx(expected)
    assert distance.between("s", other, one) == pytest.approx(expected)


def test_what_was_looked_up_is_remembered() -> None:
    tree = Tree(TREE)
    distance = HierarchyDistance(tree)
    distance.between("s", "l1", "deep")
    asked = tree.asked
    distance.between("s", "deep", "l1")
    distance.between("s", "deep", "l2")
    assert tree.asked == asked + 1


def test_a_very_high_hierarchy_is_walked_only_so_far() -> None:
    chain = {f"c{n}": (f"c{n + 1}",) for n in range(10 * HIGHEST)} | {f"c{10 * HIGHEST}": ()}
    distance = HierarchyDistance(Tree(chain))
    assert distance.between("s", "c0", f"c{HIGHEST - 5}") < 1
    assert distance.between("s", "c0", f"c{3 * HIGHEST}") == 1


def test_a_very_wide_hierarchy_is_walked_only_so_far() -> None:
    wide = {"low": ("mid",), "mid": tuple(f"u{n}" for n in range(MOST_ABOVE)), "u7": ()}
    assert HierarchyDistance(Tree(wide)).between("s", "low", "u7") == 1


def test_a_family_is_told_by_the_code_where_the_release_has_no_hierarchy() -> None:
    flat = Tree(dict.fromkeys(("ABCD001", "ABCD002", "ABCE001", "D01", "D01.1"), ()))
    distance = HierarchyDistance(flat)
    assert distance.between("ccam", "ABCD001", "ABCD002") == 0.5
    assert distance.between("ccam", "ABCD001", "ABCE001") == 1
    assert distance.between("cim10", "D01", "D01.1") == pytest.approx(1 / 3)
    assert distance.band(chose("ABCD001", system="ccam"), chose("ABCD002", system="ccam")) is Band.SIBLING
    assert distance.band(chose("ABCD001"), chose("ABCD002")) is Band.FAR


def test_families_are_those_of_the_engine() -> None:
    assert {system: FAMILY[system] for system in FAMILIES} == dict(FAMILIES)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (chose("l1"), chose("l1", relation=Relation.BROAD), 0.0),
        (chose(), chose(), 0.0),
        (chose(), chose("l1"), 1.0),
        (chose("l1"), chose("l1", part=Part.VALUE), 1.0),
        (chose("l1"), chose("l1", system="t"), 1.0),
        (chose("l1"), chose("l1", "l2"), 0.5),
        (chose("l1", "r1"), chose("r1", "l2"), (1 / 3) / 2),
        (chose("l1", "r1"), chose("alone"), 1.0),
    ],
)
def test_judgements_are_matched_as_well_as_can_be(
    distance: HierarchyDistance, one: Judgement, other: Judgement, expected: float
) -> None:
    assert distance(one, other) == pytest.approx(expected)
    assert distance(other, one) == pytest.approx(expected)


def test_many_targets_are_matched_from_the_nearest(distance: HierarchyDistance) -> None:
    many = ("l1", "l2", "r1", "both", "deep", "top")
    assert distance(chose(*many), chose(*many, "alone")) == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (chose("l1"), chose("l1"), None),
        (chose(), chose(), None),
        (chose("l1"), chose("l1", relation=Relation.BROAD), Band.RELATION),
        (chose("l1"), chose("l1", "r1"), Band.PARTLY),
        (chose("l1"), chose("left"), Band.PARENT),
        (chose("l1"), chose("l2"), Band.SIBLING),
        (chose("l1"), chose("deep"), Band.FAMILY),
        (chose("l1"), chose("alone"), Band.FAR),
        (chose("l1"), chose("unknown"), Band.FAR),
        (chose("l1"), chose("l2", system="t"), Band.FAR),
        (chose("l1", "alone"), chose("l2", "ring"), Band.SIBLING),
        (chose("l1"), chose(), Band.NO_TARGET),
    ],
)
def test_a_band_names_how_far_apart_two_judgements_are(
    distance: HierarchyDistance, one: Judgement, other: Judgement, expected: Band | None
) -> None:
    assert distance.band(one, other) is expected
    assert distance.band(other, one) is expected


def test_refusals_and_notes_do_not_count(distance: HierarchyDistance) -> None:
    plain = chose("l1")
    spoken = Judgement(targets=(*plain.targets, Target(system="s", code="r1", refused=True)), note="why")
    assert distance(plain, spoken) == 0
    assert distance.band(plain, spoken) is None


codes = st.sets(st.sampled_from((*TREE, "unknown")), max_size=7)


@given(codes, codes)
def test_a_distance_is_a_symmetric_share_and_zero_only_for_the_same(one: set[str], other: set[str]) -> None:
    distance = HierarchyDistance(Tree(TREE))
    found = distance(chose(*sorted(one)), chose(*sorted(other)))
    assert 0 <= found <= 1
    assert (found == 0) == (one == other)
    assert found == pytest.approx(distance(chose(*sorted(other)), chose(*sorted(one))))
