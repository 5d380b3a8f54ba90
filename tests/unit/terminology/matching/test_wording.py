"""The generic matcher on the invented terminology: what it finds, and what never changes its answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.terminology.invented import ask

from semantix.terminology.matching import KINDS_OF_SOURCE
from semantix.terminology.matching.index import bag_key
from semantix.terminology.matching.names import parse_name
from semantix.terminology.matching.wording import KEPT_CODES, WordingMatcher
from semantix.terminology.serving import Served


@pytest.fixture(scope="module")
def matcher(served: Served) -> WordingMatcher:
    assert isinstance(served.matcher, WordingMatcher)
    return served.matcher


def first(matcher: WordingMatcher, text: str, section: str = "") -> str:
    return matcher.rank([ask(text, section=section)])[0][0].code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("brûlure de la flombe", "A10.3"),  # never told so: the popular name was learned from other troubles
        ("inflammation aiguë de la barnelle", "A11.4"),
        ("INFLAM. AIG. REIN", "A12.4"),  # an official short label
        ("BRUL. COUDE", "A11.3"),
        ("doulleur du jenou", "A10.0"),
        ("fracture fermé poumon", "A14.2"),
        ("tumeurs malignes hepatique du foie", "A13.6"),
        ("HTA", "I10"),
        ("cancer du coude", "A11.6"),
        ("cassure ouverte du coude", "A11.1"),
        ("diabete sucre type II", "E11"),
        ("appendicite sans péritonite", "K35.9"),
        ("appendicite avec péritonite", "K35.0"),
        ("I.D.M.", "I21"),
    ],
)
def test_a_wording_finds_its_code(matcher: WordingMatcher, text: str, code: str) -> None:
    assert first(matcher, text) == code


def test_hypertension_is_never_read_as_hypotension(matcher: WordingMatcher) -> None:
    assert first(matcher, "hypertention artérielle") == "I10"
    assert first(matcher, "hypotention artérielle") == "I95"


def test_the_section_chooses_the_sense_of_an_abbreviation(matcher: WordingMatcher) -> None:
    assert first(matcher, "IA genou") == "A10.4"
    assert first(matcher, "IA genou", "procedure") in {"A10.4", "A10.5"}


def test_who_names_a_category_in_their_own_words_gets_the_code_below_that_says_no_more(matcher: WordingMatcher) -> None:
    codes = list(matcher.parts.codes)
    category, below = codes.index("A12"), codes.index("A12.9")
    assert matcher.recordable(matcher.parts.residual[[category]] * 0 + category).tolist() == [below]
    assert matcher.recordable(matcher.parts.residual[[below]] * 0 + below).tolist() == [below]


def test_a_candidate_says_why(matcher: WordingMatcher) -> None:
    best = matcher.rank([ask("brûlure de la flombe gauche")])[0][0]
    said = {each.kind: each.detail for each in best.evidence}
    assert said == {"name": "Brûlure du genou", "matched": "brulure", "expanded": "flombe → genou", "missing": "gauche"}


def test_each_code_comes_once_and_the_best_first(matcher: WordingMatcher) -> None:
    for ranked in matcher.rank([ask("maladie du rein"), ask("tumeur"), ask("genou")], top=50):
        assert len({each.code for each in ranked}) == len(ranked) <= KEPT_CODES
        scores = [each.score for each in ranked]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= each.confidence <= 1 for each in ranked)


def test_top_limits_the_candidates(matcher: WordingMatcher) -> None:
    assert [len(ranked) for ranked in matcher.rank([ask("genou")], top=2)] == [2]
    assert matcher.rank([]) == []


def test_the_kind_of_source_is_told(matcher: WordingMatcher) -> None:
    assert matcher.kind_of(ask("Brûlure du genou")) == "label"
    assert matcher.kind_of(ask("FRACT. OUV. REIN")) == "abbreviated"
    assert matcher.kind_of(ask("le malade se plaint beaucoup du coude")) in KINDS_OF_SOURCE
    ranked = matcher.rank([ask("Brûlure du genou")])[0]
    assert {each.kind for each in ranked} == {"label"} <= set(KINDS_OF_SOURCE)


@pytest.mark.parametrize(
    "text", ["Brûlure du genou", "tension trop haute", "Diabète sucré de type 1", "Maladies du rein"]
)
def test_a_banned_bag_never_comes_back(matcher: WordingMatcher, text: str) -> None:
    bag = bag_key(parse_name(text).bag)
    free, banned = (matcher.describe([text], bans=[ban]).described for ban in (0, bag))
    assert bag in matcher.parts.lexicon.entry_bag[free.entries[free.entries >= 0]]
    assert bag not in matcher.parts.lexicon.entry_bag[banned.entries[banned.entries >= 0]]


WORDS = st.sampled_from(
    "brulure fracture genou flombe coude rein maladie HTA type 2 sans avec peritonite zzz cancer du (aigu) IA".split()
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6)


@settings(max_examples=40)
@given(TEXTS, st.randoms(use_true_random=False))
def test_company_and_order_never_change_an_answer(matcher: WordingMatcher, texts: list[str], chance: object) -> None:
    alone = [matcher.rank([ask(text)])[0] for text in texts]
    assert matcher.rank([ask(text) for text in texts]) == alone
    shuffled = list(range(len(texts)))
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert matcher.rank([ask(texts[at]) for at in shuffled]) == [alone[at] for at in shuffled]


def test_batches_of_any_size_give_the_same_answers(matcher: WordingMatcher) -> None:
    texts = [f"brulure {word} du genou {number}" for word in ("", "grave", "rein") for number in range(100)]
    assert matcher.rank([ask(text) for text in texts])[250:260] == matcher.rank([ask(text) for text in texts[250:260]])
