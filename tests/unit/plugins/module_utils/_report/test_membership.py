# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of one group: those added, removed and left alone."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.faults.hostile import hostile, people, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def red() -> Store:
    store = people("pam", "jim", "dwight")
    store.group("red", ["pam", "jim"])
    return store


def test_members_of_a_group_that_is_not_there_yet_may_be_there() -> None:
    with hostile(red()) as service:
        said = run(
            service,
            "scim_group_membership",
            check=True,
            group="blue",
            members=["pam", "ghost", {"group": "red"}, {"group": "green"}],
        )
        assert (
            said.changed
            and said.result["pending_group"] == "blue"
            and said.result["pending_members"] == ["ghost", "green"]
        )


@pytest.mark.parametrize("check", [False, True])
def test_list_of_missing_members_does_not_empty_a_group(check: bool) -> None:
    with hostile(red()) as service:
        options: dict[str, Any] = {"group": "red", "state": "exact", "missing_members": "ignore"}
        said = run(
            service, "scim_group_membership", check=check, members=["ghost", "spook"], **options
        )
        assert (
            said.failure
            == (
                "none of the members listed for group 'red' exist, so the group would be empty; "
                "fix the names or set an empty list"
            )
            and not service.writes
        )
        assert not run(
            service, "scim_group_membership", check=check, members=["ghost", "pam"], **options
        ).failure
        assert check or service.store.members("red") == {"pam"}
        assert not run(service, "scim_group_membership", check=check, members=[], **options).failure
        assert (
            not run(
                service, "scim_group_membership", check=check, members=["ghost"], **options
            ).failure
            or check
        )


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize(
    "state, removed, unmanaged",
    [("exact", ["jim"], []), ("present", [], ["jim"]), ("absent", ["pam"], ["jim"])],
)
def test_removed_members_have_names_and_others_what_the_group_shows(
    state: str, removed: list[str], unmanaged: list[str], display: bool, check: bool
) -> None:
    store = red()
    if display:
        store["red"]["members"] = [
            {**row, "display": name} for row, name in zip(store["red"]["members"], ("pam", "jim"))
        ]
    with hostile(store) as service:
        said = run(
            service, "scim_group_membership", check=check, group="red", members=["pam"], state=state
        )
        assert said.result["removed"] == removed
        assert said.result["unmanaged"] == (
            unmanaged if display else [service.store.id_of(name) for name in unmanaged]
        )
