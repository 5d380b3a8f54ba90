"""From a store to a matcher: which names of a target are learned from, by which matcher, and where that is kept."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from semantix.errors import BadStore
from semantix.resources import data_dir
from semantix.terminology.calibration import Calibration
from semantix.terminology.drugs import DrugLexicon, load_drug_lexicon
from semantix.terminology.labs import parse_analytes
from semantix.terminology.learned import keep
from semantix.terminology.lexicon import Lexicon
from semantix.terminology.loinc_names import LoincName
from semantix.terminology.matching import Example, Matcher
from semantix.terminology.matching.drug_index import Speciality
from semantix.terminology.matching.drugs import DrugMatcher
from semantix.terminology.matching.embedding import EmbeddingIndex, Model, save_labels
from semantix.terminology.matching.lab_names import CuratedLab, Entry, Resources
from semantix.terminology.matching.labs import LabMatcher
from semantix.terminology.matching.learning import Target, learn_wording
from semantix.terminology.matching.names import SAI, parse_name
from semantix.terminology.matching.parts import CURATED
from semantix.terminology.matching.sharing import unite
from semantix.terminology.matching.wording import WordingMatcher
from semantix.terminology.records import Concept
from semantix.terminology.store import Store
from semantix.terminology.tables import Tables
from semantix.terminology.units import parse_units
from semantix.terminology.verbatim import Verbatim

LEARNING = 5
"""To be raised when the same names would be learned otherwise."""
EMBEDDING = 1
"""To be raised when the same labels would be embedded otherwise."""
UNMATCHED = frozenset({"exclusion", "note"})
LEXICON_FILES = (
    "abbreviations", "synonyms", "phrases", "drug_forms", "drug_words", "analytes", "molar", "plausibility",
)  # fmt: skip
FAMILY: Mapping[str, int] = MappingProxyType({"cim10": 3, "ccam": 4, "cisp2": 1, "atc": 5})
"""How many first characters of a code name its family; three elsewhere."""
AXES = re.compile(r"\[.+\]|:.+:")
"""What a name of LOINC holds when it tells the property: ``[Masse/Volume]``, ``:MCnc:Sér:``."""
LAB_NAMES = "names.msgpack"
LabNames = tuple[tuple[str, ...], tuple[LoincName, ...], tuple[Entry, ...]]
Tell = Callable[[str], None]


class Served(Struct, frozen=True):
    """A target ready to be asked; ``displays`` are the labels of its codes, where the matcher has them at hand."""

    codes: tuple[str, ...]
    verbatim: Verbatim
    matcher: Matcher
    calibration: Calibration
    displays: Mapping[str, str] = MappingProxyType({})


class Ground(Struct, frozen=True):
    """What serving starts from; ``tables`` are those that matchers learn from: those of ``mappings``.

    ``embeddings`` is a model that finds more candidates for the generic matcher; by default there is none.
    """

    store: Store
    tables: Tables
    mappings: Path
    embeddings: Model | None = None


def key_of(ground: Ground, target: str) -> str:
    """The key of what is learned for a target: everything that it depends on, digested."""
    lexicon = ground.mappings / "lexicon"
    files = [
        (name, hashlib.sha256((lexicon / f"{name}.tsv").read_bytes()).hexdigest())
        for name in LEXICON_FILES
        if (lexicon / f"{name}.tsv").is_file()
    ]
    systems = (target, "cis", "cip") if target == "atc" else (target,)
    said = [LEARNING, target, ground.store.fingerprint(systems), sorted(ground.tables.versions), files]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def serve(ground: Ground, target: str, tell: Tell) -> Served:
    """Open the matcher of a target; learn it first when that was not done. Raises BadStore for an unknown target."""
    folder = learned(ground, target, tell)
    served = OPENERS.get(target, open_wording)(ground, target, folder)
    if ground.embeddings is not None and isinstance(served.matcher, WordingMatcher):
        served.matcher.retriever = retriever(ground, target, served.matcher.labels(), tell)
    return served


def learned(ground: Ground, target: str, tell: Tell) -> Path:
    """The folder of what is learned for a target, after learning it if need be. Raises BadStore for an unknown one."""
    if target not in ground.store.systems():
        known = ", ".join(ground.store.systems()) or "nothing"
        raise BadStore(f"the store has no terminology {target!r}; it has {known}; import one that defines it")
    maker = MAKERS.get(target, make_wording)

    def write(folder: Path) -> None:
        tell(target)
        maker(ground, target, folder, tell)

    return keep(ground.store.folder, target, key_of(ground, target), write)


def names_of(ground: Ground, target: str, codes: Mapping[str, int]) -> Iterator[tuple[int, str, str]]:
    """French names of the active codes, each code's label first; those in other languages where there is none."""
    for term, _ in ground.store.terms(target):
        if term.code in codes and term.text.strip() and term.kind not in UNMATCHED and term.lang.startswith("fr"):
            yield codes[term.code], term.text, term.kind


