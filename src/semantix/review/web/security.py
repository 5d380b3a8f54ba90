"""Who may come in: sessions, the one-time link, roles, and where a desk may be served.

What stands in front of every request is :mod:`semantix.review.web.guard`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Protocol

from fastapi import HTTPException, Request
from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import Unprotected
from semantix.review.accounts import new_token, same_token, token_digest
from semantix.review.actions import Person
from semantix.review.model import Role
from semantix.review.web.visits import visit_of

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
_MOST_SEEN = 10_000


class AccountLike(Protocol):
    """Somebody with an account."""

    @property
    def name(self) -> str:
        """Their name."""
        ...

    @property
    def role(self) -> Role:
        """What they may do."""
        ...

    @property
    def active(self) -> bool:
        """Whether they may still sign in."""
        ...


class SessionLike(Protocol):
    """Somebody who is signed in; ``csrf`` is what their forms bring back, ``lang`` what they chose, or nothing."""

    @property
    def name(self) -> str:
        """Their name."""
        ...

    @property
    def role(self) -> Role:
        """What they may do."""
        ...

    @property
    def csrf(self) -> str:
        """What their forms bring back."""
        ...

    @property
    def lang(self) -> str:
        """The language they chose, or nothing."""
        ...


class AccountsLike(Protocol):
    """The accounts of a desk. ``session`` returns None for a token that is unknown, over, or of an account closed."""

    def people(self) -> Sequence[AccountLike]:
        """Everybody who has or had an account."""
        ...

    def check(self, name: str, password: str) -> AccountLike | None:
        """Return the account, after the same time whether or not there is one of that name."""
        ...

    def open_session(self, name: str, now: datetime, lifetime_seconds: int) -> str:
        """Return the token of a new session."""
        ...

    def session(self, token: str, now: datetime) -> SessionLike | None:
        """Return the session of a token, unless it is over."""
        ...

    def close_session(self, token: str) -> None:
        """End a session."""
        ...

    def set_language(self, token: str, lang: str) -> None:
        """Keep the language that somebody chose."""
        ...


class DeskLike(Protocol):
    """What the shell needs of a desk."""

    @property
    def accounts(self) -> AccountsLike:
        """Its people and their sessions."""
        ...


class LocalAccount(Struct, frozen=True):
    """The person at this machine."""

    name: str
    role: Role = Role.RECONCILER
    active: bool = True


class LocalSession(Struct, frozen=True, kw_only=True):
    """A session that ends with the server."""

    name: str
    csrf: str
    expires: datetime
    role: Role = Role.RECONCILER
    lang: str = ""


class LocalAccounts:
    """The accounts of a desk that has none: the person who started it, let in by the one-time link only."""

    def __init__(self, name: str) -> None:
        self._person = LocalAccount(name)
        self._sessions: dict[str, LocalSession] = {}

    def people(self) -> tuple[LocalAccount, ...]:
        """Return the one person."""
        return (self._person,)

    def check(self, name: str, password: str) -> None:  # noqa: ARG002, RUF100 - there is no password to check
        """Let nobody in by a password."""

    def open_session(self, name: str, now: datetime, lifetime_seconds: int) -> str:
        """Open a session of the one person."""
        assert name == self._person.name
        token = new_token()
        over = now + timedelta(seconds=lifetime_seconds)
        self._sessions[token_digest(token)] = LocalSession(name=name, csrf=new_token(), expires=over)
        return token

    def session(self, token: str, now: datetime) -> LocalSession | None:
        """Return the session of a token, unless it is over."""
        found = self._sessions.get(token_digest(token))
        return found if found and now < found.expires else None

    def close_session(self, token: str) -> None:
        """End a session."""
        self._sessions.pop(token_digest(token), None)

    def set_language(self, token: str, lang: str) -> None:
        """Keep the language that the person chose."""
        found = self._sessions.get(token_digest(token))
        if found:
            self._sessions[token_digest(token)] = replace(found, lang=lang)


class OneTimeLink:
    """The token of the link that is shown where the desk was started: good once."""

    def __init__(self, token: str) -> None:
        self._token = token

    def take(self, given: str) -> bool:
        """Tell whether this is the token; from then on it is dead."""
        right = same_token(given, self._token)
        if right:
            self._token = ""
        return right


class IdleTimes:
    """When each session was last used. In memory: after a restart of the server, everybody’s time begins again."""

    def __init__(self, longest: int) -> None:
        self._longest = timedelta(seconds=longest)
        self._seen: dict[str, datetime] = {}

    def is_over(self, token: str, now: datetime) -> bool:
        """Tell whether a session was left alone too long; if not, its time begins again."""
        key = token_digest(token)
        last = self._seen.pop(key, now)
        if now - last >= self._longest:
            return True
        # The one used last stands last, so that the oldest are the first to go.
        self._seen[key] = now
        if len(self._seen) > _MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        return False


async def person(request: Request) -> Person:
    """Return who is signed in: the dependency of every router. The guard lets nobody else through."""
    found = visit_of(request).person
    if found is None:
        raise HTTPException(401)
    return found


def require(role: Role) -> Callable[[Request], Awaitable[Person]]:
    """Return the dependency that asks for a role, or one that includes it."""

    async def of_role(request: Request) -> Person:
        found = await person(request)
        if not found.may(role):
            raise HTTPException(403, "role")
        return found

    return of_role


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine only; names but ``localhost`` are not known."""
    name = host.strip("[]").lower()
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, accounts: int, behind_tls: bool) -> None:
    """Refuse to serve a desk without accounts beyond this machine, whether or not a proxy stands in front.

    Raises Unprotected.
    """
    if accounts or (is_loopback(host) and not behind_tls):
        return
    raise Unprotected(
        f"the desk was to be served {'behind a proxy' if is_loopback(host) else f'on {host}'}, where others reach it, "
        "and it has no accounts. Add one for each person with `semantix review user add NAME --role ROLE`, and put a "
        "proxy that speaks TLS (https) in front, with --behind-tls; or serve it on 127.0.0.1 only"
    )
