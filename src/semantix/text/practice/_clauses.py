"""An item in clauses, where a comma or a conjunction clearly separates two facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.text.practice._marks import DENIED, SUSPECTED
from semantix.text.practice._words import Item

_HEADS = frozenset(
    """
    hta hypertension diabete dnid did dt1 dt2 asthme bpco avc ait idm scc coronaropathie fa acfa aomi
    dyslipidemie hypercholesterolemie hypertriglyceridemie hypothyroidie hyperthyroidie depression epilepsie
    migraine migraines goutte arthrose gonarthrose coxarthrose osteoporose obesite psoriasis rgo hepatite
    cirrhose irc glaucome cataracte phlebite tvp lombalgie lombalgies sciatique hernie appendicectomie
    amygdalectomie cholecystectomie hysterectomie thyroidectomie vegetations cesarienne pth ptg prostatectomie
    drepanocytose tuberculose zona varices hemorroides adenome lithiase sas saos eczema urticaire rhinite anemie
    maladie cancer embolie pneumonie fracture ulcere
    """.split()
)
"""Words that begin the name of a whole problem or act: after a comma, they begin another one."""
_CHAIN = re.compile(r"(?:,\s*(?:ni\s+)?|\s+(?:ni|ou|et)\s+)(?=d'|de\s|du\s|des\s)|(?:,\s*|\s+)ni\s+(?!d'|de\s)")
_ADDED = re.compile(r",\s+|\s+mais\s+|\s+et\s+(?=pas |absence |aucun)")
_NEW = re.compile(
    r"(?:tabac|tabagi|fumeu|non[- ]fumeu|ex-?fumeu|ancien(?:ne)? fumeu|alcool|oh\b|allergi"
    r"|intoleran|pas d|pas de |absence d|aucune? |suspicion)"
)
_OTHERS = re.compile(r"(?:,|\bet\b|\bou\b|\bmais\b)")


class Clause(Struct, frozen=True):
    """One fact. ``is_denied``: a denial before it holds for it; ``reason``: what holds for it cannot be told.

    ``text`` is what it was told in, with the denial.
    """

    item: Item
    text: str
    is_denied: bool = False
    reason: str = ""


def clauses(item: Item, also: re.Pattern[str] | None = None) -> Iterator[Clause]:
    """The facts of an item. ``also`` says what else begins one after a comma (a relative)."""
    places = list(_cuts(item.low, also))
    start = 0
    for end, after in (*places, (len(item.low), len(item.low))):
        part = item.part(start, end)
        if part.low:
            yield from _denials(part)
        start = after


def _cuts(low: str, also: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
    """Where one fact ends and the next begins."""
    found = [one for one in _ADDED.finditer(low) if not _is_open(low, one.start())]
    heads = [
        _head(low[a:b])
        for a, b in zip([0, *(o.end() for o in found)], [*(o.start() for o in found), None], strict=True)
    ]
    is_list = bool(found) and not DENIED.match(low) and not SUSPECTED.match(low) and all(h in _HEADS for h in heads)
    for one in found:
        begins = _NEW.match(low, one.end()) or (also is not None and also.match(low, one.end()))
        if begins or is_list or one[0].strip() == "mais":
            yield one.start(), one.end()


def _denials(part: Item) -> Iterator[Clause]:
    """``pas d'HTA ni de diabète``: each denied; where the reach of a denial is open, the part says so."""
    found = DENIED.match(part.low)
    if found is None:
        yield Clause(part, part.raw)
        return
    cuts = [one for one in _CHAIN.finditer(part.low, found.end()) if not _is_open(part.low, one.start())]
    ends = [*(one.start() for one in cuts), len(part.low)]
    starts = [0, *(one.end() for one in cuts)]
    parts = [part.part(a, b) for a, b in zip(starts, ends, strict=True)]
    reach = "a denial whose reach cannot be told"
    is_open = any(_OTHERS.search(one.low) for one in parts)
    if is_open:
        yield Clause(part, part.raw, reason=reach)
        return
    yield Clause(parts[0], part.raw)
    for one in parts[1:]:
        bare = re.match(r"d'|de la |de l'|de |du |des ", one.low)
        yield Clause(one.part(bare.end()) if bare else one, part.raw, is_denied=True)


def _head(text: str) -> str:
    found = re.match(r"\s*([\w-]+)", text)
    return found[1] if found else ""


def _is_open(low: str, place: int) -> bool:
    return low.count("(", 0, place) > low.count(")", 0, place)
