"""A PostgreSQL server, read through psycopg (the optional extra ``postgres``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from semantix.errors import BadDatabase
from semantix.quality.names import literal

try:
    import psycopg
except ImportError:  # pragma: no cover  # the extra is not installed
    psycopg = None  # type: ignore[assignment]

Cells = tuple[object, ...]
_CATALOG = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a "
    "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = {schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped "
    "ORDER BY c.relname, a.attnum"
)
_SCHEMAS = (
    "SELECT DISTINCT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
    "AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1"
)


class PostgresConnection(Struct, frozen=True):
    """A session that may only read."""

    label: str
    session: psycopg.Connection[Cells]
    refusal: type[Exception]

    @property
    def engine(self) -> str:
        """Name and version of the engine."""
        version = self.session.info.server_version
        return f"PostgreSQL {version // 10000}.{version % 10000}"

    def rows(self, sql: str) -> list[Cells]:
        """Run a query. Raises QueryFailed."""
        try:
            return self.session.execute(sql.encode()).fetchall()
        except psycopg.OperationalError as error:
            if self.session.closed:
                raise BadDatabase(f"{self.label}: the connection was lost") from None
            raise self.refusal(_kind_of(error)) from None
        except psycopg.Error as error:
            raise self.refusal(_kind_of(error)) from None

    def catalog(self, schema: str) -> list[tuple[str, str, str]]:
        """List (table, column, type) of a schema."""
        return [(str(t), str(c), str(k)) for t, c, k in self.rows(_CATALOG.format(schema=literal(schema)))]

    def schemas(self) -> list[str]:
        """List the schemas that have a table."""
        return [str(row[0]) for row in self.rows(_SCHEMAS)]


def _kind_of(error: psycopg.Error) -> str:
    return f"{type(error).__name__}, SQLSTATE {error.sqlstate or 'unknown'}"


@contextmanager
def open_postgres(url: str, refusal: type[Exception]) -> Iterator[PostgresConnection]:
    """Open a session that may only read. Raises BadDatabase, which never quotes the password."""
    if psycopg is None:
        raise BadDatabase("PostgreSQL needs psycopg, which is not installed: pip install 'semantix[postgres]'")
    label = safe_label(url)
    try:
        session: psycopg.Connection[Cells] = psycopg.connect(url, autocommit=True)
    except psycopg.Error as error:
        raise BadDatabase(f"{label}: no connection: {reason(error, url)}") from None
    try:
        session.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        yield PostgresConnection(label, session, refusal)
    finally:
        session.close()


def safe_label(url: str) -> str:
    """Write a URL without its password and without its parameters."""
    place = url.partition("://")[2].partition("?")[0].partition("#")[0]
    login, at, host = place.rpartition("@")
    return f"postgresql://{login.partition(':')[0]}{at}{host}"


def reason(error: psycopg.Error, url: str) -> str:
    """The last line of what the driver says, unless it may quote the password."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return type(error).__name__ if any(secret in lines[-1] for secret in _secrets(url)) else lines[-1].strip()


def _secrets(url: str) -> set[str]:
    try:
        parts = urlsplit(url)
        given = {parts.password or "", *parse_qs(parts.query).get("password", ())}
    except ValueError:
        given = {url.partition("://")[2].rpartition("@")[0].partition(":")[2]}
    return {form for secret in given if secret for form in (secret, unquote(secret))}
