# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fast SCIM server in memory, in a process of its own.

``with bench_server(users=1000, latency=0.02) as url`` runs it. ``counts(url)`` says what came,
``change(url, latency=0)`` changes a setting, and with ``users``, ``groups`` or ``members`` it
begins anew. Its control address counts as no request. Any credentials are let in.
"""

from __future__ import annotations

import contextlib
import gc
import heapq
import json
import os
import select
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.identity.scim.tests.bench.resources import Resources
from ansible_collections.identity.scim.tests.bench.service import BASE, Reply, Service, refusal
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
)

ADDRESS = "127.0.0.1"
CONTROL = "/control"
LOGGED = 200_000
ROOT = Path(__file__).resolve().parents[5]  # the folder with ansible_collections
# Of what a server begins with. A change of these fills it anew.
FILLING = ("users", "groups", "members", "page")
REASONS = {200: "OK", 201: "Created", 204: "No Content", 429: "Too Many Requests"}


@dataclass
class Settings:
    """What a server is like. Times are seconds, ``rate`` is requests a second, 0 any number.

    Each group has so many ``members``, each answer comes ``latency`` later, one of Bulk another
    ``operation_latency`` for each operation. ``burst`` requests may come at once before ``rate``
    counts; a refusal names ``retry_after``. ``page`` is the most resources that a list shows.
    ``operations`` and ``payload`` are the limits of Bulk. ``log`` keeps method and target of
    each request.
    """

    users: int = 0
    groups: int = 0
    members: int = 0
    page: int = 1000
    latency: float = 0.0
    operation_latency: float = 0.0
    rate: float = 0.0
    burst: float = 0.0
    retry_after: int = 1
    bulk: bool = True
    operations: int = 1000
    payload: int = 1048576
    log: bool = False


@dataclass
class Counts:
    """What came since the last reset. ``peak`` is the most requests in flight at a time."""

    requests: int = 0
    connections: int = 0
    reads: int = 0
    writes: int = 0
    operations: int = 0
    refused: int = 0
    failed: int = 0
    peak: int = 0
    methods: dict[str, int] = field(default_factory=dict)
    log: list[tuple[str, str, int]] = field(default_factory=list)


class Allowance:
    """A rate limit: a bucket of ``burst`` that fills by ``rate`` a second.

    Without a burst it holds what one second allows.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.most = burst or rate
        self.level = self.most
        self.since: float | None = None

    def takes(self, now: float) -> bool:
        """Return whether a request may pass, and take it out."""
        if not self.rate:
            return True
        passed = 0.0 if self.since is None else now - self.since
        self.level = min(self.most, self.level + passed * self.rate)
        self.since = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class State:
    """Settings, resources and counts of a running server."""

    def __init__(self, settings: Settings, base: str) -> None:
        self.settings = settings
        self.base = base
        self.counts = Counts()
        self.in_flight = 0
        self.allowance = Allowance(settings.rate, settings.burst)
        self.service = Service(Resources(base=base))
        self.fill()

    def fill(self) -> None:
        """Begin anew with numbered users and groups."""
        mine = self.settings
        gc.disable()
        resources = Resources(mine.page, self.base)
        resources.fill(mine.users, mine.groups, mine.members)
        self.service = Service(resources, mine.bulk, mine.operations, mine.payload)
        gc.freeze()
        gc.enable()

    def change(self, settings: dict[str, Any]) -> None:
        """Take other settings over and forget what came. Raise TypeError for unknown ones."""
        self.settings = mine = Settings(**{**asdict(self.settings), **settings})
        self.service.bulk = mine.bulk
        self.service.operations, self.service.payload = mine.operations, mine.payload
        self.allowance = Allowance(mine.rate, mine.burst)
        self.counts = Counts()
        if any(name in settings for name in FILLING):
            self.fill()

    def answer(self, method: str, target: str, data: bytes, now: float) -> tuple[Reply, float]:
        """Answer a request of SCIM; return the answer and when to send it, from now on."""
        mine, counts = self.settings, self.counts
        counts.requests += 1
        self.in_flight += 1
        counts.peak = max(counts.peak, self.in_flight)
        counts.methods[method] = counts.methods.get(method, 0) + 1
        if method == "GET":
            counts.reads += 1
        else:
            counts.writes += 1
        if self.allowance.takes(now):
            reply = self.service.answer(method, target, data)
            counts.operations += reply.operations
            counts.failed += reply.status >= 400
        else:
            counts.refused += 1
            wait = {"Retry-After": str(mine.retry_after)}
            reply = refusal(Refused(429, "too many requests"), wait)
        if mine.log and len(counts.log) < LOGGED:
            counts.log.append((method, target, reply.status))
        return reply, mine.latency + mine.operation_latency * reply.operations

    def control(self, method: str, data: bytes) -> Reply:
        """Answer at the control address: GET returns the counts, POST changes settings."""
        try:
            if method == "POST":
                self.change(json.loads(data or b"{}"))
            found = {"counts": asdict(self.counts), "settings": asdict(self.settings)}
            return Reply(200, json.dumps(found).encode())
        except (TypeError, ValueError) as error:
            return Reply(400, json.dumps({"detail": str(error)}).encode())


