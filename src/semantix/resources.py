"""What the package knows of itself: its version."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Return the installed version of semantix, or ``0`` when it runs from files that nobody installed."""
    try:
        return metadata.version("semantix")
    except metadata.PackageNotFoundError:
        return "0"
