# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast requests may begin, learnt from the refusals of a service; pure.

Time comes in with each call. A service is taken for a bucket that is refilled at a constant rate,
from which each request takes one. A refusal (429) says that it is empty. There are two ways to
measure the rate. What was accepted between two refusals is what was refilled, or less if the bucket
was full meanwhile. And after two equal waits, the longer run got more by what was refilled in the
difference, however much the bucket holds. Where the bucket was full for a while, only the end of
the longer run counts.
"""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

_REMEMBERED = 2000
_RECENT = 16
# The part of the first speed with which the rate is measured: few requests meet the next refusal.
_PROBING = 0.25
_PROBING_FACTOR, _PROBING_AFTER = 1.5, 0.5
_SLOWEST = 0.02
# In requests a second, as long as nothing is known.
_FIRST_GUESS = 40.0
_LOW_GUESS = 30.0
_SAFE = 0.99
# A guess is tried by steps that double, a measured rate by small ones.
_FIRST_STEP, _LONGEST_STEP, _STEP_AFTER = 0.02, 0.5, 0.6
_CLIMB, _CLIMB_AFTER = 1.01, 5.0
# How far a climb stays below what was refused, and how fast that is forgotten.
_BELOW_REFUSED, _FORGET = 0.98, 1.002
# The error of a number of accepted requests, and how much it grows with another refusal.
_ERROR, _OLDER = 1.5, 1.5
# How much two measurements may differ, and the error of one that needs no other.
_ALIKE, _SURE = 0.06, 0.04
# How far beyond an exact measurement requests may soon begin, in errors of it.
_BEYOND, _BEYOND_LARGE = 1.75, 0.25
# A run of fewer requests says nothing of the bucket: something else emptied it during the wait.
_TELLING = 3
# A bucket that has given this much more than one wait refills was not full after it.
_MORE = 1.15
# Requests may begin less fast than they may.
_SEEN = 1.1
# What was refilled during a wait may be sent in a hurry, but for a part.
_CREDIT, _LEFT, _HURRY = 0.85, 2.0, 2.0


class Run(NamedTuple):
    """What was accepted from the end of one wait to the next refusal."""

    seconds: float
    number: int


class Estimate(NamedTuple):
    """How fast the bucket is refilled, and by how much that may be wrong."""

    rate: float
    error: float

    @property
    def least(self) -> float:
        """Return the lowest rate that it may be."""
        return self.rate - self.error

    def aged(self) -> Estimate:
        """Return what it is worth when there is a newer one."""
        return Estimate(self.rate, self.error * _OLDER)


NOTHING = Estimate(0.0, math.inf)


class Pace:
    """When the requests of one session may begin.

    Nothing is paced before the first refusal, unless ``ceiling`` says how many requests a second
    the service takes: the pace is never faster. ``rate`` is that of now, 0 for none. Until
    ``held_until`` all requests wait.
    """

    def __init__(self, ceiling: float = 0.0) -> None:
        self.ceiling = ceiling
        self.rate = ceiling
        self._is_measured = False
        # Whether the bucket holds as much as a wait refills.
        self._is_large = False
        self._estimate = NOTHING
        # How fast requests may soon begin, by the estimate.
        self._goal = math.inf
        self._refused_at = math.inf
        self._step = _FIRST_STEP
        self._rate_then = 0.0
        self._credit = 0.0
        self.held_until = -math.inf
        self._next_turn = -math.inf
        self._since = -math.inf
        self._accepted: deque[float] = deque(maxlen=_REMEMBERED)
        self._count = 0
        self._count_then = 0
        # Accepted during the first wait, so before it began.
        self._late = 0
        # When the bucket was empty, and how many requests had been accepted by then.
        self._empty: deque[tuple[float, int]] = deque(maxlen=8)
        self._runs: deque[Run] = deque(maxlen=8)

    def turn(self, now: float) -> float:
        """Return when the next request may begin, and take that turn."""
        self._climb(now)
        turn = max(now, self.held_until, self._next_turn)
        if self.rate:
            gap = 1 / self.rate
            if self._credit > 0:
                self._credit -= 1 - 1 / _HURRY
                gap /= _HURRY
            self._next_turn = turn + gap
        return turn

    def accepted(self, now: float) -> None:
        """Note that a request was not refused for its rate."""
        self._accepted.append(now)
        self._count += 1
        if now < self.held_until:
            self._add_late()

    def _add_late(self) -> None:
        """Count a request that began before the refusal for which all wait."""
        self._count_then += 1
        if self._runs:
            seconds, number = self._runs[-1]
            self._runs[-1] = Run(seconds, number + 1)
        else:
            self._late += 1

    def refused(self, now: float, wait: float, began: float) -> bool:
        """Note that a request is to be sent again after ``wait`` seconds.

        Return False for an echo: one that ``began`` before the last wait says nothing new.
        """
        if began < self.held_until:
            return False
        refilled = 0.0
        if self._empty:
            refilled = self._measure(now) * wait
        else:
            self.rate = self.rate or self._first_rate(now)
            self._rate_then = self.rate
        self._empty.append((now, self._count))
        self.held_until = self._next_turn = self._since = now + wait
        self._count_then = self._count
        self._credit = 0.0
        if self._is_large and not self.ceiling:
            least = min(run.number for run in self._runs)
            self._credit = _CREDIT * min(refilled, least) - _LEFT
        return True

    def _measure(self, now: float) -> float:
        """Take the rate from what was accepted so far.

        Return the rate at which the bucket is known to be refilled while nothing is sent.
        """
        found = ((self._count - count) / (now - since) for since, count in self._empty)
        least = max(_SLOWEST, *found)
        if not self._runs:
            self._runs.append(self._first_run(least))
        run = Run(now - self.held_until, self._count - self._count_then)
        newest = self._difference(run, now)
        self._estimate = min(newest, self._estimate.aged(), key=lambda one: one.error)
        self._runs.append(run)
        self._refused_at = self.rate
        self._step = _FIRST_STEP
        is_telling = run.number >= _TELLING
        self._is_large = is_telling and (self._is_alike(least) or self._gave_more(least))
        self._aim(least, now)
        self._rate_then = self.rate * _CLIMB
        return least

    def _aim(self, least: float, now: float) -> None:
        """Set the rate, and how fast requests may soon begin.

        ``least`` is the rate by what was accepted between two refusals.
        """
        found = self._estimate
        is_sure = found.error <= _SURE * found.rate
        is_exact = found.error <= _ALIKE * found.rate and found.rate > least * (1 - _ALIKE)
        likely = max(least, found.rate)
        if is_sure:
            self._refused_at = min(self._refused_at, (likely + found.error) / _BELOW_REFUSED)
        soon = likely + found.error * (_BEYOND_LARGE if self._is_large else _BEYOND)
        self._goal = min(soon, self._refused_at * _BELOW_REFUSED) if is_exact else math.inf
        self._is_measured = self._is_large and self._rate_then > least and not is_exact
        if self._is_large:
            self._set(least * _SAFE)
        elif is_exact:
            self._set(min(found.rate * _SAFE, self._fastest(now)))
        else:
            low = max(least, found.least)
            self._set(math.sqrt(low * max(low, self._fastest(now))))

    def _is_alike(self, least: float) -> bool:
        """Return whether both ways to measure the rate give the same."""
        rate, error = self._estimate
        return abs(rate - least) <= max(error, _ALIKE * least) and error < least / 4

    def _gave_more(self, rate: float) -> bool:
        """Return whether the bucket has given more than was refilled during the last wait.

        Then it was not full after it.
        """
        most = max(run.number - rate * run.seconds for run in self._runs)
        return most > _MORE * rate * (self.held_until - self._empty[-1][0])

    def _fastest(self, now: float) -> float:
        """Return the rate of now, or less if requests did not begin so fast."""
        if self._runs[-1].number < _RECENT:
            return self.rate
        return min(self.rate, self._speed(now) * _SEEN)

    def _first_run(self, rate: float) -> Run:
        """Return the run before the first refusal.

        It begins where most was accepted beyond what was refilled.
        """
        end, total = self._empty[0]
        found, most = Run(0.0, 0), 0.0
        later = self._count - total
        for number, accepted in enumerate(reversed(self._accepted), start=1):
            count = number - later
            if count > 0 and count - rate * (end - accepted) > most:
                most = count - rate * (end - accepted)
                found = Run(end - accepted, count)
        return Run(found.seconds, found.number + self._late)

    def _difference(self, run: Run, now: float) -> Estimate:
        """Return the rate by the difference of a run that ends now and the shortest.

        While requests began slower than the bucket was refilled, it was full. So of the ends of the
        run that one counts by which the rate is highest.
        """
        shortest = min(self._runs)
        best = NOTHING
        ends = zip(range(1, run.number), reversed(self._accepted))
        for number, since in (*ends, (run.number, now - run.seconds)):
            seconds = now - since - shortest.seconds
            if seconds > 0:
                rate = (number - shortest.number) / seconds
                best = max(best, Estimate(rate, _ERROR / seconds), key=lambda one: one.least)
        return best

    def _climb(self, now: float) -> None:
        """Go faster after some time without a refusal."""
        if not self._empty:
            return
        if not self._runs:
            factor, after = _PROBING_FACTOR, _PROBING_AFTER
        elif self._is_measured:
            factor, after = _CLIMB, _CLIMB_AFTER
        else:
            factor, after = 1 + self._step, _STEP_AFTER
        if now - self._since < after:
            return
        self._since = now
        self._step = min(_LONGEST_STEP, self._step * 2)
        most = self._goal
        if not self._is_measured:
            self._is_measured = self.rate * factor >= most
        else:
            most = max(self.rate, self._refused_at * _BELOW_REFUSED)
            self._refused_at *= _FORGET
        self._set(min(most, self.rate * factor))

    def _set(self, rate: float) -> None:
        self.rate = min(rate, self.ceiling) if self.ceiling else rate

    def _first_rate(self, now: float) -> float:
        """Return the rate with which to measure how fast the bucket is refilled."""
        speed = self._speed(now)
        return max(_LOW_GUESS, min(speed * _PROBING, 2.0 * self._count))

    def _speed(self, now: float) -> float:
        """Return how many requests were accepted in a second lately."""
        recent = list(self._accepted)[-_RECENT:]
        if len(recent) < 2 or now <= recent[0]:
            return _FIRST_GUESS
        return len(recent) / (now - recent[0])
