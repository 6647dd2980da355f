# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates: other forms after a refusal, and the reads before a replacement."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    MAILS,
    PAM,
    RED,
    group_change,
    office,
    run_on,
    unshared,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    answers,
    lost,
    once,
)

RENAMED = user_change("u1", PAM, {**PAM, "title": "x"})


def test_an_update() -> None:
    store = office()
    effects = unshared(run_on(store), RENAMED)
    assert store["pam"]["title"] == "x" and effects.created == {} and not effects.deleted
    assert effects.done is not None and effects.done.resource is not None
    assert effects.done.resource["title"] == "x"


def test_a_form_that_works_is_a_lesson() -> None:
    store = office(limits={"patch": False})
    effects = unshared(run_on(store), RENAMED)
    assert [dict(one.values) for one in effects.lessons] == [{"patch": False}]
    assert effects.failure is None and store["pam"]["title"] == "x"


def test_a_form_that_fails_too_is_no_lesson_and_the_path_is_not_saved() -> None:
    store = office(once("PATCH", "Users", answers(501)), once("PUT", "Users", answers(400)))
    effects = unshared(run_on(store), RENAMED)
    assert effects.lessons == () and effects.failure is None
    assert effects.done is not None and effects.done.refused == ("title",)


def test_a_user_that_was_deleted_needs_no_removal() -> None:
    store = office()
    run = run_on(store)
    run.deleted.add(Key("User", "u1"))
    store["red"]["members"] = [{"value": "u2"}]
    membership = MembershipChange(current=frozenset(users("u1", "u2")), leaves=users("u1"))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert store.writes() == [] and effects.done is not None and effects.failure is None


def test_a_put_of_a_group_whose_members_are_never_shown_is_refused() -> None:
    store = office()
    change = group_change("g3", "red", {"displayName": "old"}, MembershipChange(current=None))
    run = run_on(store, {"patch": False, "members_read": "none"})
    effects = unshared(run, change)
    assert "replacing the whole group would lose them" in str(effects.failure)
    assert store.writes() == [] and store.members("red") == {"pam", "jim"}


def test_a_resource_that_was_read_in_part_is_read_whole_before_a_put() -> None:
    store = office()
    store["pam"]["nickName"] = "p"
    store["pam"]["emails"] = MAILS
    change = user_change(
        "u1", {"userName": "pam"}, {"userName": "pam", "title": "x"}, complete=False
    )
    run = run_on(store, {"patch": False})
    requests = store.requests
    effects = unshared(run, change)
    assert effects.failure is None and store["pam"]["nickName"] == "p" and store["pam"]["emails"]
    assert store.requests == requests + 1  # the snapshot holds it whole by now


def test_a_lost_answer_is_read_and_not_sent_again() -> None:
    store = office(once("PATCH", "Users", lost))
    effects = unshared(run_on(store), RENAMED)
    assert effects.done is not None and effects.done.changed and effects.failure is None
    assert [one["method"] for one in effects.done.operations] == ["PATCH"]


def test_a_put_of_a_group_without_moves_reads_its_members_again_after_a_deletion() -> None:
    store = office()
    run = run_on(store, {"patch": False})
    run.deleted.add(Key("User", "u1"))
    store["red"]["members"] = [{"value": "u2"}]
    membership = MembershipChange(current=frozenset(users("u1", "u2")))
    change = group_change("g3", "red", {"displayName": "old"}, membership)
    store["red"]["displayName"] = "old"
    effects = unshared(run, change)
    assert effects.failure is None and store.members("red") == {"jim"}


def test_a_patch_of_a_group_without_moves_reads_no_members_when_it_is_planned_again() -> None:
    store = office(once("PATCH", "Groups", answers(503)))
    membership = MembershipChange(current=frozenset(users("u1", "u2")))
    store["red"]["displayName"] = "old"
    run = run_on(store)
    requests = store.requests
    effects = unshared(run, group_change("g3", "red", {"displayName": "old"}, membership))
    assert effects.failure is None and store.members("red") == {"pam", "jim"}
    assert store.requests == requests + 3  # refused, read, written
