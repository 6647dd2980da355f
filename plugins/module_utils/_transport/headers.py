# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options ``headers`` and ``secret_headers``, checked.

Knows header rules, sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import settings_error
from .text import can_encode, clean, has_control_character

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110 section 5.6.2
# These say where a message ends, what it is and where it goes: the collection alone sets them.
_RESERVED = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "if-match",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_SECRET = frozenset({"authorization", "cookie"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraHeaders:
    """Further headers of requests to the service, and their values to mask."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def has(self, name: str) -> bool:
        """Return whether there is a header ``name``, given in lower case."""
        return name in {known.lower() for known in self.headers}


def extra_headers(options: Mapping[str, Any]) -> ExtraHeaders:
    """Return ``headers`` and ``secret_headers`` as one set of headers.

    A null value counts as omitted. Raise a ``settings`` error for what cannot be sent.
    """
    plain = _headers(options, "headers")
    secret = _headers(options, "secret_headers")
    secret_names = {name.lower() for name in secret}
    for name in plain:
        if name.lower() in secret_names:
            raise settings_error(
                f"{name.lower()} is set in headers and in secret_headers", "set it in one of them"
            )
    for name in plain:
        if name.lower() in _SECRET:
            raise settings_error(
                f"headers contains {name}, which is secret", "set it in secret_headers"
            )
    return ExtraHeaders(headers=plain | secret, secrets=tuple(secret.values()))


def _headers(options: Mapping[str, Any], option: str) -> dict[str, str]:
    given = options.get(option) or {}
    if not isinstance(given, Mapping):
        raise settings_error(f"{option} must be a dictionary", "set header names and values")
    found: dict[str, str] = {}
    lower_names: set[str] = set()
    for key, value in given.items():
        name = str(key)
        _check_name(name, option)
        if name.lower() in lower_names:
            raise settings_error(f"{option} contains {clean(name, 60)} twice", "set it once")
        if value is not None:
            found[name] = _value(name, value, option)
            lower_names.add(name.lower())
    return found


def _check_name(name: str, option: str) -> None:
    if not _NAME.match(name):
        raise settings_error(
            f"{option} contains an invalid header name",
            "a header name has only letters, digits and hyphens",
        )
    if name.lower() in _RESERVED:
        raise settings_error(
            f"{option} contains {clean(name, 60)}, which the collection sets itself", "remove it"
        )


def _value(name: str, value: Any, option: str) -> str:
    shown = clean(name, 60)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise settings_error(
            f"the value of {shown} in {option} must be a string", "put it in quotes"
        )
    text = str(value).strip()
    if has_control_character(text) or not can_encode(text, "latin-1"):
        raise settings_error(
            f"the value of {shown} in {option} contains a character"
            " that cannot be sent in a header",
            "set it on one line, without characters outside Latin-1",
        )
    return text
