"""Each damage of real files that HPRIM Médecin must survive; the numbers are those of the list in the issue.

Every reading also checks that each line of the input is accounted for.
"""

from decimal import Decimal

import pytest
from tests.unit.parsers.hprim_medecin.reading import HEADER, read, read_bytes

from semantix.model import Concept, Quantity, Range, Text
from semantix.parsers.hprim_medecin import PARSER

ROUTING = f"{'LABTIL':<40}{'TILLEULS':<40}{'TESTARD AMELIE':<40}{'0042':<40}\n"
GLUCOSE = "RES|GLYCEMIE|GLU|N|1.30|g/L|0.74|1.06|H|F\n"
END = "****FIN****\n"


def given_name(reading, rank=0):
    (name,) = reading.documents[rank].patient.names
    return (*name.values("family"), *name.values("given"))


def flags(observation):
    return [coding.code for one in observation.interpretations for coding in one.codings]


@pytest.mark.parametrize("thirteenth", ["", "\n", "NOTE DU LABORATOIRE\n"])
@pytest.mark.parametrize("routing", ["", ROUTING])
def test_quirk_01_header_12_or_13_lines_and_routing_record(thirteenth, routing):
    found = read(f"{routing}{HEADER}{thirteenth}****LAB****\n{GLUCOSE}{END}")
    document = found.documents[0]
    assert given_name(found) == ("TESTARD", "Amélie")
    assert document.patient.birth.iso == "1957-03-14"
    assert document.time.iso == "2024-01-15"
    assert document.sender == "LABTIL"
    assert document.patient.ids[0].extension == "P0042"
    assert found.reasons().get("administrative", 0) == bool(routing)
    assert "SX302" not in found.issues()


def test_quirk_01_the_patient_code_may_end_the_routing_record():
    line = ROUTING.rstrip("\n") + " " * 96 + "P0042\n"
    found = read(line + HEADER.split("\n", 1)[1] + f"****LAB****\n{GLUCOSE}{END}")
    assert given_name(found) == ("TESTARD", "Amélie")
    assert found.documents[0].patient.ids[0].extension == "P0042"
    assert found.issues() == []


@pytest.mark.parametrize("name", ["A.HPR", "a.Hpm", "a.HPM1", "a.hprim", "a.HPRIM"])
def test_quirk_02_extensions_of_any_case(name):
    assert PARSER.claims(b"Cher confrere,\n", name) is not None


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4\n%\xe2\xe3", b"{\\rtf1\\ansi RES|A|B|N|1|", b"PK\x03\x04abc", b"\x00\x01\x02"]
)
def test_quirk_02_a_pdf_renamed_hpr_is_not_claimed(data):
    assert PARSER.claims(data, "compte-rendu.hpr") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_quirk_03_encodings_and_their_marks(encoding):
    found = read_bytes(f"{HEADER}{GLUCOSE}TEX|Hyperglycémie modérée à contrôler\n{END}".encode(encoding))
    assert given_name(found) == ("TESTARD", "Amélie")
    assert found.results()[0].notes[0].text == "Hyperglycémie modérée à contrôler"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n", "\r\r\n"])
def test_quirk_09_line_ends(end):
    found = read_bytes(f"{HEADER}****LAB****\n{GLUCOSE}{END}".replace("\n", end).encode())
    assert given_name(found) == ("TESTARD", "Amélie")
    assert [one.path for one in found.results()] == ["record line 14"]


def test_quirk_09_crlf_mixed_with_cr():
    text = f"{HEADER}****LAB****\n{GLUCOSE}{END}".encode()
    lines = text.split(b"\n")
    found = read_bytes(b"".join(line + (b"\r" if i % 2 else b"\r\n") for i, line in enumerate(lines[:-1])))
    assert given_name(found) == ("TESTARD", "Amélie")
    assert [one.path for one in found.results()] == ["record line 14"]


@pytest.mark.parametrize("mark", [" ****LAB****\n", "\t****LAB****  \n", ""])
def test_quirk_10_lab_mark_indented_or_absent(mark):
    found = read(f"{HEADER}{mark}{GLUCOSE}{END}")
    assert [one.code.text for one in found.results()] == ["GLYCEMIE"]


