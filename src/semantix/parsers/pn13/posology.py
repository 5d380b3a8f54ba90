"""Dosing instructions: ``Elément_posologie``, its frequency, its moment, its condition and the limits beside it.

Source: Interop'Santé, "Guide d'implémentation du médicament", transformation PN13 to FHIR, Elément_posologie.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.model import Coding, Concept, Dosage, Precondition, Quantity, Ratio, TimeSpan, Timing
from semantix.parsers._dosing import dosages
from semantix.parsers.pn13.desk import Desk
from semantix.parsers.pn13.tree import Node
from semantix.text.posology import read_posology

AS_WORDS = "SX436"
TIMING_EVENT = "2.16.840.1.113883.5.139"
_SCALES = {"1": "s", "2": "min", "3": "h", "4": "d", "5": "wk", "6": "mo", "7": "a"}
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "s": "s",
        "sec": "s",
        "mn": "min",
        "min": "min",
        "minute": "min",
        "h": "h",
        "heure": "h",
        "j": "d",
        "d": "d",
        "jour": "d",
        "sem": "wk",
        "semaine": "wk",
        "wk": "wk",
        "mois": "mo",
        "mo": "mo",
        "an": "a",
        "a": "a",
    }
)
_MOMENTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (meal, operator): prefix + suffix
        for meal, suffix in (("1", ""), ("4", "M"), ("5", "D"), ("6", "V"))
        for operator, prefix in (("3", "AC"), ("4", "AC"), ("5", "C"), ("6", "PC"), ("7", "PC"))
    }
)
"""(activity, operator) to HL7 v3 TimingEvent: meal, breakfast, lunch, dinner; before, just before, with, just after,
after."""
_DATED, _ACTIVITY, _CLINICAL, _LIMIT = "1", "2", "3", "4"
_INTERVAL, _MOST_AT_ONCE, _MOST_A_DAY, _LONGEST, _MOST_EVER = "1", "2", "3", "6", "7"
_LIMIT_WORDS = {
    _INTERVAL: "Intervalle minimal entre deux prises",
    _MOST_AT_ONCE: "Dose maximale par prise",
    _LONGEST: "Durée maximale",
    _MOST_EVER: "Dose maximale sur la vie entière",
}
_MOST_TIMES = 100
_DAYS = {"1": "mon", "2": "tue", "3": "wed", "4": "thu", "5": "fri", "6": "sat", "7": "sun"}
_WEEKDAY = "frq_filtreval_1_j"


class Posology(Struct, frozen=True):
    """The instructions of a line, and the limits that they have no place for, as remarks."""

    dosages: tuple[Dosage, ...]
    remarks: tuple[str, ...] = ()


def posology(desk: Desk, line: Node, span: TimeSpan | None) -> Posology:
    """Read the instructions of a prescription line, each within the treatment's interval."""
    nodes = line.all("element_posologie")
    limits = [node for node in nodes if _is_limit(node)]
    route = desk.concept(line.first("voie_administration"))
    words = line.word("posologie") or None
    found = [_dosage(desk, node, route, span) for node in nodes if not _is_limit(node)]
    if words and found:
        found[0] = structs.replace(found[0], text="\n".join(filter(None, (words, found[0].text))))
    elif words:
        told = dosages(desk.book, f"{line.path}/posologie", read_posology(words))
        found = [structs.replace(one, route=route or one.route, bounds=one.bounds or span) for one in told]
    elif not found and (route is not None or span is not None):
        found = [Dosage(at=desk.book.spot(f"{line.path}/posologie"), bounds=span, route=route)]
    return _limited(desk, found, limits)


def _is_limit(node: Node) -> bool:
    kinds = {node.word("type_evenement_debut"), node.word("type_evenement2_debut")} - {""}
    return kinds == {_LIMIT}


# --- limits ---------------------------------------------------------------------------------------------------------


def _limited(desk: Desk, found: list[Dosage], limits: list[Node]) -> Posology:
    """Write limits where the model has a place: a daily maximum in each instruction, others as remarks."""
    most: Ratio | None = None
    remarks = []
    for node in limits:
        kind = node.word("evenement_debut") or node.word("evt_structure_debut", "evenement_param_poso_cond")
        amount = desk.quantity(node.first("quantite")) or desk.quantity(node.first("duree"))
        if amount is None:
            continue
        if kind == _MOST_A_DAY and most is None:
            spot = desk.book.spot(f"{node.path}/jour")
            most = Ratio(amount, Quantity(Decimal(1), "d", spot), spot)
        else:
            remarks.append(f"{_LIMIT_WORDS.get(kind, 'Limite')} : {_written(amount)}")
    if most is not None:
        found = [structs.replace(one, max_dose=most) for one in found]
    if len(found) == 1:
        return Posology((structs.replace(found[0], instructions=(*found[0].instructions, *remarks)),))
    # With several instructions (a pump and its bolus), a limit need not be of each.
    return Posology(tuple(found), tuple(remarks))


def _written(amount: Quantity) -> str:
    return amount.text or f"{amount.value} {amount.unit or ''}".strip()


# --- instructions ---------------------------------------------------------------------------------------------------


def _dosage(desk: Desk, node: Node, route: Concept | None, span: TimeSpan | None) -> Dosage:
    words: list[str] = []
    moments, conditions = _events(desk, node, words)
    rhythm = _rhythm(desk, node, words)
    duration = desk.quantity(node.first("duree"))
    own = desk.book.between(f"{node.path}/dh_debut", desk.when(node.first("dh_debut")), desk.when(node.first("dh_fin")))
    timings = _timings(desk, node, rhythm, moments, duration)
    if duration is not None and not any(one.phase is not None for one in timings):
        words.append(f"Durée : {_written(duration)}")
    return Dosage(
        at=desk.book.spot(node.path),
        text="; ".join(words) or None,
        bounds=own or span,
        timings=timings,
        route=route,
        dose=desk.quantity(node.first("quantite")),
        rate=desk.quantity(node.first("debit")),
        preconditions=tuple(conditions),
    )