class Connection:
    """One connection: its requests are answered in turn."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.received = b""
        self.unsent = memoryview(b"")
        self.is_waiting = False
        self.counted_in: Counts | None = None

    def fileno(self) -> int:
        """Return what ``select`` takes."""
        return self.sock.fileno()

    def read(self) -> bool:
        """Read what came. False at the end of the connection."""
        try:
            data = self.sock.recv(262144)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.received = self.received + data if self.received else data
        return bool(data)

    def request(self) -> tuple[str, str, bytes] | None:
        """Take out the next request if it is there as a whole: method, target, body."""
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.received[:end]
        length = _content_length(head)
        if len(self.received) < end + 4 + length:
            return None
        data = self.received[end + 4 : end + 4 + length]
        self.received = self.received[end + 4 + length :]
        method, target, _version = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        return method, target, data

    def send(self, reply: Reply) -> None:
        """Send an answer, as much of it as the other side takes now."""
        head = f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Refused')}\r\n"
        for name, value in reply.headers.items():
            head += f"{name}: {value}\r\n"
        if reply.status != 204:
            head += "Content-Type: application/scim+json\r\n"
            head += f"Content-Length: {len(reply.data)}\r\n"
        self.unsent = memoryview(f"{head}\r\n".encode() + reply.data)
        self.go_on()

    def go_on(self) -> None:
        """Send more of what is not sent yet."""
        try:
            self.unsent = self.unsent[self.sock.send(self.unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            self.unsent = memoryview(b"")


def _content_length(head: bytes) -> int:
    found = head.lower().find(b"\r\ncontent-length:")
    if found < 0:
        return 0
    return int(head[found + 17 :].partition(b"\r\n")[0])


class Loop:
    """All connections in one thread. ``select`` knows microseconds, unlike ``epoll``."""

    def __init__(self, state: State, listener: socket.socket) -> None:
        self.state = state
        self.listener = listener
        self.open: list[Any] = [listener, sys.stdin]
        self.writing: list[Connection] = []
        self.due: list[tuple[float, int, Connection, Reply]] = []
        self.number = 0

    def run(self) -> None:
        """Serve until standard input ends."""
        while True:
            timeout = max(0.0, self.due[0][0] - time.monotonic()) if self.due else None
            readable, writable, _failed = select.select(self.open, self.writing, [], timeout)
            for one in writable:
                one.go_on()
                self._sent(one)
            for one in readable:
                if one is sys.stdin:
                    return
                if one is self.listener:
                    self.open.append(Connection(self.listener.accept()[0]))
                elif one.read():
                    self._serve(one)
                else:
                    self._close(one)
            while self.due and self.due[0][0] <= time.monotonic():
                _at, _number, connection, reply = heapq.heappop(self.due)
                self._answer(connection, reply)

    def _serve(self, one: Connection) -> None:
        """Answer the requests that are there, unless an answer is on its way."""
        while not one.is_waiting and not one.unsent:
            found = one.request()
            if found is None:
                return
            method, target, data = found
            if target == CONTROL:
                one.send(self.state.control(method, data))
                continue
            if one.counted_in is not self.state.counts:
                one.counted_in = self.state.counts
                one.counted_in.connections += 1
            now = time.monotonic()
            reply, wait = self.state.answer(method, target, data, now)
            one.is_waiting = True
            if wait > 0:
                self.number += 1
                heapq.heappush(self.due, (now + wait, self.number, one, reply))
            else:
                self._answer(one, reply)

    def _answer(self, one: Connection, reply: Reply) -> None:
        one.is_waiting = False
        self.state.in_flight -= 1
        one.send(reply)
        self._sent(one)

    def _sent(self, one: Connection) -> None:
        """Wait until the other side takes more, or go on with its next request."""
        if one.unsent and one not in self.writing:
            self.writing.append(one)
        elif not one.unsent:
            if one in self.writing:
                self.writing.remove(one)
            if one.received:
                self._serve(one)

    def _close(self, one: Connection) -> None:
        self.open.remove(one)
        if one in self.writing:
            self.writing.remove(one)
        one.unsent = memoryview(b"")
        one.sock.close()


def serve(settings: Settings) -> None:
    """Serve until standard input ends; the first line printed is the URL."""
    with socket.create_server((ADDRESS, 0), backlog=1024) as listener:
        url = f"http://{ADDRESS}:{listener.getsockname()[1]}{BASE}"
        state = State(settings, url)
        print(url, flush=True)
        Loop(state, listener).run()


@contextlib.contextmanager
def bench_server(**settings: Any) -> Iterator[str]:
    """Run a server for the time of the ``with``; return the base URL of its service."""
    asdict(Settings(**settings))  # an unknown setting is an error here
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(  # pylint: disable=consider-using-with
        [sys.executable, __file__, json.dumps(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdin and process.stdout
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the benchmark's server did not start")
        yield url
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(10)


def counts(url: str) -> dict[str, Any]:
    """Return what came since the server started or a setting was changed: see Counts."""
    found: dict[str, Any] = _control(url)["counts"]
    return found


def change(url: str, **settings: Any) -> None:
    """Change settings and forget what came. Without a setting only the latter."""
    _control(url, settings)


def _control(url: str, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if settings is None else json.dumps(settings).encode()
    address = url.removesuffix(BASE) + CONTROL
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, data, {"Connection": "close"})
    with opener.open(request, timeout=120) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve(Settings(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")))
