"""The report of a run for programs: JSON whose keys ``docs/reference/run-report.md`` explains."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from semantix.runs.reporting.figures import OTHER, Codes, Group, QualityFigures, Share

FORMAT = 1
"""Raised when a key changes its meaning or goes; new keys do not raise it."""
POOLED = "*"
"""The name of what is pooled."""
_DIGITS = 6


def to_json(figures: QualityFigures) -> bytes:
    """The figures as JSON, keys sorted: the same figures are the same bytes."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "run": _rounded(msgspec.to_builtins(figures.facts, enc_hook=_plain))
        | {"documents_per_second": round(figures.facts.pace, 3)},
        "limits": msgspec.to_builtins(figures.limits),
        "total": _share(figures.total),
        "before": _share(figures.before),
        "targets": figures.targets,
        "groups": {name: [_group(group) for group in groups] for name, groups in figures.dimensions.items()},
        "differing": {
            name: [
                {"dimension": dimension, "name": _name(group.name)}
                for dimension, group in figures.differing(of_facts=of_facts)
            ]
            for name, of_facts in (("documents", False), ("facts", True))
        },
        "unmapped_codes": _codes(figures.unmapped),
        "new_codes": _codes(figures.new_codes),
        "gone_codes": _codes(figures.gone_codes),
        "drift": msgspec.to_builtins(figures.drift),
        "practices_watched": figures.watched,
    }
    encoded = msgspec.json.encode(told, order="sorted", enc_hook=_plain)
    return msgspec.json.format(encoded, indent=1) + b"\n"


def _plain(value: object) -> dict[str, Any]:
    """A read-only mapping as a plain one."""
    assert isinstance(value, MappingProxyType)
    return dict(value)


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}


def _share(share: Share) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(share),
        "facts": share.facts,
        "unmapped_share": round(share.unmapped_share, _DIGITS),
    }


def _group(group: Group) -> dict[str, Any]:
    told = {"name": _name(group.name), **_share(group.share), "contrast": msgspec.to_builtins(group.contrast)}
    return told | {"pooled": group.pooled} if group.pooled else told


def _codes(codes: Codes) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(codes)
    return told


def _name(name: str) -> str:
    return POOLED if name == OTHER else name
