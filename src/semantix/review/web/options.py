"""What whoever starts the desk decides of its web side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field

MINUTE = 60
HOUR = 60 * MINUTE


def _paris() -> ZoneInfo:
    return ZoneInfo("Europe/Paris")


class DeskOptions(Struct, frozen=True, kw_only=True):
    """The settings of one served desk; ``clock`` returns the present moment, with its zone.

    ``local_person`` and ``link`` belong together: without accounts, whoever opens ``/start?token=LINK`` first is that
    person. ``hosts`` are names, besides those of this machine, by which browsers reach the desk. ``behind_tls``: a
    proxy in front speaks https; ``proxies`` are the addresses from which its ``X-Forwarded-*`` headers are believed.
    ``zone`` is that of the dates shown. Sizes are bytes, durations seconds.
    """

    clock: Callable[[], datetime]
    local_person: str = ""
    link: str = ""
    hosts: tuple[str, ...] = ()
    behind_tls: bool = False
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    zone: ZoneInfo = field(default_factory=_paris)
    most_body: int = 1_000_000
    most_headers: int = 32_000
    most_address: int = 8_000
    lifetime: int = 12 * HOUR
    idle: int = 2 * HOUR
    local_lifetime: int = 30 * 24 * HOUR
