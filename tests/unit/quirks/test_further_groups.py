# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that leave a team with further groups, on services that go wrong.

From options to what the service holds.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)

FREE = {"max_removals": "none", "members_removed_per_group": "none"}
BRANCH = ["ann", "bob", "cid", "dan"]


def sales(server: Quirky, *people: str, check: bool = False, **more: Any) -> Said:
    """Run a roster of one team that gives a further group."""
    members = [{"user_name": one} for one in people]
    row = {"name": "sales", "groups": ["branch"], "members": members}
    connection = more.pop("connection", {})
    options = {"teams": [row], "thresholds": FREE, **more}
    with hostile(server) as service:
        return run(service, "scim_directory", check=check, connection=connection, **options)


def office(*quirks: Any) -> Quirky:
    server = Quirky(*quirks)
    for one in BRANCH:
        server.user(one)
    server.group("sales", ["ann", "bob", "cid"])
    server.group("branch", BRANCH)
    return server


def is_leave(server: Quirky, asked: Asked, group: str) -> bool:
    """Return whether a request removes members of a group."""
    if asked.method != "PATCH" or asked.segments[0] != "Groups":
        return False
    named = asked.segments[1] == server[group]["id"]
    return named and "remove" in str(asked.body).lower()


def refusing(status: int, group: str = "branch") -> Any:
    """Return a quirk: the service refuses that members leave a group."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if is_leave(server, asked, group):
            return Answer(status, {"detail": "not now", "status": str(status)})
        return honest(asked)

    return quirk


def ignoring(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Accept that members leave the branch, and keep them."""
    if not is_leave(server, asked, "branch"):
        return honest(asked)
    held = copy.deepcopy(server.held)
    answer = honest(asked)
    server.held.update(held)
    return Answer(204) if answer.status < 300 else answer


@pytest.mark.parametrize("leavers", ["inactive", "absent", "keep"])
def test_a_run_and_a_second_one(leavers: str) -> None:
    server = office()
    predicted = sales(server, "ann", leavers=leavers, check=True)
    said = sales(server, "ann", leavers=leavers)
    assert not said.failure and said.result["changed"]
    assert predicted.result["plan"] == said.result["plan"]
    assert server.members("sales") == {"ann"} and server.members("branch") == {"ann", "dan"}
    assert not sales(server, "ann", leavers=leavers).result["changed"]


@pytest.mark.parametrize("status", [400, 403, 409, 500])
def test_o24_users_that_cannot_leave_a_further_group_stay_in_the_team(status: int) -> None:
    """The next run finds them as members of the team, and finishes."""
    server = office(refusing(status))
    said = sales(server, "ann", "bob")
    assert said.failure and "branch" in said.failure
    assert server.members("sales") == {"ann", "bob", "cid"}
    assert "cid" in server.members("branch")
    server.quirks = []
    assert not sales(server, "ann", "bob").failure
    assert server.members("sales") == {"ann", "bob"}
    assert server.members("branch") == {"ann", "bob", "dan"}
    assert not sales(server, "ann", "bob").result["changed"]


def test_users_that_stay_in_a_further_group_unasked_stay_in_the_team() -> None:
    server = office(ignoring)
    sales(server, "ann", "bob", connection={"consistency_wait": 0})
    assert server.members("sales") == {"ann", "bob", "cid"}
    server.quirks = []
    sales(server, "ann", "bob")
    assert server.members("sales") == {"ann", "bob"}
    assert server.members("branch") == {"ann", "bob", "dan"}


def test_a_failed_leave_of_one_group_holds_back_no_other_user() -> None:
    server = office(refusing(400))
    server.group("tech", ["dan", "ann"])
    rows = [
        {"name": "sales", "groups": ["branch"], "members": [{"user_name": "ann"}]},
        {"name": "tech", "members": [{"user_name": "ann"}]},
    ]
    with hostile(server) as service:
        said = run(service, "scim_directory", teams=rows, thresholds=FREE)
    assert said.failure and server.members("tech") == {"ann"}
    assert server.members("sales") == {"ann", "bob", "cid"}


@pytest.mark.parametrize("leavers", ["inactive", "absent", "keep"])
@pytest.mark.parametrize("before", [True, False], ids=["before it", "after it"])
def test_a_run_that_is_killed_at_any_write_is_finished_by_the_next(
    leavers: str, before: bool
) -> None:
    whole = office()
    sales(whole, "ann", "new", leavers=leavers)
    for number in range(len(whole.log)):
        server = office(killing(number, before))
        said = sales(server, "ann", "new", leavers=leavers)
        assert said.failure
        server.quirks = []
        assert not sales(server, "ann", "new", leavers=leavers).failure
        for group in ("sales", "branch"):
            assert server.members(group) == whole.members(group), number
        assert not sales(server, "ann", "new", leavers=leavers).result["changed"]


def killing(number: int, before: bool) -> Any:
    """Return a quirk: from a write on nothing is done any more."""
    seen = [0]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "GET":
            return Answer(401, {"status": "401"}) if seen[0] > number else honest(asked)
        seen[0] += 1
        if seen[0] <= number:
            return honest(asked)
        if seen[0] == number + 1 and not before:
            honest(asked)
        return Answer(401, {"status": "401"})

    return quirk


def cutting(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show four members of a group at most."""

    def cut(body: Any) -> Any:
        for one in resources(body):
            one["members"] = one.get("members", [])[:4]
        return body

    return altered(honest(asked), cut) if asked.kind == "Groups" else honest(asked)


CUT = {"capabilities": {"members_limit": 4}}


def large(name: str, *last: str) -> Quirky:
    """Return an office with one more group whose first four members are others."""
    server = office(cutting)
    others = ["eve", "fay", "gil", "hal"]
    for one in others:
        server.user(one)
    server.group(name, [*others, *last])
    return server


def test_a_further_group_of_unknown_members_refuses_the_plan() -> None:
    """Members that a cut list shows leave. Of the others nobody knows."""
    server = large("annex", "ann", "bob", "cid")
    row = {"name": "sales", "groups": ["annex"], "members": [{"user_name": "ann"}]}
    with hostile(server) as service:
        said = run(service, "scim_directory", teams=[row], thresholds=FREE, connection=CUT)
    assert said.failure and not server.log
    assert "group 'annex': its members cannot be read" in said.failure


def test_an_additive_team_of_unknown_members_that_gives_the_group_refuses_the_plan() -> None:
    server = large("tech", "cid")
    server.held["Groups"][server["branch"]["id"]]["members"].pop()
    rows = [
        {"name": "sales", "groups": ["branch"], "members": [{"user_name": "ann"}]},
        {"name": "tech", "groups": ["branch"], "members": [], "membership": "additive"},
    ]
    with hostile(server) as service:
        said = run(service, "scim_directory", teams=rows, thresholds=FREE, connection=CUT)
    assert said.failure and not server.log
    assert "the members of team 'tech' cannot be read" in said.failure
