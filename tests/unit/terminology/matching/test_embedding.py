"""An embedding model as a second way to candidates: what it finds, and that nothing changes without one."""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.terminology.conftest import silent
from tests.unit.terminology.invented import ask

from semantix.errors import BadStore
from semantix.terminology.engine import Engine
from semantix.terminology.matching import embedding
from semantix.terminology.matching.embedding import EmbeddingIndex, Model, added, chosen, load_embedder, save_labels
from semantix.terminology.matching.wording import KEPT_CODES, RETRIEVED, WordingMatcher
from semantix.terminology.serving import Ground, Served, serve
from semantix.terminology.text import fold

WIDTH = 64
MEANINGS = {"machin": "cephalee", "truc": "zona"}
"""What only the made-up model knows."""


class ByWords:
    """Hashes words; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in fold(text).split():
                digest = hashlib.sha256(MEANINGS.get(word, word).encode()).digest()
                row[digest[0] % WIDTH] += 1 if digest[1] % 2 else -1
        return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-9))


LABELS = ("Céphalée", "Zona", "", "Brûlure du genou", "Brûlure du coude")


@pytest.fixture
def index() -> EmbeddingIndex:
    return EmbeddingIndex.build(ByWords(), LABELS)


# --- the index ---------------------------------------------------------------------------------------------------


def test_the_nearest_labels_come_first_with_their_cosines(index: EmbeddingIndex) -> None:
    codes, cosines = index.nearest(["machin", "brûlure genou"], 2)
    assert codes[:, 0].tolist() == [0, 3]
    assert cosines[0, 0] == 1
    assert (cosines[:, 0] >= cosines[:, 1]).all()


def test_a_code_without_label_is_never_found(index: EmbeddingIndex) -> None:
    codes, _ = index.nearest(["céphalée zona brûlure"], 5)
    assert set(codes[0].tolist()) == {-1, 0, 1, 3, 4}
    assert codes[0, -1] == -1


def test_a_text_that_the_model_knows_nothing_of_is_near_to_nothing() -> None:
    class Blank(ByWords):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            return super().embed(texts) * np.asarray([["rien" not in text] for text in texts], np.float32)

    codes, cosines = EmbeddingIndex.build(Blank(), LABELS).nearest(["rien"], 2)
    assert (codes.tolist(), cosines.tolist()) == ([[-1, -1]], [[0, 0]])


def test_equals_come_in_the_order_of_their_codes() -> None:
    codes, _ = EmbeddingIndex.build(ByWords(), ["zona", "rhume", "zona", "zona"]).nearest(["truc"], 2)
    assert codes.tolist() == [[0, 2]]


@pytest.mark.parametrize("labels", [(), ("", "")])
def test_nothing_is_near_where_there_is_no_label(labels: tuple[str, ...]) -> None:
    assert EmbeddingIndex.build(ByWords(), labels).nearest(["zona"], 3)[0].tolist() == [[-1, -1, -1]]


def test_nothing_is_near_to_an_empty_text(index: EmbeddingIndex) -> None:
    codes, cosines = index.nearest([" ", "zona"], 1)
    assert (codes.tolist(), cosines[0].tolist()) == ([[-1], [1]], [0])


def test_no_question_has_no_answer(index: EmbeddingIndex) -> None:
    assert index.nearest([], 3)[0].shape == (0, 3)


@given(st.lists(st.sampled_from(["machin", "brulure", "genou coude", "", "zona brulure"]), min_size=1, max_size=6))
def test_company_never_changes_what_is_near(texts: list[str]) -> None:
    index = EmbeddingIndex.build(ByWords(), LABELS)
    alone = [index.nearest([text], 3)[0][0].tolist() for text in texts]
    assert index.nearest(texts, 3)[0].tolist() == alone


def test_a_text_is_embedded_once_and_alone() -> None:
    batches: list[int] = []

    class Counting(ByWords):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            batches.append(len(texts))
            return super().embed(texts)

    EmbeddingIndex.build(Counting(), ["zona", "rhume", "zona"])
    assert batches == [1, 1]


@pytest.mark.parametrize("values", [[[np.nan, 1.0]], [[3.0, 4.0]], [[[1.0]]], [1.0]])
def test_what_is_no_unit_vector_is_refused(values: list[Any]) -> None:
    with pytest.raises(BadStore, match="no unit vector"):
        EmbeddingIndex.build(SimpleNamespace(embed=lambda _: np.asarray(values, np.float32)), ["zona"])


def test_vectors_written_are_read_again(tmp_path: Path) -> None:
    save_labels(ByWords(), LABELS, tmp_path)
    loaded = EmbeddingIndex.load(ByWords(), tmp_path)
    built = EmbeddingIndex.build(ByWords(), LABELS)
    texts = ["machin brulure", "coude"]
    assert all(np.array_equal(*pair) for pair in zip(loaded.nearest(texts, 4), built.nearest(texts, 4), strict=True))


def test_damaged_vectors_are_told(tmp_path: Path) -> None:
    save_labels(ByWords(), LABELS, tmp_path)
    (tmp_path / "vectors.npy").write_bytes(b"nothing")
    with pytest.raises(BadStore, match="damaged"):
        EmbeddingIndex.load(ByWords(), tmp_path)


def test_what_is_near_already_is_not_added() -> None:
    assert added(np.asarray([[4, 2, -1]], np.int32), np.asarray([[2, 7, -1]], np.int32)).tolist() == [[-1, 7, -1]]


def test_the_first_candidates_are_kept_and_those_found() -> None:
    codes = np.asarray([[5, 3, 8, 2, 9], [5, 3, -1, -1, -1]], np.int32)
    places, wanted = chosen(codes, np.asarray([[9, 5], [7, -1]], np.int32), 2)
    kept = np.where(wanted, np.take_along_axis(codes, places, 1), -1)
    assert kept.tolist() == [[5, 3, 8, 9], [5, 3, -1, -1]]


# --- the matcher -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(served: Served) -> WordingMatcher:
    assert isinstance(served.matcher, WordingMatcher)
    return served.matcher


@pytest.fixture(scope="module")
def wider(plain: WordingMatcher) -> WordingMatcher:
    return WordingMatcher(plain.parts, plain.hand, EmbeddingIndex.build(ByWords(), plain.labels()))


def codes_of(matcher: WordingMatcher, text: str) -> set[str]:
    codes = matcher.describe([text]).described.codes[0]
    return {matcher.parts.codes[code] for code in codes[codes >= 0]}


def test_every_code_has_its_label(plain: WordingMatcher) -> None:
    assert dict(zip(plain.parts.codes, plain.labels(), strict=True))["R51"] == "Céphalée"


def test_a_code_that_only_the_model_finds_is_a_candidate(plain: WordingMatcher, wider: WordingMatcher) -> None:
    text = "machin du genou gauche maladie"
    assert "R51" not in codes_of(plain, text)
    assert "R51" in codes_of(wider, text)
    assert "R51" in {each.code for each in wider.rank([ask(text)], top=50)[0]}


@pytest.mark.parametrize("text", ["machin du genou", "tumeur", "brûlure de la flombe", "HTA"])
def test_a_model_only_adds_candidates(plain: WordingMatcher, wider: WordingMatcher, text: str) -> None:
    assert codes_of(plain, text) <= codes_of(wider, text)
    assert len(codes_of(wider, text)) <= KEPT_CODES + RETRIEVED


def test_a_model_that_finds_nothing_changes_nothing(plain: WordingMatcher) -> None:
    idle = WordingMatcher(plain.parts, plain.hand, EmbeddingIndex.build(ByWords(), [""] * len(plain.parts.codes)))
    for text in ("maladie du rein", "tumeur", "brulure coude"):
        assert idle.rank([ask(text)], top=30) == plain.rank([ask(text)], top=30)


def test_words_that_nobody_knows_have_no_candidate_even_so(wider: WordingMatcher) -> None:
    assert wider.rank([ask("xyzt")]) == [()]


def test_company_never_changes_an_answer(wider: WordingMatcher) -> None:
    asked = [ask(text) for text in ("machin du genou", "tumeur", "truc", "brûlure du coude")]
    together = wider.rank(asked)
    assert together == [wider.rank([each])[0] for each in asked]
    assert wider.rank(asked[::-1]) == together[::-1]


# --- from a store ------------------------------------------------------------------------------------------------


def test_labels_are_embedded_once_and_anew_for_another_model(invented: Ground, served: Served) -> None:
    first = ByWords()
    ground = Ground(invented.store, invented.tables, invented.mappings, Model(first, "a"))
    told: list[str] = []
    opened = serve(ground, "cim10", told.append)
    assert told == ["cim10-embeddings"]
    assert len(set(first.asked)) == len(first.asked) > 0
    assert isinstance(opened.matcher, WordingMatcher)
    assert "R51" in codes_of(opened.matcher, "machin du genou gauche maladie")
    serve(ground, "cim10", told.append)
    assert len(told) == 1
    serve(Ground(invented.store, invented.tables, invented.mappings, Model(first, "b")), "cim10", told.append)
    assert len(told) == 2


def test_without_a_model_there_is_no_retriever(invented: Ground) -> None:
    matcher = serve(invented, "cim10", silent).matcher
    assert isinstance(matcher, WordingMatcher)
    assert matcher.retriever is None


# --- models in a folder ------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", "utf-8")
    with pytest.raises(BadStore, match=r"found notes.txt; expected model.onnx with tokenizer.json, or .*modules.json"):
        load_embedder(tmp_path)
    with pytest.raises(BadStore, match="found nothing"):
        load_embedder(tmp_path / "absent")


def test_an_engine_refuses_a_folder_that_is_no_model(invented: Ground, tmp_path: Path) -> None:
    with pytest.raises(BadStore, match="no embedding model"):
        Engine.open(invented.store.folder, tables=invented.mappings, embeddings=tmp_path)


def model_in(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("{}", "utf-8")
    return folder


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Packages that are installed, by module name; no other is."""
    installed: dict[str, Any] = {}

    def imported(name: str) -> Any:
        if name not in installed:
            raise ModuleNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(embedding, "import_module", imported)
    return installed


