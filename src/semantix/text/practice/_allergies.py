"""Allergies and intolerances inside histories: to what, or that there are none; never one for the other."""

from __future__ import annotations

import re

from msgspec import structs

from semantix.text.practice._absence import NOT_ASKED, NOT_RECORDED, NOTHING, UNKNOWN, state_of
from semantix.text.practice._dates import dates_in
from semantix.text.practice._finding import Finding
from semantix.text.practice._marks import SUSPECTED_IN, UNSURE_DENIAL
from semantix.text.practice._words import Item

MOST_WORDS = 6
"""More words than this are a sentence, not the name of a substance."""
STEM = re.compile(r"allerg|intoleran|hypersensib|anaphyla")
_SORTS = (
    r"(?:\s*(?:,|/|et|ou|ni)?\s*(?:medicamenteuses?|alimentaires?|environnementales?|respiratoires?"
    r"|cutanees?|connue?s?|declaree?s?|signalee?s?|rapportee?s?|retrouvee?s?|notables?|particulieres?"
    r"|averee?s?|vraies?|documentee?s?|a ce jour|ni intolerances?|et intolerances?|ou intolerances?))*"
)
_NAME = r"(?:allergi(?:es?|ques?)|intoleran(?:ces?|te?s?)|hypersensibilites?)"
_KEY = re.compile(
    rf"(?:patiente?\s+)?(?:{_NAME}|(?:reactions? allergiques?|choc anaphylactique|anaphylaxie"
    rf"|reactions? anaphylactiques?))(?P<sorts>{_SORTS})"
)
_DENIAL = (
    r"(?:(?:pas|absence)\s?(?:d'|de |de notion d')|aucune?s? (?:notion d')?|jamais (?:eu )?d'|sans "
    r"|nie toute? |ni |non |n'est pas |pas )"
)
_NONE = re.compile(rf"{_DENIAL}(?:patiente? )?(?:{_NAME})(?P<sorts>{_SORTS})\s*(?:[:=]\s*)?")
_SAID = re.compile(
    rf"(?:{_NAME})(?P<sorts>{_SORTS})\s*[:=]?\s*(?P<said>{NOTHING}|{NOT_ASKED}|{NOT_RECORDED}|{UNKNOWN})\s*\.?"
)
_UNCLEAR = re.compile(rf"(?:{_NAME}){_SORTS}\s*[:=]?\s*(?:non connue?s?|non sue?s?|plus|\+)\s*")
_BUT = re.compile(r"\b(?:sauf|hormis|excepte|en dehors (?:de la |de l'|des? |du |d')|a part|autres? que)\s*:?\s*")
_TO = re.compile(
    r"(?:a la |a l'|aux? |a (?=\w)|envers (?:la |le |les |l')?|contre (?:la |le |les |l')?"
    r"|apres (?:la |le |les |l')?(?:prise d'|prise de )?)"
)
_YES = re.compile(r"(?:oui|\+)")
_ILLNESS = re.compile(
    r"(?:rhin|asthm|conjonctiv|eczema|dermat|urtic|toux|alveolite|bronch|sinus|oedeme|prurit"
    r"|purpura|trachei|polypose)"
)
_NOT_SUBSTANCES = re.compile(
    r"(?:au glucose|aux? (?:glucides?|hydrates? de carbone|bruit|froid|chaud|stress|traitements? "
    r"|efforts?)|a l'effort|a la (?:chaleur|frustration|douleur)"
    r"|orthostatique|glucidique|digestive|musculaire)"
)
_REACTION = re.compile(
    r"(?:urticaire|(?:oe|œ)deme|quincke|rash|eruption|choc|anaphyla|nausee|vomissement|diarrhee"
    r"|prurit|toxidermie|gene\b|malaise"
    r"|bronchospasme|erytheme|exantheme|detresse|lyell|dress|hypotension|dyspnee|cephalee|en \d|depuis|le \d)"
)
_TOLD = re.compile(
    r"\s*(?::|->|=>|\bavec\b|\bresponsable\b|\bayant\b|\ba type d|\btype\b|\bsous forme\b"
    r"|,?\s*(?=(?:urticaire|(?:oe|œ)deme|rash|eruption|choc|prurit)\b))"
)
_ASIDE = re.compile(
    r"\([^()]*\)|\?+|\b(?:probables?|possibles?|a confirmer|a verifier|suspectee?"
    r"|non (?:confirmee?|prouvee?|verifiee?)|douteuses?)\b"
)
_WRAPPED = re.compile(r"\(([^()]*)\)")
_VAGUE = re.compile(
    r"(?:multiples?|diverse?s?|severes?|graves?|croisees?|saisonnieres?|anciennes?|nombreuses?|autres?|familiales?)\b"
)
_JOINED = re.compile(r"\s*(,|\bet\b|\bni\b|\bou\b)\s*")
_ABOUT = (("medication", "medicament"), ("food", "aliment"), ("environment", "environnement"))
_ENDED = re.compile(r"(?:,|\()?\s*(?:exclue?|infirmee?|eliminee?|levee|ecartee)s?\s*\)?\s*$")
_CHANGED = re.compile(
    r"desensibilis|negatif|negatives?|bilan|tests?\b|voir |cf\b|reintrodui|tolere|eviter"
    r"|precaution|prudence|attention|contre-?indi"
)