def curated_names(tables: Tables, target: str, codes: Mapping[str, int]) -> Iterator[tuple[int, str, str]]:
    """Curated wordings that hold whatever the section."""
    for row in tables.rows(target):
        if row.target in codes and not row.section and not row.sender and row.predicate in {"exactMatch", "broadMatch"}:
            yield codes[row.target], row.label, CURATED


# --- CIM-10, CCAM, CISP-2 and all others -----------------------------------------------------------------------------


def target_of(ground: Ground, target: str) -> Target:
    """Gather what the generic matcher learns from."""
    concepts = [concept for concept in ground.store.concepts(target) if concept.active and concept.display.strip()]
    codes = {concept.code: place for place, concept in enumerate(concepts)}
    names = list(names_of(ground, target, codes))
    labelled = {code for code, _, kind in names if kind == "preferred"}
    names = [
        (place, concept.display, "preferred") for place, concept in enumerate(concepts) if place not in labelled
    ] + names
    order = {"preferred": 0}
    indexed = [name for name in names if name[2] != "short"]
    indexed += curated_names(ground.tables, target, codes)
    indexed.sort(key=lambda name: (name[0], order.get(name[2], 1), name[2], name[1]))
    width = FAMILY.get(target, 3)
    families: dict[str, int] = {}
    prefixes = {concept.code[:size] for concept in concepts for size in range(1, len(concept.code))}
    return Target(
        codes=tuple(codes),
        names=tuple(indexed),
        shorts=tuple((code, text) for code, text, kind in names if kind == "short"),
        family=tuple(families.setdefault(concept.code[:width], len(families)) for concept in concepts),
        flags=tuple(
            (concept.code[-1:] == "8") | (concept.code[-1:] == "9") << 1 | concept.assignable << 2
            | (concept.code in prefixes) << 3
            for concept in concepts
        ),
        residual=residuals(concepts),
    )  # fmt: skip


def residuals(concepts: Sequence[Concept]) -> tuple[int, ...]:
    """For each code that may not be recorded, the place of the code below it that says no more, else -1.

    That is the child with the same words, "sans précision" or "siège non précisé" aside; else the one that adds only
    "fermée" (CIM-10, chapter XIX: a fracture not said to be open is closed); else the child that ends in 9.
    """
    place = {concept.code: at for at, concept in enumerate(concepts)}
    ordered = sorted(place)
    found = [-1] * len(concepts)
    for at, concept in enumerate(concepts):
        if concept.assignable:
            continue
        start = bisect_left(ordered, concept.code) + 1
        below = []
        while start < len(ordered) and ordered[start].startswith(concept.code):
            child = concepts[place[ordered[start]]]
            if child.assignable:
                below.append(child)
            start += 1
        chosen = _says_no_more(concept, below)
        found[at] = place[chosen.code] if chosen is not None else -1
    return tuple(found)


def _says_no_more(concept: Concept, below: Sequence[Concept]) -> Concept | None:
    words = set(parse_name(concept.display).required)
    said = [(child, parse_name(child.display)) for child in below]
    for more in (set(), {"ferm"}):
        for child, name in said:
            if set(name.required) == words | more and (more or SAI in name.optional):
                return child
    return next((child for child in below if child.code in {f"{concept.code}.9", f"{concept.code}9"}), None)


