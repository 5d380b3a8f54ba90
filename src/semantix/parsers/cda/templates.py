"""Template identifiers to semantix's own words: a newcomer reads ``lab-result``, not an OID.

Source: CI-SIS "Modèles de contenus CDA" (entries 1.2.250.1.213.1.1.3.*), IHE PCC and XD-LAB (1.3.6.1.4.1.19376.1.*).
The most specific template of an entry wins: the table is in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_FR = "1.2.250.1.213.1.1.3."
_IHE = "1.3.6.1.4.1.19376."

# (kind, templates). Higher rows are more specific and win.
_RANKED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("comment", (f"{_FR}32", f"{_IHE}1.5.3.1.4.2")),
    ("allergy-concern", (f"{_FR}40", f"{_IHE}1.5.3.1.4.5.3")),
    ("problem-concern", (f"{_FR}39", f"{_FR}39.1", f"{_IHE}1.5.3.1.4.5.2")),
    ("allergy", (f"{_FR}41", f"{_IHE}1.5.3.1.4.6")),
    ("problem", (f"{_FR}37", f"{_FR}113", f"{_FR}51", f"{_FR}210", f"{_IHE}1.5.3.1.4.5", f"{_IHE}1.5.3.1.4.13.3")),
    ("severity", (f"{_FR}29", f"{_IHE}1.5.3.1.4.1")),
    ("patient-status", (f"{_FR}31", f"{_IHE}1.5.3.1.4.1.2")),
    ("clinical-status", (f"{_FR}30", f"{_IHE}1.5.3.1.4.1.1")),
    ("verification", (f"{_FR}171",)),
    ("criticality", (f"{_FR}172",)),
    ("stage", (f"{_IHE}1.7.3.1.4.14.2",)),
    ("internal-reference", (f"{_FR}36", f"{_IHE}1.5.3.1.4.4.1")),
    ("external-reference", (f"{_FR}35", f"{_IHE}1.5.3.1.4.4")),
    ("patient-instruction", (f"{_FR}33", f"{_IHE}1.5.3.1.4.3")),
    ("pharmacist-instruction", (f"{_FR}34", f"{_FR}207", f"{_IHE}1.5.3.1.4.3.1")),
    ("substitution", (f"{_FR}87", f"{_FR}206", f"{_IHE}1.9.1.3.9.1", f"{_IHE}1.9.1.3.9.2")),
    ("dose-number", (f"{_FR}82", "2.16.840.1.113883.10.20.1.46")),
    ("dosage-step", (f"{_FR}83.1", f"{_FR}42.1")),
    ("prescription-item", (f"{_FR}90", f"{_IHE}1.9.1.3.11")),
    ("dispensation", (f"{_FR}204", f"{_IHE}1.9.1.3.4")),
    ("supply-order", (f"{_FR}86", f"{_FR}44", f"{_IHE}1.9.1.3.8", f"{_IHE}1.5.3.1.4.7.3")),
    ("device", (f"{_FR}20",)),
    ("planned-immunization", (f"{_FR}47", f"{_IHE}1.5.3.1.4.12.2")),
    ("immunization", (f"{_FR}45", f"{_IHE}1.5.3.1.4.12")),
    ("contrast", (f"{_FR}151", f"{_FR}173")),
    ("medication", (f"{_FR}42", f"{_FR}83", f"{_FR}26", f"{_FR}13", f"{_IHE}1.5.3.1.4.7", f"{_IHE}1.9.1.3.2")),
    ("specimen-received", (f"{_FR}107", f"{_IHE}1.3.1.3")),
    ("specimen-collection", (f"{_FR}77", f"{_FR}100", f"{_IHE}1.3.1.2")),
    ("lab-report", (f"{_FR}21", f"{_IHE}1.3.1")),
    ("lab-isolate", (f"{_FR}79", f"{_IHE}1.3.1.5")),
    ("lab-battery", (f"{_FR}78", f"{_IHE}1.3.1.4")),
    ("lab-result", (f"{_FR}80", f"{_IHE}1.3.1.6")),
    ("pathology-panel", (f"{_FR}74", f"{_IHE}1.8.1.3.6")),
    ("pathology", (f"{_FR}102", f"{_IHE}1.8.1.4.9")),
    ("genomic", (f"{_FR}170",)),
    ("vital-signs", (f"{_FR}49", f"{_IHE}1.5.3.1.4.13.1")),
    ("vital-sign", (f"{_FR}50", f"{_IHE}1.5.3.1.4.13.2")),
    ("family-history", (f"{_FR}59", f"{_IHE}1.5.3.1.4.15")),
    ("birth", (f"{_FR}56", f"{_IHE}1.5.3.1.4.13.5.2")),
    ("pregnancy-history", (f"{_FR}55", f"{_IHE}1.5.3.1.4.13.5.1")),
    ("pregnancy", (f"{_FR}53", f"{_IHE}1.5.3.1.4.13.5")),
    ("social-history", (f"{_FR}52", f"{_IHE}1.5.3.1.4.13.4")),
    ("advance-directive", (f"{_FR}54", f"{_IHE}1.5.3.1.4.13.7")),
    ("document-type", (f"{_FR}48.18",)),
    ("attached-document", (f"{_FR}18",)),
    ("care-request", (f"{_FR}27", f"{_FR}27.3", f"{_IHE}1.5.3.1.1.20.3.1")),
    ("score", (f"{_FR}6", f"{_FR}8", f"{_FR}89", f"{_FR}110", f"{_IHE}1.5.3.1.1.12.3.1", f"{_IHE}1.5.3.1.1.12.3.4")),
    ("survey", (f"{_FR}25", f"{_FR}95", f"{_IHE}1.5.3.1.1.12.3.6", f"{_IHE}1.5.3.1.1.12.3.7")),
    ("exam", tuple(f"{_FR}{n}" for n in (115, 116, 117, 118, 119, 120, 121, 122))),
    ("imaging-study", (f"{_FR}155",)),
    ("imaging-series", (f"{_FR}156",)),
    ("imaging-instance", (f"{_FR}157",)),
    ("imaging-procedure", (f"{_FR}153", f"{_FR}165")),
    ("imaging-observation", (f"{_FR}150", f"{_FR}154")),
    ("prescription-flag", tuple(f"{_FR}48.{n}" for n in (12, 13, 14, 15, 34, 215, 224))),
    ("coverage", (f"{_FR}61", f"{_FR}94", f"{_IHE}1.5.3.1.4.17", f"{_IHE}1.5.3.1.4.18")),
    ("transfer", (f"{_FR}28", f"{_IHE}1.5.3.1.1.25.1.4.1")),
    ("device-observation", (f"{_FR}1",)),
    ("encounter", (f"{_FR}58", f"{_IHE}1.5.3.1.4.14")),
    ("procedure", (f"{_FR}62", f"{_FR}62.2", f"{_IHE}1.5.3.1.4.19")),
    ("observation", (f"{_FR}48", f"{_IHE}1.5.3.1.4.13")),
)

KIND_OF_ELEMENT: Mapping[str, str] = MappingProxyType(
    {
        "observation": "observation",
        "act": "act",
        "organizer": "panel",
        "procedure": "procedure",
        "encounter": "encounter",
        "substanceAdministration": "medication",
        "supply": "supply",
        "observationMedia": "media",
        "regionOfInterest": "region-of-interest",
    }
)
"""What an entry without a known template is: read from its class alone."""

KINDS: tuple[str, ...] = (
    *dict.fromkeys([kind for kind, _ in _RANKED] + list(KIND_OF_ELEMENT.values())),
    "no-problem",
    "no-allergy",
    "no-medication",
    "no-immunization",
    "no-procedure",
    "no-device",
    "previous-result",
)
"""Every value of ``Statement.kind``."""

_RANK: Mapping[str, int] = MappingProxyType(
    {template: rank for rank, (_, templates) in enumerate(_RANKED) for template in templates}
)


def kind_of(templates: Iterable[str], element_name: str) -> str:
    """The kind of the most specific known template, else of the element."""
    best = min((_RANK[t] for t in templates if t in _RANK), default=None)
    return KIND_OF_ELEMENT.get(element_name, "act") if best is None else _RANKED[best][0]


ABSENCE_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "no-problem-info": "no-problem",
        "no-known-problems": "no-problem",
        "no-allergy-info": "no-allergy",
        "no-known-allergies": "no-allergy",
        "no-known-medication-allergies": "no-allergy",
        "no-known-environmental-allergies": "no-allergy",
        "no-known-food-allergies": "no-allergy",
        "no-medication-info": "no-medication",
        "no-known-medications": "no-medication",
        "no-immunization-info": "no-immunization",
        "no-known-immunizations": "no-immunization",
        "no-procedure-info": "no-procedure",
        "no-known-procedures": "no-procedure",
        "no-device-info": "no-device",
        "no-known-devices": "no-device",
    }
)
"""Codes of "IPS absent and unknown data" (2.16.840.1.113883.5.1150.1): none known, or no information."""
