"""The parts of the item page that are fetched when they are wanted: a concept, similar items, what a search finds."""

from __future__ import annotations

from msgspec import Struct
from starlette.datastructures import QueryParams

from semantix.review.actions import Person
from semantix.review.desk import Desk
from semantix.review.lookup import Filters, Lookup
from semantix.review.lookup import Hit as FoundCode
from semantix.review.lookup import View as Concept
from semantix.review.model import Item, Standing
from semantix.review.web.filters_form import LONGEST

SHOWN = 20
_LONGEST_CODE = 300


class Sought(Struct, frozen=True, kw_only=True):
    """A search in the store as it was asked, and what it found; ``more`` when only the first are shown.

    ``unindexed`` are systems whose words a search while typing does not see.
    """

    text: str = ""
    system: str = ""
    domain: str = ""
    standard: bool = False
    valid: bool = True
    sent: bool = False
    hits: tuple[FoundCode, ...] = ()
    more: bool = False
    systems: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    unindexed: tuple[str, ...] = ()


class Near(Struct, frozen=True, kw_only=True):
    """An item with words in common, as a person may see it."""

    item: Item
    standing: Standing


def seek(lookup: Lookup, query: QueryParams, target: str, prefix: str = "") -> Sought:
    """Search as an address asks; what it does not say is the target of the item, and valid codes."""
    text = _plain(query.get(f"{prefix}text", ""))
    asked = bool(text) or f"{prefix}system" in query
    systems = lookup.systems()
    system = _plain(query.get(f"{prefix}system", "")) if asked else target
    system = system if system in systems else ""
    domains = lookup.domains(system) if system else ()
    domain = _plain(query.get(f"{prefix}domain", ""))
    domain = domain if domain in domains else ""
    standard = query.get(f"{prefix}standard") == "1"
    valid = query.get(f"{prefix}valid") == "1" if asked else True
    sent = query.get(f"{prefix}scan") == "1"
    found: tuple[FoundCode, ...] = ()
    if text:
        filters = Filters(
            systems=(system,) if system else (), domain=domain, standard=standard or None, valid=valid or None
        )
        found = lookup.search(text, filters, limit=SHOWN + 1, scan=sent)
    bare = lookup.unindexed()
    return Sought(
        text=text,
        system=system,
        domain=domain,
        standard=standard,
        valid=valid,
        sent=sent,
        hits=found[:SHOWN],
        more=len(found) > SHOWN,
        systems=systems,
        domains=domains,
        unindexed=tuple(each for each in bare if not system or each == system),
    )


def concept_of(lookup: Lookup | None, system: str, code: str) -> Concept | None:
    """Read a concept; None when there is no store, or when it does not know the code."""
    if lookup is None or not system or not code or len(system) + len(code) > _LONGEST_CODE:
        return None
    return lookup.concept(_plain(system), _plain(code))


def near_items(desk: Desk, item: Item, person: Person) -> tuple[tuple[Near, ...], tuple[Near, ...]]:
    """The items like one that carry a decision which a person may see, and the others; each in the order found."""
    near = [Near(item=other, standing=standing) for other, standing in desk.similar(item, person)]
    decided = tuple(each for each in near if each.standing.judgement is not None)
    return decided, tuple(each for each in near if each.standing.judgement is None)


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]
