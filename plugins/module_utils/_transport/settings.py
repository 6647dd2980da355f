# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options made into checked settings; knows what goes together, sends nothing."""

from __future__ import annotations

import math
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .certificate import ClientCertificate, client_certificate
from .credentials import Grant, extra_headers, refused, the_way
from .proxy import proxy_for, proxy_secrets
from .secret_forms import all_forms
from .urls import base_url, is_loopback


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderAuth:
    """Credentials that travel as fixed request headers. Called with a prepared request, as requests' ``AuthBase`` is."""

    headers: Mapping[str, str] = field(repr=False)

    def __call__(self, request: Any) -> Any:
        """``request`` with the credentials in its headers."""
        request.headers.update(self.headers)
        return request


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How to reach a server, checked. ``secrets`` holds every form to be masked; ``notes`` become warnings.

    ``auth`` adds the headers that go to the service and nowhere else; with a ``grant``, an access token is asked for
    before the first request, by ``token_settings``.
    """

    server_url: str
    auth: Callable[[Any], Any] = field(repr=False)
    verify: bool | str = True
    certificate: ClientCertificate | None = None
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    retries: int = 5
    retry_max_wait: float = 120.0
    grant: Grant | None = None
    token_proxy: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()


def _number(
    options: Mapping[str, Any], name: str, default: float, *, least: float, whole: bool = False
) -> float:
    stated = options.get(name)
    if stated is None:
        return default
    try:
        value = math.nan if isinstance(stated, bool) else float(stated)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    # A day is beyond any sense, and still within what a socket takes.
    if not least <= value <= 86400 or whole and value != int(value):
        kind = "a whole number" if whole else "a number of seconds"
        bound = (
            f"from {least:g} to 86400" if least >= 0.1 or not least else "above 0, at most 86400"
        )
        raise refused(f"{name} is not {kind} {bound}", f"the default is {default:g}")
    return value


def _flag(options: Mapping[str, Any], name: str, default: bool) -> bool:
    stated = options.get(name)
    if stated is None:
        return default
    if not isinstance(stated, bool):
        raise refused(f"{name} is neither true nor false", f"the default is {str(default).lower()}")
    return stated


def _verify(options: Mapping[str, Any]) -> bool | str:
    """What requests calls ``verify``: False, True, or the path of the certificates to trust."""
    if not _flag(options, "validate_certs", True):
        return False
    if options.get("ca_path") is None:
        return True
    path = str(options["ca_path"])
    if not os.path.exists(path):
        raise refused(
            f"ca_path '{path}' does not exist",
            "state a PEM file or a folder of hashed certificates",
        )
    if not os.access(path, os.R_OK):
        raise refused(f"ca_path '{path}' cannot be read", "check its permissions")
    if os.path.isfile(path):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
        except (OSError, ValueError):
            raise refused(f"ca_path '{path}' holds no certificate", "state a PEM file") from None
    return path


def settings_from(options: Mapping[str, Any]) -> Settings:
    """Connection options by the names of INTERFACE → checked settings. Null counts as not stated.

    Raises a ``settings`` error with one sentence, which never shows a secret. With ``use_proxy`` the proxy is taken
    from the environment, here and only here.
    """
    url = base_url(options.get("server_url"))
    extra, certificate = extra_headers(options), client_certificate(options)
    way = the_way(options, alone=bool(extra.secrets or certificate))
    for name in extra.headers:
        if name.lower() == "authorization" and (way.headers or way.grant):
            raise refused(
                "secret_headers has Authorization in it, and another way to authenticate is stated",
                "state only one of them",
            )
    if url.startswith("http:") and not is_loopback(url) and not _flag(options, "allow_http", False):
        raise refused(
            "server_url is plain http to another machine, where credentials would travel unprotected",
            "use https, or set allow_http: true",
        )
    if certificate and url.startswith("http:"):
        raise refused(
            "client_cert is stated, and server_url is plain http, where no certificate is shown",
            "use https",
        )
    proxies = [
        proxy_for(one) if one and _flag(options, "use_proxy", True) else None
        for one in (url, way.grant.token_url if way.grant else "")
    ]
    verify = _verify(options)
    unchecked = (
        ("validate_certs is false: the certificate of the service is not checked",)
        if verify is False
        else ()
    )
    password = (certificate.password,) if certificate else ()
    return Settings(
        server_url=url,
        auth=HeaderAuth(headers={**extra.headers, **way.headers}),
        verify=verify,
        certificate=certificate,
        proxy=proxies[0],
        timeout=_number(options, "timeout", 30.0, least=0.001),
        retries=int(_number(options, "retries", 5, least=0, whole=True)),
        retry_max_wait=_number(options, "retry_max_wait", 120.0, least=0),
        grant=way.grant,
        token_proxy=proxies[1],
        secrets=all_forms(
            way.secrets
            + extra.secrets
            + password
            + tuple(one for proxy in proxies for one in proxy_secrets(proxy))
        ),
        notes=way.notes + unchecked,
    )
