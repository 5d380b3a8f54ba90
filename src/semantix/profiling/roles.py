"""What a column is: its type among those of mapping packs, and its likely role, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix.profiling.figures import Column, Remark
from semantix.profiling.shapes import FEMALE, FLAGS, MALE, NO, YES, folded

MOST = 0.9
"""So many of the cells make a type."""
MANY = 0.6
FEW = 4
"""With fewer cells, a yes and a no prove nothing."""
REPEATS = 2.0
"""A label or a unit comes back; a name of a patient does less."""


class TypeFigures(Struct, frozen=True, kw_only=True):
    """How many of the cells that were looked at may be each type. ``values`` are all of them when there are few."""

    at_all: int
    values: frozenset[str] = frozenset()
    name: str = ""
    dates: int = 0
    dates_unreadable: int = 0
    dates_swapped: int = 0
    dates_certain: int = 0
    two_digit_years: int = 0
    numbers: int = 0
    whole: int = 0
    compared: int = 0
    ambiguous: int = 0
    with_unit: int = 0
    units: int = 0
    leading_zeros: int = 0
    codes: int = 0


_SEX = re.compile(r"\bsexe?\b|\bgender\b|civilite")

# --- types ----------------------------------------------------------------------------------------------------------


def decide_type(figures: TypeFigures) -> tuple[str, int, list[Remark]]:
    """The type of a column, how many cells agree, and the doubts that go with it."""
    if not figures.at_all:
        return "text", 0, []
    for decide in (_closed, _date, _number):
        found = decide(figures)
        if found:
            return found
    return ("code", figures.codes, []) if figures.codes >= MOST * figures.at_all else ("text", figures.at_all, [])


def _closed(figures: TypeFigures) -> tuple[str, int, list[Remark]] | None:
    values = frozenset(folded(value) or value for value in figures.values)
    if not 2 <= len(values) <= 6 or figures.at_all < FEW:
        return None
    says_sex = bool(_SEX.search(folded(figures.name)))
    if values <= FEMALE | MALE and values & FEMALE and values & MALE and (says_sex or not values <= {"1", "2"}):
        return "sex", figures.at_all, [Remark("sex-in-figures")] if values <= {"1", "2"} else []
    if values <= YES | NO and values & YES and values & NO:
        return "boolean", figures.at_all, [Remark("boolean-or-number")] if values <= {"0", "1"} else []
    if values <= FLAGS and values & {"h", "hh", "l", "ll", "*", "+", "bas", "haut", "anormal"}:
        return "flag", figures.at_all, []
    return None


def _date(figures: TypeFigures) -> tuple[str, int, list[Remark]] | None:
    shaped = figures.dates + figures.dates_unreadable
    if not figures.dates or shaped < MANY * figures.at_all or figures.dates < MANY * shaped:
        return None
    doubts = []
    if figures.two_digit_years:
        doubts.append(Remark("pivot", MappingProxyType({"count": str(figures.two_digit_years)})))
    if figures.dates_unreadable:
        doubts.append(Remark("dates-unreadable", MappingProxyType({"count": str(figures.dates_unreadable)})))
    if figures.dates_swapped:
        doubts.append(Remark("dates-swapped", MappingProxyType({"count": str(figures.dates_swapped)})))
    elif not figures.dates_certain and shaped >= 20:
        doubts.append(Remark("dates-ambiguous"))
    if shaped < figures.at_all:
        doubts.append(_others(figures.at_all - shaped))
    return "date", figures.dates, doubts


def _number(figures: TypeFigures) -> tuple[str, int, list[Remark]] | None:
    all_numbers = figures.numbers + figures.with_unit
    if all_numbers < MANY * figures.at_all:
        return None
    doubts = [Remark("decimal-or-thousands", _count(figures.ambiguous))] if figures.ambiguous else []
    if figures.with_unit or figures.compared or all_numbers < MOST * figures.at_all:
        if all_numbers < figures.at_all:
            doubts.append(_others(figures.at_all - all_numbers))
        return "value", all_numbers, doubts
    if figures.leading_zeros:
        return "code", all_numbers, doubts
    if all_numbers < figures.at_all:
        doubts.append(_others(figures.at_all - all_numbers))
        return "number", all_numbers, doubts
    return ("integer" if figures.whole == figures.numbers else "number"), all_numbers, doubts


def _others(count: int) -> Remark:
    return Remark("others", _count(count))


def _count(count: int) -> Mapping[str, str]:
    return MappingProxyType({"count": str(count)})


# --- roles ----------------------------------------------------------------------------------------------------------

_BY_NAME = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("nss", r"\b(nss|nir|secu|securite sociale|num ss|insee|matricule|ins)\b"),
        ("birth-name", r"nom.*(naiss|jeune fille)|patronym|\bnjf\b|birth name"),
        ("birth-date", r"naiss|\bddn\b|\bdob\b|birth|\bnee?( e)? le\b"),
        ("given-name", r"prenom|given name|first ?name"),
        ("practitioner", r"medecin|praticien|prescripteur|docteur|rpps|adeli|\bdr\b"),
        ("patient-number", r"\b(pat|patient|dossier|ipp|idpat|numpat|iddossier|nodossier|numdossier)\b"),
        ("sex", r"\bsexe?\b|\bgender\b|civilite"),
        ("postcode", r"code postal|\bcp\b|postcode|\bzip\b"),
        ("email", r"e ?mail|courriel|\bmel\b"),
        ("phone", r"\btel|portable|phone|\bmobile\b"),
        ("city", r"\bville\b|\bcommune\b|\bcity\b"),
        ("address", r"\badr|\brue\b|address"),
        ("low", r"\b(min|mini|minimum|inf|inferieure|borne inf|low|basse)\b"),
        ("high", r"\b(max|maxi|maximum|sup|superieure|borne sup|high|haute)\b"),
        ("unit", r"\bunite?s?\b|\bunit\b"),
        ("flag", r"anormal|\bflag\b|interpretation|\bhn\b|\balerte\b"),
        ("lot", r"\blot\b|\bbatch\b"),
        ("vaccine", r"vaccin"),
        ("dosage", r"posologie|dosage|\bposo\b"),
        ("drug", r"medicament|specialite|produit|traitement|\bdrug\b|\bdci\b"),
        ("allergy", r"allerg"),
        ("diagnosis", r"diagnos|antecedent|pathologie|affection|\batcd\b|maladie|probleme"),
        ("end-date", r"\bdate.*\bfin\b|\bfin\b|\bend\b|\barret\b"),
        ("date", r"\bdate|\bjour\b|\bdt\b|\bquand\b|\bday\b|\bdebut\b"),
        ("value", r"\b(valeur|resultat|resultats|value|result|mesure|res|val)\b"),
        ("code", r"\b(code|cim|cim10|atc|loinc|cip|cip13|cip7|ucd|ccam|cisp|cisp2|nabm)\b"),
        ("label", r"\b(libelle|label|analyse|examen|intitule|designation|parametre|acte|lib)\b"),
        ("comment", r"comment|remarque|\bnotes?\b|observation|texte|conclusion|conduite|motif"),
        ("family-name", r"^nom( |$)|\bname\b|\bnom (usuel|marital|usage|famille|patient)\b"),
        ("patient-number", r"^(numero|num|no|n|id|ident|identifiant|code patient|reference|ref)( |$)"),
    )
)
_NEEDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "birth-date": frozenset({"date"}),
        "date": frozenset({"date"}),
        "end-date": frozenset({"date"}),
        "value": frozenset({"value", "number", "integer", "text", "code"}),
        "low": frozenset({"value", "number", "integer", "text"}),
        "high": frozenset({"value", "number", "integer", "text"}),
        "sex": frozenset({"sex", "text", "boolean", "integer"}),
    }
)
"""Types without which the name of a column is not believed."""


def with_roles(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Give each column its likely role, by its name where it has one, else by what it holds."""
    given = [_by_name(column) for column in columns]
    taken = {column.role for column in given}
    for find in (_by_identifiers, _unit, _label, _value, _date_role, _number_role, _sex_role):
        for index, column in enumerate(given):
            role, reason = ("", None) if column.role or not column.filled else find(column, given, taken)
            if role:
                given[index] = replace(column, role=role, reason=reason)
                taken.add(role)
    return tuple(given)


