# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an exception of the libraries below means, as one clause and one hint; knows causes, not requests or secrets."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator

from .errors import TransportError
from .text import clean

_CERTIFICATE = {
    9: (
        "the certificate of {place} is not valid yet",
        "check the clock of this machine and the service's certificate",
    ),
    10: (
        "the certificate of {place} has expired",
        "have it renewed; only for a test, set validate_certs: false",
    ),
    18: (
        "the certificate of {place} is self-signed",
        "state it, or the authority that signed it, in ca_path",
    ),
    19: (
        "the certificate of {place} is signed by an unknown authority",
        "state the authority's certificate in ca_path",
    ),
    20: (
        "the certificate of {place} is signed by an unknown authority",
        "state the authority's certificate in ca_path",
    ),
    21: (
        "the certificate of {place} is signed by an unknown authority",
        "state the authority's certificate in ca_path",
    ),
    62: (
        "the certificate of {place} is for another host name",
        "check the host name in server_url",
    ),
    64: (
        "the certificate of {place} is for another host name",
        "check the host name in server_url",
    ),
}
_NOT_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
    "UNEXPECTED_MESSAGE",
)


def causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what it was made from, outermost first. Not ``__context__``: that may be an error of the caller."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [
            *found.args,
            getattr(found, "reason", None),
            getattr(found, "original_error", None),
            found.__cause__,
        ]


def explain(
    error: BaseException, *, place: str, seconds: float, sent: bool, proxy: str = ""
) -> TransportError:
    """An exception raised while talking to ``place`` → the error to raise in its stead, with nothing of its text.

    ``sent``: some of the request had left; ``seconds``: the timeout; ``proxy``: scheme, host and port of it, if any.
    """
    found = list(causes(error))
    kind, reason, hint = _proxy(found, proxy) or _meaning(found, sent, seconds)
    # Where TLS failed, nothing was acted upon, though some of the request may have left (TLS 1.3 says so late).
    return TransportError(
        kind=kind,
        reason=reason.format(place=clean(place).replace("{", "")),
        hint=hint,
        sent=sent and kind != "tls",
    )


def _proxy(found: list[BaseException], proxy: str) -> tuple[str, str, str] | None:
    if not proxy or not any(type(error).__name__ == "ProxyError" for error in found):
        return None
    refusal = next(
        (
            part
            for error in found
            if str(error).startswith("Tunnel connection failed: ")
            for part in str(error).split()[3:4]
            if part.isdigit()
        ),
        "",
    )
    name = clean(proxy).replace("{", "").replace("}", "")
    if refusal:
        reason = f"the proxy {name} answered {refusal} and did not connect to {{place}}"
    else:
        reason = f"the proxy {name} could not be reached or did not connect to {{place}}"
    return "proxy", reason, "check the proxy variables of the environment, or set use_proxy: false"


def _meaning(found: list[BaseException], sent: bool, seconds: float) -> tuple[str, str, str]:
    for error in found:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "tls", *(_CERTIFICATE.get(error.verify_code) or _other_certificate(error))
        if type(error).__name__ == "CertificateError":
            return "tls", *_CERTIFICATE[62]
        if isinstance(error, (socket.gaierror, UnicodeError)):
            return (
                "dns",
                "the host name in {place} cannot be resolved",
                "check the host name in server_url",
            )
        if isinstance(error, ConnectionRefusedError):
            return (
                "refused",
                "the connection to {place} was refused",
                "check host and port in server_url, and that the service runs",
            )
        if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
            what = (
                "{place} did not answer completely" if sent else "no connection to {place} was made"
            )
            return "timeout", f"{what} within {seconds:g} seconds", "see the option timeout"
        if isinstance(
            error,
            (
                http.client.RemoteDisconnected,
                ConnectionError,
                ssl.SSLEOFError,
                ssl.SSLZeroReturnError,
            ),
        ):
            return _broken(sent)
        if isinstance(error, http.client.IncompleteRead):
            return (
                "cut_short",
                "the answer of {place} was cut short",
                "see whether a proxy or the service breaks connections",
            )
        if isinstance(error, ssl.SSLError):
            if "ALERT" in (error.reason or "") and any(
                part in error.reason for part in ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")
            ):
                return (
                    "tls",
                    "{place} refuses the client certificate, or wants one",
                    "see client_cert and client_key",
                )
            if sent:
                return _broken(sent)
            if error.reason in _NOT_TLS:
                return (
                    "tls",
                    "{place} does not speak TLS",
                    "is it http:// that server_url should begin with, or another port?",
                )
            if any(part in str(error) for part in ("PEM", "X509", "x509", "NO_CERTIFICATE")):
                return "tls", "the certificates to trust could not be loaded", "check ca_path"
            wants = (
                ", and client_cert if the service wants one"
                if "HANDSHAKE_FAILURE" in (error.reason or "")
                else ""
            )
            return (
                "tls",
                "no TLS connection to {place} could be made",
                f"see server_url, validate_certs and ca_path{wants}",
            )
        if isinstance(error, http.client.HTTPException):
            return (
                "not_json",
                "{place} did not answer in proper HTTP",
                "is server_url right: http or https, and the port?",
            )
        if isinstance(error, OSError) and error.errno and not sent:
            return (
                "refused",
                "{place} cannot be reached from here",
                "check host and port in server_url, and the network",
            )
    if sent:
        return _broken(sent)
    return "settings", "no request to {place} could be made", "check server_url and ca_path"


def _other_certificate(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """A fault of a certificate that has no sentence of ours, in the words of the TLS library: they are fixed texts about the certificate."""
    said = (
        clean(str(getattr(error, "verify_message", "") or ""))[:100]
        .replace("{", "")
        .replace("}", "")
        .strip()
    )
    return "the certificate of {place} is not trusted" + (
        f": {said}" if said else ""
    ), "see ca_path, and have the certificate made anew if it is at fault"


def _broken(sent: bool) -> tuple[str, str, str]:
    if sent:
        hint = "see whether the service is well, and server_url right (http or https)"
        return "reset", "the connection to {place} broke before the whole answer was there", hint
    return (
        "reset",
        "{place} closed the connection before it was made",
        "check server_url: http or https, and the port",
    )
