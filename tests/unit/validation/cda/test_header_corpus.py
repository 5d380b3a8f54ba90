"""What the rules on identity, header, dates and medical summaries say of the published documents: true faults only."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import cast

from semantix.parsers._xml import parse_xml
from semantix.parsers.cda.document import clinical_document
from semantix.validation._cda import Cda
from semantix.validation._terms import Terms
from semantix.validation.cda import dates, header, identity, vsm

TOPICS = (identity, header, dates, vsm)
KNOWN = {
    "SX-ID-01": 14,
    "SX-ID-04": 9,
    "SX-ID-14": 1,
    "SX-ID-15": 10,
    "SX-ID-18": 1,
    "SX-ID-23": 6,
    "SX-ID-26": 1,
    "SX-HEAD-18": 1,
    "SX-HEAD-34": 6,
    "SX-DATE-02": 3,
    "SX-DATE-03": 4,
    "SX-DATE-07": 2,
    "SX-DATE-08": 14,
    "SX-DATE-12": 1,
}
"""Read one by one; those of a lesser weight are not counted here."""


def test_the_published_documents(shared: Path):
    catalogue = {rule.code: rule for topic in TOPICS for rule in topic.RULES}
    counts: Counter[str] = Counter()
    for path in sorted((shared / "corpus" / "cda-3.0").glob("*.xml")):
        root = clinical_document(parse_xml(path.read_bytes(), path.name), path.name)
        cda = Cda(root, path.name, terms=cast("Terms", None), day=date(2026, 11, 26))
        for one in (one for topic in TOPICS for one in topic.check(cda)):
            rule = catalogue[one.code]
            for text in (*rule.found, *rule.expected, *rule.fix):
                assert "{" not in text.format(**one.facts)
            counts[one.code] += 1
    assert {code: counts[code] for code in KNOWN} == KNOWN
    assert counts["SX-VSM-01"] == counts["SX-HEAD-01"] == counts["SX-ID-03"] == 0
