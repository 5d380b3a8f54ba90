"""ConceptMap written by others (R4, R5, as published), hostile files, and what others see of ours."""

import json
from typing import Any

import pytest

from semantix.errors import BadMappings
from semantix.model import Candidate
from semantix.review.formats.conceptmap import Heading, Release, read_conceptmap, write_conceptmap
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.formats.losses_conceptmap import LOSSES
from semantix.review.model import Judged, Judgement, Part, Proposal, Relation, Source, State, Target

RELEASES: tuple[Release, ...] = ("R4", "R5")
CIM10 = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
LOCAL = "http://example.org/labo"


def concept_map(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    group = {"source": LOCAL, "target": LOINC, "element": list(elements)}
    return {"resourceType": "ConceptMap", "status": "active", "group": [group], **more}


def read(resource: object) -> Exchange:
    return read_conceptmap(json.dumps(resource).encode(), "map.json")


def only(*elements: dict[str, Any], **more: Any) -> Entry:
    exchange = read(concept_map(*elements, **more))
    assert exchange.problems == ()
    (entry,) = exchange.entries
    return entry


def r4(code: str, equivalence: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "equivalence": equivalence, **more}


def r5(code: str, relationship: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "relationship": relationship, **more}


def entry(*targets: Target, code: str = "GLU", state: State = State.ACCEPTED, note: str = "", **more: Any) -> Entry:
    source = Source(system=LOCAL, code=code, label="Glucose", target="loinc", **more)
    return Entry(source=source, state=state, judgement=Judgement(targets=targets, no_target=not targets, note=note))


def elements(exchange: Exchange, release: Release) -> list[dict[str, Any]]:
    resource = json.loads(write_conceptmap(exchange, release).content)
    return [element for group in resource["group"] for element in group["element"]]


def element(one: Entry, release: Release) -> dict[str, Any]:
    (found,) = elements(Exchange(entries=(one,)), release)
    return found


# --- Read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "relation"),
    [("equal", "exact"), ("equivalent", "exact"), ("wider", "broad"), ("subsumes", "broad"), ("narrower", "narrow"),
     ("specializes", "narrow"), ("inexact", "close"), ("relatedto", "related")],
)  # fmt: skip
def test_an_equivalence_of_r4_says_what_the_target_is(word: str, relation: str) -> None:
    found = only({"code": "GLU", "display": "Glucose", "target": [r4("0000-1", word, display="Un")]})
    assert found == Entry(
        source=Source(system=LOCAL, code="GLU", label="Glucose", target="loinc"),
        state=State.ACCEPTED,
        judgement=Judgement(
            targets=(Target(system="loinc", code="0000-1", display="Un", relation=Relation(relation)),)
        ),
    )


@pytest.mark.parametrize(
    ("word", "relation"),
    [("equivalent", "exact"), ("source-is-narrower-than-target", "broad"), ("source-is-broader-than-target", "narrow"),
     ("related-to", "related")],
)  # fmt: skip
def test_a_relationship_of_r5_says_what_the_source_is(word: str, relation: str) -> None:
    found = only({"code": "GLU", "target": [r5("0000-1", word)]})
    assert found.judgement is not None
    assert found.judgement.targets[0].relation == relation


@pytest.mark.parametrize("target", [r4("0000-1", "disjoint"), r5("0000-1", "not-related-to")])
def test_a_disjoint_target_is_refused_and_nothing_is_accepted(target: dict[str, Any]) -> None:
    found = only({"code": "GLU", "target": [target]})
    assert (found.state, found.judgement) == (
        State.REJECTED,
        Judgement(targets=(Target(system="loinc", code="0000-1", refused=True),)),
    )


@pytest.mark.parametrize(
    "element", [{"code": "GLU", "noMap": True}, {"code": "GLU", "target": [{"equivalence": "unmatched"}]}]
)
def test_no_map_and_unmatched_are_no_suitable_target(element: dict[str, Any]) -> None:
    found = only(element)
    assert (found.state, found.judgement) == (State.ACCEPTED, Judgement(no_target=True))


def test_an_element_without_a_target_is_unmapped() -> None:
    found = only({"code": "GLU"})
    assert (found.state, found.judgement) == (State.UNMAPPED, None)


