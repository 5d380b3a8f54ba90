"""Names made ready to be searched."""

import pytest
from tests.unit.terminology.matching.small import NAMES, Small

from semantix.terminology.matching.index import (
    LABEL,
    OFFICIAL,
    RELATED,
    SAME_ROOT,
    bag_key,
    build_lexicon,
    expand,
    read_entries,
    vocabulary_of,
)
from semantix.terminology.matching.spelling import Speller


@pytest.fixture(scope="module")
def small() -> Small:
    return Small({"fractur": {"jamb": 0.7}})


def test_repeated_names_and_names_without_words_are_dropped() -> None:
    names = [(0, "Grippe", "preferred"), (0, "la GRIPPE", "synonym"), (1, "grippes", "synonym"), (1, "…", "synonym")]
    assert [(entry.code, entry.text) for entry in read_entries(names)] == [(0, "Grippe"), (1, "grippes")]


def test_the_same_words_optional_or_required_are_two_names() -> None:
    assert len(read_entries([(0, "Grippe (forte)", "preferred"), (0, "Grippe forte", "synonym")])) == 2


def test_the_vocabulary_is_sorted_and_holds_optional_words(small: Small) -> None:
    assert list(small.stems) == sorted(small.stems)
    assert {"ferm", "sai", "sans", "2"} <= set(small.stems)


def test_each_stem_finds_the_names_that_hold_it(small: Small) -> None:
    rows = slice(*small.lexicon.post_ptr[small.place["fractur"] :][:2].tolist())
    assert [small.entries[at].text for at in small.lexicon.post_entry[rows].tolist()] == [NAMES[0][1], NAMES[2][1]]


def test_a_rare_word_weighs_more_and_a_generic_one_less(small: Small) -> None:
    idf = dict(zip(small.stems, small.lexicon.idf.tolist(), strict=True))
    assert idf["tibia"] > idf["fractur"] > idf["sai"] > 0
    assert idf["type"] < idf["2"]


def test_idf_counts_codes_and_not_names() -> None:
    names = [
        (0, "mal blanc", "preferred"),
        *((0, f"mal {word}", "synonym") for word in ("vert", "bleu", "rose")),
        (1, "mal", "preferred"),
    ]
    entries = read_entries(names)
    lexicon = build_lexicon(entries, 2, vocabulary_of(entries))
    assert lexicon.uses.tolist() == [1, 1, 2, 1, 1]  # blanc, bleu, mal, rose, vert


def test_optional_words_have_no_mass(small: Small) -> None:
    at = next(place for place, entry in enumerate(small.entries) if entry.text.startswith("Fracture du fémur"))
    idf = dict(zip(small.stems, small.lexicon.idf.tolist(), strict=True))
    assert small.lexicon.entry_mass[at] == pytest.approx(idf["fractur"] + idf["femur"])


def test_the_label_of_a_code_is_its_preferred_name_else_one_that_it_has() -> None:
    entries = read_entries(
        [(0, "mal", "synonym"), (0, "douleur", "preferred"), (1, "peine", "synonym"), (1, "plainte", "related")]
    )
    lexicon = build_lexicon(entries, 3, vocabulary_of(entries))
    assert lexicon.label_entry[0] == 1
    assert lexicon.label_entry[1] in {2, 3}
    assert lexicon.label_entry[2] == -1
    assert lexicon.entry_source.tolist() == [OFFICIAL, LABEL, OFFICIAL, RELATED]


def test_a_stem_stands_for_itself_first_then_for_what_was_learned(small: Small) -> None:
    at = small.place["fractur"]
    readings = small.vocabulary.expansions_of(at)
    assert readings[0] == (at, 1.0)
    assert dict(readings)[small.place["jamb"]] == pytest.approx(0.7)


def test_words_of_one_root_stand_for_each_other() -> None:
    stems = ("operateur", "operation", "tibia")
    pointer, values, sims = expand(stems, Speller.build(stems), {})
    row = slice(*pointer[1:3].tolist())
    found = {stems[place]: alike for place, alike in zip(values[row].tolist(), sims[row].tolist(), strict=True)}
    assert found == {"operation": 1.0, "operateur": pytest.approx(SAME_ROOT)}


def test_the_key_of_a_bag_ignores_order_and_repeats_and_is_never_zero() -> None:
    assert bag_key(["b", "a", "a"]) == bag_key(["a", "b"]) != bag_key(["a"])
    assert bag_key([]) > 0
    assert bag_key(["a"]) < 2**63
