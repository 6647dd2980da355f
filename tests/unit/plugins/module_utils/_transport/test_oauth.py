# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of OAuth client credentials.

What goes where, how often, and is never shown.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from urllib.parse import parse_qs

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    Chosen,
    Waits,
    answer,
    served,
    session,
    without_waiting,
)

USER = {"id": "1", "userName": "pbeesly"}
SECRET = "canary secret/+✓"
BASIC = base64.b64encode(b"pam%3Acommon:canary+secret%2F%2B%E2%9C%93").decode()
TOKENS = ("canary-one", "canary-two", "canary-three")


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)


def given(token, **more):
    return answer(
        200,
        {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more},
        media="application/json",
    )


def once(*steps):
    """Return steps that are not repeated: more requests are an error of the test."""
    return (*steps, answer(418, {"error": "too many requests of the test"}))


class Hand:
    """A clock that is moved by hand."""

    time = 1000.0

    def __call__(self):
        return self.time


@contextlib.contextmanager
def oauth(service, endpoint, *, clock=None, **options):
    """A session that gets its access tokens from ``endpoint``.

    Both are steps of a stub.
    """
    with served(*endpoint) as login, served(*service) as stub:
        given_options = {
            "token": None,
            "oauth_token_url": f"{login.url}/token?tenant=scranton",
            "oauth_client_id": "pam:common",
            "oauth_client_secret": SECRET,
            **options,
        }
        with session(stub.url, clock=clock, **given_options) as scim:
            yield scim, stub, login


def tokens(stub):
    return [seen.headers.get("authorization", "").removeprefix("Bearer ") for seen in stub.seen]


def fails(scim, method="GET"):
    with pytest.raises(TransportError) as info:
        scim.send(method, ("Users",), body={} if method == "POST" else None)
    error = info.value
    shown = f"{error!s}{error!r}{vars(error)}"
    assert "canary" not in shown and BASIC not in shown and "✓" not in shown
    assert error.__context__ is None and error.__cause__ is None
    assert not error.sent
    return error


def test_a_token_is_asked_for_once_and_before_the_first_request():
    with oauth(
        [answer(200, USER)], once(given("canary-one")), oauth_scopes=["scim.read", "scim.write"]
    ) as (scim, stub, login):
        assert (scim.requests, login.seen) == (0, [])
        for _number in range(3):
            assert scim.send("GET", ("Users", "1")).body == USER
        assert scim.requests == 4
    (asked,) = login.seen
    assert (asked.method, asked.target) == ("POST", "/scim/v2/token?tenant=scranton")
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["scim.read scim.write"],
    }
    assert asked.headers["authorization"] == f"Basic {BASIC}"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert tokens(stub) == ["canary-one"] * 3


def test_the_secret_goes_in_the_body_where_the_endpoint_does_not_know_it_otherwise():
    clock = Hand()
    refusal = answer(401, {"error": "invalid_client"}, media="application/json")
    with oauth(
        [answer(200, USER)],
        once(refusal, given("canary-one", expires_in=600), given("canary-two")),
        clock=without_waiting(steady=clock),
    ) as (scim, stub, login):
        scim.send("GET", ("Users",))
        clock.time += 600
        scim.send("GET", ("Users",))
        assert scim.requests == 5
    assert (
        "authorization" not in login.seen[1].headers
        and "authorization" not in login.seen[2].headers
    )
    form = parse_qs(login.seen[2].body.decode())
    assert form == {
        "grant_type": ["client_credentials"],
        "client_id": ["pam:common"],
        "client_secret": [SECRET],
    }
    assert tokens(stub) == ["canary-one", "canary-two"]


