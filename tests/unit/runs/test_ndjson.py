"""Resources are written once, as the latest live document has them, whatever the path to the same live documents."""

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.errors import BadStore, BadTarget
from semantix.runs.model import RANKS, Publication
from semantix.runs.publishing.ndjson import NdjsonTarget
from semantix.runs.staging import FHIR, folder_of


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


class Given(NamedTuple):
    """A resource of a document."""

    type: str
    id: str
    text: str = ""
    refers: tuple[str, ...] = ()

    @property
    def line(self) -> bytes:
        body = {"resourceType": self.type, "id": self.id, "text": self.text, "refers": self.refers}
        return json.dumps(body, ensure_ascii=False).encode()


World = dict[int, list[Given]]


def number(chunk: int, rank: int) -> int:
    return chunk * RANKS + rank


DOCUMENTS = [number(chunk, rank) for chunk in (1, 2, 3) for rank in (0, 1, 2)]


def stage(folder: Path, world: World) -> dict[int, Path]:
    """Write the resources of documents, chunk by chunk."""
    chunks: dict[int, list[dict[str, object]]] = {}
    for document, resources in sorted(world.items()):
        rows = chunks.setdefault(document // RANKS, [])
        for rank, one in enumerate(resources):
            digest = blake2b(one.line, digest_size=16).digest()
            names = {"document": document, "rank": rank, "type": one.type, "id": one.id}
            rows.append(names | {"digest": digest, "line": one.line})
    for chunk, rows in chunks.items():
        folder_of(folder, chunk).mkdir(parents=True, exist_ok=True)
        if rows:
            pq.write_table(pa.Table.from_pylist(rows, FHIR), folder_of(folder, chunk) / "fhir.parquet")
    return {chunk: folder_of(folder, chunk) for chunk in chunks}


def publication(number: int, live: set[int], chunks: dict[int, Path], day: str = "") -> Publication:
    known = sorted({*live, *DOCUMENTS})
    numbers = pa.array(known, pa.int64())
    columns = {"document": numbers, "received": numbers, "is_live": [document in live for document in known]}
    return Publication(number, pa.table(columns), chunks, day=day)


def expected(world: World, live: set[int]) -> dict[str, bytes]:
    """What a naive writer would leave."""
    latest = {(one.type, one.id): (document, rank) for document in sorted(live)
              for rank, one in enumerate(world[document])}  # fmt: skip
    files: dict[str, bytes] = {}
    for document in sorted(live):
        for rank, one in enumerate(world[document]):
            if latest[one.type, one.id] == (document, rank):
                name = f"{one.type}.{document // RANKS:08d}.ndjson"
                files[name] = files.get(name, b"") + one.line + b"\n"
    return files


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.ndjson")}


def whole(folder: Path) -> dict[str, object]:
    """Every file, the index without the number of the publication."""
    files: dict[str, object] = {path.name: path.read_bytes() for path in folder.iterdir()}
    index = json.loads((folder / "index.json").read_bytes())
    assert index.pop("number") == NdjsonTarget(folder).marker()
    return files | {"index.json": index}


PATIENT = Given("Patient", "p", "one")
WORLD: World = {
    number(1, 0): [PATIENT, Given("Observation", "a", refers=("Patient/p",))],
    number(1, 1): [PATIENT, Given("Observation", "b", "é\n")],
    number(2, 0): [PATIENT._replace(text="two"), Given("Observation", "c"), Given("Observation", "d")],
    number(3, 0): [],
}


def test_a_resource_is_written_once_as_the_latest_document_has_it(tmp_path):
    target = NdjsonTarget(tmp_path / "out", tmp_path)
    assert target.marker() == 0
    counts = target.publish(publication(1, set(WORLD), stage(tmp_path, WORLD), "2024-03-01"))
    assert counts == {"Observation": 4, "Patient": 1, "versions": 1}
    assert written(tmp_path / "out") == expected(WORLD, set(WORLD))
    assert target.marker() == 1


def test_a_manifest_lists_the_files_and_no_clock_is_read(tmp_path):
    NdjsonTarget(tmp_path / "out").publish(publication(1, set(WORLD), stage(tmp_path, WORLD), "2024-03-01"))
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes()) == {
        "transactionTime": "2024-03-01",
        "requiresAccessToken": False,
        "output": [
            {"type": "Observation", "url": "Observation.00000001.ndjson", "count": 2},
            {"type": "Observation", "url": "Observation.00000002.ndjson", "count": 2},
            {"type": "Patient", "url": "Patient.00000002.ndjson", "count": 1},
        ],
        "error": [],
    }


def test_only_files_whose_lines_change_are_written_again(tmp_path):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    target.publish(publication(1, set(WORLD), chunks))
    before = {path.name: path.stat().st_ino for path in (tmp_path / "out").glob("*.ndjson")}
    target.publish(publication(2, set(WORLD) - {number(2, 0)}, chunks))
    after = {path.name: path.stat().st_ino for path in (tmp_path / "out").glob("*.ndjson")}
    assert after["Observation.00000001.ndjson"] == before["Observation.00000001.ndjson"]
    assert sorted(after) == ["Observation.00000001.ndjson", "Patient.00000001.ndjson"]


