"""The words of the statistics page that are not names of figures: its cards, captions and notes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stat_measured": ("Measured on {moment}.", "Mesuré le {moment}."),
        "stat_json": ("All figures as JSON", "Tous les chiffres en JSON"),
        "stat_table": ("The figures as a table", "Les chiffres en tableau"),
        "stat_of": ("{done} of {all} codes", "{done} codes sur {all}"),
        "stat_of_records": ("{done} of {all} records", "{done} enregistrements sur {all}"),
        "stat_card_near": ("Alpha, close misses counted less", "Alpha, écarts proches comptant moins"),
        "stat_card_items": ("items judged by two people or more: {count}", "éléments jugés à plusieurs : {count}"),
        "stat_card_seconds": ("Median time per decision", "Temps médian par décision"),
        "stat_card_audit": ("Observed precision of the sample", "Précision observée de l’échantillon"),
        "stat_checked": ("{right} right of {seen} checked", "{right} justes sur {seen} contrôlés"),
        "stat_none": ("–", "–"),
        "stat_progress_caption": ("Accepted at the end of each day", "Accepté à la fin de chaque jour"),
        "stat_workers_caption": (
            "What each person decided, one by one and in bulk",
            "Ce que chaque personne a décidé, un par un et en groupe",
        ),
        "stat_work_caption": ("Decisions by day and person", "Décisions par jour et par personne"),
        "stat_kappas_caption": (
            "Agreement of every two people, beyond chance",
            "Accord des personnes deux à deux, au-delà du hasard",
        ),
        "stat_apart_caption": (
            "Pairs of judgements that differ, from the nearest to the farthest",
            "Paires de jugements qui diffèrent, des plus proches aux plus éloignées",
        ),
        "stat_reliability_caption": (
            "First candidates by probability, and how often people chose them",
            "Premiers candidats par probabilité, et part choisie par les personnes",
        ),
        "stat_sources_caption": (
            "Sources with most records whose code is not accepted",
            "Sources ayant le plus d’enregistrements au code non accepté",
        ),
        "stat_interval_head": ("95% interval", "Intervalle à 95 %"),
        "stat_last_days": ("The last {count} days.", "Les {count} derniers jours."),
    }
)
