# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences about options that are wrong; for the tests of this folder."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.resources import (
    group_desired,
    user_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._input.teams import team_desired
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

EMPTY = "is an empty string; omit it to keep the current value, or list it in clear to remove it"
REFERENCE = "must have exactly one of id, user_name, external_id, email, group, not"
URN = "urn:example:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def user_errors(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        user_desired({"user_name": "pam", **params})
    return str(info.value).split(" | ")


def group_errors(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        group_desired({"display_name": "Sales", **params})
    return str(info.value).split(" | ")


def team_errors(**params: Any) -> list[str]:
    with pytest.raises(ScimError) as info:
        team_desired({"name": "Sales", **params}, "teams[0]", exact=True)
    return str(info.value).split(" | ")
