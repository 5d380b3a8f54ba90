"""Fates of small histories, told one by one."""

from __future__ import annotations

from typing import Any

import pytest

from semantix.runs.model import DocumentFacts, Fate, Withdrawal
from semantix.runs.settling import settle

DAY1, DAY2, DAY3 = (f"2024-03-0{n}T10:00:00Z" for n in (1, 2, 3))
LIVE, SUPERSEDED, WITHDRAWN = Fate.LIVE, Fate.SUPERSEDED, Fate.WITHDRAWN


def doc(id: int, key: bytes, **more: Any) -> DocumentFacts:  # noqa: A002 - as the field
    fields: dict[str, Any] = {"file": id, "content": key + b"-1", "subject": b"ana", "moment": f"2024-03-0{id % 10}"}
    return DocumentFacts(id=id, key=key, **(fields | more))


def fates(
    *documents: DocumentFacts, orders: tuple[Withdrawal, ...] = (), excluded: frozenset[bytes] = frozenset()
) -> list[Fate]:
    return [one.fate for one in settle(documents, orders, excluded)]


def withdrawal(key: bytes, by: int = 99, moment: str = "", subject: bytes | None = None) -> Withdrawal:
    return Withdrawal(by, 1, key, subject, moment)


def version(id: int, number: int | None, **more: Any) -> DocumentFacts:  # noqa: A002 - as the field
    return doc(id, b"k%d" % id, set_key=b"set", version=number, **more)


# --- the same identifier --------------------------------------------------------------------------------------------


def test_the_same_document_by_two_roads_is_one() -> None:
    assert fates(doc(1, b"a"), doc(2, b"a", moment="")) == [LIVE, Fate.REPEATED]


def test_other_content_under_an_identifier_is_told_and_left_out() -> None:
    first, second = doc(1, b"a"), doc(2, b"a", content=b"x")
    assert fates(first, second) == [LIVE, Fate.OTHER_VERSION]


def test_one_content_under_one_identifier_for_two_people_is_no_repetition() -> None:
    assert fates(doc(1, b"a"), doc(2, b"a", subject=b"bob")) == [LIVE, Fate.OTHER_VERSION]


def test_a_higher_version_under_the_same_identifier_counts_whenever_it_came() -> None:
    old, new = doc(2, b"a", set_key=b"s", version=1), doc(1, b"a", content=b"x", set_key=b"s", version=2)
    assert settle([old, new], (), frozenset())[1].fate is SUPERSEDED
    assert fates(doc(1, b"a", set_key=b"s", version=1), doc(2, b"a", content=b"x", set_key=b"s", version=2)) == [
        SUPERSEDED,
        LIVE,
    ]


def test_a_later_correction_under_the_same_identifier_counts() -> None:
    new = doc(2, b"a", content=b"x", is_correction=True)
    assert fates(doc(1, b"a"), new) == [SUPERSEDED, LIVE]
    assert fates(doc(1, b"a", moment="2024-03"), new) == [LIVE, Fate.OTHER_VERSION]


# --- versions -------------------------------------------------------------------------------------------------------


def test_the_highest_version_of_a_set_counts() -> None:
    assert fates(version(1, 3), version(2, 1), version(3, 2)) == [LIVE, SUPERSEDED, SUPERSEDED]


@pytest.mark.parametrize("numbers", [(1, 1), (None, 1), (None, None)])
def test_versions_that_cannot_be_told_apart_stay(numbers: tuple[int | None, int | None]) -> None:
    assert fates(version(1, numbers[0]), version(2, numbers[1])) == [LIVE, LIVE]


def test_a_set_of_somebody_else_is_another_set() -> None:
    assert fates(version(1, 1), version(2, 2, subject=b"bob")) == [LIVE, LIVE]


def test_a_withdrawn_version_brings_back_the_one_before() -> None:
    assert fates(version(1, 1), version(2, 2), orders=(withdrawal(b"k2"),)) == [LIVE, WITHDRAWN]


# --- replacements ---------------------------------------------------------------------------------------------------


