# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM responses: a list, a resource, an error (RFC 7644 sections 3.4.2, 3.12).

Knows no HTTP and no service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._model.spelling import lower_names, respelt

MOST_RESOURCES = 500_000
GROWTH = 1000
NO_SERVICE = "check that server_url is the base URL of a SCIM service"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list.

    Each of the ``resources`` has an id. ``total`` is the number of resources in the whole list,
    or None if the service does not return it. ``cursor`` is that of the next page, or "".
    """

    resources: tuple[dict[str, Any], ...]
    total: int | None
    cursor: str = ""


@dataclass(slots=True)
class Walk:
    """A walk over the pages of one list: the resources so far.

    It goes by index (RFC 7644 section 3.4.2.4), or by cursor as soon as a page has one (RFC 9865).
    With cursors, a page without a next cursor is the last. A page without a new id ends the walk,
    because some services start over or repeat a page at the end. If there is no total, such a page
    proves nothing, because the service may not page at all. An empty page proves the end.
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
        """Add a page. Raise ScimError when the list grows beyond every bound."""
        new: dict[str, dict[str, Any]] = {}
        for one in page.resources:
            if one["id"] not in self.found:
                new[one["id"]] = one
        self.found.update(new)
        self.received += len(page.resources)
        self.total = page.total
        if self.first is None:
            self.first = page.total
        starts_over = page.cursor in self._cursors
        self.ended = not new or starts_over or self._is_last(page)
        if self.ended:
            proves_nothing = bool(page.resources) and page.total is None
            self.broken = bool(page.cursor) or (not new and proves_nothing)
        self.cursor = page.cursor
        if page.cursor:
            self._cursors.add(page.cursor)
        self._check_bounds()

    def _is_last(self, page: Page) -> bool:
        if self.cursor or page.cursor:
            return not page.cursor
        return page.total is not None and len(self.found) >= page.total

    def _check_bounds(self) -> None:
        count = len(self.found)
        if count > MOST_RESOURCES:
            raise ScimError(f"the list does not end; stopped after {MOST_RESOURCES} resources")
        if self.first is not None and count > 2 * self.first + GROWTH:
            raise ScimError(
                "the list grows while it is read: the first page promised "
                f"{self.first} resources, but {count} came; stopped"
            )

    @property
    def start(self) -> int:
        """Return the ``startIndex`` of the next page, counted from 1."""
        return self.received + 1

    @property
    def whole(self) -> bool:
        """Return whether all resources of the list were received, each of them once."""
        if not self.ended or self.broken:
            return False
        return self.total is None or len(self.found) == self.total


class ErrorBody(NamedTuple):
    """The parts of an error response, each "" if the service returned none."""

    detail: str
    scim_type: str


def resource(body: Any, kind: ResourceType | None = None) -> dict[str, Any]:
    """Return the JSON of a response as a resource with its ``id`` as text.

    Names are as the schema of ``kind`` spells them. Raise ScimError if it has no id.
    """
    if isinstance(body, Mapping):
        found = respelt(kind, body)
        ident = found.get("id")
        if isinstance(ident, int) and not isinstance(ident, bool):
            ident = str(ident)
        if isinstance(ident, str) and ident:
            return {**without_secrets(found), "id": ident}
    raise ScimError("the answer is not a SCIM resource: it has no id", hint=NO_SERVICE)


def without_secrets(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource without passwords.

    A service must not return them (RFC 7643 section 4.1.1), but some do.
    """
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name.lower() == "password":
            continue
        found[name] = without_secrets(value) if isinstance(value, Mapping) else value
    return found


def resource_or_none(body: Any, kind: ResourceType | None = None) -> dict[str, Any] | None:
    """Return the resource of a response, or None if there is none."""
    try:
        return resource(body, kind)
    except ScimError:
        return None


def page(body: Any, kind: ResourceType | None = None) -> Page:
    """Return the JSON of a response as a page; names of the envelope ignore case.

    Raise ScimError if it is not a list.
    """
    envelope = lower_names(body)
    total = envelope.get("totalresults")
    rows = envelope.get("resources")
    if rows is None and total in (0, "0"):
        rows = []
    if not isinstance(rows, list):
        raise ScimError("the answer is not a SCIM list: it has no Resources", hint=NO_SERVICE)
    cursor = _cursor(envelope.get("nextcursor"))
    found = tuple(resource(one, kind) for one in rows)
    return Page(resources=found, total=_number(total), cursor=cursor)


def _cursor(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ScimError("the answer is not a SCIM list: its nextCursor is not text")
    return str(value)


def _number(total: Any) -> int | None:
    if isinstance(total, int) or (isinstance(total, str) and total.isdecimal()):
        return int(total)
    return None


def error(body: Any) -> ErrorBody:
    """Return the parts of an error response (RFC 7644 section 3.12)."""
    said = lower_names(body)
    detail = ""
    for name in ("error", "error_description", "message", "detail"):
        if isinstance(said.get(name), str):
            detail = said[name]
    scim_type = said.get("scimtype")
    if not isinstance(scim_type, str):
        scim_type = ""
    return ErrorBody(detail, scim_type)
