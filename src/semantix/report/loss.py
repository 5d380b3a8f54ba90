"""The loss report as JSON, written document by document so that memory stays flat however long the run.

The schema is in ``docs/reference/loss-report.md``; ``SCHEMA`` changes when a reader would have to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct, field

from semantix.ledger import Account, Loss
from semantix.model import Document, Issue
from semantix.report.figures import Figures, Tally, Unreadable, system_name
from semantix.report.reading import Reading

SCHEMA = "semantix-loss-report/1"

_encode = msgspec.json.Encoder(order="sorted").encode


def encode_document(document: Document, account: Account, figures: Figures, issues: Iterable[Issue]) -> bytes:
    """Encode one document's part of the report."""
    code = document.code.codings[0] if document.code and document.code.codings else None
    return _encode(
        {
            "name": document.source.name,
            "sha256": document.source.sha256,
            "size": document.source.size,
            "format": document.format,
            "code": {"code": code.code, "system": code.system, "display": code.display} if code else None,
            "templates": document.templates,
            "codes": _tally(figures.codes),
            "statements": _tally(figures.statements),
            "by_reason": _by_reason(figures),
            "produced": figures.produced,
            "issues": [msgspec.to_builtins(issue) for issue in issues],
            "losses": [_loss(loss) for loss in account.losses],
        }
        | _mapping(figures)
    )


def _mapping(figures: Figures) -> dict[str, Any]:
    """What the terminology engine added, when it was asked."""
    found = {target: {how: n for how, n in counts.items() if n} for target, counts in figures.decisions()}
    return {"mapping": found} if found else {}


def without_produce(detail: bytes) -> bytes:
    """The part of a document that adds nothing to the output, because the same bytes did before."""
    told = msgspec.json.decode(detail)
    told.pop("mapping", None)
    return _encode(told | {"produced": {}})


def with_issues(detail: bytes, issues: Sequence[Issue]) -> bytes:
    """The part of a document with more doubts about its data."""
    told = msgspec.json.decode(detail)
    return _encode(told | {"issues": [*told["issues"], *map(msgspec.to_builtins, issues)]})


def _tally(tally: Tally) -> dict[str, int]:
    return {"read": tally.read, "carried": tally.carried, "implied": tally.implied, "not_carried": tally.lost}


def _by_reason(figures: Figures) -> dict[str, dict[str, int]]:
    reasons: dict[str, dict[str, int]] = {}
    for (kind, reason), count in figures.reasons.items():
        reasons.setdefault(reason, {"codes": 0, "statements": 0})[f"{kind}s"] = count
    return reasons


def _loss(loss: Loss) -> dict[str, Any]:
    where = "body" if loss.in_body else "header"
    found = {"kind": loss.kind, "xpath": loss.path, "reason": str(loss.reason), "where": where}
    return found | ({"system": loss.system, "code": loss.code} if loss.kind == "code" else {})


class Rest(Struct, frozen=True):
    """What a run has to say besides its documents."""

    unreadable: Sequence[Unreadable] = ()
    ignored: Mapping[str, int] = MappingProxyType({})
    archives: Sequence[tuple[str, tuple[Issue, ...]]] = ()
    readings: Mapping[str, Reading] = MappingProxyType({})
    reading: Reading = field(default_factory=Reading)


def _reading(reading: Reading) -> dict[str, Any]:
    """What became of the lines of a source."""
    return {
        "documents": reading.documents,
        "lines": reading.total,
        "read": reading.read,
        "set_aside": reading.aside,
        "quarantined": reading.quarantined,
        "by_reason": [
            {"reason": reason, "quarantined": quarantined, "lines": count}
            for reason, quarantined, count in reading.by_reason()
        ],
        "examples": [msgspec.to_builtins(one) for one in reading.examples],
    }


class LossReport:
    """Writes the report with ``write`` (a file's method): the documents as they come, then the sums."""

    def __init__(self, write: Callable[[bytes], object], *, version: str, target: str) -> None:
        self._write = write
        self._separator = b"\n"
        opening = {"schema": SCHEMA, "semantix": version, "target": target}
        write(_encode(opening)[:-1] + b',"documents":[')

    def add(self, document: bytes, output: str | None = None) -> None:
        """Add what :func:`encode_document` gave, and the name of the file written for it, if it has its own."""
        self._write(self._separator + _encode({"output": output})[:-1] + b"," + document[1:])
        self._separator = b",\n"

    def close(self, figures: Figures, rest: Rest) -> None:
        """Write the sums and close the JSON object."""
        closing = {
            "totals": {
                "documents": figures.documents,
                "size": figures.size,
                "codes": _tally(figures.codes),
                "statements": _tally(figures.statements),
                "by_reason": _by_reason(figures),
                "produced": figures.produced,
                "mapped": figures.mapped,
                "issues": [
                    {"code": code, "severity": severity, "count": count}
                    for (code, severity), count in sorted(figures.issues.items())
                ],
            }
            | _mapping(figures),
            "by_system": [
                {"name": system_name(oid), "oid": oid or None, **_tally(tally)} for _, oid, tally in figures.systems()
            ],
            "archives": [
                {"name": name, "issues": [msgspec.to_builtins(issue) for issue in issues]}
                for name, issues in rest.archives
            ],
            "unreadable": [msgspec.to_builtins(item) for item in rest.unreadable],
            "ignored": dict(rest.ignored),
            "lines": _reading(rest.reading) if not rest.reading.is_empty else None,
            "sources": [{"name": name, **_reading(reading)} for name, reading in rest.readings.items()],
        }
        self._write(b"\n]," + _encode(closing)[1:] + b"\n")
