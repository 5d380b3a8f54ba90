"""What the tests of rule sets share: the miniature rule set, and documents for it."""

from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[4]
MINIATURE = ROOT / "tests" / "data" / "ruleset"
VSM = '<templateId root="1.2.250.1.213.1.1.1.13" extension="2023.01"/>'
WEATHER = '<section><templateId root="1.2.250.1.999.2.1"/><code code="SKY" codeSystem="1.2.250.1.999.1"/>{}</section>'
SKY = (
    '<title>Sky</title><observation moodCode="EVN"><code code="SKY" codeSystem="1.2.250.1.999.1"/>'
    '<value xsi:type="CD" code="SUN" codeSystem="1.2.250.1.999.1"/></observation>'
)


def document(
    section: str = WEATHER.format(SKY),
    *,
    templates: str = VSM,
    time: str = "20240102",
    code: str = "DOC",
    body: str = "",
) -> etree._Element:
    """A document of the miniature rule set; nothing is wrong with it by default."""
    body = body or f"<structuredBody>{section}</structuredBody>"
    text = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'{templates}<id root="1.2.3"/><code code="{code}" codeSystem="1.2.250.1.999.1"/>'
        "<title>Weather of DUPONT</title>"
        f'<effectiveTime value="{time}"/><component>{body}</component></ClinicalDocument>'
    )
    return etree.fromstring(text)
