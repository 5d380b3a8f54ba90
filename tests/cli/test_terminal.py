"""What is shown only to somebody who looks: the progress bar, and lists that are cut."""

import io
import sys

import pytest
from rich.console import Console

from semantix import Progress, RunReport, Tally, Unreadable
from semantix_cli.progress import progress_bar
from semantix_cli.summary import print_summary


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_to_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar(quiet=False) as tell:
        assert tell is not None
        tell(Progress(1, 2, "[bold]name[/bold].xml"))
    assert "1/2" in terminal.getvalue()
    with progress_bar(quiet=True) as tell:
        assert tell is None
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar(quiet=False) as tell:
        assert tell is None


def summary(report: RunReport) -> str:
    out = io.StringIO()
    print_summary(report, "en", (), Console(file=out, width=120))
    return out.getvalue()


def test_long_lists_are_cut_and_say_so() -> None:
    report = RunReport(target="fhir", kind="bundle")
    report.unreadable = [Unreadable(f"{n}.xml", "UnreadableInput", "empty") for n in range(25)]
    report.figures.by_system = {f"1.2.{n}": Tally(1, 1, 0, 0) for n in range(18)}
    text = summary(report)
    assert "… and 5 more" in text
    assert "… and 3 more" in text


def test_names_of_files_are_not_markup_for_the_terminal() -> None:
    report = RunReport(target="fhir", kind="bundle", unreadable=[Unreadable("[red]a.xml", "UnreadableInput", "[b]")])
    assert "[red]a.xml" in summary(report)
