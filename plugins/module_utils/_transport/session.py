# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one service, with retries, redirects and JSON; knows HTTP and when to try again, not what SCIM says."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .auth import Settings
from .body import excerpt, packed, parsed
from .errors import TransportError, clean, mask
from .retry import READS, Outcome, Policy, Step, asked_wait, decide, may_have_acted
from .sockets import begin
from .urls import address, place, redirect_target, same_origin_address
from .wire import REQUESTS_IMPORT_ERROR, Raw, exchange, open_adapter

__all__ = ["REQUESTS_IMPORT_ERROR", "Answer", "Session"]

_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a service answered.

    ``body``: the JSON object, None where there was none (or, with an error status, where it was no JSON object:
    ``text`` is then its beginning as a person would read it). ``headers`` have lower-case names. ``tries``: how often
    the request was sent; ``lost``: an earlier try may have been acted upon without its answer arriving, so that 404 to
    a DELETE, or 412 to a PUT, may be its own doing.
    """

    status: int
    body: dict[str, Any] | None = field(default=None, repr=False)
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tries: int = 1
    lost: bool = False


def _answer(raw: Raw, secrets: Sequence[str]) -> Answer:
    """An answer as it came → as callers read it. A success that is not a JSON object is an error."""
    body: Any = None
    text, failure = "", None
    try:
        body = parsed(raw.data, raw.headers.get("content-type", ""))
    except TransportError as error:
        failure = error
    if failure is None and body is not None and not isinstance(body, dict):
        failure = TransportError(kind="not_json", reason="the answer is JSON, but no object, so it is not SCIM",
                                 hint="is server_url right?")
    if failure is not None:
        body = None
        if raw.status < 300:
            if not raw.framed and raw.data.lstrip()[:1] == b"{" and raw.data.rstrip()[-1:] != b"}":
                failure = TransportError(kind="cut_short", reason="the answer was cut short")
            raise TransportError(kind=failure.kind, reason=failure.reason, hint=failure.hint, status=raw.status, sent=True)
        text = excerpt(raw.data, secrets)
    return Answer(status=raw.status, body=body, text=text, headers=raw.headers)


def _quoted(answer: Answer, secrets: Sequence[str]) -> str:
    """What the answer to a failure says, short: the ``detail`` of RFC 7644 section 3.12 and RFC 9457, or its text."""
    detail = (answer.body or {}).get("detail")
    said = clean(mask(detail, secrets)) if isinstance(detail, str) else answer.text
    return f": {said}" if said else ""


def _times(tries: int, waited: float) -> str:
    tried = "1 try" if tries == 1 else f"{tries} tries"
    return f"{tried} and {f'{waited:.1f}'.removesuffix('.0')} seconds of waiting" if waited else tried


def _gave_up(answer: Answer, outcome: Outcome, step: Step, policy: Policy, *, tries: int, waited: float,
             secrets: Sequence[str], sent: bool) -> TransportError:
    said = f"the service still answered {answer.status} after {_times(tries, waited)}{_quoted(answer, secrets)}"
    hint = "run again later, or raise retries or retry_max_wait"
    if step.because == "asked":
        said = (f"the service answered {answer.status} and asks to wait {outcome.asked or 0:.0f} seconds, which is more than"
                f" retry_max_wait allows ({policy.max_wait:g} seconds for all waits together; {_times(tries, waited)} so far)")
        hint = "run again later, or raise retry_max_wait"
    return TransportError(kind="gave_up", reason=said, hint=hint, status=answer.status, sent=sent)


def _next_hop(method: str, url: str, raw: Raw, secrets: Sequence[str]) -> str:
    """Where to ask next. A write is never sent to another address, a read only within the service's origin."""
    location = raw.headers.get("location", "")
    same = bool(location) and redirect_target(url, location)[1]
    if method in READS and same:
        return same_origin_address(url, location)
    shown = redirect_target(url, mask(location, secrets))[0] if location else "nowhere"
    rule = "a read is followed only within the same scheme, host and port" if method in READS else "a write is never sent on"
    raise TransportError(kind="redirect", reason=f"{place(url)} answered {raw.status} and points to {shown}; {rule}",
                         hint="if that is the service, state its address in server_url", status=raw.status,
                         sent=raw.status == 303)  # the others say that it was not done here (RFC 9110 section 15.4)


