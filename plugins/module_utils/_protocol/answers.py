# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SCIM answers look like: a list, a resource, an error (RFC 7644 section 3.4.2, 3.12); knows no HTTP and no service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import ScimError

MOST_RESOURCES = 500_000
GROWTH = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list: its resources, each with an id, how many there are in all (None: not said), and the next cursor."""

    resources: tuple[dict[str, Any], ...]
    total: int | None
    cursor: str = ""


@dataclass(slots=True)
class Walk:
    """A walk over the pages of one list: what came so far and whether it is whole.

    By index (RFC 7644 section 3.4.2.4), or by cursor as soon as a page brings one (RFC 9865): then a page without a next
    cursor is the last. A page that brings no new id ends the walk: some services start over or repeat a page past the end.
    Where no total is told, such a page proves nothing, since the service may not read on at all; an empty one does.
    """

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    total: int | None = None
    ended: bool = False
    broken: bool = False
    received: int = 0
    first: int | None = None
    cursor: str = ""
    _cursors: set[str] = field(default_factory=set)

    def take(self, page: Page) -> None:
        """Add a page. Raises ScimError when the list grows beyond every bound."""
        new = [resource for resource in page.resources if resource["id"] not in self.found]
        self.found.update((resource["id"], resource) for resource in new)
        self.received += len(page.resources)
        self.total = page.total
        self.first = page.total if self.first is None else self.first
        by_cursor = bool(self.cursor or page.cursor)
        done = (
            not page.cursor
            if by_cursor
            else page.total is not None and len(self.found) >= page.total
        )
        self.ended = done or not new or bool(page.cursor) and page.cursor in self._cursors
        repeated = bool(page.resources) and not new and page.total is None
        self.broken = self.ended and (bool(page.cursor) or repeated)
        self.cursor = page.cursor
        self._cursors.add(page.cursor)
        if len(self.found) > MOST_RESOURCES:
            raise ScimError(f"the list does not end; stopped after {MOST_RESOURCES} resources")
        if self.first is not None and len(self.found) > 2 * self.first + GROWTH:
            raise ScimError(
                f"the list grows while it is read: {self.first} were told at first, and {len(self.found)} came; stopped"
            )

    @property
    def start(self) -> int:
        """The ``startIndex`` of the next page, counted from 1."""
        return self.received + 1

    @property
    def whole(self) -> bool:
        """Whether everything that the service says is there was received, each resource once."""
        return (
            self.ended and not self.broken and (self.total is None or len(self.found) == self.total)
        )


def resource(body: Any) -> dict[str, Any]:
    """The JSON of an answer → a resource with its ``id`` as text. Raises ScimError when it is none."""
    found = body.get("id") if isinstance(body, Mapping) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(body, Mapping) or not isinstance(found, str) or not found:
        raise ScimError(
            "the answer is not a SCIM resource: it has no id",
            hint="check that server_url is the base URL of a SCIM service",
        )
    return {**without_secrets(body), "id": found}


def without_secrets(body: Mapping[str, Any]) -> dict[str, Any]:
    """A resource without its passwords, which a service should never return (RFC 7643 section 4.1.1) and some do."""
    return {
        name: without_secrets(value) if isinstance(value, Mapping) else value
        for name, value in body.items()
        if name.lower() != "password"
    }


def resource_or_none(body: Any) -> dict[str, Any] | None:
    """The same where an answer without a resource is no failure."""
    try:
        return resource(body)
    except ScimError:
        return None


def page(body: Any) -> Page:
    """The JSON of an answer → a page; the envelope's keys are read ignoring case. Raises ScimError when it is no list."""
    envelope = (
        {str(key).lower(): value for key, value in body.items()}
        if isinstance(body, Mapping)
        else {}
    )
    rows = envelope.get("resources")
    total = envelope.get("totalresults")
    if rows is None and total in (0, "0"):
        rows = []
    if not isinstance(rows, list):
        raise ScimError(
            "the answer is not a SCIM list: it has no Resources",
            hint="check that server_url is the base URL of a SCIM service",
        )
    number = (
        int(total)
        if isinstance(total, int) or isinstance(total, str) and total.isdecimal()
        else None
    )
    cursor = envelope.get("nextcursor")
    if isinstance(cursor, bool) or not isinstance(cursor, (str, int, type(None))):
        raise ScimError("the answer is not a SCIM list: its nextCursor is no text")
    return Page(
        resources=tuple(resource(row) for row in rows),
        total=number,
        cursor="" if cursor is None else str(cursor),
    )


def error(body: Any) -> tuple[str, str]:
    """The JSON of an error answer → (detail, scimType), each "" where the service says nothing (RFC 7644 section 3.12)."""
    if not isinstance(body, Mapping):
        return "", ""
    said = {str(key).lower(): value for key, value in body.items()}
    detail = next(
        (
            said[key]
            for key in ("detail", "message", "error_description", "error")
            if isinstance(said.get(key), str)
        ),
        "",
    )
    scim_type = said.get("scimtype")
    return detail, scim_type if isinstance(scim_type, str) else ""
