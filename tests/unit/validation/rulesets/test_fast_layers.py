"""A layer over a document: which rules meet which nodes, what they say, and what stops them."""

from pathlib import Path

import pytest
from lxml import etree

from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets._schema import rule_id
from semantix.validation.rulesets.expand import read_schema
from semantix.validation.rulesets.fast.compiling import FastLayer, compile_layer, dump, load
from semantix.validation.rulesets.fast.indexing import canonical, index
from semantix.validation.rulesets.fast.library import Library

SCH = 'xmlns="http://purl.oclc.org/dsdl/schematron"'
HL7 = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
HEAD = (
    '<ns prefix="h" uri="urn:hl7-org:v3"/><ns prefix="xsi" uri="http://www.w3.org/2001/XMLSchema-instance"/>'
    '<ns prefix="svs" uri="urn:ihe:iti:svs:2008"/>'
)
DOCUMENT = f"""<ClinicalDocument {HL7}><templateId root="1.2"/><code code="A" codeSystem="1.9" displayName="Ange"/>
<section><templateId root="1.3"/><templateId root="1.3"/><entry><value xsi:type="PQ" unit="mg" value="12"/></entry>
<entry><value xsi:type="CD" code="B"/></entry></section><section><entry nullFlavor="UNK"/></section>
<x xmlns="urn:other"><entry/></x></ClinicalDocument>"""


def layer(folder: Path, body: str, *, lets: str = "") -> FastLayer:
    path = folder / "rules" / "top.sch"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'<schema {SCH} queryBinding="xslt2">{HEAD}{lets}{body}</schema>', encoding="utf-8")
    return compile_layer(read_schema(path, folder), "demo", Library(folder), path.parent)


def pattern(*rules: tuple[str, str]) -> str:
    """A pattern of rules: context, and what stands inside."""
    return (
        "<pattern>" + "".join(f'<rule context="{context}">{inside}</rule>' for context, inside in rules) + "</pattern>"
    )


def says(message: str, test: str = "false()") -> str:
    return f'<assert test="{test}">{message}</assert>'


def verdict(found: FastLayer, text: str = DOCUMENT) -> Verdict:
    assert found.unsupported == ()
    return found.check(index(etree.fromstring(text)))


def said(found: FastLayer, text: str = DOCUMENT) -> list[tuple[str, str]]:
    result = verdict(found, text)
    assert result.errors == ()
    return [(failed.location.replace("/ClinicalDocument[1]", ""), failed.message) for failed in result.failed]


