# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves an imitation over HTTP: its base path, its tokens, and how it words refusals.

Knows no service by name.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ansible_collections.identity.scim.tests.rehearsal.imitation import Imitation
from ansible_collections.identity.scim.tests.rehearsal.imitations import imitation_named
from ansible_collections.identity.scim.tests.rehearsal.limits import Clock, Limits, Throttle
from ansible_collections.identity.scim.tests.unit.faults.loopback import Sent, loopback
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Quirky

# Where the whole truth is, whatever the imitation shows to clients.
HELD = "/held"


@dataclass
class Seen:
    """One request as it came."""

    method: str
    target: str
    status: int = 0


@dataclass
class Served:
    """An imitation that runs.

    ``token`` may do everything, ``reader`` may only read. ``rate`` is how many requests it takes
    in a second; 0 is any number. ``clock`` is by which its own limits are counted, None for no
    limits. ``broken`` are requests that SCIM forbids.
    """

    imitation: Imitation
    store: Quirky
    token: str
    reader: str
    rate: float = 0.0
    clock: Clock | None = None
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = 0.0

    @cached_property
    def throttle(self) -> Throttle:
        """Return what counts the requests."""
        limits = Limits() if self.clock is None else self.imitation.throttled
        return Throttle(limits, self.clock or time.monotonic)

    @property
    def writes(self) -> list[str]:
        """Return the writes that came: method and address."""
        return [f"{one.method} {one.target}" for one in self.seen if one.method != "GET"]

    @property
    def held(self) -> dict[str, Any]:
        """Return the user names in each group, all users with their addresses, and who is inactive."""
        users = self.store.held["Users"].values()
        groups = [one["displayName"] for one in self.store.held["Groups"].values()]
        return {
            "groups": {name: sorted(self.store.members(name)) for name in groups},
            "emails": {
                one["userName"]: [mail["value"] for mail in one.get("emails", ())] for one in users
            },
            "inactive": sorted(one["userName"] for one in users if one.get("active") is False),
        }

    def answer(self, method: str, target: str, headers: Mapping[str, str], data: bytes) -> Answer:
        """Answer one request."""
        if (method, target) == ("GET", HELD):
            with self.lock:
                return self._stopped(method, headers) or Answer(200, self.held)
        too_much = self.throttle.begin()
        try:
            with self.lock:
                seen = Seen(method, target)
                self.seen.append(seen)
                found = too_much or self._stopped(method, headers)
                found = found or self._inside(method, target, headers, data)
                seen.status = found.status
        finally:
            self.throttle.end()
        if found.status >= 400:
            return Answer(found.status, self.imitation.errors(found), headers=found.headers)
        return found

    def _stopped(self, method: str, headers: Mapping[str, str]) -> Answer | None:
        """Return the refusal of a request that is not let in."""
        given = headers.get("Authorization", "").removeprefix("Bearer ")
        if given not in (self.token, self.reader):
            return Answer(401, {"detail": "the token is not known"})
        if given == self.reader and method != "GET":
            return Answer(403, {"detail": "this token may only read"})
        if self.imitation.needs_agent and not headers.get("User-Agent"):
            return Answer(403, {"detail": "a User-Agent is required"})
        if self.rate:
            now = time.monotonic()
            if now - self.last < 1 / self.rate:
                return Answer(429, {"detail": "too many requests"}, headers={"Retry-After": "1"})
            self.last = now
        return None

    def _inside(self, method: str, target: str, headers: Mapping[str, str], data: bytes) -> Answer:
        parts = urlsplit(target)
        base = f"{self.imitation.base}/"
        if not parts.path.startswith(base):
            return Answer(404, {"detail": f"the base URL is {self.url}"})
        names = [unquote(one) for one in parts.path.removeprefix(base).strip("/").split("/")]
        kind = self.imitation.kind_of(names[0])
        try:
            body = json.loads(data) if data else None
            self.store.media_type = headers.get("Content-Type", "").partition(";")[0]
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            match = headers.get("If-Match")
            asked = Asked(method, (kind, *names[1:]), query, body)
            if (refusal := self.throttle.refusal(asked)) is not None:
                return refusal
            return self.store.send(method, asked.segments, query=query, body=body, if_match=match)
        except ValueError as fault:
            return Answer(400, {"detail": str(fault), "scimType": "invalidSyntax"})
        except Exception as fault:  # pylint: disable=broad-exception-caught
            self.broken.append(f"{method} {target} {data.decode(errors='replace')}: {fault!r}")
            return Answer(400, {"detail": f"not as SCIM demands: {fault}"})


def _complete(served: Served, body: Any) -> Any:
    """Return an answer in which each resource has its address, as services show it."""
    if not isinstance(body, dict):
        return body
    for name in ("Resources", "resources"):
        if name in body:
            return {**body, name: [_with_address(served, one) for one in body[name]]}
    return _with_address(served, body)


def _with_address(served: Served, one: Mapping[str, Any]) -> Mapping[str, Any]:
    if "id" not in one or "meta" in one:
        return one
    kind = "Users" if "userName" in one or _is_user(one) else "Groups"
    endpoint = served.imitation.endpoints.get(kind, kind)
    location = f"{served.url}/{endpoint}/{one['id']}"
    return {**one, "meta": {"resourceType": kind.removesuffix("s"), "location": location}}


def _is_user(one: Mapping[str, Any]) -> bool:
    return any(urn.endswith(":User") for urn in one.get("schemas", ()))


def _answering(
    served: Served, method: str, target: str, headers: Mapping[str, str], data: bytes
) -> Sent:
    found = served.answer(method, target, headers, data)
    sent = b""
    if found.body is not None:
        body = _complete(served, found.body) if found.status < 300 else found.body
        sent = json.dumps(body).encode()
    media_type = {"Content-Type": served.imitation.media_type}
    return Sent(found.status, sent, {**media_type, **found.headers})


@contextlib.contextmanager
def serving(
    imitation: Imitation,
    *,
    port: int = 0,
    token: str = "rehearsal-token-1",
    reader: str = "reading-token-1",
    rate: float = 0.0,
    clock: Clock | None = None,
) -> Iterator[Served]:
    """Run an imitation for the time of the ``with``."""
    served = Served(imitation, imitation.store(), token, reader, rate, clock)
    with loopback(partial(_answering, served), port) as origin:
        served.url = f"{origin}{imitation.base}"
        yield served


def main() -> int:
    """Serve the imitation of a name until a signal comes."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--limits", action="store_true", help="limit requests as the service does")
    parser.add_argument("--ready-file", type=Path, required=True)
    args = parser.parse_args()
    try:
        imitation = imitation_named(args.service)
    except ValueError as unknown:
        print(unknown, file=sys.stderr)
        return 2
    token = args.token or secrets.token_hex(16)
    reader = secrets.token_hex(16)
    options = {"port": args.port, "token": token, "reader": reader, "rate": args.rate}
    clock = time.monotonic if args.limits else None
    with serving(imitation, **options, clock=clock) as served:
        ready = {"url": served.url, "token": token, "reader": reader, "title": imitation.title}
        ready.update(pid=str(os.getpid()), held=f"http://{urlsplit(served.url).netloc}{HELD}")
        ready["user"] = json.dumps(imitation.user)
        partial = args.ready_file.with_suffix(".partial")
        partial.write_text(json.dumps(ready), encoding="utf-8")
        partial.rename(args.ready_file)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


def interrupted(_number: int, _frame: object) -> None:
    """End like Ctrl-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
