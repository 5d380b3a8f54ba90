"""Serving the application until somebody stops it. Nothing is logged of what is asked: addresses hold labels."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from msgspec import Struct

from semantix.errors import BadDesk
from semantix.pipeline.collector import rare_collection

GRACE_SECONDS = 5
THREADS = 4
"""Answers made at the same moment; the others wait their turn."""
_MOST_HEAD = 48_000
_PAUSE = 0.02


class Started(Struct, frozen=True):
    """A desk that answers: its address, without a slash at the end, and how to stop it from elsewhere."""

    address: str
    stop: Callable[[], None]


def serve(app: FastAPI, host: str, port: int, started: Callable[[Started], None]) -> None:
    """Serve until SIGTERM, Ctrl-C or ``stop``; answers under way are finished, for GRACE_SECONDS at most.

    Port 0 takes one that is free. ``started`` is called once, as soon as the desk answers.
    Raises BadDesk when the address cannot be used.
    """
    config = uvicorn.Config(
        app,
        host=host.strip("[]"),
        port=port,
        access_log=False,
        log_config=None,
        log_level="critical",
        server_header=False,
        # The guard believes the proxies that it was given, and nobody else.
        proxy_headers=False,
        ws="none",
        lifespan="off",
        h11_max_incomplete_event_size=_MOST_HEAD,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    # What is loaded now stays: nothing is gained by looking through it again.
    gc.freeze()
    with _returning(), rare_collection():
        try:
            asyncio.run(_run(server, host, started))
        except SystemExit as failed:
            raise BadDesk(
                f"the desk cannot be served on {_address(host, port)}: the port is taken, or the address is not this "
                "machine’s; give another --port (0 takes a free one) or another --host"
            ) from failed


async def _run(server: uvicorn.Server, host: str, started: Callable[[Started], None]) -> None:
    # More threads than this only wait for each other: one at a time runs Python.
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    told = asyncio.create_task(_tell(server, host, started))
    try:
        await server.serve()
    finally:
        told.cancel()


async def _tell(server: uvicorn.Server, host: str, started: Callable[[Started], None]) -> None:
    while not server.started:
        await asyncio.sleep(_PAUSE)
    port = server.servers[0].sockets[0].getsockname()[1]

    def stop() -> None:
        server.should_exit = True

    started(Started(_address(host, port), stop))


def _address(host: str, port: int) -> str:
    name = host.strip("[]")
    # What listens everywhere is reached from here by the loopback address.
    name = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(name, name)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


@contextmanager
def _returning() -> Iterator[None]:
    """Let a signal end the serving and not the process: the server raises it again when it has stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
