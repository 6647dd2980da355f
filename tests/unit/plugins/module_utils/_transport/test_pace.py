# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated service with a bucket of requests, and what a pace gets out of it."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._transport.pace import Pace

SEEDS = range(8)


@dataclass
class Simulation:
    """Requests in parallel, over time that is only counted.

    ``rate`` requests a second refill a bucket that holds ``bucket``. A refused one is told to wait
    for ``retry`` seconds. An answer takes ``latency``. Another client takes all that is in the bucket
    at the time ``emptied``.
    """

    number: int = 1000
    rate: float = 50.0
    bucket: float = 50.0
    retry: float = 1.0
    at_once: int = 8
    latency: float = 0.02
    ceiling: float = 0.0
    emptied: float = 0.0
    seed: int = 0
    refused: int = 0
    begun: list[float] = field(default_factory=list)

    def run(self) -> Simulation:
        self.pace = Pace(self.ceiling)
        self.chance = random.Random(self.seed)
        self.tokens, self.filled = self.bucket, 0.0
        self.events: list[tuple[float, int, str, Any]] = []
        self.left, self.rounds, self.count = self.number, 0, 0
        for _thread in range(self.at_once):
            self.next_one(0.0)
        while self.events:
            now, _order, what, value = heapq.heappop(self.events)
            getattr(self, what)(now, value)
        return self

    def at(self, time: float, what: str, value: Any = None) -> None:
        self.count += 1
        heapq.heappush(self.events, (time, self.count, what, value))

    def next_one(self, now: float) -> None:
        if self.left:
            self.left -= 1
            self.at(now, "wants")

    def wants(self, now: float, _value: Any) -> None:
        turn = self.pace.turn(now)
        self.at(turn, "wakes", self.rounds if turn > now else -1)

    def wakes(self, now: float, rounds: int) -> None:
        if rounds not in (-1, self.rounds):
            self.wants(now, None)
            return
        self.begun.append(now)
        self.at(now + self.way(), "arrives", now)

    def way(self) -> float:
        return self.latency / 2 * self.chance.uniform(0.8, 1.2)

    def arrives(self, now: float, began: float) -> None:
        self.tokens = min(self.bucket, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if 0 < self.emptied < now:
            self.tokens, self.emptied = 0.0, 0.0
        if self.tokens >= 1:
            self.tokens -= 1
            self.at(now + self.way(), "is_done")
        else:
            self.at(now + self.way(), "is_refused", began)

    def is_done(self, now: float, _value: Any) -> None:
        self.end = now
        self.pace.accepted(now)
        self.next_one(now)

    def is_refused(self, now: float, began: float) -> None:
        self.refused += 1
        if self.pace.refused(now, self.retry + self.chance.uniform(0.0, 0.05), began):
            self.rounds += 1
        self.wants(now, None)

    @property
    def reached(self) -> float:
        """Which part of the ideal rate was reached, which counts what the bucket holds."""
        ideal = (self.number - self.bucket) / self.rate
        return max(ideal, self.number * self.latency / self.at_once) / self.end

    @property
    def share(self) -> float:
        """Which part of all requests was refused."""
        return self.refused / len(self.begun)


def simulated(**service: Any) -> tuple[float, float]:
    """The mean of what is reached and of what is refused."""
    runs = [Simulation(seed=seed, **service).run() for seed in SEEDS]
    assert all(len(one.begun) == one.number + one.refused for one in runs)
    return sum(one.reached for one in runs) / len(runs), sum(one.share for one in runs) / len(runs)


@pytest.mark.parametrize(
    "service",
    [{}, {"bucket": 100}, {"bucket": 500}, {"latency": 0.005}, {"retry": 0.2}],
    ids=["one second", "two seconds", "ten seconds", "near", "short waits"],
)
def test_a_limit_of_50_a_second_is_used_and_seldom_met(service: dict[str, Any]) -> None:
    reached, share = simulated(**service)
    assert reached >= 0.95 and share < 0.01


@pytest.mark.parametrize(
    ("service", "least", "most"),
    [
        ({"latency": 0.1}, 0.94, 0.01),
        ({"bucket": 25}, 0.9, 0.01),
        ({"bucket": 10}, 0.85, 0.01),
        ({"bucket": 5}, 0.86, 0.01),
        ({"bucket": 5, "latency": 0.1}, 0.8, 0.01),
        ({"bucket": 5, "at_once": 2}, 0.8, 0.01),
        ({"bucket": 7}, 0.87, 0.01),
        ({"bucket": 5, "number": 3000}, 0.93, 0.005),
        ({"bucket": 2}, 0.75, 0.01),
        ({"bucket": 10, "rate": 200, "number": 2000}, 0.7, 0.005),
        ({"at_once": 2}, 0.92, 0.005),
        ({"retry": 5.0}, 0.55, 0.015),
        ({"at_once": 32}, 0.95, 0.035),
        ({"rate": 10, "bucket": 10, "number": 200}, 0.9, 0.06),
        ({"number": 3000}, 0.98, 0.005),
    ],
    ids=str,
)
def test_other_limits_are_learnt_too(service: dict[str, Any], least: float, most: float) -> None:
    reached, share = simulated(**service)
    assert reached >= least and share <= most


@pytest.mark.parametrize("emptied", [1.1, 1.3, 2.0, 3.5, 5.0, 12.0])
def test_a_bucket_that_another_client_emptied_slows_down_for_a_short_time_only(
    emptied: float,
) -> None:
    reached, share = simulated(bucket=5, emptied=emptied)
    assert reached >= 0.6 and share < 0.01


def test_without_a_refusal_nothing_waits() -> None:
    run = Simulation(at_once=1, number=100).run()
    assert run.refused == 0 and run.end == pytest.approx(100 * run.latency, rel=0.05)


def test_a_known_rate_is_never_exceeded() -> None:
    run = Simulation(ceiling=45.0, number=200).run()
    assert run.refused == 0
    gaps = [later - earlier for earlier, later in zip(run.begun, run.begun[1:])]
    assert min(gaps) == pytest.approx(1 / 45.0)
    slower = Simulation(ceiling=100.0).run()
    gaps = [later - earlier for earlier, later in zip(slower.begun, slower.begun[1:])]
    assert min(gaps) >= 0.99 / 100.0 and slower.share < 0.01


def test_all_wait_after_a_refusal() -> None:
    pace = Pace()
    assert [pace.turn(1.0), pace.turn(1.0)] == [1.0, 1.0]
    assert pace.refused(1.5, 2.0, 1.0) and pace.held_until == 3.5
    turns = [pace.turn(1.6), pace.turn(1.7)]
    assert turns[0] == 3.5 and turns[1] > 3.5


def test_the_refusal_of_a_request_that_began_before_is_an_echo() -> None:
    pace = Pace()
    pace.refused(1.5, 2.0, 1.0)
    assert not pace.refused(1.6, 2.0, 1.1) and pace.held_until == 3.5
    assert pace.refused(3.9, 2.0, 3.6) and pace.held_until == 5.9


def test_a_pace_is_soon_faster_if_nothing_is_refused_any_more() -> None:
    pace = Pace()
    pace.refused(0.0, 1.0, 0.0)
    before, now = pace.rate, 1.0
    for _number in range(20):
        now = pace.turn(now + 0.5)
        pace.accepted(now)
    assert pace.rate > 100 * before
