"""What the result of reading a document depends on besides its bytes: versions, tables, terminologies, policy.

A document is read again when a part that it depends on changed. ``store:loinc`` and ``tables:loinc`` concern those for
which a LOINC code was asked; the other parts concern all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from semantix.pipeline.mapping import TARGETS
from semantix.resources import version
from semantix.runs.plan import RunPlan
from semantix.runs.pseudonyms import fingerprint

SOFTWARE = "semantix"
_ASKED = ("store", "tables")


def basis_of(plan: RunPlan, key: bytes) -> dict[str, str]:
    """The versions that a plan reads with now. Raises BadStore and BadTable."""
    parts = {
        SOFTWARE: version(),
        "packs": _files(plan.packs),
        "vocabulary": _vocabulary(plan.vocabulary) if plan.vocabulary else "none",
        "policy": _digest(plan.policy) if plan.policy is not None else "none",
        "options": _digest(
            [plan.keep_text, plan.accept, plan.practice, plan.has_omop, plan.fhir is not None and _identities(plan)]
        ),
        "key": fingerprint(key) if plan.policy is not None else "own",
    }
    parts |= _tables(plan.tables)
    if plan.store is not None:
        parts |= _store(plan.store)
    return parts


def _identities(plan: RunPlan) -> str:
    return "keep" if plan.fhir is not None and plan.fhir.keeps_identities else "withhold"


def changed_parts(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """The parts that differ."""
    return frozenset(part for part in before.keys() | now.keys() if before.get(part) != now.get(part))


def concerns(parts: Iterable[str]) -> tuple[bool, frozenset[str]]:
    """Whom a change of parts concerns: all documents, or those that asked for one of these systems.

    The version of semantix alone concerns nobody: a run says so, and reads all again only when asked.
    """
    asked: set[str] = set()
    is_all = False
    for part in parts:
        kind, _, system = part.partition(":")
        if kind in _ASKED and system:
            asked.add(system)
        elif part != SOFTWARE:
            is_all = True
    return is_all, frozenset(asked)


def _store(folder: Path) -> dict[str, str]:
    """The releases of each system that can be asked for, with their checksums."""
    from semantix.terminology.store import Store  # noqa: PLC0415 - many runs do without

    parts: dict[str, str] = {}
    with Store.open(folder) as store:
        for manifest in store.releases():
            told = f"{manifest.ref}:{manifest.database.sha256[:12]}"
            for system in set(manifest.systems) & set(TARGETS):
                part = f"store:{system}"
                parts[part] = f"{parts[part]}; {told}" if part in parts else told
    return parts


def _tables(extra: Iterable[Path]) -> dict[str, str]:
    """The curated tables, by the system that they lead to."""
    from semantix.terminology.serving import mappings_folder  # noqa: PLC0415
    from semantix.terminology.tables import Tables  # noqa: PLC0415

    tables = Tables.load(mappings_folder() / "tables", tuple(extra))
    return {f"tables:{system}": "; ".join(map("@".join, tables.versions_for(system))) for system in TARGETS}


def _files(paths: Iterable[Path]) -> str:
    """Digest of the user's packs; those that ship are of the version of semantix."""
    digest = sha256()
    for path in paths:
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _vocabulary(folder: Path) -> str:
    """The release of an Athena folder."""
    from semantix.vocabulary import Vocabulary  # noqa: PLC0415 - many runs do without

    return Vocabulary.load(folder).release


def _digest(value: object) -> str:
    return sha256(msgspec.json.encode(msgspec.to_builtins(value, enc_hook=str), order="sorted")).hexdigest()[:16]