Found = tuple[str, Remark | None]
_NONE: Found = ("", None)


def _by_name(column: Column) -> Column:
    last = re.split(r"[/.@]", column.name.rstrip(" .'])"))[-1] or column.name
    name = folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last))
    for role, pattern in _BY_NAME if name else ():
        if not pattern.search(name):
            continue
        if column.type in _NEEDS.get(role, {column.type}) or not column.filled:
            return replace(column, role=role, reason=Remark("by-name"))
        contradiction = Remark("name-contradicted", MappingProxyType({"role": role, "type": column.type}))
        return replace(column, doubts=(*column.doubts, contradiction))
    return column


_IDENTIFIER_ROLES: Mapping[str, str] = MappingProxyType(
    {"nir": "nss", "email": "email", "phone": "phone", "rpps": "practitioner", "finess": "practitioner"}
)


def _by_identifiers(column: Column, _: list[Column], __: set[str]) -> Found:
    for kind, count in column.identifiers:
        if kind in _IDENTIFIER_ROLES and column.share(count) >= MOST:
            if kind in {"rpps", "finess"} and column.distinct <= 2 and column.filled > 20 and column.type == "value":
                continue
            return _IDENTIFIER_ROLES[kind], Remark("by-identifier", MappingProxyType({"kind": kind}))
    for system, count in column.systems:
        if column.share(count) >= MOST and column.distinct > 1 and system != "cis":
            return "code", Remark("by-codes", MappingProxyType({"system": system}))
    return _NONE


