"""What stands in front of every route: hosts, origins, tokens of forms, sizes, headers, roles, and what is answered."""

import asyncio
import logging
import re

import pytest
from fastapi import HTTPException, Request
from tests.desk_shell import HOSTILE, Site

from semantix.review.web.app import desk_of
from semantix.review.web.guard import PUBLIC, _split_host
from semantix.review.web.security import person

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def site():
    return Site()


def asset(browser, name):
    return re.search(rf'"(/static/[^"]+/{name})"', browser.get("/help").text)[1]


# --- headers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/help", 200),
        ("/nowhere", 404),
        ("/bug", 500),
        ("/save", 405),
        ("/static/x/desk.css", 404),
        ("/api/bug", 500),
        ("/api/nowhere", 404),
        ("/sign-in", 303),
        ("/review", 403),
        ("/api/openapi.json", 200),
    ],
)
def test_every_answer_has_the_headers_of_safety_and_is_not_kept(site, path, status):
    answer = site.signed_in().get(path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["permissions-policy"].startswith("camera=()")
    assert "server" not in answer.headers


def test_a_refusal_at_the_door_has_the_headers_too(site):
    answer = site.browser(base="http://evil.example").get("/help")
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_styles_and_scripts_are_kept_for_ever_under_the_digest_of_their_content(site):
    browser = site.browser()
    for name, kind in (("desk.css", "text/css"), ("desk.js", "text/javascript"), ("desk.svg", "image/svg+xml")):
        answer = browser.get(asset(browser, name))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS
    assert browser.get(asset(browser, "desk.css").replace("desk.css", "other.css")).status_code == 404
    assert browser.get("/static/0000000000000000/desk.css").status_code == 404
    assert browser.get("/static/../app.py").status_code in {303, 404}


@pytest.mark.parametrize("path", ["/", "/help", "/sign-in", "/nowhere", "/bug"])
def test_no_page_holds_a_script_or_a_style_of_its_own(site, path):
    for browser in (site.browser(), site.signed_in()):
        text = browser.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", text)
        assert all(content == "" and ' src="/static/' in attributes for attributes, content in scripts)


def test_hostile_text_stays_text(site):
    text = site.signed_in().get("/").text
    assert HOSTILE not in text
    assert text.count("&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") == 2


# --- hosts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000", "localhost."])
def test_this_machine_is_known_by_its_names(site, host):
    assert site.browser().get("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost:80:80",
        "localhost:x",
        "[::1",
        "[::1]x",
        "",
        "a@localhost",
        "127.0.0.1:999999",
    ],
)
def test_another_host_is_refused(site, host):
    answer = site.browser().get("/help", headers={"Host": host})
    assert answer.status_code == 400
    assert "not the desk" in answer.text
    assert "evil" not in answer.text


def test_a_host_that_was_named_is_known():
    site = Site(hosts=("desk.example",))
    assert site.browser(base="http://Desk.Example:8080").get("/help").status_code == 200


def test_a_request_without_a_host_is_refused(site):
    assert _asked(site, [], path="/help")[0]["status"] == 400


def test_two_hosts_are_refused(site):
    assert _asked(site, [(b"host", b"localhost"), (b"host", b"evil")], path="/help")[0]["status"] == 400


def test_hosts_are_split():
    assert _split_host("[::1]:80") == ("::1", "80")
    assert _split_host("A.b.:80") == ("a.b", "80")
    assert _split_host("a:٣") == ("", "")


# --- forms and origins ----------------------------------------------------------------------------------------


def test_a_form_with_its_token_goes_through_and_is_read_whole(site):
    answer = site.signed_in().post("/save", {"label": "a&b=c é"})
    assert (answer.status_code, answer.json()) == (200, {"label": "a&b=c é"})


