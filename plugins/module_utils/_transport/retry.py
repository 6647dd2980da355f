# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again and after how long; pure, neither sleeps nor sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

READS = frozenset({"GET", "HEAD"})
# Sent twice they do what they do once (RFC 9110 section 9.2.2). A PUT of this collection always
# replaces the whole resource.
REPEATABLE = READS | {"PUT", "DELETE"}
_TEMPORARY_FAILURES = ("refused", "reset", "timeout", "cut_short")
_TEMPORARY_STATUSES = (502, 503, 504)
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
# How long an unknown host may keep a task: with the rest of a try, less than three seconds.
FIRST_LOOK_UP = 2.5
_SECONDS = re.compile(r"[0-9]+\Z")
_LIST = re.compile(r"[0-9]+(\s*,\s*[0-9]+)+\Z")
_DATE = re.compile(r"[A-Za-z]+,? .*[0-9]{2}:[0-9]{2}:[0-9]{2}")
_LONGEST_DATE = 100
_ENDLESS = 10**12


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """How often a request is sent again, and for how many seconds in all it waits.

    ``spread``: a wait that the server asks for is longer by up to so many seconds.
    """

    retries: int
    max_wait: float
    spread: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """How one try ended: with a status, or without a usable answer.

    ``failed`` is the kind of a TransportError. ``sent`` is true if the request may have reached
    the server. ``retry_after`` is the number of seconds that the server asked to wait, if any.
    ``unsure``: only the text of the answer says so, which a gateway may have written after the
    server acted.
    """

    status: int | None = None
    failed: str = ""
    sent: bool = True
    retry_after: float | None = None
    unsure: bool = False


@dataclass(kw_only=True, slots=True)
class Spent:
    """How many tries, and how many seconds of waiting, one request took so far."""

    tries: int = 0
    waited: float = 0.0

    def __str__(self) -> str:
        tried = "1 try" if self.tries == 1 else f"{self.tries} tries"
        if not self.waited:
            return tried
        seconds = f"{self.waited:.1f}".removesuffix(".0")
        return f"{tried} and {seconds} seconds of waiting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Wait ``wait`` seconds and try again; or stop, if ``wait`` is None.

    ``because`` says why to stop: ``final`` (another try cannot help), ``tries`` (all are used),
    ``asked`` (the server asks for a longer wait than allowed) or ``waited`` (no time is left).
    """

    wait: float | None
    because: str = ""


def retry_after(values: Iterable[str], date: str | None, now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, or None if nothing is valid.

    RFC 9110 section 10.2.3. The smallest of several values counts. A date is compared with the
    ``date`` of the answer, so that clocks need not agree, or else with ``now``.
    """
    waits: list[float] = []
    for value in values:
        waits.extend(_waits(value.strip(), date, now))
    return min(waits, default=None)


def _waits(value: str, date: str | None, now: float) -> list[float]:
    if _SECONDS.match(value):
        return [_seconds(value)]
    if _LIST.match(value):
        return [_seconds(part.strip()) for part in value.split(",")]
    until = timestamp(value)
    if until is None:
        return []
    answered = timestamp(date or "")
    if answered is None:
        answered = now
    return [max(0.0, until - answered)]


def _seconds(digits: str) -> float:
    return float(min(int(digits[:18]), _ENDLESS))


def timestamp(text: str) -> float | None:
    """Return an HTTP date in seconds since 1970, None if it is none."""
    if len(text) > _LONGEST_DATE or not _DATE.match(text):
        return None
    try:
        moment: datetime = parsedate_to_datetime(text)
        if not moment.tzinfo:
            moment = moment.replace(tzinfo=timezone.utc)
        return moment.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def is_worth_retrying(method: str, attempt: Attempt, retry_lost: bool | None = None) -> bool:
    """Return whether sending ``method`` again after ``attempt`` is safe and may help.

    POST and PATCH are sent again only if the server certainly did not act on them. ``retry_lost``
    overrides by method whether a request that may have been acted on is sent again.
    """
    repeatable = method in REPEATABLE
    if retry_lost is not None:
        repeatable = retry_lost
    if attempt.failed:
        return attempt.failed in _TEMPORARY_FAILURES and (repeatable or not attempt.sent)
    if attempt.status == 429 or _is_busy(attempt):
        return True
    if attempt.status == 500:
        return method in READS
    return repeatable and attempt.status in _TEMPORARY_STATUSES


def _is_busy(attempt: Attempt) -> bool:
    """Return whether the server refused and said when to come back.

    A 403 that does so is a rate limit.
    """
    if attempt.unsure:
        return False
    return attempt.status in (403, 503) and attempt.retry_after is not None


def is_rate_limit(attempt: Attempt) -> bool:
    """Return whether a request was refused because too many came.

    A 403 that says when to come back is one too.
    """
    return attempt.status == 429 or (attempt.status == 403 and attempt.retry_after is not None)


def may_have_acted(attempt: Attempt) -> bool:
    """Return whether the server may have acted although ``attempt`` failed."""
    if attempt.failed:
        return attempt.sent
    if _is_busy(attempt):
        return False
    return attempt.status == 500 or attempt.status in _TEMPORARY_STATUSES


def was_reached(attempt: Attempt) -> bool:
    """Return whether a server took a connection in ``attempt``."""
    if attempt.failed == "timeout":
        return attempt.sent
    return attempt.failed not in ("refused", "dns")


def for_unreached(policy: RetryPolicy) -> RetryPolicy:
    """Return the policy for a server that never took a connection.

    Its address is more likely wrong than the server busy.
    """
    return replace(policy, retries=min(policy.retries, 1), max_wait=min(policy.max_wait, 1.0))


def decide(
    method: str,
    attempt: Attempt,
    policy: RetryPolicy,
    spent: Spent,
    *,
    uniform: Callable[[float, float], float],
    retry_lost: bool | None = None,
) -> Decision:
    """Return what to do after ``attempt``, which ``spent`` already counts.

    All waits for one request together stay within ``policy.max_wait``. Without a valid
    ``Retry-After`` the wait is exponential with full jitter. With one, it is that and up to
    ``policy.spread`` more, so that clients do not all come back at once.
    """
    if not is_worth_retrying(method, attempt, retry_lost):
        return Decision(wait=None, because="final")
    if spent.tries > policy.retries:
        return Decision(wait=None, because="tries")
    left = policy.max_wait - spent.waited
    if attempt.retry_after:
        if attempt.retry_after > left:
            return Decision(wait=None, because="asked")
        return Decision(wait=min(left, attempt.retry_after + uniform(0.0, policy.spread)))
    if spent.waited > 0 >= left:
        return Decision(wait=None, because="waited")
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(spent.tries - 1, 16))
    return Decision(wait=min(max(left, 0.0), uniform(0.0, longest)))
