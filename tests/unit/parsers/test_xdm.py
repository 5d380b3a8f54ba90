"""IHE XDM manifests: what they list, and how the archive is confronted with them."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from msgspec import structs

from semantix.errors import UnreadableInput
from semantix.io import Found, Limits
from semantix.parsers import PARSERS
from semantix.parsers.xdm import Listed, Manifest, compare, is_companion, parse_manifest, verify
from semantix.pipeline.inputs import Archive, Inputs, Task
from semantix.report import Unreadable

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "xdm" / "IHE_XDM.ZIP"
FOLDER = "IHE_XDM/SUBSET01"


def slot(name: str, *values: str) -> str:
    inner = "".join(f"<Value>{value}</Value>" for value in values)
    return f'<Slot name="{name}"><ValueList>{inner}</ValueList></Slot>'


def manifest(*documents: str, kind: str = "text/xml") -> bytes:
    objects = "".join(f'<ExtrinsicObject id="urn:uuid:1" mimeType="{kind}">{d}</ExtrinsicObject>' for d in documents)
    return (
        '<SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0">'
        f'<RegistryObjectList xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">{objects}</RegistryObjectList>'
        "</SubmitObjectsRequest>"
    ).encode()


def codes(contents) -> list[str]:
    return [issue.code for issue in contents.issues]


def compared(*uris: str | None, members: tuple[str, ...], **fields: str):
    listed = tuple(Listed(uri=uri, **fields) for uri in uris)
    return compare([Manifest(f"{FOLDER}/METADATA.XML", listed)], members)


def test_an_entry_is_read_with_its_metadata() -> None:
    inner = slot("URI", "DOC0001.XML") + slot("size", "42") + slot("hash", "AB12")
    (listed,) = parse_manifest(manifest(inner), "METADATA.XML").documents
    assert listed == Listed(uri="DOC0001.XML", media_type="text/xml", sha1="ab12", size=42)


def test_names_that_differ_by_their_letters_are_two_files() -> None:
    listed = parse_manifest(manifest(slot("URI", "a.xml")), "METADATA.XML")
    contents = compare([listed], ["METADATA.XML", "A.xml", "a.xml"])
    assert [name for name, _ in contents.documents] == ["a.xml", "A.xml"]


def test_a_uri_in_numbered_pieces_is_put_together() -> None:
    (listed,) = parse_manifest(manifest(slot("URI", "1|DOC", "2|0001.XML")), "M").documents
    assert listed.uri == "DOC0001.XML"


def test_empty_and_senseless_slots_say_nothing() -> None:
    (listed,) = parse_manifest(manifest(slot("URI", "") + slot("size", "many") + slot("hash")), "M").documents
    assert (listed.uri, listed.size, listed.sha1) == (None, None, None)


def test_what_is_not_xml_is_refused() -> None:
    with pytest.raises(UnreadableInput):
        parse_manifest(b"not xml", "METADATA.XML")


def test_listed_documents_are_found_below_the_manifest_whatever_the_case() -> None:
    contents = compared("doc0001.xml", members=(f"{FOLDER}/DOC0001.XML", f"{FOLDER}/METADATA.XML", "INDEX.HTM"))
    assert [member for member, _ in contents.documents] == [f"{FOLDER}/DOC0001.XML"]
    assert contents.issues == ()
    assert contents.ignored == ("INDEX.HTM",)


def test_missing_unlisted_and_nameless_documents_are_doubts() -> None:
    assert codes(compared("A.XML", members=())) == ["SX101"]
    assert codes(compared(members=("B.XML",))) == ["SX102"]
    assert codes(compared(None, members=())) == ["SX105"]


def test_an_unlisted_xml_file_is_read_all_the_same() -> None:
    assert compared(members=("B.XML",)).documents == (("B.XML", None),)
    assert compared(members=("B.BIN",)).documents == ()


def test_a_listed_pdf_is_told_and_not_read() -> None:
    contents = compared("A.PDF", members=(f"{FOLDER}/A.PDF",), media_type="application/pdf")
    assert (codes(contents), contents.documents) == (["SX106"], ())


@pytest.mark.parametrize("name", ["README.TXT", "INDEX.HTM", "x/style.xsl", "x/rendering.pdf"])
def test_what_surrounds_the_documents_raises_no_doubt(name: str) -> None:
    assert is_companion(name)
    assert compared(members=(name,)).issues == ()


def test_size_and_hash_are_verified() -> None:
    data = b"<a/>"
    sha1 = hashlib.sha1(data).hexdigest()
    assert verify(Listed(uri="A", size=4, sha1=sha1), data) == ()
    assert verify(Listed(uri="A"), data) == ()
    assert [i.code for i in verify(Listed(uri="A", size=5, sha1="00"), data)] == ["SX104", "SX103"]


def steps(path: Path) -> list[object]:
    return list(Inputs(Limits(), PARSERS).steps([Found(str(path), path.name, path.name, True)]))


def test_the_example_archive_holds_one_listed_document() -> None:
    about, task = steps(EXAMPLE)
    assert structs.replace(about, entry=None) == Archive("IHE_XDM.ZIP", "IHE XDM", 1, (), ((".htm", 1), (".txt", 1)))
    assert isinstance(task, Task)
    assert task.entry.inside == (f"{FOLDER}/DOC0001.XML",)
    assert task.listed is not None
    assert task.listed.sha1


def test_an_archive_without_manifest_gives_its_xml_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.xml", b"<a/>")
        archive.writestr("c.css", b"")
    about, task, passed = steps(tmp_path / "a.zip")
    assert structs.replace(about, entry=None) == Archive("a.zip", "ZIP", 2)
    assert isinstance(passed, Archive)
    assert passed.ignored == ((".css", 1),)
    assert isinstance(task, Task)
    assert (task.entry.name, task.listed) == ("a.zip!/b.xml", None)


def test_an_unreadable_manifest_does_not_hide_the_documents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"{FOLDER}/METADATA.XML", b"<broken")
        archive.writestr(f"{FOLDER}/DOC0001.XML", b"<a/>")
    about, task = steps(tmp_path / "a.zip")
    assert isinstance(about, Archive)
    assert [issue.code for issue in about.issues] == ["SX107", "SX102"]
    assert isinstance(task, Task)
    assert task.entry.inside == (f"{FOLDER}/DOC0001.XML",)


def test_an_archive_without_any_document_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", b"")
    assert isinstance(steps(tmp_path / "a.zip")[-1], Unreadable)


@pytest.mark.usefixtures("shared")
def test_every_published_archive_agrees_with_its_manifest(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "xdm").glob("*/IHE_XDM.ZIP")):
        about, *tasks = steps(path)
        assert isinstance(about, Archive)
        assert about.issues == ()
        assert [task.listed is not None for task in tasks if isinstance(task, Task)] == [True]
