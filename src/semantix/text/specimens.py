"""The specimen that the heading of a group of results names (``IONOGRAMME URINAIRE``), where it is not blood.

A laboratory writes ``Potassium`` under such a heading, and means another quantity than that of blood.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
HEADING = 60
"""Characters of a heading at most."""

_TITLE = re.compile(
    r"(?:(?:bio)?chimie|iono(?:gramme)?|examens?|bilan|analyses?|dosages?|cyto\w{3,12}|(?:sur|dans) (?:les )?urines"
    r"|urines?|ecbu|lcr|liquides?|selles)\b[^:=|\d]*(?:\d{1,2} ?h[^:=|\d]*)?$",
    re.IGNORECASE,
)

_BLOOD = re.compile(r"\b(?:sang|sanguine?s?|seriques?|serum|plasma\w*|hemato\w*|hemogramme)\b")
_OTHERS = (
    ("urine", re.compile(r"\b(?:urines?|urinaires?|ecbu|diurese)\b")),
    ("csf", re.compile(r"\b(?:lcr|lcs|cephalo[- ]?rachidien\w*|cerebro[- ]?spinal\w*)\b")),
    ("stool", re.compile(r"\b(?:selles?|stools?|copro\w{4,12}|fecale?s?|feces)\b")),
    ("saliva", re.compile(r"\b(?:salives?|salivaires?)\b")),
    (
        "other",
        re.compile(
            r"\b(?:liquides?|fluids?|ponctions?|epanchements?|ascite|pleura(?:le?s?|ux)|synovia\w{1,3}|amniotiques?|sperm\w{1,14}"
            r"|expectorations?|crachats?|dialysats?)\b"
        ),
    ),
)


def specimen_named(words: str) -> str:
    """``urine``, ``csf``, ``stool``, ``saliva`` or ``other``; nothing for blood, and where no specimen is named.

    Words that name several, or blood and another one, give ``other``: what follows is not known to be of blood.
    """
    if len(words) > LONGEST:
        return ""
    plain = words.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    found = [name for name, rule in _OTHERS if rule.search(plain)]
    if not found:
        return ""
    if "csf" in found:
        found = [name for name in found if name != "other"]  # liquide céphalo-rachidien
    return found[0] if len(found) == 1 and not _BLOOD.search(plain) else "other"


def is_heading(words: str) -> bool:
    """True for a line that names a group of results, if results follow it: short, in capitals, no number.

    One that begins like a title and names a specimen (``Ionogramme urinaire des 24 h``) may be written in any way.
    """
    line = words.strip()
    if not line or len(line) > HEADING:
        return False
    if _TITLE.match(line) and specimen_named(line):
        return True
    return line.isupper() and not any(char.isdigit() for char in line)
