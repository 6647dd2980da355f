# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the plan of a directory shows of a change: names, and old and new values."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._report.rows import row
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    branch,
    plan,
    read,
    sales,
    wanted,
)


def test_rows_of_a_plan_have_names_and_old_and_new_values() -> None:
    store = branch()
    made = plan(
        store,
        wanted(
            users=[
                {
                    "user_name": "pam",
                    "title": "secretary",
                    "name": {"given_name": "P", "family_name": "B"},
                }
            ],
            **sales(add=["pam"]),
        ),
    )
    name = read(store).name
    assert [row(one, name) for one in made.changes] == [
        {
            "action": "update",
            "kind": "user",
            "name": "pam",
            "id": "u1",
            "reason": "stated",
            "changes": ["name", "title"],
            "before": {"title": "Receptionist"},
            "after": {"title": "secretary", "name.givenName": "P", "name.familyName": "B"},
        },
        {
            "action": "update",
            "kind": "group",
            "name": "Sales",
            "id": "g6",
            "reason": "stated",
            "changes": [],
            "joins": ["pam"],
        },
    ]


def test_a_row_of_a_group_that_loses_its_last_member_says_so() -> None:
    store = branch()
    made = plan(store, wanted(**sales(remove=["jim", "dwight"])))
    (found,) = [row(one, read(store).name) for one in made.changes]
    assert (found["leaves"], found["empties"]) == (["dwight", "jim"], True)
    made = plan(store, wanted(**sales(remove=["jim"])))
    assert [row(one, str)["empties"] for one in made.changes] == [False]


def test_a_password_is_in_no_row() -> None:
    user = {"user_name": "pam", "password": "canary", "update_password": "always"}
    made = plan(branch(), wanted(users=[user]))
    (found,) = [row(one, str) for one in made.changes]
    assert found["changes"] == ["password"] and "canary" not in str(found)
    assert found["after"] == {"password": "********"}


def test_a_manager_in_a_row_is_named() -> None:
    store = branch()
    store["pam"]["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] = {
        "manager": {"value": store.id_of("jim")}
    }
    users = [
        {"user_name": "pam", "enterprise": {"manager": "new"}},
        {"user_name": "new", "enterprise": {"manager": "dwight"}},
    ]
    made = plan(store, wanted(users=users))
    rows = {one["name"]: one for one in (row(one, read(store).name) for one in made.changes)}
    path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"
    assert rows["pam"]["before"] == {path: "jim"} and rows["pam"]["after"] == {path: "new (new)"}
    assert rows["new"]["after"][path] == "dwight"
