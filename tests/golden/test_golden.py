"""The bundled examples, converted: every byte of the expected output is reviewed, and changes only with its reason.

``pytest tests/golden --update-golden`` writes the expected files again; read the difference before committing it.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.conftest import ROOT

from semantix.emitters import fhir, omop
from semantix.model import Document
from semantix.parsers import Piece, read
from semantix.pipeline.packs import parsers_of

HERE = Path(__file__).resolve().parent
EXAMPLES = sorted(
    [*(ROOT / "examples" / "cda").glob("*.xml"), *(ROOT / "examples" / "sources").glob("*/*[!v]")], key=lambda p: p.stem
)


def documents(path: Path) -> Iterator[Document]:
    """The documents of an example, under a practice of a fixed name."""
    piece = Piece(data=path.read_bytes(), name=path.name, practice="exemple")
    return (told for told in read(piece, parsers_of()) if isinstance(told, Document))


def fhir_lines(path: Path) -> Iterator[str]:
    """One resource a line, as NDJSON has it."""
    for document in documents(path):
        for resource in fhir.emit(document).resources:
            yield fhir.encode(resource).decode()


def omop_lines(path: Path) -> Iterator[str]:
    """One row a line, its table first, references by their source keys."""
    for document in documents(path):
        for table, rows in omop.emit(document).rows.items():
            for row in rows:
                yield json.dumps([table, json.loads(msgspec.json.encode(row))], ensure_ascii=False, sort_keys=True)


def account_lines(path: Path) -> Iterator[str]:
    """What each target does not carry, and why."""
    for document in documents(path):
        for target, emission in (("fhir", fhir.emit(document)), ("omop", omop.emit(document))):
            for loss in emission.ledger.account(document).losses:
                yield f"{target}\t{loss.kind}\t{loss.reason}\t{loss.system or ''}\t{loss.code or ''}\t{loss.path}"


OUTPUTS = {"fhir.ndjson": fhir_lines, "omop.ndjson": omop_lines, "account.tsv": account_lines}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_output_is_the_reviewed_one(example: Path, output: str, request: pytest.FixtureRequest) -> None:
    kind = "cda" if example.suffix == ".xml" else "sources"
    expected = HERE / kind / example.stem / output
    lines = list(OUTPUTS[output](example))
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        pytest.skip(f"wrote {expected.relative_to(ROOT)}")
    assert lines == expected.read_text(encoding="utf-8").splitlines()
