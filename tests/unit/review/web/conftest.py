"""Templates are compiled once for all tests of the pages: they are the same for each desk."""

from collections.abc import Iterator, Mapping
from unittest import mock

import pytest

from semantix.review.web import app
from semantix.review.web.rendering import load_environments


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    kept: dict[str, object] = {}

    def environments(words, assets) -> Mapping[str, object]:
        if not kept:
            kept.update(load_environments(words, assets))
        return kept

    with mock.patch.object(app, "load_environments", environments):
        yield
