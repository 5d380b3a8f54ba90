"""Profiles of whole files: how they are written, what their columns hold, and nothing of a patient."""

import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiled_exports import GIVEN, NAMES, RESULTS_HEADER, TESTS, Held, dbf, delimited, fixed, results

from semantix.errors import SemantixError, UnreadableInput
from semantix.profiling import profile
from semantix.profiling.figures import FileProfile, Table
from semantix.profiling.page import render_profiles
from semantix.profiling.remark_words import REMARKS
from semantix.profiling.tally import DISTINCT
from semantix.profiling.telling import column_cells, file_sentences, table_sentences
from semantix.profiling.words import TEXTS, profile_words

UNITS = {unit for _, unit in TESTS}


def of(text: str | bytes, name: str = "export.csv", encoding: str = "utf-8", **options: bool) -> FileProfile:
    return profile(
        Held(text if isinstance(text, bytes) else text.encode(encoding), name), UNITS.__contains__, **options
    )


def table(*arguments: object, **options: object) -> Table:
    (found,) = of(*arguments, **options).tables  # type: ignore[arg-type]
    return found


def roles(found: Table) -> list[str]:
    return [column.role for column in found.columns]


def keys(remarks) -> list[str]:
    return [remark.key for remark in remarks]


@pytest.fixture(scope="module")
def whole() -> FileProfile:
    return of(delimited(results(), RESULTS_HEADER), encoding="cp1252")


# --- a delimited text ---------------------------------------------------------------------------------------------


def test_encoding_separator_line_ends_and_header_are_found_with_their_evidence(whole: FileProfile) -> None:
    assert whole.kind == "delimited"
    assert whole.encoding is not None
    assert whole.dialect is not None
    assert (whole.encoding.name, whole.dialect.separator, whole.dialect.quote) == ("cp1252", ";", "")
    assert whole.encoding.evidence
    assert whole.dialect.line_ends == (("crlf", 301),)
    assert keys(whole.dialect.evidence) == ["separator", "no-quote"]
    (found,) = whole.tables
    assert (found.rows, found.blank, found.header, found.first) == (300, 0, 1, 2)
    assert found.header_reason is not None
    assert found.header_reason.key == "header"


def test_every_column_has_its_type_and_its_role(whole: FileProfile) -> None:
    (found,) = whole.tables
    assert [(column.role, column.type) for column in found.columns] == [
        ("patient-number", "integer"),
        ("family-name", "text"),
        ("given-name", "text"),
        ("birth-date", "date"),
        ("sex", "sex"),
        ("date", "date"),
        ("label", "text"),
        ("value", "value"),
        ("unit", "text"),
        ("code", "code"),
        ("low", "number"),
        ("high", "number"),
        ("nss", "integer"),
    ]


def test_figures_of_columns(whole: FileProfile) -> None:
    by_role = {column.role: column for column in whole.tables[0].columns}
    birth, date, value, unit, code = (by_role[role] for role in ("birth-date", "date", "value", "unit", "code"))
    assert birth.dates is not None
    assert birth.dates.formats == (("d/m/yyyy", 300),)
    assert date.dates is not None
    assert (date.dates.two_digit_years, keys(date.doubts)) == (300, ["pivot"])
    assert value.numbers is not None
    assert (value.numbers.decimal, value.numbers.compared > 0) == (",", True)
    assert unit.units is not None
    assert (unit.units.alone, unit.units.known, unit.distinct) == (300, 300, 5)
    assert code.missing[0][0] == "."
    assert code.filled + code.missing[0][1] == 300
    assert code.systems == (("loinc", code.filled),)
    assert by_role["low"].constant
    assert sorted(word for word, _ in by_role["sex"].words) == ["F", "M"]
    assert by_role["nss"].identifiers[0] == ("nir", 300)


def test_without_header_roles_come_from_what_the_columns_hold() -> None:
    rows = [[row[0], row[5], *row[6:9]] for row in results()]
    found = table(delimited(rows, separator="\t", end="\r"), encoding="mac-roman")
    assert found.header == 0
    assert roles(found) == ["patient-number", "date", "label", "value", "unit"]
    assert {column.reason.key for column in found.columns if column.reason} == {
        "by-repeats",
        "by-dates",
        "by-words",
        "by-numbers",
        "by-units",
    }


def test_the_header_may_stand_below_a_preamble() -> None:
    text = "Export du cabinet\r\n\r\n" + delimited(results(40), RESULTS_HEADER)
    found = table(text)
    assert (found.header, found.first, found.rows) == (3, 4, 40)


