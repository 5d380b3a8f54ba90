"""Is a desk whole? The chain of its log, and whether what is derived follows from it."""

from __future__ import annotations

from sqlalchemy import select

from semantix.review.desk import bringing, log
from semantix.review.desk.desk import Desk
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode
from semantix.review.folding import fold
from semantix.review.model import Event, Standing


def check_desk(desk: Desk) -> tuple[int, int]:
    """Check the chain of the log and that every standing follows from it: (first broken event, standings that differ).

    Both are 0 when the desk is whole.
    """
    with desk.database.reading() as connection:
        broken = log.broken_at(connection)
        differ = 0
        events: dict[int, list[Event]] = {}
        for event in log.everything(connection):
            if event.item:
                events.setdefault(event.item, []).append(event)
        for number, told in connection.execute(select(rows.c.item, rows.c.standing)):
            differ += fold(events.get(number, [])) != decode(told, Standing)
    return broken, differ


def rebuild_desk(desk: Desk) -> int:
    """Build everything derived again; return how many items there are."""
    with desk.database.writing() as connection:
        count = bringing.rebuild(connection)
    desk.forget()
    return count
