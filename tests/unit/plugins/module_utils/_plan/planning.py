# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a playbook says to a plan against a store, and the plan carried out; for tests of the pure rooms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._ansible.directory import wishes_of
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.plan import Plan, make_plan
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import foretold
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

INACTIVE = Policy(leavers="inactive")


def wanted(membership: str = "exact", **directory: Any) -> list[Desired]:
    """``users``, ``groups`` and ``teams`` as in scim_directory → wishes."""
    return wishes_of({"membership": membership, **directory})


def team(name: str, *people: Any, **more: Any) -> dict[str, Any]:
    """A team of people, each a user name or the options of one."""
    return {
        "name": name,
        "members": [{"user_name": one} if isinstance(one, str) else one for one in people],
        **more,
    }


def read(store: Store, luck: random.Random | None = None, members: bool = True) -> Snapshot:
    """Everything that the store holds, in some order."""
    snapshot = Snapshot()
    for kind in (USER, GROUP):
        rows = list(store.held[kind.endpoint].values())
        if luck is not None:
            luck.shuffle(rows)
        snapshot.add(kind, rows, members_asked=members)
        snapshot.listed[kind.name] = True
    return snapshot


def plan(
    store: Store,
    wishes: Sequence[Desired],
    policy: Policy = Policy(),
    luck: random.Random | None = None,
    **limits: Any,
) -> Plan:
    """The plan that makes the store as wished."""
    return make_plan(wishes, read(store, luck), overridden(limits), policy)


def carry_out(store: Store, made: Plan, capabilities: Capabilities) -> None:
    """Send the requests of a plan one after the other; every one must be accepted."""
    assert not made.problems and not made.missing, (made.problems, made.missing)
    ids: dict[str, str] = {}
    created = iter([change.ident for change in made.changes if change.verb == "create"])
    for request in foretold(made.changes, capabilities):
        segments, body = request.sendable(ids)
        answer = store.send(request.method, segments, query=request.query, body=body)
        assert answer.status < 300, (request.shown, answer.body)
        if request.method == "POST":
            ids[next(created)] = answer.body["id"]


def converge(
    store: Store,
    wishes: Sequence[Desired],
    policy: Policy = Policy(),
    luck: random.Random | None = None,
    **limits: Any,
) -> Plan:
    """Plan and carry out; the plan."""
    made = plan(store, wishes, policy, luck, **limits)
    carry_out(store, made, overridden(limits))
    return made


def settled(
    store: Store, wishes: Sequence[Desired], policy: Policy = Policy(), **limits: Any
) -> None:
    """A second run has nothing to do."""
    again = plan(store, wishes, policy, **limits)
    assert not again.changes, [
        (one.verb, one.text, one.paths, one.joins, one.leaves) for one in again.changes
    ]
    assert not again.problems and not again.missing
