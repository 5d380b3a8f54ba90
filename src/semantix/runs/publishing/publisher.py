"""Every target brought to what is live: the difference is computed once for those that are at the same point."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import repeat
from pathlib import Path

import msgspec

from semantix.errors import BadTarget
from semantix.runs.keeping import secret_of
from semantix.runs.model import Publication
from semantix.runs.plan import RunPlan, TargetPlan
from semantix.runs.publishing.database import DuckdbTarget
from semantix.runs.publishing.delta import Delta, OmopTarget
from semantix.runs.publishing.difference import difference
from semantix.runs.publishing.ndjson import NdjsonTarget
from semantix.runs.publishing.parquet import ParquetTarget
from semantix.runs.publishing.staged import Since
from semantix.runs.register import Register, documents
from semantix.runs.staging import folder_of
from semantix.sinks.omop import SinkOptions

STAGED, NUMBERS = "staged", "numbers.duckdb"
WAITING = ".publishing-"
"""Begins the name of the folder of what waits on disk."""
Counts = Mapping[str, Mapping[str, int]]


def publish(
    plan: RunPlan, register: Register, run: int, parts: Mapping[str, str], environment: Mapping[str, str]
) -> Counts:
    """Bring the targets up to date; returns what was put and removed in each that took something.

    Nothing is done when nothing changed and every target is where it should be. Raises BadTarget.
    """
    targets = open_targets(plan, environment)
    number, is_new = _number(register, run)
    markers = {name: target.marker() for name, target in targets.items()}
    places = dict(zip(targets, map(place_of, plan.targets, repeat(plan.state)), strict=True))
    for name, marker in markers.items():
        _refuse_stranger(register, name, places[name], marker)
    if not is_new and all(marker == number for marker in markers.values()):
        return {}
    publication = publication_of(plan, register, number, parts)
    # What was taken before the run was stopped and resumed.
    told = {name: counts for name, counts in _taken(register, number).items() if name in targets}
    with _scratch(plan.state) as scratch:
        waiting = {name: since_of(name, marker, number, is_new=is_new) for name, marker in markers.items()}
        for since in dict.fromkeys(one for one in waiting.values() if one is not None):
            names = [name for name, one in waiting.items() if one == since]
            some = {name: targets[name] for name in names}
            for name in names:
                register.note(places[name], str(number))
            with closing(_bring(publication, some, since, (plan, parts, scratch))) as taken:
                for name, counts in taken:
                    told[name] = counts
                    _note_taken(register, number, told)
    for name, target in targets.items() if is_new else ():
        if name not in told and isinstance(target, NdjsonTarget):
            told[name] = _resources(target.publish(publication))
    with register.transaction():
        documents.mark_published(register)
        register.connection.execute("UPDATE publication SET done = 1 WHERE number = ?", (number,))
        register.connection.execute("DELETE FROM about WHERE name = ?", (f"publication {number}",))
        register.tell(run, "published", {"number": number, "targets": told})
    return told


def open_targets(plan: RunPlan, environment: Mapping[str, str]) -> dict[str, OmopTarget | NdjsonTarget]:
    """The targets of a plan, by a name that says nothing of where they are."""
    found: dict[str, OmopTarget | NdjsonTarget] = {}
    for one in plan.targets:
        name, count = one.name, 1
        while name in found:
            count += 1
            name = f"{one.name} {count}"
        found[name] = _open(one, environment)
    return found


def _open(one: TargetPlan, environment: Mapping[str, str]) -> OmopTarget | NdjsonTarget:
    if one.kind == "postgres":
        from semantix.runs.publishing.postgres import PostgresTarget  # noqa: PLC0415 - psycopg is optional

        return PostgresTarget(secret_of(one.url, environment), one.schema)
    assert one.path is not None
    if one.kind == "fhir":
        return NdjsonTarget(one.path)
    return DuckdbTarget(one.path) if one.kind == "duckdb" else ParquetTarget(one.path)


def _number(register: Register, run: int) -> tuple[int, bool]:
    """The number of the publication to bring targets to, and whether it differs from the one before."""
    row = register.rows("SELECT number, done FROM publication ORDER BY number DESC LIMIT 1")
    last, is_done = row[0] if row else (0, True)
    if not is_done:
        return int(last), True
    # Rows of a person who goes now may have been removed before, and still lie in the files of targets.
    erased = _is_erasing(register, run)
    if not documents.changes(register) and last and not erased:
        return int(last), False
    with register.transaction() as db:
        db.execute("INSERT INTO publication VALUES (?, ?, ?, 0)", (last + 1, run, erased))
    return int(last) + 1, True


def _is_erasing(register: Register, run: int) -> bool:
    """Whether a run is to leave no trace of what it removes; not once it has published."""
    query = (
        "SELECT (kind = 'exclude' AND EXISTS (SELECT 1 FROM excluded e CROSS JOIN person p ON p.value = e.value) "
        "OR EXISTS (SELECT 1 FROM document WHERE published AND fate = 'excluded' "
        "AND published <> coalesce(fate = 'live' AND ended = 0, 0))) "
        "AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.run = ?1) FROM run WHERE id = ?1"
    )
    return bool(register.rows(query, (run,))[0][0])


def place_of(target: TargetPlan, state: Path) -> str:
    """Under what name the register notes how far it brought a target: a digest of where that is.

    A path counts from the state folder: a warehouse may be moved whole.
    """
    place = os.path.relpath(target.path, state) if target.path is not None else f"{target.url} {target.schema}"
    return f"target {sha256(os.fsencode(f'{target.kind} {place}')).hexdigest()[:16]}"


def _refuse_stranger(register: Register, name: str, place: str, marker: int) -> None:
    """Refuse what this warehouse never brought to where it is: two warehouses count their publications alike."""
    if marker > int(register.about(place) or 0):
        raise BadTarget(
            f"the {name} target holds publication {marker}, which this state folder did not write there: it was kept "
            "by another state folder, or was moved. Move it away: semantix run resume, or the next run, fills it again"
        )


def since_of(name: str, marker: int, number: int, *, is_new: bool) -> Since | None:
    """What a target holds: nothing, the publication before, or this one (``None``). Raises BadTarget for another."""
    if marker == number:
        return None
    if marker == 0:
        return "nothing"
    if is_new and marker == number - 1:
        return "previous"
    raise BadTarget(
        f"the {name} target holds publication {marker}, the register is at {number}: it was kept by another state "
        "folder, or put back from a copy. Move it away: the next run fills it again"
    )


def publication_of(plan: RunPlan, register: Register, number: int, parts: Mapping[str, str]) -> Publication:
    """What is live now and what was, for targets."""
    staged = plan.state / STAGED
    rows = register.rows("SELECT id FROM chunk WHERE done = 1 ORDER BY id")
    chunks = {one: folder for (one,) in rows if (folder := folder_of(staged, one)).exists()}
    erased = register.rows("SELECT erased FROM publication WHERE number = ?", (number,))
    table = documents.published_table(register)
    return Publication(number, table, chunks, bool(erased and erased[0][0]), "", versions_of(register, parts))


def versions_of(register: Register, parts: Mapping[str, str]) -> dict[str, str]:
    """The versions that the live documents were read with: where there are several, each with how many documents."""
    bases = [(register.basis_parts(number), count) for number, count in documents.live_bases(register)]
    told: dict[str, str] = {}
    for part in sorted(parts.keys() | {name for basis, _ in bases for name in basis}):
        counts: Counter[str] = Counter()
        for basis, count in bases:
            counts[basis.get(part, "none")] += count
        several = (f"{version} ({count} documents)" for version, count in sorted(counts.items()))
        told[part] = "; ".join(several) if len(counts) > 1 else next(iter(counts), parts.get(part, "none"))
    return told


def _bring(
    publication: Publication,
    targets: Mapping[str, OmopTarget | NdjsonTarget],
    since: Since,
    around: tuple[RunPlan, Mapping[str, str], Path],
) -> Generator[tuple[str, Mapping[str, int]]]:
    """Bring targets that are at one point; what a database takes is told before it does, else a crash hides it."""
    plan, parts, scratch = around
    delta: Delta | None = None
    try:
        for name, target in targets.items():
            if isinstance(target, NdjsonTarget):
                yield name, _resources(target.publish(publication))
                continue
            if delta is None:
                numbers = plan.state / NUMBERS
                delta = difference(publication, numbers, scratch, since, _options(plan, parts))
            yield name, {"put": sum(delta.counts.values()), "gone": _gone(delta)}
            target.apply(delta)
    finally:
        if delta is not None:
            delta.connection.close()
            for one in scratch.iterdir():
                shutil.rmtree(one) if one.is_dir() else one.unlink()


def _resources(counts: Mapping[str, int]) -> dict[str, int]:
    return {"put": sum(counts.values()), "gone": 0}


def _taken(register: Register, number: int) -> dict[str, Mapping[str, int]]:
    """What was told of a publication that is not complete."""
    found: dict[str, Mapping[str, int]] = msgspec.json.decode(register.about(f"publication {number}") or "{}")
    return found


def _note_taken(register: Register, number: int, told: Mapping[str, Mapping[str, int]]) -> None:
    register.note(f"publication {number}", msgspec.json.encode(told).decode())


_LOST = "SELECT count(*) FROM gone_{table} ANTI JOIN rows_{table} USING ({keys})"


def _gone(delta: Delta) -> int:
    """Rows removed that no row takes the place of."""
    return sum(
        row[0]
        for table in delta.tables
        if (row := delta.connection.execute(_LOST.format(table=table, keys=", ".join(delta.keys[table]))).fetchone())
    )


def _options(plan: RunPlan, parts: Mapping[str, str]) -> SinkOptions:
    return SinkOptions(
        vocabulary=plan.vocabulary,
        vocabulary_release=parts["vocabulary"] if plan.vocabulary is not None else None,
        software=f"semantix {parts['semantix']}",
        source_name="French health records",
        source_abbreviation="semantix",
    )


@contextmanager
def _scratch(state: Path) -> Iterator[Path]:
    """A folder for what waits on disk, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=WAITING, dir=state))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
