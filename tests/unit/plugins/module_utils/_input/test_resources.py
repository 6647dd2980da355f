# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups from their options."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.resources import user_desired
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    URN,
    group_errors,
)


@pytest.mark.parametrize("empty", ["", " ", None])
def test_a_previous_name_is_a_name(empty: Any) -> None:
    assert group_errors(previous_names=["Staff", empty]) == [
        "previous_names[1] is empty; it must be a name"
    ]


def test_secrets_live_apart() -> None:
    desired = user_desired(
        {
            "user_name": "pam",
            "password": "canary",
            "secret_attributes": {URN: {"pin": "canary"}},
            "update_password": "always",
        }
    )
    assert (
        "canary" not in repr(desired)
        and desired.secrets.attributes == {"password": "canary", f"{URN}:pin": "canary"}
        and desired.secrets.always
    )
    assert not user_desired({"user_name": "pam", "update_password": "always"}).secrets.always
