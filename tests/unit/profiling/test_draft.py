"""First packs: valid whatever the export, honest about what is not sure, without a value of a patient."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiled_exports import GIVEN, NAMES, RESULTS_HEADER, TESTS, Held, dbf, delimited, fixed, results

from semantix.errors import SemantixError
from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import Piece
from semantix.parsers.packs import Pack, load_pack, packs_parser
from semantix.parsers.packs.told import tell
from semantix.profiling import profile
from semantix.profiling.draft import draft_pack, pack_name
from semantix.profiling.words import profile_words


def drafted(*sources: Held, lang: str = "en") -> tuple[str, Pack]:
    text = draft_pack([profile(source) for source in sources], "essai", profile_words(lang))
    return text, load_pack(text.encode(), "essai.yaml")


def csv(text: str, name: str = "a.csv") -> Held:
    return Held(text.encode(), name)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_results_with_a_header_make_results_of_patients(lang: str) -> None:
    text, pack = drafted(csv(delimited(results(), RESULTS_HEADER)), lang=lang)
    file = pack.spec.files["results"]
    assert (file.kind, file.dialect.separator, file.dialect.header, file.dialect.decimal) == ("delimited", ";", 1, ",")
    assert "Libellé" in file.expects.columns
    assert file.columns["birth"].formats == ["d/m/yyyy"]
    assert (file.columns["date"].pivot, file.columns["sex"].words) == (45, {"f": "F", "m": "M"})
    (fact,) = file.facts
    assert fact.kind == "lab-result"
    codings = [(one.system, one.code, one.display) for one in fact.code.codings]
    assert codings == [("loinc", "code", "label"), ("local", None, "label")]
    assert (fact.value.of, fact.value.unit, fact.range.low, fact.time) == ("value", "unit", "low", "date")
    assert text.count("# ?") >= 5


def test_a_social_security_number_is_no_column() -> None:
    text, pack = drafted(csv(delimited(results(), RESULTS_HEADER)))
    assert "NSS" not in pack.spec.files["results"].expects.columns
    assert "# ? column 13, a social security number, is left out" in text


def test_no_value_of_a_patient_is_written() -> None:
    for header in (RESULTS_HEADER, ""):
        text, _ = drafted(csv(delimited(results(), header)))
        assert not [word for word in (*NAMES, *GIVEN, *(label for label, _ in TESTS), "1990199") if word in text]


def test_without_header_columns_have_positions_and_the_content_tells_the_file() -> None:
    rows = [[row[0], row[5], *row[6:9]] for row in results()]
    text, pack = drafted(csv(delimited(rows, separator="\t"), "b.txt"))
    file = pack.spec.files["results"]
    assert (file.dialect.header, file.expects.cells) == (0, (5, 5))
    assert file.expects.matches == {"number": r"^\d+$", "date": r"^\d{2}/\d{2}/\d{2}"}
    assert [column.at for column in file.columns.values()] == [1, 2, 3, 4, 5]
    assert "label: words that come back" in text


def test_two_files_are_joined_on_the_number_of_the_patient() -> None:
    people = "id;nom;prenom;naissance\n" + "".join(f"{n};DUNE;Alix;19{n:02d}-01-02\n" for n in range(30, 60))
    signs = "id;date;poids;taille\n" + "".join(f"{n};2020-01-02;{n + 40};1,7{n % 10}\n" for n in range(30, 60))
    _, pack = drafted(csv(people, "p.csv"), csv(signs, "s.csv"))
    assert pack.spec.files["patients"].use == "lookup"
    table = pack.spec.files["signs"]
    assert table.joins["who"].to == "patients"
    assert (table.patient.number, table.patient.birth) == ("number", "who.birth")
    assert [(fact.kind, fact.code.const, fact.value) for fact in table.facts] == [
        ("vital-sign", "poids", "poids"),
        ("vital-sign", "taille", "taille"),
    ]


@pytest.mark.parametrize(
    ("header", "row", "kind", "system"),
    [
        ("id;date;medicament;code;posologie", "2020-01-02;Doliprane;N02BE01;1 cp", "medication", "atc"),
        ("id;date;vaccin;lot", "2020-01-02;Grippe;AB12", "immunization", None),
        ("id;date;allergie", "2020-01-02;pollen", "allergy", None),
        ("id;date;diagnostic;cim10", "2020-01-02;asthme;J45.0", "problem", "cim10"),
        ("id;date;acte;code", "2020-01-02;Echographie;DZQM006", "procedure", "ccam"),
        ("id;date;observation", "2020-01-02;va bien, sans plainte", "note", None),
    ],
)
def test_names_of_columns_say_the_kind_of_fact(header: str, row: str, kind: str, system: str | None) -> None:
    text, pack = drafted(csv(header + "\n" + "".join(f"{n % 9 + 100};{row}\n" for n in range(30))))
    (file,) = pack.spec.files.values()
    (fact,) = file.facts
    assert fact.kind == kind
    codings = getattr(fact.code, "codings", None)
    assert (codings[0].system if codings else None) == system
    assert "a guess" in text


def test_codes_of_diagnoses_are_no_codes_of_analyses() -> None:
    rows = "".join(f"{n % 9 + 100};2020-01-02;Sodium;14{n % 10},5;I10\n" for n in range(30))
    text, pack = drafted(csv("id;date;libelle;valeur;cim10\n" + rows))
    (fact,) = pack.spec.files["results"].facts
    assert fact.code == "label"
    assert "cim10" in next(line for line in text.splitlines() if "left out" in line)


def test_rows_that_tell_no_patient_make_no_fact() -> None:
    text, pack = drafted(csv("libelle;valeur\n" + "".join(f"CRP;{n},5\nTSH;{n},1\n" for n in range(20))))
    (file,) = pack.spec.files.values()
    assert (file.use, file.facts) == ("lookup", [])
    assert "no column tells the patient" in text


def test_every_kind_of_file_gives_a_pack_that_loads() -> None:
    xml = "<e>" + "".join(f"<p id='{n}'><lib>CRP</lib><val>{n},5</val></p>" for n in range(9)) + "</e>"
    sql = "INSERT INTO t (id, libelle, valeur) VALUES (1, 'CRP', '4,5'), (2, 'TSH', '1,2'); INSERT INTO u VALUES (1);"
    json = "\n".join(f'{{"id": {n}, "libelle": "CRP", "valeur": "4,{n}", "a b": 1}}' for n in range(9))
    sources = (csv(fixed(), "a.txt"), csv(xml, "a.xml"), csv(sql, "a.sql"), csv(json, "a.json"))
    _, pack = drafted(*sources, Held(dbf([("DUNE", "1,5")] * 3), "a.dbf"))
    assert [file.kind for file in pack.spec.files.values()] == ["fixed-width", "xml", "sql-insert", "json", "dbase"]


def test_a_workbook_of_several_sheets_gives_tables(tmp_path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, skipped in (("Résultats", 0), ("Suite", 2)):
        sheet = book.create_sheet(title)
        for _ in range(skipped):
            sheet.append(["Export"])
        sheet.append(["Dossier", "Date", "Libellé", "Valeur"])
        for row in results(30):
            sheet.append([int(row[0]), row[5], row[6], row[7]])
    book.save(tmp_path / "a.xlsx")
    text, pack = drafted(Held((tmp_path / "a.xlsx").read_bytes(), "a.xlsx"))
    (file,) = pack.spec.files.values()
    assert [(name, table.source) for name, table in file.tables.items()] == [
        ("results", "Résultats"),
        ("results-2", "Suite"),
    ]
    assert "another header row" in text


def test_names_of_packs_come_from_names_of_files() -> None:
    assert [pack_name(name) for name in ("Mon Logiciel é", "2024", "!!")] == ["mon-logiciel-e", "pack-2024", "pack"]


# --- used at once -------------------------------------------------------------------------------------------------


def read(pack: Pack, *sources: Held) -> list[dict[str, str]]:
    """The facts that a pack reads from the files that it was drafted from; every line is accounted for."""
    parser = packs_parser([pack])
    claims = {source.name: parser.claims(source.head(), source.name) for source in sources}
    facts = []
    for source in sources:
        claim = claims[source.name]
        assert claim is not None
        others = {claims[other.name].role: other for other in sources if other is not source}
        told = list(parser.read(Piece(data=source.data, name=source.name, practice="p", others=others, claim=claim)))
        documents = [one for one in told if isinstance(one, Document)]
        lines = sum(one.lines for one in told if isinstance(one, Document | SetAside))
        assert lines == sum(one.lines for one in told if isinstance(one, LineCount))
        facts += [fact for document in documents for fact in tell(document)]
    return facts


NARROW = [[row[0], row[5], *row[6:9]] for row in results()]
POINTS = [[cell.replace(",", ".") for cell in row] for row in NARROW]
FORMS = {
    "header": Held(delimited(NARROW, "Numéro;Date;Examen;Résultat;Unité").encode("cp1252"), "a.csv"),
    "no header": Held(delimited(NARROW, separator="\t", end="\r").encode("mac-roman"), "b.txt"),
    "unit in the cell": Held(
        delimited([[*row[:3], f"{row[3]} {row[4]}"] for row in NARROW], "No;Date;Examen;Résultat").encode(), "c.csv"
    ),
    "commas": Held(
        delimited([[c.replace(",", ".") for c in row] for row in NARROW], "id;date;test;value;unit", ",").encode(),
        "d.csv",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_first_pack_reads_every_row_that_it_was_drafted_from(form: str) -> None:
    source = FORMS[form]
    _, pack = drafted(source)
    found = sorted((fact["patient"], fact["display"], fact["value"], fact["unit"]) for fact in read(pack, source))
    expected = sorted((row[0], row[2], row[3].lstrip("<>").replace(",", "."), row[4]) for row in NARROW)
    assert found == expected


def test_a_first_pack_of_two_files_joins_them() -> None:
    people = "id;nom;prenom;naissance\n" + "".join(f"{n};DUNE;Alix;19{n:02d}-01-02\n" for n in range(30, 60))
    signs = "id;date;poids\n" + "".join(f"{n};2020-01-02;{n + 40}\n" for n in range(30, 60))
    sources = csv(people, "p.csv"), csv(signs, "s.csv")
    _, pack = drafted(*sources)
    found = [(fact["patient"], fact["birth"], fact["value"]) for fact in read(pack, *sources)]
    assert sorted(found) == [(str(n), f"19{n}-01-02", str(n + 40)) for n in range(30, 60)]


def test_first_packs_of_dumps_and_trees_read_them() -> None:
    rows = ",".join(f"({n},'2020-01-02','CRP','{n},5','mg/l')" for n in range(1, 9))
    dump = csv(f"INSERT INTO examen (patient,date,libelle,valeur,unite) VALUES {rows};\n", "q.sql")
    people = "".join(
        f"<patient id='{n}'><res><lib>CRP</lib><val>{n},5</val></res><res><lib>TSH</lib><val>2</val></res></patient>"
        for n in range(1, 9)
    )
    for source, count in ((dump, 8), (csv(f"<e>{people}</e>", "x.xml"), 16)):
        _, pack = drafted(source)
        found = [(fact["patient"], fact["value"]) for fact in read(pack, source) if fact["code"] == "CRP"]
        assert sorted(found) == [(str(n), f"{n}.5") for n in range(1, 9)]
        assert len(read(pack, source)) == count


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12) | st.sampled_from(
    [
        "nom",
        "date",
        "valeur",
        "libellé",
        "id",
        "01/02/2020",
        "12,5",
        "g/l",
        "{x: [y",
        "# ?",
        "a: b",
        '"',
        "'",
        "true",
        "~",
    ]
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=6), min_size=1, max_size=12), st.sampled_from(["fr", "en"]))
def test_any_export_gives_a_pack_that_loads(rows: list[list[str]], lang: str) -> None:
    try:
        found = profile(Held("\n".join(";".join(row) for row in rows).encode()))
    except SemantixError:
        return
    load_pack(draft_pack([found], "essai", profile_words(lang)).encode(), "essai.yaml")
