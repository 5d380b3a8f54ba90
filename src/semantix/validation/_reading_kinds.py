"""What is expected, what to do and why, for each kind of doubt that a reader has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.validation._findings import Text


class Kind(Struct, frozen=True):
    """Doubts that are put right in the same manner: what was expected, what to do, what goes wrong otherwise."""

    expected: Text
    fix: Text
    why: Text


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "date": Kind(
            (
                "A date of the calendar, written in the form of the format.",
                "Une date du calendrier, écrite dans la forme que prévoit le format.",
            ),
            (
                "Write the date with the precision that is known (a year, a month, a day), or leave it out.",
                "Écrivez la date avec la précision connue (année, mois, jour), ou ne la mettez pas.",
            ),
            (
                "Without its date, a fact cannot be placed in the history of the patient.",
                "Sans sa date, un fait ne peut pas être situé dans l’histoire du patient.",
            ),
        ),
        "zone": Kind(
            (
                "A zone beside each time (+0100 in winter, +0200 in summer).",
                "Un fuseau avec chaque heure (+0100 en hiver, +0200 en été).",
            ),
            (
                "Have the software write the zone with each time; overseas, the local one.",
                "Faites écrire le fuseau avec chaque heure par le logiciel ; outre-mer, le fuseau local.",
            ),
            (
                "A receiver in another zone places the fact hours away, or on another day.",
                "Un destinataire dans un autre fuseau décale le fait de plusieurs heures, voire d’un jour.",
            ),
        ),
        "number": Kind(
            (
                "A number and nothing else: digits, a decimal point.",
                "Un nombre et rien d’autre : des chiffres, un point décimal.",
            ),
            (
                "Write the number alone, its unit and its comparator (<, >) in their own fields.",
                "Écrivez le nombre seul ; l’unité et le comparateur (<, >) ont leurs propres champs.",
            ),
            (
                "A value that is not a number is neither compared, nor followed in time, nor alerted on.",
                "Une valeur qui n’est pas un nombre n’est ni comparée, ni suivie dans le temps, ni surveillée.",
            ),
        ),
        "readings": Kind(
            (
                "One value, written so that it can be read in one way only.",
                "Une seule valeur, écrite de façon à ne se lire que d’une manière.",
            ),
            (
                "Put the value, its unit, its comparator and its comment each in its own field.",
                "Mettez la valeur, l’unité, le comparateur et le commentaire chacun dans son champ.",
            ),
            (
                "Two receivers may read two different values, or keep only a text.",
                "Deux destinataires peuvent lire deux valeurs différentes, ou n’en garder qu’un texte.",
            ),
        ),
        "status": Kind(
            (
                "A code of the table that the standard gives for this field.",
                "Un code de la table que la norme prévoit pour ce champ.",
            ),
            (
                "Translate the codes of your software into those of the standard when exporting.",
                "Traduisez à l’export les codes de votre logiciel vers ceux de la norme.",
            ),
            (
                "A receiver cannot tell whether the result is final, corrected or abnormal.",
                "Le destinataire ne sait pas si le résultat est définitif, corrigé ou anormal.",
            ),
        ),
        "identity": Kind(
            (
                "An INS is sent only with a qualified identity (status VALI), in the form of the INS.",
                "L’INS n’est transmis qu’avec une identité qualifiée (statut VALI), dans la forme de l’INS.",
            ),
            (
                "Qualify the identity through the INSi teleservice and send its status, or leave the number out.",
                "Qualifiez l’identité par le téléservice INSi et transmettez son statut, ou ne mettez pas le numéro.",
            ),
            (
                "A receiver must not use the number, and may attach the document to nobody.",
                "Le destinataire ne doit pas employer ce numéro, et risque de ne rattacher le document à personne.",
            ),
        ),
        "encoding": Kind(
            (
                "Text in the encoding that the file declares, UTF-8 at best.",
                "Un texte dans l’encodage que le fichier annonce, UTF-8 de préférence.",
            ),
            (
                "Write the file in UTF-8 and declare it; find where accents are lost in the chain.",
                "Écrivez le fichier en UTF-8 et annoncez-le ; cherchez où les accents se perdent dans la chaîne.",
            ),
            (
                "Names, drugs and comments reach the receiver damaged; some can no longer be found.",
                "Noms, médicaments et commentaires arrivent abîmés ; certains deviennent introuvables.",
            ),
        ),
        "base64": Kind(
            ("Whole base64 content.", "Un contenu base64 complet."),
            (
                "Encode the file again, whole, without cutting the lines of the message.",
                "Encodez à nouveau le fichier, en entier, sans couper les lignes du message.",
            ),
            (
                "The embedded document cannot be opened by the receiver.",
                "Le document inclus ne peut pas être ouvert par le destinataire.",
            ),
        ),
        "archive": Kind(
            (
                "A list of contents and contents that agree: same files, same sizes, same digests.",
                "Une liste et un contenu qui concordent : mêmes fichiers, mêmes tailles, mêmes empreintes.",
            ),
            (
                "Make the archive in one go, and change nothing in it afterwards.",
                "Constituez l’archive en une seule fois, et n’y modifiez plus rien ensuite.",
            ),
            (
                "A receiver cannot be sure of having everything, unchanged, and may refuse the archive.",
                "Le destinataire ne peut être sûr d’avoir tout reçu, intact, et peut refuser l’archive.",
            ),
        ),
        "notice": Kind(
            ("Nothing: this is good to know.", "Rien : c’est bon à savoir."),
            (
                "Check that this is what was meant.",
                "Vérifiez que c’est bien ce qui était voulu.",
            ),
            (
                "The receiver has to act on it: replace what came before, complete, verify or restrict.",
                "Le destinataire doit en tenir compte : remplacer, compléter, vérifier ou restreindre.",
            ),
        ),
        "patient": Kind(
            (
                "One patient, named in each document, by an identifier that nobody else has.",
                "Un patient et un seul, désigné dans chaque document par un identifiant que lui seul porte.",
            ),
            (
                "Write the patient in the document or message itself, with the identifier and its system.",
                "Mettez le patient dans le document ou le message même, avec son identifiant et son système.",
            ),
            (
                "The facts may be attached to nobody, or to somebody else.",
                "Les faits risquent de n’être rattachés à personne, ou à une autre personne.",
            ),
        ),
        "header": Kind(
            (
                "The header as the standard lays it out: its lines and fields, in their order.",
                "L’en-tête tel que la norme le décrit : ses lignes et ses champs, dans l’ordre.",
            ),
            (
                "Write every field of the header, empty ones included, and the version.",
                "Écrivez tous les champs de l’en-tête, même vides, et la version.",
            ),
            (
                "Fields are read one for another, or not at all: the patient, the dates, the sender.",
                "Des champs sont pris l’un pour l’autre, ou perdus : le patient, les dates, l’émetteur.",
            ),
        ),
        "reference": Kind(
            (
                "What is referred to is there, once.",
                "Ce vers quoi l’on renvoie est présent, une seule fois.",
            ),
            (
                "Send the part referred to with the rest, or correct the reference.",
                "Envoyez la partie visée avec le reste, ou corrigez le renvoi.",
            ),
            (
                "The receiver loses what the reference was to bring: a text, a result, a link.",
                "Le destinataire perd ce que le renvoi devait apporter : un texte, un résultat, un lien.",
            ),
        ),
        "nameless": Kind(
            ("A code or a label, at best both.", "Un code ou un libellé, les deux de préférence."),
            (
                "Write the label, and the code with its system.",
                "Écrivez le libellé, et le code avec son système.",
            ),
            (
                "A value without a question means nothing to a receiver.",
                "Une valeur sans question ne veut rien dire pour le destinataire.",
            ),
        ),
        "words": Kind(
            (
                "Facts in fields of their own, coded where a code exists.",
                "Des faits dans leurs propres champs, codés quand un code existe.",
            ),
            (
                "Enter the fact in the field meant for it rather than in a text.",
                "Saisissez le fait dans le champ prévu plutôt que dans un texte.",
            ),
            (
                "People can read it, software cannot use it.",
                "Un humain peut le lire, un logiciel ne peut pas s’en servir.",
            ),
        ),
        "unit": Kind(
            ("A unit beside each measure.", "Une unité avec chaque mesure."),
            (
                "Write the unit (UCUM where the format allows it), and check its scale.",
                "Écrivez l’unité (UCUM si le format le permet), et vérifiez son échelle.",
            ),
            (
                "A value without its unit, or in the wrong one, may be read a thousand times too large.",
                "Une valeur sans unité, ou dans une autre, peut être lue mille fois trop grande.",
            ),
        ),
        "type": Kind(
            (
                "A type or a word that the standard, or the pack, knows in this place.",
                "Un type ou un mot que la norme, ou le pack, connaît à cet endroit.",
            ),
            (
                "Use one of the standard; for a word of your software, add it to the mapping pack.",
                "Employez-en un de la norme ; pour un mot de votre logiciel, ajoutez-le au pack.",
            ),
            (
                "The value is kept as a text or left out.",
                "La valeur est gardée comme texte, ou laissée de côté.",
            ),
        ),
        "body": Kind(
            (
                "A document with a body, of the kind that is announced.",
                "Un document avec un corps, du type annoncé.",
            ),
            (
                "Check that the document was complete when it was exported.",
                "Vérifiez que le document était complet lors de l’export.",
            ),
            (
                "The receiver gets an empty shell, or a plain file.",
                "Le destinataire reçoit une coquille vide, ou un simple fichier.",
            ),
        ),
        "space": Kind(
            ("A code without white space around it.", "Un code sans espace autour."),
            ("Trim the codes when exporting.", "Retirez à l’export les espaces autour des codes."),
            (
                "Receivers that compare to the letter do not find the code.",
                "Les destinataires qui comparent à la lettre ne trouvent pas le code.",
            ),
        ),
    }
)
