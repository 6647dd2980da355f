# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all reports share.

Attributes that a service does not keep, and what does not exist.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.effects import Done
from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    Missing,
    Plan,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    Desired,
    Reference,
    Secrets,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import listed
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import Redactor
from ansible_collections.identity.scim.plugins.module_utils._report.report import (
    Run,
    diffs,
    missing_warnings,
    operations,
    pending_members,
    unkept_by_name,
    unkept_warnings,
)

DESIRED = Desired(kind=USER, keys=(("userName", "pam"),), secrets=Secrets(attributes={"pin": "x"}))
CHANGE = Change(
    key=Key("User", "1"),
    name="pam",
    desired=DESIRED,
    before={"title": "a", "pin": 1},
    after={"title": "b", "pin": 2},
)


def outcome(plan: Plan, *done: Done, check: bool = False, **more: Any) -> Outcome:
    return Outcome(plan=plan, snapshot=Snapshot(), check=check, done=list(done), **more)


def test_attributes_that_are_not_kept_are_told_apart() -> None:
    plan = Plan(
        steps=((CHANGE,),),
        not_saved={CHANGE.key: ("title",), Key("User", "2"): ("nickName",)},
    )
    done = Done(change=CHANGE, resource=None, changed=True, not_saved=("locale", "title"))
    found = outcome(plan, done)
    found.snapshot.add(Reading(kind=USER, resources=({"id": "2", "userName": "jim"},)))
    unkept = unkept_by_name(found)
    assert {name: one.paths for name, one in unkept.items()} == {
        "pam": ["locale", "title"],
        "jim": ["nickName"],
    }
    assert unkept_warnings(unkept) == [
        "nickName of jim was not sent because the service is known not to keep it",
        "the service accepted locale of pam but did not keep the value",
        "title of pam was not sent because the service is known not to keep it",
    ]


def test_e1_schemas_explain_what_is_not_kept() -> None:
    unsent = {Key("User", "u1"): ("nickName",), Key("Group", "g1"): ("externalId",)}
    done = Done(
        change=CHANGE, resource=None, changed=True, not_saved=("locale",), ignored=("locale",)
    )
    found = outcome(Plan(steps=((CHANGE,),), not_saved=unsent), done)
    found.snapshot.add_schemas(listed([{"id": USER.schema, "attributes": [{"name": "title"}]}]))
    assert unkept_warnings(unkept_by_name(found)) == [
        "externalId of g1 was not sent because the service is known not to keep it",
        "the service accepted locale of pam but did not keep the value; its Schemas do not list "
        "locale; try update_method: put",
        "nickName of u1 was not sent because the service is known not to keep it; its Schemas do "
        "not list nickName",
    ]


def test_one_warning_says_the_same_of_many_and_counts_them() -> None:
    plan = Plan(not_saved={Key("User", f"u{number:02}"): ("title",) for number in range(30)})
    found = outcome(plan)
    users = tuple({"id": key.id, "userName": key.id} for key in plan.not_saved)
    found.snapshot.add(Reading(kind=USER, resources=users))
    assert unkept_warnings(unkept_by_name(found)) == [
        "title of u00, u01, u02, u03, u04 and 25 more was not sent because the service is known not "
        "to keep it"
    ]


def test_equal_names_of_a_user_and_a_group_are_joined() -> None:
    plan = Plan(not_saved={Key("User", "1"): ("title",), Key("Group", "2"): ("externalId",)})
    found = outcome(plan)
    found.snapshot.add(Reading(kind=USER, resources=({"id": "1", "userName": "ops"},)))
    found.snapshot.add(Reading(kind=GROUP, resources=({"id": "2", "displayName": "ops"},)))
    unkept = unkept_by_name(found)
    assert {name: one.paths for name, one in unkept.items()} == {"ops": ["externalId", "title"]}


def test_missing_references_give_warnings_by_their_use() -> None:
    ghost, spook = (Reference("User", "userName", name) for name in ("ghost", "spook"))
    missing = Missing(needed=(ghost,), removed=(spook,), members=(spook, ghost))
    found = outcome(Plan(missing=missing), check=True)
    assert missing_warnings(found) == [
        "user 'ghost' does not exist yet; an earlier task may create it",
        "user 'spook' is listed for removal but does not exist; fix the name, "
        "unless an earlier task creates it",
    ]
    assert pending_members(found) == ["ghost", "spook"]


def test_secrets_are_masked_in_diffs_and_operations() -> None:
    redactor = Redactor()
    redactor.hide_paths([DESIRED])
    sent = [{"method": "PUT", "path": "/Users/1", "body": {"pin": 2, "title": "b"}}] * 2
    found = outcome(Plan(steps=((CHANGE,),)), check=True, operations=sent)
    run = Run(outcome=found, desired=[DESIRED], params={}, redactor=redactor)
    assert operations(run, 1) == [{**sent[0], "body": {"pin": "********", "title": "b"}}]
    (diff,) = diffs(run, found.performed)
    assert diff["before"] == {"title": "a", "pin": "********"}
    assert diff["after"] == {"title": "b", "pin": "********"}
