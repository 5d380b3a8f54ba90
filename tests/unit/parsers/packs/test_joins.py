"""Rows of other files by key: unique, or nothing."""

from tests.unit.parsers.packs.packs_in_words import Reading, pack_of, read

from semantix.parsers._claims import Claim, Cut, Piece
from semantix.parsers.packs import packs_parser
from semantix.parsers.packs.sources import Prepared

SET = """
files:
  results:
    kind: delimited
    names: ["x.csv"]
    columns: {no: {}, nom: {}, ne: {type: date}, quoi: {}, doc: {}}
    joins: {who: {to: patients, key: [nom, ne], their_key: [name, born]}, by: {to: doctors, key: [doc]}}
    patient: {number: who.no, family: {first_of: [who.name, nom]}, birth: {lookup: who, column: born}}
    document: {author: {name: by.called}}
    facts: [{kind: observation, code: quoi}]
  patients:
    kind: delimited
    names: ["patients*.csv"]
    use: lookup
    columns: {no: {}, name: {required: true}, born: {type: date}, doc: {}}
  doctors:
    kind: delimited
    names: ["doctors.csv"]
    use: lookup
    columns: {doc: {}, called: {}}
"""
ROWS = "no;nom;ne;quoi;doc\n;ROY;1950-01-02;a;D1\n"


def codes(found: Reading) -> list[str]:
    return [issue.code for issue in found.doubts]


def test_a_row_is_found_by_its_key_whatever_case_accents_and_shape_of_dates() -> None:
    found = read(
        SET,
        ROWS,
        patients="no;name;born;doc\n7;Rôy;02/01/1950;\n8;ROI;1950-01-02;\n".encode(),
        doctors=b"doc;called\nd1;Dr X\n",
    )
    assert found.facts[0].items() >= {"patient": "7", "birth": "1950-01-02", "family": "Rôy"}.items()
    assert found.documents[0].parties[0].names[0].text == "Dr X"
    assert codes(found) == []


def test_a_key_met_twice_joins_nothing_unless_both_rows_are_the_same() -> None:
    twice = b"no;name;born;doc\n7;ROY;1950-01-02;\n8;ROY;1950-01-02;\n9;ROY;1950-01-02;\n"
    found = read(SET, ROWS, patients=twice, doctors=b"doc;called\nD1;Dr X\n")
    assert found.documents[0].patient.ids == ()
    assert codes(found) == ["SX501"]
    same = b"no;name;born;doc\n7;ROY;1950-01-02;\n7;ROY;1950-01-02;\n"
    assert read(SET, ROWS, patients=same).facts[0]["patient"] == "7"


def test_a_file_that_is_not_there_is_a_doubt_and_an_empty_key_joins_nothing() -> None:
    assert codes(read(SET, ROWS)) == ["SX510", "SX510"]
    found = read(
        SET, "no;nom;ne;quoi;doc\n;ROY;;a;\n", patients=b"no;name;born;doc\n7;ROY;;\n", doctors=b"doc;called\n;Z\n"
    )
    assert found.documents[0].patient.ids == ()
    assert codes(found) == []


def test_several_files_of_one_role_are_one_table() -> None:
    others = {
        "patients": b"no;name;born;doc\n6;ROI;1950-01-02;\n",
        "patients#2": b"no;name;born;doc\n7;ROY;1950-01-02;\n",
    }
    assert read(SET, ROWS, **others).facts[0]["patient"] == "7"


def test_a_patient_who_is_not_in_the_list_is_known_by_the_number_alone() -> None:
    pack = SET.replace("number: who.no, family: {first_of: [who.name, nom]}", "number: no, family: who.name")
    found = read(
        pack, ROWS.replace("\n;", "\n5;"), patients=b"no;name;born;doc\n7;ROI;1950-01-02;\n", doctors=b"doc;called\n"
    )
    assert found.facts[0]["patient"] == "5"
    assert "family" not in found.facts[0]
    assert codes(found) == ["SX502"]


def test_what_a_claim_says_of_the_set() -> None:
    parser = packs_parser([pack_of(SET)])
    claims = {name: parser.claims(b"a;b\n1;2\n", name) for name in ("x.csv", "PATIENTS 1.CSV", "doctors.csv")}
    said = {name: (claim.role, claim.looks_up, claim.is_looked_up) for name, claim in claims.items() if claim}
    assert said == {
        "x.csv": ("results", ("doctors", "patients"), False),
        "PATIENTS 1.CSV": ("patients", (), True),
        "doctors.csv": ("doctors", (), True),
    }


def test_an_index_of_another_file_is_made_once() -> None:
    parser = packs_parser([pack_of(SET)])
    claim = Claim("x", None, 1.0, "", "essai", "results")

    class Counted(Prepared, frozen=True):  # type: ignore[call-arg]
        def read(self) -> bytes:
            reads.append(self.name)
            return self.data

    reads: list[str] = []
    others = {"patients": Counted("patients.csv", b"no;name;born;doc\n7;ROY;1950-01-02;\n")}
    cuts = list(parser.cut(Prepared("x.csv", ROWS.encode()), claim))
    for cut in (*cuts, Cut(cuts[0].data, 1, cuts[0].context)):
        piece = Piece(data=cut.data, name="x.csv", line=cut.line, context=cut.context, others=others, claim=claim)
        list(parser.read(piece))
    assert reads == ["patients.csv"]


def test_a_file_that_is_joined_to_itself_is_one_cut() -> None:
    pack = """
files:
  data:
    kind: delimited
    names: ["x.csv"]
    columns: {id: {}, name: {}, value: {}}
    joins: {who: {to: data, key: [id], names: name, values: value}}
    patient: {number: id, birth: who.born}
    facts: [{kind: observation, when: {of: name, eq: poids}, code: name, value: value}]
"""
    parser = packs_parser([pack_of(pack)])
    claim = Claim("x", None, 1.0, "", "essai", "data")
    text = b"id;name;value\n1;born;1950-01-02\n1;poids;70\n2;poids;80\n"
    cuts = list(parser.cut(Prepared("x.csv", text * 1), claim))
    assert [(cut.data, dict(cut.context)) for cut in cuts] == [(text, {})]
    found = Reading(parser, text)
    assert [(fact["patient"], fact.get("birth")) for fact in found.facts] == [("1", "1950-01-02"), ("2", None)]
