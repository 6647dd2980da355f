# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on loopback that answers byte for byte as a test says.

Knows how to misbehave.
"""

from __future__ import annotations

import base64
import contextlib
import json
import pathlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.session import (
    Clock,
    Session,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)

CERTIFICATES = pathlib.Path(__file__).parent / "certificates"
TOKEN = "canary/Token+1=="
USER = {"id": "1", "userName": "pbeesly"}
FORMS = (TOKEN, "canary%2FToken%2B1%3D%3D", base64.b64encode(TOKEN.encode()).decode())
MIB = 1024 * 1024


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire.

    ``connection`` counts the connections from 1.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass(frozen=True)
class Chosen:
    """A step that is chosen by the request."""

    step: Callable[[Seen], Any]


@dataclass
class Stub:
    """A running server.

    Each request gets the next step: bytes to send, or a function of the socket. The last repeats.

    A step that returns False ends the connection.
    """

    url: str
    steps: list[Any]
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self) -> Any:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


def answer(
    status: int = 200,
    body: Any = None,
    *,
    reason: str = "Some Reason",
    raw: bytes | None = None,
    media: str = "application/scim+json",
    length: bool = True,
    more: str = "",
) -> bytes:
    """An answer: ``body`` as JSON or ``raw`` bytes; ``more`` are whole header lines."""
    data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} {reason}\r\n"
    if media and data:
        head += f"Content-Type: {media}\r\n"
    if length and status != 204:
        head += f"Content-Length: {len(data)}\r\n"
    return (head + more + "\r\n").encode("latin-1") + data


def cut(data: bytes) -> Callable[[Any], bool]:
    """Send ``data`` and close."""

    def step(sock: Any) -> bool:
        sock.sendall(data)
        return False

    return step


def reset(sock: Any) -> bool:
    """Break the connection with RST after reading the request."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def drip(data: bytes, then: bytes = b"x", every: float = 0.05) -> Callable[[Any], bool]:
    """Send ``data`` at once and then a byte now and then.

    This lasts ten seconds, or until the other side has gone.
    """

    def step(sock: Any) -> bool:
        end = time.monotonic() + 10
        with contextlib.suppress(OSError):
            sock.sendall(data)
            while time.monotonic() < end:
                sock.sendall(then)
                time.sleep(every)
        return False

    return step


def _requests(stream: Any) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    while line := stream.readline().decode("latin-1").strip():
        method, target, _version = line.split(" ")
        headers = {}
        while header := stream.readline().decode("latin-1").strip():
            name, _colon, value = header.partition(":")
            headers[name.lower()] = value.strip()
        yield method, target, headers, stream.read(int(headers.get("content-length", "0")))


def _serve(stub: Stub, sock: Any, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError, ValueError), contextlib.closing(sock):
        sock.settimeout(10)
        if tls:
            sock = tls.wrap_socket(sock, server_side=True)
        with stub.lock:
            stub.connections += 1
            number = stub.connections
        with sock.makefile("rb") as stream:
            for method, target, headers, body in _requests(stream):
                with stub.lock:
                    seen = Seen(method, target, headers, body, number)
                    stub.seen.append(seen)
                    step = stub.step()
                if isinstance(step, Chosen):
                    step = step.step(seen)
                if step(sock) is False if callable(step) else sock.sendall(step):
                    break
        if tls:
            sock.close()


@contextlib.contextmanager
def served(
    *steps: Any, certificate: str = "", host: str = "127.0.0.1", clients: str = ""
) -> Iterator[Stub]:
    """Run a server for the time of the ``with``.

    With ``certificate`` (a file name) it speaks TLS, and requires a certificate of ``clients``.
    """
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(CERTIFICATES / certificate, CERTIFICATES / "test-only-key.pem")
        if clients:
            tls.verify_mode = ssl.CERT_REQUIRED
            tls.load_verify_locations(CERTIFICATES / clients)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        port = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        stub = Stub(f"{'https' if tls else 'http'}://{shown}:{port}/scim/v2", list(steps))

        def accept() -> None:
            while not stub.stopping.is_set():
                try:
                    sock, _peer = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_serve, args=(stub, sock, tls), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield stub
        finally:
            stub.stopping.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(2)


class Waits(list):
    """Stands for ``time.sleep``: remembers instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@contextlib.contextmanager
def session(
    url: str, *, read_only: bool = False, clock: Clock | None = None, **options: Any
) -> Iterator[Session]:
    """Yield a session for ``url`` that never really waits between tries."""
    given = {"server_url": url, "token": TOKEN, "timeout": 5, **options}
    opened = Session(
        settings_from(given),
        user_agent="test/1",
        read_only=read_only,
        clock=clock or without_waiting(),
    )
    try:
        yield opened
    finally:
        opened.close()


def without_waiting(sleep: Callable[[float], object] | None = None, **parts: Any) -> Clock:
    """Return a clock that never waits, and for which chance takes the upper end."""
    if sleep is None:
        sleep = Waits()
    if isinstance(sleep, Waits):
        begun, waits = time.monotonic(), sleep
        parts = {"steady": lambda: begun + sum(waits), **parts}
    return Clock(sleep=sleep, uniform=lambda _low, high: high, **parts)


def fails(url, method="GET", *, waits=None, body=None, **options):
    """Send one request that must fail, check what every failure keeps, and return the error."""
    with session(url, clock=without_waiting(waits), **options) as scim:
        with pytest.raises(TransportError) as info:
            scim.send(method, ("Users",), body=body)
    error = info.value
    shown = f"{error!s}{error!r}{vars(error)}"
    assert not any(form in shown for form in FORMS)
    assert error.__context__ is None and error.__cause__ is None
    assert shown.isprintable()
    return error
