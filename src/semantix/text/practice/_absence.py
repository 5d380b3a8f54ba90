"""Nothing known, not asked, not recorded: three different things, and none of them a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from semantix.text.practice._finding import Finding
from semantix.text.practice._words import Item

NOTHING = (
    r"(?:neants?|r\.?a\.?s\.?|rien(?: a signaler| de connu| de particulier| de notable"
    r"| de special)?|aucune?s?|non|nulle?s?|0|sans"
    r"|sans particularites?|pas|absence|absente?s?|\(-\)|non concernee?)(?:\s+(?:connue?s?"
    r"|a ce jour|notables?|signalee?s?))*"
)
NOT_ASKED = (
    r"(?:(?:non|pas) (?:demandee?s?|recherchee?s?|evaluee?s?|posee?s?|interrogee?s?)|a (?:demander"
    r"|rechercher|preciser|evaluer))"
)
NOT_RECORDED = (
    r"(?:(?:non|pas) (?:renseignee?s?|documentee?s?|precisee?s?|saisie?s?|communiquee?s?"
    r"|disponibles?)|n\.?r\.?|n/r|n/c"
    r"|(?:pas|absence) d'informations?(?: disponibles?)?|aucune information|dossier vide)"
)
UNKNOWN = r"(?:inconnue?s?|ne sait (?:pas|plus)|nsp|\?+)"
_STATES = (
    ("none-known", re.compile(NOTHING)),
    ("not-asked", re.compile(NOT_ASKED)),
    ("not-recorded", re.compile(NOT_RECORDED)),
    ("unknown", re.compile(UNKNOWN)),
)
_PAST = r"(?:antecedents?|atcds?|antcds?)"
_SORTS = (
    r"(?:\s*(?:,|et|ni|ou|/|-|de|d'|medica(?:l|ux|le)s?|med\b\.?|chirurgica(?:l|ux)|chir\b\.?"
    r"|famili(?:al|aux|ales?)|fam\b\.?"
    r"|personnels?|perso|gynecologiques?|obstetrica(?:l|ux)|notables?|particuliers?|connus?"
    r"|significatifs?|majeurs?|importants?"
    r"|a signaler|a ce jour))*"
)
_NONE = re.compile(
    rf"(?:(?:pas|absence) (?:d'|de )|aucune?s? |sans |ni )(?P<noun>{_PAST}|maladies?|pathologies?"
    rf"|chirurgies?|interventions?(?: chirurgicales?)?|operations?)(?P<sorts>{_SORTS})\s*"
)
_SAID = re.compile(rf"{_PAST}(?P<sorts>{_SORTS})\s*[:=]?\s*(?P<said>{NOTHING}|{NOT_ASKED}|{NOT_RECORDED}|{UNKNOWN})\s*")
_ABOUT = (("family", "fam"), ("procedure", "chir"))
_OF_SECTION: Mapping[str, str] = MappingProxyType(
    {
        "family": "family",
        "surgical": "procedure",
        "personal": "problem",
        "allergy": "allergy",
        "vaccination": "immunization",
    }
)


def state_of(low: str) -> str:
    """``none-known``, ``not-asked``, ``not-recorded``, ``unknown``; empty for anything else."""
    bare = low.strip(" .:=")
    if bare == "-":
        return "none-known"
    return next((name for name, form in _STATES if form.fullmatch(bare)), "")


def read_absence(item: Item, text: str, section: str = "", *, is_titled: bool = False) -> tuple[Finding, ...]:
    """Whether an item says that there is no history, or that nothing is known of one; one finding a sort of history.

    ``is_titled``: the item is all that a title, or the whole field, has: then ``RAS`` alone says it.
    """
    found = _NONE.fullmatch(item.low)
    state = "none-known" if found is not None else ""
    if found is None:
        found = _SAID.fullmatch(item.low)
        state = state_of(found["said"]) if found is not None else ""
    if found is not None and state:
        sorts = found["sorts"] + (
            "chir" if found.re is _NONE and found["noun"].startswith(("chir", "inter", "oper")) else ""
        )
        return tuple(Finding(kind="absence", text=text, status=state, about=about) for about in _abouts(sorts, section))
    state = state_of(item.low)
    if not state or not is_titled:
        return ()
    return (Finding(kind="absence", text=text, status=state, about=_OF_SECTION.get(section, "problem")),)


def _abouts(sorts: str, section: str) -> tuple[str, ...]:
    found = [about for about, stem in _ABOUT if stem in sorts]
    if "med" in sorts or "perso" in sorts:
        found.insert(0, "problem")
    if not found and ("gyn" in sorts or "obst" in sorts):
        return ("obstetric",)
    return tuple(found) or (_OF_SECTION.get(section, "problem"),)
