"""The rows of curated tables as values: what is claimed of which subject, under which conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix import systems
from semantix.errors import BadTable
from semantix.terminology import ucum
from semantix.terminology.codes import canonical
from semantix.terminology.table_files import LOCAL, Line, TableFile, split_curie, system_of
from semantix.terminology.text import fold
from semantix.terminology.units import kind_of

STRENGTH: Mapping[str, int] = MappingProxyType(
    {"exactMatch": 4, "closeMatch": 3, "broadMatch": 2, "narrowMatch": 1, "relatedMatch": 0}
)
"""Predicates, the strongest highest."""
_PREDICATES = {f"skos:{name}": name for name in STRENGTH}


UnitClass = tuple[str, ucum.Dimension, bool]
"""A kind of quantity, its dimension, and whether it is for a body surface of 1.73 m2.

Units of one class differ by a factor only: mass and moles stay apart, and so do ``%`` and ``mmol/mol``.
"""


PRESENCE = "[Presence]"
"""The property of a LOINC code that answers "is it there?", as its official name says it."""


class Row(Struct, frozen=True, gc=False):
    """One claim on a code of a system, or on a label (``code`` is empty); ``refused`` is the ``Not`` modifier.

    ``predicate`` is without its ``skos:``. Conditions are tuples of the values that are allowed, empty for any; a unit
    is met by any of the classes of those listed. The label of a row with a code and a sender is a condition too.
    ``is_presence``: the official name of the target, in the comment, says that it answers "is it there?": a number with
    a unit is an answer to another question.
    """

    system: str
    code: str
    label: str
    predicate: str
    refused: bool
    target_system: str
    target: str
    confidence: float
    comment: str
    sender: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    specimen: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    unit_classes: frozenset[UnitClass] = frozenset()
    table: str = ""
    version: str = ""
    is_presence: bool = False

    @property
    def specificity(self) -> int:
        """How many conditions the row has; a sender counts for more than all others together."""
        return 10 * bool(self.sender) + bool(self.unit) + bool(self.specimen) + bool(self.section)

    @property
    def source(self) -> str:
        """The table and its version, for evidence."""
        return f"{self.table}@{self.version}"


def rows_of(table: TableFile, name: str, version: str) -> Iterator[Row]:
    """Turn the lines of a table into rows. Raises BadTable at the first that cannot mean anything."""
    reader = _Reader(table, name, version)
    for number, line in zip(table.numbers, table.rows, strict=True):
        yield reader.row(number, line)


class _Reader:
    """Reads the lines of one table; what repeats from line to line is read once."""

    def __init__(self, table: TableFile, name: str, version: str) -> None:
        self.name = name
        self.version = version
        self.sources = {prefix: _declared(prefix, base) for prefix, base in table.curie_map.items()}
        self.targets: dict[str, str] = {}
        self.values: dict[str, tuple[str, ...]] = {"": ()}
        self.classes: dict[str, frozenset[UnitClass]] = {"": frozenset()}

    def row(self, number: int, line: Line) -> Row:
        prefix, code = split_curie(line.object_id)
        target = self.targets.get(prefix) or self.targets.setdefault(prefix, system_of(prefix))
        if not target or not code or not (line.subject_id or line.subject_label):
            raise self._bad(number, "no subject, or a target that is not PREFIX:code with a known prefix")
        prefix, subject = split_curie(line.subject_id)
        predicate = _PREDICATES.get(line.predicate_id, "")
        if not predicate or line.predicate_modifier not in {"", "Not"}:
            raise self._bad(number, "the predicate or its modifier is not one that tables use")
        if prefix == LOCAL and not line.sender:
            raise self._bad(number, "a local code means nothing without its sender")
        system = (self.sources.get(prefix) or system_of(prefix)) if prefix else ""
        return Row(
            system,
            code_key(system, subject) if subject else "",
            line.subject_label,
            predicate,
            line.predicate_modifier == "Not",
            target,
            code,
            self._confidence(number, line),
            line.comment,
            tuple(map(fold, self._values(line.sender))) if line.sender else (),
            self._values(line.unit),
            self._values(line.specimen),
            self._values(line.section),
            self._classes(number, line.unit),
            self.name,
            self.version,
            PRESENCE in line.comment,
        )

    def _values(self, cell: str) -> tuple[str, ...]:
        found = self.values.get(cell)
        if found is None:
            found = self.values[cell] = tuple(cell.split("|"))
        return found

    def _classes(self, number: int, cell: str) -> frozenset[UnitClass]:
        found = self.classes.get(cell)
        if found is None:
            classes = [unit_class(code) for code in self._values(cell)]
            found = self.classes[cell] = frozenset(each for each in classes if each is not None)
            if None in classes:
                raise self._bad(number, "a unit that is not a UCUM code")
        return found

    def _confidence(self, number: int, line: Line) -> float:
        try:
            return float(line.confidence or 0)
        except ValueError:
            raise self._bad(number, "the confidence is not a number from 0.00 to 1.00") from None

    def _bad(self, number: int, problem: str) -> BadTable:
        return BadTable(f"{self.name}: line {number}: {problem}; `semantix tables lint` tells all of them")


def unit_class(code: str) -> UnitClass | None:
    """The class of a UCUM code, or ``None`` when it is not one."""
    size = ucum.size_of(code)
    return None if size is None else (kind_of(code), size.dimension, "1.73" in code)


def _declared(prefix: str, base: str) -> str:
    """The key of a subject's system: ours when there is one, else the OID or URI that the table declares."""
    own = system_of(prefix)
    if own and not own.startswith(("v3-", "ans-", "fhir-")):
        return own
    return system_key(base.rstrip("/#:|"))


def system_key(written: str) -> str:
    """The key of a system written as a key, OID or URI; an unknown one as written, without ``urn:oid:``."""
    text = written.strip()
    known = systems.find(text)
    return known.key if known else text.removeprefix("urn:oid:")


def code_key(system: str, code: str) -> str:
    """The form in which codes of a system are compared; local codes are compared in upper case."""
    return code.strip().upper() if system == "local" else canonical(system, code)
