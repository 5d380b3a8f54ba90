"""What each option of the pseudonymisation does, and what it keeps."""

from collections import Counter
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, structs
from pydantic import ValidationError
from tests.unit.runs.pseudonym_cases import KEY, ROOT, documents_in, structs_in

from semantix import model
from semantix.emitters import fhir, omop
from semantix.emitters.omop.tables.person import person_key
from semantix.errors import BadPlan
from semantix.model import Address, Coding, Concept, Identifier, PartialDate, Statement, Text
from semantix.runs.pseudonyms import (
    FIELDS,
    PRESETS,
    Policy,
    PolicySection,
    Pseudonymiser,
    fingerprint,
    new_key,
    read_key,
)
from semantix.runs.pseudonyms.dates import capped, shifted_iso
from semantix.runs.pseudonyms.fields import FIELDS as TABLE
from semantix.runs.pseudonyms.fields import RULES
from semantix.runs.pseudonyms.numbers import ROOT as PSEUDONYM
from semantix.runs.pseudonyms.numbers import Numbers
from semantix.runs.pseudonyms.places import generalised
from semantix.runs.pseudonyms.policy import CLINICAL
from semantix.runs.pseudonyms.rewriting import MARK, MASKED
from semantix.runs.pseudonyms.subjects import subject_ids, subjects_of_file
from semantix.runs.pseudonyms.words import Labels
from semantix.runs.sealing import Seal
from semantix.systems import INS_NIR

VSM, LABORATORY, LETTER = (
    next(documents_in(ROOT / "examples" / "cda" / name)) for name in ("vsm.xml", "cr-bio.xml", "discharge-letter.xml")
)
NIR = "184127645108946"
LOCAL = "urn:semantix:patient:cabinet"


def told(document=VSM, key=KEY, **options):
    return Pseudonymiser(Policy(**{"project": "p"} | options), key).apply(document)


def about(*ids, birth="19841203", document=VSM):
    iso = f"{birth[:4]}-{birth[4:6]}-{birth[6:]}"
    born = PartialDate(birth, iso, "b")
    return structs.replace(document, patient=structs.replace(document.patient, ids=ids, birth=born))


def saying(*statements):
    section = model.Section(at="s", path="/s", statements=statements)
    return structs.replace(VSM, sections=(section,))


def observation(**fields):
    return model.Observation(**{"at": "o", "path": "/o", "kind": "observation"} | fields)


def coded(code="1", system="2.16.840.1.113883.6.1", display=None, text=None, **more):
    return Concept((Coding(code, system, display, "c", **more),), "c", text)


def only(document):
    return document.sections[0].statements[0]


# --- the whole ------------------------------------------------------------------------------------------------------


def test_every_field_of_the_model_has_a_rule():
    for cls, rules in TABLE.items():
        assert set(rules) == set(cls.__struct_fields__), cls
    handled = {model.Document, model.Section, model.Patient, model.Source, model.Link, model.Note, model.Lineage}
    whole = {model.Identifier, model.Name, model.NamePart, model.Address, model.Telecom, model.PartialDate, model.Issue}
    found = {type(one) for document in (VSM, LABORATORY, LETTER) for one in structs_in(document)}
    assert found <= RULES.keys() | handled | whole | {model.Qualifier}


def test_a_class_without_a_rule_stops_the_work():
    class Stranger(Struct, frozen=True):
        at: str = "x"

    with pytest.raises(AssertionError, match="Stranger"):
        told(saying(observation(values=(Stranger(),))))


def test_the_same_document_gives_the_same_bytes():
    first, second = (fhir.emit(told(shift_days=20)).resources for _ in range(2))
    assert first == second


@pytest.mark.parametrize("change", [{"project": "q"}, {"key": b"f" * 32}])
def test_another_project_or_key_gives_other_pseudonyms(change):
    one, other = told(), told(**change)
    assert not {x.extension for x in one.patient.ids} & {x.extension for x in other.patient.ids}
    assert one.key != other.key
    assert one.source.sha256 != other.source.sha256


