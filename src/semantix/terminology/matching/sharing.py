"""Values read from a file, each string and each tuple kept once: names of ten thousand products repeat a few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, structs


def unite(values: Iterable[Struct]) -> None:
    """Make equal strings, and equal tuples of strings, one object in structs that were just read and nobody else holds.

    Their fields may be strings, numbers, structs, and tuples of these; what else there is stays as it is.
    """
    seen: dict[Any, Any] = {}
    for value in values:
        _within(value, seen)


def _within(value: Struct, seen: dict[Any, Any]) -> None:
    for name in value.__struct_fields__:
        was = getattr(value, name)
        if was.__class__ is str or was.__class__ is tuple:
            now = _shared(was, seen)
            if now is not was:
                structs.force_setattr(value, name, now)
        elif isinstance(was, Struct):
            _within(was, seen)


def _shared(value: Any, seen: dict[Any, Any]) -> Any:
    if value.__class__ is str:
        return seen.setdefault(value, value)
    if value and value[0].__class__ is str:
        # Only tuples of strings are kept: numbers that are equal may be of two types.
        known = seen.get(value)
        if known is not None:
            return known
        if all(one.__class__ is str for one in value):
            parts = tuple([seen.setdefault(one, one) for one in value])
            return seen.setdefault(parts, parts)
    for one in value:
        if isinstance(one, Struct):
            _within(one, seen)
    return value


__all__ = ["unite"]
