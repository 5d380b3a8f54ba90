"""Keyed digests: what tells two values apart, or the same value twice, and cannot be turned back without the key."""

from __future__ import annotations

from hashlib import blake2b

from semantix.runs.model import DIGEST


class Seal:
    """Digests under the key of a project; ``kind`` keeps values of different sorts apart.

    A person number is one of a few hundred million: without a key, trying them all takes minutes. Internal digests are
    keyed BLAKE2b (RFC 7693); the pseudonyms that leave semantix are HMAC-SHA-256 (:mod:`semantix.runs.pseudonyms`).
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a key of at least 16 bytes was expected")
        self._key = blake2b(key, digest_size=32, person=b"semantix-seal").digest()

    def digest(self, kind: str, *parts: str) -> bytes:
        """16 bytes for a value; parts are kept apart."""
        words = "\x1f".join((kind, *parts))
        return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=DIGEST, key=self._key).digest()
