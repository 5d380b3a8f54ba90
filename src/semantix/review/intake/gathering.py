"""What the rows of a file amount to: cells made clean, sources checked, and rows of one source made one entry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix import systems
from semantix.review.formats.exchange import Entry, Problem
from semantix.review.model import Proposal, Source

LONGEST_LABEL = 2_000
LONGEST_FIELD = 255
OTHERS = "other_candidates"
"""The extra column that names the first candidates of answers that were not kept."""
_KEYS = frozenset(system.key for system in systems.SYSTEMS)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
"""Control characters that are no blank, and those that only change how a text is laid out."""
_LONE = re.compile("[\ud800-\udfff]")


class Gathered(Struct, frozen=True):
    """The entries, in the order of their first rows, and the lines of rows that repeat a source of the same sender."""

    entries: tuple[Entry, ...]
    repeated: tuple[int, ...]


def clean(cell: str) -> str:
    """One line of text: blanks of any kind become one space, what cannot be seen goes."""
    if cell.isprintable():
        # Most cells: no control character in it, and no blank but the space.
        return " ".join(cell.split()) if "  " in cell or cell[:1] == " " or cell[-1:] == " " else cell
    if not cell.isascii():
        cell = _LONE.sub("\ufffd", cell)
    return " ".join(_UNSEEN.sub("", cell).split())


def system_of(written: str) -> str:
    """The key of a known system, whatever it is called by; an unknown one as written."""
    if written in _KEYS:
        return written
    found = systems.find(written) if written else None
    if found is None and written.lower() in _KEYS:
        return written.lower()
    return found.key if found else written


def is_local(source: Source) -> bool:
    """Tell whether the code means something only for its sender: it has a code, of no known system."""
    return bool(source.code) and system_of(source.system) not in _KEYS


def fault_of(source: Source, line: int) -> Problem | None:
    """What is wrong with a source, if anything."""
    if not source.label and not source.code:
        return Problem(line, "neither a code nor a label", "at least one of them")
    if len(source.label) > LONGEST_LABEL:
        return Problem(line, f"a label of {len(source.label):,} characters", f"at most {LONGEST_LABEL:,}")
    for field in ("system", "code", "unit", "specimen", "section", "sender", "target"):
        size = len(getattr(source, field))
        if size > LONGEST_FIELD:
            return Problem(line, f"a {field} of {size:,} characters", f"at most {LONGEST_FIELD}")
    return None


def gather(entries: Iterable[Entry]) -> Gathered:
    """Make one entry of all that have one source; each comes with its sender in the source.

    The sender stays part of the source only where the code is local. Elsewhere rows that differ by their senders are
    one entry that counts them. Frequencies are added. Where answers differ, the one given most often is kept, and the
    first candidates of the others are named in the extra column ``other_candidates``.
    """
    groups: dict[Source, list[Entry]] = {}
    seen: set[Source] = set()
    repeated = []
    for entry in entries:
        source = entry.source
        if source in seen:
            repeated.append(entry.line)
        seen.add(source)
        if source.sender and not is_local(source):
            source = replace(source, sender="")
        groups.setdefault(source, []).append(entry)
    return Gathered(tuple(_one(source, group) for source, group in groups.items()), tuple(repeated))


def _one(source: Source, group: Sequence[Entry]) -> Entry:
    first = group[0]
    if len(group) == 1:
        return replace(first, source=source, senders=_senders(group))
    proposal, others = _most_given(group)
    extra: dict[str, str] = {}
    for entry in group:
        for name, value in entry.extra.items():
            extra.setdefault(name, value)
    if others:
        extra[OTHERS] = ", ".join(others)
    return replace(
        first,
        source=source,
        proposal=proposal,
        score=proposal.probability,
        frequency=sum(entry.frequency for entry in group),
        senders=_senders(group),
        extra=MappingProxyType(extra),
    )


def _senders(group: Sequence[Entry]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for entry in group:
        if entry.source.sender:
            counts[entry.source.sender] += entry.frequency
    return MappingProxyType(dict(sorted(counts.items())))


def _most_given(group: Sequence[Entry]) -> tuple[Proposal, tuple[str, ...]]:
    """The answer given most often (the first of equals), and the first candidates of the others that differ from it."""
    answers: dict[tuple[str, ...], Proposal] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for entry in group:
        codes = tuple(each.code for each in entry.proposal.candidates)
        answers.setdefault(codes, entry.proposal)
        counts[codes] += entry.frequency
    kept = max(answers, key=lambda codes: counts[codes])
    firsts = dict.fromkeys(codes[0] for codes in answers if codes and codes[:1] != kept[:1])
    return answers[kept], tuple(firsts)
