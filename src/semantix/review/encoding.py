"""Values of the desk as JSON text, the same value always as the same bytes, and back."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def encode(value: object) -> str:
    """Write a value as JSON: keys sorted, no blanks."""
    return msgspec.json.encode(value, enc_hook=_plain, order="sorted").decode()


def decode(text: str | bytes, kind: type[T]) -> T:
    """Read a value of a kind. Raises msgspec.ValidationError."""
    return msgspec.json.decode(text, type=kind)


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")
