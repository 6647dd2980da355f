# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM answers: a list, a resource, an error (RFC 7644 sections 3.4.2, 3.12).

Knows no HTTP and no service.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._model.errors import ScimError
from .._model.key import names_one_resource
from .._model.schema import ResourceType
from .._model.spelling import SECRET, is_spelt, lower_names, need_no_spelling, respelt
from .._model.reasons import reason_of, scim_type_of
from .._model.twins import twins_among
from .._model.unread import Unread, decoded

MOST_RESOURCES = 500_000
GROWTH = 1000
# A list whose pages have fewer rows than FEW_ROWS ends after about FEW_PAGES pages.
FEW_PAGES = 1000
FEW_ROWS = 10
# Sizes to which services limit their pages are multiples of these.
ROUND = 10
QUARTER = 25
PROBE = 2
NO_PAGES = "if the service has no pages, set capabilities: {paging: none}"
NO_LIST = "the answer is not a SCIM list: it has no Resources"
NO_SERVICE = "check that server_url is the base URL of a SCIM service"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list.

    Each of the ``resources`` has an id. ``odd`` are the other rows, which are no resources.
    ``total`` is the number of resources in the whole list, or None if the service does not return
    it. ``cursor`` is that of the next page, or "".
    """

    resources: tuple[Mapping[str, Any], ...]
    total: int | None
    cursor: str = ""
    odd: tuple[Any, ...] = ()

    @property
    def rows(self) -> int:
        """Return how many rows the page has."""
        return len(self.resources) + len(self.odd)


@dataclass(slots=True)
class Walk:
    """A walk over the pages of one list: the resources so far.

    It goes by index (RFC 7644 section 3.4.2.4), or by cursor as soon as a page has one (RFC 9865).
    ``cursors``: it goes by cursor from the first page on.
    With cursors, a page without a next cursor is the last. A page without a new id ends the walk,
    because some services start over or repeat a page at the end. If there is no total, such a page
    proves nothing, because the service may not page at all. An empty page proves the end.

    Some services return the length of a page as the total. ``totals_count`` is False once that is
    known, or to find it out. Then the pages are read until one brings nothing new, and ``PROBE``
    proves that ``startIndex`` counts resources, not pages. Unless ``keeps``, only the ids are kept.

    ``is_sample``: a row is known not to exist, so the list shows examples and not what there is.
    ``ends_empty``: the last page has no row.

    ``name`` is the attribute by which two resources of one id are told apart. On one page these are
    ``twins``, and rows of their own. Those of several pages are ``doubtful_twins``, since one may
    be renamed while the list is read. They are twins if their ids came again at an earlier
    reading (``expected``). ``again`` are the ids that came on two pages.
    """

    totals_count: bool = True
    cursors: bool = False
    keeps: bool = True
    name: str = ""
    expected: Set[str] = frozenset()
    twins: list[Mapping[str, Any]] = field(default_factory=list)
    doubtful_twins: list[Mapping[str, Any]] = field(default_factory=list)
    again: set[str] = field(default_factory=set)
    found: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    odd: list[Any] = field(default_factory=list)
    total: int | None = None
    ended: bool = False
    broken: bool = False
    probes: bool = False
    is_sample: bool = False
    received: int = 0
    pages: int = 0
    first: int | None = None
    cursor: str = ""
    ends_empty: bool = False
    _may_go_on: bool = False
    _changed: bool = False
    _cursors: set[str] = field(default_factory=set)

    def take(self, page: Page, asked: int = 0) -> None:
        """Add a page of which up to ``asked`` rows were asked for.

        Raise ScimError when the list grows beyond every bound.
        """
        is_new = self._add(page)
        self.ends_empty = page.rows == 0
        self.pages += 1
        if self.probes:
            self.ended = True
            self.broken = is_new
            return
        self._note_total(page.total)
        starts_over = page.cursor in self._cursors
        at_end = not is_new or starts_over or self._is_last(page)
        if at_end and self._is_probed(page):
            self.probes = True
        elif at_end:
            self.ended = True
            proves_nothing = bool(page.rows) and self.total is None
            self.broken = bool(page.cursor) or (not is_new and proves_nothing)
        self._may_go_on = not self._by_cursor(page) and _looks_full(page.rows, asked)
        self.cursor = page.cursor
        if page.cursor:
            self._cursors.add(page.cursor)
        self._check_bounds()

    def _add(self, page: Page) -> bool:
        """Take in the rows of a page. Return whether one of them is new."""
        new: dict[str, Mapping[str, Any] | None] = {}
        for one in page.resources:
            if one["id"] not in self.found:
                new[one["id"]] = one if self.keeps else None
        odd = [one for one in page.odd if one not in self.odd]
        repeats = len(new) < len(page.resources)
        is_twinned = repeats and self._add_twins(page, new)
        self.found.update(new)
        if self.expected:
            self.found.update((one["id"], one) for one in page.resources if self._awaits(one))
        self.odd += odd
        self.received += page.rows
        return bool(new or odd or is_twinned)

    def _awaits(self, one: Mapping[str, Any]) -> bool:
        """Return whether the name of a resource must be kept, since its id may come again."""
        return one["id"] in self.expected and self.found.get(one["id"]) is None

    def _add_twins(self, page: Page, new: dict[str, Mapping[str, Any] | None]) -> bool:
        """Take in the rows of a page with ids of others. Return whether there are any."""
        for one in reversed(page.resources) if self.keeps else ():
            if one["id"] in new:
                new[one["id"]] = one
        self.again.update(one["id"] for one in page.resources if one["id"] not in new)
        if not self.name:
            return False
        sure, doubtful = twins_among(self.name, page.resources, self.found)
        sure += [one for one in doubtful if one["id"] in self.expected]
        fresh = [one for one in sure if one not in self.twins]
        self.twins += fresh
        self.doubtful_twins += [one for one in doubtful if one["id"] not in self.expected]
        return bool(fresh)

    def _note_total(self, total: int | None) -> None:
        if total is None:
            return
        if self.first is None:
            self.first = total
        self._changed = self._changed or total != self.first
        self.total = total

    def _by_cursor(self, page: Page) -> bool:
        return self.cursors or bool(self.cursor or page.cursor)

    def _is_last(self, page: Page) -> bool:
        if self._by_cursor(page):
            return not page.cursor
        if not self.totals_count or self.total is None:
            return False
        return self._ids >= self.total

    def _is_probed(self, page: Page) -> bool:
        """Return whether the end must be proved: the total does not prove it."""
        if self.totals_count or self._by_cursor(page) or self.total is None:
            return False
        return self.rows > 0

    @property
    def ignores_cursors(self) -> bool:
        """Return whether the first page has no next cursor although it is not the last."""
        is_first = self.pages == 1 and self.cursors and not self.cursor
        return is_first and self.total is not None and 0 < self.rows < self.total

    def go_by_index(self) -> None:
        """Go on by index, because cursors do not work."""
        self.cursors = False
        self.ended = False

    def go_on(self) -> None:
        """Read on after the end, because the total may be the length of a page."""
        self.totals_count = False
        self.ended = False

    def _check_bounds(self) -> None:
        count = len(self.found)
        if count > MOST_RESOURCES:
            raise ScimError(f"the list does not end; stopped after {MOST_RESOURCES} resources")
        if self.pages > FEW_PAGES + self.rows // FEW_ROWS:
            raise ScimError(
                f"the list does not end; stopped after {self.pages} pages with {count} resources"
            )
        if not self.totals_count:
            return
        if self.first is not None and count > 2 * self.first + GROWTH:
            raise ScimError(
                "the list grows while it is read: the first page promised "
                f"{self.first} resources, but {count} came; stopped"
            )

    @property
    def rows(self) -> int:
        """Return how many different rows came."""
        return len(self.found) + len(self.odd) + len(self.twins)

    @property
    def start(self) -> int:
        """Return the ``startIndex`` of the next page, counted from 1."""
        return PROBE if self.probes else self.received + 1

    @property
    def sound(self) -> bool:
        """Return whether all rows of the list were received, each of them once."""
        if not self.ended or self.broken:
            return False
        if not self.totals_count or self.total is None:
            return True
        return self.total in (self.rows, self._ids) and not self._changed

    @property
    def _ids(self) -> int:
        """Return how many rows came without twins: some services count these only."""
        return self.rows - len(self.twins)

    @property
    def whole(self) -> bool:
        """Return whether all resources of the list were received, each of them once."""
        return self.sound and not self.odd and not self.is_sample

    @property
    def doubtful(self) -> bool:
        """Return whether the total may be the length of a page, so that more may follow."""
        return self.sound and self.totals_count and bool(self.total) and self._may_go_on

    @property
    def came(self) -> str:
        """Return how many resources came, for a sentence about a list that is not whole."""
        count = len(self.found)
        if self.total is None:
            came = f"{count} came, and the last page contained nothing new; {NO_PAGES}"
        elif not self.totals_count and self.broken:
            came = f"{count} came, although the service says that there are {self.first}"
        elif self._changed:
            came = f"{count} came, and the total changed from {self.first} to {self.total}"
        else:
            came = f"{count} of {self.total} came"
        if self.cursor and self.broken and self.rows == self.total:
            came += ", and the page of the next cursor contained nothing new"
        if self.odd:
            came += f", and {len(self.odd)} without a usable id"
        if self.is_sample:
            came += ", and they are only a sample"
        return came


def _looks_full(rows: int, asked: int) -> bool:
    """Return whether a page has as many rows as a service may have limited it to."""
    is_round = rows % ROUND == 0 or rows % QUARTER == 0
    return rows > 0 and (is_round or rows == asked)


class ErrorBody(NamedTuple):
    """The parts of an error answer, each "" if the service returned none."""

    detail: str
    scim_type: str


def resource(body: Any, kind: ResourceType | None = None) -> dict[str, Any]:
    """Return the JSON of an answer as a resource with its ``id`` as text.

    Names are as the schema of ``kind`` spells them. Raise ScimError if it has no id.
    """
    found = _resource(body, kind, is_plain=False)
    if found is None:
        raise ScimError("the answer is not a SCIM resource: it has no id", hint=NO_SERVICE)
    return found


def _resource(body: Any, kind: ResourceType | None, *, is_plain: bool) -> dict[str, Any] | None:
    """Return a resource, None if the JSON has no id.

    ``is_plain``: its names are as in the schema, and no secret is there.
    """
    # A dict is told apart in no time, any other mapping by a registry.
    if not isinstance(body, (dict, Mapping)):
        return None
    is_plain = is_plain or is_spelt(kind, body)
    found = dict(body) if is_plain else respelt(kind, body)
    ident = found.get("id")
    if isinstance(ident, int) and not isinstance(ident, bool):
        ident = str(ident)
    if not isinstance(ident, str) or not names_one_resource(ident):
        return None
    shown = found if is_plain else without_secrets(found)
    shown["id"] = ident
    return shown


def without_secrets(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource without passwords.

    A service must not return them (RFC 7643 section 4.1.1), but some do.
    """
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name.lower() == SECRET:
            continue
        found[name] = without_secrets(value) if isinstance(value, Mapping) else value
    return found


