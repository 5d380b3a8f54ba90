"""``semantix review``: from a file to a desk and back, settings, accounts, and serving it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from tests.desk_values import AUTHOR, LATEST, choice, entry, judge

from semantix.review.desk import Desk
from semantix.review.model import State
from semantix_cli.main import main
from semantix_cli.review_words import say

FORMATS = ("sssom", "usagi", "usagi-review", "stcm", "conceptmap-r4", "conceptmap-r5", "tables")
CODES = "code,label,frequency\nL1,toux,3\nL2,rhume,2\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Give a desk with one decision and one open item."""
    place = tmp_path / "desk.sqlite"
    with Desk.open(str(place), create=True) as desk:
        desk.bring("me", [entry("toux", 3, code="L1"), entry("rhume", 2, code="L2")])
        desk.act(AUTHOR, 1, judge("A00"), LATEST)
    return place


def test_a_table_of_codes_is_brought(run, tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(CODES)
    place = tmp_path / "new.sqlite"
    told = ("review", "import", tmp_path / "codes.csv", "--desk", place, "--target", "cim10", "--lang", "en")
    first = run(*told)
    assert first.exit_code == 0, first.output
    assert "2 new, 0 updated, 0 unchanged" in first.output
    assert "0 new, 0 updated, 2 unchanged" in run(*told).output
    with Desk.open(str(place)) as desk:
        assert desk.progress().of(State.UNMAPPED) == (2, 5)


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_written_and_the_log_says_so(run, place: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    done = run("review", "export", "--desk", place, "--format", kind, "--out", out, "--day", "2026-03-02",
               "--losses", tmp_path / "losses.json", "--lang", "en")  # fmt: skip
    assert done.exit_code == 0, done.output
    losses = json.loads((tmp_path / "losses.json").read_text())
    if kind == "tables":
        # Codes of no system make no table, and that is told.
        assert [loss["reason"] for loss in losses] == ["curated-system"]
    else:
        assert out.stat().st_size
    with Desk.open(str(place)) as desk:
        assert desk.events(AUTHOR)[0].detail["format"] == kind


def test_what_was_exported_is_imported_elsewhere(run, place: Path, tmp_path: Path) -> None:
    out = tmp_path / "desk.sssom.tsv"
    assert run("review", "export", "--desk", place, "--format", "sssom", "--out", out).exit_code == 0
    assert run("review", "import", out, "--desk", tmp_path / "other").exit_code == 0
    with Desk.open(str(tmp_path / "other")) as other:
        assert other.view(1, AUTHOR).standing.judgement.codes() == choice("A00").codes()
        assert other.progress().of(State.ACCEPTED)[0] == 1


def test_figures_are_told(run, place: Path) -> None:
    shown = run("review", "stats", "--desk", place, "--lang", "en")
    assert shown.exit_code == 0, shown.output
    assert "accepted" in shown.output
    told = json.loads(run("review", "stats", "--desk", place, "--json").output)
    assert told["states"]["accepted"] == {"codes": 1, "records": 3}


def test_figures_are_told_in_french(run, place: Path) -> None:
    shown = run("review", "stats", "--desk", place, "--lang", "fr").output
    assert "accepté" in shown
    assert "60\u202f%" in shown
    assert "non connu : aucun élément n’a été jugé par deux personnes" in shown
    assert "no-pairs" not in shown


def test_what_was_left_out_is_said_in_french(run, tmp_path: Path) -> None:
    table = tmp_path / "codes.csv"
    table.write_text("code;libellé;nombre;remarque\nA1;Glucose;x;\nA2;Mme DUPONT;1;\nA3;Sodium;1;" + "y" * 3_000 + "\n")
    told = run("review", "import", table, "--desk", tmp_path / "desk", "--lang", "fr")
    assert told.exit_code == 0, told.output
    assert "codes.csv : nouveaux : 2, mis à jour : 0, inchangés : 0" in told.stdout
    assert "ligne 2 : une fréquence qui n’est pas un nombre entier ; attendu : des chiffres ; comptée" in told.stderr
    assert "3\u202f000 caractères dans la colonne 4" in told.stderr
    assert "ce qui ressemble au nom d’une personne" in told.stderr


def test_why_a_file_is_refused_is_said_in_french(run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    told = run("review", "import", tmp_path / "empty.csv", "--desk", tmp_path / "desk", "--lang", "fr")
    assert (told.exit_code, "le fichier est vide ; attendu" in told.stderr) == (17, True)


def test_why_an_account_is_refused_is_said_in_french(place: Path) -> None:
    told = (
        "review",
        "user",
        "add",
        "anne",
        "--role",
        "author",
        "--password-stdin",
        "--desk",
        str(place),
        "--lang",
        "fr",
    )

    def add(password: str) -> str:
        return CliRunner().invoke(main, [*told, "--lang", "fr"], input=password + "\n").stderr

    assert "Un mot de passe a au moins douze caractères." in add("court")
    assert "anne peut se connecter" in add("quatre mots sont mieux")
    assert "Un compte porte déjà ce nom" in add("quatre mots sont mieux")


def test_the_rows_of_a_table_are_counted(run, place: Path, tmp_path: Path) -> None:
    done = run("review", "export", "--desk", place, "--format", "stcm", "--out", tmp_path / "map.csv", "--lang", "en")
    assert "written: map.csv (0 rows)" in done.stderr


def test_the_commas_of_a_sentence_are_no_thousands() -> None:
    assert say("imported", "fr", new=12_345, updated=0, unchanged=3) == (
        "nouveaux : 12\u202f345, mis à jour : 0, inchangés : 3"
    )
    assert say("imported", "en", new=12_345, updated=0, unchanged=3) == "12,345 new, 0 updated, 3 unchanged"


def test_the_mode_is_shown_and_chosen(run, place: Path) -> None:
    assert "single" in run("review", "mode", "--desk", place).output
    assert run("review", "mode", "blind-dual", "--desk", place).exit_code == 0
    assert "blind-dual" in run("review", "mode", "--desk", place).output
    assert run("review", "mode", "triple", "--desk", place).exit_code == 2


def test_accounts_are_added_and_closed(run, place: Path) -> None:
    add = ("review", "user", "add", "alice", "--role", "reviewer", "--password-stdin", "--desk", place)
    done = CliRunner().invoke(main, [str(each) for each in add], input="quatre canards verts nagent\n")
    assert done.exit_code == 0, done.output
    assert "alice" in run("review", "user", "list", "--desk", place).output
    assert run("review", "user", "close", "alice", "--desk", place).exit_code == 0
    with Desk.open(str(place)) as desk:
        (account,) = desk.accounts.people()
        assert (account.name, account.role, account.active) == ("alice", "reviewer", False)
        assert [event.kind for event in desk.events(AUTHOR)[:2]] == ["user-changed", "user-added"]


def test_a_log_that_was_changed_has_its_exit_code(run, place: Path) -> None:
    assert run("review", "check", "--desk", place).exit_code == 0
    with Desk.open(str(place)) as desk, desk.database.writing() as connection:
        connection.execute(text("UPDATE queue SET state = 'draft'"))
    assert run("review", "check", "--desk", place).exit_code == 16
    assert run("review", "check", "--desk", place, "--rebuild").exit_code == 0
    with Desk.open(str(place)) as desk, desk.database.writing() as connection:
        connection.execute(text("DROP TRIGGER event_no_UPDATE"))
        connection.execute(text("UPDATE event SET who = 'eve' WHERE seq = 2"))
    assert run("review", "check", "--desk", place).exit_code == 16


def test_a_desk_that_is_not_there_is_told_in_one_line(run, tmp_path: Path) -> None:
    done = run("review", "stats", "--desk", tmp_path / "absent")
    assert done.exit_code not in {0, 1}
    assert "no desk is there" in done.stderr
    assert "Traceback" not in done.output


def test_the_desk_is_served_by_a_link_that_works_once(place: Path) -> None:
    command = [sys.executable, "-m", "semantix_cli.main", "review", "serve", "--desk", str(place), "--port", "0"]
    if not (Path(sys.executable).parent / "semantix").exists():
        pytest.skip("the command is not installed")
    command[:3] = [str(Path(sys.executable).parent / "semantix")]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        link = ""
        while not link:
            line = process.stdout.readline()
            assert line, "the desk did not start"
            link = next(iter(re.findall(r"http://127\.0\.0\.1:\d+/start\?token=\S+", line)), "")
        with httpx.Client(timeout=30, follow_redirects=True) as browser:
            page = browser.get(link)
            assert page.status_code == 200
        with httpx.Client(timeout=30, follow_redirects=True) as other:
            assert 400 <= other.get(link).status_code < 500
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode in {0, -signal.SIGTERM, 143}