def test_s15_secrets_go_to_their_server_only():
    """S15: what each of the two hosts gets."""
    with oauth(
        [answer(200, USER)],
        once(given("canary-one")),
        headers={"X-Tenant": "scranton"},
        secret_headers={"X-Key": "canary-key"},
    ) as run:
        scim, stub, login = run
        scim.send("GET", ("Users",))
    (request,), (asked,) = stub.seen, login.seen
    assert (
        request.headers["x-tenant"],
        request.headers["x-key"],
        request.headers["authorization"],
    ) == ("scranton", "canary-key", "Bearer canary-one")
    assert BASIC not in str(request) and "canary+secret" not in str(request)
    assert not {"x-tenant", "x-key"} & set(asked.headers)
    assert asked.headers["authorization"] == f"Basic {BASIC}"


def test_m5_headers_and_tokens_are_not_sent_to_where_a_redirect_points():
    """S15: another host gets nothing."""
    with served(answer(200, USER)) as evil:
        away = answer(302, more=f"Location: {evil.url}/Users\r\n")
        with oauth([away], once(given("canary-one")), secret_headers={"X-Key": "canary-key"}) as (
            scim,
            _stub,
            _login,
        ):
            assert fails(scim).kind == "redirect"
    assert evil.seen == []


def test_the_endpoint_is_not_followed_elsewhere():
    with served(given("canary-one")) as evil:
        with oauth([answer(200, USER)], [answer(307, more=f"Location: {evil.url}/token\r\n")]) as (
            scim,
            stub,
            _login,
        ):
            error = fails(scim)
    assert evil.seen == [] and stub.seen == []
    assert (
        error.reason.endswith("redirects of writes are never followed")
        and "oauth_token_url" in error.hint
    )


# F14, F16: 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_f14_one_401_is_one_new_token(method):
    with oauth(
        once(answer(401), answer(201, USER)), once(given("canary-one"), given("canary-two"))
    ) as (scim, stub, login):
        got = scim.send(
            method, ("Users",), body={"userName": "pbeesly"} if method == "POST" else None
        )
        assert (got.status, got.tries, got.lost, scim.requests) == (201, 2, False, 4)
    assert tokens(stub) == ["canary-one", "canary-two"]
    assert [seen.body for seen in stub.seen][0] == [seen.body for seen in stub.seen][1]
    assert len(login.seen) == 2


def test_f14_a_static_token_fails_at_once():
    with served(answer(401), answer(200, USER)) as stub, session(stub.url) as scim:
        assert scim.send("GET", ("Users",)).status == 401
    assert len(stub.seen) == 1


def test_f16_a_401_after_the_refresh_is_the_answer_and_there_is_no_loop():
    with oauth([answer(401)], [given(one) for one in TOKENS]) as (scim, stub, login):
        for _number in range(3):
            assert scim.send("GET", ("Users",)).status == 401
    assert tokens(stub) == ["canary-one", "canary-two", "canary-two", "canary-two"]
    assert len(login.seen) == 2


def test_after_a_success_there_may_be_another_refresh():
    steps = [answer(401), answer(200, USER), answer(401), answer(200, USER)]
    with oauth(steps, once(*map(given, TOKENS))) as (scim, stub, _login):
        assert [scim.send("GET", ("Users",)).status for _number in range(2)] == [200, 200]
    assert tokens(stub) == ["canary-one", "canary-two", "canary-two", "canary-three"]


def test_a_refresh_that_fails_is_the_error_and_the_write_was_not_done():
    refusal = answer(400, {"error": "unauthorized_client"}, media="application/json")
    with oauth([answer(401)], [given("canary-one"), refusal]) as (scim, _stub, login):
        error = fails(scim, "POST")
    assert str(error) == (
        f"cannot get an access token: {login.url.removesuffix('/scim/v2')} answered 400: "
        "unauthorized_client;"
        " the client must be allowed to use client credentials"
    )


