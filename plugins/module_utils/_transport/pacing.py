# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pace for all threads of a session: waits before requests, decides nothing."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .interruption import Interruption
from .pace import Pace
from .retry import Attempt, is_rate_limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """When a request may begin: after ``wait`` seconds.

    It is given up if the service refuses another request meanwhile, which begins a new round.
    """

    wait: float
    rounds: int


class Pacing:
    """Lets requests begin at one pace, whichever threads send them.

    ``steady`` is a clock that is never set, ``sleep`` waits by it. ``writes`` is how many writes a
    second begin at most, 0 for any number. ``burst`` is how many of them may begin at once after a
    time without any.
    """

    def __init__(
        self,
        steady: Callable[[], float],
        sleep: Callable[[float], object],
        interruption: Interruption,
    ) -> None:
        self._steady = steady
        self._sleep = sleep
        self._interruption = interruption
        self._lock = threading.Lock()
        self._pace = Pace()
        self._next_write = -math.inf
        self.writes = 0.0
        self.burst = 1
        self._rounds = 0
        self._under_way = 0

    @property
    def ceiling(self) -> float:
        """Return how many requests a second begin at most, 0 for any number."""
        return self._pace.ceiling

    @ceiling.setter
    def ceiling(self, rate: float) -> None:
        """Set how many requests a second begin at most. What was learnt is forgotten."""
        self._pace = Pace(rate)

    @property
    def is_alone(self) -> bool:
        """Return whether no other request is under way."""
        return self._under_way <= 1

    def begin(self, turn: Turn | None = None, *, is_write: bool = False) -> float | None:
        """Wait for the turn of a request, and return when it began.

        ``turn`` is one that was taken before. None if the run must end.
        """
        turn = turn or self._taken(is_write)
        while True:
            if turn.wait > 0 and not self._interruption.pause(self._sleep, turn.wait):
                return None
            if turn.rounds == self._rounds:
                break
            turn = self._taken(is_write)
        with self._lock:
            self._under_way += 1
        return self._steady()

    def _taken(self, is_write: bool) -> Turn:
        with self._lock:
            now = self._steady()
            turn = self._pace.turn(now)
            if is_write and self.writes:
                gap = 1 / self.writes
                turn = max(turn, self._next_write - (self.burst - 1) * gap)
                self._next_write = max(self._next_write, turn) + gap
            return Turn(wait=turn - now, rounds=self._rounds)

    def end(self, began: float, attempt: Attempt, wait: float | None) -> Turn | None:
        """Take in how a request ended.

        ``wait`` says after how many seconds it is sent again, None if it is not. Return its next
        turn if it was refused because too many came. Then all threads wait.
        """
        with self._lock:
            self._under_way -= 1
            now = self._steady()
            if not is_rate_limit(attempt):
                if attempt.status is not None:
                    self._pace.accepted(now)
                return None
            if wait is None:
                return None
            if self._pace.refused(now, wait, began):
                self._rounds += 1
            return Turn(wait=max(wait, self._pace.turn(now) - now), rounds=self._rounds)
