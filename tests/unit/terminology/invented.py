"""A small invented terminology, its curated tables and its lexicon, as files that the importers and the engine read.

The wordings are ours; the codes only look like those of CIM-10 and CISP-2. Organs have popular names (``flombe`` for
``genou``) that no dictionary knows, so that whatever the engine knows of them it has learned here.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from semantix.model import Context, Query
from semantix.terminology.matching import Request
from semantix.terminology.table_files import COLUMNS

ORGANS = (
    ("A10", "genou", "flombe", "du", "de la"),
    ("A11", "coude", "barnelle", "du", "de la"),
    ("A12", "rein", "dorvin", "du", "du"),
    ("A13", "foie", "grulot", "du", "du"),
    ("A14", "poumon", "soufflard", "du", "du"),
    ("A15", "peau", "couenne", "de la", "de la"),
)
"""Category, official name, popular name, and the article of each."""
TROUBLES = (
    ("0", "Douleur", "DLR"),
    ("1", "Fracture ouverte", "FRACT. OUV."),
    ("2", "Fracture fermée", "FRACT. FERM."),
    ("3", "Brûlure", "BRUL."),
    ("4", "Inflammation aiguë", "INFLAM. AIG."),
    ("5", "Inflammation chronique", "INFLAM. CHRON."),
    ("6", "Tumeur maligne", "TUM. MAL."),
    ("7", "Tumeur bénigne", "TUM. BEN."),
)
"""Fourth character, official name, and the words of the official short label."""
OTHERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("E10", "Diabète sucré de type 1", ("diabète maigre",)),
    ("E11", "Diabète sucré de type 2", ("diabète gras",)),
    ("I10", "Hypertension artérielle", ("tension trop haute", "pression élevée")),
    ("I95", "Hypotension artérielle", ("tension trop basse",)),
    ("I21", "Infarctus (aigu) du myocarde", ("crise de palpitan",)),
    ("I22", "Spasme du myocarde", ("crise de palpitan",)),
    ("K35.0", "Appendicite avec péritonite", ()),
    ("K35.9", "Appendicite sans péritonite", ()),
    ("Z80", "Antécédents familiaux de tumeur maligne", ()),
    ("R51", "Céphalée", ("mal de crâne",)),
    ("B02", "Zona [ceinture de feu]", ("herpès en ceinture",)),
    ("D50.0", "Anémie par carence en fer", ("sang trop clair",)),
)
LOINC = {
    "2160-0": "Creatinine [Mass/volume] in Serum or Plasma",
    "14682-9": "Creatinine [Moles/volume] in Serum or Plasma",
    "14683-7": "Creatinine [Moles/volume] in Urine",
    "2161-8": "Creatinine [Mass/volume] in Urine",
    "2157-6": "Creatine kinase [Enzymatic activity/volume] in Serum or Plasma",
    "35591-7": "Creatinine renal clearance predicted by Cockcroft-Gault formula",
    "2823-3": "Potassium [Moles/volume] in Serum or Plasma",
    "2828-2": "Potassium [Moles/volume] in Urine",
    "2345-7": "Glucose [Mass/volume] in Serum or Plasma",
    "14749-6": "Glucose [Moles/volume] in Serum or Plasma",
    "53049-3": "Glucose [Mass/volume] in Serum or Plasma --pre-meal",
    "1558-6": "Fasting glucose [Mass/volume] in Serum or Plasma",
    "14771-0": "Fasting glucose [Moles/volume] in Serum or Plasma",
    "16915-1": "Glucose [Mass/volume] in Serum or Plasma --post meal",
    "2350-7": "Glucose [Mass/volume] in Urine",
    "15076-3": "Glucose [Moles/volume] in Urine",
    "27353-2": "Glucose mean value [Mass/volume] in Blood Estimated from glycated hemoglobin",
    "718-7": "Hemoglobin [Mass/volume] in Blood",
    "4548-4": "Hemoglobin A1c/Hemoglobin.total in Blood",
    "59261-8": "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol",
    "2089-1": "Cholesterol in LDL [Mass/volume] in Serum or Plasma",
    "22748-8": "Cholesterol in LDL [Moles/volume] in Serum or Plasma",
    "13457-7": "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation",
    "39469-2": "Cholesterol in LDL [Moles/volume] in Serum or Plasma by calculation",
    "18262-6": "Cholesterol in LDL [Mass/volume] in Serum or Plasma by Direct assay",
    "2085-9": "Cholesterol in HDL [Mass/volume] in Serum or Plasma",
    "14646-4": "Cholesterol in HDL [Moles/volume] in Serum or Plasma",
    "2093-3": "Cholesterol [Mass/volume] in Serum or Plasma",
    "14647-2": "Cholesterol [Moles/volume] in Serum or Plasma",
    "11054-4": "Cholesterol in LDL/Cholesterol in HDL [Mass Ratio] in Serum or Plasma",
    "9830-1": "Cholesterol.total/Cholesterol in HDL [Mass Ratio] in Serum or Plasma",
    "1751-7": "Albumin [Mass/volume] in Serum or Plasma",
    "14338-8": "Prealbumin [Mass/volume] in Serum or Plasma",
    "14957-5": "Microalbumin [Mass/volume] in Urine",
    "14959-1": "Microalbumin/Creatinine [Mass Ratio] in Urine",
    "32294-1": "Albumin/Creatinine [Ratio] in Urine",
}
"""A handful of terms; names are built from their axes as LOINC does, the choice is ours."""

HEAD = """#curie_map:
#  CIM10: http://hl7.org/fhir/sid/icd-10/
#  CISP2: http://hl7.org/fhir/sid/icpc-2/
#  LOCAL: https://semantix.invalid/local/
#mapping_set_id: https://semantix.invalid/mappings/invented
#mapping_set_version: '1'
"""
ABBREVIATIONS = (
    ("HTA", "hypertension artérielle", "", "1", "usage"),
    ("TMA", "tumeur maligne", "", "1", "usage"),
    ("IDM", "infarctus du myocarde", "", "1", "usage"),
    ("IA", "inflammation aiguë", "", "1", "usage"),
    ("IA", "inflammation chronique", "procedure", "2", "usage"),
)
SYNONYMS = (("cancer", "tumeur maligne", "usage"), ("cassure", "fracture", "usage"), ("roussi", "brûlure", "usage"))
PHRASES = (("trop de sucre", "diabète sucré", "usage"),)


def codes() -> list[dict[str, Any]]:
    """The concepts as a FHIR CodeSystem holds them."""
    rows: list[dict[str, Any]] = []
    for category, organ, popular, of, of_popular in ORGANS:
        rows.append(
            {
                "code": category,
                "display": f"Maladies {of} {organ}",
                "property": [{"code": "notSelectable", "valueBoolean": True}],
            }
        )
        for digit, trouble, short in TROUBLES:
            # The acute inflammation and the burn are never told in the people's words.
            popular_name = [] if digit in "34" else [_synonym(f"{trouble.lower()} {of_popular} {popular}")]
            rows.append(
                {
                    "code": f"{category}.{digit}",
                    "display": f"{trouble} {of} {organ}",
                    "designation": [*popular_name, _short(f"{short} {organ.upper()}")],
                }
            )
        rows.append({"code": f"{category}.9", "display": f"Maladie {of} {organ}, sans précision"})
    for code, label, synonyms in OTHERS:
        rows.append({"code": code, "display": label, "designation": [_synonym(text) for text in synonyms]})
    rows.append({"code": "I11", "display": "Tension ancienne", "property": _ended("I10")})
    rows.append({"code": "I12", "display": "Tension très ancienne", "property": _ended("")})
    return rows


def _synonym(text: str) -> dict[str, Any]:
    return {"language": "fr", "value": text}


def _short(text: str) -> dict[str, Any]:
    return {"language": "fr", "use": {"code": "LibelleCourt"}, "value": text}


def _ended(heir: str) -> list[dict[str, Any]]:
    over = [{"code": "inactive", "valueBoolean": True}]
    return [*over, {"code": "replacedBy", "valueCode": heir}] if heir else over


def bundle(concepts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The terminology with a second one, CISP-2, and a map between them."""
    head = {"resourceType": "CodeSystem", "version": "1", "language": "fr", "content": "complete"}
    standard = "http://hl7.org/fhir/concept-properties#"
    described = [{"code": code, "uri": standard + code} for code in ("notSelectable", "inactive", "replacedBy")]
    return {
        "resourceType": "Bundle",
        "entry": [
            {"resource": each}
            for each in (
                {
                    **head,
                    "id": "one",
                    "url": "http://hl7.org/fhir/sid/icd-10",
                    "property": described,
                    "concept": concepts,
                },
                {
                    **head,
                    "id": "two",
                    "url": "http://hl7.org/fhir/sid/icpc-2",
                    "concept": [{"code": "K86", "display": "Tension qui monte"}, {"code": "L15", "display": "Genou"}],
                },
                {
                    "resourceType": "ConceptMap",
                    "version": "1",
                    "group": [
                        {
                            "source": "http://hl7.org/fhir/sid/icpc-2",
                            "target": "http://hl7.org/fhir/sid/icd-10",
                            "element": [
                                {"code": "K86", "target": [{"code": "I10", "equivalence": "equivalent"}]},
                                {
                                    "code": "L15",
                                    "target": [
                                        {"code": "A10.0", "equivalence": "narrower"},
                                        {"code": "A10.3", "equivalence": "narrower"},
                                    ],
                                },
                            ],
                        }
                    ],
                },
            )
        ],
    }


