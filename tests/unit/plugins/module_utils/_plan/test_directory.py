# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""P1, P2, P6: any directory, carried out on a strict service, becomes what was asked, touches nothing else, and is settled then."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    carry_out,
    converge,
    plan,
    settled,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)

PEOPLE = tuple(f"p{number}" for number in range(7))
TEAMS = ("red", "blue", "green")
OTHERS = ("staff", "unmanaged")
UNMANAGED = {
    "nickName": "nick",
    "photos": [{"value": "http://x/y", "type": "photo"}],
    "urn:example:2.0:User": {"floor": 3},
    "locale": "en-US",
}

limits = st.fixed_dictionaries(
    {},
    optional={
        "patch": st.just(False),
        "members_per_patch": st.integers(1, 3),
        "removals_per_patch": st.integers(1, 2),
        "patch_operations": st.integers(1, 4),
        "patch_mix": st.sampled_from(("all", "members_apart", "add_remove_apart")),
        "member_remove": st.sampled_from(("filter", "list")),
        "create_members": st.booleans(),
    },
).filter(
    lambda one: one.get("patch", True) or not {"create_members", "members_per_patch"} & set(one)
)


@st.composite
def stores(draw: st.DrawFn) -> Store:
    """People of whom some are inactive, in teams and in groups that nobody manages."""
    store = Store()
    there = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    for name in there:
        store.user(
            name,
            active=draw(st.booleans()),
            title=draw(st.sampled_from(("old", "new"))),
            **draw(
                st.fixed_dictionaries(
                    {}, optional={key: st.just(value) for key, value in UNMANAGED.items()}
                )
            ),
            emails=[
                {"value": f"{name}@old.org", "type": "work", "primary": True},
                {"value": f"{name}@home.org", "type": "home"},
            ],
        )
    for name in (*draw(st.lists(st.sampled_from(TEAMS), unique=True)), *OTHERS):
        store.group(name, draw(st.lists(st.sampled_from(there), unique=True)) if there else ())
    return store


@st.composite
def rosters(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Teams without contradictions: what is said of a person is the same in every team."""
    states = {
        name: draw(st.sampled_from((None, None, None, "present", "inactive", "absent")))
        for name in PEOPLE
    }
    titles = {name: draw(st.sampled_from((None, "new", "boss"))) for name in PEOPLE}
    mails = {name: draw(st.booleans()) for name in PEOPLE}

    def person(name: str) -> dict[str, Any]:
        return {
            "user_name": name,
            "state": states[name],
            "title": titles[name],
            "emails": [{"value": f"{name}@new.org", "type": "work"}] if mails[name] else None,
        }

    found = []
    for name in draw(st.lists(st.sampled_from(TEAMS), unique=True, min_size=1)):
        state = draw(st.sampled_from(("onboarded", "onboarded", "offboarded")))
        people = draw(
            st.lists(
                st.sampled_from(PEOPLE), unique=True, min_size=1 if state == "offboarded" else 0
            )
        )
        found.append(
            {
                "name": name,
                "state": state,
                "members": [person(one) for one in people],
                "groups": draw(st.sampled_from(([], ["staff"]))),
            }
        )
    return found


def expected_members(store: Store, teams: list[dict[str, Any]], exact: bool) -> dict[str, set[str]]:
    """Who is to be in which group in the end: said once more, from the roster alone."""
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
            only.setdefault(row["name"], set())
            found.setdefault(row["name"], set())
    for name, inside in found.items():
        if exact and name in only:
            inside.clear()
        inside -= leaves.get(name, set())
        inside |= joins.get(name, set())
        inside -= gone
    return found


def expected_active(
    store: Store, teams: list[dict[str, Any]], policy: Policy, after: dict[str, set[str]]
) -> dict[str, bool | None]:
    """Who is active in the end (None: deleted), from the roster alone."""
    found: dict[str, bool | None] = {name: store[name]["active"] for name in store.names("Users")}
    onboarded = {row["name"] for row in teams if row["state"] == "onboarded"}
    stated = {one["user_name"]: one["state"] for row in teams for one in row["members"]}
    listed = {
        one["user_name"] for row in teams for one in row["members"] if row["state"] == "offboarded"
    }
    in_team = {
        one["user_name"] for row in teams if row["state"] == "onboarded" for one in row["members"]
    }
    for name in {*in_team, *found}:
        state = stated.get(name)
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


policies = st.sampled_from([Policy(leavers=one) for one in ("inactive", "absent", "keep")])


@settings(max_examples=80)
@given(stores(), rosters(), policies, limits, st.booleans())
def test_p1_p2_teams_become_as_stated(
    store: Store, teams: list[dict[str, Any]], policy: Policy, caps: dict[str, Any], exact: bool
) -> None:
    """P1, P2: people, members and activity are as the roster says, what it does not say stays, and a second plan is empty."""
    store.limits = caps
    before = copy.deepcopy(store)
    wishes = wanted("exact" if exact else "additive", teams=teams)
    members = expected_members(store, teams, exact)
    active = expected_active(store, teams, policy, members)
    converge(store, wishes, policy, **caps)
    assert {name: store.members(name) for name in store.names("Groups")} == members
    assert {name: store[name]["active"] for name in store.names("Users")} == active
    stated = {
        one["user_name"]: one
        for row in teams
        if row["state"] == "onboarded"
        for one in row["members"]
        if one["state"] != "absent"
    }
    for name in store.names("Users"):
        held, one = store[name], stated.get(name, {})
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
    settled(store, wishes, policy, **caps)


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


@st.composite
def directories(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Lists of users and of groups that refer to each other, without contradictions."""
    kinds: list[dict[str, Any]] = [
        {},
        {"add": ["staff"]},
        {"remove": ["staff"]},
        {"add": ["staff"], "remove": ["unmanaged"]},
    ]
    users = [
        {
            "user_name": name,
            "title": draw(st.sampled_from((None, "boss"))),
            "groups": draw(st.sampled_from(kinds)),
            "enterprise": {"manager": draw(st.sampled_from((None, *PEOPLE)))},
        }
        for name in PEOPLE
    ]
    some = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4)
    groups = [
        {
            "display_name": name,
            "members": {draw(st.sampled_from(("set", "add", "remove"))): draw(some)},
        }
        for name in TEAMS
    ]
    return {"users": users, "groups": groups}


