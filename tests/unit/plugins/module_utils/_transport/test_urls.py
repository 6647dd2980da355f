# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of URLs: each id stays one segment, with any content, also on the wire."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.urls import (
    base_url,
    is_loopback,
    is_plain_http_elsewhere,
    origin,
    path_segment,
    redirect_target,
    request_url,
    same_origin_url,
    shown_origin,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    answer,
    served,
    session,
)
from hypothesis import given
from hypothesis import strategies as st

NO_CONTROL = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(
    lambda text: text not in (".", "..")
)


@given(NO_CONTROL)
def test_any_id_stays_one_segment(text):
    encoded = path_segment(text)
    assert unquote(encoded) == text
    assert not set(encoded) & set("/?#;+ \\\"'&")
    assert encoded.isascii()


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1),
        st.text(st.characters(exclude_categories=("Cs",))),
    )
)
def test_any_query_value_survives(query):
    parts = urlsplit(request_url("https://h/v2", ("Users",), query))
    assert dict(parse_qsl(parts.query, keep_blank_values=True)) == query
    assert "+" not in parts.query


@pytest.mark.parametrize("text", ["", ".", "..", "a\nb", "a\x00", "\x7f", "\x85", "\ud800"])
def test_text_that_cannot_be_a_segment_is_refused(text):
    with pytest.raises(TransportError) as error:
        path_segment(text)
    assert error.value.kind == "settings"


IDS = [
    "a/b?c#d%",
    "%2F",
    "%2E%2E",
    "%2e",
    "..a",
    "a..",
    "~-._",
    "ü",
    "\N{GRINNING FACE}",
    'a"b\\c',
    "a b",
    "a+b&c=d;e",
    "x" * 10000,
    "{a}|^`<>",
]


@pytest.mark.parametrize("text", IDS)
def test_the_wire_carries_the_id_as_it_was_encoded(text):
    with served(answer(200, {})) as stub, session(stub.url) as scim:
        scim.send("GET", ("Users", text), query={"filter": f'userName eq "{text}"'})
        target = stub.seen[0].target
    path, _mark, query = target.partition("?")
    assert path == f"/scim/v2/Users/{path_segment(text)}"
    assert unquote(path.rpartition("/")[2]) == text
    assert query == f"filter={path_segment(f'userName eq {chr(34)}{text}{chr(34)}')}"


@pytest.mark.parametrize(
    ("given_value", "used"),
    [
        ("https://h/v2", "https://h/v2"),
        (" https://h/v2// ", "https://h/v2"),
        ("https://h", "https://h"),
        ("HTTPS://H:8443/", "https://H:8443"),
        ("http://[::1]:80/scim", "http://[::1]:80/scim"),
        ("https://h/tenant%2F1/~x/ü", "https://h/tenant%2F1/~x/%C3%BC"),
        ("https://bücher.example/v2", "https://bücher.example/v2"),
    ],
)
def test_a_base_url_is_taken(given_value, used):
    assert base_url(given_value) == used


