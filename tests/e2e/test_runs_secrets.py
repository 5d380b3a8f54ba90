"""Nothing of known people is found in what a pseudonymised warehouse writes or says, but where it is asked to be."""

from __future__ import annotations

import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha512
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner
from tests.postgres import running_server
from tests.runs_documents import ins
from tests.runs_warehouse import here
from tests.unit.runs.pseudonym_cases import documents_in, identities_in, labels_in, sentences_in

from semantix.emitters.omop import SCHEMA
from semantix.runs import conduct
from semantix_cli.main import main

SECRET = sha512(b"an invented key").digest()
SHA256 = re.compile(r"[0-9a-f]{64}")
ROOT = Path(__file__).resolve().parents[2]
NIR = ins("4417")
PRACTICE = "cabinet-quetzal-mornas"
SECRETS = (
    "VALDORAISE", "Zéphyrine", "Zephyrine", "BRUNELOIS", "Théophraste", "KERVADEC", "Ludmilla", "quetzal", "mornas",
    NIR, NIR[:13], "8800417733", "7700993311", "0639988123", "06 39 98 81 23", "zephyrine.v", "ruelle du Phénix bleu",
    "29871", "PLOUZANTREUC", "19510203", "03/02/1951", "1.2.250.1.999.4.31337", "889977665544",
    "899900098765", "551144229", "la voisine Gudule", "Gudule", "beau-frère de Valdoraise",
)  # fmt: skip
"""What is known of the invented people: names, numbers, births, phones, places, documents, and free text."""
SYMPTOM = "Selon Zéphyrine VALDORAISE, la voisine Gudule, 06 39 98 81 23, passe le soir au 14 ruelle du Phénix bleu."

CDA = f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <id root="1.2.250.1.999.4.31337" extension="889977665544%(number)s"/>
 <code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Synthèse de Zéphyrine VALDORAISE</title>
 <effectiveTime value="20240308101500+0100"/>
 <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
 <recordTarget><patientRole>
  <id root="1.2.250.1.213.1.4.10" extension="{NIR}"/><id root="1.2.250.1.999.4.1" extension="8800417733"/>
  <addr><houseNumber>14</houseNumber><streetName>ruelle du Phénix bleu</streetName><postalCode>29871</postalCode>
   <city>PLOUZANTREUC</city></addr>
  <telecom value="tel:0639988123"/><telecom value="mailto:zephyrine.v@exemple.invalid"/>
  <patient><name><family>VALDORAISE</family><given>Zéphyrine</given></name>
   <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19510203"/>
   <birthplace><place><addr><city>PLOUZANTREUC</city></addr></place></birthplace></patient>
  <providerOrganization><id root="1.2.250.1.71.4.2.2" extension="551144229"/><name>Cabinet Quetzal Mornas</name>
  </providerOrganization></patientRole></recordTarget>
 <author><time value="20240308101500+0100"/><assignedAuthor>
  <id root="1.2.250.1.71.4.2.1" extension="899900098765"/><telecom value="tel:0639988123"/>
  <assignedPerson><name><prefix>DR</prefix><family>BRUNELOIS</family><given>Théophraste</given></name></assignedPerson>
 </assignedAuthor></author>
 <informant><relatedEntity classCode="ECON"><telecom value="tel:0639988123"/><relatedPerson>
  <name><family>KERVADEC</family><given>Ludmilla</given></name></relatedPerson></relatedEntity></informant>
 <component><structuredBody><component><section>
  <code code="8716-3" codeSystem="2.16.840.1.113883.6.1"/><title>Mesures de VALDORAISE</title>
  <text><paragraph>{SYMPTOM}</paragraph><content ID="a1">chez Ludmilla KERVADEC</content></text>
  <entry><observation classCode="OBS" moodCode="EVN">
   <id root="1.2.250.1.999.4.31337.9" extension="889977665544%(number)s"/>
   <code code="8302-2" codeSystem="2.16.840.1.113883.6.1" displayName="Taille de Zéphyrine Valdoraise">
    <originalText><reference value="#a1"/></originalText></code><statusCode code="completed"/>
   <effectiveTime value="20240308"/><value xsi:type="PQ" value="%(value)s" unit="cm"/></observation></entry>
  <entry><observation classCode="OBS" moodCode="EVN">
   <code code="BEAU" codeSystem="1.2.250.1.999.4.2" displayName="beau-frère de Valdoraise"/>
   <statusCode code="completed"/><effectiveTime value="20240308"/>
   <value xsi:type="ST">{SYMPTOM}</value></observation></entry>
 </section></component></structuredBody></component></ClinicalDocument>"""
HL7 = rf"""MSH|^~\&|SIL|LABO QUETZAL|DPI|QUETZAL MORNAS|20240613091500||ORU^R01^ORU_R01|889977665544|P|2.5
PID|||8800417733^^^QUETZAL MORNAS^PI~{NIR}^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS||%(name)s|%(home)s
ORC|RE|D-889977665544^CAB|L-889977665544^SIL||||||||||899900098765^BRUNELOIS^Théophraste
OBR|1|D-889977665544^CAB|L-889977665544^SIL|IONO^Ionogramme^L|||20240613073000
OBX|1|NM|NA^Sodium^L||139|mmol/L|136-145|N|||F|||20240613073000
OBX|2|TX|COM^Commentaire^L||{SYMPTOM}||||||F
NTE|1||{SYMPTOM}
""" % {
    "name": "VALDORAISE^Zéphyrine^^^^^L||19510203|F||",
    "home": "14 ruelle du Phénix bleu^^PLOUZANTREUC^^29871||0639988123",
}
HPRIM = """7700993311
KERVADEC
Ludmilla
14 ruelle du Phénix bleu

