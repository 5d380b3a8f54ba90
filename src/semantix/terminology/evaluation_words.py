"""The words of an evaluation, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix import systems
from semantix.report.words import LANGUAGES, Words

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Evaluation of the mapping to {system}", "Évaluation de la correspondance vers {system}"),
        "subtitle": ("{name}: {n} queries", "{name} : {n} requêtes"),
        "in_short": ("In short", "En bref"),
        "sentence_top": (
            (
                "The first code proposed is the right one for {top1} of the queries (95% interval: {low} to {high}); "
                "the right one is among the first ten for {top10}."
            ),
            (
                "Le premier code proposé est le bon pour {top1} des requêtes (intervalle à 95 % : {low} à {high}) ; "
                "le bon est parmi les dix premiers pour {top10}."
            ),
        ),
        "sentence_accepted": (
            (
                "Without any review, semantix would accept {accepted} answers ({share}), of which {precision} are "
                "right (95% interval: {low} to {high}). The others wait for a person."
            ),
            (
                "Sans aucune relecture, semantix accepterait {accepted} réponses ({share}), dont {precision} sont "
                "justes (intervalle à 95 % : {low} à {high}). Les autres attendent une personne."
            ),
        ),
        "sentence_none_accepted": (
            "semantix would accept no answer without review.",
            "semantix n’accepterait aucune réponse sans relecture.",
        ),
        "sentence_left_out": (
            "Rows left out: {without_query} without a query, {without_code} without a code.",
            "Lignes laissées de côté : {without_query} sans requête, {without_code} sans code.",
        ),
        "sentence_unknown": (
            "For {count} queries, no accepted code is defined in the store: they cannot be found, and count as wrong.",
            (
                "Pour {count} requêtes, aucun code accepté n’est défini dans l’entrepôt : introuvables, elles comptent "
                "comme des erreurs."
            ),
        ),
        "figure": ("Figure", "Mesure"),
        "all": ("All queries", "Toutes les requêtes"),
        "without_exact": ("Not verbatim in the store", "Absentes mot pour mot de l’entrepôt"),
        "n": ("Queries", "Requêtes"),
        "top1": ("Right code first", "Bon code en premier"),
        "top5": ("Right code in the first 5", "Bon code dans les 5 premiers"),
        "top10": ("Right code in the first 10", "Bon code dans les 10 premiers"),
        "category_top1": ("Right category first", "Bonne catégorie en premier"),
        "at_0.95": ("Coverage at 95% precision", "Couverture à 95 % de précision"),
        "at_0.98": ("Coverage at 98% precision", "Couverture à 98 % de précision"),
        "at_0.99": ("Coverage at 99% precision", "Couverture à 99 % de précision"),
        "ece": ("Calibration error", "Erreur de calibration"),
        "ece_answered": ("Calibration error, answered queries", "Erreur de calibration, requêtes répondues"),
        "answered": ("Queries with a candidate", "Requêtes avec un candidat"),
        "accepted": ("Accepted without review", "Acceptées sans relecture"),
        "accepted_precision": ("Right among the accepted", "Justes parmi les acceptées"),
        "queries_per_second": ("Queries per second", "Requêtes par seconde"),
        "curve": ("Precision and coverage", "Précision et couverture"),
        "curve_note": (
            (
                "If only the surest answers were used: from left to right more answers are used (coverage), from top "
                "to bottom more of them are wrong (precision). A good engine stays high for long. The dots mark how "
                "far one can go at 95, 98 and 99% precision."
            ),
            (
                "Si l’on n’utilisait que les réponses les plus sûres : vers la droite on en utilise davantage "
                "(couverture), vers le bas une plus grande part est fausse (précision). Un bon moteur reste haut "
                "longtemps. Les points marquent jusqu’où l’on peut aller à 95, 98 et 99 % de précision."
            ),
        ),
        "coverage": ("Share of the queries answered", "Part des requêtes répondues"),
        "precision": ("Share of right answers", "Part de réponses justes"),
        "no_curve": ("No query has a candidate: there is no curve.", "Aucune requête n’a de candidat : pas de courbe."),
        "calibration": ("Is the doubt honest?", "Le doute est-il honnête ?"),
        "calibration_note": (
            (
                "Each dot gathers the answers given with about the same probability; its size tells how many. On the "
                "line, the probability keeps its word: of the answers given at 80%, 80% are right. Below the line, "
                "semantix was too sure of itself; above, too modest."
            ),
            (
                "Chaque point réunit les réponses données avec à peu près la même probabilité ; sa taille dit combien. "
                "Sur la ligne, la probabilité tient parole : parmi les réponses données à 80 %, 80 % sont justes. Sous "
                "la ligne, semantix était trop sûr de lui ; au-dessus, trop modeste."
            ),
        ),
        "said": ("Probability said", "Probabilité annoncée"),
        "seen": ("Share found right", "Part constatée juste"),
        "from_to": ("{low} to {high}", "{low} à {high}"),
        "outcomes": ("How the decisions were reached", "Comment les décisions ont été prises"),
        "outcome": ("Outcome", "Issue"),
        "exact": ("exact: a code or a label as it stands", "exact : un code ou un libellé tel quel"),
        "curated": ("curated: a row that a person decided", "table : une ligne décidée par une personne"),
        "equivalent": ("equivalent: an official map", "équivalent : une correspondance officielle"),
        "candidate": ("candidate: ranked by the matcher", "candidat : classé par le moteur"),
        "abstained": ("abstained: nothing was affirmed", "abstention : rien n’a été affirmé"),
        "right": ("Right first", "Justes en premier"),
        "accepted_right": ("Accepted and right", "Acceptées et justes"),
        "confusions": ("Most frequent confusions", "Confusions les plus fréquentes"),
        "expected": ("Expected", "Attendu"),
        "chosen": ("Came first", "Proposé en premier"),
        "nothing": ("(nothing)", "(rien)"),
        "count": ("Count", "Nombre"),
        "no_error": ("No error.", "Aucune erreur."),
        "mistakes": ("Errors given with most confidence", "Erreurs données avec le plus d’assurance"),
        "mistakes_note": (
            (
                "The accepted ones first: they are the ones that hurt. Look at the query before blaming the engine: "
                "the expected code may be debatable too."
            ),
            (
                "D’abord celles qui ont été acceptées : ce sont elles qui font mal. Regardez la requête avant "
                "d’accuser le moteur : le code attendu peut être discutable aussi."
            ),
        ),
        "accepted_mistakes": ("Wrong answers accepted: {count}.", "Réponses fausses acceptées : {count}."),
        "query": ("Query", "Requête"),
        "line": ("line {line}", "ligne {line}"),
        "probability": ("Probability", "Probabilité"),
        "is_accepted": ("Accepted", "Acceptée"),
        "place": ("Place of the right one", "Rang du bon"),
        "evidence": ("Why", "Pourquoi"),
        "yes": ("yes", "oui"),
        "no": ("no", "non"),
        "how_to_read": ("How to read this page", "Comment lire cette page"),
        "explain_right": (
            "the first candidate is one of the accepted codes of the row. A query without candidate is never right.",
            "le premier candidat est un des codes acceptés de la ligne. Une requête sans candidat n’est jamais juste.",
        ),
        "term_right": ("Right", "Juste"),
        "term_category": ("Right category", "Bonne catégorie"),
        "explain_category": (
            (
                "the first 3 characters of a CIM-10 code, level 4 (5 characters) of an ATC code, the 4 letters of a "
                "CCAM code; elsewhere, the code itself."
            ),
            (
                "les 3 premiers caractères d’un code CIM-10, le niveau 4 (5 caractères) d’un code ATC, les 4 lettres "
                "d’un code CCAM ; ailleurs, le code lui-même."
            ),
        ),
        "term_coverage": ("Coverage at a precision", "Couverture à une précision"),
        "explain_coverage": (
            (
                "the largest share of all the queries that could be answered, surest first, with at least this share "
                "of right answers. Answers of equal probability go together."
            ),
            (
                "la plus grande part des requêtes à laquelle répondre, les plus sûres d’abord, avec au moins cette "
                "part de réponses justes. Les réponses de même probabilité vont ensemble."
            ),
        ),
        "term_ece": ("Calibration error", "Erreur de calibration"),
        "explain_ece": (
            (
                "the mean distance between the probability said and the share found right, over ten equal bins. 0 is "
                "perfect. A query without candidate counts as said 0 and found 0; the second figure leaves these out."
            ),
            (
                "l’écart moyen entre la probabilité annoncée et la part constatée juste, sur dix tranches égales. 0 "
                "est parfait. Une requête sans candidat compte comme 0 annoncé et 0 constaté ; la seconde mesure les "
                "écarte."
            ),
        ),
        "term_accepted": ("Accepted", "Acceptée"),
        "explain_accepted": (
            "the decision that semantix would use without asking anybody, under its acceptance rule.",
            "la décision que semantix utiliserait sans demander à personne, selon sa règle d’acceptation.",
        ),
        "term_verbatim": ("Not verbatim in the store", "Absentes mot pour mot de l’entrepôt"),
        "explain_verbatim": (
            "the queries that, whatever their case and accents, are no label nor synonym of the store: the hard ones.",
            (
                "les requêtes qui, sans tenir compte de la casse ni des accents, ne sont ni un libellé ni un synonyme "
                "de l’entrepôt : les difficiles."
            ),
        ),
        "or_others": ("and {count} more", "et {count} de plus"),
        "learning": ("learning", "apprentissage"),
        "code": ("Code", "Code"),
        "label": ("Label", "Libellé"),
        "against": ("Against", "Contre"),
        "to_review": ("to review", "à relire"),
        "made_by": ("Made by semantix", "Produit par semantix"),
        "holds_queries": (
            "This page quotes wordings of the gold file.",
            "Cette page cite des libellés du fichier évalué.",
        ),
        "written_to": ("Written to", "Écrit dans"),
    }
)


class EvaluationWords(Words, frozen=True):
    """The catalogue of evaluations in one language."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        return TEXTS[key][LANGUAGES.index(self.lang)].format(**values)

    def share(self, value: float | None) -> str:
        """Write a share with one decimal, or a dash when there is none."""
        return "–" if value is None else self.percent(value)

    def decimal(self, value: float | None, digits: int = 3) -> str:
        """Write a decimal number, or a dash when there is none."""
        if value is None:
            return "–"
        text = f"{value:.{digits}f}"
        return text if self.lang == "en" else text.replace(".", ",")


def evaluation_words(lang: str) -> EvaluationWords:
    """Return the catalogue in a language, ``fr`` or ``en``."""
    return EvaluationWords(lang)


def title_of(system: str) -> str:
    """The usual name of a code system."""
    return next((each.title for each in systems.SYSTEMS if each.key == system), system)
