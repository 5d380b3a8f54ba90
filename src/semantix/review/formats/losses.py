"""The words of every loss of every format, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.review.formats.losses_conceptmap import LOSSES as CONCEPTMAP
from semantix.review.formats.losses_sssom import LOSSES as SSSOM
from semantix.review.formats.losses_usagi import LOSSES as USAGI

LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType({**USAGI, **SSSOM, **CONCEPTMAP})


def in_words(reason: str, lang: str) -> str:
    """The reason of a loss in a language; the key itself where it has no words."""
    texts = LOSSES.get(reason)
    return texts[lang == "fr"] if texts else reason
