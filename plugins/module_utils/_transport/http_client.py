# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one server, with retries, redirects and JSON.

Knows HTTP, not what is asked for.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.reasons import reason_of
from .body import excerpt, parse_json
from .errors import TransportError
from .interruption import Broken, Interruption, interrupted
from .pacing import Pacing, Turn
from .retry import (
    FIRST_LOOK_UP,
    READS,
    Attempt,
    Decision,
    RetryPolicy,
    Spent,
    decide,
    for_unreached,
    may_have_acted,
    was_reached,
)
from .settings import Settings
from .sockets import start_deadline
from .text import clean, mask, masked
from .urls import redirect_target, same_origin_url, shown_origin
from .wire import HttpRequest, RawAnswer, adapter_for, exchange

_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200
_UNAVAILABLE = 503
_REFUSED = 400  # and above
_MOST_REDIRECTS = 5
# Requests in parallel spread by their turns after a wait, so this many seconds more are enough.
_SPREAD = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server answered.

    ``body`` is the JSON object, or None if there was none. ``names`` are all names in it, at any
    depth, None if they were not gathered. Where an error answer is not a JSON
    object, ``text`` is its beginning as text to show. ``headers`` have lower-case names. ``tries``
    is how often the request was sent. ``lost`` is true if an earlier try may have been acted on
    without its answer arriving, so that 404 to a DELETE, or 412 to a PUT, may be its own effect.
    """

    status: int
    body: dict[str, Any] | None = field(default=None, repr=False)
    names: Set[str] | None = field(default=None, repr=False)
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tries: int = 1
    lost: bool = False

    def quoted(self, secrets: Sequence[str]) -> str:
        """Return what an error answer says, short and masked.

        This is the reason that its JSON gives (RFC 7644 section 3.12, RFC 9457), or else its text.
        """
        return clean(mask(reason_of(self.body), secrets)) or self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Time and chance, which tests replace, and whether a run must end.

    ``now`` is the wall clock, ``steady`` one that is never set.
    """

    sleep: Callable[[float], object] = time.sleep
    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    uniform: Callable[[float, float], float] = random.uniform
    interruption: Interruption = field(default_factory=Interruption)


