"""The targets that people name, with their displays from what is known rather than from who sent them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from semantix.errors import ActionRefused
from semantix.review.lookup import Lookup
from semantix.review.model import Target

Known = Mapping[tuple[str, str], Target]
"""The targets that an item already speaks of, by system and code."""


def told_target(lookup: Lookup | None, target: Target, known: Known) -> Target:
    """Return a target with its display as the item or the store has it.

    Raises ActionRefused for a code that a system of the store does not have.
    """
    said = known.get((target.system, target.code))
    if said is not None:
        step = lookup.step(target.system, target.code) if lookup is not None and not said.display else None
        display = step.display if step is not None else said.display
        return replace(target, display=display, created_by=said.created_by, created_on=said.created_on)
    if lookup is None or not target.system or target.system not in lookup.systems():
        return target
    found = lookup.step(target.system, target.code)
    if found is None:
        raise ActionRefused("the code is not in the store", "unknown_code")
    return replace(target, code=found.code, display=found.display)