def test_words_over_numbers_that_no_list_knows_are_not_shown_as_names() -> None:
    text = "Zorglub;Bulgroz\n" + "".join(f"{n};{n},5\n" for n in range(30))
    hidden, told = table(text), table(text, show_values=True)
    assert hidden.header_reason is not None
    assert (hidden.header, hidden.header_reason.key, hidden.columns[0].name) == (1, "header-unsure", "")
    assert told.columns[0].name == "Zorglub"


def test_quoted_cells_may_hold_the_separator_and_line_ends() -> None:
    text = "nom;texte\n" + '"A";"un;deux\ntrois"\n' * 20
    found = of(text)
    assert found.dialect is not None
    assert found.dialect.quote == '"'
    assert found.tables[0].rows == 20
    assert found.tables[0].cells == (("2", 20),)


def test_decimal_commas_are_no_separators() -> None:
    found = of("nombre;mesure\n" + "".join(f"{n};{n},5\n" for n in range(50)))
    assert found.dialect is not None
    assert found.dialect.separator == ";"


def test_a_true_comma_is_one() -> None:
    found = of("numero,date,libelle,valeur\n" + "".join(f"{n},2020-01-02,CRP,{n}.5\n" for n in range(50)))
    assert found.dialect is not None
    assert found.dialect.separator == ","
    assert roles(found.tables[0]) == ["patient-number", "date", "label", "value"]


def test_rows_of_several_kinds_are_a_doubt() -> None:
    text = "".join(f"{n};BIOLOGIE;02/01/2020;x;y\nCRP;;{n},5;mg/l\nlibre\n" for n in range(30))
    found = of(text)
    assert found.dialect is not None
    assert "rows-unlike" in keys(found.dialect.doubts)


def test_blank_rows_and_mixed_line_ends_are_told() -> None:
    found = of("id;date\n1;02/01/2020\r\n\n;;\n2;03/01/2020\n")
    assert found.dialect is not None
    assert keys(found.dialect.doubts) == ["mixed-line-ends"]
    assert (found.tables[0].rows, found.tables[0].blank) == (2, 2)


def test_a_text_without_separator_is_one_column() -> None:
    found = of("bonjour\nvoici un texte\n")
    assert found.dialect is not None
    assert keys(found.dialect.doubts) == ["no-separator"]
    assert len(found.tables[0].columns) == 1


def test_utf_16_is_streamed() -> None:
    found = table(("\ufeff" + delimited(results(50), RESULTS_HEADER)).encode("utf-16-le"))
    assert (found.rows, found.columns[0].name) == (50, "Dossier")


def test_a_file_larger_than_what_is_looked_at_first_is_counted_whole() -> None:
    rows = results(300) * 60
    text = delimited(rows, RESULTS_HEADER)
    assert len(text) > 1_500_000
    found = table(text)
    assert (found.rows, found.columns[0].filled) == (18_000, 18_000)


# --- types and doubts ---------------------------------------------------------------------------------------------


def column(*cells: str, name: str = "x"):
    text = f"id;{name};date\n" + "".join(f"{n};{cell};2020-01-02\n" for n, cell in enumerate(cells))
    return table(text).columns[1]


@pytest.mark.parametrize(
    ("cells", "kind", "doubts"),
    [
        (["1", "2", "33"], "integer", []),
        (["007", "012", "120"], "code", []),
        (["1,5", "2", "3,25"], "number", []),
        (["<5", "12", "3,5"], "value", []),
        (["1,45 g/l", "2 g/l", "3 g/l"], "value", []),
        (["oui", "non", "oui", "non"], "boolean", []),
        (["0", "1", "0", "1"], "boolean", ["boolean-or-number"]),
        (["H", "F", "H", "F"], "sex", []),
        (["1", "2", "1", "2"], "integer", []),
        (["*", "H", "*", "L"], "flag", []),
        (["2.920", "3.100", "4.250"], "number", ["decimal-or-thousands"]),
        (["02/01/2020", "13/01/2020", "45/45/2020"], "date", ["dates-unreadable"]),
        (["02/01/2020", "13/01/2020", "01/25/2020"], "date", ["dates-unreadable", "dates-swapped"]),
        (["02/01/2020", "13/01/2020", "14/01/2020", "jamais"], "date", ["others"]),
        (["12", "13", "14", "négatif"], "value", ["others"]),
        (["12", "positif", "négatif", "douteux"], "text", []),
        (["E11.9", "I10", "J45"], "code", []),
        (["Na", "K", "NA", "Ca"], "text", []),
    ],
)
def test_types_and_doubts(cells: list[str], kind: str, doubts: list[str]) -> None:
    found = column(*cells)
    assert (found.type, keys(found.doubts)) == (kind, doubts)


