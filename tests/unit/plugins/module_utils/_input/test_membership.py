# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of one group, as scim_group_membership is given them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.membership import (
    membership_desired,
    membership_policy,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Members, Reference

PARAMS = {"group": "red", "members": ["pam"], "state": "present", "update_method": "auto"}
PAM = frozenset({Reference("User", "userName", "pam")})


@pytest.mark.parametrize(
    "state, members",
    [
        ("present", Members(add=PAM)),
        ("absent", Members(remove=PAM)),
        ("exact", Members(exactly=PAM)),
    ],
)
def test_a_state_says_what_members_are(state: str, members: Members) -> None:
    desired = membership_desired({**PARAMS, "state": state})
    assert desired.members == (members,) and desired.keys == (("displayName", "red"),)
    assert desired.state == "any" and not desired.may_create


def test_a_group_is_named_by_id_too() -> None:
    desired = membership_desired({**PARAMS, "group": None, "group_id": "7"})
    assert desired.keys == (("id", "7"),)


@pytest.mark.parametrize(
    "params, said",
    [
        ({"group": ""}, "group is an empty string"),
        ({"members": [""]}, "members[0] is an empty string; it must name a user"),
        ({"members": [{"username": "x"}]}, "members[0] must have exactly one of id"),
    ],
)
def test_errors_name_the_option(params: dict[str, Any], said: str) -> None:
    with pytest.raises(ScimError) as info:
        membership_desired({**PARAMS, **params})
    assert str(info.value).startswith(said)


def test_missing_members_may_be_ignored() -> None:
    policy = membership_policy({"verify": "writes", "missing_members": "ignore"})
    assert policy.ignore_missing and policy.verify == "writes" and not policy.thresholds
    assert not membership_policy({"verify": "none", "missing_members": "fail"}).ignore_missing
