"""Installing the publication of a rule set: whole, bounded, never outside of its folder."""

import shutil
import zipfile
from pathlib import Path

import pytest
from tests.unit.validation.rulesets.rule_set import MINIATURE

import semantix.validation.rulesets.install as module
from semantix.errors import BadRuleSet
from semantix.io import Limits
from semantix.validation.rulesets.install import MANIFEST, find, install, installed, of_folder, remove
from semantix.validation.rulesets.layout import XSD


def archive(path: Path, below: str = "", extra: dict[str, bytes] | None = None, leave: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(MINIATURE.rglob("*")):
            name = each.relative_to(MINIATURE).as_posix()
            if each.is_file() and name != leave:
                file.write(each, below + name)
        for name, data in (extra or {}).items():
            file.writestr(name, data)
    return path


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "source"))


def files(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_a_folder_is_installed_by_name_with_what_is_used_of_it(tmp_path):
    source = copy(tmp_path)
    (source / "ExemplesCDA").mkdir()
    (source / "ExemplesCDA" / "one.xml").write_text("<a/>")
    (source / "schematrons" / "moteur" / "tool.jar").write_bytes(b"PK")
    done = install(source, tmp_path / "home", "small")
    assert (done.status, done.installed.manifest.name, done.installed.manifest.title) == (
        "installed",
        "small",
        "Miniature rule set",
    )
    assert files(done.installed.top) == files(MINIATURE) - {"README.md"}
    assert [each.manifest for each in installed(tmp_path / "home")] == [done.installed.manifest]


@pytest.mark.parametrize("below", ["", "tool-main/"])
def test_a_zip_is_the_same_rule_set_as_its_folder(tmp_path, below):
    folder = install(MINIATURE, tmp_path / "home", "folder").installed.manifest
    zipped = install(archive(tmp_path / "tool-main.zip", below), tmp_path / "home").installed.manifest
    assert (zipped.name, zipped.digest, zipped.files, zipped.size) == (
        "tool-main",
        folder.digest,
        folder.files,
        folder.size,
    )


def test_a_publication_without_a_notice_is_called_by_its_source(tmp_path):
    source = copy(tmp_path)
    (source / "README.md").unlink()
    assert install(source, tmp_path / "home").installed.manifest.title == "source"


def test_the_same_content_again_changes_nothing(tmp_path):
    install(MINIATURE, tmp_path / "home", "small")
    before = files(tmp_path / "home")
    assert install(MINIATURE, tmp_path / "home", "small").status == "already there"
    assert files(tmp_path / "home") == before


def test_another_content_replaces_only_when_asked(tmp_path):
    source = copy(tmp_path)
    first = install(source, tmp_path / "home", "small").installed.manifest
    (source / "jeuxDeValeurs" / "JDV_More.xml").write_text("<RetrieveValueSetResponse xmlns='urn:ihe:iti:svs:2008'/>")
    with pytest.raises(BadRuleSet, match="--replace"):
        install(source, tmp_path / "home", "small")
    assert find(tmp_path / "home", "small").manifest == first
    done = install(source, tmp_path / "home", "small", replace=True)
    assert (done.status, done.installed.manifest.files) == ("replaced", first.files + 1)
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["../out", "a/b", ".hidden", "a" * 65, "é"])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path, name):
    with pytest.raises(BadRuleSet, match="no name for a rule set"):
        install(MINIATURE, tmp_path / "home", name)


def test_a_folder_without_rules_says_what_was_expected(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadRuleSet, match=r"no rule set there.*CDA_extended\.xsd"):
        install(tmp_path / "empty", tmp_path / "home")


def test_a_folder_with_little_of_it_is_no_rule_set(tmp_path):
    path = tmp_path / "little" / XSD
    path.parent.mkdir(parents=True)
    path.write_text("<a/>")
    with pytest.raises(BadRuleSet, match="no rule set there"):
        install(tmp_path / "little", tmp_path / "home")


def test_rules_that_weigh_too_much_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LIMITS", Limits(total=5_000))
    with pytest.raises(BadRuleSet, match="MB of rules"):
        install(MINIATURE, tmp_path / "home")


def test_a_removal_that_fails_is_told(tmp_path, monkeypatch):
    install(MINIATURE, tmp_path, "one")

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.shutil, "rmtree", fail)
    with pytest.raises(BadRuleSet, match="one: cannot be removed: Permission denied"):
        remove(tmp_path, "one")


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / "some.txt").write_text("hello")
    with pytest.raises(BadRuleSet, match="not a folder nor a ZIP"):
        install(tmp_path / "some.txt", tmp_path / "home")


def test_a_damaged_archive_is_refused(tmp_path):
    (tmp_path / "broken.zip").write_bytes(archive(tmp_path / "whole.zip").read_bytes()[:3000])
    with pytest.raises(BadRuleSet, match="damaged"):
        install(tmp_path / "broken.zip", tmp_path / "home")


def test_a_missing_part_is_named(tmp_path):
    with pytest.raises(BadRuleSet, match=r"incomplete: infrastructure/cda/CDA_extended\.xsd: not there"):
        install(archive(tmp_path / "a.zip", leave=XSD), tmp_path / "home")


