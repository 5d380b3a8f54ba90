"""What executors do, without Spark: batches of chunks in, accounts and folders out."""

import hashlib
import os
import stat
import tarfile
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import ROOT

from semantix.errors import BadPlan, UnfinishedRun
from semantix.runs import spark, spark_rows, spark_shipping, spark_worker
from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.staging import folder_of
from semantix.runs.work import DIED, ChunkPlan, ChunkWork

DOCUMENTS = sorted((ROOT / "examples" / "cda").glob("*.xml"))
PLAN = ChunkPlan(key=b"a key of the tests of Spark", fhir="sealed", curated=False)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(spark_worker, "_kept", None)


def source(number: int, path: Path) -> SourceFile:
    content = path.read_bytes()
    name = f"{path.parent.name}/{path.name}"
    return SourceFile(number, str(path), name, name, hashlib.sha256(content).digest(), len(content))


def chunks(per_chunk: int = 2) -> list[Chunk]:
    files = [source(rank, path) for rank, path in enumerate(DOCUMENTS, 1)]
    return [
        Chunk(number, 1, tuple(files[start : start + per_chunk]))
        for number, start in enumerate(range(0, len(files), per_chunk), 1)
    ]


def unread(chunk: Chunk) -> Chunk:
    """The same chunk of a table: its files have no path."""
    return msgspec.structs.replace(chunk, files=tuple(msgspec.structs.replace(one, path="") for one in chunk.files))


def batches(several: list[Chunk], contents: dict[int, bytes] | None = None) -> list[pa.RecordBatch]:
    """One batch a row, as the smallest that Spark may give."""
    rows = []
    for chunk in several:
        rows.append({"chunk": chunk.id, "file": spark_worker.HEAD, "content": msgspec.json.encode(chunk)})
        rows += [
            {"chunk": chunk.id, "file": one.id, "content": contents[one.id]}
            for one in chunk.files
            if contents and one.id in contents
        ]
    schema = pa.schema([("chunk", pa.int64()), ("file", pa.int64()), ("content", pa.binary())])
    return [pa.RecordBatch.from_pylist([row], schema=schema) for row in rows]


def done_of(batch: pa.RecordBatch) -> tuple[ChunkDone, str, list[dict[str, object]]]:
    (row,) = batch.to_pylist()
    return msgspec.json.decode(row["done"], type=ChunkDone), row["folder"], row["files"]


def reading(staged: Path, *, is_shared: bool = True, token: str = "one") -> spark_worker.Reading:
    return spark_worker.Reading(PLAN, staged, token, is_shared)


def told(done: ChunkDone) -> ChunkDone:
    """An account without what the clock says."""
    return msgspec.structs.replace(done, seconds=0.0, cpu=0.0, engine_cpu=0.0)


def expected(several: list[Chunk], staged: Path) -> list[ChunkDone]:
    doer = ChunkWork(PLAN, staged).doer()
    return [told(next(doer.do(chunk))) for chunk in several]


def contents_of(staged: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(staged)): path.read_bytes()
        for path in sorted(staged.rglob("*"))
        if path.is_file() and spark_worker.WORKING not in path.parts
    }


@pytest.mark.parametrize("is_shared", [True, False])
def test_chunks_leave_the_folders_and_accounts_of_the_local_engine(tmp_path, is_shared):
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    found = []
    for batch in reading(there, is_shared=is_shared)(batches(chunks())):
        done, folder, files = done_of(batch)
        found.append(
            told(spark.received(there, msgspec.json.encode(done), folder, [tuple(one.values()) for one in files]))
        )
        assert bool(folder) is is_shared
    assert found == expected(chunks(), here)
    assert contents_of(there) == contents_of(here)
    assert len(contents_of(here)) > len(chunks())


def test_a_process_opens_once_and_again_for_another_run(tmp_path, monkeypatch):
    opened = []
    doer = ChunkWork.doer
    monkeypatch.setattr(ChunkWork, "doer", lambda work: opened.append(work) or doer(work))
    for token in ("one", "one", "two"):
        list(reading(tmp_path, token=token)(batches(chunks()[:2])))
    assert len(opened) == 2


