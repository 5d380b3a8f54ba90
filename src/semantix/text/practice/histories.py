"""Free text of histories and diagnoses, item by item."""

from __future__ import annotations

import re
from collections.abc import Iterator

from semantix.text.practice import _ald, _relatives, _vaccines, _vitals
from semantix.text.practice._absence import NOTHING, read_absence, state_of
from semantix.text.practice._allergies import read_allergies
from semantix.text.practice._clauses import Clause, clauses
from semantix.text.practice._finding import Finding
from semantix.text.practice._habits import denied_habit, read_habit
from semantix.text.practice._labels import FAMILY, SECTIONS
from semantix.text.practice._marks import DENIED, marked
from semantix.text.practice._split import Piece, pieces
from semantix.text.practice._words import LONGEST, Item

MOST = 400
"""Characters of one item; a longer one is a narrative."""
_ACT = re.compile(
    r"\b(?:\w{3,}(?:ectomie|plastie|stomie|otomie|raphie|pexie|desie|syntheses?)|pontages?|stents?"
    r"|pth|ptg|ptge|cesariennes?|amputation\w*"
    r"|chirurgie|ablation|exerese|greffe|transplantation|prothese|pacemaker|pose|cure de"
    r"|intervention|osteosynthese|ivg|curetage|conisation"
    r"|coronarographie|coloscopie|arthroscopie|coelioscopie|ligature|circoncision|radiotherapie"
    r"|chimiotherapie|drains?|angioplastie)\b"
)
_DENIED_LIST = re.compile(r"(?:pas|absence|aucune?s?|ni|sans)(?: de| d'| d)?\s*(?::|$)")
"""``Pas de :`` before a list: how far it holds cannot be told."""
_ALLERGY = re.compile(r"(?:pas |aucune? |absence |notions? |suspicions? )?(?:d'|de )?(?:allergi|intoleran|hypersensib)")
_UNSURE = "whose fact it is cannot be told"
_AFTER_DENIAL = "whether the denial before holds for it cannot be told"


def read_history(text: str, *, section: str = "") -> tuple[Finding, ...]:
    """The items of a history, each with its marks; every ``text`` is a part of ``text``.

    ``section`` is what the field is (``personal``, ``surgical``, ``family``, ``obstetric``, ``allergy``,
    ``vaccination``, or a word of the export such as ``chir``); titles inside the text win over it. What is not
    understood is a ``note``, never a guess.
    """
    return tuple(_read(text, SECTIONS.get(section, section), "history"))


def read_diagnosis(text: str) -> tuple[Finding, ...]:
    """The items of a free-text diagnosis: problems with their marks, and whatever else is told among them."""
    return tuple(_read(text, "diagnosis", "problem"))


def _read(text: str, section: str, kind: str) -> Iterator[Finding]:
    if not text.strip():
        return
    if len(text) > LONGEST:
        yield Finding(kind="note", text=text.strip(), reason="too long to be a list of items")
        return
    found = list(pieces(Item.of(text), section))
    if not found:
        yield Finding(kind="note", text=text.strip(), reason="no words")
    around = _Around()
    for piece in found:
        around.enter(piece)
        is_alone = len(found) == 1 or piece.mark == "label"
        made = tuple(_piece(piece, kind, around, is_alone=is_alone))
        around.leave(piece, made)
        yield from made


class _Around:
    """What items before an item may say of it: that it is about a relative, or denied."""

    def __init__(self) -> None:
        self.is_kin = False
        self.is_denied = False
        self.is_denied_list = False

    def enter(self, piece: Piece) -> None:
        if piece.mark in {"\n", "label"}:
            self.is_kin = False
        if piece.mark != "-":
            self.is_denied = False
        if piece.mark == "label":
            self.is_denied_list = False

    def leave(self, piece: Piece, made: tuple[Finding, ...]) -> None:
        self.is_kin = self.is_kin or (piece.section != "family" and any(one.relative for one in made))
        self.is_denied = self.is_denied or any(one.negated for one in made)
        self.is_denied_list = self.is_denied_list or _DENIED_LIST.match(piece.item.low) is not None

    def doubt(self, piece: Piece) -> str:
        """Why it cannot be told what an item means after those before it; empty when it can."""
        if self.is_kin and _relatives.NAMED.search(piece.item.low) is None:
            return _UNSURE
        if (self.is_denied or self.is_denied_list) and DENIED.match(piece.item.low) is None:
            return _AFTER_DENIAL
        return ""


