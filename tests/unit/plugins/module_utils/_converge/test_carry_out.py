# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change and its effects: nothing that changes share is written before they are merged."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.carry_out import carry_out
from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Effects, Run
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    Flat,
    group_change,
    run_on,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    lost,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

PAM = {"userName": "pam", "active": True}
NEW = user_change("bulkId:new", None, {"userName": "new"})
RENAMED = user_change("u1", PAM, {**PAM, "title": "x"})
GONE = user_change("u1", PAM, None)
RED: Flat = {"displayName": "red"}
MAILS = [{"value": "a@x", "type": "work", "primary": True}, {"value": "b@x", "type": "home"}]


def office(*faults: Any, **more: Any) -> Faulty:
    store = Faulty(*faults, **more)
    store.user("pam")
    store.user("jim")
    store.group("red", ["pam", "jim"])
    return store


def unshared(run: Run, change: Any) -> Effects:
    """Return the effects of a change, which leave the run as it was."""
    before = copy.deepcopy((run.ids, run.deleted, run.created_elsewhere, run.service.lessons))
    known = {key: run.snapshot.get(key) for key in users("u1", "u2", "u4")}
    effects = carry_out(run, change)
    assert before == (run.ids, run.deleted, run.created_elsewhere, run.service.lessons)
    assert known == {key: run.snapshot.get(key) for key in known}
    return effects


def test_a_creation() -> None:
    store = office()
    effects = unshared(run_on(store), NEW)
    assert effects.created == {"bulkId:new": "u4"} and effects.failure is None
    assert effects.done is not None and effects.done.changed
    assert [one["method"] for one in effects.done.operations] == ["POST"]
    assert effects.readings[0].resources[0]["id"] == "u4"


def test_a_creation_that_another_run_made_first_is_converged() -> None:
    def rival(store: Faulty, *_request: Any) -> Answer:
        store.user("new", nickName="n")
        return Answer(409)

    store = office(once("POST", "Users", rival))
    change = user_change("bulkId:new", None, {"userName": "NEW", "title": "x"})
    effects = unshared(run_on(store), change)
    assert effects.created_elsewhere == {change.key} and effects.created == {"bulkId:new": "u4"}
    assert (store["new"]["title"], store["new"]["nickName"]) == ("x", "n")


def test_an_update() -> None:
    store = office()
    effects = unshared(run_on(store), RENAMED)
    assert store["pam"]["title"] == "x" and effects.created == {} and not effects.deleted
    assert effects.done is not None and effects.done.resource is not None
    assert effects.done.resource["title"] == "x"


def test_a_deletion_of_a_user_is_told_to_later_changes() -> None:
    store = office()
    effects = unshared(run_on(store), GONE)
    assert effects.deleted == {Key("User", "u1")} and "pam" not in store.names("Users")


def test_a_deletion_of_a_group_is_not() -> None:
    store = office()
    gone = group_change("g3", "red", RED, MembershipChange(current=frozenset()))
    object.__setattr__(gone, "after", None)
    effects = unshared(run_on(store), gone)
    assert effects.deleted == frozenset() and store.names("Groups") == set()


@pytest.mark.parametrize("left, changed", [({"active": False}, True), ({}, False)])
def test_a_deletion_that_only_promises_is_read(left: dict[str, Any], changed: bool) -> None:
    def promises(store: Faulty, *_request: Any) -> Answer:
        store["pam"].update(left)
        return Answer(202)

    store = office(once("DELETE", "Users", promises))
    effects = unshared(run_on(store, {"delete_user": "inactive"}), GONE)
    assert effects.done is not None and effects.done.changed is changed
    assert effects.done.not_saved == (() if changed else ("active",))


def test_an_inactive_user_that_stays_teaches_what_delete_does() -> None:
    store = office(once("DELETE", "Users", lambda *_: Answer(204)))
    store["pam"]["active"] = False
    change = user_change("u1", {**PAM, "active": False}, None)
    effects = unshared(run_on(store), change)
    assert [dict(one.values) for one in effects.lessons] == [{"delete_user": "inactive"}]
    assert effects.done is not None and not effects.done.changed


