# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The baton and the threads of a run."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.threads import Baton, Threads


def test_one_thread_at_a_time_runs_and_the_others_go_on_while_it_waits() -> None:
    baton = Baton()
    running: list[int] = []
    waiting = threading.Semaphore(0)
    most: list[int] = []

    def work() -> int:
        running.append(1)
        most.append(len(running))
        running.pop()
        with baton.handed_on():
            waiting.release()
            time.sleep(0.02)
        return 7

    with baton.held():
        threads: Threads[int] = Threads(baton, 3)
        for _number in range(3):
            threads.begin(work)
        assert not threads.has_room(3) and threads.has_room(9) is False
        found: list[int] = []
        while not threads.is_idle:
            found += threads.finished()
        threads.close()
    assert found == [7, 7, 7] and most == [1, 1, 1]


def test_less_room_than_threads() -> None:
    baton = Baton()
    with baton.held():
        threads: Threads[None] = Threads(baton, 8)
        threads.begin(lambda: None)
        assert threads.has_room(2) and not threads.has_room(1)
        threads.finished()
        threads.close()


def test_who_holds_no_baton_needs_none() -> None:
    baton = Baton()
    with baton.handed_on():
        pass
    with baton.held(), baton.handed_on(), baton.handed_on():
        pass


def test_an_error_in_a_thread_arrives() -> None:
    baton = Baton()

    def breaks() -> None:
        raise ZeroDivisionError

    with baton.held():
        threads: Threads[None] = Threads(baton, 2)
        threads.begin(breaks)
        with pytest.raises(ZeroDivisionError):
            threads.finished()
        threads.close()


def test_results_come_in_the_order_of_their_begin_and_each_once() -> None:
    baton = Baton()
    waits = [0.06, 0.0, 0.03]

    def work(number: int) -> int:
        with baton.handed_on():
            time.sleep(waits[number])
        return number

    with baton.held():
        threads: Threads[int] = Threads(baton, 3)
        for number in range(3):
            threads.begin(partial(work, number))
        assert threads.finished() == [1] and threads.has_room(3) and not threads.is_idle
        with baton.handed_on():
            time.sleep(0.15)
        assert threads.finished() == [0, 2] and threads.is_idle
        threads.close()


def test_an_idle_crew_has_no_threads() -> None:
    before = threading.active_count()
    threads: Threads[None] = Threads(Baton(), 8)
    threads.close()
    assert threads.is_idle and threading.active_count() == before
