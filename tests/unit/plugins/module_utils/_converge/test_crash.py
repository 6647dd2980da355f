# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are cut anywhere, and runs that meet another one.

The next run ends where an undisturbed one ends.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Answer,
    Store,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    directories,
    limits,
    policies,
    rosters,
    stores,
)


class Killed(BaseException):
    """The end of a run that nothing can catch, as SIGKILL is."""


def kills(number: int) -> Any:
    """A run is killed when the service has done its write of that number, from 1."""

    def fault(store: Faulty, method: str, segments: tuple[str, ...], query: Any, body: Any) -> Any:
        if method != "GET" and len(store.log) == number - 1:
            store.really(method, segments, query, body)
            raise Killed
        return None

    return fault


def copied(store: Store, *faults: Any) -> Faulty:
    made = Faulty(*faults, limits=store.limits)
    made.held, made.count = copy.deepcopy(store.held), store.count
    return made


# P7

TEAMS = ("red", "blue")
INSIDE = st.sampled_from(((), ("red",), ("blue",), TEAMS))


@st.composite
def moves(draw: st.DrawFn) -> tuple[Store, list[dict[str, Any]]]:
    """Return a store and teams in which five users join, move or leave."""
    store = Store()
    before, after = draw(st.tuples(*[INSIDE] * 5)), draw(st.tuples(*[INSIDE] * 5))
    for number, inside in enumerate(before):
        if inside:
            store.user(f"p{number}", title="old")
    for name in TEAMS:
        store.group(name, [f"p{number}" for number, inside in enumerate(before) if name in inside])
    people = [
        {"user_name": f"p{number}", "state": None, "title": draw(st.sampled_from(("old", "new")))}
        for number in range(5)
    ]
    return store, [
        {"name": name, "members": [one for one, inside in zip(people, after) if name in inside]}
        for name in TEAMS
    ]


def finished(
    store: Store, policy: Policy, caps: dict[str, Any], reading: str, **directory: Any
) -> None:
    """After a kill at any write, the next run ends like an undisturbed one."""
    store.limits = caps
    known = {**caps, "members_read": reading}
    policy = replace(policy, reads_names=True)
    whole = copied(store)
    run(whole, policy=policy, caps=known, **directory)
    for number in range(1, len(whole.log) + 1):
        cut = copied(store, kills(number))
        with pytest.raises(Killed):
            run(cut, policy=policy, caps=known, **directory)
        cut.faults = []
        found = run(cut, policy=policy, caps=known, **directory)
        assert not found.failures and not [one.not_saved for one in found.done if one.not_saved]
        assert cut.state() == whole.state(), number
        written = len(cut.log)
        assert (
            not run(cut, policy=policy, caps=known, **directory).changed and len(cut.log) == written
        )


READING = st.sampled_from(("ask", "get", "inline"))


@given(moves(), policies, limits, READING)
def test_p7_moves_that_are_cut_after_any_write_are_finished_by_the_next_run(
    made: tuple[Store, list[dict[str, Any]]], policy: Policy, caps: dict[str, Any], reading: str
) -> None:
    """P7: users move between two teams, join them and leave them."""
    finished(made[0], policy, caps, reading, teams=made[1])


@given(stores(), rosters(), policies, limits, READING)
def test_p7_a_run_that_is_cut_after_any_write_is_finished_by_the_next(
    store: Store, teams: list[dict[str, Any]], policy: Policy, caps: dict[str, Any], reading: str
) -> None:
    """P7: any roster against any store."""
    finished(store, policy, caps, reading, teams=teams)


@settings(max_examples=20)
@given(stores(), directories(), limits, READING)
def test_p7_lists_that_are_cut_after_any_write_are_finished_by_the_next_run(
    store: Store, directory: dict[str, Any], caps: dict[str, Any], reading: str
) -> None:
    """P7: lists of users and groups that refer to each other."""
    finished(store, Policy(), caps, reading, **directory)


# C2


@given(stores(), rosters(), policies, st.integers(0, 12))
def test_c2_an_interruption_ends_it_after_the_change_that_is_under_way(
    store: Store, teams: list[dict[str, Any]], policy: Policy, number: int
) -> None:
    policy = replace(policy, reads_names=True)
    whole, cut = copied(store), copied(store)
    planned = run(whole, policy=policy, teams=teams).plan.size
    service = Service(cut, overridden({}))

    def interrupts(held: Faulty, method: str, *_more: Any) -> Any:
        service.interrupted = service.interrupted or method != "GET" and len(held.log) == number

    cut.faults = [interrupts]
    found = converge(service, wanted(teams=teams), policy, check=False)
    assert len(cut.log) == min(
        number + 1, len(whole.log)
    )  # a change may need no write: a deleted user has left already
    assert (
        found.interrupted is bool(found.not_tried)
        and len(found.done) + len(found.not_tried) == planned
    )
    assert found.interrupted or len(whole.log) <= number + 1
    assert (
        not found.interrupted
        or str(found.error) == f"interrupted after {len(found.done)} of {planned} changes"
    )


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
def test_c3_two_runs_of_one_roster_make_no_user_twice(mine: int, unique: bool) -> None:
    def other(store: Faulty, method: str, *_more: Any) -> Answer | None:
        """Between two writes of a run, another one does it all, as one that has read the same."""
        if method != "GET" and len(store.log) == mine:
            store.faults = []
            late.append(run(store, teams=ROSTER))
        return None

    store, late = (Faulty if unique else Twice)(other), []
    found = run(store, teams=ROSTER)
    assert not found.failures and all(not one.failures for one in late)
    assert (
        sorted(one["displayName"] for one in store.held["Groups"].values()) == ["blue", "red"]
        or not unique
        and mine >= 3
    )
    assert len(store.held["Users"]) == 3


# what the runs that were cut have shown


@pytest.mark.parametrize("reading", ["ask", "get", "inline"])
@pytest.mark.parametrize(
    "directory",
    [
        {"users": [{"user_name": "pam", "groups": {"add": ["staff"]}}]},
        {"users": [{"user_name": "pam", "groups": {"remove": ["empty"]}}]},
        {"teams": [{**team("red", "pam"), "state": "offboarded", "groups": ["empty"]}]},
    ],
    ids=["joins", "leaves", "offboarded"],
)
def test_members_of_a_group_that_a_user_only_refers_to_are_known(
    directory: dict[str, Any], reading: str
) -> None:
    store = Faulty()
    store.user("pam", active=False)
    store.group("staff", ["pam"])
    store.group("empty")
    assert not run(store, caps={"members_read": reading}, **directory).changed and not store.log


@pytest.mark.parametrize(
    "directory",
    [
        {"users": [{"user_name": "pam", "groups": {"add": ["staff"]}}]},
        {"groups": [{"display_name": "staff", "members": {"add": ["pam"]}}]},
    ],
    ids=["user", "group"],
)
def test_a_group_that_is_gone_between_two_reads_is_a_failure_and_no_endless_reading(
    directory: dict[str, Any],
) -> None:
    def gone(
        store: Faulty, method: str, segments: tuple[str, ...], query: Any, body: Any
    ) -> Answer | None:
        assert store.requests < 20
        return Answer(404) if segments[0] == "Groups" and len(segments) > 1 else None

    store = Faulty(gone)
    store.user("pam")
    store.group("staff")
    found = run(store, caps={"members_read": "get"}, **directory)
    assert not found.changed and [one.error.status for one in found.failures] == [404]
