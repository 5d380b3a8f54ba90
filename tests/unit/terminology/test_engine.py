"""The engine's order of evidence, its acceptance rule, and why it abstains."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec import structs
from tests.unit.terminology.conftest import open_engine
from tests.unit.terminology.invented import ask

from semantix.errors import BadStore
from semantix.model import Context, Decision, Evidence, Outcome, Query
from semantix.terminology.calibration import Calibration
from semantix.terminology.engine import Engine
from semantix.terminology.matching import Example, Ranked, Request
from semantix.terminology.serving import Ground, Served


def decide(engine: Engine, text: str = "", **more: str) -> Decision:
    request = ask(text, **more)
    return engine.decide(request.query, "cim10", request.context)


def codes(decision: Decision) -> list[str]:
    return [candidate.code for candidate in decision.candidates]


# --- the order of evidence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["I10", "i 10", "I10.", " I10 "])
def test_a_valid_code_decides_however_it_is_written(engine: Engine, written: str) -> None:
    decision = decide(engine, code=written, system="cim10")
    assert (decision.outcome, codes(decision), decision.accepted) == (Outcome.EXACT, ["I10"], True)


def test_a_retired_code_leads_to_its_successor(engine: Engine) -> None:
    assert codes(decide(engine, code="I11", system="cim10")) == ["I10"]


def test_a_code_beats_a_curated_row_and_every_wording(engine: Engine) -> None:
    decision = decide(engine, "vertige du dimanche", code="E11", system="cim10")
    assert (decision.outcome, codes(decision)) == (Outcome.EXACT, ["E11"])


def test_a_curated_row_beats_an_exact_synonym(engine: Engine) -> None:
    decision = decide(engine, "pression élevée")  # an official synonym of I10
    assert (decision.outcome, codes(decision), decision.accepted) == (Outcome.CURATED, ["I95"], True)
    assert decision.candidates[0].evidence[0].source.startswith("invented__cim10.sssom.tsv@1+")


def test_a_curated_row_beats_what_the_matcher_finds(engine: Engine) -> None:
    assert codes(decide(engine, "vertige du dimanche")) == ["R51"]


def test_a_local_code_is_curated_for_its_sender_only(engine: Engine) -> None:
    known = decide(engine, code="D42", system="local", sender="Cabinet du Port")
    other = decide(engine, code="D42", system="local", sender="autre cabinet")
    assert (known.outcome, codes(known)) == (Outcome.CURATED, ["E11"])
    assert {each.kind: each.detail for each in known.candidates[0].evidence}["condition"] == "sender cabinet du port"
    assert (other.outcome, other.reason) == (Outcome.ABSTAINED, "no text, and the code leads nowhere")


def test_conditions_that_are_met_decide(engine: Engine) -> None:
    assert codes(decide(engine, "genou du lundi", section="history")) == ["A10.0"]
    assert codes(decide(engine, "genou du lundi", section="problem")) == ["A10.3"]


def test_conditions_that_are_unknown_decide_nothing(engine: Engine) -> None:
    decision = decide(engine, "goutte du mardi")
    assert (decision.accepted, decision.reason) == (False, "curated rows need to know more: specimen")
    assert set(codes(decision)[:2]) == {"D50.0", "A12.4"}
    assert codes(decide(engine, "goutte du mardi", specimen="urine")) == ["A12.4"]


def test_rows_for_a_section_wait_for_it(engine: Engine) -> None:
    decision = decide(engine, "genou du lundi")
    assert not decision.accepted
    assert not any(each.kind == "curated" for candidate in decision.candidates for each in candidate.evidence)


def test_rows_that_name_several_codes_decide_nothing(engine: Engine) -> None:
    decision = decide(engine, "coup de chaud")
    assert (decision.accepted, decision.reason) == (False, "curated rows name several codes")
    assert set(codes(decision)[:2]) == {"A15.3", "A15.4"}
    assert all(candidate.probability < 0.5 for candidate in decision.candidates[:2])


def test_an_exact_label_decides(engine: Engine) -> None:
    decision = decide(engine, "DOULEUR DU GENOU")
    assert (decision.outcome, codes(decision), decision.reason) == (Outcome.EXACT, ["A10.0"], "exact label")


def test_an_official_short_label_decides(engine: Engine) -> None:
    assert decide(engine, "FRACT. OUV. REIN").reason == "exact label"


def test_an_exact_synonym_decides(engine: Engine) -> None:
    decision = decide(engine, "mal de crâne")
    assert (decision.outcome, codes(decision), decision.reason) == (Outcome.EXACT, ["R51"], "exact synonym")


def test_an_official_map_beats_a_synonym_and_is_beaten_by_a_label(engine: Engine) -> None:
    synonym = decide(engine, "mal de crâne", code="K86", system="cisp2")
    label = decide(engine, "Douleur du genou", code="K86", system="cisp2")
    assert (synonym.outcome, codes(synonym), synonym.accepted) == (Outcome.EQUIVALENT, ["I10"], True)
    assert (label.outcome, codes(label)) == (Outcome.EXACT, ["A10.0"])


def test_a_map_to_several_codes_only_proposes_them(engine: Engine) -> None:
    decision = decide(engine, code="L15", system="cisp2")
    assert (decision.accepted, set(codes(decision))) == (False, {"A10.0", "A10.3"})


def test_a_label_of_two_codes_is_not_accepted(engine: Engine) -> None:
    decision = decide(engine, "crise de palpitan")
    assert (decision.accepted, decision.reason) == (False, "several codes are possible")
    assert set(codes(decision)[:2]) == {"I21", "I22"}
    assert all(candidate.probability < 0.5 for candidate in decision.candidates[:2])


# --- refusals ----------------------------------------------------------------------------------------------------


def test_a_refused_code_is_taken_from_every_weaker_kind(engine: Engine) -> None:
    for text in ("tension trop basse", "Hypotension artérielle"):  # an exact synonym, an exact label
        decision = decide(engine, text)
        assert "I95" not in codes(decision)
        assert not decision.accepted


def test_a_refusal_does_not_touch_the_other_codes(engine: Engine) -> None:
    assert codes(decide(engine, "brûlure du coude")) == ["A11.3"]


def test_a_code_itself_is_not_refused_by_the_words_beside_it(engine: Engine) -> None:
    assert codes(decide(engine, "tension trop basse", code="I95", system="cim10")) == ["I95"]


# --- context -----------------------------------------------------------------------------------------------------


def test_a_family_history_is_not_the_disease(engine: Engine) -> None:
    decision = decide(engine, "Tumeur maligne du rein", section="family-history")
    assert (decision.accepted, codes(decision)[0]) == (False, "A12.6")
    assert decision.reason.endswith("family")
    assert decision.candidates[0].conflicts == ("family",)


def test_a_label_of_family_history_fits_its_section(engine: Engine) -> None:
    assert decide(engine, "antécédents familiaux de tumeur maligne", section="family-history").accepted


# --- the shape of answers ----------------------------------------------------------------------------------------


def test_deciding_one_by_one_and_together_is_the_same(engine: Engine, invented: Ground) -> None:
    requests = [
        ask("DOULEUR DU GENOU"), ask("brulure flombe"), ask("pression élevée"), ask(code="I10", system="cim10"),
        ask(""), ask("xyzzy"), ask("genou du lundi", section="history"), ask("brulure flombe"),
    ]  # fmt: skip
    together = open_engine(invented).decide_many(requests, "cim10")
    assert together == [engine.decide(each.query, "cim10", each.context) for each in requests]
    assert open_engine(invented).decide_many(requests[::-1], "cim10") == together[::-1]


def test_a_text_is_a_query_of_its_own(engine: Engine) -> None:
    assert engine.decide("Céphalée", "cim10") == engine.decide(Query(text="Céphalée"), "cim10", Context())


def test_what_was_decided_is_remembered(engine: Engine) -> None:
    assert engine.decide("brulure flombe", "cim10") is engine.decide("brulure flombe", "cim10")


def test_the_order_of_probabilities_is_the_order_of_candidates(engine: Engine) -> None:
    for text in ("brulure du dorvin", "tumeur", "maladie de la peau", "fracture ouverte"):
        found = [candidate.probability for candidate in decide(engine, text).candidates]
        assert found == sorted(found, reverse=True)


def test_alternatives_follow_what_is_decided(engine: Engine) -> None:
    requests = [ask("Douleur du genou"), ask("pression élevée"), ask(code="I10", system="cim10")]
    found = engine.decide_many(requests, "cim10", top=4, alternatives=True)
    assert [codes(each)[0] for each in found] == ["A10.0", "I95", "I10"]
    assert [each.outcome for each in found] == [Outcome.EXACT, Outcome.CURATED, Outcome.EXACT]
    assert [len(codes(each)) for each in found] == [4, 4, 1]
    assert all(len(set(codes(each))) == len(codes(each)) for each in found)


def test_top_limits_the_candidates(engine: Engine) -> None:
    assert len(engine.decide_many([ask("genou")], "cim10", top=3)[0].candidates) == 3


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (ask(""), "nothing was asked"),
        (ask("   "), "nothing was asked"),
        (ask(code="D99", system="local"), "no text, and the code leads nowhere"),
        (ask(code="Z99.9", system="cim10"), "no text, and the code leads nowhere"),
    ],
)
def test_nothing_to_say_is_said(engine: Engine, request_: Request, reason: str) -> None:
    decision = engine.decide(request_.query, "cim10", request_.context)
    assert (decision.outcome, decision.candidates, decision.accepted) == (Outcome.ABSTAINED, (), False)
    assert decision.reason == reason


def test_an_unknown_target_is_refused_with_those_that_are_there(engine: Engine) -> None:
    with pytest.raises(BadStore, match=r"no terminology 'ccam'; it has cim10, cisp2"):
        engine.decide("genou", "ccam")


def test_the_targets_are_the_systems_of_the_store(engine: Engine) -> None:
    assert engine.targets() == ("cim10", "cisp2")


def test_a_verbatim_text_is_told(engine: Engine) -> None:
    assert engine.verbatim("douleur du GENOU", "cim10")
    assert engine.verbatim("mal de crâne", "cim10")
    assert not engine.verbatim("douleur au genou", "cim10")


def test_a_store_is_opened_by_its_folder(invented: Ground, served: Served) -> None:
    assert served.codes
    opened = Engine.open(invented.store.folder, tables=invented.mappings)
    assert codes(opened.decide("pression élevée", "cim10")) == ["I95"]


def test_few_examples_accept_nothing(engine: Engine) -> None:
    decision = decide(engine, "brulure de la flombe")
    assert (decision.outcome, decision.accepted, codes(decision)[0]) == (Outcome.ABSTAINED, False, "A10.3")
    assert "a precision of 0.98" in decision.reason


# --- the acceptance rule, with a matcher of made-up answers ------------------------------------------------------


class MadeUp:
    """Answers the same to everything."""

    def __init__(self, *ranked: Ranked, kind: str = "label") -> None:
        self.ranked, self.kind = ranked, kind

    def rank(self, requests: Sequence[Request], top: int = 10) -> list[tuple[Ranked, ...]]:
        return [self.ranked[:top] for _ in requests]

    def kind_of(self, request: Request) -> str:
        return self.kind

    def examples(self) -> Iterator[Example]:
        yield from [Example("label", 0.9, True)] * 500 + [Example("label", 0.2, False)] * 100


def with_answers(invented: Ground, served: Served, *ranked: Ranked, kind: str = "label") -> Engine:
    matcher = MadeUp(*ranked, kind=kind)
    engine = open_engine(invented, 0.95)
    engine._served["cim10"] = structs.replace(served, matcher=matcher, calibration=Calibration.fit(matcher.examples()))
    return engine


SURE = Ranked("A10.3", 0.9, 0.95)
DOUBTFUL = Ranked("A10.3", 0.9, 0.5)
NEXT = Ranked("A10.0", 0.1, 0.05)


def test_above_the_threshold_is_accepted(invented: Ground, served: Served) -> None:
    decision = decide(with_answers(invented, served, SURE, NEXT), "roussi du genou")
    assert (decision.outcome, decision.accepted, codes(decision)) == (Outcome.CANDIDATE, True, ["A10.3", "A10.0"])
    assert decision.reason == "a precision of 0.95 is guaranteed"
    assert decision.candidates[0].probability > 0.95


def test_the_held_out_pairs_carry_the_probability_that_candidates_carry(invented: Ground, served: Served) -> None:
    engine = with_answers(invented, served, SURE, NEXT)
    held_out = engine.held_out("cim10")
    examples = list(MadeUp(SURE).examples())
    assert sorted(held_out, reverse=True) == list(held_out)
    assert sum(right for _, right in held_out) == sum(example.right for example in examples)
    assert len(held_out) == len(examples)
    assert decide(engine, "roussi du genou").candidates[0].probability in {said for said, _ in held_out}


def test_below_the_threshold_is_not(invented: Ground, served: Served) -> None:
    decision = decide(with_answers(invented, served, DOUBTFUL, NEXT), "roussi du genou")
    assert (decision.outcome, decision.accepted, codes(decision)) == (Outcome.ABSTAINED, False, ["A10.3", "A10.0"])
    assert decision.reason.startswith("below the threshold")


def test_a_kind_of_source_without_examples_accepts_nothing(invented: Ground, served: Served) -> None:
    decision = decide(with_answers(invented, served, SURE, kind="free-text"), "roussi du genou")
    assert (decision.outcome, decision.accepted) == (Outcome.ABSTAINED, False)
    assert "free-text" in decision.reason


def test_a_conflict_of_the_matcher_forbids_acceptance(invented: Ground, served: Served) -> None:
    ranked = structs.replace(SURE, conflicts=("unit",))
    decision = decide(with_answers(invented, served, ranked), "roussi du genou")
    assert (decision.accepted, decision.reason) == (False, "conflict: unit")


@pytest.mark.parametrize(
    ("text", "code", "conflict"),
    [
        ("père avec cancer du rein", "A12.6", "family"),
        ("inflammation chronique de mon genou", "A10.4", "acuity"),
        ("kyste bénin du rein", "A12.6", "behaviour"),
        ("diabète type 1", "E11", "number"),
        ("hypotension", "I10", "opposite"),
        ("une appendicite avec une péritonite", "K35.9", "negation"),
        ("suspicion de fracture ouverte du genou", "A10.1", "suspicion"),
    ],
)
def test_a_contradiction_forbids_acceptance_whatever_the_score(
    invented: Ground, served: Served, text: str, code: str, conflict: str
) -> None:
    decision = decide(with_answers(invented, served, structs.replace(SURE, code=code)), text)
    assert not decision.accepted
    assert conflict in decision.candidates[0].conflicts


def test_what_was_refused_leaves_the_next_without_acceptance(invented: Ground, served: Served) -> None:
    ranked = (structs.replace(SURE, code="I95"), structs.replace(SURE, code="I10"))
    decision = decide(with_answers(invented, served, *ranked), "tension trop basse")
    assert (decision.accepted, codes(decision)) == (False, ["I10"])
    assert decision.reason == "the first candidate was refused by a curated row" or decision.candidates[0].conflicts


def test_when_all_was_refused_it_is_said(invented: Ground, served: Served) -> None:
    decision = decide(with_answers(invented, served, structs.replace(SURE, code="I95")), "tension trop basse")
    assert (decision.outcome, decision.reason) == (Outcome.ABSTAINED, "every candidate was refused by curated rows")


def test_nothing_near_is_an_answer(invented: Ground, served: Served) -> None:
    decision = decide(with_answers(invented, served), "xyzzy")
    assert (decision.outcome, decision.reason) == (Outcome.ABSTAINED, "no name of the target is near")


def test_a_conflict_is_looked_for_in_the_reading_and_the_name_that_met(invented: Ground, served: Served) -> None:
    evidence = (Evidence("name", "hépatite C", "synonym"), Evidence("reading", "hépatite B"))
    bare = decide(with_answers(invented, served, SURE), "VHB")
    read = decide(with_answers(invented, served, structs.replace(SURE, evidence=evidence)), "VHB")
    assert (bare.accepted, read.accepted, read.reason) == (True, False, "conflict: number")
