"""Curated tables as the engine asks them: keys, conditions, refusals, specificity."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import BadTable
from semantix.model import Context, Query
from semantix.terminology.table_files import COLUMNS
from semantix.terminology.table_keys import bag_of, words_of
from semantix.terminology.tables import Row, Tables

HEAD = """#curie_map:
#  LOINC: http://loinc.org/rdf/
#  CIM10: http://hl7.org/fhir/sid/icd-10/
#mapping_set_id: https://semantix.invalid/mappings/invented
#mapping_set_version: '1'
"""
UNITS = [
    ("mmol/L", "mmol/L"),
    ("mg/L", "mg/L"),
    ("g/L", "g/L"),
    ("G/L", "10*9/L"),
    ("%", "%"),
    ("mmol/mol", "mmol/mol"),
]


def line(label: str, target: str, modifier: str = "", **more: str) -> str:
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "subject_label": label,
        "subject_type": "" if more.get("subject_id") else "rdfs literal",
        "predicate_id": "skos:exactMatch",
        "predicate_modifier": modifier,
        "object_id": target,
        "confidence": "0.90",
    }
    return "\t".join((cells | more)[column] for column in COLUMNS)


def tables(tmp_path: Path, *lines: str, head: str = HEAD, name: str = "invented__any") -> Tables:
    folder = tmp_path / "tables"
    folder.mkdir(exist_ok=True)
    text = head + "\t".join(COLUMNS) + "\n" + "\n".join(lines) + "\n"
    (folder / f"{name}.sssom.tsv").write_text(text, "utf-8")
    units = "\n".join(line(spelling, f"UCUM:{code}") for spelling, code in UNITS)
    head = HEAD.replace("CIM10: http://hl7.org/fhir/sid/icd-10/", "UCUM: http://unitsofmeasure.org/")
    (folder / "units__ucum.sssom.tsv").write_text(head + "\t".join(COLUMNS) + "\n" + units + "\n", "utf-8")
    return Tables.load(folder)


def targets(rows: tuple[Row, ...]) -> list[str]:
    return [row.target for row in rows]


POTASSIUM = (
    line("Potassium", "LOINC:1-1", unit="mmol/L"),
    line("Potassium", "LOINC:2-2", unit="mmol/L", specimen="urine"),
    line("Potassium", "LOINC:1-1", "Not", specimen="urine|csf"),
    line("Potassium", "LOINC:9-9", "Not"),
)


def test_a_label_is_found_whatever_its_case_accents_and_punctuation(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("Protéine C-réactive", "LOINC:1-1"))
    for text in ("PROTEINE C REACTIVE", "protéine C-réactive :", "proteine  c reactive"):
        found = loaded.find(Query(text=text), Context(), "loinc")
        assert found.decided is not None
        assert found.decided.target == "1-1"


def test_unknown_context_makes_rows_possible_and_decides_nothing(tmp_path: Path) -> None:
    found = tables(tmp_path, *POTASSIUM).find(Query(text="potassium"), Context(), "loinc")
    assert (found.sure, found.decided, sorted(targets(found.possible))) == ((), None, ["1-1", "2-2"])
    assert found.refused == {"9-9"}


def test_a_met_row_beats_rows_that_need_more_context(tmp_path: Path) -> None:
    found = tables(tmp_path, *POTASSIUM).find(Query(text="potassium"), Context(unit="mmol/L"), "loinc")
    assert (targets(found.sure), targets(found.possible)) == (["1-1"], ["2-2"])


def test_the_row_with_more_conditions_wins_and_a_met_refusal_takes_its_code_away(tmp_path: Path) -> None:
    found = tables(tmp_path, *POTASSIUM).find(
        Query(text="potassium"), Context(unit="mmol/L", specimen="urine"), "loinc"
    )
    assert targets(found.sure) == ["2-2"]
    assert found.refused == {"1-1", "9-9"}
    assert {row.target for row in found.refusals} == {"1-1", "9-9"}


def test_a_refusal_with_a_condition_does_not_apply_in_an_unknown_context(tmp_path: Path) -> None:
    found = tables(tmp_path, *POTASSIUM).find(Query(text="potassium"), Context(unit="mmol/L"), "loinc")
    assert "1-1" not in found.refused


def test_a_more_specific_claim_beats_a_refusal(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("sel", "LOINC:1-1", "Not"), line("sel", "LOINC:1-1", unit="mmol/L"))
    found = loaded.find(Query(text="sel"), Context(unit="mmol/L"), "loinc")
    assert (targets(found.sure), found.refused) == (["1-1"], frozenset())
    assert loaded.find(Query(text="sel"), Context(), "loinc").refused == {"1-1"}


@pytest.mark.parametrize(
    ("condition", "unit", "expected"),
    [
        ("mg/L", "g/L", True),
        ("mg/L", "mmol/L", False),
        ("mmol/L", "µmol/l", True),
        ("%", "%", True),
        ("%", "mmol/mol", False),
        ("10*9/L", "G/L", True),
        ("10*9/L", "g/l", True),
        ("g/L", "g/l", True),
        ("mL/min", "mL/min/{1.73_m2}", False),
        ("mg/L", "furlong", None),
        ("mg/L", "", None),
    ],
)
def test_a_unit_meets_a_condition_of_its_class(
    tmp_path: Path, condition: str, unit: str, expected: bool | None
) -> None:
    found = tables(tmp_path, line("analyte", "LOINC:1-1", unit=condition)).find(
        Query(text="analyte"), Context(unit=unit), "loinc"
    )
    assert (bool(found.sure), bool(found.possible)) == (expected is True, expected is None)


@pytest.mark.parametrize(
    ("condition", "specimen", "expected"),
    [
        ("urine", "urines", True),
        ("urine", "serum", False),
        ("serum|plasma", "Plasma", True),
        ("serum|plasma", "sang", None),
        ("serum|plasma", "urine", False),
        ("urine", "bouillon", None),
    ],
)
def test_a_specimen_meets_its_condition(tmp_path: Path, condition: str, specimen: str, expected: bool | None) -> None:
    found = tables(tmp_path, line("analyte", "LOINC:1-1", specimen=condition)).find(
        Query(text="analyte"), Context(specimen=specimen), "loinc"
    )
    assert (bool(found.sure), bool(found.possible)) == (expected is True, expected is None)


def test_a_section_chooses_between_a_history_and_a_disease(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("diabète", "CIM10:E14.9"), line("diabète", "CIM10:Z83.3", section="family-history"))
    family = loaded.find(Query(text="diabète"), Context(section="family-history"), "cim10")
    unknown = loaded.find(Query(text="diabète"), Context(), "cim10")
    problem = loaded.find(Query(text="diabète"), Context(section="problem"), "cim10")
    assert [targets(found.top) for found in (family, unknown, problem)] == [["Z83.3"], ["E14.9"], ["E14.9"]]
    assert targets(unknown.possible) == ["Z83.3"]


def test_two_targets_of_one_rank_are_both_returned_and_none_is_decided(tmp_path: Path) -> None:
    found = tables(tmp_path, line("rhume", "CIM10:A00"), line("rhume", "CIM10:B00")).find(
        Query(text="rhume"), Context(), "cim10"
    )
    assert (targets(found.top), found.decided) == (["A00", "B00"], None)


def test_an_exact_match_outranks_a_broad_one(tmp_path: Path) -> None:
    found = tables(
        tmp_path, line("rhume", "CIM10:A00", predicate_id="skos:broadMatch"), line("rhume", "CIM10:B00")
    ).find(Query(text="rhume"), Context(), "cim10")
    assert found.decided is not None
    assert found.decided.target == "B00"


@pytest.mark.parametrize("predicate", ["skos:narrowMatch", "skos:relatedMatch"])
def test_a_target_that_says_more_than_the_wording_is_never_decided(tmp_path: Path, predicate: str) -> None:
    found = tables(tmp_path, line("rhume", "CIM10:B00", predicate_id=predicate)).find(
        Query(text="rhume"), Context(), "cim10"
    )
    assert (targets(found.top), found.decided) == (["B00"], None)


LOCAL = (
    line("CRP us", "LOINC:1-1", subject_id="LOCAL:X33", sender="Labo A", unit="mg/L"),
    line("", "LOINC:2-2", subject_id="LOCAL:X33", sender="Labo B"),
    line("CRP us", "LOINC:3-3"),
)


@pytest.mark.parametrize(
    ("sender", "code", "text", "unit", "expected"),
    [
        ("labo a", "x33", "CRP us", "g/L", ["1-1"]),
        ("labo b", "X33", "CRP us", "", ["2-2"]),
        ("labo c", "X33", "CRP us", "", ["3-3"]),
        ("labo a", "X33", "autre", "mg/L", []),
        ("labo a", "X33", "", "mg/L", []),
        ("labo a", "X34", "crp us", "mg/L", ["3-3"]),
    ],
)
def test_a_local_code_is_keyed_on_sender_code_label_and_unit(
    tmp_path: Path, sender: str, code: str, text: str, unit: str, expected: list[str]
) -> None:
    query = Query(text=text, code=code)
    found = tables(tmp_path, *LOCAL).find(query, Context(sender=sender, unit=unit), "loinc")
    assert targets(found.top) == expected


def test_a_local_code_without_its_sender_is_only_possible(tmp_path: Path) -> None:
    found = tables(tmp_path, *LOCAL[:2]).find(Query(code="X33"), Context(), "loinc")
    assert (found.sure, sorted(targets(found.possible))) == ((), ["1-1", "2-2"])


def test_a_code_of_a_system_is_found_by_key_oid_uri_and_malformation(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("", "LOINC:1-1", subject_id="CIM10:I10"))
    for system in ("cim10", "2.16.840.1.113883.6.3", "urn:oid:2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"):
        assert targets(loaded.find(Query(code="I 10.", system=system), Context(), "loinc").sure) == ["1-1"]


def test_a_system_without_a_key_is_known_by_what_its_table_declares(tmp_path: Path) -> None:
    head = HEAD.replace("CIM10: http://hl7.org/fhir/sid/icd-10/", "V3_INVENTED: 'urn:oid:1.2.3.4:'")
    loaded = tables(tmp_path, line("", "LOINC:1-1", subject_id="V3_INVENTED:Abc"), head=head)
    for system in ("1.2.3.4", "urn:oid:1.2.3.4"):
        assert targets(loaded.find(Query(code="Abc", system=system), Context(), "loinc").sure) == ["1-1"]
    assert not loaded.find(Query(code="Abc", system="1.2.3.5"), Context(), "loinc").sure


def test_rows_on_the_code_win_over_rows_on_the_label(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("HTA", "LOINC:2-2"), line("", "LOINC:1-1", subject_id="CIM10:I10"))
    query = Query(text="HTA", code="I10", system="cim10")
    assert targets(loaded.find(query, Context(), "loinc").sure) == ["1-1"]


@pytest.mark.parametrize(
    ("label", "other"),
    [
        ("VIH +", "VIH -"),
        ("SCA ST+", "SCA ST-"),
        ("IMC > 30", "IMC < 30"),
        ("phlébite ?", "phlébite"),
        ("hépatite B", "hépatite"),
        ("PSA libre %", "PSA libre"),
        ("diabète sans coma", "coma sans diabète"),
        ("LDL/HDL", "HDL/LDL"),
        ("stade 2 grade 3", "stade 3 grade 2"),
    ],
)
def test_wordings_that_differ_by_a_mark_are_apart(tmp_path: Path, label: str, other: str) -> None:
    loaded = tables(tmp_path, line(label, "CIM10:A00"))
    assert targets(loaded.find(Query(text=label), Context(), "cim10").sure) == ["A00"]
    assert loaded.find(Query(text=other), Context(), "cim10").sure == ()


def test_the_charge_of_an_ion_is_no_mark() -> None:
    assert words_of("Na+") == words_of("K+ Na +")[1:] == ("na",)


def test_another_order_is_found_when_one_wording_only_has_these_words(tmp_path: Path) -> None:
    loaded = tables(tmp_path, line("douleur genou", "CIM10:A00"))
    assert targets(loaded.find(Query(text="genou douleur"), Context(), "cim10").sure) == ["A00"]
    loaded = tables(tmp_path, line("douleur genou", "CIM10:A00"), line("genou douleur", "CIM10:B00"))
    assert targets(loaded.find(Query(text="genou douleur"), Context(), "cim10").sure) == ["B00"]


def test_nothing_is_found_for_an_unknown_wording_or_target(tmp_path: Path) -> None:
    loaded = tables(tmp_path, *POTASSIUM)
    assert loaded.find(Query(text="sodium"), Context(), "loinc").sure == ()
    assert loaded.find(Query(), Context(), "loinc").sure == ()
    assert loaded.find(Query(text="potassium"), Context(), "snomed").sure == ()
    assert Tables().find(Query(text="potassium"), Context(), "loinc").sure == ()


def test_names_for_a_matcher_are_the_positive_labels(tmp_path: Path) -> None:
    loaded = tables(tmp_path, *POTASSIUM, *LOCAL)
    assert [(row.label, row.target) for row in loaded.rows("loinc")] == [
        ("CRP us", "3-3"),
        ("Potassium", "2-2"),
        ("Potassium", "1-1"),
    ]


def test_versions_name_the_tables_and_change_with_their_content(tmp_path: Path) -> None:
    first = dict(tables(tmp_path, *POTASSIUM).versions)["invented__any.sssom.tsv"]
    second = dict(tables(tmp_path, *POTASSIUM[:2]).versions)["invented__any.sssom.tsv"]
    assert first != second
    assert first.startswith("1+")


def test_evidence_names_the_table(tmp_path: Path) -> None:
    row = tables(tmp_path, *POTASSIUM).find(Query(text="potassium"), Context(unit="mmol/L"), "loinc").sure[0]
    assert row.source.startswith("invented__any.sssom.tsv@1+")


def test_a_further_table_adds_its_rows(tmp_path: Path) -> None:
    tables(tmp_path, *POTASSIUM)
    extra = tmp_path / "mine.tsv"
    text = "#curie_map:\n#  LOINC: http://loinc.org/\n"
    text += "subject_label\tpredicate_id\tobject_id\tobject_label\nsodium\tskos:exactMatch\tLOINC:5-5\tinvented\n"
    extra.write_text(text, "utf-8")
    loaded = Tables.load(tmp_path / "tables", [extra])
    assert targets(loaded.find(Query(text="sodium"), Context(), "loinc").sure) == ["5-5"]
    assert loaded.targets == ("cim10", "loinc", "ucum")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (line("x", "NOWHERE:1"), "known prefix"),
        (line("x", "LOINC:"), "known prefix"),
        (line("", "LOINC:1-1"), "no subject"),
        (line("x", "LOINC:1-1", predicate_id="skos:sameAs"), "predicate"),
        (line("x", "LOINC:1-1", "Maybe"), "modifier"),
        (line("x", "LOINC:1-1", confidence="high"), "confidence"),
        (line("x", "LOINC:1-1", unit="furlong/fortnight"), "UCUM"),
        (line("", "LOINC:1-1", subject_id="LOCAL:1"), "sender"),
    ],
)
def test_a_row_that_means_nothing_is_refused_with_its_line(tmp_path: Path, bad: str, words: str) -> None:
    with pytest.raises(BadTable, match=words) as caught:
        tables(tmp_path, bad).rows("loinc")
    assert "line 7" in str(caught.value)


def test_a_table_that_declares_no_code_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="curie_map"):
        tables(tmp_path, line("x", "LOINC:1-1"), head="#mapping_set_id: x\n")


def test_a_table_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    tables(tmp_path)
    (tmp_path / "tables" / "other.sssom.tsv").write_bytes(b"#a: \xe9\n")
    with pytest.raises(BadTable, match="not UTF-8"):
        Tables.load(tmp_path / "tables")


@given(st.permutations(POTASSIUM + LOCAL), st.sampled_from(["", "mmol/L", "g/L"]), st.sampled_from(["", "urine"]))
def test_row_order_changes_no_answer(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], unit: str, specimen: str
) -> None:
    query, context = Query(text="potassium", code="X33"), Context(unit=unit, specimen=specimen, sender="labo a")
    one = tables(tmp_path_factory.mktemp("a"), *POTASSIUM, *LOCAL).find(query, context, "loinc")
    other = tables(tmp_path_factory.mktemp("b"), *lines).find(query, context, "loinc")
    assert [targets(found) for found in (one.sure, one.possible)] == [
        targets(found) for found in (other.sure, other.possible)
    ]
    assert one.refused == other.refused


@given(st.text(max_size=40))
def test_any_text_has_a_key(text: str) -> None:
    words = words_of(text)
    assert words_of(text) == words
    assert set(bag_of(text, words)) <= set(words)


def test_a_folder_of_tables_of_the_site_is_read_like_its_files(tmp_path: Path):
    tables(tmp_path, line("céphalée", "CIM10:R51"), name="site__cim10")
    site = tmp_path / "tables"
    (site / "notes.txt").write_text("not a table", "utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    by_folder = Tables.load(empty, (site,))
    by_file = Tables.load(empty, (site / "site__cim10.sssom.tsv",))
    found = by_folder.find(Query(text="Céphalée"), Context(), "cim10")
    assert found.decided is not None
    assert found == by_file.find(Query(text="Céphalée"), Context(), "cim10")
    with pytest.raises(BadTable, match=r"no \*\.sssom\.tsv"):
        Tables.load(site, (empty,))
