# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an outcome says of a run, in check mode and after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Done
from ansible_collections.identity.scim.plugins.module_utils._converge.failures import Failure
from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Missing, Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Reference
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    user_change,
)

PAM = user_change("bulkId:pam", None, {"userName": "pam"})
JIM = user_change("u1", {"userName": "jim"}, {"userName": "james"})
PLAN = Plan(steps=((PAM,), (JIM,)))


def outcome(check: bool = False, plan: Plan = PLAN) -> Outcome:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=USER, resources=({"id": "u1", "userName": "jim"},)))
    return Outcome(plan=plan, snapshot=snapshot, check=check)


def done(change: object, changed: bool = True) -> Done:
    return Done(change=change, resource={}, changed=changed)  # type: ignore[arg-type]


def test_check_mode_performs_what_is_planned() -> None:
    found = outcome(check=True)
    assert found.performed == (PAM, JIM) and found.changed
    assert not outcome(check=True, plan=Plan()).changed


def test_a_run_performs_what_changed_as_it_was_done() -> None:
    found = outcome()
    assert found.performed == () and not found.changed
    less = replace(JIM, name="jim as done")
    found.done = [done(PAM, changed=False), done(less)]
    assert found.performed == (less,) and found.changed


def test_missing_resources_may_come_in_check_mode_only() -> None:
    missing = Missing(needed=(Reference("User", "userName", "ghost"),))
    plan = Plan(missing=missing)
    assert outcome(check=True, plan=plan).pending == missing
    assert outcome(plan=plan).pending == Missing()


def test_a_resource_is_as_it_is_or_in_check_mode_as_it_would_be() -> None:
    found = outcome()
    assert found.resource(JIM.key) == {"id": "u1", "userName": "jim"}
    assert found.resource(PAM.key) is None
    found = outcome(check=True)
    assert found.resource(JIM.key) == {"id": "u1", "userName": "james"}
    assert found.resource(PAM.key) == {"id": "bulkId:pam", "userName": "pam"}
    unchanged = outcome(check=True, plan=Plan())
    assert unchanged.resource(JIM.key) == {"id": "u1", "userName": "jim"}


@pytest.mark.parametrize("check", [False, True])
def test_a_deleted_resource_is_none(check: bool) -> None:
    gone = user_change("u1", {"userName": "jim"}, None)
    assert outcome(check=check, plan=Plan(steps=((gone,),))).resource(gone.key) is None


def test_the_first_failure_is_the_error_unless_the_run_was_interrupted() -> None:
    found = outcome()
    assert found.error is None
    first = ScimError("first")
    found.failures = [
        Failure(change=PAM, error=first),
        Failure(change=JIM, error=ScimError("second")),
    ]
    assert found.error is first
    found.done = [done(PAM)]
    found.interrupted = True
    assert str(found.error) == "interrupted after 1 of 2 changes"


def test_names_are_the_planned_ones_before_and_after_the_run() -> None:
    found = outcome()
    found.ids["bulkId:pam"] = "u9"
    renamed = Reading(kind=USER, resources=({"id": "u1", "userName": "james"},))
    found.snapshot.add(renamed)
    assert found.named(PAM.key) == "pam" and found.named(JIM.key) == JIM.name
    assert found.named(Key("User", "u5")) == "u5"
    assert found.service_key(PAM.key) == Key("User", "u9")
    assert found.service_key(JIM.key) == JIM.key
