# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creations: what they leave behind, and what they teach."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    group_change,
    office,
    run_on,
    unshared,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def test_a_creation() -> None:
    store = office()
    effects = unshared(run_on(store), user_change("bulkId:new", None, {"userName": "new"}))
    assert effects.created == {"bulkId:new": "u4"} and effects.failure is None
    assert effects.done is not None and effects.done.changed
    assert [one["method"] for one in effects.done.operations] == ["POST"]
    assert effects.readings[0].resources[0]["id"] == "u4"


def test_a_creation_that_another_run_made_first_is_left_to_another_plan() -> None:
    def rival(store: Faulty, *_request: Any) -> Answer:
        store.user("new", nickName="n")
        return Answer(409)

    store = office(once("POST", "Users", rival))
    change = user_change("bulkId:new", None, {"userName": "NEW", "title": "x"})
    effects = unshared(run_on(store), change)
    assert effects.created_elsewhere == {change.key} and effects.created == {"bulkId:new": "u4"}
    assert effects.done is None and effects.failure is None
    assert effects.readings[-1].resources[0]["nickName"] == "n" and store.writes() == []


def test_members_that_a_creation_drops_are_a_lesson_even_if_they_cannot_be_added() -> None:
    def drops(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer:
        return store.really(method, segments, query, {**body, "members": []})

    store = office(once("POST", "Groups", drops), once("PATCH", "Groups", answers(403), times=9))
    membership = MembershipChange(current=frozenset(), joins=users("u1"))
    effects = unshared(run_on(store), group_change("bulkId:blue", "blue", None, membership))
    assert [dict(one.values) for one in effects.lessons] == [{"create_members": False}]
    assert effects.failure is not None and effects.failure.status == 403


@pytest.mark.parametrize("first", [500, 503, 504])
@pytest.mark.parametrize("second", [500, 502, 504])
def test_d5_a_creation_is_not_sent_again_while_reads_may_lag(first: int, second: int) -> None:
    """The first try is not done, the second one is. Both are answered alike, and names may repeat."""
    made: list[float] = []

    def lags(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
        if method == "POST":
            made.append(store.waited)
            if len(made) == 2:
                store.really(method, segments, query, body)
            return Answer(first if len(made) == 1 else second, {"detail": "no"})
        is_hidden = len(made) > 1 and store.waited < made[1] + 2
        return Answer(200, {"totalResults": 0, "Resources": []}) if is_hidden else None

    store = office(lags)
    run = run_on(store)
    run.service.consistency_wait = 5.0
    effects = unshared(run, user_change("bulkId:new", None, {"userName": "new"}))
    assert effects.failure is None and effects.created == {"bulkId:new": "u4"}
    assert len(made) == 2


def test_a_service_that_never_creates_is_waited_for_before_each_repetition_only() -> None:
    store = office(once("POST", "Users", answers(500), times=9))
    run = run_on(store)
    run.service.consistency_wait = 5.0
    effects = unshared(run, user_change("bulkId:new", None, {"userName": "new"}))
    assert effects.failure is not None and store.waited == 10.0
