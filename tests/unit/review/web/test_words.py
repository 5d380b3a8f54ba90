"""The words of the desk: both languages, none missing, none unused, and how numbers and moments are written."""

import re
import string
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from jinja2 import nodes
from tests.desk_shell import Clock

from semantix.review.model import Audit, How, Kind, Mode, Part, Relation, Role, State
from semantix.review.web.options import DeskOptions
from semantix.review.web.rendering import load_assets, load_environments, load_words
from semantix.review.web.words import CATALOGUES, PREFIXES, DeskWords, catalogue

PACKAGE = files("semantix.review.web")
TEXTS = catalogue()
VALUES = [
    f"{prefix}_{value}"
    for prefix, kind in (
        ("state", State),
        ("role", Role),
        ("mode", Mode),
        ("relation", Relation),
        ("part", Part),
        ("how", How),
        ("kind", Kind),
    )
    for value in kind
] + [f"audit_{value}" for value in Audit if value]


@pytest.fixture(scope="module")
def environment():
    words = load_words(DeskOptions(clock=Clock()))
    return load_environments(words, load_assets())["fr"]


def words(lang):
    return DeskWords(lang, TEXTS, ZoneInfo("Europe/Paris"))


def sources():
    return {file.name: file.read_text("utf-8") for file in PACKAGE.iterdir() if file.name.endswith(".py")}


def test_every_catalogue_of_the_package_is_in_the_list():
    modules = [name.removesuffix(".py") for name in sources() if re.fullmatch(r"words_\w+\.py", name)]
    for module in modules:
        assert import_module(f"semantix.review.web.{module}").TEXTS in CATALOGUES, module


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same_with_the_same_blanks(key):
    english, french = TEXTS[key]
    assert english.strip()
    assert french.strip()
    blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, french)]
    assert blanks[0] == blanks[1]


@pytest.mark.parametrize("key", TEXTS)
def test_french_is_typeset_as_french(key):
    french = TEXTS[key][1]
    assert "'" not in french
    assert '"' not in french
    assert not re.search(r"\w[;?!]|\w:(?!\w)(?!//)", french), french


@pytest.mark.parametrize("key", VALUES)
def test_every_value_of_the_desk_has_its_words(key):
    assert key in TEXTS


def template(name):
    """Read a template as it is written, before its words stand in it."""
    return (PACKAGE / "templates" / name).read_text("utf-8")


def asked(environment):
    """Gather what templates ask ``t`` for: whole keys, and the beginnings of those that are put together."""
    whole, begun = set(), set()
    for name in environment.list_templates():
        tree = environment.parse(template(name))
        for call in tree.find_all(nodes.Call):
            if not (isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args):
                continue
            first = call.args[0]
            if isinstance(first, nodes.Const):
                whole.add(first.value)
            elif isinstance(first, nodes.Concat) and isinstance(first.nodes[0], nodes.Const):
                begun.add(first.nodes[0].value)
    return whole, begun


def test_no_template_asks_for_words_that_are_not_there(environment):
    whole, begun = asked(environment)
    assert whole - set(TEXTS) == set()
    assert {start for start in begun if not start.startswith(PREFIXES)} == set()
    assert {start for start in begun if not any(key.startswith(start) for key in TEXTS)} == set()


def test_no_words_are_left_that_nothing_asks_for(environment):
    whole, _ = asked(environment)
    # A catalogue says a key once, before a colon; whoever uses it says it elsewhere.
    code = "\n".join(text for name, text in sources().items() if not name.startswith("words"))
    templates = "\n".join(map(template, environment.list_templates()))
    named = set(re.findall(r'"([\w-]+)"', code + templates))
    unused = [key for key in TEXTS if key not in whole | named and not key.startswith(PREFIXES)]
    assert unused == []


def test_every_template_compiles(environment):
    for name in environment.list_templates():
        environment.get_template(name)


def test_what_is_not_given_to_a_template_is_an_error(environment):
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()


def test_templates_escape_everything(environment):
    text = environment.from_string("{{ a }}<i title='{{ a }}'>").render(a="<b>\"'&")
    assert text == "&lt;b&gt;&#34;&#39;&amp;<i title='&lt;b&gt;&#34;&#39;&amp;'>"


def test_no_template_turns_the_escaping_off(environment):
    for name in environment.list_templates():
        source = environment.loader.get_source(environment, name)[0]
        assert not re.search(r"\|\s*safe|autoescape|<script(?![^>]* src=)|\sstyle=|\son\w+=", source), name


def test_blanks_are_filled_once_and_braces_of_the_data_stay():
    assert words("en")("error_reference", reference="{0}") == "Reference: {0}"


def test_numbers_shares_and_moments_in_each_language():
    english, french = words("en"), words("fr")
    assert (english.number(1234567), french.number(1234567)) == ("1,234,567", "1\u202f234\u202f567")
    assert (english.decimal(-0.125, 2), french.decimal(-0.125, 2)) == ("-0.12", "−0,12")
    assert (english.percent(0.9999), french.percent(0.9999)) == ("99.9%", "99,9\u202f%")
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert (english.moment(moment), french.moment(moment)) == ("2 Mar 2026 00:30", "02/03/2026 00:30")
    assert french.moment("2026-07-01T10:05:00Z") == "01/07/2026 12:05"
    assert french.day("2026-07-01T22:05:00+00:00") == "02/07/2026"
    assert (english.day("2026-07-01"), french.day(date(2026, 7, 1))) == ("1 Jul 2026", "01/07/2026")
    assert (english.wait(30), french.wait(121)) == ("30\u00a0s", "3\u00a0min")


def test_the_filters_of_templates_write_in_the_language(environment):
    text = environment.from_string("{{ 1234 | number }} {{ 0.5 | percent }} {{ 0.25 | decimal }} {{ d | day }}")
    assert text.render(d="2026-07-01") == "1\u202f234 50\u202f% 0,25 01/07/2026"


def test_pieces_of_pages(environment):
    template = environment.from_string(
        '{% import "parts.html" as parts %}{{ parts.chip("to-reconcile") }}{{ parts.word("<b>", "missing") }}'
        "{% macro address(n) %}/?page={{ n }}&x=<{% endmacro %}{{ parts.pagination(2, 3, address) }}"
        '{{ parts.progress("<i>", 0.5) }}{{ parts.token("<t>") }}{{ parts.pagination(1, 1, address) }}'
    )
    text = template.render()
    assert '<span class="chip to-reconcile">à concilier</span>' in text
    assert '<span class="word missing">&lt;b&gt;<span class="unseen"> (manquant)</span></span>' in text
    assert 'rel="prev" href="/?page=1&x=<"' in text
    assert 'rel="next" href="/?page=3' in text
    assert '<progress max="1" value="0.5" aria-label="&lt;i&gt;">' in text
    assert 'value="&lt;t&gt;"' in text
