# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole plans: any directory becomes as it is set and is settled then, and a user and a group of one id stay two."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import (
    Snapshot,
    key_of,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    overridden,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    PEOPLE,
    TEAMS,
    directories,
    limits,
    policies,
    rosters,
    sets,
    stores,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    carry_out,
    converge,
    plan,
    planned,
    read,
    refusals,
    send,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)


def expected_members(store: Store, teams: list[dict[str, Any]], exact: bool) -> dict[str, set[str]]:
    """Return the members that each group has in the end, from the roster alone."""
    found = {name: set(store.members(name)) for name in store.names("Groups")}
    gone = {one["user_name"] for row in teams for one in row["members"] if one["state"] == "absent"}
    joins: dict[str, set[str]] = {}
    only: dict[str, set[str]] = {}
    leaves: dict[str, set[str]] = {}
    for row in teams:
        for one in row["members"]:
            stays = row["state"] == "onboarded" and one["state"] in (None, "present")
            for name in (row["name"], *row["groups"]):
                (joins if stays else leaves).setdefault(name, set()).add(one["user_name"])
        if row["state"] == "onboarded":
            found.setdefault(row["name"], set())
            if row["membership"] == "exact" or (exact and row["membership"] is None):
                only.setdefault(row["name"], set())
    before = copy.deepcopy(found)
    for name, inside in found.items():
        if name in only:
            inside.clear()
        inside -= leaves.get(name, set())
        inside |= joins.get(name, set())
    for name, users in _lost(teams, only, before, found).items():
        found[name] -= users - joins.get(name, set())
    for inside in found.values():
        inside -= gone
    return found


def _lost(
    teams: list[dict[str, Any]],
    only: dict[str, set[str]],
    before: dict[str, set[str]],
    after: dict[str, set[str]],
) -> dict[str, set[str]]:
    """Return the users that lose each group because a team that gave it was left unlisted."""
    onboarded = [row for row in teams if row["state"] == "onboarded"]
    own = {row["name"] for row in onboarded}
    listed = {row["name"]: {one["user_name"] for one in row["members"]} for row in teams}
    lost: dict[str, set[str]] = {}
    for row in onboarded:
        for name in set(row["groups"]) - own if row["name"] in only else ():
            team = row["name"]
            keeping = [after[one["name"]] for one in onboarded if name in one["groups"]]
            left = before[team] - after[team] - listed[team]
            lost.setdefault(name, set()).update(left.difference(*keeping))
    return lost


def expected_active(
    store: Store, teams: list[dict[str, Any]], policy: Policy, after: dict[str, set[str]]
) -> dict[str, bool | None]:
    """Return whether each user is active in the end, from the roster alone.

    Deleted users are left out.
    """
    found: dict[str, bool | None] = {name: store[name]["active"] for name in store.names("Users")}
    onboarded = {row["name"] for row in teams if row["state"] == "onboarded"}
    states = {one["user_name"]: one["state"] for row in teams for one in row["members"]}
    listed = {
        one["user_name"] for row in teams for one in row["members"] if row["state"] == "offboarded"
    }
    in_team = {
        one["user_name"] for row in teams if row["state"] == "onboarded" for one in row["members"]
    }
    for name in {*in_team, *found}:
        state = states.get(name)
        left = name in listed or any(
            name in store.members(team) - after[team] for team in onboarded & store.names("Groups")
        )
        if name in in_team and state in (None, "present"):
            found[name] = True
        elif state == "absent":
            found[name] = None
        elif state == "inactive" and name in found:
            found[name] = False
        elif (
            state in (None,)
            and name in found
            and left
            and not any(name in inside for inside in after.values())
        ):
            if policy.leavers == "inactive":
                found[name] = False
            elif policy.leavers == "absent":
                found[name] = None
    return {name: active for name, active in found.items() if active is not None}


