"""A document against the miniature rule set, all layers."""

import re
import shutil
from pathlib import Path

import pytest
from lxml import etree
from tests.unit.validation.rulesets.rule_set import MINIATURE, SKY, WEATHER, document

from semantix.errors import BadRuleSet
from semantix.model import Severity
from semantix.validation._findings import LayerRun
from semantix.validation.rulesets import RULES, _fast, saxon
from semantix.validation.rulesets._failed import Failed, RuleError
from semantix.validation.rulesets.checker import RuleSetChecker, official, severity_of, unevaluated
from semantix.validation.rulesets.install import install
from semantix.validation.rulesets.layout import GENERIC

NAMES = (*GENERIC, "VSM_2023.01")
UNKNOWN = "string-join(reverse(tokenize(., ' ')), fold-left((1), 2, 3)) = 'x'"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    install(MINIATURE, folder, "small")
    return folder


@pytest.fixture
def checker(home: Path) -> RuleSetChecker:
    return RuleSetChecker.open("small", home)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "set"))


def edit(top: Path, layer: str, old: str, new: str) -> Path:
    path = top / GENERIC[layer]
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return top


def runs(found) -> dict[str, LayerRun]:
    return {run.name: run for run in found[1]}


def test_a_document_that_conforms_has_no_finding_and_every_layer_was_run(checker):
    findings, layers = checker.check(document())
    assert findings == ()
    assert [(run.name, run.state, run.engine) for run in layers] == [
        ("xsd", "run", "lxml"),
        *((name, "run", "fast") for name in NAMES),
    ]


def test_an_official_rule_gives_its_code_weight_place_and_text(checker):
    (found,) = checker.check(document(WEATHER.format(SKY.replace("SUN", "SNOW"))))[0]
    assert re.fullmatch(r"SX-SCH-IHE-[0-9a-f]{8}", found.code)
    assert (found.severity, found.layer, found.line) == (Severity.ERROR, "ihe", 1)
    assert found.path == "/ClinicalDocument[1]/component[1]/structuredBody[1]/section[1]/observation[1]/value[1]"
    assert found.message.startswith("[oneOf] The code ")


def test_no_value_of_the_document_is_in_a_finding(checker):
    text = etree.tostring(document(), encoding="unicode").replace("Weather of DUPONT", "Du")
    (found,) = checker.check(etree.fromstring(text))[0]
    assert (found.message, found.severity) == ('[E_title] The title "…" is short.', Severity.WARNING)


def test_every_layer_finds_its_own(checker):
    section = "<section><code nullFlavor='UNK'/><observation moodCode='EVN'><code code='TEMP'/></observation></section>"
    found = checker.check(document(section, time="2024", code="COD"))[0]
    assert {each.layer for each in found} == {"min", "ihe", "term", "VSM_2023.01"}


@pytest.mark.parametrize("engine", ["fast", "saxon"])
def test_both_engines_give_the_same_codes(home, engine):
    if engine == "saxon":
        pytest.importorskip("saxonche")
    root = document(WEATHER.format(SKY.replace("SUN", "SNOW") * 2), time="2024", code="COD")
    reference = {(each.code, each.path) for each in RuleSetChecker.open("small", home).check(root)[0]}
    found, layers = RuleSetChecker.open("", home, engine=engine).check(root)
    assert {(each.code, each.path) for each in found} == reference
    assert {run.engine for run in layers} == {"lxml", engine}


def test_a_level_1_document_gets_the_generic_layers_and_says_so(checker):
    root = document(body="<nonXMLBody/>", templates='<templateId root="1.2.250.1.213.1.1.1.13" extension="2023.01"/>')
    assert checker.check(root)[1][-1] == LayerRun(name="volet", state="skipped", reason="level-1")


def test_a_volet_can_be_asked_for(home):
    checker = RuleSetChecker.open("small", home, volets=["TLM-CR_2022.01"])
    assert "TLM-CR_2022.01" in runs(checker.check(document()))
    with pytest.raises(BadRuleSet, match=r"NONE: no such volet in small; there are TLM-CR_2022\.01, VSM_2023\.01"):
        RuleSetChecker.open("small", home, volets=["NONE"])


