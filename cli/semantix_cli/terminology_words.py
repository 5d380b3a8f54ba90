"""The words of ``semantix terminology``, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "release": ("Release", "Version importée"),
        "systems": ("Systems", "Systèmes"),
        "system": ("System", "Système"),
        "licence": ("Licence", "Licence"),
        "importer": ("Format", "Format"),
        "input": ("Read from", "Lu depuis"),
        "size": ("Size (MB)", "Taille (Mo)"),
        "kind": ("Kind", "Nature"),
        "supplement": (
            "supplement: adds terms to another release",
            "complément : ajoute des termes à une autre version",
        ),
        "base": ("defines its codes", "définit ses codes"),
        "concepts": ("Codes", "Codes"),
        "terms": ("Other terms", "Autres termes"),
        "parents": ("Parents", "Parents"),
        "links": ("Maps", "Correspondances"),
        "successors": ("Successors", "Successeurs"),
        "skipped": ("Left out, and why", "Laissé de côté, et pourquoi"),
        "count": ("Count", "Nombre"),
        "example": ("Example", "Exemple"),
        "imported": ("imported", "importé"),
        "replaced": ("replaced", "remplacé"),
        "already there": ("already there, nothing to do", "déjà présent, rien à faire"),
        "unknown_terms": (
            "{count} term(s) of {system} are for codes that no release of the store defines; they are not used",
            "{count} terme(s) de {system} portent sur des codes qu’aucune version ne définit ; ils ne servent pas",
        ),
        "not_imported": ("not imported", "non importé"),
        "empty": (
            "the store is empty; import a release with `semantix terminology import`",
            "l’entrepôt est vide ; importez une version avec `semantix terminology import`",
        ),
        "removed": ("{ref} removed", "{ref} supprimé"),
        "sound": ("sound", "intact"),
        "code": ("Code", "Code"),
        "label": ("Label", "Libellé"),
        "matched": ("Matched on", "Trouvé par"),
        "path": ("Under", "Sous"),
        "missing": ("without", "sans"),
        "state": ("State", "État"),
        "form": ("Usual form", "Forme usuelle"),
        "property": ("Property", "Propriété"),
        "value": ("Value", "Valeur"),
        "valid": ("valid", "valide"),
        "malformed": ("valid, badly written", "valide, mal écrit"),
        "retired": ("retired", "retiré"),
        "not assignable": ("may not be recorded", "ne peut pas être codé"),
        "unknown": ("unknown", "inconnu"),
        "children": ("Children", "Enfants"),
        "term": ("Term", "Terme"),
        "active": ("active", "actif"),
        "fate": ("What changed", "Ce qui a changé"),
        "before": ("Before", "Avant"),
        "after": ("After", "Après"),
        "unchanged": ("unchanged", "inchangé"),
        "relabelled": ("relabelled", "libellé modifié"),
        "moved": ("moved", "déplacé"),
        "retired with successor": ("retired with successor", "retiré avec successeur"),
        "retired without successor": ("retired without successor", "retiré sans successeur"),
        "new": ("new", "nouveau"),
        "active again": ("active again", "de nouveau actif"),
        "dropped after retirement": ("dropped after retirement", "retiré puis supprimé"),
        "learned": ("{system}: learned", "{system} : appris"),
        "nothing_found": ("nothing found", "rien trouvé"),
    }
)


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language (``en``, ``fr``)."""
    return TEXTS[key][lang == "fr"].format(**values)
