"""An optional second way to candidates: sentence embeddings of a model in a local folder that the user gives.

Nothing here is needed: without a model no other package is imported. Every text is embedded alone and its vector
rounded to integers, so that sums are exact and company never changes an answer; another machine, or another version of
the package that runs the model, may round otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from msgspec import Struct

from semantix.errors import BadStore
from semantix.terminology.matching.arrays import Flags, Floats, Ints
from semantix.terminology.matching.persistence import load_parts, save_parts

UNIT = np.float32(127)
LONGEST = 128
"""Tokens of a text that an ONNX model reads."""
ONNX, TOKENIZER, MODULES = "model.onnx", "tokenizer.json", "modules.json"
EXPECTED = f"expected {ONNX} with {TOKENIZER}, or a sentence-transformers model ({MODULES})"
_SHOWN = 5
_CHUNK = 1 << 20


class Embedder(Protocol):
    """What turns texts into vectors."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a unit vector a text, as rows."""
        ...


class Model(Struct, frozen=True):
    """An embedder and a digest of the files that it was read from."""

    embedder: Embedder
    key: str


# --- models in a folder ----------------------------------------------------------------------------------------------


class OnnxEmbedder:
    """An ONNX export: the mean of the vectors of the tokens, brought to length 1."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session, self._tokenizer = session, tokenizer
        self._inputs = frozenset(each.name for each in session.get_inputs())
        # A model that cannot embed fails here, while it is opened.
        self._nothing = np.zeros_like(self._one("a"))

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a unit vector a text, as rows."""
        return np.stack([self._one(text) if self._tokenizer.encode(text).ids else self._nothing for text in texts])

    def _one(self, text: str) -> Floats:
        encoded = self._tokenizer.encode(text)
        given = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        feed = {name: np.asarray([values], np.int64) for name, values in given.items() if name in self._inputs}
        vectors = np.asarray(self._session.run(None, feed)[0], np.float32)
        if vectors.ndim == 3:
            mask = np.asarray(encoded.attention_mask, np.float32)[None, :, None]
            vectors = (vectors * mask).sum(1) / np.maximum(mask.sum(1), 1)
        found: Floats = vectors[0] / np.maximum(np.linalg.norm(vectors[0]), np.float32(1e-9))
        return found


class SentenceEmbedder:
    """A sentence-transformers model, with the pooling that it names."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a unit vector a text, as rows."""
        found = self._model.encode(list(texts), batch_size=1, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)


