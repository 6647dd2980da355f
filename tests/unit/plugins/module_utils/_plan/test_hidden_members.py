# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs that groups do not show who is in them (rows L5, L13 and L16)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.hidden_members import (
    hides_members,
    listed_otherwise,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden


def snapshot_of(*groups: dict[str, Any], users: tuple[dict[str, Any], ...] = ()) -> Snapshot:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=GROUP, resources=groups, members_shown=True, listed=True))
    snapshot.add(Reading(kind=USER, resources=users))
    return snapshot


def test_groups_without_members_may_hide_them() -> None:
    snapshot = snapshot_of({"id": "g1", "displayName": "a"}, {"id": "g2", "displayName": "b"})
    assert hides_members(snapshot, overridden({}))
    assert not hides_members(snapshot, overridden({"members_read": "ask"}))
    assert not hides_members(snapshot, overridden({"members_read": "users_by_group"}))


def test_a_member_or_a_user_that_names_a_group_shows_them() -> None:
    empty = {"id": "g1", "displayName": "a"}
    full = {"id": "g2", "displayName": "b", "members": [{"value": "u1"}]}
    user = {"id": "u1", "userName": "ann", "groups": [{"value": "g1"}]}
    assert not hides_members(snapshot_of(empty, full), overridden({}))
    assert not hides_members(snapshot_of(empty, users=(user,)), overridden({}))


@pytest.mark.parametrize("ident", ["AB-12", "{ab-12}", "https://x.example.com/Users/ab-12"])
def test_a_leaver_may_be_listed_by_another_id(ident: str) -> None:
    ann, bob = Key("User", "ab-12"), Key("User", "cd-34")
    groups = [("other", frozenset({Key("User", ident)}))]
    found = listed_otherwise([ann, bob], groups, Snapshot())
    assert list(found) == [ann] and f"({ident})" in found[ann]


def test_an_id_of_a_known_user_or_of_a_group_is_no_other_id_of_a_leaver() -> None:
    known = snapshot_of(users=({"id": "AB-12", "userName": "eve"},))
    ann = Key("User", "ab-12")
    assert not listed_otherwise([ann], [("other", frozenset({Key("User", "AB-12")}))], known)
    assert not listed_otherwise([ann], [("other", frozenset({Key("Group", "AB-12")}))], Snapshot())
    assert not listed_otherwise([ann], [("other", frozenset({ann}))], Snapshot())
