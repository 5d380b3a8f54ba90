"""Check the example documents, convert them, make a review desk, run a warehouse, and show what became of them.

Run by ``make demo``; ``demo-output/`` is written over each time. ``--lang fr`` speaks French.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date
from itertools import takewhile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from semantix import Options, RunReport, convert, render_page
from semantix.io import write_text
from semantix.pipeline.validating import Checks, validate
from semantix.report import words_in
from semantix.review.desk import Desk
from semantix.review.intake import Options as IntakeOptions
from semantix.review.intake import TableOptions, read
from semantix.review.intake.proposing import Versions, propose
from semantix.runs.conduct import Around, Outcome, start
from semantix.runs.plan import read_plan
from semantix.runs.pseudonyms import new_key
from semantix.runs.tracing import trace
from semantix.terminology.curated import Curated
from semantix.validation.report import lines_of, render
from semantix.validation.report.words import report_words
from semantix_cli.options import default_lang
from semantix_cli.run import show as show_run
from semantix_cli.summary import print_summary

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = (Path("examples/cda"), Path("examples/xdm"), Path("examples/sources"))
DAY = date(2026, 1, 1)
"""Day of the check: the same report each time."""
STYLES = {"title": "bold", "good": "green", "error": "red", "warning": "yellow"}
WORDS = {
    "validate": (
        "Validation, by our own rules alone; the examples hold defects on purpose",
        "Validation, par nos seules règles ; les exemples ont des défauts volontaires",
    ),
    "fhir": ("FHIR R4: one NDJSON file a resource type", "FHIR R4 : un fichier NDJSON par type de ressource"),
    "omop": ("OMOP CDM 5.4: a DuckDB database", "OMOP CDM 5.4 : une base DuckDB"),
    "no_vocabulary": (
        "No vocabulary was given: codes are kept as source values and standard concepts are 0.",
        "Aucun vocabulaire n’est donné : les codes restent des valeurs source, les concepts standard valent 0.",
    ),
    "athena": (
        "Download one from https://athena.ohdsi.org and convert with --vocabulary FOLDER to map them.",
        "Téléchargez-en un sur https://athena.ohdsi.org et convertissez avec --vocabulary DOSSIER pour les transcoder.",
    ),
    "desk": (
        "Review desk: local codes of a laboratory, with candidates from the curated tables",
        "Atelier de relecture : codes locaux d’un laboratoire, avec des candidats des tables",
    ),
    "desk_state": (
        "{items} codes, {records} records wait for a terminologist; open the desk with:",
        "{items} codes, {records} enregistrements attendent un terminologue ; ouvrez l’atelier avec :",
    ),
    "warehouse": (
        "A warehouse: two nights, pseudonymised; the second night a document is gone",
        "Un entrepôt : deux nuits, pseudonymisé ; la seconde, un document a disparu",
    ),
    "why": ("Why is {fact} there? {place}", "Pourquoi {fact} est-il là ? {place}"),
    "next": ("Where to look next", "Où regarder ensuite"),
}
PLAN = """\
inputs: [in]
targets: [{kind: duckdb, path: cdm.duckdb}, {kind: fhir, path: fhir}]
key: file:project.key
pseudonymisation: {project: demo}
limits: {missing_share: 1.0}
jobs: 1
report: {min_group: 1, lang: LANG}
"""
SERVE = "semantix review serve --desk {desk}"

NEXT = (
    ("validation.html", "semantix validate examples/"),
    ("fhir/", "Patient.ndjson, Observation.ndjson…"),
    ("fhir-report.html", None),
    ("cdm.duckdb", "SELECT * FROM measurement;"),
    ("omop-report.html", None),
    ("warehouse/plan.yaml", "semantix run status demo-output/warehouse/plan.yaml"),
    ("warehouse/plan.state/reports/", "run-0001.html"),
)


def main() -> int:
    """Check the examples, and run both conversions; the exit code is 0 when every example was converted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lang", choices=("fr", "en"), default=default_lang(), help="language of the summary")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="where to write")
    asked = parser.parse_args()
    show = Show(asked.lang, asked.out)
    show.check()
    reports = [show.run("fhir", "ndjson", "fhir"), show.run("omop", "duckdb", "cdm.duckdb")]
    show.open_desk()
    show.keep_warehouse()
    show.end()
    return 0 if all(report.figures.documents and not report.unreadable for report in reports) else 1


