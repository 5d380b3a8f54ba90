"""Coming in and going out: with accounts, by the one-time link, and in which language."""

import pytest
from tests.desk_shell import PASSWORD, Site

from semantix.errors import Unprotected
from semantix.review.web.security import IdleTimes, LocalAccounts, OneTimeLink, check_exposure, is_loopback

# --- with accounts --------------------------------------------------------------------------------------------


def test_a_page_leads_to_the_form_and_the_form_back():
    browser = Site().browser()
    away = browser.get("/review?state=open&text=a%20b")
    assert (away.status_code, away.headers["location"]) == (
        303,
        "/sign-in?next=/review%3Fstate%3Dopen%26text%3Da%2520b",
    )
    shown = browser.get(away.headers["location"])
    assert 'name="next" value="/review?state=open&amp;text=a%20b"' in shown.text
    back = browser.sign_in(next="/review?state=open&text=a%20b")
    assert (back.status_code, back.headers["location"]) == (303, "/review?state=open&text=a%20b")
    assert browser.get("/").status_code == 200


def test_the_interface_says_401_as_a_problem():
    answer = Site().browser().get("/api/review")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["key"] == "person"


def test_a_form_without_a_session_leads_to_the_form_and_not_back():
    answer = Site().browser().post("/save")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize("evil", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2fevil.example"])
def test_nobody_is_led_elsewhere_by_the_form(evil):
    site = Site()
    assert "evil" not in site.browser().get("/sign-in", params={"next": evil}).text.split("<main")[1]
    assert site.browser().sign_in(next=evil).headers["location"] == "/"
    assert site.signed_in().get("/sign-in", params={"next": evil}).headers["location"] == "/"


def test_a_wrong_password_an_unknown_name_and_a_closed_account_look_the_same():
    site = Site()
    answers = [site.browser().sign_in(*given) for given in (("zoe", "wrong"), ("eve", PASSWORD), ("old", PASSWORD))]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert all("do not go together" in answer.text for answer in answers)
    assert not site.accounts.sessions


def test_the_name_is_kept_and_escaped_and_the_password_is_not_shown():
    answer = Site().browser().sign_in("<b>zoe", "secret words here")
    assert 'value="&lt;b&gt;zoe"' in answer.text
    assert "secret words" not in answer.text


def test_the_session_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites():
    [cookie] = [
        value
        for value in Site().browser().sign_in().headers.get_list("set-cookie")
        if value.startswith("semantix-desk-8000=")
    ]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=strict"}


def test_the_identifier_of_a_session_is_new_at_each_sign_in_and_the_old_one_dies():
    site = Site()
    browser = site.signed_in()
    [first] = site.accounts.sessions
    assert browser.sign_in("max").status_code == 303
    [second] = site.accounts.sessions
    assert first != second
    assert site.accounts.sessions[second].name == "max"


def test_a_session_planted_before_signing_in_is_not_taken_over():
    site = Site()
    browser = site.browser()
    browser.client.cookies.set("semantix-desk-8000", "planted")
    browser.sign_in()
    assert "planted" not in site.accounts.sessions


def test_signing_out_ends_the_session_in_the_database():
    site = Site()
    browser = site.signed_in()
    stolen = dict(browser.client.cookies)
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert not site.accounts.sessions
    assert (
        site.browser().get("/", headers={"Cookie": "; ".join(f"{k}={v}" for k, v in stolen.items())}).status_code == 303
    )


def test_a_session_left_alone_for_two_hours_is_over():
    site = Site()
    browser = site.signed_in()
    assert browser.get("/").status_code == 200
    site.clock.turn(hours=1.9)
    assert browser.get("/").status_code == 200
    site.clock.turn(hours=1.9)
    assert browser.get("/").status_code == 200
    site.clock.turn(hours=2)
    assert browser.get("/").status_code == 303
    assert not site.accounts.sessions


def test_a_session_ends_after_twelve_hours_however_busy():
    site = Site()
    browser = site.signed_in()
    for _ in range(11):
        assert browser.get("/").status_code == 200
        site.clock.turn(hours=1)
    site.clock.turn(hours=1)
    assert browser.get("/").status_code == 303


def test_whoever_is_signed_in_does_not_see_the_form():
    assert Site().signed_in().get("/sign-in?next=/help").headers["location"] == "/help"


def test_attempts_are_slowed_down_before_the_password_is_looked_at():
    site = Site()
    browser = site.browser()
    answers = [browser.sign_in(password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "30"
    assert "30\u00a0s" in answers[-1].text
    assert site.accounts.checked == 5
    assert browser.sign_in().status_code == 429
    assert site.browser(address="192.0.2.7").sign_in().status_code == 303
    site.clock.turn(seconds=30)
    assert browser.sign_in().status_code == 303


@pytest.mark.parametrize("name", [b"%FF", b"%ED%A0%80", b"a%01b", b"%E2%80%AE", b"", b"+", b"%F0%9F%92%A5"])
def test_what_cannot_be_a_name_is_nobodys_and_takes_as_long(name):
    site = Site()
    browser = site.browser()
    body = b"name=" + name + b"&password=x&csrf=" + browser.token().encode()
    answer = browser.ask(
        "POST", "/sign-in", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 403
    assert site.accounts.checked == 1


def test_endless_fields_are_refused():
    assert Site().browser().sign_in("x" * 2_000).status_code == 422


# --- without accounts -----------------------------------------------------------------------------------------


def test_the_link_is_good_once_and_leads_away_from_its_address():
    site = Site(())
    browser = site.browser()
    assert browser.get("/").status_code == 303
    answer = browser.get("/start?token=the-link")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "Zoé" in browser.get("/").text
    assert browser.get("/review").status_code == 200
    again = site.browser().get("/start?token=the-link")
    assert again.status_code == 403
    assert "already used" in again.text
    assert again.headers["referrer-policy"] == "no-referrer"
    assert "the-link" not in again.text


def test_whoever_used_the_link_may_open_it_again():
    browser = Site(()).browser()
    browser.get("/start?token=the-link")
    assert browser.get("/start?token=the-link").headers["location"] == "/"


@pytest.mark.parametrize("token", ["", "wrong", "the-lin", "the-link2", "é"])
def test_another_token_opens_nothing_and_leaves_the_link_alive(token):
    site = Site(())
    assert site.browser().get("/start", params={"token": token}).status_code == 403
    assert site.browser().get("/start?token=the-link").status_code == 303


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_browser_that_looks_ahead_does_not_use_up_the_link(headers):
    site = Site(())
    assert site.browser().get("/start?token=the-link", headers=headers).status_code == 204
    assert site.browser().get("/start?token=the-link").status_code == 303


def test_the_link_answers_get_only():
    site = Site(())
    assert site.browser().ask("HEAD", "/start?token=the-link").status_code == 405
    assert site.browser().get("/start?token=the-link").status_code == 303


def test_with_accounts_there_is_no_link():
    assert Site(local_person="Zoé", link="the-link").browser().get("/start?token=the-link").status_code == 404


def test_without_accounts_the_form_says_to_open_the_link_and_no_password_helps():
    browser = Site(()).browser()
    assert 'type="password"' not in browser.get("/sign-in").text
    assert browser.sign_in("Zoé").status_code == 403


def test_a_local_session_is_not_ended_by_a_long_lunch():
    site = Site(())
    browser = site.browser()
    browser.get("/start?token=the-link")
    site.clock.turn(hours=20)
    assert browser.get("/").status_code == 200


def test_a_desk_with_neither_accounts_nor_a_link_is_not_made():
    with pytest.raises(Unprotected, match="semantix review user add"):
        Site((), link="")


def test_a_local_account_lasts_as_long_as_it_says():
    from datetime import UTC, datetime, timedelta

    now = datetime(2026, 3, 2, tzinfo=UTC)
    accounts = LocalAccounts("Zoé")
    token = accounts.open_session("Zoé", now, 60)
    accounts.set_language(token, "en")
    accounts.set_language("unknown", "en")
    assert accounts.session(token, now).lang == "en"
    assert accounts.session(token, now + timedelta(seconds=60)) is None
    accounts.close_session(token)
    assert accounts.session(token, now) is None


def test_an_empty_link_is_never_taken():
    assert not OneTimeLink("").take("")


def test_the_idle_times_kept_are_bounded(monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr("semantix.review.web.security._MOST_SEEN", 3)
    times = IdleTimes(60)
    for n in range(10):
        assert not times.is_over(str(n), datetime(2026, 3, 2, tzinfo=UTC))
    assert len(times._seen) == 3


# --- where it may be served -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.4", False),
        ("desk.example", False),
        ("localhost.evil.example", False),
    ],
)
def test_loopback_is_known(host, loopback):
    assert is_loopback(host) is loopback


def test_a_desk_without_accounts_is_not_served_beyond_this_machine():
    check_exposure("127.0.0.1", 0, behind_tls=False)
    check_exposure("0.0.0.0", 2, behind_tls=True)
    with pytest.raises(Unprotected, match=r"on 0\.0\.0\.0.*semantix review user add.*TLS"):
        check_exposure("0.0.0.0", 0, behind_tls=False)
    with pytest.raises(Unprotected, match="behind a proxy"):
        check_exposure("127.0.0.1", 0, behind_tls=True)


# --- language -------------------------------------------------------------------------------------------------


def test_the_language_is_the_browsers_and_then_the_one_chosen():
    site = Site()
    browser = site.signed_in(lang="en")
    assert '<html lang="en">' in browser.get("/help").text
    answer = browser.post("/language", {"lang": "fr", "next": "/help"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/help")
    assert '<html lang="fr">' in browser.get("/help").text
    [session] = site.accounts.sessions.values()
    assert session.lang == "fr"


def test_the_language_may_be_chosen_before_signing_in():
    browser = Site().browser(lang="en")
    answer = browser.post("/language", {"lang": "fr", "next": "/sign-in?next=/x%3Fy=1"})
    assert answer.headers["location"] == "/sign-in?next=/x%3Fy%3D1"
    answer = browser.post("/language", {"lang": "fr", "next": "/sign-in?next=//evil.example"})
    assert answer.headers["location"] == "/sign-in"
    assert "Se connecter" in browser.get("/sign-in").text


@pytest.mark.parametrize("fields", [{"lang": "de"}, {"lang": "<b>"}, {}])
def test_another_language_is_refused(fields):
    assert Site().browser().post("/language", fields).status_code == 422


def test_the_language_leads_nowhere_else():
    answer = Site().browser().post("/language", {"lang": "fr", "next": "//evil.example"})
    assert answer.headers["location"] == "/"


def test_without_a_word_from_the_browser_it_is_french():
    browser = Site().browser()
    del browser.client.headers["accept-language"]
    assert '<html lang="fr">' in browser.get("/help").text
