"""HL7's own validator over the FHIR files of a run: after the others, in few processes, each for a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from msgspec import structs

from semantix.errors import UnreadableInput
from semantix.io import Entry, Limits, read
from semantix.validation._findings import Checked, Finding, LayerRun, ValidationReport
from semantix.validation.fhir.official import Validator, find_validator, run_validator

BATCH = 500
"""Files of one process: starting it takes ten seconds."""


def add_official(report: ValidationReport, files: Mapping[str, Entry], jar: Path, limits: Limits) -> None:
    """Have the FHIR ``files`` of a report, by their names, checked by HL7's validator, and add what it says."""
    found: dict[str, tuple[Finding, ...]] = {}
    layers: dict[str, LayerRun] = {}
    validator = find_validator(jar)
    if isinstance(validator, LayerRun):
        layers = dict.fromkeys(files, validator)
    else:
        for batch in _batches(files):
            _run(validator, batch, limits, found, layers)
    report.documents = [_with(each, found, layers) for each in report.documents]


def _batches(files: Mapping[str, Entry]) -> Iterator[dict[str, Entry]]:
    waiting = iter(files.items())
    while batch := dict(islice(waiting, BATCH)):
        yield batch


def _run(
    validator: Validator,
    batch: Mapping[str, Entry],
    limits: Limits,
    found: dict[str, tuple[Finding, ...]],
    layers: dict[str, LayerRun],
) -> None:
    documents: dict[str, bytes] = {}
    for name, entry in batch.items():
        try:
            documents[name] = read(entry, limits)
        except UnreadableInput:
            continue  # told by the run itself
    told = run_validator(validator, documents)
    found |= told.findings
    layers |= dict.fromkeys(documents, told.layer)


def _with(checked: Checked, found: Mapping[str, tuple[Finding, ...]], layers: Mapping[str, LayerRun]) -> Checked:
    layer = layers.get(checked.name)
    if layer is None:
        return checked
    findings = checked.findings + found.get(checked.name, ())
    return structs.replace(checked, findings=findings, layers=(*checked.layers, layer))