def test_documents_of_a_table_are_read_as_files_and_leave_none(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    contents = {rank: path.read_bytes() for rank, path in enumerate(DOCUMENTS, 1)}
    several = chunks()
    flow = reading(tmp_path / "there")(batches([unread(chunk) for chunk in several], contents))
    assert [told(done_of(batch)[0]) for batch in flow] == expected(several, tmp_path / "here")
    assert list((tmp_path / "spool").iterdir()) == []


def test_content_is_spooled_for_its_owner_alone_and_under_no_name(tmp_path):
    chunk = unread(chunks()[0])
    one = msgspec.structs.replace(chunk.files[0], name="../../DUPONT Jean/../x.xml", label="x.xml")
    chunk = msgspec.structs.replace(chunk, files=(one,))
    content = DOCUMENTS[0].read_bytes()
    rows = iter([(1, spark_worker.HEAD, msgspec.json.encode(chunk)), (1, one.id, b"other"), (1, one.id, content)])
    with spark_worker.spooled(rows) as (readable, is_spooled):
        path = Path(readable.files[0].path)
        assert is_spooled
        assert path.read_bytes() == content
        assert path.name == f"{one.id}.xml"
        assert "DUPONT" not in str(path)
        assert ".." not in path.parts
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()


def test_a_content_that_changed_is_quarantined(tmp_path):
    contents = {rank: b"<other/>" for rank, _ in enumerate(DOCUMENTS, 1)}
    chunk = unread(chunks()[0])
    ((done, *_),) = [done_of(batch) for batch in reading(tmp_path)(batches([chunk], contents))]
    assert [one.file for one in done.quarantined] == [one.id for one in chunk.files]
    assert done.documents == []


def test_after_two_attempts_a_chunk_is_done_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(spark_worker, "attempt", lambda: spark_worker.ALONE)
    monkeypatch.setattr(spark_worker, "_opened", None)  # not in this process
    ((done, *_),) = [done_of(batch) for batch in reading(tmp_path / "there")(batches(chunks()[:1]))]
    monkeypatch.undo()
    assert told(done) == expected(chunks()[:1], tmp_path / "here")[0]


def test_a_chunk_that_kills_is_told_and_that_of_a_table_is_read_without_the_files_that_kill(tmp_path, monkeypatch):
    monkeypatch.setattr(spark_worker, "attempt", lambda: spark_worker.ALONE)
    monkeypatch.setattr(spark_worker, "killers", lambda chunk, work: frozenset({chunk.files[0].id}))

    def alone(work, chunk):
        if not chunk.skipped:
            return ChunkDone(chunk=chunk.id, failure=DIED)
        return next(work.doer().do(chunk))

    monkeypatch.setattr(spark_worker, "alone", alone)
    contents = {rank: path.read_bytes() for rank, path in enumerate(DOCUMENTS, 1)}
    first = chunks()[0]
    ((of_files, *_),) = [done_of(batch) for batch in reading(tmp_path)(batches([first]))]
    ((of_table, *_),) = [done_of(batch) for batch in reading(tmp_path)(batches([unread(first)], contents))]
    assert of_files.failure == DIED
    assert [one.file for one in of_table.quarantined] == [first.files[0].id]
    assert [one.file for one in of_table.documents] == [first.files[1].id]


def test_a_chunk_that_leaves_nothing_has_no_folder_and_one_that_failed_keeps_what_is_there(tmp_path):
    old = folder_of(tmp_path, 1)
    old.mkdir()
    spark.received(tmp_path, msgspec.json.encode(ChunkDone(chunk=1, failure=DIED)), "", [])
    assert old.exists()
    spark.received(tmp_path, msgspec.json.encode(ChunkDone(chunk=1)), "", [])
    assert not old.exists()


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_a_signature_tells_names_and_sizes(tmp_path):
    folder = tmp_path / "store"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a").write_bytes(b"12")
    first = spark_shipping.signature(folder)
    (folder / "in" / "a").write_bytes(b"123")
    assert "" != first != spark_shipping.signature(folder)
    assert spark_shipping.signature(tmp_path / "absent") == ""
    assert spark_shipping.signature(folder / "in" / "a")
    (batch,) = spark_shipping.Look((folder, tmp_path / "absent"))([object()])
    assert [row["seen"] for row in batch.to_pylist()] == [spark_shipping.signature(folder), ""]


def test_what_is_shipped_is_found_where_spark_unpacked_it(tmp_path, monkeypatch):
    pyspark = pytest.importorskip("pyspark", reason="needs pyspark")
    store, table, vocabulary = tmp_path / "store", tmp_path / "ours.tsv", tmp_path / "athena"
    plan = msgspec.structs.replace(PLAN, store=store, tables=(table,), vocabulary=vocabulary)
    assert spark_shipping.needed_by(plan) == (store, vocabulary, table)
    assert spark_shipping.relocated(plan, ()) is plan
    monkeypatch.setattr(pyspark.SparkFiles, "get", lambda name: f"/unpacked/{name}")
    shipped = (spark_shipping.Shipped(store, "s"), spark_shipping.Shipped(table, "t"))
    there = spark_shipping.relocated(plan, shipped)
    assert (there.store, there.tables) == (Path("/unpacked/s/store"), (Path("/unpacked/t/ours.tsv"),))
    assert there.vocabulary == vocabulary


def test_an_archive_holds_a_folder_under_its_name(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "a").write_bytes(b"1")
    spark_shipping.pack(tmp_path / "store", tmp_path / "packed.tar")
    assert stat.S_IMODE((tmp_path / "packed.tar").stat().st_mode) == 0o600
    with tarfile.open(tmp_path / "packed.tar") as tar:
        assert tar.getnames() == ["store", "store/a"]


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("master", "given"),
    [
        ("local", "local[1,4]"),
        ("local[2]", "local[2,4]"),
        ("local[*,1]", "local[*,1]"),
        ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]"),
        ("yarn", "yarn"),
    ],
)
def test_one_machine_tries_as_often_as_a_cluster(master, given):
    assert spark.wanted(master, {})["spark.master"] == given