def test_quirk_11_many_records_text_between_marks_and_mark_after_the_end():
    second = HEADER.replace("TESTARD", "ESSAYEUR").replace("P0042", "P0043")
    text = f"{HEADER}{GLUCOSE}{END}\n{second}Lettre sans resultat.\n{END}"
    text += f"Edite par le laboratoire\n****FINFICHIER****\n{END}"
    found = read(text)
    assert [given_name(found, rank)[0] for rank in (0, 1)] == ["TESTARD", "ESSAYEUR"]
    assert found.reasons()["structure"] == 4
    (stray,) = [one for one in found.aside if one.quarantined]
    assert (stray.reason, stray.lines, stray.where) == ("unknown-kind", 1, "line 30")


def test_quirk_11_records_that_no_mark_separates():
    second = HEADER.replace("TESTARD", "ESSAYEUR").replace("P0042", "P0043")
    found = read(f"{HEADER}{GLUCOSE}{second}{GLUCOSE}")
    assert [given_name(found, rank)[0] for rank in (0, 1)] == ["TESTARD", "ESSAYEUR"]
    assert [len(found.results(rank)) for rank in (0, 1)] == [1, 1]


def test_quirk_11_results_after_an_end_mark_are_of_nobody():
    found = read(f"{HEADER}{GLUCOSE}{END}{GLUCOSE}{END}")
    assert found.documents[1].patient.names == ()
    assert found.issues(1) == ["SX301"]


def test_quirk_12_result_without_label_nor_value():
    (found,) = read("RES||CT33|A\n").results()
    assert [coding.code for coding in found.code.codings] == ["CT33"]
    assert found.values == ()
    assert found.null == "NI"


@pytest.mark.parametrize(
    "line", ["RES|SODIUM|NA|N|140|mmol/L", "RES|SODIUM|NA|N|140|mmol/L|136|145", "RES|SODIUM|NA|N|140|mmol/L|||"]
)
def test_quirk_12_truncated_trailing_fields(line):
    (found,) = read(f"{line}\n").results()
    assert (found.values[0].value, found.values[0].unit, found.status) == (Decimal(140), "mmol/L", None)


def test_quirk_15_comma_in_prose_and_point_in_res_is_one_result():
    text = f"{HEADER}Glycémie à jeun :       1,30 g/L     (0,74-1,06)\n****LAB****\n{GLUCOSE}{END}"
    found = read(text)
    assert [(one.path, str(one.values[0].value)) for one in found.results()] == [("record line 15", "1.30")]
    assert found.issues() == []


def test_quirk_15_a_result_of_the_text_alone_is_a_doubt_beside_res_lines():
    found = read(f"{HEADER}Créatinine :       9,1 mg/L     (6,0-11,0)\n****LAB****\n{GLUCOSE}{END}")
    assert [one.code.text for one in found.results()] == ["GLYCEMIE"]
    assert found.issues() == ["SX316"]


@pytest.mark.parametrize("line", ["TEX|soit 7,2 mmol/L", "TEX|  Soit : 7,2 mmol/L"])
def test_quirk_18_second_unit_on_a_soit_line(line):
    (found,) = read(f"{HEADER}{GLUCOSE}{line}\n{END}").results()
    (other,) = found.values[0].translations
    assert (str(other.value), other.unit) == ("7.2", "mmol/L")
    assert found.notes == ()


def test_quirk_18_second_unit_on_a_soit_line_of_the_text():
    text = f"{HEADER}Glycémie à jeun :       1,30 g/L     (0,74-1,06)\n               soit     7,2 mmol/L\n{END}"
    (found,) = read(text).results()
    assert [(str(q.value), q.unit) for q in (found.values[0], *found.values[0].translations)] == [
        ("1.30", "g/L"),
        ("7.2", "mmol/L"),
    ]


def test_quirk_18_second_unit_in_its_own_fields():
    (found,) = read("RES|GLYCEMIE|GLU|N|1.30|g/L|0.74|1.06|H|F|7.2|mmol/L|4.1|5.9\n").results()
    (other,) = found.values[0].translations
    assert (other.value, other.unit) == (Decimal("7.2"), "mmol/L")
    assert [(str(one.value.low.value), one.value.low.unit) for one in found.ranges] == [
        ("0.74", "g/L"),
        ("4.1", "mmol/L"),
    ]


def test_quirk_19_percent_and_count_are_two_results_and_the_flag_is_of_the_one_out_of_range():
    line = "RES|LYMPHOCYTES|LY|N|25.0|%|20.0|40.0|L|F|1.10|G/L|1.50|4.00\n"
    percent, count = read(line).results()
    assert (percent.values[0].unit, flags(percent)) == ("%", [])
    assert (count.values[0].unit, flags(count)) == ("G/L", ["L"])
    assert [coding.code for coding in count.code.codings] == ["LY"]
    assert percent.path != count.path


