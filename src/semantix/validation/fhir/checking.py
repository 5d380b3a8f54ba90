"""One FHIR file checked: every resource in it, with the line of each finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from semantix.emitters.fhir import _r4
from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.parsers.fhir import xml
from semantix.parsers.fhir.library import target_of
from semantix.parsers.fhir.shapes import Json, decode, items, kind_of, text
from semantix.validation._findings import Finding, LayerRun
from semantix.validation.fhir._dates import moment
from semantix.validation.fhir._walk import Held, resources_in, shown_name
from semantix.validation.fhir.bundles import Shelf, bundle_rules, references, shelf_of
from semantix.validation.fhir.closed import closed_lists
from semantix.validation.fhir.codings import codings
from semantix.validation.fhir.contents import dates, narratives, together
from semantix.validation.fhir.french import french
from semantix.validation.fhir.lines import lines_in_json, lines_in_xml
from semantix.validation.fhir.profiles import profiles
from semantix.validation.fhir.structure import structure

LAYER, STRUCTURE = "fhir", "fhir-structure"
_SUBJECTS = ("subject", "patient")
_BOM = b"\xef\xbb\xbf"


class FhirChecked(Struct, frozen=True):
    """What is said of a FHIR file, and which of the checks were run."""

    findings: tuple[Finding, ...]
    layers: tuple[LayerRun, ...]


def layer_runs() -> tuple[LayerRun, ...]:
    """The layers of a FHIR file: the models of R4 are an optional dependency."""
    ours = LayerRun(name=LAYER, state="run", engine="semantix")
    if _r4.is_at_hand():
        return ours, LayerRun(name=STRUCTURE, state="run", engine="fhir.resources R4B")
    return ours, LayerRun(name=STRUCTURE, state="skipped", reason="no-fhir-resources")


def check(data: bytes, name: str, day: date) -> FhirChecked:
    """Check a Bundle or a resource, in JSON or XML. Raises UnreadableInput, as the reader does."""
    body = data.removeprefix(_BOM)
    if body.lstrip()[:1] == b"<":
        root = parse_xml(data, name)
        resource = xml.parse(data, name)
        found = tuple(_of_values([_r4.typed(resource) if _r4.is_at_hand() else resource], day))
        lines = lines_in_xml(root, {one.path for one in found})
    else:
        value, encoding = decode(data, name)
        several = [one for one in (value if type(value) is list else [value]) if type(one) is dict]
        found = tuple(_of_values(several, day))
        # What is read in another encoding has the same lines, unless its characters are wide.
        is_placed = type(value) is dict and not encoding.startswith("utf-16")
        lines = lines_in_json(body, {one.path for one in found}) if is_placed else {}
    return FhirChecked(tuple(replace(one, line=lines.get(one.path)) for one in found), layer_runs())


def check_lines(data: bytes, day: date, line: int = 1) -> Iterator[Finding]:
    """Check resources one a line, the first on a line of the file; lines that are none are told by the reader."""
    for number, text_line in enumerate(data.removeprefix(_BOM).split(b"\n"), line):
        if not text_line.strip():
            continue
        try:
            value, _ = decode(text_line.strip(), "line")
        except UnreadableInput:
            continue
        if type(value) is dict and kind_of(value):
            for one in _of_values([value], day):
                yield replace(one, line=number)


def _of_values(values: list[Json], day: date) -> Iterator[Finding]:
    for n, value in enumerate(values):
        place = "" if len(values) == 1 else f"{shown_name(kind_of(value) or 'Resource')}[{n}]"
        every = list(resources_in(value, place))
        births = _births(every)
        shelves: dict[int, Shelf] = {}
        for held in every:
            shelf = None
            if held.bundle is not None:
                shelf = shelves.get(id(held.bundle))
                if shelf is None:
                    shelf = shelves[id(held.bundle)] = shelf_of(held.bundle)
            yield from _of_resource(held, shelf, day, births)


def _of_resource(held: Held, shelf: Shelf | None, day: date, births: Mapping[str, str]) -> Iterator[Finding]:
    if _r4.is_at_hand():
        yield from structure(held)
    yield from closed_lists(held)
    if held.kind == "Bundle":
        yield from bundle_rules(held)
    else:
        yield from references(held, shelf)
    yield from codings(held)
    yield from french(held)
    yield from profiles(held)
    yield from dates(held, day, _birth_of(held, births))
    yield from narratives(held)
    yield from together(held)


def _births(every: list[Held]) -> Mapping[str, str]:
    """The birth dates of the patients of a file, by what they are referred to as."""
    found: dict[str, str] = {}
    for held in every:
        born = moment(held.resource.get("birthDate")) if held.kind == "Patient" else ""
        if born:
            for key in (held.full_url, f"Patient/{text(held.resource.get('id'))}"):
                found[key] = "" if found.get(key, born) != born else born
    return found


def _birth_of(held: Held, births: Mapping[str, str]) -> str:
    """The birth date of the patient whom a resource is about; empty when it cannot be told."""
    if held.kind == "Patient":
        return moment(held.resource.get("birthDate"))
    for name in _SUBJECTS:
        for one in items(held.resource.get(name)):
            said = text(one.get("reference")) or ""
            named = target_of(one)
            return births.get(said) or (births.get("/".join(named), "") if named else "")
    return ""
