# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service in memory with Bulk (RFC 7644 section 3.7), whose results may be altered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._transport.body import to_json
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.scattered import (
    Scattered,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
)

Rows = list[dict[str, Any]]


class Bulky(Scattered):
    """``alter`` changes the results of a bulk request before they are answered.

    ``skips`` says which operations the service answers without doing them. ``sizes`` are the
    numbers of operations of each bulk request, and ``singly`` the other writes. ``shows``: results
    have the resource.
    """

    def __init__(
        self,
        *faults: Any,
        most: int = 100,
        size: int = 10**6,
        alter: Callable[[Rows], Rows] = lambda rows: rows,
        **more: Any,
    ) -> None:
        super().__init__(*faults, **more)
        self.most_operations, self.size = most, size
        self.alter = alter
        self.skips: Callable[[Mapping[str, Any]], bool] = lambda one: False
        self.shows = False
        self.sizes: list[int] = []
        self.singly: list[tuple[str, str]] = []
        self.announces = True

    def send(self, method: str, segments: Sequence[str], **more: Any) -> Answer:
        if method != "GET" and segments[0] != "Bulk":
            self.singly.append((method, segments[0]))
        return super().send(method, segments, **more)

    def _answer(
        self, method: str, segments: tuple[str, ...], query: dict[str, str], body: Any
    ) -> Answer:
        if segments == ("ServiceProviderConfig",) and self.announces:
            limits = {"maxOperations": self.most_operations, "maxPayloadSize": self.size}
            return Answer(200, {"bulk": {"supported": True, **limits}})
        if segments == ("Bulk",):
            return self._bulk(body)
        return super()._answer(method, segments, query, body)

    def _bulk(self, body: Any) -> Answer:
        operations = body["Operations"]
        assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
        is_too_large = len(to_json(body)) > self.size
        if len(operations) > self.most_operations or is_too_large:
            return Answer(413, {"detail": "too large", "scimType": "tooMany"})
        self.sizes.append(len(operations))
        rows: Rows = []
        errors = 0
        for one in operations:
            rows.append(self._one(one))
            errors += int(rows[-1]["status"]) >= 400
            if errors >= body.get("failOnErrors", 10**9):
                break
        return Answer(200, {"Operations": self.alter(rows)})

    def _one(self, one: Mapping[str, Any]) -> dict[str, Any]:
        segments: Sequence[str] = one["path"].strip("/").split("/")
        row = {"method": one["method"], "bulkId": one["bulkId"]}
        if self.skips(one):
            return {**row, "status": "200", "location": f"https://x/v2{one['path']}"}
        found = self.really(one["method"], segments, {}, one.get("data"))
        if found.status >= 400:
            return {**row, "status": str(found.status), "response": found.body}
        ident = found.body["id"] if found.body else segments[-1]
        row = {
            **row,
            "location": f"https://x/v2/{segments[0]}/{ident}",
            "status": str(found.status),
        }
        return {**row, "response": found.body} if self.shows else row


class Loose(Bulky):
    """Names need not be unique, so that a creation that is sent twice makes two."""

    def _check(self, kind: str, body: Any, but: str = "") -> None:
        with contextlib.suppress(Refused):
            super()._check(kind, body, but)


class Lagging(Loose):
    """What is new is in lists and answers to filters ``LAG`` seconds later, and by its id at once."""

    LAG = 2.0

    def __init__(self, *faults: Any, **more: Any) -> None:
        super().__init__(*faults, **more)
        self._shown_at: dict[str, float] = {}

    def named(self, number: int) -> str:
        """Put a user in that is shown at once, and return its name."""
        self._shown_at[self.user(f"old{number}")] = 0.0
        return f"old{number}"

    def _put(self, kind: str, resource: Mapping[str, Any]) -> str:
        ident = super()._put(kind, resource)
        self._shown_at[ident] = self.waited + self.LAG
        return ident

    def _answer(
        self, method: str, segments: tuple[str, ...], query: dict[str, str], body: Any
    ) -> Answer:
        if method != "GET" or len(segments) > 1 or segments[0] not in self.held:
            return super()._answer(method, segments, query, body)
        every = self.held[segments[0]]
        shown = {one: row for one, row in every.items() if self._shown_at[one] <= self.waited}
        self.held[segments[0]] = shown
        try:
            return super()._answer(method, segments, query, body)
        finally:
            self.held[segments[0]] = every
