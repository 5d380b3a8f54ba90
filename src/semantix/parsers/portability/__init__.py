"""Portability archives of practice software: what ``MANIFEST.XML`` lists, and whether the archive holds it.

The archive (``PAyyyymmddThhmmss.ZIP``) holds one IHE XDM archive a patient, one of transverse data (agenda,
professionals, traces), a documentation, a manifest and its signature. Nothing here opens an archive: names, sizes and
digests come in, doubts go out. The signature is not verified.

Source: ANS, guide d'implémentation « Portabilité des données des LGC », version 0.1.0 (ballot of 2026). The draft
moves: its names stand in one module, ``names``.
"""

from semantix.parsers.portability.contents import (
    Contents,
    Measured,
    compare,
    is_portability,
    manifest_member,
    measure,
    transverse_aside,
    verify,
)
from semantix.parsers.portability.manifest import ListedArchive, PortabilityManifest, open_manifest, parse_manifest
from semantix.parsers.portability.names import ARCHIVE_NAME, BAD_MANIFEST, RENDERINGS

__all__ = [
    "ARCHIVE_NAME",
    "BAD_MANIFEST",
    "RENDERINGS",
    "Contents",
    "ListedArchive",
    "Measured",
    "PortabilityManifest",
    "compare",
    "is_portability",
    "manifest_member",
    "measure",
    "open_manifest",
    "parse_manifest",
    "transverse_aside",
    "verify",
]
