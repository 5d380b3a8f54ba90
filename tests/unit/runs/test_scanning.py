"""What is there: which files a plan names, which are its own, and what each is known by."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import plan_in

from semantix.errors import BadPlan
from semantix.pipeline.packs import parsers_of
from semantix.runs.register.inputs import Seen
from semantix.runs.scanning import hash_files, inputs_of, look

PARSERS = parsers_of(())
EXPORT = (
    b"4021\t2024-06-12\tTSH\t2,41\tmUI/L\r4021\t2024-06-12\tCRP\t1,62\tg/L\r4033\t2024-05-02\tHbA1c\t53\tmmol/mol\r"
)
PEOPLE = b"numero;nom;prenom;naissance;sexe\r\n4021;ESSAI;Odile;17/09/1948;F\r\n"


def seen(path: Path) -> Seen:
    [one] = look([path])
    return one


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_patterns_are_looked_up_and_lists_are_read_beside_themselves(tmp_path):
    for name in ("in/b.xml", "in/a.xml", "in/c.txt", "more/d.xml", "more/é.xml"):
        put(tmp_path / name)
    put(tmp_path / "more" / "list", "# of tonight\n\n d.xml \r\né.xml\n".encode())
    plan = plan_in(tmp_path, inputs=["in/*.xml"], lists=["more/list"])
    assert [path.relative_to(tmp_path).as_posix() for path in inputs_of(plan)] == [
        "in/a.xml",
        "in/b.xml",
        "more/d.xml",
        "more/é.xml",
    ]


def test_a_pattern_that_is_the_name_of_a_file_is_that_file(tmp_path):
    put(tmp_path / "in" / "[1].xml")
    assert [path.name for path in inputs_of(plan_in(tmp_path, inputs=["in/[1].xml"]))] == ["[1].xml"]


def test_a_pattern_may_find_nothing_and_a_path_may_not(tmp_path):
    assert inputs_of(plan_in(tmp_path, inputs=["in/*.xml"])) == []
    with pytest.raises(BadPlan, match="no such file or folder; nothing was read"):
        inputs_of(plan_in(tmp_path, inputs=["gone"]))
    with pytest.raises(BadPlan, match="cannot be opened"):
        inputs_of(plan_in(tmp_path, lists=["gone"], inputs=[]))
    put(tmp_path / "list", b"gone.xml\n")
    with pytest.raises(BadPlan, match=r"gone\.xml: no such file"):
        inputs_of(plan_in(tmp_path, lists=["list"], inputs=[]))


def test_what_the_warehouse_writes_is_no_input(tmp_path):
    for name in ("a.xml", "state/register.sqlite", "stated.xml", "fhir/Patient.ndjson"):
        put(tmp_path / name)
    (tmp_path / "link.xml").symlink_to(tmp_path / "state" / "register.sqlite")
    found = look([tmp_path], [tmp_path / "state", tmp_path / "fhir"])
    assert [Path(one.path).name for one in found] == ["a.xml", "stated.xml"]


def test_a_file_is_known_as_the_disk_has_it(tmp_path):
    path = put(tmp_path / "in" / "a.xml", b"four")
    status = path.stat()
    [one] = look([tmp_path / "in"])
    assert (one.size, one.mtime, one.ctime) == (4, status.st_mtime_ns, status.st_ctime_ns)
    assert (one.path, one.label, one.named) == (str(path), "a.xml", False)
    assert seen(path).named


def test_a_file_is_hashed_whole_and_stands_alone(tmp_path):
    data = write(Paper("1")) + b" " * (1 << 21)
    [one] = hash_files([seen(put(tmp_path / "a.xml", data))], PARSERS)
    assert (one.sha256, one.folder) == (sha256(data).digest(), None)
    [empty] = hash_files([seen(put(tmp_path / "empty", b""))], PARSERS)
    assert (empty.sha256, empty.folder) == (sha256(b"").digest(), None)


def test_files_that_a_pack_reads_belong_to_their_folder_whose_name_is_not_kept(tmp_path):
    paths = [put(tmp_path / "nom" / "biologie.txt", EXPORT), put(tmp_path / "nom" / "patients.csv", PEOPLE)]
    other = put(tmp_path / "autre" / "biologie.txt", EXPORT)
    one, two, three = hash_files(map(seen, (*paths, other)), PARSERS)
    assert one.folder == two.folder != three.folder
    assert one.folder is not None
    assert len(one.folder) == 32
    assert "nom" not in one.folder


def test_a_file_that_cannot_be_opened_has_a_digest_of_nothing(tmp_path):
    one = seen(put(tmp_path / "a.xml", b"data"))
    (tmp_path / "a.xml").unlink()
    [gone] = hash_files([one], PARSERS)
    assert gone.folder is None
    assert gone.sha256 != sha256(b"data").digest()
    assert [gone] == list(hash_files([one], PARSERS))


def test_a_reader_that_fails_on_a_file_is_told_when_its_turn_comes(tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("semantix.runs.scanning.claims_on", broken)
    [one] = hash_files([seen(put(tmp_path / "a.txt", EXPORT))], PARSERS)
    assert one.folder is None
