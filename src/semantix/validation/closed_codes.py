"""Small code systems of HL7 that are closed, and that the CI-SIS does not open: always at hand.

Sources: HL7 V3 Datatypes and RIM vocabulary as CDA Release 2 uses them (NullFlavor, ActStatus, ActMood,
AdministrativeGender, Confidentiality, ObservationInterpretation, ActPriority, TimingEvent), HL7 FHIR R4 (condition
clinical and verification status, allergy clinical status and criticality), HL7 IPS (absent and unknown data).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


NULL_FLAVORS: Final = _codes("NI OTH NINF PINF UNK ASKU NAV NASK TRC MSK NA QS INV DER UNC")
ACT_STATUS: Final = _codes("normal aborted active cancelled completed held new suspended nullified obsolete")
MOODS: Final = _codes("INT APT ARQ PRMS PRP RQO DEF EVN EVN.CRT GOL OPT PERM PERMRQ EXPEC RMD RSK SLOT")
CLOSED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "null-flavor": NULL_FLAVORS,
        "gender": _codes("F M UN"),
        "confidentiality": _codes("L M N R U V B D I C ETH HIV PSY SDV S T"),
        "interpretation": _codes(
            "A AA B CAR Carrier D DET E EX EXP H HH HM HU HX H> I IE IND L LL LU LX L< MS N NCL ND NEG NR NS ObscH OBX"
            " POS QCF R RR S SDD SYN-R SYN-S TOX U UNE VS W WR < > <> = *"
        ),
        "priority": _codes("A CR CS CSP CSR EL EM P PRN R RR S T UD UR"),
        "timing-event": _codes("AC ACD ACM ACV C CD CM CV HS IC ICD ICM ICV PC PCD PCM PCV WAKE"),
        "condition-clinical": _codes("active recurrence relapse inactive remission resolved unknown"),
        "condition-ver-status": _codes("unconfirmed provisional differential confirmed refuted entered-in-error"),
        "allergy-clinical": _codes("active inactive resolved"),
        "allergy-criticality": _codes("low high unable-to-assess"),
        "ips-absent": _codes(
            "no-allergy-info no-known-allergies no-known-medication-allergies no-known-environmental-allergies"
            " no-known-food-allergies no-problem-info no-known-problems no-medication-info no-known-medications"
            " no-procedure-info no-known-procedures no-immunization-info no-known-immunizations no-device-info"
            " no-known-devices"
        ),
        "marital-status": _codes("A C D I L M P S T U W"),
    }
)
"""The codes of a system, by its key."""
MEANINGS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        ("snomed", "24028007"): ("droit",),
        ("snomed", "7771000"): ("gauche",),
        ("snomed", "10828004"): ("positif",),
        ("snomed", "260385009"): ("négatif",),
    }
)
"""What a code means, by the key of its system and the code: sides and results, where an exchange does most harm."""
