# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the options headers and secret_headers."""

from __future__ import annotations

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    URL,
    authorization,
    sentence,
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"token": "t", "headers": {"Authorization": "Bearer canary"}},
            "headers contains Authorization, which is secret; set it in secret_headers",
        ),
        (
            {"token": "t", "headers": {"cookie": "canary"}},
            "headers contains cookie, which is secret; set it in secret_headers",
        ),
        (
            {"token": "t", "headers": {"Host": "evil"}},
            "headers contains Host, which the collection sets itself; remove it",
        ),
        (
            {"token": "t", "headers": {"X A": "b"}},
            "headers contains an invalid header name; a header name has only letters, digits and "
            "hyphens",
        ),
        (
            {"token": "t", "headers": {"X-A": "b", "x-a": "c"}},
            "headers contains x-a twice; set it once",
        ),
        (
            {"token": "t", "headers": {"X-A": "b"}, "secret_headers": {"x-a": "canary"}},
            "x-a is set in headers and in secret_headers; set it in one of them",
        ),
        (
            {"token": "t", "headers": {"X-A": True}},
            "the value of X-A in headers must be a string; put it in quotes",
        ),
        (
            {"token": "t", "secret_headers": {"X-A": "canary\r\nHost: evil"}},
            "the value of X-A in secret_headers contains a character that cannot be sent in a "
            "header; set it on one line, without characters outside Latin-1",
        ),
        (
            {"token": "t", "headers": ["X-A"]},
            "headers must be a dictionary; set header names and values",
        ),
    ],
)
def test_wrong_headers_get_one_sentence(options, expected):
    assert sentence(**options) == expected


def test_headers_go_with_the_credentials():
    class Request:
        headers: dict = {}

    settings = settings_from(
        {
            "server_url": URL,
            "token": "t",
            "headers": {"X-Tenant": 7, "X-None": None},
            "secret_headers": {"X-Api-Key": " canary "},
        }
    )
    assert settings.auth(Request()).headers == {
        "X-Tenant": "7",
        "X-Api-Key": "canary",
        "Authorization": "Bearer t",
    }
    assert "canary" in settings.secrets
    assert "7" not in settings.secrets
    assert "canary" not in repr(settings)


def test_secret_headers_are_a_method_by_themselves():
    assert (
        authorization(
            settings_from({"server_url": URL, "secret_headers": {"Authorization": "Key canary"}})
        )
        == "Key canary"
    )