@given(stores(), directories(), st.randoms())
def test_p6_order_of_users_and_groups_changes_nothing(
    store: Store, directory: dict[str, Any], luck: random.Random
) -> None:
    """P6: rows and answers in another order, where people and groups refer to each other."""
    other = copy.deepcopy(store)
    made = converge(store, wanted(**directory))
    again = converge(
        other,
        wanted(**{name: luck.sample(rows, len(rows)) for name, rows in directory.items()}),
        luck=luck,
    )
    assert other.state() == store.state()
    assert {(one.verb, one.ident) for one in again.changes} == {
        (one.verb, one.ident) for one in made.changes
    }


@st.composite
def sets(draw: st.DrawFn, pool: tuple[str, ...]) -> dict[str, list[str]] | None:
    """``{set | add | remove: [...]}`` or nothing."""
    form = draw(st.sampled_from(("none", "set", "change")))
    names = draw(st.lists(st.sampled_from(pool), unique=True, max_size=4))
    if form == "none":
        return None
    return {"set": names} if form == "set" else {"add": names[:2], "remove": names[2:]}


@settings(max_examples=50)
@given(stores(), st.data(), limits)
def test_p1_groups_become_as_stated(
    store: Store, data: st.DataObject, caps: dict[str, Any]
) -> None:
    """P1: members of groups."""
    store.limits = caps
    there = tuple(sorted(store.names("Users")))
    if not there:
        return
    rows = [{"display_name": name, "members": data.draw(sets(there))} for name in (*TEAMS, "staff")]
    before = {name: store.members(name) for name in store.names("Groups")}
    wishes = wanted(groups=rows)
    converge(store, wishes, **caps)
    for row in rows:
        held, asked = before.get(row["display_name"], set()), row["members"] or {}
        after = (
            set(asked["set"])
            if "set" in asked
            else (held | set(asked.get("add", ()))) - set(asked.get("remove", ()))
        )
        assert store.members(row["display_name"]) == after
    assert store.members("unmanaged") == before["unmanaged"]
    settled(store, wishes, **caps)


@settings(max_examples=50)
@given(stores(), st.data(), limits)
def test_p1_groups_of_users_become_as_stated(
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
    wishes = wanted(users=rows)
    converge(store, wishes, **caps)
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
    settled(store, wishes, **caps)


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
