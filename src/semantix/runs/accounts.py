"""The counts of a chunk: what was read, made, lost, decided and set aside, by type and reason; no value, no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from semantix.model import Issue
from semantix.report import Figures, Reading, Tally

OTHER = "other extension"
_EXTENSIONS = frozenset(
    """
    .7z .asc .avi .bak .bat .bin .bmp .bz2 .cer .cfg .conf .crt .css .csv .dat .db .dbf .dcm .dll .doc .docm .docx .dot
    .eml .er7 .exe .fdf .gif .gz .hl7 .hpm .hpm1 .hpm2 .hpm3 .hpr .hprim .htm .html .ico .inf .ini .jar .jpe .jpeg .jpg
    .js .json .log .md .mdb .mht .mov .mp3 .mp4 .mpeg .mpg .msg .ndjson .odg .odp .ods .odt .ok .ole .ots .ott .p7m .p7s
    .par .parquet .pdf .pem .png .pps .ppt .pptx .ps .py .rar .rtf .sav .sh .sig .sql .svg .sys .tar .tgz .tif .tiff
    .tmp .tsv .txt .vsd .wav .webp .wmf .wmv .wps .xla .xls .xlsm .xlsx .xml .xsd .xsl .xslt .xz .yaml .yml .zip .zst
    """.split()
)


def kind_of(kind: str) -> str:
    """What the journal says of a file that was passed over: what follows the last point of a name may be a name."""
    words, point, extension = kind.rpartition(".")
    if not point or f".{extension}" in _EXTENSIONS:
        return kind
    return f"{words}{OTHER}"


class Tallies:
    """Counters by name; :meth:`counts` gives them with their keys in order."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, name: str, key: str, count: int = 1) -> None:
        """Count something."""
        if count:
            self._counts.setdefault(name, Counter())[key] += count

    def read(self, form: str, figures: Figures) -> None:
        """Count one document, its doubts and its decisions, whatever the targets."""
        self.add("documents", form)
        for (code, severity), count in figures.issues.items():
            self.add("doubts", f"{code}|{severity}", count)
        for (system, how), count in figures.decided.items():
            self.add("decisions", f"{system}|{how}", count)

    def made(self, target: str, figures: Figures) -> None:
        """Count what one document gave to one target."""
        for name, tally in (("codes", figures.codes), ("statements", figures.statements)):
            self._tally(f"{target}:{name}", tally)
        for kind, counts in (("produced", figures.produced), ("standard", figures.mapped)):
            for key, count in counts.items():
                self.add(f"{target}:{kind}", key, count)
        for (kind, reason), count in figures.reasons.items():
            self.add(f"{target}:not carried", f"{reason}|{kind}", count)

    def _tally(self, name: str, tally: Tally) -> None:
        for key, count in (("read", tally.read), ("carried", tally.carried), ("implied", tally.implied)):
            self.add(name, key, count)
        self.add(name, "not carried", tally.lost)

    def issues(self, issues: Iterable[Issue]) -> None:
        """Count doubts about a container."""
        for issue in issues:
            self.add("doubts", f"{issue.code}|{issue.severity}")

    def reading(self, reading: Reading) -> None:
        """Count the lines of a source that is made of lines."""
        self.add("lines", "total", reading.total)
        self.add("lines", "read", reading.read)
        for reason, quarantined, count in reading.by_reason():
            self.add("lines quarantined" if quarantined else "lines set aside", reason, count)

    def counts(self) -> dict[str, dict[str, int]]:
        """Everything counted, sorted."""
        return {name: dict(sorted(counts.items())) for name, counts in sorted(self._counts.items())}


def add_counts(into: dict[str, dict[str, int]], counts: Mapping[str, Mapping[str, int]]) -> None:
    """Add the counts of a chunk to those of a run."""
    for name, values in counts.items():
        sums = into.setdefault(name, {})
        for key, count in values.items():
            sums[key] = sums.get(key, 0) + count
