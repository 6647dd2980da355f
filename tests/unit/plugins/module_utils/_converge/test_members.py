# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members after each write of a group: proof, loss and adding back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.members import (
    MembersLost,
    more_left,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.worker import Worker
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    RED,
    group_change,
    office,
    run_on,
    unshared,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    silent,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

BOTH = frozenset(users("u1", "u2"))
JOIN = MembershipChange(current=BOTH, joins=users("u4"))


def writes_silently(store: Faulty, method: str, *request: Any) -> Any:
    """Changes are done and answered 204."""
    return silent(store, method, *request) if method == "PATCH" else None


def adds_nobody(store: Faulty, method: str, *_request: Any) -> Any:
    """Changes are answered 204 and not done."""
    return Answer(204) if method == "PATCH" else None


@pytest.mark.parametrize("current, others", [(BOTH, True), (frozenset[Key](), False)])
def test_a_write_that_was_read_back_is_proven(current: frozenset[Key], others: bool) -> None:
    store = office(writes_silently)
    store.user("toby")
    if not others:
        store["red"]["members"] = []
    membership = MembershipChange(current=current, joins=users("u4"))
    effects = unshared(run_on(store), group_change("g3", "red", RED, membership))
    assert effects.proofs["PATCH add: done"] is True
    assert ("PATCH add: others stay" in effects.proofs) is others


def test_an_ignored_join_proves_the_contrary() -> None:
    store = office(adds_nobody)
    store.user("toby")
    effects = unshared(run_on(store), group_change("g3", "red", RED, JOIN))
    assert effects.proofs["PATCH add: done"] is False
    assert effects.done is not None and effects.done.not_saved == ("members",)


def test_a_proven_write_without_an_answer_is_not_read_back() -> None:
    store = office(writes_silently)
    store.user("toby")
    run = run_on(store)
    run.proofs.update({"PATCH add: done": True, "PATCH add: others stay": True})
    effects = unshared(run, group_change("g3", "red", RED, JOIN))
    assert effects.done is not None and store.queries == []


def lost(count: int, missing: int) -> MembersLost:
    """Return the error for so many lost users, of which some could not be added back."""
    store = office()
    keys = [Key("User", store.user(f"n{number:02}")) for number in range(count)]
    worker = Worker(run_on(store), group_change("g3", "red", RED, JOIN))
    return more_left(worker, worker.change, keys, keys[:missing])


def test_lost_members_are_named_up_to_ten() -> None:
    said = str(lost(12, 12))
    assert "more members left the group than this run removed: n00, " in said
    assert "n09 and 2 more; they could not be added back; find out" in said


def test_members_that_could_not_be_added_back_are_named_apart() -> None:
    assert "removed: n00, n01; n00 could not be added back" in str(lost(2, 1))
    assert "removed: n00, n01; they were added back" in str(lost(2, 0))


def test_lost_users_that_were_not_read_are_looked_up_for_their_names() -> None:
    store = office()
    run = run_on(store)
    worker = Worker(run, group_change("g3", "red", RED, JOIN))
    keys = [Key("User", store.user(name)) for name in ("new", "newer")]
    assert "removed: new, newer; " in str(more_left(worker, worker.change, keys, ()))
    assert store.requests == 1
