"""The two verdicts, and the figures under them."""

import pytest
from tests import validated

from semantix.model import Severity
from semantix.validation._findings import Checked, Coverage, Finding, LayerRun, ValidationReport
from semantix.validation.report import conformity_of, summary_of
from semantix.validation.report.figures import (
    Codes,
    Conformity,
    Understanding,
    by_verdict,
    codes_of,
    layers_of,
    understanding_of,
)

RUN = LayerRun(name="semantix", state="run")
FAILED = LayerRun(name="ans", state="failed", reason="rule-error")
SKIPPED = LayerRun(name="xsd", state="skipped", reason="no-ruleset")
ERROR = Finding(code="SX-ID-02", severity=Severity.ERROR, layer="semantix")
WARNING = Finding(code="SX-LABEL-01", severity=Severity.WARNING, layer="semantix")


@pytest.mark.parametrize(
    ("findings", "layers", "known", "verdict"),
    [
        ((), (RUN,), 0, Conformity.CONFORMANT),
        ((WARNING,), (RUN, SKIPPED), 0, Conformity.CONFORMANT),
        ((), (RUN,), 2, Conformity.ACCEPTED),
        ((ERROR,), (RUN,), 0, Conformity.NOT_CONFORMANT),
        ((ERROR,), (RUN, FAILED), 3, Conformity.NOT_CONFORMANT),
        ((), (RUN, FAILED), 0, Conformity.NOT_CHECKED),
        ((WARNING,), (RUN, FAILED), 1, Conformity.NOT_CHECKED),
        ((), (SKIPPED,), 0, Conformity.NOT_CHECKED),
        ((), (), 0, Conformity.NOT_CHECKED),
    ],
)
def test_a_document_conforms_only_when_all_that_applies_was_run_without_an_error(findings, layers, known, verdict):
    assert conformity_of(Checked(name="a.xml", findings=findings, layers=layers, known=known)) is verdict


@pytest.mark.parametrize(
    ("codes", "meaning", "verdict"),
    [
        (Codes(0, 0, 0), 0, Understanding.NO_CODES),
        (Codes(5, 0, 5), 0, Understanding.UNCHECKED),
        (Codes(5, 0, 5), 1, Understanding.PARTLY),
        (Codes(5, 5, 0), 0, Understanding.UNDERSTOOD),
        (Codes(5, 3, 2), 0, Understanding.UNDERSTOOD),
        (Codes(5, 2, 3), 0, Understanding.UNCHECKED),
        (Codes(5, 5, 0), 1, Understanding.PARTLY),
        (Codes(5, 2, 2), 0, Understanding.PARTLY),
        (Codes(5, 0, 2), 0, Understanding.NOT_UNDERSTOOD),
    ],
)
def test_codes_are_understood_when_all_that_were_checked_are_known(codes, meaning, verdict):
    assert understanding_of(codes, meaning) is verdict


def test_the_share_understood_is_of_the_codes_that_were_checked():
    codes = codes_of(Coverage(counts={"loinc": {"valid": 3, "unchecked": 6}, "": {"local": 1, "mapped": 0}}))
    assert codes == Codes(10, 3, 6)
    assert codes.share == 0.75
    assert Codes(4, 0, 4).share == 1.0


def test_a_report_is_the_sum_of_its_documents_and_takes_the_gravest_verdict():
    summary = summary_of(validated.many())
    assert summary.conformity is Conformity.NOT_CONFORMANT
    assert summary.understanding is Understanding.PARTLY
    assert summary.documents == {"not-conformant": 6, "conformant": 2, "accepted": 1, "not-checked": 1}
    assert summary.findings == {"error": 25, "warning": 3, "information": 1}
    assert (summary.total, summary.known, summary.with_errors, summary.meaning) == (10, 3, 6, 5)
    assert summary.official


def test_a_run_without_a_rule_set_says_so():
    assert not summary_of(validated.clean()).official


def test_nothing_to_check_is_a_verdict_of_its_own():
    summary = summary_of(validated.empty())
    assert (summary.conformity, summary.understanding) == (Conformity.EMPTY, Understanding.NO_CODES)


def test_documents_with_errors_come_first_and_keep_their_order():
    verdicts = [verdict for verdict, _ in by_verdict(validated.many())]
    assert verdicts[:6] == [Conformity.NOT_CONFORMANT] * 6
    names = [checked.name for _, checked in by_verdict(validated.many())]
    assert names[0].endswith("cr-bio-0001.xml")
    assert verdicts[6:] == [
        Conformity.NOT_CHECKED,
        Conformity.ACCEPTED,
        Conformity.CONFORMANT,
        Conformity.CONFORMANT,
    ]


def test_layers_are_counted_by_what_became_of_them_and_why():
    documents = [Checked(name="a", layers=(RUN, SKIPPED, FAILED)), Checked(name="b", layers=(RUN, SKIPPED))]
    documents.append(Checked(name="c", layers=(LayerRun(name="xsd", state="run", engine="lxml"),)))
    layers = {layer.name: layer for layer in layers_of(ValidationReport(version="", day="", documents=documents))}
    assert (layers["semantix"].run, layers["semantix"].engines) == (2, set())
    assert (layers["xsd"].run, layers["xsd"].skipped, layers["xsd"].engines) == (1, 2, {"lxml"})
    assert layers["xsd"].reasons == {("skipped", "no-ruleset"): 2}
    assert (layers["ans"].failed, layers["ans"].reasons) == (1, {("failed", "rule-error"): 1})