class HttpClient:
    """Requests to one server, over connections that are kept open.

    Several threads may use it. ``secrets`` returns what is to be masked, since that may grow.
    ``expected`` is what the server should answer, for errors. ``breakable``: every request may be
    broken off, as a read may.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        secrets: Callable[[], Sequence[str]],
        expected: str = "SCIM",
        breakable: bool = False,
    ) -> None:
        self._breakable = breakable
        self._settings = settings
        self._policy = RetryPolicy(retries=settings.retries, max_wait=settings.retry_max_wait)
        self._clock = clock
        self._secrets = secrets
        self._expected = expected
        self._adapter = adapter_for(settings)
        self._pacing = Pacing(clock.steady, clock.sleep, clock.interruption)
        self._counting = threading.Lock()
        self._is_reached = False
        self._requests = 0

    @property
    def requests(self) -> int:
        """Return the HTTP requests sent so far, with retries and followed redirects."""
        return self._requests

    @property
    def rate(self) -> float:
        """Return how many requests begin in a second at most, 0 for any number."""
        return self._pacing.ceiling

    @rate.setter
    def rate(self, most: float) -> None:
        """Set how many requests begin in a second at most."""
        self._pacing.ceiling = most

    def limit_writes(self, most: float, burst: int = 1) -> None:
        """Set how many writes begin in a second at most, 0 for any number, and at once."""
        self._pacing.writes = most
        self._pacing.burst = burst

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._adapter.close()

    def send(self, request: HttpRequest, retry_lost: bool | None = None) -> Answer:
        """Send ``request``, again where that is safe and may help, and return its answer.

        An error status is an answer too. ``retry_lost`` says whether the request may be sent again
        although it may have been acted on. Raise TransportError.
        """
        spent, lost = Spent(), False
        turn: Turn | None = None
        while True:
            began = self._pacing.begin(turn, is_write=request.method not in READS)
            if began is None:
                raise interrupted(sent=lost)
            spent.tries += 1
            found, attempt, decision, turn = self._tried(request, spent, began, retry_lost)
            if decision.wait is None:
                break
            lost = lost or may_have_acted(attempt)
            if turn is None and not self._paused(decision.wait):
                raise interrupted(sent=lost)
            spent.waited += decision.wait
        if isinstance(found, TransportError):
            raise self._failed(found, spent, lost)
        if decision.because == "final":
            return replace(found, tries=spent.tries, lost=lost)
        error = self._gave_up(found, attempt, decision, spent)
        error.sent = lost or may_have_acted(attempt)
        raise error

    def _tried(
        self, request: HttpRequest, spent: Spent, began: float, retry_lost: bool | None
    ) -> tuple[Answer | TransportError, Attempt, Decision, Turn | None]:
        """Send ``request`` once. Return what to do next, and its turn if it was too early."""
        attempt, wait = Attempt(failed="broken"), None
        try:
            found, attempt = self._try(request)
            policy = self._policy_after(attempt)
            if not self._pacing.is_alone:
                policy = replace(policy, spread=_SPREAD)
            decision = decide(
                request.method,
                attempt,
                policy,
                spent,
                uniform=self._clock.uniform,
                retry_lost=retry_lost,
            )
            wait = decision.wait
        finally:
            turn = self._pacing.end(began, attempt, wait)
        return found, attempt, decision, turn

    def _policy_after(self, attempt: Attempt) -> RetryPolicy:
        """Return how often to try, by whether the server was ever reached."""
        self._is_reached = self._is_reached or was_reached(attempt)
        if self._is_patient:
            return self._policy
        return for_unreached(self._policy)

    @property
    def _is_patient(self) -> bool:
        """Return whether a failure to connect may pass."""
        return self._is_reached or self._settings.insists

    def _paused(self, seconds: float) -> bool:
        """Wait. Return False if the run must end."""
        return self._clock.interruption.pause(self._clock.sleep, seconds)

    def _try(self, request: HttpRequest) -> tuple[Answer | TransportError, Attempt]:
        """Send ``request`` once, within one timeout.

        A write that was begun is finished. A read is broken off if the run must end. After a write
        it may show for a short time what was done. Raise TransportError if it may not.
        """
        timeout, interruption = self._settings.timeout, self._clock.interruption
        if not self._breakable and request.method not in READS:
            try:
                return self._once(request, timeout)
            finally:
                interruption.note_write()
        try:
            return interruption.breakable(lambda: self._once(request, timeout))
        except Broken:
            timeout = min(timeout, interruption.seconds_left())
        if timeout <= 0:
            raise interrupted(sent=False)
        return self._once(request, timeout)

    def _once(
        self, request: HttpRequest, timeout: float
    ) -> tuple[Answer | TransportError, Attempt]:
        """Send ``request`` once and follow the redirects of a read."""
        start_deadline(timeout, math.inf if self._is_patient else FIRST_LOOK_UP)
        try:
            raw = self._followed(request)
            is_read = request.method in READS
            answer = _list_in(raw, request)
            if answer is None:
                answer = _answer(raw, self._secrets(), self._expected, is_read=is_read)
        except TransportError as error:
            return error.with_traceback(None), Attempt(failed=error.kind, sent=error.sent)
        return answer, self._attempt(raw, answer.body)

    def _attempt(self, raw: RawAnswer, body: Any) -> Attempt:
        """Return what an answer means for another try.

        What it says about waiting is read only if the request was refused.
        """
        if raw.status < _REFUSED:
            return Attempt(status=raw.status)
        from .rate_limits import Said, asked_wait, wait_in_body

        said = Said(raw.status, raw.headers, raw.retry_after, body)
        now = self._clock.now()
        wait = asked_wait(said, now)
        if wait is None and raw.status == _UNAVAILABLE:
            wait = wait_in_body(said, now)
            return Attempt(status=raw.status, retry_after=wait, unsure=True)
        return Attempt(status=raw.status, retry_after=wait)

    def _followed(self, request: HttpRequest) -> RawAnswer:
        for _hop in range(_MOST_REDIRECTS + 1):
            with self._counting:
                self._requests += 1
            raw = exchange(self._adapter, self._settings, request)
            if raw.status not in _REDIRECTS:
                return raw
            request = replace(request, url=_redirected_url(request, raw, self._secrets()))
        target = request.url.partition("?")[0]
        raise TransportError(
            kind="redirect",
            reason=f"{shown_origin(request.url)} redirects more than {_MOST_REDIRECTS} times,"
            f" at last to {target}",
            hint="check server_url",
            status=raw.status,
            sent=True,
        )

    def _failed(self, error: TransportError, spent: Spent, lost: bool) -> TransportError:
        """Return ``error`` masked, with the tries that were made."""
        reason = mask(error.reason, self._secrets())
        if spent.tries > 1:
            reason = f"{reason} (after {spent})"
        return TransportError(
            kind=error.kind,
            reason=reason,
            hint=error.hint,
            status=error.status,
            sent=error.sent or lost,
        )

    def _gave_up(
        self, answer: Answer, attempt: Attempt, decision: Decision, spent: Spent
    ) -> TransportError:
        """Return the error for an answer that is not final, when there is no other try."""
        if decision.because == "asked":
            return TransportError(
                kind="gave_up",
                reason=f"the service answered {answer.status} and asks to wait"
                f" {attempt.retry_after or 0:.0f} seconds, which is more than retry_max_wait allows"
                f" ({self._policy.max_wait:g} seconds for all waits together; {spent} so far)",
                hint="run again later, or raise retry_max_wait",
                status=answer.status,
            )
        reason = f"the service still answered {answer.status} after {spent}"
        quoted = answer.quoted(self._secrets())
        if quoted:
            reason = f"{reason}: {quoted}"
        return TransportError(
            kind="gave_up",
            reason=reason,
            hint="run again later, or raise retries or retry_max_wait",
            status=answer.status,
        )


def _list_in(raw: RawAnswer, request: HttpRequest) -> Answer | None:
    """Return a list whose rows may stay unread, None if it must be read in one piece."""
    if request.layouts is None or raw.status != _OK:
        return None
    from .lists import list_of

    body = list_of(raw.data, request.layouts)
    return None if body is None else Answer(status=raw.status, body=body, headers=raw.headers)


def _answer(raw: RawAnswer, secrets: Sequence[str], expected: str, *, is_read: bool) -> Answer:
    """Return what callers read of an answer.

    Raise TransportError for a success that is not a JSON object. To a read, an empty array says as
    little as an empty object.
    """
    names: set[str] = set()
    body, failure = _json_object(raw, expected, names, is_read=is_read)
    if failure is None and raw.status < 300:
        return Answer(status=raw.status, body=body, names=names, headers=raw.headers)
    if failure is None:
        body = masked(body, secrets)
        return Answer(status=raw.status, body=body, headers=raw.headers)
    if raw.status >= 300:
        return Answer(status=raw.status, text=_said(raw, secrets), headers=raw.headers)
    if _looks_cut(raw):
        failure = TransportError(kind="cut_short", reason="the answer was cut short")
    elif raw.data.strip()[:2] == b"[{":
        reason = f"{failure.reason}: {_said(raw, secrets)}"
        failure = TransportError(kind=failure.kind, reason=reason, hint=failure.hint)
    failure.status, failure.sent = raw.status, True
    raise failure


def _said(raw: RawAnswer, secrets: Sequence[str]) -> str:
    """Return what a refusal says that is not a JSON object, as text to show."""
    try:
        body = parse_json(raw.data, "")
    except TransportError:
        return excerpt(raw.data, secrets)
    return clean(reason_of(masked(body, secrets))) or excerpt(raw.data, secrets)


def _json_object(
    raw: RawAnswer, expected: str, names: set[str], *, is_read: bool
) -> tuple[dict[str, Any] | None, TransportError | None]:
    """Return the JSON object of an answer, or why it is not one.

    For a read, an empty array counts as an empty object. ``names`` takes all names in it.
    """
    try:
        body = parse_json(raw.data, raw.headers.get("content-type", ""), expected, names)
    except TransportError as error:
        return None, error
    if is_read and body == []:
        return {}, None
    if body is None or isinstance(body, dict):
        return body, None
    return None, TransportError(
        kind="not_json",
        reason=f"the answer is JSON but not an object, so it is not {expected}",
        hint="check server_url",
    )


def _looks_cut(raw: RawAnswer) -> bool:
    """Return whether an answer of unannounced length is the start of an object."""
    data = raw.data.strip()
    return not raw.framed and data.startswith(b"{") and not data.endswith(b"}")


def _redirected_url(request: HttpRequest, raw: RawAnswer, secrets: Sequence[str]) -> str:
    """Return where to send a redirected request next, or raise TransportError.

    A write is never sent to another address, a read only within the same origin.
    """
    location = raw.headers.get("location", "")
    is_read = request.method in READS
    if is_read and location and redirect_target(request.url, location)[1]:
        return same_origin_url(request.url, location)
    shown = "nowhere"
    if location:
        shown = redirect_target(request.url, mask(location, secrets))[0]
    rule = "redirects of writes are never followed"
    if is_read:
        rule = "redirects of reads are followed only within the same scheme, host and port"
    raise TransportError(
        kind="redirect",
        reason=f"{shown_origin(request.url)} answered {raw.status}"
        f" and redirects to {shown}, but {rule}",
        hint="if that is the service, set server_url to its address",
        status=raw.status,
        # The other statuses say that it was not done here (RFC 9110 section 15.4).
        sent=raw.status == 303,
    )
