"""Tables of one known layout: hierarchy of CCAM, NABM and its LOINC sets, the tabular list of CIM-10."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.known_tables import IMPORTER
from semantix.terminology.source import Source


def read(folder: Path, *rows: str, name: str = "x.tsv") -> list[Record]:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert IMPORTER.claims(Source(path), Hints())
    return list(IMPORTER.read(Source(path), Hints()))


def test_headings_of_ccam_are_concepts_and_acts_are_put_below_them(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        "strate\tcode\tparent\tlibelle\ttype",
        "00.00.00.00\t000001\t000000\tRACINE\tH",
        "01.00.00.00\t000002\t000001\tCHAPITRE FICTIF\tH",
        "01.10.00.00\t000003\t000002\tSection fictive\tH",
        "01.10.00.00\tZZZZ001\t000003\tActe fictif\tA",
        "01.10.00.00\tZZZZ002\t000009\tActe perdu\tA",
        "?\t1\t2\tRien\tX",
    ) == [
        Concept("ccam", "01", "CHAPITRE FICTIF", "chapter", assignable=False),
        Concept("ccam", "0110", "Section fictive", "section", assignable=False),
        Parent("ccam", "0110", "01"),
        Parent("ccam", "ZZZZ001", "0110"),
        Skipped("an act below no heading", 1, "ZZZZ002"),
        Skipped("neither a heading (H) nor an act (A)", 1, "line 7"),
        Skipped("the root of the tree", 1, "000001"),
    ]


def test_the_last_period_of_an_act_of_biology_is_kept(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "BIO_PRS_IDE;BIO_INF_LIB;BIO_SUP_DAT;BIO_ARB_CHA;BIO_ARB_SC1;BIO_HIS_DTD;BIO_TAR_COF",
        "9001;FICTINE : DOSAGE;;6;0;30JUL2001:00:00:00;20.00",
        "9001;FICTINE   SANG : DOSAGE;;6;1;30JUL2011:00:00:00;10.00",
        "9002;ANCIENINE;04SEP2014:00:00:00;6;0;bientôt;5.00",
    )
    facts = {"chapter": "6.1", "coefficient": "10.00", "start": "2011-07-30"}
    assert records[0] == Concept("nabm", "9001", "FICTINE SANG : DOSAGE", properties=facts)
    assert isinstance(records[1], Concept)
    assert not records[1].active
    assert records[1].properties == {"chapter": "6", "coefficient": "5.00", "end": "2014-09-04"}
    assert records[2] == Skipped("an older period of a code", 1, "9001")


def test_only_one_to_one_is_equivalent(tmp_path: Path) -> None:
    assert read(
        tmp_path,
        "label_fr\tnabm\tn_loinc\tloinc_set",
        "a\t9001\t1\t99999-9",
        "b\t9002\t2\t99998-1|99997-3",
        "c\t9003\t1\t99998-1",
        "d\t9004\t1\tabc",
    ) == [
        Link("nabm", "9001", "loinc", "99999-9", "equivalent"),
        Link("nabm", "9002", "loinc", "99998-1", "narrower"),
        Link("nabm", "9002", "loinc", "99997-3", "narrower"),
        Link("nabm", "9003", "loinc", "99998-1", "narrower"),
        Skipped("no NABM code or no LOINC code", 1, "line 5"),
        Skipped("not a LOINC code", 1, "line 5"),
    ]


def test_a_label_that_depends_on_the_one_above_takes_it_along(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "code\tlevel\tlabel_fr\tlabel_en",
        "(X00-X99)\t1\tfictions\tfictions",
        "X12\t3\ttumeur fictive du nez\tfictitious tumour of nose",
        "X12.0\t4\tnez\tnose",
        "X12.1\t4\ttumeur fictive bénigne\tbenign",
        "X12.9\t4\tsans précision\t",
    )
    assert [each for each in records if isinstance(each, Term) and each.lang == "fr"] == [
        Term("cim10", "X12", "tumeur fictive du nez"),
        Term("cim10", "X12.0", "nez", "related"),
        Term("cim10", "X12.0", "tumeur fictive du nez, nez"),
        Term("cim10", "X12.1", "tumeur fictive bénigne"),
        Term("cim10", "X12.9", "tumeur fictive du nez, sans précision"),
    ]
    assert Term("cim10", "X12.1", "fictitious tumour of nose, benign", "synonym", "en") in records
    assert records[-1] == Skipped("no label (en)", 1, "X12.9")


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no row of NABM"):
        read(tmp_path, "BIO_PRS_IDE;BIO_INF_LIB;BIO_HIS_DTD")


def test_real_tables_are_read(shared: Path) -> None:
    labels = shared / "terminologies/labels"
    read_whole = {
        name: sum(not isinstance(each, Skipped) for each in IMPORTER.read(Source(path), Hints()))
        for name, path in {
            "ccam": labels / "ccam_hierarchie_nomensland.tsv",
            "nabm": labels / "nabm_2020_snds.csv",
            "links": shared / "mapping-pairs/lab_nabm_label_to_loinc_set.tsv",
        }.items()
    }
    assert read_whole == {"ccam": 12_022, "nabm": 1076, "links": 20_457}
