"""Tables of wordings: which column is which, what the wordings are, what is left out."""

from pathlib import Path

import pytest

from semantix.terminology.records import Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.term_tables import IMPORTER
from semantix.terminology.source import Source


def write(folder: Path, name: str, *rows: str) -> Source:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Source(path)


def read(source: Source, hints: Hints | None = None) -> list[Record]:
    assert IMPORTER.claims(source, hints or Hints())
    return list(IMPORTER.read(source, hints or Hints()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index_cim10.tsv", "index"),
        ("notes_inclusion.tsv", "inclusion"),
        ("thesaurus.tsv", "related"),
        ("libelle_court.tsv", "short"),
        ("denominations.tsv", "related"),
    ],
)
def test_the_name_of_the_file_says_what_the_wordings_are(tmp_path: Path, name: str, kind: str) -> None:
    source = write(tmp_path, name, "label_fr\tcim10", "Fièvre  fictive\tX123")
    assert read(source) == [Term("cim10", "X12.3", "Fièvre fictive", kind)]
    assert IMPORTER.describe(source, Hints()).supplement


def test_denominations_of_medicines_are_brands(tmp_path: Path) -> None:
    source = write(tmp_path, "denomination_to_atc.csv", "label_fr;cis;atc", "FICTOL 5 mg;60000001;Z99AA01")
    assert read(source) == [Term("atc", "Z99AA01", "FICTOL 5 mg", "brand")]


def test_the_user_says_what_they_are(tmp_path: Path) -> None:
    source = write(tmp_path, "mots.csv", "Code local;Mot", "x12.3;Fictite")
    hints = Hints(system="cim10", kind="synonym", code_column="Code local", label_column="Mot")
    assert read(source, hints) == [Term("cim10", "X12.3", "Fictite", "synonym")]


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="surnom is no kind of term"):
        read(write(tmp_path, "x.tsv", "label\tcim10", "a\tX12"), Hints(kind="surnom"))


def test_a_set_of_codes_gives_a_term_each_and_a_second_code_is_only_counted(tmp_path: Path) -> None:
    source = write(tmp_path, "x.tsv", "label_fr\tcim10_set\tcim10_second", "Fictite\tX123|X124\t", "Fictose\tX125\tY10")
    assert read(source) == [
        Term("cim10", "X12.3", "Fictite", "related"),
        Term("cim10", "X12.4", "Fictite", "related"),
        Term("cim10", "X12.5", "Fictose", "related"),
        Skipped("a second code (asterisk or cause), not kept", 1, "line 3"),
    ]


def test_doubted_and_repeated_rows_are_counted(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "x.tsv",
        "label_fr\tcim10\tquality",
        "Fictite\tX123\tok",
        "os\tX124\tcontext_dependent",
        "Fictite\tX12.3\t",
        "\tX12\t",
    )
    assert read(source) == [
        Term("cim10", "X12.3", "Fictite", "related"),
        Skipped("a wording already seen for this code", 1, "X12.3"),
        Skipped("no wording or no code", 1, "line 5"),
        Skipped("quality: context_dependent", 1, "line 3"),
    ]


def test_two_systems_without_a_word_on_the_target_are_not_claimed(tmp_path: Path) -> None:
    source = write(tmp_path, "x.tsv", "label_fr\tcim10\tatc", "a\tX12\tZ99")
    assert not IMPORTER.claims(source, Hints())
    assert read(source, Hints(system="atc")) == [Term("atc", "Z99", "a", "related")]


def test_json_of_lists_of_terms(tmp_path: Path) -> None:
    source = write(tmp_path, "drugs_atc.json", '{"Z99AA01": ["FICTOL", "fictine", " "]}')
    assert read(source) == [
        Term("atc", "Z99AA01", "FICTOL", "related"),
        Term("atc", "Z99AA01", "fictine", "related"),
        Skipped("an empty wording", 1, "Z99AA01"),
    ]


def test_damaged_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="expected an object of codes"):
        read(write(tmp_path, "drugs_atc.json", '{"Z99AA01": ["FICTOL", 3]}'))


def test_a_table_that_is_neither_utf8_nor_cp1252_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes(b"label_fr\tcim10\nFi\x81vre\tX12\n")
    with pytest.raises(Refused, match=r"neither UTF-8 nor cp1252 \(line 2\)"):
        list(IMPORTER.read(Source(path), Hints()))


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no wording"):
        read(write(tmp_path, "x.tsv", "label_fr\tcim10"))


def test_real_tables_are_read(shared: Path) -> None:
    kinds = {}
    for path in sorted((shared / "mapping-pairs").glob("d*.tsv")):
        terms = [each for each in read(Source(path)) if isinstance(each, Term)]
        kinds[path.stem] = (terms[0].system, terms[0].kind, len(terms))
    assert kinds == {
        "drug_bdpm_denomination_to_atc": ("atc", "brand", 7711),
        "drug_edsnlp_terms_to_atc": ("atc", "related", 5789),
        "dx_cim10_inclusions_oms_vol1": ("cim10", "inclusion", 6631),
        "dx_cim10_index_alphabetique_vol3": ("cim10", "index", 41510),
        "dx_orphanet_terms_to_cim10": ("cim10", "related", 19459),
        "dx_thesam_lowquality": ("cim10", "related", 21245),
    }
