"""Invented validation reports, and the invented rules that they speak of. Nobody and nothing in them is real."""

from collections.abc import Mapping

from semantix.model import Severity
from semantix.validation._findings import (
    Checked,
    Coverage,
    Finding,
    LayerRun,
    RuleInfo,
    RuleSetInfo,
    ValidationReport,
    finding,
)

CI_SIS = "CI-SIS, volet Structuration minimale des documents de santé, 1.16, section 3.4, https://esante.gouv.fr/"
BODY = "/ClinicalDocument/component/structuredBody/component[{section}]/section/entry[{entry}]"


def rule(code: str, severity: Severity, english: tuple[str, ...], french: tuple[str, ...]) -> RuleInfo:
    """Make a rule of its five texts: title, found, expected, fix, why."""
    texts = [(one, other) for one, other in zip(english, french, strict=True)]
    title, found, expected, fix, why = texts
    return RuleInfo(
        code=code, severity=severity, title=title, found=found, expected=expected, fix=fix, why=why, source=CI_SIS
    )


KEY = rule(
    "SX-ID-02",
    Severity.ERROR,
    (
        "The key of the INS is wrong",
        "The control key of the identifier under {system} is not the one computed from its digits.",
        "The key is 97 minus the remainder of the number by 97.",
        "Take the identity again from the INSi teleservice; never type an INS by hand.",
        "Receivers refuse the identity, and the document is attached to nobody.",
    ),
    (
        "La clé de l’INS est fausse",
        "La clé de contrôle de l’identifiant sous {system} n’est pas celle que donnent ses chiffres.",
        "La clé est 97 moins le reste de la division du numéro par 97.",
        "Reprenez l’identité auprès du téléservice INSi ; ne saisissez jamais un INS à la main.",
        "Les destinataires refusent l’identité, et le document n’est rattaché à personne.",
    ),
)
ABSENT = rule(
    "SX-CODE-02",
    Severity.ERROR,
    (
        "A code that is not in its code system",
        "{code} is not a code of {system}.",
        "A code of {system} that holds on the day of the document.",
        "Choose the code in the present release of {system}; check for a typing error.",
        "The receiver cannot know what is meant: alerts, searches and statistics miss the fact.",
    ),
    (
        "Un code absent de son système de codes",
        "{code} n’est pas un code de {system}.",
        "Un code de {system}, valide au jour du document.",
        "Choisissez le code dans la version en vigueur de {system} ; cherchez une faute de frappe.",
        "Le destinataire ne peut savoir ce qui est dit : alertes, recherches et statistiques manquent le fait.",
    ),
)
LABEL = rule(
    "SX-LABEL-01",
    Severity.WARNING,
    (
        "The label does not say what the code says",
        "The label beside {code} ({system}) names something else.",
        "The label of {code} in {system} is “{label}”.",
        "Find out which of the two is right: correct the code, or the label.",
        "People read the label and software reads the code: they act on two different facts.",
    ),
    (
        "Le libellé ne dit pas ce que dit le code",
        "Le libellé à côté de {code} ({system}) désigne autre chose.",
        "Le libellé de {code} dans {system} est « {label} ».",
        "Cherchez lequel des deux est juste : corrigez le code, ou le libellé.",
        "Les humains lisent le libellé, les logiciels lisent le code : ils agissent sur deux faits différents.",
    ),
)
UNIT = rule(
    "SX-UNIT-01",
    Severity.ERROR,
    (
        "A unit that is not UCUM",
        "The unit {unit} is not in UCUM.",
        "A UCUM unit, such as {expected}.",
        "Write {expected} in @unit, and keep the usual form for the text.",
        "The value cannot be compared nor converted.",
    ),
    (
        "Une unité qui n’est pas UCUM",
        "L’unité {unit} n’est pas dans UCUM.",
        "Une unité UCUM, par exemple {expected}.",
        "Écrivez {expected} dans @unit, et gardez la forme usuelle pour le texte.",
        "La valeur ne peut être ni comparée ni convertie.",
    ),
)
ORDER = rule(
    "SX-DATE-03",
    Severity.ERROR,
    (
        "An event after the signature of the document",
        "{element} lies after legalAuthenticator/time.",
        "What a document tells happened before it was signed.",
        "Check the date of the event and the clock of the software.",
        "The receiver shows the event as one to come, or refuses the document.",
    ),
    (
        "Un événement postérieur à la signature du document",
        "{element} est postérieur à legalAuthenticator/time.",
        "Ce que dit un document a eu lieu avant sa signature.",
        "Vérifiez la date de l’événement et l’horloge du logiciel.",
        "Le destinataire affiche l’événement comme à venir, ou refuse le document.",
    ),
)
ANCHOR = rule(
    "SX-REF-01",
    Severity.WARNING,
    (
        "A reference to a text that is not there",
        "The reference of {element} leads to no anchor of the narrative.",
        "An element of the section’s text with the ID referred to.",
        "Give the passage its ID, or correct the reference.",
        "The words behind the code are lost for people.",
    ),
    (
        "Un renvoi à un texte qui n’existe pas",
        "Le renvoi de {element} ne mène à aucune ancre du texte.",
        "Un élément du texte de la section, avec l’ID visé.",
        "Donnez son ID au passage, ou corrigez le renvoi.",
        "Les mots qui accompagnent le code sont perdus pour les lecteurs.",
    ),
)
TEST = rule(
    "SX-HEAD-09",
    Severity.INFORMATION,
    (
        "A test identity",
        "The identifier is under {system}, which is for tests.",
        "In production, an INS under 1.2.250.1.213.1.4.8.",
        "Nothing for a test; in production, correct the OID.",
        "The document would be attached to a patient for tests.",
    ),
    (
        "Une identité de test",
        "L’identifiant est sous {system}, réservé aux tests.",
        "En production, un INS sous 1.2.250.1.213.1.4.8.",
        "Rien pour un test ; en production, corrigez l’OID.",
        "Le document serait rattaché à un patient de test.",
    ),
)
OFFICIAL_RULE = rule(
    "SX-SCH-00",
    Severity.ERROR,
    (
        "An official rule is broken",
        "what the rule says itself",
        "",
        "Read it with `semantix explain CODE`.",
        "They apply it.",
    ),
    (
        "Une règle officielle n’est pas respectée",
        "ce que dit la règle elle-même",
        "",
        "Lisez-la avec `semantix explain CODE`.",
        "Les services nationaux appliquent la même règle.",
    ),
)
RULES: Mapping[str, RuleInfo] = {
    each.code: each for each in (KEY, ABSENT, LABEL, UNIT, ORDER, ANCHOR, TEST, OFFICIAL_RULE)
}

