"""Whom an item is about: a relative named where that cannot be mistaken, or nobody that can be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from semantix.text.practice._words import Item

_SIDE = r"(?:\s+(?:maternel(?:le)?s?|paternel(?:le)?s?|mat\b\.?|pat\b\.?))?"
_TIES: tuple[tuple[str, str], ...] = (
    ("GGRMTH", r"arrieres?[- ]grands?[- ]?meres?"),
    ("GGRFTH", r"arrieres?[- ]grands?[- ]?peres?"),
    ("GRMTH", r"grands?[- ]?meres?|gd[- ]meres?|gm(?= (?:mat|pat))"),
    ("GRFTH", r"grands?[- ]?peres?|gd[- ]peres?|gp(?= (?:mat|pat))"),
    ("GRPRN", r"grands?[- ]?parents?"),
    ("GRNDSON", r"petits?-fils"),
    ("GRNDDAU", r"petites?-filles?"),
    ("HBRO", r"demi[- ]freres?"),
    ("HSIS", r"demi[- ]s(?:oe|œ)urs?"),
    ("MTH", r"meres?|maman"),
    ("FTH", r"peres?|papa"),
    ("PRN", r"parents"),
    ("BRO", r"(?:petits?[- ]|grands?[- ])?freres?(?: (?:aine|cadet|jumeau))?"),
    ("SIS", r"(?:petites?[- ]|grandes?[- ])?s(?:oe|œ)urs?(?: (?:ainee|cadette|jumelle))?"),
    ("SIB", r"fratrie"),
    ("UNCLE", r"oncles?"),
    ("AUNT", r"tantes?"),
    ("COUSN", r"cousine?s?"),
    ("NEPHEW", r"neveux?"),
    ("NIECE", r"nieces?"),
    ("SONC", r"fils"),
    ("DAUC", r"filles?"),
    ("CHILD", r"enfants?"),
    ("HUSB", r"maris?|epoux"),
    ("WIFE", r"epouses?|femme"),
    ("SPS", r"conjointe?s?|compagne|compagnon|concubine?"),
    ("FAMMEMB", r"famille|apparentes?|ascendants?|collateraux"),
    (
        "",
        (
            r"be(?:au|lle)s?[- ](?:peres?|meres?|freres?|s(?:oe|œ)urs?|fils|filles?|parents)|gendre"
            r"|bru|aidante?s?|nourrice|voisine?s?|amie?s?"
        ),
    ),
)
_TIE = "|".join(f"(?:{words})" for _, words in _TIES)
_CODED = tuple((code, re.compile(words)) for code, words in _TIES)
NAMED = re.compile(rf"(?<![\w'-])(?:{_TIE})(?![\w-])")
"""The name of a relative anywhere."""
_OWN = r"(?:(?:son|sa|ses|le|la|les|l'|un|une|[1-9]|deux|trois) ?)?"
_ONE = rf"{_OWN}(?:{_TIE})(?![\w-]){_SIDE}"
BEGINS = re.compile(rf"(?:chez )?{_ONE}")
_LEADS = re.compile(rf"(?:chez )?(?P<who>{_ONE}(?:\s*(?:et|,|/|\+|ou)\s*{_ONE})*)(?P<mark>\s*(?:[:=]|,|-)?\s*)")
_BEHIND = re.compile(
    rf"[\s,]*(?:\(\s*(?P<paren>{_ONE}(?:\s*(?:et|,|/|\+|ou)\s*{_ONE})*)\s*\)"
    rf"|\bchez (?P<chez>{_ONE}(?:\s*(?:et|,|/)\s*(?:chez )?{_ONE})*))\s*$"
)
_SENTENCE = re.compile(
    r"(?:de\b|d'|du\b|des\b|qui\b|unique|au foyer|porteuse|adopti|biologique|celibataire|a charge"
    r"|aidant|vit\b|vivant|divorce"
    r"|separe|accompagn|present|travaille|professeur|medecin|en bonne sante|bien portant|en vie"
    r"|ras\b|r\.a\.s|inconnu|[0-9]+ ?(?:ans?|$)|sain)"
)
_DIED = re.compile(
    r"(?:est )?(?:decedee?s?|mort[es]?s?|dcd|†)\s*(?:(?:a|en|vers) [0-9]+ ?(?:ans)?)?\s*(?:d'une?"
    r"|d'|de la|de l'|des?|du|par|suite a|dans un contexte d[e'])?\s*"
)
_CLAIMED = frozenset({"SONC", "DAUC", "CHILD", "WIFE", "GRNDSON", "GRNDDAU", "FAMMEMB"})
"""Words that may be about the patient (``fille de 12 ans``): they need ``son``, ``sa``, ``ses`` or a colon."""


_SIDED = re.compile(r"\s+(mat|pat)")
_WITH_SIDE = frozenset({"GRMTH", "GRFTH", "GRPRN", "UNCLE", "AUNT", "COUSN"})
"""Codes that take M (maternal) or P (paternal) before them."""


class Kin(NamedTuple):
    """An item about relatives: who, in code and words, and what is told of them. ``reason`` when it cannot be told.

    ``is_list``: a colon, or a title, says that all of it is about them.
    """

    ties: tuple[tuple[str, str], ...]
    rest: Item
    reason: str = ""
    is_list: bool = False


def read_kin(item: Item, *, is_titled: bool = False) -> Kin | None:
    """Whom an item is about; ``None`` for the patient, as far as the item says.

    ``is_titled``: the item stands under "family history", where nothing is about the patient.
    """
    if NAMED.search(item.low) is None:
        return Kin((("FAMMEMB", ""),), item, is_list=True) if is_titled else None
    leads = _LEADS.match(item.low)
    if leads is not None:
        return _led(item, leads, is_titled=is_titled)
    behind = _BEHIND.search(item.low)
    if behind is not None and behind.start() > 0:
        rest = item.part(0, behind.start())
        name = "paren" if behind["paren"] else "chez"
        ties = tuple(_ties(item, behind.span(name)))
        if NAMED.search(rest.low) is None and all(code for code, _ in ties):
            return Kin(ties, rest)
    return Kin((), item, "names a relative, and whose fact it is cannot be told")


def _led(item: Item, leads: re.Match[str], *, is_titled: bool) -> Kin:
    ties = tuple(_ties(item, leads.span("who")))
    rest = item.part(leads.end())
    is_claimed = is_titled or ":" in leads["mark"] or re.match(r"(?:chez )?(?:son|sa|ses) ?", item.low) is not None
    if any(not code or (code in _CLAIMED and not is_claimed) for code, _ in ties):
        return Kin((), item, "names somebody who may be the patient, or is no relative by blood")
    died = _DIED.match(rest.low)
    if died is not None:
        rest = rest.part(died.end())
    if not rest.low or _SENTENCE.match(rest.low):
        return Kin(ties, item, "tells no disease of the relative")
    if NAMED.search(rest.low):
        return Kin((), item, "names several relatives, and whose fact it is cannot be told")
    return Kin(ties, rest, is_list=is_titled or ":" in leads["mark"])


def _ties(item: Item, span: tuple[int, int]) -> Iterator[tuple[str, str]]:
    for found in NAMED.finditer(item.low, *span):
        code = next(code for code, form in _CODED if form.fullmatch(found[0]))
        side = _SIDED.match(item.low, found.end(), span[1])
        if side is not None and code in _WITH_SIDE:
            code = ("M" if side[1] == "mat" else "P") + code
        yield code, item.raw[found.start() : found.end()]
