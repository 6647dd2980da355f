# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that need no profile: everything is learnt from their answers.

What a run learns check mode cannot know, so the requests of both may differ.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitation import ERROR
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import SCENARIOS
from ansible_collections.identity.scim.tests.rehearsal.serve import serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

UNTOLD = ("django-scim2", "better-auth", "scim2-server", "scimmy")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("name", UNTOLD)
def test_a_service_without_a_profile_converges_and_a_second_run_writes_nothing(
    name: str, scenario: str
) -> None:
    with serving(IMITATIONS[name]) as served:
        SCENARIOS[scenario](Rehearsal(served, "auto", learns=True))


def named(it: Rehearsal, *names: str) -> list[dict[str, Any]]:
    """Create users, and return groups to be renamed while members join and leave them."""
    for name in ("ann", "bob", "cid"):
        it.task("scim_user", user_name=name, name={"given_name": name, "family_name": "x"})
    groups = []
    for name in names:
        it.task("scim_group", display_name=name, members={"set": ["ann", "bob"]})
        members = {"set": ["bob", "cid"]}
        groups.append({"display_name": f"new {name}", "previous_names": [name], "members": members})
    return groups


FREE = {"thresholds": {"max_removals": "none", "members_removed_per_group": "none"}}


@pytest.mark.parametrize("names", [["red"], ["red", "green", "pink"]])
def test_b5_groups_are_renamed_with_their_members_in_one_run(names: list[str]) -> None:
    """django-scim2 renames by PUT only, which ignores the members, and has PATCH for these."""
    with serving(IMITATIONS["django-scim2"]) as served:
        it = Rehearsal(served, "auto", learns=True)
        said = it.step("scim_directory", groups=named(it, *names), **FREE)
        assert not said.result["not_saved"] and not said.warnings
        assert {name: it.members(f"new {name}") for name in names} == dict.fromkeys(
            names, {"bob", "cid"}
        )


def test_b5_members_that_no_write_changes_are_named_as_users() -> None:
    """There is no PATCH at all. Users and groups have the same numbers."""

    def no_patch(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH":
            return Answer(501, {"schemas": [ERROR], "status": "501", "detail": "not implemented"})
        return honest(asked)

    imitation = IMITATIONS["django-scim2"]
    with serving(imitation) as served:
        it = Rehearsal(served, "auto", learns=True)
        (group,) = named(it, "red")
        served.store.quirks.insert(0, no_patch)
        said = it.task("scim_group", **group)
        assert not said.failure and said.result["not_saved"] == ["members"]
        assert "cid did not join, and ann did not leave" in said.warnings[0]
        assert it.members("new red") == {"ann", "bob"}
