# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines about a run that takes long: what is done, how fast, and the time left.

Knows counts and time, no resource and no display.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

AT_TERMINAL = 3.0
IN_LOG = 10.0


class ProgressLines:
    """Print lines about a phase that lasts, in detail one when a phase ends.

    ``every`` is the least number of seconds between two lines. A phase that is shorter has none.
    ``detail`` is given a line about each phase with its requests. ``clock`` is for tests.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        detail: Callable[[str], None],
        every: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._detail = say, detail
        self._every, self._clock = every, clock
        self._phase = ""
        self._done = self._requests = self._requests_before = 0
        self._began = self._told = 0.0

    def __call__(self, phase: str, done: int, total: int | None, requests: int) -> None:
        """Take in how far a phase is. Only the main thread may print."""
        if threading.current_thread() is not threading.main_thread():
            return
        now = self._clock()
        if phase != self._phase:
            self.end()
            self._phase, self._began, self._told = phase, now, now
        self._done, self._requests = done, requests
        if now - self._told >= self._every:
            self._told = now
            self._say(line(phase, (done, total), now - self._began))

    def end(self) -> None:
        """Tell of the phase that has ended."""
        if self._phase:
            seconds = self._clock() - self._began
            requests = self._requests - self._requests_before
            self._detail(f"{self._phase}: {self._done}, {requests} requests, {seconds:.1f} s")
        self._phase, self._requests_before = "", self._requests


WORDS = (
    ("created", "be created"),
    ("updated", "be updated"),
    ("deactivated", "be deactivated"),
    ("deleted", "be deleted"),
    ("joined", "join"),
    ("left", "leave"),
    ("moved", "move"),
)


def in_words(result: Mapping[str, Any], *, check: bool) -> str:
    """Return the counts of a run as one line, "" if there are none.

    ``3 joined, 1 left, 494 unchanged, 12 requests``, in check mode ``3 would join``. A user joined
    a group, left one, or did both and moved. A change that failed or was done in part has failed.
    """
    summary, moves = result.get("summary"), result.get("moves")
    if not isinstance(summary, Mapping) or not isinstance(moves, Mapping):
        return ""
    found = []
    counts = {**summary, **moves}
    for name, predicted in WORDS:
        if counts.get(name):
            found.append(f"{counts[name]} {f'would {predicted}' if check else name}")
    failures = result.get("failures")
    if failures:
        found.append(f"{len(failures)} failed")
    found.append(f"{summary.get('unchanged', 0)} unchanged")
    requests = summary.get("requests", 0)
    found.append(f"{requests} request{'' if requests == 1 else 's'}")
    return ", ".join(found)


def line(phase: str, counts: tuple[int, int | None], seconds: float) -> str:
    """Return how far a phase is, in words."""
    done, total = counts
    rate = done / seconds if seconds > 0 else 0.0
    said = f"{phase}: {done} done, {rate:.1f} a second"
    if not total or done > total:
        return said
    said = f"{phase}: {done} of {total}, {rate:.1f} a second"
    if rate:
        said += f", {(total - done) / rate:.0f} s left"
    return said
