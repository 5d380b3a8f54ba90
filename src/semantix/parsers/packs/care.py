"""Problems, allergies, treatments, vaccinations, acts and encounters of a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from semantix.model import (
    Allergy,
    Coding,
    Concept,
    Dosage,
    Encounter,
    Immunization,
    Link,
    Medication,
    Panel,
    Party,
    Problem,
    Procedure,
    Product,
    Relative,
    Statement,
    TimeSpan,
)
from semantix.parsers._dosing import dosages, supply
from semantix.parsers.packs.bench import Bench, Common
from semantix.parsers.packs.coding import CodePlan, concept_of
from semantix.parsers.packs.entries import text_of
from semantix.parsers.packs.expressions import Get, Holds, Scope, compile_condition, compile_expression
from semantix.parsers.packs.spec_facts import Fact
from semantix.text.posology import read_posology
from semantix.text.values import read_value

ACT_CODE = "2.16.840.1.113883.5.4"
IPS_ABSENT = "2.16.840.1.113883.5.1150.1"
CLINICAL = "2.16.840.1.113883.4.642.4.1074"
VERIFICATION = "2.16.840.1.113883.4.642.4.1075"
ALLERGY_CLINICAL = "2.16.840.1.113883.4.642.4.1373"
ROLE_CODE = "2.16.840.1.113883.5.111"
ALLERGIES = {"drug": "DALG", "food": "FALG", "other": "EALG", "": "ALG"}
Make = Callable[[Bench], Statement | None]


def derived(bench: Bench, path: str, code: str, system: str) -> Concept:
    """A concept that the format means without writing its code."""
    coding: Coding = bench.book.derived(f"{path}/code", code, system)
    return Concept((coding,), bench.book.spot(path))


def worded(bench: Bench, path: str, words: str) -> Concept | None:
    """A concept said in words."""
    return Concept((), bench.book.spot(path), words) if words else None


class IllPlan(Struct, frozen=True):
    """A problem of the patient, or of a relative."""

    kind: str
    common: Common
    code: CodePlan | None
    category: CodePlan | None
    inactive: Holds | None
    suspected: Holds | None
    relative: Get
    severity: Get

    def make(self, bench: Bench) -> Statement | None:
        """The problem of a row; a family history around it when it is somebody else's."""
        entry, path = bench.entry, bench.path
        what = concept_of(bench.book, f"{path}/problem", self.code, entry, bench.local)
        if what is None:
            return None
        words = text_of(self.relative(entry))
        is_family = self.kind == "family-history" or bool(words)
        found = self.common.of(bench)
        if self.inactive is not None and self.inactive(entry):
            found["clinical_status"] = derived(bench, f"{path}/status", "inactive", CLINICAL)
        if self.suspected is not None and self.suspected(entry):
            found["verification"] = derived(bench, f"{path}/certainty", "unconfirmed", VERIFICATION)
        if severity := worded(bench, f"{path}/severity", text_of(self.severity(entry))):
            found["severity"] = severity
        category = concept_of(bench.book, f"{path}/category", self.category, entry, bench.local)
        problem = Problem(kind="problem", problem=what, code=category, status="completed", **found)
        return family_of(bench, problem, "", words) if is_family else problem


def family_of(bench: Bench, problem: Problem, code: str, words: str) -> Panel:
    """What a relative has. ``code`` is a RoleCode, ``words`` how the relative is called."""
    book, path = bench.book, f"{bench.path}/family"
    spot = book.statement(path)
    who = book.spot(f"{path}/relative")
    tie: Concept | None = None
    if code or words:
        codings = (book.derived(f"{path}/relative/code", code, ROLE_CODE),) if code else ()
        tie = Concept(codings, book.spot(f"{path}/relative/tie"), words or None)
    relative = Relative(at=who, path=who.path, class_code="PRS", code=tie)
    return Panel(
        at=spot,
        path=spot.path,
        kind="family-history",
        status="completed",
        subject=relative,
        time=problem.time,
        links=(Link("COMP", problem),),
    )


class AllergyPlan(Struct, frozen=True):
    """An allergy or intolerance."""

    common: Common
    code: CodePlan | None
    about: str
    reaction: Get
    severity: Get
    inactive: Holds | None
    suspected: Holds | None

    def make(self, bench: Bench) -> Statement | None:
        """The allergy of a row."""
        entry, path = bench.entry, bench.path
        substance = concept_of(bench.book, f"{path}/agent", self.code, entry, bench.local)
        if substance is None:
            return None
        found = self.common.of(bench)
        if self.inactive is not None and self.inactive(entry):
            found["clinical_status"] = derived(bench, f"{path}/status", "inactive", ALLERGY_CLINICAL)
        if self.suspected is not None and self.suspected(entry):
            found["verification"] = derived(bench, f"{path}/certainty", "unconfirmed", VERIFICATION)
        if severity := worded(bench, f"{path}/severity", text_of(self.severity(entry))):
            found["severity"] = severity
        if seen := worded(bench, f"{path}/reaction/problem", text_of(self.reaction(entry))):
            spot = bench.book.statement(f"{path}/reaction")
            found["reactions"] = (Problem(at=spot, path=spot.path, kind="problem", problem=seen, status="completed"),)
        return allergy_of(bench, substance, ALLERGIES[self.about], found)


