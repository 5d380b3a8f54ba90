"""Validation: is a source well formed, does it follow the published rules, and is it understood."""

from __future__ import annotations
