"""CONCEPT and SOURCE_TO_CONCEPT_MAP: each source code with its system and wording.

A ``*_source_value`` holds the bare code. Its system is kept by a local concept (id from 2,000,000,000), to which
``*_source_concept_id`` points when no OHDSI vocabulary knows the code, and by a row of SOURCE_TO_CONCEPT_MAP.

A code that the terminology engine found for a source code is the target of such a row, whose description says how it
was found; it is a local concept too when no vocabulary gives it a standard one.
"""

from __future__ import annotations

from semantix.emitters.omop.codes import source_vocabulary
from semantix.emitters.omop.concepts import LOCAL_VOCABULARY
from semantix.emitters.omop.context import Context, Row, Source
from semantix.emitters.omop.facts import short
from semantix.model import MappedCoding

FIRST_DAY, LAST_DAY = "1970-01-01", "2099-12-31"
SOURCE_CLASS, MAPPED_CLASS = "Source code", "Mapped code"


def sources(context: Context) -> None:
    """One concept and its mappings for each code looked up for a row, even if the row then had no place for it."""
    if not context.sources:
        return
    concepts, maps = (context.rows.setdefault(table, []) for table in ("concept", "source_to_concept_map"))
    for key, source in context.sources.items():
        concepts.append(_concept(key, source))
        maps += _maps(context, key, source)
        _vocabulary(context, source.coding.system)


def _vocabulary(context: Context, system: str | None) -> str:
    vocabulary_id, title, reference = source_vocabulary(system)
    if ("vocabulary", vocabulary_id) in context.shared:
        return vocabulary_id
    row = {
        "vocabulary_id": vocabulary_id,
        "vocabulary_name": short(title, 255),
        "vocabulary_reference": short(reference, 255),
        "vocabulary_concept_id": 0,
    }
    return context.share("vocabulary", vocabulary_id, row)


def local(context: Context, code: str) -> str:
    """The key of a concept of semantix itself, such as a domain or an aspect, whose row is added once."""
    key = f"{LOCAL_VOCABULARY}|{code}"
    if ("concept", key) not in context.shared:
        context.share("concept", key, _row(key, f"semantix {code}", "Metadata"))
        row = {
            "vocabulary_id": LOCAL_VOCABULARY,
            "vocabulary_name": "Concepts of semantix",
            "vocabulary_reference": "docs/reference/omop-mapping.md",
            "vocabulary_concept_id": 0,
        }
        context.share("vocabulary", LOCAL_VOCABULARY, row)
    return key


def _row(key: str, name: str, domain: str, kind: str = SOURCE_CLASS) -> Row:
    vocabulary_id, _, code = key.partition("|")
    return {
        "concept_id": key,
        "concept_name": name,
        "domain_id": domain,
        "vocabulary_id": vocabulary_id,
        "concept_class_id": kind,
        "concept_code": code,
        "valid_start_date": FIRST_DAY,
        "valid_end_date": LAST_DAY,
    }


def _concept(key: str, source: Source) -> Row:
    name = short(source.coding.display or source.coding.code, 255) or source.coding.code
    return _row(key, name, source.domain)


def _maps(context: Context, key: str, source: Source) -> list[Row]:
    resolved = source.resolved
    targets: list[int | str] = [concept for concept, _ in resolved.concepts] if resolved else []
    description = short(source.coding.display, 255)
    if source.mapped is not None and not targets:
        targets = _found(context, source)
        description = _described(source.coding.display or "", source.mapped.coding)
    return [
        {
            "source_code": source.coding.code,
            "source_concept_id": (resolved.source_concept_id if resolved else 0) or key,
            "source_vocabulary_id": source.vocabulary_id,
            "source_code_description": description,
            "target_concept_id": target,
            "target_vocabulary_id": "None",
            "valid_start_date": FIRST_DAY,
            "valid_end_date": LAST_DAY,
        }
        for target in targets or [0]
    ]


def _found(context: Context, source: Source) -> list[int | str]:
    """The standard concepts of the code found, else that code as a local concept."""
    assert source.mapped is not None
    coding, resolved = source.mapped
    if resolved and resolved.concepts:
        return [concept for concept, _ in resolved.concepts]
    key = f"{_vocabulary(context, coding.system)}|{coding.code}"
    if key not in context.sources:
        name = short(coding.display, 255) or coding.code
        context.share("concept", key, _row(key, name, source.domain, MAPPED_CLASS))
    return [key]


def _described(display: str, found: MappedCoding) -> str:
    """The wording of the source, and how the code was found: ``Dépression [mapped: curated, cim10 F32.9, 0.98]``."""
    vocabulary_id, _, _ = source_vocabulary(found.system)
    probability = f", {found.probability:.2f}" if found.probability else ""
    mark = f"[mapped: {found.method.value}, {vocabulary_id} {found.code}{probability}]"
    return f"{display[: 254 - len(mark)]} {mark}".lstrip()
