"""The words of ``semantix review``, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "imported": (
            "{new:,} new, {updated:,} updated, {unchanged:,} unchanged",
            "nouveaux : {new:,}, mis à jour : {updated:,}, inchangés : {unchanged:,}",
        ),
        "decided": ("{count:,} came with a decision", "avec une décision prise ailleurs : {count:,}"),
        "aside": (
            "{count:,} contradict the desk: kept beside its decision, to look at",
            "en contradiction avec l’atelier, gardés à côté de sa décision, à regarder : {count:,}",
        ),
        "proposed": ("{count:,} given candidates", "candidats trouvés pour : {count:,}"),
        "nothing_near": ("{count:,} for which nothing near was found", "sans rien d’approchant : {count:,}"),
        "no_candidates": (
            "{count:,} without candidates: no curated table knows them, a --store may",
            "sans candidat (aucune table ne les connaît, un --store peut-être) : {count:,}",
        ),
        "proposing": ("looking for candidates: {done:,}/{all:,}", "recherche de candidats : {done:,}/{all:,}"),
        "problem": (
            "line {line}: {found}; expected {expected}",
            "ligne {line} : {found} ; attendu : {expected}",
        ),
        "problem_nowhere": ("{found}; expected {expected}", "{found} ; attendu : {expected}"),
        "more_problems": ("and {count:,} more left out", "et {count:,} autres laissés de côté"),
        "left_out": ("{count:,} rows left out", "{count:,} lignes laissées de côté"),
        "serve_hint": ("open the desk with: semantix review serve", "ouvrez l’atelier avec : semantix review serve"),
        "written": ("written: {name} ({count:,} items)", "écrit : {name} ({count:,} éléments)"),
        "rows": ("written: {name} ({count:,} rows)", "écrit : {name} ({count:,} lignes)"),
        "losses": ("What this format does not carry", "Ce que ce format ne porte pas"),
        "loss": ("Field", "Champ"),
        "count": ("Count", "Nombre"),
        "example": ("Example", "Exemple"),
        "reason": ("Reason", "Raison"),
        "no_losses": ("nothing was lost", "rien n’a été perdu"),
        "state": ("State", "État"),
        "codes": ("Codes", "Codes"),
        "records": ("Records", "Enregistrements"),
        "share": ("Share", "Part"),
        "all": ("All", "Ensemble"),
        "agreement": ("Agreement", "Accord"),
        "kappa": (
            "Cohen’s kappa, {first} and {second} ({items} items)",
            "Kappa de Cohen, {first} et {second} ({items} éléments)",
        ),
        "alpha": ("Krippendorff’s alpha", "Alpha de Krippendorff"),
        "near_alpha": (
            "Krippendorff’s alpha, near misses counted as near",
            "Alpha de Krippendorff, erreurs proches comptées comme proches",
        ),
        "unknown": ("not known: {reason}", "non connu : {reason}"),
        "seconds": ("Seconds a decision (median)", "Secondes par décision (médiane)"),
        "audit": (
            "Precision observed in the audit sample",
            "Précision observée dans l’échantillon de contrôle",
        ),
        "band": ("Probability said", "Probabilité annoncée"),
        "right": ("Chosen by people", "Retenu par les personnes"),
        "of": ("{right:,} of {seen:,}", "{right:,} sur {seen:,}"),
        "mode": ("mode: {mode}", "mode : {mode}"),
        "mode_set": ("mode set: {mode}", "mode choisi : {mode}"),
        "user_added": ("{name} may sign in, as {role}", "{name} peut se connecter, comme {role}"),
        "user_changed": ("{name} changed", "{name} modifié"),
        "no_users": (
            "no accounts: the desk is for this machine alone; add some with `semantix review user add`",
            "aucun compte : l’atelier ne sert que sur cette machine ; ajoutez-en avec `semantix review user add`",
        ),
        "name": ("Name", "Nom"),
        "role": ("Role", "Rôle"),
        "active": ("May sign in", "Peut se connecter"),
        "yes": ("yes", "oui"),
        "no": ("no", "non"),
        "password": ("Password", "Mot de passe"),
        "repeat": ("Repeat the password", "Répétez le mot de passe"),
        "remapped": (
            "{items:,} items looked at, {reopened:,} reopened, {noted:,} noted",
            "éléments examinés : {items:,}, rouverts : {reopened:,}, annotés : {noted:,}",
        ),
        "would_reopen": ("{count:,} targets would reopen items", "cibles qui rouvriraient des éléments : {count:,}"),
        "fate": ("What became of the targets", "Ce que sont devenues les cibles"),
        "whole": (
            "the log is whole and every state follows from it",
            "le journal est entier et chaque état en découle",
        ),
        "broken": (
            "the log was changed: event {event} does not follow from the one before",
            "le journal a été modifié : l’événement {event} ne découle pas du précédent",
        ),
        "differ": (
            "{count:,} states do not follow from the log; build them again with --rebuild",
            "{count:,} états ne découlent pas du journal ; reconstruisez-les avec --rebuild",
        ),
        "rebuilt": ("{count:,} items built again from the log", "{count:,} éléments reconstruits depuis le journal"),
        "open_here": (
            "The desk is open. Open this once, in your browser:",
            "L’atelier est ouvert. Ouvrez ce lien une fois, dans votre navigateur :",
        ),
        "open_at": ("The desk is open at {address}", "L’atelier est ouvert à l’adresse {address}"),
        "stop": ("Stop it with Ctrl-C.", "Arrêtez-le avec Ctrl-C."),
        "tls": (
            "Passwords travel in clear unless TLS is in front of this address.",
            "Les mots de passe circulent en clair si TLS n’est pas placé devant cette adresse.",
        ),
        "no_store": (
            "no terminology store: no live search and no hierarchy; give --store",
            "pas d’entrepôt de terminologies : ni recherche ni hiérarchie ; donner --store",
        ),
    }
)


def say(key: str, lang: str, **values: object) -> str:
    """Return a text with its values; thousands are apart as the language has them."""
    if lang != "fr":
        return TEXTS[key][0].format(**values)
    # Numbers alone: the commas of a sentence, and those of a name or of a list, stay.
    numbers = {name: _French(value) if isinstance(value, int) else value for name, value in values.items()}
    return TEXTS[key][1].format(**numbers)


class _French(int):
    """A whole number that French writes: thousands apart by a narrow blank."""

    def __format__(self, wanted: str) -> str:
        return super().__format__(wanted).replace(",", "\N{NARROW NO-BREAK SPACE}")