def test_a_session_of_one_machine_is_seen_from_no_other_and_the_user_has_the_last_word():
    assert spark.wanted("local[2]", {})["spark.driver.bindAddress"] == "127.0.0.1"
    assert "spark.driver.bindAddress" not in spark.wanted("yarn", {})
    assert spark.wanted("yarn", {"spark.ui.enabled": "true"})["spark.ui.enabled"] == "true"
    assert "spark.master" not in spark.wanted(None, {})


def test_without_pyspark_the_plan_is_refused(monkeypatch):
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    with pytest.raises(BadPlan, match=r"pyspark and pandas cannot be found: .*semantix\[spark\]"), spark.session():
        pass


def test_the_words_of_spark_are_not_repeated():
    errors = pytest.importorskip("pyspark.errors", reason="needs pyspark")
    with pytest.raises(UnfinishedRun, match="PySparkException") as told, spark.told_as_unfinished():
        raise errors.PySparkException("DUPONT Jean")
    assert "DUPONT" not in str(told.value)


# --- rows without a register ------------------------------------------------------------------------------------------


def test_documents_become_the_rows_that_a_run_stages(tmp_path):
    names = [path.name for path in DOCUMENTS] + ["bad.xml"]
    contents = [path.read_bytes() for path in DOCUMENTS] + [b"<ClinicalDocument"]
    batch = pa.RecordBatch.from_pydict({"name": names, "content": contents, "practice": [""] * len(names)})
    made = [row for part in spark_rows.Converting(PLAN)([batch]) for row in part.to_pylist()]
    types = {row["type"] for row in made}
    assert {"person", "visit_occurrence", "Patient", "quarantine"} <= types
    assert [row["name"] for row in made if row["type"] == "quarantine"] == ["bad.xml"]
    assert all(len(row["document"]) == 32 for row in made if row["type"] != "quarantine")
    chunk = Chunk(1, 1, tuple(source(rank, path) for rank, path in enumerate(DOCUMENTS)))
    doer = ChunkWork(PLAN, tmp_path).doer()
    next(doer.do(chunk))
    staged = pq.read_table(folder_of(tmp_path, 1) / "omop_person.parquet")
    persons = [msgspec.json.decode(row["json"])["person_id"] for row in made if row["type"] == "person"]
    assert persons == [value.hex() for value in staged["person_id"].to_pylist()]


def test_a_disk_that_is_full_stops_the_conversion(tmp_path):
    batch = pa.RecordBatch.from_pydict({"name": ["a"], "content": [b"1"], "practice": [""]})
    doer = ChunkWork(PLAN, tmp_path).doer()
    doer.do = lambda chunk: iter([ChunkDone(chunk=chunk.id, failure="No space left on device")])
    with pytest.raises(OSError, match="No space left"):
        list(spark_rows.converted(batch, 1, doer, tmp_path))


def test_the_process_that_works_is_in_the_name_of_its_folder(tmp_path):
    (batch, *_) = reading(tmp_path)(batches(chunks()[:1]))
    assert f"semantix-{os.getpid()}-" in done_of(batch)[1]
