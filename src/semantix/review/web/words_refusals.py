"""Why something was not done, for each key of an ``ActionRefused``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "refused_unknown_action": ("There is no such action.", "Cette action n’existe pas."),
        "refused_role_needed": (
            "Your role does not include this action.",
            "Votre rôle ne comprend pas cette action.",
        ),
        "refused_note_too_long": (
            "The note or the list of targets is too long.",
            "La note ou la liste est trop longue.",
        ),
        "refused_targets_and_none": (
            "Targets were chosen, and “no suitable target” too: keep one of the two.",
            "Des cibles et « aucune cible convenable » sont choisies à la fois : gardez l’un des deux.",
        ),
        "refused_no_choice": (
            "Nothing was chosen: choose a target, or “no suitable target”.",
            "Rien n’est choisi : choisissez une cible, ou « aucune cible convenable ».",
        ),
        "refused_target_twice": (
            "One target stands twice, or is chosen and refused at once.",
            "Une cible figure deux fois, ou est choisie et refusée à la fois.",
        ),
        "refused_target_incomplete": (
            "A target has no terminology or no code.",
            "Une cible n’a pas de terminologie ou pas de code.",
        ),
        "refused_waits_for_reconciler": (
            "Two people judged and differ: a reconciler decides.",
            "Deux personnes ont jugé différemment : un conciliateur décide.",
        ),
        "refused_not_in_this_mode": (
            "The mode of this desk does not provide for this.",
            "Le mode de cet atelier ne le prévoit pas.",
        ),
        "refused_own_work": (
            "Nobody agrees with themselves: somebody else has to look.",
            "Personne n’approuve son propre travail : quelqu’un d’autre doit regarder.",
        ),
        "refused_reason_needed": ("Give the reason.", "Donnez la raison."),
        "refused_nothing_to_review": (
            "There is nothing to review: nobody judged yet, or it is decided already.",
            "Il n’y a rien à relire : personne n’a encore jugé, ou c’est déjà décidé.",
        ),
        "refused_nothing_to_reconcile": ("There is nothing to reconcile.", "Il n’y a rien à concilier."),
        "refused_not_accepted": (
            "Only what is accepted can be reopened.",
            "Seul ce qui est accepté peut être rouvert.",
        ),
        "refused_not_sampled": (
            "This item is not in the sample to check.",
            "Cet élément n’est pas dans l’échantillon à contrôler.",
        ),
        "refused_note_empty": ("The note is empty.", "La note est vide."),
        "refused_not_claimed": (
            "You do not have this item in hand.",
            "Vous n’avez pas cet élément en main.",
        ),
        "refused_no_such_item": ("There is no such item.", "Cet élément n’existe pas."),
        "refused_bad_cursor": (
            "The page asked for is not one: start again from the first.",
            "La page demandée n’en est pas une : repartez de la première.",
        ),
        "refused_name_taken": (
            "There is an account of this name: change it instead.",
            "Un compte porte déjà ce nom : modifiez-le plutôt.",
        ),
        "refused_name_empty": ("The name is empty.", "Le nom est vide."),
        "refused_name_long": ("The name is too long.", "Le nom est trop long."),
        "refused_name_signs": (
            "The name holds signs that are not seen, or begins or ends with a space.",
            "Le nom contient des caractères invisibles, ou commence ou finit par une espace.",
        ),
        "refused_no_such_name": ("There is no account of this name.", "Aucun compte ne porte ce nom."),
        "refused_password_short": (
            "A password has twelve characters at least.",
            "Un mot de passe a au moins douze caractères.",
        ),
        "refused_password_long": (
            "A password has a thousand characters at most.",
            "Un mot de passe a au plus mille caractères.",
        ),
        "refused_password_name": (
            "The password holds the name of the person.",
            "Le mot de passe contient le nom de la personne.",
        ),
        "refused_password_plain": (
            "The password repeats a few characters.",
            "Le mot de passe répète quelques caractères.",
        ),
    }
)
