"""Chunks: what a doer stages and tells of mixed sources, and what an input that goes wrong costs."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.runs_documents import Paper, ins, write
from tests.runs_warehouse import KEY, files_of

from semantix.pipeline.packs import parsers_of
from semantix.runs import work
from semantix.runs.accounts import Tallies, add_counts
from semantix.runs.model import LINES, RANKS, Chunk, ChunkDone, SourceFile
from semantix.runs.pseudonyms import Policy
from semantix.runs.scanning import hash_files, look
from semantix.runs.staging import COVERAGE, DOCUMENTS, MERGED, folder_of
from semantix.runs.work import CLEAR, DIED, SEALED, ChunkDoer, ChunkPlan, ChunkWork
from semantix_cli.main import main

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def chunk_of(number: int, *paths: Path, skipped: tuple[int, ...] = ()) -> Chunk:
    """A chunk of all files under some paths, numbered from 1."""
    seen = list(look(paths))
    hashed = hash_files(seen, parsers_of(()))
    files = tuple(
        SourceFile(place, one.path, one.name, one.label, known.sha256, one.size, named=one.named)
        for place, (one, known) in enumerate(zip(seen, hashed, strict=True), 1)
    )
    return Chunk(number, 1, files, skipped)


def rows(staged: Path, chunk: int, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder_of(staged, chunk) / f"{name}.parquet").to_pylist()
    return found


@pytest.fixture(scope="module")
def doer(tmp_path_factory: pytest.TempPathFactory) -> ChunkDoer:
    """Give a doer of FHIR and OMOP in the clear."""
    return ChunkWork(ChunkPlan(key=KEY, fhir=CLEAR), tmp_path_factory.mktemp("staged")).doer()


@pytest.fixture(scope="module")
def staged(doer: ChunkDoer) -> Path:
    return doer._staged


@pytest.fixture(scope="module")
def examples() -> Chunk:
    return chunk_of(1, EXAMPLES)


@pytest.fixture(scope="module")
def done(doer: ChunkDoer, examples: Chunk) -> ChunkDone:
    """Give the account of the examples."""
    return next(doer.do(examples))


def test_mixed_sources_are_staged_in_the_order_of_their_files(done: ChunkDone, examples: Chunk, staged: Path) -> None:
    assert [one.id for one in done.documents] == [RANKS + rank for rank in range(10)]
    assert [one.file for one in done.documents] == sorted(one.file for one in done.documents)
    kept = rows(staged, 1, "documents")
    assert [row["document"] for row in kept] == [one.id for one in done.documents]
    assert [row["file"] for row in kept] == [one.file for one in done.documents]
    assert [row["rank"] for row in kept] == list(range(10))
    names = {one.id: Path(one.name).name for one in examples.files}
    formats = {names[row["file"]]: row["format"] for row in kept}
    assert formats["biologie.txt"] == "éO Médecin export"
    assert formats["ionogramme.hl7"] == "HL7 v2"
    assert formats["IHE_XDM.ZIP"] == formats["vsm.xml"] == "CDA R2"
    assert done.quarantined == []
    assert done.ignored == {".htm": 1, ".md": 3, ".txt": 1}
    assert done.bytes_read == sum(one.size for one in examples.files)
    assert done.seconds > 0
    assert done.failure == ""


def test_what_is_staged_is_told_with_its_rows(done: ChunkDone, staged: Path) -> None:
    for name, count in done.staged.items():
        assert pq.read_metadata(folder_of(staged, 1) / name).num_rows == count
    assert pq.read_schema(folder_of(staged, 1) / "documents.parquet").equals(DOCUMENTS)
    assert pq.read_schema(folder_of(staged, 1) / "coverage.parquet").equals(COVERAGE)
    assert {row["document"] for row in rows(staged, 1, "coverage")} <= {one.id for one in done.documents}


def test_facts_of_documents_hold_digests_alone(done: ChunkDone) -> None:
    assert all(len(one.key) == len(one.content) == len(one.subject) == 16 for one in done.documents)
    assert len({one.key for one in done.documents}) == 10
    assert {one.asked for one in done.documents} == {(), ("loinc",)}


@pytest.mark.parametrize("target", ["fhir", "omop"])
def test_counts_are_those_of_convert(done: ChunkDone, tmp_path: Path, target: str) -> None:
    out = ["--out", str(tmp_path / ("out" if target == "fhir" else "out.duckdb"))]
    out += ["--format", "ndjson"] if target == "fhir" else []
    told = CliRunner().invoke(
        main, ["convert", str(EXAMPLES), "--to", target, *out, "--report", str(tmp_path / "report.json")]
    )
    assert told.exit_code == 0, told.output
    report = json.loads((tmp_path / "report.json").read_text())
    totals, counts = report["totals"], done.counts
    assert sum(counts["documents"].values()) == totals["documents"]
    for name in ("codes", "statements"):
        told_here = {key.replace(" ", "_"): count for key, count in counts[f"{target}:{name}"].items()}
        assert told_here == {key: count for key, count in totals[name].items() if count}
    # Rows that several documents give are merged later on.
    mine, theirs = counts[f"{target}:produced"], totals["produced"]
    events = (mine.keys() | theirs.keys()) - {*MERGED, "domain", "concept_class", "metadata", "cdm_source"}
    assert {name: mine.get(name) for name in events} == {name: theirs.get(name) for name in events}
    decided = {f"{system}|{how}": n for system, several in totals["mapping"].items() for how, n in several.items()}
    assert counts["decisions"] == decided
    assert counts["lines"] == {"read": report["lines"]["read"], "total": report["lines"]["lines"]}
    assert sum(counts["lines set aside"].values()) == report["lines"]["set_aside"]
    assert done.ignored == report["ignored"]


def test_a_chunk_done_again_is_the_same_to_the_byte(
    doer: ChunkDoer, done: ChunkDone, examples: Chunk, staged: Path
) -> None:
    before = files_of(folder_of(staged, 1))
    again = next(doer.do(examples))
    assert files_of(folder_of(staged, 1)) == before
    for name in ("documents", "withdrawals", "quarantined", "counts", "staged", "ignored", "bytes_read"):
        assert getattr(again, name) == getattr(done, name)
    assert not list(staged.glob(".*"))


# --- what goes wrong --------------------------------------------------------------------------------------------------


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_xml", ".xml").replace("_zip", ".zip"), data)
    return file.getvalue()


def test_names_inside_containers_are_told_as_digests(doer: ChunkDoer, tmp_path: Path) -> None:
    # A folder may be named as a container is told.
    folder = tmp_path / "a!"
    folder.mkdir()
    data = packed(DUPONT_xml=b"<bad", ok_xml=write(Paper("1")), MARTIN_zip=b"PK\x03\x04 broken")
    (folder / "sent.zip").write_bytes(data)
    (folder / "other.xml").write_bytes(write(Paper("2")))
    account = next(doer.do(chunk_of(2, folder)))
    assert len(account.documents) == 2
    assert len(account.quarantined) == 2
    assert {one.file for one in account.quarantined} == {2}
    assert {one.inside for one in account.quarantined} == {
        doer.seal.digest("inside", name).hex()[:16] for name in ("DUPONT.xml", "MARTIN.zip")
    }
    told = " ".join(f"{one.error} {one.message} {one.inside}" for one in account.quarantined)
    assert "DUPONT" not in told
    assert "MARTIN" not in told
    assert str(tmp_path) not in told


def test_a_bug_of_an_emitter_costs_one_document(
    doer: ChunkDoer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in "123":
        (tmp_path / f"{number}.xml").write_bytes(write(Paper(number)))
    real = doer._stages["fhir"].convert

    def poisoned(document: Any, codings: Any) -> Any:
        if document.source.name.endswith("2.xml"):
            raise KeyError("SECRETE")
        return real(document, codings)

    class Poisoned:
        convert = staticmethod(poisoned)

    monkeypatch.setitem(doer._stages, "fhir", Poisoned())  # type: ignore[misc]
    account = next(doer.do(chunk_of(3, tmp_path)))
    assert [one.file for one in account.documents] == [1, 3]
    assert [one.id % RANKS for one in account.documents] == [0, 1]
    [bad] = account.quarantined
    assert (bad.file, bad.error, bad.inside) == (2, "internal-error", "")
    assert bad.message.startswith("KeyError at ")
    assert "SECRETE" not in bad.message
    assert sum(account.counts["documents"].values()) == 2


def test_a_bug_of_a_reader_costs_the_rest_of_its_file(
    doer: ChunkDoer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in "12":
        (tmp_path / f"{number}.xml").write_bytes(write(Paper(number)))
    real = work.documents_of

    def poisoned(task: Any, *rest: Any, **more: Any) -> Any:
        yield from real(task, *rest, **more)
        if task.entry.name.endswith("1.xml"):
            raise IndexError

    monkeypatch.setattr(work, "documents_of", poisoned)
    account = next(doer.do(chunk_of(4, tmp_path)))
    assert len(account.documents) == 2
    assert [(one.file, one.error) for one in account.quarantined] == [(1, "internal-error")]


def test_a_file_that_kills_is_refused_unread(doer: ChunkDoer, tmp_path: Path) -> None:
    for number in "12":
        (tmp_path / f"{number}.xml").write_bytes(write(Paper(number)))
    account = next(doer.do(chunk_of(5, tmp_path, skipped=(1,))))
    assert [one.file for one in account.documents] == [2]
    [bad] = account.quarantined
    assert (bad.file, bad.error, bad.message) == (
        1,
        "internal-error",
        "the process that read it died (out of memory?)",
    )
    assert account.bytes_read == (tmp_path / "2.xml").stat().st_size


def test_a_file_that_went_between_the_look_and_the_reading_is_refused(doer: ChunkDoer, tmp_path: Path) -> None:
    for number in "12":
        (tmp_path / f"{number}.xml").write_bytes(write(Paper(number)))
    chunk = chunk_of(6, tmp_path)
    (tmp_path / "1.xml").unlink()
    account = next(doer.do(chunk))
    assert account.failure == ""
    assert [one.file for one in account.documents] == [2]
    assert [one.file for one in account.quarantined] == [1]


def test_lines_that_are_not_understood_are_counted_and_told_beside_the_file(doer: ChunkDoer, tmp_path: Path) -> None:
    source = EXAMPLES / "sources" / "laboratoire" / "240612-087.HPR"
    (tmp_path / "a.hpr").write_bytes(source.read_bytes() + b"this is no line at all\r\n")
    account = next(doer.do(chunk_of(7, tmp_path)))
    assert len(account.documents) == 1
    lines = [one for one in account.quarantined if one.error == LINES]
    assert [(one.file, one.lines) for one in lines] == [(1, sum(account.counts["lines quarantined"].values()))]
    assert "no line at all" not in lines[0].message


def test_a_chunk_without_documents_holds_no_row(doer: ChunkDoer, staged: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(b"<bad")
    account = next(doer.do(chunk_of(8, tmp_path)))
    assert (account.documents, account.staged, len(account.quarantined)) == ([], {"documents.parquet": 0}, 1)
    assert rows(staged, 8, "documents") == []


def test_what_the_system_refuses_is_the_failure_of_the_chunk(doer: ChunkDoer, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "1.xml").write_bytes(write(Paper("1")))
    broken = ChunkDoer.__new__(ChunkDoer)
    broken.__dict__.update(doer.__dict__ | {"_staged": tmp_path / "file"})
    account = next(broken.do(chunk_of(9, tmp_path / "1.xml")))
    assert (account.failure, account.documents) == ("File exists", [])


def test_a_chunk_that_killed_twice_is_told_as_such(tmp_path: Path) -> None:
    [account] = ChunkWork(ChunkPlan(key=KEY), tmp_path).lost(Chunk(4, 1, ()))
    assert (account.chunk, account.failure) == (4, DIED)


# --- what the plan asks -----------------------------------------------------------------------------------------------


def test_pseudonymised_chunks_name_neither_people_nor_practices(tmp_path: Path) -> None:
    practice = tmp_path / "in" / "Cabinet Martin"
    practice.mkdir(parents=True)
    (practice / "1.xml").write_bytes(write(Paper("1")))
    plan = ChunkPlan(key=KEY, fhir=SEALED, policy=Policy(project="p"))
    doer = ChunkWork(plan, tmp_path / "staged").doer()
    account = next(doer.do(chunk_of(1, tmp_path / "in")))
    [row] = rows(tmp_path / "staged", 1, "documents")
    assert row["practice"].startswith("P-")
    assert len(row["practice"]) == 14
    held = b"".join(path.read_bytes() for path in (tmp_path / "staged").rglob("*.parquet"))
    lines = [line["line"].decode() for line in rows(tmp_path / "staged", 1, "fhir")]
    for secret in ("PATIENTE", "ORIANE", ins("1"), "Cabinet Martin"):
        assert secret.encode() not in held
        assert not [line for line in lines if secret in line]
    assert len(account.documents) == 1


def test_only_what_is_wanted_is_staged(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(write(Paper("1")))
    for plan, prefix in ((ChunkPlan(key=KEY, omop=False, fhir=CLEAR), "fhir"), (ChunkPlan(key=KEY), "omop_")):
        account = next(ChunkWork(plan, tmp_path / "s").doer().do(chunk_of(1, tmp_path / "1.xml")))
        assert all(name.startswith((prefix, "documents", "coverage")) for name in account.staged)
        [row] = rows(tmp_path / "s", 1, "documents")
        assert (row["excluded"] == b"{}") or prefix == "omop_"
        assert row["day"] == "2024-03-08"


def test_a_practice_is_the_one_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(write(Paper("1")))
    doer = ChunkWork(ChunkPlan(key=KEY, practice="Cabinet"), tmp_path / "s").doer()
    next(doer.do(chunk_of(1, tmp_path / "1.xml")))
    assert rows(tmp_path / "s", 1, "documents")[0]["practice"] == "Cabinet"


# --- counts -----------------------------------------------------------------------------------------------------------


def test_counts_are_sorted_and_nothing_is_not_counted() -> None:
    tallies = Tallies()
    for name, key, count in (("b", "y", 1), ("b", "x", 2), ("a", "z", 0), ("b", "y", 4)):
        tallies.add(name, key, count)
    assert tallies.counts() == {"b": {"x": 2, "y": 5}}
    assert list(tallies.counts()["b"]) == ["x", "y"]


def test_counts_of_chunks_add_up() -> None:
    into: dict[str, dict[str, int]] = {"a": {"x": 1}}
    more: Mapping[str, Mapping[str, int]] = {"a": {"x": 2, "y": 3}, "b": {"z": 1}}
    add_counts(into, more)
    assert into == {"a": {"x": 3, "y": 3}, "b": {"z": 1}}
    assert more["b"] is not into["b"]
