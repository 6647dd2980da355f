# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as services write them: ``1m30s``, ``PT30S``, ``one minute``; pure.

Knows no header and no JSON.
"""

from __future__ import annotations

import re

_LONGEST = 60
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10))
)
WORDS = {"a": 1, "an": 1, **{word: number for number, word in enumerate(_SMALL)}, **_TENS}
_UNIT = (
    r"milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|"
    r"weeks?|w"
)
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_LONG_UNIT = r"(?:(?:milli)?second|sec|minute|min|hour|day|week)s?"
_MORE = r"\s?(?:(?:more|further|additional|full|whole) )?"
# A number in words: ``thirty``, ``twenty-five``, ``half an``. Its unit is a word too.
_SPELT = rf"(?:half )?\b(?:{_WORD})(?:[ -](?:{_WORD}))?(?= )"
_PART = re.compile(
    rf"({_NUMBER})\s?({_UNIT})(?![a-z])|({_SPELT}) ({_LONG_UNIT})(?![a-z])", re.IGNORECASE
)
_EXTRA = re.compile(r"\b(more|further|additional|full|whole) ", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]+|\band\b", re.IGNORECASE)
_ISO = re.compile(
    r"P(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?"
    r"(?:T(?:([0-9.,]{1,12})H)?(?:([0-9.,]{1,12})M)?(?:([0-9.,]{1,12})S)?)?\Z",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,9})?)\Z")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_ONE = rf"(?:{_NUMBER}{_MORE}(?:{_UNIT})|{_SPELT}{_MORE}{_LONG_UNIT})(?![a-z])"
# A duration in a sentence: in digits, and in digits or words.
IN_WORDS = rf"{_ONE}(?:(?:,? and |, ?| )?{_ONE}){{0,4}}"
IN_DIGITS = rf"(?:PT?(?=[0-9])[0-9.,DHMSTW]{{1,30}}(?![a-z])|(?=[0-9]){IN_WORDS})"


def duration(text: str) -> float | None:
    """Return the seconds of a duration, None if the text is none.

    ``1m30s``, ``250ms``, ``2 minutes``, ``one minute and 30 seconds``, ``00:01:30`` and those of
    ISO 8601 without years and months, whose lengths differ. A number needs its unit.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if text[0] in "Pp":
        return _iso(text)
    clock = _CLOCK.match(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return int(hours) * 3600.0 + int(minutes) * 60.0 + float(seconds)
    plain = _EXTRA.sub("", text)
    parts = _PART.findall(plain)
    if not parts or _BETWEEN.sub("", _PART.sub("", plain)):
        return None
    total = 0.0
    for number, unit, spelt, long_unit in parts:
        total += _amount(number or spelt) * unit_of(unit or long_unit)
    return total


def unit_of(name: str) -> float:
    """Return the seconds of a unit: ``ms``, ``minutes``."""
    name = name.lower()
    return _UNITS["ms" if name.startswith(("ms", "milli")) else name[0]]


def _iso(text: str) -> float | None:
    """Return an ISO 8601 duration in seconds: ``PT1M30S``, ``P1DT2H``."""
    found = _ISO.match(text)
    if found is None or not any(found.groups()):
        return None
    total = 0.0
    for number, unit in zip(found.groups(), "wdhms"):
        try:
            total += float((number or "0").replace(",", ".")) * _UNITS[unit]
        except ValueError:
            return None
    return total


def _amount(text: str) -> float:
    """Return a number in digits or words."""
    if text[0].isdigit():
        return float(text)
    words = text.lower().replace("-", " ").split()
    half = 0.5 if words[0] == "half" else 1.0
    return half * sum(WORDS.get(word, 0) for word in words)
