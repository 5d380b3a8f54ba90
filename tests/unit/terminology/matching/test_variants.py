"""Other ways to read a query: abbreviations spelt out, phrases in official words."""

from collections.abc import Callable

from semantix.terminology.lexicon import Abbreviation, Lexicon, Phrase, Synonym
from semantix.terminology.matching.names import Words, query_words
from semantix.terminology.matching.variants import MOST, rewrites, variants

LEXICON = Lexicon.of(
    (
        Abbreviation("HTA", "hypertension artérielle"),
        Abbreviation("TC", "traumatisme crânien"),
        Abbreviation("TC", "tronc commun", rank=2),
        Abbreviation("TC", "tension du col", section="procedure", rank=3),
        Abbreviation("S/P", "status post"),
        *(Abbreviation("X", f"sens {n}", rank=n) for n in range(1, 9)),
    ),
    (Synonym("cancer", "tumeur maligne"), Synonym("rein", "dorvin")),
    (Phrase("mal de dos", "dorsalgie"), Phrase("prise de sang", "ponction veineuse")),
)
KNOWN = frozenset("hypertension arterielle severe genou tc mal dos rein".split())


def read(
    text: str, section: str = "", known: Callable[[str], bool] = KNOWN.__contains__, lexicon: Lexicon = LEXICON
) -> list[str]:
    return [" ".join(words.sequence) for words in variants(query_words(text), lexicon, section, known)]


def test_a_query_without_abbreviation_has_one_reading() -> None:
    assert read("genou sévère") == ["genou severe"]


def test_an_unknown_abbreviation_is_replaced() -> None:
    assert read("HTA sévère") == ["hypertension arterielle severe"]


def test_an_abbreviation_that_the_index_knows_is_kept_too() -> None:
    assert read("TC") == ["tc", "traumatisme cranien", "tronc commun", "tension col"]


def test_the_section_chooses_among_the_senses() -> None:
    assert read("TC", "problem") == ["tc", "traumatisme cranien", "tronc commun"]


def test_a_section_that_allows_no_sense_leaves_them_all() -> None:
    lexicon = Lexicon.of((Abbreviation("TC", "tension du col", section="procedure"),))
    assert read("TC", "problem", lexicon=lexicon) == ["tc", "tension col"]


def test_an_abbreviation_of_several_words_is_read_whole() -> None:
    assert "status post genou" in read("S/P genou")


def rewritten(text: str, lexicon: Lexicon = LEXICON) -> list[str]:
    return [" ".join(words.sequence) for words in rewrites(query_words(text), lexicon)]


def test_a_phrase_is_written_in_official_words() -> None:
    assert rewritten("mal de dos") == ["dorsalgie"]
    assert rewritten("gros mal de dos") == ["gros dorsalgie"]
    assert read("mal de dos") == ["mal dos"]


def test_a_word_becomes_a_group_and_a_group_a_word() -> None:
    assert "tumeur maligne rein" in rewritten("cancer du rein")
    assert "cancer rein" in rewritten("tumeur maligne du rein")


def test_a_query_without_phrase_is_not_rewritten() -> None:
    assert rewritten("genou sévère") == rewritten("") == rewritten("mal de dos", Lexicon()) == []


def test_there_are_never_more_than_a_few_readings() -> None:
    assert 1 < len(read("X TC mal de dos")) <= MOST
    assert len(rewritten("mal de dos, prise de sang, cancer, tumeur maligne, mal de dos")) == MOST - 1


def test_a_very_long_text_has_few_readings_too() -> None:
    assert 1 < len(read("TC X mal de dos " * 1_000)) <= MOST
    assert 1 < len(rewritten("TC X mal de dos " * 1_000)) < MOST


def test_optional_words_stay_optional() -> None:
    (words,) = variants(query_words("HTA (sévère)"), LEXICON, "", KNOWN.__contains__)
    assert words == Words(("hypertension", "arterielle"), ("severe",), ("hypertension", "arterielle", "severe"))


def test_an_empty_query_and_an_empty_lexicon_change_nothing() -> None:
    assert read("") == [""]
    assert read("HTA sévère", lexicon=Lexicon()) == ["hta severe"]