def test_quirk_19_a_flag_that_is_true_of_both_is_of_both():
    first, second = read("RES|HBA1C|A1C|N|7.2|%|4.0|6.0|H|F|55|mmol/mol|20|42\n").results()
    assert (flags(first), flags(second)) == (["H"], ["H"])
    one, other = read("RES|HBA1C|A1C|N|5.2|%|4.0|6.0|H|F|33|mmol/mol|20|42\n").results()
    assert (flags(one), flags(other)) == ([], [])


def test_a_corrected_result_says_so():
    found = read("RES|HBA1C|A1C|N|7.2|%|4.0|6.0|H|C\n")
    assert found.results()[0].status == "corrected"


def test_quirk_19_a_flag_that_may_be_of_either_is_of_neither():
    found = read("RES|LYMPHOCYTES|LY|N|25.0|%|||L|F|1.10|G/L\n")
    assert [flags(one) for one in found.results()] == [[], []]
    assert "SX312" in found.issues()


@pytest.mark.parametrize(
    ("low", "high", "bounds"),
    [
        ("2.20-2.60", "", ("2.20", "2.60")),
        ("-2 - 2", "", ("-2", "2")),
        ("inf. à 2,00", "", (None, "2.00")),
        ("(<100)", "", (None, "100")),
        ("VR: < 5,18", "", (None, "5.18")),
        ("0.74", "1.06", ("0.74", "1.06")),
    ],
)
def test_quirk_20_ranges_in_one_field(low, high, bounds):
    (found,) = read(f"RES|CALCIUM|CA|N|2.40|mmol/L|{low}|{high}\n").results()
    value = found.ranges[0].value
    assert isinstance(value, Range)
    assert tuple(None if b is None else str(b.value) for b in (value.low, value.high)) == bounds


def test_quirk_20_a_range_by_age_stays_text():
    (found,) = read("RES|PAL|PAL|N|80|U/L|Enfant: 100-300 Adulte: 40-130|\n").results()
    assert found.ranges[0].value is None
    assert found.ranges[0].text == "Enfant: 100-300 Adulte: 40-130"


def test_quirk_21_long_comment_in_the_value_field():
    comment = "Resultat verifie sur un second prelevement ce jour"
    found = read(f"RES|POTASSIUM|K|N|{comment}||||H|F|5.9|mmol/L|3.5|5.1\n")
    (result,) = found.results()
    assert (result.values[0].value, result.values[0].unit) == (Decimal("5.9"), "mmol/L")
    assert [note.text for note in result.notes] == [comment]
    assert flags(result) == ["H"]
    assert result.ranges[0].value.high.value == Decimal("5.1")
    assert "SX313" in found.issues()


def test_quirk_32_res_lines_are_not_hprim_sante():
    assert PARSER.claims(rb"H|~^\&|F1||LAB~LABO||ORU|||DOC~DR||P|H2.3~C|202401151030" + b"\nP|1\n", "a.hpr") is None


@pytest.mark.parametrize("written", ["2570376540123 45", "257037654012345", "0000000000000 00", "2570376540123"])
def test_quirk_33_a_social_security_number_is_never_in_the_document(written):
    document = read(HEADER.replace("2570376540123 45", written) + GLUCOSE).documents[0]
    assert written[:13] not in repr(document.patient)
    assert document.patient.birth is not None


def test_quirk_34_points_and_blanks_are_empty():
    found = read(
        f"{HEADER.replace('P0042', '.').replace('12 rue des Essais', '.')}{GLUCOSE}RES|SODIUM|NA|N|.|mmol/L|.|.\n"
    )
    assert found.documents[0].patient.ids == ()
    assert found.documents[0].patient.addresses[0].parts == (("postalCode", "76100"), ("city", "ROUEN"))
    assert found.results()[1].values == ()


def test_values_by_type():
    lines = "RES|A|A|N|<5|g/L\nRES|B|B|A|Négatif|\nRES|C|C|T|12|g/L\nRES|D|D|A|12,5|g/L\nRES|E|E|A|12,5|\n"
    values = [one.values[0] for one in read(lines).results()]
    assert [type(value) for value in values] == [Quantity, Text, Text, Quantity, Text]
    assert values[0].comparator == "<"


def test_a_flag_that_is_written_is_a_code_of_the_source_and_a_mark_is_not():
    found = read("RES|A|A|N|1|g/L|||L\nRES|B|B|N|1|g/L|||*\nRES|C|C|N|1|g/L|||zz\n")
    assert [flags(one) for one in found.results()] == [["L"], ["A"], []]
    coded = {place.path for place in found.documents[0].coded}
    assert {"record line 1/flag"} <= coded
    assert "record line 2/flag" not in coded
    assert isinstance(found.results()[1].interpretations[0], Concept)


