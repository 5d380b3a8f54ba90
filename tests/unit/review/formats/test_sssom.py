"""SSSOM: what is written reads back, the reference reader reads it, and tables from elsewhere mean what they say."""

import contextlib
import io
import logging
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from semantix.errors import BadMappings
from semantix.model import Candidate, Evidence
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.formats.losses_sssom import LOSSES
from semantix.review.formats.sssom import read_sssom, write_sssom
from semantix.review.model import Acceptance, Judged, Judgement, Part, Proposal, Relation, Source, State, Target

SET = {"mapping_set_id": "https://example.org/mappings/invented", "license": "https://example.org/licence"}


def written(*entries: Entry, **more: str) -> str:
    return write_sssom(Exchange(entries=entries), **SET, **more).content.decode()


def back(*entries: Entry) -> tuple[Entry, ...]:
    found = read_sssom(written(*entries).encode(), "back.sssom.tsv")
    assert found.problems == ()
    return tuple(replace(entry, line=0) for entry in found.entries)


def table(text: str) -> list[dict[str, str]]:
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def read(*rows: str, head: str = "", name: str = "x.tsv") -> Exchange:
    return read_sssom((head + "\n".join(rows) + "\n").encode(), name)


def accepted(judgement: Judgement, **more: object) -> Entry:
    return replace(Entry(source=Source(label="x"), state=State.ACCEPTED, judgement=judgement), **more)


CANDIDATES = (
    Candidate("cim10", "Z01.1", "Un nom", 0.8, 0.7, (Evidence("word", "un", "cim10@1"),), ("negation",)),
    Candidate("cim10", "Z01.2", "Autre nom", 12.5, 0.0, (Evidence("label", "preferred"),)),
)
ACCEPTED = Entry(
    source=Source(label="zorbose aiguë", unit="mg/L", section="laboratory", target="cim10"),
    state=State.ACCEPTED,
    judgement=Judgement(
        targets=(
            Target(system="cim10", code="Z01.1", display="Un nom", relation=Relation.BROAD, created_by="Ada"),
            Target(system="ucum", code="[IU]/L", part=Part.UNIT),
            Target(system="cim10", code="Z01.9", refused=True),
        ),
        note="vu | avec\tl’équipe\n« sûr »",
    ),
    proposal=Proposal(candidates=CANDIDATES, outcome="abstained", reason="trop proche", engine="1", store="cim10@1"),
    frequency=7,
    senders={"labo A": 3, "labo B": 4},
    extra={"service": "réa", "=note": ""},
    score=0.7,
    status_by="Ada",
    status_on="2026-11-26T10:11:12Z",
    reviewer="Grace",
    justification="ManualMappingCuration",
)
OPEN = Entry(
    source=Source(system="1.2.3", code="K 12", label="un", target="cim10"), proposal=Proposal(candidates=CANDIDATES)
)


# --- round trip --------------------------------------------------------------------------------

