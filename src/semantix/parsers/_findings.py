"""Findings in the text of practice records as statements of the model, with the codes that their meaning has.

A code is written only for what the finding says outright: LOINC for the question, SNOMED CT of the CI-SIS value set for
a smoking status, the IPS codes for "none known" and "no information". Problems, substances and acts keep their words,
and the terminology stage decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from semantix.model import (
    Absent,
    Allergy,
    Concept,
    Immunization,
    Link,
    Observation,
    Panel,
    PartialDate,
    Party,
    Problem,
    Procedure,
    Product,
    Relative,
    Severity,
    Statement,
    Text,
    TimeSpan,
    Value,
)
from semantix.parsers._book import Book, Spot, local_system
from semantix.parsers._finding_codes import (
    ACT_CODE,
    ALLERGIES,
    ALLERGY_VERIFICATION,
    CIM10,
    CIP,
    CLINICAL,
    HABITS,
    IPS_ABSENT,
    LOINC,
    NO_INFO,
    NONE_KNOWN,
    NULL_FLAVOR,
    NULLS,
    PACK_YEARS,
    PACKS,
    PRESSURES,
    ROLE_CODE,
    SIGNS,
    SNOMED,
    TOBACCO,
    VERIFICATION,
)
from semantix.text.practice import Day, Finding

NOT_INTERPRETED = "SX280"
"""Words of a record are kept as they are; the message says why they are not interpreted."""
UNIT_IMPLIED = "SX281"
"""A vital sign has no unit in the text, and can only be in one."""


class Setting(Struct, frozen=True, kw_only=True):
    """What is around the findings: whose local codes they use, when they were noted, who takes part."""

    sender: str = ""
    noted: PartialDate | None = None
    parties: tuple[Party, ...] = ()


def statements(
    book: Book, path: str, findings: Iterable[Finding], setting: Setting | None = None
) -> tuple[Statement, ...]:
    """One statement or more for each finding, in order, below ``path``; doubts go to the book."""
    writer = _Writer(book, setting or Setting())
    out: list[Statement] = []
    pending: list[Finding] = []
    for finding in findings:
        if pending and not _is_pair(pending[-1], finding):
            out += writer.signs(path, pending)
            pending = []
        if finding.kind == "vital-sign":
            pending.append(finding)
            if len(pending) == 2:
                out += writer.signs(path, pending)
                pending = []
        else:
            out += writer.write(path, finding)
    return (*out, *writer.signs(path, pending))


def _is_pair(first: Finding, second: Finding) -> bool:
    """A systolic and a diastolic pressure of one measure."""
    return (first.code, second.code) == PRESSURES and (first.site, first.on) == (second.site, second.on)


class _Writer:
    """Makes the statements of one field."""

    def __init__(self, book: Book, setting: Setting) -> None:
        self.book = book
        self.setting = setting
        self.writers: Mapping[str, Callable[[str, Finding], Iterator[Statement]]] = {
            "problem": self.problem,
            "history": self.problem,
            "family": self.family,
            "procedure": self.procedure,
            "allergy": self.allergy,
            "ald": self.ald,
            "tobacco": self.tobacco,
            "alcohol": self.alcohol,
            "immunization": self.immunization,
            "absence": self.absence,
        }

    def write(self, path: str, one: Finding) -> Iterator[Statement]:
        """The statements of one finding."""
        return self.writers.get(one.kind, self.note)(f"{path}/{one.kind}", one)

    # --- problems and acts ----------------------------------------------------------------------------------------

    def problem(self, path: str, one: Finding) -> Iterator[Statement]:
        """A problem of the patient, denied or doubted when its words say so."""
        yield self._problem(path, one, self._time(path, one))

    def _problem(self, path: str, one: Finding, time: TimeSpan | None) -> Problem:
        at = self.book.statement(path)
        is_plain = not one.negated and not one.suspected
        status = one.status if is_plain and one.status in {"resolved", "remission", "inactive"} else ""
        return Problem(
            at=at,
            path=at.path,
            kind="problem",
            negated=one.negated,
            time=time,
            text=one.text,
            parties=self.setting.parties,
            problem=self._what(f"{at.path}/what", one),
            clinical_status=self._derived(f"{at.path}/status", status, CLINICAL) if status else None,
            verification=self._doubt(at.path, VERIFICATION) if one.suspected else None,
        )

    def _what(self, path: str, one: Finding) -> Concept | Text:
        if not one.code:
            return self.book.text(path, one.words)
        coding = self.book.coding(path, one.code, CIM10, one.words or None)
        return self.book.concept(f"{path}/concept", coding, text=one.words or None)

    def family(self, path: str, one: Finding) -> Iterator[Statement]:
        """A problem of a relative: never one of the patient."""
        at = self.book.statement(path)
        tie = self._derived(f"{at.path}/tie", one.relative, ROLE_CODE, text=one.relative_text or None)
        relative = Relative(
            at=self.book.spot(f"{at.path}/relative"), path=f"{at.path}/relative", class_code="PRS", code=tie
        )
        inner = self._problem(f"{at.path}/problem", one, None)
        yield Panel(
            at=at,
            path=at.path,
            kind="family-history",
            subject=relative,
            parties=self.setting.parties,
            links=(Link("COMP", inner),),
        )

    def procedure(self, path: str, one: Finding) -> Iterator[Statement]:
        """An act in words."""
        at = self.book.statement(path)
        yield Procedure(
            at=at,
            path=at.path,
            kind="procedure",
            status="completed",
            negated=one.negated,
            code=self.book.concept(f"{at.path}/code", text=one.words),
            time=self._time(at.path, one),
            text=one.text,
            parties=self.setting.parties,
        )

    # --- allergies ------------------------------------------------------------------------------------------------

    def allergy(self, path: str, one: Finding) -> Iterator[Statement]:
        """An allergy or intolerance, to a substance in words."""
        at = self.book.statement(path)
        code = ALLERGIES[one.status or "allergy", one.about]
        yield Allergy(
            at=at,
            path=at.path,
            kind="allergy",
            negated=one.negated,
            code=self._derived(f"{at.path}/code", code, ACT_CODE),
            time=self._time(at.path, one),
            text=one.text,
            parties=self.setting.parties,
            agents=(self._agent(at, one.words),) if one.words else (),
            verification=self._doubt(at.path, ALLERGY_VERIFICATION) if one.suspected else None,
        )

    def _agent(self, at: Spot, words: str) -> Party:
        path = f"{at.path}/agent"
        entity = self.book.concept(f"{path}/entity", text=words)
        return Party(
            at=self.book.spot(path), path=path, role="participant", type_code="CSM", class_code="MANU", entity=entity
        )

    # --- what is not there ----------------------------------------------------------------------------------------

    def absence(self, path: str, one: Finding) -> Iterator[Statement]:
        """None known, not asked, not recorded, unknown: each its own code."""
        null = NULLS.get(one.status, "")
        if one.about in HABITS:
            yield self._habit(path, one, HABITS[one.about], Absent(null or "UNK", self.book.spot(f"{path}/value")))
            return
        code = (NO_INFO if null else NONE_KNOWN).get(one.about)
        if code is None:
            yield from self.note(path, one)
            return
        at = self.book.statement(path)
        codings = [self.book.derived(f"{at.path}/none", code, IPS_ABSENT)]
        if null:
            codings.append(self.book.derived(f"{at.path}/null", null, NULL_FLAVOR))
        concept = self.book.concept(f"{at.path}/concept", *codings, text=one.text)
        yield self._absence(at, one.about, concept)

    def _absence(self, at: Spot, about: str, concept: Concept) -> Statement:
        parties = self.setting.parties
        if about == "problem":
            return Problem(at=at, path=at.path, kind="no-problem", problem=concept, parties=parties)
        if about == "procedure":
            return Procedure(at=at, path=at.path, kind="no-procedure", code=concept, parties=parties)
        if about == "immunization":
            return Immunization(at=at, path=at.path, kind="no-immunization", code=concept, parties=parties)
        return Allergy(at=at, path=at.path, kind="no-allergy", value=concept, parties=parties)

    def note(self, path: str, one: Finding) -> Iterator[Statement]:
        """Words that are kept as they are."""
        at = self.book.statement(path)
        self.book.doubt(NOT_INTERPRETED, at.path, one.reason or "kept as words", Severity.INFORMATION)
        yield Statement(
            at=at, path=at.path, kind="comment", text=one.text, time=self._noted(at.path), parties=self.setting.parties
        )

    # --- ALD, habits ----------------------------------------------------------------------------------------------

    def ald(self, path: str, one: Finding) -> Iterator[Statement]:
        """The ALD itself, and the problem that it is for when the text names or codes it."""
        at = self.book.statement(path)
        system = local_system(self.setting.sender)
        coding = self.book.coding(f"{at.path}/code", "ALD", system, "Affection de longue durée")
        value: Value = not one.negated
        if one.rank is not None:
            rank = self.book.coding(f"{at.path}/number", f"ALD {one.rank}", system, f"ALD n° {one.rank}")
            value = self.book.concept(f"{at.path}/value", rank)
        yield Observation(
            at=at,
            path=at.path,
            kind="observation",
            status="completed",
            code=self.book.concept(f"{at.path}/concept", coding),
            values=(value,),
            time=self._time(at.path, one) or self._noted(at.path),
            text=one.text,
            parties=self.setting.parties,
        )
        if one.reason:
            self.book.doubt(NOT_INTERPRETED, at.path, one.reason, Severity.INFORMATION)
        if not one.negated and (one.code or one.words):
            yield self._problem(f"{path}/problem", one, self._time(f"{path}/problem", one))

    def tobacco(self, path: str, one: Finding) -> Iterator[Statement]:
        """The status, and the amount when one is told exactly."""
        code = TOBACCO.get(one.status)
        spot = f"{path}/value"
        codings = (self.book.derived(f"{spot}/code", *_order(code)),) if code is not None else ()
        status = self.book.concept(spot, *codings, text=one.text)
        yield self._habit(path, one, HABITS["tobacco"], status)
        if one.number is not None:
            unit = "paquets-années" if PACK_YEARS.fullmatch(one.number.unit or "") else one.number.unit
            amount = self.book.quantity(f"{path}/amount", one.number.value, unit)
            yield self._habit(f"{path}/amount", one, PACKS, amount)

    def alcohol(self, path: str, one: Finding) -> Iterator[Statement]:
        """The amount when one is told exactly, else the words."""
        spot = f"{path}/value"
        number = one.number
        value: Value = self.book.text(spot, one.text)
        if number is not None:
            value = self.book.quantity(f"{spot}/amount", number.value, number.unit)
        yield self._habit(path, one, HABITS["alcohol"], value)

    def _habit(self, path: str, one: Finding, question: tuple[str, str], value: Value) -> Observation:
        at = self.book.statement(path)
        return Observation(
            at=at,
            path=at.path,
            kind="social-history",
            status="completed",
            code=self.book.concept(
                f"{at.path}/question", self.book.derived(f"{at.path}/code", *_order(question, LOINC))
            ),
            values=(value,),
            time=self._noted(at.path),
            text=one.text,
            parties=self.setting.parties,
        )

    # --- vaccinations, vital signs --------------------------------------------------------------------------------

    def immunization(self, path: str, one: Finding) -> Iterator[Statement]:
        """A vaccination done, not done, refused or planned."""
        at = self.book.statement(path)
        code = None
        if one.system == "cip" and one.code:
            coding = self.book.coding(f"{at.path}/product/code", one.code, CIP, one.words or None)
            code = self.book.concept(f"{at.path}/product/concept", coding)
        product = Product(
            at=self.book.spot(f"{at.path}/product"),
            path=f"{at.path}/product",
            code=code,
            name=one.words or None,
            lot=one.lot or None,
        )
        is_planned = one.status == "planned"
        yield Immunization(
            at=at,
            path=at.path,
            kind="planned-immunization" if is_planned else "immunization",
            status=None if is_planned or one.negated else "completed",
            mood="INT" if is_planned else "EVN",
            negated=one.negated,
            product=product,
            dose_number=one.rank,
            time=self._time(at.path, one),
            text=one.text,
            parties=self.setting.parties,
        )

    def signs(self, path: str, found: list[Finding]) -> Iterator[Statement]:
        """Vital signs; both pressures of one measure together."""
        if len(found) == 2:
            at = self.book.statement(f"{path}/pressure")
            code = self.book.derived(f"{at.path}/code", "85353-1", LOINC)
            yield Panel(
                at=at,
                path=at.path,
                kind="vital-signs",
                status="completed",
                code=self.book.concept(f"{at.path}/concept", code),
                time=self._time(at.path, found[0]) or self._noted(at.path),
                links=tuple(Link("COMP", self._sign(f"{at.path}/vital-sign", one)) for one in found),
                parties=self.setting.parties,
            )
            return
        for one in found:
            yield self._sign(f"{path}/vital-sign", one)

    def _sign(self, path: str, one: Finding) -> Observation:
        assert one.number is not None
        at = self.book.statement(path)
        if one.implied_unit:
            words = "no unit is written: the only one in which the number can be is used"
            self.book.doubt(UNIT_IMPLIED, at.path, words, Severity.INFORMATION)
        code = self.book.derived(f"{at.path}/code", one.code, LOINC, SIGNS[one.code])
        return Observation(
            at=at,
            path=at.path,
            kind="vital-sign",
            status="completed",
            code=self.book.concept(f"{at.path}/concept", code),
            values=(self.book.quantity(f"{at.path}/value", one.number.value, one.number.unit),),
            sites=(self.book.concept(f"{at.path}/site", text=one.site),) if one.site else (),
            time=self._time(at.path, one) or self._noted(at.path),
            text=one.text,
            parties=self.setting.parties,
        )

    # --- pieces ---------------------------------------------------------------------------------------------------

    def _derived(self, path: str, code: str, system: str, *, text: str | None = None) -> Concept:
        return self.book.concept(path, self.book.derived(f"{path}/code", code, system), text=text)

    def _doubt(self, path: str, system: str) -> Concept:
        return self._derived(f"{path}/verification", "unconfirmed", system)

    def _time(self, path: str, one: Finding) -> TimeSpan | None:
        if one.on is not None:
            return self.book.at(f"{path}/time", self._date(path, one.on))
        bounds = [self._date(path, day) if day is not None else None for day in (one.start, one.end)]
        return self.book.between(f"{path}/time", *bounds)

    def _date(self, path: str, day: Day) -> PartialDate:
        return self.book.date(f"{path}/date", day.iso, day.text)

    def _noted(self, path: str) -> TimeSpan | None:
        return self.book.at(f"{path}/noted", self.setting.noted)


def _order(pair: tuple[str, str], system: str = SNOMED) -> tuple[str, str, str]:
    return pair[0], system, pair[1]
