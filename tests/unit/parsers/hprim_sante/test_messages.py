"""Messages of HPRIM Santé: delimiters, continuations, comments, patients, and what is set aside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.parsers.hprim_sante.reading import END, HB, OBR, H, P, read, read_bytes

from semantix.model import Attachment, Concept, Medication, Observation, Problem, Quantity, Text
from semantix.parsers.hprim_sante import PARSER
from semantix.parsers.hprim_sante._segments import Delimiters, Segment, Syntax, delimiters_of, segments_of

MESSAGE = H + P + OBR + HB + END
LOCAL = "urn:semantix:local:labtil"


def test_a_message_is_one_document_with_its_group():
    found = read(MESSAGE)
    (document,) = found.documents
    assert document.time.iso == "2024-01-15T10:30:00+01:00"
    assert (document.sender, document.lines) == ("LABTIL", 3)
    (panel,) = found.panels()
    assert (panel.code.codings[0].code, panel.specimens[0].name, panel.status) == ("NFS", "SANG", "completed")
    assert [one.extension for one in panel.ids] == ["S1", "D1"]
    (result,) = found.results()
    assert (str(result.values[0].value), result.values[0].unit) == ("13.8", "g/dL")
    assert result.time.value.iso == "2024-01-15T08:15:00+01:00"
    assert str(result.ranges[0].value.low.value) == "12.0"
    assert result.parties[0].organization.names == ("LABO DES TILLEULS",)
    assert [(one.reason, one.lines) for one in found.aside] == [("structure", 2)]
    assert found.issues() == []


@pytest.mark.parametrize(
    ("declared", "component", "repetition"), [(r"~^\&", "~", "^"), (r"\^&~", "\\", "^"), (r"^~\&", "^", "~")]
)
def test_quirk_32_delimiters_are_those_that_the_header_declares(declared, component, repetition):
    swap = str.maketrans({"~": component, "^": repetition})
    text = H.replace(r"~^\&", "@@").translate(swap).replace("@@", declared) + (
        P + OBR + HB + "OBX|2|CE|G~Germe~L||A~Un~L^B~Deux~L||||||F\n" + END
    ).translate(swap)
    assert PARSER.claims(text.encode(), "a.hpr").version == "2.3"
    found = read(text)
    assert [one.code.text for one in found.results()] == ["Hémoglobine", "Germe"]
    assert [value.text for value in found.results()[1].values] == ["Un", "Deux"]
    assert found.documents[0].patient.names[0].values("given")[:2] == ("Marie", "Anne")
    assert found.issues() == []


def test_quirk_32_another_field_delimiter():
    found = read(MESSAGE.replace("|", "*"))
    assert [one.code.text for one in found.results()] == ["Hémoglobine"]


def test_quirk_32_components_that_the_header_does_not_declare_are_seen():
    text = MESSAGE.replace(r"H|~^\&", r"H|^~\&")
    found = read(text)
    assert found.issues() == ["SX330"]
    assert found.results()[0].code.codings[0].code == "HB"


def test_quirk_32_a_continuation_may_split_a_word():
    line = "OBX|1|TX|COM~Commentaire~L||Prélève\nA|ment hémo\nA|lysé|||||||F\n"
    found = read(H + P + OBR + line + END)
    (result,) = found.results()
    assert result.values[0].value == "Prélèvement hémolysé"
    assert result.path == "record line 3"
    assert found.documents[0].lines == 5


def test_a_continuation_may_split_a_field_mark():
    found = read(H + P + OBR + "OBX|1|NM|HB~Hémoglobine~L|\nA||13,8|g/dL\nA||||||F\n" + END)
    (result,) = found.results()
    assert (str(result.values[0].value), result.status) == ("13.8", "completed")


def test_escapes_give_back_what_they_stand_for():
    syntax = Syntax(Delimiters())
    assert syntax.words(r"a\F\b\S\c\R\d\E\e\T\f \H\gras\N\ \X0D\ ") == r"a|b~c^d\e&f gras \X0D\ ".strip()
    assert Syntax(Delimiters(escape="")).words(r"a\F\b") == r"a\F\b"
    assert syntax.words("a&b") == "a b"


def test_comments_speak_of_what_precedes_them():
    text = H + "C|1|L|Du message\n" + P + "C|1|L|Du patient\n" + OBR + "C|1|L|Du groupe\n" + HB + "C|1|L|Du résultat\n"
    found = read(text + END)
    assert [note.text for note in found.panels()[0].notes] == ["Du groupe"]
    assert [note.text for note in found.results()[0].notes] == ["Du résultat"]
    results, patient = found.documents[0].sections
    assert "Du message" in patient.narrative
    assert "Du patient" in patient.narrative
    assert "Du patient" not in results.narrative
    assert ("comment", 1) in [(one.reason, one.lines) for one in found.aside]


def test_each_patient_of_a_message_is_a_document():
    other = P.replace("TESTARD", "ESSAYEUR").replace("L77", "L78").replace("A12", "")
    found = read(H + P + OBR + HB + other + OBR + HB + END)
    families = [document.patient.names[0].values("family", "CL") for document in found.documents]
    assert families == [("TESTARD",), ("ESSAYEUR",)]
    assert [one.extension for one in found.documents[1].patient.ids] == ["L78"]


def test_several_messages_of_a_file():
    found = read(MESSAGE + MESSAGE.replace("TESTARD", "AUTRE") + "\n")
    assert len(found.documents) == 2
    assert found.documents[0].ids != found.documents[1].ids


def test_the_same_message_again_has_the_same_identity():
    first, second = read(MESSAGE + MESSAGE).documents
    assert first.ids == second.ids


def test_names_at_birth_and_in_use():
    (name,) = read(MESSAGE).documents[0].patient.names
    assert (name.values("family", "BR"), name.values("family", "CL")) == (("ESSAI",), ("TESTARD",))
    assert name.values("prefix") == ("MME",)


@pytest.mark.parametrize(
    ("written", "code", "null"), [("F", "F", None), ("m", "M", None), ("U", None, "UNK"), ("", None, None)]
)
def test_sexes(written, code, null):
    gender = read(MESSAGE.replace("|F||3 rue", f"|{written}||3 rue")).documents[0].patient.gender
    if not written:
        assert gender is None
    else:
        assert ([coding.code for coding in gender.codings], gender.null) == ([code] if code else [], null)


@pytest.mark.parametrize(
    ("address", "parts", "text"),
    [
        ("3 rue du Test~Bat B~ROUEN~~76000~FRA", ("3 rue du Test", "Bat B", "ROUEN", "76000", "FRA"), None),
        ("3 rue du Test 76000 ROUEN", (), "3 rue du Test 76000 ROUEN"),
        ("3 rue du Test~76000~ROUEN~~X", (), "3 rue du Test 76000 ROUEN X"),
    ],
)
def test_addresses(address, parts, text):
    (found,) = read(MESSAGE.replace("3 rue du Test~~ROUEN~~76000", address)).documents[0].patient.addresses
    assert (tuple(value for _, value in found.parts), found.text) == (parts, text)


def patient_fields(**fields):
    held = [*P.rstrip("\n").split("|"), *[""] * 20]
    for name, value in fields.items():
        held[int(name[1:]) - 1] = value
    return "|".join(held) + "\n"


@pytest.mark.parametrize("number", ["2600276000000", "260027600000000~1.2.250.1.213.1.4.8", "260027600000000~~PROV"])
def test_quirk_33_a_number_that_is_not_qualified_is_no_ins(number):
    found = read(H + patient_fields(p12=number) + OBR + HB + END)
    assert {one.extension for one in found.documents[0].patient.ids} == {"A12", "L77"}
    assert found.issues() == ["SX332"]
    assert number[:13] not in repr(found.documents[0].patient)


def test_a_qualified_number_is_an_ins():
    found = read(H + patient_fields(p12="260027600000000~1.2.250.1.213.1.4.10~VALI") + END)
    first = found.documents[0].patient.ids[0]
    assert (first.root, first.extension) == ("1.2.250.1.213.1.4.10", "260027600000000")


def test_a_patient_segment_alone_tells_height_weight_diagnoses_and_treatments():
    line = patient_fields(
        p5="SEJ9", p13="0102030405^x", p14="1~ROSEAU~Pierre", p17="165~cm", p18="62,5~kg",
        p19="E11.9~Diabète de type 2~CIM10^HTA ancienne^K35",
        p20="3400900000000~Médoc~CIP^Autre comprimé 1 g", p22="À jeun",
        p24="20240110^20240112",
    )  # fmt: skip
    found = read(H.replace("ORU", "ADM") + line + END)
    height, weight = found.statements(Observation)
    assert (height.kind, height.values[0].unit, str(weight.values[0].value)) == ("vital-sign", "cm", "62.5")
    problems = found.statements(Problem)
    assert [type(one.problem) for one in problems] == [Concept, Text, Concept]
    assert problems[0].problem.codings[0].system == "2.16.840.1.113883.6.3"
    assert problems[2].problem.codings[0].system == LOCAL
    first, second = found.statements(Medication)
    assert (first.product.code.codings[0].code, second.product.name) == ("3400900000000", "Autre comprimé 1 g")
    document = found.documents[0]
    assert document.code is None
    assert [one.value for one in document.patient.telecoms] == ["tel:0102030405"]
    assert (document.encounter.ids[0].extension, document.encounter.time.low.iso) == ("SEJ9", "2024-01-10")
    assert "À jeun" in document.sections[0].narrative
    assert [party.role for party in document.parties] == ["author", "custodian", "informationRecipient", "participant"]


@pytest.mark.parametrize(
    ("words", "negated"),
    [("Asthme", [False]), ("Pas de diabète", [True]), ("Suspicion d'asthme", []), ("Père : asthme", [])],
)
def test_a_diagnosis_in_words_is_read_when_it_is_sure(words, negated):
    found = read(H + patient_fields(p19=words) + END)
    assert [one.negated for one in found.statements(Problem)] == negated
    section = found.documents[0].sections[0]
    assert (words in (section.narrative or "").replace("&#x27;", "'")) is not bool(negated)


def obx(**fields):
    held = [*HB.rstrip("\n").split("|")[:6], *[""] * 11]
    for name, value in fields.items():
        held[int(name[1:]) - 1] = value
    return "|".join(held) + "\n"


def result_of(**fields):
    found = read(H + P + OBR + obx(**fields) + END)
    (result,) = found.results()
    return result, found.issues()


@pytest.mark.parametrize(
    ("kind", "value", "unit", "made"),
    [
        ("NM", "13,8", "g/dL", Quantity),
        ("NM", "<5", "g/dL", Quantity),
        ("", "13.8", "", Quantity),
        ("ST", "13.8", "g/dL", Quantity),
        ("ST", "13.8", "", Text),
        ("ST", "Négatif", "", Text),
        ("TX", "13.8", "g/dL", Text),
        ("STD", "mot", "", Text),
        ("GC", "mot", "", Text),
        ("CE", "NEG~Négatif~L", "", Concept),
        ("FIC", "courbe.png~PNG", "", Attachment),
        ("ZZ", "mot", "", Text),
    ],
)
def test_types_of_value(kind, value, unit, made):
    result, _ = result_of(f3=kind, f6=value, f7=unit)
    assert type(result.values[0]) is made


def test_a_result_without_a_value_says_so():
    result, _ = result_of(f6="")
    assert (result.values, result.null) == ((), "NI")


def test_lines_of_words_are_one_value():
    result, _ = result_of(f3="TX", f6="ligne 1^ligne 2")
    assert [value.value for value in result.values] == ["ligne 1\nligne 2"]


@pytest.mark.parametrize(
    ("written", "systems"),
    [
        ("HB~Hémoglobine~L", [LOCAL]),
        ("HB~Hémoglobine", [LOCAL]),
        ("718-7~Hémoglobine~LN", ["2.16.840.1.113883.6.1"]),
        ("HB~Hémoglobine~LN", [LOCAL]),
        ("HB~Hémoglobine~L~718-7~Hémoglobine~LOINC", [LOCAL, "2.16.840.1.113883.6.1"]),
        ("HB~Hémoglobine~L^718-7~Hémoglobine~LN", [LOCAL, "2.16.840.1.113883.6.1"]),
        ("HB~Hémoglobine~BIO V2", [f"{LOCAL}:bio-v2"]),
    ],
)
def test_code_systems(written, systems):
    result, _ = result_of(f4=written)
    assert [coding.system for coding in result.code.codings] == systems


def test_a_result_without_code_keeps_its_value():
    result, issues = result_of(f4="")
    assert (result.code, str(result.values[0].value), issues) == (None, "13.8", ["SX339"])


@pytest.mark.parametrize(
    ("written", "codes", "doubts"),
    [
        ("N", ["N"], []),
        ("ll", ["LL"], []),
        ("R", ["R"], []),
        ("*", ["A"], []),
        ("H^A", ["H", "A"], []),
        ("??", [], ["SX336"]),
    ],
)
def test_flags(written, codes, doubts):
    result, issues = result_of(f9=written)
    assert [coding.code for one in result.interpretations for coding in one.codings] == codes
    assert issues == doubts


@pytest.mark.parametrize(
    ("written", "status", "doubts"),
    [
        ("F", "completed", []),
        ("P", "active", []),
        ("X", "cancelled", []),
        ("D", "nullified", []),
        ("", None, []),
        ("?", None, ["SX337"]),
    ],
)
def test_status(written, status, doubts):
    result, issues = result_of(f12=written)
    assert (result.status, issues) == (status, doubts)


def test_the_date_of_a_result_stands_in_for_that_of_its_specimen():
    found = read(H + P + "OBR|1||S1|NFS~Numération~L\n" + HB + END)
    assert found.results()[0].time.value.iso == "2024-01-15T09:00:00+01:00"


def test_results_without_a_group():
    found = read(H + P + HB + END)
    assert found.panels() == []
    assert len(found.results()) == 1


def test_a_test_message_tells_nothing():
    found = read(MESSAGE.replace("||P|H2.3", "||T|H2.3"))
    assert found.documents == []
    assert [(one.reason, one.lines) for one in found.aside] == [("structure", 2), ("administrative", 3)]


def test_unknown_segments_are_quarantined_and_insurance_is_not():
    found = read(H + P + "AP|1|X\nZZZ|1|x\n" + OBR + HB + "mot perdu\n" + END)
    assert [(one.reason, one.quarantined) for one in found.aside] == [
        ("unreadable", True),
        ("structure", False),
        ("administrative", False),
        ("unknown-kind", True),
    ]


def test_segments_without_a_header_are_quarantined():
    found = read(P + OBR + HB)
    assert found.documents == []
    assert [(one.reason, one.lines, one.where) for one in found.aside] == [("unreadable", 3, "lines 1-3")]


def test_a_message_without_patient_is_set_aside():
    found = read(H + "ERR|1|x\n" + END)
    assert [(one.reason, one.lines) for one in found.aside] == [("structure", 2), ("administrative", 1)]


def test_a_date_that_cannot_be_read_is_a_doubt():
    found = read(MESSAGE.replace("19600214", "19601399"))
    assert found.documents[0].patient.birth is None
    assert "SX333" in found.issues()


def test_a_version_that_is_missing_is_a_doubt():
    found = read(MESSAGE.replace("H2.3~C", ""))
    assert "SX331" in found.issues()


def test_a_header_without_delimiters_has_the_usual_ones():
    assert delimiters_of("HX") == (Delimiters(), "an H segment without delimiters; the usual ones were taken")
    assert delimiters_of("H|~|") == (Delimiters("|", "~", "", "", ""), "")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_line_ends_and_encodings(end, encoding):
    found = read_bytes(MESSAGE.replace("\n", end).encode(encoding))
    assert [one.code.text for one in found.results()] == ["Hémoglobine"]
    assert [one.path for one in found.results()] == ["record line 3"]


PIECES = st.sampled_from(
    [*MESSAGE.splitlines(), "A|x", "A", "C|1|L|mot", "C", "", "P", "OBX|", "OBX", "H|", "H|~^\\&|", "L", "OBR|",
     "FAC|1",     "OBX|1|CE|~~||~^~||~|*^H||X", "P|1||||~|~|0|?|~|~~~~|1~VALI|~|~|||~|~|~^~|^|~", "zzz"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
def test_any_segments_are_accounted_for_and_carried(lines):
    read("\n".join(lines))


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_accounted_for(data, headed):
    data = (H.encode() if headed else b"") + data
    PARSER.claims(data, "a")
    read_bytes(data)


@given(st.text(max_size=60))
def test_a_segment_is_its_lines_joined(text):
    text = "".join(text.split())
    cut = len(text) // 2
    (found,) = segments_of(["C|1|" + text[:cut], "A|" + text[cut:]], 1, "|")
    assert isinstance(found, Segment)
    assert "|".join(found.fields) == "C|1|" + text


def test_a_line_that_only_looks_like_a_header_is_none():
    found = read("H_~^\\&_x\n" + MESSAGE)
    assert len(found.documents) == 1
    assert [one.reason for one in found.aside if one.quarantined] == ["unreadable"]
