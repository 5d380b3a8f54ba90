"""French identifiers: is their structure right, and their key; nothing is looked up, and no value is in a reason.

Sources: NIR, INSEE and SNGI (structure, pseudo-months, ``97 - n mod 97``; Corsican letters, decree 76-1000 and its
practice: ``2A`` counts as 19, ``2B`` as 18); INS, "Référentiel Identifiant National de Santé" (ANS); RPPS, ADELI,
FINESS and the national forms ``PS_IdNat`` and ``Struct_IdNat``, "Annexe transversale: sources des données" (ANS); CIP
and UCD, Club Inter Pharmaceutique. Ranges of CIP codes that have no check digit were counted in the BDPM.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Identifier, Patient
from semantix.systems import INS_OIDS

LONGEST = 120
"""Nothing longer than this many characters is an identifier."""
LOCAL_PATIENTS = "urn:semantix:patient:"
"""What the roots of patient numbers begin with that a practice or a laboratory gave, and no register."""
QUALIFIED = "VALI"
"""The status of an identity whose traits were checked against a document and the INSi service."""

_ALL_DIGITS = re.compile(r"[0-9]+")
_NIR = re.compile(r"([123478])([0-9]{2})([0-9]{2})([0-9]{2}|2[AB])([0-9]{3})([0-9]{3})([0-9]{2})?")
_ADELI = re.compile(r"[0-9][0-9A-F][0-9]{7}")
_FINESS = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{7}")
_MONTHS = frozenset({*range(1, 13), *range(20, 43), *range(50, 100)})
_CORSICA: Mapping[str, str] = MappingProxyType({"2A": "19", "2B": "18"})
_LETTERS = str.maketrans("ABCDEF", "123456")
_SEPARATORS = str.maketrans("", "", ".-/")
_SPACES = str.maketrans("", "", " \t\r\n\u00a0\u202f")
_NO_KEY = ("300", "301", "302", "303", "490", "495", "550", "551")
"""First digits of CIP7 codes given since the CIP13 code came: their seventh digit is no check digit."""
_LA_POSTE = "356000000"

_PHONE = re.compile(r"(?:0|(?:\+|00)33 ?(?:\(0\))?0?)[ .-]?[1-9](?:[ .-]?[0-9]{2}){4}")
_EMAIL = re.compile(r"(?:mailto:)?[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,60}\.[A-Za-z]{2,12}")
_COMMUNE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-57-9]|2[AB])[0-9]{3}")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-578])[0-9]{3}")


class Check(Struct, frozen=True):
    """Whether a text is an identifier of a ``kind``; ``reason`` says why not, or what could not be checked.

    A reason is about the form and never holds the value.
    """

    ok: bool
    kind: str
    reason: str = ""


# --- keys -------------------------------------------------------------------------------------------------------


def nir_key(number: str) -> int | None:
    """The key (1 to 97) of the thirteen characters of a NIR; ``None`` when they have not the structure of one."""
    found = _NIR.fullmatch(number)
    if found is None or found[7] or _nir_structure(found):
        return None
    return 97 - int(_nir_digits(number)) % 97


def luhn(digits: str) -> bool:
    """Is the last digit the Luhn key of those before it."""
    if not _is_digits(digits):
        return False
    total = sum(map(int, digits[-1::-2])) + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def ean_key(digits: str) -> str:
    """The EAN-13 key of twelve digits."""
    assert len(digits) == 12
    return str(-(sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))) % 10)


# --- people -----------------------------------------------------------------------------------------------------


def normal_nir(text: str) -> str:
    """A NIR without its separators, its Corsican letter in upper case. It may still be wrong: check it."""
    return _bare(text).translate(_SEPARATORS)


def has_nir_shape(text: str) -> bool:
    """Could this be a NIR, whatever its key says: a number that must not be taken for another one."""
    if not 13 <= len(text) <= 40:
        return False
    found = _NIR.fullmatch(normal_nir(text))
    return found is not None and not _nir_structure(found)


def check_nir(text: str) -> Check:
    """Check the structure of a NIR or NIA and its key; thirteen characters alone are right, with the reason "no key".

    The month may be a pseudo-month (20 to 42, 50 to 99), the first digit one of a provisional number (3, 4, 7, 8).
    """
    found = _NIR.fullmatch(normal_nir(text))
    if found is None:
        return Check(False, "nir", "not 13 characters and a key of 2 digits, the first one of 1, 2, 3, 4, 7, 8")
    fault = _nir_structure(found)
    if fault:
        return Check(False, "nir", fault)
    if found[7] is None:
        return Check(True, "nir", "no key")
    if found[7] in {"00", "98", "99"}:
        return Check(False, "nir", "a placeholder for the key")
    if int(found[7]) != 97 - int(_nir_digits(found[0][:13])) % 97:
        return Check(False, "nir", "wrong key")
    return Check(True, "nir")


def ins_of(value: str, oid: str, status: str) -> Identifier | None:
    """The INS of a *qualified* identity; ``None`` for an NSS, an identity only found or provisional, or an INS-C.

    ``oid`` is one of the four INS systems (NIR, NIA, and those of tests and demonstrations), bare or ``urn:oid:``;
    ``status`` is that of the identity (PID-32 in HL7 v2, ``identityReliability`` in FHIR). The key must be there.
    """
    root = oid.strip().removeprefix("urn:oid:")
    if root not in INS_OIDS or status.strip().upper() != QUALIFIED:
        return None
    number = normal_nir(value)
    return Identifier(root, number) if len(number) == 15 and check_nir(number).ok else None


def number_and_birth(patient: Patient) -> tuple[str, str] | None:
    """The number and the birth date of a patient who is known by a number of a practice or a laboratory alone.

    Software gives such a number again, and people mistype it: with another birth date it is of somebody else. ``None``
    for a patient with an INS or with a number of a register, and for one without a birth date.
    """
    known = [one for one in patient.ids if one.root and one.extension and not one.null]
    if not known or patient.birth is None or any(one.root in INS_OIDS for one in known):
        return None
    first = known[0]
    if not (first.root or "").startswith(LOCAL_PATIENTS):
        return None
    return f"{first.root}^{first.extension}", patient.birth.date


def check_rpps(text: str) -> Check:
    """Check a RPPS number: eleven digits, the last a Luhn key."""
    number = _bare(text)
    if len(number) != 11 or not _is_digits(number):
        return Check(False, "rpps", "not 11 digits")
    return _keyed("rpps", luhn(number))


def check_adeli(text: str) -> Check:
    """Check an ADELI number: nine characters, a Luhn key; the letter of a department counts as its rank (A as 1)."""
    number = _bare(text)
    if not _ADELI.fullmatch(number):
        return Check(False, "adeli", "not 9 digits, the second possibly a letter")
    return _keyed("adeli", luhn(number.translate(_LETTERS)))


def check_ps_idnat(text: str) -> Check:
    """Check the national form of a professional: ``8`` and a RPPS number, or ``0`` and an ADELI number."""
    number = _bare(text)
    inner = {"8": check_rpps, "0": check_adeli}.get(number[:1])
    if inner is None:
        return Check(False, "ps-idnat", "begins neither with 8 (RPPS) nor with 0 (ADELI): it cannot be checked")
    found = inner(number[1:])
    return Check(found.ok, "ps-idnat", found.reason)


# --- places -----------------------------------------------------------------------------------------------------


def check_finess(text: str) -> Check:
    """Check a FINESS number: nine characters, a Luhn key; in Corsica A counts as 1 and B as 2."""
    number = _bare(text)
    if not _FINESS.fullmatch(number):
        return Check(False, "finess", "not 9 digits, the second possibly A or B after 2")
    return _keyed("finess", luhn(number.translate(_LETTERS)))


def check_struct_idnat(text: str) -> Check:
    """Check the national form of a structure: ``1`` and FINESS, ``2`` and SIREN, ``3`` and SIRET."""
    number = _bare(text)
    if number[:1] == "1":
        found = check_finess(number[1:])
        return Check(found.ok, "struct-idnat", found.reason)
    size = {"2": 9, "3": 14}.get(number[:1])
    if size is None:
        return Check(
            False, "struct-idnat", "begins neither with 1 (FINESS), 2 (SIREN) nor 3 (SIRET): cannot be checked"
        )
    inner = number[1:]
    if len(inner) != size or not _is_digits(inner):
        return Check(False, "struct-idnat", f"not {size} digits after the first")
    is_post = inner.startswith(_LA_POSTE) and sum(map(int, inner)) % 5 == 0
    return _keyed("struct-idnat", luhn(inner) or is_post)


# --- drugs ------------------------------------------------------------------------------------------------------


def check_cip7(text: str) -> Check:
    """Check a CIP7 code: the seventh digit is the sum of each of the six others times its rank plus one, modulo 11.

    Codes given since the CIP13 code came have no such key: they are right, with a reason that says so.
    """
    number = _bare(text)
    if len(number) != 7 or not _is_digits(number):
        return Check(False, "cip7", "not 7 digits")
    if sum(int(digit) * rank for rank, digit in enumerate(number[:6], 2)) % 11 == int(number[6]):
        return Check(True, "cip7")
    if number.startswith(_NO_KEY):
        return Check(True, "cip7", "a range without check digit")
    return Check(False, "cip7", "wrong key")


def check_cip13(text: str) -> Check:
    """Check a CIP13 code: ``34009``, a CIP7 code, an EAN-13 key."""
    return _ean("cip13", text, "34009")


def check_ucd7(text: str) -> Check:
    """Check a UCD7 code: seven digits, without a key."""
    number = _bare(text)
    is_right = len(number) == 7 and _is_digits(number)
    return Check(is_right, "ucd7", "no check digit" if is_right else "not 7 digits")


def check_ucd13(text: str) -> Check:
    """Check a UCD13 code: ``34008``, a UCD7 code, an EAN-13 key."""
    return _ean("ucd13", text, "34008")


def check_cis(text: str) -> Check:
    """Check a CIS code: eight digits, the first 6."""
    number = _bare(text)
    is_right = len(number) == 8 and _is_digits(number) and number[0] == "6"
    return Check(is_right, "cis", "" if is_right else "not 8 digits that begin with 6")


def normal_cip13(text: str) -> str | None:
    """The CIP13 code of a CIP7 or CIP13 code that is right; ``None`` for anything else."""
    return _thirteen(text, "34009", check_cip7, check_cip13)


def normal_ucd13(text: str) -> str | None:
    """The UCD13 code of a UCD7 or UCD13 code; a UCD7 code has no key, so only use this where the field is one."""
    return _thirteen(text, "34008", check_ucd7, check_ucd13)


# --- what a column may hold -------------------------------------------------------------------------------------


def kinds_of(text: str) -> tuple[str, ...]:
    """What a cell may be, from its form and key alone: several kinds when its form is that of several.

    ``nir`` (with a right key), ``nir-unchecked`` (no key, or a wrong or placeholder key), ``rpps``, ``ps-idnat``,
    ``adeli``, ``finess``, ``cip13``, ``cip7``, ``ucd13``, ``ucd7``, ``cis``, ``phone``, ``postcode``, ``commune``
    (INSEE code), ``email``. For counting in a column: one cell proves nothing.
    """
    word = text.strip()
    if not 5 <= len(word) <= LONGEST:
        return ()
    if "@" in word:
        return ("email",) if _EMAIL.fullmatch(word) else ()
    found = ["phone"] if _PHONE.fullmatch(word) else []
    number = normal_nir(word)
    if 13 <= len(number) <= 15:
        found += _long_kinds(number)
    number = _bare(word)
    found += [check.kind for of in _OF_LENGTH.get(len(number), ()) if (check := of(number)).ok]
    if len(word) == 5:
        found += [kind for kind, form in (("postcode", _POSTCODE), ("commune", _COMMUNE)) if form.fullmatch(word)]
    return tuple(found)


def _long_kinds(number: str) -> list[str]:
    """A NIR, unless the same digits are a drug's code with its own key."""
    if len(number) == 13 and (check_cip13(number).ok or check_ucd13(number).ok):
        return []
    found = _NIR.fullmatch(number)
    if found is None or _nir_structure(found):
        return []
    return ["nir" if found[7] and check_nir(number).ok else "nir-unchecked"]