def test_people_are_masked_and_their_numbers_are_of_no_register():
    patient = told().patient
    assert patient.names == (model.Name(null="MSK"),)
    assert patient.telecoms == ()
    assert all(one.root.startswith(PSEUDONYM) and len(one.extension) == 32 for one in patient.ids)
    emitted = fhir.emit(told()).resources
    resource = next(one for one in emitted if one["resourceType"] == "Patient")
    assert {one["type"]["coding"][0]["code"] for one in resource["identifier"]} == {"PI"}


def test_links_between_documents_stay():
    related = model.RelatedDocument(at="r", type_code="RPLC", ids=LABORATORY.ids, set_id=LABORATORY.set_id)
    later = told(structs.replace(VSM, related=(related,)))
    earlier = told(LABORATORY)
    assert later.related[0].ids == earlier.ids
    assert later.related[0].set_id == earlier.set_id
    assert later.key != earlier.key


def test_a_file_is_not_named():
    source = told().source
    assert source.name.startswith("document-")
    assert (source.size, len(source.sha256)) == (0, 64)
    assert source.sha256 != VSM.source.sha256


# --- numbers --------------------------------------------------------------------------------------------------------

IDS = st.lists(
    st.builds(
        Identifier,
        st.sampled_from([INS_NIR, "1.2.3", LOCAL, f"{LOCAL}:labo"]),
        st.sampled_from(["1", "2"]),
    ),
    max_size=3,
).map(tuple)
PEOPLE = st.builds(about, IDS.map(lambda ids: ids), birth=st.sampled_from(["19841203", "19841204", "19300101"]))


@st.composite
def people(draw):
    return about(*draw(IDS), birth=draw(st.sampled_from(["19841203", "19841204", "19300101"])))


@given(people(), people(), st.sampled_from([0, 30]))
def test_the_same_people_stay_the_same_and_others_others(one, other, days):
    same = person_key(one.patient, "x") == person_key(other.patient, "x")
    engine = Pseudonymiser(Policy(project="p", shift_days=days), KEY)
    first, second = engine.apply(one).patient, engine.apply(other).patient
    assert (person_key(first, "x") == person_key(second, "x")) is same


def test_a_number_without_extension_keeps_its_form():
    numbers = Numbers(KEY, "p")
    oid = numbers.identifier(Identifier("1.2.250.1.999.1"))
    assert oid.root.startswith("2.25.")
    assert len(oid.root) <= 64
    uuid = "0b5c5f3a-4a5f-4f2e-9f5a-2d1f0c9c8a77"
    assert len(numbers.identifier(Identifier(uuid)).root) == 36
    assert numbers.identifier(Identifier("https://x.example/doc")).root.startswith("urn:uuid:")
    assert numbers.identifier(Identifier(INS_NIR)) is None
    assert numbers.identifier(Identifier("1.2", "x", "UNK")) == Identifier(None, None, "UNK")


@given(st.text(min_size=1), st.integers(1, 400))
def test_an_offset_is_never_zero_nor_too_long(person, most):
    offset = Numbers(KEY, "p").offset(person, most)
    assert 1 <= abs(offset) <= most
    assert Numbers(KEY, "p").offset(person, 0) == 0


# --- dates ----------------------------------------------------------------------------------------------------------

FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2100-01-01")
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS, DAYS, st.integers(-400, 400))
def test_days_between_dates_are_kept(one, other, days):
    moved = [date.fromisoformat(shifted_iso(day.isoformat(), days)) for day in (one, other)]
    assert moved[1] - moved[0] == other - one


@given(st.datetimes(FIRST, LAST), st.sampled_from(["", "Z", "+02:00"]), st.integers(-99, 99))
def test_the_hour_and_the_zone_are_kept(moment, zone, days):
    iso = moment.replace(microsecond=0).isoformat() + zone
    assert shifted_iso(iso, days)[10:] == iso[10:]


@given(DAYS, st.sampled_from([4, 7]), st.integers(-400, 400))
def test_a_partial_date_keeps_its_precision_and_never_cuts_what_it_held(day, size, days):
    start = shifted_iso(day.isoformat()[:size], days)
    end = shifted_iso(day.isoformat()[:size], days, is_end=True)
    moved = shifted_iso(day.isoformat(), days)[:size]
    assert len(start) == len(end) == size
    assert start <= moved <= end


