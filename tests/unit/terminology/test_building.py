"""Imports: whole or not at all, the same bytes for the same input, nothing left out without a word."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.unit.terminology.conftest import Shelve, importer

from semantix.errors import BadRelease, BadStore
from semantix.terminology import building, compiling
from semantix.terminology.building import UNKNOWN, Wishes, import_source
from semantix.terminology.layout import DATABASE, MANIFEST
from semantix.terminology.records import Concept, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Importer, Release
from semantix.terminology.source import Source
from semantix.terminology.store import Store

FEVER = Concept("cim10", "X12", "Fièvre fictive")
OTHER = Concept("cim10", "X13", "Autre fièvre")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "base.txt"
    path.write_text("X12;NOM;PRENOM\n", "utf-8")
    return path


def test_the_manifest_says_what_was_read_and_left_out(shelve: Shelve, folder: Path) -> None:
    done = shelve(FEVER, OTHER, Term("cim10", "X12", "Chaleur"), Skipped("a line without a code", 3, "7"))
    assert done.status == "imported"
    manifest = done.manifest
    assert (manifest.ref, manifest.importer, manifest.licence) == ("base@1", "base", "free")
    assert (manifest.counts["cim10"].concepts, manifest.counts["cim10"].terms) == (2, 1)
    assert manifest.skipped == (Skipped("a line without a code", 3, "7"),)
    assert manifest.inputs[0].name == "base.txt"
    assert manifest.size == (folder / "base@1" / DATABASE).stat().st_size


def test_what_is_given_twice_is_kept_once_and_counted(shelve: Shelve, folder: Path) -> None:
    synonym = Term("cim10", "X12", "Chaleur")
    again = Concept("cim10", "X12", "Autre libellé")
    manifest = shelve(FEVER, again, synonym, synonym, Parent("cim10", "X12", "X12"), Term("cim10", "X12", "")).manifest
    assert {each.reason: (each.count, each.example) for each in manifest.skipped} == {
        "a code given again: the first is kept": (1, "X12"),
        "a code given as its own parent": (1, "X12"),
        "a term given again for the same code": (1, "X12"),
        "a term without a code or without a text": (1, "X12"),
    }
    assert Store.open(folder).lookup("cim10", "X12") == FEVER


def test_reasons_are_added_up_with_the_first_example(shelve: Shelve) -> None:
    skipped = [Skipped("no code", 1), Skipped("no code", 2, "8"), Skipped("no code", 1, "9")]
    assert shelve(FEVER, *skipped).manifest.skipped == (Skipped("no code", 4, "8"),)


def test_the_same_input_gives_the_same_bytes(shelve: Shelve, folder: Path) -> None:
    records = (OTHER, FEVER, Term("cim10", "X12", "Chaleur"), Parent("cim10", "X13", "X12"))
    shelve(*records)
    before = {name: (folder / "base@1" / name).read_bytes() for name in (DATABASE, MANIFEST)}
    (folder / "base@1").rename(folder.parent / "elsewhere")
    shelve(*records)
    assert {name: (folder / "base@1" / name).read_bytes() for name in before} == before


def test_only_two_files_stay(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    assert sorted(path.name for path in folder.rglob("*")) == ["base@1", MANIFEST, DATABASE]


def test_the_same_content_again_is_already_there(shelve: Shelve) -> None:
    shelve(FEVER)
    assert shelve(FEVER).status == "already there"


def test_the_same_records_from_another_file_are_already_there(file: Path, folder: Path) -> None:
    source = importer([FEVER], "base", "1")
    import_source(Source(file), folder, importers=(source,))
    file.write_text("a comment was added", "utf-8")
    assert import_source(Source(file), folder, importers=(source,)).imported[0].status == "already there"


def test_another_content_is_refused_without_replace(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    with pytest.raises(BadRelease, match="holds base@1 with another content; replace it with --replace"):
        shelve(OTHER)
    assert Store.open(folder).lookup("cim10", "X12") == FEVER
    assert shelve(OTHER, replace=True).status == "replaced"
    assert Store.open(folder).lookup("cim10", "X12") is None
    assert [path.name for path in folder.iterdir()] == ["base@1"]


def test_a_damaged_release_can_be_replaced(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    (folder / "base@1" / MANIFEST).write_bytes(b"{")
    with pytest.raises(BadStore):
        shelve(FEVER)
    shelve(FEVER, replace=True)
    assert Store.open(folder).lookup("cim10", "X12") == FEVER


@pytest.mark.parametrize("error", [KeyboardInterrupt, BadRelease])
def test_an_import_that_stops_leaves_nothing(file: Path, folder: Path, error: type[BaseException]) -> None:
    def stop(*_: object) -> Iterator[Record]:
        yield FEVER
        raise error("half way")

    broken = msgspec.structs.replace(importer([FEVER], "base", "1"), read=stop)
    with pytest.raises(error):
        import_source(Source(file), folder, importers=(broken,))
    assert list(folder.iterdir()) == []


def test_what_killed_imports_left_is_cleared(shelve: Shelve, folder: Path) -> None:
    shelve(OTHER, name="kept")
    (folder / "kept@1").rename(folder / ".replaced-999999999-kept@1")
    (folder / ".import-999999999-abc").mkdir()
    (folder / ".removed-gone@1").mkdir()
    (folder / f".import-{os.getpid()}-running").mkdir()
    shelve(FEVER)
    assert sorted(path.name for path in folder.iterdir()) == [f".import-{os.getpid()}-running", "base@1", "kept@1"]


def test_a_release_that_cannot_be_put_in_place_gives_the_old_one_back(
    shelve: Shelve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve(FEVER)
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith(".import-"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BadStore, match="cannot be written: No space left on device"):
        shelve(OTHER, replace=True)
    assert Store.open(folder).lookup("cim10", "X12") == FEVER


def test_a_store_that_cannot_be_written_is_said(file: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(BadStore, match="cannot be written"):
        import_source(Source(file), tmp_path / "store" / "below", importers=(importer([FEVER], "base", "1"),))


def test_a_full_disk_is_said(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise compiling.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(building, "compile_records", full)
    with pytest.raises(BadStore, match="database or disk is full"):
        import_source(Source(file), folder, importers=(importer([FEVER], "base", "1"),))


def test_a_release_of_nothing_is_refused(file: Path, folder: Path) -> None:
    with pytest.raises(BadRelease, match=r"^base.txt: nothing could be read"):
        import_source(Source(file), folder, importers=(importer([Skipped("all of it")], "base", "1"),))


def test_a_text_that_is_not_unicode_is_refused(file: Path, folder: Path) -> None:
    with pytest.raises(BadRelease, match="not valid Unicode"):
        import_source(Source(file), folder, importers=(importer([Concept("cim10", "X12", "\ud800")], "base", "1"),))


def test_an_unversioned_release_takes_the_version_of_the_user_or_is_refused(file: Path, folder: Path) -> None:
    source = importer([FEVER], "base", "")
    with pytest.raises(BadRelease, match="give it with --version"):
        import_source(Source(file), folder, importers=(source,))
    wishes = Wishes(hints=Hints(version="2025"))
    assert import_source(Source(file), folder, wishes, (source,)).imported[0].manifest.ref == "base@2025"


def test_a_version_that_no_file_system_likes_has_a_safe_folder(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER, version="../2025 beta/é")
    assert [path.name for path in folder.iterdir()] == ["base@.._2025_beta_"]
    assert Store.open(folder).releases()[0].version == "../2025 beta/é"


# --- which importer ---------------------------------------------------------------------------------------------


def test_two_formats_that_claim_a_source_are_both_named(file: Path, folder: Path) -> None:
    one = importer([FEVER], "base", "1")
    two = msgspec.structs.replace(one, name="other", title="another format")
    with pytest.raises(BadRelease, match=r"base \(the format of base\), other \(another format\).*--format"):
        import_source(Source(file), folder, importers=(one, two))
    done = import_source(Source(file), folder, Wishes(format="other"), (one, two))
    assert done.imported[0].manifest.importer == "other"


def test_a_format_named_by_the_user_reads_what_it_does_not_claim(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "renamed.txt").write_text("X")
    done = import_source(
        Source(tmp_path / "renamed.txt"), folder, Wishes(format="base"), (importer([FEVER], "base", "1"),)
    )
    assert done.imported[0].status == "imported"


def test_a_format_that_does_not_exist_is_refused(file: Path, folder: Path) -> None:
    with pytest.raises(BadRelease, match="no such format; the formats are base"):
        import_source(Source(file), folder, Wishes(format="nothing"), (importer([FEVER], "base", "1"),))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"NOM;PRENOM;CODE\nDUPONT;Jean;X12\n", "3 columns separated by a semicolon"),
        (b"DUPONT\n", "a text without columns"),
        (b"\xef\xbb\xbf<a/>", "an XML file"),
        (b'{"a": 1}', "a JSON file"),
        (b"\x00\x01", "a binary file"),
        (b"", "an empty file"),
    ],
)
def test_an_unknown_file_is_described_without_its_values(
    tmp_path: Path, folder: Path, content: bytes, found: str
) -> None:
    (tmp_path / "x.dat").write_bytes(content)
    with pytest.raises(BadRelease, match=f"found {found}; the formats are base") as refusal:
        import_source(Source(tmp_path / "x.dat"), folder, importers=(importer([FEVER], "base", "1"),))
    assert "DUPONT" not in str(refusal.value)


# --- several releases in one source -----------------------------------------------------------------------------


def picky(name: str, records: list[Record]) -> Importer:
    """Claim a source of one file only, as the importers of single files do."""
    return msgspec.structs.replace(
        importer(records, name, "1"),
        claims=lambda source, _: len(source.names) == 1 and bool(source.find(f"{name}.txt")),
    )


@pytest.fixture
def several(tmp_path: Path) -> Path:
    inner = tmp_path / "several"
    inner.mkdir()
    for name in ("one.txt", "two.txt", "README"):
        (inner / name).write_text(name)
    return inner


@pytest.mark.parametrize("zipped", [False, True])
def test_the_files_of_a_folder_or_archive_are_tried_one_by_one(
    several: Path, tmp_path: Path, folder: Path, zipped: bool
) -> None:
    given = several
    if zipped:
        given = tmp_path / "several.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for path in several.iterdir():
                archive.write(path, f"top/{path.name}")
    done = import_source(Source(given), folder, importers=(picky("one", [FEVER]), picky("two", [OTHER])))
    assert [each.manifest.ref for each in done.imported] == ["one@1", "two@1"]
    assert [each.reason for each in done.refused] == [UNKNOWN]


def test_a_file_that_is_refused_does_not_stop_the_others(several: Path, folder: Path) -> None:
    done = import_source(Source(several), folder, importers=(picky("one", []), picky("two", [OTHER])))
    assert [each.manifest.ref for each in done.imported] == ["two@1"]
    assert [each.name for each in done.refused if each.reason != UNKNOWN] == ["one.txt"]


def test_two_formats_that_claim_one_file_of_a_folder_refuse_it(several: Path, folder: Path) -> None:
    one = picky("one", [FEVER])
    twin = msgspec.structs.replace(one, name="twin")
    done = import_source(Source(several), folder, importers=(one, twin, picky("two", [OTHER])))
    assert [each.reason for each in done.refused if each.name == "one.txt"] == ["several formats claim it: one, twin"]


def test_a_folder_of_which_nothing_could_be_imported_is_refused(several: Path, folder: Path) -> None:
    with pytest.raises(BadRelease, match=r"nothing could be imported: one\.txt: .*nothing could be read"):
        import_source(Source(several), folder, importers=(picky("one", []),))
    with pytest.raises(BadRelease, match=r"found README, one\.txt, two\.txt; the formats are three"):
        import_source(Source(several), folder, importers=(picky("three", []),))


def test_a_long_import_tells_how_far_it_is(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_BATCH", 2)
    told: list[int] = []
    records = [Concept("cim10", f"X{number}", "Fièvre") for number in range(5)]
    import_source(Source(file), folder, importers=(importer(records, "base", "1"),), tell=told.append)
    assert told == [2, 4]


def test_hints_are_part_of_what_makes_two_imports_the_same(file: Path, folder: Path) -> None:
    def read(_: Source, hints: Hints) -> Iterator[Record]:
        yield Term("cim10", "X12", "Chaleur", hints.kind)

    source = msgspec.structs.replace(importer([], "base", "1"), read=read)
    source = msgspec.structs.replace(source, describe=lambda _, __: Release("base", "1", ("cim10",), "", True))
    import_source(Source(file), folder, Wishes(hints=Hints(kind="index")), (source,))
    with pytest.raises(BadRelease, match="another content"):
        import_source(Source(file), folder, Wishes(hints=Hints(kind="synonym")), (source,))
