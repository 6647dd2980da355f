# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of connections that outlive a session; knows no request."""

from __future__ import annotations

import os

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.kept_connections import (
    IDLE,
    MOST,
    KeptConnections,
)


class Adapter:
    """What is kept; it counts how often it was closed."""

    closed = 0

    def close(self) -> None:
        """Close the connections."""
        self.closed += 1


def test_an_adapter_is_made_once_for_equal_values() -> None:
    kept = KeptConnections()
    first = kept.adapter(("url", ["credentials"]), Adapter)
    assert kept.adapter(("url", ["credentials"]), Adapter) is first
    assert kept.adapter(("url", ["others"]), Adapter) is not first
    assert not first.closed


def test_what_was_idle_for_long_is_closed_before_it_is_used() -> None:
    now = 0.0
    kept = KeptConnections(clock=lambda: now)
    first = kept.adapter("url", Adapter)
    now = IDLE
    assert kept.adapter("url", Adapter) is first and not first.closed
    now = 2.1 * IDLE
    assert kept.adapter("url", Adapter) is first and first.closed == 1


def test_a_fork_starts_with_none_and_closes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptConnections()
    first = kept.adapter("url", Adapter)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert kept.adapter("url", Adapter) is not first
    assert not first.closed


def test_few_are_kept_and_the_oldest_is_closed() -> None:
    kept = KeptConnections()
    made = [kept.adapter(number, Adapter) for number in range(MOST + 1)]
    assert [one.closed for one in made] == [1] + [0] * MOST
    assert kept.adapter(0, Adapter) is not made[0]
