"""Whoever takes part: known by a name alone, through a role, or in a way that FHIR has no element for."""

from typing import Any

from tests.unit.parsers.fhir.fhir_samples import SNOMED, coded, document, observation, statement, statements

from semantix.parsers.fhir import urls as url


def people(*resources: Any, **more: Any) -> list[Any]:
    found = statement(observation(**more), *resources)
    return [one for one in found.parties if one.role != "author"]


def test_an_organisation_that_is_only_named_is_an_organisation_and_no_person() -> None:
    (found,) = people(performer=[{"reference": "Organization/absent", "display": "Laboratoire du Port"}])
    assert found.organization.names == ("Laboratoire du Port",)
    assert found.names == ()


def test_somebody_who_is_only_named_keeps_the_name_and_the_missing_reference_is_told() -> None:
    held = document(observation(performer=[{"reference": "Practitioner/absent", "display": "Dr Ardoise"}]))
    (found,) = statements(held)[0].parties
    assert [name.text for name in found.names] == ["Dr Ardoise"]
    assert "SX423" in {issue.code for issue in held.issues}


def test_a_reference_that_says_nothing_gives_nobody() -> None:
    assert people(performer=[{"reference": "Practitioner/absent"}, {}]) == []


def test_what_is_no_actor_takes_no_part() -> None:
    condition = {"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": "YQ=="}
    assert people(condition, performer=[{"reference": "Binary/b1"}]) == []


def test_a_role_has_the_name_in_its_reference_when_the_person_is_not_there() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"display": "Dr Bouleau"},
        "code": [coded("59058001", SNOMED)],
        "specialty": [coded("394814009", SNOMED)],
    }
    (found,) = people(role, performer=[{"reference": "PractitionerRole/r1"}])
    assert [name.text for name in found.names] == ["Dr Bouleau"]
    assert found.code.codings[0].code == "59058001"
    assert [one.value.codings[0].code for one in found.code.qualifiers] == ["394814009"]


def test_a_participant_of_whom_only_a_number_is_known_keeps_it() -> None:
    kept = {
        "url": url.PARTICIPANT,
        "extension": [
            {"url": "role", "valueCode": "informant"},
            {"url": "identifier", "valueIdentifier": {"system": "urn:essai", "value": "42"}},
        ],
    }
    (found,) = people(extension=[kept])
    assert (found.role, [one.extension for one in found.ids]) == ("informant", ["42"])


def test_a_statement_written_as_denied_or_wished_is_read_as_such() -> None:
    denied = statement(observation(extension=[{"url": url.NEGATED, "valueBoolean": True}]))
    wished = statement(observation(extension=[{"url": url.MOOD, "valueCode": "RQO"}]))
    plain = statement(observation(extension=[{"url": url.NEGATED, "valueBoolean": False}, {"url": url.MOOD}]))
    assert (denied.negated, wished.mood) == (True, "RQO")
    assert (plain.negated, plain.mood) == (False, statement(observation()).mood)


def test_a_contained_result_is_inside_the_one_that_refers_to_it() -> None:
    inner = {key: value for key, value in observation(id="i1").items() if key != "subject"}
    found = statement(observation(contained=[inner], hasMember=[{"reference": "#i1"}]))
    assert [(link.type_code, link.statement.code.codings[0].code) for link in found.links] == [("COMP", "2339-0")]
    assert str(found.links[0].statement.values[0].value) == "1.1"


def test_a_relation_kept_by_our_own_output_is_one_again() -> None:
    def related(target: Any) -> dict[str, Any]:
        inner = [{"url": "type", "valueCode": "CAUS"}, {"url": "inverted", "valueBoolean": True}]
        return {"url": url.RELATED, "extension": [*inner, *([{"url": "target", **target}] if target else [])]}

    held = {"valueReference": {"reference": "Condition/c9", "display": "Anémie"}}
    (link,) = statement(observation(extension=[related(held), related(None)])).links
    assert (link.type_code, link.inverted, link.statement.text) == ("CAUS", True, "Anémie")


def test_what_is_about_a_relative_says_who() -> None:
    relative = {
        "resourceType": "RelatedPerson",
        "id": "m1",
        "patient": {"reference": "Patient/p1"},
        "relationship": [coded("MTH", "http://terminology.hl7.org/CodeSystem/v3-RoleCode")],
        "name": [{"family": "DUNE"}],
    }
    (found,) = statements(document(observation(focus=[{"reference": "RelatedPerson/m1"}]), relative))
    assert found.subject is not None
    assert found.subject.code.codings[0].code == "MTH"
    (alone,) = statements(document(observation(focus=[{"reference": "RelatedPerson/absent"}])))
    assert alone.subject is not None
    assert alone.subject.names == ()
