"""The public corpus of the ANS, whole: every document loads, nothing is silently lost, nobody is named."""

import re

import duckdb
import pytest

from semantix import model
from semantix.emitters.omop import OmopOptions, check_database, emit
from semantix.parsers.cda import parse
from semantix.sinks.omop import SinkOptions, open_sink

from .conftest import parts

PLACES = {"country", "city", "county", "postalCode", "state"}
WORDS = re.compile(r"(?i)sortie|admission|laboratoire|patient|infirmi|m[ée]decin|service|clinique")
"""Sample "names" that are ordinary words of titles and labels."""


def identifying(document):
    for part in parts(document):
        if isinstance(part, model.Name):
            yield from (p.value for p in part.parts if p.kind in {"family", "given"})
        elif isinstance(part, model.Identifier):
            yield part.extension or ""
        elif isinstance(part, model.Address):
            yield from (v for k, v in part.parts if k not in PLACES)
        elif isinstance(part, model.Telecom):
            yield part.value or ""
        elif isinstance(part, model.Organization):
            yield from part.names


@pytest.fixture(scope="module")
def documents(shared):
    return [parse(p.read_bytes(), p.name) for p in sorted((shared / "corpus" / "cda-3.0").glob("*.xml"))]


@pytest.fixture(scope="module")
def forbidden(documents):
    found = {s.strip() for d in documents for s in identifying(d)}
    return {s for s in found if len(s) >= 5 and not WORDS.search(s)}


@pytest.mark.parametrize("with_vocabulary", [False, True])
def test_the_corpus_makes_a_sound_database_that_names_nobody(
    documents, forbidden, vocabulary, tmp_path, with_vocabulary
):
    options = OmopOptions(vocabulary=vocabulary if with_vocabulary else None)
    target = tmp_path / "cdm.duckdb"
    sinking = SinkOptions(vocabulary=vocabulary.folder if with_vocabulary else None)
    with open_sink("duckdb", target, sinking) as sink:
        for document in documents:
            sink.write(emit(document, options))
    assert sink.rows["person"] > 5
    assert sink.rows["measurement"] > 500
    with duckdb.connect(str(target), read_only=True) as connection:
        assert len(forbidden) > 300
        assert check_database(connection, forbidden) == []


def test_every_code_and_statement_of_the_model_is_carried_or_explained(documents):
    silent = []
    for document in documents:
        account = emit(document).ledger.account(document)
        assert account.balanced
        lost = [loss for loss in account.losses if loss.reason == "not-carried"]
        if lost:
            read = {
                document.locate(p.at).path for p in parts(document) if isinstance(p, model.Coding | model.Statement)
            }
            silent += [(document.source.name, loss.path) for loss in lost if loss.path in read]
    assert silent == []
