"""The key of a project: read from a file or given by the environment, never written anywhere but where it is made."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from semantix.errors import BadPlan

LEAST = 32
"""Bytes that a key has at least: what SHA-256 can use (RFC 2104, section 3)."""
_MOST = 4096
_DISTINCT = 12
"""Different bytes that a key has at least. 32 random bytes have fewer once in more runs than anybody will make."""
_FINGERPRINT = b"semantix key fingerprint"
_HOW = "make one with semantix run key FILE, and keep a copy in a safe place"


def new_key() -> bytes:
    """A key as a file holds it: 32 random bytes in hexadecimal, and a line end."""
    return secrets.token_hex(LEAST).encode() + b"\n"


def fingerprint(key: bytes) -> str:
    """A few characters that tell whether a key is the same, and nothing else of it."""
    return hmac.digest(key, _FINGERPRINT, hashlib.sha256).hex()[:16]


def read_key(path: Path | None, value: str | None) -> bytes:
    """The key of a file, else the one that an environment variable holds (``value``).

    A file may hold any bytes, or words of hexadecimal digits, which are read as the bytes that they stand for; white
    space around is no part of the key. Raises BadPlan when there is no key, when it is too short or too plain to be
    one, and when others than its owner may read its file.
    """
    if path is not None:
        where = str(path)
        held = _held(path)
    elif value:
        where = "the environment"
        held = value.encode("utf-8", "surrogateescape")
    else:
        raise BadPlan(f"no key: pseudonyms need one, in a file or in the environment; {_HOW}")
    return _checked(held.strip(), where)


def _held(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            held = file.read(_MOST + 1)
    except OSError as error:
        raise BadPlan(f"{path}: the key cannot be read ({error.strerror}); {_HOW}") from error
    if mode & 0o077:
        raise BadPlan(f"{path}: others than its owner may read the key (mode {mode:03o}); chmod 600 {path}")
    if len(held) > _MOST:
        raise BadPlan(f"{path}: more than {_MOST} bytes, which is no key; {_HOW}")
    return held


def _checked(held: bytes, where: str) -> bytes:
    key = held
    with suppress(ValueError):
        key = bytes.fromhex(held.decode("ascii"))
    if len(key) < LEAST:
        raise BadPlan(f"{where}: a key of {len(key)} bytes; at least {LEAST} random ones were expected; {_HOW}")
    if len(set(key)) < _DISTINCT:
        raise BadPlan(f"{where}: a key of very few different characters is soon guessed; {_HOW}")
    return key
