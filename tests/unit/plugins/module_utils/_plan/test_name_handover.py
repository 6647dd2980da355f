# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that one resource gives up and another takes: any permutation, in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.change import Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.name_handover import temporary
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    converge,
    plan,
    refusals,
    settled,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NAMES = ("ann", "bob", "cid", "dan", "eve")


def directory() -> Store:
    store = Store()
    for name in NAMES:
        store.user(name, externalId=f"x-{name}")
    return store


def renamed(names: list[str], order: list[int]) -> list[dict[str, Any]]:
    rows = []
    for number, name in enumerate(names):
        former = f"x-{NAMES[number]}" if number < len(NAMES) else f"x-new{number}"
        rows.append({"external_id": former, "user_name": name})
    return [rows[number] for number in order]


def drafted(users: list[dict[str, Any]]) -> Plan:
    return plan(directory(), wanted(users=users))


@given(
    st.permutations([*NAMES, "new", "other"]),
    st.permutations(range(7)),
    st.integers(2, 7),
)
def test_d9_any_permutation_of_names_is_reached_without_a_conflict(
    names: list[str], order: list[int], count: int
) -> None:
    """The store refuses a name that is taken, so every write finds its name free."""
    users = renamed(names, order)[:count]
    store = directory()
    taken = {one["user_name"] for one in users}
    staying = [f"x-{name}" for name in NAMES if name in taken]
    if {one["external_id"] for one in users}.issuperset(staying):
        converge(store, wanted(users=users))
        held = {one["externalId"]: one["userName"] for one in store.held["Users"].values()}
        assert all(held[one["external_id"]] == one["user_name"] for one in users)
        settled(store, wanted(users=users))
    else:
        assert refusals(plan(store, wanted(users=users)))


def test_d9_names_that_nobody_takes_need_no_other_order() -> None:
    made = drafted([{"external_id": "x-ann", "user_name": "new"}])
    assert [(one.frees, one.waits_for) for one in made.changes] == [((), frozenset())]


def test_d9_who_gives_up_a_name_comes_first() -> None:
    made = drafted(
        [
            {"external_id": "x-new", "user_name": "ann"},
            {"external_id": "x-ann", "user_name": "bob"},
            {"external_id": "x-bob", "user_name": "new"},
        ]
    )
    assert [(one.verb, one.new["userName"]) for one in made.changes] == [
        ("update", "new"),
        ("update", "bob"),
        ("create", "ann"),
    ]


def test_d9_a_temporary_name_is_the_same_in_every_run_and_keeps_its_form() -> None:
    store = Store()
    store.user("ann@x.org", externalId="a")
    row = {"external_id": "a", "user_name": "bob"}
    (change,) = plan(store, wanted(users=[row])).changes
    name = temporary(change, "userName")
    assert name == temporary(change, "userName")
    assert name.startswith("ann.renamed-") and name.endswith("@x.org")


def test_d9_a_circle_is_counted_once_for_each_user() -> None:
    made = drafted(
        [
            {"external_id": "x-ann", "user_name": "bob"},
            {"external_id": "x-bob", "user_name": "ann"},
        ]
    )
    assert len({one.key for one in made.changes}) == 2
    assert len([one for one in made.notes if "for a moment" in one]) == 1
