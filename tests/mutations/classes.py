"""The classes of defect. Each names the finding that a vendor must see; several where the place chosen decides."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random

from tests.mutations import V3, Break, Element, Mutation, drop, every, put, take

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
WEIGHED = "//observation[code/@code='718-7' or code/@code='29463-7']/value[@value]"
PERIOD = "//effectiveTime[low/@value and high/@value]"
SIGNED = "legalAuthenticator/time"


def last_digit(value: str) -> str:
    """The same number with another key."""
    return value[:-1] + str((int(value[-1]) + 1) % 10)


def years(count: int) -> Callable[[str], str]:
    """A date so many years later."""
    return lambda value: str(int(value[:4]) + count) + value[4:]


def swap(path: str) -> Break:
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


def repeat(path: str) -> Break:
    """Say one thing twice."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if found:
            one = rng.choice(found)
            one.addnext(deepcopy(one))
        return bool(found)

    return apply


def empty(path: str) -> Break:
    """Leave an element without children, text or attributes."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if found:
            rng.choice(found).clear()
        return bool(found)

    return apply


def value_of(code: str, number: str, unit: str = "") -> Break:
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


def text_of(path: str, words: str) -> Break:
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


def both(*breaks: Break) -> Break:
    """Several changes, all of which must find their place."""
    return lambda root, rng: all(one(root, rng) for one in breaks)


def give(path: str, **attributes: str) -> Break:
    """Give the first element of a path other attributes."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        for name, value in attributes.items() if found else ():
            found[0].set(name, value)
        return bool(found)

    return apply


def cut_text(path: str) -> Break:
    """Lose the end of a text that is too short to be whole."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        for one in found:
            one.text = (one.text or "").strip()[:-3] + "*"
        return bool(found)

    return apply


def relabel(of: str, code: str, label: str) -> Break:
    """Put another code in the place of one, with a label."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, f"//value[@code='{of}']")
        for one in found:
            one.set("code", code)
            one.set("displayName", label)
        return bool(found)

    return apply


def reword(of: str, code: str, label: str, words: str) -> Break:
    """The same, with other words in the narrative; the statement no longer denies."""

    def apply(root: Element, rng: Random) -> bool:
        if not relabel(of, code, label)(root, rng):
            return False
        for one in every(root, f"//observation[value[@code='{code}']]"):
            one.set("negationInd", "false")
        return text_of(f"//value[@code='{code}']", words)(root, rng)

    return apply


def lose_negation() -> Break:
    """A statement that its words deny, no longer marked as denying."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, "//observation[@negationInd='true'][value/originalText/reference]")
        for one in found[:1]:
            one.set("negationInd", "false")
        words = f"Pas de {found[0].find(f'{V3}value').get('displayName', '').lower()}" if found else ""
        return bool(found) and text_of(f"//value[@code='{found[0].find(f'{V3}value').get('code')}']", words)(root, rng)

    return apply


def deny(path: str) -> Break:
    """Say of something that it is not so."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        for one in found:
            one.set("negationInd", "true")
        return bool(found)

    return apply


def also_null(path: str) -> Break:
    """A value, and the statement that there is none."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if found:
            rng.choice(found).set("nullFlavor", "UNK")
        return bool(found)

    return apply


def same_id(path: str) -> Break:
    """Give a second statement the identifier of the first."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        if len(found) < 2:
            return False
        first, second = (one.find(f"{V3}id") for one in found[:2])
        for attribute in ("root", "extension"):
            second.attrib.pop(attribute, None)
            if first.get(attribute):
                second.set(attribute, first.get(attribute))
        return True

    return apply