@pytest.mark.parametrize("status", ["draft", "retired", "unknown"])
def test_a_map_that_is_not_active_decides_nothing(status: str) -> None:
    assert only({"code": "GLU", "target": [r4("0000-1", "equal")]}, status=status).state is State.MAPPED


def test_repeated_groups_and_codes_are_one_source() -> None:
    """As in published French maps: a code stands several times, in several groups of the same systems."""
    first = concept_map({"code": "X00", "target": [r4("0000-1", "equivalent")]})
    group = first["group"][0]
    again = {**group, "element": [{"code": "X00", "target": [r4("0000-1", "equivalent"), r4("0000-2", "wider")]}]}
    exchange = read({**first, "group": [group, again]})
    assert exchange.problems == ()
    (found,) = exchange.entries
    assert found.judgement is not None
    assert [target.code for target in found.judgement.targets] == ["0000-1", "0000-2"]


def test_two_target_systems_are_two_questions() -> None:
    resource = concept_map({"code": "X00", "target": [r4("0000-1", "equal")]})
    resource["group"].append({"source": LOCAL, "target": CIM10, "element": [{"code": "X00", "noMap": True}]})
    assert [each.source.target for each in read(resource).entries] == ["loinc", "cim10"]


def test_a_target_and_none_at_once_are_to_be_reconciled() -> None:
    found = only({"code": "GLU", "target": [r4("0000-1", "equal"), {"equivalence": "unmatched"}]})
    assert found.state is State.TO_RECONCILE
    assert found.judgement == Judgement(targets=(Target(system="loinc", code="0000-1"),))


def test_comments_are_the_note() -> None:
    targets = [r4("1", "equal", comment="b"), r4("2", "equal", comment="a"), r4("3", "equal", comment="b")]
    found = only({"code": "GLU", "target": targets})
    assert found.judgement is not None
    assert found.judgement.note == "b\na"


@pytest.mark.parametrize(
    ("dependency", "text"),
    [
        ({"property": "http://example.org/sex", "value": "F"}, "http://example.org/sex=F"),
        ({"attribute": "sex", "valueCode": "F"}, "http://example.org/sexe=F"),
        ({"attribute": "age", "valueQuantity": {"value": 18, "unit": "ans"}}, "age=18 ans"),
        ({"attribute": "age", "valueQuantity": {"unit": "ans"}}, "age="),
        ({"attribute": "pregnant", "valueBoolean": True}, "pregnant=true"),
        ({"attribute": "sex", "valueCoding": {"code": "F"}}, "http://example.org/sexe=F"),
        ({"attribute": "sex", "valueSet": "http://example.org/vs"}, "http://example.org/sexe=http://example.org/vs"),
    ],
)
@pytest.mark.parametrize(("name", "column"), [("dependsOn", "depends_on"), ("product", "product")])
def test_what_holds_under_a_condition_is_not_accepted(
    dependency: dict[str, Any], text: str, name: str, column: str
) -> None:
    attributes = [{"code": "sex", "uri": "http://example.org/sexe", "type": "code"}, {"code": "age", "type": "code"}]
    more = {"additionalAttribute": attributes} if "attribute" in dependency else {}
    exchange = read(concept_map({"code": "GLU", "target": [r4("1", "equal", **{name: [dependency]})]}, **more))
    (found,) = exchange.entries
    assert found.state is State.MAPPED
    assert found.extra == {column: f"1: {text}"}
    assert [problem.found for problem in exchange.problems] == [
        "ConceptMap.group[0].element[0].target[0]: holds under a condition, or with a product"
    ]


def test_properties_of_r5_are_columns() -> None:
    properties = [{"code": "by", "valueString": "x"}, {"code": "rank", "valueInteger": 1},
                  {"code": "by", "valueCoding": {"code": "y"}}]  # fmt: skip
    found = only({"code": "GLU", "target": [r5("1", "equivalent", property=properties)]})
    assert (found.state, found.extra) == (State.ACCEPTED, {"property:by": "x; y", "property:rank": "1"})


