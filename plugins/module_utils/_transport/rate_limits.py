# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a server asks to wait, in whatever form it says so; pure.

Besides ``Retry-After`` (RFC 9110 section 10.2.3) services use milliseconds, the fields of the
RateLimit draft, its predecessors with seconds or with a time, and their JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .durations import IN_DIGITS, IN_WORDS, duration, unit_of
from .retry import retry_after, timestamp

# A number above it is a time since 1970, in seconds or in a thousandth, millionth, … of them.
_EPOCH = 10**8
# A number is a time since 1970 if it is this near, in seconds; otherwise it is a wait.
_NEAR = 10 * 366 * 86400
_LONGEST_TEXT = 1000
_LONGEST_JSON = 10_000
_LIMITED = 429
_FORBIDDEN = 403
_UNAVAILABLE = 503
_UNIT = r"(ms|msecs?|millis|milliseconds|s|secs?|seconds|mins?|minutes|hours|days)"
# Names of headers that ask to wait. A unit may follow.
_WAIT_HEADER = re.compile(
    rf"(?:[a-z0-9]+-)*retry-?(?:after|in|delay)(?:-{_UNIT})?\Z|"
    rf"(?:x-)?(?:rate-?limit-|throttle-|api-)?(?:wait|backoff|cooldown)(?:-time|-for)?"
    rf"(?:-{_UNIT})?\Z"
)
# Names of headers about a rate limit. What is left of them besides these words names the limit.
_RESET_HEADER = re.compile(
    rf"((?:[a-z0-9]+-)*(?:rate-?limit|quota)(?:-[a-z0-9]+)*?)-reset"
    rf"(?:-?(?:after|at|in|on|time|epoch)|-{_UNIT})?(-[a-z0-9]+)?\Z"
)
_REMAINING_HEADER = re.compile(
    r"((?:[a-z0-9]+-)*(?:rate-?limit|quota)(?:-[a-z0-9]+)*?)-remaining(-[a-z0-9]+)?\Z"
)
_NUMBER = re.compile(r"[0-9]{1,19}(\.[0-9]{1,9})?\Z")
_ITEM = re.compile(r"(?:^|[;,\s])(r|t|remaining|reset)=\"?([0-9]{1,18})", re.IGNORECASE)
_TIME = r"[0-9]{4}-[0-9T:.Z+-]{6,30}|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"
_AGAIN = (
    r"again|retry|retrying|wait|waiting|available|resets?|back|blocked|locked|banned|throttled|"
    r"paused"
)
# What may stand before a duration. A rate as ``100 requests per minute`` is none.
_FILLER = (
    r"(?:(?!\b(?:per|every|each|limit|limits|requests|calls|attempts|within|allowed|max|"
    r"maximum|most|last|past)\b)[^.0-9]){0,40}?"
)
_SMALL_WORDS = (
    r"(?:[\s:,(~-]|\b(?:for|in|after|at|least|about|approximately|around|another|the|next|until|is|"
    r"it|you|your|this|request|out|then|to)\b){0,12}?"
)
_SENTENCE = re.compile(
    rf"\b(?:{_AGAIN})\b(?:{_FILLER}(?<![\w.])({_TIME}|{IN_DIGITS})|{_SMALL_WORDS}({IN_WORDS}))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![\w.])({IN_WORDS}) (?:until|before|to|till|left|remaining)\b", re.IGNORECASE
)
_BARE = re.compile(
    r"\b(?:retry(?:ing)?|again)[ _-]?(?:after|in)(?:[:=]| is)? ?([0-9]{1,6}(?:\.[0-9]{1,3})?)"
    r"(?=[,;)!]|\.?\s*\Z|\.\s)",
    re.IGNORECASE,
)
# Names in JSON, without ``_`` and ``-``, that ask to wait. A unit may follow.
_WAITS = re.compile(
    rf"x?(?:ms)?(?:rate|limit|ratelimit|throttle|throttling|quota)?"
    rf"(?:retry(?:after|in|delay|wait|time|at)|tryagain(?:in|after|at)|"
    rf"wait(?:time|for|until|period|duration)?|(?:cooldown|cooloff|backoff)(?:time|period)?|"
    rf"resets?(?:at|in|after|time|on|date|epoch|timestamp)?|"
    rf"next(?:allowed|retry|try|request|attempt)(?:at|in|after|time)?|available(?:at|in)|"
    rf"blocked(?:for|until))(?:in)?{_UNIT}?\Z|{_UNIT}(?:until|to|till)(?:reset|retry)\Z"
)
_TOO_MANY = re.compile(r"\brate[ _-]?limit|\btoo[ _-]?many|\bthrottl|\bquota\b", re.IGNORECASE)
_DEEPEST = 10


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
    or 503 with nothing left, or 403 with a body that says so.
    """
    date = said.headers.get("date")
    answered = timestamp(date or "")
    moment = now if answered is None else answered
    found = list(_waits(said.headers, moment))
    found += _later(said.retry_after, retry_after(said.retry_after, date, now), moment)
    is_limited = said.status == _LIMITED or (
        said.status in (_FORBIDDEN, _UNAVAILABLE) and _is_used_up(said.headers)
    )
    if is_limited and not found:
        found = list(_resets(said.headers, moment))
    is_limited = said.status == _LIMITED or (said.status == _FORBIDDEN and _names_limit(said.body))
    if is_limited and not found:
        found = list(_of_body(said.body, moment))
    return min(found, default=None)


def wait_in_body(said: Said, now: float) -> float | None:
    """Return how many seconds the body of an answer asks to wait, None if it does not."""
    answered = timestamp(said.headers.get("date") or "")
    return min(_of_body(said.body, now if answered is None else answered), default=None)


def _names_limit(body: Any, depth: int = _DEEPEST) -> bool:
    """Return whether a body says that too many requests came."""
    if isinstance(body, str):
        return _TOO_MANY.search(body[:_LONGEST_TEXT]) is not None
    if depth and isinstance(body, list):
        return any(_names_limit(one, depth - 1) for one in body[:100])
    if depth and isinstance(body, Mapping):
        return any(_names_limit(one, depth - 1) for one in list(body.values())[:100])
    return False


def _later(fields: Iterable[str], wait: float | None, now: float) -> Iterator[float]:
    """Yield a wait; of fields that give none, or a time as a number, what they mean."""
    otherwise: list[float] = []
    if wait is None or wait >= _EPOCH:
        for field in fields:
            otherwise += filter(None, (_until(one, now) for one in _values(field)))
    if otherwise:
        yield min(otherwise)
    elif wait is not None:
        yield wait


def _waits(headers: Mapping[str, str], now: float) -> Iterator[float]:
    """Yield the seconds of the headers that ask to wait, besides ``Retry-After``."""
    for name, text in headers.items():
        match = _WAIT_HEADER.match(name)
        if match is None or name == "retry-after":
            continue
        unit = match.group(1) or match.group(2) or ""
        for value in _values(text):
            seconds = _in_unit(value, unit, now)
            if seconds is not None:
                yield seconds


def _in_unit(text: str, unit: str, now: float) -> float | None:
    """Return the seconds that a text means, of which a plain number has a unit."""
    number = _number(text)
    if number is not None and unit and number < _EPOCH:
        return number * unit_of(unit)
    return _until(text, now)


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if _NUMBER.match(text) else None


def _is_used_up(headers: Mapping[str, str]) -> bool:
    return bool(_used_up(headers)) or any(0 in one for one in _policies(headers))


def _used_up(headers: Mapping[str, str]) -> set[str]:
    """Return the limits of which nothing is left, by what their headers call them."""
    found = set()
    for name, text in headers.items():
        match = _REMAINING_HEADER.match(name)
        if match is not None and _number(text) == 0:
            found.add(_limit_of(match.group(1), match.group(2)))
    return found


def _limit_of(start: str, end: str | None) -> str:
    """Return what headers of one limit have in common."""
    return start.replace("rate-limit", "ratelimit").removeprefix("x-") + (end or "")


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
    yield from _of_limits(headers, now)


def _of_limits(headers: Mapping[str, str], now: float) -> Iterator[float]:
    """Yield the seconds of the headers with a reset, of used-up limits if any are."""
    used_up = _used_up(headers)
    for name, text in headers.items():
        match = _RESET_HEADER.match(name)
        if match is None:
            continue
        if used_up and _limit_of(match.group(1), match.group(3)) not in used_up:
            continue
        for value in _values(text):
            seconds = _in_unit(value, match.group(2) or "", now)
            if seconds is not None:
                yield seconds


def _values(text: str) -> Iterable[str]:
    """Return the values of a field, of which a date has a comma too."""
    text = text.strip()[:_LONGEST_TEXT]
    return [text] if timestamp(text) is not None else text.split(",")


def _until(text: str, now: float) -> float | None:
    """Return the seconds until a time, which may be a number of seconds itself."""
    text = text.strip().partition(";")[0].strip(" \"'+")
    number = _number(text)
    if number is None:
        moment = timestamp(text)
        if moment is None:
            moment = _iso(text)
        return duration(text) if moment is None else max(0.0, moment - now)
    for moment in (number, number / 1000, number / 10**6, number / 10**9):
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


def _of_body(body: Any, now: float, depth: int = _DEEPEST) -> Iterator[float]:
    """Yield the seconds that JSON asks to wait, at any depth."""
    if depth == 0:
        return
    if isinstance(body, str):
        inner = _json_in(body)
        if inner is None:
            yield from _of_sentence(body[:_LONGEST_TEXT], now)
        else:
            yield from _of_body(inner, now, depth - 1)
    elif isinstance(body, list):
        for one in body[:100]:
            yield from _of_body(one, now, depth - 1)
    elif isinstance(body, Mapping):
        for name, value in list(body.items())[:100]:
            plain = str(name).lower().replace("_", "").replace("-", "")
            named = _WAITS.match(plain)
            if named is not None:
                for one in value[:10] if isinstance(value, list) else [value]:
                    yield from _of_field(named.group(1) or named.group(2) or "", one, now)
            else:
                yield from _of_body(value, now, depth - 1)


def _json_in(text: str) -> Any:
    """Return the JSON that a text is, None if it is none."""
    if not text.lstrip().startswith("{") or len(text) > _LONGEST_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_field(unit: str, value: Any, now: float) -> Iterator[float]:
    """Yield the seconds in a field that is about waiting; its name may have the unit."""
    if isinstance(value, Mapping):
        yield from _of_parts(value, now)
        return
    wait = None if isinstance(value, bool) else _in_unit(str(value), unit, now)
    if wait is not None:
        yield wait


def _of_parts(value: Mapping[str, Any], now: float) -> Iterator[float]:
    """Yield the seconds of an object: ``{"value": 5, "unit": "minutes"}``."""
    named = {str(name).lower(): inner for name, inner in value.items()}
    amount = named.get("value", named.get("amount"))
    text = ", ".join(f"{inner} {name}" for name, inner in named.items() if inner)
    if amount is not None:
        text = f"{amount} {named.get('unit', '')}".strip()
    wait = _until(text, now)
    if wait is None:
        yield from _of_body(value, now, 1)
    else:
        yield wait


def _of_sentence(text: str, now: float) -> Iterator[float]:
    """Yield the seconds that a sentence names, or those until the time in it."""
    bare = _BARE.search(text)
    found = _SENTENCE.search(text) or _BEFORE.search(text)
    if found is not None:
        said = next(filter(None, found.groups()), "").rstrip(".,")
        moment = timestamp(said)
        moment = _iso(said) if moment is None else moment
        seconds = duration(said) if moment is None else max(0.0, moment - now)
        if seconds is not None:
            yield seconds
            return
    if bare is not None:
        yield float(bare.group(1))
