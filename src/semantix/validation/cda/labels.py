"""Labels: the displayName and the text of a coded element mean what its code means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from semantix.parsers.cda.context import folded
from semantix.systems import BY_OID, System
from semantix.validation._cda import V3, Cda, Element, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda import labels_words as words
from semantix.validation.code_forms import shown
from semantix.validation.wordings import KINDS, NEGATION, Contradiction, are_strangers, contradiction, meaning, named_by

RULES: tuple[RuleInfo, ...] = words.RULES

LONGEST = 160
"""A passage of more characters says more than the name of one thing."""
_PROBLEM = "1.3.6.1.4.1.19376.1.5.3.1.4.5"
_READ = frozenset(
    {
        "loinc", "snomed", "cim10", "cim11", "cimo3", "atc", "ccam", "ncit", "nabm", "ngap", "lpp", "cis", "cip", "ucd",
        "emdn", "cladimed", "orpha", "adicap", "cisp2", "ta-asip", "edqm", "icf", "drc", "mv", "ansm-reagents",
    }
)  # fmt: skip
"""Systems whose codes a person cannot read without a label."""
_ONE_NAME = frozenset({"ta-asip", "tre-a01", "tre-a02", "tre-r02", "tre-r66", "tre-r213"})
"""Systems of one publisher in one language, whose codes have one label."""
_ADMINISTRATIVE = frozenset({"tre-a01", "tre-a02", "tre-r02", "tre-r66", "tre-r213", "document-type"})
_CLASSES = frozenset({"atc", "cis", "cip", "ucd", "lpp", "mv"})
"""Medicines and devices: a name of a product or of a class may well stand beside the code of the other."""

_Verdict = tuple[RuleInfo, Mapping[str, str]]


def check(cda: Cda) -> Iterator[Finding]:
    """Find labels and texts that do not mean what their codes mean."""
    displays: defaultdict[tuple[System, str], dict[str, list[Element]]] = defaultdict(dict)
    bare: dict[tuple[str, str], Element] = {}
    for element in cda.coded:
        system = BY_OID.get(element.get("codeSystem", ""))
        code = element.get("code")
        if system is None or not code:
            continue
        display = element.get("displayName")
        if display:
            displays[system, code].setdefault(display, []).append(element)
        elif system.key in _READ and child(element, f"{V3}originalText") is None:
            bare.setdefault((system.key, code), element)
    yield from _displays(cda, displays)
    for element, text in _texts(cda):
        yield from _text(cda, element, text)
    for element in bare.values():
        path, line = cda.place(element)
        yield finding(words.NO_DISPLAY, path, line, **_facts(element))


def _facts(element: Element) -> dict[str, str]:
    system = BY_OID[element.get("codeSystem", "")]
    return {"code": shown(element.get("code", "")), "system": system.title}


# --- displayName --------------------------------------------------------------------------------------------------


def _displays(cda: Cda, displays: Mapping[tuple[System, str], Mapping[str, list[Element]]]) -> Iterator[Finding]:
    for (system, code), named in displays.items():
        labels = cda.terms.labels(system, code)
        wrong = set()
        for display, elements in named.items():
            verdict = _display(cda, system, code, display, labels)
            if verdict is not None:
                wrong.add(display)
                for element in elements:
                    yield _found(cda, element, verdict, "displayName")
        if len(named) > 1:
            right = [display for display in named if display not in wrong]
            yield from _several(cda, named, right, has_one_name=system.key in _ONE_NAME and not labels)


def _display(cda: Cda, system: System, code: str, display: str, labels: tuple[str, ...]) -> _Verdict | None:
    other = named_by(code, display) if system.key == "cim10" else ""
    if other:
        return words.RESIDUAL, {"other": other}
    if not labels:
        return None
    against = contradiction(display, labels)
    if against is not None:
        return words.DISPLAY, {"said": against.said, "meant": against.meant}
    others = _of_another(cda, system, code, display, labels)
    if others:
        return words.OTHER_LABEL, {"other": others}
    is_strange = system.key in _ONE_NAME and all(are_strangers(display, label) for label in labels)
    return (words.STRANGE, {}) if is_strange else None


def _several(
    cda: Cda, named: Mapping[str, list[Element]], right: list[str], *, has_one_name: bool
) -> Iterator[Finding]:
    for place, display in enumerate(right):
        for before in right[:place]:
            against = contradiction(display, (before,))
            if against is not None:
                yield _found(cda, named[display][0], (words.SEVERAL, _kind(against)), "displayName")
                break
            if has_one_name and are_strangers(display, before):
                yield _found(cda, named[display][0], (words.STRANGE, {}), "displayName")
                break


def _of_another(cda: Cda, system: System, code: str, wording: str, labels: tuple[str, ...]) -> str:
    """The other code that has a wording for its name, when the labels of the code share no word with it."""
    if system.key in _CLASSES or any(meaning(wording) & meaning(label) for label in labels):
        return ""
    codes = cda.terms.codes_of(system, wording)
    family = 3 if system.key == "cim10" else None
    if len(codes) != 1 or any(each[:family] == code[:family] for each in codes):
        return ""
    return codes[0]


# --- texts --------------------------------------------------------------------------------------------------------


def _texts(cda: Cda) -> Iterator[tuple[Element, str]]:
    """Coded elements with their own text: an originalText, or the text of a problem whose value has none."""
    for original in cda.by_name.get("originalText", ()):
        coded = original.getparent()
        text = _words(cda, original) if coded is not None and coded.get("code") else None
        if coded is not None and text:
            yield coded, text
    for observation in cda.templates.get(_PROBLEM, ()):
        value = child(observation, f"{V3}value")
        if value is None or not value.get("code") or child(value, f"{V3}originalText") is not None:
            continue
        said = child(observation, f"{V3}text")
        text = _words(cda, said) if said is not None else None
        if text:
            yield value, text


def _words(cda: Cda, element: Element) -> str | None:
    reference = child(element, f"{V3}reference")
    if reference is None:
        return folded(element)
    target = cda.anchors.get(reference.get("value", "").removeprefix("#"))
    return folded(target) if target is not None else None


def _text(cda: Cda, element: Element, text: str) -> Iterator[Finding]:
    system = BY_OID.get(element.get("codeSystem", ""))
    if system is None or len(text) > LONGEST or system.key in _ADMINISTRATIVE:
        return
    display, code = element.get("displayName", ""), element.get("code", "")
    other = named_by(code, text) if system.key == "cim10" else ""
    if other:
        yield _found(cda, element, (words.RESIDUAL, {"other": other}), "code")
        return
    if display and display.casefold() == text.casefold():
        return
    labels = (display, *cda.terms.labels(system, code)) if display else cda.terms.labels(system, code)
    if not labels:
        return
    against = contradiction(text, labels)
    if against is not None and not (against.kind == NEGATION and _may_deny(element)):
        yield _found(cda, element, (words.TEXT, _kind(against)), "code")


def _kind(against: Contradiction) -> dict[str, str]:
    """What two wordings of the document differ in; the words themselves are not told: they may name anybody."""
    english, french = KINDS[against.kind]
    return {"kind_en": english, "kind_fr": french}


def _may_deny(element: Element) -> bool:
    """Does the statement deny what its text denies: by its negationInd, or by a value beside its code."""
    statement = element.getparent()
    return element.tag != f"{V3}value" or (statement is not None and statement.get("negationInd") == "true")


def _found(cda: Cda, element: Element, verdict: _Verdict, attribute: str) -> Finding:
    rule, facts = verdict
    path, line = cda.place(element, attribute)
    return finding(rule, path, line, **_facts(element), **facts)
