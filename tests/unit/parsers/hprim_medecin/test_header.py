"""Who a record is about when its header is damaged: read from its shape, or left unknown, never guessed."""

import pytest
from tests.unit.parsers.hprim_medecin.reading import HEADER, read

BODY = "RES|SODIUM|NA|N|140|mmol/L|136|145||F\n"
LINES = HEADER.splitlines(keepends=True)


def person(text):
    patient = read(text + BODY).documents[0].patient
    name = patient.names[0] if patient.names else None
    born = patient.birth.iso if patient.birth is not None else None
    return (*(name.values("family") + name.values("given") if name else ()), born)


def without(*ranks):
    return "".join(line for rank, line in enumerate(LINES, 1) if rank not in ranks)


@pytest.mark.parametrize("missing", [1, 4, 5, 8, 9])
def test_one_missing_line_moves_nobody(missing):
    assert person(without(missing)) == ("TESTARD", "Amélie", "1957-03-14")


def test_a_header_of_seven_lines_is_enough():
    text = "".join(LINES[:7])
    found = read(text + "Glycémie à jeun :       1,30 g/L     (0,74-1,06)\n")
    assert found.documents[0].patient.birth.iso == "1957-03-14"
    assert len(found.results()) == 1


def test_the_practice_number_before_the_header_is_its_own():
    patient = read("5571\n" + HEADER + BODY).documents[0].patient
    assert [(one.root, one.extension) for one in patient.ids] == [
        ("urn:semantix:patient:cabinet", "5571"),
        ("urn:semantix:patient:cabinet:labtil", "P0042"),
    ]


def test_an_extra_address_line_moves_nobody():
    text = "".join([*LINES[:4], "RESIDENCE LES PINS\n", *LINES[4:]])
    assert person(text) == ("TESTARD", "Amélie", "1957-03-14")


def test_names_that_cannot_be_told_are_of_nobody():
    text = "MNEMO\nTESTARD\nAmélie\nLE BOURG\n76100 ROUEN\n14/03/1957\n2570376540123 45\nDOS1\n15/01/2024\n"
    found = read(text + BODY)
    assert found.documents[0].patient.names == ()
    assert found.documents[0].patient.birth is None
    assert found.issues() == ["SX303"]
    assert "TESTARD" in found.documents[0].sections[0].narrative


def test_an_empty_birth_date_leaves_the_names():
    assert person(HEADER.replace("14/03/1957", "")) == ("TESTARD", "Amélie", None)


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("14/03/1957", "1957-03-14"),
        ("14/03/57", "1957-03-14"),
        ("1957-03-14", "1957-03-14"),
        ("14/03/23", "2023-03-14"),
        ("14/03/25", "1925-03-14"),
        ("14/03/24", "1924-03-14"),
        ("10/01/24", "2024-01-10"),
    ],
)
def test_a_birth_year_of_two_digits_is_not_after_the_file(written, born):
    assert person(HEADER.replace("14/03/1957", written))[2] == born


def test_a_birth_after_the_file_is_a_doubt():
    assert "SX305" in read(HEADER.replace("14/03/1957", "14/03/2031") + BODY).issues()


def test_a_date_that_does_not_exist_is_a_doubt():
    assert "SX304" in read(HEADER.replace("14/03/1957", "45/13/1957") + BODY).issues()


def test_a_number_of_two_persons_is_of_the_first_alone():
    other = HEADER.replace("TESTARD", "ESSAYEUR")
    found = read(f"{HEADER}{BODY}****FIN****\n{other}{BODY}****FIN****\n")
    assert [len(document.patient.ids) for document in found.documents] == [1, 0]
    assert "SX306" in found.issues(1)


@pytest.mark.parametrize("number", ["00000", ".", "", "DUPJE", "11111"])
def test_what_stands_for_no_number_is_none(number):
    assert read(HEADER.replace("P0042", number, 1) + BODY).documents[0].patient.ids == ()


@pytest.mark.parametrize(
    ("line", "sender", "name"),
    [
        ("LABTIL    LABORATOIRE DES TILLEULS", "LABTIL", "LABORATOIRE DES TILLEULS"),
        ("LABORATOIRE DES TILLEULS", "LABORATOIRE DES TILLEULS", "LABORATOIRE DES TILLEULS"),
        ("LABTIL", "LABTIL", "LABTIL"),
        ("LAB12 Laboratoire des Saules", "LAB12", "Laboratoire des Saules"),
        ("0760012  LABO DES SAULES", "0760012", "LABO DES SAULES"),
        ("3 RIVIERES LABORATOIRE", "3 RIVIERES LABORATOIRE", "3 RIVIERES LABORATOIRE"),
        ("2EME LABORATOIRE DE L'ESSAI", "2EME LABORATOIRE DE L'ESSAI", "2EME LABORATOIRE DE L'ESSAI"),
        ("DR PAUL   ROSEAU", "DR PAUL ROSEAU", "DR PAUL ROSEAU"),
        ("", None, None),
    ],
)
def test_the_sender_is_a_code_of_ten_columns_and_a_name(line, sender, name):
    document = read(HEADER.replace("LABTIL    LABORATOIRE DES TILLEULS", line) + BODY).documents[0]
    authors = [party.organization.names[0] for party in document.parties if party.role == "author"]
    assert (document.sender, authors) == (sender or "cabinet", [name] if name else [])


