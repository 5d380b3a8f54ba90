"""The narrative of invented sections beside their entries."""

import pytest
from tests.unit.validation.cda.bodies import IPS, SNOMED, cda, coded, codes, observation, pq, section, words_are_whole

from semantix.validation.cda.narrative import RULES, check

ALLERGY = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.6"/>'
PROCEDURE = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.19"/>'
NONE_KNOWN = coded("no-known-allergies", IPS)
PENICILLIN = coded("91936005", SNOMED, "Allergie à la pénicilline")


def pointing(anchor: str = "v") -> str:
    return f'<text><reference value="#{anchor}"/></text>'


def allergy(value: str, attributes: str = "") -> str:
    return observation(value, "419199007", SNOMED, ALLERGY, attributes)


# --- a narrative at all ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hémoglobine : 140 g/L", []),
        ("", ["SX-NARR-01"]),
        ("<paragraph> </paragraph>", ["SX-NARR-01"]),
        ('<renderMultiMedia referencedObject="m"/>', []),
    ],
)
def test_entries_need_a_narrative(text: str, expected: list[str]) -> None:
    assert codes(check, section("<act/>", text=text)) == expected


def test_a_section_without_entries_or_with_a_null_flavour_needs_none() -> None:
    assert codes(check, section(text="")) == []
    assert codes(check, '<section nullFlavor="NI"><entry><act/></entry></section>') == []
    assert codes(check, '<section><text nullFlavor="NA"/><entry><act/></entry></section>') == []
    assert codes(check, "<section><entry><act/></entry></section>") == ["SX-NARR-01"]


def test_entries_that_tell_nothing_need_no_narrative() -> None:
    nothing = observation('<value xsi:type="CO" nullFlavor="UNK"/>')
    assert codes(check, section(nothing, text="")) == []
    assert codes(check, section(f"<organizer><component>{nothing}</component></organizer>", text="")) == []
    assert codes(check, section(nothing, observation(pq("1", "g")), text="")) == ["SX-NARR-01"]
    assert codes(check, section(nothing, "<act/>", text="")) == ["SX-NARR-01"]
    assert codes(check, section(observation(), text="")) == ["SX-NARR-01"]


# --- the words that a value points to ---


@pytest.mark.parametrize(
    ("words", "value", "unit", "expected"),
    [
        ("80", "80", "kg", []),
        ("80,0 kg", "80", "kg", []),
        ("Poids : 97 kg", "80", "kg", ["SX-NARR-02"]),
        ("97", "80", "kg", ["SX-NARR-02"]),
        ("97 %", "80", "%", ["SX-NARR-02"]),
        ("-1,25", "1.5", "[diop]", ["SX-NARR-02"]),
        ("1,72 m", "172", "cm", []),
        ("1,75 m", "172", "cm", ["SX-NARR-02"]),
        ("66 mA", "66.6", "mA", []),
        ("67 mA", "66.6", "mA", []),
        ("7,8 mmol/L", "1.4", "g/L", []),
        ("1 min", "10", "{score}", []),
        ("3 comprimés", "2", "mg", []),
        ("12/03/2024", "80", "kg", []),
        ("Mod.55", "80", "kg", []),
        ("80 (puis 82)", "97", "kg", []),
        ("normal", "80", "kg", []),
        ("80", "beaucoup", "kg", []),
    ],
)
def test_a_value_beside_its_words(words: str, value: str, unit: str, expected: list[str]) -> None:
    one = observation(pq(value, unit), "29463-7", more=pointing())
    assert codes(check, section(one, text=f'<content ID="v">{words}</content>')) == expected


def test_a_translation_of_the_value_may_be_what_is_shown() -> None:
    value = '<value xsi:type="PQ" value="5.2" unit="mmol/L"><translation value="0.94" code="g/L"/></value>'
    one = observation(value, "14749-6", more=pointing())
    assert codes(check, section(one, text='<content ID="v">0,94</content>')) == []


def test_a_row_of_a_table_is_no_single_number() -> None:
    row = '<table><tbody><tr ID="v"><td>a</td><td>b</td><td>97</td></tr></tbody></table>'
    assert codes(check, section(observation(pq("80", "kg"), "29463-7", more=pointing()), text=row)) == []


def test_a_previous_result_is_not_looked_for() -> None:
    before = observation(pq("80", "kg"), "29463-7", more=pointing())
    outer = observation("", "x", more=f'<entryRelationship typeCode="REFR">{before}</entryRelationship>')
    assert codes(check, section(outer, text='<content ID="v">97 kg</content>')) == []


# --- the results that the section shows ---


def battery(*values: str, text: str) -> str:
    inner = "".join(f"<component>{observation(pq(value, 'g/L'), 'x')}</component>" for value in values)
    return section(f"<organizer>{inner}</organizer>", text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,1 et 2,2 et 3,3", []),
        ("1,1 et 2,2", ["SX-NARR-03"]),
        ("1,1 et 2,2 et 33", []),
        ("1,1 et 2,2 et 3", ["SX-NARR-03"]),
        ("1,1", []),
        ("Voir le tableau.", []),
    ],
)
def test_a_battery_is_shown_whole(text: str, expected: list[str]) -> None:
    assert codes(check, battery("1.1", "2.2", "3.3", text=text)) == expected


