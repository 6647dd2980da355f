# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""L16: a change that is promised is awaited, and pending if the promise is not kept."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    RED,
    group_change,
    office,
    run_on,
    unshared,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

TITLED = user_change("u1", PAM, {**PAM, "title": "x"})


def promises(store: Faulty, *_request: Any) -> Answer:
    """Answer 202 and do nothing."""
    return Answer(202, {"id": "task-7"})


@pytest.mark.parametrize(("after", "is_pending"), [(2.0, False), (9.0, True)])
def test_l16_a_promised_change_is_awaited_as_long_as_set(after: float, is_pending: bool) -> None:
    def later(store: Faulty, method: str, *_request: Any) -> None:
        if store.waited >= after:
            store["pam"]["title"] = "x"

    store = office(once("PATCH", "Users", promises), later)
    run = run_on(store)
    run.service.consistency_wait = 5.0
    effects = unshared(run, TITLED)
    assert effects.failure is None and effects.done is not None and effects.done.changed
    assert bool(effects.done.pending) is is_pending and effects.done.not_saved == ()
    assert store.waited <= 5.0


def test_l16_members_of_a_promised_change_are_read_even_without_verify() -> None:
    store = office(once("PATCH", "Groups", promises))
    membership = MembershipChange(current=frozenset(users("u1")), joins=users("u2"))
    store["red"]["members"] = [{"value": "u1"}]
    effects = unshared(run_on(store, verify="none"), group_change("g3", "red", RED, membership))
    assert effects.done is not None and effects.done.pending.startswith("changing group 'red'")
