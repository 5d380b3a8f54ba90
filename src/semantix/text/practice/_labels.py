"""The titles that people write inside a history (``ATCD familiaux :``), and what they say of the items after them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_PAST = r"(?:atcds?|antcds?|antecedents?)"
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "other": (
            r"situation familiale|traitements?(?: (?:en cours|habituels?|actuels?|de fond))?|ttts?|medicaments?"
            r"|mode de vie|profession|metier|motif|conclusion|examens?(?: (?:clinique|complementaires?))?|biologie"
            r"|contexte|histoire de la maladie|hdm|conduite a tenir|cat|suivi|habitus|situation|remarques?|divers"
            r"|commentaires?|correspondants?|medecin traitant|loisirs|sport|voyages?|depistages?"
        ),
        "family": (
            rf"{_PAST}\s*(?:medicaux\s+)?(?:familia(?:ux|l)|familiales?|fam\.?|heredo-familiaux|de la famille)"
            r"|(?:histoire\s+)?(?:familiaux|familiale)|famille|heredite|collateraux|cote (?:maternel|paternel)"
        ),
        "surgical": (
            rf"(?:{_PAST}\s*)?(?:chirurgica(?:ux|l)|chir\.?|operatoires?)|chirurgie|interventions?"
            r"|operations?"
        ),
        "obstetric": (
            rf"(?:{_PAST}\s*)?(?:gynecologiques?|gyneco|gyn|go|obstetrica(?:ux|l)"
            r"|obst\.?)(?:[ -/]+(?:obstetrica(?:ux|l)|obst\.?))?|gyneco-?obstetrique|obstetrique"
        ),
        "allergy": rf"(?:{_PAST}\s*)?(?:allergi(?:es|ques)|allergies? et intolerances?|intolerances)",
        "vaccination": r"vaccins|vaccinations?|carnet de vaccination",
        "personal": (
            rf"{_PAST}(?:\s+(?:personnels?|perso|medicaux|medical|med\.?|notables?|principaux))*"
            r"|medicaux|personnels?"
            r"|facteurs? de risques?(?: cardio-?vasculaires?)?|fdrc?v?|frcv|comorbidites?"
            r"|problemes?|pathologies?|terrain"
        ),
    }
)
_NAMES = "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items())
LABEL = re.compile(rf"(?<![\w'])(?:{_NAMES})\s*(?::|=>|=)(?![0-9])")
"""A title with its colon."""
TITLE = re.compile(rf"(?:{_NAMES})\s*")
"""A title alone on its line."""
NOT_A_TITLE = re.compile(
    r"(?:aucune?s?|atcds?|antecedents?|sans|pas|ni|absence|autres?|des?|les?|la|ses?|du|d'|l')\s*$"
)
"""What comes before a word that is no title then (``aucun antécédent familial``)."""
FAMILY = re.compile(
    rf"(?:{_PAST}\s+(?:famili(?:aux|al|ales?)|fam\b\.?|dans la famille)\s*(?:notables?|connus?)?|\bheredite)"
    r"\s*(?:(?:de|des|du)\s|d'|:)?\s*"
)
"""The same without a colon (``antécédent familial de...``)."""
SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "med": "personal", "chir": "surgical", "fam": "family", "alle": "allergy", "obst": "obstetric",
        "allergies": "allergy", "allergie": "allergy", "familiaux": "family", "chirurgicaux": "surgical",
        "medicaux": "personal", "obstetricaux": "obstetric", "vaccins": "vaccination", "vaccinations": "vaccination",
    }
)  # fmt: skip
"""Names that exports give to the sections of a history."""


def section_of(found: re.Match[str]) -> str:
    """The section that a title opens."""
    return found.lastgroup or "personal"
