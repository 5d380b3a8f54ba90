"""Who a document is about, as digests, and the file that says whom to leave out, as the same digests.

A national number is known by its thirteen characters, with or without its key and under any of the INS systems; a
number that a practice or a laboratory gave, only together with a birth date, as
:func:`semantix.identifiers.number_and_birth` has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from semantix.errors import BadPlan
from semantix.identifiers import LOCAL_PATIENTS, check_nir, normal_nir
from semantix.model import Document, Identifier, Patient
from semantix.parsers._book import patient_system
from semantix.runs.sealing import Seal
from semantix.systems import INS_OIDS

_KIND = "subject"
_INS = "ins"
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRENCH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_SEPARATORS = "|;\t,"
_TITLES = frozenset(
    {
        "ins", "nir", "nia", "nss", "oid", "system", "système", "systeme", "root", "racine", "extension", "number",
        "numéro", "numero", "birth", "birthdate", "birth date", "naissance", "date de naissance", "practice", "cabinet",
        "identifier", "identifiant",
    }
)  # fmt: skip
_TOLD = 20
"""Faults that a message lists."""


class _Fault(Exception):
    """What is wrong with one line, without its content."""


def subject_ids(document: Document, seal: Seal) -> tuple[bytes, ...]:
    """Digests of every identifier of the patient of a document as it was read, each once, in its order."""
    patient = document.patient
    found = (_digest(seal, one, _born(patient)) for one in patient.ids if one.root and one.extension and not one.null)
    return tuple(dict.fromkeys(found))


def subjects_of_file(lines: Iterable[str], seal: Seal) -> tuple[bytes, ...]:
    """The digests of the people that a file names, one a line: what :func:`subject_ids` gives for their documents.

    A line is a national number (with or without its key, spaces allowed); a system and a number in it
    (``1.2.250.1.213.1.4.8|...``, also with ``;``, ``,`` or a tab between them); or a practice, the number that it gave,
    and a birth date (``cabinet-des-tilleuls;4711;1984-03-08``, empty when the practice has none). The practice is under
    its name in the run, followed by ``:`` and the sender where numbers are of a laboratory. Empty lines, lines that
    begin with ``#`` and a line of titles are passed over.

    Raises BadPlan, with the number of each line that cannot be followed and never its content.
    """
    found: dict[bytes, None] = {}
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        cells = _cells(line.lstrip("\ufeff"))
        if not any(cells) or cells[0].startswith("#") or (number == 1 and _is_titles(cells)):
            continue
        try:
            found.update(dict.fromkeys(_read(cells, seal)))
        except _Fault as fault:
            faults.append(f"line {number}: {fault}")
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise BadPlan(
            f"the list of people to leave out cannot be followed, and nobody was left out: {'; '.join(faults[:_TOLD])}"
            f"{more}. A line is a national number, system|number, or practice;number;birth date"
        )
    return tuple(found)


def _cells(line: str) -> list[str]:
    """The cells between the first kind of separator that the line has."""
    line = line.strip("\r\n ")
    separator = next((each for each in _SEPARATORS if each in line), None)
    return [cell.strip().strip('"').strip() for cell in (line.split(separator) if separator else [line])]


def _is_titles(cells: list[str]) -> bool:
    return all(cell.lower() in _TITLES for cell in cells if cell)


def _read(cells: list[str], seal: Seal) -> Iterator[bytes]:
    filled = [cell for cell in cells if cell]
    if len(filled) == 1:
        yield _national(seal, filled[0])
        return
    if len(cells) > 3 or not cells[0] or not cells[1]:
        raise _Fault("one to three cells were expected")
    root, is_local = _root(cells[0])
    if root in INS_OIDS:
        yield _national(seal, cells[1])
    elif not is_local:
        yield seal.digest(_KIND, root, cells[1])
    elif len(cells) < 3:
        raise _Fault("the number of a practice means one person only with a birth date")
    else:
        yield seal.digest(_KIND, root, cells[1], *([_birth(cells[2])] if cells[2] else []))


def _root(text: str) -> tuple[str, bool]:
    """The root of a system, and whether its numbers are those of a practice; a name is that of a practice."""
    bare = _plain(text)
    if _OID.fullmatch(bare):
        return bare, False
    if ":" in text and text.lower().startswith(("urn:", "http:", "https:")):
        return text, text.startswith(LOCAL_PATIENTS)
    return patient_system(*text.split(":")), True


def _national(seal: Seal, text: str) -> bytes:
    checked = check_nir(text)
    if not checked.ok:
        raise _Fault(f"no national number ({checked.reason})")
    return seal.digest(_KIND, _INS, normal_nir(text)[:13])


def _birth(text: str) -> str:
    found = _FRENCH.fullmatch(text)
    iso = f"{found[3]}-{found[2]}-{found[1]}" if found else text
    try:
        if _ISO.fullmatch(iso):
            return date.fromisoformat(iso).isoformat()
    except ValueError:
        pass
    raise _Fault("no birth date (1984-03-08 or 08/03/1984)")


def _digest(seal: Seal, one: Identifier, birth: str) -> bytes:
    root, number = _plain(one.root or ""), one.extension or ""
    if root in INS_OIDS:
        return seal.digest(_KIND, _INS, normal_nir(number)[:13])
    if root.startswith(LOCAL_PATIENTS) and birth:
        return seal.digest(_KIND, root, number, birth)
    return seal.digest(_KIND, root, number)


def _born(patient: Patient) -> str:
    return patient.birth.date if patient.birth is not None else ""


def _plain(root: str) -> str:
    return root.removeprefix("urn:oid:")
