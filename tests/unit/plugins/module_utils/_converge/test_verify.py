# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update really did: lost members, and answers in part."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.verify import without_members
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    RED,
    group_change,
    office,
    run_on,
    unshared,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def test_a_deleted_user_is_no_lost_member() -> None:
    store = office()
    store.user("toby")
    run = run_on(store)
    run.deleted.add(Key("User", "u1"))
    store["red"]["members"] = [{"value": "u2"}, {"value": "u4"}]
    membership = MembershipChange(current=frozenset(users("u1", "u2", "u4")), leaves=users("u2"))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert effects.failure is None and store.members("red") == {"toby"}


def test_a_member_that_did_not_join_is_taken_out_of_what_was_done() -> None:
    membership = MembershipChange(
        current=frozenset(users("u1", "u2")),
        joins=users("u4", "u5"),
        leaves=users("u1", "u2"),
        unlisted=frozenset(users("u1", "u2")),
    )
    change = group_change("g3", "red", RED, membership)
    assert without_members(change, set()) == change
    done = without_members(change, set(users("u1", "u5"))).membership
    assert done is not None and (done.joins, done.leaves) == (users("u4"), users("u2"))
    assert done.unlisted == {*users("u2")}


@pytest.mark.parametrize(
    "verify, caps, reads",
    [
        ("removals", {}, 0),
        ("writes", {}, 1),
        ("none", {}, 0),
        ("writes", {"members_read": "none"}, 0),
    ],
)
def test_joins_are_read_back_where_that_is_asked_for(
    verify: str, caps: dict[str, Any], reads: int
) -> None:
    store = office()
    store.user("toby")
    run = run_on(store, caps, verify=verify)
    membership = MembershipChange(current=frozenset(users("u1", "u2")), joins=users("u4"))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert effects.done is not None and effects.done.changed
    assert store.requests == 1 + reads


@pytest.mark.parametrize("verify, reads", [("removals", 1), ("none", 0)])
def test_removals_are_read_back_by_default(verify: str, reads: int) -> None:
    store = office()
    membership = MembershipChange(current=frozenset(users("u1", "u2")), leaves=users("u1"))
    run = run_on(store, verify=verify)
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert effects.done is not None and store.requests == 1 + reads


def test_an_answer_that_lacks_a_member_is_read_back() -> None:
    def drops(store: Faulty, method: str, *_request: Any) -> Any:
        return Answer(200, dict(store["red"])) if method == "PATCH" else None

    store = office(drops)
    store.user("toby")
    membership = MembershipChange(current=frozenset(users("u1", "u2")), joins=users("u4"))
    effects = unshared(run_on(store), group_change("g3", "red", RED, membership))
    assert effects.done is not None and not effects.done.changed
    assert effects.done.not_saved == ("members",) and not effects.done.change.joins


def test_lost_members_are_added_back_and_named() -> None:
    def empties(store: Faulty, *_request: Any) -> Answer:
        store["red"]["members"] = []
        return Answer(204)

    store = office(once("PATCH", "Groups", empties))
    membership = MembershipChange(current=frozenset(users("u1", "u2")), leaves=users("u1"))
    effects = unshared(run_on(store), group_change("g3", "red", RED, membership))
    assert store.members("red") == {"jim"}
    assert "more members left the group than this run removed: jim; they were added back" in str(
        effects.failure
    )
