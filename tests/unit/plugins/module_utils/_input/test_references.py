# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References to members, managers and groups."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.resources import (
    group_desired,
    user_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Reference
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    REFERENCE,
    group_errors,
    user_errors,
)


@pytest.mark.parametrize(
    "member, said",
    [
        ({"id": "1", "user_name": "x"}, f"{REFERENCE} id, user_name"),
        ({"username": "x"}, f"{REFERENCE} username"),
        ({}, f"{REFERENCE} none"),
        ({"id": None}, f"{REFERENCE} none"),
        ("", "is an empty string; it must name a user"),
        ({"user_name": " "}, "is an empty string; it must name a user"),
        (
            None,
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        (True, "must be text, not true; quote it, or add `| string`"),
        (12345, "must be text, not 12345; quote it, or add `| string`"),
        ({"user_name": 3.5}, "must be text, not 3.5; quote it, or add `| string`"),
        ({"group": False}, "must be text, not false; quote it, or add `| string`"),
        ({"email": "pam"}, "must be an e-mail address, not 'pam'"),
        (
            [],
            "must be a string or a dictionary with one of id, user_name, external_id, email, group",
        ),
        ("a\nb", "contains a control character"),
    ],
)
def test_b15_member_references(member: Any, said: str) -> None:
    assert group_errors(members={"add": ["pam", member]}) == [f"members.add[1] {said}"]


def test_references_of_every_kind() -> None:
    desired = group_desired(
        {
            "display_name": "Sales",
            "members": {
                "set": [
                    "pam",
                    {"user_name": "jim"},
                    {"id": "7"},
                    {"external_id": "x"},
                    {"email": "a@b"},
                    {"group": "Inner"},
                    "12345",
                ]
            },
        }
    )
    assert desired.members[0].exactly == {
        Reference("User", "userName", "pam"),
        Reference("User", "userName", "jim"),
        Reference("User", "id", "7"),
        Reference("User", "externalId", "x"),
        Reference("User", "emails.value", "a@b"),
        Reference("Group", "displayName", "Inner"),
        Reference("User", "userName", "12345"),
    }
    desired = user_desired(
        {
            "user_name": "pam",
            "groups": {"add": ["Sales", {"id": "9"}]},
            "enterprise": {"manager": {"email": "b@c"}},
        }
    )
    assert desired.groups[0].add == {
        Reference("Group", "displayName", "Sales"),
        Reference("Group", "id", "9"),
    }
    assert desired.content.links == {
        f"{ENTERPRISE_URN}:manager.value": Reference("User", "emails.value", "b@c")
    }


def test_a_manager_is_no_group() -> None:
    assert user_errors(enterprise={"manager": {"group": "Sales"}}) == [
        "enterprise.manager must have exactly one of id, user_name, external_id, email, not group"
    ]
