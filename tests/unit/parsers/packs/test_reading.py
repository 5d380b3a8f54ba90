"""What becomes of the rows of a file: documents, and every other line set aside with its reason."""

import pytest
from tests.unit.parsers.packs.packs_in_words import FILE, Reading, one_file, pack_of, read

from semantix.emitters import fhir, omop
from semantix.errors import UnreadableInput
from semantix.model import Identifier, Observation, Severity
from semantix.parsers.packs import packs_parser

HEADER = "no;jour;quoi;combien;unite\n"


def reasons(found: Reading) -> list[tuple[str, int, bool]]:
    return [(one.reason, one.lines, one.quarantined) for one in found.asides]


def test_rows_of_one_patient_on_one_day_are_one_document() -> None:
    text = (
        HEADER + "1;2020-01-02;CRP;4;mg/L\n2;2020-01-02;CRP;5;mg/L\n1;2020-01-03;CRP;6;mg/L\n1;2020-01-02;TSH;2;mUI/L\n"
    )
    found = read(FILE, text)
    assert [document.lines for document in found.documents] == [2, 1, 1]
    assert [document.time.iso for document in found.documents if document.time] == [
        "2020-01-02",
        "2020-01-02",
        "2020-01-03",
    ]
    first = found.documents[0]
    assert first.patient.ids == (Identifier("urn:semantix:patient:cabinet-essai", "1"),)
    assert first.format == "Essai export"
    assert first.sender == "Cabinet Essai"
    assert first.templates[0].startswith("urn:semantix:pack:essai:1:")
    assert [party.role for party in first.parties] == ["custodian"]


@pytest.mark.parametrize(("by", "documents"), [("patient-day", 3), ("patient", 2), ("row", 4), ("file", 2)])
def test_a_pack_says_what_is_gathered(by: str, documents: int) -> None:
    pack = FILE.replace("    patient:", f"    document: {{by: {by}, day: jour}}\n    patient:")
    text = HEADER + "1;2020-01-02;A;1;\n1;2020-01-04;A;2;\n1;2020-01-02;B;3;\n2;2020-01-02;A;4;\n"
    found = read(pack, text)
    assert len(found.documents) == documents
    if by == "patient":
        assert found.documents[0].time is not None
        assert found.documents[0].time.iso == "2020-01-04"


def test_every_line_that_is_no_fact_has_a_reason() -> None:
    text = (
        HEADER + "1;2020-01-02;CRP;4;mg/L\n;2020-01-02;CRP;4;mg/L\n\n   ;;\n1;2020-01-02;BILAN;;\n1;"
        "2020-01-02;CRP;4;mg/L;x;y\n1;2020-01-02;CRP;4;mg/L\n"
    )
    found = read(FILE, text)
    assert len(found.facts) == 1
    assert sorted(reasons(found)) == [
        ("blank", 2, False),
        ("comment", 1, False),
        ("repeated", 1, False),
        ("structure", 1, False),
        ("unreadable", 1, True),
        ("unreadable", 1, True),
    ]
    words = {(one.where, one.message) for one in found.asides if one.quarantined}
    assert words == {("line 3", "nothing in the column no"), ("line 7", "7 cells, at most 5 expected")}
    repeated = next(one for one in found.asides if one.reason == "repeated")
    assert repeated.where == "line 8, the same as line 2"


def test_a_required_column_that_cannot_be_read_quarantines_its_row_and_another_is_a_doubt() -> None:
    text = HEADER + "1;2020-13-02;CRP;4;mg/L\n"
    strict = FILE.replace("jour: {type: date}", "jour: {type: date, required: true}")
    assert reasons(read(strict, text)) == [("unreadable", 1, True), ("structure", 1, False)]
    loose = read(FILE, text)
    assert [issue.code for issue in loose.doubts][:1] == ["SX506"]
    assert "time" not in loose.facts[0]


def test_the_same_value_on_another_day_or_in_another_cell_is_another_fact() -> None:
    text = HEADER + "1;2020-01-02;CRP;4;mg/L\n1;2020-01-03;CRP;4;mg/L\n1;2020-01-02;CRP;4;mg/l\n"
    assert len(read(FILE, text).facts) == 3


def test_the_same_rows_make_the_same_document_and_another_practice_another() -> None:
    text = HEADER + "1;2020-01-02;CRP;4;mg/L\n"
    one, two = read(FILE, text), read(FILE, text + "2;2020-01-02;CRP;4;mg/L\n")
    assert one.documents[0].key == two.documents[0].key
    assert one.documents[0].key != two.documents[1].key


