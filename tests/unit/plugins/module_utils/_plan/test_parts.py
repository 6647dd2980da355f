# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a change: which there are, in which order, and what each one writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Members
from ansible_collections.identity.scim.plugins.module_utils._plan.parts import (
    asks_more,
    limited,
    parts,
    urgent_part,
    without_unsaved,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    group_change,
    user_change,
    users,
)

AFTER = {**PAM, "title": "Dr", "active": False, "name.givenName": "P"}


def test_e2_a_deactivation_is_the_first_part() -> None:
    found = parts(user_change("u1", {**PAM, "active": True}, AFTER))
    assert [one.paths for one in found] == [("active",), ("title",), ("name.givenName",)]
    assert [one.essential for one in found] == [True, False, False]
    assert [one.change.paths for one in found] == [one.paths for one in found]


def test_e2_members_are_a_part_of_their_own() -> None:
    membership = MembershipChange(current=frozenset(users("u1")), leaves=users("u1"))
    first, second = parts(group_change("g3", "red", {"displayName": "old"}, membership))
    assert first.change.leaves == users("u1") and not first.change.paths and first.essential
    assert second.change.paths == ("displayName",) and not second.change.leaves


def test_e2_the_urgent_part_is_a_deactivation_or_the_members() -> None:
    active = {**PAM, "active": True}
    part = urgent_part(user_change("u1", active, AFTER))
    assert part is not None and part.paths == ("active",) and part.verb == "deactivate"
    membership = MembershipChange(current=frozenset(users("u1")), leaves=users("u1"))
    part = urgent_part(group_change("g3", "red", {"displayName": "old"}, membership))
    assert part is not None and not part.paths and part.leaves == users("u1")


def test_e2_what_is_nothing_else_has_no_urgent_part() -> None:
    active = {**PAM, "active": True}
    membership = MembershipChange(current=frozenset(), joins=users("u1"))
    for change in (
        user_change("u1", active, {**PAM, "active": False}),
        user_change("u1", active, {**active, "title": "Dr"}),
        user_change("u1", None, AFTER),
        user_change("u1", active, None),
        group_change("g3", "red", {"displayName": "red"}, membership),
        group_change("bulkId:red", "red", None, membership),
    ):
        assert urgent_part(change) is None


@pytest.mark.parametrize(
    "paths, after", [((), PAM), (("title",), {**PAM, "title": "Dr"}), (("other",), PAM)]
)
def test_e2_a_limited_change_leaves_the_rest_as_it_was(
    paths: tuple[str, ...], after: dict[str, Any]
) -> None:
    found = limited(user_change("u1", PAM, AFTER), paths)
    assert found.after == after and set(found.desired.content.attributes) <= {*paths}


def test_e2_a_removal_stays_a_removal() -> None:
    change = user_change("u1", {**PAM, "title": "Dr", "nickName": "p"}, PAM)
    assert limited(change, ("title",)).after == {**PAM, "nickName": "p"}


def test_e1_what_is_not_stored_is_not_sent() -> None:
    known = overridden({"unsaved": ["User.title", "Group.active", "active"]})
    change = user_change("u1", PAM, {**PAM, "title": "Dr", "active": False})
    found, unsent = without_unsaved(change, known)
    assert unsent == ("title",) and found.paths == ("active",)
    alone, unsent = without_unsaved(user_change("u1", PAM, {**PAM, "title": "Dr"}), known)
    assert unsent == ("title",) and alone.verb == "keep"


def test_e3_types_that_are_not_stored_are_not_sent() -> None:
    known = overridden({"unsaved": ["User.emails.type"]})
    work = {"value": "a@x", "type": "work"}
    new, unsent = without_unsaved(user_change("n", None, {**PAM, "emails": [work]}), known)
    assert unsent == ("emails.type",) and new.new["emails"] == [{"value": "a@x"}]
    before = {**PAM, "emails": [{"value": "a@x"}]}
    rest, unsent = without_unsaved(user_change("u1", before, {**before, "emails": [work]}), known)
    assert unsent == ("emails.type",) and rest.verb == "keep"
    both = {**before, "emails": [work], "title": "Dr"}
    rest, unsent = without_unsaved(user_change("u1", before, both), known)
    assert unsent == ("emails.type",) and rest.paths == ("title",)


def test_e1_a_deletion_has_nothing_to_leave_out() -> None:
    change = user_change("u1", PAM, None)
    assert without_unsaved(change, overridden({"unsaved": ["title"]})) == (change, ())


@pytest.mark.parametrize(
    "after, refused, more",
    [
        ({"userName": "pam", "title": "Dr"}, ("title",), False),
        ({"userName": "pam", "title": "Dr", "locale": "de"}, ("title",), True),
        ({"userName": "pam", "title": "Dr", "locale": "de"}, ("title", "locale"), False),
        ({"userName": "pam", "name.givenName": "P"}, ("name",), False),
    ],
)
def test_e2_a_task_asks_for_more_than_the_refused_attributes(
    after: dict[str, Any], refused: tuple[str, ...], more: bool
) -> None:
    assert asks_more(user_change("u1", {"userName": "pam"}, after), refused) is more


def test_e2_the_members_of_a_group_are_more_than_its_attributes() -> None:
    change = group_change("g3", "red", {"displayName": "red"}, MembershipChange(current=None))
    assert not asks_more(change, ("externalId",))
    members = (Members(add=frozenset()),)
    assert asks_more(replace(change, desired=replace(change.desired, members=members)), ())
