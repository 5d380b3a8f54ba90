"""What ``make conformance`` runs: convert every source at hand, then give every Bundle to HL7's own validator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from semantix.pipeline import Options, convert

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))
WORK = ROOT / ".conformance"


def main() -> int:
    """Return the exit code of the validator run: 0 when no Bundle has an error. Prints errors; options show more."""
    corpus = SHARED / "corpus"
    inputs = [corpus] if corpus.is_dir() else []
    # What practices and laboratories send: the examples, and one export of each practice software.
    inputs += [ROOT / "examples", ROOT / "tests" / "quirks" / "fixtures"]
    bundles = WORK / "bundles"
    shutil.rmtree(bundles, ignore_errors=True)
    WORK.mkdir(exist_ok=True)
    report = convert(inputs, bundles, Options(target="fhir", format="bundle"))
    kinds = Counter(Path(line.name.partition("#")[0]).suffix.lower() for line in report.lines)
    print(", ".join(f"{count} {kind or '?'}" for kind, count in kinds.most_common()))
    print(f"{report.figures.documents} documents converted to Bundles, {len(report.unreadable)} unreadable", flush=True)
    definitions = SHARED / "spec" / "fr-core"
    profiles = ["--definitions", str(definitions)] if definitions.is_dir() else []
    command = [sys.executable, str(ROOT / "conformance" / "run.py"), str(bundles), *profiles]
    chosen = sys.argv[1:] or ["--severity", "error"]
    return subprocess.run([*command, "--out", str(WORK / "report.json"), *chosen], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
