"""French wording made comparable: what is folded away, what is never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.text import STOP_WORDS, fold, repair, split_words, stem

ANY = st.text(max_size=80)
FRENCH = st.text(alphabet="aàâbcçdeéèêëfghiîïjklmnoôœpqrstuùûvwxyzÉÈÀŒ '’-./&;0123456789()†µÃ©", max_size=60)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Œdème aigu du poumon", "oedeme aigu du poumon"),
        ("CÆCUM", "caecum"),
        ("HÉMORRAGIE", "hemorragie"),
        ("l’œil – droit", "l'oeil - droit"),
        ("hypertension\u00a0 artérielle\t", "hypertension arterielle"),
        ("ﬁbrose", "fibrose"),
        ("tuberculose†", "tuberculose"),
        ("rhuma\u00adtisme", "rhumatisme"),
        ("β-bloquant", "beta -bloquant"),
        ("µmol", "umol"),
        ("\ufeffgrippe", "grippe"),
        ("İnfarctus", "infarctus"),
        ("", ""),
    ],
)
def test_a_text_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("damaged", "folded"),
    [
        ("DiabÃ¨te sucrÃ©", "diabete sucre"),
        ("l&#39;&oelig;il &amp; l&rsquo;oreille", "l'oeil & l'oreille"),
        ("n&eacute;phrite", "nephrite"),
        ("nÃ©phrite aiguÃ«", "nephrite aigue"),
    ],
)
def test_damaged_encodings_and_entities_are_repaired(damaged: str, folded: str) -> None:
    assert fold(damaged) == folded


@pytest.mark.parametrize("text", ["crohn & colite", "Señor", "à côté", "50 % & plus"])
def test_a_text_that_is_not_damaged_is_left_alone(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("H.T.A. sévère", ["hta", "severe"]),
        ("T.M. du rein", ["tm", "du", "rein"]),
        ("insuffisance card.", ["insuffisance", "card"]),
        ("d/l/m", ["dlm"]),
        ("l'insuffisance d'organe", ["insuffisance", "organe"]),
        ("jusqu'au lendemain", ["au", "lendemain"]),
        ("qu'une fois", ["une", "fois"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("type II", ["type", "2"]),
        ("stade IV", ["stade", "4"]),
        ("type I", ["type", "1"]),
        ("nerf V", ["nerf", "5"]),
        ("facteur X", ["facteur", "10"]),
        ("IV lente", ["4", "lente"]),
        ("I n'est rien", ["i", "est", "rien"]),
        ("deux fois", ["2", "fois"]),
        ("premier degré", ["1", "degre"]),
        ("1er degré", ["1", "degre"]),
        ("2ème et 3e doigts", ["2", "et", "3", "doigts"]),
        ("T4 libre", ["t4", "libre"]),
        ("1,25 mg/j", ["1,25", "mg", "j"]),
        ("50%", ["50", "%"]),
        ("sous-cutané", ["sous", "cutane"]),
    ],
)
def test_a_text_is_cut_into_words(written: str, words: list[str]) -> None:
    assert split_words(fold(written)) == words


@pytest.mark.parametrize("word", ["sans", "non", "pas", "ni"])
def test_words_that_deny_are_never_stop_words_and_never_lost(word: str) -> None:
    assert word not in STOP_WORDS
    assert split_words(fold(f"péritonite {word.upper()} abcès")) == ["peritonite", word, "abces"]
    assert stem(word) == word


@pytest.mark.parametrize(
    "family",
    [
        ("renal", "renale", "renaux", "renales"),
        ("malin", "maligne", "malignes", "malins"),
        ("benin", "benigne", "benignes"),
        ("aigu", "aigue", "aigues", "aigus"),
        ("chronique", "chroniques"),
        ("nerveux", "nerveuse", "nerveuses"),
        ("actif", "active", "actives"),
        ("oeil", "yeux"),
        ("tumeur", "tumeurs"),
        ("corporel", "corporelle", "corporelles"),
        ("moteur", "motrice"),
        ("premier", "premiere", "premieres"),
        ("genou", "genoux"),
    ],
)
def test_number_and_gender_have_one_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    ("left", "right"), [("foie", "foi"), ("os", "osseux"), ("sein", "saint"), ("hernie", "herniaire"), ("coude", "cou")]
)
def test_words_of_different_roots_keep_different_stems(left: str, right: str) -> None:
    assert stem(left) != stem(right)


@pytest.mark.parametrize("word", ["abces", "corps", "pouls", "virus", "pelvis", "vaginite", "t4", "2", "os"])
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert stem(word) in {word, word.removesuffix("e")}


@given(ANY | FRENCH)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY | FRENCH)
def test_words_joined_and_cut_again_are_the_same(text: str) -> None:
    once = split_words(fold(text))
    assert split_words(fold(" ".join(once))) == once


@given(FRENCH)
def test_words_are_folded_and_hold_no_blank(text: str) -> None:
    for word in split_words(fold(text)):
        assert word
        assert fold(word) == word
        assert " " not in word


@given(FRENCH)
def test_a_stem_never_grows_and_is_never_empty(text: str) -> None:
    for word in split_words(fold(text)):
        assert stem(word)
        assert stem(word)[:2] == word[:2] or word == "yeux"
