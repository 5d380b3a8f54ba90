"""What words stand for, learned from invented pairs."""

from semantix.terminology.matching.associations import keeps_letters, learn, learn_shortenings

WORDS = ("douleur", "fractur", "brulur", "plaie", "kyst", "genou", "flomb", "coud", "barnel", "rein")
PLACE = {word: place for place, word in enumerate(WORDS)}


def pair(left: str, right: str) -> tuple[list[int], list[int]]:
    return [PLACE[word] for word in left.split()], [PLACE[word] for word in right.split()]


PAIRS = [pair(f"{trouble} genou", f"{trouble} flomb") for trouble in WORDS[:5]] + [
    pair(f"{trouble} coud", f"{trouble} barnel") for trouble in WORDS[:5]
]


def test_an_invented_synonym_is_learned_both_ways() -> None:
    strengths = learn(PAIRS, len(WORDS))
    assert max(strengths[PLACE["flomb"]], key=strengths[PLACE["flomb"]].__getitem__) == PLACE["genou"]
    assert max(strengths[PLACE["genou"]], key=strengths[PLACE["genou"]].__getitem__) == PLACE["flomb"]
    assert strengths[PLACE["flomb"]][PLACE["genou"]] >= 0.8


def test_the_words_that_two_names_share_teach_nothing() -> None:
    strengths = learn(PAIRS, len(WORDS))
    assert not {PLACE[trouble] for trouble in WORDS[:5]} & set(strengths)


def test_seen_once_among_others_is_too_little() -> None:
    strengths = learn([pair("douleur genou rein", "flomb barnel")], len(WORDS))
    assert all(strength < 0.8 for found in strengths.values() for strength in found.values())


def test_strengths_stay_within_bounds() -> None:
    strengths = learn(PAIRS * 20, len(WORDS))
    assert all(0.4 <= strength <= 0.9 for found in strengths.values() for strength in found.values())


def test_long_residuals_and_equal_names_teach_nothing() -> None:
    long = ([0, 1, 2, 3, 4], [5])
    assert learn([long, pair("genou", "genou")], len(WORDS)) == {}
    assert learn([], 0) == {}


def test_the_order_of_pairs_changes_nothing_that_matters() -> None:
    one, other = learn(PAIRS, len(WORDS)), learn(list(reversed(PAIRS)), len(WORDS))
    assert one.keys() == other.keys()
    for word, found in one.items():
        assert {place: round(strength, 5) for place, strength in found.items()} == {
            place: round(strength, 5) for place, strength in other[word].items()
        }


SHORTS = [
    (("insuf", "card"), ("insuffisanc", "cardiaqu")),
    (("insuf", "ren"), ("insuffisanc", "renal")),
    (("insuf", "resp"), ("insuffisanc", "respiratoir")),
    (("tum", "mal", "rein"), ("tumeur", "malin", "rein")),
    (("tum", "ben", "rein"), ("tumeur", "benin", "rein")),
]


def test_shortenings_are_learned_from_short_and_long_labels() -> None:
    read = learn_shortenings(SHORTS)
    best = {word: max(found, key=found.__getitem__) for word, found in read.items()}
    assert best == {
        "insuf": "insuffisanc", "card": "cardiaqu", "ren": "renal", "resp": "respiratoir", "tum": "tumeur",
        "mal": "malin", "ben": "benin",
    }  # fmt: skip
    assert read["insuf"]["insuffisanc"] == 0.9


def test_a_shortening_without_its_letters_needs_to_be_seen_more_than_once() -> None:
    once = learn_shortenings([(("xyz",), ("genou",))])
    twice = learn_shortenings([(("xyz", "droit"), ("genou", "droit")), (("xyz", "gauch"), ("genou", "gauch"))])
    assert once == {}
    assert twice == {"xyz": {"genou": 0.9}}


def test_labels_that_share_all_their_words_teach_no_shortening() -> None:
    assert learn_shortenings([(("genou",), ("genou",))]) == {}


def test_letters_in_their_order_make_a_reading_likelier() -> None:
    assert keeps_letters("insuf", "insuffisance") > keeps_letters("insf", "insuffisance") > 1
    assert keeps_letters("xyz", "insuffisance") == keeps_letters("insuffisance", "insuf") == keeps_letters("", "a") == 1
