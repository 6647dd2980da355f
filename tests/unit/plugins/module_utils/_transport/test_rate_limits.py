# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long services ask to wait, in the forms that they use."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.rate_limits import (
    Said,
    asked_wait,
    wait_in_body,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000.0


def wait(status: int = 429, body: Any = None, **headers: str) -> float | None:
    """Return what an answer with these headers asks for; ``_`` stands for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = (named["retry-after"],) if "retry-after" in named else ()
    return asked_wait(Said(status, named, asked, body), NOW)


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"retryAfter": "30s"}, 30),
        ({"retry_after": "2027-01-15T08:00:30Z"}, 30),
        ({"retryAfter": formatdate(NOW + 30, usegmt=True)}, 30),
        ({"detail": "Try again in 2 hours"}, 7200),
        ({"detail": "Try again in 1m30s."}, 90),
        ({"detail": "Retry after 1 minute and 30 seconds, please"}, 90),
        ({"detail": "Retry after 2027-01-15T08:00:30Z."}, 30),
        ({"detail": "Rate limit resets in 30 seconds"}, 30),
        ("Try again in 30 seconds", 30),
        ({"errors": [{"retry_after": 30}]}, 30),
        ([{"retryAfterMs": "1500"}], 1.5),
        ({"error": {"details": [{"retryDelay": "30s"}]}}, 30),
        ({"parameters": {"retry_after": 1_800_000_030}}, 30),
        ({"rateLimitReset": 1_800_000_030}, 30),
        ({"retryAfter": True, "detail": "retry later, 5 of 6 failed"}, None),
        ({"detail": "wait for ticket 30"}, None),
        ({"detail": "Please try again in one minute."}, 60),
        ({"detail": "Blocked for fifteen minutes"}, 900),
        ({"detail": "wait a minute"}, 60),
        ({"detail": "30 seconds until reset"}, 30),
        ({"detail": "retry after 30"}, 30),
        ({"detail": "Retry-After: 30."}, 30),
        ({"message": '{"retryAfter": 30}'}, 30),
        ({"message": '{"retryAfter": '}, None),
        ({"retryAfter": [30, 40]}, 30),
        ({"detail": "Please slow down. (retry_after=30)"}, 30),
        ({"detail": f"Try again at {formatdate(NOW + 30, usegmt=True)}."}, 30),
        ({"detail": "retry in 2 steps"}, None),
        ({"detail": "wait: 100 requests per 60 seconds"}, None),
        ({"detail": "wait, one request per minute"}, None),
        ({"detail": "please wait; the limit is 60 seconds of work"}, None),
        ({"detail": "try again with a second factor"}, None),
        ({"detail": "try again in a few seconds"}, None),
        ({"wait": 30}, 30),
        ({"wait_ms": 1500}, 1.5),
        ({"waitTime": "PT1M"}, 60),
        ({"retry_in": "one minute"}, 60),
        ({"tryAgainIn": "30s"}, 30),
        ({"rate_limit": {"limit": 100, "remaining": 0, "reset": 30}}, 30),
        ({"reset": 1_800_000_030}, 30),
        ({"secondsUntilReset": 30}, 30),
        ({"retry_after_minutes": 2}, 120),
        ({"retryAfter": {"seconds": 30, "nanos": 0}}, 30),
        ({"retryAfter": {"value": 2, "unit": "minutes"}}, 120),
        ({"nextAllowedAt": "2027-01-15T08:00:30Z"}, 30),
        ({"reset_token": "30", "waiting_list": 30, "retry_count": 30, "reset": True}, None),
        ({"limit": 30, "period": 30, "retries": 30, "wait": -30, "code": 30}, None),
        ({"detail": "retry 3 times"}, None),
        ({"detail": "available to 12 members"}, None),
    ],
)
def test_w2_a_body_says_how_long_in_any_form(body: Any, seconds: float | None) -> None:
    found = wait(429, body)
    assert found == (seconds if seconds is None else pytest.approx(seconds))
    assert wait(503, body) is None and wait_in_body(Said(503, {}, (), body), NOW) == found


@pytest.mark.parametrize("text", ["PT30S", "30 seconds", "30 sec", "0.5 min", "PT0M30S"])
def test_w2_a_field_has_a_duration_in_words(text: str) -> None:
    assert wait(retry_after=text) == wait(x_ratelimit_reset=text) == 30


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": formatdate(NOW + 7, usegmt=True)}, 7),
        ({"retry_after": "7.5"}, 7.5),
        ({"retry_after": "7s"}, 7),
        ({"retry_after": "1m30s"}, 90),
        ({"retry_after": "1800000030"}, 30),
        ({"retry_after": "2027-01-15T08:00:30Z"}, 30),
        ({"retry_after": "soon"}, None),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"x_ms_retry_after_ms": "250.5"}, 0.2505),
        ({"retry_after": "2", "retry_after_ms": "1500"}, 1.5),
        ({"x_retry_after": "9"}, 9),
        ({"x_rate_limit_reset": "30"}, 30),
        ({"x_rate_limit_reset": "1800000030"}, 30),
        ({"x_ratelimit_reset": "1800000030000"}, 30),
        ({"x_ratelimit_reset": "1800000030.5"}, 30.5),
        ({"x_ratelimit_reset": "1700000000"}, 0),
        ({"x_ratelimit_reset": "30, 60"}, 30),
        ({"x_ratelimit_reset": formatdate(NOW + 30, usegmt=True)}, 30),
        ({"x_ratelimit_reset": "2027-01-15T08:00:30Z"}, 30),
        ({"x_ratelimit_reset": "2027-01-15T09:00:30+01:00"}, 30),
        ({"x_ratelimit_reset": "1m30s"}, 90),
        ({"x_ratelimit_reset": "250ms"}, 0.25),
        ({"ratelimit_reset": "30"}, 30),
        ({"x_ratelimit_reset_after": "0.8"}, 0.8),
        ({"ratelimit": '"default";r=0;t=30'}, 30),
        ({"ratelimit": '"burst";r=5;t=2, "day";r=0;t=30'}, 30),
        ({"ratelimit": "limit=100, remaining=0, reset=30"}, 30),
        ({"ratelimit": "r=0;t=30"}, 30),
        ({"retry_after": "5", "x_ratelimit_reset": "1800000030"}, 5),
        ({"retry_after": "soon", "x_ratelimit_reset": "1800000030"}, 30),
        ({"x_ratelimit_reset": "1800000030", "date": formatdate(NOW + 20, usegmt=True)}, 10),
        ({"retry_after": '"7"'}, 7),
        ({"x_ratelimit_reset": "1800000030000000"}, 30),
        ({"x_ratelimit_reset": "1800000030000000000"}, 30),
        ({"x_ratelimit_resetat": "1800000030"}, 30),
        ({"retryafter": "7"}, 7),
        ({"x_ratelimit_reset": "soon"}, None),
        ({"x_ratelimit_reset": "-5"}, None),
        ({"ratelimit": "nonsense"}, None),
        ({"retry_after_ms": "1e9"}, None),
        ({"x_ms_retry_after": "7"}, 7),
        ({"x_ms_retry_after_ms": "1500"}, 1.5),
        ({"x_ms_retry_after": "PT7S"}, 7),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "P1DT1S"}, 86401),
        ({"retry_after": "P1M"}, None),
        ({"retry_after": "one minute"}, 60),
        ({"retry_after": "00:01:30"}, 90),
        ({"x_ratelimit_reset_requests": "6m0s"}, 360),
        (
            {
                "x_ratelimit_reset_requests": "6m0s",
                "x_ratelimit_remaining_requests": "0",
                "x_ratelimit_reset_tokens": "1s",
                "x_ratelimit_remaining_tokens": "5",
            },
            360,
        ),
        ({"x_ratelimit_reset_ms": "1500"}, 1.5),
        ({"x_rate_limit_reset_at": "1800000030"}, 30),
        ({"x_backoff": "7"}, 7),
        ({"x_quota_reset": "7"}, 7),
        ({"x_retry_count": "7", "x_ratelimit_limit": "7", "x_password_reset": "7"}, None),
        ({"x_ratelimit_limit_requests": "7", "x_wait_queue": "7"}, None),
        ({}, None),
    ],
)
def test_w2_the_wait_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    assert wait(**headers) == (pytest.approx(seconds) if seconds is not None else None)


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"retryAfter": 30}, 30),
        ({"retry_after": 0.5}, 0.5),
        ({"retry-after-ms": 1500}, 1.5),
        ({"error": {"retryAfterSeconds": "30"}}, 30),
        ({"detail": "Too many requests. Try again in 30 seconds."}, 30),
        ({"message": "please retry after 2 minutes"}, 120),
        ({"message": "Rate limited, wait 500 ms"}, 0.5),
        ({"detail": "more than 30 seconds passed"}, None),
        ({"detail": "limit 100 requests"}, None),
        ({"retryAfter": True}, None),
        ([30], None),
        (None, None),
    ],
)
def test_w2_the_wait_may_stand_in_the_answer_itself(body: Any, seconds: float | None) -> None:
    assert wait(body=body) == seconds
    assert wait(503, body) is None and wait_in_body(Said(503, {}, (), body), NOW) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"detail": "Rate limit exceeded, try again in 30 seconds"}, 30),
        ({"error": {"code": "too_many_requests"}, "retry_after": 7}, 7),
        (["Request was throttled. Expected available in 5 seconds."], 5),
        ({"message": "API quota used up", "reset_in": "2m"}, 120),
        ({"detail": "account locked, try again in 30 seconds"}, None),
        ({"retry_after": 7}, None),
        ({"detail": "rate limit exceeded"}, None),
    ],
)
def test_w2_a_403_waits_as_its_body_says_if_it_is_about_a_rate_limit(
    body: Any, seconds: float | None
) -> None:
    assert wait(403, body) == seconds


@pytest.mark.parametrize("status", [403, 503])
def test_w2_a_limit_that_is_used_up_counts_whatever_the_status(status: int) -> None:
    assert wait(status, x_ratelimit_remaining="0", x_ratelimit_reset="9") == 9
    assert wait(status, x_ratelimit_remaining="1", x_ratelimit_reset="9") is None


@pytest.mark.parametrize("status", [200, 400, 403, 500, 503])
def test_w2_a_rate_limit_that_is_not_reached_asks_for_nothing(status: int) -> None:
    assert wait(status, x_ratelimit_reset="1800000030", x_ratelimit_remaining="7") is None
    assert wait(status, ratelimit='"default";r=7;t=30') is None


def test_w2_a_403_is_a_rate_limit_if_it_says_so() -> None:
    assert wait(403, retry_after="7") == 7
    assert wait(403, x_ratelimit_reset="1800000030", x_ratelimit_remaining="0") == 30
    assert wait(403, ratelimit='"default";r=0;t=30') == 30
    assert wait(403) is None


@given(
    st.sampled_from([403, 429, 503]),
    st.dictionaries(
        st.sampled_from(
            ["ratelimit", "x-ratelimit-reset", "retry-after-ms", "date", "x-retry-after"]
        ),
        st.text(max_size=40) | st.sampled_from(["9" * 400, "1800000000", "r=0;t=" + "9" * 40]),
    ),
    st.text(max_size=40),
)
def test_w2_nothing_raises(status: int, headers: dict[str, str], text: str) -> None:
    seconds = asked_wait(Said(status, headers, (text,), {"detail": text}), NOW)
    assert seconds is None or seconds >= 0
