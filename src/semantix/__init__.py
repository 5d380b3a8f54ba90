"""French health records (CDA, HPRIM, HL7 v2, FHIR, exports of practice software) to FHIR R4 and OMOP CDM 5.4.

The names in ``__all__`` are the public API; nothing else is promised. The short way::

    from pathlib import Path
    from semantix import Options, convert

    report = convert([Path("documents")], Path("out"), Options(target="fhir", format="ndjson"))
    print(report.figures.codes)

The long way, in memory: ``parse(data, name)`` gives the one ``Document`` of a file, ``read(Piece(data=..., name=...))``
all that a file holds; the emitters make resources or rows of a document.
"""

from semantix.errors import (
    BadPack,
    BadTarget,
    BadVocabulary,
    LossRefused,
    NothingRead,
    SemantixError,
    UnreadableInput,
)
from semantix.io import Limits
from semantix.ledger import Account, Ledger, Loss, Reason
from semantix.model import Document, Issue, Severity
from semantix.parsers import Identity, Piece, identify, parse, read
from semantix.pipeline import Options, Progress, RunReport, convert, identify_all
from semantix.report import Figures, Tally, Unreadable, render_page

__all__ = [
    "Account",
    "BadPack",
    "BadTarget",
    "BadVocabulary",
    "Document",
    "Figures",
    "Identity",
    "Issue",
    "Ledger",
    "Limits",
    "Loss",
    "LossRefused",
    "NothingRead",
    "Options",
    "Piece",
    "Progress",
    "Reason",
    "RunReport",
    "SemantixError",
    "Severity",
    "Tally",
    "Unreadable",
    "UnreadableInput",
    "convert",
    "identify",
    "identify_all",
    "parse",
    "read",
    "render_page",
]
