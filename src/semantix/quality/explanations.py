"""What each check means, why it matters and what to do when it fails, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

Text = tuple[str, str]
"""(English, French)."""


class Explanation(Struct, frozen=True):
    """A check in words."""

    title: Text
    why: Text
    fix: Text


_DEATH = Explanation(
    ("Event after death", "Événement postérieur au décès"),
    (
        (
            "Care dated more than 60 days after the death of a person means a "
            "wrong date, a wrong death, or two persons in one."
        ),
        (
            "Un soin daté de plus de 60 jours après le décès trahit une date "
            "fausse, un décès faux ou deux personnes confondues."
        ),
    ),
    (
        "Compare the date and the death with the source; look for two identities joined by mistake.",
        "Comparez la date et le décès avec la source ; cherchez deux identités réunies par erreur.",
    ),
)
_GENDER = Explanation(
    ("Implausible gender", "Sexe invraisemblable"),
    (
        "The record concerns an organ or a state that the person’s recorded gender does not have.",
        "L’enregistrement concerne un organe ou un état que le sexe enregistré de la personne exclut.",
    ),
    (
        "Check the mapping of the code first, then the gender of the person; a few true cases remain.",
        "Vérifiez d’abord l’alignement du code, puis le sexe de la personne ; quelques cas vrais subsistent.",
    ),
)
_LOW_HIGH = (
    "Dates of another century and impossible numbers come from default values, swapped fields or wrong units.",
    (
        "Les dates d’un autre siècle et les nombres impossibles viennent de valeurs par défaut, de champs inversés "
        "ou d’unités fausses."
    ),
)
_ZERO = (
    "A code mapped to 0 is invisible to every analysis that starts from standard concepts.",
    "Un code aligné sur 0 est invisible de toute analyse qui part des concepts standard.",
)

EXPLANATIONS: Mapping[str, Explanation] = MappingProxyType(
    {
        "cdmTable": Explanation(
            ("Table missing", "Table absente"),
            (
                "OHDSI tools expect every table of the CDM, even empty.",
                "Les outils OHDSI attendent toutes les tables du CDM, même vides.",
            ),
            (
                "Create the table, empty if there is nothing to put in it, or name its schema with --schema.",
                "Créez la table, vide s’il n’y a rien à y mettre, ou indiquez son schéma avec --schema.",
            ),
        ),
        "cdmField": Explanation(
            ("Field missing", "Champ absent"),
            (
                "A query written for the CDM 5.4 stops on a field that is not there.",
                "Une requête écrite pour le CDM 5.4 s’arrête sur un champ absent.",
            ),
            (
                "Add the column with the type of the CDM 5.4; it may stay empty if it is not required.",
                "Ajoutez la colonne avec le type du CDM 5.4 ; elle peut rester vide si elle n’est pas obligatoire.",
            ),
        ),
        "measurePersonCompleteness": Explanation(
            ("Persons without any record in a table", "Personnes sans enregistrement dans une table"),
            (
                "A domain that most persons lack was not loaded, or not joined to its persons.",
                "Un domaine qui manque à la plupart des personnes n’a pas été chargé, ou pas relié à elles.",
            ),
            (
                (
                    "Check that the source has this domain and that the load reaches the table; each person needs an "
                    "observation period, and eras are computed after the load."
                ),
                (
                    "Vérifiez que la source contient ce domaine et que le chargement atteint la table ; chaque "
                    "personne a besoin d’une période d’observation, et les ères se calculent après le chargement."
                ),
            ),
        ),
        "measureConditionEraCompleteness": Explanation(
            ("Conditions without an era", "Pathologies sans ère"),
            (
                "Cohorts defined on condition eras lose the persons who have none.",
                "Les cohortes définies sur les ères de pathologie perdent les personnes qui n’en ont pas.",
            ),
            (
                "Run the OHDSI script that derives CONDITION_ERA from CONDITION_OCCURRENCE after each load.",
                "Lancez après chaque chargement le script OHDSI qui dérive CONDITION_ERA de CONDITION_OCCURRENCE.",
            ),
        ),
        "measureObservationPeriodOverlap": Explanation(
            ("Overlapping observation periods", "Périodes d’observation qui se chevauchent"),
            (
                "Periods of a person that overlap or touch count the same time twice, or cut it in two.",
                (
                    "Les périodes d’une personne qui se chevauchent ou se touchent comptent deux fois le même temps, "
                    "ou le coupent en deux."
                ),
            ),
            (
                "Merge the periods of each person before they are written.",
                "Fusionnez les périodes de chaque personne avant de les écrire.",
            ),
        ),
        "isRequired": Explanation(
            ("Required field without a value", "Champ obligatoire sans valeur"),
            (
                "The CDM does not allow NULL here; tools rely on it without checking.",
                "Le CDM interdit ici NULL ; les outils s’y fient sans vérifier.",
            ),
            (
                "Fill the field (0 for a concept that is not known), or leave the record out.",
                "Renseignez le champ (0 pour un concept inconnu), ou écartez l’enregistrement.",
            ),
        ),
        "cdmDatatype": Explanation(
            ("Not a whole number", "Valeur non entière"),
            (
                "Keys and concept identifiers that are not whole numbers do not join.",
                "Des clés ou des identifiants de concept non entiers ne se joignent pas.",
            ),
            (
                "Give the column the integer type of the CDM 5.4 and correct the values that refuse it.",
                "Donnez à la colonne le type entier du CDM 5.4 et corrigez les valeurs qui s’y refusent.",
            ),
        ),
        "isPrimaryKey": Explanation(
            ("Primary key used twice", "Clé primaire employée deux fois"),
            (
                "Two records with one key multiply every join on it.",
                "Deux enregistrements de même clé multiplient toute jointure qui l’emploie.",
            ),
            (
                "Look for a load done twice; number the records again or keep one of each.",
                "Cherchez un chargement fait deux fois ; renumérotez ou ne gardez qu’un exemplaire.",
            ),
        ),
        "isForeignKey": Explanation(
            ("Reference to nothing", "Référence sans cible"),
            (
                "A record that points to a person, visit or concept that does not exist drops out of joins.",
                (
                    "Un enregistrement qui désigne une personne, un séjour ou un "
                    "concept inexistant disparaît des jointures."
                ),
            ),
            (
                "Load the missing target, or empty the reference; for a concept, load the vocabulary it comes from.",
                (
                    "Chargez la cible manquante ou videz la référence ; pour un "
                    "concept, chargez le vocabulaire dont il vient."
                ),
            ),
        ),
        "fkDomain": Explanation(
            ("Concept of another domain", "Concept d’un autre domaine"),
            (
                (
                    "Whoever looks for drugs in the drug table does not expect a "
                    "procedure there, nor finds it where it belongs."
                ),
                (
                    "Qui cherche des médicaments dans leur table n’y attend pas un "
                    "acte, et ne le trouve pas là où il devrait être."
                ),
            ),
            (
                "Let the domain of the standard concept choose the table.",
                "Laissez le domaine du concept standard choisir la table.",
            ),
        ),
        "fkClass": Explanation(
            ("Concept of another class", "Concept d’une autre classe"),
            (
                "Drug eras are eras of ingredients: another class splits or hides an exposure.",
                "Les ères de médicament portent sur des substances : une autre classe scinde ou cache une exposition.",
            ),
            (
                "Derive the eras again from ingredients, with CONCEPT_ANCESTOR.",
                "Dérivez à nouveau les ères à partir des substances, avec CONCEPT_ANCESTOR.",
            ),
        ),
        "isStandardValidConcept": Explanation(
            ("Concept not standard or no longer valid", "Concept non standard ou périmé"),
            (
                "Analyses across databases use standard concepts only; a source concept here is never found.",
                (
                    "Les analyses multicentriques n’emploient que les concepts "
                    "standard ; un concept source n’y est jamais trouvé."
                ),
            ),
            (
                "Follow “Maps to” to the standard concept, and put the source concept in the source concept field.",
                (
                    "Suivez « Maps to » jusqu’au concept standard, et placez le "
                    "concept source dans le champ du concept source."
                ),
            ),
        ),
        "measureValueCompleteness": Explanation(
            ("Values missing", "Valeurs absentes"),
            (
                "A field without values says what this database cannot answer.",
                "Un champ sans valeur dit ce à quoi cette base ne peut pas répondre.",
            ),
            (
                "Fill the field if the source has the fact, or raise the threshold if it does not.",
                "Renseignez le champ si la source porte le fait, ou relevez le seuil sinon.",
            ),
        ),
        "standardConceptRecordCompleteness": Explanation(
            ("Records not mapped", "Enregistrements non alignés"),
            _ZERO,
            (
                (
                    "Load the vocabularies (semantix convert --vocabulary), then map the codes that remain: "
                    "SOURCE_TO_CONCEPT_MAP lists them."
                ),
                (
                    "Chargez les vocabulaires (semantix convert --vocabulary), puis alignez les codes restants : "
                    "SOURCE_TO_CONCEPT_MAP les liste."
                ),
            ),
        ),
        "sourceConceptRecordCompleteness": Explanation(
            ("Source codes without a concept", "Codes source sans concept"),
            (
                "Without a source concept, the code as recorded cannot be traced nor mapped again later.",
                "Sans concept source, le code saisi ne peut être ni retrouvé ni réaligné plus tard.",
            ),
            (
                "Look the code up in its vocabulary, or give it a local concept above 2,000,000,000.",
                "Cherchez le code dans son vocabulaire, ou donnez-lui un concept local au-delà de 2 000 000 000.",
            ),
        ),
        "sourceValueCompleteness": Explanation(
            ("Source values not mapped", "Valeurs source non alignées"),
            _ZERO,
            (
                "Map the most frequent values first: semantix map proposes codes.",
                "Alignez d’abord les valeurs les plus fréquentes : semantix map propose des codes.",
            ),
        ),
        "plausibleValueLow": Explanation(
            ("Value too low", "Valeur trop basse"),
            _LOW_HIGH,
            (
                "Find the default date or unit in the source; leave the value out rather than keep a false one.",
                (
                    "Trouvez dans la source la date ou l’unité par défaut ; mieux "
                    "vaut écarter la valeur que la garder fausse."
                ),
            ),
        ),
        "plausibleValueHigh": Explanation(
            ("Value too high", "Valeur trop haute"),
            _LOW_HIGH,
            (
                "Check dates in the future, units and durations in the source; raise the threshold if they are true.",
                "Vérifiez dans la source dates futures, unités et durées ; relevez le seuil si elles sont vraies.",
            ),
        ),
        "plausibleTemporalAfter": Explanation(
            ("Date before the one it should follow", "Date antérieure à celle qu’elle devrait suivre"),
            (
                (
                    "An end before its start or care before birth cannot be placed in time. Where the time of birth "
                    "is not known, this check takes 1 June of the year, so that infants may fail it."
                ),
                (
                    "Une fin avant son début ou un soin avant la naissance ne se situe pas dans le temps. Si l’heure "
                    "de naissance manque, ce contrôle prend le 1er juin de l’année : des nourrissons peuvent échouer."
                ),
            ),
            (
                "Fill birth_datetime where the day is known; correct swapped dates at the source.",
                "Renseignez birth_datetime quand le jour est connu ; corrigez à la source les dates inversées.",
            ),
        ),
        "plausibleDuringLife": _DEATH,
        "plausibleBeforeDeath": _DEATH,
        "withinVisitDates": Explanation(
            ("Event outside of its visit", "Événement hors de son séjour"),
            (
                "An event more than a week away from its visit is attached to the wrong visit, or badly dated.",
                "Un événement à plus d’une semaine de son séjour est rattaché au mauvais séjour, ou mal daté.",
            ),
            (
                "Check the identifier of the visit and the date of the event; history belongs to no visit.",
                (
                    "Vérifiez l’identifiant du séjour et la date de l’événement ; "
                    "un antécédent n’appartient à aucun séjour."
                ),
            ),
        ),
        "plausibleAfterBirth": Explanation(
            ("Event before birth", "Événement antérieur à la naissance"),
            (
                "Care dated before birth means a wrong date, a wrong birth, or a parent’s record in a child’s file.",
                (
                    "Un soin daté d’avant la naissance trahit une date fausse, une "
                    "naissance fausse ou le dossier d’un parent."
                ),
            ),
            (
                "Compare both dates with the source; look for two identities joined by mistake.",
                "Comparez les deux dates avec la source ; cherchez deux identités réunies par erreur.",
            ),
        ),
        "plausibleStartBeforeEnd": Explanation(
            ("Start after end", "Début postérieur à la fin"),
            (
                "A negative duration breaks every calculation of exposure or stay.",
                "Une durée négative fausse tout calcul d’exposition ou de séjour.",
            ),
            (
                "Look for swapped dates, or for an end imputed before the start.",
                "Cherchez des dates inversées, ou une fin estimée avant le début.",
            ),
        ),
        "plausibleGender": _GENDER,
        "plausibleGenderUseDescendants": _GENDER,
        "plausibleUnitConceptIds": Explanation(
            ("Implausible unit", "Unité invraisemblable"),
            (
                "A value in a unit that its analyte never has was mapped wrongly, or its unit was.",
                "Une valeur dans une unité que son analyte n’emploie jamais est mal alignée, ou son unité l’est.",
            ),
            (
                "Check the mapping of the analyte and of the unit; add the unit to the definitions if it is right.",
                "Vérifiez l’alignement de l’analyte et de l’unité ; ajoutez l’unité aux définitions si elle est juste.",
            ),
        ),
    }
)

_UNKNOWN = Explanation(
    ("A check of your own", "Un contrôle qui vous est propre"),
    ("The definitions name a check of their own.", "Les définitions nomment un contrôle qui leur est propre."),
    ("See where the definitions come from.", "Voyez d’où viennent les définitions."),
)


def explain(name: str) -> Explanation:
    """Return what a check means; one that the definitions made up is said to be so."""
    return EXPLANATIONS.get(name, _UNKNOWN)