class Session:
    """Requests to the service of ``settings``, over connections that are kept open.

    ``user_agent`` and ``media_type`` (of what is sent) are headers. ``read_only`` refuses every write: the second belt
    of check mode. ``sleep``, ``now`` (the wall clock) and ``uniform`` are for tests. Several threads may use it.
    """

    def __init__(self, settings: Settings, *, user_agent: str, media_type: str = "application/scim+json",
                 read_only: bool = False, sleep: Callable[[float], object] = time.sleep,
                 now: Callable[[], float] = time.time,
                 uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._settings = settings
        self._policy = Policy(retries=settings.retries, max_wait=settings.retry_max_wait)
        self._headers = {"Accept": "application/scim+json, application/json", "Accept-Encoding": "gzip",
                         "User-Agent": clean(user_agent).encode("ascii", "replace").decode("ascii")}
        self._media_type = media_type
        self._read_only = read_only
        self._sleep, self._now, self._uniform = sleep, now, uniform
        self._adapter = open_adapter(settings)
        self._counting = threading.Lock()
        self._requests = 0

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries and followed redirects included."""
        return self._requests

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._adapter.close()

    def send(self, method: str, segments: Sequence[str], *, query: Mapping[str, str] | None = None, body: Any = None,
             retry_lost: bool | None = None, if_match: str | None = None) -> Answer:
        """Sends a request to the base URL and ``segments``, each escaped as one, and gives its answer, errors too.

        ``body`` is sent as JSON. ``retry_lost`` says whether the request may be sent again although it may have been
        acted upon (by default: reads, PUT and DELETE may). ``if_match`` is an entity tag (RFC 9110 section 13.1.1).
        Raises TransportError, also when 429 or a temporary 5xx stayed to the last try.
        """
        method = method.upper()
        if self._read_only and method not in READS:
            raise TransportError(kind="read_only", reason=f"a {method} was about to be sent where only reads are allowed",
                                 hint="this is a defect of the collection, please report it")
        url = address(self._settings.server_url, segments, query)
        data = None if body is None else packed(body)
        headers = self._headers | ({} if data is None else {"Content-Type": self._media_type})
        if if_match is not None:
            if clean(if_match, 8192) != if_match or not if_match.isascii():
                raise TransportError(kind="settings", reason="the version of the resource cannot be sent as an entity tag")
            headers["If-Match"] = if_match
        return self._until_done(method, url, headers, data, retry_lost)

    def _until_done(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None,
                    retry_lost: bool | None) -> Answer:
        tries, waited, lost = 0, 0.0, False
        while True:
            tries += 1
            found, outcome = self._try(method, url, headers, data)
            step = decide(method, outcome, self._policy, tries=tries, waited=waited, uniform=self._uniform, retry_lost=retry_lost)
            if step.wait is None:
                break
            lost = lost or may_have_acted(outcome)
            self._sleep(step.wait)
            waited += step.wait
        if isinstance(found, TransportError):
            after = f" (after {_times(tries, waited)})" if tries > 1 else ""
            raise TransportError(kind=found.kind, reason=mask(found.reason, self._settings.secrets) + after, hint=found.hint,
                                 status=found.status, sent=found.sent or lost)
        if step.because == "final":
            return replace(found, tries=tries, lost=lost)
        raise _gave_up(found, outcome, step, self._policy, tries=tries, waited=waited, secrets=self._settings.secrets,
                       sent=lost or may_have_acted(outcome))

    def _try(self, method: str, url: str, headers: Mapping[str, str],
             data: bytes | None) -> tuple[Answer | TransportError, Outcome]:
        """One try, within one timeout, redirects of a read included."""
        begin(self._settings.timeout)
        try:
            raw = self._followed(method, url, headers, data)
            answer = _answer(raw, self._settings.secrets)
        except TransportError as error:
            return error.with_traceback(None), Outcome(failed=error.kind, sent=error.sent)
        return answer, Outcome(status=raw.status, asked=asked_wait(raw.waits, raw.headers.get("date"), self._now()))

    def _followed(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Raw:
        for _hop in range(_HOPS + 1):
            with self._counting:
                self._requests += 1
            raw = exchange(self._adapter, self._settings, method, url, headers, data)
            if raw.status not in _REDIRECTS:
                return raw
            url = _next_hop(method, url, raw, self._settings.secrets)
        raise TransportError(kind="redirect", reason=f"{place(url)} redirects more than {_HOPS} times, at last to {url.partition('?')[0]}",
                             hint="check server_url", status=raw.status, sent=True)
