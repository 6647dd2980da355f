# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate that is shown to the service (mutual TLS), tried before it is used; never asks anybody for a password."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .credentials import refused
from .text import clean


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCertificate:
    """PEM files of a certificate with its chain and of its key; ``key`` is empty where the first holds both.

    ``password`` is empty for a key that needs none. It is always handed on, since OpenSSL asks on the terminal where
    none is given at all.
    """

    path: str
    key: str = ""
    password: str = field(default="", repr=False)

    @property
    def files(self) -> str | tuple[str, str]:
        """What requests calls ``cert``."""
        return (self.path, self.key) if self.key else self.path


def client_certificate(options: Mapping[str, Any]) -> ClientCertificate | None:
    """``client_cert``, ``client_key`` and ``client_key_password``, tried out; None without them. Raises ``settings``."""
    path, key, password = (
        options.get(name) for name in ("client_cert", "client_key", "client_key_password")
    )
    if path is None:
        for name, value in (("client_key", key), ("client_key_password", password)):
            if value is not None:
                raise refused(f"{name} is stated without client_cert", "state client_cert too")
        return None
    found = ClientCertificate(
        path=str(path),
        key="" if key is None else str(key),
        password="" if password is None else str(password),
    )
    for name, file in (("client_cert", found.path), ("client_key", found.key)):
        if key is not None or name == "client_cert":
            _readable(name, file)
    _fits(found)
    return found


def _readable(name: str, path: str) -> None:
    shown = clean(path)
    if not os.path.exists(path):
        raise refused(f"{name} '{shown}' does not exist", "state a PEM file")
    if not os.path.isfile(path):
        raise refused(f"{name} '{shown}' is no file", "state a PEM file")
    if not os.access(path, os.R_OK):
        raise refused(f"{name} '{shown}' cannot be read", "check its permissions")


def _fits(certificate: ClientCertificate) -> None:
    """Loads certificate and key as the connection will."""
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
    if not failure:
        return
    name = "client_key" if certificate.key else "client_cert"
    shown = clean(certificate.key or certificate.path)
    if failure in ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH"):
        raise refused(
            f"the key in {name} '{shown}' does not belong to the certificate in client_cert '{clean(certificate.path)}'",
            "state the key that it was made with",
        )
    if asked and not certificate.password:
        raise refused(f"the key in {name} '{shown}' is encrypted", "state client_key_password")
    if asked:
        raise refused(
            f"client_key_password does not open the key in {name} '{shown}'", "check the password"
        )
    if not _has_certificate(certificate.path):
        raise refused(
            f"client_cert '{clean(certificate.path)}' holds no certificate", "state a PEM file"
        )
    if certificate.key:
        raise refused(f"client_key '{shown}' holds no private key", "state a PEM file")
    raise refused(
        f"client_cert '{shown}' holds no private key", "state the file of the key in client_key"
    )


def _has_certificate(path: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError):
        return False
    return True
