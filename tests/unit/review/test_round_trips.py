"""From a desk to a file and into another desk: what comes out is what went in, but for what the losses name."""

import csv
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.desk_rules import engine_believed
from tests.desk_values import AUTHOR, LATEST, PEOPLE, RECONCILER, REVIEWER, Clock, choice, entry, refusal

from semantix.errors import ActionRefused
from semantix.model import Candidate, Evidence
from semantix.review import intake
from semantix.review.acceptance import TRIED
from semantix.review.actions import Action
from semantix.review.desk import Desk
from semantix.review.desk.bulk import Bulk
from semantix.review.desk.checking import check_desk
from semantix.review.desk.queue import Filters
from semantix.review.exporting import Wanted, export, states_of
from semantix.review.formats.exchange import Entry, Loss, OmopConcept
from semantix.review.intake import Options
from semantix.review.model import How, Judgement, Kind, Mode, Part, Proposal, Relation, State, Target
from semantix.review.remapping import Fate
from semantix.terminology.comparing import Fate as Word

CODES = ("A00", "A01", "B02", "C03", "D04")
WHOLE = ("sssom", "conceptmap-r4", "conceptmap-r5")
HELD = [(0.95, True)] * 400


class Concepts:
    """Invented OMOP concepts of four codes; the fifth has none."""

    def concept_of(self, system: str, code: str) -> OmopConcept | None:
        place = CODES[:4].index(code) if code in CODES[:4] and system == "cim10" else None
        return self.concept(100 + place) if place is not None else None

    def concept(self, number: int) -> OmopConcept | None:
        return OmopConcept(id=number, name=f"Invented {number}", vocabulary="INVENTED", code=str(number))


CONCEPTS = Concepts()
targets = st.builds(
    Target,
    system=st.just("cim10"),
    code=st.sampled_from(CODES),
    display=st.sampled_from(["", "Maladie", "=1+1"]),
    relation=st.sampled_from(Relation),
    part=st.sampled_from([Part.TARGET, Part.TARGET, Part.VALUE, Part.UNIT]),
    refused=st.sampled_from([False, False, True]),
)


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    found = draw(st.lists(targets, max_size=3, unique_by=lambda each: (each.part, each.code)))
    note = draw(st.sampled_from(["", "vu", "deux\nlignes"]))
    return Judgement(targets=tuple(found), no_target=all(each.refused for each in found), note=note)


actions = st.builds(
    Action,
    kind=st.sampled_from(
        [Kind.JUDGED, Kind.JUDGED, Kind.JUDGED, Kind.DRAFTED, Kind.CLAIMED, Kind.NOTED, Kind.AGREED, Kind.SENT_BACK,
         Kind.ASSIGNED, Kind.RECONCILED, Kind.REOPENED]
    ),
    judgement=judgements(),
    reason=st.just("raison"),
    to=st.just("bob"),
    text=st.just("hm"),
)  # fmt: skip
SHAPES = (
    {"label": "toux"},
    {"label": "Toux ", "section": "laboratory", "unit": "mg/L", "specimen": "serum"},
    {"label": "acte", "system": "ccam", "code": "AAAA001"},
    {"label": "dosage", "code": "L1", "sender": "Laboratoire A", "unit": "g"},
    {"label": "dosage", "code": "L1", "sender": "Laboratoire B", "unit": "g"},
    {"label": "sûr", "unit": "auto"},
)
steps = st.lists(st.tuples(st.integers(1, len(SHAPES)), st.sampled_from(PEOPLE), actions), max_size=18)
modest = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def brought() -> list[Entry]:
    evidence = (Evidence("word", "toux", "x"),)
    first = Candidate("cim10", "A00", "Maladie", 0.95, 0.95, evidence)
    second = Candidate("cim10", "B02", "Autre", 0.2, 0.2, (), ("negation",))
    proposal = Proposal(candidates=(first, second), outcome="abstained", reason="below", engine="e", store="s")
    more = {"senders": {"s1": 2}, "extra": {"colonne": "v"}, "proposal": proposal}
    return [entry(frequency=place + 1, **shape, **more) for place, shape in enumerate(SHAPES)]


def opened(folder: Path, name: str) -> Desk:
    place = folder / name
    for old in folder.glob(name + "*"):
        old.unlink()
    return Desk.open(str(place), create=True, clock=Clock())


