# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy the environment sets for a URL.

Reads its variables, connects to nothing.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment

from .errors import settings_error
from .urls import is_loopback, origin

_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


def proxy_for(url: str) -> str | None:
    """Return the URL of the proxy for ``url``, or None.

    The proxy comes from ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``ALL_PROXY``, except for what
    ``NO_PROXY`` covers. A loopback address never uses a proxy: it would mean the proxy's own
    machine, and would carry credentials over plain HTTP off this one. Raise a ``settings`` error
    if the variable is not a valid URL, without showing it.
    """
    if is_loopback(url):
        return None
    proxies: dict[str, str] = getproxies_environment()
    scheme, host, port = origin(url)
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or _is_excepted(proxies.get("no", ""), host, port):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not _is_valid(proxy):
        raise settings_error(
            "the proxy set in the environment is not a valid URL",
            f"check {scheme.upper()}_PROXY and ALL_PROXY, or set use_proxy: false",
        )
    return proxy


def _is_valid(proxy: str) -> bool:
    try:
        target = urlsplit(proxy)
        host, port = target.hostname, target.port
    except ValueError:
        return False
    return target.scheme in _SCHEMES and bool(host) and port != 0


def _is_excepted(no_proxy: str, host: str, port: int | None) -> bool:
    for entry in no_proxy.lower().split(","):
        if _covers(entry.strip(), host, port):
            return True
    return False


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Return whether an entry of ``NO_PROXY`` covers ``host``.

    An entry is ``*``, a domain (which covers everything below it), an address or a network.
    """
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        # The host or the entry is a name.
        pass
    name, _colon, entry_port = entry.partition(":")
    name = name.lstrip("*").lstrip(".")
    if not name or entry_port not in ("", str(port)):
        return False
    return host == name or host.endswith(f".{name}")


def proxy_secrets(proxy: str | None) -> tuple[str, ...]:
    """Return the parts of the URL ``proxy`` that must not be shown.

    These are its password, as written and decoded, and the pair as HTTP Basic joins it.
    """
    parts = urlsplit(proxy or "")
    if not parts.password:
        return ()
    password = unquote(parts.password)
    return parts.password, password, f"{unquote(parts.username or '')}:{password}"
