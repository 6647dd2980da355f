# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D4: renames where a service shows names in a form of its own: filters prove them, or they are told.

The imitation of GitHub makes logins of user names, and finds users by the names that were given.
``Rehearsal.step`` holds that check mode says the same, and that a second run writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.serve import serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

FORMER = {"previous_user_names": ["ann"]}
TOLD = (
    "userName of user 'anna' was not sent because the service shows names in a form of its own; to "
    "rename this user, set previous_user_names to a name by which the service finds it"
)
WAYS = pytest.mark.parametrize("module", ["scim_user", "scim_directory"])
FREE = {"thresholds": {"identities_changed": "none"}}


@pytest.fixture(name="github")
def a_service() -> Iterator[Rehearsal]:
    with serving(IMITATIONS["github"]) as served:
        it = Rehearsal(served, "github")
        for name in ("bob", "cid", "dan", "eve"):
            it.task("scim_user", user_name=name, external_id=f"e-{name}")
        yield it


def options(module: str, **row: Any) -> dict[str, Any]:
    """Return the options of a module about one user."""
    return row if module == "scim_user" else {"users": [row], **FREE}


def filters(it: Rehearsal) -> list[str]:
    """Return the filters of the last task."""
    return [one.target.partition("filter=")[2] for one in it.served.seen if "filter=" in one.target]


@WAYS
@pytest.mark.parametrize("more", [{}, {"external_id": "e-ann"}])
def test_a_former_name_that_a_filter_finds_is_replaced_once(
    github: Rehearsal, module: str, more: dict[str, str]
) -> None:
    github.task("scim_user", user_name="ann", **more)
    said = github.step(module, **options(module, user_name="anna", **FORMER, **more))
    assert github.user("anna") and not github.user("ann")
    assert said.changed and not said.result["not_saved"]


def test_former_names_that_stay_in_a_roster_cost_no_filter_of_their_own(github: Rehearsal) -> None:
    rows = []
    for name in ("bob", "cid", "dan", "eve"):
        former = {"previous_user_names": [name]}
        rows.append({"user_name": f"{name}by", "external_id": f"e-{name}", **former})
    github.step("scim_directory", users=rows, **FREE)
    assert github.user("bobby") and not github.user("bob")
    said = github.task("scim_directory", users=rows, **FREE)
    assert not said.changed and said.result["requests"] == 1


def test_a_name_that_is_a_part_of_the_former_one_is_asked_for(github: Rehearsal) -> None:
    github.task("scim_user", user_name="mary-ann", external_id="e-ann")
    row = {"user_name": "ann", "external_id": "e-ann", "previous_user_names": ["mary-ann"]}
    github.step("scim_user", **row)
    assert github.user("ann") and not github.user("mary-ann")


@WAYS
def test_a_new_name_that_no_filter_finds_is_told_and_not_sent(
    github: Rehearsal, module: str
) -> None:
    github.task("scim_user", user_name="ann", external_id="e-ann")
    said = github.step(module, **options(module, user_name="anna", external_id="e-ann"))
    assert github.user("ann") and not said.changed
    assert "userName" in str(said.result["not_saved"])
    assert [one.replace("ann_rehearsal", "user 'anna'") for one in said.result["notes"]] == [TOLD]


def test_users_with_a_known_name_cost_no_filter_of_their_own(github: Rehearsal) -> None:
    rows = [
        {"user_name": name, "external_id": f"e-{name}"} for name in ("bob", "cid", "dan", "eve")
    ]
    said = github.task("scim_directory", users=rows)
    assert not said.changed and not said.result["not_saved"] and len(filters(github)) == 1
    said = github.task("scim_user", user_name="bob", external_id="e-bob")
    assert not said.changed and not said.result["not_saved"]


def test_an_address_as_name_is_a_login_of_what_is_before_its_sign(github: Rehearsal) -> None:
    row = {"user_name": "zoe.li@example.com", "external_id": "e-zoe"}
    github.task("scim_user", **row)
    github.served.store.held["Users"]["u5"]["userName"] = "zoe-li"
    said = github.task("scim_user", **row)
    assert not said.failure and not said.changed and not said.result["not_saved"]


def test_the_obscured_name_of_an_inactive_user_is_not_doubted(github: Rehearsal) -> None:
    github.task("scim_user", user_name="ann", external_id="e-ann", state="inactive")
    github.task("scim_user", user_name="bob", external_id="e-bob", state="inactive")
    said = github.task("scim_user", user_name="bobby", external_id="e-bob", state="inactive")
    assert not said.changed and not said.result["not_saved"]


def test_two_users_with_the_old_and_the_new_name_contradict(github: Rehearsal) -> None:
    row = {"user_name": "bob", "external_id": "e-cid", "previous_user_names": ["cid"]}
    with pytest.raises(Refusal):
        github.step("scim_user", **row)


def test_a_rename_that_the_service_ignores_is_told_and_is_no_change() -> None:
    def ignores(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            return honest(replace(asked, method="GET", body=None))
        return honest(asked)

    imitation = IMITATIONS["github"]
    with serving(replace(imitation, quirks=(*imitation.quirks, ignores))) as served:
        it = Rehearsal(served, "github")
        it.task("scim_user", user_name="ann")
        said = it.task("scim_user", user_name="anna", **FORMER)
        assert not said.failure and not said.changed and it.user("ann")
        assert said.result["not_saved"] == ["userName"]
        assert "accepted userName of user 'anna' but did not keep" in said.warnings[0]


@pytest.mark.parametrize(
    "known", [{"filters": False}, {"filter_attributes": ["User.externalId"]}], ids=["none", "few"]
)
def test_without_a_filter_on_names_nothing_is_asked_and_nothing_sent(
    github: Rehearsal, known: dict[str, Any]
) -> None:
    github.task("scim_user", user_name="ann", external_id="e-ann")
    it = Rehearsal(github.served, "github", capabilities=known)
    said = it.task("scim_user", user_name="anna", external_id="e-ann", **FORMER)
    assert not said.failure and not said.changed and it.user("ann")
