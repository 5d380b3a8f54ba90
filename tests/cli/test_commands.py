"""The other commands, and what all commands owe their users: help, documentation, exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import pytest
from tests.cli.conftest import EXAMPLES, ROOT, VSM

from semantix import errors
from semantix_cli.main import main

REFERENCE = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")


def commands(group: click.Group = main, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield above + name, command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")


def options() -> Iterator[tuple[str, click.Option]]:
    for name, command in commands():
        yield from ((name, option) for option in command.params if isinstance(option, click.Option))


def section(name: str) -> str:
    return re.split(r"^## ", REFERENCE.split(f"## semantix {name}\n")[1], flags=re.MULTILINE)[0]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_command_has_help_an_example_and_documentation(name: str, command: click.Command) -> None:
    assert command.short_help
    assert "Examples:" in (command.help or "")
    assert f"semantix {name}" in section(name)
    assert "```sh" in section(name)


@pytest.mark.parametrize(("name", "option"), list(options()))
def test_option_has_help_and_documentation(name: str, option: click.Option) -> None:
    assert option.help
    assert all(f"`{opt}" in section(name) for opt in option.opts)


def test_no_documented_option_is_gone() -> None:
    known = {opt for _, option in options() for opt in (*option.opts, *option.secondary_opts)} | {
        "-h",
        "--help",
        "-V",
        "--version",
    }
    assert set(re.findall(r"`(--?[a-z][a-z0-9-]*)", REFERENCE)) <= known


@pytest.mark.parametrize("error", errors.SemantixError.__subclasses__())
def test_exit_code_is_documented(error: type[errors.SemantixError]) -> None:
    assert f"| {error.exit_code} |" in REFERENCE


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_help_works(run, name: str) -> None:
    assert run(*name.split(), "--help").exit_code == 0


@pytest.mark.parametrize(
    ("path", "code", "level"),
    [
        ("cda/cr-bio.xml", "11502-2", 3),
        ("cda/discharge-letter.xml", "11490-0", 3),
        ("cda/e-prescription.xml", "57833-6", 3),
        ("cda/level1-pdf.xml", "11488-4", 1),
        ("cda/vsm.xml", "SYNTH", 3),
    ],
)
def test_identify_tells_the_kind_and_level_of_each_example(run, path: str, code: str, level: int) -> None:
    result = run("identify", EXAMPLES / path, "--json")
    found = json.loads(result.stdout)
    assert (found["format"], found["code"], found["level"]) == ("CDA R2", code, level)
    assert found["why"]


def test_identify_opens_an_xdm_archive(run) -> None:
    found = [json.loads(line) for line in run("identify", EXAMPLES / "xdm", "--json").stdout.splitlines()]
    assert [item["format"] for item in found] == ["IHE XDM", "CDA R2"]
    assert found[1]["name"].endswith("IHE_XDM.ZIP!/IHE_XDM/SUBSET01/DOC0001.XML")


def test_identify_prints_a_table_with_a_line_a_file_however_long_its_name(run, tmp_path: Path) -> None:
    folder = tmp_path.joinpath("long" * 50, "longer" * 40)
    folder.mkdir(parents=True)
    (folder / "e-prescription.xml").write_bytes((EXAMPLES / "cda" / "e-prescription.xml").read_bytes())
    result = run("identify", EXAMPLES / "cda", folder)
    assert result.exit_code == 0
    head, _, *rows = (line for line in result.stdout.splitlines() if line.strip())
    assert head.split()[-2:] == ["Recognised", "by"]
    names = [row.split()[0].rsplit("/", 1)[-1] for row in rows]
    assert sorted(names) == sorted([*(path.name for path in (EXAMPLES / "cda").iterdir()), "e-prescription.xml"])


def test_identify_names_fhir_for_people_and_for_programs(run, tmp_path: Path) -> None:
    file = tmp_path / "Patient.ndjson"
    file.write_text('{"resourceType":"Patient","id":"p1"}\n{"resourceType":"Patient","id":"p2"}\n')
    assert "FHIR NDJSON" in run("identify", file).stdout
    assert json.loads(run("identify", file, "--json").stdout)["format"] == "fhir-bulk"


def test_identify_reports_what_it_cannot_read(run, hostile: Path) -> None:
    result = run("identify", hostile / "other.xml", VSM)
    assert result.exit_code == 3
    assert "root is <Messages>" in result.stderr
    assert run("identify", hostile).exit_code == 4


def test_identify_says_as_json_what_it_cannot_read(run, hostile: Path) -> None:
    found = [json.loads(line) for line in run("identify", hostile, "--json").stdout.splitlines()]
    assert {item["error"] for item in found} == {"UnreadableInput"}


def test_systems_lists_every_system(run) -> None:
    from semantix.systems import SYSTEMS

    assert len(json.loads(run("systems", "--json").stdout)) == len(SYSTEMS)
    assert "2.16.840.1.113883.6.1" in run("systems").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(run, shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_SEMANTIX_COMPLETE" in result.stdout


def test_a_wrong_command_line_is_exit_code_2(run) -> None:
    result = run("convert")
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: semantix convert")


@pytest.mark.parametrize("error", [click.Abort, KeyboardInterrupt])
def test_an_interruption_is_told_in_one_line(run, monkeypatch, error: type[BaseException]) -> None:
    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr("semantix.identify_all", interrupted)
    result = run("identify", VSM)
    assert result.exit_code == 130
    assert result.stderr == "semantix: interrupted; what was not complete was removed\n"


def test_a_bug_is_told_in_one_line_without_its_values(run, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("DUPONT")

    monkeypatch.setattr("semantix.identify_all", fail)
    result = run("identify", VSM)
    assert result.exit_code == 1
    assert "unexpected ValueError" in result.stderr
    assert "DUPONT" not in result.output
    monkeypatch.setenv("SEMANTIX_TRACEBACK", "1")
    assert isinstance(run("identify", VSM).exception, ValueError)


def test_a_reader_that_leaves_early_is_told_nothing() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "semantix_cli", "systems", "--json"]
    done = subprocess.run(command, check=False, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert done.stderr == ""


@pytest.mark.parametrize(("locale", "lang"), [("fr_FR.UTF-8", "fr"), ("en_GB.UTF-8", "en"), ("C", "en"), ("", "en")])
def test_the_language_follows_the_locale(monkeypatch, locale: str, lang: str) -> None:
    from semantix_cli.options import default_lang

    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert default_lang() == lang


def test_a_signal_while_duckdb_works_is_an_interruption(run, monkeypatch) -> None:
    def long_query(*_: object) -> None:
        # Long enough for the timer, and no longer: DuckDB may see the signal only when the query has ended.
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
        duckdb.execute("SELECT sum(a.i * b.i) FROM range(3_000_000) a(i), range(100) b(i)").fetchall()

    monkeypatch.setattr("semantix.identify_all", long_query)
    assert run("identify", VSM).exit_code == 130
