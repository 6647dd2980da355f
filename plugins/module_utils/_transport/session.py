# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one SCIM service: URLs, headers and access tokens.

Knows no resource.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._model.list_query import ListQuery
from .body import to_json
from .errors import TransportError, settings_error
from .http_client import Answer, Clock, HttpClient
from .retry import READS
from .secret_forms import longest_first
from .settings import Settings
from .text import clean
from .urls import request_url
from .wire import REQUESTS_IMPORT_ERROR, HttpRequest

if TYPE_CHECKING:
    from .oauth import AccessTokens

__all__ = ["REQUESTS_IMPORT_ERROR", "Answer", "Clock", "Session"]

_LONGEST_TAG = 8192
# What is accepted beside the media type of what is sent (RFC 7644 section 3.1).
ACCEPTED = {"application/scim+json": "application/scim+json, application/json"}


class Session:
    """Requests to the service of ``settings``, over connections that are kept open.

    ``user_agent`` and ``media_type`` are headers. ``media_type`` may be changed. ``read_only``
    refuses every write, as a second guard of check mode. ``rate`` is how many requests begin in a
    second at most, 0 for any number. ``clock`` is for tests. Several threads may use it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        user_agent: str,
        media_type: str = "application/scim+json",
        read_only: bool = False,
        clock: Clock | None = None,
    ) -> None:
        agent = clean(user_agent).encode("ascii", "replace").decode("ascii")
        clock = clock or Clock()
        self._settings = settings
        self._clock = clock
        self._headers = {
            "Accept-Encoding": "gzip",
            "User-Agent": agent,
        }
        self.media_type = media_type
        self._read_only = read_only
        self._client = HttpClient(settings, clock, secrets=lambda: self.secrets)
        self._tokens: AccessTokens | None = None
        if settings.grant:
            from .oauth import AccessTokens

            self._tokens = AccessTokens(
                settings,
                settings.grant,
                clock,
                user_agent=agent,
                secrets=lambda: self.secrets,
            )

    @property
    def rate(self) -> float:
        """Return how many requests begin in a second at most, 0 for any number."""
        return self._client.rate

    @rate.setter
    def rate(self, most: float) -> None:
        """Set how many requests begin in a second at most."""
        self._client.rate = most

    def limit_writes(self, most: float, burst: int = 1) -> None:
        """Set how many writes begin in a second at most, 0 for any number, and at once."""
        self._client.limit_writes(most, burst)

    @property
    def requests(self) -> int:
        """Return the HTTP requests sent so far.

        Retries, followed redirects and requests for access tokens are included.
        """
        if self._tokens:
            return self._client.requests + self._tokens.requests
        return self._client.requests

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every form of everything to mask, the longest first.

        It grows with each access token.
        """
        if not self._tokens or not self._tokens.secrets:
            return self._settings.secrets
        return longest_first((*self._settings.secrets, *self._tokens.secrets))

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()
        if self._tokens:
            self._tokens.close()

    def pause(self, seconds: float) -> None:
        """Wait before the next request, unless the run must end."""
        self._clock.interruption.pause(self._clock.sleep, seconds)

    def interrupt(self) -> None:
        """End what reads or waits, by an exception. A signal handler calls it.

        A write that was begun is finished. Then nothing is begun but reads of what was written.
        """
        self._clock.interruption.request()

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        retry_lost: bool | None = None,
        if_match: str | None = None,
    ) -> Answer:
        """Send a request to the base URL and ``segments``, and return its answer.

        Each segment is encoded as one. An error status is an answer too. ``body`` is sent as JSON.
        ``retry_lost`` says whether the request may be sent again although it may have been acted
        on; by default reads, PUT and DELETE may. ``if_match`` is an entity tag (RFC 9110 section
        13.1.1). With a ``ListQuery`` rows of a list may stay unread. Raise TransportError, also if
        429 or a temporary 5xx lasts until the last try.
        """
        method = method.upper()
        if self._read_only and method not in READS:
            raise TransportError(
                kind="read_only",
                reason=f"a {method} was about to be sent in a read-only session",
                hint="this is a bug in the collection, please report it",
            )
        url = request_url(self._settings.server_url, segments, query)
        headers = {**self._headers, "Accept": ACCEPTED.get(self.media_type, self.media_type)}
        data = None
        if body is not None:
            data = to_json(body)
            headers["Content-Type"] = self.media_type
        if if_match is not None:
            headers["If-Match"] = _entity_tag(if_match)
        layouts = query.layouts if isinstance(query, ListQuery) else None
        request = HttpRequest(method=method, url=url, headers=headers, data=data, layouts=layouts)
        if self._tokens is None:
            return self._client.send(request, retry_lost)
        return self._send_with_token(self._tokens, request, retry_lost)

    def _send_with_token(
        self, tokens: AccessTokens, request: HttpRequest, retry_lost: bool | None
    ) -> Answer:
        """Send a request with an access token.

        After a 401, which did nothing, it is sent once more with a new token.
        """
        token = tokens.current()
        answer = self._client.send(_with_headers(request, token.headers), retry_lost)
        if answer.status != 401:
            tokens.note_use(accepted=True)
            return answer
        try:
            other = tokens.replacement(token)
            if other is None:
                return answer
            again = self._client.send(_with_headers(request, other.headers), retry_lost)
        except TransportError as error:
            error.sent = error.sent or answer.lost
            raise
        tokens.note_use(accepted=again.status != 401)
        return replace(again, tries=answer.tries + again.tries, lost=answer.lost or again.lost)


def _entity_tag(version: str) -> str:
    if clean(version, _LONGEST_TAG) != version or not version.isascii():
        raise settings_error("the version of the resource cannot be sent as an entity tag")
    return version


def _with_headers(request: HttpRequest, headers: Mapping[str, str]) -> HttpRequest:
    return replace(request, headers={**request.headers, **headers})