def test_an_engine_that_is_not_known_is_refused(home):
    with pytest.raises(BadRuleSet, match="java: no such engine"):
        RuleSetChecker.open("small", home, engine="java")


def test_saxon_that_is_asked_for_and_not_there_is_told(home, monkeypatch):
    monkeypatch.setattr(saxon, "_MODULE", "saxon_that_is_not_there")
    with pytest.raises(BadRuleSet, match="not installed"):
        RuleSetChecker.open("small", home, engine="saxon")


def test_a_document_inside_a_page_has_its_place_in_the_page(checker):
    page = etree.fromstring("<page><head/></page>")
    page.append(document(time="2024"))
    (found,) = checker.check(page[1])[0]
    assert found.path == "/page[1]/ClinicalDocument[1]/effectiveTime[1]"


def test_without_saxon_an_unknown_expression_fails_its_layer_and_no_other(copy, monkeypatch):
    monkeypatch.setattr(saxon, "_MODULE", "saxon_that_is_not_there")
    checker = RuleSetChecker.open(edit(copy, "ans", "string-length(.) &gt; 2", UNKNOWN), copy)
    layers = runs(checker.check(document()))
    assert (layers["ans"].state, layers["ans"].reason) == ("failed", "unknown-expression")
    assert {layers[name].state for name in (*NAMES, "xsd") if name != "ans"} == {"run"}


def test_the_fast_engine_alone_refuses_an_unknown_expression(copy):
    checker = RuleSetChecker.open(edit(copy, "ans", "string-length(.) &gt; 2", UNKNOWN), copy, engine="fast")
    assert runs(checker.check(document()))["ans"].reason == "unknown-expression"


def test_an_unknown_expression_is_run_by_saxon(copy):
    pytest.importorskip("saxonche")
    top = edit(copy, "ans", "string-length(.) &gt; 2", "normalize-unicode(., 'NFC') = xs:hexBinary('00') or true()")
    schemas = '<ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>'
    edit(top, "ans", '<ns prefix="cda"', f'{schemas}<ns prefix="cda"')
    edit(top, "ans", "xs:hexBinary('00')", "string(xs:hexBinary('00'))")
    layers = runs(RuleSetChecker.open(top, top).check(document()))
    assert (layers["ans"].state, layers["ans"].engine) == ("run", "saxon")


def test_a_part_that_is_missing_fails_its_layer(copy):
    (copy / "schematrons" / "include" / "sections" / "S_weather.sch").unlink()
    layers = runs(RuleSetChecker.open(copy, copy).check(document()))
    assert (layers["ihe"].state, layers["ihe"].reason) == ("failed", "missing-part: schematrons/profils/IHE.sch")


def test_a_schema_that_cannot_be_loaded_fails_its_layer(copy):
    shutil.rmtree(copy / "infrastructure" / "cda" / "general")
    layers = runs(RuleSetChecker.open(copy, copy).check(document()))
    assert (layers["xsd"].state, layers["xsd"].reason) == ("failed", "missing-part")


@pytest.mark.parametrize("engine", ["fast", "saxon"])
def test_a_rule_that_cannot_be_evaluated_is_never_silence(copy, engine):
    if engine == "saxon":
        pytest.importorskip("saxonche")
    (copy / "jeuxDeValeurs" / "JDV_Weather.xml").unlink()
    (copy / "jeuxDeValeurs" / "JDV_Other.xml").write_text("<a/>")
    found, layers = RuleSetChecker.open(copy, copy, engine=engine).check(document())
    assert runs((found, layers))["ihe"] == LayerRun(name="ihe", state="failed", engine=engine, reason="rule-error")
    (error,) = found
    assert (error.code, error.layer) == ("SX-SCH-01", "ihe")


