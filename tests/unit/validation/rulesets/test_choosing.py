"""From a document to its volets."""

from pathlib import Path

import pytest
from tests.unit.validation.rulesets.rule_set import document

from semantix.parsers._xml import parse_xml
from semantix.parsers.cda.document import clinical_document
from semantix.validation.rulesets.choosing import Choice, choose, known_volets

ALL = known_volets()
LEVEL_1 = "<nonXMLBody><text/></nonXMLBody>"
NAMES = {"eP-": "EP-", "IMG_CR_": "IMG-CR-"}
"""Examples whose name is not written as that of their volet."""
WITHOUT = {
    "01_Modèles_contenus_CDA": "no-volet",
    "BIO-CR-BIO_2021.01_CDA-R2-Niveau-1": "level-1",
    "DOC_NON_STRUCTURE_CDA-R2-N1": "level-1",
    "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1": "level-1",
}
"""A collection of models, and documents that are not structured: no volet is for them."""


def template(root: str, extension: str | None = None) -> str:
    year = "" if extension is None else f' extension="{extension}"'
    return f'<templateId root="1.2.250.1.213.1.1.1.{root}"{year}/>'


@pytest.mark.parametrize(
    ("templates", "volet"),
    [
        (template("13", "2023.01"), "VSM_2023.01"),
        (template("13", "201310"), "VSM_1.4_2022.01"),
        (template("5") + template("5.1", "2024.01"), "CSE-CS8_2024.01"),
        (template("55"), "BIO-CR-BIO_2021.01"),
        (template("55", "2024.01"), "BIO-CR-BIO_2024.01"),
        (template("2.1") + template("2.1.4", " 2022.01 "), "CARD-F-PRC-PSC_2022.01"),
    ],
)
def test_the_template_and_its_year_say_the_volet(templates, volet):
    assert choose(document(templates=templates), ALL) == Choice((volet,))


def test_a_document_that_claims_two_volets_gets_both():
    both = template("13", "2023.01") + template("51", "2024.01") + template("13", "2023.01")
    assert choose(document(templates=both), ALL).volets == ("VSM_2023.01", "IPS-FR_2024.01")


@pytest.mark.parametrize(
    ("templates", "reason"),
    [
        (template("13", "2031.01"), "no-volet: other-version"),
        (template("13"), "no-volet"),
        (template("999", "2024.01"), "no-volet"),
    ],
)
def test_what_the_table_has_not_gets_none_with_a_reason(templates, reason):
    assert choose(document(templates=templates), ALL) == Choice(reason=reason)


def test_a_volet_that_the_rule_set_has_not_is_told():
    root = document(templates=template("13", "2023.01"))
    assert choose(root, {"VSM_1.4_2022.01"}) == Choice(reason="no-volet: not-in-rule-set")


def test_a_level_1_document_gets_none_whatever_its_templates():
    assert choose(document(templates=template("55", "2024.01"), body=LEVEL_1), ALL) == Choice(reason="level-1")


@pytest.mark.parametrize("body", [LEVEL_1, "<structuredBody/>"])
def test_the_report_of_telemedicine_is_told_by_its_code(body):
    root = document(templates=template("1"), code="85208-7", body=body)
    assert choose(root, ALL) == Choice(("TLM-CR_2022.01",))


def test_a_volet_that_is_asked_for_is_taken():
    assert choose(document(body=LEVEL_1), ALL, ["SDM-MR_2025.01"]) == Choice(("SDM-MR_2025.01",))
    assert choose(document(), {"SDM-MR_2025.01"}, ["VSM_2023.01"]).reason == "no-volet: not-in-rule-set"


def test_every_example_gets_the_volet_that_its_name_says(shared: Path):
    paths = sorted((shared / "corpus" / "cda-3.0").glob("*.xml"))
    assert len(paths) == 107
    for path in paths:
        choice = choose(clinical_document(parse_xml(path.read_bytes(), path.name), path.name), ALL)
        if path.stem in WITHOUT:
            assert choice == Choice(reason=WITHOUT[path.stem]), path.name
        else:
            (volet,) = choice.volets
            name = path.stem
            for written, meant in NAMES.items():
                name = name.replace(written, meant, 1) if name.startswith(written) else name
            assert name.startswith(volet), path.name
