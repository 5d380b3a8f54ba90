"""Which facts the rows of a table seem to say, as the lines of a pack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from semantix.profiling.figures import Column, Remark, Table
from semantix.profiling.shapes import folded
from semantix.profiling.words import ProfileWords

Named = list[tuple[str, Column]]
_PERSON = (
    ("patient-number", "number"),
    ("family-name", "family"),
    ("birth-name", "birth_name"),
    ("given-name", "given"),
    ("sex", "sex"),
    ("birth-date", "birth"),
    ("address", "address"),
    ("postcode", "postcode"),
    ("city", "city"),
    ("phone", "phone"),
)
_SYSTEMS = {"cip13": "cip", "cip7": "cip", "ucd13": "ucd", "ucd7": "ucd"}
_CODED = 0.8
_PLAIN = re.compile(r"[A-Za-z][\w/.-]*")
_OF_KIND = {
    "lab-result": frozenset({"loinc"}),
    "immunization": frozenset({"cip", "ucd", "atc"}),
    "medication": frozenset({"cip", "ucd", "cis", "atc"}),
    "allergy": frozenset({"cip", "ucd", "cis", "atc", "cim10"}),
    "problem": frozenset({"cim10", "cisp2"}),
    "procedure": frozenset({"ccam"}),
}
"""The systems whose codes say what a fact of a kind is about."""
_SIGNS = re.compile(
    r"\b(poids|taille|pouls|temperature|temp|imc|pas|pad|systol\w*|diastol\w*|tension|ta|sao2|spo2|saturation|fc|fr"
    r"|perimetre|pc|tour de taille)\b"
)
_KIND_ROLES = (
    ("vaccine", "immunization", "vaccinations"),
    ("drug", "medication", "treatments"),
    ("allergy", "allergy", "allergies"),
    ("diagnosis", "problem", "problems"),
)


def role_of_table(table: Table, otherwise: str) -> str:
    """A word for what the rows are."""
    roles = {column.role for column in table.columns}
    if {"label", "value"} <= roles:
        return "results"
    for role, _, name in _KIND_ROLES:
        if role in roles:
            return name
    if _signs([("", column) for column in table.columns]):
        return "signs"
    if roles & {"birth-date", "given-name"} and roles & {"patient-number", "family-name"}:
        return "patients"
    return otherwise


def draft_facts(role: str, columns: Named, others: list[tuple[str, Named]], words: ProfileWords) -> Iterator[str]:
    """The lines ``joins``, ``patient``, ``document`` and ``facts`` of a table; only comments when nothing is sure."""
    by_role: dict[str, str] = {}
    for name, column in columns:
        by_role.setdefault(column.role, name)
    facts = list(_facts(columns, by_role, words))
    if not facts:
        if role != "patients":
            yield _comment("pack-no-facts", words)
        return
    if not by_role.keys() & {"patient-number", "family-name", "birth-name"}:
        yield _comment("pack-no-patient", words)
        return
    join = _join(by_role, others)
    if join:
        to, key, theirs, _ = join
        same = "" if key == theirs else f", their_key: [{theirs}]"
        yield f"joins: {{who: {{to: {to}, key: [{key}]{same}}}}}"
    yield "patient:"
    joined = {column.role: f"who.{name}" for name, column in reversed(join[3])} if join else {}
    for person_role, field in _PERSON:
        if person_role in by_role or person_role in joined:
            yield f"  {field}: {by_role.get(person_role) or joined[person_role]}"
    yield "document:"
    yield "  by: patient-day"
    if "date" in by_role:
        yield f"  day: {by_role['date']}"
    yield "facts:"
    yield from facts


def _join(by_role: dict[str, str], others: Sequence[tuple[str, Named]]) -> tuple[str, str, str, Named] | None:
    """A table of patients with the same number: its name, our key, its key, its columns."""
    if "patient-number" not in by_role:
        return None
    for name, columns in others:
        roles = {column.role: column_name for column_name, column in columns}
        is_people = roles.keys() & {"birth-date", "given-name"} and not roles.keys() & {"value", "drug", "diagnosis"}
        if "patient-number" in roles and is_people and "birth-date" not in by_role:
            return name, by_role["patient-number"], roles["patient-number"], columns
    return None


def _facts(columns: Named, by_role: dict[str, str], words: ProfileWords) -> Iterator[str]:
    time = [f"    time: {by_role['date']}"] if "date" in by_role else []
    end = [f"    end: {by_role['end-date']}"] if "end-date" in by_role else []
    if {"label", "value"} <= by_role.keys():
        yield from _result(columns, by_role, words)
        yield from time
        yield from [f"    note: {by_role['comment']}"] if "comment" in by_role else []
        return
    made = False
    for role, kind, _ in _KIND_ROLES:
        if role in by_role:
            made = True
            yield f"  - kind: {kind}{_mark('pack-guess', words)}"
            yield from _code(kind, columns, by_role[role], by_role.get("code"), words)
            if kind == "medication":
                yield "    intent: prescribed"
                yield from [f"    dosage: {by_role['dosage']}"] if "dosage" in by_role else []
            if kind == "immunization" and "lot" in by_role:
                yield f"    lot: {by_role['lot']}"
            yield from time
            yield from end if kind in {"medication", "problem"} else []
    coded = _coded_kind(columns, by_role) if not made else None
    if coded:
        made = True
        yield f"  - kind: {coded}{_mark('pack-guess', words)}"
        label = by_role.get("label") or by_role.get("comment") or by_role["code"]
        yield from _code(coded, columns, label, by_role["code"], words)
        yield from time
    for name, column in _signs(columns):
        made = True
        yield f"  - kind: vital-sign{_mark('pack-guess', words)}"
        yield f"    code: {{const: {quoted(column.name)}}}"
        yield f"    value: {name}"
        yield from time
    if not made and "comment" in by_role:
        yield f"  - kind: note{_mark('pack-guess', words)}"
        yield f"    text: {by_role['comment']}"
        yield from time


def _coded_kind(columns: Named, by_role: dict[str, str]) -> str | None:
    """What rows say that hold a code of diagnoses or acts and no value."""
    column = next((column for name, column in columns if name == by_role.get("code")), None)
    systems = set(_systems_of(column)) if column else set()
    return next((kind for kind in ("procedure", "problem") if systems & _OF_KIND[kind]), None)


def _signs(columns: Named) -> Named:
    """Columns of numbers that bear the name of a vital sign."""
    return [
        (name, column)
        for name, column in columns
        if column.type in {"number", "integer", "value"} and not column.role and _SIGNS.search(folded(column.name))
    ]


def _result(columns: Named, by_role: dict[str, str], words: ProfileWords) -> Iterator[str]:
    yield "  - kind: lab-result"
    if "code" in by_role:
        yield from _code("lab-result", columns, by_role["label"], by_role["code"], words)
    else:
        yield f"    code: {by_role['label']}"
    value = next(column for name, column in columns if name == by_role["value"])
    if "unit" in by_role:
        yield f"    value: {{of: {by_role['value']}, unit: {by_role['unit']}}}"
    else:
        if not value.units or not value.units.with_number:
            yield f"    {_comment('pack-no-unit', words)}"
        yield f"    value: {by_role['value']}"
    bounds = [f"{bound}: {by_role[bound]}" for bound in ("low", "high") if bound in by_role]
    if bounds:
        yield f"    range: {{{', '.join(bounds)}}}"
    if "flag" in by_role:
        yield f"    flag: {by_role['flag']}"


def _code(kind: str, columns: Named, label: str, code: str | None, words: ProfileWords) -> Iterator[str]:
    """What the fact is about: the code in its system, the label as the words of the author."""
    column = next((column for name, column in columns if name == code), None)
    if code is None or column is None:
        yield f"    code: {label}"
        return
    found = _systems_of(column)
    systems = [system for system in found if system in _OF_KIND[kind]]
    if found and not systems:
        remark = Remark("pack-other-codes", {"column": code, "systems": ", ".join(found)})
        yield f"    {_comment_of(remark, words)}"
        yield f"    code: {label}"
        return
    if len(systems) > 1:
        yield f"    {_comment_of(Remark('pack-many-systems', {'systems': ', '.join(systems)}), words)}"
    system = systems[0] if len(systems) == 1 else "local"
    yield "    code:"
    yield "      codings:"
    yield f"        - {{system: {system}, code: {code}, display: {label}}}"
    if kind == "lab-result" and system != "local":
        # Where the code is empty, what the laboratory calls it is the code.
        yield f"        - {{system: local, display: {label}}}"
    yield f"      text: {label}"


def _systems_of(column: Column) -> list[str]:
    """The systems that nearly all codes of a column may be of, as packs call them."""
    likely = [system for system, count in column.systems if column.share(count) >= _CODED]
    return list(dict.fromkeys(_SYSTEMS.get(system, system) for system in likely))


def _comment(key: str, words: ProfileWords) -> str:
    return _comment_of(Remark(key), words)


def _comment_of(remark: Remark, words: ProfileWords) -> str:
    return f"# ? {words.remark(remark)}"


def _mark(key: str, words: ProfileWords) -> str:
    return f"  # ? {words.remark(Remark(key))}"


def quoted(text: str) -> str:
    """A text as YAML reads it back; a plain word needs no quotes."""
    if _PLAIN.fullmatch(text) and text.isascii():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