RULE = Acceptance(
    target="cim10", precision=0.98, threshold=0.9, bound=0.9812, right=99, seen=100, desk_right=9, desk_seen=10
)
texts = st.text(max_size=12)
words = st.sampled_from(["", "a", "zorbose aiguë", "NA", 'dit "x"', "a|b\\c", "#1", " x ", "=1", "1.0"]) | texts
SYSTEMS = (
    "", "cim10", "loinc", "snomed", "snomed-3.5", "orpha", "ccam", "fhir-flag-status", "local", "1.2.250.1.999",
    "2.16.840.1.113883.6.1", "urn:oid:1.2.3", "http://loinc.org", "http://x.org/y/", "omop",
)  # fmt: skip
names = st.sampled_from(SYSTEMS) | texts
floats = st.floats(-2, 2) | st.sampled_from([0.0, 0.5, 1e-7, 12.5])
targets = st.builds(
    Target, system=names, code=words, display=words, relation=st.sampled_from(Relation),
    part=st.sampled_from(Part), refused=st.booleans(), created_by=words, created_on=words,
)  # fmt: skip
judgements = st.builds(Judgement, targets=st.lists(targets, max_size=3).map(tuple), no_target=st.booleans(), note=words)
evidence = st.builds(Evidence, words, words, words)
candidates = st.builds(
    Candidate, names, words, words, floats, floats,
    st.lists(evidence, max_size=2).map(tuple), st.lists(words, max_size=2).map(tuple),
)  # fmt: skip
proposals = st.builds(
    Proposal, candidates=st.lists(candidates, max_size=3).map(tuple), outcome=words, accepted=st.booleans(),
    reason=words, engine=words, store=words,
)  # fmt: skip
sources = st.builds(
    Source, system=names, code=words, label=words, unit=words, specimen=words, section=words, sender=words, target=names
)
history = st.lists(st.builds(Judged, who=words, judgement=judgements, event=st.integers(0, 9), at=words), max_size=2)
entries = st.builds(
    Entry, source=sources, state=st.sampled_from(State), judgement=st.none() | judgements, proposal=proposals,
    frequency=st.integers(1, 10**9), senders=st.dictionaries(words, st.integers(1, 9), max_size=2),
    extra=st.dictionaries(words, words, max_size=2), score=st.none() | floats, status_by=words, status_on=words,
    reviewer=words, automatic=st.booleans(), justification=words, history=history.map(tuple),
    acceptance=st.none() | st.just(RULE), people=st.lists(words, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(entries, max_size=3))
def test_every_entry_reads_back_as_it_was(found: list[Entry]) -> None:
    assert back(*found) == tuple(found)


@given(st.dictionaries(texts.filter(bool), texts.filter(bool), max_size=3))
def test_what_is_said_of_the_set_reads_back(meta: dict[str, str]) -> None:
    given_keys = {"id", "version", "license", "date", "mapping_tool", "mapping_tool_version"}
    meta = {key: value for key, value in meta.items() if key not in given_keys}
    found = read_sssom(write_sssom(Exchange(entries=(), meta=meta), **SET).content, "x").meta
    assert found == {**meta, "id": SET["mapping_set_id"], "license": SET["license"]}


def test_a_whole_entry_reads_back() -> None:
    assert back(ACCEPTED, OPEN) == (ACCEPTED, OPEN)


def test_the_set_is_described() -> None:
    exchange = Exchange(entries=(ACCEPTED,), meta={"title": "Un titre : « x »", "autre": "y"})
    file = write_sssom(exchange, **SET, version="2", date="2026-11-26", tool_version="0.1")
    again = read_sssom(file.content, "x.tsv")
    assert again.meta == {
        "id": SET["mapping_set_id"], "license": SET["license"], "version": "2", "date": "2026-11-26",
        "title": "Un titre : « x »", "autre": "y",
    }  # fmt: skip
    assert file.losses == ()


def test_the_same_entries_give_the_same_bytes() -> None:
    assert written(ACCEPTED, OPEN) == written(ACCEPTED, OPEN)


def test_columns_that_nothing_fills_are_not_there() -> None:
    assert list(table(written(OPEN))[0]) == [
        "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
        "confidence", "similarity_score", "ext_conflicts", "ext_entry", "ext_evidence", "ext_exact", "ext_row",
        "ext_state", "ext_wanted",
    ]  # fmt: skip


def test_an_infinite_score_is_unknown_and_said() -> None:
    entry = replace(
        OPEN, score=float("inf"), proposal=Proposal(candidates=(Candidate("cim10", "A", "", 1.0, float("nan")),))
    )
    file = write_sssom(Exchange(entries=(OPEN, entry)), **SET)
    assert [(loss.field, loss.count, loss.example, loss.reason) for loss in file.losses] == [
        ("score", 1, "K 12", "sssom-number")
    ]
    again = read_sssom(file.content, "x").entries[1]
    assert (again.score, again.proposal.candidates[0].probability) == (None, 0.0)


# --- what others see ---------------------------------------------------------------------------


def test_an_accepted_target_is_a_decision_of_its_author() -> None:
    first = table(written(replace(ACCEPTED, judgement=replace(ACCEPTED.judgement, note=""))))[0]
    assert first["predicate_id"] == "skos:broadMatch"
    assert first["mapping_justification"] == "semapv:ManualMappingCuration"
    assert (first["author_label"], first["mapping_date"]) == ("Ada", "2026-11-26")
    assert (first["subject_id"], first["subject_type"]) == ("", "rdfs literal")
    assert (first["object_id"], first["object_label"]) == ("CIM10:Z01.1", "Un nom")


def test_people_who_judged_the_same_are_the_authors() -> None:
    judgement = Judgement(targets=(Target(system="atc", code="A01"),))
    before = Judged(who="Grace", judgement=judgement, event=1, at="")
    other = Judged(who="Alan", judgement=Judgement(no_target=True), event=2, at="")
    entry = accepted(judgement, status_by="Ada", history=(before, other))
    assert table(written(entry))[0]["author_label"] == "Grace|Ada"
    assert back(entry) == (entry,)


def test_an_automatic_acceptance_has_its_probability_and_no_curation() -> None:
    judgement = Judgement(targets=(Target(system="atc", code="A01"),))
    row = table(written(accepted(judgement, automatic=True, score=0.99, acceptance=RULE)))[0]
    assert (row["mapping_justification"], row["confidence"]) == ("semapv:CompositeMatching", "0.9812")


def test_a_rejected_target_and_a_refused_one_are_not_matches() -> None:
    judgement = Judgement(targets=(Target(system="atc", code="A01"), Target(system="atc", code="A02", refused=True)))
    rows = table(written(Entry(source=Source(label="x"), state=State.REJECTED, judgement=judgement)))
    assert [row["predicate_modifier"] for row in rows] == ["Not", "Not"]


def test_no_suitable_target_is_no_term_found_in_the_wanted_system() -> None:
    entry = Entry(source=Source(label="x", target="cim10"), state=State.ACCEPTED, judgement=Judgement(no_target=True))
    row = table(written(entry))[0]
    assert (row["object_id"], row["object_source"]) == ("sssom:NoTermFound", "SYSTEM:cim10")
    assert row["mapping_justification"] == "semapv:ManualMappingCuration"


@pytest.mark.parametrize("state", [State.DRAFT, State.MAPPED, State.IN_REVIEW, State.TO_RECONCILE])
def test_what_is_not_decided_does_not_pose_as_decided(state: State) -> None:
    judgement = Judgement(targets=(Target(system="atc", code="A01"),), no_target=True)
    rows = table(written(Entry(source=Source(label="x"), state=state, judgement=judgement), OPEN))
    assert {row["mapping_justification"] for row in rows} == {
        "semapv:UnspecifiedMatching", "semapv:CompositeMatching", "semapv:LexicalMatching",
    }  # fmt: skip
    assert "skos:exactMatch" not in {row["predicate_id"] for row in rows if row["object_id"] != "sssom:NoTermFound"}


# --- the reference implementation --------------------------------------------------------------


def reference(text: str, caplog: pytest.LogCaptureFixture):
    with warnings.catch_warnings():
        # The reader and its own dependencies are not ours to mend.
        warnings.simplefilter("ignore")
        from sssom.parsers import parse_sssom_table

        with caplog.at_level(logging.ERROR):
            found = parse_sssom_table(io.StringIO(text))
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    return found


HARD = (
    ACCEPTED,
    OPEN,
    Entry(source=Source(system="loinc", code="1-1", label="un\r\n\tdeux"), state=State.ACCEPTED,
          judgement=Judgement(no_target=True), status_by="A | B"),
    Entry(source=Source(code="[x] {y} %é(z)'\"", sender="labo"), state=State.REJECTED,
          judgement=Judgement(targets=(Target(system="http://x.org/s", code="a b", display='dit "oui"'),))),
    Entry(source=Source(label="rien")),
    Entry(source=Source(label="?"), state=State.DRAFT, judgement=Judgement(note="à voir")),
)  # fmt: skip


def test_the_reference_reader_reads_every_row(caplog: pytest.LogCaptureFixture) -> None:
    text = written(*HARD, version="1", date="2026-11-26", tool_version="0.1")
    found = reference(text, caplog)
    assert len(found.df) == sum(map(len, (ACCEPTED.judgement.targets, CANDIDATES))) + 4
    assert {"CIM10:Z01.1", "UCUM:%5BIU%5D/L", "sssom:NoTermFound"} <= set(found.df["object_id"])
    assert found.metadata["mapping_set_id"] == SET["mapping_set_id"]


def test_the_reference_validator_finds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    found = reference(written(*HARD, version="1", date="2026-11-26", tool_version="0.1"), caplog)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sssom.validators import validate

        reports = validate(found, fail_on_error=True)
    assert reports
    assert [result.message for report in reports.values() if report for result in report.results] == []


# --- from elsewhere ----------------------------------------------------------------------------

HEAD = """#curie_map:
#  HP: http://purl.obolibrary.org/obo/HP_
#  ICD: http://hl7.org/fhir/sid/icd-10/
#mapping_set_id: https://example.org/set
#license: https://example.org/l
"""
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence"


def test_what_a_person_curated_is_accepted() -> None:
    row = "HP:01\tun\tskos:exactMatch\t\tICD:A00.1\tsemapv:ManualMappingCuration\t0.9"
    (entry,) = read(COLUMNS, row, head=HEAD).entries
    assert entry.source == Source(system="http://purl.obolibrary.org/obo/HP_", code="01", label="un", target="cim10")
    assert entry.state is State.ACCEPTED
    assert entry.judgement == Judgement(targets=(Target(system="cim10", code="A00.1"),))
    assert (entry.score, entry.line) == (0.9, 7)


def test_what_a_machine_matched_is_a_candidate() -> None:
    (entry,) = read(
        COLUMNS,
        "HP:01\tun\tskos:closeMatch\t\tICD:A00.2\tsemapv:LexicalMatching\t0.4",
        "HP:01\tun\tskos:exactMatch\t\tICD:A00.1\tsemapv:LexicalMatching\t0.9",
        head=HEAD,
    ).entries
    assert (entry.state, entry.judgement) == (State.UNMAPPED, None)
    assert [(each.code, each.probability) for each in entry.proposal.candidates] == [("A00.1", 0.9), ("A00.2", 0.4)]


def test_rows_of_one_subject_are_one_entry_a_target_system() -> None:
    found = read(
        COLUMNS,
        "HP:01\tun\tskos:narrowMatch\t\tICD:A00.1\tsemapv:MappingReview\t",
        "HP:01\tun\tskos:narrowMatch\t\tICD:A00.2\tsemapv:MappingReview\t",
        "HP:01\tun\tskos:exactMatch\tNot\tICD:A00.3\tsemapv:MappingReview\t",
        "HP:01\tun\tskos:exactMatch\t\tLOINC:1-1\tsemapv:MappingReview\t",
        head=HEAD,
    ).entries
    first, second = (entry.judgement for entry in found)
    assert [target.code for target in first.chosen] == ["A00.1", "A00.2"]
    assert [target.code for target in first.refused] == ["A00.3"]
    assert [entry.source.target for entry in found] == ["cim10", "loinc"]
    assert second.codes() == {("target", "loinc", "1-1")}


def test_refusals_alone_are_a_rejection() -> None:
    (entry,) = read(COLUMNS, "\tx\tskos:exactMatch\tNot\tICD:A00.3\tsemapv:ManualMappingCuration\t", head=HEAD).entries
    assert entry.state is State.REJECTED
    assert entry.judgement.targets == (Target(system="cim10", code="A00.3", refused=True),)


def test_no_term_found_by_a_person_is_no_suitable_target() -> None:
    columns = COLUMNS + "\tobject_source"
    rows = ("\tx\tskos:exactMatch\t\tsssom:NoTermFound\tsemapv:ManualMappingCuration\t\tICD:",
            "\ty\tskos:exactMatch\t\tsssom:NoTermFound\tsemapv:LexicalMatching\t\t")  # fmt: skip
    by_person, by_machine = read(columns, *rows, head=HEAD).entries
    assert (by_person.state, by_person.judgement) == (State.ACCEPTED, Judgement(no_target=True))
    assert by_person.source == Source(label="x", target="cim10")
    assert (by_machine.state, by_machine.judgement) == (State.UNMAPPED, None)


@pytest.mark.parametrize("other", ["sssom:NoTermFound\tsemapv:ManualMappingCuration", "ICD:A\tsemapv:MappingReview"])
def test_a_table_against_itself_is_to_reconcile(other: str) -> None:
    modifier = "" if other.startswith("sssom") else "Not"
    columns = COLUMNS + "\tobject_source"
    rows = ("\tx\tskos:exactMatch\t\tICD:A\tsemapv:ManualMappingCuration\t\t",
            f"\tx\tskos:exactMatch\t{modifier}\t{other}\t\tSYSTEM:cim10")  # fmt: skip
    (entry,) = read(columns, *rows, head=HEAD).entries
    assert entry.state is State.TO_RECONCILE


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("ICD:A00.1", ("cim10", "A00.1")),
        ("http://purl.obolibrary.org/obo/HP_7", ("http://purl.obolibrary.org/obo/HP_", "7")),
        ("http://loinc.org/rdf/1-1", ("loinc", "1-1")),
        ("http://who.knows/x#7", ("http://who.knows/x", "7")),
        ("ATC:N02", ("atc", "N02")),
        ("WHAT:7", ("WHAT", "7")),
        ("bare", ("", "bare")),
        ("UCUM:%5BIU%5D/L", ("ucum", "[IU]/L")),
    ],
)
def test_identifiers_are_systems_and_codes(identifier: str, expected: tuple[str, str]) -> None:
    row = f"{identifier}\t\tskos:exactMatch\t\t{identifier}\tsemapv:ManualMappingCuration\t"
    (entry,) = read(COLUMNS, row, head=HEAD).entries
    assert (entry.source.system, entry.source.code) == expected
    (target,) = entry.judgement.targets
    assert (target.system, target.code) == expected


