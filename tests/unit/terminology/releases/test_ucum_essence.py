"""UCUM: units with their names; prefixes are no units."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.ucum_essence import IMPORTER
from semantix.terminology.source import Source

ESSENCE = """<?xml version="1.0" encoding="ascii"?>
<root xmlns="http://unitsofmeasure.org/ucum-essence" version="2.1" revision="$Rev$">
<prefix Code="m" CODE="M"><name>milli</name></prefix>
<base-unit Code="m" CODE="M" dim="L"><name>meter</name><printSymbol>m</printSymbol>
<property>length</property></base-unit>
<unit Code="[fic]" CODE="[FIC]" isMetric="no" class="clinical"><name>fict</name><name>fictive</name>
<printSymbol>f<sub>1</sub></printSymbol><property>length</property><value Unit="m" UNIT="M" value="2">2</value></unit>
<unit><name>nothing</name></unit>
</root>"""
EXAMPLES = """<?xml version="1.0"?>
<root><!-- example --><row><code>fic/d</code><name></name><category>Clinical</category>
<synonyms>ficts a day; f/d</synonyms><LOINCProperty>VRat</LOINCProperty><Guidance>rarely used</Guidance>
</row><row><code></code></row></root>"""


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


def test_a_unit_has_its_names_and_facts(tmp_path: Path) -> None:
    path = tmp_path / "ucum-essence.xml"
    path.write_text(ESSENCE)
    assert IMPORTER.claims(Source(path), Hints())
    release = IMPORTER.describe(Source(path), Hints())
    assert (release.name, release.version, release.systems) == ("ucum", "2.1", ("ucum",))
    assert records(path) == [
        Concept("ucum", "m", "meter", "base-unit",
                properties={"case_insensitive": "M", "dimension": "L", "property": "length"}),
        Concept("ucum", "[fic]", "fict", "unit", properties={
            "case_insensitive": "[FIC]", "class": "clinical", "is_metric": "no", "property": "length", "value": "2 m"}),
        Term("ucum", "[fic]", "fictive", "synonym", "en"),
        Term("ucum", "[fic]", "f1", "short", "en"),
        Skipped("prefix: not a unit", 1, "m"),
        Skipped("unit without a code"),
    ]  # fmt: skip


def test_an_example_unit_has_its_synonyms(tmp_path: Path) -> None:
    path = tmp_path / "examples.xml"
    path.write_text(EXAMPLES)
    assert IMPORTER.claims(Source(path), Hints())
    assert IMPORTER.describe(Source(path), Hints(version="1")).name == "ucum-examples"
    assert records(path) == [
        Concept("ucum", "fic/d", "ficts a day", "example",
                properties={"category": "Clinical", "loinc_property": "VRat"}),
        Term("ucum", "fic/d", "f/d", "synonym", "en"),
        Term("ucum", "fic/d", "rarely used", "note", "en"),
        Skipped("row without code, name and synonyms", 1, "line 4"),
    ]  # fmt: skip


def test_what_holds_no_unit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ucum-essence.xml"
    path.write_text('<root xmlns="http://unitsofmeasure.org/ucum-essence"/>')
    with pytest.raises(Refused, match="found no version"):
        IMPORTER.describe(Source(path), Hints())
    with pytest.raises(Refused, match="found no unit"):
        records(path)


def test_the_real_examples_are_all_read(shared: Path) -> None:
    found = records(shared / "terminologies/ucum-examples.xml")
    assert sum(isinstance(r, Concept) for r in found) == 761
