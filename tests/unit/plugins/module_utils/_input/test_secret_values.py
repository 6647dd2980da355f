# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret options are found wherever they are."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import (
    USER_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.secret_values import (
    secret_values,
)


def test_secret_options_are_found_wherever_they_are() -> None:
    params: dict[str, Any] = {
        "users": [
            {
                "user_name": "pam",
                "password": "one",
                "secret_attributes": {"urn:x:y": {"pin": "two"}},
            },
            {"password": None},
        ],
        "teams": [{"members": [{"password": "three"}]}, {"members": None}],
        "groups": [{"secret_attributes": {"key": "four"}}],
    }
    assert list(secret_values(DIRECTORY_OPTIONS, params)) == [
        "one",
        {"urn:x:y": {"pin": "two"}},
        {"key": "four"},
        "three",
    ]
    assert list(
        secret_values(
            USER_OPTIONS,
            {"user_name": "pam", "password": "one", "update_password": "always"},
        )
    ) == ["one"]
