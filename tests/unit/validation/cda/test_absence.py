"""Negation, absence and null flavours of invented statements."""

import pytest
from tests.unit.validation.cda.bodies import IPS, SNOMED, cda, coded, codes, observation, section, words_are_whole

from semantix.validation.cda.absence import RULES, check

IHE = "1.3.6.1.4.1.19376.1.5.3.1.4."
PROBLEM, ALLERGY = f'<templateId root="{IHE}5"/>', f'<templateId root="{IHE}5"/><templateId root="{IHE}6"/>'
TRUE = 'negationInd="true"'


def problem(value: str, attributes: str = "", more: str = "") -> str:
    return observation(value, "55607006", SNOMED, PROBLEM + more, attributes)


def allergy(value: str, attributes: str = "", more: str = "") -> str:
    return observation(value, "419199007", SNOMED, ALLERGY + more, attributes)


def said(words: str) -> str:
    return f"<originalText>{words}</originalText>"


DIABETES = coded("44054006", SNOMED, "Diabète de type 2")
PENICILLIN = coded("91936005", SNOMED, "Allergie à la pénicilline")
NO_PROBLEM, NO_ALLERGY = coded("no-known-problems", IPS), coded("no-known-allergies", IPS)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('<value xsi:type="CD" nullFlavor="UNK"/>', []),
        ('<value xsi:type="CD" nullFlavor="ASKU"/>', []),
        ('<value xsi:type="CD" nullFlavor="NULL"/>', ["SX-NEG-01"]),
        ('<value xsi:type="CD" nullFlavor="Anne Testeur"/>', ["SX-NEG-01"]),
        ('<value xsi:type="CD" nullFlavor="UNK" code="1"/>', ["SX-NEG-02"]),
        ('<value xsi:type="PQ" nullFlavor="UNK" value="3"/>', ["SX-NEG-02"]),
        ('<value xsi:type="PQ" nullFlavor="UNK" value=""/>', []),
        ('<value xsi:type="PQ" nullFlavor="UNK" unit="g"/>', []),
        ('<id nullFlavor="MSK" root="1.2.3"/>', []),
        ('<id nullFlavor="MSK" root="1.2.3" extension="4"/>', ["SX-NEG-02"]),
    ],
)
def test_null_flavours(element: str, expected: list[str]) -> None:
    assert codes(check, section(observation(element))) == expected


def test_a_null_flavour_that_is_words_is_not_repeated() -> None:
    (found,) = check(cda(section(observation('<value xsi:type="CD" nullFlavor="Anne Testeur"/>'))))
    assert found.facts == {"null": "…", "element": "value"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (problem(NO_PROBLEM), []),
        (problem(NO_PROBLEM, 'negationInd="false"'), []),
        (problem(NO_PROBLEM, TRUE), ["SX-NEG-03"]),
        (problem(coded("160245001", SNOMED), TRUE), ["SX-NEG-03"]),
        (f"<act><entryRelationship {TRUE}>{problem(NO_PROBLEM)}</entryRelationship></act>", ["SX-NEG-03"]),
        (problem(coded("no-problem-info", IPS), TRUE), ["SX-NEG-03"]),
        (problem(DIABETES, TRUE), []),
    ],
)
def test_an_absence_is_not_denied_again(entry: str, expected: list[str]) -> None:
    assert codes(check, section(entry)) == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((problem(NO_PROBLEM), problem(DIABETES)), ["SX-NEG-04"]),
        ((problem(NO_PROBLEM), problem(DIABETES, TRUE)), []),
        ((problem(NO_PROBLEM), problem('<value xsi:type="CD" nullFlavor="UNK"/>')), []),
        ((problem(NO_PROBLEM), allergy(PENICILLIN)), []),
        ((allergy(NO_ALLERGY), allergy(PENICILLIN)), ["SX-NEG-04"]),
        ((allergy(coded("no-known-food-allergies", IPS)), allergy(PENICILLIN)), []),
        ((problem(coded("no-problem-info", IPS)), problem(DIABETES)), []),
    ],
)
def test_none_known_beside_one_that_is(entries: tuple[str, ...], expected: list[str]) -> None:
    assert codes(check, section(*entries)) == expected


def test_another_section_may_state_what_this_one_has_not() -> None:
    assert codes(check, section(problem(NO_PROBLEM)), section(problem(DIABETES))) == []


def given(code: str, template: str) -> str:
    inner = f'<templateId root="{IHE}{template}"/><code code="{code}" codeSystem="{IPS}"/>'
    return f'<substanceAdministration moodCode="EVN">{inner}</substanceAdministration>'


