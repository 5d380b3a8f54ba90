"""Documents of every format, and what they hold that identifies somebody, found without asking what is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from semantix.io import Limits, discover
from semantix.model import (
    Address,
    Document,
    Identifier,
    Name,
    Organization,
    Party,
    Patient,
    Relative,
    Source,
    Telecom,
    Text,
)
from semantix.parsers import PARSERS
from semantix.pipeline.inputs import Inputs, Task
from semantix.pipeline.people import PACK, People
from semantix.pipeline.work import documents_of
from semantix.report import Reading

ROOT = Path(__file__).resolve().parents[3]
KEY = b"0123456789abcdef0123456789ABCDEF"


def documents_in(*paths: Path, practice: str | None = None) -> Iterator[Document]:
    """What a run would read under these paths."""
    people = People(Limits(), PARSERS)
    for step in Inputs(Limits(), PARSERS, practice).steps(list(discover(paths).files)):
        if isinstance(step, Task):
            lists = [entry for role, entry in step.others if role == PACK]
            for document in documents_of(step, Limits(), PARSERS, Reading()):
                yield people.complete(document, lists, step.practice)


def structs_in(value: Any) -> Iterator[Struct]:
    """Every struct inside a value, whatever the field."""
    if isinstance(value, Struct):
        yield value
        for name in value.__struct_fields__:
            if name not in {"at", "locate", "system_at"}:
                yield from structs_in(getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from structs_in(each)


def strings_in(value: Any) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in {"at", "locate", "system_at"}:
                yield from strings_in(getattr(value, name))
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from strings_in(each)


# What the model says in words of its own, and what is of no one.
_PLAIN = re.compile(r"[a-z]{2,4}|[A-Z]{1,6}")
_IDENTITY = (Name, Identifier, Telecom, Address, Source)
_ADDRESS_NAMES = frozenset({"country", "state"})


def identities_in(document: Document) -> set[str]:
    """Texts that say who or where: of names, numbers, telecoms, addresses, organisations and the file itself."""
    found: set[str] = set()
    for one in structs_in(document):
        if isinstance(one, Name):
            found |= {part.value for part in one.parts if part.kind in {"family", "given"}} | {one.text or ""}
        elif isinstance(one, Identifier):
            # The root of a register or of a sender says of what sort a number is; alone, it is the number.
            found |= {one.extension or one.root or ""} if not one.null else set()
        elif isinstance(one, Telecom):
            found.add((one.value or "").partition(":")[2] or one.value or "")
        elif isinstance(one, Address):
            found |= {text for name, text in one.parts if name not in _ADDRESS_NAMES} | {one.text or ""}
        elif isinstance(one, Organization):
            found |= set(one.names)
        elif isinstance(one, (Patient, Relative)):
            found |= {one.birth.text, one.birth.iso} if one.birth is not None and len(one.birth.date) == 10 else set()
        elif isinstance(one, Source):
            found |= {one.name, one.sha256}
    return {text.strip() for text in found if len(text.strip()) >= 3}


def sentences_in(document: Document) -> set[str]:
    """Free text: narratives line by line, notes, texts, titles, instructions, originalTexts, answers in words."""
    fields = {"text", "title", "narrative", "instructions", "patient_instructions", "pharmacist_instructions", "url"}
    found: set[str] = set()
    for one in structs_in(document):
        for name in fields & set(one.__struct_fields__):
            for text in strings_in(getattr(one, name)):
                found |= {re.sub(r"<[^>]*>", "\n", line).strip() for line in re.split(r"<[^>]*>|\n", text)}
        if isinstance(one, Text):
            found.add(one.value.strip())
    return {text for text in found if len(text) >= 12 and " " in text}


def labels_in(document: Document) -> set[str]:
    """Words beside a code, which are no free text: a text that says the same is said by them."""
    found: set[str] = set()
    for one in structs_in(document):
        for name in {"display", "name", "entity_name", "model", "software", "system_name"} & set(one.__struct_fields__):
            if not isinstance(one, (Source, Organization)):
                found |= set(strings_in(getattr(one, name)))
    return found


def parties_in(document: Document) -> list[Party]:
    """Everybody who takes part, anywhere."""
    return [one for one in structs_in(document) if isinstance(one, Party)]
