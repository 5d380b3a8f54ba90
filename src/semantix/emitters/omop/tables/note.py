"""NOTE: one row per document, so that its type is known; its text only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from semantix.emitters.omop.concepts import FRENCH, NO_MATCH
from semantix.emitters.omop.context import Context
from semantix.emitters.omop.facts import short
from semantix.model import Section

_TAG = re.compile(r"<[^>]*>")
_BLANK = re.compile(r"[ \t\r\f\v]*\n\s*|[ \t]+")


def note(context: Context) -> None:
    """The document. Its title may name the patient, so ``note_title`` is the display of its type instead."""
    document = context.document
    if context.day is None:
        return
    chosen = context.choose(document.code, "observation", "Note")
    context.keep(chosen)
    row = {
        "person_id": context.person,
        "note_date": context.day.day,
        "note_datetime": context.day.time,
        "note_type_concept_id": context.type_concept,
        "note_class_concept_id": chosen.concept_id,
        "note_title": short(chosen.coding.display if chosen.coding else None, 250),
        "note_text": "\n".join(_texts(document.sections)) if context.options.keep_text else "",
        "encoding_concept_id": NO_MATCH,
        "language_concept_id": _language(context),
        "provider_id": context.author,
        "visit_occurrence_id": context.visit,
        "note_source_value": chosen.source_value,
    }
    context.add("note", row, "/ClinicalDocument")


def _language(context: Context) -> int:
    is_french = (context.document.language or "").lower().startswith("fr")
    return FRENCH if is_french and context.options.vocabulary is not None else NO_MATCH


def _texts(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.title:
            yield section.title
        if section.narrative:
            yield plain(section.narrative)
        yield from _texts(section.sections)


def plain(narrative: str) -> str:
    """XHTML as text: a line per block, entities resolved."""
    broken = re.sub(r"</(p|tr|li|div|th|td|h\d)>|<br\s*/?>", "\n", narrative)
    return _BLANK.sub(lambda m: "\n" if "\n" in m.group() else " ", unescape(_TAG.sub("", broken))).strip()
