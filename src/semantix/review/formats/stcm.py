"""SOURCE_TO_CONCEPT_MAP of OMOP 5.4 as CSV: nine columns, read and written.

Writing: only decisions (accepted entries unless other states are asked for). One row for each chosen target that has an
OMOP concept; no suitable target is concept 0 of vocabulary ``None``, as Usagi writes it. What an OMOP load would refuse
is not written, and what is not written is a Loss. Reading: rows of one code, wording and vocabulary are one accepted
entry, wherever they are; the table says no relation, so each target is read as exact.
"""

from semantix.review.formats._stcm_reading import read_stcm
from semantix.review.formats._stcm_writing import write_stcm

__all__ = ["read_stcm", "write_stcm"]
