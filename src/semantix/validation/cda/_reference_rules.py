"""The rules on references and anchors, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_NARRATIVE = (
    "CDA R2, section 4.3.5, Section Narrative Block, and HL7 Version 3 Data Types R1, ED.reference; "
    "CI-SIS, volet Structuration minimale de documents de santé, narrative block of sections"
)
_LOST = (
    "The words of the professional are lost for whoever reads the entry: conversion, search, checks of meaning.",
    "Les mots du professionnel sont perdus pour qui lit l’entrée : conversion, recherche, contrôle du sens.",
)

DANGLING = RuleInfo(
    code="SX-REF-01",
    severity=Severity.WARNING,
    title=("A reference to a text that does not exist", "Une référence vers un texte qui n’existe pas"),
    found=(
        "a reference in {element} to an ID that no element of the document has",
        "une référence dans {element} vers un ID qu’aucun élément du document ne porte",
    ),
    expected=(
        "the ID of an element of the narrative of the section",
        "l’ID d’un élément de la partie narrative de la section",
    ),
    fix=(
        "Put the ID on the words of the narrative, or correct the reference.",
        "Poser l’ID sur les mots de la partie narrative, ou corriger la référence.",
    ),
    why=_LOST,
    source=_NARRATIVE,
)
NO_HASH = RuleInfo(
    code="SX-REF-02",
    severity=Severity.WARNING,
    title=("A reference without its #", "Une référence sans son #"),
    found=(
        "a reference in {element} that names an ID of the document without “#”",
        "une référence dans {element} qui nomme un ID du document sans « # »",
    ),
    expected=("a value that begins with “#”", "une valeur qui commence par « # »"),
    fix=("Put “#” before the ID.", "Mettre « # » devant l’ID."),
    why=(
        "To the letter it is the address of another file: a reader that follows the standard finds nothing.",
        "À la lettre, c’est l’adresse d’un autre fichier : un lecteur qui suit la norme ne trouve rien.",
    ),
    source=_NARRATIVE,
)
NEARLY = RuleInfo(
    code="SX-REF-03",
    severity=Severity.WARNING,
    title=(
        "A reference that misses its text by a capital letter or a blank",
        "Une référence qui manque son texte à une majuscule ou une espace près",
    ),
    found=(
        "a reference in {element} to an ID that exists with other capital letters or blanks",
        "une référence dans {element} vers un ID qui existe avec d’autres majuscules ou espaces",
    ),
    expected=("the ID letter for letter", "l’ID à la lettre près"),
    fix=("Write the reference and the ID alike.", "Écrire la référence et l’ID de la même façon."),
    why=_LOST,
    source=_NARRATIVE,
)
ELSEWHERE = RuleInfo(
    code="SX-REF-04",
    severity=Severity.INFORMATION,
    title=("A reference to the text of another section", "Une référence vers le texte d’une autre section"),
    found=(
        "a reference in {element} to the narrative of another section",
        "une référence dans {element} vers la partie narrative d’une autre section",
    ),
    expected=("words of the narrative of its own section", "des mots de la partie narrative de sa propre section"),
    fix=(
        "Check that the words are those of this entry; repeat them in its section.",
        "Vérifier que ces mots sont ceux de l’entrée ; les reprendre dans sa section.",
    ),
    why=(
        "Often an ID that was copied with the entry: the words told are those of something else.",
        "C’est souvent un ID recopié avec l’entrée : les mots désignés sont ceux d’autre chose.",
    ),
    source=_NARRATIVE,
)
EMPTY = RuleInfo(
    code="SX-REF-05",
    severity=Severity.INFORMATION,
    title=("An empty reference", "Une référence vide"),
    found=("a reference in {element} that names nothing", "une référence dans {element} qui ne désigne rien"),
    expected=("“#” and an ID, or a nullFlavor", "« # » et un ID, ou un nullFlavor"),
    fix=(
        "Point to the words of the narrative; leave the element out, or give it a nullFlavor, when there are none.",
        "Désigner les mots de la partie narrative ; sans texte, omettre l’élément ou lui donner un nullFlavor.",
    ),
    why=_LOST,
    source=_NARRATIVE,
)
NO_MEDIA = RuleInfo(
    code="SX-REF-06",
    severity=Severity.ERROR,
    title=("An image of the narrative that is not in the document", "Une image de la partie narrative absente"),
    found=(
        "a renderMultiMedia whose object no element of the document is",
        "un renderMultiMedia dont l’objet n’est aucun élément du document",
    ),
    expected=(
        "the ID of an observationMedia or of a regionOfInterest",
        "l’ID d’un observationMedia ou d’un regionOfInterest",
    ),
    fix=("Add the entry, or correct @referencedObject.", "Ajouter l’entrée, ou corriger @referencedObject."),
    why=("The reader sees a hole where the image should be.", "Le lecteur voit un vide à la place de l’image."),
    source="CDA R2, section 4.3.5.6, renderMultiMedia (referencedObject)",
)
TWICE = RuleInfo(
    code="SX-REF-07",
    severity=Severity.ERROR,
    title=("The same ID on two elements", "Le même ID sur deux éléments"),
    found=("an ID that another element has already", "un ID déjà porté par un autre élément"),
    expected=("an ID once in a document", "un ID une seule fois par document"),
    fix=("Give each element its own ID.", "Donner à chaque élément son propre ID."),
    why=(
        "A reference points to both: each reader chooses, and may show the words of something else.",
        "Une référence désigne les deux : chaque lecteur choisit, et peut montrer les mots d’autre chose.",
    ),
    source="XML 1.0, section 3.3.1, validity constraint ID; CDA R2, schema NarrativeBlock.xsd",
)
DEAD_LINK = RuleInfo(
    code="SX-REF-08",
    severity=Severity.WARNING,
    title=("A link of the narrative that leads nowhere", "Un lien de la partie narrative sans cible"),
    found=(
        "a <{element}> to an ID that no element of the document has",
        "un <{element}> vers un ID qu’aucun élément ne porte",
    ),
    expected=("the ID of an element of the narrative", "l’ID d’un élément de la partie narrative"),
    fix=("Correct the link, or put the ID on its target.", "Corriger le lien, ou poser l’ID sur sa cible."),
    why=("The reader follows a link and arrives nowhere.", "Le lecteur suit un lien et n’arrive nulle part."),
    source="CDA R2, sections 4.3.5.3 linkHtml and 4.3.5.4 footnoteRef",
)
OTHER_UNTOLD = RuleInfo(
    code="SX-REF-09",
    severity=Severity.WARNING,
    title=("“Other” without saying what", "« Autre » sans dire quoi"),
    found=(
        "<{element}> with nullFlavor OTH, without originalText and without translation",
        "<{element}> avec nullFlavor OTH, sans originalText ni translation",
    ),
    expected=(
        "the words in originalText, or a code of another system in translation",
        "les mots dans originalText, ou un code d’un autre système dans translation",
    ),
    fix=(
        "Say what it is in originalText, or use UNK when it is not known.",
        "Dire ce que c’est dans originalText, ou employer UNK si on l’ignore.",
    ),
    why=(
        "OTH says that the concept exists without a code here: without words it is lost.",
        "OTH dit que le concept existe sans code ici : sans les mots, il est perdu.",
    ),
    source="HL7 Version 3 Data Types R1, nullFlavor OTH and CD.originalText",
)
UNFINDABLE = RuleInfo(
    code="SX-REF-10",
    severity=Severity.WARNING,
    title=("A document that is told without its identifier", "Un document cité sans son identifiant"),
    found=(
        "<{element}> without an id that has a root, and without an address",
        "<{element}> sans id avec root, et sans adresse",
    ),
    expected=("the id of the document", "l’id du document"),
    fix=("Give the id (root and extension) of the document.", "Donner l’id (root et extension) du document."),
    why=(
        "Nobody can find the document that is meant; a replacement replaces nothing.",
        "Personne ne peut retrouver le document visé ; un remplacement ne remplace rien.",
    ),
    source="CDA R2, sections 4.2.3.1 relatedDocument and 4.3.8.4 reference",
)
UNSEEN = RuleInfo(
    code="SX-REF-11",
    severity=Severity.INFORMATION,
    title=("An image that the narrative never shows", "Une image que la partie narrative ne montre jamais"),
    found=(
        "an observationMedia that no renderMultiMedia and no reference names",
        "un observationMedia que ne cite aucun renderMultiMedia ni aucune référence",
    ),
    expected=("a renderMultiMedia in the narrative of the section", "un renderMultiMedia dans la partie narrative"),
    fix=(
        "Show it in the narrative: <renderMultiMedia referencedObject=…/>.",
        "La montrer dans la partie narrative : <renderMultiMedia referencedObject=…/>.",
    ),
    why=(
        "A person who reads the document does not see it; a receiver need not show entries.",
        "La personne qui lit le document ne la voit pas ; le destinataire n’est pas tenu d’afficher les entrées.",
    ),
    source="CDA R2, sections 4.3.5.6 renderMultiMedia and 4.3.6.6 observationMedia",
)
NOTHING_LEFT = RuleInfo(
    code="SX-REF-12",
    severity=Severity.ERROR,
    title=("A value of which nothing is left", "Une valeur dont il ne reste rien"),
    found=(
        "a coded element without code, whose words ({element}) point to an ID that does not exist",
        "un élément codé sans code, dont le texte ({element}) désigne un ID qui n’existe pas",
    ),
    expected=(
        "a code, or words that exist in the narrative",
        "un code, ou un texte qui existe dans la partie narrative",
    ),
    fix=(
        "Put the ID on the words of the narrative, or write the words inside originalText.",
        "Poser l’ID sur les mots de la partie narrative, ou écrire le texte dans originalText.",
    ),
    why=(
        "The statement has neither a code nor words: what was found is lost for every receiver.",
        "L’énoncé n’a ni code ni texte : ce qui a été constaté est perdu pour tout destinataire.",
    ),
    source=_NARRATIVE,
)
