"""Denied, suspected, past: what stands around the name of something and changes what it means."""

from __future__ import annotations

import re

from msgspec import Struct

from semantix.text.practice._dates import Dates, ages, dates_in
from semantix.text.practice._words import Item

_OF = r"(?:\s*(?:de la |de l'|des? |du |d'|d (?=\w))\s*)"
_ADJECTIVES = (
    r"(?:diabetique|hypertendue?|asthmatique|epileptique|dyslipidemique|coronarienn?e?|obese"
    r"|denutrie?|depressi(?:f|ve)"
    r"|cardiaque|bronchitique|insulino-?traitee?|dependante?|porteu(?:r|se)|enceinte|menopausee?|immunodeprimee?)"
)
DENIED = re.compile(
    r"(?:(?:il |elle )?(?:n'y a |n'a )?(?:pas|jamais|plus)(?: eu)?(?: (?:d')?(?:antecedents?"
    r"|atcds?|notion|argument|signes?|histoire))?"
    rf"{_OF}|(?:absence|indemne){_OF}|aucune?s?\s+(?:(?:antecedents?|atcds?|notion|signe|argument|histoire){_OF})?"
    rf"|(?:nie|denie)\s+(?:tout|toute|une?|des)?\s*|ni\s+(?:d'|de\s+)?|(?:non|pas|jamais)\s+(?={_ADJECTIVES}\b))"
)
"""A denial at the beginning of an item."""
DENIED_AFTER = re.compile(
    r"(?:\s*[:=]\s*(?:non|neant|0|absente?s?|aucune?|negatif|\(-\))|\s+(?:eliminee?|exclue?"
    r"|ecartee?|infirmee?)s?|\s+non)$"
)
"""A denial at the end of one."""
ANSWERED = re.compile(r"\s*[:=]\s*(?:oui|presente?s?|1|\+|\(\+\))$")
_OPEN = re.compile(r"(?:plus de|pas|sans|jamais|absence)\b")
UNSURE_DENIAL = re.compile(
    r"\b(?:pas|aucune?s?|jamais|ni|absence|negati(?:f|ve)s?|neg|neants?|exclue?s?|eliminee?s?"
    r"|ecartee?s?|infirmee?s?|normale?s?"
    r"|normaux|nie|denie|indemne|non (?:retrouve|vu|objective|documente|individualise|demontre"
    r"|fait|realise)\w*|sauf|hormis)\b"
)
"""Words of denial where they are not understood: what they deny cannot be told."""
SUSPECTED = re.compile(
    r"(?:forte |tres )?(?:suspicions?|susp\.?|suspecte?e?|doute(?: sur)?|hypotheses?"
    rf"|eventuel(?:le)?s?|possibles?|probables?|notions?){_OF}?\s*(?:une?\s)?\s*[:.]?\s*"
)
SUSPECTED_IN = re.compile(
    r"\?+|\b(?:probables?|possibles?|eventuel(?:le)?s?|suspecte?e?s?|suspicions?|douteu(?:x|se)"
    r"|(?:a|reste a|non) (?:confirme[er]?e?|verifier|eliminer|explorer|documenter|preciser"
    r"|prouvee?)"
    r"|non confirmee?|non prouvee?|evocat(?:eur|rice)s?|hypotheses?|versus|vs)\b"
)
_SUSPECTED_END = re.compile(
    r"\s*(?:\(\s*(?:\?+|probable|possible|a confirmer|a verifier)\s*\)|\?+|,?\s+(?:probable"
    r"|possible|eventuel(?:le)?|suspectee?|a confirmer|a verifier|non confirmee?|non prouvee?"
    r"|douteu(?:x|se)))\s*$"
)
_PAST = re.compile(
    rf"(?:antecedents?|atcds?)(?:{_OF}|\s+|\s*:\s*)|(?:ancien(?:ne)?s?|s/p|status post"
    r"|statut post)\s+|operee?s?\s+(?:d'une?|d'|de la|de|du|pour)\s*(?:une?\s+)?"
)
_PAST_END = re.compile(r",?\s+(?:operee?s?|gueri(?:e|s|es)?|resolue?s?|ancien(?:ne)?s?|traite et gueri)$")
PAST_IN = re.compile(
    r"\b(?:ancien(?:ne)?s?|sevree?|operee?s?|gueri(?:e|s|es)?|resolue?s?|(?<!sans )sequell(?:e|aire)s?|remission)\b"
)
_STATES = (
    ("remission", re.compile(r"\ben remission\b")),
    ("resolved", re.compile(r"\b(?:gueri(?:e|s|es)?|resolue?s?)\b")),
    ("inactive", re.compile(r"\bancien(?:ne)?s?\b")),
)
_NO_PROBLEM = re.compile(
    r"(?:traitements?|ttt|sous|ci|contre-?indications?|vit|vivant|marie|celibataire|retraitee?"
    r"|travaille|suivie? par|voir|cf"
    r"|courrier|rdv|rendez-vous|consultation|bilan|scanner|tdm|irm|echo|echographie|ecg|radio"
    r"|radiographie|eeg|emg|doppler"
    r"|holter|mammographie|frottis|fcv|biopsie|hospitalisation|certificat|ordonnance"
    r"|renouvellement|visite|controle|arret de travail|profession|nee?|originaire)\b"
)
"""What is no problem whatever follows: a treatment, an examination, a way of life."""
_ORGAN = re.compile(
    r"(?:rate|reins?|uterus|ovaires?|testicules?|regles|menstruations?|selles|pouls|libido"
    r"|reflexes?|contraception|vaccin\w*"
    r"|domicile|emploi|couverture|mutuelle|suivi|traitement|dents?|vesicule|appendice|thyroide"
    r"|sein|amelioration|reponse)\b"
)
_FUTURE = re.compile(
    r"\b(?:prevue?s?|a prevoir|programmee?s?|a programmer|envisagee?s?|a envisager|a discuter"
    r"|a faire|planifiee?s?|prochaine?s?"
    r"|proposee?s?|refusee?s?|refuse|en attente|indication|surveiller|risque|depistage|prevention"
    r"|vaccin|crainte|peur|conseil)\b"
)
"""Said of what has not happened, or is only looked for."""


