"""A run as a library: progress, archives, targets, and what happens when something fails half-way."""

import shutil
import zipfile
from pathlib import Path

import pytest

from semantix import Options, Progress, UnreadableInput, convert
from semantix.errors import BadTarget
from semantix.pipeline import run
from semantix.pipeline.faults import code_place
from semantix.pipeline.work import Converted

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
DOCUMENTS = 10


def archive_of(path: Path, document: bytes, copies: int = 1) -> Path:
    """Make a tampered copy of the example archive: another document, and files that its list does not name."""
    with zipfile.ZipFile(EXAMPLES / "xdm" / "IHE_XDM.ZIP") as example, zipfile.ZipFile(path, "w") as archive:
        for name in example.namelist():
            archive.writestr(name, document if name.endswith("DOC0001.XML") else example.read(name))
        for number in range(2, copies + 1):
            archive.writestr(f"IHE_XDM/SUBSET01/DOC{number:04}.XML", document)
    return path


def test_progress_is_told_for_each_document(tmp_path: Path) -> None:
    told: list[Progress] = []
    vsm = (EXAMPLES / "cda" / "vsm.xml").read_bytes()
    archive = archive_of(tmp_path / "a.zip", vsm, copies=3)
    convert([EXAMPLES / "cda" / "vsm.xml", archive], tmp_path / "out", Options(), told.append)
    assert [(step.done, step.total) for step in told] == [(1, 2), (2, 4), (3, 4), (4, 4)]


def test_a_tampered_archive_is_read_and_told(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.zip", (EXAMPLES / "cda" / "vsm.xml").read_bytes(), copies=2)
    report = convert([archive], tmp_path / "out", Options())
    assert report.figures.documents == 2
    counted = {code: n for (code, _), n in report.figures.issues.items() if code.startswith("SX1")}
    assert counted == {"SX102": 1, "SX103": 1, "SX104": 1}
    assert [(Path(name).name, [i.code for i in issues]) for name, issues in report.archives] == [("a.zip", ["SX102"])]
    assert report.ignored == {".htm": 1, ".txt": 1}


def test_only_the_first_documents_are_listed_for_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_LINES", 2)
    report = convert([EXAMPLES], tmp_path / "out", Options())
    assert (len(report.lines), report.figures.documents) == (2, DOCUMENTS)


@pytest.mark.parametrize(
    ("options", "left"),
    [(Options(format="ndjson"), []), (Options(target="omop"), ["cdm.keys.sqlite"])],
    ids=["ndjson", "omop"],
)
def test_a_run_that_is_stopped_leaves_nothing_half_written(tmp_path: Path, options: Options, left: list[str]) -> None:
    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "cdm"
    with pytest.raises(KeyboardInterrupt):
        convert([EXAMPLES], out, options, stop)
    remains = [path.name for path in tmp_path.rglob("*") if path != out]
    assert remains == left
    assert not out.is_file()


@pytest.mark.parametrize("target", ["fhir", "omop"])
def test_a_target_below_a_file_is_a_bad_target(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadTarget):
        convert([EXAMPLES], tmp_path / "file" / "below" / "out", Options(target=target))


def test_a_missing_input_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        convert([tmp_path / "absent"], tmp_path / "out", Options())
    assert not (tmp_path / "out").exists()


def test_what_the_models_refuse_is_told_without_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semantix.emitters.fhir._r4.check", lambda _: ["name.0.family: DUPONT is wrong"])
    report = convert([EXAMPLES / "cda" / "level1-pdf.xml"], tmp_path / "out", Options(check=True))
    assert report.figures.issues["SX901", "error"] == sum(report.figures.produced.values())
    assert report.figures.issue_words["SX901"] == "not as the FHIR R4 model wants it: name.0.family"


def test_the_same_patient_told_differently_is_told_as_versions(tmp_path: Path) -> None:
    vsm = EXAMPLES / "cda" / "vsm.xml"
    shutil.copy(vsm, tmp_path / "a.xml")
    (tmp_path / "b.xml").write_bytes(vsm.read_bytes().replace(b"<city>", b"<city>Autre "))
    report = convert([tmp_path / "a.xml", tmp_path / "b.xml"], tmp_path / "out", Options(format="ndjson"))
    assert report.figures.issues["SX902", "information"] > 0


def test_the_place_of_a_bug_is_in_our_code_or_unknown() -> None:
    assert code_place(ValueError()) == "an unknown place"


def test_a_document_gone_before_it_is_read_again_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vsm = (EXAMPLES / "cda" / "vsm.xml").read_bytes()
    (tmp_path / "a.xml").write_bytes(vsm)
    (tmp_path / "b.xml").write_bytes(vsm.replace(b"<title>", b"<title>Autre ", 1))
    left_out = run.left_out

    def late(outcome: Converted, options: Options) -> Converted:
        (tmp_path / "b.xml").unlink()
        return left_out(outcome, options)

    monkeypatch.setattr(run, "left_out", late)
    report = convert([tmp_path / "a.xml", tmp_path / "b.xml"], tmp_path / "cdm", Options(target="omop"))
    assert [Path(item.name).name for item in report.unreadable] == ["b.xml"]
    assert report.figures.documents == 1


def test_an_input_is_found_under_its_name_wherever_the_process_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "in").mkdir(parents=True)
        shutil.copy(EXAMPLES / "cda" / "vsm.xml", tmp_path / name / "in" / "a.xml")
        monkeypatch.chdir(tmp_path / name)
        with pytest.raises(BadTarget, match="would replace an input"):
            convert([Path("in/a.xml")], Path("out"), Options(report=Path("in/a.xml")))
