"""Dosage texts as FHIR Dosage: a reader of the JSON must do what the text says, and valid R4 it must be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.emitters import fhir, omop
from semantix.emitters.fhir._r4 import check
from semantix.emitters.fhir.bundles import encode
from semantix.model import Document, Identifier, Medication, PartialDate, Patient, Product, Section, TimeSpan
from semantix.parsers._book import Book, source_of
from semantix.parsers._dosing import dosages, supply
from semantix.text.posology import read_posology


def document(text: str, intent: str = "prescribed") -> Document:
    book = Book()
    read = read_posology(text)
    code = book.concept("code", book.coding("code", "J01CA04", "2.16.840.1.113883.6.73", "Amoxicilline"))
    one = Medication(
        at=book.statement("line 1"),
        path="line 1",
        kind="medication",
        intent=intent,
        time=TimeSpan(book.spot("t"), low=PartialDate("20240308", "2024-03-08", book.spot("t"))),
        product=Product(at=book.spot("product"), path="line 1", code=code),
        dosages=dosages(book, "line 1/dosage", read),
        supply_time=supply(book, "line 1", read),
        supply_repeats=read.repeats,
    )
    return book.document(
        source_of(text.encode(), "x", "text/plain"),
        format="test",
        ids=(Identifier("urn:semantix:document", "1"),),
        patient=Patient(at=book.spot("p"), path="p", birth=PartialDate("1970", "1970-01-01", book.spot("p"))),
        time=PartialDate("20240308", "2024-03-08", book.spot("day")),
        sections=(Section(at=book.spot("section"), path="section", statements=(one,)),),
    )


def resource(text: str, intent: str = "prescribed", kind: str = "MedicationRequest"):
    found = document(text, intent)
    emission = fhir.emit(found)
    assert emission.ledger.account(found).balanced
    (one,) = (r for r in emission.resources if r["resourceType"] == kind)
    assert check(one) == []
    return json.loads(encode(one))


def instructions(text: str):
    return resource(text)["dosageInstruction"]


def repeats(text: str):
    return [d.get("timing", {}).get("repeat") for d in instructions(text)]


DAILY = {"period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("text", "repeat"),
    [
        ("1 cp 3 fois par jour", {"frequency": 3, **DAILY}),
        ("1 cp 1 à 2 fois par jour", {"frequency": 1, "frequencyMax": 2, **DAILY}),
        ("1 cp toutes les 4 à 6 h", {"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}),
        ("1 cp 1 jour sur 2", {"frequency": 1, "period": 2, "periodUnit": "d"}),
        ("1 cp matin et soir", {"frequency": 2, **DAILY, "when": ["MORN", "EVE"]}),
        ("1 cp matin et soir 1 jour sur 2", {"frequency": 2, "period": 2, "periodUnit": "d", "when": ["MORN", "EVE"]}),
        ("1 cp 3 fois par jour avant les repas", {"frequency": 3, **DAILY, "when": ["AC"]}),
        ("1 cp avant les repas", {"when": ["AC"]}),
        ("1 cp 30 min avant le dîner", {"frequency": 1, **DAILY, "when": ["ACV"], "offset": 30}),
        ("1 cp 1 h après le dîner", {"frequency": 1, **DAILY, "when": ["PCV"], "offset": 60}),
        ("1 cp le lundi et le jeudi", {"dayOfWeek": ["mon", "thu"]}),
        ("1 cp 2 fois par semaine le lundi et le jeudi", {"dayOfWeek": ["mon", "thu"]}),
        ("1 cp 2 fois par jour le lundi", {"frequency": 2, **DAILY, "dayOfWeek": ["mon"]}),
        ("1 cp le lundi matin", {"dayOfWeek": ["mon"], "when": ["MORN"]}),
        ("1 cp à 8h et 20h", {"timeOfDay": ["08:00:00", "20:00:00"]}),
        (
            "1 cp une fois par semaine à 8h",
            {"frequency": 1, "period": 1, "periodUnit": "wk", "timeOfDay": ["08:00:00"]},
        ),
        ("3 g en une prise unique", {"count": 1}),
        ("3 g le soir, dose unique", {"count": 1, "when": ["EVE"]}),
    ],
)
def test_the_rhythm_is_written_as_it_is_said(text, repeat):
    assert repeats(text) == [repeat]


def days(value):
    return {"value": value, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}


def test_how_long_is_written_as_a_duration_or_a_range_of_them():
    assert repeats("1 cp/j pendant 5 jours")[0]["boundsDuration"] == days(5)
    assert repeats("1 cp/j pendant 5 à 7 jours")[0]["boundsRange"] == {"low": days(5), "high": days(7)}
    assert "timing" not in instructions("3 cp/j")[0]


def test_doses_are_quantities_or_ranges_with_the_unit_that_is_sure():
    assert instructions("1/2 à 1 cp le soir")[0]["doseAndRate"] == [
        {"doseRange": {"low": {"value": 0.5, "unit": "comprimé"}, "high": {"value": 1, "unit": "comprimé"}}}
    ]
    quantity = instructions("10 UI le soir")[0]["doseAndRate"][0]["doseQuantity"]
    assert (quantity["value"], quantity["code"]) == (10, "[iU]")
    assert instructions("1 le soir")[0]["doseAndRate"] == [{"doseQuantity": {"value": 1}}]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60 mg/kg/j en 4 prises", {"value": 60, "unit": "mg/kg/d", "code": "mg/kg/d"}),
        ("3 cp par jour", {"value": 3, "unit": "comprimé/jour"}),
        ("75 mg par semaine", {"value": 75, "unit": "mg/wk", "code": "mg/wk"}),
        ("3 g / 24 h", {"value": 3, "unit": "g/d", "code": "g/d"}),
        ("3/j", {"value": 3, "unit": "unité/jour"}),
    ],
)
def test_a_day_s_dose_is_a_rate_and_no_dose(text, rate):
    (amount,) = instructions(text)[0]["doseAndRate"]
    rate = {**rate, "system": "http://unitsofmeasure.org"} if "code" in rate else rate
    assert amount == {"rateQuantity": rate}


def test_if_needed_keeps_its_reason_and_its_limit():
    (one,) = instructions("2 bouffées si gêne, max 8/j")
    assert one["asNeededCodeableConcept"] == {"text": "gêne"}
    assert one["maxDosePerPeriod"] == {"numerator": {"value": 8, "unit": "bouffée"}, "denominator": days(1)}
    (other,) = instructions("1 cp si besoin")
    assert other["asNeededBoolean"] is True


def test_what_fhir_has_no_place_for_is_an_instruction():
    (one,) = instructions("1 cp matin et soir à jeun, espacer de 8h")
    assert [x["text"] for x in one["additionalInstruction"]] == ["à jeun", "intervalle entre les prises : 8 h"]
    assert one["timing"]["repeat"]["when"] == ["MORN", "EVE"]


def test_route_and_site_stay_words():
    (one,) = instructions("1 goutte dans l'oeil droit le soir")
    assert one["site"] == {"text": "l'oeil droit"}
    assert instructions("1 cp PO le soir")[0]["route"] == {"text": "voie orale"}


def test_steps_are_numbered_and_the_first_holds_the_text():
    text = "3 cp le matin pendant 3 jours puis 2 cp le matin et 1 cp le soir pendant 3 jours"
    found = instructions(text)
    assert [d["sequence"] for d in found] == [1, 2, 2]
    assert [d.get("text") for d in found] == [text, None, None]


def test_a_text_left_alone_is_kept_and_nothing_else():
    assert instructions(" selon INR ") == [{"text": "selon INR"}]
    assert "dosageInstruction" not in resource("")


def test_supply_is_what_to_dispense():
    request = resource("1 cp le soir QSP 3 mois AR 2 fois")["dispenseRequest"]
    assert request["numberOfRepeatsAllowed"] == 2
    assert request["expectedSupplyDuration"]["code"] == "mo"


def test_an_administration_keeps_what_has_no_place_in_its_dosage():
    dosage = resource("1 cp le matin à jeun si besoin", "administered", "MedicationAdministration")["dosage"]
    names = {x["url"].rpartition("/")[2]: x for x in dosage["extension"]}
    assert names["dosage-instruction"]["valueString"] == "à jeun"
    assert names["as-needed"]["valueBoolean"] is True


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1 cp/j QSP 28 jours", 28),
        ("1 cp/j pendant 5 jours", 5),
        ("2 cp le matin et 1 cp le soir pendant 1 semaine", 7),
        ("2 cp/j pendant 3 jours puis 1 cp/j pendant 4 jours", 7),
        ("2 cp/j pendant 3 jours puis 1 cp/j", None),
        ("1 cp/j pendant 5 à 7 jours", None),
    ],
)
def test_days_of_supply_are_those_of_the_text(text, length):
    (row,) = omop.emit(document(text)).rows["drug_exposure"]
    assert row["days_supply"] == length


PARTS = (
    "1 cp|2 à 3 cp|500 mg|60 mg/kg/j|matin|midi et soir|au coucher|3 fois par jour|1 à 2 fois par jour|le lundi|puis"
    "|toutes les 6 h|pendant 5 jours|pendant 5 à 7 jours|si besoin|si douleur|max 6/j|avant les repas|à 8h|en 2 prises"
    "|30 min avant le dîner|QSP 1 mois|dans chaque narine|SC|dose unique|1-0-2|à jeun|espacer de 4h"
).split("|")


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_every_reading_is_valid_and_keeps_its_text(text):
    assert instructions(text)[0]["text"] == text
