"""Portability archives: recognised by their members, confronted with their manifest, told apart from other archives."""

import base64
import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.portability_archive import SUBSET, Portability, patient_archive, zipped

from semantix.errors import UnreadableInput
from semantix.model import Severity
from semantix.parsers import parse
from semantix.parsers.portability import (
    Measured,
    compare,
    is_portability,
    manifest_member,
    measure,
    open_manifest,
    parse_manifest,
    transverse_aside,
    verify,
)
from semantix.parsers.xdm import compare as compare_xdm
from semantix.parsers.xdm import parse_manifest as parse_metadata

WHOLE = ("README.TXT", "MANIFEST.XML", "SIGN.XML", "DOCUMENTATION/DICO.TXT", "TRANSVERSE.ZIP", "PAT00001.ZIP")


def compared(made: Portability):
    return compare(parse_manifest(made.manifest(), "MANIFEST.XML"), made.all_members())


def codes(issues) -> list[str]:
    return [issue.code for issue in issues]


# --- recognising --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        WHOLE,
        ("MANIFEST.XML", "PAT00001.ZIP"),
        ("manifest.xml", "pat00183.zip"),
        ("MANIFEST.XML", "SIGN.XML", "DOCUMENTATION/A.PDF"),
        ("README.TXT", "PAT00001.ZIP"),
        ("PAT00001.ZIP", "TRANSVERSE.ZIP"),
        ("EXPORT/MANIFEST.XML", "EXPORT/PAT00001.ZIP"),
        ("MANIFEST.XML", "PAT00001/IHE_XDM/SUBSET01/METADATA.XML"),
    ],
)
def test_a_portability_archive_is_told_by_its_members(names: tuple[str, ...]) -> None:
    assert is_portability(names)


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("a.xml", "b.xml"),
        ("INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC0001.XML"),
        ("MANIFEST.XML", "content.xml"),
        ("PAT00001.ZIP", "PAT00002.ZIP"),
        ("A/MANIFEST.XML", "B/PAT00001.ZIP"),
        ("README.TXT", "PATIENTS.ZIP"),
    ],
)
def test_other_archives_are_not_portability_archives(names: tuple[str, ...]) -> None:
    assert not is_portability(names)


def test_the_manifest_is_found_below_the_folder_that_holds_everything() -> None:
    assert manifest_member(WHOLE) == "MANIFEST.XML"
    assert manifest_member(("X/MANIFEST.XML", "X/PAT00001.ZIP")) == "X/MANIFEST.XML"
    assert manifest_member(("PAT00001.ZIP", "README.TXT")) is None


# --- the manifest -------------------------------------------------------------------------------------------------


def test_a_manifest_says_what_is_exported_by_whom_and_what_it_lists() -> None:
    found = parse_manifest(Portability().manifest(), "MANIFEST.XML")
    assert (found.type, found.status, found.vendor) == ("MASSIF", "COMPLETE", "Éditeur fictif")
    assert (found.patients, found.transverse, len(found.archives)) == (2, 1, 3)
    assert [(one.id, one.type, one.has_patient_id) for one in found.archives] == [
        ("TRANSV", "transverse", False),
        ("PAT00001", "patient", True),
        ("PAT00002", "patient", True),
    ]
    assert found.issues == ()


def test_names_of_the_logical_model_and_values_in_attributes_are_read_too() -> None:
    digest = hashlib.sha256(b"a").digest()
    encoded = base64.b64encode(digest).decode()
    data = f"""<PDLGCManifest xmlns="urn:x">
      <EXPORTID><value value="abc"/></EXPORTID><exportType value="CIBLE"/><exportStatus value="COMPLETE"/>
      <exportStartTime value="2025-01-01"/><exportEndTime value="2025-12-31"/>
      <editeurSortant><raisonSociale>Fictif SA</raisonSociale></editeurSortant>
      <PatientArchiveCount value="1"/>
      <Archive><archiveid value="PAT00007.ZIP"/><size value="12"/><hash value="{encoded}"/></Archive>
    </PDLGCManifest>""".encode()
    found = parse_manifest(data, "M")
    assert (found.export_id, found.type, found.vendor) == ("abc", "CIBLE", "Fictif SA")
    assert (found.start, found.end, found.patients, found.transverse) == ("2025-01-01", "2025-12-31", 1, None)
    (archive,) = found.archives
    assert (archive.stem, archive.type, archive.size, archive.sha256) == ("PAT00007", "patient", 12, digest.hex())


