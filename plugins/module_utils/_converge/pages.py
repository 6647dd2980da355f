# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, page by page, and the proof that one is whole.

Knows no plan. What a list proves is decided in ``_protocol.answers`` and ``_plan.proof``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .._model.errors import ScimError
from .._model.list_query import ListQuery
from .._model.schema import ResourceType
from .._model.unread import all_decoded
from .._plan.lessons import Lesson
from .._plan.page_sizes import UNCLEAR, Refusal, sizes_after
from .._plan.questions import ListName
from .._plan.questions import Resource as KnownResource
from .._plan.reading import EXCLUDED, Lean, Listed, sure_pages
from .._protocol.answers import Page, Walk, error, page
from .._protocol.not_found import means_nothing
from .._provider.abilities import (
    is_fake,
    rows_of_a_page,
    totals_count,
    tries_cursors,
)
from .._provider.choices import PARAMETERS
from .prefetch import Name, window
from .service import Answer, Resource, Service, read_answer, refused

if TYPE_CHECKING:
    from .._model.layouts import Layouts

LOST_PLACE = frozenset({"expiredCursor", "invalidCursor"})
# What these answer to a page after the last is no end of the list.
NO_END = frozenset({401, 403, 429})
LONGEST = 3600
NO_INDEX = NO_PARAMETER = frozenset({400, 501})
INDEX_WORDS = ("index", "pagination", "cursor")
BY_CURSOR = {"paging": "cursor"}
BY_INDEX = {"paging": "index"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The answer to a search.

    ``whole``: these are proven to be all. ``odd`` are rows that are no resources; ``sound``: all
    others came. ``total`` is how many the service says there are. ``came`` says in words how many
    came. ``doubtful`` is the name of the list if it may go on after its end. ``sample``: they are
    examples of what there is. ``ends_empty``: the last page had no row.
    """

    resources: tuple[Resource, ...]
    odd: tuple[Any, ...]
    whole: bool
    sound: bool
    total: int | None
    came: str
    doubtful: ListName | None
    sample: bool
    ends_empty: bool


class Pages:
    """One list that is read page by page.

    Pages follow by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865). A cursor that has
    expired begins the list anew, once. By index, later pages are asked for before their turn and
    taken in turn. ``count`` is the size of a page if the user sets it, and
    ``at_most`` if it is known that no more are needed. Unless it ``keeps``, each page is forgotten
    once it is read. With ``layouts`` its resources may stay unread."""

    def __init__(
        self,
        kind: ResourceType,
        query: Mapping[str, str],
        doing: str,
        *,
        count: int | None = None,
        at_most: int | None = None,
        keeps: bool = True,
    ) -> None:
        self.layouts: Layouts | None = None
        self._expected: Set[str] = frozenset()
        self._keeps = keeps
        self._kind = kind
        self._query = query
        self._doing = doing
        self._count = count
        self._at_most = at_most
        self._walk: Walk | None = None
        self._restarted = False
        self._began = 0.0
        self._in_turn = count is not None or at_most is not None
        self._step = 0
        self._last = 0
        self._most = 0
        self._mine: list[Name] = []

    @property
    def name(self) -> ListName:
        """Return the name of the list."""
        return self._kind.name, tuple(self._query.items())

    @property
    def found(self) -> tuple[Resource, ...]:
        """Return the resources that came and were kept."""
        walk = self._walk or Walk()
        kept = filter(None, walk.found.values())
        return all_decoded((*kept, *walk.twins, *walk.doubtful_twins))

    def after(self, former: Pages | None) -> Pages:
        """Return this list with what an earlier reading of it has shown."""
        if former is not None and former._walk is not None:
            self._expected = frozenset(former._walk.again)
        return self

    @property
    def listed(self) -> Listed:
        """Return how far the list was read."""
        walk = self._walk or Walk()
        return Listed(
            pages=walk.pages,
            rows=len(walk.found),
            odd=tuple(walk.odd),
            total=walk.total,
            promised=walk.first,
            ended=walk.ended,
            whole=walk.whole,
            ids=frozenset(walk.found if walk.whole else ()),
            but_for_odd=walk.sound,
            came=walk.came,
            doubtful=self.name if walk.doubtful else None,
            is_sample=walk.is_sample,
            ends_empty=walk.ends_empty,
        )

    def read(self, service: Service, sure: int = 0) -> tuple[KnownResource, ...]:
        """Return the resources of the next page. Raise ScimError if it is refused.

        ``sure`` is how many pages will be read in any case, this one included.
        """
        walk = self._begun(service)
        is_read = False
        try:
            self._ask_ahead(service, walk, sure)
            found = self._read(service, walk)
            is_read = True
        finally:
            if not is_read:
                service.prefetched.end()
        if self.listed.ended:
            service.prefetched.forget(self._mine)
        if self._walk is not None:
            service.tell(f"reading {self._kind.endpoint}", len(self._walk.found), self._walk.total)
        return found

    def begin(self, service: Service) -> None:
        """Ask for the first page before its turn."""
        walk = self._begun(service)
        self._begin(service, walk.start, self._size(service, walk))

    def _read(self, service: Service, walk: Walk) -> tuple[KnownResource, ...]:
        try:
            found, asked = self._read_page(service, walk)
        except ScimError as problem:
            if problem.scim_type not in LOST_PLACE or self._restarted:
                raise
            self._restarted = True
            self._walk = None
            walk = self._begun(service)
            found, asked = self._read_page(service, walk)
        walk.take(found, asked)
        if walk.ignores_cursors and tries_cursors(service.capabilities):
            source = "a first page by cursor that names no next one"
            service.merge([Lesson(source=source, values=BY_INDEX)])
            walk.go_by_index()
        if any(is_fake(service.capabilities, one) for one in found.resources):
            walk.is_sample = True
        if service.capabilities.paging == "none":
            walk.ended = True
        return found.resources

    def _ask_ahead(self, service: Service, walk: Walk, sure: int) -> None:
        """Ask for this page and later ones at the same time, as far as they are sure.

        All are taken to be as long as the first one. Once one is not, the others are read in turn.
        """
        if walk.pages == 1:
            self._step = self._last = walk.received
            self._most = window(service.concurrency, self._step, sure)
        is_alone = sure == 1 and not len(service.prefetched)
        if self._in_turn or not sure or is_alone or not self._goes_by_index(service, walk):
            return
        size = self._size(service, walk)
        pages = min(sure, self._most)
        for start in range(walk.start, walk.start + pages * self._step, self._step):
            if start > self._last:
                self._last = start
                self._begin(service, start, size)

    def _goes_by_index(self, service: Service, walk: Walk) -> bool:
        """Return whether the places of later pages are known."""
        is_index = service.capabilities.paging == "index" and not (walk.cursor or walk.probes)
        return is_index and service.concurrency > 1 and walk.totals_count and self._step > 0

    def _begin(self, service: Service, start: int, size: int) -> None:
        query = self._asked(service, start, size)
        name = (self._kind.endpoint, tuple(query.items()))
        if name not in service.prefetched:
            send = partial(service.send, "GET", (self._kind.endpoint,), self._doing, query=query)
            service.prefetched.begin(name, send, most=service.concurrency)
            self._mine.append(name)

    def _begun(self, service: Service) -> Walk:
        """Return the walk over the pages. Raise ScimError if it takes too long."""
        if self._walk is None:
            known = service.capabilities
            self._walk = Walk(
                totals_count=totals_count(known, self._kind.name),
                cursors=known.paging == "cursor",
                keeps=self._keeps,
                name=self._kind.name_attribute,
                expected=self._expected,
            )
            self._began = time.monotonic()
        elif time.monotonic() - self._began > LONGEST:
            count = len(self._walk.found)
            raise ScimError(
                f"the list takes too long; stopped after {LONGEST} seconds with {count} resources",
                doing=self._doing,
            )
        return self._walk

    def _read_page(self, service: Service, walk: Walk) -> tuple[Page, int]:
        """Return the next page, and how many rows were asked for."""
        size = self._size(service, walk)
        answer = self._send(service, walk, size)
        if answer.status != 200 and walk.pages == 0:
            answer = self._unabridged(service, walk, answer, size)
            answer = self._by_cursor(service, walk, answer, size)
            answer = self._by_index(service, walk, answer, size)
        if answer.status != 200 and walk.pages == 0:
            answer, size = self._smaller(service, walk, answer, size)
        if self._found_nothing(walk, answer, size):
            service.require_endpoint(self._kind, answer, self._doing)
            return Page(resources=(), total=0), size
        if answer.status == 200:
            read = partial(page, kind=self._kind, names=answer.names)
            found = read_answer(read, answer, self._doing)
            service.endpoints.add(self._kind.endpoint)
            return found, size
        is_after_end = walk.pages > 0 and not (walk.totals_count or walk.probes)
        if is_after_end and 400 <= answer.status < 500 and answer.status not in NO_END:
            return Page(resources=(), total=None), size
        raise refused(answer, self._doing)

    def _found_nothing(self, walk: Walk, answer: Answer, size: int) -> bool:
        """Return whether a filter found nothing, in other words than an empty list.

        A refusal whose words are about the size of the page says nothing of the filter.
        """
        if "filter" not in self._query or walk.pages > 0:
            return False
        if not means_nothing(answer.status, answer.body, answer.text):
            return False
        return not self._refusal(answer, size).says_too_large

    def _refusal(self, answer: Answer, size: int) -> Refusal:
        detail, scim_type = error(answer.body)
        text = f"{detail} {answer.text}"
        return Refusal(size, answer.status, scim_type, text, "filter" in self._query)

    def _smaller(
        self, service: Service, walk: Walk, refusal: Answer, size: int
    ) -> tuple[Answer, int]:
        """Return the answer to a smaller page if one of ``size`` was refused for that.

        A refusal that may mean something else is tried so once a run, for each form of the list.
        """
        if self._count is not None or service.capabilities.set_by_option("page_size"):
            return refusal, size
        said = self._refusal(refusal, size)
        form = (self._kind.endpoint, frozenset(self._query), refusal.status)
        if form in service.small_pages_refused:
            return refusal, size
        for smaller in sizes_after(said):
            answer = self._send(service, walk, smaller)
            is_nothing = self._found_nothing(walk, answer, smaller)
            if is_nothing and self._found_nothing(walk, refusal, size):
                break
            if answer.status == 200 or is_nothing:
                source = f"answer to count={size}: {refusal.status}"
                service.learn(source, page_size=smaller)
                return answer, smaller
        if said.status in UNCLEAR:
            service.small_pages_refused.add(form)
        return refusal, size

    def _unabridged(self, service: Service, walk: Walk, refusal: Answer, size: int) -> Answer:
        """Return the first page with all attributes if it was refused without some.

        Then the service counts as one that does not take that.
        """
        if refusal.status not in NO_PARAMETER or not isinstance(self._query, Lean):
            return refusal
        if service.capabilities.set_by_option("query"):
            return refusal
        self._query = {name: value for name, value in self._query.items() if name != EXCLUDED}
        answer = self._send(service, walk, size)
        if answer.status == 200:
            taken = tuple(name for name in PARAMETERS if name != EXCLUDED)
            service.learn(f"answer to {EXCLUDED}: {refusal.status}", query=taken)
        return answer

    def _by_cursor(self, service: Service, walk: Walk, refusal: Answer, size: int) -> Answer:
        """Return the first page by cursor if an index was refused in words (RFC 9865)."""
        said = f"{error(refusal.body).detail} {refusal.text}".lower()
        if refusal.status not in NO_INDEX or not any(word in said for word in INDEX_WORDS):
            return refusal
        known = service.capabilities
        if known.paging != "index" or known.set_by_option("paging"):
            return refusal
        lesson = Lesson(source=f"answer to startIndex=1: {refusal.status}", values=BY_CURSOR)
        answer = self._send(service.viewed_with(lesson.applied(service.capabilities)), walk, size)
        if answer.status != 200:
            return refusal
        service.merge([lesson])
        return answer

    def _by_index(self, service: Service, walk: Walk, refusal: Answer, size: int) -> Answer:
        """Return the first page by index if cursors are announced and refused (RFC 9865)."""
        known = service.capabilities
        if refusal.status not in NO_INDEX or not tries_cursors(known):
            return refusal
        lesson = Lesson(source=f"answer to cursor=: {refusal.status}", values=BY_INDEX)
        answer = self._send(service.viewed_with(lesson.applied(known)), walk, size)
        if answer.status != 200:
            return refusal
        service.merge([lesson])
        walk.go_by_index()
        return answer

    def _size(self, service: Service, walk: Walk) -> int:
        if walk.probes:
            return 1
        size = rows_of_a_page(service.capabilities, self._count)
        return size if self._at_most is None else min(size, self._at_most)

    def _send(self, service: Service, walk: Walk, size: int) -> Answer:
        """Ask for the next page. By index, the first one has its number as well."""
        query = self._asked(service, walk.start, size, walk.cursor)
        name = (self._kind.endpoint, tuple(query.items()))
        if name in service.prefetched:
            answer: Answer = service.prefetched.take(name)
            return answer
        # Either nothing is under way, or a page was not as long as the first one.
        self._in_turn = self._in_turn or self._last > self._step
        return service.send("GET", (self._kind.endpoint,), self._doing, query=query)

    def _asked(self, service: Service, start: int, size: int, cursor: str = "") -> dict[str, str]:
        query = dict(self._query)
        paging = service.capabilities.paging
        if cursor or paging == "cursor":
            query["cursor"] = cursor
        elif paging == "index":
            query["startIndex"] = str(start)
        if paging != "none":
            query["count"] = str(size)
        return query if self.layouts is None else ListQuery(query, self.layouts)

    def prove(self, service: Service) -> bool:
        """Read on after the end of a doubtful list, until nothing new comes.

        Return whether the total was that of the whole list. The service learns it.
        """
        walk = self._begun(service)
        rows = len(walk.found)
        walk.keeps = True
        walk.go_on()
        while not walk.ended:
            self.read(service)
        honest = walk.sound and len(walk.found) == rows
        service.learn("the page after the last", kind=self._kind.name, totals=honest)
        return honest


def search(
    service: Service,
    kind: ResourceType,
    query: Mapping[str, str],
    *,
    doing: str,
    count: int | None = None,
    most: int | None = None,
) -> Found:
    """Return the resources on all pages of a list, or the first ``most``.

    ``count`` is the size of a page that a user sets. Raise ScimError if the list is refused.
    """
    pages = Pages(kind, query, doing, count=count, at_most=most)
    while not pages.listed.ended and (most is None or pages.listed.rows < most):
        pages.read(service)
    return found_on(service, pages, most)


def read_all(service: Service, pages: Pages) -> Found:
    """Return the resources on all pages of a list."""
    while not (listed := pages.listed).ended:
        pages.read(service, sure_pages(listed))
    return found_on(service, pages)


def found_on(service: Service, pages: Pages, most: int | None = None) -> Found:
    """Return what came on the pages of a list. The service keeps it if it may go on.

    What is known not to exist is left out.
    """
    listed = pages.listed
    came = [one for one in pages.found if not is_fake(service.capabilities, one)]
    if listed.doubtful is not None:
        service.doubtful[listed.doubtful] = pages
    return Found(
        resources=tuple(came[:most]),
        odd=listed.odd,
        whole=listed.whole,
        sound=listed.sound,
        total=listed.total,
        came=listed.came,
        doubtful=listed.doubtful,
        sample=listed.is_sample,
        ends_empty=listed.ends_empty,
    )
