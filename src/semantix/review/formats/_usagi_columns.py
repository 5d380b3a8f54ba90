"""The columns of a Usagi save file, in order, and those that semantix adds as additional information."""

from __future__ import annotations

SOURCE = ("sourceCode", "sourceName", "sourceFrequency", "sourceAutoAssignedConceptIds")
"""The first columns; additional information follows them, then the mapping."""

MAPPING = (
    "matchScore",
    "mappingStatus",
    "equivalence",
    "statusSetBy",
    "statusSetOn",
    "conceptId",
    "conceptName",
    "domainId",
    "mappingType",
    "comment",
    "createdBy",
    "createdOn",
    "assignedReviewer",
)
REQUIRED = ("sourceCode", "sourceName", "mappingStatus", "conceptId")
"""Without these a file is no save file; the others are missing in files of older versions."""

REVIEW = (
    "matchScore",
    "mappingStatus",
    "targetConceptId",
    "targetConceptName",
    "targetVocabularyId",
    "targetDomainId",
    "targetStandardConcept",
    "targetChildCount",
    "targetParentCount",
    "targetConceptClassId",
    "targetConceptCode",
    "targetValidStartDate",
    "targetValidEndDate",
    "targetInvalidReason",
)
"""The mapping in the export for review."""

ADDED = "ADD_INFO:"
HIDDEN = "semantix_"
OTHER = "semantix_extra_"
"""Before the name of an extra column that itself begins with ``semantix_``."""

SOURCE_FIELDS = ("system", "unit", "specimen", "section", "sender", "target")
"""What of a source has a hidden column of its own, under its own name."""

HIDDEN_FIELDS = (
    *SOURCE_FIELDS, "code", "senders", "state", "targets", "score", "status_on", "automatic", "acceptance",
    "people", "justification", "frequency",
)  # fmt: skip
"""The hidden columns, in the order in which they are written."""

NOTE = "usagi:comment"
FREQUENCY = "usagi:frequency"
AUTO = "usagi:auto"
"""Names in ``Entry.extra`` of what only Usagi says: the comment on a code that nobody judged, a frequency below 1, the
concepts that were assigned before Usagi."""

CODE_MARK = "code:"
