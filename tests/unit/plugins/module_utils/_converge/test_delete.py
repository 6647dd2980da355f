# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletions, and services on which they only deactivate."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    RED,
    group_change,
    office,
    run_on,
    unshared,
    user_change,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

GONE = user_change("u1", PAM, None)


def test_a_deletion_of_a_user_is_known_to_later_changes() -> None:
    store = office()
    effects = unshared(run_on(store), GONE)
    assert effects.deleted == {Key("User", "u1")} and "pam" not in store.names("Users")


def test_a_deletion_of_a_group_is_not() -> None:
    store = office()
    gone = group_change("g3", "red", RED, MembershipChange(current=frozenset()))
    object.__setattr__(gone, "after", None)
    effects = unshared(run_on(store), gone)
    assert effects.deleted == frozenset() and store.names("Groups") == set()


@pytest.mark.parametrize(("left", "is_pending"), [({"active": False}, False), ({}, True)])
def test_l16_a_deletion_that_only_promises_is_read(left: dict[str, Any], is_pending: bool) -> None:
    def promises(store: Faulty, *_request: Any) -> Answer:
        store["pam"].update(left)
        return Answer(202)

    store = office(once("DELETE", "Users", promises))
    effects = unshared(run_on(store, {"delete_user": "inactive"}), GONE)
    assert effects.done is not None and effects.done.changed and effects.failure is None
    assert bool(effects.done.pending) is is_pending
    assert bool(effects.deleted) is not is_pending


@pytest.mark.parametrize("is_gone", [True, False])
def test_n5_a_conflict_with_a_deletion_is_read_before_it_fails(is_gone: bool) -> None:
    def conflict(store: Faulty, method: str, segments: Any, *_request: Any) -> Answer:
        if is_gone:
            del store.held["Users"][segments[1]]
        return Answer(409)

    store = office(once("DELETE", "Users", conflict))
    effects = unshared(run_on(store), GONE)
    assert (effects.failure is None) is is_gone and store.requests == 2


def test_an_inactive_user_that_stays_teaches_what_delete_does() -> None:
    store = office(once("DELETE", "Users", lambda *_: Answer(204)))
    store["pam"]["active"] = False
    change = user_change("u1", {**PAM, "active": False}, None)
    effects = unshared(run_on(store), change)
    assert [dict(one.values) for one in effects.lessons] == [{"delete_user": "inactive"}]
    assert effects.done is not None and not effects.done.changed
