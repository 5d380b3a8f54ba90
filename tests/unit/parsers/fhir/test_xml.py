"""FHIR XML is read like the JSON that it means."""

import pytest
from tests.unit.parsers.fhir.fhir_samples import check, documents, rows, statements, told

from semantix.errors import UnreadableInput

XML = """<?xml version="1.0" encoding="UTF-8"?>
<Bundle xmlns="http://hl7.org/fhir">
  <type value="collection"/>
  <entry><resource><Patient>
    <id value="p1"/>
    <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">x</div></text>
    <name><family value="Fauxnom"/><given value="Odile"/><given value="Marie"/></name>
    <gender value="female"/><birthDate value="1961-04-02"/>
    <deceasedBoolean value="false"/>
  </Patient></resource></entry>
  <entry><resource><MedicationRequest>
    <id value="m1"/>
    <contained><Medication><id value="x"/><code><coding>
      <system value="http://www.whocc.no/atc"/><code value="A10BA02"/></coding></code></Medication></contained>
    <status value="active"/><intent value="order"/>
    <medicationReference><reference value="#x"/></medicationReference>
    <subject><reference value="Patient/p1"/></subject>
    <authoredOn value="2024-02-01"/>
  </MedicationRequest></resource></entry>
  <entry><resource><Observation>
    <id value="o1"/>
    <status value="final"><extension url="http://exemple.test/x"><valueString value="y"/></extension></status>
    <code><coding><system value="http://loinc.org"/><code value="2339-0"/></coding></code>
    <subject><reference value="Patient/p1"/></subject>
    <effectiveDateTime value="2024-03-08"/>
    <valueQuantity><value value="1.10"/><unit value="g/L"/></valueQuantity>
  </Observation></resource></entry>
</Bundle>
"""


def test_a_bundle_in_xml_gives_the_same_facts() -> None:
    (found,) = documents(XML.encode())
    check(found)
    assert found.format == "fhir-xml"
    assert found.patient.names[0].values("given") == ("Odile", "Marie")
    assert found.patient.deceased is False
    assert rows(found, "drug_exposure")[0]["drug_source_value"] == "A10BA02"
    value = next(one for one in statements(found) if one.kind == "observation").values[0]  # type: ignore[attr-defined]
    assert str(value.value) == "1.10"
    assert rows(found, "measurement")[0]["value_as_number"] == 1.1


@pytest.mark.parametrize("data", [b"<Bundle xmlns='http://hl7.org/fhir'>", b"<!DOCTYPE a><Bundle/>"])
def test_xml_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        told(data)


def test_an_empty_bundle_holds_nothing() -> None:
    assert told(b"<Bundle xmlns='http://hl7.org/fhir'/>") == []
