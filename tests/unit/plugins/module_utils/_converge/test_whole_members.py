# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups to be returned: members that cannot be seen whole are None."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._converge.whole_members import (
    with_whole_members,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

ROW = {"id": "u1", "userName": "ann"}


def finding(**totals: int) -> Faulty:
    """A service whose filter finds so many users of a group."""

    def fault(_store: Faulty, _method: str, segments: Any, query: Any, _body: Any) -> Any:
        if segments[0] != "Users" or "filter" not in query:
            return None
        ident = query["filter"].split('"')[1]
        total = totals.get(ident, totals.get("any", 0))
        return Answer(200, {"totalResults": total, "Resources": [ROW] if total else []})

    store = Faulty(fault)
    for name in ("red", "blue"):
        store.held["Groups"][name] = {"id": name, "displayName": name}
    return store


def rows(number: int) -> list[dict[str, str]]:
    return [{"value": f"u{one}"} for one in range(number)]


def seen(store: Faulty, *groups: dict[str, Any], **caps: Any) -> list[Any]:
    found, notes = with_whole_members(Service(store, overridden(caps)), groups)
    unseen = [one for one in found if "members" in one and one["members"] is None]
    assert bool(notes) is bool(unseen)
    return [one.get("members") for one in found]


@pytest.mark.parametrize(
    "members, users, whole",
    [(10, 11, False), (10, 10, True), (10, 0, True), (9, 11, True), (100, 250, False)],
)
def test_l16_a_round_number_of_members_is_compared_with_the_users(
    members: int, users: int, whole: bool
) -> None:
    found = seen(finding(red=users), {"id": "red", "members": rows(members)})
    assert found == [rows(members) if whole else None]


def test_l16_a_filter_that_finds_users_of_no_group_proves_nothing() -> None:
    assert seen(finding(any=50), {"id": "red", "members": rows(10)}) == [rows(10)]
    found, notes = with_whole_members(Service(finding(any=50), overridden({})), [{"id": "red"}])
    assert found == [{"id": "red"}] and not notes


def test_l16_groups_without_members_are_null_if_one_has_users() -> None:
    groups = [{"id": "red", "members": []}, {"id": "blue"}]
    assert seen(finding(red=2), *groups) == [None, None]
    assert seen(finding(), *groups) == [[], None]
    assert seen(finding(), *groups, members_read="none") == [None, None]


def test_l16_a_member_without_an_id_makes_the_list_null() -> None:
    groups = [{"id": "red", "members": [None, *rows(1)]}, {"id": "blue", "members": rows(1)}]
    assert seen(finding(), *groups) == [None, rows(1)]


@pytest.mark.parametrize(
    "totals, refused, asked",
    [({"any": 0}, False, 1), ({}, True, 1), ({"red": 10, "blue": 10, "pink": 11}, False, 4)],
    ids=["finds nobody", "refused", "honoured"],
)
def test_l16_a_filter_is_proven_once_for_all_groups(
    totals: dict[str, int], refused: bool, asked: int
) -> None:
    """A filter that finds nobody in a group with members is not asked about the others."""
    store = finding(**totals)
    counted = []

    def fault(_store: Faulty, _method: str, segments: Any, query: Any, _body: Any) -> Any:
        if segments[0] == "Users" and "filter" in query:
            counted.append(query["filter"])
            return Answer(400, {"detail": "no such filter"}) if refused else None
        return None

    store.faults.insert(0, fault)
    groups = [{"id": name, "members": rows(10)} for name in ("red", "blue", "pink")]
    found, _notes = with_whole_members(Service(store, overridden({})), groups)
    assert len(counted) == asked
    assert [one["members"] is None for one in found] == [False, False, "pink" in totals]
