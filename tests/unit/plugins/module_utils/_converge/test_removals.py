# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a deactivation or deletion was done, change by change."""

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
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

INACTIVE = {**PAM, "active": False}
JIM = {"userName": "jim", "active": True}
GONE = user_change("u1", PAM, None)


def ignored(_store: Faulty, *_request: Any) -> Answer:
    """Answer a write that is not done."""
    return Answer(204)


@pytest.mark.parametrize("reason", ["stated", "leaver", "offboarded", "purge"])
def test_l15_a_deactivation_that_is_not_done_is_a_failure(reason: str) -> None:
    store = office(once("PATCH", "Users", ignored))
    effects = unshared(run_on(store), user_change("u1", PAM, INACTIVE, reason=reason))
    assert effects.failure is not None and "still active" in str(effects.failure)
    assert effects.done is not None and effects.done.failed and effects.done.change.verb == "keep"
    assert effects.disproved == {("deactivate", Key("User", "u1"))}


@pytest.mark.parametrize(("reason", "reads"), [("stated", 0), ("leaver", 1)])
def test_l15_the_first_deactivation_of_a_leaver_is_read(reason: str, reads: int) -> None:
    store = office()
    run = run_on(store)
    effects = unshared(run, user_change("u1", PAM, INACTIVE, reason=reason))
    assert effects.failure is None and store.requests == 1 + reads
    run.proved.update(effects.proved)
    unshared(run, user_change("u2", JIM, {**JIM, "active": False}, reason=reason))
    assert store.requests == 2 + reads


def test_l15_after_a_deletion_that_was_not_done_each_one_is_read() -> None:
    store = office()
    run = run_on(store)
    run.proved.add(("delete", Key("User", "u8")))
    unshared(run, GONE)
    assert store.requests == 1
    run.disproved.add(("delete", Key("User", "u9")))
    unshared(run, user_change("u2", {**PAM, "userName": "jim"}, None))
    assert store.requests == 3


@pytest.mark.parametrize(("status", "fails"), [(404, False), (410, False), (403, False)])
def test_l15_a_deleted_user_that_cannot_be_read_is_gone_or_noted(status: int, fails: bool) -> None:
    store = office(once("GET", "Users", lambda *_: Answer(status)))
    effects = unshared(run_on(store), GONE)
    assert bool(effects.failure) is fails and effects.deleted
    assert bool(effects.notes) is (status == 403)
    assert bool(effects.proved) is (status != 403)


def leaves(ident: str) -> Any:
    """Return the change by which a user leaves the group."""
    membership = MembershipChange(current=frozenset(users("u1", "u2")), leaves=users(ident))
    return group_change("g3", "red", RED, membership)


@pytest.mark.parametrize(
    ("answer", "stays"), [(None, True), (Answer(403), True), (Answer(410), False)]
)
def test_l15_a_user_leaves_only_if_it_is_deleted(answer: Answer | None, stays: bool) -> None:
    """The user counts as deleted and is still a member of the group."""
    store = office(once("GET", "Users", lambda *_: answer))
    run = run_on(store)
    run.deleted.add(Key("User", "u1"))
    effects = unshared(run, leaves("u1"))
    assert (store.members("red") == {"pam", "jim"}) is stays
    assert set(effects.undone) == ({("delete", Key("User", "u1"))} if stays else set())
    assert effects.failure is None and effects.done is not None
    assert bool(effects.done.change.leaves) is not stays


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("idents", [("u1",), ("u1", "u2")])
def test_l15_users_leave_only_if_they_are_inactive(idents: tuple[str, ...], refused: bool) -> None:
    """The users count as deactivated. They are read together, or one by one where that is refused."""
    store = office(*[once("GET", "Users", lambda *_: Answer(400))] * refused)
    store.held["Users"]["u2"]["active"] = False
    run = run_on(store)
    run.deactivated.update(users(*idents))
    membership = MembershipChange(current=users("u1", "u2"), leaves=users(*idents))
    effects = unshared(run, group_change("g3", "red", RED, membership))
    assert store.members("red") == ({"pam", "jim"} if len(idents) == 1 else {"pam"})
    assert set(effects.undone) == {("deactivate", Key("User", "u1"))}
    if not refused:
        assert [one for one in store.queries if "id eq" in one.get("filter", "")] or len(
            idents
        ) == 1


@pytest.mark.parametrize("verb", ["delete", "deactivate"])
def test_l17_what_an_interrupted_read_did_not_show_is_no_failure_of_the_removal(verb: str) -> None:
    """What was done before counts as done, and the user stays a member."""

    def interrupting(*_request: Any) -> Answer:
        run.service.interrupted = True
        return Answer(503)

    store = office(once("GET", "Users", interrupting))
    run = run_on(store)
    gone = run.deleted if verb == "delete" else run.deactivated
    gone.add(Key("User", "u1"))
    effects = unshared(run, leaves("u1"))
    assert not effects.undone and effects.failure is not None
    assert store.members("red") == {"pam", "jim"}
