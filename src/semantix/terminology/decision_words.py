"""Decisions in words that people read: outcomes, evidence, conflicts and reasons, in English and in French.

What the engine says for machines is stable English; a word or a reason that is not in these tables is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from semantix.model import Candidate, Decision, Evidence

OUTCOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "exact": ("exact", "exact"),
        "curated": ("curated", "table"),
        "equivalent": ("official map", "correspondance officielle"),
        "candidate": ("candidate", "candidat"),
        "abstained": ("abstained", "abstention"),
    }
)

EVIDENCE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "code": ("code", "code"),
        "malformed code": ("code badly written", "code mal écrit"),
        "not assignable": ("not to be recorded", "ne peut pas être codé"),
        "retired code": ("retired code", "code retiré"),
        "system not stated": ("system not stated", "système non précisé"),
        "label": ("label", "libellé"),
        "synonym": ("synonym", "synonyme"),
        "curated": ("decided by hand", "décidé à la main"),
        "condition": ("on condition", "sous condition"),
        "map": ("official map", "correspondance officielle"),
        "name": ("near", "proche de"),
        "reading": ("read as", "lu comme"),
        "matched": ("same words", "mêmes mots"),
        "word": ("same words", "mêmes mots"),
        "expanded": ("words taken for", "mots compris comme"),
        "misspelt": ("misspelt", "faute de frappe"),
        "missing": ("missing from the label", "absent du libellé"),
        "lacking": ("only in the label", "seulement dans le libellé"),
        "unmatched": ("not explained", "sans explication"),
        "strength": ("strength", "dosage"),
        "other-strength": ("other strength", "autre dosage"),
        "form": ("form", "forme"),
        "route": ("route", "voie"),
        "other-route": ("other route", "autre voie"),
        "unit": ("unit", "unité"),
        "specimen": ("specimen", "prélèvement"),
        "not in the store": ("not in the store", "absent de l’entrepôt"),
        "target": ("described by", "décrit par"),
    }
)

CONFLICTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "negation": ("with / without", "avec / sans"),
        "laterality": ("side", "côté"),
        "number": ("number", "nombre"),
        "acuity": ("acute / chronic", "aigu / chronique"),
        "behaviour": ("benign / malignant", "bénin / malin"),
        "history": ("history", "antécédent"),
        "family": ("family history", "antécédent familial"),
        "sequela": ("sequela", "séquelle"),
        "suspicion": ("suspicion", "suspicion"),
        "screening": ("screening", "dépistage"),
        "severity": ("severity", "gravité"),
        "spread": ("primary / secondary", "primitif / secondaire"),
        "origin": ("congenital / acquired", "congénital / acquis"),
        "recurrence": ("recurrence", "récidive"),
        "fracture": ("open / closed", "ouverte / fermée"),
        "extent": ("extent", "étendue"),
        "intent": ("intent", "intention"),
        "carrier": ("carrier", "porteur"),
        "carriage": ("carriage", "portage"),
        "contact": ("contact", "sujet contact"),
        "fear": ("fear", "crainte"),
        "vaccination": ("vaccination", "vaccination"),
        "sex": ("sex", "sexe"),
        "age": ("age", "âge"),
        "pregnancy": ("mother / fetus", "mère / fœtus"),
        "opposite": ("opposite words", "mots contraires"),
        "specimen": ("specimen", "prélèvement"),
        "method": ("method", "méthode"),
        "ratio": ("ratio / quantity", "rapport / quantité"),
        "unit": ("unit", "unité"),
        "unread unit": ("unit not understood", "unité non comprise"),
        "percent/absolute": ("percentage / absolute", "pourcentage / valeur absolue"),
        "calculated": ("calculated / measured", "calculé / mesuré"),
        "inverted ratio": ("inverted ratio", "rapport inversé"),
        "time": ("time", "temps"),
        "clearance": ("clearance", "clairance"),
        "post-meal": ("after a meal", "après un repas"),
        "fasting": ("fasting", "à jeun"),
        "trough": ("trough", "creux"),
        "peak": ("peak", "pic"),
        "challenge": ("challenge", "épreuve"),
        "foetal": ("fetal", "fœtal"),
        "control": ("control", "contrôle"),
        "immunoglobulin class": ("immunoglobulin class", "classe d’immunoglobuline"),
        "antigen/antibody": ("antigen / antibody", "antigène / anticorps"),
        "nucleic acid": ("nucleic acid", "acide nucléique"),
        "free/total": ("free / total", "libre / total"),
        "fraction": ("fraction", "fraction"),
        "combination": ("combination", "association"),
        "route": ("route", "voie"),
        "strength": ("strength", "dosage"),
        "salt": ("salt", "sel"),
        "words": ("words", "mots"),
        "refused": ("refused by hand", "refusé à la main"),
        "retired": ("retired code", "code retiré"),
        "system": ("system not stated", "système non précisé"),
    }
)

_REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), french)
    for pattern, french in (
        (r"valid code, not assignable", "code valide, mais qui ne peut pas être codé"),
        (r"valid code", "code valide"),
        (r"usual malformation of a valid code", "code valide, mal écrit comme souvent"),
        (r"retired code with one successor", "code retiré qui a un seul successeur"),
        (r"retired code without successor", "code retiré sans successeur"),
        (r"retired code whose successor is not certain", "code retiré au successeur incertain"),
        (r"exact label", "libellé exact"),
        (r"exact synonym", "synonyme exact"),
        (r"curated row of (\S+)", "décidé à la main dans {0}"),
        (r"official map from (\S+)", "correspondance officielle depuis {0}"),
        (r"no name of the target is near", "aucun libellé de la cible n’est proche"),
        (r"no curated row", "aucune ligne dans les tables"),
        (r"nothing was asked", "rien n’est demandé"),
        (r"no text, and the code leads nowhere", "pas de texte, et le code ne mène nulle part"),
        (r"every candidate was refused by curated rows", "tous les candidats ont été refusés à la main"),
        (r"several codes are possible", "plusieurs codes sont possibles"),
        (r"curated rows name several codes", "la table nomme plusieurs codes"),
        (r"curated rows need to know more: (.+)", "la table a besoin d’en savoir plus : {0}"),
        (r"the first candidate was refused by a curated row", "le premier candidat a été refusé à la main"),
        (r"the text is a name of several codes", "le texte est le libellé de plusieurs codes"),
        (r"nothing guarantees a precision of (\S+) .*", "rien ne garantit une précision de {0}"),
        (r"below the threshold that guarantees a precision of (\S+) .*", "sous le seuil qui garantit {0} de précision"),
        (r"a precision of (\S+) is guaranteed", "une précision de {0} est garantie"),
    )
)


def outcome_in_words(decision: Decision, lang: str) -> str:
    """Name the outcome of a decision."""
    return OUTCOMES[decision.outcome.value][lang == "fr"]


def evidence_in_words(evidence: Iterable[Evidence], lang: str) -> str:
    """Write evidence on one line."""
    return "; ".join(_evidence(each, lang) for each in evidence)


def conflicts_in_words(candidate: Candidate, lang: str) -> str:
    """Name what speaks against a candidate."""
    return ", ".join(_conflict(each, lang) for each in candidate.conflicts)


def reason_in_words(decision: Decision, lang: str) -> str:
    """Say why a decision was taken, or was not."""
    reason = decision.reason
    for start, french in (("conflict: ", "contradiction : "), ("against the context: ", "contraire au contexte : ")):
        if reason.startswith(start):
            names = ", ".join(_conflict(each, lang) for each in reason.removeprefix(start).split(", "))
            return (french if lang == "fr" else start) + names
    if lang != "fr":
        return reason
    for pattern, words in _REASONS:
        found = pattern.fullmatch(reason)
        if found:
            return words.format(*found.groups())
    return reason


def _evidence(evidence: Evidence, lang: str) -> str:
    kind = EVIDENCE.get(evidence.kind, (evidence.kind, evidence.kind))[lang == "fr"]
    colon = " : " if lang == "fr" else ": "
    text = f"{kind}{colon}{evidence.detail}" if evidence.detail else kind
    return f"{text} ({evidence.source})" if evidence.source else text


def _conflict(name: str, lang: str) -> str:
    return CONFLICTS.get(name, (name, name))[lang == "fr"]
