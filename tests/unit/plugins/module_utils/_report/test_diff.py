# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What diff mode shows of a change: flat, by names, large values shortened."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._report.diff import before_after
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    branch,
    plan,
    read,
    sales,
    wanted,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def diff(directory: dict[str, Any]) -> dict[str, Any]:
    store = branch()
    made = plan(store, wanted(**directory))
    (change,) = made.changes
    return before_after(change, read(store).name)


def test_a_diff_is_flat_and_names_its_resource() -> None:
    assert diff(
        {
            "users": [
                {
                    "user_name": "pam",
                    "title": "x",
                    "name": {"given_name": "Pam"},
                    "clear": ["emails"],
                }
            ]
        }
    ) == {
        "before": {"title": "Receptionist", "emails": [{"value": "pam@x.org", "type": "work"}]},
        "after": {"title": "x", "name.givenName": "Pam"},
        "before_header": "user pam (u1)",
        "after_header": "user pam (u1)",
    }


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ({"value": "7", "displayName": "Jan Levinson"}, "Jan Levinson (7)"),
        ({"value": "7"}, "7"),
    ],
)
def test_a_manager_that_was_not_read_has_the_name_that_the_user_gives(
    held: dict[str, Any], shown: str
) -> None:
    store = branch()
    store["pam"][ENTERPRISE] = {"manager": held}
    made = plan(store, wanted(users=[{"user_name": "pam", "enterprise": {"manager": "jim"}}]))
    (change,) = made.changes
    found = before_after(change, lambda key: {"u2": "jim"}.get(key.id, key.id))
    path = f"{ENTERPRISE}:manager.value"
    assert found["before"][path] == shown and found["after"][path] == "jim"


def test_members_in_a_diff_are_the_names_that_join_and_leave() -> None:
    assert diff(sales(add=["toby", "creed", "jim"], remove=["dwight"])) == {
        "before": {"members": "2"},
        "after": {"members": "2 -> 3, + creed, + toby, - dwight"},
        "before_header": "group Sales (g6)",
        "after_header": "group Sales (g6)",
    }


def test_members_of_a_new_group_and_of_one_that_shows_none() -> None:
    new = {"groups": [{"display_name": "New", "members": {"set": ["pam", "jim"]}}]}
    found = diff(new)
    assert (found["before"], found["after"]["members"]) == ({}, "2, + jim, + pam")
    assert found["after_header"] == "group New (new)"
    found = diff(sales(remove=["jim", "dwight"]))
    assert found["after"] == {"members": "2 -> 0, - dwight, - jim"}


def test_a_diff_of_a_creation_and_of_a_deletion() -> None:
    assert diff({"users": [{"user_name": "new", "password": "hunter2"}]}) == {
        "before": {},
        "after": {"userName": "new", "password": "********"},
        "before_header": "user new (new)",
        "after_header": "user new (new)",
    }
    found = diff({"users": [{"user_name": "pam", "state": "absent"}]})
    assert (found["before"], found["after"]) == ({"userName": "pam"}, {})


def test_m14_large_values_are_abbreviated_with_length_and_hash() -> None:
    found = diff(
        {
            "users": [
                {"user_name": "pam", "photos": [{"value": "x" * 10_000_000}], "title": "y" * 256}
            ]
        }
    )
    value = found["after"]["photos"][0]["value"]
    assert len(value) < 100 and "10000000 characters, sha256 " in value
    assert found["after"]["title"] == "y" * 256


def test_a_password_that_is_always_sent_is_masked() -> None:
    found = diff(
        {"users": [{"user_name": "pam", "password": "canary", "update_password": "always"}]}
    )
    assert found["after"] == {"password": "********"}
