"""For tests of what a rule does on desks that have judged nothing: the rule that the engine's own pairs would give."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

from semantix.review import acceptance


@contextmanager
def engine_believed() -> Iterator[None]:
    """Ask the desk for no judgements of its own; how many are needed is tested where rules are."""
    with mock.patch.object(acceptance, "find_rule", partial(acceptance.find_rule, tried=0)):
        yield
