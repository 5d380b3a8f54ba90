"""RDF of the national terminology server (ANS): RDF/XML files of CIM-10, ATC, CCAM, EDQM, CISP-2, CIM-11, ADICAP...

The archive of the server holds ``dat/terminologie-<id>-<version>.rdf``. Files of notations alone, named after an OID,
list codes without labels.
"""

from __future__ import annotations

import io
import logging
import re
import xml.sax
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from rdflib import Graph
from rdflib.exceptions import Error as RdfError
from rdflib.exceptions import ParserError

from semantix.systems import BY_OID
from semantix.terminology.records import Concept, Record
from semantix.terminology.releases._cells import system_of, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._naming import system_key
from semantix.terminology.releases._smt import PROFILES, Profile, profile_of, records
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases._xml import root_name
from semantix.terminology.releases.code_tables import LICENCES
from semantix.terminology.source import Source

SERVER = "https://smt.esante.gouv.fr/terminologie-"
_NAMED = re.compile(r"terminologie-(.+?)-(v\d[\w.-]*|\d{4}(?:-\d\d){0,2}|\d+(?:\.\d+)+)")
_SUBJECT = re.compile(r"""\b(?:about|base)=["']([^"']+)""")
_OID = re.compile(r"\d+(\.\d+)+")


def members(source: Source, pattern: str) -> tuple[str, ...]:
    """Return the RDF files of a source that hold concepts: those of metadata describe the release."""
    found = [name for name in source.find(pattern) if not PurePosixPath(name).name.lower().startswith("metadata")]
    return tuple(name for name in found if root_name(source.head(name))[0] == "RDF")


def member(source: Source, pattern: str) -> str:
    """Return the only such file. Raises Refused where there are several: they are several releases."""
    found = members(source, pattern)
    if len(found) != 1:
        raise Refused(f"{source.name}: found {len(found)} files {pattern} with an rdf:RDF root, expected one")
    return found[0]


def profile(source: Source, name: str, hints: Hints) -> Profile:
    """Recognise a terminology by what the user said, else its OID, the IRIs of its concepts, or its name."""
    if hints.system:
        return profile_of(system_of(hints, ""))
    title = PurePosixPath(name).stem
    if _OID.fullmatch(title) and title in BY_OID:
        return profile_of(BY_OID[title].key)
    named = _NAMED.fullmatch(title)
    key = system_key(SERVER + named[1]) if named else ""
    if key and ":" not in key:
        return profile_of(key)
    subjects = _SUBJECT.findall(source.head(name).decode("utf-8", "replace"))
    counts = [sum(iri.startswith(each.bases) for iri in subjects) for each in PROFILES]
    if any(counts):
        return PROFILES[counts.index(max(counts))]
    if key:
        return profile_of(key)
    raise Refused(f"{base(name)}: its concepts belong to no terminology known here; give --system")


def describe(source: Source, hints: Hints, pattern: str) -> Release:
    """Name a release after its terminology, and its version after the file."""
    name = member(source, pattern)
    system = profile(source, name, hints).system
    named = _NAMED.fullmatch(PurePosixPath(name).stem)
    version = hints.version or (named[2] if named else version_of(source, hints, name))
    licence = LICENCES.get(system, "see the page of the terminology on smt.esante.gouv.fr")
    title = system if ":" not in system else system.rstrip("/").rpartition("/")[2].replace(":", "-")
    kind = "notations" if _OID.fullmatch(PurePosixPath(name).stem) else "smt"
    return Release(f"{title}-{kind}", version, (system,), licence)


def emit(source: Source, graph: Graph, found: Profile) -> Iterator[Record]:
    """Give the records of a graph. Raises Refused where no concept of it has a notation."""
    tally = Tally()
    some = False
    with _quiet():
        triples = list(graph)
    for record in records(triples, found, tally):
        some = some or isinstance(record, Concept)
        yield record
    if not some:
        raise Refused(f"{source.name}: found {len(triples)} triples and no skos:notation among them")
    yield from tally.records()


@contextmanager
def _quiet() -> Iterator[None]:
    """The server types some dates falsely; rdflib would tell the terminal of each."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _claims(source: Source, _: Hints) -> bool:
    return len(members(source, "*.rdf")) == 1


def _describe(source: Source, hints: Hints) -> Release:
    return describe(source, hints, "*.rdf")


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    name = member(source, "*.rdf")
    found = profile(source, name, hints)
    graph = Graph()
    try:
        with _quiet():
            graph.parse(io.BytesIO(source.read(name)), format="xml")
    except (xml.sax.SAXException, ParserError, RdfError, ValueError) as error:
        raise Refused(f"{base(name)}: not RDF/XML ({type(error).__name__}); download the file again") from None
    yield from emit(source, graph, found)


IMPORTER = Importer("smt-rdf", "RDF of the national terminology server (ANS)", _claims, _describe, _read)
