"""One handler a class of statement: its rows, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from semantix.emitters.omop.codes import NOTHING, Chosen
from semantix.emitters.omop.concepts import EHR, EHR_ADMINISTRATION, EHR_PRESCRIPTION
from semantix.emitters.omop.context import Context
from semantix.emitters.omop.dates import When
from semantix.emitters.omop.drugs import drug_details, product_code, product_codes, whole
from semantix.emitters.omop.facts import Fact, short
from semantix.emitters.omop.routing import (
    HOLDING_A_VALUE,
    assert_only,
    asserts,
    new_fact,
    samples,
    table_of,
    write,
)
from semantix.emitters.omop.tables.specimen import specimen
from semantix.emitters.omop.tables.visit import past_visit
from semantix.emitters.omop.values import same_unit
from semantix.ledger import Reason
from semantix.model import (
    Absent,
    Allergy,
    Concept,
    Encounter,
    Immunization,
    Media,
    Medication,
    Observation,
    Panel,
    Problem,
    Procedure,
    Quantity,
    Range,
    Ratio,
    Statement,
    Supply,
    Text,
)

NOT_YET = frozenset({"new", "held", "suspended", "active"})
NOT_SURE = frozenset({"refuted", "provisional", "differential", "unconfirmed"})
"""HL7 condition-ver-status and allergyintolerance-verification: what does not say that it is so."""
STRUCTURE = frozenset(
    {
        "lab-report",
        "internal-reference",
        "external-reference",
        "comment",
        "patient-instruction",
        "pharmacist-instruction",
        "problem-concern",
        "allergy-concern",
        "prescription-item",
        "substitution",
        "imaging-study",
        "imaging-series",
        "imaging-instance",
        "attached-document",
    }
)
"""Acts that hold or point to other statements and say nothing by themselves."""
PREFERENCES = frozenset({"advance-directive", "care-request"})
"""What somebody wishes or refuses: it tells of an act, and does not say that it was done."""
IMPLIED_BY_DRUG = frozenset({"DRUG", "IMMUNIZ"})
"""HL7 ActCode of a treatment: a row of ``drug_exposure`` already means it."""
NORMAL = frozenset({"N", "normal"})
"""What a reference range is, in HL7 v3 and in FHIR: ``range_low`` and ``range_high`` are the normal range."""
MEASURED = frozenset({"lab-result", "previous-result", "vital-sign"})


def act(context: Context, statement: Statement) -> Reason | None:
    """Anything whose class says no more: an observation with its code."""
    if statement.kind in STRUCTURE:
        return Reason.NO_TARGET
    if statement.kind == "coverage":
        return Reason.ADMINISTRATIVE
    main = context.choose(statement.code, "observation", "Observation")
    if main.coding is None:
        return Reason.NULL_CODE
    start = context.when(statement.time)
    if start is None:
        return Reason.NO_DATE
    fact = new_fact(context, statement, main, start)
    if statement.kind in PREFERENCES:
        fact.qualifier_text = "negated" if statement.negated else "preference"
        assert_only(context, fact)
    else:
        write(context, fact, "observation")
    return None


def _panel(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Panel)
    start = context.when(statement.time)
    if start is None:
        return Reason.NO_DATE
    organism = statement.specimens[0].code if statement.specimens else None
    if statement.kind == "lab-isolate" and organism is not None and organism.codings:
        main = context.choose(statement.code, "measurement", "Measurement")
        value: Concept | None = organism
        if main.coding is None:
            main, value = context.choose(organism, "observation", "Observation"), None
        fact = new_fact(context, statement, main, start)
        fact.value = value
        write(context, fact, "measurement")
        return None
    for sample in samples(statement):
        specimen(context, sample, start, context.type_of(statement))
    return Reason.NO_TARGET


def _observation(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Observation)
    start = context.when(statement.time)
    if start is None:
        return Reason.NO_DATE
    values = statement.values or (None,)
    measured = statement.kind in MEASURED or any(
        isinstance(v, Quantity | Range | Ratio | Decimal | int) and not isinstance(v, bool) for v in values
    )
    area, domain = ("measurement", "Measurement") if measured else ("observation", "Observation")
    main = context.choose(statement.code, area, domain)
    if main.is_nothing and not statement.values:
        return Reason.NULL_CODE
    reference = _reference(context, statement) if measured else None
    for value in values:
        fact = new_fact(context, statement, main, start)
        fact.value, fact.reference = value, same_unit(reference, value)
        _finish_observation(context, fact, statement, area)
    return None


def _finish_observation(context: Context, fact: Fact, statement: Statement, table: str) -> None:
    """A denied or false fact, a wish, and an answer other than "true" to "has it?" do not assert their concept."""
    if doubted(context, fact):
        assert_only(context, fact)
    elif statement.kind in PREFERENCES:
        fact.qualifier_text = "preference"
        assert_only(context, fact)
    elif not asserts(fact) and any(table_of(d, table) not in HOLDING_A_VALUE for _, d in fact.main.concepts):
        assert_only(context, fact)
    else:
        write(context, fact, table)


def _reference(context: Context, statement: Observation) -> Range | None:
    """The normal range: one that says so, else one that says nothing; never that of abnormal values."""
    ranges = [r for r in statement.ranges if isinstance(r.value, Range)]
    usual = [r for r in ranges if r.interpretation and any(c.code in NORMAL for c in r.interpretation.codings)]
    usual += [r for r in ranges if r.interpretation is None or not r.interpretation.codings]
    if not usual:
        return None
    _imply(context, usual[0].interpretation, NORMAL)
    value = usual[0].value
    assert isinstance(value, Range)
    return value


def _problem(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Problem)
    start = context.when(statement.time, statement.concern.time if statement.concern else None)
    if start is None:
        return Reason.NO_DATE
    what = statement.problem
    main = context.choose(condition_of(statement), "condition", "Condition")
    table = "condition_occurrence"
    if main.is_nothing:
        main, table = context.choose(statement.code, "observation", "Observation"), "observation"
    if main.is_nothing:
        return Reason.IDENTIFYING if isinstance(what, Text) or has_text(what) else Reason.NULL_CODE
    fact = new_fact(context, statement, main, start)
    fact.end = context.calendar.end(statement.time, start)
    if statement.kind == "no-problem":
        write(context, fact, "observation", fixed=True)
    elif doubted(context, fact):
        assert_only(context, fact)
    else:
        fact.status = context.choose(statement.clinical_status, "value", "Condition Status")
        write(context, fact, table)
    return None


def condition_of(statement: Problem) -> Concept | None:
    """What a problem is, as a concept even if it is said in words only."""
    what = statement.problem
    if isinstance(what, Text):
        return Concept((), what.at, what.value)
    if isinstance(what, Absent):
        return Concept((), what.at, statement.text)
    return what or Concept((), statement.at, statement.text)


def has_text(what: object) -> bool:
    """True for a concept said in words only, which may name people."""
    return isinstance(what, Concept) and bool(what.text)


def certainty(statement: Statement) -> str | None:
    """How sure the source is of a problem or an allergy, in its own code."""
    verification = _verification(statement)
    return next((c.code.lower() for c in verification.codings), None) if verification else None


def _verification(statement: Statement) -> Concept | None:
    return statement.verification if isinstance(statement, Problem | Allergy) else None


def doubted(context: Context, fact: Fact) -> bool:
    """True for what is denied, false, refuted or unsure: it does not assert its concept, and its qualifier says why."""
    if fact.statement.negated or fact.value is False:
        fact.qualifier, fact.qualifier_text = NOTHING, "negated"
    elif certainty(fact.statement) in NOT_SURE:
        fact.qualifier = context.choose(_verification(fact.statement), "value", "Observation")
    else:
        return False
    return True


def _allergy(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Allergy)
    start = context.when(statement.time, statement.concern.time if statement.concern else None)
    if start is None:
        return Reason.NO_DATE
    kind = context.choose(statement.code, "observation", "Observation")
    said = [a.entity for a in statement.agents if a.entity]
    if not any(_is_known(context, one) for one in said) and isinstance(statement.value, Concept):
        said = [statement.value]
    agents: list[Concept | None] = [one for one in said if _is_known(context, one)]
    written = False
    for agent in agents or [None]:
        fact = new_fact(context, statement, kind, start)
        substance = context.choose(agent, "value", "Observation")
        if statement.kind == "no-allergy" and not substance.is_nothing:
            fact.main, fact.qualifier = substance, kind
        elif kind.is_nothing:
            fact.main = substance
        else:
            fact.value = agent
        if fact.main.is_nothing:
            continue
        written = True
        _finish_allergy(context, fact, statement)
    if not written:
        return Reason.IDENTIFYING if any(a.entity_name for a in statement.agents) else Reason.NULL_CODE
    return None


def _is_known(context: Context, agent: Concept) -> bool:
    """True for a substance with a code, its own or one found for its words."""
    return bool(agent.codings) or agent.at in context.mapped


def _finish_allergy(context: Context, fact: Fact, statement: Allergy) -> None:
    if doubted(context, fact):
        assert_only(context, fact)
        return
    if fact.qualifier is NOTHING:
        quality = statement.criticality or statement.severity
        fact.qualifier = context.choose(quality, "value", "Observation")
    write(context, fact, "observation", fixed=statement.kind == "no-allergy")


def _medication(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Medication | Immunization)
    bounds = next((d.bounds for d in statement.dosages if d.bounds), None)
    supplied = statement.supply_time if isinstance(statement, Medication) else None
    start = context.when(statement.time, *statement.occurrences, bounds, supplied)
    if start is None:
        return Reason.NO_DATE
    if statement.kind in {"no-medication", "no-immunization"}:
        return _absence(context, statement, start)
    main, *mixed = product_codes(context, statement.product)
    if main.is_nothing and isinstance(statement, Immunization):
        main = context.choose(statement.code, "drug", "Drug")
    name = statement.product.name if statement.product else None
    if main.is_nothing and context.options.keep_text and name:
        main = Chosen(None, short(name))
    if main.source_value is None:
        return Reason.IDENTIFYING if name else Reason.NULL_CODE
    for one in (main, *mixed):
        fact = new_fact(context, statement, one, start, _drug_type(statement))
        fact.end = context.calendar.end(statement.time, start) or context.calendar.end(whole(statement.dosages), start)
        drug_details(context, statement, fact)
        write(context, fact, "drug_exposure")
    _imply(context, statement.code, IMPLIED_BY_DRUG)
    return None


def _imply(context: Context, concept: Concept | None, implied: frozenset[str]) -> None:
    for coding in concept.codings if concept else ():
        if coding.code in implied:
            context.ledger.explain(coding.at, Reason.IMPLIED)


def _drug_type(statement: Medication | Immunization) -> int:
    if isinstance(statement, Immunization):
        return EHR
    return {"prescribed": EHR_PRESCRIPTION, "administered": EHR_ADMINISTRATION}.get(statement.intent, EHR)


def _absence(context: Context, statement: Statement, start: When) -> Reason | None:
    """No known treatment, device or act, no information about them: each code stays itself."""
    product = getattr(statement, "product", None)
    device = getattr(statement, "device", None)
    main = NOTHING
    for concept in (product.code if product else None, device.code if device else None, statement.code):
        if main.coding is None:
            main = context.choose(concept, "observation", "Observation")
    if main.coding is None:
        return Reason.NULL_CODE
    write(context, new_fact(context, statement, main, start), "observation", fixed=True)
    return None


def _procedure(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Procedure)
    if statement.status in NOT_YET:
        return Reason.STATUS
    start = context.when(statement.time)
    if start is None:
        return Reason.NO_DATE
    if statement.kind == "no-procedure":
        return _absence(context, statement, start)
    main = context.choose(statement.code, "procedure", "Procedure")
    if main.is_nothing:
        return Reason.IDENTIFYING if has_text(statement.code) or statement.text else Reason.NULL_CODE
    fact = new_fact(context, statement, main, start)
    fact.end = context.calendar.end(statement.time, start)
    aspects = (*statement.sites, *statement.methods, *statement.approach_sites)
    fact.qualifier = context.choose(next((a for a in aspects if a.codings), None), "value", "Procedure")
    write(context, fact, "procedure_occurrence")
    return None


def _supply(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Supply)
    start = context.when(statement.time, statement.expected_use)
    if start is None:
        return Reason.NO_DATE
    if statement.kind == "no-device":
        return _absence(context, statement, start)
    main, table = (
        context.choose(statement.device.code if statement.device else None, "device", "Device"),
        "device_exposure",
    )
    if main.coding is None and statement.product is not None:
        main, table = product_code(context, statement.product), "drug_exposure"
    if main.coding is None:
        main, table = context.choose(statement.code, "device", "Device"), "device_exposure"
    if main.coding is None:
        return Reason.NULL_CODE
    fact = new_fact(context, statement, main, start)
    fact.end = context.calendar.end(statement.time, start) or context.calendar.end(statement.expected_use, start)
    fact.quantity = statement.quantity
    write(context, fact, table)
    return None


def _encounter(context: Context, statement: Statement) -> Reason | None:
    assert isinstance(statement, Encounter)
    reason = past_visit(context, statement, context.type_of(statement))
    if reason is None:
        context.done(statement)
    return reason


def _media(context: Context, statement: Statement) -> Reason | None:
    return Reason.NO_TARGET


Handler = Callable[[Context, Statement], Reason | None]
HANDLERS: Mapping[type, Handler] = MappingProxyType(
    {
        Statement: act,
        Observation: _observation,
        Panel: _panel,
        Problem: _problem,
        Allergy: _allergy,
        Medication: _medication,
        Immunization: _medication,
        Procedure: _procedure,
        Supply: _supply,
        Encounter: _encounter,
        Media: _media,
    }
)
