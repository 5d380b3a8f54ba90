"""One language for every kind of file: XML by XPath, JSON by JSONPath, dBASE; and software that needs no pack."""

import json
from pathlib import Path

import pytest
from tests.practices import content, messages
from tests.unit.parsers.packs.runs import Run, claims_of, expected, read_back
from tests.unit.parsers.tabular.dbase_files import dbase

from semantix import Options, convert

HEAD = """
schema: semantix-pack/1
pack: essai-{kind}
version: 1
software: Essai
title: results of an invented export
evidence: invented for a test
files:
  results:
    kind: {kind}
"""
FACTS = """
    withdrawn: {of: status, eq: annulé}
    patient: {number: number, family: family, birth: birth}
    document: {by: patient-day, day: date}
    facts:
      - kind: lab-result
        code: {codings: [{code: code, display: label}]}
        value: {of: value, unit: unit}
        time: date
"""
XML = """
    names: ["*.xml"]
    expects: {root: Export}
    source: //Examen[not(@brouillon)]/Resultat
    columns:
      number: {at: ../@dossier, type: code, required: true}
      family: {at: ../Patient/Nom}
      birth: {at: ../Patient/@ne, type: date}
      date: {at: string(../Date), type: date}
      code: {at: "@code"}
      label: {at: Libelle}
      value: {at: Valeur, type: value}
      unit: {at: Valeur/@unite}
      status: {at: "@etat"}
"""
JSON = """
    names: ["*.json"]
    expects: {columns: [examens, dossier]}
    source: $.examens[*].resultats[*]
    columns:
      number: {at: $.dossier, type: code, required: true}
      family: {at: $.patient.nom}
      birth: {at: $.patient.ne, type: date}
      date: {type: date}
      code: {}
      label: {at: libelle}
      value: {at: valeur, type: value}
      unit: {at: $.unite.texte}
      status: {at: etat}
"""
DBASE = """
    names: ["*.dbf"]
    expects: {columns: [DOSSIER, DATEEX, VALEUR]}
    columns:
      number: {at: DOSSIER, type: code, required: true}
      family: {at: NOM}
      birth: {at: NE, type: date}
      date: {at: DATEEX, type: date}
      code: {at: CODE}
      label: {at: LIBELLE}
      value: {at: VALEUR, type: value}
      unit: {at: UNITE}
      status: {at: ETAT}
"""
PACKS = {"xml": XML, "json": JSON, "dbase": DBASE}
ROWS = (
    ("0042", "CREA", "Créatinine", "<9,4", "mg/L", ""),
    ("0042", "ASP", "Aspect", "limpide", "", ""),
    ("0042", "NA", "Sodium", "138", "mmol/L", "annulé"),
    ("", "NA", "Sodium", "139", "mmol/L", ""),
)


def as_xml() -> bytes:
    exams = "".join(
        f'<ex:Examen dossier="{number}"><ex:Patient ne="1950-03-02"><ex:Nom>ROUX</ex:Nom></ex:Patient>'
        f'<ex:Date>07/06/2014</ex:Date><ex:Resultat code="{code}" etat="{status}"><ex:Libelle>{label}</ex:Libelle>'
        f'<ex:Valeur unite="{unit}">{value.replace("<", "&lt;")}</ex:Valeur></ex:Resultat></ex:Examen>'
        for number, code, label, value, unit, status in ROWS
    )
    draft = '<ex:Examen brouillon="1" dossier="0042"><ex:Resultat code="X"/></ex:Examen>'
    return f'<?xml version="1.0"?><ex:Export xmlns:ex="urn:essai">{exams}{draft}</ex:Export>'.encode()


def as_json() -> bytes:
    results = [
        {
            "dossier": number, "patient": {"nom": "ROUX", "ne": "1950-03-02"}, "date": "07/06/2014", "code": code,
            "libelle": label, "valeur": value, "unite": {"texte": unit}, "etat": status,
        }
        for number, code, label, value, unit, status in ROWS
    ]  # fmt: skip
    return json.dumps({"examens": [{"resultats": results}]}, ensure_ascii=False).encode()


def as_dbase() -> bytes:
    columns = {
        "DOSSIER": ("C", 8), "NOM": ("C", 20), "NE": ("D", 8), "DATEEX": ("D", 8), "CODE": ("C", 8),
        "LIBELLE": ("C", 30), "VALEUR": ("C", 12), "UNITE": ("C", 10), "ETAT": ("C", 8),
    }  # fmt: skip
    rows = [
        (number, "ROUX", "19500302", "20140607", code, label, value, unit, status)
        for number, code, label, value, unit, status in ROWS
    ]
    return dbase(columns, *rows, ("0042", "ROUX", "19500302", "20140607", "K", "Potassium", "4", "", ""), deleted=(4,))


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [("xml", "export.xml", as_xml()), ("json", "export.json", as_json()), ("dbase", "EXAMENS.DBF", as_dbase())],
)
def test_the_same_facts_are_read_whatever_the_kind_of_file(tmp_path: Path, kind: str, name: str, data: bytes) -> None:
    folder = tmp_path / "cabinet"
    folder.mkdir()
    (folder / name).write_bytes(data)
    pack = tmp_path / "essai.yaml"
    pack.write_text(HEAD.format(kind=kind) + PACKS[kind] + FACTS, "utf-8")
    report = convert([folder], tmp_path / "out", Options(format="ndjson", packs=(pack,)))
    assert report.unreadable == []
    assert report.reading.unaccounted == 0
    found = {reason: lines for (reason, _), lines in report.reading.reasons.items()}
    assert found == {"withdrawn": 1 + (kind == "dbase"), "unreadable": 1}
    lines = (tmp_path / "out" / "Observation.ndjson").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [(one["code"]["coding"][0]["code"], one["effectiveDateTime"]) for one in told] == [
        ("CREA", "2014-06-07"),
        ("ASP", "2014-06-07"),
    ]
    amount = told[0]["valueQuantity"]
    assert (amount["comparator"], amount["value"], amount["unit"]) == ("<", 9.4, "mg/L")
    assert told[1]["valueString"] == "limpide"
    patient = json.loads((tmp_path / "out" / "Patient.ndjson").read_text("utf-8").splitlines()[0])
    assert (patient["name"][0]["family"], patient["birthDate"]) == ("ROUX", "1950-03-02")
    assert patient["identifier"][0]["value"] == "0042"


def test_mediwin_is_hprim_and_needs_no_pack(tmp_path: Path) -> None:
    practice = content.make("Cabinet MediWin", 41)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    messages.concatenated(folder, practice)
    (file,) = folder.iterdir()
    (claim,) = claims_of(file.read_bytes(), file.name)
    assert claim[0].startswith("HPRIM")
    assert claims_of(file.read_bytes(), "Resutext.txt") == [claim]
    found = Run(folder)
    assert found.refused == []
    assert found.report.reading.quarantined == 0
    assert set(read_back(found)) == set(expected(practice))
