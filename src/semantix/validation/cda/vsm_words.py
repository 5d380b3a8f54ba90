"""The rules on the medical summary (``SX-VSM-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_VSM = "ANS, CI-SIS, volet Synthèse médicale (VSM) 1.4 et 2023.01, modèle 1.2.250.1.213.1.1.1.13"
_SECTIONS = "ANS, CI-SIS, volet Modèles de contenus CDA, sections (1.2.250.1.213.1.1.2.29 à 32)"
_PCC = "IHE PCC Technical Framework, Vol. 2, sections 1.3.6.1.4.1.19376.1.5.3.1.3 (entrées obligatoires)"

SECTION = RuleInfo(
    code="SX-VSM-01",
    severity=Severity.ERROR,
    title=("A section of the medical summary is missing", "Une section obligatoire du VSM manque"),
    found=(
        "The section “{section}” ({template}) is missing.",
        "La section « {section} » ({template}) est absente.",
    ),
    expected=(
        "Three sections: diseases and history, results, long-term treatment.",
        "Trois sections : pathologies et antécédents, résultats, traitement au long cours.",
    ),
    fix=(
        "Add it, be it to say that there is nothing.",
        "L’ajouter, fût-ce pour dire qu’il n’y a rien.",
    ),
    why=(
        "A reader takes a silence for an absence of disease or treatment.",
        "Le lecteur prend un silence pour une absence de maladie ou de traitement.",
    ),
    source=_VSM,
)
SUBSECTION = RuleInfo(
    code="SX-VSM-02",
    severity=Severity.ERROR,
    title=("A subsection of the medical summary is missing", "Une sous-section obligatoire du VSM manque"),
    found=(
        "The subsection “{section}” ({template}) is missing.",
        "La sous-section « {section} » ({template}) est absente.",
    ),
    expected=(
        "Diseases, history and allergies; risk factors.",
        "Pathologies, antécédents et allergies ; facteurs de risque.",
    ),
    fix=(
        "Add it, be it to say that there is nothing.",
        "L’ajouter, fût-ce pour dire qu’il n’y a rien.",
    ),
    why=(
        "A reader takes a silence for an absence.",
        "Le lecteur prend un silence pour une absence.",
    ),
    source=_SECTIONS,
)
NO_TEXT = RuleInfo(
    code="SX-VSM-03",
    severity=Severity.ERROR,
    title=("An empty section of the medical summary", "Une section vide dans le VSM"),
    found=(
        "“{section}” has neither text nor subsection.",
        "« {section} » n’a ni texte ni sous-section.",
    ),
    expected=("A text, or the subsections that replace it.", "Un texte, ou les sous-sections qui en tiennent lieu."),
    fix=(
        "Write what is known, or that there is nothing.",
        "Écrire ce qui est connu, ou qu’il n’y a rien.",
    ),
    why=(
        "Nobody can tell an absence of problems from an export that failed.",
        "Rien ne distingue une absence de problème d’un export qui a échoué.",
    ),
    source=_SECTIONS,
)
NO_ENTRY = RuleInfo(
    code="SX-VSM-04",
    severity=Severity.ERROR,
    title=("A coded section without any entry", "Une section codée sans aucune entrée"),
    found=("“{section}” has no entry.", "« {section} » n’a aucune entrée."),
    expected=(
        "One entry a fact, or one entry that says that there is none.",
        "Une entrée par fait, ou une entrée disant qu’il n’y en a pas.",
    ),
    fix=(
        "Code the content; for an absence, use the code of absence of the section.",
        "Coder le contenu ; pour une absence, employer le code d’absence de la section.",
    ),
    why=(
        "Software at the receiver sees nothing: no alert on allergies or interactions.",
        "Le logiciel du destinataire ne voit rien : ni alerte d’allergie, ni interaction.",
    ),
    source=_PCC,
)
UNSAID = RuleInfo(
    code="SX-VSM-05",
    severity=Severity.WARNING,
    title=("Nothing is said in codes of an essential subject", "Rien de codé sur un sujet essentiel"),
    found=(
        "The medical summary has no section “{section}” ({template}).",
        "Le VSM n’a pas de section « {section} » ({template}).",
    ),
    expected=(
        "The section with entries, or with a statement of absence.",
        "La section avec des entrées, ou avec une absence déclarée.",
    ),
    fix=(
        "Add the section; a statement of absence is enough.",
        "Ajouter la section ; une absence déclarée suffit.",
    ),
    why=(
        "Problems, allergies and treatments are what the summary is reused for.",
        "Problèmes, allergies et traitements sont ce pour quoi la synthèse est réutilisée.",
    ),
    source=_SECTIONS,
)
NO_PARTICIPANT = RuleInfo(
    code="SX-VSM-06",
    severity=Severity.ERROR,
    title=("The treating doctor is not a participant", "Le médecin traitant n’est pas un participant"),
    found=(
        "No participant INF has the function PCP (2.16.840.1.113883.5.88).",
        "Aucun participant INF n’a la fonction PCP (2.16.840.1.113883.5.88).",
    ),
    expected=(
        'participant typeCode="INF" with functionCode PCP, in the edition 1.4.',
        'participant typeCode="INF" avec functionCode PCP, dans l’édition 1.4.',
    ),
    fix=("Add this participant.", "Ajouter ce participant."),
    why=(
        "The reader does not know whom to call.",
        "Le lecteur ne sait pas qui joindre.",
    ),
    source=_VSM,
)
ACT = RuleInfo(
    code="SX-VSM-07",
    severity=Severity.ERROR,
    title=("The documented act is not that of a summary", "L’acte documenté n’est pas celui d’une synthèse"),
    found=(
        "No serviceEvent has the code 34117-2.",
        "Aucun serviceEvent n’a le code 34117-2.",
    ),
    expected=("34117-2 in LOINC.", "34117-2 dans LOINC."),
    fix=("Write this code in serviceEvent/code.", "Écrire ce code dans serviceEvent/code."),
    why=(
        "The act is a metadata by which summaries are searched.",
        "L’acte est une métadonnée qui sert à rechercher les synthèses.",
    ),
    source=_VSM,
)
NO_MODEL = RuleInfo(
    code="SX-VSM-08",
    severity=Severity.ERROR,
    title=("A medical summary that does not declare its model", "Un VSM qui ne déclare pas son modèle"),
    found=(
        "The code is SYNTH, and {template} is not declared.",
        "Le code est SYNTH, et {template} n’est pas déclaré.",
    ),
    expected=("templateId {template}.", "templateId {template}."),
    fix=("Add this templateId.", "Ajouter ce templateId."),
    why=(
        "Receivers do not import the sections of a document that does not declare them.",
        "Le destinataire n’importe pas les sections d’un document qui ne les déclare pas.",
    ),
    source=_VSM,
)
CODE = RuleInfo(
    code="SX-VSM-09",
    severity=Severity.ERROR,
    title=("A section of the medical summary has another code", "Une section du VSM porte un autre code"),
    found=("“{section}” has not the code {code}.", "« {section} » n’a pas le code {code}."),
    expected=("{code} in LOINC (2.16.840.1.113883.6.1).", "{code} dans LOINC (2.16.840.1.113883.6.1)."),
    fix=("Write {code}.", "Écrire {code}."),
    why=(
        "Receivers that look for a section by its code do not find it.",
        "Le destinataire qui cherche une section par son code ne la trouve pas.",
    ),
    source=_SECTIONS,
)
NO_DOCTOR = RuleInfo(
    code="SX-VSM-10",
    severity=Severity.WARNING,
    title=("The treating doctor is not named", "Le médecin traitant n’est pas désigné"),
    found=(
        "Nobody has the function PCP (2.16.840.1.113883.5.88).",
        "Personne n’a la fonction PCP (2.16.840.1.113883.5.88).",
    ),
    expected=(
        "functionCode PCP on the author, or on a participant.",
        "functionCode PCP sur l’auteur, ou sur un participant.",
    ),
    fix=("Say who the treating doctor is.", "Dire qui est le médecin traitant."),
    why=("The reader does not know whom to call.", "Le lecteur ne sait pas qui joindre."),
    source=_VSM,
)

RULES: tuple[RuleInfo, ...] = (
    SECTION,
    SUBSECTION,
    NO_TEXT,
    NO_ENTRY,
    UNSAID,
    NO_PARTICIPANT,
    ACT,
    NO_MODEL,
    CODE,
    NO_DOCTOR,
)
