"""The form of HPRIM files: end marks of HPRIM Médecin, first and last segments of HPRIM Santé."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from semantix.parsers.hprim_medecin._header import tag_of
from semantix.parsers.hprim_medecin._lines import read_lines
from semantix.parsers.hprim_sante._segments import delimiters_of, is_header
from semantix.validation._findings import Finding, finding
from semantix.validation.form import words_lines as rules

_OF_PATIENTS = frozenset({"ORU", "ADM", "ORM"})
_KIND = re.compile(r"[A-Z]{3}")


def medecin_form(data: bytes, line: int = 1) -> Iterator[Finding]:
    """End marks that are missing, in a file or a cut of it: one finding, at the last mark that nothing closes.

    A cut, whose first line is ``line`` of the file, ends after an end mark: only the last one may lack it.
    """
    open_since = 0
    for number, text in enumerate(read_lines(data).text, line):
        tag = tag_of(text)
        if tag == "LAB":
            open_since = number
        elif tag in ("FIN", "FINFICHIER"):
            open_since = 0
    if open_since:
        yield finding(rules.NO_END, "****LAB****", open_since, layer="form")


def sante_form(data: bytes, line: int = 1) -> Iterator[Finding]:
    """Messages without their P or L segments, in a file or a cut of it, which begins on a line of the file."""
    text = read_lines(data).text
    starts = [number for number, one in enumerate(text) if is_header(one)]
    for start, end in pairwise([*starts, len(text)]):
        yield from _message(text[start:end], start + line)


def _message(lines: Sequence[str], line: int) -> Iterator[Finding]:
    first = lines[0].lstrip()
    mark = delimiters_of(first)[0].field
    names = {one.lstrip().partition(mark)[0].strip() for one in lines}
    fields = first.split(mark)
    kind = fields[6].strip().upper()[:3] if len(fields) > 6 else ""
    shown = kind if _KIND.fullmatch(kind) else "?"
    if "L" not in names:
        yield finding(rules.NO_L, "L", line, layer="form")
    if kind in _OF_PATIENTS and "P" not in names:
        yield finding(rules.NO_P, "P", line, layer="form", kind=shown)
