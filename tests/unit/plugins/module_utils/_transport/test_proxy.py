# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the proxy of the environment.

Which one is used, and that its password is masked.
"""

from __future__ import annotations

import base64

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    URL,
    sentence,
)


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, URL, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, URL, "http://proxy:3128"),
        ({"https_proxy": "proxy:3128"}, URL, "http://proxy:3128"),
        ({"ALL_PROXY": "socks5h://proxy:1080"}, URL, "socks5h://proxy:1080"),
        ({"HTTP_PROXY": "http://proxy:3128"}, URL, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "other, .example.com"}, URL, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*.example.com"}, URL, None),
        (
            {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.com:8443"},
            URL,
            "http://proxy:3128",
        ),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.com:443"}, URL, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "ample.com,,"}, URL, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, URL, None),
        (
            {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "10.0.0.0/8"},
            "https://10.1.2.3/v2",
            None,
        ),
        (
            {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "10.0.0.0/8"},
            "https://11.1.2.3/v2",
            "http://proxy:3128",
        ),
        (
            {"HTTP_PROXY": "http://proxy:3128", "ALL_PROXY": "http://proxy:3128"},
            "http://127.0.0.1:8000",
            None,
        ),
    ],
)
def test_proxy_of_the_environment(monkeypatch, variables, url, proxy):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings_from({"server_url": url, "token": "t"}).proxy == proxy
    assert settings_from({"server_url": url, "token": "t", "use_proxy": False}).proxy is None


@pytest.mark.parametrize(
    "proxy",
    ["http://", "http://pam:canary@", "ftp://pam:canary@proxy", "http://pam:canary@proxy:port"],
)
def test_a_wrong_proxy_is_named_but_not_shown(monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert sentence(token="t") == (
        "the proxy set in the environment is not a valid URL;"
        " check HTTPS_PROXY and ALL_PROXY, or set use_proxy: false"
    )


def test_the_password_of_a_proxy_is_a_secret(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://pam:can%40ary@proxy:3128")
    settings = settings_from({"server_url": URL, "token": "t"})
    assert {"can%40ary", "can@ary", base64.b64encode(b"pam:can@ary").decode()} <= set(
        settings.secrets
    )
    assert "ary" not in repr(settings)
