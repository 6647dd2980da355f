# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services known by name show of their lists, filters and members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy, Scope
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    members_by_id_only,
    members_cut,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    NAMES,
    listed,
    without_inactive,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import (
    answers_hide_members,
    attributes_refused,
    by_cursor_only,
    filters_by,
    groups_of_a_user,
    membership_filters_ignored,
    only_by,
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


def test_b3_exact_members_are_refused_where_they_cannot_be_read() -> None:
    server = hiding()
    server.group("staff", ["n0"])
    directory = exactly(staff=["n1"])
    with pytest.raises(ScimError, match="cannot be read.*add or remove"):
        run(server, caps={"members_read": "none"}, **directory)
    assert not server.log
    with pytest.raises(ScimError, match="cannot be read.*add or remove"):
        run(server, caps={"members_read": "none"}, **exactly(new=["n1"]))
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


# filters that a service does not have

NARROW = {"filter_attributes": ["User.userName", "Group.displayName"], "filter_clauses": 1}


def narrow(*quirks: Quirk, empty: bool = False, users: int = 3) -> Quirky:
    """A service that filters by names only (Sentry, Miro)."""
    known = only_by(Users=("userName",), Groups=("displayName",))
    server = Quirky(*quirks, filters_by(known, empty=empty))
    for number in range(users):
        server.user(f"n{number}", externalId=f"e{number}")
    return server


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("check", [False, True])
def test_keys_without_a_filter_are_found_in_a_listing(empty: bool, check: bool) -> None:
    """The user has another name in the service; only the external id tells."""
    server = narrow(empty=empty)
    wanted = {"users": [{"user_name": "renamed", "external_id": "e1"}]}
    assert run(server, caps=NARROW, check=check, **wanted).changed
    assert server.names("Users") == ({"n0", "n1", "n2"} if check else {"n0", "renamed", "n2"})
    filters = [one.query["filter"] for one in server.asked if "filter" in one.query]
    assert filters and not [one for one in filters if "externalId" in one]


def test_keys_without_a_filter_cost_nothing_where_the_name_finds_the_resource() -> None:
    server = narrow(users=4)
    wanted = {"users": [{"user_name": "n1", "external_id": "e1"}]}
    assert not run(server, caps=NARROW, **wanted).changed
    assert len(server.asked) == 1 and "filter" in server.asked[0].query


def test_a_key_that_another_resource_has_stops_the_run() -> None:
    server = narrow()
    wanted = {"users": [{"user_name": "n1", "external_id": "e2"}]}
    with pytest.raises(ScimError):
        run(server, caps=NARROW, **wanted)
    assert not server.log


def test_keys_that_the_service_does_not_store_are_not_looked_for() -> None:
    """Users have no external id (Databricks)."""
    server = narrow(users=5)
    del server["n1"]["externalId"]
    caps = {**NARROW, "unsaved": ["User.externalId"]}
    wanted = {"users": [{"user_name": "n1", "external_id": "e1"}]}
    assert not run(server, caps=caps, **wanted).changed
    assert not [one for one in server.asked if one.is_listing]


def test_ids_are_read_one_by_one_where_no_filter_finds_them() -> None:
    server = narrow(users=6)
    server.group("staff", ["n0", "n1"])
    policy = Policy(reads_names=True)
    assert run(server, caps=NARROW, policy=policy, **exactly(staff=[])).changed
    filters = [one.query["filter"] for one in server.asked if "filter" in one.query]
    assert filters and not [one for one in filters if one.startswith("id ")]


@pytest.mark.parametrize("more", [{}, {"filter_attributes": ["User.userName"]}])
def test_an_empty_answer_proves_nothing_where_unknown_filters_find_nothing(
    more: dict[str, Any],
) -> None:
    server = narrow(empty=True)
    wanted = {"users": [{"user_name": "renamed", "external_id": "e1"}]}
    caps = {"filter_unknown": "empty", "filter_clauses": 1, **more}
    assert run(server, caps=caps, **wanted).changed
    assert server.names("Users") == {"n0", "renamed", "n2"}
    assert [one.method for one in server.asked if one.method != "GET"] == ["PATCH"]


def test_keys_that_filters_find_need_no_listing_where_unknown_filters_find_nothing() -> None:
    """Lists are samples (Snowflake): the name is asked for, though the other key found nothing."""

    def sampling(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.is_listing or asked.kind not in NAMES:
            return honest(asked)
        return listed([{"id": "sample", NAMES[asked.kind]: "sample"}], asked.query)

    server = narrow(sampling, empty=True)
    server.group("staff", ["n0"], externalId="g1")
    caps = {"filter_unknown": "empty", "filter_clauses": 1}
    users = [{"user_name": f"n{one}", "external_id": f"e{one}"} for one in range(3)]
    groups = [{"display_name": "staff", "external_id": "g1", "members": {"set": ["n0"]}}]
    assert not run(server, caps=caps, users=users, groups=groups).changed


def test_comparisons_that_must_be_alone_are_asked_alone() -> None:
    def known(_kind: str, wanted: list[tuple[str, str]]) -> bool:
        return len(wanted) == 1 or "externalId" not in [path for path, _value in wanted]

    server = Quirky(filters_by(known))
    for number in range(3):
        server.user(f"n{number}", externalId=f"e{number}")
    users = [{"user_name": f"n{one}", "external_id": f"e{one}"} for one in range(2)]
    assert not run(server, caps={"filter_alone": ["User.externalId"]}, users=users).changed
    refused = [one for one in server.asked if " or externalId" in one.query.get("filter", "")]
    assert not refused


@pytest.mark.parametrize("check", [False, True])
def test_names_that_a_filter_misreads_are_found_in_a_listing(check: bool) -> None:
    def known(_kind: str, wanted: list[tuple[str, str]]) -> bool:
        return not [value for _path, value in wanted if "," in value or " eq " in value]

    server = Quirky(filters_by(known, empty=True))
    server.user("a, b")
    server.group("x eq y", ["a, b"])
    server.group("c, d")
    wanted = {
        "users": [{"user_name": "a, b", "title": "boss"}],
        "groups": [
            {"display_name": "x eq y", "members": {"set": ["a, b"]}},
            {"display_name": "c, d", "members": {"set": ["a, b"]}},
        ],
    }
    caps = {"filter_unsafe": [",", " eq "]}
    assert run(server, caps=caps, check=check, **wanted).changed
    sent = [one.query["filter"] for one in server.asked if "filter" in one.query]
    assert not [one for one in sent if "a, b" in one or "x eq y" in one]
    assert len(server.names("Groups")) == 2 and len(server.names("Users")) == 1
    if not check:
        assert server.members("c, d") == {"a, b"}


@pytest.mark.parametrize(
    ("name", "caps"),
    [("a, b", {"filter_unsafe": [","]}), ("ab", {"filter_attributes": ["externalId"]})],
)
def test_info_modules_find_names_that_no_filter_finds(name: str, caps: dict[str, Any]) -> None:
    server = Quirky(filters_by(lambda _kind, _wanted: False))
    server.group(name)
    server.user(name)
    with web.hostile(store=server) as service:
        said = web.run(
            service, "scim_group_info", display_name=name, connection={"capabilities": caps}
        )
        users = web.run(
            service, "scim_user_info", user_name=name, connection={"capabilities": caps}
        )
    assert [one["displayName"] for one in said.result["groups"]] == [name]
    assert [one["userName"] for one in users.result["users"]] == [name]
    assert not [one for one in server.asked if "displayName" in one.query.get("filter", "")]


# all of it together

LARGE = {
    "members_read": "users_by_group",
    "paging": "cursor",
    "page_size": 100,
    "filter_clauses": 1,
    "filter_attributes": [
        "User.userName",
        "User.externalId",
        "User.groups.value",
        "Group.displayName",
        "Group.externalId",
        "Group.members.value",
    ],
    "patch_attributes": False,
    "members_per_patch": 100,
    "create_members": 100,
    "put": False,
    "patch": True,
}
USER_PATHS = ("userName", "externalId", "groups.value")
GROUP_PATHS = ("displayName", "externalId", "members.value")


def large(number: int, *, totals: bool = True, **more: Any) -> Quirky:
    """A service that reads as AWS and Entra do."""
    known = only_by(Users=USER_PATHS, Groups=GROUP_PATHS)
    server = hiding(
        by_cursor_only(100, totals=totals),
        attributes_refused,
        filters_by(known),
        users=0,
        **more,
    )
    for one in range(number):
        server.user(f"p{one}@example.com", externalId=f"e{one}")
    return server


def person(number: int, **more: Any) -> dict[str, Any]:
    """A user of the input."""
    return {"user_name": f"p{number}@example.com", "external_id": f"e{number}", **more}


def teams(members: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A directory of teams."""
    return {"teams": [{"name": name, "members": users} for name, users in members.items()]}


@pytest.mark.parametrize("totals", [True, False])
def test_b1_120_people_join_move_and_leave(totals: bool) -> None:
    server = large(0, totals=totals)
    policy = Policy(leavers="inactive")
    names = [f"team {one}" for one in range(4)]
    first = {
        name: [person(one) for one in range(120) if one % 4 == number]
        for number, name in enumerate(names)
    }
    assert run(server, caps=LARGE, policy=policy, **teams(first)).changed
    assert all(len(server.members(name)) == 30 for name in names)
    server.forget()
    assert not run(server, caps=LARGE, policy=policy, **teams(first)).changed
    assert not server.log
    second = {name: list(users) for name, users in first.items()}
    moved, left = second["team 0"].pop(), second["team 1"].pop()
    second["team 2"].append(moved)
    second["team 3"].append(person(200))
    second["team 2"][0] = {**second["team 2"][0], "user_name": "renamed@example.com"}
    predicted = run(server, caps=LARGE, policy=policy, check=True, **teams(second))
    assert predicted.changed and not server.log
    done = run(server, caps=LARGE, policy=policy, **teams(second))
    assert done.changed and not done.failures
    assert [len(server.members(name)) for name in names] == [29, 29, 31, 31]
    assert moved["user_name"] in server.members("team 2")
    assert "renamed@example.com" in server.members("team 2")
    assert server[left["user_name"]]["active"] is False
    assert server[moved["user_name"]]["active"] is True
    server.forget()
    assert not run(server, caps=LARGE, policy=policy, **teams(second)).changed
    assert not server.log


# B1, B2, B10, B11, B13, B15, B16 of the list of what breaks sync tools


@pytest.mark.parametrize("cap", [10, 50])
def test_b1_small_default_pages_are_read_to_the_end(cap: int) -> None:
    """The first page is not the whole (Slack: 10, AWS tools: 50)."""
    server = Quirky(page=cap)
    names = [f"p{number}@example.com" for number in range(120)]
    for name in names:
        server.user(name)
    server.group("staff", names)
    users = [{"user_name": name} for name in names]
    policy = Policy(purge={"User": "absent"})
    assert not run(server, policy=policy, users=users, **exactly(staff=names)).changed
    server.forget()
    assert run(server, policy=policy, users=users[:-1], **exactly(staff=names[:-1])).changed
    assert server.names("Users") == set(names[:-1])


@pytest.mark.parametrize("paging", ["index", "cursor"])
def test_b1_a_page_says_itself_how_large_it_is(paging: str) -> None:
    """`itemsPerPage` is larger than the page: it does not end the list."""

    def boasting(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return altered(honest(asked), lambda body: {**body, "itemsPerPage": 100})

    cursors = [by_cursor_only(10)] if paging == "cursor" else []
    server = Quirky(boasting, *cursors, page=10)
    for number in range(35):
        server.user(f"n{number}")
    users = [{"user_name": f"n{number}"} for number in range(35)]
    policy = Policy(purge={"User": "absent"})
    assert not run(server, caps={"paging": paging}, policy=policy, users=users).changed


@pytest.mark.parametrize("purge", ["none", "absent"])
def test_b2_rows_lost_while_someone_deletes_are_neither_removed_nor_made_twice(purge: str) -> None:
    """A deletion between two pages moves the rows, and one is passed over."""
    server = Quirky(page=20)
    for number in range(60):
        server.user(f"n{number}")
    pages = []

    def deleting(store: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.is_listing and asked.kind == "Users":
            pages.append(asked)
            if len(pages) == 2:
                del store.held["Users"][store.id_of("n0")]
        return honest(asked)

    server.quirks.insert(0, deleting)
    users = [{"user_name": f"n{number}"} for number in range(1, 60)]
    policy = Policy(purge={"User": purge})
    try:
        assert not run(server, caps={"filters": False}, policy=policy, users=users).changed
    except ScimError as refusal:
        assert "not complete" in str(refusal) and purge == "absent"
    assert len(pages) > 1 and not server.log
    assert server.names("Users") == {f"n{number}" for number in range(1, 60)}


def test_b2_rows_that_come_twice_count_once() -> None:
    server = Quirky(page=10)
    for number in range(25):
        server.user(f"n{number}")
    pages = []

    def adding(store: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.is_listing and asked.kind == "Users":
            pages.append(asked)
            if len(pages) == 2:
                users = store.held["Users"]
                store.held["Users"] = {
                    "u0": {**users["u1"], "id": "u0", "userName": "new"},
                    **users,
                }
        return honest(asked)

    server.quirks.insert(0, adding)
    users = [{"user_name": f"n{number}"} for number in range(25)]
    assert not run(server, users=users).changed


@pytest.mark.parametrize(
    ("form", "rewritten"), [("slug", "new-devs"), ("lower", "new devs"), ("opaque", "x81")]
)
def test_b10_a_name_that_the_service_rewrites_is_written_once(form: str, rewritten: str) -> None:
    def rewriting(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        filtered = asked.query.get("filter", "")
        if asked.kind == "Groups" and "New Devs" in filtered:
            return honest(asked.asking(filter=filtered.replace("New Devs", rewritten)))
        if asked.method == "POST" and asked.kind == "Groups":
            body = {**asked.body, "displayName": rewritten}
            return honest(replace(asked, body=body))
        return honest(asked)

    server = Quirky(rewriting)
    server.user("ann")
    caps = {"rewrite": {"Group.displayName": form}}
    wanted = {"groups": [{"display_name": "New Devs", "members": {"set": ["ann"]}}]}
    assert run(server, caps=caps, **wanted).changed
    for _again in range(2):
        server.forget()
        assert not run(server, caps=caps, **wanted).changed
        assert not server.log
    assert server.names("Groups") == {rewritten} and server.members(rewritten) == {"ann"}
    with web.hostile(store=server) as service:
        more = {"connection": {"capabilities": caps}, "display_name": "New Devs"}
        said = web.run(service, "scim_group_info", **more)
        assert [one["displayName"] for one in said.result["groups"]] == [rewritten]
        assert [one["value"] for one in said.result["groups"][0]["members"]] == [
            server.id_of("ann")
        ]
        said = web.run(service, "scim_group_info", attributes=["externalId"], **more)
        assert [one["id"] for one in said.result["groups"]] == [server.id_of(rewritten)]
        assert "members" not in said.result["groups"][0]
        other = {**more, "display_name": "Others"}
        assert not web.run(service, "scim_group_info", **other).result["groups"]


def test_b10_a_filter_that_is_ignored_names_no_other_group() -> None:
    """The only group is not the one that is asked for, though its name may be any."""

    def ignoring(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return honest(asked.without("filter")) if asked.kind == "Groups" else honest(asked)

    server = Quirky(ignoring)
    server.group("other")
    more = {"connection": {"capabilities": {"rewrite": {"Group.displayName": "opaque"}}}}
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", display_name="New Devs", **more)
    assert not said.failure and not said.result["groups"]


def deactivates(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """DELETE of a user deactivates it; its name stays taken (Slack)."""
    if asked.method == "DELETE" and asked.kind == "Users":
        server.held["Users"][asked.segments[1]]["active"] = False
        return Answer(204)
    return honest(asked)


@pytest.mark.parametrize("more", [[], [without_inactive]], ids=["listed", "not listed"])
def test_b11_a_deactivated_user_counts_as_deleted_and_is_reactivated(more: list[Quirk]) -> None:
    server = Quirky(deactivates, *more)
    server.user("ann")
    caps = {"delete_user": "inactive"}
    gone = {"users": [{"user_name": "ann", "state": "absent"}]}
    assert run(server, caps=caps, **gone).changed
    assert server["ann"]["active"] is False
    server.forget()
    assert not run(server, caps=caps, **gone).changed
    assert not server.log
    back = run(server, caps=caps, users=[{"user_name": "ann", "active": True}])
    assert back.changed and server["ann"]["active"] is True
    assert server.names("Users") == {"ann"} and not server.sent("POST")


def test_b13_members_of_one_group_are_changed_together() -> None:
    server = Quirky()
    for number in range(6):
        server.user(f"n{number}")
    server.group("staff", ["n0", "n1"])
    assert run(server, **exactly(staff=["n1", "n2", "n3", "n4"])).changed
    assert server.members("staff") == {"n1", "n2", "n3", "n4"}
    writes = [one for one in server.asked if one.method != "GET"]
    assert len(writes) <= 2 and {one.segments for one in writes} == {writes[0].segments}


def test_b13_members_that_another_writer_added_meanwhile_stay() -> None:
    server = Quirky()
    for number in range(4):
        server.user(f"n{number}")
    server.group("staff", ["n0"])

    def racing(store: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            rows = store["staff"].setdefault("members", [])
            if store.id_of("n3") not in [one["value"] for one in rows]:
                rows.append({"value": store.id_of("n3")})
        return honest(asked)

    server.quirks.insert(0, racing)
    run(server, **exactly(staff=["n0", "n1"]))
    assert {"n0", "n1", "n3"} <= server.members("staff")


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {}])
def test_b15_a_throttled_request_is_sent_again(headers: dict[str, str]) -> None:
    server = Quirky()
    server.user("ann")
    seen: list[str] = []

    def throttled(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        seen.append(asked.target)
        if seen.count(asked.target) % 2:
            body = {"detail": "ThrottlingException", "status": "429"}
            return web.Reply(429, body, headers)
        return honest()

    with web.hostile(store=server, spell=throttled) as service:
        wanted = {"display_name": "staff", "members": {"set": ["ann"]}}
        assert web.run(service, "scim_group", **wanted).changed
        again = web.run(service, "scim_group", **wanted)
    assert not again.failure and not again.changed
    assert server.members("staff") == {"ann"} and len(server.names("Groups")) == 1


def test_b16_what_the_scope_does_not_name_is_never_touched() -> None:
    """Another program writes users of its own (GitHub EMU beside a partner)."""
    server = Quirky()
    server.user("ours", externalId="ours-1")
    server.user("kept", externalId="ours-0")
    server.user("theirs", externalId="theirs-1")
    server.group("their team", ["theirs"])
    policy = Policy(
        purge={"User": "absent"},
        scope={"User": Scope(filter='externalId sw "ours-"')},
        leavers="inactive",
    )
    users = [
        {"user_name": "kept", "external_id": "ours-0"},
        {"user_name": "new", "external_id": "ours-2"},
    ]
    assert run(server, policy=policy, users=users).changed
    assert server.names("Users") == {"theirs", "kept", "new"}
    assert server.members("their team") == {"theirs"}
    theirs = (server.id_of("theirs"), server.id_of("their team"))
    touched = [one for one in server.asked if one.method != "GET" and len(one.segments) > 1]
    assert not [one for one in touched if one.segments[1] in theirs]


# a limit of members that groups show


@pytest.mark.parametrize("limit", [7, 10])
@pytest.mark.parametrize("quirks", [[], [members_by_id_only]], ids=["list", "by id"])
def test_a_group_with_as_many_members_as_are_shown_may_have_others(
    limit: int, quirks: list[Quirk]
) -> None:
    """Sentry shows 10,000 members at most."""
    server = Quirky(members_cut(limit), *quirks)
    names = [f"n{number}" for number in range(12)]
    for name in names:
        server.user(name)
    server.group("large", names[:11])
    server.group("small", names[: limit - 1])
    caps = {"members_limit": limit, "members_read": "get" if quirks else "ask"}
    with pytest.raises(ScimError, match="'large'.*cannot be read.*add or remove"):
        run(server, caps=caps, **exactly(large=names[:11]))
    assert not server.log
    assert run(server, caps=caps, **exactly(small=names[1 : limit - 1])).changed
    added = {"groups": [{"display_name": "large", "members": {"add": [names[11]]}}]}
    run(server, caps=caps, **added)
    assert len(server.members("large")) == 12


def test_a_leaver_stays_active_if_a_group_may_have_more_members_than_it_shows() -> None:
    server = Quirky(members_cut(7))
    names = [f"n{number}" for number in range(12)]
    for name in names:
        server.user(name)
    server.group("large", names)
    server.group("staff", ["n0", "n11"])
    team = {"name": "staff", "members": [{"user_name": "n0"}]}
    policy = Policy(leavers="inactive")
    try:
        run(server, caps={"members_limit": 7, "members_read": "ask"}, policy=policy, teams=[team])
    except ScimError:
        assert not server.log
    assert server["n11"]["active"] is True
