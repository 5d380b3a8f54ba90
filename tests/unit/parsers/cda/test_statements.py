"""Entries become statements; what a field says is folded, what no template explains is still read."""

import pytest

from semantix.model import Allergy, Immunization, Medication, Observation, Panel, Problem, Procedure, Statement, Supply
from semantix.parsers.cda.context import path_of
from semantix.parsers.cda.templates import KINDS, kind_of

PROBLEM = "1.3.6.1.4.1.19376.1.5.3.1.4.5"
SEVERITY = "1.3.6.1.4.1.19376.1.5.3.1.4.1"
STATUS = "1.3.6.1.4.1.19376.1.5.3.1.4.1.1"
COMMENT = "1.3.6.1.4.1.19376.1.5.3.1.4.2"
CONCERN = "1.3.6.1.4.1.19376.1.5.3.1.4.5.2"


def entry(xml: str) -> str:
    return f"<entry>{xml}</entry>"


def observation(template: str, inner: str, attributes: str = "") -> str:
    return (
        f'<observation classCode="OBS" moodCode="EVN" {attributes}><templateId root="{template}"/>{inner}</observation>'
    )


def child(xml: str, kind: str = "SUBJ") -> str:
    return f'<entryRelationship typeCode="{kind}">{xml}</entryRelationship>'


def code(value: str, system: str = "2.16.840.1.113883.6.1", tag: str = "code") -> str:
    kind = ' xsi:type="CD"' if tag == "value" else ""
    return f'<{tag}{kind} code="{value}" codeSystem="{system}"/>'


def statements(document):
    return document.sections[0].statements


def codes(document, places):
    return sorted(document.locate(p).code for p in places)


def test_a_problem_takes_in_its_concern_severity_status_and_comment(read):
    severity = child(observation(SEVERITY, code("SEV") + code("6736007", "2.16.840.1.113883.6.96", "value")))
    status = child(observation(STATUS, code("33999-4") + code("active", "2.16.840.1.113883.4.642.1.1074", "value")))
    comment = child(
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{COMMENT}"/>{code("48767-8")}<text>mot</text></act>'
    )
    problem = observation(
        PROBLEM, code("282291009") + code("I10", "2.16.840.1.113883.6.3", "value") + severity + status + comment
    )
    active = '<statusCode code="active"/>'
    concern = f'<act classCode="ACT" moodCode="EVN"><templateId root="{CONCERN}"/>{active}{child(problem)}</act>'
    document = read(entry(concern))
    (found,) = statements(document)
    assert isinstance(found, Problem)
    assert found.problem.codings[0].code == "I10"
    assert found.severity.codings[0].code == "6736007"
    assert found.clinical_status.codings[0].code == "active"
    assert [n.text for n in found.notes] == ["mot"]
    assert found.concern.status == "active"
    assert codes(document, document.implied) == ["33999-4", "48767-8", "SEV"]
    assert set(document.statement_places) == {found.at, *found.absorbed}


def test_a_concern_with_two_problems_gives_two_statements(read):
    two = "".join(
        child(observation(PROBLEM, code("X") + code(c, "2.16.840.1.113883.6.3", "value"))) for c in ("I10", "E14")
    )
    document = read(entry(f'<act classCode="ACT" moodCode="EVN"><templateId root="{CONCERN}"/>{two}</act>'))
    assert [s.problem.codings[0].code for s in statements(document)] == ["I10", "E14"]


def test_a_severity_with_more_to_say_is_not_folded(read):
    severity = observation(SEVERITY, code("SEV") + code("H", "1.2.3", "value") + child(observation("9.9", code("Z"))))
    (found,) = statements(read(entry(observation(PROBLEM, code("X") + code("I10", tag="value") + child(severity)))))
    assert found.severity is None
    assert [x.statement.kind for x in found.links] == ["severity"]


