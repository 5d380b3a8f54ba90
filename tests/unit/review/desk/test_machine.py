"""People of every role act at random on a desk in a file; see :mod:`tests.desk_machine`."""

from hypothesis import HealthCheck, Phase, settings
from tests.desk_machine import DeskMachine

TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