def test_what_cannot_be_taken_is_a_problem_with_its_place() -> None:
    resource = concept_map(
        {"valueSet": "http://example.org/vs"},
        {"code": "A", "target": [r4("1", "often"), {"valueSet": "http://example.org/vs", "equivalence": "equal"}]},
        {"code": "B", "target": [r4("2", "unmatched")]},
        {"code": "C", "target": [{"code": "3"}]},
    )
    resource["group"][0]["unmapped"] = {"mode": "provided"}
    exchange = read(resource)
    assert [(each.source.code, each.state) for each in exchange.entries] == [
        ("A", State.UNMAPPED), ("B", State.ACCEPTED), ("C", State.UNMAPPED),
    ]  # fmt: skip
    assert [problem.found for problem in exchange.problems] == [
        "ConceptMap.group[0].unmapped: a rule for all other codes",
        "ConceptMap.group[0].element[0]: no code",
        "ConceptMap.group[0].element[1].target[0]: no relation, or an unknown one",
        "ConceptMap.group[0].element[1].target[1]: no code",
        "ConceptMap.group[0].element[2].target[0]: unmatched, and yet a code; the code was left out",
        "ConceptMap.group[0].element[3].target[0]: no relation, or an unknown one",
    ]


def test_metadata_are_read() -> None:
    exchange = read(
        concept_map(
            {"code": "A"}, url="http://example.org/m", version="2", title="Carte", date="2026-01", name="Carte",
            copyright="libre", sourceUri="http://example.org/vs", publisher="Moi", description="Tout", status="draft",
        )
    )  # fmt: skip
    assert exchange.meta == {
        "id": "http://example.org/m", "version": "2", "title": "Carte", "date": "2026-01", "name": "Carte",
        "license": "libre", "source_scope": "http://example.org/vs", "publisher": "Moi", "description": "Tout",
        "status": "draft",
    }  # fmt: skip


def test_versions_of_systems_are_metadata_where_they_agree() -> None:
    groups = [
        {"source": f"{LOCAL}|2", "target": LOINC, "targetVersion": "2.80", "element": [{"code": "A"}]},
        {"source": f"{LOCAL}|3", "target": f"{LOINC}|2.80", "element": [{"code": "B"}]},
    ]
    exchange = read(concept_map(group=groups, id="carte"))
    assert exchange.meta == {"id": "carte", "system_version:loinc": "2.80"}
    assert [each.source.system for each in exchange.entries] == [LOCAL, LOCAL]


def test_a_bundle_holds_several_maps() -> None:
    maps = [concept_map({"code": code}, url=f"http://example.org/{code}", version="1") for code in "AB"]
    others = [{"resource": {"resourceType": "ValueSet"}}, {"fullUrl": "urn:x"}]
    exchange = read({"resourceType": "Bundle", "entry": [*others, *({"resource": each} for each in maps)]})
    assert [each.source.code for each in exchange.entries] == ["A", "B"]
    assert exchange.meta == {"version": "1"}


