# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that is made again has every change of the run, and knows what was met."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.planner import Planner
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Questions,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NONE = Policy(thresholds={"members_removed_per_group": Limit(count=0)})
DIRECTORY = {
    "users": [{"user_name": "new"}],
    "groups": [{"display_name": "red", "members": {"set": ["ann"]}}],
}


def met(store: Store) -> Reading:
    ident = store.group("red", ["bob"])
    return Reading(kind=GROUP, resources=(store.held["Groups"][ident],), members_shown=True)


def planner_on(store: Store, policy: Policy = Policy()) -> Planner:
    for name in ("ann", "bob"):
        store.user(name)
    return Planner(Service(store, overridden({})), wanted(**DIRECTORY), policy)


def test_a_plan_made_again_is_as_if_the_resource_had_been_found_at_once() -> None:
    store = Store()
    planner = planner_on(store)
    assert [one.verb for one in planner.plan().changes] == ["create", "create"]
    ident = store.user("new")
    planner.snapshot.add(Reading(kind=USER, resources=(store.held["Users"][ident],)))
    again = list(planner.planned_again([met(store)]).changes)
    assert [(one.verb, one.name) for one in again] == [
        ("create", "new"),
        ("update", "red"),
        ("update", "red"),
    ]
    assert [len(one.leaves) for one in again] == [0, 0, 1]


def test_questions_that_no_answer_settles_end_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault of the collection, or of a service, must not make a task that never ends."""
    store = Store()
    endless = Questions(asked=(Question(kind=GROUP, clauses=(("displayName", "red"),)),))
    monkeypatch.setattr(f"{Planner.__module__}.draft", lambda *_known: endless)
    with pytest.raises(ScimError, match="after 200 rounds of questions; report this"):
        planner_on(store).plan()


def test_a_plan_made_again_is_judged() -> None:
    store = Store()
    planner = planner_on(store, NONE)
    assert not planner.plan().refusals
    with pytest.raises(ScimError, match="members_removed_per_group"):
        planner.planned_again([met(store)])


def test_e3_a_plan_made_again_brings_what_schemas_say_and_asks_once() -> None:
    store = Store()
    planner = planner_on(store)
    planner.plan()
    assert planner.snapshot.schemas is None
    ident = store.user("new", emails=[{"value": "n@x.org"}])
    mails = [{"value": "n@x.org", "type": "work"}]
    service = Service(store, overridden({}))
    planner = Planner(service, wanted(users=[{"user_name": "new", "emails": mails}]), Policy())
    for _time in range(2):
        planner.planned_again(
            [Reading(kind=USER, resources=(store.held["Users"][ident],))],
        )
        assert planner.snapshot.schemas is not None
    before = store.requests
    planner.plan()
    assert store.requests - before <= 1 and service.schemas() == planner.snapshot.schemas