def test_zeros_are_no_patient_number() -> None:
    found = read(FILE, HEADER + "000;2020-01-02;CRP;4;mg/L\n")
    assert reasons(found) == [("no-patient", 1, True), ("structure", 1, False)]


def test_a_column_that_the_pack_needs_and_that_is_not_there_is_told() -> None:
    pack = one_file("{no: {required: true}, jour: {}}", "[{kind: observation, code: jour}]")
    with pytest.raises(UnreadableInput, match="no column 'no' in results; the pack needs it"):
        read(pack, "numero;jour\n1;2\n")


def test_a_column_has_one_of_several_names_whatever_the_case_and_accents() -> None:
    pack = one_file("{no: {at: [numero, N° dossier]}, quoi: {at: Libelle}}", "[{kind: observation, code: quoi}]")
    assert read(pack, "n° DOSSIER;libellé\n1;x\n").facts[0]["patient"] == "1"


def test_the_first_row_of_data_and_the_footer_are_set_apart() -> None:
    dialect = "    dialect: {header: 2, first: 4, footer: 2, separator: ','}\n"
    pack = one_file("{no: {}, quoi: {}}", "[{kind: observation, code: quoi}]", dialect)
    found = read(pack, "Export\nno,quoi\n--,--\n1,x\n2,y\nfin\n3 lignes\n")
    assert [fact["code"] for fact in found.facts] == ["x", "y"]
    assert reasons(found) == [("structure", 3, False), ("structure", 2, False)]


def test_a_file_of_its_header_alone_says_nothing() -> None:
    found = read(FILE, HEADER)
    assert found.documents == []
    assert reasons(found) == [("structure", 1, False)]


def test_rows_that_their_source_withdraws_are_set_aside() -> None:
    pack = FILE.replace("    patient:", "    withdrawn: {of: unite, eq: supprimé}\n    patient:")
    found = read(pack, HEADER + "1;2020-01-02;CRP;4;supprimé\n1;2020-01-02;CRP;4;mg/L\n")
    assert ("withdrawn", 1, False) in reasons(found)
    assert len(found.facts) == 1


def test_a_patient_of_several_columns() -> None:
    columns = (
        "{no: {}, nom: {}, nn: {}, pre: {}, sexe: {type: sex}, ne: {type: date}, mort: "
        "{type: date}, tel: {}, rue: {}, cp: {}, ville: {}, quoi: {}, lieu: {}}"
    )
    pack = one_file(columns, "[{kind: observation, code: quoi}]").replace(
        "{number: no}",
        "{number: no, family: nom, birth_name: nn, given: pre, sex: sexe, birth: ne, death: mort, "
        "phone: tel, address: rue, postcode: cp, city: ville, birth_place: lieu}",
    )
    text = (
        "no;nom;nn;pre;sexe;ne;mort;tel;rue;cp;ville;quoi;lieu\n7;ROY;LEROI;Anne;F;1950-02-03 "
        "00:00:00;2020;01 02 03 04 05;2 rue X;75001;Paris;x;Lyon\n"
    )
    patient = read(pack, text).documents[0].patient
    assert [(part.kind, part.value, part.qualifier) for part in patient.names[0].parts] == [
        ("family", "LEROI", "BR"),
        ("family", "ROY", "SP"),
        ("given", "Anne", None),
    ]
    assert patient.gender is not None
    assert patient.gender.codings[0].code == "F"
    assert patient.birth is not None
    assert patient.birth.iso == "1950-02-03"
    assert patient.deceased is True
    assert patient.telecoms[0].value == "tel:01-02-03-04-05"
    assert patient.addresses[0].get("city") == "Paris"
    assert patient.birth_place_name == "Lyon"


def test_an_ins_is_used_only_when_it_is_qualified() -> None:
    pack = one_file("{no: {}, ins: {}, etat: {}}", "[{kind: observation, code: no}]").replace(
        "{number: no}", "{number: no, ins: ins, ins_qualified: {of: etat, eq: VALI}}"
    )
    text = "no;ins;etat\n1;255081416802538;VALI\n2;255081416802538;PROV\n3;255081416802539;VALI\n4;;VALI\n"
    found = read(pack, text)
    ids = [[one.root for one in document.patient.ids] for document in found.documents]
    assert ids[0] == ["1.2.250.1.213.1.4.8", "urn:semantix:patient:cabinet-essai"]
    assert [len(each) for each in ids] == [2, 1, 1, 1]
    assert [issue.code for issue in found.doubts] == ["SX512", "SX512"]
    assert not any("255081" in issue.message for issue in found.doubts)


