"""Evidence found again in the words of a label: each word’s standing, and every label given back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Candidate, Evidence
from semantix.review.evidence import LONGEST, Piece, Reading, Standing, highlight

SIGNS = {
    Standing.PLAIN: "",
    Standing.MATCHED: "+",
    Standing.EXPANDED: "~",
    Standing.MISSING: "?",
    Standing.CONFLICTING: "!",
    Standing.LACKING: "^",
}


def candidate(
    display: str, *evidence: tuple[str, ...], system: str = "cim10", conflicts: tuple[str, ...] = ()
) -> Candidate:
    return Candidate(system, "X12", display, 0.5, 0.5, tuple(Evidence(*each) for each in evidence), conflicts)


def shown(pieces: tuple[Piece, ...]) -> str:
    """Pieces with a sign before each word that has a standing: ``+fièvre ~HTA{hypertension}``."""
    return "".join(f"{SIGNS[each.standing]}{each.text}{each.by and '{' + each.by + '}'}" for each in pieces)


def read(label: str, one: Candidate) -> tuple[str, str]:
    reading = highlight(label, one)
    return shown(reading.source), shown(reading.target)


def test_words_are_marked_by_their_stems_and_without_accents() -> None:
    one = candidate(
        "Diabète sucré, sans précision",
        ("name", "Diabète sucré, sans précision", "preferred"),
        ("matched", "diabet"),
        ("missing", "gras"),
        ("lacking", "sucr"),
    )
    assert read("DIABÈTES gras", one) == ("+DIABÈTES ?gras", "+Diabète ^sucré, sans précision")
    assert highlight("DIABÈTES gras", one).lacking == ("sucré",)


def test_an_expanded_word_says_what_it_was_taken_for() -> None:
    one = candidate(
        "Tumeur du genou",
        ("name", "Tumeur du genou", "preferred"),
        ("expanded", "tumefaction → tumeur, flombe → genou"),
    )
    assert read("Tuméfaction du flombe", one) == ("~Tuméfaction{tumeur} du ~flombe{genou}", "~Tumeur du ~genou")


def test_what_the_reading_replaced_is_marked_as_one() -> None:
    met = candidate(
        "Hypertension artérielle",
        ("name", "Hypertension artérielle", "preferred"),
        ("reading", "hypertension arterielle ancienne"),
        ("matched", "hypertension, arterielle"),
        ("missing", "ancienne"),
    )
    assert read("HTA ancienne", met)[0] == "~HTA{hypertension arterielle} ?ancienne"
    unmet = candidate("Toux", ("name", "Toux", "preferred"), ("reading", "tension toux"), ("matched", "toux"))
    assert read("TA, toux", unmet)[0] == "?TA{tension}, +toux"


def test_a_word_left_out_of_the_reading_stays_plain() -> None:
    one = candidate("Toux", ("name", "Toux", "preferred"), ("reading", "toux"), ("matched", "toux"))
    assert read("vraie toux", one)[0] == "vraie +toux"


def test_words_of_laboratory_evidence_are_of_the_target_when_a_source_is_named() -> None:
    one = candidate(
        "Fréquence cardiaque",
        ("word", "frecenc", "name"),
        ("missing", "cardiac", "name"),
        ("unmatched", "aimant"),
        system="loinc",
    )
    assert read("Fréquence avec aimant", one) == ("+Fréquence avec ?aimant", "+Fréquence ^cardiaque")


def test_a_translated_analyte_belongs_to_the_one_word_left() -> None:
    one = candidate("Glucose [Mass/volume] in Serum", ("word", "glucos", "name"), system="loinc")
    assert read("Glycémie", one) == ("~Glycémie{glucos}", "+Glucose [Mass/volume] in Serum")
    several = highlight("Glycémie veineuse", one)
    assert (shown(several.source), several.found) == ("Glycémie veineuse", ("glucos",))


def test_a_misspelt_drug_and_its_strength_are_marked() -> None:
    one = candidate(
        "PARACETAMOL",
        ("misspelt", "parasetamol ~ paracetamol"),
        ("missing", "zzz"),
        ("strength", "500 mg"),
        ("form", "comprime"),
        system="atc",
    )
    assert read("Parasétamol 500 mg ZZZ cp", one) == ("~Parasétamol{paracetamol} +500 mg ?ZZZ cp", "~PARACETAMOL")
    other = candidate("PARACETAMOL", ("word", "paracetamol"), ("other-strength", "1 g"), system="atc")
    reading = highlight("paracétamol 1 g", other)
    assert shown(reading.source) == "+paracétamol !1{strength} g"
    assert [fact.kind for fact in reading.facts] == ["other-strength"]


@pytest.mark.parametrize(
    "evidence",
    [
        ("label", "preferred", "base@1"),
        ("synonym", "synonym", "base@1"),
        ("curated", "Toux du soir → CIM10:X14 (exact)"),
    ],
)
def test_an_exact_label_is_matched_whole(evidence: tuple[str, ...]) -> None:
    assert read("Toux du soir", candidate("Toux du soir", evidence)) == ("+Toux du +soir", "+Toux du +soir")


def test_evidence_that_says_nothing_of_words_leaves_them_to_a_comparison() -> None:
    reading = highlight("Toux grasse", candidate("Toux sèche", ("code", "cim10 X12", "base@1")))
    assert (shown(reading.source), shown(reading.target)) == ("+Toux ?grasse", "+Toux ^sèche")
    assert reading.compared
    by_code = highlight("Toux", candidate("Rhume", ("curated", "D42 → CIM10:X14 (exact)")))
    assert (shown(by_code.source), by_code.compared) == ("?Toux", True)
    assert highlight("Toux", candidate("")) == Reading(source=(Piece("Toux"),), target=())


def test_conflicts_are_shown_on_the_words_that_differ() -> None:
    one = candidate(
        "Fracture de la jambe gauche",
        ("name", "Fracture de la jambe gauche", "preferred"),
        ("matched", "fracture, jambe"),
        conflicts=("laterality", "sex"),
    )
    reading = highlight("Fracture de la jambe droite", one)
    assert shown(reading.source).endswith("!droite{laterality}")
    assert shown(reading.target).endswith("!gauche{laterality}")
    assert [(each.name, bool(each.source), bool(each.target)) for each in reading.against] == [
        ("laterality", True, True),
        ("sex", False, False),
    ]


@pytest.mark.parametrize(
    ("label", "word"),
    [("h.t.a. connue", "h.t.a."), ("H/T/A connue", "H/T/A"), ("le 2ème HTA", "HTA"), ("l’HTA", "HTA")],
)
def test_acronyms_are_one_word_however_they_are_written(label: str, word: str) -> None:
    reading = highlight(label, candidate("Toux", ("matched", "hta")))
    assert [piece.text for piece in reading.source if piece.standing is Standing.MATCHED] == [word]


def test_numbers_are_recognised_as_words_ordinals_and_romans() -> None:
    reading = highlight("deuxième, 2e, II, 2,5 et 1.5", candidate("Toux", ("matched", "2, 1.5")))
    matched = [piece.text for piece in reading.source if piece.standing is Standing.MATCHED]
    assert matched == ["deuxième", "2e", "II", "1.5"]


def test_decomposed_letters_stay_in_their_word() -> None:
    reading = highlight("fie\u0300vre", candidate("Toux", ("matched", "fievre")))
    assert reading.source == (Piece("fie\u0300vre", Standing.MATCHED),)


def test_a_word_of_the_target_that_its_name_does_not_show_is_still_named() -> None:
    one = candidate("Toux", ("name", "Toux", "preferred"), ("matched", "toux"), ("lacking", "grass"))
    assert highlight("toux", one).lacking == ("grass",)


words = st.text(alphabet="aéœ'’.,/-(%) \t\u0301\u00a0eEIV12ßİ", max_size=30) | st.text(max_size=30)
evidence = st.builds(
    Evidence,
    st.sampled_from(
        [
            "name",
            "reading",
            "matched",
            "word",
            "expanded",
            "misspelt",
            "missing",
            "lacking",
            "label",
            "strength",
            "code",
        ]
    ),
    words | st.lists(words, max_size=3).map(", ".join) | st.tuples(words, words).map(" → ".join),
    st.sampled_from(["", "name"]),
)


@given(words, words, st.lists(evidence, max_size=5), st.sampled_from([(), ("number", "negation", "other")]))
def test_pieces_put_together_give_the_texts_back(
    label: str, display: str, reasons: list[Evidence], conflicts: tuple[str, ...]
) -> None:
    one = Candidate("loinc", "X", display, 0.5, 0.5, tuple(reasons), conflicts)
    reading = highlight(label, one)
    assert "".join(piece.text for piece in reading.source) == label
    assert "".join(piece.text for piece in reading.target) == reading.name
    assert all(piece.standing is not Standing.LACKING for piece in reading.source)


def test_of_a_text_without_end_the_beginning_is_compared_and_all_of_it_is_given_back():
    endless = "fièvre " + " ".join(f"w{number}" for number in range(20_000))
    for label, display in ((endless, "Fièvre"), ("Fièvre", endless)):
        reading = highlight(label, Candidate("cim10", "X12", display, 0.5, 0.5, ()))
        assert "".join(piece.text for piece in reading.source) == label
        assert "".join(piece.text for piece in reading.target) == reading.name == display
        assert len(reading.source) + len(reading.target) < 2 * LONGEST
        assert reading.source[0].standing is Standing.MATCHED