def read_allergies(item: Item, text: str, *, is_titled: bool = False) -> tuple[Finding, ...] | None:
    """The allergies of an item, or that there are none; ``None`` when it is not about allergies.

    ``is_titled``: the item stands under a title that says so, and may be the name of a substance alone.
    """
    if not is_titled and STEM.search(item.low) is None:
        return None
    if _UNCLEAR.fullmatch(item.low):
        return (_note(text, "unknown, or known to be none: it cannot be told"),)
    denied = _NONE.match(item.low)
    absent = _absence(item, text, is_titled=is_titled)
    if absent or denied is not None:
        return absent or _denied(item, denied, text)
    return _told(item, text, is_titled=is_titled)


def _told(item: Item, text: str, *, is_titled: bool) -> tuple[Finding, ...] | None:
    """An item that does not begin with a denial."""
    low = re.match(r"(?:suspicions? |notions? |antecedents? |atcds? |possibles? |probables? )(?:d'|de )?", item.low)
    key = _KEY.match(item.low, low.end() if low else 0)
    if key is None:
        return _unkeyed(item, text, is_titled=is_titled)
    rest = item.part(key.end())
    if "intoleran" in key[0] and _NOT_SUBSTANCES.match(rest.low):
        return None
    made = _made(rest, text, key, is_list=is_titled or _opens_a_list(item.low, key))
    doubted = low is not None and not low[0].startswith(("ant", "atcd"))
    return tuple(_doubted(one) if doubted and one.kind == "allergy" else one for one in made)


def _unkeyed(item: Item, text: str, *, is_titled: bool) -> tuple[Finding, ...] | None:
    if _ILLNESS.match(item.low):
        return (_note(text, "an illness, not a substance"),) if is_titled else None
    if is_titled:
        return _made(item, text, None, is_list=True)
    return (_note(text, "names an allergy, and how cannot be told"),)


def _opens_a_list(low: str, key: re.Match[str]) -> bool:
    return low[key.end() :].lstrip().startswith(":") and key[0].rstrip().endswith("s")


def _absence(item: Item, text: str, *, is_titled: bool) -> tuple[Finding, ...]:
    none = _NONE.fullmatch(item.low)
    said = _SAID.fullmatch(item.low) if none is None else None
    if none is not None:
        return tuple(
            Finding(kind="absence", text=text, status="none-known", about=about) for about in _abouts(none["sorts"])
        )
    if said is not None:
        state = state_of(said["said"])
        return tuple(Finding(kind="absence", text=text, status=state, about=about) for about in _abouts(said["sorts"]))
    state = state_of(item.low) if is_titled else ""
    return (Finding(kind="absence", text=text, status=state, about="allergy"),) if state else ()


def _abouts(sorts: str) -> tuple[str, ...]:
    """Which allergies a denial is about: those of a sort, else all."""
    found = tuple(f"{name}-allergy" for name, stem in _ABOUT if stem in sorts)
    return found if found and "respir" not in sorts and "cutan" not in sorts else ("allergy",)