def test_patients_without_a_number_are_told_apart_by_their_traits() -> None:
    pack = one_file("{nom: {}, ne: {type: date}, quoi: {}}", "[{kind: observation, code: quoi}]").replace(
        "{number: no}", "{family: nom, birth: ne}"
    )
    found = read(pack, "nom;ne;quoi\nROY;1950-01-02;a\nRoy;02/01/1950;b\nROY;1951-01-02;c\n")
    assert [document.lines for document in found.documents] == [2, 1]
    assert found.documents[0].patient.ids == ()


def test_authors_and_laboratories_keep_documents_apart() -> None:
    pack = FILE.replace(
        "    patient:",
        "    document: {sender: unite, author: {rpps: combien, family: quoi, name: quoi}, title: "
        "{const: Essai}}\n    patient:",
    )
    found = read(pack, HEADER + "1;2020-01-02;DURAND;10000000004;LABO A\n1;2020-01-02;DURAND;12;LABO B\n")
    assert [document.sender for document in found.documents] == ["LABO A", "LABO B"]
    author = found.documents[0].parties[0]
    assert author.role == "author"
    assert [document.title for document in found.documents] == ["Essai", "Essai"]
    assert [len(document.parties) for document in found.documents] == [3, 3]
    assert found.documents[1].parties[0].ids == ()


def test_a_table_of_patients_without_facts_gives_documents_of_a_patient_alone() -> None:
    pack = one_file("{no: {}, ne: {type: date}}", "[]").replace("{number: no}", "{number: no, birth: ne}")
    found = read(pack, "no;ne\n1;1950-01-02\n2;\n")
    assert [document.sections for document in found.documents] == [(), ()]
    rows = omop.emit(found.documents[0]).rows
    assert rows["person"][0]["year_of_birth"] == 1950


def test_tables_that_are_looked_up_or_describe_are_set_aside_whole() -> None:
    for use, reason in (("lookup", "administrative"), ("description", "description")):
        pack = one_file("{no: {}}", "[]", f"    use: {use}\n")
        assert reasons(read(pack, "no\n1\n2\n")) == [(reason, 2, False), ("structure", 1, False)]


def test_results_with_all_that_they_may_have() -> None:
    columns = (
        "{no: {}, code: {}, quoi: {}, val: {}, u: {}, lo: {}, hi: {}, fl: {}, com: {}, prel: "
        "{type: boolean}, ech: {}, v2: {}, u2: {}, qui: {}, id: {}}"
    )
    facts = """
      - kind: lab-result
        id: id
        code: {codings: [{code: code, display: quoi}], text: quoi}
        value: {of: val, unit: u, second: v2, second_unit: u2}
        range: {low: lo, high: hi}
        flag: fl
        note: com
        specimen: ech
        performer: qui
        preliminary: {of: prel, eq: "true"}
"""
    text = (
        "no;code;quoi;val;u;lo;hi;fl;com;prel;ech;v2;u2;qui;id\n1;GLY;Glycémie;1,30;g/L;0,74;1,"
        "06;H;à jeun;oui;sang;7,2;mmol/L;LABO;77\n"
    )
    found = read(one_file(columns, facts), text)
    one = found.documents[0].sections[0].statements[0]
    assert isinstance(one, Observation)
    assert (
        found.facts[0].items()
        >= {
            "code": "GLY",
            "display": "Glycémie",
            "value": "1.30",
            "unit": "g/L",
            "low": "0.74",
            "high": "1.06",
            "flag": "H",
            "note": "à jeun",
            "status": "active",
        }.items()
    )
    assert one.values[0].translations[0].unit == "mmol/L"  # type: ignore[union-attr]
    assert one.specimens[0].name == "sang"
    assert one.ids[0].extension == "77"
    assert one.parties[0].names[0].text == "LABO"


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("{of: a, read: text}", {"text": "12,5"}),
        ("{of: a, read: code}", {"text": "12,5"}),
        ("{of: a}", {"value": "12.5"}),
        ("a", {"value": "12.5"}),
        ("{of: a, unit: {const: kg}}", {"value": "12.5", "unit": "kg"}),
        ("{of: {const: 'true'}, read: boolean}", {"text": "true"}),
        ("{of: a, read: boolean}", {"text": "12,5"}),
    ],
)
def test_a_value_is_read_as_its_pack_says(value: str, answer: dict[str, str]) -> None:
    found = read(one_file("{no: {}, a: {}}", f"[{{kind: observation, code: no, value: {value}}}]"), "no;a\n1;12,5\n")
    assert found.facts[0].items() >= answer.items()


