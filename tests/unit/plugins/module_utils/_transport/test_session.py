# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of a session against a server on loopback that misbehaves: what is answered, raised, sent again, and never sent."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings
import zlib
from email.utils import formatdate

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import settings_from
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.plugins.module_utils._transport.explain import explain
from ansible_collections.identity.scim.plugins.module_utils._transport.session import Session

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    TOKEN,
    Waits,
    answer,
    cut,
    drip,
    reset,
    served,
    session,
    without_waiting,
)

USER = {"id": "1", "userName": "pbeesly"}
FORMS = (TOKEN, "canary%2FToken%2B1%3D%3D", base64.b64encode(TOKEN.encode()).decode())
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in (
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
            "NETRC",
        ):
            monkeypatch.delenv(name)


def fails(url, method="GET", *, waits=None, body=None, **options):
    """Sends one request that must fail; checks what every failure keeps, and gives the error."""
    with session(url, clock=without_waiting(waits), **options) as scim:
        with pytest.raises(TransportError) as info:
            scim.send(method, ("Users",), body=body)
    error = info.value
    shown = f"{error!s}{error!r}{vars(error)}"
    assert not any(form in shown for form in FORMS)
    assert error.__context__ is None and error.__cause__ is None
    assert shown.isprintable()
    return error


def test_headers_and_body_on_the_wire():
    with (
        served(
            answer(201, USER, more='ETag: W/"1"\r\nLocation: https://evil.example/Users/1\r\n')
        ) as stub,
        session(stub.url) as scim,
    ):
        got = scim.send(
            "post",
            ("Users",),
            body={"userName": "pämß"},
            query={"attributes": "id"},
            if_match='W/"1"',
        )
    assert (got.status, got.body, got.tries, got.lost) == (201, USER, 1, False)
    assert got.headers["etag"] == 'W/"1"'
    (seen,) = stub.seen
    assert (seen.method, seen.target) == ("POST", "/scim/v2/Users?attributes=id")
    assert json.loads(seen.body) == {"userName": "pämß"}
    assert seen.headers == {
        "host": stub.url.split("/")[2],
        "accept": "application/scim+json, application/json",
        "accept-encoding": "gzip",
        "authorization": f"Bearer {TOKEN}",
        "content-type": "application/scim+json",
        "content-length": str(len(seen.body)),
        "user-agent": "test/1",
        "if-match": 'W/"1"',
    }


def test_basic_and_media_type():
    with served(answer(204)) as stub:
        settings = settings_from(
            {"server_url": stub.url, "auth_username": "pam", "auth_password": "s3cret"}
        )
        scim = Session(settings, user_agent="x\r\ny", media_type="application/json")
        assert scim.send("PATCH", ("Users", "1"), body={}).body is None
        scim.close()
    assert (
        base64.b64decode(stub.seen[0].headers["authorization"].removeprefix("Basic "))
        == b"pam:s3cret"
    )
    assert (stub.seen[0].headers["content-type"], stub.seen[0].headers["user-agent"]) == (
        "application/json",
        "x y",
    )


def test_one_connection_serves_many_requests():
    with served(
        answer(200, USER),
        answer(204),
        answer(404, {"detail": "no"}),
        answer(401, raw=b"who?"),
        answer(200, USER),
    ) as stub:
        with session(stub.url) as scim:
            for method in ("GET", "DELETE", "GET", "GET", "GET"):
                scim.send(method, ("Users", "1"))
            assert scim.requests == 5
    assert stub.connections == 1


def test_several_threads_use_one_session():
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        threads = [
            threading.Thread(target=lambda: [scim.send("GET", ("Users",)) for _number in range(5)])
            for _thread in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert scim.requests == len(stub.seen) == 20


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_read_only_session_writes_nothing(method):
    with served(answer(200, USER)) as stub:
        assert fails(stub.url, method, body={}, read_only=True).kind == "read_only"
        with session(stub.url, read_only=True) as scim:
            assert scim.send("GET", ("Users",)).body == USER
    assert [seen.method for seen in stub.seen] == ["GET"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 409, 412, 413, 501])