def test_a_form_that_works_is_a_lesson() -> None:
    store = office(limits={"patch": False})
    effects = unshared(run_on(store), RENAMED)
    assert [dict(one.values) for one in effects.lessons] == [{"patch": False}]
    assert effects.failure is None and store["pam"]["title"] == "x"


def test_a_form_that_fails_too_is_no_lesson() -> None:
    store = office(once("PATCH", "Users", answers(501)), once("PUT", "Users", answers(400)))
    effects = unshared(run_on(store), RENAMED)
    assert effects.lessons == () and effects.done is None
    assert str(effects.failure).startswith("changing user 'pam': the service answered 501: no;")
    assert "in another form: the service answered 400: no" in str(effects.failure)


def test_a_failure_leaves_what_was_created_and_read() -> None:
    store = office(once("PATCH", "Groups", answers(403), times=9))
    membership = MembershipChange(current=frozenset(), joins=users("u1", "u2"))
    change = group_change("bulkId:blue", "blue", None, membership)
    effects = unshared(run_on(store, {"create_members": False}), change)
    assert effects.failure is not None and effects.failure.status == 403
    assert effects.created == {"bulkId:blue": "g4"} and effects.readings


def test_members_that_a_creation_drops_are_a_lesson_even_if_they_cannot_be_added() -> None:
    def drops(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer:
        return store.really(method, segments, query, {**body, "members": []})

    store = office(once("POST", "Groups", drops), once("PATCH", "Groups", answers(403), times=9))
    membership = MembershipChange(current=frozenset(), joins=users("u1"))
    effects = unshared(run_on(store), group_change("bulkId:blue", "blue", None, membership))
    assert [dict(one.values) for one in effects.lessons] == [{"create_members": False}]
    assert effects.failure is not None and effects.failure.status == 403


def test_the_one_entry_that_a_service_keeps_is_written_alone() -> None:
    def keeps_first(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        found = store.really(method, segments, query, body)
        store["pam"]["emails"] = store["pam"]["emails"][-1:]
        return Answer(200, {**found.body, "emails": store["pam"]["emails"]})

    store = office(keeps_first)
    effects = unshared(run_on(store), user_change("u1", PAM, {**PAM, "emails": MAILS}))
    assert [dict(one.values) for one in effects.lessons] == [{"single": ("emails",)}]
    assert store["pam"]["emails"] == MAILS[:1] and effects.done is not None
    assert effects.done.changed and effects.done.not_saved == ("emails",)
    assert len(effects.done.operations) == 2


def test_an_option_that_denies_a_single_entry_is_left_alone() -> None:
    def keeps_first(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        store.really(method, segments, query, body)
        store["pam"]["emails"] = MAILS[1:]
        return Answer(200, store["pam"])

    store = office(keeps_first)
    change = user_change("u1", PAM, {**PAM, "emails": MAILS})
    effects = unshared(run_on(store, {"single": []}), change)
    assert effects.lessons == () and store.writes() == [("PATCH", "Users")]
    assert effects.done is not None and effects.done.not_saved == ("emails",)


def test_a_user_that_was_deleted_needs_no_removal() -> None:
    store = office()
    run = run_on(store)
    run.deleted.add(Key("User", "u1"))
    store["red"]["members"] = [{"value": "u2"}]
    membership = MembershipChange(current=frozenset(users("u1", "u2")), leaves=users("u1"))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert store.writes() == [] and effects.done is not None and effects.failure is None


def test_a_deleted_user_is_no_lost_member() -> None:
    store = office()
    store.user("toby")
    run = run_on(store)
    run.deleted.add(Key("User", "u1"))
    store["red"]["members"] = [{"value": "u2"}, {"value": "u4"}]
    membership = MembershipChange(current=frozenset(users("u1", "u2", "u4")), leaves=users("u2"))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert effects.failure is None and store.members("red") == {"toby"}


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
