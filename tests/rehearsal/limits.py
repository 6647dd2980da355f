# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests imitated services take, and how they refuse more (429).

Written from what is documented of services. Knows no service by name.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked

READS = ("GET", "HEAD")
Clock = Callable[[], float]
# Says what a request counts: by name, how much of it. Each name has a count of its own.
Counts = Callable[[Asked], Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So much in so many seconds, of what ``counts`` finds in a request.

    ``burst``: so much at once, which comes back evenly; otherwise all of it within any such time.
    """

    counts: Counts
    most: int
    seconds: float
    burst: int = 0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """All limits of a service. ``in_flight``: so many requests at a time.

    ``headers`` are those of a refusal, for the seconds to wait, ``detail`` is its text.
    """

    each: Sequence[Limit] = ()
    in_flight: int = 0
    headers: Callable[[float], Mapping[str, str]] = lambda _wait: {}
    detail: str = "too many requests"


def retry_after(wait: float) -> dict[str, str]:
    """Return how most services ask to wait (RFC 9110 section 10.2.3)."""
    return {"Retry-After": str(max(1, math.ceil(wait)))}


def reset_at(wait: float) -> dict[str, str]:
    """Return how GitHub and Miro ask to wait: the time at which the limit is reset."""
    reset = str(math.ceil(time.time() + wait))
    return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}


class Throttle:
    """Counts the requests that an imitation takes, by a clock."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self.clock = clock
        self.refused = 0
        self._taken: dict[tuple[int, str], deque[tuple[float, int]]] = {}
        self._under_way = 0
        self._lock = threading.Lock()

    def begin(self) -> Answer | None:
        """Begin a request. Return its refusal if too many are under way."""
        with self._lock:
            self._under_way += 1
            is_much = 0 < self.limits.in_flight < self._under_way
        return self._refusal(1) if is_much else None

    def end(self) -> None:
        """End a request."""
        with self._lock:
            self._under_way -= 1

    def refusal(self, asked: Asked) -> Answer | None:
        """Count a request, or return its refusal if that is too much."""
        now = self.clock()
        wanted = list(self._wanted(asked))
        wait = max((self._wait(one, limit, much, now) for one, limit, much in wanted), default=0)
        if wait > 0:
            return self._refusal(wait)
        for one, _limit, much in wanted:
            self._taken.setdefault(one, deque()).append((now, much))
        return None

    def _wanted(self, asked: Asked) -> Iterator[tuple[tuple[int, str], Limit, int]]:
        for number, limit in enumerate(self.limits.each):
            for name, much in limit.counts(asked).items():
                yield (number, name), limit, much

    def _wait(self, one: tuple[int, str], limit: Limit, much: int, now: float) -> float:
        """Return how long to wait until so much more is taken."""
        taken = self._taken.setdefault(one, deque())
        longest = max(limit.seconds, limit.burst * limit.seconds / limit.most)
        while taken and taken[0][0] <= now - longest:
            taken.popleft()
        if limit.burst:
            return _until_refilled(taken, limit, much, now)
        over = sum(used for _at, used in taken) + much - limit.most
        wait = 0.0
        for at, used in taken:
            if over <= 0:
                break
            over -= used
            wait = at + limit.seconds - now
        return wait

    def _refusal(self, wait: float) -> Answer:
        self.refused += 1
        headers = dict(self.limits.headers(wait))
        return Answer(429, {"detail": self.limits.detail}, headers=headers)


def _until_refilled(
    taken: Sequence[tuple[float, int]], limit: Limit, much: int, now: float
) -> float:
    """Return how long to wait until a bucket has so much again."""
    level, pace = 0.0, limit.most / limit.seconds
    last = taken[0][0] if taken else now
    for at, used in taken:
        level = max(0.0, level - pace * (at - last)) + used
        last = at
    level = max(0.0, level - pace * (now - last))
    return max(0.0, (level + much - limit.burst) / pace)


# --- what counts -----------------------------------------------------------------------------------


def requests(
    kind: str = "",
    *,
    reads: bool | None = None,
    methods: Sequence[str] = (),
    lists: bool | None = None,
    larger: int = 0,
) -> Counts:
    """Count requests: of one endpoint, reads or writes, by method, lists, or with large bodies."""

    def counts(asked: Asked) -> Mapping[str, int]:
        is_meant = kind in ("", asked.kind)
        is_meant = is_meant and reads in (None, asked.method in READS)
        is_meant = is_meant and (not methods or asked.method in methods)
        is_meant = is_meant and lists in (None, asked.lists)
        if is_meant and larger:
            is_meant = len(json.dumps(asked.body or {})) > larger
        return {"": 1} if is_meant else {}

    return counts


def new_members(asked: Asked) -> Mapping[str, int]:
    """Count members that are added, for each group."""
    if asked.kind != "Groups" or asked.body is None:
        return {}
    found = len(asked.body.get("members") or ())
    for one in asked.body.get("Operations", ()):
        if one.get("op") == "add" and one.get("path") == "members":
            found += len(one["value"]) if isinstance(one["value"], list) else 1
    return {asked.segments[-1]: found} if found else {}


@dataclass
class Virtual:
    """A clock for tests, which only moves when somebody sleeps."""

    now: float = 1000.0
    slept: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self.lock:
            self.now += seconds
            self.slept += seconds
