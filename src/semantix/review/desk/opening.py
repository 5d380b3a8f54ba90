"""Opening the database of a desk: a file of SQLite, or a PostgreSQL server by URL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy import exc as failures
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from semantix.errors import BadDesk
from semantix.review.desk import schema

URL_SCHEMES = ("postgresql://", "postgres://")
LOCK = 0x5E3A0D35
"""The advisory lock of PostgreSQL under which the log is written."""
POOL = 10
_DEFAULT_SCHEMA = "schema"
_SQLITE = b"SQLite format 3"


def is_url(place: str) -> bool:
    """Tell whether a place is the URL of a server rather than a file."""
    return place.startswith(URL_SCHEMES)


def shown(place: str) -> str:
    """A place as it may be shown: a URL without its password and options."""
    if not is_url(place):
        return place
    try:
        parts = urlsplit(place)
        return f"postgresql://{parts.username or ''}{'@' if parts.username else ''}{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "postgresql://…"


class Database:
    """A database with the tables of a desk."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self.is_sqlite = engine.dialect.name == "sqlite"

    @classmethod
    def open(cls, place: str, *, create: bool) -> Database:
        """Open the database at a place. Raises BadDesk when there is none, and none is to be made, or it is no desk."""
        database = cls(_engine(place, create), shown(place))
        try:
            database._prepare(create)
        except SQLAlchemyError as error:
            database.close()
            raise BadDesk(f"{database.place}: {_reason(error)}") from None
        except BadDesk:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; all that it reads is of one moment."""
        with self._told(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that no other writer shares: committed as a whole at the end, or not at all."""
        with self._told(), self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what the database refuses without the statement and its values, which hold labels."""
        try:
            yield
        except OperationalError as error:
            raise BadDesk(f"{self.place}: {_reason(error)}") from None
        except DBAPIError as error:
            raise BadDesk(f"{self.place}: the database refused ({type(error.orig).__name__})") from None
        except UnicodeError:
            raise BadDesk(f"{self.place}: a text holds half a sign, which no database keeps") from None
        except failures.TimeoutError:
            raise BadDesk(f"{self.place}: too many people ask at once; try again in a moment") from None

    def _prepare(self, create: bool) -> None:
        tables = set(inspect(self.engine).get_table_names())
        wanted = set(schema.metadata.tables)
        if not tables & wanted:
            if not create:
                raise BadDesk(f"{self.place}: no desk is there; `semantix review import FILE` makes one")
            with self.writing() as connection:
                # Somebody else may have made it while this one waited.
                if not inspect(connection).has_table("about"):
                    schema.metadata.create_all(connection)
                    connection.execute(schema.about.insert(), [{"name": "version", "value": str(schema.VERSION)}])
            return
        if "about" not in tables or "event" not in tables:
            raise BadDesk(
                f"{self.place}: this is another database, not a desk; name a new file, or a schema of its own"
            )
        with self.reading() as connection:
            found = connection.execute(
                schema.about.select().with_only_columns(schema.about.c.value).where(schema.about.c.name == "version")
            ).scalar()
        if found != str(schema.VERSION):
            raise BadDesk(f"{self.place}: a desk of version {found}; this semantix knows version {schema.VERSION}")


def _engine(place: str, create: bool) -> Engine:
    if is_url(place):
        return _postgres(place, create)
    if "://" in place:
        raise BadDesk(f"{place.partition('://')[0]}: no such kind of desk; give a file, or a URL postgresql://…")
    path = Path(place)
    if not create and not path.exists():
        raise BadDesk(f"{place}: no desk is there; `semantix review import FILE` makes one")
    if path.exists() and _begin_of(path) not in {b"", _SQLITE}:
        raise BadDesk(f"{place}: not a SQLite file; give the file of a desk, or a new name")
    if create:
        _make_private(path)
    engine = create_engine(
        # Not as a URL text: a file may have ? or % in its name.
        URL.create("sqlite", database=str(path.absolute())),
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL * 4,
        connect_args={"check_same_thread": False, "timeout": 30.0},
    )
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _begin_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except OSError as error:
        raise BadDesk(f"{path}: cannot be read as a file ({error.strerror})") from None


def _make_private(path: Path) -> None:
    """Make a new file that its owner alone reads: labels are as confidential as their sources.

    The files that SQLite puts beside it are as private as it is. One that is there keeps the rights that it was given.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        # It is there, or cannot be: the database will tell.
        return


def _tune(connection: Any, _: Any) -> None:
    """Prepare one SQLite connection: a journal beside the file, and every commit on the disk before it is told."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(place: str, create: bool) -> Engine:
    try:
        import psycopg  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise BadDesk("a desk on PostgreSQL needs psycopg: pip install 'semantix[desk,postgres]'") from None
    try:
        url = make_url(place.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise BadDesk("the URL of the desk is not one; expected postgresql://user@host/database") from None
    query = dict(url.query)
    name = query.pop(_DEFAULT_SCHEMA, "")
    if name and not (isinstance(name, str) and name.replace("_", "a").isalnum() and name.isascii()):
        raise BadDesk("the schema of the desk has letters, digits and _ only")
    # An answer means that the disk has it, whatever the server is set to.
    options = "-csynchronous_commit=on" + (f' -csearch_path="{name}"' if name else "")
    engine = create_engine(
        url.set(query=query),
        pool_size=POOL,
        max_overflow=POOL * 2,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": options},
    )
    if name and create:
        try:
            with engine.begin() as connection:
                if name not in inspect(connection).get_schema_names():
                    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{name}"'))
        except SQLAlchemyError as error:
            engine.dispose()
            raise BadDesk(f"{shown(place)}: {_reason(error)}") from None
    return engine


def _reason(error: SQLAlchemyError) -> str:
    """Why a database does not answer, from its first line, without the statement."""
    cause = getattr(error, "orig", None)
    lines = str(cause or error).strip().splitlines()
    return f"the database does not answer: {lines[0] if lines else type(error).__name__}"