def curated(label: str, target: str, modifier: str = "", **more: str) -> str:
    """One row of a curated table."""
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {
        "subject_label": label,
        "subject_type": "" if more.get("subject_id") else "rdfs literal",
        "predicate_id": "skos:exactMatch",
        "predicate_modifier": modifier,
        "object_id": target,
        "confidence": "0.90",
    }
    return "\t".join((cells | more)[column] for column in COLUMNS)


ROWS = (
    # The people of the tables know better than an official synonym, and than a label of two codes.
    curated("pression élevée", "CIM10:I95"),
    curated("tension trop basse", "CIM10:I95", "Not"),
    curated("Hypotension artérielle", "CIM10:I95", "Not"),
    curated("vertige du dimanche", "CIM10:R51"),
    curated("genou du lundi", "CIM10:A10.0", section="history"),
    curated("genou du lundi", "CIM10:A10.3", section="problem"),
    curated("goutte du mardi", "CIM10:D50.0", specimen="blood"),
    curated("goutte du mardi", "CIM10:A12.4", specimen="urine"),
    curated("coup de chaud", "CIM10:A15.3"),
    curated("coup de chaud", "CIM10:A15.4"),
    curated("", "CIM10:E11", subject_id="LOCAL:D42", sender="cabinet du port"),
    curated("brûlure du coude", "CIM10:R51", "Not"),
)


