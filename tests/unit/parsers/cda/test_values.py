"""HL7 v3 data types become values that keep digits, units, comparators, nulls and precision."""

from decimal import Decimal

import pytest

from semantix.model import Attachment, Concept, Quantity, Range, Ratio, Text, Timing
from semantix.parsers.cda.datatypes import integer, referenced
from semantix.parsers.cda.parties import address
from semantix.parsers.cda.times import instant, is_timing, timespan
from semantix.parsers.cda.values import is_base64, value


@pytest.fixture
def read(element):
    def make(xml):
        ctx, found = element(xml)
        return value(ctx, found)

    return make


def test_a_quantity_keeps_its_digits_and_unit(read):
    found = read('<value xsi:type="PQ" value="1.10" unit="g/L"/>')
    assert isinstance(found, Quantity)
    assert (str(found.value), found.unit) == ("1.10", "g/L")


def test_a_decimal_comma_is_read_and_told(element):
    ctx, found = element('<value xsi:type="PQ" value="0,10" unit="g/L"/>')
    assert value(ctx, found).value == Decimal("0.10")
    assert [i.code for i in ctx.issues] == ["SX004"]


def test_a_quantity_that_is_no_number_keeps_its_words(element):
    ctx, found = element('<value xsi:type="PQ" value="traces" unit="g/L"/>')
    read = value(ctx, found)
    assert (read.value, read.text) == (None, "traces")
    assert "traces" not in ctx.issues[0].message


@pytest.mark.parametrize(
    ("bounds", "comparator", "digits"),
    [
        ('<low value="2" unit="g" inclusive="true"/>', ">=", "2"),
        ('<low value="2" unit="g" inclusive="false"/>', ">", "2"),
        ('<high value="5" unit="g"/>', "<=", "5"),
        ('<high value="5" unit="g" inclusive="false"/>', "<", "5"),
        ('<low nullFlavor="NINF"/><high value="5" unit="g" inclusive="false"/>', "<", "5"),
    ],
)
def test_an_interval_with_one_bound_is_a_comparison(read, bounds, comparator, digits):
    found = read(f'<value xsi:type="IVL_PQ">{bounds}</value>')
    assert isinstance(found, Quantity)
    assert (found.comparator, str(found.value)) == (comparator, digits)


@pytest.mark.parametrize(
    ("written", "comparator", "digits"), [("&lt;5", "<", "5"), ("≥ 0,5", ">=", "0.5"), ("&lt;= 1.20", "<=", "1.20")]
)
def test_a_comparison_inside_a_number_is_read_and_told(element, written, comparator, digits):
    ctx, found = element(f'<value xsi:type="PQ" value="{written}" unit="mg/L"/>')
    read = value(ctx, found)
    assert (read.comparator, str(read.value)) == (comparator, digits)
    assert "SX004" in [i.code for i in ctx.issues]


def test_an_integer_that_is_none_keeps_its_digits(read):
    assert read('<value xsi:type="INT" value="3.5"/>') == Decimal("3.5")


def test_a_translation_keeps_its_own_words(read):
    found = read(
        '<value xsi:type="CD" code="A" codeSystem="1.1"><translation code="BRAND" codeSystem="1.4">'
        "<originalText>Marque X</originalText></translation></value>"
    )
    assert [(c.code, c.text) for c in found.codings] == [("A", None), ("BRAND", "Marque X")]
    assert found.text is None


def test_a_qualifier_may_be_a_quantity(read):
    found = read(
        '<value xsi:type="CD" code="A" codeSystem="1.1"><qualifier><name code="AGE" codeSystem="1.2"/>'
        '<value xsi:type="PQ" value="50" unit="a"/></qualifier></value>'
    )
    assert found.qualifiers[0].quantity.value == 50


def test_an_interval_with_two_bounds_is_a_range(read):
    found = read('<value xsi:type="IVL_PQ"><low value="1" unit="g"/><high value="2" unit="g"/></value>')
    assert isinstance(found, Range)
    assert (found.low.value, found.high.value) == (1, 2)


def test_a_translated_quantity_keeps_both_units(read):
    found = read('<value xsi:type="PQ" value="5.5" unit="mmol/L"><translation value="0.99" code="g/L"/></value>')
    assert [(str(q.value), q.unit) for q in found.translations] == [("0.99", "g/L")]


def test_a_ratio_keeps_its_two_terms(read):
    found = read('<value xsi:type="RTO"><numerator value="4"/><denominator value="1" unit="d"/></value>')
    assert isinstance(found, Ratio)
    assert (found.numerator.value, found.denominator.unit) == (4, "d")


@pytest.mark.parametrize("null", ["UNK", "NASK", "NAV", "MSK", "NA", "NI"])
@pytest.mark.parametrize("kind", ["CD", "PQ", "BL", "INT", "ST", "TS"])
def test_a_refused_value_keeps_its_null_flavor(read, kind, null):
    found = read(f'<value xsi:type="{kind}" nullFlavor="{null}"/>')
    assert found.null == null


