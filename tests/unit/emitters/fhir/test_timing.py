"""Schedules: what is excluded, crossed, offset or lasts must not be read for something else."""

import pytest

from semantix.model import Dosage, Medication, Observation, Range, TimeSpan, Timing

OWN = "https://semantix.example/fhir/StructureDefinition/"
EVENT = "2.16.840.1.113883.5.139"


def extensions(r, name, among="extension"):
    return [x for x in r.get(among, ()) if x["url"] == f"{OWN}{name}"]


def span(m, low=None, high=None, width=None):
    return TimeSpan(
        at=m.at(),
        low=m.date(low) if low else None,
        high=m.date(high) if high else None,
        width=width and m.quantity(*width),
    )


def every(m, value, unit, **fields):
    return Timing(at=m.at(), period=m.quantity(value, unit), **fields)


def at_event(m, code, offset=None, **fields):
    return Timing(at=m.at(), event=m.coding(code, EVENT), offset=offset, **fields)


@pytest.fixture
def written(m, resource):
    """The Timings of one dosage with these timings."""

    def find(*timings, bounds=None):
        dosage = Dosage(at=m.at(), timings=timings, bounds=bounds)
        r = resource("MedicationRequest", m.make(Medication, "medication", intent="prescribed", dosages=(dosage,)))
        return [d["timing"] for d in r["dosageInstruction"]]

    return find


# --- phases -------------------------------------------------------------------------------------------------------


def test_the_width_of_a_phase_is_how_long_each_occurrence_lasts(m, written):
    cycle = every(m, "28", "d", phase=span(m, "2024-01-08", width=("21", "d")))
    (timing,) = written(cycle, bounds=span(m, "2024-01-01", "2024-06-30"))
    assert (timing["repeat"]["duration"], timing["repeat"]["durationUnit"]) == (21, "d")
    assert timing["repeat"]["boundsPeriod"] == {"start": "2024-01-01", "end": "2024-06-30"}
    assert extensions(timing, "timing-phase")[0]["valuePeriod"]["start"] == "2024-01-08"


@pytest.mark.parametrize(
    "ends", [{"width": ("30", "min")}, {"high": "2024-01-01T08:30:00+01:00"}, {"high": "2024-01-01T07:30:00Z"}]
)
def test_an_hour_and_a_length_of_each_day_are_both_said(m, written, ends):
    (timing,) = written(every(m, "1", "d", phase=span(m, "2024-01-01T08:00:00+01:00", **ends)))
    assert timing["repeat"]["timeOfDay"] == ["08:00:00"]
    assert (timing["repeat"]["duration"], timing["repeat"]["durationUnit"]) == (30, "min")
    assert "extension" not in timing
    assert not any(key.startswith("bounds") for key in timing["repeat"])


def test_a_phase_between_two_days_is_kept_whole(m, written):
    (timing,) = written(every(m, "28", "d", phase=span(m, "2024-01-08", "2024-01-29")))
    assert "boundsPeriod" not in timing["repeat"]
    assert extensions(timing, "timing-phase")[0]["valuePeriod"] == {"start": "2024-01-08", "end": "2024-01-29"}


def test_a_first_occurrence_is_a_start_unless_the_treatment_has_one(m, written):
    (alone,) = written(every(m, "2", "d", phase=m.when("2024-01-08")))
    assert alone["repeat"]["boundsPeriod"] == {"start": "2024-01-08"}
    (limited,) = written(every(m, "2", "d", phase=m.when("2024-01-08")), bounds=span(m, "2024-01-01", "2024-06-30"))
    assert limited["repeat"]["boundsPeriod"]["start"] == "2024-01-01"
    assert extensions(limited, "timing-phase")[0]["valueDateTime"] == "2024-01-08"


def test_a_length_that_is_no_time_is_no_duration(m, written):
    (timing,) = written(every(m, "1", "d", phase=span(m, "2024-01-01T08:00:00+01:00", width=("1", "x"))))
    assert "duration" not in timing["repeat"]
    assert extensions(timing, "timing-phase")


# --- sets ---------------------------------------------------------------------------------------------------------


def test_an_excluded_interval_limits_nothing(m, written):
    pause = Timing(at=m.at(), bounds=span(m, "2024-06-10", "2024-06-15"), operator="E")
    for rest in ((every(m, "1", "d", operator="A"),), (at_event(m, "HS"),), ()):
        (timing,) = written(pause, *rest, bounds=span(m, "2024-06-01", "2024-06-30"))
        assert timing["repeat"]["boundsPeriod"] == {"start": "2024-06-01", "end": "2024-06-30"}
        (excluded,) = extensions(timing, "excluded-timing", "modifierExtension")
        assert excluded["valueTiming"]["repeat"] == {"boundsPeriod": {"start": "2024-06-10", "end": "2024-06-15"}}


