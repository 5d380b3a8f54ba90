"""Form: is the file what it claims to be, before any rule of content."""

from __future__ import annotations

from semantix.validation._findings import RuleInfo
from semantix.validation.form import words_archives, words_lines, words_refusals, words_xml
from semantix.validation.form.archives import archive_form, listed_form, metadata_form
from semantix.validation.form.hl7 import Hl7Form
from semantix.validation.form.hprim import medecin_form, sante_form
from semantix.validation.form.lines import from_issue, from_reading, line_at
from semantix.validation.form.refusals import refused
from semantix.validation.form.xml import xml_form

RULES: tuple[RuleInfo, ...] = (
    *words_refusals.RULES,
    *words_xml.RULES,
    *words_archives.RULES,
    *words_lines.RULES,
)

__all__ = [
    "RULES",
    "Hl7Form",
    "archive_form",
    "from_issue",
    "from_reading",
    "line_at",
    "listed_form",
    "medecin_form",
    "metadata_form",
    "refused",
    "sante_form",
    "xml_form",
]