class Rhythm(Struct, frozen=True):
    """So many times a period, or some days; ``label`` is how the source says it, ``code`` its local code for it."""

    times: int = 0
    period: Decimal | None = None
    unit: str = ""
    label: str = ""
    code: Coding | None = None
    days: tuple[str, ...] = ()


def _rhythm(desk: Desk, node: Node, words: list[str]) -> Rhythm | None:
    structured = node.first("frequence_structuree")
    if structured is not None and structured.children:
        return _structured(desk, structured, words)
    local = node.first("frequence")
    if local is None or not local.text:
        return None
    return Rhythm(label=local.meaning or local.text, code=desk.coding(local))


def _structured(desk: Desk, node: Node, words: list[str]) -> Rhythm:
    label = node.word("frq_libelle")
    unit = _SCALES.get(node.word("frq_echelle"), "")
    chosen = node.first("frq_filtre")
    if chosen is not None and chosen.children:
        return _chosen(desk, chosen, label, words)
    times = desk.number(node.word("frq_multiplicite") or "1")
    period = desk.number(node.word("frq_duree") or "1")
    whole = times is not None and times == int(times) and 1 <= times <= _MOST_TIMES
    if not unit or period is None or period <= 0 or times is None or not whole:
        if unit or node.word("frq_duree") or node.word("frq_multiplicite"):
            desk.book.doubt(AS_WORDS, node.path, "a frequency that is not so many times a period is kept as words")
        return Rhythm(label=label)
    return Rhythm(int(times), period, unit, label)


def _chosen(desk: Desk, node: Node, label: str, words: list[str]) -> Rhythm:
    """A choice of days: those of a week have a place, others (of a month, of a year, every nth) are words."""
    told = [one.text for one in node.walk() if one.text]
    days = tuple(day for number, day in _DAYS.items() if any(one.text == number for one in node.all(_WEEKDAY)))
    if set(node.children) == {_WEEKDAY} and len(days) == len(set(told)):
        return Rhythm(label=label, days=days)
    words.append(f"{label or 'Certains jours'} ({', '.join(sorted(told))})")
    desk.book.doubt(AS_WORDS, node.path, "a choice of days that is no choice of weekdays is kept as words")
    return Rhythm(label=label)


def _timings(
    desk: Desk, node: Node, rhythm: Rhythm | None, moments: list[Coding], duration: Quantity | None
) -> tuple[Timing, ...]:
    """The rhythm, then one leaf for each moment of the day."""
    out: list[Timing] = []
    spot = desk.book.spot(f"{node.path}/frequence")
    if rhythm is not None and rhythm.period is not None:
        every = Quantity(rhythm.period, rhythm.unit, spot)
        phase = _phase(desk, node, duration)
        out.append(Timing(spot, period=every, frequency=rhythm.times, phase=phase, text=rhythm.label or None))
    elif rhythm is not None and (rhythm.label or rhythm.days or rhythm.code is not None):
        out.append(Timing(spot, event=rhythm.code, text=rhythm.label or None, days=rhythm.days))
    out += [Timing(one.at, event=one, operator="A" if out else None) for one in moments]
    return tuple(out)


def _phase(desk: Desk, node: Node, duration: Quantity | None) -> TimeSpan | None:
    """How long one administration lasts."""
    unit = _UNITS.get((duration.unit or "").lower()) if duration is not None else None
    if duration is None or unit is None or duration.value is None:
        return None
    spot = desk.book.spot(f"{node.path}/duree")
    return TimeSpan(spot, width=Quantity(duration.value, unit, spot))


# --- events ---------------------------------------------------------------------------------------------------------


def _events(desk: Desk, node: Node, words: list[str]) -> tuple[list[Coding], list[Precondition]]:
    """The moments and the conditions of an instruction, told by its first and second events."""
    moments: list[Coding] = []
    conditions: list[Precondition] = []
    for rank in ("", "2"):
        kind = node.word(f"type_evenement{rank}_debut")
        held = node.first(f"evt_structure{rank}_debut", "evenement_structure")
        label = node.word(f"evenement{rank}_debut") or (held.word("evt_libelle") if held is not None else "")
        if kind == _ACTIVITY:
            moment = _moment(desk, held)
            moments += [moment] if moment is not None else []
            words += [label] if label else []
        elif kind == _CLINICAL:
            conditions.append(_condition(desk, node, rank, held, label))
        elif label and kind != _DATED:
            words.append(label)
    delay = desk.quantity(node.first("int_temps_ev_debut"))
    if delay is not None:
        words.append(f"Intervalle de temps avec l'événement de début : {_written(delay)}")
    return moments, conditions


def _moment(desk: Desk, held: Node | None) -> Coding | None:
    """A meal, before, with or after it."""
    code = held.first("evt_objet", "evt_activite", "evt_activite_code") if held is not None else None
    if held is None or code is None:
        return None
    found = _MOMENTS.get((code.text, held.word("evt_operateur")))
    if found is None:
        return None
    desk.imply(code)
    return desk.book.derived(code.path, found, TIMING_EVENT)


def _condition(desk: Desk, node: Node, rank: str, held: Node | None, label: str) -> Precondition:
    path = f"{node.path}/evenement{rank}_debut"
    code = held.first("evt_objet", "evt_clinique", "evt_clinique_code") if held is not None else None
    return Precondition(desk.book.spot(path), desk.concept(code, label), label or None)