def test_missing_value_sets_are_named(tmp_path):
    source = copy(tmp_path)
    shutil.rmtree(source / "jeuxDeValeurs")
    with pytest.raises(BadRuleSet, match="incomplete: jeuxDeValeurs/: not there"):
        install(source, tmp_path / "home")


def test_many_missing_parts_are_counted(tmp_path):
    source = copy(tmp_path)
    shutil.rmtree(source / "schematrons" / "moteur")
    with pytest.raises(BadRuleSet, match="and 1 more: not there"):
        install(source, tmp_path / "home")


def test_a_copy_that_lost_its_case_is_told_from_one_that_lost_files(tmp_path):
    source = copy(tmp_path)
    (source / "schematrons" / "profils" / "IHE.sch").rename(source / "schematrons" / "profils" / "ihe.sch")
    with pytest.raises(BadRuleSet, match=r"profils/IHE\.sch: written in another case"):
        install(source, tmp_path / "home")


def test_a_link_is_not_followed(tmp_path):
    source = copy(tmp_path)
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret/>")
    (source / "jeuxDeValeurs" / "JDV_Link.xml").symlink_to(secret)
    (source / "jeuxDeValeurs" / "more").symlink_to(tmp_path)
    top = install(source, tmp_path / "home").installed.top
    assert sorted(each.name for each in (top / "jeuxDeValeurs").iterdir()) == ["JDV_Weather.xml"]


@pytest.mark.parametrize("name", ["../out.sch", "/etc/out.sch", "tool-main/../../out.sch"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path, name):
    bad = archive(tmp_path / "bad.zip", "tool-main/", {name: b"<a/>"})
    with pytest.raises(BadRuleSet, match="leaves the archive"):
        install(bad, tmp_path / "home")
    assert not (tmp_path / "home").exists() or not list((tmp_path / "home").iterdir())


def test_a_bomb_is_refused(tmp_path):
    bad = archive(tmp_path / "bad.zip", extra={"jeuxDeValeurs/JDV_Bomb.xml": b"\0" * 20_000_000})
    with pytest.raises(BadRuleSet, match="zip bomb"):
        install(bad, tmp_path / "home")


@pytest.mark.parametrize(("limit", "words"), [("entries", "files"), ("total", "MB")])
def test_a_source_beyond_a_limit_is_refused(tmp_path, monkeypatch, limit, words):
    monkeypatch.setattr(module, "LIMITS", Limits(**{limit: 5}))
    with pytest.raises(BadRuleSet, match=words):
        install(MINIATURE, tmp_path / "home")
    assert list((tmp_path / "home").iterdir() if (tmp_path / "home").exists() else []) == []


def test_too_many_rules_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 5)
    with pytest.raises(BadRuleSet, match="at most 5"):
        install(MINIATURE, tmp_path / "home")


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(BadRuleSet, match="cannot be written"):
        install(MINIATURE, tmp_path / "home")


def test_the_only_rule_set_needs_no_name(tmp_path):
    home = tmp_path / "home"
    with pytest.raises(BadRuleSet, match="no rule set is installed; there are: none"):
        find(home)
    install(MINIATURE, home, "one")
    assert find(home).manifest.name == "one"
    install(MINIATURE, home, "two")
    with pytest.raises(BadRuleSet, match=r"several rule sets are installed \(one, two\)"):
        find(home)
    with pytest.raises(BadRuleSet, match="three: no such rule set is installed; there are: one, two"):
        find(home, "three")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format":99,"name":"a","title":"","digest":"","files":0,"size":0}', "\xff"]
)
def test_a_damaged_manifest_is_told_and_can_be_removed(tmp_path, text):
    home = tmp_path / "home"
    folder = install(MINIATURE, home, "one").installed.folder
    (folder / MANIFEST).write_text(text, "latin-1")
    assert installed(home) == ()
    with pytest.raises(BadRuleSet, match="damaged or of another version"):
        find(home, "one")
    with pytest.raises(BadRuleSet, match="--replace"):
        install(MINIATURE, home, "one")
    assert remove(home, "one") == folder
    assert list(home.iterdir()) == []


def test_removing_can_be_tried_first(tmp_path):
    home = tmp_path / "home"
    folder = install(MINIATURE, home, "one").installed.folder
    assert remove(home, "one", dry_run=True) == folder
    assert folder.is_dir()


@pytest.mark.parametrize("name", ["none", "../home", ""])
def test_what_is_not_installed_is_not_removed(tmp_path, name):
    install(MINIATURE, tmp_path / "home", "one")
    with pytest.raises(BadRuleSet, match="there are: one"):
        remove(tmp_path / "home", name)


def test_a_publication_can_be_used_where_it_lies(tmp_path):
    kept = install(MINIATURE, tmp_path / "home", "one").installed
    used = of_folder(MINIATURE)
    assert (used.manifest.digest, used.top, used.kept) == (kept.manifest.digest, MINIATURE, False)
