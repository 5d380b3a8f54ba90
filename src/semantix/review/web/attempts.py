"""How often somebody may fail to sign in: by name and address together, by address, and by name.

Counted in memory, before the password is looked at, so that many attempts at once count as many. A success takes its
own count back. Whoever signed in from an address before is not held up there by failures that others make elsewhere on
the same name: nobody can lock a person out of their usual place, and nobody is locked out for ever anywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from msgspec import Struct

WINDOW = timedelta(minutes=15)
MOST_KEPT = 10_000


class Limit(Struct, frozen=True):
    """How many failures are free, and how long the wait is after: doubled each time, up to ``longest``."""

    free: int
    first: int
    longest: int

    def wait(self, failures: int) -> int:
        """Return the seconds to wait after so many failures."""
        over = failures - self.free
        return 0 if over < 0 else min(self.first * 2 ** min(over, 16), self.longest)


# The pair is who guesses one password; the address, who tries many names; the name, many machines at once.
PAIR = Limit(free=5, first=30, longest=900)
ADDRESS = Limit(free=20, first=60, longest=900)
NAME = Limit(free=50, first=5, longest=60)


class _Count(Struct):
    limit: Limit
    failures: int
    last: datetime


class Attempts:
    """The failures of late. It belongs to one event loop: no call waits for anything."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, name: str, address: str, now: datetime) -> int:
        """Count one attempt and return 0, or return the seconds to wait before the next one is looked at."""
        keys = self._keys(name, address)
        waits = [self._wait(key, now) for key in keys]
        longest = max(waits)
        if longest:
            return longest
        for key, limit in keys.items():
            self._count(key, limit, now)
        return 0

    def forgive(self, name: str, address: str) -> None:
        """Take back what :meth:`begin` counted: the password was right."""
        for key, limit in self._keys(name, address).items():
            count = self._counts.get(key)
            if count is None:
                continue
            # Of the pair everything is forgotten; of the address one attempt, or one own account would open them all.
            count.failures = 0 if limit is PAIR else max(0, count.failures - 1)
            if not count.failures:
                del self._counts[key]
        self._known[_pair(name, address)] = None
        self._trim(self._known)

    def _keys(self, name: str, address: str) -> dict[str, Limit]:
        pair = _pair(name, address)
        keys = {pair: PAIR, _key("address", _place(address)): ADDRESS}
        if pair not in self._known:
            keys[_key("name", name)] = NAME
        return keys

    def _wait(self, key: str, now: datetime) -> int:
        count = self._counts.get(key)
        if count is None:
            return 0
        if now - count.last >= WINDOW:
            del self._counts[key]
            return 0
        left = count.last + timedelta(seconds=count.limit.wait(count.failures)) - now
        return max(0, -int(-left.total_seconds() // 1))

    def _count(self, key: str, limit: Limit, now: datetime) -> None:
        count = self._counts.setdefault(key, _Count(limit, 0, now))
        count.failures += 1
        count.last = now
        self._counts.move_to_end(key)
        self._trim(self._counts)

    def _trim(self, kept: OrderedDict[str, _Count] | OrderedDict[str, None]) -> None:
        while len(kept) > self._most_kept:
            kept.popitem(last=False)


def _pair(name: str, address: str) -> str:
    return _key("pair", name, _place(address))


def _key(*parts: str) -> str:
    # Of fixed size, whatever was typed; and no name stays in memory because somebody mistyped a password into it.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _place(address: str) -> str:
    """Return the network that counts as one place: of IPv6, where one machine has many addresses, the /64."""
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        # Some proxies add the port, which is another at each connection.
        address = address.partition(":")[0]
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else parsed.packed[:8].hex()
