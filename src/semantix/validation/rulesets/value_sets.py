"""The value sets (JDV) of a rule set: files of IHE SVS, read when one is first asked for.

Source: IHE IT Infrastructure Technical Framework, Sharing Value Sets (ITI-48, ``RetrieveValueSetResponse``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from lxml import etree

SVS = "{urn:ihe:iti:svs:2008}"
LARGEST = 64_000_000
"""Bytes of a file of values; the largest published is a fortieth of that."""
_SUFFIX = ".xml"
_HEAD = 16_384
_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?ValueSet\b[^>]*?\sid\s*=\s*[\"']([0-9.]+)[\"']")

Values = frozenset[tuple[str, str]]


class ValueSets:
    """The value sets in the files of one folder; an answer is remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] | None = None
        self._oids: dict[str, str] | None = None
        self._known: dict[str, Values | None] = {}
        self._concepts: Mapping[tuple[str, str], tuple[str, ...]] | None = None

    def names(self) -> tuple[str, ...]:
        """The names of the files, without their suffix, sorted. Empty when there is no folder."""
        return tuple(sorted(self._listed()))

    def get(self, name: str) -> Values | None:
        """The (code, OID of its system) of a value set, by its OID or the name of its file; ``None`` if not there.

        A file that is damaged is as one that is not there: a value set without its values would refuse every code.
        """
        if name not in self._known:
            path = self._path(name)
            self._known[name] = None if path is None else _read(path)
        return self._known[name]

    def concepts(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The labels of every (code, OID of its system) of all value sets: reads every file, once."""
        if self._concepts is None:
            found: dict[tuple[str, str], dict[str, None]] = {}
            for name in self.names():
                for each in _concepts_of(self._listed()[name]) or ():
                    key = each.get("code", "").strip(), each.get("codeSystem", "").strip()
                    found.setdefault(key, {})[" ".join(each.get("displayName", "").split())] = None
            self._concepts = MappingProxyType({key: tuple(filter(None, labels)) for key, labels in found.items()})
        return self._concepts

    def _path(self, name: str) -> Path | None:
        listed = self._listed()
        stem = name.removesuffix(_SUFFIX)
        if stem in listed:
            return listed[stem]
        return listed.get(self._by_oid().get(name, ""))

    def _listed(self) -> dict[str, Path]:
        if self._files is None:
            try:
                found = [path for path in self._folder.iterdir() if path.suffix == _SUFFIX and path.is_file()]
            except OSError:
                found = []
            self._files = {path.name[: -len(_SUFFIX)]: path for path in found}
        return self._files

    def _by_oid(self) -> dict[str, str]:
        if self._oids is None:
            # Two files of one OID: the name that sorts last is the newest (``…-2024`` after ``…-2021``).
            self._oids = {oid: name for name in self.names() if (oid := _oid_of(self._listed()[name]))}
        return self._oids


def _oid_of(path: Path) -> str:
    """The OID that a file says in its first lines."""
    try:
        with path.open("rb") as file:
            found = _IDENTIFIER.search(file.read(_HEAD))
    except OSError:
        return ""
    return found.group(1).decode("ascii") if found else ""


def _read(path: Path) -> Values | None:
    concepts = _concepts_of(path)
    if concepts is None:
        return None
    return frozenset((each.get("code", ""), each.get("codeSystem", "")) for each in concepts)


def _concepts_of(path: Path) -> tuple[etree._Element, ...] | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        if path.stat().st_size > LARGEST:
            return None
        root = etree.fromstring(path.read_bytes(), parser)
    except (OSError, etree.XMLSyntaxError):
        return None
    return tuple(root.iter(f"{SVS}Concept"))
