# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The coordinator merges the effects of each change before the next one begins."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.apply import apply
from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._converge.planner import Planner
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
    Plan,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    group_change,
    run_on,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

PAM = {"userName": "pam", "active": True}
JIM = {"userName": "jim", "active": True}


def office(*faults: Any, **more: Any) -> Faulty:
    store = Faulty(*faults, **more)
    store.user("pam")
    store.user("jim")
    store.group("red", ["pam"])
    return store


def applied(store: Faulty, *changes: Change, policy: Policy = Policy()) -> tuple[Outcome, Any]:
    run = run_on(store)
    plan = Plan(steps=tuple((one,) for one in changes))
    outcome = Outcome(plan=plan, snapshot=run.snapshot, check=False)
    apply(run.service, outcome, policy, Planner(run.service, (), policy))
    return outcome, run.service


def test_an_id_is_known_to_the_next_change() -> None:
    store = office()
    membership = MembershipChange(current=frozenset(users("u1")), joins=users("bulkId:new"))
    outcome, _service = applied(
        store,
        user_change("bulkId:new", None, {"userName": "new"}),
        group_change("g3", "red", {"displayName": "red"}, membership),
    )
    assert store.members("red") == {"pam", "new"} and outcome.ids == {"bulkId:new": "u4"}
    assert outcome.service_key(Key("User", "bulkId:new")) == Key("User", "u4")
    assert outcome.snapshot.get(Key("User", "u4"))


def test_a_lesson_is_known_to_the_next_change() -> None:
    store = office(limits={"patch": False})
    outcome, service = applied(
        store,
        user_change("u1", PAM, {**PAM, "title": "x"}),
        user_change("u2", JIM, {**JIM, "title": "x"}),
    )
    assert [method for method, _kind in store.writes()] == ["PATCH", "PUT"] * 2
    assert service.capabilities.of("User").patch is False and not outcome.failures


def test_a_deletion_is_known_to_the_next_change() -> None:
    store = office()
    membership = MembershipChange(current=frozenset(users("u1")), leaves=users("u1"))
    outcome, _service = applied(
        store,
        user_change("u1", PAM, None),
        group_change("g3", "red", {"displayName": "red"}, membership),
    )
    assert [one["method"] for one in outcome.operations] == ["DELETE"] and len(outcome.done) == 2


def test_a_failure_ends_the_run_and_what_is_left_was_not_tried() -> None:
    store = office(once("PATCH", "Users", answers(422)))
    first = user_change("u1", {"userName": "pam"}, {"userName": "pam", "title": "x"})
    second = user_change("u2", JIM, {**JIM, "title": "x"})
    outcome, _service = applied(store, first, second)
    assert [one.change for one in outcome.failures] == [first] and outcome.not_tried == [second]
    assert not outcome.interrupted and outcome.done == []


def joined_by(*names: str) -> tuple[Faulty, Change, Outcome]:
    """A run in which users join a group, one of them new and refused by the service."""
    store = office(once("POST", "Users", answers(400)))
    membership = MembershipChange(current=frozenset(users("u1")), joins=users(*names))
    change = group_change("g3", "red", {"displayName": "red"}, membership)
    outcome, _service = applied(
        store,
        user_change("bulkId:new", None, {"userName": "new"}),
        change,
        policy=Policy(stop_on_error=False),
    )
    return store, change, outcome


def test_a_change_that_is_made_in_part_is_neither_done_nor_not_tried() -> None:
    store, change, outcome = joined_by("bulkId:new", "u2")
    assert store.members("red") == {"pam", "jim"} and outcome.not_tried == []
    assert outcome.in_part == [change] and (outcome.failed, outcome.succeeded) == (1, 0)


def test_a_change_with_nothing_left_is_not_sent() -> None:
    store, change, outcome = joined_by("bulkId:new")
    assert store.writes() == [] and outcome.not_tried == [change] and outcome.done == []


def test_an_interruption_ends_the_run_before_the_next_change() -> None:
    store = office()
    run = run_on(store)
    changes = (
        user_change("u1", PAM, {**PAM, "title": "x"}),
        user_change("u2", JIM, {**JIM, "title": "x"}),
    )

    def interrupts(_store: Faulty, method: str, *_more: Any) -> None:
        run.service.interrupted = run.service.interrupted or method == "PATCH"

    store.faults = [interrupts]
    outcome = Outcome(plan=Plan(steps=(changes,)), snapshot=run.snapshot, check=False)
    apply(run.service, outcome, Policy(), Planner(run.service, (), Policy()))
    assert outcome.interrupted and outcome.not_tried == [changes[1]] and len(outcome.done) == 1


def test_an_answer_that_cannot_be_read_fails_its_change_and_not_the_run() -> None:
    def damaged(store: Faulty, method: str, segments: Any, *_more: Any) -> Any:
        is_group = method == "GET" and segments[0] == "Groups"
        return Answer(200, {"id": "g3", "members": "x"}) if is_group else None

    membership = MembershipChange(current=frozenset(users("u1")), leaves=users("u1"))
    outcome, _service = applied(
        office(damaged),
        group_change("g3", "red", {"displayName": "red"}, membership),
        user_change("u2", JIM, {**JIM, "title": "x"}),
        policy=Policy(stop_on_error=False),
    )
    (failure,) = outcome.failures
    assert str(failure.error).startswith("reading the members of group 'red': the answer shows")
    assert [(one.change.name, one.failed) for one in outcome.done] == [
        ("red", True),
        ("jim", False),
    ]
    assert outcome.changed
