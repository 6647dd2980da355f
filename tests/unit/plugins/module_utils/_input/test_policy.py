# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of scim_directory may do, and options that say it wrongly."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.policy import policy_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Scope

DEFAULTS = {
    "leavers": "inactive",
    "on_error": "continue",
    "stop_after_failures": "20",
    "verify": "removals",
}


def test_defaults_judge_and_purge_nothing() -> None:
    policy = policy_of(DEFAULTS)
    assert (
        policy.leavers == "inactive" and policy.purges("User") == policy.purges("Group") == "none"
    )
    assert not policy.scope and not any(policy.protected.values())
    assert policy.thresholds["users_removed"] == Limit(percent=20)
    assert policy.thresholds["users_created"] == Limit()
    assert policy.knows_itself and policy.reads_names and not policy.ignore_missing
    assert not policy.stop_on_error and policy.stop_after == Limit(count=20)


def test_everything_set_is_kept_as_text() -> None:
    policy = policy_of(
        {
            **DEFAULTS,
            "leavers": "absent",
            "leavers_ignore_groups": ["All staff", "tmp-*"],
            "protect": {"users": ["admin*", "jmespath:title == 'Boss'"], "groups": None},
            "purge": {"users": "inactive", "groups": None},
            "scope": {
                "users": {"filter": 'userType eq "Employee"', "query": "active"},
                "groups": {"filter": None, "query": None},
            },
            "on_error": "stop",
            "stop_after_failures": "5%",
            "thresholds": {"max_removals": "3", "groups_removed": "none", "users_created": None},
            "verify": "writes",
            "bulk": "auto",
        }
    )
    assert (policy.leavers, policy.verify, policy.bulk) == ("absent", "writes", "auto")
    assert policy.ignored_groups == ("All staff", "tmp-*")
    assert policy.protected == {"User": ("admin*", "jmespath:title == 'Boss'"), "Group": ()}
    assert policy.purges("User") == "inactive" and policy.purges("Group") == "none"
    assert policy.scope == {"User": Scope(filter='userType eq "Employee"', query="active")}
    assert policy.stop_on_error and policy.stop_after == Limit(percent=5)
    assert policy.thresholds["users_removed"] == Limit(count=3)
    assert policy.thresholds["groups_removed"] == policy.thresholds["users_created"] == Limit()


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"thresholds": {"users_removed": "many"}},
            "thresholds.users_removed must be a count, a percentage from 0% to 100% or 'none', not 'many'",
        ),
        (
            {"stop_after_failures": "200%"},
            "stop_after_failures must be a count, a percentage from 0% to 100% or 'none', not '200%'",
        ),
        (
            {"scope": {"users": {"filter": "userName is x"}}},
            "scope.users.filter is not a valid SCIM filter: an operator",
        ),
        ({"scope": {"groups": {"query": "a ==="}}}, "scope.groups.query is no"),
        ({"protect": {"users": ["jmespath:a ==="]}}, "protect.users is no"),
        (
            {"scope": {"users": {"filter": " "}}},
            "scope.users.filter is an empty string, which would be everybody; omit it if that is "
            "meant",
        ),
        ({"scope": {"groups": {"query": ""}}}, "scope.groups.query is an empty string"),
        ({"protect": {"users": ["ann", ""]}}, "protect.users has an empty string"),
        ({"leavers_except": [" "]}, "leavers_except has an empty string"),
        ({"leavers_ignore_groups": [""]}, "leavers_ignore_groups has an empty string"),
    ],
)
def test_wrong_text_is_one_sentence_before_any_request(params: dict[str, Any], said: str) -> None:
    with pytest.raises(ScimError) as info:
        policy_of({**DEFAULTS, **params})
    assert str(info.value).startswith(said) and "\n" not in str(info.value)


@pytest.mark.parametrize(
    "lists",
    [
        {"protect": {"users": ["adm\u200bin"]}},
        {"protect": {"groups": ["adm\u00adins"]}},
        {"leavers_except": ["a\u200bnn"]},
        {"leavers_ignore_groups": ["All\u00a0staff"]},
    ],
)
def test_l14_a_list_that_spares_users_has_no_hidden_characters(lists: dict[str, Any]) -> None:
    with pytest.raises(ScimError, match=r"contains U\+00|contains U\+20"):
        policy_of({**DEFAULTS, **lists})
