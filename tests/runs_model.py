"""A slow and plain judge of which documents count, written apart from the engine: rules are sentences on pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from semantix.runs.model import DocumentFacts, Fate, Withdrawal

Facts = DocumentFacts


def naive_fates(
    documents: Collection[Facts],
    withdrawals: Collection[Withdrawal] = (),
    excluded: Collection[bytes] = (),
) -> dict[int, Fate]:
    """The fate of each document, by its number."""
    told: dict[int, Fate] = {}
    for d in documents:
        if {d.subject, *d.subject_ids} & set(excluded):
            told[d.id] = Fate.EXCLUDED
        elif any(_withdraws(w, d, documents) for w in _all_withdrawals(documents, withdrawals)):
            told[d.id] = Fate.WITHDRAWN
    rest = [d for d in documents if d.id not in told]
    speaking = []
    for d in rest:
        best = _speaker([other for other in rest if other.key == d.key])
        if d is best:
            speaking.append(d)
        elif (d.content, d.subject) == (best.content, best.subject):
            told[d.id] = Fate.REPEATED
        elif _renewed(d, by=best):
            told[d.id] = Fate.SUPERSEDED
        else:
            told[d.id] = Fate.OTHER_VERSION
    voices = {d.id: [d, *(x for x in rest if _same(x) == _same(d))] for d in speaking}
    ghosts = [d for d in documents if told.get(d.id) is Fate.WITHDRAWN]
    voices |= {d.id: [d] for d in ghosts}
    pairs = {
        (new.id, old.id)
        for new in (*speaking, *ghosts)
        for old in (*speaking, *ghosts)
        if new.key != old.key and new.subject == old.subject and _takes_place(voices[new.id], voices[old.id])
    }
    reach = _closure(pairs)
    pairs = {(new, old) for new, old in pairs if (old, new) not in reach}
    ghost_ids = {d.id for d in ghosts}
    for d in speaking:
        is_over = any(new.id in _replacing(d.id, pairs, ghost_ids) for new in speaking)
        told[d.id] = Fate.SUPERSEDED if is_over else Fate.LIVE
    return told


def _all_withdrawals(documents: Iterable[Facts], withdrawals: Iterable[Withdrawal]) -> list[Withdrawal]:
    own = [Withdrawal(d.id, -1, key, d.subject, d.moment) for d in documents for key in d.withdraws]
    return [*own, *withdrawals]


def _withdraws(w: Withdrawal, d: Facts, documents: Iterable[Facts]) -> bool:
    if w.key in d.withdraws:
        return False
    if w.key not in (d.key, d.set_key, d.report, *d.names) or w.subject not in (None, d.subject):
        return False
    if w.moment and d.moment:
        return not after(d.moment, w.moment)
    return any(x.id < w.by for x in documents if _same(x) == _same(d))


def after(one: str, other: str) -> bool:
    """Whether a time is after another at the precision that both have."""
    shared = next((n for n in (20, 10, 7, 4) if len(one) >= n and len(other) >= n), 0)
    return one[:shared] > other[:shared]


def _speaker(group: list[Facts]) -> Facts:
    """The one of an identifier: what it was before the last was received, unless the last takes its place."""
    *earlier, last = sorted(group, key=lambda d: d.id)
    if not earlier:
        return last
    before = _speaker(earlier)
    return last if _renewed(before, by=last) else before


def _same(d: Facts) -> tuple[bytes, bytes, bytes]:
    return d.key, d.content, d.subject


def _renewed(old: Facts, by: Facts) -> bool:
    if by.subject != old.subject or by.content == old.content:
        return False
    if by.set_key == old.set_key is not None and None not in (by.version, old.version):
        return (by.version or 0) > (old.version or 0)
    return (by.is_correction or by.key in by.replaces) and after(by.moment, old.moment)


def _takes_place(news: list[Facts], olds: list[Facts]) -> bool:
    """Whether a document, which comes first among its copies, takes the place of another of the same person."""
    new, old = news[0], olds[0]
    said = {key for d in news for key in d.replaces}
    sets = {pair for d in news for pair in d.replaces_sets}
    names, other_names = ({name for d in ds for name in d.names} for ds in (news, olds))
    same_set = new.set_key == old.set_key and new.set_key is not None
    versions = (new.version, old.version) if same_set and None not in (new.version, old.version) else (0, 0)
    is_older_version = (versions[0] or 0) < (versions[1] or 0)
    is_later = after(new.moment, old.moment) or (not after(old.moment, new.moment) and new.id > old.id)
    is_covered = bool(old.results) and all(result in new.results for result in old.results)
    corrects = any(d.is_correction for d in news) and is_later
    return any(
        (
            old.key in said,
            any(name in said for name in other_names) and not after(old.moment, new.moment),
            (versions[0] or 0) > (versions[1] or 0),
            not is_older_version and old.version is not None and (old.set_key, old.version) in sets,
            not is_older_version
            and old.set_key is not None
            and (old.set_key, None) in sets
            and after(new.moment, old.moment),
            corrects and bool(names & other_names),
            corrects and new.report is not None and new.report == old.report and is_covered,
        )
    )


def _closure(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    found = set(pairs)
    while True:
        more = {(a, d) for a, b in found for c, d in pairs if b == c} - found
        if not more:
            return found
        found |= more


def _replacing(old: int, pairs: set[tuple[int, int]], ghosts: set[int]) -> set[int]:
    """Those above a document, at once or through withdrawn ones."""
    found: set[int] = set()
    edge = {old}
    while edge:
        edge = {new for new, below in pairs if below in edge} - found
        found |= edge
        edge &= ghosts
    return found


def components(ties: list[set[bytes]]) -> list[set[int]]:
    """Ranks of what is tied together, by what they share."""
    groups: list[tuple[set[int], set[bytes]]] = []
    for rank, keys in enumerate(ties):
        ranks, all_keys = {rank}, set(keys)
        apart = []
        for other in groups:
            if other[1] & all_keys:
                ranks |= other[0]
                all_keys |= other[1]
            else:
                apart.append(other)
        groups = [*apart, (ranks, all_keys)]
    return [ranks for ranks, _ in groups]
