# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names a task frees, and which former names another row claims."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.freed_names import (
    NOTHING_FREED,
    Freed,
    claimed_former_names,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    read,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

NEW = {"user_name": "ann"}


def store() -> Store:
    made = Store()
    made.user("ann", externalId="a")  # u1
    return made


@pytest.mark.parametrize(
    ("row", "path", "freed"),
    [
        ({"external_id": "a", "user_name": "smith"}, "userName", True),
        ({"id": "u1", "user_name": "smith"}, "userName", True),
        ({"id": "u1", "external_id": "b"}, "externalId", True),
        ({"id": "u1", "clear": ["external_id"]}, "externalId", True),
        ({"external_id": "a", "user_name": "ANN"}, "userName", False),
        ({"external_id": "a", "title": "x"}, "userName", False),
        (
            {"external_id": "a", "user_name": "smith", "create_only": ["user_name"]},
            "userName",
            False,
        ),
        ({"external_id": "a", "user_name": "smith", "state": "absent"}, "userName", False),
        ({"user_name": "smith", "previous_user_names": ["ann"]}, "userName", False),
    ],
)
def test_d9_a_rename_by_a_stronger_key_frees_the_name(
    row: dict[str, Any], path: str, freed: bool
) -> None:
    snapshot = read(store())
    desired = wanted(users=[row, NEW])
    held = snapshot.everything(desired[0].kind)
    left = Freed.of(desired, snapshot).left(desired[1], path, held)
    assert (left == []) is freed


def test_d9_nothing_is_freed_by_an_unchanged_directory() -> None:
    snapshot = read(store())
    desired = wanted(users=[{"external_id": "a", "user_name": "ann"}])
    assert Freed.of(desired, snapshot) is NOTHING_FREED


@pytest.mark.parametrize(
    ("one", "other", "stops"),
    [
        ({}, {}, True),
        ({"external_id": "a"}, {}, True),
        ({}, {"external_id": "b"}, True),
        ({"external_id": "a"}, {"external_id": "a"}, True),
        ({"external_id": "a"}, {"external_id": "b"}, False),
        ({"external_id": "a"}, {"id": "u2"}, False),
        ({"id": "u1"}, {"id": "u2", "external_id": "b"}, False),
    ],
)
def test_d9_a_former_name_of_another_row_needs_ids_to_tell_them_apart(
    one: dict[str, Any], other: dict[str, Any], stops: bool
) -> None:
    renamed = {"user_name": "smith", "previous_user_names": ["Ann"], **one}
    for rows in ([renamed, {**NEW, **other}], [{**NEW, **other}, renamed]):
        found = list(claimed_former_names(wanted(users=rows)).values())
        assert bool(found) is stops
        if stops:
            assert "previous_user_names" in found[0] and "users[1]" in found[0]
            assert "users[0]" in found[0]


def test_d9_a_row_that_is_there_twice_claims_nothing_from_itself() -> None:
    row = {"user_name": "smith", "previous_user_names": ["ann", "smith"]}
    assert not claimed_former_names(wanted(users=[row, row]))
