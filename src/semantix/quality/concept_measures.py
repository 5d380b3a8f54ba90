"""How each concept check is counted; the rows are grouped once a table, however many concepts are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from semantix.quality.measures import TABLE_AND_FIELD, Measure, Part, Pick, Site, bound, grouped, total, where
from semantix.quality.names import Unmeasurable

_NO_ZERO = "(g.unit <> 0 OR g.unit IS NULL)"
_GENDERS = MappingProxyType({"Male": 8507, "Female": 8532})


def _numbers(text: str, what: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise Unmeasurable(f"the definition has a {what} that is not a number") from None


def _one_of(values: tuple[int, ...]) -> str:
    return f"IN ({', '.join(map(str, values))})"


def _concepts(site: Site) -> tuple[int, ...]:
    numbers = _numbers(site.check.concept, "conceptId")
    if not numbers:
        raise Unmeasurable("the definition has no conceptId")
    return numbers


def _texts(values: tuple[int, ...]) -> frozenset[str]:
    return frozenset(map(str, values))


def _gender(site: Site, name: str) -> int:
    # What is not Male is Female, as in the queries of the DataQualityDashboard.
    return _GENDERS.get(site.given(name), _GENDERS["Female"])


def _by_gender(site: Site) -> str:
    field, gender = site.field, site.names.column("person", "gender_concept_id", "o")
    counts = f"SELECT {field} AS v, {gender} AS gender, count(*) AS n FROM {site.beside('person')} GROUP BY 1, 2"
    return f"({counts}) g"


def _implausible_gender(site: Site) -> Measure:
    concepts, right = _concepts(site), _gender(site, "plausibleGender")
    concept = f"g.v {_one_of(concepts)}"
    others = Pick("g.gender", _texts(concepts), but=_texts((right,)))
    return Measure(
        Part(_by_gender(site), total(f"{concept} AND g.gender <> {right}"), others),
        Part(grouped(site), total(concept), Pick("NULL", _texts(concepts))),
    )


def _implausible_gender_of_descendants(site: Site) -> Measure:
    table, names = site.names.vocabulary("concept_ancestor"), site.names
    above, below = (names.column("concept_ancestor", f"{n}_concept_id", "a") for n in ("ancestor", "descendant"))
    lines = f"(SELECT {below} AS d FROM {table} a WHERE {above} {_one_of(_concepts(site))}) a"
    violated = total(f"g.gender <> {_gender(site, 'plausibleGenderUseDescendants')}")
    return Measure(
        Part(f"{_by_gender(site)} JOIN {lines} ON a.d = g.v", violated),
        Part(f"{grouped(site)} JOIN {lines} ON a.d = g.v", "coalesce(sum(g.n), 0)"),
    )


def _implausible_unit(site: Site) -> Measure:
    field, unit = site.field, site.column("unit_concept_id")
    source = f"(SELECT {field} AS v, {unit} AS unit, count(*) AS n FROM {site.rows} GROUP BY 1, 2) g"
    concepts, right = _concepts(site), (*_numbers(site.given("plausibleUnitConceptIds"), "unit"), 0)
    concept = f"g.v {_one_of(concepts)}"
    violated, all_ = total(f"{concept} AND g.unit NOT {_one_of(right)}"), total(f"{concept} AND {_NO_ZERO}")
    return Measure(
        Part(source, violated, Pick("g.unit", _texts(concepts), but=_texts(right))),
        Part(source, all_, Pick("g.unit", _texts(concepts), nonzero=True)),
    )


def _beyond(site: Site, sign: str, name: str) -> Measure:
    value, limit = site.column("value_as_number"), bound(site.given(name), site.today)
    unit = _numbers(site.check.unit, "unitConceptId")
    if not unit:
        raise Unmeasurable("the definition has no unitConceptId")
    chosen = f"{site.field} {_one_of(_concepts(site))} AND {site.column('unit_concept_id')} {_one_of(unit)}"
    return Measure(
        Part(site.rows, where(f"{chosen} AND {value} {sign} {limit}")),
        Part(site.rows, where(f"{chosen} AND {value} IS NOT NULL")),
    )


MEASURES: Mapping[tuple[str, str], Callable[[Site], Measure]] = MappingProxyType(
    {
        **TABLE_AND_FIELD,
        ("CONCEPT", "plausibleGender"): _implausible_gender,
        ("CONCEPT", "plausibleGenderUseDescendants"): _implausible_gender_of_descendants,
        ("CONCEPT", "plausibleUnitConceptIds"): _implausible_unit,
        ("CONCEPT", "plausibleValueLow"): lambda site: _beyond(site, "<", "plausibleValueLow"),
        ("CONCEPT", "plausibleValueHigh"): lambda site: _beyond(site, ">", "plausibleValueHigh"),
    }
)
"""How to count every check whose answer is in the rows, by level and name."""


def measure(site: Site) -> Measure:
    """Say how a check is counted. Raises Unmeasurable."""
    found = MEASURES.get((site.check.kind.level, site.check.kind.name))
    if found is None:
        raise Unmeasurable(f"semantix does not know the check {site.check.kind.name}")
    return found(site)
