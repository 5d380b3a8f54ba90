"""How the axes of a request and of a LOINC term agree: specimen, kind of quantity, calculation, time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BLOOD = frozenset({"", "blood", "serum", "venous"})
_NEAR = {
    "blood": {"": 0.0, "serum": 0.0, "venous": 0.0, "capillary": -0.1, "arterial": -0.1},
    "serum": {"": 0.0, "blood": -0.03, "venous": -0.05},
    "plasma": {"": 0.0, "serum": 0.0, "blood": -0.03, "venous": -0.05},
    "arterial": {"blood": -0.05, "": -0.05, "serum": -0.3},
    "capillary": {"blood": -0.05, "": -0.05, "serum": -0.3},
    "venous": {"blood": -0.02, "": 0.0, "serum": -0.05},
    "urine": {"": -0.1},
    "rbc": {"": -0.05, "blood": -0.2},
    "other": {"special": -0.05, "synovial": -0.1, "pleural": -0.1, "peritoneal": -0.1, "amniotic": -0.1},
}
_SILENT = {"arterial": -0.12, "capillary": -0.12}
OTHER_SPECIMEN = -0.6
UNSAID_SPECIMEN = -0.3
IN_CONCEPT_ONLY = ("calculated", "clearance", "ratio", "post-meal", "fasting", "trough", "peak", "challenge", "foetal",
                   "control")  # fmt: skip
"""Facts of a term that the label does not tell: another quantity, or one that the label is not sure to be."""
IN_LABEL_ONLY = ("clearance", "ratio", "post-meal", "calculated", "challenge", "foetal")
"""Facts of a label that the term lacks."""
SOFT_IN_LABEL = ("fasting", "trough", "peak", "timed")
NOT_QUANTITIES = {"presence": -0.05, "titre": -0.08, "interpretation": -0.1, "identifier": -0.1, "type": -0.08,
                  "mass/time": -0.12, "moles/time": -0.12, "activity/time": -0.12, "number/area": -0.08}  # fmt: skip
MARKERS = {
    "immunoglobulin class": ("igg", "igm", "iga", "ige", "igd"),
    "antigen/antibody": ("ag", "ab"),
    "nucleic acid": ("dna", "rna"),
    "free/total": ("fr", "conjugat", "conjugated", "direct", "indirect", "ionised", "ionized", "bound", "bioavailabl"),
    "fraction": ("hdl", "ldl", "vldl", "alfa", "beta", "gama", "mb", "capa", "lambda", "non"),
}
"""Words that must stand on both sides, by what they tell apart."""


def specimen_score(asked: str, term: str) -> float:
    """How well the specimen of a term suits what was asked: 0 at best; a silent label means blood."""
    if asked == term:
        return 0.0
    if not asked:
        return 0.0 if term in BLOOD else _SILENT.get(term, UNSAID_SPECIMEN)
    return _NEAR.get(asked, {}).get(term, OTHER_SPECIMEN)


def kind_score(asked: tuple[str, ...], term: tuple[str, ...], flags: Iterable[str]) -> float:
    """How well the kind of quantity of a term suits the unit given, the first of ``asked`` being the likeliest."""
    if asked:
        if not term:
            return -0.02
        best = min((place for place, kind in enumerate(asked) if kind in term), default=-1)
        return -0.5 if best < 0 else 0.1 - 0.04 * best
    return _usual(term[0], frozenset(flags)) if term else 0.0


def _usual(kind: str, flags: frozenset[str]) -> float:
    """How likely a kind of quantity is when no unit is given: what the lexicon and the label say, else any quantity."""
    if kind in flags or ("either" in flags and kind in {"fraction", "moles/moles"}):
        return 0.04
    unlikely = 0.0 if "/" in kind or kind in _PLAIN else -0.15
    return NOT_QUANTITIES.get(kind, unlikely)


_PLAIN = frozenset(
    {"fraction", "ratio", "time", "volume", "mass", "pressure", "number", "velocity", "temperature", "ph"}
)


_QUOTIENTS = (("fraction",), ("ratio",))


def flag_conflicts(asked: frozenset[str], term: frozenset[str], kinds: tuple[str, ...]) -> list[str]:
    """Name the facts on which a label and a term disagree."""
    found = [name for name in IN_CONCEPT_ONLY if name in term and name not in asked]
    found += [name for name in IN_LABEL_ONLY if name in asked and name not in term]
    if "ratio" in found and "ratio" not in term and ("fraction" in term or kinds[:1] in _QUOTIENTS):
        found.remove("ratio")
    if "clearance" in asked and "clearance" in term and "calculated" in found:
        # A formula is how filtration is estimated: nobody writes so.
        found.remove("calculated")
    if {name for name in asked if name.startswith("hour-")} != {name for name in term if name.startswith("hour-")}:
        found.append("time")
    if "measured" in asked and "calculated" in term:
        found.append("calculated")
    if "fraction" in asked and kinds and kinds[0] not in {"fraction", "ratio", "volume/volume", "mass/mass"}:
        found.append("percent/absolute")
    if "absolute" in asked and kinds and kinds[0] == "fraction":
        found.append("percent/absolute")
    return sorted(set(found))


def is_inverted(asked: Sequence[str], term: Sequence[str]) -> bool:
    """Tell whether two quotients hold the same words in another order: LDL/HDL is not HDL/LDL."""
    common = [word for word in term if word in asked]
    return sorted(common, key=list(asked).index) != common


def flag_score(asked: frozenset[str], term: frozenset[str], kinds: tuple[str, ...]) -> float:
    """What the disagreements and the unsaid method cost."""
    score = -0.25 * len(flag_conflicts(asked, term, kinds))
    if asked & {"calculated"} and "calculated" in term:
        score += 0.05
    score += 0.08 * sum(name in asked and name in term for name in ("fasting", "trough", "peak"))
    score += sum(0.06 if name in asked else -0.04 for name in ("sensitive", "measured") if name in term)
    score -= 0.02 * sum(name in asked and name not in term for name in SOFT_IN_LABEL)
    if "timed" in term and "timed" not in asked:
        score -= 0.08
    if "fraction" in term and not asked & {"fraction", "either"}:
        score -= 0.08
    if "automated" in term:
        score += 0.01
    elif "method" in term:
        score -= 0.03
    return score


def word_conflicts(asked: frozenset[str], required: frozenset[str], optional: frozenset[str]) -> list[str]:
    """Name what tells two analytes apart and stands on one side only: numbers, classes, fractions."""
    extra, lacking = asked - required - optional, required - asked
    found = ["number"] if any(word.isdigit() or len(word) == 1 for word in extra | lacking) else []
    for name, words in MARKERS.items():
        if any(word in extra or word in lacking for word in words):
            found.append(name)
    return sorted(set(found))
