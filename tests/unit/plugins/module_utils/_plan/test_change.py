# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes and plans as data: what a change does follows from its two sides."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.flat import Flat
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
    Missing,
    Plan,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    Desired,
    Reference,
    Secrets,
)

A, B, C = (Key("User", one) for one in "abc")
PASSWORD = Secrets(attributes={"password": "x"})
ALWAYS = Secrets(attributes={"password": "x"}, always=True)


def user(before: Flat | None, after: Flat | None, secrets: Secrets = Secrets()) -> Change:
    return Change(
        key=Key("User", "u1"),
        name="pam",
        desired=Desired(kind=USER, secrets=secrets),
        before=before,
        after=after,
    )


@pytest.mark.parametrize(
    "before, after, verb, paths",
    [
        (None, {"userName": "pam"}, "create", ("userName",)),
        ({"title": "a"}, {"title": "b"}, "update", ("title",)),
        ({"title": "a"}, {"title": "a"}, "keep", ()),
        ({"title": "a"}, {}, "update", ("title",)),
        ({"active": True}, {"active": False}, "deactivate", ("active",)),
        ({}, {"active": False}, "deactivate", ("active",)),
        ({"active": False}, {"active": True}, "update", ("active",)),
        ({"title": "a"}, None, "delete", ()),
        (None, None, "keep", ()),
    ],
)
def test_verb_and_paths_follow_from_before_and_after(
    before: Flat | None, after: Flat | None, verb: str, paths: tuple[str, ...]
) -> None:
    change = user(before, after)
    assert (change.verb, change.paths, change.size) == (verb, paths, len(paths))
    assert change.text == "user 'pam'" and change.kind is USER


@pytest.mark.parametrize(
    "before, after, secrets, sends",
    [
        (None, {"userName": "pam"}, PASSWORD, True),
        ({"userName": "pam"}, {"userName": "pam"}, PASSWORD, False),
        ({"userName": "pam"}, {"userName": "pam"}, ALWAYS, True),
        ({"userName": "pam"}, None, ALWAYS, False),
    ],
)
def test_secrets_are_sent_at_creation_or_always(
    before: Flat | None, after: Flat | None, secrets: Secrets, sends: bool
) -> None:
    change = user(before, after, secrets)
    assert bool(change.secrets.attributes) is sends
    assert change.verb != "keep" or not sends


def group(membership: MembershipChange | None) -> Change:
    return Change(
        key=Key("Group", "g1"),
        name="red",
        desired=Desired(kind=GROUP),
        before={"displayName": "red"},
        after={"displayName": "red"},
        membership=membership,
    )


def test_members_that_join_or_leave_are_an_update() -> None:
    change = group(MembershipChange(current=frozenset({A}), joins=(B,), leaves=(A,)))
    assert (change.verb, change.joins, change.leaves, change.size) == ("update", (B,), (A,), 2)
    assert group(MembershipChange(current=frozenset({A}))).verb == "keep"
    assert group(None).joins == group(None).leaves == ()


@pytest.mark.parametrize(
    "current, joins, leaves, after, empties",
    [
        ({A, B}, (C,), (A,), {B, C}, False),
        ({A}, (), (A,), set(), True),
        ({A}, (B,), (A,), {B}, False),
        (set(), (), (), set(), False),
        (None, (B,), (A,), {B}, False),
        (None, (), (A,), set(), False),
    ],
)
def test_members_after_a_change_and_whether_the_group_is_emptied(
    current: set[Key] | None,
    joins: tuple[Key, ...],
    leaves: tuple[Key, ...],
    after: set[Key],
    empties: bool,
) -> None:
    known = None if current is None else frozenset(current)
    change = MembershipChange(current=known, joins=joins, leaves=leaves)
    assert (change.after, change.empties) == (after, empties)


def test_a_plan_yields_its_changes_in_order_and_counts_them() -> None:
    one, other, last = (user({"title": "a"}, {"title": text}) for text in "bcd")
    plan = Plan(steps=((one, other), (last,)))
    assert list(plan.changes) == [one, other, last] and plan.size == 3
    assert Plan().size == 0 and not list(Plan().changes)


def test_missing_references_are_needed_or_listed_for_removal() -> None:
    one, other = (Reference("User", "userName", name) for name in ("pam", "jim"))
    assert Missing(needed=(one,), removed=(other,)).every == (one, other)


def test_change_without_membership_moves_no_members() -> None:
    change = user({"title": "a"}, None)
    assert (change.old, change.new) == ({"title": "a"}, {})
    assert change.moves == MembershipChange(current=None)
    assert change.moves.known == frozenset()
