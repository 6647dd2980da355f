# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens by OAuth 2.0 client credentials (RFC 6749 section 4.4).

Knows when a new token is needed and how to get it.
"""

from __future__ import annotations

import base64
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from .credentials import Grant, token_defect
from .errors import TransportError
from .http_client import Answer, Clock, HttpClient
from .secret_forms import all_forms
from .settings import HeaderAuth, Settings
from .text import clean, mask
from .urls import shown_origin
from .wire import HttpRequest

# A token is renewed this many seconds before it expires, or at nine tenths of a short life.
_MARGIN = 30.0
_HINTS = {
    "invalid_client": "check oauth_client_id and oauth_client_secret",
    "invalid_scope": "check oauth_scopes",
    "unauthorized_client": "the client must be allowed to use client credentials",
    "unsupported_grant_type": "the token endpoint must offer client credentials",
}
_OTHER_HINT = "check oauth_token_url, oauth_client_id and oauth_client_secret"
_URL_HINT = "check oauth_token_url"
# What an endpoint answers that does not find the credentials where it wants them.
_UNKNOWN_CLIENT = ("invalid_client", "invalid_request", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessToken:
    """A token as it was issued; ``until`` is when to renew it, by the steady clock."""

    value: str = field(repr=False)
    until: float = math.inf

    @property
    def headers(self) -> dict[str, str]:
        """Return what a request carries."""
        return {"Authorization": f"Bearer {self.value}"}


class AccessTokens:
    """The access tokens of one session.

    Several threads may use it: while one asks the endpoint, the others wait for its answer. The
    client secret is sent to the token endpoint alone. ``secrets`` returns what is to be masked.
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
        # The same TLS and patience as for the service, but neither its headers nor its proxy.
        own = replace(
            settings,
            server_url=grant.token_url,
            auth=HeaderAuth(headers={}),
            proxy=settings.token_proxy,
            grant=None,
        )
        self._grant = grant
        self._clock = clock
        self._secrets = secrets
        self._user_agent = user_agent
        self._client = HttpClient(own, clock, secrets=secrets, expected="OAuth", breakable=True)
        self._asking = threading.Lock()
        self._token: AccessToken | None = None
        self._in_body = False
        self._issued: tuple[str, ...] = ()
        self._rounds = 0
        self._failure: TransportError | None = None
        self._last_was_refused = False

    @property
    def requests(self) -> int:
        """Return the HTTP requests sent to the token endpoint."""
        return self._client.requests

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every form of every access token that was issued so far."""
        return self._issued

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()

    def current(self) -> AccessToken:
        """Return the token to use now.

        A new one is requested if there is none, or it is about to expire. Raise TransportError.
        """
        token = self._token
        if token is not None and self._clock.steady() < token.until:
            return token
        return self._renewed(token)

    def replacement(self, token: AccessToken) -> AccessToken | None:
        """Return another token after the service answered 401 to ``token``.

        Return None if the service refused the last replacement too. Raise TransportError.
        """
        if self._last_was_refused:
            return None
        return self._renewed(token)

    def note_use(self, *, accepted: bool) -> None:
        """Note whether the service accepted a token.

        After it refused a replacement there is no other until it accepts one.
        """
        self._last_was_refused = not accepted

    def _renewed(self, old: AccessToken | None) -> AccessToken:
        """Return another token than ``old``, from whichever thread is first to request it."""
        rounds = self._rounds
        with self._asking:
            if self._token is not None and self._token is not old:
                return self._token
            if self._failure is not None and self._rounds != rounds:
                # Another thread asked while this one waited, and failed.
                raise _copy(self._failure)
            self._token, self._failure = None, None
            try:
                self._token = self._request_token()
            except TransportError as error:
                self._failure = error
                raise
            finally:
                self._rounds += 1
            self._issued = all_forms((self._token.value,)) + self._issued
            return self._token

    def _request_token(self) -> AccessToken:
        """Return a new token from the endpoint.

        The client's credentials are in the header, or in the body if the endpoint wants that.
        """
        begun = self._clock.steady()
        answer = self._ask(self._in_body)
        if not self._in_body and _is_unknown_client(answer):
            other = self._ask(True)
            if not _is_unknown_client(other):
                answer, self._in_body = other, True
        place = shown_origin(self._grant.token_url)
        if answer.status >= 300:
            raise _no_token(
                f"{place} answered {answer.status}{self._quoted(answer)}",
                _HINTS.get(_error_code(answer), _OTHER_HINT),
                answer.status,
            )
        return _token(answer.body or {}, place, begun, self._secrets())

    def _ask(self, in_body: bool) -> Answer:
        request = self._token_request(in_body)
        failure = None
        try:
            # A token that never arrived does no harm, so the request may always be sent again.
            return self._client.send(request, retry_lost=True)
        except TransportError as error:
            failure = error
        # Raised outside of the except clause, so that no other error is the context of this one.
        raise _no_token(
            failure.reason.replace("the service", "the token endpoint"),
            failure.hint.replace("server_url", "oauth_token_url"),
            failure.status,
            failure.kind,
        )

    def _token_request(self, in_body: bool) -> HttpRequest:
        """Return the request of RFC 6749 section 4.4.2, authenticated as in section 2.3.1."""
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
            pair = f"{quote_plus(grant.client_id)}:{quote_plus(grant.client_secret)}"
            coded = base64.b64encode(pair.encode()).decode("ascii")
            headers["Authorization"] = f"Basic {coded}"
        return HttpRequest(
            method="POST", url=grant.token_url, headers=headers, data=urlencode(form).encode()
        )

    def _quoted(self, answer: Answer) -> str:
        """Return the error of an answer (RFC 6749 section 5.2), masked, after a colon."""
        description = (answer.body or {}).get("error_description")
        if not isinstance(description, str):
            description = answer.text
        quoted = ""
        for part in (_error_code(answer), description):
            if part:
                quoted = f"{quoted}: {clean(mask(part, self._secrets()))}"
        return quoted


def _copy(error: TransportError) -> TransportError:
    """Return ``error`` anew, since one exception must not be raised in two threads."""
    return TransportError(
        kind=error.kind, reason=error.reason, hint=error.hint, status=error.status
    )


def _error_code(answer: Answer) -> str:
    code = (answer.body or {}).get("error")
    if isinstance(code, str):
        return code
    return ""


def _is_unknown_client(answer: Answer) -> bool:
    """Return whether the endpoint did not recognise the client.

    Perhaps it wants the credentials elsewhere.
    """
    return answer.status in (400, 401) and _error_code(answer) in _UNKNOWN_CLIENT


def _no_token(reason: str, hint: str, status: int | None, kind: str = "token") -> TransportError:
    return TransportError(
        kind=kind, reason=f"cannot get an access token: {reason}", hint=hint, status=status
    )


def _token(body: dict[str, Any], place: str, begun: float, secrets: Sequence[str]) -> AccessToken:
    """Return the token in an answer of the endpoint (RFC 6749 section 5.1).

    A lifetime that makes no sense counts as none: such a token ends with a 401.
    """
    value, kind = body.get("access_token"), body.get("token_type")
    if not isinstance(value, str):
        raise _no_token(f"the answer from {place} contains no access_token", _URL_HINT, 200)
    if kind is not None and not _is_bearer(kind):
        shown = clean(mask(str(kind), secrets), 40)
        raise _no_token(
            f"{place} issues tokens of type '{shown}', but only bearer tokens can be sent",
            "ask its operator for bearer tokens",
            200,
        )
    defect = token_defect(value)
    if defect:
        raise _no_token(f"the access_token from {place} {defect}", _URL_HINT, 200)
    seconds = _lifetime(body.get("expires_in"))
    if not seconds:
        return AccessToken(value=value)
    return AccessToken(value=value, until=begun + seconds - min(_MARGIN, seconds / 10))


def _is_bearer(kind: Any) -> bool:
    return isinstance(kind, str) and kind.strip().lower() == "bearer"


def _lifetime(value: Any) -> float:
    """Return ``expires_in`` in seconds, or 0 if it is not a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return 0.0
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return seconds if 0 < seconds < math.inf else 0.0