def places(folder: Path, context: str) -> list[str]:
    return [place for place, _ in said(layer(folder, pattern((context, says("m")))))]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("h:section", ["/section[1]", "/section[2]"]),
        ("//h:section", ["/section[1]", "/section[2]"]),
        ("/h:ClinicalDocument/h:section", ["/section[1]", "/section[2]"]),
        ("/h:section", []),
        ("h:ClinicalDocument", [""]),
        ("/*", [""]),
        ("/", [""]),
        ("h:entry", ["/section[1]/entry[1]", "/section[1]/entry[2]", "/section[2]/entry[1]"]),
        ("*:x/*:entry", ["/x[1]/entry[1]"]),
        ("*:section[h:templateId]", ["/section[1]"]),
        ("h:*[@nullFlavor]", ["/section[2]/entry[1]"]),
        ("h:section/h:*[@nullFlavor]", ["/section[2]/entry[1]"]),
        ("h:section/*[self::h:templateId]", ["/section[1]/templateId[1]", "/section[1]/templateId[2]"]),
        ("element()[@unit]", ["/section[1]/entry[1]/value[1]"]),
        ("*[h:templateId/@root='1.3']", ["/section[1]"]),
        ("h:section[h:templateId/@root='1.3' and h:entry]", ["/section[1]"]),
        (
            "h:section[h:templateId/@root='1.3']//h:value",
            ["/section[1]/entry[1]/value[1]", "/section[1]/entry[2]/value[1]"],
        ),
        ("*[h:templateId/@root='9']/h:entry", []),
        ("h:ClinicalDocument[h:code]//h:value[@code]", ["/section[1]/entry[2]/value[1]"]),
        ("*[*]//h:value[@code]", ["/section[1]/entry[2]/value[1]"]),
        ("h:code | h:value[@code]", ["/code[1]", "/section[1]/entry[2]/value[1]"]),
        ("h:code/@code", []),
        ("h:code/text()", []),
        ("h:entry[not(@nullFlavor) and h:value]", ["/section[1]/entry[1]", "/section[1]/entry[2]"]),
        ("h:entry[@nullFlavor='UNK' or h:value/@unit!='g']", ["/section[1]/entry[1]", "/section[2]/entry[1]"]),
        ("h:entry[h:value[@unit='mg']]", ["/section[1]/entry[1]"]),
        ("h:entry[h:value[@unit='mg']/@value]", ["/section[1]/entry[1]"]),
        ("h:entry[not(h:value | self::h:entry[@nullFlavor='OTHER'])]", ["/section[2]/entry[1]"]),
        ("h:entry[self::h:entry[@nullFlavor]]", ["/section[2]/entry[1]"]),
        ("h:entry[h:value/starts-with(@unit, 'm')]", ["/section[1]/entry[1]"]),
        ("h:entry[count(h:value) = 1][h:value/@code]", ["/section[1]/entry[2]"]),
        ("h:section[count(h:templateId) = 2]", ["/section[1]"]),
        ("*[h:templateId/@root='1.3' or h:templateId/@root='1.2']", ["", "/section[1]"]),
        ("*[h:templateId[@root='1.3']]/h:entry[h:value/@code]", ["/section[1]/entry[2]"]),
        ("h:entry[not(h:value and @nullFlavor)][h:value/@code]", ["/section[1]/entry[2]"]),
        ("h:entry[not(upper-case(@nullFlavor) = 'UNK' or h:value/@unit)]", ["/section[1]/entry[2]"]),
        ("h:entry[/h:ClinicalDocument/h:code][h:value/@code]", ["/section[1]/entry[2]"]),
        ("h:entry[h:value[upper-case(@unit) = 'MG']/@value]", ["/section[1]/entry[1]"]),
        ("h:entry[self::h:entry[upper-case(@nullFlavor) = 'UNK']]", ["/section[2]/entry[1]"]),
        ("h:entry[h:value[@unit][@value='12'] or h:none/@x]", ["/section[1]/entry[1]"]),
        ("h:entry[*:value/@unit]", ["/section[1]/entry[1]"]),
        ("h:entry[h:value/node()]", []),
        ("h:value[current()/@unit]", ["/section[1]/entry[1]/value[1]"]),
        (
            "*[starts-with(local-name(), 'templ')]",
            ["/templateId[1]", "/section[1]/templateId[1]", "/section[1]/templateId[2]"],
        ),
    ],
)
def test_a_context_matches_its_nodes_in_the_order_of_the_document(tmp_path: Path, context: str, expected: list[str]):
    assert places(tmp_path, context) == expected


def test_an_error_within_a_context_means_that_the_node_does_not_match(tmp_path: Path):
    """The first section has two templates: ``upper-case`` of both is an error, in XSLT no more than a warning."""
    assert places(tmp_path, "h:section[upper-case(h:templateId/@root) = '']") == ["/section[2]"]


@pytest.mark.parametrize(
    "context",
    [
        "h:section[1]",
        "h:entry[position() = 1]",
        "ancestor::h:a",
        "h:a/@b/h:c",
        "concat('a', 'b')",
        "(h:a | h:b)/h:c",
        "n:a",
        "h:a/node()",
        "h:a[unknown()]",
        "h:a[",
    ],
)
def test_a_context_that_is_not_understood_is_named(tmp_path: Path, context: str):
    (named,) = layer(tmp_path, pattern((context, says("m")))).unsupported
    assert "context" in named


