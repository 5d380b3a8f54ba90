"""Pages from templates: everything is escaped, nothing undefined is shown, styles and scripts are cached by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import cast

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import escape
from msgspec import Struct
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response

from semantix.review.web.attempts import Attempts
from semantix.review.web.options import DeskOptions
from semantix.review.web.security import AccountsLike, IdleTimes, OneTimeLink
from semantix.review.web.visits import LANGUAGES, Visit, anonymous_cookie, local_path, visit_of
from semantix.review.web.words import DeskWords, catalogue

PACKAGE = "semantix.review.web"
NO_VALUES: Mapping[str, object] = MappingProxyType({})
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_WORD = re.compile(r"""\{\{ t\("([a-z_0-9]+)"\) \}\}""")
_FOREVER = "public, max-age=31536000, immutable"


class Asset(Struct, frozen=True):
    """One style sheet, script or picture."""

    name: str
    digest: str
    content: bytes

    @property
    def address(self) -> str:
        """Where it is served: another content has another address, so a browser may keep it for ever."""
        return f"/static/{self.digest}/{self.name}"

    def response(self) -> Response:
        """Return it as an answer."""
        kind = _TYPES[self.name.rsplit(".", 1)[-1]]
        return Response(self.content, media_type=kind, headers={"Cache-Control": _FOREVER})


class Shell(Struct, frozen=True, kw_only=True):
    """What the pages of one served desk share; ``local`` when it has no accounts but the person at this machine."""

    options: DeskOptions
    accounts: AccountsLike
    local: bool
    link: OneTimeLink
    attempts: Attempts
    idle: IdleTimes
    secret: bytes
    words: Mapping[str, DeskWords]
    assets: Mapping[str, Asset]
    environments: Mapping[str, Environment]


def shell_of(connection: HTTPConnection) -> Shell:
    """Return the shell of the application that serves a request."""
    return cast("Shell", connection.app.state.shell)


def words_of(connection: HTTPConnection) -> DeskWords:
    """Return the words in the language of whoever asks."""
    return shell_of(connection).words[visit_of(connection).lang]


def page(
    request: HTTPConnection, template: str, values: Mapping[str, object] = NO_VALUES, status: int = 200
) -> HTMLResponse:
    """Write a page. Besides ``values`` templates know ``t``, ``lang``, ``csrf``, ``person``, ``here`` and ``notice``.

    ``notice`` is the text of ``?notice=NAME`` in the address, where the catalogue has ``notice_NAME``.
    """
    shell, visit = shell_of(request), visit_of(request)
    words = shell.words[visit.lang]
    notice = "notice_" + request.query_params.get("notice", "")
    common = {
        "csrf": visit.csrf,
        "person": visit.person,
        "local": shell.local,
        "here": _here(request),
        "path": request.url.path,
        "notice": words(notice) if words.has(notice) else "",
    }
    text = shell.environments[visit.lang].get_template(template).render(common | dict(values))
    response = HTMLResponse(text, status)
    if visit.fresh:
        set_cookie(response, visit, anonymous_cookie(visit.secure, visit.port), visit.anonymous)
    return response


def _here(request: HTTPConnection) -> str:
    """Return where the language form leads back to: this page, or ``/`` where its address should not be repeated."""
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.url.path == "/sign-in":
        return address
    # What a form was sent to may not be there to look at.
    return local_path(address) if request.scope["method"] == "GET" else "/"


def set_cookie(response: Response, visit: Visit, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send; without a value it is taken away."""
    age = None if value else 0
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=visit.secure, path="/")


def load_words(options: DeskOptions) -> Mapping[str, DeskWords]:
    """Return the catalogue in each language."""
    texts = catalogue()
    return MappingProxyType({lang: DeskWords(lang, texts, options.zone) for lang in LANGUAGES})


def load_assets() -> Mapping[str, Asset]:
    """Read the static files of the package."""
    found = sorted(files(PACKAGE).joinpath("static").iterdir(), key=lambda file: file.name)
    contents = {file.name: file.read_bytes() for file in found if file.name.rsplit(".", 1)[-1] in _TYPES}
    return MappingProxyType({n: Asset(n, sha256(content).hexdigest()[:16], content) for n, content in contents.items()})


def load_environments(words: Mapping[str, DeskWords], assets: Mapping[str, Asset]) -> Mapping[str, Environment]:
    """Prepare the templates for each language: a word is looked up in its language without asking which.

    Each is compiled when it is first shown, and kept.
    """
    return MappingProxyType({lang: _environment(words[lang], assets) for lang in words})


def compile_templates(environment: Environment) -> None:
    """Compile the pages that are asked for first, and what they are made of, before somebody waits for them."""
    for name in ("queue.html", "item.html"):
        environment.get_template(name)


def _environment(words: DeskWords, assets: Mapping[str, Asset]) -> Environment:
    environment = Environment(
        loader=_Templates(words),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    environment.globals |= {"t": words, "lang": words.lang, "static": lambda name: assets[name].address}
    environment.filters |= {
        "number": words.number,
        "decimal": words.decimal,
        "percent": words.percent,
        "day": words.day,
        "moment": words.moment,
    }
    return environment


class _Templates(BaseLoader):
    """The templates of the desk, with the words of one language."""

    def __init__(self, words: DeskWords) -> None:
        self._words = words

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        text = _worded(template, self._words)
        if text is None:
            raise TemplateNotFound(template)
        return text, None, None

    def list_templates(self) -> list[str]:
        return sorted(each.name for each in files(PACKAGE).joinpath("templates").iterdir())


def _worded(name: str, words: DeskWords) -> str | None:
    """Read a template with the words that are always the same written in, escaped: a third of what a page looks up."""
    place = files(PACKAGE).joinpath("templates", name)
    if not place.is_file():
        return None

    def written(found: re.Match[str]) -> str:
        text = str(escape(words(found[1]))) if words.has(found[1]) else ""
        return text if text and "{" not in text else found[0]

    return _WORD.sub(written, place.read_text(encoding="utf-8"))