MUTATIONS: tuple[Mutation, ...] = (
    # identity
    Mutation("wrong-ins-key", put(INS, "extension", last_digit), frozenset({"SX-ID-01"})),
    Mutation("short-ins", put(INS, "extension", lambda v: v[:9]), frozenset({"SX-ID-02"})),
    Mutation("ins-under-a-local-oid", put(INS, "root", "2.25.4242424242424242"), frozenset({"SX-ID-06"})),
    Mutation("ins-c", put(INS, "root", "1.2.250.1.213.1.4.2"), frozenset({"SX-ID-07"})),
    Mutation("no-patient-identifier", drop("recordTarget/patientRole/id"), frozenset({"SX-ID-09"})),
    Mutation("patient-identifier-without-number", take("recordTarget/patientRole/id", "extension"),
             frozenset({"SX-ID-10", "SX-ID-22"})),
    Mutation("no-birth-date", drop(BIRTH), frozenset({"SX-ID-11"})),
    Mutation("sex-against-ins", put(GENDER, "code", lambda v: {"F": "M", "M": "F"}.get(v, v)),
             frozenset({"SX-ID-04"})),
    Mutation("birth-against-ins", put(BIRTH, "value", years(-3)), frozenset({"SX-ID-04"})),
    Mutation("wrong-rpps-key", put(RPPS, "extension", last_digit), frozenset({"SX-ID-17"})),
    Mutation("rpps-without-prefix", put(RPPS, "extension", "10003456703"), frozenset({"SX-ID-15"})),
    Mutation("wrong-finess-key", put(FINESS, "extension", last_digit), frozenset({"SX-ID-20"})),
    Mutation("rpps-for-a-structure", put(RPPS, "root", "1.2.250.1.71.4.2.2"), frozenset({"SX-ID-26", "SX-ID-19"})),
    # header
    Mutation("no-author", drop("author"), frozenset({"SX-HEAD-02"})),
    Mutation("no-legal-authenticator", drop("legalAuthenticator"), frozenset({"SX-HEAD-03"})),
    Mutation("no-custodian", drop("custodian"), frozenset({"SX-HEAD-04"})),
    Mutation("no-patient", drop("recordTarget"), frozenset({"SX-HEAD-05"})),
    Mutation("no-common-model", drop("templateId[@root='1.2.250.1.213.1.1.1.1']"), frozenset({"SX-HEAD-06"})),
    Mutation("foreign-realm", put("realmCode", "code", "US"), frozenset({"SX-HEAD-08"})),
    Mutation("type-against-model", put("code", "code", "11490-9"), frozenset({"SX-HEAD-09", "SX-CODE-01"})),
    Mutation("language-in-words", put("languageCode", "code", "français"), frozenset({"SX-HEAD-13"})),
    Mutation("unknown-confidentiality", put("confidentialityCode", "code", "SECRET"), frozenset({"SX-HEAD-14"})),
    Mutation("version-in-words", put("versionNumber", "value", "v3"), frozenset({"SX-HEAD-15"})),
    Mutation("author-without-time", drop("author/time"), frozenset({"SX-HEAD-22"})),
    Mutation("unsigned", drop("legalAuthenticator/signatureCode"), frozenset({"SX-HEAD-24"})),
    Mutation("no-main-act", drop("documentationOf"), frozenset({"SX-HEAD-01", "SX-HEAD-26"})),
    Mutation("no-body", drop("component"), frozenset({"SX-HEAD-01", "SX-HEAD-28"})),
    Mutation("other-media-type", put("component/nonXMLBody/text", "mediaType", "image/png"), frozenset({"SX-HEAD-34"})),
    Mutation("cut-base64", cut_text("component/nonXMLBody/text"), frozenset({"SX-HEAD-33"})),
    # medical summary
    Mutation("summary-without-treatments",
             drop("//section[templateId/@root='1.2.250.1.213.1.1.2.32']"), frozenset({"SX-VSM-01"})),
    Mutation("summary-without-treating-doctor", drop("/*[code/@code='SYNTH']/participant[functionCode/@code='PCP']"),
             frozenset({"SX-VSM-06"})),
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
    Mutation("coded-and-null", also_null(CIM10), frozenset({"SX-CODE-10"})),
    Mutation("blank-in-a-code", put(CIM10, "code", lambda v: v + " "), frozenset({"SX-CODE-11"})),
    Mutation("cip-under-cis",
             give("//manufacturedMaterial/code", codeSystem="1.2.250.1.213.2.3.1", code="3400930000014"),
             frozenset({"SX-CODE-01", "SX-CODE-06"})),
    # labels and value sets
    Mutation("label-more-precise-than-its-code", relabel("I50.9", "E14.9", "Diabète de type 2"),
             frozenset({"SX-LABEL-04"})),
    Mutation("type-2-text-on-unspecified-diabetes", reword("I50.9", "E14", "Diabète sucré, sans précision",
             "Diabète de type 2"), frozenset({"SX-LABEL-03", "SX-LABEL-04"})),
    Mutation("sex-that-is-none", put(GENDER, "code", "Z"), frozenset({"SX-JDV-01", "SX-CODE-02"})),
    Mutation("interpretation-that-is-none", put("//interpretationCode", "code", "TRES-HAUT"),
             frozenset({"SX-JDV-01", "SX-CODE-02", "SX-CODE-01"})),
    Mutation("mood-that-is-none", put("//observation[@moodCode]", "moodCode", "DONE"), frozenset({"SX-JDV-04"})),
    Mutation("status-that-is-none", put("//observation/statusCode", "code", "fini"), frozenset({"SX-JDV-05"})),
    Mutation("code-of-another-section",
             put("//section[templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.3.6']/code", "code", "10160-0"),
             frozenset({"SX-JDV-06"})),
    # units and ranges
    Mutation("unit-that-is-none", put(QUANTITY, "unit", "unités"), frozenset({"SX-UNIT-01", "SX-UNIT-02"})),
    Mutation("unit-of-another-quantity", value_of("2951-2", "139", "mm[Hg]"), frozenset({"SX-UNIT-07"})),
    Mutation("impossible-value", value_of("2951-2", "1390"), frozenset({"SX-UNIT-08", "SX-UNIT-09", "SX-UNIT-10"})),
    Mutation("value-of-another-unit", value_of("718-7", "114"), frozenset({"SX-UNIT-08", "SX-UNIT-09"})),
    Mutation("comma-number", put(QUANTITY, "value", lambda v: v.replace(".", ",") if "." in v else v + ",5"),
             frozenset({"SX-UNIT-04"})),
    Mutation("unit-dropped", take(WEIGHED, "unit"), frozenset({"SX-UNIT-06"})),
    Mutation("swapped-range", swap(BOUNDED), frozenset({"SX-RANGE-01"})),
    Mutation("range-in-another-quantity", give("//referenceRange/observationRange/value/low", unit="mm[Hg]"),
             frozenset({"SX-RANGE-02"})),
    # references
    Mutation("broken-reference", put("//originalText/reference", "value", "#nowhere"), frozenset({"SX-REF-01"})),
    Mutation("reference-without-hash", put("//originalText/reference", "value", lambda v: v.lstrip("#")),
             frozenset({"SX-REF-02"})),
    Mutation("same-id-twice", both(give("//text//*[@ID]", ID="twice"), give("//text//*[@ID!='twice']", ID="twice")),
             frozenset({"SX-REF-07"})),
    # narrative, negation, duplicates
    Mutation("narrative-emptied", empty("//section[entry]/text"), frozenset({"SX-NARR-01"})),
    Mutation("value-against-narrative", value_of("2951-2", "141"), frozenset({"SX-NARR-02", "SX-NARR-03"})),
    Mutation("null-flavor-that-is-none", put("//*[@nullFlavor]", "nullFlavor", "INCONNU"), frozenset({"SX-NEG-01"})),
    Mutation("value-said-absent", also_null("//value[@value and @unit]"), frozenset({"SX-NEG-02"})),
    Mutation("negation-lost", lose_negation(), frozenset({"SX-NEG-06"})),
    Mutation("denial-denied", deny("//observation[value[@code='716186003' or @code='no-known-allergies']]"),
             frozenset({"SX-NEG-03"})),
    Mutation("entry-twice", repeat("//section/entry[observation or act or substanceAdministration]"),
             frozenset({"SX-DUP-01"})),
    Mutation("same-identifier-twice", same_id("//entry/*[id[@root]]"), frozenset({"SX-DUP-02"})),
    Mutation("section-twice", repeat("component/structuredBody/component[section]"), frozenset({"SX-DUP-04"})),
)  # fmt: skip
