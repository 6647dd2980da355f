# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of retries, redirects and answers against a server that misbehaves."""

from __future__ import annotations

import contextlib
import gzip
import socket
import time
from email.utils import formatdate

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    TOKEN,
    USER,
    Waits,
    answer,
    cut,
    fails,
    reset,
    served,
    session,
    without_waiting,
)


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
    date, until = formatdate(there, usegmt=True), formatdate(there + offset, usegmt=True)
    more = f"Date: {date}\r\nRetry-After: {until}\r\n"
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
        "the service answered 429 and asks to wait 99999999999 seconds, which is more than "
        "retry_max_wait allows"
        " (120 seconds for all waits together; 1 try so far); run again later, or raise "
        "retry_max_wait"
    )


@pytest.mark.parametrize("value", ["-5", "1e3", "nonsense", ""])
def test_f4_a_senseless_retry_after_is_none(value):
    waits = Waits()
    with (
        served(answer(429, more=f"Retry-After: {value}\r\n"), answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        scim.send("GET", ("Users",))
    assert waits == [0.5]


def test_f4_smallest_of_two_values_counts():
    waits, there = Waits(), time.time()
    date, until = formatdate(there, usegmt=True), formatdate(there + 9, usegmt=True)
    more = f"Date: {date}\r\nRetry-After: {until}\r\nRetry-After: 5\r\n"
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
        "the service still answered 429 after 4 tries and 6 seconds of waiting: slow down, "
        "******** [2J;"
        " run again later, or raise retries or retry_max_wait"
    )


def test_f5_all_waits_together_are_bounded():
    waits = Waits()
    with served(answer(503)) as stub:
        error = fails(stub.url, waits=waits, retries=100, retry_max_wait=10)
    assert error.kind == "gave_up"
    assert (sum(waits), len(stub.seen)) == (10.0, 6)


def test_f6_page_of_a_proxy_is_requested_again():
    page = answer(503, raw=b"<html>" + b"<b>x</b>" * 131_072, media="text/html")
    with served(page, page, answer(200, USER)) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).tries == 3
    with served(page) as stub:
        error = fails(stub.url, retries=1)
    assert error.reason.startswith(
        "the service still answered 503 after 2 tries and 0.5 seconds of waiting: x x"
    )
    assert "<" not in error.reason and len(error.reason) < 300


def test_token_echoed_in_an_error_is_masked():
    page = f"<p>{TOKEN} canary%2fToken%2b1%3d%3d".encode()
    with served(answer(400, raw=page, media="text/html")) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).text == "******** ********"


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
def test_lost_repeatable_request_is_sent_again(method, lost):
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
        f"{place} answered {status} and redirects to {place}/elsewhere, but redirects of writes "
        "are never followed;"
        " if that is the service, set server_url to its address"
    )


def test_m5_a_read_is_not_followed_elsewhere():
    with served(answer(200, USER)) as other:
        with served(answer(302, more=f"Location: {other.url}/Users?token=canary\r\n")) as stub:
            error = fails(stub.url)
        assert other.connections == 0
    assert (error.kind, error.status) == ("redirect", 302)
    assert (
        f"redirects to {other.url}/Users, but redirects of reads are followed only within the "
        "same scheme, host and port" in error.reason
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
def test_m4_body_that_is_not_json_is_not_requested_again(raw):
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


def test_d3_an_empty_array_says_as_much_as_an_empty_object():
    with served(answer(200, raw=b" [ ] ")) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).body == {}
    with served(answer(200, raw=b"[]")) as stub, session(stub.url) as scim:
        with pytest.raises(TransportError, match="not an object"):
            scim.send("PATCH", ("Users", "1"), body={})


@pytest.mark.parametrize("raw", [b"[1]", b'"x"', b"1", b"null"])
def test_json_that_is_no_object(raw):
    with served(answer(200, raw=raw)) as stub:
        if raw == b"null":
            with session(stub.url) as scim:
                assert scim.send("GET", ("Users",)).body is None
        else:
            assert (
                fails(stub.url).reason == "the answer is JSON but not an object, so it is not SCIM"
            )


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_w2_a_403_with_retry_after_is_waited_for(method):
    waits = Waits()
    limited = answer(403, {"detail": "slow down"}, more="Retry-After: 2\r\n")
    with (
        served(limited, answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        assert scim.send(method, ("Users",)).status == 200
    assert waits == [3.0]


def test_w2_a_503_that_says_how_long_in_its_body_is_waited_for_by_reads_only():
    waits = Waits()
    busy = answer(503, {"detail": "maintenance, try again in 2 seconds"})
    with (
        served(busy, answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits)) as scim,
    ):
        assert scim.send("GET", ("Users",)).status == 200
    assert waits == [3.0]
    with served(busy) as stub, session(stub.url) as scim:
        assert scim.send("POST", ("Users",), body={}).status == 503
    assert len(stub.seen) == 1


def test_w2_a_plain_403_is_not_sent_again():
    with served(answer(403, {"detail": "no"})) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).status == 403
    assert len(stub.seen) == 1


def test_w2_a_long_wait_is_told_at_once_with_both_numbers():
    waits = Waits()
    with served(answer(429, {}, more="X-RateLimit-Reset: 3600\r\n")) as stub:
        error = fails(stub.url, waits=waits, retry_max_wait=60)
    assert not waits and len(stub.seen) == 1
    assert "asks to wait 3600 seconds" in str(error) and "60 seconds" in str(error)


@pytest.mark.parametrize(
    "options, tries", [({}, 2), ({"retries": None}, 2), ({"retries": 3}, 4), ({"retries": 0}, 1)]
)
def test_a_server_that_was_never_reached_is_tried_twice_unless_retries_is_set(options, tries):
    waits = Waits()
    with served(answer(200, USER)) as stub:
        url = stub.url
    error = fails(url, waits=waits, **options)
    assert error.kind == "refused" and len(waits) == tries - 1
    assert "retries" in options or sum(waits) < 3


def test_a_server_that_was_reached_before_is_tried_as_often_as_any_other():
    waits = Waits()
    with contextlib.ExitStack() as stack:
        with served(answer(200, USER, more="Connection: close\r\n")) as stub:
            client = session(stub.url, clock=without_waiting(waits))
            scim = stack.enter_context(client)
            scim.send("GET", ("Users",))
        with pytest.raises(TransportError):
            scim.send("GET", ("Users",))
    assert len(waits) == 5


def test_a_server_that_takes_no_connection_is_tried_twice_unless_retries_is_set():
    # Its queue of connections is full, so that no further one is made.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with contextlib.ExitStack() as stack:
            for _one in range(3):
                sock = stack.enter_context(socket.socket())
                sock.setblocking(False)
                sock.connect_ex(address)
            url = f"http://127.0.0.1:{address[1]}"
            for options, tries in (({}, 2), ({"retries": 3}, 4)):
                waits = Waits()
                error = fails(url, waits=waits, timeout=0.2, **options)
                assert (error.kind, error.sent, len(waits)) == ("timeout", False, tries - 1)
