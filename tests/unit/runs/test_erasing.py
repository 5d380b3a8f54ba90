"""Staged rows of persons left out are written away, whatever stops it, and the files of the others stay."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.runs_documents import ins
from tests.runs_histories import Sheet, Warehouse, digests_of, files_with

from semantix.runs import conduct
from semantix.runs.erasing import rewrite


def stage(folder: Path, **files: list[int]) -> Path:
    folder.mkdir(parents=True)
    for name, documents in files.items():
        table = pa.table({"document": pa.array(documents, pa.int64()), "value": [f"of {one}" for one in documents]})
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=2)
    return folder


def held(folder: Path) -> dict[str, list[int]]:
    return {path.stem: pq.read_table(path)["document"].to_pylist() for path in sorted(folder.glob("*.parquet"))}


def test_rows_of_some_documents_go_and_those_of_others_stay_in_order(tmp_path):
    folder = stage(tmp_path / "00000001", documents=[1, 2, 3], omop_note=[2, 2, 2], fhir=[1, 1, 2, 3, 3])
    rewrite(folder, [2])
    assert held(folder) == {"documents": [1, 3], "fhir": [1, 1, 3, 3]}
    assert b"of 2" not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["00000001"]


def test_a_folder_without_rows_goes_and_one_that_is_gone_is_no_fault(tmp_path):
    folder = stage(tmp_path / "00000001", documents=[1], fhir=[1])
    rewrite(folder, [1])
    assert not folder.exists()
    rewrite(folder, [1])


def test_what_was_stopped_between_two_files_is_done_again(tmp_path, monkeypatch):
    folder = stage(tmp_path / "00000001", documents=[1, 2], fhir=[1, 2], omop_note=[2])
    replaced = []

    def stopped(self: Path, target: Path) -> Path:
        replaced.append(target)
        if len(replaced) == 2:
            raise KeyboardInterrupt
        return Path(self.rename(target))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            rewrite(folder, [2])
    assert held(folder) == {"documents": [1], "fhir": [1, 2], "omop_note": [2]}
    rewrite(folder, [2])
    assert held(folder) == {"documents": [1], "fhir": [1]}
    assert [path.name for path in tmp_path.iterdir()] == ["00000001"]


def test_an_erasure_stopped_at_any_step_leaves_nothing_once_it_is_resumed(tmp_path, monkeypatch):
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)
    for step in (12, 20):
        warehouse = Warehouse(tmp_path / str(step), ("fhir",))
        warehouse.put("1.xml", Sheet("1", "1"))
        warehouse.put("2.xml", Sheet("2", "2"))
        warehouse.run()
        warehouse.do(lambda made=warehouse: made.exclude(ins("2")), step)
        assert warehouse.fates() == {"live": 1}
        assert set(files_with(warehouse.folder, digests_of(Sheet("2", "2")))) == {"state/register.sqlite"}
        assert files_with(warehouse.folder, {b"NOMPROPRE2X"}) == {}
        assert files_with(warehouse.folder, {b"NOMPROPRE1X"}) != {}
