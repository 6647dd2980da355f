# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids that check mode returned for what an earlier task would create."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.placeholders import (
    asked_for,
    placeholders,
    stand_ins,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted

DIRECTORY = {
    "users": [
        {"id": "bulkId:ann", "title": "x"},
        {
            "user_name": "bob",
            "enterprise": {"manager": {"id": "bulkId:ann"}},
            "groups": {"add": [{"id": "bulkId:red"}]},
        },
    ],
    "groups": [
        {"id": "bulkId:Group:red", "members": {"add": [{"id": "bulkId:cid"}, {"id": "u1"}]}}
    ],
}


def test_e10_every_key_and_reference_is_found_once() -> None:
    found = [(one.kind.name, one.ident, one.name) for one in placeholders(wanted(**DIRECTORY))]
    assert found == [
        ("User", "bulkId:ann", "ann"),
        ("Group", "bulkId:red", "red"),
        ("Group", "bulkId:Group:red", "red"),
        ("User", "bulkId:cid", "cid"),
    ]


def test_e10_each_has_a_stand_in_with_its_name() -> None:
    found = [one.resources[0] for one in stand_ins(wanted(**DIRECTORY))]
    assert found[0] == {"id": "bulkId:ann", "userName": "ann"}
    assert found[1] == {"id": "bulkId:red", "displayName": "red"}


def test_e10_outside_of_check_mode_it_is_one_sentence() -> None:
    first = next(placeholders(wanted(**DIRECTORY)))
    assert first.refusal == (
        "users[0]: user 'bulkId:ann': the id 'bulkId:ann' is what check mode returns for a user "
        "that does not exist yet; use the result of a task that was not run in check mode"
    )


@pytest.mark.parametrize(
    ("ident", "filter_text", "found"),
    [
        ("bulkId:ann", None, "bulkId:ann"),
        ("u1", None, ""),
        (None, None, ""),
        (None, 'id eq "bulkId:ann"', "bulkId:ann"),
        (None, 'active eq true and members[value EQ "bulkId:or"]', "bulkId:or"),
        (None, 'id eq "bulkId:ann" or userName eq "bob"', ""),
        (None, 'not (id eq "bulkId:ann")', ""),
        (None, 'id ne "bulkId:ann"', ""),
        (None, 'userName eq "ann"', ""),
    ],
)
def test_e10_a_read_of_a_placeholder_is_known(
    ident: str | None, filter_text: str | None, found: str
) -> None:
    assert asked_for(ident, filter_text) == found
