"""Reports of validation: text, JSON, HTML, SARIF, JUnit; baselines; the pages of the rules."""

from __future__ import annotations