RULESET = RuleSetInfo(name="cda-3.0", title="Outil de test de contenu CDA 3.0", digest="5f" * 32)
TERMS = ("CIM-10 2026", "LOINC 2.78", "ATC 2026", "CCAM 81")
OFFICIAL = (
    "Si le composant est vaccinal, l’élément doseQuantity doit être présent ; valeur trouvée : …",
    "L’élément effectiveTime doit porter les attributs low et high, ou un nullFlavor.",
    "L’élément assignedAuthor doit avoir au moins un id dont la racine est 1.2.250.1.71.4.2.1.",
)


def layers(*states: tuple[str, str, str, str]) -> tuple[LayerRun, ...]:
    """Name (layer, state, engine, reason) runs."""
    return tuple(LayerRun(name=n, state=s, engine=e, reason=r) for n, s, e, r in states)


CDA_LAYERS = layers(
    ("form", "run", "", ""),
    ("xsd", "run", "lxml", ""),
    ("min", "run", "fast", ""),
    ("ihe", "run", "fast", ""),
    ("ans", "run", "fast", ""),
    ("VAC_2025.01", "run", "saxon", ""),
    ("semantix", "run", "", ""),
    ("fhir", "skipped", "", "other-format"),
)
BARE_LAYERS = layers(("form", "run", "", ""), ("xsd", "skipped", "", "no-ruleset"), ("semantix", "run", "", ""))
FAILED_LAYERS = layers(
    ("form", "run", "", ""),
    ("xsd", "run", "lxml", ""),
    ("min", "run", "fast", ""),
    ("ans", "failed", "fast", "unknown-expression: format-dateTime()"),
    ("semantix", "run", "", ""),
)


def coverage(**counts: dict[str, int]) -> Coverage:
    """Make a coverage, with invented codes to correct."""
    made = Coverage(counts={key.replace("none", ""): dict(states) for key, states in counts.items()})
    for system, states in made.counts.items():
        for state in ("local", "retired", "unknown"):
            if states.get(state):
                made.worst[f"{system}|{state[:3].upper()}-{len(system)}{states[state]}"] = states[state]
    return made


