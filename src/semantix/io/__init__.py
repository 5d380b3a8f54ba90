"""Files in and out: what is found under the paths given, read within limits, and written whole or not at all.

Nothing here knows what a document means. An :class:`Entry` names one readable thing (a file, or what is inside a ZIP
archive or a mail, however nested) without opening it, so that a run over a million files holds names, never contents.
Nothing is ever extracted to disk.
"""

from semantix.io._containers import ZIP, ZIP_MAGIC, container_kind, explained, members
from semantix.io._discovery import Discovery, discover
from semantix.io._names import MANIFEST, MEGABYTE, Entry, Found, Limits, megabytes, shown
from semantix.io._reading import File, is_archive, read
from semantix.io._writing import Output, prepare_folder, write_text

__all__ = [
    "MANIFEST",
    "MEGABYTE",
    "ZIP",
    "ZIP_MAGIC",
    "Discovery",
    "Entry",
    "File",
    "Found",
    "Limits",
    "Output",
    "container_kind",
    "discover",
    "explained",
    "is_archive",
    "megabytes",
    "members",
    "prepare_folder",
    "read",
    "shown",
    "write_text",
]
