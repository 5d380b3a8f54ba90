"""The register: opened by one, all or nothing, a journal that is written once, files that come and go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.errors import BadPlan
from semantix.runs.model import RANKS, ChunkDone, DocumentFacts, Quarantined, Withdrawal
from semantix.runs.register import Register, RunState, documents, inputs, journal
from semantix.runs.register.inputs import Differences, Hashed, Seen
from semantix.runs.register.schema import STATEMENTS


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.open(tmp_path / "state") as opened:
        yield opened


def memory() -> Register:
    """A register that is on no disk."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in STATEMENTS:
        connection.execute(statement)
    return Register(Path(), connection, None)


def seen(path: str, **more: int) -> Seen:
    return Seen(path, path, path, False, **({"size": 1, "mtime": 1, "ctime": 1} | more))


def look(register: Register, files: dict[str, bytes], folders: dict[str, str] | None = None) -> Differences:
    """Note what is there; the time of a file is made of its bytes."""
    inputs.see(register, [seen(path, mtime=data[0]) for path, data in files.items()])
    waiting = list(inputs.to_hash(register))
    inputs.note_hashes(register, [Hashed(s.path, files[s.path], (folders or {}).get(s.path)) for s in waiting])
    return inputs.differences(register)


def take(register: Register, *, files: int = 2, is_spool: bool = False) -> tuple[int, list[list[str]]]:
    """Begin a run over what is there, and give the paths of its chunks."""
    with register.transaction():
        run = register.begin("run", register.basis({"a": "1"}))
        inputs.take(register, run, is_spool=is_spool)
        inputs.cut(register, run, 1, files=files, size=1000)
    return run, [[one.path for one in chunk.files] for chunk in inputs.waiting(register, run)]


def facts(number: int, subject: str = "a", *ids: str, key: str = "") -> DocumentFacts:
    return DocumentFacts(
        id=number,
        file=1,
        key=(key or str(number)).encode(),
        content=str(number).encode(),
        subject=subject.encode(),
        subject_ids=tuple(one.encode() for one in ids),
    )


def done(register: Register, *some: DocumentFacts, **more: object) -> int:
    """Commit a chunk with documents; returns its number."""
    with register.transaction() as db:
        run = register.begin("run", register.basis({"a": "1"}))
        chunk = db.execute("INSERT INTO chunk (run, basis, done) VALUES (?, 1, 0)", (run,)).lastrowid
    assert chunk is not None
    assert documents.commit(register, run, ChunkDone(chunk=chunk, documents=list(some), **more))
    assert not documents.commit(register, run, ChunkDone(chunk=chunk, documents=list(some), **more))
    with register.transaction():
        documents.settle_changes(register)
    return chunk


# --- opening --------------------------------------------------------------------------------------------------------


def test_only_its_owner_reads_a_state_folder(register):
    assert register.state.stat().st_mode & 0o077 == 0
    assert (register.state / "register.sqlite").stat().st_mode & 0o077 == 0


def test_nobody_else_opens_a_register_at_work_but_to_look(register):
    with pytest.raises(BadPlan, match="another run is at work"):
        Register.open(register.state)
    with Register.open(register.state, write=False) as other:
        assert other.runs() == []
        with pytest.raises(sqlite3.OperationalError):
            other.note("a", "b")


def test_a_register_lets_others_in_once_it_is_closed(tmp_path):
    for _ in range(2):
        with Register.open(tmp_path / "state") as register:
            register.note("key", "value")
    with Register.open(tmp_path / "state") as register:
        assert register.about("key") == "value"
        assert register.about("other") is None


def test_what_is_no_register_is_refused_in_words(tmp_path):
    with pytest.raises(BadPlan, match="no run was made there"):
        Register.open(tmp_path / "none", write=False)
    (tmp_path / "register.sqlite").write_bytes(b"something else" * 100)
    for _ in range(2):
        with pytest.raises(BadPlan, match="is not the register of a warehouse"):
            Register.open(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadPlan, match="cannot be used"):
        Register.open(tmp_path / "file")


def test_a_register_of_another_version_is_refused_and_let_go(tmp_path):
    with Register.open(tmp_path) as register:
        register.connection.execute("PRAGMA user_version = 99")
    for _ in range(2):
        with pytest.raises(BadPlan, match="a register of version 99"):
            Register.open(tmp_path)


