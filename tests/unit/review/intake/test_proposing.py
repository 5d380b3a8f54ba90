"""What the engine is asked, and what becomes of its answers."""

from collections.abc import Sequence

import pytest

from semantix.model import Candidate, Context, Decision, Outcome, Query
from semantix.review.formats.exchange import Entry
from semantix.review.intake.proposing import Versions, propose, request_of, targets_of
from semantix.review.model import Proposal, Source, State
from semantix.terminology.matching import Request

VERSIONS = Versions(engine="1.2", stores={"cim10": "cim10@2", "loinc": "loinc@3"})


class Engine:
    """Finds one code for everything, but nothing for ``?``."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[Request]]] = []

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 3) -> list[Decision]:
        self.asked.append((target, list(requests)))
        return [self._decision(each, target, top) for each in requests]

    def _decision(self, request: Request, target: str, top: int) -> Decision:
        found = Candidate(target, request.query.text.upper(), "x", 1.0, 0.9)
        candidates = () if request.query.text == "?" else (found,) * (top + 2)
        outcome = Outcome.EXACT if candidates else Outcome.ABSTAINED
        return Decision(request.query, request.context, target, outcome, candidates, bool(candidates), "why")


def entry(label: str, target: str = "cim10", **more: str) -> Entry:
    return Entry(source=Source(label=label, target=target, **more))


def test_each_entry_gets_what_the_engine_says_and_by_which_versions():
    one, two = propose((entry("toux"), entry("?", "loinc")), Engine(), VERSIONS)
    assert [each.code for each in one.proposal.candidates] == ["TOUX"] * 10
    assert (one.proposal.outcome, one.proposal.accepted, one.proposal.reason) == ("exact", True, "why")
    assert (one.proposal.engine, one.proposal.store, one.score) == ("1.2", "cim10@2", 0.9)
    assert two.proposal == Proposal(outcome="abstained", reason="why", engine="1.2", store="loinc@3")
    assert two.score is None


def test_an_exact_answer_is_no_judgement():
    (one,) = propose((entry("toux"),), Engine(), VERSIONS)
    assert (one.state, one.judgement) == (State.UNMAPPED, None)


def test_entries_with_candidates_and_those_without_a_target_stay():
    known = Entry(
        source=Source(label="a", target="cim10"), proposal=Proposal(candidates=(Candidate("cim10", "A", "a", 0, 0),))
    )
    engine = Engine()
    assert propose((known, entry("b", "")), engine, VERSIONS) == (known, entry("b", ""))
    assert engine.asked == []


def test_many_entries_are_asked_in_chunks_and_keep_their_order():
    engine, told = Engine(), []
    entries = [entry(f"w{number}", ("loinc", "cim10")[number % 2]) for number in range(2_500)]
    proposed = propose(entries, engine, VERSIONS, lambda done, wanted: told.append((done, wanted)))
    assert [each.proposal.candidates[0].code for each in proposed] == [f"W{number}" for number in range(2_500)]
    assert [(target, len(requests)) for target, requests in engine.asked] == [
        ("cim10", 1_000), ("cim10", 250), ("loinc", 1_000), ("loinc", 250)
    ]  # fmt: skip
    assert told == [(1_000, 2_500), (1_250, 2_500), (2_250, 2_500), (2_500, 2_500)]


@pytest.mark.parametrize(("senders", "sender"), [({}, ""), ({"labo a": 3}, "labo a"), ({"labo a": 3, "labo b": 1}, "")])
def test_the_engine_hears_the_context_and_the_only_sender(senders: dict[str, int], sender: str):
    source = Source(code="NA", system="urn:x", label="Sodium", unit="mmol/L", specimen="sang", section="laboratory")
    assert request_of(Entry(source=source, senders=senders)) == Request(
        Query(text="Sodium", code="NA", system="urn:x"),
        Context(sender=sender, unit="mmol/L", specimen="sang", section="laboratory"),
    )


def test_a_section_that_is_no_kind_of_statement_is_not_told():
    assert request_of(entry("x", section="Ionogramme")).context == Context()


def test_targets_are_those_that_would_be_asked_for():
    assert targets_of((entry("a"), entry("b", "loinc"), entry("c", ""), entry("d"))) == ("cim10", "loinc")
