"""What a laboratory label is made of: words of the analyte, specimen, kind of quantity, time, method. Pure functions.

Both sides are brought to one form: a French label through the words of ``mappings/lexicon/analytes.tsv``, a LOINC name
as it stands (:mod:`semantix.terminology.loinc_names`). Words of both languages meet as *roots* (``progestérone`` and
``Progesterone`` are one), and letters are cut from digits: ``CA15.3`` is ``ca 15 3``, ``T3`` is ``t 3`` and
numbers are words that must agree.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.terminology.text import fold

BLOOD = frozenset({"", "blood", "serum"})
"""Specimens that a silent label means."""


class Label(Struct, frozen=True):
    """A French label taken apart.

    ``words`` are roots of the analyte, in English where the lexicon knows them. ``implied`` is the specimen that the
    words imply (``glycémie``), ``specimen`` the one that is said; both empty when unknown. ``flags`` are named facts:
    ``ratio fraction absolute clearance calculated measured fasting post-meal timed challenge presence culture``...
    """

    words: tuple[str, ...]
    implied: str = ""
    specimen: str = ""
    flags: frozenset[str] = frozenset()


class Analytes(Struct, frozen=True):
    """French phrases of analytes, as tuples of tokens: the roots of the English component, specimen, hint."""

    phrases: Mapping[tuple[str, ...], tuple[tuple[str, ...], str, str]]
    longest: int


# --- words ------------------------------------------------------------------------------------------------

_LINKED = re.compile(r"\b[dlnsDLNS]['’]|[àÀ]|\ba (?=la |l |jeun|jeun)")
_ACRONYM = re.compile(r"(?<![a-z0-9.])(?:[a-z]\.){2,}")
_TOKEN = re.compile(r"[a-z]+|\d+")
_ENDINGS = re.compile(r"(?:ique|ic)$")
_FACTOR_NUMERALS = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12", "xiii": "13",
}  # fmt: skip
_NUMERAL_HEADS = frozenset({"facteur", "factor", "at", "type", "htlv", "a", "antithrombine", "phase", "apolipoprotein"})
_SAFE_NUMERALS = frozenset({"ii", "iii", "vii", "viii", "ix", "xi", "xii", "xiii"})


def tokens(text: str) -> list[str]:
    """Cut a text into words and numbers, letters apart from digits; Roman numerals are read after ``facteur``..."""
    folded = fold(_LINKED.sub(" ", text)).replace("'", " ")
    found = _TOKEN.findall(_ACRONYM.sub(lambda dotted: dotted[0].replace(".", "") + " ", folded))
    for place in range(1, len(found)):
        word = found[place]
        if word in _FACTOR_NUMERALS and (word in _SAFE_NUMERALS or found[place - 1] in _NUMERAL_HEADS):
            found[place] = _FACTOR_NUMERALS[word]
    return found


def root(word: str) -> str:
    """The common skeleton of a French and an English technical word: what the languages spell differently goes."""
    if len(word) < 4 or word.isdigit():
        return word
    word = _ENDINGS.sub("ic", word.removesuffix("s") if not word.endswith("is") else word)
    for old, new in (("ph", "f"), ("th", "t"), ("rh", "r"), ("ch", "c"), ("qu", "c"), ("ae", "e"), ("oe", "e")):
        word = word.replace(old, new)
    word = word.translate(_LETTERS)
    word = re.sub(r"(.)\1", r"\1", word)
    return word.rstrip("e") or word


_LETTERS = str.maketrans({"y": "i", "k": "c", "z": "s", "x": "x"})


def parse_analytes(lines: Iterable[str]) -> Analytes:
    """Read ``mappings/lexicon/analytes.tsv``."""
    rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()][1:]
    phrases: dict[tuple[str, ...], tuple[tuple[str, ...], str, str]] = {}
    for french, english, specimen, hint, *_ in rows:
        key = tuple(root(word) for word in tokens(french))
        phrases.setdefault(key, (tuple(root(word) for word in tokens(english)), specimen, hint))
    return Analytes(MappingProxyType(phrases), max((len(key) for key in phrases), default=0))


# --- French labels ----------------------------------------------------------------------------------------

_SPECIMENS = (
    (
        "csf",
        (
            r"\blcr\b|\blcs\b|\bl\.?c\.?r\.?(?![a-z])|liquide (?:cephalo|cerebro)[ -]?(?:rachidien|spinal)|"
            r"\brachi\w*|cephalo-?rachidien"
        ),
    ),
    ("urine", r"\burin\w*|\bmiction\w*|\becbu\b|(?<![a-z0-9])u(?![a-z0-9])|\bdu\b(?=$)"),
    ("stool", r"\bselles?\b|\bfeca\w*|\bfecau\w*"),
    ("saliva", r"\bsaliv\w*"),
    ("semen", r"\bsperm(?:e|atique)\b|\bliquide seminal\b|\bseminal\w*"),
    ("synovial", r"\bsynovial\w*|liquide articulaire|\barticulaire\b"),
    ("pleural", r"\bpleura\w*"),
    ("peritoneal", r"\bascite\b|\bperitonea\w*"),
    ("amniotic", r"\bamniotique\b"),
    ("marrow", r"\bmoelle\b|\bmedullaire\b|\bmyelogramme\b"),
    ("sputum", r"\bexpectoration\b|\bcrachats?\b"),
    (
        "other",
        (
            r"\bponction\b|\bepanchement\b|"
            r"\bliquide (?:biologique|gastrique|de drain\w*|de dialyse|de ponction)|\bgorge\b|\bpharyng\w*|"
            r"\bvagin\w*|\buretr\w*|\bnasopharyng\w*|\bpus\b|\bcheveux\b|\bcordon\b|\bdialysat\b|\bsueur\b|"
            r"\bsudoral\w*|\bongles?\b|\bbile\b|\blait\b|\bbiops\w*|\btissus?\b|\bcalcul (?:renal|urinaire)|"
            r"\blba\b|\blavage\b|\baspiration\b|\bsecretions?\b|\bhumeur\b|\bdrain\b|\bplaie\b|\bpeau\b"
        ),
    ),
    (
        "rbc",
        (
            r"\berythrocytaires?\b|\b(?:intra ?)?globulaires?\b(?! (?:moyen|rouge|blanc))|"
            r"\bintra-?erythrocytaires?\b"
        ),
    ),
    ("arterial", r"\barteriel\w*|\bsang arteriel\b|\bgds?\b|\bgaz du sang\b|\(a\)"),
    ("capillary", r"\bcapillaires?\b|\bdextro\b|\bbandelette sanguine\b"),
    ("venous", r"\bveineux\b|\bveineuse\b"),
    ("serum", r"\bserums?\b|\bseriques?\b|\bplasma\b|\bplasmatiques?\b|\bser\b|\bplasm\b|\(s\)|\(p\)"),
    ("blood", r"\bsang\b|\bsanguine?s?\b|\bsang total\b|\(sg\)"),
)
_SPECIMEN_RULES = tuple((name, re.compile(rule)) for name, rule in _SPECIMENS)
_FLAGS = (
    ("fasting", r"\ba jeun\b|@ jeun|\bjeun\b"),
    ("post-meal", r"\bpost[ -]?prandiale?s?\b|\bpost ?prand\b|\bapres (?:le )?repas\b|\bpp\b"),
    (
        "challenge",
        (
            r"\bhgpo\b|\bhyperglycemie provoquee\b|\bapres (?:stimulation|charge|\d+ ?(?:g|mg)\b)|"
            r"\bt ?\+? ?\d+ ?(?:min|mn|h)?\b(?=.*(?:glucose|glyc|insulin|cortisol|synacthene))|"
            r"\bo['’]?sullivan\b|\bsous synacthene\b|\b\d+ ?(?:h|min|mn)(?:eures?)? apres\b"
        ),
    ),
    ("trough", r"\bresiduel\w*|\btaux residuel\b|\bvallee\b"),
    ("peak", r"\bpic\b"),
    ("calculated", r"\bcalcul\w*|\bestim\w*|\bfriedewald\b|\bcorrige\w*|\bformule\b|\btheorique\b"),
    ("measured", r"\bdose(?:e|s|es)?\b|\bmesure(?:e|s|es)?\b|\bdosage direct\b"),
    ("sensitive", r"\bhs\b|\bus\b|\bultra[ -]?sensibles?\b|\bhaute sensibilite\b|\bhypersensible\b"),
    ("timed", r"\b\d+ ?(?:h|heures?)\b|\bdes 24\b"),
    ("clearance", r"\bclairances?\b|\bclearances?\b|\bclear\b"),
    ("ratio", r"\brapports?\b|\bratios?\b|\bindices?\b|(?<![a-z])r(?=\s*[(/])"),
    ("fraction", r"%|\bpour ?cent\w*|\bpourcent\w*|\bfraction\b"),
    ("absolute", r"\babs\b|\babsolue?s?\b|\bvaleur absolue\b|\bnumeration\b|\bnb\b|\bnombre\b"),
    ("presence", r"\brecherche\b|\bdepistage\b|\bdetection\b|\bqualitati\w*|\bbandelette\b"),
    ("titre", r"\btitr(?:e|age)s?\b"),
    ("serology", r"\bserologies?\b|\bserodiagnostic\b|\bsd\b|\banticorps\b|\bac\b|\banti\b"),
    ("culture", r"\bculture\b"),
    ("foetal", r"\bfoeta\w*|\bfetal\w*|\bcordon\b"),
    ("control", r"\btemoin\b|\bcontrole\b"),
)
_FLAG_RULES = tuple((name, re.compile(rule)) for name, rule in _FLAGS)
_ERASED = frozenset(
    {
        "fasting",
        "post-meal",
        "trough",
        "peak",
        "calculated",
        "measured",
        "timed",
        "ratio",
        "fraction",
        "absolute",
        "presence",
        "titre",
        "control",
    }
)
_DROPPED = frozenset(
    root(word)
    for word in [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "et",
        "en",
        "au",
        "aux",
        "par",
        "pour",
        "sur",
        "dans",
        "un",
        "une",
        "dosage",
        "dosages",
        "taux",
        "mesure",
        "concentration",
        "examen",
        "resultat",
        "resultats",
        "valeur",
        "analyse",
        "analyses",
        "test",
        "tests",
        "technique",
        "methode",
        "recherche",
        "quantitatif",
        "quantitative",
        "biochimie",
        "chimie",
        "hematologie",
        "hemostase",
        "immunologie",
        "serologie",
        "serologies",
        "bilan",
        "ionogramme",
        "iono",
        "nfs",
        "nfp",
        "hemogramme",
        "formule",
        "leucocytaire",
        "numeration",
        "sanguine",
        "sanguin",
        "sang",
        "activite",
        "activites",
        "echantillon",
        "prelevement",
        "biologie",
        "soit",
        "avec",
        "sans",
        "patient",
        "malade",
        "niveau",
        "sg",
        "ser",
        "nb",
        "abs",
        "us",
        "hs",
        "ultrasensible",
        "ultra",
        "sensible",
        "lipidique",
        "hepatique",
        "renal",
        "thyroidien",
        "martial",
        "enzymatique",
        "immunodosage",
        "colorimetrie",
        "commentaire",
        "conclusion",
        "libelle",
        "anti",
        "anticorps",
        "ac",
        "gaz",
        "gds",
        "gazometrie",
        "coagulation",
        "marqueurs",
        "tumoraux",
        "profil",
    ]
)
_UNIT_IN_LABEL = re.compile(
    r"[(\[]\s*([^()\[\]]{1,25})\s*[)\]]\s*$|(?:^|\s)en ([a-zµ%/0-9]{1,12})\s*$|[-,]\s*([a-zµ]{1,5}/[a-z0-9]{1,6})\s*$",
    re.IGNORECASE,
)


def unit_part(text: str) -> tuple[str, str]:
    """Split off what stands where labels put their unit: (label without it, candidate unit), the unit maybe empty."""
    found = _UNIT_IN_LABEL.search(text)
    if not found:
        return text, ""
    return text[: found.start()].strip() or text, next(group for group in found.groups() if group)


def parse_label(text: str, analytes: Analytes) -> Label:
    """Take a French laboratory label apart; its unit, if any, was split off before (:func:`unit_part`)."""
    folded = f" {fold(text).replace('_', ' ')} "
    flags = {name for name, rule in _FLAG_RULES if rule.search(folded)}
    if flags & {"challenge", "post-meal"}:
        flags |= {f"hour-{hours}" for hours in _hours(folded)}
    bare = folded
    for name, rule in _FLAG_RULES:
        if name in _ERASED and name in flags:
            bare = rule.sub(" ", bare)
    words, implied, hints = _translate(bare, analytes)
    if "/" in bare and _is_quotient(bare, analytes):
        flags.add("ratio")
    if "serology" in flags and "ab" not in words and _SEROLOGY.search(folded):
        words.append("ab")
    return Label(tuple(words), implied, _specimen_of(folded), frozenset(flags | hints) - {"serology"})


def _hours(folded: str) -> set[int]:
    """Hours after a meal or a dose: ``2 h``, ``T120``, ``60 min``."""
    hours = {int(found[1]) for found in re.finditer(r"\b(\d) ?h(?:eures?)?\b", folded)}
    minutes = {
        int(found[1]) for found in re.finditer(r"\b(?:t ?\+? ?)?(30|60|90|120|180)(?: ?(?:min|mn)\w*)?\b", folded)
    }
    return hours | {minute // 60 for minute in minutes if minute % 60 == 0}


def _is_quotient(bare: str, analytes: Analytes) -> bool:
    """``LDL/HDL`` divides two analytes; ``ASAT/GOT`` names one twice."""
    sides = [frozenset(_translate(side, analytes)[0]) for side in bare.split("/")]
    return any(a and b and not a <= b and not b <= a for a, b in itertools.pairwise(sides))


_SEROLOGY = re.compile(r"\bserologies?\b|\bserodiagnostic\b|\bsd\b")


def _specimen_of(folded: str) -> str:
    return next((name for name, rule in _SPECIMEN_RULES if rule.search(folded)), "")


def _translate(folded: str, analytes: Analytes) -> tuple[list[str], str, set[str]]:
    """Roots of the analyte: the longest known phrases first, then the words left, specimens and generic words off."""
    roots = [root(word) for word in tokens(folded)]
    used: list[str] = []
    specimen, hints, place = "", set(), 0
    while place < len(roots):
        for size in range(min(analytes.longest, len(roots) - place), 0, -1):
            known = analytes.phrases.get(tuple(roots[place : place + size]))
            if known:
                used.extend(word for word in known[0] if word not in _LINKS)
                specimen = specimen or known[1]
                hints |= {known[2]} if known[2] else set()
                place += size
                break
        else:
            word = roots[place]
            if word == "anti":
                used.append("ab")
            elif word not in _DROPPED and word not in _SPECIMEN_WORDS:
                used.append(word)
            place += 1
    return list(dict.fromkeys(used)), "" if specimen == "any" else specimen, hints


_LINKS = frozenset({"of", "the", "in", "and", "sp"})
_SPECIMEN_WORDS = frozenset(
    root(word)
    for word in [
        "urine",
        "urines",
        "urinaire",
        "urinaires",
        "u",
        "du",
        "lcr",
        "lcs",
        "selles",
        "selle",
        "fecal",
        "fecale",
        "fecaux",
        "feces",
        "serum",
        "serique",
        "seriques",
        "plasma",
        "plasmatique",
        "plasmatiques",
        "arteriel",
        "arterielle",
        "arterielles",
        "capillaire",
        "capillaires",
        "veineux",
        "veineuse",
        "sanguin",
        "sanguine",
        "globulaire",
        "erythrocytaire",
        "erythrocytaires",
        "salivaire",
        "salive",
        "sperme",
        "h",
        "heures",
        "heure",
        "echantillon",
        "liquide",
        "cephalo",
        "rachidien",
        "ponction",
        "sueur",
        "sudoral",
        "capillaire",
        "pleural",
        "pleurale",
        "ascite",
        "jeun",
        "miction",
        "total_",
    ]
)
