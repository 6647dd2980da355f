# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a server asks to wait, in whatever form it says so; pure.

Besides ``Retry-After`` (RFC 9110 section 10.2.3) services use milliseconds, the fields of the
RateLimit draft, its predecessors with seconds or with a time, and their JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .retry import retry_after, timestamp

# A number above the first is a time in seconds since 1970, above the second in milliseconds.
_EPOCH = 10**8
# A number is a time since 1970 if it is this near, in seconds; otherwise it is a wait.
_NEAR = 10 * 366 * 86400
_LONGEST_TEXT = 1000
_LIMITED = 429
_FORBIDDEN = 403
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms", "x-retry-after-ms")
_OTHER_WAITS = ("x-retry-after", "x-rate-limit-retry-after", "x-ratelimit-retry-after")
_RESETS = (
    "x-rate-limit-reset-after",
    "x-ratelimit-reset-after",
    "x-rate-limit-reset",
    "x-ratelimit-reset",
    "ratelimit-reset",
    "rate-limit-reset",
)
_REMAINING = ("x-rate-limit-remaining", "x-ratelimit-remaining", "ratelimit-remaining")
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?\Z")
_UNIT = r"milliseconds?|millis|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d"
_DURATION = re.compile(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)\s?({_UNIT})(?![a-z])", re.IGNORECASE)
_BETWEEN = re.compile(r"^PT?(?=\d)|[\s,]|\band\b|(?<=\d[HMD])T", re.IGNORECASE)
_ITEM = re.compile(r"(?:^|[;,\s])(r|t|remaining|reset)=\"?([0-9]{1,18})", re.IGNORECASE)
_SENTENCE = re.compile(
    r"\b(?:again|retry|retrying|wait|available|resets?)\b[^.0-9]{0,40}?"
    r"([0-9]{4}-[0-9T:.Z+-]{6,30}|[0-9][0-9a-z.]{0,20}(?:[ ,]{1,2}(?:and )?[0-9a-z.]{1,20}){0,4})",
    re.IGNORECASE,
)
_WAITS = ("retryafter", "retrydelay", "retryin", "waitseconds", "ratelimitreset", "resetat")
_DEEPEST = 10
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Said(NamedTuple):
    """What an answer says about time: its headers, each ``Retry-After``, and its JSON."""

    status: int
    headers: Mapping[str, str]
    retry_after: tuple[str, ...] = ()
    body: Any = None


def asked_wait(said: Said, now: float) -> float | None:
    """Return how many seconds a server asks to wait, None if it does not ask.

    ``now`` is the time of this machine; the ``Date`` of the answer counts before it. What an
    answer says of its rate limit counts only if the request was refused for that: 429, or 403
    with nothing left.
    """
    date = said.headers.get("date")
    others = [said.headers[name] for name in _OTHER_WAITS if name in said.headers]
    found = list(_milliseconds(said.headers))
    answered = timestamp(date or "")
    moment = now if answered is None else answered
    for fields in (said.retry_after, others):
        found += _later(fields, retry_after(fields, date, now), moment)
    is_limited = said.status == _LIMITED or (
        said.status == _FORBIDDEN and _is_used_up(said.headers)
    )
    if is_limited and not found:
        found = list(_resets(said.headers, moment))
    if said.status == _LIMITED and not found:
        found = list(_of_body(said.body, moment))
    return min(found, default=None)


def _later(fields: Iterable[str], wait: float | None, now: float) -> Iterator[float]:
    """Yield a wait; of fields that give none, or a time as a number, what they mean."""
    otherwise: list[float] = []
    if wait is None or wait >= _EPOCH:
        otherwise += filter(None, (_until(one, now) for one in fields))
    if otherwise:
        yield min(otherwise)
    elif wait is not None:
        yield wait


def _milliseconds(headers: Mapping[str, str]) -> Iterator[float]:
    for name in _MILLISECONDS:
        number = _number(headers.get(name, ""))
        if number is not None:
            yield number / 1000


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if _NUMBER.match(text) else None


def _is_used_up(headers: Mapping[str, str]) -> bool:
    left = [_number(headers[name]) for name in _REMAINING if name in headers]
    return 0.0 in left or any(0 in one for one in _policies(headers))