def test_what_the_set_says_holds_for_every_row() -> None:
    head = HEAD + "#mapping_date: 2026-01-02\n#subject_type: rdfs literal\n#mapping_tool: autre\n"
    found = read(COLUMNS, "\tx\tskos:exactMatch\t\tICD:A\tsemapv:ManualMappingCuration\t", head=head)
    (entry,) = found.entries
    assert entry.status_on == "2026-01-02"
    assert (entry.extra, found.meta["mapping_tool"]) == ({}, "autre")
    assert found.meta["id"] == "https://example.org/set"


def test_who_decided_and_who_reviewed_are_kept() -> None:
    columns = COLUMNS + "\tauthor_label\treviewer_id\tcomment\tsee_also\tapart"
    row = "\tx\tskos:exactMatch\t\tICD:A\tsemapv:ManualMappingCuration\t\tAda|Grace\torcid:1\tvu\thttps://x.org\tz"
    (entry,) = read(columns, row, head=HEAD).entries
    assert (entry.status_by, entry.reviewer, entry.judgement.note) == ("Ada, Grace", "orcid:1", "vu")
    assert entry.extra == {"see_also": "https://x.org", "apart": "z"}


@pytest.mark.parametrize(
    ("cell", "expected"), [(r"A\|B", "A|B"), (r"A\\|B", "A\\, B"), (r"A\b|", r"A\b, "), (r"A\\", "A\\")]
)
def test_values_of_one_cell_are_told_apart(cell: str, expected: str) -> None:
    row = f"\tx\tskos:exactMatch\t\tICD:A\tsemapv:ManualMappingCuration\t\t{cell}"
    assert read(COLUMNS + "\tauthor_label", row, head=HEAD).entries[0].status_by == expected