@pytest.mark.parametrize(
    ("given_value", "sentence"),
    [
        (None, "server_url is not set; set server_url or SCIM_SERVER_URL"),
        ("", "server_url is not set; set server_url or SCIM_SERVER_URL"),
        (
            "scim.example.com/v2",
            "server_url must begin with https:// or http://; for example "
            "https://scim.example.com/v2",
        ),
        (
            "scim.example.com:443/v2",
            "server_url must begin with https:// or http://; for example "
            "https://scim.example.com/v2",
        ),
        (
            "https:/h/v2",
            "server_url must begin with https:// or http://; for example "
            "https://scim.example.com/v2",
        ),
        (
            "ftp://h/v2",
            "server_url must begin with https:// or http://; for example "
            "https://scim.example.com/v2",
        ),
        (
            "https://pam:canary@h/v2",
            "server_url contains a user name or password; set auth_username and auth_password "
            "instead",
        ),
        (
            "https://h/v2?a=canary",
            "server_url contains a query or fragment; remove it",
        ),
        ("https://h/v2?", "server_url contains a query or fragment; remove it"),
        (
            "https://h/v2#canary",
            "server_url contains a query or fragment; remove it",
        ),
        ("https://h/v2/Users/", "server_url ends in /Users; set it to the base URL above that"),
        ("https:///v2", "server_url has no valid host; for example https://scim.example.com/v2"),
        ("https://h:0/v2", "server_url has no valid host; for example https://scim.example.com/v2"),
        (
            "https://h%41/v2",
            "server_url has no valid host; for example https://scim.example.com/v2",
        ),
        (
            "https://a..b/v2",
            "server_url has no valid host; for example https://scim.example.com/v2",
        ),
        ("https://h:port/v2", "server_url is not a valid URL; check its host and port"),
        ("https://h:99999/v2", "server_url is not a valid URL; check its host and port"),
        ("https://[::1/v2", "server_url is not a valid URL; check its host and port"),
        (
            "https://h/v2\n/x",
            "server_url contains white space, a backslash or a control character; check server_url",
        ),
        (
            "https://h\\@evil/",
            "server_url contains white space, a backslash or a control character; check server_url",
        ),
        (
            "https://h/a/%2e%2E/v2",
            "server_url contains '.' or '..' in its path; write the path without them",
        ),
    ],
)
def test_a_wrong_base_url_gets_one_sentence(given_value, sentence):
    with pytest.raises(TransportError) as error:
        base_url(given_value)
    assert str(error.value) == sentence
    assert error.value.kind == "settings"


@given(st.text())
def test_any_text_is_a_base_url_or_a_settings_error(text):
    for given_value in (text, f"https://{text}", f"https://h/{text}"):
        try:
            base_url(given_value)
        except TransportError as error:
            assert error.kind == "settings"


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.9.8.7", True),
        ("http://[::1]", True),
        ("http://LOCALHOST:8", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example.com", False),
        ("http://[::2]", False),
    ],
)
def test_loopback(url, loopback):
    assert is_loopback(url) is loopback


@pytest.mark.parametrize(
    ("location", "shown", "same"),
    [
        ("/other?token=canary#f", "https://h/other", True),
        ("https://h:443/x", "https://h:443/x", True),
        ("https://H/x", "https://H/x", True),
        ("http://h/x", "http://h/x", False),
        ("https://h:8443/x", "https://h:8443/x", False),
        ("//evil.example/x", "https://evil.example/x", False),
        ("https://pam:canary@h/x", "https://h/x", False),
        ("https://h\\@evil.example/", "https://evil.example/", False),
        ("https://h:bad/x", "https://h:bad/x", False),
        ("https://[evil/x", "an invalid URL", False),
        ("javascript:alert(1)", "javascript://alert(1)", False),
        ("https://evil.example/\x1b[2J\u202ex", "https://evil.example/ [2J x", False),
    ],
)
def test_redirect_target_is_shown_without_secrets(location, shown, same):
    assert redirect_target("https://h/v2/Users", location) == (shown, same)


@given(st.text())
def test_any_redirect_that_is_followed_stays_at_the_origin(location):
    url = "https://h:8443/v2/Users?a=b"
    _shown, same = redirect_target(url, location)
    if same:
        assert same_origin_url(url, location).startswith("https://h:8443/")


def test_origin_is_shown_without_credentials():
    assert shown_origin("http://pam:canary@proxy:3128/x") == "http://proxy:3128"


@pytest.mark.parametrize(
    ("url", "elsewhere"),
    [("http://h/v2", True), ("https://h/v2", False), ("http://127.0.0.1/v2", False)],
)
def test_plain_http_to_another_machine(url, elsewhere):
    assert is_plain_http_elsewhere(url) is elsewhere


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://H/v2", ("https", "h", 443)),
        ("http://h.:8080/", ("http", "h", 8080)),
        ("https://h:bad/x", ("https", "h", None)),
    ],
)
def test_origin(url, parts):
    assert origin(url) == parts
