# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creations that are lost, doubled, renamed or refused, and odd answers to writes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    blind_filters,
    hidden_until_posted,
    lagging,
    losing,
    names_may_repeat,
    refusing_duplicates,
    renaming,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

THIRTY = [{"display_name": f"g{number}", "members": {"set": ["ann"]}} for number in range(30)]
PEOPLE = [{"user_name": "ann"}, {"user_name": "bob"}]
RED = {"display_name": "red", "members": {"set": ["ann"]}}


def names(server: Quirky, kind: str) -> list[str]:
    name = "displayName" if kind == "Groups" else "userName"
    return sorted(one[name] for one in server.held[kind].values())


# D5: lost answers, and reads that lag


@pytest.mark.parametrize("lag", [0.0, 0.4, 3.0])
def test_d5_groups_whose_answers_are_lost_are_made_once(lag: float) -> None:
    lost = [number for number in range(30) if number % 3]
    server = Quirky(losing("Groups", lost), lagging(lag), names_may_repeat)
    server.user("ann")
    found = run(server, groups=THIRTY)
    assert not found.failures and found.changed
    assert names(server, "Groups") == sorted(one["display_name"] for one in THIRTY)
    assert all(server.members(one["display_name"]) == {"ann"} for one in THIRTY)
    server.forget()
    server.waited += lag
    assert not run(server, groups=THIRTY).changed


def test_d5_users_whose_answers_are_lost_are_made_once_and_no_failure() -> None:
    server = Quirky(losing("Users", [0, 1]), lagging(2.0))
    found = run(server, users=PEOPLE)
    assert not found.failures and found.changed and names(server, "Users") == ["ann", "bob"]
    assert len(server.sent("POST")) == 2


def test_d5_nothing_waits_for_a_creation_that_is_answered() -> None:
    server = Quirky(lagging(2.0))
    run(server, users=PEOPLE)
    assert server.waited == 0 and server.requests == 3


def test_d5_nothing_waits_after_a_conflict_that_a_look_explains() -> None:
    server = Quirky(hidden_until_posted("ann"))
    server.user("ann")
    assert not run(server, users=PEOPLE[:1]).failures
    assert server.waited == 0


def test_d5_no_wait_is_longer_than_set() -> None:
    server = Quirky(losing("Groups", [0]), lagging(60.0), names_may_repeat)
    run(server, wait=3.0, groups=[{"display_name": "red"}])
    assert server.waited == pytest.approx(3.0)


# D6: a resource that a creation met is planned as if it had been found at once


def crowded(*quirks: Any) -> Quirky:
    server = Quirky(hidden_until_posted("red"), *quirks)
    for name in ("ann", "bob", "eve", "own"):
        server.user(name)
    server.group("blue", ["eve"])
    server.group("red", ["bob", "own"])
    return server


def test_d6_a_group_found_after_409_gets_exactly_its_members() -> None:
    server = crowded()
    found = run(server, groups=[RED])
    assert found.changed and not found.failures and server.members("red") == {"ann"}
    server.forget()
    assert not run(server, groups=[RED]).changed


def test_d6_leavers_of_a_group_found_after_409_are_leavers() -> None:
    server = crowded()
    team = {"name": "red", "members": [{"user_name": "ann"}]}
    found = run(server, policy=Policy(leavers="inactive"), teams=[team])
    assert not found.failures and server.members("red") == {"ann"}
    assert [server[name]["active"] for name in ("ann", "bob", "own")] == [True, False, False]


def test_d6_thresholds_are_judged_again_before_any_further_write() -> None:
    server = crowded()
    policy = Policy(thresholds={"members_removed_per_group": Limit(count=0)})
    rows = [RED, {"display_name": "new", "members": {"set": ["bob"]}}]
    found = run(server, policy=policy, groups=rows)
    assert server.members("red") == {"bob", "own"}
    (failure,) = found.failures
    assert str(failure.error).startswith(
        "planning group 'red' again, which exists after all: members_removed_per_group: 2 of 2"
    )
    assert found.changed and server.members("new") == {"bob"}


