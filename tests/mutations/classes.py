"""The classes of defect. Each names the finding that a vendor must see; several where the place chosen decides."""

from __future__ import annotations

from copy import deepcopy
from random import Random

from tests.mutations import V3, XSI_TYPE, Element, Mutation, both, drop, every, put, take

INS = "recordTarget/patientRole/id[starts-with(@root,'1.2.250.1.213.1.4.')]"
RPPS = "//id[@root='1.2.250.1.71.4.2.1']"
FINESS = "//id[@root='1.2.250.1.71.4.2.2']"
CIM10 = "//value[@codeSystem='2.16.840.1.113883.6.3']"
LOINC = "//observation/code[@codeSystem='2.16.840.1.113883.6.1']"
TA_ASIP = "//code[@codeSystem='1.2.250.1.213.1.1.4.322']"
GENDER = "recordTarget/patientRole/patient/administrativeGenderCode"
BIRTH = "recordTarget/patientRole/patient/birthTime"
QUANTITY = "//observation/value[@unit]"
BOUNDED = "//referenceRange/observationRange/value[low/@value and high/@value]"
PERIOD = "//effectiveTime[low/@value and high/@value]"
SIGNED = "legalAuthenticator/time"


def last_digit(value: str) -> str:
    """The same number with another key."""
    return value[:-1] + str((int(value[-1]) + 1) % 10)


def years(count: int):
    """A date so many years later."""
    return lambda value: str(int(value[:4]) + count) + value[4:]


def swap(path: str):
    """Exchange the two bounds of an interval."""

    def apply(root: Element, rng: Random) -> bool:
        found = [one for one in every(root, path) if one[0].get("value") != one[-1].get("value")]
        if not found:
            return False
        one = rng.choice(found)
        low, high = one.find(f"{V3}low"), one.find(f"{V3}high")
        before, after = low.get("value"), high.get("value")
        low.set("value", after)
        high.set("value", before)
        return True

    return apply


def repeat(path: str):
    """Say one thing twice."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if found:
            one = rng.choice(found)
            one.addnext(deepcopy(one))
        return bool(found)

    return apply


def empty(path: str):
    """Leave an element without children, text or attributes."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if found:
            rng.choice(found).clear()
        return bool(found)

    return apply


def value_of(code: str, number: str, unit: str = ""):
    """Give the result of one analysis another value."""

    def apply(root: Element, rng: Random) -> bool:
        for code_element in every(root, f"//observation/code[@code='{code}']"):
            value = code_element.getparent().find(f"{V3}value")
            if value is not None and value.get("value"):
                value.set("value", number)
                if unit:
                    value.set("unit", unit)
                return True
        return False

    return apply


def text_of(path: str, words: str):
    """Write other words in the passage of the narrative that a code refers to."""

    def apply(root: Element, rng: Random) -> bool:
        for coded in every(root, path):
            reference = coded.find(f"{V3}originalText/{V3}reference")
            name = (reference.get("value") or "")[1:] if reference is not None else ""
            told = [one for one in root.iter() if one.get("ID") == name]
            if told:
                for child in list(told[0]):
                    told[0].remove(child)
                told[0].text = words
                return True
        return False

    return apply


