"""The reference engine: the official Schematron files as they are, through the official pipeline, in SaxonC.

``iso_dsdl_include``, ``iso_abstract_expand`` and ``iso_svrl_for_xslt2`` of the rule set itself make a stylesheet of a
file; it is run as if it lay beside the file, because the paths of value sets and terminologies start there: elsewhere
``doc-available`` is false, and a layer passes everything. SaxonC is an optional extra.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lxml import etree

from semantix.errors import BadRuleSet
from semantix.io import Output
from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets._places import Places
from semantix.validation.rulesets._schema import Assert, Let, Schema, rule_id
from semantix.validation.rulesets.layout import ENGINE, STEPS, Layer

NAME = "saxon"
FORMAT = 1
"""To be raised when the same files would make another stylesheet."""
Element = etree._Element
Schemas = Callable[[], Schema]
"""The expanded schema of a layer, read only when something failed."""
_MODULE = "saxonche"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
_CODE = re.compile(r"^\s*([A-Z]{4}\d{4})\b", re.MULTILINE)
_UNKNOWN = "XSLT error"
_LITERAL = re.compile(r"""('[^']*'|"[^"]*")""")
_FAR = 5
"""How far a variable is followed to its constant."""
Lets = Mapping[str, str]
_NONE: Lets = MappingProxyType({})
_SPACES = re.compile(r"(\s+)")
VALUE = "…"
"""What stands for a value of the document."""


def available() -> bool:
    """Tell whether SaxonC is installed."""
    return importlib.util.find_spec(_MODULE) is not None


class Saxon:
    """The layers of one rule set, compiled as they are asked for. Not to be shared between threads or processes."""

    def __init__(self, top: Path, cache: Path | None = None) -> None:
        """``cache`` is where stylesheets are kept from one process to the next. Raises BadRuleSet without SaxonC."""
        if not available():
            raise BadRuleSet(
                "SaxonC, the reference engine of the official rules, is not installed; "
                "install it with `pip install semantix[saxon]`, or leave out the engine"
            )
        self._module: Any = importlib.import_module(_MODULE)
        self._processor: Any = self._module.PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_PROTOCOLS, "file")
        self._top, self._cache = top.resolve(), cache
        self._steps: dict[str, Any] = {}
        self._layers: dict[str, Any] = {}

    def check(self, layer: Layer, root: Element, schema: Schemas) -> Verdict:
        """Run one layer over a document. A dynamic error stops the layer: it is the one thing that is then said.

        Raises BadRuleSet when the layer itself cannot be compiled.
        """
        executable = self._executable(layer)
        text = etree.tostring(root, encoding="unicode", with_tail=False)
        with _silenced() as said:
            try:
                node = self._processor.parse_xml(xml_text=text)
                report = executable.transform_to_string(xdm_node=node)
            except self._module.PySaxonApiError:
                report = None
        if report is None:
            reason = _code(said.pop())
            return Verdict(
                layer=layer.name,
                engine=NAME,
                errors=(RuleError(layer=layer.name, location="", rule="", reason=reason),),
            )
        return Verdict(layer=layer.name, engine=NAME, failed=tuple(_failures(report, layer.name, root, schema)))

    def _executable(self, layer: Layer) -> Any:
        if layer.name not in self._layers:
            stylesheet = etree.fromstring(self._stylesheet(layer).encode(), etree.XMLParser(huge_tree=True))
            stylesheet.set(_XML_BASE, (self._top / layer.path).as_uri())
            text = etree.tostring(stylesheet, encoding="unicode")
            with self._explained(layer):
                compiled = self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=text)
            compiled.set_save_xsl_message(False)
            self._layers[layer.name] = compiled
        return self._layers[layer.name]

    def _stylesheet(self, layer: Layer) -> str:
        cached = None if self._cache is None else self._cache / f"{layer.name}.{FORMAT}.xsl"
        if cached is not None and cached.is_file():
            with suppress(OSError, UnicodeDecodeError, etree.XMLSyntaxError):
                text = cached.read_text("utf-8")
                etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True))
                return text
        with self._explained(layer):
            text = self._made(layer)
        if cached is not None:
            with suppress(OSError), Output(cached) as file:
                file.write(text.encode())
        return text

    def _made(self, layer: Layer) -> str:
        include, *others = STEPS
        text: str = self._step(include).transform_to_string(source_file=str(self._top / layer.path))
        for name in others:
            text = self._step(name).transform_to_string(xdm_node=self._processor.parse_xml(xml_text=text))
        return text

    def _step(self, name: str) -> Any:
        if name not in self._steps:
            path = str(self._top / ENGINE / name)
            self._steps[name] = self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=path)
        return self._steps[name]

    @contextmanager
    def _explained(self, layer: Layer) -> Iterator[None]:
        told = ""
        with _silenced() as said:
            try:
                yield
            except self._module.PySaxonApiError as error:
                # No document is at hand yet: what is told quotes rules only.
                told = f"{error}\n"
        if told:
            words = f"layer {layer.name} cannot be compiled by SaxonC ({_code(said.pop() + told)})"
            raise BadRuleSet(f"{layer.path}: {words}; install the whole rule set again") from None


