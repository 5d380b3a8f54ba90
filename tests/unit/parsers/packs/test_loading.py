"""Packs that are wrong are refused, with the line and the place of what is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.parsers.packs.packs_in_words import FILE, HEAD, pack_of

from semantix.errors import BadPack
from semantix.parsers import packs

GOOD = HEAD + FILE


def refusal(text: str | bytes) -> str:
    with pytest.raises(BadPack) as found:
        packs.load_pack(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    return str(found.value)


def test_a_refusal_is_of_one_exit_code() -> None:
    assert BadPack.exit_code == 11


def test_what_is_written_means_itself() -> None:
    pack = pack_of(
        FILE + "tests:\n  - {name: on, files: {results: {text: a}}, facts: [{time: 2021-03-04, value: 1.0}]}"
    )
    assert pack.version == "1"
    assert pack.spec.tests[0].facts == [{"time": "2021-03-04", "value": "1.0"}]
    assert pack.spec.tests[0].name == "on"


def test_the_digest_is_that_of_the_content() -> None:
    same = GOOD.replace("software: Essai", "# a comment\nsoftware:   'Essai'")
    assert packs.load_pack(same.encode(), "y").digest == packs.load_pack(GOOD.encode(), "x").digest
    other = GOOD.replace("software: Essai", "software: Essais")
    assert packs.load_pack(other.encode(), "y").digest != packs.load_pack(GOOD.encode(), "x").digest
    assert packs.load_pack(GOOD.encode(), "x").label.startswith("essai 1 (")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("title: invented\n", "title: invented\ntitle: again\n", "line 6: the key 'title' for the second time"),
        ("title: invented\n", "", "title: it is missing"),
        ("kind: delimited", "kind: delimitated", "line 10: files/results/kind: Input should be"),
        ("code: quoi", "cod: quoi", "line 21: files/results/facts/0/cod: no such field here"),
        ("code: quoi", "code: quoy", "files/results/facts/0/code: no column is called 'quoy'"),
        ("code: quoi", "code: who.quoi", "no join is called 'who'"),
        ("code: quoi", "code: {mapped: 1}", "no such field here"),
        ("code: quoi", "code: [quoi]", "an expression was expected"),
        ("code: quoi", "code: 'a b'", "the name of a column was expected"),
        ("code: quoi, ", "", "a lab-result needs code"),
        ("code: quoi", "code: quoi, lot: quoi", "a lab-result has no lot"),
        ("code: quoi", "code: quoi, on: [group]", "no kind of row is called 'group'"),
        ("code: quoi", "code: {codings: [{system: lonc, code: quoi}]}", "a key of semantix.systems was expected"),
        ("code: quoi", "code: {split: quoi, at: ','}", "part must be a number"),
        ("code: quoi", "code: {split: quoi}", "split needs a pattern with a group, or at with a part"),
        ("code: quoi", "code: {split: quoi, pattern: '(?P<a>x)', group: b}", "a named group of the pattern"),
        ("code: quoi", "code: {parse: value, of: quoi, part: half}", "part must be one of"),
        ("code: quoi", "code: {split: quoi, pattern: '(a+)+', group: a}", "may take for ever"),
        ("code: quoi", "code: quoi, when: {of: quoi, like: x}", "no such field here"),
        ("code: quoi", "code: quoi, when: quoi", "a condition was expected"),
        ("code: quoi", "code: part.text", "no join is called 'part'"),
        ("code: quoi", "code: part.label, parts: {of: quoi, read: lines}", "its parts are text"),
        ("code: quoi", "code: part.text, parts: {of: quoi, read: pattern}", "pattern must say how"),
        ("code: quoi", "code: $what", "$what has no value"),
        ("code: quoi", "code: quoi, each: [{a: b}], note: $c", "$c has no value"),
        ("    patient: {number: no}\n", "", "facts without a patient"),
        ("jour: {type: date}", "jour: {type: date, formats: [yyyy-yyyy]}", "names a field twice"),
        ("    expects: {columns: [no]}\n", "    use: lookup\n", "a table used for lookup has no facts"),
        ('    names: ["*.csv"]\n    expects: {columns: [no]}\n', "", "names or expects must say"),
        ("expects: {columns: [no]}", "expects: {matches: {nowhere: x}}", "no column is called 'nowhere'"),
        ("expects: {columns: [no]}", "dialect: {header: 0}", "at must be a position"),
        ("expects: {columns: [no]}", "dialect: {encodings: [latin-9]}", "one of utf-8"),
        ("kind: delimited", "kind: fixed-width", "a column of fixed width has at"),
        ("kind: delimited", "kind: xml", "source must say which rows"),
        ("kind: delimited", "kind: xml\n    source: //[", "not an XPath"),
        ("kind: delimited", "kind: json\n    source: $[", "not a JSONPath"),
        ("expects: {columns: [no]}", "joins: {who: {to: nobody, key: [no]}}", "no table is called 'nobody'"),
        (
            "expects: {columns: [no]}",
            "joins: {who: {to: results, key: [no], names: no}}",
            "names and values go together",
        ),
        ("expects: {columns: [no]}", "joins: {who: {to: results, key: [no], their_key: [no, quoi]}}", "as many parts"),
        ("expects: {columns: [no]}", "joins: {part: {to: results, key: [no]}}", "the name of the parts of a text"),
        ("expects: {columns: [no]}", "rows: [{name: a}, {name: b}]", "it must be the last"),
        ("expects: {columns: [no]}", "rows: [{name: a, carry: [b]}]", "no column is called 'b'"),
        ("    patient: {number: no}\n", "    patient: {number: no}\n    tables: {results: {}}\n", "not both"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(before: str, after: str, said: str) -> None:
    assert before in GOOD
    assert said in refusal(GOOD.replace(before, after))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("- a", "a mapping was expected"),
        ("a: !!python/object/apply:os.system [x]", "a tag (!)"),
        ("a: !thing x", "a tag (!)"),
        ("[" * 60, "more than 40 levels"),
        ("[" * 100_000, "x.yaml: line 1"),
        ("a: [1", "line 2"),
        ("? [a]\n: b", "a key that is not a word"),
        ("a: &x {b: 1}\nc: {<<: *x}", "merge keys"),
        (b"\xff\xfe\x00\xd8", "x.yaml"),
        ("a: \x01", "x.yaml"),
        ("a: &a [*a]", "values or 40 levels"),
        ("a" * 1_000_001, "at most 1000000 expected"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{c}: &{c} [{','.join([f'*{p}'] * 10)}]\n" for p, c in zip("abcdef", "bcdefg", strict=True)),
            "more than 50000 values",
        ),
    ],
)
def test_hostile_files_are_refused(text: str | bytes, said: str) -> None:
    assert said in refusal(text)


def test_many_faults_are_told_together_and_counted() -> None:
    said = refusal("\n".join(f"k{n}: 1" for n in range(20)))
    assert "and " in said
    assert said.count(";") == 8


@given(st.text(max_size=60))
def test_no_text_makes_anything_but_a_refusal(text: str) -> None:
    refusal(text.encode("utf-8", "surrogatepass"))


def test_two_packs_of_one_name_are_told() -> None:
    from semantix.errors import UnreadableInput

    with pytest.raises(UnreadableInput, match=r"two packs are called essai: a\.yaml and b\.yaml"):
        packs.packs_parser([pack_of(FILE, "a.yaml"), pack_of(FILE, "b.yaml")])


def test_tables_of_one_name_are_told() -> None:
    again = (
        "files:\n  results: {kind: workbook, names: [a], tables: {results: {columns: {a: {}}}, "
        "x: {}}}\n  x: {kind: workbook, names: [b]}\n"
    )
    assert "two tables are called 'x'" in refusal(HEAD + again)


def test_a_test_of_a_role_that_is_not_there_is_told() -> None:
    assert "no file of the pack has this role" in refusal(GOOD + "tests: [{name: a, files: {nothing: {text: a}}}]")


def test_the_schema_is_json_schema() -> None:
    schema = packs.pack_schema()
    assert schema["properties"]["pack"]["pattern"]
    assert "schema" in schema["properties"]


def test_the_packs_written_for_tests_are_read_as_they_say() -> None:
    folder = Path(__file__).parent / "written"
    for path in sorted(folder.glob("*.yaml")):
        pack = packs.load_pack(path.read_bytes(), path.name)
        outcomes = packs.test_pack(pack)
        assert outcomes, path.name
        assert [(one.test, one.differences) for one in outcomes if not one.passed] == []