def test_the_same_publication_is_taken_once(tmp_path):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    counts = target.publish(publication(1, set(WORLD), chunks))
    before = (tmp_path / "out").stat().st_ino
    assert target.publish(publication(1, set(WORLD), {})) == counts
    assert (tmp_path / "out").stat().st_ino == before


def test_a_later_publication_is_not_undone(tmp_path):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    target.publish(publication(2, set(WORLD), chunks))
    with pytest.raises(BadTarget, match="holds publication 2, this is 1"):
        target.publish(publication(1, set(WORLD), chunks))


def test_removed_lines_are_in_no_file_of_the_folder_or_beside(tmp_path):
    world = {number(1, 0): [Given("Patient", "p", "SECRET")], number(1, 1): [Given("Patient", "q", "kept")]}
    home = tmp_path / "home"
    target = NdjsonTarget(home / "out", tmp_path)
    chunks = stage(tmp_path / "staged", world)
    target.publish(publication(1, set(world), chunks))
    target.publish(publication(2, {number(1, 1)}, chunks))
    assert [path for path in home.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()] == []
    assert {path.stat().st_nlink for path in home.rglob("*") if path.is_file()} == {1}
    assert [path.name for path in home.iterdir()] == ["out"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "staged"]


def test_nothing_live_is_a_folder_without_resources(tmp_path):
    target = NdjsonTarget(tmp_path / "out")
    assert target.publish(publication(1, set(), {})) == {"versions": 0}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.json", "manifest.json"]


def test_a_chunk_that_is_not_there_is_told_and_nothing_changes(tmp_path):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    target.publish(publication(1, set(WORLD), chunks))
    before = whole(tmp_path / "out")
    with pytest.raises(BadStore, match="chunk 2: what was staged"):
        target.publish(publication(2, set(WORLD), {1: chunks[1], 3: chunks[3]}))
    assert whole(tmp_path / "out") == before


def test_a_chunk_that_cannot_be_read_is_told_and_nothing_changes(tmp_path):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    target.publish(publication(1, set(WORLD) - {number(2, 0)}, chunks))
    before = whole(tmp_path / "out")
    (chunks[2] / "fhir.parquet").write_bytes(b"not Parquet at all")
    with pytest.raises(BadStore, match="cannot be read back"):
        target.publish(publication(2, set(WORLD), chunks))
    assert whole(tmp_path / "out") == before


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path, monkeypatch):
    chunks, target = stage(tmp_path, WORLD), NdjsonTarget(tmp_path / "out")
    target.publish(publication(1, set(WORLD) - {number(2, 0)}, chunks))
    before = whole(tmp_path / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("semantix.runs.publishing.ndjson._write_chunk", full)
    with pytest.raises(BadTarget, match="cannot be written: No space left on device"):
        target.publish(publication(2, set(WORLD), chunks))
    assert whole(tmp_path / "out") == before
    assert not list(tmp_path.glob(".out*"))


def test_types_and_batches_cross_as_they_come(tmp_path):
    resources = [Given("AB"[n % 2], str(n), "x" * (n % 7)) for n in range(20_000)]
    world = {number(1, 0): resources[:9000], number(1, 1): resources[9000:]}
    NdjsonTarget(tmp_path / "out").publish(publication(1, set(world), stage(tmp_path, world)))
    assert written(tmp_path / "out") == expected(world, set(world))


RESOURCES = st.builds(Given, st.sampled_from("AB"), st.sampled_from("xyz"), st.sampled_from(("", "1", "2")))
WORLDS = st.fixed_dictionaries({document: st.lists(RESOURCES, max_size=4) for document in DOCUMENTS})
LIVE = st.sets(st.sampled_from(DOCUMENTS))


@settings(max_examples=6)
@given(WORLDS, st.lists(LIVE, min_size=2, max_size=4))
def test_any_path_gives_what_the_last_live_documents_give_from_nothing(tmp_path_factory, world, path):
    home = tmp_path_factory.mktemp("path")
    chunks = stage(home / "staged", world)
    for step, live in enumerate(path, 1):
        NdjsonTarget(home / "by-steps").publish(publication(step, live, chunks))
        assert written(home / "by-steps") == expected(world, live)
    NdjsonTarget(home / "at-once").publish(publication(1, path[-1], chunks))
    assert whole(home / "by-steps") == whole(home / "at-once")


@settings(max_examples=6)
@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_references_resolve_among_what_is_published(tmp_path_factory, first, then):
    """A document brings all that it refers to, so what is live is closed, whoever wrote the line that stands."""
    world = {
        number(1 + n // 2, n % 2): [Given("Patient", f"p{n % 2}", str(n)), Given("Encounter", f"e{n // 2}",
         refers=(f"Patient/p{n % 2}",)), Given("Observation", f"o{n}",
         refers=(f"Patient/p{n % 2}", f"Encounter/e{n // 2}"))]
        for n in range(6)
    }  # fmt: skip
    home = tmp_path_factory.mktemp("references")
    chunks = stage(home / "staged", world)
    documents = sorted(world)
    for step, chosen in enumerate((first, then), 1):
        NdjsonTarget(home / "out").publish(publication(step, {documents[n] for n in chosen}, chunks))
        lines = [json.loads(line) for text in written(home / "out").values() for line in text.splitlines()]
        known = [f"{line['resourceType']}/{line['id']}" for line in lines]
        assert len(set(known)) == len(known)
        assert {reference for line in lines for reference in line["refers"]} <= set(known)
