# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearsals hold what they promise, and say what does not hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.members import Members, members
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal, Wrong
from ansible_collections.identity.scim.tests.rehearsal.results import notes, row
from ansible_collections.identity.scim.tests.rehearsal.scenarios import (
    FREE,
    Outcome,
    check_mail,
    person,
    rehearsed,
    role,
)
from ansible_collections.identity.scim.tests.rehearsal.serve import serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import refuses
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    removals_are_ignored,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import keeps_active

HONEST = IMITATIONS["oracle"]


def with_quirks(*quirks: Any) -> Any:
    """Return an imitation that goes wrong in further ways."""
    return replace(HONEST, name="auto", quirks=(*quirks, *HONEST.quirks))


@pytest.mark.parametrize("scenario", ["users", "story", "role", "read-only token"])
def test_a_service_without_oddities_works(scenario: str) -> None:
    assert rehearsed(with_quirks(), scenario) == Outcome("auto", scenario, "works")


def test_a_service_that_keeps_users_active_fails_the_scenario() -> None:
    found = rehearsed(with_quirks(keeps_active), "users")
    assert found.verdict == "fails" and found.sentence


def test_a_service_that_ignores_removals_fails_the_scenario() -> None:
    assert rehearsed(with_quirks(removals_are_ignored), "role").verdict == "fails"


def test_a_write_that_is_refused_after_others_fails_the_scenario() -> None:
    found = rehearsed(with_quirks(refuses("POST", 403, "Groups")), "read-only token")
    assert found.verdict == "fails" and "after" in found.sentence


def test_results_say_what_the_service_did_not_keep() -> None:
    outcomes = [
        Outcome("oracle", "users", "works", not_saved=("title",)),
        Outcome("oracle", "role", "refused", "there are no groups"),
    ]
    assert row(HONEST, outcomes).endswith("(`oracle`) | works, see below | refused |")
    told = notes(HONEST, outcomes)
    assert "- **users**: not kept by the service: `title`\n" in told
    assert "- **role**: refused: `there are no groups`\n" in told


def entra_that_removes_by(form: str) -> Any:
    """Return Entra as it may be: its documentation shows no removal of a member."""
    entra = IMITATIONS["entra"]
    only = members(Members(removes=(form,)))
    return replace(entra, quirks=(*entra.quirks[:-1], only, entra.quirks[-1]))


@pytest.mark.parametrize(("form", "told"), [("filter", {}), ("list", {"member_remove": "list"})])
def test_entra_may_take_removals_in_either_form(form: str, told: dict[str, Any]) -> None:
    with serving(entra_that_removes_by(form)) as served:
        role(Rehearsal(served, "entra", told))


def test_entra_that_refuses_the_usual_removal_is_given_the_other_one() -> None:
    with serving(entra_that_removes_by("list")) as served:
        it = Rehearsal(served, "entra")
        ann, bob, cid = (person(it, name) for name in ("ann", "bob", "cid"))
        for sales, stamford in (([ann, bob], [cid]), ([ann, cid], [bob])):
            teams = [{"name": "Sales", "members": sales}, {"name": "Stamford", "members": stamford}]
            said = it.task("scim_directory", teams=teams, thresholds=FREE)
            assert said.changed and not said.failure
        assert it.members("Sales") == {"ann", "cid"} and it.members("Stamford") == {"bob"}
        assert not it.task("scim_directory", teams=teams, thresholds=FREE).changed


def test_a_write_with_a_token_that_may_only_read_fails_the_scenario() -> None:
    with serving(HONEST) as served:
        it = Rehearsal(served, "auto")
        with pytest.raises(Wrong, match="scim_user writes with a token that may only read: POST"):
            it.task("scim_user", reads=True, user_name="ann")


def test_a_new_address_that_is_not_kept_must_be_told_of_the_same_user() -> None:
    with serving(HONEST) as served:
        it = Rehearsal(served, "auto")
        it.step("scim_user", **person(it, "ann"))
        it.told["bob"] = {"emails"}
        check_mail(it, "ann", "example.com")
        with pytest.raises(Wrong, match="ann has not the new address"):
            check_mail(it, "ann", "example.org")
        it.told["ann"] = {"emails"}
        check_mail(it, "ann", "example.org")


def test_a_service_that_shows_other_members_to_readers_fails_the_scenario() -> None:
    def hides(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        is_read = asked.method == "GET" and "filter" in asked.query and asked.kind == "Users"
        return Answer(200, {"totalResults": 0, "Resources": []}) if is_read else answer

    found = rehearsed(with_quirks(hides), "read-only token")
    assert found.verdict == "fails", found


@pytest.mark.parametrize("scenario", ["story", "role", "120 users"])
def test_a_service_that_writes_what_was_not_asked_for_fails_the_scenario(scenario: str) -> None:
    def adds(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind == "Groups" and asked.method == "PATCH" and answer.status < 300:
            group = server.held["Groups"][asked.segments[1]]
            group["members"] = group.get("members", [])[:1]
        return answer

    assert rehearsed(with_quirks(adds), scenario).verdict == "fails"


def test_the_service_of_the_tutorial_takes_back_the_addresses_that_it_shows() -> None:
    with serving(IMITATIONS["scimdev"]) as served:
        it = Rehearsal(served, "scimdev")
        it.step("scim_user", **person(it, "ann", title="Clerk"))
        it.step("scim_user", **person(it, "ann", title="Manager"), update_method="put")
        assert len((it.user("ann") or {})["emails"]) == 1