def _biology(number: int) -> Checked:
    found = [
        finding(UNIT, BODY.format(section=1, entry=n) + "/observation/value/@unit", 210 + 14 * n, unit=u, expected=e)
        for n, (u, e) in enumerate((("µg/mL", "ug/mL"), ("UI/l", "[IU]/L"), ("UI/l", "[IU]/L"), ("G/l", "10*9/L")), 1)
    ]
    found.append(
        finding(ABSENT, BODY.format(section=1, entry=5) + "/observation/code", 288, code="14749-9", system="LOINC")
    )
    return Checked(
        name=f"export-2026-11/biologie/cr-bio-{number:04}.xml",
        format="CDA R2",
        version="CI-SIS 2025.01",
        findings=tuple(found),
        layers=CDA_LAYERS,
        coverage=coverage(
            loinc={"valid": 38, "unknown": 1},
            cim10={"valid": 4},
            none={"local": 6},
            **{"1.2.250.1.999.1": {"local": 11, "mapped": 9}},
        ),
    )


def _vaccination() -> Checked:
    name = "export-2026-11/IHE_XDM.ZIP/IHE_XDM/SUBSET01/DOC0001.XML"
    patient = "/ClinicalDocument/recordTarget/patientRole/id[1]"
    found = [
        finding(KEY, patient, 41, system="1.2.250.1.213.1.4.8"),
        finding(ORDER, BODY.format(section=2, entry=1) + "/act/effectiveTime/low", 340, element="act/effectiveTime"),
        finding(
            LABEL,
            BODY.format(section=3, entry=1) + "/observation/value",
            402,
            code="E14",
            system="CIM-10",
            label="Diabète sucré, sans précision",
        ),
        finding(ANCHOR, BODY.format(section=3, entry=2) + "/observation/value/originalText", 431, element="value"),
    ]
    found += [
        Finding(
            code=f"SX-SCH-ans-{n}b7e{n}2f{n}",
            severity=Severity.ERROR if n < 2 else Severity.WARNING,
            layer="ans",
            path=BODY.format(section=2, entry=n + 1) + "/substanceAdministration",
            line=350 + 20 * n,
            message=message,
        )
        for n, message in enumerate(OFFICIAL)
    ]
    return Checked(
        name=name,
        format="CDA R2",
        version="CI-SIS 2025.01",
        findings=tuple(found),
        layers=CDA_LAYERS,
        coverage=coverage(
            loinc={"valid": 12},
            cim10={"valid": 7, "retired": 2},
            atc={"valid": 9, "unknown": 2},
            ccam={"valid": 3},
            snomed={"unchecked": 14},
        ),
    )


def _letter(number: int, *found: Finding, known: int = 0, runs: tuple[LayerRun, ...] = CDA_LAYERS) -> Checked:
    return Checked(
        name=f"export-2026-11/lettres/lettre-liaison-{number:03}.xml",
        format="CDA R2",
        version="CI-SIS 2024.01",
        findings=found,
        layers=runs,
        coverage=coverage(loinc={"valid": 9}, cim10={"valid": 3}, snomed={"unchecked": 2}),
        known=known,
    )


def many() -> ValidationReport:
    """A run with every kind of finding and of verdict."""
    test = finding(TEST, "/ClinicalDocument/recordTarget/patientRole/id[1]", 38, system="1.2.250.1.213.1.4.10")
    broken = Finding(
        code="SX-FORM-99", severity=Severity.ERROR, layer="form", path="", line=12, message="the XML is not well formed"
    )
    documents = [
        *(_biology(number) for number in range(1, 5)),
        _vaccination(),
        _letter(1),
        _letter(2, test),
        _letter(3, known=3),
        _letter(4, runs=FAILED_LAYERS),
        Checked(
            name="export-2026-11/lettres/coupé & abîmé <1>.xml",
            findings=(broken,),
            layers=layers(("form", "run", "", "")),
        ),
    ]
    return ValidationReport(
        version="0.1.0",
        day="2026-11-26",
        documents=documents,
        ruleset=RULESET,
        terms=TERMS,
        ignored={"image": 3, "PDF": 1},
    )


def clean() -> ValidationReport:
    """A run in which nothing was found, without a rule set."""
    return ValidationReport(
        version="0.1.0", day="2026-11-26", documents=[_letter(1, runs=BARE_LAYERS)], terms=("CIM-10 2026", "LOINC 2.78")
    )


def unfinished() -> ValidationReport:
    """A run whose official layers could not be finished, without any terminology."""
    documents = [_letter(number, runs=FAILED_LAYERS) for number in (1, 2)]
    for checked in documents:
        checked.coverage.counts.clear()
        checked.coverage.counts["cim10"] = {"unchecked": 4}
    return ValidationReport(version="0.1.0", day="2026-11-26", documents=documents, ruleset=RULESET)


def empty() -> ValidationReport:
    """A run that was given nothing to check."""
    return ValidationReport(version="0.1.0", day="2026-11-26", ignored={"hidden": 2})


REPORTS = {"many": many, "clean": clean, "unfinished": unfinished, "empty": empty}