def test_all_dates_of_a_document_move_together():
    moved = told(shift_days=300)
    days = {
        date.fromisoformat(b.date) - date.fromisoformat(a.date)
        for a, b in ((VSM.time, moved.time), (VSM.encounter.time.first, moved.encounter.time.first))
    }
    assert len(days) == 1
    assert days != {date(2000, 1, 1) - date(2000, 1, 1)}


def test_what_is_no_date_stays():
    assert shifted_iso("2024-99", 3) == "2024-99"
    assert shifted_iso("9999-12-31", 3) == "9999-12-31"


@pytest.mark.parametrize(("birth", "iso"), [("year", "1984"), ("month", "1984-12"), ("day", "1984-12-03")])
def test_a_birth_is_as_precise_as_the_policy_says(birth, iso):
    assert told(about(Identifier("1.2", "3")), birth=birth).patient.birth.iso == iso


def test_rare_ages_are_told_as_the_cap():
    old = about(Identifier("1.2", "3"), birth="19010203")
    year = int(VSM.time.iso[:4])
    assert told(old, birth="day").patient.birth.iso == str(year - 90)
    assert told(old, birth="day", on="2000").patient.birth.iso == "1910"
    assert told(old, birth="day", cap=0).patient.birth.iso == "1901-02-03"
    undated = structs.replace(old, time=None)
    assert told(undated).patient.birth.iso > "1901"
    assert capped(PartialDate("x", "x", "b"), 90, "2000").iso == "x"


# --- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "places", "expected"),
    [
        ({"city": "Brest", "postalCode": "29200"}, "department", {"state": "29", "area": "29"}),
        ({"city": "Brest", "postalCode": "29200"}, "region", {"state": "FR-BRE", "area": "FR-BRE"}),
        ({"streetName": "rue X", "city": "Brest"}, "keep", {"city": "Brest"}),
        ({"city": "Brest", "postalCode": "29200"}, "drop", None),
        ({"county": "2A004"}, "department", {"state": "20", "area": "20"}),
        ({"county": "99100", "country": "BEL"}, "region", {"country": "BEL"}),
        ({"county": "75", "postalCode": "98000", "country": "MCO"}, "region", None),
        ({"city": "Brest"}, "department", None),
    ],
)
def test_an_address_keeps_what_the_policy_says(parts, places, expected):
    found = generalised(Address(tuple(parts.items())), places)
    assert (dict(found.parts) if found else None) == expected


def test_omop_keeps_the_department():
    home = Address((("postalCode", "29200"), ("city", "Brest")))
    document = structs.replace(VSM, patient=structs.replace(VSM.patient, addresses=(home,)))
    rows = omop.emit(told(document)).rows["location"]
    assert "29" in {row["location_id"] for row in rows}


# --- text -----------------------------------------------------------------------------------------------------------


def test_free_text_is_dropped_and_leaves_a_mark_where_it_stood_alone():
    found = only(
        told(saying(observation(code=coded(text="dit par M. X"), text="commentaire", values=(Text("ok", "t"),))))
    )
    assert (found.code.text, found.text, found.values) == (None, None, (Text(MASKED, "t"),))
    assert only(told(saying(observation(text="seul")))).text == MASKED


def test_free_text_is_kept_when_asked_and_told_when_marked():
    document = saying(observation(code=coded(), text="mots", notes=(model.Note("note", "n"),)))
    assert only(told(document, text="keep")).text == "mots"
    flagged = told(document, text="flag")
    assert only(flagged).notes[0].text == MARK + "note"
    assert [(one.code, one.path) for one in flagged.issues[-1:]] == [("SX910", "/o")]
    section = structs.replace(document.sections[0], narrative="<div><p>x</p></div>")
    narrative = told(structs.replace(document, sections=(section,)), text="flag").sections[0].narrative
    assert narrative == f"<div><p>{MARK.strip()}</p><p>x</p></div>"


