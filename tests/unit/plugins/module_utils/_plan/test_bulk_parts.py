# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes may travel in bulk."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._plan.bulk_parts import in_bulk
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    group_change,
    user_change,
    users,
)

TITLE = user_change("u1", PAM, {**PAM, "title": "x"})


def test_users_are_created_changed_and_deleted_in_bulk() -> None:
    for change, method in (
        (user_change("bulkId:new", None, {"userName": "new"}), "POST"),
        (TITLE, "PATCH"),
        (user_change("u1", PAM, None), "DELETE"),
    ):
        request = in_bulk(change, overridden({}))
        assert request is not None and request.method == method


def test_what_the_service_does_not_store_is_not_sent() -> None:
    assert in_bulk(TITLE, overridden({"unsaved": ["title"]})) is None


def test_a_put_a_group_and_what_has_no_request_are_sent_singly() -> None:
    moves = MembershipChange(current=frozenset(), joins=users("u1"))
    assert in_bulk(group_change("bulkId:red", "red", None, moves), overridden({})) is None
    assert in_bulk(TITLE, overridden({"patch": False})) is None
    assert in_bulk(TITLE, overridden({"patch": False, "put": False})) is None


def test_a_change_of_several_requests_is_sent_singly() -> None:
    two = user_change("u1", PAM, {**PAM, "title": "x", "nickName": "y"})
    assert in_bulk(two, overridden({"patch_operations": 1})) is None
