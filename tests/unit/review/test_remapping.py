"""What a new store did to the targets of a desk."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.review.lookup_stores import deliver, shelve

from semantix.review.remapping import Fate, fates
from semantix.review.web.words_lookup import TEXTS
from semantix.terminology.comparing import Fate as Word
from semantix.terminology.records import TERM_KINDS, Concept, Parent, Record, Successor
from semantix.terminology.store import Store

OLD: tuple[Record, ...] = (
    Concept("cim10", "X1", "Fièvres"),
    Concept("cim10", "X2", "Toux"),
    Concept("cim10", "X10", "Fièvre simple"),
    Concept("cim10", "X11", "Fièvre double"),
    Concept("cim10", "X12", "Fièvre triple"),
    Concept("cim10", "X13", "Fièvre ancienne"),
    Concept("cim10", "X14", "Fièvre perdue"),
    Concept("cim10", "X15", "Fièvre divisée"),
    Concept("cim10", "X16", "Fièvre endormie", active=False),
    Concept("cim10", "X17", "Fièvre finie", active=False),
    Concept("cim10", "X18", "Fièvre oubliée", active=False),
    *(Parent("cim10", f"X{number}", "X1") for number in range(10, 19)),
    Successor("cim10", "X14", "X10", "same-as"),
    Concept("atc", "A01", "Baume"),
)
NEW: tuple[Record, ...] = (
    Concept("cim10", "X1", "Fièvres"),
    Concept("cim10", "X2", "Toux"),
    Concept("cim10", "X10", "Fièvre simple"),
    Concept("cim10", "X11", "Fièvre double, reformulée"),
    Concept("cim10", "X12", "Fièvre triple, reformulée"),
    Concept("cim10", "X13", "Fièvre ancienne", active=False),
    Concept("cim10", "X13.9", "Fièvre moins ancienne", active=False),
    Concept("cim10", "X15", "Fièvre divisée", assignable=False),
    Concept("cim10", "X15.0", "Fièvre divisée, première"),
    Concept("cim10", "X15.1", "Fièvre divisée, ancienne", active=False),
    Concept("cim10", "X16", "Fièvre endormie"),
    Concept("cim10", "X17", "Fièvre finie", active=False),
    *(Parent("cim10", f"X{number}", "X1") for number in (10, 11, 13, 15, 16, 17)),
    Parent("cim10", "X12", "X2"),
    Parent("cim10", "X15.0", "X15"),
    Parent("cim10", "X15.1", "X15"),
    Successor("cim10", "X13", "X13.9"),
    Successor("cim10", "X13.9", "X10", "possibly-equivalent"),
    Successor("cim10", "X13.9", "X13", "same-as"),
    Successor("cim10", "X10", "X99"),
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.open(shelve(tmp_path_factory.mktemp("old") / "store", OLD))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store.open(shelve(tmp_path_factory.mktemp("new") / "store", NEW, version="2"))


def of(codes: str, old: Store | None, new: Store, system: str = "cim10", display: str = "") -> dict[str, Fate]:
    found: Mapping[tuple[str, str], Fate] = fates(((system, code, display) for code in codes.split()), old, new)
    return {code: fate for (_, code), fate in found.items()}


def test_each_code_meets_its_fate(old: Store, new: Store) -> None:
    found = of("X10 X11 X12 X13 X14 X15 X16 X17 X18 X99", old, new)
    assert {code: fate.kinds for code, fate in found.items()} == {
        "X10": ("unchanged",),
        "X11": ("relabelled",),
        "X12": ("relabelled", "moved"),
        "X13": ("retired with successor",),
        "X14": ("retired with successor",),
        "X15": ("no longer assignable",),
        "X16": ("active again",),
        "X17": ("unchanged",),
        "X18": ("dropped after retirement",),
        "X99": ("unknown to both stores",),
    }
    assert [code for code, fate in found.items() if fate.reopens] == ["X13", "X14", "X15", "X18"]
    assert found["X12"].kind == "relabelled"


def test_labels_and_parents_of_both_stores_are_kept(old: Store, new: Store) -> None:
    fate = of("X12", old, new)["X12"]
    assert (fate.old_display, fate.new_display) == ("Fièvre triple", "Fièvre triple, reformulée")
    assert [step.display for step in fate.old_parents] == ["Fièvres"]
    assert [step.display for step in fate.new_parents] == ["Toux"]


def test_successors_are_followed_until_they_may_be_used(old: Store, new: Store) -> None:
    heirs = of("X13", old, new)["X13"].heirs
    assert [(heir.kind, heir.step.code, heir.usable) for heir in heirs] == [
        ("replaced-by", "X13.9", False),
        ("possibly-equivalent", "X10", True),
    ]


def test_a_successor_that_only_the_old_store_names_is_given(old: Store, new: Store) -> None:
    (heir,) = of("X14", old, new)["X14"].heirs
    assert (heir.kind, heir.step.display, heir.usable) == ("same-as", "Fièvre simple", True)


def test_of_a_divided_code_the_codes_below_are_given(old: Store, new: Store) -> None:
    heirs = of("X15", old, new)["X15"].heirs
    assert [(heir.kind, heir.step.code, heir.usable) for heir in heirs] == [
        ("child", "X15.0", True),
        ("child", "X15.1", False),
    ]


def test_without_an_old_store_the_label_of_the_desk_is_compared(new: Store) -> None:
    assert of("X10", None, new, display="Fièvre simple")["X10"].kinds == ("unchanged",)
    assert of("X11", None, new, display="Fièvre double")["X11"].kinds == ("relabelled",)
    assert of("X11", None, new)["X11"].kinds == ("unchanged",)
    gone = of("X14", None, new, display="Fièvre perdue")["X14"]
    assert (gone.kinds, gone.old_display, gone.new_display) == (("retired without successor",), "Fièvre perdue", "")
    assert of("X12", None, new, display="Fièvre triple, reformulée")["X12"].kinds == ("unchanged",)
    assert of("X15", None, new)["X15"].kinds == ("no longer assignable",)


def test_a_system_that_the_new_store_does_not_have_is_not_checked(old: Store, new: Store) -> None:
    fate = of("A01", old, new, system="atc", display="Baume")["A01"]
    assert (fate.kinds, fate.reopens, fate.old_display) == (("not checked",), False, "Baume")


def test_a_system_that_only_the_new_store_has_is_compared_with_the_desk(old: Store, tmp_path: Path) -> None:
    with Store.open(deliver(tmp_path / "store")) as omop:
        found = of("9001 9003", old, omop, system="omop", display="Dry fever")
    assert found["9001"].kinds == ("unchanged",)
    assert [heir.step.code for heir in found["9003"].heirs] == ["9001"]
    assert found["9003"].kinds == ("retired with successor",)


def test_codes_are_asked_as_the_desk_writes_them(old: Store, new: Store) -> None:
    targets = [("cim10", "x13", "a"), ("cim10", "x13", "b"), ("cim10", "X13", "c")]
    found = fates(targets, old, new)
    assert list(found) == [("cim10", "x13"), ("cim10", "X13")]
    assert {fate.kind for fate in found.values()} == {"retired with successor"}


def test_a_store_without_hierarchy_moves_nothing(old: Store, tmp_path: Path) -> None:
    plain = Store.open(shelve(tmp_path / "store", [Concept("cim10", "X10", "Fièvre simple")], version="3"))
    assert of("X10", old, plain)["X10"].kinds == ("unchanged",)


def test_a_circle_of_successors_ends_and_an_unknown_successor_is_named(tmp_path: Path) -> None:
    store = Store.open(
        shelve(
            tmp_path / "store",
            [
                Concept("cim10", "X1", "Toux", active=False),
                Concept("cim10", "X2", "Rhume", active=False),
                Successor("cim10", "X1", "X2"),
                Successor("cim10", "X2", "X1"),
                Successor("cim10", "X2", "X9"),
            ],
        )
    )
    heirs = of("X1", None, store)["X1"].heirs
    assert [(heir.step.code, heir.step.display, heir.usable) for heir in heirs] == [
        ("X2", "Rhume", False),
        ("X9", "", False),
    ]


def test_every_fate_and_kind_of_term_has_words() -> None:
    spoken = {each.value for each in Word} - {Word.NEW}
    assert {
        f"fate_{each}" for each in spoken | {"not checked", "no longer assignable", "unknown to both stores"}
    } <= set(TEXTS)
    assert {f"term_{kind}" for kind in TERM_KINDS} <= set(TEXTS)
    assert all(english and french and "'" not in french for english, french in TEXTS.values())
