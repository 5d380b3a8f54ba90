"""Lines as people see them: ended by CR, LF or both, mixed in one file, and by nothing else."""

from __future__ import annotations


def split_lines(text: str) -> list[str]:
    """Split at CR LF, CR and LF only; the signs that Unicode also calls line ends are part of a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def count_lines(data: bytes) -> int:
    """How many lines :func:`split_lines` makes of these bytes, in UTF-8 or any single-byte encoding."""
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (bool(data) and data[-1:] not in (b"\r", b"\n"))