@settings(max_examples=80)
@given(stores(), rosters(), policies, limits, st.booleans())
def test_p1_p2_teams_become_as_set(
    store: Store, teams: list[dict[str, Any]], policy: Policy, caps: dict[str, Any], exact: bool
) -> None:
    """P1, P2: all is as the roster says, the rest stays, and a second plan is empty."""
    store.limits = caps
    before = copy.deepcopy(store)
    desired = wanted("exact" if exact else "additive", teams=teams)
    members = expected_members(store, teams, exact)
    active = expected_active(store, teams, policy, members)
    converge(store, desired, policy, **caps)
    assert {name: store.members(name) for name in store.names("Groups")} == members
    assert {name: store[name]["active"] for name in store.names("Users")} == active
    onboarded = {
        one["user_name"]: one
        for row in teams
        if row["state"] == "onboarded"
        for one in row["members"]
        if one["state"] != "absent"
    }
    for name in store.names("Users"):
        held, one = store[name], onboarded.get(name, {})
        if one.get("title"):
            assert held["title"] == one["title"]
        if one.get("emails"):
            assert [row["value"] for row in held["emails"] if row["type"] == "work"] == [
                f"{name}@new.org"
            ]
        if name in before.names("Users"):  # P2
            for key, value in before[name].items():
                if key not in (
                    "active",
                    *(("title",) if one.get("title") else ()),
                    *(("emails",) if one.get("emails") else ()),
                ):
                    assert held[key] == value, key
            assert {"value": f"{name}@home.org", "type": "home"} in held["emails"]
    settled(store, desired, policy, **caps)


@given(stores(), rosters(), policies, st.randoms())
def test_p6_order_changes_nothing(
    store: Store, teams: list[dict[str, Any]], policy: Policy, luck: random.Random
) -> None:
    """P6: rows of a roster and answers in another order."""
    other = copy.deepcopy(store)
    converge(store, wanted(teams=teams), policy)
    shuffled = [
        {**row, "members": luck.sample(row["members"], len(row["members"]))}
        for row in luck.sample(teams, len(teams))
    ]
    converge(other, wanted(teams=shuffled), policy, luck)
    assert other.state() == store.state()


@given(stores(), directories(), st.randoms())
def test_p6_order_of_users_and_groups_changes_nothing(
    store: Store, directory: dict[str, Any], luck: random.Random
) -> None:
    """P6: rows and answers in another order, where users and groups refer to each other."""
    other = copy.deepcopy(store)
    made = converge(store, wanted(**directory))
    again = converge(
        other,
        wanted(**{name: luck.sample(rows, len(rows)) for name, rows in directory.items()}),
        luck=luck,
    )
    assert other.state() == store.state()
    assert {(one.verb, one.key) for one in again.changes} == {
        (one.verb, one.key) for one in made.changes
    }


@settings(max_examples=50)
@given(stores(), st.data(), limits)
def test_p1_groups_become_as_set(store: Store, data: st.DataObject, caps: dict[str, Any]) -> None:
    """P1: members of groups."""
    store.limits = caps
    there = tuple(sorted(store.names("Users")))
    if not there:
        return
    rows = [{"display_name": name, "members": data.draw(sets(there))} for name in (*TEAMS, "staff")]
    before = {name: store.members(name) for name in store.names("Groups")}
    desired = wanted(groups=rows)
    converge(store, desired, **caps)
    for row in rows:
        held, asked = before.get(row["display_name"], set()), row["members"] or {}
        after = (
            set(asked["set"])
            if "set" in asked
            else (held | set(asked.get("add", ()))) - set(asked.get("remove", ()))
        )
        assert store.members(row["display_name"]) == after
    assert store.members("unmanaged") == before["unmanaged"]
    settled(store, desired, **caps)


@settings(max_examples=50)
@given(stores(), st.data(), limits)
def test_p1_groups_of_users_become_as_set(
    store: Store, data: st.DataObject, caps: dict[str, Any]
) -> None:
    """P1: groups and managers of users."""
    store.limits = caps
    pool = tuple(sorted(store.names("Groups")))
    rows = [
        {
            "user_name": name,
            "groups": data.draw(sets(pool)),
            "enterprise": {"manager": data.draw(st.sampled_from((None, *PEOPLE)))},
        }
        for name in PEOPLE
    ]
    before = {name: {group for group in pool if name in store.members(group)} for name in PEOPLE}
    desired = wanted(users=rows)
    converge(store, desired, **caps)
    for row in rows:
        name, asked = row["user_name"], row["groups"] or {}
        after = (
            set(asked["set"])
            if "set" in asked
            else (before[name] | set(asked.get("add", ()))) - set(asked.get("remove", ()))
        )
        assert {group for group in pool if name in store.members(group)} == after
        manager = row["enterprise"]["manager"]
        assert store[name].get(ENTERPRISE_URN, {}).get("manager", {}).get("value") == (
            store.id_of(manager) if manager else None
        )
    settled(store, desired, **caps)


