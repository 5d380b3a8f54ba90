"""Held-out drug labels: written as pharmacies do, seeded."""

import random

from semantix.terminology.drugs import DrugLabel
from semantix.terminology.matching.drug_examples import abbreviated, free_text, misspelt

LABEL = DrugLabel(("fictolanine",), makers=("biogaran",))
NAME = "FICTOLANINE BIOGARAN L.P. 2,5 mg, comprimé pelliculé"


def written(count: int = 300) -> set[str]:
    rng = random.Random(1)
    return {abbreviated(NAME, LABEL, rng).lower() for _ in range(count)}


def test_abbreviations_glue_doses_drop_makers_and_shorten_forms() -> None:
    assert {"fictolanine lp 2,5mg cpr pell", "fictolanine lp cp 2,5 mg"} <= written()


def test_some_abbreviations_have_no_dose_or_a_pack() -> None:
    found = written()
    assert "fictolanine lp cpr" in found
    assert any("bte 30" in one for one in found)


def test_a_form_without_abbreviation_is_written_or_left_out() -> None:
    rng = random.Random(1)
    found = {abbreviated("FICTOL 5 mg, forme fictive", DrugLabel(("fictol",)), rng).lower() for _ in range(100)}
    assert {"fictol 5 mg forme fictive", "fictol 5 mg"} <= found


def test_bare_names_are_brands_or_substances() -> None:
    rng = random.Random(2)
    found = {free_text(DrugLabel(("fictol",)), ("zoxatine",), rng).lower() for _ in range(60)}
    assert {"fictol", "zoxatine"} <= found


def test_short_words_are_never_misspelt() -> None:
    assert misspelt("abc 12", random.Random(1)) == "abc 12"
    assert misspelt("fictol", random.Random(1)) != "fictol" or misspelt("fictol", random.Random(2)) != "fictol"


def test_the_same_seed_writes_the_same() -> None:
    assert written() == written()
