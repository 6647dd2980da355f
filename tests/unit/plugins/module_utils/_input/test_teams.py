# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Teams that are incomplete."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    EMPTY,
    team_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        (
            {"state": "offboarded"},
            "teams[0].members must be set; an offboarded team lists the members to offboard",
        ),
        (
            {"state": "offboarded", "members": []},
            "teams[0].members must not be empty; an offboarded team lists the members to offboard",
        ),
        ({}, "teams[0].members must be set; a team lists its members"),
        (
            {"name": " ", "members": []},
            "teams[0].name is an empty string; every team must have one",
        ),
        ({"external_id": "", "members": []}, f"teams[0].external_id {EMPTY}"),
        ({"members": [{"user_name": "pam", "title": ""}]}, f"teams[0].members[0].title {EMPTY}"),
        (
            {"members": [], "groups": [""]},
            "teams[0].groups[0] is an empty string; it must name a group",
        ),
        (
            {"members": [], "groups": [{"user_name": "x"}]},
            "teams[0].groups[0] must have exactly one of id, external_id, display_name, not user_name",
        ),
    ],
)
def test_o8_teams(params: dict[str, Any], said: str) -> None:
    """O8: an offboarded team lists its users."""
    assert team_errors(**params) == [said]