@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
def test_many_members_in_as_few_requests_as_the_limits_allow(caps: dict[str, Any]) -> None:
    store = Store()
    for number in range(230):
        store.user(f"n{number}")
    store.group("all", [f"n{number}" for number in range(100)])
    rows = wanted(
        groups=[
            {"display_name": "all", "members": {"set": [f"n{number}" for number in range(50, 230)]}}
        ]
    )
    made = plan(store, rows, **caps)
    carry_out(store, made, overridden(caps))
    assert store.members("all") == {f"n{number}" for number in range(50, 230)}
    assert len(store.writes()) == 1
    other = Store({"members_per_patch": 100, "patch_operations": 1000})
    other.held = copy.deepcopy(store.held)
    converge(
        other,
        wanted(groups=[{"display_name": "all", "members": {"set": ["n0"]}}]),
        members_per_patch=100,
        patch_operations=1000,
    )
    assert (
        other.members("all") == {"n0"} and len(other.writes()) == 2
    )  # 1 joins and 99 leave, then 81 leave


# a service that numbers users and groups alike


def alike() -> Store:
    """Return a store with the users pam (1) and jim (2), and group Sales (1) with jim in it."""
    store = Store(alike=True)
    store.user("pam")
    store.user("jim")
    store.group("Sales", ["jim"])
    return store


def test_joining_a_group_plans_nothing_for_the_user_of_its_id() -> None:
    store = alike()
    made = plan(
        store,
        wanted(
            users=[{"user_name": "pam", "title": "x"}, {"user_name": "jim"}],
            groups=[{"display_name": "Sales", "members": {"add": ["pam"]}}],
        ),
    )
    assert {one.key: (one.paths, bool(one.joins)) for one in made.changes} == {
        Key("User", "1"): (("title",), False),
        Key("Group", "1"): ((), True),
    }


def test_purging_a_user_keeps_the_change_of_the_group_of_its_id() -> None:
    store = alike()
    desired = wanted(
        users=[{"user_name": "jim"}], groups=[{"display_name": "Sales", "members": {"set": []}}]
    )
    made = plan(store, desired, Policy(purge={"User": "inactive"}))
    assert {(one.key, one.verb) for one in made.changes} == {
        (Key("User", "1"), "deactivate"),
        (Key("Group", "1"), "update"),
    }


def test_deleting_a_group_keeps_the_leave_of_the_user_of_its_id() -> None:
    store = alike()
    store.group("Office", ["pam"])
    desired = wanted(
        groups=[
            {"display_name": "Sales", "state": "absent"},
            {"display_name": "Office", "members": {"set": []}},
        ]
    )
    converge(store, desired)
    settled(store, desired)
    assert store.names("Groups") == {"Office"} and not store.members("Office")


def test_a_leaver_with_the_id_of_a_group_is_deactivated() -> None:
    store = alike()
    store.group("Office", ["pam"])
    desired = wanted(teams=[team("Sales", "pam")])
    converge(store, desired, INACTIVE)
    settled(store, desired, INACTIVE)
    assert store.members("Sales") == {"pam"}
    assert {name: store[name]["active"] for name in ("pam", "jim")} == {"pam": True, "jim": False}


def test_leavers_are_known_although_a_group_of_their_id_is() -> None:
    """User 2 (jim) leaves; group 2 (Office) is another resource."""
    store = alike()
    store.group("Office", ["pam"])
    made = plan(store, wanted(teams=[team("Sales", "pam")]), INACTIVE)
    assert [(one.verb, one.key, one.name) for one in made.changes if one.reason == "leaver"] == [
        ("deactivate", Key("User", "2"), "jim")
    ]
    names = {}
    for one in made.changes:
        names.update(one.membership.names if one.membership is not None else {})
    assert names == {Key("User", "1"): "pam", Key("User", "2"): "jim"}


# pure, in steps


def shape(change: Change) -> tuple[Any, ...]:
    """Return what a change does, without where the input said so."""
    return (
        change.key,
        change.name,
        change.before,
        change.after,
        change.membership,
        change.reason,
        change.desired.method,
    )


