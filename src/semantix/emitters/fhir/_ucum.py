"""Whether a unit, as a source wrote it, is UCUM: a FHIR Quantity may then give it as its code.

Source: The Unified Code for Units of Measure, version 2.1, sections 1 to 4. The atoms are those of the tables that
clinical documents use; an atom missing here only costs the machine-readable code, never the unit as written.
"""

from __future__ import annotations

import re

_PREFIXES = ("da", "Ki", "Mi", *"YZEPTGMkhdcmunpfazy")
_METRIC = frozenset(
    [
        "m",
        "s",
        "g",
        "rad",
        "K",
        "cd",
        "C",
        "mol",
        "sr",
        "Hz",
        "N",
        "Pa",
        "J",
        "W",
        "A",
        "V",
        "F",
        "Ohm",
        "S",
        "Wb",
        "Cel",
        "T",
        "H",
        "lm",
        "lx",
        "Bq",
        "Gy",
        "Sv",
        "L",
        "l",
        "ar",
        "t",
        "bar",
        "u",
        "eV",
        "pc",
        "[iU]",
        "[IU]",
        "U",
        "kat",
        "eq",
        "osm",
        "cal",
        "B",
        "Np",
        "bit",
        "By",
        "R",
        "P",
        "Ci",
        "G",
        "st",
        "kp",
        "m[H2O]",
        "m[Hg]",
        "g%",
        "b",
        "att",
        "mho",
        "Bd",
        "tex",
        "dyn",
        "erg",
        "Mx",
        "Gb",
        "Oe",
        "B[SPL]",
        "[U]",
    ]
)
_PLAIN = frozenset(
    [
        "%",
        "[ppth]",
        "[ppm]",
        "[ppb]",
        "[pptr]",
        "10*",
        "10^",
        "[pi]",
        "deg",
        "'",
        "''",
        "gon",
        "min",
        "h",
        "d",
        "a",
        "wk",
        "mo",
        "mo_s",
        "mo_j",
        "mo_g",
        "a_t",
        "a_j",
        "a_g",
        "[in_i]",
        "[ft_i]",
        "[yd_i]",
        "[lb_av]",
        "[oz_av]",
        "[degF]",
        "[pH]",
        "[drp]",
        "[Ch]",
        "[diop]",
        "[arb'U]",
        "[cfu']",
        "[CFU]",
        "[CCID_50]",
        "[TCID_50]",
        "[PFU]",
        "[FFU]",
        "[EU]",
        "[ELU]",
        "[hp'_X]",
        "[hp'_C]",
        "[MPL'U]",
        "[GPL'U]",
        "[APL'U]",
        "[beth'U]",
        "[anti'Xa'U]",
        "[hnsf'U]",
        "[mclg'U]",
        "[todd'U]",
        "[dye'U]",
        "[USP'U]",
        "[ka'U]",
        "[bdsk'U]",
        "[knk'U]",
        "[AU]",
        "[BAU]",
        "[Lf]",
        "[PNU]",
        "[IR]",
        "[HPF]",
        "[LPF]",
        "[MET]",
        "[g]",
        "[c]",
        "[car_m]",
        "[arb'U]",
        "[smgy'U]",
        "[Amb'a'1'U]",
        "[D'ag'U]",
        "[cal]",
        "[Cal]",
        "[tbs_us]",
        "[tsp_us]",
        "[cup_us]",
        "[gal_us]",
        "[pt_us]",
        "[foz_us]",
        "[mi_i]",
        "[RFU]",
        "[CAE'U]",
        "[drp]",
        "[kn_i]",
        "[psi]",
        "[PRU]",
        "[wood'U]",
    ]
)
_TOKEN = re.compile(
    r"(?P<atom>(?:10[*^]|\d+|[^\s./(){}\[\]+\-\d]*(?:\[[!-Z\\^-~]+\][^\s./(){}\[\]+\-\d]*)*))(?P<exp>[+-]?\d+)?(?:\{[!-z|~]*\})?"
)
_SHAPE = re.compile(r"/?[^\s]+")


def is_ucum(unit: str) -> bool:
    """True for a syntactically valid UCUM unit made of known atoms (case sensitive)."""
    if not unit.isascii() or not _SHAPE.fullmatch(unit):
        return False
    depth = unit.count("(") - unit.count(")")
    if depth:
        return False
    body = unit.removeprefix("/").replace("(", "").replace(")", "")
    return bool(body) and all(_is_component(part) for part in _split(body))


def _split(unit: str) -> list[str]:
    """Components between ``.`` and ``/``, annotations and brackets kept whole."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(unit):
        if char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
        elif char in "./" and depth == 0:
            parts.append(unit[start:i])
            start = i + 1
    parts.append(unit[start:])
    return parts


def _is_component(part: str) -> bool:
    match = _TOKEN.fullmatch(part)
    if not match or not part:
        return False
    atom = match["atom"]
    if not atom:
        return "{" in part and match["exp"] is None
    if atom.isdigit():
        # A bare number is UCUM, but a source that writes one as unit means something else (an EDQM code).
        return match["exp"] is None and len(atom) < 4
    return atom in _PLAIN or atom in _METRIC or any(atom.startswith(p) and atom[len(p) :] in _METRIC for p in _PREFIXES)