@pytest.mark.parametrize("absence", ["no-known-problems", "no-problem-info"])
def test_none_known_and_no_information_stay_different_codes(read, absence):
    (found,) = statements(
        read(entry(observation(PROBLEM, code("X") + code(absence, "2.16.840.1.113883.5.1150.1", "value"))))
    )
    assert found.kind == "no-problem"
    assert found.problem.codings[0].code == absence


def test_a_negated_problem_says_so(read):
    (found,) = statements(read(entry(observation(PROBLEM, code("X") + code("I10", tag="value"), 'negationInd="true"'))))
    assert found.negated


def test_an_allergy_has_its_agents_and_reactions(read):
    agent = (
        '<participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">'
        '<code code="J01CA04" codeSystem="2.16.840.1.113883.6.73"/><name>Amoxicilline</name>'
        "</playingEntity></participantRole></participant>"
    )
    reaction = child(observation(PROBLEM, code("X") + code("L50", "2.16.840.1.113883.6.3", "value")), "MFST")
    (found,) = statements(
        read(entry(observation("1.3.6.1.4.1.19376.1.5.3.1.4.6", code("416098002") + agent + reaction)))
    )
    assert isinstance(found, Allergy)
    assert [(p.entity.codings[0].code, p.entity_name) for p in found.agents] == [("J01CA04", "Amoxicilline")]
    assert [r.problem.codings[0].code for r in found.reactions] == ["L50"]


def test_an_unknown_template_is_read_from_its_class(read):
    unknown = observation("9.9.9", code("Q") + '<value xsi:type="PQ" value="3" unit="mm"/>')
    (found,) = statements(read(entry(unknown)))
    assert isinstance(found, Observation)
    assert (found.kind, found.values[0].value) == ("observation", 3)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<act classCode="ACT" moodCode="EVN"><code code="A" codeSystem="1.1"/></act>', Statement),
        ('<organizer classCode="CLUSTER" moodCode="EVN"><statusCode code="completed"/></organizer>', Panel),
        ('<procedure classCode="PROC" moodCode="EVN"><code code="A" codeSystem="1.1"/></procedure>', Procedure),
        ('<supply classCode="SPLY" moodCode="EVN"/>', Supply),
        ('<substanceAdministration classCode="SBADM" moodCode="EVN"/>', Medication),
    ],
)
def test_every_class_of_act_has_a_reader(read, xml, expected):
    (found,) = statements(read(entry(xml)))
    assert type(found) is expected


@pytest.mark.parametrize(("mood", "section", "intent"), [("INT", None, "prescribed"), ("EVN", None, "taken")])
def test_the_intent_of_a_medication_follows_its_mood(read, mood, section, intent):
    (found,) = statements(read(entry(f'<substanceAdministration classCode="SBADM" moodCode="{mood}"/>')))
    assert found.intent == intent


def test_a_progressive_dosage_keeps_its_steps_in_order(read):
    def step(n):
        return (
            f'<entryRelationship typeCode="COMP"><sequenceNumber value="{n}"/>'
            '<substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.2.250.1.213.1.1.3.42.1"/>'
            f'<doseQuantity value="{n}"/></substanceAdministration></entryRelationship>'
        )

    whole = f'<substanceAdministration classCode="SBADM" moodCode="INT">{step(1)}{step(2)}</substanceAdministration>'
    (found,) = statements(read(entry(whole)))
    assert [(d.sequence, d.dose.value) for d in found.dosages] == [(1, 1), (2, 2)]
    assert found.links == ()


def test_a_vaccination_takes_in_its_rank(read):
    rank = child(observation("2.16.840.1.113883.10.20.1.46", code("30973-2") + '<value xsi:type="INT" value="2"/>'))
    vaccination = (
        '<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.12"/>'
        f"<code nullFlavor='NA'/>{rank}</substanceAdministration>"
    )
    (found,) = statements(read(entry(vaccination)))
    assert isinstance(found, Immunization)
    assert found.dose_number == 2


