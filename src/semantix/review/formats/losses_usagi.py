"""What the Usagi files and SOURCE_TO_CONCEPT_MAP cannot carry, in words, and the counting of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.review.formats._tally import Tally
from semantix.review.formats.exchange import Loss

LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "usagi-hidden": (
            "kept in an ADD_INFO:semantix_ column and read back from it, but Usagi itself does not use it",
            "gardé dans une colonne ADD_INFO:semantix_ et relu, mais Usagi lui-même ne s’en sert pas",
        ),
        "usagi-no-concept": (
            "no OMOP concept: Usagi does not see the target; an accepted code without another is written UNCHECKED",
            "pas de concept OMOP : Usagi ne voit pas la cible ; un code accepté qui n’a qu’elle est écrit UNCHECKED",
        ),
        "usagi-code": (
            "Usagi needs a code, and one for each entry: it was made up or completed, the real one is read back",
            "Usagi veut un code, et un seul par entrée : il a été fabriqué ou complété, le vrai est relu",
        ),
        "usagi-formula": (
            "an apostrophe was put before a text that a spreadsheet would compute; Usagi shows it",
            "une apostrophe a été mise devant un texte qu’un tableur calculerait ; Usagi la montre",
        ),
        "usagi-line-end": (
            "line ends became one kind, which is read back; Usagi shows and saves each as a backslash and an n",
            "les fins de ligne sont d’une seule sorte, et relues ; Usagi montre et enregistre « \\n »",
        ),
        "usagi-number": (
            "Usagi reads no number above 2,147,483,647: that one was written",
            "Usagi ne lit aucun nombre au-dessus de 2 147 483 647 : c’est lui qui a été écrit",
        ),
        "usagi-first-candidate": (
            "nobody judged: Usagi approves all concepts of a code at once, so only the first candidate is written",
            "personne n’a jugé : Usagi approuve d’un coup tous les concepts d’un code, seul le premier est écrit",
        ),
        "usagi-mixed": (
            "Usagi has one equivalence by code; the targets have several, and INEXACT is written",
            "Usagi n’a qu’une équivalence par code ; les cibles en ont plusieurs, et INEXACT est écrit",
        ),
        "usagi-empty": (
            "an extra column that is there and empty is read back as one that is not there",
            "une colonne supplémentaire présente et vide est relue comme absente",
        ),
        "not-carried": ("the format has no place for it", "le format n’a pas de place pour cela"),
        "stcm-no-concept": (
            "the target has no OMOP concept in the terminology store: its row was left out",
            "la cible n’a pas de concept OMOP dans l’entrepôt de terminologies : sa ligne n’a pas été écrite",
        ),
        "stcm-part": (
            "the table holds the concept of the code only: a value, a unit and other parts were left out",
            "la table ne contient que le concept du code : valeur, unité et autres parties n’ont pas été écrites",
        ),
        "stcm-state": (
            "only the wanted states are written: the entry was left out",
            "seuls les états voulus sont écrits : l’entrée n’a pas été écrite",
        ),
        "stcm-no-code": (
            "the table is searched by code and there is none: the entry was left out",
            "la table se lit par code et il n’y en a pas : l’entrée n’a pas été écrite",
        ),
        "stcm-code-long": (
            "longer than 50 characters: a code cut short is another code, the entry was left out",
            "plus de 50 caractères : un code raccourci est un autre code, l’entrée n’a pas été écrite",
        ),
        "stcm-code-line": (
            "a line end or another control character in the code: the entry was left out",
            "une fin de ligne ou un autre caractère de contrôle dans le code : l’entrée n’a pas été écrite",
        ),
        "stcm-description-long": (
            "longer than 255 characters: cut to 252 and ...",
            "plus de 255 caractères : coupé à 252, suivi de ...",
        ),
        "stcm-vocabulary-long": (
            "the vocabulary of the target is empty or longer than 20 characters: the row was left out",
            "le vocabulaire de la cible est vide ou dépasse 20 caractères : la ligne n’a pas été écrite",
        ),
        "stcm-same-code": (
            "several entries have this code (by wording, unit, sender...): the table cannot tell them apart",
            "plusieurs entrées ont ce code (par libellé, unité, émetteur…) : la table ne les distingue pas",
        ),
        "stcm-formula": (
            "a spreadsheet would compute this code: it is written as it is, for the table is loaded by programs",
            "un tableur calculerait ce code : il est écrit tel quel, la table étant chargée par des programmes",
        ),
        "stcm-formula-text": (
            "an apostrophe was put before a description that a spreadsheet would compute",
            "une apostrophe a été mise devant une description qu’un tableur calculerait",
        ),
        "stcm-one-line": (
            "line ends and other control characters became blanks",
            "les fins de ligne et autres caractères de contrôle sont devenus des espaces",
        ),
        "stcm-target-code": (
            "only the number of the OMOP concept is written, not the code of the target in its own system",
            "seul le numéro du concept OMOP est écrit, pas le code de la cible dans son propre système",
        ),
    }
)
"""The words of each reason, in English and in French."""


class Losses:
    """A tally that is told which entry is in hand."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._place = 0
        self._code = ""

    def begin(self, code: str) -> None:
        """Go on to the next entry; its place stands for a code that is empty."""
        self._place += 1
        self._code = code or f"#{self._place}"

    def add(self, field: str, reason: str) -> None:
        """Say that the entry loses a field."""
        self._tally.count(field, reason, self._place, self._code)

    def of_set(self, field: str, reason: str) -> None:
        """Say that what is said of the whole set is lost."""
        self._tally.count(field, reason, 0, "")

    def told(self) -> tuple[Loss, ...]:
        """The losses, ordered by field and reason."""
        return self._tally.losses()
