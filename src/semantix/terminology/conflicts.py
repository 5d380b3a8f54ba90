"""What forbids automatic acceptance whatever the score: a label that says the contrary of the query, more, or less.

Each text is read once into :class:`Marks`; :func:`compare` tells two of them apart. A *contradiction* is hard. What one
text alone says is hard only where it makes another code (a family history, a suspicion, a ratio, urine): CIM-10 has no
side, so ``gonarthrose droite`` may well be coded by a label without one. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from semantix.model import Context
from semantix.terminology import conflict_words as known
from semantix.terminology.conflict_marks import BIT, FAMILY, HISTORY, INITIALS, PAIRS, TURNING, Marks, marks_of
from semantix.terminology.conflict_words import HARD, SOFT

__all__ = [
    "Conflict",
    "Marks",
    "Person",
    "bears_on_person",
    "compare",
    "conflicts",
    "context_conflicts",
    "hard_names",
    "marks_of",
    "person_of",
]

_AXES: Final = tuple(
    (axis, sum(bit for (of, _), bit in BIT.items() if of == axis))
    for axis in known.AXES
    if sum(value.axis == axis for value in known.VALUES) > 1
)
_MISSING: Final = sum(BIT[value.axis, value.name] for value in known.VALUES if value.missing)
_ADDED: Final = sum(BIT[value.axis, value.name] for value in known.VALUES if value.added)
_LONE_NUMBER: Final = (SOFT, "")


class Conflict(Struct, frozen=True):
    """One difference that matters. ``name`` is stable (``laterality``, ``negation``, ``family``...).

    ``query`` and ``label`` are the folded words that differ, empty where a text is silent. A hard conflict forbids
    automatic acceptance.
    """

    name: str
    query: str = ""
    label: str = ""
    hard: bool = True


# --- comparing -------------------------------------------------------------------------------


def compare(query: Marks, label: Marks) -> tuple[Conflict, ...]:
    """Tell how a label differs from a query where it matters; hard conflicts first."""
    found: list[Conflict] = []
    if query.bits != label.bits:
        _compare_bits(query, label, found)
    if query.denied or label.denied:
        _compare_negations(query, label, found)
    if query.numbers or label.numbers:
        _compare_numbers(query.numbers, label.numbers, found)
    _compare_affixes(query, label, found)
    if len(found) > 1:
        found.sort(key=lambda conflict: not conflict.hard)
    return tuple(found)


def _compare_bits(query: Marks, label: Marks, found: list[Conflict]) -> None:
    ours, theirs = query.bits, label.bits
    settled = 0
    for axis, mask in _AXES:
        one, other = ours & mask, theirs & mask
        if one and other:
            settled |= mask
            if not (one & (other | label.allowed)) and not (other & query.allowed):
                found.append(Conflict(axis, _word(query, one), _word(label, other)))
            elif axis == "behaviour":
                settled ^= mask
    missing = ours & ~theirs & ~label.allowed & ~settled & _MISSING
    if missing:
        found += [Conflict(value.axis, _word(query, bit), "", value.missing == HARD) for bit, value in _values(missing)]
    added = theirs & ~ours & ~query.allowed & ~label.excused & ~settled & _ADDED
    if added:
        found += [Conflict(value.axis, "", _word(label, bit), value.added == HARD) for bit, value in _values(added)]


def _values(bits: int) -> Iterator[tuple[int, known.Value]]:
    while bits:
        low = bits & -bits
        yield low, known.VALUES[low.bit_length() - 1]
        bits ^= low


def _word(marks: Marks, bits: int) -> str:
    return next((word for bit, word in marks.words.items() if bit & bits), "")


def _compare_negations(query: Marks, label: Marks, found: list[Conflict]) -> None:
    denied = query.denied & label.stated
    stated = query.stated & label.denied
    if denied or stated:
        word = min(denied or stated)
        found.append(Conflict("negation", f"{'sans ' if denied else ''}{word}", f"{'' if denied else 'sans '}{word}"))
    elif query.denied and not label.denied:
        found.append(
            Conflict("negation", f"sans {min(query.denied)}", "", query.denial and not query.denied <= known.MILD)
        )
    elif label.denied and not query.denied:
        found.append(Conflict("negation", "", f"sans {min(label.denied)}", hard=False))


def _compare_numbers(
    ours: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]], found: list[Conflict]
) -> None:
    """A number that stands in the other text under another head (``DT2``, ``type 2``) is not missing."""
    for head, values in ours.items():
        others = theirs.get(head)
        if others is None:
            if not _anywhere(values, theirs):
                found.append(Conflict("number", _numbered(head, values), "", _weights(head)[0] == HARD))
        elif values.isdisjoint(others):
            found.append(Conflict("number", _numbered(head, values), _numbered(head, others)))
    for head, others in theirs.items():
        if head not in ours and _weights(head)[1] == HARD and not _anywhere(others, ours):
            found.append(Conflict("number", "", _numbered(head, others)))


def _anywhere(values: frozenset[str], numbers: Mapping[str, frozenset[str]]) -> bool:
    return any(not values.isdisjoint(others) for others in numbers.values())


def _numbered(head: str, values: frozenset[str]) -> str:
    return f"{head}{min(values)}".removeprefix("#") if head.startswith("#") else f"{head} {min(values)}".strip()


def _weights(head: str) -> tuple[str, str]:
    return (HARD, HARD) if head in known.LETTER_HEADS else known.NUMBER_HEADS.get(head, _LONE_NUMBER)


def _compare_affixes(query: Marks, label: Marks, found: list[Conflict]) -> None:
    if query.affixes and label.affixes:
        for rest, affix in query.affixes.items():
            other = label.affixes.get(rest, affix)
            if other != affix and (affix, other) in PAIRS:
                found.append(Conflict("opposite", affix + rest, other + rest))
    if not query.stated <= label.stated or not label.stated <= query.stated:
        alone, other_alone = query.stated - label.stated, label.stated - query.stated
        turned = _turned(alone, other_alone)
        if turned:
            found.append(Conflict("opposite", *turned))


def _turned(ours: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """A word of one text that is one of the other behind an affix that turns it: ``continence``, ``incontinence``."""
    for word in sorted(ours):
        if rest := _without_affix(word, theirs):
            return word, rest
    for word in sorted(theirs):
        if rest := _without_affix(word, ours):
            return rest, word
    return None


def _without_affix(word: str, others: frozenset[str]) -> str:
    if len(word) > 5 and word.startswith(INITIALS):
        for affix in TURNING:
            if word.startswith(affix) and len(word) - len(affix) >= 5 and word[len(affix) :] in others:
                return word[len(affix) :]
    return ""


def conflicts(query: str, label: str, *, laboratory: bool = False, section: str = "") -> tuple[Conflict, ...]:
    """Read two texts and compare them; for many labels, keep their :class:`Marks` and call :func:`compare`."""
    return compare(marks_of(query, laboratory=laboratory, section=section), marks_of(label, laboratory=laboratory))


def hard_names(found: Iterable[Conflict]) -> tuple[str, ...]:
    """Return the names of the conflicts that forbid automatic acceptance, each once, sorted."""
    return tuple(sorted({conflict.name for conflict in found if conflict.hard}))


# --- context ---------------------------------------------------------------------------------

_NEWBORN: Final = BIT["pregnancy", "fetus"]
_MOTHER: Final = BIT["pregnancy", "mother"]
_ACUTE: Final = BIT["acuity", "acute"]
OLDEST_MOTHER: Final = 60
YOUNGEST_MOTHER: Final = 8
NEWBORN_UNTIL: Final = 2
_SEXED: Final = known.FEMALE_ONLY | known.MALE_ONLY
Person = tuple[str, int]
"""A sex, and a band of ages."""


def person_of(context: Context) -> Person:
    """All that :func:`context_conflicts` tells apart of a sex and an age."""
    sex = context.sex if context.sex in {"male", "female"} else ""
    age = context.age
    if age is None:
        return sex, -1
    return sex, (age >= NEWBORN_UNTIL) + (age >= YOUNGEST_MOTHER) + (age > OLDEST_MOTHER)


def bears_on_person(label: Marks) -> bool:
    """Tell whether some sex or age could be in conflict with a label."""
    return bool(label.bits & (_NEWBORN | _MOTHER)) or not _SEXED.isdisjoint(label.stated)


def context_conflicts(context: Context, label: Marks) -> tuple[Conflict, ...]:
    """Tell what of a context speaks against a label: sex, age, section. What the context leaves out is no conflict."""
    found: list[Conflict] = []
    forbidden = {"male": known.FEMALE_ONLY, "female": known.MALE_ONLY}.get(context.sex, frozenset())
    if other := forbidden & label.stated:
        found.append(Conflict("sex", context.sex, min(other)))
    if context.age is not None:
        pregnant = label.bits & _MOTHER and not label.bits & _NEWBORN
        if label.bits & _NEWBORN and context.age >= NEWBORN_UNTIL:
            found.append(Conflict("age", "age", _word(label, _NEWBORN)))
        elif pregnant and not YOUNGEST_MOTHER <= context.age <= OLDEST_MOTHER:
            found.append(Conflict("age", "age", _word(label, _MOTHER)))
    if context.section == "family-history" and not label.bits & FAMILY:
        found.append(Conflict("family", context.section))
    elif context.section != "family-history" and context.section and label.bits & FAMILY:
        found.append(Conflict("family", context.section, _word(label, FAMILY), hard=context.section != "history"))
    if context.section == "history" and label.bits & _ACUTE and not label.bits & HISTORY:
        found.append(Conflict("history", context.section, _word(label, _ACUTE)))
    elif context.section == "problem" and label.bits & HISTORY and not label.bits & FAMILY:
        found.append(Conflict("history", context.section, _word(label, HISTORY), hard=False))
    return tuple(found)
