"""Findings that a vendor knows and accepts for now: kept in a file, so that only new ones count.

The file is JSON: sorted, one accepted finding a line, without any patient value. A finding is known again by its code,
the name of its document, its place without the numbers in it, and its facts: lines that move and elements that come
before it do not make it new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from semantix.errors import BadTable
from semantix.validation._findings import Checked, Finding, ValidationReport

FORMAT = "semantix-baseline/1"
_POSITIONS = re.compile(r"\[\d+\]|(?<=\bline) \d+|(?<=\brow) \d+|(?<=\brecord) \d+")
_COUNTING = frozenset({"count", "line", "lines", "row", "rows", "number", "total"})
"""Facts that change when something else of the document does."""


class Key(Struct, frozen=True, order=True):
    """What a finding is known by, from one run to the next."""

    code: str
    document: str
    path: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Accepted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So many findings of one key."""

    code: str
    document: str
    path: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    count: int = 1

    @property
    def key(self) -> Key:
        """What the findings are known by."""
        return Key(self.code, self.document, self.path, tuple(sorted(self.facts.items())))


class Baseline(Struct, frozen=True, kw_only=True):
    """All findings that are accepted. ``day`` is the day of the run that they were written from."""

    format: str
    day: str
    accepted: tuple[Accepted, ...] = ()


def key_of(finding: Finding, document: str) -> Key:
    """Return what a finding is known by: its place without positions, its facts without counts."""
    facts = tuple(sorted((name, value) for name, value in finding.facts.items() if name not in _COUNTING))
    return Key(finding.code, document.replace("\\", "/"), _POSITIONS.sub("", finding.path), facts)


def write_baseline(report: ValidationReport) -> str:
    """Write the findings of a report as a baseline."""
    counts = Counter(key_of(found, checked.name) for checked in report.documents for found in checked.findings)
    lines = [
        msgspec.json.encode(
            Accepted(code=key.code, document=key.document, path=key.path, facts=dict(key.facts), count=count)
        ).decode()
        for key, count in sorted(counts.items())
    ]
    body = ",\n".join(f"  {line}" for line in lines)
    accepted = f"[\n{body}\n]" if lines else "[]"
    return f'{{\n"format": "{FORMAT}",\n"day": "{report.day}",\n"accepted": {accepted}\n}}\n'


def parse_baseline(text: str | bytes) -> Baseline:
    """Read a baseline; raises BadTable when it is none."""
    try:
        baseline = msgspec.json.decode(text, type=Baseline)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadTable(f"not a baseline of findings: {error}; write one with --write-baseline") from None
    if baseline.format != FORMAT:
        raise BadTable(f"a baseline of the format {baseline.format[:40]!r} was found, {FORMAT!r} was expected")
    return baseline


def apply_baseline(report: ValidationReport, baseline: Baseline) -> ValidationReport:
    """Take the accepted findings out of a report, and count them as known, document by document.

    Where a key is accepted so many times, as many findings of it are known, in the order of the document; the others
    are new.
    """
    left = _counts(baseline)
    documents = [_without_known(checked, left) for checked in report.documents]
    return msgspec.structs.replace(report, documents=documents)


def stale_entries(report: ValidationReport, baseline: Baseline) -> tuple[Accepted, ...]:
    """Return what the baseline accepts and the run, before ``apply_baseline``, no longer finds, with how many times.

    What it says of documents that were not in the run is not stale.
    """
    left = _counts(baseline)
    for checked in report.documents:
        left.subtract(key_of(found, checked.name) for found in checked.findings)
    names = {checked.name.replace("\\", "/") for checked in report.documents}
    return tuple(_stale(baseline, left, names))


def _stale(baseline: Baseline, left: Counter[Key], names: set[str]) -> Iterator[Accepted]:
    for entry in baseline.accepted:
        if entry.document in names and left[entry.key] > 0:
            yield msgspec.structs.replace(entry, count=left[entry.key])


def _counts(baseline: Baseline) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for entry in baseline.accepted:
        counts[entry.key] += entry.count
    return counts


def _without_known(checked: Checked, left: Counter[Key]) -> Checked:
    new = []
    for found in checked.findings:
        key = key_of(found, checked.name)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(found)
    known = len(checked.findings) - len(new)
    return msgspec.structs.replace(checked, findings=tuple(new), known=checked.known + known) if known else checked
