"""Over the published examples: everything is carried, literally, and valid."""

import json
from pathlib import Path

import pytest
from tests.fhir_json import pairs_in, references_in

from semantix.emitters.fhir import FhirOptions, document_bundle, emit, encode
from semantix.ledger import Reason
from semantix.parsers.cda import parse
from semantix.systems import uri


def documents(shared: Path):
    for path in sorted((shared / "corpus").glob("cda-*/*.xml")):
        yield path.name, parse(path.read_bytes(), path.name)


@pytest.mark.slow
def test_every_code_of_the_corpus_is_in_the_output_or_implied(shared):
    forgotten = {}
    for name, document in documents(shared):
        emission = emit(document)
        account = emission.ledger.account(document)
        lost = [x for x in account.losses if x.reason is not Reason.IMPLIED]
        if lost:
            forgotten[name] = len(lost)
        spelt = pairs_in(emission.resources)
        written = {code for _, code in spelt}
        for place in document.coded:
            if place in emission.ledger.carried:
                origin = document.locate(place)
                code = " ".join((origin.code or "").split())
                assert code in written, (name, origin.path)
                systems = {uri(origin.system), f"urn:oid:{origin.system}"} if origin.system else {None}
                assert any((s, code) in spelt for s in systems), (name, origin.path)
    assert forgotten == {}


@pytest.mark.slow
def test_every_reference_of_the_corpus_resolves_and_ids_are_unique(shared):
    for name, document in documents(shared):
        bundle = document_bundle(emit(document, FhirOptions(urn_references=True)), document)
        urls = [e["fullUrl"] for e in bundle["entry"]]
        assert len(set(urls)) == len(urls), name
        assert references_in(json.loads(encode(bundle))) <= set(urls), name


@pytest.mark.slow
def test_every_resource_of_the_corpus_is_valid_r4(shared):
    pytest.importorskip("fhir.resources")
    from semantix.emitters.fhir._r4 import check

    for name, document in documents(shared):
        for resource in emit(document).resources:
            assert check(resource) == [], (name, resource["resourceType"])
