# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""W2: durations as services write them."""

from __future__ import annotations

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.durations import (
    duration,
    unit_of,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360),
        ("1.5 s", 1.5),
        ("250ms", 0.25),
        ("1 hour, 2 minutes and 3 seconds", 3723),
        ("one minute", 60),
        ("Thirty Seconds", 30),
        ("twenty-five minutes", 1500),
        ("half an hour", 1800),
        ("an hour and 5 min", 3900),
        ("2 more minutes", 120),
        ("00:01:30", 90),
        ("P1DT2H", 93600),
        ("PT1,5S", 1.5),
        ("P2W", 1209600),
        ("P1M", None),
        ("P1Y", None),
        ("PT", None),
        ("P", None),
        ("PT1.2.3S", None),
        ("30", None),
        ("a few seconds", None),
        ("one request", None),
        ("5 of 6", None),
        ("minutes", None),
        ("10:30", None),
        ("-5s", None),
        ("", None),
        ("1 second " * 20, None),
    ],
)
def test_w2_a_duration_is_read_in_digits_and_words(text: str, seconds: float | None) -> None:
    assert duration(text) == (seconds if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(("name", "seconds"), [("ms", 0.001), ("Minutes", 60), ("weeks", 604800)])
def test_w2_a_unit_has_seconds(name: str, seconds: float) -> None:
    assert unit_of(name) == seconds


@given(st.text(max_size=70))
def test_w2_any_text_is_a_duration_or_none(text: str) -> None:
    found = duration(text)
    assert found is None or found >= 0
