"""The layers of one rule set in the fast engine, compiled once and kept beside it.

A file that is kept has a checksum that includes the digest of the rule set: one of another rule set, or damaged,
is compiled again. So is every layer when the engine is another.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from lxml import etree

from semantix.io import Output
from semantix.resources import version
from semantix.validation.rulesets._failed import Verdict
from semantix.validation.rulesets._schema import Schema
from semantix.validation.rulesets.fast.compiling import FORM, FastLayer, compile_layer, dump, load
from semantix.validation.rulesets.fast.indexing import DocumentIndex, index
from semantix.validation.rulesets.fast.library import Library
from semantix.validation.rulesets.install import COMPILED, Installed
from semantix.validation.rulesets.layout import Layer

FAST = "fast"
Element = etree._Element
_SUM = hashlib.sha256().digest_size
_UNDERSTOOD = b"+"
_REFUSED = b"-"
"""Whether a file that is kept holds a layer, or the expressions for which it was refused."""


class Fast:
    """The fast engine over one rule set. ``schema`` reads the expanded schema of a layer that was not kept."""

    def __init__(self, ruleset: Installed, schema: Callable[[Layer], Schema]) -> None:
        self._top, self._schema = ruleset.top, schema
        self._digest = ruleset.manifest.digest.encode()
        self._kept = ruleset.folder / COMPILED / f"{FAST}-{_engine()}" if ruleset.kept else None
        self._library = Library(ruleset.top)
        self._layers: dict[str, FastLayer | tuple[str, ...]] = {}
        self._index: DocumentIndex | None = None

    def unsupported(self, layer: Layer) -> tuple[str, ...]:
        """The expressions that keep a layer from being run. Raises UnreadableInput when a part of it is missing."""
        ready = self._ready(layer)
        return ready if isinstance(ready, tuple) else ()

    def check(self, layer: Layer, root: Element) -> Verdict:
        """Run a layer of which all is understood. The index of the last document is kept for its next layer."""
        ready = self._ready(layer)
        assert isinstance(ready, FastLayer)
        if self._index is None or self._index.root is not root:
            self._index = index(root)
        return ready.check(self._index)

    def forget(self) -> None:
        """Let go of the last document."""
        self._index = None

    def _ready(self, layer: Layer) -> FastLayer | tuple[str, ...]:
        if layer.name not in self._layers:
            base = (self._top / layer.path).parent
            ready = self._read(layer, base)
            if ready is None:
                compiled = compile_layer(self._schema(layer), layer.name, self._library, base)
                ready = compiled.unsupported or compiled
                self._keep(layer, ready)
            self._layers[layer.name] = ready
        return self._layers[layer.name]

    def _read(self, layer: Layer, base: Path) -> FastLayer | tuple[str, ...] | None:
        if self._kept is None:
            return None
        try:
            data = (self._kept / layer.name).read_bytes()
        except OSError:
            return None
        checksum, kind, content = data[:_SUM], data[_SUM : _SUM + 1], data[_SUM + 1 :]
        if checksum != self._checksum(kind + content):
            return None
        if kind == _UNDERSTOOD:
            return load(content, self._library, base)
        return msgspec.msgpack.decode(content, type=tuple[str, ...])

    def _keep(self, layer: Layer, ready: FastLayer | tuple[str, ...]) -> None:
        if self._kept is None:
            return
        content = (
            _UNDERSTOOD + dump(ready) if isinstance(ready, FastLayer) else _REFUSED + msgspec.msgpack.encode(ready)
        )
        if not self._kept.exists():
            _clear(self._kept.parent)
        # A rule set that may only be read is compiled in each process: slower, not wrong.
        with suppress(OSError), Output(self._kept / layer.name) as file:
            file.write(self._checksum(content) + content)

    def _checksum(self, content: bytes) -> bytes:
        return hashlib.sha256(self._digest + content).digest()


def _engine() -> str:
    """Which engine this is: its form, its version, and its own sources, so that no layer outlives a change of them."""
    here = Path(__file__).parent
    sha = hashlib.sha256(f"{FORM} {version()}".encode())
    for path in (*sorted(here.glob("*.py")), *sorted((here / FAST).glob("*.py"))):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:12]


def _clear(folder: Path) -> None:
    """Remove what other engines kept."""
    for other in folder.glob(f"{FAST}-*"):
        shutil.rmtree(other, ignore_errors=True)
