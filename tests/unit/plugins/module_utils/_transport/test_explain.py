# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what an exception becomes.

One sentence for each way a connection fails.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.explain import (
    causes,
    explain,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    USER,
    Waits,
    answer,
    cut,
    fails,
    served,
)


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


def test_f19_another_certificate_failure_quotes_the_library():
    error = explained(
        ssl.SSLCertVerificationError(1, "canary"),
        verify_code=92,
        verify_message="Missing Authority Key Identifier",
    )
    assert str(error) == (
        "the certificate of https://scim.example.com is not trusted: Missing Authority Key "
        "Identifier; "
        "check ca_path, or reissue the certificate if it is faulty"
    )


def test_f19_a_handshake_that_fails_for_want_of_a_client_certificate():
    error = explained(ssl.SSLError(1, "canary"), reason="SSLV3_ALERT_HANDSHAKE_FAILURE")
    assert error.hint.startswith("check server_url, validate_certs and ca_path, ")
    assert error.hint.endswith(", and client_cert if the service requires one")


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


def test_not_http_at_all():
    with served(cut(b"220 mail.example.com ESMTP\r\n")) as stub:
        error = fails(stub.url)
    assert (error.kind, error.hint) == (
        "not_json",
        "check http or https and the port in server_url",
    )


def test_causes_are_listed_outermost_first_and_once():
    inner = ConnectionRefusedError(111, "refused")
    outer = OSError("outer", inner)
    outer.__cause__ = inner
    assert list(causes(outer)) == [outer, inner]


@pytest.mark.parametrize(
    ("error", "sent", "kind", "reason"),
    [
        (TimeoutError(), True, "timeout", "PLACE did not answer completely within 1 seconds"),
        (TimeoutError(), False, "timeout", "no connection to PLACE was made within 1 seconds"),
        (
            ConnectionResetError(),
            True,
            "reset",
            "the connection to PLACE broke before the answer was complete",
        ),
        (ConnectionResetError(), False, "reset", "PLACE closed the connection while it was opened"),
        (OSError(101, "canary"), False, "refused", "PLACE cannot be reached from here"),
        (
            http.client.IncompleteRead(b"canary"),
            True,
            "cut_short",
            "the answer from PLACE was cut short",
        ),
        (
            http.client.BadStatusLine("canary"),
            True,
            "not_json",
            "the answer from PLACE is not valid HTTP",
        ),
        (
            ValueError("canary"),
            True,
            "reset",
            "the connection to PLACE broke before the answer was complete",
        ),
        (ValueError("canary"), False, "settings", "no request to PLACE could be made"),
    ],
)
def test_an_exception_becomes_one_sentence_without_its_text(error, sent, kind, reason):
    found = explain(error, place="https://h", seconds=1, sent=sent)
    assert (found.kind, found.sent) == (kind, sent)
    assert found.reason == reason.replace("PLACE", "https://h")
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            "TLSV1_ALERT_UNKNOWN_CA",
            "https://h rejects the client certificate, or requires one; check client_cert and "
            "client_key",
        ),
        (
            "WRONG_VERSION_NUMBER",
            "https://h does not speak TLS; check http or https and the port in server_url",
        ),
        ("NO_CERTIFICATE", "the certificates to trust could not be loaded; check ca_path"),
        (
            "UNKNOWN",
            "no TLS connection to https://h could be made; check server_url, validate_certs and "
            "ca_path",
        ),
    ],
)
def test_a_tls_failure_was_never_sent(reason, sentence):
    error = ssl.SSLError(1, reason)
    error.reason = reason
    found = explain(error, place="https://h", seconds=1, sent=False)
    assert (str(found), found.kind, found.sent) == (sentence, "tls", False)