def device(code: str) -> str:
    inner = f'<playingDevice><code code="{code}" codeSystem="{IPS}"/></playingDevice>'
    return f"<supply><participant><participantRole>{inner}</participantRole></participant></supply>"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (problem(NO_ALLERGY), ["SX-NEG-05"]),
        (allergy(NO_PROBLEM), ["SX-NEG-05"]),
        (given("no-known-medications", "7"), []),
        (given("no-known-medications", "12"), ["SX-NEG-05"]),
        (given("no-known-immunizations", "12"), []),
        (device("no-known-devices"), []),
        (device("no-known-problems"), ["SX-NEG-05"]),
        (observation(NO_PROBLEM), []),
        (observation(coded("no-known-problems", SNOMED)), []),
        (NO_PROBLEM, []),
    ],
)
def test_an_absence_code_is_of_the_kind_of_its_statement(entry: str, expected: list[str]) -> None:
    assert codes(check, section(entry)) == expected


@pytest.mark.parametrize(
    ("label", "words", "attributes", "expected"),
    [
        ("Diabète de type 2", "Pas de diabète", "", ["SX-NEG-06"]),
        ("Diabète de type 2", "Absence de diabète de type 2", 'negationInd="false"', ["SX-NEG-06"]),
        ("Diabète de type 2", "Pas de diabète", TRUE, []),
        ("Diabète de type 2", "Diabète : non", "", ["SX-NEG-06"]),
        ("Diabète de type 2", "Non", "", ["SX-NEG-06"]),
        ("Diabète de type 2", "Non", TRUE, []),
        ("Diabète de type 2", "Oui.", "", []),
        ("Diabète de type 2", "Oui.", TRUE, ["SX-NEG-10"]),
        ("Absence de diabète", "Oui", TRUE, []),
        ("Non", "Non", "", []),
        ("Diabète de type 2", "Diabète de type 2", "", []),
        ("Diabète de type 2", "Diabète non insulinodépendant", "", []),
        ("Diabète de type 2", "Pas d’insuline", "", []),
        ("Diabète de type 2", "Pas de diabète de type 1, mais de type 2", "", []),
        ("Migraine sans aura", "Migraine sans aura", "", []),
        ("Absence de métastase", "Pas de métastase", "", []),
        ("Diabète de type 2", "Pas de diabète " + "x" * 120, "", []),
    ],
)
def test_a_denial_of_the_words_is_not_lost(label: str, words: str, attributes: str, expected: list[str]) -> None:
    assert codes(check, section(problem(coded("44054006", SNOMED, label, said(words)), attributes))) == expected


def test_the_words_of_the_statement_count_where_its_code_has_none() -> None:
    text = '<text><reference value="#p"/></text>'
    anchored = '<content ID="p">Aucune allergie à la pénicilline</content>'
    assert codes(check, section(allergy(PENICILLIN, more=text), text=anchored)) == ["SX-NEG-06"]


@pytest.mark.parametrize(
    ("cells", "attributes", "expected"),
    [
        ("<td>Oui</td>", "", []),
        ("<td>Oui</td>", TRUE, ["SX-NEG-10"]),
        ("<td>Non</td>", "", ["SX-NEG-06"]),
        ("<td>Non</td>", TRUE, []),
        ("<td>Oui</td><td>Non</td>", "", []),
        ("<td>Non</td><td>Depuis 2020</td>", "", []),
        ("<td>Traité</td>", "", []),
    ],
)
def test_the_answer_may_stand_beside_the_label_in_a_table(cells: str, attributes: str, expected: list[str]) -> None:
    row = f'<tr><td><content ID="p">Diabète</content></td>{cells}</tr>'
    text = '<text><reference value="#p"/></text>'
    entry = problem(DIABETES, attributes, text)
    assert codes(check, section(entry, text=f"<table><tbody>{row}</tbody></table>")) == expected


def answered(value: str, words: str, attributes: str = 'negationInd="false"') -> str:
    return observation(value, "x", SNOMED, f"<text>{words}</text>", attributes)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (answered(DIABETES, "Oui"), []),
        (answered(DIABETES, "Non"), ["SX-NEG-06"]),
        (answered(DIABETES, "Non", ""), []),
        (answered(DIABETES, "Non", TRUE), []),
        (answered(DIABETES, "Oui", TRUE), ["SX-NEG-10"]),
        (answered(DIABETES, "non renseigné"), []),
        (answered(coded("373067005", SNOMED, "Non"), "Non"), []),
        (answered('<value xsi:type="BL" value="true"/>', "Oui", ""), []),
        (answered('<value xsi:type="BL" value="false"/>', "Non", ""), []),
        (answered('<value xsi:type="BL" value="false"/>', "Oui", ""), ["SX-NEG-11"]),
        (answered('<value xsi:type="BL" value="true"/>', "Non", ""), ["SX-NEG-11"]),
        (answered('<value xsi:type="BL" value="false"/>', "Oui", TRUE), []),
        (answered('<value xsi:type="INT" value="0"/>', "Non", ""), []),
        (answered("", "Non"), []),
        (answered('<value xsi:type="ST">Non</value>', "Non"), []),
        (f"<act>{answered(DIABETES, 'Non').replace('EVN', 'INT')}</act>", []),
    ],
)
def test_any_observation_on_a_plain_yes_or_no(entry: str, expected: list[str]) -> None:
    assert codes(check, section(entry)) == expected


