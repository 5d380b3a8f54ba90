"""Vaccinations: what was given, its lot, its rank and its day; or that it was refused, or is only planned."""

from __future__ import annotations

import re

from semantix.identifiers import check_cip7, check_cip13
from semantix.text.practice._dates import dates_in
from semantix.text.practice._finding import Finding
from semantix.text.practice._words import Item

BEGINS = re.compile(
    r"(?:(?:refus(?:e|ee)?(?: d[eu]| du| le| la)?|pas d[e']|non|jamais|absence d[e']"
    r"|a refuse (?:le|la))\s*(?:faire )?)?(?:vaccin\w*|vacc\b\.?)"
    r"|rappels? (?:vaccin|dtp|dtcap|dt polio|tetanos|hepatite|coqueluche)|dtp\b|dtcap|dtpc|bcg\b|ror\b"
)
_LOT = re.compile(r"\b(?:n[°o] ?(?:de )?)?lot\s*(?:n[°o]\.?|:|numero)?\s*([a-z0-9][a-z0-9./-]{2,19})")
_CIP = re.compile(r"\b(?:(cip)(?: ?(?:7|13))?\s*[:n°]*\s*)?(34009(?: ?[0-9]){8}|[0-9]{7})\b")
_RANK = re.compile(
    r"\b(?:([1-9])(?:er|ere|e|eme|nde?|d)? ?(?:dose|injection|inj\b\.?)|(?:dose|injection"
    r"|inj\.?) ?(?:n[°o] ?)?([1-9])\b|(premiere|deuxieme|seconde|troisieme|quatrieme) (?:dose"
    r"|injection))"
)
_RANKS = {"premiere": 1, "deuxieme": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4}
_REFUSED = re.compile(r"\b(?:refus(?:e|ee|es)?|ne (?:veut|souhaite) pas)\b")
_DENIED = re.compile(r"\b(?:pas|non|jamais|absence|aucune?s?|contre-?indiquee?|ci)\b")
_NOT_DONE = re.compile(
    r"(?:pas d[e']|absence d[e']|jamais|non(?= vacc))\s*|\s*[:=,]?\s*\b(?:non fait|pas fait"
    r"|jamais fait|non|non realise)e?$|\bnon vaccinee?\b|\bjamais vaccinee?\b"
)
_PLANNED = re.compile(
    r"\b(?:a faire|prevue?|a prevoir|a programmer|prochaine?|rappel (?:en|le|prevu|vers)"
    r"|prescrite?|propose|conseille|recommande)\b"
)
_VAGUE = re.compile(
    r"\b(?:a jour|a verifier|a completer|en retard|carnet|schema|calendrier|statut|inconnue?s?"
    r"|non renseigne|\?|reaction|effet|apres)|\?"
)
_NOISE = re.compile(
    r"\b(?:vaccinations?|vaccine?e?s?|vaccins?|vacc\.?|contre|anti-?|le|la|les|de|du|d'|rappel"
    r"|refus(?:e|ee)?|a refuse|non fait|pas fait|non|pas|jamais|fait|faite|realisee?|par|a faire"
    r"|prevue?|a prevoir|a programmer|prochaine?)\b[:'.]?"
)


def read_vaccination(item: Item, text: str) -> Finding:
    """One vaccination, or a note when it is not said of which vaccine, or whether."""
    dates = dates_in(item)
    rank, lot = _RANK.search(item.low), _LOT.search(item.low)
    cip = _cip(item, lot)
    spans = [*dates.spans, *(one.span() for one in (rank, lot) if one is not None), *((cip[1],) if cip else ())]
    bare = item.without(spans)
    refused, denied = _REFUSED.search(bare.low), _DENIED.search(bare.low)
    name = bare.without(one.span() for one in _NOISE.finditer(bare.low)).words if bare.low else ""
    if _VAGUE.search(bare.low) or not (name or cip) or (denied and not refused and not _NOT_DONE.search(bare.low)):
        return Finding(kind="note", text=text, reason="a vaccination of which it cannot be told whether it was given")
    planned = _PLANNED.search(bare.low) is not None or re.search(r"\brappel en\b", item.low) is not None
    return Finding(
        kind="immunization",
        text=text,
        words=name,
        negated=refused is not None or denied is not None,
        status="refused" if refused else "planned" if planned and not denied else "",
        on=dates.on,
        start=dates.start,
        end=dates.end,
        code=cip[0] if cip else "",
        system="cip" if cip else "",
        lot=item.raw[slice(*lot.span(1))].rstrip(".,-/") if lot else "",
        rank=_rank(rank),
    )


def _rank(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    return int(found[1] or found[2]) if found[1] or found[2] else _RANKS[found[3]]


def _cip(item: Item, lot: re.Match[str] | None) -> tuple[str, tuple[int, int]] | None:
    """A code with a right key; seven digits only when they are said to be a CIP."""
    for found in _CIP.finditer(item.low):
        code = found[2].replace(" ", "")
        if lot is not None and lot.start() <= found.start() < lot.end():
            continue
        if check_cip13(code).ok or (found[1] and check_cip7(code).ok):
            return code, found.span()
    return None
