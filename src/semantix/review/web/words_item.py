"""The words of the item page, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- moving
        "item_back": ("Queue", "File"),
        "item_undo": ("Undo", "Annuler"),
        "item_next": ("Next", "Suivant"),
        "item_previous": ("Previous", "Précédent"),
        "item_next_long": ("Next item of the queue", "Élément suivant de la file"),
        "item_previous_long": ("Previous item of the queue", "Élément précédent de la file"),
        # --- the source
        "item_code": ("Code", "Code"),
        "item_unit": ("Unit", "Unité"),
        "item_specimen": ("Specimen", "Prélèvement"),
        "item_senders": ("Senders", "Émetteurs"),
        "item_claimed_by": ("In hand of", "En cours chez"),
        # --- candidates
        "item_candidates": ("Candidates", "Candidats"),
        "item_no_candidates": (
            "The engine found no candidate. Search below, or say that no code is suitable.",
            "Le moteur n’a trouvé aucun candidat. Cherchez ci-dessous, ou dites qu’aucun code ne convient.",
        ),
        "item_no_candidates_here": (
            (
                "There is no candidate, and no terminology store to search in: add a code by hand, or say that none "
                "is suitable."
            ),
            (
                "Il n’y a pas de candidat, ni d’entrepôt de terminologies où chercher : ajoutez un code à la main, "
                "ou dites qu’aucun ne convient."
            ),
        ),
        "item_selected": ("Candidate {number}: {code}", "Candidat {number} : {code}"),
        "item_candidate_number": ("Candidate {number}:", "Candidat {number} :"),
        "item_source_short": ("source", "source"),
        "item_target_short": ("target", "cible"),
        "item_source_words": ("Words of the source:", "Mots de la source :"),
        "item_target_words": ("Words of the target:", "Mots de la cible :"),
        "item_conflict": ("Conflict:", "Contradiction :"),
        "item_heading": ("heading", "rubrique"),
        "item_accept": ("Accept", "Accepter"),
        "item_accept_this": ("Accept {code}", "Accepter {code}"),
        "item_accept_as": ("Accept {code}: {relation}", "Accepter {code} : {relation}"),
        "item_broad": ("broader", "plus large"),
        "item_narrow": ("narrower", "plus étroite"),
        "item_add": ("Add", "Ajouter"),
        "item_add_this": ("Add {code} to my judgement", "Ajouter {code} à mon jugement"),
        "item_refuse": ("Not this", "Écarter"),
        "item_refuse_this": ("Refuse {code}", "Écarter {code}"),
        "item_key_pick": ("Select candidate 1, 2, 3…", "Sélectionner le candidat 1, 2, 3…"),
        "item_key_move": ("Next or previous candidate", "Candidat suivant ou précédent"),
        "item_key_accept": ("Accept the selected candidate", "Accepter le candidat sélectionné"),
        "item_key_broad": ("Accept: target broader than the source", "Accepter : cible plus large que la source"),
        "item_key_narrow": ("Accept: target narrower than the source", "Accepter : cible plus étroite que la source"),
        "item_key_close": ("Accept: close", "Accepter : proche"),
        "item_key_related": ("Accept: related", "Accepter : apparentée"),
        "item_key_add": ("Add the selected candidate (several targets)", "Ajouter le candidat (plusieurs cibles)"),
        "item_key_refuse": ("Not the selected candidate", "Écarter le candidat sélectionné"),
        # --- my judgement
        "item_judgement": ("My judgement", "Mon jugement"),
        "item_judgement_empty": (
            "Accept a candidate, or add several targets here.",
            "Acceptez un candidat, ou ajoutez ici plusieurs cibles.",
        ),
        "item_no_target": ("No code is suitable", "Aucun code ne convient"),
        "item_not_this": ("not", "écarté"),
        "item_refused_too": ("Not:", "Écartés :"),
        "item_refused_so_far": ("Refused so far:", "Écartés jusqu’ici :"),
        "item_relation_of": ("Relation of {code}", "Relation de {code}"),
        "item_part_of": ("What {code} stands for", "Rôle de {code}"),
        "item_remove": ("Remove", "Retirer"),
        "item_remove_this": ("Remove {code} from my judgement", "Retirer {code} de mon jugement"),
        "item_note": ("Note", "Note"),
        "item_key_note": ("Write a note", "Écrire une note"),
        "item_save": ("Save", "Enregistrer"),
        "item_key_save": ("Save my judgement", "Enregistrer mon jugement"),
        "item_draft": ("Draft", "Brouillon"),
        "item_by_hand": ("Add a code by hand", "Ajouter un code à la main"),
        "item_hand_system": ("Terminology", "Terminologie"),
        "item_hand_code": ("Code", "Code"),
        "item_hand_display": ("Label", "Libellé"),
        "item_read_only": (
            "You may look at this item, not judge it as it stands.",
            "Vous pouvez consulter cet élément, pas le juger en l’état.",
        ),
        "item_changed": (
            "Judgement changed, not saved yet.",
            "Jugement modifié, pas encore enregistré.",
        ),
        # --- where it stands
        "item_first_hidden": (
            "A first judgement exists. Yours is asked for without seeing it.",
            "Un premier jugement existe. Le vôtre est demandé sans le voir.",
        ),
        "item_judged_by": ("{name} judged", "{name} a jugé"),
        "item_standing": ("Judgement that stands", "Jugement en vigueur"),
        "item_waits_second": (
            "You judged this item; somebody else has to look. You may still change it.",
            "Vous avez jugé cet élément ; quelqu’un d’autre doit le relire. Vous pouvez encore le changer.",
        ),
        "item_agree": ("Agree", "Approuver"),
        "item_send_back": ("Send back", "Renvoyer"),
        "item_send_back_reason": ("Reason, for the author", "Raison, pour l’auteur"),
        "item_sent_back": ("Sent back", "Renvoyé"),
        "item_reopened": ("Reopened; before, it was:", "Rouvert ; auparavant :"),
        "item_accepted_by": ("Accepted by {name}", "Accepté par {name}"),
        "item_rule": (
            "Rule: precision {precision} at least; threshold {threshold}; lower bound {bound} over {seen} judgements.",
            "Règle : précision d’au moins {precision} ; seuil {threshold} ; borne basse {bound} sur {seen} jugements.",
        ),
        "item_audit_ask": (
            "This acceptance is automatic and in the sample to check. Is it right?",
            "Cette acceptation automatique fait partie de l’échantillon à contrôler. Est-elle juste ?",
        ),
        "item_audit_right": ("It is right", "C’est juste"),
        "item_audit_wrong": ("It is wrong", "C’est faux"),
        "item_audit_reason": ("Reason (optional)", "Raison (facultative)"),
        "item_audit_other": (
            "To put another code in its place, accept it below.",
            "Pour mettre un autre code à la place, acceptez-le ci-dessous.",
        ),
        "item_reopen": ("Reopen", "Rouvrir"),
        "item_reopen_reason": ("Reason for reopening", "Raison de la réouverture"),
        "item_reconcile": ("Two judgements differ", "Deux jugements diffèrent"),
        "item_reconcile_other": (
            "Or decide otherwise: accept a candidate, or save your own judgement.",
            "Ou tranchez autrement : acceptez un candidat, ou enregistrez votre propre jugement.",
        ),
        "item_keep_of": ("Keep {name}’s", "Retenir celui de {name}"),
        "item_differs": ("differs:", "diffère :"),
        "item_aside": ("Kept aside: {count}", "Gardés de côté : {count}"),
        # --- too late
        "item_late": ("Somebody decided before you", "Quelqu’un a décidé avant vous"),
        "item_late_kept": (
            "Nothing is lost: your judgement was kept aside in the history. The other one stands.",
            "Rien n’est perdu : votre jugement est gardé de côté dans l’historique. L’autre est en vigueur.",
        ),
        "item_late_nothing": (
            "The item changed since you opened it. Look at it again; nothing was done.",
            "L’élément a changé depuis que vous l’avez ouvert. Regardez-le à nouveau ; rien n’a été fait.",
        ),
        "item_late_theirs": ("In force", "En vigueur"),
        "item_late_mine": ("Yours", "Le vôtre"),
        "item_late_again": ("Save mine again", "Enregistrer quand même le mien"),
        "item_late_go_on": ("Leave it so, go on", "Laisser ainsi et continuer"),
        "item_late_see_history": ("See the history below.", "Voir l’historique ci-dessous."),
        # --- the store
        "item_find": ("Words or code", "Mots ou code"),
        "item_find_button": ("Search", "Chercher"),
        "item_valid": ("valid", "valides"),
        "item_standard": ("standard", "standards"),
        "item_found": ("{count} codes found", "{count} codes trouvés"),
        "item_search_more": (
            "The first {count} are shown; add a word to narrow the search.",
            "Les {count} premiers sont affichés ; ajoutez un mot pour préciser.",
        ),
        "item_around": ("Around this candidate", "Autour de ce candidat"),
        "item_around_show": ("Show the hierarchy and the neighbours", "Afficher la hiérarchie et les voisins"),
        "item_no_store": ("No terminology store is open.", "Aucun entrepôt de terminologies n’est ouvert."),
        # --- similar items
        "item_similar": ("Decided on similar terms", "Décidé sur des termes semblables"),
        "item_similar_show": ("Show similar terms", "Afficher les termes semblables"),
        "item_similar_none": ("Nothing decided on similar terms yet.", "Rien de décidé sur des termes semblables."),
        "item_similar_waiting": ("Similar, not decided ({count})", "Semblables, non décidés ({count})"),
        "item_like": ("Take this one", "Reprendre ce choix"),
        "item_like_this": ("Take the choice of: {label}", "Reprendre le choix de : {label}"),
        # --- people and history
        "item_people": ("Follow-up", "Suivi"),
        "item_claim": ("Take in hand", "Prendre en main"),
        "item_release": ("Let go", "Relâcher"),
        "item_assign": ("Assign", "Attribuer"),
        "item_assign_to": ("Assign to", "Attribuer à"),
        "item_remark": ("Remark for the history", "Remarque pour l’historique"),
        "item_remark_add": ("Add the remark", "Ajouter la remarque"),
        "item_history": ("History", "Historique"),
        "item_history_empty": ("Nothing was done yet.", "Rien n’a encore été fait."),
        "item_undone": ("undone", "annulé"),
        "item_to": ("to {name}", "à {name}"),
        "item_to_nobody": ("to nobody", "à personne"),
        # --- refusals of this page
        "refused_bad_choice": ("This choice is not one of the page.", "Ce choix n’est pas l’un de ceux de la page."),
        "refused_unknown_code": (
            "This code is not in the terminology: search for it.",
            "Ce code n’est pas dans la terminologie : cherchez-le.",
        ),
        # --- what was done
        "notice_now-accepted": ("Accepted. Undo: z", "Accepté. Annuler : z"),
        "notice_now-mapped": (
            "Saved; somebody else has to look. Undo: z",
            "Enregistré ; quelqu’un d’autre doit relire. Annuler : z",
        ),
        "notice_now-in-review": (
            "Saved; somebody else has to look. Undo: z",
            "Enregistré ; quelqu’un d’autre doit relire. Annuler : z",
        ),
        "notice_now-to-reconcile": (
            "Saved; it differs from the first judgement: to reconcile. Undo: z",
            "Enregistré ; il diffère du premier jugement : à concilier. Annuler : z",
        ),
        "notice_drafted": ("Draft saved. Undo: z", "Brouillon enregistré. Annuler : z"),
        "notice_sent-back": ("Sent back to the author. Undo: z", "Renvoyé à l’auteur. Annuler : z"),
        "notice_audited": ("Checked. Undo: z", "Contrôlé. Annuler : z"),
        "notice_claimed": ("In your hands.", "Pris en main."),
        "notice_released": ("Let go.", "Relâché."),
        "notice_assigned": ("Assigned.", "Attribué."),
        "notice_noted": ("Remark added.", "Remarque ajoutée."),
        "notice_reopened": ("Reopened.", "Rouvert."),
    }
)