def test_a_program_gives_the_token_in_a_header(site):
    browser = site.signed_in()
    answer = browser.ask("POST", "/api/count", json={"count": 3}, headers={"X-CSRF-Token": browser.token()})
    assert (answer.status_code, answer.json()) == (200, {"count": 3})


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 1_000])
@pytest.mark.parametrize("path", ["/save", "/sign-in", "/sign-out", "/language"])
def test_a_form_without_its_token_is_refused(site, path, token):
    browser = site.signed_in()
    answer = browser.post(path, {"csrf": token, "lang": "fr"})
    assert answer.status_code == 403
    assert "no longer valid" in answer.text
    assert site.accounts.sessions


def test_signing_in_needs_the_token_of_the_form_too(site):
    browser = site.browser()
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"csrf": "", "name": "zoe"}).status_code == 403
    assert site.accounts.checked == 0


def test_the_token_of_somebody_else_is_worth_nothing(site):
    mine, theirs = site.signed_in("zoe"), site.signed_in("max")
    assert mine.post("/save", {"csrf": theirs.token()}).status_code == 403
    assert mine.post("/save", {"csrf": site.browser().token()}).status_code == 403


def test_a_wrong_header_is_not_made_good_by_the_form(site):
    assert site.signed_in().post("/save", x_csrf_token="wrong").status_code == 403


def test_only_plain_forms_carry_the_token_in_their_fields(site):
    browser = site.signed_in()
    answer = browser.ask("POST", "/save", files={"csrf": (None, browser.token())})
    assert answer.status_code == 403
    answer = browser.ask("POST", "/save", content=f"csrf={browser.token()}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_every_method_but_those_that_only_look_needs_the_token(site, method):
    assert site.signed_in().ask(method, "/nowhere").status_code == 403


def test_the_interface_is_told_as_a_problem(site):
    answer = site.signed_in().ask("POST", "/api/count", json={"count": 3})
    assert answer.status_code == 403
    assert answer.json()["key"] == "csrf"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_its_token(site, headers):
    browser = site.signed_in()
    given = {name.replace("-", "_"): value for name, value in headers.items()}
    answer = browser.post("/save", **given)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_a_program_that_names_no_origin_is_let_through_with_the_token(site):
    browser = site.signed_in()
    assert browser.ask("POST", "/save", data={"csrf": browser.token(), "label": "x"}).status_code == 200


# --- sizes ----------------------------------------------------------------------------------------------------


def test_a_body_over_the_limit_is_refused_by_what_it_says(site):
    browser = site.signed_in()
    assert browser.post("/save", {"label": "x" * 1_000_001}).status_code == 413
    assert browser.post("/save", {"label": "x" * 900_000}).status_code == 200
    assert browser.ask("POST", "/save", content=b"", headers={"Content-Length": "9" * 40}).status_code == 413


def test_a_body_of_unsaid_length_is_counted_as_it_comes(site):
    taken = 0

    async def endless():
        nonlocal taken
        while True:
            taken += 100_000
            yield b"x" * 100_000

    assert site.signed_in().ask("POST", "/save", content=endless()).status_code == 413
    assert taken <= 1_200_000


def test_a_length_that_lies_is_not_believed(site):
    parts = [{"type": "http.request", "body": b"x" * 600_000, "more_body": True}] * 3
    headers = [(b"host", b"localhost"), (b"content-length", b"10")]
    assert _asked(site, headers, method="POST", parts=parts)[0]["status"] == 413


def test_the_body_of_a_request_that_only_looks_is_counted_too(site):
    browser = site.signed_in()
    assert browser.ask("GET", "/", content=b"x" * 1_000_001).status_code == 413
    assert browser.ask("GET", "/", content=b"x").status_code == 200


def test_endless_addresses_and_headers_are_refused(site):
    browser = site.signed_in()
    assert browser.get("/?q=" + "x" * 9_000).status_code == 414
    assert browser.get("/", headers={"X-Long": "x" * 40_000}).status_code == 431


@pytest.mark.parametrize("path", ["/?q=a%00b", "/a%00b"])
def test_a_nul_in_an_address_is_refused(site, path):
    assert site.signed_in().get(path).status_code == 400


def test_a_nul_in_a_body_is_refused(site):
    browser = site.signed_in()
    assert browser.post("/save", {"label": "a\0b"}).status_code == 400
    headers = {"X-CSRF-Token": browser.token()}
    assert browser.ask("POST", "/api/count", json={"count": "a\0b"}, headers=headers).status_code == 400
    assert browser.ask("POST", "/save", content=b"\0", headers=headers).status_code == 400
    assert browser.ask("POST", "/api/count", json={"count": "%00"}, headers=headers).status_code == 422


def test_whoever_goes_away_while_sending_gets_no_answer(site):
    parts = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]
    assert _asked(site, [(b"host", b"localhost")], method="POST", parts=parts) == []