29871 PLOUZANTREUC
03/02/1951

8899776655
12/06/2024
LABQ       LABO QUETZAL MORNAS
MED777     DR BRUNELOIS
Compte rendu de Ludmilla KERVADEC

  Hémoglobine ............ : 11,8 g/dL   (12,0-16,0)
la voisine Gudule a ouvert
****LAB****
RES|Hémoglobine|HB|N|11.8|g/dL|12.0|16.0|L|F
TEX|la voisine Gudule a ouvert
RES|beau-frère de Kervadec|BEAU|A|chez Ludmilla KERVADEC||||N|F
****FIN****
****FINFICHIER****
"""
EXPORT = """7700993311\t2024-06-12\tTSH\t2,41\tmUI/L
7700993311\t2024-06-12\tTest de Ludmilla KERVADEC\t1,62\tg/L
7700993311\tpas de date pour Ludmilla KERVADEC
8800417733\t2024-05-02\tHbA1c\t53\tmmol/mol
"""
PEOPLE = """numero;nom;prenom;naissance;sexe
7700993311;KERVADEC;Ludmilla;03/02/1951;F
8800417733;VALDORAISE;Zéphyrine;03/02/1951;F
"""


def write_inputs(folder: Path) -> None:
    """Every format, whole and spoilt, under names that name people."""
    practice, laboratory = folder / PRACTICE, folder / "labo-quetzal"
    for one in (practice, laboratory, folder / "VALDORAISE"):
        one.mkdir(parents=True)
    (practice / f"VALDORAISE_Zéphyrine_{NIR}.xml").write_text(CDA % {"number": 1, "value": 171}, encoding="utf-8")
    whole = (CDA % {"number": 2, "value": 172}).encode()
    (practice / "VALDORAISE-19510203-coupé.xml").write_bytes(whole[: len(whole) * 2 // 3])
    (practice / "VALDORAISE-sans-id.xml").write_bytes(whole.replace(b"<id root=", b"<ID root=", 1))
    (practice / "VALDORAISE-date.xml").write_bytes(whole.replace(b"19510203", b"KERVADEC Ludmilla"))
    (practice / "biologie.txt").write_bytes(EXPORT.replace("\n", "\r").encode("mac-roman"))
    (practice / "patients.csv").write_text(PEOPLE, encoding="utf-8")
    (laboratory / "VALDORAISE.hl7").write_bytes(HL7.replace("\n", "\r").encode())
    (laboratory / "KERVADEC-coupé.hl7").write_bytes(HL7.replace("\n", "\r").encode()[:300] + b"\rPV1|VALDORAISE\xff")
    (laboratory / "KERVADEC-sans-MSH.hl7").write_bytes(HL7.partition("\n")[2].replace("\n", "\r").encode())
    (laboratory / "KERVADEC_Ludmilla.hpr").write_bytes(HPRIM.replace("\n", "\r\n").encode("cp1252"))
    (laboratory / "KERVADEC.bin").write_bytes(bytes(range(256)) * 8 + b"VALDORAISE")
    with zipfile.ZipFile(folder / "VALDORAISE" / "envoi KERVADEC.zip", "w") as archive:
        archive.writestr("VALDORAISE/Zéphyrine.xml", CDA % {"number": 3, "value": 173})
        archive.writestr("VALDORAISE/Zéphyrine-coupé.xml", (CDA % {"number": 4, "value": 174})[:1500])
    for name in ("cda", "sources"):
        shutil.copytree(ROOT / "examples" / name, folder / name)


def write_plan(folder: Path, name: str, targets: list[dict[str, Any]], **more: Any) -> Path:
    key = folder / "project.key"
    key.write_bytes(SECRET.hex().encode())
    key.chmod(0o600)
    told = {
        "inputs": ["in"],
        "state": f"{name}/state",
        "targets": targets,
        "key": "file:project.key",
        "pseudonymisation": {"project": "cohorte", "shift_days": 30},
        "limits": {"bad_share": 1.0},
        "chunks": {"files": 5},
        "report": {"folder": f"{name}/reports", "min_group": 1},
        "jobs": 1,
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(told | more), encoding="utf-8")
    return path


ENCODINGS = ("utf-8", "cp1252", "mac-roman", "utf-16-le")

# --- the search -----------------------------------------------------------------------------------------------------


def encoded(secrets: Iterable[str], encodings: tuple[str, ...] = ENCODINGS) -> dict[bytes, str]:
    """Every form that a secret may take in bytes, in small letters."""
    forms = {}
    for one in secrets:
        for form in {one, one.lower(), one.upper()}:
            for encoding in encodings:
                with suppress(UnicodeEncodeError):
                    forms[form.encode(encoding).lower()] = one
            forms[form.encode("unicode_escape").lower()] = one
    return forms


def found_in(data: bytes, forms: dict[bytes, str]) -> set[str]:
    small = data.lower()
    return {secret for form, secret in forms.items() if form in small}


def cells_of(path: Path) -> Iterator[bytes]:
    """What a file holds once it is read as what it is."""
    if path.suffix == ".parquet":
        for column in pq.read_table(path).columns:
            yield from (_bytes(cell) for cell in set(column.to_pylist()))
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as db:
            for schema, name in db.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                for row in db.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall():
                    yield from map(_bytes, row)
    elif path.suffix == ".sqlite":
        with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                hidden = {"path", "name", "label", "practice"} if name == "file" else set()
                cursor = db.execute(f"SELECT * FROM {name}")
                names = [one[0] for one in cursor.description]
                for row in cursor:
                    yield from (_bytes(cell) for column, cell in zip(names, row, strict=True) if column not in hidden)


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "surrogatepass")


def leaks_under(folder: Path, forms: dict[bytes, str]) -> dict[str, set[str]]:
    """The secrets in each file below a folder; names of files count too."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if told := found_in(name.encode(), forms):
            found[f"name {name}"] = told
        if not path.is_file():
            continue
        # The register holds the paths of the inputs: it is read table by table.
        data = b"" if path.suffix == ".sqlite" else path.read_bytes()
        told = found_in(data, forms) | found_in(b"\0".join(cells_of(path)), forms)
        if told:
            found[name] = told
    return found