def test_lines_hold_a_map_each() -> None:
    lines = [json.dumps(concept_map({"code": code, "valueSet": "x"})) for code in "AB"]
    wrong = json.dumps(concept_map({"valueSet": "x"}))
    exchange = read_conceptmap("\n\n".join([*lines, wrong]).encode("utf-8-sig"), "maps.ndjson")
    assert [(each.source.code, each.line) for each in exchange.entries] == [("A", 1), ("B", 3)]
    assert exchange.problems == (
        Problem(5, "ConceptMap.group[0].element[0]: no code", "a source code, not a value set"),
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"sourceCode,sourceName\n", "not JSON"),
        (b"[]", "Expected `object`"),
        (b'"x"', "Expected `object`"),
        (b"{}", "no ConceptMap was found"),
        (b'{"resourceType":"ValueSet"}', "no ConceptMap was found"),
        (b'{"resourceType":"Bundle"}', "no ConceptMap was found"),
        (b'{"resourceType":"ConceptMap","group":{}}', "ConceptMap.group is not what FHIR says"),
        (b'{"resourceType":"ConceptMap","group":[{"element":[{"code":1}]}]}', "ConceptMap.group[0].element[0].code"),
        (b'{"resourceType":"ConceptMap","group":[{"element":[{"noMap":"x"}]}]}', "group[0].element[0].noMap"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ConceptMap","url":2}}]}', "Bundle.entry[0]"),
        (b'{"resourceType":"ConceptMap"}\n{"resourceType":"ConceptMap","url":2}', "line 2"),
        (b'{"resourceType":"ConceptMap"}\n{"resourceType":', "line 2: not JSON"),
        (b'{"resourceType":"ConceptMap","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"extension":[' * 100_000, "nested too deep"),
        (b'{"resourceType":"ConceptMap","extension":[{"valueDecimal":1e999}]}', "valueDecimal"),
        (b'{"resourceType":"ConceptMap","url":"\xff"}', "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_map_says_what_and_where(data: bytes, says: str) -> None:
    with pytest.raises(BadMappings) as refused:
        read_conceptmap(data, "map.json")
    assert str(refused.value).startswith("map.json")
    assert says in str(refused.value)


# --- Written -------------------------------------------------------------------------------------


def test_what_is_decided_is_said_in_plain_r4() -> None:
    target = Target(system="loinc", code="0000-1", display="Un", relation=Relation.BROAD)
    content = write_conceptmap(
        Exchange(entries=(entry(target, note="Voir plus haut."),)),
        "R4",
        Heading(url="http://example.org/m", version="1", title="Carte", date="2026-01-02", license="CC0-1.0"),
    ).content
    assert json.loads(content) == {
        "resourceType": "ConceptMap", "id": "semantix-cf2d72e871862740", "name": "SemantixReview", "status": "active",
        "url": "http://example.org/m", "version": "1", "title": "Carte", "date": "2026-01-02", "copyright": "CC0-1.0",
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Sources: 1, settled: 1.</p></div>',
        },
        "group": [{"source": LOCAL, "target": LOINC, "element": [{"code": "GLU", "display": "Glucose", "target": [
            {"code": "0000-1", "display": "Un", "equivalence": "wider", "comment": "Voir plus haut."}]}]}],
    }  # fmt: skip
    assert content.count(b"\n") == 5


def test_what_is_decided_is_said_in_plain_r5() -> None:
    target = Target(system="loinc", code="0000-1", relation=Relation.BROAD)
    assert element(entry(target, unit="g/L"), "R5") == {
        "code": "GLU", "display": "Glucose", "target": [{
            "code": "0000-1", "relationship": "source-is-narrower-than-target",
            "dependsOn": [{"attribute": "source-unit", "valueString": "g/L"}]}],
    }  # fmt: skip


def test_a_unit_is_a_condition_in_r4() -> None:
    found = element(entry(Target(system="loinc", code="0000-1"), unit="g/L"), "R4")
    assert found["target"][0]["dependsOn"] == [
        {"property": "https://semantix.invalid/fhir/attribute/source-unit", "value": "g/L"}
    ]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("state", [state for state in State if state not in {State.ACCEPTED, State.REJECTED}])
def test_what_is_not_decided_is_no_target(release: Release, state: State) -> None:
    found = element(entry(Target(system="loinc", code="0000-1"), state=state), release)
    assert "target" not in found
    assert "noMap" not in found


@pytest.mark.parametrize("release", RELEASES)
def test_candidates_are_no_targets(release: Release) -> None:
    proposal = Proposal(candidates=(Candidate("loinc", "0000-1", "Un", 1.0, 0.5),))
    found = element(Entry(source=Source(system=LOCAL, code="A"), proposal=proposal), release)
    assert set(found) == {"code", "extension"}


@pytest.mark.parametrize(("release", "word"), [("R4", "disjoint"), ("R5", "not-related-to")])
def test_a_rejected_mapping_is_refused(release: Release, word: str) -> None:
    found = element(entry(Target(system="loinc", code="0000-1"), state=State.REJECTED), release)
    assert found["target"][0]["equivalence" if release == "R4" else "relationship"] == word


def test_no_suitable_target_is_unmatched_in_r4_and_no_map_in_r5() -> None:
    assert element(entry(note="Rien."), "R4")["target"] == [{"equivalence": "unmatched", "comment": "Rien."}]
    found = element(entry(note="Rien."), "R5")
    assert (found["noMap"], "target" in found) == (True, False)


@pytest.mark.parametrize(
    ("release", "relation"), [("R4", Relation.NARROW), ("R4", Relation.CLOSE), ("R5", Relation.NARROW)]
)
def test_a_comment_stands_where_fhir_asks_for_one_and_is_no_note(release: Release, relation: Relation) -> None:
    one = entry(Target(system="loinc", code="0000-1", relation=relation))
    content = write_conceptmap(Exchange(entries=(one,)), release).content
    assert json.loads(content)["group"][0]["element"][0]["target"][0]["comment"]
    assert read_conceptmap(content, "m").entries == (one,)


def test_values_and_units_are_products_of_the_target() -> None:
    targets = (
        Target(system="loinc", code="0000-1"),
        Target(system="snomed", code="1", display="Positif", part=Part.VALUE, relation=Relation.BROAD),
    )
    product = element(entry(*targets), "R5")["target"][0]["product"][0]
    assert product["attribute"] == "target-value"
    assert product["valueCoding"] == {"system": "http://snomed.info/sct", "code": "1", "display": "Positif"}


@pytest.mark.parametrize(
    ("system", "uri"),
    [
        ("cim10", CIM10), ("ccam", "urn:oid:1.2.250.1.215.300.1"), ("1.2.3", "urn:oid:1.2.3"),
        ("http://example.org/x", "http://example.org/x"), ("LABO X", "urn:semantix:system:LABO%20X"),
        ("urn:oid:x", "urn:semantix:system:urn%3Aoid%3Ax"), ("", None),
    ],
)  # fmt: skip
def test_a_system_becomes_a_uri_and_comes_back(system: str, uri: str | None) -> None:
    one = Entry(source=Source(system=system, code="A"))
    content = write_conceptmap(Exchange(entries=(one,)), "R4").content
    assert json.loads(content)["group"][0].get("source") == uri
    assert read_conceptmap(content, "m").entries == (one,)


def test_a_wording_has_a_stable_code_of_its_own() -> None:
    wording = Entry(source=Source(label="Glycémie à jeun"))
    content = write_conceptmap(Exchange(entries=(wording,)), "R4").content
    (group,) = json.loads(content)["group"]
    assert group["source"] == "urn:semantix:wording"
    assert group["element"] == [{"code": "w2aceee7564c425a5", "display": "Glycémie à jeun"}]
    assert read_conceptmap(content, "m").entries == (wording,)


@pytest.mark.parametrize("release", RELEASES)
def test_a_target_changed_by_others_wins_over_our_extensions(release: Release) -> None:
    one = Entry(
        source=Source(system=LOCAL, code="A", label="\x02", target="loinc"),
        state=State.ACCEPTED,
        judgement=Judgement(targets=(Target(system="loinc", code="0000  1", relation=Relation.CLOSE),), note="  "),
        status_by="anne",
        frequency=7,
    )
    content = write_conceptmap(Exchange(entries=(one,)), release).content
    assert read_conceptmap(content, "m").entries == (one,)
    exchange = read_conceptmap(content.replace(b'"code":"0000 1"', b'"code":"0000-2"'), "m")
    (found,) = exchange.entries
    assert found.judgement is not None
    assert [target.code for target in found.judgement.targets] == ["0000-2"]
    assert (found.frequency, found.status_by) == (7, "")
    assert [problem.found for problem in exchange.problems] == [
        "ConceptMap.group[0].element[0]: changed after semantix wrote it; what FHIR’s own elements say was taken"
    ]


def test_a_relation_changed_by_others_wins_over_our_extensions() -> None:
    one = entry(Target(system="loinc", code="0000-1", relation=Relation.CLOSE, created_by="anne"))
    content = write_conceptmap(Exchange(entries=(one,)), "R5").content
    content = content.replace(b'"related-to"', b'"equivalent"')
    (found,) = read_conceptmap(content, "m").entries
    assert found.judgement == Judgement(targets=(Target(system="loinc", code="0000-1", created_by="anne"),))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", {"valueString": "perhaps"}),
        ("frequency", {"valueString": "many"}),
        ("frequency", {}),
        ("judgement", {"extension": [{"url": "targets", "extension": [{"url": "system", "valueString": "x"}]}]}),
        ("judgement", {"extension": [{"url": "note", "valueString": "1"}, {"url": "note", "valueString": "2"}]}),
        ("senders", {"valueString": "x"}),
        ("proposal", {"valueString": "{"}),
        ("proposal", {"valueString": "[]"}),
    ],
)
def test_an_extension_that_says_nothing_we_know_is_passed_over(name: str, value: dict[str, Any]) -> None:
    url = f"https://semantix.invalid/fhir/StructureDefinition/conceptmap-{name}"
    others = [{"url": "http://example.org/x", "valueInteger": 1}, {"url": url.replace(name, "line"), "valueInteger": 9}]
    exchange = read(concept_map({"code": "A", "extension": [{"url": url, **value}, *others]}))
    (found,) = exchange.entries
    assert found == Entry(source=Source(system=LOCAL, code="A", target="loinc"))
    assert len(exchange.problems) == 1


