"""What the models refuse, and what excuses it."""

import pytest

from semantix.emitters.fhir._r4 import Fault
from semantix.validation.fhir.structure import _is_excused

RESOURCE = {"resourceType": "Patient", "link": [{"_type": {"extension": []}}, {}], "_birthDate": {}}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(("link", 0, "type"), "missing", "type"), True),
        (Fault(("link", 1, "type"), "missing", "type"), False),
        (Fault(("link", 7, "type"), "missing", "type"), False),
        (Fault((), "choice-missing", "birth"), True),
        (Fault(("_birthDate",), "unknown"), False),
    ],
)
def test_an_extension_excuses_what_is_missing_beside_it(fault: Fault, expected: bool) -> None:
    assert _is_excused(RESOURCE, fault) is expected
