"""Status and equivalence in a Usagi file, and the state that they and a hidden column together mean."""

from __future__ import annotations

from collections.abc import Sequence

from semantix.review.formats._usagi_targets import Recorded, Shown, equivalence_of
from semantix.review.formats._usagi_words import RELATIONS, STATES, STATUSES, UNMATCHED, UNREVIEWED, milliseconds
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, State

SAID = "usagi:said"
"""The name in ``Entry.extra`` of status, equivalence and time as a file said them, where ours would be other words."""

_PROPOSED = ":proposed"
_STATES = frozenset(state.value for state in State)
Standing = tuple[State, bool]


def standing(status: str, equivalence: str, rows: Sequence[Shown], known: Recorded, hint: str) -> Standing:
    """The state, and whether somebody judged. The hidden ``hint`` counts as long as Usagi's own columns agree with it.

    ``APPROVED`` with concepts *and* ``UNMATCHED`` contradicts itself: it is to be reconciled.
    """
    hinted = _hinted(status, equivalence, rows, hint)
    if hinted:
        return hinted
    state = STATES[status]
    if state is State.ACCEPTED:
        return (State.TO_RECONCILE if rows and equivalence == UNMATCHED else state), True
    chosen = any(not target.refused for _, target in known)
    return state, state is State.TO_RECONCILE and (bool(rows) or chosen or equivalence == UNMATCHED)


def _hinted(status: str, equivalence: str, rows: Sequence[Shown], hint: str) -> Standing | None:
    name = hint.removesuffix(_PROPOSED)
    proposed = name != hint
    if name not in _STATES or proposed != (equivalence == UNREVIEWED):
        return None
    state = State(name)
    if state is State.ACCEPTED:
        fits = status == STATUSES[State.UNMAPPED] and (proposed or not rows)
    else:
        fits = status == STATUSES[state]
    return (state, not proposed) if fits else None


def words(entry: Entry, rows: Sequence[Shown], known: Recorded) -> tuple[str, str, str]:
    """The status, the equivalence and the hidden hint with which an entry is written.

    The words of the file that it was read from are used as long as they still say the same.
    """
    wanted = entry.state, is_choice(entry.judgement)
    usual = usual_words(entry, rows)
    said = entry.extra.get(SAID, "").split(" ")
    if len(said) == 3 and said[0] in STATES and said[1] in RELATIONS and said[2] == str(milliseconds(entry.status_on)):
        status, equivalence, _ = said
        if _means(equivalence, usual[1], entry.state) and standing(status, equivalence, rows, known, "") == wanted:
            return status, equivalence, ""
    for hint in ("", entry.state.value, entry.state.value + _PROPOSED):
        if standing(*usual, rows, known, hint) == wanted:
            return *usual, hint
    return *usual, ""


def usual_words(entry: Entry, rows: Sequence[Shown]) -> tuple[str, str]:
    """The status and the equivalence that say most nearly what an entry says.

    An accepted entry none of whose targets has a concept is not APPROVED: Usagi would read that it has no target.
    """
    judgement = entry.judgement
    if judgement is None or not is_choice(judgement):
        flagged = entry.state in (State.TO_RECONCILE, State.REJECTED)
        return STATUSES[State.TO_RECONCILE if flagged else State.UNMAPPED], UNREVIEWED
    hidden = entry.state is State.ACCEPTED and not rows and not judgement.no_target
    return STATUSES[State.UNMAPPED if hidden else entry.state], equivalence_of(judgement.targets)


def is_choice(judgement: Judgement | None) -> bool:
    """Tell whether somebody chose. Refusals alone are no choice: UNMATCHED would say that there is no target."""
    return judgement is not None and (judgement.no_target or bool(judgement.chosen))


def _means(equivalence: str, usual: str, state: State) -> bool:
    """Whether a word that a file used still says what we would say."""
    if state is State.TO_RECONCILE or usual in (UNMATCHED, UNREVIEWED) or equivalence == UNREVIEWED:
        return True
    return RELATIONS[equivalence] is RELATIONS[usual]
