"""CONCEPT and SOURCE_TO_CONCEPT_MAP: each source code with its system and wording.

A ``*_source_value`` holds the bare code. Its system is kept by a local concept (id from 2,000,000,000), to which
``*_source_concept_id`` points when no OHDSI vocabulary knows the code, and by a row of SOURCE_TO_CONCEPT_MAP.
"""

from __future__ import annotations

from semantix.emitters.omop.codes import source_vocabulary
from semantix.emitters.omop.concepts import LOCAL_VOCABULARY
from semantix.emitters.omop.context import Context, Row, Source
from semantix.emitters.omop.facts import short

FIRST_DAY, LAST_DAY = "1970-01-01", "2099-12-31"
SOURCE_CLASS = "Source code"


def sources(context: Context) -> None:
    """One concept and its mappings for each code looked up for a row, even if the row then had no place for it."""
    for key, source in context.sources.items():
        context.rows.setdefault("concept", []).append(_concept(key, source))
        context.rows.setdefault("source_to_concept_map", []).extend(_maps(key, source))
        vocabulary_id, title, reference = source_vocabulary(source.coding.system)
        row = {
            "vocabulary_id": vocabulary_id,
            "vocabulary_name": short(title, 255),
            "vocabulary_reference": short(reference, 255),
            "vocabulary_concept_id": 0,
        }
        context.share("vocabulary", vocabulary_id, row)


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


def _row(key: str, name: str, domain: str) -> Row:
    vocabulary_id, _, code = key.partition("|")
    return {
        "concept_id": key,
        "concept_name": name,
        "domain_id": domain,
        "vocabulary_id": vocabulary_id,
        "concept_class_id": SOURCE_CLASS,
        "concept_code": code,
        "valid_start_date": FIRST_DAY,
        "valid_end_date": LAST_DAY,
    }


def _concept(key: str, source: Source) -> Row:
    name = short(source.coding.display or source.coding.code, 255) or source.coding.code
    return _row(key, name, source.domain)


def _maps(key: str, source: Source) -> list[Row]:
    resolved = source.resolved
    targets = [concept for concept, _ in resolved.concepts] if resolved else []
    return [
        {
            "source_code": source.coding.code,
            "source_concept_id": (resolved.source_concept_id if resolved else 0) or key,
            "source_vocabulary_id": source.vocabulary_id,
            "source_code_description": short(source.coding.display, 255),
            "target_concept_id": target,
            "target_vocabulary_id": "None",
            "valid_start_date": FIRST_DAY,
            "valid_end_date": LAST_DAY,
        }
        for target in targets or [0]
    ]
