"""Write an invented review as FHIR ConceptMap, R4 and R5, and give both to HL7's own validator.

Run by ``make conformance``. What it writes holds every kind of thing that a map of the review desk can hold.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from semantix.model import Candidate, Evidence
from semantix.review.formats.conceptmap import Heading, Release, read_conceptmap, write_conceptmap
from semantix.review.formats.exchange import Entry, Exchange
from semantix.review.model import Judged, Judgement, Part, Proposal, Relation, Source, State, Target

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".conformance" / "conceptmaps"
RELEASES: tuple[Release, ...] = ("R4", "R5")
HEADING = Heading(
    url="https://semantix.invalid/fhir/ConceptMap/example",
    version="1",
    title="Correspondances inventées",
    date="2026-01-02T03:04:05Z",
    publisher="semantix",
    license="CC0-1.0",
)
ON = "2026-01-02T03:04:05Z"


def source(code: str, label: str = "", unit: str = "", target: str = "loinc") -> Source:
    """A source of an invented laboratory."""
    return Source(system="LABO FICTIF", code=code, label=label, unit=unit, target=target)


def target(code: str, relation: Relation = Relation.EXACT, system: str = "loinc", part: Part = Part.TARGET) -> Target:
    """A target of an invented system, or of a real one without its words."""
    return Target(system=system, code=code, display="libellé inventé", relation=relation, part=part, created_by="anne")


def settled(origin: Source, *targets: Target, note: str = "", state: State = State.ACCEPTED) -> Entry:
    """An entry that somebody judged."""
    judgement = Judgement(targets=targets, no_target=not targets, note=note)
    return Entry(source=origin, state=state, judgement=judgement, status_by="anne", status_on=ON, frequency=12)


def example() -> Exchange:
    """One entry of each kind."""
    candidate = Candidate("loinc", "0000-1", "libellé inventé", 0.5, 0.25, (Evidence("word", "un"),), ("number",))
    earlier = Judged(who="paul", judgement=Judgement(no_target=True), event=3, at=ON)
    relations = [settled(source(f"R-{each}", "un"), target("0000-1", each)) for each in Relation]
    states = [settled(source(f"S-{each}", "deux"), target("0000-2"), state=each) for each in State]
    parts = [target("0000-3"), *(target("0001", system="ucum", part=each) for each in Part if each is not Part.TARGET)]
    return Exchange(
        entries=(
            *relations,
            *states,
            settled(source("P", "trois", unit="g/L"), *parts, note="Une note.\nSur deux lignes."),
            settled(source("N", "quatre"), note="Rien ne convient."),
            settled(source("X", "cinq"), target("0000-4"), Target(system="loinc", code="0000-5", refused=True)),
            settled(source("T", "six", target=""), target("0000-6"), target("X00", system="cim10")),
            settled(Source(label="une mention « libre »", unit="mL", specimen="sang", section="s", target="loinc")),
            settled(source("A  B", " sept\x02"), target("0000-7", Relation.NARROW)),
            Entry(source=source("U", "huit"), proposal=Proposal(candidates=(candidate,), reason="no-rule")),
            Entry(
                source=source("H", "neuf"),
                frequency=3_000_000_000,
                senders={"labo un": 2, "labo deux": 1},
                extra={"colonne": "valeur", "vide": ""},
                score=0.125,
                reviewer="zoé",
                history=(earlier,),
            ),
        ),
        meta={"system_version:loinc": "2.80", "note du jeu": "inventé", "source_scope": "http://example.org/vs|1"},
    )


def main() -> int:
    """Return the exit code of the worst validator run: 0 when neither map has an error."""
    shutil.rmtree(WORK, ignore_errors=True)
    codes = []
    for release in RELEASES:
        written = write_conceptmap(example(), release, HEADING)
        assert len(read_conceptmap(written.content, release).entries) == len(example().entries)
        path = WORK / release / "conceptmap.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(written.content)
        print(f"ConceptMap {release}", flush=True)
        command = [sys.executable, str(ROOT / "conformance" / "run.py"), str(path), "--fhir", release]
        chosen = sys.argv[1:] or ["--severity", "error"]
        codes.append(subprocess.run([*command, *chosen], check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