def test_a_reference_resolves_to_the_narrative_and_a_missing_one_is_told(read):
    text = '<text><content ID="a">Le texte</content></text>'
    referring = observation(
        "9.9", '<code code="Q" codeSystem="1.1"><originalText><reference value="#{}"/></originalText></code>'
    )
    document = read(text + entry(referring.format("a")) + entry(referring.format("b")))
    assert [s.code.text for s in statements(document)] == ["Le texte", None]
    assert [i.code for i in document.issues] == ["SX003"]


def test_a_place_is_the_xpath_of_its_element(read):
    document = read(entry(observation("9.9", code("Q"))))
    (found,) = statements(document)
    assert found.path == path_of(found.at)
    origin = document.locate(found.code.codings[0].at)
    assert origin.path == f"{found.path}/code[1]"
    assert (origin.system, origin.code) == ("2.16.840.1.113883.6.1", "Q")


def test_nothing_read_is_counted_as_unread(read):
    document = read(entry(observation("9.9", code("Q") + code("V", tag="value"))))
    assert document.unread == frozenset()
    assert codes(document, document.body_coded) == ["11450-4", "Q", "V"]


def test_a_code_in_an_element_that_no_reader_knows_is_counted_as_unread(read):
    document = read(entry(observation("9.9", code("Q") + '<novelty code="N" codeSystem="1.1"/>')))
    assert codes(document, document.unread) == ["N"]


def test_the_most_specific_template_wins_whatever_the_order():
    general, special = "1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.3.6.1.4.1.19376.1.5.3.1.4.13.2"
    assert kind_of([general, special], "observation") == kind_of([special, general], "observation") == "vital-sign"
    assert kind_of([], "encounter") in KINDS


@pytest.mark.parametrize(("words", "expected"), [("-", []), ("si douleur", ["si douleur"])])
def test_a_dash_is_no_precondition(read, words, expected):
    criterion = f"<precondition><criterion><text>{words}</text></criterion></precondition>"
    drug = f'<substanceAdministration classCode="SBADM" moodCode="INT"><repeatNumber value="1"/>{criterion}'
    (found,) = statements(read(entry(f"{drug}</substanceAdministration>")))
    assert [p.text for d in found.dosages for p in d.preconditions] == expected


MOTHER = (
    '<subject><relatedSubject classCode="PRS">'
    '<code code="MTH" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>'
)


def subjects(statement):
    yield statement.subject and statement.subject.code.codings[0].code
    for link in statement.links:
        yield from subjects(link.statement)


def test_what_a_section_says_of_the_mother_is_not_said_of_the_patient(read):
    inner = observation("9.9", code("Q") + child(observation("9.8", code("R"))))
    (found,) = statements(read(MOTHER + entry(inner)))
    assert list(subjects(found)) == ["MTH", "MTH"]


def test_an_act_of_its_own_subject_keeps_it_and_passes_it_on(read):
    members = f"<component>{observation('9.9', code('Q'))}</component>"
    panel = f'<organizer classCode="CLUSTER" moodCode="EVN">{MOTHER}{members}</organizer>'
    panel_of_mother, of_patient = statements(read(entry(panel) + entry(observation("9.9", code("Q")))))
    assert list(subjects(panel_of_mother)) == ["MTH", "MTH"]
    assert list(subjects(of_patient)) == [None]


def test_a_concern_about_somebody_else_is_not_about_the_patient(read):
    problem = child(observation(PROBLEM, code("X") + code("Q39", tag="value")))
    concern = f'<act classCode="ACT" moodCode="EVN"><templateId root="{CONCERN}"/>{MOTHER}{problem}</act>'
    (found,) = statements(read(entry(concern)))
    assert list(subjects(found)) == ["MTH"]


def test_the_injection_itself_is_kept_beside_the_interval_of_the_treatment(read):
    times = (
        '<effectiveTime xsi:type="IVL_TS"><low nullFlavor="NA"/></effectiveTime>'
        '<effectiveTime value="202105030830+0200" operator="A"/>'
    )
    (found,) = statements(
        read(entry(f'<substanceAdministration classCode="SBADM" moodCode="EVN">{times}</substanceAdministration>'))
    )
    assert found.time.value.iso == "2021-05-03T08:30:00+02:00"
    assert [o.low_null for o in found.occurrences] == ["NA"]