def test_a_label_goes_when_it_names_somebody_of_the_document():
    name = next(p.value for n in VSM.patient.names for p in n.parts if p.kind == "family")
    named, plain = (
        only(told(saying(observation(code=coded(display=words))))) for words in (f"Vu par {name}", "Sodium")
    )
    assert (named.code.codings[0].display, plain.code.codings[0].display) == (None, "Sodium")


@pytest.mark.parametrize("label", ["rappeler 06 12 34 56 78", "le 03/12/1984", "a@b.fr", "vu 2024-03-08", "x" * 400])
def test_a_label_with_a_number_of_somebody_is_none(label):
    assert not Labels().is_safe(label, frozenset())


def test_a_code_that_is_a_number_of_a_register_goes_and_is_told():
    document = structs.replace(saying(observation(code=coded("810000000001", "1.2.250.1.71.4.2.1"))), coded=("c",))
    made = told(document)
    assert only(made).code.codings == ()
    assert made.pseudonymised == {"c"}
    assert made.locate is not document.locate


def test_local_systems_do_not_name_their_sender():
    document = saying(observation(code=coded("GLU", "urn:semantix:local:labo-martin", "Glucose")))
    system = only(told(structs.replace(document, sender="Labo Martin"))).code.codings[0].system
    assert system.startswith("urn:semantix:local:")
    assert "martin" not in system


# --- allow-list -----------------------------------------------------------------------------------------------------


def counts(document):
    return Counter(type(one) for one in structs_in(document.sections) if isinstance(one, Statement))


@pytest.mark.parametrize("document", [VSM, LABORATORY, LETTER], ids=["vsm", "laboratory", "letter"])
def test_every_statement_and_code_of_the_allowed_classes_stays(document):
    made = told(document)
    assert counts(made) == counts(document)
    codes = [
        Counter(
            coding.code
            for statement in structs_in(one.sections)
            if isinstance(statement, Statement) and statement.code is not None
            for coding in statement.code.codings
        )
        for one in (document, made)
    ]
    assert codes[0] == codes[1]


def test_what_is_not_allowed_leaves_and_is_told():
    made = told(allow=frozenset({"patient.birth", "medications"}))
    kinds = counts(made)
    assert kinds[model.Medication] == counts(VSM)[model.Medication]
    assert not kinds[model.Problem] + kinds[model.Allergy]
    assert (made.parties, made.patient.gender, made.patient.addresses, made.encounter) == ((), None, (), None)
    account = fhir.emit(made).ledger.account(made)
    assert account.balanced
    assert "not-allowed" in {str(loss.reason) for loss in account.losses}
    assert "not-carried" not in {str(loss.reason) for loss in account.losses}


def test_a_group_stays_for_what_it_holds():
    inner = model.Link("COMP", observation(kind="lab-result", at="i"))
    act = Statement(at="a", path="/a", kind="act", links=(inner,))
    kept = told(saying(act), allow=frozenset({"results"}))
    assert only(kept).links[0].statement.kind == "lab-result"
    gone = told(saying(act), allow=frozenset({"vitals"}))
    assert gone.sections == ()
    assert gone.not_allowed >= {"s", "a", "i"}


def test_the_practice_may_stay_without_its_people():
    firm = model.Organization("f", "/f", (Identifier("urn:semantix:practice", "Zed"),), ("Zed",))
    party = model.Party(at="p", path="/p", role="author", names=(model.Name(text="Dr Z"),), organization=firm)
    made = told(structs.replace(VSM, parties=(party,)), allow=frozenset({"practice", *CLINICAL})).parties[0]
    assert (made.names, made.organization.names) == ((), ())
    assert made.organization.ids[0].root == "urn:semantix:practice"


