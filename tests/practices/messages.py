"""Practices that receive messages: HPRIM of every mode, HL7 v2, mails, FHIR."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from pathlib import Path

from tests.practices.content import Practice, Result


def _header(practice: Practice, day: list[Result], number: int) -> list[str]:
    person = day[0].person
    return [
        person.number,
        person.family,
        person.given,
        "4 CHEMIN DES ÉPINETTES",
        "",
        f"{person.postcode} {person.city}",
        person.birth.strftime("%d/%m/%Y"),
        "",
        f"L{number:06d}",
        day[0].day.strftime("%d/%m/%Y"),
        f"LAB001     {practice.laboratory}",
        f"MED001     {practice.doctor}",
    ]


def _res(one: Result, mark: str = ".") -> str:
    """A line of the tagged block; a censored value keeps its sign in the field, as laboratories write it."""
    return f"RES|{one.label}|{one.label[:6].upper().strip()}{len(one.unit)}|N|{one.written(mark)}|{one.unit}||||F"


def record(practice: Practice, day: list[Result], number: int) -> list[str]:
    """One HPRIM Médecin record, tagged."""
    words = ["Compte rendu d'examens de laboratoire", f"Prescripteur : {practice.doctor}", ""]
    return [*_header(practice, day, number), *words, "****LAB****", *map(_res, day), "****FIN****"]


def _numbered(practice: Practice) -> Iterator[tuple[int, list[Result]]]:
    """Days as sent, with the number of their file: the same when it is sent again."""
    numbers: dict[tuple[str, object], int] = {}
    for day in practice.sent():
        yield numbers.setdefault((day[0].person.number, day[0].day), len(numbers) + 1), day


def _join(lines: Iterable[str], end: str, encoding: str) -> bytes:
    return (end.join(lines) + end).encode(encoding)


def tagged(folder: Path, practice: Practice) -> None:
    """One file a record, UTF-8 or cp1252, names in any case."""
    for index, (number, day) in enumerate(_numbered(practice)):
        encoding = ("utf-8", "cp1252")[index % 2]
        suffix = ("hpr", "HPM", "hprim", "HPM1")[index % 4]
        data = _join([*record(practice, day, number), "****FINFICHIER****"], "\r\n", encoding)
        (folder / f"{index:04d}.{suffix}").write_bytes(data)


def routed(folder: Path, practice: Practice) -> None:
    """One file of many records, a routing record and a thirteenth line before the text, MacRoman, CR alone."""
    lines: list[str] = []
    for number, day in _numbered(practice):
        route = "".join(part.ljust(40) for part in ("LAB001", practice.laboratory[:39], day[0].person.number, "01"))
        head = _header(practice, day, number)
        lines += [route, *head, "", "Biologie du jour", " ****LAB****", *map(_res, day), "****FIN****"]
    (folder / "RESULTATS.HPR").write_bytes(_join([*lines, "****FINFICHIER****"], "\r", "mac-roman"))


def prose(folder: Path, practice: Practice) -> None:
    """Results told in words only: one file a record."""
    for index, (number, day) in enumerate(_numbered(practice)):
        text = [f"{one.label} {'.' * 12} : {one.written()} {one.unit}".rstrip() for one in day]
        lines = [*_header(practice, day, number), "EXAMENS DE LABORATOIRE", "", *text, "", "Validé par le biologiste"]
        (folder / f"cr{index:04d}.hpr").write_bytes(_join(lines, "\r\n", "cp1252"))


def concatenated(folder: Path, practice: Practice) -> None:
    """MediWin: records one after the other, each beginning with the local file number."""
    lines = [line for number, day in _numbered(practice) for line in record(practice, day, number)]
    (folder / "MEDIWIN.TXT").write_bytes(_join(lines, "\r\n", "cp1252"))


def hprim_sante(folder: Path, practice: Practice) -> None:
    """HPRIM Santé 2.2, delimiters in the other order, a continuation in the middle of a word."""
    for index, (number, day) in enumerate(_numbered(practice)):
        person = day[0].person
        when = day[0].day.strftime("%Y%m%d")
        lines = [
            f"H|^\\&~|F{number:05d}||LAB001^{practice.laboratory}||ORU|||MED001^{practice.doctor}||P|H2.2^C|{when}0900",
            f"P|1|{person.number}|||{person.family}^{person.given}||{person.birth:%Y%m%d}|{person.sex}",
            f"OBR|1|D{number}|L{number}|BIO^Biologie^L||{when}0700||{when}0730",
        ]
        for rank, one in enumerate(day, 1):
            code = f"{one.label[:6].strip()}{len(one.unit)}^{one.label}^L"
            line = f"OBX|{rank}|NM|{code}||{one.written('.')}|{one.unit}|||||F"
            lines += [line[:30], f"A|{line[30:]}"] if rank == 1 and len(line) > 40 else [line]
        lines.append("L|1")
        (folder / f"S{index:04d}.HPS").write_bytes(_join(lines, "\r", "iso8859-1"))


def hl7(folder: Path, practice: Practice) -> None:
    """ORU^R01, several messages a file, 8859/1."""
    messages: list[str] = []
    for number, day in _numbered(practice):
        person, when = day[0].person, day[0].day.strftime("%Y%m%d")
        messages += [
            f"MSH|^~\\&|SIL|{practice.laboratory}|DPI|CABINET|{when}0900||ORU^R01^ORU_R01|{number:06d}|P|2.5|||||FRA|8859/1",
            f"PID|||{person.number}^^^CABINET^PI||{person.family}^{person.given}^^^^^D||{person.birth:%Y%m%d}|{person.sex}",
            f"OBR|1|D{number}|L{number}|BIO^Biologie^L|||{when}0730",
        ]
        for rank, one in enumerate(day, 1):
            kind, value = ("SN", f"{one.comparator}^{one.value}") if one.comparator else ("NM", str(one.value))
            code = f"{one.label[:6].strip()}{len(one.unit)}^{one.label}^L"
            messages.append(f"OBX|{rank}|{kind}|{code}||{value}|{one.unit}|||||F|||{when}0730")
    (folder / "oru.hl7").write_bytes(_join(messages, "\r", "iso8859-1"))


def mailed(folder: Path, practice: Practice) -> None:
    """Mails with a record attached, some in a ZIP archive."""
    for index, (number, day) in enumerate(_numbered(practice)):
        data = _join([*record(practice, day, number), "****FINFICHIER****"], "\r\n", "cp1252")
        name = f"R{index:04d}.HPR"
        mail = EmailMessage()
        mail["From"], mail["To"] = "labo@exemple.invalid", "cabinet@exemple.invalid"
        mail["Subject"], mail["Date"] = "Résultats", "Mon, 06 Jan 2014 10:00:00 +0100"
        mail["Message-ID"] = f"<{index}@exemple.invalid>"
        mail.set_content("Veuillez trouver ci-joint des résultats.\n")
        if index % 2:
            data, name = _zipped(name, data), f"R{index:04d}.ZIP"
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
        (folder / f"{index:04d}.eml").write_bytes(mail.as_bytes())


def _zipped(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2014, 1, 6, 10, 0, 0)), data)
    return held.getvalue()


# --- FHIR -----------------------------------------------------------------------------------------------------------


def _patient(practice: Practice, day: list[Result]) -> dict[str, object]:
    person = day[0].person
    return {
        "resourceType": "Patient",
        "id": f"p{person.number}",
        "identifier": [{"system": f"https://exemple.invalid/{practice.name}", "value": person.number}],
        "name": [{"family": person.family, "given": [person.given]}],
        "gender": {"F": "female", "M": "male"}[person.sex],
        "birthDate": person.birth.isoformat(),
    }


def _observations(practice: Practice, number: int, day: list[Result]) -> Iterator[dict[str, object]]:
    for rank, one in enumerate(day, 1):
        amount: dict[str, object] = {"value": float(one.value), "unit": one.unit}
        if one.comparator:
            amount["comparator"] = one.comparator
        yield {
            "resourceType": "Observation",
            "id": f"o{number}-{rank}",
            "status": "final",
            "category": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                            "code": "laboratory",
                        }
                    ]
                }
            ],
            "code": {"text": one.label, "coding": [{"system": "urn:exemple:labo", "code": one.label}]},
            "subject": {"reference": f"Patient/p{one.person.number}"},
            "effectiveDateTime": one.day.isoformat(),
            "valueQuantity": amount,
        }


def bundles(folder: Path, practice: Practice) -> None:
    """One FHIR Bundle a day of results."""
    for index, (number, day) in enumerate(_numbered(practice)):
        entries = [_patient(practice, day), *_observations(practice, number, day)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}
        (folder / f"{index:04d}.json").write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")


def bulk(folder: Path, practice: Practice) -> None:
    """The folder of a FHIR bulk export."""
    days = list(_numbered(practice))
    patients = {day[0].person.number: _patient(practice, day) for _, day in days}
    _lines(folder / "Patient.ndjson", patients.values())
    _lines(folder / "Observation.ndjson", (one for number, day in days for one in _observations(practice, number, day)))


def _lines(path: Path, resources: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in resources), encoding="utf-8")
