"""Any spelling of a unit to UCUM: a curated table first, then a small grammar. Pure functions over :class:`Units`.

Case matters in UCUM (``G`` is giga or gauss, ``g`` a gram) and hardly in what laboratories write. A spelling that may
mean two things gives the usual one as ``code`` and the others as ``alternatives``; the analyte settles
(:func:`settle`). What cannot be read gives no code and a reason, never a near one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from urllib.parse import unquote

from msgspec import Struct

from semantix.terminology import ucum
from semantix.terminology.text import repair
from semantix.terminology.unit_grammar import parse_unit

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = re.compile(r"(?<=10)([⁰¹²³⁴-⁹⁻]+)")
_SIGNS = str.maketrans({"µ": "u", "μ": "u", "×": "x", "·": ".", "∙": ".", "⁄": "/", "÷": "/", "º": "°", "˚": "°"})
_TAG = re.compile(r"<su[pb]>(-?\d+)</su[pb]>", re.IGNORECASE)
_LOST_MICRO = re.compile(r"^[?\ufffd](?=(?:mol|g|l|kat|ui|iu|u|m)\b|(?:mol|g)/)", re.IGNORECASE)
_BLANK = re.compile(r"\s+")
_DOTTED_POWER = re.compile(r"^x?10\.(3|6|9|12)(?=/)")


class UnitReading(Struct, frozen=True):
    """What a spelling means. ``code`` is UCUM or ``None``; ``how`` is ``table``, ``code``, ``grammar`` or empty.

    ``alternatives`` are other codes that the same spelling is used for; ``reason`` explains an absent code or a doubt.
    """

    code: str | None
    how: str = ""
    alternatives: tuple[str, ...] = ()
    reason: str = ""


class Units(Struct, frozen=True):
    """The curated spellings: ``exact`` keys keep their case, ``folded`` ones mean one thing in any case."""

    exact: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, ...]]

    @classmethod
    def build(cls, rows: Iterable[tuple[str, str]]) -> Units:
        """Index (spelling, UCUM code) rows; the first code given for a spelling is the usual one."""
        exact: dict[str, tuple[str, ...]] = {}
        for spelling, code in rows:
            key = spelling_key(spelling)
            if code not in exact.get(key, ()):
                exact[key] = (*exact.get(key, ()), code)
        folded: dict[str, set[tuple[str, ...]]] = {}
        for key, codes in exact.items():
            folded.setdefault(key.lower(), set()).add(codes)
        single = {key: next(iter(codes)) for key, codes in folded.items() if len(codes) == 1}
        return cls(MappingProxyType(exact), MappingProxyType(single))

    def read(self, text: str) -> UnitReading:
        """Read a unit as someone wrote it; the same text always gives the same reading."""
        key = spelling_key(text)
        if not key:
            return UnitReading(None, reason="no unit")
        codes = self.exact.get(key)
        how = "table"
        if codes is None:
            written = next((form for form in (text.strip(), key) if is_laboratory_code(form)), None)
            codes, how = ((canonical_code(written),) if written else None), "code"
        if codes is None:
            codes, how = self.folded.get(key.lower()), "table"
        if codes is None:
            parsed = parse_unit(key)
            codes, how = ((parsed,) if parsed is not None and ucum.size_of(parsed) else None), "grammar"
        if codes is None:
            return UnitReading(None, reason="this spelling is in no table and is not made of known units")
        others = codes[1:] or _other_sense(codes[0], key)
        reason = f"also written for {' or '.join(others)}: the analyte settles" if others else ""
        if _LOST_MICRO.match(text.strip()):
            reason = "the micro sign was lost and is put back"
        return UnitReading(codes[0], how, others, reason)

    def ucum(self, text: str) -> str | None:
        """Return the UCUM code that a spelling usually means, or ``None``."""
        return self.read(text).code


def parse_units(lines: Iterable[str]) -> Units:
    """Build from the lines of ``mappings/tables/units__ucum.sssom.tsv``; rows with a ``Not`` modifier are left out.

    The confidence of a row orders the meanings of one spelling.
    """
    body = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]
    header = body[0]
    rows = [dict(zip(header, cells, strict=False)) for cells in body[1:]]
    kept = [row for row in rows if not row.get("predicate_modifier")]
    kept.sort(key=lambda row: (-float(row.get("confidence") or 0), row["subject_label"], row["object_id"]))
    # A CURIE may not hold brackets nor a per cent sign: they are percent-encoded.
    return Units.build((row["subject_label"], unquote(row["object_id"].removeprefix("UCUM:"))) for row in kept)


def spelling_key(text: str) -> str:
    """Make spellings comparable without losing case: signs made plain, blanks removed but between digits and words."""
    plain = _TAG.sub(r"^\1", repair(text)).strip()
    plain = _RAISED.sub(lambda found: "*" + found[0].translate(_SUPERSCRIPTS), plain)
    plain = _LOST_MICRO.sub("u", plain.translate(_SUPERSCRIPTS).translate(_SIGNS))
    plain = _BLANK.sub(" ", plain.strip(" *")).strip()
    while len(plain) > 1 and ((plain[0], plain[-1]) in (("(", ")"), ("[", "]"))) and plain.count(plain[0]) == 1:
        plain = plain[1:-1].strip()
    plain = re.sub(r"\s*([/*^.])\s*", r"\1", plain).rstrip(".,;:")
    return _DOTTED_POWER.sub(r"10*\1", plain)


def _other_sense(code: str, key: str) -> tuple[str, ...]:
    if code in {"10*9/L", "g/L"}:
        return (("g/L" if code == "10*9/L" else "10*9/L"),) if key.lower() == "g/l" else ()
    other = _OTHER_SENSE.get(code)
    return (other,) if other else ()


# Enzymes are often written in international units, and hormones in enzyme units.
_OTHER_SENSE = MappingProxyType(
    {
        "[IU]/L": "U/L",
        "U/L": "[IU]/L",
        "m[IU]/mL": "mU/mL",
        "mU/mL": "m[IU]/mL",
        "m[IU]/L": "mU/L",
        "mU/L": "m[IU]/L",
        "[IU]/mL": "U/mL",
        "U/mL": "[IU]/mL",
        "k[IU]/L": "kU/L",
        "kU/L": "k[IU]/L",
        "u[IU]/mL": "uU/mL",
        "uU/mL": "u[IU]/mL",
    }
)
_LABORATORY_ATOM = re.compile(
    r"(?:[kdcmunpf]?(?:g|mol|L|l|kat|eq|osm|Pa|m|s|m\[Hg\]|m\[H2O\]|\[IU\]|\[iU\]|bar|V|A)|[kmun]?U|Cel|min|h|d|wk|mo|a|%|"
    r"k?cal|10[*^]|[A-Za-z]?Hz|[mk]?Bq|\[[A-Za-z][^\]\s]*\])"
)
_PIECE = re.compile(r"\{[^}\s]*\}|[./()]")


def is_laboratory_code(text: str) -> bool:
    """Tell whether a text is UCUM as it stands and made of atoms that health records use.

    ``PG/ML`` (petagauss per megalitre) is UCUM too, and never what anybody meant.
    """
    if ucum.size_of(text) is None:
        return False
    pieces = [re.sub(r"(?<=[^\d*^])[+-]?\d+$", "", piece) for piece in _PIECE.split(text)]
    pieces = [re.sub(r"^(10[*^])[+-]?\d+$", r"\1", piece) for piece in pieces if piece]
    return all(piece.isdigit() or _LABORATORY_ATOM.fullmatch(piece) for piece in pieces)


def canonical_code(code: str) -> str:
    """Write a UCUM code the one way of the project: ``L`` for litre, ``[IU]``, ``10*``."""
    code = code.replace("[iU]", "[IU]").replace("10^", "10*")
    return re.sub(r"(?<![A-Za-z{\[])([kdcmunpf]?)l(?![A-Za-z\]}])", r"\1L", code)


# --- quantities -------------------------------------------------------------------------------------------


def commensurable(left: str, right: str) -> bool:
    """Tell whether two UCUM codes measure one kind of quantity; annotations say nothing of it."""
    a, b = ucum.size_of(left), ucum.size_of(right)
    return a is not None and b is not None and a.dimension == b.dimension


def factor(left: str, right: str) -> Fraction | None:
    """Return by what a value in ``left`` is multiplied to be in ``right``, exactly.

    ``None`` when the two do not measure the same quantity, or when a scale has a zero of its own (``Cel``, ``[degF]``).
    """
    a, b = ucum.size_of(left), ucum.size_of(right)
    if a is None or b is None or a.dimension != b.dimension:
        return None
    if left != right and (ucum.is_special(left) or ucum.is_special(right)):
        return None
    return a.factor / b.factor


KINDS: Mapping[ucum.Dimension, str] = MappingProxyType(
    {
        (("g", 1), ("m", -3)): "mass/volume",
        (("m", -3), ("mol", 1)): "moles/volume",
        (("eq", 1), ("m", -3)): "moles/volume",
        (("m", -3),): "number/volume",
        (("m", -3), ("mol", 1), ("s", -1)): "activity/volume",
        (("[IU]", 1), ("m", -3)): "activity/volume",
        (("[U]", 1), ("m", -3)): "activity/volume",
        (("[CFU]", 1), ("m", -3)): "number/volume",
        (("g", 1), ("s", -1)): "mass/time",
        (("mol", 1), ("s", -1)): "moles/time",
        (("eq", 1), ("s", -1)): "moles/time",
        (("s", -1),): "number/time",
        (("mol", 1), ("s", -2)): "activity/time",
        (("[IU]", 1), ("s", -1)): "activity/time",
        (("m", 3), ("s", -1)): "volume/time",
        (("m", 1), ("s", -1)): "velocity",
        (("g", -1), ("mol", 1)): "moles/mass",
        (("g", 1), ("mol", -1)): "mass/moles",
        (("g", -1), ("mol", 1), ("s", -1)): "activity/mass",
        (("[IU]", 1), ("g", -1)): "activity/mass",
        (("g", -1),): "number/mass",
        (("g", 1),): "mass",
        (("mol", 1),): "moles",
        (("m", 3),): "volume",
        (("m", 1),): "length",
        (("s", 1),): "time",
        (("K", 1),): "temperature",
        (("g", 1), ("m", -1), ("s", -2)): "pressure",
        (("[pH]", 1),): "ph",
        (("g", -1), ("osm", 1)): "osmolality",
        (("m", -3), ("osm", 1)): "osmolarity",
        (("g", 1), ("m", -2)): "mass/area",
        (("[HPF]", -1),): "number/area",
        (("[LPF]", -1),): "number/area",
    }
)
"""The kind of quantity of a dimension, in the words of :mod:`semantix.terminology.labs`."""


def kind_of(code: str) -> str:
    """Name the kind of quantity that a UCUM code measures (``mass/volume``, ``fraction``, ``ratio``...), or ``""``.

    Pure numbers are told apart by how they are written: ``%`` is a fraction, ``mg/g`` a mass ratio.
    """
    size = ucum.size_of(code)
    if size is None:
        return ""
    if size.dimension:
        return KINDS.get(size.dimension) or _arbitrary_kind(size.dimension)
    plain = re.sub(r"\{[^}]*\}", "", code)
    for kind, written in _NUMBERS:
        if written.search(plain):
            return kind
    return "ratio"


_NUMBERS = (
    ("moles/moles", re.compile("mol")),
    ("mass/mass", re.compile(r"(?<![a-z])[kdcmunp]?g(?![a-z])")),
    ("volume/volume", re.compile(r"(?<![a-z])[kdcmunp]?L(?![a-z])")),
    ("fraction", re.compile(r"^(?:%|\[ppth\]|/100)")),
    ("number", re.compile(r"^10\*")),
)


def _arbitrary_kind(dimension: ucum.Dimension) -> str:
    if len(dimension) == 2 and ("m", -3) in dimension and any(name[0] == "[" for name, _ in dimension):
        return "activity/volume"
    return "arbitrary" if any(name[0] == "[" for name, _ in dimension) else ""


def settle(reading: UnitReading, kinds: Iterable[str]) -> str | None:
    """Choose among the meanings of a spelling the first whose kind of quantity the analyte is measured in."""
    wanted = frozenset(kinds)
    codes = [code for code in (reading.code, *reading.alternatives) if code]
    return next((code for code in codes if kind_of(code) in wanted), None)