def test_a_plan_names_fields_and_presets():
    section = PolicySection(project="p", allow=["problems", "epidemiology"], ages={"cap": 85, "day": 2024})
    policy = section.policy()
    assert policy.allow == frozenset(PRESETS["epidemiology"])
    assert (policy.cap, policy.on) == (85, "2024")
    assert PolicySection(project="p").policy().allow == frozenset(FIELDS)
    with pytest.raises(BadPlan, match="unknown problem;"):
        PolicySection(project="p", allow="problem").policy()
    with pytest.raises(ValidationError):
        PolicySection(project="p", shift=3)


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_key_is_read_from_its_file_or_the_environment(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(new_key())
    path.chmod(0o600)
    key = read_key(path, None)
    assert len(key) == 32
    assert read_key(None, key.hex()) == key
    assert fingerprint(key) != fingerprint(KEY)
    assert len(fingerprint(key)) == 16
    assert read_key(None, "aB3-xY9_qW7!mN2+kL5*pR8.tU4:vZ6;") == b"aB3-xY9_qW7!mN2+kL5*pR8.tU4:vZ6;"


@pytest.mark.parametrize(
    ("held", "mode", "words"),
    [
        (bytes(range(64)).hex().encode(), 0o644, "others than its owner"),
        (b"short", 0o600, "at least 32"),
        (b"ab" * 40, 0o600, "few different"),
        (b"x" * 5000, 0o600, "more than"),
    ],
)
def test_what_is_no_key_is_refused_and_not_shown(tmp_path, held, mode, words):
    path = tmp_path / "key"
    path.write_bytes(held)
    path.chmod(mode)
    with pytest.raises(BadPlan, match=words) as caught:
        read_key(path, None)
    assert held.decode().strip() not in str(caught.value)


def test_a_missing_key_is_told_how_to_make(tmp_path):
    for path in (None, tmp_path / "none"):
        with pytest.raises(BadPlan, match="semantix run key"):
            read_key(path, None)


# --- people to leave out --------------------------------------------------------------------------------------------

SEAL = Seal(KEY)


@pytest.mark.parametrize(
    ("line", "ids", "birth"),
    [
        ("1 84 12 76 451 089 46", (Identifier(INS_NIR, NIR),), "19841203"),
        (NIR[:13], (Identifier(f"urn:oid:{INS_NIR}", NIR),), "19841203"),
        (f"{INS_NIR}|{NIR}", (Identifier("1.2", "9"), Identifier(INS_NIR, NIR)), "19841203"),
        ("1.2.3;00123", (Identifier("1.2.3", "00123"),), "19841203"),
        ("urn:oid:1.2.3\t00123", (Identifier("1.2.3", "00123"),), "19841203"),
        ("Cabinet;4711;03/12/1984", (Identifier(LOCAL, "4711"),), "19841203"),
        (f'"{LOCAL}:labo","4711","1984-12-03"', (Identifier(f"{LOCAL}:labo", "4711"),), "19841203"),
        ("cabinet:labo;4711;1984-12-03", (Identifier(f"{LOCAL}:labo", "4711"),), "19841203"),
    ],
)
def test_a_line_names_the_person_of_a_document(line, ids, birth):
    (wanted,) = subjects_of_file(["\ufeffNIR;numéro;naissance", "", "# liste", line], SEAL)
    assert wanted in subject_ids(about(*ids, birth=birth), SEAL)


def test_a_local_number_is_another_person_with_another_birth():
    assert not set(subjects_of_file(["cabinet;4711;1984-12-03"], SEAL)) & set(
        subject_ids(about(Identifier(LOCAL, "4711"), birth="19850101"), SEAL)
    )
    unborn = structs.replace(VSM, patient=structs.replace(VSM.patient, ids=(Identifier(LOCAL, "4711"),), birth=None))
    assert set(subjects_of_file(["cabinet;4711;"], SEAL)) == set(subject_ids(unborn, SEAL))


def test_faults_are_told_by_line_and_without_values():
    lines = ["184127645108947", "cabinet;4711", "cabinet;4711;hier", "a;b;c;d", "cabinet;4711;1984-02-31", NIR]
    with pytest.raises(BadPlan, match=r"line 1: .*wrong key.*line 2: .*line 3: .*line 4: .*line 5: ") as caught:
        subjects_of_file(lines, SEAL)
    assert not any(value in str(caught.value) for value in ("4711", "hier", "184127", "line 6"))
    with pytest.raises(BadPlan, match="and 10 more"):
        subjects_of_file(["x"] * 30, SEAL)
