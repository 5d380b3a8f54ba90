"""Validation: is a source well formed, does it follow the published rules, and is it understood.

``semantix.pipeline.validating.validate`` runs it over files; the names here are what it gives back.
"""

from __future__ import annotations

from semantix.validation._findings import (
    Checked,
    Coverage,
    Finding,
    LayerRun,
    RuleInfo,
    RuleSetInfo,
    ValidationReport,
    finding,
)

__all__ = [
    "Checked",
    "Coverage",
    "Finding",
    "LayerRun",
    "RuleInfo",
    "RuleSetInfo",
    "ValidationReport",
    "finding",
]