def _unit(column: Column, _: list[Column], taken: set[str]) -> Found:
    units = column.units
    if "unit" not in taken and units and column.share(units.alone) >= MANY and column.distinct <= 200:
        return "unit", Remark("by-units", _count(units.alone))
    return _NONE


def _label(column: Column, columns: list[Column], taken: set[str]) -> Found:
    """Words that come back, beside a column of numbers."""
    is_words = column.type == "text" and not column.constant and 1 < column.distinct <= 5_000
    has_values = any(other.type in {"value", "number", "integer"} for other in columns)
    comes_back = column.filled / max(column.distinct, 1) >= REPEATS
    if "label" not in taken and is_words and has_values and comes_back and column.longest <= 80:
        return "label", Remark("by-words")
    return _NONE


def _value(column: Column, columns: list[Column], taken: set[str]) -> Found:
    if "value" in taken or column.type not in {"value", "number", "integer"}:
        return _NONE
    label = next((other.position for other in columns if other.role == "label"), 0)
    if column.type == "integer" and (not label or column.position < label):
        return _NONE
    if label or column.type == "value":
        return "value", Remark("by-numbers")
    return _NONE


def _date_role(column: Column, _: list[Column], taken: set[str]) -> Found:
    return ("date", Remark("by-dates")) if column.type == "date" and "date" not in taken else _NONE


def _number_role(column: Column, columns: list[Column], taken: set[str]) -> Found:
    """Whole numbers or codes before everything else, which come back: the number of a patient."""
    if "patient-number" in taken or column.type not in {"integer", "code"} or column.constant:
        return _NONE
    is_first = column.position == min(c.position for c in columns if c.filled)
    comes_back = column.filled / max(column.distinct, 1) >= 1.2
    if column.distinct > 1 and (is_first or comes_back) and column.position <= 3:
        return "patient-number", Remark("by-repeats" if comes_back else "by-place")
    return _NONE


def _sex_role(column: Column, _: list[Column], taken: set[str]) -> Found:
    return ("sex", Remark("by-sex")) if column.type == "sex" and "sex" not in taken else _NONE
