"""The loss report: figures that balance, words in both languages, a page that stands alone."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from semantix.ledger import Account, Ledger, Loss, Reason
from semantix.model import Document, Issue, Origin, Patient, Severity, Source
from semantix.pipeline.work import OTHER_VERSION
from semantix.report import (
    DocumentLine,
    Figures,
    LossReport,
    Page,
    Rest,
    Tally,
    Unreadable,
    render_page,
    words_in,
)
from semantix.report.figures import figures_of, line_of
from semantix.report.loss import encode_document, without_produce
from semantix.report.words import ISSUES, LANGUAGES, REASONS, TEXTS

ROOT = Path(__file__).resolve().parents[3]
LOINC = "2.16.840.1.113883.6.1"
ORIGINS = {
    "a": Origin("/a", LOINC, "1-8"),
    "b": Origin("/b", LOINC, "2-6"),
    "c": Origin("/c", "1.2.3", "X"),
    "d": Origin("/d", None, "Y"),
    "s": Origin("/s"),
}


def document(**changes: object) -> Document:
    return Document(
        source=Source(name="a.xml", size=10, sha256="00"),
        format="CDA R2",
        ids=(),
        at="r",
        locate=ORIGINS.__getitem__,
        coded=("a", "b", "c", "d"),
        statement_places=("s",),
        patient=Patient(at="p", path="/p"),
        **changes,
    )


def converted() -> tuple[Document, Account, Figures]:
    source, ledger = document(), Ledger()
    ledger.carried.update(["a", "s"])
    ledger.explain("b", Reason.IMPLIED)
    ledger.explain("c", Reason.NO_TARGET)
    account = ledger.account(source)
    issues = (Issue("SX005", Severity.WARNING, "/a", "white space"),)
    return source, account, figures_of(source, ledger, account, {"Patient": 1}, issues)


def test_read_is_carried_plus_implied_plus_lost() -> None:
    _, _, figures = converted()
    assert figures.codes == Tally(4, 1, 1, 2)
    assert figures.statements == Tally(1, 1, 0, 0)
    assert figures.by_system == {LOINC: Tally(2, 1, 1, 0), "1.2.3": Tally(1, 0, 0, 1), "": Tally(1, 0, 0, 1)}
    assert figures.losses() == [("no-target", 1, 0), ("not-carried", 1, 0)]
    assert figures.lost_codes == {("1.2.3", "X", "no-target"): 1, ("", "Y", "not-carried"): 1}


def test_a_run_is_the_sum_of_its_documents() -> None:
    total = Figures()
    for _ in range(3):
        total.add(converted()[2])
    assert (total.documents, total.size, total.codes) == (3, 30, Tally(12, 3, 3, 6))
    assert total.produced == {"Patient": 3}
    assert total.issues == {("SX005", "warning"): 3}
    assert [(name, tally.read) for name, _, tally in total.systems()] == [("LOINC", 6), ("-", 3), ("1.2.3", 3)]


def test_lost_codes_beyond_the_limit_are_still_counted_by_reason(monkeypatch) -> None:
    monkeypatch.setattr("semantix.report.figures.MAX_LOST_CODES", 1)
    total = Figures()
    total.add(converted()[2])
    assert len(total.lost_codes) == 1
    assert total.codes.lost == 2


def test_nothing_read_is_all_kept() -> None:
    assert Tally().kept == 1.0


def test_the_json_report_is_written_document_by_document() -> None:
    source, account, figures = converted()
    written: list[bytes] = []
    report = LossReport(written.append, version="1", target="fhir")
    for _ in range(2):
        report.add(encode_document(source, account, figures, ()), "a.json")
    unreadable = [Unreadable("b.xml", "UnreadableInput", "the file is empty")]
    archives = [("a.zip", (Issue("SX102", Severity.WARNING, "B.XML", "not listed"),))]
    report.close(figures, Rest(unreadable, {".pdf": 1}, archives))
    read = json.loads(b"".join(written))
    assert [(d["name"], d["output"]) for d in read["documents"]] == [("a.xml", "a.json")] * 2
    assert read["documents"][0]["losses"][0] == {
        "kind": "code", "xpath": "/b", "reason": "implied", "where": "header", "system": LOINC, "code": "2-6",
    }  # fmt: skip
    assert read["totals"]["by_reason"]["no-target"] == {"codes": 1, "statements": 0}
    assert read["by_system"][0] == {
        "name": "LOINC", "oid": LOINC, "read": 2, "carried": 1, "implied": 1, "not_carried": 0,
    }  # fmt: skip
    assert read["by_system"][2]["oid"] is None or read["by_system"][1]["oid"] is None
    assert (read["unreadable"][0]["name"], read["ignored"], read["archives"][0]["name"]) == (
        "b.xml",
        {".pdf": 1},
        "a.zip",
    )


def test_a_lost_statement_has_no_code() -> None:
    account = Account(0, 0, 1, 0, (Loss("statement", "/s", Reason.NEGATED),))
    read = json.loads(encode_document(document(), account, Figures(), ()))
    assert read["losses"] == [{"kind": "statement", "xpath": "/s", "reason": "negated", "where": "body"}]


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("catalogue", [TEXTS, REASONS, ISSUES])
def test_every_text_is_in_every_language_with_the_same_blanks(catalogue) -> None:
    for key, texts in catalogue.items():
        assert len(texts) == len(LANGUAGES)
        assert all(texts), key
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
        assert blanks[0] == blanks[1], key


def test_every_reason_is_explained() -> None:
    assert {OTHER_VERSION, *map(str, Reason)} == REASONS.keys()


def test_every_issue_code_is_explained_and_documented() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if path.name != "issue_words.py")
    documented = (ROOT / "docs" / "reference" / "loss-report.md").read_text("utf-8")
    codes = set(re.findall(r'"(SX\d{3})"', sources))
    assert codes == ISSUES.keys() == set(re.findall(r"^\| `(SX\d{3})` \|", documented, re.MULTILINE))


def test_every_reason_is_documented() -> None:
    documented = (ROOT / "docs" / "reference" / "loss-report.md").read_text("utf-8")
    assert all(f"| `{reason}` |" in documented for reason in REASONS)


def test_what_the_catalogue_does_not_know_explains_itself() -> None:
    words = words_in("en")
    assert words.reason("new-reason") == "new-reason"
    assert words.issue("SX999", "as told") == "as told"


@pytest.mark.parametrize(("lang", "expected"), [("fr_FR.UTF-8", "fr"), ("en_US", "en"), ("de", "en"), ("", "en")])
def test_the_language_is_french_or_english(lang: str, expected: str) -> None:
    assert words_in(lang).lang == expected


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("file is 209 MB, the limit is 100 MB; raise", "fichier de 209 Mo, la limite est 100 Mo (option --max-size)"),
        ("line 2, column 7: not well-formed XML: x", "le XML est mal formé (ligne 2, colonne 7)"),
        (
            "an XML file whose root is <Messages>; a CDA R2 document was expected",
            "un fichier XML de racine <Messages>, alors qu’un document CDA R2 <ClinicalDocument> est attendu",
        ),
        ("KeyError at parsers/cda/x.py:12", "erreur du programme (KeyError, parsers/cda/x.py:12), à signaler"),
        ("a reason of tomorrow", "a reason of tomorrow"),
    ],
)
def test_refusals_are_said_in_french_when_they_are_known(english: str, french: str) -> None:
    assert words_in("fr").refusal(english) == french
    assert words_in("en").refusal(english) == english


def test_numbers_follow_the_language_and_100_percent_means_all() -> None:
    assert (words_in("en").number(12_345), words_in("en").percent(0.99999)) == ("12,345", "99.9%")
    assert words_in("fr").number(12_345) == "12\N{NARROW NO-BREAK SPACE}345"
    assert words_in("fr").percent(0.815) == "81,5\N{NARROW NO-BREAK SPACE}%"
    assert words_in("en").percent(1.0) == "100%"


# --- the page -----------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Notes headings, and fails on tags that do not close."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(lang: str = "en", **changes: object) -> str:
    source, _, figures = converted()
    values = {
        "target": "fhir",
        "version": "1",
        "figures": figures,
        "lines": [line_of(source, figures)],
        "unreadable": [Unreadable("<b>&.xml", "UnreadableInput", "the file is <empty>")],
        "ignored": {".pdf": 1},
    }
    return render_page(Page(**(values | changes)), words_in(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_well_formed_with_headings_in_order(lang: str) -> None:
    outline = Outline(page(lang))
    assert outline.open == []
    headings = [int(tag[1]) for tag in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(headings))


def test_the_page_stands_alone() -> None:
    text = page()
    assert "<script" not in text
    assert re.findall(r"(?:src|href)=|@import|url\((?!#)", text) == []


def test_names_of_files_are_never_markup() -> None:
    assert "&lt;b&gt;&amp;.xml" in page()
    assert "<b>" not in page()


def test_every_table_has_a_caption_and_headers() -> None:
    text = page()
    tables = text.count("<table>")
    assert tables == text.count("<caption>") == text.count("<thead>")
    assert '<th scope="col"' in text
    assert '<th scope="row"' in text


def test_statements_may_be_lost_without_any_code() -> None:
    text = page(figures=Figures(documents=1, reasons={("statement", "negated"): 2}))
    assert "stated as absent" in text
    assert "Most frequent codes" not in text


def test_a_run_without_loss_says_so() -> None:
    text = page(figures=Figures(documents=1), lines=[], unreadable=[], ignored={})
    assert "Nothing was left out" in text
    assert "Unreadable files" not in text


def test_a_long_run_says_how_many_documents_are_not_listed() -> None:
    figures = Figures(documents=1_500)
    line = DocumentLine("a.xml", None, Tally(), Tally(), 0)
    assert "… and 1,499 more" in page(figures=figures, lines=[line])


def test_a_long_system_name_is_cut_in_the_chart_and_whole_in_the_table() -> None:
    oid = "2.25." + "1" * 60
    text = page(figures=Figures(by_system={oid: Tally(1, 1, 0, 0)}))
    assert f'<span class="code">{oid}</span>' in text
    assert "…</text>" in text


def test_omop_rows_show_how_many_have_a_standard_concept() -> None:
    figures = Figures(produced={"measurement": 3, "person": 1}, mapped={"measurement": 2})
    text = page(target="omop", figures=figures)
    assert "With a standard concept" in text
    assert "OMOP rows" in text


def test_a_code_left_out_because_it_identifies_is_written_nowhere() -> None:
    source, ledger = document(), Ledger()
    ledger.carried.update(["a", "s"])
    for place in ("b", "c", "d"):
        ledger.explain(place, Reason.IDENTIFYING)
    account = ledger.account(source)
    figures = figures_of(source, ledger, account, {}, ())
    read = json.loads(encode_document(source, account, figures, ()))
    assert [loss["code"] for loss in read["losses"]] == [None, None, None]
    page = Page(target="omop", version="1", figures=figures, lines=(), unreadable=(), ignored={})
    html = render_page(page, words_in("fr"))
    assert "2-6" not in html
    assert "laissé de côté exprès" in html


def test_a_document_met_twice_produces_nothing() -> None:
    source, account, figures = converted()
    before = encode_document(source, account, figures, ())
    after = json.loads(without_produce(before))
    assert after == json.loads(before) | {"produced": {}}
