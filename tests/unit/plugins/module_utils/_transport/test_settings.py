# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the settings: what is accepted, what is refused with which sentence, and what never shows."""

from __future__ import annotations

import base64
import json
import os
import pty
import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import settings_from
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
)

URL = "https://scim.example.com/v2"
OAUTH = {
    "oauth_token_url": "https://login.example.com/token",
    "oauth_client_id": "pam",
    "oauth_client_secret": "canary",
}
NO_WAY = (
    "no authentication method is set; set token, or auth_username and auth_password, or oauth_token_url, oauth_client_id and "
    "oauth_client_secret, or client_cert, or secret_headers"
)
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
    ) == (URL, True, 30.0, 5, 120.0)
    assert settings.notes == ()
    assert authorization(settings) == "Bearer abc"


def test_basic_is_utf8():
    settings = settings_from({"server_url": URL, "auth_username": "päm", "auth_password": "a:b✓"})
    assert base64.b64decode(authorization(settings).removeprefix("Basic ")).decode() == "päm:a:b✓"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, NO_WAY),
        ({"token": None, "auth_username": None}, NO_WAY),
        (
            {"token": "canary", "auth_username": "pam", "auth_password": "canary"},
            "more than one authentication method is set: token, and auth_username with auth_password; set only one of them",
        ),
        (
            {"token": "canary", "auth_username": "pam"},
            "more than one authentication method is set: token, and auth_username; set only one of them",
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
            "auth_username or auth_password contains half of a surrogate pair; check how it was copied",
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
            {"token": "t", "server_url": "http://scim.example.com/v2"},
            "server_url is plain http to another machine, so credentials would be sent unencrypted; use https, or set allow_http: true",
        ),
        (
            {"oauth_client_id": "pam"},
            "oauth_client_id is set without oauth_token_url and oauth_client_secret; set oauth_token_url and oauth_client_secret too",
        ),
        (
            {"oauth_token_url": "https://login/t", "oauth_client_secret": "canary"},
            "oauth_token_url and oauth_client_secret are set without oauth_client_id; set oauth_client_id too",
        ),
        (
            {"oauth_scopes": ["scim"]},
            "oauth_scopes is set without oauth_token_url, oauth_client_id and oauth_client_secret; "
            "set oauth_token_url, oauth_client_id and oauth_client_secret too",
        ),
        (
            {"token": "canary", "oauth_client_id": "pam"},
            "more than one authentication method is set: token, and oauth_client_id; set only one of them",
        ),
        (
            {"auth_username": "pam", "auth_password": "canary", **OAUTH},
            "more than one authentication method is set: auth_username with auth_password, and oauth_token_url with oauth_client_id with "
            "oauth_client_secret; set only one of them",
        ),
        (
            {**OAUTH, "oauth_token_url": "http://login.example.com/token"},
            "oauth_token_url is plain http to another machine, so the client secret would be sent unencrypted; use https, or set allow_http: true",
        ),
        (
            {**OAUTH, "oauth_token_url": "https://pam:canary@login/token"},
            "oauth_token_url contains a user name or password; set oauth_client_id and oauth_client_secret instead",
        ),
        (
            {**OAUTH, "oauth_token_url": "login/token?canary"},
            "oauth_token_url must begin with https:// or http://; for example https://login.example.com/oauth2/token",
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
            "oauth_client_id or oauth_client_secret contains half of a surrogate pair; check how it was copied",
        ),
        (
            {**OAUTH, "oauth_scopes": ["ok", 'no"']},
            """oauth_scopes contains 'no"', which is not a valid scope; a scope has no quotes, backslashes or characters outside ASCII""",
        ),
        (
            {"client_key": "/k.pem"},
            "client_key is set without client_cert; set client_cert too",
        ),
        (
            {"token": "t", "client_key_password": "canary"},
            "client_key_password is set without client_cert; set client_cert too",
        ),
        ({"headers": {"X-A": "b"}}, NO_WAY),
        ({"secret_headers": {}}, NO_WAY),
        ({"secret_headers": {"X-A": None}}, NO_WAY),
        (
            {"token": "t", "headers": {"Authorization": "Bearer canary"}},
            "headers contains Authorization, which is secret; set it in secret_headers",
        ),
        (
            {"token": "t", "headers": {"cookie": "canary"}},
            "headers contains cookie, which is secret; set it in secret_headers",
        ),
        (
            {"token": "t", "secret_headers": {"authorization": "Key canary"}},
            "secret_headers contains Authorization, and another authentication method is set; set only one of them",
        ),
        (
            {"token": "t", "headers": {"Host": "evil"}},
            "headers contains Host, which the collection sets itself; remove it",
        ),
        (
            {"token": "t", "headers": {"X A": "b"}},
            "headers contains an invalid header name; a header name has only letters, digits and hyphens",
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
            "the value of X-A in secret_headers contains a character that cannot be sent in a header; set it on one line, without characters outside Latin-1",
        ),
        (
            {"token": "t", "headers": ["X-A"]},
            "headers must be a dictionary; set header names and values",
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
            {"token": "t", "validate_certs": "maybe"},
            "validate_certs must be true or false; it defaults to true",
        ),
        (
            {"token": "t", "ca_path": "/nowhere/ca.pem"},
            "ca_path '/nowhere/ca.pem' does not exist; set it to a PEM file or a folder of hashed certificates",
        ),
        (
            {"token": "t", "ca_path": __file__},
            f"ca_path '{__file__}' contains no certificate; set it to a PEM file",
        ),
    ],
)
def test_b1_b2_b3_what_is_wrong_gets_one_sentence(options, expected):
    assert sentence(**options) == expected


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
    "stated",
    ["abc\n", " abc\r\n", "Bearer abc", "bearer  abc", "Authorization: Bearer abc", " Bearer abc "],
)
def test_b2_a_pasted_token_is_trimmed_with_a_note(stated):
    settings = settings_from({"server_url": URL, "token": stated})
    assert authorization(settings) == "Bearer abc"
    assert settings.notes
    assert "abc" not in " ".join(settings.notes)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v2", "http://localhost/v2", "http://[::1]:8000"]
)
def test_plain_http_to_loopback_is_fine(url):
    assert settings_from({"server_url": url, "token": "t"}).server_url == url


