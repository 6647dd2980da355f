# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What refused and ignored writes teach, and of how much of a service they teach it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import Outcome
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import (
    refuses,
    refuses_path,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

NAMES = ("ann", "bob", "cyd", "dan")


def titles(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": name, "title": f"title of {name}", **more} for name in names]


def test_e6_one_501_for_one_path_of_one_user_says_nothing_of_others() -> None:
    server = Quirky(refuses_path("title", 501))
    server.user("ann")
    server.user("bob", nickName="old")
    server.group("staff", ["bob"])
    outcome = run(
        server,
        users=[*titles("ann"), {"user_name": "bob", "nick_name": "new"}],
        groups=[{"display_name": "staff", "members": {"add": ["ann"]}}],
    )
    assert not outcome.failures
    assert [(one.method, one.kind) for one in server.asked if one.method != "GET"] == [
        ("PATCH", "Users"),
        ("PUT", "Users"),
        ("PATCH", "Users"),
        ("PATCH", "Groups"),
    ]


def test_e6_two_different_501s_are_about_users_and_not_about_groups() -> None:
    server = Quirky(refuses("PATCH", 501, "Users"))
    for name in NAMES:
        server.user(name)
    server.group("staff")
    run(
        server,
        users=titles(*NAMES),
        groups=[{"display_name": "staff", "members": {"add": list(NAMES)}}],
    )
    methods = [one.method for one in server.asked if one.method in ("PATCH", "PUT")]
    assert methods == ["PATCH", "PUT", "PATCH", "PUT", "PUT", "PUT", "PATCH"]
    assert server.members("staff") == set(NAMES)


def test_e6_a_type_whose_patch_works_is_never_taken_for_one_without() -> None:
    server = Quirky(refuses_path("title", 501))
    for name in NAMES:
        server.user(name)
    nick = {"user_name": "ann", "nick_name": "a"}
    outcome = run(server, users=[nick, *titles("bob", "cyd", "dan")])
    assert not outcome.failures
    assert len(server.sent("PATCH")) == 4 and len(server.sent("PUT")) == 3


@pytest.mark.parametrize("option", [False, {"users": False, "groups": False}])
def test_e6_option_for_all_types_or_for_each(option: Any) -> None:
    server = Quirky()
    server.user("ann")
    server.group("staff", ["ann"])
    run(
        server,
        users=titles("ann"),
        groups=[{"display_name": "staff", "external_id": "s"}],
        caps={"patch": option},
    )
    assert not server.sent("PATCH") and len(server.sent("PUT")) == 2


def test_e6_option_for_groups_leaves_users_to_patch() -> None:
    server = Quirky()
    server.user("ann")
    server.group("staff", ["ann"])
    run(
        server,
        users=titles("ann"),
        groups=[{"display_name": "staff", "external_id": "s"}],
        caps={"patch": {"groups": False}},
    )
    assert [one.kind for one in server.sent("PATCH")] == ["Users"]
    assert [one.kind for one in server.sent("PUT")] == ["Groups"]


def test_e6_a_refused_filter_of_groups_says_nothing_of_users() -> None:
    server = Quirky(refuses("GET", 501, "Groups", lambda asked: "filter" in asked.query))
    server.user("ann")
    server.group("staff")
    outcome = run(
        server,
        groups=[{"display_name": "staff", "members": {"add": ["ann"]}}],
    )
    assert outcome.changed and server.members("staff") == {"ann"}
    assert not [one for one in server.asked if one.is_listing and one.kind == "Users"]