def test_a_node_meets_the_first_rule_of_a_pattern_that_matches_it_and_one_of_each_pattern(tmp_path: Path):
    body = pattern(("h:entry[@nullFlavor]", ""), ("h:entry", says("second")), ("*:entry", says("third")))
    found = said(layer(tmp_path, body + pattern(("h:entry", says("other")))))
    assert found == [
        ("/section[1]/entry[1]", "second"),
        ("/section[1]/entry[2]", "second"),
        ("/x[1]/entry[1]", "third"),
        ("/section[1]/entry[1]", "other"),
        ("/section[1]/entry[2]", "other"),
        ("/section[2]/entry[1]", "other"),
    ]


def test_a_failed_assert_has_its_place_role_line_and_name(tmp_path: Path):
    inside = '<assert test="@other" role="warning">No <name/></assert>'
    body = f'<pattern id="p"><rule context="h:code">{inside}</rule></pattern>'
    assert verdict(layer(tmp_path, body)).failed == (
        Failed(
            layer="demo",
            location="/ClinicalDocument[1]/code[1]",
            role="warning",
            message="No code",
            shown="No code",
            rule=rule_id("demo", "p", "h:code", "@other"),
            line=1,
        ),
    )


def test_comments_are_nothing_that_rules_look_at(tmp_path: Path):
    text = f"<d {HL7}><!-- c --><?p?><section><!-- d --><code code='A'/><?q?></section></d>"
    body = pattern(("h:d", says("<value-of select='.//h:code/concat(@code, @none)'/>")), ("//*", says("any")))
    assert said(layer(tmp_path, body), text) == [
        ("/d[1]", "A"),
        ("/d[1]/section[1]", "any"),
        ("/d[1]/section[1]/code[1]", "any"),
    ]


def test_a_report_speaks_when_its_test_holds(tmp_path: Path):
    tests = {"has": "@code", "no": "@none", "up": "upper-case(@code) = 'A'"}
    rules = "".join(f'<report test="{test}">{name}</report>' for name, test in tests.items())
    assert said(layer(tmp_path, pattern(("h:code", rules)))) == [("/code[1]", "has"), ("/code[1]", "up")]


def test_variables_see_those_before_them_and_hide_those_of_the_schema(tmp_path: Path):
    lets = {"a": "'top'", "all": "//h:entry", "n": "count(h:ClinicalDocument)"}
    a = "<value-of select='$a'/>"
    rules = (
        says(a, "$a = 'x'")
        + '<let name="a" value="@code"/>'
        + says(f"{a} and <value-of select='count($all)'/> and <value-of select='$n'/>", "$a = 'x'")
        + '<let name="a" value="concat($a, $a)"/>'
        + says(a, "$a = 'x'")
    )
    above = "".join(f'<let name="{name}" value="{value}"/>' for name, value in lets.items())
    found = said(layer(tmp_path, pattern(("h:code", rules)), lets=above))
    assert [message for _, message in found] == ["top", "A and 3 and 1", "AA"]


