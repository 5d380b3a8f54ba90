"""Labels and texts of invented documents against their codes."""

from datetime import date

import pytest

from semantix.parsers._xml import parse_xml
from semantix.systems import System
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding
from semantix.validation.cda.labels import RULES, check
from semantix.validation.terms import OpenTerms
from semantix.validation.wordings import contradiction

CIM10, SNOMED, ATC, LOINC = (f"2.16.840.1.113883.6.{last}" for last in ("3", "96", "73", "1"))
RIGHT, LEFT = "24028007", "7771000"


class Labelled(OpenTerms):
    """Labels given in the test, by code."""

    def __init__(self, **labels: str) -> None:
        super().__init__()
        self.given = {code.strip("_").replace("_", "."): text for code, text in labels.items()}

    def labels(self, system: System, code: str) -> tuple[str, ...]:
        return tuple(self.given[code].split("|")) if code in self.given else ()

    def codes_of(self, system: System, wording: str) -> tuple[str, ...]:
        return tuple(sorted(code for code, text in self.given.items() if text == wording))


def found(inner: str, terms: OpenTerms | None = None) -> list[Finding]:
    xml = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<component>{inner}</component></ClinicalDocument>"
    )
    root = parse_xml(xml.encode(), "invented.xml")
    return list(check(Cda(root, "invented.xml", terms=terms or OpenTerms(), day=date(2026, 1, 1))))


def codes(inner: str, terms: OpenTerms | None = None) -> list[str]:
    return [one.code for one in found(inner, terms)]


def value(code: str, display: str, oid: str = CIM10, inner: str = "", name: str = "value") -> str:
    return f'<{name} code="{code}" codeSystem="{oid}" displayName="{display}">{inner}</{name}>'


def original(text: str) -> str:
    return f"<originalText>{text}</originalText>"


def test_every_rule_has_its_own_code():
    assert sorted(rule.code for rule in RULES) == [f"SX-LABEL-{rank:02d}" for rank in range(1, len(RULES) + 1)]


# --- displayName --------------------------------------------------------------------------------------------------


def test_a_display_that_says_the_contrary_of_the_label_is_found():
    (one,) = found(value(RIGHT, "gauche", SNOMED), Labelled(_24028007="droit"))
    assert one.code == "SX-LABEL-01"
    assert one.facts == {"code": RIGHT, "system": "SNOMED CT", "said": "gauche", "meant": "droit"}
    assert one.path.endswith("/value[1]/@displayName")


@pytest.mark.parametrize(
    ("code", "display", "expected"),
    [(RIGHT, "gauche", ["SX-LABEL-01"]), (LEFT, "Droite", ["SX-LABEL-01"]), (RIGHT, "côté droit", []),
     (LEFT, "Left", []), (RIGHT, "Latéralité", []), ("10828004", "négatif", ["SX-LABEL-01"]),
     ("10828004", "Positif", []), ("260385009", "Négatif", []), ("260385009", "Absence", [])],
)  # fmt: skip
def test_sides_and_results_need_no_list(code: str, display: str, expected: list[str]) -> None:
    assert codes(value(code, display, SNOMED)) == expected


def test_each_element_with_the_wrong_display_is_told():
    assert codes(value(RIGHT, "gauche", SNOMED) * 2, Labelled(_24028007="droit")) == ["SX-LABEL-01"] * 2


@pytest.mark.parametrize("display", ["droit", "côté droit", "Droite"])
def test_a_display_in_other_words_says_nothing(display):
    assert codes(value(RIGHT, display, SNOMED), Labelled(_24028007="droit")) == []


def test_a_display_that_is_the_label_of_another_code_is_found():
    terms = Labelled(T78_3="Gonflement inventé", L50_9="Urticaire")
    (one,) = found(value("T78.3", "Urticaire"), terms)
    assert (one.code, one.facts["other"]) == ("SX-LABEL-02", "L50.9")