def test_allow_http():
    """O19: who says so may send credentials in clear."""
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


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_every_form_of_a_password_is_to_be_masked(password):
    settings = settings_from({"server_url": URL, "auth_username": "pam", "auth_password": password})
    secrets = settings.secrets
    for form in (
        password,
        quote(password, safe=""),
        quote_plus(password),
        quote(password),
        json.dumps(password)[1:-1],
        base64.b64encode(f"pam:{password}".encode()).decode(),
        authorization(settings).removeprefix("Basic "),
    ):
        assert form in secrets
    assert list(map(len, secrets)) == sorted(map(len, secrets), reverse=True)
    assert "" not in secrets


@given(st.text())
def test_any_token_is_taken_or_refused_unseen(token):
    try:
        settings = settings_from({"server_url": URL, "token": f"canary{token}canary"})
    except TransportError as error:
        assert "canary" not in str(error)
    else:
        assert "canary" not in repr(settings)
        assert authorization(settings).encode("latin-1")


@pytest.fixture
def environment(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return monkeypatch


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
def test_proxy_of_the_environment(environment, variables, url, proxy):
    for name, value in variables.items():
        environment.setenv(name, value)
    assert settings_from({"server_url": url, "token": "t"}).proxy == proxy
    assert settings_from({"server_url": url, "token": "t", "use_proxy": False}).proxy is None


@pytest.mark.parametrize(
    "proxy",
    ["http://", "http://pam:canary@", "ftp://pam:canary@proxy", "http://pam:canary@proxy:port"],
)
def test_a_wrong_proxy_is_named_but_not_shown(environment, proxy):
    environment.setenv("HTTPS_PROXY", proxy)
    assert sentence(token="t") == (
        "the proxy set in the environment is not a valid URL;"
        " check HTTPS_PROXY and ALL_PROXY, or set use_proxy: false"
    )


def test_the_password_of_a_proxy_is_a_secret(environment):
    environment.setenv("HTTPS_PROXY", "http://pam:can%40ary@proxy:3128")
    settings = settings_from({"server_url": URL, "token": "t"})
    assert {"can%40ary", "can@ary", base64.b64encode(b"pam:can@ary").decode()} <= set(
        settings.secrets
    )
    assert "ary" not in repr(settings)


# OAuth, headers and certificates as settings


@pytest.mark.parametrize(
    ("stated", "scope"),
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
def test_scopes(stated, scope):
    scope = scope if isinstance(scope, str) else scope[0]
    settings = settings_from({"server_url": URL, **OAUTH, "oauth_scopes": stated})
    assert settings.grant.scope == scope


def test_an_empty_list_of_scopes_is_not_stated():
    assert settings_from({"server_url": URL, "token": "t", "oauth_scopes": []}).grant is None


@pytest.mark.parametrize(
    ("stated", "used"),
    [
        ("https://login/o/token/?tenant=a%20b", "https://login/o/token/?tenant=a%20b"),
        (" https://login ", "https://login/"),
        ("http://127.0.0.1:8/token", "http://127.0.0.1:8/token"),
    ],
)
def test_the_token_url_is_asked_as_it_is_stated(stated, used):
    assert (
        settings_from({"server_url": URL, **OAUTH, "oauth_token_url": stated}).grant.token_url
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


def test_secret_headers_are_a_way_by_themselves():
    assert (
        authorization(
            settings_from({"server_url": URL, "secret_headers": {"Authorization": "Key canary"}})
        )
        == "Key canary"
    )


@pytest.mark.parametrize("more", [{}, {"client_key_password": "anything"}, {"token": "t"}])
def test_a_client_certificate_is_a_way_by_itself_and_goes_with_another(more):
    assert settings_from({"server_url": URL, **CLIENT, **more}).certificate.files == (
        CLIENT["client_cert"],
        CLIENT["client_key"],
    )


def test_certificate_and_key_in_one_file(tmp_path):
    both = tmp_path / "both.pem"
    both.write_text(
        "".join((CERTIFICATES / name).read_text() for name in ("client.pem", "test-only-key.pem"))
    )
    assert settings_from({"server_url": URL, "client_cert": str(both)}).certificate.files == str(
        both
    )


ENCRYPTED = str(CERTIFICATES / "client-key-encrypted.pem")


def test_an_encrypted_key_is_opened_with_its_password():
    settings = settings_from(
        {"server_url": URL, **CLIENT, "client_key": ENCRYPTED, "client_key_password": "canary-pass"}
    )
    assert "canary-pass" in settings.secrets
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"client_key": ENCRYPTED},
            f"the key in client_key '{ENCRYPTED}' is encrypted; set client_key_password",
        ),
        (
            {"client_key": ENCRYPTED, "client_key_password": ""},
            f"the key in client_key '{ENCRYPTED}' is encrypted; set client_key_password",
        ),
        (
            {"client_key": ENCRYPTED, "client_key_password": "canary"},
            f"client_key_password does not decrypt the key in client_key '{ENCRYPTED}'; check the password",
        ),
        (
            {"client_key": str(CERTIFICATES / "other-key.pem")},
            f"the key in client_key '{CERTIFICATES / 'other-key.pem'}' does not belong to the certificate in client_cert '{CLIENT['client_cert']}'; "
            "use the key that the certificate was made with",
        ),
        (
            {"client_key": None},
            f"client_cert '{CLIENT['client_cert']}' contains no private key; set client_key to the file of the key",
        ),
        (
            {"client_key": CLIENT["client_cert"]},
            f"client_key '{CLIENT['client_cert']}' contains no private key; set it to a PEM file",
        ),
        (
            {"client_cert": CLIENT["client_key"]},
            f"client_cert '{CLIENT['client_key']}' contains no certificate; set it to a PEM file",
        ),
        (
            {"client_cert": __file__},
            f"client_cert '{__file__}' contains no certificate; set it to a PEM file",
        ),
        (
            {"client_cert": "/nowhere/c.pem"},
            "client_cert '/nowhere/c.pem' does not exist; set it to a PEM file",
        ),
        (
            {"client_key": "/nowhere/k.pem"},
            "client_key '/nowhere/k.pem' does not exist; set it to a PEM file",
        ),
        ({"client_cert": "/"}, "client_cert '/' is not a file; set it to a PEM file"),
        (
            {"server_url": "http://localhost/v2"},
            "client_cert is set, but server_url is plain http, which uses no certificate; use https",
        ),
    ],
)
def test_what_is_wrong_with_a_client_certificate_gets_one_sentence(options, expected):
    assert sentence(**{**CLIENT, **options}) == expected


def test_nobody_is_asked_for_the_password_of_a_key(tmp_path):
    """OpenSSL would ask on the terminal, also where the encrypted key is in the file of the certificate."""
    both = tmp_path / "both.pem"
    both.write_text(
        "".join(
            (CERTIFICATES / name).read_text() for name in ("client.pem", "client-key-encrypted.pem")
        )
    )
    code = (
        "import sys\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport.settings import settings_from\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError\n"
        f"try: settings_from({{'server_url': 'https://h', 'client_cert': {str(both)!r}}})\n"
        "except TransportError as error: print(error)\n"
    )
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=slave,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        start_new_session=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )
    os.close(master)
    os.close(slave)
    assert done.stdout == f"the key in client_cert '{both}' is encrypted; set client_key_password\n"
    assert done.stderr == ""
