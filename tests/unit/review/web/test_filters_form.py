"""Filters in an address come back the same; what is not understood does not limit."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from semantix.review.desk import ALL, ORDERS, Filters
from semantix.review.model import OPEN_STATES, State
from semantix.review.web.filters_form import address, filters_of, is_narrowed, pairs_of, query_of, written_percent

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
STATES = st.one_of(
    st.just((ALL,)),
    st.lists(st.sampled_from([state.value for state in State]), unique=True).map(
        lambda found: tuple(state.value for state in State if state.value in found)
    ),
).filter(lambda found: set(found) != {state.value for state in OPEN_STATES})
SHARE = st.one_of(
    st.none(), st.integers(0, 1000).map(lambda n: n / 1000), st.integers(0, 10**6).map(lambda n: n / 10**6)
)


@st.composite
def filters(draw):
    texts = {name: draw(TEXT) for name in ("target", "system", "section", "sender", "assignee", "person", "text")}
    return Filters(
        states=draw(STATES),
        low=draw(SHARE),
        high=draw(SHARE),
        audit=draw(st.booleans()),
        order=draw(st.sampled_from(ORDERS)),
        **texts,
    )


def read(query: str) -> Filters:
    return filters_of(QueryParams(query))


@given(filters())
def test_filters_come_back_from_their_address(wanted):
    assert read(query_of(wanted)) == wanted
    assert read(urlsplit(address("/", wanted)).query) == wanted


@given(st.text(max_size=200))
def test_any_address_gives_filters_that_come_back(query):
    found = read(query)
    assert read(query_of(found)) == found


@given(st.lists(st.tuples(st.sampled_from(["state", "low", "high", "order", "text", "audit"]), st.text(max_size=20))))
def test_any_values_give_filters_that_come_back(pairs):
    found = filters_of(QueryParams(pairs))
    assert filters_of(QueryParams(list(pairs_of(found)))) == found


def test_what_limits_nothing_is_not_in_the_address():
    assert query_of(Filters()) == ""
    assert address("/", Filters()) == "/"
    assert address("/", Filters(), ("at", "5"), ("after", "")) == "/?at=5"
    assert not is_narrowed(Filters(order="label"))
    assert is_narrowed(Filters(text="a"))


def test_scores_are_written_in_percent_with_a_point_or_a_comma():
    assert read("low=62,5&high=90.25") == Filters(low=0.625, high=0.9025)
    assert read("low=-1&high=101") == read("low=abc&high=1e999") == read("low=NaN") == Filters()
    assert dict(parse_qsl(query_of(Filters(low=0.29, high=1.0)))) == {"low": "29", "high": "100"}
    assert written_percent(None) == ""


def test_states_are_known_ones_and_those_that_wait_are_the_default():
    assert read("state=draft&state=nonsense&state=draft").states == ("draft",)
    assert read("state=draft&state=all").states == ("all",)
    assert read("&".join(f"state={state}" for state in OPEN_STATES)).states == ()
    assert read("order=nonsense").order == "priority"


def test_texts_are_cut_and_lose_what_no_database_keeps():
    assert len(read("text=" + "a" * 500).text) == 200
    assert read("text=a%00b").text == "ab"
