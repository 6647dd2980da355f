# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a plan that was made again."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.remaining import (
    CarriedOut,
    lacking_before,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    RED,
    group_change,
    user_change,
    users,
)

NEW = {"userName": "new"}
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"


def test_what_was_done_or_failed_is_not_done_again() -> None:
    carried = CarriedOut({"bulkId:new": "u9"})
    made = user_change("bulkId:new", None, NEW)
    failed = user_change("u1", PAM, {**PAM, "title": "x"})
    open_ = user_change("u2", PAM, {**PAM, "title": "x"})
    carried.note(made, done=True)
    carried.note(failed, done=False)
    assert list(carried.rest([[made, failed, open_]])) == [(open_,)]


def test_d9_what_gave_up_its_name_early_has_its_other_parts_before_it() -> None:
    carried = CarriedOut({})
    early = user_change("u1", PAM, {**PAM, "userName": "beesly"}, frees=("userName",))
    rest = user_change("u1", early.new, {**early.new, "title": "x"})
    carried.note(early, done=True)
    assert list(carried.rest([[early, rest]])) == [(rest,)]


def test_a_created_resource_is_known_by_its_real_id_too() -> None:
    carried = CarriedOut({"bulkId:new": "u9", "bulkId:red": "g9"})
    carried.note(user_change("bulkId:new", None, NEW), done=True)
    moves = MembershipChange(current=frozenset(), joins=users("u1"))
    carried.note(group_change("bulkId:red", "red", None, moves), done=True)
    again = group_change("g9", "red", dict(RED), moves)
    assert not list(carried.rest([[user_change("u9", NEW, NEW), again]]))


def test_more_of_a_user_that_was_written_is_an_update() -> None:
    """A manager that was to follow later exists already, by another plan."""
    ids = {"bulkId:new": "u9", "bulkId:jan": "u8"}
    carried = CarriedOut(ids)
    carried.note(user_change("bulkId:new", None, NEW), done=True)
    ((left,),) = carried.rest([[user_change("bulkId:new", None, {**NEW, MANAGER: "bulkId:jan"})]])
    assert (left.verb, left.paths, left.new[MANAGER]) == ("update", (MANAGER,), "u8")


def test_another_phase_of_a_user_is_still_to_be_done() -> None:
    carried = CarriedOut({})
    carried.note(user_change("u1", PAM, {**PAM, "title": "x"}), done=True)
    leaver = user_change("u1", PAM, {**PAM, "active": False})
    assert list(carried.rest([[leaver]])) == [(leaver,)]


def test_several_changes_of_one_resource_are_told_apart_by_their_order() -> None:
    """Users that swap names: the first change gives one of them a temporary name."""
    carried = CarriedOut({})
    first = user_change("u1", PAM, {**PAM, "userName": "pam-1"})
    second = user_change("u1", {**PAM, "userName": "pam-1"}, {**PAM, "userName": "jim"})
    carried.note(first, done=True)
    assert list(carried.rest([[first, second]])) == [(second,)]
    carried.note(second, done=True)
    assert not list(carried.rest([[first, second]]))


def test_d8_nothing_had_the_keys_of_what_a_run_created() -> None:
    made = user_change("bulkId:new", None, NEW)
    (reading,) = lacking_before([made])
    assert reading.answered == (("userName", "new"),) and not reading.resources
