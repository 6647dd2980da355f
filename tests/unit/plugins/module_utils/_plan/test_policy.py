# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run may do, as data: how a limit is written, and when it is exceeded."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import (
    THRESHOLDS,
    Limit,
    Policy,
    Scope,
    limit,
    limits,
)


# B13: how a limit is written


@pytest.mark.parametrize(
    "value, found",
    [
        ("20", Limit(count=20)),
        (20, Limit(count=20)),
        ("20%", Limit(percent=20)),
        (" 20 % ", Limit(percent=20)),
        (0, Limit(count=0)),
        ("0", Limit(count=0)),
        ("0%", Limit(percent=0)),
        ("100%", Limit(percent=100)),
        ("none", Limit()),
        ("None", Limit()),
    ],
)
def test_b13_limits(value: Any, found: Limit) -> None:
    assert limit(value, "users_removed") == found
    assert {
        name: limits({"max_removals": value})[name]
        for name in ("users_removed", "groups_removed", "memberships_removed")
    } == dict.fromkeys(("users_removed", "groups_removed", "memberships_removed"), found)


@pytest.mark.parametrize(
    "value", [-1, "-1", "200%", "101%", "many", "", "%", "2.5", "1e3", "20 percent", True, [], "²"]
)
def test_b13_other_values_are_no_limit(value: Any) -> None:
    for name in ("users_removed", "max_removals"):
        with pytest.raises(ValueError) as info:
            limits({name: value})
        assert (
            str(info.value)
            == f"thresholds.{name} must be a count, a percentage from 0% to 100% or 'none', not '{value}'"
        )
    with pytest.raises(ValueError, match="^stop_after_failures must be a count, "):
        limit(value, "stop_after_failures")


def test_a_kind_that_is_set_goes_before_max_removals_and_defaults() -> None:
    assert {
        name: str(one) if one != Limit() else "none"
        for name, one in limits({"users_removed": None}).items()
    } == {
        "users_removed": "20%",
        "groups_removed": "20%",
        "memberships_removed": "20%",
        "members_removed_per_group": "50%",
        "identities_changed": "20%",
        "users_created": "none",
    }
    found = limits({"max_removals": 3, "users_removed": "none"})
    assert (
        found["users_removed"],
        found["memberships_removed"],
        found["members_removed_per_group"],
    ) == (Limit(), Limit(count=3), Limit(percent=50))


@pytest.mark.parametrize(
    "written, number, total, exceeded",
    [
        ("20%", 5, 6, True),
        ("20%", 5, 10, True),
        ("20%", 5, 11, False),
        ("20%", 3, 6, True),
        ("20%", 2, 6, False),
        ("20%", 1, 2, True),
        ("20%", 1, 3, False),
        ("20%", 6, 30, False),
        ("20%", 6, 29, True),
        ("20%", 20, 100, False),
        ("20%", 21, 100, True),
        ("20%", 0, 0, False),
        ("20%", 1, 1, True),
        ("0%", 1, 100, True),
        ("0%", 0, 100, False),
        ("100%", 7, 7, False),
        ("50%", 5, 10, False),
        ("50%", 51, 100, True),
        (0, 1, 100, True),
        (0, 0, 100, False),
        (5, 5, 6, False),
        (5, 6, 1000, True),
        ("none", 1000, 1000, False),
    ],
)
def test_only_more_than_the_limit_exceeds_it(
    written: Any, number: int, total: int, exceeded: bool
) -> None:
    assert limit(written, "users_removed").exceeded(number, total) is exceeded


def test_a_share_of_the_input_is_small_compared_with_the_whole_kind() -> None:
    """Five of five users of the input are few of a hundred users of the service."""
    assert Limit(percent=20).exceeded(5, 5)
    assert not Limit(percent=20).exceeded(5, 5, 100)
    assert Limit(percent=20).exceeded(5, 5, 10)
    assert Limit(percent=20).exceeded(6, 6, 100)


@pytest.mark.parametrize("text", ["20%", "2.5%", "7", "None"])
def test_a_limit_is_shown_as_it_is_written(text: str) -> None:
    written = {
        "20%": Limit(percent=20),
        "2.5%": Limit(percent=2.5),
        "7": Limit(count=7),
        "None": Limit(),
    }
    assert str(written[text]) == text


def test_a_policy_is_data_and_purges_nothing_unless_it_says_so() -> None:
    policy = Policy(
        purge={"User": "inactive"},
        scope={"User": Scope(filter='title eq "x"', query="title")},
        protected={"User": ("root", "jmespath:title")},
        thresholds=limits({}),
    )
    assert (policy.purges("User"), policy.purges("Group")) == ("inactive", "none")
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert set(limits({})) == set(THRESHOLDS)
