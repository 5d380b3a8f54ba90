"""Values read from a file, each string and each tuple kept once."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from semantix.terminology.matching.sharing import unite


class _Name(Struct, frozen=True, kw_only=True):
    words: tuple[str, ...]
    count: int = 0
    parts: tuple[float, ...] = ()
    more: tuple[_Name, ...] = ()
    one: _Name | None = None


def _read() -> tuple[_Name, ...]:
    first = _Name(words=("sodium", "chlorure"), parts=(1, 2.0))
    names = [first, _Name(words=("chlorure", "sodium"), parts=(1.0, 2.0))]
    names.append(_Name(words=("sodium", "chlorure"), count=2, more=(names[1],), one=first))
    return msgspec.msgpack.decode(msgspec.msgpack.encode(names), type=tuple[_Name, ...])


def test_shared_values_are_what_they_were() -> None:
    names = _read()
    unite(names)
    assert names == _read()
    assert msgspec.msgpack.encode(names) == msgspec.msgpack.encode(_read()), "numbers keep their types"


def test_a_string_and_a_tuple_of_strings_are_one_object() -> None:
    names = _read()
    unite(names)
    first, second, third = names
    assert first.words is third.words
    assert first.words[0] is second.words[1]
    assert third.more[0].words is second.words
    assert third.one is not None
    assert third.one.words is first.words