def test_each_link_of_a_chain_replaces_the_one_before() -> None:
    a, b, c = doc(1, b"a"), doc(2, b"b", replaces=(b"a",)), doc(3, b"c", replaces=(b"b",))
    assert [(one.fate, one.by) for one in settle([c, a, b], (), frozenset())] == [
        (SUPERSEDED, 2),
        (SUPERSEDED, 3),
        (LIVE, 0),
    ]


def test_a_replacement_may_come_before_what_it_replaces() -> None:
    assert fates(doc(1, b"b", replaces=(b"a",)), doc(2, b"a")) == [LIVE, SUPERSEDED]


def test_a_document_of_somebody_else_is_not_replaced() -> None:
    assert fates(doc(1, b"a"), doc(2, b"b", replaces=(b"a",), subject=b"bob")) == [LIVE, LIVE]


def test_a_document_does_not_replace_itself() -> None:
    assert fates(doc(1, b"a", replaces=(b"a",))) == [LIVE]


def test_documents_that_replace_each_other_in_a_circle_all_stay() -> None:
    circle = [doc(1, b"a", replaces=(b"c",)), doc(2, b"b", replaces=(b"a",)), doc(3, b"c", replaces=(b"b",))]
    assert fates(*circle) == [LIVE, LIVE, LIVE]
    assert fates(*circle, doc(4, b"d", replaces=(b"b",))) == [LIVE, SUPERSEDED, LIVE, LIVE]


def test_what_a_replacement_replaced_is_back_when_it_is_withdrawn_or_another_version() -> None:
    a, b = doc(1, b"a"), doc(2, b"b", replaces=(b"a",))
    assert fates(a, b, orders=(withdrawal(b"b"),)) == [LIVE, WITHDRAWN]
    assert fates(a, doc(2, b"b"), doc(3, b"b", content=b"x", replaces=(b"a",))) == [LIVE, LIVE, Fate.OTHER_VERSION]
    excluded = doc(2, b"b", replaces=(b"a",), subject_ids=(b"nir",))
    assert fates(a, excluded, excluded=frozenset({b"nir"})) == [LIVE, Fate.EXCLUDED]


def test_a_chain_holds_over_a_withdrawn_link_that_was_itself_replaced() -> None:
    a, b, c = doc(1, b"a"), doc(2, b"b", replaces=(b"a",)), doc(3, b"c", replaces=(b"b",))
    told = settle([a, b, c], (withdrawal(b"b"),), frozenset())
    assert [(one.fate, one.by) for one in told] == [(SUPERSEDED, 3), (WITHDRAWN, 99), (LIVE, 0)]


def test_a_copy_that_came_with_a_replacement_replaces() -> None:
    assert fates(doc(1, b"a"), doc(2, b"b"), doc(3, b"b", content=b"b-1", replaces=(b"a",))) == [
        SUPERSEDED,
        LIVE,
        Fate.REPEATED,
    ]


def test_a_set_with_a_version_is_replaced_in_that_version() -> None:
    new = doc(4, b"n", replaces_sets=((b"set", 2),))
    assert fates(version(1, None), version(2, 2), version(3, 3), new) == [LIVE, SUPERSEDED, LIVE, LIVE]


def test_a_set_without_a_version_is_replaced_as_it_was_until_then() -> None:
    new = doc(3, b"n", replaces_sets=((b"set", None),))
    assert fates(version(1, None), new, version(4, None)) == [SUPERSEDED, LIVE, LIVE]


def test_a_name_that_lives_on_is_replaced_as_it_was_until_then() -> None:
    new = doc(3, b"n", replaces=(b"name",))
    assert fates(doc(1, b"a", names=(b"name",)), new, doc(4, b"b", names=(b"name",))) == [SUPERSEDED, LIVE, LIVE]


def test_a_correction_takes_the_place_of_what_has_its_name() -> None:
    old, new = doc(1, b"a", names=(b"name",)), doc(2, b"b", names=(b"name",))
    assert fates(old, new) == [LIVE, LIVE]
    assert fates(old, doc(2, b"b", names=(b"name",), is_correction=True)) == [SUPERSEDED, LIVE]


# --- reports --------------------------------------------------------------------------------------------------------


def report(id: int, *results: bytes, **more: Any) -> DocumentFacts:  # noqa: A002 - as the field
    return doc(id, b"r%d" % id, report=b"report", results=results, **more)


