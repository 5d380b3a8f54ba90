"""The places of elements show no more than names."""

from semantix.validation.fhir._walk import resources_in


def test_a_key_that_may_be_words_is_no_part_of_a_place():
    resource = {"resourceType": "Patient", "M. Essai 1850": {"coding": [{"code": "1"}]}, "name": [{"family": "Essai"}]}
    (held,) = resources_in(resource)
    assert [one.place for one in held.parts] == ["Patient.?", "Patient.?.coding[0]", "Patient.name[0]"]


def test_a_type_that_may_be_a_number_is_no_place():
    (held,) = resources_in({"resourceType": "185057800608491", "name": [{}]})
    assert [held.place, held.parts[0].place] == ["?", "?.name[0]"]
