# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the deadline.

It ends every exchange, however slowly the other side works.
"""

from __future__ import annotations

import signal
import socket
import threading
import time

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.sockets import (
    TimedSocket,
    breaker,
    bytes_sent,
    reset_bytes_sent,
    seconds_left,
    start_deadline,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    USER,
    answer,
    drip,
    fails,
    served,
    session,
)


@pytest.mark.parametrize(
    "step",
    [
        drip(b"", b""),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silent", "headers", "body", "chunks", "chunk-header", "until-close", "continue"],
)
@pytest.mark.parametrize("certificate", ["", "good.pem"])
def test_f17_the_deadline_ends_every_drip(step, certificate):
    with served(step, certificate=certificate) as stub:
        begun = time.monotonic()
        error = fails(
            stub.url, "POST", body={}, timeout=0.7, ca_path=str(CERTIFICATES / "authority.pem")
        )
        took = time.monotonic() - begun
    assert (error.kind, error.sent, len(stub.seen)) == ("timeout", True, 1)
    assert (
        error.reason
        == f"{stub.url.removesuffix('/scim/v2')} did not answer completely within 0.7 seconds"
    )
    assert 0.69 < took < 9  # the drip itself goes on for ten seconds


def test_f17_a_stalled_read_is_asked_again():
    with (
        served(
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b""), answer(200, USER)
        ) as stub,
        session(stub.url, timeout=0.8) as scim,
    ):
        got = scim.send("GET", ("Users",))
    assert (got.body, got.tries, got.lost) == (USER, 2, True)


def test_f17_an_error_that_stalls_is_an_answer_in_time():
    with (
        served(drip(b"HTTP/1.1 400 No\r\nContent-Length: 9999\r\n\r\nno", b"")) as stub,
        session(stub.url, timeout=0.2) as scim,
    ):
        begun = time.monotonic()
        got = scim.send("GET", ("Users",))
    assert got.status == 400
    assert time.monotonic() - begun < 9


@pytest.mark.parametrize("certificate", ["", "good.pem"])
def test_f17_a_server_that_takes_no_bytes(certificate):
    # A listener that never accepts: the kernel does, until its buffers are full.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if certificate else "http"
        begun = time.monotonic()
        error = fails(
            f"{scheme}://127.0.0.1:{listener.getsockname()[1]}",
            "POST",
            body={"a": "x" * 20_000_000},
            timeout=0.15,
            retries=0,
        )
    assert error.kind == "timeout"
    assert error.sent is (not certificate)
    assert time.monotonic() - begun < 9


def test_ipv6_and_a_host_with_two_addresses():
    try:
        with served(answer(200, USER), host="::1") as stub, session(stub.url) as scim:
            assert scim.send("GET", ("Users",)).body == USER
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with (
        served(answer(200, USER)) as stub,
        session(stub.url.replace("127.0.0.1", "localhost")) as scim,
    ):
        assert scim.send("GET", ("Users",)).body == USER


def test_no_time_is_left_after_the_deadline():
    start_deadline(0.0)
    with pytest.raises(TimeoutError):
        seconds_left()
    start_deadline(60.0)
    assert 59 < seconds_left() <= 60


def test_bytes_are_counted_for_each_request():
    here, there = socket.socketpair()
    with here, there:
        start_deadline(5.0)
        timed = TimedSocket(here)
        timed.sendall(b"12345")
        assert bytes_sent() == 5
        reset_bytes_sent()
        assert bytes_sent() == 0
        assert there.recv(10) == b"12345"


def test_a_read_ends_at_the_deadline():
    here, there = socket.socketpair()
    with here, there:
        start_deadline(0.05)
        with TimedSocket(here).makefile("rb") as stream, pytest.raises(TimeoutError):
            stream.read(1)


def test_l17_another_thread_breaks_off_a_read():
    here, there = socket.socketpair()
    with here, there:
        start_deadline(30.0)
        timed = TimedSocket(here)
        timed.sendall(b"12345")
        stream = timed.makefile("rb")
        threading.Timer(0.05, breaker()).start()
        begun = time.monotonic()
        with stream:
            assert stream.read(1) == b""
        assert time.monotonic() - begun < 5


def test_l17_what_is_no_socket_is_left_alone():
    start_deadline(30.0)
    breaker()()


class SlowResolver:
    """A resolver that answers after some seconds, or when the test ends."""

    def __init__(self, monkeypatch, seconds):
        self.asked, self._ended = 0, threading.Event()
        self._really, self._seconds = socket.getaddrinfo, seconds
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, *arguments):
        self.asked += 1
        self._ended.wait(self._seconds)
        return self._really(*arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_raised):
        self._ended.set()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_host_is_told_within_three_seconds_however_slow_the_resolver(
    monkeypatch, method
):
    with SlowResolver(monkeypatch, 30) as resolver:
        begun = time.monotonic()
        error = fails("http://localhost:1", method, timeout=20)
        took = time.monotonic() - begun
    assert (error.kind, error.sent, resolver.asked <= 2) == ("dns", False, True)
    assert took < 3
    assert str(error) == (
        "the host name in http://localhost:1 was not resolved within 2.5 seconds; check the host "
        "name in server_url and the name servers of this machine, or set retries to wait longer"
    )


@pytest.mark.parametrize("options", [{"retries": 1}, {"retries": 0, "timeout": 3.4}])
def test_a_slow_resolver_is_waited_for_if_retries_is_set(monkeypatch, options):
    with (
        served(answer(200, USER)) as stub,
        SlowResolver(monkeypatch, 3),
        session(stub.url.replace("127.0.0.1", "localhost"), **{"timeout": 20, **options}) as scim,
    ):
        assert scim.send("GET", ("Users",)).body == USER


def test_f17_the_deadline_ends_the_look_up_of_a_host(monkeypatch):
    with SlowResolver(monkeypatch, 30):
        begun = time.monotonic()
        error = fails("http://localhost:1", timeout=0.5, retries=1)
        took = time.monotonic() - begun
    assert error.kind == "dns" and took < 3
    assert "was not resolved within 0.5 seconds" in str(error) and "set timeout" in str(error)


def test_a_slow_resolver_is_waited_for_once_a_server_was_reached(monkeypatch):
    closing = answer(200, USER, more="Connection: close\r\n")
    with (
        served(closing, closing) as stub,
        session(stub.url.replace("127.0.0.1", "localhost")) as scim,
    ):
        scim.send("GET", ("Users",))
        with SlowResolver(monkeypatch, 3):
            assert scim.send("GET", ("Users",)).body == USER


def test_l17_a_signal_ends_the_look_up_of_a_host(monkeypatch):
    def broken_off(*_ignored):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, broken_off)
    try:
        with SlowResolver(monkeypatch, 30):
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            begun = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                fails("http://localhost:1", timeout=20, retries=1)
            assert time.monotonic() - begun < 3
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
