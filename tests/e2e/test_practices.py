"""Twenty synthetic practices of different software go through one call to one database; the counts are the truth.

The truth is what each practice wrote down (``tests/practices``): patients with results, results counted once however
often they were sent, and for each label the codes that a reader may give it. A code outside them is a wrong one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from msgspec import Struct
from tests.practices import delimited, documents, dumps, messages, spreadsheets
from tests.practices.content import ANALYTES, Practice, make
from tests.practices.records import records_of

from semantix import Options, RunReport, convert

SEED = 20
WRITERS: dict[str, Callable[[Path, Practice], None]] = {
    "hprim-tagged": messages.tagged,
    "hprim-routed": messages.routed,
    "hprim-prose": messages.prose,
    "mediwin": messages.concatenated,
    "hprim-sante": messages.hprim_sante,
    "hl7": messages.hl7,
    "mail": messages.mailed,
    "fhir-bundles": messages.bundles,
    "fhir-bulk": messages.bulk,
    "eo-medecin": documents.eo_medecin,
    "portability": documents.portability,
    "hellodoc": delimited.hellodoc,
    "axisante": delimited.axisante,
    "mediclick": delimited.mediclick,
    "mediclick-old": delimited.mediclick_old,
    "crossway": spreadsheets.crossway,
    "ict": spreadsheets.ict,
    "medimust": dumps.medimust,
    "medshakeehr": dumps.medshakeehr,
    "mediboard-oxpivot": dumps.mediboard_oxpivot,
}
ANALYTES_OF = {"crossway": spreadsheets.SI_ANALYTES}
"""Its export has no units: what it holds is in those of the SI."""
WITH_RECORDS = {"medshakeehr", "mediboard-oxpivot"}
"""Exports that hold whole records: their vital signs are measurements too."""
LOINC = "http://loinc.org"


class Ran(Struct):
    """One run over all practices, and what they are."""

    practices: dict[str, Practice]
    folder: Path
    report: RunReport


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("practices")
    practices = {}
    for name, write in WRITERS.items():
        practices[name] = make(name, SEED, analytes=ANALYTES_OF.get(name, ANALYTES))
        (folder / "in" / name).mkdir(parents=True)
        write(folder / "in" / name, practices[name])
    report = convert([folder / "in"], folder / "cdm.duckdb", Options(target="omop"))
    return Ran(practices, folder, report)


def expected(name: str, practice: Practice) -> tuple[int, int]:
    """Patients and results that a faithful reader finds; prose without a unit stays words, on purpose."""
    results = [one for one in practice.results if name != "hprim-prose" or one.unit]
    signs = records_of(practice).truth.signs if name in WITH_RECORDS else 0
    return len({one.person.number for one in results}), len(results) + signs


def test_there_are_twenty_software(ran: Ran) -> None:
    assert len(ran.practices) >= 20


def test_the_counts_of_every_practice_are_the_truth(ran: Ran) -> None:
    rows = """
        SELECT s.care_site_source_value, count(DISTINCT p.person_id), count(m.measurement_id)
        FROM person p JOIN care_site s USING (care_site_id) JOIN measurement m USING (person_id)
        GROUP BY ALL
    """
    with duckdb.connect(str(ran.folder / "cdm.duckdb"), read_only=True) as cdm:
        found = {name: (people, results) for name, people, results in cdm.execute(rows).fetchall()}
    assert found == {name: expected(name, practice) for name, practice in ran.practices.items()}


def test_every_line_is_accounted_for_and_nothing_is_refused(ran: Ran) -> None:
    reading = ran.report.reading
    assert (ran.report.unreadable, reading.unaccounted, reading.quarantined) == ([], 0, 0)
    assert reading.total > 4_000


def test_no_laboratory_label_gets_a_wrong_code(ran: Ran, tmp_path: Path) -> None:
    convert([ran.folder / "in"], tmp_path / "out", Options(format="ndjson"))
    right: dict[tuple[str, str], set[str]] = {}
    for analyte in (*ANALYTES, *spreadsheets.SI_ANALYTES):
        for label in analyte.labels:
            right.setdefault((label, analyte.unit), set()).update(analyte.right)
    verdicts: Counter[str] = Counter()
    wrong: set[tuple[str, str, str]] = set()
    with (tmp_path / "out" / "Observation.ndjson").open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            label = next((c["display"] for c in one["code"].get("coding", ()) if c.get("display")), None)
            label = one["code"].get("text") or label
            amount = one.get("valueQuantity")
            if amount is None or (label, amount.get("unit", "")) not in right:
                continue
            codes = [c["code"] for c in one["code"]["coding"] if c["system"] == LOINC]
            verdicts["coded" if codes else "abstained"] += 1
            wrong |= {(label, amount.get("unit", ""), code) for code in codes} - {
                (label, amount.get("unit", ""), code) for code in right[label, amount.get("unit", "")]
            }
    assert wrong == set()
    assert verdicts["coded"] > 10 * verdicts["abstained"] > 0
    known = sum(expected(name, practice)[1] for name, practice in ran.practices.items())
    assert verdicts.total() > 0.9 * known