def load_embedder(folder: Path) -> Embedder:
    """Open the model in a folder; nothing is downloaded.

    Raises BadStore when the folder holds no model, when the package that runs it is missing, or when it refuses it.
    """
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if {ONNX, TOKENIZER} <= names:
        runtime, tokenizers = _package("onnxruntime", "onnxruntime"), _package("tokenizers", "tokenizers")
        return _opened(folder, lambda: _onnx(folder, runtime, tokenizers))
    if MODULES in names:
        package = _package("sentence_transformers", "sentence-transformers")
        return _opened(
            folder,
            lambda: SentenceEmbedder(package.SentenceTransformer(str(folder), device="cpu", local_files_only=True)),
        )
    found = ", ".join(sorted(names)[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    raise BadStore(f"{folder.name}: no embedding model; found {found or 'nothing'}; {EXPECTED}")


def load_model(folder: Path) -> Model:
    """Open the model in a folder and digest its files. Raises BadStore as :func:`load_embedder` does."""
    return Model(load_embedder(folder), _digest(folder))


def _onnx(folder: Path, runtime: ModuleType, tokenizers: ModuleType) -> Embedder:
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=LONGEST)
    return OnnxEmbedder(runtime.InferenceSession(str(folder / ONNX), providers=["CPUExecutionProvider"]), tokenizer)


def _opened(folder: Path, read: Callable[[], Embedder]) -> Embedder:
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - tokenizers and onnxruntime raise Exception itself
        said = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise BadStore(f"{folder.name}: the embedding model cannot be opened ({said.strip()}); {EXPECTED}") from None


def _package(module: str, package: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError:
        raise BadStore(f"this embedding model needs the package {package}; install it beside semantix") from None


def _digest(folder: Path) -> str:
    """Digest the files of a model with their names."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


# --- labels near to a text -------------------------------------------------------------------------------------------


class EmbeddingIndex:
    """The labels of a target as vectors of integers (unit vectors times 127), one row a code."""

    def __init__(self, embedder: Embedder, vectors: Ints) -> None:
        self._embedder = embedder
        self._vectors = np.ascontiguousarray(vectors.astype(np.float32).T)
        self._labelled = vectors.any(1) if len(vectors) else np.zeros(0, np.bool_)

    @classmethod
    def build(cls, embedder: Embedder, labels: Sequence[str]) -> EmbeddingIndex:
        """Embed the labels; a code whose label is empty is never found."""
        return cls(embedder, embedded(embedder, labels))

    @classmethod
    def load(cls, embedder: Embedder, folder: Path) -> EmbeddingIndex:
        """Open what :func:`save_labels` wrote. Raises BadStore when it is damaged."""
        arrays, _ = load_parts(folder)
        if "vectors" not in arrays:
            raise BadStore(f"{folder.name}: damaged embeddings; remove the folder")
        return cls(embedder, arrays["vectors"])

    def nearest(self, texts: Sequence[str], kept: int) -> tuple[Ints, Floats]:
        """Return the codes with the nearest labels, best first, ties by place, and their cosines.

        Where there are fewer than ``kept`` with a cosine above 0, the code is -1; to an empty text nothing is near.
        """
        codes, cosines = np.full((len(texts), kept), -1, np.int32), np.zeros((len(texts), kept), np.float32)
        size = self._vectors.shape[1]
        if not any(text.strip() for text in texts) or not self._labelled.any():
            return codes, cosines
        sums = embedded(self._embedder, texts).astype(np.float32) @ self._vectors
        # One whole number says how near and, among equals, which comes first: no two are equal.
        keys = sums.astype(np.int64) * size + (size - 1 - np.arange(size))
        keys[:, ~self._labelled] = np.iinfo(np.int64).min
        width = min(kept, int(self._labelled.sum()))
        best = np.argpartition(keys, size - width, axis=1)[:, size - width :]
        order = np.argsort(np.take_along_axis(keys, best, 1), axis=1)[:, ::-1]
        best = np.take_along_axis(best, order, 1)
        heights = np.maximum(np.take_along_axis(sums, best, 1), 0)
        codes[:, :width], cosines[:, :width] = np.where(heights > 0, best, -1), heights / (UNIT * UNIT)
        return codes, cosines


def save_labels(embedder: Embedder, labels: Sequence[str], folder: Path) -> None:
    """Embed labels and write their vectors into an empty folder."""
    save_parts(folder, {"vectors": embedded(embedder, labels)}, {})


def embedded(embedder: Embedder, texts: Iterable[str]) -> Ints:
    """Return a row of integers a text, each text embedded alone; zeros for an empty one."""
    rows: dict[str, Ints] = {}
    given = tuple(texts)
    for text in given:
        if text.strip() and text not in rows:
            rows[text] = _whole(embedder.embed([text]))
    width = len(next(iter(rows.values()))) if rows else 1
    nothing = np.zeros(width, np.int8)
    return np.stack([rows.get(text, nothing) for text in given]) if given else np.zeros((0, width), np.int8)


def _whole(vectors: Floats) -> Ints:
    if vectors.ndim != 2 or len(vectors) != 1 or not np.isfinite(vectors).all() or np.abs(vectors).max() > 1.001:
        raise BadStore("the embedding model gives no unit vector for a text; is it a model for sentences?")
    return np.asarray(np.round(vectors[0] * UNIT), np.int8)


# --- more candidates for a matcher -----------------------------------------------------------------------------------


def added(near: Ints, found: Ints) -> Ints:
    """The codes found that are not near already, -1 in the place of the others."""
    again = (found[:, :, None] == near[:, None, :]).any(2)
    return np.asarray(np.where(again, -1, found), np.int32)


def chosen(codes: Ints, found: Ints, kept: int) -> tuple[Ints, Flags]:
    """The places to keep among candidates that come best first: those found, and the first ``kept`` of the others.

    Every row has a place for each of them; the second answer tells which places hold one.
    """
    there = codes >= 0
    fresh = (codes[:, :, None] == found[:, None, :]).any(2) & there
    wanted = fresh | (there & (np.cumsum(there & ~fresh, axis=1) <= kept))
    places = np.argsort(~wanted, axis=1, kind="stable")[:, : kept + found.shape[1]]
    return np.asarray(places, np.int32), np.take_along_axis(wanted, places, 1)


__all__ = ["Embedder", "EmbeddingIndex", "Model", "load_embedder", "load_model", "save_labels"]
