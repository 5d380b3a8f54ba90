"""The engine of fates against a naive judge, on random histories of few people, few numbers and many collisions."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.runs_model import components, naive_fates

from semantix.runs.lineage import links_of, links_of_withdrawal
from semantix.runs.model import DocumentFacts, Withdrawal
from semantix.runs.settling import settle

PEOPLE = (b"ana", b"bob")
MOMENTS = ("", "2024", "2024-03", "2024-03-08", "2024-03-08T10:00:00Z", "2024-03-09T10:00:00Z", "2024-03-10T10:00:00Z")
KEYS = (b"k1", b"k2", b"k3", b"k4")
NAMES = (b"n1", b"n2")
SETS = (b"s1", b"s2")
REPORTS = (b"r1", b"r2")
RESULTS = (b"na", b"k", b"ca")


def some(*values: bytes) -> st.SearchStrategy[tuple[bytes, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


versions = st.none() | st.integers(1, 3)
documents = st.builds(
    DocumentFacts,
    id=st.integers(1, 60),
    file=st.integers(1, 3),
    key=st.sampled_from(KEYS),
    content=st.sampled_from((b"c1", b"c2", b"c3")),
    subject=st.sampled_from(PEOPLE),
    subject_ids=some(b"ipp", b"nir"),
    set_key=st.none() | st.sampled_from(SETS),
    version=versions,
    moment=st.sampled_from(MOMENTS),
    names=some(*NAMES),
    replaces=some(*KEYS, *NAMES),
    replaces_sets=st.lists(st.tuples(st.sampled_from(SETS), versions), max_size=1).map(tuple),
    report=st.none() | st.sampled_from(REPORTS),
    results=some(*RESULTS),
    is_correction=st.booleans(),
    withdraws=st.just(()) | st.just(()) | st.just(()) | some(*REPORTS),
)
histories = st.lists(documents, max_size=9, unique_by=lambda one: one.id)
withdrawals = st.lists(
    st.builds(
        Withdrawal,
        by=st.integers(1, 60),
        file=st.just(1),
        key=st.sampled_from((*KEYS, *NAMES, *SETS, *REPORTS)),
        subject=st.none() | st.sampled_from(PEOPLE),
        moment=st.sampled_from(MOMENTS),
    ),
    max_size=2,
)
exclusions = st.sets(st.sampled_from((b"ana", b"ipp")), max_size=1)
worlds = st.tuples(histories, withdrawals, exclusions)
World = tuple[list[DocumentFacts], list[Withdrawal], set[bytes]]


def drawn(seed: int) -> World:
    """A history larger than those that hypothesis makes, and made much faster."""
    random = Random(seed)
    often = random.choice((0.15, 0.3, 0.5))

    def some_of(*values: bytes, odds: float = often) -> tuple[bytes, ...]:
        return tuple(random.sample(values, random.randint(1, 2))) if random.random() < odds else ()

    def one_of(*values: bytes) -> bytes | None:
        return random.choice(values) if random.random() < often else None

    history = [
        DocumentFacts(
            id=number,
            file=1,
            key=random.choice((*KEYS, b"k5")),
            content=random.choice((b"c1", b"c2", b"c3")),
            subject=PEOPLE[random.random() < 0.2],
            set_key=one_of(*SETS),
            version=random.choice((None, 1, 2, 3)),
            moment=random.choice(MOMENTS),
            names=some_of(*NAMES),
            replaces=some_of(*KEYS, *NAMES),
            replaces_sets=tuple((key, random.choice((None, 1, 2))) for key in some_of(*SETS)),
            report=one_of(*REPORTS),
            results=some_of(*RESULTS, odds=0.7),
            is_correction=random.random() < often,
            withdraws=some_of(*REPORTS, odds=0.07),
        )
        for number in random.sample(range(1, 60), random.randint(1, 10))
    ]
    orders = [
        Withdrawal(random.randint(1, 60), 1, random.choice((*KEYS, *NAMES, *SETS, *REPORTS)), moment=moment)
        for moment in random.sample(MOMENTS, random.choice((0, 0, 1, 2)))
    ]
    return history, orders, {b"bob"} if random.random() < 0.1 else set()


def test_the_engine_says_what_the_naive_judge_says_of_many_histories() -> None:
    for seed in range(800):
        world = drawn(seed)
        assert {one.id: one.fate for one in settle(*world)} == naive_fates(*world), seed


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_the_engine_says_what_the_naive_judge_says(world: World) -> None:
    assert {one.id: one.fate for one in settle(*world)} == naive_fates(*world)


@settings(max_examples=12, deadline=None)
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_in_which_documents_are_given_changes_nothing(world: World, random: object) -> None:
    history, orders, *rest = world
    shuffled, others = list(history), list(orders)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    random.shuffle(others)  # type: ignore[attr-defined]
    assert settle(shuffled, others, *rest) == settle(*world)


@settings(max_examples=20, deadline=None)
@given(worlds)
def test_what_is_tied_together_is_settled_apart_from_the_rest(world: World) -> None:
    history, orders, *rest = world
    ties = [*(set(links_of(one)) for one in history), *(set(links_of_withdrawal(one)) for one in orders)]
    apart = []
    for ranks in components(ties):
        group = [history[rank] for rank in sorted(ranks) if rank < len(history)]
        said = [orders[rank - len(history)] for rank in sorted(ranks) if rank >= len(history)]
        apart += settle(group, said, *rest)
    assert sorted(apart, key=lambda one: one.id) == settle(*world)


@settings(max_examples=10, deadline=None)
@given(worlds, documents)
def test_a_document_tied_to_none_changes_nothing(world: World, other: DocumentFacts) -> None:
    history, *rest = world
    stranger = structs.replace(
        other,
        id=99,
        key=b"other",
        names=(b"other-name",),
        replaces=(b"unheard",),
        replaces_sets=(),
        set_key=b"other-set",
        report=b"other-report",
        withdraws=(),
    )
    assert settle([*history, stranger], *rest)[: len(history)] == settle(*world)


@settings(max_examples=12, deadline=None)
@given(worlds, st.integers(0, 8))
def test_the_same_document_once_more_changes_no_other_fate(world: World, rank: int) -> None:
    history, orders, excluded = world
    if not history:
        return
    known = history[rank % len(history)]
    again = structs.replace(known, id=1000)
    before = settle(*world)
    after = settle([*history, again], orders, excluded)
    assert after[:-1] == before
    assert after[-1].fate != "live"


@settings(max_examples=12, deadline=None)
@given(worlds)
def test_one_document_at_most_counts_under_an_identifier(world: World) -> None:
    keys = {one.id: one.key for one in world[0]}
    live = [keys[one.id] for one in settle(*world) if one.fate == "live"]
    assert len(live) == len(set(live))


@settings(max_examples=12, deadline=None)
@given(worlds)
def test_whoever_decides_is_a_document_that_was_not_refused(world: World) -> None:
    fates = {one.id: one for one in settle(*world)}
    for one in fates.values():
        if one.by and one.fate in ("superseded", "repeated", "other-version"):
            assert fates[one.by].fate in ("live", "superseded")