def test_a_message_shows_codes_and_units_and_hides_other_values(tmp_path: Path):
    parts = ("@value", "@unit", "count(*)", "if (@unit) then 'k' else 1", "1 + string-length(@unit)")
    values = " and ".join(f'<value-of select="{part}"/>' for part in parts)
    code = "C <value-of select='@code'/>, <value-of select='@displayName'/>, <value-of select='@none'/>."
    root = "<value-of select='$r'/> <value-of select='..'/>"
    body = pattern(
        ("h:code", says(code)),
        ("h:value[@unit]", says(values)),
        ("h:templateId", '<let name="r" value="@root"/>' + says(root)),
    )
    elements = '<code code="A" displayName="Ange"/><value unit="mg" value="12"/><templateId root="1.2"/>'
    found = verdict(layer(tmp_path, body), f"<d {HL7}>{elements}</d>").failed
    assert [(failed.message, failed.shown) for failed in found] == [
        ("C A, Ange, .", "C A, …, ."),
        ("12 and mg and 0 and k and 3", "… and mg and 0 and k and 3"),
        ("1.2", "1.2"),
    ]


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ('<code code="DUPONT Jean"/>', "…"),
        ('<code code="DUPONT,Jean"/>', "…"),
        ('<id root="1.2.3"/>', "…"),
        ('<templateId root="1.2.3"/>', "1.2.3"),
    ],
)
def test_what_stands_in_the_place_of_a_code_but_is_none_is_hidden(tmp_path: Path, element: str, shown: str):
    message = "<value-of select='if (@code) then @code else @root'/>"
    found = layer(tmp_path, pattern(("h:*[@code or @root]", says(message))))
    (failed,) = verdict(found, f"<d {HL7}>{element}</d>").failed
    assert failed.shown == shown


def test_a_rule_that_cannot_be_evaluated_is_an_error_and_the_others_still_speak(tmp_path: Path):
    body = pattern(("h:section", says("never", "name(h:templateId) = 'x'") + says("spoken")))
    result = verdict(layer(tmp_path, body))
    assert result.errors == (
        RuleError(
            layer="demo",
            location="/ClinicalDocument[1]/section[1]",
            rule=rule_id("demo", "", "h:section", "name(h:templateId) = 'x'"),
            reason="more than one node where one is needed",
        ),
    )
    assert [failed.message for failed in result.failed] == ["spoken", "never", "spoken"]


def test_an_error_in_a_native_test_or_in_a_message_is_one_of_its_rule(tmp_path: Path):
    body = pattern(
        ("h:section", says("x", "contains(h:templateId/@root, '1')") + says("<value-of select='name(h:templateId)'/>"))
    )
    assert len(verdict(layer(tmp_path, body)).errors) == 2


def test_no_reason_of_an_error_has_a_value_of_the_document(tmp_path: Path):
    body = pattern(("h:code", says("x", "@displayName + 1 = 2") + says("x", "xs:integer(@displayName) = 2")
                    + says("x", "resolve-QName(concat(@displayName, ':a'), .) = QName('', 'a')")))  # fmt: skip
    reasons = [error.reason for error in verdict(layer(tmp_path, body)).errors]
    assert len(reasons) == 3
    assert not any("Ange" in reason for reason in reasons)


def test_what_is_not_understood_is_named_with_its_rule(tmp_path: Path):
    body = pattern(("h:a", says("m", "unknown(1)") + says("<value-of select='$none'/>")))
    first, second = layer(tmp_path, body).unsupported
    assert "rule h:a: unknown(1): function unknown() with 1 arguments" in first
    assert "$none is not declared" in second


@pytest.mark.parametrize("test", ["position() = 1", "@a = 'x' and last() = 2", "$v = 1"])
def test_the_place_of_a_node_among_those_walked_through_is_not_known(tmp_path: Path, test: str):
    body = pattern(("h:a", '<let name="v" value="position()"/>' + says("m", test)))
    assert "the place of the node" in layer(tmp_path, body).unsupported[0]


def test_an_xpath_that_libxml2_refuses_is_named(tmp_path: Path):
    body = pattern(("h:a", says("m", "h:²")))
    assert "XPath 1" in layer(tmp_path, body).unsupported[0]


def test_a_variable_that_is_not_understood_refuses_the_rule_that_uses_it(tmp_path: Path):
    body = pattern(("h:a", '<let name="v" value="unknown(1)"/>' + says("m", "$v = 'x'")))
    assert "unknown()" in layer(tmp_path, body).unsupported[0]


