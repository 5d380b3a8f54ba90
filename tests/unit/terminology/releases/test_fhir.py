"""FHIR: hierarchy in its three writings, the direction of a map in R4 and R5, packages without an index."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from semantix.errors import UnreadableInput
from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.fhir import IMPORTER
from semantix.terminology.source import Source

URL = "http://example.org/cs"
CODE_SYSTEM = {
    "resourceType": "CodeSystem", "id": "fictif", "url": URL, "version": "2.0", "date": "2025-01-01",
    "content": "complete", "copyright": "Free\n to use",
    "property": [
        {"code": "nonChoisissable", "uri": "http://hl7.org/fhir/concept-properties#notSelectable", "type": "boolean"},
    ],
    "concept": [
        {"code": "A", "display": "Un", "definition": "Le premier", "property": [
            {"code": "nonChoisissable", "valueBoolean": True}, {"code": "rank", "valueInteger": 1}],
         "designation": [
             {"language": "fr-FR", "use": {"code": "LibelleCourt"}, "value": "U"},
             {"language": "en", "use": {"system": "http://snomed.info/sct", "code": "900000000000013009"},
              "value": "One"},
             {"value": "Un"}],
         "concept": [{"code": "A1", "display": "Un un"}]},
        {"code": "B", "display": "Deux", "property": [
            {"code": "parent", "valueCode": "A"}, {"code": "status", "valueCode": "deprecated"},
            {"code": "replacedBy", "valueCoding": {"code": "A1"}}]},
        {"code": "C", "display": "Trois", "property": [
            {"code": "child", "valueCode": "A1"}, {"code": "deprecationDate", "valueDateTime": "2024-06-01"}]},
        {"code": "D", "property": [{"code": "dateFin", "valueDateTime": "2030-01-01"},
                                   {"code": "inactive", "valueBoolean": False}]},
        {"code": "", "display": "nothing"},
    ],
}  # fmt: skip
VALUE_SET = {
    "resourceType": "ValueSet", "url": "http://example.org/vs", "title": "Jeu", "identifier": [
        {"value": "urn:oid:1.2.3"}],
    "compose": {
        "include": [
            {"system": URL, "concept": [{"code": "A", "display": "Premier"}, {"code": "B"}, {"code": "Z"}]},
            {"system": "http://loinc.org", "filter": [{"property": "x", "op": "=", "value": "y"}]},
            {"concept": [{"code": "x"}]}],
        "exclude": [{"system": URL, "concept": [{"code": "B"}]}]},
}  # fmt: skip
EXPANDED = {
    "resourceType": "ValueSet", "id": "expanded",
    "expansion": {"contains": [{"system": URL, "code": "G", "abstract": True, "contains": [
        {"system": "urn:oid:2.16.840.1.113883.6.3", "code": "X123", "display": "Fièvre", "inactive": True}]}]},
}  # fmt: skip


def concept_map(*targets: dict[str, Any], source: str = "urn:oid:2.16.840.1.113883.6.3") -> dict[str, Any]:
    element = [{"code": "X123", "target": list(targets)}, {"code": "X124", "noMap": True}]
    return {"resourceType": "ConceptMap", "url": "http://example.org/cm",
            "group": [{"source": source, "target": "http://loinc.org|2.80", "element": element}]}  # fmt: skip


def write(folder: Path, **resources: Any) -> Path:
    for name, resource in resources.items():
        (folder / f"{name}.json").write_text(json.dumps(resource), encoding="utf-8-sig")
    return folder


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


def test_a_code_system_is_named_by_its_id_and_version(tmp_path: Path) -> None:
    source = Source(write(tmp_path, cs=CODE_SYSTEM) / "cs.json")
    assert IMPORTER.claims(source, Hints())
    release = IMPORTER.describe(source, Hints())
    assert (release.name, release.version, release.systems) == ("fhir-fictif", "2.0", (URL,))
    assert release.licence == "Free to use"


def test_concepts_have_their_state_and_facts(tmp_path: Path) -> None:
    concepts = {r.code: r for r in records(write(tmp_path, cs=CODE_SYSTEM)) if isinstance(r, Concept)}
    assert {code: concept.active for code, concept in concepts.items()} == {
        "A": True, "A1": True, "B": False, "C": False, "D": True,
    }  # fmt: skip
    assert not concepts["A"].assignable
    assert dict(concepts["A"].properties) == {"notSelectable": "true", "rank": "1"}


def test_the_hierarchy_is_nested_or_told_by_properties(tmp_path: Path) -> None:
    found = records(write(tmp_path, cs=CODE_SYSTEM))
    assert [r for r in found if isinstance(r, Parent)] == [
        Parent(URL, "A1", "A"), Parent(URL, "B", "A"), Parent(URL, "A1", "C"),
    ]  # fmt: skip
    assert [r for r in found if isinstance(r, Successor)] == [Successor(URL, "B", "A1")]


def test_designations_are_terms_by_their_use(tmp_path: Path) -> None:
    assert [r for r in records(write(tmp_path, cs=CODE_SYSTEM)) if isinstance(r, Term)] == [
        Term(URL, "A", "U", "short", "fr"),
        Term(URL, "A", "One", "synonym", "en"),
        Term(URL, "A", "Le premier", "note", "fr"),
    ]


def test_a_value_set_links_the_members_that_it_lists(tmp_path: Path) -> None:
    found = records(write(tmp_path, a_vs=VALUE_SET, cs=CODE_SYSTEM, expanded=EXPANDED))
    assert [r for r in found if isinstance(r, Link)] == [
        Link("valueset", "1.2.3", URL, "A", "related", "member"),
        Link("valueset", "1.2.3", URL, "Z", "related", "member"),
        Link("valueset", "expanded", "cim10", "X12.3", "related", "member"),
    ]
    assert Term(URL, "A", "Premier", "synonym", "fr") in found
    assert Concept("cim10", "X12.3", "Fièvre", active=False) in found
    assert {r.reason: r.count for r in found if isinstance(r, Skipped)} == {
        "ValueSet: a member without a code or a system": 1,
        "ValueSet: an include by rule, not by a list of codes": 1,
        "concept without a code": 1,
    }


def test_a_value_set_that_excludes_by_rule_lists_nobody(tmp_path: Path) -> None:
    doubtful = {**VALUE_SET, "compose": {**VALUE_SET["compose"], "exclude": [{"system": URL}]}}  # type: ignore[dict-item]
    found = records(write(tmp_path, vs=doubtful))
    assert not [r for r in found if isinstance(r, Link)]
    assert Skipped("ValueSet: an exclude by rule; its members are not read", 1, "1.2.3") in found


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ({"equivalence": "wider"}, "broader"), ({"equivalence": "subsumes"}, "broader"),
        ({"equivalence": "narrower"}, "narrower"), ({"equivalence": "specializes"}, "narrower"),
        ({"equivalence": "equal"}, "equivalent"), ({"equivalence": "inexact"}, "related"),
        ({"relationship": "source-is-narrower-than-target"}, "broader"),
        ({"relationship": "source-is-broader-than-target"}, "narrower"),
        ({"relationship": "equivalent"}, "equivalent"),
    ],
)  # fmt: skip
def test_a_map_is_read_from_the_source_to_the_target(tmp_path: Path, said: dict[str, str], relation: str) -> None:
    found = records(write(tmp_path, cm=concept_map({"code": "1-8", **said})))
    assert [r for r in found if isinstance(r, Link)] == [Link("cim10", "X12.3", "loinc", "1-8", relation)]


def test_a_map_without_a_target_or_a_relation_is_counted(tmp_path: Path) -> None:
    depends = {"property": "sex", "value": "F"}
    cm = concept_map(
        {"code": "1-8", "equivalence": "unmatched"}, {"equivalence": "equal"}, {"code": "1-8"},
        {"code": "1-8", "equivalence": "equal", "dependsOn": [depends]},
    )  # fmt: skip
    found = records(write(tmp_path, cm=cm, none=concept_map(source="")))
    assert [r.rule for r in found if isinstance(r, Link)] == ["sex=F"]
    assert {r.reason: r.count for r in found if isinstance(r, Skipped)} == {
        "ConceptMap: a code without a target": 3,
        "ConceptMap: a group without source or target": 2,
        "ConceptMap: a target without a known relation": 1,
    }


def test_what_is_in_a_bundle_is_read(tmp_path: Path) -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": CODE_SYSTEM}, {"resource": {"resourceType": "Patient"}}]}
    found = records(write(tmp_path, bundle=bundle))
    assert sum(isinstance(r, Concept) for r in found) == 5
    assert Skipped("resource of another type", 1, "bundle.json") in found


def test_a_code_system_without_content_or_url_is_counted_and_a_supplement_adds_terms(tmp_path: Path) -> None:
    without = {"resourceType": "CodeSystem", "url": URL, "content": "not-present"}
    concepts = [{"code": "X123", "display": "Autre"}]
    cim10 = "https://smt.esante.gouv.fr/terminologie-cim-10"
    adds = {"resourceType": "CodeSystem", "content": "supplement", "supplements": cim10, "concept": concepts}
    oid = {**CODE_SYSTEM, "identifier": [{"value": "urn:oid:2.16.840.1.113883.6.73"}]}
    found = records(write(tmp_path, a=without, b=adds, c={"resourceType": "CodeSystem"}, d=oid))
    assert found[0] == Term("cim10", "X12.3", "Autre", "synonym", "fr")
    assert {r.system for r in found if isinstance(r, Concept)} == {"atc"}
    reasons = {r.reason for r in found if isinstance(r, Skipped)}
    assert "CodeSystem without its concepts (content not-present)" in reasons
    assert "CodeSystem without url" in reasons


def package(path: Path, **files: Any) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            data = json.dumps(content).encode()
            info = tarfile.TarInfo(f"package/{name.replace('__', '/')}.json")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def test_a_package_is_named_by_itself_and_needs_no_index(tmp_path: Path) -> None:
    about = {"name": "fictif.fr", "version": "1.2.0", "dependencies": {}}
    path = package(tmp_path / "p.tgz", package=about, cs=CODE_SYSTEM, example__vs=VALUE_SET)
    source = Source(path)
    assert IMPORTER.claims(source, Hints())
    release = IMPORTER.describe(source, Hints())
    assert (release.name, release.version) == ("fictif.fr", "1.2.0")
    found = records(path)
    assert sum(isinstance(r, Concept) for r in found) == 5
    assert Skipped("example of a package", 1, "vs.json") in found
    assert not IMPORTER.claims(Source(package(tmp_path / "q.tgz", other={})), Hints())


def test_a_cut_package_is_unreadable(tmp_path: Path) -> None:
    path = package(tmp_path / "p.tgz", package={"name": "x"}, cs=CODE_SYSTEM)
    source = Source(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnreadableInput, match="damaged archive"):
        list(IMPORTER.read(source, Hints()))


def test_what_is_not_json_or_of_another_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content, words in (
        ('{"resourceType": "CodeSystem", "concept": {"code": 1}}', "another shape than a FHIR CodeSystem"),
        ('{"resourceType": "CodeSystem"', "not JSON"),
        ('{"resourceType": "Bundle"}', "found no CodeSystem, ValueSet or ConceptMap"),
    ):
        path.write_text(content)
        assert IMPORTER.claims(Source(path), Hints())
        with pytest.raises(Refused, match=words):
            IMPORTER.describe(Source(path), Hints())


def test_a_folder_of_several_resources_without_a_guide_is_named_by_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "jeux"
    folder.mkdir()
    write(folder, a=VALUE_SET, b=EXPANDED, c={**VALUE_SET, "identifier": [], "url": ""})
    release = IMPORTER.describe(Source(folder), Hints(version="7"))
    assert (release.name, release.version) == ("fhir-jeux", "7")
    assert Skipped("ValueSet without url, OID and id") in records(folder)


def test_the_real_core_is_read_whole(shared: Path) -> None:
    source = Source(shared / "spec/fr-core")
    assert IMPORTER.claims(source, Hints())
    assert IMPORTER.describe(source, Hints()).name == "hl7.fhir.fr.core"
    assert sum(isinstance(r, Concept) and r.system == "valueset" for r in records(shared / "spec/fr-core")) == 51
