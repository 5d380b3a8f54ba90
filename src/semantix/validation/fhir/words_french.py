"""The rules of FR Core and on French identifiers in FHIR."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_CORE = "Interop’Santé, FR Core (hl7.fhir.fr.core) 2.2, https://hl7.fr/ig/fhir/core/"
_INS = "ANS, Référentiel Identifiant National de Santé; FR Core, fr-core-patient-ins"
_NOBODY = (
    "The data cannot be tied to the right person.",
    "Les données ne peuvent pas être rattachées à la bonne personne.",
)
_REFUSED = (
    "Receivers that follow the profile refuse the resource.",
    "Les destinataires qui suivent le profil refusent la ressource.",
)
WRONG_INS = RuleInfo(
    code="SX-FHIR-70",
    severity=Severity.ERROR,
    title=("An INS number that is not one", "Un matricule INS qui n’en est pas un"),
    found=("Not an INS number: {reason}.", "Matricule INS incorrect : {reason_fr}."),
    expected=("13 characters and a key of 2 digits.", "13 caractères et une clé de 2 chiffres."),
    fix=(
        "Take the number from the INSi service, key included.",
        "Reprendre le matricule du téléservice INSi, clé comprise.",
    ),
    why=_NOBODY,
    source=_INS,
)
INS_TYPE = RuleInfo(
    code="SX-FHIR-71",
    severity=Severity.ERROR,
    title=("An INS without the type of its system", "Un INS sans le type qui correspond à son système"),
    found=(
        "An identifier of {system} without the type {expected}.",
        "Un identifiant de {system} sans le type {expected}.",
    ),
    expected=("type.coding with the code {expected}.", "type.coding avec le code {expected}."),
    fix=(
        "Fill the type; a social security number that is no INS has the type NH.",
        "Renseigner le type ; un NSS qui n’est pas un INS a le type NH.",
    ),
    why=(
        "An INS cannot be told from a social security number.",
        "L’INS ne se distingue pas d’un numéro de sécurité sociale.",
    ),
    source=_CORE,
)
INS_USE = RuleInfo(
    code="SX-FHIR-72",
    severity=Severity.ERROR,
    title=("An INS of another use", "Un INS d’un autre usage"),
    found=("use is {use}.", "use vaut {use}."),
    expected=("official, or old for a former number.", "official, ou old pour un ancien matricule."),
    fix=("Fill use with official.", "Renseigner use avec official."),
    why=_REFUSED,
    source=_CORE,
)
VALID_NO_INS = RuleInfo(
    code="SX-FHIR-73",
    severity=Severity.ERROR,
    title=("A qualified identity without an INS", "Une identité qualifiée sans INS"),
    found=("identityStatus VALI and no official INS.", "identityStatus VALI sans INS officiel."),
    expected=("The INS, or another status than VALI.", "L’INS, ou un autre statut que VALI."),
    fix=(
        "Add the INS, or write the true status of the identity.",
        "Ajouter l’INS, ou indiquer le vrai statut de l’identité.",
    ),
    why=_NOBODY,
    source="FR Core, fr-core-patient-ins, invariant fr-core-1",
)
SEVERAL_OFFICIAL = RuleInfo(
    code="SX-FHIR-74",
    severity=Severity.ERROR,
    title=(
        "A qualified identity with several official identifiers",
        "Une identité qualifiée avec plusieurs identifiants officiels",
    ),
    found=("{count} identifiers of use official.", "{count} identifiants d’usage official."),
    expected=("One, the INS.", "Un seul, l’INS."),
    fix=(
        "Keep official for the INS; the others are usual or secondary.",
        "Réserver official à l’INS ; les autres sont usual ou secondary.",
    ),
    why=_REFUSED,
    source="FR Core, fr-core-patient-ins, invariant fr-core-2",
)
INS_C = RuleInfo(
    code="SX-FHIR-75",
    severity=Severity.WARNING,
    title=("An obsolete INS-C", "Un INS-C obsolète"),
    found=("An identifier of the system of the INS-C.", "Un identifiant du système de l’INS-C."),
    expected=("The INS (matricule and OID).", "L’INS (matricule et OID)."),
    fix=("Remove it: the INS took its place.", "Le retirer : l’INS l’a remplacé."),
    why=(
        "It was computed and not unique: merging by it mixes people up.",
        "Il était calculé et non unique : l’utiliser pour fusionner mélange des personnes.",
    ),
    source=_INS,
)
WRONG_PROFESSIONAL = RuleInfo(
    code="SX-FHIR-76",
    severity=Severity.ERROR,
    title=("A number of a professional that is not one", "Un numéro de professionnel qui n’en est pas un"),
    found=("Not a {kind} number: {reason}.", "Numéro {kind} incorrect : {reason_fr}."),
    expected=(
        "RPPS: 11 digits, Luhn key; national form: 8 and RPPS.",
        "RPPS : 11 chiffres, clé de Luhn ; forme nationale : 8 et RPPS.",
    ),
    fix=("Take the number from the Annuaire Santé.", "Reprendre le numéro de l’Annuaire Santé."),
    why=("The professional cannot be found in the directory.", "Le professionnel est introuvable dans l’annuaire."),
    source="ANS, annexe « Sources des données personnes et structures »; FR Core, fr-core-practitioner",
)
IDENTIFIER_TYPE = RuleInfo(
    code="SX-FHIR-77",
    severity=Severity.ERROR,
    title=("A national identifier without its type", "Un identifiant national sans son type"),
    found=(
        "An identifier of {system} without the type {expected}.",
        "Un identifiant de {system} sans le type {expected}.",
    ),
    expected=("type.coding with the code {expected}.", "type.coding avec le code {expected}."),
    fix=("Fill the type.", "Renseigner le type."),
    why=_REFUSED,
    source=_CORE,
)
WRONG_STRUCTURE = RuleInfo(
    code="SX-FHIR-78",
    severity=Severity.ERROR,
    title=("A number of a structure that is not one", "Un numéro de structure qui n’en est pas un"),
    found=("Not a {kind} number: {reason}.", "Numéro {kind} incorrect : {reason_fr}."),
    expected=(
        "FINESS: 9 characters, SIREN: 9 digits, SIRET: 14 digits, Luhn key; national form: 1, 2 or 3 and the number.",
        "FINESS : 9 caractères ; SIREN : 9 chiffres, SIRET : 14, clé de Luhn ; forme nationale : 1 à 3 et le n°.",
    ),
    fix=("Take the number from the national register.", "Reprendre le numéro du répertoire national."),
    why=("The structure cannot be found in the directory.", "La structure est introuvable dans l’annuaire."),
    source="ANS, annexe « Sources des données personnes et structures »; FR Core, fr-core-organization",
)
PROFILE_LACKS = RuleInfo(
    code="SX-FHIR-81",
    severity=Severity.ERROR,
    title=(
        "An element that the declared profile requires is missing",
        "Un élément exigé par le profil déclaré est absent",
    ),
    found=("{element} is missing.", "{element} est absent."),
    expected=("{element}, which {profile} requires.", "{element}, exigé par {profile}."),
    fix=("Fill {element}, or do not declare the profile.", "Renseigner {element}, ou ne pas déclarer le profil."),
    why=_REFUSED,
    source=_CORE,
)
PROFILE_ONE = RuleInfo(
    code="SX-FHIR-82",
    severity=Severity.ERROR,
    title=("More elements than the declared profile allows", "Plus d’éléments que le profil déclaré n’en admet"),
    found=("{count} times {element}.", "{count} fois {element}."),
    expected=("At most {most}, says {profile}.", "{most} au plus, dit {profile}."),
    fix=(
        "Keep those that the profile allows, or do not declare it.",
        "Garder ce que le profil admet, ou ne pas le déclarer.",
    ),
    why=_REFUSED,
    source=_CORE,
)
PROFILE_CODE = RuleInfo(
    code="SX-FHIR-83",
    severity=Severity.ERROR,
    title=("A code that the declared profile does not allow", "Un code que le profil déclaré n’admet pas"),
    found=("{element} is {code}.", "{element} vaut {code}."),
    expected=("One of: {codes}, says {profile}.", "L’un de : {codes}, dit {profile}."),
    fix=("Choose a code of the profile.", "Choisir un code du profil."),
    why=_REFUSED,
    source=_CORE,
)
OFFICIAL_NAME = RuleInfo(
    code="SX-FHIR-84",
    severity=Severity.ERROR,
    title=("An official name without its family or given name", "Un nom officiel sans nom de famille ou sans prénom"),
    found=("name of use official without {element}.", "name d’usage official sans {element}."),
    expected=(
        "The birth name in family, the first given name in given.",
        "Le nom de naissance dans family, le premier prénom dans given.",
    ),
    fix=("Fill both from the traits of the identity.", "Renseigner les deux à partir des traits d’identité."),
    why=_NOBODY,
    source="FR Core, fr-core-patient (name:officialName)",
)
BAD_COMMUNE = RuleInfo(
    code="SX-FHIR-86",
    severity=Severity.ERROR,
    title=("A commune code that is not one", "Un code commune qui n’en est pas un"),
    found=("A code that has not the form of the INSEE codes.", "Un code qui n’a pas la forme des codes INSEE."),
    expected=("5 characters (75056, 2A004, 99100 for a country).", "5 caractères (75056, 2A004, 99100 pour un pays)."),
    fix=(
        "Write the INSEE code of the commune, not its postal code with a name.",
        "Écrire le code INSEE de la commune, pas son code postal suivi du nom.",
    ),
    why=_NOBODY,
    source="INSEE, Code officiel géographique; FR Core, fr-core-address-insee-code",
)
UNKNOWN_PROFILE = RuleInfo(
    code="SX-FHIR-87",
    severity=Severity.WARNING,
    title=("A French profile that FR Core does not publish", "Un profil français que FR Core ne publie pas"),
    found=("{profile}", "{profile}"),
    expected=(
        "A profile of FR Core, https://hl7.fr/ig/fhir/core/StructureDefinition/….",
        "Un profil de FR Core, https://hl7.fr/ig/fhir/core/StructureDefinition/….",
    ),
    fix=("Declare the current canonical address of the profile.", "Déclarer l’adresse canonique actuelle du profil."),
    why=(
        "Receivers look for the profile and do not find it.",
        "Les destinataires cherchent le profil et ne le trouvent pas.",
    ),
    source=_CORE,
)
VALIDATOR_ERROR = RuleInfo(
    code="SX-FHIR-96",
    severity=Severity.ERROR,
    title=("An error of the HL7 validator", "Une erreur du validateur HL7"),
    found=("{issue} at {element}.", "{issue} en {element}."),
    expected=("What R4 and the declared profiles say.", "Ce que disent R4 et les profils déclarés."),
    fix=(
        "Read the message; it is that of the validator, values replaced by “…”.",
        "Lire le message ; c’est celui du validateur, les valeurs remplacées par « … ».",
    ),
    why=_REFUSED,
    source="HL7, FHIR validator, https://confluence.hl7.org/display/FHIR/Using+the+FHIR+Validator",
)
VALIDATOR_WARNING = RuleInfo(
    code="SX-FHIR-97",
    severity=Severity.WARNING,
    title=("A warning of the HL7 validator", "Une alerte du validateur HL7"),
    found=("{issue} at {element}.", "{issue} en {element}."),
    expected=("What R4 and the declared profiles advise.", "Ce que conseillent R4 et les profils déclarés."),
    fix=(
        "Read the message; it is that of the validator, values replaced by “…”.",
        "Lire le message ; c’est celui du validateur, les valeurs remplacées par « … ».",
    ),
    why=("The resource may be read in another way than meant.", "La ressource peut être lue autrement que prévu."),
    source="HL7, FHIR validator, https://confluence.hl7.org/display/FHIR/Using+the+FHIR+Validator",
)
VALIDATOR_NOTE = RuleInfo(
    code="SX-FHIR-98",
    severity=Severity.INFORMATION,
    title=("A remark of the HL7 validator", "Une remarque du validateur HL7"),
    found=("{issue} at {element}.", "{issue} en {element}."),
    expected=("Nothing to do if it is meant.", "Rien à faire si c’est voulu."),
    fix=(
        "Read the message; it is that of the validator, values replaced by “…”.",
        "Lire le message ; c’est celui du validateur, les valeurs remplacées par « … ».",
    ),
    why=("The validator could not check everything.", "Le validateur n’a pas tout pu vérifier."),
    source="HL7, FHIR validator, https://confluence.hl7.org/display/FHIR/Using+the+FHIR+Validator",
)
RULES: tuple[RuleInfo, ...] = (
    WRONG_INS, INS_TYPE, INS_USE, VALID_NO_INS, SEVERAL_OFFICIAL, INS_C, WRONG_PROFESSIONAL, IDENTIFIER_TYPE,
    WRONG_STRUCTURE, PROFILE_LACKS, PROFILE_ONE, PROFILE_CODE, OFFICIAL_NAME, BAD_COMMUNE, UNKNOWN_PROFILE,
    VALIDATOR_ERROR, VALIDATOR_WARNING, VALIDATOR_NOTE,
)  # fmt: skip
