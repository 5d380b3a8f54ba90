"""Serving: a free port, nothing logged of what is asked, an end that is an end."""

import logging
import os
import signal
import threading
import time

import httpx
import pytest
from tests.desk_shell import Site

from semantix.errors import BadDesk
from semantix.review.web.serving import _address, serve


def run(app, while_up, host="127.0.0.1", port=0):
    """Serve in another thread, do something, stop."""
    known, ready = [], threading.Event()

    def started(what):
        known.append(what)
        ready.set()

    thread = threading.Thread(target=serve, args=(app, host, port, started))
    thread.start()
    assert ready.wait(10)
    try:
        return while_up(known[0].address)
    finally:
        known[0].stop()
        thread.join(10)
        assert not thread.is_alive()


def test_a_free_port_is_taken_and_the_desk_answers_there():
    def ask(address):
        return httpx.get(f"{address}/help", trust_env=False)

    answer = run(Site().app, ask)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_is_logged_of_what_is_asked(caplog, capfd):
    def ask(address):
        httpx.get(f"{address}/?text=a-label", trust_env=False)
        httpx.get(f"{address}/bug?text=a-label", trust_env=False)
        httpx.post(f"{address}/sign-in", data={"name": "a-label"}, trust_env=False)

    with caplog.at_level(logging.DEBUG):
        run(Site().app, ask)
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert "a-label" not in ours
    out, err = capfd.readouterr()
    assert "a-label" not in out + err


def test_a_client_that_says_it_is_a_proxy_is_not_believed():
    def ask(address):
        return httpx.get(f"{address}/sign-in", headers={"X-Forwarded-Proto": "https"}, trust_env=False)

    assert "Secure" not in run(Site().app, ask).headers["set-cookie"]


def test_a_port_that_is_taken_is_said():
    def again(address):
        with pytest.raises(BadDesk, match="--port"):
            serve(Site().app, "127.0.0.1", int(address.rsplit(":", 1)[1]), lambda _: None)

    run(Site().app, again)


def test_an_address_of_another_machine_is_said():
    with pytest.raises(BadDesk, match="not this machine"):
        serve(Site().app, "192.0.2.1", 0, lambda _: None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_serving_and_not_the_process(number):
    before = signal.getsignal(number)
    begun = time.monotonic()
    serve(Site().app, "127.0.0.1", 0, lambda _: os.kill(os.getpid(), number))
    assert time.monotonic() - begun < 5
    assert signal.getsignal(number) is before


def test_addresses_are_written_as_browsers_read_them():
    assert _address("::1", 80) == "http://[::1]:80"
    assert _address("[::1]", 80) == "http://[::1]:80"
    assert _address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert _address("desk.example", 80) == "http://desk.example:80"
