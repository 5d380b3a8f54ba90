"""The words of the queue page, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "queue_covered": ("{share} of the records covered", "{share} des enregistrements couverts"),
        "queue_covered_label": (
            "Share of the records whose code is accepted",
            "Part des enregistrements couverts",
        ),
        "queue_codes_done": (
            "{done} of {all} codes accepted ({share})",
            "{done} codes acceptés sur {all} ({share})",
        ),
        "queue_states": ("By state", "Par état"),
        "queue_tab_waiting": ("Waiting", "En attente"),
        "queue_tab_all": ("All", "Tout"),
        "queue_tab_share": ("{share} of the records", "{share} des enregistrements"),
        "queue_filters": ("Filter the queue", "Filtrer la file"),
        "queue_search": ("Label, code or unit", "Libellé, code ou unité"),
        "queue_target": ("Target", "Cible"),
        "queue_system": ("Source system", "Système source"),
        "queue_section": ("Section", "Rubrique"),
        "queue_sender": ("Sender", "Émetteur"),
        "queue_assignee": ("Assigned to", "Attribué à"),
        "queue_nobody": ("nobody", "personne"),
        "queue_any": ("any", "tous"),
        "queue_probability": ("Probability", "Probabilité"),
        "queue_low": ("Probability of the first candidate from, in %", "Probabilité du premier candidat, de, en %"),
        "queue_high": ("Probability of the first candidate to, in %", "Probabilité du premier candidat, à, en %"),
        "queue_order": ("Order", "Ordre"),
        "queue_order_note": (
            "Priority: frequent and doubtful items first",
            "Priorité : les éléments fréquents et douteux d’abord",
        ),
        "queue_order_priority": ("by priority", "par priorité"),
        "queue_order_frequency": ("by frequency", "par fréquence"),
        "queue_order_doubt": ("by doubt", "par doute"),
        "queue_order_label": ("by label", "par libellé"),
        "queue_order_recent": ("last changed", "derniers modifiés"),
        "queue_audit": ("Audit sample", "Échantillon à contrôler"),
        "queue_apply": ("Filter", "Filtrer"),
        "queue_clear": ("Clear the filters", "Effacer les filtres"),
        "queue_count": ("{count} items", "{count} éléments"),
        "queue_count_one": ("1 item", "1 élément"),
        "queue_frequency": ("Records", "Fréquence"),
        "queue_source": ("Source", "Source"),
        "queue_candidate": ("First candidate", "Premier candidat"),
        "queue_state": ("State", "État"),
        "queue_choice": ("Choice", "Choix"),
        "queue_conflict": ("conflict", "contradiction"),
        "queue_no_candidate": ("no candidate", "aucun candidat"),
        "queue_no_label": ("(no label)", "(sans libellé)"),
        "queue_none": ("no suitable target", "aucun code ne convient"),
        "queue_first": ("First page", "Première page"),
        "queue_next": ("Next page", "Page suivante"),
        "queue_row_next": ("Next row", "Ligne suivante"),
        "queue_row_previous": ("Previous row", "Ligne précédente"),
        "queue_row_open": ("Open the row", "Ouvrir la ligne"),
        "queue_undo": ("Undo my last action", "Annuler ma dernière action"),
        "queue_empty": ("Nothing to map yet", "Rien à traiter pour l’instant"),
        "queue_empty_text": (
            "Nothing was imported into this desk. Import the candidates of a conversion, or a table of codes:",
            "Rien n’a été importé dans cet atelier. Importez les candidats d’une conversion, ou une table de codes :",
        ),
        "queue_no_match": ("No item matches these filters.", "Aucun élément ne répond à ces filtres."),
        "queue_all_done": ("Nothing is waiting: everything is decided.", "Rien n’attend plus : tout est décidé."),
        "queue_see_all": ("See what was decided", "Voir ce qui est décidé"),
        "notice_end": (
            "Saved. That was the last item of this queue. Undo: z",
            "Enregistré. C’était le dernier élément de cette file. Annuler : z",
        ),
        "notice_at-end": ("There is no further item in this queue.", "Il n’y a pas d’autre élément dans cette file."),
        "notice_undone": ("Your last action was undone.", "Votre dernière action est annulée."),
        "notice_undone-some": (
            "Your last action was undone, but for items on which somebody acted since.",
            "Votre dernière action est annulée, sauf sur les éléments modifiés depuis par quelqu’un d’autre.",
        ),
        "notice_nothing_to_undo": ("There is nothing of yours to undo.", "Vous n’avez rien à annuler."),
        "notice_acted_since": (
            "Somebody acted on it since: it cannot be undone. Judge it again.",
            "Quelqu’un est intervenu depuis : impossible d’annuler. Jugez de nouveau.",
        ),
    }
)
