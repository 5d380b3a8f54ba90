"""One entry as the elements that every FHIR reader understands; only what was decided becomes a target."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.review.formats import conceptmap_r4 as r4
from semantix.review.formats import conceptmap_r5 as r5
from semantix.review.formats._conceptmap_extensions import Unreadable, extensions, field_types, ours, value_of
from semantix.review.formats._conceptmap_shape import Coding, Dependency, Element, Extension, MapTarget
from semantix.review.formats._conceptmap_terms import fhir_code, is_text, source_code, system_key, system_uri
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, Part, Relation, Source, State, Target

Groups = dict[tuple[str, str], Element]
"""The elements of one entry, by the URIs of their source and target systems."""

DECIDED = frozenset({State.ACCEPTED, State.REJECTED})
"""The states whose targets are written where others see them: as targets, or as refused."""

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {name: f"source-{name}" for name in ("unit", "specimen", "section", "sender")}
)
"""What of a source a mapping depends on, with the code of its attribute in R5."""

PRODUCTS: Mapping[str, Part] = MappingProxyType({f"target-{part}": part for part in Part if part is not Part.TARGET})
"""The parts of a source that a target may stand for, by the code of their attribute in R5."""

ATTRIBUTES = "https://semantix.invalid/fhir/attribute/"
"""How the URI of an attribute begins (R4 ``property``, R5 ``additionalAttribute.uri``); its code follows."""

COMMENTS: Mapping[str, str] = MappingProxyType(
    {
        "narrower": "The target is narrower than the source.",
        "inexact": "The target is close to the source, and not the same.",
        "source-is-broader-than-target": "The target is narrower than the source.",
        "not-related-to": "The target was refused for this source.",
    }
)
"""The comment that FHIR asks for where nobody left a note; dropped when it is read."""

_AMENDED = ("system", "code", "display", "relation", "refused", "created_by", "created_on")


class Dialect(Struct, frozen=True):
    """What R4 and R5 say differently."""

    release: str
    words: Mapping[Relation, str]
    refused: str
    commented: frozenset[str]

    @property
    def is_r5(self) -> bool:
        """Whether this is R5."""
        return self.release == "R5"

    def word(self, target: Target, state: State) -> str:
        """The word for what a target is to its source."""
        return self.refused if target.refused or state is State.REJECTED else self.words[target.relation]


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "R4": Dialect("R4", r4.EQUIVALENCES, r4.REFUSED, r4.COMMENTED),
        "R5": Dialect("R5", r5.RELATIONSHIPS, r5.REFUSED, r5.COMMENTED),
    }
)


def native(entry: Entry, dialect: Dialect) -> Groups:
    """The elements of an entry, one a target system, without the extensions of the elements."""
    origin, code = source_code(entry.source)
    judgement = entry.judgement if entry.judgement is not None and entry.state in DECIDED else Judgement()
    by_system: dict[str, list[MapTarget]] = {}
    if not (dialect.is_r5 and judgement.no_target):
        for target in _with_products(judgement, entry, dialect):
            by_system.setdefault(target[0], []).append(target[1])
    home = system_uri(entry.source.target) or next(iter(by_system), "")
    by_system.setdefault(home, [])
    no_map = judgement.no_target and entry.state is State.ACCEPTED
    if no_map and not dialect.is_r5:
        comment = judgement.note if is_text(judgement.note) else ""
        depends = _conditions(entry.source, dialect)
        by_system[home].append(MapTarget(equivalence=r4.NO_TARGET, comment=comment, depends_on=depends))
    display = entry.source.label if is_text(entry.source.label) else ""
    return {
        (origin, system): Element(
            code=code, display=display, no_map=no_map and dialect.is_r5 and system == home, target=tuple(targets)
        )
        for system, targets in by_system.items()
    }


def _with_products(judgement: Judgement, entry: Entry, dialect: Dialect) -> list[tuple[str, MapTarget]]:
    """The main targets, each with its system; values, units and so on are products of the first that is chosen."""
    conditions = _conditions(entry.source, dialect)
    products: tuple[Dependency, ...] = ()
    if entry.state is State.ACCEPTED:
        products = tuple(_product(each, dialect) for each in judgement.chosen if each.part is not Part.TARGET)
    written = []
    for target in judgement.targets:
        if target.part is not Part.TARGET or not fhir_code(target.code):
            continue
        word = dialect.word(target, entry.state)
        comment = judgement.note if is_text(judgement.note) else COMMENTS[word] if word in dialect.commented else ""
        made = MapTarget(
            code=fhir_code(target.code),
            display=target.display if is_text(target.display) else "",
            equivalence="" if dialect.is_r5 else word,
            relationship=word if dialect.is_r5 else "",
            comment=comment,
            depends_on=conditions,
            product=() if target.refused else products,
        )
        products = products if target.refused else ()
        system = system_uri(target.system)
        written.append((system, structs.replace(made, extension=_amendments(target, target_of(made, system)))))
    return written


def _conditions(source: Source, dialect: Dialect) -> tuple[Dependency, ...]:
    said = [(code, getattr(source, name)) for name, code in CONDITIONS.items()]
    if dialect.is_r5:
        return tuple(Dependency(attribute=code, value_string=text) for code, text in said if is_text(text))
    return tuple(Dependency(property=ATTRIBUTES + code, value=text) for code, text in said if is_text(text))


def _product(target: Target, dialect: Dialect) -> Dependency:
    attribute = f"target-{target.part}"
    system, code = system_uri(target.system), fhir_code(target.code) or "?"
    display = target.display if is_text(target.display) else ""
    if dialect.is_r5:
        made = Dependency(attribute=attribute, value_coding=Coding(system=system, code=code, display=display))
    else:
        made = Dependency(property=ATTRIBUTES + attribute, system=system, value=code, display=display)
    return structs.replace(made, extension=_amendments(target, product_of(made)))


def _amendments(target: Target, plain: Target) -> tuple[Extension, ...]:
    """What of a target FHIR's own elements do not say."""
    said: list[Extension] = []
    for name in _AMENDED:
        value = getattr(target, name)
        if value != getattr(plain, name):
            said += extensions(name, value)
    return tuple(said)


