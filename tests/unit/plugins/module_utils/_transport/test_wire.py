# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of one exchange.

Bodies in bounded memory, connections, proxies and the environment.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
import time
import tracemalloc
import warnings
import zlib

import pytest
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    MIB,
    TOKEN,
    USER,
    answer,
    cut,
    drip,
    fails,
    served,
    session,
)


def test_m20_a_huge_error_is_truncated():
    def step(sock):
        sock.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 52428800\r\n\r\n")
        for _number in range(800):
            sock.sendall(b"x" * 65536)

    with served(step, answer(200, USER)) as stub, session(stub.url) as scim:
        tracemalloc.start()
        got = scim.send("GET", ("Users",))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (got.status, got.text) == (400, "x" * 199 + "…")
        assert peak < 16 * MIB
        assert scim.send("GET", ("Users",)).body == USER


@pytest.mark.parametrize(
    "step",
    [
        cut(b"HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\noh no"),
        cut(b"HTTP/1.1 400 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\noh no\r\n"),
        cut(answer(400, raw=b"oh no", length=False)),
    ],
)
def test_an_error_that_breaks_off_is_still_an_answer(step):
    with served(step) as stub, session(stub.url) as scim:
        got = scim.send("POST", ("Users",), body={})
    assert (got.status, got.body) == (400, None)
    assert "oh no".startswith(got.text)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize("certificate", ["", "good.pem"])
def test_f18_a_connection_closed_between_requests_is_invisible(method, certificate):
    with served(cut(answer(200, USER)), answer(200, USER), certificate=certificate) as stub:
        with session(stub.url, ca_path=str(CERTIFICATES / "authority.pem")) as scim:
            scim.send("GET", ("Users",))
            time.sleep(0.05)
            got = scim.send(
                method, ("Users", "1"), body={} if method in ("POST", "PUT", "PATCH") else None
            )
            assert (got.tries, scim.requests, len(stub.seen), stub.connections) == (1, 2, 2, 2)


def test_self_signed_is_trusted_when_set():
    with served(answer(200, USER), certificate="self-signed.pem") as stub:
        with session(stub.url, ca_path=str(CERTIFICATES / "self-signed.pem")) as scim:
            assert scim.send("GET", ("Users",)).body == USER


def test_s12_the_options_win_over_the_environment(monkeypatch, tmp_path):
    """S12: ca_path and validate_certs win over REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE."""
    authority = str(CERTIFICATES / "authority.pem")
    with served(answer(200, USER), certificate="good.pem") as stub:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, str(CERTIFICATES / "self-signed.pem"))
        with session(stub.url, ca_path=authority) as scim:
            assert scim.send("GET", ("Users",)).body == USER
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with session(stub.url, validate_certs=False) as scim:
                assert scim.send("GET", ("Users",)).body == USER
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, authority)
        assert fails(stub.url).kind == "tls"


