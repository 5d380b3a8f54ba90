"""Rule sets that the user installs from their official publication: XSD and Schematron, in two engines."""

from __future__ import annotations
