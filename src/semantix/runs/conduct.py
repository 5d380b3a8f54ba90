"""The conduct of a run, from the plan to the end: scan, read, settle, publish, each step written down before the next.

Whatever stops it (a signal, a full disk, a lost connection), the register says how far it was, and :func:`resume` goes
on from there to the result that an uninterrupted run would have had.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from typing import Any, Protocol

from msgspec import Struct, field, structs

from semantix.errors import BadPlan, BadTarget, TooManyUnread, UnfinishedRun
from semantix.io import Output
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.pool import apart
from semantix.runs.basis import basis_of, changed_parts, concerns
from semantix.runs.careful import ALONE, read_carefully
from semantix.runs.erasing import ERASING, erase
from semantix.runs.keeping import key_of
from semantix.runs.model import LINES, Chunk, ChunkDone
from semantix.runs.plan import KEPT, RunPlan, digest_of
from semantix.runs.pseudonyms import fingerprint
from semantix.runs.publishing.publisher import NUMBERS, STAGED, WAITING, publish
from semantix.runs.register import Register, Run, RunState, documents, inputs
from semantix.runs.register.records import RESUMED
from semantix.runs.report import write_reports
from semantix.runs.scanning import hash_files, inputs_of, look
from semantix.runs.staging import folder_of
from semantix.runs.sums import sums_of
from semantix.runs.work import CLEAR, DIED, SEALED, ChunkPlan, ChunkWork

_FEW = 10
"""Files that may be gone without asking, whatever their share."""


class Progress(Struct, frozen=True):
    """How far a run is: the step (``scan``, ``read``, ``settle``, ``publish``), what is done of it, what there is."""

    step: str
    done: int = 0
    total: int = 0
    documents: int = 0


class Around(Struct, frozen=True, kw_only=True):
    """What a run takes from the world around: the environment, the clock (ISO 8601, UTC), whom to tell, who reads.

    ``table`` gives the documents of a table (name, practice, SHA-256, size), when the plan reads one.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], str] = lambda: ""
    tell: Callable[[Progress], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    engine: Callable[[RunPlan, ChunkWork], Engine] | None = None
    table: Callable[[], Iterable[tuple[str, str, bytes, int]]] | None = None


class Engine(Protocol):
    """Who does chunks: the processes of this machine, or a cluster."""

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        """Do them, and give their accounts in any order; once a generator of them is closed, nobody works any more."""


class LocalEngine:
    """Processes of this machine."""

    def __init__(self, work: ChunkWork, jobs: int) -> None:
        self._work, self._jobs = work, jobs

    def run(self, chunks: Iterable[Chunk]) -> Iterator[ChunkDone]:
        """Do chunks, in their order."""
        with closing(apart(chunks, self._work, self._jobs)) as flow:
            for done in flow:
                assert isinstance(done, ChunkDone)
                yield done


class Outcome(Struct, frozen=True, kw_only=True):
    """What a run did. ``published`` counts rows and resources put and removed, by target."""

    run: int
    kind: str
    differences: inputs.Differences = field(default_factory=inputs.Differences)
    chunks: int = 0
    documents: int = 0
    quarantined: int = 0
    fates: Mapping[str, int] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def start(plan: RunPlan, around: Around, *, rehash: bool = False, all_missing: bool = False) -> Outcome:
    """Run a plan: read what is new or changed, bring the targets up to date.

    ``rehash`` reads every file again to see whether it changed; ``all_missing`` admits that any number is gone.
    Raises BadPlan, UnfinishedRun, TooManyUnread, BadTarget, BadStore, BadTable and BadVocabulary.
    """
    with Register.open(plan.state) as register:
        refuse_unfinished(register)
        conduct = Conduct(plan, register, around)
        keep_plan(plan)
        found = conduct.scan(rehash=rehash, all_missing=all_missing)
        run = conduct.begin(found)
        return conduct.go_on(run, found)


def resume(plan: RunPlan, around: Around) -> Outcome:
    """Go on with the run that was stopped before its end. Raises as :func:`start` does; BadPlan when there is none."""
    with Register.open(plan.state) as register:
        run = register.unfinished()
        if run is None:
            raise BadPlan("no run was stopped before its end: there is nothing to resume")
        register.note(RESUMED.format(run=run.id), around.now())
        return Conduct(plan, register, around).go_on(run, inputs.Differences())


def keep_plan(plan: RunPlan) -> None:
    """Keep the plan in its state folder, where later commands find it."""
    with Output(plan.state / KEPT) as file:
        file.write(plan.told.encode())


def refuse_unfinished(register: Register) -> None:
    """Raise UnfinishedRun when a run was stopped before its end."""
    run = register.unfinished()
    if run is not None:
        words = (
            "was stopped before its end" if run.state is not RunState.STOPPED else "stopped: too much was unreadable"
        )
        raise UnfinishedRun(
            f"run {run.id} {words}; semantix run resume goes on with it, semantix run undo takes it back"
        )


class Conduct:
    """One run of one plan over one open register."""

    def __init__(self, plan: RunPlan, register: Register, around: Around) -> None:
        self.plan, self.register, self.around = plan, register, around
        self.key = key_of(plan, around.environment)
        self._refuse_other_key()
        self.parts = basis_of(plan, self.key)
        self.staged = plan.state / STAGED

    def _refuse_other_key(self) -> None:
        known, now = self.register.about("key"), fingerprint(self.key)
        if known is None:
            self.register.note("key", now)
        elif known != now:
            raise BadPlan(
                f"the key has the fingerprint {now}, earlier runs had {known}: with another key the same person would "
                "be another; give the key of the earlier runs, or another state folder and other targets"
            )

    # --- what there is to read --------------------------------------------------------------------------------------

    def scan(self, *, rehash: bool = False, all_missing: bool = False) -> inputs.Differences:
        """Compare the inputs with the register; nothing is changed. Raises BadPlan when too many are gone."""
        plan, register = self.plan, self.register
        self.around.tell(Progress("scan"))
        ours = [plan.state, *(one.path for one in plan.targets if one.path is not None)]
        ours += [path for path in (plan.reports, plan.store, plan.vocabulary) if path is not None]
        count = inputs.see(register, chain(look(inputs_of(plan), ours), self._of_table()))
        closed = inputs.note_hashes(register, self._hashed(rehash=rehash or self._has_other_packs()))
        if closed:
            self.around.say(f"{closed} known files cannot be opened: what was read of them stays; see their rights")
        found = inputs.differences(register)
        if plan.spool:
            return structs.replace(found, gone=0, kept=found.gone)
        known = found.same + found.changed + found.gone
        if not all_missing and found.gone > max(_FEW, plan.limits.missing_share * known):
            raise BadPlan(
                f"{found.gone} of {known} known files are no more among the {count} of the inputs: their facts would "
                "be withdrawn. Mount what is missing; or say spool: true in the plan; or run with --all-missing"
            )
        return found

    def _has_other_packs(self) -> bool:
        """Whether files may be read together that were not: their beginnings tell."""
        runs = self.register.runs()
        return bool(runs) and self.register.basis_parts(runs[-1].basis).get("packs") != self.parts["packs"]

    def _of_table(self) -> Iterator[inputs.Seen]:
        rows = self.around.table() if self.around.table is not None else ()
        for name, practice, digest, size in rows:
            yield inputs.Seen("", name, name, False, size, 0, 0, practice, digest)

    def _hashed(self, *, rehash: bool) -> Iterator[inputs.Hashed]:
        waiting = list(inputs.to_hash(self.register, all_of_them=rehash))
        parsers = parsers_of(self.plan.packs)
        for number, one in enumerate(hash_files(waiting, parsers), 1):
            if number % 500 == 0:
                self.around.tell(Progress("scan", number, len(waiting)))
            yield one

    def begin(self, found: inputs.Differences) -> Run:
        """Write down a run and its chunks, in one transaction."""
        plan, register = self.plan, self.register
        with register.transaction():
            basis = register.basis(self.parts)
            run = register.begin("run", basis)
            inputs.take(register, run, is_spool=plan.spool)
            inputs.read_again(register, documents.unopened_files(register))
            kept = self._read_dependents(run, basis)
            chunks = inputs.cut(register, run, basis, files=plan.chunk_files, size=plan.chunk_bytes)
            body = {"at": self.around.now(), "plan": digest_of(plan), "basis": self.parts, "chunks": chunks}
            register.tell(run, "begin", body | {"files": structs.asdict(found), "unchanged by choice": kept})
        return Run(run, "run", RunState.READING, basis)

    def _read_dependents(self, run: int, basis: int) -> dict[str, int]:
        """Read again what depends on versions that changed; returns what stays as it was, by the part that changed."""
        kept: dict[str, int] = {}
        for number, count in documents.by_basis(self.register):
            if number == basis:
                continue
            parts = changed_parts(self.register.basis_parts(number), self.parts)
            is_all, asked = concerns(parts)
            is_all = is_all or self.plan.reprocess == "all"
            files = documents.files_asking(self.register, number, None if is_all else asked)
            if self.plan.reprocess == "never" or not files:
                kept.update({part: kept.get(part, 0) + (len(files) or count) for part in sorted(parts)})
                continue
            inputs.read_again(self.register, files)
            gone = documents.unread_files(self.register, files)
            if gone:
                kept["files that are gone"] = kept.get("files that are gone", 0) + gone
        for part, count in kept.items():
            self.around.say(f"{part}: changed since {count} documents or files were read; they stay as they are")
        return kept

    # --- reading ----------------------------------------------------------------------------------------------------

    def go_on(self, run: Run, found: inputs.Differences) -> Outcome:
        """Bring a run from wherever it is to its end."""
        self._sweep()
        if run.state in {RunState.READING, RunState.STOPPED}:
            self._refuse_other_basis(run)
            self._read(run)
            self.around.tell(Progress("settle"))
            with self.register.transaction():
                documents.exclude_whole_persons(self.register, run.id)
                documents.settle_changes(self.register)
                self.register.set_state(run.id, RunState.PUBLISHING)
                self.register.tell(run.id, "settled", {"fates": documents.fates(self.register)})
        self.around.tell(Progress("publish"))
        publish(self.plan, self.register, run.id, self.parts, self.around.environment)
        erase(self.register, self.staged, self.plan.state / NUMBERS, run.id)
        return self._end(run, found)

    def _refuse_other_basis(self, run: Run) -> None:
        before = self.register.basis_parts(run.basis)
        parts = changed_parts(before, self.parts)
        if parts:
            raise UnfinishedRun(
                f"run {run.id} began with other versions ({', '.join(sorted(parts))}): its chunks would not be alike; "
                "resume it with those, or take it back with semantix run undo"
            )

    def _read(self, run: Run) -> None:
        register = self.register
        work = ChunkWork(self._chunk_plan(), self.staged)
        done, total = inputs.progress(register, run.id)
        bad, read = documents.bad_and_read(register, run.id)
        self._refuse_bad(run, bad, read)
        if done == total:
            return
        self._learn(work)
        with closing(self._accounts(run, work)) as flow:
            for account in flow:
                made = self._whole(account, work)
                if documents.commit(register, run.id, made):
                    done, read = done + 1, read + len(made.documents)
                    bad += sum(one.error != LINES for one in made.quarantined)
                self.around.tell(Progress("read", done, total, read))
                self._refuse_bad(run, bad, read)
        # A worker that died left what it was writing.
        self._sweep()

    def _accounts(self, run: Run, work: ChunkWork) -> Generator[ChunkDone]:
        plan = self.plan
        engine = self.around.engine(plan, work) if self.around.engine else LocalEngine(work, plan.workers)
        yield from engine.run(inputs.waiting(self.register, run.id))

    def _sweep(self) -> None:
        """Remove what whoever was killed left half-written, and folders of chunks that are not committed.

        Rows of a chunk that is never committed would escape an erasure.
        """
        left = [*self.plan.state.glob(f"{WAITING}*"), *self.plan.state.glob(f"{ERASING}*")]
        left += [*self.staged.glob(".*.part"), *self.staged.glob(f"{ALONE}*")]
        left += [folder_of(self.staged, one) for (one,) in self.register.rows("SELECT id FROM chunk WHERE done = 0")]
        for one in left:
            shutil.rmtree(one, ignore_errors=True)

    def _learn(self, work: ChunkWork) -> None:
        """Have the engine learn once, here, what each process would learn."""
        if work.plan.store is not None:
            from semantix.pipeline.mapping import open_mapper  # noqa: PLC0415 - many runs do without

            open_mapper(work.plan.store, work.plan.accept, work.plan.tables, self.around.say).prepare()

    def _chunk_plan(self) -> ChunkPlan:
        plan = self.plan
        fhir = "" if plan.fhir is None else CLEAR if plan.fhir.keeps_identities else SEALED
        return ChunkPlan(
            key=self.key,
            fhir=fhir,
            omop=plan.has_omop,
            keep_text=plan.keep_text,
            policy=plan.policy,
            store=plan.store,
            accept=plan.accept,
            tables=plan.tables,
            packs=plan.packs,
            vocabulary=plan.vocabulary,
            practice=plan.practice,
            limits=plan.reading,
        )

    def _whole(self, account: ChunkDone, work: ChunkWork) -> ChunkDone:
        """A chunk that killed its process is read without the files that kill; a refusal of the system stops all."""
        if account.failure == DIED:
            skipped, account = read_carefully(inputs.chunk_of(self.register, account.chunk), work)
            inputs.skip(self.register, account.chunk, skipped)
        if account.failure:
            words = f"chunk {account.chunk} could not be kept: {account.failure}"
            raise BadTarget(f"{self.staged}: {words}; make room, then semantix run resume")
        return account

    def _refuse_bad(self, run: Run, bad: int, read: int) -> None:
        """Stop early when too much cannot be read: it is likelier that the inputs, or the plan, are wrong."""
        limits = self.plan.limits
        if bad + read >= limits.bad_minimum and bad > limits.bad_share * (bad + read):
            with self.register.transaction():
                self.register.set_state(run.id, RunState.STOPPED)
                self.register.tell(run.id, "stopped", {"at": self.around.now(), "unreadable": bad, "read": read})
            raise TooManyUnread(
                f"{bad} of {bad + read} inputs cannot be read, more than {limits.bad_share:.2%}: run {run.id} stopped. "
                "semantix run status tells why; then resume with a higher limits: bad_share, or undo"
            )

    # --- the end ----------------------------------------------------------------------------------------------------

    def _end(self, run: Run, found: inputs.Differences) -> Outcome:
        register = self.register
        sums = sums_of(register, run.id)
        # From the journal: what was published may have been so before the run was stopped and resumed.
        published: dict[str, Mapping[str, int]] = {}
        for entry in register.entries(run.id, "published"):
            published |= entry.body["targets"]
        with register.transaction():
            register.set_state(run.id, RunState.DONE)
            fates = documents.fates(register)
            body: dict[str, Any] = {"at": self.around.now(), "fates": fates, "published": published}
            register.tell(run.id, "end", body | {"totals": sums})
        if sums["documents"]:
            write_reports(self.plan, register, structs.replace(run, state=RunState.DONE))
        return Outcome(
            run=run.id,
            kind=run.kind,
            differences=found,
            chunks=inputs.progress(register, run.id)[1],
            documents=documents.count_of(register, run.id),
            quarantined=sum(1 for _ in documents.quarantine(register, run.id)),
            fates=fates,
            published=published,
        )
