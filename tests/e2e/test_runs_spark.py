"""The same chunks on the local engine and on a Spark cluster of two executors, of which one is killed in the middle."""

import hashlib
import os
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest
from tests.conftest import ROOT
from tests.runs_warehouse import around, outputs_of, plan_in

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadPlan, BadTarget
from semantix.runs.conduct import Around, LocalEngine, start
from semantix.runs.model import Chunk, ChunkDone, SourceFile
from semantix.runs.plan import RunPlan
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.parquet import ParquetTarget
from semantix.runs.register import Register
from semantix.runs.spark import SparkEngine, cluster_of, session
from semantix.runs.spark_lake import copy_to_lake
from semantix.runs.spark_rows import documents_to_rows
from semantix.runs.spark_shipping import seen_everywhere, ship
from semantix.runs.spark_tables import documents, open_table, scan_table
from semantix.runs.work import ChunkPlan, ChunkWork

pyspark = pytest.importorskip("pyspark", reason="needs pyspark")
if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)

pytestmark = [
    pytest.mark.slow,
    # Spark works with newer pandas than it was released with, and says that it was not; semantix uses none of it.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

EXAMPLES = sorted((ROOT / "examples" / "cda").glob("*.xml"))
PLAN = ChunkPlan(key=b"a key of the tests of Spark", fhir="sealed", curated=False)
COPIES = 24
"""Documents a run: chunks enough for two executors to have some in hand at any moment."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the workers of a local cluster may write: they do so in the folder of Spark itself."""
    made = tmp_path_factory.mktemp("spark-home")
    for name in ("bin", "jars", "python", "sbin"):
        (made / name).symlink_to(Path(pyspark.__file__).parent / name)
    return made


@pytest.fixture(scope="module")
def spark(home: Path) -> Iterator[Any]:
    """A cluster of two executors on this machine."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        patch.setenv("SPARK_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        conf = {
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.sql.shuffle.partitions": "2",
            "spark.local.dir": str(home / "local"),
            "spark.sql.warehouse.dir": str(home / "warehouse"),
        }
        with session("local-cluster[2,1,1024]", conf) as opened:
            yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of as many identifiers as files, in three practices."""
    made = tmp_path_factory.mktemp("spark") / "inputs"
    for number in range(COPIES):
        example = EXAMPLES[number % len(EXAMPLES)]
        place = made / f"practice-{number % 3}" / f"{number:03}.xml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(example.read_bytes() + f"<!-- {number} -->".encode())
    return made


def files_of(folder: Path) -> list[SourceFile]:
    found = []
    for number, path in enumerate(sorted(folder.rglob("*.xml")), 1):
        content, name = path.read_bytes(), str(path.relative_to(folder))
        digest = hashlib.sha256(content).digest()
        found.append(SourceFile(number, str(path), name, name, digest, len(content), path.parent.name))
    return found


def cut(files: list[SourceFile], size: int) -> list[Chunk]:
    starts = range(0, len(files), size)
    return [Chunk(number, 1, tuple(files[start : start + size])) for number, start in enumerate(starts, 1)]


def told(accounts: list[ChunkDone]) -> list[ChunkDone]:
    """Accounts without what the clock says."""
    return [
        msgspec.structs.replace(done, seconds=0.0, cpu=0.0, engine_cpu=0.0)
        for done in sorted(accounts, key=lambda done: done.chunk)
    ]


def contents_of(staged: Path) -> dict[str, bytes]:
    return {str(path.relative_to(staged)): path.read_bytes() for path in sorted(staged.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def local(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[ChunkDone], dict[str, bytes]]:
    """What the local engine makes of the chunks."""
    staged = tmp_path_factory.mktemp("local") / "staged"
    doer = ChunkWork(PLAN, staged).doer()
    accounts = [next(doer.do(chunk)) for chunk in cut(files_of(folder), 2)]
    return told(accounts), contents_of(staged)


def executors(spark: Any) -> list[int]:
    """The processes of the executors: children of the virtual machine of the driver."""
    driver = spark.sparkContext._gateway.proc.pid
    listed = subprocess.run(["/usr/bin/pgrep", "-P", str(driver)], capture_output=True, text=True, check=False).stdout
    lines = {int(one): Path(f"/proc/{one}/cmdline").read_bytes() for one in listed.split()}
    return sorted(one for one, line in lines.items() if b"CoarseGrainedExecutorBackend" in line)


def journal_of(plan: RunPlan) -> list[tuple[str, dict[str, Any]]]:
    """What the journal tells of chunks and of the end, but for their cost."""
    with Register.open(plan.state, write=False) as register:
        chunks = sorted((entry.body for entry in register.entries(1, "chunk")), key=lambda body: body["chunk"])
        [end] = [entry.body for entry in register.entries(1, "end")]
    for body in chunks:
        body.pop("cost")
    end["totals"].pop("cost")
    return [*(("chunk", body) for body in chunks), ("end", end)]


class Murderous:
    """Spark, of which one executor is killed when the first account comes."""

    def __init__(self, spark: Any, engine: SparkEngine) -> None:
        self._spark, self._engine, self.killed = spark, engine, 0

    def run(self, chunks: Any) -> Iterator[ChunkDone]:
        for done in self._engine.run(chunks):
            if not self.killed:
                self.killed = executors(self._spark)[0]
                os.kill(self.killed, signal.SIGKILL)
            yield done


def test_a_whole_run_is_the_same_on_both_engines_and_through_the_death_of_an_executor(spark, folder, tmp_path):
    plans = []
    for name in ("local", "spark"):
        shutil.copytree(folder, tmp_path / name / "in")
        plans.append(plan_in(tmp_path / name, chunks={"files": 2}))
    start(plans[0], around())
    murderous: list[Murderous] = []

    def engine(_: RunPlan, work: ChunkWork) -> Murderous:
        murderous.append(Murderous(spark, SparkEngine(work.plan, work.staged)))
        return murderous[0]

    start(plans[1], Around(engine=engine))
    assert murderous[0].killed
    assert outputs_of(tmp_path / "spark") == outputs_of(tmp_path / "local")
    assert journal_of(plans[1]) == journal_of(plans[0])


def test_an_executor_killed_in_the_middle_changes_nothing(spark, folder, local, tmp_path):
    staged, accounts, killed = tmp_path / "staged", [], []
    for done in SparkEngine(PLAN, staged).run(cut(files_of(folder), 2)):
        if not killed:
            killed = executors(spark)[:1]
            os.kill(killed[0], signal.SIGKILL)
        accounts.append(done)
    assert killed
    assert killed[0] not in executors(spark)
    assert len(accounts) == COPIES // 2
    assert told(accounts) == local[0]
    assert contents_of(staged) == local[1]
    assert sum(len(done.documents) for done in accounts) == COPIES


def test_a_table_of_documents_gives_the_same(spark, folder, local, tmp_path):
    rows = [(one.name, Path(one.path).read_bytes(), one.practice) for one in files_of(folder)]
    saved = str(tmp_path / "documents.parquet")
    spark.createDataFrame(rows, "name string, content binary, practice string").write.parquet(saved)
    table = open_table(spark, saved, "parquet")
    found = list(scan_table(table))
    assert found == [(one.name, one.practice, one.sha256, one.size) for one in files_of(folder)]
    files = [
        SourceFile(number, "", name, name, digest, size, practice)
        for number, (name, practice, digest, size) in enumerate(found, 1)
    ]
    before = spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch")
    accounts = list(SparkEngine(PLAN, tmp_path / "staged", table=table).run(cut(files, 2)))
    assert told(accounts) == local[0]
    assert contents_of(tmp_path / "staged") == local[1]
    assert spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch") == before


def test_binary_files_are_a_table_of_documents(spark, folder):
    found = list(scan_table(open_table(spark, str(folder))))
    assert found == [(one.name, "", one.sha256, one.size) for one in files_of(folder)]
    (first, *_) = scan_table(open_table(spark, folder.as_uri()))
    assert first[0] == files_of(folder)[0].name


def test_a_table_without_content_is_refused(spark, tmp_path):
    with pytest.raises(BadPlan, match="no column content; it has: name, text"):
        documents(spark.createDataFrame([("a", "b")], "name string, text string"))
    with pytest.raises(BadPlan, match="Spark cannot read it as parquet"):
        open_table(spark, str(tmp_path / "absent"), "parquet")
    with pytest.raises(BadPlan, match="Spark cannot read it as table"):
        open_table(spark, "nowhere", "table")


def test_a_notebook_has_rows_from_documents_in_one_line(spark, folder):
    rows = documents_to_rows(open_table(spark, str(folder / "practice-1")), PLAN)
    counted = {row["type"]: row["count"] for row in rows.groupBy("type").count().collect()}
    assert counted["person"] == COPIES // 3
    assert counted["Patient"] == COPIES // 3


def test_what_executors_do_not_see_is_brought_to_them(spark, folder, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.tsv").write_text("1")
    paths = (tmp_path / "there", tmp_path / "absent")
    assert seen_everywhere(spark, paths) == {tmp_path / "there"}
    (shipped,) = ship(spark, paths[:1], tmp_path)

    def look(batches):
        from pyspark import SparkFiles

        for _ in batches:
            import pyarrow as pa

            text = (Path(SparkFiles.get(shipped.archive)) / "there" / "a.tsv").read_text()
            yield pa.RecordBatch.from_pydict({"text": [text]})

    assert {row.text for row in spark.range(0, 2, 1, 2).mapInArrow(look, "text string").collect()} == {"1"}


def test_another_master_than_that_of_the_open_session_is_refused(spark, tmp_path):
    with pytest.raises(BadPlan, match=r"open on local-cluster\[2,1,1024\], yarn was asked for"):
        list(SparkEngine(PLAN, tmp_path, "yarn").run([]))
    assert spark.range(1).count() == 1


def test_a_plan_names_its_table(spark, folder, tmp_path):
    told = {"table": "inputs", "format": "binaryFile", "base": str(folder.parent)}
    with cluster_of(told) as cluster:
        assert cluster.has_table
        found = list(cluster.scan())
        name, _, digest, size = found[0]
        chunk = Chunk(1, 1, (SourceFile(1, "", name, name, digest, size),))
        (done,) = cluster.engine(ChunkWork(PLAN, tmp_path)).run([chunk])
    assert [name for name, *_ in found] == [one.name for one in files_of(folder)]
    assert len(done.documents) == 1
    with cluster_of({"master": None, "conf": {}, "table": None}) as cluster:
        assert not cluster.has_table
        assert list(cluster.scan()) == []


def test_what_is_published_goes_to_the_lake(spark, tmp_path):
    published = tmp_path / "omop"
    with pytest.raises(BadTarget, match="no such folder"):
        copy_to_lake(spark, published, str(tmp_path / "lake"))
    publish_rows(published)
    assert copy_to_lake(spark, published, str(tmp_path / "lake"), only=("death",)) == {"death": 1}
    assert spark.read.parquet(str(tmp_path / "lake" / "death")).first().person_id == 7
    with pytest.raises(BadTarget, match="has no such data source"):
        copy_to_lake(spark, published, str(tmp_path / "lake"), "delta")
    with pytest.raises(BadTarget, match="expected parquet, delta, iceberg"):
        copy_to_lake(spark, published, str(tmp_path / "lake"), "csv")


def publish_rows(folder: Path) -> None:
    """A Parquet target with one row, as a run publishes it."""
    with duckdb.connect() as db:
        columns = ", ".join(f'{7 if f.name == "person_id" else "NULL"} AS "{f.name}"' for f in SCHEMA["death"].fields)
        db.execute(f"CREATE TABLE rows_death AS SELECT {columns}; CREATE TABLE gone_death (person_id BIGINT)")
        delta = Delta(1, True, db, ("death",), {"death": ("person_id",)}, {"death": 1})
        ParquetTarget(folder).apply(delta)


def test_a_run_that_is_left_is_cancelled(spark, folder, tmp_path):
    flow = SparkEngine(PLAN, tmp_path / "staged").run(cut(files_of(folder), 1))
    next(flow)
    flow.close()
    assert not (tmp_path / "staged" / ".spark").exists()
    assert list(spark.sparkContext.statusTracker().getActiveJobsIds()) == []


def test_the_local_engine_has_the_same_contract(folder, local, tmp_path):
    work = ChunkWork(PLAN, tmp_path / "staged")
    assert told(list(LocalEngine(work, 2).run(cut(files_of(folder), 2)))) == local[0]
