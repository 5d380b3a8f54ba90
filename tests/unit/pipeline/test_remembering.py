"""What came first is remembered, up to a number of keys."""

from semantix.pipeline.remembering import First


def test_another_value_of_a_key_is_seen_and_the_first_one_stays() -> None:
    first = First()
    assert [first.is_other(b"k", value) for value in (b"a", b"a", b"b", b"a")] == [False, False, True, False]


def test_the_oldest_key_is_forgotten_first() -> None:
    first = First(kept=2)
    for key in (b"1", b"2", b"3"):
        first.is_other(key, b"a")
    assert (first.is_other(b"2", b"b"), first.is_other(b"1", b"b")) == (True, False)
