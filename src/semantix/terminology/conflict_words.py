"""The words that turn the meaning of a label, by axis: what :mod:`semantix.terminology.conflicts` looks for.

On one axis, two texts whose values differ contradict each other. A value may also matter when only one text has it:
``missing`` when the query says it and the label is silent, ``added`` when the label says it and the query does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.terminology.text import stem

HARD: Final = "hard"
SOFT: Final = "soft"


class Value(Struct, frozen=True):
    """One value of an axis. ``words`` are folded; a group of words is joined by blanks.

    ``missing`` and ``added`` are HARD (no automatic acceptance), SOFT (told, no more) or empty (nothing to tell).
    """

    axis: str
    name: str
    words: tuple[str, ...]
    missing: str = SOFT
    added: str = ""
    laboratory: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


def _v(axis: str, name: str, words: str, missing: str = SOFT, added: str = "") -> Value:
    return Value(axis, name, _words(words), missing, added)


def _lab(axis: str, name: str, words: str, missing: str = HARD, added: str = HARD) -> Value:
    return Value(axis, name, _words(words), missing, added, laboratory=True)


VALUES: Final[tuple[Value, ...]] = (
    _v("laterality", "right", "droit droite droits droites dte"),
    _v("laterality", "left", "gauche gauches gche"),
    _v("laterality", "both", "bilateral bilaterale bilateraux bilaterales bilat deux_cotes des_2_cotes"),
    _v("laterality", "one", "unilateral unilaterale unilateraux unilat"),
    _v("acuity", "acute", "aigu aigue aigus aigues suraigu suraigue fulminant aig"),
    _v("acuity", "subacute", "subaigu subaigue sub_aigu sub_aigue"),
    _v("acuity", "chronic", "chronique chroniques chronicise chron"),
    _v(
        "behaviour",
        "malignant",
        "malin maligne malins malignes malignite cancer cancereux cancereuse carcinome "
        "adenocarcinome epithelioma sarcome "
        "neo tm neoplasie_maligne lymphosarcome osteosarcome",
        HARD,
        HARD,
    ),
    _v("behaviour", "benign", "benin benigne benins benignes tb"),
    _v("behaviour", "in situ", "in_situ", HARD, HARD),
    _v("behaviour", "uncertain", "imprevisible incertaine evolution_inconnue ev_impr", HARD, HARD),
    _v("spread", "metastasis", "metastase metastatique metastatiques meta metas", HARD, HARD),
    _v("spread", "secondary", "secondaire secondaires"),
    _v("spread", "primary", "primitif primitive essentiel essentielle primaire idiopathique"),
    _v("origin", "congenital", "congenital congenitale congenitaux cong", HARD, HARD),
    _v("origin", "acquired", "acquis acquise", SOFT, ""),
    _v(
        "history",
        "history",
        "antecedent antecedents atcd atcds ancien ancienne gueri guerie histoire_personnelle atcdp",
        HARD,
        HARD,
    ),
    _v("sequela", "sequela", "sequelle sequelles sequellaire seq", HARD, HARD),
    _v(
        "family",
        "family",
        "antecedent_familial antecedents_familiaux antecedents_familial atcd_familial "
        "atcd_familiaux atcd_fam atcds_fam "
        "atcdf histoire_familiale dans_la_famille heredite pere frere soeur chez_la_mere chez_sa_mere de_sa_mere",
        HARD,
        HARD,
    ),
    _v(
        "suspicion",
        "suspicion",
        "suspicion suspicions suspect suspecte suspectes probable probables eliminer hypothese evoquant ?",
        HARD,
        HARD,
    ),
    _v("screening", "screening", "depistage depistages depist", HARD, HARD),
    _v(
        "vaccination",
        "vaccination",
        "vaccin vaccins vaccination vaccinations vaccinal vacciner vaccine vacc",
        HARD,
        HARD,
    ),
    _v("contact", "contact", "sujet_contact cas_contact contage contact", HARD),
    _v("carrier", "carrier", "porteur porteuse", SOFT, HARD),
    _v("carriage", "carriage", "portage porteur_sain", HARD, HARD),
    _v("fear", "fear", "peur crainte apprehension", HARD, HARD),
    _v(
        "pregnancy",
        "fetus",
        "foetus nn foet foetal foetale foetaux nouveau_ne nouveaux_ne nouveau_nes neonatal neonatale "
        "neonataux perinatal perinatale",
        HARD,
        HARD,
    ),
    _v(
        "pregnancy",
        "mother",
        "grossesse grossesses maternel maternelle gravidique gravidiques gestationnel "
        "gestationnelle enceinte accouchement "
        "puerperal puerperale puerperalite accouch obst obstetrical obstetricale post_partum postpartum",
        HARD,
        HARD,
    ),
    _v("sex", "male", "homme hommes masculin masculine"),
    _v("sex", "female", "femme femmes feminin feminine"),
    _v("age group", "adult", "adulte adultes"),
    _v("age group", "child", "enfant enfants nourrisson nourrissons infantile juvenile"),
    _v("fracture", "open", "ouvert ouverte ouverts ouvertes ouv", HARD, HARD),
    _v("fracture", "closed", "ferme fermee fermes fermees"),
    _v("vertical", "upper", "superieur superieure superieurs superieures"),
    _v("vertical", "lower", "inferieur inferieure inferieurs inferieures"),
    _v("depth", "front", "anterieur anterieure anterieurs anterieures"),
    _v("depth", "back", "posterieur posterieure posterieurs posterieures"),
    _v("side", "inner", "interne internes medial mediale"),
    _v("side", "outer", "externe externes lateral laterale"),
    _v("end", "near", "proximal proximale proximaux"),
    _v("end", "far", "distal distale distaux"),
    _v(
        "intent",
        "intended",
        "volontaire volontaires intentionnel intentionnelle autolyse",
        HARD,
    ),
    _v("intent", "accident", "accidentel accidentelle accidentels involontaire"),
    _v("severity", "mild", "leger legere minime"),
    _v("severity", "moderate", "moyen moyenne modere moderee"),
    _v("severity", "severe", "severe severes grave graves profond profonde majeur majeure"),
    _v("recurrence", "single", "isole isolee unique"),
    _v("recurrence", "recurrent", "recurrent recurrente recidivant recidivante recidive"),
    _v("extent", "general", "generalise generalisee diffus diffuse"),
    _v("extent", "local", "localise localisee circonscrit circonscrite"),
    _v("with", "with", "avec"),
    _v("with", "without", "sans"),
    _v(
        "result",
        "negative",
        "negatif negative negatifs negatives seronegatif exclu exclue elimine eliminee",
        HARD,
    ),
    _v("result", "positive", "positif positive positifs positives seropositif seropositive"),
    _lab(
        "specimen",
        "urine",
        "urine urines urinaire urinaires urinary kaliurie kaliurese natriurie natriurese "
        "glycosurie glucosurie albuminurie calciurie "
        "microalbuminurie proteinurie creatininurie uricosurie phosphaturie ecbu",
    ),
    _lab(
        "specimen",
        "blood",
        "sang sanguin sanguine serum serique plasma plasmatique blood kaliemie natremie glycemie albuminemie calcemie "
        "proteinemie creatininemie uricemie phosphoremie phosphatemie",
        HARD,
        "",
    ),
    _lab("specimen", "csf", "lcr lcs csf cephalorachidien cerebrospinal"),
    _lab("specimen", "stool", "selle selles fecal fecale stool"),
    _lab("specimen", "saliva", "salive salivaire saliva"),
    _lab("specimen", "fluid", "ascite pleural synovial articulaire amniotique sperme seminal"),
    _lab("method", "calculated", "calcule calculee calculees calcules calc friedewald calculated"),
    _lab("method", "measured", "mesure mesuree mesures direct measured", SOFT, ""),
    _lab("ratio", "ratio", "rapport ratio quotient indice index"),
    _lab(
        "clearance", "clearance", "clairance clearance dfg debit_filtration filtration_glomerulaire cockcroft mdrd epi"
    ),
    _lab("glycated", "glycated", "glyquee glyque glycosylee glyquees glycated hba1c a1c"),
    _lab("kinase", "kinase", "kinase phosphokinase cpk ck"),
    _lab("scale", "percent", "% pourcentage pourcent fraction"),
    _lab("scale", "molar ratio", "mmol/mol"),
    _lab("scale", "absolute", "absolu absolue valeur_absolue numeration", SOFT, ""),
    _lab("timing", "fasting", "jeun fasting", SOFT, ""),
    _lab("timing", "after a meal", "postprandial postprandiale post_prandial post_prandiale prandial pp"),
    _lab("timing", "mean", "moyenne moyen estimee mean estimated"),
    _lab("timing", "after a load", "charge hgpo hyperglycemie_provoquee apres_glucose"),
    _lab("collection", "a day", "24h 24_h 24_heures 24_hour diurese"),
    _lab("binding", "free", "libre libres free ionise ionisee"),
    _lab("binding", "total", "total totale totaux totales", SOFT, ""),
    _lab("conjugation", "conjugated", "conjuguee conjugue"),
    _lab("conjugation", "unconjugated", "non_conjuguee non_conjugue"),
    _lab("directness", "direct", "direct"),
    _lab("directness", "indirect", "indirect"),
    _lab("immunology", "antibody", "anticorps ac antibody ab igg igm iga ige"),
    _lab("immunology", "antigen", "antigene ag antigen"),
)
AXES: Final[tuple[str, ...]] = tuple(dict.fromkeys(value.axis for value in VALUES))
LETTER_HEADS: Final = frozenset(
    map(stem, _words("hepatite virus vitamine grippe influenza streptocoque hemophilie proteine groupe type"))
)
"""Stems after which, at once or after one word, a letter names which one: ``hépatite B``."""
_HARD_NUMBERS = "type facteur groupe degre diabete nerf paire"
_ADDED_NUMBERS = "stade grade classe phase trimestre"
_SOFT_NUMBERS = "niveau semaine vih doigt orteil"
NUMBER_HEADS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    dict.fromkeys(map(stem, _words(_HARD_NUMBERS)), (HARD, HARD))
    | dict.fromkeys(map(stem, _words(_ADDED_NUMBERS)), (SOFT, HARD))
    | dict.fromkeys(map(stem, _words(_SOFT_NUMBERS)), (SOFT, SOFT))
)
"""Stems beside which a number names which one, and what it means when one text alone has it (missing, added)."""
NEGATIONS: Final = frozenset(_words("sans absence aucun aucune pas ni non hors sauf hormis excepte exclusion"))
NEUTRAL: Final = (
    r"\b(?:sans|non) (?:autres? )?"
    r"(?:precisions?|precise\w*|specifie\w*|classe\w*(?: ailleurs)?|indications?|determine\w*|identifie\w*|stop)"
)
"""Wordings that look like a negation and only say that nothing more is said."""
MENTION: Final = r"\bsans (?:mention|notion)s? d(?:es?|u)?\b"
"""A longer way to write ``sans``."""
LIKE_HISTORY: Final = frozenset(
    map(stem, _words("acquise presence allergie allergique ex sevre sevree arrete arretee stoma stomie prothese"))
)
"""Words of a text whose counterpart may speak of a history without a conflict."""
MALIGNANT_BY_NATURE: Final = frozenset(
    map(
        stem,
        _words(
            "melanome lymphome leucemie myelome mesotheliome hodgkin kaposi waldenstrom seminome gliome glioblastome "
            "neuroblastome nephroblastome hepatoblastome retinoblastome medulloblastome blastome"
        ),
    )
)
MILD: Final = frozenset(map(stem, _words("complication gravite symptome signe particularite precision mention")))
"""What a label may leave unsaid when the query denies it: ``sans complication``."""
FEMALE_ONLY: Final = frozenset(
    map(
        stem,
        _words(
            "uterus uterin uterine ovaire ovaires ovarien ovarienne vagin vaginal vaginale vaginite "
            "vulve vulvaire endometre "
            "endometrial endometriose menopause grossesse gravidique gestationnel accouchement "
            "maternel maternelle puerperal "
            "obstetrical menstruation menstruel dysmenorrhee amenorrhee metrorragie menorragie "
            "salpingite femme feminin "
            "placenta placentaire"
        ),
    )
)
MALE_ONLY: Final = frozenset(
    map(
        stem,
        _words(
            "prostate prostatique prostatite testicule testicules testiculaire penis penien verge "
            "scrotum scrotal phimosis "
            "balanite hydrocele epididyme epididymite priapisme homme masculin"
        ),
    )
)