def test_a_damaged_extension_of_a_target_or_of_the_map_is_passed_over() -> None:
    base = "https://semantix.invalid/fhir/StructureDefinition/conceptmap-"
    target = r4("1", "equal", extension=[{"url": f"{base}relation", "valueString": "x"}])
    resource = concept_map({"code": "A", "target": [target]}, extension=[{"url": f"{base}meta", "valueString": "x"}])
    assert read(resource).entries[0].judgement == Judgement(targets=(Target(system="loinc", code="1"),))
    assert read(resource).meta == {}


def test_what_no_extension_can_say_is_a_loss() -> None:
    candidate = Candidate("loinc", "1", "x\udfff", float("nan"), 0.5)
    entries = (
        Entry(source=Source(system=LOCAL, code="A", label="\ud800")),
        Entry(source=Source(system=LOCAL, code="", label="\udfff"), score=float("inf")),
        Entry(source=Source(system=LOCAL, code="B"), proposal=Proposal(candidates=(candidate,))),
    )
    written = write_conceptmap(Exchange(entries=entries), "R4")
    assert [(loss.field, loss.count, loss.example, loss.reason) for loss in written.losses] == [
        ("text", 3, "A", "conceptmap-characters"), ("score", 2, "#2", "conceptmap-number"),
    ]  # fmt: skip
    assert {loss.reason for loss in written.losses} == set(LOSSES)
    found = read_conceptmap(written.content, "m")
    assert len(found.entries) == 3
    assert [each.score for entry in found.entries for each in entry.proposal.candidates] == [0.0]


