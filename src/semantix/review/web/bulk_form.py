"""A bulk action in the fields of a form or of an address, and back, so that what was previewed is what is done."""

from __future__ import annotations

from semantix.errors import ActionRefused
from semantix.review.desk import Bulk
from semantix.review.desk.bulk import MOST, WHATS
from semantix.review.web.filters_form import Fields, filters_of, pairs_of, share_of, written_percent

LONGEST = 4_000
SHARE = 0.02
LEAST = 50


def bulk_of(fields: Fields, precision: float) -> Bulk:
    """Read a bulk action; ``precision`` is asked where the fields say none. Raises ActionRefused for what is none."""
    given = str(fields.get("what", ""))
    what = next((each for each in WHATS if each == given), None)
    if what is None:
        raise ActionRefused("no such bulk action", "unknown_action")
    return Bulk(
        what=what,
        filters=filters_of(fields),
        precision=_share(fields, "precision", precision),
        share=_share(fields, "share", SHARE),
        least=_least(str(fields.get("least", "")).strip()),
        to=_text(fields, "to") if what == "assign" else "",
        note=_text(fields, "note") if what == "none" else "",
    )


def pairs_of_bulk(bulk: Bulk) -> tuple[tuple[str, str], ...]:
    """Write a bulk action as fields; reading them back gives the same."""
    pairs = [("what", bulk.what), *pairs_of(bulk.filters)]
    if bulk.what == "accept":
        pairs += [("precision", written_percent(bulk.precision)), ("share", written_percent(bulk.share))]
        pairs.append(("least", str(bulk.least)))
    pairs += [(name, value) for name, value in (("to", bulk.to), ("note", bulk.note)) if value]
    return tuple(pairs)


def _share(fields: Fields, name: str, default: float) -> float:
    given = fields.get(name, "")
    if not str(given).strip():
        return default
    share = share_of(given)
    if share is None:
        raise ActionRefused("a share is written in percent, from 0 to 100", "bad_precision")
    return share


def _least(text: str) -> int:
    if not text:
        return LEAST
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) > MOST:
        raise ActionRefused(f"the least sample is a whole number up to {MOST:,}", "bad_precision")
    return int(text)


def _text(fields: Fields, name: str) -> str:
    return str(fields.get(name, "")).replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
