"""A warehouse that lives through histories, and a judge that keeps all of them in memory and knows no database.

:class:`Judge` says which documents count from the papers themselves, by the rules of :mod:`tests.runs_model`;
:class:`Warehouse` has the engine do the same and tells what its targets hold.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
from tests.runs_documents import INS, Paper, ins, write
from tests.runs_model import components, naive_fates
from tests.runs_warehouse import KEY, around, plan_in

from semantix.runs.conduct import Outcome, resume, start
from semantix.runs.model import DocumentFacts, Fate
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register, documents, journal
from semantix.runs.sealing import Seal
from semantix.runs.upkeep import exclude, retry, undo

LOCAL = "1.2.250.1.999.8"
"""The system of the numbers that a practice of these histories gives."""
Fact = tuple[str, str, float, str]
"""Birth of the person, code, value, day."""


@dataclass(frozen=True)
class Sheet(Paper):
    """A paper whose patient is known by a national number, by that of a practice, or by both."""

    is_national: bool = True
    is_local: bool = False
    is_cut: bool = False
    """Only the half of it was received."""

    @property
    def born(self) -> str:
        """Each person has a birth of its own, as OMOP tells nothing else of them."""
        return f"19{50 + int(self.person)}-03-12"

    @property
    def subjects(self) -> tuple[str, ...]:
        """The numbers of its patient, as a list of people to leave out has them."""
        national = (ins(self.person),) if self.is_national else ()
        return (*national, *((f"{LOCAL}|{self.person}",) if self.is_local else ()))

    @property
    def data(self) -> bytes:
        """Its bytes."""
        whole = write(replace(self, birth=self.born.replace("-", ""), family=f"NOMPROPRE{self.person}X"))
        national = f'<id root="{INS}" extension="{ins(self.person)}"/>'
        wanted = national if self.is_national else ""
        wanted += f'<id root="{LOCAL}" extension="{self.person}"/>' if self.is_local else ""
        whole = whole.replace(national.encode(), wanted.encode())
        return whole[: len(whole) // 2] if self.is_cut else whole

    @property
    def facts(self) -> list[Fact]:
        """What a target must hold of it."""
        day = date.fromisoformat(f"{self.day[:4]}-{self.day[4:6]}-{self.day[6:]}").isoformat()
        return [(self.born, code, float(value), day) for code, value in self.results]


# --- the judge ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A file that was read: when, and what it held then; ``noted`` is what it held when it was last looked for."""

    order: int
    file: int
    sheet: Sheet
    noted: Sheet


@dataclass
class Judge:
    """What is on disk, what was read of it, and what to be back at when a run is taken back."""

    disk: dict[str, Sheet] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    pasts: list[dict[str, Known]] = field(default_factory=list)
    met: set[tuple[str, ...]] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    clock: int = 0

    def run(self) -> None:
        """Everything that differs from what is known is read, in the order of paths."""
        self.pasts.append(dict(self.known))
        for path in sorted(self.known.keys() - self.disk.keys()):
            del self.known[path]
        for path in sorted(self.disk):
            if path not in self.known or self.known[path].noted != self.disk[path]:
                self._read(path, self.clock + 1, self.disk[path])

    def retry(self) -> None:
        """What could not be read is read again, as it is now."""
        self.pasts.append(dict(self.known))
        for path in sorted(self.bad, key=lambda one: self.known[one].file):
            self._read(path, self.known[path].file, self.known[path].noted)

    def undo(self) -> None:
        """What was known before the last run that is not taken back."""
        self.known = self.pasts.pop()

    def _read(self, path: str, file: int, noted: Sheet) -> None:
        self.clock += 1
        sheet = self.disk.get(path, replace(noted, is_cut=True))
        self.known[path] = Known(self.clock, file, sheet, noted)
        if not sheet.is_cut:
            self.met.add(sheet.subjects)

    @property
    def bad(self) -> list[str]:
        """The files in quarantine."""
        return [path for path, one in self.known.items() if one.sheet.is_cut]

    @property
    def left_out(self) -> set[str]:
        """The numbers of those who are left out, under all that they were met with."""
        found = set(self.asked)
        several = [set(one) for one in self.met]
        for group in components(several):
            numbers = set().union(*(several[rank] for rank in group))
            found |= numbers if numbers & self.asked else set()
        return found

    @property
    def kept(self) -> list[Known]:
        """The documents of everybody else."""
        gone = self.left_out
        return [one for one in self.known.values() if not one.sheet.is_cut and not gone & set(one.sheet.subjects)]

    @property
    def fates(self) -> dict[str, int]:
        """How many documents have each fate."""
        return dict(Counter(fate.value for fate in self._fates().values()))

    @property
    def facts(self) -> Counter[Fact]:
        """What each target must hold."""
        fates = self._fates()
        live = (one.sheet for one in self.kept if fates[one.order] is Fate.LIVE)
        return Counter(fact for sheet in live for fact in sheet.facts)

    def _fates(self) -> dict[int, Fate]:
        return naive_fates([_facts(one) for one in self.kept])


