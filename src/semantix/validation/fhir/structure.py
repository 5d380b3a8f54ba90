"""The structure of resources, by the R4 models of fhir.resources, when they are installed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from semantix.emitters.fhir._r4 import Fault, faults
from semantix.parsers.fhir.shapes import Json, items
from semantix.validation._findings import Finding, RuleInfo
from semantix.validation.fhir import words_structure as rules
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Held

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
_BY_KIND: Mapping[str, RuleInfo] = MappingProxyType(
    {
        "unknown": rules.UNKNOWN_ELEMENT,
        "missing": rules.MISSING_ELEMENT,
        "list": rules.LIST,
        "type": rules.WRONG_TYPE,
        "form": rules.MALFORMED,
        "choice-missing": rules.MISSING_CHOICE,
        "choice-several": rules.SEVERAL_CHOICES,
        "other": rules.OTHER,
    }
)


def structure(held: Held) -> Iterator[Finding]:
    """What the models refuse in one resource, without the resources inside it."""
    kind = held.kind
    found = faults(_alone(held.resource))
    if found is None:
        yield told(rules.UNKNOWN_TYPE, held.place, type=kind if _NAME.fullmatch(kind) else "?")
        return
    for fault in found:
        if not _is_excused(held.resource, fault):
            yield _told(held, fault)
    yield from _empty(held)


def _alone(resource: Json) -> Json:
    """A resource without those inside it."""
    alone = {name: value for name, value in resource.items() if name != "contained"}
    if resource.get("resourceType") == "Bundle" and "entry" in resource:
        kept = ({name: one for name, one in entry.items() if name != "resource"} for entry in items(resource["entry"]))
        # An entry that holds nothing but its resource is no empty one.
        alone["entry"] = [entry or {"id": "entry"} for entry in kept]
    return alone


def _is_excused(resource: Json, fault: Fault) -> bool:
    """An extension may stand for a value that is missing (``_occurrenceDateTime``, ``_status``)."""
    if fault.kind not in ("missing", "choice-missing"):
        return False
    holder = _reached(resource, fault.path)
    return isinstance(holder, dict) and any(key.startswith(f"_{fault.name}") for key in holder if fault.name)


def _reached(holder: object, path: tuple[str | int, ...]) -> object:
    """What stands at a path, or at the last step of it that is there."""
    for step in path:
        if isinstance(holder, dict) and step in holder:
            holder = holder[step]
        if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            holder = holder[step]
    return holder


def _told(held: Held, fault: Fault) -> Finding:
    steps = list(fault.path)
    if fault.kind == "target":
        element = next((str(step) for step in reversed(steps) if isinstance(step, str)), "reference")
        facts = {"element": element, "type": fault.name, "types": ", ".join(fault.taken)}
        return told(rules.WRONG_TARGET, held.place + _joined(steps), **facts)
    name = fault.name or next((str(step) for step in reversed(steps) if isinstance(step, str)), held.kind)
    if fault.kind == "unknown" or (fault.kind == "missing" and steps):
        steps = steps[:-1]
    shown = name if _NAME.fullmatch(name) else "?"
    return told(_BY_KIND[fault.kind], held.place + _joined(steps), element=shown)


def _joined(steps: Sequence[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in steps)


def _shown(step: str) -> str:
    return step if _NAME.fullmatch(step) else "?"


def _empty(held: Held) -> Iterator[Finding]:
    """Objects, lists and texts that hold nothing, which FHIR has not."""
    for where, holder in [(held.place, held.resource), *((one.place, one.value) for one in held.parts)]:
        for name, value in holder.items():
            several = value if type(value) is list and value else [value]
            if any(one in ("", {}, []) for one in several):
                yield told(rules.EMPTY, f"{where}.{_shown(name)}", element=_shown(name))
