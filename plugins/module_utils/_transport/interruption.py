# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a signal ends a read or a wait, and leaves a write alone.

Knows no signal and no request. Python repeats a system call after a signal unless its handler
raises (PEP 475), so the handler raises, but only where nothing can be lost. It runs in the main
thread. The reads of other threads end because their sockets are shut down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from .errors import TransportError
from .sockets import breaker

GRACE = 1.5
# A thread that waits looks so often whether the run must end, in seconds.
_LOOK_AFTER = 0.1
Result = TypeVar("Result")


class Broken(BaseException):
    """Raised in the middle of a read or a wait. No library below handles it."""


class Interruption:
    """Whether a run must end. All threads of a session share it.

    After a write, reads have a short time left, so that the run can tell what was done.
    """

    def __init__(self) -> None:
        self.requested = False
        self._is_breakable = False
        self._has_written = False
        self._until = 0.0
        self._breakers: dict[int, Callable[[], None]] = {}

    def request(self) -> None:
        """Ask the run to end. A signal handler calls it.

        Raise Broken in what reads or waits.
        """
        if not self.requested:
            self.requested = True
            self._until = time.monotonic() + GRACE
            for break_off in list(self._breakers.values()):
                break_off()
        if self._is_breakable:
            self._is_breakable = False
            raise Broken

    def breakable(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns. Raise Broken if the run must end before."""
        if threading.current_thread() is not threading.main_thread():
            return self._breakable_in_thread(work)
        try:
            self._is_breakable = True
            if self.requested:
                raise Broken
            return work()
        finally:
            self._is_breakable = False

    def _breakable_in_thread(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns, whose exchange is broken off if the run must end."""
        ident = threading.get_ident()
        self._breakers[ident] = breaker()
        try:
            if self.requested:
                raise Broken
            result = work()
        finally:
            del self._breakers[ident]
        if self.requested:
            raise Broken
        return result

    def pause(self, sleep: Callable[[float], object], seconds: float) -> bool:
        """Wait. Return False if the run must end."""
        if threading.current_thread() is not threading.main_thread():
            while seconds > 0 and not self.requested:
                sleep(min(seconds, _LOOK_AFTER))
                seconds -= _LOOK_AFTER
            return not self.requested
        try:
            self.breakable(lambda: sleep(seconds))
        except Broken:
            return False
        return True

    def note_write(self) -> None:
        """Remember that a write was sent, and that it may have to be read back."""
        self._has_written = True
        if self.requested:
            self._until = time.monotonic() + GRACE

    def seconds_left(self) -> float:
        """Return how long a read may take although the run must end."""
        if not self._has_written:
            return 0.0
        return max(0.0, self._until - time.monotonic())


def interrupted(*, sent: bool) -> TransportError:
    """Return the error for a request that was not finished or not begun."""
    return TransportError(kind="interrupted", reason="interrupted", hint="run again", sent=sent)
