"""The report on a terminal: the verdict first, then what to correct."""

import pytest
from tests import validated

from semantix.model import Severity
from semantix.validation._findings import Checked, Finding, LayerRun, RuleSetInfo, ValidationReport
from semantix.validation.report import KINDS, Teller, lines_of, render
from semantix.validation.report import text as text_module
from semantix.validation.report.text import text_lines
from semantix.validation.report.words import report_words


def told(name: str, lang: str = "fr") -> str:
    lines = text_lines(validated.REPORTS[name](), Teller(report_words(lang), validated.RULES))
    return "\n".join(line.text for line in lines)


def test_the_two_verdicts_come_first():
    lines = told("many").splitlines()
    assert lines[0] == "Rapport de validation · 2026-11-26 · 10 documents"
    assert lines[2] == "Conformité : NON CONFORME"
    assert lines[3] == "  25 erreurs dans 6 documents."
    assert "Compréhension des codes : COMPRIS EN PARTIE" in lines[:8]


def test_findings_say_what_was_found_expected_and_to_do_with_three_places():
    text = told("many", "en")
    part = text.split("error SX-CODE-02")[1].split("\n\n")[0]
    assert "Found: 14749-9 is not a code of LOINC." in part
    assert "Expected: A code of LOINC" in part
    assert part.count("\n      - ") == 3
    assert "cr-bio-0001.xml, line 288  /ClinicalDocument/" in part
    assert part.endswith("… and 1 more place.")


def test_cases_that_differ_are_told_place_by_place():
    part = told("many").split("erreur SX-UNIT-01")[1].split("\n\n")[0]
    assert "- L’unité UI/l n’est pas dans UCUM.  Une unité UCUM, par exemple [IU]/L." in part
    assert "- L’unité G/l n’est pas dans UCUM." in part
    assert "Constaté :" not in part


def test_the_styles_say_how_lines_look():
    styles = {line.style for line in text_lines(validated.many(), Teller(report_words("en"), validated.RULES))}
    assert {"title", "error", "warning", "information", "good", "unsure"} <= styles


def test_codes_are_counted_by_system():
    line = next(line for line in told("many", "en").splitlines() if line.startswith("  LOINC  "))
    assert line.split() == ["LOINC", "204", "200", "0", "0", "0", "0", "4"]
    assert "(no code system given)" in told("many", "en")


def test_a_clean_run_without_rules_says_what_was_not_checked():
    text = told("clean")
    assert "Conformité : CONFORME" in text
    assert "Les règles officielles n’ont pas été appliquées." in text
    assert "semantix ruleset install" in text
    assert "Rien à signaler" in text


def test_an_unfinished_check_is_never_a_success():
    text = told("unfinished")
    assert "Conformité : CONTRÔLE INCOMPLET" in text
    assert "CONFORME\n" not in text
    assert "Saxon n’est pas installé (format-dateTime())" in text
    assert "Compréhension des codes : NON VÉRIFIÉ" in text


def test_an_empty_run_says_that_nothing_was_checked():
    assert "Conformity: NOTHING CHECKED" in told("empty", "en")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_long_lists_end_with_how_many_are_left(lang, monkeypatch):
    monkeypatch.setattr(text_module, "MAX_DOCUMENTS", 2)
    monkeypatch.setattr(text_module, "MAX_CAUSES", 3)
    assert ("… et 8 autres documents." if lang == "fr" else "… and 8 more documents.") in told("many", lang)
    assert ("… et 8 autres causes." if lang == "fr" else "… and 8 more causes.") in told("many", lang)


def test_codes_that_were_not_checked_but_speak_falsely_are_partly_understood():
    found = Finding(code="SX-LABEL-01", severity=Severity.WARNING, layer="semantix")
    runs = (LayerRun(name="semantix", state="run"),)
    unchecked = validated.coverage(loinc={"unchecked": 4})
    valid = validated.coverage(loinc={"valid": 4})
    for coverage, says in ((unchecked, "only their form was checked"), (valid, "100% of the codes checked")):
        checked = Checked(name="a", format="CDA R2", findings=(found,), layers=runs, coverage=coverage)
        text = render(ValidationReport(version="1", day="", documents=[checked]), "en", "text")
        assert "PARTLY UNDERSTOOD" in text
        assert says in text
        assert "1 finding on the meaning of codes." in text


def test_too_few_codes_checked_are_no_success():
    runs = (LayerRun(name="form", state="run"),)
    checked = Checked(name="a", layers=runs, coverage=validated.coverage(cim10={"valid": 2}, snomed={"unchecked": 9}))
    text = render(ValidationReport(version="1", day="", documents=[checked]), "en", "text")
    assert "Understanding of the codes: NOT CHECKED" in text
    assert "Only 2 of 11 codes could be checked" in text


