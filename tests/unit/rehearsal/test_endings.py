# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services do with users that are deleted or deactivated, and that runs converge on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.endings import (
    removes_inactive,
    suspends_for_ever,
    unlinks,
)
from ansible_collections.identity.scim.tests.rehearsal.imitation import Imitation
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import (
    FREE,
    large,
    person,
    role,
    story,
    users,
)
from ansible_collections.identity.scim.tests.rehearsal.serve import serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

# How a user ends there that is deleted: what a read by id shows then.
ENDINGS = {
    **dict.fromkeys(IMITATIONS, "gone"),
    "atlassian": "unlinked",
    "github": "suspended",
    "gitlab": "unlinked",
    "gitlab_self_managed": "blocked",
    "slack": "inactive",
    "django-scim2-server": "inactive",
    "salesforce": "refused",
}
SHOWN = {"suspended", "blocked", "inactive"}


@pytest.fixture(params=IMITATIONS)
def it(request: pytest.FixtureRequest) -> Iterator[Rehearsal]:
    with serving(IMITATIONS[request.param]) as served:
        yield Rehearsal(served, request.param)


def made(it: Rehearsal, *names: str) -> dict[str, str]:
    """Create users. Return their ids by name."""
    for one in names:
        it.task("scim_user", **person(it, one, external_id=f"id-{one}", active=True))
    return {one["userName"]: ident for ident, one in it.served.store.held["Users"].items()}


def keys(it: Rehearsal, name: str) -> dict[str, Any]:
    """Return how a user is named there."""
    return {"user_name": name, "external_id": f"id-{name}"}


def test_deletion_ends_as_the_service_says_and_is_not_repeated(it: Rehearsal) -> None:
    ending = ENDINGS[it.provider]
    ident = made(it, "ann", "bob")["ann"]
    if ending == "refused":
        with pytest.raises(Refusal, match="does not delete users: ann; use state: inactive"):
            it.step("scim_user", **keys(it, "ann"), state="absent")
        assert it.is_active("ann")
        return
    said = it.step("scim_user", **keys(it, "ann"), state="absent")
    assert said.changed and not it.is_active("ann") and it.is_active("bob")
    held = it.served.store.held["Users"].get(ident)
    assert (held is not None) == (ending in SHOWN)
    if ending not in ("gone", "inactive"):
        assert ending in it.served.store.ended.values()


def test_purge_ends_as_the_service_says_and_is_not_repeated(it: Rehearsal) -> None:
    if it.provider in ("google", "snowflake"):
        return  # nothing is purged there: no list is proven whole
    names = ("ann", "bob", "cid")
    made(it, *names)
    rows = [person(it, one, external_id=f"id-{one}", active=True) for one in names[1:]]
    state = "inactive" if ENDINGS[it.provider] == "refused" else "absent"
    it.step("scim_directory", users=rows, purge={"users": state}, thresholds=FREE)
    assert not it.is_active("ann") and it.is_active("bob") and it.is_active("cid")


def test_a_deactivated_user_comes_back(it: Rehearsal) -> None:
    made(it, "ann")
    it.step("scim_user", **keys(it, "ann"), state="inactive")
    assert not it.is_active("ann")
    it.step("scim_user", **person(it, "ann", external_id="id-ann", active=True))
    assert it.is_active("ann")


def test_a_deleted_user_is_provisioned_anew_or_comes_back(it: Rehearsal) -> None:
    if ENDINGS[it.provider] == "refused":
        return
    before = made(it, "ann")["ann"]
    it.step("scim_user", **keys(it, "ann"), state="absent")
    it.step("scim_user", **person(it, "ann", external_id="id-ann", active=True))
    assert it.is_active("ann")
    if it.provider == "github":
        assert (it.user("ann") or {})["id"] != before
        assert not it.served.store.held["Users"][before]["active"]


# --- what differs from one service to another ------------------------------------------------------

HONEST = IMITATIONS["oracle"]


def silent_patch(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer a change of a user with 204."""
    answer = honest(asked)
    is_done = asked.method in ("PATCH", "PUT") and asked.kind == "Users" and answer.status < 300
    return Answer(204) if is_done else answer


def one_that(*quirks: Any) -> Imitation:
    return replace(HONEST, name="auto", quirks=(*quirks, *HONEST.quirks))


REMOVING: list[tuple[Any, ...]] = [(removes_inactive,), (silent_patch, removes_inactive)]


@pytest.mark.parametrize("quirks", REMOVING)
@pytest.mark.parametrize("play", [users, role, large])
@pytest.mark.parametrize("told", [{"inactive": "removed"}, {}])
def test_a_user_that_is_gone_after_its_deactivation_is_inactive(
    quirks: Any, play: Any, told: dict[str, str]
) -> None:
    with serving(one_that(*quirks)) as served:
        play(Rehearsal(served, "auto", told, learns=not told))


def test_a_removed_user_joins_and_leaves_no_group_and_the_sentence_says_so() -> None:
    with serving(one_that(removes_inactive)) as served:
        it = Rehearsal(served, "auto", {"inactive": "removed"})
        with pytest.raises(Refusal) as refusal:
            story(it)
        assert "user 'mscott' is listed for removal but does not exist" in str(refusal.value)
        assert "removes users that are deactivated" in str(refusal.value)
        leaving = {"group": "Dunder Mifflin", "members": ["mscott"], "state": "absent"}
        said = it.task("scim_group_membership", check=True, **leaving)
        assert any("removes users that are deactivated" in one for one in said.warnings)


@pytest.mark.parametrize("quirk", [suspends_for_ever, unlinks])
@pytest.mark.parametrize("play", [users, role])
def test_other_endings_need_no_profile(quirk: Any, play: Any) -> None:
    with serving(one_that(quirk)) as served:
        play(Rehearsal(served, "auto"))


def test_a_user_that_another_client_deletes_meanwhile_is_no_deactivation() -> None:
    def deletes(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == "Users":
            server.held["Users"].pop(asked.segments[1])
        return honest(asked)

    with serving(one_that(deletes)) as served:
        served.store.user("ann")
        it = Rehearsal(served, "auto")
        failed = it.task("scim_user", user_name="ann", title="Boss")
        assert "404" in failed.failure or "gone" in failed.failure
