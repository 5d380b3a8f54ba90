"""dBASE III tables held in memory: CNAM publishes them in archives, which are never extracted to disk."""

from __future__ import annotations

from collections.abc import Iterator

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.dbase import describe, fields_of, is_dbase, records
from semantix.terminology.releases._importer import Refused
from semantix.terminology.releases._tabular import base


def is_dbf(head: bytes) -> bool:
    """Say whether these first bytes are those of a dBASE table."""
    return is_dbase(head)


def fields(head: bytes) -> tuple[tuple[str, int], ...]:
    """Return the names of the columns, in lower case, with their widths."""
    return tuple((each.name.lower(), each.width) for each in fields_of(head))


def rows(content: bytes, name: str, encoding: str = "cp850") -> Iterator[dict[str, str]]:
    """Give the records that are not deleted, blanks included: the long labels of CCAM are cut anywhere.

    Raises Refused where the content is not a table, or is shorter than its header says.
    """
    try:
        table = describe(content, base(name))
    except UnreadableInput as error:
        raise Refused(str(error)) from None
    if table.present < table.count:
        raise Refused(f"{base(name)}: found {table.present} records, its header says {table.count}")
    columns = [each.name.lower() for each in table.fields]
    for deleted, cells in records(content, table):
        if not deleted:
            yield {column: cell.decode(encoding).rstrip("\0") for column, cell in zip(columns, cells, strict=True)}
