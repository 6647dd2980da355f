# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the retry policy as a pure function: Retry-After in every form, what is sent again, how long is waited."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.retry import (
    Outcome,
    Policy,
    asked_wait,
    decide,
    may_have_acted,
    worth_another_try,
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
    assert asked_wait(values, None, NOW) == wait


def test_a_date_is_measured_against_the_clock_of_the_answer():
    date = formatdate(NOW + 1003, usegmt=True)
    assert asked_wait([date], formatdate(NOW + 1000, usegmt=True), NOW) == 3
    assert asked_wait([date], "nonsense", NOW) == 1003


@given(st.lists(st.text()), st.none() | st.text())
def test_no_retry_after_raises(values, date):
    wait = asked_wait(values, date, NOW)
    assert wait is None or 0 <= wait


@given(st.from_regex(r"\A[A-Za-z]{0,9},? ?[0-9A-Za-z -]{0,30}[0-9]{2}:[0-9]{2}:[0-9]{2}.{0,10}\Z"))
def test_nothing_like_a_date_raises(value):
    wait = asked_wait([value], value, NOW)
    assert wait is None or 0 <= wait


@given(st.integers(0, 10**11))
def test_seconds_are_taken_as_they_are(seconds):
    assert asked_wait([str(seconds)], None, NOW) == seconds


ALL = {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"}
IDEMPOTENT = ALL - {"POST", "PATCH"}


@pytest.mark.parametrize(
    ("outcome", "methods"),
    [
        (Outcome(status=429), ALL),
        (Outcome(status=503, asked=1.0), ALL),
        (Outcome(status=503), IDEMPOTENT),
        (Outcome(status=502), IDEMPOTENT),
        (Outcome(status=504), IDEMPOTENT),
        (Outcome(status=500), {"GET", "HEAD"}),
        (Outcome(status=501, asked=1.0), set()),
        (Outcome(status=400, asked=1.0), set()),
        (Outcome(status=200), set()),
        (Outcome(failed="refused", sent=False), ALL),
        (Outcome(failed="timeout", sent=False), ALL),
        (Outcome(failed="reset", sent=False), ALL),
        (Outcome(failed="reset", sent=True), IDEMPOTENT),
        (Outcome(failed="timeout", sent=True), IDEMPOTENT),
        (Outcome(failed="cut_short", sent=True), IDEMPOTENT),
        (Outcome(failed="tls", sent=False), set()),
        (Outcome(failed="dns", sent=False), set()),
        (Outcome(failed="not_json", sent=True), set()),
        (Outcome(failed="redirect", sent=True), set()),
        (Outcome(failed="too_large", sent=True), set()),
    ],
)
def test_what_is_sent_again(outcome, methods):
    assert {method for method in ALL if worth_another_try(method, outcome)} == methods


def test_the_caller_may_say_otherwise():
    lost = Outcome(failed="reset", sent=True)
    assert worth_another_try("POST", lost, retry_lost=True)
    assert not worth_another_try("GET", lost, retry_lost=False)
    assert worth_another_try("POST", Outcome(status=502), retry_lost=True)
    assert worth_another_try("GET", Outcome(status=429), retry_lost=False)


@pytest.mark.parametrize(
    ("outcome", "maybe"),
    [
        (Outcome(status=429), False),
        (Outcome(status=503, asked=0.0), False),
        (Outcome(status=503), True),
        (Outcome(status=500), True),
        (Outcome(status=400), False),
        (Outcome(failed="reset", sent=True), True),
        (Outcome(failed="refused", sent=False), False),
    ],
)
def test_what_may_have_been_acted_upon(outcome, maybe):
    assert may_have_acted(outcome) is maybe


@given(
    st.integers(0, 30),
    st.floats(0, 600),
    st.none() | st.floats(0, 1e12),
    st.sampled_from([429, 502, 503]),
    st.floats(0, 1),
)
def test_waits_and_tries_are_bounded(retries, most, asked, status, luck):
    policy, tries, waited = Policy(retries=retries, max_wait=most), 0, 0.0
    while True:
        tries += 1
        step = decide(
            "GET",
            Outcome(status=status, asked=asked),
            policy,
            tries=tries,
            waited=waited,
            uniform=lambda low, top: low + luck * (top - low),
        )
        if step.wait is None:
            break
        assert step.wait >= (asked or 0)
        waited += step.wait
    assert tries <= retries + 1
    assert waited <= most * (1 + 1e-9)
    assert step.because in ("tries", "asked", "waited")


def test_backoff_doubles_with_full_jitter():
    policy = Policy(retries=9, max_wait=1000)
    steps = [
        decide("GET", Outcome(status=502), policy, tries=tries, waited=1, uniform=high).wait
        for tries in range(1, 10)
    ]
    assert steps == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert (
        decide(
            "GET", Outcome(status=502), policy, tries=5, waited=1, uniform=lambda low, _high: low
        ).wait
        == 0
    )
