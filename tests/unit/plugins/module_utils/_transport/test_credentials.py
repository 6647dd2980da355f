# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the authentication methods: what is accepted, refused, and never shown."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    OAUTH,
    URL,
    authorization,
    sentence,
)
from hypothesis import given
from hypothesis import strategies as st

NO_METHOD = (
    "no authentication method is set; set token, or auth_username and auth_password, or "
    "oauth_token_url, oauth_client_id and "
    "oauth_client_secret, or client_cert, or secret_headers"
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, NO_METHOD),
        ({"token": None, "auth_username": None}, NO_METHOD),
        (
            {"token": "canary", "auth_username": "pam", "auth_password": "canary"},
            "more than one authentication method is set: token, and auth_username with "
            "auth_password; set only one of them",
        ),
        (
            {"token": "canary", "auth_username": "pam"},
            "more than one authentication method is set: token, and auth_username; set only one "
            "of them",
        ),
        (
            {"auth_username": "pam"},
            "auth_username is set without auth_password; set auth_password too",
        ),
        (
            {"auth_password": "canary"},
            "auth_password is set without auth_username; set auth_username too",
        ),
        (
            {"auth_username": "", "auth_password": "canary"},
            "auth_username is empty; set it to a user name",
        ),
        (
            {"auth_username": "a:b", "auth_password": "canary"},
            "auth_username contains a colon, which HTTP Basic does not allow; check the user name",
        ),
        (
            {"auth_username": "pam", "auth_password": "canary\n"},
            "auth_password contains a line end or control character; set it on one line",
        ),
        (
            {"auth_username": "pam", "auth_password": "canary\ud800"},
            "auth_username or auth_password contains half of a surrogate pair; check how it was "
            "copied",
        ),
        ({"token": "  "}, "token is empty; set it to a bearer token"),
        ({"token": "Bearer "}, "token is empty; set it to a bearer token"),
        ({"token": "'canary'"}, "token contains quotes; set it without quotes"),
        ({"token": '"canary"'}, "token contains quotes; set it without quotes"),
        (
            {"token": "canary\r\nX-Evil: 1"},
            "token contains a line end or control character; set it on one line",
        ),
        (
            {"token": "canary\x1b"},
            "token contains a line end or control character; set it on one line",
        ),
        (
            {"token": "canary canary"},
            "token contains white space; check that it is one token, copied whole",
        ),
        (
            {"token": "canary✓"},
            "token contains a character that cannot be sent in a header; check how it was copied",
        ),
        (
            {"token": "canary\ud800"},
            "token contains a character that cannot be sent in a header; check how it was copied",
        ),
        (
            {"oauth_client_id": "pam"},
            "oauth_client_id is set without oauth_token_url and oauth_client_secret; set "
            "oauth_token_url and oauth_client_secret too",
        ),
        (
            {"oauth_token_url": "https://login/t", "oauth_client_secret": "canary"},
            "oauth_token_url and oauth_client_secret are set without oauth_client_id; set "
            "oauth_client_id too",
        ),
        (
            {"oauth_scopes": ["scim"]},
            "oauth_scopes is set without oauth_token_url, oauth_client_id and oauth_client_secret; "
            "set oauth_token_url, oauth_client_id and oauth_client_secret too",
        ),
        (
            {"token": "canary", "oauth_client_id": "pam"},
            "more than one authentication method is set: token, and oauth_client_id; set only "
            "one of them",
        ),
        (
            {"auth_username": "pam", "auth_password": "canary", **OAUTH},
            "more than one authentication method is set: auth_username with auth_password, and "
            "oauth_token_url with oauth_client_id with "
            "oauth_client_secret; set only one of them",
        ),
        (
            {**OAUTH, "oauth_token_url": "http://login.example.com/token"},
            "oauth_token_url is plain http to another machine, so the client secret would be "
            "sent unencrypted; use https, or set allow_http: true",
        ),
        (
            {**OAUTH, "oauth_token_url": "https://pam:canary@login/token"},
            "oauth_token_url contains a user name or password; set oauth_client_id and "
            "oauth_client_secret instead",
        ),
        (
            {**OAUTH, "oauth_token_url": "login/token?canary"},
            "oauth_token_url must begin with https:// or http://; for example "
            "https://login.example.com/oauth2/token",
        ),
        (
            {**OAUTH, "oauth_token_url": ""},
            "oauth_token_url is empty; set it to the URL of the token endpoint",
        ),
        (
            {**OAUTH, "oauth_token_url": "https://login/token#canary"},
            "oauth_token_url contains a fragment; remove it",
        ),
        ({**OAUTH, "oauth_client_secret": " "}, "oauth_client_secret is empty; set it"),
        ({**OAUTH, "oauth_client_id": ""}, "oauth_client_id is empty; set it"),
        (
            {**OAUTH, "oauth_client_secret": "canary\n1"},
            "oauth_client_secret contains a line end or control character; set it on one line",
        ),
        (
            {**OAUTH, "oauth_client_secret": "canary\ud800"},
            "oauth_client_id or oauth_client_secret contains half of a surrogate pair; check how "
            "it was copied",
        ),
        (
            {**OAUTH, "oauth_scopes": ["ok", 'no"']},
            "oauth_scopes contains 'no\"', which is not a valid scope; "
            "a scope has no quotes, backslashes or characters outside ASCII",
        ),
        ({"headers": {"X-A": "b"}}, NO_METHOD),
        ({"secret_headers": {}}, NO_METHOD),
        ({"secret_headers": {"X-A": None}}, NO_METHOD),
    ],
)
def test_b1_b2_wrong_credentials_get_one_sentence(options, expected):
    assert sentence(**options) == expected