def _denied(item: Item, denied: re.Match[str] | None, text: str) -> tuple[Finding, ...]:
    """A denied allergy to something; ``sauf`` tells one that there is."""
    assert denied is not None
    rest = item.part(denied.end())
    but = _BUT.search(rest.low)
    if but is not None:
        return _made(rest.part(but.end()), text, None, is_list=True)
    led = _TO.match(rest.low)
    if led is None or _TOLD.search(rest.low) or "mais" in rest.low or SUSPECTED_IN.search(rest.low):
        return (_note(text, "a denied allergy whose reach cannot be told"),)
    names = _names(rest, is_list=False)
    if any(not is_sure for _, is_sure in names) or UNSURE_DENIAL.search(rest.low.replace(" ni ", " ")):
        return (_note(text, "a denied allergy whose reach cannot be told"),)
    return tuple(Finding(kind="allergy", text=text, words=name, negated=True, status="allergy") for name, _ in names)


def _made(rest: Item, text: str, key: re.Match[str] | None, *, is_list: bool) -> tuple[Finding, ...]:
    """An allergy for each substance named; words that may be something else are a note."""
    kind = "intolerance" if key is not None and "intoleran" in key[0] else "allergy"
    about = next((name for name, stem in _ABOUT if key is not None and stem in key["sorts"]), "")
    ended = _ENDED.search(rest.low)
    bare = rest.part(0, ended.start()) if ended else rest
    if not bare.low or _YES.fullmatch(bare.low):
        if key is None or ended:
            return (_note(text, "no substance is named"),)
        return (Finding(kind="allergy", text=text, status=kind, about=about),)
    if _VAGUE.match(bare.low):
        return (_note(text, "no substance is named"),)
    if UNSURE_DENIAL.search(bare.low) or _CHANGED.search(bare.low):
        return (_note(text, "a denial or a test whose reach cannot be told"),)
    dates = dates_in(bare)
    suspected = SUSPECTED_IN.search(bare.low) is not None
    out = []
    for name, is_sure in _names(bare.without(dates.spans), is_list=is_list):
        if not is_sure:
            out.append(_note(text, "a further substance, or something else: it cannot be told", name))
            continue
        out.append(
            Finding(
                kind="allergy",
                text=text,
                words=name,
                status=kind,
                about=about,
                negated=ended is not None,
                suspected=suspected,
                on=dates.on,
                start=dates.start,
                end=dates.end,
            )
        )
    return tuple(out) or (_note(text, "no substance is named"),)


def _names(rest: Item, *, is_list: bool) -> list[tuple[str, bool]]:
    """The names of substances; one that is not sure to be one is told so."""
    wrapped = _WRAPPED.fullmatch(rest.low)
    rest = rest.part(*wrapped.span(1)) if wrapped is not None else rest
    bare = rest.without(one.span() for one in _ASIDE.finditer(rest.low)).part()
    told = _TOLD.search(bare.low, 1)
    main = bare.part(0, told.start() if told else None)
    out: list[tuple[str, bool]] = []
    start, joint = 0, ""
    for found in (*_JOINED.finditer(main.low), None):
        part = main.part(start, found.start() if found is not None else None)
        if part.low and not _REACTION.match(part.low):
            out.append(_name(part, joint, is_list=is_list, is_first=not out))
        if found is not None:
            start, joint = found.end(), found[1]
    return out


def _name(part: Item, joint: str, *, is_list: bool, is_first: bool) -> tuple[str, bool]:
    led = _TO.match(part.low)
    name = part.part(led.end()) if led else part
    words = name.words
    is_sure = is_first or is_list or led is not None or joint in {"et", "ni", "ou"}
    return words, is_sure and 0 < len(words.split()) <= MOST_WORDS


def _note(text: str, reason: str, words: str = "") -> Finding:
    return Finding(kind="note", text=text, words=words, reason=reason)


def _doubted(one: Finding) -> Finding:
    return structs.replace(one, suspected=True)
