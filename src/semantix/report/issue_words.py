"""The doubts about the data, in English and in French: one wording a code, the same for every place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ISSUES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "SX001": (
            "times without a zone were read as Paris time",
            "des heures sans fuseau ont été lues à l’heure de Paris",
        ),
        "SX002": (
            "a date that is not one, or has a wrong zone",
            "une date qui n’en est pas une, ou au fuseau incorrect",
        ),
        "SX003": ("a reference to a missing part of the text", "un renvoi à un passage du texte qui n’existe pas"),
        "SX004": ("a number is badly written", "un nombre est mal écrit"),
        "SX005": ("white space around a code was removed", "des espaces autour d’un code ont été retirés"),
        "SX006": ("a value of an unexpected type", "une valeur d’un type inattendu"),
        "SX008": ("an embedded object is not valid base64", "un objet inclus n’est pas en base64 valide"),
        "SX009": ("the document names no patient", "le document ne désigne aucun patient"),
        "SX010": ("the document has no body", "le document n’a pas de corps"),
        "SX101": (
            "a document listed in the archive is missing",
            "un document annoncé par l’archive est absent",
        ),
        "SX102": ("a file of the archive is not listed", "un fichier de l’archive n’est pas annoncé"),
        "SX103": (
            "a document was changed after the archive was made",
            "un document a changé depuis la création de l’archive",
        ),
        "SX104": ("a document has not the size announced", "un document n’a pas la taille annoncée"),
        "SX105": ("a listed document has no file name", "un document annoncé n’a pas de nom de fichier"),
        "SX106": (
            "a listed document is not XML and was not read",
            "un document annoncé n’est pas du XML et n’a pas été lu",
        ),
        "SX107": (
            "the archive’s list of contents is unreadable",
            "la liste du contenu de l’archive est illisible",
        ),
        "SX211": (
            "a laboratory value outside what is possible for its test: kept as written, its unit not coded",
            "une valeur de biologie hors du possible pour son examen : gardée telle quelle, son unité n’est pas codée",
        ),
        "SX280": (
            "words of a record were kept as a comment, not interpreted",
            "un texte du dossier est gardé en commentaire, sans être interprété",
        ),
        "SX281": (
            "a vital sign without a unit, read in the only one possible",
            "un signe vital sans unité, lu dans la seule unité possible",
        ),
        "SX301": (
            "results without the lines that name the patient",
            "des résultats sans les lignes qui désignent le patient",
        ),
        "SX302": (
            "lines of the header are missing or extra",
            "des lignes de l’en-tête manquent ou sont en trop",
        ),
        "SX303": (
            "a header whose names cannot be told: kept as text",
            "un en-tête dont les noms ne se reconnaissent pas : gardé comme texte",
        ),
        "SX304": (
            "a date of the header cannot be read",
            "une date de l’en-tête est illisible",
        ),
        "SX305": (
            "a birth date after the date of the file",
            "une date de naissance postérieure à celle du fichier",
        ),
        "SX306": (
            "a patient number that another person has too: not used",
            "un numéro de patient porté aussi par une autre personne : non utilisé",
        ),
        "SX310": (
            "a value was kept as text, or has several readings",
            "une valeur est gardée comme texte, ou se lit de plusieurs façons",
        ),
        "SX311": (
            "the flags of a line and of its value differ",
            "les indicateurs d’anomalie de la ligne et de la valeur diffèrent",
        ),
        "SX312": (
            "a flag that may be of either of two values: left out",
            "un indicateur d’anomalie attribuable à l’une ou l’autre de deux valeurs : laissé de côté",
        ),
        "SX313": (
            "words in the place of the value, the value in that of the second one",
            "des mots à la place de la valeur, la valeur à celle de la seconde",
        ),
        "SX314": (
            "a result line with too many fields",
            "une ligne de résultat avec trop de champs",
        ),
        "SX315": (
            "a status or a flag that the standard does not know: left out",
            "un statut ou un indicateur que la norme ne connaît pas : laissé de côté",
        ),
        "SX316": (
            "results that stand in the text only: kept as text",
            "des résultats qui ne figurent que dans le texte : gardés comme texte",
        ),
        "SX317": (
            "a value without a label or a code: kept as text",
            "une valeur sans libellé ni code : gardée comme texte",
        ),
        "SX320": (
            "damaged characters in the file",
            "des caractères abîmés dans le fichier",
        ),
        "SX330": (
            "the delimiters of the header are missing or not those used",
            "les délimiteurs de l’en-tête manquent ou ne sont pas ceux employés",
        ),
        "SX331": (
            "a message without a version of HPRIM Santé",
            "un message sans version d’HPRIM Santé",
        ),
        "SX332": (
            "a national identity that is not qualified: left out",
            "une identité nationale non qualifiée : laissée de côté",
        ),
        "SX333": (
            "a date that cannot be read: left out",
            "une date illisible : laissée de côté",
        ),
        "SX334": (
            "a value was kept as text, or has several readings",
            "une valeur est gardée comme texte, ou se lit de plusieurs façons",
        ),
        "SX335": (
            "a type of value that is not of the standard: kept as text",
            "un type de valeur que la norme ne connaît pas : gardée comme texte",
        ),
        "SX336": (
            "an abnormality flag that is not of the standard: left out",
            "un indicateur d’anomalie que la norme ne connaît pas : laissé de côté",
        ),
        "SX337": (
            "a status that is not of the standard: left out",
            "un statut que la norme ne connaît pas : laissé de côté",
        ),
        "SX338": (
            "a result in another file, which is not there",
            "un résultat dans un autre fichier, absent",
        ),
        "SX339": (
            "a result without a code or a label",
            "un résultat sans code ni libellé",
        ),
        "SX401": (
            "a message not in the encoding that it declares, or with damaged characters",
            "un message qui n’est pas dans l’encodage annoncé, ou aux caractères abîmés",
        ),
        "SX402": (
            "a numeric result that is not a number: kept as text",
            "un résultat numérique qui n’est pas un nombre : gardé comme texte",
        ),
        "SX403": (
            "a date that is not one: left out",
            "une date qui n’en est pas une : laissée de côté",
        ),
        "SX404": (
            "a national identity that is not qualified: left out",
            "une identité nationale non qualifiée : laissée de côté",
        ),
        "SX405": (
            "a document announced as CDA that is not: kept as a file",
            "un document annoncé comme CDA qui n’en est pas : gardé comme fichier",
        ),
        "SX406": (
            "a message and its document name two patients?",
            "un message et son document désignent-ils deux patients ?",
        ),
        "SX407": (
            "a document that its sender asks to hide: the output does not",
            "un document que l’émetteur demande de masquer : le résultat ne le masque pas",
        ),
        "SX408": (
            "an embedded object is not whole base64: kept as it came",
            "un objet inclus n’est pas en base64 complet : gardé tel quel",
        ),
        "SX409": (
            "a number that has several readings",
            "un nombre qui se lit de plusieurs façons",
        ),
        "SX410": (
            "a status that HL7 does not know: left out",
            "un statut que HL7 ne connaît pas : laissé de côté",
        ),
        "SX411": (
            "a result without a code or a label",
            "un résultat sans code ni libellé",
        ),
        "SX413": (
            "it corrects what was sent before",
            "corrige un envoi précédent",
        ),
        "SX420": (
            "a date that is not one: left out",
            "une date qui n’en est pas une : laissée de côté",
        ),
        "SX421": (
            "a value that is not a number, or an unknown comparator",
            "une valeur qui n’est pas un nombre, ou un comparateur inconnu",
        ),
        "SX422": (
            "a time without a zone: read in the time of Paris",
            "une heure sans fuseau : lue à l’heure de Paris",
        ),
        "SX423": (
            "a reference to a resource that is not there",
            "un renvoi à une ressource absente",
        ),
        "SX424": (
            "a national identity that is not qualified: left out",
            "une identité nationale non qualifiée : laissée de côté",
        ),
        "SX425": (
            "a social security number is not a patient number: left out",
            "un numéro de sécurité sociale n’est pas un numéro de patient : laissé de côté",
        ),
        "SX426": (
            "the patient is not there: known by an identifier alone",
            "le patient n’est pas là : connu par un identifiant seul",
        ),
        "SX427": (
            "JSON that is not in UTF-8",
            "du JSON qui n’est pas en UTF-8",
        ),
        "SX428": (
            "resources that do not say whom they are about",
            "des ressources qui ne disent pas de qui elles parlent",
        ),
        "SX431": (
            "a message not in the encoding that it declares",
            "un message qui n’est pas dans l’encodage annoncé",
        ),
        "SX432": (
            "a date that is not one: left out",
            "une date qui n’en est pas une : laissée de côté",
        ),
        "SX433": (
            "a national identity that is not qualified: left out",
            "une identité nationale non qualifiée : laissée de côté",
        ),
        "SX434": (
            "a component of a prescription without code or label",
            "un composant d’une prescription sans code ni libellé",
        ),
        "SX435": (
            "a value that is not a number: kept as text",
            "une valeur qui n’est pas un nombre : gardée comme texte",
        ),
        "SX436": (
            "a part of a dosage was kept as words",
            "une partie de la posologie est gardée en mots",
        ),
        "SX501": (
            "a key met twice in another file: nothing was joined",
            "une clé présente deux fois dans un autre fichier : aucun rapprochement",
        ),
        "SX502": (
            "the patient is not in the list of patients: known by a number alone",
            "le patient n’est pas dans la liste des patients : connu par un numéro seul",
        ),
        "SX503": (
            "a unit that the mapping pack implies",
            "une unité sous-entendue, donnée par le pack",
        ),
        "SX504": (
            "a value outside what is plausible: kept as written",
            "une valeur hors du plausible : gardée telle quelle",
        ),
        "SX505": (
            "a word that the mapping pack does not know",
            "un mot que le pack ne connaît pas",
        ),
        "SX506": (
            "a date that cannot be read: left out",
            "une date illisible : laissée de côté",
        ),
        "SX507": (
            "a date that has several readings",
            "une date qui se lit de plusieurs façons",
        ),
        "SX508": (
            "a value with digits that was kept as text",
            "une valeur avec des chiffres, gardée comme texte",
        ),
        "SX509": (
            "a value that has several readings",
            "une valeur qui se lit de plusieurs façons",
        ),
        "SX510": (
            "another file of the export is not there: nothing was joined",
            "un autre fichier de l’export est absent : aucun rapprochement",
        ),
        "SX511": (
            "the encoding is not sure, or characters are damaged",
            "l’encodage n’est pas certain, ou des caractères sont abîmés",
        ),
        "SX512": (
            "a national identity that is not qualified: left out",
            "une identité nationale non qualifiée : laissée de côté",
        ),
        "SX513": (
            "the list of patients gives one number to several people: nothing was joined",
            "la liste des patients donne un même numéro à plusieurs personnes : aucun rapprochement",
        ),
        "SX601": (
            "the portability manifest is unreadable: its archives are read without it",
            "le manifeste de portabilité est illisible : ses archives sont lues sans lui",
        ),
        "SX602": (
            "a portability archive without its manifest",
            "une archive de portabilité sans son manifeste",
        ),
        "SX603": (
            "an archive listed in the manifest is missing",
            "une archive annoncée par le manifeste est absente",
        ),
        "SX604": (
            "a file of the export is not listed in the manifest",
            "un fichier de l’export n’est pas annoncé par le manifeste",
        ),
        "SX605": (
            "the manifest announces another number of archives",
            "le manifeste annonce un autre nombre d’archives",
        ),
        "SX606": (
            "an archive has not the size announced",
            "une archive n’a pas la taille annoncée",
        ),
        "SX607": (
            "an archive was changed after the export was made",
            "une archive a changé depuis l’export",
        ),
        "SX608": (
            "the export says that it is partial or a sample",
            "l’export se dit partiel ou échantillon",
        ),
        "SX609": (
            "the manifest leaves out something that it should say",
            "le manifeste ne dit pas tout ce qu’il devrait",
        ),
        "SX610": (
            "the portability archive is not signed",
            "l’archive de portabilité n’est pas signée",
        ),
        "SX611": (
            "the manifest lists an archive twice",
            "le manifeste annonce deux fois une archive",
        ),
        "SX902": (
            "a resource is there in several versions (a patient who moved): loaders keep the last",
            "une ressource est présente en plusieurs versions (un patient qui a déménagé) : la dernière compte",
        ),
        "SX903": (
            "same document identifier as an earlier one, with other content: left out",
            "même identifiant de document qu’un précédent, avec un autre contenu : laissé de côté",
        ),
        "SX904": (
            "said to have happened after the date of the document: left out",
            "dit réalisé après la date du document : laissé de côté",
        ),
        "SX905": (
            "a number too large for its column: left out",
            "un nombre trop grand pour sa colonne : laissé de côté",
        ),
        "SX906": (
            "a patient number given with two birth dates: kept apart, as two people",
            "un numéro de patient donné avec deux dates de naissance : deux personnes, gardées séparées",
        ),
        "SX907": (
            "a report with the number of an earlier one: if it completes or corrects it, the facts of both are there",
            "un compte rendu du même numéro qu’un précédent : s’il le complète ou corrige, les faits des deux y sont",
        ),
        "SX910": (
            "free text is kept, as the policy of the run says: it may name somebody",
            "du texte libre est conservé, comme le veut la politique du lot : il peut nommer quelqu’un",
        ),
        "SX901": (
            "a resource does not follow the FHIR R4 model",
            "une ressource ne suit pas le modèle FHIR R4",
        ),
    }
)
