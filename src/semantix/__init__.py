"""French clinical documents (CDA R2, CI-SIS) to FHIR R4 and OMOP CDM 5.4.

The names in ``__all__`` are the public API; nothing else is promised. The short way::

    from pathlib import Path
    from semantix import Options, convert

    report = convert([Path("documents")], Path("out"), Options(target="fhir", format="ndjson"))
    print(report.figures.codes)

The long way, one document in memory: ``parse(data, name)`` gives a ``Document``; the emitters make
resources or rows of it.
"""

from semantix.errors import (
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
from semantix.parsers import Identity, identify, parse
from semantix.pipeline import Options, Progress, RunReport, convert, identify_all
from semantix.report import Figures, Tally, Unreadable, render_page

__all__ = [
    "Account",
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
    "render_page",
]
