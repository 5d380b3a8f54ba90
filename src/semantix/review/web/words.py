"""The words of the desk’s pages, in English and in French. Each group of pages has its own ``words_<group>`` module.

A new group adds its TEXTS to CATALOGUES. A text that templates or code ask for by a name put together, such as
``"state_" ~ state``, begins with one of PREFIXES.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct

from semantix.report.words import Words as ReportWords
from semantix.review.web.visits import LANGUAGES
from semantix.review.web.words_bulk import TEXTS as BULK
from semantix.review.web.words_export import TEXTS as EXPORT
from semantix.review.web.words_help import TEXTS as HELP
from semantix.review.web.words_history import TEXTS as HISTORY
from semantix.review.web.words_item import TEXTS as ITEM
from semantix.review.web.words_lookup import TEXTS as LOOKUP
from semantix.review.web.words_queue import TEXTS as QUEUE
from semantix.review.web.words_refusals import TEXTS as REFUSALS
from semantix.review.web.words_statistics import TEXTS as STATISTICS
from semantix.review.web.words_statistics_page import TEXTS as STATISTICS_PAGE
from semantix.review.web.words_values import TEXTS as VALUES

# Each text is (English, French), as LANGUAGES says.
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "desk": ("Review desk", "Atelier de relecture"),
        "skip": ("Skip to content", "Aller au contenu"),
        "navigation": ("Pages of the desk", "Pages de l’atelier"),
        "nav_queue": ("Queue", "File d’attente"),
        "nav_statistics": ("Statistics", "Statistiques"),
        "nav_history": ("History", "Historique"),
        "nav_help": ("Help", "Aide"),
        "language": ("Language", "Langue"),
        "other_language": ("Français", "English"),
        "in_other_language": ("Lire cette page en français", "Read this page in English"),
        "sign_in": ("Sign in", "Se connecter"),
        "sign_out": ("Sign out", "Se déconnecter"),
        "signed_in_as": ("Signed in as {name}, {role}", "Connecté : {name}, {role}"),
        "name": ("Name", "Nom"),
        "password": ("Password", "Mot de passe"),
        "sign_in_wrong": (
            "This name and this password do not go together.",
            "Ce nom et ce mot de passe ne vont pas ensemble.",
        ),
        "sign_in_wait": (
            "Too many attempts. Try again in {wait}.",
            "Trop de tentatives. Réessayez dans {wait}.",
        ),
        "sign_in_note": (
            "Accounts are given by whoever runs the desk. A session ends after a while without use.",
            "Les comptes sont donnés par la personne qui gère l’atelier. Une session inutilisée finit par se fermer.",
        ),
        "sign_in_local": (
            "This desk has no accounts. Open the link shown where it was started; it works once.",
            "Cet atelier n’a pas de comptes. Ouvrez le lien affiché là où il a été lancé ; il ne sert qu’une fois.",
        ),
        "sign_in_local_again": (
            (
                "If the link was already used in this browser, go on. Otherwise stop the desk and start it again: "
                "it will show a new link."
            ),
            (
                "Si le lien a déjà servi dans ce navigateur, continuez. Sinon, arrêtez l’atelier et relancez-le : "
                "il affichera un nouveau lien."
            ),
        ),
        "go_on": ("Go on to the desk", "Continuer vers l’atelier"),
        "back": ("Back to the queue", "Retour à la file"),
        "keys": ("Keyboard shortcuts", "Raccourcis clavier"),
        "keys_note": (
            "They do nothing while you type in a field, except those with Ctrl.",
            "Ils n’agissent pas pendant la saisie dans un champ, sauf ceux avec Ctrl.",
        ),
        "keys_active": ("Shortcuts of a single key are on", "Les raccourcis à une seule touche sont actifs"),
        "keys_help": ("Show the shortcuts", "Afficher les raccourcis"),
        "keys_close": ("Close this window", "Fermer cette fenêtre"),
        "close": ("Close", "Fermer"),
        "offline": (
            "The desk does not answer. Nothing was lost but this last action; try again.",
            "L’atelier ne répond pas. Seule cette dernière action est perdue ; réessayez.",
        ),
        "page_of": ("Page {page} of {pages}", "Page {page} sur {pages}"),
        "page_previous": ("Previous page", "Page précédente"),
        "page_next": ("Next page", "Page suivante"),
        "pages": ("Pages of the list", "Pages de la liste"),
        "error_reference": ("Reference: {reference}", "Référence : {reference}"),
        "error_bad": ("The request is not understood", "La demande n’est pas comprise"),
        "error_bad_text": (
            "The desk was reached in a way that it does not expect. Open it by the address that it showed.",
            "L’atelier a été appelé d’une façon inattendue. Ouvrez-le par l’adresse qu’il a affichée.",
        ),
        "error_host": ("This address is not the desk’s", "Cette adresse n’est pas celle de l’atelier"),
        "error_host_text": (
            (
                "Open the desk by the address that it showed when it started. "
                "If it has another name on your network, that name has to be given when it is started."
            ),
            (
                "Ouvrez l’atelier par l’adresse affichée à son lancement. "
                "S’il a un autre nom sur votre réseau, ce nom doit être donné au lancement."
            ),
        ),
        "error_tls": ("Only by https", "En https seulement"),
        "error_tls_text": (
            (
                "This desk stands behind a proxy that speaks https. "
                "The proxy has to say so in X-Forwarded-Proto, from an address that the desk believes."
            ),
            (
                "Cet atelier est derrière un mandataire qui parle https. "
                "Celui-ci doit le dire dans X-Forwarded-Proto, depuis une adresse que l’atelier croit."
            ),
        ),
        "error_person": ("Not signed in", "Non connecté"),
        "error_person_text": ("Sign in, then try again.", "Connectez-vous, puis réessayez."),
        "error_role": ("Not for your role", "Pas pour votre rôle"),
        "error_role_text": (
            "Your role does not include this action. Ask whoever runs the desk.",
            "Votre rôle ne comprend pas cette action. Adressez-vous à la personne qui gère l’atelier.",
        ),
        "error_csrf": ("This form is no longer valid", "Ce formulaire n’est plus valable"),
        "error_csrf_text": (
            (
                "It may be from before you signed in again. Go back, reload the page and do it once more: "
                "nothing was saved."
            ),
            (
                "Il date peut-être d’avant votre dernière connexion. Revenez en arrière, rechargez la page et "
                "recommencez : rien n’a été enregistré."
            ),
        ),
        "error_origin": ("This request came from another site", "Cette demande vient d’un autre site"),
        "error_origin_text": (
            "Nothing was done. If you clicked a link or a button elsewhere, be careful with that site.",
            "Rien n’a été fait. Si vous avez cliqué sur un lien ou un bouton ailleurs, méfiez-vous de ce site.",
        ),
        "error_missing": ("Nothing here", "Rien ici"),
        "error_missing_text": (
            "No page or item has this address.",
            "Aucune page, aucun élément n’a cette adresse.",
        ),
        "error_method": ("Not in this way", "Pas de cette façon"),
        "error_method_text": (
            "This address exists, but not for this kind of request.",
            "Cette adresse existe, mais pas pour ce type de demande.",
        ),
        "error_conflict": ("Not done", "Non effectué"),
        "error_conflict_text": (
            "This is not possible now. Reload the page to see how things stand.",
            "Ce n’est pas possible maintenant. Rechargez la page pour voir où en sont les choses.",
        ),
        "error_size": ("Too large", "Trop volumineux"),
        "error_size_text": (
            "The request is larger than the desk accepts.",
            "La demande est plus grande que ce que l’atelier accepte.",
        ),
        "error_input": ("Something is missing or wrong", "Il manque quelque chose, ou une valeur est fausse"),
        "error_input_text": (
            "A value of the request is not what is expected.",
            "Une valeur de la demande n’est pas celle attendue.",
        ),
        "error_rate": ("Too many attempts", "Trop de tentatives"),
        "error_rate_text": ("Wait a little, then try again.", "Attendez un peu, puis réessayez."),
        "error_link": ("This link was already used", "Ce lien a déjà servi"),
        "error_link_text": (
            "The link of the desk works once, for one browser. Stop the desk and start it again to get a new one.",
            (
                "Le lien de l’atelier sert une fois, pour un navigateur. Arrêtez l’atelier et relancez-le pour en "
                "avoir un nouveau."
            ),
        ),
        "error_unavailable": ("The desk cannot answer now", "L’atelier ne peut pas répondre pour l’instant"),
        "error_unavailable_text": (
            "Its database, or its terminology store, does not answer. Nothing that was saved is lost; try again soon.",
            "Sa base, ou son entrepôt de terminologies, ne répond pas. Ce qui a été enregistré n’est pas perdu.",
        ),
        "error_internal": ("The desk made a mistake", "L’atelier a fait une erreur"),
        "error_internal_text": (
            (
                "This is a fault of semantix, not yours; what was saved is safe. Give this reference to whoever runs "
                "the desk: with it they find the place in the log."
            ),
            (
                "C’est un défaut de semantix, pas le vôtre ; ce qui était enregistré l’est toujours. Donnez "
                "cette référence à la personne qui gère l’atelier : elle permet de trouver l’endroit dans le journal."
            ),
        ),
    }
)

CATALOGUES: tuple[Mapping[str, tuple[str, str]], ...] = (
    TEXTS,
    VALUES,
    REFUSALS,
    HELP,
    QUEUE,
    ITEM,
    LOOKUP,
    BULK,
    STATISTICS,
    STATISTICS_PAGE,
    HISTORY,
    EXPORT,
)

PREFIXES = (
    "action_",
    "audit_",
    "bulk_done_",
    "bulk_left_",
    "bulk_said_",
    "bulk_what_",
    "error_",
    "evidence_",
    "export_format_",
    "fate_",
    "heir_",
    "history_fact_",
    "how_",
    "kind_",
    "link_",
    "mode_",
    "no_rule_",
    "notice_",
    "part_",
    "refused_",
    "relation_",
    "role_",
    "standing_",
    "stat_band_",
    "stat_chart_",
    "stat_group_",
    "stat_task_",
    "stat_why_",
    "state_",
    "term_",
)

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def catalogue(parts: tuple[Mapping[str, tuple[str, str]], ...] = CATALOGUES) -> Mapping[str, tuple[str, str]]:
    """Join the catalogues; a name that two of them have is a mistake of ours."""
    joined = {key: text for part in parts for key, text in part.items()}
    assert len(joined) == sum(map(len, parts))
    return MappingProxyType(joined)


class DeskWords(Struct, frozen=True):
    """The words in one language, and how numbers and moments are written in it."""

    lang: str
    texts: Mapping[str, tuple[str, str]]
    zone: ZoneInfo

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled. What fills them is not yet escaped for HTML: templates do that."""
        text = self.texts[key][LANGUAGES.index(self.lang)]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self.texts

    def number(self, value: int) -> str:
        """Write a whole number with the language’s separator of thousands."""
        return ReportWords(self.lang).number(value)

    def decimal(self, value: float, digits: int = 2) -> str:
        """Write a number with so many decimals, such as a kappa."""
        text = f"{value:.{digits}f}"
        return text if self.lang == "en" else text.replace(".", ",").replace("-", "−")

    def percent(self, share: float) -> str:
        """Write a share of 1, rounded down: 100 % means all of it."""
        return ReportWords(self.lang).percent(share)

    def day(self, value: str | date | datetime) -> str:
        """Write a day: ``2 Mar 2026``, ``02/03/2026``. A text is ISO 8601; a moment is in the desk’s zone."""
        day = self._local(value) if isinstance(value, datetime) or "T" in str(value) else _as_date(value)
        if self.lang == "fr":
            return f"{day.day:02}/{day.month:02}/{day.year}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def moment(self, value: str | datetime) -> str:
        """Write a moment to the minute, in the desk’s zone: ``02/03/2026 10:15``; a text is ISO 8601."""
        local = self._local(value)
        return f"{self.day(local)} {local.hour:02}:{local.minute:02}"

    def wait(self, seconds: int) -> str:
        """Write how long to wait: ``30 s``, ``5 min``."""
        return f"{seconds}\N{NO-BREAK SPACE}s" if seconds < 120 else f"{-(-seconds // 60)}\N{NO-BREAK SPACE}min"

    def _local(self, value: str | date | datetime) -> datetime:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.astimezone(self.zone)


def _as_date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
