"""What the tests look for in FHIR JSON, whatever the shape of the resources."""

from collections.abc import Iterator


def objects_in(value: object) -> Iterator[dict]:
    """Every object of a JSON value, at any depth."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            yield one
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)


def pairs_in(value: object) -> set[tuple[str | None, str]]:
    """(system, code) of every object that has a code; the system is ``None`` where there is none."""
    return {(one.get("system"), one["code"]) for one in objects_in(value) if isinstance(one.get("code"), str)}


def references_in(value: object) -> set[str]:
    """Every literal reference to another entry."""
    found = (one.get("reference") for one in objects_in(value))
    return {target for target in found if isinstance(target, str) and not target.startswith("#")}
