"""The statistics page: how far the desk is, who did how much, how well people agree, how right the engine is.

Blind mode hides nothing more than it must: agreement is told of items that two people judged, precision of what is
accepted, and work by how much was done, never by what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from msgspec import Struct
from msgspec.structs import replace

from semantix.review.actions import Person
from semantix.review.agreement import Kappa
from semantix.review.statistics import Grouping, Progress, SourceLoad, Task, Work, count_days
from semantix.review.web.charts import render_days, render_progress, render_reliability, render_sources
from semantix.review.web.measured import Figures, Measured
from semantix.review.web.rendering import page, words_of
from semantix.review.web.security import person
from semantix.review.web.served import desk_of, section_title, system_title
from semantix.review.web.tools import Tools

MOST_DAYS = 60
"""Days of which the tables tell, the last ones; the JSON has all."""
router = APIRouter(include_in_schema=False)
Who = Annotated[Person, Depends(person)]


class Done(Struct, frozen=True, kw_only=True):
    """What one person did in all, by task."""

    who: str
    tasks: Mapping[Task, int]


def routes() -> APIRouter:
    """Return the route of the statistics."""
    return router


@router.get("/statistics", response_class=HTMLResponse)
def show_statistics(request: Request, who: Who) -> HTMLResponse:
    """Show the figures; the first who asks after a while waits for them, on a large desk for seconds."""
    words = words_of(request)
    measured = measured_of(request)
    found = measured.statistics
    days = count_days(found.work)
    sources = [(grouping, _named(found.worst, grouping, words.lang)) for grouping in Grouping]
    values = {
        "measured": measured,
        "found": found,
        "progress": found.progress,
        "now": _now(found.progress),
        "kappa": _main_kappa(found.agreement.kappas),
        "days_shown": MOST_DAYS,
        "steps": found.progress.days[-MOST_DAYS:][::-1],
        "work": _last_days(found.work),
        "tasks": tuple(Task),
        "done": {each.who: each.tasks for each in done_by(found.work)},
        "sources": [each for each in sources if each[1]],
        "progress_chart": render_progress(found.progress, words),
        "days_chart": render_days(days, words),
        "reliability_chart": render_reliability(found.reliability, words),
        "source_charts": {grouping: render_sources(named, words) for grouping, named in sources},
    }
    return page(request, "statistics.html", values)


def measured_of(request: Request) -> Measured:
    """Return the figures of the desk that is served. Raises BadStore when its store cannot be opened."""
    tools = cast("Tools | None", request.app.state.tools)
    figures = cast("Figures", request.app.state.figures)
    return figures.of(desk_of(request), tools.store if tools is not None else None)


def done_by(work: Sequence[Work]) -> tuple[Done, ...]:
    """Add up what each person did, by name."""
    found: dict[str, dict[Task, int]] = {}
    for each in work:
        tasks = found.setdefault(each.who, dict.fromkeys(Task, 0))
        for task, count in each.tasks.items():
            tasks[task] += count
    return tuple(Done(who=who, tasks=tasks) for who, tasks in sorted(found.items()))


def _last_days(work: Sequence[Work]) -> tuple[Work, ...]:
    """What was done on the last days, newest first; by name within a day."""
    shown = sorted({each.day for each in work})[-MOST_DAYS:]
    kept = [each for each in work if shown and each.day >= shown[0]]
    return tuple(sorted(sorted(kept, key=lambda each: each.who), key=lambda each: each.day, reverse=True))


def _now(progress: Progress) -> tuple[int, int]:
    """Codes and records that are accepted."""
    return (progress.days[-1].codes, progress.days[-1].records) if progress.days else (0, 0)


def _main_kappa(kappas: Sequence[Kappa]) -> Kappa | None:
    """The kappa of the two people with most items in common, for the cards."""
    return max((each for each in kappas if each.value is not None), key=lambda each: each.items, default=None)


def _named(worst: Sequence[SourceLoad], grouping: Grouping, lang: str) -> list[SourceLoad]:
    """The sources of one grouping, under the names that people know."""
    found = [each for each in worst if each.grouping is grouping]
    if grouping is Grouping.SYSTEM:
        return [replace(each, name=system_title(each.name)) for each in found]
    if grouping is Grouping.SECTION:
        return [replace(each, name=section_title(each.name, lang)) for each in found]
    return found
