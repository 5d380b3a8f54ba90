"""From a CDA document to the volets of a rule set that it must conform to: a table written by hand.

The templates of the header say the kind of a document; its year stands in the extension of the template. Several kinds
never ask for their own template in their rules, so that the table cannot be read from these. Source: the headers that
the CI-SIS volets of document models prescribe (``ClinicalDocument/templateId`` and ``code``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from lxml import etree
from msgspec import Struct

Element = etree._Element
_V3 = "{urn:hl7-org:v3}"
_ANS = "1.2.250.1.213.1.1.1."
_LEVEL_1 = f"{_V3}component/{_V3}nonXMLBody"
TELEMEDICINE = "85208-7"
"""The code of the report of telemedicine, the one volet whose documents have no structured body."""


class Choice(Struct, frozen=True):
    """The volets that a document must conform to. When there is none, ``reason`` says why, in a stable word.

    ``level-1`` (not structured), ``no-volet`` (its templates are of none), ``no-volet: other-version`` (of a version
    that the table has not), ``no-volet: not-in-rule-set``.
    """

    volets: tuple[str, ...] = ()
    reason: str = ""


def _years(volet: str, *years: str, oldest: str = "") -> Mapping[str, str]:
    """The volet of each extension of a template; an extension that is absent stands for the oldest, if there is one."""
    return {**({"": f"{volet}_{oldest}"} if oldest else {}), **{year: f"{volet}_{year}" for year in years}}


_TABLE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        f"{_ANS}2.1.1": _years("CARD-F-PRC-AVK", "2022.01"),
        f"{_ANS}2.1.2": _years("CARD-F-PRC-TAP", "2022.01"),
        f"{_ANS}2.1.3": _years("CARD-F-PRC-DCI", "2022.01"),
        f"{_ANS}2.1.4": _years("CARD-F-PRC-PSC", "2022.01"),
        f"{_ANS}2.1.5": _years("CARD-F-PRC-PPV", "2022.01"),
        f"{_ANS}5.1": _years("CSE-CS8", "2022.01", "2024.01", "2025.01"),
        f"{_ANS}5.2": _years("CSE-CS9", "2022.01", "2024.01", "2025.01"),
        f"{_ANS}5.3": _years("CSE-CS24", "2022.01", "2024.01", "2025.01"),
        f"{_ANS}5.4": _years("CSE-MDE", "2023.01"),
        f"{_ANS}8": _years("CANCER-FRCP", "2022.01", "2025.01"),
        f"{_ANS}12.1": _years("OBP-SAP", "2024.01"),
        f"{_ANS}12.2": _years("OBP-SNM", "2024.01"),
        f"{_ANS}12.3": _years("OBP-SNE", "2024.01"),
        f"{_ANS}12.4": _years("OBP-SCM", "2024.01"),
        f"{_ANS}12.5": _years("OBP-SEM", "2024.01"),
        f"{_ANS}13": {"201310": "VSM_1.4_2022.01", "2022.01": "VSM_1.4_2022.01", "2023.01": "VSM_2023.01"},
        f"{_ANS}15": _years("AVC-AUNV", "2022.01"),
        f"{_ANS}16": _years("AVC-EUNV", "2022.01"),
        f"{_ANS}17": _years("AVC-SUNV", "2022.01"),
        f"{_ANS}18": _years("OPH-CR-RTN", "2022.01"),
        f"{_ANS}21": _years("LDL-EES", "2022.01"),
        f"{_ANS}22": _years("DLU-EHPAD-DLU", "2022.01"),
        f"{_ANS}23": _years("DLU-EHPAD-FLUDT", "2022.01"),
        f"{_ANS}24": _years("DLU-EHPAD-FLUDR", "2022.01"),
        f"{_ANS}25": _years("AVC-PAVC", "2022.01"),
        f"{_ANS}26": _years("CANCER-PPS", "2022.01", "2025.01"),
        f"{_ANS}27": _years("CANCER-D2LM-FIN", "2022.01"),
        f"{_ANS}28": _years("CANCER-D2LM-FIDD", "2022.01"),
        f"{_ANS}29": _years("LDL-SES", "2022.01"),
        f"{_ANS}30": _years("SDM-MR", "2022.01", "2025.01"),
        f"{_ANS}32": _years("CANCER-CR-GM", "2022.01"),
        f"{_ANS}36": _years("CNAM-HR", "2021.01"),
        f"{_ANS}37": _years("VAC", "2023.01"),
        f"{_ANS}38": _years("TLM-DA", "2022.01"),
        f"{_ANS}39": _years("EP-MED-DM", "2022.01", "2023.01", "2024.01"),
        f"{_ANS}40": _years("ANEST-CR-ANEST", "2022.01"),
        f"{_ANS}41": _years("ANEST-CR-CPA", "2022.01"),
        f"{_ANS}42": _years("OPH-BRE", "2022.01", "2022.02"),
        f"{_ANS}45": _years("IMG-CR-IMG", "2024.01"),
        f"{_ANS}46": _years("VAC-NOTE", "2023.01"),
        f"{_ANS}47": _years("IMG-DA-IMG", "2024.01"),
        f"{_ANS}51": _years("IPS-FR", "2024.01"),
        f"{_ANS}54": _years("eDISP-MED", "2024.01"),
        f"{_ANS}55": _years("BIO-CR-BIO", "2021.01", "2023.01", "2024.01", oldest="2021.01"),
        f"{_ANS}59": _years("BIO-TROD", "2024.01"),
        f"{_ANS}61": _years("DLU-FT-SU", "2025.01"),
        f"{_ANS}62": _years("DLU-FR-SU", "2025.01"),
    }
)
_CODES: Mapping[str, str] = MappingProxyType({TELEMEDICINE: "TLM-CR_2022.01"})
"""The volets that only the code of the document tells."""


def known_volets() -> frozenset[str]:
    """Every volet that the table can choose."""
    return frozenset(volet for years in _TABLE.values() for volet in years.values()) | frozenset(_CODES.values())


def choose(root: Element, available: Collection[str], override: Iterable[str] = ()) -> Choice:
    """The volets of a document (its ``ClinicalDocument``) among those ``available``; ``override`` is taken as it is."""
    asked = tuple(override)
    if asked:
        return _there(asked, available)
    code = root.find(f"{_V3}code")
    by_code = _CODES.get("" if code is None else code.get("code", ""))
    if root.find(_LEVEL_1) is not None:
        return _there((by_code,), available) if by_code else Choice(reason="level-1")
    named = [each for each in root.findall(f"{_V3}templateId") if each.get("root", "") in _TABLE]
    found = [_TABLE[each.get("root", "")].get(each.get("extension", "").strip(), "") for each in named]
    volets = tuple(dict.fromkeys(volet for volet in found if volet))
    if volets:
        return _there(volets, available)
    if by_code:
        return _there((by_code,), available)
    return Choice(reason="no-volet: other-version" if any(each.get("extension") for each in named) else "no-volet")


def _there(volets: tuple[str, ...], available: Collection[str]) -> Choice:
    there = tuple(volet for volet in volets if volet in available)
    return Choice(there, "" if there else "no-volet: not-in-rule-set")
