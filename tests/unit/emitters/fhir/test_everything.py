"""Statements of every class with every common attribute at once: all of it must be carried, in valid resources."""

from decimal import Decimal

import pytest

from semantix.model import (
    Absent,
    Address,
    Allergy,
    Attachment,
    Coding,
    Concept,
    Concern,
    DeviceRef,
    Dosage,
    Encounter,
    ExternalReference,
    Identifier,
    Immunization,
    Ingredient,
    Link,
    Media,
    Medication,
    Name,
    NamePart,
    Note,
    Observation,
    Organization,
    Packaging,
    Panel,
    Party,
    Precondition,
    Problem,
    Procedure,
    Product,
    Qualifier,
    Range,
    Ratio,
    ReferenceRange,
    Relative,
    Specimen,
    Statement,
    Supply,
    Telecom,
    Text,
    TimeSpan,
    Timing,
)

STATUSES = (None, "completed", "active", "aborted", "cancelled", "nullified", "held", "suspended", "new", "normal")


def party(m, role, **fields):
    at = m.at()
    given = {
        "names": (Name((NamePart("prefix", "DR"), NamePart("family", "X"), NamePart("suffix", "PU")), use="L"),),
        "addresses": (
            Address((("streetAddressLine", "1 rue"), ("unitID", "B"), ("county", "C"), ("city", "PARIS")), use="WP"),
            Address(null="UNK"),
            Address(text="libre"),
        ),
        "telecoms": (
            Telecom("tel:01"),
            Telecom("a@b.c"),
            Telecom("http://x.y", "WP"),
            Telecom(None, null="NAV"),
            Telecom("tel:"),
        ),
        "code": m.concept("G15_10", "1.2.250.1.213.1.1.4.5"),
        "function": m.concept("PRELV", "1.2.3"),
        "time": m.when("2024-01-01"),
        **fields,
    }
    return Party(at=at, path=f"/party[{at}]", role=role, **given)


def parties(m):
    firm = Organization(m.at(), f"/firm[{m.at()}]", names=("A", "B"), part_of=Organization(m.at(), f"/whole[{m.at()}]"))
    device = DeviceRef(m.at(), f"/device[{m.at()}]", (Identifier("xxx", "1"),), m.concept("D"), "model", "software")
    return (
        party(m, "author", ids=(Identifier("1.2.250.1.71.4.2.1", "801234567897"),), signature="S"),
        party(m, "author", device=device, names=(), organization=firm),
        party(m, "performer", organization=firm, ids=(Identifier(None, null="UNK"),)),
        party(m, "performer", class_code="PAT", code=None),
        party(
            m,
            "informant",
            class_code="NOK",
            time=TimeSpan(at=m.at(), null="NA"),
        ),
        party(m, "participant", class_code="SDLOC", entity_name="Salle", type_code="LOC", organization=firm),
        party(
            m,
            "participant",
            class_code="MANU",
            type_code="CSM",
            entity=m.concept("E"),
            mode=m.concept("M"),
            awareness=m.concept("A"),
        ),
        Party(at=m.at(), path=f"/nobody[{m.at()}]", role="participant"),
    )


def common(m, **fields):
    reference = ExternalReference(m.at(), "REFR", (Identifier("1.2", "X"),), "http://...", m.concept("doc"))
    specimens = tuple(
        Specimen(
            m.at(),
            f"/s[{m.at()}]",
            (Identifier("1.2.9", n),),
            m.concept(n),
            name="sang",
            text="t",
            quantity=m.quantity("1", "mL"),
        )
        for n in ("S1", "S1", "S2")
    )
    inner = m.make(Observation, code=m.concept("inner"))
    reason = m.make(Problem, "problem", problem=m.concept("why"))
    pointer = m.make(Statement, "internal-reference", ids=(Identifier("9.9", "nowhere"),), code=m.concept("ptr"))
    links = (
        Link("COMP", inner),
        Link("RSON", reason),
        Link("CAUS", m.make(Observation, code=m.concept("cause")), inverted=True, negated=True),
        Link("SPRT", m.make(Observation, code=m.concept("evidence"))),
        Link("REFR", pointer),
        Link("RSON", m.make(Statement, "internal-reference", ids=(Identifier("9.9", "why"),), text="raison")),
        Link("COMP", m.make(Media, "media", content=Attachment(m.at(), "image/png", "QUJD"))),
        Link("COMP", m.make(Statement, "external-reference", references=(reference,), text="ailleurs")),
    )
    return {
        "ids": (Identifier("1.2.3", str(m.at()), assigner="X"), Identifier("b70d20aa-00R5")),
        "code": Concept(
            (m.coding("code"),), m.at(), text="mot", qualifiers=(Qualifier(m.concept("q"), m.concept("v")),)
        ),
        "text": "dit ainsi",
        "priority": m.concept("UR", "2.16.840.1.113883.5.7"),
        "parties": parties(m),
        "notes": (
            Note("note", m.at(), party(m, "author"), m.date("2024-01-01")),
            Note("note 2", m.at(), parties(m)[1]),
        ),
        "links": links,
        "references": (reference,),
        "specimens": specimens,
        "time": TimeSpan(at=m.at(), low=m.date("2024-01-01"), high_null="NAV", width=m.quantity("3", "d")),
        **fields,
    }


