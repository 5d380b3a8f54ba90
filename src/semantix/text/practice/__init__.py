"""French practice-record text to findings: histories, allergies, ALD, habits, vaccinations, vital signs, diagnoses.

Text in, a tuple of :class:`Finding` out; nothing here knows where the text comes from. What cannot be told is a
``note`` that keeps its words and says why: a wrong meaning is worse than none.
"""

from __future__ import annotations

from semantix.text.practice._ald import read_ald
from semantix.text.practice._finding import Day, Finding
from semantix.text.practice._vitals import read_measure, read_vital_signs
from semantix.text.practice.fields import read_alcohol, read_allergy, read_tobacco, read_vaccination
from semantix.text.practice.histories import read_diagnosis, read_history

__all__ = [
    "Day",
    "Finding",
    "read_alcohol",
    "read_ald",
    "read_allergy",
    "read_diagnosis",
    "read_history",
    "read_measure",
    "read_tobacco",
    "read_vaccination",
    "read_vital_signs",
]
