import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.emitters.fhir._ucum import is_ucum

UNITS = "g/L mmol/L 10*9/L 10*3/uL mm[Hg] kg/m2 /min % Cel [IU]/L mL/min/{1.73_m2} {tablet} ug/(24.h) [pH] m[IU]/L 1"


@pytest.mark.parametrize("unit", UNITS.split())
def test_unit_of_ucum_is_recognised(unit):
    assert is_ucum(unit)


@pytest.mark.parametrize("unit", ["comprimé", "g / L", "UI/L", "30067000", "", "(g", "mmHg", "jours", "g//L"])
def test_other_unit_is_not(unit):
    assert not is_ucum(unit)


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(unit):
    assert is_ucum(unit) in (True, False)
