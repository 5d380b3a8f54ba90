"""What is held out, and the queries made of it."""

import random

from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.matching import training
from semantix.terminology.matching.index import bag_key, read_entries, vocabulary_of

NAMES = [
    *((n, f"maladie nommee m{n}", "preferred") for n in range(40)),
    *((n, f"mal dit d{n}", "synonym") for n in range(40)),
    *((n, f"mal ecrit e{n}", training.CURATED) for n in range(10)),
]
ENTRIES = read_entries(sorted(NAMES))
SHORTS = tuple((n, f"MAL. M{n}") for n in range(20))


def held() -> training.Split:
    return training.split(ENTRIES, len(SHORTS), random.Random(0))


def test_a_share_of_each_kind_is_held_out_and_never_a_label() -> None:
    kinds = [entry.kind for entry in ENTRIES if bag_key(entry.name.bag) in held().bags]
    assert (kinds.count("synonym"), kinds.count(training.CURATED), kinds.count("preferred")) == (4, 4, 0)
    assert len(held().shorts) == len(SHORTS) // 4


def test_every_held_out_name_is_a_query_without_its_own_words_in_the_index() -> None:
    queries = training.pseudo_queries(ENTRIES, SHORTS, held(), random.Random(1))
    free = [query for query in queries if query.kind == "free-text"]
    assert {query.ban for query in free} == held().bags
    assert all(query.ban == 0 for query in queries if query.kind != "free-text")
    assert sum(query.kind == "abbreviated" for query in queries) == len(held().shorts)
    assert sum(query.kind == "label" for query in queries) == 40


def test_one_wording_of_two_codes_is_one_query() -> None:
    entries = read_entries(
        [(0, "a b", "preferred"), (1, "c d", "preferred"), (0, "e f", "synonym"), (1, "f e", "synonym")]
    )
    both = training.Split(frozenset({bag_key(("e", "f"))}), frozenset())
    queries = training.pseudo_queries(entries, (), both, random.Random(0))
    assert [query.text for query in queries if query.kind == "free-text"] == ["e f"]


def test_what_is_held_out_teaches_nothing() -> None:
    place = {word: at for at, word in enumerate(vocabulary_of(ENTRIES))}
    left_out = {
        at for at, entry in enumerate(ENTRIES) if entry.kind != "preferred" and bag_key(entry.name.bag) in held().bags
    }
    pairs = training.text_pairs(ENTRIES, held().bags, random.Random(0))
    assert not left_out & {at for pair in pairs for at in pair}
    words = [set(one) | set(other) for one, other in training.name_pairs(ENTRIES, place, held().bags, random.Random(0))]
    taught = set().union(*words)
    assert (
        not {place[word] for at in left_out for word in ENTRIES[at].name.bag if word[0] in "de" and word[1:].isdigit()}
        & taught
    )


def test_short_labels_are_paired_with_the_stems_of_the_label() -> None:
    labels = ["Maladies des reins", ""]
    assert training.short_pairs([(0, "MAL. REINS"), (1, "MAL."), (0, "MAL.")], labels, [2]) == [
        (("mal", "rein"), ("maladie", "rein"))
    ]


def test_the_same_seed_gives_the_same_queries_and_another_seed_others() -> None:
    made = [training.pseudo_queries(ENTRIES, SHORTS, held(), random.Random(seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


@given(st.text(alphabet="abéè", min_size=1, max_size=20), st.integers(0, 10_000))
def test_a_misspelling_stays_near(text: str, seed: int) -> None:
    found = training.misspell(text, random.Random(seed))
    assert abs(len(found) - len(text)) <= 3
    assert found == training.misspell(text, random.Random(seed))
