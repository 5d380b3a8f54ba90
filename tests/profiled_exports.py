"""Exports of invented practices to profile, held in memory; nothing in them is of a person."""

import io
import random
import struct
from dataclasses import dataclass

NAMES = ("ARDOISE", "BOULEAU", "CHARME", "DUNE", "ERABLE", "FOUGERE", "GALET")
GIVEN = ("Alix", "Camille", "Dominique", "Maxime", "Sacha")
TESTS = (("Créatinine", "mg/l"), ("Glycémie", "g/l"), ("Leucocytes", "/mm3"), ("HbA1c", "%"), ("Sodium", "mmol/l"))
RESULTS_HEADER = "Dossier;Nom;Prénom;DDN;Sexe;Date;Libellé;Valeur;Unité;Code;Min;Max;NSS"
RPPS = "10000000017"


@dataclass
class Held:
    """An input held in memory."""

    data: bytes
    name: str = "export.csv"

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes."""
        return self.data[:size]

    def read(self) -> bytes:
        """All of them."""
        return self.data

    def open(self) -> io.BytesIO:
        """A stream."""
        return io.BytesIO(self.data)


def nir(rank: int) -> str:
    """An invented number of social security, with its key."""
    number = f"1990199{999 - rank % 900:03d}{rank % 999 + 1:03d}"
    return number + f"{97 - int(number) % 97:02d}"


def results(count: int = 300, *, seed: int = 1) -> list[list[str]]:
    """Rows of laboratory results, in the order of RESULTS_HEADER."""
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        who = chance.randint(1, count // 5)
        label, unit = chance.choice(TESTS)
        value = f"{chance.choice(['', '', '', '<', '>'])}{chance.randint(0, 20)},{chance.randint(0, 9)}"
        rows.append(
            [
                str(1000 + who),
                NAMES[who % 7],
                GIVEN[who % 5],
                f"{who % 28 + 1}/{who % 12 + 1}/{1930 + who % 70}",
                "MF"[who % 2],
                f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{chance.randint(10, 22)}",
                label,
                value,
                unit,
                chance.choice(["2160-0", "2345-7", "."]),
                "0,5",
                "12,5",
                nir(who),
            ]
        )
    return rows


def delimited(rows: list[list[str]], header: str = "", separator: str = ";", end: str = "\r\n") -> str:
    """Rows as text."""
    lines = ([header.replace(";", separator)] if header else []) + [separator.join(row) for row in rows]
    return end.join(lines) + end


def fixed(count: int = 60) -> str:
    """Columns at fixed places: number, label, date, value, unit."""
    return "".join(
        f"{1000 + n % 20:<8}{TESTS[n % 5][0]:<16}{n % 28 + 1:02d}/03/2019  {n % 9},{n % 10:<5}{TESTS[n % 5][1]:<8}\n"
        for n in range(count)
    )


def dbf(rows: list[tuple[str, str]], *, announced: int | None = None) -> bytes:
    """A dBASE III table of two columns, NOM and VALEUR."""
    width = 1 + 10 + 6
    fields = b""
    for name, kind, size in ((b"NOM", b"C", 10), (b"VALEUR", b"C", 6)):
        fields += name.ljust(11, b"\0") + kind + b"\0" * 4 + bytes([size]) + b"\0" * 15
    start = 32 + len(fields) + 1
    count = len(rows) if announced is None else announced
    header = bytes([3, 120, 1, 1]) + struct.pack("<IHH", count, start, width) + b"\0" * 20
    body = b"".join(b" " + name.encode("cp850").ljust(10) + value.encode().ljust(6) for name, value in rows)
    return header + fields + b"\r" + body + b"\x1a"
