# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the settings.

Defaults, what goes together, and what is refused with which sentence.
"""

from __future__ import annotations

import os

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    URL,
    authorization,
    sentence,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"token": "t", "server_url": "http://scim.example.com/v2"},
            "server_url is plain http to another machine, so credentials would be sent "
            "unencrypted; use https, or set allow_http: true",
        ),
        (
            {"token": "t", "secret_headers": {"authorization": "Key canary"}},
            "secret_headers contains Authorization, and another authentication method is set; "
            "set only one of them",
        ),
        (
            {"token": "t", "timeout": 0},
            "timeout must be a number of seconds above 0 and at most 86400; it defaults to 30",
        ),
        (
            {"token": "t", "timeout": float("nan")},
            "timeout must be a number of seconds above 0 and at most 86400; it defaults to 30",
        ),
        (
            {"token": "t", "timeout": True},
            "timeout must be a number of seconds above 0 and at most 86400; it defaults to 30",
        ),
        (
            {"token": "t", "retries": -1},
            "retries must be a whole number from 0 to 86400; it defaults to 5",
        ),
        (
            {"token": "t", "retries": 1.5},
            "retries must be a whole number from 0 to 86400; it defaults to 5",
        ),
        (
            {"token": "t", "retry_max_wait": "soon"},
            "retry_max_wait must be a number of seconds from 0 to 86400; it defaults to 120",
        ),
        (
            {"token": "t", "concurrency": 0},
            "concurrency must be a whole number from 1 to 64; it defaults to 8",
        ),
        (
            {"token": "t", "consistency_wait": -1},
            "consistency_wait must be a number of seconds from 0 to 86400; it defaults to 5",
        ),
        (
            {"token": "t", "validate_certs": "maybe"},
            "validate_certs must be true or false; it defaults to true",
        ),
        (
            {"token": "t", "ca_path": "/nowhere/ca.pem"},
            "ca_path '/nowhere/ca.pem' does not exist; set it to a PEM file or a folder of "
            "hashed certificates",
        ),
        (
            {"token": "t", "ca_path": __file__},
            f"ca_path '{__file__}' contains no certificate; set it to a PEM file",
        ),
    ],
)
def test_b3_wrong_connection_options_get_one_sentence(options, expected):
    assert sentence(**options) == expected


def test_defaults():
    settings = settings_from(
        {"server_url": URL + "/", "token": "abc", "timeout": None, "auth_username": None}
    )
    assert (
        settings.server_url,
        settings.verify,
        settings.timeout,
        settings.retries,
        settings.retry_max_wait,
        settings.consistency_wait,
        settings.concurrency,
    ) == (URL, True, 30.0, 5, 120.0, 5.0, 8)
    assert settings.notes == ()
    assert authorization(settings) == "Bearer abc"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_ca_path(tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("")
    path.chmod(0)
    assert (
        sentence(token="t", ca_path=str(path))
        == f"ca_path '{path}' cannot be read; check its permissions"
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v2", "http://localhost/v2", "http://[::1]:8000"]
)
def test_plain_http_to_loopback_is_fine(url):
    assert settings_from({"server_url": url, "token": "t"}).server_url == url


def test_allow_http():
    """O19: allow_http permits credentials in clear."""
    assert (
        settings_from({"server_url": "http://h/v2", "token": "t", "allow_http": True}).server_url
        == "http://h/v2"
    )


def test_certificates():
    authority = str(CERTIFICATES / "authority.pem")
    assert (
        settings_from({"server_url": URL, "token": "t", "ca_path": authority}).verify == authority
    )
    assert settings_from(
        {"server_url": URL, "token": "t", "ca_path": str(CERTIFICATES)}
    ).verify == str(CERTIFICATES)
    off = settings_from(
        {"server_url": URL, "token": "t", "ca_path": authority, "validate_certs": False}
    )
    assert off.verify is False
    assert off.notes == ("validate_certs is false: the certificate of the service is not checked",)
