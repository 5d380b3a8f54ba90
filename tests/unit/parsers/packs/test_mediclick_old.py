"""Older Mediclick: results know their patient by name, given name and birth; ambiguous joins join nothing."""

from pathlib import Path

from tests.practices import content, delimited
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back


def patient(family: str, given: str, birth: str, number: str) -> str:
    return f"{family}\t{given}\tVALMOREL\t\t\t{birth}\t\tDR LENOIR\t\t\t0100000000\t\t\t{number}"


def exam(family: str, given: str, birth: str, told: str, day: str = "09/03/2006") -> str:
    label, _, value = told.partition("=")
    return f"{family}\t{given}\t\t\t\tVALMOREL\t0100000000\t\t{birth}\t{day}\t{label}\t{value}"


def read(root: Path, patients: list[str], exams: list[str]) -> Run:
    folder = root / "cabinet"
    folder.mkdir()
    (folder / "examens.txt").write_bytes("".join(f"{line}\r\n" for line in exams).encode("cp1252"))
    if patients:
        (folder / "patients.txt").write_bytes("".join(f"{line}\r\n" for line in patients).encode("cp1252"))
    return Run(folder)


def test_each_file_is_claimed_in_its_role() -> None:
    exams = exam("MARTEL", "Noël", "12/07/1940", "Urée=0,31 g/l").encode("cp1252")
    patients = patient("MARTEL", "Noël", "12/07/1940", "13").encode("cp1252")
    for name in ("a.txt", "a.xls", "a.tsv"):
        assert claims_of(exams, name) == [("mediclick-old", "results")]
        assert claims_of(patients, name) == [("mediclick-old", "patients")]


def test_results_take_the_number_of_their_patient(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [patient("ESTÈVE", "Zoé", "04/02/1951", "12")],
        [exam("Esteve", "ZOE", "4/2/1951", "Glycémie à jeun=1,45 g/l")],
    )
    assert found.results() == [("12", "Glycémie à jeun", "", "1.45", "g/l", "2006-03-09")]


def test_an_ambiguous_join_joins_nothing_and_says_so(tmp_path: Path) -> None:
    twins = [patient("MARTEL", "Noël", "12/07/1940", "13"), patient("Martel", "NOËL", "12/07/1940", "14")]
    found = read(tmp_path, twins, [exam("MARTEL", "Noël", "12/07/1940", "Urée=0,31 g/l")])
    assert [one[0] for one in found.results()] == [""]
    assert found.by_number() == {"": ("MARTEL", "Noël", "", "1940-07-12")}
    assert "SX501" in found.doubts


def test_a_patient_listed_twice_alike_is_one(tmp_path: Path) -> None:
    same = patient("MARTEL", "Noël", "12/07/1940", "13")
    found = read(tmp_path, [same, same], [exam("MARTEL", "Noël", "12/07/1940", "Urée=0,31 g/l")])
    assert [one[0] for one in found.results()] == ["13"]


def test_the_same_name_born_another_day_is_another_patient(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [patient("MARTEL", "Noël", "12/07/1940", "13"), patient("MARTEL", "Noël", "12/07/1970", "14")],
        [exam("MARTEL", "Noël", "12/07/1970", "Urée=0,31 g/l"), exam("MARTEL", "Noël", "", "Urée=0,32 g/l")],
    )
    assert [one[0] for one in found.results()] == ["14", ""]


def test_without_the_list_results_keep_the_traits_of_their_rows(tmp_path: Path) -> None:
    found = read(tmp_path, [], [exam("MARTEL", "Noël", "12/07/1940", "Urée=0,31 g/l")])
    assert found.by_number() == {"": ("MARTEL", "Noël", "", "1940-07-12")}
    assert "SX510" in found.doubts


def test_a_header_and_broken_rows_are_no_results(tmp_path: Path) -> None:
    header = "Nom\tPrénom\t\t\t\tVille\tTél\t\tNaissance\tDate\tExamen\tRésultat"
    good = [exam("MARTEL", "Noël", "12/07/1940", f"Urée=0,{number} g/l") for number in range(31, 51)]
    bad = [
        exam("MARTEL", "Noël", "12/07/1940", "Urée=0,51 g/l", day="39/03/2006"),
        exam("", "", "", "Urée=0,52 g/l"),
        exam("MARTEL", "Noël", "12/07/1940", "=0,53 g/l"),
    ]
    found = read(tmp_path, [], [header, *good, *bad])
    assert len(found.results()) == 20
    assert found.reasons == {"unreadable": 3}


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 44)
    folder = tmp_path / "cabinet"
    folder.mkdir()
    delimited.mediclick_old(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    wanted = {
        number: (family, given.upper(), "", birth) for number, (family, given, _, birth) in people_of(practice).items()
    }
    assert found.by_number() == wanted
    assert (found.refused, found.report.reading.quarantined) == ([], 0)
