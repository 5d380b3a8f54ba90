"""What the shell knows of one request before a page sees it: who, in which language, from where, with which token."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import unquote

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from semantix.review.actions import Person

LANGUAGES = ("en", "fr")
DEFAULT_LANGUAGE = "fr"
LANGUAGE_COOKIE = "semantix-desk-lang"

_LONGEST_NEXT = 2_000
_WEIGHT = re.compile(r"q=([01](?:\.\d{1,3})?)")


class Visit(Struct, frozen=True, kw_only=True):
    """One request. ``token`` is that of the session, ``csrf`` what forms must bring back.

    ``anonymous`` is the cookie of somebody who is not signed in, ``fresh`` tells that it has to be set; ``port`` is the
    one that the browser named.
    """

    lang: str
    person: Person | None = None
    token: str = ""
    csrf: str = ""
    anonymous: str = ""
    fresh: bool = False
    secure: bool = False
    address: str = ""
    port: str = ""


NOBODY = Visit(lang=DEFAULT_LANGUAGE)


def visit_of(connection: HTTPConnection) -> Visit:
    """Return what the guard found out; of a request that it refused at the door, as much as it knew."""
    return cast("Visit", connection.scope.get("semantix.visit", NOBODY))


def keep_visit(scope: Scope, visit: Visit) -> None:
    """Leave a visit where :func:`visit_of` finds it."""
    scope["semantix.visit"] = visit


def session_cookie(secure: bool, port: str) -> str:
    """Name the cookie of the session: by port, for cookies do not know ports and two desks may share a machine."""
    return "__Host-semantix-desk" if secure else f"semantix-desk-{port}"


def anonymous_cookie(secure: bool, port: str) -> str:
    """Name the cookie of somebody who is not signed in, whose form needs a token all the same."""
    return session_cookie(secure, port) + "-form"


def form_token(secret: bytes, anonymous: str) -> str:
    """Return the token of the forms of somebody who is not signed in."""
    return hmac.new(secret, anonymous.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def chosen_language(saved: str, cookies: Mapping[str, str], headers: Headers) -> str:
    """Return the language: chosen before, else chosen in this browser, else the browser's own, else French."""
    for choice in (saved, cookies.get(LANGUAGE_COOKIE, "")):
        if choice in LANGUAGES:
            return choice
    return accepted_language(headers.get("accept-language", ""))


def accepted_language(header: str) -> str:
    """Return the best of ``Accept-Language`` (RFC 9110, 12.5.4), French where it names neither."""
    best, most = DEFAULT_LANGUAGE, 0.0
    for part in header[:500].lower().split(","):
        name, _, rest = part.strip().partition(";")
        weight = _WEIGHT.fullmatch(rest.strip()) if rest else None
        value = 1.0 if not rest else float(weight[1]) if weight else 0.0
        if name[:2] in LANGUAGES and name[2:3] in {"", "-"} and value > most:
            best, most = name[:2], value
    return best


def local_path(given: str) -> str:
    r"""Return a path of this desk as it was given, or ``/``: nobody is sent elsewhere, nor back to the door.

    Browsers read ``\`` as ``/`` and leave out tabs and line ends, so ``/\evil`` and ``/<tab>/evil`` are other sites.
    """
    path = unquote(given.split("?", 1)[0])
    plain = len(given) <= _LONGEST_NEXT and all("!" <= sign <= "~" for sign in given)
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in given and "\\" not in path
    hidden = any(ord(sign) < 32 for sign in path[:3])
    door = path.split("/")[1:2] in (["sign-in"], ["sign-out"], ["start"], ["language"], ["api"], ["static"])
    return given if plain and inside and not hidden and not door else "/"