def worked_on(folder: Path, mode: Mode, done: Sequence[tuple]) -> Desk:
    """A desk on which people did things; the last item is accepted by the rule."""
    desk = opened(folder, "a.sqlite")
    desk.set_mode("rec", mode)
    desk.bring("imp", brought())
    bulk = Bulk(what="accept", filters=Filters(target="cim10", text="sur"), precision=0.9)
    with engine_believed():
        seen = desk.preview(RECONCILER, bulk, HELD)
        if seen.items:
            desk.apply(RECONCILER, bulk, seen.token, HELD)
    for number, person, action in done:
        try:
            desk.act(person, number, action, LATEST)
        except ActionRefused:
            continue
    return desk


def sent(entries: Sequence[Entry], to: str) -> tuple[bytes, tuple[Loss, ...]]:
    wanted = Wanted(format=to, date="2026-03-03")
    states = states_of(wanted)
    done = export([each for each in entries if not states or each.state in states], wanted, CONCEPTS)
    return done.files[""], done.losses


def received(folder: Path, data: bytes, kind: str) -> tuple[Entry, ...]:
    options = Options(concepts=CONCEPTS, format=kind.partition("-")[0], keep_personal=True)
    exchange = intake.parse(data, "file", options)
    assert exchange.problems == ()
    with opened(folder, "b.sqlite") as desk:
        desk.bring("imp2", exchange.entries)
        assert check_desk(desk) == (0, 0)
        again = desk.bring("imp2", exchange.entries)
        assert (again.new, again.updated, again.decided) == (0, 0, 0)
        return desk.entries()


def compared(each: Entry) -> Entry:
    """What has to come back: that somebody drafts is of one desk, numbers of events and their order too."""
    state = State.UNMAPPED if each.state is State.DRAFT and each.judgement is None else each.state
    if state is State.DRAFT and not each.judgement.chosen:
        state = State.UNMAPPED
    history = sorted((replace(past, event=0) for past in each.history), key=repr)
    named = each.state is not state
    return replace(
        each, state=state, history=tuple(history), line=0,
        status_by="" if named else each.status_by, status_on="" if named else each.status_on,
    )  # fmt: skip


@pytest.mark.parametrize("kind", WHOLE)
@given(mode=st.sampled_from(Mode), done=steps)
@modest
def test_all_that_a_desk_knows_comes_out_of_another_desk(tmp_path_factory, kind, mode, done):
    folder = tmp_path_factory.getbasetemp()
    with worked_on(folder, mode, done) as desk:
        before = desk.entries()
    data, losses = sent(before, kind)
    assert losses == ()
    after = {each.source: compared(each) for each in received(folder, data, kind)}
    assert after == {each.source: compared(each) for each in before}


FIELDS = {"history", "proposal", "score", "state", "status_by", "status_on", "people", "judgement"}
"""What Usagi's losses may change: candidates beyond the first, and two who differ, of whom it shows neither."""


@given(mode=st.sampled_from(Mode), done=steps)
@modest
def test_usagi_changes_only_what_its_losses_name(tmp_path_factory, mode, done):
    folder = tmp_path_factory.getbasetemp()
    with worked_on(folder, mode, done) as desk:
        before = desk.entries()
    data, losses = sent(before, "usagi")
    said = {loss.field: loss.count for loss in losses}
    after = {each.source: compared(each) for each in received(folder, data, "usagi")}
    assert len(after) == len(before)
    for each in map(compared, before):
        found = after[each.source]
        changed = {name for name in each.__struct_fields__ if getattr(each, name) != getattr(found, name)}
        assert changed <= FIELDS
        if each.state is not State.TO_RECONCILE:
            assert not changed & {"state", "judgement", "people"}
        elif changed & {"state", "judgement", "people"}:
            assert found.state is not State.ACCEPTED
            assert said["history"]
        assert ("history" not in changed) or said["history"]
        assert not changed & {"proposal", "score"} or said["proposal"]
    assert said.get("history", 0) == sum(bool(each.history) for each in before)


