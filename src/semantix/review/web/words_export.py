"""The words of the export page. Names that begin with ``export_format_`` are put together with a format."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each text is (English, French).
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "nav_export": ("Export", "Export"),
        "export_title": ("Export", "Export"),
        "export_intro": (
            "The mappings of this desk as a file. What a format cannot carry is told, never cut in silence.",
            "Les correspondances de cet atelier dans un fichier. Ce qu’un format ne peut porter est dit, jamais coupé.",
        ),
        "export_format": ("Format", "Format"),
        "export_format_sssom": ("SSSOM 1.1", "SSSOM 1.1"),
        "export_format_sssom_text": (
            "One table of mappings with their justification, for other tools and for publication.",
            "Une table de correspondances avec leur justification, pour d’autres outils et pour la publication.",
        ),
        "export_format_usagi": ("Usagi, save file", "Usagi, fichier de sauvegarde"),
        "export_format_usagi_text": (
            "To go on in Usagi; its own columns, the others kept beside them.",
            "Pour continuer dans Usagi ; ses propres colonnes, les autres gardées à côté.",
        ),
        "export_format_usagi-review": ("Usagi, for review", "Usagi, pour relecture"),
        "export_format_usagi-review_text": (
            "The short table that Usagi writes for reviewers.",
            "La table courte qu’Usagi écrit pour les relecteurs.",
        ),
        "export_format_stcm": ("OMOP SOURCE_TO_CONCEPT_MAP", "OMOP SOURCE_TO_CONCEPT_MAP"),
        "export_format_stcm_text": (
            "The table of OMOP databases; accepted mappings to an OMOP concept.",
            "La table des bases OMOP ; correspondances acceptées vers un concept OMOP.",
        ),
        "export_format_conceptmap-r4": ("FHIR ConceptMap R4", "FHIR ConceptMap R4"),
        "export_format_conceptmap-r4_text": (
            "For a FHIR R4 server.",
            "Pour un serveur FHIR R4.",
        ),
        "export_format_conceptmap-r5": ("FHIR ConceptMap R5", "FHIR ConceptMap R5"),
        "export_format_conceptmap-r5_text": (
            "For a FHIR R5 server.",
            "Pour un serveur FHIR R5.",
        ),
        "export_format_tables": ("Curated tables of semantix", "Tables vérifiées de semantix"),
        "export_format_tables_text": (
            "A ZIP of tables, one a target; the next convert --table uses them.",
            "Un ZIP de tables, une par cible ; le prochain convert --table s’en sert.",
        ),
        "export_no_omop": (
            "No terminology store is open: OMOP concepts are not found.",
            "Aucun entrepôt de terminologies n’est ouvert : les concepts OMOP ne sont pas trouvés.",
        ),
        "export_states": ("States", "États"),
        "export_states_note": (
            (
                "None chosen means those that the format is for: accepted for SOURCE_TO_CONCEPT_MAP, accepted and "
                "rejected for curated tables, all for the others."
            ),
            (
                "Sans choix, ceux auxquels le format sert : acceptés pour SOURCE_TO_CONCEPT_MAP, acceptés et "
                "renvoyés pour les tables vérifiées, tous pour les autres."
            ),
        ),
        "export_download": ("Download", "Télécharger"),
        "export_download_this": ("Download {name}", "Télécharger {name}"),
        "export_check": ("What would be lost?", "Qu’est-ce qui serait perdu ?"),
        "export_losses": ("What this format does not carry", "Ce que ce format ne porte pas"),
        "export_losses_caption": (
            "{format}, {count} entries: by field, with an example of a code",
            "{format}, {count} entrées : par champ, avec un exemple de code",
        ),
        "export_nothing_lost": (
            "{format}, {count} entries: nothing would be lost.",
            "{format}, {count} entrées : rien ne serait perdu.",
        ),
        "export_field": ("Field", "Champ"),
        "export_count": ("Entries", "Entrées"),
        "export_example": ("Example", "Exemple"),
        "export_reason": ("Reason", "Raison"),
        "export_empty": (
            "The desk is empty: there is nothing to export.",
            "L’atelier est vide : il n’y a rien à exporter.",
        ),
        "export_logged": (
            "Each download is written into the history.",
            "Chaque téléchargement est inscrit dans l’historique.",
        ),
    }
)