def test_codes_of_which_none_is_known_are_not_understood():
    checked = Checked(
        name="a", layers=(LayerRun(name="form", state="run"),), coverage=validated.coverage(x={"local": 2})
    )
    text = render(ValidationReport(version="1", day="", documents=[checked]), "fr", "text")
    assert "Aucun des 2 codes vérifiés n’est connu et valide." in text


def test_every_kind_can_be_written_and_no_other():
    for kind in KINDS:
        assert render(validated.many(), "fr", kind)
    with pytest.raises(ValueError, match="'pdf' is not one of text"):
        render(validated.many(), "fr", "pdf")


def test_lines_are_those_of_the_text():
    assert "".join(f"{line.text}\n" for line in lines_of(validated.clean(), "en")) == render(
        validated.clean(), "en", "text"
    )


def official(message: str, path: str = "/a[1]", code: str = "SX-SCH-IHE-0a1b2c3d") -> Finding:
    return Finding(code=code, severity=Severity.ERROR, layer="ihe", path=path, line=2, message=message)


def of(*documents: Checked) -> str:
    return render(ValidationReport(version="1", day="", documents=list(documents)), "en", "text")


def test_an_official_message_is_told_without_the_file_of_its_rule_and_cut_in_its_title():
    text = of(Checked(name="a", findings=(official("[4] [E_x.sch] " + "word " * 60 + "end."),)))
    heading, found = text.split("error SX-SCH-IHE-0a1b2c3d  ")[1].splitlines()[:2]
    assert heading.startswith("word word")
    assert heading.endswith("word … (once in 1 document)")
    assert found == "      Found: " + "word " * 60 + "end."
    assert "What to do" not in text


def test_official_rules_and_ours_at_the_same_place_name_each_other():
    ours = Finding(code="SX-CODE-02", severity=Severity.ERROR, layer="semantix", path="/a[1]/@code")
    text = of(Checked(name="a", findings=(official("x"), ours, official("y", "/b[1]", "SX-SCH-IHE-00000000"))))
    assert text.count("Also told at the same place: ") == 2
    assert "Also told at the same place: SX-CODE-02" in text.split("error SX-SCH-IHE-0a1b2c3d")[1].split("\n\n")[0]
    assert "Also told at the same place: SX-SCH-IHE-0a1b2c3d" in text.split("error SX-CODE-02")[1].split("\n\n")[0]


def test_remarks_on_several_documents_are_one_line_each():
    remark = Finding(code="SX-ID-08", severity=Severity.INFORMATION, layer="semantix", path="/a[1]")
    assert "      - b, line" not in of(Checked(name="a", findings=(remark,)), Checked(name="b", findings=(remark,)))
    assert "      - a  /a[1]" in of(Checked(name="a", findings=(remark,)))


def test_the_documents_with_most_errors_come_first():
    one, two = official("x"), official("y", "/b[1]")
    text = of(Checked(name="few", findings=(one,)), Checked(name="many", findings=(one, two)), Checked(name="none"))
    assert text.index("  many ") < text.index("  few ") < text.index("  none ")


def test_many_kinds_of_documents_are_one_check():
    several = [Checked(name=f"{n}", layers=(LayerRun(name=f"VOLET_{n}", state="run"),)) for n in range(4)]
    assert "  Rules of this kind of document (4 kinds)  4 " in of(*several)
    assert "  VOLET_0 " in of(*several[:3])


def test_long_lists_of_systems_are_cut():
    many = validated.coverage(**{f"s{n}": {"valid": 1} for n in range(17)})
    assert "… and 2 more systems." in of(Checked(name="a", coverage=many))


def test_errors_of_official_rules_are_counted_apart():
    rules = RuleSetInfo(name="cisis", title="Tool", digest="0" * 64)
    ours = Finding(code="SX-CODE-02", severity=Severity.ERROR, layer="semantix", path="/a[1]/@code")
    runs = (LayerRun(name="ihe", state="run"),)
    checked = Checked(name="a", format="CDA R2", findings=(official("x"), ours, ours), layers=runs)
    report = ValidationReport(version="1", day="", documents=[checked], ruleset=rules)
    assert "Official rules (Tool): 1 error. Other checks: 2 errors." in render(report, "en", "text")


def test_places_of_files_that_are_no_xml_are_told_in_french_and_once():
    french = report_words("fr")
    assert french.place('row 3, column "line"', 4) == 'ligne 3, colonne "line"'
    assert french.place("line 12/OBR", 12) == "ligne 12/OBR"
    assert french.place("line 12", 12) == french.place("record line 12", 12) == french.place("/", None) == ""
    assert french.place("/row 3", 3) == "/row 3"
    assert report_words("en").place("line 12/OBR", 12) == "line 12/OBR"


def test_what_a_baseline_accepts_is_not_nothing():
    text = of(Checked(name="a", layers=(LayerRun(name="form", state="run"),), known=2))
    assert "Nothing new: the checks found only what the baseline accepts." in text
    assert "Nothing to report" not in text
