"""The rules on sources made of lines: what became of each line, and what messages lack."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_ACCOUNT = "semantix, account of lines (docs/reference/loss-report.md, Lines)"
_HL7 = "HL7 v2.5, chapter 2"
_PAM = "IHE ITI TF-2, 3.31 (PAM) and the French national extension PAM 2.11"
_CISIS = "ANS, CI-SIS, volet Transmission d’un document CDA-R2 en HL7 v2 (ORU); IHE LAB TF-2"
_NOT_ROUTED = (
    "The receiver cannot route, file or acknowledge the message.",
    "Le destinataire ne peut ni acheminer, ni classer, ni acquitter le message.",
)
_NO_PATIENT = (
    "The receiver cannot tell whose data these are.",
    "Le destinataire ne peut pas savoir de qui sont ces données.",
)

QUARANTINED = RuleInfo(
    code="SX-FORM-55",
    severity=Severity.ERROR,
    title=("Lines that could not be understood", "Des lignes qui n’ont pas pu être comprises"),
    found=("{lines} line(s): {reason}.", "{lines} ligne(s) : {reason_fr}."),
    expected=("Lines written as their format says.", "Des lignes écrites comme le veut leur format."),
    fix=(
        "Look at the line in the file and correct what writes it.",
        "Regarder la ligne dans le fichier et corriger ce qui l’écrit.",
    ),
    why=(
        "They may hold facts of a patient, which are lost for every receiver.",
        "Elles peuvent contenir des faits sur un patient, perdus pour tout destinataire.",
    ),
    source=_ACCOUNT,
)
SET_ASIDE = RuleInfo(
    code="SX-FORM-56",
    severity=Severity.INFORMATION,
    title=("Lines set aside", "Des lignes laissées de côté"),
    found=("{lines} line(s): {reason}.", "{lines} ligne(s) : {reason_fr}."),
    expected=("Nothing to do if the reason is right.", "Rien à faire si la raison est la bonne."),
    fix=(
        "Check that these lines are meant to hold no fact of a patient.",
        "Vérifier que ces lignes ne sont censées contenir aucun fait sur un patient.",
    ),
    why=(
        "They become no data at the receiver.",
        "Elles ne deviennent aucune donnée chez le destinataire.",
    ),
    source=_ACCOUNT,
)
UNACCOUNTED = RuleInfo(
    code="SX-FORM-57",
    severity=Severity.ERROR,
    title=("Lines of which nothing is known", "Des lignes dont on ne sait rien"),
    found=("{lines} line(s) neither read nor set aside.", "{lines} ligne(s) ni lues ni laissées de côté."),
    expected=("Every line accounted for.", "Chaque ligne comptée."),
    fix=("Report it: this is an error of semantix.", "Le signaler : c’est une erreur de semantix."),
    why=(
        "The file was not checked to its end.",
        "Le fichier n’a pas été vérifié jusqu’au bout.",
    ),
    source=_ACCOUNT,
)
NOTHING_READ = RuleInfo(
    code="SX-FORM-58",
    severity=Severity.ERROR,
    title=("No document in the file", "Aucun document dans le fichier"),
    found=("{lines} line(s), none of which makes a document.", "{lines} ligne(s), dont aucune ne fait un document."),
    expected=("At least one document.", "Au moins un document."),
    fix=(
        "Check that the export is not empty, and that its identifiers of patients are filled.",
        "Vérifier que l’export n’est pas vide et que ses identifiants de patients sont remplis.",
    ),
    why=("Nothing reaches the receiver.", "Rien ne parvient au destinataire."),
    source=_ACCOUNT,
)
NOT_CONVERTED = RuleInfo(
    code="SX-FORM-59",
    severity=Severity.INFORMATION,
    title=("A resource that semantix does not convert", "Une ressource que semantix ne convertit pas"),
    found=(
        "A resource of a type, or with a modifier extension, that the reader does not know.",
        "Une ressource d’un type, ou avec une extension modificatrice, que le lecteur ne connaît pas.",
    ),
    expected=(
        "Nothing to correct if the resource is right; its structure is checked all the same.",
        "Rien à corriger si la ressource est juste ; sa structure est vérifiée malgré tout.",
    ),
    fix=(
        "Keep it if other receivers read it; it becomes no data in OMOP.",
        "La garder si d’autres destinataires la lisent ; elle ne devient aucune donnée dans OMOP.",
    ),
    why=(
        "A receiver that knows the same resources will not see it.",
        "Un destinataire qui connaît les mêmes ressources ne la verra pas.",
    ),
    source=_ACCOUNT,
)
HEADER_LACKS = RuleInfo(
    code="SX-FORM-60",
    severity=Severity.ERROR,
    title=("A required field of the message header is empty", "Un champ obligatoire de l’en-tête du message est vide"),
    found=("{field} ({what}) is empty.", "{field} ({what_fr}) est vide."),
    expected=("{what}.", "{what_fr}."),
    fix=("Fill {field}.", "Renseigner {field}."),
    why=_NOT_ROUTED,
    source=f"{_HL7}, section 2.15.9 (MSH: required fields)",
)
OTHER_VERSION = RuleInfo(
    code="SX-FORM-61",
    severity=Severity.INFORMATION,
    title=("A version of HL7 v2 other than 2.5", "Une version d’HL7 v2 autre que la 2.5"),
    found=("MSH-12 {version}.", "MSH-12 {version}."),
    expected=(
        "2.5, with its French extension where there is one.",
        "2.5, avec son extension française s’il y en a une.",
    ),
    fix=("Write messages of version 2.5.", "Écrire des messages en version 2.5."),
    why=(
        "The French profiles (PAM, ORU of the CI-SIS) are of version 2.5: receivers may read others in part only.",
        "Les profils français (PAM, ORU du CI-SIS) sont en 2.5 : une autre version peut n’être lue qu’en partie.",
    ),
    source=f"{_PAM}; {_CISIS}",
)
OTHER_MARKS = RuleInfo(
    code="SX-FORM-62",
    severity=Severity.INFORMATION,
    title=("Separators other than the usual ones", "Des séparateurs autres que les séparateurs usuels"),
    found=("Other characters than |^~\\& in MSH-1 and MSH-2.", "D’autres caractères que |^~\\& en MSH-1 et MSH-2."),
    expected=("MSH|^~\\&.", "MSH|^~\\&."),
    fix=("Use the recommended separators.", "Employer les séparateurs recommandés."),
    why=(
        "Many receivers know the usual separators only.",
        "Beaucoup de destinataires ne connaissent que les séparateurs usuels.",
    ),
    source=f"{_HL7}, section 2.5.4 (delimiters)",
)
SAME_NUMBER = RuleInfo(
    code="SX-FORM-63",
    severity=Severity.WARNING,
    title=("Several messages have the same MSH-10", "Plusieurs messages ont le même MSH-10"),
    found=("{count} messages with a control number met before.", "{count} messages au numéro déjà rencontré."),
    expected=("One control number a message.", "Un numéro de contrôle par message."),
    fix=(
        "Number the messages of a sender without repetition.",
        "Numéroter les messages d’un émetteur sans répétition.",
    ),
    why=(
        "A receiver takes the second one for a repetition and drops it, or cannot acknowledge it.",
        "Le destinataire prend le second pour une répétition et l’écarte, ou ne peut pas l’acquitter.",
    ),
    source=f"{_HL7}, section 2.15.9.10 (message control ID)",
)
NO_CHARSET = RuleInfo(
    code="SX-FORM-64",
    severity=Severity.WARNING,
    title=("Accents in a message without a character set", "Des accents dans un message sans jeu de caractères"),
    found=("Characters beyond ASCII and no MSH-18.", "Des caractères hors ASCII et pas de MSH-18."),
    expected=("8859/1, 8859/15 or UNICODE UTF-8 in MSH-18.", "8859/1, 8859/15 ou UNICODE UTF-8 en MSH-18."),
    fix=("Declare the character set in MSH-18.", "Déclarer le jeu de caractères en MSH-18."),
    why=(
        "Without it the message is ASCII: accents are read wrongly.",
        "Sans lui, le message est en ASCII : les accents sont mal lus.",
    ),
    source=f"{_HL7}, section 2.15.9.18 (character set); {_PAM}",
)
NO_SEGMENT = RuleInfo(
    code="SX-FORM-65",
    severity=Severity.ERROR,
    title=("A segment of the message is missing", "Il manque un segment au message"),
    found=("No segment {segment}.", "Pas de segment {segment}."),
    expected=("{segment} in each {kind} message.", "{segment} dans chaque message {kind}."),
    fix=("Add {segment}.", "Ajouter {segment}."),
    why=(
        "Required by the structure of the message: receivers refuse it.",
        "La structure du message l’exige : les destinataires le refusent.",
    ),
    source="HL7 v2.5, chapter 3 (ADT) and 7 (ORU): structures of messages; IHE LAB TF-2 (PID in ORU)",
)
NO_MOVEMENT = RuleInfo(
    code="SX-FORM-66",
    severity=Severity.WARNING,
    title=("A movement without ZBE", "Un mouvement sans ZBE"),
    found=("An ADT^{event} message of PAM without ZBE.", "Un message ADT^{event} de PAM sans ZBE."),
    expected=("ZBE, which identifies the movement.", "ZBE, qui identifie le mouvement."),
    fix=(
        "Add ZBE with the number of the movement, its time and its action.",
        "Ajouter ZBE avec le numéro du mouvement, son heure et son action.",
    ),
    why=(
        "The movement can be neither corrected nor cancelled later.",
        "Le mouvement ne pourra être ni corrigé ni annulé.",
    ),
    source=_PAM,
)
FIELD_LACKS = RuleInfo(
    code="SX-FORM-67",
    severity=Severity.ERROR,
    title=("A required field is empty", "Un champ obligatoire est vide"),
    found=("No {what}.", "Pas de {what_fr}."),
    expected=("{what} in {field}.", "{what_fr} en {field}."),
    fix=("Fill {field}.", "Renseigner {field}."),
    why=(
        "The standard requires it: receivers refuse the message or do not know what it tells.",
        "La norme l’exige : les destinataires refusent le message ou n’en comprennent pas le contenu.",
    ),
    source="HL7 v2.5, chapters 3 and 7: required fields of PID, PV1, OBR and OBX",
)
NO_AUTHORITY = RuleInfo(
    code="SX-FORM-68",
    severity=Severity.WARNING,
    title=("A patient number without its issuer", "Un numéro de patient sans son émetteur"),
    found=(
        "A repetition of PID-3 without an assigning authority (component 4).",
        "Une répétition de PID-3 sans autorité d’affectation (composante 4).",
    ),
    expected=("Number^^^authority^type.", "Numéro^^^autorité^type."),
    fix=("Fill the fourth component of PID-3.", "Renseigner la quatrième composante de PID-3."),
    why=_NO_PATIENT,
    source=_PAM,
)
BATCH_COUNT = RuleInfo(
    code="SX-FORM-69",
    severity=Severity.WARNING,
    title=("A batch that announces another number of messages", "Un lot qui annonce un autre nombre de messages"),
    found=("BTS-1 says {announced}, the batch has {count}.", "BTS-1 dit {announced}, le lot en contient {count}."),
    expected=("The number of messages of the batch.", "Le nombre de messages du lot."),
    fix=("Count the messages written.", "Compter les messages écrits."),
    why=(
        "Messages may be missing: the receiver cannot tell.",
        "Des messages manquent peut-être : le destinataire ne peut pas le savoir.",
    ),
    source=f"{_HL7}, section 2.15.3 (BTS)",
)
LINE_FEEDS = RuleInfo(
    code="SX-FORM-70",
    severity=Severity.INFORMATION,
    title=("Segments that end with a line feed", "Des segments terminés par un saut de ligne"),
    found=("LF or CR LF at the end of segments.", "LF ou CR LF en fin de segment."),
    expected=("A carriage return (CR) only.", "Un retour chariot (CR) seul."),
    fix=(
        "End each segment with CR before it is sent over MLLP.",
        "Terminer chaque segment par CR avant l’envoi en MLLP.",
    ),
    why=(
        "Fine in a file that people read; interfaces refuse the message or see one segment only.",
        "Sans gravité dans un fichier à lire ; les interfaces refusent le message ou n’y voient qu’un segment.",
    ),
    source=f"{_HL7}, section 2.5.4 (segment terminator)",
)
NO_END = RuleInfo(
    code="SX-FORM-80",
    severity=Severity.WARNING,
    title=("Results without their end mark", "Des résultats sans leur marque de fin"),
    found=("****LAB**** and no ****FIN**** after it.", "****LAB**** sans ****FIN**** ensuite."),
    expected=(
        "****FIN**** after each record, ****FINFICHIER**** at the end.",
        "****FIN**** après chaque compte rendu, ****FINFICHIER**** à la fin.",
    ),
    fix=(
        "Write the end marks; check that the file was not cut.",
        "Écrire les marques de fin ; vérifier que le fichier n’a pas été coupé.",
    ),
    why=(
        "The receiver cannot tell whether the report is whole, nor where the next patient begins.",
        "Le destinataire ne sait pas si le compte rendu est entier, ni où commence le patient suivant.",
    ),
    source="HPRIM Médecin 2.0 and 3.0 (structure of the file: LAB, FIN, FINFICHIER)",
)
NO_L = RuleInfo(
    code="SX-FORM-81",
    severity=Severity.WARNING,
    title=("An HPRIM Santé message without its L segment", "Un message HPRIM Santé sans segment L"),
    found=("No segment L at the end of the message.", "Pas de segment L à la fin du message."),
    expected=("L, which closes the message.", "L, qui ferme le message."),
    fix=(
        "Write the L segment; check that the file was not cut.",
        "Écrire le segment L ; vérifier que le fichier n’a pas été coupé.",
    ),
    why=(
        "The receiver cannot tell whether the message is whole.",
        "Le destinataire ne sait pas si le message est entier.",
    ),
    source="HPRIM Santé 2.x (segment L, end of message)",
)
NO_P = RuleInfo(
    code="SX-FORM-82",
    severity=Severity.ERROR,
    title=("An HPRIM Santé message without a patient", "Un message HPRIM Santé sans patient"),
    found=("No segment P in a message {kind}.", "Pas de segment P dans un message {kind}."),
    expected=("One P segment a patient.", "Un segment P par patient."),
    fix=("Write the P segment before the orders and results.", "Écrire le segment P avant les demandes et résultats."),
    why=_NO_PATIENT,
    source="HPRIM Santé 2.x (structure of the messages ADM, ORM, ORU)",
)
RULES: tuple[RuleInfo, ...] = (
    QUARANTINED, SET_ASIDE, UNACCOUNTED, NOTHING_READ, NOT_CONVERTED, HEADER_LACKS, OTHER_VERSION, OTHER_MARKS,
    SAME_NUMBER, NO_CHARSET, NO_SEGMENT, NO_MOVEMENT, FIELD_LACKS, NO_AUTHORITY, BATCH_COUNT, LINE_FEEDS, NO_END, NO_L,
    NO_P,
)  # fmt: skip
