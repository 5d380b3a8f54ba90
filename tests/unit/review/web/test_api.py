"""The HTTP interface: what each question is answered, what each action does, and how what is wrong is refused."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import Served, entry, judged
from tests.unit.review.web.programs import API, NONE, Program, judgement, routes_of
from tests.unit.review.web.test_item_page import accept_automatically

from semantix.review.exporting import FORMATS
from semantix.review.model import Kind, Mode, State
from semantix.review.web.api_models import NAMES, ExportQuery, ItemFilters

ENTRIES = (entry("Fièvre rénale maligne", 50), entry("Fièvre rénale ancienne", 30), entry("Toux", 20))
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return shelve(tmp_path_factory.mktemp("store") / "store", FEVERS)


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """A desk on which nothing is done."""
    served = Served(tmp_path_factory.mktemp("calm"), ENTRIES)
    yield served
    served.close()


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path, ENTRIES)
    yield served
    served.close()


@pytest.fixture
def second_look(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.SECOND_LOOK)
    yield served
    served.close()


@pytest.fixture
def blind(tmp_path):
    served = Served(tmp_path, ENTRIES, Mode.BLIND_DUAL)
    yield served
    served.close()


@pytest.fixture
def stored(tmp_path, store):
    served = Served(tmp_path, ENTRIES, store=store)
    yield served
    served.close()


def key(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem["key"]


# --- reading --------------------------------------------------------------------------------------------------------


def test_me_tells_who_asks_and_the_token_of_the_session(served):
    program = Program(served, "ann", "fr")
    assert program.ask("/me") == {
        "name": "ann",
        "role": "author",
        "mode": "single",
        "language": "fr",
        "csrf": program.csrf,
    }


def test_the_queue_is_read_a_page_at_a_time(served):
    program = Program(served, "rose")
    first = program.ask("/items", limit=2, order="frequency")
    assert [row["id"] for row in first["items"]] == [1, 2]
    assert first["total"] == 3
    rest = program.ask("/items", limit=2, order="frequency", after=first["after"])
    assert [row["id"] for row in rest["items"]] == [3]
    assert rest["after"] == ""


def test_the_queue_is_filtered(served):
    served.act("ann", 3, Kind.JUDGED, judgement=judged("X14"))
    program = Program(served, "ann")
    assert [row["id"] for row in program.ask("/items", state="accepted")["items"]] == [3]
    assert [row["id"] for row in program.ask("/items", text="ren anc")["items"]] == [2]
    assert len(program.ask("/items", state="all")["items"]) == 3
    assert len(program.ask("/items", state=["unmapped", "accepted"])["items"]) == 3
    assert program.ask("/items", target="cim10", section="problem", sender="labo", low=0.62, high=0.62)["total"] == 2
    assert program.ask("/items", low=0.63)["total"] == 0
    assert program.ask("/items", assignee="-", person="ann", state="all", audit="false")["total"] == 1
    assert program.ask("/items", audit="true")["total"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"state": "open"},
        {"low": "nan"},
        {"high": "2"},
        {"low": "inf"},
        {"limit": "0"},
        {"limit": "501"},
        {"after": "x"},
        {"text": "a" * 201},
        {"order": "random"},
        {"audit": "perhaps"},
        {"page": "2"},
        {"state": ["all"] * 9},
    ],
)
def test_a_filter_that_is_none_is_refused(calm, query):
    answer = Program(calm, "ann").fetch("/items", **query)
    assert key(answer, 422) == "input"
    assert [field["place"].split(".")[0] for field in answer.json()["fields"]] == ["query"]


def test_an_item_tells_where_it_stands_and_what_may_be_done(served):
    served.act("ann", 1, Kind.DRAFTED, judgement=judged("X14"))
    view = Program(served, "ann").ask("/items/1")
    assert view["item"]["source"]["label"] == "Fièvre rénale maligne"
    assert view["item"]["proposal"]["candidates"][0]["code"] == "X12.0"
    assert view["item"]["senders"] == {"labo": 50}
    assert view["standing"]["draft"]["targets"][0]["code"] == "X14"
    assert view["may"] == ["judge", "draft", "claim", "note"]
    other = Program(served, "bob").ask("/items/1")
    assert other["standing"]["draft"] is None
    assert Program(served, "rose").ask("/items/1")["may"] == []


@pytest.mark.parametrize("path", ["/items/99", "/items/99/history", "/items/99/similar", f"/items/{2**53}"])
def test_an_item_that_is_not_there(calm, path):
    assert key(Program(calm, "ann").fetch(path), 404) == "no_such_item"


@pytest.mark.parametrize("number", ["0", "-1", str(2**53 + 1), "9" * 400, "one", "1.5", "NaN"])
def test_a_number_that_is_none(calm, number):
    assert Program(calm, "ann").fetch(f"/items/{number}").status_code == 422


def test_the_history_of_an_item(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14", note="sûr"))
    served.act("ann", 1, Kind.NOTED, text="vu")
    events = Program(served, "rose").ask("/items/1/history")["events"]
    assert [each["kind"] for each in events] == ["noted", "judged"]
    assert events[0]["detail"] == {"text": "vu"}
    assert events[1]["judgement"]["note"] == "sûr"


def test_similar_items_with_what_was_decided(served):
    served.act("ann", 2, Kind.JUDGED, judgement=judged("X14"))
    near = Program(served, "ann").ask("/items/1/similar")["items"]
    assert [each["item"]["id"] for each in near] == [2]
    assert near[0]["standing"]["judgement"]["targets"][0]["code"] == "X14"


def test_figures_and_choices(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    program = Program(served, "rose")
    progress = program.ask("/progress")
    assert (progress["codes"], progress["records"]) == (3, 100)
    assert progress["states"]["accepted"] == {"codes": 1, "records": 50}
    assert program.ask("/choices")["section"] == ["problem"]
    measured = program.ask("/statistics")
    assert measured["event"] == served.desk.last_event()
    assert measured["statistics"]["progress"]["records"] == 100


def test_the_log_is_read_a_page_at_a_time(served):
    for _ in range(3):
        served.act("ann", 1, Kind.NOTED, text="vu")
    program = Program(served, "rose")
    first = program.ask("/events", limit=2)
    assert [line["event"]["kind"] for line in first["lines"]] == ["noted", "noted"]
    rest = program.ask("/events", limit=2, before=first["before"])
    assert [line["event"]["kind"] for line in rest["lines"]] == ["noted", "imported"]
    assert rest["before"] == 0
    assert program.ask("/events", who="ann", kind="judged")["lines"] == []
    assert program.fetch("/events", kind="made-up").status_code == 422


# --- the store ------------------------------------------------------------------------------------------------------


def test_a_search_in_the_store(stored):
    program = Program(stored, "rose")
    found = program.ask("/search", text="fièvre", system="cim10", limit=2)
    assert [hit["code"] for hit in found["hits"]] == ["X12", "X12.0"]
    assert found["more"]
    assert found["store"]
    rest = program.ask("/search", text="fièvre", system="cim10", limit=2, offset=2)
    assert [hit["code"] for hit in rest["hits"]] == ["X12.3"]
    assert [hit["code"] for hit in program.ask("/search", text="ancienne", valid="false")["hits"]] == ["X13"]
    assert len(program.ask("/search", text="fièvre", valid="any")["hits"]) > 3
    assert program.ask("/search", text="toux", system=["nowhere"])["hits"] == []
    assert program.ask("/search", text="toux", scan="true", standard="true", domain="none")["hits"] == []


def test_a_concept_and_the_systems_of_the_store(stored):
    program = Program(stored, "rose")
    assert program.ask("/concepts/cim10/X14")["concept"]["display"] == "Toux"
    assert key(program.fetch("/concepts/cim10/Z99"), 404) == "missing"
    assert key(program.fetch("/concepts/cim10/a/b%2Fc"), 404) == "missing"
    systems = {each["key"]: each for each in program.ask("/systems")["systems"]}
    assert systems["cim10"]["releases"] == "base@1"


def test_without_a_store_nothing_is_found(calm):
    program = Program(calm, "rose")
    assert program.ask("/search", text="toux") == {"hits": [], "more": False, "store": False, "unindexed": []}
    assert program.ask("/systems") == {"systems": []}
    assert program.fetch("/concepts/cim10/X14").status_code == 404


# --- acting ---------------------------------------------------------------------------------------------------------


def test_a_judgement_is_saved_with_the_display_that_is_known(served):
    program = Program(served, "ann")
    answer = program.act(1, "judge", judgement=judgement("X14", note=" sûr "))
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    assert saved["standing"]["state"] == "accepted"
    assert "judge" in saved["may"]
    target = served.standing(1).judgement.targets[0]
    assert (target.display, served.standing(1).judgement.note) == ("Toux", "sûr")


def test_displays_come_from_the_store_and_unknown_codes_are_refused(stored):
    program = Program(stored, "ann")
    assert program.act(1, "judge", judgement=judgement("x16")).status_code == 200
    assert stored.standing(1).judgement.targets[0].code == "X16"
    assert stored.standing(1).judgement.targets[0].display == "Fermeture du nez"
    assert key(program.act(2, "judge", judgement=judgement("Z99")), 422) == "unknown_code"


def test_every_action_of_one_item(second_look):
    ann, rev, rec = (Program(second_look, name) for name in ("ann", "rev", "rec"))
    assert ann.act(1, "claim").json()["standing"]["claimed_by"] == "ann"
    assert ann.act(1, "release").json()["standing"]["claimed_by"] == ""
    assert rev.act(1, "assign", to="bob").json()["standing"]["assignee"] == "bob"
    assert rev.act(1, "assign").json()["standing"]["assignee"] == ""
    assert ann.act(1, "draft", judgement=NONE).json()["standing"]["state"] == "draft"
    assert ann.act(1, "judge", judgement=judgement("X14")).json()["standing"]["state"] == "mapped"
    assert rev.act(1, "send-back", reason="non").json()["standing"]["state"] == "rejected"
    assert ann.act(1, "judge", judgement=judgement("X15")).json()["standing"]["state"] == "mapped"
    assert rev.act(1, "agree").json()["standing"]["state"] == "accepted"
    assert rec.act(1, "reopen", reason="encore").json()["standing"]["state"] != "accepted"
    assert ann.act(1, "note", text="vu").status_code == 200


def test_two_that_differ_are_reconciled(blind):
    for name, code in (("ann", "X14"), ("bob", "X15")):
        assert Program(blind, name).act(1, "judge", judgement=judgement(code)).status_code == 200
    rec = Program(blind, "rec")
    assert (
        rec.ask("/items/1")["may"] == ["reconcile", "claim", "assign", "note"]
        or "reconcile" in rec.ask("/items/1")["may"]
    )
    assert rec.act(1, "reconcile", judgement=judgement("X15")).json()["standing"]["state"] == "accepted"


def test_a_sampled_acceptance_is_checked(served):
    accept_automatically(served, 1, "X12.0")
    accept_automatically(served, 2, "X12.0")
    rev = Program(served, "rev")
    assert {row["id"] for row in rev.ask("/items", audit="true")["items"]} == {1, 2}
    assert "audit" in rev.ask("/items/1")["may"]
    assert rev.act(1, "audit", right=True).json()["standing"]["audit"] == "right"
    assert key(rev.act(1, "audit", right=False, judgement=judgement("X15")), 409) == "not_sampled"
    wrong = rev.act(2, "audit", right=False, judgement=judgement("X15"), reason="non").json()
    assert wrong["standing"]["audit"] == "wrong"


def test_who_comes_too_late_gets_what_stands_and_their_judgement_is_kept(served):
    ann, bob = Program(served, "ann"), Program(served, "bob")
    assert ann.act(1, "judge", judgement=judgement("X14"), seen=0).status_code == 200
    answer = bob.act(1, "judge", judgement=judgement("X15"), seen=0)
    assert key(answer, 409) == "outdated"
    problem = answer.json()
    assert problem["standing"]["judgement"]["targets"][0]["code"] == "X14"
    kept = bob.ask("/items/1/history")["events"][0]
    assert (kept["seq"], kept["kind"]) == (problem["kept"], "kept-aside")
    assert kept["judgement"]["targets"][0]["code"] == "X15"
    assert "kept aside" in problem["detail"]
    again = bob.act(1, "judge", judgement=judgement("X15"), seen=problem["standing"]["version"])
    assert again.json()["standing"]["judgement"]["targets"][0]["code"] == "X15"


def test_an_action_that_comes_too_late_changes_nothing(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    answer = Program(served, "rec").act(1, "reopen", reason="x", seen=0)
    assert key(answer, 409) == "outdated"
    assert answer.json()["kept"] == 0
    assert served.standing(1).state is State.ACCEPTED


def test_whoever_may_not_act_leaves_nothing_behind(served):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    before = served.desk.last_event()
    assert key(Program(served, "rose").act(1, "judge", judgement=judgement("X15"), seen=0), 403) == "role_needed"
    assert key(Program(served, "bob").act(1, "reopen", reason="x", seen=0), 403) == "role_needed"
    assert served.desk.last_event() == before


@pytest.mark.parametrize(
    ("action", "status", "why"),
    [
        ({"action": "agree"}, 409, "not_in_this_mode"),
        ({"action": "release"}, 409, "not_claimed"),
        ({"action": "reopen", "reason": "x"}, 409, "not_accepted"),
        ({"action": "reopen", "reason": "   "}, 409, "not_accepted"),
        ({"action": "note", "text": "  "}, 422, "note_empty"),
        ({"action": "assign", "to": "nobody"}, 422, "unknown_person"),
        ({"action": "assign", "to": "rose"}, 422, "unknown_person"),
        ({"action": "reconcile", "judgement": NONE}, 409, "nothing_to_reconcile"),
        ({"action": "judge", "judgement": {}}, 422, "no_choice"),
        ({"action": "judge", "judgement": judgement("X14", no_target=True)}, 422, "targets_and_none"),
        ({"action": "judge", "judgement": judgement("X14", "X14")}, 422, "target_twice"),
    ],
)
def test_what_an_item_does_not_allow_says_why(calm, action, status, why):
    assert key(Program(calm, "rec").send("/items/1/actions", action | {"seen": 0}), status) == why


def test_an_item_that_is_not_there_takes_no_action(calm):
    rec = Program(calm, "rec")
    assert key(rec.send("/items/99/actions", {"action": "claim", "seen": 0}), 404) == "no_such_item"
    late = {"action": "judge", "judgement": judgement("X1"), "seen": 0}
    assert key(rec.send("/items/99/actions", late), 404) == "no_such_item"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "judge",
        {},
        {"action": "judge", "seen": 0},
        {"action": "erase", "seen": 0},
        {"action": "claim"},
        {"action": "claim", "seen": -1},
        {"action": "claim", "seen": 2**53 + 1},
        {"action": "claim", "seen": 1.5},
        {"action": "claim", "seen": "0"},
        {"action": "claim", "seen": True},
        {"action": "claim", "seen": 0, "more": 1},
        {"action": "send-back", "seen": 0, "reason": ""},
        {"action": "note", "seen": 0, "text": "a" * 4_001},
        {"action": "assign", "seen": 0, "to": "a" * 81},
        {"action": "audit", "seen": 0, "right": "yes"},
        {"action": "judge", "seen": 0, "judgement": judgement("")},
        {"action": "judge", "seen": 0, "judgement": judgement("a" * 201)},
        {"action": "judge", "seen": 0, "judgement": judgement(*map(str, range(51)))},
        {"action": "judge", "seen": 0, "judgement": {"no_target": 1}},
        {"action": "judge", "seen": 0, "judgement": {"no_target": True, "note": "a" * 4_001}},
        {"action": "judge", "seen": 0, "judgement": {"targets": [{"system": "a", "code": "b", "relation": "same"}]}},
    ],
)
def test_an_action_that_is_none_is_refused(calm, value):
    before = calm.desk.last_event()
    assert key(Program(calm, "rec").send("/items/1/actions", value), 422) == "input"
    assert calm.desk.last_event() == before


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (b"", {422}),
        (b"{", {422}),
        (b"\xff\xfe", {400, 422}),
        (b'{"action":"claim","seen":' + b"9" * 5_000 + b"}", {400, 422}),
        (b'{"action":"claim","seen":NaN}', {422}),
        (b'{"action":"claim","seen":Infinity}', {422}),
        (b'{"action":"claim","seen":1e400}', {422}),
        (b"[" * 100_000, {400, 422}),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {400, 422}),
        (b'{"action":"note","seen":0,"text":"\\ud800"}', {422}),
        (b'{"action":"note","seen":0,"text":"\\u0000"}', {400}),
        (b'{"action":"note","seen":0,"text":"a","\\udfff":1}', {422}),
        (b'{"action":"\\ud800","seen":0}', {422}),
        ("é".encode("latin-1"), {400, 422}),
        (b'{"action":"claim"}' + b" " * 1_000_001, {413}),
    ],
)
def test_what_is_no_json_is_refused(calm, content, statuses):
    answer = Program(calm, "rec").raw("/items/1/actions", content)
    assert answer.status_code in statuses, answer.text
    assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_is_not_called_json_is_refused(calm, kind):
    answer = Program(calm, "rec").raw("/items/1/actions", b'{"action":"claim","seen":0}', kind)
    assert answer.status_code == 422


def test_the_name_of_a_field_that_was_made_up_is_not_repeated(calm):
    hostile = "<script>alert(1)</script>"
    answer = Program(calm, "rec").send("/items/1/actions", {"action": "claim", "seen": 0, hostile: 1})
    assert answer.json()["fields"][0]["place"].endswith("?")
    assert hostile not in answer.text


def test_what_was_done_last_is_taken_back(served):
    program = Program(served, "ann")
    assert key(program.send("/undo"), 409) == "nothing_to_undo"
    program.act(1, "judge", judgement=judgement("X14"))
    assert program.send("/undo").json() == {"kind": "judged", "items": [1], "left": []}
    assert served.standing(1).state is State.UNMAPPED
    assert key(Program(served, "rose").send("/undo"), 403) == "role"


# --- many at once ---------------------------------------------------------------------------------------------------


def test_a_bulk_action_is_previewed_and_then_done(served):
    rev = Program(served, "rev")
    bulk = {"what": "none", "filters": {"text": "fièvre"}, "note": "hors sujet"}
    preview = rev.send("/bulk/preview", bulk).json()
    assert (preview["items"], preview["records"]) == (2, 80)
    assert [row["id"] for row in preview["examples"]] == [1, 2]
    done = rev.send("/bulk/apply", bulk | {"token": preview["token"]}).json()
    assert done["items"] == 2
    assert served.standing(2).judgement.note == "hors sujet"
    assert key(rev.send("/bulk/apply", bulk | {"token": preview["token"]}), 409) == "selection_changed"
    assert rev.send("/undo").json()["items"] == [1, 2]


def test_a_bulk_action_says_why_it_does_nothing(calm):
    rec, rev = Program(calm, "rec"), Program(calm, "rev")
    rule = rec.send("/bulk/preview", {"what": "accept", "filters": {"target": "cim10"}, "precision": 0.9}).json()
    assert rule["rule"] is None
    assert rule["no_rule"]["reason"]
    assert key(rec.send("/bulk/preview", {"what": "accept"}), 422) == "target_needed"
    assert key(rev.send("/bulk/preview", {"what": "accept", "filters": {"target": "cim10"}}), 403) == "role_needed"
    assert key(rev.send("/bulk/preview", {"what": "assign", "to": "eve"}), 422) == "unknown_person"
    assert rev.send("/bulk/preview", {"what": "assign", "to": "bob"}).json()["items"] == 3
    assert key(rev.send("/bulk/preview", {"what": "erase"}), 422) == "input"
    assert key(rev.send("/bulk/preview", {"what": "none", "filters": {"low": True}}), 422) == "input"
    assert key(Program(calm, "ann").send("/bulk/preview", {"what": "none"}), 403) == "role"


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_desk_is_given_back_as_a_file(served, name):
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X14"))
    answer = Program(served, "rose").fetch("/export", format=name)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    if name == "tables":
        assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    else:
        assert answer.content


def test_a_format_that_is_none_is_refused(calm):
    program = Program(calm, "rose")
    assert key(program.fetch("/export", format="pdf"), 422) == "input"
    assert key(program.fetch("/export"), 422) == "input"
    assert "X14" not in program.fetch("/export", format="sssom", state="accepted").text


# --- blind mode -----------------------------------------------------------------------------------------------------


def test_blind_mode_hides_a_first_choice_from_all_others(blind):
    secret = "GARDE-MOI"
    blind.act("ann", 1, Kind.JUDGED, judgement=judged(secret))
    blind.act("ann", 2, Kind.DRAFTED, judgement=judged(secret))
    for name in ("bob", "rev", "rec", "rose"):
        program = Program(blind, name)
        for path in ("/items?state=all", "/items/1", "/items/1/history", "/items/2", "/items/2/history",
                     "/items/2/similar", "/items/1/similar", "/events", "/statistics", "/choices",
                     *(f"/export?format={each}" for each in FORMATS)):  # fmt: skip
            answer = program.fetch(path)
            assert answer.status_code == 200, path
            assert secret.encode() not in answer.content, (name, path)
    assert secret in Program(blind, "ann").fetch("/items/1").text


def test_the_second_of_two_is_not_too_late_in_blind_mode(blind):
    assert Program(blind, "ann").act(1, "judge", judgement=judgement("X14"), seen=0).status_code == 200
    answer = Program(blind, "bob").act(1, "judge", judgement=judgement("X14"), seen=0)
    assert answer.json()["standing"]["state"] == "accepted"


# --- the door -------------------------------------------------------------------------------------------------------


def test_without_the_token_of_the_session_nothing_is_done(calm):
    program = Program(calm, "ann")
    value = {"action": "claim", "seen": 0}
    assert key(program.send("/items/1/actions", value, X_CSRF_Token="other"), 403) == "csrf"
    assert key(program.send("/undo", X_CSRF_Token=""), 403) == "csrf"
    assert key(program.send("/undo", Origin="https://evil.example"), 403) == "origin"


def test_a_method_that_is_not_served_says_which_are(calm):
    program = Program(calm, "ann")
    answer = program.get(f"{API}/undo")
    assert key(answer, 405) == "method"
    assert answer.headers["allow"] == "POST"


def test_a_refusal_is_in_the_language_of_whoever_asks(calm):
    assert "Nothing" in Program(calm, "ann", "en").fetch("/items/99").json()["title"]
    assert "Rien" in Program(calm, "ann", "fr").fetch("/items/99").json()["title"]


# --- the description ------------------------------------------------------------------------------------------------


def test_every_route_is_described_with_what_it_needs(calm):
    described = calm.app.openapi()
    for method, path in routes_of(calm.app.routes):
        if path.startswith(API):
            operation = described["paths"][path.replace(":path", "")][method.lower()]
            needs = {"session": []} if method == "GET" else {"session": [], "csrf": []}
            assert operation["security"] == [needs]
            assert {"200", "400", "401", "422"} <= set(operation["responses"])
            assert operation["description"] if "description" in operation else operation["summary"]
    assert set(described["paths"]) == {
        path.replace(":path", "") for _, path in routes_of(calm.app.routes) if path.startswith(API)
    }


def test_the_description_has_every_shape_that_it_names(calm):
    described = Program(calm, "rose").get("/api/openapi.json").json()
    text = json.dumps(described)
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.split('"')[0] in described["components"]["schemas"]
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_interface_names_every_action_and_every_format():
    from semantix.review.actions import ACTIONS

    assert set(NAMES) == set(ACTIONS)
    formats = ExportQuery.model_json_schema()["properties"]["format"]["enum"]
    assert tuple(formats) == tuple(FORMATS)
    states = ItemFilters.model_json_schema()["properties"]["state"]["items"]["enum"]
    assert states == [*State, "all"]


def test_the_reference_lists_every_route(calm):
    text = (ROOT / "docs/reference/review-api.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith(("| `GET ", "| `POST "))]
    assert rows == table(calm.app.openapi())


def table(described):
    """The table of the reference."""
    found = []
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            said = operation["description"].split("\n")[0]
            query = ", ".join(f"`{each['name']}`" for each in operation.get("parameters", ()) if each["in"] == "query")
            found.append(f"| `{method.upper()} {path.removeprefix(API)}` | {said} | {query} |")
    return found
