"""The words of the terminology on the item page, in English and in French: fates, standings, kinds of terms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- what a new terminology version did to a target: key `fate_` and the fate
        "fate_unchanged": ("unchanged", "inchangé"),
        "fate_relabelled": ("relabelled", "libellé modifié"),
        "fate_moved": ("moved in the hierarchy", "déplacé dans la hiérarchie"),
        "fate_retired with successor": ("retired, has a successor", "retiré, avec remplaçant"),
        "fate_retired without successor": ("retired, no successor", "retiré, sans remplaçant"),
        "fate_dropped after retirement": (
            "retired before, now gone from the store",
            "déjà retiré, désormais absent de l’entrepôt",
        ),
        "fate_active again": ("active again", "de nouveau actif"),
        "fate_no longer assignable": ("no longer to be recorded", "ne peut plus être codé"),
        "fate_not checked": (
            "not checked: the new store has no release of this system",
            "non vérifié : le nouvel entrepôt n’a aucune version de ce système",
        ),
        "fate_unknown to both stores": ("unknown to both stores", "inconnu des deux entrepôts"),
        # --- what takes the place of a code: key `heir_` and the kind
        "heir_replaced-by": ("replaced by", "remplacé par"),
        "heir_same-as": ("same as", "identique à"),
        "heir_possibly-equivalent": ("possibly equivalent to", "peut-être équivalent à"),
        "heir_child": ("now divided into", "désormais subdivisé en"),
        # --- what became of a word: key `standing_` and the standing
        "standing_plain": ("not considered", "non pris en compte"),
        "standing_matched": ("found in the target", "présent dans la cible"),
        "standing_expanded": ("taken for “{by}”", "compris comme « {by} »"),
        "standing_expanded_here": ("stands for a word of the source", "rapproché d’un mot de la source"),
        "standing_missing": ("missing from the target", "absent de la cible"),
        "standing_conflicting": ("contradicts the target", "en contradiction avec la cible"),
        "standing_lacking": ("only in the target", "seulement dans la cible"),
        # --- kinds of terms: key `term_` and the kind
        "term_preferred": ("preferred term", "libellé principal"),
        "term_short": ("short label", "libellé court"),
        "term_fsn": ("fully specified name", "libellé complet"),
        "term_synonym": ("synonym", "synonyme"),
        "term_inclusion": ("inclusion", "inclusion"),
        "term_index": ("entry of the alphabetical index", "entrée de l’index alphabétique"),
        "term_brand": ("brand name", "nom commercial"),
        "term_substance": ("substance", "substance"),
        "term_related": ("related name", "nom apparenté"),
        "term_exclusion": ("exclusion", "exclusion"),
        "term_note": ("note", "note"),
        # --- what an official link says of the other code: key `link_` and the relation
        "link_equivalent": ("equivalent", "équivalent"),
        "link_broader": ("broader", "plus large"),
        "link_narrower": ("narrower", "plus précis"),
        "link_related": ("related", "apparenté"),
        # --- a concept and its surroundings
        "concept_inactive": ("retired", "retiré"),
        "concept_assignable": ("may be recorded", "peut être codé"),
        "concept_not_assignable": ("heading, not to be recorded", "rubrique, ne peut pas être codée"),
        "concept_standard": ("standard concept", "concept standard"),
        "concept_classification": ("classification concept", "concept de classification"),
        "concept_not_standard": ("non-standard concept", "concept non standard"),
        "concept_domain": ("Domain", "Domaine"),
        "concept_vocabulary": ("Vocabulary", "Vocabulaire"),
        "concept_release": ("Release", "Version"),
        "concept_terms": ("Terms", "Libellés"),
        "concept_properties": ("Properties", "Propriétés"),
        "concept_path": ("Hierarchy", "Hiérarchie"),
        "concept_children": ("Below ({count})", "En dessous ({count})"),
        "concept_siblings": ("Beside ({count})", "À côté ({count})"),
        "concept_successors": ("Successors", "Remplaçants"),
        "concept_links": ("Official links", "Correspondances officielles"),
        "concept_unknown": ("This code is not in the store.", "Ce code n’est pas dans l’entrepôt."),
        # --- the search
        "search_title": ("Search the terminologies", "Chercher dans les terminologies"),
        "search_none": ("Nothing found.", "Aucun résultat."),
        "search_matched_by": ("matched by: {term}", "trouvé par : {term}"),
        "search_without": ("without: {words}", "sans : {words}"),
        "search_system": ("System", "Système"),
        "search_all_systems": ("all systems", "tous les systèmes"),
        "search_domain": ("Domain", "Domaine"),
        "search_all_domains": ("all domains", "tous les domaines"),
        "search_standard": ("Standard concepts only", "Concepts standards seulement"),
        "search_valid": ("Valid codes only", "Codes valides seulement"),
        "search_unindexed": (
            "{systems}: too large for the search by words while typing; send the search to look there too.",
            "{systems} : trop volumineux pour la recherche à la frappe ; envoyez la recherche pour y chercher aussi.",
        ),
        # --- evidence
        "words_lacking": ("Only in the target: {words}", "Seulement dans la cible : {words}"),
        "words_found": ("Also in common: {words}", "Aussi en commun : {words}"),
        "words_compared": (
            "The engine says nothing of the words: they are compared here by their stems.",
            "Le moteur ne dit rien des mots : ils sont comparés ici par leur radical.",
        ),
    }
)
