"""Every class of defect is found under its own code, wherever it can be made; what is untouched stays clean."""

from __future__ import annotations

from random import Random

import pytest
from lxml import etree
from tests.mutations import Mutation
from tests.mutations.bases import NAMES, base
from tests.mutations.checking import found_in
from tests.mutations.classes import MUTATIONS

SEED = 20261126


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_document_is_clean(name: str) -> None:
    assert found_in(base(name)) == {}


def test_there_are_at_least_forty_classes_each_with_its_name() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(set(names)) == len(names) >= 40


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_defect_is_found_under_its_code(mutation: Mutation) -> None:
    made = 0
    for name in NAMES:
        root = etree.fromstring(base(name))
        if not mutation.apply(root, Random(f"{SEED} {mutation.name} {name}")):
            continue
        made += 1
        data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        assert mutation.expected & set(found_in(data) - found_in(base(name))), name
    assert made, "no document has a place for it"
