# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the retry policy.

Retry-After in every form, what is sent again, and after how long.
"""

from __future__ import annotations

from email.utils import formatdate

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.retry import (
    Attempt,
    RetryPolicy,
    Spent,
    decide,
    is_worth_retrying,
    may_have_acted,
    retry_after,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000.0


def high(_low, upper):
    return upper


@pytest.mark.parametrize(
    ("values", "wait"),
    [
        (["2"], 2),
        ([" 2 "], 2),
        (["0"], 0),
        (["99999999999"], 99999999999),
        (["9" * 5000], 10**12),
        (["007"], 7),
        (["5, 3"], 3),
        (["5", "3"], 3),
        (["nonsense", "3"], 3),
        ([formatdate(NOW + 3, usegmt=True)], 3),
        ([formatdate(NOW - 3, usegmt=True)], 0),
        ([formatdate(NOW + 3, usegmt=True).removesuffix(" GMT")], 3),
        (["Friday, 15-Jan-27 08:00:03 GMT"], 3),
        (["Fri Jan 15 08:00:03 2027"], 3),
        (["Fri, 15 Jan 2027 09:00:03 +0100"], 3),
        ([], None),
        ([""], None),
        (["-5"], None),
        (["3.5"], None),
        (["1e3"], None),
        (["nonsense"], None),
        (["+3"], None),
        (["٣"], None),
        (["3 seconds"], None),
        (["Fri, 99 Jan 2027 08:00:03 GMT"], None),
        (["Fri, 15 Jan 99999 08:00:03 GMT"], None),
        (["inf"], None),
        (["NaN"], None),
        (["0x10"], None),
    ],
)
def test_retry_after(values, wait):
    assert retry_after(values, None, NOW) == wait


def test_a_date_is_measured_against_the_clock_of_the_answer():
    date = formatdate(NOW + 1003, usegmt=True)
    assert retry_after([date], formatdate(NOW + 1000, usegmt=True), NOW) == 3
    assert retry_after([date], "nonsense", NOW) == 1003


@given(st.lists(st.text()), st.none() | st.text())
def test_no_retry_after_raises(values, date):
    wait = retry_after(values, date, NOW)
    assert wait is None or 0 <= wait


@given(st.from_regex(r"\A[A-Za-z]{0,9},? ?[0-9A-Za-z -]{0,30}[0-9]{2}:[0-9]{2}:[0-9]{2}.{0,10}\Z"))
def test_nothing_like_a_date_raises(value):
    wait = retry_after([value], value, NOW)
    assert wait is None or 0 <= wait


@given(st.integers(0, 10**11))
def test_seconds_are_taken_as_they_are(seconds):
    assert retry_after([str(seconds)], None, NOW) == seconds


ALL = {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"}
IDEMPOTENT = ALL - {"POST", "PATCH"}


@pytest.mark.parametrize(
    ("outcome", "methods"),
    [
        (Attempt(status=429), ALL),
        (Attempt(status=503, retry_after=1.0), ALL),
        (Attempt(status=503), IDEMPOTENT),
        (Attempt(status=502), IDEMPOTENT),
        (Attempt(status=504), IDEMPOTENT),
        (Attempt(status=500), {"GET", "HEAD"}),
        (Attempt(status=501, retry_after=1.0), set()),
        (Attempt(status=400, retry_after=1.0), set()),
        (Attempt(status=200), set()),
        (Attempt(failed="refused", sent=False), ALL),
        (Attempt(failed="timeout", sent=False), ALL),
        (Attempt(failed="reset", sent=False), ALL),
        (Attempt(failed="reset", sent=True), IDEMPOTENT),
        (Attempt(failed="timeout", sent=True), IDEMPOTENT),
        (Attempt(failed="cut_short", sent=True), IDEMPOTENT),
        (Attempt(failed="tls", sent=False), set()),
        (Attempt(failed="dns", sent=False), set()),
        (Attempt(failed="not_json", sent=True), set()),
        (Attempt(failed="redirect", sent=True), set()),
        (Attempt(failed="too_large", sent=True), set()),
    ],
)
def test_outcome_decides_which_methods_are_sent_again(outcome, methods):
    assert {method for method in ALL if is_worth_retrying(method, outcome)} == methods


def test_caller_overrides_whether_lost_requests_are_sent_again():
    lost = Attempt(failed="reset", sent=True)
    assert is_worth_retrying("POST", lost, retry_lost=True)
    assert not is_worth_retrying("GET", lost, retry_lost=False)
    assert is_worth_retrying("POST", Attempt(status=502), retry_lost=True)
    assert is_worth_retrying("GET", Attempt(status=429), retry_lost=False)


@pytest.mark.parametrize(
    ("outcome", "maybe"),
    [
        (Attempt(status=429), False),
        (Attempt(status=503, retry_after=0.0), False),
        (Attempt(status=503), True),
        (Attempt(status=500), True),
        (Attempt(status=400), False),
        (Attempt(failed="reset", sent=True), True),
        (Attempt(failed="refused", sent=False), False),
    ],
)
def test_outcome_tells_whether_the_server_may_have_acted(outcome, maybe):
    assert may_have_acted(outcome) is maybe


@given(
    st.integers(0, 30),
    st.floats(0, 600),
    st.none() | st.floats(0, 1e12),
    st.sampled_from([429, 502, 503]),
    st.floats(0, 1),
)
def test_waits_and_tries_are_bounded(retries, most, asked, status, luck):
    policy, tries, waited = RetryPolicy(retries=retries, max_wait=most), 0, 0.0
    while True:
        tries += 1
        step = decide(
            "GET",
            Attempt(status=status, retry_after=asked),
            policy,
            Spent(tries=tries, waited=waited),
            uniform=lambda low, top: low + luck * (top - low),
        )
        if step.wait is None:
            break
        assert step.wait >= (asked or 0)
        waited += step.wait
    assert tries <= retries + 1
    assert waited <= most * (1 + 1e-9)
    assert step.because in ("tries", "asked", "waited")


def test_b15_waits_double_at_random_without_a_word_of_the_service():
    policy = RetryPolicy(retries=9, max_wait=1000)
    steps = [
        decide("GET", Attempt(status=502), policy, Spent(tries=tries, waited=1), uniform=high).wait
        for tries in range(1, 10)
    ]
    assert steps == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert (
        decide(
            "GET",
            Attempt(status=502),
            policy,
            Spent(tries=5, waited=1),
            uniform=lambda low, _high: low,
        ).wait
        == 0
    )


@pytest.mark.parametrize(
    ("tries", "waited", "text"),
    [
        (1, 0.0, "1 try"),
        (3, 0.0, "3 tries"),
        (2, 0.5, "2 tries and 0.5 seconds of waiting"),
        (4, 6.0, "4 tries and 6 seconds of waiting"),
    ],
)
def test_tries_and_waiting_are_shown_in_words(tries, waited, text):
    assert str(Spent(tries=tries, waited=waited)) == text
