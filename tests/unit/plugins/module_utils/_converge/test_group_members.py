# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of a group while it is written: who stays, and what a late read may show."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._converge.group_members import (
    GroupMembers,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.worker import Worker
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    RED,
    group_change,
    office,
    run_on,
    users,
)

BOTH = frozenset(users("u1", "u2"))
JOIN = MembershipChange(current=BOTH, joins=users("u4"))


def test_the_roll_keeps_members_from_before_the_first_write() -> None:
    worker = Worker(run_on(office()), group_change("g3", "red", RED, JOIN))
    members = GroupMembers(leaving=frozenset(users("u2")))
    members.begin(worker, worker.change)
    later = group_change("g3", "red", RED, MembershipChange(current=frozenset()))
    members.begin(worker, later)
    assert members.inside == BOTH and members.staying(worker) == {*users("u1")}
    worker.run.deleted.add(Key("User", "u1"))
    assert not members.staying(worker)
    members.forget()
    members.begin(worker, later)
    assert members.inside == frozenset()


def test_a_late_read_may_show_the_group_before_an_earlier_change_of_the_run() -> None:
    run = run_on(office())
    run.earlier[Key("Group", "g3")] = [frozenset(), BOTH]
    worker = Worker(run, group_change("g3", "red", RED, JOIN))
    members = GroupMembers()
    members.begin(worker, worker.change)
    members.wrote(users("u4"), users("u1"))
    assert members.earlier == [frozenset(), BOTH, frozenset(users("u2", "u4"))]
    assert members.staying(worker) == BOTH


def test_a_promised_write_is_compared_with_the_members_before_it() -> None:
    worker = Worker(run_on(office()), group_change("g3", "red", RED, JOIN))
    worker.awaited = GroupMembers(inside=frozenset(users("u1")), earlier=[frozenset(users("u1"))])
    members = GroupMembers()
    members.begin(worker, worker.change)
    assert members.inside == frozenset(users("u1")) and members.earlier == [frozenset(users("u1"))]
