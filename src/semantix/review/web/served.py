"""What the pages of items find of the desk that is served: the desk, the terminology store, the names of systems."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from fastapi import Request
from starlette.datastructures import FormData

from semantix.review.desk import Desk
from semantix.review.lookup import Lookup
from semantix.systems import SYSTEMS, find

_TITLES: Mapping[str, str] = MappingProxyType({system.key: system.title for system in SYSTEMS})

_SECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "problem": ("problem", "problème"),
        "history": ("history", "antécédent"),
        "family-history": ("family history", "antécédent familial"),
        "allergy": ("allergy", "allergie"),
        "procedure": ("procedure", "acte"),
        "medication": ("medication", "médicament"),
        "vaccination": ("vaccination", "vaccination"),
        "laboratory": ("laboratory", "biologie"),
        "vital-sign": ("vital sign", "signe vital"),
        "other": ("other", "autre"),
    }
)


def desk_of(request: Request) -> Desk:
    """Return the desk that is served."""
    return cast("Desk", request.app.state.desk)


def lookup_of(request: Request) -> Lookup | None:
    """Return the terminology store that is open beside the desk; None when there is none."""
    return cast("Lookup | None", getattr(request.app.state, "lookup", None))


async def form_of(request: Request) -> FormData:
    """Return the form that was sent: the dependency of routes that save."""
    return await request.form()


def system_title(key: str) -> str:
    """Return the name of a system that people know; an unknown one is shown as it is."""
    known = find(key)
    return _TITLES.get(key) or (known.title if known else key)


def section_title(key: str, lang: str) -> str:
    """Return the name of a section in a language; an unknown one is shown as it is."""
    return _SECTIONS.get(key, (key, key))[lang == "fr"]
