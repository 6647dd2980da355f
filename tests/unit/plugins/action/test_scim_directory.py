# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what the action plugin says at -v; what it does is tested by the integration target connection."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.action.scim_directory import sources


@pytest.mark.parametrize(("args", "filled", "said"), [
    ({"server_url": "canary", "token": "canary"}, {}, "server_url from the task or its module_defaults; token from the task or its module_defaults"),
    ({"token": None}, {"server_url": "scim_server_url", "auth_username": "scim_auth_username", "auth_password": "scim_auth_password"},
     "server_url from the host variable scim_server_url; credentials from the host variables scim_auth_username, scim_auth_password"),
    ({"secret_headers": {}}, {"timeout": "scim_timeout"}, "server_url from the environment; credentials from the environment"),
])
def test_o20_where_the_credentials_come_from_is_said_and_not_what_they_are(args: dict[str, Any], filled: dict[str, str], said: str) -> None:
    """O20: option, host variable or environment, in words."""
    assert sources(args, filled) == f"identity.scim: {said}"
