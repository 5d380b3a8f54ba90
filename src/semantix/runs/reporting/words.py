"""The words of the report of a run, in English and in French: none can miss its translation."""

from __future__ import annotations

from semantix import systems
from semantix.report.words import LANGUAGES, Words
from semantix.runs.reporting.figures import OTHER
from semantix.runs.reporting.word_texts import SECTIONS, TEXTS

_LEAST = 0.001


class RunWords(Words, frozen=True):
    """The catalogue of run reports in one language."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        return self._choose(TEXTS[key]).format(**values)

    def _choose(self, text: tuple[str, str]) -> str:
        return text[LANGUAGES.index(self.lang)]

    def share(self, share: float) -> str:
        """Write a share with one decimal; what is more than nothing is never 0."""
        return f"< {self.percent(_LEAST)}" if 0 < share < _LEAST else self.percent(share)

    def decimal(self, value: float, digits: int = 1) -> str:
        """Write a number with its thousands apart."""
        whole, _, part = f"{value:.{digits}f}".partition(".")
        text = ("−" if whole.startswith("-") else "") + self.number(abs(int(whole)))
        point = "." if self.lang == "en" else ","
        return f"{text}{point}{part}" if part else text

    def points(self, difference: float, digits: int = 1) -> str:
        """Write a difference of shares in points, with its sign."""
        return ("+" if difference >= 0 else "−") + self.decimal(abs(difference) * 100, digits)

    def date(self, day: str) -> str:
        """Write an ISO day."""
        year, _, rest = day.partition("-")
        month, _, number = rest.partition("-")
        return day if self.lang == "en" or not number else f"{number}/{month}/{year}"

    def named(self, table: str, key: str) -> str:
        """The words for a value that the catalogue may know; else the value."""
        return self(f"{table}_{key}") if f"{table}_{key}" in TEXTS else key

    def group(self, dimension: str, name: str, pooled: int = 0) -> str:
        """Name a value of a dimension."""
        if name == OTHER:
            return self("pooled", count=self.number(pooled))
        if not name:
            return self(f"none_{dimension}")
        if dimension == "section":
            return f"{self._choose(SECTIONS[name])} ({name})" if name in SECTIONS else name
        if dimension == "system":
            return system_title(name)
        if dimension == "age_band":
            return self("years", band=name.replace("-", "–"))
        return self.named("sex", name) if dimension == "sex" else name


def system_title(name: str) -> str:
    """The title of a known system, else its URI or OID."""
    known = systems.find(name)
    return known.title if known is not None else name


def run_words(lang: str) -> RunWords:
    """Return the catalogue in a language: ``fr`` for any French locale, else English."""
    return RunWords("fr" if lang.lower().startswith("fr") else "en")
