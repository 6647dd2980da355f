# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a change is written: in the words of the service, secrets last."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    Content,
    Desired,
    Secrets,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import (
    Request,
    members_only,
    predicted_requests,
    rebased,
    replaces,
    requests_for,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    branch,
    plan,
    sales,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def written(directory: dict[str, Any], **caps: Any) -> list[Request]:
    made = plan(branch(), wanted(**directory), **caps)
    return [
        request for change in made.changes for request in requests_for(change, overridden(caps))
    ]


def shape(found: list[Request]) -> list[Any]:
    return [
        [(one["op"], one["path"]) for one in request.shown["body"]["Operations"]]
        for request in found
    ]


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
    assert [one["value"] for one in request.shown["body"]["members"]] == ["u3", "u1"]


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
        branch(),
        wanted(
            users=[{"user_name": "pam", "password": "hunter2-canary", "update_password": "always"}]
        ),
        **caps,
    )
    (change,) = made.changes
    (request,) = requests_for(change, overridden(caps))
    assert "canary" not in repr(made) + repr(change) + repr(request) + str(request.shown)
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


def test_a_user_and_a_group_of_one_name_have_different_ids() -> None:
    made = plan(
        Store(),
        wanted(
            users=[{"user_name": "sales"}],
            groups=[{"display_name": "sales", "members": {"set": ["sales"]}}],
        ),
    )
    assert len({one.key.id for one in made.changes}) == 2


# changes by themselves


def group(**more: Any) -> Change:
    """Return a change of the group g1, whose members are u1 and u2."""
    membership = MembershipChange(current=keys("u1", "u2"), **more)
    flat = {"displayName": "Sales"}
    desired = Desired(kind=GROUP, content=Content(attributes=flat))
    return Change(
        key=Key("Group", "g1"),
        name="Sales",
        desired=desired,
        before=flat,
        after=flat,
        membership=membership,
    )


def user(before: Any, after: Any, ident: str = "u1", **more: Any) -> Change:
    desired = Desired(kind=USER, content=Content(attributes=after or {}), **more)
    return Change(key=Key("User", ident), name="pam", desired=desired, before=before, after=after)


def keys(*idents: str) -> frozenset[Key]:
    return frozenset(Key("User", one) for one in idents)


def test_a_deleted_user_leaves_groups_without_a_predicted_removal() -> None:
    gone = user({"userName": "pam"}, None)
    leaves = (Key("User", "u1"), Key("User", "u2"))
    found = list(predicted_requests([gone, group(leaves=leaves)], overridden({})))
    assert [one.method for one in found] == ["DELETE", "PATCH"] and found[1].leaves == leaves[1:]
    (put,) = list(predicted_requests([gone, group(leaves=leaves)], overridden({"patch": False})))[
        1:
    ]
    assert put.body is not None and put.body["members"] == []


def test_a_deletion_that_may_only_deactivate_leaves_the_removal_predicted() -> None:
    gone = user({"userName": "pam"}, None)
    known = overridden({"delete_user": "inactive"})
    found = list(predicted_requests([gone, group(leaves=(Key("User", "u1"),))], known))
    assert [one.method for one in found] == ["DELETE", "PATCH"]


@pytest.mark.parametrize(("inactive", "sent"), [("removed", 1), ("kept", 2)])
def test_a_user_that_deactivation_removes_leaves_groups_with_that(inactive: str, sent: int) -> None:
    off = user({"userName": "pam", "active": True}, {"userName": "pam", "active": False})
    known = overridden({"inactive": inactive})
    found = list(predicted_requests([off, group(leaves=(Key("User", "u1"),))], known))
    assert [one.method for one in found] == ["PATCH"] * sent


def test_a_deleted_group_of_the_same_id_stays_a_member() -> None:
    gone = Change(
        key=Key("Group", "u1"),
        name="other",
        desired=Desired(kind=GROUP),
        before={"displayName": "other"},
        after=None,
    )
    found = list(predicted_requests([gone, group(leaves=(Key("User", "u1"),))], overridden({})))
    assert [one.method for one in found] == ["DELETE", "PATCH"]