def allergy_of(bench: Bench, substance: Concept, sort: str, found: dict[str, Any]) -> Allergy:
    """An allergy to a substance; ``sort`` is its HL7 ActCode."""
    spot = bench.book.spot(f"{bench.path}/agent")
    agent = Party(at=spot, path=spot.path, role="participant", type_code="CSM", class_code="MANU", entity=substance)
    code = derived(bench, f"{bench.path}/sort", sort, ACT_CODE)
    return Allergy(kind="allergy", code=code, agents=(agent,), status="completed", **found)


class AbsencePlan(Struct, frozen=True):
    """None known: ``code`` is that of "IPS absent and unknown data"."""

    kind: str
    common: Common

    def make(self, bench: Bench) -> Statement:
        """The statement that there is none."""
        found = self.common.of(bench)
        return absence_of(
            bench, self.kind, f"no-known-{'allergies' if self.kind == 'no-allergy' else 'problems'}", found
        )


def absence_of(bench: Bench, kind: str, code: str, found: dict[str, Any]) -> Statement:
    """That there is none, or that nothing is known: two different codes."""
    said = derived(bench, f"{bench.path}/absence", code, IPS_ABSENT)
    if kind == "no-allergy":
        return Allergy(kind=kind, value=said, status="completed", **found)
    return Problem(kind=kind, problem=said, status="completed", **found)


class DrugPlan(Struct, frozen=True):
    """A treatment, or a vaccination."""

    kind: str
    common: Common
    code: CodePlan | None
    intent: str
    dosage: Get
    quantity: Get
    lot: Get
    rank: Get

    def make(self, bench: Bench) -> Statement | None:
        """The treatment of a row."""
        entry, path = bench.entry, bench.path
        found = self.common.of(bench)
        product = self._product(bench)
        if product is None:
            bench.book.statements.pop()
            return None
        if self.kind == "immunization":
            rank = text_of(self.rank(entry))
            return Immunization(
                kind=self.kind,
                product=product,
                dose_number=int(rank) if rank.isdecimal() and len(rank) < 3 else None,
                status="completed",
                **found,
            )
        if (span := found.get("time")) is not None and span.value is not None:
            # A treatment begins on its day; how long it lasts is another matter.
            found["time"] = TimeSpan(span.at, low=span.value)
        posology = read_posology(text_of(self.dosage(entry)))
        told: tuple[Dosage, ...] = dosages(bench.book, f"{path}/dosage", posology) if posology.text else ()
        amount = text_of(self.quantity(entry))
        number = read_value(amount).number if amount else None
        return Medication(
            kind=self.kind,
            intent=self.intent,
            product=product,
            dosages=told,
            repeats=posology.repeats,
            supply_time=supply(bench.book, f"{path}/dosage", posology),
            supply_quantity=bench.book.quantity(f"{path}/quantity", number.value, number.unit) if number else None,
            mood="INT" if self.intent == "prescribed" else "EVN",
            status="completed",
            **found,
        )

    def _product(self, bench: Bench) -> Product | None:
        path = f"{bench.path}/product"
        what = concept_of(bench.book, path, self.code, bench.entry, bench.local)
        if what is None:
            return None
        spot = bench.book.spot(f"{path}/drug")
        name = what.text or next((one.display for one in what.codings if one.display), None)
        return Product(
            at=spot,
            path=spot.path,
            code=what if what.codings else None,
            name=name,
            lot=text_of(self.lot(bench.entry)) or None,
        )


class ActPlan(Struct, frozen=True):
    """An act, or an encounter."""

    kind: str
    common: Common
    code: CodePlan | None

    def make(self, bench: Bench) -> Statement | None:
        """The act of a row."""
        what = concept_of(bench.book, f"{bench.path}/code", self.code, bench.entry, bench.local)
        if self.kind == "encounter":
            found = self.common.of(bench)
            return Encounter(kind=self.kind, code=what, status="completed", **found)
        if what is None:
            return None
        return Procedure(kind=self.kind, code=what, status="completed", **self.common.of(bench))


def compile_care(fact: Fact, common: Common, code: CodePlan | None, category: CodePlan | None, scope: Scope) -> Make:
    """Make the function of a fact that is no observation."""
    conditions = {
        name: compile_condition(getattr(fact, name), scope) if getattr(fact, name) is not None else None
        for name in ("inactive", "suspected")
    }
    get = {
        name: compile_expression(getattr(fact, name), scope)
        for name in ("relative", "severity", "reaction", "dosage", "quantity", "lot", "rank")
    }
    inactive, suspected = conditions["inactive"], conditions["suspected"]
    if fact.kind in {"problem", "history", "family-history"}:
        return IllPlan(fact.kind, common, code, category, inactive, suspected, get["relative"], get["severity"]).make
    if fact.kind == "allergy":
        plan = AllergyPlan(common, code, fact.about or "", get["reaction"], get["severity"], inactive, suspected)
        return plan.make
    if fact.kind in {"no-allergy", "no-problem"}:
        return AbsencePlan(fact.kind, common).make
    if fact.kind in {"medication", "immunization"}:
        intent = fact.intent or "taken"
        return DrugPlan(fact.kind, common, code, intent, get["dosage"], get["quantity"], get["lot"], get["rank"]).make
    return ActPlan(fact.kind, common, code).make