def resource_or_none(
    body: Any, kind: ResourceType | None = None, names: Set[str] | None = None
) -> dict[str, Any] | None:
    """Return the resource of an answer, or None if there is none.

    ``names`` are all those in it, at any depth, if they are known.
    """
    is_plain = names is not None and need_no_spelling(kind, names)
    return _resource(body, kind, is_plain=is_plain)


def page(body: Any, kind: ResourceType | None = None, names: Set[str] | None = None) -> Page:
    """Return the JSON of an answer as a page; names of the envelope ignore case.

    ``names`` are all those in it, at any depth, if they are known. Rows that are unread stay so if
    that is safe. Raise ScimError if it is not a list.
    """
    envelope = lower_names(body)
    total = envelope.get("totalresults")
    rows = _rows(envelope.get("resources"), total)
    if not isinstance(rows, list):
        raise ScimError(NO_LIST, hint=NO_SERVICE)
    is_plain = names is not None and need_no_spelling(kind, names)
    found: list[Mapping[str, Any]] = []
    odd = []
    plain_layouts: dict[Any, bool] = {}
    for row in rows:
        if row.__class__ is Unread and _may_stay_unread(row, kind, plain_layouts):
            found.append(row)
            continue
        one = _resource(decoded(row), kind, is_plain=is_plain)
        if one is None:
            odd.append(row)
        else:
            found.append(one)
    return Page(
        resources=tuple(found),
        total=_number(total),
        cursor=_cursor(envelope.get("nextcursor")),
        odd=tuple(odd),
    )


