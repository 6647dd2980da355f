# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes alone, and what goes with others."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.side_by_side import Caution
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    RED,
    group_change,
    user_change,
    users,
)

KNOWN = overridden({})
TITLE = user_change("u1", PAM, {**PAM, "title": "x"})
OTHER_TITLE = user_change("u2", PAM, {**PAM, "title": "y"})
NICK = user_change("u3", PAM, {**PAM, "nickName": "x"})


def joining(*names: str, others: bool = True) -> MembershipChange:
    return MembershipChange(current=frozenset(users("u9") if others else ()), joins=users(*names))


def test_the_first_of_a_kind_goes_alone_and_the_others_together() -> None:
    caution = Caution()
    assert caution.goes_alone(TITLE, KNOWN, {})
    caution.note(TITLE, KNOWN, is_clean=True)
    assert not caution.goes_alone(OTHER_TITLE, KNOWN, {})
    assert caution.goes_alone(NICK, KNOWN, {})


def test_what_taught_something_is_tried_alone_three_times_at_most() -> None:
    caution = Caution()
    for _number in range(3):
        assert caution.goes_alone(TITLE, KNOWN, {})
        caution.note(TITLE, KNOWN, is_clean=False)
    assert not caution.goes_alone(TITLE, KNOWN, {})


def test_what_is_settled_stays_so_whatever_comes_later() -> None:
    caution = Caution()
    caution.note(TITLE, KNOWN, is_clean=True)
    for _number in range(3):
        assert not caution.goes_alone(TITLE, KNOWN, {})
        caution.note(OTHER_TITLE, KNOWN, is_clean=False)
    assert not caution.goes_alone(OTHER_TITLE, KNOWN, {})
    assert caution.goes_alone(user_change("u4", None, {**PAM, "title": "x"}), KNOWN, {})
    both = user_change("u5", PAM, {**PAM, "title": "x", "nickName": "y"})
    assert caution.goes_alone(both, KNOWN, {})


def test_new_groups_with_members_are_another_kind_than_those_without() -> None:
    caution = Caution()
    empty = group_change("bulkId:a", "a", None, MembershipChange(current=frozenset()))
    first = group_change("bulkId:b", "b", None, joining("u1", others=False))
    caution.note(empty, KNOWN, is_clean=True)
    assert not caution.goes_alone(empty, KNOWN, {})
    assert caution.goes_alone(first, KNOWN, {})


def test_another_way_to_write_is_another_kind() -> None:
    caution = Caution()
    caution.note(TITLE, KNOWN, is_clean=True)
    assert caution.goes_alone(OTHER_TITLE, overridden({"patch": False}), {})


def test_a_group_goes_alone_until_its_form_is_proven() -> None:
    caution = Caution()
    first = group_change("g1", "red", dict(RED), joining("u1"))
    second = group_change("g2", "blue", {"displayName": "blue"}, joining("u1"))
    several = group_change("g3", "green", {"displayName": "green"}, joining("u1", "u2"))
    seen = {"PATCH add: done": True, "PATCH add: others stay": True}
    caution.note(first, KNOWN, is_clean=True)
    assert caution.goes_alone(second, KNOWN, {})
    assert caution.goes_alone(second, KNOWN, {"PATCH add: done": True})
    assert not caution.goes_alone(second, KNOWN, seen)
    assert caution.goes_alone(several, KNOWN, seen)


def test_a_group_without_a_way_to_write_it_is_no_error_here() -> None:
    change = group_change("g1", "red", dict(RED), joining("u1"))
    assert Caution().goes_alone(change, overridden({"patch": False, "put": False}), {})


def test_a_group_goes_alone_as_long_as_a_read_showed_another_as_before() -> None:
    caution = Caution()
    change = group_change("g1", "red", dict(RED), joining("u1"))
    seen = {"PATCH add: done": True, "PATCH add: others stay": True}
    for _number in range(4):
        assert caution.goes_alone(change, KNOWN, seen, {"PATCH add: others stay"})
        caution.note(change, KNOWN, is_clean=True)
    assert not caution.goes_alone(change, KNOWN, seen, {"PATCH remove by list: done"})


def test_a_group_of_unknown_members_goes_alone_until_others_are_known_to_stay() -> None:
    caution = Caution()
    change = group_change("g1", "red", dict(RED), MembershipChange(current=None, joins=users("u1")))
    caution.note(change, KNOWN, is_clean=True)
    assert caution.goes_alone(change, KNOWN, {"PATCH add: done": True})
    assert not caution.goes_alone(
        change, KNOWN, {"PATCH add: done": True, "PATCH add: others stay": True}
    )