@pytest.mark.parametrize(
    ("code", "display", "oid", "labels"),
    [
        ("L50.1", "Urticaire", CIM10, {"L50_1": "Autre chose", "L50_9": "Urticaire"}),
        ("T78.3", "Urticaire géante", CIM10, {"T78_3": "Gonflement géant", "L50_9": "Urticaire géante"}),
        ("T78.3", "Inconnu", CIM10, {"T78_3": "Gonflement"}),
        ("N02BE01", "Doliprune", ATC, {"N02BE01": "Paracétumol", "N02BA01": "Doliprune"}),
        ("T78.3", "Urticaire", CIM10, {"T78_3": "Gonflement", "L50_9": "Urticaire", "L51_0": "Urticaire"}),
    ],
)
def test_a_display_that_may_be_right_says_nothing(code, display, oid, labels):
    assert codes(value(code, display, oid), Labelled(**labels)) == []


def test_a_display_more_precise_than_the_residual_code_is_found_without_any_list():
    (one,) = found(value("E14", "Diabète de type 2"))
    assert (one.code, one.facts["other"]) == ("SX-LABEL-04", "E11")


def test_two_displays_of_one_code_that_contradict_each_other_are_found():
    inner = value("H90.1", "Surdité de l’oreille droite") + value("H90.1", "Surdité de l’oreille gauche")
    (one,) = found(inner)
    assert one.code == "SX-LABEL-05"
    assert one.facts["kind_fr"] == "la latéralité"


def test_words_of_two_displays_are_never_told():
    inner = value("Z00.0", "Suivi sans Zqdupond") + value("Z00.0", "Suivi avec Zqdupond")
    assert not [one for one in found(inner) if "zqdupond" in str(dict(one.facts)).casefold()]


def test_words_of_a_display_are_told_whole_and_a_long_number_is_not():
    one = contradiction("Pas de diabètes", ("Diabètes",))
    assert one is not None
    assert (one.said, one.meant) == ("sans diabetes", "diabetes")
    other = contradiction("Classe 0612345678", ("Classe 2",))
    assert other is not None
    assert other.said == "classe …"


def test_two_displays_of_one_code_may_differ():
    assert codes(value("H90.1", "Surdité") + value("H90.1", "Perte de l’audition") + value("H90.1", "Sourd")) == []


CISIS = "1.2.250.1.213.1.1.4.322"


def test_two_displays_without_a_word_in_common_are_found_where_codes_have_one_label():
    inner = value("MED-9001", "Pouls imaginaire", CISIS) + value("MED-9001", "Lunettes", CISIS)
    assert codes(inner) == ["SX-LABEL-07"]
    assert codes(inner.replace("Lunettes", "Pouls inventé")) == []
    assert codes(inner.replace(CISIS, LOINC).replace("MED-9001", "8480-6")) == []


def test_a_display_without_a_word_of_the_label_is_found_where_codes_have_one():
    inner = value("MED-9001", "Pouls imaginaire", CISIS) + value("MED-9001", "Lunettes", CISIS)
    (one,) = found(inner, Labelled(**{"MED-9001": "Pouls"}))
    assert (one.code, one.path[-22:]) == ("SX-LABEL-07", "/value[2]/@displayName")


@pytest.mark.parametrize(
    ("inner", "count"),
    [
        (f'<code code="8480-6" codeSystem="{LOINC}"/>' * 2, 1),
        (f'<code code="8480-6" codeSystem="{LOINC}"><originalText>Tension</originalText></code>', 0),
        ('<code code="AMB" codeSystem="2.16.840.1.113883.5.4"/>', 0),
        ('<code code="X" codeSystem="1.2.250.1.999.1"/>', 0),
        ('<statusCode code="completed"/>', 0),
    ],
)
def test_a_code_that_nobody_can_read_needs_a_display(inner, count):
    assert codes(inner) == ["SX-LABEL-06"] * count


# --- texts --------------------------------------------------------------------------------------------------------


def test_a_text_that_says_the_contrary_of_its_code_is_found_and_not_told():
    (one,) = found(value(RIGHT, "droit", SNOMED, original("bras gauche")))
    assert one.code == "SX-LABEL-03"
    assert one.facts == {
        "code": RIGHT, "system": "SNOMED CT", "kind_en": "the side", "kind_fr": "la latéralité",
    }  # fmt: skip