def test_conditions_that_list_values_hold_for_each() -> None:
    columns = COLUMNS + "\tunit\tspecimen"
    row = "\tx\tskos:exactMatch\t\tLOINC:1-1\tsemapv:ManualMappingCuration\t0.9\tmg/L|g/L\turine"
    found = read(columns, row).entries
    assert [(entry.source.unit, entry.source.specimen) for entry in found] == [("mg/L", "urine"), ("g/L", "urine")]


def test_too_many_conditions_at_once_are_a_problem() -> None:
    many = "|".join(map(str, range(201)))
    found = read(COLUMNS + "\tunit", f"\tx\tskos:exactMatch\t\tLOINC:1-1\tsemapv:MappingReview\t\t{many}")
    assert (found.entries, [problem.line for problem in found.problems]) == ((), [2])


def test_old_justifications_are_read() -> None:
    found = read("subject_id\tpredicate_id\tobject_id\tmatch_type", "A:1\tskos:exactMatch\tATC:A\tHumanCurated").entries
    assert found[0].state is State.ACCEPTED


def test_csv_of_a_spreadsheet_is_read() -> None:
    text = (
        '#curie_map:,,,\n"#  ICD: ""http://hl7.org/fhir/sid/icd-10/""",,,\n'
        "subject_id,predicate_id,object_id,mapping_justification\n"
        '"A:1",skos:exactMatch,ICD:A,semapv:ManualMappingCuration\n'
    )
    (entry,) = read_sssom(b"\xef\xbb\xbf" + text.encode(), "x.csv").entries
    assert entry.judgement.codes() == {("target", "cim10", "A")}
    assert read_sssom(text.replace(",", ";").encode(), "x.csv").entries[0].source.code == "1"


