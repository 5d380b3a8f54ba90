"""Everything that comes from outside is hostile: on pages it stays text, in answers and files it stays what it was."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html
from tests.unit.review.web.desks import BASE, Served, entry
from tests.unit.review.web.programs import Program

from semantix.model import Candidate, Evidence
from semantix.review.actions import Action, Person
from semantix.review.desk.schema import person as people
from semantix.review.exporting import FORMATS
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, Kind, Mode, Proposal, Role, Source, Target

PAYLOADS = {
    "element": "\"'><sxhit onsxhit=1></sxhit><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": 'x" onmouseover="alert(1)" autofocus onfocus=\'alert(1)\' style="x',
    "closing": "</title></textarea></select></option></style></script><sxhit><!--",
    "template": "{{ 7*7 }}{% include 'base.html' %}${7*7}#{7*7}{# #}",
    "sql": "'; DROP TABLE queue; -- \" ) OR 1=1 %_\\",
    "formula": '=HYPERLINK("http://x.example","a")',
    "formula-at": "@SUM(1)+cmd|' /C calc'!A0",
    "formula-blank": "\t=1+1",
    "path": "../../../../etc/passwd%2e%2e%2f..\\..\\C:",
    "url": "javascript:alert(1)//",
    "hidden-url": "\tjava\nscript:alert(1)//",
    "signs": "a\u202egnp.exe\u200b\u2066\ufeff\x1b[31m\x07\x85",
    "json": '\\"],"a":{"__proto__":{"b":1}}} ]]>',
    "long": "M" * 10_000,
}
ADDRESSES = ("href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href", "background")
SENT_FIELDS = ("state", "target", "system", "section", "sender", "assignee", "person", "text", "low", "high", "order",
               "after", "at", "notice", "done", "candidate", "find_text", "find_system", "find_domain", "kind", "who",
               "before", "format", "what", "to", "note", "precision", "share", "least", "next", "lang")  # fmt: skip


def hostile(text: str, number: int) -> Entry:
    """Something to map of which every text is hostile."""
    found = Candidate(
        text, f"{text}{number}", text, 0.5, 0.5, (Evidence(text, text), Evidence("matched", text)), (text,)
    )
    source = Source(
        system=text,
        code=f"{text}{number}",
        label=text,
        unit=text,
        specimen=text,
        section=text,
        sender=text,
        target=text,
    )
    return Entry(
        source=source,
        frequency=number,
        senders={text: number},
        extra={text: text},
        proposal=Proposal(candidates=(found,), outcome=text, reason=text, engine=text, store=text),
    )


def decided(text: str) -> Judgement:
    target = Target(system=text, code=text, display=text, created_by=text, created_on=text)
    return Judgement(targets=(target,), note=text[:4_000])


@pytest.fixture(scope="module", params=PAYLOADS, ids=str)
def attacked(request, tmp_path_factory) -> Iterator[tuple[Served, str]]:
    """A desk in which every text is the same hostile one, in every place that can hold one."""
    text = PAYLOADS[request.param]
    served = Served(tmp_path_factory.mktemp("desk"), [entry("Toux", 9)], Mode.SECOND_LOOK)
    desk = served.desk
    with desk.database.writing() as connection:
        connection.execute(people.insert(), [{"name": text, "role": "author", "password": "-", "active": True}])
    desk.bring(text, [hostile(text, number) for number in range(1, 5)], {text: text, "format": text})
    writer, reviewer = Person(text, Role.AUTHOR), Person("rev", Role.REVIEWER)
    judgement, short = decided(text), text[:4_000]
    desk.act(writer, 2, Action(kind=Kind.JUDGED, judgement=judgement), 0)
    desk.act(writer, 3, Action(kind=Kind.JUDGED, judgement=judgement), 0)
    seen = desk.view(3, reviewer).standing.version
    desk.act(reviewer, 3, Action(kind=Kind.SENT_BACK, reason=short), seen)
    desk.act(writer, 4, Action(kind=Kind.DRAFTED, judgement=judgement), 0)
    desk.act(writer, 4, Action(kind=Kind.NOTED, text=short), 0)
    desk.act(writer, 4, Action(kind=Kind.CLAIMED), 0)
    if len(text) <= 80:
        desk.act(reviewer, 4, Action(kind=Kind.ASSIGNED, to=text), desk.view(4, reviewer).standing.version)
    yield served, text
    served.close()


def check_page(answer: httpx.Response) -> html.HtmlElement:
    """Parse a page and fail on anything that no template of ours writes."""
    assert answer.status_code < 500, answer.text
    if not answer.content.strip():
        return html.Element("p")
    parsed = html.document_fromstring(answer.content, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    for element in parsed.iter():
        if not isinstance(element.tag, str):
            raise AssertionError("a comment or an instruction was made")
        assert element.tag not in {"sxhit", "iframe", "object", "embed", "base", "style"}
        if element.tag == "script":
            assert element.get("src", "").startswith("/static/")
            assert not (element.text or "").strip()
        if element.tag == "img":
            assert element.get("src", "").startswith("/static/")
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in {"style", "srcdoc", "sxhit"}, name
            if name in ADDRESSES:
                plain = "".join(sign for sign in value if sign > " ").lower()
                assert plain.startswith(("/", "#", "?")), (name, value[:80])
                assert not plain.startswith("//")
    return parsed


def addresses(text: str) -> list[str]:
    everything = urlencode([(name, text[:200]) for name in SENT_FIELDS])
    some = urlencode([("text", text[:200]), ("find_text", text[:200]), ("candidate", "1"), ("similar", "1")])
    concept = urlencode([("system", text[:100]), ("code", text[:100])])
    found = [f"/items/{number}?{some}" for number in range(1, 6)]
    found += ["/?state=all", f"/?{everything}", f"/items/2?{everything}", "/items/2?candidate=1", "/statistics"]
    found += [f"/items/2/concept?{concept}", "/items/2/similar", f"/items/2/search?{some}", "/history"]
    found += [f"/history?{everything}", f"/history?{urlencode({'who': text[:200]})}", f"/bulk?{everything}"]
    found += [f"/bulk?{urlencode({'state': 'all'})}", f"/help?{everything}", f"/bulk/done/{everything[:50]}"]
    found += [f"/export?losses=1&format={name}" for name in FORMATS]
    found += [f"/nowhere?{everything}", f"/items/x?{everything}"]
    return found


def test_on_pages_it_stays_text(attacked):
    served, text = attacked
    for name, lang in (("rec", "fr"), ("ann", "en")):
        browser = served.browser(name, lang)
        for address in addresses(text):
            check_page(browser.get(address))
    shown = check_page(served.browser("rec").get("/items/2")).text_content()
    if text.isprintable():
        assert " ".join(text.split()) in " ".join(shown.split())


def test_what_is_sent_in_forms_stays_text(attacked):
    served, text = attacked
    browser = served.browser("rec")
    hand = [("do", "by-hand"), ("hand_system", text), ("hand_code", text), ("hand_display", text), ("note", text)]
    row = [("target_system", text), ("target_code", text), ("target_display", text), ("target_relation", "exact"),
           ("target_part", "target"), ("target_refused", "0")]  # fmt: skip
    check_page(browser.post("/items/1/judge", [*hand, ("seen", "0")]))
    button = "add?" + urlencode({"system": "a", "code": text[:500]})
    check_page(browser.post("/items/1/judge", [*row, ("note", text), ("do", button)]))
    check_page(browser.post("/items/1/judge", [*row, ("none", "1"), ("note", text), ("do", "save")]))
    check_page(browser.post("/items/1/judge", [("do", text)]))
    check_page(browser.post("/items/1/judge", [*row, ("target_relation", text), ("target_part", text)]))
    check_page(browser.post("/items/1/send-back", [("reason", text), ("seen", text)]))
    check_page(browser.post("/items/1/reopen", [("reason", text)]))
    for what in ("none", "assign", "agree", "accept", text):
        fields = [("what", what), ("note", text), ("to", text), ("precision", text), ("share", text), ("least", text),
                  ("token", text), ("text", text), ("target", text), ("state", text)]  # fmt: skip
        check_page(browser.post("/bulk/preview", fields))
        check_page(browser.post("/bulk/apply", fields))
    for answer in (
        browser.post("/undo", [("next", text)]),
        browser.post("/language", [("lang", "en"), ("next", text)]),
        browser.post("/items/1/claim", [("stay", text), ("seen", text)]),
    ):
        place = answer.headers.get("location", "/")
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))


def test_at_the_door_it_stays_text(attacked):
    served, text = attacked
    transport = httpx.ASGITransport(served.app, client=("127.0.0.1", 50_000))
    client = httpx.AsyncClient(transport=transport, base_url=BASE)
    shown = check_page(asyncio.run(client.get("/sign-in", params={"next": text[:2_000]})))
    csrf = shown.xpath("//input[@name='csrf']/@value")[0]
    fields = {"csrf": csrf, "name": text[:900], "password": text[:900], "next": text[:2_000]}
    answer = asyncio.run(client.post("/sign-in", data=fields, headers={"Origin": BASE}))
    assert answer.status_code == 403
    again = check_page(answer)
    if text.isprintable():
        assert again.xpath("//input[@name='name']/@value") == [text[:900].strip()]


def test_answers_of_the_interface_hold_it_unchanged(attacked):
    served, text = attacked
    program = Program(served, "rec")
    view = program.ask("/items/2")
    source = view["item"]["source"]
    assert {source[name] for name in ("label", "unit", "specimen", "section", "sender", "target", "system")} == {text}
    assert view["item"]["extra"] == {text: text}
    assert view["item"]["proposal"]["candidates"][0]["display"] == text
    assert view["standing"]["judgement"]["targets"][0]["code"] == text
    assert view["standing"]["judged"][0]["who"] == text
    assert program.ask("/items/3")["standing"]["reason"] == text[:4_000].strip()
    assert text in program.ask("/choices")["sender"]
    rows = program.ask("/items", state="all")["items"]
    assert text in {row["label"] for row in rows}
    if len(text) <= 200:
        assert len(program.ask("/items", state="all", sender=text)["items"]) == (4 if text == text.strip() else 0)
        assert program.ask("/events", who=text)["lines"]
        program.ask("/search", text=text)
    for name in ("target", "system", "text", "after", "order", "state", "low"):
        assert program.fetch("/items", **{name: text}).status_code in {200, 414, 422}


def test_what_is_sent_to_the_interface_is_kept_unchanged_or_refused(attacked):
    served, text = attacked
    program = Program(served, "ann")
    target = {"system": text, "code": text, "display": text}
    answer = program.act(1, "draft", judgement={"targets": [target], "note": text})
    if len(text) > 200:
        assert answer.status_code == 422
        assert text not in answer.text
        return
    draft = answer.json()["standing"]["draft"]
    assert (draft["targets"][0]["code"], draft["targets"][0]["display"]) == (text, text)
    assert draft["note"] == text.strip()
    assert Program(served, "rec").send("/bulk/preview", {"what": text, "filters": {text: text}}).status_code == 422


def cells(content: bytes) -> set[str]:
    return {cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row}


def test_files_hold_it_as_text(attacked):
    served, _ = attacked
    program = Program(served, "rec")
    files = {name: program.fetch("/export", format=name) for name in FORMATS}
    for name, answer in files.items():
        assert answer.status_code == 200, name
    for name in ("usagi", "usagi-review", "stcm"):
        # What a spreadsheet would calculate.
        assert not [cell for cell in cells(files[name].content) if cell.lstrip().startswith(("=", "+", "@"))]
    for name in ("conceptmap-r4", "conceptmap-r5"):
        json.loads(files[name].content)


NUL = "a\0b"


def test_a_nul_is_refused_at_the_door(tmp_path):
    served = Served(tmp_path, [entry("Toux", 9)])
    browser, program = served.browser("rec"), Program(served, "rec")
    before = served.desk.last_event()
    for address in (f"/?{urlencode({'text': NUL})}", f"/history?{urlencode({'who': NUL})}", "/items/1/search?text=%00"):
        assert check_page(browser.get(address)) is not None
        assert browser.get(address).status_code == 400
    assert browser.post("/items/1/note", [("text", NUL), ("seen", "0")]).status_code == 400
    assert browser.post("/items/1/judge", [("do", "none"), ("note", NUL)]).status_code == 400
    assert browser.post("/bulk/preview", [("what", "none"), ("note", NUL)]).status_code == 400
    assert program.fetch("/items", text=NUL).status_code == 400
    assert program.fetch("/concepts/cim10/a%00b").status_code == 400
    assert program.act(1, "note", text=NUL).status_code == 400
    assert served.desk.last_event() == before
    served.close()