MUTATIONS: tuple[Mutation, ...] = (
    # identity
    Mutation("wrong-ins-key", put(INS, "extension", last_digit), frozenset({"SX-ID-01"})),
    Mutation("short-ins", put(INS, "extension", lambda v: v[:9]), frozenset({"SX-ID-02"})),
    Mutation("ins-under-a-local-oid", put(INS, "root", "2.25.4242424242424242"), frozenset({"SX-ID-06"})),
    Mutation("ins-c", put(INS, "root", "1.2.250.1.213.1.4.2"), frozenset({"SX-ID-07"})),
    Mutation("no-patient-identifier", drop("recordTarget/patientRole/id"), frozenset({"SX-ID-09"})),
    Mutation("patient-identifier-without-number", take("recordTarget/patientRole/id", "extension"),
             frozenset({"SX-ID-10"})),
    Mutation("no-birth-date", drop(BIRTH), frozenset({"SX-ID-11"})),
    Mutation("sex-against-ins", put(GENDER, "code", lambda v: {"F": "M", "M": "F"}.get(v, v)),
             frozenset({"SX-ID-04"})),
    Mutation("birth-against-ins", put(BIRTH, "value", years(-3)), frozenset({"SX-ID-04"})),
    Mutation("wrong-rpps-key", put(RPPS, "extension", last_digit), frozenset({"SX-ID-17"})),
    Mutation("rpps-without-prefix", put(RPPS, "extension", lambda v: v[1:]), frozenset({"SX-ID-15", "SX-ID-16"})),
    Mutation("wrong-finess-key", put(FINESS, "extension", last_digit), frozenset({"SX-ID-20"})),
    Mutation("rpps-for-a-structure", put(RPPS, "root", "1.2.250.1.71.4.2.2"), frozenset({"SX-ID-26", "SX-ID-19"})),
    # dates
    Mutation("impossible-day", put(BIRTH, "value", "19580231"), frozenset({"SX-DATE-02"})),
    Mutation("not-a-date", put("effectiveTime", "value", "le 12 mars"), frozenset({"SX-DATE-01"})),
    Mutation("impossible-zone", put("effectiveTime", "value", "20250114113045+2700"), frozenset({"SX-DATE-03"})),
    Mutation("swapped-dates", swap(PERIOD), frozenset({"SX-DATE-05"})),
    Mutation("document-of-the-future", put("effectiveTime", "value", years(60)), frozenset({"SX-DATE-07"})),
    Mutation("born-after-the-document", put(BIRTH, "value", "20260105"), frozenset({"SX-DATE-08"})),
    Mutation("signed-before-written", put(SIGNED, "value", years(-1)), frozenset({"SX-DATE-09"})),
    Mutation("two-centuries-old", put(BIRTH, "value", years(-140)), frozenset({"SX-DATE-10"})),
    # codes
    Mutation("mistyped-oid", put(LOINC, "codeSystem", "2.16.840.1.113833.6.1"), frozenset({"SX-CODE-04"})),
    Mutation("truncated-oid", put(CIM10, "codeSystem", "2.16.840.1.113883.6"), frozenset({"SX-CODE-05"})),
    Mutation("oid-of-another-system", put(CIM10, "codeSystem", "2.16.840.1.113883.6.1"),
             frozenset({"SX-CODE-01", "SX-CODE-06"})),
    Mutation("wrong-loinc-key", put(LOINC, "code", last_digit), frozenset({"SX-CODE-01"})),
    Mutation("code-without-system", take(CIM10, "codeSystem"), frozenset({"SX-CODE-07"})),
    Mutation("name-instead-of-oid", put(CIM10, "codeSystem", "CIM-10"), frozenset({"SX-CODE-08"})),
    Mutation("other-name-of-system", put(f"{LOINC}[@codeSystemName='LOINC']", "codeSystemName", "SNOMED CT"),
             frozenset({"SX-CODE-09"})),
    Mutation("coded-and-null", lambda root, rng: put(CIM10, "code", lambda v: v + " ")(root, rng) and all(
        one.set("nullFlavor", "UNK") or True for one in every(root, CIM10)), frozenset({"SX-CODE-10"})),
    Mutation("blank-in-a-code", put(CIM10, "code", lambda v: v + " "), frozenset({"SX-CODE-11"})),
    Mutation("cip-under-cis", lambda root, rng: any(
        [one.set("codeSystem", "1.2.250.1.213.2.3.1") or one.set("code", "3400930000014") or True
         for one in every(root, "//manufacturedMaterial/code")[:1]]), frozenset({"SX-CODE-01", "SX-CODE-06"})),
    # units and ranges
    Mutation("unit-that-is-none", put(QUANTITY, "unit", "unités"), frozenset({"SX-UNIT-01", "SX-UNIT-02"})),
    Mutation("unit-of-another-quantity", value_of("2951-2", "139", "mm[Hg]"), frozenset({"SX-UNIT-07"})),
    Mutation("impossible-value", value_of("2951-2", "1390"), frozenset({"SX-UNIT-08", "SX-UNIT-09", "SX-UNIT-10"})),
    Mutation("value-of-another-unit", value_of("718-7", "114"), frozenset({"SX-UNIT-08", "SX-UNIT-09"})),
    Mutation("comma-number", put(QUANTITY, "value", lambda v: v.replace(".", ",") if "." in v else v + ",5"),
             frozenset({"SX-UNIT-04"})),
    Mutation("unit-dropped", take(f"{QUANTITY}[@value]", "unit"), frozenset({"SX-UNIT-06"})),
    Mutation("swapped-range", swap(BOUNDED), frozenset({"SX-RANGE-01"})),
    Mutation("range-in-another-quantity", lambda root, rng: all(
        [put("//referenceRange/observationRange/value/low", "unit", "mm[Hg]")(root, rng)]), frozenset({"SX-RANGE-02"})),
    # references
    Mutation("broken-reference", put("//originalText/reference", "value", "#nowhere"), frozenset({"SX-REF-01"})),
    Mutation("reference-without-hash", put("//originalText/reference", "value", lambda v: v.lstrip("#")),
             frozenset({"SX-REF-02"})),
    Mutation("same-id-twice", lambda root, rng: bool(
        [one.set("ID", "twice") or True for one in every(root, "//text//*[@ID]")[:2]]), frozenset({"SX-REF-07"})),
)  # fmt: skip

__all__ = ["MUTATIONS", "XSI_TYPE", "both", "empty", "repeat", "text_of"]