def test_an_excluded_group_is_excluded_whole(m, written):
    group = Timing(at=m.at(), operator="E", parts=(every(m, "1", "wk"), at_event(m, "HS", operator="A")))
    (timing,) = written(every(m, "1", "d"), group)
    assert (timing["repeat"]["period"], timing["repeat"]["periodUnit"]) == (1, "d")
    assert "when" not in timing["repeat"]
    (excluded,) = extensions(timing, "excluded-timing", "modifierExtension")
    assert (excluded["valueTiming"]["repeat"]["periodUnit"], excluded["valueTiming"]["repeat"]["when"]) == (
        "wk",
        ["HS"],
    )


def test_what_one_group_excludes_another_does_not(m, written):
    day, week = every(m, "1", "d"), every(m, "1", "wk")
    group = Timing(at=m.at(), parts=(day, at_event(m, "HS", operator="E")))
    first, second = written(group, week)
    assert "modifierExtension" in first
    assert "modifierExtension" not in second


def test_an_event_on_the_days_of_a_period_is_one_timing(m, written):
    (timing,) = written(every(m, "2", "d"), at_event(m, "HS", operator="A"))
    assert timing["repeat"] == {"frequency": 1, "period": 2, "periodUnit": "d", "when": ["HS"]}
    assert timing["code"]["coding"][0]["code"] == "HS"


def test_an_event_or_a_period_are_two_timings(m, written):
    first, second = written(every(m, "2", "d"), at_event(m, "HS"))
    assert ("when" in first["repeat"], "when" in second["repeat"]) == (False, True)


def test_an_hour_and_an_event_are_not_both_elements(m, written):
    eight = every(m, "1", "d", phase=m.when("2024-01-01T08:00:00+01:00"))
    (timing,) = written(eight, at_event(m, "ACM", m.quantity("-1", "h"), operator="A"))
    assert timing["repeat"]["timeOfDay"] == ["08:00:00"]
    assert "when" not in timing["repeat"]
    assert timing["code"]["coding"][0]["code"] == "ACM"
    assert extensions(timing, "timing-offset")


def test_a_timing_as_a_value_keeps_its_further_rhythms(m, resource):
    value = Timing(at=m.at(), parts=(every(m, "1", "d"), every(m, "1", "wk")))
    r = resource("Observation", m.make(Observation, code=m.concept("1"), values=(value,)))
    kept = extensions(r, "statement-value")[0]["valueTiming"]
    assert kept["repeat"]["periodUnit"] == "d"
    assert extensions(kept, "further-timing")[0]["valueTiming"]["repeat"]["periodUnit"] == "wk"


# --- offsets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("event", "minutes"), [("ACM", "-30"), ("ACM", "30"), ("HS", "30"), ("PCV", "0")])
def test_an_offset_that_the_event_places_is_an_offset(m, written, event, minutes):
    (timing,) = written(at_event(m, event, m.quantity(minutes, "min")))
    assert timing["repeat"]["offset"] == abs(int(minutes))
    assert "extension" not in timing


@pytest.mark.parametrize(
    ("event", "value", "unit"), [("HS", "-1", "h"), ("PCM", "-1", "h"), ("CM", "1", "h"), ("HS", "30", "s")]
)
def test_an_offset_that_fhir_would_read_otherwise_is_kept_apart(m, written, event, value, unit):
    (timing,) = written(at_event(m, event, m.quantity(value, unit)))
    assert "offset" not in timing["repeat"]
    assert extensions(timing, "timing-offset")[0]["valueQuantity"]["value"] == int(value)


def test_an_offset_of_two_bounds_is_no_single_one(m, written):
    (timing,) = written(at_event(m, "ACM", Range(m.quantity("-60", "min"), m.quantity("-30", "min"), m.at())))
    assert "offset" not in timing["repeat"]
    assert extensions(timing, "timing-offset")[0]["valueRange"]["low"]["value"] == -60


def test_two_events_with_two_offsets_are_two_timings(m, written):
    found = written(at_event(m, "ACM", m.quantity("-30", "min")), at_event(m, "HS", m.quantity("1", "h")))
    assert [(t["repeat"]["when"], t["repeat"]["offset"]) for t in found] == [(["ACM"], 30), (["HS"], 60)]


def test_a_schedule_left_to_the_institution_says_so(m, written):
    (timing,) = written(every(m, "8", "h", institution_specified=True))
    assert extensions(timing, "institution-specified")[0]["valueBoolean"] is True
