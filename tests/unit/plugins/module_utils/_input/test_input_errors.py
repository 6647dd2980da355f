# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that cannot be sent is named together with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    EMPTY,
    URN,
    user_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        ({"title": ""}, f"title {EMPTY}"),
        ({"title": " \t"}, f"title {EMPTY}"),
        (
            {"user_name": ""},
            "user_name is an empty string; every user must have one, so omit it to keep the current value",
        ),
        ({"id": " "}, "id is an empty string; omit it"),
        ({"external_id": ""}, f"external_id {EMPTY}"),
        ({"name": {"given_name": ""}}, f"name.given_name {EMPTY}"),
        ({"enterprise": {"department": ""}}, f"enterprise.department {EMPTY}"),
        ({"password": ""}, f"password {EMPTY}"),
        ({"emails": [{"value": "", "type": "work"}]}, f"emails[0].value {EMPTY}"),
        (
            {"addresses": [{"postal_code": "", "locality": "Scranton"}]},
            f"addresses[0].postal_code {EMPTY}",
        ),
        ({"attributes": {URN: {"floor": ""}}}, f"attributes.{URN}:floor {EMPTY}"),
        ({"user_name": "a\nb"}, "user_name contains a control character"),
        ({"user_name": "a\x00b"}, "user_name contains a control character"),
        ({"external_id": "a\x7fb"}, "external_id contains a control character"),
        (
            {"user_name": "a\ud800"},
            "user_name contains half of a surrogate pair, which is not valid text",
        ),
        ({"title": "a\ud800"}, "title contains half of a surrogate pair, which is not valid text"),
        (
            {"user_name": "x" * 10_000},
            "user_name is 10000 characters long; at most 1000 are allowed",
        ),
    ],
)
def test_b10_text_that_is_none(params: dict[str, Any], said: str) -> None:
    assert user_errors(**params) == [said]
