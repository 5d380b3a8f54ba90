"""What is prescribed: a speciality, a substance, a preparation, or several mixed.

Source: Interop'Santé, "Guide d'implémentation du médicament", transformation PN13 to FHIR (types of component).
"""

from __future__ import annotations

from semantix.model import Concept, Ingredient, Product, Quantity, Ratio
from semantix.parsers._book import local_system
from semantix.parsers.pn13.desk import Desk
from semantix.parsers.pn13.tree import Node

UNKNOWN_COMPONENT = "SX434"
UCD, CIP, MV = "1.2.250.1.213.2.62", "1.2.250.1.213.2.3.2", "1.2.250.1.213.2.59"
_SPECIALITIES = frozenset({"1", "2", "5", "6"})
_OURS = frozenset({"4", "7"})
"""Preparations of the hospital or for one patient: their codes mean something there alone."""
_MEDICABASE = "14"
_LAST = 14
_DOSE = frozenset({"dose", "doses"})
_YES = frozenset({"1", "true"})


class Component:
    """One ``Composant_prescrit``: its type (1 speciality, 3 substance...), code, label and amount."""

    __slots__ = ("amount", "code", "is_vehicle", "kind", "label", "node")

    def __init__(self, desk: Desk, node: Node) -> None:
        self.node = node
        self.kind, code = _typed(node)
        self.label = node.word("libelle_composant")
        self.amount = desk.quantity(node.first("quantite_composant_prescrite"))
        self.is_vehicle = node.word("vehicule") in _YES
        self.code = _concept(desk, code, self.kind, self.label)
        if self.code is None and not self.label:
            desk.book.doubt(UNKNOWN_COMPONENT, node.path, "a component with neither a code nor a label")


def _typed(node: Node) -> tuple[str, Node | None]:
    """The type of a component and the element of its code, whose names end with the type."""
    for number in map(str, range(1, _LAST + 1)):
        code = node.first(f"code_composant_{number}")
        if code is not None and code.text:
            return number, code
    for number in map(str, range(1, _LAST + 1)):
        if node.word(f"type_composant_{number}"):
            return number, None
    code = node.first("code_composant")
    return node.word("type_composant"), code if code is not None and code.text else None


def _concept(desk: Desk, code: Node | None, kind: str, label: str) -> Concept | None:
    if code is None:
        return None
    coding = desk.coding(code, system=_system(desk, code, kind))
    return desk.book.concept(code.path, coding, text=label or None)


def _system(desk: Desk, code: Node, kind: str) -> str:
    if code.nomenclature:
        return desk.system(code)
    digits = len(code.text) if code.text.isascii() and code.text.isdigit() else 0
    if kind in _SPECIALITIES and digits in (7, 13):
        return CIP if code.text.startswith("34009") and digits == 13 else UCD
    if kind == _MEDICABASE:
        return MV
    owner = desk.practice if kind in _OURS or not kind else "phast"
    return local_system(f"{owner} composant {kind}")


def product(desk: Desk, line: Node) -> Product | None:
    """The product of a prescription line; several components are the ingredients of one."""
    components = [Component(desk, node) for node in line.all("composant_prescrit")]
    form = desk.concept(line.first("forme"))
    path = f"{line.path}/produit"
    if not components:
        return Product(at=desk.book.spot(path), path=path, form=form) if form is not None else None
    if len(components) == 1:
        return _single(desk, line, components[0], form)
    label = " + ".join(one.label for one in components if one.label)
    return Product(
        at=desk.book.spot(path),
        path=path,
        name=label or None,
        form=form,
        ingredients=tuple(_ingredient(desk, one) for one in components),
    )


def _single(desk: Desk, line: Node, one: Component, form: Concept | None) -> Product:
    """A product by itself. Its amount is that of each dose: it is kept when no instruction says as much."""
    told = {q.word("unite").lower() for q in _amounts(line)}
    needed = one.amount is not None and (not told or bool(told & _DOSE))
    return Product(
        at=desk.book.spot(one.node.path),
        path=one.node.path,
        code=one.code,
        name=one.label or None,
        form=form,
        ingredients=(_ingredient(desk, one),) if needed else (),
    )


def _amounts(line: Node) -> list[Node]:
    return [q for each in line.all("element_posologie") for q in each.all("quantite") if q.word("nombre")]


def _ingredient(desk: Desk, one: Component) -> Ingredient:
    """A component, with its amount in one dose of the mixture."""
    strength = None
    if one.amount is not None:
        spot = desk.book.spot(f"{one.node.path}/dose")
        strength = Ratio(one.amount, Quantity(desk.number("1"), "dose", spot), spot)
    return Ingredient(desk.book.spot(one.node.path), one.code, one.label or None, strength, active=not one.is_vehicle)


def is_fixed(line: Node) -> bool:
    """True when one of the components may not be replaced."""
    return any(one.word("non_substituable") in _YES for one in line.all("composant_prescrit"))