def _policies(headers: Mapping[str, str]) -> Iterator[tuple[int | None, int | None]]:
    """Yield what is left, and after how many seconds it is reset, by policy.

    The field ``RateLimit`` of the draft httpapi-ratelimit-headers, in its older and newer form.
    """
    field = headers.get("ratelimit", "")[:_LONGEST_TEXT]
    parts = [field] if "reset=" in field.lower() else field.split(",")
    for part in parts:
        values = {name.lower()[0:3]: int(number) for name, number in _ITEM.findall(part)}
        left = values.get("r", values.get("rem"))
        yield left, values.get("t", values.get("res"))


def _resets(headers: Mapping[str, str], now: float) -> Iterator[float]:
    """Yield the seconds until a rate limit is reset."""
    policies = [one for one in _policies(headers) if one[1] is not None]
    used_up = [one for one in policies if one[0] == 0]
    for _left, reset in used_up or policies:
        yield float(reset or 0)
    for name in _RESETS:
        for text in _values(headers.get(name, "")):
            seconds = _until(text, now)
            if seconds is not None:
                yield seconds


def _values(text: str) -> Iterable[str]:
    """Return the values of a field, of which a date has a comma too."""
    text = text.strip()[:_LONGEST_TEXT]
    return [text] if timestamp(text) is not None else text.split(",")


def _until(text: str, now: float) -> float | None:
    """Return the seconds until a time, which may be a number of seconds itself."""
    text = text.strip().partition(";")[0]
    number = _number(text)
    if number is None:
        moment = timestamp(text)
        if moment is None:
            moment = _iso(text)
        return _duration(text) if moment is None else max(0.0, moment - now)
    for moment in (number, number / 1000):
        if abs(moment - now) < _NEAR:
            return max(0.0, moment - now)
    return number


def _iso(text: str) -> float | None:
    """Return a time as of RFC 3339; without a zone it is UTC."""
    if len(text) > 40 or "-" not in text[1:]:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.timestamp()


def _duration(text: str) -> float | None:
    """Return ``1m30s``, ``250ms``, ``PT30S`` or ``2 minutes`` in seconds."""
    plain = _BETWEEN.sub(" ", text).strip()
    if len(text) > 40 or not plain or _DURATION.sub("", plain).strip():
        return None
    return sum(_seconds(number, unit) for number, unit in _DURATION.findall(plain))


def _seconds(number: str, unit: str) -> float:
    unit = unit.lower()
    return float(number) * _UNITS["ms" if unit.startswith(("ms", "milli")) else unit[0]]


def _of_body(body: Any, now: float, depth: int = _DEEPEST) -> Iterator[float]:
    """Yield the seconds that JSON asks to wait, at any depth."""
    if depth == 0:
        return
    if isinstance(body, str):
        yield from _of_sentence(body[:_LONGEST_TEXT], now)
    elif isinstance(body, list):
        for one in body[:100]:
            yield from _of_body(one, now, depth - 1)
    elif isinstance(body, Mapping):
        for name, value in list(body.items())[:100]:
            plain = str(name).lower().replace("_", "").replace("-", "")
            if plain.startswith(_WAITS) and not isinstance(value, (Mapping, list)):
                yield from _of_field(plain, value, now)
            else:
                yield from _of_body(value, now, depth - 1)


def _of_field(name: str, value: Any, now: float) -> Iterator[float]:
    """Yield the seconds in a field that is about waiting; its name may have the unit."""
    number = None if isinstance(value, bool) else _number(str(value))
    if number is not None and name.endswith(("ms", "millis", "milliseconds")):
        yield number / 1000
        return
    wait = None if isinstance(value, bool) else _until(str(value), now)
    if wait is not None:
        yield wait


def _of_sentence(text: str, now: float) -> Iterator[float]:
    """Yield the seconds that a sentence names, or those until the time in it."""
    found = _SENTENCE.search(text)
    if found is None:
        return
    said = found.group(1)
    moment = _iso(said.rstrip(".,"))
    if moment is not None:
        yield max(0.0, moment - now)
        return
    seconds = None
    parts = said.split()
    for length in range(len(parts), 0, -1):
        if seconds is None:
            seconds = _duration(" ".join(parts[:length]).rstrip(".,"))
    if seconds is not None:
        yield seconds
