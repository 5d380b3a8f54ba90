"""What became of the lines of a source, and what its readers doubted, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from semantix.identifiers import has_nir_shape
from semantix.model import ASIDE, Issue, SetAside
from semantix.report import Reading
from semantix.report.words import ASIDE_WORDS
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.form import words_lines as rules
from semantix.validation.form._places import line_in, line_of

_DIGITS = re.compile(r"\d+")
"""What a reader says of a line may count its days or its months: no number of it is shown."""
_LONG = re.compile(r"[0-9][0-9AB]{12,14}")
_UNREMARKABLE = frozenset({"blank", "structure", "administrative", "acknowledgement", "description"})
"""Reasons that need no look: nothing of a patient was ever there."""
_NO_READER = "unknown-kind"
"""The reason of what has a kind that no reader converts."""


def from_issue(issue: Issue, root: etree._Element | None = None) -> Finding:
    """A doubt of a reader: ``SX012`` becomes ``SX-READ-012``. ``message`` is what the reader says, in English.

    ``root`` is the tree that the path of the issue leads into, when there is one: it gives the line.
    """
    return Finding(
        code=f"SX-READ-{issue.code.removeprefix('SX')}",
        severity=issue.severity,
        layer="form",
        path=_LONG.sub(_unless_nir, issue.path),
        line=line_in(issue.path) if root is None else line_at(root, issue.path),
        message=issue.message,
    )


def _unless_nir(found: re.Match[str]) -> str:
    """A place may be named by the id of a resource, and that be the number of the patient."""
    return "…" if has_nir_shape(found[0]) else found[0]


def line_at(root: etree._Element, path: str) -> int | None:
    """The line of the element at a path of local names and positions (``/ClinicalDocument[1]/id[2]/@root``).

    ``root`` may be any element of the tree: paths begin at its top.
    """
    steps = [step for step in path.split("/") if step and not step.startswith("@")]
    root = root.getroottree().getroot()
    element: etree._Element | None = root
    if not steps or steps[0].partition("[")[0] != str(root.tag).rpartition("}")[2]:
        return None
    for step in steps[1:]:
        name, _, position = step.partition("[")
        number = position.rstrip("]") or "1"
        if not number.isdecimal() or element is None:
            return None
        named = [one for one in element.iterchildren(etree.Element) if one.tag.rpartition("}")[2] == name]
        element = named[int(number) - 1] if 0 < int(number) <= len(named) else None
    return line_of(element) if element is not None else None


def from_reading(reading: Reading, *, is_fhir: bool = False) -> Iterator[Finding]:
    """What became of the lines of a file: what was quarantined, place by place, then what was set aside by reason.

    A resource of FHIR (``is_fhir``) that no reader converts is no defect of the file.
    """
    told: dict[str, int] = {}
    for one in reading.examples:
        if one.quarantined:
            told[one.reason] = told.get(one.reason, 0) + one.lines
            is_right = is_fhir and one.reason == _NO_READER
            yield _made(rules.NOT_CONVERTED if is_right else rules.QUARANTINED, one)
    for reason, quarantined, lines in reading.by_reason():
        left = lines - told.get(reason, 0)
        if quarantined and left > 0:
            is_right = is_fhir and reason == _NO_READER
            yield _made(rules.NOT_CONVERTED if is_right else rules.QUARANTINED, SetAside("", left, reason))
        elif not quarantined and reason not in _UNREMARKABLE:
            yield _made(rules.SET_ASIDE, SetAside("", lines, reason))
    if reading.unaccounted:
        yield finding(rules.UNACCOUNTED, layer="form", lines=str(reading.unaccounted))
    if reading.total and not reading.documents and reading.total > reading.quarantined + reading.aside:
        yield finding(rules.NOTHING_READ, layer="form", lines=str(reading.total))


def _made(rule: RuleInfo, one: SetAside) -> Finding:
    reason, french = ASIDE.get(one.reason, one.reason), ASIDE_WORDS.get(one.reason, one.reason)
    facts = {"lines": str(max(one.lines, 1)), "reason": reason, "reason_fr": french}
    return Finding(
        code=rule.code,
        severity=rule.severity,
        layer="form",
        path=_LONG.sub(_unless_nir, one.where),
        line=line_in(one.where),
        facts=facts,
        message=_DIGITS.sub("…", one.message),
    )