def test_a_letter_is_its_text():
    found = read(f"{HEADER}Cher ami,\nTout va bien < 3 & plus.\nBien à toi\n****FIN****\n")
    (section,) = found.documents[0].sections
    assert section.statements == ()
    assert "Tout va bien &lt; 3 &amp; plus." in section.narrative
    assert found.documents[0].code is None


def test_the_same_record_has_the_same_identity_wherever_it_stands():
    record = f"{HEADER}{BODY}****FIN****\n"
    first, second = read(record + record).documents
    assert first.ids == second.ids
    assert first.ids != read(record, practice="autre").documents[0].ids
    assert first.source.sha256 == second.source.sha256


def test_comments_follow_their_result_until_a_title():
    found = read(f"{BODY}TEX|A controler\nTEX|dans un mois\nTEX|HEMATOLOGIE\n{BODY}TEX|\nTEX|Fin du compte rendu\n")
    assert [[note.text for note in one.notes] for one in found.results()] == [["A controler\ndans un mois"], []]
    assert "Fin du compte rendu" in found.documents[0].sections[0].narrative


def test_a_result_of_the_text_is_read_with_its_range_and_its_label_as_code():
    found = read(f"{HEADER}Hémoglobine :                   13,8 g/dL    (12,0-16,0)\nAspect : normal\n****FIN****\n")
    (one,) = found.results()
    assert (one.code.codings[0].code, one.code.codings[0].system) == ("Hémoglobine", "urn:semantix:local:labtil")
    assert (str(one.values[0].value), one.values[0].unit) == ("13.8", "g/dL")
    assert str(one.ranges[0].value.high.value) == "16.0"


def test_an_earlier_result_in_the_text_is_left_there():
    found = read(f"{HEADER}Hémoglobine :                   13,8 g/dL    le 12/03/2020\n****FIN****\n")
    assert found.results() == []


def test_lines_above_a_whole_header_are_text():
    found = read(f"LABORATOIRE DES TILLEULS\n3 rue des Essais\nTel 02 00 00 00 00\n{HEADER}{BODY}")
    assert found.documents[0].patient.names[0].values("family") == ("TESTARD",)
    assert found.issues() == ["SX302"]
    assert "Tel 02 00 00 00 00" in found.documents[0].sections[0].narrative


def test_a_bad_file_date_is_a_doubt_and_no_date():
    found = read(HEADER.replace("15/01/2024", "45/45/2024") + BODY)
    assert found.documents[0].time is None
    assert "SX304" in found.issues()


def test_the_routing_record_names_a_sender_that_the_header_does_not():
    routing = f"{'LABTIL':<40}{'TILLEULS':<40}{'TESTARD AMELIE':<40}{'0042':<40}\n"
    header = HEADER.replace("LABTIL    LABORATOIRE DES TILLEULS", "")
    assert read(routing + header + BODY).documents[0].sender == "LABTIL"


def test_a_header_without_file_date_keeps_its_places():
    document = read(HEADER.replace("15/01/2024", "") + BODY).documents[0]
    assert (document.time, document.sender) == (None, "LABTIL")


def test_a_header_that_ends_with_the_number_leaves_the_rest_as_text():
    text = "".join(LINES[:8]) + "Cher ami,\nBien à toi\n"
    document = read(text).documents[0]
    assert document.patient.birth.iso == "1957-03-14"
    assert "Cher ami," in document.sections[0].narrative
    assert "2570376540123" not in document.sections[0].narrative


def test_a_header_that_results_cut_short_is_read_as_far_as_it_goes():
    document = read("".join(LINES[:10]) + BODY).documents[0]
    assert (document.time.iso, document.sender) == ("2024-01-15", "cabinet")


def test_damaged_characters_are_a_doubt_of_their_record_alone():
    damaged = BODY.replace("SODIUM", "SODIUM &eacute;lev&eacute;")
    found = read(f"{HEADER}{BODY}****FIN****\n{HEADER}{damaged}****FIN****\n")
    assert [document.issues[0].code if document.issues else None for document in found.documents] == [None, "SX320"]
    assert found.results(1)[0].code.text == "SODIUM élevé"
