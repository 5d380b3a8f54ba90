"""Which value set (JDV) the codes of which place are chosen from, and which code a section of a template has.

Sources: ANS, CI-SIS, volet Structuration minimale de documents de santé (header, model 1.2.250.1.213.1.1.1.1); CI-SIS,
Modèles de contenus CDA (sections 1.2.250.1.213.1.1.2.n, entries 1.2.250.1.213.1.1.3.n); IHE PCC TF-2, section and entry
content modules; IHE PHARM, substitution handling.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class ValueSet(Struct, frozen=True):
    """A value set: its OID, and the name that it is published under."""

    oid: str
    name: str


class Place(Struct, frozen=True):
    """The coded children of elements with a template; ``path`` leads from the element to them.

    ``unless`` are templates of the same element that make it another kind of entry.
    """

    template: str
    path: str
    sets: tuple[ValueSet, ...]
    unless: tuple[str, ...] = ()


J01 = ValueSet("1.2.250.1.213.1.1.5.461", "JDV_J01_XdsAuthorSpecialty_CISIS")
J02 = ValueSet("1.2.250.1.213.1.1.5.466", "JDV_J02_XdsHealthcareFacilityTypeCode_CISIS")
J04 = ValueSet("1.2.250.1.213.1.1.5.467", "JDV_J04_XdsPracticeSettingCode_CISIS")
J07 = ValueSet("1.2.250.1.213.1.1.5.471", "JDV_J07_XdsTypeCode_CISIS")
J11 = ValueSet("1.2.250.1.213.3.3.16", "JDV_J11_RelationPatient_CISIS")
J47 = ValueSet("1.2.250.1.213.1.1.5.124", "JDV_J47_FunctionCode_CISIS")
J142 = ValueSet("1.2.250.1.213.1.1.5.589", "JDV_J142_TypeRencontre_CISIS")
J143 = ValueSet("1.2.250.1.213.1.1.5.590", "JDV_J143_AdministrativeGender_CISIS")
CONFIDENTIALITY = ValueSet("2.16.840.1.113883.1.11.16926", "JDV_HL7_xBasicConfidentialityKind_CISIS")
PROBLEM = ValueSet("1.2.250.1.213.1.1.5.172", "JDV_CodeProbleme_CISIS")
EXPECTED_EVENT = ValueSet("1.2.250.1.213.1.1.5.794", "JDV_TypeEvenementIndesirablePrevisible_CISIS")
ALLERGY_STATUS = ValueSet("2.16.840.1.113883.4.642.3.1372", "JDV_HL7_AllergyintoleranceClinical_CISIS")
CONDITION_STATUS = ValueSet("2.16.840.1.113883.4.642.3.164", "JDV_HL7_ConditionClinical_CISIS")
CERTAINTY = ValueSet("2.16.840.1.113883.4.642.3.166", "JDV_HL7_ConditionVerStatus_CISIS")
CRITICALITY = ValueSet("2.16.840.1.113883.4.642.3.129", "JDV_HL7_AllergyIntoleranceCriticality_CISIS")
HEALTH_STATUS = ValueSet("1.2.250.1.213.1.1.4.2.283.1", "JDV_HealthStatusCodes_CISIS")
IMMUNIZATION = ValueSet("2.16.840.1.113883.1.11.19709", "JDV_HL7_ActSubstanceAdministrationImmunizationCode_CISIS")
NO_IMMUNIZATION = ValueSet("1.2.250.1.213.1.1.5.666", "JDV_AbsentOrUnknownImmunization_CISIS")
VACCINE_ROUTE = ValueSet("1.2.250.1.213.1.1.5.676", "JDV_ImmunizationRouteCodes_CISIS")
VACCINE_SITE = ValueSet("1.2.250.1.213.1.1.5.621", "JDV_ImmunizationApproachSiteCode_CISIS")
VITAL_SIGN = ValueSet("1.2.250.1.213.1.1.5.171", "JDV_SigneVital_CISIS")
SOCIAL_HISTORY = ValueSet("1.2.250.1.213.1.1.4.2.283.4", "JDV_SocialHistoryCodes_CISIS")
DIRECTIVE = ValueSet("1.2.250.1.213.1.1.5.136", "JDV_TypeDirectiveAnticipee_CISIS")
RELATIVE = ValueSet("2.16.840.1.113883.1.11.19563", "JDV_HL7_PersonalRelationshipRoleType_CISIS")
SPECIMEN = ValueSet("1.2.250.1.213.1.1.5.819", "JDV_SpecimenType_CISIS")
ORIGIN = ValueSet("1.2.250.1.213.1.1.5.785", "JDV_OrigineEffetIndesirable_CISIS")
IMPUTABILITY = ValueSet("1.2.250.1.213.1.1.5.786", "JDV_Imputabilite_CISIS")
GRAVITY = ValueSet("1.2.250.1.213.1.1.5.787", "JDV_Gravite_CISIS")
OUTCOME = ValueSet("1.2.250.1.213.1.1.5.788", "JDV_Evolution_CISIS")
SUBSTITUTION = ValueSet("2.16.840.1.113883.1.11.16621", "JDV_HL7_ActSubstanceAdminSubstitutionCode_CISIS")

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1.4"
_FR: Final = "1.2.250.1.213.1.1.3"
ALLERGY_TEMPLATES: Final = frozenset({f"{_PCC}.6", "2.16.840.1.113883.10.20.1.54"})
STATUS_TEMPLATE: Final = f"{_PCC}.1.1"

HEADER: Final[Mapping[tuple[str, str, str], ValueSet]] = MappingProxyType(
    {
        ("code", "ClinicalDocument", ""): J07,
        ("confidentialityCode", "ClinicalDocument", ""): CONFIDENTIALITY,
        ("administrativeGenderCode", "patient", "patientRole"): J143,
        ("administrativeGenderCode", "subject", "relatedSubject"): J143,
        ("functionCode", "author", "ClinicalDocument"): J47,
        ("functionCode", "participant", "ClinicalDocument"): J47,
        ("code", "assignedAuthor", "author"): J01,
        ("code", "assignedEntity", "legalAuthenticator"): J01,
        ("code", "assignedEntity", "performer"): J01,
        ("standardIndustryClassCode", "representedOrganization", "assignedAuthor"): J04,
        ("standardIndustryClassCode", "representedOrganization", "assignedEntity"): J04,
        ("code", "encompassingEncounter", "componentOf"): J142,
        ("code", "healthCareFacility", "location"): J02,
        ("code", "relatedEntity", "informant"): J11,
    }
)
"""By name of the element, of its parent, and of the parent above (empty where it does not count)."""

PLACES: Final = (
    Place(f"{_PCC}.5", "code", (PROBLEM,), (f"{_FR}.210", f"{_PCC}.6")),
    Place(f"{_PCC}.6", "code", (EXPECTED_EVENT,)),
    Place(f"{_PCC}.1.2", "value", (HEALTH_STATUS,)),
    Place(f"{_PCC}.12", "code", (IMMUNIZATION, NO_IMMUNIZATION)),
    Place(f"{_PCC}.12", "routeCode", (VACCINE_ROUTE,)),
    Place(f"{_PCC}.12.2", "routeCode", (VACCINE_ROUTE,)),
    Place(f"{_PCC}.12", "approachSiteCode", (VACCINE_SITE,)),
    Place(f"{_PCC}.13.2", "code", (VITAL_SIGN,)),
    Place(f"{_PCC}.13.7", "code", (DIRECTIVE,)),
    Place(f"{_PCC}.15.2", "relatedSubject/code", (RELATIVE,)),
    Place(f"{_FR}.52", "code", (SOCIAL_HISTORY,)),
    Place(f"{_FR}.77", "participant/participantRole/playingEntity/code", (SPECIMEN,)),
    Place(f"{_FR}.171", "value", (CERTAINTY,)),
    Place(f"{_FR}.172", "value", (CRITICALITY,)),
    Place(f"{_FR}.210", "code", (ORIGIN,)),
    Place(f"{_FR}.211", "value", (IMPUTABILITY,)),
    Place(f"{_FR}.212", "value", (GRAVITY,)),
    Place(f"{_FR}.213", "value", (OUTCOME,)),
    Place("1.3.6.1.4.1.19376.1.9.1.3.9.1", "code", (SUBSTITUTION,)),
)

MEDICATION: Final = f"{_PCC}.7"
FLUID: Final = f"{_FR}.83"
"""Intravenous fluids, whose route is another table's."""
ROUTES: Final = ("2.16.840.1.113883.5.112", "0.4.0.127.0.16.1.1.2.1")
"""The systems of routes: HL7 RouteOfAdministration and EDQM."""

_SECTION: Final = "1.2.250.1.213.1.1.2"
SECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{_SECTION}.{number}": code
        for number, code in (
            ("73", "55112-7"), ("158", "18776-5"), ("75", "8716-3"), ("163", "42545-4"), ("118", "29554-3"),
            ("132", "11450-4"), ("37", "55107-7"), ("243", "55108-5"), ("150", "30954-2"), ("151", "30954-2"),
            ("35", "33557-0"), ("77", "10162-6"), ("134", "11348-0"), ("137", "48765-2"), ("143", "10160-0"),
            ("147", "11369-6"), ("141", "29762-2"), ("1", "46264-8"), ("139", "10157-6"), ("136", "47519-4"),
            ("107", "34895-3"), ("84", "29545-1"), ("128", "42349-1"), ("145", "18610-6"), ("76", "46240-8"),
            ("115", "46006-3"), ("74", "10161-8"), ("171", "57828-6"), ("130", "10164-2"), ("129", "46241-6"),
            ("157", "42348-3"), ("124", "57075-4"), ("27", "72135-7"),
        )
    }
)  # fmt: skip
"""The LOINC code of a section, by its French template."""
