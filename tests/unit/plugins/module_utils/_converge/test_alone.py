# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent after an update was refused as a whole: a deactivation, or members, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.carry_out import carry_out
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
    answers,
    lost,
    once,
    vanished,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

LEAVING = user_change("u1", PAM, {**PAM, "active": False, "title": "x", "nickName": "p"})


def touching(path: str, status: int) -> Any:
    """Return a fault that refuses a PATCH with an attribute."""

    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method == "PATCH" and any(one["path"] == path for one in body["Operations"]):
            return Answer(status, {"detail": "no"})
        return None

    return fault


@pytest.mark.parametrize("status", [402, 403, 408, 410, 412, 423, 451, 502, 503, 504])
def test_e2_a_deactivation_is_sent_alone_and_the_attributes_are_the_failure(status: int) -> None:
    store = office(touching("title", status))
    effects = unshared(run_on(store), LEAVING)
    assert store["pam"]["active"] is False and "nickName" not in store["pam"]
    assert effects.done is not None and effects.done.changed and effects.done.failed
    assert effects.done.change.paths == ("active",) and len(effects.done.operations) == 1
    assert effects.failure is not None and effects.failure.status == status
    said = str(effects.failure)
    assert said.endswith("only the deactivation was made, without title, nickName")
    assert " | " not in said


@pytest.mark.parametrize("status", [403, 412, 423, 503])
def test_e2_a_deactivation_that_is_refused_too_fails_in_the_words_of_the_service(
    status: int,
) -> None:
    store = office(once("PATCH", "Users", answers(status, detail="never"), times=99))
    effects = unshared(run_on(store), LEAVING)
    assert effects.done is None and effects.failure is not None
    assert effects.failure.status == status and "only the deactivation" not in str(effects.failure)
    assert "never" in str(effects.failure)
    assert store["pam"]["active"]


@pytest.mark.parametrize("status, sent", [(401, 1), (429, 1), (403, 2), (423, 2), (503, 4)])
def test_e2_it_is_sent_alone_once_and_not_where_everything_is_refused(
    status: int, sent: int
) -> None:
    asked: list[Any] = []

    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        asked.append(body["Operations"])
        return Answer(status, {"detail": "no"})

    unshared(run_on(office(fault)), LEAVING)
    assert len(asked) == sent
    if sent > 1:
        assert [one["path"] for one in asked[-1]] == ["active"]


@pytest.mark.parametrize("then", [lost, vanished])
def test_e2_an_update_without_an_answer_is_not_sent_in_parts(then: Any) -> None:
    store = office(once("PATCH", "Users", then, times=99))
    effects = unshared(run_on(store), LEAVING)
    assert all(len(body["Operations"]) > 1 for _method, _at, body in store.log)
    assert (effects.failure is None) is (then is lost)


def test_e2_a_deactivation_alone_that_nothing_shows_is_a_failure_of_its_own() -> None:
    def ignores(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        is_alone = [one["path"] for one in body["Operations"]] == ["active"]
        return Answer(204) if is_alone else Answer(403)

    effects = unshared(run_on(office(ignores)), LEAVING)
    assert "the user is still active" in str(effects.failure)
    assert effects.disproved


def test_e2_a_refused_write_that_was_done_counts_as_made() -> None:
    def done_anyway(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        kept = [one for one in body["Operations"] if one["path"] == "active"]
        if kept:
            store.really(method, segments, query, {**body, "Operations": kept})
        return Answer(503)

    store = office(done_anyway)
    effects = unshared(run_on(store), LEAVING)
    assert effects.done is not None and effects.done.change.verb == "deactivate"
    assert effects.failure is not None and effects.failure.status == 503
    assert not store["pam"]["active"] and store.writes() == [("PATCH", "Users")]


def test_e2_a_put_alone_changes_nothing_but_active() -> None:
    """It starts from what the service holds after another client changed the user."""
    bodies: list[Any] = []

    def fault(store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method != "PUT":
            return None
        bodies.append(body)
        if body.get("title") != "x":
            return None
        store["pam"]["locale"] = f"changed {len(bodies)}"
        return Answer(412, {"detail": "version"})

    change = replace(LEAVING, desired=replace(LEAVING.desired, method="put"))
    store = office(fault)
    store["pam"]["timezone"] = "kept"
    held = dict(store["pam"])
    effects = unshared(run_on(store), change)
    assert effects.failure is not None and effects.failure.status == 412
    assert store["pam"] == {**held, "active": False, "locale": f"changed {len(bodies) - 1}"}


def test_e2_a_deactivation_is_sent_alone_after_patch_and_put_were_refused_with_404() -> None:
    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        paths = [one["path"] for one in (body or {}).get("Operations", ())]
        is_refused = method in ("PATCH", "PUT") and "title" in (*paths, *body)
        return Answer(404, {"detail": "no"}) if is_refused else None

    store = office(fault)
    effects = unshared(run_on(store), LEAVING)
    assert store["pam"]["active"] is False
    assert effects.failure is not None and effects.failure.status == 404


NEAR = MembershipChange(current=frozenset(users("u1", "u2")), joins=users("u4"), leaves=users("u2"))


def renamed(membership: MembershipChange = NEAR) -> Any:
    change = group_change("g3", "red", RED, membership)
    after = {**RED, "externalId": "r"}
    content = replace(change.desired.content, attributes=after)
    return replace(change, after=after, desired=replace(change.desired, content=content))


@pytest.mark.parametrize("status", [403, 404, 412, 423, 500, 503])
@pytest.mark.parametrize("method", ["auto", "put"])
def test_e2_members_are_sent_alone_after_an_attribute_was_refused(status: int, method: str) -> None:
    def fault(_store: Faulty, sent: str, segments: Any, _query: Any, body: Any) -> Any:
        if segments[0] != "Groups" or sent not in ("PATCH", "PUT"):
            return None
        paths = [one["path"] for one in body.get("Operations", ())]
        return Answer(status) if "externalId" in (*paths, *body) else None

    store = office(fault)
    store.user("ann")
    change = renamed()
    change = replace(change, desired=replace(change.desired, method=method))
    effects = unshared(run_on(store), change)
    assert store.members("red") == {"pam", "ann"}
    assert effects.failure is not None and effects.failure.status == status
    assert str(effects.failure).endswith("only the members were changed, without externalId")
    assert effects.done is not None and effects.done.change.joins == users("u4")
    assert effects.done.change.leaves == users("u2")


def test_e2_a_run_that_splits_no_more_sends_nothing_alone() -> None:
    store = office(once("PATCH", "Users", answers(403), times=99))
    effects = carry_out(replace(run_on(store), splits=False), LEAVING)
    assert effects.failure is not None and store["pam"]["active"]
    assert store.requests == 1
