# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member that is named like a user and is a group: the error says how to name it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

HINT = "'Sales' is a group, so name it as {group: Sales}"


def office() -> Quirky:
    store = Quirky()
    store.user("pam")
    store.group("Sales", ["pam"])
    store.group("Office")
    return store


def go(module: str, check: bool = False, **options: Any) -> Said:
    with hostile(office()) as service:
        return run(service, module, check=check, **options)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("scim_group_membership", {"group": "Office", "members": ["Sales"]}),
    ("scim_group_membership", {"group": "Office", "members": ["sales"], "state": "exact"}),
    ("scim_group", {"display_name": "Office", "members": {"set": ["pam", "Sales"]}}),
    ("scim_group", {"display_name": "Office", "members": {"remove": ["Sales"]}}),
    ("scim_directory", {"groups": [{"display_name": "Office", "members": {"add": ["Sales"]}}]}),
    (
        "scim_directory",
        {
            "groups": [
                {"display_name": "Sales"},
                {"display_name": "O", "members": {"add": ["Sales"]}},
            ]
        },
    ),
    (
        "scim_directory",
        {"groups": [{"display_name": "New"}, {"display_name": "O", "members": {"add": ["New"]}}]},
    ),
]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("module, options", CASES)
def test_a_string_that_is_a_group_is_told_how_to_be_named(
    module: str, options: dict[str, Any], check: bool
) -> None:
    said = go(module, check, **options)
    text = " ".join(said.warnings) if check else said.failure
    assert HINT.lower() in text.lower() or "{group: New}" in text


def test_a_name_that_nothing_has_gets_no_hint() -> None:
    said = go("scim_group", display_name="Office", members={"add": ["ghost"]})
    assert said.failure == (
        "there is no user 'ghost'; create what is missing first, or correct the names"
    )


def test_members_that_are_ignored_are_not_asked_for_as_groups() -> None:
    options = {"group": "Office", "members": ["Sales"], "missing_members": "ignore"}
    said = go("scim_group_membership", **options)
    assert not said.failure and "{group:" not in " ".join(said.warnings)