def test_figures_for_a_sex_need_a_name_that_says_so() -> None:
    found = column("1", "2", "1", "2", name="sexe")
    assert (found.type, found.role, keys(found.doubts)) == ("sex", "sex", ["sex-in-figures"])


def test_dates_that_no_day_settles_are_a_doubt() -> None:
    assert keys(column(*(f"0{n % 9 + 1}/0{n % 8 + 1}/2020" for n in range(30))).doubts) == ["dates-ambiguous"]


def test_a_mark_of_thousands_is_told_from_a_decimal_mark() -> None:
    found = column("1.234,5", "12,25", "2.920")
    assert found.numbers is not None
    assert (found.numbers.decimal, found.numbers.grouping) == (",", ".")
    spaced = column("12 500", "1 200,5", "3,5")
    assert spaced.numbers is not None
    assert (spaced.numbers.decimal, spaced.numbers.grouping) == (",", " ")


def test_a_name_that_the_cells_contradict_is_a_doubt_and_no_role() -> None:
    found = column("bleu", "vert", "rouge", name="date de naissance")
    assert (found.role, keys(found.doubts)) == ("", ["name-contradicted"])


def test_words_for_nothing_are_counted_apart() -> None:
    found = column("12", ".", "NULL", "13", "Non renseigné")
    assert (found.filled, dict(found.missing)) == (2, {".": 1, "NULL": 1, "Non renseigné": 1})


def test_different_values_are_exact_up_to_a_limit_and_memory_stays_flat() -> None:
    found = table("id;texte\n" + "".join(f"{n};{'x' * 300}{n}\n" for n in range(DISTINCT + 50)))
    number, words = found.columns
    assert (number.distinct, number.distinct_more, number.filled) == (DISTINCT, True, DISTINCT + 50)
    assert (words.distinct, words.longest) == (1, 305)


# --- the other kinds ----------------------------------------------------------------------------------------------


def test_columns_at_fixed_places_are_found() -> None:
    found = of(fixed(), "export.txt")
    assert found.kind == "fixed-width"
    assert [(column.at, column.width) for column in found.tables[0].columns] == [
        ("1", 8),
        ("9", 16),
        ("25", 12),
        ("37", 7),
        ("44", 8),
    ]
    assert roles(found.tables[0]) == ["patient-number", "label", "date", "value", "unit"]


