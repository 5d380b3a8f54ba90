"""What a project takes of people: the policy of its plan, and the value that the engine follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, field_validator

from semantix.errors import BadPlan

PATIENT = (
    "patient.gender",
    "patient.birth",
    "patient.deceased",
    "patient.address",
    "patient.birth-place",
    "patient.marital-status",
    "patient.languages",
    "patient.multiple-birth",
    "patient.relatives",
)
CLINICAL = (
    "problems",
    "medications",
    "allergies",
    "results",
    "vitals",
    "procedures",
    "immunizations",
    "encounters",
    "findings",
    "family-history",
    "social-history",
    "pregnancy",
    "imaging",
    "devices",
    "directives",
    "coverage",
    "documents",
)
"""Classes of statements; ``findings`` are observations of no other class, ``documents`` are attached files."""
ABOUT = ("professionals", "organisations", "practice", "events", "orders", "consents")
"""Who wrote and cared, and what the header says of the act, its request and the consent to it."""
FIELDS = (*PATIENT, *CLINICAL, *ABOUT)
PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "all": FIELDS,
        "clinical": ("patient.gender", "patient.birth", "patient.deceased", *CLINICAL),
        "epidemiology": (
            "patient.gender",
            "patient.birth",
            "patient.deceased",
            "patient.address",
            "problems",
            "medications",
            "allergies",
            "results",
            "vitals",
            "procedures",
            "immunizations",
            "encounters",
        ),
    }
)
"""Names for usual lists: everything; clinical facts without anybody around; what most cohorts need."""
LONGEST_SHIFT = 3650
"""Days that dates may be moved by at most."""


class Policy(Struct, frozen=True, kw_only=True):
    """What the engine follows. ``project`` keeps the pseudonyms of two projects apart, even under one key.

    ``shift_days``: the dates of each patient move by an offset of their own, between 1 and this many days either way;
    0 moves none. ``birth`` is the precision that births keep, ``cap`` the age above which a birth year is that of the
    cap, on ``on`` (a year or a day), else on the day of the document; 0 caps none. ``places`` is what addresses keep.
    ``text`` says what becomes of free text (``drop``, ``keep``, ``flag``), ``allow`` which fields stay.
    """

    project: str
    shift_days: int = 0
    birth: str = "year"
    cap: int = 90
    on: str = ""
    places: str = "department"
    text: str = "drop"
    allow: frozenset[str] = frozenset(FIELDS)


_STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Ages(BaseModel):
    """Rare ages: above ``cap`` years on ``day`` (a year or a day), people are of that age."""

    model_config = _STRICT
    cap: Annotated[int, Field(ge=0, le=150)] = 90
    day: Annotated[str, Field(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$")] = ""

    @field_validator("day", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        """YAML reads ``2024`` as a number and ``2024-12-31`` as a date."""
        return value if value is None else str(value)


class PolicySection(BaseModel):
    """The part of a plan that says how people are pseudonymised; :meth:`policy` gives the engine's value."""

    model_config = _STRICT
    project: Annotated[str, Field(min_length=1, max_length=200)]
    shift_days: Annotated[int, Field(ge=0, le=LONGEST_SHIFT)] = 0
    birth: Literal["day", "month", "year"] = "year"
    ages: Ages = Ages()
    places: Literal["keep", "department", "region", "drop"] = "department"
    text: Literal["drop", "keep", "flag"] = "drop"
    allow: str | tuple[str, ...] = "all"

    def policy(self) -> Policy:
        """The value that the engine follows. Raises BadPlan for a field that does not exist."""
        return Policy(
            project=self.project,
            shift_days=self.shift_days,
            birth=self.birth,
            cap=self.ages.cap,
            on=self.ages.day,
            places=self.places,
            text=self.text,
            allow=allowed((self.allow,) if isinstance(self.allow, str) else self.allow),
        )


def allowed(names: tuple[str, ...]) -> frozenset[str]:
    """The fields that a list of fields and presets names. Raises BadPlan."""
    unknown = sorted(name for name in names if name not in PRESETS and name not in FIELDS)
    if unknown:
        raise BadPlan(
            f"pseudonymisation.allow: unknown {', '.join(unknown)}; presets: {', '.join(PRESETS)}; "
            f"fields: {', '.join(FIELDS)}"
        )
    return frozenset(field for name in names for field in PRESETS.get(name, (name,)))
