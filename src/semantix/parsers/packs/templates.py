"""Facts written once for several columns: ``each`` is replaced by one fact for each of its entries."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from semantix.parsers.packs.spec import PackSpec
from semantix.parsers.packs.spec_facts import Fact
from semantix.parsers.packs.spec_files import File, Table

_VARIABLE = re.compile(r"\$([a-z_]+)")
MANY = 2_000
"""Facts of one table, once they are written out."""
AnyTable = TypeVar("AnyTable", bound=Table)


def expand(spec: PackSpec) -> PackSpec:
    """Write out the facts of every table. Raises ValidationError where a variable has no value."""
    files: dict[str, File] = {}
    for role, file in spec.files.items():
        tables = {name: _table(table, ("files", role, "tables", name)) for name, table in file.tables.items()}
        files[role] = _table(file, ("files", role)).model_copy(update={"tables": tables})
    return spec.model_copy(update={"files": files})


def _table(table: AnyTable, path: tuple[str | int, ...]) -> AnyTable:
    facts: list[Fact] = []
    for index, fact in enumerate(table.facts):
        here = (*path, "facts", index)
        if fact.each:
            bare = fact.model_dump(by_alias=True, exclude_unset=True, exclude={"each"})
            facts += [_made(bare, values, (*here, "each", n)) for n, values in enumerate(fact.each)]
        else:
            facts.append(_made(fact.model_dump(by_alias=True, exclude_unset=True), {}, here))
    if len(facts) > MANY:
        raise _wrong((*path, "facts"), f"{len(facts)} facts, at most {MANY} expected")
    return table.model_copy(update={"facts": facts})


def _made(fact: dict[str, Any], values: dict[str, str], path: tuple[str | int, ...]) -> Fact:
    return Fact.model_validate(_replaced(fact, values, path))


def _replaced(value: Any, values: dict[str, str], path: tuple[str | int, ...]) -> Any:
    if isinstance(value, dict):
        # A regular expression may end in $ or hold one: it is left alone.
        return {k: v if k in {"matches", "pattern"} else _replaced(v, values, path) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(each, values, path) for each in value]
    if not isinstance(value, str) or "$" not in value:
        return value

    def one(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise _wrong(path, f"{found[0]} has no value in this entry of each")
        return values[found[1]]

    return _VARIABLE.sub(one, value)


def _wrong(path: tuple[str | int, ...], words: str) -> ValidationError:
    detail = InitErrorDetails(type=PydanticCustomError("pack", "{words}", {"words": words}), loc=path, input=None)
    return ValidationError.from_exception_data("pack", [detail])
