# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a request is sent again and after how long; pure: knows methods, statuses and seconds, neither sleeps nor sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

READS = frozenset({"GET", "HEAD"})
# Sent twice they do what they do once (RFC 9110 section 9.2.2); a PUT of ours always replaces the whole resource.
REPEATABLE = READS | {"PUT", "DELETE"}
_FIRST, _LONGEST = 0.5, 30.0
_SECONDS = re.compile(r"[0-9]+\Z")
_LIST = re.compile(r"[0-9]+(\s*,\s*[0-9]+)+\Z")
_DATE = re.compile(r"[A-Za-z]+,? .*[0-9]{2}:[0-9]{2}:[0-9]{2}")
_ENDLESS = 10**12


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How often a request is sent again, and how many seconds may be spent waiting for it."""

    retries: int
    max_wait: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one try ended: with ``status``, or without a usable answer (``failed``: the kind of a TransportError).

    ``sent``: the request may have reached the server. ``asked``: the seconds that the server asked to wait, if any.
    """

    status: int | None = None
    failed: str = ""
    sent: bool = True
    asked: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What comes next: ``wait`` seconds and try again, or None and stop, ``because`` of

    ``final`` (nothing to be gained by another try), ``tries`` (used up), ``asked`` (for a longer wait than allowed), ``waited`` (no time left for it).
    """

    wait: float | None
    because: str = ""


def asked_wait(values: Iterable[str], date: str | None, now: float) -> float | None:
    """Seconds that ``Retry-After`` asks for (RFC 9110 section 10.2.3), the smallest of several; None if nothing valid.

    A date is measured against the answer's own ``Date``, so that clocks need not agree, else against ``now``.
    """
    waits = [wait for value in values for wait in _one_wait(value.strip(), date, now)]
    return min(waits, default=None)


def _one_wait(value: str, date: str | None, now: float) -> list[float]:
    if _SECONDS.match(value):
        return [float(min(int(value[:18]), _ENDLESS))]
    if _LIST.match(value):
        return [float(min(int(part.strip()[:18]), _ENDLESS)) for part in value.split(",")]
    until = _timestamp(value)
    if until is None:
        return []
    measured = _timestamp(date or "")
    return [max(0.0, until - (now if measured is None else measured))]


def _timestamp(text: str) -> float | None:
    if len(text) > 100 or not _DATE.match(text):
        return None
    try:
        moment: datetime = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def worth_another_try(method: str, outcome: Outcome, retry_lost: bool | None = None) -> bool:
    """Whether sending ``method`` again after ``outcome`` is safe and may help.

    POST and PATCH are sent again only where the server has surely not acted: look first otherwise. ``retry_lost``
    overrides by method what may be sent again although it may have been acted upon.
    """
    repeatable = method in REPEATABLE if retry_lost is None else retry_lost
    if outcome.failed:
        passing = outcome.failed in ("refused", "reset", "timeout", "cut_short")
        return passing and (repeatable or not outcome.sent)
    if outcome.status == 429 or outcome.status == 503 and outcome.asked is not None:
        return True
    if outcome.status == 500:
        return method in READS
    return repeatable and outcome.status in (502, 503, 504)


def may_have_acted(outcome: Outcome) -> bool:
    """Whether the server may have done what was asked although ``outcome`` does not say so."""
    if outcome.failed:
        return outcome.sent
    return outcome.status in (500, 502, 503, 504) and not (
        outcome.status == 503 and outcome.asked is not None
    )


def decide(
    method: str,
    outcome: Outcome,
    policy: Policy,
    *,
    tries: int,
    waited: float,
    uniform: Callable[[float, float], float],
    retry_lost: bool | None = None,
) -> Step:
    """What to do after try number ``tries``, with ``waited`` seconds spent waiting so far.

    All waits for one request together stay within ``policy.max_wait``. Without a valid ``Retry-After`` the wait is
    exponential with full jitter; with one it is that and up to a second more, so that not all come back at once.
    """
    if not worth_another_try(method, outcome, retry_lost):
        return Step(wait=None, because="final")
    if tries > policy.retries:
        return Step(wait=None, because="tries")
    left = policy.max_wait - waited
    if outcome.asked:
        if outcome.asked > left:
            return Step(wait=None, because="asked")
        return Step(wait=min(left, outcome.asked + uniform(0.0, 1.0)))
    if waited > 0 >= left:
        return Step(wait=None, because="waited")
    return Step(
        wait=min(max(left, 0.0), uniform(0.0, min(_LONGEST, _FIRST * 2.0 ** min(tries - 1, 16))))
    )