def relative(m):
    return Relative(
        at=m.at(),
        path=f"/rel[{m.at()}]",
        class_code="PRS",
        code=m.concept("CHILD"),
        ids=(Identifier("1.2.4", "R"),),
        names=(Name((NamePart("given", "R"),)), Name(null="MSK"), Name(text="R R")),
        gender=m.concept("F", "2.16.840.1.113883.5.1"),
        birth=m.date("2000"),
        deceased=True,
        deceased_time=m.date("2020"),
        multiple_birth=True,
        multiple_birth_order=2,
    )


def ratio(m):
    return Ratio(m.quantity("1", "g"), m.quantity("1", "d"), m.at())


def values(m):
    odd = m.quantity("2", "x y", unit_codes=(m.concept("u"),), translations=(m.quantity("3", "g"),), comparator="<")
    return (
        m.concept("v"),
        odd,
        Range(m.quantity("1"), m.quantity("2"), m.at()),
        Range(m.quantity("1"), None, m.at()),
        ratio(m),
        Ratio(m.quantity("1"), None, m.at()),
        m.when("2024"),
        TimeSpan(at=m.at(), null="UNK"),
        Text("t", m.at()),
        Text(" ", m.at()),
        Timing(at=m.at(), event=m.coding("AC", "2.16.840.1.113883.5.139")),
        Attachment(m.at(), text="t"),
        Attachment(m.at(), "text/plain", "QUJD"),
        Absent("OTH", m.at()),
        True,
        3,
        Decimal("1.5"),
        Concept((), m.at(), null="NA", text="x", qualifiers=(Qualifier(m.concept("n"), None),)),
        m.quantity("0", None, text="un peu"),
        TimeSpan(at=m.at(), low=m.date("2024"), high=m.date("2023")),
    )


def dosages(m):
    schedule = Timing(
        at=m.at(),
        operator="A",
        bounds=m.when("2024-01-01"),
        parts=(
            Timing(at=m.at(), bounds=TimeSpan(at=m.at(), width=m.quantity("5", "d"))),
            Timing(at=m.at(), period=m.quantity("1", "J"), text="chaque jour", alignment="DW"),
            Timing(at=m.at(), period=m.quantity("2", "d"), phase=m.when("2024-01-01"), institution_specified=True),
            Timing(at=m.at(), event=m.coding("ICM", "2.16.840.1.113883.5.139"), offset=m.quantity("3", "x")),
            Timing(
                at=m.at(),
                event=m.coding("CM", "2.16.840.1.113883.5.139"),
                offset=Range(m.quantity("1", "h"), None, m.at()),
            ),
            Timing(at=m.at(), null="UNK"),
            Timing(at=m.at(), event=m.coding("HS", "2.16.840.1.113883.5.139"), operator="E"),
            Timing(at=m.at(), bounds=m.when("2024-01-02"), operator="E"),
        ),
    )
    conditions = (
        Precondition(m.at(), m.concept("pain"), "douleur", m.quantity("38", "Cel")),
        Precondition(m.at(), m.concept("2"), "x"),
    )
    return (
        Dosage(
            at=m.at(),
            text="1 cp",
            timings=(schedule,),
            route=m.concept("r"),
            sites=(m.concept("s1"), m.concept("s2")),
            dose=Range(m.quantity("1"), None, m.at()),
            rate=Range(m.quantity("1", "mL/h"), m.quantity("2", "mL/h"), m.at()),
            max_dose=ratio(m),
            preconditions=conditions,
            unit=m.concept("unit"),
        ),
        Dosage(
            at=m.at(),
            bounds=TimeSpan(at=m.at(), null="NA"),
            dose=Range(None, m.quantity("1"), m.at()),
            preconditions=(Precondition(m.at()),),
        ),
        Dosage(at=m.at(), rate=m.quantity("1", "mL/h"), sequence=3),
    )


