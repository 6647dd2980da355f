# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Portions of keys that wait for a look-up."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._plan.waiting import Waiting

A, B, C, D, E = (("userName", name) for name in "abcde")


def test_portions_come_in_order_without_keys_that_are_closed() -> None:
    waiting = Waiting()
    waiting.put([(A, B), (C,), (D, E)])
    assert len(waiting) == 3 and list(waiting.later()) == [C, D, E]
    assert waiting.first({B, D}) == (B,)
    waiting.drop_first()
    assert waiting.first({D}) == (D,) and len(waiting) == 1
    assert waiting.first({A}) == () and len(waiting) == 0


def test_portions_that_are_put_first_come_first() -> None:
    waiting = Waiting()
    waiting.put([(A, B)])
    waiting.put_first([(C,)])
    assert waiting.first({A, B, C}) == (C,) and list(waiting.later()) == [A, B]


def test_the_number_of_look_ups_is_an_estimate_once_nothing_waits() -> None:
    waiting = Waiting()
    seven = [("userName", str(number)) for number in range(7)]
    assert waiting.look_ups(seven) == 7
    waiting.put([(A, B), (C, D)])
    assert waiting.per_look_up == 2 and waiting.look_ups(seven) == 2
    waiting.clear()
    assert waiting.look_ups(seven) == 4


def test_e9_a_resource_that_one_key_finds_needs_no_second_look_up() -> None:
    waiting = Waiting()
    ids = [("externalId", name) for name in "abc"]
    waiting.put([(one,) for one in (*ids, A, B)])
    assert waiting.look_ups([*ids, A, B]) == 5
    assert waiting.look_ups([*ids, A, B], by_resource=True) == 3
    assert waiting.look_ups([], by_resource=True) == 0
