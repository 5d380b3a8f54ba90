"""The words of ``semantix ruleset``, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "name": ("Name", "Nom"),
        "title": ("Title", "Titre"),
        "files": ("Files", "Fichiers"),
        "size": ("Size (MB)", "Taille (Mo)"),
        "digest": ("SHA-256", "SHA-256"),
        "layer": ("Layer", "Couche"),
        "patterns": ("Patterns", "Motifs"),
        "rules": ("Rules", "Règles"),
        "asserts": ("Asserts", "Assertions"),
        "engine": ("Engine", "Moteur"),
        "none": ("none: cannot be run", "aucun : ne peut pas être exécutée"),
        "installed": ("{name}: installed, {files:,} files", "{name} : installé, {files:,} fichiers"),
        "replaced": ("{name}: replaced, {files:,} files", "{name} : remplacé, {files:,} fichiers"),
        "already there": ("{name}: already there, nothing to do", "{name} : déjà présent, rien à faire"),
        "preparing": (
            "preparing the rules for the fast engine: {done}/{all}",
            "préparation des règles pour le moteur rapide : {done}/{all}",
        ),
        "removed": ("{name} removed", "{name} supprimé"),
        "empty": (
            "no rule set is installed; install one with `semantix ruleset install`",
            "aucun jeu de règles n’est installé ; installez-en un avec `semantix ruleset install`",
        ),
        "volets": ("{count} volets", "{count} volets"),
        "value_sets": ("{count:,} value sets", "{count:,} jeux de valeurs"),
        "problem": ("{layer}: {problem}", "{layer} : {problem}"),
        "unsupported": (
            "{layer}: {count} expression(s) that the fast engine does not know; SaxonC runs the whole layer",
            "{layer} : {count} expression(s) que le moteur rapide ne connaît pas ; SaxonC exécute toute la couche",
        ),
        "refused": (
            (
                "{layer}: {count} expression(s) that the fast engine does not know, and SaxonC is not installed: "
                "the layer is not run, and no document that needs it is called conformant"
            ),
            (
                "{layer} : {count} expression(s) que le moteur rapide ne connaît pas, et SaxonC n’est pas installé : "
                "la couche n’est pas exécutée, et aucun document qui en dépend n’est déclaré conforme"
            ),
        ),
        "missing": (
            "{layer}: the value set {file} is not in the publication; a rule that needs it cannot be evaluated",
            "{layer} : le jeu de valeurs {file} manque dans la publication ; une règle qui le lit ne peut aboutir",
        ),
        "by_hand": (
            "{layer}: no template leads to this volet; ask for it by its name",
            "{layer} : aucun identifiant de modèle ne mène à ce volet ; demandez-le par son nom",
        ),
        "checked": (
            "Codes are checked in these terminologies: {names}",
            "Les codes sont contrôlés dans ces terminologies : {names}",
        ),
        "unchecked": (
            "The list of these terminologies is not there, so that their codes are NOT checked: {names}",
            "La liste de ces terminologies est absente : leurs codes ne sont PAS contrôlés : {names}",
        ),
        "no_others": (
            "Codes of any other system are not checked by this rule set.",
            "Les codes de tout autre système ne sont pas contrôlés par ce jeu de règles.",
        ),
    }
)


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language (``en``, ``fr``)."""
    return TEXTS[key][lang == "fr"].format(**values)