def product(m):
    firm = Organization(m.at(), f"/maker[{m.at()}]", names=("Labo",))
    return Product(
        at=m.at(),
        path=f"/p[{m.at()}]",
        code=m.concept("p", text="mot"),
        name="Nom",
        ids=(Identifier("1.2", "P"),),
        form=m.concept("f"),
        lot_null="UNK",
        expiry=m.date("2030-01-01"),
        classes=(m.concept("atc"),),
        manufacturer=firm,
        ingredients=(Ingredient(m.at(), m.concept("i"), "I", ratio(m), active=False), Ingredient(m.at())),
        packaging=(
            Packaging(m.at(), m.concept("cip"), "boîte", m.concept("form"), m.quantity("30")),
            Packaging(m.at()),
        ),
    )


def problem(m, **fields):
    return {
        "problem": m.concept("I10"),
        "clinical_status": m.concept("unheard-of"),
        "verification": m.concept("confirmed"),
        "severity": m.concept("H"),
        "patient_status": m.concept("ps"),
        "sites": (m.concept("s"),),
        "methods": (m.concept("m"),),
        "stages": (m.make(Observation, "stage", code=m.concept("T"), values=(m.concept("T1"),)),),
        "concern": Concern(m.at(), (Identifier("1.2", "C"),), "active", m.when("2024"), m.concept("CONC")),
        **fields,
    }


def reaction(m):
    return m.make(Problem, "problem", **common(m, **problem(m, stages=(), concern=None, methods=())))


