# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours of real services that break writes: each loses nothing and is not repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky


def names(number: int) -> list[str]:
    return [f"user{n:03}" for n in range(number)]


def of(number: int, *quirks: Quirk) -> Quirky:
    server = Quirky(*quirks)
    for name in names(number):
        server.user(name)
    return server


def changed_members(asked: Asked) -> int:
    """How many members a write is about."""
    if asked.method == "PATCH":
        number = 0
        for one in asked.body["Operations"]:
            if str(one.get("path", "")).startswith("members"):
                number += len(one["value"]) if "value" in one else 1
        return number
    return len((asked.body or {}).get("members", ()))


def at_most(most: int, status: int = 400, scim_type: str = "invalidValue") -> Quirk:
    """More members in one write are refused, with a reason that misleads."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method != "GET" and changed_members(asked) > most:
            detail = "One or more Group members are invalid"
            return Answer(status, {"status": str(status), "scimType": scim_type, "detail": detail})
        return honest(asked)

    return quirk


def members(server: Quirky, group: str) -> set[str]:
    return set(server.members(group))


@pytest.mark.parametrize("most", [1, 7, 100])
@pytest.mark.parametrize("status", [400, 413])
def test_b4_too_many_members_are_sent_in_portions(most: int, status: int) -> None:
    server = of(120, at_most(most, status))
    with web.hostile(store=server) as service:
        group = {"display_name": "all", "members": {"set": names(120)}}
        said = web.run(service, "scim_group", **group)
        assert not said.failure and said.changed and len(members(server, "all")) == 120
        service.seen.clear()
        said = web.run(service, "scim_group", **group)
        assert not said.failure and not said.changed and not service.writes
        group["members"] = {"set": names(3)}
        said = web.run(service, "scim_group", **group)
        assert not said.failure and members(server, "all") == set(names(3))


def test_b4_a_creation_that_is_refused_for_another_reason_says_that_reason() -> None:
    def refusing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and asked.kind == "Groups":
            return Answer(400, {"status": "400", "detail": "the name is reserved"})
        return honest(asked)

    server = of(3, refusing)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group", display_name="all", members={"set": names(3)})
    assert "the name is reserved" in said.failure and not server.held["Groups"]
    assert len(server.sent("POST", "Groups")) == 2
