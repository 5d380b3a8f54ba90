"""The pure part of a run: one chunk of files in, one staged folder and its account out.

Local processes and Spark executors call the same :class:`ChunkDoer`. It knows no register and no target: what it writes
depends on the chunk and the plan alone, so a chunk done twice is the same folder twice.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import Struct, field

from semantix.errors import UnreadableInput
from semantix.io import Found, Limits
from semantix.model import Document
from semantix.parsers import Parser
from semantix.pipeline.collector import give_back
from semantix.pipeline.faults import INTERNAL_ERROR, bug, unreadable
from semantix.pipeline.inputs import Archive, Inputs, Task
from semantix.pipeline.mapping import Mapped
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.people import PACK, People
from semantix.pipeline.plan import Plan
from semantix.pipeline.stages import Made, Stage, open_stage
from semantix.pipeline.work import documents_of, mapper_of, quarantine
from semantix.report import Figures, Reading, Unreadable, encode_document, figures_of
from semantix.runs.accounts import Tallies, kind_of
from semantix.runs.coverage import coverage_of, dimensions_of
from semantix.runs.lineage import facts_of, withdrawals_of
from semantix.runs.model import LINES, RANKS, UNOPENED, Chunk, ChunkDone, Quarantined, SourceFile
from semantix.runs.pseudonyms import Policy, Pseudonymiser
from semantix.runs.sealing import Seal
from semantix.runs.stager import Stager, put_in_place
from semantix.runs.staging import folder_of

DIED = "died"
CLEAR, SEALED = "clear", "sealed"
_INSIDE = "!/"
"""Between the name of a container and that of what is in it."""
_CLOSED = "cannot be opened: "
"""Begins what :mod:`semantix.io` says of a file that the system refuses."""
_encode = msgspec.json.Encoder(order="sorted").encode


class ChunkPlan(Struct, frozen=True, kw_only=True):
    """What whoever does chunks needs to know; it crosses to other processes and machines.

    ``fhir`` is ``clear`` (identities kept), ``sealed`` (pseudonymised) or empty (no FHIR wanted). ``policy`` is what
    pseudonymises; ``key`` the key of the project, of digests and pseudonyms.
    """

    key: bytes
    fhir: str = ""
    omop: bool = True
    keep_text: bool = False
    policy: Policy | None = None
    store: Path | None = None
    accept: float = 0.98
    tables: tuple[Path, ...] = ()
    curated: bool = True
    packs: tuple[Path, ...] = ()
    vocabulary: Path | None = None
    practice: str | None = None
    limits: Limits = field(default_factory=Limits)


class ChunkWork(Struct, frozen=True):
    """The work of a run, as pools know it: ``staged`` is the folder of all chunks."""

    plan: ChunkPlan
    staged: Path

    def doer(self) -> ChunkDoer:
        """Open what reading needs, once a process. Raises BadStore, BadTable and BadVocabulary."""
        # The pool of Arrow keeps what one chunk freed for the next, beside what the C library keeps.
        pa.set_memory_pool(pa.system_memory_pool())
        return ChunkDoer(self.plan, self.staged)

    def lost(self, chunk: Chunk) -> list[ChunkDone]:
        """The account of a chunk that killed the process twice."""
        return [ChunkDone(chunk=chunk.id, failure=DIED)]


class ChunkDoer:
    """Does one chunk after the other."""

    def __init__(self, plan: ChunkPlan, staged: Path) -> None:
        self._staged = staged
        self._plan = plan
        self._seal = Seal(plan.key)
        self._parsers: tuple[Parser, ...] = tuple(parsers_of(plan.packs))
        self._people = People(plan.limits, self._parsers)
        self._mapper = mapper_of(_conversion(plan, "omop"))
        self._stages = _stages_of(plan)
        self._pseudonymiser = Pseudonymiser(plan.policy, plan.key) if plan.policy is not None else None

    def do(self, chunk: Chunk) -> Iterator[ChunkDone]:
        """Read a chunk and put its folder in place; what cannot be read is in the account, nothing is raised."""
        final = folder_of(self._staged, chunk.id)
        part = final.with_name(f".{final.name}.{time.time_ns():x}.part")
        started, spent = time.perf_counter(), time.process_time()
        done = ChunkDone(chunk=chunk.id)
        try:
            self._staged.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.mkdir(mode=0o700)
            done = self._fill(chunk, part)
            if done.staged:
                put_in_place(part, final)
            else:
                shutil.rmtree(final, ignore_errors=True)
        except OSError as error:
            done = ChunkDone(chunk=chunk.id, failure=error.strerror or type(error).__name__)
        finally:
            shutil.rmtree(part, ignore_errors=True)
            give_back()
        done.seconds = round(time.perf_counter() - started, 6)
        done.cpu = round(time.process_time() - spent, 6)
        yield done

    def _fill(self, chunk: Chunk, part: Path) -> ChunkDone:
        stager = Stager(part, self._seal)
        try:
            done = _Filling(self, chunk, stager).run()
            done.staged = stager.close()
        except BaseException:
            stager.abandon()
            raise
        return done

    # --- what a filling needs ---------------------------------------------------------------------------------------

    @property
    def plan(self) -> ChunkPlan:
        """The plan that this follows."""
        return self._plan

    @property
    def seal(self) -> Seal:
        """The digests of the project."""
        return self._seal

    def steps(self, files: list[SourceFile]) -> Iterator[Task | Archive | Unreadable]:
        """What the files of a chunk hold."""
        found = [Found(one.path, one.name, one.label, one.named) for one in files]
        return Inputs(self._plan.limits, self._parsers, self._plan.practice).steps(found)

    def documents(self, task: Task, reading: Reading) -> Iterator[Document]:
        """The documents of a task, their patients completed. Raises UnreadableInput."""
        lists = [entry for role, entry in task.others if role == PACK]
        narratives = bool(self._plan.fhir) or self._plan.keep_text
        for document in documents_of(task, self._plan.limits, self._parsers, reading, narratives=narratives):
            yield self._people.complete(document, lists, task.practice)

    def convert(self, document: Document) -> Conversion:
        """Decide on the document as it is, emit what it is without identities."""
        # The clock of the thread: that of the process costs some hundred microseconds on some systems.
        spent = time.thread_time()
        mapped = self._mapper.map(document) if self._mapper is not None else None
        engine = time.thread_time() - spent
        told = document if self._pseudonymiser is None else self._pseudonymiser.apply(document)
        codings = mapped.codings if mapped is not None else None
        made = {
            name: stage.convert(document if name == "fhir" and self._plan.fhir == CLEAR else told, codings)
            for name, stage in self._stages.items()
        }
        return Conversion(document, told, mapped, MappingProxyType(made), engine)


class Conversion(Struct, frozen=True):
    """One document converted: as it was read, as it leaves, what was decided, and what each target makes of it."""

    document: Document
    told: Document
    mapped: Mapped | None
    made: Mapping[str, Made]
    engine_cpu: float


class _Filling:
    """One chunk being read."""

    def __init__(self, doer: ChunkDoer, chunk: Chunk, stager: Stager) -> None:
        self._doer, self._chunk, self._stager = doer, chunk, stager
        self._done = ChunkDone(chunk=chunk.id)
        self._tallies = Tallies()
        self._rank = 0
        self._by_path = {one.path: one for one in chunk.files}

    def run(self) -> ChunkDone:
        done, chunk = self._done, self._chunk
        files = [one for one in chunk.files if one.id not in chunk.skipped]
        for one in chunk.files:
            if one.id in chunk.skipped:
                self._refuse(one, INTERNAL_ERROR, "the process that read it died (out of memory?)")
        done.bytes_read = sum(one.size for one in files)
        for step in self._doer.steps(files):
            if isinstance(step, Task):
                self._task(step)
            elif isinstance(step, Unreadable):
                self._unreadable(step, self._file_named(step.name))
            else:
                self._archive(step)
        done.counts = self._tallies.counts()
        done.engine_cpu = round(done.engine_cpu, 6)
        return done

    def _archive(self, archive: Archive) -> None:
        for told, count in archive.ignored:
            kind = kind_of(told)
            self._done.ignored[kind] = self._done.ignored.get(kind, 0) + count
        self._tallies.issues(archive.issues)

    def _task(self, task: Task) -> None:
        """Every document of one task; an error costs what is left of the task, and is told."""
        reading, file = Reading(withdrawn=[]), self._by_path[task.entry.path]
        try:
            for document in self._doer.documents(task, reading):
                self._document(document, file, task.practice)
        except UnreadableInput as error:
            quarantine(task, reading)
            self._unreadable(unreadable(task.entry.name, error), file)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug must not lose the other million documents; it is told as one
            quarantine(task, reading)
            self._unreadable(bug(task.entry.name, error), file)
        for withdrawal in withdrawals_of(reading, self._doer.seal, self._next(), file.id):
            self._done.withdrawals.append(withdrawal)
        self._tallies.reading(reading)
        if reading.quarantined:
            lines = reading.quarantined
            self._done.quarantined.append(
                Quarantined(file.id, LINES, f"{lines} lines could not be understood", self._inside(task), lines)
            )

    def _document(self, document: Document, file: SourceFile, practice: str) -> None:
        """Stage one document; a bug on it costs this document alone."""
        number = self._next()
        facts = facts_of(document, self._doer.seal, id=number, file=file.id)
        try:
            conversion = self._doer.convert(document)
            rows = self._rows(conversion, number, file, practice)
        except Exception as error:  # noqa: BLE001 - see _task
            self._unreadable(bug(document.source.name, error), file)
            return
        self._rank += 1
        self._stage(conversion, number)
        self._stager.document(rows.document)
        self._stager.coverage(rows.coverage)
        asked = tuple(sorted({target for target, _ in conversion.mapped.counts})) if conversion.mapped else ()
        self._done.documents.append(msgspec.structs.replace(facts, asked=asked))
        self._done.engine_cpu += conversion.engine_cpu
        self._tallies.read(document.format, next(iter(rows.figures.values())))
        for name, figures in rows.figures.items():
            self._tallies.made(name, figures)

    def _stage(self, conversion: Conversion, number: int) -> None:
        if "omop" in conversion.made:
            self._stager.omop(number, conversion.made["omop"].payload)
        if "fhir" in conversion.made:
            self._stager.fhir(number, conversion.made["fhir"].payload)

    def _rows(self, conversion: Conversion, number: int, file: SourceFile, practice: str) -> _Rows:
        told, mapped = conversion.told, conversion.mapped
        accounts: dict[str, msgspec.Raw] = {}
        figures: dict[str, Figures] = {}
        more = mapped.issues if mapped is not None else ()
        for name, made in conversion.made.items():
            as_read = conversion.document if name == "fhir" and self._doer.plan.fhir == CLEAR else told
            account = made.ledger.account(as_read)
            issues = as_read.issues + more + made.issues
            figures[name] = figures_of(as_read, made.ledger, account, made.produced, issues)
            figures[name].mapped = dict(made.mapped)
            if mapped is not None:
                figures[name].decided = dict(mapped.counts)
            # Under the name that leaves: only the resources themselves are asked to keep identities.
            accounts[name] = msgspec.Raw(encode_document(told, account, figures[name], issues))
        emission = conversion.made["omop"].payload if "omop" in conversion.made else None
        day = (emission.day if emission is not None else None) or (told.time.date if told.time is not None else "")
        row: dict[str, Any] = {
            "document": number,
            "file": file.id,
            "rank": number % RANKS,
            "format": told.format,
            "practice": self._practice(practice),
            "decisions": _encode(_decisions(conversion)),
            "account": _encode(accounts),
            "imputed": _encode(_flat(emission.imputed)) if emission is not None else b"{}",
            "excluded": _encode(_flat(emission.excluded)) if emission is not None else b"{}",
        }
        row |= dimensions_of(told, day)
        coverage = [one | {"document": number} for one in coverage_of(told, mapped)]
        return _Rows(row, coverage, figures)

    def _practice(self, name: str) -> str:
        """The practice, under its name or, when identities leave, under a pseudonym."""
        if self._doer.plan.policy is None or not name:
            return name
        return f"P-{self._doer.seal.digest('practice', name).hex()[:12]}"

    def _next(self) -> int:
        """The number of the next document; a chunk that is read again gives the same."""
        assert self._rank < RANKS
        return self._chunk.id * RANKS + self._rank

    def _unreadable(self, one: Unreadable, file: SourceFile) -> None:
        inside = one.name.removeprefix(file.name).removeprefix(_INSIDE)
        error = UNOPENED if one.message.startswith(_CLOSED) else one.error
        self._refuse(file, error, one.message.replace(one.name, "the file"), inside)

    def _refuse(self, file: SourceFile, error: str, message: str, inside: str = "") -> None:
        self._done.quarantined.append(Quarantined(file.id, error, message, self._sealed(inside)))

    def _inside(self, task: Task) -> str:
        return self._sealed("!/".join(task.entry.inside))

    def _sealed(self, inside: str) -> str:
        """Names inside containers may be a patient's: a digest tells them apart."""
        return self._doer.seal.digest("inside", inside).hex()[:16] if inside else ""

    def _file_named(self, name: str) -> SourceFile:
        """The file of something in it: a folder may be named as if it were a container."""
        return next(one for one in self._chunk.files if name == one.name or name.startswith(one.name + _INSIDE))


