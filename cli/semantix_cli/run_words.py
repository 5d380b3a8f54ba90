"""Words of ``semantix run``, in French and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "kind run": ("run", "exécution"),
        "kind retry": ("retry", "nouvel essai"),
        "kind undo": ("undo", "annulation"),
        "kind exclude": ("exclusion", "exclusion"),
        "ended": ("Run {run} ({kind}) is done.", "L’exécution {run} ({kind}) est terminée."),
        "files": (
            "Files: {new} new, {changed} changed, {gone} gone and withdrawn, {kept} gone and kept, {same} unchanged.",
            (
                "Fichiers : nouveaux {new}, modifiés {changed}, disparus et retirés {gone}, disparus et gardés {kept}, "
                "inchangés {same}."
            ),
        ),
        "read": (
            "Documents read: {documents}, chunks: {chunks}. Put in quarantine: {bad}.",
            "Documents lus : {documents}, lots : {chunks}. Mis en quarantaine : {bad}.",
        ),
        "fates": ("Documents of the warehouse: {fates}.", "Documents de l’entrepôt : {fates}."),
        "fate live": ("live", "en vigueur"),
        "fate repeated": ("received twice", "reçus deux fois"),
        "fate other-version": (
            "of an identifier that is taken by another content",
            "dont l’identifiant est pris par un autre contenu",
        ),
        "fate superseded": ("superseded", "remplacés"),
        "fate withdrawn": ("withdrawn", "retirés"),
        "fate excluded": ("of persons left out", "de personnes écartées"),
        "published": (
            "Published to {target}: {put} rows or resources put, {gone} removed.",
            "Publié dans {target} : {put} lignes ou ressources écrites, {gone} enlevées.",
        ),
        "taken back": ("What run {run} read counts no more.", "Ce que l’exécution {run} a lu ne compte plus."),
        "nothing published": ("The targets had nothing to change.", "Les cibles n’avaient rien à changer."),
        "quarantine hint": (
            "`semantix run status PLAN --quarantine` tells what could not be read, `semantix run retry` tries again.",
            "`semantix run status PLAN --quarantine` dit ce qui n’a pas pu être lu, `semantix run retry` réessaie.",
        ),
        "step scan": ("looking", "inventaire"),
        "step read": ("reading", "lecture"),
        "step settle": ("settling", "arbitrage"),
        "step publish": ("publishing", "publication"),
        "so many documents": ("{count} documents", "{count} documents"),
        "key made": (
            "{file}: a key was made, for its owner only; keep a copy in a safe place.",
            "{file} : une clé a été créée, lisible par son seul propriétaire ; gardez-en une copie en lieu sûr.",
        ),
        "no run": ("No run was made yet.", "Aucune exécution n’a encore eu lieu."),
        "run": ("run", "exécution"),
        "kind": ("kind", "sorte"),
        "state": ("state", "état"),
        "documents": ("documents", "documents"),
        "chunks": ("chunks", "lots"),
        "bad": ("quarantine", "quarantaine"),
        "state reading": ("reading", "lecture"),
        "state publishing": ("publishing", "publication"),
        "state stopped": ("stopped: too much unreadable", "arrêtée : trop d’illisibles"),
        "state done": ("done", "terminée"),
        "state undone": ("taken back", "annulée"),
        "unfinished": (
            "Run {run} was stopped before its end: semantix run resume goes on with it.",
            "L’exécution {run} s’est arrêtée avant sa fin : semantix run resume la reprend.",
        ),
        "in quarantine": ("In quarantine: {count}.", "En quarantaine : {count}."),
        "file": ("file", "fichier"),
        "error": ("error", "erreur"),
        "message": ("what was found", "constat"),
        "chain holds": ("The journal holds: {count} entries.", "Le journal est intact : {count} entrées."),
        "chain breaks": (
            "The journal does not hold: entry {seq} does not follow from the one before.",
            "Le journal n’est pas intact : l’entrée {seq} ne suit pas de la précédente.",
        ),
        "head": ("Head of the journal: {hash}", "Tête du journal : {hash}"),
        "written": ("{file} was written.", "{file} a été écrit."),
        "alike": ("The runs tell the same.", "Les deux exécutions disent la même chose."),
        "what": ("what", "quoi"),
        "of run": ("run {run}", "exécution {run}"),
        "publication": ("Publications: {number}.", "Publications : {number}."),
        "people left out": ("Numbers of persons left out: {count}.", "Numéros de personnes écartées : {count}."),
        "fact": ("Fact", "Fait"),
        "row": ("{what}: {value}", "{what} : {value}"),
        "row file": ("file", "fichier"),
        "row sha256": ("SHA-256 of the file", "SHA-256 du fichier"),
        "row place": ("place in it", "endroit"),
        "row imputed": ("date imputed by", "date imputée par"),
        "row read": ("read in", "lu dans"),
        "row fate": ("fate", "sort"),
        "row code": ("words of the source", "ce que dit la source"),
        "row decision": ("decision", "décision"),
        "row of document": ("decision in the document", "décision dans le document"),
        "row version": ("version", "version"),
        "no decision": (
            "none; a code of this fact, if it has one, is the source’s own",
            "aucune ; le code de ce fait, s’il en a un, est celui de la source",
        ),
        "part semantix": ("semantix", "semantix"),
        "part packs": ("mapping packs", "modèles d’export"),
        "part vocabulary": ("vocabulary", "vocabulaire"),
        "part policy": ("pseudonymisation", "pseudonymisation"),
        "part options": ("options of the plan", "options du plan"),
        "part key": ("key", "clé"),
        "basis none": ("none", "sans"),
        "basis own": ("without effect on what is read", "sans effet sur la lecture"),
        "one live": ("live", "en vigueur"),
        "one repeated": ("received twice", "déjà reçu"),
        "one other-version": (
            "its identifier is taken by another content",
            "son identifiant est pris par un autre contenu",
        ),
        "one superseded": ("superseded", "remplacé"),
        "one withdrawn": ("withdrawn", "retiré"),
        "one excluded": ("of a person left out", "d’une personne écartée"),
        "one ended": ("its file is gone or has another content", "son fichier a disparu ou a changé"),
        "run and chunk": ("run {run}, chunk {chunk}, rank {rank}", "exécution {run}, lot {chunk}, rang {rank}"),
        "other documents": (
            "other documents that give it: {count}",
            "autres documents qui le donnent : {count}",
        ),
    }
)


def say(key: str, lang: str, /, **values: object) -> str:
    """Words in a language, with values in their places."""
    return _WORDS[key][lang == "fr"].format(**values)


_PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "kind": ("kind", "sorte"),
        "state": ("state", "état"),
        "versions": ("versions", "versions"),
        "fates": ("fates", "sorts"),
        "published": ("published", "publié"),
        "put": ("put", "écrit"),
        "gone": ("removed", "enlevé"),
        "bytes": ("bytes", "octets"),
        "chunks": ("chunks", "lots"),
        "documents": ("documents", "documents"),
        "decisions": ("decisions", "décisions"),
        "doubts": ("doubts", "doutes"),
        "lines": ("lines", "lignes"),
        "lines set aside": ("lines set aside", "lignes mises de côté"),
        "quarantined": ("quarantined", "quarantaine"),
        "withdrawals": ("withdrawals", "retraits"),
        "fhir:codes": ("FHIR, codes", "FHIR, codes"),
        "fhir:statements": ("FHIR, statements", "FHIR, énoncés"),
        "fhir:produced": ("FHIR, produced", "FHIR, produit"),
        "fhir:not carried": ("FHIR, not carried", "FHIR, non transmis"),
        "omop:codes": ("OMOP, codes", "OMOP, codes"),
        "omop:statements": ("OMOP, statements", "OMOP, énoncés"),
        "omop:produced": ("OMOP, produced", "OMOP, produit"),
        "omop:not carried": ("OMOP, not carried", "OMOP, non transmis"),
        "read": ("read", "lu"),
        "total": ("in all", "en tout"),
        "carried": ("carried", "transmis"),
        "implied": ("implied", "implicite"),
        "not carried": ("not carried", "non transmis"),
    }
)
"""Parts of what a comparison names; the others (codes of reasons, names of tables) are in no language."""


def place(path: str, lang: str) -> str:
    """Words for a thing that two runs tell: ``counts / lines / read``."""
    parts = path.removeprefix("counts / ").split(" / ")
    words = (_PLACES[part][lang == "fr"] if part in _PLACES else _fate(part, lang) for part in parts)
    return " / ".join(words)


def _fate(part: str, lang: str) -> str:
    return say(f"fate {part}", lang) if f"fate {part}" in _WORDS else part
