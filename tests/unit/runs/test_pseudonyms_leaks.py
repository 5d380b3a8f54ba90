"""Nothing that identifies somebody in a source is in what is emitted, whatever the format and the target."""

import re
from collections import Counter

import pytest
from tests.unit.runs.pseudonym_cases import KEY, ROOT, documents_in, identities_in, labels_in, sentences_in

from semantix.emitters import fhir, omop
from semantix.emitters.fhir._r4 import check
from semantix.parsers import parse
from semantix.runs.pseudonyms import Policy, Pseudonymiser

ENGINE = Pseudonymiser(Policy(project="cohorte", shift_days=30), KEY)
STILL = Pseudonymiser(Policy(project="cohorte", cap=0, birth="day"), KEY)


def emitted(document):
    """All that targets write of a document, of every kind."""
    made = []
    for options in (fhir.FhirOptions(), fhir.FhirOptions(urn_references=True)):
        emission = fhir.emit(document, options)
        made += [fhir.document_bundle(emission, document), fhir.transaction_bundle(emission, document)]
    rows = [omop.emit(document, omop.OmopOptions(keep_text=keep)) for keep in (False, True)]
    told = [(x.name, x.key, x.sha256, x.day, x.rows, x.trace, x.issues, x.open_visits) for x in rows]
    return b"\n".join(map(fhir.encode, made)).decode(), repr(told)


def leaks_of(document):
    """What is in the output of the original, and in a label of no one: words of the language are no leak."""
    told = ENGINE.apply(document)
    output = "\n".join(emitted(told)).casefold()
    labels = "\n".join(labels_in(told)).casefold()
    found = []
    for value in identities_in(document):
        word = value.casefold()
        if word not in output or word in labels or (word.isdigit() and len(word) < 6):
            continue
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", output):
            found.append(value)
    found += [text for text in sentences_in(document) if text.casefold() in output and text.casefold() not in labels]
    return found


def as_fhir(document):
    """The same document as the FHIR reader has it."""
    emission = fhir.emit(document, fhir.FhirOptions(urn_references=True))
    data = fhir.encode(fhir.document_bundle(emission, document))
    return parse(data, "MARTIN-Bundle.json")


EXAMPLES = list(documents_in(ROOT / "examples" / "cda", ROOT / "examples" / "sources" / "laboratoire", practice="Zed"))


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda one: one.source.name.rpartition("/")[2])
def test_no_identity_of_an_example_is_emitted(document):
    assert identities_in(document)
    assert leaks_of(document) == []


@pytest.mark.parametrize("document", EXAMPLES[:3], ids=lambda one: one.source.name.rpartition("/")[2])
def test_no_identity_of_a_fhir_document_is_emitted(document):
    read = as_fhir(document)
    assert len(identities_in(read)) > 5
    assert leaks_of(read) == []


def test_the_search_finds_what_a_document_names():
    document = EXAMPLES[0]
    output = "\n".join(emitted(document))
    assert sum(value in output for value in identities_in(document)) > 10
    assert any(text in output for text in sentences_in(document))


@pytest.mark.parametrize("name", ["hl7v2", "hprim", "pn13"])
def test_no_identity_of_the_corpus_is_emitted(shared, name):
    for document in documents_in(shared / "corpus" / name, practice="Cabinet Zorglub"):
        assert leaks_of(document) == [], document.source.name


def test_no_identity_of_the_clinical_documents_is_emitted(shared):
    paths = sorted((shared / "corpus").glob("cda-*/*.xml"), key=lambda path: path.stat().st_size)[:70:10]
    for document in documents_in(*paths):
        assert leaks_of(document) == [], document.source.name


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda one: one.source.name.rpartition("/")[2])
def test_what_is_emitted_is_valid_and_says_as_much(document):
    told = STILL.apply(document)
    before, after = fhir.emit(document), fhir.emit(told)
    assert [fault for one in after.resources for fault in check(one)] == []
    kinds = [Counter(one["resourceType"] for one in made.resources) for made in (before, after)]
    assert kinds[0] - Counter({"Binary": 99}) == kinds[1] - Counter({"Binary": 99})
    assert len(omop.emit(told).rows["person"]) == 1
    rows = [{table: len(some) for table, some in omop.emit(one).rows.items()} for one in (document, told)]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda one: one.source.name.rpartition("/")[2])
def test_every_code_is_carried_or_its_absence_told(document):
    told = STILL.apply(document)
    for emit in (fhir.emit, omop.emit):
        before, after = emit(document).ledger.account(document), emit(told).ledger.account(told)
        assert after.balanced
        gone = sum(str(loss.reason) == "pseudonymised" for loss in after.losses)
        assert before.codes_carried - after.codes_carried <= gone
        assert all(loss.code is None for loss in after.losses if str(loss.reason) == "pseudonymised")