def test_how_to_take_a_dispensed_drug_is_its_dosage_not_a_prescription(read):
    how = (
        '<substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.7"/>'
        '<doseQuantity value="2"/><consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="NA"/>'
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
    )
    drug = f'<templateId root="1.2.250.1.213.1.1.3.204"/>{child(how, "COMP")}'
    document = read(entry(f'<supply classCode="SPLY" moodCode="EVN">{drug}</supply>'))
    (found,) = statements(document)
    assert (found.intent, found.links) == ("dispensed", ())
    assert [d.dose.value for d in found.dosages] == [2]
    assert set(document.statement_places) == {found.at, *found.absorbed}


def test_a_folded_status_keeps_the_words_of_the_author(read):
    said = code("33999-4") + "<text>Intermittente</text>" + code("inactive", "2.16.840.1.113883.4.642.1.1074", "value")
    problem = observation(PROBLEM, code("X") + code("I10", tag="value") + child(observation(STATUS, said)))
    (found,) = statements(read(entry(problem)))
    assert (found.clinical_status.codings[0].code, found.clinical_status.text) == ("inactive", "Intermittente")


@pytest.mark.parametrize(
    ("attributes", "relation", "value"),
    [
        ('negationInd="true"', "", code("H", "1.2.3", "value")),
        ("", 'negationInd="true"', code("H", "1.2.3", "value")),
        ("", "", '<value xsi:type="PQ" value="3" unit="1"/>'),
    ],
)
def test_a_severity_that_is_denied_or_not_coded_is_not_folded_into_an_assertion(read, attributes, relation, value):
    severity = observation(SEVERITY, code("SEV") + value, attributes)
    inner = f'<entryRelationship typeCode="SUBJ" {relation}>{severity}</entryRelationship>'
    (found,) = statements(read(entry(observation(PROBLEM, code("X") + code("I10", tag="value") + inner))))
    assert found.severity is None
    (link,) = found.links
    assert link.negated or link.statement.negated or link.statement.values[0].value == 3


def test_a_second_severity_is_kept_beside_the_first(read):
    two = "".join(child(observation(SEVERITY, code("SEV") + code(c, "1.2.3", "value"))) for c in ("H", "L"))
    (found,) = statements(read(entry(observation(PROBLEM, code("X") + code("I10", tag="value") + two))))
    assert found.severity.codings[0].code == "H"
    assert [x.statement.values[0].codings[0].code for x in found.links] == ["L"]


def test_a_doubtful_time_of_a_drug_is_told_once(read):
    inside = '<effectiveTime value="20249999"/><routeCode nullFlavor="UNK"/>'
    document = read(
        entry(f'<substanceAdministration classCode="SBADM" moodCode="EVN">{inside}</substanceAdministration>')
    )
    assert [i.code for i in document.issues] == ["SX002"]


DENIED = '<entryRelationship typeCode="{}" negationInd="true">{}</entryRelationship>'


def test_a_denied_reaction_is_no_reaction(read):
    denied = DENIED.format("MFST", observation(PROBLEM, code("X") + code("L50", tag="value")))
    (found,) = statements(read(entry(observation("1.3.6.1.4.1.19376.1.5.3.1.4.6", code("416098002") + denied))))
    assert (found.reactions, [x.negated for x in found.links]) == ((), [True])


def test_a_denied_reaction_to_a_vaccine_is_no_reaction(read):
    denied = DENIED.format("CAUS", observation(PROBLEM, code("X") + code("L50", tag="value")))
    vaccination = (
        '<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.12"/>'
        f"{denied}</substanceAdministration>"
    )
    (found,) = statements(read(entry(vaccination)))
    assert (found.reactions, [x.negated for x in found.links]) == ((), [True])