# --- the runs -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("warehouse")
    write_inputs(made / "in")
    return made


def semantix(*words: object) -> tuple[int, bytes]:
    """The command in this process; what it prints on both outputs."""
    result = CliRunner().invoke(main, [str(word) for word in words], prog_name="semantix")
    return result.exit_code, (result.stdout + result.stderr).encode()


@pytest.fixture(scope="module")
def forms(folder: Path) -> dict[bytes, str]:
    """The secrets that are known, and all that the readers say identifies somebody in the examples."""
    found: set[str] = set()
    labels = ""
    for document in documents_in(folder / "in" / "cda", folder / "in" / "sources" / "laboratoire"):
        found |= {one for one in identities_in(document) | sentences_in(document) if len(one) >= 6}
        labels += "\n".join(labels_in(document)).casefold()
    # What analyses of the export are called is of no one.
    labels += "glycémie à jeun"
    kept = {one for one in found if one.casefold() not in labels}
    assert len(kept) > 100
    return encoded((*SECRETS, "1951-02-03")) | encoded(sorted(kept), ("utf-8",))


@pytest.fixture(scope="module")
def sealed(folder: Path) -> tuple[Path, list[bytes]]:
    """A warehouse that withholds identities, and all that its commands said, in two languages."""
    targets: list[dict[str, Any]] = [
        {"kind": "fhir", "path": "sealed/fhir", "identities": "withhold"},
        {"kind": "duckdb", "path": "sealed/cdm.duckdb"},
        {"kind": "parquet", "path": "sealed/parquet"},
    ]
    plan = write_plan(folder, "sealed", targets)
    said = []
    for words in (
        (plan, "--lang", "fr"),
        ("retry", plan, "--lang", "en"),
        (plan, "--rehash", "--lang", "en"),
        ("status", plan, "--lang", "fr"),
        ("status", plan, "--json"),
        ("journal", plan),
        ("journal", plan, "--lang", "en"),
        ("report", plan, "--lang", "fr"),
        ("report", plan, "--json", folder / "sealed" / "told.json", "--html", folder / "sealed" / "told.html"),
        ("compare", plan, "1", "2"),
    ):
        code, output = semantix("run", *words)
        assert code == 0, (words, output)
        said.append(output)
    return plan, said


def test_the_inputs_are_full_of_secrets(folder, forms):
    held = b"\0".join(path.read_bytes() for path in (folder / "in").rglob("*") if path.is_file())
    names = "\n".join(str(path) for path in (folder / "in").rglob("*")).encode()
    found = found_in(held + names, forms)
    assert {one for one in SECRETS if one not in found} <= {"Zephyrine", NIR[:13]}


