"""What FHIR has no element for, as FHIR extensions, and back. The type of the field says how a value is read.

One value is one extension; a struct is one with an extension for each field that says something; a tuple is repeated.
A text that FHIR would refuse (empty, blank, with control characters) is a ``data:`` URI. What the engine proposed is
the bulk of a file, and of use to semantix alone: it is one text, in JSON.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin
from urllib.parse import quote, unquote

import msgspec
from msgspec import NODEFAULT, Struct, structs

from semantix.review.encoding import decode, encode
from semantix.review.formats._conceptmap_shape import Extension
from semantix.review.formats._conceptmap_terms import is_text
from semantix.review.model import Proposal

BASE = "https://semantix.invalid/fhir/StructureDefinition/conceptmap-"
"""How the URL of every extension of ours begins; the name of the field follows."""

_DATA = "data:,"
_MOST = 2**31 - 1
_MOMENT = re.compile(
    r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
    r"(Z|[+-](0\d|1[0-3]):[0-5]\d)"
)
_MOMENTS = frozenset({"status-on", "created-on", "at"})
_UNIONS = (UnionType, Union)
_T = TypeVar("_T")


class Unreadable(ValueError):
    """An extension of ours that somebody changed into something else."""


class _Pair(Struct, frozen=True):
    """An item of a mapping."""

    name: str
    value: Any


def url_of(name: str) -> str:
    """The URL of our extension for a field."""
    return BASE + name.replace("_", "-")


def extensions(name: str, value: object) -> tuple[Extension, ...]:
    """The extensions that say the value of a field; none for None."""
    return _written(url_of(name), value)


def ours(found: Iterable[Extension]) -> dict[str, tuple[Extension, ...]]:
    """Our extensions among others, by the name of the field."""
    named: dict[str, tuple[Extension, ...]] = {}
    for each in found:
        if each.url.startswith(BASE):
            name = each.url.removeprefix(BASE).replace("-", "_")
            named[name] = (*named.get(name, ()), each)
    return named


def value_of(found: tuple[Extension, ...], kind: Any) -> Any:
    """The value that extensions say, as a kind. Raises Unreadable."""
    try:
        return _read(found, kind)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def field_types(kind: type[Struct]) -> Mapping[str, Any]:
    """The fields of a struct with their types."""
    return {name: of for name, (_, of, _) in _plan(kind).items()}


def _written(url: str, value: Any) -> tuple[Extension, ...]:  # noqa: PLR0911  one line a type
    match value:
        case None:
            return ()
        case bool():
            return (Extension(url=url, value_boolean=value),)
        case StrEnum():
            return _text(url, value.value)
        case str():
            return _text(url, value)
        case int():
            if abs(value) > _MOST:
                return (Extension(url=url, value_string=str(value)),)
            return (Extension(url=url, value_integer=value),)
        case float():
            return (Extension(url=url, value_decimal=_finite(value)),)
        case tuple():
            return tuple(each for item in value for each in _written(url, item))
        case Proposal():
            return (Extension(url=url, value_string=_as_json(value)),)
        case Mapping():
            return tuple(each for pair in sorted(value.items()) for each in _written(url, _Pair(*pair)))
        case _:
            return (Extension(url=url, extension=_members(value)),)


def _as_json(proposal: Proposal) -> str:
    finite = tuple(
        each
        if math.isfinite(each.score) and math.isfinite(each.probability)
        else structs.replace(each, score=_finite(each.score), probability=_finite(each.probability))
        for each in proposal.candidates
    )
    proposal = structs.replace(proposal, candidates=finite)
    try:
        return encode(proposal)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(proposal), ensure_ascii=False, sort_keys=True)
        return text.encode("utf-8", "replace").decode()


def _finite(number: float) -> float:
    return number if math.isfinite(number) else 0.0


def _text(url: str, text: str) -> tuple[Extension, ...]:
    if not is_text(text):
        return (Extension(url=url, value_uri=_DATA + quote(text, safe="", errors="replace")),)
    if url.removeprefix(BASE) in _MOMENTS and _MOMENT.fullmatch(text):
        return (Extension(url=url, value_date_time=text),)
    return (Extension(url=url, value_string=text),)


def _members(value: Struct) -> tuple[Extension, ...]:
    said: list[Extension] = []
    for name, (url, _, default) in _plan(type(value)).items():
        member = getattr(value, name)
        if member != default:
            said += _written(url, member)
    # FHIR wants a value or a member: a struct that says nothing says that.
    return tuple(said) or (Extension(url="empty", value_boolean=True),)


@lru_cache(maxsize=64)
def _plan(kind: type[Struct]) -> dict[str, tuple[str, Any, object]]:
    """By field: the URL of its extension, its type, its default."""
    return {field.name: (field.name.replace("_", "-"), field.type, _default(field)) for field in structs.fields(kind)}


def _default(field: structs.FieldInfo) -> object:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def _read(found: tuple[Extension, ...], kind: Any) -> Any:
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_read((each,), get_args(kind)[0]) for each in found)
    if origin is Mapping:
        of = get_args(kind)[1]
        pairs = [_read((each,), _Pair) for each in found]
        return {pair.name: msgspec.convert(pair.value, of, strict=False) for pair in pairs}
    if len(found) != 1:
        raise Unreadable("one value was expected")
    if origin in _UNIONS:
        return _read(found, next(each for each in get_args(kind) if each is not NoneType))
    if kind is Proposal:
        return decode(str(_leaf(found[0])), Proposal)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(found[0], kind)
    return msgspec.convert(_leaf(found[0]), kind, strict=False)


def _struct(found: Extension, kind: type[_T]) -> _T:
    members: dict[str, tuple[Extension, ...]] = {}
    for each in found.extension:
        members[each.url] = (*members.get(each.url, ()), each)
    plan = _plan(kind)  # type: ignore[arg-type]  # a Struct, as the caller has seen
    values = {name: _read(members[url], of) for name, (url, of, _) in plan.items() if url in members}
    return kind(**values)


def _leaf(found: Extension) -> object:
    if found.value_uri is not None and found.value_uri.startswith(_DATA):
        return unquote(found.value_uri.removeprefix(_DATA))
    values = (
        found.value_string,
        found.value_boolean,
        found.value_integer,
        found.value_decimal,
        found.value_date_time,
        found.value_code,
        found.value_uri,
    )
    return next((value for value in values if value is not None), None)
