"""Giving the desk back: a file in one of the formats, and before it what that format does not carry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from msgspec import Struct
from starlette.datastructures import QueryParams

from semantix.resources import version
from semantix.review.actions import Person
from semantix.review.exporting import FORMATS, Exported, Wanted, export, states_of
from semantix.review.formats.exchange import Concepts
from semantix.review.formats.losses import in_words
from semantix.review.formats.omop_concepts import OmopConcepts
from semantix.review.model import Kind, State
from semantix.review.web.rendering import page, shell_of, words_of
from semantix.review.web.security import person
from semantix.review.web.served import desk_of
from semantix.review.web.tools import Tools
from semantix.terminology.store import Store

OMOP_FORMATS = ("usagi", "usagi-review", "stcm")
"""Formats that name OMOP concepts, which a store with an Athena release knows."""
TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/fhir+json",
    ".sssom.tsv": "text/tab-separated-values; charset=utf-8",
}
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the same content is the same archive."""
router = APIRouter(include_in_schema=False)
Who = Annotated[Person, Depends(person)]


class Made(Struct, frozen=True):
    """An export, and the number of entries in it."""

    exported: Exported
    items: int


def routes() -> APIRouter:
    """Return the routes of exports."""
    return router


@router.get("/export", response_class=HTMLResponse)
def show_export(request: Request, who: Who) -> HTMLResponse:
    """Show the formats; with ``losses`` also what the chosen one would not carry of the chosen states."""
    query, words = request.query_params, words_of(request)
    wanted = _wanted(request, query, next(iter(FORMATS)))
    made = _make(request, who, wanted) if query.get("losses") else None
    progress = desk_of(request).progress()
    pairs = [("format", wanted.format), *(("state", state.value) for state in wanted.states)]
    values = {
        "formats": tuple(FORMATS),
        "format": wanted.format,
        "states": [(state, progress.of(state)[0]) for state in State],
        "chosen": wanted.states,
        "made": made,
        "losses": _in_words(made.exported, words.lang) if made else (),
        "file_address": f"/export/file?{urlencode(pairs)}",
        "file_name": file_name(wanted.format),
        "has_store": _store(request) is not None,
        "codes": progress.codes,
        "omop": OMOP_FORMATS,
    }
    return page(request, "export.html", values)


@router.get("/export/file")
def download(request: Request, who: Who) -> Response:
    """Return the file, and write into the log that it was made."""
    wanted = _wanted(request, request.query_params)
    made = _make(request, who, wanted)
    content, kind = _content(wanted.format, made.exported)
    detail = {"format": wanted.format, "items": str(made.items)}
    desk_of(request).note_desk_event(who.name, Kind.EXPORTED, detail)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(wanted.format)}"'}
    return Response(content, media_type=kind, headers=headers)


def file_name(format_name: str) -> str:
    """Name the file of a format, one of FORMATS: the same for everybody, with nothing of the request in it."""
    suffix = ".zip" if format_name == "tables" else FORMATS[format_name].suffix
    return f"semantix-{format_name}{suffix}"


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Pack files so that the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _wanted(request: Request, query: QueryParams, default: str = "") -> Wanted:
    """Read what is asked for. Raises HTTPException for a format that is not one; states that are none are left out."""
    name = query.get("format", default)
    if name not in FORMATS:
        raise HTTPException(422)
    asked = set(query.getlist("state"))
    options = shell_of(request).options
    return Wanted(
        format=name,
        date=options.clock().astimezone(options.zone).date().isoformat(),
        tool_version=version(),
        states=tuple(state for state in State if state.value in asked),
    )


def _make(request: Request, who: Person, wanted: Wanted) -> Made:
    """Write the desk as the person may see it."""
    entries = desk_of(request).entries(states_of(wanted), who)
    with _concepts(request, wanted.format) as concepts:
        return Made(export(entries, wanted, concepts), len(entries))


@contextmanager
def _concepts(request: Request, format_name: str) -> Iterator[Concepts | None]:
    """The OMOP concepts of the store, for formats that need them and as long as they are needed."""
    tools = _store(request)
    if tools is None or tools.store is None or format_name not in OMOP_FORMATS:
        yield None
        return
    with Store.open(tools.store) as store:
        yield OmopConcepts(store)


def _store(request: Request) -> Tools | None:
    tools = cast("Tools | None", request.app.state.tools)
    return tools if tools is not None and tools.store is not None else None


def _content(format_name: str, exported: Exported) -> tuple[bytes, str]:
    if format_name == "tables":
        return zip_files(exported.files), "application/zip"
    return exported.files[""], TYPES[FORMATS[format_name].suffix]


def _in_words(exported: Exported, lang: str) -> tuple[tuple[str, int, str, str], ...]:
    """What is lost, most first: field, how many entries, an example, and why."""
    losses = sorted(exported.losses, key=lambda loss: (-loss.count, loss.field, loss.reason))
    return tuple((loss.field, loss.count, loss.example, in_words(loss.reason, lang)) for loss in losses)