def test_m19_an_error_status_is_an_answer(status):
    error = {"detail": "no", "scimType": "uniqueness"}
    with (
        served(
            answer(
                status, error, more="WWW-Authenticate: Negotiate\r\nProxy-Authenticate: Basic\r\n"
            )
        ) as stub,
        session(stub.url) as scim,
    ):
        got = scim.send("GET", ("Users",))
    assert (got.status, got.body, got.text) == (status, error, "")
    assert len(stub.seen) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_ambiguous_answer_to_a_write_is_an_answer(method, status):
    with (
        served(answer(status, raw=b"<h1>Oh</h1>", media="text/html")) as stub,
        session(stub.url) as scim,
    ):
        got = scim.send(method, ("Users",), body={})
    assert (got.status, got.body, got.text, len(stub.seen)) == (status, None, "Oh", 1)


# F1–F6: waiting


def test_f1_retry_after_seconds():
    waits = Waits()
    with (
        served(answer(429, more="Retry-After: 2\r\n"), answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        got = scim.send("POST", ("Users",), body={})
        assert scim.requests == 2
    assert (waits, got.tries, got.lost) == ([3.0], 2, False)


@pytest.mark.parametrize(("offset", "wait"), [(3, 4.0), (-3, 0.5)])
def test_f2_retry_after_date_against_the_date_of_the_answer(offset, wait):
    waits, there = Waits(), time.time() + 100_000
    more = f"Date: {formatdate(there, usegmt=True)}\r\nRetry-After: {formatdate(there + offset, usegmt=True)}\r\n"
    with (
        served(answer(503, more=more), answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        scim.send("PATCH", ("Users", "1"), body={})
    assert waits == [wait]


def test_f3_a_longer_wait_than_allowed_fails_at_once():
    waits = Waits()
    with served(answer(429, more="Retry-After: 99999999999\r\n")) as stub:
        error = fails(stub.url, waits=waits)
    assert (error.kind, error.status, error.sent, waits) == ("gave_up", 429, False, [])
    assert str(error) == (
        "the service answered 429 and asks to wait 99999999999 seconds, which is more than retry_max_wait allows"
        " (120 seconds for all waits together; 1 try so far); run again later, or raise retry_max_wait"
    )


@pytest.mark.parametrize("value", ["-5", "3.5", "1e3", "nonsense", ""])
def test_f4_a_senseless_retry_after_is_none(value):
    waits = Waits()
    with (
        served(answer(429, more=f"Retry-After: {value}\r\n"), answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        scim.send("GET", ("Users",))
    assert waits == [0.5]


def test_f4_of_two_the_smallest():
    waits, there = Waits(), time.time()
    more = f"Date: {formatdate(there, usegmt=True)}\r\nRetry-After: {formatdate(there + 9, usegmt=True)}\r\nRetry-After: 5\r\n"
    with (
        served(answer(429, more=more), answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        scim.send("GET", ("Users",))
    assert waits == [6.0]


def test_f5_always_429_ends():
    waits = Waits()
    with served(
        answer(429, {"detail": f"slow down, {TOKEN}\x1b[2J"}, more="Retry-After: 1\r\n")
    ) as stub:
        error = fails(stub.url, "POST", waits=waits, retries=3)
    assert (error.kind, error.status, error.sent, len(stub.seen), waits) == (
        "gave_up",
        429,
        False,
        4,
        [2.0, 2.0, 2.0],
    )
    assert str(error) == (
        "the service still answered 429 after 4 tries and 6 seconds of waiting: slow down, ******** [2J;"
        " run again later, or raise retries or retry_max_wait"
    )


def test_f5_all_waits_together_are_bounded():
    waits = Waits()
    with served(answer(503)) as stub:
        error = fails(stub.url, waits=waits, retries=100, retry_max_wait=10)
    assert error.kind == "gave_up"
    assert (sum(waits), len(stub.seen)) == (10.0, 6)


def test_f6_a_page_twice_then_well():
    page = answer(503, raw=b"<html>" + b"<b>x</b>" * 131_072, media="text/html")
    with served(page, page, answer(200, USER)) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).tries == 3
    with served(page) as stub:
        error = fails(stub.url, retries=1)
    assert error.reason.startswith(
        "the service still answered 503 after 2 tries and 0.5 seconds of waiting: x x"
    )
    assert "<" not in error.reason and len(error.reason) < 300


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


def test_an_error_that_echoes_the_token():
    page = f"<p>{TOKEN} canary%2fToken%2b1%3d%3d".encode()
    with served(answer(400, raw=page, media="text/html")) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).text == "******** ********"


# F8–F12: answers that are lost


@pytest.mark.parametrize(
    "lost",
    [
        reset,
        cut(b""),
        cut(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        answer(502),
        answer(504),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_repeatable_is_sent_again(method, lost):
    with served(lost, answer(404, {"detail": "gone"})) as stub, session(stub.url) as scim:
        got = scim.send(method, ("Users", "1"), body={} if method == "PUT" else None)
        assert scim.requests == len(stub.seen) == 2
    assert (got.status, got.tries, got.lost) == (404, 2, True)


@pytest.mark.parametrize("lost", [reset, cut(b""), cut(b"HTTP/1.1 2")])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_lost_write_is_not_sent_again(method, lost):
    with served(lost, answer(201, USER)) as stub:
        error = fails(stub.url, method, body={"userName": "x"})
    assert len(stub.seen) == 1
    assert error.sent and error.status is None
    assert error.kind in ("reset", "not_json")


def test_a_created_user_whose_answer_is_cut_short():
    with served(cut(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{")) as stub:
        error = fails(stub.url, "POST", body={})
    assert (error.kind, error.sent, len(stub.seen)) == ("cut_short", True, 1)


def test_the_caller_may_have_a_write_sent_again():
    with served(reset, answer(200, USER)) as stub, session(stub.url) as scim:
        assert scim.send("PATCH", ("Users", "1"), body={}, retry_lost=True).lost
        assert len(stub.seen) == 2
    with served(reset) as stub, session(stub.url) as scim, pytest.raises(TransportError):
        scim.send("DELETE", ("Users", "1"), retry_lost=False)
    assert len(stub.seen) == 1


def test_a_lost_try_is_remembered_when_the_last_one_never_left():
    with contextlib.ExitStack() as running:
        stub = running.enter_context(served(cut(b"")))
        with (
            session(
                stub.url, retries=1, clock=without_waiting(lambda _seconds: running.close())
            ) as scim,
            pytest.raises(TransportError) as info,
        ):
            scim.send("PUT", ("Users", "1"), body={})
    assert info.value.kind == "refused"
    assert info.value.sent
    assert "after 2 tries" in info.value.reason


@pytest.mark.parametrize(
    "step",
    [
        cut(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b'{"id": "1"}'),
        cut(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n'),
        cut(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"i'),
        cut(answer(200, raw=b'{"id": "1', length=False)),
        cut(
            answer(
                200,
                raw=gzip.compress(b'{"id": "1"}')[:-8],
                length=False,
                more="Content-Encoding: gzip\r\n",
            )
        ),
    ],
)
def test_a_body_cut_short_is_asked_for_again_and_refused(step):
    with served(step, answer(200, USER)) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).body == USER
    with served(step) as stub:
        error = fails(stub.url, retries=2)
    assert (error.kind, error.sent, len(stub.seen)) == ("cut_short", True, 3)
    assert "cut short (after 3 tries" in error.reason


# F17: slowness


@pytest.mark.parametrize(
    "step",
    [
        drip(b"", b""),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silent", "headers", "body", "chunks", "chunk-header", "until-close", "continue"],
)
@pytest.mark.parametrize("certificate", ["", "good.pem"])
def test_f17_the_deadline_ends_every_drip(step, certificate):
    with served(step, certificate=certificate) as stub:
        begun = time.monotonic()
        error = fails(
            stub.url, "POST", body={}, timeout=0.7, ca_path=str(CERTIFICATES / "authority.pem")
        )
        took = time.monotonic() - begun
    assert (error.kind, error.sent, len(stub.seen)) == ("timeout", True, 1)
    assert (
        error.reason
        == f"{stub.url.removesuffix('/scim/v2')} did not answer completely within 0.7 seconds"
    )
    assert 0.69 < took < 9  # the drip itself goes on for ten seconds


def test_f17_a_stalled_read_is_asked_again():
    with (
        served(
            drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b""), answer(200, USER)
        ) as stub,
        session(stub.url, timeout=0.8) as scim,
    ):
        got = scim.send("GET", ("Users",))
    assert (got.body, got.tries, got.lost) == (USER, 2, True)


def test_f17_an_error_that_stalls_is_an_answer_in_time():
    with (
        served(drip(b"HTTP/1.1 400 No\r\nContent-Length: 9999\r\n\r\nno", b"")) as stub,
        session(stub.url, timeout=0.2) as scim,
    ):
        begun = time.monotonic()
        got = scim.send("GET", ("Users",))
    assert got.status == 400
    assert time.monotonic() - begun < 9


@pytest.mark.parametrize("certificate", ["", "good.pem"])
def test_f17_a_server_that_takes_no_bytes(certificate):
    # A listener that never accepts: the kernel does, until its buffers are full.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if certificate else "http"
        begun = time.monotonic()
        error = fails(
            f"{scheme}://127.0.0.1:{listener.getsockname()[1]}",
            "POST",
            body={"a": "x" * 20_000_000},
            timeout=0.15,
            retries=0,
        )
    assert error.kind == "timeout"
    assert error.sent is (not certificate)
    assert time.monotonic() - begun < 9


# F18: keep-alive


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


# F19: no connection


def test_f19_refused():
    with served(answer(200, USER)) as stub:
        pass
    waits = Waits()
    error = fails(stub.url, "POST", body={}, waits=waits, retries=2)
    place = stub.url.removesuffix("/scim/v2")
    assert (error.kind, error.sent, len(waits)) == ("refused", False, 2)
    assert str(error) == (
        f"the connection to {place} was refused (after 3 tries and 1.5 seconds of waiting);"
        " check host and port in server_url, and that the service runs"
    )


@pytest.mark.parametrize(
    "url", ["https://no-such-host.invalid/v2", f"https://{'x' * 70}.invalid/v2"]
)
def test_f19_no_such_host(url):
    error = fails(url)
    assert (error.kind, error.sent, error.hint) == (
        "dns",
        False,
        "check the host name in server_url",
    )


@pytest.mark.parametrize(
    ("certificate", "trusted", "reason", "hint"),
    [
        (
            "expired.pem",
            True,
            "the certificate of {} has expired",
            "have it renewed; set validate_certs: false only for a test",
        ),
        (
            "other-name.pem",
            True,
            "the certificate of {} is for another host name",
            "check the host name in server_url",
        ),
        (
            "self-signed.pem",
            False,
            "the certificate of {} is self-signed",
            "set ca_path to it, or to the authority that signed it",
        ),
        (
            "good.pem",
            False,
            "the certificate of {} is signed by an unknown authority",
            "set ca_path to the authority's certificate",
        ),
    ],
)
def test_f19_certificates(certificate, trusted, reason, hint):
    with served(answer(200, USER), certificate=certificate) as stub:
        error = fails(
            stub.url, **({"ca_path": str(CERTIFICATES / "authority.pem")} if trusted else {})
        )
        assert stub.seen == []
    assert (error.kind, error.sent) == ("tls", False)
    assert (error.reason, error.hint) == (reason.format(stub.url.removesuffix("/scim/v2")), hint)


def explained(error, **parts):
    for name, value in parts.items():
        setattr(error, name, value)
    return explain(error, place="https://scim.example.com", seconds=1, sent=False)


def test_f19_what_else_is_wrong_with_a_certificate_is_told_in_the_words_of_the_library():
    error = explained(
        ssl.SSLCertVerificationError(1, "canary"),
        verify_code=92,
        verify_message="Missing Authority Key Identifier",
    )
    assert str(error) == (
        "the certificate of https://scim.example.com is not trusted: Missing Authority Key Identifier; "
        "check ca_path, or reissue the certificate if it is faulty"
    )


def test_f19_a_handshake_that_fails_for_want_of_a_client_certificate():
    error = explained(ssl.SSLError(1, "canary"), reason="SSLV3_ALERT_HANDSHAKE_FAILURE")
    assert (
        error.hint
        == "check server_url, validate_certs and ca_path, and client_cert if the service requires one"
    )


def test_f19_another_host_name():
    with served(answer(200, USER), certificate="other-name.pem") as stub:
        url = stub.url.replace("127.0.0.1", "localhost")
        error = fails(url, ca_path=str(CERTIFICATES / "authority.pem"))
    assert (
        error.reason
        == f"the certificate of {url.removesuffix('/scim/v2')} is for another host name"
    )


def test_f19_tls_where_there_is_none_and_the_other_way_round():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def plain():
            sock, _peer = listener.accept()
            with sock:
                sock.recv(9999)
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                with contextlib.suppress(OSError):
                    sock.recv(9999)

        thread = threading.Thread(target=plain, daemon=True)
        thread.start()
        error = fails(f"https://127.0.0.1:{listener.getsockname()[1]}/v2")
        thread.join(5)
    assert (error.kind, error.sent) == ("tls", False)
    assert error.reason.endswith("does not speak TLS")
    with served(answer(200, USER), certificate="good.pem") as stub:
        error = fails(stub.url.replace("https:", "http:"), retries=0)
    assert error.kind in ("reset", "not_json")
    assert "http or https" in error.hint


def test_self_signed_is_trusted_when_stated():
    with served(answer(200, USER), certificate="self-signed.pem") as stub:
        with session(stub.url, ca_path=str(CERTIFICATES / "self-signed.pem")) as scim:
            assert scim.send("GET", ("Users",)).body == USER


def test_not_http_at_all():
    with served(cut(b"220 mail.example.com ESMTP\r\n")) as stub:
        error = fails(stub.url)
    assert (error.kind, error.hint) == (
        "not_json",
        "check http or https and the port in server_url",
    )


def test_ipv6_and_a_host_with_two_addresses():
    try:
        with served(answer(200, USER), host="::1") as stub, session(stub.url) as scim:
            assert scim.send("GET", ("Users",)).body == USER
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with (
        served(answer(200, USER)) as stub,
        session(stub.url.replace("127.0.0.1", "localhost")) as scim,
    ):
        assert scim.send("GET", ("Users",)).body == USER


# S12, netrc, cookies: what the environment and the server must not decide


def test_s12_the_options_win_over_the_environment(monkeypatch, tmp_path):
    """S12: REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE against ca_path and validate_certs, either way round."""
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


# M5, M6: redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_m6_a_write_is_never_sent_on(method, status):
    with served(
        answer(status, more="Location: /elsewhere?token=canary\r\n"), answer(200, USER)
    ) as stub:
        error = fails(stub.url, method, body={})
    assert (error.kind, error.status, error.sent, len(stub.seen)) == (
        "redirect",
        status,
        status == 303,
        1,
    )
    place = stub.url.removesuffix("/scim/v2")
    assert str(error) == (
        f"{place} answered {status} and redirects to {place}/elsewhere, but redirects of writes are never followed;"
        " if that is the service, set server_url to its address"
    )


def test_m5_a_read_is_not_followed_elsewhere():
    with served(answer(200, USER)) as other:
        with served(answer(302, more=f"Location: {other.url}/Users?token=canary\r\n")) as stub:
            error = fails(stub.url)
        assert other.connections == 0
    assert (error.kind, error.status) == ("redirect", 302)
    assert (
        f"redirects to {other.url}/Users, but redirects of reads are followed only within the same scheme, host and port"
        in error.reason
    )


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1:1/",
        "http://pam:canary@127.0.0.1/",
        "//evil.example/",
        "javascript:x",
        "http://[",
        "",
    ],
)
def test_m5_odd_targets(location):
    with served(answer(302, more=f"Location: {location}\r\n")) as stub:
        assert fails(stub.url).kind == "redirect"
    assert len(stub.seen) == 1


def test_a_target_that_holds_the_token_is_masked():
    with served(
        answer(302, more=f"Location: https://evil.example/{TOKEN}/{'x' * 140}/{TOKEN}\r\n")
    ) as stub:
        assert "https://evil.example/********/x" in fails(stub.url).reason


def test_a_read_is_followed_at_home():
    with (
        served(answer(302, more="Location: ../v3/Users?x=%2F\r\n"), answer(200, USER)) as stub,
        session(stub.url) as scim,
    ):
        assert scim.send("GET", ("Users",), query={"a": "b"}).body == USER
        assert scim.requests == 2
    assert [seen.target for seen in stub.seen] == ["/scim/v2/Users?a=b", "/scim/v3/Users?x=%2F"]
    with served(answer(302, more="Location: /scim/v2/Users?canary\r\n")) as stub:
        error = fails(stub.url)
    assert (error.kind, len(stub.seen)) == ("redirect", 6)
    assert "redirects more than 5 times" in error.reason


# M3, M4, M16: bodies


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
    chunked = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n6\r\n: "1"}\r\n0\r\n\r\n'
    with served(chunked) as stub, session(stub.url) as scim:
        assert [scim.send("GET", ("Users",)).body for _number in range(2)] == [
            {"id": "1"},
            {"id": "1"},
        ]
    assert stub.connections == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":NaN}',
        b'{"a":1,"a":2}',
        b"\xff\xfe{",
        b'{"a"}',
    ],
)
def test_m4_what_is_not_json_is_not_asked_for_again(raw):
    with served(answer(200, raw=raw)) as stub:
        error = fails(stub.url)
    assert (error.kind, error.status, error.sent, len(stub.seen)) == ("not_json", 200, True, 1)
    assert error.reason.startswith("the answer is not valid JSON: ")


@pytest.mark.parametrize("name", [TOKEN, "x" * 30 + TOKEN])
def test_a_key_that_is_the_token_is_masked(name):
    with served(answer(200, raw=f'{{"{name}":1,"{name}":2}}'.encode())) as stub:
        assert fails(stub.url).reason in (
            "the answer is not valid JSON: the key '********' occurs twice",
            "the answer is not valid JSON: a key occurs twice",
        )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_m16_a_login_page(method):
    with served(
        answer(200, raw=f"<html>{TOKEN}".encode(), media="text/html; charset=utf-8")
    ) as stub:
        error = fails(stub.url, method, body={})
    assert str(error) == (
        "the service answered text/html, not SCIM;"
        " check server_url, and whether a login page or a proxy is in between"
    )
    assert error.sent


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"1", b"null"])
def test_json_that_is_no_object(raw):
    with served(answer(200, raw=raw)) as stub:
        if raw == b"null":
            with session(stub.url) as scim:
                assert scim.send("GET", ("Users",)).body is None
        else:
            assert (
                fails(stub.url).reason == "the answer is JSON but not an object, so it is not SCIM"
            )


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


def test_an_entity_tag_that_cannot_be_sent():
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        for tag in ("a\r\nX: y", "✓"):
            with pytest.raises(TransportError):
                scim.send("PUT", ("Users", "1"), body={}, if_match=tag)
    assert stub.seen == []


@pytest.mark.parametrize("segments", [("Users", ".."), ("Users", ""), ("Users", "a\n")])
def test_m8_what_cannot_be_addressed_is_not_sent(segments):
    with (
        served(answer(200, USER)) as stub,
        session(stub.url) as scim,
        pytest.raises(TransportError),
    ):
        scim.send("GET", segments)
    assert stub.seen == []


# Proxies


def proxied(monkeypatch, proxy, url, **options):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    return fails(url, allow_http=True, retries=0, **options)


def test_a_proxy_that_is_down_is_named_without_its_password(monkeypatch):
    """S11: nobody listens where the proxy should be."""
    with served(answer(200, USER)) as stub:
        pass
    address = stub.url.split("/")[2]
    error = proxied(monkeypatch, f"http://pam:canary@{address}", "https://scim.example.com/v2")
    assert (error.kind, error.sent) == ("proxy", False)
    assert str(error) == (
        f"the proxy http://{address} could not be reached or did not connect to https://scim.example.com;"
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


# Without requests


def test_the_room_can_be_imported_without_requests():
    code = (
        "import sys; sys.modules['requests'] = None\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport import session, settings, errors\n"
        "assert 'requests' in session.REQUESTS_IMPORT_ERROR\n"
        "try: session.Session(settings.settings_from({'server_url': 'https://h', 'token': 't'}), user_agent='x')\n"
        "except errors.TransportError as error: assert error.kind == 'settings'\n"
        "else: raise SystemExit(1)\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