def test_a_range_may_stand_in_one_column_and_a_flag_in_the_value() -> None:
    pack = one_file("{no: {}, a: {}, r: {}}", "[{kind: lab-result, code: no, value: a, range: r}]")
    found = read(pack, "no;a;r\n1;*12.9* g/L;(12-14)\n2;13 g/L;adulte : voir fiche\n3;2.20-2.60;\n")
    assert found.facts[0].items() >= {"value": "12.9", "flag": "A", "low": "12", "high": "14"}.items()
    assert "low" not in found.facts[1]
    assert found.facts[2]["value"] == "2.20-2.60"


def test_units_that_a_pack_implies_are_doubts_for_information() -> None:
    more = "    units: [{label: '(?i)^glyc', unit: g/L}]\n"
    pack = one_file("{no: {}, q: {}, a: {}}", "[{kind: lab-result, code: q, value: a}]", more)
    found = read(pack, "no;q;a\n1;Glycémie;1,02\n2;Glycémie;1,02 mmol/L\n3;CRP;4\n4;Glycémie;normale\n")
    assert [fact.get("unit") for fact in found.facts] == ["g/L", "mmol/L", None, None]
    assert [(issue.code, issue.severity) for issue in found.doubts] == [("SX503", Severity.INFORMATION)]


def test_a_value_that_is_not_plausible_is_kept_and_doubted() -> None:
    more = "    bounds: [{label: HbA1c, unit: '^%$', low: 1, high: 20}, {label: TAS, low: 50}]\n"
    pack = one_file("{no: {}, q: {}, a: {}, u: {}}", "[{kind: lab-result, code: q, value: {of: a, unit: u}}]", more)
    found = read(pack, "no;q;a;u\n1;HbA1c;41;%\n2;HbA1c;41;mmol/mol\n3;HbA1c;7;%\n4;TAS;30;\n5;TAS;999;\n")
    assert [fact["value"] for fact in found.facts] == ["41", "41", "7", "30", "999"]
    assert [(issue.code, issue.path) for issue in found.doubts] == [
        ("SX504", "line 2/value"),
        ("SX504", "line 5/value"),
    ]


