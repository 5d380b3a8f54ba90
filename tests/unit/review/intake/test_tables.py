"""Tables of codes and wordings, whatever they are saved as."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from semantix.errors import BadMappings, BadTable, UnreadableInput
from semantix.review.formats.exchange import Exchange
from semantix.review.intake.open_document import refuse_large_sheets
from semantix.review.intake.tables import TableOptions, parse_frequency, read_table, read_workbook_table

OPENDOC = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def read(text: str, name: str = "t.csv", **options: str) -> Exchange:
    return read_table(text.encode(), name, TableOptions(**options))


def labels(exchange: Exchange) -> list[tuple[str, str, int]]:
    return [(each.source.code, each.source.label, each.frequency) for each in exchange.entries]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def open_document(rows: str) -> bytes:
    file = io.BytesIO()
    content = (
        f'<office:document-content {SPACES}><office:body><office:spreadsheet><table:table table:name="S">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), OPENDOC)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return file.getvalue()


def cell(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def row(*texts: str) -> str:
    return f"<table:table-row>{''.join(map(cell, texts))}</table:table-row>"


# --- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["Code;Libellé;Fréquence", "code;label;frequency", "CODE LOCAL;Désignation;Effectif", "mnemo;intitulé;nb"],
)
def test_usual_names_of_columns_are_recognised(header: str):
    assert labels(read(f"{header}\nNA;Sodium;12\n")) == [("NA", "Sodium", 12)]


def test_a_clear_name_wins_over_a_likely_one():
    assert labels(read("libelle;description\nSodium;dosé au labo\n")) == [("", "Sodium", 1)]


def test_two_columns_that_could_be_meant_are_named_with_the_option():
    with pytest.raises(BadMappings, match="hold the label: Libelle, Label; say which with --label-column"):
        read("Libelle;Label\na;b\n")


def test_two_columns_of_specimens_are_named():
    with pytest.raises(BadMappings, match="specimen: Specimen, Prelevement; keep one of them"):
        read("libelle;Specimen;Prelevement\na;b;c\n")


def test_named_columns_are_taken_as_named():
    text = "Libelle;Label;N 1;N 2\na;b;3;4\n"
    assert labels(read(text, label="label", frequency="n 2")) == [("", "b", 4)]


def test_a_column_may_be_said_not_to_be_there():
    (entry,) = read("code;libelle;nb\n1;Sodium;7\n", code="", frequency="").entries
    assert (entry.source.code, entry.frequency, entry.extra) == ("", 1, {"code": "1", "nb": "7"})


def test_a_named_column_that_is_not_there_is_an_error():
    with pytest.raises(BadMappings, match="no column is called libelles; the columns are code, libelle"):
        read("code;libelle\n1;a\n", label="libelles")


def test_a_table_without_codes_and_labels_is_an_error():
    with pytest.raises(BadMappings, match="no column of codes or labels is recognised among a, b; name it with --lab"):
        read("a;b\n1;2\n")


@pytest.mark.parametrize("header", ["code;display_fr;jdv_name", "code;LIBELLE_SERVICE;x", "code;Nom FR;x"])
def test_a_word_within_a_name_says_it_where_no_whole_name_does(header: str):
    assert labels(read(f"{header}\nNA;Sodium;y\n")) == [("NA", "Sodium", 1)]


def test_codes_alone_are_read_and_said():
    exchange = read("code;x\nNA;y\n")
    assert labels(exchange) == [("NA", "", 1)]
    assert [each.found for each in exchange.problems] == ["no column of labels"]
    assert read("code\nNA\n").problems == ()


def test_a_value_in_the_place_of_a_header_is_not_shown():
    rows = "Mme EXEMPLE a une toux et de la fièvre depuis trois jours;01 99 00 12 34;12;Sodium\n"
    with pytest.raises(BadMappings, match=r"among \(column 1\), \(column 2\), \(column 3\), Sodium; name it"):
        read(rows)


def test_other_columns_are_kept_with_their_names():
    (entry,) = read("libelle;Méthode;;Méthode\na;x;y;z\n").entries
    assert entry.extra == {"Méthode": "x", "column 3": "y", "Méthode 4": "z"}


# --- what rows say ---------------------------------------------------------------------------------------------------


def test_context_comes_from_the_row_else_from_the_options():
    text = (
        "code;libelle;unite;prelevement;section;emetteur;systeme\n"
        "NA;Sodium;mmol/L;sang;laboratory;labo a;\n"
        "K;Potassium;;;;;urn:x\n"
    )
    one, two = read(text, sender="labo b", section="problem", system="urn:y", target="LOINC").entries
    assert (one.source.unit, one.source.specimen, one.source.section) == ("mmol/L", "sang", "laboratory")
    assert (one.source.sender, one.source.system, one.source.target) == ("labo a", "urn:y", "loinc")
    assert (two.source.sender, two.source.section, two.source.system) == ("labo b", "problem", "urn:x")


def test_a_heading_that_is_no_kind_of_statement_is_kept_aside():
    (entry,) = read("libelle;rubrique\nSodium;Ionogramme\n", section="laboratory").entries
    assert (entry.source.section, entry.extra) == ("laboratory", {"section": "Ionogramme"})


def test_an_unknown_section_is_an_error():
    with pytest.raises(BadMappings, match="the sections are problem"):
        read("libelle\na\n", section="labo")


def test_a_known_system_is_written_by_its_key_and_needs_a_code():
    (entry,) = read("libelle;code\nSodium;\n", system="http://loinc.org").entries
    assert entry.source.system == ""
    (entry,) = read("libelle;code\nSodium;1-8\n", system="http://loinc.org").entries
    assert entry.source.system == "loinc"


def test_rows_of_one_code_and_label_are_added_and_said():
    exchange = read("code;libelle;nb;x\nNA;Sodium;2;\nK;Potassium;1;\nNA;Sodium;3;y\nNA;Sodium;1;z\n")
    assert labels(exchange) == [("NA", "Sodium", 6), ("K", "Potassium", 1)]
    assert exchange.entries[0].extra == {"x": "y"}
    assert [(each.line, each.found) for each in exchange.problems] == [
        (4, "2 rows with the code and the label of another one")
    ]


def test_rows_that_differ_by_their_senders_are_counted_in_silence():
    exchange = read("libelle;sender;nb\nSodium;a;2\nSodium;b;3\n")
    assert exchange.problems == ()
    assert exchange.entries[0].senders == {"a": 2, "b": 3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 1), (" 7 ", 7), ("0", 1), ("1 234", 1234), ("1\u202f234", 1234), ("1\u00a0234\u00a0567", 1234567),
        ("12,0", 12), ("12.00", 12), ("1.234.567", 1234567), ("1,234,567", 1234567), ("1'234", 1234),
        ("1.234", None), ("1,234", None), ("12.000", None), ("-3", None), ("3,5", None), ("x", None), ("1 23", None),
        ("²", None), ("٣", None), ("9" * 14, None), ("9" * 13, None), ("1e5", None),
    ],
)  # fmt: skip
def test_frequencies_are_read_as_french_and_english_write_them(text: str, value: int | None):
    assert parse_frequency(text) == value


def test_a_bad_frequency_is_said_and_counts_as_one():
    exchange = read("libelle;nb\na;2\nb;beaucoup\n")
    assert labels(exchange) == [("", "a", 2), ("", "b", 1)]
    assert [(each.line, each.found) for each in exchange.problems] == [(3, "a frequency that is no whole number")]


def test_rows_that_cannot_be_taken_are_located():
    exchange = read(f"code;libelle;x\n;;note\nA;{'x' * 2001};\n{'c' * 256};a;\nB;b;{'y' * 2001}\n")
    assert [(each.line, each.found) for each in exchange.problems] == [
        (2, "neither a code nor a label"),
        (3, "a label of 2,001 characters"),
        (4, "a code of 256 characters"),
        (5, "2,001 characters in column 3"),
        (1, "no column of frequencies"),
    ]
    assert labels(exchange) == [("B", "b", 1)]


def test_that_nothing_was_counted_is_said_where_a_column_may_count():
    assert [each.found for each in read("code;libelle;passages par an\nA;a;3\n").problems] == [
        "no column of frequencies"
    ]
    assert read("code;libelle\nA;a\n").problems == ()
    assert read("code;libelle;remarque\nA;a;b\n", frequency="").problems == ()


def test_formulas_stay_text_and_control_characters_go():
    (entry,) = read("libelle;x\n\"=cmd|' /C\x00 calc'\n\u202e!A0\";\x07<script>\n").entries
    assert entry.source.label == "=cmd|' /C calc' !A0"
    assert entry.extra == {"x": "<script>"}


# --- what files are saved as -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_encodings_and_delimiters_of_spreadsheets_are_read(encoding: str, delimiter: str):
    rows = [("Libellé", "Unité"), ("Créatinine sérique", "µmol/L"), ("Protéinurie élevée à jeun", "g/L")]
    text = "".join(delimiter.join(each) + "\r\n" for each in rows)
    exchange = read_table(text.encode(encoding), "t.csv")
    assert [(each.source.label, each.source.unit, each.line) for each in exchange.entries] == [
        ("Créatinine sérique", "µmol/L", 2),
        ("Protéinurie élevée à jeun", "g/L", 3),
    ]


def test_text_of_two_encodings_is_said():
    text = "libelle\n" + "Créatinine sérique élevée\n" * 20
    exchange = read_table(text.encode("cp1252") + "Protéinurie élevée à jeun\n".encode(), "t.csv")
    assert [each.expected for each in exchange.problems][:1] == ["UTF-8"]


def test_a_row_that_is_too_long_is_located():
    with pytest.raises(BadTable, match="line 2 has 3 cells and the header 2"):
        read("code;libelle\na;b;c\n")


def test_a_workbook_is_read_with_the_numbers_of_its_rows():
    data = workbook(Feuille=[[], ["Code", "Libellé", "Nb"], ["NA", "Sodium", 12.0], [], [1234, "Potassium", "1 000"]])
    exchange = read_workbook_table(data, "t.xlsx")
    assert labels(exchange) == [("NA", "Sodium", 12), ("1234", "Potassium", 1000)]
    assert [each.line for each in exchange.entries] == [3, 5]


def test_the_one_sheet_that_has_labels_is_taken():
    data = workbook(Notes=[["lu par", "le"]], Codes=[["libelle"], ["Sodium"]], Vide=[])
    assert labels(read_workbook_table(data, "t.xlsx")) == [("", "Sodium", 1)]


def test_a_sheet_may_be_named():
    data = workbook(A=[["libelle"], ["a"]], B=[["libelle"], ["b"]])
    assert labels(read_workbook_table(data, "t.xlsx", TableOptions(sheet="B"))) == [("", "b", 1)]
    with pytest.raises(BadMappings, match="several sheets could be meant: A, B; say which with --sheet"):
        read_workbook_table(data, "t.xlsx")
    with pytest.raises(BadMappings, match="there are A, B"):
        read_workbook_table(data, "t.xlsx", TableOptions(sheet="C"))


def test_an_empty_workbook_is_an_error():
    with pytest.raises(BadMappings, match="no sheet holds anything"):
        read_workbook_table(workbook(A=[]), "t.xlsx")


def test_an_open_document_is_read():
    nothing = '<table:table-cell table:number-columns-repeated="16384"/>'
    end = f'<table:table-row table:number-rows-repeated="1048000">{nothing}</table:table-row>'
    data = open_document(row("code", "libelle") + row("NA", "Sodium") + end)
    assert labels(read_workbook_table(data, "t.ods")) == [("NA", "Sodium", 1)]


WIDE = cell("x", ' table:number-columns-repeated="16384"')
# A sign that closes tags stands in an attribute, before the repeats.
COMPUTED = cell("x", ' table:formula="of:=1>0" table:number-columns-repeated="12"')


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="1000000">{WIDE}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="9000000"/>{row("x")}',
        f'<table:table-row table:number-rows-repeated="2000000"/><table:table-row>{COMPUTED}</table:table-row>',
    ],
)
def test_an_open_document_that_swells_is_refused(rows: str):
    with pytest.raises(UnreadableInput, match=r"a sheet of \d+ rows"):
        read_workbook_table(open_document(rows), "t.ods")


@pytest.mark.parametrize("size", [999_000, 2_500_000])
def test_a_tag_that_chunks_cut_in_two_is_counted(size: int):
    long = cell("x", f' table:formula="{"1" * size}" table:number-columns-repeated="16384"')
    rows = f'<table:table-row table:number-rows-repeated="9000">{long}</table:table-row>'
    with pytest.raises(UnreadableInput, match="a sheet of 9000 rows and 16384 columns"):
        refuse_large_sheets(open_document(rows), "t.ods")


def test_spaces_that_are_only_counted_are_refused_before_they_are_written_out():
    few = "<table:table-row><table:table-cell><text:p>a{}b</text:p></table:table-cell></table:table-row>"
    refuse_large_sheets(open_document(few.format('<text:s text:c="12"/><text:s/>')), "t.ods")
    for spaces in ('<text:s text:c="2000000000"/>', "<text:s text:c='60000'></text:s>" * 2):
        with pytest.raises(UnreadableInput, match="more than 100,000 spaces"):
            refuse_large_sheets(open_document(few.format(spaces)), "t.ods")


def test_a_cell_larger_than_any_is_refused():
    with pytest.raises(UnreadableInput, match="a cell of more than 4,000,000 bytes"):
        refuse_large_sheets(open_document(row("x" * 5_000_000)), "t.ods")


def test_a_damaged_open_document_is_refused():
    data = open_document(row("x"))
    with pytest.raises(UnreadableInput, match="not readable as a workbook"):
        refuse_large_sheets(data[: len(data) // 2], "t.ods")


def test_an_open_document_larger_than_it_may_be_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("semantix.review.intake.open_document.MAX_UNPACKED", 100)
    with pytest.raises(UnreadableInput, match="once unpacked"):
        refuse_large_sheets(open_document(row("x")), "t.ods")


def test_a_line_that_no_table_has_is_refused():
    with pytest.raises(BadMappings, match="line 2 is longer than 1,000,000 characters"):
        read("libelle\tnb\n" + "x\t" * 600_000)


def test_a_table_of_a_thousand_columns_and_more_is_refused():
    with pytest.raises(BadMappings, match="1,001 columns; at most 1,000 are read"):
        read("\t".join(["libelle"] * 1_001) + "\n")
    with pytest.raises(BadMappings, match="1,001 columns"):
        read_workbook_table(workbook(A=[["libelle"] * 1_001]), "t.xlsx")
