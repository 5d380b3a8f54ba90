"""ALD: whether, its number, its CIM-10 code, its dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import structs

from semantix.text.practice._absence import state_of
from semantix.text.practice._dates import dates_in
from semantix.text.practice._finding import Finding
from semantix.text.practice._words import Item

BEGINS = re.compile(r"(?:pas d'|aucune |en |absence d'|hors |non )?(?:ald\b|ald(?=[0-9])|affections? de longue duree)")
_NUMBER = re.compile(
    r"ald\s*(?:30\s*)?n[°o]?\.?\s*([0-9]{1,2})(?![0-9/.-]|,[0-9])"
    r"|ald\s*(?:30\s*[-:/]?\s*)?([0-9]{1,2})(?![0-9/.]|,[0-9])"
)
_NUMBERS = re.compile(r"(?:n[°o]?\.?\s*|\bald\s*|\bet\s+|,\s*)([0-9]{1,2})(?![0-9/.])")
CIM10 = re.compile(r"(?<![\w.])([a-tv-z][0-9]{2}(?:\.[0-9]{1,2}|[0-9]{1,2})?)(?![\w.]|,[0-9])")
_NOT_YET = re.compile(
    r"demande|en cours d|refus|a faire|a demander|renouvel|protocole|dossier|\?|probable|envisag|attente|exonerante\?"
)
_NO = re.compile(
    r"(?:pas d'|aucune |absence d'|hors |non )(?:ald|affection)|(?:ald|duree)\s*[:=]?\s*(?:non|0"
    r"|neant|aucune|pas|-)\s*$"
)
_FLAGS: Mapping[str, bool] = MappingProxyType(
    {
        **dict.fromkeys(("oui", "o", "1", "true", "vrai", "100%", "100 %"), True),
        **dict.fromkeys(("non", "n", "0", "false", "faux"), False),
    }
)
_LAST = 32
"""ALD 1 to 30 are those of the list, 31 is outside of it, 32 stands for several together."""
_NAME = re.compile(
    r"(?:en )?(?:ald|affections? de longue duree)\s*(?:30|31"
    r"|32)?\s*(?:hors liste)?\s*(?:n[°o]?\.?)?\s*(?:[0-9]{1,2}(?![0-9/.]))?\s*[:,-]?\s*(?:cim ?-?10\s*:?)?"
)


def read_ald(text: str, number: str = "", code: str = "") -> tuple[Finding, ...]:
    """An ALD field: a flag, or a number, a code and dates; ``number`` and ``code`` are of columns of their own."""
    item = Item.of(text).part()
    flag = _FLAGS.get(item.low)
    if flag is not None or (not item.low and (number or code)):
        one = Finding(kind="ald", text=text.strip(), negated=flag is False)
    elif not item.low:
        return ()
    elif re.fullmatch(r"[0-9]{1,2}", item.low):
        one = Finding(kind="ald", text=item.raw, rank=int(item.low) if 1 <= int(item.low) <= _LAST else None)
    else:
        one = of_item(item, item.raw, is_titled=True)
    if one.kind != "ald" or one.negated:
        return (one,)
    rank = int(number) if re.fullmatch(r"[0-9]{1,2}", number.strip()) and 1 <= int(number) <= _LAST else one.rank
    written = code.strip() if CIM10.fullmatch(code.strip().lower()) else one.code
    return (_with(one, rank, written),)


def of_item(item: Item, text: str, *, is_titled: bool = False) -> Finding:
    """An ALD told inside a text."""
    if _NO.search(item.low):
        return Finding(kind="ald", text=text, negated=True)
    if is_titled and state_of(item.low):
        return Finding(kind="absence", text=text, status=state_of(item.low), about="ald")
    if _NOT_YET.search(item.low):
        return Finding(kind="note", text=text, reason="an ALD asked for, refused or unsure")
    dates = dates_in(item)
    bare = item.without(dates.spans)
    rank, doubt = _rank(bare)
    codes = list(CIM10.finditer(bare.low))
    if len(codes) > 1:
        codes, doubt = [], "several codes in one item"
    spans = [one.span() for one in codes] + [one.span() for one in [_NAME.match(bare.low)] if one is not None]
    code = bare.raw[slice(*codes[0].span(1))] if codes else ""
    words = bare.without(spans).words
    words = words if any(c.isalpha() for c in words) else ""
    one = Finding(kind="ald", text=text, words=words, on=dates.on, start=dates.start, end=dates.end, reason=doubt)
    return _with(one, rank, code)


def _with(one: Finding, rank: int | None, code: str) -> Finding:
    return structs.replace(one, rank=rank, code=code, system="cim10" if code else "")


def _rank(bare: Item) -> tuple[int | None, str]:
    """The number of the ALD; "ALD 30" alone is the list of thirty as often as the thirtieth of it."""
    found = _NUMBER.search(bare.low)
    if found is None:
        if "hors liste" in bare.low:
            return 31, ""
        return (32, "") if "polypatholog" in bare.low else (None, "")
    if len(set(_NUMBERS.findall(bare.low)) - {"30"}) > 1:
        return None, "several numbers in one item"
    rank = int(found[1] or found[2])
    if rank == 30 and not found[1]:
        return None, "the list of thirty, or the thirtieth of it: it cannot be told"
    return (rank, "") if 1 <= rank <= _LAST else (None, "no number of an ALD")
