"""Dates: are they dates, and can they be true together. No date is ever in a finding."""

from __future__ import annotations

from collections.abc import Iterator

from semantix.parsers.cda.context import Element, first, kids
from semantix.validation._cda import V3, XSI_TYPE, Cda
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda import dates_words as words
from semantix.validation.cda._moments import Moment, earlier, is_after_day, is_before, moment
from semantix.validation.cda.dates_words import RULES

__all__ = ["RULES", "check"]

_TIMES = ("effectiveTime", "time", "phase", "comp", "existenceTime")
_POINTS = ("birthTime", "availabilityTime")
_EDGES = tuple(f"{V3}{name}" for name in ("low", "high", "center"))
_SPAN_TYPES = frozenset({"TS", "IVL_TS"})
_OLDEST = 130
_LONGEST_PREGNANCY = 310
"""Days. What happened to the mother and the fetus is of the record of a newborn."""
_NEVER = frozenset({"0000", "0001", "1111", "2222", "9999"})
_FIRST_DAY = "19000101"
_EVENTS = frozenset(f"{V3}{name}" for name in ("observation", "procedure", "encounter"))
_TAKEN = frozenset(f"{V3}{name}" for name in ("substanceAdministration", "encounter"))
_SUBSTANCE = f"{V3}substanceAdministration"
_IMMUNIZATION = "1.3.6.1.4.1.19376.1.5.3.1.4.12"
_NOT_DONE = frozenset({"new", "held", "cancelled", "aborted", "nullified"})


class Times:
    """The times of one document: what each element says, and the times that the others are held against."""

    def __init__(self, cda: Cda) -> None:
        self.cda = cda
        self.read: dict[str, Moment] = {}
        header = kids(cda.root)
        self.written_element = first(header, "effectiveTime")
        self.signed = _times_of(header.get("legalAuthenticator", []))
        self.authored = _times_of(header.get("author", []))
        patient = next(iter(cda.by_name.get("patient", ())), None)
        found = kids(patient) if patient is not None else {}
        self.birth_element, self.death_element = first(found, "birthTime"), first(found, "deceasedTime")
        self.written = self.of(self.written_element)
        self.birth, self.death = self.of(self.birth_element), self.of(self.death_element)
        self.conceived = None if self.birth is None else earlier(self.birth, _LONGEST_PREGNANCY)

    def of(self, element: Element | None) -> Moment | None:
        """What an element says, ``None`` when it says nothing or no date."""
        text = element.get("value") if element is not None else None
        if not text:
            return None
        found = self.moment(text)
        return None if found.fault else found

    def moment(self, text: str) -> Moment:
        """Read a text, once."""
        found = self.read.get(text)
        if found is None:
            found = self.read[text] = moment(text)
        return found


def _times_of(parties: list[Element]) -> list[Element]:
    return [time for one in parties if (time := first(kids(one), "time")) is not None]


def check(cda: Cda) -> Iterator[Finding]:
    """Find dates that are none, and dates that cannot be true together."""
    times = Times(cda)
    yield from _all(times)
    yield from _header(times)
    yield from _events(times)


# --- each date --------------------------------------------------------------------------------------------------


def _all(times: Times) -> Iterator[Finding]:
    cda = times.cda
    unzoned: list[Element] = []
    for element in cda.named(*_POINTS):
        yield from _one(times, element, unzoned)
    if times.death_element is not None:
        yield from _one(times, times.death_element, unzoned)
    for element in _spans(cda):
        if "value" in element.attrib:
            yield from _one(times, element, unzoned)
        if len(element):
            yield from _span(times, element, unzoned)
    if unzoned:
        yield finding(words.NO_ZONE, *cda.place(unzoned[0]), count=str(len(unzoned)))


def _spans(cda: Cda) -> Iterator[Element]:
    yield from cda.named(*_TIMES)
    for element in cda.by_name.get("value", ()):
        kind = element.get(XSI_TYPE)
        if kind is not None and kind.rpartition(":")[2] in _SPAN_TYPES:
            yield element


def _span(times: Times, element: Element, unzoned: list[Element]) -> Iterator[Finding]:
    edges: dict[str, Moment] = {}
    for edge in element.iterchildren(*_EDGES):
        text = edge.get("value")
        if text is None or "unit" in edge.attrib:
            continue
        yield from _one(times, edge, unzoned)
        edges[edge.tag[len(V3) :]] = times.moment(text)
    if "low" in edges and "high" in edges and is_before(edges["high"], edges["low"]):
        yield finding(words.LOW_HIGH, *times.cda.place(element))


_FAULTS = {"form": words.FORM, "calendar": words.CALENDAR, "zone": words.ZONE}


def _one(times: Times, element: Element, unzoned: list[Element]) -> Iterator[Finding]:
    text = element.get("value")
    if text is None or "unit" in element.attrib:
        return
    said = times.moment(text)
    if said.fault:
        yield finding(_FAULTS[said.fault], *times.cda.place(element, "value"))
    elif _is_filler(said):
        yield finding(words.FILLER, *times.cda.place(element, "value"))
    elif said.is_local:
        unzoned.append(element)