class _Rows(Struct, frozen=True):
    document: dict[str, Any]
    coverage: list[dict[str, Any]]
    figures: Mapping[str, Figures]


def _decisions(conversion: Conversion) -> list[dict[str, Any]]:
    """The codes that were added, each with how it was found: what ``semantix trace`` tells."""
    if conversion.mapped is None:
        return []
    locate = conversion.told.locate
    return [
        {
            "place": locate(place).path,
            "system": coding.system,
            "code": coding.code,
            "method": str(coding.method),
            "probability": coding.probability,
            "source": coding.source,
        }
        for place, codings in conversion.mapped.codings.items()
        for coding in codings
    ]


def _flat(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return {"|".join(key): count for key, count in counts.items()}


def _stages_of(plan: ChunkPlan) -> dict[str, Stage]:
    wanted = [name for name, is_wanted in (("omop", plan.omop), ("fhir", bool(plan.fhir))) if is_wanted]
    return {name: open_stage(_conversion(plan, name)) for name in wanted}


def _conversion(plan: ChunkPlan, target: str) -> Plan:
    from semantix.vocabulary import Vocabulary  # noqa: PLC0415 - an index in DuckDB; many runs do without

    vocabulary = Vocabulary.load(plan.vocabulary) if target == "omop" and plan.vocabulary is not None else None
    return Plan(
        target=target,
        kind="ndjson" if target == "fhir" else "duckdb",
        keep_text=plan.keep_text,
        check=False,
        vocabulary=vocabulary,
        detail=True,
        store=plan.store,
        accept=plan.accept,
        tables=plan.tables,
        curated=plan.curated,
        packs=plan.packs,
        limits=plan.limits,
    )
