"""Laboratory labels taken apart, and matched with a handful of LOINC names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Context, Query
from semantix.resources import data_lines
from semantix.terminology.labs import parse_analytes, parse_label, root, tokens, unit_part
from semantix.terminology.loinc_names import parse_axes, parse_loinc_name
from semantix.terminology.matching import KINDS_OF_SOURCE, Ranked, Request
from semantix.terminology.matching.lab_names import CuratedLab, Resources
from semantix.terminology.matching.labs import LabMatcher
from semantix.terminology.units import parse_units

ANALYTES = parse_analytes(data_lines("mappings", "lexicon/analytes.tsv"))
UNITS = parse_units(data_lines("mappings", "tables/units__ucum.sssom.tsv"))
# Names are built from their axes as LOINC does; the codes are real, the choice is ours.
NAMES = {
    "2160-0": "Creatinine [Mass/volume] in Serum or Plasma",
    "14682-9": "Creatinine [Moles/volume] in Serum or Plasma",
    "14683-7": "Creatinine [Moles/volume] in Urine",
    "35591-7": "Creatinine renal clearance predicted by Cockcroft-Gault formula",
    "2157-6": "Creatine kinase [Enzymatic activity/volume] in Serum or Plasma",
    "2823-3": "Potassium [Moles/volume] in Serum or Plasma",
    "2828-2": "Potassium [Moles/volume] in Urine",
    "2345-7": "Glucose [Mass/volume] in Serum or Plasma",
    "53049-3": "Glucose [Mass/volume] in Serum or Plasma --pre-meal",
    "16915-1": "Glucose [Mass/volume] in Serum or Plasma --post meal",
    "20436-2": "Glucose [Mass/volume] in Serum or Plasma --2 hours post dose glucose",
    "20438-8": "Glucose [Mass/volume] in Serum or Plasma --1 hour post dose glucose",
    "2350-7": "Glucose [Mass/volume] in Urine",
    "718-7": "Hemoglobin [Mass/volume] in Blood",
    "4548-4": "Hemoglobin A1c/Hemoglobin.total in Blood",
    "59261-8": "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol",
    "2089-1": "Cholesterol in LDL [Mass/volume] in Serum or Plasma",
    "13457-7": "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation",
    "2085-9": "Cholesterol in HDL [Mass/volume] in Serum or Plasma",
    "2093-3": "Cholesterol [Mass/volume] in Serum or Plasma",
    "11054-4": "Cholesterol in LDL/Cholesterol in HDL [Mass Ratio] in Serum or Plasma",
    "16616-5": "Cholesterol in HDL/Cholesterol in LDL [Mass Ratio] in Serum or Plasma",
    "1751-7": "Albumin [Mass/volume] in Serum or Plasma",
    "14338-8": "Prealbumin [Mass/volume] in Serum or Plasma",
    "14957-5": "Microalbumin [Mass/volume] in Urine",
    "26474-7": "Lymphocytes [#/volume] in Blood",
    "26478-8": "Lymphocytes/100 leukocytes in Blood",
    "6875-9": "Cancer Ag 15-3 [Units/volume] in Serum or Plasma",
    "24108-3": "Cancer Ag 19-9 [Units/volume] in Serum or Plasma",
    "5334-8": "Rubella virus IgG Ab [Units/volume] in Serum or Plasma by Immunoassay",
    "5335-5": "Rubella virus IgM Ab [Units/volume] in Serum or Plasma by Immunoassay",
    "2880-3": "Protein [Mass/volume] in Cerebral spinal fluid",
    "2885-2": "Protein [Mass/volume] in Serum or Plasma",
    "5894-1": "Prothrombin time (PT) actual/Normal",
}
CURATED = (
    CuratedLab("Hémoglobine glyquée", "4548-4", ("%",)),
    CuratedLab("Hb glyquée IFCC", "59261-8", ("mmol/mol",)),
    CuratedLab("Creat. sang", "14682-9", ("umol/L",), ("serum",)),
    CuratedLab("K urinaire", "2823-3", refused=True),
    CuratedLab("HbA1c %", "59261-8", refused=True),
    CuratedLab("Kaliémie", "2823-3", ("mmol/L",)),
)


@pytest.fixture(scope="module")
def matcher() -> LabMatcher:
    terms = [(code, name, "preferred", "en") for code, name in NAMES.items()]
    terms.append(("32016-8", "Glucose:Masse/Volume:Ponctuel:Sang capillaire:Numérique:", "preferred", "fr"))
    return LabMatcher.build(terms, {}, Resources(ANALYTES, UNITS, CURATED))


def first(matcher: LabMatcher, text: str, unit: str = "", specimen: str = "") -> Ranked:
    request = Request(Query(text=text), Context(unit=unit, specimen=specimen))
    return matcher.rank([request])[0][0]


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("Créatinine plasmatique", "µmol/L", "14682-9"),
        ("CREATININE", "mg/L", "2160-0"),
        ("Créatinine (mg/L)", "", "2160-0"),
        ("K", "mmol/L", "2823-3"),
        ("Kaliurèse", "mmol/L", "2828-2"),
        ("Glycémie à jeun", "g/L", "53049-3"),
        ("Glycémie post-prandiale", "g/L", "16915-1"),
        ("Glycémie capillaire", "g/L", "32016-8"),
        ("Glycosurie", "g/L", "2350-7"),
        ("HbA1c", "%", "4548-4"),
        ("Hb A1c", "mmol/mol", "59261-8"),
        ("Hémoglobine", "g/dL", "718-7"),
        ("LDL calculé", "g/L", "13457-7"),
        ("LDL-cholestérol", "g/L", "2089-1"),
        ("Rapport LDL/HDL", "", "11054-4"),
        ("Lymphocytes", "G/L", "26474-7"),
        ("Lymphocytes %", "", "26478-8"),
        ("CA 15-3", "U/mL", "6875-9"),
        ("CA19.9", "UI/mL", "24108-3"),
        ("Rubéole IgM", "UI/mL", "5335-5"),
        ("Protéines LCR", "g/L", "2880-3"),
        ("TP (%)", "", "5894-1"),
        ("Albumine", "g/L", "1751-7"),
        ("Microalbuminurie", "mg/L", "14957-5"),
        ("Microalbumine", "mg/L", "14957-5"),
        ("CPK", "UI/L", "2157-6"),
    ],
)
def test_labels_of_laboratories_find_their_term(matcher: LabMatcher, text: str, unit: str, code: str) -> None:
    found = first(matcher, text, unit)
    assert (found.code, found.conflicts) == (code, ())


@pytest.mark.parametrize(
    ("text", "unit", "wrong"),
    [
        ("Clairance de la créatinine", "mL/min", {"2160-0", "14682-9"}),
        ("CPK", "UI/L", {"2160-0", "14682-9"}),
        ("Créatinine urinaire", "mmol/L", {"2160-0", "14682-9"}),
        ("Rapport LDL/HDL", "", {"2089-1", "13457-7", "2085-9", "2093-3", "16616-5"}),
        ("Rapport cholestérol total/HDL", "", {"2093-3", "2085-9"}),
        ("Glycémie moyenne estimée", "g/L", {"4548-4", "53049-3", "2345-7"}),
        ("Glycémie post-prandiale", "g/L", {"53049-3", "2345-7"}),
        ("Glucose urinaire", "g/L", {"53049-3", "2345-7"}),
        ("Albumine", "g/L", {"14957-5"}),
        ("Microalbumine", "g/L", {"1751-7"}),
        ("Préalbumine", "g/L", {"14957-5", "1751-7"}),
        ("Rapport albumine/créatinine", "mg/mmol", {"14957-5", "1751-7", "14683-7"}),
        ("Hémoglobine", "g/dL", {"4548-4", "59261-8"}),
        ("Potassium urinaire", "mmol/L", {"2823-3"}),
        ("Cholestérol LDL mesuré", "g/L", {"13457-7"}),
        ("HbA1c", "mmol/mol", {"4548-4"}),
        ("HbA1c", "%", {"59261-8"}),
        ("HbA1c", "", {"4548-4", "59261-8"}),
        ("Sodium sueur", "mmol/L", {"2823-3"}),
        ("Glycémie 3 h après 75 g de glucose", "g/L", {"20436-2", "20438-8"}),
        ("K urinaire", "mmol/L", {"2823-3"}),
        ("Potassium", "furlong", {"2823-3"}),
    ],
)
def test_false_friends_are_never_free_of_conflicts(matcher: LabMatcher, text: str, unit: str, wrong: set[str]) -> None:
    ranked = matcher.rank([Request(Query(text=text), Context(unit=unit))])[0]
    assert [item.code for item in ranked if item.code in wrong and not item.conflicts] == []


def test_the_hour_after_a_dose_chooses_the_term(matcher: LabMatcher) -> None:
    assert first(matcher, "Glucose T120 HGPO", "g/L").code == "20436-2"
    assert first(matcher, "Glycémie 1 h après 75 g de glucose", "g/L").code == "20438-8"


def test_the_specimen_of_the_context_counts(matcher: LabMatcher) -> None:
    assert first(matcher, "Créatinine", "mmol/L", "urine").code == "14683-7"
    assert first(matcher, "Protéines", "g/L", "csf").code == "2880-3"


def test_a_mass_and_a_molar_term_share_the_belief_when_no_unit_tells(matcher: LabMatcher) -> None:
    told, untold = first(matcher, "Créatinine", "µmol/L"), first(matcher, "Créatinine")
    assert untold.code == "14682-9"
    assert untold.confidence < told.confidence


def test_many_terms_of_one_analyte_hide_none_of_them() -> None:
    names = {
        f"{place}-0": f"Glucose [Mass/volume] in Serum or Plasma --{place} hours post meal" for place in range(1, 150)
    }
    names["53049-3"] = NAMES["53049-3"]
    terms = [(code, name, "preferred", "en") for code, name in names.items()]
    crowd = LabMatcher.build(terms, {}, Resources(ANALYTES, UNITS))
    assert first(crowd, "Glycémie à jeun", "g/L").code == "53049-3"


def test_nothing_near_gives_nothing(matcher: LabMatcher) -> None:
    assert matcher.rank([Request(Query(text="zzzz")), Request(Query(text=""))]) == [(), ()]


def test_the_answer_does_not_depend_on_the_batch_nor_on_the_order_of_terms(matcher: LabMatcher) -> None:
    requests = [Request(Query(text=text)) for text in ("Potassium", "HbA1c", "LDL calculé", "Potassium")]
    together = matcher.rank(requests)
    assert together == [matcher.rank([request])[0] for request in requests]
    turned = [(code, name, "preferred", "en") for code, name in reversed(NAMES.items())]
    turned.append(("32016-8", "Glucose:Masse/Volume:Ponctuel:Sang capillaire:Numérique:", "preferred", "fr"))
    again = LabMatcher.build(turned, {}, Resources(ANALYTES, UNITS, tuple(reversed(CURATED))))
    assert again.rank(requests) == together


def test_evidence_names_the_words_and_the_unit(matcher: LabMatcher) -> None:
    found = first(matcher, "Potassium", "mmol/L")
    assert {item.kind for item in found.evidence} >= {"word", "unit", "specimen"}


def test_examples_are_ranked_without_their_own_wording(matcher: LabMatcher) -> None:
    examples = list(matcher.examples())
    assert examples == list(matcher.examples())
    assert examples
    assert {example.kind for example in examples} <= set(KINDS_OF_SOURCE)


def test_kinds_of_source(matcher: LabMatcher) -> None:
    texts = ("TP", "Potassium plasmatique", " ".join(["mot"] * 20))
    assert [matcher.kind_of(Request(Query(text=text))) for text in texts] == ["abbreviated", "label", "free-text"]


@given(st.text(max_size=60), st.text(max_size=10))
def test_no_text_breaks_the_matcher(text: str, unit: str) -> None:
    small = LabMatcher.build([("2823-3", NAMES["2823-3"], "preferred", "en")], {}, Resources(ANALYTES, UNITS))
    for ranked in small.rank([Request(Query(text=text), Context(unit=unit))]):
        assert all(0 <= item.confidence <= 1 for item in ranked)


def test_numbers_and_letters_are_cut_apart() -> None:
    assert tokens("CA15.3") == ["ca", "15", "3"]
    assert tokens("Facteur VIII") == ["facteur", "8"]
    assert tokens("T.S.H. ultrasensible") == ["tsh", "ultrasensible"]


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("progestérone", "Progesterone"),
        ("phénytoïne", "Phenytoin"),
        ("protéine", "Protein"),
        ("cholestérol", "Cholesterol"),
    ],
)
def test_words_of_both_languages_meet(french: str, english: str) -> None:
    assert [root(word) for word in tokens(french)] == [root(word) for word in tokens(english)]


def test_a_unit_is_split_off_a_label() -> None:
    assert unit_part("Glucose (mmol/L)") == ("Glucose", "mmol/L")
    assert unit_part("Glucose") == ("Glucose", "")


def test_a_label_tells_its_specimen_and_its_facts() -> None:
    label = parse_label("Clairance de la créatinine urinaire des 24 h calculée", ANALYTES)
    assert label.specimen == "urine"
    assert label.flags >= {"clearance", "timed", "calculated"}
    assert "ratio" not in parse_label("ASAT/GOT", ANALYTES).flags


def test_a_name_and_its_axes_say_the_same() -> None:
    axes = {"COMPONENT": "Creatinine", "PROPERTY": "SCnc", "SYSTEM": "Ser/Plas", "TIME": "Pt"}
    assert parse_axes(axes) == parse_loinc_name(NAMES["14682-9"])


def test_a_release_that_gives_axes_only_is_matched() -> None:
    axes = {"14682-9": {"COMPONENT": "Creatinine", "PROPERTY": "SCnc", "SYSTEM": "Ser/Plas", "TIME": "Pt"}}
    assert first(LabMatcher.build([], axes, Resources(ANALYTES, UNITS)), "Créatinine").code == "14682-9"


def test_the_lexicon_holds_enough_analytes() -> None:
    rows = [line.split("\t") for line in data_lines("mappings", "lexicon/analytes.tsv")]
    assert rows[0] == ["french", "english", "specimen", "hint", "source"]
    assert len({row[1] for row in rows[1:]}) >= 400
    assert all(len(row) == 5 and row[0] and row[1] for row in rows)