# --- the header -------------------------------------------------------------------------------------------------


def _header(times: Times) -> Iterator[Finding]:
    cda = times.cda
    birth, written = times.birth, times.written
    if birth is not None and written is not None and written.year - birth.year > _OLDEST and not _is_filler(birth):
        assert times.birth_element is not None
        yield finding(words.AGE, *cda.place(times.birth_element), years=str(_OLDEST))
    happened = list(_happened(times))
    for element, said in happened:
        if is_after_day(said, cda.day):
            yield finding(words.FUTURE, *cda.place(element), element=_named(element))
        if birth is not None and is_before(said, birth):
            yield finding(words.BEFORE_BIRTH, *cda.place(element), element=_named(element))
    yield from _signatures(times)
    if written is not None:
        for element in cda.by_name.get("serviceEvent", ()):
            start = _start(times, first(kids(element), "effectiveTime"))
            if start is not None and is_before(written, start) and written.digits[:8] != start.digits[:8]:
                yield finding(words.SERVICE_LATER, *cda.place(element))


def _signatures(times: Times) -> Iterator[Finding]:
    written = [then for one in times.authored if (then := times.of(one)) is not None]
    for element in times.signed:
        signed = times.of(element)
        if signed is not None and any(is_before(signed, then) for then in written):
            yield finding(words.SIGNED_BEFORE, *times.cda.place(element))


def _happened(times: Times) -> Iterator[tuple[Element, Moment]]:
    """The times of the header at which something is said to have happened."""
    root = times.cda.root
    some = [
        first(kids(root), "effectiveTime"),
        *times.authored,
        *times.signed,
        times.birth_element,
        times.death_element,
    ]
    for element in some:
        said = times.of(element)
        if element is not None and said is not None:
            yield element, said


def _named(element: Element) -> str:
    """The name of an element after that of its parent: both are names, never values."""
    parent = element.getparent()
    own = str(element.tag).rpartition("}")[2]
    return own if parent is None else f"{str(parent.tag).rpartition('}')[2]}/{own}"


def _is_filler(said: Moment) -> bool:
    return said.digits[:4] in _NEVER or said.digits[:8] == _FIRST_DAY


def _start(times: Times, element: Element | None) -> Moment | None:
    """When it began: the value of a point, else the low of an interval."""
    if element is None:
        return None
    return times.of(element) or times.of(next(element.iterchildren(_EDGES[0]), None))


# --- the body ---------------------------------------------------------------------------------------------------


def _events(times: Times) -> Iterator[Finding]:
    """One finding a rule: many events of a document are wrong for one cause, such as the date of the document."""
    wrong: dict[str, tuple[RuleInfo, list[Element]]] = {}
    for element in times.cda.by_name.get("effectiveTime", ()):
        act = element.getparent()
        if act is None or (act.tag not in _EVENTS and act.tag != _SUBSTANCE):
            continue
        start = _start(times, element)
        if start is None:
            continue
        rule = _broken(times, act, start)
        if rule is not None and _is_of_patient(act):
            wrong.setdefault(rule.code, (rule, []))[1].append(element)
    for rule, elements in wrong.values():
        yield finding(rule, *times.cda.place(elements[0]), count=str(len(elements)), element=_named(elements[0]))


def _broken(times: Times, act: Element, start: Moment) -> RuleInfo | None:
    """The rule that the start of an act breaks, if it is one that happened to the patient."""
    if times.conceived is not None and is_before(start, times.conceived):
        return words.EVENT_BEFORE_BIRTH
    if act.tag in _EVENTS or _is_immunization(act):
        if is_after_day(start, times.cda.day):
            return words.EVENT_FUTURE
        if times.written is not None and _is_later_day(times.written, start):
            return words.EVENT_LATER
    if times.death is not None and act.tag in _TAKEN and is_before(times.death, start):
        return words.EVENT_AFTER_DEATH
    return None


def _is_later_day(written: Moment, start: Moment) -> bool:
    return is_before(written, start) and written.digits[:8] != start.digits[:8]


def _is_immunization(act: Element) -> bool:
    return any(one.get("root") == _IMMUNIZATION for one in act.iterchildren(f"{V3}templateId"))


def _is_of_patient(act: Element) -> bool:
    """Did it happen, to the patient: nothing above it is planned, not done, negated, or about somebody else."""
    at: Element | None = act
    while at is not None and at.tag != f"{V3}section":
        mood = at.get("moodCode")
        if (mood is not None and mood != "EVN") or at.get("negationInd") == "true":
            return False
        for child in at.iterchildren(f"{V3}subject", f"{V3}statusCode"):
            if child.tag == f"{V3}subject" or child.get("code") in _NOT_DONE:
                return False
        at = at.getparent()
    return True
