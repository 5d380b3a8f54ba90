"""SNOMED CT RF2: the files of a snapshot, the columns of each, and the identifiers that have a meaning here.

Source: SNOMED CT Release File Specification, Release Format 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from semantix.terminology.releases._importer import Refused
from semantix.terminology.releases._tabular import Tally, base, columns, stream
from semantix.terminology.source import Source

_CORE = "id effectiveTime active moduleId "
_MEMBER = _CORE + "refsetId referencedComponentId "
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "concept": tuple((_CORE + "definitionStatusId").split()),
        "description": tuple((_CORE + "conceptId languageCode typeId term caseSignificanceId").split()),
        "relationship": tuple(
            (_CORE + "sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId").split()
        ),
        "language": tuple((_MEMBER + "acceptabilityId").split()),
        "association": tuple((_MEMBER + "targetComponentId").split()),
        "attribute": tuple((_MEMBER + "valueId").split()),
        "simple-map": tuple((_MEMBER + "mapTarget").split()),
        "extended-map": tuple(
            (_MEMBER + "mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId").split()
        ),
    }
)
"""The columns of each kind of file, all of them, in their order."""

_NAMES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "concept": re.compile(r"x?sct2_concept_(?P<type>[a-z]*)[_-].*\.txt"),
        "description": re.compile(r"x?sct2_description_(?P<type>[a-z]*)[_-].*\.txt"),
        "definition": re.compile(r"x?sct2_textdefinition_(?P<type>[a-z]*)[_-].*\.txt"),
        "relationship": re.compile(r"x?sct2_relationship_(?P<type>[a-z]*)[_-].*\.txt"),
        "language": re.compile(r"x?der2_crefset_[a-z]*language(?P<type>snapshot|full|delta)[_-].*\.txt"),
        "association": re.compile(r"x?der2_crefset_[a-z]*association[a-z]*?(?P<type>snapshot|full|delta)[_-].*\.txt"),
        "attribute": re.compile(r"x?der2_crefset_[a-z]*attributevalue(?P<type>snapshot|full|delta)[_-].*\.txt"),
        "simple-map": re.compile(r"x?der2_srefset_[a-z]*simplemap[a-z]*?(?P<type>snapshot|full|delta)[_-].*\.txt"),
        "extended-map": re.compile(
            r"x?der2_iissscc?c?refset_[a-z]*?extendedmap[a-z]*?(?P<type>snapshot|full|delta)[_-].*\.txt"
        ),
    }
)
_ANY = re.compile(r"x?(sct2|der2)_.*\.txt")
_RELEASE = re.compile(r"_(?P<edition>[^_]+)_(?P<date>\d{8}(?:T\d{6}Z)?)\.txt$", re.IGNORECASE)

FSN = "900000000000003001"
PREFERRED = "900000000000548007"
IS_A = "116680003"
INACTIVATION = "900000000000489007"
ROOT = "138875005"

DIALECTS: tuple[str, ...] = (
    "10031000315102",  # France
    "21000241105",  # the common French translation
    "21000172104",  # Belgium, French
    "20581000087109",  # Canada, French
    "900000000000509007",  # English, United States
    "900000000000508004",  # English, Great Britain
)
"""Language reference sets, best first within each language."""

ASSOCIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "900000000000526001": "replaced-by",
        "900000000000527005": "same-as",
        "900000000000523009": "possibly-equivalent",
        "900000000000530003": "possibly-equivalent",  # ALTERNATIVE
        "1186921001": "possibly-equivalent",  # POSSIBLY REPLACED BY
        "1186924009": "possibly-equivalent",  # PARTIALLY EQUIVALENT TO
    }
)
"""What an inactive concept has become, by reference set; the weakest word is used where ours has no exact one."""

MAPS: Mapping[str, str] = MappingProxyType(
    {
        "447562003": "cim10",
        "450993002": "cisp2",
        "446608001": "cimo3",
        "784008009": "orpha",
        "816210007": "meddra",
    }
)
"""The target of a map reference set; another one is named by the URI of its implicit ConceptMap."""

CORRELATIONS: Mapping[str, str] = MappingProxyType(
    {
        "447557004": "equivalent",
        "447558009": "broader",
        "447559001": "narrower",
        "447560006": "related",
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "900000000000482003": "duplicate",
        "900000000000483008": "outdated",
        "900000000000484002": "ambiguous",
        "900000000000485001": "erroneous",
        "900000000000486000": "limited",
        "900000000000487009": "moved elsewhere",
        "723277005": "nonconformance to editorial policy",
        "1186917008": "classification derived",
        "1186919005": "meaning unknown",
    }
)


def files(source: Source, kind: str) -> tuple[str, ...]:
    """Return the snapshot files of one kind, the latest release first."""
    found = [name for name in source.names if _type(name, kind) == "snapshot"]
    return tuple(sorted(found, key=lambda name: (release(name)[1], name), reverse=True))


def claimed(source: Source) -> bool:
    """Tell whether anything of a source bears the name of an RF2 concept or description file."""
    return any(_type(name, kind) for name in source.names for kind in ("concept", "description"))


def unread(source: Source) -> tuple[str, ...]:
    """Return the RF2 files of a source that are of no kind that is read, or of another release type."""
    rf2 = [name for name in source.names if _ANY.fullmatch(PurePosixPath(name).name.strip().lower())]
    return tuple(name for name in rf2 if not any(_type(name, kind) == "snapshot" for kind in _NAMES))


def found_instead(source: Source) -> str:
    """Name the release types that a source without a snapshot has."""
    types = {_type(name, kind) for name in source.names for kind in _NAMES} - {""}
    return ", ".join(sorted(types)) or "no RF2 file"


def _type(name: str, kind: str) -> str:
    found = _NAMES[kind].fullmatch(PurePosixPath(name).name.strip().lower())
    return found["type"] if found else ""


def release(name: str) -> tuple[str, str]:
    """Return the edition and the date in a file name: ``INT`` and ``20250101``."""
    found = _RELEASE.search(PurePosixPath(name).name.strip())
    return (found["edition"], found["date"][:8]) if found else ("", "")


def blocks(source: Source, kind: str) -> Iterator[tuple[str, list[str]]]:
    """Give the rows of the files of one kind, as lines, block by block, with the name of the file.

    Raises Refused when the columns are not those of the specification.
    """
    expected = COLUMNS["description" if kind == "definition" else kind]
    for name in files(source, kind):
        with source.open(name) as file:
            first = True
            for block in stream(file, name):
                if first:
                    columns(block[0].removeprefix("\ufeff").split("\t"), expected, name)
                    first = False
                    yield name, block[1:]
                else:
                    yield name, block
        if first:
            raise Refused(f"{base(name)}: found an empty file; expected the columns {' '.join(expected)}")


def rows(source: Source, kind: str, tally: Tally) -> Iterator[list[str]]:
    """Give the rows of all the files of one kind; a row of another width is counted as skipped."""
    width = len(COLUMNS["description" if kind == "definition" else kind])
    for name, block in blocks(source, kind):
        for line in block:
            row = line.split("\t")
            if len(row) == width:
                yield row
            else:
                tally.add(f"{kind}: not {width} columns", base(name))