def test_d6_what_was_done_before_is_not_done_again() -> None:
    server = crowded()
    rows = [{"user_name": "new", "title": "x"}, {"user_name": "ann", "title": "y"}]
    groups = [RED, {"display_name": "alpha", "members": {"set": ["new"]}}]
    found = run(server, users=rows, groups=groups)
    assert not found.failures and server.members("alpha") == {"new"}
    assert server.members("red") == {"ann"}
    assert [one.method for one in server.asked if one.method != "GET"] == [
        "POST",
        "PATCH",
        "POST",
        "POST",
        "PATCH",
        "PATCH",
    ]
    created = [one.change.name for one in found.done if one.change.verb == "create"]
    assert created == ["new", "alpha"]


def test_d6_a_user_found_after_409_is_updated_and_joins() -> None:
    server = Quirky(hidden_until_posted("ann"))
    server.user("ann", active=False)
    team = {"name": "red", "members": [{"user_name": "ann", "title": "x"}, {"user_name": "bob"}]}
    found = run(server, teams=[team])
    assert not found.failures and server.members("red") == {"ann", "bob"}
    assert (server["ann"]["title"], server["ann"]["active"]) == ("x", True)
    server.forget()
    assert not run(server, teams=[team]).changed


def test_d6_a_group_with_a_previous_name_is_not_made_twice() -> None:
    """Another run has made the first group, so the second one is looked for under any name."""
    server = crowded(names_may_repeat_but("red"), blind_filters)
    rows = [RED, {"display_name": "zinc", "previous_names": ["blue"]}]
    found = run(server, groups=rows)
    assert not found.failures
    assert names(server, "Groups") == ["red", "zinc"] and server.members("red") == {"ann"}


def names_may_repeat_but(name: str) -> Any:
    """Names of groups repeat, but for one: a stand-in for two services in one test."""

    def quirk(server: Any, asked: Any, honest: Any) -> Any:
        if asked.method == "POST" and asked.body.get("displayName") != name:
            return names_may_repeat(server, asked, honest)
        return honest(asked)

    return quirk


# D7: a duplicate that is refused in other ways


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (400, {"scimType": "uniqueness"}, ""),
        (400, {"scimType": "invalidValue", "detail": "User already exists"}, ""),
        (400, {"detail": "Bad Request"}, ""),
        (403, {"detail": "forbidden"}, ""),
        (422, {"errors": [{"title": "userName has already been taken"}]}, ""),
        (500, None, "IntegrityError: UNIQUE constraint failed"),
        (500, {"detail": "duplicate key value"}, ""),
        (503, {"detail": "try again"}, ""),
        (412, {"detail": "precondition"}, ""),
        (200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409"}, ""),
    ],
)
@pytest.mark.parametrize("kind", ["users", "groups"])
def test_d7_a_duplicate_refused_in_any_way_is_looked_up(
    kind: str, status: int, body: Any, text: str
) -> None:
    hidden = {"users": "ann", "groups": "red"}[kind]
    server = Quirky(hidden_until_posted(hidden), refusing_duplicates(status, body, text))
    server.user("ann")
    server.user("bob")
    server.group("red", ["bob"])
    server.forget()
    rows: dict[str, Any] = {"users": [{"user_name": "ann", "title": "x"}]}
    if kind == "groups":
        rows = {"groups": [{"display_name": "red", "members": {"set": ["ann"]}}]}
    found = run(server, **rows)
    assert not found.failures and found.changed
    assert len(server.held["Users"]) == 2 and len(server.held["Groups"]) == 1
    server.forget()
    assert not run(server, **rows).changed


def test_d7_refusal_of_something_else_costs_one_look() -> None:
    server = Quirky(refuse_title)
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert str(found.failures[0].error) == "creating user 'ann': the service answered 400: no title"
    assert server.requests == 3 and server.waited == 0


def refuse_title(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse every user with a title."""
    if asked.method == "GET":
        return honest(asked)
    server.requests += 1
    return Answer(400, {"detail": "no title"})


# D4: the answer to a creation is that group, whatever name it shows


def test_d4_the_answer_to_a_creation_is_that_group() -> None:
    server = Quirky(renaming("PRIMARY/{}".format))
    server.user("ann")
    row = {**RED, "external_id": "x-red"}
    found = run(server, groups=[row])
    assert not found.failures and found.changed and server.members("PRIMARY/red") == {"ann"}
    assert any("'PRIMARY/red'" in note for note in found.notes)
    server.forget()
    run(server, groups=[row])
    assert len(server.held["Groups"]) == 1
