"""What forbids automatic acceptance: contradictions, and what one text alone says where it makes another code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Context
from semantix.terminology.conflicts import compare, conflicts, context_conflicts, hard_names, marks_of

CONTRADICTIONS = [
    ("gonarthrose droite", "gonarthrose gauche", "laterality"),
    ("surdité unilatérale", "surdité bilatérale", "laterality"),
    ("bronchite aiguë", "bronchite chronique", "acuity"),
    ("tumeur bénigne du rein", "tumeur maligne du rein", "behaviour"),
    ("diabète de type 2", "diabète de type 1", "number"),
    ("diabète type II", "diabète type I", "number"),
    ("hépatite B", "hépatite virale C", "number"),
    ("vitamine D", "vitamine C", "number"),
    ("fracture de L4", "fracture de L5", "number"),
    ("escarre stade 3", "escarre stade 2", "number"),
    ("brûlure du premier degré", "brûlure du second degré", "number"),
    ("fracture ouverte du tibia", "fracture fermée du tibia", "fracture"),
    ("hypotension", "hypertension", "opposite"),
    ("tachycardie", "bradycardie", "opposite"),
    ("continence", "incontinence", "opposite"),
    ("greffe autologue, autogreffe", "allogreffe", "opposite"),
    ("appendicite sans péritonite", "appendicite avec péritonite", "negation"),
    ("plaie avec corps étranger", "plaie sans complication", "with"),
    ("diabète non insulinodépendant", "diabète insulinodépendant", "negation"),
    ("pas de fièvre", "fièvre", "negation"),
    ("membre supérieur", "membre inférieur", "vertical"),
    ("fossette antérieure", "fossette postérieure", "depth"),
    ("otite externe", "otite interne", "side"),
    ("fémur proximal", "fémur distal", "end"),
    ("surdité congénitale", "surdité acquise", "origin"),
    ("hypertension essentielle", "hypertension secondaire", "spread"),
    ("démence légère", "démence sévère", "severity"),
    ("épisode dépressif isolé", "épisode dépressif récurrent", "recurrence"),
    ("adénopathie localisée", "adénopathie généralisée", "extent"),
    ("stérilité masculine", "stérilité féminine", "sex"),
    ("asthme de l'adulte", "asthme de l'enfant", "age group"),
    ("test positif", "test négatif", "result"),
    ("chute accidentelle", "chute volontaire", "intent"),
    ("hypertension de la grossesse", "hypertension néonatale", "pregnancy"),
]
MISSING = [
    ("suspicion d'embolie pulmonaire", "embolie pulmonaire", "suspicion"),
    ("embolie pulmonaire ?", "embolie pulmonaire", "suspicion"),
    ("ATCD d'infarctus", "infarctus du myocarde", "history"),
    ("séquelle de fracture", "fracture du fémur", "sequela"),
    ("antécédents familiaux de cancer du sein", "cancer du sein", "family"),
    ("père diabétique", "diabète", "family"),
    ("dépistage du cancer du côlon", "cancer du côlon", "screening"),
    ("vaccination contre la grippe", "grippe", "vaccination"),
    ("peur du cancer", "cancer", "fear"),
    ("sujet contact tuberculose", "tuberculose", "contact"),
    ("portage de staphylocoque", "infection à staphylocoque", "carriage"),
    ("ictère du nouveau-né", "ictère", "pregnancy"),
    ("diabète de type 1", "diabète", "number"),
    ("carcinome in situ du sein", "cancer du sein", "behaviour"),
    ("métastase osseuse", "tumeur maligne des os", "spread"),
    ("absence de fièvre", "toux", "negation"),
]
ADDED = [
    ("diabète", "antécédents familiaux de diabète", "family"),
    ("infarctus", "antécédents personnels d'infarctus", "history"),
    ("HTA", "hypertension de la grossesse", "pregnancy"),
    ("tumeur du sein", "tumeur maligne du sein", "behaviour"),
    ("diabète", "diabète de type 2", "number"),
    ("hépatite", "hépatite B", "number"),
    ("insuffisance rénale", "insuffisance rénale, stade 4", "number"),
    ("fracture du tibia", "fracture ouverte du tibia", "fracture"),
    ("tuberculose", "dépistage de la tuberculose", "screening"),
    ("sténose du pylore", "sténose congénitale du pylore", "origin"),
]
FALSE_FRIENDS = [
    ("clairance de la créatinine", "créatinine"),
    ("CPK", "créatinine"),
    ("créatine kinase", "créatinine"),
    ("créatinine urinaire", "créatinine"),
    ("rapport LDL/HDL", "LDL cholestérol"),
    ("LDL/HDL", "LDL"),
    ("cholestérol total/HDL", "cholestérol total"),
    ("glycémie moyenne estimée", "glycémie à jeun"),
    ("glycémie moyenne estimée", "hémoglobine glyquée"),
    ("glycémie post-prandiale", "glycémie à jeun"),
    ("glycosurie", "glycémie à jeun"),
    ("glucose urinaire", "glucose à jeun"),
    ("albumine", "microalbuminurie"),
    ("préalbumine", "albumine"),
    ("rapport albumine/créatinine", "microalbuminurie"),
    ("hémoglobine", "HbA1c"),
    ("hémoglobine", "hémoglobine glyquée"),
    ("potassium urinaire", "potassium sérique"),
    ("potassium urinaire", "potassium"),
    ("kaliurèse", "potassium"),
    ("LDL calculé", "LDL mesuré"),
    ("LDL calculé", "LDL"),
    ("HbA1c %", "HbA1c mmol/mol"),
    ("T3 libre", "T4 libre"),
    ("T4 libre", "T4"),
    ("anticorps anti-HBs", "antigène HBs"),
    ("coombs direct", "coombs indirect"),
    ("protéinurie des 24 h", "protéinurie"),
]
ALIKE = [
    ("gonarthrose droite", "gonarthrose"),
    ("HTA", "hypertension essentielle (primitive)"),
    ("diabète type 2", "diabète sucré de type 2, sans complication"),
    ("DT2", "diabète de type 2"),
    ("cancer du sein", "tumeur maligne du sein"),
    ("mélanome du dos", "mélanome malin du tronc"),
    ("métastases osseuses", "tumeur maligne secondaire des os"),
    ("plaie du doigt", "plaie ouverte du doigt"),
    ("pré-éclampsie", "prééclampsie"),
    ("rein surnuméraire", "autres malformations congénitales du rein"),
    ("séquelle d'infarctus", "infarctus ancien"),
    ("hypercholestérolémie familiale", "hypercholestérolémie"),
    ("grippe sans précision", "grippe"),
    ("insuffisance rénale aiguë sur chronique", "insuffisance rénale chronique"),
    ("carence en vitamine B12", "carence en vitamine B12"),
    ("pancréatite subaiguë", "pancréatite aiguë"),
    ("rétinite (B25.8)", "rétinite (B58.0)"),
]


@pytest.mark.parametrize(("query", "label", "name"), CONTRADICTIONS)
def test_contradiction_is_hard_both_ways(query: str, label: str, name: str) -> None:
    assert name in hard_names(conflicts(query, label))
    assert name in hard_names(conflicts(label, query))


@pytest.mark.parametrize(("query", "label", "name"), MISSING)
def test_what_the_label_leaves_out_is_hard_where_it_makes_another_code(query: str, label: str, name: str) -> None:
    assert name in hard_names(conflicts(query, label))


@pytest.mark.parametrize(("query", "label", "name"), ADDED)
def test_what_the_label_adds_is_hard_where_it_makes_another_code(query: str, label: str, name: str) -> None:
    assert name in hard_names(conflicts(query, label))


@pytest.mark.parametrize(("query", "label"), FALSE_FRIENDS)
def test_false_friends_of_the_laboratory_conflict(query: str, label: str) -> None:
    assert hard_names(conflicts(query, label, laboratory=True))
    assert hard_names(conflicts(label, query, laboratory=True))


@pytest.mark.parametrize(("query", "label"), ALIKE)
def test_wordings_of_one_thing_have_no_hard_conflict(query: str, label: str) -> None:
    assert hard_names(conflicts(query, label)) == ()


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("Potassium", "potassium sérique"),
        ("créatinine", "créatinine (sérum ou plasma)"),
        ("rapport albumine/créatinine", "albumine/créatinine"),
        ("glucose g/l", "glucose"),
        ("LDL calculé", "cholestérol LDL calculé"),
        ("kaliémie", "potassium sérique"),
    ],
)
def test_wordings_of_one_analyte_have_no_hard_conflict(query: str, label: str) -> None:
    assert hard_names(conflicts(query, label, laboratory=True)) == ()


def test_a_missing_side_is_told_and_not_hard() -> None:
    (found,) = conflicts("gonarthrose droite", "gonarthrose")
    assert (found.name, found.query, found.label, found.hard) == ("laterality", "droite", "", False)


def test_hard_conflicts_come_first() -> None:
    found = conflicts("suspicion de phlébite gauche", "phlébite")
    assert [conflict.name for conflict in found] == ["suspicion", "laterality"]


def test_urine_speaks_of_the_specimen_in_a_laboratory_only() -> None:
    assert hard_names(conflicts("infection urinaire", "cystite")) == ()
    assert hard_names(conflicts("sodium urinaire", "sodium", laboratory=True)) == ("specimen",)


def test_a_section_of_histories_makes_a_label_of_history_fit() -> None:
    assert hard_names(conflicts("infarctus", "antécédents d'infarctus")) == ("history",)
    assert hard_names(conflicts("infarctus", "antécédents d'infarctus", section="history")) == ()
    assert hard_names(conflicts("cancer du sein", "antécédents familiaux de cancer", section="family-history")) == ()


@pytest.mark.parametrize(
    ("context", "label", "expected"),
    [
        (Context(sex="male"), "endométriose de l'ovaire", ("sex",)),
        (Context(sex="male"), "grossesse confirmée", ("sex",)),
        (Context(sex="female"), "hyperplasie de la prostate", ("sex",)),
        (Context(sex="female"), "endométriose de l'ovaire", ()),
        (Context(), "endométriose de l'ovaire", ()),
        (Context(age=45), "ictère néonatal", ("age",)),
        (Context(age=0.1), "ictère néonatal", ()),
        (Context(age=75), "diabète de la grossesse", ("age",)),
        (Context(age=30), "diabète de la grossesse", ()),
        (Context(section="family-history"), "tumeur maligne du sein", ("family",)),
        (Context(section="family-history"), "antécédents familiaux de tumeur maligne", ()),
        (Context(section="problem"), "antécédents familiaux de tumeur maligne", ("family",)),
        (Context(section="history"), "infarctus aigu du myocarde", ("history",)),
        (Context(section="history"), "diabète", ()),
        (Context(section="problem"), "diabète", ()),
    ],
)
def test_context_against_a_label(context: Context, label: str, expected: tuple[str, ...]) -> None:
    assert hard_names(context_conflicts(context, marks_of(label))) == expected


def test_a_history_in_a_section_of_problems_is_told_and_not_hard() -> None:
    (found,) = context_conflicts(Context(section="problem"), marks_of("antécédents personnels d'infarctus"))
    assert (found.name, found.hard) == ("history", False)


def test_a_negation_inside_a_label_is_told_and_not_hard() -> None:
    assert [(found.name, found.hard) for found in conflicts("diabète", "diabète, sans coma")] == [("negation", False)]


@given(st.text(max_size=60))
def test_a_text_never_conflicts_with_itself(text: str) -> None:
    for laboratory in (False, True):
        marks = marks_of(text, laboratory=laboratory)
        assert hard_names(compare(marks, marks)) == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_can_be_compared(query: str, label: str) -> None:
    assert conflicts(query, label) == conflicts(query, label)


WORDS = [
    "diabète",
    "sans",
    "avec",
    "pas",
    "de",
    "type",
    "2",
    "1",
    "droit",
    "gauche",
    "cancer",
    "aigu",
    "non",
    "coma",
    ",",
    "?",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_a_wording_never_conflicts_with_itself(words: list[str]) -> None:
    marks = marks_of(" ".join(words))
    assert hard_names(compare(marks, marks)) == ()