MAKERS = {
    "Observation": lambda m: (
        Observation,
        "lab-result",
        {
            "values": values(m),
            "interpretations": (m.concept("H"),),
            "methods": (m.concept("m1"), m.concept("m2")),
            "sites": (m.concept("b1"), m.concept("b2")),
            "ranges": (
                ReferenceRange(m.at(), m.concept("r"), interpretation=m.concept("N"), applies=m.concept("A")),
                ReferenceRange(m.at(), m.quantity("5", "g"), "mots"),
                ReferenceRange(m.at()),
                ReferenceRange(m.at(), Text("t", m.at())),
            ),
        },
    ),
    "Directive": lambda m: (Observation, "advance-directive", {"values": values(m)[:3], "methods": (m.concept("m"),)}),
    "Panel": lambda m: (Panel, "lab-battery", {"subject": relative(m)}),
    "Isolate": lambda m: (Panel, "lab-isolate", {}),
    "VitalSigns": lambda m: (Panel, "vital-signs", {}),
    "Family": lambda m: (
        Panel,
        "family-history",
        {
            "subject": relative(m),
            "links": (Link("COMP", reaction(m)), Link("COMP", m.make(Observation, code=m.concept("o")))),
        },
    ),
    "Attached": lambda m: (
        Panel,
        "attached-document",
        {
            "links": (
                Link(
                    "COMP",
                    m.make(
                        Media,
                        "media",
                        content=Attachment(m.at(), text="x"),
                        **common(m, links=(), specimens=(), notes=()),
                    ),
                ),
                Link(
                    "COMP",
                    m.make(
                        Observation,
                        "document-type",
                        **common(m, links=(), specimens=(), notes=()),
                        values=(m.concept("t"), m.concept("t2")),
                    ),
                ),
                Link("COMP", m.make(Observation, code=m.concept("o"))),
            )
        },
    ),
    "Problem": lambda m: (Problem, "problem", problem(m)),
    "Allergy": lambda m: (
        Allergy,
        "allergy",
        {
            "agents": (
                party(m, "participant", entity=m.concept("a"), entity_name="A"),
                Party(at=m.at(), path="/x", role="participant", entity_name="B"),
            ),
            "value": m.concept("v"),
            "clinical_status": m.concept("x"),
            "verification": m.concept("refuted"),
            "criticality": m.concept("low"),
            "severity": m.concept("M"),
            "reactions": (reaction(m),),
            "concern": Concern(m.at(), status="active"),
        },
    ),
    "Medication": lambda m: (
        Medication,
        "medication",
        {
            "product": product(m),
            "dosages": dosages(m),
            "repeats": 2,
            "supply_quantity": m.quantity("1"),
            "supply_time": m.when("2024"),
            "patient_instructions": ("p",),
            "pharmacist_instructions": ("q",),
            "substitution": m.concept("G"),
        },
    ),
    "Administration": lambda m: (
        Medication,
        "medication",
        {
            "product": product(m),
            "dosages": dosages(m),
            "intent": "administered",
            "patient_instructions": ("p",),
            "pharmacist_instructions": ("q",),
            "substitution": m.concept("N"),
            "supply_quantity": m.quantity("1"),
            "repeats": 1,
        },
    ),
    "Dispense": lambda m: (
        Medication,
        "medication",
        {
            "product": product(m),
            "dosages": dosages(m),
            "intent": "dispensed",
            "supply_quantity": m.quantity("1"),
            "repeats": 1,
            "substitution": m.concept("N"),
            "patient_instructions": ("p",),
        },
    ),
    "Immunization": lambda m: (
        Immunization,
        "immunization",
        {"product": product(m), "dosages": dosages(m), "dose_number": 0, "reactions": (reaction(m),)},
    ),
    "Procedure": lambda m: (
        Procedure,
        "procedure",
        {"methods": (m.concept("m"),), "sites": (m.concept("s"),), "approach_sites": (m.concept("a"),)},
    ),
    "Collection": lambda m: (
        Procedure,
        "specimen-collection",
        {"methods": (m.concept("m"),), "sites": (m.concept("s"), m.concept("t")), "approach_sites": (m.concept("a"),)},
    ),
    "Encounter": lambda m: (Encounter, "encounter", {}),
    "Device": lambda m: (
        Supply,
        "device",
        {
            "device": DeviceRef(m.at(), "/dev", code=m.concept("d")),
            "product": product(m),
            "quantity": m.quantity("1"),
            "repeats": 1,
            "expected_use": m.when("2024"),
        },
    ),
    "Supply": lambda m: (Supply, "supply-order", {"product": product(m), "quantity": m.quantity("1"), "repeats": 1}),
    "Media": lambda m: (Media, "media", {"content": Attachment(m.at(), "image/png", None, None, "#img", "fr")}),
    "Act": lambda m: (Statement, "act", {}),
    "Report": lambda m: (Statement, "lab-report", {}),
    "Study": lambda m: (Statement, "imaging-study", {}),
    "Coverage": lambda m: (Statement, "coverage", {}),
}


def build(m, name, **fields):
    kind, word, own = MAKERS[name](m)
    return m.make(kind, word, **{**common(m), **own, **fields})


@pytest.mark.parametrize("mood", ["EVN", "INT", "PRP", "GOL", "DEF"])
@pytest.mark.parametrize("name", MAKERS)
def test_everything_said_is_carried(m, emitted, name, mood):
    emitted(build(m, name, mood=mood))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", MAKERS)
def test_every_status_gives_a_valid_resource_also_when_denied(m, emitted, name, status):
    emitted(build(m, name, status=status, negated=True))


@pytest.mark.parametrize("name", MAKERS)
def test_a_statement_that_says_nothing_is_still_a_resource(m, name):
    kind, word, _ = MAKERS[name](m)
    other = type(m)()
    from semantix.emitters.fhir import emit
    from semantix.emitters.fhir._r4 import check

    document = other.document(other.make(kind, word, null="UNK"))
    emission = emit(document)
    assert emission.ledger.account(document).losses == ()
    assert [p for r in emission.resources for p in check(r)] == []


def test_codes_without_a_system_are_carried(m, emitted):
    found = emitted(m.make(Observation, code=Concept((Coding("A B  C", None, None, _place(m)),), m.at())))
    assert next(r for r in found.resources if r["resourceType"] == "Observation")["code"]["coding"] == [
        {"code": "A B C"}
    ]


def _place(m):
    return m.coding("A B  C", None).at
