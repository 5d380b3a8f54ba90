"""The status filters that the HL7 FHIR-to-OMOP guide words for FHIR resources, where CDA says less (f2o-060).

They apply to data that came as FHIR; ``statements`` holds the filters of every source.
"""

from __future__ import annotations

from semantix.ledger import Reason
from semantix.model import Absent, Medication, Observation, Procedure, Statement, Supply

FORMAT = "fhir"
"""What the name of the format of such data begins with."""
MEASURED = frozenset({"lab-result", "vital-sign"})
_SEEN = frozenset({"completed", "amended", "corrected"})
_GIVEN = frozenset({"completed", "active"})
_DONE = frozenset({"completed"})


def filtered(statement: Statement) -> Reason | None:
    """Why a resource is no event: its status, or no result where there should be one."""
    if statement.mood == "EVN" and not statement.negated and not _is_realised(statement):
        return Reason.STATUS
    if isinstance(statement, Medication) and statement.intent == "prescribed" and statement.status == "new":
        return Reason.STATUS
    if isinstance(statement, Observation) and _is_unanswered(statement):
        return Reason.NULL_CODE
    return None


def _is_realised(statement: Statement) -> bool:
    if isinstance(statement, Observation):
        return statement.status in _SEEN
    if isinstance(statement, Procedure):
        return statement.status in _DONE
    if isinstance(statement, Medication):
        allowed = {"administered": _GIVEN, "dispensed": _DONE}.get(statement.intent)
        return statement.status in allowed if allowed is not None else statement.status != "new"
    if isinstance(statement, Supply):
        return statement.status != "new"
    return True


def _is_unanswered(statement: Observation) -> bool:
    """True of a result without a value, and of a question that was not answered."""
    if not statement.values:
        return statement.kind in MEASURED
    return all(isinstance(value, Absent) for value in statement.values)
