# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options made into checked settings; knows the ways to authenticate and what each needs, sends nothing."""

from __future__ import annotations

import base64
import math
import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import TransportError
from .proxy import proxy_for, proxy_secrets
from .secret_forms import all_forms
from .urls import base_url, is_loopback

_BEARER = re.compile(r"(authorization:\s*)?bearer(\s+|\Z)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderAuth:
    """Credentials that travel as fixed request headers. Called with a prepared request, as requests' ``AuthBase`` is."""

    headers: Mapping[str, str] = field(repr=False)

    def __call__(self, request: Any) -> Any:
        """``request`` with the credentials in its headers."""
        request.headers.update(self.headers)
        return request


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to authenticate as its options state it; ``secrets`` are raw, ``notes`` are for the user."""

    auth: Callable[[Any], Any]
    secrets: tuple[str, ...] = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How to reach a service, checked. ``secrets`` holds every form to be masked; ``notes`` become warnings."""

    server_url: str
    auth: Callable[[Any], Any] = field(repr=False)
    verify: bool | str = True
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    retries: int = 5
    retry_max_wait: float = 120.0
    secrets: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()


def _refused(reason: str, hint: str) -> TransportError:
    return TransportError(kind="settings", reason=reason, hint=hint)


def _bearer(options: Mapping[str, Any]) -> Way:
    """A bearer token (RFC 6750), freed of what a paste leaves around it. Never shown in an error."""
    stated = str(options["token"])
    token = stated.strip()
    notes = ["token has white space around it, which is left out"] if token != stated else []
    prefix = _BEARER.match(token)
    if prefix:
        token = token[prefix.end():]
        notes.append("token begins with 'Bearer', which is left out: it is added when the token is sent")
    if not token:
        raise _refused("token is empty", "state the token")
    if '"' in token or "'" in token:
        raise _refused("token has quotes in it", "state it without quotes")
    if _CONTROL.search(token):
        raise _refused("token has a line end or control character in it", "state it on one line")
    if re.search(r"\s", token):
        raise _refused("token has white space in it", "check that it is one token, copied whole")
    if not _encodes(token, "latin-1"):
        raise _refused("token has a character that cannot be sent in a header", "check how it was copied")
    return Way(auth=HeaderAuth(headers={"Authorization": f"Bearer {token}"}), secrets=(token,), notes=tuple(notes))


def _basic(options: Mapping[str, Any]) -> Way:
    """HTTP Basic (RFC 7617): a user name without colon, UTF-8."""
    username, password = str(options["auth_username"]), str(options["auth_password"])
    if not username:
        raise _refused("auth_username is empty", "state the user name")
    if ":" in username:
        raise _refused("auth_username has a colon in it, which HTTP Basic does not allow", "check the user name")
    for name, value in (("auth_username", username), ("auth_password", password)):
        if _CONTROL.search(value):
            raise _refused(f"{name} has a line end or control character in it", "state it on one line")
    pair = f"{username}:{password}"
    if not _encodes(pair, "utf-8"):
        raise _refused("auth_username or auth_password holds half of a surrogate pair", "check how it was copied")
    coded = base64.b64encode(pair.encode()).decode("ascii")
    return Way(auth=HeaderAuth(headers={"Authorization": f"Basic {coded}"}), secrets=(password, pair))


def _encodes(text: str, codec: str) -> bool:
    """Whether ``text`` can be written so. The exception holds the text, so it must not become anyone's context."""
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


# A way to authenticate: its options, all of them needed, and what is made of them. The next way is one entry more.
WAYS: tuple[tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Way]], ...] = (
    (("token",), _bearer),
    (("auth_username", "auth_password"), _basic),
)


def _way(options: Mapping[str, Any]) -> Way:
    """The one way that ``options`` state. None, two, or half of one: an error that names options, never values."""
    stated = [(names, make) for names, make in WAYS if any(options.get(name) is not None for name in names)]
    if not stated:
        raise _refused("no way to authenticate is stated", "state " + ", or ".join(" and ".join(names) for names, _make in WAYS))
    if len(stated) > 1:
        both = ", and ".join(" with ".join(name for name in names if options.get(name) is not None) for names, _make in stated)
        raise _refused(f"more than one way to authenticate is stated: {both}", "state only one of them")
    names, make = stated[0]
    missing = [name for name in names if options.get(name) is None]
    if missing:
        given = " and ".join(name for name in names if name not in missing)
        raise _refused(f"{given} is stated without {' and '.join(missing)}", f"state {' and '.join(missing)} too")
    return make(options)


def _number(options: Mapping[str, Any], name: str, default: float, *, least: float, whole: bool = False) -> float:
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
        bound = f"from {least:g} to 86400" if least >= 0.1 or not least else "above 0, at most 86400"
        raise _refused(f"{name} is not {kind} {bound}", f"the default is {default:g}")
    return value


def _flag(options: Mapping[str, Any], name: str, default: bool) -> bool:
    stated = options.get(name)
    if stated is None:
        return default
    if not isinstance(stated, bool):
        raise _refused(f"{name} is neither true nor false", f"the default is {str(default).lower()}")
    return stated


def _verify(options: Mapping[str, Any]) -> bool | str:
    """What requests calls ``verify``: False, True, or the path of the certificates to trust."""
    if not _flag(options, "validate_certs", True):
        return False
    if options.get("ca_path") is None:
        return True
    path = str(options["ca_path"])
    if not os.path.exists(path):
        raise _refused(f"ca_path '{path}' does not exist", "state a PEM file or a folder of hashed certificates")
    if not os.access(path, os.R_OK):
        raise _refused(f"ca_path '{path}' cannot be read", "check its permissions")
    if os.path.isfile(path):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
        except (OSError, ValueError):
            raise _refused(f"ca_path '{path}' holds no certificate", "state a PEM file") from None
    return path


def settings_from(options: Mapping[str, Any]) -> Settings:
    """Connection options by the names of INTERFACE → checked settings. Null counts as not stated.

    Raises a ``settings`` error with one sentence, which never shows a secret. With ``use_proxy`` the proxy is taken
    from the environment, here and only here.
    """
    url = base_url(options.get("server_url"))
    way = _way(options)
    if url.startswith("http:") and not is_loopback(url) and not _flag(options, "allow_http", False):
        raise _refused("server_url is plain http to another machine, where credentials would travel unprotected",
                       "use https, or set allow_http: true")
    proxy = proxy_for(url) if _flag(options, "use_proxy", True) else None
    verify = _verify(options)
    unchecked = ("validate_certs is false: the certificate of the service is not checked",) if verify is False else ()
    return Settings(
        server_url=url,
        auth=way.auth,
        verify=verify,
        proxy=proxy,
        timeout=_number(options, "timeout", 30.0, least=0.001),
        retries=int(_number(options, "retries", 5, least=0, whole=True)),
        retry_max_wait=_number(options, "retry_max_wait", 120.0, least=0),
        secrets=all_forms(way.secrets + proxy_secrets(proxy)),
        notes=way.notes + unchecked,
    )
