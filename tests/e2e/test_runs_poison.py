"""Files that cannot be read, or that kill whoever reads them, cost themselves alone and are told."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from tests.runs_crash import TARGETS
from tests.runs_documents import Paper, write
from tests.runs_killers import Killing
from tests.runs_warehouse import around, plan_in, rows_of

from semantix.errors import BadPlan, TooManyUnread, UnfinishedRun
from semantix.pipeline.faults import INTERNAL_ERROR
from semantix.runs import conduct, upkeep
from semantix.runs.careful import read_carefully
from semantix.runs.conduct import LocalEngine
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register, documents
from semantix.runs.work import ChunkDoer, ChunkWork

SECRET = "ORIANE-SECRETE"
TEXT = write(Paper("p1", "9", family=SECRET)).decode()


@pytest.fixture(autouse=True)
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)


def bomb() -> bytes:
    """An archive whose member is far larger than it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.xml", b"<a>" + b" " * 3_000_000)
    return out.getvalue()


def with_doctype(words: str, use: str) -> bytes:
    head, _, rest = TEXT.partition("?>")
    return f"{head}?><!DOCTYPE ClinicalDocument [{words}]>{rest}".replace("voir", use).encode()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9))
POISONS = {
    "truncated.xml": TEXT[: len(TEXT) // 2].encode(),
    "empty.xml": b"",
    "random.xml": bytes((n * 197 + n // 7 * 31) % 256 for n in range(3000)),
    "bomb.zip": bomb(),
    "laughs.xml": with_doctype(LAUGHS, "&l8;"),
    "outside.xml": with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
    "deep.xml": TEXT.replace("voir", "<list><item>" * 2000 + "x" + "</item></list>" * 2000).encode(),
    "huge.xml": TEXT.replace("voir", "x" * 11_000_000).encode(),
    "utf16.xml": TEXT.encode("utf-16"),
    "latin.xml": TEXT.replace("Synthese", "Synthèse").encode("latin-1"),
}


def planned(folder: Path, **changes: object) -> RunPlan:
    return plan_in(folder, **({"targets": list(TARGETS[:1]), "chunks": {"files": 50}} | changes))


def fill(folder: Path, count: int, poisons: dict[str, bytes]) -> None:
    (folder / "in").mkdir(parents=True)
    for n in range(count):
        (folder / "in" / f"{n:05d}.xml").write_bytes(write(Paper(f"d{n}", str(n % 9))))
    for name, content in poisons.items():
        (folder / "in" / name).write_bytes(content)


def quarantined(plan: RunPlan) -> dict[str, tuple[str, str]]:
    """What is in quarantine: the error and the words, by the name of the file."""
    with Register.open(plan.state, write=False) as register:
        names = {number: Path(os.fsdecode(path)).name for number, path in register.rows("SELECT id, path FROM file")}
        return {names[one.file]: (one.error, one.message) for _, one in documents.quarantine(register)}


def test_poison_of_every_sort_is_in_quarantine_with_its_reason_and_no_value(tmp_path, record_property):
    fill(tmp_path, 20, POISONS)
    plan = planned(tmp_path, limits={"bad_share": 1.0, "archive_mb": 1})
    outcome = conduct.start(plan, around())
    found = quarantined(plan)
    record_property("poison", f"{len(found)} of {len(POISONS)} poisoned files in quarantine")
    # A long text is a text, and UTF-16 says itself what it is.
    assert set(found) == set(POISONS) - {"huge.xml", "utf16.xml"}
    assert outcome.documents == 20 + len(POISONS) - len(found)
    assert all(error and words for error, words in found.values())
    assert not [words for _, words in found.values() if SECRET in words or "root:" in words]
    assert "root:" not in str(rows_of(tmp_path / "cdm.duckdb")["note"])


def killing(plan: RunPlan, work: ChunkWork) -> LocalEngine:
    return LocalEngine(Killing(work.plan, work.staged), 1)


def spiked(number: str, words: str) -> bytes:
    return write(Paper(number, "3")).replace(b"voir", words.encode())


@pytest.fixture
def carefully(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read again is read by the same."""
    monkeypatch.setattr(
        conduct, "read_carefully", lambda chunk, work: read_carefully(chunk, Killing(work.plan, work.staged))
    )


def test_a_file_that_kills_is_found_and_the_rest_of_its_chunk_is_read(tmp_path, carefully, record_property):
    fill(tmp_path, 3, {"00003k.xml": spiked("k", "KILLS ALONE")})
    plan = planned(tmp_path)
    outcome = conduct.start(plan, around(engine=killing))
    assert outcome.documents == 3
    assert quarantined(plan) == {"00003k.xml": (INTERNAL_ERROR, "the process that read it died (out of memory?)")}
    record_property("poison", "1 file that kills in quarantine, 3 documents read")
    assert [path.name for path in (plan.state / "staged").iterdir() if path.name.startswith(".")] == []


def test_files_that_kill_only_together_are_left_unread_with_their_chunk(tmp_path, carefully):
    together = {f"0000{n}k.xml": spiked(f"k{n}", "KILLS TOGETHER") for n in (0, 1)}
    fill(tmp_path, 3, together)
    plan = planned(tmp_path, chunks={"files": 4})
    outcome = conduct.start(plan, around(engine=killing))
    assert set(together) < set(quarantined(plan))
    assert (outcome.documents, outcome.quarantined) == (1, 4)


def test_a_chunk_whose_reader_was_killed_by_something_else_is_read(tmp_path, carefully):
    fill(tmp_path, 3, {"k.xml": spiked("k", "KILLS TWICE")})
    (tmp_path / "kill-once").mkdir()
    plan = planned(tmp_path)
    outcome = conduct.start(plan, around(engine=killing))
    assert (outcome.documents, quarantined(plan)) == (4, {})


def test_a_bug_on_a_document_costs_that_document(tmp_path, monkeypatch):
    fill(tmp_path, 4, {"bug.xml": spiked("b", "x")})
    real = ChunkDoer.convert

    def convert(self, document):
        if document.source.name.endswith("bug.xml"):
            raise KeyError(SECRET)
        return real(self, document)

    monkeypatch.setattr(ChunkDoer, "convert", convert)
    plan = planned(tmp_path)
    assert conduct.start(plan, around()).documents == 4
    ((name, (error, words)),) = quarantined(plan).items()
    assert (name, error) == ("bug.xml", INTERNAL_ERROR)
    assert SECRET not in words


def test_two_thousand_documents_of_which_two_are_poison_end_well(tmp_path, record_property):
    fill(tmp_path, 2000, {name: POISONS[name] for name in ("truncated.xml", "random.xml")})
    plan = planned(tmp_path, chunks={"files": 400}, limits={"bad_share": 0.01})
    outcome = conduct.start(plan, around())
    record_property("poison", f"{outcome.quarantined} of 2002 files in quarantine")
    assert (outcome.documents, outcome.quarantined) == (2000, 2)


def test_too_much_poison_stops_the_run_early_and_a_higher_limit_lets_it_go_on(tmp_path):
    fill(tmp_path, 60, {f"0000{n}.bad.xml": POISONS["truncated.xml"] + bytes([n]) for n in range(9)})
    limits = {"bad_share": 0.05, "bad_minimum": 10}
    plan = planned(tmp_path, chunks={"files": 12}, limits=limits)
    with pytest.raises(TooManyUnread, match="inputs cannot be read"):
        conduct.start(plan, around())
    assert not (tmp_path / "cdm.duckdb").exists()
    with pytest.raises(UnfinishedRun, match="too much was unreadable"):
        conduct.start(plan, around())
    with pytest.raises(TooManyUnread):
        conduct.resume(plan, around())
    outcome = conduct.resume(planned(tmp_path, limits=limits | {"bad_share": 0.6}), around())
    assert (outcome.documents, outcome.quarantined) == (60, 9)


def test_all_read_and_too_much_of_it_bad_is_not_published_by_a_resume_that_changes_nothing(tmp_path):
    fill(tmp_path, 2, {f"{n}.bad.xml": POISONS["truncated.xml"] + bytes([n]) for n in range(3)})
    plan = planned(tmp_path, limits={"bad_share": 0.05, "bad_minimum": 1})
    for what in (conduct.start, conduct.resume, conduct.resume):
        with pytest.raises(TooManyUnread):
            what(plan, around())
    assert not (tmp_path / "cdm.duckdb").exists()


def test_what_was_mended_in_place_is_read_by_a_retry_and_once(tmp_path):
    fill(tmp_path, 3, {"a.xml": POISONS["truncated.xml"], "b.xml": POISONS["empty.xml"]})
    plan = planned(tmp_path)
    assert conduct.start(plan, around()).quarantined == 2
    same = upkeep.retry(plan, around())
    assert (same.documents, same.quarantined, set(quarantined(plan))) == (0, 2, {"a.xml", "b.xml"})
    (tmp_path / "in" / "a.xml").write_bytes(write(Paper("mended")))
    again = upkeep.retry(plan, around())
    assert (again.documents, set(quarantined(plan))) == (1, {"b.xml"})
    after = conduct.start(plan, around())
    assert after.fates == {"live": 4}
    with pytest.raises(BadPlan, match="nothing in quarantine"):
        upkeep.retry(plan, around(), ["ffff"])