def test_metadata_may_be_a_file_of_their_own() -> None:
    beside = (
        b"curie_map:\n  Q: http://hl7.org/fhir/sid/icd-10/\nmapping_set_id: https://x.org/s\ncreator_label: [a, b]\n"
    )
    rows = COLUMNS + "\n\tx\tskos:exactMatch\t\tQ:A\tsemapv:ManualMappingCuration\t\n"
    found = read_sssom(rows.encode(), "x.tsv", beside)
    assert found.entries[0].source.target == "cim10"
    assert found.meta == {"id": "https://x.org/s", "creator_label": "a|b"}


def test_curated_tables_of_semantix_are_read() -> None:
    from semantix.terminology.table_files import COLUMNS as OURS

    cells = {"subject_label": 'dit "x', "subject_type": "rdfs literal", "predicate_id": "skos:exactMatch",
             "object_id": "FHIR_FLAG_STATUS:active", "mapping_justification": "semapv:ManualMappingCuration",
             "author_label": "semantix", "mapping_date": "2026-11-26", "confidence": "0.90",
             "sender": "labo A"}  # fmt: skip
    local = {**cells, "subject_id": "LOCAL:k1", "subject_type": ""}
    act = {**cells, "subject_id": "ANS_X:a", "subject_label": "", "subject_type": "", "sender": ""}
    head = "#curie_map:\n#  FHIR_FLAG_STATUS: http://hl7.org/fhir/flag-status/\n#  ANS_X: 'urn:oid:1.2.3:'\n"
    rows = ["\t".join(row.get(column, "") for column in OURS) for row in (cells, local, act)]
    found = read("\t".join(OURS), *rows, head=head)
    assert [entry.source for entry in found.entries] == [
        Source(label='dit "x', sender="labo A", target="fhir-flag-status"),
        Source(code="k1", label='dit "x', sender="labo A", target="fhir-flag-status"),
        Source(system="1.2.3", code="a", target="fhir-flag-status"),
    ]
    assert {entry.state for entry in found.entries} == {State.ACCEPTED}


