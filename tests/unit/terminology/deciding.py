"""An engine of a few made-up answers, for what only shows or judges decisions."""

from collections.abc import Mapping, Sequence

from semantix.model import Candidate, Decision, Evidence, Outcome
from semantix.terminology.matching import Request

DISPLAYS = {"J45.9": "Gêne des bronches", "J46": "Gêne grave", "B02.9": "Ceinture de feu", "I10": "Tension haute"}
"""Invented labels."""


def candidate(code: str, probability: float, target: str = "cim10") -> Candidate:
    evidence = (Evidence("word", code.lower(), "made@1"),)
    return Candidate(target, code, DISPLAYS.get(code, ""), probability, probability, evidence)


class MadeUp:
    """Answers from a table: text -> (outcome, accepted, (code, probability)...); anything else is abstained."""

    def __init__(self, answers: Mapping[str, tuple[object, ...]], verbatim: frozenset[str] = frozenset()) -> None:
        self.answers, self.texts = answers, verbatim
        self.asked: list[int] = []
        self.learned: list[str] = []

    def targets(self) -> tuple[str, ...]:
        return ("atc", "cim10")

    def learn(self, target: str) -> None:
        self.learned.append(target)

    def verbatim(self, text: str, target: str) -> bool:
        return text in self.texts

    def decide_many(
        self, requests: Sequence[Request], target: str, top: int = 10, alternatives: bool = False
    ) -> list[Decision]:
        self.asked.append(len(requests))
        return [self._decide(each, target, top, alternatives) for each in requests]

    def _decide(self, request: Request, target: str, top: int, alternatives: bool) -> Decision:
        query, context = request.query, request.context
        found = self.answers.get(query.text)
        if found is None:
            return Decision(query, context, target, Outcome.ABSTAINED, (), False, "no name of the target is near")
        outcome, accepted, *pairs = found
        firm = outcome in {Outcome.EXACT, Outcome.CURATED, Outcome.EQUIVALENT} and not alternatives
        candidates = tuple(candidate(code, share, target) for code, share in (pairs[:1] if firm else pairs[:top]))
        return Decision(query, context, target, outcome, candidates, accepted, "as made up")
