"""What is left of the message of an official rule when a value stands where a code should."""

import pytest

from semantix.validation.rulesets._screen import screened


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("L'élément x [185057800608491:…:2.16.840.1.113883.5.1]", "L'élément x […:…:2.16.840.1.113883.5.1]"),
        ('Code : "1 85 05 78 006 084 91"', 'Code : "…"'),
        ("oid '1.2.250.185057800608491.4'", "oid '1.2.250.….4'"),
        ("telecom mailto:zq.essai@zq.fr", "telecom mailto:…"),
        ('Code : "19850731" ou "31/07/1985"', 'Code : "…" ou "…"'),
        ('Found "{urn:hl7-org:v3}:' + "a" * 300 + '"', 'Found "…"'),
    ],
)
def test_a_number_of_a_person_a_date_and_an_address_are_left_out(message, shown):
    assert screened(message) == shown


@pytest.mark.parametrize(
    "message",
    [
        "[1] S_FR-Resultats: l'élément effectiveTime@value. 1.3.6.1.4.1.19376.1.5.3.1.3.27, 11450-4, 3400938022209.",
        "(code@code='61686008') doit faire partie de ../../jeuxDeValeurs/JDV_J143_AdministrativeGender_CISIS.xml",
        "CI-SIS 2024.01, v1.1.2: 1.2.250.1.71.4.2.1",
    ],
)
def test_the_words_of_a_rule_and_its_codes_stay(message):
    assert screened(message) == message
