# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys name each user of the input, and which users others name too."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.desired_rows import (
    MANY,
    DesiredRows,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    team,
    wanted,
)


def desired_rows(*users: dict[str, Any], **more: Any) -> DesiredRows:
    return DesiredRows(wanted(users=list(users), **more))


def test_a_key_names_its_row() -> None:
    found = desired_rows({"user_name": "Ann", "external_id": "E1"}, {"user_name": "bob"})
    assert found.at("userName", "ann") == 0
    assert found.at("externalId", "E1") == 0
    assert found.at("userName", "bob") == 1
    assert found.at("userName", "nobody") is None
    assert [found.may_settle(number) for number in range(2)] == [True, True]


@pytest.mark.parametrize(
    "other",
    [
        {"user_name": "ANN"},
        {"user_name": "new", "previous_user_names": ["ann"]},
        {"user_name": "ann", "external_id": "E2", "match_by": ["external_id"]},
    ],
)
def test_a_name_of_two_rows_names_many(other: dict[str, Any]) -> None:
    assert desired_rows({"user_name": "ann"}, other).at("userName", "ann") == MANY


def test_a_reference_by_another_key_names_many() -> None:
    found = desired_rows(
        {"user_name": "ann"},
        groups=[{"display_name": "G", "members": {"add": [{"email": "ann@x.org"}, "ann"]}}],
    )
    assert found.finds_mails
    assert found.at("emails.value", "ann@x.org") == MANY
    assert found.at("userName", "ann") == 0


@pytest.mark.parametrize(
    "row",
    [
        {"user_name": "ann", "state": "inactive"},
        {"user_name": "ann", "id": "u1"},
        {"user_name": "ann", "groups": {"add": ["G"]}},
        {"user_name": "ann", "previous_user_names": ["ana"]},
        {"user_name": "G"},
        {"user_name": "ann", "password": "p", "update_password": "always"},
    ],
)
def test_a_row_that_rests_on_others_is_never_settled(row: dict[str, Any]) -> None:
    found = desired_rows(row, groups=[{"display_name": "G"}])
    assert not found.may_settle(0)


def test_members_of_a_team_may_be_settled() -> None:
    found = DesiredRows(wanted(teams=[team("G", "ann")]))
    assert found.may_settle(found.at("userName", "ann") or 0)


def test_unusual_names_are_noted() -> None:
    found = desired_rows({"user_name": "ann"}, {"user_name": "zoé"}, {"user_name": "max m"})
    assert found.unusual == [1, 2]
