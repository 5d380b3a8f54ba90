"""Why an input was refused, as a finding with a stable code.

What readers say is one English line; its words are ours, so that the cause is told by them. A test confronts this table
with every refusal in the code, so that none is left without a cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from semantix.report import Unreadable
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.form import words_refusals as rules

INTERNAL_ERROR = "internal-error"
"""The name of a bug among the errors of ``Unreadable``."""

Facts = dict[str, str]
_PLACE = re.compile(r"(?:.*?: )?line (\d+)")
_NAME = re.compile(r"<?[A-Za-z_][\w.-]{0,39}>?")
_CODE_PLACE = re.compile(r"\w+ at (\S+:\d+)")

_WRONG_FRENCH: Mapping[str, str] = MappingProxyType(
    {
        "an end tag does not match its start tag": "une balise fermante ne répond pas à sa balise ouvrante",
        "two hyphens inside a comment": "deux tirets à l’intérieur d’un commentaire",
        "an attribute without a value": "un attribut sans valeur",
        "an attribute value without quotes": "une valeur d’attribut sans guillemets",
        "the same attribute twice in a tag": "le même attribut deux fois dans une balise",
        "a '<' inside an attribute; it is written &lt;": "un « < » dans un attribut ; il s’écrit &lt;",
        "a '<' or '&' that begins nothing; they are written &lt; and &amp;": (
            "un « < » ou un « & » isolé ; ils s’écrivent &lt; et &amp;"
        ),
        "an '&' that is not written &amp;": "un « & » qui n’est pas écrit &amp;",
        "an entity that XML does not know": "une entité que XML ne connaît pas",
        "a character that XML forbids": "un caractère que XML interdit",
        "a reference to a character that XML forbids": "une référence à un caractère que XML interdit",
        "something follows the end of the document": "du contenu après la fin du document",
        "no element was found": "aucun élément",
        "a space is missing between two attributes": "une espace manque entre deux attributs",
        "a tag without its '>'": "une balise sans son « > »",
        "a prefix without its namespace": "un préfixe sans son espace de noms",
        "it breaks a rule of XML there": "une règle de XML n’est pas respectée à cet endroit",
    }
)
"""What ``parsers._xml`` says of XML that is not well-formed."""


def _none(_: re.Match[str]) -> Facts:
    return {}


def _named(*names: str) -> Callable[[re.Match[str]], Facts]:
    """The groups of a pattern, by the names of the facts."""
    return lambda found: {name: found[n] or "?" for n, name in enumerate(names, 1)}


def _kind(found: re.Match[str]) -> Facts:
    return {"kind": {"old Office": "Office", "RTF": "RTF", "ZIP": "ZIP", "PDF": "PDF"}[found[1]]}


def _ill_formed(found: re.Match[str]) -> Facts:
    what = found[1] or "it breaks a rule of XML there"
    return {"what": what, "what_fr": _WRONG_FRENCH.get(what, _WRONG_FRENCH["it breaks a rule of XML there"])}


def _root(found: re.Match[str]) -> Facts:
    return {"root": found[1].strip("<>") if _NAME.fullmatch(found[1]) else "?"}


def _missing(found: re.Match[str]) -> Facts:
    return {"what": "a column that the pack needs is missing", "what_fr": "une colonne nécessaire au pack manque"}


def _sheets(found: re.Match[str]) -> Facts:
    return {"what": "none of the sheets of the pack", "what_fr": "aucune des feuilles du pack"}


def _row(found: re.Match[str]) -> Facts:
    return {
        "what": f"a row of more than {found[1]} MB: another separator or line end",
        "what_fr": f"une ligne de plus de {found[1]} Mo : autre séparateur ou autre fin de ligne",
    }


def _no_pack(found: re.Match[str]) -> Facts:
    return {"what": "no pack describes the file", "what_fr": "aucun pack ne décrit le fichier"}


Row = tuple[str, RuleInfo, Callable[[re.Match[str]], Facts]]
_AT = r"(?:line \d+, column \d+: )?"
_ROWS: tuple[Row, ...] = (
    (r"the file is empty", rules.EMPTY, _none),
    (r"nothing is written in it", rules.EMPTY, _none),
    (rf"{_AT}the file stops in the middle", rules.TRUNCATED, _none),
    (r"the JSON stops in the middle", rules.TRUNCATED, _none),
    (rf"{_AT}not well-formed XML(?:: (.*))?", rules.ILL_FORMED, _ill_formed),
    (r"not readable as XML()", rules.ILL_FORMED, _ill_formed),
    (rf"{_AT}bytes that are not (\S+?)(?: \(by default\))?,", rules.WRONG_ENCODING, _named("encoding")),
    (r"(?:JSON whose bytes are not|characters that are neither) (UTF-8)", rules.WRONG_ENCODING, _named("encoding")),
    (r"a DOCTYPE was found", rules.DOCTYPE, _none),
    (rf"{_AT}elements nested more than (\d+) deep", rules.TOO_DEEP, _named("limit")),
    (r"elements nested too deep; at most (\d+)", rules.TOO_DEEP, _named("limit")),
    (r"JSON nested too deep", rules.TOO_DEEP, lambda _: {"limit": "64"}),
    (r"file is (\S+) MB, the limit is (\S+) MB", rules.TOO_LARGE, _named("size", "limit")),
    (r"(\d+) MB found, at most (\d+) MB", rules.TOO_LARGE, _named("size", "limit")),
    (r"(\d+) MB of (?:JSON|SQL), at most (\d+)", rules.TOO_LARGE, _named("size", "limit")),
    (r"more than ((\d+)) MB, which is read at once", rules.TOO_LARGE, _named("size", "limit")),
    (r"line \d+ is longer than ((\d+)) MB", rules.TOO_LARGE, _named("size", "limit")),
    (r"the archive holds (\S+) MB once opened, the limit is (\S+) MB", rules.TOO_LARGE, _named("size", "limit")),
    (r"a sheet of \d+ rows and \d+ columns", rules.DAMAGED_TABLE, _none),
    (r"(?:a cell|cells) of more than [\d,]+ (?:bytes|spaces)", rules.DAMAGED_TABLE, _none),
    (r"\d+ MB once unpacked", rules.BOMB, _none),
    (r"a part larger than it says", rules.BOMB, _none),
    (r".* swells more than", rules.BOMB, _none),
    (r"a file name leaves the archive", rules.ESCAPES, _none),
    (r"the archive is encrypted", rules.ENCRYPTED, _none),
    (r"a damaged or unknown kind of ZIP", rules.DAMAGED_ARCHIVE, _none),
    (r"no such file in the (?:archive|mail)", rules.DAMAGED_ARCHIVE, _none),
    (r"\d+ files in the archive, the limit is (\d+)", rules.TOO_MANY, _named("limit")),
    (r"more than (\d+) (?:containers|files in archives) one inside", rules.TOO_MANY, _named("limit")),
    (r"messages nested more than (\d+) deep", rules.TOO_MANY, _named("limit")),
    (r"more than (\d+) parts in one mail", rules.TOO_MANY, _named("limit")),
    (r"two files of the archive have the same name", rules.SAME_NAME, _none),
    (r"no (?:XML )?document in the archive", rules.NO_DOCUMENT, _none),
    (r".+ both recognise this file", rules.CLAIMED_TWICE, _none),
    (r"two packs are called", rules.CLAIMED_TWICE, _none),
    (r"this is an? (PDF|ZIP|old Office|RTF)", rules.OTHER_KIND, _kind),
    (r"no reader recognises it", rules.UNKNOWN, _none),
    (r"no pack given describes this file", rules.OTHER_LAYOUT, _no_pack),
    (r"no pack called .* has the role", rules.OTHER_LAYOUT, _no_pack),
    (r"HPRIM records are read by their own reader", rules.OTHER_LAYOUT, _no_pack),
    (r"no column .* the pack needs it", rules.OTHER_LAYOUT, _missing),
    (r"none of the sheets that the pack describes", rules.OTHER_LAYOUT, _sheets),
    (r"one row of more than (\d+) MB", rules.OTHER_LAYOUT, _row),
    (r"line \d+, column \d+: not (?:well-formed )?JSON", rules.NOT_JSON, _none),
    (r"neither JSON nor one JSON value a line", rules.NOT_JSON, _none),
    (r"no resourceType found", rules.NOT_FHIR, _none),
    (r"root element (\S+)", rules.OTHER_ROOT, _root),
    (r"an XML file whose root is (<\S*?>)", rules.OTHER_ROOT, _root),
    (r"(\d+) ClinicalDocuments found", rules.SEVERAL, _named("count")),
    (r"(\d+) documents found, one was expected", rules.SEVERAL, _named("count")),
    (r"(?:a damaged|not readable as a) workbook|not a dBASE table|its columns make", rules.DAMAGED_TABLE, _none),
    (r"(?:not a regular file|cannot be opened|no such file or folder)", rules.NOT_OPENED, _none),
    (r"(?:the headers of a mail were expected|headers of more than)", rules.BAD_MAIL, _none),
    (r"(?:line \d+: no message begins|no M_Prescription)", rules.NO_MESSAGE, _none),
)  # fmt: skip
_CAUSES: tuple[tuple[re.Pattern[str], RuleInfo, Callable[[re.Match[str]], Facts]], ...] = tuple(
    (re.compile(pattern), rule, facts) for pattern, rule, facts in _ROWS
)


def refused(refusal: Unreadable) -> Finding:
    """Say in a finding why an input was refused; what no cause explains has a code of its own."""
    message = refusal.message
    if refusal.error == INTERNAL_ERROR:
        place = _CODE_PLACE.match(message)
        return finding(rules.INTERNAL, layer="form", place=place[1] if place else "?")
    line = _PLACE.match(message)
    for pattern, rule, facts in _CAUSES:
        found = pattern.match(message)
        if found:
            return finding(rule, line=int(line[1]) if line else None, layer="form", **facts(found))
    return finding(rules.OTHER, layer="form")
