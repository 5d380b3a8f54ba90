"""From a file to its tables: bounds, what is left out, and sheets that are not tables."""

import io

import openpyxl
import pytest
from tests.profiled_exports import Held, fixed, results

from semantix.errors import UnreadableInput
from semantix.profiling import opening, profile
from semantix.profiling.figures import FileProfile
from semantix.profiling.telling import column_cells, file_sentences, table_sentences, title_of
from semantix.profiling.words import profile_words


def of(data: str | bytes, name: str = "export.csv") -> FileProfile:
    return profile(Held(data if isinstance(data, bytes) else data.encode(), name), {"mg/l", "g/l"}.__contains__)


def keys(found: FileProfile) -> dict[str, str]:
    return {remark.key: dict(remark.values).get("count", "") for remark in found.doubts}


def insert(table: str, row: str = "(1, 'a')") -> str:
    return f"INSERT INTO {table} (id, nom) VALUES {row};\n"


def test_tables_of_a_dump_beyond_a_number_are_counted_and_left_out() -> None:
    found = of("".join(insert(f"t{n}") for n in range(opening.MAX_TABLES + 3)), "a.sql")
    assert (len(found.tables), keys(found)) == (opening.MAX_TABLES, {"tables-left-out": "3"})


def test_rows_of_a_dump_that_are_broken_are_counted() -> None:
    found = of(insert("t") + insert("t") + "INSERT INTO t (id, nom) VALUES (2, 'never closed", "a.sql")
    assert (found.tables[0].rows, keys(found)) == (2, {"rows-broken": "1"})


def test_a_sheet_without_header_has_columns_without_names() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in results(30):
        book.active.append([int(row[0]), row[5], row[7]])
    book.create_sheet("Vide")
    held = io.BytesIO()
    book.save(held)
    (found,) = of(held.getvalue(), "a.xlsx").tables
    assert (found.header, found.rows, [column.name for column in found.columns]) == (0, 30, ["", "", ""])


def test_a_line_that_never_ends_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "HEAD", 400)
    monkeypatch.setattr(opening, "_CHUNK", 100)
    monkeypatch.setattr(opening, "_LONGEST_LINE", 1000)
    text = "id;texte\n" + "1;x\n" * 150 + "2;" + "y" * 5000
    for encoding in ("utf-8", "utf-16-le"):
        mark = "\ufeff" if encoding != "utf-8" else ""
        (found,) = of((mark + text).encode(encoding)).tables
        assert found.rows > 151


def test_cr_lf_cut_between_its_two_halves_is_one_line_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_CHUNK", 7)
    (found,) = of("id;nom\r\n" + "12;abc\r\n" * 40).tables
    assert (found.rows, found.blank) == (40, 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"FHS|^~\\&|A\rBHS|", "a batch of HL7"),
        (b"\x0bMSH|^~\\&|A", "HL7 v2 messages"),
        (b"\xef\xbb\xbf{\\rtf1 Bonjour}", "RTF"),
        (b"\xef\xbb\xbf\r\n", "empty"),
    ],
)
def test_marks_are_found_behind_what_may_stand_before_them(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        of(data)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "lang", "words"),
    [(10, "en", "1 kB"), (2_000, "fr", "2 ko"), (1_250_000, "en", "1.2 MB"), (1_250_000, "fr", "1,2 Mo")],
)
def test_sizes_are_told_as_the_language_writes_them(size: int, lang: str, words: str) -> None:
    found = FileProfile(name="a.csv", size=size, kind="delimited")
    assert words in title_of(found, profile_words(lang))


def cells(values: list[str], head: str = "valeur") -> str:
    (found,) = of(f"no;{head}\n" + "".join(f"{n};{value}\n" for n, value in enumerate(values))).tables
    return " | ".join(column_cells(found.columns[1], profile_words("en")))


def test_what_a_column_holds_is_told_in_figures() -> None:
    said = cells([f"{n} 0{n % 10}0,5" for n in range(1, 60)])
    assert "space" in said
    assert "," in said
    assert "<" not in said
    compared = cells(["<4,5", "5,2 H", "12,5", "<3"] * 15)
    assert "30" in compared
    united = cells(["4,5 mg/l", "5 g/l", "12 mg/l", "7 xyz"] * 15)
    assert "number and unit: 45 cells; 100% of the units known" in united
    assert "15 cells are of another type" in united


def test_an_empty_column_and_a_mixed_one_are_told_as_such() -> None:
    assert "empty" in cells([""] * 20)
    assert "%)" in cells(["12"] * 50 + ["x"])


def test_line_ends_encodings_and_rows_of_several_sizes_are_told() -> None:
    words = profile_words("en")
    found = of("a;b\r\n" + "1;2\r\n" * 20 + "1;2;3\n" * 5 + "\r\n")
    told = " ".join([*file_sentences(found, words), *table_sentences(found.tables[0], words)])
    assert "CR LF (22), LF (5)" in told
    assert "3 (5)" in told


def test_a_fixed_width_text_has_no_separator_to_tell() -> None:
    found = of(fixed(), "export.txt")
    assert list(file_sentences(found, profile_words("fr")))
    assert found.dialect is not None
    assert not found.dialect.separator


def test_a_table_read_whole_has_no_line_ends_to_tell() -> None:
    found = of(insert("t", ", ".join(f"({n}, 'x')" for n in range(9))), "a.sql")
    assert found.dialect is None
    assert not any("CR" in line for line in file_sentences(found, profile_words("en")))