def _piece(piece: Piece, kind: str, around: _Around, *, is_alone: bool) -> Iterator[Finding]:
    item = piece.item
    if len(item.low) > MOST:
        yield _note(item.raw, "too long for one item")
    elif piece.is_unsure or piece.section == "other":
        yield _note(item.raw, _UNSURE if piece.is_unsure else "under a title that is no history")
    elif doubt := around.doubt(piece):
        yield _note(item.raw, doubt)
    else:
        yield from _whole(piece, kind, is_alone=is_alone)


def _whole(piece: Piece, kind: str, *, is_alone: bool) -> Iterator[Finding]:
    """An item as a whole, when it is of a kind that commas do not divide; else its clauses."""
    item, section = piece.item, piece.section
    absent = read_absence(item, item.raw, section, is_titled=is_alone)
    if absent:
        yield from absent
        return
    led = FAMILY.search(item.low)
    if section == "family" or led is not None:
        yield from _family_item(item, None if section == "family" else led)
    elif _relatives.NAMED.search(item.low):
        yield from _with_kin(item, section, kind, is_alone=is_alone)
    else:
        yield from _of_patient(item, section, kind, is_alone=is_alone)


def _of_patient(item: Item, section: str, kind: str, *, is_alone: bool) -> Iterator[Finding]:
    """An item that names no relative."""
    if section == "vaccination":
        yield _vaccines.read_vaccination(item, item.raw)
    elif section == "allergy":
        yield from read_allergies(item, item.raw, is_titled=True) or (_note(item.raw, "no allergy, under its title"),)
    elif _vitals.STARTS.match(item.low):
        yield from _vitals.read_vital_signs(item.raw)
    elif _ald.BEGINS.match(item.low):
        yield _ald.of_item(item, item.raw)
    else:
        yield from _of_allergy(item) or _facts(item, section, kind, is_alone=is_alone)


def _facts(item: Item, section: str, kind: str, *, is_alone: bool) -> Iterator[Finding]:
    for clause in clauses(item, _relatives.BEGINS):
        yield from _clause(clause, section, kind, is_alone=is_alone)


def _with_kin(item: Item, section: str, kind: str, *, is_alone: bool) -> Iterator[Finding]:
    """An item that names a relative: what follows them without another name may be about them."""
    is_after = False
    for clause in clauses(item, _relatives.BEGINS):
        if _relatives.NAMED.search(clause.item.low):
            is_after = True
            yield from _kin(clause, clause.text, is_titled=False, is_denied=clause.is_denied)
        elif is_after or section in {"allergy", "vaccination"}:
            yield _note(clause.text, _UNSURE)
        else:
            yield from _clause(clause, section, kind, is_alone=is_alone)


def _of_allergy(item: Item) -> tuple[Finding, ...] | None:
    """An item about allergies that no comma divides from something else."""
    if _ALLERGY.match(item.low) is None:
        return None
    parts = list(clauses(item, _relatives.BEGINS))
    return read_allergies(item, item.raw) if len({one.text for one in parts}) <= 1 else None


def _family_item(item: Item, led: re.Match[str] | None) -> Iterator[Finding]:
    """Under "family history": nothing of it is about the patient."""
    is_denied = False
    if led is not None:
        before = item.part(0, led.start())
        denial = re.fullmatch(r"(?:pas|absence) d|pas|absence|aucuns?|sans|aucune?", before.low.rstrip("' "))
        if before.low and denial is None:
            yield _note(item.raw, _UNSURE)
            return
        is_denied = bool(before.low)
        rest = item.part(led.end())
        if not rest.low or re.fullmatch(NOTHING, rest.low):
            if is_denied and rest.low:
                yield _note(item.raw, "denied twice")
            elif is_denied or rest.low:
                yield Finding(kind="absence", text=item.raw, status="none-known", about="family")
            else:
                yield _note(item.raw, "a title without words")
            return
        item_text, item = item.raw, rest
    else:
        item_text = ""
    for clause in clauses(item, _relatives.BEGINS):
        yield from _kin(clause, item_text or clause.text, is_titled=True, is_denied=is_denied or clause.is_denied)


