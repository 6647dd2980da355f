# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that lag behind the writes of a group: nothing is lost, and nothing is said to be."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    add_replaces,
    silent,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky

PEOPLE = ("ann", "bob", "cid", "dan", "eve", "fay")


def lagging(writes: int, reads: int = 100) -> Quirk:
    """A group by its id is as it was before its last writes, for so many reads."""
    states: dict[str, list[dict[str, Any]]] = {}
    left = [reads]

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Groups" or len(asked.segments) != 2:
            return honest(asked)
        held = copy.deepcopy(server.held["Groups"][asked.segments[1]])
        before = states.setdefault(asked.segments[1], [])
        if asked.method != "GET":
            before.append(held)
            return honest(asked)
        if not before or not left[0]:
            return honest(asked)
        left[0] -= 1
        return Answer(200, copy.deepcopy(before[-min(writes, len(before))]))

    return quirk


@pytest.mark.parametrize("verify", ["removals", "writes", "none"])
@pytest.mark.parametrize("mix", ["all", "members_apart", "add_remove_apart"])
@pytest.mark.parametrize("answers", [(), (silent,)])
@pytest.mark.parametrize("writes", [1, 2])
@pytest.mark.parametrize("reads", [1, 100])
@pytest.mark.parametrize("most", [1, 1000])
@pytest.mark.parametrize(
    "row",
    [
        {"members": {"add": ["dan", "eve"]}},
        {"members": {"add": ["dan", "eve"], "remove": ["ann"]}},
        {"members": {"set": ["bob", "dan", "eve"]}, "external_id": "x"},
    ],
)
def test_l3_a_read_that_lags_tells_no_loss(
    verify: str,
    mix: str,
    answers: tuple[Quirk, ...],
    writes: int,
    reads: int,
    most: int,
    row: dict[str, Any],
) -> None:
    server = Quirky(*answers, lagging(writes, reads))
    for name in PEOPLE:
        server.user(name)
    server.group("red", PEOPLE[:3])
    found = run(
        server,
        policy=Policy(verify=verify),
        caps={"patch_mix": mix, "members_per_patch": most},
        groups=[{"display_name": "red", **row}],
    )
    assert "more members left" not in str(found.error) and not found.failures
    assert server.members("red") >= {"bob", "dan", "eve"}
    undone = [one for one in found.done if "members" in one.not_saved]
    if undone:
        assert any("reads lag" in one and "group 'red'" in one for one in found.notes), found.notes


def test_l2_members_that_a_write_replaced_are_no_read_that_lags() -> None:
    """The group is as if only the last write had been done."""
    server = Quirky(add_replaces)
    for name in PEOPLE:
        server.user(name)
    server.group("red")
    found = run(
        server,
        policy=Policy(verify="writes"),
        caps={"members_per_patch": 1},
        groups=[{"display_name": "red", "members": {"add": list(PEOPLE)}}],
    )
    assert "more members left" in str(found.error)
