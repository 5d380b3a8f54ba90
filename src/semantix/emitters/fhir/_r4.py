"""The only door to fhir.resources: an independent check of what is written, for tests and the ``check`` extra."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, get_args, get_origin

from msgspec import Struct
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
        problems = [
            f"{path}: refers to a {kind}, not to {', '.join(taken)}" for path, kind, taken in _misled(built, "")
        ]
    return [*problems, *_empty(resource, "")]


def _empty(value: Any, path: str) -> Iterator[str]:
    """Objects, lists and strings that hold nothing, which FHIR's JSON has not."""
    if value in ({}, [], ""):
        yield f"{path}: is empty"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _empty(one, f"{path}.{name}")


def _misled(built: Any, path: str, allowed: Sequence[str] = ()) -> Iterator[tuple[str, str, Sequence[str]]]:
    """References to a type that their element does not take: where, to what, and the types that it takes."""
    if isinstance(built, list):
        for index, one in enumerate(built):
            yield from _misled(one, f"{path}.{index}", allowed)
    if not isinstance(built, BaseModel):
        return
    kind = str(getattr(built, "reference", None) or "").partition("/")[0]
    if allowed and "Resource" not in allowed and kind.isalpha() and kind not in allowed:
        yield path, kind, allowed
    fields = type(built).model_fields
    # The fields as they are kept: iterating over a model copies them.
    for name, one in vars(built).items():
        if isinstance(one, (list, BaseModel)) and name in fields:
            more = fields[name].json_schema_extra
            targets = more.get("enum_reference_types") if isinstance(more, dict) else None
            names = [str(x) for x in targets] if isinstance(targets, list) else []
            yield from _misled(one, f"{path}.{name}", names)


def _is_excused(resource: Json, message: str) -> bool:
    """FHIR lets an extension stand for a required choice (``_occurrenceDateTime``); the models do not."""
    return "Expect any of field value" in message and any(f"'{k[1:]}'" in message for k in resource if k[0] == "_")


# --- what comes from elsewhere ------------------------------------------------------------------------------------


class Fault(Struct, frozen=True):
    """What the models refuse in a resource that was given: where, and what kind of fault; never a value.

    ``kind`` is one of ``unknown``, ``missing``, ``list`` (a list where one is wanted, or one where a list is),
    ``type``, ``form``, ``choice-missing``, ``choice-several``, ``target`` (a reference to a type that its element does
    not take: ``name``, and ``taken``), ``other``. ``name`` is an element, where one is meant.
    """

    path: tuple[str | int, ...]
    kind: str
    name: str = ""
    taken: tuple[str, ...] = ()


_KINDS = {
    "extra_forbidden": "unknown",
    "missing": "missing",
    "model_field_validation.missing": "missing",
    "list_type": "list",
    "string_pattern_mismatch": "form",
    "string_too_long": "form",
    "string_too_short": "form",
}


def is_at_hand() -> bool:
    """Whether the optional dependency is installed."""
    return find_spec("fhir") is not None


def faults(resource: Json) -> list[Fault] | None:
    """What the R4 models refuse in one resource; ``None`` for a type that they do not know.

    Contained resources and the resources of a Bundle are to be left out: the models stop at those they do not know.
    """
    model = _model(str(resource.get("resourceType")))
    if model is None:
        return None
    try:
        built = model.model_validate_json(encode(resource))
    except ValidationError as refused:
        return [_fault(error) for error in refused.errors(include_url=False)]
    except (LookupError, AttributeError, TypeError, RecursionError):
        return [Fault((), "other")]
    return [Fault(_steps(path), "target", kind, tuple(taken)) for path, kind, taken in _misled(built, "")]


def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdecimal() else step for step in path.split(".") if step)


def typed(resource: Json) -> Json:
    """A resource that came from XML, with the lists and the types that JSON would have; as it is if not known."""
    model = _model(str(resource.get("resourceType")))
    return _typed(resource, model) if model is not None else resource


def _model(kind: str) -> type[BaseModel] | None:
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415

    try:
        found = get_fhir_model_class(kind)
    except (ValueError, LookupError, AttributeError):
        return None
    assert issubclass(found, BaseModel)
    return found


def _fault(error: Any) -> Fault:
    path, kind, message = tuple(error["loc"]), str(error["type"]), str(error["msg"])
    known = _KINDS.get(kind)
    if known is not None:
        return Fault(path, known, str((error.get("ctx") or {}).get("field_name", "")))
    if "Expect any of field value" in message:
        return Fault(path, "choice-missing", _common(message))
    if "Any of one field value is expected" in message:
        return Fault(path, "choice-several", _common(message))
    if kind.endswith(("_type", "_parsing")):
        wants_one = kind in {"string_type", "dict_type", "model_type", "bool_type", "date_type"}
        return Fault(path, "list" if wants_one and isinstance(error.get("input"), list) else "type")
    if path[-1:] == ("root",):
        return Fault(path[:-1], "type")
    return Fault(path, "form" if "spec regex" in message else "other")


def _common(message: str) -> str:
    """The name of a choice from those of its types: ``medication`` of ``medicationReference``."""
    names = message.partition("[")[2].partition("]")[0].replace("'", "").split(", ")
    shortest, longest = min(names), max(names)
    size = next((n for n, pair in enumerate(zip(shortest, longest, strict=False)) if pair[0] != pair[1]), len(shortest))
    return shortest[:size].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or shortest[:size]


def _typed(value: Json, model: type[BaseModel]) -> Json:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    out: Json = {}
    for name, content in value.items():
        field = fields.get(name)
        if field is None:
            out[name] = content
            continue
        is_list, kind = _shape(field.annotation)
        several = [_one(item, kind) for item in (content if isinstance(content, list) else [content])]
        out[name] = several if is_list or len(several) != 1 else several[0]
    return out


def _shape(annotation: Any) -> tuple[bool, Any]:
    """Whether an element may repeat, and its type."""
    inner = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) is list:
        return True, _shape(inner[0])[1]
    return _shape(inner[0]) if inner else (False, annotation)


def _one(value: Any, kind: Any) -> Any:
    if isinstance(value, dict):
        name = str(getattr(kind, "__name__", "")).removesuffix("Type")
        inner = _model(str(value.get("resourceType") or name))
        return _typed(value, inner) if inner is not None else value
    if kind is bool and value in ("true", "false"):
        return value == "true"
    if not isinstance(value, str) or kind not in (int, Decimal):
        return value
    try:
        return int(value) if kind is int else Decimal(value)
    except (ValueError, ArithmeticError):
        return value
