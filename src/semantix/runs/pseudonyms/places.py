"""Addresses made less precise: the commune, the department, the region, or nothing. A street never stays.

Source of the regions and their departments: INSEE, Code officiel géographique; of their codes: ISO 3166-2:FR.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.emitters.omop.tables.provider import AREA, department_of
from semantix.model import Address

_COMMUNE = ("postalCode", "city", "county", "state", "country")
_REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "FR-ARA": "01 03 07 15 26 38 42 43 63 69 73 74",
        "FR-BFC": "21 25 39 58 70 71 89 90",
        "FR-BRE": "22 29 35 56",
        "FR-CVL": "18 28 36 37 41 45",
        "FR-20R": "20",
        "FR-GES": "08 10 51 52 54 55 57 67 68 88",
        "FR-HDF": "02 59 60 62 80",
        "FR-IDF": "75 77 78 91 92 93 94 95",
        "FR-NOR": "14 27 50 61 76",
        "FR-NAQ": "16 17 19 23 24 33 40 47 64 79 86 87",
        "FR-OCC": "09 11 12 30 31 32 34 46 48 65 66 81 82",
        "FR-PDL": "44 49 53 72 85",
        "FR-PAC": "04 05 06 13 83 84",
        "FR-971": "971",
        "FR-972": "972",
        "FR-973": "973",
        "FR-974": "974",
        "FR-976": "976",
    }
)
_REGION_OF: Mapping[str, str] = MappingProxyType(
    {department: region for region, departments in _REGIONS.items() for department in departments.split()}
)


def generalised(address: Address, places: str) -> Address | None:
    """An address of which ``places`` is left (``keep``, ``department``, ``region``, ``drop``); ``None`` for nothing.

    ``keep`` leaves the commune and its postal code. The area is read from a French postal code, or from the INSEE code
    of a commune; what is abroad leaves its country.
    """
    if places == "drop":
        return None
    parts = _commune(address) if places == "keep" else _area(address, places)
    return Address(parts, use=address.use) if parts else None


def _commune(address: Address) -> tuple[tuple[str, str], ...]:
    return tuple(part for part in address.parts if part[0] in _COMMUNE)


def _area(address: Address, places: str) -> tuple[tuple[str, str], ...]:
    department = department_of(address.get("postalCode")) or _of_commune(address.get("county"))
    area = department if places == "department" else _REGION_OF.get(department or "")
    if area:
        return (("state", area), (AREA, area))  # FHIR writes the first, OMOP reads the second.
    country = address.get("country")
    return (("country", country),) if country and not department else ()


def _of_commune(code: str | None) -> str | None:
    """The department of a commune, as postal codes have it: Corsica is ``20``; ``99`` is abroad."""
    code = (code or "").strip().upper()
    if len(code) != 5 or code.startswith("99"):
        return None
    return "20" if code[:2] in {"2A", "2B"} else department_of(code)
