# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services known by name show of their lists, filters and members."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import (
    answers_hide_members,
    by_cursor_only,
    groups_of_a_user,
    membership_filters_ignored,
    users_of_a_group,
)

BY_GROUP = {"members_read": "users_by_group"}
BY_USER = {"members_read": "groups_by_user"}
WAYS = pytest.mark.parametrize("caps", [BY_GROUP, BY_USER], ids=["by group", "by user"])


def hiding(*quirks: Quirk, users: int = 3, **more: Any) -> Quirky:
    """A service that never shows members, and finds them by filters."""
    server = Quirky(*quirks, answers_hide_members, users_of_a_group, groups_of_a_user, **more)
    for number in range(users):
        server.user(f"n{number}")
    return server


def exactly(**members: list[str]) -> dict[str, Any]:
    """A directory of groups with exact members."""
    groups = [{"display_name": name, "members": {"set": one}} for name, one in members.items()]
    return {"groups": groups}


# members by a filter (AWS, Entra)


@WAYS
def test_b3_exact_members_are_set_where_groups_never_show_them(caps: dict[str, Any]) -> None:
    server = hiding()
    server.group("staff", ["n0", "n1"])
    assert run(server, caps=caps, **exactly(staff=["n1", "n2"])).changed
    assert server.members("staff") == {"n1", "n2"}
    server.forget()
    assert not run(server, caps=caps, **exactly(staff=["n1", "n2"])).changed
    assert not server.log


@WAYS
@pytest.mark.parametrize("check", [False, True])
def test_b3_members_of_many_pages_are_read_to_the_end(caps: dict[str, Any], check: bool) -> None:
    server = hiding(users=30, page=7)
    server.group("staff", [f"n{one}" for one in range(25)])
    server.group("other", ["n29"])
    kept = [f"n{one}" for one in range(24)]
    found = run(server, caps=caps, check=check, **exactly(staff=kept, other=["n29"]))
    assert found.changed
    assert bool(server.log) is not check
    assert server.members("staff") == ({*kept} if not check else {*kept, "n24"})


@WAYS
def test_b3_an_empty_group_is_filled_and_emptied(caps: dict[str, Any]) -> None:
    server = hiding()
    server.group("staff")
    assert run(server, caps=caps, **exactly(staff=["n0"])).changed
    assert server.members("staff") == {"n0"}
    assert run(server, caps=caps, **exactly(staff=[])).changed
    assert not server.members("staff")


def test_b3_members_that_were_not_named_by_a_filter_are_never_removed() -> None:
    """The list of a group's users is cut, and its total shows that."""
    server = hiding(users=20)
    server.group("staff", [f"n{one}" for one in range(20)])

    def cut(_server: Quirky, asked: Any, honest: Any) -> Any:
        answer = honest(asked)
        if "groups.value" in asked.query.get("filter", "") and answer.status == 200:
            if asked.query.get("startIndex", "1") != "1":
                answer.body["Resources"] = []
            answer.body["Resources"] = answer.body["Resources"][:5]
        return answer

    server.quirks.insert(0, cut)
    with pytest.raises(ScimError, match="not complete"):
        run(server, caps=BY_GROUP, **exactly(staff=["n0"]))
    assert not server.log


@WAYS
def test_b3_a_filter_that_is_ignored_removes_and_adds_nobody(caps: dict[str, Any]) -> None:
    server = Quirky(answers_hide_members, membership_filters_ignored)
    for number in range(3):
        server.user(f"n{number}")
    server.group("staff", ["n0", "n1"])
    with pytest.raises(ScimError, match="members_read"):
        run(server, caps=caps, **exactly(staff=["n1"]))
    assert not server.log and server.members("staff") == {"n0", "n1"}


@WAYS
def test_b3_leavers_are_found_where_groups_never_show_members(caps: dict[str, Any]) -> None:
    server = hiding(users=4)
    server.group("staff", ["n0", "n1", "n2"])
    server.group("kept by hand", ["n1"])
    policy = Policy(leavers="inactive")
    run(
        server,
        caps=caps,
        policy=policy,
        teams=[{"name": "staff", "members": [{"user_name": "n0"}]}],
    )
    assert server.members("staff") == {"n0"}
    assert server["n2"]["active"] is False
    assert server["n1"]["active"] is True