def test_everything_of_care_is_told_in_both_targets() -> None:
    columns = "{no: {}, ne: {type: date}, k: {}, t: {}, d: {type: date}, e: {type: date}, x: {}, ok: {}}"
    facts = """
      - {kind: problem, when: {of: k, eq: prob}, code: t, time: d, end: e, severity: x, inactive: {of: ok,
          eq: fini}, suspected: {of: ok, eq: doute}, negated: {of: ok, eq: non}, category: {codings: [{code: k}]}}
      - {kind: history, when: {of: k, eq: atcd}, code: {codings: [{system: cim10, code: x}], text: t}, relative: ok}
      - {kind: family-history, when: {of: k, eq: fam}, code: t, relative: x}
      - {kind: allergy, when: {of: k, eq: alle}, code: t, about: drug, reaction: x, severity: ok, time: d,
          inactive: {of: ok, eq: fini}, suspected: {of: ok, eq: doute}}
      - {kind: no-allergy, when: {of: k, eq: rien}}
      - {kind: no-problem, when: {of: k, eq: sain}}
      - {kind: medication, when: {of: k, eq: med}, code: {codings: [{system: cip, code: x, display: t}]},
          dosage: ok, quantity: {const: 2 boîtes}, time: d, end: e}
      - {kind: medication, when: {of: k, eq: ordo}, intent: prescribed, code: t, dosage: x, time: d}
      - {kind: immunization, when: {of: k, eq: vac}, code: t, lot: x, rank: ok, time: d}
      - {kind: procedure, when: {of: k, eq: acte}, code: {codings: [{system: ccam, code: x, display: t}]}, time: d}
      - {kind: encounter, when: {of: k, eq: cs}, code: t, time: d, note: x}
      - {kind: note, when: {of: k, eq: note}, title: x, text: t}
      - {kind: findings, when: {of: k, eq: txt}, read: history, text: t, time: d}
      - {kind: findings, when: {of: k, eq: ta}, read: pressure, text: t, value: {of: t, unit: x}, time: d}
      - {kind: findings, when: {of: k, eq: tab}, read: tobacco, text: t, time: d}
      - {kind: coverage, when: {of: k, eq: ald}, code: {const: ALD}, value: {of: t, read: text}}
"""
    pack = one_file(columns, facts).replace("{number: no}", "{number: no, birth: ne}")
    rows = [
        "prob;HTA;2010-01-02;;sévère;",
        "prob;Angine;2010-01-02;2010-02-03;;fini",
        "prob;Lupus;2010-01-02;;;doute",
        "prob;Asthme;2010-01-02;;;non",
        "prob;;;;;",
        "atcd;Diabète;;;E11;",
        "atcd;Diabète;;;E11;mère",
        "fam;Infarctus;;;père;",
        "fam;;;;;",
        "alle;Pénicilline;2010-01-02;;urticaire;",
        "alle;Iode;2010-01-02;;;fini",
        "alle;Latex;2010-01-02;;;doute",
        "alle;;;;;",
        "rien;;2010-01-02;;;",
        "sain;;2010-01-02;;;",
        "med;FICTOL 5 mg;2010-01-02;2010-02-02;3400935955838;1 cp le matin",
        "med;;;;;",
        "ordo;FICTOL;2010-01-02;;selon l'humeur;",
        "vac;GRIPPAL;2010-01-02;;L12;2",
        "vac;;;;;",
        "acte;Biopsie;2010-01-02;;QZHA001;",
        "acte;;;;;",
        "cs;Consultation;2010-01-02;;va bien;",
        "note;Tout va < bien & mieux;;;Conclusion;",
        "note;sans titre;;;;",
        "note;;;;;",
        "txt;HTA. Allergie à l'aspirine. Mère : diabète. Appendicectomie en 1999;2010-01-02;;;",
        "txt;;;;;",
        "ta;12/8;2010-01-02;;;",
        "tab;fumeur 10 cig/j;2010-01-02;;;",
        "ald;ALD 8;2010-01-02;;;",
    ]
    text = "no;ne;k;t;d;e;x;ok\n" + "".join(f"{n};1950-01-02;{row}\n" for n, row in enumerate(rows, 1))
    found = read(pack, text)
    assert sum(one.lines for one in found.asides if one.reason == "comment") == 8
    for document in found.documents:
        for emission in (fhir.emit(document), omop.emit(document)):
            assert emission.ledger is not None
            account = emission.ledger.account(document)
            assert not [loss for loss in account.losses if loss.reason == "not-carried"]
    kinds = [fact["kind"] for fact in found.facts]
    assert kinds.count("problem") == 9
    assert {
        "allergy",
        "no-allergy",
        "no-problem",
        "medication",
        "immunization",
        "procedure",
        "encounter",
        "note",
        "vital-sign",
        "social-history",
        "observation",
    } <= set(kinds)
    relative = [fact.get("relative") for fact in found.facts if fact["kind"] == "problem"]
    assert "père" in relative
    assert "mère" in relative


def test_notes_keep_their_lines_and_lose_what_xml_cannot_hold() -> None:
    pack = one_file("{no: {}, t: {}}", "[{kind: note, title: {const: Titre}, text: t}]")
    found = read(pack, 'no;t\n1;"a\x07\nb < c"\n')
    narrative = found.documents[0].sections[0].narrative
    assert narrative is not None
    assert "<pre>a \nb &lt; c</pre>" in narrative
    assert found.facts[0]["text"] == "Titre\na \nb < c"


def test_damaged_characters_are_told_once() -> None:
    found = read(FILE, HEADER + "1;2020-01-02;Cr&eacute;atinine;4;mg/L\n2;2020-01-02;CRP;4;mg/L\n")
    assert found.facts[0]["code"] == "Créatinine"
    assert [issue.code for issue in found.doubts] == ["SX511"]


def test_a_claim_of_no_pack_is_refused() -> None:
    from semantix.parsers._claims import Claim, Piece

    parser = packs_parser([pack_of(FILE)])
    for claim in (None, Claim("x", None, 1.0, "", "other", "results"), Claim("x", None, 1.0, "", "essai", "other")):
        with pytest.raises(UnreadableInput, match="no pack"):
            list(parser.read(Piece(data=b"what;ever\n", name="a.txt", claim=claim)))
    assert parser.name == "pack"
    assert parser.cuts
    assert [pack.id for pack in parser.packs] == ["essai"]
