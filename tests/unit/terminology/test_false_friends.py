"""Laboratory labels close in spelling and different in meaning: the engine never accepts the wrong code.

End to end: a store of LOINC terms, the curated tables and the lexicon that ship. A right code or an abstention is an
answer, a wrong code is not.
"""

from pathlib import Path

import pytest
from tests.unit.terminology.invented import LOINC

from semantix.model import Context, Query
from semantix.terminology.building import Wishes, import_source
from semantix.terminology.engine import Engine
from semantix.terminology.releases import Hints
from semantix.terminology.source import Source

CREATININE = {"2160-0", "14682-9"}
KINASE = {"2157-6"}
LDL = {"2089-1", "22748-8", "13457-7", "39469-2", "18262-6"}
HDL = {"2085-9", "14646-4"}
CHOLESTEROL = {"2093-3", "14647-2"}
FASTING = {"1558-6", "14771-0", "53049-3"}
GLUCOSE = {"2345-7", "14749-6"}
URINE_GLUCOSE = {"2350-7", "15076-3"}
A1C = {"4548-4", "59261-8"}
ALBUMIN = {"1751-7"}
MICROALBUMIN = {"14957-5"}
RATIO_ALBUMIN = {"14959-1", "32294-1"}
POTASSIUM = {"2823-3"}
HAEMOGLOBIN = {"718-7"}
CALCULATED = {"13457-7", "39469-2"}

# (wordings, units, codes that would be wrong)
CLASSES: tuple[tuple[tuple[str, ...], tuple[str, ...], set[str]], ...] = (
    (
        ("Clairance de la créatinine", "CLAIRANCE CREATININE", "Cl. créatinine (Cockcroft)", "DFG MDRD", "Clairance"),
        ("", "mL/min", "ml/mn/1.73m2"),
        CREATININE | KINASE,
    ),
    (("CPK", "Créatine kinase", "C.P.K.", "CK", "creatine phosphokinase"), ("", "UI/L", "U/l"), CREATININE),
    (
        ("Créatinine", "CREATININE", "créatininémie", "creat"),
        ("", "mg/L", "µmol/L"),
        KINASE | {"35591-7", "2161-8", "14683-7"},
    ),
    (
        ("Créatinine urinaire", "CREATININURIE", "Créatinine urines", "U-créatinine", "Creat. urinaire"),
        ("", "mmol/L", "g/L", "mg/L", "mmol/24h"),
        CREATININE,
    ),
    (
        ("Rapport LDL/HDL", "LDL/HDL", "LDL / HDL cholestérol", "Rapport Chol. LDL/Chol. HDL"),
        ("", "g/L", "mmol/L"),
        LDL | HDL | CHOLESTEROL | {"9830-1"},
    ),
    (
        ("Rapport cholestérol total/HDL", "CT/HDL", "Chol.total/HDL", "Rapport CT / HDL"),
        ("", "g/L"),
        LDL | HDL | CHOLESTEROL | {"11054-4"},
    ),
    (("Cholestérol", "Cholestérol total", "CHOLESTEROL"), ("", "g/L", "mmol/L"), LDL | HDL | {"9830-1", "11054-4"}),
    (("HDL", "Cholestérol HDL", "HDL-C"), ("", "g/L", "mmol/L"), LDL | CHOLESTEROL),
    (
        ("Glycémie moyenne estimée", "Glycémie moyenne", "eAG", "Glucose moyen estimé"),
        ("", "g/L", "mg/dL"),
        A1C | FASTING | GLUCOSE,
    ),
    (
        ("HbA1c", "Hémoglobine glyquée", "HB A1C"),
        ("", "%", "mmol/mol", "g/L"),
        FASTING | GLUCOSE | HAEMOGLOBIN | {"27353-2"},
    ),
    (
        ("Glycémie post-prandiale", "Glycémie postprandiale", "GPP", "Glycémie après repas", "glycemie 2h apres repas"),
        ("", "g/L", "mmol/L"),
        FASTING | GLUCOSE | A1C | URINE_GLUCOSE,
    ),
    (
        ("Glucose urinaire", "Glycosurie", "GLUCOSE URINES", "Sucre urinaire"),
        ("", "g/L", "mmol/L"),
        FASTING | GLUCOSE | {"16915-1"},
    ),
    (("Glycémie à jeun", "GLYCEMIE A JEUN"), ("", "g/L", "mmol/L"), URINE_GLUCOSE | A1C | {"16915-1", "27353-2"}),
    (("Albumine", "ALBUMINE", "Albuminémie"), ("", "g/L"), MICROALBUMIN | RATIO_ALBUMIN | {"14338-8"}),
    (
        ("Préalbumine", "PREALBUMINE", "Transthyrétine", "Pré-albumine"),
        ("", "g/L", "mg/L"),
        ALBUMIN | MICROALBUMIN | RATIO_ALBUMIN,
    ),
    (
        ("Microalbuminurie", "Microalbumine", "MICROALBUMINE URINAIRE"),
        ("", "mg/L", "mg/24h"),
        ALBUMIN | RATIO_ALBUMIN | {"14338-8"},
    ),
    (
        ("Rapport albumine/créatinine", "RAC", "Albumine/créatinine urinaire", "Microalbumine/créatinine"),
        ("", "mg/g", "mg/mmol"),
        ALBUMIN | MICROALBUMIN | CREATININE | {"2161-8", "14683-7"},
    ),
    (("Hémoglobine", "HEMOGLOBINE", "Hb"), ("", "g/dL", "g/100mL"), A1C),
    (
        ("Potassium urinaire", "Kaliurèse", "POTASSIUM URINES", "K urinaire", "Kaliurie"),
        ("", "mmol/L", "mEq/l", "mmol/24h"),
        POTASSIUM,
    ),
    (("Potassium", "Kaliémie", "K+"), ("", "mmol/L", "mEq/L"), {"2828-2"}),
    (("LDL mesuré", "Cholestérol LDL dosé", "LDL direct", "LDL dosage direct"), ("", "g/L", "mmol/L"), CALCULATED),
    (("LDL calculé", "Cholestérol LDL calculé", "LDL (Friedewald)"), ("", "g/L", "mmol/L"), LDL - CALCULATED),
    (("HbA1c", "Hémoglobine glyquée", "HBA1C", "Hémoglobine A1c"), ("%",), {"59261-8"}),
    (("HbA1c", "Hémoglobine glyquée", "HbA1c IFCC", "Hémoglobine A1c"), ("mmol/mol",), {"4548-4"}),
)


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    base = tmp_path_factory.mktemp("laboratory")
    table = base / "loinc_en_names.tsv"
    lines = ["loinc\tlong_common_name_en", *(f"{code}\t{name}" for code, name in LOINC.items())]
    table.write_text("\n".join(lines) + "\n", "utf-8")
    import_source(Source(table), base / "store", Wishes(hints=Hints(version="1")))
    return Engine.open(base / "store")


