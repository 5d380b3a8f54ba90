"""What an adversary tried on a warehouse: facts lost or flipped by what should not matter, people who come back."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.practices.content import make
from tests.practices.delimited import hellodoc
from tests.runs_documents import INS, Paper, ins, write
from tests.runs_warehouse import Here, around, plan_in, rows_of
from tests.unit.parsers.packs.packs_in_words import FILE, HEAD

from semantix.runs import scanning
from semantix.runs.conduct import Outcome, start
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register, documents
from semantix.runs.upkeep import exclude

DUCKDB = [{"kind": "duckdb", "path": "cdm.duckdb"}]
VALUE = 173.4567891


class Warehouse:
    """A folder of inputs and its warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "in").mkdir()

    def put(self, name: str, paper: Paper | bytes) -> Path:
        path = self.folder / "in" / name
        path.write_bytes(paper if isinstance(paper, bytes) else write(paper))
        return path

    def plan(self, **changes: Any) -> RunPlan:
        return plan_in(self.folder, **({"targets": DUCKDB} | changes))

    def run(self, **changes: Any) -> Outcome:
        return start(self.plan(**changes), around())

    def exclude(self, person: str) -> Outcome:
        return exclude(self.plan(), around(), [ins(person)])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with Register.open(self.folder / "state", write=False) as register:
            return register.rows(query)

    def live(self) -> list[str]:
        """The names of the files of live documents."""
        query = "SELECT f.name FROM document d JOIN file f ON f.id = d.file WHERE d.fate = 'live' AND d.ended = 0"
        return sorted(Path(name).name for (name,) in self.rows(query))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def numbered(number: str, person: str, *roots: str) -> bytes:
    """A document whose patient has numbers of a hospital, with the national one only if it is among ``roots``."""
    told = f'<id root="{INS}" extension="{ins(person)}"/>'
    ids = "".join(told if root == INS else f'<id root="{root}" extension="IPP77"/>' for root in roots)
    return write(Paper(number, person)).replace(told.encode(), ids.encode())


# --- people who are left out ----------------------------------------------------------------------------------------


def test_a_number_that_is_told_later_leaves_the_person_out_as_well(warehouse: Warehouse) -> None:
    warehouse.put("national.xml", Paper("1", "5"))
    warehouse.put("local.xml", numbered("2", "5", "1.2.250.1.888.1"))
    warehouse.put("other.xml", Paper("3", "6"))
    warehouse.run()
    warehouse.exclude("5")
    assert warehouse.live() == ["local.xml", "other.xml"]
    # Says that both numbers are of one person, who is excluded: it is erased, and what it told must not be.
    warehouse.put("both.xml", numbered("4", "5", INS, "1.2.250.1.888.1"))
    warehouse.run()
    assert warehouse.live() == ["other.xml"]
    warehouse.put("again.xml", numbered("5", "5", "1.2.250.1.888.1"))
    warehouse.run()
    assert warehouse.live() == ["other.xml"]
    assert len(rows_of(warehouse.folder / "cdm.duckdb")["person"]) == 1


def test_rows_removed_before_their_person_was_erased_leave_no_byte(warehouse: Warehouse) -> None:
    warehouse.put("other.xml", Paper("1"))
    path = warehouse.put("gone.xml", Paper("2", "5", results=(("8302-2", str(VALUE)),)))
    warehouse.run()
    path.unlink()
    warehouse.run()
    warehouse.exclude("5")
    assert struct.pack("<d", VALUE) not in (warehouse.folder / "cdm.duckdb").read_bytes()


def test_leaving_out_somebody_unknown_writes_no_target_again(warehouse: Warehouse) -> None:
    warehouse.put("other.xml", Paper("1"))
    warehouse.run()
    assert warehouse.exclude("5").published == {}


def test_the_journal_has_no_extension_that_may_be_a_name(warehouse: Warehouse) -> None:
    warehouse.put("a.xml", Paper("1"))
    warehouse.put("lettre.dupont jeanne", b"bonjour")
    warehouse.put("scan.png", b"\x89PNG")
    warehouse.run()
    [(body,)] = warehouse.rows("SELECT body FROM journal WHERE kind = 'chunk'")
    assert '"ignored":{".png":1,"other extension":1}' in body
    assert "dupont" not in "".join(text for (text,) in warehouse.rows("SELECT body FROM journal"))


def test_what_is_staged_is_for_its_owner_in_a_folder_that_others_may_enter(warehouse: Warehouse) -> None:
    (warehouse.folder / "state").mkdir(mode=0o755)
    warehouse.put("a.xml", Paper("1"))
    warehouse.run()
    assert {path.stat().st_mode & 0o077 for path in (warehouse.folder / "state").rglob("staged*")} == {0}


