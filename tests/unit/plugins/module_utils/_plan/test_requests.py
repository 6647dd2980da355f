# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a change is written: the words of the service, secrets last, and what is shown of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.change import before_after, row
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import (
    Request,
    requests_for,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    plan,
    read,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def office() -> Store:
    store = Store()
    store.user("pam", title="Receptionist", emails=[{"value": "pam@x.org", "type": "work"}])  # u1
    for name in ("jim", "dwight", "creed", "toby"):
        store.user(name)  # u2 … u5
    store.group("Sales", ["jim", "dwight"])  # g6
    return store


def written(directory: dict[str, Any], **caps: Any) -> list[Request]:
    made = plan(office(), wanted(**directory), **caps)
    return [
        request for change in made.changes for request in requests_for(change, overridden(caps))
    ]


def shape(found: list[Request]) -> list[Any]:
    return [
        [(one["op"], one["path"]) for one in request.shown["body"]["Operations"]]
        for request in found
    ]


def sales(**members: Any) -> dict[str, Any]:
    return {
        "groups": [
            {
                "display_name": "Sales",
                **{key: members.pop(key) for key in ("external_id",) if key in members},
                "members": members,
            }
        ]
    }


def test_an_update_asks_for_its_answer() -> None:
    (request,) = written(
        {
            "users": [
                {
                    "user_name": "pam",
                    "title": "Office Administrator",
                    "emails": [{"value": "p@x.org", "type": "work"}],
                }
            ]
        }
    )
    assert (request.method, request.segments, request.query) == (
        "PATCH",
        ("Users", "u1"),
        {"attributes": "title,emails,userName,active"},
    )


def test_joins_and_leaves_travel_in_one_patch_joins_first() -> None:
    found = written(sales(add=["pam"], remove=["jim", "dwight"]))
    assert shape(found) == [
        [
            ("add", "members"),
            ("remove", 'members[value eq "u2"]'),
            ("remove", 'members[value eq "u3"]'),
        ]
    ]


@pytest.mark.parametrize(
    "caps, expected",
    [
        ({"member_remove": "list"}, [["a", "+", "-"]]),
        ({"patch_mix": "members_apart"}, [["a"], ["+", "-", "-"]]),
        ({"patch_mix": "add_remove_apart"}, [["a"], ["+"], ["-", "-"]]),
        ({"members_per_patch": 2}, [["a", "+"], ["-", "-"]]),
        ({"members_per_patch": 1}, [["a", "+"], ["+"], ["-"], ["-"]]),
        ({"removals_per_patch": 1}, [["a", "+", "-"], ["-"]]),
        ({"patch_operations": 2}, [["a", "+"], ["-", "-"]]),
        ({"patch_operations": 1}, [["a"], ["+"], ["-"], ["-"]]),
        ({"member_remove": "list", "removals_per_patch": 1}, [["a", "+", "-"], ["-"]]),
        ({}, [["a", "+", "-", "-"]]),
    ],
)
def test_limits(caps: dict[str, Any], expected: list[Any]) -> None:
    found = written(sales(external_id="x", add=["pam", "creed"], remove=["jim", "dwight"]), **caps)
    letters = {("add", "members"): "+", ("add", "externalId"): "a"}
    assert [[letters.get(one, "-") for one in ops] for ops in shape(found)] == expected


def test_members_of_a_new_group() -> None:
    rows = {"groups": [{"display_name": "New", "members": {"set": ["pam", "jim", "dwight"]}}]}
    assert [one.method for one in written(rows)] == ["POST"]
    assert [one.method for one in written(rows, members_per_patch=2)] == ["POST", "PATCH"]
    apart = written(rows, create_members=False)
    assert [one.method for one in apart] == ["POST", "PATCH"] and "members" not in apart[0].shown[
        "body"
    ]


def test_put_loses_nothing_that_is_not_managed() -> None:
    (request,) = written(
        {"users": [{"user_name": "pam", "nick_name": "p", "update_method": "put"}]}
    )
    body = request.shown["body"]
    assert (request.method, body["id"], body["title"], body["nickName"], body["active"]) == (
        "PUT",
        "u1",
        "Receptionist",
        "p",
        True,
    )
    (request,) = written(sales(add=["pam"], remove=["jim"]), patch=False)
    assert [one["value"] for one in request.shown["body"]["members"]] == ["u1", "u3"]


@pytest.mark.parametrize(
    "user, caps, said",
    [
        (
            {"update_method": "put"},
            {"put": False},
            "changing user 'pam': the service has no PUT for Users; see update_method and the option capabilities",
        ),
        (
            {"update_method": "patch"},
            {"patch": False},
            "changing user 'pam': the service has no PATCH for Users; see update_method and the option capabilities",
        ),
        (
            {},
            {"patch": False, "put": False},
            "changing user 'pam': the service has no PUT for Users and no PATCH; see update_method and the option capabilities",
        ),
    ],
)
def test_no_word_for_it(user: dict[str, Any], caps: dict[str, Any], said: str) -> None:
    with pytest.raises(ScimError) as info:
        written({"users": [{"user_name": "pam", "title": "x", **user}]}, **caps)
    assert str(info.value) == said


# secrets


def test_a_password_is_sent_at_creation_only_and_never_shown() -> None:
    rows: dict[str, Any] = {
        "users": [
            {
                "user_name": name,
                "password": "hunter2-canary",
                "secret_attributes": {"urn:x:2.0:User": {"pin": "4711-canary"}},
            }
            for name in ("new", "pam")
        ]
    }
    (request,) = written(rows)
    assert request.method == "POST" and "canary" not in repr(request) + str(request.shown)
    assert request.shown["body"]["password"] == "********"
    _segments, body = request.sendable({})
    assert (body["password"], body["urn:x:2.0:User"]["pin"]) == ("hunter2-canary", "4711-canary")


@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
def test_a_password_that_is_always_sent(caps: dict[str, Any]) -> None:
    made = plan(
        office(),
        wanted(
            users=[{"user_name": "pam", "password": "hunter2-canary", "update_password": "always"}]
        ),
        **caps,
    )
    (change,) = made.changes
    (request,) = requests_for(change, overridden(caps))
    assert "canary" not in repr(made) + repr(change) + repr(request) + str(request.shown) + str(
        before_after(change, str)
    ) + str(row(change, str))
    _segments, body = request.sendable({})
    sent = body["password"] if caps else body["Operations"][0]["value"]
    assert sent == "hunter2-canary"


# ids that do not exist yet


def test_what_is_created_in_the_same_run_is_called_by_name_until_it_has_an_id() -> None:
    found = written(
        {
            "users": [
                {"user_name": "new"},
                {"user_name": "assistant", "enterprise": {"manager": "new"}},
            ],
            "groups": [{"display_name": "Sales", "members": {"add": ["new"]}}],
        }
    )
    assert [one.method for one in found] == ["POST", "POST", "PATCH"]
    assert found[2].shown["body"]["Operations"][0]["value"] == [{"value": "bulkId:new"}]
    ids = {"bulkId:new": "u77"}
    assert "bulkId:" not in str([one.sendable(ids)[1] for one in found])
    assert found[2].sendable(ids)[1]["Operations"][0]["value"] == [{"value": "u77"}]


def test_a_user_and_a_group_of_one_name_are_told_apart() -> None:
    made = plan(
        Store(),
        wanted(
            users=[{"user_name": "sales"}],
            groups=[{"display_name": "sales", "members": {"set": ["sales"]}}],
        ),
    )
    assert len({one.ident for one in made.changes}) == 2


# diff


def diff(directory: dict[str, Any]) -> dict[str, Any]:
    store = office()
    made = plan(store, wanted(**directory))
    (change,) = made.changes
    return before_after(change, read(store).name)


def test_a_diff_is_flat_and_says_who_it_is_about() -> None:
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


def test_members_in_a_diff_are_the_names_that_join_and_leave() -> None:
    assert diff(sales(add=["toby", "creed", "jim"], remove=["dwight"])) == {
        "before": {"members": ["dwight"]},
        "after": {"members": ["creed", "toby"]},
        "before_header": "group Sales (g6)",
        "after_header": "group Sales (g6)",
    }


def test_a_diff_of_a_creation_and_of_a_deletion() -> None:
    assert diff({"users": [{"user_name": "new", "password": "hunter2"}]}) == {
        "before": {},
        "after": {"userName": "new", "password": "********"},
        "before_header": "user new (bulkId:new)",
        "after_header": "user new (bulkId:new)",
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


def test_rows_of_a_plan_have_names_and_no_values() -> None:
    store = office()
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
