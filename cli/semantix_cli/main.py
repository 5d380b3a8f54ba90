"""The ``semantix`` command: one sub-command a file, one map from error to exit code."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from semantix.errors import SemantixError
from semantix.resources import version
from semantix_cli.completion import completion
from semantix_cli.convert import convert
from semantix_cli.draft_pack import draft_pack
from semantix_cli.evaluate import evaluate
from semantix_cli.explain import explain
from semantix_cli.identify import identify
from semantix_cli.map_cmd import map_
from semantix_cli.pack import pack
from semantix_cli.profile import profile_
from semantix_cli.quality import quality
from semantix_cli.review import review
from semantix_cli.ruleset import ruleset
from semantix_cli.run import run
from semantix_cli.systems import systems
from semantix_cli.tables_cmd import tables
from semantix_cli.terminology import terminology
from semantix_cli.trace import trace
from semantix_cli.validate import validate

UNEXPECTED = 1
INTERRUPTED = 130
DUCKDB_STOPPED = "Query interrupted"
"""How DuckDB tells a KeyboardInterrupt that reached it: as the words of a RuntimeError."""


@contextmanager
def _terminable() -> Iterator[None]:
    """Clean up on SIGTERM (a service stopped, a container ended) as on Ctrl-C, even while DuckDB works."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except RuntimeError as error:
        if str(error) != DUCKDB_STOPPED:
            raise
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGTERM, before)


class Semantix(click.Group):
    """Turns the errors that semantix explains into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a bug says where it is, without the values that a traceback could show."""
        try:
            with _terminable():
                return super().invoke(ctx)
        except SemantixError as error:
            click.echo(f"semantix: {error}", err=True)
            ctx.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("semantix: interrupted; what was not complete was removed", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("SEMANTIX_TRACEBACK"):
                raise
            from semantix.pipeline.faults import code_place

            click.echo(f"semantix: unexpected {type(error).__name__} at {code_place(error)}; this is a bug", err=True)
            click.echo("Set SEMANTIX_TRACEBACK=1 to see the whole trace (it may show values of the file).", err=True)
            ctx.exit(UNEXPECTED)


@click.group(
    "semantix", cls=Semantix, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(version(), "-V", "--version", prog_name="semantix", message="%(prog)s %(version)s")
def main() -> None:
    """Convert French clinical documents (CDA R2, CI-SIS) to FHIR R4 and OMOP CDM 5.4.

    \b
    Examples:
      semantix identify documents/
      semantix convert documents/ --to fhir --out out/ --report-html report.html
      semantix convert IHE_XDM.ZIP --to omop --out cdm.duckdb --vocabulary athena/
    """


for _command in (
    convert,
    validate,
    explain,
    identify,
    map_,
    evaluate,
    systems,
    tables,
    terminology,
    profile_,
    draft_pack,
    pack,
    quality,
    ruleset,
    review,
    run,
    trace,
    completion,
):
    main.add_command(_command)
