"""The names that laboratory labels are compared with: English and French names of LOINC, curated spellings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from semantix.terminology.labs import Analytes, Label, parse_label, tokens, unit_part
from semantix.terminology.loinc_names import LoincName
from semantix.terminology.text import fold
from semantix.terminology.units import Units, kind_of


class CuratedLab(Struct, frozen=True):
    """One curated spelling: ``units`` (UCUM) and ``specimens`` are its conditions, empty for any."""

    label: str
    code: str
    units: tuple[str, ...] = ()
    specimens: tuple[str, ...] = ()
    refused: bool = False


class Resources(Struct, frozen=True):
    """What the matcher needs beside a terminology."""

    analytes: Analytes
    units: Units
    curated: tuple[CuratedLab, ...] = ()


class Entry(Struct, frozen=True):
    """One name of one term. ``kinds`` and ``specimens`` restrict a curated spelling."""

    concept: int
    words: tuple[str, ...]
    optional: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    specimens: tuple[str, ...] = ()
    source: str = "name"
    wording: tuple[str, ...] = ()


def french_entry(concept: int, text: str, analytes: Analytes) -> list[Entry]:
    """A French display: what stands before its axes (``Glucose [Masse/Volume] ...``, ``Glucose:Masse/Volume:...``)."""
    head = text.split("[", maxsplit=1)[0].split(":", maxsplit=1)[0]
    label = parse_label(head, analytes)
    if not label.words:
        return []
    return [Entry(concept, label.words, source="french", wording=wording_of(text))]


_AXES_FR = {
    "masse/volume": "mass/volume", "moles/volume": "moles/volume", "arbitraire/volume": "activity/volume",
    "catalytique/volume": "activity/volume", "nombre/volume": "number/volume", "fraction volumique": "fraction",
    "fraction de nombres": "fraction", "fraction massique": "fraction", "presence/seuil": "presence", "temps": "time",
}  # fmt: skip
_FRENCH_FORM = re.compile(
    r"(?P<name>[^:\[]+)(?:\[(?P<quality>[^\]]*)\](?P<rest>.*)|:(?P<axes>[^:]*):[^:]*:(?P<system>[^:]*):.*)"
)
LONGEST_DISPLAY = 5
"""Words of a French display that stands alone (``Poids corporel``); longer ones name documents and images."""


def other_axes(wordings: Sequence[tuple[str, str, str, str]], data: Resources) -> dict[str, LoincName]:
    """Axes of the codes that have no English name: from the form of a French display, else from curated conditions."""
    axes: dict[str, LoincName] = {}
    for code, text, _, lang in wordings:
        if not lang.startswith("fr"):
            continue
        found = _FRENCH_FORM.fullmatch(text)
        label = parse_label(found["name"] if found else text, data.analytes)
        if found:
            system = parse_label(found["system"] or found["rest"] or "", data.analytes).specimen
            kind = _AXES_FR.get(fold(found["quality"] or found["axes"] or ""), "")
            flags = label.flags | (parse_label(text, data.analytes).flags & {"calculated", "fasting", "clearance"})
            axes[code] = LoincName(label.words, (), system, (kind,) if kind else (), flags)
        elif len(tokens(text)) <= LONGEST_DISPLAY:
            axes.setdefault(code, LoincName(label.words, (), label.specimen, (), label.flags))
    for row in data.curated:
        if row.code not in axes and not row.refused:
            label = parse_label(row.label, data.analytes)
            specimen = row.specimens[0] if row.specimens else label.specimen or label.implied
            axes[row.code] = LoincName(label.words, (), specimen, kinds_of(row.units), frozenset())
    return axes


def curated_entries(places: Mapping[str, int], data: Resources) -> Iterator[Entry]:
    """Each curated spelling as a name of its code; a wording and a list of units are read once."""
    labels: dict[str, Label] = {}
    kinds: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in sorted(data.curated, key=lambda row: (row.label, row.code, row.units, row.specimens)):
        if row.refused or row.code not in places:
            continue
        if row.label not in labels:
            labels[row.label] = parse_label(split_unit(row.label, data.units)[0], data.analytes)
        if row.units not in kinds:
            kinds[row.units] = kinds_of(row.units)
        words, wording = labels[row.label].words, wording_of(row.label)
        if words:
            yield Entry(places[row.code], words, (), kinds[row.units], row.specimens, "curated", wording)


def wording_of(text: str) -> tuple[str, ...]:
    """What makes two wordings one: their words in any order, and whether they say ``%``."""
    return tuple(sorted([*tokens(text), *(["%"] if "%" in text else [])]))


def kinds_of(units: Iterable[str]) -> tuple[str, ...]:
    """Name the kinds of quantity of UCUM codes, in their order."""
    return tuple(dict.fromkeys(kind for unit in units if (kind := kind_of(unit))))


def split_unit(text: str, units: Units) -> tuple[str, str]:
    """Split a unit off a label when it reads as one and is written like one: ``(D)`` is "directe", not a day."""
    bare, inside = unit_part(text)
    if inside and (len(inside) > 2 or "%" in inside or "/" in inside or inside.lower() in {"pg", "fl"}):
        return (bare, inside) if units.read(inside).code else (text, "")
    return text, ""
