"""From files to tasks: containers opened, files recognised or passed over, large ones cut, sets kept together."""

import io
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.portability_archive import Portability, cda, entry, zipped

from semantix import Limits, Options, convert
from semantix.io import discover
from semantix.model import Document
from semantix.parsers import PARSERS, Claim, Cut, Identity, Input, Piece
from semantix.parsers._claims import Told
from semantix.pipeline.inputs import Archive, Inputs, Step, Task
from semantix.pipeline.survey import identify_all
from semantix.pipeline.work import documents_of
from semantix.report import Reading, Unreadable

RECORD = "\r\n".join(
    (
        "P1", "MARTEL", "Agathe", "", "", "27999 VALMOREL", "02/03/1960", "", "L1", "05/06/2020", "LAB LABO", "MED DR",
        "****LAB****", "RES|Sodium|NA|N|140|mmol/L|136|145|N|F", "****FIN****", "****FINFICHIER****", "",
    )
).encode("cp1252")  # fmt: skip


def steps(path: Path, limits: Limits | None = None, practice: str | None = None) -> list[Step]:
    return list(Inputs(limits or Limits(), PARSERS, practice).steps(discover([path]).files))


def tasks(path: Path, **kwargs: str) -> list[Task]:
    return [step for step in steps(path, **kwargs) if isinstance(step, Task)]


def read(one: Task) -> list[Document]:
    return list(documents_of(one, Limits(), PARSERS, Reading()))


def mail(attachments: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@exemple.invalid", "b@exemple.invalid", "Résultats"
    message["Message-ID"] = "<1@exemple.invalid>"
    message.set_content("Ci-joint.\n")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


# --- containers ---------------------------------------------------------------------------------------------------


def test_a_document_is_found_in_an_archive_in_a_mail_in_an_archive(tmp_path: Path) -> None:
    inner = zipped({"r.hpr": RECORD})
    (tmp_path / "feed.zip").write_bytes(zipped({"1.eml": mail({"inner.zip": inner}), "2.xml": cda(1)}))
    found = tasks(tmp_path)
    assert [one.entry.label for one in found] == ["feed.zip!/1.eml!/inner.zip!/r.hpr", "feed.zip!/2.xml"]
    assert [document.format for one in found for document in read(one)] == ["HPRIM Médecin", "CDA R2"]


def test_containers_are_opened_to_a_depth_and_no_further(tmp_path: Path) -> None:
    data = RECORD
    for level in range(6):
        data = zipped({f"{level}.zip" if level else "r.hpr": data})
    (tmp_path / "deep.zip").write_bytes(data)
    (refused,) = [step for step in steps(tmp_path) if isinstance(step, Unreadable)]
    assert "more than 4 containers one inside the other" in refused.message
    assert not tasks(tmp_path)


def test_nested_archives_are_bounded_together(tmp_path: Path) -> None:
    inner = zipped({f"{n}.hpr": RECORD for n in range(4)})
    (tmp_path / "feed.zip").write_bytes(zipped({f"{n}.zip": inner for n in range(4)}))
    found = steps(tmp_path, Limits(nested=10))
    assert any(isinstance(step, Unreadable) and "more than 10 files" in step.message for step in found)


def test_the_body_of_a_mail_is_passed_over_by_kind(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail({"r.hpr": RECORD}))
    passed = [step for step in steps(tmp_path) if isinstance(step, Archive)]
    assert ("mail", 2) in [(step.kind, step.documents) for step in passed]
    assert [kind for step in passed for kind, _ in step.ignored] == [".txt"]


def test_an_archive_in_which_nothing_is_recognised_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"photo.jpg": b"\xff\xd8\xff", "notes.md": b"# words"}))
    assert [step.message for step in steps(tmp_path) if isinstance(step, Unreadable)] == [
        "no document in the archive that a reader recognises"
    ]


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "letter.docx").write_bytes(held.getvalue())
    assert [step.ignored for step in steps(tmp_path) if isinstance(step, Archive)] == [((".docx", 1),)]


# --- what is not recognised -----------------------------------------------------------------------------------------


def test_a_file_of_a_folder_that_nobody_knows_is_passed_over_and_counted(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "LISEZMOI").write_bytes(b"Bonjour,\nvoici les fichiers.\n")
    (passed,) = steps(tmp_path)
    assert isinstance(passed, Archive)
    assert passed.ignored == ((".pdf", 1), ("no extension", 1))


@pytest.mark.parametrize("name", ["lettre.hpr", "export.csv", "bilan.hl7"])
def test_a_file_named_like_a_source_that_nobody_knows_is_refused_and_not_passed_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4 renamed")
    report = convert([tmp_path], tmp_path / "out", Options())
    assert [Path(item.name).name for item in report.unreadable] == [name]
    assert "this is a PDF" in report.unreadable[0].message


# --- practices ------------------------------------------------------------------------------------------------------


def test_the_practice_is_the_folder_below_the_one_given_else_the_one_given(tmp_path: Path) -> None:
    root = tmp_path / "envois"
    (root / "cabinet-a" / "2024").mkdir(parents=True)
    (root / "cabinet-a" / "2024" / "r.hpr").write_bytes(RECORD)
    (root / "r.hpr").write_bytes(RECORD)
    assert [one.practice for one in tasks(root)] == ["envois", "cabinet-a/2024"]
    assert [one.practice for one in tasks(root / "cabinet-a" / "2024" / "r.hpr")] == ["2024"]
    assert {one.practice for one in tasks(root, practice="cabinet-b")} == {"cabinet-b"}


