"""Vital signs: FHIR R4 requires its own profiles for their LOINC codes, whether a resource claims them or not.

Source: HL7 FHIR R4 "Vital Signs Profiles" (hl7.org/fhir/R4/observation-vitalsigns.html) and FR Core 2.2.0-ballot-2.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json

SYSTOLIC, DIASTOLIC, BLOOD_PRESSURE = "8480-6", "8462-4", "85354-9"
PRESSURES = frozenset({SYSTOLIC, DIASTOLIC})

# LOINC code -> (FR Core profile, units that R4 accepts).
PROFILES: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "9279-1": ("observation-resp-rate", frozenset({"/min"})),
        "8867-4": ("observation-heartrate", frozenset({"/min"})),
        "2708-6": ("observation-saturation-oxygen", frozenset({"%"})),
        "8310-5": ("observation-body-temperature", frozenset({"Cel", "[degF]"})),
        "8302-2": ("observation-body-height", frozenset({"cm", "[in_i]"})),
        "9843-4": ("observation-head-circum", frozenset({"cm", "[in_i]"})),
        "29463-7": ("observation-body-weight", frozenset({"g", "kg", "[lb_av]"})),
        "39156-5": ("observation-bmi", frozenset({"kg/m2"})),
    }
)
# Codes that HL7's validator holds to the same profile, for which it wants the profile's own code beside them.
# The profile's code comes first.
_FAMILIES = """
9279-1 76170-0 76172-6 76171-8 19840-8 33438-3 76270-8 11291-2
8867-4 60978-4 73795-7 73799-9 76476-1 76477-9 8889-8 8890-6 8891-4 8892-2 8893-0 40443-4 55425-3 68999-2
8867-4 11328-2 69000-8 8886-4
2708-6 19224-5 20564-1 2709-4 2710-2 2713-6 51733-4 59408-5 59417-6 89276-0 97549-0
8310-5 60834-9 60835-6 60836-4 60838-0 60955-2 61009-7 75539-7 75987-8 76010-8 76011-6 76278-1 8309-7 8328-7
8310-5 8329-5 8330-3 8331-1 8332-9 8333-7 8334-5 91371-5 98657-0 98663-8
8302-2 3137-7 3138-5 8306-3 8308-9
9843-4 8287-5
29463-7 3141-9 3142-7 75292-3 79348-9 8350-1 8351-9
39156-5 89270-3
"""
_GENERAL: Mapping[str, str] = MappingProxyType(
    {special: family[0] for family in map(str.split, _FAMILIES.strip().splitlines()) for special in family[1:]}
)
# Units that are the required one but for a power of ten, or its other spelling.
_SHIFTS: Mapping[tuple[str, str], int] = MappingProxyType(
    {("m", "cm"): 2, ("mm", "cm"): -1, ("mg", "g"): -3, ("{beats}/min", "/min"): 0, ("{breaths}/min", "/min"): 0}
)
CATEGORY: Json = {"coding": [{"system": url.OBSERVATION_CATEGORY, "code": "vital-signs"}]}


def loinc_of(resource: Json) -> frozenset[str]:
    """The LOINC codes of an Observation."""
    return frozenset(c["code"] for c in resource["code"].get("coding", ()) if c.get("system") == url.LOINC)


def shape(cx: Context, resource: Json, *, claims: bool) -> None:
    """Make a measure of a vital sign what its profile asks for; claim FR Core's when it is and ``claims`` allows it.

    A measure that cannot conform (no day, another unit) keeps its content and claims nothing.
    """
    codes = loinc_of(resource)
    special = codes & _GENERAL.keys()
    general = codes & PROFILES.keys()
    if not special and not general:
        return
    if not general:
        # The profile's code is the more general one: 8287-5 (head, by tape) is a 9843-4 (head).
        general = frozenset({_GENERAL[min(special)]})
        resource["code"]["coding"].append({"system": url.LOINC, "code": min(general)})
    profile, units = PROFILES[min(general)]
    categorise(resource)
    date(cx, resource)
    held = resource.get("valueQuantity")
    if held is not None:
        _convert(held, units)
    fits = held is None and "dataAbsentReason" in resource
    if held is not None and "value" in held and held.get("code") in units:
        fits = True
    if (
        fits
        and claims
        and _is_dated(resource)
        and not any(k.startswith("value") and k != "valueQuantity" for k in resource)
    ):
        resource["meta"]["profile"] = [f"{url.FR_PROFILE}{profile}"]


def _convert(held: Json, units: frozenset[str]) -> None:
    """Write a quantity in the profile's unit when that only moves the decimal point; the original is a translation."""
    code = held.get("code")
    if code in units or "value" not in held:
        return
    for unit in sorted(units):
        shift = _SHIFTS.get((code or "", unit))
        if shift is None:
            continue
        original = {k: v for k, v in held.items() if k != "extension"}
        held.setdefault("extension", []).append({"url": url.PQ_TRANSLATION, "valueQuantity": original})
        held["value"] = original["value"].scaleb(shift)
        held["unit"] = held["code"] = unit
        held["system"] = url.UCUM
        return


def categorise(resource: Json) -> None:
    """Give the resource the category of vital signs."""
    held = resource.setdefault("category", [])
    if CATEGORY not in held:
        held.append(CATEGORY)


def date(cx: Context, resource: Json) -> None:
    """Make sure that the effective time is a day at least.

    R4's rule vs-1 accepts neither a missing day nor a period, so that a measure without its own day takes that of its
    panel, else that of the document, and says so in an extension, which also keeps what the source said.
    """
    when = resource.get("effectiveDateTime")
    if when is not None and len(when) >= 10:
        return
    kept: Json = {"url": "value", "valueDateTime": when} if when is not None else {}
    stated = resource.pop("effectivePeriod", None)
    start = (stated or {}).get("start", "")
    parts: list[Json] = [kept] if kept else []
    if stated is not None:
        parts.append({"url": "value", "valuePeriod": stated})
    panel = cx.panel_time.first if cx.panel_time is not None else None
    if len(start) >= 10:
        origin, day = "period", start
    elif panel is not None and len(panel.iso) >= 10:
        origin, day = "panel", panel.iso
    elif cx.document.time is not None and len(cx.document.time.iso) >= 10:
        origin, day = "document", cx.document.time.iso
    else:
        if stated is not None:
            resource["effectivePeriod"] = stated
        return
    resource["effectiveDateTime"] = day
    parts.insert(0, {"url": "origin", "valueCode": origin})
    resource["_effectiveDateTime"] = {"extension": [{"url": url.ASSUMED_TIME, "extension": parts}]}


def _is_dated(resource: Json) -> bool:
    return len(resource.get("effectiveDateTime", "")) >= 10


def claim_blood_pressure(cx: Context, resource: Json, *, claims: bool) -> None:
    """Claim the blood pressure profile when the panel is complete."""
    categorise(resource)
    date(cx, resource)
    fits = all(
        c.get("valueQuantity", {}).get("code") == "mm[Hg]" or "dataAbsentReason" in c for c in resource["component"]
    )
    if fits and claims and _is_dated(resource):
        resource["meta"]["profile"] = [f"{url.FR_PROFILE}observation-bp"]


def other_pressure(code: str) -> Json:
    """The component that a lone pressure lacks and that the profile requires: absent."""
    missing = DIASTOLIC if code == SYSTOLIC else SYSTOLIC
    return {
        "code": {"coding": [{"system": url.LOINC, "code": missing}]},
        "dataAbsentReason": {"coding": [{"system": url.ABSENT_REASON, "code": "unknown"}]},
    }
