"""ConceptMap: whatever is written in R4 or R5 is read back equal, is valid FHIR, and does not depend on the order."""

from typing import Any

import pytest
from fhir.resources.conceptmap import ConceptMap as ConceptMapR5
from fhir.resources.R4B.conceptmap import ConceptMap as ConceptMapR4
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.model import Candidate, Evidence
from semantix.review.encoding import encode
from semantix.review.formats.conceptmap import Release, read_conceptmap, write_conceptmap
from semantix.review.formats.exchange import Entry, Exchange
from semantix.review.model import Acceptance, Judged, Judgement, Part, Proposal, Relation, Source, State, Target

ODD = [
    "", "  ", "a  b", " x ", "\x00", "l’œil « droit »", "data:,x", "1.0", "Glycémie",
    "The target was refused for this source.", "The target is narrower than the source.",
]  # fmt: skip
TEXT = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SYSTEM = st.sampled_from(
    ["", "loinc", "cim10", "http://loinc.org", "1.2.250.1.213.2.12", "1.2.3", "urn:oid:1.2.3", "urn:oid:x", "LABO X",
     "labo|x", "http://example.org/cs", "http://example.org/a#b", "urn:semantix:system:x", "urn:semantix:wording"]
)  # fmt: skip
CODE = st.sampled_from(["", "A", "B", "A  B", " A", "\t", "é", "A\x01"]) | TEXT
SOURCE = st.builds(
    Source, system=SYSTEM, code=CODE, label=TEXT, unit=TEXT, specimen=TEXT, section=TEXT, sender=TEXT, target=SYSTEM
)
PLAIN_SOURCE = st.builds(Source, system=SYSTEM, code=CODE, label=TEXT, unit=TEXT)
TARGET = st.builds(
    Target, system=SYSTEM, code=CODE, display=TEXT, relation=st.sampled_from(Relation), part=st.sampled_from(Part),
    refused=st.booleans(), created_by=TEXT, created_on=TEXT | st.just("2026-01-02T03:04:05Z"),
)  # fmt: skip
PLAIN_TARGET = st.builds(
    Target, system=st.sampled_from(["loinc", "cim10"]), code=st.sampled_from("ABC"), relation=st.sampled_from(Relation)
)
JUDGEMENT = st.builds(
    Judgement, targets=st.lists(TARGET | PLAIN_TARGET, max_size=3).map(tuple), no_target=st.booleans(), note=TEXT
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
CANDIDATE = st.builds(
    Candidate, system=SYSTEM, code=CODE, display=TEXT, score=NUMBER, probability=NUMBER,
    evidence=st.lists(st.builds(Evidence, kind=TEXT, detail=TEXT, source=TEXT), max_size=2).map(tuple),
    conflicts=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
PROPOSAL = st.builds(
    Proposal, candidates=st.lists(CANDIDATE, max_size=2).map(tuple), outcome=TEXT, accepted=st.booleans(), reason=TEXT
)
JUDGED = st.builds(Judged, who=TEXT, judgement=JUDGEMENT, event=st.integers(0, 2**40), at=TEXT)
ACCEPTANCE = st.builds(
    Acceptance, target=TEXT, precision=NUMBER, threshold=NUMBER, bound=NUMBER, right=st.integers(0, 9),
    seen=st.integers(0, 9), desk_right=st.integers(0, 9), desk_seen=st.integers(0, 9),
)  # fmt: skip
ENTRY = st.builds(
    Entry, source=SOURCE | PLAIN_SOURCE, state=st.sampled_from(State), judgement=st.none() | JUDGEMENT,
    proposal=st.just(Proposal()) | PROPOSAL, frequency=st.integers(1, 2**40),
    senders=st.dictionaries(TEXT, st.integers(0, 2**40), max_size=2), extra=st.dictionaries(TEXT, TEXT, max_size=2),
    score=st.none() | NUMBER, status_by=TEXT, status_on=TEXT | st.just("2026-01-02T03:04:05+01:00"), reviewer=TEXT,
    automatic=st.booleans(), acceptance=st.none() | ACCEPTANCE, people=st.lists(TEXT, max_size=2).map(tuple),
    justification=TEXT, history=st.lists(JUDGED, max_size=2).map(tuple),
)  # fmt: skip
META = st.dictionaries(
    st.sampled_from(["id", "version", "name", "title", "status", "date", "publisher", "license", "source_scope",
                     "system_version:loinc", "system_version:cim10", "other"]),
    st.sampled_from(["x", "2026", "2026-02", "draft", "active", "SemantixReview", "Carte", "http://example.org/m|1",
                     "http://example.org/m", "2.80", "a b", "  x", "2026-01-02T03:04:05Z"]),
)  # fmt: skip
EXCHANGE = st.builds(Exchange, entries=st.lists(ENTRY, max_size=4).map(tuple), meta=META)
RELEASES: tuple[Release, ...] = ("R4", "R5")
MODELS: dict[str, Any] = {"R4": ConceptMapR4, "R5": ConceptMapR5}


def said(exchange: Exchange) -> list[str]:
    return sorted(encode(entry) for entry in exchange.entries)


@pytest.mark.parametrize("release", RELEASES)
@given(exchange=EXCHANGE)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(release: Release, exchange: Exchange) -> None:
    written = write_conceptmap(exchange, release)
    read = read_conceptmap(written.content, "map.json")
    assert said(read) == said(exchange)
    assert read.meta == {name: text for name, text in exchange.meta.items() if text}
    assert read.problems == ()
    assert written.losses == ()


@pytest.mark.parametrize("release", RELEASES)
@given(exchange=EXCHANGE)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_valid(release: Release, exchange: Exchange) -> None:
    MODELS[release].model_validate_json(write_conceptmap(exchange, release).content)


@given(exchange=EXCHANGE)
@settings(max_examples=50, deadline=None)
def test_r4_and_r5_say_the_same(exchange: Exchange) -> None:
    r4 = read_conceptmap(write_conceptmap(exchange, "R4").content, "r4.json")
    r5 = read_conceptmap(write_conceptmap(r4, "R5").content, "r5.json")
    assert said(r5) == said(exchange)


@pytest.mark.parametrize("release", RELEASES)
@given(exchange=EXCHANGE)
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_entries_does_not_matter(release: Release, exchange: Exchange) -> None:
    turned = Exchange(entries=tuple(reversed(exchange.entries)), meta=exchange.meta)
    assert write_conceptmap(turned, release) == write_conceptmap(exchange, release)
