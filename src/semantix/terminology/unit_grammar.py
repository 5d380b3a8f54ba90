"""The grammar of units as French laboratories write them: prefix, unit, power, annotation, ``/`` or ``par``.

``mg/24 h``, ``µmol/mmol de créatinine``, ``10^3/mm3``, ``mL/min/1,73 m²``, ``MMOL/L``. Only whole readings are given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from semantix.terminology.text import fold

_PREFIXES = {"": "", "k": "k", "d": "d", "c": "c", "m": "m", "u": "u", "n": "n", "p": "p", "f": "f", "a": "a"}
_LONG_PREFIXES = {
    "": "", "kilo": "k", "hecto": "h", "deci": "d", "centi": "c", "milli": "m", "micro": "u", "nano": "n", "pico": "p",
    "femto": "f",
}  # fmt: skip
_PREFIXED = {
    "g": "g", "gr": "g", "mol": "mol", "l": "L", "m": "m", "ui": "[IU]", "iu": "[IU]", "u": "U", "kat": "kat",
    "eq": "eq", "osm": "osm", "osmol": "osm", "pa": "Pa", "mole": "mol", "s": "s",
}  # fmt: skip
_LONG = {
    "gramme": "g", "gram": "g", "mole": "mol", "litre": "L", "liter": "L", "metre": "m", "katal": "kat", "unite": "U",
    "equivalent": "eq", "osmole": "osm", "seconde": "s",
}  # fmt: skip
_WHOLE = {
    "h": "h", "heure": "h", "heures": "h", "hr": "h", "hrs": "h", "min": "min", "mn": "min", "minute": "min",
    "minutes": "min", "sec": "s", "secondes": "s", "j": "d", "jr": "d", "jour": "d", "jours": "d", "d": "d",
    "sem": "wk", "semaine": "wk", "semaines": "wk", "mois": "mo", "an": "a", "ans": "a", "annee": "a", "annees": "a",
    "%": "%", "ufc": "[CFU]", "cfu": "[CFU]", "copies": "{copies}", "copie": "{copies}",
    "champ": "[HPF]", "champs": "[HPF]", "hpf": "[HPF]", "cellules": "{cells}", "cellule": "{cells}",
    "cell": "{cells}", "cells": "{cells}", "elements": "{cells}", "element": "{cells}", "el": "{cells}",
    "elt": "{cells}", "elts": "{cells}", "hematies": "{RBCs}", "gb": "{WBCs}", "leucocytes": "{WBCs}",
    "leuco": "{WBCs}", "leucos": "{WBCs}", "plaquettes": "{platelets}", "germes": "{germs}",
    "battements": "{beats}", "batt": "{beats}", "mmhg": "mm[Hg]", "cmh2o": "cm[H2O]", "millions": "10*6",
    "million": "10*6", "milliards": "10*9", "milliers": "10*3", "mille": "10*3", "giga": "10*9", "tera": "10*12",
    "cal": "cal", "kcal": "kcal", "mv": "mV", "cel": "Cel",
}  # fmt: skip
_NOTES = {
    "creat": "creat", "creatinine": "creat", "creatininurie": "creat", "creati": "creat", "hb": "Hb",
    "hemoglobine": "Hb", "prot": "prot", "proteine": "prot", "proteines": "prot", "feu": "FEU", "ddu": "DDU",
    "gb": "WBCs", "gr": "RBCs", "cellules": "cells", "cell": "cells", "poids": "", "selles": "", "sang": "",
    "serum": "", "urine": "", "urines": "", "plasma": "", "sec": "dry", "leuco": "WBCs", "leucocytes": "WBCs",
    "hematies": "RBCs", "copies": "copies", "pr": "prot", "adn": "DNA", "caco3": "CaCO3", "globules rouges": "RBCs",
    "spermatozoides": "spermatozoa",
}  # fmt: skip
# Combinations of a prefix and a unit that nobody writes, or that mean something else.
_NOBODY = (
    "as", "au", "ag", "al", "am", "aui", "aiu", "ds", "cs", "fs", "fui", "fiu", "pui", "piu", "fu", "pu", "cu", "du",
    "cui", "dui", "aeq", "apa", "agr", "cgr",
)  # fmt: skip


def _words() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for prefix, code in _PREFIXES.items():
        for name, unit in _PREFIXED.items():
            table.setdefault(prefix + name, code + unit)
    for prefix, code in _LONG_PREFIXES.items():
        for name, unit in _LONG.items():
            table.setdefault(prefix + name, code + unit)
            table.setdefault(prefix + name + "s", code + unit)
    for word in _NOBODY:
        table.pop(word, None)
    return MappingProxyType({**table, **_WHOLE})


_UNIT_WORDS = _words()
_POWER = re.compile(r"^x?\s*10(?:\s*(?:\*\*|[*^e]|exp\.?|puissance|puiss\.?)\s*|\s+)(\d{1,2})(?![\d])\s*\.?\s*")
_SCIENTIFIC = re.compile(r"^(?:1(?:[.,]0+)?)?e\+?0?(\d{1,2})\s*")
_COMPONENT = re.compile(r"^(\d+(?:[.,]\d+)?)?\s*([a-z%°]+?)\s*([23])?(?:\s+(?:de |d')?(.*))?$")
_BODY_SURFACE = re.compile(r"^1[.,]73\s*m\s*[\^*]?\s*2(?: ?(?:sc|de sc))?$")
_PER = re.compile(r"\s+par\s+|\s*/\s*")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def parse_unit(text: str) -> str | None:
    """Read a spelling (its signs made plain) as a UCUM code, or ``None`` when any part of it is unknown."""
    folded = _BRACKETED.sub(r" \1 ", fold(text)).strip()
    if len(folded) > 60 or not folded:
        return None
    parts = _PER.split(folded)
    codes: list[str] = []
    for place, part in enumerate(parts):
        code = "" if not part and place == 0 and len(parts) > 1 else _component(part.strip(), below=place > 0)
        if code is None:
            return None
        codes.append(code)
    code = "/".join(codes)
    return None if code.startswith("{") and code.endswith("}") and "/" not in code else code


def _component(part: str, *, below: bool) -> str | None:
    if below and _BODY_SURFACE.match(part):
        return "{1.73_m2}"
    power = _POWER.match(part) or (None if below else _SCIENTIFIC.match(part))
    if power:
        rest = part[power.end() :]
        head = f"10*{int(power[1])}"
        if not rest:
            return head
        tail = _component(rest, below=below)
        if tail is None:
            return None
        return f"{head}{tail}" if tail.startswith("{") else f"{head}.{tail}"
    found = _COMPONENT.match(part)
    return _measured(found, below=below) if found else None


def _measured(found: re.Match[str], *, below: bool) -> str | None:
    number, word, exponent, note = found.groups()
    unit = _UNIT_WORDS.get(word)
    if unit is None or (exponent and not re.fullmatch(r"[kdcmunp]?m", unit)):
        return None
    annotation = _annotation(note)
    if annotation is None:
        return None
    code = unit + (exponent or "") + annotation
    if number is None or number == "1":
        return code
    return _counted(number.replace(",", "."), unit, code) if below else None


def _counted(number: str, unit: str, code: str) -> str | None:
    """``/24h`` is ``/(24.h)``; ``/100 mL`` is ``/dL``, for UCUM takes whole numbers only."""
    if number == "100" and unit == "mL":
        return code.replace("mL", "dL", 1)
    if number == "1000" and unit == "mL":
        return code.replace("mL", "L", 1)
    if not number.isdigit():
        return None
    if unit.startswith("{"):
        return f"{number}{unit}"
    return f"({number}.{code})"


def _annotation(note: str | None) -> str | None:
    if not note:
        return ""
    words = note.strip().rstrip(".").strip()
    if words not in _NOTES:
        return None
    return f"{{{_NOTES[words]}}}" if _NOTES[words] else ""
