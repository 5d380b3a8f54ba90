"""English LOINC names taken apart into the same pieces as French labels. Pure functions.

Source: LOINC Users' Guide, the six axes of a term and how long common names are built from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from semantix.terminology.labs import root, tokens
from semantix.terminology.text import fold


class LoincName(Struct, frozen=True):
    """A name taken apart: ``words`` must be found, ``optional`` ones may be; ``kinds`` are kinds of quantity."""

    words: tuple[str, ...]
    optional: tuple[str, ...]
    specimen: str
    kinds: tuple[str, ...]
    flags: frozenset[str]


_BRACKET = re.compile(r"\s*\[([^\]]*)\]")
_METHOD = re.compile(r"\s+by\s+(.*)$")
_SYSTEM = re.compile(
    r"\s+(?:in|of|on|from)\s+(?=(?:\d+ hour |Arterial|Venous|Capillary|Cord|Platelet|Cerebral|Control|Red Blood|Bone|"
    r"Amniotic|Body|Synovial|Pleural|Peritoneal|Pericardial|Unspecified|Exhaled|Gastric|Serum|Plasma|Blood|Urine|Stool|"
    r"Saliva|Semen|Tissue|Throat|Nose|Sputum|Vaginal|Cervix|Genital|Isolate|Eye|Skin|Urethra|Specimen|Bronch|Lower|Upper|"
    r"Nasopharynx|Anal|Anorectal|Food|Milk|Stone|Leukocytes|Hair|Nail|Respiratory|Aspirate|Duodenal|Meconium|Placenta|DBS)"
    r")"
)
_KINDS = {
    "mass/volume": ("mass/volume",),
    "moles/volume": ("moles/volume",),
    "units/volume": ("activity/volume",),
    "enzymatic activity/volume": ("activity/volume",),
    "#/volume": ("number/volume",),
    "log #/volume": ("number/volume",),
    "mass ratio": ("mass/mass", "mass/moles", "ratio", "fraction"),
    "molar ratio": ("moles/moles", "mass/moles", "ratio"),
    "ratio": ("ratio", "fraction"),
    "mass/time": ("mass/time",),
    "moles/time": ("moles/time",),
    "enzymatic activity/time": ("activity/time",),
    "#/area": ("number/area", "number/volume"),
    "volume fraction": ("fraction", "volume/volume"),
    "entitic volume": ("volume",),
    "entitic mass": ("mass",),
    "mass/mass": ("mass/mass",),
    "moles/mass": ("moles/mass",),
    "enzymatic activity/mass": ("activity/mass",),
    "partial pressure": ("pressure",),
    "time": ("time",),
    "titer": ("titre", "ratio"),
    "presence": ("presence",),
    "volume rate/area": ("volume/time",),
    "flow": ("volume/time",),
    "volume": ("volume",),
    "#": ("number",),
}
_LOINC_SPECIMENS = (
    ("urine", r"urine"),
    ("csf", r"cerebral spinal"),
    ("stool", r"stool|meconium"),
    ("saliva", r"saliva"),
    ("semen", r"semen|seminal"),
    ("synovial", r"synovial"),
    ("pleural", r"pleural"),
    ("peritoneal", r"peritoneal"),
    ("amniotic", r"amniotic"),
    ("marrow", r"marrow"),
    ("sputum", r"sputum"),
    ("special", r"donor|fetus|newborn|cord |control|blood product|maternal|dbs|tissue|platelet rich"),
    ("rbc", r"red blood cells|erythrocytes|reticulocytes"),
    ("arterial", r"arterial"),
    ("capillary", r"capillary"),
    ("venous", r"venous"),
    ("serum", r"serum|plasma"),
    ("blood", r"^blood"),
)
_LOINC_SPECIMEN_RULES = tuple((name, re.compile(rule)) for name, rule in _LOINC_SPECIMENS)


def parse_loinc_name(name: str) -> LoincName:
    """Take an English LOINC long common name apart: component, property, system, method and challenge.

    ``Component [Property] in System by Method --Challenge``; many names have no property, and some components hold
    ``in`` themselves (``Cholesterol in LDL``).
    """
    head, _, challenge = name.partition("--")
    flags: set[str] = set()
    bracket = _BRACKET.search(head)
    quality = bracket[1].lower() if bracket else ""
    method = system = ""
    if bracket:
        head, tail = head[: bracket.start()], head[bracket.end() :]
    else:
        found = _SYSTEM.search(head) or _METHOD.search(head)
        head, tail = (head[: found.start()], head[found.start() :]) if found else (head, "")
    if found := _METHOD.search(tail):
        method, tail = found[1] or "", tail[: found.start()]
    system = re.sub(r"^\s*(?:in|of|on|from)\s+", "", tail).strip()
    component = re.sub(r"\([^()]*\)", " ", head)
    inside = " ".join(re.findall(r"\(([^()]*)\)", head))
    numerator, slash, denominator = component.partition("/")
    kinds = _kinds_of(quality, component, slash, denominator)
    low = fold(f"{head} {method} {challenge} {quality} {system}")
    if slash and not re.match(r"\s*(?:1\.73|normal)", denominator, re.IGNORECASE):
        flags.add("fraction" if kinds[:1] == ("fraction",) else "ratio")
    flags |= {flag for flag, rule in _ENGLISH_RULES if rule.search(low)}
    if "ifcc" in low:
        kinds = ("moles/moles",)
    whole = f"{numerator} {denominator}" if "ratio" in flags else numerator
    extra = f"{inside} {method} {challenge} {denominator}"
    words = tuple(dict.fromkeys(_english(word) for word in tokens(whole) if word not in _ENGLISH_STOP))
    optional = tuple(dict.fromkeys(root(word) for word in tokens(extra)))
    if method:
        flags.add("method")
    if re.match(r"(?:24|12|2|4|6|8|18|48|72|5|1) hour", system):
        flags.add("timed")
    if hour := re.search(r"(\d+) ?(?:hours?|h) post", challenge, re.IGNORECASE):
        flags.add(f"hour-{hour[1]}")
    if challenge:
        flags.add("challenge" if not flags & {"fasting", "post-meal", "trough", "peak"} else "said-challenge")
    return LoincName(words, optional, loinc_specimen(system), kinds, frozenset(flags))


def loinc_specimen(system: str) -> str:
    """Name the family of a LOINC system as a long common name words it; empty when the name has none."""
    low = system.lower()
    if not low:
        return ""
    return next((name for name, rule in _LOINC_SPECIMEN_RULES if rule.search(low)), "special")


def _english(word: str) -> str:
    # LOINC names albumin in urine either way; in French "microalbumine" is a word of the lexicon that implies urine.
    return root("albumin" if word == "microalbumin" else word)


_ENGLISH_STOP = frozenset(["of", "the", "in", "and", "sp"])
_ENGLISH_FLAGS = (
    ("fasting", r"\bfasting\b|pre-meal|pre ?prandial"),
    ("post-meal", r"post ?meal|post ?prandial"),
    ("trough", r"\btrough\b"),
    ("peak", r"\bpeak\b"),
    ("calculated", r"\bcalculat\w*|\bpredicted\b|\bestimated\b|friedewald|\badjusted\b|\bcorrected\b"),
    ("clearance", r"\bclearance\b|filtration rate"),
    ("foetal", r"\bfetal\b|fetus"),
    ("control", r"\bcontrol\b"),
    ("automated", r"automated count"),
    ("sensitive", r"high sensitivity"),
    ("measured", r"direct assay"),
)
_ENGLISH_RULES = tuple((name, re.compile(rule)) for name, rule in _ENGLISH_FLAGS)


def _kinds_of(quality: str, component: str, slash: str, denominator: str) -> tuple[str, ...]:
    known = _KINDS.get(quality)
    if known:
        return known
    if quality:
        return (quality,)
    low, below = component.lower(), denominator.lower()
    if slash and ("total" in below or below.startswith("100 ") or "normal" in below):
        return ("fraction", "mass/mass", "volume/volume")
    for mark, kind in _BARE_KINDS:
        if mark in low:
            return (kind,)
    return ("ratio", "fraction") if slash else ()


_BARE_KINDS = (
    ("aptt", "time"),
    ("prothrombin time", "time"),
    ("thrombin time", "time"),
    ("sedimentation rate", "velocity"),
    ("filtration rate", "volume/time"),
    ("clearance", "volume/time"),
    ("inr", "ratio"),
    ("identified", "identifier"),
    ("interpretation", "interpretation"),
    ("saturation", "fraction"),
    ("base excess", "moles/volume"),
    ("temperature", "temperature"),
)


_PROPERTY_CODES = {
    "MCnc": "mass/volume",
    "SCnc": "moles/volume",
    "ACnc": "units/volume",
    "CCnc": "enzymatic activity/volume",
    "NCnc": "#/volume",
    "MRto": "mass ratio",
    "SRto": "molar ratio",
    "Ratio": "ratio",
    "MRat": "mass/time",
    "SRat": "moles/time",
    "CRat": "enzymatic activity/time",
    "Naric": "#/area",
    "VFr": "volume fraction",
    "EntVol": "entitic volume",
    "EntMass": "entitic mass",
    "MCnt": "mass/mass",
    "SCnt": "moles/mass",
    "CCnt": "enzymatic activity/mass",
    "PPres": "partial pressure",
    "Time": "time",
    "Titr": "titer",
    "Threshold": "presence",
    "PrThr": "presence",
    "Vol": "volume",
    "Num": "#",
    "Prid": "identifier",
    "Imp": "interpretation",
    "Type": "type",
    "ArVRat": "volume rate/area",
    "VRat": "flow",
    "ACnt": "mass/mass",
    "Susc": "susceptibility",
}
_SYSTEM_CODES = (
    ("urine", "urine"),
    ("csf", "csf"),
    ("stool", "stool"),
    ("saliva", "saliva"),
    ("semen", "semen"),
    ("serum", "ser"),
    ("serum", "plas"),
    ("serum", "ppp"),
    ("arterial", "blda"),
    ("capillary", "bldc"),
    ("venous", "bldv"),
    ("special", "bldco"),
    ("rbc", "rbc"),
    ("blood", "bld"),
)


def parse_axes(properties: Mapping[str, str]) -> LoincName:
    """Take apart a term that gives its axes as the LOINC table does: COMPONENT, PROPERTY, SYSTEM, TIME, METHOD."""
    quality = _PROPERTY_CODES.get(properties.get("PROPERTY", ""), properties.get("PROPERTY", "").lower())
    method, system = properties.get("METHOD", ""), properties.get("SYSTEM", "").lower()
    component, _, challenge = properties["COMPONENT"].partition("^")
    named = parse_loinc_name(
        f"{component} [{quality}]" + (f" by {method}" if method else "") + (f"--{challenge}" if challenge else "")
    )
    specimen = next((name for name, mark in _SYSTEM_CODES if system.startswith(mark)), "special" if system else "")
    timed = {"timed"} if properties.get("TIME", "Pt") not in {"Pt", "", "*"} else set()
    return LoincName(named.words, named.optional, specimen, named.kinds, named.flags | timed)
