# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses as pure text: building, encoding, comparing and showing them; knows the rules of RFC 3986, opens nothing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from .errors import TransportError
from .text import clean

_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"[\x00-\x20\x7f-\x9f\\]|\s")
_HOST = re.compile("[A-Za-z0-9._\x80-\U0010ffff-]+\\Z")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_COLLECTIONS = ("users", "groups")


def _refused(reason: str, hint: str = "") -> TransportError:
    return TransportError(kind="settings", reason=reason, hint=hint)


def segment(text: str) -> str:
    """One path segment, percent-encoded (RFC 3986 section 3.3): whatever is in it, it stays one segment.

    Raises ``settings`` for what cannot be one: nothing, ``.`` and ``..``, control characters, lone surrogates.
    """
    if text in ("", ".", ".."):
        raise _refused(f"'{text}' cannot be part of an address", "check the id")
    if _CONTROL.search(text):
        raise _refused(
            "an id holds a control character, which cannot be part of an address", "check the id"
        )
    return _quoted(text)


def query_string(query: Mapping[str, str]) -> str:
    """``query`` as text after the question mark; only unreserved characters stay as they are (RFC 3986 section 2.3)."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query.items())


def address(base: str, segments: Sequence[str], query: Mapping[str, str] | None = None) -> str:
    """The whole address of a request. ``base`` as ``base_url`` gives it."""
    url = "/".join((base, *map(segment, segments)))
    return f"{url}?{query_string(query)}" if query else url


def _quoted(text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        pass
    raise _refused(
        "a value holds half of a surrogate pair, which is not a character", "check the value"
    )


def base_url(stated: object) -> str:
    """``server_url`` as it is used: checked, white space around it and slashes at its end trimmed.

    Raises ``settings`` with one sentence, which never shows the address: it may hold credentials.
    """
    if stated is None or not str(stated).strip():
        raise _refused("server_url is not stated", "state it, or set SCIM_SERVER_URL")
    example = "for example https://scim.example.com/v2"
    parts = _checked(
        str(stated).strip(), "server_url", example, "state auth_username and auth_password instead"
    )
    if "?" in str(stated) or "#" in str(stated):
        raise _refused("server_url has a query or fragment", "state the base URL without it")
    _checked_host(parts, "server_url", example)
    path = parts.path.rstrip("/")
    if path.rpartition("/")[2].lower() in _COLLECTIONS:
        raise _refused(
            f"server_url ends in {path[path.rindex('/') :]}", "state the base URL above it"
        )
    return f"{parts.scheme}://{parts.netloc}{quote(path, safe=_PATH_SAFE)}"


def token_url(stated: object) -> str:
    """``oauth_token_url`` as it is used. It is asked as it is stated, so that it may have a query (RFC 6749 section 3.2)."""
    example = "for example https://login.example.com/oauth2/token"
    text = str(stated).strip()
    if not text:
        raise _refused("oauth_token_url is empty", "state it")
    parts = _checked(
        text, "oauth_token_url", example, "state oauth_client_id and oauth_client_secret instead"
    )
    if "#" in text:
        raise _refused("oauth_token_url has a fragment", "state it without")
    _checked_host(parts, "oauth_token_url", example)
    url = f"{parts.scheme}://{parts.netloc}{quote(parts.path, safe=_PATH_SAFE) or '/'}"
    return f"{url}?{quote(parts.query, safe=_PATH_SAFE + '?')}" if parts.query else url


def _checked(url: str, name: str, example: str, instead: str) -> SplitResult:
    """An absolute address of http or https without credentials in it."""
    if _SPACE.search(url):
        raise _refused(
            f"{name} holds white space, a backslash or a control character", f"check {name}"
        )
    parts = None
    try:
        parts = urlsplit(url)
        _port, _host = parts.port, parts.hostname
    except ValueError:
        parts = None
    if parts is None:
        raise _refused(f"{name} is not a valid address", "check its host and port")
    if parts.scheme not in _PORTS or "://" not in url:
        raise _refused(f"{name} does not begin with https:// or http://", example)
    if "@" in parts.netloc:
        raise _refused(f"{name} holds a user name or password", instead)
    return parts


def _checked_host(parts: SplitResult, name: str, example: str) -> None:
    if parts.port == 0 or not _is_host(parts.hostname or ""):
        raise _refused(f"{name} has no valid host", example)
    segments = [part.lower().replace("%2e", ".") for part in parts.path.split("/")]
    if "." in segments or ".." in segments:
        raise _refused(f"{name} has '.' or '..' in its path", "state the path that is meant")


def _is_host(host: str) -> bool:
    return is_ip(host) or bool(_HOST.match(host)) and not host.startswith(".") and ".." not in host


def is_ip(host: str) -> bool:
    """Whether ``host`` is an address in figures."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(url: str) -> bool:
    """Whether ``url`` is on this machine: 127.0.0.0/8, ::1 or localhost."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or is_ip(host) and ipaddress.ip_address(host).is_loopback


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of ``url`` (RFC 6454); a port that is no port is None."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    else:
        port = port or _PORTS.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), port


def place(url: str) -> str:
    """Scheme, host and port of ``url`` to be shown, without user info."""
    parts = urlsplit(url)
    return clean(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")


def redirect_target(url: str, location: str) -> tuple[str, bool]:
    """Where an answer from ``url`` points → (the address to show, whether it has the same origin).

    What is shown has no user info, query or fragment: they may be secret.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        same = (
            origin(target) == origin(url) and "@" not in parts.netloc and not _SPACE.search(target)
        )
        return clean(f"{place(target)}{parts.path}"), same
    except ValueError:
        return "an address that is not valid", False


def same_origin_address(url: str, location: str) -> str:
    """The address to ask next: path and query of the redirect, on the origin of ``url``, whatever else it says."""
    here, there = urlsplit(url), urlsplit(urljoin(url, location))
    path = f"{here.scheme}://{here.netloc}{there.path or '/'}"
    return f"{path}?{there.query}" if there.query else path
