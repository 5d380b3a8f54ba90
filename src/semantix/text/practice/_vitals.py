"""Vital signs in one cell: each number with its label, its unit as written or the only one that it can be in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.text.practice._dates import dates_in
from semantix.text.practice._finding import Day, Finding
from semantix.text.practice._words import Item
from semantix.text.values import Number

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
_NUMBER = r"(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,3})?)"
_SITE = (
    r"(?P<site>(?:au |a l'|du )?(?:bras|brach\w*)\s*(?:droit|gauche|dt|gche|g|d)\b|couchee?|debout"
    r"|assise?|au repos|droite?|gauche|bd|bg)"
)
_PRESSURE = re.compile(
    r"(?<![\w'])(?:pas ?/ ?pad|tas ?/ ?tad|t\.?a\.?|p\.?a\.?|tension(?: arterielle)?"
    rf"|pression(?: arterielle)?)\s*(?:{_SITE})?\s*[:=]?\s*(?:a |de )?"
    r"(?P<high>[0-9]{1,3}(?:[.,][0-9])?)\s*/\s*(?P<low>[0-9]{1,3}(?:[.,][0-9])?)(?![0-9]"
    r"|\s*/\s*[0-9])(?:\s*(?P<unit>mm\s?\[?hg\]?|cm\s?\[?hg\]?))?"
)
_BARE_PRESSURE = re.compile(
    r"(?P<high>[0-9]{1,3}(?:[.,][0-9])?)\s*[/\-]\s*(?P<low>[0-9]{1,3}(?:[.,][0-9])?)\s*(?P<unit>mm\s?\[?hg\]?"
    r"|cm\s?\[?hg\]?)?"
)
_CENTIMETRES = Decimal(30)
_NOT_A_MEASURE = re.compile(
    r"(?:perte|prise|gain|objectif|cible|naissance|tour|sous|si|anti|variation|baisse|augmentation"
    r"|chute|nodule|lesion|masse|tumeur|kyste"
    r"|calcul|polype|plaie|max|mini?|ideal|forme|sec|uterine|hauteur|polygone|pointure|pere|mere"
    r"|frere|s(?:oe|œ)ur|fils|fille|conjoint|mari)\s*(?:de|d'|du|la|:)?\s*$"
)


class Sign(Struct, frozen=True):
    """A vital sign: its label, the units written for it, and the unit it is in, by range, when none is written."""

    code: str
    label: str
    units: str
    implied: tuple[tuple[str, Decimal, Decimal], ...] = ()


_OTHER_UNIT = r"\s?(?:mg|ug|µg|mm|cc|ml|cl|dl|l|lbs?|livres|ans?|mois|jours?|sem|x|fois|%)\b"
"""After a number that has none of its own units: it counts something else."""


def _between(low: str, high: str) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)


def _sign(code: str, label: str, units: str, *implied: tuple[str, str, str]) -> tuple[Sign, re.Pattern[str]]:
    sign = Sign(code, label, units, tuple((unit, *_between(low, high)) for unit, low, high in implied))
    end = r"(?![0-9]|[.,][0-9]|\s*/\s*[0-9]|\s*-\s*[0-9])"
    unit = rf"(?:\s*(?P<unit>{units}))?(?![a-z0-9/]|{_OTHER_UNIT})"
    form = rf"(?<![\w'])(?:{label})\s*[:=]?\s*(?:a |de )?{_NUMBER}{end}{unit}"
    return sign, re.compile(form)


_MERCURY = r"mm\s?\[?hg\]?|cm\s?\[?hg\]?"
_BEATS = r"/ ?mi?n|bpm|bat(?:tements)?t?s?\.?\s?/\s?mi?n|puls\w*/mi?n|par minute"
_BREATHS = r"/ ?mi?n|cpm|c/mi?n|cycles?/mi?n|par minute"
_OXYGEN = r"sp?a?o2|sat(?:uration)?\.?(?: (?:en )?(?:o2|oxygene))?"
_SIGNS = (
    _sign("8867-4", r"pouls|puls\.?|fc|freq(?:uence)?\.? cardiaque|rythme cardiaque", _BEATS, ("/min", "20", "250")),
    _sign("9279-1", r"fr|freq(?:uence)?\.? respiratoire", _BREATHS, ("/min", "5", "80")),
    _sign("29463-7", r"poids(?: actuel)?|pds", r"kgs?|kilos?|grammes?|g", ("kg", "1.5", "300")),
    _sign("8302-2", r"taille", r"cms?|m", ("cm", "35", "250"), ("m", "0.35", "2.5")),
    _sign("39156-5", r"imc|bmi", r"kg\s?/\s?m(?:2|²|\^2)", ("kg/m2", "8", "90")),
    _sign("8310-5", r"t°c?|temp(?:erature)?\.?", r"°\s?c?|deg\w*|celsius", ("Cel", "32", "43")),
    _sign("2708-6", _OXYGEN, r"%", ("%", "50", "100")),
    _sign("8287-5", r"pc|perimetre cranien|p\. ?cranien", r"cms?|mm", ("cm", "25", "65")),
    _sign(
        SYSTOLIC,
        r"pas|tas|systolique|pa systolique|ta systolique",
        _MERCURY,
        ("mm[Hg]", "50", "300"),
        ("cm[Hg]", "5", "29.9"),
    ),
    _sign(
        DIASTOLIC,
        r"pad|tad|diastolique|pa diastolique|ta diastolique",
        _MERCURY,
        ("mm[Hg]", "30", "200"),
        ("cm[Hg]", "2", "20"),
    ),
)
_METRES = re.compile(
    r"(?<![\w'])taille\s*[:=]?\s*(?:a |de )?(?P<metres>[0-2])\s?m(?:etres?)?\s?(?P<centi>[0-9]{2})(?![\w])(?:\s?cm)?"
)
_WRITTEN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "8302-2": {"m": ("0.2", "2.6"), "cm": ("20", "260")},
    "29463-7": {"kg": ("0.4", "400"), "g": ("400", "20000")},
}
"""What a written unit allows: beyond, the number is that of something else."""
_CODE_OF: Mapping[str, str] = MappingProxyType(
    {
        "pulse": "8867-4",
        "respiration": "9279-1",
        "weight": "29463-7",
        "height": "8302-2",
        "bmi": "39156-5",
        "temperature": "8310-5",
        "saturation": "2708-6",
        "head": "8287-5",
        "systolic": SYSTOLIC,
        "diastolic": DIASTOLIC,
    }
)
STARTS = re.compile(
    "(?:"
    + "|".join(
        (
            r"(?:pas ?/ ?pad|tas ?/ ?tad|t\.?a\.?|p\.?a\.?|tension(?: arterielle)?|pression(?: arterielle)?)",
            *(s.label for s, _ in _SIGNS),
        )
    )
    + rf")\s*(?:{_SITE.replace('?P<site>', '?:')})?\s*[:=]?\s*(?:a |de )?[0-9]"
)
"""An item that begins with a label and a number."""


def read_vital_signs(text: str) -> tuple[Finding, ...]:
    """Every measure of a cell (``TA 12/8 pouls 72 poids 80``); what is left is one note, with its words as written."""
    item = Item.of(text)
    found = sorted((*_pressures(item), *_measures(item)), key=lambda one: (one[0][0], -one[0][1]))
    out: list[Finding] = []
    left: list[str] = []
    place = 0
    for (start, end), findings in found:
        if start < place:
            continue
        left.append(item.part(place, start).words)
        out += findings
        place = end
    left.append(item.part(place).words)
    on = _day(left)
    if on is not None:
        left, out = [], [structs.replace(one, on=on) for one in out]
    rest = [words for words in left if any(c.isalnum() for c in words)]
    if rest and text.strip():
        out.append(
            Finding(kind="note", text=text.strip(), words=" … ".join(rest), reason="no vital sign that is known")
        )
    return tuple(out)


def _day(left: list[str]) -> Day | None:
    """The day of all measures, when it is all that is told beside them."""
    words = [one for one in left if any(c.isalnum() for c in one)]
    if len(words) != 1:
        return None
    item = Item.of(words[0])
    dates = dates_in(item)
    return dates.on if dates.spans and not item.without(dates.spans).words else None


def read_measure(kind: str, text: str, *, unit: str = "") -> tuple[Finding, ...]:
    """A cell of a column that is one measure: ``pressure`` (``12/8``, ``PAS/PAD``), ``pulse``, ``weight``...

    ``unit`` is that of the column, if it has one.
    """
    item = Item.of(text).part()
    if not item.low:
        return ()
    if kind == "pressure":
        bare = _BARE_PRESSURE.fullmatch(item.low)
        return _pressure(item, bare, unit) if bare is not None else read_vital_signs(item.raw)
    code = _CODE_OF[kind]
    sign, form = next(one for one in _SIGNS if one[0].code == code)
    one = re.fullmatch(rf"{_NUMBER}(?:\s*(?P<unit>{sign.units}))?", item.low)
    if one is not None:
        return (_measure(sign, item, one, unit),)
    metres = _METRES.fullmatch(f"taille {item.low}") if kind == "height" else None
    if metres is not None:
        return (_height(item.raw, metres),)
    return read_vital_signs(item.raw) if form.search(item.low) else (_note(item.raw),)


def _pressures(item: Item) -> Iterator[tuple[tuple[int, int], tuple[Finding, ...]]]:
    for found in _PRESSURE.finditer(item.low):
        if not _is_spoilt(item.low, found.start()):
            yield found.span(), _pressure(item, found, "")


def _pressure(item: Item, found: re.Match[str], unit: str) -> tuple[Finding, ...]:
    """Both pressures; between centimetres and millimetres of mercury only where no number can be the other."""
    text = item.raw[slice(*found.span())].strip()
    high, low = (Decimal(found[name].replace(",", ".")) for name in ("high", "low"))
    written = item.raw[slice(*found.span("unit"))] if found["unit"] else unit
    is_small = high < _CENTIMETRES and low < _CENTIMETRES
    is_large = high >= _CENTIMETRES and low >= _CENTIMETRES
    if not (is_small or is_large) or low >= high or (written and ("cm" in written.lower()) != is_small):
        return (Finding(kind="note", text=text, reason="no pressure whose unit is unmistakable"),)
    if (is_small and not high >= 5) or (is_large and high > 300):
        return (Finding(kind="note", text=text, reason="no pressure that can be"),)
    named = written or ("cm[Hg]" if is_small else "mm[Hg]")
    groups = found.re.groupindex
    site = item.raw[slice(*found.span("site"))] if "site" in groups and found["site"] else ""
    return tuple(
        Finding(
            kind="vital-sign", text=text, code=code, system="loinc", number=Number(value, named),
            implied_unit=not written, site=site,
        )
        for code, value in ((SYSTOLIC, high), (DIASTOLIC, low))
    )  # fmt: skip


def _measures(item: Item) -> Iterator[tuple[tuple[int, int], tuple[Finding, ...]]]:
    for found in _METRES.finditer(item.low):
        if not _is_spoilt(item.low, found.start()):
            yield found.span(), (_height(item.raw[slice(*found.span())].strip(), found),)
    for sign, form in _SIGNS:
        for found in form.finditer(item.low):
            if not _is_spoilt(item.low, found.start()):
                yield found.span(), (_measure(sign, item, found, ""),)


def _measure(sign: Sign, item: Item, found: re.Match[str], unit: str) -> Finding:
    text = item.raw[slice(*found.span())].strip()
    value = Decimal(found["number"].replace(",", "."))
    written = item.raw[slice(*found.span("unit"))] if found["unit"] else unit
    if written:
        bounds = _WRITTEN.get(sign.code, {}).get(written.lower().rstrip("s"))
        if bounds is not None and not Decimal(bounds[0]) <= value <= Decimal(bounds[1]):
            return _note(text)
        return _found(sign.code, text, value, written)
    named = next((name for name, low, high in sign.implied if low <= value <= high), None)
    return _found(sign.code, text, value, named, implied=True) if named else _note(text)


def _height(text: str, found: re.Match[str]) -> Finding:
    return _found("8302-2", text, Decimal(f"{found['metres']}.{found['centi']}"), "m")


def _found(code: str, text: str, value: Decimal, unit: str | None, *, implied: bool = False) -> Finding:
    number = Number(value, unit)
    return Finding(kind="vital-sign", text=text, code=code, system="loinc", number=number, implied_unit=implied)


def _note(text: str) -> Finding:
    return Finding(kind="note", text=text, reason="a number whose unit, or whose meaning, cannot be told")


def _is_spoilt(low: str, place: int) -> bool:
    """True after a word that makes it another measure (``tour de taille``, ``perte de poids``)."""
    return _NOT_A_MEASURE.search(low, max(0, place - 20), place) is not None