class Show:
    """Runs the conversions and speaks to the terminal in one language."""

    def __init__(self, lang: str, folder: Path) -> None:
        self._lang = lang
        self._folder = folder
        self._console = Console(highlight=False, soft_wrap=False)

    def say(self, key: str, style: str = "") -> None:
        """Print one of WORDS."""
        self._console.print(Text(WORDS[key][1 if self._lang == "fr" else 0], style=style))

    def check(self) -> None:
        """Validate the examples, show the verdicts, and write the whole page."""
        self._console.rule()
        self.say("validate", "bold")
        report = validate([ROOT / folder for folder in EXAMPLES], Checks(day=DAY))
        write_text(self._folder / "validation.html", render(report, self._lang, "html"))
        documents = report_words(self._lang)("documents")
        for line in takewhile(lambda line: line.text != documents, lines_of(report, self._lang)):
            self._console.print(Text(line.text, style=STYLES.get(line.style, "")))

    def run(self, target: str, kind: str, name: str) -> RunReport:
        """Convert the examples to one target, over those of an earlier demonstration, and show the account."""
        detail = self._folder / f"{target}-report.json"
        options = Options(target=target, format=kind, overwrite=True, report=detail)
        self._console.rule()
        self.say(target, "bold")
        report = convert([ROOT / folder for folder in EXAMPLES], self._folder / name, options)
        page = render_page(report.page(), words_in(self._lang))
        write_text(self._folder / f"{target}-report.html", page)
        print_summary(report, self._lang, (), self._console)
        return report

    def open_desk(self) -> None:
        """Make a desk of the local codes of an invented laboratory, over that of an earlier demonstration."""
        self._console.rule()
        self.say("desk", "bold")
        path = self._folder / "desk.sqlite"
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        table = TableOptions(target="loinc", sender="Laboratoire Exemple", section="laboratory")
        exchange = read(ROOT / "docs" / "how-to" / "review-desk" / "codes-laboratoire.csv", IntakeOptions(table=table))
        with Desk.open(str(path), create=True) as desk:
            desk.bring("demo", propose(exchange.entries, Curated.load(), Versions()))
            progress = desk.progress()
        text = WORDS["desk_state"][self._lang == "fr"]
        self._console.print(Text(text.format(items=progress.codes, records=progress.records)))
        self._console.print(Text(f"  {SERVE.format(desk=path)}"))

    def keep_warehouse(self) -> None:
        """Run a plan twice over a copy of the examples, one of them gone in between, and trace a fact."""
        self._console.rule()
        self.say("warehouse", "bold")
        folder = self._folder / "warehouse"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "examples" / "cda", folder / "in" / "cda")
        key = folder / "project.key"
        key.touch(mode=0o600)
        key.write_bytes(new_key())
        (folder / "plan.yaml").write_text(PLAN.replace("LANG", self._lang), encoding="utf-8")
        self._night(folder)
        (folder / "in" / "cda" / "vsm.xml").unlink()
        self._night(folder)
        found = trace(folder / "plan.state", "measurement/1")
        words = WORDS["why"][self._lang == "fr"].format(fact=found.fact, place=found.told[0].place)
        self._console.print(Text(words))

    def _night(self, folder: Path) -> Outcome:
        """One run of the plan of a folder, and what it says of itself."""
        outcome = start(read_plan(folder / "plan.yaml"), Around())
        show_run(outcome, self._lang)
        return outcome

    def end(self) -> None:
        """Say where to look next."""
        self._console.rule()
        self.say("no_vocabulary")
        self.say("athena")
        self._console.print()
        self.say("next", "bold")
        for name, words in NEXT:
            path = str(self._folder / name)
            self._console.print(Text(f"  {path:<32} {words or words_in(self._lang)('title')}"))


if __name__ == "__main__":
    sys.exit(main())