def test_a_put_of_a_group_whose_members_are_not_known_is_refused() -> None:
    change = Change(
        key=Key("Group", "g1"),
        name="Sales",
        desired=Desired(kind=GROUP),
        before={"displayName": "Sales"},
        after={"displayName": "Sales", "externalId": "x"},
        membership=MembershipChange(current=None),
    )
    with pytest.raises(ScimError, match="replacing the whole group would lose them"):
        requests_for(change, overridden({"patch": False}))


def test_a_put_of_a_new_manager_leaves_out_the_name_of_the_old_one() -> None:
    path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    before = {"userName": "pam", f"{path}.value": "u8", f"{path}.displayName": "Jan"}
    (request,) = requests_for(
        user(before, {**before, f"{path}.value": "u9"}), overridden({"patch": False})
    )
    assert request.body is not None
    assert request.body[path.rpartition(":")[0]]["manager"] == {"value": "u9"}


@pytest.mark.parametrize(
    "method, patch, expected",
    [("auto", True, False), ("auto", False, True), ("patch", False, False), ("put", True, True)],
)
def test_what_is_written_by_put(method: str, patch: bool, expected: bool) -> None:
    change = user({"userName": "pam"}, {"userName": "pam", "title": "x"}, method=method)
    assert replaces(change, overridden({"patch": patch})) is expected


def test_a_change_of_members_alone_has_neither_attributes_nor_secrets() -> None:
    secrets = Secrets(attributes={"password": "canary"}, always=True)
    change = user({"userName": "pam"}, {"userName": "pam", "title": "x"}, secrets=secrets)
    rest = members_only(change, MembershipChange(current=frozenset(), joins=(Key("User", "u2"),)))
    assert not rest.paths and not rest.secrets.attributes and rest.joins == (Key("User", "u2"),)


def test_a_change_is_made_again_of_the_resource_as_it_is_now() -> None:
    change = user({"userName": "pam", "title": "a"}, {"userName": "pam", "title": "b"})
    now = {"id": "u1", "userName": "pam", "title": "c", "nickName": "p"}
    again = rebased(change, now, {}, overridden({}))
    assert again.before == {"userName": "pam", "title": "c", "nickName": "p"}
    assert again.after == {"userName": "pam", "title": "b", "nickName": "p"} and again.complete
    assert not rebased(change, {**now, "title": "b"}, {}, overridden({})).paths


def test_a_link_to_a_new_resource_is_compared_by_its_real_id() -> None:
    path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    change = user({"userName": "pam"}, {"userName": "pam", f"{path}.value": "bulkId:jan"})
    now = {"userName": "pam", path.rpartition(":")[0]: {"manager": {"value": "u7"}}}
    assert not rebased(change, now, {"bulkId:jan": "u7"}, overridden({})).paths


@pytest.mark.parametrize(
    ("patched", "row", "methods"),
    [
        (["User.title"], {"title": "x"}, ["PATCH"]),
        (["User.name"], {"name": {"given_name": "x"}}, ["PATCH"]),
        (["User.title"], {"title": "x", "nick_name": "y"}, ["PUT"]),
        (["User.title"], {"clear": ["title"]}, ["PUT"]),
        (["Group.members"], {"nick_name": "y"}, ["PATCH"]),
        (["User.title"], {"nick_name": "y", "update_method": "patch"}, ["PATCH"]),
    ],
)
def test_attributes_that_patch_does_not_set_are_written_by_put(
    patched: list[str], row: dict[str, Any], methods: list[str]
) -> None:
    found = written({"users": [{"user_name": "pam", **row}]}, patched=patched)
    assert [one.method for one in found] == methods


def test_members_are_patched_where_a_put_writes_the_attributes_of_a_group() -> None:
    known = {"patched": ["Group.members"], "put_members": "no"}
    (only,) = written(sales(add=["pam"]), **known)
    assert only.method == "PATCH"
    put, patch = written(sales(add=["pam"], external_id="x-1"), **known)
    assert put.method == "PUT" and "members" not in put.shown["body"]
    assert patch.method == "PATCH" and shape([patch]) == [[("add", "members")]]
    (whole,) = written(sales(add=["pam"], external_id="x-1"), patched=["Group.members"])
    assert whole.method == "PUT" and len(whole.shown["body"]["members"]) == 3