def test_a_kept_layer_is_read_again_and_a_damaged_one_compiled_again(home, tmp_path):
    install(MINIATURE, tmp_path, "other")
    first = RuleSetChecker.open("other", tmp_path)
    assert list(first.prepare()) == [1, 2, 3, 4, 5, 6, 7]
    root = document(time="2024")
    expected = first.check(root)
    kept = next((tmp_path / "other" / "compiled").glob("fast-*"))
    assert len(list(kept.iterdir())) == 7
    assert RuleSetChecker.open("other", tmp_path).check(root) == expected
    good = (kept / "min").read_bytes()
    for bad in (b"", good[:50], good[:-1] + b"?"):
        (kept / "min").write_bytes(bad)
        assert RuleSetChecker.open("other", tmp_path).check(root) == expected
        assert (kept / "min").read_bytes() == good


def test_another_engine_compiles_again_and_leaves_nothing_of_the_old_one(tmp_path, monkeypatch):
    folder = install(MINIATURE, tmp_path, "other").installed.folder / "compiled"
    list(RuleSetChecker.open("other", tmp_path).prepare())
    (old,) = folder.iterdir()
    monkeypatch.setattr(_fast, "FORM", 99)
    list(RuleSetChecker.open("other", tmp_path).prepare())
    (new,) = folder.iterdir()
    assert new.name != old.name
    assert len(list(new.iterdir())) == 7


def test_a_refusal_is_kept_too(copy, tmp_path):
    install(edit(copy, "ans", "string-length(.) &gt; 2", UNKNOWN), tmp_path / "home", "odd")
    first = RuleSetChecker.open("odd", tmp_path / "home", engine="fast")
    layer = first.layers[3]
    found = first.unsupported(layer)
    assert found
    assert RuleSetChecker.open("odd", tmp_path / "home", engine="fast").unsupported(layer) == found


def test_a_rule_set_that_may_only_be_read_is_used_all_the_same(tmp_path):
    folder = install(MINIATURE, tmp_path, "fixed").installed.folder
    (folder / "compiled").write_text("no folder can be made here")
    assert RuleSetChecker.open("fixed", tmp_path).check(document())[0] == ()


def test_a_code_is_explained_by_its_rule(checker):
    (found,) = checker.check(document(WEATHER.format(SKY.replace("SUN", "SNOW"))))[0]
    page = checker.explain(found.code.lower().replace("sx-sch", "SX-SCH"))
    assert page is not None
    assert (page.code, page.layer, page.file) == (found.code, "ihe", "schematrons/profils/IHE.sch")
    assert (page.pattern, page.context) == ("weather_codes", "cda:observation[@moodCode='EVN']/cda:value")
    assert "{$given}" in page.message
    assert page.test.startswith("@nullFlavor or document($weather)")


@pytest.mark.parametrize("code", ["SX-XSD-01", "SX-SCH-01", "SX-SCH-IHE-00000000", "SX-SCH-NONE-00000000", ""])
def test_what_is_no_rule_of_the_set_has_no_page(checker, code):
    assert checker.explain(code) is None


def test_the_value_sets_of_the_rule_set_are_at_hand(checker):
    assert checker.value_sets.get("1.2.250.1.999.5.1") == {("SUN", "1.2.250.1.999.1"), ("RAIN", "1.2.250.1.999.1")}


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        ("", Severity.ERROR),
        ("error", Severity.ERROR),
        ("fatal", Severity.ERROR),
        ("Warning ", Severity.WARNING),
        ("info", Severity.INFORMATION),
    ],
)
def test_the_role_gives_the_weight(role, severity):
    assert severity_of(role) == severity


def test_an_assert_that_is_not_known_has_the_code_of_all():
    failed = Failed(layer="min", location="/a[1]", role="", message="m", shown="…")
    assert official(failed).code == "SX-SCH-00"


def test_the_words_of_a_stopped_rule_are_filled_by_its_facts():
    rule = next(each for each in RULES if each.code == "SX-SCH-01")
    for digest in ("", "0123abcd"):
        facts = unevaluated(RuleError(layer="min", location="", rule=digest, reason="FORG0001")).facts
        assert all(text.format(**facts) for text in (*rule.found, *rule.expected, *rule.fix))
