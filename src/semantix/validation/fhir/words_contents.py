"""The rules on what FHIR resources say: codings, quantities, dates, narratives, invariants."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_CODING = "HL7 FHIR R4 (4.0.1), code systems, https://hl7.org/fhir/R4/terminologies-systems.html"
_UCUM = "HL7 FHIR R4 (4.0.1), Quantity, https://hl7.org/fhir/R4/datatypes.html#Quantity; UCUM, https://ucum.org/ucum"
_NARRATIVE = "HL7 FHIR R4 (4.0.1), narrative, https://hl7.org/fhir/R4/narrative.html"
_UNKNOWN_MEANING = (
    "What the code means cannot be told: it is lost for every receiver.",
    "Le sens du code est inconnu : il est perdu pour tout destinataire.",
)
NOT_URI = RuleInfo(
    code="SX-FHIR-40",
    severity=Severity.ERROR,
    title=("A system that is not a URI", "Un système qui n’est pas un URI"),
    found=("A bare OID or a name in {element}.", "Un OID nu ou un nom dans {element}."),
    expected=("{expected}", "{expected_fr}"),
    fix=(
        "Write the URI of the system; an OID is written urn:oid:….",
        "Écrire l’URI du système ; un OID s’écrit urn:oid:….",
    ),
    why=_UNKNOWN_MEANING,
    source=_CODING,
)
WRONG_URI = RuleInfo(
    code="SX-FHIR-41",
    severity=Severity.ERROR,
    title=("A wrong URI for a known system", "Un URI erroné pour un système connu"),
    found=("{found} in {element}.", "{found} dans {element}."),
    expected=("{expected}", "{expected}"),
    fix=("Write the URI exactly as it is published.", "Écrire l’URI exactement comme il est publié."),
    why=_UNKNOWN_MEANING,
    source=_CODING,
)
OID_NOT_URI = RuleInfo(
    code="SX-FHIR-42",
    severity=Severity.WARNING,
    title=("An OID where a URI is published", "Un OID alors qu’un URI est publié"),
    found=("{found}", "{found}"),
    expected=("{expected}", "{expected}"),
    fix=("Write the published URI.", "Écrire l’URI publié."),
    why=(
        "Receivers compare URIs letter by letter: the code is not recognised.",
        "Les destinataires comparent les URI à la lettre : le code n’est pas reconnu.",
    ),
    source=_CODING,
)
MALFORMED_CODE = RuleInfo(
    code="SX-FHIR-43",
    severity=Severity.ERROR,
    title=("A code has not the form of its system", "Un code n’a pas la forme des codes de son système"),
    found=("{code} cannot be a code of {system}.", "{code} ne peut pas être un code de {system}."),
    expected=("A code as {system} publishes it.", "Un code tel que {system} le publie."),
    fix=(
        "Correct the code, or give the system that it belongs to.",
        "Corriger le code, ou indiquer le système dont il provient.",
    ),
    why=_UNKNOWN_MEANING,
    source=_CODING,
)
NO_SYSTEM = RuleInfo(
    code="SX-FHIR-44",
    severity=Severity.WARNING,
    title=("A coding without a system", "Un codage sans système"),
    found=("A code and no system.", "Un code sans system."),
    expected=("The URI of the system of the code.", "L’URI du système du code."),
    fix=(
        "Give the system; a local code needs a URI of your own.",
        "Indiquer le système ; un code local exige un URI propre.",
    ),
    why=_UNKNOWN_MEANING,
    source="HL7 FHIR R4 (4.0.1), Coding, https://hl7.org/fhir/R4/datatypes.html#Coding",
)
NOT_UCUM = RuleInfo(
    code="SX-FHIR-46",
    severity=Severity.ERROR,
    title=("A unit that is not UCUM", "Une unité qui n’est pas UCUM"),
    found=("{unit} under http://unitsofmeasure.org.", "{unit} sous http://unitsofmeasure.org."),
    expected=(
        "A unit of UCUM, upper and lower case as published.",
        "Une unité UCUM, majuscules et minuscules telles que publiées.",
    ),
    fix=(
        "Write the UCUM code in code, the usual one in unit.",
        "Écrire le code UCUM dans code, l’unité usuelle dans unit.",
    ),
    why=("The quantity cannot be compared with any other.", "La quantité ne peut être comparée à aucune autre."),
    source=_UCUM,
)
UNIT_NO_SYSTEM = RuleInfo(
    code="SX-FHIR-47",
    severity=Severity.ERROR,
    title=("A coded unit without its system", "Une unité codée sans système"),
    found=("Quantity.code without Quantity.system.", "Quantity.code sans Quantity.system."),
    expected=("http://unitsofmeasure.org in system.", "http://unitsofmeasure.org dans system."),
    fix=("Add the system of the unit.", "Ajouter le système de l’unité."),
    why=("The quantity cannot be compared with any other.", "La quantité ne peut être comparée à aucune autre."),
    source="HL7 FHIR R4 (4.0.1), Quantity, invariant qty-3",
)
UNIT_NOT_CODED = RuleInfo(
    code="SX-FHIR-48",
    severity=Severity.INFORMATION,
    title=("A measured value whose unit is not coded", "Une valeur mesurée dont l’unité n’est pas codée"),
    found=("unit without code in {element}.", "unit sans code dans {element}."),
    expected=("The UCUM code of the unit in code.", "Le code UCUM de l’unité dans code."),
    fix=("Code the unit.", "Coder l’unité."),
    why=(
        "People can read the value, software cannot compare it.",
        "Un lecteur comprend la valeur, un logiciel ne peut pas la comparer.",
    ),
    source=_UCUM,
)
ENDS_FIRST = RuleInfo(
    code="SX-FHIR-49",
    severity=Severity.ERROR,
    title=("A period that ends before it begins", "Une période qui finit avant de commencer"),
    found=("end before start in {element}.", "end avant start dans {element}."),
    expected=("start, then end.", "start, puis end."),
    fix=("Correct one of the two dates.", "Corriger l’une des deux dates."),
    why=("Durations and orders of facts are wrong.", "Les durées et l’ordre des faits sont faux."),
    source="HL7 FHIR R4 (4.0.1), Period, invariant per-1",
)
BEFORE_BIRTH = RuleInfo(
    code="SX-FHIR-50",
    severity=Severity.WARNING,
    title=("A fact before the birth of the patient", "Un fait antérieur à la naissance du patient"),
    found=("{element} before Patient.birthDate.", "{element} avant Patient.birthDate."),
    expected=("A date after the birth.", "Une date postérieure à la naissance."),
    fix=(
        "Correct the date, or the patient that the resource is about.",
        "Corriger la date, ou le patient que concerne la ressource.",
    ),
    why=(
        "The fact is of somebody else, or its date is wrong.",
        "Le fait concerne quelqu’un d’autre, ou sa date est fausse.",
    ),
    source="semantix, coherence of dates (FHIR R4: Patient.birthDate, clinical dates)",
)
IN_FUTURE = RuleInfo(
    code="SX-FHIR-51",
    severity=Severity.ERROR,
    title=("A date of the past that lies in the future", "Une date passée située dans le futur"),
    found=("{element} after the day of the check.", "{element} après le jour du contrôle."),
    expected=("A date up to today.", "Une date au plus tard aujourd’hui."),
    fix=(
        "Correct the date; what is planned has another element.",
        "Corriger la date ; ce qui est prévu a un autre élément.",
    ),
    why=("What has not happened is told as done.", "Ce qui n’a pas eu lieu est donné pour fait."),
    source="semantix, coherence of dates (FHIR R4: birthDate, issued, authoredOn, recordedDate…)",
)
EMPTY_NARRATIVE = RuleInfo(
    code="SX-FHIR-53",
    severity=Severity.ERROR,
    title=("A narrative that says nothing", "Un texte narratif vide"),
    found=("text.div without words or images.", "text.div sans texte ni image."),
    expected=("A div with some content.", "Un div avec du contenu."),
    fix=("Write the narrative, or leave text out.", "Rédiger le texte, ou omettre text."),
    why=("People who read the resource see nothing.", "Qui lit la ressource ne voit rien."),
    source="HL7 FHIR R4 (4.0.1), narrative, invariant txt-2",
)
ACTIVE_NARRATIVE = RuleInfo(
    code="SX-FHIR-54",
    severity=Severity.ERROR,
    title=("A narrative with elements that are not allowed", "Un texte narratif avec des éléments interdits"),
    found=("The element or attribute {name} in text.div.", "L’élément ou l’attribut {name} dans text.div."),
    expected=(
        "The XHTML of FHIR: no script, form, frame, style sheet or event.",
        "Le XHTML de FHIR : ni script, ni formulaire, ni cadre, ni feuille de style, ni événement.",
    ),
    fix=("Write plain XHTML.", "Écrire du XHTML simple."),
    why=(
        "Software that shows it would run code of others: it is refused.",
        "Un logiciel qui l’affiche exécuterait du code tiers : il est refusé.",
    ),
    source="HL7 FHIR R4 (4.0.1), narrative, invariant txt-1",
)
EMPTY_SECTION = RuleInfo(
    code="SX-FHIR-55",
    severity=Severity.ERROR,
    title=("A section without text, entries or sections", "Une section sans texte, entrée ni sous-section"),
    found=("A section that holds nothing.", "Une section qui ne contient rien."),
    expected=("text, entry, section, or emptyReason.", "text, entry, section, ou emptyReason."),
    fix=(
        "Fill the section, say why it is empty, or leave it out.",
        "Remplir la section, dire pourquoi elle est vide, ou l’omettre.",
    ),
    why=(
        "The reader cannot tell whether there is nothing or something was lost.",
        "Le lecteur ne sait pas s’il n’y a rien ou si quelque chose est perdu.",
    ),
    source="HL7 FHIR R4 (4.0.1), Composition, invariant cmp-1",
)
STATUS_IN_ERROR = RuleInfo(
    code="SX-FHIR-56",
    severity=Severity.ERROR,
    title=("A clinical status on what was entered in error", "Un état clinique sur une saisie erronée"),
    found=(
        "clinicalStatus beside verificationStatus entered-in-error.",
        "clinicalStatus avec verificationStatus entered-in-error.",
    ),
    expected=("No clinicalStatus there.", "Pas de clinicalStatus dans ce cas."),
    fix=("Remove clinicalStatus.", "Retirer clinicalStatus."),
    why=("A fact that never was is shown as active.", "Un fait qui n’a jamais existé est montré comme actif."),
    source="HL7 FHIR R4 (4.0.1), Condition con-5, AllergyIntolerance ait-2",
)
NO_CLINICAL_STATUS = RuleInfo(
    code="SX-FHIR-57",
    severity=Severity.ERROR,
    title=("An allergy without its clinical status", "Une allergie sans état clinique"),
    found=("No clinicalStatus, and not entered in error.", "Pas de clinicalStatus, et pas une saisie erronée."),
    expected=("active, inactive or resolved.", "active, inactive ou resolved."),
    fix=("Fill clinicalStatus.", "Renseigner clinicalStatus."),
    why=(
        "Whether the patient is still allergic cannot be told.",
        "Impossible de savoir si le patient est toujours allergique.",
    ),
    source="HL7 FHIR R4 (4.0.1), AllergyIntolerance, invariant ait-1",
)
ABSENT_AND_THERE = RuleInfo(
    code="SX-FHIR-59",
    severity=Severity.ERROR,
    title=("A value beside the reason why there is none", "Une valeur à côté de la raison de son absence"),
    found=("value[x] and dataAbsentReason together.", "value[x] et dataAbsentReason à la fois."),
    expected=("One of the two.", "L’un des deux."),
    fix=("Keep the value, or the reason.", "Garder la valeur, ou la raison."),
    why=("Whether there is a result cannot be told.", "Impossible de savoir s’il y a un résultat."),
    source="HL7 FHIR R4 (4.0.1), Observation, invariant obs-6",
)
SAYS_NOTHING = RuleInfo(
    code="SX-FHIR-60",
    severity=Severity.WARNING,
    title=("An observation without a result", "Une observation sans résultat"),
    found=(
        "Neither value[x], dataAbsentReason, component, hasMember nor note.",
        "Ni value[x], ni dataAbsentReason, ni component, ni hasMember, ni note.",
    ),
    expected=("A value, or why there is none.", "Une valeur, ou la raison de son absence."),
    fix=("Fill value[x], or dataAbsentReason.", "Renseigner value[x], ou dataAbsentReason."),
    why=(
        "The result is lost, or was never there: nobody can tell.",
        "Le résultat est perdu, ou n’a jamais existé : nul ne le sait.",
    ),
    source="HL7 FHIR R4 (4.0.1), Observation, notes on value[x]",
)
NO_CONTENT_TYPE = RuleInfo(
    code="SX-FHIR-61",
    severity=Severity.ERROR,
    title=("An attached object without its type", "Un objet joint sans type"),
    found=("data without contentType.", "data sans contentType."),
    expected=("The MIME type of the object.", "Le type MIME de l’objet."),
    fix=("Fill contentType.", "Renseigner contentType."),
    why=("Software does not know how to open it.", "Un logiciel ne sait pas comment l’ouvrir."),
    source="HL7 FHIR R4 (4.0.1), Attachment, invariant att-1",
)
RULES: tuple[RuleInfo, ...] = (
    NOT_URI, WRONG_URI, OID_NOT_URI, MALFORMED_CODE, NO_SYSTEM, NOT_UCUM, UNIT_NO_SYSTEM, UNIT_NOT_CODED,
    ENDS_FIRST, BEFORE_BIRTH, IN_FUTURE, EMPTY_NARRATIVE, ACTIVE_NARRATIVE, EMPTY_SECTION, STATUS_IN_ERROR,
    NO_CLINICAL_STATUS, ABSENT_AND_THERE, SAYS_NOTHING, NO_CONTENT_TYPE,
)  # fmt: skip