def test_entries_with_the_same_code_stay_apart() -> None:
    source = Source(system=LOCAL, code="A", label="x")
    entries = (
        Entry(source=source, frequency=1),
        Entry(source=source, frequency=2),
        Entry(source=Source(system=LOCAL, code="A", label="x", sender="s"), frequency=3),
    )
    read_back = read_conceptmap(write_conceptmap(Exchange(entries=entries), "R4").content, "m")
    assert sorted(each.frequency for each in read_back.entries) == [1, 2, 3]


def test_nothing_is_a_map_without_groups() -> None:
    written = write_conceptmap(Exchange(entries=(), meta={"id": "http://example.org/m"}), "R5")
    assert "group" not in json.loads(written.content)
    assert read_conceptmap(written.content, "m") == Exchange(entries=(), meta={"id": "http://example.org/m"})


def test_history_people_and_senders_come_back() -> None:
    judged = Judged(who="paul", judgement=Judgement(no_target=True), event=3, at="2026-01-02T03:04:05Z")
    one = Entry(
        source=Source(system=LOCAL, code="A"), senders={"b": 1, "a": 2}, extra={"x": ""}, history=(judged,),
        people=("anne", "paul"), frequency=2**35, automatic=True, score=0.1,
    )  # fmt: skip
    content = write_conceptmap(Exchange(entries=(one,)), "R4").content
    assert b'"valueDateTime":"2026-01-02T03:04:05Z"' in content
    assert read_conceptmap(content, "m").entries == (one,)
