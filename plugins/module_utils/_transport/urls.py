# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs as pure text: building, encoding, comparing and showing them.

Opens nothing (RFC 3986).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from .errors import TransportError, settings_error
from .text import can_encode, clean, has_control_character

_PORTS = {"http": 80, "https": 443}
_SPACE = re.compile(r"[\x00-\x20\x7f-\x9f\\]|\s")
# ASCII letters, digits, ".", "_" and "-", and what is beyond ASCII.
_HOST = re.compile(r"[^\x00-,/:-@\[-^`{-\x7f]+\Z")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_ENDPOINTS = ("users", "groups")


@dataclass(frozen=True, kw_only=True, slots=True)
class _UrlOption:
    """An option that holds a URL: its name, and the hints for what is wrong with it."""

    name: str
    example: str
    instead: str


_SERVER_URL = _UrlOption(
    name="server_url",
    example="for example https://scim.example.com/v2",
    instead="set auth_username and auth_password instead",
)
_TOKEN_URL = _UrlOption(
    name="oauth_token_url",
    example="for example https://login.example.com/oauth2/token",
    instead="set oauth_client_id and oauth_client_secret instead",
)


def path_segment(text: str) -> str:
    """Return ``text`` percent-encoded as one path segment.

    RFC 3986 section 3.3. Raise a ``settings`` error for what cannot be a segment: an empty text,
    ``.`` and ``..``, control characters, lone surrogates.
    """
    if text in ("", ".", ".."):
        raise settings_error(f"'{text}' cannot be part of a URL", "check the id")
    if has_control_character(text):
        raise settings_error(
            "an id contains a control character, which cannot be part of a URL", "check the id"
        )
    return _quoted(text)


def query_string(query: Mapping[str, str]) -> str:
    """Return ``query`` as the text after the question mark.

    Only unreserved characters are left unencoded (RFC 3986 section 2.3).
    """
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query.items())


def request_url(base: str, segments: Sequence[str], query: Mapping[str, str] | None = None) -> str:
    """Return the whole URL of a request below ``base``, which is a ``base_url()``."""
    url = "/".join((base, *map(path_segment, segments)))
    return f"{url}?{query_string(query)}" if query else url


def _quoted(text: str) -> str:
    if not can_encode(text, "utf-8"):
        raise settings_error(
            "a value contains half of a surrogate pair, which is not a character", "check the value"
        )
    return quote(text, safe="")


def base_url(value: object) -> str:
    """Return ``server_url``, checked and stripped of slashes at its end.

    Raise a ``settings`` error that never shows the URL, since it may contain credentials.
    """
    text = str(value or "").strip()
    if not text:
        raise settings_error("server_url is not set", "set server_url or SCIM_SERVER_URL")
    return _base_url(text)


@lru_cache(maxsize=8)
def _base_url(text: str) -> str:
    """Return a ``server_url`` checked. Each item of a loop has the same."""
    parts = _checked(text, _SERVER_URL)
    if "?" in text or "#" in text:
        raise settings_error("server_url contains a query or fragment", "remove it")
    _check_host_and_path(parts, _SERVER_URL)
    path = parts.path.rstrip("/")
    last = path.rpartition("/")[2]
    if last.lower() in _ENDPOINTS:
        raise settings_error(f"server_url ends in /{last}", "set it to the base URL above that")
    return f"{parts.scheme}://{parts.netloc}{quote(path, safe=_PATH_SAFE)}"


def compared(value: object) -> tuple[str, str, int, str] | None:
    """Return a ``server_url`` as a value that is equal for equal URLs.

    Letters of the host, the default port and slashes at the end make no difference (RFC 3986
    section 6.2). Return None if requests cannot be sent to it.
    """
    try:
        parts = urlsplit(base_url(value))
    except TransportError:
        return None
    port = parts.port or _PORTS[parts.scheme]
    return parts.scheme, (parts.hostname or "").rstrip("."), port, parts.path


def token_url(value: object) -> str:
    """Return ``oauth_token_url`` checked, without white space around it.

    It may have a query, which is kept (RFC 6749 section 3.2).
    """
    text = str(value).strip()
    if not text:
        raise settings_error("oauth_token_url is empty", "set it to the URL of the token endpoint")
    parts = _checked(text, _TOKEN_URL)
    if "#" in text:
        raise settings_error("oauth_token_url contains a fragment", "remove it")
    _check_host_and_path(parts, _TOKEN_URL)
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    url = f"{parts.scheme}://{parts.netloc}{path}"
    if parts.query:
        return f"{url}?{quote(parts.query, safe=_PATH_SAFE + '?')}"
    return url


def _checked(url: str, option: _UrlOption) -> SplitResult:
    """Return the parts of an absolute http or https URL without credentials."""
    name = option.name
    if _SPACE.search(url):
        raise settings_error(
            f"{name} contains white space, a backslash or a control character", f"check {name}"
        )
    parts = _split(url)
    if parts is None:
        raise settings_error(f"{name} is not a valid URL", "check its host and port")
    if parts.scheme not in _PORTS or "://" not in url:
        raise settings_error(f"{name} must begin with https:// or http://", option.example)
    if "@" in parts.netloc:
        raise settings_error(f"{name} contains a user name or password", option.instead)
    return parts


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        # Both are parsed only when they are read.
        _port, _host = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _check_host_and_path(parts: SplitResult, option: _UrlOption) -> None:
    if parts.port == 0 or not _is_host(parts.hostname or ""):
        raise settings_error(f"{option.name} has no valid host", option.example)
    segments = parts.path.lower().replace("%2e", ".").split("/")
    if "." in segments or ".." in segments:
        raise settings_error(
            f"{option.name} contains '.' or '..' in its path", "write the path without them"
        )


def _is_host(host: str) -> bool:
    if is_ip(host):
        return True
    return bool(_HOST.match(host)) and not host.startswith(".") and ".." not in host


def is_ip(host: str) -> bool:
    """Return whether ``host`` is a numeric address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8)
def is_loopback(url: str) -> bool:
    """Return whether ``url`` is on this machine: 127.0.0.0/8, ::1 or localhost."""
    host = urlsplit(url).hostname or ""
    if is_ip(host):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def is_plain_http_elsewhere(url: str) -> bool:
    """Return whether ``url`` is plain http to another machine than this one."""
    return url.startswith("http:") and not is_loopback(url)


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of ``url`` (RFC 6454).

    The port is None if it is not valid.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    return parts.scheme, host, port


def shown_origin(url: str) -> str:
    """Return scheme, host and port of ``url`` as text to show, without credentials."""
    parts = urlsplit(url)
    return clean(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")


def redirect_target(url: str, location: str) -> tuple[str, bool]:
    """Return where ``url`` redirects to, and whether the origin is the same.

    The first is text to show, without credentials, query and fragment: they may be secret.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        shown = clean(f"{shown_origin(target)}{parts.path}")
        same = origin(target) == origin(url)
    except ValueError:
        return "an invalid URL", False
    return shown, same and "@" not in parts.netloc and not _SPACE.search(target)


def same_origin_url(url: str, location: str) -> str:
    """Return path and query of ``location`` at the origin of ``url``."""
    here, there = urlsplit(url), urlsplit(urljoin(url, location))
    target = f"{here.scheme}://{here.netloc}{there.path or '/'}"
    return f"{target}?{there.query}" if there.query else target
