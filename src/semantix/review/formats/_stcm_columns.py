"""The columns of SOURCE_TO_CONCEPT_MAP in OMOP 5.4, and how long their texts may be."""

from __future__ import annotations

COLUMNS = (
    "source_code",
    "source_concept_id",
    "source_vocabulary_id",
    "source_code_description",
    "target_concept_id",
    "target_vocabulary_id",
    "valid_start_date",
    "valid_end_date",
    "invalid_reason",
)
REQUIRED = ("source_code", "source_vocabulary_id", "target_concept_id")
"""Without these a file is not read; the others may be missing."""

CODE = 50
VOCABULARY = 20
DESCRIPTION = 255
"""Numbers of characters."""

UNMAPPED = "None"
"""The vocabulary of concept 0."""

FIRST_DAY, LAST_DAY = "1970-01-01", "2099-12-31"

SOURCE_VOCABULARY = "source_vocabulary_id"
SOURCE_CONCEPT = "source_concept_id"
VALID_FROM, VALID_TO = "valid_start_date", "valid_end_date"
"""Names in ``Entry.extra`` of what a row says beside code and target."""
