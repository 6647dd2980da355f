# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions of the libraries below explained in one clause and one hint.

Imports no requests.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .errors import TransportError
from .sockets import Unresolved
from .text import clean


class Explanation(NamedTuple):
    """The parts of a TransportError; ``{place}`` in ``reason`` is the server."""

    kind: str
    reason: str
    hint: str


_UNKNOWN_AUTHORITY = Explanation(
    "tls",
    "the certificate of {place} is signed by an unknown authority",
    "set ca_path to the authority's certificate",
)
_OTHER_HOST = Explanation(
    "tls",
    "the certificate of {place} is for another host name",
    "check the host name in server_url",
)
# By the verify codes of OpenSSL.
_CERTIFICATE = {
    9: Explanation(
        "tls",
        "the certificate of {place} is not valid yet",
        "check the clock of this machine and the service's certificate",
    ),
    10: Explanation(
        "tls",
        "the certificate of {place} has expired",
        "have it renewed; set validate_certs: false only for a test",
    ),
    18: Explanation(
        "tls",
        "the certificate of {place} is self-signed",
        "set ca_path to it, or to the authority that signed it",
    ),
    19: _UNKNOWN_AUTHORITY,
    20: _UNKNOWN_AUTHORITY,
    21: _UNKNOWN_AUTHORITY,
    62: _OTHER_HOST,
    64: _OTHER_HOST,
}
_DNS = Explanation(
    "dns", "the host name in {place} cannot be resolved", "check the host name in server_url"
)
_REFUSED = Explanation(
    "refused",
    "the connection to {place} was refused",
    "check host and port in server_url, and that the service runs",
)
_CUT_SHORT = Explanation(
    "cut_short",
    "the answer from {place} was cut short",
    "check whether a proxy or the service breaks connections",
)
_NOT_HTTP = Explanation(
    "not_json",
    "the answer from {place} is not valid HTTP",
    "check http or https and the port in server_url",
)
_UNREACHABLE = Explanation(
    "refused",
    "{place} cannot be reached from here",
    "check host and port in server_url, and the network",
)
_BROKEN = Explanation(
    "reset",
    "the connection to {place} broke before the answer was complete",
    "check the service, and http or https in server_url",
)
_CLOSED = Explanation(
    "reset",
    "{place} closed the connection while it was opened",
    "check http or https and the port in server_url",
)
_CLIENT_CERTIFICATE = Explanation(
    "tls",
    "{place} rejects the client certificate, or requires one",
    "check client_cert and client_key",
)
_NOT_TLS = Explanation(
    "tls", "{place} does not speak TLS", "check http or https and the port in server_url"
)
_TRUST = Explanation("tls", "the certificates to trust could not be loaded", "check ca_path")
_UNKNOWN = Explanation(
    "settings", "no request to {place} could be made", "check server_url and ca_path"
)

