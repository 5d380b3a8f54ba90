"""The garbage collector is left as it was found, and a conversion leaves it nothing to do."""

import gc

import pytest
from tests.conftest import ROOT

from semantix.emitters import fhir, omop
from semantix.parsers.cda import parse
from semantix.pipeline.collector import ALLOCATIONS, give_back, rare_collection


def test_the_collector_is_as_before_after_a_run_even_a_failed_one():
    before = gc.get_threshold()
    with pytest.raises(ValueError, match=str(ALLOCATIONS)):
        fail_inside()
    assert gc.get_threshold() == before


@rare_collection()
def fail_inside():
    raise ValueError(gc.get_threshold()[0])


@pytest.mark.parametrize("emit", [fhir.emit, omop.emit])
def test_a_conversion_makes_no_cycle_of_the_document_it_reads(emit):
    path = ROOT / "examples" / "cda" / "vsm.xml"
    data = path.read_bytes()
    emit(parse(data, path.name))
    gc.collect()
    emission = emit(parse(data, path.name))
    emission.ledger.carried.clear()
    assert gc.collect() < 100


def test_memory_is_given_back_where_the_system_can_take_it(monkeypatch):
    give_back()

    def nowhere(_):
        raise OSError("no such library")

    monkeypatch.setattr("semantix.pipeline.collector.ctypes.CDLL", nowhere)
    give_back()
