"""Whatever a document says: everything read is carried or reported, and the database is sound."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix import model
from semantix.emitters.omop import OmopOptions, check_database, emit
from semantix.sinks.omop import open_sink

from .conftest import CIM10, LOINC, ROLE, SNOMED, Maker

CODES = st.sampled_from(["9000001", "X12.3", "99999-1", "no-known-allergies", "", "x" * 60])
SYSTEMS = st.sampled_from([SNOMED, LOINC, CIM10, None, "1.2.250.1.71.4.2.1"])
DAYS = st.sampled_from([None, "1900", "1979-02", "2001-03-04", "2024-01-01T10:00:00+01:00", "2024-99"])
MOODS = st.sampled_from(["EVN", "EVN", "EVN", "INT", "RQO", "GOL"])
STATUS = st.sampled_from([None, "completed", "active", "aborted"])


@st.composite
def values(draw, make):
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return draw(concepts(make))
    if kind == 1:
        return make.quantity(draw(st.sampled_from(["1", "0.10", "-3"])), draw(st.sampled_from([None, "g/L", "1"])), "<")
    if kind == 2:
        return model.Range(make.quantity("1"), None, make.at)
    if kind == 3:
        return model.Text("mots", make.at)
    if kind == 4:
        return model.Absent("UNK", make.at)
    return draw(st.sampled_from([True, 4])) if kind == 5 else model.Ratio(None, make.quantity("3"), make.at)


@st.composite
def concepts(draw, make):
    codings = tuple(
        model.Coding(code, system, "libellé", make.at)
        for code, system in draw(st.lists(st.tuples(CODES, SYSTEMS), max_size=3))
    )
    return model.Concept(codings, make.at, null=None if codings else "UNK")


@st.composite
def statements(draw, make, depth=2):
    day = draw(DAYS)
    relative = model.Relative(at=make.at, path="/r", code=make.concept("FTH", ROLE))
    fields = {
        "mood": draw(MOODS),
        "status": draw(STATUS),
        "negated": draw(st.booleans()),
        "time": make.span(day) if day else None,
        "code": draw(st.none() | concepts(make)),
        "subject": draw(st.sampled_from([None, None, relative])),
        "parties": draw(
            st.sampled_from([(), (make.party("performer"),), (make.party("informant", class_code="NOK"),)])
        ),
        "links": tuple(model.Link("COMP", s) for s in draw(st.lists(statements(make, depth - 1), max_size=2)))
        if depth
        else (),
    }
    concept = draw(st.none() | concepts(make))
    product = model.Product(at=make.at, path="/p", code=concept, name="FICTOL")
    word, kind, more = draw(
        st.sampled_from(
            [
                ("lab-result", model.Observation, {"values": (draw(values(make)),)}),
                ("problem", model.Problem, {"problem": concept, "severity": draw(st.none() | concepts(make))}),
                ("allergy", model.Allergy, {"value": concept}),
                ("medication", model.Medication, {"product": product, "intent": "prescribed"}),
                ("immunization", model.Immunization, {"product": product}),
                ("procedure", model.Procedure, {"sites": (concept,) if concept else ()}),
                ("encounter", model.Encounter, {}),
                ("device", model.Supply, {"product": product}),
                ("lab-isolate", model.Panel, {"specimens": (model.Specimen(make.at, "/s", (), concept),)}),
                ("family-history", model.Panel, {}),
                ("media", model.Media, {}),
                ("act", model.Statement, {}),
            ]
        )
    )
    return make.statement(kind, word, **fields, **more)


@given(st.data())
@settings(max_examples=150)
def test_what_is_read_is_carried_or_reported(vocabulary, data):
    make = Maker()
    some = data.draw(st.lists(statements(make), max_size=4))
    document = make.document(
        *some, patient=make.patient(birth=data.draw(st.sampled_from([None, make.point("1980-05-17")])))
    )
    options = OmopOptions(vocabulary=data.draw(st.sampled_from([None, vocabulary])), keep_text=data.draw(st.booleans()))
    emission = emit(document, options)
    account = emission.ledger.account(document)
    assert account.balanced
    assert [loss for loss in account.losses if loss.reason == "not-carried"] == []


@given(st.data())
@settings(max_examples=15)
def test_any_documents_make_a_sound_database(tmp_path_factory, data):
    make = Maker()
    folder = tmp_path_factory.mktemp("property")
    documents = [make.document(*data.draw(st.lists(statements(make), max_size=4))) for _ in range(2)]
    with open_sink("duckdb", folder / "cdm.duckdb") as sink:
        for document in documents:
            sink.write(emit(document))
    with duckdb.connect(str(folder / "cdm.duckdb")) as connection:
        assert check_database(connection, ["299999999999934"]) == []