def test_sockets_of_the_web_are_closed(site):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(site.app({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close"}]


def test_the_start_of_the_server_goes_on_to_the_application(site):
    sent, told = [], [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive():
        return told.pop(0)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(site.app({"type": "lifespan", "app": site.app, "state": {}}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_route_may_ask_whether_somebody_is_still_there(site):
    assert site.signed_in().post("/waited").json() == {"gone": False}


def _asked(site, headers, method="GET", path="/save", parts=()):
    """Ask as no browser would."""
    waiting, sent = list(parts), []

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
    }
    asyncio.run(site.app(scope | {"headers": headers, "client": None, "server": None, "root_path": ""}, receive, send))
    return sent


# --- behind a proxy -------------------------------------------------------------------------------------------

PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 198.51.100.4"}


@pytest.fixture
def proxied():
    return Site(behind_tls=True, hosts=("desk.example",))


def test_behind_tls_the_cookies_are_secure_and_bound_to_the_host(proxied):
    browser = proxied.browser(base="http://desk.example")
    [cookie] = browser.get("/sign-in", headers=PROXIED).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-semantix-desk-form=")
    assert cookie.endswith("; Path=/; SameSite=strict; Secure")


def test_behind_tls_people_sign_in_and_forms_are_known_by_their_origin(proxied):
    browser = proxied.browser(base="https://desk.example")
    browser.client.headers.update(PROXIED)
    assert browser.sign_in().status_code == 303
    assert browser.get("/").status_code == 200
    assert browser.post("/save").status_code == 200
    assert browser.post("/save", Origin="http://desk.example").status_code == 403


def test_behind_tls_plain_http_is_refused(proxied):
    assert proxied.browser(base="http://desk.example").get("/help").status_code == 403
    answer = proxied.browser(base="http://desk.example").get("/help", headers={"X-Forwarded-Proto": "https, http"})
    assert answer.status_code == 403
    assert "X-Forwarded-Proto" in answer.text


def test_an_address_that_is_no_proxy_is_not_believed(proxied):
    far = proxied.browser(base="http://desk.example", address="192.0.2.1")
    assert far.get("/help", headers=PROXIED).status_code == 403
    near = Site(hosts=("desk.example",)).browser(base="http://desk.example")
    near.client.headers.update(PROXIED)
    assert all("Secure" not in cookie for cookie in near.sign_in().headers.get_list("set-cookie"))


def test_attempts_are_counted_by_the_address_that_the_proxy_saw(proxied):
    def failing(seen):
        browser = proxied.browser(base="https://desk.example")
        browser.client.headers.update(PROXIED | {"X-Forwarded-For": seen})
        return browser.sign_in(password="wrong").status_code

    assert [failing(f"10.0.0.{n}, 203.0.113.9") for n in range(6)] == [403] * 5 + [429]
    assert failing("203.0.113.9, 203.0.113.10") == 403


# --- roles ----------------------------------------------------------------------------------------------------


def test_a_role_includes_those_before_it(site):
    assert site.signed_in("max").get("/review").status_code == 200
    answer = site.signed_in("zoe").get("/review")
    assert answer.status_code == 403
    assert "Not for your role" in answer.text


def test_outside_the_guard_nobody_is_anybody():
    request = Request({"type": "http", "headers": []})
    with pytest.raises(HTTPException) as refused:
        asyncio.run(person(request))
    assert refused.value.status_code == 401


def test_only_the_doors_are_open_to_all(site):
    routes = {route.path for group in (site.app.routes,) for route in group if hasattr(route, "path")}
    browser = site.browser()
    for path in routes - PUBLIC - {"/static/{digest}/{name}"}:
        assert browser.get(path).status_code in {303, 401}, path


# --- what is answered -----------------------------------------------------------------------------------------


def test_a_bug_tells_a_reference_and_nothing_else(site, caplog):
    browser = site.signed_in()
    with caplog.at_level(logging.DEBUG):
        page, problem = browser.get("/bug"), browser.get("/api/bug")
    assert page.status_code == problem.status_code == 500
    reference = problem.json()["reference"]
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("semantix")]
    assert re.search(r"Reference: [0-9a-f]{8}", page.text)
    assert f"reference {reference}: ValueError at" in lines[-1]
    assert "label of somebody" not in page.text + problem.text + caplog.text


def test_a_bug_after_the_answer_began_breaks_it_off_and_is_noted(site, caplog):
    browser = site.signed_in()
    with caplog.at_level(logging.ERROR), pytest.raises(AssertionError):
        browser.get("/late")
    assert "ValueError at" in caplog.text
    assert "label of somebody" not in caplog.text


def test_bad_input_names_the_place_and_not_the_value(site):
    browser = site.signed_in()
    answer = browser.ask("POST", "/api/count", json={"count": "hostile"}, headers={"X-CSRF-Token": browser.token()})
    assert answer.status_code == 422
    assert answer.json()["fields"] == [{"place": "body.count", "kind": "int_parsing"}]
    assert "hostile" not in answer.text
    assert "<code>query.key</code>" in browser.get("/refused").text


@pytest.mark.parametrize(("key", "status"), [("own_work", 409), ("role_needed", 403), ("never_heard", 409)])
def test_a_refused_action_says_why(site, key, status):
    answer = site.signed_in().get("/refused", params={"key": key})
    assert answer.status_code == status
    assert ("Nobody agrees with themselves" in answer.text) is (key == "own_work")


def test_the_words_of_a_refusal_are_never_those_of_the_code(site):
    answer = site.signed_in().get("/teapot")
    assert answer.status_code == 418
    assert "hostile" not in answer.text


def test_pages_of_refusals_are_in_the_readers_language(site):
    assert "Rien ici" in site.signed_in(lang="fr").get("/nowhere").text
    assert "Nothing here" in site.signed_in(lang="en").get("/nowhere").text


def test_the_language_form_of_a_refusal_leads_where_there_is_something_to_see(site):
    browser = site.signed_in()
    assert 'name="next" value="/"' in browser.post("/save", {"csrf": ""}).text
    assert 'name="next" value="/help?a=b&amp;c"' in browser.get("/help?a=b&c").text


def test_a_method_that_is_not_served_says_which_are(site):
    assert site.signed_in().get("/save").headers["allow"] == "POST"


def test_a_notice_is_one_of_ours_or_none(site):
    assert HOSTILE not in site.signed_in().get("/", params={"notice": HOSTILE}).text
    assert 'class="notice"' not in site.signed_in().get("/", params={"notice": "own_work"}).text


def test_an_endless_cookie_is_nobody(site):
    assert site.browser().get("/", headers={"Cookie": "semantix-desk-8000=" + "x" * 300}).status_code == 303


def test_routes_find_the_desk(site):
    assert desk_of(Request({"type": "http", "app": site.app})) is site.app.state.desk
