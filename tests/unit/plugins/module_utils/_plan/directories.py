# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores and rosters for property tests: any directory, without contradictions.

Knows no plan.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

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
    """Return users, some inactive, in teams and in groups that no roster manages.

    Some services number users and groups alike.
    """
    store = Store(alike=draw(st.booleans()))
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
    """Return teams without contradictions: every team sets the same of a user."""
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

    named = draw(st.lists(st.sampled_from(TEAMS), unique=True, min_size=1))
    states_of = {one: draw(st.sampled_from((None, "onboarded", "offboarded"))) for one in named}
    onboarded = [one for one in named if states_of[one] != "offboarded"]
    further = st.sampled_from(([], ["staff"], ["unmanaged", "staff"], ["staff", *onboarded]))
    found = []
    for name in named:
        state = states_of[name] or "onboarded"
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
                "groups": draw(further),
                "membership": draw(st.sampled_from((None, None, None, "exact", "additive"))),
            }
        )
    return found


policies = st.sampled_from([Policy(leavers=one) for one in ("inactive", "absent", "keep")])


@st.composite
def directories(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Return lists of users and groups that refer to each other, without contradictions."""
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


@st.composite
def sets(draw: st.DrawFn, pool: tuple[str, ...]) -> dict[str, list[str]] | None:
    """Return ``{set | add | remove: [...]}`` or None."""
    form = draw(st.sampled_from(("none", "set", "change")))
    names = draw(st.lists(st.sampled_from(pool), unique=True, max_size=4))
    if form == "none":
        return None
    return {"set": names} if form == "set" else {"add": names[:2], "remove": names[2:]}