def test_folders_inside_an_archive_are_practices_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").write_bytes(zipped({"a/r.hpr": RECORD, "b/r.hpr": RECORD, "r.hpr": RECORD}))
    assert [one.practice for one in tasks(tmp_path)] == [f"{tmp_path.name}/a", f"{tmp_path.name}/b", tmp_path.name]


# --- sets of files --------------------------------------------------------------------------------------------------


class Pairs:
    """Reads ``*.results``, looking people up in ``*.people`` of the same folder."""

    name = "pairs"
    cuts = False

    def claims(self, head: bytes, name: str) -> Claim | None:
        kind = name.rpartition(".")[2]
        if kind == "people":
            return Claim("pairs", None, 1.0, "", "pairs", "people", is_looked_up=True)
        return Claim("pairs", None, 1.0, "", "pairs", "results", ("people",)) if kind == "results" else None

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        raise NotImplementedError

    def read(self, piece: Piece) -> Iterator[Told]:
        raise NotImplementedError


def test_files_of_a_set_are_at_hand_for_those_that_need_them_in_their_folder_only(tmp_path: Path) -> None:
    for name in ("a/1.people", "a/2.people", "a/x.results", "a/y.results", "b/z.results"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = Inputs(Limits(), (Pairs(),)).steps(discover([tmp_path]).files)
    held = {
        one.entry.label: [(role, other.label) for role, other in one.others] for one in found if isinstance(one, Task)
    }
    both = [("people", "a/1.people"), ("people#2", "a/2.people")]
    assert held == {"a/1.people": [], "a/2.people": [], "a/x.results": both, "a/y.results": both, "b/z.results": []}


# --- portability ----------------------------------------------------------------------------------------------------


def test_every_patient_of_a_portability_archive_is_read(tmp_path: Path) -> None:
    (tmp_path / "PA20260613T101500.ZIP").write_bytes(Portability(patients=3, documents=2).data())
    report = convert([tmp_path], tmp_path / "out", Options(target="omop"))
    assert (report.figures.documents, report.written["person"], report.unreadable) == (6, 3, [])
    assert not any(code.startswith("SX6") for code, _ in report.figures.issues)
    assert report.ignored["portability: not of a patient"] == 4
    assert report.ignored["portability: transverse .ics"] == 1


def test_a_portability_archive_that_is_not_what_its_manifest_says_is_told_and_read(tmp_path: Path) -> None:
    export = Portability(patients=2)
    export.members["PAT00002.ZIP"] = export.members["PAT00001.ZIP"]
    export.members["PAT00009.ZIP"] = export.members["PAT00001.ZIP"]
    export.listed.append(entry("PAT00005.ZIP", b"nothing"))
    (tmp_path / "PA20260613T101500.ZIP").write_bytes(export.data())
    report = convert([tmp_path], tmp_path / "out", Options())
    codes = {code for code, _ in report.figures.issues}
    assert {"SX603", "SX604", "SX607"} <= codes
    assert report.figures.documents == 3


def test_a_patient_archive_that_cannot_be_opened_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    export = Portability(patients=2)
    export.members["PAT00001.ZIP"] = b"PK\x03\x04 damaged"
    (tmp_path / "PA20260613T101500.ZIP").write_bytes(export.data())
    report = convert([tmp_path], tmp_path / "out", Options())
    assert [Path(item.name).name for item in report.unreadable] == ["PAT00001.ZIP"]
    assert report.figures.documents == 1


# --- cuts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_large_file_is_read_cut_by_cut_and_every_line_is_accounted_for(tmp_path: Path, jobs: int) -> None:
    one = RECORD.replace(b"****FINFICHIER****\r\n", b"")
    records = [one.replace(b"140", b"%d" % (100 + n % 90)).replace(b"|NA|", b"|NA%d|" % n) for n in range(2500)]
    (tmp_path / "year.hpr").write_bytes(b"".join(records) + b"****FINFICHIER****\r\n")
    report = convert([tmp_path], tmp_path / "out", Options(target="omop", jobs=jobs))
    assert (report.figures.documents, report.written["measurement"], report.written["person"]) == (2500, 2500, 1)
    assert report.reading.total == 2500 * 15 + 1
    assert report.reading.read + report.reading.aside == report.reading.total
    assert (report.reading.quarantined, report.bugs) == (0, 0)


def test_the_same_record_received_by_two_roads_is_one_document_and_both_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "r.hpr").write_bytes(RECORD)
    (tmp_path / "a" / "again.eml").write_bytes(mail({"r.hpr": RECORD}))
    report = convert([tmp_path], tmp_path / "out", Options(target="omop", report=tmp_path / "loss.json"))
    assert (report.figures.documents, report.written["measurement"]) == (2, 1)
    assert (tmp_path / "loss.json").read_text("utf-8").count('"name":"') >= 2


def test_a_record_sent_again_in_one_file_gives_the_same_resources(tmp_path: Path) -> None:
    one = RECORD.replace(b"****FINFICHIER****\r\n", b"")
    other = one.replace(b"|140|", b"|141|")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "feed.hpr").write_bytes(one + other + one + b"****FINFICHIER****\r\n")
    report = convert([tmp_path / "in"], tmp_path / "out", Options(format="ndjson"))
    assert report.figures.documents == 3
    assert len((tmp_path / "out" / "Observation.ndjson").read_text("utf-8").splitlines()) == 2


def test_a_mail_is_described_as_one(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(mail({"r.hpr": RECORD}))
    found = {one.name.rpartition("/")[2]: one.why for one in identify_all([tmp_path]) if isinstance(one, Identity)}
    assert found["1.eml"] == "mail, 2 file(s)"
