# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an adapter takes from one request to the next, and what it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._transport import wire
from ansible_collections.identity.scim.plugins.module_utils._transport.adapter import caching
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    TOKEN,
    USER,
    answer,
    fails,
    served,
    session,
)


def test_requests_that_differ_in_their_body_alone_are_sent_with_their_own() -> None:
    bodies = [{"userName": "a"}, {"userName": "bb"}, {"userName": "ü" * 9}]
    with served(answer(201, USER)) as stub, session(stub.url) as scim:
        for body in bodies:
            scim.send("POST", ("Users",), body=body)
    assert [json.loads(one.body) for one in stub.seen] == bodies
    assert [int(one.headers["content-length"]) for one in stub.seen] == [16, 17, 33]
    assert {one.headers["authorization"] for one in stub.seen} == {f"Bearer {TOKEN}"}
    assert {frozenset(one.headers) for one in stub.seen} == {frozenset(stub.seen[0].headers)}
    assert {one.target for one in stub.seen} == {"/scim/v2/Users"} and stub.connections == 1


def test_another_form_takes_nothing_from_the_last_one() -> None:
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        scim.send("POST", ("Users",), body={"a": 1})
        scim.send("PUT", ("Users",), body={"a": 2}, if_match='"1"')
        scim.send("PUT", ("Users",), body={"a": 3})
        scim.send("PUT", ("Groups",), body={"a": 4})
        scim.send("DELETE", ("Groups",))
        scim.send("PUT", ("Groups",), body={"a": 5}, query={"attributes": "id"})
    said = [(one.method, one.target, one.headers.get("if-match"), one.body) for one in stub.seen]
    assert said == [
        ("POST", "/scim/v2/Users", None, b'{"a":1}'),
        ("PUT", "/scim/v2/Users", '"1"', b'{"a":2}'),
        ("PUT", "/scim/v2/Users", None, b'{"a":3}'),
        ("PUT", "/scim/v2/Groups", None, b'{"a":4}'),
        ("DELETE", "/scim/v2/Groups", None, b""),
        ("PUT", "/scim/v2/Groups?attributes=id", None, b'{"a":5}'),
    ]
    assert stub.seen[4].headers["content-length"] == "0"
    assert "content-type" not in stub.seen[4].headers


def test_a_closed_adapter_opens_other_connections() -> None:
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        scim.send("GET", ("Users",))
        scim.close()
        scim.send("GET", ("Users",))
    assert [one.connection for one in stub.seen] == [1, 2]


def test_no_cookie_is_kept_of_writes_of_one_form() -> None:
    cookie = answer(201, USER, more="Set-Cookie: session=1; Path=/\r\n")
    with served(cookie) as stub, session(stub.url) as scim:
        for _number in range(3):
            scim.send("POST", ("Users",), body=USER)
    assert not any("cookie" in one.headers for one in stub.seen)


def test_writes_of_one_form_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(answer(201, USER)) as stub:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:secret@{stub.url.split('/')[2]}")
        with session("http://scim.example.com/v2", allow_http=True) as scim:
            for number in range(2):
                scim.send("POST", ("Users",), body={"a": number})
    assert [one.target for one in stub.seen] == ["http://scim.example.com/v2/Users"] * 2
    assert all(one.headers["proxy-authorization"] for one in stub.seen)


def test_a_certificate_is_checked_for_each_connection() -> None:
    with served(answer(200, USER), certificate="good.pem") as stub:
        with session(stub.url, ca_path=str(CERTIFICATES / "authority.pem")) as scim:
            scim.send("GET", ("Users",))
            scim.close()
            scim.send("GET", ("Users",))
        assert fails(stub.url, retries=0).kind == "tls"
    assert [one.connection for one in stub.seen] == [1, 2]


class Plain:
    """Stands for the adapter of requests, of which each call counts."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def close(self) -> None:
        self.calls.append("close")

    def get_connection_with_tls_context(self, request: Any, *_more: Any, **_options: Any) -> str:
        self.calls.append(f"pool {request.url}")
        return request.url.rpartition("/")[0]

    def cert_verify(self, *_arguments: Any) -> None:
        self.calls.append("files")

    def request_url(self, request: Any, _proxies: Any) -> str:
        return f"asked for {request.url}"


class Asked:
    """A prepared request, as far as an adapter looks at it."""

    def __init__(self, url: str) -> None:
        self.url = url


def test_pool_and_tls_files_are_looked_up_once_for_each_address() -> None:
    adapter = caching(Plain)()
    for url in ("http://h:1/a", "http://h:1/b", "http://h:2/a"):
        pool = adapter.get_connection_with_tls_context(Asked(url), True)
        adapter.cert_verify(pool, url, True, None)
    assert adapter.calls == ["pool http://h:1/a", "files", "pool http://h:2/a", "files"]
    adapter.close()
    adapter.get_connection_with_tls_context(Asked("http://h:1/c"), True)
    assert adapter.calls[-2:] == ["close", "pool http://h:1/c"]


@pytest.mark.parametrize(
    "url, proxies, target",
    [
        ("http://h:1/a?b=c", {}, "/a?b=c"),
        ("http://h:1/a#b", {}, "asked for http://h:1/a#b"),
        ("http://h:1", {}, "asked for http://h:1"),
        ("http://h:1/a", {"http": "http://p"}, "asked for http://h:1/a"),
    ],
)
def test_the_target_is_cut_off_only_where_that_is_certain(
    url: str, proxies: dict[str, str], target: str
) -> None:
    assert caching(Plain)().request_url(Asked(url), proxies) == target


def test_an_adapter_is_one_of_requests() -> None:
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        assert isinstance(scim._client._adapter, wire.requests.adapters.HTTPAdapter)
