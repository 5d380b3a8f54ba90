"""The only door to fhir.resources: an independent check of what is written, for tests and the ``check`` extra."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from semantix.emitters.fhir._context import Json
from semantix.emitters.fhir.bundles import encode


def check(resource: Json) -> list[str]:
    """What the R4 models refuse in a resource, as ``path: message``; empty when it is valid.

    Needs the optional dependency ``fhir.resources``; R4B models are those of R4 4.0.1 for all resources written here.
    """
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415

    model = get_fhir_model_class(resource["resourceType"])
    try:
        built = model.model_validate_json(encode(resource))
    except ValidationError as refused:
        found = [(".".join(str(p) for p in e["loc"]), e["msg"]) for e in refused.errors()]
        problems = [f"{path}: {message}" for path, message in found if not _is_excused(resource, message)]
    else:
        problems = list(_misled(built, ""))
    return [*problems, *_empty(resource, "")]


def _empty(value: Any, path: str) -> Iterator[str]:
    """Objects, lists and strings that hold nothing, which FHIR's JSON has not."""
    if value in ({}, [], ""):
        yield f"{path}: is empty"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _empty(one, f"{path}.{name}")


def _misled(built: Any, path: str, allowed: Sequence[str] = ()) -> Iterator[str]:
    """References to a type that their element does not take."""
    if isinstance(built, list):
        for index, one in enumerate(built):
            yield from _misled(one, f"{path}.{index}", allowed)
    if not isinstance(built, BaseModel):
        return
    kind = str(getattr(built, "reference", None) or "").partition("/")[0]
    if allowed and "Resource" not in allowed and kind.isalpha() and kind not in allowed:
        yield f"{path}: refers to a {kind}, not to {', '.join(allowed)}"
    fields = type(built).model_fields
    for name, one in built:
        if isinstance(one, (list, BaseModel)):
            more = fields[name].json_schema_extra
            targets = more.get("enum_reference_types") if isinstance(more, dict) else None
            names = [str(x) for x in targets] if isinstance(targets, list) else []
            yield from _misled(one, f"{path}.{name}", names)


def _is_excused(resource: Json, message: str) -> bool:
    """FHIR lets an extension stand for a required choice (``_occurrenceDateTime``); the models do not."""
    return "Expect any of field value" in message and any(f"'{k[1:]}'" in message for k in resource if k[0] == "_")
