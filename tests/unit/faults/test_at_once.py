# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several requests at a time over HTTP, to a service that is busy and loses answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Reply,
    Spell,
    hostile,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NAMES = [f"p{number:02}" for number in range(30)]
TEAMS: list[dict[str, Any]] = [
    {"name": "red", "members": [{"user_name": one} for one in NAMES[:20]]},
    {"name": "blue", "members": [{"user_name": one} for one in NAMES[10:]]},
]
PATIENT = {"retries": 5, "retry_max_wait": 5.0, "consistency_wait": 0.2}


def storm(seed: int) -> Spell:
    """5 % each: too many requests, busy, and an answer lost before or after the request is done."""
    chance = random.Random(seed)

    def spell(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        luck = chance.random()
        if asked.method == "GET" or luck > 0.2:
            return honest()
        if luck < 0.05:
            return Reply(429, {"detail": "slowly"}, {"Retry-After": "0"})
        if luck < 0.1:
            return Reply(503, {"detail": "busy"})
        if luck < 0.15:
            honest()
        return Reply(502, {"detail": "no answer"})

    return spell


@pytest.mark.parametrize("seed", range(6))
def test_f29_a_roster_is_made_side_by_side_on_a_service_that_fails(seed: int) -> None:
    """F29: 429, 503 and lost answers while several requests are in flight."""
    with hostile(Store(), storm(seed)) as service:
        for _run in range(4):
            said = run(service, "scim_directory", connection=PATIENT, teams=TEAMS)
            if not said.failure:
                break
        service.spell = lambda _asked, honest: honest()
        run(service, "scim_directory", connection=PATIENT, teams=TEAMS)
        again = run(service, "scim_directory", connection=PATIENT, teams=TEAMS)
        assert not again.failure and not again.changed and not service.writes
        store = service.store
        assert sorted(one["userName"] for one in store.held["Users"].values()) == NAMES
        assert store.members("red") == set(NAMES[:20])
        assert store.members("blue") == set(NAMES[10:])
        assert len(store.held["Groups"]) == 2


def test_f29_a_rate_limit_is_met_once_and_then_kept() -> None:
    """F29: a few requests are refused, then all of them wait."""
    refused: list[str] = []

    def spell(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        if asked.method == "POST" and len(service.store.names("Users")) == 12 and len(refused) < 4:
            refused.append(asked.body["userName"])
            return Reply(429, {"detail": "slowly"}, {"Retry-After": "1"})
        return honest()

    users = [{"user_name": one} for one in NAMES[:19]]
    with hostile(Store(), spell) as service:
        said = run(service, "scim_directory", connection=PATIENT, users=users)
        assert not said.failure and service.store.names("Users") == set(NAMES[:19])
        assert 1 <= len(refused) <= 8 and said.seconds >= 1
