# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user that moves leaves the old group only after it was seen in the new one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import loses_joins, silent
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import (
    answers_hide_members,
    groups_of_a_user,
    users_of_a_group,
)
from ansible_collections.identity.scim.tests.unit.quirks.test_lag import lagging

PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay")
GOES_ON = Policy(stop_on_error=False)
HIDES = (answers_hide_members, users_of_a_group, groups_of_a_user)
SERVICES: tuple[tuple[tuple[Quirk, ...], dict[str, Any]], ...] = (
    ((silent,), {}),
    ((silent,), {"members_per_patch": 1}),
    ((silent,), {"patch_mix": "add_remove_apart", "removals_per_patch": 1}),
    ((silent, *HIDES), {"members_read": "users_by_group"}),
    ((silent, *HIDES), {"members_read": "groups_by_user"}),
)
MOVED = [
    {"display_name": "red", "members": {"set": []}},
    {"display_name": "green", "members": {"set": []}},
    {"display_name": "blue", "members": {"set": ["ann", "bob", "eve"]}},
    {"display_name": "gray", "members": {"set": ["cid", "dan", "fay"]}},
]


def teams(*quirks: Quirk) -> Quirky:
    """A service with four teams."""
    server = Quirky(*quirks)
    for name in PEOPLE:
        server.user(name)
    server.group("red", ["ann", "bob"])
    server.group("green", ["cid", "dan"])
    server.group("blue", ["eve"])
    server.group("gray", ["fay"])
    return server


def removals(server: Quirky) -> list[int]:
    """At which places among all requests members are removed."""
    return [number for number, one in enumerate(server.asked) if _removes(one)]


def _removes(asked: Asked) -> bool:
    operations = asked.body["Operations"] if asked.method == "PATCH" else []
    return any(one["op"] == "remove" for one in operations)


@pytest.mark.parametrize("at_once", [1, 8])
@pytest.mark.parametrize("lost", ["blue", "gray"])
@pytest.mark.parametrize(("quirks", "caps"), SERVICES)
def test_l3_user_whose_join_is_lost_stays_in_the_old_group(
    quirks: tuple[Quirk, ...], caps: dict[str, Any], lost: str, at_once: int
) -> None:
    server = teams(loses_joins(lost), *quirks)
    found = run(server, caps=caps, at_once=at_once, policy=GOES_ON, groups=MOVED)
    stay = {"blue": {"red": {"ann", "bob"}}, "gray": {"green": {"cid", "dan"}}}[lost]
    for group in ("red", "green"):
        assert server.members(group) == stay.get(group, set())
    assert server.members(lost) == {"eve" if lost == "blue" else "fay"}
    assert any("did not join" in note for note in found.notes)
    assert not run(server, caps=caps, check=True, policy=GOES_ON, groups=MOVED[:1]).failures


@pytest.mark.parametrize(("quirks", "caps"), SERVICES)
def test_users_move_in_one_run_where_nothing_is_lost(
    quirks: tuple[Quirk, ...], caps: dict[str, Any]
) -> None:
    server = teams(*quirks)
    assert not run(server, caps=caps, policy=GOES_ON, groups=MOVED).failures
    assert not server.members("red") and not server.members("green")
    assert server.members("gray") == {"cid", "dan", "fay"}
    server.forget()
    assert not run(server, caps=caps, policy=GOES_ON, groups=MOVED).changed and not server.log


@pytest.mark.parametrize("reads", [1, 2, 3])
def test_users_move_in_one_run_where_reads_lag(reads: int) -> None:
    server = teams(silent, lagging(1, reads))
    run(server, policy=GOES_ON, groups=MOVED)
    assert server.members("blue") == {"ann", "bob", "eve"} and not server.members("red")
    assert server.members("gray") == {"cid", "dan", "fay"} and not server.members("green")


def test_lost_join_is_known_before_any_removal() -> None:
    server = teams(loses_joins("gray"), silent)
    run(server, policy=GOES_ON, groups=MOVED)
    gray = next(key for key, one in server.held["Groups"].items() if one["displayName"] == "gray")
    reads = [
        number
        for number, one in enumerate(server.asked)
        if one.method == "GET" and one.segments == ("Groups", gray)
    ]
    added = max(
        number
        for number, one in enumerate(server.asked)
        if one.method == "PATCH" and one.segments == ("Groups", gray)
    )
    assert any(added < number < min(removals(server)) for number in reads)


@pytest.mark.parametrize("verify", ["none", "removals", "writes"])
def test_groups_that_nobody_moves_to_are_read_as_verify_says(verify: str) -> None:
    server = teams(silent)
    rows = [
        {"display_name": name, "members": {"add": ["ann", "bob", "cid"]}}
        for name in ("green", "blue", "gray")
    ]
    run(server, policy=Policy(verify=verify), groups=rows)
    reads = [one for one in server.sent("GET", "Groups") if len(one.segments) == 2]
    assert len(reads) == (3 if verify == "writes" else 1)


def test_groups_that_show_their_members_in_answers_are_not_read() -> None:
    server = teams()
    run(server, policy=GOES_ON, groups=MOVED)
    joined = {key for key, one in server.held["Groups"].items() if one["displayName"][0] in "bg"}
    read = {one.segments[-1] for one in server.sent("GET", "Groups")}
    assert {server.held["Groups"][one]["displayName"] for one in read & joined} <= {"green"}


def test_nobody_is_waited_for_where_members_are_not_verified() -> None:
    server = teams(loses_joins("gray"), silent)
    run(server, policy=Policy(stop_on_error=False, verify="none"), groups=MOVED)
    assert server.members("green") == set()
