"""The readers of a run: those of semantix, and the mapping packs, its own and the user's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from semantix.errors import BadPack
from semantix.io import shown
from semantix.parsers import PARSERS, Parser
from semantix.parsers.packs import Pack, load_pack, packs_parser
from semantix.resources import data_dir

FOLDER = "exports"
SUFFIX = ".yaml"


@cache
def builtin_packs() -> tuple[Pack, ...]:
    """The packs that come with semantix, in the order of their names."""
    folder = data_dir("mappings") / FOLDER
    return tuple(read_pack(path) for path in sorted(folder.glob(f"*{SUFFIX}")))


def read_pack(path: Path) -> Pack:
    """Read one pack. Raises BadPack."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadPack(f"{shown(path)}: cannot be opened: {error.strerror or type(error).__name__}") from None
    return load_pack(data, shown(path.name))


@cache
def parsers_of(packs: tuple[Path, ...] = ()) -> Sequence[Parser]:
    """Every reader: a pack of the user takes the place of one of semantix that has its id. Raises BadPack."""
    own = [read_pack(path) for path in packs]
    replaced = {pack.id for pack in own}
    kept = [pack for pack in builtin_packs() if pack.id not in replaced]
    return (*PARSERS, packs_parser((*kept, *own)))