class Marked(Struct, frozen=True):
    """An item without its marks and dates. ``reason`` is not empty when its meaning cannot be told."""

    words: str
    negated: bool = False
    suspected: bool = False
    past: bool = False
    status: str = ""
    dates: Dates = Dates()
    reason: str = ""


def marked(item: Item, *, is_denied: bool = False) -> Marked:
    """Take the marks and dates of an item apart. ``is_denied``: a denial before it holds for it too."""
    dates = dates_in(item)
    bare = item.without((*dates.spans, *ages(item))).part()
    bare, negated, reason = _denial(bare, is_denied=is_denied)
    suspected = SUSPECTED_IN.search(bare.low) is not None
    past = PAST_IN.search(bare.low) is not None
    status = next((name for name, form in _STATES if form.search(bare.low)), "")
    while (found := SUSPECTED.match(bare.low) or _PAST.match(bare.low)) is not None and found.end():
        suspected = suspected or found.re is SUSPECTED
        past = past or found.re is _PAST
        bare = bare.part(found.end())
        if not negated and DENIED.match(bare.low):
            reason = reason or "a denial inside a doubt"
    bare = _without_end(bare)
    if not reason and negated and suspected:
        reason = "denied and doubted at once"
    if not reason and UNSURE_DENIAL.search(bare.low):
        reason = "a denial whose reach cannot be told"
    if not reason and negated and _ORGAN.match(bare.low):
        reason = "something that is missing, not a denied problem"
    if not reason and _NO_PROBLEM.match(bare.low):
        reason = "a treatment, an examination or a way of life, not a problem"
    if not reason and _FUTURE.search(bare.low):
        reason = "planned, looked for or feared: not said to have happened"
    return Marked(bare.words, negated, suspected, past, status, dates, reason)


def _denial(bare: Item, *, is_denied: bool) -> tuple[Item, bool, str]:
    """The item without a denial at its beginning or end."""
    found = DENIED.match(bare.low)
    after = DENIED_AFTER.search(bare.low)
    if found is not None and after is not None:
        return bare, False, "denied twice"
    if found is not None:
        reason = "what is over or what is more" if re.match(r"plus\b", bare.low) else ""
        return bare.part(found.end()), True, reason
    if after is not None:
        return bare.part(0, after.start()), True, ""
    answered = ANSWERED.search(bare.low)
    if answered is not None:
        bare = bare.part(0, answered.start())
    if _OPEN.match(bare.low):
        return bare, False, "a denial whose reach cannot be told"
    return bare, is_denied, ""


def _without_end(bare: Item) -> Item:
    for form in (_SUSPECTED_END, _PAST_END):
        found = form.search(bare.low)
        if found is not None and found.start() > 0:
            bare = bare.part(0, found.start())
    return bare
