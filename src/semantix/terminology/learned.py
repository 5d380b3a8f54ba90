"""What is learned from a store, kept beside it: ``<store>/learned/<target>/<key>/``, written whole or not at all.

The key digests the releases that hold the target, the curated tables, the lexicon and the version of the learning code:
a change of any of them makes what was learned stale, and it is learned anew; stale parts are removed then.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from semantix.errors import BadStore

FOLDER = "learned"
_UNSAFE = re.compile(r"[^a-z0-9-]+")


def keep(store: Path, target: str, key: str, write: Callable[[Path], None]) -> Path:
    """Return the folder of what was learned, after writing it if it is not there. Raises BadStore if it cannot."""
    final = place(store, target, key)
    home = final.parent
    if final.is_dir():
        return final
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(mkdtemp(prefix=".work-", dir=home))
        try:
            write(work)
            for stale in home.glob("[!.]*"):
                if stale != final:
                    shutil.rmtree(stale, ignore_errors=True)
            if not final.is_dir():
                work.replace(final)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        if final.is_dir():
            # Another process was as quick.
            return final
        raise BadStore(f"what was learned cannot be written beside the store: {error.strerror}") from None
    return final


def place(store: Path, target: str, key: str) -> Path:
    """Name the folder of what was learned for a target, which may be a URI."""
    safe = _UNSAFE.sub("_", target)
    name = safe if safe == target else f"{safe[-40:]}-{hashlib.sha256(target.encode()).hexdigest()[:8]}"
    return store / FOLDER / name / key[:16]
