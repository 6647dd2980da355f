# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one server, with retries, redirects and JSON; knows HTTP and when to try again, not who asks for what."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .body import excerpt, parsed
from .errors import TransportError
from .retry import READS, Outcome, Policy, Step, asked_wait, decide, may_have_acted
from .settings import Settings
from .sockets import begin
from .text import clean, mask
from .urls import place, redirect_target, same_origin_address
from .wire import Raw, exchange, open_adapter

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


def _answer(raw: Raw, secrets: Sequence[str], what: str) -> Answer:
    """An answer as it came → as callers read it. A success that is not a JSON object is an error."""
    body: Any = None
    text, failure = "", None
    try:
        body = parsed(raw.data, raw.headers.get("content-type", ""), what)
    except TransportError as error:
        failure = error
    if failure is None and body is not None and not isinstance(body, dict):
        failure = TransportError(
            kind="not_json",
            reason=f"the answer is JSON, but no object, so it is not {what}",
            hint="is server_url right?",
        )
    if failure is not None:
        body = None
        if raw.status < 300:
            if not raw.framed and raw.data.lstrip()[:1] == b"{" and raw.data.rstrip()[-1:] != b"}":
                failure = TransportError(kind="cut_short", reason="the answer was cut short")
            raise TransportError(
                kind=failure.kind,
                reason=failure.reason,
                hint=failure.hint,
                status=raw.status,
                sent=True,
            )
        text = excerpt(raw.data, secrets)
    return Answer(status=raw.status, body=body, text=text, headers=raw.headers)


def _quoted(answer: Answer, secrets: Sequence[str]) -> str:
    """What the answer to a failure says, short: the ``detail`` of RFC 7644 section 3.12 and RFC 9457, or its text."""
    detail = (answer.body or {}).get("detail")
    said = clean(mask(detail, secrets)) if isinstance(detail, str) else answer.text
    return f": {said}" if said else ""


def _times(tries: int, waited: float) -> str:
    tried = "1 try" if tries == 1 else f"{tries} tries"
    return (
        f"{tried} and {f'{waited:.1f}'.removesuffix('.0')} seconds of waiting" if waited else tried
    )


def _gave_up(
    answer: Answer,
    outcome: Outcome,
    step: Step,
    policy: Policy,
    *,
    tries: int,
    waited: float,
    secrets: Sequence[str],
    sent: bool,
) -> TransportError:
    said = f"the service still answered {answer.status} after {_times(tries, waited)}{_quoted(answer, secrets)}"
    hint = "run again later, or raise retries or retry_max_wait"
    if step.because == "asked":
        said = (
            f"the service answered {answer.status} and asks to wait {outcome.asked or 0:.0f} seconds, which is more than"
            f" retry_max_wait allows ({policy.max_wait:g} seconds for all waits together; {_times(tries, waited)} so far)"
        )
        hint = "run again later, or raise retry_max_wait"
    return TransportError(kind="gave_up", reason=said, hint=hint, status=answer.status, sent=sent)


def _next_hop(method: str, url: str, raw: Raw, secrets: Sequence[str]) -> str:
    """Where to ask next. A write is never sent to another address, a read only within the service's origin."""
    location = raw.headers.get("location", "")
    same = bool(location) and redirect_target(url, location)[1]
    if method in READS and same:
        return same_origin_address(url, location)
    shown = redirect_target(url, mask(location, secrets))[0] if location else "nowhere"
    rule = (
        "a read is followed only within the same scheme, host and port"
        if method in READS
        else "a write is never sent on"
    )
    raise TransportError(
        kind="redirect",
        reason=f"{place(url)} answered {raw.status} and points to {shown}; {rule}",
        hint="if that is the service, state its address in server_url",
        status=raw.status,
        sent=raw.status == 303,
    )  # the others say that it was not done here (RFC 9110 section 15.4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Time and chance: ``now`` is the wall clock, ``steady`` one that is never set. Tests bring their own."""

    sleep: Callable[[float], object] = time.sleep
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    uniform: Callable[[float, float], float] = random.uniform


class HttpClient:
    """One server, over connections that are kept open. Several threads may use it.

    ``secrets`` gives what is to be masked, since that may grow; ``what`` is what the server is expected to answer.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        secrets: Callable[[], Sequence[str]],
        what: str = "SCIM",
    ) -> None:
        self._settings = settings
        self._policy = Policy(retries=settings.retries, max_wait=settings.retry_max_wait)
        self._clock, self._secrets, self._what = clock, secrets, what
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

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        data: bytes | None,
        retry_lost: bool | None = None,
    ) -> Answer:
        """Sends a request, again where that is safe and may help, and gives the answer, errors too. Raises TransportError."""
        tries, waited, lost = 0, 0.0, False
        while True:
            tries += 1
            found, outcome = self._try(method, url, headers, data)
            step = decide(
                method,
                outcome,
                self._policy,
                tries=tries,
                waited=waited,
                uniform=self._clock.uniform,
                retry_lost=retry_lost,
            )
            if step.wait is None:
                break
            lost = lost or may_have_acted(outcome)
            self._clock.sleep(step.wait)
            waited += step.wait
        if isinstance(found, TransportError):
            after = f" (after {_times(tries, waited)})" if tries > 1 else ""
            raise TransportError(
                kind=found.kind,
                reason=mask(found.reason, self._secrets()) + after,
                hint=found.hint,
                status=found.status,
                sent=found.sent or lost,
            )
        if step.because == "final":
            return replace(found, tries=tries, lost=lost)
        raise _gave_up(
            found,
            outcome,
            step,
            self._policy,
            tries=tries,
            waited=waited,
            secrets=self._secrets(),
            sent=lost or may_have_acted(outcome),
        )

    def _try(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> tuple[Answer | TransportError, Outcome]:
        """One try, within one timeout, redirects of a read included."""
        begin(self._settings.timeout)
        try:
            raw = self._followed(method, url, headers, data)
            answer = _answer(raw, self._secrets(), self._what)
        except TransportError as error:
            return error.with_traceback(None), Outcome(failed=error.kind, sent=error.sent)
        return answer, Outcome(
            status=raw.status,
            asked=asked_wait(raw.waits, raw.headers.get("date"), self._clock.now()),
        )

    def _followed(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> Raw:
        for _hop in range(_HOPS + 1):
            with self._counting:
                self._requests += 1
            raw = exchange(self._adapter, self._settings, method, url, headers, data)
            if raw.status not in _REDIRECTS:
                return raw
            url = _next_hop(method, url, raw, self._secrets())
        raise TransportError(
            kind="redirect",
            reason=f"{place(url)} redirects more than {_HOPS} times, at last to {url.partition('?')[0]}",
            hint="check server_url",
            status=raw.status,
            sent=True,
        )