def test_doubts_of_a_line_of_fields():
    assert read("RES|A|A|N|1|g/L||||F|||||x\n").issues() == ["SX301", "SX314"]
    assert read("RES|A|A|N|1|g/L||||Z\n").issues() == ["SX301", "SX315"]
    assert read("RES|A|A|N|1|g/L|||zz|F\n").issues() == ["SX301", "SX315"]
    assert read("RES|||N|1|g/L\n").issues() == ["SX301", "SX317"]
    assert read("RES|A|A|N|12,9 *|g/L|||N|F\n").issues() == ["SX301", "SX311"]


def test_a_title_line_of_fields_is_no_result():
    found = read(f"RES|HEMATOLOGIE||A\n{GLUCOSE}RES|||\n")
    assert [one.code.text for one in found.results()] == ["GLYCEMIE"]


@pytest.mark.parametrize(
    ("second", "flag", "owners"),
    [
        ("1.10|G/L|1.50|4.00", "N", [["N"], []]),
        ("2.10|G/L|1.50|4.00", "N", [["N"], []]),
        ("1.10|G/L|1.50|4.00", "A", [[], ["A"]]),
        ("9.10|G/L|1.50|4.00", "H", [[], ["H"]]),
    ],
)
def test_quirk_19_whose_the_flag_is(second, flag, owners):
    found = read(f"RES|LYMPHOCYTES|LY|N|25.0|%|20.0|40.0|{flag}|F|{second}\n")
    assert [flags(one) for one in found.results()] == owners


def test_a_second_value_alone_is_the_value():
    (found,) = read("RES|GLYCEMIE|GLU|N||g/L||||F|7.2|mmol/L|4.1|5.9\n").results()
    assert [(str(value.value), value.unit) for value in found.values] == [("7.2", "mmol/L")]


def test_words_in_the_second_fields_are_a_remark():
    (found,) = read("RES|GLYCEMIE|GLU|N|1.30|g/L||||F|a jeun\n").results()
    assert [note.text for note in found.notes] == ["a jeun"]


def test_a_value_of_paragraphs_is_words():
    (found,) = read(f"RES|COMMENTAIRE|COM|N|{'12 mots ' * 80}|g/L|{'1-2 ' * 200}|\n").results()
    assert isinstance(found.values[0], Text)
    assert found.ranges[0].value is None


@pytest.mark.parametrize(
    ("fields", "value", "bounds"),
    [
        ("2.920|mUI/L|0.270|4.200", "2.920", ("0.270", "4.200")),
        ("2.920|mUI/L|0.27|4.2", "2.920", ("0.27", "4.2")),
        ("2.920|/mm3|4.000|10.000", "2920", ("4000", "10000")),
        ("4.1|mmol/L|3.5|", "4.1", ("3.5", None)),
    ],
)
def test_quirk_16_bounds_show_what_a_point_before_three_digits_is(fields, value, bounds):
    (found,) = read(f"RES|A|A|N|{fields}\n").results()
    assert str(found.values[0].value) == value
    (held,) = found.ranges
    assert tuple(None if b is None else str(b.value) for b in (held.value.low, held.value.high)) == bounds


def test_bounds_of_thousands_are_no_date():
    found = read(f"{HEADER}Leucocytes ......... 2.920 */mm3      (4.000-10.000)\n****FIN****\n")
    (one,) = found.results()
    assert (str(one.values[0].value), one.values[0].unit) == ("2920", "/mm3")


def test_quirk_16_nothing_shows_what_the_point_is():
    (found,) = read("RES|A|A|N|2.920|UI/L|1.000|4.000\n").results()
    assert isinstance(found.values[0], Text)
    assert found.ranges[0].text == "1.000 ; 4.000"


def test_quirk_33_a_social_security_number_is_no_patient_number_and_no_text():
    text = (
        HEADER.replace("P0042", "257037654012345").replace("TESTARD", "TEST4RD") + GLUCOSE + "2 57 03 76 540 123 99\n"
    )
    assert "257037654012345" not in repr(read(HEADER.replace("P0042", "257037654012345") + GLUCOSE).documents)
    found = repr(read(text).documents)
    assert "SX303" in found
    assert not any(number in found for number in ("2570376540123", "2 57 03 76 540 123"))


