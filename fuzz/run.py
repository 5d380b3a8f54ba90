"""Coverage-guided fuzzing of every reader: any bytes, no crash, no hang, bounded memory, every line accounted for.

``make fuzz`` runs every target for a minute each; ``make fuzz ARGS="hprim-medecin --seconds 600"`` one of them. A
finding stops the target and leaves its input in ``.fuzz/findings``: it becomes a test. Needs atheris (CPython >= 3.11).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".fuzz"
MEMORY_MB = 2_000
SLOWEST_S = 20
LONGEST = 20_000
"""Bytes of an input."""


def main() -> int:
    """Run targets one after the other, each in its process; the exit code counts those that found something."""
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:2] == ["--inside"]:
        return inside(sys.argv[2], int(sys.argv[3]))
    from fuzz.targets import NAMES

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("targets", nargs="*", metavar="TARGET", help=f"among {', '.join(NAMES)}; all by default")
    options.add_argument("--seconds", type=int, default=60, help="for each target")
    asked = options.parse_args()
    unknown = set(asked.targets) - set(NAMES)
    if unknown:
        options.error(f"no such target: {', '.join(sorted(unknown))}")
    found = 0
    for name in asked.targets or NAMES:
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, __file__, "--inside", name, str(asked.seconds)],
            cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        found += done.returncode != 0
        runs = [line for line in done.stderr.splitlines() if "runs in" in line or line.startswith("#")]
        verdict = "ok" if done.returncode == 0 else "FOUND SOMETHING"
        print(f"{name}: {verdict} in {time.monotonic() - begun:.0f} s: {runs[-1] if runs else ''}", flush=True)
        if done.returncode:
            (WORK / "findings").mkdir(parents=True, exist_ok=True)
            (WORK / "findings" / f"{name}.log").write_text(done.stdout + done.stderr, "utf-8")
            print("\n".join(done.stderr.splitlines()[-25:]), flush=True)
    return found


def inside(name: str, seconds: int) -> int:
    """Fuzz one target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["semantix.parsers", "semantix.text", "semantix.io"]):
        from fuzz.targets import seeds_of, target_of

        run = target_of(name)
    corpus, findings = WORK / "corpus" / name, WORK / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for index, data in enumerate(seeds_of(name)):
            (Path(folder) / f"{index:04d}").write_bytes(data[:LONGEST])
        atheris.Setup(
            [
                sys.argv[0], str(corpus), folder, f"-max_total_time={seconds}", f"-max_len={LONGEST}",
                f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={findings}/{name}-",
            ],
            run,
        )  # fmt: skip
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
