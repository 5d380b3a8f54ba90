"""What denies: codes that say that there is none or that nothing is known, statements and words that do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from semantix.terminology.text import fold
from semantix.validation._cda import V3, Cda
from semantix.validation.cda._reading import CODE, SECTION, VALUE, Element, coding, local

IPS = "ips-absent"
NO_KNOWN: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (IPS, "no-known-allergies"): "allergy",
        (IPS, "no-known-medication-allergies"): "allergy",
        (IPS, "no-known-environmental-allergies"): "allergy",
        (IPS, "no-known-food-allergies"): "allergy",
        (IPS, "no-known-problems"): "problem",
        (IPS, "no-known-medications"): "medication",
        (IPS, "no-known-immunizations"): "immunization",
        (IPS, "no-known-procedures"): "procedure",
        (IPS, "no-known-devices"): "device",
        ("snomed", "716186003"): "allergy",
        ("snomed", "160244002"): "allergy",
        ("snomed", "409137002"): "allergy",
        ("snomed", "428607008"): "allergy",
        ("snomed", "429625007"): "allergy",
        ("snomed", "160245001"): "problem",
        ("snomed", "787481004"): "medication",
        ("snomed", "787480003"): "procedure",
        ("snomed", "787483001"): "device",
    }
)
"""Codes that deny, with what they deny. A drug, a food or an environmental allergy alone leaves the others open."""
WHOLE = frozenset(
    {
        (IPS, "no-known-allergies"),
        ("snomed", "716186003"),
        ("snomed", "160244002"),
        (IPS, "no-known-problems"),
        ("snomed", "160245001"),
        (IPS, "no-known-medications"),
        ("snomed", "787481004"),
        (IPS, "no-known-immunizations"),
        (IPS, "no-known-procedures"),
        ("snomed", "787480003"),
        (IPS, "no-known-devices"),
        ("snomed", "787483001"),
    }
)
"""Those that deny everything of their kind."""
NO_INFORMATION: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (IPS, "no-allergy-info"): "allergy",
        (IPS, "no-problem-info"): "problem",
        (IPS, "no-medication-info"): "medication",
        (IPS, "no-immunization-info"): "immunization",
        (IPS, "no-procedure-info"): "procedure",
        (IPS, "no-device-info"): "device",
    }
)
"""Codes that say that nothing is known, with of what."""

_TRUE = frozenset({"true", "1"})
_CODED = frozenset({CODE, VALUE})
_PARTICIPANT, _DEVICE = V3 + "participant", V3 + "playingDevice"
_LONGEST = 80
_NEGATING = re.compile(
    r"\b(?:pas|aucune?s?|non|sans|absences?|absente?s?|neant|ras|rien|jamais|negati\w+|nie|inconnue?s?|no|none|not|ni|"
    r"indemne|normal\w*|libre|vierge)\b"
)
_DENIAL = re.compile(
    r"(?:il )?n'?y a pas |(?:patiente? )?sans |pas d['e]|aucune?s?\b|absence d|neant\b|ras\b|rien\b|non connue?s?\b|"
    r"no known\b"
)
_MORE = re.compile(r"[;:,(]|\. |\b(?:mais|sauf|hormis|excepte|autres?|en dehors|depuis|avec)\b")
"""What goes on after a denial may state something."""
_NOTHING = frozenset({"neant", "ras", "rien", "aucun", "aucune", "aucuns", "aucunes", "rien a signaler"})
_UNINFORMED = re.compile(
    r"\b(?:pas|aucune|absence|sans)\b[ d'e]*(?:information|renseignement)|information\w* non|"
    r"\bnon (?:renseigne|communique|precise|evalue|recherche|documente)|\bne sait pas\b|interrogatoire impossible"
)


_ALLERGY, _PROBLEM = "1.3.6.1.4.1.19376.1.5.3.1.4.6", "1.3.6.1.4.1.19376.1.5.3.1.4.5"
_IMMUNIZATION, _PROCEDURE = "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.3.6.1.4.1.19376.1.5.3.1.4.19"
_MEDICATION = "1.3.6.1.4.1.19376.1.5.3.1.4.7"
_KINDS = (
    # An allergy declares the template of a problem too, a vaccination may declare that of a treatment.
    (_ALLERGY, "allergy"),
    (_PROBLEM, "problem"),
    (_IMMUNIZATION, "immunization"),
    (_MEDICATION, "medication"),
    (_PROCEDURE, "procedure"),
)
"""Kinds of statements by their IHE PCC template, which the templates of the CI-SIS all carry."""
_NAMES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "allergy": re.compile("allerg|hypersensib|intoleran"),
        "problem": re.compile("antecedent|patholog|problem|maladie|affection|diagnosti"),
        "medication": re.compile("traitement|medicament|therapeutique"),
        "immunization": re.compile("vaccin|immunisation"),
        "procedure": re.compile("acte|intervention|chirurg|operat|procedure"),
    }
)


def kinds(cda: Cda) -> dict[Element, str]:
    """The statements of the document that are of a known kind."""
    found: dict[Element, str] = {}
    for template, kind in _KINDS:
        for statement in cda.templates.get(template, ()):
            found.setdefault(statement, kind)
    return found


def is_negated(statement: Element) -> bool:
    """Whether a statement is denied, by itself or by what holds it, up to its section."""
    if statement.get("negationInd") in _TRUE:
        return True
    for above in statement.iterancestors():
        if above.tag == SECTION:
            return False
        if above.get("negationInd") in _TRUE:
            return True
    return False


def is_positive(statement: Element, kind: str) -> bool:
    """Whether a statement says that something is or was: a code that is no absence, not denied, and happened."""
    if statement.get("moodCode", "EVN") != "EVN" or statement.get("nullFlavor") or is_negated(statement):
        return False
    if denied_by(statement)[1] or unknown_by(statement)[1] or any(map(_is_named_absent, coded(statement))):
        return False
    return _says_something(statement, kind)


def _is_named_absent(element: Element) -> bool:
    """A code of any other system whose name denies: ``Aucun``."""
    return _DENIAL.match(fold(element.get("displayName", "")).strip()) is not None


def _says_something(statement: Element, kind: str) -> bool:
    held: Iterable[Element]
    if kind == "allergy":
        # The agent is a participant; the value may say no more than the kind of the reaction, in words.
        agents = (one for one in statement.iterchildren(_PARTICIPANT) if one.get("typeCode") == "CSM")
        held = [*statement.iterchildren(VALUE), *(code for agent in agents for code in agent.iterdescendants(CODE))]
    elif kind == "problem":
        held = statement.iterchildren(VALUE)
    elif kind == "procedure":
        held = statement.iterchildren(CODE)
    else:
        held = (code for code in statement.iterdescendants(CODE) if _is_material(code))
    return any(one.get("code") for one in held)


def _is_material(code: Element) -> bool:
    parent = code.getparent()
    return parent is not None and local(parent) == "manufacturedMaterial"


def denied_by(statement: Element) -> tuple[str, str]:
    """The code of a statement that says that there is none, as (system, code); empty when it says something else."""
    return next((key for key in map(coding, coded(statement)) if key in NO_KNOWN), ("", ""))


def unknown_by(statement: Element) -> tuple[str, str]:
    """The code of a statement that says that nothing is known."""
    return next((key for key in map(coding, coded(statement)) if key in NO_INFORMATION), ("", ""))


def coded(statement: Element) -> list[Element]:
    """The coded elements that say what a statement is about: its code, its values, the device that plays in it."""
    found = [child for child in statement if child.tag in _CODED]
    for participant in statement.iterchildren(_PARTICIPANT):
        for player in participant.iterdescendants(_DEVICE):
            found += player.iterchildren(CODE)
    return found


# --- words --------------------------------------------------------------------------------------------------------


def denies_somewhere(text: str) -> bool:
    """Whether a text holds a word that denies or says that something is not known."""
    return _NEGATING.search(fold(text)) is not None


def denies_all(text: str, kind: str = "") -> bool:
    """Whether a short text says nothing but that there is none, of a kind: ``Aucune allergie connue``."""
    folded = " ".join(fold(text).split()).rstrip(".! ")
    if not 2 < len(folded) <= _LONGEST or is_uninformed(text) or _MORE.search(folded) or not _DENIAL.match(folded):
        return False
    return not kind or folded in _NOTHING or _NAMES[kind].search(folded) is not None


def is_uninformed(text: str) -> bool:
    """Whether a text says that nothing is known: nobody asked, or nobody answered."""
    return _UNINFORMED.search(fold(text)) is not None