# --- what should change nothing -------------------------------------------------------------------------------------


def test_reading_again_changes_no_fate(warehouse: Warehouse) -> None:
    warehouse.put("z.xml", Paper("1", results=(("8302-2", "170"),)))
    warehouse.run()
    warehouse.put("a.xml", Paper("1", results=(("8302-2", "171"),)))
    warehouse.run()
    assert warehouse.live() == ["z.xml"]
    warehouse.run(keep_text=True)
    assert warehouse.live() == ["z.xml"]


def test_a_known_file_that_cannot_be_opened_keeps_its_facts(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = warehouse.put("a.xml", Paper("1"))
    warehouse.run()
    path.write_bytes(write(Paper("1", results=(("8302-2", "171"),))))

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(scanning, "open", refused, raising=False)
        said: list[str] = []
        outcome = start(warehouse.plan(), around(say=said.append))
    assert (outcome.documents, outcome.fates, outcome.published) == (0, {"live": 1}, {})
    assert said == ["1 known files cannot be opened: what was read of them stays; see their rights"]
    assert warehouse.run().documents == 1


def test_what_was_away_when_its_turn_came_is_read_by_the_next_run(warehouse: Warehouse) -> None:
    path = warehouse.put("a.xml", Paper("1"))
    away = warehouse.folder / "away.xml"

    class Blinking(Here):
        def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
            path.rename(away)
            yield from super().run(chunks)
            away.rename(path)

    outcome = start(warehouse.plan(), around(engine=lambda _, work: Blinking(work)))
    assert (outcome.documents, outcome.quarantined) == (0, 1)
    outcome = warehouse.run()
    assert (outcome.documents, outcome.fates) == (1, {"live": 1})
    assert warehouse.run().chunks == 0


def test_a_new_pack_reads_what_none_could(warehouse: Warehouse) -> None:
    warehouse.put("a.xml", Paper("1"))
    warehouse.put("results.csv", b"no;jour;quoi;combien;unite\n1;2020-01-02;CRP;4;mg/L\n")
    assert warehouse.run().quarantined == 1
    (warehouse.folder / "essai.yaml").write_text(HEAD + FILE, "utf-8")
    outcome = warehouse.run(packs=["essai.yaml"])
    assert (outcome.documents, outcome.quarantined, outcome.fates) == (2, 0, {"live": 2})
    assert warehouse.rows("SELECT count(*) FROM quarantine WHERE ended = 0") == [(0,)]
    assert warehouse.rows("SELECT count(*) FROM file WHERE folder IS NOT NULL AND last_run IS NULL") == [(1,)]


def test_files_of_a_set_that_left_a_spool_keep_their_facts(warehouse: Warehouse) -> None:
    folder = warehouse.folder / "in"
    hellodoc(folder, make("cabinet", 3, people=1))
    warehouse.run(spool=True)
    before = warehouse.live()
    for path in folder.iterdir():
        path.rename(warehouse.folder / path.name)
    (folder / "n2-Biologies.asc").write_bytes((warehouse.folder / "Biologies.asc").read_bytes().replace(b"200", b"201"))
    warehouse.run(spool=True)
    assert before
    assert set(before) <= set(warehouse.live())
    assert warehouse.rows("SELECT error FROM quarantine") == []


def test_one_number_for_all_that_a_source_sends_takes_no_time_that_grows_with_its_square(warehouse: Warehouse) -> None:
    for n in range(3):
        warehouse.put(f"{n}.xml", Paper("0", results=(("8302-2", str(170 + n)),)))
    warehouse.run()
    with Register.open(warehouse.folder / "state") as register:
        [(chunk, file, value, body)] = register.rows(
            "SELECT d.chunk, d.file, l.value, d.body FROM document d JOIN link l ON l.document = d.id LIMIT 1"
        )
        many = range(1000, 5000)
        with register.transaction() as db:
            db.executemany(
                "INSERT INTO document (id, chunk, file, key, content, subject, is_alone, body) "
                "SELECT ?, ?, ?, key, content, subject, 1, ? FROM document LIMIT 1",
                ((n, chunk, file, body) for n in many),
            )
            db.executemany("INSERT INTO link VALUES (?, ?)", ((value, n) for n in many))
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        register.connection.set_progress_handler(step, 1000)
        with register.transaction() as db:
            documents.settle_changes(register)
            db.execute("ROLLBACK")
            db.execute("BEGIN")
        # Some hundred steps of SQLite a document; each of them looking at each other would be thousands.
        assert steps < 4000
