# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which members join and leave each group, from everything that a task sets.

Nothing is guessed.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.member_rows import direct_groups
from ansible_collections.identity.scim.plugins.module_utils._plan.memberships import (
    settle_memberships,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.targets import match_targets
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    office,
    plan,
    planned,
    read,
    refusals,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


@pytest.mark.parametrize("named", ["ryan", "RYAN", "emp-7", "its id", "Ryan@example.com"])
def test_excepted_users_stay_in_the_team_and_active_and_others_leave(named: str) -> None:
    """O7: by every key that an inventory may know a user by."""
    store = office(red=["pam", "ryan", "toby"])
    store["ryan"].update(
        {
            "externalId": "emp-7",
            "emails": [
                {"value": "info@example.com"},
                {"value": "ryan@Example.com", "type": "work"},
            ],
        }
    )
    desired = wanted(
        teams=[team("red", "pam")],
        leavers_except=[store["ryan"]["id"] if named == "its id" else named],
    )
    converge(store, desired, INACTIVE)
    assert store.members("red") == {"pam", "ryan"}
    assert store["ryan"]["active"] and not store["toby"]["active"]
    settled(store, desired, INACTIVE)


def test_an_excepted_user_that_is_no_member_is_not_added() -> None:
    store = office(red=["pam"])
    store.user("ryan")
    desired = wanted(teams=[team("red", "pam")], leavers_except=["ryan"])
    settled(store, desired, INACTIVE)


def test_an_excepted_user_leaves_if_the_input_says_so() -> None:
    store = office(red=["pam", "ryan"])
    converge(
        store,
        wanted(
            teams=[team("red", "pam", {"user_name": "ryan", "state": "inactive"})],
            leavers_except=["ryan"],
        ),
        INACTIVE,
    )
    assert store.members("red") == {"pam"} and not store["ryan"]["active"]


@pytest.mark.parametrize(
    "whole, own, left",
    [
        ("exact", None, {"pam"}),
        ("exact", "additive", {"pam", "toby"}),
        ("additive", "exact", {"pam"}),
        ("additive", None, {"pam", "toby"}),
    ],
)
def test_a_team_says_for_itself_whether_it_is_exact(
    whole: str, own: str | None, left: set[str]
) -> None:
    store = office(red=["pam", "toby"])
    converge(store, wanted(whole, teams=[team("red", "pam", membership=own)]), INACTIVE)
    assert store.members("red") == left


@pytest.mark.parametrize(
    "rows, said",
    [
        ([("a", ["a"])], "group 'a' would contain itself through 'a'"),
        ([("a", ["b"]), ("b", ["a"])], "group 'b' would contain itself through 'a'"),
        ([("b", ["a"])], "group 'b' would contain itself through 'a'"),
    ],
)
def test_b15_a_group_inside_itself_is_refused(rows: list[tuple[str, list[str]]], said: str) -> None:
    store = office(x=["pam"], b=[])
    store.group("a", ["b"])
    made = plan(
        store,
        wanted(
            "additive",
            groups=[
                {"display_name": name, "members": {"add": [{"group": one} for one in inner]}}
                for name, inner in rows
            ],
        ),
    )
    assert said in refusals(made)


def test_a_cycle_that_is_there_already_stops_nothing() -> None:
    store = office(x=["pam"], b=[])
    store.group("a", ["b"])
    store["b"]["members"] = [{"value": store.id_of("a")}]
    converge(store, wanted("additive", groups=[{"display_name": "a", "members": {"add": ["pam"]}}]))
    assert store.members("a") == {"b", "pam"}


@pytest.mark.parametrize(
    "directory, missing",
    [
        (
            {
                "groups": [
                    {
                        "display_name": "red",
                        "members": {"add": ["unknown", {"email": "a@b"}, {"group": "none"}]},
                    }
                ]
            },
            ["user 'unknown'", "user with emails.value 'a@b'", "group 'none'"],
        ),
        (
            {
                "users": [
                    {
                        "user_name": "pam",
                        "enterprise": {"manager": "boss"},
                        "groups": {"add": ["none"]},
                    }
                ]
            },
            ["group 'none'", "user 'boss'"],
        ),
        (
            {"teams": [{"name": "red", "members": [{"user_name": "pam"}], "groups": ["none"]}]},
            ["group 'none'"],
        ),
        (
            {"groups": [{"display_name": "red", "members": {"remove": ["unknown"]}}]},
            ["user 'unknown'"],
        ),
    ],
)
def test_missing_references_are_all_named(directory: dict[str, Any], missing: list[str]) -> None:
    made = plan(office(red=["pam"]), wanted(**directory))
    assert sorted(map(str, made.missing.every)) == sorted(missing)


@pytest.mark.parametrize(
    "directory, said",
    [
        (
            {"groups": [{"display_name": "red", "members": {"add": ["pam"], "remove": ["PAM"]}}]},
            "'pam' is listed both to join and to leave group 'red'",
        ),
        (
            {
                "groups": [{"display_name": "red", "state": "absent"}],
                "users": [{"user_name": "jim", "groups": {"add": ["red"]}}],
            },
            "group 'red' is to be deleted but members are to join it",
        ),
        (
            {
                "groups": [{"display_name": "red", "members": {"set": ["pam"]}}],
                "users": [{"user_name": "pam", "state": "absent"}],
            },
            "user 'pam' is to be deleted but is listed as a member of group 'red'",
        ),
    ],
)
def test_contradictions_about_members(directory: dict[str, Any], said: str) -> None:
    assert said in plan(office(red=["pam"], blue=["jim"]), wanted(**directory)).refusals


def test_members_that_no_input_names_are_reported_if_the_list_is_not_exact() -> None:
    made = plan(
        office(red=["pam", "jim"]),
        wanted("additive", groups=[{"display_name": "red", "members": {"add": ["jim"]}}]),
    )
    assert made.unmanaged == {"red": ("pam",)} and not made.size


def test_references_that_find_nothing_are_refused_outside_of_check_mode_only() -> None:
    rows = [
        {"display_name": "red", "members": {"add": ["a", "b"]}},
        {"display_name": "blue", "members": {"remove": ["c", "d"]}},
    ]
    made = plan(office(red=[], blue=[]), wanted(groups=rows), Policy(advice=" (advice)"))
    assert not made.refusals
    assert made.missing_refusals == (
        "there is no user 'a', no user 'b'; create what is missing first, or correct the names",
        "user 'c', user 'd' are listed for removal but do not exist; "
        "fix the names or remove the entries (advice)",
    )
    made = plan(office(red=[], blue=[]), wanted(groups=rows), Policy(ignore_missing=True))
    assert not refusals(made) and len(made.missing.every) == 4


def test_one_unknown_user_in_a_removal_is_named_in_the_singular() -> None:
    made = plan(
        office(red=[]), wanted(groups=[{"display_name": "red", "members": {"remove": ["toby"]}}])
    )
    assert made.missing_refusals == (
        "user 'toby' is listed for removal but does not exist; fix the name or remove the entry",
    )


def test_a_list_of_unknown_users_does_not_empty_a_group() -> None:
    """Ignored references that are missing leave an empty list, which would be an order."""
    store = office(red=["pam"], blue=["pam"])
    rows = [
        {"display_name": "red", "members": {"set": ["toby"]}},
        {"display_name": "blue", "members": {"set": []}},
    ]
    made = plan(store, wanted(groups=rows), Policy(ignore_missing=True))
    assert refusals(made) == [
        "none of the members listed for group 'red' exist, so the group would be empty; "
        "fix the names or set an empty list"
    ]


def test_a_name_that_finds_two_users_is_never_guessed() -> None:
    store = office(red=[])
    for name in ("pam", "jim"):
        store.user(name, emails=[{"value": "team@x.org"}])
    rows = [{"display_name": "red", "members": {"add": [{"email": "team@x.org"}]}}]
    ids = {name: store.id_of(name) for name in ("pam", "jim")}
    assert refusals(plan(store, wanted(groups=rows))) == [
        "user with emails.value 'team@x.org' matches 2 users: "
        f"'jim' (id {ids['jim']}), 'pam' (id {ids['pam']})"
    ]


def test_a_user_to_be_deleted_is_no_former_member_by_name_alone() -> None:
    """A removal of a user of the input, that may be gone, is no missing reference."""
    rows = {
        "users": [{"user_name": "toby", "state": "absent"}],
        "groups": [{"display_name": "red", "members": {"remove": ["toby"]}}],
    }
    assert not refusals(plan(office(red=["pam"]), wanted(**rows)))


def test_the_groups_of_a_user_cannot_be_an_exact_list_if_members_cannot_be_read() -> None:
    store = office(red=["pam"], blue=[])
    snapshot = Snapshot()
    for kind, rows in ((USER, store.held["Users"]), (GROUP, store.held["Groups"])):
        shown = [{**row, "members": []} for row in rows.values()]
        hidden = tuple({k: v for k, v in row.items() if k != "members"} for row in shown)
        snapshot.add(Reading(kind=kind, resources=hidden, listed=True))
    made = planned(wanted(users=[{"user_name": "pam", "groups": {"set": ["red"]}}]), snapshot)
    assert refusals(made) == [
        "user 'pam': the members of blue cannot be read, so groups cannot be set; "
        "add or remove groups instead"
    ]


def test_a_group_that_lists_no_members_while_users_name_it_does_not_show_them() -> None:
    store = office(red=[])
    store.user("pam", groups=[{"value": store.id_of("red")}])
    pam = Key("User", store.id_of("pam"))
    rows = [{"display_name": "red", "members": {"add": ["pam"]}}]
    assert not plan(store, wanted(groups=rows)).size
    rows = [{"display_name": "red", "members": {"remove": ["pam"]}}]
    (change,) = plan(store, wanted(groups=rows)).changes
    assert change.leaves == (pam,)
    assert change.membership is not None and change.membership.current is None
    rows = [{"display_name": "red", "members": {"set": ["pam"]}}]
    assert refusals(plan(store, wanted(groups=rows))) == [
        "group 'red': its members cannot be read, so an exact list cannot be applied; "
        "add or remove members instead"
    ]


def test_direct_groups_are_those_that_are_not_nested() -> None:
    rows = [
        {"value": "g1", "display": "red"},
        {"value": "g2"},
        {"value": "g3", "type": "indirect"},
        {"value": 4},
        "g5",
    ]
    assert direct_groups({"groups": rows}) == {"g1": "red", "g2": "g2"}
    assert direct_groups(None) == direct_groups({"groups": "g1"}) == {}


def test_names_of_members_that_join_or_leave_come_with_the_change() -> None:
    store = office(red=["pam", "jim"], blue=[])
    directory = {
        "users": [{"user_name": "new"}],
        "groups": [{"display_name": "red", "members": {"set": ["new", "jim"]}}],
    }
    change = next(one for one in plan(store, wanted(**directory)).changes if one.joins)
    assert change.membership is not None
    names = {key.id: name for key, name in change.membership.names.items()}
    assert names == {"bulkId:new": "new", store.id_of("pam"): "pam"}


def test_requests_name_members_by_id_whatever_their_kind() -> None:
    store = office(red=[], blue=["pam"])
    rows = [{"display_name": "red", "members": {"add": [{"group": "blue"}, "pam", "new"]}}]
    made = plan(store, wanted(users=[{"user_name": "new"}], groups=rows))
    change = next(one for one in made.changes if one.joins)
    assert [key.id for key in change.joins] == sorted(key.id for key in change.joins)
    assert {key.kind for key in change.joins} == {"User", "Group"}


def test_a_nested_group_to_be_deleted_is_not_reported_as_unmanaged() -> None:
    store = office(red=["pam"], blue=[])
    store["red"]["members"].append({"value": store.id_of("blue")})
    groups = [
        {"display_name": "red", "members": {"add": []}},
        {"display_name": "blue", "state": "absent"},
    ]
    assert plan(store, wanted(groups=groups)).unmanaged == {"red": ("pam",)}


def test_groups_that_only_follow_from_an_exact_list_are_adopted_unlisted() -> None:
    store = office(red=["pam"], blue=["pam"], green=[])
    users = [{"user_name": "pam", "groups": {"set": ["red"]}}]
    snapshot = read(store)
    found = settle_memberships(match_targets(wanted(users=users), snapshot), snapshot)
    assert {one.key.id for one in found.adopted} == {store.id_of("red"), store.id_of("blue")}
    assert found.unlisted == {Key("Group", store.id_of("blue"))}


# a service that numbers users and groups alike


def alike() -> Store:
    """Return a store of pam (1), jim (2), and groups red (1), blue (2), green (3)."""
    store = Store(alike=True)
    for name in ("pam", "jim"):
        store.user(name)
    for name in ("red", "blue", "green"):
        store.group(name)
    return store


def test_a_nested_group_with_the_id_of_a_user_is_refused() -> None:
    rows = [{"display_name": "red", "members": {"add": [{"group": "blue"}]}}]
    assert refusals(plan(alike(), wanted(groups=rows))) == [
        "group 'blue' and user 'jim' have the same id 2 on this service, so a request cannot say "
        "which of them is meant as a member of group 'red'"
    ]
    rows = [{"display_name": "red", "members": {"add": [{"group": "green"}]}}]
    assert not refusals(plan(alike(), wanted(groups=rows)))


def test_a_user_may_join_although_a_group_has_that_id() -> None:
    store = alike()
    converge(store, wanted(groups=[{"display_name": "red", "members": {"add": ["jim"]}}]))
    assert store.members("red") == {"jim"}


def test_a_user_is_refused_in_a_group_that_has_the_group_of_that_id() -> None:
    """The service says what kind each member is; the request to change one cannot."""
    store = alike()
    store["red"]["members"] = [{"value": "2", "type": "Group"}]
    for form, rows in (("add", ["jim"]), ("set", [])):
        made = plan(store, wanted(groups=[{"display_name": "red", "members": {form: rows}}]))
        assert "have the same id 2 on this service" in refusals(made)[0], form


def test_a_group_as_a_member_is_refused_where_no_filter_finds_it() -> None:
    store = office(red=["pam"], blue=["jim"])
    known = {"members_read": "users_by_group", "filter_attributes": ["Group.displayName"]}
    for part in ("add", "set", "remove"):
        groups = [{"display_name": "red", "members": {part: [{"group": "blue"}]}}]
        made = plan(store, wanted(groups=groups), **known)
        assert any("which groups are members of a group" in one for one in refusals(made))
        assert any("leave it: blue; leave them out" in one for one in refusals(made))