@pytest.mark.parametrize("first", ["start", "401"])
def test_one_request_for_a_token_however_many_are_in_flight(first):
    """Eight threads want a token at once.

    The endpoint is slow, so that they really meet.
    """
    meeting, release = threading.Barrier(8), threading.Event()

    def late(token):
        def step(sock):
            release.wait(0.5)
            sock.sendall(given(token))

        return step

    expired = "Bearer canary-one" if first == "401" else "none"
    service = Chosen(
        lambda seen: answer(401) if seen.headers["authorization"] == expired else answer(200, USER)
    )
    with oauth([service], once(late("canary-one"), late("canary-two"))) as (scim, stub, login):
        got = []

        def work():
            meeting.wait(5)
            got.append(scim.send("GET", ("Users",)).status)

        threads = [threading.Thread(target=work) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert got == [200] * 8
    assert len(login.seen) == (2 if first == "401" else 1)


def test_a_failed_token_request_is_shared_by_the_threads_that_waited():
    meeting = threading.Barrier(6)

    def late(sock):
        threading.Event().wait(0.3)
        sock.sendall(answer(403, {"error": "access_denied"}, media="application/json"))

    with oauth([answer(200, USER)], [late]) as (scim, stub, login):
        failed = []

        def work():
            meeting.wait(5)
            try:
                scim.send("GET", ("Users",))
            except TransportError as error:
                failed.append(str(error))

        threads = [threading.Thread(target=work) for _number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(set(failed)) == 1 and len(failed) == 6
    assert len(login.seen) == 1 and stub.seen == []


# F15: the odd answers of token endpoints


@pytest.mark.parametrize(
    ("life", "later", "asked"),
    [
        (3600, 3569, 1),
        (3600, 3571, 2),
        ("3600", 3571, 2),
        (10, 8.9, 1),
        (10, 9.1, 2),
        (0.5, 1, 2),
        (None, 10**9, 1),
        (0, 10**9, 1),
        (-1, 10**9, 1),
        ("soon", 10**9, 1),
        (True, 10**9, 1),
        ([], 10**9, 1),
        ("nan", 10**9, 1),
    ],
)
def test_f15_expiry(life, later, asked):
    clock = Hand()
    with oauth(
        [answer(200, USER)],
        [given("canary-one", expires_in=life), given("canary-two")],
        clock=without_waiting(steady=clock),
    ) as (scim, _stub, login):
        for _number in range(3):
            scim.send("GET", ("Users",))
        clock.time += later
        for _number in range(3):
            scim.send("GET", ("Users",))
    assert len(login.seen) == asked


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER", None])
def test_f15_token_types_that_are_bearer(kind):
    body = {"access_token": "canary-one"} | ({"token_type": kind} if kind else {})
    with oauth([answer(200, USER)], [answer(200, body, media="application/json")]) as (
        scim,
        stub,
        _login,
    ):
        scim.send("GET", ("Users",))
    assert tokens(stub) == ["canary-one"]


JSON = {"media": "application/json"}


@pytest.mark.parametrize(
    ("step", "requests", "sentence"),
    [
        (
            answer(
                401,
                {
                    "error": "invalid_client",
                    "error_description": f"bad client_secret {SECRET} ({BASIC})",
                },
                **JSON,
            ),
            2,
            "cannot get an access token: PLACE answered 401: invalid_client: bad client_secret "
            "******** (********);"
            " check oauth_client_id and oauth_client_secret",
        ),
        (
            answer(400, {"error": "invalid_scope", "error_description": "no\x1b[2J such"}, **JSON),
            1,
            "cannot get an access token: PLACE answered 400: invalid_scope: no [2J such; check "
            "oauth_scopes",
        ),
        (
            answer(400, {"error": {"code": 7}}, **JSON),
            2,
            "cannot get an access token: PLACE answered 400; check oauth_token_url, "
            "oauth_client_id and oauth_client_secret",
        ),
        (
            answer(404, raw=b"<html><body>Not here canary secret/+</body>", media="text/html"),
            1,
            "cannot get an access token: PLACE answered 404: Not here canary secret/+; check "
            "oauth_token_url, oauth_client_id and oauth_client_secret",
        ),
        (
            answer(200, raw=b"<html>sign in", media="text/html"),
            1,
            "cannot get an access token: the token endpoint answered text/html, not OAuth;"
            " check oauth_token_url, and whether a login page or a proxy is in between",
        ),
        (
            answer(200, raw=b"access_token=canary", media="application/x-www-form-urlencoded"),
            1,
            "cannot get an access token: the token endpoint answered "
            "application/x-www-form-urlencoded, not OAuth;"
            " check oauth_token_url, and whether a login page or a proxy is in between",
        ),
        (
            answer(200, [1], **JSON),
            1,
            "cannot get an access token: the answer is JSON but not an object, so it is not "
            "OAuth; check oauth_token_url",
        ),
        (
            answer(200, {"token": "canary"}, **JSON),
            1,
            "cannot get an access token: the answer from PLACE contains no access_token; check "
            "oauth_token_url",
        ),
        (
            answer(200, {"access_token": "canary\r\nX: y", "token_type": "Bearer"}, **JSON),
            1,
            "cannot get an access token: the access_token from PLACE contains a line end or "
            "control character; check oauth_token_url",
        ),
        (
            answer(200, {"access_token": "", "token_type": "Bearer"}, **JSON),
            1,
            "cannot get an access token: the access_token from PLACE is empty; check "
            "oauth_token_url",
        ),
        (
            answer(200, {"access_token": "canary", "token_type": "mac"}, **JSON),
            1,
            "cannot get an access token: PLACE issues tokens of type 'mac', but only bearer "
            "tokens can be sent; ask its operator for bearer tokens",
        ),
        (
            answer(204),
            1,
            "cannot get an access token: the answer from PLACE contains no access_token; check "
            "oauth_token_url",
        ),
    ],
)
def test_f15_unusable_token_answer_gets_one_sentence(step, requests, sentence):
    with oauth([answer(200, USER)], [step]) as (scim, stub, login):
        with pytest.raises(TransportError) as info:
            scim.send("GET", ("Users",))
        assert scim.requests == len(login.seen) == requests
    assert str(info.value) == sentence.replace("PLACE", login.url.removesuffix("/scim/v2"))
    assert SECRET not in str(info.value) and not info.value.sent
    assert stub.seen == []


def test_a_busy_endpoint_is_asked_again_within_the_bounds():
    waits = Waits()
    with oauth(
        [answer(200, USER)],
        once(answer(503), answer(429, more="Retry-After: 1\r\n"), given("canary-one")),
        clock=without_waiting(waits),
    ) as (scim, stub, _login):
        assert scim.send("POST", ("Users",), body={}).status == 200
        assert scim.requests == 4
    assert (waits, len(stub.seen)) == ([0.5, 2.0], 1)
    with oauth([answer(200, USER)], [answer(503)], retries=1) as (scim, stub, _login):
        error = fails(scim, "POST")
    assert error.reason.startswith(
        "cannot get an access token: the token endpoint still answered 503 after 2 tries"
    )
    assert (error.kind, stub.seen) == ("gave_up", [])


def test_an_endpoint_that_is_not_there():
    with served(answer(204)) as gone:
        pass
    with served(answer(200, USER)) as stub:
        with session(
            stub.url,
            token=None,
            oauth_token_url=f"{gone.url}/token",
            oauth_client_id="pam",
            oauth_client_secret="canary",
            retries=0,
        ) as scim:
            error = fails(scim)
    assert str(error) == (
        f"cannot get an access token: the connection to {gone.url.removesuffix('/scim/v2')} was "
        "refused;"
        " check host and port in oauth_token_url, and that the service runs"
    )


def test_check_mode_may_ask_for_a_token():
    with oauth([answer(200, USER)], once(given("canary-one")), read_only=True) as (
        scim,
        _stub,
        _login,
    ):
        assert scim.send("GET", ("Users",)).body == USER
        assert fails(scim, "POST").kind == "read_only"


def test_every_token_that_was_given_is_to_be_masked():
    odd = 'canary/+"two'
    with oauth(once(answer(401), answer(200, USER)), once(given("canary-one"), given(odd))) as (
        scim,
        _stub,
        _login,
    ):
        before = scim.secrets
        scim.send("GET", ("Users",))
        for form in (
            "canary-one",
            odd,
            json.dumps(odd)[1:-1],
            "canary%2F%2B%22two",
            base64.b64encode(odd.encode()).decode(),
        ):
            assert form in scim.secrets
            assert form not in before
        assert list(scim.secrets) == sorted(scim.secrets, key=lambda form: (-len(form), form))
        assert "canary" not in repr(vars(scim))


def test_a_token_in_an_error_of_the_service_is_masked():
    with oauth(
        [answer(503, {"detail": "bad canary-one"}, more="Retry-After: 1\r\n")],
        [given("canary-one")],
        retries=0,
    ) as (scim, _stub, _login):
        assert "bad ********" in fails(scim).reason


# Mutual TLS

CLIENT = {
    "client_cert": str(CERTIFICATES / "client.pem"),
    "client_key": str(CERTIFICATES / "test-only-key.pem"),
}
TRUST = {"ca_path": str(CERTIFICATES / "authority.pem")}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "client_key": str(CERTIFICATES / "client-key-encrypted.pem"),
            "client_key_password": "canary-pass",
        },
    ],
)
def test_a_client_certificate_is_shown(more):
    with served(answer(200, USER), certificate="good.pem", clients="client.pem") as stub:
        with session(stub.url, token=None, **TRUST, **{**CLIENT, **more}) as scim:
            assert scim.send("GET", ("Users", "1")).body == USER
    assert "authorization" not in stub.seen[0].headers


