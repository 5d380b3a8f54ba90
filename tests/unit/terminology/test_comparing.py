"""What became of each code from one release to the next."""

from pathlib import Path

from tests.unit.terminology.conftest import Shelve

from semantix.terminology.comparing import Change, Fate, diff
from semantix.terminology.records import Concept, Parent, Record, Successor
from semantix.terminology.store import Store


def code(name: str, display: str = "Fièvre", *, active: bool = True) -> Concept:
    return Concept("cim10", name, display, active=active)


def compared(shelve: Shelve, folder: Path, old: list[Record], new: list[Record]) -> tuple[Change, ...]:
    shelve(*old, version="1")
    shelve(*new, version="2")
    with Store.open(folder) as store:
        before, after = store.volume("base@1"), store.volume("base@2")
        assert before is not None
        assert after is not None
        comparison = diff(before, after)
        assert (comparison.old, comparison.new) == ("base@1", "base@2")
        assert sum(sum(counts.values()) for counts in comparison.counts.values()) >= len(comparison.changes)
        return comparison.changes


def test_each_fate_is_told(shelve: Shelve, folder: Path) -> None:
    old: list[Record] = [
        code("A"), code("B"), code("C"), code("D"), code("E"), code("F", active=False), code("G", active=False),
        code("J"), Parent("cim10", "C", "A"),
    ]  # fmt: skip
    new: list[Record] = [
        code("A"), code("B", "Fièvre nouvelle"), code("C"), code("D", active=False), code("G"), code("H", "Toux"),
        code("J"), Parent("cim10", "C", "B"), Successor("cim10", "D", "A"), Parent("cim10", "A", "H"),
    ]  # fmt: skip
    assert compared(shelve, folder, old, new) == (
        Change("cim10", "A", Fate.MOVED, "", "H"),
        Change("cim10", "B", Fate.RELABELLED, "Fièvre", "Fièvre nouvelle"),
        Change("cim10", "C", Fate.MOVED, "A", "B"),
        Change("cim10", "D", Fate.REPLACED, "Fièvre", "A"),
        Change("cim10", "E", Fate.RETIRED, "Fièvre", ""),
        Change("cim10", "F", Fate.DROPPED, "Fièvre", ""),
        Change("cim10", "G", Fate.REACTIVATED, "", "Fièvre"),
        Change("cim10", "H", Fate.NEW, "", "Toux"),
    )


def test_a_release_compared_with_itself_has_not_changed(shelve: Shelve, folder: Path) -> None:
    records: list[Record] = [code("A"), code("B"), Parent("cim10", "B", "A")]
    assert compared(shelve, folder, records, records) == ()


def test_a_code_may_be_both_relabelled_and_moved(shelve: Shelve, folder: Path) -> None:
    new: list[Record] = [code("A", "Toux"), Parent("cim10", "A", "B")]
    assert [each.fate for each in compared(shelve, folder, [code("A")], new)] == [Fate.RELABELLED, Fate.MOVED]
