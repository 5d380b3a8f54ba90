"""Values as JSON: the same value as the same bytes, and back."""

from types import MappingProxyType

import msgspec
import pytest
from tests.desk_values import choice

from semantix.review.encoding import decode, encode
from semantix.review.model import Judgement, Standing, State


def test_the_same_value_is_the_same_text():
    first = Standing(state=State.DRAFT, drafts=MappingProxyType({"b": choice("A00"), "a": choice()}))
    second = Standing(state=State.DRAFT, drafts={"a": choice(), "b": choice("A00")})
    assert encode(first) == encode(second)
    assert decode(encode(first), Standing) == second
    assert "\n" not in encode(choice(note="a\nb"))


def test_what_is_not_a_value_is_refused():
    with pytest.raises(msgspec.ValidationError):
        decode('{"targets": 1}', Judgement)
    with pytest.raises(NotImplementedError, match="object has no JSON form"):
        encode(object())
