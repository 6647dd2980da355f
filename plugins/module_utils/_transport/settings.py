# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options made into checked settings.

Knows what goes together, sends nothing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .certificate import ClientCertificate, client_certificate, has_certificate
from .credentials import Credentials, Grant, credentials_from
from .errors import settings_error
from .headers import ExtraHeaders, extra_headers
from .kept_connections import KeptConnections
from .proxy import proxy_for, proxy_secrets
from .secret_forms import all_forms
from .urls import base_url, is_plain_http_elsewhere

# A day is longer than any sensible value, and still within what a socket takes.
_LONGEST = 86400
_MOST_AT_ONCE = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderAuth:
    """Credentials that are sent as fixed request headers.

    It is called with a prepared request, as ``AuthBase`` of requests is.
    """

    headers: Mapping[str, str] = field(repr=False)

    def __call__(self, request: Any) -> Any:
        """Return ``request`` with the credentials in its headers."""
        request.headers.update(self.headers)
        return request


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How to reach a server, checked.

    ``auth`` adds the headers that go to the service and nowhere else. With a ``grant``, an access
    token is requested before the first request, through ``token_proxy``. ``timeout``,
    ``retry_max_wait`` and ``consistency_wait`` are seconds. ``concurrency`` is how many requests
    are sent at the same time at most. ``insists``: a server that was never reached is tried as
    often as any other. ``secrets`` holds every form of every text to mask, ``notes``
    are warnings for the user. ``kept`` are connections of earlier sessions.
    """

    server_url: str
    auth: Callable[[Any], Any] = field(repr=False)
    verify: bool | str = True
    certificate: ClientCertificate | None = None
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    retries: int = 5
    insists: bool = True
    retry_max_wait: float = 120.0
    consistency_wait: float = 5.0
    concurrency: int = 8
    grant: Grant | None = None
    token_proxy: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    kept: KeptConnections | None = field(default=None, repr=False, compare=False)


def settings_from(options: Mapping[str, Any]) -> Settings:
    """Return the settings of connection options. A null option counts as omitted.

    Raise a ``settings`` error with one sentence, which never shows a secret. With ``use_proxy``
    the proxy is taken from the environment, here and only here.
    """
    url = base_url(options.get("server_url"))
    extra = extra_headers(options)
    certificate = client_certificate(options)
    enough = bool(extra.secrets or certificate)
    credentials = credentials_from(options, required=not enough)
    _check_one_authorization(extra, credentials)
    _check_encrypted(url, options, certificate)
    proxy = _proxy(options, url)
    token_proxy = None
    if credentials.grant:
        token_proxy = _proxy(options, credentials.grant.token_url)
    verify = _verify(options)
    notes = list(credentials.notes)
    if verify is False:
        notes.append("validate_certs is false: the certificate of the service is not checked")
    secrets = [*credentials.secrets, *extra.secrets]
    if certificate:
        secrets.append(certificate.password)
    return Settings(
        server_url=url,
        auth=HeaderAuth(headers={**extra.headers, **credentials.headers}),
        verify=verify,
        certificate=certificate,
        proxy=proxy,
        timeout=_seconds(options, "timeout", 30.0, least=0.001),
        retries=_count(options, "retries", 5, bounds=(0, _LONGEST)),
        insists=options.get("retries") is not None,
        retry_max_wait=_seconds(options, "retry_max_wait", 120.0, least=0),
        consistency_wait=_seconds(options, "consistency_wait", 5.0, least=0),
        concurrency=_count(options, "concurrency", 8, bounds=(1, _MOST_AT_ONCE)),
        grant=credentials.grant,
        token_proxy=token_proxy,
        secrets=all_forms((*secrets, *proxy_secrets(proxy), *proxy_secrets(token_proxy))),
        notes=tuple(notes),
    )


def _check_one_authorization(extra: ExtraHeaders, credentials: Credentials) -> None:
    another = bool(credentials.headers or credentials.grant)
    if another and extra.has("authorization"):
        raise settings_error(
            "secret_headers contains Authorization, and another authentication method is set",
            "set only one of them",
        )


def _check_encrypted(
    url: str, options: Mapping[str, Any], certificate: ClientCertificate | None
) -> None:
    if is_plain_http_elsewhere(url) and not _flag(options, "allow_http", False):
        raise settings_error(
            "server_url is plain http to another machine, so credentials would be sent unencrypted",
            "use https, or set allow_http: true",
        )
    if certificate and url.startswith("http:"):
        raise settings_error(
            "client_cert is set, but server_url is plain http, which uses no certificate",
            "use https",
        )


def _proxy(options: Mapping[str, Any], url: str) -> str | None:
    if not _flag(options, "use_proxy", True):
        return None
    return proxy_for(url)


def _verify(options: Mapping[str, Any]) -> bool | str:
    """Return what requests calls ``verify``.

    False, True, or the path of the certificates to trust.
    """
    if not _flag(options, "validate_certs", True):
        return False
    if options.get("ca_path") is None:
        return True
    path = str(options["ca_path"])
    if not os.path.exists(path):
        raise settings_error(
            f"ca_path '{path}' does not exist",
            "set it to a PEM file or a folder of hashed certificates",
        )
    if not os.access(path, os.R_OK):
        raise settings_error(f"ca_path '{path}' cannot be read", "check its permissions")
    if os.path.isfile(path) and not has_certificate(path):
        raise settings_error(f"ca_path '{path}' contains no certificate", "set it to a PEM file")
    return path


def _flag(options: Mapping[str, Any], name: str, default: bool) -> bool:
    value = options.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise settings_error(
            f"{name} must be true or false", f"it defaults to {str(default).lower()}"
        )
    return value


def _seconds(options: Mapping[str, Any], name: str, default: float, *, least: float) -> float:
    value = _number(options.get(name), default)
    if not least <= value <= _LONGEST:
        bounds = f"above 0 and at most {_LONGEST}"
        if least == 0:
            bounds = f"from 0 to {_LONGEST}"
        raise settings_error(
            f"{name} must be a number of seconds {bounds}", f"it defaults to {default:g}"
        )
    return value


def _count(options: Mapping[str, Any], name: str, default: int, *, bounds: tuple[int, int]) -> int:
    least, most = bounds
    value = _number(options.get(name), default)
    if not least <= value <= most or value != int(value):
        raise settings_error(
            f"{name} must be a whole number from {least} to {most}", f"it defaults to {default}"
        )
    return int(value)


def _number(value: Any, default: float) -> float:
    """Return ``value`` as a number, ``default`` for None, and NaN for anything else."""
    if value is None:
        return default
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