def test_thousands_and_metres_are_read_in_the_text() -> None:
    assert codes(check, battery("12500", "2.2", "3.3", text="12 500 puis 2,2 puis 3,3")) == []
    assert codes(check, battery("1.72", "2.2", "3.3", text="1 m 72 puis 2,2 puis 3,3")) == []


def test_a_value_that_the_text_rounds_is_shown() -> None:
    assert codes(check, battery("12.47", "2.2", "3.3", text="12,5 puis 2,2 puis 3,3")) == []


def test_what_is_derived_from_one_entry_is_shown_whole() -> None:
    def entry(kind: str) -> str:
        some = [observation(pq(value, "g/L"), "x") for value in ("1.1", "2.2", "3.3")]
        inner = "".join(f'<entryRelationship typeCode="COMP">{one}</entryRelationship>' for one in some)
        return f'<entry {kind}><act><code code="a"/>{inner}</act></entry>'

    text = "1,1 puis 2,2"
    assert codes(check, section(entry('typeCode="DRIV"'), text=text)) == ["SX-NARR-03"]
    assert codes(check, section(entry(""), text=text)) == []


def test_values_of_no_section_and_of_no_observation_are_left_alone() -> None:
    assert codes(check, section("<act><value xsi:type='PQ' value='3' unit='g'/></act>")) == []
    assert codes(check, f"<entry>{observation(pq('3', 'g'))}</entry>") == []


# --- yes and no ---


@pytest.mark.parametrize(
    ("text", "value", "attributes", "expected"),
    [
        ("Aucune allergie connue.", PENICILLIN, "", ["SX-NARR-04"]),
        ("Pas d’allergie", PENICILLIN, "", ["SX-NARR-04"]),
        ("Néant", PENICILLIN, "", ["SX-NARR-04"]),
        ("Aucune allergie connue.", NONE_KNOWN, "", []),
        ("Aucune allergie connue.", PENICILLIN, 'negationInd="true"', []),
        ("Aucune allergie connue.", coded("x", SNOMED, "Aucune"), "", []),
        ("Aucune allergie connue.", '<value xsi:type="CD" nullFlavor="NA"/>', "", []),
        ("Aucune allergie connue.", coded("no-allergy-info", IPS), "", []),
        ("Aucun antécédent", PENICILLIN, "", []),
        ("Aucune allergie alimentaire, mais pénicilline", PENICILLIN, "", []),
        ("Pas d’information sur les allergies", PENICILLIN, "", []),
        ("Pénicilline", PENICILLIN, "", []),
        ("Pénicilline", NONE_KNOWN, "", ["SX-NARR-05"]),
        ("Pénicilline", NONE_KNOWN, 'negationInd="true"', []),
        ("Allergies : néant", NONE_KNOWN, "", []),
    ],
)
def test_a_text_and_its_entries_say_the_same(text: str, value: str, attributes: str, expected: list[str]) -> None:
    assert codes(check, section(allergy(value, attributes), text=text)) == expected


def test_an_allergy_is_stated_by_its_agent_too() -> None:
    player = "<participantRole><playingEntity><code {}/></playingEntity></participantRole>"
    for code, expected in (('code="387458008"', ["SX-NARR-04"]), ('nullFlavor="UNK"', [])):
        agent = f'<participant typeCode="CSM">{player.format(code)}</participant>'
        value = '<value xsi:type="CD"><originalText>réaction</originalText></value>'
        entry = observation(value, "419199007", SNOMED, ALLERGY + agent)
        assert codes(check, section(entry, text="Aucune allergie connue")) == expected


def test_one_entry_that_states_something_is_enough() -> None:
    assert codes(check, section(allergy(NONE_KNOWN), allergy(PENICILLIN), text="Pénicilline")) == []


def test_a_long_text_decides_nothing() -> None:
    assert codes(check, section(allergy(NONE_KNOWN), text="Pénicilline " * 60)) == []


def test_a_planned_or_coded_procedure() -> None:
    def act(mood: str) -> str:
        return f'<procedure moodCode="{mood}">{PROCEDURE}<code code="HHFA001"/></procedure>'

    assert codes(check, section(act("EVN"), text="Aucun acte")) == ["SX-NARR-04"]
    assert codes(check, section(act("INT"), text="Aucun acte")) == []


def test_a_treatment_is_stated_by_its_product() -> None:
    template = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.7"/>'
    material = "<manufacturedMaterial><code {}/></manufacturedMaterial>"
    product = f"<consumable><manufacturedProduct>{material}</manufacturedProduct></consumable>"
    for code, expected in (('code="60000001"', ["SX-NARR-04"]), ('nullFlavor="NA"', [])):
        given = (
            f"<substanceAdministration>{template}<code code='DRUG'/>{product.format(code)}</substanceAdministration>"
        )
        assert codes(check, section(given, text="Aucun traitement")) == expected


def test_words_are_filled_and_show_no_value() -> None:
    document = cda(
        section("<act/>", text=""),
        section(observation(pq("80.987", "kg"), "x", more=pointing()), text='<content ID="v">97</content>'),
        battery("1.1", "2.2", "3.987", text="1,1 et 2,2"),
        section(allergy(PENICILLIN), text="Aucune allergie connue"),
        section(allergy(NONE_KNOWN), text="Pénicilline"),
    )
    found = list(check(document))
    assert {one.code for one in found} == {rule.code for rule in RULES}
    words_are_whole(RULES, found)
    assert not any("987" in fact for one in found for fact in one.facts.values())
