# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes made by hand and a small office, for tests of what carries them out."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.carry_out import carry_out
from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Effects, Run
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, KINDS, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Content, Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

Flat = dict[str, Any]
PAM: Flat = {"userName": "pam", "active": True}
RED: Flat = {"displayName": "red"}
MAILS = [{"value": "a@x", "type": "work", "primary": True}, {"value": "b@x", "type": "home"}]


def user_change(ident: str, before: Flat | None, after: Flat | None, **more: Any) -> Change:
    """Return a change of a user. New attributes are desired."""
    name = str((after or before or {})["userName"])
    desired = Desired(
        kind=USER, keys=(("userName", name),), content=Content(attributes=after or {})
    )
    return Change(
        key=Key("User", ident), name=name, desired=desired, before=before, after=after, **more
    )


def group_change(
    ident: str, name: str, before: Flat | None, membership: MembershipChange
) -> Change:
    """Return a change of the members of a group, which is new if there is nothing before."""
    flat = {"displayName": name}
    content = Content(attributes=flat)
    desired = Desired(kind=GROUP, keys=(("displayName", name),), content=content)
    return Change(
        key=Key("Group", ident),
        name=name,
        desired=desired,
        before=before,
        after=flat,
        membership=membership,
    )


def users(*idents: str) -> tuple[Key, ...]:
    """Return the keys of users."""
    return tuple(Key("User", one) for one in idents)


def run_on(store: Store, caps: Mapping[str, Any] | None = None, verify: str = "removals") -> Run:
    """Return what the changes of a run share, after everything in the store was read."""
    snapshot = Snapshot()
    for kind in KINDS.values():
        rows = tuple(copy.deepcopy(list(store.held[kind.endpoint].values())))
        snapshot.add(Reading(kind=kind, resources=rows, members_shown=True, listed=True))
    service = Service(store, overridden(caps or {}))
    return Run(service=service, snapshot=snapshot, verify=verify)


def office(*faults: Any, **more: Any) -> Faulty:
    """Return a store with two users, u1 and u2, in one group, g3."""
    store = Faulty(*faults, **more)
    store.user("pam")
    store.user("jim")
    store.group("red", ["pam", "jim"])
    return store


def unshared(run: Run, change: Any) -> Effects:
    """Return the effects of a change, which leave the run as it was."""
    before = copy.deepcopy((run.ids, run.deleted, run.created_elsewhere, run.service.lessons))
    known = {key: run.snapshot.get(key) for key in users("u1", "u2", "u4")}
    effects = carry_out(run, change)
    assert before == (run.ids, run.deleted, run.created_elsewhere, run.service.lessons)
    assert known == {key: run.snapshot.get(key) for key in known}
    return effects
