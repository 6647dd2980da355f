# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens by OAuth 2.0 client credentials (RFC 6749 section 4.4); knows when a new one is needed, not what for."""

from __future__ import annotations

import base64
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from .credentials import Grant, usable_token
from .errors import TransportError
from .http_client import Answer, Clock, HttpClient
from .secret_forms import all_forms
from .settings import HeaderAuth, Settings
from .text import clean, mask
from .urls import place

# A token is renewed this long before its end, or at nine tenths of a short life.
_MARGIN = 30.0
_HINTS = {
    "invalid_client": "check oauth_client_id and oauth_client_secret",
    "invalid_scope": "check oauth_scopes",
    "unauthorized_client": "the client must be allowed to use client credentials",
    "unsupported_grant_type": "the token endpoint must offer client credentials",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessToken:
    """A token as it was given; ``until`` is when to renew it, by the steady clock."""

    value: str = field(repr=False)
    until: float = math.inf

    @property
    def headers(self) -> dict[str, str]:
        """What a request carries."""
        return {"Authorization": f"Bearer {self.value}"}


class Tokens:
    """The access tokens of one session. Several threads may ask: while one asks the endpoint, the others wait for its answer.

    The client secret is sent to the token endpoint alone. ``secrets`` gives what is to be masked.
    """

    def __init__(
        self,
        settings: Settings,
        grant: Grant,
        clock: Clock,
        *,
        user_agent: str,
        secrets: Callable[[], Sequence[str]],
    ) -> None:
        # The same TLS and patience as for the service; neither its headers nor its proxy.
        own = replace(
            settings,
            server_url=grant.token_url,
            auth=HeaderAuth(headers={}),
            proxy=settings.token_proxy,
            grant=None,
        )
        self._grant, self._clock, self._secrets, self._user_agent = (
            grant,
            clock,
            secrets,
            user_agent,
        )
        self._client = HttpClient(own, clock, secrets=secrets, what="OAuth")
        self._asking = threading.Lock()
        self._token: AccessToken | None = None
        self._in_body = False
        self._given: tuple[str, ...] = ()
        self._ended = 0
        self._failure: TransportError | None = None
        self._in_vain = False

    @property
    def requests(self) -> int:
        """HTTP requests sent to the token endpoint."""
        return self._client.requests

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every form of every access token that was given so far."""
        return self._given

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._client.close()

    def current(self) -> AccessToken:
        """The token to use now; asked for when there is none or it is near its end. Raises TransportError."""
        token = self._token
        if token is not None and self._clock.steady() < token.until:
            return token
        return self._renewed(token)

    def refused(self, token: AccessToken) -> AccessToken | None:
        """The service answered 401 to ``token``: another one to try, or None where that was already in vain."""
        if self._in_vain:
            return None
        return self._renewed(token)

    def judged(self, accepted: bool) -> None:
        """What a request with a new token came to: after a renewal in vain there is no other until one is accepted."""
        self._in_vain = not accepted

    def _renewed(self, old: AccessToken | None) -> AccessToken:
        ended = self._ended
        with self._asking:
            if self._token is not None and self._token is not old:
                return self._token
            if (
                self._failure is not None and self._ended != ended
            ):  # somebody asked while this one waited, and got none
                raise TransportError(
                    kind=self._failure.kind,
                    reason=self._failure.reason,
                    hint=self._failure.hint,
                    status=self._failure.status,
                )
            self._token, self._failure = None, None
            try:
                self._token = self._asked_for()
            except TransportError as error:
                self._failure = error
                raise
            finally:
                self._ended += 1
            self._given = all_forms((self._token.value,)) + self._given
            return self._token

    def _asked_for(self) -> AccessToken:
        """Asks the endpoint, with the client's credentials in the header and, where it wants that, in the body."""
        begun = self._clock.steady()
        answer = self._answer(self._in_body)
        if not self._in_body and _unknown_client(answer):
            other = self._answer(True)
            if not _unknown_client(other):
                answer, self._in_body = other, True
        where = place(self._grant.token_url)
        if answer.status >= 300:
            raise _no_token(
                f"{where} answered {answer.status}{self._said(answer)}",
                _HINTS.get(
                    _error(answer), "check oauth_token_url, oauth_client_id and oauth_client_secret"
                ),
                answer.status,
            )
        return _token(answer.body or {}, where, begun, self._secrets())

    def _answer(self, in_body: bool) -> Answer:
        grant = self._grant
        form = {"grant_type": "client_credentials"}
        if grant.scope:
            form["scope"] = grant.scope
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self._user_agent,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if in_body:
            form |= {"client_id": grant.client_id, "client_secret": grant.client_secret}
        else:
            pair = f"{quote_plus(grant.client_id)}:{quote_plus(grant.client_secret)}"  # RFC 6749 section 2.3.1
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
        failure = None
        try:
            # A token that nobody got does no harm: the request may always be sent again.
            return self._client.ask(
                "POST", self._grant.token_url, headers, urlencode(form).encode(), retry_lost=True
            )
        except TransportError as error:
            failure = error
        raise _no_token(
            failure.reason.replace("the service", "the token endpoint"),
            failure.hint.replace("server_url", "oauth_token_url"),
            failure.status,
            failure.kind,
        )

    def _said(self, answer: Answer) -> str:
        """The error of an answer (RFC 6749 section 5.2) as far as it may be shown."""
        told = (answer.body or {}).get("error_description")
        parts = [_error(answer), told if isinstance(told, str) else answer.text]
        said = [clean(mask(part, self._secrets())) for part in parts if part]
        return f": {': '.join(said)}" if said else ""


def _error(answer: Answer) -> str:
    error = (answer.body or {}).get("error")
    return error if isinstance(error, str) else ""


def _unknown_client(answer: Answer) -> bool:
    """Whether the endpoint did not recognise the client, perhaps for where its credentials were."""
    return answer.status in (400, 401) and _error(answer) in (
        "invalid_client",
        "invalid_request",
        "",
    )


def _no_token(reason: str, hint: str, status: int | None, kind: str = "token") -> TransportError:
    return TransportError(
        kind=kind, reason=f"there is no access token: {reason}", hint=hint, status=status
    )


def _token(body: dict[str, Any], where: str, begun: float, secrets: Sequence[str]) -> AccessToken:
    """The token in an answer of the endpoint (RFC 6749 section 5.1). A life that makes no sense is none: it ends with a 401."""
    value, kind, life = body.get("access_token"), body.get("token_type"), body.get("expires_in")
    if not isinstance(value, str):
        raise _no_token(
            f"the answer of {where} has no access_token in it", "is oauth_token_url right?", 200
        )
    if kind is not None and (not isinstance(kind, str) or kind.strip().lower() != "bearer"):
        shown = clean(mask(str(kind), secrets), 40)
        raise _no_token(
            f"{where} gives tokens of the type '{shown}', and only bearer tokens can be sent",
            "ask who runs it",
            200,
        )
    wrong = usable_token(value)
    if wrong:
        raise _no_token(f"the access_token of {where} {wrong}", "is oauth_token_url right?", 200)
    seconds = _seconds(life)
    return AccessToken(
        value=value, until=begun + seconds - min(_MARGIN, seconds / 10) if seconds else math.inf
    )


def _seconds(life: Any) -> float:
    """``expires_in`` as a number above zero, or 0 where it is none."""
    if isinstance(life, bool) or not isinstance(life, (int, float, str)):
        return 0.0
    try:
        seconds = float(life)
    except (ValueError, OverflowError):
        return 0.0
    return seconds if 0 < seconds < math.inf else 0.0
