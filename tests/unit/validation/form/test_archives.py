"""Archives by their names, their list of contents, and a document beside its listing."""

import zipfile
from pathlib import Path

import pytest

from semantix.parsers._xml import parse_xml
from semantix.parsers.xdm import parse_manifest
from semantix.validation.form import archive_form, listed_form, metadata_form
from semantix.validation.form import words_archives as rules
from semantix.validation.form.archives import CLASSIFICATIONS, PATIENT_ID, SUBMISSION_SET, TYPE_CODE, UNIQUE_ID

GOOD = ("INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC0001.XML")
SHA1 = "a" * 40


def codes(names: tuple[str, ...], name: str = "IHE_XDM.ZIP") -> list[str]:
    return [one.code for one in archive_form(name, names)]


def test_an_archive_as_xdm_wants_it_has_no_finding() -> None:
    assert codes(GOOD) == []


def test_an_archive_that_is_no_xdm_is_left_alone() -> None:
    assert codes(("a.xml", "b/c.hpr")) == []


@pytest.mark.parametrize("missing", ["INDEX.HTM", "README.TXT"])
def test_what_is_missing_at_the_root_is_told(missing: str) -> None:
    (one,) = archive_form("a.zip", [name for name in GOOD if name != missing])
    assert (one.code, dict(one.facts)) == (rules.NO_INDEX.code, {"what": missing})


def test_a_folder_without_its_list_is_told() -> None:
    assert codes((*GOOD[:2], GOOD[3])) == [rules.NO_METADATA.code]


@pytest.mark.parametrize("place", ["METADATA.XML", "IHE_XDM/METADATA.XML", "LOT/IHE_XDM/SUBSET01/METADATA.XML"])
def test_a_list_in_another_place_is_told(place: str) -> None:
    assert rules.MISPLACED.code in codes((*GOOD[:2], place))


def test_names_that_are_too_long_are_counted_and_not_shown() -> None:
    (one,) = archive_form("a.zip", (*GOOD, "IHE_XDM/SUBSET01/martin-jeanne.xml", "IHE_XDM/SUBSET01/doc2.xml"))
    assert (one.code, dict(one.facts)) == (rules.LONG_NAME.code, {"count": "2"})


PORTABILITY = ("README.TXT", "MANIFEST.XML", "SIGN.XML", "DOCUMENTATION/a.txt", "TRANSVERSE.ZIP", "PAT00001.ZIP")


@pytest.mark.parametrize("root", ["", "PA20260526T101112/"])
def test_a_portability_archive_as_the_guide_says_has_no_finding(root: str) -> None:
    assert codes(tuple(root + name for name in PORTABILITY), "x/PA20260526T101112.ZIP") == []


@pytest.mark.parametrize("name", ["export.zip", "PA20261526T101112.ZIP", "PA20260526.ZIP"])
def test_a_portability_archive_with_another_name_is_told(name: str) -> None:
    assert codes(PORTABILITY, name) == [rules.ARCHIVE_NAME.code]


@pytest.mark.parametrize("missing", ["README.TXT", "DOCUMENTATION/a.txt"])
def test_what_a_portability_archive_lacks_is_told(missing: str) -> None:
    left = tuple(name for name in PORTABILITY if name != missing)
    (one,) = archive_form("PA20260526T101112.ZIP", left)
    assert (one.code, one.facts["what"]) == (rules.ARCHIVE_LACKS.code, missing.partition("/")[0])


# --- METADATA.XML ---------------------------------------------------------------------------------------------------


def slot(name: str, value: str) -> str:
    return f'<Slot name="{name}"><ValueList><Value>{value}</Value></ValueList></Slot>'


def listing(unique: str = "1.2.3^4", type_code: str = "34112-3", **slots: str) -> str:
    said = {"URI": "DOC0001.XML", "hash": SHA1, "size": "12", "creationTime": "2024", "languageCode": "fr-FR"} | slots
    classes = "".join(
        f'<Classification classificationScheme="{scheme}" nodeRepresentation="{type_code}"/>'
        for scheme in CLASSIFICATIONS
    )
    ids = f'<ExternalIdentifier identificationScheme="{UNIQUE_ID}" value="{unique}"/>' if unique else ""
    ids += f'<ExternalIdentifier identificationScheme="{PATIENT_ID}" value="x"/>'
    values = "".join(slot(name, value) for name, value in said.items())
    return f'<ExtrinsicObject mimeType="text/xml">{values}{classes}{ids}</ExtrinsicObject>'


