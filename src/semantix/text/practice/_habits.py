"""Tobacco and alcohol: whether, how much, since when, until when."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct

from semantix.text.practice._absence import state_of
from semantix.text.practice._dates import Dates, dates_in
from semantix.text.practice._finding import Finding
from semantix.text.practice._relatives import NAMED
from semantix.text.practice._words import Item
from semantix.text.values import Number

_TOBACCO = re.compile(
    r"(?:(?:patiente?|sujet)\s+)?(?:(?:pas d[e']|absence d[e']|arret (?:du|de)|consommation de"
    r"|intoxication(?: au)?|sevrage|jamais de|aucun)\s*)?"
    r"(?:tabac\b|tabagi\w*)|(?:patiente?\s+)?(?:(?:ex|ancien(?:ne)?|non|gros(?:se)?|grande?"
    r"|petite?)[- ])?fumeu(?:r|se)\b"
    r"|(?:n'a )?jamais fume\b|(?:a )?fume\b|(?:ne )?fume (?:pas|plus)\b|cigarettes?\b"
    r"|[0-9]{1,3} ?(?:paquets?[- ]annees?|pa$)"
)
_ALCOHOL = re.compile(
    r"(?:(?:pas d'|absence d'|aucune? |arret (?:de l'|d')|consommation (?:d'|de )|(?:non "
    r"|ex-)?consommat(?:eur|rice) d'|jamais d'|sevrage en )\s*)?"
    r"(?:alcool\b(?! ?[0-9]+ ?°)|oh\b)|non consommat(?:eur|rice)\b|boissons? alcooli(?:see|que)s?"
)
_NOT_HABIT = re.compile(
    r"passif|passive|conseil|propos|prevention|lie (?:a|au)|induit|hepat|cirrho|pancrea|neuropath"
    r"|dependan|gel hydro|test\b|questionnaire"
    r"|fagerstr|a evaluer|cannabis|thc|chicha|vap(?:e|ot)|e-?cig|cigarette electronique|puff"
    r"|allerg|cancer|cardiopath|delirium|famil|maternel|foetal"
    r"|\bin utero|syndrome|arret (?:prevu|envisage|souhaite)|souhait|motiv|reprise|rechute"
    r"|reduction|diminu|augment|projet|en cours|tentative"
)
_NEVER = re.compile(r"\bjamais\b|n'a jamais")
_STILL = re.compile(
    r"non sevree?|pas sevree?|actif|active|actuel|quotidien|regulier|persistant|poursuivi|en cours"
    r"|chronique|occasionnel|festif|mondain|modere|week|social"
)
_NO = re.compile(r"\b(?:pas|absence|aucune?|non)\b|\b(?:ne )?fume pas|\b0\s*(?:pa\b|cig|verre|g\b)|[:=]\s*0\s*$")
_FORMER = re.compile(
    r"\bex\b|ancien|sevree?|sevrage|arret|stop|abstinent|ne fume plus|fume plus|cesse|ne boit plus|a fume\b"
)
_CURRENT = re.compile(r"fumeu(?:r|se)|\bfume\b|tabagisme|tabagique|\boui\b|\+|consomm|\bboit\b")
_NUMBER = r"(?<![\w.,/])(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,2})?|1/2|½)"
_TOBACCO_AMOUNT = re.compile(
    rf"{_NUMBER}\s*(?P<unit>p\.?a\.?(?![\w/])|paquets?[- ]?(?:x )?annees?|(?:cig(?:arette)?s?\.?"
    r"|paquets?|pqts?|paq)\s*(?:/|par)\s*(?:jours?|j\b|jr\b|semaines?|sem\b|mois))"
)
_ALCOHOL_AMOUNT = re.compile(
    rf"{_NUMBER}\s*(?P<unit>(?:verres?(?: de (?:vin|biere))?|bieres?|unites?|ui|g|l|litres?|cl"
    r"|bouteilles?)\s*(?:d'alcool\s*)?(?:/|par)\s*(?:jours?|j\b|jr\b|semaines?|sem\b|mois|an\b"
    r"|repas))"
)
_RANGE = re.compile(r"[0-9]\s*(?:-|a|ou)\s*$")
_RANK = re.compile(r"[<>≤≥~±]|environ|moins de|plus de")
_A_TIME = re.compile(r"/|\bpar\b")
"""So much a day, said without more, is said of now; pack-years are not."""
_ENDS = re.compile(r"sevr|arret|stop|abstinen|plus depuis|cesse|\bex\b|ancien")


_FLAGS = MappingProxyType({"n": "none", "o": "current"})


class Habit(Struct, frozen=True):
    """How one habit is told."""

    kind: str
    form: re.Pattern[str]
    amount: re.Pattern[str]


_HABITS = (Habit("tobacco", _TOBACCO, _TOBACCO_AMOUNT), Habit("alcohol", _ALCOHOL, _ALCOHOL_AMOUNT))


def denied_habit(item: Item, text: str) -> Finding | None:
    """Tobacco or alcohol named after a denial that holds for it (``pas de tabac ni d'alcool``)."""
    for habit in _HABITS:
        found = habit.form.match(item.low)
        if found is not None:
            if found.end() < len(item.low):
                return Finding(kind="note", text=text, reason="a denied habit that is told with more")
            return Finding(kind=habit.kind, text=text, words=item.words, negated=True, status="none")
    return None


def read_habit(item: Item, text: str, *, kind: str = "") -> Finding | None:
    """Tobacco or alcohol; ``None`` when the item is about something else. ``kind``: the field is one of them."""
    for habit in _HABITS:
        if kind == habit.kind or (not kind and habit.form.match(item.low)):
            return _read(habit, item, text)
    return None


def _read(habit: Habit, item: Item, text: str) -> Finding:
    low = item.low
    if NAMED.search(low) is not None:
        return Finding(kind="note", text=text, reason="names a relative, and whose habit it is cannot be told")
    if _NOT_HABIT.search(low) and not re.search(r"non sevree? *(?:en cours)?$", low):
        return Finding(kind="note", text=text, reason="tells of a habit, and whether it is one cannot be told")
    answer = re.sub(r"^.*?(?:tabac|alcool|oh)\w*\s*[:=]?\s*", "", low) if habit.form.match(low) else low
    state = state_of(answer) if answer.strip() != "sans" else ""
    if state in {"not-asked", "not-recorded", "unknown"}:
        return Finding(kind="absence", text=text, status=state, about=habit.kind)
    dates = dates_in(item)
    status = _FLAGS.get(low, "") or ("none" if state == "none-known" else _status(low))
    if status == "none" and dates.start is not None:
        status = "former"
    number, reason, is_rate = _amount(habit, item, status)
    if not status and is_rate:
        status = "current"
    if not status and not reason and not number and not dates.spans and habit.form.match(low) is None:
        return Finding(kind="note", text=text, reason="an answer that is not understood")
    when = _when(low, status, dates)
    return Finding(
        kind=habit.kind,
        text=text,
        words=item.words,
        negated=status in {"none", "never"},
        past=status == "former",
        suspected="?" in low,
        status=status if "?" not in low else "unknown",
        number=number,
        reason=reason,
        on=when.on,
        start=when.start,
        end=when.end,
    )


def _status(low: str) -> str:
    """The first that is told; ``""`` when the habit is only named. Two that contradict each other are unknown."""
    if re.search(r"non sevree?|pas sevree?|non stabilis", low):
        return "current"
    if _NEVER.search(low):
        return "never" if not _FORMER.search(low) or "a jamais" in low or "jamais fume" in low else "unknown"
    if _FORMER.search(low):
        return "unknown" if re.search(r"\b(?:pas|non)\b(?! fumeu| consom)", low) else "former"
    if _NO.search(low):
        return "none"
    return "current" if _STILL.search(low) or _CURRENT.search(low) else ""


def _amount(habit: Habit, item: Item, status: str) -> tuple[Number | None, str, bool]:
    """How much, when one amount is told exactly."""
    low = item.low
    found = list(habit.amount.finditer(low))
    if not found or status in {"none", "never"}:
        return None, "", False
    one = found[0]
    is_rate = _A_TIME.search(one["unit"]) is not None
    before = low[max(0, one.start() - 12) : one.start()]
    if len(found) > 1 or _RANGE.search(before) or _RANK.search(before):
        return None, "no exact amount", is_rate
    written = one["number"]
    value = Decimal("0.5") if written in {"1/2", "½"} else Decimal(written.replace(",", "."))
    return Number(value, " ".join(item.raw[slice(*one.span("unit"))].split())), "", is_rate


def _when(low: str, status: str, dates: Dates) -> Dates:
    """The date of a former habit is that of its end, whatever word leads it."""
    if status == "former":
        ended = dates.end or dates.on or (dates.start if _ENDS.search(low) or _NO.search(low) else None)
        began = dates.start if dates.end is not None else None
        return Dates(start=began, end=ended)
    return dates
