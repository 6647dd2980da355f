# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that keep one deadline for a whole exchange; knows sockets and urllib3's connection classes, no request.

The timeouts of urllib3 are for each system call, so a server that sends a byte a second is never ended by them. Here
every call on the socket is given what is left of the deadline: looking up, connecting, TLS, proxy, sending, reading.
The only limit left is that of the system's resolver. (This file inherits, since urllib3 has no other door.)
"""

from __future__ import annotations

import io
import socket
import threading
import time
from typing import Any

# An exchange belongs to the thread that makes it, whichever connection it is made over.
_exchange = threading.local()


def begin(seconds: float) -> None:
    """A new deadline for this thread, and no byte sent yet."""
    _exchange.until = time.monotonic() + seconds
    _exchange.sent = 0


def new_request() -> None:
    """The next request under the same deadline: no byte of it sent yet."""
    _exchange.sent = 0


def sent() -> int:
    """How many bytes of the request were handed to the system: with none, the server has seen nothing."""
    return getattr(_exchange, "sent", 0)


def left() -> float:
    """Seconds until the deadline. Raises TimeoutError once it is reached."""
    seconds = float(_exchange.until - time.monotonic())
    if seconds <= 0:
        raise TimeoutError("the deadline is reached")
    return seconds


class TimedReader:
    """A raw stream whose every read is bound by the deadline."""

    def __init__(self, raw: Any, sock: Any) -> None:
        self._raw, self._sock = raw, sock

    def readinto(self, buffer: Any) -> Any:
        """As ``io.RawIOBase.readinto``."""
        self._sock.settimeout(left())
        return self._raw.readinto(buffer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class TimedSocket:
    """A socket, plain or TLS, whose every send and read is bound by the deadline, and which counts what was sent."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As ``socket.sendall``, piece by piece: the server decides how fast it takes them."""
        rest = memoryview(data).cast("B")
        while rest:
            self._sock.settimeout(left())
            count = self._sock.send(rest)
            _exchange.sent += count
            rest = rest[count:]

    def makefile(self, *_arguments: Any, **_options: Any) -> Any:
        """As ``socket.makefile("rb")``, which is all that http.client asks for."""
        raw: Any = TimedReader(self._sock.makefile("rb", buffering=0), self._sock)
        return io.BufferedReader(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def _reach(connection: Any) -> socket.socket:
    """As urllib3's ``_new_conn``, which would give each address of the host the whole time anew."""
    found = socket.getaddrinfo(
        connection._dns_host, connection.port, socket.AF_UNSPEC, socket.SOCK_STREAM
    )
    failure: OSError = OSError("the host name has no address")
    for index, (family, kind, protocol, _name, target) in enumerate(found):
        sock = None
        try:
            sock = socket.socket(family, kind, protocol)
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(left() / (len(found) - index))
            sock.connect(target)
            sock.settimeout(left())
            return sock
        except OSError as error:
            failure = error
            if sock is not None:
                sock.close()
    raise failure


def _timed_connection(base: Any, *, plain: bool) -> Any:
    def connect(self: Any) -> None:
        base.connect(self)
        self.sock = TimedSocket(self.sock)

    def tunnel(self: Any) -> None:
        sock = self.sock
        self.sock = TimedSocket(sock)
        try:
            base._tunnel(self)
        finally:
            new_request()  # what was said to the proxy is not part of the request
        self.sock = sock

    body: dict[str, Any] = {"connect": connect, "_tunnel": tunnel}
    if plain:
        body["_new_conn"] = _reach
    return type(base.__name__, (base,), body)


def keep_deadline(manager: Any, *, plain: bool = True) -> None:
    """Makes a pool manager of urllib3 open connections that keep the deadline. ``plain``: not through a SOCKS proxy."""
    manager.pool_classes_by_scheme = {
        scheme: type(
            pool.__name__,
            (pool,),
            {"ConnectionCls": _timed_connection(pool.ConnectionCls, plain=plain)},
        )
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }
