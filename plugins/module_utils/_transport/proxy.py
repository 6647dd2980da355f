# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy the environment names for an address; reads the usual proxy variables once, connects to nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment

from .errors import TransportError
from .urls import is_loopback, origin

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


def proxy_for(url: str) -> str | None:
    """The proxy for ``url`` after ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``, or None.

    A loopback address never goes through a proxy: it would mean the proxy's own machine, and would carry credentials
    over plain HTTP off this one. Raises ``settings`` when the variable holds no proper address, without showing it.
    """
    named: Mapping[str, str] = getproxies_environment()
    parts = urlsplit(url)
    proxy = named.get(parts.scheme) or named.get("all")
    _scheme, host, port = origin(url)
    excepted = named.get("no", "").lower().split(",")
    if (
        not proxy
        or is_loopback(url)
        or any(_covers(entry.strip(), host, port) for entry in excepted)
    ):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        target = urlsplit(proxy)
        valid = (
            target.scheme in _SCHEMES
            and bool(target.hostname)
            and (target.port is None or target.port > 0)
        )
    except ValueError:
        valid = False
    if not valid:
        raise TransportError(
            kind="settings",
            reason="the proxy that the environment names is not a valid address",
            hint=f"check {parts.scheme.upper()}_PROXY and ALL_PROXY, or set use_proxy: false",
        )
    return proxy


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of ``NO_PROXY`` (everything, a name and all below it, an address or network) covers ``host``."""
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    name, _colon, entry_port = entry.partition(":")
    name = name.lstrip("*").lstrip(".")
    return (
        bool(name) and (host == name or host.endswith(f".{name}")) and entry_port in ("", str(port))
    )


def proxy_secrets(proxy: str | None) -> tuple[str, ...]:
    """What of ``proxy`` must not be shown: its password, as written and decoded, and the pair as Basic joins it."""
    parts = urlsplit(proxy or "")
    if not parts.password:
        return ()
    password = unquote(parts.password)
    return parts.password, password, f"{unquote(parts.username or '')}:{password}"
