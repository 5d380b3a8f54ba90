"""The lexicon: its reader on tables written here, and every row of the tables that ship."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import BadTable
from semantix.resources import data_dir
from semantix.terminology.lexicon import (
    SOURCES,
    Abbreviation,
    Lexicon,
    Phrase,
    Synonym,
    content_key,
    format_rows,
    parse_abbreviations,
    parse_phrases,
    parse_synonyms,
    word_key,
)
from semantix.terminology.text import fold

ABBREVIATIONS = "abbreviation\texpansion\tsection\trank\tsource"
SYNONYMS = "left\tright\tsource"
PHRASES = "written\tofficial\tsource"


def tables(folder: Path, abbreviations: str = "", synonyms: str = "", phrases: str = "") -> Path:
    for name, header, rows in (
        ("abbreviations.tsv", ABBREVIATIONS, abbreviations),
        ("synonyms.tsv", SYNONYMS, synonyms),
        ("phrases.tsv", PHRASES, phrases),
    ):
        (folder / name).write_text(f"{header}\n{rows}", encoding="utf-8")
    return folder


# --- reading ----------------------------------------------------------------------------------------------


def test_three_tables_of_a_folder_are_read(tmp_path: Path) -> None:
    folder = tables(
        tmp_path,
        "zzt\tzona du testeur\t\t1\tusage\n",
        "rein\trénal\tanatomy\n",
        "mal de dos\tdorsalgie\tusage\n",
    )
    lexicon = Lexicon.load(folder)
    assert lexicon.abbreviations == (Abbreviation("zzt", "zona du testeur", "", 1, "usage"),)
    assert lexicon.synonyms == (Synonym("rein", "rénal", "anatomy"),)
    assert lexicon.phrases == (Phrase("mal de dos", "dorsalgie", "usage"),)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    tables(tmp_path)
    (tmp_path / "phrases.tsv").unlink()
    with pytest.raises(BadTable, match=r"phrases\.tsv is not there"):
        Lexicon.load(tmp_path)


def test_a_table_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    tables(tmp_path)
    (tmp_path / "synonyms.tsv").write_bytes(SYNONYMS.encode() + b"\nfi\xe8vre\tpyrexie\tusage\n")
    with pytest.raises(BadTable, match="not UTF-8"):
        Lexicon.load(tmp_path)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("hta\thypertension artérielle\t\t1", "line 2: 4 cells where 5"),
        ("hta\thypertension\tproblems\t1\tusage", "line 2: the section 'problems'"),
        ("hta\thypertension\t\t0\tusage", "line 2: the rank '0'"),
        ("hta\thypertension\t\tone\tusage", "line 2: the rank 'one'"),
        ("hta\t\t\t1\tusage", "line 2: abbreviation and expansion"),
        ("...\thypertension\t\t1\tusage", "line 2: abbreviation and expansion"),
        ("hta \thypertension\t\t1\tusage", "line 2: a cell begins or ends"),
        ("hta\thypertension\t\t1\thearsay", "line 2: the source 'hearsay'"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(row: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason):
        parse_abbreviations([ABBREVIATIONS, row])


def test_other_columns_are_refused() -> None:
    with pytest.raises(BadTable, match="line 1: the columns are not left, right, source"):
        parse_synonyms([PHRASES, "rein\trénal\tusage"])


def test_an_empty_table_has_no_rows() -> None:
    assert parse_phrases([PHRASES]) == ()


# --- looking up -------------------------------------------------------------------------------------------


def test_case_accents_and_dots_of_an_abbreviation_do_not_matter() -> None:
    lexicon = Lexicon.of([Abbreviation("tm", "tumeur maligne")])
    assert [each.expansion for each in lexicon.senses_of("T.M.")] == ["tumeur maligne"]
    assert lexicon.senses_of("TMS") == ()


def test_the_usual_sense_comes_first_whatever_the_order_of_rows() -> None:
    usual, rare = Abbreviation("ic", "insuffisance cardiaque", "", 1), Abbreviation("ic", "index cardiaque", "", 2)
    assert Lexicon.of([rare, usual]) == Lexicon.of([usual, rare])
    assert Lexicon.of([rare, usual]).senses_of("IC") == (usual, rare)


def test_a_section_keeps_the_senses_it_allows() -> None:
    act, illness, any_ = (
        Abbreviation("cec", "circulation extracorporelle", "procedure", 1),
        Abbreviation("cec", "carcinome épidermoïde cutané", "problem", 2),
        Abbreviation("cec", "cécité", "", 3),
    )
    lexicon = Lexicon.of([act, illness, any_])
    assert lexicon.senses_of("CEC") == (act, illness, any_)
    assert lexicon.senses_of("CEC", "other") == (act, illness, any_)
    assert lexicon.senses_of("CEC", "problem") == (illness, any_)
    assert lexicon.senses_of("CEC", "procedure") == (act, any_)
    assert lexicon.senses_of("CEC", "history") == (act, illness, any_)
    assert lexicon.senses_of("CEC", "family-history") == (illness, any_)
    assert lexicon.senses_of("CEC", "laboratory") == (any_,)


def test_synonyms_hold_both_ways_and_ignore_small_words_and_number() -> None:
    lexicon = Lexicon.of(synonyms=[Synonym("calcul du rein", "lithiase rénale"), Synonym("calcul", "lithiase")])
    assert lexicon.synonyms_of("Calculs de rein") == ("lithiase rénale",)
    assert lexicon.synonyms_of("LITHIASES") == ("calcul",)
    assert lexicon.longest == {"abbreviation": 0, "synonym": 2, "phrase": 0}


def test_a_phrase_is_rewritten_one_way() -> None:
    lexicon = Lexicon.of(phrases=[Phrase("mal au dos", "dorsalgie"), Phrase("mal de dos", "rachialgie")])
    assert lexicon.rewrites_of("mal au dos") == ("dorsalgie", "rachialgie")
    assert lexicon.rewrites_of("dorsalgie") == ()


def test_an_empty_lexicon_knows_nothing() -> None:
    assert Lexicon() == Lexicon.of()
    assert Lexicon().senses_of("hta") == ()


@given(st.text())
def test_no_text_breaks_a_look_up(text: str) -> None:
    lexicon = Lexicon.of([Abbreviation("hta", "hypertension artérielle")], [Synonym("rein", "rénal")])
    for found in (lexicon.senses_of(text), lexicon.synonyms_of(text), lexicon.rewrites_of(text)):
        assert isinstance(found, tuple)


@given(st.permutations(range(4)))
def test_the_order_of_writing_does_not_depend_on_the_order_of_reading(order: list[int]) -> None:
    rows = [
        Abbreviation("ep", "embolie pulmonaire", "", 1),
        Abbreviation("EP", "épanchement pleural", "", 2),
        Abbreviation("éa", "épreuve d'essai", "", 1),
        Abbreviation("ez", "eczéma", "", 1),
    ]
    assert [row.expansion for row in format_rows(rows[place] for place in order)] == [
        "épreuve d'essai", "embolie pulmonaire", "épanchement pleural", "eczéma",
    ]  # fmt: skip


# --- the tables that ship ---------------------------------------------------------------------------------

FOLDER = data_dir("mappings") / "lexicon"
SHIPPED = Lexicon.load(FOLDER)


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_bytes().decode("utf-8").split("\n")


def written(row: Abbreviation | Synonym | Phrase) -> str:
    return "\t".join(str(getattr(row, name)) for name in row.__struct_fields__)


@pytest.mark.parametrize(
    ("name", "parse"),
    [
        ("abbreviations.tsv", parse_abbreviations),
        ("synonyms.tsv", parse_synonyms),
        ("phrases.tsv", parse_phrases),
    ],
)
def test_each_row_reads_and_writes_back_the_same_in_its_one_order(name: str, parse) -> None:  # type: ignore[no-untyped-def]
    header, *rows, last = lines(name)
    assert last == ""
    assert [written(row) for row in format_rows(parse([header, *rows]))] == rows


def test_the_tables_have_the_promised_size() -> None:
    assert len(SHIPPED.senses) >= 600
    assert len(SHIPPED.synonyms) >= 800
    assert len(SHIPPED.phrases) >= 400


def test_each_abbreviation() -> None:
    for row in SHIPPED.abbreviations:
        assert row.abbreviation == fold(row.abbreviation), f"{row}: written folded"
        assert word_key(row.expansion) not in SHIPPED.senses, f"{row}: an expansion is not itself an abbreviation"
        assert content_key(row.expansion), f"{row}: an expansion says something"
        assert row.source in SOURCES, row


def test_the_senses_of_an_abbreviation_are_distinct_and_ranked_from_one() -> None:
    for key, senses in SHIPPED.senses.items():
        assert [row.rank for row in senses] == list(range(1, len(senses) + 1)), key
        assert len({content_key(row.expansion) for row in senses}) == len(senses), key


def test_each_synonym() -> None:
    for row in SHIPPED.synonyms:
        left, right = content_key(row.left), content_key(row.right)
        assert left, row
        assert right, row
        assert left != right, row
        for one, other in OPPOSITES:
            assert not (has(left, one) and has(right, other)), f"{row}: {one} is not {other}"
            assert not (has(left, other) and has(right, one)), f"{row}: {one} is not {other}"


def has(key: str, start: str) -> bool:
    return any(word.startswith(start) for word in key.split())


OPPOSITES = (
    ("hypo", "hyper"), ("benin", "malin"), ("aigu", "chronique"), ("droit", "gauche"), ("mere", "foetu"),
    ("brady", "tachy"), ("sur", "sous"), ("inferieur", "superieur"), ("arterie", "veineu"), ("median", "medial"),
)  # fmt: skip


def test_no_pair_of_synonyms_is_told_twice() -> None:
    seen: dict[frozenset[str], list[str]] = defaultdict(list)
    for row in SHIPPED.synonyms:
        seen[frozenset({content_key(row.left), content_key(row.right)})].append(f"{row.left} = {row.right}")
    assert not [rows for rows in seen.values() if len(rows) > 1]


def test_each_phrase() -> None:
    for row in SHIPPED.phrases:
        written_key, official_key = content_key(row.written), content_key(row.official)
        assert written_key, row
        assert official_key, row
        assert written_key != official_key, f"{row}: a rewrite changes something"


def test_no_phrase_is_told_twice() -> None:
    seen = [(content_key(row.written), content_key(row.official)) for row in SHIPPED.phrases]
    assert len(set(seen)) == len(seen)