def metadata(*documents: str, root: str = "SubmitObjectsRequest", is_set: bool = True) -> bytes:
    node = f'<Classification classificationNode="{SUBMISSION_SET}"/>' if is_set else ""
    inner = f"<RegistryPackage>{node}</RegistryPackage>{''.join(documents)}"
    namespace = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
    return f'<{root}><RegistryObjectList xmlns="{namespace}">{inner}</RegistryObjectList></{root}>'.encode()


def test_a_whole_list_has_no_finding() -> None:
    assert list(metadata_form(metadata(listing(), listing("1.2.3^5")), "METADATA.XML")) == []


@pytest.mark.parametrize(
    ("data", "rule", "facts"),
    [
        (metadata(listing(), root="Autre"), rules.NOT_A_SUBMISSION, {"root": "Autre"}),
        (metadata(listing(), is_set=False), rules.NO_SUBMISSION_SET, {}),
        (metadata(listing(unique="")), rules.LACKS, {"field": "uniqueId"}),
        (metadata(listing(hash="")), rules.LACKS, {"field": "hash"}),
        (metadata(listing(size="")), rules.LACKS, {"field": "size"}),
        (metadata(listing().replace('mimeType="text/xml"', "")), rules.LACKS, {"field": "mimeType"}),
        (metadata(listing(creationTime="")), rules.LACKS_CODE, {"field": "creationTime"}),
        (metadata(listing().replace(TYPE_CODE, "urn:uuid:0")), rules.LACKS_CODE, {"field": "typeCode"}),
        (metadata(listing(hash="MD5:0123")), rules.BAD_HASH, {"field": "hash"}),
        (metadata(listing(size="12 Ko")), rules.BAD_HASH, {"field": "size"}),
        (metadata(listing(), listing()), rules.SAME_ID, {"count": "2"}),
    ],
)
def test_what_a_list_lacks_is_told(data: bytes, rule, facts: dict[str, str]) -> None:
    (one,) = metadata_form(data, "METADATA.XML")
    assert (one.code, dict(one.facts)) == (rule.code, facts)
    for text in (*rule.title, *rule.found, *rule.expected, *rule.fix):
        assert text.format_map(one.facts)


def test_a_list_that_cannot_be_read_is_left_to_its_reader() -> None:
    assert list(metadata_form(b"<a>", "METADATA.XML")) == []


# --- a document beside its listing ----------------------------------------------------------------------------------


def confronted(root: str, extension: str = "", code: str = "34112-3", **said: str) -> list[tuple[str, dict[str, str]]]:
    more = f' extension="{extension}"' if extension else ""
    coded = f'<code code="{code}"/>' if code else ""
    text = f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="{root}"{more}/>{coded}</ClinicalDocument>'
    (listed,) = parse_manifest(metadata(listing(**said)), "METADATA.XML").documents
    found = listed_form(listed, parse_xml(text.encode(), "a.xml"))
    return [(one.code, dict(one.facts)) for one in found]


def test_a_document_that_is_what_its_listing_says_has_no_finding() -> None:
    assert confronted("1.2.3", "4") == []
    assert confronted("1.2.3.4", unique="1.2.3.4") == []
    assert confronted("1.2.3.4", unique="1.2.3.4", code="") == []
    assert confronted("9.9", unique="") == []
    assert confronted("1.2.3", "4", type_code="") == []


def test_another_identifier_is_told_without_it() -> None:
    assert confronted("1.2.3", "5") == [(rules.OTHER_ID.code, {})]


def test_another_type_is_told_with_both_codes() -> None:
    assert confronted("1.2.3", "4", code="11502-2") == [
        (rules.OTHER_TYPE.code, {"listed": "34112-3", "own": "11502-2"})
    ]


def test_real_archives_have_no_finding(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "xdm").glob("*/*.ZIP")):
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            data = archive.read("IHE_XDM/SUBSET01/METADATA.XML")
            document = parse_xml(archive.read("IHE_XDM/SUBSET01/DOC0001.XML"), "DOC0001.XML")
        assert [*archive_form(path.name, names), *metadata_form(data, "m")] == []
        (listed,) = parse_manifest(data, "METADATA.XML").documents
        assert list(listed_form(listed, document)) == []
