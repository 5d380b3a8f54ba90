"""Many documents from few: copies of CDA documents for distinct patients, in folders of practices, with a seed.

``python benchmarks/multiply.py SOURCE OUT --count 100000 --seed 1`` writes them. A patient has 1 to 30 documents in one
practice, each with identifiers of its own and dates of its own. Some replace an earlier one (RPLC, or a higher version
of its set), some come twice by different roads, some have local codes in place of LOINC, some cannot be read. The same
arguments give the same bytes. ``identities.json``, beside the documents, holds every identity that was invented: what
a secret scan looks for.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from multiply_templates import Key, Template, prepare

FILES = 1000
"""Files that a folder may hold."""
MOST = 30
"""Documents of one patient."""
LAST = date(2026, 6, 30).toordinal()
HISTORY = 2500
"""Days before the last that documents are of."""
LOCAL = "1.2.250.1.999.7"
"""Below it, each practice has a code system of its own."""
_STARTS = ("Kar", "Vol", "Bre", "Tis", "Mon", "Lau", "Gri", "Fen", "Dor", "Pas", "Hel", "Zan", "Cour", "Ber", "Nov")
_MIDDLES = ("ma", "vi", "lo", "ne", "dra", "bou", "ti", "ghe", "sco", "ru", "pei", "za", "quo", "lin", "fau")
_ENDS = ("zec", "dulle", "vignou", "treuil", "bihan", "gasse", "mourt", "loup", "rivaz", "cheyre", "noud", "pelle")
_GIVEN = (
    "Azeline", "Bertille", "Corentine", "Dorothée", "Eulalie", "Fantine", "Guenola", "Honorine", "Isaline", "Joséphine",
    "Anselme", "Barnabé", "Cyprien", "Donatien", "Evariste", "Florimond", "Gatien", "Hippolyte", "Isidore", "Léandre",
)  # fmt: skip
_STREETS = ("rue des Glycines bleues", "allée du Pont-aux-Ânes", "chemin de la Vieille Forge", "impasse du Lavoir gris")


@dataclass(frozen=True)
class Mix:
    """What is made of the copies, as shares.

    ``corrections`` are half replacements, a quarter versions, a quarter copies that come twice; ``local`` have local
    codes; ``poison`` cannot be read. ``largest`` leaves out sources with more bytes, 0 none.
    """

    local: float = 0.2
    corrections: float = 0.02
    poison: float = 0.001
    practices: int = 200
    largest: int = 0


@dataclass(frozen=True)
class Identity:
    """An invented person: everything that must be found nowhere once it is pseudonymised."""

    ins: str
    local: str
    family: str
    given: str
    birth: str
    phone: str
    mail: str
    street: str


@dataclass(frozen=True)
class Past:
    """A document that was written, that a later one may replace."""

    template: Template
    values: dict[Key, bytes]
    data: bytes


def identity(number: int, chance: random.Random) -> Identity:
    """The person of a number: names of invented syllables that no other has, an INS of test with its key."""
    sex = 1 + number % 2
    year, month, day = chance.randint(1926, 2023), chance.randint(1, 12), chance.randint(1, 28)
    nir = f"{sex}{year % 100:02}{month:02}99{number // 1000 % 1000:03}{number % 1000:03}"
    syllables = number
    words = []
    for choices in (_STARTS, _MIDDLES, _ENDS, _STARTS, _ENDS):
        syllables, at = divmod(syllables, len(choices))
        words.append(choices[at])
    family = ("".join(words[:3]) + "-" + "".join(words[3:])).upper()
    given = _GIVEN[chance.randrange(10) + (10 if sex == 1 else 0)]
    return Identity(
        ins=f"{nir}{97 - int(nir) % 97:02}",
        local=f"{8_000_000_000_000 + number * 7919}",
        family=family,
        given=given,
        birth=f"{year}{month:02}{day:02}",
        phone=f"tel:+3363998{number % 100_000:05}",
        mail=f"mailto:{nir}@patient.invalid",
        street=f"{number % 997 + 1} {chance.choice(_STREETS)}",
    )


class _Multiplier:
    """Writes copies one after the other."""

    def __init__(self, templates: list[Template], out: Path, seed: int, mix: Mix) -> None:
        self._templates = templates
        self._out = out
        self._seed = seed
        self._mix = mix
        self._chance = random.Random(seed)
        self._held: dict[int, int] = {}
        self._folders: set[Path] = set()
        self._number = 0
        self.identities: list[Identity] = []
        self.counts = dict.fromkeys(("documents", "replacements", "versions", "repeated", "local", "poison"), 0)

    def run(self, count: int) -> None:
        """Write ``count`` files."""
        while self._number < count:
            chance = self._chance
            person = identity(len(self.identities), chance)
            self.identities.append(person)
            practice = chance.randrange(self._mix.practices)
            wanted = min(1 + int(chance.expovariate(1 / 5)), MOST, count - self._number)
            earlier: Past | None = None
            for _ in range(wanted):
                earlier = self._next(person, practice, earlier)

    def _next(self, person: Identity, practice: int, earlier: Past | None) -> Past | None:
        chance, mix = self._chance, self._mix
        self._number += 1
        if chance.random() < mix.poison:
            self.counts["poison"] += 1
            self._put(practice, self._poison(chance.choice(self._templates), person, practice))
            return earlier
        kind = chance.random() / mix.corrections if mix.corrections else 1.0
        if earlier is None or kind >= 1:
            written = self._new(chance.choice(self._templates), person, practice)
        elif kind < 0.75:
            written = self._corrected(earlier, by_version=kind >= 0.5)
        else:
            self.counts["repeated"] += 1
            written, practice = earlier, (practice + 1) % mix.practices
        self.counts["documents"] += 1
        self._put(practice, written.data)
        return written

    def _new(self, template: Template, person: Identity, practice: int) -> Past:
        values = self._values(template, person)
        is_local = self._chance.random() < self._mix.local
        self.counts["local"] += is_local
        values["system"] = f"{LOCAL}.{practice}".encode() if is_local else b"2.16.840.1.113883.6.1"
        values["letter"] = b"L" if is_local else b""
        return Past(template, values, template.write(values))

    def _values(self, template: Template, person: Identity) -> dict[Key, bytes]:
        number = self._number
        values: dict[Key, bytes] = {
            "document": b"%d" % ((self._seed + 1) * 10**12 + number * 2),
            "set": b"%d" % ((self._seed + 1) * 10**12 + number * 2 + 1),
            "version": b"1",
            "number": b"%d" % (10**9 + number),
            "related": b"",
            "guardian-family": b"TUTELAIRE-" + person.family.encode(),
            "guardian-given": person.given.encode(),
        }
        for word, value in asdict(person).items():
            values[word] = value.encode()
        values["sex"] = b"M" if person.ins[0] == "1" else b"F"
        values["streetName"] = values["guardian-streetName"] = values["street"]
        shift = LAST - self._chance.randrange(HISTORY) - template.day
        for day in template.days:
            moved = date.fromordinal(min(day + shift, LAST))
            values[day] = b"%04d%02d%02d" % (moved.year, moved.month, moved.day)
        for entry in template.entries:
            values[entry] = b"%08x" % ((number * 1024 - entry) & 0xFFFFFFFF)
        return values

    def _corrected(self, past: Past, by_version: bool) -> Past:
        """A later state of an earlier document: a version of its set, or one that says what it replaces."""
        number = (self._seed + 1) * 10**12 + self._number * 2
        values = past.values | {"document": b"%d" % number}
        if by_version:
            values["version"] = b"%d" % (int(past.values["version"]) + 1)
            self.counts["versions"] += 1
        else:
            replaced = b'<id root="2.25.' + past.values["document"] + b'"/>'
            values["related"] = b'<relatedDocument typeCode="RPLC"><parentDocument>%s</parentDocument>' % replaced
            values["related"] += b"</relatedDocument>"
            values["set"] = b"%d" % (number + 1)
            self.counts["replacements"] += 1
        return Past(past.template, values, past.template.write(values))

    def _poison(self, template: Template, person: Identity, practice: int) -> bytes:
        """A document cut short, or bytes that are none."""
        if self._chance.random() < 0.5:
            return self._chance.randbytes(4096)
        data = self._new(template, person, practice).data
        return data[: self._chance.randrange(len(data) // 4, len(data) * 3 // 4)]

    def _put(self, practice: int, data: bytes) -> None:
        held = self._held.get(practice, 0)
        self._held[practice] = held + 1
        folder = self._out / f"practice-{practice:03}" / f"{held // FILES:03}"
        if folder not in self._folders:
            folder.mkdir(parents=True)
            self._folders.add(folder)
        (folder / f"{self._number:07}.xml").write_bytes(data)


def prepared(source: Path, largest: int = 0) -> Iterator[Template]:
    """The documents below a folder that can be multiplied, in the order of their names."""
    for path in sorted(source.rglob("*.xml")):
        if not largest or path.stat().st_size <= largest:
            template = prepare(path)
            if template is not None:
                yield template


def multiply(source: Path, out: Path, count: int, seed: int, mix: Mix | None = None) -> dict[str, int]:
    """Write ``count`` files below ``out``, which must not exist, and their identities; say how many of which sort."""
    mix = mix or Mix()
    out.mkdir(parents=True)
    multiplier = _Multiplier(list(prepared(source, mix.largest)), out, seed, mix)
    multiplier.run(count)
    told = {"seed": seed, "mix": asdict(mix), "identities": [asdict(one) for one in multiplier.identities]}
    identities_of(out).write_text(json.dumps(told, ensure_ascii=False, indent=0), encoding="utf-8")
    return multiplier.counts | {"patients": len(multiplier.identities)}


def identities_of(out: Path) -> Path:
    """The file of the identities that a folder of copies holds: beside it, for it is no input."""
    return out.with_name(out.name + ".identities.json")


def main() -> None:
    """Read the command line, write, say how fast."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    options.add_argument("source", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    for name, value in asdict(Mix()).items():
        options.add_argument(f"--{name}", type=type(value), default=value)
    chosen = options.parse_args()
    mix = replace(Mix(), **{name: getattr(chosen, name) for name in asdict(Mix())})
    start = time.perf_counter()
    counts = multiply(chosen.source, chosen.out, chosen.count, chosen.seed, mix)
    print(", ".join(f"{count} {name}" for name, count in counts.items()), end="; ")
    print(f"{chosen.count / (time.perf_counter() - start):.0f} files/s")


if __name__ == "__main__":
    main()
