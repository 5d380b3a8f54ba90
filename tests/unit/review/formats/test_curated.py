"""Curated tables of the desk: they pass the lint, and the engine decides by them as people did."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from semantix.model import SECTIONS, Context, Outcome, Query
from semantix.review.formats.curated import CuratedTables, Curation, request_of, write_curated
from semantix.review.formats.exchange import Entry, Exchange
from semantix.review.formats.losses_sssom import LOSSES
from semantix.review.formats.sssom import read_sssom
from semantix.review.model import Acceptance, Judged, Judgement, Part, Relation, Source, State, Target
from semantix.terminology.curated import Curated
from semantix.terminology.table_conditions import SPECIMEN_WORDS
from semantix.terminology.table_files import COLUMNS, Line, parse
from semantix.terminology.table_lint import lint
from semantix.terminology.tables import Tables

CURATION = Curation(date="2026-11-26", license="https://example.org/licence", version="2026-11-26")
RULE = Acceptance(
    target="cim10", precision=0.98, threshold=0.9, bound=0.9876, right=99, seen=100, desk_right=9, desk_seen=10
)
UNITS = (
    "#curie_map:\n#  UCUM: http://unitsofmeasure.org/\n" + "\t".join(COLUMNS) + "\n"
    + "\t".join({"subject_label": "milli par l", "object_id": "UCUM:mmol/L", "confidence": "0.90",
                 "predicate_id": "skos:exactMatch"}.get(column, "") for column in COLUMNS) + "\n"
)  # fmt: skip


def accepted(source: Source, *targets: Target, **more: object) -> Entry:
    entry = Entry(
        source=source, state=State.ACCEPTED, judgement=Judgement(targets=targets), people=("Ada",), status_by="Ada",
        status_on="2026-11-20T10:00:00Z",
    )  # fmt: skip
    return replace(entry, **more)


def tables(*entries: Entry, curation: Curation = CURATION) -> CuratedTables:
    found = write_curated(Exchange(entries=entries), curation)
    for name, content in found.files.items():
        assert lint(content.decode(), name) == ()
    return found


def rows(*entries: Entry) -> list[Line]:
    return [row for name, content in tables(*entries).files.items() for row in parse(content.decode(), name).rows]


def losses(*entries: Entry, curation: Curation = CURATION) -> set[tuple[str, str]]:
    return {(loss.field, loss.reason) for loss in tables(*entries, curation=curation).losses}


def decided(found: CuratedTables, entry: Entry, target: str) -> str:
    curated = Curated(Tables.of([(name, content.decode()) for name, content in found.files.items()]))
    (decision,) = curated.decide_many([request_of(entry)], target)
    return decision.candidates[0].code if decision.outcome is Outcome.CURATED else ""


A = Target(system="cim10", code="Z01.1")
B = Target(system="cim10", code="Z01.2")


# --- what the engine does with them ------------------------------------------------------------

WORDING = Source(label="zorbose aiguë")
SUBJECTS = [
    WORDING,
    Source(label="zorbose  « aiguë »\t!\u00a0", section="problem"),
    Source(label="zorbose", unit="mmol/L", specimen="Sérum", section="laboratory", sender="Labo «\u00a0A\u00a0»"),
    Source(code="k 1%", label="zorbose", sender="Labo A"),
    Source(code="k1", sender="Labo A", system="1.2.3.4"),
    Source(system="ccam", code="abcd001", label="un acte"),
    Source(system="2.16.840.1.113883.6.1", code="1-1"),
    Source(system="2.16.840.1.113883.5.999", code="X"),
    Source(system="urn:oid:1.2.250.1.213.9.9", code="X1", label="x"),
    Source(system="http://hl7.org/fhir/flag-status", code="active"),
    Source(system="https://mos.esante.gouv.fr/NOS/TRE_X/FHIR/TRE-X", code="7"),
    Source(system="snomed-3.5", code="M-1"),
    Source(label="cafe\u0301 x"),
]


@pytest.mark.parametrize("source", SUBJECTS, ids=str)
def test_what_was_accepted_is_decided(source: Source) -> None:
    entry = accepted(source, A)
    found = tables(entry)
    assert decided(found, entry, "cim10") == "Z01.1"
    assert {loss.reason for loss in found.losses} <= {"curated-code-label"}
    assert list(found.files) == ["desk__cim10.sssom.tsv"]


def test_a_decision_holds_in_its_conditions_only() -> None:
    entry = accepted(Source(label="zorbose", unit="mmol/L", section="laboratory"), A)
    found = tables(entry)
    other = replace(entry, source=Source(label="zorbose", unit="g/L", section="laboratory"))
    assert decided(found, other, "cim10") == ""
    assert decided(found, replace(entry, source=Source(label="zorbose")), "cim10") == ""


def test_one_wording_may_mean_several_things_in_several_contexts() -> None:
    first = accepted(Source(label="zorbose", section="problem"), A)
    second = accepted(Source(label="zorbose", section="history"), B)
    found = tables(first, second)
    assert [decided(found, each, "cim10") for each in (first, second)] == ["Z01.1", "Z01.2"]
    assert found.losses == ()


def test_what_was_refused_is_not_proposed() -> None:
    rejected = replace(accepted(WORDING, A), state=State.REJECTED)
    found = tables(rejected, accepted(Source(label="b"), A, replace(B, refused=True)))
    loaded = Tables.of([(name, content.decode()) for name, content in found.files.items()])
    assert loaded.find(Query(text="zorbose aiguë"), Context(), "cim10").refused == {"Z01.1"}
    assert loaded.find(Query(text="b"), Context(), "cim10").refused == {"Z01.2"}


def test_each_target_system_has_its_file() -> None:
    entry = accepted(WORDING, A, Target(system="snomed", code="123"), Target(system="fhir-flag-status", code="active"))
    found = tables(entry, curation=replace(CURATION, slug="site"))
    assert list(found.files) == [
        "site__cim10.sssom.tsv", "site__fhir-flag-status.sssom.tsv", "site__snomed.sssom.tsv",
    ]  # fmt: skip
    systems = ("cim10", "snomed", "fhir-flag-status")
    assert [decided(found, entry, each) for each in systems] == ["Z01.1", "123", "active"]


plain = st.text(string.ascii_letters + "éèœ’'-+?<> ()/,.\t\u0301\u00a0\u200b0123", max_size=14)
many = st.builds(
    Source, system=st.sampled_from(["", "ccam", "1.2.3", "2.16.840.1.113883.5.4", "http://hl7.org/fhir/x/"]),
    code=st.sampled_from(["", "K1", "k:1", "é %"]), label=plain, unit=st.sampled_from(["", "mg/L", "g/l", "zorb", "%"]),
    specimen=st.sampled_from(["", "Sérum", "urine", "zorb"]), section=st.sampled_from(["", *SECTIONS, "zorb"]),
    sender=st.sampled_from(["", "Labo A", "A|B"]),
)  # fmt: skip
goals = st.builds(
    Target, system=st.sampled_from(["cim10", "loinc", "omop", "ucum"]),
    code=st.sampled_from(["A00.1", "a00", "1-1", "mg/L", ""]), relation=st.sampled_from(Relation),
    part=st.sampled_from([Part.TARGET, Part.TARGET, Part.UNIT]), refused=st.booleans(),
)  # fmt: skip
judgements = st.builds(Judgement, targets=st.lists(goals, max_size=3).map(tuple), note=plain)
people = st.lists(plain, max_size=2).map(tuple)
cases = st.builds(
    Entry, source=many, state=st.sampled_from([State.ACCEPTED, State.ACCEPTED, State.REJECTED, State.MAPPED]),
    judgement=judgements, people=people, automatic=st.booleans(), acceptance=st.none() | st.just(RULE),
    status_on=st.sampled_from(["", "2026-01-02T03:04:05Z", "hier"]),
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cases, max_size=6))
def test_any_entries_pass_the_lint_and_are_decided_or_told(entries: list[Entry]) -> None:
    found = tables(*entries)
    told = {loss.reason for loss in found.losses}
    assert told <= set(LOSSES)
    if not told <= {"curated-code-label", "curated-note", "curated-undecided", "curated-part", "curated-nothing"}:
        return
    for entry in entries:
        if entry.state is State.ACCEPTED:
            systems = {target.system for target in entry.judgement.chosen if target.part is Part.TARGET}
            assert all(decided(found, entry, system) for system in systems)


# --- the rows ----------------------------------------------------------------------------------


def test_a_row_says_who_decided_when_and_why() -> None:
    (row,) = rows(accepted(WORDING, A, judgement=Judgement(targets=(A,), note="vu en\nréunion")))
    assert (row.author_label, row.mapping_date, row.confidence) == ("Ada", "2026-11-20", "0.95")
    assert row.comment == "review desk: decided by Ada on 2026-11-20; note: vu en réunion"
    assert (row.subject_label, row.subject_type, row.object_id) == ("zorbose aiguë", "rdfs literal", "CIM10:Z01.1")


def test_two_who_agree_are_surer_than_one() -> None:
    (row,) = rows(accepted(WORDING, A, people=("Ada", "Grace")))
    assert (row.author_label, row.confidence) == ("Ada|Grace", "0.98")


def test_one_who_said_otherwise_is_no_author() -> None:
    other = Judged(who="Grace", judgement=Judgement(targets=(B,)), event=1, at="")
    (row,) = rows(accepted(WORDING, A, people=("Grace", "Alan"), status_by="Ada", history=(other,)))
    assert row.author_label == "Alan|Ada"


def test_an_automatic_acceptance_says_its_rule_and_its_bound() -> None:
    (row,) = rows(accepted(WORDING, A, automatic=True, people=(), acceptance=RULE))
    assert row.confidence == "0.98"
    assert row.comment == (
        "review desk: accepted automatically on 2026-11-20, 99 of 100 right above a probability of 0.9000, "
        "lower 95 % bound 0.9876; rule applied by Ada"
    )


@pytest.mark.parametrize(("score", "expected"), [(0.999, "0.99"), (0.29, "0.29"), (None, "0.90")])
def test_without_its_rule_an_automatic_acceptance_has_its_probability(score: float | None, expected: str) -> None:
    (row,) = rows(accepted(WORDING, A, automatic=True, score=score))
    assert row.confidence == expected


def test_a_decision_without_name_or_day_has_those_of_the_export() -> None:
    (row,) = rows(accepted(WORDING, A, people=(), status_by="", status_on=""))
    assert (row.author_label, row.mapping_date, row.confidence) == ("semantix review", "2026-11-26", "0.90")


def test_people_may_be_named_otherwise() -> None:
    found = tables(accepted(WORDING, A), curation=replace(CURATION, author_of=lambda name: f"{name[0]}|."))
    assert b"\tA/.\t" in found.files["desk__cim10.sssom.tsv"]
    assert b"Ada" not in found.files["desk__cim10.sssom.tsv"]


def test_the_label_of_an_official_code_is_not_copied() -> None:
    (row,) = rows(accepted(Source(system="ccam", code="ABCD001", label="Un acte"), replace(A, display="Un nom")))
    assert (row.subject_id, row.subject_label) == ("CCAM:ABCD001", "")
    assert b"Un nom" not in tables(accepted(WORDING, replace(A, display="Un nom"))).files["desk__cim10.sssom.tsv"]


def test_one_claim_is_one_row_the_surer() -> None:
    twice = rows(accepted(WORDING, A), accepted(Source(label="Zorbose Aigüe"), A, people=("Ada", "Grace")))
    assert [row.confidence for row in twice] in (["0.95", "0.98"], ["0.98"])
    (row,) = rows(accepted(WORDING, A), accepted(Source(label="ZORBOSE aiguë"), A, people=("Ada", "Grace")))
    assert row.confidence == "0.98"


def test_they_read_back_as_accepted() -> None:
    found = read_sssom(tables(accepted(WORDING, A)).files["desk__cim10.sssom.tsv"], "x")
    (entry,) = found.entries
    assert (entry.state, entry.source) == (State.ACCEPTED, replace(WORDING, target="cim10"))
    assert (entry.judgement.targets, entry.status_by) == ((A,), "Ada")


def test_units_are_read_by_the_table_of_units() -> None:
    entry = accepted(Source(label="zorbose", unit="milli par l"), A)
    assert losses(entry) == {("unit", "curated-unit")}
    beside = replace(CURATION, beside={"units__ucum.sssom.tsv": UNITS})
    found = tables(entry, curation=beside)
    assert (b"\tmmol/L\t" in found.files["desk__cim10.sssom.tsv"], found.losses) == (True, ())


# --- what they do not hold ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(code="k1", label="x"), ("code", "curated-system")),
        (Source(system="1.2.3", code="k1"), ("code", "curated-system")),
        (Source(system="http://hl7.org/fhir/x/", code="k1"), ("code", "curated-system")),
        (Source(system="icf", code="a:b"), ("code", "curated-code")),
        (Source(system="ucum", code="zorb"), ("code", "curated-code")),
        (Source(label="- -"), ("label", "curated-label")),
        (Source(label="a\x01b"), ("label", "curated-label")),
        (Source(), ("label", "curated-label")),
        (Source(code="k", label="\u200b", sender="a"), ("label", "curated-label")),
        (Source(label="x", unit="zorb"), ("unit", "curated-unit")),
        (Source(label="x", specimen="zorb"), ("specimen", "curated-specimen")),
        (Source(label="x", section="zorb"), ("section", "curated-section")),
        (Source(label="x", sender="a|b"), ("sender", "curated-sender")),
    ],
)
def test_a_subject_that_a_row_cannot_say_is_left_out_and_told(source: Source, expected: tuple[str, str]) -> None:
    found = tables(accepted(source, A))
    assert found.files == {}
    assert [(loss.field, loss.reason, loss.example) for loss in found.losses] == [(*expected, source.code or "#1")]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target(system="omop", code="1"), ("target", "curated-target-system")),
        (Target(system="", code="1"), ("target", "curated-target-system")),
        (Target(system="cim10", code=""), ("target", "curated-code")),
        (Target(system="ucum", code="zorb"), ("target", "curated-code")),
        (replace(A, part=Part.VALUE), ("value", "curated-part")),
    ],
)
def test_a_target_that_a_row_cannot_say_is_told(target: Target, expected: tuple[str, str]) -> None:
    assert expected in losses(accepted(WORDING, target))


def test_several_targets_are_proposed_and_none_accepted() -> None:
    entry = accepted(WORDING, A, B)
    assert losses(entry) == {("targets", "curated-ambiguous")}
    assert decided(tables(entry), entry, "cim10") == ""


def test_a_narrower_or_related_target_is_not_used_alone() -> None:
    assert losses(accepted(WORDING, replace(A, relation=Relation.NARROW))) == {("targets", "curated-relation")}
    assert losses(accepted(WORDING, replace(A, relation=Relation.BROAD))) == set()


def test_two_entries_against_each_other_are_told() -> None:
    assert losses(accepted(WORDING, A), accepted(Source(label="ZORBOSE aiguë"), B)) == {
        ("targets", "curated-contested")
    }
    refused = replace(accepted(Source(label="ZORBOSE aiguë"), A), state=State.REJECTED)
    assert losses(accepted(WORDING, A), refused) == {("refused", "curated-contradiction")}


def test_a_table_beside_that_says_otherwise_is_told() -> None:
    beside = {"ours__cim10.sssom.tsv": tables(accepted(WORDING, B)).files["desk__cim10.sssom.tsv"].decode()}
    assert losses(accepted(WORDING, A), curation=replace(CURATION, beside=beside)) == {("targets", "curated-contested")}


def test_what_is_not_decided_is_not_there() -> None:
    entries = [Entry(source=WORDING), replace(accepted(WORDING, A), state=State.MAPPED)]
    nothing = accepted(WORDING, judgement=Judgement(no_target=True))
    assert tables(*entries, nothing).files == {}
    assert losses(*entries, nothing) == {("state", "curated-undecided"), ("no_target", "curated-no-target")}
    assert losses(accepted(WORDING)) == {("targets", "curated-nothing")}


def test_what_has_no_place_in_a_table_is_told() -> None:
    entry = accepted(
        Source(system="ccam", code="ABCD001", label="un acte"),
        judgement=Judgement(targets=(replace(A, display="n", created_by="Ada"),), note="a\nb"),
        frequency=2, senders={"a": 2}, extra={"b": "c"}, score=0.5, reviewer="Grace",
        history=(Judged(who="Ada", judgement=Judgement(), event=1, at=""),),
    )  # fmt: skip
    assert {field for field, _ in losses(entry)} == {
        "display", "label", "note", "frequency", "senders", "extra", "score", "reviewer", "history", "created_by",
    }  # fmt: skip


def test_the_order_of_entries_changes_nothing() -> None:
    entries = (accepted(WORDING, A), accepted(Source(label="b"), B), accepted(Source(code="k", sender="a"), A))
    assert tables(*entries).files == tables(*reversed(entries)).files


def test_every_word_of_a_specimen_is_known() -> None:
    for word in SPECIMEN_WORDS:
        assert losses(accepted(Source(label="x", specimen=word), A)) == set()
