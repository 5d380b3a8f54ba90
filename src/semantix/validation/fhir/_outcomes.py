"""What HL7's validator answers, as findings: its texts quote values, which are replaced by ``…``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from semantix.validation._findings import Finding, RuleInfo
from semantix.validation.fhir import words_french as rules

LAYER = "hl7-validator"
_EXTENSIONS = "http://hl7.org/fhir/StructureDefinition/operationoutcome-"
_RULES: Mapping[str, RuleInfo] = MappingProxyType(
    {
        "fatal": rules.VALIDATOR_ERROR,
        "error": rules.VALIDATOR_ERROR,
        "warning": rules.VALIDATOR_WARNING,
        "information": rules.VALIDATOR_NOTE,
    }
)
_MARK = re.compile(r"/\*[^*]*\*/")
_FILTER = re.compile(r"\[url='[^']*'\]|\.where\([^)]*\)")
_STEP = re.compile(r"[A-Za-z][A-Za-z0-9.\[\]():_-]{0,300}")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,80}")
_ALL_OK = re.compile(r"all ok", re.IGNORECASE)

_PUBLISHED = r"https?://(?:[\w.-]+\.)?(?:hl7\.org|hl7\.fr|esante\.gouv\.fr)/[\w./|:-]*"
"""The address of a profile, a value set or an extension: says which rule, names nobody."""
_VALUES = re.compile(
    rf"""(?P<rule>Constraint\ failed:\ [\w-]+:\ '.*')  # the words of a profile
    | (?<=codes\ =\ )[^)]*
    | (?P<address>{_PUBLISHED})(?:\#\S*)?
    | (?:(?<!\w)|(?<=unit))'[^']*(?:'(?=\w)[^']*)*'  # with the apostrophes inside words
    | "[^"]*" | «[^»]*» | “[^”]*” | \{{[^}}]*\}}
    | (?:urn:|https?://)[^\s,;)']+
    | [0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}
    | (?<=\[)\d+(?=\]) | \b\d[\d.,:T+-]+\b""",
    re.VERBOSE | re.IGNORECASE,
)


class Answer(Struct, frozen=True):
    """One message of the validator, as it gives it. ``text`` may quote values of the file."""

    severity: str
    key: str
    place: str
    line: int | None
    text: str


def finding_of(answer: Answer) -> Finding | None:
    """The finding of a message; ``None`` where it says that all is right."""
    rule = _RULES.get(answer.severity)
    if rule is None or _ALL_OK.fullmatch(answer.text.strip()):
        return None
    place = _FILTER.sub("", _MARK.sub("", answer.place))
    shown = place if _STEP.fullmatch(place) else ""
    # An invariant is named by the address of its type and its key.
    name = answer.key.rpartition("#")[2]
    key = name if _KEY.fullmatch(name) else "?"
    facts = {"issue": key, "element": shown.rpartition(".")[2] or "?"}
    return Finding(
        code=rule.code,
        severity=rule.severity,
        layer=LAYER,
        path=shown,
        line=answer.line,
        facts=facts,
        message=masked(answer.text),
    )


def masked(text: str) -> str:
    """A text without the values that it quotes; the words of a profile and published addresses stay."""
    return _VALUES.sub(lambda found: found["rule"] or found["address"] or "…", text)


def answers_of(outcome: Any) -> Iterator[tuple[str, Answer]]:
    """The messages of an OperationOutcome, or of a Bundle of some, each with the file that it is about."""
    if not isinstance(outcome, dict):
        return
    if outcome.get("resourceType") == "Bundle":
        for entry in _objects(outcome.get("entry")):
            yield from answers_of(entry.get("resource"))
        return
    file = str(_extended(outcome, "file") or "")
    for issue in _objects(outcome.get("issue")):
        details = issue.get("details")
        text = details.get("text") if isinstance(details, dict) else issue.get("diagnostics")
        expression = issue.get("expression")
        line = _extended(issue, "issue-line")
        yield (
            file,
            Answer(
                severity=str(issue.get("severity")),
                key=str(_extended(issue, "message-id") or issue.get("code") or ""),
                place=str(expression[0]) if isinstance(expression, list) and expression else "",
                line=line if type(line) is int and line > 0 else None,
                text=str(text or ""),
            ),
        )


def answers_of_line(told: Any) -> Iterator[tuple[str, Answer]]:
    """The messages of one line of the harness of this project (``conformance``)."""
    if not isinstance(told, dict):
        return
    for one in _objects(told.get("messages")):
        line = one.get("line")
        yield (
            str(told.get("file")),
            Answer(
                severity=str(one.get("severity")),
                key=str(one.get("id") or ""),
                place=str(one.get("location") or ""),
                line=line if type(line) is int and line > 0 else None,
                text=str(one.get("text") or ""),
            ),
        )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _extended(holder: dict[str, Any], name: str) -> Any:
    """The value of an extension of HL7's on outcomes."""
    for one in _objects(holder.get("extension")):
        if one.get("url") == f"{_EXTENSIONS}{name}":
            return next((value for key, value in one.items() if key.startswith("value")), None)
    return None