def test_quirk_34_points_are_neither_bounds_nor_a_flag():
    found = read("RES|A|A|N|4|g/L|.|.|.|F\n")
    assert found.results()[0].ranges == ()
    assert found.issues() == ["SX301"]


def test_quirk_17_an_asterisk_before_the_unit_is_a_flag():
    first, second, third = read(
        "RES|A|A|N|2.920|*/mm3|4.000|10.000||F\nRES|B|B|N|12.9|* g/L|||H|F\nRES|C|C|N|4.5|*10^9/L||||F\n"
    ).results()
    assert [(str(one.values[0].value), one.values[0].unit) for one in (first, second, third)] == [
        ("2920", "/mm3"),
        ("12.9", "g/L"),
        ("4.5", "*10^9/L"),
    ]
    assert [flags(one) for one in (first, second, third)] == [["A"], ["H"], []]
    assert first.ranges[0].value.high.unit == "/mm3"


def test_quirk_18_a_second_value_in_the_same_unit_is_no_other_unit():
    same, other = read("RES|A|A|N|1.30|g/L||||F|1.3|g/L\nRES|B|B|N|1.30|g/L||||F|<1.1|g/L\n").results()
    assert same.values[0].translations == other.values[0].translations == ()
    assert same.notes == ()
    assert [note.text for note in other.notes] == ["<1.1 g/L"]


def test_quirk_21_words_of_type_text_leave_the_second_value_to_be_read():
    found = read("RES|POTASSIUM|K|T|Voir commentaire||||H|F|5,9|mmol/L|3.5|5.1\n")
    (result,) = found.results()
    assert (str(result.values[0].value), result.values[0].unit) == ("5.9", "mmol/L")
    assert [note.text for note in result.notes] == ["Voir commentaire"]
    assert "SX313" in found.issues()


def specimens(found):
    return [one.specimens[0].name if one.specimens else None for one in found.results()]


@pytest.mark.parametrize(
    "title", ["TEX|CHIMIE URINAIRE", "TEX|Ionogramme urinaire", "TEX|URINES DES 24 H", "RES|IONOGRAMME URINAIRE||A"]
)
def test_quirk_35_results_under_a_heading_of_urine_are_of_urine_up_to_the_next_heading(title):
    rest = "RES|POTASSIUM|K|N|62|mmol/L\nTEX|\nRES|SODIUM|NA|N|90|mmol/L\nTEX|CHIMIE DU SANG\n"
    found = read(f"{HEADER}{title}\n{rest}RES|POTASSIUM|KS|N|4.1|mmol/L\n{END}")
    name = title.split("|")[1]
    assert specimens(found) == [name, name, None]


def test_quirk_35_headings_of_the_text():
    text = "BIOCHIMIE URINAIRE\nPotassium ........ : 62 mmol/L\nHEMATOLOGIE\nHémoglobine ...... : 13,8 g/dL\n"
    assert specimens(read(f"{HEADER}{text}{END}")) == ["BIOCHIMIE URINAIRE", None]


def test_quirk_35_a_comment_or_a_result_about_urine_is_no_heading():
    found = read(f"{HEADER}{GLUCOSE}TEX|Absence de sucre dans les urines\nRES|SODIUM|NA|N|140|mmol/L\n{END}")
    assert specimens(found) == [None, None]
    assert found.results()[0].notes[0].text == "Absence de sucre dans les urines"
    (result,) = read(f"{HEADER}Urines : 1,2 g/24h\n{END}").results()
    assert result.specimens == ()


@pytest.mark.parametrize(
    "body", ["Cher confrère,\nFraction : 45 %\nCordialement\n", "COMPTE RENDU\nFRACTION 45 %\nPLEINE : 30 %\n"]
)
def test_percentages_alone_in_a_letter_are_no_laboratory_results(body: str) -> None:
    found = read(HEADER + body)
    assert found.results() == []
    document = found.documents[0]
    assert (document.code, document.coded) == (None, ())
    assert "45 %" in (document.sections[0].narrative or "")


@pytest.mark.parametrize(
    "body",
    [
        "HEMATOLOGIE\nHEMATOCRITE : 45 %\n",
        "****LAB****\nHEMATOCRITE : 45 %\n",
        "HEMATOCRITE : 45 %\nHEMOGLOBINE : 13,8 g/dL\n",
        "HEMATOCRITE : 45 % (40-50)\n",
    ],
)
def test_a_percentage_of_a_laboratory_is_a_result(body: str) -> None:
    first = read(HEADER + body).results()[0]
    assert isinstance(first.values[0], Quantity)
    assert (first.values[0].value, first.values[0].unit) == (Decimal(45), "%")
