"""The words of bulk actions, in English and in French.

Names that begin with ``bulk_what_``, ``bulk_done_``, ``bulk_left_`` and ``bulk_said_`` are put together
with what is done, why an item is left out, and the name of a filter.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "nav_bulk": ("Bulk actions", "Actions groupées"),
        "bulk_title": ("Bulk actions", "Actions groupées"),
        "bulk_intro": (
            "One action on many items. You first see exactly what would be done; afterwards it can be undone.",
            "Une action sur beaucoup d’éléments. Vous voyez d’abord exactement ce qui serait fait ; c’est annulable.",
        ),
        "bulk_which": ("On which items", "Sur quels éléments"),
        "bulk_count": ("{count} items", "{count} éléments"),
        "bulk_count_one": ("1 item", "1 élément"),
        "bulk_waiting": ("those that wait", "ceux en attente"),
        "bulk_change_filters": ("Choose others in the queue", "En choisir d’autres dans la file"),
        "bulk_target": ("Target", "Cible"),
        "bulk_target_any": ("any", "toutes"),
        "bulk_said_state": ("State", "État"),
        "bulk_said_system": ("Source system", "Système source"),
        "bulk_said_section": ("Section", "Rubrique"),
        "bulk_said_sender": ("Sender", "Émetteur"),
        "bulk_said_assignee": ("Assigned to", "Attribué à"),
        "bulk_said_person": ("Judged by", "Jugé par"),
        "bulk_said_text": ("Label, code or unit", "Libellé, code ou unité"),
        "bulk_said_low": ("Probability from, %", "Probabilité à partir de, %"),
        "bulk_said_high": ("Probability up to, %", "Probabilité jusqu’à, %"),
        "bulk_said_audit": ("Audit sample", "Échantillon à contrôler"),
        "bulk_yes": ("yes", "oui"),
        "bulk_nobody": ("nobody", "personne"),
        "bulk_what": ("What to do", "Que faire"),
        "bulk_what_accept": ("Accept automatically", "Accepter automatiquement"),
        "bulk_what_accept_text": (
            (
                "Accepts the first candidate of items that nobody judged, where the precision is guaranteed by "
                "what the engine and this desk have seen. A random sample is put before people."
            ),
            (
                "Accepte le premier candidat des éléments que personne n’a jugés, là où la précision est garantie "
                "par ce que le moteur et cet atelier ont observé. Un échantillon au hasard est soumis à contrôle."
            ),
        ),
        "bulk_what_none": ("No code is suitable", "Aucun code ne convient"),
        "bulk_what_none_text": (
            "Judges that no code is suitable, on each item without a judgement. Counts as your judgement.",
            "Juge qu’aucun code ne convient, sur chaque élément sans jugement. Compte comme votre jugement.",
        ),
        "bulk_what_agree": ("Agree with the authors", "Approuver les auteurs"),
        "bulk_what_agree_text": (
            "Agrees with each first judgement that is not yours. What you agree with is accepted.",
            "Approuve chaque premier jugement qui n’est pas le vôtre. Ce que vous approuvez est accepté.",
        ),
        "bulk_what_assign": ("Assign", "Attribuer"),
        "bulk_what_assign_text": (
            "Says who is to work on these items.",
            "Dit qui doit travailler sur ces éléments.",
        ),
        "bulk_needs_role": ("Needs the role {role}.", "Demande le rôle {role}."),
        "bulk_needs_mode": ("Only in the mode “second look”.", "Seulement en mode « seconde lecture »."),
        "bulk_precision": ("Precision at least, in %", "Précision d’au moins, en %"),
        "bulk_share": ("Share put before people, in %", "Part soumise à contrôle, en %"),
        "bulk_least": ("at least, items", "au moins, éléments"),
        "bulk_note": ("Note (optional), with each judgement", "Note (facultative), avec chaque jugement"),
        "bulk_to": ("To", "À"),
        "bulk_engine_wait": (
            "The first preview for a target may take a minute: the engine measures what it knows of it.",
            "Le premier aperçu pour une cible peut prendre une minute : le moteur mesure ce qu’il en sait.",
        ),
        "bulk_no_store": (
            "No terminology store is open: only the judgements of this desk count.",
            "Aucun entrepôt de terminologies n’est ouvert : seuls comptent les jugements de cet atelier.",
        ),
        "bulk_preview": ("Preview", "Aperçu"),
        "bulk_audit_link": ("Audit sample in the queue", "Échantillon à contrôler, dans la file"),
        # --- preview
        "bulk_preview_title": ("Preview: {what}", "Aperçu : {what}"),
        "bulk_changed": (
            "Somebody changed an item since you looked: nothing was done. This is what would be done now.",
            "Quelqu’un a modifié un élément depuis votre aperçu : rien n’a été fait. Voici le nouvel aperçu.",
        ),
        "bulk_items": ("Items", "Éléments"),
        "bulk_records": ("Records", "Enregistrements"),
        "bulk_share_of": ("Share of all records", "Part de tous les enregistrements"),
        "bulk_tiny": ("< 0.1%", "< 0,1 %"),
        "bulk_wrong": ("Expected to be wrong", "Erreurs attendues"),
        "bulk_wrong_note": ("by their own probabilities", "d’après leurs propres probabilités"),
        "bulk_sample": ("Put before people", "Soumis à contrôle"),
        "bulk_sample_note": ("drawn at random", "tirés au hasard"),
        "bulk_rule": ("The rule", "La règle"),
        "bulk_asked": (
            "Asked: a precision of at least {precision}, for {target}.",
            "Demandé : une précision d’au moins {precision}, pour {target}.",
        ),
        "bulk_no_rule": ("There is no rule", "Il n’y a pas de règle"),
        "bulk_assign_to": ("To: {name}", "À : {name}"),
        "bulk_left": ("Left out", "Laissés de côté"),
        "bulk_left_caption": (
            "Items of the selection that are not touched, by reason",
            "Éléments de la sélection qui ne sont pas touchés, par raison",
        ),
        "bulk_reason": ("Reason", "Raison"),
        "bulk_left_judged_already": ("judged or decided already", "déjà jugés ou décidés"),
        "bulk_left_assigned_already": ("assigned so already", "déjà attribués ainsi"),
        "bulk_left_below_threshold": (
            "probability below that of the rule",
            "probabilité inférieure à celle de la règle",
        ),
        "bulk_left_conflict": (
            "the first candidate conflicts with the source, or is of another target",
            "le premier candidat contredit la source, ou relève d’une autre cible",
        ),
        "bulk_left_refused_before": (
            "the first candidate was refused before",
            "le premier candidat a déjà été écarté",
        ),
        "bulk_left_expected_below": (
            "with these, fewer than asked would be right by their own probabilities",
            "avec ceux-ci, moins que demandé seraient justes d’après leurs propres probabilités",
        ),
        "bulk_left_too_many": (
            "beyond {most} items: they wait for the next action",
            "au-delà de {most} éléments : ils attendent l’action suivante",
        ),
        "bulk_examples": ("Examples", "Exemples"),
        "bulk_examples_caption": ("Items shown: {count} of {all}", "Éléments montrés : {count} sur {all}"),
        "bulk_source": ("Source", "Source"),
        "bulk_becomes": ("Becomes", "Devient"),
        "bulk_probability": ("Probability", "Probabilité"),
        "bulk_now": ("State now", "État actuel"),
        "bulk_apply": ("Apply to {count} items", "Appliquer à {count} éléments"),
        "bulk_apply_one": ("Apply to 1 item", "Appliquer à 1 élément"),
        "bulk_back": ("Change", "Modifier"),
        "bulk_nothing": ("No item would be touched.", "Aucun élément ne serait touché."),
        # --- result
        "bulk_done_title": ("Done", "Effectué"),
        "bulk_done_accept": ("Items accepted automatically: {count}.", "Éléments acceptés automatiquement : {count}."),
        "bulk_done_none": ("Items judged in bulk: {count}.", "Éléments jugés en groupe : {count}."),
        "bulk_done_agree": ("First judgements agreed with: {count}.", "Premiers jugements approuvés : {count}."),
        "bulk_done_assign": ("Items assigned: {count}.", "Éléments attribués : {count}."),
        "bulk_done_sample": (
            "Drawn at random among them, for people to check: {count}.",
            "Tirés au hasard parmi eux, pour être contrôlés : {count}.",
        ),
        "bulk_undo": ("Undo all of it", "Tout annuler"),
        "bulk_undone_all": ("This was undone.", "Cette action est annulée."),
        "bulk_undone_some": ("Of these, undone: {count}.", "Dont annulés : {count}."),
        "bulk_by": ("{name}, {moment}", "{name}, {moment}"),
        "bulk_again": ("Another bulk action", "Une autre action groupée"),
        "bulk_to_history": ("See it in the history", "La voir dans l’historique"),
        "notice_bulk-not-last": (
            "You did something else since: undo that first, or undo item by item.",
            "Vous avez fait autre chose depuis : annulez-le d’abord, ou revenez élément par élément.",
        ),
        # --- refusals
        "refused_target_needed": (
            "Choose one target: each has its own calibration.",
            "Choisissez une cible : chacune a son propre étalonnage.",
        ),
        "refused_bad_precision": (
            (
                "The precision is from 50 to below 100%, the share to check above 0 and up to 100%, "
                "the least number a whole one."
            ),
            (
                "La précision va de 50 à moins de 100 %, la part à contrôler de plus de 0 à 100 %, "
                "le nombre minimal est entier."
            ),
        ),
        "refused_nothing_selected": ("No item is left to act on.", "Il ne reste aucun élément à traiter."),
        "refused_unknown_person": (
            "Nobody of this name has an account here.",
            "Personne de ce nom n’a de compte ici.",
        ),
    }
)
