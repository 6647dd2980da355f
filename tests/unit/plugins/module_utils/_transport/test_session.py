# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of a session.

What it sends, what it refuses to send, and that threads may share it.
"""

from __future__ import annotations

import base64
import json
import threading

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.session import (
    Session,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    TOKEN,
    USER,
    Waits,
    answer,
    fails,
    served,
    session,
    without_waiting,
)


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


def test_e12_media_type_may_be_changed():
    with served(answer(204), answer(204), answer(204)) as stub:
        scim = Session(settings_from({"server_url": stub.url, "token": "t"}), user_agent="x")
        scim.send("PATCH", ("Users", "1"), body={})
        scim.media_type = "application/json"
        scim.send("PATCH", ("Users", "1"), body={})
        scim.send("GET", ("Users", "1"))
        scim.close()
    accepted = [seen.headers["accept"] for seen in stub.seen]
    assert accepted == ["application/scim+json, application/json", *["application/json"] * 2]
    sent = [seen.headers.get("content-type") for seen in stub.seen]
    assert sent == ["application/scim+json", "application/json", None]


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


class Time:
    """A clock that only waiting moves."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def clock(self):
        return without_waiting(self.sleep, steady=lambda: self.now)


def test_requests_of_every_method_begin_no_faster_than_the_rate():
    time, begun = Time(), []
    with served(answer(200, USER)) as stub, session(stub.url, clock=time.clock()) as scim:
        scim.rate = 4
        for method in ("GET", "POST", "GET", "PATCH", "DELETE", "GET"):
            scim.send(method, ("Users",))
            begun.append(time.now)
        assert begun == [0, 0.25, 0.5, 0.75, 1, 1.25]
        time.now += 60
        scim.send("GET", ("Users",))
        assert time.now == 61.25


def test_writes_alone_are_slowed_down_to_their_own_rate():
    time, begun = Time(), []
    with served(answer(200, USER)) as stub, session(stub.url, clock=time.clock()) as scim:
        scim.limit_writes(2)
        for method in ("GET", "GET", "POST", "GET", "PATCH", "GET", "DELETE", "PUT"):
            scim.send(method, ("Users",))
            begun.append(time.now)
    assert begun == [0, 0, 0, 0, 0.5, 0.5, 1, 1.5]


def test_threads_share_one_rate():
    waits = Waits()
    with (
        served(answer(200, USER)) as stub,
        session(stub.url, clock=without_waiting(waits, steady=lambda: 7.0)) as scim,
    ):
        scim.rate = 2
        threads = [
            threading.Thread(target=scim.send, args=("GET", ("Users",))) for _number in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(waits) == pytest.approx(0.5 + 1 + 1.5)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_read_only_session_writes_nothing(method):
    with served(answer(200, USER)) as stub:
        assert fails(stub.url, method, body={}, read_only=True).kind == "read_only"
        with session(stub.url, read_only=True) as scim:
            assert scim.send("GET", ("Users",)).body == USER
    assert [seen.method for seen in stub.seen] == ["GET"]


def test_an_entity_tag_that_cannot_be_sent():
    with served(answer(200, USER)) as stub, session(stub.url) as scim:
        for tag in ("a\r\nX: y", "✓"):
            with pytest.raises(TransportError):
                scim.send("PUT", ("Users", "1"), body={}, if_match=tag)
    assert stub.seen == []


@pytest.mark.parametrize("segments", [("Users", ".."), ("Users", ""), ("Users", "a\n")])
def test_m8_id_that_no_url_can_contain_is_not_sent(segments):
    with (
        served(answer(200, USER)) as stub,
        session(stub.url) as scim,
        pytest.raises(TransportError),
    ):
        scim.send("GET", segments)
    assert stub.seen == []
