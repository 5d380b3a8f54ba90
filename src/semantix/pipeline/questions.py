"""What to ask the terminology engine about a document: one question a concept, to the system that fits its statement.

A concept that already has a code of that system is left alone. A statement says what it is about through its class and
its kind; nothing is asked about what is only a structure, an absence ("no known allergy") or an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix import systems
from semantix.model import (
    Absent,
    Allergy,
    Concept,
    Context,
    Document,
    Immunization,
    Medication,
    Observation,
    PartialDate,
    Place,
    Problem,
    Procedure,
    Product,
    Quantity,
    Query,
    Range,
    Section,
    Statement,
    Text,
)
from semantix.text.specimens import specimen_named

LONGEST = 200
"""Words longer than this many characters are a narrative, not the name of something."""
SPECIMEN_CODES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("UR", "URC", "URT", "URNS", "RANDU", "U"), "urine"),
        "CSF": "csf",
        "STL": "stool",
        "SAL": "saliva",
        "SER": "serum",
        "PLAS": "plasma",
        "BLD": "blood",
        "WB": "blood",
    }
)
"""Specimens of HL7 v2 (tables 0070 and 0487)."""
BLOOD_CODES = frozenset(
    {"BLDA", "BLDC", "BLDV", "BLDCO", "PLB", "PPP", "PRP", "RBC", "SERPLAS", "WBC", "BPU", "S", "P", "B"}
)
"""Other codes that senders use for blood and its parts."""
GROUPS = frozenset({"lab-battery", "lab-report"})
LABORATORY = frozenset({"lab-result", "previous-result"})
ACTS = frozenset({"procedure", "imaging-procedure"})
DRUG_ALLERGY = frozenset({"DALG", "DINT", "medication", "416098002", "419511003", "59037007", "293586001"})
OTHER_ALLERGY = frozenset(
    {
        "FALG", "EALG", "NAINT", "FINT", "EINT", "food", "environment", "biologic", "414285001", "418471000",
        "426232007", "235719002",
    }
)  # fmt: skip
"""HL7 v3 ActCode, FHIR categories and SNOMED CT: allergies that are to a drug, and those that are not."""
SECTION_KINDS: Mapping[str, str] = MappingProxyType({"11348-0": "history", "10157-6": "family-history"})
"""LOINC codes of sections whose problems are not present ones."""
_ABSENT = "ips-absent"
_UNSAID = frozenset({"ASKU", "NASK", "MSK", "NA"})
"""NullFlavors that refuse an answer: what is written beside them is not one."""
_GENDERS: Mapping[str, str] = MappingProxyType({"M": "male", "F": "female"})


class Question(Struct, frozen=True):
    """One concept, or words without a concept, at ``place``; each of ``queries`` is a wording or a code of it.

    ``is_sure`` is false when the source does not say that it is of the kind that the target codes: a mere likeness
    between words is not enough then.
    """

    place: Place
    target: str
    context: Context
    is_sure: bool = True
    queries: tuple[Query, ...] = ()


class Around(Struct, frozen=True):
    """What a statement inherits from what is around it. ``person`` is what is known of whom it is about."""

    person: Context
    section: str = ""
    specimen: str = ""
    is_relative: bool = False


def questions(document: Document) -> Iterator[Question]:
    """Every question about a document, in its order."""
    patient = document.patient
    gender = patient.gender.codings[0].code if patient.gender is not None and patient.gender.codings else ""
    person = Context(
        sex=_GENDERS.get(gender, ""), age=age_on(patient.birth, document.time), sender=document.sender or ""
    )
    for section in document.sections:
        yield from _section(section, Around(person))


def age_on(birth: PartialDate | None, day: PartialDate | None) -> float | None:
    """Whole years between two dates; ``None`` when either is unknown or the order is wrong.

    A partial date counts as its first day.
    """
    if birth is None or day is None or day.date < birth.date:
        return None
    first, last = (f"{date.date}-01-01"[:10] if len(date.date) < 7 else f"{date.date}-01"[:10] for date in (birth, day))
    years = int(last[:4]) - int(first[:4]) - (last[4:] < first[4:])
    return float(max(years, 0))


def _section(section: Section, around: Around) -> Iterator[Question]:
    codes = [coding.code for coding in section.code.codings] if section.code is not None else []
    kind = next((SECTION_KINDS[code] for code in codes if code in SECTION_KINDS), around.section)
    inner = structs.replace(around, section=kind)
    if section.subject is not None:
        inner = _of_relative(inner)
    for statement in section.statements:
        yield from _statement(statement, inner)
    for part in section.sections:
        yield from _section(part, inner)


def _of_relative(around: Around) -> Around:
    """Nothing is known of a relative; what they have is a problem of theirs, not "a family history of" it."""
    person = Context(sender=around.person.sender)
    return structs.replace(around, person=person, section="", is_relative=True)


def _statement(statement: Statement, around: Around) -> Iterator[Question]:
    if statement.status == "nullified":
        return
    if statement.subject is not None or statement.kind == "family-history":
        around = _of_relative(around)
    specimen = specimen_of(statement) or _heading(statement)
    if specimen:
        around = structs.replace(around, specimen=specimen_named(specimen) or specimen)
    ask = _ASKING.get(type(statement))
    if ask is not None and not statement.kind.startswith("no-"):
        yield from ask(statement, around)
    for link in statement.links:
        yield from _statement(link.statement, around)


def specimen_of(statement: Statement) -> str:
    """The one specimen of a statement, or of a collection inside it, in words; empty if there are none or several."""
    specimens = list(statement.specimens)
    for link in statement.links:
        if link.statement.kind == "specimen-collection":
            specimens += link.statement.specimens
    found = {
        (one.code.label if one.code is not None else None) or one.name or _coded(one.code)
        for one in specimens
        if one.class_code != "MIC"
    }
    return found.pop() if len(found) == 1 else ""


def _coded(code: Concept | None) -> str:
    """The specimen of a code that has no label: a code of HL7 that is not of blood is of something else."""
    for coding in code.codings if code is not None else ():
        key = coding.code.upper()
        found = specimen_named(key) or SPECIMEN_CODES.get(key, "")
        if not found and key not in BLOOD_CODES and (coding.system or "").endswith(("v2-0070", "v2-0487")):
            found = "other"
        if found:
            return found
    return ""


def _heading(statement: Statement) -> str:
    """The specimen that the label of a group of results names, if it is another one than blood."""
    if statement.kind not in GROUPS or statement.code is None:
        return ""
    words = (statement.code.text, *(coding.display for coding in statement.code.codings))
    return next(filter(None, map(specimen_named, filter(None, words))), "")


# --- one class of statement -----------------------------------------------------------------------------------


def _problem(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Problem)
    what = statement.problem
    context = structs.replace(around.person, section=around.section or "problem")
    if isinstance(what, Concept):
        yield from _ask(Question(what.at, "cim10", context), (what,))
    elif isinstance(what, Text):
        yield from _ask(Question(what.at, "cim10", context), (), (what.value,))
    elif isinstance(what, Absent):
        if what.null not in _UNSAID:
            yield from _ask(Question(what.at, "cim10", context), (), (statement.text,))
    else:
        yield from _ask(Question(statement.at, "cim10", context), (), (statement.text,))


def _allergy(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Allergy)
    for reaction in statement.reactions:
        yield from _statement(reaction, structs.replace(around, section=""))
    kinds = {coding.code for coding in statement.code.codings} if statement.code is not None else set()
    if not kinds.isdisjoint(OTHER_ALLERGY):
        return
    context = structs.replace(around.person, section="allergy")
    is_sure = not kinds.isdisjoint(DRUG_ALLERGY)
    for agent in statement.agents:
        coded = agent.entity or agent.code
        place = coded.at if coded is not None else agent.at
        words = (agent.entity_name or agent.entity_text,)
        yield from _ask(Question(place, "atc", context, is_sure), (coded,), words)
    if isinstance(statement.value, Concept):
        yield from _ask(Question(statement.value.at, "atc", context, is_sure), (statement.value,))
    elif isinstance(statement.value, Text):
        yield from _ask(Question(statement.value.at, "atc", context, is_sure), (), (statement.value.value,))


def _observation(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Observation)
    section = "vital-sign" if statement.kind == "vital-sign" else "laboratory" if statement.kind in LABORATORY else ""
    unit = unit_of(statement)
    if statement.code is None or statement.mood == "GOL" or not (section or (unit and statement.kind == "observation")):
        return
    context = structs.replace(around.person, section=section or "other", unit=unit, specimen=around.specimen)
    yield from _ask(Question(statement.code.at, "loinc", context), (statement.code,))


def unit_of(statement: Observation) -> str:
    """The unit of the first answer that has one, else of a reference range, as written."""
    for value in (*statement.values, *(each.value for each in statement.ranges)):
        sides = (value.low, value.high) if isinstance(value, Range) else (value,)
        unit = next((side.unit for side in sides if isinstance(side, Quantity) and side.unit), None)
        if unit:
            return unit
    return ""


def _procedure(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Procedure)
    if statement.kind in ACTS:
        context = structs.replace(around.person, section="procedure")
        place = statement.code.at if statement.code is not None else statement.at
        words = () if statement.code is not None else (statement.text,)
        yield from _ask(Question(place, "ccam", context), (statement.code,), words)


def _medication(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Medication)
    yield from _product(statement.product, structs.replace(around.person, section="medication"))


def _immunization(statement: Statement, around: Around) -> Iterator[Question]:
    assert isinstance(statement, Immunization)
    for reaction in statement.reactions:
        yield from _statement(reaction, structs.replace(around, section=""))
    yield from _product(statement.product, structs.replace(around.person, section="vaccination"))


def _product(product: Product | None, context: Context) -> Iterator[Question]:
    if product is None:
        return
    place = product.code.at if product.code is not None else product.at
    # The label of a package says what it is made of, not what is in it: its code alone is asked.
    packages = tuple(_unlabelled(package.code) for package in product.packaging if package.code is not None)
    classes = {coding.system for one in product.classes for coding in one.codings}
    if not any(_is_of(system, "atc") for system in classes):
        yield from _ask(Question(place, "atc", context), (product.code, *packages), (product.name,))


_ASKING: Mapping[type[Statement], Callable[[Statement, Around], Iterator[Question]]] = MappingProxyType(
    {
        Problem: _problem,
        Allergy: _allergy,
        Observation: _observation,
        Procedure: _procedure,
        Medication: _medication,
        Immunization: _immunization,
    }
)


# --- queries ----------------------------------------------------------------------------------------------------


def _ask(asked: Question, concepts: Iterable[Concept | None], words: Iterable[str | None] = ()) -> Iterator[Question]:
    """Complete a question, unless the concepts answer it already, say that there is nothing, or say nothing at all."""
    coded = [concept for concept in concepts if concept is not None and concept.null not in _UNSAID]
    held = [coding.system for concept in coded for coding in concept.codings]
    if any(_is_of(system, asked.target) or _is_of(system, _ABSENT) for system in held):
        return
    queries = [query for concept in coded for query in _queries(concept)]
    queries += [Query(text=text) for text in map(_short, words) if text]
    if queries:
        yield structs.replace(asked, queries=tuple(dict.fromkeys(queries)))


def _queries(concept: Concept) -> Iterator[Query]:
    """Each code with its own label (else the words of the concept), then the words alone if they say something else."""
    words = _short(concept.text)
    asked: set[str] = set()
    for coding in concept.codings:
        if coding.code:
            known = systems.find(coding.system)
            system = known.key if known is not None else coding.system or ""
            label = _short(coding.display or coding.text) or words
            asked.add(label)
            yield Query(text=label, code=coding.code, system=system)
    if words and words not in asked:
        yield Query(text=words)


def _short(text: str | None) -> str:
    """Words on one line, empty when they are too many to be a name."""
    line = " ".join(text.split()) if text else ""
    return line if len(line) <= LONGEST else ""


def _unlabelled(concept: Concept) -> Concept:
    bare = tuple(structs.replace(coding, display=None, text=None) for coding in concept.codings)
    return structs.replace(concept, codings=bare, text=None)


def _is_of(system: str | None, key: str) -> bool:
    known = systems.find(system)
    return known is not None and known.key == key
