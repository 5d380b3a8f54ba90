"""Checks of FHIR R4 input."""

from __future__ import annotations
