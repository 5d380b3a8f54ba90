"""People at work on a served desk: each reads the queue, searches, opens items, looks codes up, and saves.

Run by ``desk.py`` in a process of its own, so that its work is not that of the server. It speaks HTTP by plain sockets,
one kept open for each person, and looks at no more of a page than it needs.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import quote, urlencode

PASSWORD = "quatre mots pour mesurer"
ITEMS_EACH = 5
"""Items that are settled before somebody goes back to the queue."""
_ROW = re.compile(rb'<a href="(/items/[^"]+)"')
_TOKEN = re.compile(rb'name="csrf" value="([^"]+)"')
_SEEN = re.compile(rb'name="seen" value="(\d+)"')
_ACCEPT = re.compile(rb'name="do"[^>]* value="(accept\?[^"]+)"|value="(accept\?[^"]+)"')


class Figures:
    """Seconds of each kind of answer, and what went wrong."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.errors: dict[str, int] = defaultdict(int)
        self.second = 0


class Browser:
    """One person's connection; cookies of the session are kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Send a request; return the status, where it leads, and the body."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=4_000_000)
        body = urlencode(fields).encode() if fields is not None else b""
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Language: fr", "Accept: text/html"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if fields is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            head.append(f"Origin: http://127.0.0.1:{self.port}")
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, place, size = int(answer[0].split(" ", 2)[1]), "", 0
        for line in answer[1:]:
            name, _, value = line.partition(": ")
            name = name.lower()
            if name == "content-length":
                size = int(value)
            elif name == "location":
                place = value
            elif name == "set-cookie":
                cookie, _, rest = value.partition(";")[0].partition("=")
                self.cookies[cookie] = rest
        return status, place, await self._reader.readexactly(size) if size else b""

    async def sign_in(self, name: str) -> None:
        """Sign in by the form."""
        _, _, page = await self.ask("GET", "/sign-in")
        found = _TOKEN.search(page)
        assert found, "the sign-in form has a token"
        status, _, _ = await self.ask(
            "POST", "/sign-in", {"csrf": found[1].decode(), "name": name, "password": PASSWORD, "next": "/"}
        )
        assert status == 303, f"{name} could not sign in: {status}"
        # While the others sign in, the server would close it.
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


class Reviewer:
    """One person at work until the time is over. ``think`` are the bounds of the pause before each request."""

    def __init__(self, browser: Browser, words: list[str], plan: dict[str, Any], seed: int) -> None:
        self.browser = browser
        self.words = words
        self.number = random.Random(seed)
        self.think: tuple[float, float] = tuple(plan["think"])
        self.has_store: bool = plan["store"]
        self.warm: float = plan["warm"]
        self.until: float = plan["until"]
        self.figures = Figures()

    async def work(self) -> None:
        """Do what people do, again and again."""
        await asyncio.sleep(self.number.uniform(0, max(self.think[1], 0.05)))
        while not self._is_over():
            page = await self._ask("queue, first page", "/")
            # Common words and rare ones, whole or begun.
            word = self.words[int(len(self.words) * self.number.random() ** 3)]
            text = word if self.number.random() < 0.5 else word[: max(3, len(word) - 3)]
            found = await self._ask("queue, search", f"/?text={quote(text)}")
            rows = _ROW.findall(found) or _ROW.findall(page)
            if not rows:
                continue
            place = self.number.choice(rows).decode().replace("&amp;", "&")
            for _ in range(ITEMS_EACH):
                if self._is_over() or not place.startswith("/items/"):
                    break
                place = await self._item(place)

    async def _item(self, place: str) -> str:
        """Open an item, look around, judge; return where saving leads."""
        page = await self._ask("item", place)
        road, _, query = place.partition("?")
        query = f"?{query}" if query else ""
        if self.has_store:
            found = re.search(rb'data-system="([^"]+)" data-code="([^"]+)"', page)
            if found:
                joined = f"{query}{'&' if query else '?'}system={found[1].decode()}&code={quote(found[2].decode())}"
                await self._ask("concept", f"{road}/concept{joined}", think=False)
        await self._ask("similar", f"{road}/similar{query}", think=False)
        if self.has_store and self.number.random() < 0.4:
            word = self.number.choice(("insuffisance", "fracture", "diabete", "glucose", "paracetamol", "ablation"))
            for length in range(3, len(word), 2):
                await self._ask("store search", f"{road}/search?text={word[:length]}&valid=1", think=False)
        token, seen, accept = _TOKEN.search(page), _SEEN.search(page), _ACCEPT.search(page)
        if token is None or accept is None:
            return await self._next(road, query)
        fields = {"csrf": token[1].decode(), "seen": seen[1].decode() if seen else "0"}
        fields["do"] = (accept[1] or accept[2]).decode().replace("&amp;", "&")
        await self._pause()
        status, onward, _ = await self._timed("save", "POST", f"{road}/judge{query}", fields)
        if status == 303:
            return onward
        if status == 409:
            # Somebody else settled it meanwhile: an answer as any other.
            self.figures.second += 1
        else:
            self.figures.errors[f"save {status}"] += 1
        return await self._next(road, query)

    async def _next(self, road: str, query: str) -> str:
        """Where the next item is."""
        _, onward, _ = await self.browser.ask("GET", f"{road}/next{query}")
        return onward

    async def _ask(self, kind: str, path: str, think: bool = True) -> bytes:
        if think:
            await self._pause()
        status, _, body = await self._timed(kind, "GET", path)
        if status != 200:
            self.figures.errors[f"{kind} {status}"] += 1
        return body

    async def _timed(
        self, kind: str, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        start = time.perf_counter()
        answer = await self.browser.ask(method, path, fields)
        end = time.perf_counter()
        if start >= self.warm and end <= self.until:
            self.figures.seconds[kind].append(end - start)
        return answer

    async def _pause(self) -> None:
        if self.think[1]:
            await asyncio.sleep(self.number.uniform(*self.think))

    def _is_over(self) -> bool:
        return time.perf_counter() >= self.until


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Sign everybody in, let them work, and gather the figures."""
    browsers = [Browser(plan["port"]) for _ in plan["people"]]
    for browser, name in zip(browsers, plan["people"], strict=True):
        await browser.sign_in(name)
    begin = time.perf_counter()
    plan = plan | {"warm": begin + plan["warming"], "until": begin + plan["warming"] + plan["seconds"]}
    people = [Reviewer(browser, plan["words"], plan, seed) for seed, browser in enumerate(browsers, plan["seed"])]
    used = time.process_time()
    failed = [each for each in await asyncio.gather(*(p.work() for p in people), return_exceptions=True) if each]
    seconds: dict[str, list[float]] = defaultdict(list)
    errors: dict[str, int] = defaultdict(int)
    for each in people:
        for kind, times in each.figures.seconds.items():
            seconds[kind] += times
        for kind, count in each.figures.errors.items():
            errors[kind] += count
    for error in failed:
        errors[f"{type(error).__name__}: {error}"] += 1
    return {
        "seconds": seconds,
        "errors": errors,
        "second": sum(each.figures.second for each in people),
        "processor": time.process_time() - used,
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
