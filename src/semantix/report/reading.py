"""The account of the lines of a source: every line read is in a document, set aside with a reason, or quarantined."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from semantix.model import SetAside, Withdrawn

EXAMPLES = 20
"""Set-aside or quarantined places named one by one, a file; all of them are counted."""


class Reading(Struct):
    """What became of the lines (rows, segments, resources) of a file, or of a part of it.

    ``total`` was counted apart from reading; zero when the format is not made of lines. ``reasons`` counts lines by
    (reason, quarantined or not). ``documents`` counts the documents found, and ``twice`` those met before.
    ``withdrawn`` holds what the source says to withdraw, for who puts a list there first.
    """

    documents: int = 0
    total: int = 0
    read: int = 0
    reasons: dict[tuple[str, bool], int] = field(default_factory=dict)
    examples: list[SetAside] = field(default_factory=list)
    withdrawn: list[Withdrawn] | None = None

    @property
    def aside(self) -> int:
        """Lines set aside with a reason."""
        return sum(count for (_, quarantined), count in self.reasons.items() if not quarantined)

    @property
    def quarantined(self) -> int:
        """Lines that could not be understood."""
        return sum(count for (_, quarantined), count in self.reasons.items() if quarantined)

    @property
    def unaccounted(self) -> int:
        """Lines of which nothing is known: anything but zero is a bug of a reader."""
        return self.total - self.read - self.aside - self.quarantined if self.total else 0

    @property
    def is_empty(self) -> bool:
        """True when the source is no matter of lines."""
        return not self.total and not self.reasons

    def put_aside(self, one: SetAside) -> None:
        """Count lines that become no fact."""
        key = (one.reason, one.quarantined)
        self.reasons[key] = self.reasons.get(key, 0) + one.lines
        if len(self.examples) < EXAMPLES and (one.message or one.quarantined):
            self.examples.append(one)

    def add(self, other: Reading) -> None:
        """Add another part."""
        self.documents += other.documents
        self.total += other.total
        self.read += other.read
        for key, count in other.reasons.items():
            self.reasons[key] = self.reasons.get(key, 0) + count
        self.examples += other.examples[: EXAMPLES - len(self.examples)]

    def by_reason(self) -> Iterator[tuple[str, bool, int]]:
        """(reason, quarantined, lines), quarantine first, then the most frequent."""
        for (reason, quarantined), count in sorted(self.reasons.items(), key=lambda item: (-item[0][1], -item[1])):
            yield reason, quarantined, count
