"""Labels that seem to hold what identifies a person: left out of a desk, which many people see, unless someone insists.

Precise rather than complete: nearly nothing that real terminologies say is taken for a person. Names without a title
before them are not found. What is found is never shown: only where it is, and of which kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from msgspec.structs import replace

from semantix.identifiers import check_nir, has_nir_shape
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.intake.columns import normal_name

NIR, PHONE, EMAIL, DATE, NAME, NUMBER = "nir", "phone", "email", "date", "name", "patient-number"
FOUND: Mapping[str, str] = MappingProxyType(
    {
        NIR: "what looks like a social security number",
        PHONE: "what looks like a phone number",
        EMAIL: "what looks like an e-mail address",
        DATE: "a date to the day",
        NAME: "what looks like the name of a person",
        NUMBER: "what looks like the number of a patient or of a stay",
    }
)
"""How a problem names each kind; other problems never begin so."""
_EXPECTED = "a label that tells nothing of a person; left out, keep it with --keep-personal"
_CUT = "nothing that tells of a person; the cell was left out"

_NIR = re.compile(
    r"(?<![0-9A-Za-z.])[1-478][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[ABab])[ .-]?[0-9]{3}[ .-]?[0-9]{3}"
    r"(?:[ .-]?[0-9]{2})?(?!\.?[0-9A-Za-z])"
)
_NIR_WORD = re.compile(r"\b(?:nir|ins|nss|nia|s[eé]cu(?:rit[eé] sociale)?)\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.,+/-])(?:0[1-9]|(?:\+|00)33[ .]?(?:\(0\))?[ .]?[1-9])"
    r"(?:([ .-])[0-9]{2}(?:\1[0-9]{2}){3}|[0-9]{8})(?![0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60}){0,4}\.[A-Za-z]{2,12}\b")
_DAY_FIRST = re.compile(r"(?<![0-9./-])([0-3]?[0-9])([/.-])([01]?[0-9])\2((?:19|20)[0-9]{2})(?![0-9])")
_YEAR_FIRST = re.compile(r"(?<![0-9./-])((?:19|20)[0-9]{2})([/.-])([01][0-9])\2([0-3][0-9])(?![0-9])")
_OFFICIAL = re.compile(
    r"\b(?:abrog|archiv|arr[êe]t[ée]s?\b|d[ée]cret|notifi|version|valable|valid|jo\b|journal|loi\b|avis\b|circulaire|amm\b)",
    re.IGNORECASE,
)
"""What a date belongs to when it is that of a text or of a release, and of nobody."""
_BORN = re.compile(r"\b(?:n[ée]e?\(?e?\)? le|DDN|date de naissance)\s*:?\s*[0-9]", re.IGNORECASE)
_UPPER = "A-ZÀ-ÖØ-Þ"
_LOWER = "a-zß-öø-ÿ"
_TITLED = re.compile(
    rf"\b(?:Mme|MME|Mlle|MLLE|Monsieur|Madame|Mademoiselle|Mr)\.? (?:[{_UPPER}][{_LOWER}'’-]+|[{_UPPER}][{_UPPER}'’-]+)"
)
_MISTER = re.compile(
    rf"\bM\. ?(?:[{_UPPER}][{_UPPER}'’-]+ [{_UPPER}][{_LOWER}]+|[{_UPPER}][{_LOWER}]+ [{_UPPER}][{_UPPER}'’-]+)"
)
_PATIENT = re.compile(
    rf"\b[Pp]atiente? (?:[{_UPPER}][{_UPPER}'’-]+ [{_UPPER}][{_LOWER}]+|[{_UPPER}][{_LOWER}]+ [{_UPPER}][{_UPPER}'’-]+)"
)
_NUMBERED = re.compile(
    r"\b(?:IPP|NIP|NDA|IEP|n° ?(?:de )?(?:dossier|patient|s[ée]jour))\b\s*[:=°]?\s*[0-9]{5,}", re.IGNORECASE
)
_PERSONAL_COLUMNS = frozenset(
    "nir ins ipp nip nda iep nss patient nom_patient prenom prenom_patient nom_naissance nom_usage ddn naissance "
    "date_naissance date_de_naissance patient_id id_patient patient_name birth_date birthdate dob telephone tel email "
    "mail adresse_patient num_secu".split()
)


def personal(text: str) -> str:
    """Name what a text seems to hold that tells who a person is: a key of FOUND; empty for nothing."""
    if len(text) < 6:
        return ""
    if "@" in text and _EMAIL.search(text):
        return EMAIL
    if any(sign.isdigit() for sign in text):
        found = _numbers(text)
        if found:
            return found
    if _TITLED.search(text) or _MISTER.search(text) or _PATIENT.search(text):
        return NAME
    return ""


def set_aside(exchange: Exchange) -> tuple[Exchange, tuple[Problem, ...]]:
    """Take out the entries that seem to tell of a person, and say where they were; other columns lose only the cell.

    The caller that keeps them does not call this. In other columns a date is taken for that of a birth only when the
    column is called so; columns that are called by what identifies a patient lose all their cells.
    """
    kept: list[Entry] = []
    aside: list[Problem] = []
    for entry in exchange.entries:
        source = entry.source
        kind = next(filter(None, map(personal, (source.label, source.code, source.specimen))), "")
        if kind:
            aside.append(Problem(entry.line, FOUND[kind], _EXPECTED))
            continue
        extra, found = _without_people(entry.extra)
        aside += [Problem(entry.line, FOUND[each], _CUT) for each in found]
        kept.append(replace(entry, extra=extra) if found else entry)
    return replace(exchange, entries=tuple(kept)), tuple(aside)


def is_personal(problem: Problem) -> bool:
    """Tell whether a problem is one of :func:`set_aside`: for counting, as all that it may say is where."""
    return problem.found in FOUND.values()


def _numbers(text: str) -> str:
    if _is_nir(text):
        return NIR
    if _PHONE.search(text):
        return PHONE
    if _NUMBERED.search(text):
        return NUMBER
    if _BORN.search(text) or (_has_day(text) and not _OFFICIAL.search(text)):
        return DATE
    return ""


def _is_nir(text: str) -> bool:
    """A number with its right key; one without a key, or with a wrong one, where the text says what it is."""
    for found in _NIR.finditer(text):
        number = re.sub(r"[ .-]", "", found[0])
        if len(number) == 15 and check_nir(number).ok:
            return True
        if has_nir_shape(number) and _NIR_WORD.search(text):
            return True
    return False


def _has_day(text: str) -> bool:
    days = [(int(each[4]), int(each[3]), int(each[1])) for each in _DAY_FIRST.finditer(text)]
    days += [(int(each[1]), int(each[3]), int(each[4])) for each in _YEAR_FIRST.finditer(text)]
    return any(map(_is_day, days))


def _is_day(parts: tuple[int, int, int]) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return True


def _without_people(extra: Mapping[str, str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    kept: dict[str, str] = {}
    found = []
    for name, value in extra.items():
        if normal_name(name) in _PERSONAL_COLUMNS:
            found.append(NUMBER if any(sign.isdigit() for sign in value) else NAME)
            continue
        kind = personal(value)
        if kind and kind != DATE:
            found.append(kind)
        else:
            kept[name] = value
    return MappingProxyType(kept), tuple(found)
