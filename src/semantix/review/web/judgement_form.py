"""A judgement in the fields of a form, and back; and what each button of the item page makes of it.

A target is one row of six fields of the same names, in the order of :data:`ROW`. A button says what it does in its
value: ``save``, or ``accept?system=…&code=…`` where it needs a target (see :func:`press`).
"""

from __future__ import annotations

from itertools import islice, zip_longest
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import ActionRefused
from semantix.review.actions import LONGEST_NOTE, MOST_TARGETS
from semantix.review.model import Judgement, Part, Relation, Target
from semantix.review.web.filters_form import Fields

ROW = ("target_system", "target_code", "target_display", "target_relation", "target_part", "target_refused")
VERBS = ("save", "draft", "none", "accept", "add", "refuse", "remove", "by-hand", "theirs", "like")
"""What a button may do; ``theirs`` and ``like`` take the judgement of somebody else, by its place or its item."""
EDITING = frozenset({"add", "refuse", "remove", "by-hand"})
"""These change the form, and save nothing."""
_LONGEST = 2_000


class Pressed(Struct, frozen=True, kw_only=True):
    """The button that was pressed, and the target or the row that it names."""

    verb: str
    target: Target | None = None
    row: int = -1


def press(verb: str, system: str, code: str, relation: str = "", display: str = "") -> str:
    """Write the value of a button about a target; the relation is exact where none is given."""
    fields = {"system": system, "code": code, "relation": relation, "display": display}
    return f"{verb}?{urlencode({name: value for name, value in fields.items() if value})}"


def pressed(value: str) -> Pressed:
    """Read the value of a button. Raises ActionRefused when it is none of ours."""
    verb, _, rest = value.partition("?")
    if verb not in VERBS:
        raise ActionRefused("no such button", "bad_choice")
    given = dict(parse_qsl(rest[:_LONGEST], max_num_fields=8))
    if verb in {"accept", "add", "refuse"}:
        target = Target(
            system=given.get("system", ""),
            code=given.get("code", ""),
            display=given.get("display", ""),
            relation=_relation(given.get("relation", "exact")),
        )
        return Pressed(verb=verb, target=target)
    row = given.get("row", "")
    return Pressed(verb=verb, row=int(row) if row.isascii() and row.isdigit() and len(row) <= 9 else -1)


def judgement_of(fields: Fields) -> Judgement:
    """Read what a form holds; whether it makes sense is not looked at. Raises ActionRefused (``bad_choice``)."""
    columns = [[_clean(each) for each in fields.getlist(name)] for name in ROW]
    rows = islice(zip_longest(*columns, fillvalue=""), MOST_TARGETS + 1)
    return Judgement(
        targets=tuple(
            Target(
                system=system,
                code=code,
                display=display,
                relation=_relation(relation),
                part=_part(part),
                refused=refused == "1",
            )
            for system, code, display, relation, part, refused in rows
        ),
        no_target=fields.get("none", "") == "1",
        note=_clean(fields.get("note", "")).replace("\r\n", "\n").strip()[: LONGEST_NOTE + 1],
    )


def by_hand(fields: Fields) -> Target:
    """Read the target that somebody typed."""
    system, code, display = (_clean(fields.get(f"hand_{name}", "")).strip() for name in ("system", "code", "display"))
    return Target(system=system, code=code, display=display)


def pairs_of(judgement: Judgement) -> tuple[tuple[str, str], ...]:
    """Write a judgement as fields."""
    pairs = [
        pair
        for each in judgement.targets
        for pair in zip(
            ROW,
            (each.system, each.code, each.display, each.relation.value, each.part.value, "1" if each.refused else "0"),
            strict=True,
        )
    ]
    if judgement.no_target:
        pairs.append(("none", "1"))
    if judgement.note:
        pairs.append(("note", judgement.note))
    return tuple(pairs)


def changed(judgement: Judgement, button: Pressed) -> Judgement:
    """Return a judgement as a button makes it: of the row or the target that it names."""
    if button.verb == "remove":
        kept = tuple(each for place, each in enumerate(judgement.targets) if place != button.row)
        return replace(judgement, targets=kept)
    if button.verb == "none":
        return replace(judgement, targets=judgement.refused, no_target=True)
    target = button.target
    if target is None:
        return judgement
    others = tuple(each for each in judgement.targets if _place(each) != _place(target))
    if button.verb == "refuse":
        return replace(judgement, targets=(*others, replace(target, refused=True)))
    if button.verb == "accept":
        others = tuple(each for each in others if each.refused)
    return replace(judgement, targets=(*others, target), no_target=False)


def _place(target: Target) -> tuple[str, str, str]:
    return target.part, target.system, target.code


def _relation(text: str) -> Relation:
    if text not in set(Relation):
        raise ActionRefused("no such relation", "bad_choice")
    return Relation(text)


def _part(text: str) -> Part:
    if text not in set(Part):
        raise ActionRefused("no such part", "bad_choice")
    return Part(text)


def _clean(given: object) -> str:
    # A database does not keep NUL.
    return str(given).replace("\0", "")
