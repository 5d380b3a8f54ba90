"""What both Schematron engines say of a document: one result type, comparable across engines."""

from __future__ import annotations

from msgspec import Struct


class Failed(Struct, frozen=True, kw_only=True, order=True):
    """A failed assert, or a successful report.

    ``location`` is the place in one canonical form for both engines: ``/ClinicalDocument[1]/component[2]/…``, local
    names, each with its place among the siblings of its own expanded name. ``role`` is the rule's own (empty if none).
    ``message`` is the rule's text with the values of the document in it, white space made single: for comparing engines
    only, never shown, logged or kept. ``shown`` is the same text with each value of the document as ``…`` (what can be
    no patient value stays: codes, systems, units, template ids, names of elements). ``rule`` identifies the assert in
    its rule set, stably: layer, pattern, context and test, digested.
    """

    layer: str
    location: str
    role: str
    message: str
    shown: str = ""
    rule: str = ""
    line: int | None = None


class RuleError(Struct, frozen=True, kw_only=True):
    """A rule that could not be evaluated on this document (Saxon stops the layer there): a finding, never silence."""

    layer: str
    location: str
    rule: str
    reason: str


class Verdict(Struct, frozen=True, kw_only=True):
    """What one layer says of one document, in the order of the document for each rule."""

    layer: str
    engine: str
    failed: tuple[Failed, ...] = ()
    errors: tuple[RuleError, ...] = ()
