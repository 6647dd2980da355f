# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authentication methods: what each needs and what requests carry.

Sends nothing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from .errors import settings_error
from .text import can_encode, clean, has_control_character
from .urls import is_plain_http_elsewhere, token_url

_BEARER = re.compile(r"(authorization:\s*)?bearer(\s+|\Z)", re.IGNORECASE)
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+\Z")  # RFC 6749 section 3.3
_EMPTY = "is empty"
_CONTROL = "contains a line end or control character"
_SPACE = "contains white space"
_NOT_LATIN = "contains a character that cannot be sent in a header"
_TOKEN_HINTS = {
    _EMPTY: "set it to a bearer token",
    _CONTROL: "set it on one line",
    _SPACE: "check that it is one token, copied whole",
    _NOT_LATIN: "check how it was copied",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """OAuth 2.0 client credentials and where to exchange them for a token.

    RFC 6749 section 4.4.
    """

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What one authentication method makes of its options.

    ``headers`` go with every request. With a ``grant``, an access token is requested first.
    ``secrets`` are the raw texts to mask, ``notes`` are warnings for the user.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    grant: Grant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """An authentication method: its options, and how to read them."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    read: Callable[[Mapping[str, Any]], Credentials]

    def given(self, options: Mapping[str, Any]) -> list[str]:
        """Return the names of the options of this method that are set."""
        return [name for name in self.required + self.optional if _is_set(options.get(name))]


def _is_set(value: Any) -> bool:
    return value is not None and value != []


def token_defect(token: str) -> str:
    """Return why ``token`` cannot be sent as a bearer token, or an empty text."""
    if not token:
        return _EMPTY
    if has_control_character(token):
        return _CONTROL
    if any(map(str.isspace, token)):
        return _SPACE
    if not can_encode(token, "latin-1"):
        return _NOT_LATIN
    return ""


def _bearer(options: Mapping[str, Any]) -> Credentials:
    """Return a bearer token (RFC 6750) without what a paste leaves around it."""
    given = str(options["token"])
    token = given.strip()
    notes = []
    if token != given:
        notes.append("stripped white space around token")
    prefix = _BEARER.match(token)
    if prefix:
        token = token[prefix.end() :]
        notes.append("stripped 'Bearer' from the start of token, since it is added when sent")
    if '"' in token or "'" in token:
        raise settings_error("token contains quotes", "set it without quotes")
    defect = token_defect(token)
    if defect:
        raise settings_error(f"token {defect}", _TOKEN_HINTS[defect])
    return Credentials(
        headers={"Authorization": f"Bearer {token}"}, secrets=(token,), notes=tuple(notes)
    )


def _basic(options: Mapping[str, Any]) -> Credentials:
    """Return HTTP Basic credentials (RFC 7617), in UTF-8."""
    username, password = str(options["auth_username"]), str(options["auth_password"])
    if not username:
        raise settings_error("auth_username is empty", "set it to a user name")
    if ":" in username:
        raise settings_error(
            "auth_username contains a colon, which HTTP Basic does not allow", "check the user name"
        )
    _check_texts({"auth_username": username, "auth_password": password})
    pair = f"{username}:{password}"
    coded = base64.b64encode(pair.encode()).decode("ascii")
    return Credentials(headers={"Authorization": f"Basic {coded}"}, secrets=(password, pair))


def _oauth(options: Mapping[str, Any]) -> Credentials:
    """Return OAuth 2.0 client credentials.

    The token URL must be https or on this machine, unless ``allow_http`` is true.
    """
    client, given = str(options["oauth_client_id"]), str(options["oauth_client_secret"])
    secret = given.strip()
    for name, value in (("oauth_client_id", client), ("oauth_client_secret", secret)):
        if not value:
            raise settings_error(f"{name} is empty", "set it")
    _check_texts({"oauth_client_id": client, "oauth_client_secret": secret})
    url = token_url(options["oauth_token_url"])
    if is_plain_http_elsewhere(url) and options.get("allow_http") is not True:
        raise settings_error(
            "oauth_token_url is plain http to another machine,"
            " so the client secret would be sent unencrypted",
            "use https, or set allow_http: true",
        )
    notes: tuple[str, ...] = ()
    if secret != given:
        notes = ("stripped white space around oauth_client_secret",)
    return Credentials(
        grant=Grant(
            token_url=url,
            client_id=client,
            client_secret=secret,
            scope=_scope(options.get("oauth_scopes")),
        ),
        secrets=(secret, f"{client}:{secret}", f"{quote_plus(client)}:{quote_plus(secret)}"),
        notes=notes,
    )


def _scope(value: Any) -> str:
    """Return ``oauth_scopes`` as it is sent.

    The value is a list, or one text with spaces or commas between the scopes.
    """
    if not isinstance(value, (list, tuple)):
        value = [value or ""]
    joined = ",".join(str(text) for text in value)
    scopes = [scope for scope in re.split(r"[\s,]+", joined) if scope]
    for scope in scopes:
        if not _SCOPE.match(scope):
            raise settings_error(
                f"oauth_scopes contains '{clean(scope, 60)}', which is not a valid scope",
                "a scope has no quotes, backslashes or characters outside ASCII",
            )
    return " ".join(scopes)


def _check_texts(values: Mapping[str, str]) -> None:
    """Raise a ``settings`` error for texts that cannot be sent on one line in UTF-8."""
    for name, value in values.items():
        if has_control_character(value):
            raise settings_error(f"{name} {_CONTROL}", "set it on one line")
    if not can_encode("".join(values.values()), "utf-8"):
        raise settings_error(
            f"{' or '.join(values)} contains half of a surrogate pair", "check how it was copied"
        )


METHODS = (
    Method(required=("token",), read=_bearer),
    Method(required=("auth_username", "auth_password"), read=_basic),
    Method(
        required=("oauth_token_url", "oauth_client_id", "oauth_client_secret"),
        optional=("oauth_scopes",),
        read=_oauth,
    ),
)
# These may come with any of the methods, and are enough without one.
SUFFICIENT_ALONE = ("client_cert", "secret_headers")


def credentials_from(options: Mapping[str, Any], *, required: bool) -> Credentials:
    """Return the credentials of the one authentication method that ``options`` set.

    Without a method, return empty credentials, unless one is ``required``. Raise a ``settings``
    error for none, two, or half of one. It names options, never values.
    """
    methods = [method for method in METHODS if method.given(options)]
    if len(methods) > 1:
        both = ", and ".join(" with ".join(method.given(options)) for method in methods)
        raise settings_error(
            f"more than one authentication method is set: {both}", "set only one of them"
        )
    if not methods:
        if required:
            raise settings_error("no authentication method is set", _all_methods())
        return Credentials()
    _check_complete(methods[0], options)
    return methods[0].read(options)


def _check_complete(method: Method, options: Mapping[str, Any]) -> None:
    missing = [name for name in method.required if options.get(name) is None]
    if not missing:
        return
    given = method.given(options)
    verb = "is" if len(given) == 1 else "are"
    raise settings_error(
        f"{_listed(given)} {verb} set without {_listed(missing)}", f"set {_listed(missing)} too"
    )


def _all_methods() -> str:
    names = [_listed(method.required) for method in METHODS]
    return "set " + ", or ".join((*names, *SUFFICIENT_ALONE))


def _listed(names: Sequence[str]) -> str:
    """Return ``names`` as an enumeration: ``a, b and c``."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
