"""Valid documents to break: the bundled examples, without the messiness that they have on purpose.

``examples/README.md`` lists that messiness; each line below mends one item of it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree
from tests.mutations import V3, Element, every

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cda"
NAMES = ("vsm", "cr-bio", "discharge-letter", "e-prescription", "level1-pdf")

_TREATING_DOCTOR = """<participant xmlns="urn:hl7-org:v3" typeCode="INF">
  <functionCode code="PCP" displayName="Médecin traitant" codeSystem="2.16.840.1.113883.5.88"/>
  <time><low value="20200101"/></time>
  <associatedEntity classCode="PROV"><id root="1.2.250.1.71.4.2.1" extension="899900001217"/>
    <associatedPerson><name><family>SPECIMEN-VERDIER</family><given>Hélène</given></name></associatedPerson>
  </associatedEntity>
</participant>"""


@cache
def base(name: str) -> bytes:
    """The bytes of a valid document."""
    data = (EXAMPLES / f"{name}.xml").read_bytes()
    # As in production: remarks on test documents would hide the rest.
    data = data.replace(b"1.2.250.1.213.1.4.10", b"1.2.250.1.213.1.4.8")
    data = data.replace(b"1.3.5.1.4.1.19376", b"1.3.6.1.4.1.19376").replace(b"2.16.840.1.11383", b"2.16.840.1.113883")
    # Cultures were read two days after the report was signed.
    data = data.replace(b"20241010", b"20241008")
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        for attribute in ("code", "value"):
            if element.get(attribute):
                element.set(attribute, element.get(attribute).strip())
    _mend_references(root)
    if name == "vsm":
        every(root, "legalAuthenticator")[0].addnext(etree.fromstring(_TREATING_DOCTOR))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _mend_references(root: Element) -> None:
    """Write the # where it lacks; leave out what refers to nothing."""
    anchors = {element.get("ID") for element in root.iter(etree.Element) if element.get("ID")}
    for reference in list(root.iter(f"{V3}reference")):
        value = reference.get("value")
        if value is None or "://" in value:
            continue
        if value in anchors:
            reference.set("value", f"#{value}")
        elif value.lstrip("#") not in anchors:
            holder = reference.getparent()
            holder.remove(reference)
            if not len(holder) and not (holder.text or "").strip():
                holder.getparent().remove(holder)
