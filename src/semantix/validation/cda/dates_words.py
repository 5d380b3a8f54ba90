"""The rules on dates (``SX-DATE-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_HEADER = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé, en-tête (modèle 1.2.250.1.213.1.1.1.1),"
    " https://ansforge.github.io/IG-document-core/main/ig/ressourcesCDA-struc-gen.html"
)
_TS = "HL7 v3 Data Types R1, TS et IVL<TS>, dans CDA R2"
_RIM = "HL7 CDA R2, Act.effectiveTime et Act.moodCode (EVN : un fait qui a eu lieu)"

FORM = RuleInfo(
    code="SX-DATE-01",
    severity=Severity.ERROR,
    title=("A date that is not one", "Une date qui n’en est pas une"),
    found=("The value has not the form of a date.", "La valeur n’a pas la forme d’une date."),
    expected=(
        "YYYY, YYYYMM, YYYYMMDD, or YYYYMMDDhhmmss with a zone such as +0100; only digits, no separator.",
        "AAAA, AAAAMM, AAAAMMJJ, ou AAAAMMJJhhmmss avec un fuseau tel que +0100 ; des chiffres, sans séparateur.",
    ),
    fix=("Write the date in the form of HL7 v3.", "Écrire la date sous la forme prévue par HL7 v3."),
    why=("The date cannot be read: it is lost.", "La date est illisible : elle est perdue."),
    source=_TS,
)
CALENDAR = RuleInfo(
    code="SX-DATE-02",
    severity=Severity.ERROR,
    title=("A day or an hour that does not exist", "Un jour ou une heure qui n’existe pas"),
    found=(
        "The value has the form of a date, but no such day or hour exists.",
        "La valeur a la forme d’une date, mais ce jour ou cette heure n’existe pas.",
    ),
    expected=("A day of the calendar, an hour from 00 to 23.", "Un jour du calendrier, une heure de 00 à 23."),
    fix=(
        "Write what is known only: YYYYMM when the day is not known, never 00.",
        "N’écrire que ce qui est connu : AAAAMM si le jour est inconnu, jamais 00.",
    ),
    why=("The date cannot be read: it is lost.", "La date est illisible : elle est perdue."),
    source=_TS,
)
ZONE = RuleInfo(
    code="SX-DATE-03",
    severity=Severity.ERROR,
    title=("A time zone that is not one", "Un fuseau horaire qui n’en est pas un"),
    found=("The zone is not a sign and four digits.", "Le fuseau n’est pas formé d’un signe et de quatre chiffres."),
    expected=("+hhmm or -hhmm, at most 14 hours.", "+hhmm ou -hhmm, 14 heures au plus."),
    fix=("Write the zone on four digits, such as +0100.", "Écrire le fuseau sur quatre chiffres, comme +0100."),
    why=(
        "Receivers drop the time, or refuse the document.",
        "Le destinataire abandonne l’heure, ou refuse le document.",
    ),
    source=_TS,
)
NO_ZONE = RuleInfo(
    code="SX-DATE-04",
    severity=Severity.INFORMATION,
    title=("Times without a zone", "Des heures sans fuseau horaire"),
    found=(
        "Times without a zone in the document: {count}; this is the first.",
        "Heures sans fuseau dans le document : {count} ; voici la première.",
    ),
    expected=("A zone after each time, such as +0100.", "Un fuseau après chaque heure, comme +0100."),
    fix=("Add the zone in which the time was read.", "Ajouter le fuseau dans lequel l’heure a été relevée."),
    why=(
        "FHIR wants a zone: the receiver guesses one, wrongly for overseas territories.",
        "FHIR exige un fuseau : le destinataire en devine un, à tort pour l’outre-mer.",
    ),
    source=_HEADER,
)
LOW_HIGH = RuleInfo(
    code="SX-DATE-05",
    severity=Severity.ERROR,
    title=("An interval that ends before it begins", "Un intervalle qui finit avant de commencer"),
    found=("high is before low.", "high est antérieur à low."),
    expected=("low before high, or equal to it.", "low antérieur ou égal à high."),
    fix=(
        "Check which of the two is wrong, or exchanged.",
        "Vérifier laquelle des deux bornes est fausse, ou intervertie.",
    ),
    why=(
        "Durations become negative; the event is dropped or shown at a wrong date.",
        "Les durées deviennent négatives ; l’événement est écarté, ou placé à une date fausse.",
    ),
    source=_TS,
)
FILLER = RuleInfo(
    code="SX-DATE-06",
    severity=Severity.WARNING,
    title=("A filler instead of a date", "Une date de remplissage"),
    found=(
        "The value is a date that software writes when it knows none.",
        "La valeur est une date qu’un logiciel écrit quand il n’en connaît pas.",
    ),
    expected=("A real date, or nullFlavor.", "Une vraie date, ou un nullFlavor."),
    fix=('Write nullFlavor="UNK" instead.', 'Écrire nullFlavor="UNK" à la place.'),
    why=(
        "Receivers take it for true: a patient of 120 years, a treatment until the year 9999.",
        "Le destinataire la croit vraie : un patient de 120 ans, un traitement jusqu’en 9999.",
    ),
    source=_TS,
)
FUTURE = RuleInfo(
    code="SX-DATE-07",
    severity=Severity.ERROR,
    title=("The document is dated in the future", "Le document est daté du futur"),
    found=("{element} is after the day of this check.", "{element} est postérieur au jour de ce contrôle."),
    expected=("A time that has passed.", "Une date passée."),
    fix=("Check the clock of the software, and the field.", "Vérifier l’horloge du logiciel, et le champ lu."),
    why=(
        "What has not happened cannot be written, signed or born.",
        "Ce qui n’a pas eu lieu ne peut être ni rédigé, ni signé, ni né.",
    ),
    source=_HEADER,
)
BEFORE_BIRTH = RuleInfo(
    code="SX-DATE-08",
    severity=Severity.ERROR,
    title=("Written or signed before the patient was born", "Rédigé ou signé avant la naissance du patient"),
    found=("{element} is before the birth of the patient.", "{element} est antérieur à la naissance du patient."),
    expected=("A time after the birth.", "Une date postérieure à la naissance."),
    fix=("Check the birth date, then this date.", "Vérifier la date de naissance, puis cette date."),
    why=(
        "One of the two is false; the document may be another patient’s.",
        "L’une des deux est fausse ; le document est peut-être celui d’un autre patient.",
    ),
    source=_HEADER,
)
SIGNED_BEFORE = RuleInfo(
    code="SX-DATE-09",
    severity=Severity.WARNING,
    title=("Signed before it was written", "Signé avant d’être rédigé"),
    found=(
        "The time of legalAuthenticator is before the contribution of an author.",
        "La date de legalAuthenticator est antérieure à la contribution d’un auteur.",
    ),
    expected=("A signature after all contributions.", "Une signature postérieure à toutes les contributions."),
    fix=(
        "Write in author/time when the author finished, in legalAuthenticator/time when the document was signed.",
        "Écrire dans author/time la fin de la contribution, dans legalAuthenticator/time la date de signature.",
    ),
    why=(
        "The signatory answers for a content that did not exist yet.",
        "Le signataire répond d’un contenu qui n’existait pas encore.",
    ),
    source=_HEADER,
)
AGE = RuleInfo(
    code="SX-DATE-10",
    severity=Severity.ERROR,
    title=("An age that nobody reaches", "Un âge que personne n’atteint"),
    found=(
        "The patient would be more than {years} years old at the date of the document.",
        "Le patient aurait plus de {years} ans à la date du document.",
    ),
    expected=("An age below {years} years.", "Un âge inférieur à {years} ans."),
    fix=("Check the birth date (a century?).", "Vérifier la date de naissance (un siècle d’écart ?)."),
    why=(
        "Reference ranges, doses and matching all rest on the birth date.",
        "Les valeurs de référence, les doses et le rapprochement reposent sur la date de naissance.",
    ),
    source=_HEADER,
)
SERVICE_LATER = RuleInfo(
    code="SX-DATE-11",
    severity=Severity.WARNING,
    title=("The documented act begins after the document", "L’acte documenté commence après le document"),
    found=(
        "serviceEvent begins after the day of the document (effectiveTime).",
        "serviceEvent commence après le jour du document (effectiveTime).",
    ),
    expected=("An act that began on that day or before.", "Un acte commencé ce jour-là ou avant."),
    fix=("Check both dates.", "Vérifier les deux dates."),
    why=(
        "A report cannot precede what it reports; it is filed at a wrong date.",
        "Un compte rendu ne peut précéder ce dont il rend compte ; il est classé à une date fausse.",
    ),
    source=_HEADER,
)
EVENT_FUTURE = RuleInfo(
    code="SX-DATE-12",
    severity=Severity.ERROR,
    title=("A past event dated in the future", "Un fait accompli daté du futur"),
    found=(
        "Events (EVN) that begin after the day of this check: {count}; this is the first ({element}).",
        "Faits accomplis (EVN) qui commencent après le jour de ce contrôle : {count} ; voici le premier ({element}).",
    ),
    expected=(
        "A date that has passed, or a moodCode of what is planned.",
        "Une date passée, ou un moodCode de prévision.",
    ),
    fix=(
        "Correct the date, or write moodCode INT, APT, PRMS or RQO.",
        "Corriger la date, ou écrire moodCode INT, APT, PRMS ou RQO.",
    ),
    why=("What is planned is taken for done.", "Ce qui est prévu est pris pour fait."),
    source=_RIM,
)
EVENT_LATER = RuleInfo(
    code="SX-DATE-13",
    severity=Severity.WARNING,
    title=("An event after the document that tells it", "Un fait postérieur au document qui le rapporte"),
    found=(
        "Events that begin after the day of the document: {count}; this is the first ({element}).",
        "Faits qui commencent après le jour du document : {count} ; voici le premier ({element}).",
    ),
    expected=("A day not later than that of the document.", "Un jour qui ne soit pas postérieur à celui du document."),
    fix=(
        "Correct the date, or effectiveTime of the document if it was not updated.",
        "Corriger la date, ou l’effectiveTime du document s’il n’a pas été mis à jour.",
    ),
    why=(
        "Timelines are wrong: a result is known before its sample is taken.",
        "La chronologie est fausse : un résultat est connu avant son prélèvement.",
    ),
    source=_RIM,
)
EVENT_BEFORE_BIRTH = RuleInfo(
    code="SX-DATE-14",
    severity=Severity.WARNING,
    title=("An event before the birth of the patient", "Un fait antérieur à la naissance du patient"),
    found=(
        (
            "Events before the patient was conceived, and not said to be of somebody else: {count}; this is the"
            " first ({element})."
        ),
        (
            "Faits antérieurs à la conception du patient, sans être dits concerner quelqu’un d’autre : {count} ;"
            " voici le premier ({element})."
        ),
    ),
    expected=("A date after the birth, or a subject.", "Une date postérieure à la naissance, ou un subject."),
    fix=(
        "Correct the date; for a parent or a fetus say who it is (subject).",
        "Corriger la date ; pour un parent ou un fœtus, dire de qui il s’agit (subject).",
    ),
    why=(
        "The fact of another person enters the record of the patient.",
        "Le fait d’une autre personne entre dans le dossier du patient.",
    ),
    source=_RIM,
)
EVENT_AFTER_DEATH = RuleInfo(
    code="SX-DATE-15",
    severity=Severity.WARNING,
    title=("A treatment or a visit after death", "Un traitement ou une venue après le décès"),
    found=(
        "Treatments or visits that begin after the death of the patient: {count}; this is the first ({element}).",
        ("Traitements ou venues qui commencent après le décès du patient : {count} ; voici le premier ({element})."),
    ),
    expected=("A date before the death.", "Une date antérieure au décès."),
    fix=("Check the date of death, then this date.", "Vérifier la date du décès, puis cette date."),
    why=(
        "One of the two is false; survival is computed from them.",
        "L’une des deux est fausse ; la survie se calcule à partir d’elles.",
    ),
    source=_RIM,
)

RULES: tuple[RuleInfo, ...] = (
    FORM,
    CALENDAR,
    ZONE,
    NO_ZONE,
    LOW_HIGH,
    FILLER,
    FUTURE,
    BEFORE_BIRTH,
    SIGNED_BEFORE,
    AGE,
    SERVICE_LATER,
    EVENT_FUTURE,
    EVENT_LATER,
    EVENT_BEFORE_BIRTH,
    EVENT_AFTER_DEATH,
)