def make_wording(ground: Ground, target: str, folder: Path, tell: Tell) -> None:
    """Learn the generic matcher."""
    gathered = target_of(ground, target)
    if not gathered.codes:
        raise BadStore(f"{target}: no active code has a label; import a release with labels, not only codes")
    if not any(parse_name(text).required for _, text, _ in gathered.names):
        raise BadStore(f"{target}: no label has a word; there is nothing to match on")
    learn_wording(gathered, Lexicon.load(ground.mappings / "lexicon"), tell=tell).save(folder)
    shorts = ((code, text, "short") for code, text in gathered.shorts)
    Verbatim.build(chain((name for name in gathered.names if name[2] != CURATED), shorts)).save(folder)


def open_wording(ground: Ground, target: str, folder: Path) -> Served:
    """Open the generic matcher."""
    matcher = WordingMatcher.load(folder, Lexicon.load(ground.mappings / "lexicon"))
    calibration = Calibration.fit(matcher.examples())
    return Served(tuple(matcher.parts.codes), Verbatim.load(folder), matcher, calibration, matcher.parts.labels())


def retriever(ground: Ground, target: str, labels: Sequence[str], tell: Tell) -> EmbeddingIndex:
    """Open the labels of a target as the model of the ground embeds them; embed them first when that was not done."""
    model = ground.embeddings
    assert model is not None, "no model was given"
    name = f"{target}-embeddings"

    def write(folder: Path) -> None:
        tell(name)
        save_labels(model.embedder, labels, folder)

    said = [EMBEDDING, model.key, key_of(ground, target)]
    key = hashlib.sha256(msgspec.json.encode(said)).hexdigest()
    return EmbeddingIndex.load(model.embedder, keep(ground.store.folder, name, key, write))


# --- medicines -------------------------------------------------------------------------------------------------------


def _lines(ground: Ground, name: str) -> list[str]:
    return (ground.mappings / "lexicon" / name).read_text(encoding="utf-8").splitlines()


def _codes(ground: Ground, target: str) -> dict[str, int]:
    active = (concept.code for concept in ground.store.concepts(target) if concept.active)
    return {code: place for place, code in enumerate(active)}


def specialities(store: Store) -> Iterator[Speciality]:
    """The medicines of the store with their composition and ATC codes."""
    codes: dict[str, list[str]] = {}
    for link, _ in store.links("cis", "atc"):
        codes.setdefault(link.code, []).append(link.target)
    substances: dict[str, list[str]] = {}
    for term, _ in store.terms("cis"):
        if term.kind == "substance":
            substances.setdefault(term.code, []).append(term.text)
    for concept in store.concepts("cis"):
        said = concept.properties
        routes = tuple(route.strip() for route in said.get("routes", "").split(";") if route.strip())
        made_of, atc = tuple(substances.get(concept.code, ())), tuple(codes.get(concept.code, ()))
        yield Speciality(concept.code, concept.display, said.get("form", ""), routes, made_of, atc)


def make_drugs(ground: Ground, target: str, folder: Path, tell: Tell) -> None:
    """Build the matcher of medicines, and rank its held-out pairs for calibration."""
    codes = _codes(ground, target)
    terms = [
        (t.code, t.text, t.kind, t.lang) for t, _ in ground.store.terms(target) if t.code in codes and t.text.strip()
    ]
    by_place = list(codes)
    terms += [(by_place[place], text, kind, "fr") for place, text, kind in curated_names(ground.tables, target, codes)]
    matcher = DrugMatcher.build(terms, tuple(specialities(ground.store)), _drug_lexicon(ground), valid=tuple(codes))
    tell("calibration")
    _save_examples(folder, matcher.examples())
    matcher.save(folder)
    _save_codes(folder, codes)
    named = [(codes[code], text, kind) for code, text, kind, _ in terms if kind != CURATED]
    for each in specialities(ground.store):
        named += [(codes[code], each.name, "brand") for code in each.atc if code in codes]
    Verbatim.build(named).save(folder)


def open_drugs(ground: Ground, target: str, folder: Path) -> Served:
    """Open the matcher of medicines."""
    matcher = DrugMatcher.load(folder, _drug_lexicon(ground))
    return Served(_load_codes(folder), Verbatim.load(folder), matcher, Calibration.fit(_load_examples(folder)))


