"""The names and the structure of a portability archive: all that the draft may change, in one place.

The draft disagrees with itself: its page and its logical model name the same things differently. Names of elements are
in lower case here, and looked for whatever their case; the first of a tuple is the one preferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

# --- files ----------------------------------------------------------------------------------------------------------

ARCHIVE_NAME = re.compile(r"PA\d{8}T\d{6}\.ZIP", re.IGNORECASE)
PATIENT_NAME = re.compile(r"PAT\d{1,9}", re.IGNORECASE)
TRANSVERSE_NAMES = frozenset({"TRANSVERSE", "TRANSV"})
"""The file is TRANSVERSE.ZIP, the identifier that the manifest gives it TRANSV."""

MANIFEST = "MANIFEST.XML"
SIGNATURE = "SIGN.XML"
README = "README.TXT"
DOCUMENTATION = "DOCUMENTATION"
RENDERINGS = "PDF"
"""Folder of a patient's archive: documents of IHE_XDM as people read them, which hold no other fact."""

TYPES = frozenset({"UNITAIRE", "CIBLE", "MASSIF"})
WHOLE = "COMPLETE"
STATUSES = frozenset({WHOLE, "PARTIAL", "SAMPLE"})

EXPORT_ID = ("exportid", "identifiant")
EXPORT_TYPE = ("exporttype", "typeexport")
EXPORT_STATUS = ("exportstatus", "status", "statutexport")
START = ("exportstarttime", "startdate", "start")
END = ("exportendtime", "enddate", "end")
VENDOR = ("lgcsoftwarevendor", "softwarevendor", "editeursortant", "fournisseursortant")
VENDOR_NAME = ("name", "raisonsociale", "nom")
PATIENT_COUNT = ("patientarchivecount", "patientcount")
TRANSVERSE_COUNT = ("transversearchivecount", "transversecount")
ARCHIVE = ("archive", "manifestarchive", "repository", "repertoire")
ARCHIVE_ID = ("archiveid", "id", "nom", "name")
ARCHIVE_TYPE = ("type", "archivetype")
ARCHIVE_FILE = ("file", "filename", "fichier", "uri")
PATIENT_ID = ("patientid", "patient")
SIZE = ("size", "taille")
HASH = ("hash", "sha256", "digest")

# --- codes of the doubts ------------------------------------------------------------------------------------------

BAD_MANIFEST = "SX601"
NO_MANIFEST = "SX602"
MISSING = "SX603"
UNLISTED = "SX604"
WRONG_COUNT = "SX605"
WRONG_SIZE = "SX606"
WRONG_HASH = "SX607"
NOT_WHOLE = "SX608"
NOT_SAID = "SX609"
UNSIGNED = "SX610"
REPEATED = "SX611"

# --- kinds of members ---------------------------------------------------------------------------------------------

PATIENT = "patient"
TRANSVERSE = "transverse"
TRANSVERSE_FILE = "transverse file"
FOLDER = "folder"
"""A patient whose files stand in a folder, not in an archive of their own."""


def at_root(names: Sequence[str]) -> tuple[dict[str, PurePosixPath], str]:
    """Return each member's path below the one folder that holds everything, if there is one, and that folder."""
    paths = {name: PurePosixPath(name.replace("\\", "/")) for name in names}
    firsts = {path.parts[0] for path in paths.values() if path.parts}
    if len(firsts) != 1 or any(len(path.parts) < 2 for path in paths.values()):
        return paths, ""
    (folder,) = firsts
    if _is_archive(folder) or folder.upper() in {DOCUMENTATION, "IHE_XDM"}:
        return paths, ""
    return {name: path.relative_to(folder) for name, path in paths.items()}, folder


def kind_of(path: PurePosixPath) -> str:
    """Say what a member is by its place: one of the names above, ``patient``, ``transverse``, ``folder`` or empty."""
    parts = [part.upper() for part in path.parts]
    if not parts:
        return ""
    if len(parts) == 1 and parts[0] in {MANIFEST, SIGNATURE, README}:
        return parts[0]
    stem, is_zip = parts[0].removesuffix(".ZIP"), parts[0].endswith(".ZIP")
    if len(parts) > 1 and not is_zip:
        return _in_folder(stem)
    if len(parts) == 1 and is_zip:
        return PATIENT if PATIENT_NAME.fullmatch(stem) else TRANSVERSE if stem in TRANSVERSE_NAMES else ""
    return ""


def _in_folder(folder: str) -> str:
    if folder in TRANSVERSE_NAMES or folder == DOCUMENTATION:
        return DOCUMENTATION if folder == DOCUMENTATION else TRANSVERSE_FILE
    return FOLDER if PATIENT_NAME.fullmatch(folder) else ""


def _is_archive(name: str) -> bool:
    stem = stem_of(name)
    return bool(PATIENT_NAME.fullmatch(stem)) or stem in TRANSVERSE_NAMES


def stem_of(name: str) -> str:
    """Return the name of an archive without folder and suffix, as it is compared."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2].strip().upper().removesuffix(".ZIP")
    return "TRANSVERSE" if last in TRANSVERSE_NAMES else last


def type_of(name: str) -> str:
    """Tell by its name what an archive holds: ``patient``, ``transverse`` or empty."""
    stem = stem_of(name)
    return PATIENT if PATIENT_NAME.fullmatch(stem) else TRANSVERSE if stem in TRANSVERSE_NAMES else ""
