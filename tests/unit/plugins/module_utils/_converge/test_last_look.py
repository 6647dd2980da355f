# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""L3: groups that were shown as before a write, at the end of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.carry_out import carry_out
from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Effects, Run
from ansible_collections.identity.scim.plugins.module_utils._converge.last_look import (
    Watched,
    last_looks,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.patience import Patience
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    RED,
    group_change,
    office,
    run_on,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

JOIN = MembershipChange(current=frozenset(users("u1", "u2")), joins=users("u4"))
CHANGE = group_change("g3", "red", RED, JOIN)


def adds_nobody(store: Faulty, method: str, *_request: Any) -> Any:
    """Changes are answered 204 and not done."""
    return Answer(204) if method == "PATCH" else None


def waiting() -> tuple[Faulty, Run, Watched]:
    """Return a group to which nobody was added although the service accepted it."""
    store = office(adds_nobody)
    store.user("toby")
    run = replace(run_on(store), lag=Patience(0.2))
    effects = carry_out(run, CHANGE)
    assert effects.unseen and effects.unshown and not effects.notes
    assert effects.done is not None and effects.done.not_saved == ("members",)
    return store, run, Watched(CHANGE, effects.done, effects.unseen)


def looked(run: Run, watched: Watched) -> Effects:
    """Return what the last look shows."""
    ((one, effects),) = last_looks(run, [watched])
    assert one is watched
    return effects


def test_a_join_that_is_shown_at_last_is_saved() -> None:
    store, run, watched = waiting()
    store["red"]["members"].append({"value": "u4"})
    effects = looked(run, watched)
    assert effects.failure is None and not effects.notes
    assert effects.done is not None and effects.done.changed and effects.done.not_saved == ()
    assert effects.done.change.joins == users("u4")


def test_a_join_that_is_never_shown_is_not_saved() -> None:
    _store, run, watched = waiting()
    effects = looked(run, watched)
    assert effects.done is not None and not effects.done.changed
    assert effects.done.not_saved == ("members",) and "toby did not join" in effects.notes[0]


def test_members_that_are_gone_at_last_are_a_loss() -> None:
    store, run, watched = waiting()
    store.faults.clear()
    store["red"]["members"] = [{"value": "u4"}]
    effects = looked(run, watched)
    assert "they were added back" in str(effects.failure)
    assert len(store["red"]["members"]) == 3
    assert effects.done is not None and effects.done.failed


def test_a_group_that_cannot_be_read_counts_as_before() -> None:
    store, run, watched = waiting()
    store.faults.append(lambda _store, method, *_: Answer(500) if method == "GET" else None)
    effects = looked(run, watched)
    assert effects.failure is None and effects.done is watched.done
    assert "toby did not join" in effects.notes[0]


def test_an_interrupted_run_reads_nothing_more() -> None:
    store, run, watched = waiting()
    run.service.interrupted = True
    store.queries.clear()
    effects = looked(run, watched)
    assert not store.queries and "did not join" in effects.notes[0]
