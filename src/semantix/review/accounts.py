"""Passwords and tokens of the people of a desk: how they are hashed, compared and made. Nothing is stored here.

A stored password is ``scrypt$n=32768,r=8,p=1$SALT$HASH`` (base64): its cost is written in it, so that a later, higher
cost leaves the old ones readable. Source: RFC 7914; the cost follows the OWASP Password Storage Cheat Sheet.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from types import MappingProxyType

from semantix.errors import ActionRefused

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
SALT_BYTES = 16
LONGEST_NAME = 80

_COST = 2**15
_BLOCKS = 8
_PARALLEL = 1
_HASH_BYTES = 32
# What a stored text may ask for: a damaged or planted one must not take the machine's memory.
_MOST_COST = 2**18
_MOST_BLOCKS = 16
_MOST_PARALLEL = 4
_WRITTEN = re.compile(r"scrypt\$n=(\d{1,7}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/=]{1,200})\$([A-Za-z0-9+/=]{1,200})")

_PASSWORD_FAULTS = MappingProxyType(
    {
        "short": f"a password has {SHORTEST_PASSWORD} characters at least",
        "long": f"a password has {LONGEST_PASSWORD} characters at most",
        "name": "the password holds the name of the person",
        "plain": "the password repeats a few characters",
    }
)

NOBODY = "scrypt$n=32768,r=8,p=1$CsjxUrHtoHar2IVkSWY/ww==$VuaoDRDV7zIki3cSBBfSWu1wHi75w9//6FObNNMWye8="
"""A stored password that nobody has: verified for an unknown name, so that it takes as long as a known one."""


def hash_password(password: str, salt: bytes) -> str:
    """Write a password as it is stored; ``salt`` is random, of SALT_BYTES (see :func:`new_salt`)."""
    digest = _scrypt(password, salt, (_COST, _BLOCKS, _PARALLEL), _HASH_BYTES)
    return f"scrypt$n={_COST},r={_BLOCKS},p={_PARALLEL}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def verify(password: str, stored: str) -> bool:
    """Tell whether this is the password; a stored text that is not one, or asks for too much, is nobody's."""
    written = _WRITTEN.fullmatch(stored)
    if written is None or len(password) > LONGEST_PASSWORD:
        return False
    n, r, p = (int(number) for number in written.groups()[:3])
    try:
        salt, digest = (b64decode(part, validate=True) for part in written.groups()[3:])
    except NotBase64:
        return False
    usable = n > 1 and n & (n - 1) == 0 and n <= _MOST_COST and 0 < r <= _MOST_BLOCKS and 0 < p <= _MOST_PARALLEL
    if not usable or len(digest) < SALT_BYTES:
        return False
    return hmac.compare_digest(_scrypt(password, salt, (n, r, p), len(digest)), digest)


def password_fault(password: str, name: str = "") -> str:
    """Return why a new password is refused, or nothing: ``short``, ``long``, ``name`` or ``plain``.

    ``name``: it holds the person's name. ``plain``: it has fewer than five different characters. Nothing else is
    asked for: long passwords are better than strange ones.
    """
    text = _normalised(password)
    if len(text) < SHORTEST_PASSWORD:
        return "short"
    if len(text) > LONGEST_PASSWORD:
        return "long"
    own = _normalised(name).casefold()
    if len(own) > 2 and own in text.casefold():
        return "name"
    return "plain" if len(set(text.casefold())) < 5 else ""


def check_password_rules(password: str, name: str = "") -> None:
    """Refuse a new password that :func:`password_fault` finds wanting.

    Raises ActionRefused, whose key is ``password_`` and the fault.
    """
    fault = password_fault(password, name)
    if fault:
        raise ActionRefused(f"{_PASSWORD_FAULTS[fault]}; take four words or more, for example", f"password_{fault}")


def name_fault(name: str) -> str:
    """Return why the name of a new account is refused, or nothing: ``empty``, ``long`` or ``signs``.

    ``signs``: it holds control or invisible characters, or begins or ends with a space.
    """
    if not name.strip():
        return "empty"
    if len(name) > LONGEST_NAME:
        return "long"
    hidden = any(unicodedata.category(sign)[0] == "C" for sign in name)
    return "signs" if hidden or name != name.strip() else ""


def new_salt() -> bytes:
    """Draw the salt of one password."""
    return secrets.token_bytes(SALT_BYTES)


def new_token() -> str:
    """Draw a token of 256 bits, for a session, a form or a one-time link."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is kept of a token: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same_token(given: str, expected: str) -> bool:
    """Compare two tokens in constant time; an empty one is never the same."""
    both = (text.encode("utf-8", "surrogatepass") for text in (given, expected))
    return bool(expected) and hmac.compare_digest(*both)


def _normalised(text: str) -> str:
    # The same password typed on two keyboards: é as one character or as two.
    return unicodedata.normalize("NFKC", text)


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int], length: int) -> bytes:
    n, r, p = cost
    secret = _normalised(password).encode("utf-8", "surrogatepass")
    memory = 128 * r * (n + p + 2) + 2**20
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=length)
