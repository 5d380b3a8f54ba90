"""What no input and no order may do to the engine."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.terminology.conftest import open_engine
from tests.unit.terminology.invented import ROWS, ask, codes, write_mappings, write_source

from semantix.model import Context, Decision, Outcome, Query
from semantix.terminology.building import Wishes, import_source
from semantix.terminology.engine import Engine
from semantix.terminology.releases import Hints
from semantix.terminology.serving import Ground
from semantix.terminology.source import Source

TEXT = st.text(max_size=200) | st.text(alphabet="abé sans(){}[]*.,'-/0123 HTAœÃ©&;†\n\t\x00", max_size=200)
DAMAGED = st.builds(
    lambda content, encoding: content.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace"),
    st.binary(max_size=200),
    st.sampled_from(("latin-1", "cp1252", "utf-8", "utf-16-le", "cp850")),
)
LONG = [
    "a" * 100_000,
    "é " * 50_000,
    "hypertension artérielle " * 4_000,
    "HTA IDM IA TMA " * 6_000,
    "(" * 100_000,
    "sans " * 20_000,
    "h.t.a." * 16_000,
    "1" * 100_000,
    "a/" * 50_000,
    "\x00" * 100_000,
    "*" * 100_000,
    "trop de sucre " * 7_000,
    "(a)" * 3_000,
    "{" * 10_000,
]


def check(decision: Decision) -> None:
    """What holds of every answer."""
    assert decision.accepted == (decision.outcome is not Outcome.ABSTAINED)
    assert decision.reason
    assert all(0 <= candidate.probability <= 1 for candidate in decision.candidates)
    assert len({candidate.code for candidate in decision.candidates}) == len(decision.candidates)
    assert not (decision.accepted and decision.candidates[0].conflicts)


@given(TEXT | DAMAGED)
@example("\udcff\udc80 brûlure")
@example("\x00")
@example("…")
@example("\u202e ⁂ 𝔥𝔱𝔞 ﷺ")
def test_no_text_is_an_error(engine: Engine, text: str) -> None:
    check(engine.decide(text, "cim10"))


@given(TEXT, TEXT, st.sampled_from(("cim10", "cisp2", "local", "", "2.16.840.1", "\x00")), TEXT)
@settings(max_examples=60)
def test_no_code_and_no_context_is_an_error(engine: Engine, text: str, code: str, system: str, said: str) -> None:
    context = Context(sender=said, unit=said, specimen=said, section=said, sex=said, age=-1.5)
    check(engine.decide(Query(text=text, code=code, system=system), "cim10", context))


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_very_long_texts_are_answered(engine: Engine, text: str) -> None:
    check(engine.decide(text, "cim10"))


WORDINGS = (
    "brulure de la flombe", "INFLAM. AIG. COUDE", "pression élevée", "coup de chaud", "genou du lundi", "HTA", "tumeur",
    "crise de palpitan", "maladie du rein", "Douleur du foie", "doulleur du foi", "xyzzy", "fracture", "trop de sucre",
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WORDINGS), max_size=12))
def test_company_and_order_never_change_a_decision(engine: Engine, invented: Ground, texts: list[str]) -> None:
    fresh = open_engine(invented)
    fresh._served.update(engine._served)
    assert fresh.decide_many([ask(text) for text in texts], "cim10") == [engine.decide(text, "cim10") for text in texts]


def test_the_order_of_rows_in_files_changes_no_decision(engine: Engine, tmp_path: Path) -> None:
    """Everything is shuffled: the concepts, the wordings of each, the rows of the curated table."""
    chance = random.Random(7)
    concepts = codes()
    chance.shuffle(concepts)
    for concept in concepts:
        chance.shuffle(concept.get("designation", []))
    rows = list(ROWS)
    chance.shuffle(rows)
    import_source(
        Source(write_source(tmp_path / "invented.json", concepts)), tmp_path / "store", Wishes(hints=Hints(version="1"))
    )
    shuffled = Engine.open(tmp_path / "store", tables=write_mappings(tmp_path / "mappings", rows))
    asked = [ask(text) for text in WORDINGS]

    def told(decisions: list[Decision]) -> list[object]:
        """All but the versions of the tables, which digest their bytes."""
        return [
            (
                each.outcome,
                each.accepted,
                each.reason,
                [
                    (c.code, c.score, c.probability, c.conflicts, [(e.kind, e.detail) for e in c.evidence])
                    for c in each.candidates
                ],
            )
            for each in decisions
        ]

    assert told(shuffled.decide_many(asked, "cim10")) == told(engine.decide_many(asked, "cim10"))
