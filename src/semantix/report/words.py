"""The words of the reports, in French and in English, in one catalogue: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.model import ASIDE
from semantix.report.issue_words import ISSUES
from semantix.report.refusals import in_french

LANGUAGES = ("en", "fr")

# Each text is (English, French), as LANGUAGES says.
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Conversion report", "Rapport de conversion"),
        "to_fhir": ("from clinical documents to FHIR R4", "de documents cliniques vers FHIR R4"),
        "to_omop": ("from clinical documents to OMOP CDM 5.4", "de documents cliniques vers OMOP CDM 5.4"),
        "in_short": ("In short", "En bref"),
        "documents": ("Documents", "Documents"),
        "document": ("Document", "Document"),
        "kind": ("Kind", "Type"),
        "converted": ("documents converted", "documents convertis"),
        "unreadable": ("Unreadable files", "Fichiers illisibles"),
        "unreadable_count": ("unreadable files", "fichiers illisibles"),
        "ignored": ("Files passed over", "Fichiers laissés de côté"),
        "lines": ("Lines", "Lignes"),
        "lines_title": ("Lines of the sources", "Lignes des sources"),
        "lines_note": (
            "Every line, row or segment is read, set aside with a reason, or quarantined as not understood.",
            "Chaque ligne ou segment est lu, laissé de côté avec une raison, ou en quarantaine faute d’être compris.",
        ),
        "lines_read": ("Read", "Lues"),
        "set_aside": ("Set aside", "De côté"),
        "quarantined": ("Quarantined", "En quarantaine"),
        "fate": ("Fate", "Sort"),
        "total": ("All", "Ensemble"),
        "file": ("File", "Fichier"),
        "files": ("Files", "Fichiers"),
        "reason": ("Reason", "Raison"),
        "meaning": ("In plain words", "En clair"),
        "codes": ("Coded elements", "Éléments codés"),
        "statements": ("Clinical statements", "Énoncés cliniques"),
        "codes_kept": ("of the coded elements kept", "des éléments codés conservés"),
        "statements_kept": ("of the clinical statements kept", "des énoncés cliniques conservés"),
        "read": ("Read", "Lus"),
        "carried": ("Carried", "Repris"),
        "implied": ("Kept by meaning", "Conservés par le sens"),
        "lost": ("Not carried", "Non repris"),
        "kept": ("Kept", "Conservé"),
        "issues": ("Doubts about the data", "Doutes sur les données"),
        "issues_short": ("Doubts", "Doutes"),
        "code": ("Code", "Code"),
        "count": ("Count", "Nombre"),
        "system": ("Code system", "Système de codes"),
        "no_system": ("(no code system given)", "(aucun système indiqué)"),
        "resources": ("FHIR resources", "Ressources FHIR"),
        "rows": ("OMOP rows", "Lignes OMOP"),
        "mapped": ("With a standard concept", "Avec un concept standard"),
        "type": ("Type", "Type"),
        "table": ("Table", "Table"),
        "coverage": ("Coverage by code system", "Couverture par système de codes"),
        "coverage_note": (
            "Each bar is one code system: the whole bar is all the coded elements read in that system.",
            "Chaque barre est un système de codes : la barre entière est tout ce qui a été lu dans ce système.",
        ),
        "losses": ("What is not carried, and why", "Ce qui n’est pas repris, et pourquoi"),
        "no_loss": ("Nothing was left out.", "Rien n’a été laissé de côté."),
        "lost_codes": ("Most frequent codes not carried", "Codes non repris les plus fréquents"),
        "how_to_read": ("How to read this report", "Comment lire ce rapport"),
        "explain_carried": (
            "the code itself is in the output, with its code system.",
            "le code lui-même est dans le résultat, avec son système de codes.",
        ),
        "explain_implied": (
            "the output says the same thing by its structure, without repeating the code. It is not a loss.",
            "le résultat dit la même chose par sa structure, sans répéter le code. Ce n’est pas une perte.",
        ),
        "explain_lost": (
            "the output does not hold this element; the reason is given.",
            "le résultat ne contient pas cet élément ; la raison est donnée.",
        ),
        "explain_coded": (
            (
                "A coded element is an element of the source with a code: a diagnosis, a test, a role… "
                "A clinical statement is one fact that the document tells: a result, a problem, a drug…"
            ),
            (
                "Un élément codé est un élément de la source avec un code : un diagnostic, un examen, un rôle… "
                "Un énoncé clinique est un fait que dit le document : un résultat, un problème, un médicament…"
            ),
        ),
        "no_patient_value": (
            "This report holds file names, places (XPath) and codes; it holds no patient’s name, number or result.",
            (
                "Ce rapport contient des noms de fichiers, des emplacements (XPath) et des codes ;"
                " il ne contient ni nom, ni numéro, ni résultat de patient."
            ),
        ),
        "sentence_all": (
            "Documents converted: {documents}. Coded elements kept: {kept} of {read} ({share}).",
            "Documents convertis : {documents}. Éléments codés conservés : {kept} sur {read} ({share}).",
        ),
        "sentence_unreadable": (
            "Files that could not be read: {count}; each is listed below with the reason.",
            "Fichiers illisibles : {count} ; chacun est listé plus bas avec la raison.",
        ),
        "more": ("… and {count} more", "… et {count} de plus"),
        "made_by": ("Made by semantix", "Produit par semantix"),
        "severity": ("Severity", "Gravité"),
        "error": ("error", "erreur"),
        "warning": ("warning", "alerte"),
        "information": ("information", "information"),
        "written_to": ("Written to", "Écrit dans"),
        "mapping": ("Codes added by mapping", "Codes ajoutés par transcodage"),
        "mapping_note": (
            "Concepts that the source does not code in the target system. A code that was added is marked as such.",
            "Concepts que la source ne code pas dans le système visé. Un code ajouté est marqué comme tel.",
        ),
        "target": ("Target", "Cible"),
        "exact": ("Exact", "Exact"),
        "curated": ("Curated table", "Table validée"),
        "equivalent": ("Official map", "Table officielle"),
        "candidate": ("Candidate accepted", "Candidat accepté"),
        "review": ("For review", "À relire"),
        "nothing": ("Nothing found", "Rien trouvé"),
    }
)

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "implied": ("the output says it already", "le résultat le dit déjà"),
        "administrative": (
            "administrative information that the target has no place for",
            "information administrative sans place dans la cible",
        ),
        "identifying": (
            "left out on purpose: it could identify a person",
            "laissé de côté exprès : pourrait identifier une personne",
        ),
        "no-target": (
            "the target has no place for this kind of fact",
            "la cible n’a pas de place pour ce type de fait",
        ),
        "status-excluded": (
            "not done, refuted or entered in error: the target holds only what happened",
            "non réalisé, réfuté ou saisi par erreur : la cible ne contient que ce qui a eu lieu",
        ),
        "negated": (
            "stated as absent, which the target cannot say",
            "dit absent, ce que la cible ne sait pas dire",
        ),
        "no-date": ("no usable date, and the target requires one", "sans date utilisable, or la cible en exige une"),
        "no-person": ("about somebody else than the patient", "concerne une autre personne que le patient"),
        "not-preferred": (
            "another code of the same concept, or another visit with the same identifier, took the only place",
            "un autre code du même concept, ou une autre venue de même identifiant, a pris la seule place",
        ),
        "other-version": (
            "another content was already read under the same document identifier",
            "un autre contenu a déjà été lu sous le même identifiant de document",
        ),
        "pseudonymised": (
            "taken out before writing: it identified somebody, or stood in free text",
            "retiré avant l’écriture : identifiait une personne, ou se trouvait dans un texte libre",
        ),
        "not-allowed": (
            "not among the fields that this project takes",
            "ne fait pas partie des champs que ce projet retient",
        ),
        "null-code": ("a placeholder, not a code", "un code vide ou de remplissage"),
        "unread": (
            "the reader does not know this element yet",
            "le lecteur ne connaît pas encore cet élément",
        ),
        "not-carried": (
            "read, but not written: not handled yet",
            "lu, mais pas écrit : pas encore pris en charge",
        ),
    }
)

ASIDE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "blank": "rien n’y est écrit",
        "structure": "un en-tête, un séparateur ou une marque de fin",
        "administrative": "acheminement, adresses ou dossiers qui ne disent rien d’un patient",
        "acknowledgement": "l’accusé de réception d’un autre message",
        "comment": "un commentaire du fichier, et non d’un résultat",
        "description": "dit comment les autres fichiers sont écrits",
        "repeated": "le même contenu de la même source a déjà été lu",
        "withdrawn": "sa source le dit supprimé ou périmé",
        "no-patient": "le patient désigné n’est pas dans l’export",
        "unreadable": "n’est pas écrit comme le veut son format",
        "unknown-kind": "un type d’enregistrement que le lecteur ne connaît pas",
        "damaged": "ses caractères sont indéchiffrables",
    }
)
"""The words of ``semantix.model.ASIDE`` in French."""


class Words(Struct, frozen=True):
    """The catalogue in one language."""

    lang: str

    @property
    def _column(self) -> int:
        return LANGUAGES.index(self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        return TEXTS[key][self._column].format(**values)

    def reason(self, code: str) -> str:
        """Explain a reason code; one that is not in the catalogue explains itself."""
        return REASONS[code][self._column] if code in REASONS else code

    def aside(self, reason: str) -> str:
        """Explain why lines were set aside."""
        return (ASIDE if self.lang == "en" else ASIDE_WORDS).get(reason, reason)

    def issue(self, code: str, message: str) -> str:
        """Explain an issue code, else return the message that came with it."""
        return ISSUES[code][self._column] if code in ISSUES else message

    def refusal(self, message: str) -> str:
        """Say why an input was refused."""
        return in_french(message) if self.lang == "fr" else message

    def number(self, value: int) -> str:
        """Write a whole number with the language's thousands separator."""
        grouped = f"{value:,}"
        return grouped if self.lang == "en" else grouped.replace(",", "\N{NARROW NO-BREAK SPACE}")

    def percent(self, share: float) -> str:
        """Write a share, rounded down so that 100 % means all of it."""
        tenths = int(share * 1000 + 1e-9) / 10
        text = f"{tenths:.1f}".removesuffix(".0")
        return f"{text}%" if self.lang == "en" else f"{text.replace('.', ',')}\N{NARROW NO-BREAK SPACE}%"


def words_in(lang: str) -> Words:
    """Return the catalogue in a language: ``fr`` for any French locale (``fr_FR.UTF-8``), else English."""
    return Words("fr" if lang.lower().startswith("fr") else "en")
