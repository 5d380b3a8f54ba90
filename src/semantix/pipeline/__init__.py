"""The composition, the only place that knows every stage: files → documents → FHIR or OMOP → files, with an account."""

from semantix.pipeline.inputs import Task
from semantix.pipeline.plan import FORMATS, TARGETS, Options
from semantix.pipeline.run import Progress, RunReport, convert
from semantix.pipeline.survey import identify_all

__all__ = [
    "FORMATS",
    "TARGETS",
    "Options",
    "Progress",
    "RunReport",
    "Task",
    "convert",
    "identify_all",
]
