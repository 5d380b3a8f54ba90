"""What a person's words may stand for, and how much they weigh."""

import numpy as np
import pytest
from tests.unit.terminology.matching.small import Small

from semantix.terminology.matching.names import query_words
from semantix.terminology.matching.queries import LONGEST, OPTIONAL_SHARE


@pytest.fixture(scope="module")
def small() -> Small:
    shortenings = {"insuf": {"insuffisanc": 0.9}, "ren": {"renal": 0.9}}
    return Small({"jamb": {"tibia": 0.8}}, shortenings)


def test_a_known_word_stands_for_itself_and_its_synonyms(small: Small) -> None:
    assert small.reader.word("jambes").kind == "known"
    assert small.readings("jambes") == {"jamb": 1.0, "tibia": pytest.approx(0.8)}


def test_a_shortening_of_the_official_labels_is_read(small: Small) -> None:
    assert small.reader.word("insuf").kind == "shortened"
    assert small.readings("insuf") == {"insuffisanc": 0.9}


def test_a_misspelling_is_read_as_the_likely_word_with_its_synonyms(small: Small) -> None:
    assert small.reader.word("fracrture").kind == "guessed"
    assert max(small.readings("fracrture"), key=small.readings("fracrture").__getitem__) == "fractur"
    assert "tibia" in small.readings("jambbe")


def test_a_beginning_is_read_as_the_words_that_begin_so(small: Small) -> None:
    assert small.reader.word("append").kind == "guessed"
    assert max(small.readings("append"), key=small.readings("append").__getitem__) == "appendicit"


@pytest.mark.parametrize("word", ["zzzzzz", "qx", "99"])
def test_a_word_that_is_like_nothing_is_unknown_and_weighs(small: Small, word: str) -> None:
    found = small.reader.word(word)
    assert (found.kind, found.stems) == ("unknown", ())
    assert found.weight > 0


def test_a_mark_weighs_half_of_its_word(small: Small) -> None:
    assert small.reader.word("sai").weight == pytest.approx(0.5 * float(small.lexicon.idf[small.place["sai"]]))


def test_a_full_memory_is_forgotten_and_changes_nothing() -> None:
    small = Small(memory=2)
    first = [small.reader.word(word) for word in ("tibia", "femur", "jambe", "tibia")]
    assert first[0] == first[3]


def test_queries_are_laid_out_one_after_the_other(small: Small) -> None:
    compiled = small.reader.compile([query_words("fracture (tibia)"), query_words(""), query_words("tibia zzzzzz")])
    assert compiled.words.tolist() == [0, 2, 2, 4]
    assert compiled.order_ptr.tolist() == [0, 2, 2, 4]
    assert compiled.order.tolist() == [0, 1, 0, 1]
    tibia = small.reader.word("tibia").weight
    assert compiled.weights[1] == pytest.approx(tibia * OPTIONAL_SHARE)
    assert compiled.weights[2] == pytest.approx(tibia)
    assert compiled.expansions[-1] == compiled.expansions[-2] == len(compiled.stems) == len(compiled.sims)


def test_the_order_of_very_long_queries_is_cut(small: Small) -> None:
    compiled = small.reader.compile([query_words(" ".join(f"mot{n}" for n in range(100)))])
    assert len(compiled.order) == LONGEST
    assert len(compiled.weights) == 100


def test_a_beginning_that_many_words_share_says_nothing() -> None:
    from semantix.terminology.matching.index import Vocabulary, build_lexicon, expand, read_entries, vocabulary_of
    from semantix.terminology.matching.queries import PREFIX_MOST, WordReader
    from semantix.terminology.matching.spelling import Speller

    letters = [chr(97 + n // 26) + chr(97 + n % 26) for n in range(PREFIX_MOST + 2)]
    entries = read_entries([(n, f"zan{pair}qqqqqqqqqqqq", "preferred") for n, pair in enumerate(letters)])
    stems = vocabulary_of(entries)
    speller = Speller.build(stems)
    vocabulary = Vocabulary(stems, speller, *expand(stems, speller, {}))
    reader = WordReader(build_lexicon(entries, len(entries), stems), vocabulary, {})
    assert reader.word("zan").kind == "unknown"
    assert np.isfinite(reader.word("zan").weight)
