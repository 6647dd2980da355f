# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SCIM service on loopback that is honest until a spell changes what it answers.

It also runs the work of the modules against that service.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identity.scim.plugins.module_utils._ansible.perform import (
    Caller,
    perform,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.options import checked_spec
from ansible_collections.identity.scim.plugins.module_utils._transport.session import Session
from ansible_collections.identity.scim.tests.unit.faults.loopback import Sent, loopback
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

TOKEN = "canary-token-1"
LONGEST = 1500


@dataclass
class Asked:
    """One request: what follows the base URL, unquoted."""

    method: str
    segments: tuple[str, ...]
    query: dict[str, str]
    body: Any
    target: str
    if_match: str | None = None

    @property
    def kind(self) -> str:
        """``Users``, ``Groups``, …"""
        return self.segments[0]

    @property
    def lists(self) -> bool:
        """Whether it reads a list."""
        return self.method == "GET" and len(self.segments) == 1

    @property
    def is_listing(self) -> bool:
        """Whether it reads a list of everything."""
        return self.lists and "filter" not in self.query and self.kind in ("Users", "Groups")


@dataclass
class Reply:
    """What is answered: ``body`` as JSON, or ``raw`` bytes."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    media: str = "application/scim+json"

    @property
    def data(self) -> bytes:
        """The bytes to be sent."""
        return (
            self.raw
            if self.raw is not None
            else b""
            if self.body is None
            else json.dumps(self.body).encode()
        )


Spell = Callable[[Asked, Callable[[], Reply]], Reply]


@dataclass
class Hostile:
    """A running service. ``spell`` sees each request and a function that answers it honestly."""

    store: Store
    url: str = ""
    spell: Spell = lambda asked, honest: honest()
    seen: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: Asked) -> Reply:
        """Answer a request, honestly or not."""

        def honest() -> Reply:
            found = self.store.send(
                asked.method,
                asked.segments,
                query=asked.query,
                body=asked.body,
                if_match=asked.if_match,
            )
            return Reply(found.status, found.body, found.headers)

        with self.lock:
            self.seen.append(asked)
            return self.spell(asked, honest)

    @property
    def writes(self) -> list[str]:
        """The writes that came: method and address."""
        return [f"{one.method} {one.target}" for one in self.seen if one.method != "GET"]

    @property
    def reads(self) -> int:
        """How many reads came."""
        return sum(one.method == "GET" for one in self.seen)


def _answering(service: Hostile, method: str, target: str, headers: Any, data: bytes) -> Sent:
    parts = urlsplit(target)
    segments = tuple(unquote(one) for one in parts.path.removeprefix("/v2/").split("/"))
    try:
        asked = Asked(
            method,
            segments,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            json.loads(data) if data else None,
            target,
            headers.get("If-Match"),
        )
        reply = service.answer(asked)
    except Exception as fault:  # pylint: disable=broad-exception-caught
        service.broken.append(f"{method} {target}: {fault!r}")
        reply = Reply(599, {"detail": "the test itself is broken"})
    return Sent(reply.status, reply.data, {"Content-Type": reply.media, **reply.headers})


@contextlib.contextmanager
def hostile(store: Store | None = None, spell: Spell | None = None) -> Iterator[Hostile]:
    """A service for the time of the ``with``."""
    service = Hostile(store or Store())
    if spell is not None:
        service.spell = spell
    with loopback(partial(_answering, service)) as origin:
        service.url = f"{origin}/v2"
        yield service
        assert not service.broken, service.broken


@dataclass
class Said:
    """How a run ended: its result, the failure as it is printed ("" if there is none) and its warnings."""

    result: dict[str, Any]
    failure: str
    warnings: list[str]
    seconds: float

    @property
    def changed(self) -> bool:
        """Whether it reports a change."""
        return bool(self.result.get("changed"))


def run(
    service: Hostile,
    module: str,
    /,
    *,
    check: bool = False,
    connection: Mapping[str, Any] | None = None,
    paced: bool = False,
    **options: Any,
) -> Said:
    """Run a module with these options, from the options to what leaves it.

    ``paced``: no faster than the profile of the service says.
    """
    validated = ArgumentSpecValidator(checked_spec(TASKS[module].options)).validate(
        json.loads(json.dumps(options))
    )
    assert not validated.error_messages, validated.error_messages
    params = {
        **validated.validated_parameters,
        "server_url": service.url,
        "token": TOKEN,
        "retries": 1,
        "retry_max_wait": 0.02,
        "consistency_wait": 0.02,
        "timeout": 10,
        "use_proxy": False,
        **(connection or {}),
    }
    opened: list[Service] = []

    def connected(one: Service) -> None:
        opened.append(one)
        if not paced:
            session = cast(Session, one.session)
            session.rate = 0.0
            session.limit_writes(0.0)

    service.seen.clear()
    started = time.monotonic()
    caller = Caller(connected=connected)
    finished = perform(module, params, {}, check=check, diff=True, caller=caller)
    seconds = time.monotonic() - started
    for one in opened:
        cast(Session, one.session).close()
    said = Said(finished.result, finished.failure or "", list(finished.warnings), seconds)
    for text in (said.failure, *said.warnings):
        assert printable(text) and len(text) <= LONGEST and TOKEN not in text, text[:2000]
    assert "internal error" not in said.failure and "Traceback" not in said.failure, said.failure
    return said


def printable(text: str) -> bool:
    """Whether a text is on one line and moves no cursor."""
    return not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for char in text
    )


def people(*names: str, page: int = 100, **attributes: Any) -> Store:
    """A store with these users."""
    store = Store(page=page)
    for name in names:
        store.user(name, **attributes)
    return store
