# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for tests, and what every refusal of them must keep."""

from __future__ import annotations

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
)

URL = "https://scim.example.com/v2"

OAUTH = {
    "oauth_token_url": "https://login.example.com/token",
    "oauth_client_id": "pam",
    "oauth_client_secret": "canary",
}

CLIENT = {
    "client_cert": str(CERTIFICATES / "client.pem"),
    "client_key": str(CERTIFICATES / "test-only-key.pem"),
}


def sentence(**options):
    with pytest.raises(TransportError) as error:
        settings_from({"server_url": URL, **options})
    assert error.value.kind == "settings"
    assert "canary" not in str(error.value) + repr(error.value)
    assert error.value.__context__ is None or "canary" not in repr(vars(error.value.__context__))
    return str(error.value)


def authorization(settings):
    class Request:
        headers: dict = {}

    return settings.auth(Request()).headers["Authorization"]