def test_m19_s10_netrc_and_cookies_are_never_used(monkeypatch, tmp_path):
    """M19, S10: a ~/.netrc with a default entry, a cookie of the service."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login michael password scarn\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with (
        served(answer(200, USER, more="Set-Cookie: a=b; Path=/\r\n")) as stub,
        session(stub.url) as scim,
    ):
        for _number in range(2):
            scim.send("GET", ("Users",))
    assert {seen.headers["authorization"] for seen in stub.seen} == {f"Bearer {TOKEN}"}
    assert not any("cookie" in seen.headers for seen in stub.seen)


def test_m3_a_bomb_is_refused_in_bounded_memory():
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(MIB)) for _number in range(80)) + packer.flush()
    with served(answer(200, raw=bomb, more="Content-Encoding: gzip\r\n")) as stub:
        tracemalloc.start()
        error = fails(stub.url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (error.kind, error.reason, error.status) == (
        "too_large",
        "the answer is larger than 64 MiB",
        200,
    )
    assert peak < 200 * MIB
    assert len(stub.seen) == 1


def test_a_huge_length_is_refused_unread():
    with served(cut(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{")) as stub:
        assert fails(stub.url).kind == "too_large"


def test_gzip_is_unpacked_and_the_connection_kept():
    with (
        served(
            answer(
                200, raw=gzip.compress(json.dumps(USER).encode()), more="Content-Encoding: gzip\r\n"
            )
        ) as stub,
        session(stub.url) as scim,
    ):
        assert [scim.send("GET", ("Users",)).body for _number in range(2)] == [USER, USER]
    assert stub.connections == 1


def test_chunks_are_joined_and_the_connection_kept():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = head + b'5\r\n{"id"\r\n6\r\n: "1"}\r\n0\r\n\r\n'
    with served(chunked) as stub, session(stub.url) as scim:
        assert [scim.send("GET", ("Users",)).body for _number in range(2)] == [
            {"id": "1"},
            {"id": "1"},
        ]
    assert stub.connections == 1


def test_head_reads_no_body():
    with (
        served(
            answer(
                200, length=False, more="Content-Length: 99999999999\r\nContent-Encoding: br\r\n"
            )
        ) as stub,
        session(stub.url) as scim,
    ):
        assert [scim.send("HEAD", ("Users",)).body for _number in range(2)] == [None, None]
    assert stub.connections == 1


@pytest.mark.parametrize(
    "step",
    [
        answer(204),
        answer(200),
        answer(201, raw=b"\n"),
        answer(200, length=False, more="Connection: close\r\n") + b"",
    ],
)
def test_no_body(step):
    with served(cut(step)) as stub, session(stub.url) as scim:
        assert scim.send("POST", ("Users",), body={}).body is None


def proxied(monkeypatch, proxy, url, **options):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    return fails(url, allow_http=True, retries=0, **options)


def test_a_proxy_that_is_down_is_named_without_its_password(monkeypatch):
    """S11: nothing listens where the proxy should be."""
    with served(answer(200, USER)) as stub:
        pass
    address = stub.url.split("/")[2]
    error = proxied(monkeypatch, f"http://pam:canary@{address}", "https://scim.example.com/v2")
    assert (error.kind, error.sent) == ("proxy", False)
    assert str(error) == (
        f"the proxy http://{address} could not be reached or did not connect to "
        "https://scim.example.com;"
        " check the proxy variables of the environment, or set use_proxy: false"
    )


def test_m19_a_proxy_that_refuses_gets_no_token(monkeypatch):
    with served(answer(407, more="Proxy-Authenticate: Negotiate\r\n")) as stub:
        address = stub.url.split("/")[2]
        error = proxied(monkeypatch, f"http://pam:canary@{address}", "https://scim.example.com/v2")
    (seen,) = stub.seen
    assert (error.kind, error.sent, seen.method) == ("proxy", False, "CONNECT")
    assert (
        error.reason
        == f"the proxy http://{address} answered 407 and did not connect to https://scim.example.com"
    )
    assert (
        base64.b64decode(seen.headers["proxy-authorization"].removeprefix("Basic "))
        == b"pam:canary"
    )
    assert "authorization" not in seen.headers


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_proxy_that_drips_is_ended_in_time(monkeypatch, data):
    with served(drip(data)) as stub:
        begun = time.monotonic()
        error = proxied(
            monkeypatch,
            f"http://{stub.url.split('/')[2]}",
            "https://scim.example.com/v2",
            timeout=0.15,
        )
    assert not error.sent
    assert time.monotonic() - begun < 9


def test_plain_http_through_a_proxy(monkeypatch):
    with served(answer(200, USER)) as stub:
        monkeypatch.setenv("HTTP_PROXY", f"http://{stub.url.split('/')[2]}")
        with session("http://scim.example.com/v2", allow_http=True) as scim:
            assert scim.send("GET", ("Users", "a/%2E%2e b")).body == USER
    assert stub.seen[0].target == "http://scim.example.com/v2/Users/a%2F%252E%252e%20b"


def test_the_room_can_be_imported_without_requests():
    code = (
        "import sys; sys.modules['requests'] = None\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport import session, "
        "settings, errors\n"
        "assert 'requests' in session.REQUESTS_IMPORT_ERROR\n"
        "try: session.Session(settings.settings_from({'server_url': 'https://h', 'token': 't'}), "
        "user_agent='x')\n"
        "except errors.TransportError as error: assert error.kind == 'settings'\n"
        "else: raise SystemExit(1)\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
