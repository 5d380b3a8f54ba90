"""What a UCUM code means: its dimension and its size, exactly. Pure functions.

Source: The Unified Code for Units of Measure, version 2.1, sections 2 to 4. Two departures, both on the side of
caution: the mole is a dimension of its own (UCUM makes it a number), and so are the equivalent, the osmole and every
arbitrary unit (``[IU]``, ``[arb'U]``...): they convert into nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from msgspec import Struct

Dimension = tuple[tuple[str, int], ...]
"""Base dimensions with their exponents, sorted; empty for a pure number."""


class Size(Struct, frozen=True):
    """A unit as a multiple of base units: metre, gram, second, mole, kelvin, candela, coulomb, radian, arbitrary."""

    factor: Fraction
    dimension: Dimension


PREFIXES: Mapping[str, int] = MappingProxyType(
    {
        "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
        "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
    }
)  # fmt: skip
"""Decimal prefixes, by code."""

_PA = ({"g": 1, "m": -1, "s": -2}, Fraction(1000))
_J = ({"g": 1, "m": 2, "s": -2}, Fraction(1000))
_DAY = 86400
_METRIC: dict[str, tuple[dict[str, int], Fraction | int]] = {
    "m": ({"m": 1}, 1),
    "s": ({"s": 1}, 1),
    "g": ({"g": 1}, 1),
    "rad": ({"rad": 1}, 1),
    "K": ({"K": 1}, 1),
    "Cel": ({"K": 1}, 1),
    "cd": ({"cd": 1}, 1),
    "C": ({"C": 1}, 1),
    "mol": ({"mol": 1}, 1),
    "eq": ({"eq": 1}, 1),
    "osm": ({"osm": 1}, 1),
    "sr": ({"rad": 2}, 1),
    "Hz": ({"s": -1}, 1),
    "N": ({"g": 1, "m": 1, "s": -2}, 1000),
    "Pa": _PA,
    "J": _J,
    "W": ({"g": 1, "m": 2, "s": -3}, 1000),
    "A": ({"C": 1, "s": -1}, 1),
    "V": ({"g": 1, "m": 2, "s": -2, "C": -1}, 1000),
    "F": ({"g": -1, "m": -2, "s": 2, "C": 2}, Fraction(1, 1000)),
    "Ohm": ({"g": 1, "m": 2, "s": -1, "C": -2}, 1000),
    "S": ({"g": -1, "m": -2, "s": 1, "C": 2}, Fraction(1, 1000)),
    "Wb": ({"g": 1, "m": 2, "s": -1, "C": -1}, 1000),
    "T": ({"g": 1, "s": -1, "C": -1}, 1000),
    "H": ({"g": 1, "m": 2, "C": -2}, 1000),
    "lm": ({"cd": 1, "rad": 2}, 1),
    "lx": ({"cd": 1, "rad": 2, "m": -2}, 1),
    "Bq": ({"s": -1}, 1),
    "Ci": ({"s": -1}, 37_000_000_000),
    "Gy": ({"m": 2, "s": -2}, 1),
    "Sv": ({"m": 2, "s": -2}, 1),
    "RAD": ({"m": 2, "s": -2}, Fraction(1, 100)),
    "REM": ({"m": 2, "s": -2}, Fraction(1, 100)),
    "R": ({"C": 1, "g": -1}, Fraction(258, 1_000_000_000)),
    "L": ({"m": 3}, Fraction(1, 1000)),
    "l": ({"m": 3}, Fraction(1, 1000)),
    "ar": ({"m": 2}, 100),
    "t": ({"g": 1}, 1_000_000),
    "bar": ({"g": 1, "m": -1, "s": -2}, 100_000_000),
    "u": ({"g": 1}, Fraction("1.66053906660e-24")),
    "eV": ({"g": 1, "m": 2, "s": -2}, Fraction("1.602176634e-16")),
    "dyn": ({"g": 1, "m": 1, "s": -2}, Fraction(1, 100)),
    "erg": ({"g": 1, "m": 2, "s": -2}, Fraction(1, 10_000)),
    "P": ({"g": 1, "m": -1, "s": -1}, 100),
    "G": ({"g": 1, "s": -1, "C": -1}, Fraction(1, 10)),
    "[iU]": ({"[IU]": 1}, 1),
    "[IU]": ({"[IU]": 1}, 1),
    "[U]": ({"[U]": 1}, 1),
    "U": ({"mol": 1, "s": -1}, Fraction(1, 60_000_000)),
    "kat": ({"mol": 1, "s": -1}, 1),
    "cal": ({"g": 1, "m": 2, "s": -2}, Fraction(4184)),
    "m[H2O]": ({"g": 1, "m": -1, "s": -2}, 9_806_650),
    "m[Hg]": ({"g": 1, "m": -1, "s": -2}, Fraction("133322387.415")),
    "B": ({"B": 1}, 1),
    "Np": ({"Np": 1}, 1),
    "bit": ({}, 1),
    "By": ({}, 8),
    "g%": ({"g": 1, "m": -3}, 10_000),
}
_PLAIN: dict[str, tuple[dict[str, int], Fraction | int]] = {
    "%": ({}, Fraction(1, 100)),
    "[ppth]": ({}, Fraction(1, 1000)),
    "[ppm]": ({}, Fraction(1, 10**6)),
    "[ppb]": ({}, Fraction(1, 10**9)),
    "[pptr]": ({}, Fraction(1, 10**12)),
    "10*": ({}, 10),
    "10^": ({}, 10),
    "deg": ({"rad": 1}, Fraction("0.01745329251994329577")),
    "'": ({"rad": 1}, Fraction("0.01745329251994329577") / 60),
    "''": ({"rad": 1}, Fraction("0.01745329251994329577") / 3600),
    "min": ({"s": 1}, 60),
    "h": ({"s": 1}, 3600),
    "d": ({"s": 1}, _DAY),
    "wk": ({"s": 1}, 7 * _DAY),
    "mo": ({"s": 1}, Fraction("30.4375") * _DAY),
    "mo_j": ({"s": 1}, Fraction("30.4375") * _DAY),
    "a": ({"s": 1}, Fraction("365.25") * _DAY),
    "a_j": ({"s": 1}, Fraction("365.25") * _DAY),
    "[in_i]": ({"m": 1}, Fraction("0.0254")),
    "[in_us]": ({"m": 1}, Fraction(100, 3937)),
    "[ft_i]": ({"m": 1}, Fraction("0.3048")),
    "[ft_us]": ({"m": 1}, Fraction(1200, 3937)),
    "[yd_i]": ({"m": 1}, Fraction("0.9144")),
    "[mi_i]": ({"m": 1}, Fraction("1609.344")),
    "[mi_us]": ({"m": 1}, Fraction(6336000, 3937)),
    "[sin_i]": ({"m": 2}, Fraction("0.0254") ** 2),
    "[sft_i]": ({"m": 2}, Fraction("0.3048") ** 2),
    "[syd_i]": ({"m": 2}, Fraction("0.9144") ** 2),
    "[cin_i]": ({"m": 3}, Fraction("0.0254") ** 3),
    "[lb_av]": ({"g": 1}, Fraction("453.59237")),
    "[lb_tr]": ({"g": 1}, Fraction("373.2417216")),
    "[oz_av]": ({"g": 1}, Fraction("28.349523125")),
    "[oz_tr]": ({"g": 1}, Fraction("31.1034768")),
    "[dr_av]": ({"g": 1}, Fraction("1.7718451953125")),
    "[gr]": ({"g": 1}, Fraction("0.06479891")),
    "[ston_av]": ({"g": 1}, Fraction("907184.74")),
    "[stone_av]": ({"g": 1}, Fraction("6350.29318")),
    "[car_m]": ({"g": 1}, Fraction(1, 5)),
    "[degF]": ({"K": 1}, Fraction(5, 9)),
    "[foz_us]": ({"m": 3}, Fraction("0.0000295735295625")),
    "[tsp_us]": ({"m": 3}, Fraction("0.00000492892159375")),
    "[tbs_us]": ({"m": 3}, Fraction("0.00001478676478125")),
    "[cup_us]": ({"m": 3}, Fraction("0.0002365882365")),
    "[pt_us]": ({"m": 3}, Fraction("0.000473176473")),
    "[qt_us]": ({"m": 3}, Fraction("0.000946352946")),
    "[gal_us]": ({"m": 3}, Fraction("0.003785411784")),
    "atm": ({"g": 1, "m": -1, "s": -2}, 101_325_000),
    "[psi]": ({"g": 1, "m": -1, "s": -2}, Fraction("6894757.293168")),
    "[g]": ({"m": 1, "s": -2}, Fraction("9.80665")),
    "[Cal]": ({"g": 1, "m": 2, "s": -2}, Fraction(4_184_000)),
    "[CFU]": ({"[CFU]": 1}, 1),
    "[cfu'U]": ({"[CFU]": 1}, 1),
}
_SPECIAL = frozenset({"Cel", "K", "[degF]", "[pH]", "B", "Np"})
_ARBITRARY = re.compile(r"\[[A-Za-z][A-Za-z0-9_' ]*\]")
# Arbitrary units that take a prefix, beyond [IU] and [U].
_METRIC_ARBITRARY = frozenset({"[EID_50]"})
_ANNOTATION = re.compile(r"\{[!-z|~]+\}")
_COMPONENT = re.compile(r"(?P<atom>10[*^]|\d+|(?:[^\s./(){}\[\]+\-\d]|\[[^\]\s]*\])+)(?P<exponent>[+-]?\d+)?")


class _Parser:
    """Recursive descent over one code; ``None`` from any step means "not UCUM"."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.place = 0

    def term(self, depth: int = 0) -> Size | None:
        total = Size(Fraction(1), ())
        sign = 1
        if self._take("/"):
            sign = -1
        while True:
            part = self._component(depth)
            if part is None:
                return None
            total = multiply(total, part, sign)
            if self._take("."):
                sign = 1
            elif self._take("/"):
                sign = -1
            else:
                return total

    def _component(self, depth: int) -> Size | None:
        if self._take("("):
            inside = self.term(depth + 1) if depth < 8 else None
            return inside if inside is not None and self._take(")") else None
        found = _COMPONENT.match(self.code, self.place)
        size: Size | None = Size(Fraction(1), ())
        if found:
            self.place = found.end()
            size = _power(_atom(found["atom"]), found["exponent"])
        note = _ANNOTATION.match(self.code, self.place)
        if note:
            self.place = note.end()
        return size if found or note else None

    def _take(self, char: str) -> bool:
        if self.code.startswith(char, self.place):
            self.place += 1
            return True
        return False


