# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request to end breaks off, and what it leaves alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from ansible_collections.identity.scim.plugins.module_utils._transport.interruption import (
    GRACE,
    Broken,
    Interruption,
    interrupted,
)


def test_l17_a_request_to_end_breaks_off_what_may_be_broken() -> None:
    interruption = Interruption()
    with pytest.raises(Broken):
        interruption.breakable(interruption.request)
    assert interruption.requested
    interruption.request()  # nothing is under way


def test_l17_nothing_breakable_begins_after_a_request_to_end() -> None:
    interruption = Interruption()
    interruption.request()
    begun: list[float] = []
    assert not interruption.pause(begun.append, 5.0)
    with pytest.raises(Broken):
        interruption.breakable(lambda: begun.append(1.0))
    assert not begun


def test_l17_a_pause_without_a_request_to_end_is_whole() -> None:
    waits: list[float] = []
    assert Interruption().pause(waits.append, 5.0) and waits == [5.0]


def test_l17_only_after_a_write_reads_have_time_left() -> None:
    interruption = Interruption()
    interruption.request()
    assert interruption.seconds_left() == 0.0
    interruption.note_write()
    assert 0 < interruption.seconds_left() <= GRACE


def test_l17_a_write_that_may_have_been_done_is_known_as_sent() -> None:
    assert interrupted(sent=True).sent and not interrupted(sent=False).sent


def in_thread(work: Callable[[], object]) -> list[object]:
    """What ``work`` returns, or the class of what it raises, in a thread that is still running."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # pylint: disable=broad-exception-caught
            found.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    return found


def test_l17_a_thread_that_waits_ends_soon() -> None:
    interruption = Interruption()
    threading.Timer(0.05, interruption.request).start()
    begun = time.monotonic()
    assert in_thread(lambda: interruption.pause(time.sleep, 60.0)) == [False]
    assert time.monotonic() - begun < 2


def test_l17_a_thread_that_may_be_broken_off_is_and_begins_nothing_more() -> None:
    interruption = Interruption()
    assert in_thread(lambda: interruption.breakable(lambda: 7)) == [7]
    assert in_thread(lambda: interruption.breakable(interruption.request)) == [Broken]
    assert in_thread(lambda: interruption.breakable(lambda: 7)) == [Broken]
