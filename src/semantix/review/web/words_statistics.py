"""The words of the statistics page and of automatic acceptance: names of figures, and why some are not given.

Names that begin with ``stat_why_``, ``stat_band_``, ``stat_task_``, ``stat_group_``, ``stat_chart_`` and ``no_rule_``
are put together with the value of a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stat_title": ("Statistics", "Statistiques"),
        "stat_labelled": ("{label}: {value}", "{label}\N{NO-BREAK SPACE}: {value}"),
        "stat_print": ("Print this page", "Imprimer cette page"),
        "stat_none_yet": ("Nothing to show yet.", "Rien à montrer pour l’instant."),
        "stat_not_told": ("not given", "non donné"),
        "stat_interval": ("95% interval: {low} to {high}", "intervalle à 95 % : {low} à {high}"),
        # --- progress
        "stat_progress": ("Progress", "Avancement"),
        "stat_day": ("Day", "Jour"),
        "stat_codes": ("codes", "codes"),
        "stat_records": ("records", "enregistrements"),
        "stat_accepted_codes": ("Accepted codes", "Codes acceptés"),
        "stat_accepted_records": ("Records covered", "Enregistrements couverts"),
        "stat_chart_progress": ("Accepted share over time", "Part acceptée au fil du temps"),
        "stat_chart_progress_note": (
            (
                "The plain line is the share of the records whose code is accepted, the dashed line the share of the "
                "codes. The table beside it gives the same figures."
            ),
            (
                "La ligne pleine est la part des enregistrements dont le code est accepté, la ligne en tirets la part "
                "des codes. Le tableau voisin donne les mêmes chiffres."
            ),
        ),
        # --- throughput
        "stat_throughput": ("Decisions", "Décisions"),
        "stat_person": ("Person", "Personne"),
        "stat_decisions": ("Decisions", "Décisions"),
        "stat_decisions_note": (
            "Decisions taken one by one; those of bulk actions are counted apart.",
            "Décisions prises une par une ; celles des actions groupées sont comptées à part.",
        ),
        "stat_bulk": ("In bulk", "En groupe"),
        "stat_days": ("Days", "Jours"),
        "stat_seconds": ("Time per decision", "Temps par décision"),
        "stat_seconds_value": ("{seconds} s", "{seconds}\N{NO-BREAK SPACE}s"),
        "stat_seconds_note": (
            "Median time between two decisions in a row of one person; pauses beyond 10 minutes are left out.",
            (
                "Temps médian entre deux décisions successives d’une même personne ; les pauses de plus de 10 minutes "
                "sont écartées."
            ),
        ),
        "stat_task_judged": ("Judged", "Jugés"),
        "stat_task_reviewed": ("Reviewed", "Relus"),
        "stat_task_reconciled": ("Reconciled", "Conciliés"),
        "stat_task_audited": ("Checked", "Contrôlés"),
        "stat_chart_days": ("Decisions by day", "Décisions par jour"),
        "stat_chart_days_note": (
            (
                "Each bar is one day: the decisions that all people took one by one. "
                "The table beside it gives the same figures."
            ),
            (
                "Chaque barre est un jour : les décisions prises une par une par tout le monde. "
                "Le tableau voisin donne les mêmes chiffres."
            ),
        ),
        # --- agreement
        "stat_agreement": ("Agreement", "Accord"),
        "stat_agreement_note": (
            (
                "Between people who judged the same item without seeing each other’s choice. "
                "1 is full agreement, 0 what chance alone would give."
            ),
            (
                "Entre personnes ayant jugé le même élément sans voir le choix de l’autre. "
                "1 est l’accord parfait, 0 ce que donnerait le seul hasard."
            ),
        ),
        "stat_kappa": ("Cohen’s kappa", "Kappa de Cohen"),
        "stat_alpha": ("Krippendorff’s alpha", "Alpha de Krippendorff"),
        "stat_near_alpha": (
            "Krippendorff’s alpha, close misses counted less",
            "Alpha de Krippendorff, les écarts proches comptant moins",
        ),
        "stat_near_alpha_note": (
            "Two codes count as the nearer, the deeper what they have in common in the hierarchy.",
            (
                "Deux codes comptent comme d’autant plus proches que ce qu’ils ont en commun est profond dans la "
                "hiérarchie."
            ),
        ),
        "stat_pair": ("{first} and {second}", "{first} et {second}"),
        "stat_items_both": ("Items judged by both", "Éléments jugés par les deux"),
        "stat_agreed": ("Same choice", "Même choix"),
        "stat_same_codes": (
            "Same codes: {same} of {pairs} pairs of judgements; the relation differs in {other}.",
            "Mêmes codes : {same} des {pairs} paires de jugements ; la relation diffère dans {other}.",
        ),
        "stat_apart": ("How far apart disagreements are", "À quel point les désaccords sont éloignés"),
        "stat_pairs": ("Pairs", "Paires"),
        "stat_examples": ("Examples", "Exemples"),
        "stat_band_relation": ("same codes, another relation", "mêmes codes, autre relation"),
        "stat_band_partly": ("some codes in common", "une partie des codes en commun"),
        "stat_band_parent": ("one code is directly above the other", "un code est directement au-dessus de l’autre"),
        "stat_band_sibling": ("codes side by side", "codes voisins"),
        "stat_band_family": ("same family", "même famille"),
        "stat_band_far": ("nothing in common", "rien en commun"),
        "stat_band_no-target": (
            "one said “no suitable target”",
            "l’un a dit «\N{NO-BREAK SPACE}aucune cible convenable\N{NO-BREAK SPACE}»",
        ),
        "stat_why_no-pairs": ("no item was judged by two people", "aucun élément n’a été jugé par deux personnes"),
        "stat_why_one-item": ("one item is too few", "un seul élément, c’est trop peu"),
        "stat_why_one-category": (
            "everybody always chose the same, so chance cannot be told from agreement",
            "tout le monde a toujours choisi la même chose : rien ne distingue l’accord du hasard",
        ),
        "stat_why_no-hierarchy": ("no terminology store is at hand", "aucun entrepôt de terminologies n’est ouvert"),
        # --- reliability
        "stat_reliability": ("Precision by probability", "Précision selon la probabilité"),
        "stat_band": ("Probability", "Probabilité"),
        "stat_said": ("probability said, on average", "probabilité annoncée, en moyenne"),
        "stat_chosen": ("share that people chose", "part choisie par les personnes"),
        "stat_seen": ("Judged", "Jugés"),
        "stat_seen_short": ("judged", "jugés"),
        "stat_chart_reliability": (
            "What the engine said, and what people chose",
            "Ce que le moteur annonce, et ce que les personnes choisissent",
        ),
        "stat_chart_reliability_note": (
            (
                "For each band of probability, the dot is the share of first candidates that people chose, with its "
                "95% interval; the dashed line is the probability that was said, on average. A dot above its line "
                "means that the engine was too modest, below it too sure. The table beside it gives the same figures."
            ),
            (
                "Pour chaque tranche de probabilité, le point est la part des premiers candidats que les personnes ont "
                "choisis, avec son intervalle à 95 % ; le trait en tirets est la probabilité annoncée, en moyenne. Un "
                "point au-dessus de son trait signifie que le moteur était trop modeste, au-dessous trop sûr de lui. "
                "Le tableau voisin donne les mêmes chiffres."
            ),
        ),
        # --- sources
        "stat_sources": ("Sources that leave most open", "Sources qui laissent le plus à faire"),
        "stat_sources_note": (
            "Weighted by the number of records behind each code.",
            "Pondéré par le nombre d’enregistrements derrière chaque code.",
        ),
        "stat_group_sender": ("By sender", "Par émetteur"),
        "stat_group_section": ("By section", "Par section"),
        "stat_group_system": ("By code system", "Par système de codes"),
        "stat_source": ("Source", "Source"),
        "stat_items": ("Items", "Éléments"),
        "stat_all_records": ("Records", "Enregistrements"),
        "stat_open_records": ("open records", "non acceptés"),
        "stat_open_share": ("share", "part"),
        "stat_unmapped": ("nobody judged", "à traiter"),
        "stat_under_way": ("judged, not accepted", "jugés, non acceptés"),
        "stat_unmapped_share": ("Nobody judged", "À traiter"),
        "stat_unnamed": ("(not given)", "(non indiqué)"),
        "stat_chart_sources_sender": ("Open records by sender", "Enregistrements non acceptés par émetteur"),
        "stat_chart_sources_section": ("Open records by section", "Enregistrements non acceptés par section"),
        "stat_chart_sources_system": (
            "Open records by code system",
            "Enregistrements non acceptés par système de codes",
        ),
        "stat_chart_sources_note": (
            (
                "Each bar is one source: the records whose code is not accepted. Striped: nobody judged the code; "
                "dotted: somebody did. The table beside it gives the same figures."
            ),
            (
                "Chaque barre est une source : les enregistrements dont le code n’est pas accepté. Rayé : personne n’a "
                "jugé le code ; pointillé : quelqu’un l’a fait. Le tableau voisin donne les mêmes chiffres."
            ),
        ),
        # --- audit sample and automatic acceptance
        "stat_audit": ("Audit of automatic acceptance", "Contrôle de l’acceptation automatique"),
        "stat_audit_value": (
            "{right} of {seen} checked acceptances were right ({share}; 95% interval: {low} to {high}).",
            "{right} des {seen} acceptations contrôlées étaient justes ({share} ; intervalle à 95 % : {low} à {high}).",
        ),
        "stat_audit_none": ("No acceptance was checked yet.", "Aucune acceptation n’a encore été contrôlée."),
        "stat_rule": (
            (
                "Accepts first candidates without conflict and with a probability of at least {threshold}. At this "
                "threshold the precision is at least {bound}, with 95% confidence: {right} of {seen} were right, of "
                "which {desk_right} of {desk_seen} by this desk’s own judgements."
            ),
            (
                "Accepte les premiers candidats sans contradiction et d’une probabilité d’au moins {threshold}. À ce "
                "seuil la précision est d’au moins {bound}, avec une confiance de 95 % : {right} sur {seen} étaient "
                "justes, dont {desk_right} sur {desk_seen} d’après les jugements de cet atelier."
            ),
        ),
        "no_rule_too-few": (
            "Too little is known to accept anything: {seen} judged candidates, at least 100 are needed.",
            "Trop peu de recul pour accepter quoi que ce soit : {seen} candidats jugés, il en faut au moins 100.",
        ),
        "no_rule_untried": (
            (
                "The engine’s own pairs would say {bound} from a probability of {threshold}, but they are of other "
                "wordings. Judge first candidates above it here first: at least 30 are needed, there are {desk_seen}."
            ),
            (
                "Les paires du moteur diraient {bound} à partir d’une probabilité de {threshold}, mais elles portent "
                "sur d’autres libellés. Jugez d’abord ici des premiers candidats au-dessus : il en faut au moins 30, "
                "il y en a {desk_seen}."
            ),
        ),
        "no_rule_not-reached": (
            (
                "No threshold guarantees a precision of {precision}. The best that can be guaranteed is {bound}, from "
                "a probability of {threshold} ({right} of {seen} right). Ask for less, or judge more items first."
            ),
            (
                "Aucun seuil ne garantit une précision de {precision}. Le mieux qu’on puisse garantir est {bound}, à "
                "partir d’une probabilité de {threshold} ({right} justes sur {seen}). Demandez moins, ou jugez d’abord "
                "plus d’éléments."
            ),
        ),
        "no_rule_contradicted": (
            (
                "The judgements of this desk speak against a precision of {precision}: above a probability of "
                "{threshold}, {desk_right} of {desk_seen} first candidates were chosen, so the precision is at most "
                "{desk_bound}, with 95% confidence. Nothing is accepted automatically."
            ),
            (
                "Les jugements de cet atelier contredisent une précision de {precision} : au-dessus d’une probabilité "
                "de {threshold}, {desk_right} premiers candidats sur {desk_seen} ont été choisis ; la précision est "
                "donc d’au plus {desk_bound}, avec une confiance de 95 %. Rien n’est accepté automatiquement."
            ),
        ),
    }
)
