"""The results for programs: the JSON of the DataQualityDashboard, which its viewer reads, and a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from semantix.quality.kinds import CATEGORIES
from semantix.quality.outcomes import ERROR, FAILED, NOT_APPLICABLE, PASSED, Result
from semantix.quality.running import QualityRun
from semantix.quality.tallies import is_conformant, tally
from semantix.quality.words import quality_words

COLUMNS = (
    "check_id",
    "check_name",
    "level",
    "category",
    "subcategory",
    "context",
    "severity",
    "table",
    "field",
    "concept_id",
    "unit_concept_id",
    "status",
    "num_violated_rows",
    "num_denominator_rows",
    "pct_violated",
    "threshold",
    "not_applicable_reason",
    "error",
)


def as_csv(run: QualityRun) -> str:
    """Write a row a check; ``pct_violated`` and ``threshold`` are percentages."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(result) for result in run.results)
    return file.getvalue()


def _cells(result: Result) -> tuple[object, ...]:
    check, counted = result.check, result.counted
    kind = check.kind
    return (
        check.id,
        kind.name,
        kind.level,
        kind.category,
        kind.subcategory,
        kind.context,
        kind.severity,
        check.table,
        check.field,
        check.concept,
        check.unit,
        result.status,
        counted.violated,
        counted.denominator,
        "" if counted.violated is None else f"{result.share * 100:.6g}",
        "" if check.threshold is None else f"{check.threshold:g}",
        quality_words("en").inapplicable(result) if result.status == NOT_APPLICABLE else "",
        counted.error if result.status != NOT_APPLICABLE else "",
    )


def as_json(run: QualityRun, version: str, seconds: float) -> str:
    """Write what ``executeDqChecks`` of the DataQualityDashboard 2.x writes: empty cells left out, scalars in lists.

    ``semantix`` is a key of our own: the database, and the definitions with their SHA-256.
    """
    day = f"{run.day} 00:00:00"
    document = {
        "startTimestamp": [day],
        "endTimestamp": [day],
        "executionTime": [f"{seconds:.0f} secs"],
        "executionTimeSeconds": [round(seconds, 3)],
        "CheckResults": [_row(result) for result in run.results],
        "Metadata": [_metadata(run, version)],
        "Overview": {key: [value] for key, value in _overview(run).items()},
        "semantix": {
            "version": version,
            "database": run.database,
            "engine": run.engine,
            "schema": run.schema,
            "vocabularySchema": run.vocabulary_schema,
            "hasVocabulary": run.has_vocabulary,
            "today": str(run.day),
            "conformant": is_conformant(run.results, "characterization"),
            "definitions": {"name": run.definitions.name, "sha256": dict(run.definitions.files)},
        },
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode() + "\n"


def _row(result: Result) -> dict[str, object]:
    return {key: value for key, value in _pairs(result) if value is not None and value != ""}


def _pairs(result: Result) -> Iterator[tuple[str, object]]:
    check, counted = result.check, result.counted
    kind, is_inapplicable = check.kind, result.status == NOT_APPLICABLE
    known = counted.violated is not None
    yield "numViolatedRows", counted.violated
    yield "pctViolatedRows", result.share if known else None
    yield "numDenominatorRows", counted.denominator
    yield "executionTime", f"{counted.seconds:.6f} secs" if known else None
    yield "queryText", counted.sql
    yield "checkName", kind.name
    yield "checkLevel", kind.level
    yield "checkDescription", check.description
    yield "cdmTableName", check.table.upper()
    yield "cdmFieldName", check.field.upper()
    yield "conceptId", check.concept
    yield "unitConceptId", check.unit
    yield "sqlFile", kind.sql_file
    yield "category", kind.category
    yield "subcategory", kind.subcategory
    yield "context", kind.context
    yield "error", None if is_inapplicable else counted.error
    yield "checkId", check.id
    yield "failed", int(result.status == FAILED)
    yield "passed", int(result.status == PASSED)
    yield "isError", int(result.status == ERROR)
    yield "notApplicable", int(is_inapplicable)
    yield "notApplicableReason", quality_words("en").inapplicable(result) if is_inapplicable else None
    yield "thresholdValue", check.threshold
    yield "notesValue", check.notes


def _metadata(run: QualityRun, version: str) -> dict[str, str]:
    """The row of CDM_SOURCE, its columns in camel case."""
    given = {_camel(name): text for name, text in run.source.items()}
    return {"cdmSourceName": run.database, **given, "dqdVersion": f"semantix {version}"}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _overview(run: QualityRun) -> dict[str, float]:
    """The counts of the DataQualityDashboard: ``countPassed`` is all that does not fail, applicable or not."""
    results = run.results
    counted = tally(results)
    by = {name: [result for result in results if result.check.kind.category == name] for name in CATEGORIES}
    total, failed = counted.total, counted.failed
    passed = total - failed
    overview: dict[str, float] = {
        "countTotal": total,
        "countPassed": passed,
        "countErrorFailed": sum(bool(r.counted.error) and r.status != NOT_APPLICABLE for r in results),
        "countThresholdFailed": sum(r.status == FAILED and not r.counted.error for r in results),
        "countOverallFailed": failed,
        "percentPassed": round(passed / total * 100, 2) if total else 0.0,
        "percentFailed": round(failed / total * 100, 2) if total else 0.0,
    }
    overview |= {f"countTotal{name}": len(some) for name, some in by.items()}
    overview |= {f"countFailed{name}": tally(some).failed for name, some in by.items()}
    overview |= {f"countPassed{name}": tally(some).passed for name, some in by.items()}
    return overview
