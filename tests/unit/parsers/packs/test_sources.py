"""The same pack language on dBASE, SQL, XML and JSON files."""

import pytest
from tests.unit.parsers.packs.packs_in_words import Reading, pack_of
from tests.unit.parsers.tabular.dbase_files import dbase

from semantix.errors import UnreadableInput
from semantix.parsers.packs import packs_parser

FACTS = "    patient: {number: no}\n    facts: [{kind: lab-result, code: q, value: v, time: d}]\n"


def reading(pack: str, data: bytes, name: str = "x.csv") -> Reading:
    return Reading(packs_parser([pack_of(pack)]), data, name)


def facts(found: Reading) -> list[tuple[str, ...]]:
    return [tuple(fact.get(name, "") for name in ("patient", "code", "value", "unit", "time")) for fact in found.facts]


def test_dbase_rows_are_read_and_the_deleted_ones_withdrawn() -> None:
    pack = (
        "files:\n  results:\n    kind: dbase\n    names: ['*']\n    columns: {no: {at: NUM}, q: {},"
        " v: {}, d: {type: date}}\n" + FACTS
    )
    data = dbase(
        {"NUM": ("N", 5), "Q": ("C", 12), "V": ("C", 8), "D": ("D", 8)},
        ("12", "Créatinine", "9,4 mg/l", "20200102"),
        ("13", "x", "1", ""),
        deleted=(1,),
    )
    found = reading(pack, data)
    assert facts(found) == [("12", "Créatinine", "9.4", "mg/l", "2020-01-02")]
    assert [(one.reason, one.lines) for one in found.asides] == [("withdrawn", 1)]
    short = reading(pack, data[:-30])
    assert [(one.reason, one.lines, one.quarantined) for one in short.asides] == [("unreadable", 1, True)]
    told = pack.replace("    columns:", "    dialect: {encodings: [cp850]}\n    columns:")
    assert facts(reading(told, data))[0][1] == "Créatinine"


def test_sql_rows_of_several_tables_are_told_apart() -> None:
    pack = """
files:
  dump:
    kind: sql-insert
    names: ["*"]
    tables:
      results:
        source: bio
        columns: {no: {}, q: {}, v: {}, d: {type: date}}
        patient: {number: no}
        facts: [{kind: lab-result, code: q, value: v, time: d}]
"""
    text = (
        "INSERT INTO public.bio (no, q, v, d) VALUES (1, E'Cr\\303\\251at', '4 mg/l', "
        "'2020-01-02'), (2, 'CRP', NULL, NULL);"
        " INSERT INTO bio (d, no, q, v) VALUES ('2020-01-03', 1, 'CRP', '5'); INSERT INTO other VALUES (1),(2);"
        " INSERT INTO bio (no, q, v, d) VALUES (1, 'oops"
    )
    found = reading(pack, text.encode())
    assert facts(found)[1] == ("1", "CRP", "5", "", "2020-01-03")
    assert sorted((one.reason, one.lines, one.quarantined, one.where) for one in found.asides) == [
        ("comment", 1, False, "row 2"),
        ("unknown-kind", 2, True, "table other"),
        ("unreadable", 1, True, "row 4"),
    ]


def test_xml_rows_are_read_whatever_their_prefix() -> None:
    pack = (
        "files:\n  results:\n    kind: xml\n    expects: {root: export}\n    source: "
        "//bilan/ligne\n    columns: {no: {at: ../@patient}, q: {at: nom}, v: {at: "
        "'valeur/text()'}, d: {at: '@jour', type: date}}\n" + FACTS
    )
    data = (
        '<x:export xmlns:x="u"><x:bilan patient="7"><x:ligne jour="2020-01-02"><x:nom>'
        "CRP</x:nom><x:valeur>4 mg/L</x:valeur></x:ligne></x:bilan></x:export>"
    )
    assert facts(reading(pack, data.encode())) == [("7", "CRP", "4", "mg/L", "2020-01-02")]


def test_json_rows_are_read_by_path_and_key() -> None:
    pack = (
        "files:\n  results:\n    kind: json\n    expects: {columns: [bilans]}\n    source: "
        "$.bilans[*].lignes[*]\n    columns: {no: {}, q: {at: $.quoi.nom}, v: {}, d: {type: date}}\n" + FACTS
    )
    data = (
        '{"bilans": [{"lignes": [{"no": 7, "quoi": {"nom": "CRP"}, "v": 4.50, "d": '
        '"2020-01-02"}, {"no": 7, "quoi": null, "v": 1}]}]}'
    )
    found = reading(pack, data.encode())
    assert facts(found) == [("7", "CRP", "4.50", "", "2020-01-02")]
    assert [one.reason for one in found.asides] == ["comment"]


def test_hprim_records_are_left_to_their_reader() -> None:
    from semantix.parsers._claims import Claim, Piece

    parser = packs_parser([pack_of("files: {results: {kind: hprim-records, names: ['*'], use: lookup}}")])
    piece = Piece(data=b"x", name="x.hpr", claim=Claim("x", None, 1.0, "", "essai", "results"))
    with pytest.raises(UnreadableInput, match="read by their own reader"):
        list(parser.read(piece))


def test_sheets_are_tables_and_those_that_a_pack_does_not_describe_are_quarantined() -> None:
    from tests.unit.parsers.packs.test_recognising import workbook_of

    pack = """
files:
  book:
    kind: workbook
    names: ["*"]
    tables:
      un: {source: Un, columns: {no: {}, q: {}}, patient: {number: no}, facts: [{kind: observation, code: q}]}
      deux: {source: Deux, use: description}
"""
    found = Reading(packs_parser([pack_of(pack)]), workbook_of(["no", "q"], ["1", "x"], sheet="Un"), "x.xlsx")
    assert len(found.facts) == 1
    with pytest.raises(UnreadableInput, match="none of the sheets"):
        Reading(packs_parser([pack_of(pack)]), workbook_of(["no"], sheet="Trois"), "x.xlsx")