def test_a_list_that_bears_the_name_of_what_it_lists_is_no_archive() -> None:
    data = b"<m><Archive><Archive><id>PAT00001</id><size>1</size></Archive></Archive></m>"
    assert [one.id for one in parse_manifest(data, "M").archives] == ["PAT00001"]


def test_what_a_manifest_does_not_say_is_told_by_place_without_a_patient() -> None:
    made = Portability(patients=1)
    made.listed[1].update(size="beaucoup", hash="00", type="Malade")
    found = parse_manifest(made.manifest().replace(b"MASSIF", b"ENORME"), "MANIFEST.XML")
    assert codes(found.issues) == ["SX609"] * 3
    assert [issue.path for issue in found.issues] == ["MANIFEST.XML", *["MANIFEST.XML#Archive[2]"] * 2]
    assert not any("299019999999999" in repr(part) for part in (found.issues, found.archives))


def test_an_empty_manifest_says_nothing() -> None:
    assert codes(parse_manifest(b"<Manifest/>", "M").issues) == ["SX609"] * 4


@pytest.mark.parametrize("status", ["PARTIAL", "SAMPLE"])
def test_an_export_that_is_not_whole_is_told_as_information(status: str) -> None:
    (issue,) = compared(Portability(status=status)).issues
    assert (issue.code, issue.severity) == ("SX608", Severity.INFORMATION)
    assert status in issue.message


def test_a_manifest_that_is_not_well_formed_is_an_issue_and_the_archive_is_read_without_it() -> None:
    broken = Portability().manifest().replace(b"</exportStatus>", b"</status>")
    manifest, issues = open_manifest(broken, "MANIFEST.XML")
    assert manifest is None
    assert [(issue.code, issue.severity) for issue in issues] == [("SX601", Severity.ERROR)]
    contents = compare(None, Portability().all_members())
    assert contents.patients == ("PAT00001.ZIP", "PAT00002.ZIP")
    assert contents.issues == ()
    with pytest.raises(UnreadableInput):
        parse_manifest(broken, "MANIFEST.XML")
    assert open_manifest(Portability().manifest(), "M")[1] == ()


# --- the archive --------------------------------------------------------------------------------------------------


def test_an_archive_that_agrees_with_its_manifest_raises_no_doubt() -> None:
    made = Portability(patients=3)
    contents = compared(made)
    assert contents.issues == ()
    assert contents.patients == ("PAT00001.ZIP", "PAT00002.ZIP", "PAT00003.ZIP")
    assert contents.transverse == ("TRANSVERSE.ZIP",)
    assert contents.administrative == ("MANIFEST.XML", "SIGN.XML", "README.TXT", "DOCUMENTATION/DICO.TXT")
    assert contents.unknown == ()
    for name, listed in contents.listed.items():
        assert verify(listed, made.members[name]) == ()
    assert len(contents.listed) == 4


def test_a_missing_archive_is_an_error_and_the_count_says_so_too() -> None:
    made = Portability()
    del made.members["PAT00002.ZIP"]
    issues = compared(made).issues
    assert [(i.code, i.severity) for i in issues] == [("SX603", Severity.ERROR), ("SX605", Severity.WARNING)]


def test_an_extra_archive_is_told_and_opened_all_the_same() -> None:
    made = Portability()
    made.members["PAT00009.ZIP"] = patient_archive(9)
    contents = compared(made)
    assert codes(contents.issues) == ["SX604", "SX605"]
    assert "PAT00009.ZIP" in contents.patients
    assert "PAT00009.ZIP" not in contents.listed


def test_a_file_that_the_guide_does_not_know_is_told() -> None:
    made = Portability()
    made.members["COMPTA.CSV"] = b""
    contents = compared(made)
    assert (codes(contents.issues), contents.unknown) == (["SX604"], ("COMPTA.CSV",))


def test_an_archive_listed_twice_is_told_and_the_first_listing_counts() -> None:
    made = Portability(patients=1)
    made.listed.append({**made.listed[1], "size": "1"})
    contents = compared(made)
    assert codes(contents.issues) == ["SX611", "SX605"]
    assert verify(contents.listed["PAT00001.ZIP"], made.members["PAT00001.ZIP"]) == ()