def _likely_ucd7(number: str) -> Check:
    """A UCD7 code as all those in use begin; without a key, its form is all there is."""
    return Check(number[0] == "9" and _is_digits(number), "ucd7")


_OF_LENGTH: Mapping[int, tuple[Callable[[str], Check], ...]] = MappingProxyType(
    {
        7: (check_cip7, _likely_ucd7),
        8: (check_cis,),
        9: (check_finess, check_adeli),
        10: (check_ps_idnat,),
        11: (check_rpps,),
        12: (check_ps_idnat,),
        13: (check_cip13, check_ucd13),
    }
)


# --- pieces -----------------------------------------------------------------------------------------------------


def _bare(text: str) -> str:
    """Without spaces, in upper case; nothing for what is too long to be an identifier."""
    return text.translate(_SPACES).upper() if len(text) <= LONGEST else ""


def _is_digits(text: str) -> bool:
    """Only the ten digits of ASCII, which ``str.isdigit`` does not say."""
    return _ALL_DIGITS.fullmatch(text) is not None


def _nir_digits(number: str) -> str:
    """The thirteen digits that the key is computed on."""
    place = number[5:7]
    return number[:5] + _CORSICA.get(place, place) + number[7:13]


def _nir_structure(found: re.Match[str]) -> str:
    """What is wrong with the parts of a NIR, or nothing."""
    if int(found[3]) not in _MONTHS:
        return "no month or pseudo-month"
    if found[4] == "00":
        return "no department of birth"
    if found[6] == "000":
        return "no rank in the register"
    return ""


def _keyed(kind: str, is_right: bool) -> Check:
    return Check(is_right, kind, "" if is_right else "wrong key")


def _ean(kind: str, text: str, prefix: str) -> Check:
    number = _bare(text)
    if len(number) != 13 or not _is_digits(number) or not number.startswith(prefix):
        return Check(False, kind, f"not 13 digits that begin with {prefix}")
    return _keyed(kind, ean_key(number[:12]) == number[12])


def _thirteen(text: str, prefix: str, short: Callable[[str], Check], long: Callable[[str], Check]) -> str | None:
    number = _bare(text)
    if long(number).ok:
        return number
    if not short(number).ok:
        return None
    return prefix + number + ean_key(prefix + number)