def size_of(code: str) -> Size | None:
    """Return what a UCUM code (case sensitive) is worth, or ``None`` when it is not one."""
    if not code or not code.isascii() or len(code) > 100:
        return None
    parser = _Parser(code)
    size = parser.term()
    return size if parser.place == len(code) else None


def multiply(left: Size, right: Size, sign: int = 1) -> Size:
    """Return ``left`` times (or, with ``sign`` -1, divided by) ``right``."""
    exponents = dict(left.dimension)
    for name, exponent in right.dimension:
        exponents[name] = exponents.get(name, 0) + sign * exponent
    kept = tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))
    return Size(left.factor * right.factor**sign, kept)


def is_special(code: str) -> bool:
    """Tell whether a unit has a zero or a scale of its own (``Cel``, ``[degF]``): no factor converts it."""
    return code in _SPECIAL


def _power(size: Size | None, exponent: str | None) -> Size | None:
    if size is None or exponent is None:
        return size
    power = int(exponent)
    if not -30 <= power <= 30:
        return None
    raised = tuple((name, value * power) for name, value in size.dimension if power)
    return Size(size.factor**power, raised)


def _atom(text: str) -> Size | None:
    if text.isdigit():
        return Size(Fraction(int(text)), ()) if len(text) < 7 and int(text) else None
    known = _PLAIN.get(text) or _METRIC.get(text)
    if known is None and _ARBITRARY.fullmatch(text):
        known = ({text: 1}, Fraction(1))
    if known is not None:
        return Size(Fraction(known[1]), tuple(sorted(known[0].items())))
    for prefix, power in PREFIXES.items():
        rest = text[len(prefix) :]
        if text.startswith(prefix) and (rest in _METRIC or rest in _METRIC_ARBITRARY):
            exponents, factor = _METRIC.get(rest, ({rest: 1}, Fraction(1)))
            scaled = Fraction(factor) * Fraction(10) ** power
            return Size(scaled, tuple(sorted(exponents.items())))
    return None
