"""The desk in a file of SQLite: what it does in any database."""

import pytest
from tests.desk_cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_in_sqlite(case, tmp_path):
    case(str(tmp_path / "desk.sqlite"))