def test_a_client_certificate_without_checking_the_service():
    with served(answer(200, USER), certificate="self-signed.pem", clients="client.pem") as stub:
        with session(stub.url, validate_certs=False, **CLIENT) as scim:
            assert scim.send("GET", ("Users", "1")).body == USER


def test_without_the_certificate_the_service_is_not_reached():
    with served(answer(200, USER), certificate="good.pem", clients="client.pem") as stub:
        with session(stub.url, **TRUST, retries=0) as scim:
            error = fails_somehow(scim)
    assert stub.seen == []
    assert error.kind in ("tls", "reset")
    if error.kind == "tls":
        assert (
            error.reason.endswith("rejects the client certificate, or requires one")
            and not error.sent
        )


def test_a_certificate_that_the_service_does_not_know():
    with served(answer(200, USER), certificate="good.pem", clients="authority.pem") as stub:
        with session(stub.url, token=None, **TRUST, **CLIENT, retries=0) as scim:
            error = fails_somehow(scim)
    assert stub.seen == []
    assert error.kind in ("tls", "reset")


def fails_somehow(scim):
    with pytest.raises(TransportError) as info:
        scim.send("GET", ("Users",))
    return info.value


# Proxies


def test_s11_the_token_endpoint_is_asked_through_its_proxy_whose_password_is_not_shown(monkeypatch):
    """S11: the proxy of the token endpoint."""
    options = {
        "token": None,
        "oauth_token_url": "http://login.example.com/token",
        "oauth_client_id": "pam",
        "oauth_client_secret": "canary",
        "allow_http": True,
        "retries": 0,
        "secret_headers": {"X-Key": "canary-key"},
    }
    with served(given("canary-one")) as proxy, served(answer(200, USER)) as stub:
        address = proxy.url.split("/")[2]
        monkeypatch.setenv("HTTP_PROXY", f"http://pam:canary-proxy@{address}")
        with session(stub.url, **options) as scim:  # on loopback, where no proxy is used
            assert scim.send("GET", ("Users", "1")).body == USER
            assert "canary-proxy" in scim.secrets
    assert proxy.seen[0].target == "http://login.example.com/token"
    assert (
        "x-key" not in proxy.seen[0].headers and "proxy-authorization" not in stub.seen[0].headers
    )
    with served(answer(200, USER)) as stub, session(stub.url, **options) as scim:
        error = fails(scim)
    assert (error.kind, str(error)) == (
        "proxy",
        f"cannot get an access token: the proxy http://{address} could not be reached or did not "
        "connect to "
        "http://login.example.com; check the proxy variables of the environment, or set "
        "use_proxy: false",
    )
