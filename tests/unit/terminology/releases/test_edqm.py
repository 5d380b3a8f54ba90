"""EDQM Standard Terms in JSON."""

import json
from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.edqm import IMPORTER
from semantix.terminology.source import Source

FICT = {
    "code": "99999000",
    "class": "PDF",
    "domain": "Human",
    "english": "Fictitious tablet",
    "translations": [{"language": "fr", "term": "Comprimé fictif"}, {"language": "de", "term": None}],
    "status": "Current",
    "version": 1,
}
OLD = {
    "code": 99998000,
    "class": "PDF",
    "english": "Old tablet",
    "translations": [],
    "status": "Deprecated",
    "replacement": "99999000",
}


def read(folder: Path, content: object) -> list[Record]:
    path = folder / "edqm_2031.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert IMPORTER.claims(Source(path), Hints())
    return list(IMPORTER.read(Source(path), Hints()))


def test_terms_are_concepts_in_french_with_their_english(tmp_path: Path) -> None:
    assert read(tmp_path, {"content": [FICT, OLD, FICT]}) == [
        Concept("edqm", "99999000", "Comprimé fictif", "PDF", properties={"domain": "Human", "status": "Current"}),
        Term("edqm", "99999000", "Fictitious tablet", "synonym", "en"),
        Concept("edqm", "99998000", "Old tablet", "PDF", active=False, properties={"status": "Deprecated"}),
        Term("edqm", "99998000", "Old tablet", "preferred", "en"),
        Successor("edqm", "99998000", "99999000"),
        Skipped("no code, or one already seen", 1, "99999000"),
    ]
    assert IMPORTER.describe(Source(tmp_path / "edqm_2031.json"), Hints()).version == "2031"


def test_a_bare_list_is_read_too(tmp_path: Path) -> None:
    assert len(read(tmp_path, [FICT])) == 2


def test_an_object_without_its_english_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="missing required field"):
        read(tmp_path, [{"code": "1", "translations": [], "x": {"english": ""}}])
