"""The words of a validation report, in English and in French: none can miss its translation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from semantix.report.words import LANGUAGES, Words
from semantix.validation.report.layer_words import LAYERS, REASONS

_SPACE = re.compile(r" (?=[:;?!»])|(?<=«) ")
MONTHS: tuple[tuple[str, str], ...] = (
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
)

PLACES: Mapping[str, str] = MappingProxyType(
    {
        "record line": "fiche, ligne",
        "lines": "lignes",
        "line": "ligne",
        "row": "ligne",
        "column": "colonne",
        "sheet": "feuille",
        "entry": "entrée",
    }
)
"""The words of places in files that are no XML, in French."""
_PLACES = re.compile(rf"\b(?:{'|'.join(PLACES)})\b(?= )")

# Each text is (English, French), as LANGUAGES says.
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Validation report", "Rapport de validation"),
        "documents_1": ("{count} document", "{count} document"),
        "documents_n": ("{count} documents", "{count} documents"),
        "errors_1": ("{count} error", "{count} erreur"),
        "errors_n": ("{count} errors", "{count} erreurs"),
        "warnings_1": ("{count} warning", "{count} alerte"),
        "warnings_n": ("{count} warnings", "{count} alertes"),
        "informations_1": ("{count} remark", "{count} remarque"),
        "informations_n": ("{count} remarks", "{count} remarques"),
        "findings_1": ("{count} finding", "{count} constat"),
        "findings_n": ("{count} findings", "{count} constats"),
        "known_1": (
            "{count} known finding accepted by the baseline",
            "{count} constat connu, accepté par la référence",
        ),
        "known_n": (
            "{count} known findings accepted by the baseline",
            "{count} constats connus, acceptés par la référence",
        ),
        "times_1": ("once", "une fois"),
        "times_n": ("{count} times", "{count} fois"),
        "in_1": ("in {count} document", "dans {count} document"),
        "in_n": ("in {count} documents", "dans {count} documents"),
        "skip_verdict": ("Go to the verdict", "Aller au verdict"),
        "skip_findings": ("Go to the findings", "Aller aux constats"),
        "contents": ("Contents", "Sommaire"),
        "verdict": ("Verdict", "Verdict"),
        "conformity": ("Conformity", "Conformité"),
        "conformity_note": (
            "Is the file well formed, and does it follow the published rules?",
            "Le fichier est-il bien formé, et suit-il les règles publiées ?",
        ),
        "understanding": ("Understanding of the codes", "Compréhension des codes"),
        "understanding_note": (
            "Will a receiver know what the codes mean?",
            "Un destinataire saura-t-il ce que les codes veulent dire ?",
        ),
        "is_conformant": ("Conformant", "Conforme"),
        "is_accepted": ("No new finding", "Aucun nouveau constat"),
        "is_not-conformant": ("Not conformant", "Non conforme"),
        "is_not-checked": ("Not fully checked", "Contrôle incomplet"),
        "is_empty": ("Nothing checked", "Rien de contrôlé"),
        "is_understood": ("Understood", "Compris"),
        "is_partly": ("Partly understood", "Compris en partie"),
        "is_not-understood": ("Not understood", "Non compris"),
        "is_unchecked": ("Not checked", "Non vérifié"),
        "is_no-codes": ("No codes", "Aucun code"),
        "codes_understood": ("codes understood", "codes compris"),
        "codes_partly": ("codes partly understood", "codes compris en partie"),
        "codes_not-understood": ("codes not understood", "codes non compris"),
        "codes_unchecked": ("codes not checked", "codes non vérifiés"),
        "codes_no-codes": ("no codes", "aucun code"),
        "say_conformant": (
            "No error found by the checks that ran.",
            "Aucune erreur relevée par les contrôles effectués.",
        ),
        "say_accepted": (
            "No error beyond the findings that the baseline accepts.",
            "Aucune erreur en dehors des constats que la référence accepte.",
        ),
        "say_not-conformant": ("{errors} {documents}.", "{errors} {documents}."),
        "say_not-checked": (
            "No error found, but some checks could not be finished.",
            "Aucune erreur relevée, mais certains contrôles n’ont pas pu aboutir.",
        ),
        "say_empty": (
            "No document was found in what was given.",
            "Aucun document n’a été trouvé dans ce qui a été fourni.",
        ),
        "say_understood": (
            "{share} of the codes checked are known and valid.",
            "{share} des codes vérifiés sont connus et valides.",
        ),
        "say_partly": (
            "{known} of {checked} codes checked are known and valid ({share}).",
            "{known} codes vérifiés sur {checked} sont connus et valides ({share}).",
        ),
        "say_not-understood": (
            "None of the {checked} codes checked is known and valid.",
            "Aucun des {checked} codes vérifiés n’est connu et valide.",
        ),
        "say_unchecked": (
            "No terminology at hand for these codes: only their form was checked.",
            "Aucune terminologie disponible pour ces codes : seule leur forme a été vérifiée.",
        ),
        "say_few": (
            "Only {checked} of {total} codes could be checked: too few to say that the document is understood.",
            "Seuls {checked} codes sur {total} ont pu être vérifiés : trop peu pour dire le document compris.",
        ),
        "say_no-codes": ("No coded element was found.", "Aucun élément codé n’a été trouvé."),
        "meaning_findings_1": (
            "{count} finding on the meaning of codes.",
            "{count} constat porte sur le sens des codes.",
        ),
        "meaning_findings_n": (
            "{count} findings on the meaning of codes.",
            "{count} constats portent sur le sens des codes.",
        ),
        "unchecked_codes_1": (
            (
                "{count} code could not be checked: import the list of its system (semantix terminology import, then"
                " --store)."
            ),
            (
                "{count} code n’a pas pu être vérifié : importez la liste de son système (semantix terminology import,"
                " puis --store)."
            ),
        ),
        "unchecked_codes_n": (
            (
                "{count} codes could not be checked: import the lists of their systems (semantix terminology import,"
                " then --store)."
            ),
            (
                "{count} codes n’ont pas pu être vérifiés : importez les listes de leurs systèmes (semantix terminology"
                " import, puis --store)."
            ),
        ),
        "no_official": (
            "The official rules were not run.",
            "Les règles officielles n’ont pas été appliquées.",
        ),
        "no_official_how": (
            "To run them, install them once: semantix ruleset install.",
            "Pour les appliquer, installez-les une fois : semantix ruleset install.",
        ),
        "official_used": (
            "Official rules ({name}): {theirs}. Other checks: {ours}.",
            "Règles officielles ({name}) : {theirs}. Autres contrôles : {ours}.",
        ),
        "count_conformant_1": ("{count} conformant", "{count} conforme"),
        "count_conformant_n": ("{count} conformant", "{count} conformes"),
        "count_accepted_1": ("{count} with known findings only", "{count} à constats connus seulement"),
        "count_accepted_n": ("{count} with known findings only", "{count} à constats connus seulement"),
        "count_not-conformant_1": ("{count} not conformant", "{count} non conforme"),
        "count_not-conformant_n": ("{count} not conformant", "{count} non conformes"),
        "count_not-checked_1": ("{count} not fully checked", "{count} au contrôle incomplet"),
        "count_not-checked_n": ("{count} not fully checked", "{count} au contrôle incomplet"),
        "codes_1": ("{count} code", "{count} code"),
        "codes_n": ("{count} codes", "{count} codes"),
        "to_verdict": ("Verdict", "Verdict"),
        "to_codes": ("Codes", "Codes"),
        "to_findings": ("Findings", "Constats"),
        "to_documents": ("Documents", "Documents"),
        "to_checks": ("Checks", "Contrôles"),
        "to_with": ("References", "Références"),
        "to_words": ("How to read", "Aide à la lecture"),
        "coverage": ("Are the codes understood?", "Les codes sont-ils compris ?"),
        "coverage_note": (
            "Every coded element, by code system. A well-formed document full of local codes is not understood.",
            (
                "Chaque élément codé, par système de codes. Un document bien formé mais rempli de codes locaux n’est"
                " pas compris."
            ),
        ),
        "chart_title": ("Codes by system and by what is known of them", "Codes par système et selon ce qu’on en sait"),
        "system": ("Code system", "Système de codes"),
        "no_system": ("(no code system given)", "(aucun système indiqué)"),
        "all_systems": ("All systems", "Tous les systèmes"),
        "coded": ("Coded", "Codés"),
        "share": ("Understood", "Compris"),
        "valid": ("Valid", "Valides"),
        "mapped": ("Mapped", "Transcodables"),
        "unchecked": ("Unchecked", "Non vérifiés"),
        "mostly_unchecked": ("Mostly unchecked", "Surtout non vérifiés"),
        "local": ("Local", "Locaux"),
        "retired": ("Retired", "Retirés"),
        "unknown": ("Unknown", "Inconnus"),
        "explain_valid": (
            "the code is in its code system, on the day it is used.",
            "le code figure dans son système, à la date où il est employé.",
        ),
        "explain_mapped": (
            "a local code or label with an exact or curated standard code: a receiver can understand it.",
            "un code ou libellé local qui a un code standard, exact ou validé : un destinataire peut le comprendre.",
        ),
        "explain_unchecked": (
            "its form is right or unknown, but the list of its system is not at hand.",
            "sa forme est juste ou inconnue, mais la liste de son système n’est pas disponible.",
        ),
        "explain_local": (
            "a code or label of the sender, without a standard code: nobody else can use it.",
            "un code ou libellé propre à l’émetteur, sans code standard : personne d’autre ne peut l’exploiter.",
        ),
        "explain_retired": (
            "the code was withdrawn from its system.",
            "le code a été retiré de son système.",
        ),
        "explain_unknown": (
            "the code is not in its system, or has not the form of its codes.",
            "le code ne figure pas dans son système, ou n’en a pas la forme.",
        ),
        "worst": ("Codes to correct first", "Codes à corriger en priorité"),
        "worst_note": (
            "The most frequent codes that are local, retired or unknown.",
            "Les codes locaux, retirés ou inconnus les plus fréquents.",
        ),
        "findings": ("Findings by cause", "Constats par cause"),
        "no_finding": (
            "Nothing to report: no check that ran found anything.",
            "Rien à signaler : aucun contrôle effectué n’a rien relevé.",
        ),
        "no_new_finding": (
            "Nothing new: the checks found only what the baseline accepts.",
            "Rien de nouveau : les contrôles n’ont relevé que ce que la référence accepte.",
        ),
        "cause": ("Cause", "Cause"),
        "severity": ("Severity", "Gravité"),
        "code": ("Code", "Code"),
        "count": ("Count", "Nombre"),
        "found": ("Found", "Constaté"),
        "expected": ("Expected", "Attendu"),
        "fix": ("What to do", "Que faire"),
        "why": ("Why", "Pourquoi"),
        "source": ("Source of the rule", "Source de la règle"),
        "layer": ("Check", "Contrôle"),
        "places": ("Where", "Où"),
        "beside": ("Also told at the same place", "Aussi signalé au même endroit"),
        "line": ("line {line}", "ligne {line}"),
        "more_places_1": ("… and {count} more place.", "… et {count} autre endroit."),
        "more_places_n": ("… and {count} more places.", "… et {count} autres endroits."),
        "more_cases_1": ("… and {count} more case.", "… et {count} autre cas."),
        "more_cases_n": ("… and {count} more cases.", "… et {count} autres cas."),
        "more_causes_1": ("… and {count} more cause.", "… et {count} autre cause."),
        "more_causes_n": ("… and {count} more causes.", "… et {count} autres causes."),
        "more_documents_1": ("… and {count} more document.", "… et {count} autre document."),
        "more_documents_n": ("… and {count} more documents.", "… et {count} autres documents."),
        "more_systems_1": ("… and {count} more system.", "… et {count} autre système."),
        "more_systems_n": ("… and {count} more systems.", "… et {count} autres systèmes."),
        "volets_1": ("{count} kind", "{count} volet"),
        "volets_n": ("{count} kinds", "{count} volets"),
        "all_in_page": (
            "--report FILE.html shows them all, each with its places.",
            "--report FICHIER.html les montre tous, avec leurs emplacements.",
        ),
        "all_in_json": (
            "The JSON and SARIF reports list every one.",
            "Les rapports JSON et SARIF les donnent tous.",
        ),
        "document": ("Document", "Document"),
        "documents": ("Documents", "Documents"),
        "format": ("Format", "Format"),
        "errors": ("Errors", "Erreurs"),
        "warnings": ("Warnings", "Alertes"),
        "informations": ("Remarks", "Remarques"),
        "known": ("Known", "Connus"),
        "codes": ("Codes", "Codes"),
        "layers": ("What was checked, and what was not", "Ce qui a été contrôlé, et ce qui ne l’a pas été"),
        "layers_note": (
            "A check that could not be finished leaves the document “not fully checked”: it is never said to conform.",
            (
                "Un contrôle qui n’a pas abouti laisse le document « au contrôle incomplet » : il n’est jamais dit"
                " conforme."
            ),
        ),
        "engine": ("Engine", "Moteur"),
        "run": ("Done", "Effectué"),
        "skipped": ("Not run", "Non effectué"),
        "failed": ("Not finished", "Inabouti"),
        "reason": ("Reason", "Raison"),
        "with": ("Checked against", "Références employées"),
        "ruleset": ("Official rule set", "Jeu de règles officiel"),
        "terminologies": ("Terminologies", "Terminologies"),
        "none": ("none", "aucun"),
        "no_terms": (
            "none; only the form of codes and the short lists built in were checked",
            "aucune ; seules la forme des codes et les listes courtes intégrées ont été vérifiées",
        ),
        "digest": ("SHA-256 {digest}", "SHA-256 {digest}"),
        "day": ("Day of the check", "Date du contrôle"),
        "tool": ("Checked by", "Contrôlé par"),
        "ignored": ("Files passed over", "Fichiers laissés de côté"),
        "how_to_read": ("How to read this report", "Comment lire ce rapport"),
        "explain_two": (
            (
                "Conformity and understanding are two separate results: a document may follow every rule and still say"
                " nothing that a receiver can use."
            ),
            (
                "Conformité et compréhension sont deux résultats distincts : un document peut respecter toutes les"
                " règles et ne rien dire d’exploitable au destinataire."
            ),
        ),
        "explain_error": (
            "the document breaks a published rule, or says something false or unusable.",
            "le document enfreint une règle publiée, ou dit quelque chose de faux ou d’inexploitable.",
        ),
        "explain_warning": (
            "very likely wrong, or will be lost by the receiver.",
            "très probablement faux, ou sera perdu chez le destinataire.",
        ),
        "explain_information": ("worth knowing; nothing is wrong.", "bon à savoir ; rien n’est faux."),
        "explain_rule": (
            "semantix explain CODE tells more of each code.",
            "semantix explain CODE en dit plus sur chaque code.",
        ),
        "no_patient_value": (
            "This report holds file names, places (XPath) and codes; it holds no patient’s name, number or result.",
            (
                "Ce rapport contient des noms de fichiers, des emplacements (XPath) et des codes ; il ne contient ni"
                " nom, ni numéro, ni résultat de patient."
            ),
        ),
        "made_by": ("Made by semantix", "Produit par semantix"),
        "error": ("error", "erreur"),
        "warning": ("warning", "alerte"),
        "information": ("remark", "remarque"),
        "example": ("For example:", "Par exemple :"),
        "unknown_title": ("Finding {code}", "Constat {code}"),
    }
)


class ReportWords(Words, frozen=True):
    """The words of a validation report in one language, beside those of the other reports.

    ``typeset`` says that French signs keep to the word before them, as a page wants and a terminal does not.
    """

    typeset: bool = False

    @property
    def column(self) -> int:
        """Which of two texts is in this language."""
        return LANGUAGES.index(self.lang)

    def set(self, text: str) -> str:
        """Set a text for the page: a line does not begin with a French sign."""
        return _SPACE.sub("\N{NO-BREAK SPACE}", text) if self.typeset and self.lang == "fr" else text

    @property
    def colon(self) -> str:
        """The colon of the language, with its spaces."""
        return " : " if self.lang == "fr" else ": "

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        return self.set(TEXTS[key][self.column].format(**values))

    def counted(self, key: str, count: int) -> str:
        """Return a text about a number of things, in the singular or in the plural of the language."""
        is_one = count < 2 if self.lang == "fr" else count == 1
        return self(f"{key}_1" if is_one else f"{key}_n", count=self.number(count))

    def plural(self, key: str, count: int) -> str:
        """Return the same text without its number, where the number stands apart."""
        return self.counted(key, count).removeprefix(self.number(count)).strip()

    def day(self, iso: str) -> str:
        """Write a day in full; what is no day stays as it is."""
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        return f"{number} {MONTHS[day.month - 1][self.column]} {day.year}"

    def place(self, path: str, line: int | None) -> str:
        """Write a place: an XPath as it is, the words of a format in this language; nothing that ``line`` says."""
        if path in {"/", f"line {line}", f"record line {line}"}:
            return ""
        if path.startswith("/") or self.lang != "fr":
            return path
        return _PLACES.sub(lambda found: PLACES[found[0]], path)

    def layer(self, name: str) -> str:
        """Name a layer; one of the rule set that is not in the list names itself."""
        return LAYERS[name.lower()][self.column] if name.lower() in LAYERS else name

    def why_not(self, reason: str) -> str:
        """Say why a layer was not run or not finished."""
        if reason in REASONS:
            return REASONS[reason][self.column]
        word, _, detail = reason.partition(":")
        if word not in REASONS:
            return reason
        return f"{REASONS[word][self.column]} ({detail.strip()})"


def report_words(lang: str, *, typeset: bool = False) -> ReportWords:
    """Return the words in a language: ``fr`` for any French locale, else English."""
    return ReportWords("fr" if lang.lower().startswith("fr") else "en", typeset)