def test_nothing_of_them_is_in_what_is_written(folder, sealed, forms):
    with sqlite3.connect(folder / "sealed" / "state" / "register.sqlite") as db:
        [[read, bad]] = db.execute(
            "SELECT (SELECT count(*) FROM document WHERE ended = 0), (SELECT count(*) FROM quarantine WHERE ended = 0)"
        ).fetchall()
    assert read > 10
    assert bad >= 4
    leaks = leaks_under(folder / "sealed", forms)
    # The register and the journal know inputs by their SHA-256.
    assert {one for one in leaks.pop("state/register.sqlite", ()) if not SHA256.fullmatch(one)} == set()
    assert leaks == {}


def test_nothing_of_them_is_said(sealed, forms):
    _, said = sealed
    for output in said:
        assert len(output) > 20
        assert {one for one in found_in(output, forms) if not SHA256.fullmatch(one)} == set(), output


def test_only_what_tells_of_files_names_them(sealed, folder, forms):
    plan, _ = sealed
    for words in (("run", "status", plan, "--quarantine", "--json"), ("trace", plan, "person/1", "--lang", "en")):
        code, output = semantix(*words)
        assert code == 0, output
        told = {one for one in found_in(output, forms) if not SHA256.fullmatch(one)}
        paths = "".join(str(path) for path in (folder / "in").rglob("*")).casefold()
        assert {one for one in told if one.casefold() not in paths} == set()


def test_a_target_that_is_asked_to_keep_identities_has_them_and_no_other(folder, sealed, forms):
    targets: list[dict[str, Any]] = [
        {"kind": "fhir", "path": "kept/fhir", "identities": "keep"},
        {"kind": "duckdb", "path": "kept/cdm.duckdb"},
    ]
    plan = write_plan(folder, "kept", targets)
    code, output = semantix("run", plan)
    assert code == 0, output
    assert found_in(output, forms) == set()
    leaks = leaks_under(folder / "kept", forms)
    kept = {name for name in leaks if name.startswith("kept/fhir/") or name.endswith("/fhir.parquet")}
    kept |= {name for name in leaks if name.startswith("fhir/")}
    assert kept
    assert set(leaks) - kept <= {"state/register.sqlite"}
    assert {one for one in leaks.get("state/register.sqlite", ()) if not SHA256.fullmatch(one)} == set()


def test_the_key_is_in_no_output(folder, sealed):
    del sealed
    forms = {SECRET: "key", SECRET.hex().encode(): "key"}
    assert found_in((folder / "project.key").read_bytes(), forms) == {"key"}
    assert leaks_under(folder / "sealed", forms) == {}


@pytest.mark.parametrize("place", ["semantix.runs.work.facts_of", "semantix.runs.register.documents.settle"])
def test_a_bug_says_where_it_is_and_nothing_of_whom(folder, forms, place, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("VALDORAISE Zéphyrine")

    name = place.rpartition(".")[2]
    plan = write_plan(folder, name, [{"kind": "duckdb", "path": f"{name}/cdm.duckdb"}], inputs=[f"in/{PRACTICE}"])
    monkeypatch.setattr(place, broken)
    monkeypatch.setattr(conduct, "LocalEngine", lambda work, _: here(None, work))
    monkeypatch.setattr("semantix.runs.register.documents._settle_alone", lambda _: None)
    code, output = semantix("run", plan)
    monkeypatch.undo()
    assert (b"ValueError" in output and b"unexpected" in output) if name == "settle" else code == 0, output
    assert found_in(output, forms) == set()
    _, told = semantix("run", "status", plan)
    assert found_in(told, forms) == set()
    leaks = leaks_under(folder / name, forms)
    # The plan that is kept names the inputs.
    del leaks["state/plan.yaml"]
    assert {one for some in leaks.values() for one in some if not SHA256.fullmatch(one)} == set()


def test_nothing_of_them_is_in_postgresql(folder, forms):
    psycopg = pytest.importorskip("psycopg", reason="needs psycopg")
    with running_server() as url:
        (folder / "url").write_text(url)
        plan = write_plan(folder, "served", [{"kind": "postgres", "url": "file:url"}], inputs=[f"in/{PRACTICE}"])
        code, output = semantix("run", plan)
        assert code == 0, output
        with psycopg.connect(url) as session:
            rows = b"\0".join(
                _bytes(cell)
                for table in SCHEMA
                for row in session.execute(f"SELECT * FROM cdm.{table}").fetchall()
                for cell in row
            )
        assert b"8302-2" in rows
        assert found_in(rows, forms) == set()
        secret = {urlsplit(url).password.encode(): "password"}
        assert leaks_under(folder / "served", secret) == {}
        assert found_in(output, forms | secret) == set()