def test_a_rule_for_the_document_itself_runs_from_its_root(tmp_path: Path):
    body = pattern(
        (
            "/",
            says("no", "h:ClinicalDocument/h:code")
            + says("yes", "h:other")
            + says("up", "upper-case(h:ClinicalDocument/h:code/@code) = 'B'"),
        )
    )
    assert said(layer(tmp_path, body)) == [("", "yes"), ("", "up")]


@pytest.mark.parametrize("inside", ['<let name="v" value="1"/>', says("m", "upper-case(.) = 'A'")])
def test_what_a_rule_for_the_document_itself_cannot_do_is_named(tmp_path: Path, inside: str):
    assert layer(tmp_path, pattern(("/", inside))).unsupported


def test_what_the_schema_has_beyond_this_engine_refuses_the_layer(tmp_path: Path):
    assert layer(tmp_path, '<pattern id="p" documents="x"/>').unsupported == ("pattern p/@documents",)


# -- documents of the rule set ---------------------------------------------------------------------

VALUE_SET = (
    '<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008"><ValueSet><ConceptList>'
    '<Concept code="A" codeSystem="1.9"/><Concept code="B"/></ConceptList></ValueSet></RetrieveValueSetResponse>'
)
IN_SET = "document('../sets/{}.xml')//svs:Concept[@code = $code and @codeSystem = $system]"
LETS = '<let name="code" value="@code"/><let name="system" value="@codeSystem"/>'


def with_sets(folder: Path, **files: str) -> Path:
    (folder / "sets").mkdir()
    for name, text in {"good": VALUE_SET, **files}.items():
        (folder / "sets" / f"{name}.xml").write_text(text, encoding="utf-8")
    return folder


def test_a_code_is_looked_up_in_a_value_set(tmp_path: Path):
    body = pattern(("h:code | h:value[@code]", LETS + says("out", f"@nullFlavor or {IN_SET.format('good')}")))
    assert said(layer(with_sets(tmp_path), body)) == [("/section[1]/entry[2]/value[1]", "out")]


def test_a_number_is_not_compared_with_a_value_set(tmp_path: Path):
    test = "document('../sets/good.xml')//svs:Concept[@code = $n]"
    body = pattern(("h:code", '<let name="n" value="string-length(@code)"/>' + says("out", test)))
    assert verdict(layer(with_sets(tmp_path), body)).errors[0].reason.startswith("a number compared")


@pytest.mark.parametrize("name", ["missing", "broken", "../../etc/passwd", ""])
def test_a_value_set_that_cannot_be_read_is_an_error_of_the_rule(tmp_path: Path, name: str):
    body = pattern(
        ("h:code", LETS + says("out", IN_SET.format(name)) + says("out", f"doc('../sets/{name}.xml')/*/*/@x = 'a'"))
    )
    result = verdict(layer(with_sets(tmp_path, broken="<a>"), body))
    assert len(result.errors) == 2
    assert all("no readable" in error.reason for error in result.errors)


def test_texts_of_a_terminology_are_looked_up(tmp_path: Path):
    table = "<root xmlns:r='urn:r'><r:note>A</r:note><row><code>mg</code><code>a<i/>b</code></row><code/></root>"
    inside = "doc('../sets/t.xml')//code[text() = {}]"
    body = pattern(
        ("h:value[@unit]", '<let name="u" value="@unit"/>' + says("no", f"exists({inside.format('string($u)')})")),
        (
            "h:code",
            '<let name="u" value="@code"/>'
            + says("no", inside.format("$u"))
            + says("b", "not(" + inside.format("'b'") + ")"),
        ),
    )
    assert said(layer(with_sets(tmp_path, t=table), body)) == [("/code[1]", "no"), ("/code[1]", "b")]


