# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic and the table of ``make bench``: costs in, lines out.

Knows no process, no server and no clock.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

WIDTHS = (64, 14, 14)
MIB = 1024  # of KiB, in which the kernel counts memory
NAMES = {"pass": "pass", "short": "SHORT", "not built": "not built", "": ""}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a run cost: seconds of wall and of CPU, and the peak of a process in KiB."""

    seconds: float
    cpu: float
    peak: int = 0


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table.

    ``value`` is None for what is not built; ``lacking`` then names it. Without a ``goal`` the line
    is not judged. The value must be at most the goal, or with ``at_least`` at least that.
    """

    text: str
    value: float | None = None
    unit: str = ""
    goal: float | None = None
    at_least: bool = False
    lacking: str = ""

    @property
    def verdict(self) -> str:
        """Return ``pass``, ``short``, ``not built``, or nothing for a line without a goal."""
        if self.value is None:
            return "not built"
        if self.goal is None:
            return ""
        enough = self.value >= self.goal if self.at_least else self.value <= self.goal
        return "pass" if enough else "short"

    def line(self) -> str:
        """Return the line as it is printed."""
        value = f"({self.lacking})" if self.value is None else amount(self.value, self.unit)
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.goal is None else f"{sign} {amount(self.goal, self.unit)}"
        cells = [self.text.ljust(WIDTHS[0]), value.rjust(WIDTHS[1]), goal.rjust(WIDTHS[2])]
        return f"{''.join(cells)}  {NAMES[self.verdict]}".rstrip()

    def unjudged(self) -> Figure:
        """Return the figure without its goal."""
        return replace(self, goal=None)


def amount(value: float, unit: str) -> str:
    """Return a figure with three digits, or as a whole number if it has no unit."""
    if not unit:
        return f"{value:,.0f}"
    digits = 2 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    number = f"{value:,.{min(digits, 3)}f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".") if unit == "×" else number
    return f"{number} {unit}"


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(list(values))


def ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """Return the median ratio of rounds that measured both."""
    return median(one / other for one, other in zip(these, those, strict=True))


def pages(total: int, page: int) -> int:
    """Return the fewest requests that read so many resources."""
    return max(1, math.ceil(total / page))


def bulk_writes(total: int, operations: int) -> int:
    """Return the writes of a first load: one alone, the others in Bulk requests."""
    return 1 + math.ceil(total / operations)


def load_seconds(writes: int, latency: float, concurrency: int) -> float:
    """Return the time of writes if only the latency counts."""
    return writes * latency / concurrency


def limited_seconds(passed: int, rate: float, burst: float) -> float:
    """Return the shortest time in which a limit lets requests pass."""
    return max(0.0, passed - burst) / rate


def share(part: float, whole: float) -> float:
    """Return a share in per cent."""
    return 100 * part / whole if whole else 0.0


def totals(figures: Iterable[Figure]) -> str:
    """Return how many lines pass, are short, and are not built."""
    found = [one.verdict for one in figures]
    return ", ".join(f"{found.count(name)} {name}" for name in ("pass", "short", "not built"))


def heading() -> str:
    """Return the head of the table."""
    cells = ["figure".ljust(WIDTHS[0]), "measured".rjust(WIDTHS[1]), "goal".rjust(WIDTHS[2])]
    return f"{''.join(cells)}\n{'-' * (sum(WIDTHS) + 11)}"