def test_basic_is_utf8():
    settings = settings_from({"server_url": URL, "auth_username": "päm", "auth_password": "a:b✓"})
    assert base64.b64decode(authorization(settings).removeprefix("Basic ")).decode() == "päm:a:b✓"


@pytest.mark.parametrize(
    "given_value",
    ["abc\n", " abc\r\n", "Bearer abc", "bearer  abc", "Authorization: Bearer abc", " Bearer abc "],
)
def test_b2_a_pasted_token_is_trimmed_with_a_note(given_value):
    settings = settings_from({"server_url": URL, "token": given_value})
    assert authorization(settings) == "Bearer abc"
    assert settings.notes
    assert "abc" not in " ".join(settings.notes)


@given(st.text())
def test_any_token_is_taken_or_refused_unseen(token):
    try:
        settings = settings_from({"server_url": URL, "token": f"canary{token}canary"})
    except TransportError as error:
        assert "canary" not in str(error)
    else:
        assert "canary" not in repr(settings)
        assert authorization(settings).encode("latin-1")


@pytest.mark.parametrize(
    ("given_value", "scope"),
    [
        (None, ""),
        ([], ""),
        ("", ""),
        ("a b", "a b"),
        (["a", "b c"], "a b c"),
        ("a,b", "a b"),
        (["https://scim.example.com/.default"],) * 2,
    ],
)
def test_scopes(given_value, scope):
    scope = scope if isinstance(scope, str) else scope[0]
    settings = settings_from({"server_url": URL, **OAUTH, "oauth_scopes": given_value})
    assert settings.grant.scope == scope


def test_an_empty_list_of_scopes_is_not_set():
    assert settings_from({"server_url": URL, "token": "t", "oauth_scopes": []}).grant is None


@pytest.mark.parametrize(
    ("given_value", "used"),
    [
        ("https://login/o/token/?tenant=a%20b", "https://login/o/token/?tenant=a%20b"),
        (" https://login ", "https://login/"),
        ("http://127.0.0.1:8/token", "http://127.0.0.1:8/token"),
    ],
)
def test_the_token_url_is_requested_as_it_is_set(given_value, used):
    assert (
        settings_from({"server_url": URL, **OAUTH, "oauth_token_url": given_value}).grant.token_url
        == used
    )


def test_the_client_secret_is_masked_in_every_form_and_shown_in_none():
    settings = settings_from({"server_url": URL, **OAUTH, "oauth_client_secret": "canary/+ "})
    for form in (
        "canary/+",
        "canary%2F%2B",
        base64.b64encode(b"pam:canary%2F%2B").decode(),
        base64.b64encode(b"pam:canary/+").decode(),
    ):
        assert form in settings.secrets
    assert settings.notes == ("stripped white space around oauth_client_secret",)
    assert "canary" not in repr(settings)
