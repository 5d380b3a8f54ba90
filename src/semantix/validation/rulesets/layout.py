"""How the publication of a rule set lies on disk: the parts that are used, and nothing else.

Source: CI-SIS content validation tool (``testContenuCDA``) of the ANS, tree of version 3.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadRuleSet

XSD = "infrastructure/cda/CDA_extended.xsd"
VALUE_SETS = "jeuxDeValeurs"
RULES = "schematrons"
ENGINE = f"{RULES}/moteur"
STEPS = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
"""The official pipeline from a Schematron file to a stylesheet, in its order."""
SKELETON = "iso_schematron_skeleton_for_saxon.xsl"
TERMINOLOGIES = f"{RULES}/profils/terminologies/terminologie"
GENERIC: Mapping[str, str] = MappingProxyType(
    {
        "min": f"{RULES}/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch",
        "ihe": f"{RULES}/profils/IHE.sch",
        "mod": f"{RULES}/profils/CI-SIS_ModelesDeContenusCDA.sch",
        "ans": f"{RULES}/profils/CI-SIS_Modeles_ANS.sch",
        "term": f"{RULES}/profils/terminologies/schematron/terminologie.sch",
    }
)
"""The layers that every document gets: minimal structure, IHE, content models, models of the ANS, terminologies."""
NEEDED = (XSD, *GENERIC.values(), *(f"{ENGINE}/{name}" for name in (*STEPS, SKELETON)))
_FOLDERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "infrastructure/": frozenset({".xsd"}),
        f"{VALUE_SETS}/": frozenset({".xml"}),
        f"{RULES}/abstract/": frozenset({".sch"}),
        f"{RULES}/include/": frozenset({".sch", ".xml"}),
        f"{RULES}/profils/": frozenset({".sch", ".xml", ".rdf", ".txt"}),
        f"{ENGINE}/": frozenset({".xsl"}),
    }
)
_VOLET = "CI-SIS_"
_RULE_FILE = ".sch"
_MANY = 3
_ENOUGH = 3
"""So many needed files make a folder a rule set, whole or not."""


class Layer(Struct, frozen=True):
    """One Schematron file that is run as a whole: the name of its layer, and its path from the top of the rule set."""

    name: str
    path: str


def is_kept(name: str) -> bool:
    """Tell whether a file of the publication is used, by its path from the top."""
    path = PurePosixPath(name)
    if path.parent == PurePosixPath(RULES):
        return path.suffix == _RULE_FILE
    return any(name.startswith(folder) and path.suffix in suffixes for folder, suffixes in _FOLDERS.items())


def top_of(names: Iterable[str], source: str) -> str:
    """The folder of a listing (``""``, or ending with ``/``) in which the publication lies: its top or one below.

    Raises BadRuleSet when no folder holds it, or when it is incomplete.
    """
    found = set(names)
    folded = {name.casefold() for name in found}
    for top in sorted(_tops(found), key=len):
        missing = [needed for needed in NEEDED if top + needed not in found]
        if not any(name.startswith(f"{top}{VALUE_SETS}/") for name in found):
            missing.append(f"{VALUE_SETS}/")
        if len(missing) + _ENOUGH > len(NEEDED) + 1 and missing:
            continue
        if missing:
            raise BadRuleSet(
                _incomplete(source, missing, [each for each in missing if (top + each).casefold() in folded])
            )
        return top
    raise BadRuleSet(
        f"{source}: no rule set there; the CI-SIS content validation tool was expected, "
        f"with {XSD} and {GENERIC['ihe']} at its top or one folder down; give its folder or the ZIP of its repository"
    )


def _tops(found: set[str]) -> set[str]:
    """The folders in which some needed file lies, whatever its case."""
    tops = set()
    for needed in NEEDED:
        tail = needed.casefold()
        for name in found:
            top = name[: -len(needed)]
            if name.casefold().endswith(tail) and top.count("/") <= 1 and (not top or top.endswith("/")):
                tops.add(top)
    return tops


def _incomplete(source: str, missing: list[str], renamed: list[str]) -> str:
    if renamed == missing:
        words = (
            "written in another case: the copy was made on a disk that ignores it; take the files from the ZIP again"
        )
    else:
        words = "not there; take the whole publication again"
    more = f" and {len(missing) - _MANY} more" if len(missing) > _MANY else ""
    return f"{source}: the rule set is incomplete: {', '.join(missing[:_MANY])}{more}: {words}"


def generic_layers() -> tuple[Layer, ...]:
    """The layers that every document gets, in their order."""
    return tuple(Layer(name, path) for name, path in GENERIC.items())


def volets(top: Path) -> tuple[Layer, ...]:
    """The layers of one kind of document each (``VSM_2023.01``), sorted by name."""
    paths = sorted((top / RULES).glob(f"{_VOLET}*{_RULE_FILE}"))
    return tuple(Layer(path.stem.removeprefix(_VOLET), f"{RULES}/{path.name}") for path in paths)
