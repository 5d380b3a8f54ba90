"""What the OHDSI data-quality checks are: their names, levels, Kahn categories, severities, and where each applies.

Source of the facts: OHDSI DataQualityDashboard 2.8.4 (Apache-2.0), check descriptions of CDM 5.4. The descriptions are
our own words; ``@name`` stands for a cell of the row that a check comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from semantix.errors import BadDefinitions

LEVELS = ("TABLE", "FIELD", "CONCEPT")
SEVERITIES = ("fatal", "convention", "characterization")
"""From the gravest to the mildest."""
CATEGORIES = ("Plausibility", "Conformance", "Completeness")
CONTEXTS = ("Verification", "Validation")
_CONDITION = re.compile(r"\s*(\w+)\s*(==|!=)\s*(['\"])(.*?)\3\s*")


class Condition(Struct, frozen=True):
    """``column == value`` or ``column != value``. An empty cell meets neither, as R filters a missing value."""

    column: str
    equal: bool
    value: str

    def holds(self, row: Mapping[str, str]) -> bool:
        """Say whether a row meets the condition."""
        cell = row.get(self.column, "")
        return bool(cell) and (cell == self.value) is self.equal


class Kind(Struct, frozen=True):
    """One of the checks, before it is applied to a table, a field or a concept."""

    level: str
    name: str
    context: str
    category: str
    subcategory: str
    severity: str
    applies: tuple[Condition, ...]
    description: str
    sql_file: str = ""

    def concerns(self, row: Mapping[str, str]) -> bool:
        """Say whether the check is wanted for a row of its level."""
        return all(condition.holds(row) for condition in self.applies)


def parse_filter(text: str) -> tuple[Condition, ...]:
    """Read ``isForeignKey=='Yes' & fkDomain!=''``, the form in which check descriptions say where a check applies."""
    conditions = []
    for part in text.split("&"):
        found = _CONDITION.fullmatch(part)
        if found is None:
            raise BadDefinitions(
                f"evaluationFilter {text!r}: expected comparisons such as isRequired=='Yes', joined by &"
            )
        column, sign, _, value = found.groups()
        conditions.append(Condition(column, sign == "==", value))
    return tuple(conditions)


_KINDS = """\
TABLE cdmTable Verification Conformance Relational fatal cdmTableName!=''
  The table @cdmTableName is there.
TABLE measurePersonCompleteness Validation Completeness - convention @=='Yes'
  Persons without any record in @cdmTableName.
TABLE measureConditionEraCompleteness Validation Completeness - convention @=='Yes'
  Persons with a mapped condition and no condition era.
TABLE measureObservationPeriodOverlap Verification Plausibility Temporal fatal @=='Yes'
  Persons whose observation periods overlap or follow each other without a gap.
FIELD cdmField Verification Conformance Relational fatal cdmFieldName!=''
  The field @cdmFieldName is in the table @cdmTableName.
FIELD isRequired Validation Conformance Relational fatal @=='Yes'
  Records of @cdmTableName without @cdmFieldName, which is required.
FIELD cdmDatatype Verification Conformance Value fatal @=='integer'
  Records of @cdmTableName whose @cdmFieldName is not a whole number.
FIELD isPrimaryKey Verification Conformance Relational fatal @=='Yes'
  Records of @cdmTableName that share their @cdmFieldName, a primary key, with another.
FIELD isForeignKey Verification Conformance Relational fatal @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is not found in @fkTableName.
FIELD fkDomain Verification Conformance Value convention isForeignKey=='Yes' & @!=''
  Records of @cdmTableName whose @cdmFieldName is not a concept of the domain @fkDomain.
FIELD fkClass Verification Conformance Computational convention isForeignKey=='Yes' & @!=''
  Records of @cdmTableName whose @cdmFieldName is not a concept of the class @fkClass.
FIELD isStandardValidConcept Verification Conformance Value convention @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is not a standard and valid concept.
FIELD measureValueCompleteness Verification Completeness - characterization @=='Yes'
  Records of @cdmTableName without @cdmFieldName.
FIELD standardConceptRecordCompleteness Verification Completeness - convention @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is 0, or missing where the source has a value.
FIELD sourceConceptRecordCompleteness Verification Completeness - convention @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is 0, or missing where the source has a value.
FIELD sourceValueCompleteness Verification Completeness - convention @=='Yes'
  Distinct values of @cdmFieldName in @cdmTableName that are mapped to 0.
FIELD plausibleValueLow Verification Plausibility Atemporal characterization @!=''
  Records of @cdmTableName whose @cdmFieldName is below @plausibleValueLow.
FIELD plausibleValueHigh Verification Plausibility Atemporal characterization @!=''
  Records of @cdmTableName whose @cdmFieldName is above @plausibleValueHigh.
FIELD plausibleTemporalAfter Verification Plausibility Temporal characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is before @plausibleTemporalAfterFieldName.
FIELD plausibleDuringLife Verification Plausibility Temporal characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is more than 60 days after death.
FIELD withinVisitDates Verification Plausibility - characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is more than a week outside of their visit.
FIELD plausibleAfterBirth Verification Plausibility Temporal characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is before birth.
FIELD plausibleBeforeDeath Verification Plausibility Temporal characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is more than 60 days after death.
FIELD plausibleStartBeforeEnd Verification Plausibility Temporal characterization @=='Yes'
  Records of @cdmTableName whose @cdmFieldName is after @plausibleStartBeforeEndFieldName.
CONCEPT plausibleGender Validation Plausibility Atemporal characterization @!=''
  Records of concept @conceptId of persons whose gender is not @plausibleGender.
CONCEPT plausibleGenderUseDescendants Validation Plausibility Atemporal characterization @!=''
  Records of descendants of @conceptId of persons whose gender is not @plausibleGenderUseDescendants.
CONCEPT plausibleUnitConceptIds Verification Plausibility Atemporal characterization @Threshold!=''
  Records of concept @conceptId whose unit is none of @plausibleUnitConceptIds.
"""
"""Level, name, context, category, subcategory, severity and filter (``@`` is the name); below, what is counted."""


def builtin_kinds() -> tuple[Kind, ...]:
    """The checks of CDM 5.4, in the order in which the DataQualityDashboard lists them."""
    lines = _KINDS.strip().splitlines()
    return tuple(_kind(head, words) for head, words in zip(lines[::2], lines[1::2], strict=True))


def _kind(head: str, description: str) -> Kind:
    level, name, context, category, subcategory, severity, wanted = head.split(" ", 6)
    return Kind(
        level=level,
        name=name,
        context=context,
        category=category,
        subcategory="" if subcategory == "-" else subcategory,
        severity=severity,
        applies=parse_filter(wanted.replace("@", name)),
        description=description.strip(),
    )