def test_an_opening_that_is_interrupted_lets_others_in(tmp_path, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("semantix.runs.register.opening._connect", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Register.open(tmp_path)
    with Register.open(tmp_path) as register:
        assert register.runs() == []


def test_a_transaction_that_fails_leaves_nothing(register):
    def fail() -> None:
        with register.transaction():
            register.begin("run", 1)
            register.tell(1, "begin", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert register.runs() == []
    assert list(register.entries()) == []


def test_a_basis_has_one_number_whatever_the_order_of_its_parts(register):
    assert register.basis({"a": "1", "b": "2"}) == register.basis({"b": "2", "a": "1"}) == 1
    assert register.basis({"a": "2"}) == 2
    assert register.basis_parts(1) == {"a": "1", "b": "2"}
    assert register.basis_parts(9) == {}


def test_a_run_holds_the_others_back_until_it_is_done_or_undone(register):
    for state in (RunState.DONE, RunState.UNDONE):
        with register.transaction():
            run = register.begin("run", 1)
        for other in (RunState.READING, RunState.PUBLISHING, RunState.STOPPED):
            register.set_state(run, other)
            assert register.unfinished().id == run
        register.set_state(run, state)
        assert register.unfinished() is None


# --- the journal ----------------------------------------------------------------------------------------------------


def test_the_journal_is_written_once(register):
    register.tell(1, "begin", {"b": 1, "a": "é"})
    for statement in ("UPDATE journal SET body = '{}'", "DELETE FROM journal"):
        with pytest.raises(sqlite3.IntegrityError, match="the journal is"):
            register.connection.execute(statement)
    [entry] = register.entries(1, "begin")
    assert entry.body == {"a": "é", "b": 1}
    assert entry.previous == journal.START
    assert list(register.entries(2)) == list(register.entries(1, "end")) == []


@given(changed=st.integers(1, 4), column=st.sampled_from(["run", "kind", "body", "previous", "hash", "gone"]))
@settings(max_examples=20)
def test_whatever_is_changed_in_the_journal_breaks_its_chain_there(changed: int, column: str):
    register = memory()
    for number in range(4):
        register.tell(1, "chunk", {"n": number})
    assert journal.first_break(register.connection) is None
    for name in ("journal_is_written_once", "journal_is_kept"):
        register.connection.execute(f"DROP TRIGGER {name}")
    if column == "gone":
        register.connection.execute("DELETE FROM journal WHERE seq = ?", (changed,))
    else:
        value = 7 if column == "run" else "7"
        register.connection.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (value, changed))
    expected = None if (column, changed) == ("gone", 4) else changed + (column == "gone")
    assert journal.first_break(register.connection) == expected
    register.close()


# --- files ----------------------------------------------------------------------------------------------------------


def test_files_are_new_then_the_same_then_changed_then_gone():
    register = memory()
    assert look(register, {"a": b"1", "b": b"1"}) == Differences(new=2)
    assert take(register)[1] == [["a", "b"]]
    assert look(register, {"a": b"1", "b": b"1"}) == Differences(same=2)
    assert take(register)[1] == []
    assert look(register, {"a": b"2", "c": b"1"}) == Differences(new=1, changed=1, gone=1)
    assert [one.path for one in inputs.gone_files(register)] == ["b"]
    assert take(register)[1] == [["a", "c"]]
    assert look(register, {"a": b"2", "c": b"1"}) == Differences(same=2)
    register.close()


def test_a_touched_file_is_read_once_more_and_then_known_by_its_new_time():
    register = memory()
    look(register, {"a": b"1"})
    take(register)
    inputs.see(register, [seen("a", mtime=9)])
    assert [one.path for one in inputs.to_hash(register)] == ["a"]
    inputs.note_hashes(register, [Hashed("a", b"1")])
    assert inputs.differences(register) == Differences(same=1)
    assert take(register)[1] == []
    inputs.see(register, [seen("a", mtime=9)])
    assert list(inputs.to_hash(register)) == []
    assert [one.path for one in inputs.to_hash(register, all_of_them=True)] == ["a"]
    register.close()


def test_in_a_spool_what_was_read_stays_when_its_file_goes_or_its_name_is_taken():
    register = memory()
    look(register, {"a": b"1", "b": b"1"})
    take(register, is_spool=True)
    look(register, {"a": b"2"})
    assert take(register, is_spool=True)[1] == [["a"]]
    assert register.rows("SELECT count(*) FROM part WHERE ended = 0") == [(3,)]
    register.close()


def test_files_that_are_read_together_are_read_again_together_and_are_not_parted():
    register = memory()
    folders = dict.fromkeys("abc", "set")
    look(register, dict.fromkeys("abcde", b"1"), folders)
    assert take(register, files=2)[1] == [["a", "b", "c"], ["d", "e"]]
    look(register, {"a": b"1", "b": b"2", "c": b"1", "d": b"1", "e": b"1"}, folders)
    assert take(register)[1] == [["a", "b", "c"]]
    look(register, {"b": b"2", "c": b"1", "d": b"1", "e": b"1"}, folders)
    assert take(register)[1] == [["b", "c"]]
    register.close()


def test_a_chunk_is_full_by_its_bytes_too():
    register = memory()
    inputs.see(register, [seen(name, size=600) for name in "abc"])
    inputs.note_hashes(register, [Hashed(name, b"1") for name in "abc"])
    assert take(register, files=100)[1] == [["a"], ["b"], ["c"]]
    assert inputs.progress(register, 1) == (0, 3)
    inputs.skip(register, 2, [5, 2])
    assert inputs.chunk_of(register, 2).skipped == (2, 5)
    register.close()


def test_a_document_of_a_table_is_known_by_its_name_and_has_no_path():
    register = memory()
    inputs.see(register, [Seen("", "row-1", "row-1", False, 3, 0, 0, "Zed", b"digest")])
    assert list(inputs.to_hash(register)) == []
    assert inputs.differences(register) == Differences(new=1)
    run, paths = take(register)
    assert paths == [[""]]
    [chunk] = inputs.waiting(register, run)
    assert (chunk.files[0].name, chunk.files[0].practice, chunk.files[0].sha256) == ("row-1", "Zed", b"digest")
    register.close()


# --- documents ------------------------------------------------------------------------------------------------------


def test_a_chunk_is_committed_once_with_its_entry_in_the_journal(register):
    quarantined = [Quarantined(1, "UnreadableInput", "line 3"), Quarantined(1, "lines", "2 lines", lines=2)]
    done(register, facts(RANKS), quarantined=quarantined)
    [entry] = register.entries(kind="chunk")
    assert (entry.body["documents"], entry.body["quarantined"]) == (1, {"UnreadableInput": 1, "lines": 1})
    assert [one.error for _, one in documents.quarantine(register)] == ["UnreadableInput", "lines"]
    assert documents.bad_and_read(register, 1) == (1, 1)


def test_a_withdrawal_that_comes_later_takes_effect_and_ends_with_its_file(register):
    done(register, facts(RANKS, key="k"))
    assert documents.fates(register) == {"live": 1}
    done(register, withdrawals=[Withdrawal(2 * RANKS, 2, b"k")])
    assert documents.fates(register) == {"withdrawn": 1}
    with register.transaction() as db:
        db.execute("UPDATE withdrawal SET ended = 9")
        documents.settle_changes(register)
    assert documents.fates(register) == {"live": 1}


def test_whoever_is_left_out_goes_under_every_number(register):
    done(register, facts(RANKS, "p1", "ins"), facts(RANKS + 1, "p1", "ins", "local"), facts(RANKS + 2, "p2", "local"))
    done(register, facts(2 * RANKS, "p2", "local", "third"), facts(2 * RANKS + 1, "p3", "fourth"))
    with register.transaction() as db:
        db.execute("INSERT INTO excluded VALUES (?, 1)", (b"ins",))
        documents.exclude_whole_persons(register, 1)
        documents.settle_changes(register)
    assert {value for (value,) in register.rows("SELECT value FROM excluded")} == {
        b"ins",
        b"p1",
        b"local",
        b"p2",
        b"third",
    }
    assert documents.fates(register) == {"live": 1, "excluded": 4}
    found = documents.excluded_documents(register)
    assert [len(some) for some in found.values()] == [3, 1]
    with register.transaction():
        documents.forget(register, [one[0] for some in found.values() for one in some])
    assert documents.excluded_documents(register) == {}
    assert register.rows("SELECT count(*) FROM link UNION ALL SELECT count(*) FROM person") == [(1,), (2,)]


def test_what_is_published_is_what_is_live(register):
    done(register, facts(RANKS, key="k"), facts(RANKS + 1, key="k"), facts(RANKS + 2, "b"))
    assert documents.changes(register) == 2
    with register.transaction():
        documents.mark_published(register)
    assert documents.changes(register) == 0
    with register.transaction() as db:
        db.execute("UPDATE document SET ended = 5 WHERE id = ?", (RANKS,))
        documents.settle_changes(register)
    # What was another version of it counts in its place.
    assert documents.changes(register) == 2
    assert documents.fates(register) == {"live": 2}
