# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client certificate for mutual TLS, loaded once before use.

Never asks for a password.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import TransportError, settings_error
from .text import clean

_PEM = "set it to a PEM file"
_MISMATCH = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCertificate:
    """The PEM files of a certificate with its chain, and of its key.

    ``key`` is empty if the first file contains both. ``password`` is empty for a key that needs
    none. It is always passed on, since OpenSSL asks on the terminal where none is given at all.
    """

    path: str
    key: str = ""
    password: str = field(default="", repr=False)

    @property
    def files(self) -> str | tuple[str, str]:
        """Return what requests calls ``cert``."""
        return (self.path, self.key) if self.key else self.path


def client_certificate(options: Mapping[str, Any]) -> ClientCertificate | None:
    """Return the certificate of ``client_cert`` and ``client_key``, or None.

    ``client_key_password`` decrypts the key. Certificate and key are loaded on trial. Raise a
    ``settings`` error if that fails.
    """
    path = options.get("client_cert")
    if path is None:
        for name in ("client_key", "client_key_password"):
            if options.get(name) is not None:
                raise settings_error(f"{name} is set without client_cert", "set client_cert too")
        return None
    key = options.get("client_key")
    password = options.get("client_key_password")
    _check_readable("client_cert", str(path))
    if key is not None:
        _check_readable("client_key", str(key))
    found = ClientCertificate(path=str(path), key=_text(key), password=_text(password))
    _check_loads(found)
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _check_readable(name: str, path: str) -> None:
    shown = clean(path)
    if not os.path.exists(path):
        raise settings_error(f"{name} '{shown}' does not exist", _PEM)
    if not os.path.isfile(path):
        raise settings_error(f"{name} '{shown}' is not a file", _PEM)
    if not os.access(path, os.R_OK):
        raise settings_error(f"{name} '{shown}' cannot be read", "check its permissions")


def _check_loads(certificate: ClientCertificate) -> None:
    """Load certificate and key as the connection will, or raise a ``settings`` error."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asked: list[bool] = []

    def password() -> str:
        asked.append(True)
        return certificate.password

    failure = ""
    try:
        context.load_cert_chain(certificate.path, certificate.key or None, password)
    except ssl.SSLError as error:
        failure = error.reason or "unknown"
    except (OSError, ValueError):
        failure = "unreadable"
    # Raised outside of the except clauses, so that no other error is the context of this one.
    if failure:
        raise _load_error(certificate, failure, bool(asked))


def _load_error(certificate: ClientCertificate, failure: str, encrypted: bool) -> TransportError:
    """Return the error for ``failure``, the reason that OpenSSL gives."""
    path = clean(certificate.path)
    key = f"client_cert '{path}'"
    if certificate.key:
        key = f"client_key '{clean(certificate.key)}'"
    if failure in _MISMATCH:
        return settings_error(
            f"the key in {key} does not belong to the certificate in client_cert '{path}'",
            "use the key that the certificate was made with",
        )
    if encrypted and not certificate.password:
        return settings_error(f"the key in {key} is encrypted", "set client_key_password")
    if encrypted:
        return settings_error(
            f"client_key_password does not decrypt the key in {key}", "check the password"
        )
    if not has_certificate(certificate.path):
        return settings_error(f"client_cert '{path}' contains no certificate", _PEM)
    if certificate.key:
        return settings_error(f"{key} contains no private key", _PEM)
    return settings_error(f"{key} contains no private key", "set client_key to the file of the key")


def has_certificate(path: str) -> bool:
    """Return whether the file ``path`` contains a certificate in PEM form."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError):
        return False
    return True
