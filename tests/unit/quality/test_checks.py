"""Each check counts what the DataQualityDashboard counts: one passing and one failing case, numbers by hand."""

import pytest
from tests.quality_database import BOUNDARIES, CASES, Case, check, definitions, one

from semantix.quality.outcomes import FAILED, NOT_APPLICABLE, PASSED


def test_every_check_of_the_definitions_has_a_case():
    names = {(kind.level.lower(), kind.name.lower()) for kind in definitions().kinds}
    assert {tuple(case.check.split("_")[:2]) for case in CASES} == names


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_check_passes_on_the_sound_database_and_fails_on_the_broken_one(sound, case: Case):
    result = one(sound, case.check)
    assert (result.status, result.counted.violated, result.counted.denominator) == (PASSED, *case.sound)
    sound.session.execute(case.change)
    result = one(sound, case.check)
    assert (result.status, result.counted.violated, result.counted.denominator) == (FAILED, *case.broken)


@pytest.mark.parametrize(("wanted", "change", "counts"), BOUNDARIES)
def test_check_tolerates_what_is_just_right(sound, wanted: str, change: str, counts: tuple[int, int]):
    sound.session.execute(change)
    result = one(sound, wanted)
    assert (result.status, result.counted.violated, result.counted.denominator) == (PASSED, *counts)


def test_nothing_fails_in_the_sound_database(sound):
    run = check(sound)
    assert [result.check.id for result in run.results if result.status not in {PASSED, NOT_APPLICABLE}] == [
        # Nobody has a record in these tables.
        "table_measurepersoncompleteness_drug_exposure",
        "table_measurepersoncompleteness_procedure_occurrence",
        "table_measurepersoncompleteness_observation",
    ]