def test_no_manifest_and_no_signature_are_told_once_each() -> None:
    contents = compare(None, ("README.TXT", "PAT00001.ZIP", "TRANSVERSE.ZIP"))
    assert codes(contents.issues) == ["SX602", "SX610"]


def test_patients_and_transverse_data_may_come_as_folders() -> None:
    made = Portability(patients=1)
    names = (
        "E/MANIFEST.XML",
        "E/SIGN.XML",
        "E/TRANSVERSE/AGENDA.ICS",
        "E/PAT00001/IHE_XDM/SUBSET01/METADATA.XML",
        "E/PAT00001/IHE_XDM/SUBSET01/DOC00001.XML",
    )
    contents = compare(parse_manifest(made.manifest(), "E/MANIFEST.XML"), names)
    assert contents.patient_folders == ("E/PAT00001/",)
    assert contents.administrative[-1] == "E/TRANSVERSE/AGENDA.ICS"
    assert contents.issues == ()


@pytest.mark.parametrize("name", ["pat00001.zip", "EXPORT/PAT00001.ZIP"])
def test_the_case_and_the_folder_of_a_name_do_not_hide_an_archive(name: str) -> None:
    folder = name.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    made = Portability(patients=1)
    names = [prefix + other for other in made.all_members() if not other.startswith("PAT")]
    contents = compare(parse_manifest(made.manifest(), "M"), [*names, name])
    assert (contents.patients, contents.issues) == ((name,), ())


def test_sizes_and_digests_are_verified_from_bytes_or_from_a_stream() -> None:
    made = Portability(patients=1)
    data = made.members["PAT00001.ZIP"]
    listed = compared(made).listed["PAT00001.ZIP"]
    measured = measure(data[at : at + 100] for at in range(0, len(data), 100))
    assert measured == Measured(len(data), hashlib.sha256(data).hexdigest())
    assert verify(listed, measured) == ()
    assert codes(verify(listed, data + b"x")) == ["SX606", "SX607"]
    changed = bytes([data[0] ^ 1]) + data[1:]
    assert codes(verify(listed, changed)) == ["SX607"]


def test_a_listing_without_size_and_digest_verifies_nothing() -> None:
    data = b"<m><Archive><id>PAT00001</id><type>Patient</type></Archive></m>"
    (listed,) = parse_manifest(data, "M").archives
    assert verify(listed, b"anything") == ()


def test_transverse_data_is_set_aside_as_administrative() -> None:
    aside = transverse_aside("TRANSVERSE.ZIP", ("README.TXT", "TRANSVERSE/AGENDA.ICS", "TRANSVERSE/T.LOG", "A.BIN"))
    assert (aside.where, aside.lines, aside.reason, aside.quarantined) == (
        "TRANSVERSE.ZIP",
        4,
        "administrative",
        False,
    )
    assert "agenda: 1" in aside.message
    assert "empty" in transverse_aside("T", ()).message


def test_every_document_of_every_patient_of_the_archive_made_for_tests_is_readable() -> None:
    outer = zipfile.ZipFile(io.BytesIO(Portability(patients=2, documents=2).data()))
    contents = compare(parse_manifest(outer.read("MANIFEST.XML"), "MANIFEST.XML"), outer.namelist())
    read = []
    for patient in contents.patients:
        inner = zipfile.ZipFile(io.BytesIO(outer.read(patient)))
        name = f"{SUBSET}/METADATA.XML"
        documents = compare_xdm([parse_metadata(inner.read(name), name)], inner.namelist())
        assert documents.issues == ()
        read += [parse(inner.read(document), document).key for document, _ in documents.documents]
    assert len(set(read)) == 4


def test_the_same_archive_is_the_same_bytes() -> None:
    assert zipped({"A": b"1"}) == zipped({"A": b"1"})


# --- hostile ------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=20), max_size=10))
def test_no_names_raise(names: list[str]) -> None:
    is_portability(names)
    manifest_member(names)
    compare(None, names)


@given(st.binary(max_size=300))
def test_no_manifest_raises_anything_but_our_own_error(data: bytes) -> None:
    manifest, issues = open_manifest(data, "M")
    assert manifest or issues
