"""The quality report of a run: coverage by group, what differs, what is new, what drifts; as figures, JSON, a page.

``to_page(collect(documents, chunks, facts), "fr")``. The figures come from the staged files alone, whichever engine
staged them; a program makes secondary use of them, nobody decides on a patient's care by them.
"""

from semantix.runs.reporting.collecting import collect
from semantix.runs.reporting.facts import Limits, RunFacts
from semantix.runs.reporting.figures import QualityFigures
from semantix.runs.reporting.machine import to_json
from semantix.runs.reporting.page import to_page

__all__ = ["Limits", "QualityFigures", "RunFacts", "collect", "to_json", "to_page"]
