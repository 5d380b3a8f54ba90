"""What the shell reads of a request: the language, and where somebody may be led."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from semantix.review.web.visits import LANGUAGE_COOKIE, accepted_language, chosen_language, local_path, session_cookie


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "fr"),
        ("de", "fr"),
        ("*", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-CA;q=0.8, en;q=0.9", "en"),
        ("en;q=0.5, fr;q=0.5", "en"),
        ("de, fr;q=0.2, en;q=0.1", "fr"),
        ("en;q=0", "fr"),
        ("EN", "en"),
        ("english, france", "fr"),
        ("en;q=nonsense, fr;q=0.1", "fr"),
        ("x" * 100_000, "fr"),
    ],
)
def test_the_browsers_language_is_taken_where_the_desk_speaks_it(header, lang):
    assert accepted_language(header) == lang


def test_what_was_chosen_comes_before_the_browsers_language():
    headers = Headers({"accept-language": "en"})
    assert chosen_language("", {}, headers) == "en"
    assert chosen_language("", {LANGUAGE_COOKIE: "fr"}, headers) == "fr"
    assert chosen_language("en", {LANGUAGE_COOKIE: "fr"}, Headers()) == "en"
    assert chosen_language("xx", {LANGUAGE_COOKIE: "<b>"}, headers) == "en"


@pytest.mark.parametrize(
    "path", ["/", "/items/3", "/?state=open&text=%C3%A9", "/history?next=//x", "/a%20b", "/?q=%5C"]
)
def test_a_place_of_the_desk_is_led_to(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2Fevil.example",
        "/%2f%2fevil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/é",
        "/x\r\nSet-Cookie: a=b",
        "/" + "x" * 3_000,
        "/sign-in",
        "/sign-in?next=/",
        "/sign-out",
        "/start?token=x",
        "/api/items",
        "/language",
        "/static/x/y",
    ],
)
def test_nobody_is_led_elsewhere_nor_back_to_the_door(path):
    assert local_path(path) == "/"


@given(st.text() | st.text(alphabet="/\\%.:2fF5cC09\t\n ?#@ae"))
def test_whatever_is_given_the_place_is_on_this_site(text):
    # As browsers read it: without tabs and line ends, a backslash as a slash.
    from urllib.parse import urljoin, urlsplit

    place = local_path(text).replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
    assert urlsplit(urljoin("http://desk.example/sign-in", place)).netloc == "desk.example"
    assert place.startswith("/")
    assert not place.startswith("//")


def test_the_cookie_is_bound_to_the_host_where_it_can_be():
    assert session_cookie(True, "443").startswith("__Host-")
    assert session_cookie(False, "8000") != session_cookie(False, "8001")
