# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to authenticate: what each needs and what it makes a request carry; reads options, sends nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from .errors import TransportError
from .text import clean
from .urls import is_loopback, token_url

_BEARER = re.compile(r"(authorization:\s*)?bearer(\s+|\Z)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+\Z")  # RFC 6749 section 3.3
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110 section 5.6.2
# What says where a message ends, what it is and to whom it goes is not for anybody to state.
_OURS = frozenset(
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
class Grant:
    """OAuth 2.0 client credentials (RFC 6749 section 4.4): what an access token is asked for with, and where."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to authenticate as its options state it; ``secrets`` are raw, ``notes`` are for the user.

    ``headers`` go with every request; with a ``grant`` an access token has to be asked for first.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    grant: Grant | None = None


def refused(reason: str, hint: str) -> TransportError:
    """The error for an option that cannot be used; it names options and never shows a secret."""
    return TransportError(kind="settings", reason=reason, hint=hint)


def usable_token(token: str) -> str:
    """Why ``token`` cannot be sent as a bearer token, in words; empty if it can."""
    if not token:
        return "is empty"
    if _CONTROL.search(token):
        return "has a line end or control character in it"
    if re.search(r"\s", token):
        return "has white space in it"
    return "" if _encodes(token, "latin-1") else "has a character that cannot be sent in a header"


def _bearer(options: Mapping[str, Any]) -> Way:
    """A bearer token (RFC 6750), freed of what a paste leaves around it. Never shown in an error."""
    stated = str(options["token"])
    token = stated.strip()
    notes = ["token has white space around it, which is left out"] if token != stated else []
    prefix = _BEARER.match(token)
    if prefix:
        token = token[prefix.end() :]
        notes.append(
            "token begins with 'Bearer', which is left out: it is added when the token is sent"
        )
    if '"' in token or "'" in token:
        raise refused("token has quotes in it", "state it without quotes")
    wrong = usable_token(token)
    if wrong:
        hints = {
            "is empty": "state the token",
            "has a line end or control character in it": "state it on one line",
            "has white space in it": "check that it is one token, copied whole",
        }
        raise refused(f"token {wrong}", hints.get(wrong, "check how it was copied"))
    return Way(headers={"Authorization": f"Bearer {token}"}, secrets=(token,), notes=tuple(notes))


def _basic(options: Mapping[str, Any]) -> Way:
    """HTTP Basic (RFC 7617): a user name without colon, UTF-8."""
    username, password = str(options["auth_username"]), str(options["auth_password"])
    if not username:
        raise refused("auth_username is empty", "state the user name")
    if ":" in username:
        raise refused(
            "auth_username has a colon in it, which HTTP Basic does not allow",
            "check the user name",
        )
    _on_one_line(("auth_username", username), ("auth_password", password))
    pair = f"{username}:{password}"
    if not _encodes(pair, "utf-8"):
        raise refused(
            "auth_username or auth_password holds half of a surrogate pair",
            "check how it was copied",
        )
    coded = base64.b64encode(pair.encode()).decode("ascii")
    return Way(headers={"Authorization": f"Basic {coded}"}, secrets=(password, pair))


def _oauth(options: Mapping[str, Any]) -> Way:
    """OAuth 2.0 client credentials. The token address is https or on this machine, unless ``allow_http``."""
    client, stated = str(options["oauth_client_id"]), str(options["oauth_client_secret"])
    secret = stated.strip()
    if not client or not secret:
        raise refused(
            f"{'oauth_client_secret' if client else 'oauth_client_id'} is empty", "state it"
        )
    _on_one_line(("oauth_client_id", client), ("oauth_client_secret", secret))
    if not _encodes(client + secret, "utf-8"):
        raise refused(
            "oauth_client_id or oauth_client_secret holds half of a surrogate pair",
            "check how it was copied",
        )
    url = token_url(options["oauth_token_url"])
    if url.startswith("http:") and not is_loopback(url) and options.get("allow_http") is not True:
        raise refused(
            "oauth_token_url is plain http to another machine, where the client secret would travel unprotected",
            "use https, or set allow_http: true",
        )
    grant = Grant(
        token_url=url,
        client_id=client,
        client_secret=secret,
        scope=_scope(options.get("oauth_scopes")),
    )
    notes = (
        ("oauth_client_secret has white space around it, which is left out",)
        if secret != stated
        else ()
    )
    return Way(
        grant=grant,
        secrets=(secret, f"{client}:{secret}", f"{quote_plus(client)}:{quote_plus(secret)}"),
        notes=notes,
    )


def _scope(stated: Any) -> str:
    """``oauth_scopes``, a list or a text with spaces or commas between them → as they are sent."""
    texts = stated if isinstance(stated, (list, tuple)) else [stated or ""]
    scopes = [scope for text in texts for scope in re.split(r"[\s,]+", str(text)) if scope]
    for scope in scopes:
        if not _SCOPE.match(scope):
            raise refused(
                f"oauth_scopes has '{clean(scope, 60)}' in it, which cannot be a scope",
                "a scope has neither quotes, backslashes nor letters outside ASCII",
            )
    return " ".join(scopes)


def _on_one_line(*values: tuple[str, str]) -> None:
    for name, value in values:
        if _CONTROL.search(value):
            raise refused(
                f"{name} has a line end or control character in it", "state it on one line"
            )


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
    (("oauth_token_url", "oauth_client_id", "oauth_client_secret"), _oauth),
)
# What makes a way complete but is none by itself, and by which of its options the way is known.
FURTHER = {"oauth_scopes": ("oauth_token_url", "oauth_client_id", "oauth_client_secret")}
# These may come with any of the ways, and are enough without one.
ALONE = ("client_cert", "secret_headers")


def the_way(options: Mapping[str, Any], *, alone: bool) -> Way:
    """The one way that ``options`` state. None, two, or half of one: an error that names options, never values.

    ``alone``: there is something that is enough without one.
    """
    stated = [(names, make) for names, make in WAYS if _stated(options, names)]
    if not stated:
        if alone:
            return Way()
        ways = [_listed(names) for names, _make in WAYS] + list(ALONE)
        raise refused("no way to authenticate is stated", "state " + ", or ".join(ways))
    if len(stated) > 1:
        both = ", and ".join(" with ".join(_stated(options, names)) for names, _make in stated)
        raise refused(
            f"more than one way to authenticate is stated: {both}", "state only one of them"
        )
    names, make = stated[0]
    missing = [name for name in names if options.get(name) is None]
    if missing:
        given = _stated(options, names)
        raise refused(
            f"{_listed(given)} {'is' if len(given) == 1 else 'are'} stated without {_listed(missing)}",
            f"state {_listed(missing)} too",
        )
    return make(options)


def _stated(options: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    further = tuple(name for name, way in FURTHER.items() if way == names)
    return [
        name for name in names + further if options.get(name) is not None and options[name] != []
    ]


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def extra_headers(options: Mapping[str, Any]) -> Way:
    """``headers`` and ``secret_headers``, checked; of the second the values are secret."""
    plain, hidden = _headers(options, "headers"), _headers(options, "secret_headers")
    twice = {name.lower() for name in plain} & {name.lower() for name in hidden}
    if twice:
        raise refused(
            f"{sorted(twice)[0]} is stated in headers and in secret_headers",
            "state it in one of them",
        )
    for name in plain:
        if name.lower() in _SECRET:
            raise refused(
                f"headers has {name} in it, which is secret", "state it in secret_headers"
            )
    return Way(headers=plain | hidden, secrets=tuple(hidden.values()))


def _headers(options: Mapping[str, Any], option: str) -> dict[str, str]:
    stated = options.get(option) or {}
    if not isinstance(stated, Mapping):
        raise refused(f"{option} is no dictionary", "state names and values")
    found: dict[str, str] = {}
    for name, value in stated.items():
        shown = clean(str(name), 60)
        if not _HEADER.match(str(name)):
            raise refused(
                f"{option} has a name in it that no header can have",
                "a name has letters, figures and hyphens",
            )
        if str(name).lower() in _OURS:
            raise refused(
                f"{option} has {shown} in it, which is set by the collection itself", "leave it out"
            )
        if str(name).lower() in {known.lower() for known in found}:
            raise refused(f"{option} has {shown} in it twice", "state it once")
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise refused(f"the value of {shown} in {option} is no text", "put it in quotes")
        text = str(value).strip()
        if _CONTROL.search(text) or not _encodes(text, "latin-1"):
            raise refused(
                f"the value of {shown} in {option} has a character in it that cannot be sent in a header",
                "state it on one line, without letters outside Latin-1",
            )
        found[str(name)] = text
    return found
