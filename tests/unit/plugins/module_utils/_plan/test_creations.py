# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource is the one that a creation made."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.creations import (
    is_as_sent,
    is_of_another,
    may_mean_duplicate,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    group_change,
    user_change,
    users,
)

PAM = {"userName": "pam", "externalId": "x1", "active": True, "name.familyName": "Beesly"}
JOINS = MembershipChange(current=frozenset(), joins=users("u1", "bulkId:new"))
IDS = {"bulkId:new": "u9"}


@pytest.mark.parametrize(
    ("answer", "is_other"),
    [
        ({"userName": "pam_acme"}, False),
        ({"userName": "x-77", "externalId": "x1"}, False),
        ({"userName": "x-77", "name": {"familyName": "Beesly"}}, False),
        ({"userName": "jim", "active": True}, True),
        ({"userName": "pam", "externalId": "x2"}, True),
        ({"userName": "pam", "meta": {"resourceType": "Group"}}, True),
        ({"userName": "pam", "meta": "x"}, False),
        ({}, True),
    ],
)
def test_a_user_is_known_by_anything_but_common_values(
    answer: dict[str, Any], is_other: bool
) -> None:
    change = user_change("bulkId:pam", None, PAM)
    assert is_of_another(change, {"id": "u7", **answer}, {}) is is_other


@pytest.mark.parametrize(
    ("answer", "is_other"),
    [
        ({"displayName": "PRIMARY/red"}, False),
        ({"displayName": "8d3f", "members": [{"value": "u9"}]}, False),
        ({"displayName": "blue", "members": [{"value": "u5"}]}, True),
        ({"displayName": "red", "meta": {"resourceType": "user"}}, True),
        ({"displayName": "red", "members": "odd"}, False),
    ],
)
def test_a_new_group_has_no_members_that_were_not_sent(
    answer: dict[str, Any], is_other: bool
) -> None:
    change = group_change("bulkId:red", "red", None, JOINS)
    assert is_of_another(change, {"id": "g7", **answer}, IDS) is is_other


def test_a_resource_is_as_it_was_sent_or_may_be_another() -> None:
    user = user_change("bulkId:pam", None, PAM)
    held = {"id": "u7", "userName": "PAM", "externalId": "x1", "active": True, "title": "x"}
    assert not is_as_sent(user, held, {})
    assert is_as_sent(user, {**held, "name": {"familyName": "Beesly"}}, {})
    group = group_change("bulkId:red", "red", None, JOINS)
    assert is_as_sent(group, {"id": "g7", "displayName": "red"}, IDS)
    assert is_as_sent(group, {"displayName": "red", "members": [{"value": "u1"}]}, IDS)
    assert not is_as_sent(group, {"displayName": "red", "members": [{"value": "u5"}]}, IDS)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(201, False), (302, False), (400, True), (401, False), (403, True), (404, True), (409, True)]
    + [(413, False), (415, False), (429, False), (451, True), (500, True), (501, True)],
)
def test_d7_most_refusals_may_mean_a_duplicate(status: int, expected: bool) -> None:
    assert may_mean_duplicate(status) is expected