def test_a_text_elsewhere_is_followed():
    inner = '<text><content ID="a">Diabète de type 2</content></text>' + value(
        "E10", "Diabète de type 1", inner='<originalText><reference value="#a"/></originalText>'
    )
    assert codes(inner) == ["SX-LABEL-03"]


def test_the_text_of_a_problem_is_that_of_its_value():
    inner = (
        '<text><content ID="a">Diabète de type 2</content></text><entry><observation>'
        '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.5"/><text><reference value="#a"/></text>'
        f"{value('E14', 'Diabète, sans précision')}</observation></entry>"
    )
    (one,) = found(inner)
    assert (one.code, one.facts["other"]) == ("SX-LABEL-04", "E11")


@pytest.mark.parametrize(
    "inner",
    [
        value("E10", "Diabète de type 1", inner=original("Diabète de type 1 depuis l’enfance")),
        value("E10", "Diabète de type 1", inner='<originalText><reference value="#none"/></originalText>'),
        value("E10", "Diabète de type 1", inner=original("Diabète de type 2, " + "et ainsi de suite " * 20)),
        value("E10", "Diabète de type 1", inner=original("")),
        f'<value code="E10" codeSystem="{CIM10}">{original("Diabète de type 2")}</value>',
        f'<value nullFlavor="OTH">{original("Diabète de type 2")}</value>',
        f'<value code="E10" codeSystem="1.2.250.1.999.1" displayName="type 1">{original("type 2")}</value>',
        value("G15_10", "Chirurgie droite", "1.2.250.1.213.1.1.4.5", original("Chirurgie gauche")),
    ],
)
def test_a_text_that_may_be_right_says_nothing(inner):
    assert codes(inner) == []


def test_a_text_is_compared_with_the_labels_of_a_code_without_a_display():
    inner = f'<value code="E10" codeSystem="{CIM10}">{original("Diabète de type 2")}</value>'
    assert codes(inner, Labelled(E10="Diabète de type 1")) == ["SX-LABEL-03"]


def test_an_official_synonym_may_say_what_the_text_says():
    inner = value(RIGHT, "droit", SNOMED, original("gauche"))
    assert codes(inner, Labelled(_24028007="droit|gauche")) == []


def statement(name: str, more: str = "") -> str:
    inner = value("R50.9", "Fièvre", inner=original("Absence de fièvre"), name=name)
    return f"<entry><observation {more}>{inner}</observation></entry>"


@pytest.mark.parametrize(
    ("inner", "count"),
    [(statement("value"), 1), (statement("value", 'negationInd="true"'), 0), (statement("code"), 0)],
)
def test_a_text_that_denies_needs_a_statement_that_denies(inner, count):
    assert codes(inner) == ["SX-LABEL-03"] * count


@pytest.mark.parametrize(
    "problem",
    [
        "",
        "<value nullFlavor='UNK'/>",
        value("E14", "Diabète", inner=original("Diabète de type 2")),
        value("E14", "Diabète"),
    ],
)
def test_a_problem_is_read_once(problem):
    inner = f'<entry><observation><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.5"/>{problem}</observation></entry>'
    assert len(codes(inner)) == ("originalText" in problem)


def test_every_fact_that_the_words_name_is_given():
    inner = (
        value(RIGHT, "gauche", SNOMED) + value("T78.3", "Urticaire") + value("E14", "Diabète de type 2")
        + value("H90.1", "oreille droite", inner=original("oreille gauche")) + value("H90.1", "oreille gauche")
        + f'<code code="8480-6" codeSystem="{LOINC}"/>'
        + value("MED-9001", "Pouls", CISIS) + value("MED-9001", "Lunettes", CISIS)
    )  # fmt: skip
    given = found(inner, Labelled(_24028007="droit", T78_3="Gonflement inventé", L50_9="Urticaire"))
    by_code = {rule.code: rule for rule in RULES}
    assert {one.code for one in given} == set(by_code)
    for one in given:
        rule = by_code[one.code]
        for text in (*rule.found, *rule.expected, *rule.fix):
            assert text.format(**one.facts)