def _kin(clause: Clause, text: str, *, is_titled: bool, is_denied: bool) -> Iterator[Finding]:
    if clause.reason:
        yield _note(text, clause.reason)
        return
    denied = DENIED.match(clause.item.low)
    item = clause.item.part(denied.end()) if denied else clause.item
    kin = _relatives.read_kin(item, is_titled=is_titled)
    if kin is None or kin.reason or not kin.rest.low:
        yield _note(text, (kin.reason if kin is not None else _UNSURE) or "no words")
        return
    if read_habit(kin.rest, text) is not None:
        yield _note(text, "a habit of a relative")
        return
    again = state_of(kin.rest.low)
    if again and denied is None and not is_denied:
        yield _note(text, "nothing known of the relative")
        return
    if not kin.is_list and "," in kin.rest.low:
        yield _note(text, _UNSURE)
        return
    for one in clauses(kin.rest):
        yield from _of_kin(kin, one, text, is_denied=is_denied or denied is not None or one.is_denied)


def _of_kin(kin: _relatives.Kin, clause: Clause, text: str, *, is_denied: bool) -> Iterator[Finding]:
    """One fact of the relatives."""
    marks = marked(clause.item, is_denied=is_denied)
    if _vitals.STARTS.match(clause.item.low):
        yield _note(text, "a measure of a relative")
        return
    if clause.reason or marks.reason or not marks.words:
        yield _note(text, clause.reason or marks.reason or "no words")
        return
    for code, written in kin.ties:
        yield Finding(
            kind="family",
            text=text,
            words=marks.words,
            negated=marks.negated,
            suspected=marks.suspected,
            past=marks.past,
            relative=code,
            relative_text=written,
        )


def _clause(clause: Clause, section: str, kind: str, *, is_alone: bool) -> Iterator[Finding]:
    """One fact of the patient."""
    item, text = clause.item, clause.text
    if clause.reason:
        yield _note(text, clause.reason)
        return
    absent = read_absence(item, text, section)
    if absent:
        yield from absent
        return
    habit = denied_habit(item, text) if clause.is_denied else read_habit(item, text)
    if habit is not None:
        yield habit
        return
    if _vaccines.BEGINS.match(item.low):
        yield _note(text, "denied with others") if clause.is_denied else _vaccines.read_vaccination(item, text)
        return
    allergies = read_allergies(item, text)
    if allergies is not None:
        yield from allergies if not clause.is_denied else (_note(text, "denied with others"),)
        return
    yield _problem(clause, section, kind)


def _problem(clause: Clause, section: str, kind: str) -> Finding:
    item = clause.item
    if state_of(item.low):
        return _note(clause.text, "nothing, of what cannot be told")
    marks = marked(item, is_denied=clause.is_denied)
    if marks.reason or not any(c.isalpha() for c in marks.words):
        return _note(clause.text, marks.reason or "no words")
    is_act = section in {"surgical", "personal", "obstetric", ""} or kind == "problem"
    if is_act and _ACT.search(item.low):
        if marks.suspected:
            return _note(clause.text, "an act that is not said to have been done")
        kind = "procedure"
    return Finding(
        kind=kind, text=clause.text, words=marks.words, negated=marks.negated, suspected=marks.suspected,
        past=marks.past, status=marks.status, on=marks.dates.on, start=marks.dates.start, end=marks.dates.end,
    )  # fmt: skip


def _note(text: str, reason: str) -> Finding:
    return Finding(kind="note", text=text, reason=reason)
