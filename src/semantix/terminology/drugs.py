"""What a drug label is made of: words that name it, doses, forms, routes, packs, qualifiers, makers. Pure functions.

A label as a practice, a hospital or a pharmacy writes it (``AMOX/AC CLAV BGR 1G/125MG SACH BTE 8``) is taken apart with
a :class:`DrugLexicon`, read from ``mappings/lexicon/drug_forms.tsv`` and ``drug_words.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

__all__ = ["Dose", "DrugLabel", "DrugLexicon", "amounts", "load_drug_lexicon", "parse_drug", "strengths_agree"]

WORD_KINDS = ("salt", "maker", "qualifier", "pack", "abbreviation")
"""What ``drug_words.tsv`` says of a word; an abbreviation is replaced by its meaning, the others are set aside."""


class Dose(Struct, frozen=True):
    """A quantity as written: ``value`` keeps its digits with a point; ``unit`` is canonical, empty for a bare number.

    ``per`` is the unit after the slash (``ml``, ``h``, ``dose``...) and ``per_value`` how many of it.
    """

    value: str
    unit: str = ""
    per: str = ""
    per_value: str = "1"


class DrugLabel(Struct, frozen=True):
    """A label taken apart. Words are folded, in the order of the label; forms and routes are those of the lexicon."""

    words: tuple[str, ...]
    salts: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    doses: tuple[Dose, ...] = ()
    forms: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    pack: str = ""


_Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]


class DrugLexicon(Struct, frozen=True):
    """Phrases by their first word, longest first: (words, kind, meaning) and (words, form, route)."""

    forms: _Phrases = MappingProxyType({})
    words: _Phrases = MappingProxyType({})


def load_drug_lexicon(forms: Iterable[str], words: Iterable[str]) -> DrugLexicon:
    """Read the lines of the two lexicon files, headers included."""
    return DrugLexicon(_phrases(forms), _phrases(words))


def _phrases(lines: Iterable[str]) -> _Phrases:
    found: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {}
    for number, line in enumerate(lines):
        cells = line.rstrip("\r\n").split("\t")
        if number == 0 or len(cells) < 3:
            continue
        key = tuple(stem(word) for word in split_words(fold(cells[0])))
        if key:
            found.setdefault(key[0], {}).setdefault(key, (cells[1], cells[2]))
    return {
        first: tuple((key, *value) for key, value in sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0])))
        for first, phrases in sorted(found.items())
    }


_NUMBER = r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_UNITS = {
    "mg": "mg", "milligramme": "mg", "milligrammes": "mg", "g": "g", "gr": "g", "gramme": "g", "grammes": "g",
    "kg": "kg",
    "ug": "ug", "mcg": "ug", "gamma": "ug", "microgramme": "ug", "microgrammes": "ug", "microg": "ug", "mcgr": "ug",
    "mic": "ug", "ng": "ng", "nanogrammes": "ng", "ml": "ml", "cl": "cl", "l": "l", "litre": "l", "litres": "l",
    "ui": "ui", "u.i.": "ui", "u.i": "ui", "u": "ui", "iu": "ui", "unites": "ui", "unite": "ui",
    "mui": "mui", "m.u.i.": "mui",
    "mu": "mui", "millions ui": "mui", "million ui": "mui", "millions d'ui": "mui", "million d'ui": "mui",
    "million d'unites": "mui", "millions d'unites": "mui", "meq": "meq", "mmol": "mmol", "mol": "mol", "%": "%",
    "pour cent": "%", "p. cent": "%", "p.100": "%", "p 100": "%", "pour mille": "permille", "mbq": "mbq", "gbq": "gbq",
    "ch": "ch", "dh": "dh", "cm2": "cm2", "cm": "cm2", "kcal": "kcal", "axa": "ui", "ui axa": "ui", "ui anti-xa": "ui",
}  # fmt: skip
_PERS = {
    "ml": "ml", "l": "l", "g": "g", "mg": "mg", "h": "h", "heure": "h", "heures": "h", "dose": "dose", "doses": "dose",
    "inhalation": "dose", "bouffee": "dose", "pulverisation": "dose", "goutte": "dose", "gouttes": "dose",
    "gtte": "dose",
    "cm2": "cm2", "j": "d", "jour": "d", "jours": "d", "24h": "d", "kg": "kg", "actionnement": "dose",
    "ampoule": "dose",
    "flacon": "dose", "sachet": "dose", "comprime": "dose", "cp": "dose", "amp": "dose", "fl": "dose",
    "seringue": "dose",
}  # fmt: skip


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ?") for word in sorted(words, key=lambda word: (-len(word), word)))


_END = r"(?![a-z0-9])"
_DOSE = re.compile(
    rf"(?<![a-z0-9.,])(?P<value>{_NUMBER}) ?(?:(?P<unit>{_either(_UNITS)}){_END})?"
    rf"(?: ?/ ?(?P<per_value>{_NUMBER})? ?(?P<per>{_either(_PERS)}){_END})?"
)
_LIST = re.compile(rf"(?<![a-z0-9.,/])(?:(?:{_NUMBER}) ?[/+] ?)+(?:{_NUMBER}) ?(?:{_either(_UNITS)}){_END}")
_BARE_IN_LIST = re.compile(rf"({_NUMBER})(?= ?[/+])(?!\d)")
_PACK = re.compile(
    r"(?<![a-z0-9])(?:(?:bte|boite|bt|b ?/|b(?= )|plq|plaquettes?|piluliers?|tubes?|flacons?|fl) ?(?:/|de )?"
    r"(?P<after>\d{1,4})"
    r"(?![a-z0-9.,%]| ?(?:mg|g|ug|mcg|ui|ml|mui|%))|x ?(?P<times>\d{1,4})(?![a-z0-9.,%]))"
)
_GLUED = re.compile(r"(?<![a-z0-9])([a-z]{5,})(\d+(?:[.,]\d+)?(?:mg|g|ug|mcg|ui|ml|%)?)(?![a-z0-9])")
_DESCRIPTION = re.compile(r"(?<=[a-z0-9)]{3}) ?[.,;] ?vaccin(?= )")
"""The register ends the names of vaccines with a sentence that describes them."""
_VITAMIN = re.compile(r"(?<![a-z0-9])(?:vit|vitamines?)[. ]{0,2}([a-hk]\d{0,2}|pp)(?![a-z0-9'])")
"""The letter of a vitamin is part of its name."""
_ALONE = re.compile(r"^([a-z]) (\d{2,4})\b")


def parse_drug(text: str, lexicon: DrugLexicon) -> DrugLabel:
    """Take a drug label apart. Nothing is guessed: what the lexicon does not know is a word."""
    folded = _VITAMIN.sub(r"vitamine\1", _GLUED.sub(r"\1 \2", _ALONE.sub(r"\1\2", fold(text))))
    pack = ""
    told: list[str] = []
    found = _PACK.search(folded)
    if found and found.start():
        pack = found["after"] or found["times"]
        folded = f"{folded[: found.start()]} ; {folded[found.end() :]}"
    doses: list[Dose] = []
    described = _DESCRIPTION.search(folded)
    if described:
        folded, told = folded[: described.start()], split_words(folded[described.end() :])
    folded = _DOSE.sub(lambda dose: _take(dose, doses), _LIST.sub(_share_unit, folded))
    label = _sort_words(split_words(folded), lexicon, doses, pack)
    if told:
        kept = [word for word in told if word not in STOP_WORDS]
        return structs.replace(label, qualifiers=_once([*label.qualifiers, "vaccin", *kept]))
    return label


def _share_unit(found: re.Match[str]) -> str:
    """``1000/125 mg`` says ``1000 mg/125 mg``."""
    unit = re.search(r"[^\d.,/+ ][^/+]*$", found[0])
    return _BARE_IN_LIST.sub(rf"\1 {unit[0]}", found[0]) if unit else found[0]


def _take(found: re.Match[str], doses: list[Dose]) -> str:
    unit, per, value = found["unit"], found["per"], _plain(found["value"])
    if per in {"g", "mg", "kg"} and found["per_value"] and unit in {None, "mg", "g", "ug", "mcg", "ui"}:
        # "1 g/125 mg" is two doses; "10 mg/g" is one.
        doses.append(Dose(value, _UNITS.get(unit or per, "")))
        doses.append(Dose(_plain(found["per_value"]), _UNITS[per]))
    elif per and unit:
        doses.append(Dose(value, _UNITS[unit], _PERS[per], _plain(found["per_value"] or "1")))
    else:
        doses.append(Dose(value, _UNITS[unit] if unit else ""))
        if per and found["per_value"]:
            doses.append(Dose(_plain(found["per_value"]), _PERS[per]))
    return " ; "


def _plain(number: str) -> str:
    return number.replace(" ", "").replace(",", ".")


def _sort_words(tokens: Sequence[str], lexicon: DrugLexicon, doses: list[Dose], pack: str) -> DrugLabel:
    stems = [stem(token) for token in tokens]
    kept: dict[str, list[str]] = {
        "word": [],
        "salt": [],
        "maker": [],
        "qualifier": [],
        "pack": [],
        "form": [],
        "route": [],
    }
    at = 0
    while at < len(tokens):
        size, kind, meaning = _longest(lexicon.words, stems, at)
        form_size, form, route = _longest(lexicon.forms, stems, at)
        if form_size > size:
            kept["form"].append(form)
            kept["route"].append(route)
            at += form_size
        elif kind == "abbreviation":
            for word in split_words(fold(meaning)):
                kept[_kind_of(word, lexicon)].append(word)
            at += size
        elif size:
            kept[kind] += [meaning] if meaning else tokens[at : at + size]
            at += size
        else:
            if tokens[at] not in STOP_WORDS and tokens[at] != "%":
                kept["word"].append(tokens[at])
            at += 1
    return DrugLabel(
        words=_once(kept["word"]),
        salts=_once(kept["salt"]),
        makers=_once(kept["maker"]),
        qualifiers=_once(kept["qualifier"]),
        doses=tuple(dict.fromkeys(doses)),
        forms=_once(kept["form"]),
        routes=_once(kept["route"]),
        pack=pack,
    )


def _kind_of(word: str, lexicon: DrugLexicon) -> str:
    size, kind, _ = _longest(lexicon.words, [stem(word)], 0)
    return kind if size and kind != "abbreviation" else "word"


def _longest(phrases: _Phrases, stems: Sequence[str], at: int) -> tuple[int, str, str]:
    for words, first, second in phrases.get(stems[at], ()):
        size = len(words)
        if size == 1 or tuple(stems[at : at + size]) == words:
            return size, first, second
    return 0, "", ""


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


_MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "kg": 1e6, "ug": 1e-3, "ng": 1e-6}
_MILLILITRES = {"ml": 1.0, "cl": 10.0, "l": 1000.0}
_COUNTS = {"ui": 1.0, "mui": 1e6}


def amounts(doses: Iterable[Dose]) -> tuple[tuple[str, float], ...]:
    """The comparable amounts of doses, sorted: (``mg``, 1000.0), (``mg/ml``, 5.0), (``ml``, 2.0), (``ui``, 100.0)...

    A bare number is (``""``, value): it may be any amount.
    """
    found: set[tuple[str, float]] = set()
    for dose in doses:
        value = float(dose.value)
        kind, size = _sized(dose.unit, value)
        if dose.unit == "%":
            found.add(("mg/ml", round(value * 10, 9)))
            continue
        found.add((kind, size))
        if dose.per:
            per_kind, per_size = _sized(dose.per, float(dose.per_value))
            if per_kind == "ml" and per_size:
                found.add((f"{kind}/ml", round(size / per_size, 9)))
                if per_size > 1:
                    found.add(("ml", per_size))
            elif per_kind == "mg" and per_size:
                # A gram of ointment is a millilitre of lotion, closely enough to compare strengths.
                found.add((f"{kind}/ml", round(size / per_size * 1000, 9)))
    return tuple(sorted(found))


def _sized(unit: str, value: float) -> tuple[str, float]:
    for kind, sizes in (("mg", _MILLIGRAMS), ("ml", _MILLILITRES), ("ui", _COUNTS)):
        if unit in sizes:
            return kind, round(value * sizes[unit], 9)
    return unit, value


def strengths_agree(asked: Sequence[tuple[str, float]], known: Sequence[tuple[str, float]]) -> float | None:
    """How near the asked amounts are to the known ones: 1 when each is there, less with the ratio; None if unknown.

    Concentrations are compared alone when both have one (1 g/100 ml is 10 mg/ml); volumes only for want of others.
    """
    if not asked or not known:
        return None
    kinds = {kind for kind, _ in known}
    for group in (
        [pair for pair in asked if pair[0] in kinds and pair[0].endswith("/ml")],
        [pair for pair in asked if pair[0] != "ml"],
        asked,
    ):
        near = _mean_nearness(group, known)
        if near is not None:
            return near
    return None


def _mean_nearness(asked: Sequence[tuple[str, float]], known: Sequence[tuple[str, float]]) -> float | None:
    total, count = 0.0, 0
    for kind, value in asked:
        best = max((_near(value, other) for one, other in known if one == kind or "" in (one, kind)), default=-1.0)
        if best >= 0:
            total += best
            count += 1
    return total / count if count else None


def _near(one: float, other: float) -> float:
    if one == other:
        return 1.0
    if one <= 0 or other <= 0:
        return 0.0
    low, high = (one, other) if one < other else (other, one)
    return 0.9 * (low / high)
