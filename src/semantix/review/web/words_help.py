"""The words of the help page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "help_title": ("Help", "Aide"),
        "help_what": ("What is done here", "Ce qui se fait ici"),
        "help_what_text": (
            (
                "Each item of the queue is a code or a wording used in health records. "
                "You say which concept of the target terminology it means, or that none is suitable. "
                "What is accepted becomes a table that the next conversion uses."
            ),
            (
                "Chaque élément de la file est un code ou un libellé utilisé dans des dossiers de santé. "
                "Vous dites à quel concept de la terminologie visée il correspond, ou qu’aucun ne convient. "
                "Ce qui est accepté devient une table, utilisée par la conversion suivante."
            ),
        ),
        "help_order_text": (
            (
                "The queue begins with what matters most: frequent and doubtful. Filters are in the address: "
                "a list can be bookmarked or sent."
            ),
            (
                "La file commence par ce qui compte le plus : le fréquent et le douteux. Les filtres sont dans "
                "l’adresse : une liste peut être mise en favori ou envoyée."
            ),
        ),
        "help_safe_text": (
            (
                "Nothing is erased: a decision is superseded by a later one, and each stays in the history. "
                "What you did last can be undone as long as nobody built on it."
            ),
            (
                "Rien n’est effacé : une décision est remplacée par une autre, et toutes restent dans l’historique. "
                "Votre dernière action peut être annulée tant que personne ne s’est appuyé dessus."
            ),
        ),
        "help_states": ("States", "États"),
        "help_state": ("State", "État"),
        "help_means": ("Means", "Signifie"),
        "state_unmapped_means": (
            "Nobody judged; the engine’s candidates wait.",
            "Personne n’a jugé ; les candidats du moteur attendent.",
        ),
        "state_draft_means": ("Somebody began, and has not finished.", "Quelqu’un a commencé, sans finir."),
        "state_mapped_means": (
            "One person judged; somebody else has to look.",
            "Une personne a jugé ; une autre doit regarder.",
        ),
        "state_in-review_means": ("A second person has it in hand.", "Une deuxième personne s’en occupe."),
        "state_accepted_means": ("Decided; exports use it.", "Décidé ; les exports l’utilisent."),
        "state_rejected_means": (
            "A reviewer sent it back, with a reason.",
            "Un relecteur l’a renvoyé, avec une raison.",
        ),
        "state_to-reconcile_means": (
            "Two people judged and differ, or a file contradicts.",
            "Deux personnes ont jugé différemment, ou un fichier contredit.",
        ),
        "help_roles": ("Roles", "Rôles"),
        "help_role": ("Role", "Rôle"),
        "help_may": ("May also", "Peut aussi"),
        "role_reader_may": (
            "See pages, statistics and history; export.",
            "Voir les pages, les statistiques et l’historique ; exporter.",
        ),
        "role_author_may": (
            "Draft, judge, take in hand, write notes, undo what they did.",
            "Ébaucher, juger, prendre en main, écrire des notes, annuler ses propres actions.",
        ),
        "role_reviewer_may": (
            "Agree, send back, assign, check the audit sample, act on many items at once.",
            "Approuver, renvoyer, attribuer, contrôler l’échantillon, agir sur plusieurs éléments à la fois.",
        ),
        "role_reconciler_may": (
            "Reconcile, reopen, accept automatically.",
            "Concilier, rouvrir, accepter automatiquement.",
        ),
        "help_modes": ("Modes", "Modes"),
        "help_mode": ("Mode", "Mode"),
        "help_accepted_when": ("Accepted when", "Accepté quand"),
        "mode_single_when": ("One author judged.", "Un auteur a jugé."),
        "mode_second-look_when": (
            "A reviewer agreed with the author, whom they see.",
            "Un relecteur a approuvé l’auteur, dont il voit le choix.",
        ),
        "mode_blind-dual_when": (
            "Two people judged the same; until both have, neither sees the other’s choice.",
            "Deux personnes ont jugé pareil ; avant cela, aucune ne voit le choix de l’autre.",
        ),
        "help_keys_text": (
            "On every page, the key ? shows the shortcuts of that page. Each button shows its key.",
            "Sur chaque page, la touche ? montre les raccourcis de cette page. Chaque bouton montre sa touche.",
        ),
        "help_evidence": ("Evidence", "Indices"),
        "help_evidence_text": (
            (
                "Under each candidate, the words of the source are marked by what the engine made of them. "
                "A mark is always a sign and a colour."
            ),
            (
                "Sous chaque candidat, les mots de la source sont marqués selon ce que le moteur en a fait. "
                "Une marque est toujours un signe et une couleur."
            ),
        ),
        "evidence_matched_means": ("It is in the label of the candidate.", "Il est dans le libellé du candidat."),
        "evidence_expanded_means": (
            "An abbreviation or another form of a word of the label.",
            "Une abréviation ou une autre forme d’un mot du libellé.",
        ),
        "evidence_missing_means": ("Only one of the two says it.", "Un seul des deux le dit."),
        "evidence_conflicting_means": (
            "Both speak of it and disagree, such as left and right.",
            "Les deux en parlent et se contredisent, comme gauche et droite.",
        ),
    }
)