def test_a_workbook_is_read_sheet_by_sheet(tmp_path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    first.title = "Résultats"
    first.append(["Dossier", "Date", "Libellé", "Valeur"])
    for row in results(40):
        first.append([int(row[0]), row[5], row[6], row[7]])
    book.create_sheet("Vide")
    book.save(tmp_path / "a.xlsx")
    found = of((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert (found.kind, [one.name for one in found.tables]) == ("workbook", ["Résultats"])
    assert roles(found.tables[0]) == ["patient-number", "date", "label", "value"]


def test_a_dbase_table_has_its_names() -> None:
    found = of(dbf([("ÉRABLE", "12,5"), ("DUNE", "13")] * 5, announced=12), "a.dbf")
    assert (found.kind, found.tables[0].rows, keys(found.doubts)) == ("dbase", 10, ["records-lost"])
    assert [column.name for column in found.tables[0].columns] == ["NOM", "VALEUR"]


def test_a_dump_has_a_table_for_each_of_its_tables() -> None:
    rows = ", ".join(f"({n}, 'CRP', '{n},5')" for n in range(1, 9))
    text = "INSERT INTO patient (id, nom) VALUES (1, 'DUNE');\n"
    text += f"INSERT INTO examen (patient, libelle, valeur) VALUES {rows};"
    found = of(text, "a.sql")
    assert [(one.name, one.rows) for one in found.tables] == [("patient", 1), ("examen", 8)]
    assert roles(found.tables[1]) == ["patient-number", "label", "value"]


def test_xml_rows_have_the_fields_around_them() -> None:
    inside = "".join("<res><lib>CRP</lib><val>4,5</val></res><res><lib>K</lib><val>4</val></res>" for _ in range(2))
    people = "".join(f"<patient id='{n}'><ddn>1960-02-0{n}</ddn>{inside}</patient>" for n in range(1, 4))
    found = of(f"<e>{people}</e>", "a.xml")
    assert found.tables[0].source == "/e/patient/res"
    assert [column.at for column in found.tables[0].columns] == ["lib", "val", "../@id", "../ddn"]
    assert roles(found.tables[0]) == ["label", "value", "patient-number", "birth-date"]


def test_json_lines_are_read_with_their_inner_fields() -> None:
    lines = [
        json.dumps({"id": n, "libellé": "CRP", "p": {"ddn": "1960-01-02"}, "ok": True, "x": None}) for n in range(5)
    ]
    found = of("\n".join(lines), "a.json")
    assert found.tables[0].source == "$[*]"
    assert [column.at for column in found.tables[0].columns] == ["id", "libellé", "$.p.ddn", "ok", "x"]


def test_fields_of_trees_are_found_some_levels_below_their_row() -> None:
    text = "<e>" + "<r a='1'><b><c unit='g/l'>2</c></b><d>x</d><d>y</d></r>" * 3 + "</e>"
    assert [column.at for column in table(text, "a.xml").columns] == ["@a", "b/c", "b/c/@unit", "d"]
    inner = {"date du bilan": {"c": 1, "d": {"e": {"f": 2}}}, "l": [{"x": 1, "y": 2}], "z": "t"}
    found = of(json.dumps({"rows": [inner, inner]}), "a.json")
    by_source = {one.source: [column.at for column in one.columns] for one in found.tables}
    assert by_source == {"$.rows[*]": ["$['date du bilan'].c", "z"], "$.rows[*].l[*]": ["x", "y"]}
    deep = "<a>" * 20 + "<b>1</b><c>2</c>" + "</a>" * 20
    assert keys(of(deep, "a.xml").doubts) == ["no-rows"]


def test_lines_of_one_cell_longer_than_a_chunk_are_read(monkeypatch) -> None:
    monkeypatch.setattr("semantix.profiling.opening._CHUNK", 64)
    found = table("id;texte\n" + f"1;{'x' * 300}\n" * 20)
    assert (found.rows, found.columns[1].longest) == (20, 300)
    wide = table(("\ufeffid;texte\n" + f"1;{'é' * 300}\n" * 20).encode("utf-16-le"))
    assert (wide.rows, wide.columns[1].longest) == (20, 300)


def test_damage_is_told() -> None:
    text = "id;libelle\n" + "1;Glyc&eacute;mie\n2;Cr&eacute;atinine\n" * 10
    said = list(file_sentences(of(text), profile_words("en")))
    assert any("html-entities" in line for line in said)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \r\n\0", "empty"),
        (b"MSH|^~\\&|LABO", "HL7"),
        (b"H|~^\\&|f||LABO", "HPRIM"),
        (b"%PDF-1.4", "PDF"),
        (b"x\r\n****LAB****\r\nRES|a", "HPRIM"),
        (b'{"resourceType": "Bundle"}', "FHIR"),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3"><a/></ClinicalDocument>', "CDA"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        of(data)


def test_a_tree_without_rows_says_so() -> None:
    assert keys(of("<a><b>1</b></a>", "a.xml").doubts) == ["no-rows"]


# --- words and privacy --------------------------------------------------------------------------------------------


def test_no_value_is_told_unless_asked(whole: FileProfile) -> None:
    words = profile_words("fr")
    told = render_profiles([whole], words, "0") + msgspec.json.encode(whole, enc_hook=dict).decode()
    hidden = {*NAMES, *GIVEN, *(label for label, _ in TESTS), "1990199"}
    assert not [word for word in hidden if word in told]
    shown = of(delimited(results(), RESULTS_HEADER), show_values=True)
    assert any(value in {name for name, _ in TESTS} for value, _ in shown.tables[0].columns[6].top)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_can_be_said_in_both_languages(lang: str, whole: FileProfile) -> None:
    words = profile_words(lang)
    files = [whole, of(fixed(), "a.txt"), of("a\nb\n"), of(dbf([("A", "1")], announced=3), "a.dbf")]
    said = [line for one in files for line in file_sentences(one, words)]
    said += [line for one in files for part in one.tables for line in table_sentences(part, words)]
    said += [cell for one in files for part in one.tables for c in part.columns for cell in column_cells(c, words)]
    assert all(said)
    page = render_profiles(files, words, "0")
    assert page.count("<section>") == len(files) + 1
    assert f'lang="{lang}"' in page


def test_every_remark_is_in_the_catalogue_in_both_languages_with_the_same_blanks() -> None:
    for key, texts in {**REMARKS, **TEXTS}.items():
        assert len(texts) == 2, key
        blanks = [sorted(set(re.findall(r"{(\w+)}", text))) for text in texts]
        assert blanks[0] == blanks[1], key


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_our_own_errors(data: bytes) -> None:
    try:
        found = of(data)
    except SemantixError:
        return
    assert found.size == len(data)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=6), max_size=12))
def test_any_rows_can_be_profiled_and_told(rows: list[list[str]]) -> None:
    data = "\n".join(";".join(row) for row in rows).encode()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return
    try:
        found = profile(Held(data))
    except SemantixError:
        return
    render_profiles([found], profile_words("en"), "0")
