"""Texts of practice records that say several things: each finding becomes the statement of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.model import Allergy, Immunization, Panel, Problem, Procedure, Statement
from semantix.parsers._findings import Setting, statements
from semantix.parsers.packs.bench import Bench
from semantix.parsers.packs.entries import text_of
from semantix.parsers.packs.expressions import Get
from semantix.parsers.packs.people import date_of
from semantix.text import practice
from semantix.text.practice import Day, Finding

READERS: Mapping[str, Callable[[str], tuple[Finding, ...]]] = MappingProxyType(
    {
        "diagnosis": practice.read_diagnosis,
        "allergy": practice.read_allergy,
        "vaccination": practice.read_vaccination,
        "tobacco": practice.read_tobacco,
        "alcohol": practice.read_alcohol,
        "ald": practice.read_ald,
        "vital-signs": practice.read_vital_signs,
    }
)
DATED = frozenset({"problem", "history", "allergy", "procedure", "immunization"})
"""Findings that begin, or were done, on a day."""


class FindingsPlan(Struct, frozen=True):
    """A text to read, how, and when it was noted."""

    read: str
    text: Get
    section: Get
    time: Get
    unit: Get
    onset: Get

    def make(self, bench: Bench) -> Iterator[tuple[str, Statement]]:
        """Every statement of a text, with the section that it belongs to; what is not read is kept as a comment."""
        text = text_of(self.text(bench.entry))
        if not text:
            return
        noted = date_of(bench.book, f"{bench.path}/noted", self.time(bench.entry))
        setting = Setting(sender=bench.sender, noted=noted)
        found = self._begun(bench, self._findings(bench, text))
        for one in statements(bench.book, bench.path, found, setting):
            yield self._section(one), one

    def _begun(self, bench: Bench, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings, with the date of their row where the text gives none."""
        cell = self.onset(bench.entry)
        if not cell:
            return found
        day = date_of(bench.book, f"{bench.path}/onset", cell)
        if day is None:
            return found
        begins = Day(day.date, day.text)
        return tuple(_dated(one, begins) for one in found)

    def _findings(self, bench: Bench, text: str) -> tuple[Finding, ...]:
        if self.read == "history":
            return practice.read_history(text, section=text_of(self.section(bench.entry)))
        read = READERS.get(self.read)
        if read is not None:
            return read(text)
        return practice.read_measure(self.read, text, unit=text_of(self.unit(bench.entry)))

    def _section(self, one: Statement) -> str:
        if isinstance(one, Problem):
            return "problem" if self.read == "diagnosis" else "history"
        if isinstance(one, Allergy):
            return "allergy"
        if isinstance(one, Panel):
            return "family-history" if one.kind == "family-history" else "vital-sign"
        if isinstance(one, Procedure):
            return "procedure"
        if isinstance(one, Immunization):
            return "immunization"
        return {"comment": "note"}.get(one.kind, one.kind)


def _dated(one: Finding, day: Day) -> Finding:
    """A finding that begins, or was done, on a day, when its text gives no other and does not deny it."""
    if one.negated or one.on is not None or one.start is not None or one.end is not None:
        return one
    return structs.replace(one, on=day) if one.kind in DATED else one
