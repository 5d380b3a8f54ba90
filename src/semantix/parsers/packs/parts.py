"""A text taken apart: each part is a row of its own inside a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from semantix.parsers.packs.patterns import LINE, compile_pattern
from semantix.parsers.packs.spec_facts import Parts
from semantix.text import practice
from semantix.text.practice import Finding
from semantix.text.specimens import is_heading, specimen_named
from semantix.text.values import Number, read_result_line

Part = Mapping[str, str]
MANY = 2_000
"""Parts of one cell."""


def compile_parts(parts: Parts) -> Callable[[str], list[Part]]:
    """The function that takes a text apart."""
    if parts.read == "pattern":
        pattern = compile_pattern(parts.pattern or "")
        return lambda text: _some(
            {**{name: value or "" for name, value in found.groupdict().items()}, "text": found[0]}
            for found in pattern.finditer(text[:LINE])
        )
    if parts.read == "list":
        mark = parts.separator or ","
        return lambda text: _some({"text": each.strip()} for each in text.split(mark) if each.strip())
    if parts.read == "result-lines":
        return lambda text: _some(_results(text))
    if parts.read == "history":
        return lambda text: _some(_finding(one) for one in practice.read_history(text))
    if parts.read == "vital-signs":
        return lambda text: _some(_finding(one) for one in practice.read_vital_signs(text) if one.number is not None)
    return lambda text: _some({"text": line.strip()} for line in _lines(text))


def _some(found: Iterator[Part]) -> list[Part]:
    out: list[Part] = []
    for part in found:
        if len(out) == MANY:
            break
        out.append(part)
    return out


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line for line in lines if line.strip()]


def _results(text: str) -> Iterator[Part]:
    """Lines that are a result without doubt, with the specimen of the heading above them where it is not blood."""
    specimen = ""
    for line in _lines(text):
        if is_heading(line):
            specimen = " ".join(line.split()) if specimen_named(line) else ""
            continue
        found = read_result_line(line)
        if found is None:
            continue
        label, reading = found
        number = reading.number
        bounds = reading.reference
        yield {
            "label": label,
            "value": (number.comparator or "") + format(number.value, "f")
            if number is not None
            else reading.text or "",
            "unit": (number.unit or "") if number is not None else "",
            "low": _number(bounds.low) if bounds is not None else "",
            "high": _number(bounds.high) if bounds is not None else "",
            "flag": reading.flag or "",
            "specimen": specimen,
            "text": line.strip(),
        }


def _number(number: Number | None) -> str:
    return format(number.value, "f") if number is not None else ""


def _finding(one: Finding) -> Part:
    number = one.number
    return {
        "text": one.text,
        "label": one.words or one.code,
        "category": one.kind,
        "date": one.on.text if one.on is not None else one.start.text if one.start is not None else "",
        "end": one.end.text if one.end is not None else "",
        "cim10": one.code if one.system == "cim10" else "",
        "negated": "true" if one.negated else "",
        "suspected": "true" if one.suspected else "",
        "relative": one.relative_text,
        "value": _number(number),
        "unit": (number.unit or "") if number is not None else "",
    }