@given(mode=st.sampled_from(Mode), done=steps)
@modest
def test_decisions_go_round_through_every_format(tmp_path_factory, mode, done):
    folder = tmp_path_factory.getbasetemp()
    with worked_on(folder, mode, done) as desk:
        decided = {State.ACCEPTED, State.REJECTED}
        before = {each.source: each for each in desk.entries() if each.state in decided}
    entries = tuple(before.values())
    for kind in ("usagi", "sssom", "conceptmap-r5", "usagi", "conceptmap-r4"):
        entries = received(folder, sent(entries, kind)[0], kind)
    assert {each.source for each in entries} == set(before)
    for each in entries:
        first = before[each.source]
        assert (each.state, each.judgement, each.automatic, each.people, each.acceptance, each.status_by) == (
            first.state, first.judgement, first.automatic, first.people, first.acceptance, first.status_by,
        )  # fmt: skip


@given(mode=st.sampled_from(Mode), done=steps)
@modest
def test_a_source_to_concept_map_holds_no_more_than_what_was_accepted(tmp_path_factory, mode, done):
    folder = tmp_path_factory.getbasetemp()
    with worked_on(folder, mode, done) as desk:
        before = desk.entries()
    data, losses = sent(before, "stcm")
    accepted = [each for each in before if each.state is State.ACCEPTED and each.judgement is not None]
    allowed = {
        (each.source.code, str(100 + CODES.index(target.code)))
        for each in accepted
        for target in each.judgement.chosen
        if target.part is Part.TARGET
    } | {(each.source.code, "0") for each in accepted if each.judgement.no_target}
    rows = [line.split(",") for line in data.decode().splitlines()[1:]]
    assert {(row[0], row[4]) for row in rows} <= allowed
    reasons = {loss.reason for loss in losses}
    assert "stcm-no-code" in reasons or all(each.source.code for each in accepted)


# --- what somebody else reads, who knows nothing of semantix ---------------------------------------------------------


def _in_sssom(data: bytes) -> set[str]:
    rows = [line.split("\t") for line in data.decode().splitlines() if not line.startswith("#")]
    named = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
    people = [row for row in named if row["mapping_justification"] in {MANUAL, "semapv:MappingReview"}]
    return {row["object_id"].removeprefix("CIM10:") for row in people if not row.get("predicate_modifier")} - {NO_TERM}


def _in_a_concept_map(data: bytes) -> set[str]:
    groups = msgspec.json.decode(data).get("group", [])
    targets = [each for group in groups for row in group["element"] for each in row.get("target", [])]
    said = [each for target in targets for each in (target, *_products(target))]
    no = {"unmatched", "disjoint", "not-related-to"}
    return {each["code"] for each in said if each.get("equivalence", each.get("relationship")) not in no} - {""}


def _products(target: dict) -> list[dict]:
    return [
        {"code": each.get("value", each.get("valueCoding", {}).get("code", ""))} for each in target.get("product", [])
    ]


def _in_usagi(data: bytes) -> set[str]:
    rows = list(csv.DictReader(data.decode().splitlines()))
    return {
        CODES[int(row["conceptId"]) - 100]
        for row in rows
        if row["mappingStatus"] == "APPROVED" and row["conceptId"] != "0"
    }


NAIVE = {"sssom": _in_sssom, "conceptmap-r4": _in_a_concept_map, "conceptmap-r5": _in_a_concept_map, "usagi": _in_usagi}
MANUAL, NO_TERM = "semapv:ManualMappingCuration", "sssom:NoTermFound"


@pytest.mark.parametrize("kind", NAIVE)
@given(mode=st.sampled_from(Mode), done=steps)
@modest
def test_another_reader_sees_no_decision_that_nobody_took(tmp_path_factory, kind, mode, done):
    with worked_on(tmp_path_factory.getbasetemp(), mode, done) as desk:
        held = desk.entries()
    for each in held:
        data, _ = sent([each], kind)
        chosen = {target.code for target in each.judgement.chosen} if each.judgement is not None else set()
        decided = each.state is State.ACCEPTED and not each.judgement.no_target
        assert NAIVE[kind](data) <= (chosen if decided else set())


# --- automatic acceptance on a desk that has judged nothing -----------------------------------------------------------


