# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that keep one deadline for a whole exchange.

Knows sockets and urllib3, no request. The timeouts of urllib3 apply to each system call, so a
server that sends a byte a second never runs into them. Here every call on the socket gets what is
left of the deadline: looking up the host, connecting, TLS, proxy, sending, reading. This file
inherits from urllib3's classes, since urllib3 offers no other way.
"""

from __future__ import annotations

import contextlib
import io
import math
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import Any


class _Exchange(threading.local):
    """The exchange of a thread, whichever connection it uses."""

    def __init__(self) -> None:
        self.until = 0.0
        self.resolving = 0.0
        self.sent = 0
        self.sockets: list[Any] = []


_exchange = _Exchange()


class Unresolved(OSError):
    """A host name was not resolved in time. ``seconds`` is how long it was waited for."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the host name was not resolved in time")
        self.seconds = seconds


def start_deadline(seconds: float, resolving: float = math.inf) -> None:
    """Start a new deadline for this thread, with no byte sent yet.

    ``resolving`` is how many seconds of it the look-up of a host may take.
    """
    _exchange.until = time.monotonic() + seconds
    _exchange.resolving = min(seconds, resolving)
    _exchange.sent = 0
    _exchange.sockets.clear()


def reset_bytes_sent() -> None:
    """Count the bytes of the next request from 0, under the same deadline."""
    _exchange.sent = 0


def bytes_sent() -> int:
    """Return how many bytes of the request were handed to the system.

    If there are none, the server has seen nothing of it.
    """
    return _exchange.sent


def breaker() -> Callable[[], None]:
    """Return what breaks off the exchange of this thread, for another thread to call.

    Its socket is shut down, so that a read of it ends.
    """
    sockets = _exchange.sockets

    def break_off() -> None:
        for sock in list(sockets):
            with contextlib.suppress(OSError, TypeError):
                # Not the method of a TLS socket, which would touch what its reader uses.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    return break_off


def seconds_left() -> float:
    """Return the seconds until the deadline, or raise TimeoutError once it is reached."""
    seconds = float(_exchange.until - time.monotonic())
    if seconds <= 0:
        raise TimeoutError("the deadline is reached")
    return seconds


def _use(sock: Any) -> None:
    """Remember the socket that this thread waits for."""
    _exchange.sockets[:] = [sock]


class TimedReader:
    """A raw stream whose reads all end at the deadline."""

    def __init__(self, raw: Any, sock: Any) -> None:
        self._raw, self._sock = raw, sock

    def readinto(self, buffer: Any) -> Any:
        """Read as ``io.RawIOBase.readinto`` does."""
        self._sock.settimeout(seconds_left())
        _use(self._sock)
        return self._raw.readinto(buffer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class TimedSocket:
    """A socket, plain or TLS, whose sends and reads all end at the deadline.

    It counts what was sent.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send as ``socket.sendall`` does, but piece by piece.

        The server decides how fast it takes them, so each piece gets the time that is left.
        """
        _use(self._sock)
        rest = memoryview(data).cast("B")
        while rest:
            self._sock.settimeout(seconds_left())
            count = self._sock.send(rest)
            _exchange.sent += count
            rest = rest[count:]

    def makefile(self, *_arguments: Any, **_options: Any) -> Any:
        """Return what ``socket.makefile("rb")`` would, which is all that http.client uses."""
        raw: Any = TimedReader(self._sock.makefile("rb", buffering=0), self._sock)
        return io.BufferedReader(raw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def _addresses(host: str, port: int) -> Any:
    """Return what ``socket.getaddrinfo`` does. Raise Unresolved if it takes too long.

    The system's resolver has no limit that a caller can set, so a thread waits for it.
    """
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answers.get(timeout=min(_exchange.resolving, seconds_left()))
    except queue.Empty:
        found = Unresolved(_exchange.resolving)
    if isinstance(found, Exception):
        raise found
    return found


def _connect(connection: Any) -> socket.socket:
    """Connect as urllib3's ``_new_conn`` does, but within the deadline.

    urllib3 would give each address of the host the whole time. Here the addresses share it.
    """
    found = _addresses(connection._dns_host, connection.port)
    failure = OSError("the host name has no address")
    for index, (family, kind, protocol, _name, target) in enumerate(found):
        sock = None
        try:
            sock = socket.socket(family, kind, protocol)
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(seconds_left() / (len(found) - index))
            _use(sock)
            sock.connect(target)
            sock.settimeout(seconds_left())
            return sock
        except OSError as error:
            failure = error
            if sock is not None:
                sock.close()
    raise failure


def _timed_connection(base: Any, *, direct: bool) -> Any:
    """Return a connection class like ``base`` that keeps the deadline."""

    def connect(self: Any) -> None:
        base.connect(self)
        self.sock = TimedSocket(self.sock)

    def tunnel(self: Any) -> None:
        sock = self.sock
        self.sock = TimedSocket(sock)
        try:
            base._tunnel(self)
        finally:
            # What was sent to the proxy is not part of the request.
            reset_bytes_sent()
        self.sock = sock

    body: dict[str, Any] = {"connect": connect, "_tunnel": tunnel}
    if direct:
        body["_new_conn"] = _connect
    return type(base.__name__, (base,), body)


def keep_deadline(manager: Any, *, direct: bool = True) -> None:
    """Make a pool manager of urllib3 open connections that keep the deadline.

    ``direct`` is false for a SOCKS proxy, which opens its connections by itself.
    """
    manager.pool_classes_by_scheme = {
        scheme: _timed_pool(pool, direct=direct)
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def _timed_pool(pool: Any, *, direct: bool) -> Any:
    connection = _timed_connection(pool.ConnectionCls, direct=direct)
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})
