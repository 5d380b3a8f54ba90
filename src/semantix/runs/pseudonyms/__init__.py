"""Pseudonyms: what leaves a run under the key of a project, and whom it leaves out."""

from __future__ import annotations

from semantix.runs.pseudonyms.engine import Pseudonymiser as Pseudonymiser
from semantix.runs.pseudonyms.keys import fingerprint as fingerprint
from semantix.runs.pseudonyms.keys import new_key as new_key
from semantix.runs.pseudonyms.keys import read_key as read_key
from semantix.runs.pseudonyms.policy import FIELDS as FIELDS
from semantix.runs.pseudonyms.policy import PRESETS as PRESETS
from semantix.runs.pseudonyms.policy import Policy as Policy
from semantix.runs.pseudonyms.policy import PolicySection as PolicySection
from semantix.runs.pseudonyms.subjects import subject_ids as subject_ids
from semantix.runs.pseudonyms.subjects import subjects_of_file as subjects_of_file
