"""Tables of codes and labels: columns by their names, several labels a code, links to CIM-10."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused, Release
from semantix.terminology.releases.code_tables import IMPORTER
from semantix.terminology.source import Source


def write(folder: Path, name: str, *rows: str) -> Source:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Source(path)


def read(source: Source, hints: Hints | None = None) -> list[Record]:
    assert IMPORTER.claims(source, hints or Hints())
    return list(IMPORTER.read(source, hints or Hints()))


def test_long_label_is_the_display_and_short_label_a_term(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "ccam_x.tsv",
        "code\tlibelle_court\tlibelle_long\tdate_debut",
        "ZZZZ001\tact. fict.\tActe fictif\t2031",
    )
    assert read(source) == [
        Concept("ccam", "ZZZZ001", "Acte fictif", properties={"start": "2031"}),
        Term("ccam", "ZZZZ001", "act. fict.", "short"),
    ]
    assert IMPORTER.describe(source, Hints(version="9")) == Release(
        "ccam-x", "9", ("ccam",), "Licence Ouverte 2.0 (CNAM, ATIH)"
    )


def test_the_commonest_label_is_the_display_and_the_others_are_terms(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "loinc_fr.tsv",
        "code\tdisplay_fr\tn_files_occurrences",
        "&#x9;LA99-9\tRéponse\t1",
        "99999-9\tFictine sang\t2",
        "99999-9\tFictine [sang]\t5",
        "moi\tRien\t1",
    )
    assert read(source) == [
        Concept("loinc", "LA99-9", "Réponse", "answer"),
        Concept("loinc", "99999-9", "Fictine [sang]"),
        Term("loinc", "99999-9", "Fictine sang"),
        Skipped("not a code of loinc", 1, "line 5"),
    ]


def test_a_table_in_english_only_gives_english_terms(tmp_path: Path) -> None:
    source = write(tmp_path, "names.tsv", "loinc\tlong_common_name_en", "99999-9\tFictin in Blood")
    assert read(source) == [
        Concept("loinc", "99999-9", "Fictin in Blood"),
        Term("loinc", "99999-9", "Fictin in Blood", "preferred", "en"),
    ]


def test_lists_of_cisp2_are_narrower_and_shared_codes_broader(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        "x.tsv",
        "code_cisp\tlibelle\tcodes_cim10",
        "Z90\tUn\tX12.3, X12.4",
        "Z91\tDeux\tX13",
        "Z92\tTrois\tX14",
        "Z93\tQuatre\tX14, ?",
    )
    links = [each for each in read(source) if isinstance(each, Link)]
    assert links == [
        Link("cisp2", "Z90", "cim10", "X12.3", "narrower"),
        Link("cisp2", "Z90", "cim10", "X12.4", "narrower"),
        Link("cisp2", "Z91", "cim10", "X13", "equivalent"),
        Link("cisp2", "Z92", "cim10", "X14", "broader"),
        Link("cisp2", "Z93", "cim10", "X14", "broader"),
    ]
    assert read(source)[-1] == Skipped("a link that is not a CIM-10 code", 1, "Z93")


def test_synonyms_are_split_and_links_that_say_nothing_are_related(tmp_path: Path) -> None:
    source = write(
        tmp_path, "o.tsv", "orpha\tname_fr\tsynonyms_fr\ticd10\tomim", "999999\tSyndrome fictif\tSF ; Fictose\tX99.8\t1"
    )
    assert read(source) == [
        Concept("orpha", "999999", "Syndrome fictif", properties={"omim": "1"}),
        Term("orpha", "999999", "SF"),
        Term("orpha", "999999", "Fictose"),
        Link("orpha", "999999", "cim10", "X99.8", "related"),
    ]


def test_the_user_may_name_system_and_columns(tmp_path: Path) -> None:
    source = write(tmp_path, "liste.csv", "Ref;Mot;Autre", "Z;Tout;x", "Z99;Fictions;y")
    assert not IMPORTER.claims(source, Hints())
    hints = Hints(system="atc", code_column="Ref", label_column="Mot")
    assert read(source, hints) == [
        Concept("atc", "Z", "Tout", "level 1"),
        Concept("atc", "Z99", "Fictions", "level 2"),
        Parent("atc", "Z99", "Z"),
    ]


def test_a_table_of_csarr_bears_the_uri_of_its_server(tmp_path: Path) -> None:
    source = write(tmp_path, "csarr.tsv", "code\tlibelle\tlibcourt", "ZZZ+001\tSéance fictive\tSEANCE")
    assert IMPORTER.describe(source, Hints()).systems == ("https://smt.esante.gouv.fr/terminologie-csarr",)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("cim10_synonymes.tsv", "code\tlabel"),
        ("mots.tsv", "code\tlabel"),
        ("x.tsv", "label_fr\tcim10"),
        ("ccam.tsv", "code\tdate"),
        ("x.xml", "loinc\tlabel"),
    ],
)
def test_it_leaves_other_tables_alone(tmp_path: Path, name: str, header: str) -> None:
    assert not IMPORTER.claims(write(tmp_path, name, header, "a\tb"), Hints())


def test_a_separator_inside_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 2 has 3 columns, its header 2"):
        read(write(tmp_path, "ccam.tsv", "code\tlibelle", "ZZZZ001\tActe\tfictif"))


def test_a_table_without_a_good_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no row with a code of ccam"):
        read(write(tmp_path, "ccam.tsv", "code\tlibelle", "1\tActe"))


def test_real_tables_are_read(shared: Path) -> None:
    counts = {}
    for name in ("ccam_actes_nomensland", "cisp2_fr", "lpp_codes_nomensland", "orphanet_fr_nomensland"):
        records = read(Source(shared / f"terminologies/labels/{name}.tsv"))
        counts[name] = sum(isinstance(each, Concept) for each in records)
    assert counts == {
        "ccam_actes_nomensland": 8593,
        "cisp2_fr": 686,
        "lpp_codes_nomensland": 6266,
        "orphanet_fr_nomensland": 9546,
    }
