"""Quirks 1 to 12: headers, encodings, damage of characters, line ends, marks and missing fields of files."""

from pathlib import Path

import pytest
from tests.quirks.reading import Fact, quirk

GLUCOSE = ("1.30 g/L", "g/L", ("0.74", "1.06"), "H", "2024-01-15", ("53049-3",))
DAMAGED = "SX320"


def told(fact: Fact) -> tuple[str | None, str | None, tuple[str | None, str | None], str | None, str | None, object]:
    return fact.value, fact.ucum, fact.range, fact.flag, fact.when, fact.loinc


def test_quirk_01_header_of_12_or_13_lines_or_after_a_routing_record(tmp_path: Path) -> None:
    found = quirk("01-header", tmp_path)
    people = {(one.family, one.given, one.birth, one.numbers) for one in found.people}
    assert people == {
        ("TESTARD", "Amélie", "1957-03-14", ("P0042",)),
        ("LESSARD", "Irène", "1948-11-02", ("P0043",)),
        ("MARTEAU", "Simone", "1971-06-30", ("P0044",)),
    }
    assert [told(fact) for fact in found.facts] == [GLUCOSE] * 3
    assert {fact.system for fact in found.facts} == {"labtil"}
    assert found.aside() == {"structure": 9, "blank": 6, "administrative": 1}
    assert found.doubts() == set()


def test_quirk_02_extensions_of_any_case_and_a_pdf_renamed(tmp_path: Path) -> None:
    found = quirk("02-extensions", tmp_path)
    assert [told(fact) for fact in found.facts] == [GLUCOSE]
    assert {one.family for one in found.people} == {"TESTARD", "LESSARD"}
    (refused,) = found.report.unreadable
    assert refused.name.endswith("scan.hpr")
    assert "PDF" in refused.message
    assert set(found.aside()) == {"structure", "blank"}


def test_quirk_03_four_encodings_in_one_feed(tmp_path: Path) -> None:
    found = quirk("03-encodings", tmp_path)
    people = {(one.family, one.given) for one in found.people}
    assert people == {("HÉBRARD", "Zoé"), ("ESTÈVE", "Joëlle"), ("QUÉMÉNER", "Loïc"), ("MÉRIGNAC", "François")}
    assert {(fact.label, fact.value, fact.loinc, fact.notes) for fact in found.facts} == {
        ("Créatininémie", "9.1 mg/L", ("2160-0",), ("Contrôle à prévoir : fonction rénale altérée, traité",))
    }
    assert len(found.facts) == 4


def test_quirk_04_cp850_leaks_as_bytes_and_as_characters(tmp_path: Path) -> None:
    found = quirk("04-cp850", tmp_path)
    for who in ("TESTARD", "LESSARD"):
        facts = found.of(who)
        assert list(facts) == ["Hémoglobine glycosylée", "Créatinine"]
        assert facts["Hémoglobine glycosylée"].value == "6.1 %"
        assert facts["Hémoglobine glycosylée"].loinc == ("4548-4",)
        assert facts["Créatinine"].notes == ("Prélèvement reçu à 9 h, équilibre à réévaluer",)
    assert found.doubts() == {DAMAGED}


def test_quirk_05_iso646_signs_that_stand_for_letters(tmp_path: Path) -> None:
    found = quirk("05-iso646", tmp_path)
    assert found.people[0].given == "Amélie"
    assert found.fact("GLYCEMIE à jeun").loinc == ("53049-3",)
    assert found.fact("GLYCEMIE à jeun").notes == ("Prise en charge à réévaluer",)
    assert found.fact("Protéinurie").text == "Négatif"
    assert found.doubts() == {DAMAGED}


def test_quirk_06_entities_line_breaks_and_half_encoded_labels(tmp_path: Path) -> None:
    found = quirk("06-entities", tmp_path)
    assert found.people[0].given == "Amélie"
    assert found.fact("Créatinine").loinc == ("2160-0",)
    assert found.fact("Créatinine").notes == ("Contrôle dans 3 mois",)
    assert found.fact("Urée sérique").value == "0.35 g/L"
    assert (found.fact("CRP").value, found.fact("CRP").high) == ("<5 mg/L", "5")
    assert found.doubts() == {DAMAGED}


def test_quirk_07_rtf_residue_is_undone_where_it_has_one_reading(tmp_path: Path) -> None:
    found = quirk("07-rtf", tmp_path)
    assert found.people[0].given == "Amélie"
    assert found.fact("Hémoglobine").loinc == ("718-7",)
    assert found.fact("Hémoglobine").notes == ("Taux élevé\nContrôle ˇ",)
    assert found.fact("CRP").notes == (r"Revoir \'87",)
    assert found.doubts() == {DAMAGED}


def test_quirk_08_lost_accents_are_kept_as_they_came_and_told(tmp_path: Path) -> None:
    found = quirk("08-lossy", tmp_path)
    values = {fact.label: (fact.value, fact.loinc) for fact in found.facts}
    assert values == {
        "Cholest,rol total": ("2.10 g/L", ()),
        "Hmoglobine glyque": ("6.1 %", ()),
        "Cr?atinine": ("9.1 mg/L", ()),
    }
    assert found.doubts() == {DAMAGED}


def test_quirk_09_line_ends_of_mac_and_mixtures(tmp_path: Path) -> None:
    found = quirk("09-line-ends", tmp_path)
    for who in ("TESTARD", "LESSARD"):
        assert [told(fact) for fact in found.of(who).values()] == [GLUCOSE]
    assert {fact.label: fact.value for fact in found.of("").values()} == {"Créatinine": "9.4 mg/l", "CRP": "<0.5 mg/l"}
    assert found.report.reading.total == 16 + 16 + 2
    assert found.doubts() == set()


def test_quirk_10_lab_mark_indented_or_absent(tmp_path: Path) -> None:
    found = quirk("10-lab-mark", tmp_path)
    assert [told(fact) for fact in found.facts] == [GLUCOSE] * 2
    assert found.aside()["structure"] == 5


def test_quirk_11_many_records_and_text_after_an_end_mark(tmp_path: Path) -> None:
    found = quirk("11-end-marks", tmp_path)
    assert [told(fact) for fact in found.of("TESTARD").values()] == [GLUCOSE]
    assert found.of("LESSARD")["SODIUM"].value == "140 mmol/L"
    assert found.aside() == {"!unknown-kind": 1, "structure": 6, "blank": 4}
    (stray,) = [one for one in found.report.reading.examples if one.quarantined]
    assert stray.where == "line 31"


def test_quirk_12_results_without_label_or_last_fields(tmp_path: Path) -> None:
    found = quirk("12-missing-fields", tmp_path)
    bare = next(fact for fact in found.facts if fact.local == "CT33")
    assert (bare.value, bare.text, bare.absent) == (None, None, "unknown")
    assert found.fact("SODIUM").value == "140 mmol/L"
    assert found.fact("POTASSIUM").range == ("3.5", None)
    assert (found.fact("CHLORE").value, found.fact("CHLORE").loinc) == ("102", ())
    assert len(found.facts) == 4


@pytest.mark.parametrize("name", ["01-header", "03-encodings", "09-line-ends", "11-end-marks"])
def test_the_same_fixture_twice_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    assert quirk(name, tmp_path / "one").bytes == quirk(name, tmp_path / "two").bytes
