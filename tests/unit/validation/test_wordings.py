"""What two wordings contradict each other in."""

import pytest

from semantix.validation.wordings import AXES, KINDS, NEGATION, are_strangers, contradiction, meaning, named_by


@pytest.mark.parametrize(
    ("wording", "label", "kind"),
    [
        ("gauche", "droit", "laterality"),
        ("Diabète de type 2", "Diabète sucré de type 1", "number"),
        ("Tumeur bénigne du sein", "Tumeur maligne du sein", "behaviour"),
        ("négatif", "positif", "result"),
        ("hypokaliémie", "hyperkaliémie", "opposite"),
        ("absence de fièvre", "fièvre", "negation"),
        ("insuffisance rénale aiguë", "insuffisance rénale chronique", "acuity"),
    ],
)
def test_two_wordings_that_cannot_both_be_right(wording, label, kind):
    found = contradiction(wording, (label,))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("wording", "label"),
    [
        ("gauche", "bras"),
        ("Diabète", "Diabète sucré de type 1"),
        ("Non grave", "gravité légère"),
        ("vaccin antitétanique", "anatoxine tétanique"),
        ("Primo-vaccination", "première série"),
        ("Hémoglobine 12", "Hémoglobine 14"),
        ("semaine 12", "semaine 14"),
        ("paroi antérieure", "face postérieure"),
        ("fracture du fémur", "fracture du fémur"),
    ],
)
def test_two_wordings_that_may_both_be_right(wording, label):
    assert contradiction(wording, (label,)) is None


def test_one_label_that_can_be_right_is_enough():
    assert contradiction("gauche", ("droit", "gauche")) is None


def test_without_a_label_nothing_is_contradicted():
    assert contradiction("gauche", ()) is None


def test_every_kind_has_words_in_both_languages():
    assert {*AXES, NEGATION, "number", "opposite"} == KINDS.keys()
    assert all(english and french for english, french in KINDS.values())


@pytest.mark.parametrize(
    ("code", "wording", "other"),
    [
        ("E14", "Diabète de type 2", "E11"),
        ("E14.9", "Diabète sucré de type 2, sans complication", "E11"),
        ("E14", "Diabète insulino-dépendant", "E10"),
        ("E14", "Diabète non insulino-dépendant", "E11"),
        ("E14", "Diabète sucré", ""),
        ("E14", "Pas de diabète de type 2", ""),
        ("E11", "Diabète de type 1", ""),
        ("I64", "AVC ischémique", "I63"),
        ("F03", "Maladie d’Alzheimer", "F00"),
        ("N19", "Insuffisance rénale chronique", "N18"),
        ("J40", "Bronchite aiguë", "J20"),
    ],
)
def test_a_wording_may_name_what_a_residual_code_leaves_open(code, wording, other):
    assert named_by(code, wording) == other


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [("Pédiatrie", "Rythme inventé", True), ("Adapteur", "Adaptateur", False), ("Pouls rapide", "Pouls", False),
     ("a", "Pouls", False)],
)  # fmt: skip
def test_two_texts_are_strangers_without_a_word_in_common(one, other, are):
    assert are_strangers(one, other) is are


def test_the_meaning_of_a_text_is_in_its_words():
    assert meaning("Le pied et la main") == meaning("mains, pieds")
