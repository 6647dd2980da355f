# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a whole directory."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import EMPTY


def test_all_errors_of_all_rows_at_once() -> None:
    with pytest.raises(ScimError) as info:
        directory_of(
            {
                "membership": "exact",
                "users": [{"user_name": "pam", "title": ""}, {"user_name": "jim"}, {"title": "x"}],
                "groups": [{"display_name": "Sales", "members": {"add": [""]}}],
                "teams": [{"name": "red"}],
            }
        )
    assert str(info.value).split(" | ") == [
        f"users[0] (pam): title {EMPTY}",
        "users[2]: user has no key to find it by; set one of id, external_id, user_name",
        "groups[0] (Sales): members.add[0] is an empty string; it must name a user",
        "team 'red': members must be set; a team lists its members",
    ]


@pytest.mark.parametrize("params", [{}, {"users": []}, {"users": [], "groups": [], "teams": []}])
def test_o1_an_empty_input(params: dict[str, Any]) -> None:
    """O1: nothing at all is an error."""
    with pytest.raises(ScimError) as info:
        directory_of({"membership": "exact", **params})
    assert (
        str(info.value)
        == "nothing to do: users, groups and teams are empty; set at least one of them"
    )
