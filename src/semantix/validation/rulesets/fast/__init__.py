"""The fast Schematron engine: XPath 1 over lxml, a few functions in Python, and nothing that it does not know."""

from __future__ import annotations