def target_of(found: MapTarget, system: str) -> Target:
    """A target as FHIR's own elements say it, or as our extensions of it do where these agree with them."""
    word = found.equivalence or found.relationship
    relation = r4.RELATIONS.get(word) or r5.RELATIONS.get(word) or Relation.EXACT
    refused = word in {r4.REFUSED, r5.REFUSED}
    plain = Target(
        system=system_key(system), code=found.code, display=found.display, relation=relation, refused=refused
    )
    said = _amended(plain, found.extension, (system, found.code, found.display))
    if refused or (not said.refused and word in {r4.EQUIVALENCES[said.relation], r5.RELATIONSHIPS[said.relation]}):
        return said
    return structs.replace(said, relation=relation, refused=refused)


def product_of(found: Dependency) -> Target:
    """A product as a target: what it stands for is told by its attribute. Raises KeyError for one that is not ours."""
    coding = found.value_coding or Coding(system=found.system, code=found.value, display=found.display)
    attribute = found.attribute or found.property.removeprefix(ATTRIBUTES)
    plain = Target(system=system_key(coding.system), code=coding.code, display=coding.display, part=PRODUCTS[attribute])
    return _amended(plain, found.extension, (coding.system, coding.code, coding.display))


def _amended(plain: Target, found: tuple[Extension, ...], written: tuple[str, str, str]) -> Target:
    if not found:
        return plain
    types = field_types(Target)
    said = {}
    for name, values in ours(found).items():
        if name in _AMENDED:
            try:
                said[name] = value_of(values, types[name])
            except Unreadable:
                continue
    amended = structs.replace(plain, **said)
    # Whoever changed the code after us was not speaking of our target.
    again = (system_uri(amended.system), fhir_code(amended.code) or "?", amended.display)
    same = again[:2] == (written[0], written[1] or "?") and (again[2] == written[2] or not is_text(again[2]))
    return amended if same else plain
