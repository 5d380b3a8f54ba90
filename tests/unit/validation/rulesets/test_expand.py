"""A Schematron file into a schema: includes, abstract patterns and rules, phases, as the official pipeline."""

from pathlib import Path

import pytest

from semantix.errors import UnreadableInput
from semantix.validation.rulesets._schema import Assert, Let, Part, Pattern, Rule, Schema, rule_id
from semantix.validation.rulesets.expand import BadSchema, read_schema

NS = 'xmlns="http://purl.oclc.org/dsdl/schematron"'


def write(folder: Path, **files: str) -> Path:
    """Write files whose names have ``__`` for a folder; the schema is ``top``."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.sch"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "top.sch"


def schema(folder: Path, body: str, attributes: str = "", **files: str) -> Schema:
    top = f'<schema {NS} queryBinding="xslt2" {attributes}>{body}</schema>'
    return read_schema(write(folder, top=top, **files), folder)


def test_rules_lets_and_asserts_are_read_in_their_order(tmp_path: Path):
    found = schema(
        tmp_path,
        '<title> A  title </title><ns prefix="h" uri="urn:h"/><let name="top " value="\'x\'"/>'
        '<pattern id="p"><title>t</title><p>words</p><let name="g" value="1"/><rule context="h:a">'
        '<let name="v" value="@b"/><assert test="$v" role="error">No b</assert><report test="@c">A c</report>'
        "</rule></pattern>",
    )
    assert found == Schema(
        title="A title",
        namespaces=(("h", "urn:h"),),
        lets=(Let("top", "'x'"), Let("g", "1")),
        patterns=(
            Pattern(
                "p",
                (
                    Rule(
                        "h:a",
                        (
                            Let("v", "@b"),
                            Assert("$v", "error", (Part("text", "No b"),)),
                            Assert("@c", "", (Part("text", "A c"),), True),
                        ),
                    ),
                ),
            ),
        ),
    )


def test_an_include_is_replaced_by_the_root_of_its_file_relative_to_the_file_that_has_it(tmp_path: Path):
    found = schema(
        tmp_path,
        '<include href="sub/one.sch"/>',
        sub__one=f'<pattern {NS} id="one"><include href="two.sch"/></pattern>',
        sub__two=f'<rule {NS} context="a"><assert test="b">m</assert></rule>',
    )
    assert [(pattern.id, [rule.context for rule in pattern.rules]) for pattern in found.patterns] == [("one", ["a"])]


@pytest.mark.parametrize("content", ["<other/>", f"<schema {NS}/>"])
def test_an_include_of_what_is_no_fragment_is_left_out_and_its_text_kept(tmp_path: Path, content: str):
    found = schema(
        tmp_path,
        '<pattern id="p"><rule context="a"><assert test="b">m<include href="x.sch"/>n</assert></rule>'
        '<include href="x.sch"/></pattern>',
        x=content,
    )
    (rule,) = found.patterns[0].rules
    assert rule.body == (Assert("b", "", (Part("text", "mn"),)),)


def test_an_include_left_out_after_another_element_leaves_its_text_there(tmp_path: Path):
    found = schema(
        tmp_path,
        '<pattern id="p"><rule context="a"><assert test="b"><name/>m<include href="x.sch"/>n</assert></rule></pattern>',
        x="<other/>",
    )
    assert found.patterns[0].rules[0].body == (Assert("b", "", (Part("value", "name(.)"), Part("text", "mn"))),)


def test_a_file_outside_of_the_rule_set_is_not_read(tmp_path: Path):
    (tmp_path / "secret.sch").write_text(f'<pattern {NS} id="s"/>', encoding="utf-8")
    inside = tmp_path / "set"
    inside.mkdir()
    with pytest.raises(BadSchema, match="outside of the rule set"):
        schema(inside, '<include href="../secret.sch"/>')


def test_a_missing_include_is_refused(tmp_path: Path):
    with pytest.raises(BadSchema, match="not there"):
        schema(tmp_path, '<include href="missing.sch"/>')


def test_files_that_include_each_other_are_refused(tmp_path: Path):
    with pytest.raises(BadSchema, match="without end"):
        schema(
            tmp_path,
            '<include href="a.sch"/>',
            a=f'<pattern {NS} id="a"><include href="a.sch"/></pattern>',
        )


def test_a_doctype_is_refused(tmp_path: Path):
    top = write(tmp_path, top=f'<!DOCTYPE x [<!ENTITY e "v">]><schema {NS} queryBinding="xslt2">&e;</schema>')
    with pytest.raises(UnreadableInput, match="DOCTYPE"):
        read_schema(top)


def test_a_file_that_is_no_schema_is_refused(tmp_path: Path):
    with pytest.raises(BadSchema, match="not a Schematron schema"):
        read_schema(write(tmp_path, top=f"<pattern {NS}/>"))


ABSTRACT = (
    '<pattern abstract="true" id="of"><rule context="$elt"><let name="v" value="$elt"/>'
    '<assert test="$a = $ab" role="$a">Not $a, <value-of select="$ab"/> $a</assert></rule></pattern>'
)


def test_an_abstract_pattern_is_copied_with_its_parameters_as_text_in_their_order(tmp_path: Path):
    """``value`` and ``role`` are left as they are; ``$ab`` is caught by ``$a``, as in the pipeline."""
    found = schema(
        tmp_path,
        f'{ABSTRACT}<pattern id="mine" is-a="of"><param name="elt" value="x/y"/><param name="a" value="@q"/>'
        '<param name="ab" value="@r"/></pattern>',
    )
    (pattern,) = found.patterns
    assert pattern == Pattern(
        "mine",
        (
            Rule(
                "x/y",
                (
                    Let("v", "$elt"),
                    Assert("@q = @qb", "$a", (Part("text", "Not @q, "), Part("value", "@qb"), Part("text", " @q"))),
                ),
            ),
        ),
    )


def test_the_parameters_of_a_pattern_without_identifier_are_lost_as_in_the_pipeline(tmp_path: Path):
    found = schema(tmp_path, f'{ABSTRACT}<pattern is-a="of"><param name="elt" value="x"/></pattern>')
    assert found.patterns[0].rules[0].context == "$elt"


def test_two_patterns_of_one_identifier_are_beyond_this_engine(tmp_path: Path):
    call = '<pattern id="same" is-a="of"><param name="elt" value="x"/></pattern>'
    assert schema(tmp_path, ABSTRACT + call + call).beyond == ("pattern same/@ambiguous", "pattern same/@ambiguous")


def test_an_abstract_pattern_that_is_not_there_gives_no_pattern(tmp_path: Path):
    assert schema(tmp_path, '<pattern id="p" is-a="none"/>').patterns == ()


@pytest.mark.parametrize(
    ("attributes", "active"),
    [('defaultPhase="one"', ["a"]), ('defaultPhase="#ALL"', ["a", "b"]), ("", ["a", "b"]), ('defaultPhase="no"', [])],
)
def test_the_default_phase_is_run_else_all_patterns(tmp_path: Path, attributes: str, active: list[str]):
    found = schema(
        tmp_path,
        '<phase id="one"><active pattern="a"/></phase><pattern id="a"><let name="x" value="1"/></pattern>'
        '<pattern id="b"><let name="y" value="1"/></pattern>',
        attributes,
    )
    assert [pattern.id for pattern in found.patterns] == active
    assert [let.name for let in found.lets] == [{"a": "x", "b": "y"}[name] for name in active]


def rule(name: str, test: str, *, abstract: bool = True, more: str = "") -> str:
    kind = 'abstract="true"' if abstract else 'context="z"'
    return f'<rule {kind} id="{name}">{more}<assert test="{test}">m</assert></rule>'


def asked(found: Schema, context: str = "a") -> list[str]:
    return [
        part.test
        for pattern in found.patterns
        for each in pattern.rules
        if each.context == context
        for part in each.body
        if isinstance(part, Assert)
    ]


def test_extends_takes_the_abstract_rule_of_its_own_pattern_first(tmp_path: Path):
    user = '<rule context="a"><extends rule="r"/><assert test="own">m</assert></rule>'
    found = schema(
        tmp_path, f'<pattern id="p">{rule("r", "far")}</pattern><pattern id="q">{rule("r", "near")}{user}</pattern>'
    )
    assert asked(found) == ["near", "own"]


def test_extends_takes_a_rule_of_another_pattern_else_and_rules_extend_rules(tmp_path: Path):
    inner = '<extends rule="s"/>'
    found = schema(
        tmp_path,
        f'<pattern id="p">{rule("r", "outer", more=inner)}{rule("s", "inner")}</pattern>'
        '<pattern id="q"><rule context="a"><extends rule="r"/></rule></pattern>',
    )
    assert asked(found) == ["inner", "outer"]


def test_extends_of_a_rule_that_is_not_abstract_or_not_there_gives_nothing(tmp_path: Path):
    found = schema(
        tmp_path,
        f'<pattern id="p">{rule("r", "x", abstract=False)}<rule context="a"><extends rule="r"/>'
        '<extends rule="none"/></rule></pattern>',
    )
    assert asked(found) == []


def test_rules_that_extend_each_other_are_refused(tmp_path: Path):
    more = '<extends rule="r"/>'
    with pytest.raises(BadSchema, match="without end"):
        schema(tmp_path, f'<pattern>{rule("r", "x", more=more)}<rule context="a">{more}</rule></pattern>')


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('<key name="k" xmlns="http://www.w3.org/1999/XSL/Transform"/>', "Transform}key"),
        ('<pattern id="p" documents="x"/>', "pattern p/@documents"),
        ('<pattern id="p"><odd/></pattern>', "pattern p/odd"),
        ('<pattern id="p"><rule context="a"><let name="x">1</let></rule></pattern>', "let x without a value"),
        ('<pattern id="p"><rule context="a"><odd/></rule></pattern>', "rule/odd"),
        ('<pattern id="p"><rule context="a"><extends href="x"/></rule></pattern>', "rule/extends"),
        ('<pattern id="p"><rule context="a"><assert test="b" diagnostics="d"/></rule></pattern>', "@diagnostics"),
        ('<include href="#here"/>', "schema/include"),
    ],
)
def test_what_has_no_place_in_a_schema_is_named(tmp_path: Path, body: str, named: str):
    (found,) = schema(tmp_path, body).beyond
    assert named in found


def test_another_query_language_is_named(tmp_path: Path):
    top = write(tmp_path, top=f'<schema {NS} queryBinding="xslt"/>')
    assert read_schema(top).beyond == ("schema/@queryBinding xslt",)


def test_a_message_keeps_its_parts_and_loses_texts_of_white_space(tmp_path: Path):
    found = schema(
        tmp_path,
        '<pattern id="p"><rule context="a"><assert test="b">'
        'One <value-of select="@x"/> <value-of/><name path="c"/><emph>two</emph><dir> </dir><odd>lost</odd></assert>'
        "</rule></pattern>",
    )
    (assert_,) = found.patterns[0].rules[0].body
    assert isinstance(assert_, Assert)
    assert assert_.parts == (
        Part("text", "One "),
        Part("value", "@x"),
        Part("value", "."),
        Part("value", "name(c)"),
        Part("text", "two"),
    )


def test_the_name_of_a_rule_does_not_depend_on_white_space():
    assert rule_id("l", "p", "a [b]", "x  =  1") == rule_id("l", "p", " a\n[b] ", "x = 1")
    assert rule_id("l", "p", "a", "x") != rule_id("l", "q", "a", "x")
    assert len(rule_id("l", "p", "a", "x")) == 8
