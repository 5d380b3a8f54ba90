"""Who is the same from one document to the next, and who is not."""

import pytest

from semantix.emitters.fhir import emit
from semantix.model import DeviceRef, Identifier, Name, NamePart, Observation, Party, Procedure, Relative, Supply

NIR, RPPS = "1.2.250.1.213.1.4.8", "1.2.250.1.71.4.2.1"


def all_of(emission, kind):
    return [r for r in emission.resources if r["resourceType"] == kind]


@pytest.mark.parametrize("extension", ["", None])
@pytest.mark.parametrize("root", [NIR, RPPS])
def test_an_authority_without_a_number_identifies_nobody(m, emitted, root, extension):
    bare = Identifier(root, extension)
    patients = [m.patient(ids=(bare, Identifier("1.2.3", ipp))) for ipp in ("IPP-1", "IPP-2")]
    found = [all_of(emitted(patient=p), "Patient")[0] for p in patients]
    assert found[0]["id"] != found[1]["id"]
    assert [[i["value"] for i in r["identifier"]] for r in found] == [["IPP-1"], ["IPP-2"]]


def test_authors_of_one_authority_without_their_numbers_are_two(m, emitted):
    def author(name):
        names = (Name((NamePart("family", name),)),)
        return Party(at=m.at(), path=f"/{name}", role="author", ids=(Identifier(RPPS),), names=names)

    found = all_of(emitted(parties=(author("A"), author("B"))), "Practitioner")
    assert [r["name"][0]["family"] for r in found] == ["A", "B"]
    assert all("identifier" not in r for r in found)


def test_a_number_that_is_a_uuid_alone_identifies(m, emitted):
    ids = (Identifier("5A2C10C6-6C54-4D64-8E33-0F2D2C9A1B77"),)
    found = [all_of(emitted(patient=m.patient(ids=ids), ids=(Identifier("1.2.3", n),)), "Patient")[0] for n in "12"]
    assert found[0]["id"] == found[1]["id"]
    assert found[0]["identifier"][0]["value"] == "urn:uuid:5a2c10c6-6c54-4d64-8e33-0f2d2c9a1b77"


def test_a_mother_is_a_relative_of_each_of_her_children(m):
    mother = Relative(at=m.at(), path="/m", ids=(Identifier("1.2.3", "M"),))
    told = m.make(Observation, code=m.concept("1"), subject=mother)
    children = [m.patient(ids=(Identifier(NIR, number),)) for number in ("1", "2", "1")]
    found = [all_of(emit(m.document(told, patient=one)), "RelatedPerson")[0] for one in children]
    assert found[0]["id"] == found[2]["id"] != found[1]["id"]
    assert found[0]["patient"] != found[1]["patient"]


def test_an_act_by_an_authority_alone_is_by_nobody(m, emitted):
    nobody = Party(at=m.at(), path="/p", role="performer", ids=(Identifier(RPPS, ""),))
    found = emitted(m.make(Procedure, "procedure", code=m.concept("1"), parties=(nobody,)))
    assert not all_of(found, "Practitioner")


# --- names --------------------------------------------------------------------------------------------------------


def name(*parts):
    return Name(tuple(NamePart(*part) for part in parts))


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ((("family", "DUPONT", "BR"), ("family", "MARTIN")), [(None, "DUPONT", None), ("usual", "MARTIN", None)]),
        (
            (("family", "DUPONT", "BR"), ("given", "ANNE", "AC")),
            [("official", "DUPONT", ["ANNE"])],
        ),
        (
            (("family", "DUPONT", "BR"), ("family", "MARTIN", "SP"), ("family", "X"), ("given", "ANNE", "BR")),
            [("official", "DUPONT", ["ANNE"]), ("usual", "MARTIN", None), (None, "X", None)],
        ),
    ],
)
def test_no_part_of_a_name_is_lost(m, emitted, parts, names):
    told = m.make(Observation, code=m.concept("1"), subject=Relative(at=m.at(), path="/m", names=(name(*parts),)))
    found = emitted(told, patient=m.patient(names=(name(*parts),)))
    for kind in ("Patient", "RelatedPerson"):
        written = all_of(found, kind)[0]["name"]
        assert [(n.get("use"), n.get("family"), n.get("given")) for n in written] == names


def test_a_contact_keeps_both_names(m, emitted):
    both = name(("family", "DUPONT", "BR"), ("family", "MARTIN", "SP"))
    guardian = Party(at=m.at(), path="/g", role="guardian", names=(both,))
    (contact,) = all_of(emitted(patient=m.patient(guardians=(guardian,))), "Patient")[0]["contact"]
    assert contact["name"]["family"] == "DUPONT"
    assert contact["extension"][-1]["valueHumanName"]["family"] == "MARTIN"


def test_two_patients_with_one_model_of_device_have_a_device_each(m, emitted):
    pump = DeviceRef(m.at(), "/d", (Identifier("1.2.3", "MODEL-7"),), m.concept("D"))
    patients = [m.patient(ids=(Identifier("1.2.3", ipp),)) for ipp in ("IPP-1", "IPP-2")]
    found = [all_of(emitted(m.make(Supply, "device", device=pump), patient=p), "Device")[0] for p in patients]
    assert found[0]["id"] != found[1]["id"]
