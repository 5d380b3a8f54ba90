"""The JSON Schema of mapping packs is published in the documentation, and is that of the models."""

import json

from tests.conftest import ROOT

from semantix.parsers.packs import pack_schema

PUBLISHED = ROOT / "docs" / "reference" / "semantix-pack.schema.json"


def test_the_published_schema_is_that_of_the_models() -> None:
    # `semantix pack schema > docs/reference/semantix-pack.schema.json` writes it again.
    assert json.loads(PUBLISHED.read_text("utf-8")) == json.loads(json.dumps(pack_schema()))
