"""The words of the history page. Names that begin with ``history_fact_`` are put together with a detail of an event."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "history_title": ("History", "Historique"),
        "history_intro": (
            "Everything that was done, newest first. Nothing is erased: what was undone stays, marked as such.",
            "Tout ce qui a été fait, le plus récent d’abord. Rien n’est effacé : ce qui est annulé reste, et le dit.",
        ),
        "history_filters": ("Filter the history", "Filtrer l’historique"),
        "history_who": ("Who", "Qui"),
        "history_kind": ("What", "Quoi"),
        "history_everybody": ("everybody", "tout le monde"),
        "history_everything": ("everything", "tout"),
        "history_apply": ("Filter", "Filtrer"),
        "history_clear": ("Clear the filters", "Effacer les filtres"),
        "history_empty": ("Nothing was done yet.", "Rien n’a encore été fait."),
        "history_no_match": ("Nothing in the log matches.", "Rien dans le journal n’y répond."),
        "history_pages": ("Pages of the history", "Pages de l’historique"),
        "history_newest": ("Newest", "Plus récents"),
        "history_older": ("Older", "Plus anciens"),
        "history_items": ("{count} items", "{count} éléments"),
        "history_bulk": ("in bulk", "en groupe"),
        "history_undid": ("“{what}”", "« {what} »"),
        "history_undone": ("undone", "annulé"),
        "history_undone_some": ("{count} undone", "{count} annulés"),
        "history_more": ("Event {number}: versions", "Événement {number} : versions"),
        "history_store": ("Terminologies", "Terminologies"),
        "history_engine": ("Engine", "Moteur"),
        "history_mode": ("Mode", "Mode"),
        "history_rule": (
            "Rule: precision at least {precision}, lower bound {bound}, probability from {threshold}.",
            "Règle : précision d’au moins {precision}, borne basse {bound}, probabilité à partir de {threshold}.",
        ),
        "history_fact_to": ("to", "à"),
        "history_fact_state": ("as", "comme"),
        "history_fact_mode": ("mode", "mode"),
        "history_fact_role": ("role", "rôle"),
        "history_fact_verdict": ("verdict", "verdict"),
        "history_fact_fate": ("target", "cible"),
        "history_fact_name": ("name", "nom"),
        "history_fact_format": ("format", "format"),
        "history_fact_rows": ("rows", "lignes"),
        "history_fact_items": ("items", "éléments"),
        "history_fact_reopened": ("reopened", "rouverts"),
        "history_fact_said_by": ("said by", "d’après"),
    }
)