def accepted(engine: Engine, text: str, unit: str, specimen: str = "") -> str:
    """The code that may be used without review, if any."""
    decision = engine.decide(Query(text=text), "loinc", Context(unit=unit, specimen=specimen, section="laboratory"))
    return decision.candidates[0].code if decision.accepted else ""


def wrong(engine: Engine) -> list[tuple[str, str, str]]:
    """Every wrong code that is accepted, with its wording and unit."""
    return [
        (text, unit, code)
        for texts, units, forbidden in CLASSES
        for text in texts
        for unit in units
        if (code := accepted(engine, text, unit)) in forbidden
    ]


def test_no_false_friend_is_accepted(laboratory: Engine) -> None:
    assert wrong(laboratory) == []


def test_routine_labels_are_accepted(laboratory: Engine) -> None:
    routine = [
        ("Créatinine", "µmol/L", "14682-9"), ("Kaliémie", "mmol/L", "2823-3"), ("HbA1c", "%", "4548-4"),
        ("Hémoglobine", "g/dL", "718-7"), ("CPK", "UI/L", "2157-6"),
    ]  # fmt: skip
    assert [accepted(laboratory, text, unit) for text, unit, _ in routine] == [code for _, _, code in routine]
    assert accepted(laboratory, "Glycémie à jeun", "g/L") in FASTING


def test_a_local_code_does_not_change_what_is_refused(laboratory: Engine) -> None:
    asked = Query(text="Créatinine urinaire", code="CREA", system="local")
    decision = laboratory.decide(asked, "loinc", Context(unit="mmol/L", sender="labo"))
    assert not (decision.accepted and decision.candidates[0].code in CREATININE)


@pytest.mark.slow
def test_no_false_friend_is_accepted_among_the_displays_of_loinc(shared: Path, tmp_path: Path) -> None:
    labels = shared / "terminologies" / "labels"
    for name in ("loinc_en_names_from_nabm2loinc.tsv", "loinc_fr_displays_ans_harvest.tsv"):
        import_source(Source(labels / name), tmp_path / "store", Wishes(hints=Hints(version="1")))
    assert wrong(Engine.open(tmp_path / "store")) == []