class Session:
    """A made-up ONNX session: a token is a vector with its number in one place."""

    def __init__(self, _: str, providers: list[str]) -> None:
        assert providers == ["CPUExecutionProvider"]

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

    def run(self, _: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert sorted(feed) == ["attention_mask", "input_ids"]
        return [np.eye(4, dtype=np.float32)[feed["input_ids"]] * 5]


class Tokenizer:
    @classmethod
    def from_file(cls, path: str) -> "Tokenizer":
        assert Path(path).is_file()
        return cls()

    def no_padding(self) -> None: ...

    def enable_truncation(self, max_length: int) -> None:
        assert max_length == embedding.LONGEST

    def encode(self, text: str) -> SimpleNamespace:
        ids = [len(word) % 4 for word in text.split()] + [3] * bool(text.strip("."))
        return SimpleNamespace(ids=ids, attention_mask=[1] * (len(ids) - 1) + [0], type_ids=[0] * len(ids))


def test_an_onnx_model_gives_the_mean_of_its_tokens(tmp_path: Path, packages: dict[str, Any]) -> None:
    packages["onnxruntime"] = SimpleNamespace(InferenceSession=Session)
    packages["tokenizers"] = SimpleNamespace(Tokenizer=Tokenizer)
    vectors = load_embedder(model_in(tmp_path, "model.onnx", "tokenizer.json")).embed(["a bb", "aaaa"])
    assert np.allclose(vectors, [[0, 0.5**0.5, 0.5**0.5, 0], [1, 0, 0, 0]])


def test_a_text_without_a_token_has_no_vector(tmp_path: Path, packages: dict[str, Any]) -> None:
    packages["onnxruntime"] = SimpleNamespace(InferenceSession=Session)
    packages["tokenizers"] = SimpleNamespace(Tokenizer=Tokenizer)
    model = load_embedder(model_in(tmp_path, "model.onnx", "tokenizer.json"))
    assert not model.embed([""]).any()


def test_a_sentence_model_is_opened_without_the_network(tmp_path: Path, packages: dict[str, Any]) -> None:
    class SentenceTransformer:
        def __init__(self, folder: str, device: str, local_files_only: bool) -> None:
            assert (folder, device, local_files_only) == (str(tmp_path), "cpu", True)

        def encode(self, texts: list[str], **how: object) -> np.ndarray:
            assert how == {"batch_size": 1, "normalize_embeddings": True, "show_progress_bar": False}
            return np.ones((len(texts), 1))

    packages["sentence_transformers"] = SimpleNamespace(SentenceTransformer=SentenceTransformer)
    vectors = load_embedder(model_in(tmp_path, "modules.json")).embed(["a", "b"])
    assert (vectors.tolist(), vectors.dtype) == ([[1], [1]], np.float32)


@pytest.mark.parametrize(
    ("files", "package"),
    [(("model.onnx", "tokenizer.json"), "onnxruntime"), (("modules.json",), "sentence-transformers")],
)
def test_a_missing_package_is_named(
    tmp_path: Path, packages: dict[str, Any], files: tuple[str, ...], package: str
) -> None:
    assert packages == {}
    with pytest.raises(BadStore, match=f"needs the package {package}"):
        load_embedder(model_in(tmp_path, *files))


def test_a_model_that_its_package_refuses_is_told(tmp_path: Path, packages: dict[str, Any]) -> None:
    def refuse(_: str, **__: object) -> None:
        raise Exception("no graph\nand more")

    packages["onnxruntime"] = SimpleNamespace(InferenceSession=refuse)
    packages["tokenizers"] = SimpleNamespace(Tokenizer=Tokenizer)
    with pytest.raises(BadStore, match=r"cannot be opened \(Exception: no graph\)"):
        load_embedder(model_in(tmp_path, "model.onnx", "tokenizer.json"))


def test_another_file_makes_another_model(tmp_path: Path, packages: dict[str, Any]) -> None:
    packages["onnxruntime"] = SimpleNamespace(InferenceSession=Session)
    packages["tokenizers"] = SimpleNamespace(Tokenizer=Tokenizer)
    folder = model_in(tmp_path, "model.onnx", "tokenizer.json")
    first, again = embedding.load_model(folder).key, embedding.load_model(folder).key
    (folder / "model.onnx").write_text("[]", "utf-8")
    assert first == again != embedding.load_model(folder).key


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("onnxruntime", "tokenizers")),
    reason="onnxruntime and tokenizers are not installed",
)
def test_the_real_packages_refuse_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(BadStore, match="cannot be opened"):
        load_embedder(model_in(tmp_path, "model.onnx", "tokenizer.json"))
