"""What is measured by the codes that documents use most: its unit, and between what values a living body can have it.

Bounds are wide on purpose: a value outside them is a slip, not a patient. ``usual`` bounds are those of most patients,
ill ones too; they only serve to say in which other unit a value out of bounds would be right.

Source of the dimension: the property of the code in LOINC (``Mass/volume``, ``Moles/volume``...). Source of the bounds:
extremes published in case reports (weight of the smallest newborn that lived and of the heaviest adult, body
temperatures survived, haemoglobin, glucose and sodium of reported survivors), rounded outwards; bounds of a fraction
are those of arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct

LOINC = "loinc"
TA_ASIP = "ta-asip"


class Analyte(Struct, frozen=True, kw_only=True):
    """One thing measured: its ``unit``, its ``bounds`` in it, and the ``others`` that it is also written in.

    ``bounds`` and ``usual`` are given both or neither. ``mass`` is the molar mass (g/mol) that links the others to the
    unit.
    """

    unit: str
    bounds: tuple[Decimal, Decimal] | None = None
    usual: tuple[Decimal, Decimal] | None = None
    others: tuple[str, ...] = ()
    mass: Decimal | None = None


ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"[diop]": ("/m", "[p'diop]"), "[pH]": ("1",), "mL/min": ("mL/min/m2",)}
)
"""Units of another dimension that what is measured in a unit is rightly written in too."""


def _of(codes: str, unit: str, bounds: str = "", others: str = "", mass: str = "") -> dict[str, Analyte]:
    """One row: codes, unit, "lowest highest usual-low usual-high", other units; each list separated by blanks."""
    numbers = [Decimal(number) for number in bounds.split()]
    one = Analyte(
        unit=unit,
        bounds=(numbers[0], numbers[1]) if numbers else None,
        usual=(numbers[2], numbers[3]) if numbers else None,
        others=tuple(others.split()),
        mass=Decimal(mass) if mass else None,
    )
    return dict.fromkeys(codes.split(), one)


_GLUCOSE, _CREATININE, _CHOLESTEROL, _CALCIUM = "180.156", "113.12", "386.664", "40.078"
_UREA, _URATE, _BILIRUBIN, _TRIGLYCERIDE = "60.056", "168.112", "584.673", "885.453"

_VITAL_SIGNS = {
    **_of("8310-5 8331-1 8332-3 8328-7 8333-0 8329-5", "Cel", "12 47 33 43", "[degF] K"),
    **_of("8302-2 8308-9 8306-3 3137-7 8301-4", "cm", "18 280 30 230", "m mm"),
    **_of("29463-7 3141-9 3142-7", "kg", "0.2 700 0.4 250", "g"),
    **_of("8348-5", "kg", "15 700 30 250", "g"),
    **_of("8339-4", "g", "150 13000 400 6500", "kg"),
    **_of("39156-5", "kg/m2", "3 250 9 90"),
    **_of("8480-6", "mm[Hg]", "20 400 60 260", "cm[Hg] kPa"),
    **_of("8462-4", "mm[Hg]", "0 300 30 160", "cm[Hg] kPa"),
    **_of("8478-0", "mm[Hg]", "8 350 35 200", "cm[Hg] kPa"),
    **_of("8867-4 8889-8 8893-0", "/min", "5 450 30 250", "/s"),
    **_of("9279-1", "/min", "1 200 6 80", "/s"),
    **_of("2708-6 59408-5 20564-1 2710-2", "%", "10 100 40 100", "1"),
    **_of("8287-5 9843-4", "cm", "10 110 20 70", "mm m"),
    **_of("8280-0 56086-2", "cm", "15 350 40 220", "mm m"),
    **_of("11884-4", "wk", "0 47 4 44", "d"),
    **_of("10230-1", "%", "2 100 8 90", "1"),
}
_BLOOD_COUNT = {
    **_of("718-7 20509-6 30313-1 30350-3", "g/L", "15 300 40 230", "g/dL"),
    **_of("59260-0", "mmol/L", "0.9 19 2.5 15"),
    **_of("4544-3 20570-8", "%", "3 90 10 75", "1"),
    **_of("6690-2 26464-8", "10*9/L", "0 2000 0.3 400", "/uL"),
    **_of("789-8 26453-1", "10*12/L", "0.2 15 1 10", "/uL"),
    **_of("777-3 26515-7", "10*9/L", "0 6000 2 2500", "/uL"),
    **_of("787-2 30428-7", "fL", "30 200 45 160"),
    **_of("785-6 28539-5", "pg", "5 80 10 60"),
    **_of("786-4 28540-3", "g/L", "120 600 200 450", "g/dL"),
    **_of("32207-3 32623-1", "fL"),
    **_of("3255-7", "g/L", "0 40 0.3 12", "mg/dL"),
}
_CHEMISTRY = {
    **_of("2823-3 6298-4", "mmol/L", "0.8 20 1.5 9"),
    **_of("2951-2 2947-0", "mmol/L", "75 255 100 200"),
    **_of("2075-0", "mmol/L", "40 200 60 150"),
    **_of("1963-8", "mmol/L", "0.5 90 3 60"),
    **_of("2000-8", "mmol/L", "0.3 10 0.8 5", "mg/L mg/dL", mass=_CALCIUM),
    **_of("17861-6", "mg/L", "12 400 30 200", "mg/dL mmol/L", mass=_CALCIUM),
    **_of("2601-3", "mmol/L", "0.05 25 0.2 5"),
    **_of("14879-1", "mmol/L", "0.02 15 0.2 5"),
    **_of("2345-7 1558-6 53049-3 2339-0 32016-8 41653-7", "g/L", "0.02 30 0.2 10", "mg/dL mmol/L", mass=_GLUCOSE),
    **_of("14749-6 14771-0 40193-5 15074-8 14743-9", "mmol/L", "0.1 170 1 60", "g/L mg/dL", mass=_GLUCOSE),
    **_of("27353-2", "mg/dL", "15 900 50 500", "g/L mmol/L", mass=_GLUCOSE),
    **_of("4548-4 17856-6", "%", "2 30 3.5 18", "mmol/mol"),
    **_of("59261-8", "mmol/mol", "10 300 12 180", "%"),
    **_of("2160-0", "mg/L", "0.3 800 2 200", "mg/dL umol/L", mass=_CREATININE),
    **_of("14682-9", "umol/L", "3 7500 20 1800", "mg/L mg/dL mmol/L", mass=_CREATININE),
    **_of("22664-7", "mmol/L", "0.1 150 0.8 80", "g/L mg/dL", mass=_UREA),
    **_of("3091-6", "g/L", "0.006 9 0.05 5", "mg/dL mmol/L", mass=_UREA),
    **_of("3084-1", "mg/L", "0.5 700 5 250", "mg/dL umol/L", mass=_URATE),
    **_of("14933-6", "umol/L", "2 5000 30 1500", "mg/L mg/dL", mass=_URATE),
    **_of("14631-6", "umol/L", "0 2000 1 900", "mg/L mg/dL", mass=_BILIRUBIN),
    **_of("1975-2", "mg/L", "0 1200 0.6 500", "mg/dL umol/L", mass=_BILIRUBIN),
    **_of("1751-7", "g/L", "2 120 8 65", "g/dL"),
    **_of("2862-1", "g/L", "1 120 8 65", "g/dL"),
    **_of("2885-2", "g/L", "5 250 25 130", "g/dL"),
    **_of("1988-5 30522-7", "mg/L", "0 2000 0.1 600", "ug/L"),
    **_of("2093-3", "g/L", "0.05 40 0.5 8", "mg/dL mmol/L", mass=_CHOLESTEROL),
    **_of("2085-9", "g/L", "0 8 0.05 2.5", "mg/dL mmol/L", mass=_CHOLESTEROL),
    **_of("2089-1 13457-7", "g/L", "0 30 0.1 6", "mg/dL mmol/L", mass=_CHOLESTEROL),
    **_of("14647-2", "mmol/L", "0.1 100 1.3 20", "g/L mg/dL", mass=_CHOLESTEROL),
    **_of("14646-4", "mmol/L", "0 20 0.1 6", "g/L mg/dL", mass=_CHOLESTEROL),
    **_of("22748-8", "mmol/L", "0 80 0.3 15", "g/L mg/dL", mass=_CHOLESTEROL),
    **_of("2571-8", "g/L", "0 400 0.2 30", "mg/dL mmol/L", mass=_TRIGLYCERIDE),
    **_of("14927-8", "mmol/L", "0 450 0.2 35", "g/L mg/dL", mass=_TRIGLYCERIDE),
    **_of("2524-7 32693-4", "mmol/L", "0 80 0.2 30"),
    **_of("2744-1 28646-8 28647-6", "[pH]", "6 8.5 6.5 8"),
    **_of("2703-7", "mm[Hg]", "2 900 10 600", "kPa cm[Hg]"),
    **_of("2019-8", "mm[Hg]", "3 350 10 150", "kPa cm[Hg]"),
    **_of("35591-7 2164-2", "mL/min", "0 500 1 250", "mL/s L/min"),
    **_of("62238-1 33914-3 98979-8 77147-7", "mL/min", "0 500 1 250", "mL/s L/min"),
    **_of("2276-4 2284-8 2132-9 2857-1 3024-7 3051-0", "ug/L"),
    **_of("14732-2 14685-2 14920-3 14928-6", "nmol/L"),
}
_SIGHT = {
    **_of("95290-3 95292-9 95320-8 95322-4 28815-9", "[diop]"),
    **_of("95291-1 95321-6 95325-7 95300-0", "deg"),
}
_SIGHT_TA = {
    **_of("MED-1071 MED-1072 MED-1077 MED-1078 MED-1087 MED-1088 MED-1092 MED-1093 MED-886", "[diop]"),
    **_of("MED-990 MED-1073 MED-1079", "[diop]"),
    **_of("MED-1047 MED-1075 MED-1076 MED-1081 MED-1082", "deg"),
    **_of("MED-201", "mo"),
}

ANALYTES: Mapping[tuple[str, str], Analyte] = MappingProxyType(
    {
        **{
            (LOINC, code): one
            for rows in (_VITAL_SIGNS, _BLOOD_COUNT, _CHEMISTRY, _SIGHT)
            for code, one in rows.items()
        },
        **{(TA_ASIP, code): one for code, one in _SIGHT_TA.items()},
    }
)
"""What is known of a code, by the key of its system in :mod:`semantix.systems` and the code."""