def write_mappings(folder: Path, rows: Sequence[str] = ROWS) -> Path:
    """Write a ``mappings`` folder: one curated table, the three tables of the lexicon."""
    (folder / "tables").mkdir(parents=True)
    (folder / "lexicon").mkdir()
    lines = "\n".join(("\t".join(COLUMNS), *rows))
    (folder / "tables" / "invented__cim10.sssom.tsv").write_text(f"{HEAD}{lines}\n", "utf-8")
    for name, columns, table in (
        ("abbreviations", "abbreviation\texpansion\tsection\trank\tsource", ABBREVIATIONS),
        ("synonyms", "left\tright\tsource", SYNONYMS),
        ("phrases", "written\tofficial\tsource", PHRASES),
    ):
        text = "\n".join((columns, *("\t".join(row) for row in table)))
        (folder / "lexicon" / f"{name}.tsv").write_text(f"{text}\n", "utf-8")
    return folder


def write_source(path: Path, concepts: Sequence[Mapping[str, Any]] | None = None) -> Path:
    """Write the Bundle of both terminologies."""
    path.write_text(json.dumps(bundle(codes() if concepts is None else concepts), ensure_ascii=False), "utf-8")
    return path


def ask(text: str = "", *, code: str = "", system: str = "", **context: Any) -> Request:
    """One request."""
    return Request(Query(text=text, code=code, system=system), Context(**context))