def _may_stay_unread(
    row: Unread, kind: ResourceType | None, plain_layouts: dict[Any, bool]
) -> bool:
    """Return whether an unread row is a resource as it came."""
    layout = row.layout
    is_plain = plain_layouts.get(layout)
    if is_plain is None:
        is_plain = "id" in layout.top and need_no_spelling(kind, layout.names)
        plain_layouts[layout] = is_plain
    return is_plain and names_one_resource(row["id"])


def _rows(rows: Any, total: Any) -> Any:
    """Return the rows of a list as they were meant.

    Some encoders write an empty list as an object or a text, and one row without a list.
    """
    if not rows and total in (0, "0"):
        return []
    return [rows] if rows and isinstance(rows, Mapping) else rows


def _cursor(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ScimError("the answer is not a SCIM list: its nextCursor is not text")
    return str(value)


def _number(total: Any) -> int | None:
    """Return a number of resources, None if it says nothing.

    One below zero stays: no list with it is whole.
    """
    if isinstance(total, str) and total.strip().isdecimal():
        return int(total)
    if isinstance(total, float) and total.is_integer():
        return int(total)
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def error(body: Any) -> ErrorBody:
    """Return the parts of an error answer (RFC 7644 section 3.12), in any JSON."""
    if not isinstance(body, (Mapping, list)):
        return ErrorBody("", "")
    return ErrorBody(reason_of(body), scim_type_of(body))
