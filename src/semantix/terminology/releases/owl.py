"""OWL files of the national terminology server: the same concepts as its RDF, read with owlready2.

The world is of this file alone: nothing is imported, nothing is fetched. Only its triples are used.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import owlready2  # type: ignore[import-untyped]

from semantix.terminology.records import Record
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import base
from semantix.terminology.releases.smt_rdf import describe, emit, member, members, profile
from semantix.terminology.source import Source

_PATTERN = "*.owl"


def _claims(source: Source, _: Hints) -> bool:
    return len(members(source, _PATTERN)) == 1 and not members(source, "*.rdf")


def _describe(source: Source, hints: Hints) -> Release:
    return describe(source, hints, _PATTERN)


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    name = member(source, _PATTERN)
    found = profile(source, name, hints)
    world = owlready2.World()
    try:
        ontology = world.get_ontology("urn:semantix:release#")
        try:
            # Not load(), which follows owl:imports to the network whatever it is told.
            ontology.graph.parse(io.BytesIO(source.read(name)), default_base="urn:semantix:release#")
        except owlready2.OwlReadyOntologyParsingError:
            raise Refused(f"{base(name)}: not OWL in RDF/XML; download the file again") from None
        yield from emit(source, world.as_rdflib_graph(), found)
    finally:
        world.close()


IMPORTER = Importer("smt-owl", "OWL of the national terminology server (ANS)", _claims, _describe, _read)
