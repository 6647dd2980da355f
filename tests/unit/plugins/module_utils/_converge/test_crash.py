# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are cut anywhere, and runs that meet another one: the next run ends where an undisturbed one ends."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import Rules, converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import Faulty, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team, wanted
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer, Store
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.test_directory import limits, policies, rosters, stores


class Killed(BaseException):
    """The end of a run that nothing can catch, as SIGKILL is."""


def kills(number: int, done: bool) -> Any:
    """A run is killed at its request of that number (from 0), reads and writes counted; ``done``: the service does it all the same."""
    left = [number]

    def fault(store: Faulty, method: str, segments: tuple[str, ...], query: Any, body: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            return None
        if done:
            store.really(method, segments, query, body)
        raise Killed
    return fault


def copied(store: Store, *faults: Any) -> Faulty:
    made = Faulty(*faults, limits=store.limits)
    made.held, made.count = copy.deepcopy(store.held), store.count
    return made


def stray(store: Faulty, teams: list[dict[str, Any]]) -> set[str]:
    """Who is in no group and not in the roster: of them a run that begins anew cannot know that they were leavers."""
    listed = {one["user_name"] for row in teams for one in row["members"]}
    inside = {row["value"] for group in store.held["Groups"].values() for row in group.get("members", [])}
    return {one["userName"] for one in store.held["Users"].values() if one["id"] not in inside} - listed


# P7

@given(stores(), rosters(), policies, limits, st.sampled_from(("ask", "get", "inline")), st.data())
def test_p7_killed_at_any_request_the_next_run_finishes_it(
        store: Store, teams: list[dict[str, Any]], policy: Policy, caps: dict[str, Any], reading: str, data: st.DataObject) -> None:
    store.limits = caps
    known = {**caps, "members_read": reading}
    rules = Rules(policy=policy, names=True)
    whole, cut = copied(store), copied(store)
    run(whole, rules=rules, caps=known, teams=teams)
    for _time in range(data.draw(st.integers(1, 3))):
        cut.faults = [kills(data.draw(st.integers(0, whole.requests)), data.draw(st.booleans()))]
        try:
            run(cut, rules=rules, caps=known, teams=teams)
        except Killed:
            pass
    cut.faults = []
    found = run(cut, rules=rules, caps=known, teams=teams)
    assert not found.failures and not [one.not_saved for one in found.done if one.not_saved]
    state = cut.state()
    if policy.leavers == "absent":  # who left before being deleted stays where he was left
        for name in stray(cut, teams) - whole.names("Users"):
            del state[name]
    assert state == whole.state()
    written = len(cut.log)
    assert not run(cut, rules=rules, caps=known, teams=teams).changed and len(cut.log) == written


# C2

@given(stores(), rosters(), policies, st.integers(0, 12))
def test_c2_an_interruption_ends_it_after_the_change_that_is_under_way(store: Store, teams: list[dict[str, Any]], policy: Policy, number: int) -> None:
    rules = Rules(policy=policy, names=True)
    whole, cut = copied(store), copied(store)
    planned = len(run(whole, rules=rules, teams=teams).plan.changes)
    service = Service(cut, overridden({}))

    def interrupts(held: Faulty, method: str, *_more: Any) -> Any:
        service.interrupted = service.interrupted or method != "GET" and len(held.log) == number
    cut.faults = [interrupts]
    found = converge(service, wanted(teams=teams), check=False, rules=rules)
    interrupted = planned > number + 1
    assert found.interrupted is interrupted and len(found.done) + len(found.not_tried) == planned
    assert len(cut.log) == (number + 1 if interrupted else planned)
    assert not interrupted or str(found.error) == f"interrupted after {number + 1} of {planned} changes"


# C3

class Twice(Faulty):
    """A service on which several groups may have one name, as RFC 7643 allows."""

    def _check(self, kind: str, body: Any, but: str = "") -> None:
        others = self.held[kind]
        if kind == "Groups":
            self.held[kind] = {}
        try:
            super()._check(kind, body, but)
        finally:
            self.held[kind] = others


ROSTER = [team("red", "pam", "jim", external_id="r"), team("blue", "toby", external_id="b")]


@pytest.mark.parametrize("mine", range(6))
@pytest.mark.parametrize("unique", [True, False])
def test_c3_two_runs_of_one_roster_make_nobody_twice(mine: int, unique: bool) -> None:
    def other(store: Faulty, method: str, *_more: Any) -> Answer | None:
        """Between two writes of a run, another one does it all, as one that has read the same."""
        if method != "GET" and len(store.log) == mine:
            store.faults = []
            late.append(run(store, teams=ROSTER))
        return None
    store, late = (Faulty if unique else Twice)(other), []
    found = run(store, teams=ROSTER)
    assert not found.failures and all(not one.failures for one in late)
    assert sorted(one["displayName"] for one in store.held["Groups"].values()) == ["blue", "red"] or not unique and mine >= 3
    assert len(store.held["Users"]) == 3


# what the runs that were cut have shown

@pytest.mark.parametrize("reading", ["ask", "get", "inline"])
@pytest.mark.parametrize("directory", [
    {"users": [{"user_name": "pam", "groups": {"add": ["staff"]}}]},
    {"users": [{"user_name": "pam", "groups": {"remove": ["empty"]}}]},
    {"teams": [{**team("red", "pam"), "state": "offboarded", "groups": ["empty"]}]},
], ids=["joins", "leaves", "offboarded"])
def test_members_of_a_group_that_a_user_only_refers_to_are_known(directory: dict[str, Any], reading: str) -> None:
    store = Faulty()
    store.user("pam", active=False)
    store.group("staff", ["pam"])
    store.group("empty")
    assert not run(store, caps={"members_read": reading}, **directory).changed and not store.log


@pytest.mark.parametrize("directory", [
    {"users": [{"user_name": "pam", "groups": {"add": ["staff"]}}]}, {"groups": [{"display_name": "staff", "members": {"add": ["pam"]}}]},
], ids=["user", "group"])
def test_a_group_that_is_gone_between_two_reads_is_a_failure_and_no_endless_reading(directory: dict[str, Any]) -> None:
    def gone(store: Faulty, method: str, segments: tuple[str, ...], query: Any, body: Any) -> Answer | None:
        assert store.requests < 20
        return Answer(404) if segments[0] == "Groups" and len(segments) > 1 else None
    store = Faulty(gone)
    store.user("pam")
    store.group("staff")
    found = run(store, caps={"members_read": "get"}, **directory)
    assert not found.changed and [one.error.status for one in found.failures] == [404]