def test_a_path_into_a_document_of_the_rule_set_is_walked_once(tmp_path: Path):
    good = "doc('../sets/good.xml')//svs:"
    codes = f"{good}Concept/@code"
    tests = {
        "out": "@code = $in and not(@code = 'B')",
        "two": f"count({codes}) = 2 and empty(@code[not(. = ({codes}))])",
        "joined": f"{good}Concept/concat(@code, @codeSystem) = concat(@code, @codeSystem)",
        "number": f"not({codes} = 1e0)",
        "here": f"exists({good}ConceptList[svs:Concept[@code = current()/@code]])",
    }
    asserts = "".join(says(name, test) for name, test in tests.items())
    body = pattern(("h:code | h:value[@code]", f'<let name="in" value="{codes}"/>{asserts}'))
    result = verdict(layer(with_sets(tmp_path), body))
    assert [(failed.location.rpartition("/")[2], failed.message) for failed in result.failed] == [("value[1]", "out")]
    assert [error.reason for error in result.errors] == ["a text that is no number where a number is needed"] * 2


def test_whether_a_document_is_there_is_known_and_none_outside_of_the_rule_set_is(tmp_path: Path):
    inside = tmp_path / "set"
    inside.mkdir()
    (tmp_path / "out.xml").write_text("<a/>", encoding="utf-8")
    tests = {
        "../sets/good.xml": True,
        "../sets/go%6Fd.xml": True,
        "../sets/good.xml#part": True,
        "../sets/other.xml": False,
        "../../out.xml": False,
        "/etc/hostname": False,
        "file:///etc/hostname": False,
        "../sets": False,
        "": False,
    }
    body = pattern(("h:code", "".join(says(name, f"doc-available('{name}')") for name in tests)))
    assert [message for _, message in said(layer(with_sets(inside), body))] == [
        name for name, there in tests.items() if not there
    ]


def test_a_library_forgets_addresses_when_there_are_too_many(tmp_path: Path):
    library = Library(with_sets(tmp_path))
    library._found = {(tmp_path, str(number)): None for number in range(100_001)}
    assert library.find(tmp_path, "sets/good.xml") is not None
    assert len(library._found) == 1


# -- keeping ---------------------------------------------------------------------------------------


def test_a_layer_that_was_kept_says_the_same(tmp_path: Path):
    body = pattern(("h:entry", '<let name="v" value="1"/>' + says("m", "h:value")), ("*:x", says("n")))
    made = layer(tmp_path, body)
    kept = load(dump(made), Library(tmp_path), tmp_path / "rules")
    assert kept is not None
    assert verdict(kept) == verdict(made)


@pytest.mark.parametrize("data", [b"", b"\x93\x01", b"\xff"])
def test_bytes_that_are_no_layer_are_not_loaded(tmp_path: Path, data: bytes):
    assert load(data, Library(tmp_path), tmp_path) is None


def test_a_layer_of_another_form_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = layer(tmp_path, pattern(("h:a", "")))
    monkeypatch.setattr("semantix.validation.rulesets.fast.compiling.FORM", 0)
    data = dump(made)
    monkeypatch.undo()
    assert load(data, Library(tmp_path), tmp_path) is None


def test_a_place_is_written_by_local_names_counted_by_expanded_names():
    root = etree.fromstring('<a xmlns="urn:1"><b/><b xmlns="urn:2"/><!-- --><b/></a>')
    assert [canonical(child) for child in root.iterchildren(etree.Element)] == [
        "/a[1]/b[1]",
        "/a[1]/b[1]",
        "/a[1]/b[2]",
    ]


def test_an_element_of_another_document_has_no_place_in_the_index():
    document = index(etree.fromstring("<a><templateId xmlns='urn:hl7-org:v3'/><b/></a>"))
    assert [document.place(each) for each in document.elements] == [0, 1, 2]
    assert document.place(etree.fromstring("<c/>")) == -1
    assert document.templates == {}


def test_a_file_name_that_is_too_long_for_the_disk_is_a_missing_file(tmp_path: Path):
    assert Library(tmp_path).find(tmp_path, f"../terminologie/{'9' * 300}.rdf") is None