def test_booleans_and_integers_are_themselves(read):
    assert read('<value xsi:type="BL" value="false"/>') is False
    assert read('<value xsi:type="INT" value="3"/>') == 3
    assert read('<value xsi:type="REAL" value="3.20"/>') == Decimal("3.20")


def test_a_prefixed_type_is_the_same_type(read):
    assert isinstance(read('<value xmlns:c="urn:hl7-org:v3" xsi:type="c:PQ" value="1" unit="g"/>'), Quantity)


def test_an_unknown_type_is_told_and_still_read(element):
    ctx, found = element('<value xsi:type="XYZ" code="A" codeSystem="1.2.3"/>')
    assert isinstance(value(ctx, found), Concept)
    assert [i.code for i in ctx.issues] == ["SX006"]


def test_a_concept_keeps_translations_and_qualifiers(read):
    found = read(
        '<value xsi:type="CD" code="A" codeSystem="1.1" displayName="a"><originalText>mot</originalText>'
        '<qualifier><name code="N" codeSystem="1.2"/><value code="V" codeSystem="1.3"/></qualifier>'
        '<translation code="B" codeSystem="1.4"/></value>'
    )
    assert [(c.system, c.code) for c in found.codings] == [("1.1", "A"), ("1.4", "B")]
    assert found.text == "mot"
    assert (found.qualifiers[0].name.codings[0].code, found.qualifiers[0].value.codings[0].code) == ("N", "V")


def test_white_space_around_a_code_is_taken_off_and_told(element):
    ctx, found = element('<value xsi:type="CD" code="I10 " codeSystem="2.16.840.1.113883.6.3"/>')
    assert value(ctx, found).codings[0].code == "I10"
    assert [i.code for i in ctx.issues] == ["SX005"]


def test_text_and_embedded_bytes_are_told_apart(read):
    assert read('<value xsi:type="ST"> deux  mots </value>').value == "deux mots"
    assert isinstance(read('<value xsi:type="ST">x</value>'), Text)
    embedded = read('<value xsi:type="ED" mediaType="image/png" representation="B64">aGVs\nbG8=</value>')
    assert isinstance(embedded, Attachment)
    assert (embedded.data, embedded.media_type) == ("aGVsbG8=", "image/png")


def test_a_damaged_embedded_object_is_kept_as_text_and_told(element):
    ctx, found = element('<value xsi:type="ED" mediaType="image/png" representation="B64">aG*s</value>')
    assert value(ctx, found).data is None
    assert [i.code for i in ctx.issues] == ["SX008"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("aGk=", True), ("aGk", False), ("a===", False), ("a=k=", False), ("aéé=", False)],
)
def test_base64_is_recognised_without_decoding(text, expected):
    assert is_base64(text) is expected


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024", "2024"),
        ("202403", "2024-03"),
        ("20240308", "2024-03-08"),
        ("202403081030+0100", "2024-03-08T10:30:00+01:00"),
        ("20240308103015.250+0100", "2024-03-08T10:30:15.250+01:00"),
        ("20240308103015Z", "2024-03-08T10:30:15Z"),
        ("20240308+0100", "2024-03-08"),
        ("20240708103015", "2024-07-08T10:30:15+02:00"),
        ("20240108103015", "2024-01-08T10:30:15+01:00"),
    ],
)
def test_a_time_keeps_its_precision(element, text, iso):
    ctx, found = element(f'<time value="{text}"/>')
    assert instant(ctx, found).iso == iso
    assert ctx.zones_assumed == (1 if len(text) == 14 else 0)


@pytest.mark.parametrize(
    "text", ["20241301", "20240230", "hier", "2024030", "20240308250000+0100", "2024-03", "202403-0812", "20240308.5"]
)
def test_what_is_no_date_is_told_and_left_out(element, text):
    ctx, found = element(f'<time value="{text}"/>')
    assert instant(ctx, found) is None
    assert [i.code for i in ctx.issues] == ["SX002"]
    assert text not in ctx.issues[0].message


@pytest.mark.parametrize("zone", ["+100", "+0:100", "+2500", "+01"])
def test_a_malformed_zone_costs_the_time_not_the_day(element, zone):
    ctx, found = element(f'<time value="20240106113623{zone}"/>')
    assert instant(ctx, found).iso == "2024-01-06"
    assert [i.code for i in ctx.issues] == ["SX002"]


def test_each_bound_of_an_interval_keeps_its_null_flavor(element):
    ctx, found = element('<effectiveTime><low value="2020"/><high nullFlavor="MSK"/></effectiveTime>')
    read = timespan(ctx, found)
    assert (read.low.iso, read.high, read.high_null) == ("2020", None, "MSK")


