"""Which column of a table is what: as the user says, else by the names that French and English tables use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.terminology.query_tables import MOST_COLUMNS_SHOWN

LABEL, CODE, FREQUENCY, UNIT = "label", "code", "frequency", "unit"
SPECIMEN, SECTION, SENDER, SYSTEM = "specimen", "section", "sender", "system"

_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        LABEL: "--label-column",
        CODE: "--code-column",
        FREQUENCY: "--frequency-column",
        UNIT: "--unit-column",
    }
)

_CLEAR: Mapping[str, str] = MappingProxyType(
    {
        LABEL: (
            "libelle label designation intitule source_label source_name sourcename local_label label_local "
            "libelle_local libelle_source terme term wording"
        ),
        CODE: "code source_code code_source sourcecode code_local local_code",
        FREQUENCY: (
            "frequence frequency freq source_frequency sourcefrequency effectif occurrences nb_occurrences "
            "nombre_occurrences"
        ),
        UNIT: "unite unit unites units source_unit unite_source",
        SPECIMEN: "specimen prelevement echantillon",
        SECTION: "section rubrique",
        SENDER: "sender emetteur expediteur",
        SYSTEM: "source_system system systeme code_system codesystem systeme_source",
    }
)
"""Names that say clearly what a column is."""
_LIKELY: Mapping[str, str] = MappingProxyType(
    {
        LABEL: (
            "nom name description texte text libelle_fr label_fr libelle_long libelle_court label_long label_short "
            "libelle_analyse libelle_examen libelle_acte libelle_diagnostic nom_analyse nom_examen denomination "
            "display expression"
        ),
        CODE: (
            "code_interne code_analyse code_examen code_acte code_diagnostic code_medicament code_produit code_labo "
            "mnemonique mnemo"
        ),
        FREQUENCY: (
            "nb nombre n count counts total volume occurrence nb_lignes nombre_lignes nb_cas nombre_de_lignes "
            "nb_records records"
        ),
        UNIT: "unite_mesure unite_de_mesure unit_of_measure uom",
        SPECIMEN: "nature_prelevement type_prelevement milieu materiel sample",
        SENDER: "etablissement laboratoire labo site",
        SYSTEM: "source_vocabulary_id terminologie nomenclature vocabulaire vocabulary",
    }
)
"""Names that say it where no other column has a clear one."""


_WITHIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {LABEL: ("libelle label display designation intitule denomination", "nom name")}
)
"""Words within a name that say it, where no whole name does: ``libelle_service``, ``display_fr``."""
_LONGEST_NAME, _MOST_WORDS = 40, 6


def roles_of(columns: Sequence[str], told: Mapping[str, str | None], name: str) -> Mapping[str, int]:
    """The place of the column of each role that the table has.

    ``told`` are the columns that the user names by role: None or absent = look for one, empty = there is none. Raises
    BadMappings for a column that is not there, for two that could be meant, and for a table with neither codes nor
    labels.
    """
    roles: dict[str, int] = {}
    for role, wanted in told.items():
        if wanted:
            roles[role] = _named(columns, wanted, name)
    normal = [normal_name(column) for column in columns]
    for role in _CLEAR:
        if told.get(role) is None:
            taken = set(roles.values())
            place = _recognised(
                columns, [each if at not in taken else "" for at, each in enumerate(normal)], role, name
            )
            if place is not None:
                roles[role] = place
    if LABEL not in roles and CODE not in roles:
        raise BadMappings(
            f"{shown(name)}: no column of codes or labels is recognised among {listed(columns)}; "
            "name it with --label-column or --code-column (the first line must be the names of the columns)"
        )
    return MappingProxyType(roles)


def has_known_column(columns: Sequence[str]) -> bool:
    """Tell whether a table has a column that is named as codes or labels are."""
    return any(
        is_known(normal_name(column)) for column in columns for role in (LABEL, CODE) for is_known in _tests(role)
    )


def normal_name(column: str) -> str:
    """A name of a column without accents, case and signs: ``Libellé (FR)`` gives ``libelle_fr``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", column.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def listed(columns: Sequence[str]) -> str:
    """Columns as errors name them; what looks like a value has its place only, as the header may be missing."""
    words = [shown(each) if _is_name(each) else f"(column {place})" for place, each in enumerate(columns, 1)]
    return ", ".join(words[:MOST_COLUMNS_SHOWN]) + (", ..." if len(words) > MOST_COLUMNS_SHOWN else "")


def _is_name(column: str) -> bool:
    return (
        0 < len(column) <= _LONGEST_NAME
        and len(column.split()) <= _MOST_WORDS
        and any(sign.isalpha() for sign in column)
        and sum(sign.isdigit() for sign in column) <= 3
    )


def _named(columns: Sequence[str], wanted: str, name: str) -> int:
    exact = [place for place, each in enumerate(columns) if each == wanted.strip()]
    found = exact or [place for place, each in enumerate(columns) if normal_name(each) == normal_name(wanted)]
    if len(found) == 1:
        return found[0]
    problem = f"{len(found)} columns are called" if found else "no column is called"
    raise BadMappings(f"{shown(name)}: {problem} {shown(wanted)}; the columns are {listed(columns)}")


def _recognised(columns: Sequence[str], normal: Sequence[str], role: str, name: str) -> int | None:
    for is_known in _tests(role):
        found = [place for place, each in enumerate(normal) if is_known(each)]
        if len(found) == 1:
            return found[0]
        if found:
            both = listed([columns[place] for place in found])
            what = f"say which with {_OPTIONS[role]}" if role in _OPTIONS else "keep one of them"
            raise BadMappings(f"{shown(name)}: several columns may hold the {role}: {both}; {what}")
    return None


def _tests(role: str) -> Iterator[Callable[[str], bool]]:
    """What makes a normal name that of a role, the surest first."""
    for names in (_CLEAR, _LIKELY):
        yield frozenset(names.get(role, "").split()).__contains__
    for words in _WITHIN.get(role, ()):
        known = frozenset(words.split())
        yield lambda name, known=known: not known.isdisjoint(name.split("_"))  # type: ignore[misc]
