"""Names and queries taken apart: what must be there, what may, what is no part of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.matching.names import NCA, SAI, parse_name, query_words


def test_words_between_parentheses_and_brackets_are_optional() -> None:
    name = parse_name("Infarctus (aigu) du myocarde [crise]")
    assert name.required == ("infarctus", "myocard")
    assert name.optional == ("aigu", "cris")
    assert name.sequence == ("infarctus", "aigu", "myocard", "cris")


def test_nested_parentheses_are_unwrapped() -> None:
    assert set(parse_name("Rein (kyste (simple) acquis)").optional) == {"kyst", "simpl", "acquis"}


def test_a_name_all_between_parentheses_is_required() -> None:
    assert parse_name("(Grippe)").required == ("gripp",)
    assert parse_name("(Grippe)").optional == ()


@pytest.mark.parametrize(
    "text",
    ["Angine SAI", "Angine, S.A.I.", "Angine, sans précision", "Angine sans autre indication", "Angine non précisée",
     "Angine de siège non précisé", "Angine sans autre précision"],
)  # fmt: skip
def test_what_says_no_more_becomes_one_mark(text: str) -> None:
    name = parse_name(text)
    assert (name.required, name.optional) == (("angin",), (SAI,))


@pytest.mark.parametrize("text", ["Angine NCA", "Angine, n.c.a.", "Angine, non classée ailleurs"])
def test_not_elsewhere_becomes_one_mark(text: str) -> None:
    name = parse_name(text)
    assert (name.required, name.optional) == (("angin",), (NCA,))


@pytest.mark.parametrize("text", ["péritonite sans abcès", "diabète non insulinodépendant"])
def test_what_denies_is_required(text: str) -> None:
    assert {"sans", "non"} & set(parse_name(text).required)


def test_a_name_of_a_mark_alone_keeps_it() -> None:
    assert parse_name("SAI").required == (SAI,)


@pytest.mark.parametrize(
    "text",
    ["Angine - voir aussi pharyngite", "*** SU09 *** Angine", "Angine (M8000/3)", "Angine (J03.9)",
     "Angine (voir aussi gorge)", "Angine (A00.0-A09)"],
)  # fmt: skip
def test_pointers_codes_and_deletion_marks_are_no_part_of_a_name(text: str) -> None:
    assert parse_name(text).bag == ("angin",)


def test_the_bag_of_a_name_does_not_depend_on_order_and_parentheses() -> None:
    assert parse_name("myocarde, infarctus aigu").bag == parse_name("Infarctus (aigu) du myocarde").bag


def test_the_words_of_a_query_are_folded_and_not_stemmed() -> None:
    words = query_words("Douleurs des GENOUX (droite)")
    assert (words.required, words.optional) == (("douleurs", "genoux"), ("droite",))
    assert words.sequence == ("douleurs", "genoux", "droite")


def test_words_written_twice_count_once_and_stay_in_the_sequence() -> None:
    words = query_words("genou gauche, genou droit")
    assert words.required == ("genou", "gauche", "droit")
    assert words.sequence == ("genou", "gauche", "genou", "droit")


def test_a_query_of_stop_words_keeps_them() -> None:
    assert query_words("le la les").required == ("le", "la", "les")


def test_a_query_between_parentheses_is_required() -> None:
    assert query_words("(grippe)").required == ("grippe",)


@pytest.mark.parametrize(
    "text", ["plaie sauf main", "plaie, hormis main", "plaie à l'exclusion de la main", "plaie {main}"]
)
def test_what_is_excepted_is_not_asked_for(text: str) -> None:
    assert query_words(text).required == ("plaie",)


def test_a_query_that_begins_with_an_exception_is_kept_whole() -> None:
    assert "main" in query_words("sauf main").required


def test_a_query_is_marked_as_a_name_is() -> None:
    assert query_words("angine sans précision").required == ("angine", SAI)


@pytest.mark.parametrize("text", ["", " ", "()", "[]", "((", "))((", "†", "***", "{", "."])
def test_a_text_without_words_has_none(text: str) -> None:
    assert query_words(text).required == ()
    assert parse_name(text).bag == ()


@given(st.text(alphabet="abé sin()[]{}*-,.SAI10", max_size=60))
def test_no_word_is_both_required_and_optional(text: str) -> None:
    name, words = parse_name(text), query_words(text)
    assert not set(name.required) & set(name.optional)
    assert not set(words.required) & set(words.optional)
    assert set(words.sequence) == {*words.required, *words.optional}
    assert set(name.sequence) <= {*name.required, *name.optional}