# --- laboratory ------------------------------------------------------------------------------------------------------


def make_labs(ground: Ground, target: str, folder: Path, tell: Tell) -> None:
    """Take the names of LOINC apart, and rank held-out pairs for calibration."""
    codes = _codes(ground, target)
    matcher = _lab_matcher(ground, target, codes)
    tell("calibration")
    (folder / LAB_NAMES).write_bytes(msgspec.msgpack.encode(matcher.names(), order="deterministic"))
    _save_examples(folder, matcher.examples())
    _save_codes(folder, codes)
    Verbatim.build(_formal(names_of(ground, target, codes))).save(folder)


def _formal(names: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """Names that tell the axes of a term may decide; a bare "Hémoglobine" leaves the quantity and the unit open."""
    for code, text, kind in names:
        yield code, text, kind if AXES.search(text) else "related"


def open_labs(ground: Ground, target: str, folder: Path) -> Served:
    """Open the laboratory matcher."""
    codes, axes, entries = msgspec.msgpack.decode((folder / LAB_NAMES).read_bytes(), type=LabNames)
    unite((*axes, *entries))
    matcher = LabMatcher(codes, axes, entries, lab_resources(ground.mappings, _curated_labs(ground, target)))
    return Served(_load_codes(folder), Verbatim.load(folder), matcher, Calibration.fit(_load_examples(folder)))


def _lab_matcher(ground: Ground, target: str, codes: Mapping[str, int]) -> LabMatcher:
    terms = [
        (t.code, t.text, t.kind, t.lang) for t, _ in ground.store.terms(target) if t.code in codes and t.text.strip()
    ]
    concepts = {concept.code: concept.properties for concept in ground.store.concepts(target) if concept.code in codes}
    return LabMatcher.build(terms, concepts, lab_resources(ground.mappings, _curated_labs(ground, target)))


def _curated_labs(ground: Ground, target: str) -> tuple[CuratedLab, ...]:
    rows = (row for row in ground.tables.rows(target) if not row.sender)
    return tuple(CuratedLab(row.label, row.target, row.unit, row.specimen) for row in rows)


def lab_resources(mappings: Path, curated: Sequence[CuratedLab]) -> Resources:
    """Read the analytes and units that the laboratory matcher needs."""
    units = parse_units((mappings / "tables" / "units__ucum.sssom.tsv").read_text(encoding="utf-8").splitlines())
    lines = (mappings / "lexicon" / "analytes.tsv").read_text(encoding="utf-8").splitlines()
    return Resources(parse_analytes(lines), units, tuple(curated))


def _drug_lexicon(ground: Ground) -> DrugLexicon:
    return load_drug_lexicon(_lines(ground, "drug_forms.tsv"), _lines(ground, "drug_words.tsv"))


# --- what every matcher keeps ----------------------------------------------------------------------------------------


def _save_examples(folder: Path, examples: Iterator[Example]) -> None:
    (folder / "examples.json").write_bytes(msgspec.json.encode([msgspec.structs.astuple(each) for each in examples]))


def _load_examples(folder: Path) -> list[Example]:
    return [Example(*row) for row in msgspec.json.decode((folder / "examples.json").read_bytes())]


def _save_codes(folder: Path, codes: Mapping[str, int]) -> None:
    (folder / "codes.json").write_bytes(msgspec.json.encode(list(codes)))


def _load_codes(folder: Path) -> tuple[str, ...]:
    return tuple(msgspec.json.decode((folder / "codes.json").read_bytes()))


MAKERS: Mapping[str, Callable[[Ground, str, Path, Tell], None]] = MappingProxyType(
    {"atc": make_drugs, "loinc": make_labs}
)
OPENERS: Mapping[str, Callable[[Ground, str, Path], Served]] = MappingProxyType({"atc": open_drugs, "loinc": open_labs})
"""The targets with a matcher of their own; :class:`WordingMatcher` serves every other."""


def mappings_folder() -> Path:
    """The curated tables and the lexicon that ship with semantix."""
    return data_dir("mappings")
