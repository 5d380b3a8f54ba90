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
                "Fichiers : {new} nouveaux, {changed} modifiés, {gone} disparus et retirés, {kept} disparus et gardés, "
                "{same} inchangés."
            ),
        ),
        "read": (
            "Read: {documents} documents in {chunks} chunks; {bad} entries in quarantine.",
            "Lus : {documents} documents en {chunks} lots ; {bad} entrées en quarantaine.",
        ),
        "fates": ("Documents of the warehouse: {fates}.", "Documents de l’entrepôt : {fates}."),
        "fate live": ("live", "retenus"),
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
        "in quarantine": ("In quarantine: {count} entries.", "En quarantaine : {count} entrées."),
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
        "row document": ("document", "document"),
        "row file": ("file", "fichier"),
        "row sha256": ("SHA-256 of the file", "SHA-256 du fichier"),
        "row place": ("place in it", "endroit"),
        "row imputed": ("date imputed by", "date imputée par"),
        "row read": ("read in", "lu dans"),
        "row fate": ("fate", "sort"),
        "row code": ("code of the source", "code de la source"),
        "row decision": ("decision", "décision"),
        "row version": ("version of {part}", "version de {part}"),
        "no decision": (
            "no code was added: the code is the source’s own",
            "aucun code ajouté : le code est celui de la source",
        ),
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