def _facts(one: Known) -> DocumentFacts:
    """What the rules of the judge ask of a paper, without reading it."""
    sheet = one.sheet
    person = sheet.subjects[0]
    return DocumentFacts(
        id=one.order,
        file=0,
        key=sheet.number.encode(),
        content=sha256(sheet.data).digest(),
        subject=person.encode(),
        set_key=f"{sheet.set_id} of {person}".encode() if sheet.set_id else None,
        version=sheet.version or None,
        moment=f"{sheet.day[:4]}-{sheet.day[4:6]}-{sheet.day[6:]}T09:15:00Z",
        replaces=(sheet.replaces.encode(),) if sheet.replaces else (),
    )


# --- accidents ------------------------------------------------------------------------------------------------------


class Crash(BaseException):
    """What stops a run in the middle."""


class Bomb:
    """Goes off at a step: something asked of the system, or an entry of the journal, before or after it is written."""

    _EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})

    def __init__(self) -> None:
        self.left = 0
        self._is_hooked = False

    @contextmanager
    def armed(self, steps: int) -> Iterator[None]:
        """Raise :class:`Crash` at a step, counted from 1; 0 is never."""
        if not self._is_hooked:
            sys.addaudithook(self._event)
            self._is_hooked = True
        append = journal.append

        def told(*arguments: Any) -> str:
            self._step()
            digest = append(*arguments)
            self._step()
            return digest

        with mock.patch.object(journal, "append", told):
            self.left = steps
            try:
                yield
            finally:
                self.left = 0

    def _event(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not self.left:
            return
        flags = arguments[2] if name == "open" else 0
        if name in self._EVENTS or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
            self._step()

    def _step(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise Crash


BOMB = Bomb()


# --- the warehouse --------------------------------------------------------------------------------------------------


class Warehouse:
    """A folder of inputs, a plan over it, and the state and targets that runs leave."""

    def __init__(self, folder: Path, kinds: tuple[str, ...] = ("duckdb", "fhir")) -> None:
        self.folder = folder
        self.kinds = kinds
        (folder / "in").mkdir(parents=True, exist_ok=True)

    @property
    def plan(self) -> RunPlan:
        """The plan of every run."""
        return plan_in(self.folder, targets=[{"kind": kind, "path": kind} for kind in self.kinds])

    def put(self, path: str, sheet: Sheet) -> None:
        """Write a file."""
        place = self.folder / "in" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(sheet.data)

    def do(self, what: Callable[[], Outcome], crash: int = 0) -> str:
        """Do something, stopped at a step and resumed; says how it went."""
        before, _ = self._runs()
        try:
            with BOMB.armed(crash):
                what()
        except Crash:
            runs, is_waiting = self._runs()
            if is_waiting:
                resume(self.plan, around())
                return "resumed"
            if runs == before:
                what()
                return "done again"
            return "stopped when all was done"
        return "done"

    def run(self) -> Outcome:
        """Read what changed."""
        return start(self.plan, around())

    def undo(self) -> Outcome:
        """Take the last run back."""
        return undo(self.plan, around())

    def retry(self, *prefixes: str) -> Outcome:
        """Try the quarantine again."""
        return retry(self.plan, around(), prefixes)

    def exclude(self, *numbers: str) -> Outcome:
        """Leave persons out."""
        return exclude(self.plan, around(), numbers)

    def _runs(self) -> tuple[int, bool]:
        if not (self.plan.state / "register.sqlite").exists():
            return 0, False
        with Register.open(self.plan.state, write=False) as register:
            try:
                return len(register.runs()), register.unfinished() is not None
            except Exception:  # noqa: BLE001 - stopped before its tables were made
                return 0, False

    # --- what it holds ----------------------------------------------------------------------------------------------

    def fates(self) -> dict[str, int]:
        """How many documents have each fate, as the register has it."""
        with Register.open(self.plan.state, write=False) as register:
            return documents.fates(register)

    def quarantined(self) -> int:
        """How many files are in quarantine."""
        with Register.open(self.plan.state, write=False) as register:
            return sum(1 for _ in documents.quarantine(register))

    def chain_holds(self) -> bool:
        """Whether the journal follows from its beginning."""
        with Register.open(self.plan.state, write=False) as register:
            return journal.first_break(register.connection) is None

    def facts(self) -> dict[str, Counter[Fact]]:
        """The facts in each target."""
        return {kind: Counter(self.numbered(kind).elements()) for kind in self.kinds}

    def numbered(self, kind: str) -> _Numbered:
        """The facts of a target with the numbers that their rows have there."""
        return _of_fhir(self.folder / kind) if kind == "fhir" else _of_omop(self.folder / kind, kind)


class _Numbered:
    """Facts, each with the identifiers of its rows and its person."""

    def __init__(self) -> None:
        self.rows: dict[Fact, set[str]] = {}
        self.people: dict[str, set[str]] = {}

    def add(self, fact: Fact, row: object, person: object) -> None:
        rows = self.rows.setdefault(fact, set())
        assert str(row) not in rows
        rows.add(str(row))
        self.people.setdefault(fact[0], set()).add(str(person))

    def elements(self) -> Iterator[Fact]:
        for fact, rows in self.rows.items():
            for _ in rows:
                yield fact


_FACTS = """
SELECT make_date(year_of_birth, month_of_birth, day_of_birth)::VARCHAR, measurement_source_value, value_as_number,
measurement_date::VARCHAR, measurement_id, person_id FROM measurement LEFT JOIN person USING (person_id)
"""
_IDLE = "SELECT count(*) FROM person ANTI JOIN measurement USING (person_id)"


def _of_omop(place: Path, kind: str) -> _Numbered:
    found = _Numbered()
    with duckdb.connect(":memory:" if kind == "parquet" else str(place), read_only=kind != "parquet") as db:
        if kind == "parquet":
            for table in ("measurement", "person"):
                files = [str(path) for path in sorted((place / table).rglob("*.parquet"))]
                if not files:
                    return found
                db.execute(f"CREATE VIEW {table} AS FROM read_parquet({files!r}, hive_partitioning = false)")
        for *fact, row, person in db.execute(_FACTS).fetchall():
            assert None not in fact, "a measurement of nobody"
            found.add(tuple(fact), row, person)
        assert db.execute(_IDLE).fetchall() == [(0,)], "a person without facts"
    return found


def _of_fhir(folder: Path) -> _Numbered:
    resources: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            name = f"{one['resourceType']}/{one['id']}"
            assert name not in resources, "a resource is written twice"
            resources[name] = one
    found = _Numbered()
    for name, one in resources.items():
        for reference in _references(one):
            assert reference in resources, f"{name} points to nothing"
        if one["resourceType"] == "Observation":
            patient = one["subject"]["reference"]
            told = one["code"]["coding"][0]["code"], float(one["valueQuantity"]["value"]), one["effectiveDateTime"]
            found.add((resources[patient]["birthDate"], *told), one["id"], patient)
    return found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "reference" and isinstance(inner, str) and not inner.startswith(("#", "urn:", "http")):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


# --- what must be forgotten -----------------------------------------------------------------------------------------


def digests_of(sheet: Sheet) -> set[bytes]:
    """Under what a warehouse knows the patient of a paper."""
    seal = Seal(KEY)
    found = set()
    for number in sheet.subjects:
        root, _, local = number.rpartition("|")
        if root:
            found |= {seal.digest("subject", root, local), seal.digest("person", f"{root}^{local}")}
        else:
            found |= {seal.digest("subject", "ins", number[:13]), seal.digest("person", f"{INS}^{number}")}
    return found


def files_with(folder: Path, values: set[bytes]) -> dict[str, int]:
    """The files below a folder in which one of some values is, in their bytes or in the columns of a Parquet file."""
    import pyarrow.parquet as pq

    found: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "in" in path.relative_to(folder).parts[:1]:
            continue
        count = sum(path.read_bytes().count(value) for value in values)
        if path.suffix == ".parquet":
            for column in pq.read_table(path).columns:
                cells = {one if isinstance(one, bytes) else str(one).encode() for one in column.to_pylist()}
                count += sum(value in cell for cell in cells for value in values)
        if count:
            found[str(path.relative_to(folder))] = count
    return found
