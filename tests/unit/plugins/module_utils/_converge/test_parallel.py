# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes side by side: whatever the order of answers, as if they had been sent in turn."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.scattered import (
    Scattered,
    told,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    directories,
    limits,
    policies,
    rosters,
    stores,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Answer,
    Store,
)

AT_ONCE = 8
GO_ON = Policy(stop_on_error=False)
SEEDS = st.integers(0, 2**16)


class Killed(BaseException):
    """The end of a run that nothing can catch, as SIGKILL is."""


def scattered(store: Store, *faults: Any, seed: int = 0) -> Scattered:
    made = Scattered(*faults, seed=seed, limits=store.limits, alike=store.alike)
    made.held, made.count = copy.deepcopy(store.held), dict(store.count)
    return made


def in_turn(store: Store) -> Faulty:
    made = Faulty(limits=store.limits, alike=store.alike)
    made.held, made.count = copy.deepcopy(store.held), dict(store.count)
    return made


def people(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": f"p{one:03}", **more} for one in range(number)]


# --- as in turn --------------------------------------------------------------------------------


@settings(max_examples=40)
@given(stores(), rosters(), policies, SEEDS)
def test_any_order_of_answers_tells_and_leaves_what_one_request_at_a_time_does(
    store: Store, teams: list[dict[str, Any]], policy: Policy, seed: int
) -> None:
    policy = replace(policy, reads_names=True, stop_on_error=False)
    first, other = in_turn(store), scattered(store, seed=seed)
    expected = run(first, policy=policy, teams=teams)
    found = run(other, policy=policy, at_once=AT_ONCE, teams=teams)
    assert told(found) == told(expected)
    assert other.state() == first.state() and not other.groups_at_once
    assert sorted(other.writes()) == sorted(first.writes())


@settings(max_examples=15)
@given(stores(), directories(), SEEDS)
def test_lists_that_refer_to_each_other_are_made_in_any_order_of_answers(
    store: Store, directory: dict[str, Any], seed: int
) -> None:
    first, other = in_turn(store), scattered(store, seed=seed)
    expected = run(first, policy=GO_ON, **directory)
    found = run(other, policy=GO_ON, at_once=AT_ONCE, **directory)
    assert told(found) == told(expected) and other.state() == first.state()


@settings(max_examples=15)
@given(stores(), rosters(), policies, limits, SEEDS)
def test_what_a_service_refuses_is_learnt_side_by_side(
    store: Store,
    teams: list[dict[str, Any]],
    policy: Policy,
    caps: dict[str, Any],
    seed: int,
) -> None:
    policy = replace(policy, reads_names=True, stop_on_error=False)
    store.limits = caps
    first, other = in_turn(store), scattered(store, seed=seed)
    expected = run(first, policy=policy, teams=teams)
    found = run(other, policy=policy, at_once=AT_ONCE, teams=teams)
    assert not found.failures and not expected.failures
    assert other.state() == first.state() and found.changed is expected.changed
    assert [one.change.key for one in found.done] == [one.change.key for one in expected.done]


def test_many_are_under_way_and_the_first_one_is_alone() -> None:
    store = Scattered()
    found = run(store, policy=GO_ON, at_once=AT_ONCE, users=people(60))
    assert len(store.names("Users")) == 60 and not found.failures
    assert 1 < store.most <= AT_ONCE
    assert [one["body"]["userName"] for one in found.operations] == sorted(store.names("Users"))


def test_no_more_are_under_way_than_the_option_allows() -> None:
    store = Scattered()
    run(store, policy=GO_ON, at_once=3, users=people(30))
    assert 1 < store.most <= 3


def test_a_task_that_stops_at_the_first_failure_sends_in_turn() -> None:
    store = Scattered()
    run(store, at_once=AT_ONCE, users=people(20))
    assert store.most == 1


def test_what_the_first_refusal_teaches_is_paid_once() -> None:
    store = Scattered(limits={"patch": False})
    for one in people(40):
        store.user(one["user_name"])
    found = run(store, policy=GO_ON, at_once=AT_ONCE, users=people(40, title="x"))
    assert not found.failures and 1 < store.most <= AT_ONCE
    assert store.writes().count(("PATCH", "Users")) <= 2


# --- failures ----------------------------------------------------------------------------------


def refuses(*names: str) -> Any:
    """A service that refuses to create these users."""

    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        refused = method == "POST" and body.get("userName") in names
        return Answer(422, {"detail": "no"}) if refused else None

    return fault


def test_failures_are_collected_in_the_order_of_the_plan() -> None:
    names = ("p007", "p003", "p031")
    found = run(Scattered(refuses(*names)), policy=GO_ON, at_once=AT_ONCE, users=people(40))
    assert [one.change.name for one in found.failures] == sorted(names)
    assert len(found.done) == 37 and not found.not_tried


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_end_the_run_at_once(status: int) -> None:
    def fault(store: Faulty, method: str, *_more: Any) -> Any:
        is_late = method == "POST" and len(store.names("Users")) >= 20
        return Answer(status, {"detail": "no"}) if is_late else None

    store = Scattered(fault)
    found = run(store, policy=GO_ON, at_once=AT_ONCE, users=people(60))
    assert 1 <= len(found.failures) <= AT_ONCE and len(store.names("Users")) == 20
    assert len(found.done) + len(found.failures) + len(found.not_tried) == 60


def test_no_more_changes_fail_than_end_the_run() -> None:
    store = Scattered(lambda _store, method, *_more: None)
    run(store, policy=GO_ON, at_once=AT_ONCE, users=people(10))
    store.faults = [
        lambda _s, method, *_: Answer(422, {"detail": "no"}) if method == "POST" else None
    ]
    policy = replace(GO_ON, stop_after=Limit(count=5))
    more = [{"user_name": f"new{one}"} for one in range(30)]
    found = run(store, policy=policy, at_once=AT_ONCE, users=[*people(10), *more])
    assert len(found.failures) == 5 and len(found.not_tried) == 25


def test_a_creation_that_is_answered_409_is_planned_again() -> None:
    def taken_by_another(store: Faulty, method: str, segments: Any, _query: Any, body: Any) -> None:
        is_first = method == "POST" and body.get("userName") == "p020"
        if is_first and "p020" not in store.names("Users"):
            store.user("p020", title="old")

    store = Scattered(taken_by_another)
    found = run(store, policy=GO_ON, at_once=AT_ONCE, users=people(40, title="x"))
    assert not found.failures and store["p020"]["title"] == "x"
    assert len(store.names("Users")) == 40 == len(store.held["Users"])


def test_an_interruption_finishes_what_is_under_way_and_tells_it() -> None:
    store = Scattered()
    service = Service(store, overridden({}))
    service.concurrency = AT_ONCE

    def interrupts(held: Faulty, method: str, *_more: Any) -> None:
        service.interrupted = service.interrupted or len(held.log) >= 15

    store.faults = [interrupts]
    found = converge(service, wanted(users=people(60)), GO_ON, check=False)
    assert found.interrupted and len(found.done) == len(store.names("Users")) == len(store.log)
    assert 15 <= len(found.done) <= 15 + AT_ONCE
    assert len(found.done) + len(found.not_tried) == 60
    assert str(found.error) == f"interrupted after {len(found.done)} of 60 changes"


def test_a_group_with_a_form_that_is_not_proven_goes_alone_and_is_read_back() -> None:
    """L2: side by side too."""

    def replaces(store: Faulty, method: str, segments: Any, _query: Any, body: Any) -> Any:
        if method != "PATCH" or segments[0] != "Groups":
            return None
        added = [row for one in body["Operations"] for row in one["value"]]
        store.log.append((method, segments, body))
        store.held["Groups"][segments[1]]["members"] = added
        return Answer(204)

    store = Scattered(replaces)
    for one in people(12):
        store.user(one["user_name"])
    for number in range(6):
        store.group(f"g{number}", ["p000", "p001"])
    teams = [team(f"g{number}", "p000", "p001", f"p00{number + 2}") for number in range(6)]
    found = run(store, policy=GO_ON, at_once=AT_ONCE, teams=teams)
    assert len(found.failures) == 1 and "more members left" in str(found.failures[0].error)
    assert all({"p000", "p001"} <= store.members(f"g{number}") for number in range(1, 6))


# --- kills and faults --------------------------------------------------------------------------


def kills(number: int) -> Any:
    """A run is killed when the service has done so many writes: nothing is sent after that."""

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if len(store.log) >= number:
            raise Killed
        return None

    return fault


@settings(max_examples=6, deadline=None)
@given(stores(), rosters(), policies, SEEDS)
def test_a_run_that_is_cut_anywhere_is_finished_by_the_next(
    store: Store, teams: list[dict[str, Any]], policy: Policy, seed: int
) -> None:
    policy = replace(policy, reads_names=True, stop_on_error=False)
    whole = in_turn(store)
    run(whole, policy=policy, teams=teams)
    for number in range(1, len(whole.log)):
        cut = scattered(store, kills(number), seed=seed + number)
        with pytest.raises(Killed):
            run(cut, policy=policy, at_once=AT_ONCE, teams=teams)
        cut.faults = []
        found = run(cut, policy=policy, at_once=AT_ONCE, teams=teams)
        assert not found.failures
        assert cut.state() == whole.state(), number
        assert not run(cut, policy=policy, at_once=AT_ONCE, teams=teams).changed


def storm(chance: random.Random) -> Any:
    """5 % each: busy, broken before the request was done, and broken after it."""

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        luck = chance.random()
        if method == "GET" or luck > 0.15:
            return None
        if luck < 0.05:
            return Answer(503, {"detail": "busy"})
        if luck < 0.1:
            store.really(method, segments, query, body)
        raise TransportError(kind="reset", reason="the connection was reset", sent=True)

    return fault


@pytest.mark.parametrize("seed", range(20))
def test_f29_a_storm_of_faults_makes_nobody_twice_and_loses_nobody(seed: int) -> None:
    """F29: a service is busy and loses answers while several requests are in flight."""
    store = Scattered(seed=seed)
    for number in range(8):
        store.user(f"old{number}")
    store.group("red", [f"old{number}" for number in range(8)])
    store.group("blue", ["old0"])
    teams = [
        team("red", *[f"p{one:03}" for one in range(20)], "old0", "old1", membership="exact"),
        team("blue", *[f"old{one}" for one in range(2, 8)], "old0", membership="exact"),
        team("new", *[f"p{one:03}" for one in range(10, 30)]),
    ]
    store.faults = [storm(random.Random(seed))]
    policy = replace(GO_ON, leavers="inactive", reads_names=True)
    for _run in range(6):
        found = run(store, policy=policy, at_once=AT_ONCE, teams=teams)
        inside = store.members("red") | store.members("blue")
        assert {f"old{number}" for number in range(8)} <= inside
        if not found.failures:
            break
    store.faults = []
    run(store, policy=policy, at_once=AT_ONCE, teams=teams)
    assert not run(store, policy=policy, at_once=AT_ONCE, teams=teams).changed
    assert len(store.held["Users"]) == 38 and len(store.held["Groups"]) == 3
    assert store.members("red") == {*[f"p{one:03}" for one in range(20)], "old0", "old1"}
    assert store.members("blue") == {f"old{one}" for one in (0, 2, 3, 4, 5, 6, 7)}
    assert len(store.members("new")) == 20 and not store.groups_at_once
    assert all(one["active"] for one in store.held["Users"].values())