@pytest.mark.parametrize(
    ("head", "expected"), [("Présente ?", ["SX-NEG-06"]), ("Oui/Non", ["SX-NEG-06"]), ("Traité ?", []), ("", [])]
)
def test_the_column_of_an_answer_must_ask_whether_it_is_so(head: str, expected: list[str]) -> None:
    heads = f"<thead><tr><th>Date</th><th>Libellé</th><th>{head}</th></tr></thead>"
    row = '<tr><td>2020</td><td><content ID="p">Diabète</content></td><td>Non</td></tr>'
    entry = problem(DIABETES, "", '<text><reference value="#p"/></text>')
    assert codes(check, section(entry, text=f"<table>{heads}<tbody>{row}</tbody></table>")) == expected


def test_a_vaccination_that_was_not_given_is_not_lost() -> None:
    inner = f'<templateId root="{IHE}12"/><code code="INITIMMUNIZ"/>{said("Non").replace("originalText", "text")}'
    material = '<manufacturedMaterial><code code="60000001"/></manufacturedMaterial>'
    product = f"<consumable><manufacturedProduct>{material}</manufacturedProduct></consumable>"
    for attributes, expected in (("", ["SX-NEG-06"]), (TRUE, [])):
        given = f'<substanceAdministration moodCode="EVN" {attributes}>{inner}{product}</substanceAdministration>'
        assert codes(check, section(given)) == expected


def test_a_denied_procedure_is_not_lost() -> None:
    words = said("Pas d’appendicectomie")
    code = f'<code code="HHFA001" displayName="Appendicectomie">{words}</code>'
    inner = f'<templateId root="{IHE}19"/>{code}'
    assert codes(check, section(f'<procedure moodCode="EVN">{inner}</procedure>')) == ["SX-NEG-06"]
    assert codes(check, section(f'<procedure moodCode="INT">{inner}</procedure>')) == []


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        ("<section><text/></section>", ["SX-NEG-07"]),
        ("<section><title>Allergies</title></section>", ["SX-NEG-07"]),
        ('<section nullFlavor="NASK"><text/></section>', []),
        ('<section><text nullFlavor="NASK"/></section>', []),
        ("<section><text>Aucune</text></section>", []),
        ('<section><text><renderMultiMedia referencedObject="a"/></text></section>', []),
        ("<section><component><section><text>a</text></section></component></section>", []),
        ("<section><entry><act/></entry></section>", []),
    ],
)
def test_a_section_says_something(one: str, expected: list[str]) -> None:
    assert codes(check, one) == expected


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("no-known-allergies", "Aucune allergie connue", []),
        ("no-known-allergies", "Allergies non renseignées", ["SX-NEG-09"]),
        ("no-known-allergies", "Pas d’information", ["SX-NEG-09"]),
        ("no-allergy-info", "Pas d’information", []),
        ("no-allergy-info", "Aucune allergie connue", ["SX-NEG-08"]),
        ("no-allergy-info", "", []),
    ],
)
def test_none_and_not_known_are_told_apart(code: str, words: str, expected: list[str]) -> None:
    assert codes(check, section(allergy(coded(code, IPS, "", said(words))))) == expected


def test_words_are_filled() -> None:
    document = cda(
        section(observation('<value xsi:type="CD" nullFlavor="NULL"/>')),
        section(observation('<value xsi:type="CD" nullFlavor="UNK" code="1"/>')),
        section(problem(NO_PROBLEM, TRUE)),
        section(problem(NO_PROBLEM), problem(DIABETES)),
        section(problem(NO_ALLERGY)),
        section(problem(coded("44054006", SNOMED, "Diabète", said("Pas de diabète")))),
        section(problem(coded("44054006", SNOMED, "Diabète", said("Oui")), TRUE)),
        section(answered('<value xsi:type="BL" value="false"/>', "Oui", "")),
        "<section><text/></section>",
        section(allergy(coded("no-allergy-info", IPS, "", said("Aucune allergie connue")))),
        section(allergy(coded("no-known-allergies", IPS, "", said("Pas d’information")))),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