# --- what is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("sssom:NoTermFound\t\tskos:exactMatch\t\tICD:A\tsemapv:MappingReview\t", "no subject"),
        ("\t\tskos:exactMatch\t\tICD:A\tsemapv:MappingReview\t", "no subject"),
        ("A:1\t\tskos:exactMatch\t\t\tsemapv:MappingReview\t", "no object_id"),
        ("A:1\t\tskos:exactMatch\tMaybe\tICD:A\tsemapv:MappingReview\t", "predicate_modifier"),
        ("A:1\t\tskos:exactMatch\tNot\tICD:A\tsemapv:LexicalMatching\t", "no person"),
        ("A:1\t\tskos:exactMatch\t\tICD:A\tsemapv:MappingReview\t\tx\ty", "9 cells"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told(row: str, found: str) -> None:
    exchange = read(COLUMNS, row, head=HEAD)
    assert exchange.entries == ()
    assert [(problem.line, found in problem.found) for problem in exchange.problems] == [(7, True)]


def test_an_unknown_predicate_is_related_and_told() -> None:
    exchange = read(COLUMNS, "A:1\t\tex:likes\t\tICD:A\tsemapv:MappingReview\t", head=HEAD)
    assert exchange.entries[0].judgement.targets[0].relation is Relation.RELATED
    assert [type(problem) for problem in exchange.problems] == [Problem]


def test_an_entry_of_ours_that_was_damaged_is_told() -> None:
    text = written(OPEN, ACCEPTED).replace("accepted", "what")
    exchange = read_sssom(text.encode(), "x")
    assert (len(exchange.entries), len(exchange.problems)) == (1, 1)
    assert "zorbose" not in str(exchange.problems)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a\tb\n",
        b"\xff\xfe",
        b"#- x\nsubject_id\tpredicate_id\tobject_id\n",
        b"#a: [\nsubject_id\tpredicate_id\tobject_id\n",
        b"predicate_id\tobject_id\n",
        b"subject_id\tpredicate_id\tobject_id\tobject_id\n",
        b'subject_id,predicate_id,object_id\n"a"b,c,d\n',
    ],
)
def test_what_is_no_sssom_is_refused(data: bytes) -> None:
    with pytest.raises(BadMappings):
        read_sssom(data, "x.tsv")


def test_quotation_marks_that_are_not_those_of_csv_are_text() -> None:
    (entry,) = read(COLUMNS, 'A:1\t"un" deux\tskos:exactMatch\t\tICD:A\tsemapv:MappingReview\t', head=HEAD).entries
    assert entry.source.label == '"un" deux'


@given(st.binary(max_size=60) | st.text(alphabet='#:\t\n",;a|\\-[]{}&*', max_size=60).map(str.encode))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for prefix in (b"", b"#curie_map:\n", COLUMNS.encode() + b"\n"):
        with contextlib.suppress(BadMappings):
            read_sssom(prefix + data, "x.csv")


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(len(words) == 2 and all(words) and words[0] != words[1] for words in LOSSES.values())
