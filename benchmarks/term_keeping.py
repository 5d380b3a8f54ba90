"""Where the terminology benchmark keeps what it makes: under a digest of the code, tables and files behind it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))
MAPPINGS = ROOT / "mappings"
RELEASES = {
    "cim10": "terminologies/labels/cim10_fr_atih_2021.csv",
    "index": "mapping-pairs/dx_cim10_index_alphabetique_vol3.tsv",
    "inclusions": "mapping-pairs/dx_cim10_inclusions_oms_vol1.tsv",
    "ccam": "terminologies/labels/ccam_actes_nomensland.tsv",
    "atc": "terminologies/labels/atc_fr_2011.csv",
    "bdpm": "terminologies/bdpm",
    "loinc": "terminologies/labels/loinc_fr_displays_ans_harvest.tsv",
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Setting(Struct, frozen=True):
    """``home`` is where things are kept; ``quick`` takes a small part of everything, to try the benchmark itself."""

    home: Path
    quick: bool = False

    def sample(self, size: int) -> int:
        """How many queries stand for ``size``."""
        return max(20, size // 20) if self.quick else size


def setting(work: Path, *, quick: bool) -> Setting:
    """Return the setting of the present code, tables and files, in a working folder."""
    home = work.resolve() / f"{'quick-' if quick else ''}{present()}"
    home.mkdir(parents=True, exist_ok=True)
    return Setting(home, quick)


def present() -> str:
    """Digest the code, tables and files that figures come from, as they are now."""
    read = [one for path in RELEASES.values() for one in files(SHARED / path)]
    return digest_of([*_code(), *MAPPINGS.rglob("*.tsv"), *read])


def _code() -> list[Path]:
    own = Path(__file__).parent
    return [*(ROOT / "src/semantix/terminology").rglob("*.py"), own / "term_inputs.py", own / "term_keeping.py"]


def files(path: Path) -> list[Path]:
    """Return the files of a folder, or the file that the path is."""
    return sorted(path.iterdir()) if path.is_dir() else [path]


def digest_of(paths: list[Path]) -> str:
    """Digest the names and contents of files, whatever their order."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:12]


def made(folder: Path, write: Callable[[Path], object]) -> Path:
    """Return a folder, after writing it when it is not there; it is there whole or not at all."""
    if not folder.is_dir():
        work = folder.with_name(folder.name + ".part")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        write(work)
        work.replace(folder)
    return folder


def pin() -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def child(setting: Setting, part: str, argument: str = "") -> bytes:
    """Run one part in a process of its own, on one thread; return what it wrote, in JSON."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.json")
        script = str(Path(__file__).with_name("terminology.py"))
        command = [sys.executable, script, "--part", part, "--argument", argument]
        command += ["--home", str(setting.home), "--out", str(out), *(["--quick"] if setting.quick else [])]
        threads = dict.fromkeys(THREADS, "1")
        # Hashes and memory must not differ from run to run; what fails is told by the child itself.
        subprocess.run(command, check=True, env={**os.environ, **threads, "PYTHONHASHSEED": "0"})
        return out.read_bytes()
