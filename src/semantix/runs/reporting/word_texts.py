"""The texts of the report of a run: (English, French), as ``semantix.report.words.LANGUAGES`` says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Quality of run {run}", "Qualité de l’exécution {run}"),
        "subtitle": (
            "A tool for the secondary use of health data: nothing here serves a clinical decision.",
            "Outil pour l’usage secondaire des données de santé : rien ici ne sert à une décision de soin.",
        ),
        "holds": (
            (
                "This page holds counts and codes, no value of any person; groups of fewer than {least} documents "
                "are shown together."
            ),
            (
                "Cette page contient des nombres et des codes, aucune valeur d’une personne ; les groupes de moins "
                "de {least} documents sont montrés ensemble."
            ),
        ),
        "made_by": ("Made by semantix", "Produit par semantix"),
        "labelled": ("{label}: {value}", "{label}\N{NO-BREAK SPACE}: {value}"),
        # --- in short
        "in_short": ("In short", "En bref"),
        "card_read": ("documents read", "documents lus"),
        "card_live": ("live in the warehouse", "en vigueur dans l’entrepôt"),
        "card_unmapped": ("of the facts without the code wanted", "des faits sans le code voulu"),
        "card_quarantine": ("files in quarantine", "fichiers en quarantaine"),
        "card_differing": ("groups of documents unlike the rest", "groupes de documents différents du reste"),
        "card_pace": ("documents a second", "documents par seconde"),
        "sentence_run": (
            "Run of {day}, {state}.",
            "Exécution du {day}, {state}.",
        ),
        "state_ended": ("ended", "terminée"),
        "state_stopped": ("stopped", "arrêtée"),
        "state_running": ("under way", "en cours"),
        "sentence_facts": (
            (
                "A code is wanted for {facts} facts of {documents} live documents: the source gives it for {source}, "
                "the terminology engine for {engine}, and {unmapped} ({share}) have none."
            ),
            (
                "Un code est voulu pour {facts} faits de {documents} documents en vigueur : la source le donne pour "
                "{source}, le moteur terminologique pour {engine}, et {unmapped} ({share}) n’en ont pas."
            ),
        ),
        "sentence_before": (
            "In the runs before, {share} of the facts had none ({documents} documents).",
            "Dans les exécutions précédentes, {share} des faits n’en avaient pas ({documents} documents).",
        ),
        "sentence_first": (
            "There is no run before it to compare with.",
            "Il n’y a pas d’exécution précédente à laquelle la comparer.",
        ),
        "sentence_unasked": (
            "For {count} more facts, no terminology is looked in: they count in no share.",
            "Pour {count} autres faits, aucune terminologie n’est interrogée : ils n’entrent dans aucune part.",
        ),
        # --- documents
        "documents_title": ("Documents and files", "Documents et fichiers"),
        "fates": ("What documents became", "Ce que sont devenus les documents"),
        "fates_note": (
            "All documents of the warehouse after this run.",
            "Tous les documents de l’entrepôt après cette exécution.",
        ),
        "fate": ("Fate", "Sort"),
        "fate_live": ("live", "en vigueur"),
        "fate_repeated": ("received again by another road", "reçus de nouveau par un autre chemin"),
        "fate_other-version": (
            "another content under a known identifier",
            "autre contenu sous un identifiant déjà connu",
        ),
        "fate_superseded": ("superseded by a later one", "remplacés par un plus récent"),
        "fate_withdrawn": ("withdrawn by their source", "retirés par leur source"),
        "fate_excluded": ("of a person who is excluded", "d’une personne exclue"),
        "quarantine": ("Quarantine", "Quarantaine"),
        "ignored": ("Files passed over", "Fichiers laissés de côté"),
        "reason": ("Reason", "Raison"),
        "reason_UnreadableInput": ("not written as its format says", "n’est pas écrit comme le veut son format"),
        "reason_UnknownFormat": ("no reader knows this format", "aucun lecteur ne connaît ce format"),
        "reason_InternalError": ("an error of semantix, to be told", "une erreur de semantix, à signaler"),
        "reason_internal-error": ("an error of semantix, to be told", "une erreur de semantix, à signaler"),
        "reason_unopened": ("the system did not open the file", "le système n’a pas ouvert le fichier"),
        "reason_lines": ("lines that could not be understood", "des lignes n’ont pas pu être comprises"),
        "files": ("Files", "Fichiers"),
        "count": ("Count", "Nombre"),
        "documents": ("Documents", "Documents"),
        "none_quarantine": ("Nothing was put in quarantine.", "Rien n’a été mis en quarantaine."),
        # --- coverage
        "coverage": ("Coverage by target terminology", "Couverture par terminologie visée"),
        "coverage_note": (
            "Each bar is all the facts for which a code of the terminology is wanted, by occurrences.",
            "Chaque barre : tous les faits pour lesquels un code de la terminologie est voulu, par occurrences.",
        ),
        "by_source": ("Coded by the source", "Codés par la source"),
        "by_engine": ("Coded by the engine", "Codés par le moteur"),
        "unmapped": ("Without the code wanted", "Sans le code voulu"),
        "unmapped_short": ("Without", "Sans"),
        "unmapped_share": ("Share without", "Part sans"),
        "unasked": ("Not looked for", "Non cherchés"),
        "facts": ("Facts", "Faits"),
        "target": ("Target", "Cible"),
        "exact": ("Exact", "Exact"),
        "curated": ("Curated table", "Table validée"),
        "equivalent": ("Official map", "Table officielle"),
        "candidate": ("Candidate accepted", "Candidat accepté"),
        "review": ("For review", "À relire"),
        "nothing": ("Nothing found", "Rien trouvé"),
        "source": ("By the source", "Par la source"),
        "decisions": ("Decisions of the engine in this run", "Décisions du moteur dans cette exécution"),
        # --- groups
        "dimension_practice": ("Practice", "Structure"),
        "dimension_software": ("Software", "Logiciel"),
        "dimension_section": ("Section of the document", "Section du document"),
        "dimension_system": ("Code system of the source", "Système de codes de la source"),
        "dimension_sex": ("Sex", "Sexe"),
        "dimension_age_band": ("Age", "Âge"),
        "dimension_period": ("Month of the document", "Mois du document"),
        "none_practice": ("(no practice)", "(aucune structure)"),
        "none_software": ("(not said)", "(non dit)"),
        "none_section": ("(section without a code)", "(section sans code)"),
        "none_system": ("(words only)", "(des mots seuls)"),
        "none_sex": ("(unknown)", "(inconnu)"),
        "none_age_band": ("(unknown)", "(inconnu)"),
        "none_period": ("(no date)", "(sans date)"),
        "pooled": ("Small groups together ({count})", "Petits groupes réunis ({count})"),
        "years": ("{band} years", "{band} ans"),
        "sex_M": ("Men", "Hommes"),
        "sex_F": ("Women", "Femmes"),
        "sex_O": ("Other", "Autre"),
        "sex_U": ("Unknown", "Inconnu"),
        "more_groups": (
            "… and {count} more, in the JSON report.",
            "… et {count} de plus, dans le rapport JSON.",
        ),
        "group": ("Group", "Groupe"),
        # --- representativity
        "differing": ("Groups that differ from the rest", "Groupes qui diffèrent du reste"),
        "differing_note": (
            (
                "The share of facts without the code wanted is at least {points} points above or below that of all "
                "others, and chance does not explain it (false discovery rate {rate} at most, documents taken as "
                "clusters). What is counted from coded facts may not be representative of these groups."
            ),
            (
                "La part des faits sans le code voulu est d’au moins {points} points au-dessus ou au-dessous de "
                "celle de tous les autres, et le hasard ne l’explique pas (taux de fausses découvertes d’au plus "
                "{rate}, documents pris comme grappes). Ce qui se compte sur les faits codés peut ne pas être "
                "représentatif de ces groupes."
            ),
        ),
        "no_differing": (
            "No group differs from the rest by {points} points or more beyond chance.",
            "Aucun groupe ne diffère du reste de {points} points ou plus au-delà du hasard.",
        ),
        "of_documents": ("Groups of documents", "Groupes de documents"),
        "of_facts": ("Groups of facts", "Groupes de faits"),
        "difference": ("Difference (points)", "Écart (points)"),
        "interval": ("95% interval", "Intervalle à 95 %"),
        "from_to": ("{low} to {high}", "{low} à {high}"),
        "rate": ("False discovery rate", "Taux de fausses découvertes"),
        "forest_note": (
            (
                "Points by which the share of facts without the code wanted differs from the rest, with its 95% "
                "interval; to the right, more facts have none."
            ),
            (
                "Points dont la part des faits sans le code voulu s’écarte du reste, avec son intervalle à 95 % ; à "
                "droite, plus de faits n’en ont pas."
            ),
        ),
        "alike_zero": ("like the rest", "comme le reste"),
        # --- codes
        "codes": ("Codes of the sources", "Codes des sources"),
        "codes_unmapped": (
            "Most frequent codes without the code wanted",
            "Codes les plus fréquents sans le code voulu",
        ),
        "codes_new": ("Local codes that are new in this run", "Codes locaux nouveaux dans cette exécution"),
        "codes_gone": ("Local codes that have disappeared", "Codes locaux disparus"),
        "codes_gone_note": (
            "By what its practices sent before, this run should have each of them {expected} times at least.",
            (
                "D’après ce que leurs structures envoyaient, cette exécution devrait contenir chacun au moins "
                "{expected} fois."
            ),
        ),
        "no_codes": ("None.", "Aucun."),
        "system": ("Code system", "Système de codes"),
        "code": ("Code", "Code"),
        "n": ("Occurrences", "Occurrences"),
        "more_codes": ("… and {count} more.", "… et {count} de plus."),
        "rare_codes": (
            "Not named, in fewer than {least} documents each: {count} codes, {n} occurrences.",
            "Non nommés, dans moins de {least} documents chacun : {count} codes, {n} occurrences.",
        ),
        # --- drift
        "drift": ("Drift", "Dérive"),
        "drift_note": (
            (
                "Each practice is compared with itself in the runs before: {count} had documents enough. From "
                "{moved} bits of divergence on (Jensen-Shannon, beyond chance) a distribution is to be watched, from "
                "{drifted} on it has drifted; a volume, when it is multiplied or divided by {volume_moved}, then "
                "{volume_drifted}."
            ),
            (
                "Chaque structure est comparée à elle-même dans les exécutions précédentes : {count} avaient assez "
                "de documents. Dès {moved} bit de divergence (Jensen-Shannon, au-delà du hasard) une répartition est "
                "à surveiller, dès {drifted} elle a dérivé ; un volume, s’il est multiplié ou divisé par "
                "{volume_moved}, puis {volume_drifted}."
            ),
        ),
        "no_drift": ("Nothing has drifted.", "Rien n’a dérivé."),
        "measure": ("What", "Quoi"),
        "measure_systems": ("code systems", "systèmes de codes"),
        "measure_sections": ("sections", "sections"),
        "measure_volume": ("facts a document", "faits par document"),
        "measure_documents": ("documents a run", "documents par exécution"),
        "drift_value": ("Divergence or ratio", "Divergence ou rapport"),
        "bits": ("{value} bit", "{value} bit"),
        "times": ("× {value}", "× {value}"),
        "before": ("Before", "Avant"),
        "now": ("Now", "Maintenant"),
        "verdict": ("Verdict", "Verdict"),
        "verdict_moved": ("to watch", "à surveiller"),
        "verdict_drifted": ("drifted", "dérive"),
        "drift_sides": (
            "Before and now: documents compared, facts a document, or documents a run.",
            "Avant et maintenant : documents comparés, faits par document, ou documents par exécution.",
        ),
        # --- cost and versions
        "cost": ("Cost and versions", "Coût et versions"),
        "bytes": ("Bytes read", "Octets lus"),
        "seconds": ("Seconds by the clock", "Secondes à l’horloge"),
        "cpu": ("Seconds of processor", "Secondes de processeur"),
        "engine_cpu": ("of which terminology engine", "dont moteur terminologique"),
        "pace": ("Documents a second", "Documents par seconde"),
        "quantity": ("Quantity", "Grandeur"),
        "value": ("Value", "Valeur"),
        "version_of": ("What the run used", "Ce que l’exécution a utilisé"),
        "version": ("Version", "Version"),
    }
)

SECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "10154-3": ("Reason", "Motif"),
        "10157-6": ("Family", "Famille"),
        "10160-0": ("Medication", "Traitements"),
        "10183-2": ("Discharge drugs", "Traitements de sortie"),
        "11348-0": ("History", "Antécédents"),
        "11369-6": ("Vaccines", "Vaccinations"),
        "11450-4": ("Problems", "Problèmes"),
        "18719-5": ("Chemistry", "Biochimie"),
        "18723-7": ("Haematology", "Hématologie"),
        "18725-2": ("Microbiology", "Microbiologie"),
        "18776-5": ("Plan of care", "Plan de soins"),
        "29762-2": ("Way of life", "Habitus"),
        "30954-2": ("Results", "Résultats"),
        "42348-3": ("Advance directives", "Directives anticipées"),
        "46264-8": ("Devices", "Dispositifs"),
        "47420-5": ("Functions", "Capacités"),
        "47519-4": ("Acts", "Actes"),
        "48765-2": ("Allergies", "Allergies"),
        "57828-6": ("Prescription", "Prescription"),
        "60591-5": ("Summary", "Synthèse"),
        "8716-3": ("Vital signs", "Signes vitaux"),
    }
)
"""Our own short words for the sections that are met most."""
