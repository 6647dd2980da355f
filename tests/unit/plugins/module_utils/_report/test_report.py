# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all reports share.

Attributes that a service does not keep, and what does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

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
    losses,
    missing_warnings,
    operations,
    paths_by_name,
    pending_members,
    unkept,
    unkept_notes,
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
    lost = unkept(found)
    assert paths_by_name(lost) == {"pam": ["locale", "title"], "jim": ["nickName"]}
    assert unkept_warnings(losses(lost), found) == [
        "the service accepted locale of pam but did not keep the value"
    ]
    assert unkept_notes(losses(lost)) == [
        "nickName of jim was not sent because the service is known not to keep it",
        "title of pam was not sent because the service is known not to keep it",
    ]


def test_e1_schemas_explain_what_is_not_kept() -> None:
    unsent = {Key("User", "u1"): ("nickName",), Key("Group", "g1"): ("externalId",)}
    done = Done(
        change=CHANGE, resource=None, changed=True, not_saved=("locale",), ignored=("locale",)
    )
    found = outcome(Plan(steps=((CHANGE,),), not_saved=unsent), done)
    found.snapshot.add_schemas(listed([{"id": USER.schema, "attributes": [{"name": "title"}]}]))
    lost = losses(unkept(found))
    assert unkept_warnings(lost, found) == [
        "the service accepted locale of pam but did not keep the value; its Schemas do not list "
        "locale; try update_method: put"
    ]
    assert unkept_notes(lost) == [
        "externalId of g1 was not sent because the service is known not to keep it",
        "nickName of u1 was not sent because the service is known not to keep it; its Schemas do "
        "not list nickName",
    ]


def test_one_note_says_the_same_of_many_and_counts_them() -> None:
    lost = {Key("User", f"u{number:02}"): ("title",) for number in range(30)}
    found = outcome(Plan(not_saved={**lost, Key("User", "u30"): ("locale", "title")}))
    users = tuple({"id": key.id, "userName": key.id} for key in found.plan.not_saved)
    found.snapshot.add(Reading(kind=USER, resources=users))
    told = losses(unkept(found))
    assert unkept_notes(told) == [
        "locale of u30 was not sent because the service is known not to keep it",
        "title of 31 users (u00, u01, u02, u03, u04 and 26 more) was not sent because the service "
        "is known not to keep it",
    ]
    assert not unkept_warnings(told, found)


def test_one_warning_is_about_an_attribute_of_which_this_run_learnt() -> None:
    changes = [replace(CHANGE, key=Key("User", name), name=name) for name in ("a", "b", "c", "d")]
    tried, *others = changes
    done = [
        Done(change=tried, resource=None, changed=True, not_saved=("locale", "title")),
        *(Done(change=one, resource=None, changed=True, unsent=("title",)) for one in others),
    ]
    plan = Plan(steps=(tuple(changes),), not_saved={tried.key: ("title",)})
    found = outcome(plan, *done, unsaved=("User.nickName", "User.title"))
    line = "; set capabilities: {unsaved: [User.nickName, User.title]} so that it is not sent again"
    told = losses(unkept(found))
    assert unkept_warnings(told, found) == [
        "the service accepted locale of a but did not keep the value",
        "the service accepted title but did not keep the value, which is set for 4 users "
        f"(a, b, c, d){line}",
    ]
    assert not unkept_notes(told)


def test_attributes_of_the_same_resources_are_told_in_one_sentence() -> None:
    lost = {Key("User", name): ("locale", "title") for name in ("a", "b")}
    told = losses(unkept(outcome(Plan(not_saved=lost))))
    assert unkept_notes(told) == [
        "locale, title of 2 users (a, b) were not sent because the service is known not to keep "
        "them"
    ]
    done = Done(change=CHANGE, resource=None, changed=True, not_saved=("locale", "title"))
    found = outcome(Plan(steps=((CHANGE,),)), done, unsaved=("User.title", "User.locale"))
    assert unkept_warnings(losses(unkept(found)), found) == [
        "the service accepted locale, title of pam but did not keep the values; set capabilities: "
        "{unsaved: [User.title, User.locale]} so that they are not sent again"
    ]


@pytest.mark.parametrize(
    ("unsaved", "path", "is_named"),
    [
        ("User.emails.type", "emails", True),
        ("User.name", "name.formatted", True),
        ("User.display", "displayName", False),
        ("User.displayName", "display", False),
        ("User.urn:x:User", "urn:x:User:department", True),
        ("User.title", "title", True),
        ("Group.title", "title", False),
    ],
)
def test_the_line_to_paste_is_given_for_what_it_names(
    unsaved: str, path: str, is_named: bool
) -> None:
    done = Done(change=CHANGE, resource=None, changed=True, not_saved=(path,))
    found = outcome(Plan(steps=((CHANGE,),)), done, unsaved=(unsaved,))
    [said] = unkept_warnings(losses(unkept(found)), found)
    assert ("capabilities" in said) is is_named


def test_one_warning_is_about_the_resources_after_one_of_which_an_attribute_was_refused() -> None:
    changes = [replace(CHANGE, key=Key("User", name), name=name) for name in ("a", "b", "c")]
    tried, *others = changes
    done = [
        Done(change=tried, resource=None, changed=True, refused=("title",)),
        *(Done(change=one, resource=None, changed=True, unsent=("title",)) for one in others),
    ]
    found = outcome(Plan(steps=(tuple(changes),)), *done, unsaved=("User.title",))
    told = losses(unkept(found))
    assert unkept_warnings(told, found) == [
        "title of 2 users (b, c) was not sent because the service refused it before; set "
        "capabilities: {unsaved: [User.title]} so that it is not sent again"
    ]
    assert not unkept_notes(told) and paths_by_name(unkept(found))["a"] == ["title"]


def test_equal_names_of_a_user_and_a_group_are_joined() -> None:
    plan = Plan(not_saved={Key("User", "1"): ("title",), Key("Group", "2"): ("externalId",)})
    found = outcome(plan)
    found.snapshot.add(Reading(kind=USER, resources=({"id": "1", "userName": "ops"},)))
    found.snapshot.add(Reading(kind=GROUP, resources=({"id": "2", "displayName": "ops"},)))
    assert paths_by_name(unkept(found)) == {"ops": ["externalId", "title"]}


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
