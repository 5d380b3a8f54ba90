"""Usagi's save file, read and written.

What Usagi's words mean here (``docs/reference/review-formats.md`` has the whole table):

- ``APPROVED`` is accepted, with a judgement. ``UNCHECKED``, ``AUTO_MAPPED``, ``AUTO_MAPPED_TO_1``, ``INVALID_TARGET``
  are unmapped: nobody judged, the concepts that the row shows are candidates. So is ``IGNORED``, which says that nobody
  wanted to look, not that there is no target. ``FLAGGED`` is to be reconciled.
- ``EQUAL`` and ``EQUIVALENT`` are exact, ``WIDER`` broad (the target is wider than the source, as in the list of HL7
  that Usagi names as its own), ``NARROWER`` narrow, ``INEXACT`` related. ``UNMATCHED`` is no suitable target, and so is
  an approved code without a concept.

Words that are not those that we would write are kept in ``Entry.extra["usagi:said"]`` and written again until somebody
changes the entry.
"""

from semantix.review.formats._usagi_reading import read_usagi
from semantix.review.formats._usagi_writing import write_usagi

__all__ = ["read_usagi", "write_usagi"]
