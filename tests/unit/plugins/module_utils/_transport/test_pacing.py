# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that share one pace; the clock is counted, not waited for."""

from __future__ import annotations

import threading

from ansible_collections.identity.scim.plugins.module_utils._transport.interruption import (
    Interruption,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.pacing import Pacing
from ansible_collections.identity.scim.plugins.module_utils._transport.retry import Attempt

LIMITED = Attempt(status=429, retry_after=2.0)
DONE = Attempt(status=200)


class Time:
    """A clock that moves when something sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def steady(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def paced() -> tuple[Pacing, Time]:
    time = Time()
    return Pacing(time.steady, time.sleep, Interruption()), time


def test_nothing_waits_before_a_refusal() -> None:
    pacing, time = paced()
    for _number in range(20):
        began = pacing.begin()
        assert began == 100.0 and pacing.end(began, DONE, None) is None
    assert time.waits == []


def test_a_ceiling_spaces_requests_from_the_first_one_on() -> None:
    pacing, time = paced()
    pacing.ceiling = 4
    for _number in range(3):
        began = pacing.begin()
        assert began is not None
        pacing.end(began, DONE, None)
    assert time.waits == [0.25, 0.25] and pacing.ceiling == 4


def test_writes_begin_at_once_up_to_a_burst_that_fills_again() -> None:
    pacing, time = paced()
    pacing.writes, pacing.burst = 2.0, 3
    begun = []
    for pause in (0, 0, 0, 0, 0, 1.0, 0, 10.0, 0, 0, 0):
        time.now += pause
        began = pacing.begin(is_write=True)
        assert began is not None
        begun.append(began - 100)
        pacing.end(began, DONE, None)
    assert begun == [0, 0, 0, 0.5, 1, 2, 2, 12, 12, 12, 12.5]


def test_f29_after_a_refusal_the_request_and_all_others_wait() -> None:
    pacing, time = paced()
    began = pacing.begin()
    assert began is not None
    turn = pacing.end(began, LIMITED, 2.0)
    assert turn is not None and turn.wait == 2.0
    assert pacing.begin(turn) == 102.0
    other = pacing.begin()
    assert other is not None and other > 102.0


def test_a_turn_is_given_up_if_another_request_is_refused_meanwhile() -> None:
    time = Time()
    first: list[float] = []

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.waits) == 1:
            pacing.end(first[0], LIMITED, 5.0)

    pacing = Pacing(time.steady, sleep, Interruption())
    pacing.ceiling = 1
    first.append(pacing.begin() or 0.0)
    assert pacing.begin() == 107.0 and time.waits == [1.0, 6.0]


def test_an_echo_waits_as_long_as_it_was_told_and_moves_nobody() -> None:
    pacing, time = paced()
    first, second = pacing.begin(), pacing.begin()
    assert first is not None and second is not None and not pacing.is_alone
    pacing.end(first, LIMITED, 2.0)
    time.now += 3.0
    turn = pacing.end(second, LIMITED, 2.0)
    assert turn is not None and turn.wait == 2.0
    third = pacing.begin()
    assert third is not None and third < 104.0


def test_a_request_that_is_not_sent_again_stops_nobody() -> None:
    pacing, _time = paced()
    began = pacing.begin()
    assert began is not None and pacing.end(began, LIMITED, None) is None
    assert pacing.begin() == 100.0


def test_a_run_that_must_end_begins_nothing() -> None:
    interruption = Interruption()
    time = Time()
    pacing = Pacing(time.steady, time.sleep, interruption)
    pacing.ceiling = 1
    pacing.begin()
    interruption.request()
    assert pacing.begin() is None and time.waits == []


def test_threads_take_different_turns() -> None:
    time = Time()
    lock = threading.Lock()
    begun: list[float] = []
    pacing = Pacing(lambda: 7.0, time.sleep, Interruption())
    pacing.ceiling = 10

    def work() -> None:
        for _number in range(5):
            turn = pacing.begin()
            with lock:
                begun.append(turn or 0.0)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(begun) == 20 and 18.9 < sum(time.waits) < 19.1
