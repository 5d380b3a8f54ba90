"""FHIR ConceptMap, R4 (4.0.1) and R5 (5.0.0), JSON: read by its content, written so that nothing is lost.

What was decided is said in FHIR's own elements, and any FHIR reader understands it. Everything else (states, people,
frequencies, candidates, history) is said in extensions that FHIR readers pass over. What nobody decided is never a
target. The order of the entries is not kept: groups and elements are sorted.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct, structs

from semantix.review.encoding import encode
from semantix.review.formats._conceptmap_extensions import extensions
from semantix.review.formats._conceptmap_heading import Heading as Heading
from semantix.review.formats._conceptmap_heading import (
    head,
    metadata,
    metadata_of,
    version_of,
    with_unsaid,
)
from semantix.review.formats._conceptmap_native import DIALECTS, Groups, native
from semantix.review.formats._conceptmap_reading import (
    FIELDS,
    Piece,
    Reading,
    key_of,
    pieces_of,
    plain_entry,
    read_entries,
    reading_of,
)
from semantix.review.formats._conceptmap_shape import ConceptMap, Element, Extension, Group, parse_resources
from semantix.review.formats._conceptmap_terms import system_key
from semantix.review.formats.exchange import Entry, Exchange, Loss, Problem, Written
from semantix.review.model import Source, State

Release = Literal["R4", "R5"]

NO_HEADING = Heading()

_Lines = list[tuple[str, str, bytes]]


class _Draft(Struct):
    """An entry on its way: its elements, and what they say by themselves."""

    entry: Entry
    groups: Groups
    pieces: list[Piece]
    link: str = ""


def read_conceptmap(data: bytes, name: str) -> Exchange:
    """Read a ConceptMap of R4 or R5, a Bundle of several, or several one a line. Raises BadMappings.

    The metadata are those that all maps of the file agree on.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    metas: list[dict[str, str]] = []
    for found in parse_resources(data, name):
        more, wrong = read_entries(found.resource, found.line)
        entries += more
        problems += wrong
        metas.append(metadata_of(found.resource))
    meta = {key: text for key, text in metas[0].items() if all(each.get(key) == text for each in metas)}
    return Exchange(entries=tuple(entries), meta=meta, problems=tuple(problems))


def write_conceptmap(exchange: Exchange, release: Release, heading: Heading = NO_HEADING) -> Written:
    """Write one ConceptMap; the same entries in any order give the same bytes.

    What the heading leaves empty comes from the metadata of the exchange: ``id`` is the URL, ``license`` the copyright.
    """
    meta = metadata(exchange.meta, heading)
    settled = sum(entry.state is State.ACCEPTED for entry in exchange.entries)
    resource = head(meta, release, (len(exchange.entries), settled))
    if not any(entry.source.target for entry in exchange.entries):
        resource = structs.replace(resource, extension=extensions("any_target", True))
    reading = structs.replace(reading_of(resource), dialect=DIALECTS[release])
    drafts = [_draft(structs.replace(entry, line=0), reading) for entry in exchange.entries]
    _link(drafts)
    lines: dict[tuple[str, str], _Lines] = {}
    for draft in drafts:
        for group, element in _elements(draft, reading):
            lines.setdefault(group, []).append((element.code, element.display, msgspec.json.encode(element)))
    groups = [(_group(key, meta, release), sorted(lines[key])) for key in sorted(lines)]
    # The versions of systems stand in the groups: only with them is it known what is still unsaid.
    whole = structs.replace(resource, group=tuple(group for group, _ in groups))
    resource = structs.replace(with_unsaid(whole, meta), group=())
    return Written(_content(resource, groups), _losses(exchange.entries))


def _draft(entry: Entry, reading: Reading) -> _Draft:
    groups = native(entry, reading.dialect)
    pieces = [piece for group in sorted(groups) for piece in pieces_of(groups[group], group, reading, "")[0]]
    return _Draft(entry, groups, pieces)


def _link(drafts: list[_Draft]) -> None:
    """Give a link to entries that would not be told apart or would fall apart."""
    users: Counter[object] = Counter()
    for draft in drafts:
        users.update({key_of(piece) for piece in draft.pieces})
    unclear = [
        draft
        for draft in drafts
        if len({piece.source for piece in draft.pieces}) > 1 or users[key_of(draft.pieces[0])] > 1
    ]
    taken: Counter[str] = Counter()
    for draft in sorted(unclear, key=lambda draft: _identity(draft.entry)):
        name = hashlib.sha256(_identity(draft.entry.source)).hexdigest()[:16]
        taken[name] += 1
        draft.link = name if taken[name] == 1 else f"{name}-{taken[name]}"


def _identity(value: Entry | Source) -> bytes:
    try:
        return encode(value).encode()
    except UnicodeEncodeError:
        return repr(value).encode("utf-8", "replace")


def _elements(draft: _Draft, reading: Reading) -> Iterable[tuple[tuple[str, str], Element]]:
    """The elements of an entry; the first one has what FHIR's own elements do not say."""
    plain = plain_entry(draft.pieces, reading)
    entry, said = draft.entry, list[Extension]()
    for name in ("source", *FIELDS):
        value = getattr(entry, name)
        if value != getattr(plain, name):
            said += extensions(name, value)
    link = extensions("entry", draft.link or None)
    for place, group in enumerate(sorted(draft.groups)):
        more = (*link, *said) if place == 0 else link
        yield group, structs.replace(draft.groups[group], extension=more) if more else draft.groups[group]


def _group(key: tuple[str, str], meta: Mapping[str, str], release: Release) -> Group:
    source, target = key
    versions = [version_of(meta, system_key(uri)) if uri else "" for uri in key]
    if release == "R4":
        return Group(source=source, source_version=versions[0], target=target, target_version=versions[1])
    source, target = (f"{uri}|{version}" if version else uri for uri, version in zip(key, versions, strict=True))
    return Group(source=source, target=target)


def _content(resource: ConceptMap, groups: list[tuple[Group, _Lines]]) -> bytes:
    """The resource as JSON, an element a line."""
    start = msgspec.json.encode(resource)
    if not groups:
        return start + b"\n"
    written = []
    for group, lines in groups:
        opening = msgspec.json.encode(group)[:-1]
        comma = b"" if opening == b"{" else b","
        elements = b",\n".join(line for _, _, line in lines)
        written.append(opening + comma + b'"element":[\n' + elements + b"\n]}")
    return start[:-1] + b',"group":[\n' + b",\n".join(written) + b"\n]}\n"


def _losses(entries: Iterable[Entry]) -> tuple[Loss, ...]:
    """What even the extensions cannot say."""
    losses: dict[str, Loss] = {}
    for place, entry in enumerate(entries, start=1):
        for field, reason in _unsayable(entry):
            example = entry.source.code if entry.source.code.isprintable() and entry.source.code else f"#{place}"
            before = losses.get(reason, Loss(field=field, count=0, example=example, reason=reason))
            losses[reason] = structs.replace(before, count=before.count + 1)
    return tuple(losses[reason] for reason in sorted(losses))


def _unsayable(entry: Entry) -> Iterable[tuple[str, str]]:
    try:
        encode(entry)
    except UnicodeEncodeError:
        yield "text", "conceptmap-characters"
    numbers = [number for each in entry.proposal.candidates for number in (each.score, each.probability)]
    if not all(map(math.isfinite, [*numbers, entry.score or 0.0])):
        yield "score", "conceptmap-number"