def test_when_to_act_keeps_period_event_and_combination(read):
    assert read('<value xsi:type="PIVL_TS"><period value="8" unit="h"/></value>').period.unit == "h"
    assert read('<value xsi:type="EIVL_TS"><event code="HS"/></value>').event.code == "HS"
    both = read(
        '<value xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="2024"/></comp>'
        '<comp xsi:type="PIVL_TS" operator="A"><period value="1" unit="d"/></comp></value>'
    )
    assert isinstance(both, Timing)
    assert [p.bounds is not None for p in both.parts] == [True, False]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime>', True),
        ('<effectiveTime operator="A"><period value="8" unit="h"/></effectiveTime>', True),
        ('<effectiveTime xsi:type="IVL_TS" operator="E"><low value="2024"/></effectiveTime>', True),
        ('<effectiveTime><low value="2024"/></effectiveTime>', False),
        ('<effectiveTime xsi:type="TS" value="2024"/>', False),
    ],
)
def test_when_to_act_is_told_from_when_it_happened(element, xml, expected):
    _, found = element(xml)
    assert is_timing(found) is expected


def test_an_interval_without_anything_in_it_says_nothing(read):
    assert read('<value xsi:type="IVL_TS"><low/></value>') is None


def test_a_refused_code_keeps_its_translation(read):
    found = read('<value xsi:type="CD" nullFlavor="OTH"><translation code="22298006" codeSystem="1.2"/></value>')
    assert ([c.code for c in found.codings], found.null) == (["22298006"], "OTH")


def test_a_refused_quantity_keeps_its_translation(read):
    found = read('<value xsi:type="PQ" nullFlavor="OTH"><translation value="5.55" code="mg"/></value>')
    assert [(str(q.value), q.unit) for q in found.translations] == [("5.55", "mg")]


@pytest.mark.parametrize("attributes", ['displayName="Asthme"', 'nullFlavor="UNK" displayName="Asthme"'])
@pytest.mark.parametrize("inside", ["", "<originalText/>"])
def test_a_name_without_a_code_is_text(read, attributes, inside):
    assert read(f'<value xsi:type="CD" {attributes}>{inside}</value>').text == "Asthme"


def test_a_refused_identifier_is_absent(read):
    assert read('<value xsi:type="II" nullFlavor="UNK"/>').null == "UNK"


@pytest.mark.parametrize(("kind", "comparator"), [("REAL", "&lt;"), ("INT", "≥")])
def test_a_comparison_in_a_bare_number_is_kept(read, kind, comparator):
    found = read(f'<value xsi:type="{kind}" value="{comparator}5"/>')
    assert (found.comparator, found.value) == ({"&lt;": "<", "≥": ">="}[comparator], 5)


def test_a_bare_number_that_is_none_keeps_its_words_and_is_told_once(element):
    ctx, found = element('<value xsi:type="INT" value="trace"/>')
    assert (value(ctx, found).text, len(ctx.issues)) == ("trace", 1)


@pytest.mark.parametrize("digits", ["1e999999", "1" + "0" * 5000, "1e-400"])
def test_a_number_of_no_plausible_size_is_told_and_computed_with_by_nobody(element, digits):
    ctx, found = element(f'<value xsi:type="INT" value="{digits}"/>')
    assert (value(ctx, found).value, integer(ctx, found)) == (None, None)
    assert {i.code for i in ctx.issues} == {"SX004"}


@pytest.mark.parametrize(
    ("inside", "low", "high"),
    [
        ('<low value="5" unit="mg"/><width value="3" unit="mg"/>', "5", "8"),
        ('<center value="5" unit="mg"/><width value="2" unit="mg"/>', "4", "6"),
    ],
)
def test_an_interval_told_by_its_width_is_a_range(read, inside, low, high):
    found = read(f'<value xsi:type="IVL_PQ">{inside}</value>')
    assert (str(found.low.value), str(found.high.value)) == (low, high)


def test_a_width_of_another_unit_is_told(element):
    ctx, found = element('<value xsi:type="IVL_PQ"><low value="5" unit="mg"/><width value="3" unit="g"/></value>')
    read = value(ctx, found)
    assert (read.comparator, read.value, [i.code for i in ctx.issues]) == (">=", 5, ["SX004"])


def test_a_bound_that_is_a_comparison_is_not_turned_round(read):
    assert read('<value xsi:type="IVL_PQ"><low value="&lt;5" unit="g"/></value>').comparator == "<"


def test_lines_and_cells_are_words_apart(element):
    ctx, found = element('<t><tr ID="a"><td>INR</td><td>2<br/>5</td></tr><value><reference value="#a"/></value></t>')
    assert referenced(ctx, found[1]) == "INR 2 5"


def test_an_address_keeps_the_words_between_its_parts(element):
    _, found = element("<addr>12 rue des Lilas<city>Reims</city></addr>")
    read = address(found)
    assert (read.parts, read.text) == ((("city", "Reims"),), "12 rue des Lilas Reims")