def test_a_correction_with_all_results_takes_the_place_of_the_report() -> None:
    assert fates(report(1, b"na", b"k"), report(2, b"k", b"na", is_correction=True)) == [SUPERSEDED, LIVE]


def test_a_correction_that_leaves_a_result_out_stands_beside() -> None:
    assert fates(report(1, b"na", b"k"), report(2, b"na", is_correction=True)) == [LIVE, LIVE]


def test_a_report_that_does_not_say_that_it_corrects_stands_beside() -> None:
    assert fates(report(1, b"na"), report(2, b"na")) == [LIVE, LIVE]


def test_a_correction_does_not_correct_what_came_after_it() -> None:
    assert fates(report(1, b"na", moment=DAY2), report(2, b"na", moment=DAY1, is_correction=True)) == [LIVE, LIVE]


def test_at_the_same_time_the_one_received_last_corrects() -> None:
    one, other = (report(n, b"na", moment=DAY1, is_correction=True) for n in (1, 2))
    assert fates(one, other) == [SUPERSEDED, LIVE]


# --- withdrawals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "document", "fate"),
    [
        (DAY2, DAY1, WITHDRAWN),
        (DAY2, DAY2, WITHDRAWN),
        (DAY2, DAY3, LIVE),
        ("2024-03-02", DAY2, WITHDRAWN),
        ("", DAY3, WITHDRAWN),
        (DAY2, "", WITHDRAWN),
    ],
)
def test_a_withdrawal_holds_for_what_was_there_before_it(told: str, document: str, fate: Fate) -> None:
    order = withdrawal(b"a", by=5, moment=told)
    assert fates(doc(1, b"a", moment=document), orders=(order,)) == [fate]


def test_a_withdrawal_that_comes_first_holds_by_its_time() -> None:
    assert fates(doc(9, b"a", moment=DAY1), orders=(withdrawal(b"a", by=1, moment=DAY2),)) == [WITHDRAWN]
    assert fates(doc(9, b"a", moment=""), orders=(withdrawal(b"a", by=1, moment=DAY2),)) == [LIVE]


def test_a_late_copy_of_what_was_withdrawn_is_withdrawn() -> None:
    assert fates(doc(1, b"a", moment=""), doc(9, b"a", moment=""), orders=(withdrawal(b"a", by=5),)) == [
        WITHDRAWN,
        WITHDRAWN,
    ]


def test_what_is_issued_again_after_a_withdrawal_counts() -> None:
    again = doc(9, b"a", content=b"x", moment=DAY3)
    assert fates(doc(1, b"a", moment=DAY1), again, orders=(withdrawal(b"a", by=5, moment=DAY2),)) == [WITHDRAWN, LIVE]


def test_the_next_copy_counts_when_the_first_is_excluded_or_withdrawn() -> None:
    first, copy = doc(1, b"a", subject_ids=(b"nir",)), doc(2, b"a", content=b"a-1")
    assert fates(first, copy, excluded=frozenset({b"nir"})) == [Fate.EXCLUDED, LIVE]
    resent = doc(2, b"a", content=b"a-1", moment=DAY3)
    assert fates(doc(1, b"a", moment=DAY1), resent, orders=(withdrawal(b"a", moment=DAY2),)) == [WITHDRAWN, LIVE]


def test_a_withdrawal_for_one_person_is_not_for_another() -> None:
    order = withdrawal(b"report", subject=b"bob")
    assert fates(report(1, b"na"), orders=(order,)) == [LIVE]


def test_a_report_of_deleted_results_withdraws_those_before_and_tells_of_itself() -> None:
    deleted = report(2, b"na", moment=DAY2, withdraws=(b"report",))
    assert fates(report(1, b"na", moment=DAY1), deleted, report(3, b"na", moment=DAY3)) == [WITHDRAWN, LIVE, LIVE]


def test_an_exclusion_comes_before_all_else() -> None:
    assert fates(doc(1, b"a"), orders=(withdrawal(b"a"),), excluded=frozenset({b"ana"})) == [Fate.EXCLUDED]


def test_nothing_is_settled_of_nothing() -> None:
    assert settle((), (withdrawal(b"a"),), frozenset({b"ana"})) == []
