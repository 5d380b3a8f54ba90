"""FHIR files: names that every system accepts, each resource once, nothing half-written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.sinks.fhir import MAX_NAME, open_fhir, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("vsm.xml", "vsm"),
        ("cda/Modèles été.XML", "cda_Modeles_ete"),
        ("IHE_XDM.ZIP!/IHE_XDM/SUBSET01/DOC0001.XML", "IHE_XDM.IHE_XDM_SUBSET01_DOC0001"),
        ("../../etc/passwd.xml", "etc_passwd"),
    ],
)
def test_outputs_are_named_after_inputs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable()))
def test_any_name_gives_a_safe_name(name: str) -> None:
    slug = slug_of(name)
    assert slug
    assert slug.isascii()
    assert not set(slug) & set('/\\:*?"<>| ')
    assert not slug.startswith(".")
    assert len(slug) <= MAX_NAME + 9


def test_reserved_names_are_changed() -> None:
    assert slug_of("con.xml") != "con"


def test_inputs_of_the_same_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    sink = open_fhir("bundle", tmp_path / "out")
    for name in ("a.xml", "A.xml", "A.xml", "a.zip"):
        sink.write(name, b"{}")
    assert sink.close() == {}
    assert len({path.name.lower() for path in (tmp_path / "out").iterdir()}) == 4


def test_a_resource_is_written_once(tmp_path: Path) -> None:
    sink = open_fhir("ndjson", tmp_path / "out")
    sink.write("a", [("Patient", "1", b'{"id":"1"}'), ("Patient", "2", b'{"id":"2"}')])
    sink.write("b", [("Patient", "1", b'{"id":"1"}'), ("Condition", "1", b"{}")])
    assert sink.close() == {"Condition": 1, "Patient": 2}
    assert (tmp_path / "out" / "Patient.ndjson").read_bytes() == b'{"id":"1"}\n{"id":"2"}\n'


def test_a_resource_with_other_content_is_a_later_version(tmp_path: Path) -> None:
    sink = open_fhir("ndjson", tmp_path / "out")
    for line in (b"1", b"2", b"2", b"1"):
        sink.write("a", [("Patient", "p", line)])
    assert sink.versions == 2
    sink.close()
    assert (tmp_path / "out" / "Patient.ndjson").read_bytes() == b"1\n2\n1\n"


@pytest.mark.parametrize(("kind", "payload"), [("ndjson", [("Patient", "1", b"{}")]), ("bundle", b"{}")])
def test_an_abandoned_run_leaves_no_unfinished_file(tmp_path: Path, kind: str, payload: object) -> None:
    sink = open_fhir(kind, tmp_path / "out")
    sink.write("a", payload)
    sink.abandon()
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == ([".json"] if kind == "bundle" else [])