@contextmanager
def _silenced() -> Iterator[list[str]]:
    """What SaxonC writes to the standard error by itself quotes the document: it is kept from it, and given back."""
    said: list[str] = []
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):
        yield ["", *said]
        return
    with tempfile.TemporaryFile() as file:
        try:
            os.dup2(file.fileno(), 2)
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))


def _code(said: str) -> str:
    """The code of the first error; what follows it may quote the document."""
    found = _CODE.search(said)
    return found.group(1) if found else _UNKNOWN


def _failures(report: str, layer: str, root: Element, schema: Schemas) -> Iterator[Failed]:
    pattern = context = ""
    places = Places(root)
    asserts: Asserts | None = None
    for each in etree.fromstring(report.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False)):
        if each.tag == f"{_SVRL}active-pattern":
            pattern = each.get("id", "")
        elif each.tag == f"{_SVRL}fired-rule":
            context = each.get("context", "")
        elif each.tag in {f"{_SVRL}failed-assert", f"{_SVRL}successful-report"}:
            asserts = asserts or Asserts(layer, schema())
            text = each.find(f"{_SVRL}text")
            message = "" if text is None else " ".join("".join(map(str, text.itertext())).split())
            location, line = places.canonical(each.get("location", ""))
            rule, shown = asserts.find((pattern, context), message)
            role = each.get("role", "")
            yield Failed(layer=layer, location=location, role=role, message=message, shown=shown, rule=rule, line=line)


class Asserts:
    """Finds the assert that wrote a message: the reports of the official pipeline do not name it."""

    def __init__(self, layer: str, schema: Schema) -> None:
        self._layer = layer
        self._asserts: dict[tuple[str, str], list[tuple[Assert, Lets]]] = {}
        everywhere = {let.name: let.value for let in schema.lets}
        for pattern in schema.patterns:
            for rule in pattern.rules:
                lets = everywhere | {each.name: each.value for each in rule.body if isinstance(each, Let)}
                among = self._asserts.setdefault((pattern.id, " ".join(rule.context.split())), [])
                among += [(each, lets) for each in rule.body if isinstance(each, Assert)]

    def find(self, rule: tuple[str, str], message: str) -> tuple[str, str]:
        """The stable name of the assert, and its text without values of the document; ``("", "…")`` if none is."""
        pattern, context = rule[0], " ".join(rule[1].split())
        for each, lets in self._asserts.get((pattern, context), ()):
            if _wording(each).fullmatch(message):
                return rule_id(self._layer, pattern, context, each.test), shown(each, lets)
        return "", VALUE


def shown(found: Assert, lets: Lets = _NONE) -> str:
    """The text of an assert with each value of the document as ``…``; constants of the rules are no such values."""
    parts = (part.text if part.kind == "text" else _constant(part.text, lets) for part in found.parts)
    return " ".join("".join(parts).split())


def _constant(expression: str, lets: Lets) -> str:
    for _ in range(_FAR):
        text = expression.strip()
        constant = _LITERAL.fullmatch(text)
        if constant:
            return constant.group(1)[1:-1]
        if not text.startswith("$") or text[1:] not in lets:
            break
        expression = lets[text[1:]]
    return VALUE


def _wording(found: Assert) -> re.Pattern[str]:
    """What the messages of an assert look like: its own words, with anything for values."""
    parts = (_words(part.text) if part.kind == "text" else ".*" for part in found.parts)
    return re.compile("".join(parts), re.DOTALL)


def _words(text: str) -> str:
    return "".join(r"\s*" if piece.isspace() else re.escape(piece) for piece in _SPACES.split(text) if piece)
