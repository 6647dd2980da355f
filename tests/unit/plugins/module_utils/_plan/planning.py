# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a playbook says to a plan against a store, and the plan carried out.

For tests of the pure rooms.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Change, Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.draft import draft
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import predicted_requests
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import Schemas
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

KEEP = Policy()
INACTIVE = Policy(leavers="inactive")


def wanted(membership: str = "exact", **directory: Any) -> list[Desired]:
    """Return ``users``, ``groups`` and ``teams`` as in scim_directory as desired states."""
    return list(directory_of({"membership": membership, **directory}))


def team(name: str, *people: Any, **more: Any) -> dict[str, Any]:
    """Return a team of people, each a user name or the options of one."""
    members = [{"user_name": one} if isinstance(one, str) else one for one in people]
    return {"name": name, "members": members, **more}


def office(**groups: list[str]) -> Store:
    """Return a store with groups and their members, active users."""
    store = Store()
    for name in dict.fromkeys(one for users in groups.values() for one in users):
        store.user(name)
    for group, users in groups.items():
        store.group(group, users)
    return store


def branch() -> Store:
    """Return a store with five users and the group Sales, of known ids."""
    store = Store()
    store.user("pam", title="Receptionist", emails=[{"value": "pam@x.org", "type": "work"}])  # u1
    for name in ("jim", "dwight", "creed", "toby"):
        store.user(name)  # u2 … u5
    store.group("Sales", ["jim", "dwight"])  # g6
    return store


def sales(external_id: str | None = None, **members: Any) -> dict[str, Any]:
    """Return ``groups`` as in scim_directory that set the members of the group Sales."""
    return {"groups": [{"display_name": "Sales", "external_id": external_id, "members": members}]}


def active(store: Store) -> set[str]:
    """Return the names of the active users."""
    return {name for name in store.names("Users") if store[name]["active"]}


def verbs(made: Plan) -> list[tuple[str, str]]:
    """Return what a plan does, in order, as (verb, name).

    Changes of members are ``joins`` and ``leaves``.
    """
    found = []
    for one in made.changes:
        if one.kind is GROUP and one.verb == "update":
            found += [("joins", one.name)] if one.joins else []
            found += [("leaves", one.name)] if one.leaves else []
        else:
            found.append((one.verb, one.name))
    return found


def read(store: Store, luck: random.Random | None = None, members: bool = True) -> Snapshot:
    """Return everything that the store holds, in some order."""
    snapshot = Snapshot()
    for kind in (USER, GROUP):
        rows = list(store.held[kind.endpoint].values())
        if luck is not None:
            luck.shuffle(rows)
        snapshot.add(Reading(kind=kind, resources=tuple(rows), members_shown=members, listed=True))
    return snapshot


def plan(
    store: Store,
    desired: Sequence[Desired],
    policy: Policy = KEEP,
    luck: random.Random | None = None,
    **limits: Any,
) -> Plan:
    """Return the plan that makes the store as desired."""
    return planned(desired, read(store, luck), policy, overridden(limits))


def planned(
    desired: Sequence[Desired],
    snapshot: Snapshot,
    policy: Policy = KEEP,
    capabilities: Capabilities = Capabilities(),
) -> Plan:
    """Return the plan. Whatever is asked, the service has nothing more than the snapshot."""
    for _round in range(9):
        found = draft(desired, snapshot, policy, capabilities)
        if isinstance(found, Plan):
            return found
        if found.account:
            snapshot.add_account(())
        if found.schemas:
            snapshot.add_schemas(Schemas())
        for one in found.asked:
            ids = tuple(("id", ident) for ident in one.ids)
            counted = {one.ids: 0} if one.counted else {}
            snapshot.add(Reading(kind=one.kind, answered=(*one.clauses, *ids), counted=counted))
    raise AssertionError("the questions do not end")


def refusals(made: Plan) -> list[str]:
    """Return every sentence that forbids a plan outside of check mode."""
    return [*made.refusals, *made.missing_refusals]


def carry_out(store: Store, made: Plan, capabilities: Capabilities) -> None:
    """Send the requests of a plan one after the other; every one must be accepted."""
    assert not refusals(made), refusals(made)
    send(store, list(made.changes), capabilities)


def send(store: Store, changes: Sequence[Change], capabilities: Capabilities) -> None:
    """Send the requests of changes in the order given; every one must be accepted."""
    ids: dict[str, str] = {}
    created = iter([change.key.id for change in changes if change.verb == "create"])
    for request in predicted_requests(changes, capabilities):
        segments, body = request.sendable(ids)
        answer = store.send(request.method, segments, query=request.query, body=body)
        assert answer.status < 300, (request.shown, answer.body)
        if request.method == "POST":
            ids[next(created)] = answer.body["id"]


def converge(
    store: Store,
    desired: Sequence[Desired],
    policy: Policy = KEEP,
    luck: random.Random | None = None,
    **limits: Any,
) -> Plan:
    """Plan and carry out; return the plan."""
    made = plan(store, desired, policy, luck, **limits)
    carry_out(store, made, overridden(limits))
    return made


def settled(store: Store, desired: Sequence[Desired], policy: Policy = KEEP, **limits: Any) -> None:
    """Assert that a second run has nothing to do."""
    again = plan(store, desired, policy, **limits)
    found = [(one.verb, one.text, one.paths, one.joins, one.leaves) for one in again.changes]
    assert not found and not refusals(again), (found, refusals(again))
