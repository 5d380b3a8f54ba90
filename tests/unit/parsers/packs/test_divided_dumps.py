"""What exports of databases bring: tables in several files, numbers of rows, the day on which something began."""

from tests.unit.parsers.packs.packs_in_words import one_file, pack_of, read

from semantix.emitters import fhir
from semantix.model import Document
from semantix.parsers._claims import Piece
from semantix.parsers.packs import packs_parser
from semantix.parsers.packs.sources import Prepared
from semantix.parsers.packs.told import tell

DUMP = """
files:
  dump:
    kind: sql-insert
    names: ["*.sql"]
    expects: {contains: ["uid"]}
    tables:
      people: {source: people, use: lookup, columns: {id: {at: uid}, name: {}}}
      visits:
        source: visits
        columns: {owner: {}, what: {}}
        joins: {who: {to: people, key: [owner], their_key: [id]}}
        patient: {number: owner, family: who.name}
        facts: [{kind: observation, code: what}]
"""
PEOPLE = b"INSERT INTO people (uid, name) VALUES (1, 'ROUX');"
VISITS = b"INSERT INTO visits (uid, owner, what) VALUES (9, 1, 'x');"


def told(data: bytes, **others: bytes) -> tuple[list[dict[str, str]], list[str]]:
    parser = packs_parser([pack_of(DUMP)])
    claim = parser.claims(data, "a.sql")
    assert claim is not None
    assert claim.looks_up == ("dump",)
    assert claim.is_looked_up
    inputs = {f"dump#{n}": Prepared(f"{name}.sql", content) for n, (name, content) in enumerate(others.items(), 1)}
    piece = Piece(data=data, name="a.sql", practice="P", claim=claim, others=inputs)
    documents = [one for one in parser.read(piece) if isinstance(one, Document)]
    facts = [fact for document in documents for fact in tell(document)]
    return facts, [issue.code for document in documents for issue in document.issues]


def test_a_table_is_looked_for_in_the_same_file_first() -> None:
    facts, doubts = told(PEOPLE + VISITS, other=PEOPLE.replace(b"ROUX", b"PETIT"))
    assert [fact["family"] for fact in facts] == ["ROUX"]
    assert doubts == []


def test_a_table_may_stand_in_another_file_of_the_same_role() -> None:
    facts, doubts = told(VISITS, a=VISITS, people=PEOPLE)
    assert [fact["family"] for fact in facts] == ["ROUX"]
    assert doubts == []


def test_a_file_is_no_other_file_of_itself() -> None:
    facts, doubts = told(VISITS, a=VISITS)
    assert [fact.get("family", "") for fact in facts] == [""]
    assert "SX510" in doubts


def test_a_long_first_line_is_looked_at_by_its_beginning() -> None:
    pack = DUMP.replace('contains: ["uid"]', "first_line: '^INSERT'")
    assert packs_parser([pack_of(pack)]).claims(VISITS + b" " * 6_000 + PEOPLE, "a.sql") is not None


def test_what_has_no_date_of_its_own_began_on_the_day_of_the_row() -> None:
    columns = "{no: {}, t: {}, s: {}, d: {type: date}}"
    facts = "[{kind: findings, read: history, text: t, section: s, onset: d}]"
    text = (
        "no;t;s;d\n1;HTA;med;2004-05-01\n2;Appendicectomie 1999;chir;2004\n3;Appendicectomie;chir;05/2004\n"
        "4;mère : diabète;fam;2004\n5;pas de diabète;med;2004\n6;Pénicilline;alle;2001-02-03\n"
        "7;HTA;med;\n8;HTA;med;hier\n"
    )
    found = read(one_file(columns, facts), text)
    assert [(fact["patient"], fact.get("time")) for fact in found.facts] == [
        ("1", "2004-05-01"), ("2", "1999"), ("3", "2004-05"), ("4", None), ("5", None), ("6", "2001-02-03"),
        ("7", None), ("8", None),
    ]  # fmt: skip


def test_rows_that_differ_by_a_number_of_their_own_say_the_same_twice() -> None:
    columns = "{uid: {surrogate: true}, no: {}, d: {type: date}, q: {}, v: {}, stamp: {surrogate: true}}"
    pack = one_file(columns, "[{kind: lab-result, code: q, value: v, time: d}]")
    head = "uid;no;d;q;v;stamp\n"
    found = read(pack, head + "1;7;2020-01-02;CRP;4;x\n2;7;2020-01-02;CRP;4;y\n3;7;2020-01-02;CRP;5\n")
    assert [fact["value"] for fact in found.facts] == ["4", "5"]
    assert [one.where for one in found.asides if one.reason == "repeated"] == ["line 3, the same as line 2"]
    again = read(pack, head + "8;7;2020-01-02;CRP;4;z\n9;7;2020-01-02;CRP;5\n")
    assert again.documents[0].key == found.documents[0].key


def test_what_is_sent_again_on_other_lines_is_the_same_resources() -> None:
    columns = "{no: {}, d: {type: date}, q: {}, v: {}}"
    more = "    bounds: [{label: CRP, high: 3}]\n"
    pack = one_file(columns, "[{kind: lab-result, code: q, value: v, time: d}]", more)
    row = "7;2020-01-02;CRP;4\n"
    first = read(pack, "no;d;q;v\n" + row).documents[0]
    later = read(pack, "no;d;q;v\n1;2020-01-02;TSH;2\n2;2020-01-02;TSH;2\n" + row).documents[2]
    assert fhir.emit(first).resources == fhir.emit(later).resources
    assert [document.issues[0].path for document in (first, later)] == ["line 2/value", "line 4/value"]
