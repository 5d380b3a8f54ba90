"""What a change of versions has read again: the documents that asked for it, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.runs_documents import Paper, write
from tests.runs_warehouse import KEY, Here, around, plan_in
from tests.unit.review.lookup_stores import shelve

from semantix.runs import conduct
from semantix.runs.basis import SOFTWARE, basis_of, changed_parts, concerns
from semantix.runs.conduct import Outcome, start
from semantix.runs.model import Chunk, ChunkDone
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register
from semantix.terminology.records import Concept

TABLE = """#curie_map:
#  LOINC: http://loinc.org/rdf/
#license: https://www.apache.org/licenses/LICENSE-2.0
#mapping_set_id: https://semantix.invalid/mappings/site
#mapping_set_version: '{version}'
subject_label\tsubject_type\tpredicate_id\tobject_id\tmapping_justification\tauthor_label
Sodium\trdfs literal\tskos:exactMatch\tLOINC:2951-2\tsemapv:ManualMappingCuration\tsite
"""


class Asking(Here):
    """An engine whose documents of one letter ask for a LOINC code, as those of a laboratory do."""

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        for done in super().run(chunks):
            documents = [structs.replace(one, asked=("loinc",) if one.file < 3 else ()) for one in done.documents]
            yield structs.replace(done, documents=documents)


class Site:
    """A folder with two documents that ask for LOINC and one that asks nothing, and the versions of the day."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.more: dict[str, Any] = {}
        self.parts: dict[str, str] = {}
        now = conduct.basis_of
        monkeypatch.setattr(conduct, "basis_of", lambda *told: now(*told) | self.parts)
        # Reports are tried elsewhere, and take as long as the rest.
        monkeypatch.setattr(conduct, "write_reports", lambda *_: None)
        (folder / "in").mkdir()
        for n in "123":
            (folder / "in" / f"{n}.xml").write_bytes(write(Paper(n, n)))

    @property
    def plan(self) -> RunPlan:
        targets = [{"kind": "fhir", "path": "fhir"}]
        return plan_in(self.folder, targets=targets, chunks={"files": 1}, **self.more)

    def run(self) -> Outcome:
        self.said.clear()
        return start(self.plan, around(say=self.said.append, engine=lambda _, work: Asking(work)))

    def begun(self, run: int) -> dict[str, Any]:
        with Register.open(self.folder / "state", write=False) as register:
            [entry] = register.entries(run, "begin")
        return entry.body

    def read(self, run: int) -> list[str]:
        """The files that a run read."""
        query = (
            "SELECT f.name FROM part p JOIN chunk c ON c.id = p.chunk JOIN file f ON f.id = p.file "
            "WHERE c.run = ? ORDER BY 1"
        )
        with Register.open(self.folder / "state", write=False) as register:
            return [Path(name).name for (name,) in register.rows(query, [run])]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(tmp_path, monkeypatch)


@pytest.mark.parametrize("part", ["tables:loinc", "store:loinc"])
def test_only_documents_that_asked_for_the_system_that_changed_are_read_again(site, part):
    assert site.run().documents == 3
    site.parts = {part: "changed"}
    outcome = site.run()
    assert (outcome.documents, outcome.chunks, outcome.fates) == (2, 2, {"live": 3})
    assert site.read(2) == ["1.xml", "2.xml"]
    assert site.begun(2)["files"]["same"] == 3
    # What is read with these versions is not read again.
    assert site.run().documents == 0
    site.parts = {part: "changed", "tables:atc": "changed, of which nobody asked"}
    assert site.run().documents == 0


def test_a_run_that_is_told_never_to_says_how_many_stay(site):
    site.run()
    site.parts = {"store:loinc": "changed"}
    site.more["reprocess"] = "never"
    assert site.run().documents == 0
    assert site.begun(2)["unchanged by choice"] == {"store:loinc": 2}
    assert site.said == ["store:loinc: changed since 2 documents or files were read; they stay as they are"]
    site.more["reprocess"] = "auto"
    (site.folder / "in" / "1.xml").unlink()
    assert site.run().documents == 1


def test_in_a_spool_files_that_are_gone_keep_what_was_read_of_them_and_it_is_said(site):
    site.more["spool"] = True
    site.run()
    site.parts = {"store:loinc": "changed"}
    (site.folder / "in" / "1.xml").unlink()
    outcome = site.run()
    assert (outcome.documents, outcome.fates) == (1, {"live": 3})
    assert site.begun(2)["unchanged by choice"] == {"files that are gone": 1}
    assert "files that are gone" in site.said[0]


def test_another_version_of_semantix_alone_reads_nothing_again_unless_asked(site):
    site.run()
    site.parts = {SOFTWARE: "9.9"}
    assert site.run().documents == 0
    assert site.begun(2)["unchanged by choice"] == {SOFTWARE: 3}
    site.more["reprocess"] = "all"
    assert site.run().documents == 3


def test_a_part_that_concerns_everybody_reads_everything_again(site):
    site.run()
    site.parts = {"packs": "another"}
    assert site.run().documents == 3


def test_what_a_part_concerns():
    assert concerns([SOFTWARE]) == (False, frozenset())
    assert concerns(["tables:loinc", "store:cim10"]) == (False, frozenset({"loinc", "cim10"}))
    assert concerns([SOFTWARE, "policy"]) == (True, frozenset())
    assert changed_parts({"a": "1", "b": "1"}, {"a": "2", "c": "1"}) == {"a", "b", "c"}
    assert changed_parts({"a": "1"}, {"a": "1"}) == set()


def test_the_parts_of_a_plan_change_with_what_they_are_about_alone(site):
    plain = basis_of(site.plan, KEY)
    assert plain["key"] == "own"
    assert not any(name.startswith("store:") for name in plain)
    for change, part in (
        ({"keep_text": True}, "options"),
        ({"practice": "Zed"}, "options"),
        ({"accept": 0.9}, "options"),
        ({"jobs": 7, "chunks": {"files": 9}}, None),
    ):
        plan = plan_in(site.folder, **({"targets": [{"kind": "fhir", "path": "fhir"}]} | change))
        assert changed_parts(plain, basis_of(plan, KEY)) == ({part} if part else set())
    site.more["pseudonymisation"] = {"project": "cohorte"}
    assert changed_parts(plain, basis_of(site.plan, KEY)) == {"policy", "key", "options"}
    assert KEY.hex() not in str(basis_of(site.plan, KEY))


def test_tables_of_the_site_and_releases_of_the_store_are_parts_of_the_systems_that_they_give(site):
    plain = basis_of(site.plan, KEY)
    table = site.folder / "site.sssom.tsv"
    table.write_text(TABLE.format(version=1), "utf-8")
    site.more["tables"] = ["site.sssom.tsv"]
    with_table = basis_of(site.plan, KEY)
    assert changed_parts(plain, with_table) == {"tables:loinc"}
    table.write_text(TABLE.format(version=2), "utf-8")
    assert changed_parts(with_table, basis_of(site.plan, KEY)) == {"tables:loinc"}
    site.more = {"store": "store"}
    before = plain
    for version in "12":
        records = (Concept("loinc", "2951-2", "Sodium"),)
        shelve(site.folder / "store", records, "essai", version, supplement=False)
        now = basis_of(site.plan, KEY)
        assert changed_parts(before, now) == {"store:loinc"}
        before = now
