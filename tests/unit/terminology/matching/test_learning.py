"""Learning a matcher from invented names: what is learned, that it is repeatable, that little is enough."""

import filecmp
from pathlib import Path

import pytest
from tests.unit.terminology.invented import ask

from semantix.terminology.lexicon import Lexicon, Synonym
from semantix.terminology.matching import KINDS_OF_SOURCE
from semantix.terminology.matching.learning import Target, learn_wording
from semantix.terminology.matching.wording import WordingMatcher
from semantix.terminology.serving import Ground, Served, target_of


@pytest.fixture(scope="session")
def again(invented: Ground, served: Served) -> WordingMatcher:
    """Learned a second time, after what ``served`` learned."""
    assert served.codes
    return learn_wording(target_of(invented, "cim10"), Lexicon.load(invented.mappings / "lexicon"))


def test_learning_twice_gives_the_same_bytes(again: WordingMatcher, served: Served, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, matcher in ((one, again), (other, served.matcher)):
        folder.mkdir()
        assert isinstance(matcher, WordingMatcher)
        matcher.save(folder)
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    assert filecmp.cmpfiles(one, other, names, shallow=False) == (names, [], [])


def test_a_matcher_answers_as_before_once_saved_and_loaded(
    again: WordingMatcher, invented: Ground, tmp_path: Path
) -> None:
    again.save(tmp_path)
    loaded = WordingMatcher.load(tmp_path, Lexicon.load(invented.mappings / "lexicon"))
    asked = [ask(text) for text in ("brulure de la flombe", "INFLAM. AIG. COUDE", "HTA", "tumeurs malignes hépatiques")]
    assert loaded.rank(asked) == again.rank(asked)
    assert list(loaded.examples()) == list(again.examples())


def test_held_out_queries_of_each_kind_are_kept_for_calibration(again: WordingMatcher) -> None:
    examples = list(again.examples())
    assert {example.kind for example in examples} <= set(KINDS_OF_SOURCE)
    assert all(0 <= example.confidence <= 1 for example in examples)
    assert sum(example.right for example in examples) > len(examples) / 2


def test_the_steps_are_told(invented: Ground) -> None:
    heard: list[str] = []
    learn_wording(named("mal rouge", "mal vert", "peine bleue"), Lexicon(), tell=heard.append)
    assert heard == ["index", "held-out pass", "ranker", "whole pass"]


def named(*labels: str) -> Target:
    size = len(labels)
    return Target(
        codes=tuple(f"A{place:02}" for place in range(size)),
        names=tuple((place, label, "preferred") for place, label in enumerate(labels)),
        shorts=(),
        family=(0,) * size,
        flags=(4,) * size,
        residual=(-1,) * size,
    )


@pytest.mark.parametrize("labels", [("mal rouge", "peine bleue"), ("grippe", "grippe", "grippe")])
def test_a_terminology_of_very_few_names_can_be_learned(labels: tuple[str, ...]) -> None:
    matcher = learn_wording(named(*labels), Lexicon())
    same = {f"A{place:02}" for place, label in enumerate(labels) if label == labels[0]}
    assert {each.code for each in matcher.rank([ask(labels[0])])[0][: len(same)]} == same


def test_a_code_without_a_word_is_never_an_error() -> None:
    matcher = learn_wording(named("mal rouge", "…", "peine bleue"), Lexicon())
    assert matcher.rank([ask("peine bleu")])[0][0].code == "A02"


def test_hand_made_synonyms_are_read_both_ways() -> None:
    lexicon = Lexicon.of(synonyms=(Synonym("mal", "peine"), Synonym("inconnu", "peine")))
    matcher = learn_wording(named("mal rouge", "peine bleue", "joie verte"), lexicon)
    place = {word: at for at, word in enumerate(matcher.parts.stems)}
    for one, other in (("mal", "pein"), ("pein", "mal")):
        assert place[other] in matcher.reader.word(one).stems
