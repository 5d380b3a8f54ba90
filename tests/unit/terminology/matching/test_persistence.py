"""Learned parts on disk."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from semantix.errors import BadStore
from semantix.terminology.matching.persistence import load_parts, save_parts

ARRAYS = {"b": np.arange(6, dtype=np.int32), "a": np.ones((2, 2), np.float32)}
WORDS = {"codes": ["A00", "A01"], "count": 2}


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    save_parts(tmp_path, ARRAYS, WORDS)
    arrays, words = load_parts(tmp_path)
    assert {name: array.tolist() for name, array in arrays.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    assert (words["codes"], words["count"]) == (["A00", "A01"], 2)


def test_the_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name, arrays in (("one", ARRAYS), ("other", dict(reversed(list(ARRAYS.items()))))):
        folder = tmp_path / name
        folder.mkdir()
        save_parts(folder, arrays, dict(reversed(list(WORDS.items()))) if name == "other" else WORDS)
        contents.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert contents[0] == contents[1]


def test_a_missing_array_is_damage(tmp_path: Path) -> None:
    save_parts(tmp_path, ARRAYS, WORDS)
    (tmp_path / "a.npy").unlink()
    with pytest.raises(BadStore, match="damaged learned parts"):
        load_parts(tmp_path)


def test_a_cut_array_is_damage(tmp_path: Path) -> None:
    save_parts(tmp_path, ARRAYS, WORDS)
    (tmp_path / "b.npy").write_bytes((tmp_path / "b.npy").read_bytes()[:100])
    with pytest.raises(BadStore, match="damaged learned parts"):
        load_parts(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\x80"])
def test_words_that_are_not_ours_are_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words.msgpack").write_bytes(content)
    with pytest.raises(BadStore, match="damaged learned parts"):
        load_parts(tmp_path)


def test_an_array_of_objects_is_never_unpickled(tmp_path: Path) -> None:
    save_parts(tmp_path, ARRAYS, WORDS)
    np.save(tmp_path / "a.npy", np.asarray([{}], object), allow_pickle=True)
    with pytest.raises(BadStore, match="damaged learned parts"):
        load_parts(tmp_path)


def test_parts_of_another_format_are_told(tmp_path: Path) -> None:
    (tmp_path / "words.msgpack").write_bytes(msgspec.msgpack.encode({"format": 0, "arrays": []}))
    with pytest.raises(BadStore, match="another format"):
        load_parts(tmp_path)


def test_an_absent_folder_is_damage(tmp_path: Path) -> None:
    with pytest.raises(BadStore, match="damaged learned parts"):
        load_parts(tmp_path / "nowhere")
