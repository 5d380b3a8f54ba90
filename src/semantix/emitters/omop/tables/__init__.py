"""One module for each table or small family of tables of the CDM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.facts import Fact
from semantix.emitters.omop.tables.condition import condition
from semantix.emitters.omop.tables.device import device
from semantix.emitters.omop.tables.drug import drug
from semantix.emitters.omop.tables.measurement import measurement
from semantix.emitters.omop.tables.observation import observation
from semantix.emitters.omop.tables.procedure import procedure
from semantix.emitters.omop.tables.specimen import specimen_fact

EVENTS: Mapping[str, Callable[[Context, Fact, int], Ref]] = MappingProxyType(
    {
        "condition_occurrence": condition,
        "device_exposure": device,
        "drug_exposure": drug,
        "measurement": measurement,
        "observation": observation,
        "procedure_occurrence": procedure,
        "specimen": specimen_fact,
    }
)
"""What writes a :class:`Fact` in each table that the domain of a concept can choose."""

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "person": "full",
        "observation_period": "full",
        "visit_occurrence": "full",
        "condition_occurrence": "full",
        "drug_exposure": "full",
        "procedure_occurrence": "full",
        "device_exposure": "full",
        "measurement": "full",
        "observation": "full",
        "specimen": "full",
        "fact_relationship": "partial",
        "note": "partial",
        "death": "partial",
        "provider": "partial",
        "care_site": "partial",
        "location": "partial",
        "concept": "partial",
        "vocabulary": "partial",
        "source_to_concept_map": "full",
        "cdm_source": "full",
        "metadata": "partial",
    }
)
"""How far each table is populated; a table that is not here is created empty, or copied from the vocabulary."""
