"""The HTML report: whole, accessible by its structure, with the verdict first. A browser looks at it in tests/e2e."""

from itertools import pairwise

import pytest
from lxml import html
from tests import validated

from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, LayerRun, ValidationReport, finding
from semantix.validation.report import Teller, page_causes, page_facts
from semantix.validation.report.page import render_page
from semantix.validation.report.page_pieces import breakable, linked, marked
from semantix.validation.report.words import report_words

EVERY = [(name, lang) for name in validated.REPORTS for lang in ("fr", "en")]


def page(report: ValidationReport, lang: str = "fr") -> html.HtmlElement:
    return html.document_fromstring(render_page(report, Teller(report_words(lang, typeset=True), validated.RULES)))


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_the_page_is_well_built(name, lang):
    tree = page(validated.REPORTS[name](), lang)
    assert tree.get("lang") == lang
    assert len(tree.findall(".//h1")) == len(tree.findall(".//main")) == 1
    levels = [int(head.tag[1]) for head in tree.iter("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in tree.xpath("//a/@href[starts-with(., '#')]")} <= set(ids)
    assert all(table.find("caption") is not None for table in tree.iter("table"))


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_the_page_fetches_nothing_and_runs_nothing(name, lang):
    tree = page(validated.REPORTS[name](), lang)
    assert tree.xpath("//script | //link | //img | //iframe | //@onclick | //@src") == []
    assert "url(http" not in tree.findtext(".//style")


def test_the_verdicts_come_before_everything_else():
    main = page(validated.many()).find(".//main")
    assert main[0].get("id") == "verdict"
    answers = [words(answer) for answer in main[0].xpath(".//p[@class='answer']")]
    assert answers == ["Non conforme", "Compris en partie"]


def test_sections_follow_in_the_order_of_need():
    ids = page(validated.many()).xpath("//main/section/@id")
    assert ids == ["verdict", "codes", "findings", "documents", "checks", "with", "words"]
    assert page(validated.empty()).xpath("//main/section/@id") == ["verdict", "with", "words"]


def test_a_cause_says_what_why_and_where():
    cause = page(validated.many(), "en").get_element_by_id("SX-CODE-02-error")
    text = words(cause)
    assert "error SX-CODE-02 4 times in 4 documents Rules of semantix" in text
    assert "What to do Choose the code in the present release of LOINC" in text
    assert "Why The receiver cannot know" in text
    assert len(cause.xpath(".//ul[@class='places']/li")) == 4
    assert cause.xpath(".//p[@class='source']/a/@href") == ["https://esante.gouv.fr/"]


def test_cases_that_differ_have_their_own_words_and_counts():
    cause = page(validated.many(), "en").get_element_by_id("SX-UNIT-01-error")
    cases = cause.find_class("case")
    assert [words(case.find_class("times")[0]) for case in cases] == ["8 times", "4 times", "4 times"]
    assert words(cases[0].find_class("more")[0]) == "… and 5 more places."


def test_every_bar_has_its_figures_in_words():
    bars = page(validated.many(), "en").xpath("//ul[@class='bars']/li")
    assert [words(bar) for bar in bars][:2] == [
        "LOINC 98% understood · 204 codes",
        "1.2.250.1.999.1 45% understood · 80 codes",
    ]
    assert "unchecked · 22 codes" in words(bars[4])
    assert len(bars[1].findall("svg/rect")) == 2


def test_names_of_files_are_text_and_not_markup():
    assert "coupé & abîmé <1>.xml" in words(page(validated.many()).get_element_by_id("documents"))


def test_a_clean_run_says_so_and_what_was_not_applied():
    tree = page(validated.clean())
    assert "Rien à signaler" in words(tree.get_element_by_id("findings"))
    verdict = words(tree.get_element_by_id("verdict"))
    assert "Les règles officielles n’ont pas été appliquées." in verdict


def test_an_unfinished_check_is_shown_with_its_reason():
    checks = words(page(validated.unfinished(), "en").get_element_by_id("checks"))
    assert "Not finished: a rule has an expression that the fast engine does not know" in checks


def test_long_lists_are_cut_and_say_so(monkeypatch):
    monkeypatch.setattr(page_causes, "MAX_CAUSES", 2)
    monkeypatch.setattr(page_causes, "MAX_CASES", 1)
    monkeypatch.setattr(page_facts, "MAX_DOCUMENTS", 3)
    tree = page(validated.many(), "en")
    assert "… and 9 more causes." in words(tree.get_element_by_id("findings"))
    assert "… and 2 more cases." in words(tree.get_element_by_id("findings"))
    assert "… and 7 more documents. The JSON and SARIF" in words(tree.get_element_by_id("documents"))


def test_few_causes_need_no_table():
    found = finding(validated.ABSENT, "/a", None, code="X", system="CIM-10")
    plain = Finding(code="SX-NEW-01", severity=Severity.WARNING, layer="x", message="said")
    checked = Checked(name="a", findings=(found, plain), layers=(LayerRun(name="semantix", state="run"),))
    section = page(ValidationReport(version="1", day="x", documents=[checked])).get_element_by_id("findings")
    assert section.find(".//table") is None
    assert "said" in words(section.get_element_by_id("SX-NEW-01-warning"))


def test_pieces_of_text_are_escaped():
    assert breakable("/a/<b>") == "/<wbr>a/<wbr>&lt;b&gt;"
    assert linked("see https://a.fr/x?y=1&z=2. <b>") == (
        'see <a href="https://a.fr/x?y=1&amp;z=2" rel="noreferrer">https://a.fr/x?y=1&amp;z=2</a>. &lt;b&gt;'
    )
    assert marked("read `a < b` now") == "read <code>a &lt; b</code> now"
    assert marked("a ` alone") == "a ` alone"
