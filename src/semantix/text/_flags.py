"""The marks of abnormal results that senders write."""

from __future__ import annotations

from types import MappingProxyType

FLAGS = MappingProxyType(
    {
        word: flag
        for flag, words in {
            "L": "l b bas basse low - ↓ < inf inférieur inferieur diminué diminue",
            "H": "h haut haute high + ↑ > sup supérieur superieur élevé eleve élevée elevee augmenté augmente",
            "LL": "ll bb -- ↓↓ << l- lll",
            "HH": "hh ++ +++ ↑↑ >> h+ hhh",
            "A": "a aa an anormal anormale abn abnormal pathologique ! !! hn ho",
            "N": "n nl normal normale normaux ok",
        }.items()
        for word in words.split()
    }
)
"""``HN`` is "hors norme", on no side."""


def flag_of(text: str) -> str | None:
    """The flag that a sign or a word means; asterisks around it add nothing, and alone mean abnormal."""
    plain = text.strip().strip("()[]").strip().casefold()
    if not plain:
        return None
    return FLAGS.get(plain) or ("A" if not (bare := plain.strip("* ")) else FLAGS.get(bare))
