"""The people of a desk and their sessions. A token is known to the browser only: the database has its digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, delete, select, update

from semantix.errors import ActionRefused
from semantix.review.accounts import (
    NOBODY,
    check_password_rules,
    hash_password,
    name_fault,
    new_salt,
    new_token,
    token_digest,
    verify,
)
from semantix.review.desk.opening import Database
from semantix.review.desk.schema import person, session
from semantix.review.model import Role

# Asked on every request, put together once.
_SESSION = (
    select(session, person.c.role)
    .join(person, person.c.name == session.c.name)
    .where(session.c.token == bindparam("digest"), person.c.active.is_(True))
)


class Account(Struct, frozen=True):
    """A person who may sign in, or could once."""

    name: str
    role: Role
    active: bool


class Session(Struct, frozen=True):
    """Somebody who signed in; ``csrf`` is the token of their forms, ``lang`` the language they chose, or empty."""

    name: str
    role: Role
    csrf: str
    expires: datetime
    lang: str


class Accounts:
    """The people and sessions of one desk. Who changes an account writes the event of it (:class:`Desk`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self) -> tuple[Account, ...]:
        """Everybody who has or had an account, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(person).order_by(person.c.name))
            return tuple(Account(row.name, Role(row.role), row.active) for row in rows)

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account. Raises ActionRefused for a name that is taken or not one, or a password that is too weak."""
        fault = name_fault(name)
        if fault:
            raise ActionRefused("the name is empty, too long, or holds signs that are not seen", f"name_{fault}")
        check_password_rules(password, name)
        # It takes a while, and nobody should wait for it.
        stored = hash_password(password, new_salt())
        with self._database.writing() as connection:
            if connection.execute(select(person.c.name).where(person.c.name == name)).first():
                raise ActionRefused("there is an account of this name; change it instead", "name_taken")
            connection.execute(
                person.insert(), [{"name": name, "role": role.value, "password": stored, "active": True}]
            )

    def change(
        self, name: str, *, role: Role | None = None, password: str | None = None, active: bool | None = None
    ) -> None:
        """Change an account; whoever uses it is signed out when its password changes or it is closed."""
        values: dict[str, object] = {}
        if role is not None:
            values["role"] = role.value
        if active is not None:
            values["active"] = active
        if password is not None:
            check_password_rules(password, name)
            values["password"] = hash_password(password, new_salt())
        with self._database.writing() as connection:
            if not connection.execute(select(person.c.name).where(person.c.name == name)).first():
                raise ActionRefused("there is no account of this name; see `semantix review user list`", "no_such_name")
            if values:
                connection.execute(update(person).where(person.c.name == name).values(**values))
            if password is not None or active is False:
                connection.execute(delete(session).where(session.c.name == name))

    def check(self, name: str, password: str) -> Account | None:
        """The account of a name and its password; None when they do not go together, or it is closed.

        An unknown name takes as long as a wrong password.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(person).where(person.c.name == name)).first()
        right = verify(password, row.password if row is not None else NOBODY)
        if row is None or not right or not row.active:
            return None
        return Account(row.name, Role(row.role), row.active)

    def open_session(self, name: str, now: datetime, lifetime_seconds: int) -> str:
        """Open a session and return its token; sessions that are over are removed."""
        token = new_token()
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.expires <= _written(now)))
            row = {
                "token": token_digest(token),
                "name": name,
                "csrf": new_token(),
                "lang": "",
                "expires": _written(now + timedelta(seconds=lifetime_seconds)),
            }
            connection.execute(session.insert(), [row])
        return token

    def session(self, token: str, now: datetime) -> Session | None:
        """The session of a token; None when it is unknown, over, or of an account that is closed."""
        with self._database.reading() as connection:
            row = connection.execute(_SESSION, {"digest": token_digest(token)}).first()
        if row is None or row.expires <= _written(now):
            return None
        return Session(row.name, Role(row.role), row.csrf, datetime.fromisoformat(row.expires), row.lang)

    def close_session(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.token == token_digest(token)))

    def set_language(self, token: str, lang: str) -> None:
        """Keep the language that somebody chose."""
        with self._database.writing() as connection:
            connection.execute(update(session).where(session.c.token == token_digest(token)).values(lang=lang))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
