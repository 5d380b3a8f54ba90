"""``semantix terminology``: from an official file to codes, in French and in English, with documented exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from semantix.terminology.layout import DATABASE
from semantix_cli.main import main
from semantix_cli.options import default_store
from semantix_cli.terminology_words import TEXTS

ATIH = (
    "X12   |3|NNNN|3|FIEVRE FICTIVE|Fièvre fictive\r\n"
    "X123  |0|OOOO|0|FIEVRE FICTIVE AIGUE|Fièvre fictive aiguë\r\n"
    "X124  |0|OOOO|0|FIEVRE FICTIVE CHRON|Fièvre fictive chronique\r\n"
    "X130  |0|OOOO|0|TOUX|Toux fictive\r\n"
)
Run = Callable[..., Result]


@pytest.fixture
def atih(tmp_path: Path) -> Path:
    path = tmp_path / "LIBCIM10MULTI.TXT"
    path.write_bytes(ATIH.encode("latin-1"))
    return path


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "store"
    monkeypatch.setenv("SEMANTIX_STORE", str(folder))
    monkeypatch.setenv("LANG", "C")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    return folder


@pytest.fixture
def term(store: Path) -> Run:
    def invoke(*arguments: object, stdin: str | None = None) -> Result:
        words = ["terminology", *(str(argument) for argument in arguments)]
        return CliRunner().invoke(main, words, prog_name="semantix", input=stdin)

    return invoke


@pytest.fixture
def filled(term: Run, atih: Path) -> Run:
    """Give the command with two versions in the store: 2021 whole, 2025 changed."""
    assert term("import", atih, "--version", "2021").exit_code == 0
    changed = ATIH.replace("fictive aiguë", "fictive et aiguë").replace("X124", "X125")
    atih.write_bytes(changed.encode("latin-1"))
    assert term("import", atih, "--version", "2025").exit_code == 0
    return term


def test_an_import_says_what_was_read(term: Run, atih: Path) -> None:
    result = term("import", atih, "--version", "2025")
    assert result.exit_code == 0
    assert result.stdout.startswith("cim10-atih@2025: imported (codes 4, ")
    again = term("import", atih, "--version", "2025", "--lang", "fr")
    assert "déjà présent, rien à faire" in again.stdout


def test_an_import_says_so_in_json(term: Run, atih: Path) -> None:
    (report,) = json.loads(term("import", atih, "--version", "2025", "--json").stdout)
    (imported,) = report["imported"]
    assert (imported["status"], imported["manifest"]["counts"]["cim10"]["concepts"]) == ("imported", 4)


def test_an_unknown_file_does_not_stop_the_others(term: Run, atih: Path, tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("DUPONT;Jean\n")
    result = term("import", tmp_path / "patients.csv", atih, "--version", "2025")
    assert result.exit_code == 8
    assert "patients.csv: no format that semantix knows" in result.stderr
    assert "DUPONT" not in result.output
    assert "cim10-atih@2025: imported" in result.stdout


def test_the_files_left_out_of_a_folder_are_named(term: Run, atih: Path) -> None:
    folder = atih.parent / "given"
    folder.mkdir()
    atih.rename(folder / atih.name)
    (folder / "notice.pdf").write_bytes(b"%PDF")
    result = term("import", folder, "--version", "2025")
    assert result.exit_code == 0
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 not really")
    assert term("import", folder, "--version", "2025").exit_code in {0, 8}


def test_a_file_of_a_folder_that_is_refused_is_exit_code_8(
    term: Run, atih: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from semantix.terminology import building

    report = building.ImportReport("given", (), (building.Refusal("broken.zip", "a damaged archive"),))
    monkeypatch.setattr(building, "import_source", lambda *_, **__: report)
    result = term("import", atih)
    assert (result.exit_code, "broken.zip: not imported: a damaged archive" in result.stderr) == (8, True)


def test_terms_of_unknown_codes_are_counted(term: Run, atih: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from semantix.terminology import building

    real = building.import_source

    def with_unknown(*args: object, **kwargs: object) -> building.ImportReport:
        report = real(*args, **kwargs)  # type: ignore[arg-type]
        first = msgspec.structs.replace(report.imported[0], unknown={"cim10": 2})
        return msgspec.structs.replace(report, imported=(first,))

    monkeypatch.setattr(building, "import_source", with_unknown)
    assert "2 term(s) of cim10 are for codes that no release" in term("import", atih, "--version", "1").stderr


def test_a_long_import_tells_how_far_it_is_when_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    from semantix_cli.terminology import _teller

    assert _teller() is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    tell = _teller()
    assert tell is not None
    tell(20_000)


def test_the_store_lists_its_releases(filled: Run) -> None:
    result = filled("list")
    assert [line.split()[0] for line in result.stdout.splitlines() if "@" in line] == [
        "cim10-atih@2021",
        "cim10-atih@2025",
    ]
    assert [each["version"] for each in json.loads(filled("list", "--json").stdout)] == ["2021", "2025"]


def test_an_empty_store_says_what_to_do(term: Run, store: Path) -> None:
    assert term("list").exit_code == 9
    store.mkdir()
    assert "semantix terminology import" in term("list").stderr


def test_a_release_is_shown_the_newest_by_default(filled: Run) -> None:
    result = filled("info", "cim10-atih")
    assert "cim10-atih@2025" in result.stdout
    assert "SHA-256" in result.stdout
    assert json.loads(filled("info", "cim10-atih@2021", "--json").stdout)["version"] == "2021"
    unknown = filled("info", "cim10-atih@1999")
    assert (unknown.exit_code, "there are: cim10-atih@2021, cim10-atih@2025" in unknown.stderr) == (9, True)


def test_what_was_left_out_is_shown(term: Run, atih: Path) -> None:
    atih.write_bytes(atih.read_bytes() + ATIH.splitlines(keepends=True)[1].encode("latin-1"))
    told = term("import", atih, "--version", "2025").stderr
    assert "1 x" in told
    assert "X12.3" in term("info", "cim10-atih").stdout


def test_search_shows_the_code_its_label_and_what_matched(filled: Run) -> None:
    result = filled("search", "--system", "CIM-10", "fiev", "chron")
    assert "X12.5" in result.stdout
    assert "X12.4" in result.stdout
    assert "[retired]" in result.stdout
    first = json.loads(filled("search", "--system", "cim10", "toux", "--json").stdout.splitlines()[0])
    assert first["concept"]["code"] == "X13.0"
    assert "[without: zzz]" in filled("search", "--system", "cim10", "toux zzz").stdout
    assert "rien trouvé" in filled("search", "--system", "cim10", "zzz", "--lang", "fr").stderr


def test_a_system_that_no_release_defines_is_refused(filled: Run) -> None:
    result = filled("search", "--system", "atc", "toux")
    assert (result.exit_code, "the systems are cim10" in result.stderr) == (9, True)


def test_lookup_shows_a_code(filled: Run) -> None:
    result = filled("lookup", "2.16.840.1.113883.6.3", "x123")
    assert result.exit_code == 0
    assert result.stdout.startswith("X12.3  Fièvre fictive et aiguë  [valid, badly written; cim10-atih@2025]")
    assert "FIEVRE FICTIVE AIGUE" in result.stdout
    facts = json.loads(filled("lookup", "cim10", "X12.4", "--json").stdout)
    assert (facts["state"], facts["release"], facts["concept"]["active"]) == ("retired", "cim10-atih@2021", False)


def test_lookup_of_an_unknown_code_is_exit_code_11(filled: Run) -> None:
    result = filled("lookup", "cim10", "Z99.9", "X130")
    assert (result.exit_code, "Z99.9: unknown" in result.stderr, "X13.0" in result.stdout) == (11, True, True)


def test_children_beyond_a_dozen_are_counted(term: Run, tmp_path: Path) -> None:
    lines = ["Z00   |0|OOOO|0|TOUX|Toux"] + [f"Z00{n:02}|0|OOOO|0|TOUX|Toux {n}" for n in range(20)]
    path = tmp_path / "LIBCIM10MULTI.TXT"
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("latin-1"))
    assert term("import", path, "--version", "1").exit_code == 0
    shown = term("lookup", "cim10", "Z00").stdout
    assert "Children: ... +8" in shown or "Children" not in shown


def test_validate_code_says_the_state_of_each(filled: Run) -> None:
    result = filled("validate-code", "cim10", "X12.3", "X130", "X12.4", "X12", "Z99.9", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["state"] for each in found] == ["valid", "malformed", "retired", "not assignable", "unknown"]
    assert [each["form"] for each in found] == ["X12.3", "X13.0", "X12.4", "X12", ""]
    assert result.exit_code == 11
    assert filled("validate-code", "cim10", "X123").exit_code == 0


def test_codes_come_from_stdin(filled: Run) -> None:
    result = filled("validate-code", "cim10", "-", stdin="X12.3\n\nx13.0\n")
    assert result.exit_code == 0
    assert "Toux fictive" in result.stdout


def test_verify_names_the_damaged_release(filled: Run, store: Path) -> None:
    assert filled("verify").exit_code == 0
    path = store / "cim10-atih@2021" / DATABASE
    path.write_bytes(path.read_bytes()[:-1])
    result = filled("verify")
    assert result.exit_code == 9
    assert "cim10-atih@2021: release.sqlite has not the size" in result.stdout
    assert "cim10-atih@2025: sound" in result.stdout
    assert [bool(each["problem"]) for each in json.loads(filled("verify", "--json").stdout)] == [True, False]


def test_diff_counts_and_lists_what_changed(filled: Run) -> None:
    counted = filled("diff", "cim10-atih@2021", "cim10-atih@2025")
    assert counted.exit_code == 0
    assert "X12.3" not in counted.stdout
    listed = filled("diff", "cim10-atih@2021", "cim10-atih@2025", "--list", "--lang", "fr").stdout
    assert "libellé modifié" in listed
    assert "Fièvre fictive et aiguë" in listed
    changes = json.loads(filled("diff", "cim10-atih@2021", "cim10-atih@2025", "--json").stdout)["changes"]
    assert [(each["code"], each["fate"]) for each in changes] == [
        ("X12.3", "relabelled"),
        ("X12.4", "retired without successor"),
        ("X12.5", "new"),
    ]


def test_diff_reads_a_file_without_importing_it(filled: Run, atih: Path, store: Path) -> None:
    result = filled("diff", "cim10-atih@2025", atih, "--json")
    assert json.loads(result.stdout)["changes"] == []
    assert len(list(store.iterdir())) == 2
    assert filled("diff", "nothing@1", atih).exit_code == 9


def test_remove_takes_one_release(filled: Run, store: Path) -> None:
    assert "(--dry-run)" in filled("remove", "cim10-atih@2021", "--dry-run").stdout
    assert len(list(store.iterdir())) == 2
    assert filled("remove", "cim10-atih@2021").stdout == "cim10-atih@2021 removed\n"
    assert [path.name for path in store.iterdir()] == ["cim10-atih@2025"]
    assert filled("remove", "cim10-atih@2021").exit_code == 9


def test_the_default_store_is_in_the_folder_of_the_user_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_store() == tmp_path / "semantix" / "store"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_store() == Path.home() / ".local" / "share" / "semantix" / "store"


def test_store_option_wins_over_the_environment(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert "the store is empty" in filled("list", "--store", tmp_path / "other").stderr


def test_every_text_has_both_languages() -> None:
    assert all(english and french for english, french in TEXTS.values())


def test_the_real_files_of_two_systems_make_one_store(term: Run, shared: Path) -> None:
    labels = shared / "terminologies" / "labels"
    assert term("import", labels / "atc_fr_2011.csv").exit_code == 0
    assert term("import", labels / "cisp2_fr.tsv").exit_code == 0
    assert term("validate-code", "atc", "N02BE01").exit_code == 0
    assert term("validate-code", "cisp2", "T90").exit_code == 0


def test_the_commands_that_look_up_codes_load_no_reader_of_releases(filled: Run, store: Path) -> None:
    """Opening a store is fast only if rdflib, owlready2 and openpyxl wait for an import."""
    code = (
        "import sys; from pathlib import Path; from semantix.terminology.store import Store; "
        f"Store.open(Path({str(store)!r})).lookup('cim10', 'X12'); "
        "print([name for name in ('rdflib', 'owlready2', 'openpyxl', 'dbfread', 'numba') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.stdout == "[]\n"