def test_nothing_is_accepted_until_the_desk_has_judged_some_itself(tmp_path):
    first = Candidate("cim10", "A00", "Maladie", 0.95, 0.95)
    forbidden = Candidate("cim10", "A00", "Maladie", 0.95, 0.95, (), ("negation",))
    found = [entry(f"mot {place}", proposal=Proposal(candidates=(first,))) for place in range(160)]
    found += [entry(f"non {place}", proposal=Proposal(candidates=(forbidden,))) for place in range(5)]
    bulk = Bulk(what="accept", filters=Filters(target="cim10"), precision=0.9)
    right = Judgement(targets=(Target(system="cim10", code="A00", display="Maladie"),))
    with opened(tmp_path, "b.sqlite") as desk:
        desk.bring("imp", found)
        for number in range(1, TRIED):
            desk.act(RECONCILER, number, Action(kind=Kind.JUDGED, judgement=right), LATEST)
        seen = desk.preview(RECONCILER, bulk, HELD)
        assert (seen.items, seen.no_rule.reason, seen.no_rule.desk_seen) == (0, "untried", TRIED - 1)
        desk.act(RECONCILER, TRIED, Action(kind=Kind.JUDGED, judgement=right), LATEST)
        seen = desk.preview(RECONCILER, bulk, HELD)
        assert (seen.items, dict(seen.left)) == (160 - TRIED, {"conflict": 5})
        desk.apply(RECONCILER, bulk, seen.token, HELD)
        assert all(each.judgement is None for each in desk.entries() if each.source.label.startswith("non"))


# --- what a desk takes from a file ----------------------------------------------------------------------------------


def test_a_rule_that_accepted_elsewhere_does_not_become_a_person(tmp_path):
    with worked_on(tmp_path, Mode.SINGLE, ()) as desk:
        data, _ = sent(desk.entries([State.ACCEPTED]), "sssom")
    found = received(tmp_path, data, "sssom")
    assert [each.automatic for each in found] == [True]
    again = sent(found, "sssom")[0].decode()
    assert "semapv:CompositeMatching" in again
    assert "semapv:ManualMappingCuration" not in again.partition("subject_id")[2]
    with opened(tmp_path, "c.sqlite") as desk:
        desk.bring("imp", found)
        standing = desk.view(1, RECONCILER).standing
        assert standing.how is How.IMPORTED
        assert standing.acceptance is not None


def test_the_score_and_the_justification_of_a_decision_are_kept(tmp_path):
    held = entry("toux", probability=None, judgement=choice("A00"), state=State.ACCEPTED, score=0.85, status_by="ann")
    held = replace(held, justification="semapv:MappingReview")
    data, _ = sent([held], "sssom")
    (found,) = received(tmp_path, data, "sssom")
    assert (found.score, found.justification) == (0.85, "semapv:MappingReview")


def test_refusals_alone_are_no_missing_target_in_usagi(tmp_path):
    refused = entry("toux", code="L1", judgement=refusal("A00"), state=State.UNMAPPED)
    data, _ = sent([refused], "usagi")
    assert b"UNMATCHED" not in data
    (found,) = received(tmp_path, data, "usagi")
    assert (found.state, found.judgement) == (State.UNMAPPED, refusal("A00"))


ROWS = """subject_label\tsubject_type\tpredicate_id\tobject_id\tmapping_justification\tauthor_label
toux\trdfs literal\tskos:exactMatch\tCIM10:A00\tsemapv:ManualMappingCuration\tann
toux\trdfs literal\tskos:exactMatch\tCIM10:{second}\tsemapv:ManualMappingCuration\tbob
"""


@pytest.mark.parametrize(("second", "state"), [("B02", State.TO_RECONCILE), ("A00", State.ACCEPTED)])
def test_two_authors_who_differ_in_one_file_decide_nothing(tmp_path, second, state):
    (found,) = received(tmp_path, ROWS.format(second=second).encode(), "sssom")
    assert found.state is state
    if state is State.TO_RECONCILE:
        assert found.judgement is None
        assert [each.who for each in found.history] == ["ann", "bob"]


def test_one_file_against_itself_is_to_reconcile(tmp_path):
    with opened(tmp_path, "b.sqlite") as desk:
        desk.bring(
            "imp",
            [
                entry("toux", judgement=choice("A00"), state=State.ACCEPTED, status_by="ann"),
                entry("rhume", judgement=choice("A00"), state=State.ACCEPTED, status_by="ann"),
                entry("toux", judgement=refusal("A00"), state=State.REJECTED, status_by="bob"),
            ],
        )
        assert [each.state for each in desk.entries()] == [State.TO_RECONCILE, State.ACCEPTED]


