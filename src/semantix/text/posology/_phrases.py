"""Phrases of a dosage: patterns over the classes of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

from semantix.text.posology._items import BUILDERS, Item
from semantix.text.posology._reading import Doubt
from semantix.text.posology._tokens import Token

_ONE = "(?:NF|[NF]H?)"
_AMOUNT = f"{_ONE}(?:[ao-]{_ONE})?"
_PER = "[/p]l?N?[Th]"
_BETWEEN = "(?:B(?:l?N?l?r)?)?"
_CLOCK = "(?:Nh|K)"
_MEALS = "G(?:[,e]*[ly]*G)*"

_PATTERNS = {
    "scheme": "(?:(?:[NF]-){2,3}[NF](?![-/fxHTh])|(?<![NF])NNNN?(?![NFfxThH/p])|z|m)U?",
    "limit_after": f"{_AMOUNT}l?U?[fr]?(?:X{_PER}|{_PER}X)(?!,*l*[NF])",
    "limit": f"[XJ][,l]*{_AMOUNT}l?U?[fr]?(?:{_PER})?",
    "interval": f"g[lr_<]*{_AMOUNT}[Th][<T]?{_BETWEEN}"
    f"|<?{_AMOUNT}h<?B(?:l?N?l?r)?"
    f"|<?v[<,l]*{_AMOUNT}[Th]<?{_BETWEEN}"
    f"|a{_AMOUNT}[Th]l?v",
    "meal": f"(?:<?{_AMOUNT}[Th])?R[lyc]*N?[ly]*{_MEALS}|a?[lyc]*N?{_MEALS}",
    "single": f"n?N(?:t[rf]|[rf]t)_?(?:{_PER})?",
    "split": f"n{_AMOUNT}[rf]_?(?:{_PER})?",
    "once": "n?N?1|(?<=[UV])t",
    "frequency": f"x?{_AMOUNT}f(?:{_PER}|[Th])"
    f"|{_AMOUNT}f(?:c|El*(?:{_AMOUNT})?)[Th]"
    f"|x{_AMOUNT}{_PER}"
    f"|{_AMOUNT}x(?:[/p]l?N?)?[Th]"
    f"|{_AMOUNT}r{_PER}",
    "alternate": "NT[s/]N",
    "dose": f"{_AMOUNT}l?U(?:H|eF(?!l?U))?",
    "bare_per": f"{_AMOUNT}{_PER}",
    "clock": f"a{_CLOCK}(?:[,e-]*a?{_CLOCK})*",
    "every": f"El*(?:{_AMOUNT})?[Th]|cT",
    "first_day": "[ly]*q",
    "rest_of_days": "lTw",
    "duration": f"[Ls][lyc_,]*{_AMOUNT}T(?![/pR]|sl?N)w?|x{_AMOUNT}T|l?{_AMOUNT}t?T(?![/pR]|sl?N)w?",
    "supply": f"Z[ly,]*{_AMOUNT}[T#U]",
    "repeats": "Y,*x?Nf?|@",
    "again": "Y(?=E)",
    "stop": "Q",
    "then": "P",
    "reason": "C[ly]*[kI](?:[leoykIC]*[kI])?(?:>N°?N?)?",
    "after_event": "R[lyc]*[kI]+",
    "as_needed": "S",
    "except": "O[ly]*W(?:[,e]*[ly]*W)*(?![ly]*M)",
    "days": "l?W[ya]W|[Ec]?[ly]*W(?:[,e]*[ly]*W)*",
    "moments": "[Ec]?a?[ly]*M(?:yM)?",
    "site": "(?:[bs]?[lyc]+N?|[bsp])?I(?:[ely]*I)*",
    "route": "[pna]?l?V",
    "per": f"{_PER}|A",
    "start": "u",
    "note": "[iD]",
    "also": "e(?=,*[SC])",
    "and": "e",
    "mark": "[ly,_]|pr|(?<=M)/(?=l?M)|(?<![NF])-|-(?![NF])|^-",
    "number": _AMOUNT,
}
_MASTER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS.items()))

Words = Callable[[int, int], str]


def items(tokens: list[Token], words: Words) -> list[Item]:
    """The phrases of a text, in order; :class:`Doubt` at the first token that belongs to none.

    ``words`` gives the text between two places.
    """
    classes = "".join(t.kind for t in tokens)
    found: list[Item] = []
    at = 0
    while at < len(tokens):
        match = _MASTER.match(classes, at)
        if match is None or match.end() == at:
            raise Doubt("words", tokens[at].start, tokens[at].end)
        kind = match.lastgroup or ""
        if kind != "mark":
            piece = tokens[at : match.end()]
            start, end = piece[0].start, piece[-1].end
            build = BUILDERS.get(kind)
            try:
                made = build(piece) if build is not None else Item(kind=kind, start=start, end=end)
            except Doubt as doubt:
                raise Doubt(doubt.reason, start, end) from None
            found.append(_with_words(made, piece, words) if kind in _WORDED else made)
        at = match.end()
    return found


_WORDED = {"reason": "Cly", "after_event": "", "site": "bs", "note": ""}
"""Phrases kept as written, and the classes that do not belong to the words at their beginning."""
_OF = frozenset({"de", "d", "du", "des"})


def _with_words(made: Item, piece: list[Token], words: Words) -> Item:
    leading = _WORDED[made.kind]
    first = 0
    while first < len(piece) - 1 and (piece[first].kind in leading or piece[first].value in _OF):
        first += 1
    return Item(
        kind=made.kind, start=made.start, end=made.end, codes=made.codes, text=words(piece[first].start, piece[-1].end)
    )
