# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""L15: deactivations that no leave follows, on services that repeat what was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import repeats_what_was_sent

NAMES = ("ann", "bob", "cat", "dan")
NOBODY_LEAVES = Policy(leavers="inactive", stop_on_error=False, stop_after=Limit())
PURGE = Policy(purge={"User": "inactive"}, stop_on_error=False, stop_after=Limit())
STAYING = ("ann", "eve", "fay", "gus")
INPUT: list[tuple[Policy, dict[str, Any]]] = [
    (NOBODY_LEAVES, {"teams": [team("red", "bob", "cat", "dan", state="offboarded")]}),
    (PURGE, {"users": [{"user_name": one} for one in STAYING]}),
]


def owner(server: Quirky, asked: Asked, honest: Honest) -> Any:
    """Only one user is kept active, as an owner of the service would be."""
    if asked.segments[-1] == server["cat"]["id"]:
        return repeats_what_was_sent(server, asked, honest)
    return honest(asked)


def office(*quirks: Quirk) -> Quirky:
    """A service with a team of one, and three users beside it."""
    server = Quirky(*quirks)
    for name in (*NAMES, *STAYING[1:]):
        server.user(name)
    server.group("red", ["ann"])
    return server


@pytest.mark.parametrize("bulk", ["never", "always"])
@pytest.mark.parametrize("policy, rows", INPUT)
def test_l15_every_deactivation_is_proved_by_a_read_although_nobody_leaves(
    policy: Policy, rows: dict[str, Any], bulk: str
) -> None:
    server = office(owner)
    for _run in range(2):
        found: Outcome = run(server, policy=replace(policy, bulk=bulk), **rows)
        (failure,) = found.failures
        assert "user 'cat'" in str(failure.error) and "still active" in str(failure.error)
        assert "cat" not in [one.name for one in found.performed]
        assert [server[one]["active"] for one in NAMES] == [True, False, True, False]


@pytest.mark.parametrize("policy, rows", INPUT)
def test_l15_deactivations_cost_one_read_for_the_first_and_one_for_the_others(
    policy: Policy, rows: dict[str, Any]
) -> None:
    server = office()
    found = run(server, policy=policy, **rows)
    assert not found.failures and len(server.sent("PATCH", "Users")) == 3
    first = server.asked.index(server.sent("PATCH")[0])
    assert sum(one.method == "GET" for one in server.asked[first:]) == 2
