# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What services do to creations and to answers of writes."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

NOTHING = {"totalResults": 0, "startIndex": 1, "Resources": []}


def names_may_repeat(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Create a second group of a name (RFC 7643 leaves that open; scim2-server does)."""
    if asked.method != "POST" or asked.kind != "Groups":
        return honest(asked)
    server.requests += 1
    server.log.append((asked.method, asked.segments, copy.deepcopy(asked.body)))
    ident = server._put(asked.kind, asked.body)
    return Answer(201, copy.deepcopy(server.held[asked.kind][ident]))


def lagging(seconds: float) -> Quirk:
    """Show what was created only after a time, in lists and by id (eventual consistency).

    Seen: AWS, Entra, Keycloak clusters.
    """
    made: dict[str, float] = {}

    def is_hidden(server: Quirky, ident: Any) -> bool:
        return server.waited < made.get(str(ident), -seconds) + seconds

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            before = set(server.held[asked.kind])
            try:
                return honest(asked)
            finally:
                for ident in set(server.held[asked.kind]) - before:
                    made[ident] = server.waited
        if asked.method != "GET":
            return honest(asked)
        if not asked.lists:
            if is_hidden(server, asked.segments[-1]):
                return Answer(404, {"detail": "not found"})
            return honest(asked)

        def shown(body: Any) -> Any:
            rows = [one for one in body["Resources"] if not is_hidden(server, one["id"])]
            lost = len(body["Resources"]) - len(rows)
            return {**body, "Resources": rows, "totalResults": body["totalResults"] - lost}

        return altered(honest(asked), shown)

    return quirk


def losing(kind: str, numbers: Iterable[int], method: str = "POST") -> Quirk:
    """Do the writes of these numbers, counted from 0, and lose their answers."""
    wanted = set(numbers)
    count = [-1]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if (asked.method, asked.kind) != (method, kind):
            return honest(asked)
        count[0] += 1
        answer = honest(asked)
        if count[0] in wanted:
            raise TransportError(kind="reset", reason="the connection was reset", sent=True)
        return answer

    return quirk


def renaming(rename: Callable[[str], str]) -> Quirk:
    """Store a group under another name than it was given.

    Seen: `PRIMARY/developers` for `developers` (WSO2), slugs (Sentry).
    """

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "POST" or asked.kind != "Groups":
            return honest(asked)
        body = {**asked.body, "displayName": rename(asked.body["displayName"])}
        return honest(replace(asked, body=body))

    return quirk


def blind_filters(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Find no group by any filter, with 200 (django-scim2)."""
    if asked.lists and not asked.is_listing and asked.kind == "Groups":
        server.requests += 1
        return Answer(200, NOTHING)
    return honest(asked)


def hidden_until_posted(name: str) -> Quirk:
    """Show a resource of that name only after a creation was refused for it.

    It stands for another run that creates it at the same time.
    """
    is_shown = [False]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            is_shown[0] = True
        answer = honest(asked)
        if is_shown[0] or not asked.lists:
            return answer

        def without(body: Any) -> Any:
            rows = []
            for one in resources(body):
                if name not in (one.get("displayName"), one.get("userName")):
                    rows.append(one)
            return {**body, "Resources": rows, "totalResults": len(rows)}

        return altered(answer, without)

    return quirk


def refusing_duplicates(status: int, body: Any = None, text: str = "") -> Quirk:
    """Refuse a duplicate in another way than 409 (400, 403, 422, 500 with a text)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if answer.status == 409:
            return replace(answer, status=status, body=body, text=text)
        return answer

    return quirk


def answering(method: str, kind: str, body: Callable[[Any], Any], status: int = 200) -> Quirk:
    """Do a write, and answer with another body than was asked for."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if (asked.method, asked.kind) != (method, kind) or answer.status >= 300:
            return answer
        return replace(answer, status=status, body=body(answer.body))

    return quirk


def etags(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Give every resource a version, and refuse a write for another one (RFC 7644 3.14)."""

    def version(ident: str) -> str:
        held = server.held[asked.kind].get(ident)
        return f'W/"{zlib.crc32(repr(held).encode())}"'

    if asked.method in ("PUT", "PATCH", "DELETE") and asked.if_match is not None:
        if asked.if_match != version(asked.segments[-1]):
            server.requests += 1
            return Answer(412, {"detail": "another version"})

    def versioned(body: Any) -> Any:
        for one in resources(body):
            if "id" in one:
                one["meta"] = {**one.get("meta", {}), "version": version(one["id"])}
        return body

    return altered(honest(asked), versioned)


def before_write(method: str, change: Callable[[Quirky], None], times: int = 1) -> Quirk:
    """Let another client change something just before a write arrives."""
    left = [times]

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == method and left[0]:
            left[0] -= 1
            change(server)
        return honest(asked)

    return quirk


def refusing(method: str, kind: str, status: int, body: Any = None, times: int = 1) -> Quirk:
    """Refuse the first writes of a kind without doing them."""
    left = [times]

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if (asked.method, asked.kind) == (method, kind) and left[0]:
            left[0] -= 1
            server.requests += 1
            return Answer(status, body)
        return honest(asked)

    return quirk


def promising(*methods: str, seconds: float = 1.0, body: Any = None) -> Quirk:
    """Answer writes with 202 and do them some time later (RFC 9967 section 2.4)."""
    promised: list[tuple[float, Asked, Honest]] = []

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        for one in list(promised):
            if server.waited >= one[0]:
                promised.remove(one)
                one[2](one[1])
        if asked.method not in methods:
            return honest(asked)
        promised.append((server.waited + seconds, asked, honest))
        server.requests += 1
        server.log.append((asked.method, asked.segments, asked.body))
        return Answer(202, body)

    return quirk
