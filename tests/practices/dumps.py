"""Practices whose software gives its tables: Medimust and MedShakeEHR as SQL, Mediboard as a ZIP of CSV files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from tests.practices.content import Person, Practice, Result
from tests.practices.records import History, Records, Signs, records_of


def _turn(one: Result, choices: int) -> int:
    """A choice that is the same each time that a result is written."""
    return (one.day.toordinal() + len(one.label) + int(one.person.number)) % choices


def _in_words(one: Result) -> str:
    """A result as laboratories print it, with bounds where there is no unit."""
    between = (" .......... : ", "          ", " : ")[_turn(one, 3)]
    bounds = " (0,5 - 9,0)" if not one.unit or _turn(one, 2) else ""
    flag = "*" if _turn(one, 5) == 0 and not one.comparator else ""
    return f"{one.label}{between}{flag}{one.written()} {one.unit}".rstrip() + bounds


def _report(practice: Practice, day: Sequence[Result], end: str) -> str:
    """The text of a laboratory report."""
    head = [practice.laboratory, f"Prélèvement du {day[0].day:%d/%m/%Y}, l'examen est validé", ""]
    return end.join([*head, *map(_in_words, day), "", "Dossier vu : 3 pages"])


# --- Medimust -------------------------------------------------------------------------------------------------------


def medimust(folder: Path, practice: Practice) -> None:
    """One physical line a file, E'' strings; the number is in ``profession``; two exports of letters overlap."""
    people = [_medimust_patient(person, rank) for rank, person in enumerate(practice.people, 1)]
    (folder / "patients.sql").write_bytes("".join(people).encode("utf-8"))
    owners = {person.number: rank for rank, person in enumerate(practice.people, 1)}
    letters: list[str] = []
    again: list[str] = []
    for rank, day in enumerate(practice.days(), 1):
        values = {
            "date_doc": f"{day[0].day:%Y-%m-%d}",
            "nom_doc": "Bilan sanguin",
            "text_doc": _report(practice, day, "\n"),
            "date_resultat": f"{day[0].day:%Y-%m-%d}",
            "id_unique": str(7000 + rank),
            "rid_patient": str(owners[day[0].person.number]),
            "time_stamp": f"{day[0].day:%Y-%m-%d} 18:30:00",
            "type_doc": None,
        }
        letters.append(_postgres("courriers_bilans", values))
        if rank - 1 in practice.resent:
            # The laboratory sends it again: another letter, word for word.
            again.append(_postgres("courriers_bilans", values | {"id_unique": str(9000 + rank), "time_stamp": None}))
    half = len(letters) // 2
    (folder / "bilans_1.sql").write_bytes("".join(letters[: half + 1]).encode("cp1252"))
    (folder / "bilans_2.sql").write_bytes("".join([*letters[half:], *again]).encode("cp1252"))


def _medimust_patient(person: Person, rank: int) -> str:
    values = {
        "nom_dossier": f"{person.family} {person.given}",
        "prenom": person.given,
        "date_naissance": person.birth.isoformat(),
        "rue": "4 chemin de l'Épinette",
        "code_postal": person.postcode,
        "ville": person.city,
        "profession": person.number,
        "antecedents": "",
        "nom_patient": person.family,
        "sexe": person.sex,
        "num_secu": "199999999999999",
        "num_dossier": str(50 + rank),
        "id_unique": str(rank),
        "time_stamp": "2014-01-01 08:00:00",
    }
    return _postgres("patients", values)


def _postgres(table: str, values: Mapping[str, str | None]) -> str:
    """A statement of PostgreSQL in which nothing ends the line."""
    names = ", ".join(f'"{name}"' for name in values)
    cells = ", ".join("NULL" if value is None else f"E'{_escaped(value)}'" for value in values.values())
    return f"INSERT INTO {table} ({names}) VALUES ({cells});"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")


# --- MedShakeEHR ----------------------------------------------------------------------------------------------------

TYPES = (
    ("admin", "birthname", "Nom de naissance"),
    ("admin", "lastname", "Nom d'usage"),
    ("admin", "firstname", "Prénom"),
    ("admin", "birthdate", "Date de naissance"),
    ("admin", "administrativeGenderCode", "Sexe"),
    ("admin", "nss", "Numéro de sécu"),
    ("medical", "atcdMedicChir", "Antécédents médico-chirurgicaux"),
    ("medical", "atcdFamiliaux", "Antécédents familiaux"),
    ("medical", "allergies", "Allergies"),
    ("typecs", "csAtcdStrucDeclaration", "Ajout d'antécédent"),
    ("medical", "atcdStrucCIM10", "Code CIM 10"),
    ("medical", "atcdStrucCIM10Label", "Label CIM 10"),
    ("medical", "atcdStrucDateDebutAnnee", "Année"),
    ("medical", "atcdStrucDateDebutMois", "Mois"),
    ("medical", "atcdStrucDateDebutJour", "Jour"),
    ("medical", "taillePatient", "Taille"),
    ("medical", "poids", "Poids"),
    ("medical", "taSystolique", "TAS"),
    ("medical", "taDiastolique", "TAD"),
    ("medical", "freqCardiaque", "FC"),
    ("medical", "creatinineMgL", "Créatinine"),
    ("ordo", "ordoLigneOrdo", "Ligne d'ordonnance"),
    ("typecs", "csBaseGroup", "Consultation"),
)
HPRIM = (
    "id", "fromID", "toID", "date", "objetID", "label", "labelStandard", "typeResultat", "resultat", "unite",
    "normaleInf", "normaleSup", "indicateurAnormal", "statutRes", "resAutreU", "normaleInfAutreU", "normalSupAutreU",
)  # fmt: skip
OBJECT = (
    "id", "fromID", "toID", "typeID", "parentTypeID", "instance", "registerDate", "creationDate", "updateDate", "value",
    "outdated", "important", "titre", "deleted", "deletedByID",
)  # fmt: skip
Cells = tuple[str | int | None, ...]


def medshakeehr(folder: Path, practice: Practice) -> None:
    """A dump of MySQL: values by entity and attribute, some replaced, some removed; results received twice."""
    numbers = {name: 100 + 3 * rank for rank, (_, name, _) in enumerate(TYPES)}
    objects = _Objects(numbers)
    for person in practice.people:
        objects.identity(person)
    records = records_of(practice)
    objects.records(records)
    objects.removed(practice)
    types = [(numbers[name], group, name, label) for group, name, label in TYPES]
    people = [(int(person.number), "patient") for person in practice.people]
    text = "-- MySQL dump 10.19\n/*!40101 SET NAMES utf8mb4 */;\n"
    text += _mysql("configuration", ("id", "name", "fromID"), [(1, "designTopMenu", 1)])
    text += _mysql("data_types", ("id", "groupe", "name", "label"), types)
    text += _mysql("hprim", HPRIM, list(_hprim_rows(practice)))
    text += _mysql("objets_data", OBJECT, objects.rows)
    text += _mysql("people", ("id", "type"), people)
    (folder / "medshakeehr.sql").write_bytes(text.encode("utf-8"))


def _hprim_rows(practice: Practice) -> Iterator[Cells]:
    """Results by HPRIM: the same file received twice is another document with rows of its own."""
    numbers = count(1)
    for document, day in enumerate(practice.sent(), 5000):
        for one in day:
            yield (
                next(numbers), 3, int(one.person.number), one.day.isoformat(), document, one.label, "", "N",
                one.written("."), one.unit, "", "", "", "F", "", "", "",
            )  # fmt: skip


class _Objects:
    """The rows of objets_data, numbered in order."""

    def __init__(self, types: Mapping[str, int]) -> None:
        self._types = types
        self._numbers = count(10_000)
        self.rows: list[Cells] = []

    def put(self, person: Person, name: str, value: str, when: str, **more: str | int) -> int:
        """One value; ``instance`` and ``above`` say of which row it is a part, the others are marks."""
        number = next(self._numbers)
        above = more.get("above")
        row: Cells = (
            number, 3, int(person.number), self._types[name], self._types[str(above)] if above else 0,
            more.get("instance", 0), f"{when} 08:00:00", f"{when} 10:00:00", f"{when} 10:00:00", value,
            more.get("outdated", ""), "n", "", more.get("deleted", ""), None,
        )  # fmt: skip
        self.rows.append(row)
        return number

    def identity(self, person: Person) -> None:
        """Who somebody is, a name that was corrected, and a number that is no identity."""
        when = "2013-12-02"
        self.put(person, "birthname", person.family[:-1], when, outdated="y")
        self.put(person, "birthname", person.family, when)
        self.put(person, "firstname", person.given, when)
        self.put(person, "birthdate", f"{person.birth:%d/%m/%Y}", when)
        self.put(person, "administrativeGenderCode", person.sex, when)
        self.put(person, "nss", "199999999999999", when)

    def records(self, records: Records) -> None:
        """Histories, allergies, prescriptions and signs."""
        for item in records.histories:
            self._history(item)
        for note in records.allergies:
            self.put(note.person, "allergies", note.words, "2014-02-03")
        for drug in records.drugs:
            self.put(drug.person, "ordoLigneOrdo", f"{drug.name}\r\n{drug.dosage}", drug.start.isoformat())
        for signs in records.signs:
            self._signs(signs)

    def _history(self, item: History) -> None:
        when = "2014-02-03"
        if item.section != "med":
            name = {"chir": "atcdMedicChir", "fam": "atcdFamiliaux"}[item.section]
            words = f"{item.words} le {item.day:%d/%m/%Y}" if item.day else item.words
            self.put(item.person, name, words, when)
            return
        whole = self.put(item.person, "csAtcdStrucDeclaration", "", when, above="atcdMedicChir")
        inside = {"instance": whole, "above": "csAtcdStrucDeclaration"}
        self.put(item.person, "atcdStrucCIM10", item.cim10, when, **inside)
        self.put(item.person, "atcdStrucCIM10Label", item.words, when, **inside)
        if item.day is not None:
            self.put(item.person, "atcdStrucDateDebutAnnee", str(item.day.year), when, **inside)
            # No day, and sometimes no month, was chosen.
            month = item.day.month if item.day.day > 10 else 0
            self.put(item.person, "atcdStrucDateDebutMois", str(month), when, **inside)
            self.put(item.person, "atcdStrucDateDebutJour", "", when, **inside)

    def _signs(self, signs: Signs) -> None:
        when = signs.day.isoformat()
        visit = self.put(signs.person, "csBaseGroup", "", when)
        inside = {"instance": visit, "above": "csBaseGroup"}
        self.put(signs.person, "taillePatient", str(signs.height), when, **inside)
        self.put(signs.person, "poids", signs.weight.replace(".", ","), when, **inside)
        self.put(signs.person, "taSystolique", str(signs.systolic), when, **inside)
        self.put(signs.person, "taDiastolique", str(signs.diastolic), when, **inside)
        self.put(signs.person, "freqCardiaque", str(signs.pulse), when, **inside)
        self.put(signs.person, "poids", "999", when, **inside, outdated="y")

    def removed(self, practice: Practice) -> None:
        """Results that were typed by mistake and removed."""
        for person in practice.people[::3]:
            self.put(person, "creatinineMgL", "99", "2014-05-06", deleted="y")


def _mysql(table: str, columns: Sequence[str], rows: Sequence[Cells]) -> str:
    """The definition of a table and one INSERT of many rows, as mysqldump writes them."""
    made = ",\n  ".join(f"`{name}` varchar(255) DEFAULT NULL" for name in columns)
    values = ",".join(f"({','.join(map(_mysql_value, row))})" for row in rows)
    definition = f"CREATE TABLE `{table}` (\n  {made},\n  KEY `k` (`{columns[0]}`)\n) ENGINE=InnoDB;\n"
    return f"{definition}LOCK TABLES `{table}` WRITE;\nINSERT INTO `{table}` VALUES {values};\nUNLOCK TABLES;\n"


def _mysql_value(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{_escaped(value)}'"


# --- Mediboard OxPivot ----------------------------------------------------------------------------------------------

DESCRIBED = ("Nom du champ", "Taille du champ", "Type de données", "Description", "Obligatoire")
Rows = list[dict[str, str]]


def mediboard_oxpivot(folder: Path, practice: Practice) -> None:
    """A ZIP of tables in CSV, each beside its description; results are words of visits, some exported twice."""
    records = records_of(practice)
    tables = {
        "patient": [_pivot_patient(person) for person in practice.people],
        "medecin": [{"id": "M1", "nom": practice.doctor, "prenom": "Claude", "rpps": "10001234565", "adeli": ""}],
        "antecedent": list(_pivot_histories(records)),
        "traitement": list(_pivot_treatments(records)),
        "constante": list(_pivot_signs(records)),
        "consultation": list(_pivot_visits(practice, records)),
        "injection": list(_pivot_vaccinations(records)),
        "acte_ccam": list(_pivot_acts(records)),
    }
    with zipfile.ZipFile(folder / "oxpivot.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            columns = list(rows[0]) if rows else ["id", "patient"]
            described = [dict(zip(DESCRIBED, (column, "80", "Chaîne", "", "Non"), strict=True)) for column in columns]
            for file, content in ((f"{name}.csv", rows), (f"{name}_format.csv", described)):
                archive.writestr(zipfile.ZipInfo(file, (2014, 1, 6, 10, 0, 0)), _csv(content).encode("utf-8"))


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _pivot_patient(person: Person) -> dict[str, str]:
    return {
        "id": person.number,
        "nom": person.family,
        "prenom": person.given,
        "date_naissance": person.birth.isoformat(),
        "matricule": "199999999999999",
        "sexe": person.sex.lower(),
        "cp": person.postcode,
        "ville": person.city,
        "medecin_traitant": "M1",
        "ald": "0",
        "ipp": f"9{person.number}",
    }


def _pivot_histories(records: Records) -> Iterator[dict[str, str]]:
    numbers = count(1)
    items = [(one.person, one.section, one.words, one.day) for one in records.histories]
    items += [(one.person, "alle", one.words, None) for one in records.allergies]
    for person, sort, words, day in items:
        yield {
            "id": f"A{next(numbers)}",
            "praticien": "M1",
            "patient": person.number,
            "text": words,
            "comment": "",
            "date": day.isoformat() if day else "",
            "type": sort,
            "appareil": "",
        }


def _pivot_treatments(records: Records) -> Iterator[dict[str, str]]:
    for number, drug in enumerate(records.drugs, 1):
        yield {
            "id": f"T{number}",
            "praticien": "M1",
            "patient": drug.person.number,
            "text": f"{drug.name}{(' : ', chr(10))[number % 2]}{drug.dosage}",
            "date_debut": drug.start.isoformat(),
            "date_fin": drug.end.isoformat() if drug.end else "",
        }


def _pivot_signs(records: Records) -> Iterator[dict[str, str]]:
    """Pressures in cmHg, of one arm or the other."""
    for number, one in enumerate(records.signs, 1):
        pressures = [f"{one.systolic / 10:g}", f"{one.diastolic / 10:g}", "", ""]
        right = pressures if number % 2 else [*pressures[2:], *pressures[:2]]
        names = ("ta_droit_systole", "ta_droit_diastole", "ta_gauche_systole", "ta_gauche_diastole")
        yield {
            "id": f"C{number}",
            "praticien": "M1",
            "patient": one.person.number,
            "date": f"{one.day} 09:15:00",
            "taille": str(one.height),
            "poids": one.weight,
            "pouls": str(one.pulse),
            "temperature": "",
            **dict(zip(names, right, strict=True)),
        }


def _pivot_visits(practice: Practice, records: Records) -> Iterator[dict[str, str]]:
    """Visits with results, those exported twice under another id, and visits of acts."""
    visits = [(day[0].person, day[0].day, _report(practice, day, "\n")) for day in practice.sent()]
    visits += [(act.person, act.day, "") for act in records.acts]
    first = len(visits) - len(records.acts)
    for number, (person, day, results) in enumerate(visits):
        yield {
            "id": f"V{number}" if number < first else f"ACT{number - first}",
            "date": day.isoformat(),
            "praticien": "M1",
            "heure": "09:30:00",
            "motif": "Suivi",
            "remarques": "",
            "examen": "Examen sans particularité",
            "traitement": "",
            "conclusion": "À revoir dans trois mois",
            "resultats": results,
            "patient": person.number,
        }


def _pivot_vaccinations(records: Records) -> Iterator[dict[str, str]]:
    for number, one in enumerate(records.vaccines, 1):
        yield {
            "id": f"I{number}",
            "patient": one.person.number,
            "practitioner_name": "Claude LENOIR",
            "injection_date": f"{one.day} 10:00:00",
            "batch": one.lot,
            "speciality": one.name,
            "cip_product": one.cip,
            "type_vaccin": "Autre",
        }


def _pivot_acts(records: Records) -> Iterator[dict[str, str]]:
    for number, act in enumerate(records.acts):
        yield {
            "id": f"P{number}",
            "consultation": f"ACT{number}",
            "executant": "M1",
            "code_acte": act.code,
            "date_execution": f"{act.day} 09:45:00",
        }
