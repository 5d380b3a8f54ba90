"""What is there: every file under the inputs, known by the SHA-256 of its bytes.

Size and times (of content, of status) spare reading a file again; a file whose status changed is read. A file that a
mapping pack reads belongs to the set of its folder: rows are looked up in its neighbours, so they are read together.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path, PurePath

from semantix.errors import BadPlan
from semantix.io import discover, shown
from semantix.parsers import HEAD, Parser, claims_on
from semantix.runs.plan import RunPlan
from semantix.runs.register.inputs import Hashed, Seen

_BLOCK = 1 << 20
_XML = ".xml"


def inputs_of(plan: RunPlan) -> list[Path]:
    """The paths that a plan names: patterns are looked up, lists of files read. Raises BadPlan when one is missing."""
    found: list[Path] = []
    for told in plan.inputs:
        if glob.has_magic(told) and not os.path.exists(told):  # noqa: PTH110 - a pattern is no path
            found += [Path(one) for one in sorted(glob.glob(told, recursive=True))]  # noqa: PTH207
        else:
            found.append(Path(told))
    for one in plan.lists:
        found += _listed(one)
    missing = next((path for path in found if not path.exists()), None)
    if missing is not None:
        raise BadPlan(f"{shown(missing)}: no such file or folder; nothing was read, mount it or take it off the plan")
    return found


def _listed(path: Path) -> list[Path]:
    """A path a line, relative to the list; blank lines and those that begin with # say nothing."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadPlan(f"{shown(path)}: cannot be opened: {error.strerror or type(error).__name__}") from None
    names = [os.fsdecode(line) for line in map(bytes.strip, lines) if line and not line.startswith(b"#")]
    return [path.parent / name for name in names]


def look(paths: Sequence[Path], ours: Iterable[Path] = ()) -> Iterator[Seen]:
    """Every file under some paths as the disk has it; ``ours`` (state, targets) are not inputs even when inside."""
    own = tuple(os.path.realpath(path) for path in ours)
    for found in discover(paths).files:
        if own and _is_in(os.path.realpath(found.path), own):
            continue
        try:
            status = os.stat(found.path)  # noqa: PTH116 - a Path each costs more than the rest
        except OSError:
            continue  # gone since it was listed: the next run tells
        yield Seen(
            os.path.abspath(found.path),  # noqa: PTH100
            found.name,
            found.label,
            found.named,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        )


def _is_in(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def hash_files(files: Iterable[Seen], parsers: Sequence[Parser]) -> Iterator[Hashed]:
    """Read files whole, once; one that cannot be opened is left for its reader to refuse, under a digest of nothing."""
    for one in files:
        digest = sha256()
        head = b""
        try:
            with open(one.path, "rb", buffering=0) as file:  # noqa: PTH123
                while block := file.read(_BLOCK):
                    head = head or block[:HEAD]
                    digest.update(block)
        except OSError as error:
            digest = sha256(f"unreadable {error.errno} {one.mtime}".encode())
            yield Hashed(one.path, digest.digest(), is_open=False)
            continue
        yield Hashed(one.path, digest.digest(), _set_of(one, head, parsers))


def _set_of(one: Seen, head: bytes, parsers: Sequence[Parser]) -> str | None:
    """The folder of a file that is read with its neighbours."""
    if PurePath(one.path).suffix.lower() == _XML or not head:
        return None
    try:
        claims = claims_on(head, one.name, parsers)
    except Exception:  # noqa: BLE001 - a reader that fails on it is told when its turn comes
        return None
    if not any(claim.pack for _, claim in claims):
        return None
    # A digest: the names of folders are not wanted in every row.
    return sha256(os.fsencode(os.path.dirname(one.path))).hexdigest()[:32]  # noqa: PTH120
