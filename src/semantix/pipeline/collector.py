"""How often Python looks for cycles while documents are converted.

A conversion makes thousands of short-lived containers and no cycle: everything is freed when its document is done. The
default of one look every 700 allocations costs about a fifth of the time of reading, and finds nothing.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 200_000
"""Container allocations between two looks: some twenty documents, so that memory stays flat even if a cycle appears."""


def look_rarely() -> tuple[int, int, int]:
    """Set the collector for a process that converts documents; returns what was set before."""
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *before[1:])
    return before


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look rarely inside the block, and as before after it."""
    before = look_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def give_back() -> None:
    """Give the system the memory that was freed and that the C library keeps; nothing where it cannot.

    What opens an engine, or reads some hundred documents, leaves some ten megabytes that nothing asks for again.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return  # not the C library of GNU
    trim(0)
