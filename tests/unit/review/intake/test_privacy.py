"""What tells of a person is found; what terminologies say is not. All people and numbers here are invented."""

import csv
from pathlib import Path

import pytest

from semantix.identifiers import nir_key
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.intake.privacy import FOUND, is_personal, personal, set_aside
from semantix.review.model import Source

NUMBER = "1540699999001"
KEY = f"{nir_key(NUMBER):02}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NUMBER + KEY, "nir"),
        (f"dossier 1 54 06 99 999 001 {KEY} suivi", "nir"),
        (f"NIR {NUMBER}", "nir"),
        ("à rappeler au 01 99 00 12 34", "phone"),
        ("tél : 0699001234", "phone"),
        ("+33 6 99 00 12 34", "phone"),
        ("écrire à jean.exemple@exemple.org", "email"),
        ("né le 3 mars 1954", "date"),
        ("Née le 03/03/54", "date"),
        ("DDN : 3/3/1954", "date"),
        ("scanner du 12/03/1954", "date"),
        ("scanner 1954-03-12", "date"),
        ("Mme EXEMPLE", "name"),
        ("vu avec Madame Exemple ce jour", "name"),
        ("M. EXEMPLE Jean", "name"),
        ("M. Jean EXEMPLE", "name"),
        ("patient EXEMPLE Jean", "name"),
        ("IPP 8001234567", "patient-number"),
        ("n° de dossier : 1234567", "patient-number"),
    ],
)
def test_what_tells_of_a_person_is_named(text: str, kind: str):
    assert personal(text) == kind
    assert kind in FOUND


@pytest.mark.parametrize(
    "text",
    [
        "", "toux", "Sodium [moles/volume] dans le sérum", "M. TUBERCULOSIS", "Recherche de M. tuberculosis",
        "3400930000021", "1.2.250.1.213.1.1.5.219", "J0190010101", "153000000000000", "A/H1N1 2009", "12/2024",
        "31/02/2020", "1/2/3", "présentation abrogée le 12/03/2020", "arrêté du 12/03/2020", "IPP 40 mg",
        "patient Anticoagulé", "Maladie de Madelung", "5 - 10 - 15 - 20 - 25", "pH@37°C", "0,123456789",
        "madame a de la fièvre", "Pr. EXEMPLE",
    ],
)  # fmt: skip
def test_what_tells_of_nobody_is_left(text: str):
    assert personal(text) == ""


def test_labels_of_terminologies_raise_no_alarm(shared: Path):
    alarms = []
    for path in sorted((shared / "mapping-pairs").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            alarms += [path.name for row in csv.DictReader(file, delimiter="\t") if personal(row["label_fr"])]
    assert alarms == []


def entry(label: str, line: int = 1, **extra: str) -> Entry:
    return Entry(source=Source(label=label), line=line, extra=extra)


def test_entries_that_tell_of_a_person_are_left_out_and_located_without_their_label():
    exchange = Exchange(entries=(entry("toux", 2), entry("Mme EXEMPLE", 3), entry("tél 01 99 00 12 34", 5)))
    kept, aside = set_aside(exchange)
    assert [each.source.label for each in kept.entries] == ["toux"]
    assert [(each.line, each.found) for each in aside] == [(3, FOUND["name"]), (5, FOUND["phone"])]
    assert "EXEMPLE" not in str(aside)
    assert all(map(is_personal, aside))
    assert not is_personal(Problem(1, "a label of 3,000 characters", ""))


def test_codes_are_looked_at_too():
    exchange = Exchange(entries=(Entry(source=Source(code=NUMBER + KEY, label="x"), line=4),))
    kept, aside = set_aside(exchange)
    assert (kept.entries, [each.line for each in aside]) == ((), [4])


def test_other_columns_lose_only_the_cell():
    whole = entry("toux", 2, exemple="Mme EXEMPLE tousse", service="A", vu="2024-03-12")
    named = entry("toux", 3, Prénom="Jean", IPP="12", ddn="2024-03-12")
    kept, aside = set_aside(Exchange(entries=(whole, named, entry("fièvre", 4))))
    assert [dict(each.extra) for each in kept.entries] == [{"service": "A", "vu": "2024-03-12"}, {}, {}]
    assert [(each.line, each.found) for each in aside] == [
        (2, FOUND["name"]), (3, FOUND["name"]), (3, FOUND["patient-number"]), (3, FOUND["patient-number"])
    ]  # fmt: skip