@pytest.mark.parametrize(
    ("attributes", "relation"), [('negationInd="true"', ""), ('nullFlavor="NASK"', ""), ("", 'negationInd="true"')]
)
def test_a_concern_that_is_denied_or_refused_asserts_no_problem(read, attributes, relation):
    inner = observation(PROBLEM, code("X") + code("I10", tag="value"))
    tracked = f'<entryRelationship typeCode="SUBJ" {relation}>{inner}</entryRelationship>'
    act = f'<act classCode="ACT" moodCode="EVN" {attributes}><templateId root="{CONCERN}"/>{tracked}</act>'
    (found,) = statements(read(entry(act)))
    assert type(found) is Statement
    assert found.negated or found.null or found.links[0].negated


def test_the_words_of_a_concern_are_notes_of_its_first_problem(read):
    tracked = child(observation(PROBLEM, code("X") + code("I10", tag="value")))
    words = "<text>Suivi en ville</text>"
    act = f'<act classCode="ACT" moodCode="EVN"><templateId root="{CONCERN}"/>{words}{tracked}</act>'
    (found,) = statements(read(entry(act)))
    assert [note.text for note in found.notes] == ["Suivi en ville"]


def test_a_doubtful_date_of_a_concern_is_told_once(read):
    tracked = child(observation(PROBLEM, code("X") + code("I10", tag="value")))
    when = '<effectiveTime><low value="20249999"/></effectiveTime>'
    act = f'<act classCode="ACT" moodCode="EVN"><templateId root="{CONCERN}"/>{when}{tracked}</act>'
    assert [i.code for i in read(entry(act)).issues] == ["SX002"]


INSTRUCTION = (
    '<act classCode="ACT" moodCode="INT"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.3"/>'
    '<code code="PINSTRUCT" codeSystem="1.3.6.1.4.1.19376.1.5.3.2"/><text>Porter la nuit</text></act>'
)


def test_an_instruction_about_a_device_is_kept(read):
    device = f'<supply classCode="SPLY" moodCode="EVN">{child(INSTRUCTION)}</supply>'
    (found,) = statements(read(entry(device)))
    assert isinstance(found, Supply)
    assert [x.statement.text for x in found.links] == ["Porter la nuit"]


def test_a_severity_of_words_alone_is_kept(read):
    severity = observation(SEVERITY, code("SEV") + "<text>Très sévère</text>")
    (found,) = statements(read(entry(observation(PROBLEM, code("X") + code("I10", tag="value") + child(severity)))))
    assert [x.statement.text for x in found.links] == ["Très sévère"]


def test_a_supply_order_of_a_vaccine_is_kept(read):
    order = (
        '<supply classCode="SPLY" moodCode="RQO"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.7.3"/>'
        '<quantity value="31"/></supply>'
    )
    vaccination = (
        '<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.12"/>'
        f"{child(order)}</substanceAdministration>"
    )
    (found,) = statements(read(entry(vaccination)))
    assert [x.statement.quantity.value for x in found.links] == [31]


def test_repeats_may_be_an_interval(read):
    repeats = '<repeatNumber><low value="0"/><high value="3"/></repeatNumber>'
    (found,) = statements(
        read(entry(f'<substanceAdministration classCode="SBADM" moodCode="INT">{repeats}</substanceAdministration>'))
    )
    assert found.repeats == 3


def test_a_time_that_is_excluded_is_no_time_of_the_treatment(read):
    times = (
        '<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="d"/></effectiveTime>'
        '<effectiveTime xsi:type="IVL_TS" operator="E"><low value="20240310"/><high value="20240312"/></effectiveTime>'
    )
    (found,) = statements(
        read(entry(f'<substanceAdministration classCode="SBADM" moodCode="INT">{times}</substanceAdministration>'))
    )
    assert found.time is None
    assert [t.operator for t in found.dosages[0].timings] == [None, "E"]
