# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one SCIM service: addresses, headers, the access token; knows no resource, and what fails only by its status."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .body import packed
from .errors import TransportError
from .http_client import Answer, Clock, HttpClient
from .oauth import Tokens
from .retry import READS
from .settings import Settings
from .text import clean
from .urls import address
from .wire import REQUESTS_IMPORT_ERROR

__all__ = ["REQUESTS_IMPORT_ERROR", "Answer", "Session"]


class Session:
    """Requests to the service of ``settings``, over connections that are kept open.

    ``user_agent`` and ``media_type`` (of what is sent) are headers. ``read_only`` refuses every write: the second belt
    of check mode. ``sleep``, ``now`` (the wall clock), ``steady`` (one that is never set) and ``uniform`` are for tests.
    Several threads may use it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        user_agent: str,
        media_type: str = "application/scim+json",
        read_only: bool = False,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        agent = clean(user_agent).encode("ascii", "replace").decode("ascii")
        clock = Clock(sleep=sleep, now=now, steady=steady, uniform=uniform)
        self._settings = settings
        self._headers = {
            "Accept": "application/scim+json, application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": agent,
        }
        self._media_type = media_type
        self._read_only = read_only
        self._client = HttpClient(settings, clock, secrets=lambda: self.secrets)
        self._tokens = (
            Tokens(settings, settings.grant, clock, user_agent=agent, secrets=lambda: self.secrets)
            if settings.grant
            else None
        )

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries, followed redirects and those for access tokens included."""
        return self._client.requests + (self._tokens.requests if self._tokens else 0)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every form of everything to be masked, the longest first: of the settings, and of the access tokens so far."""
        if not self._tokens or not self._tokens.secrets:
            return self._settings.secrets
        return tuple(
            sorted(
                {*self._settings.secrets, *self._tokens.secrets},
                key=lambda form: (-len(form), form),
            )
        )

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._client.close()
        if self._tokens:
            self._tokens.close()

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
        """Sends a request to the base URL and ``segments``, each escaped as one, and gives its answer, errors too.

        ``body`` is sent as JSON. ``retry_lost`` says whether the request may be sent again although it may have been
        acted upon (by default: reads, PUT and DELETE may). ``if_match`` is an entity tag (RFC 9110 section 13.1.1).
        Raises TransportError, also when 429 or a temporary 5xx stayed to the last try.
        """
        method = method.upper()
        if self._read_only and method not in READS:
            raise TransportError(
                kind="read_only",
                reason=f"a {method} was about to be sent where only reads are allowed",
                hint="this is a defect of the collection, please report it",
            )
        url = address(self._settings.server_url, segments, query)
        data = None if body is None else packed(body)
        headers = self._headers | ({} if data is None else {"Content-Type": self._media_type})
        if if_match is not None:
            if clean(if_match, 8192) != if_match or not if_match.isascii():
                raise TransportError(
                    kind="settings",
                    reason="the version of the resource cannot be sent as an entity tag",
                )
            headers["If-Match"] = if_match
        if self._tokens is None:
            return self._client.ask(method, url, headers, data, retry_lost)
        return self._with_token(self._tokens, method, url, headers, data, retry_lost)

    def _with_token(
        self,
        tokens: Tokens,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        retry_lost: bool | None,
    ) -> Answer:
        """Sends a request with an access token. After a 401, which did nothing, it is sent once more with a new one."""
        token = tokens.current()
        answer = self._client.ask(method, url, {**headers, **token.headers}, data, retry_lost)
        if answer.status != 401:
            tokens.judged(True)
            return answer
        try:
            other = tokens.refused(token)
            if other is None:
                return answer
            again = self._client.ask(method, url, {**headers, **other.headers}, data, retry_lost)
        except TransportError as error:
            error.sent = error.sent or answer.lost
            raise
        tokens.judged(again.status != 401)
        return replace(again, tries=answer.tries + again.tries, lost=answer.lost or again.lost)