@WAYS
def test_b3_removals_that_do_not_take_are_seen(caps: dict[str, Any]) -> None:
    server = hiding()
    server.group("staff", ["n0", "n1"])

    def deaf(_server: Quirky, asked: Any, honest: Any) -> Any:
        if asked.method == "PATCH":
            return honest(type(asked)("GET", asked.segments, {}, None))
        return honest(asked)

    server.quirks.insert(0, deaf)
    with web.hostile(store=server) as service:
        said = web.run(
            service,
            "scim_group",
            display_name="staff",
            members={"set": ["n0"]},
            connection={"capabilities": caps},
        )
    assert said.failure or "members" in said.result.get("not_saved", [])
    assert not said.changed


@WAYS
def test_b3_group_info_returns_members_where_groups_never_show_them(caps: dict[str, Any]) -> None:
    server = hiding()
    server.group("staff", ["n0", "n1"])
    server.group("empty")
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", connection={"capabilities": caps})
    assert not said.warnings
    members = [[row["value"] for row in one["members"]] for one in said.result["groups"]]
    assert members == [[server.id_of("n0"), server.id_of("n1")], []]


def test_b3_one_filter_is_asked_for_each_group_and_one_read_for_each_write() -> None:
    server = hiding(users=6)
    names = [f"g{number}" for number in range(5)]
    for number, name in enumerate(names):
        server.group(name, [f"n{number}"])
    wanted = exactly(**{name: [f"n{number}"] for number, name in enumerate(names)})
    assert not run(server, caps=BY_GROUP, **wanted).changed
    filters = [one for one in server.asked if "groups.value" in one.query.get("filter", "")]
    assert len(filters) == len(names)
    assert not [one for one in server.asked if one.method == "GET" and len(one.segments) > 1]


def test_b3_the_smaller_number_of_requests_is_chosen_where_both_filters_work() -> None:
    server = hiding(users=2)
    names = [f"g{number}" for number in range(9)]
    for name in names:
        server.group(name, ["n0"])
    caps = {
        **BY_GROUP,
        "filter_attributes": [
            "User.userName",
            "User.groups.value",
            "Group.displayName",
            "Group.members.value",
        ],
    }
    policy = Policy(purge={"User": "inactive"})
    directory = {
        **exactly(**{name: ["n0"] for name in names}),
        "users": [{"user_name": "n0"}, {"user_name": "n1"}],
    }
    assert not run(server, caps=caps, policy=policy, **directory).changed
    asked = [one.query["filter"] for one in server.asked if "filter" in one.query]
    assert len([one for one in asked if "members.value" in one]) == 2
    assert not [one for one in asked if "groups.value" in one]


def test_members_through_a_nested_group_are_no_direct_members() -> None:
    """Users name such a group as `indirect` (Keycloak)."""
    server = hiding()
    server.group("staff", ["n0", "n1"])
    staff = server.id_of("staff")
    server["n0"]["groups"] = [{"value": staff, "type": "direct"}]
    server["n1"]["groups"] = [{"value": staff, "type": "Indirect"}]
    run(server, caps=BY_GROUP, **exactly(staff=["n0"]))
    assert server.members("staff") == {"n0", "n1"} and not server.log


def test_exact_members_are_refused_where_they_cannot_be_read() -> None:
    server = hiding()
    server.group("staff", ["n0"])
    directory = exactly(staff=["n1"])
    with pytest.raises(ScimError, match="cannot be read.*add or remove"):
        run(server, caps={"members_read": "none"}, **directory)
    assert not server.log
    added = {"groups": [{"display_name": "staff", "members": {"add": ["n1"]}}]}
    assert run(server, caps={"members_read": "none"}, **added).changed
    assert server.members("staff") == {"n0", "n1"}


# B1: pages


@pytest.mark.parametrize("totals", [True, False])
@WAYS
def test_b1_lists_are_read_by_cursor_from_the_first_page(totals: bool, caps: Any) -> None:
    server = hiding(by_cursor_only(10, totals=totals), users=35)
    server.group("staff", [f"n{one}" for one in range(30)])
    wanted = [f"n{one}" for one in range(5, 35)]
    caps = {**caps, "paging": "cursor", "page_size": 10}
    assert run(server, caps=caps, **exactly(staff=wanted)).changed
    assert server.members("staff") == set(wanted)
    lists = [one for one in server.asked if one.lists]
    assert lists and all("startIndex" not in one.query for one in lists)
    assert all("cursor" in one.query and "count" in one.query for one in lists)
    server.forget()
    assert not run(server, caps=caps, **exactly(staff=wanted)).changed