@pytest.mark.parametrize("name", ["loinc", "LOINC", "http://loinc.org", "2.16.840.1.113883.6.1"])
def test_a_system_is_one_whatever_a_file_calls_it(name):
    held = entry("dosage", code="718-7", system=name, judgement=choice("A00"), state=State.ACCEPTED)
    data, _ = sent([held], "usagi")
    (found,) = intake.parse(data, "file", Options(keep_personal=True)).entries
    assert found.source.system == "loinc"


def test_a_release_that_was_followed_says_nothing_a_second_time(tmp_path):
    fates = {
        ("cim10", "A00"): Fate(system="cim10", code="A00", kinds=("relabelled", "moved"), new_display="Neuve"),
        ("cim10", "B02"): Fate(system="cim10", code="B02", kinds=(Word.RETIRED.value,)),
        ("cim10", "C03"): Fate(system="cim10", code="C03", kinds=(Word.UNCHANGED.value,)),
    }
    with opened(tmp_path, "b.sqlite") as desk:
        desk.bring("imp", brought())
        for number, code in enumerate(("A00", "B02", "C03"), 1):
            desk.act(RECONCILER, number, Action(kind=Kind.JUDGED, judgement=choice(code)), LATEST)
        first = desk.remap("rec", fates, "release 2")
        assert (first.noted, first.reopened) == (1, 1)
        second = desk.remap("rec", fates, "release 2")
        assert (second.noted, second.reopened) == (0, 0)
        standings = [desk.view(number, RECONCILER).standing for number in (1, 2, 3)]
        assert [each.state for each in standings] == [State.ACCEPTED, State.UNMAPPED, State.ACCEPTED]
        assert standings[1].before == choice("B02")
        assert standings[1].reason
        desk.act(RECONCILER, 2, Action(kind=Kind.JUDGED, judgement=choice("B02")), LATEST)
        assert desk.remap("rec", fates, "release 2").reopened == 1, "the retired code was chosen again"
        assert check_desk(desk) == (0, 0)


def test_every_acceptance_says_who_when_what_why_and_with_which_releases(tmp_path):
    with opened(tmp_path, "b.sqlite") as desk:
        desk.store_of = lambda target: f"{target}@2026" if target else ""
        desk.set_mode("rec", Mode.SECOND_LOOK)
        found = [*brought(), entry("décidé", judgement=choice("A00"), state=State.ACCEPTED, status_by="zoe")]
        desk.bring("imp", found)
        for number in (1, 2, 3):
            desk.act(AUTHOR, number, Action(kind=Kind.JUDGED, judgement=choice("A00")), LATEST)
        desk.act(REVIEWER, 1, Action(kind=Kind.AGREED), LATEST)
        agree = Bulk(what="agree", filters=Filters(text="acte"))
        desk.apply(REVIEWER, agree, desk.preview(REVIEWER, agree).token)
        desk.act(REVIEWER, 2, Action(kind=Kind.JUDGED, judgement=choice("B02")), LATEST)
        desk.act(RECONCILER, 2, Action(kind=Kind.RECONCILED, judgement=choice("B02")), LATEST)
        rule = Bulk(what="accept", filters=Filters(target="cim10", text="sur"), precision=0.9)
        with engine_believed():
            desk.apply(RECONCILER, rule, desk.preview(RECONCILER, rule, HELD).token, HELD)
        by = {1: "rev", 2: "rec", 3: "rev", 6: "rec", 7: "imp"}
        for number, who in by.items():
            view = desk.view(number, RECONCILER)
            assert view.standing.state is State.ACCEPTED
            last = next(each for each in view.history if each.kind is not Kind.SAMPLED)
            assert (last.who, last.store) == (who, "cim10@2026")
            assert last.at
            assert last.engine.startswith("semantix ")
            assert (last.acceptance is not None) is (number == 6)
        assert desk.view(7, RECONCILER).history[0].detail["said_by"] == "zoe"
        assert check_desk(desk) == (0, 0)