def shapes(made: Plan) -> list[list[tuple[Any, ...]]]:
    return [[shape(one) for one in step] for step in made.steps]


def content(snapshot: Snapshot) -> list[Any]:
    """Return what a snapshot says of everything in it."""
    groups = [key_of(GROUP, one) for one in snapshot.everything(GROUP)]
    return [
        [snapshot.everything(kind) for kind in (USER, GROUP)],
        [(key, snapshot.members(key), snapshot.is_partial(key)) for key in groups],
        [(snapshot.listed(kind), snapshot.total(kind)) for kind in (USER, GROUP)],
        (snapshot.account, snapshot.account_asked),
    ]


def shuffled(steps: tuple[tuple[Change, ...], ...], luck: random.Random) -> list[Change]:
    """Return the changes, those of one step in any order."""
    found: list[Change] = []
    for step in steps:
        found += luck.sample(step, len(step))
    return found


@settings(max_examples=60)
@given(stores(), rosters(), policies, limits, st.randoms())
def test_changes_of_one_step_of_teams_are_independent(
    store: Store,
    teams: list[dict[str, Any]],
    policy: Policy,
    caps: dict[str, Any],
    luck: random.Random,
) -> None:
    store.limits = caps
    other = copy.deepcopy(store)
    made = plan(store, wanted(teams=teams), policy, **caps)
    carry_out(store, made, overridden(caps))
    send(other, shuffled(made.steps, luck), overridden(caps))
    assert other.state() == store.state()


@settings(max_examples=60)
@given(stores(), directories(), limits, st.randoms())
def test_changes_of_one_step_of_users_and_groups_are_independent(
    store: Store,
    directory: dict[str, list[dict[str, Any]]],
    caps: dict[str, Any],
    luck: random.Random,
) -> None:
    store.limits = caps
    other = copy.deepcopy(store)
    made = plan(store, wanted(**directory), **caps)
    carry_out(store, made, overridden(caps))
    send(other, shuffled(made.steps, luck), overridden(caps))
    assert other.state() == store.state()


def test_creations_of_one_step_do_not_refer_to_each_other() -> None:
    groups = [
        {"display_name": "all", "members": {"set": [{"group": "red"}, {"group": "blue"}, "a"]}},
        {"display_name": "red", "members": {"set": [{"group": "blue"}]}},
        {"display_name": "blue", "members": {"set": ["b"]}},
        {"display_name": "green"},
    ]
    users = [{"user_name": "a", "enterprise": {"manager": "b"}}, {"user_name": "b"}]
    made = plan(Store(), wanted(users=users, groups=groups))
    assert [[one.name for one in step] for step in made.steps] == [
        ["b"],
        ["a"],
        ["green"],
        ["blue"],
        ["red"],
        ["all"],
    ]


def unplaced(notes: Iterable[str]) -> list[str]:
    """Return notes without places: of two places that set the same, the first one is named."""
    return sorted(re.sub(r"teams\[\d+\]\.members\[\d+\]", "a place", one) for one in notes)


@settings(max_examples=60)
@given(stores(), rosters(), directories(), policies, st.randoms())
def test_a_draft_is_the_same_in_any_order_of_the_input_and_changes_no_snapshot(
    store: Store,
    teams: list[dict[str, Any]],
    directory: dict[str, list[dict[str, Any]]],
    policy: Policy,
    luck: random.Random,
) -> None:
    for desired in (wanted(teams=teams), wanted(**directory)):
        snapshot = read(store)
        before = copy.deepcopy(content(snapshot))
        made = planned(desired, snapshot, policy)
        assert content(snapshot) == before
        assert planned(desired, snapshot, policy) == made
        again = planned(luck.sample(desired, len(desired)), read(store, luck), policy)
        assert shapes(again) == shapes(made)
        assert (again.unchanged, again.not_saved, again.scope) == (
            made.unchanged,
            made.not_saved,
            made.scope,
        )
        assert (again.unmanaged, again.still_member, again.emptied) == (
            made.unmanaged,
            made.still_member,
            made.emptied,
        )
        assert unplaced(again.notes) == unplaced(made.notes)
        assert sorted(refusals(again)) == sorted(refusals(made))
        assert sorted(again.missing.every) == sorted(made.missing.every)