_BREAKS = (
    http.client.RemoteDisconnected,
    ConnectionError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
)
_NOT_TLS_REASONS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "UNEXPECTED_MESSAGE",
)
_CLIENT_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
_TRUST_FAILURES = ("PEM", "X509", "x509", "NO_CERTIFICATE")
_TUNNEL_FAILURE = "Tunnel connection failed: "


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and what caused it, outermost first.

    ``__context__`` is left out: that may be an error of the caller.
    """
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting.extend(found.args)
        waiting.append(getattr(found, "reason", None))
        waiting.append(getattr(found, "original_error", None))
        waiting.append(found.__cause__)


def explain(
    error: BaseException, *, place: str, seconds: float, sent: bool, proxy: str = ""
) -> TransportError:
    """Return the error to raise instead of ``error``, with nothing of its text.

    ``place`` and ``proxy`` are scheme, host and port of the server and the proxy. ``seconds`` is
    the timeout. ``sent`` is true if some of the request had left.
    """
    found = list(causes(error))
    explanation = _first_explanation(found, sent, seconds)
    if proxy and any(type(cause).__name__ == "ProxyError" for cause in found):
        explanation = _proxy_failure(found, proxy)
    return TransportError(
        kind=explanation.kind,
        reason=explanation.reason.format(place=_without_braces(clean(place))),
        hint=explanation.hint,
        # Where TLS failed, nothing was acted on, although some of the request may have left:
        # TLS 1.3 reports a failure late.
        sent=sent and explanation.kind != "tls",
    )


def _without_braces(text: str) -> str:
    return text.replace("{", "").replace("}", "")


def _proxy_failure(found: Sequence[BaseException], proxy: str) -> Explanation:
    name = _without_braces(clean(proxy))
    reason = f"the proxy {name} could not be reached or did not connect to {{place}}"
    status = _tunnel_status(found)
    if status:
        reason = f"the proxy {name} answered {status} and did not connect to {{place}}"
    hint = "check the proxy variables of the environment, or set use_proxy: false"
    return Explanation("proxy", reason, hint)


def _tunnel_status(found: Sequence[BaseException]) -> str:
    """Return the status with which the proxy refused, or an empty text."""
    for cause in found:
        text = str(cause)
        if text.startswith(_TUNNEL_FAILURE):
            status = text.removeprefix(_TUNNEL_FAILURE).partition(" ")[0]
            if status.isdigit():
                return status
    return ""


def _first_explanation(found: Sequence[BaseException], sent: bool, seconds: float) -> Explanation:
    for cause in found:
        explanation = _explained(cause, sent, seconds)
        if explanation is not None:
            return explanation
    return _BROKEN if sent else _UNKNOWN


def _explained(error: BaseException, sent: bool, seconds: float) -> Explanation | None:
    """Return what ``error`` means by itself, or None if it says nothing."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _untrusted(error)
    if type(error).__name__ == "CertificateError":
        return _OTHER_HOST
    if isinstance(error, Unresolved):
        return _unresolved(error.seconds, seconds)
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return _DNS
    if isinstance(error, ConnectionRefusedError):
        return _REFUSED
    if _is_timeout(error):
        return _timeout(sent, seconds)
    if isinstance(error, _BREAKS):
        return _break(sent)
    if isinstance(error, ssl.SSLError):
        return _tls_failure(error, sent)
    if isinstance(error, http.client.HTTPException):
        return _http_failure(error)
    if isinstance(error, OSError) and error.errno and not sent:
        return _UNREACHABLE
    return None


def _http_failure(error: http.client.HTTPException) -> Explanation:
    if isinstance(error, http.client.IncompleteRead):
        return _CUT_SHORT
    return _NOT_HTTP


def _break(sent: bool) -> Explanation:
    return _BROKEN if sent else _CLOSED


def _is_timeout(error: BaseException) -> bool:
    return isinstance(error, TimeoutError) or "Timeout" in type(error).__name__


def _timeout(sent: bool, seconds: float) -> Explanation:
    reason = f"no connection to {{place}} was made within {seconds:g} seconds"
    if sent:
        reason = f"{{place}} did not answer completely within {seconds:g} seconds"
    return Explanation("timeout", reason, "see the option timeout")


def _unresolved(seconds: float, timeout: float) -> Explanation:
    longer = "retries" if seconds < timeout else "timeout"
    return Explanation(
        "dns",
        f"the host name in {{place}} was not resolved within {seconds:g} seconds",
        "check the host name in server_url and the name servers of this machine, or set"
        f" {longer} to wait longer",
    )


def _untrusted(error: ssl.SSLCertVerificationError) -> Explanation:
    """Return what is wrong with a certificate.

    Where there is no sentence of ours, it is the message of the TLS library. Those are fixed
    texts about the certificate, so they contain no secret.
    """
    known = _CERTIFICATE.get(error.verify_code)
    if known:
        return known
    message = clean(str(getattr(error, "verify_message", "") or ""))[:100]
    message = _without_braces(message).strip()
    reason = "the certificate of {place} is not trusted"
    if message:
        reason = f"{reason}: {message}"
    return Explanation("tls", reason, "check ca_path, or reissue the certificate if it is faulty")


def _tls_failure(error: ssl.SSLError, sent: bool) -> Explanation:
    reason = error.reason or ""
    if "ALERT" in reason and _has_any(reason, _CLIENT_CERTIFICATE_ALERTS):
        return _CLIENT_CERTIFICATE
    if sent:
        return _BROKEN
    if reason in _NOT_TLS_REASONS:
        return _NOT_TLS
    if _has_any(str(error), _TRUST_FAILURES):
        return _TRUST
    hint = "check server_url, validate_certs and ca_path"
    if "HANDSHAKE_FAILURE" in reason:
        hint = f"{hint}, and client_cert if the service requires one"
    return Explanation("tls", "no TLS connection to {place} could be made", hint)


def _has_any(text: str, parts: Sequence[str]) -> bool:
    return any(part in text for part in parts)
