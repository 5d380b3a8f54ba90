"""Dates inside an item: one point, one beginning, one end or one interval; anything less clear stays in the words."""

from __future__ import annotations

import re

from msgspec import Struct

from semantix.text.dates import read_date
from semantix.text.practice._finding import Day
from semantix.text.practice._words import Item

_DIGIT = re.compile("[0-9]")
_MONTH = (
    r"(?:janvier|janv|fevrier|fevr|fev|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct"
    r"|novembre|nov|decembre|dec)\.?"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = (
    rf"(?:[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-](?:{_YEAR}|[0-9]{{2}})|[0-9]{{1,2}}[/-]{_YEAR}"
    rf"|(?:[0-9]{{1,2}}(?:er)? )?{_MONTH} {_YEAR}|{_YEAR})"
)
_NOT_BEFORE = r"(?<![\w/.,+-])"
_NOT_AFTER = r"(?![\w/]|[.,][0-9]|-[0-9]|\s?(?:ui|mg|g|ml|kcal|m|cm|%|euros?|€|calories)\b|\s?%)"
DATE = re.compile(_NOT_BEFORE + _DATE + _NOT_AFTER)
_PERIOD = re.compile(
    rf"{_NOT_BEFORE}(?:(?:de|du|entre) )?({_DATE}) ?(?:a|au|-|et|jusqu'en|jusqu'au) ?({_DATE}){_NOT_AFTER}"
)
_LED = re.compile(
    r"(?:\b(?:diagnostiquee?s?|decouverte?s?|connue?s?|survenue?s?|realisee?s?) )?"
    rf"(?:\b(depuis|des)(?: le| l'annee)?|\b(jusqu'(?:en|au|a))|\b(?:en|le|du|dx)) ({_DATE}){_NOT_AFTER}"
)
_VAGUE = re.compile(
    r"(?:\b(?:vers|environ|env\.?|avant|apres|autour de|debut|fin|mi|ete|hiver|automne"
    rf"|printemps)[ -]|[~<>±]) ?(?:{_DATE})"
)
_AGE = re.compile(r"\b(?:(?:survenue?|decede?e?) )?a (?:l'age de )?[0-9]{1,3} ?(?:ans?|mois)\b")
_ALONE = re.compile(rf"\(\s*({_DATE})\s*\)|^({_DATE})(?=[\s:,-]|$)|(?<=[\s,:-])({_DATE})$")
_WHOLE = re.compile(rf"{_NOT_BEFORE}[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-](?:{_YEAR}|[0-9]{{2}}){_NOT_AFTER}")


class Dates(Struct, frozen=True):
    """The dates of an item, and the parts of it that tell them."""

    on: Day | None = None
    start: Day | None = None
    end: Day | None = None
    spans: tuple[tuple[int, int], ...] = ()


def ages(item: Item) -> tuple[tuple[int, int], ...]:
    """Where an age at onset is told; it is in the text, and dates nothing without a birth date."""
    return tuple(found.span() for found in _AGE.finditer(item.low))


def dates_in(item: Item) -> Dates:
    """The dates of one item; none when it has several that make no interval, or one that is only about right."""
    if _DIGIT.search(item.low) is None:
        return Dates()
    several = sum(1 for _ in DATE.finditer(item.low))
    period = _PERIOD.search(item.low)
    if period is not None and several <= 2:
        first, last = _day(item, period.span(1)), _day(item, period.span(2))
        is_right = first is not None and last is not None and first.iso[:4] <= last.iso[:4]
        return Dates(start=first, end=last, spans=(period.span(),)) if is_right else Dates()
    if several != 1 or _VAGUE.search(item.low):
        return Dates()
    led = _LED.search(item.low)
    if led is not None:
        return _led(_day(item, led.span(3)), led)
    alone = _ALONE.search(item.low) or _WHOLE.search(item.low)
    day = _day(item, alone.span(alone.lastindex or 0)) if alone is not None else None
    return Dates(on=day, spans=(alone.span(),)) if day is not None and alone is not None else Dates()


def _led(day: Day | None, led: re.Match[str]) -> Dates:
    """A date after a word that says which: since, until, in."""
    if day is None:
        return Dates()
    spans = (led.span(),)
    if led[1]:
        return Dates(start=day, spans=spans)
    return Dates(end=day, spans=spans) if led[2] else Dates(on=day, spans=spans)


def _day(item: Item, span: tuple[int, int]) -> Day | None:
    text = item.raw[slice(*span)]
    if len(text) == 4:
        return Day(text, text)
    read = read_date(text)
    return Day(read.iso, text) if read.iso is not None else None
