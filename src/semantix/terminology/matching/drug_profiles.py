"""Profiles: what an entry of the drug index may be (a code, with routes, forms and strengths), and how a label fits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from semantix.terminology.drugs import strengths_agree
from semantix.terminology.matching.drug_index import Amounts, DrugIndex, Entry, Known

__all__ = ["NOTHING_BANNED", "Asked", "Ban", "Profile", "Profiles", "Share", "route_fit", "shares", "telling_forms"]

TERM_WEIGHTS = {"curated": 6.0, "preferred": 0.6, "synonym": 0.5}
"""What a term of a code counts for, in specialities."""
OTHER_TERM_WEIGHT = 0.5
CONTAINED = 0.2
"""What a speciality that has the substances counts for, next to one that bears the name."""
BORROWED = 0.5
UNUSED = 0.3
"""What a term counts for when no speciality has its code: the code may be an old one."""
CROWD = 0.7
"""Many specialities alike say more than one, but not in proportion."""
LEAST_ROUTE_SHARE = 0.12
ROUTE_CONFLICT, ROUTE_RELATED, ROUTE_UNKNOWN = -4.0, -1.2, -0.5
FORM_DIFFERS = -0.5
SALT_DIFFERS = -1.5
STRENGTH_SPAN, STRENGTH_UNKNOWN = -2.5, -0.8
_RELATED = (
    frozenset({"oral", "sublingual", "mouth"}),
    frozenset({"parenteral", "dental", "vesical", "dialysis"}),
    frozenset({"cutaneous", "transdermal"}),
    frozenset({"cutaneous", "mouth"}),
    frozenset({"nasal", "otic"}),
    frozenset({"mouth", "dental"}),
    frozenset({"vaginal", "intrauterine"}),
    frozenset({"inhaled", "mouth"}),
)
_FAINT_FORMS = frozenset({"liquid", "powder", "container", "spray", "gel", "enteral"})


_Key = tuple[str, tuple[str, ...], tuple[str, ...], Amounts, tuple[str, ...]]


class Profile(Struct, frozen=True):
    """One way of being an entry: specialities alike, or terms."""

    code: str
    routes: tuple[str, ...]
    forms: tuple[str, ...]
    amounts: Amounts
    salts: tuple[str, ...]
    weight: float


class Asked(Struct, frozen=True):
    """What a label asks for beside its words."""

    routes: frozenset[str]
    forms: frozenset[str]
    amounts: Amounts
    salts: frozenset[str] = frozenset()


class Ban(Struct, frozen=True):
    """What must not be used: places of specialities, folded texts of terms.

    Of the specialities in ``uncoded`` only the code is not known: their name and composition are.
    """

    places: frozenset[int] = frozenset()
    texts: frozenset[str] = frozenset()
    uncoded: frozenset[int] = frozenset()


NOTHING_BANNED = Ban()


class Profiles:
    """The profiles of each entry, made when first asked for."""

    def __init__(self, index: DrugIndex) -> None:
        self._index = index
        self._made: dict[int, tuple[Profile, ...]] = {}
        self._routes: dict[str, tuple[str, ...]] = {}

    def of(self, place: int, ban: Ban = NOTHING_BANNED) -> tuple[Profile, ...]:
        """Return what the entry at ``place`` may be, without what is banned."""
        entry = self._index.entries[place]
        if ban is not NOTHING_BANNED and self._touches(entry, ban):
            return self._make(entry, ban)
        found = self._made.get(place)
        if found is None:
            found = self._made[place] = self._make(entry, NOTHING_BANNED)
        return found

    def routes_of(self, code: str) -> tuple[str, ...]:
        """The routes by which a code is given, from its specialities or those of the nearest group that has some."""
        found = self._routes.get(code)
        if found is None:
            shares: Mapping[str, float] = {}
            for size in (len(code), 5, 4, 3, 1):
                shares = self._index.routes.get(code[:size], {})
                if shares:
                    break
            found = tuple(route for route, share in shares.items() if share >= LEAST_ROUTE_SHARE)
            self._routes[code] = found
        return found

    def _touches(self, entry: Entry, ban: Ban) -> bool:
        known = self._index.known
        return (
            any(not hidden.isdisjoint(entry.named) or not hidden.isdisjoint(entry.containing)
                for hidden in (ban.places, ban.uncoded) if hidden)
            or any(term.text in ban.texts for term in entry.terms)
            or any(not known[place].atc for place in entry.named)
        )  # fmt: skip

    def _make(self, entry: Entry, ban: Ban, lend: bool = True) -> tuple[Profile, ...]:
        counts: dict[_Key, float] = {}
        borrowed: dict[int, Known] = {}
        named = set(entry.named)
        for weight, places in ((1.0, entry.named), (CONTAINED, [p for p in entry.containing if p not in named])):
            for place in places:
                known = self._index.known[place]
                if place in ban.places:
                    continue
                if place in ban.uncoded or not known.atc:
                    if weight == 1.0 and known.made_of >= 0:
                        borrowed[known.made_of] = known
                    continue
                for code in known.atc:
                    key = (code, known.routes, known.forms, known.amounts, known.salts)
                    counts[key] = counts.get(key, 0.0) + weight
        for (code, salts), weight in self._term_weights(entry, ban).items():
            key = (code, self.routes_of(code), (), (), salts)
            counts[key] = counts.get(key, 0.0) + weight
        profiles = [Profile(*key, weight**CROWD) for key, weight in sorted(counts.items())]
        for place, known in sorted(borrowed.items()) if lend and not counts else ():
            profiles += self._borrow(self._index.entries[place], entry, known, ban)
        return tuple(profiles)

    def _term_weights(self, entry: Entry, ban: Ban) -> dict[tuple[str, tuple[str, ...]], float]:
        best: dict[tuple[str, tuple[str, ...]], float] = {}
        for term in entry.terms:
            if term.text not in ban.texts:
                weight = TERM_WEIGHTS.get(term.kind, OTHER_TERM_WEIGHT)
                if term.kind != "curated" and term.code not in self._index.routes:
                    weight *= UNUSED
                key = (term.code, term.salts)
                best[key] = max(best.get(key, 0.0), weight)
        return dict(sorted(best.items()))

    def _borrow(self, lender: Entry, entry: Entry, known: Known, ban: Ban) -> list[Profile]:
        """What a speciality without a code may be: what others of its substances and route are."""
        if lender is entry:
            return []
        return [
            structs.replace(one, weight=one.weight * BORROWED)
            for one in self._make(lender, ban, lend=False)
            if route_fit(one.routes, frozenset(known.routes)) > ROUTE_CONFLICT
        ]


class Share(Struct, frozen=True):
    """What part of an entry a code is, given what is asked, and how its best profile fits.

    ``likeness`` is in [0, 1]; ``route`` is a log weight, 0 when nothing disagrees; ``strength`` is that of
    :func:`strengths_agree`.
    """

    share: float
    likeness: float
    route: float
    strength: float | None
    salts_differ: bool
    routes: tuple[str, ...]


def shares(profiles: Sequence[Profile], asked: Asked) -> dict[str, Share]:
    """Give each code of an entry its share of what the entry may be."""
    sums: dict[str, float] = {}
    best: dict[str, tuple[float, float, float | None, bool, tuple[str, ...]]] = {}
    for profile in profiles:
        route = route_fit(profile.routes, asked.routes)
        fit = route
        strength: float | None = None
        if asked.forms and profile.forms and asked.forms.isdisjoint(profile.forms):
            fit += FORM_DIFFERS
        salts_differ = bool(asked.salts and profile.salts and asked.salts.isdisjoint(profile.salts))
        if salts_differ:
            fit += SALT_DIFFERS
        if asked.amounts:
            strength = strengths_agree(asked.amounts, profile.amounts)
            fit += STRENGTH_UNKNOWN if strength is None else STRENGTH_SPAN * (1 - strength)
        likeness = math.exp(fit)
        code = profile.code
        sums[code] = sums.get(code, 0.0) + profile.weight * likeness
        if code not in best or likeness > best[code][0]:
            best[code] = (likeness, route, strength, salts_differ, profile.routes)
    total = math.fsum(sums.values())
    return {code: Share(value / total, *best[code]) for code, value in sums.items()} if total > 0 else {}


def route_fit(known: Sequence[str], asked: frozenset[str]) -> float:
    """Say how well routes agree, as a log weight: 0 when one is shared or none is asked."""
    if not asked or not asked.isdisjoint(known):
        return 0.0
    if not known:
        return ROUTE_UNKNOWN
    for family in _RELATED:
        if not family.isdisjoint(asked) and not family.isdisjoint(known):
            return ROUTE_RELATED
    return ROUTE_CONFLICT


def telling_forms(forms: Sequence[str]) -> frozenset[str]:
    """Forms that tell one product from another."""
    return frozenset(forms) - _FAINT_FORMS
