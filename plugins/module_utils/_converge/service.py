# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One SCIM service: turns answers into resources and refusals into sentences.

Knows no plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from .._model.errors import ScimError, shortened
from .._model.schema import KINDS, ResourceType
from .._model.spelling import respelt
from .._plan.evidence import Evidence
from .._plan.lessons import Lesson
from .._plan.reading import Listed
from .._plan.requests import Request
from .._protocol.answers import Page, Walk, error, page, resource
from .._provider.capabilities import FIELDS, Capabilities, Rank
from .._provider.discovery import announced
from .._transport.errors import TransportError

__all__ = ["FIELDS", "Answer", "Found", "Lost", "Pages", "Service", "refused"]

LOST_PLACE = frozenset({"expiredCursor", "invalidCursor"})
SMALL_PAGE = 100

Resource = dict[str, Any]
ListName = tuple[str, tuple[tuple[str, str], ...]]
Read = TypeVar("Read")


class Answer(Protocol):
    """What a session gives back for a request."""

    @property
    def status(self) -> int:
        """Return the HTTP status."""

    @property
    def body(self) -> Any:
        """Return the JSON of the answer, None if there is none."""

    @property
    def text(self) -> str:
        """Return the start of an answer that is not JSON."""

    @property
    def tries(self) -> int:
        """Return how many times the request was sent."""

    @property
    def lost(self) -> bool:
        """Return whether an earlier try may have been done without its answer arriving."""


class Session(Protocol):
    """How requests travel: ``_transport.session.Session`` does it."""

    @property
    def requests(self) -> int:
        """Return how many HTTP requests were sent, retries included."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every text to mask by now, new access tokens included."""

    def pause(self, seconds: float) -> None:
        """Wait before the next request."""

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Answer:
        """Send one request and return its answer. Raise TransportError if there is none."""


class Lost(ScimError):
    """A write whose answer was lost.

    It may have been done, so the service is read before anything is sent again.
    """

    def __init__(self, broken: TransportError, doing: str) -> None:
        super().__init__(broken.reason, doing=doing, status=broken.status, hint=broken.hint)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The answer to a search.

    ``whole``: these are proven to be all. ``total`` is how many the service says there are.
    """

    resources: tuple[Resource, ...]
    whole: bool
    total: int | None

    @property
    def came(self) -> str:
        """Return how many came, for a sentence about a list that is not whole."""
        return _came(len(self.resources), self.total)


@dataclass(slots=True)
class Shared:
    """What all views of a service share.

    ``interrupted`` ends a run. ``consistency_wait`` is how many seconds to wait for a service whose
    reads lag behind its writes.
    """

    interrupted: bool = False
    consistency_wait: float = 0.0
    discovered: bool = False


class Service:
    """A session and what is known of the service behind it.

    ``capabilities`` are what is known, ``lessons`` what was learnt here. ``account`` are the names
    by which the credentials say which account they belong to. ``lists`` are listings that were
    begun and may be read on. ``evidence`` weighs what changes taught. A view learns for itself
    until its lessons are merged, and begins its own listings.
    """

    def __init__(
        self, session: Session, capabilities: Capabilities, account: frozenset[str] = frozenset()
    ) -> None:
        self.session = session
        self.capabilities = capabilities
        self.account = account
        self.lessons: list[Lesson] = []
        self.lists: dict[ListName, Pages] = {}
        self.evidence = Evidence()
        self._shared = Shared()

    @property
    def interrupted(self) -> bool:
        """Return whether the run must end.

        What is being sent is finished, nothing new begins.
        """
        return self._shared.interrupted

    @interrupted.setter
    def interrupted(self, value: bool) -> None:
        """End the run of every view of this service, or let it go on."""
        self._shared.interrupted = value

    @property
    def consistency_wait(self) -> float:
        """Return how many seconds to wait for reads that lag behind writes."""
        return self._shared.consistency_wait

    @consistency_wait.setter
    def consistency_wait(self, seconds: float) -> None:
        """Set how many seconds to wait, for every view of this service."""
        self._shared.consistency_wait = seconds

    def pause(self, seconds: float) -> None:
        """Wait before the next request. Raise ScimError if the run is interrupted."""
        if not self.interrupted:
            self.session.pause(seconds)
        if self.interrupted:
            raise ScimError("interrupted while waiting for the service")

    def viewed_with(self, capabilities: Capabilities) -> Service:
        """Return a view that knows these capabilities and learns for itself."""
        view = Service(self.session, capabilities, self.account)
        view._shared = self._shared
        return view

    def learn(self, source: str, *, rank: Rank = Rank.REFUSAL, **values: Any) -> None:
        """Remember what an answer taught; the option ``capabilities`` prevails."""
        self.merge([Lesson(source=source, values=values, rank=rank)])

    def merge(self, lessons: Iterable[Lesson]) -> None:
        """Remember what a view learnt, in order."""
        for lesson in lessons:
            self.capabilities = lesson.applied(self.capabilities)
            self.lessons.append(lesson)

    def take(self, lessons: Iterable[Lesson], *, patched: str = "") -> None:
        """Remember what the work on one change taught, as far as it is proven.

        ``patched`` is the resource type of which a PATCH was accepted, if one was.
        """
        if patched:
            self.evidence.deny("patch", False, patched)
        for lesson in lessons:
            self.capabilities = self.evidence.weighed(lesson, self.capabilities)
            self.lessons.append(lesson)

    def send(
        self,
        method: str,
        segments: Sequence[str],
        doing: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Answer:
        """Send a request and return its answer, which may be a refusal.

        Raise ScimError if no answer came; Lost if that was a write, which may have been done.
        """
        try:
            return self.session.send(method, segments, query=query, body=body, if_match=if_match)
        except TransportError as broken:
            if broken.sent and method != "GET":
                raise Lost(broken, doing) from None
            raise ScimError(
                broken.reason, doing=doing, status=broken.status, hint=broken.hint
            ) from None

    def discover(self) -> Any:
        """Read what the service says of itself (RFC 7644 section 4), once.

        That is done before the first long list. Return the ServiceProviderConfig as it came, None
        if there is none or it was read before.
        """
        if self._shared.discovered:
            return None
        self._shared.discovered = True
        try:
            answer = self.send("GET", ("ServiceProviderConfig",), "reading what the service can do")
        except ScimError:
            return None
        if answer.status != 200:
            return None
        self.learn("ServiceProviderConfig", rank=Rank.ANNOUNCED, **announced(answer.body))
        return answer.body

    def get(
        self,
        kind: ResourceType,
        ident: str,
        *,
        attributes: str = "",
        excluded: str = "",
        doing: str = "",
    ) -> Resource | None:
        """Return one resource by its id, None if there is none (404).

        RFC 7644 sections 3.4.1 and 3.9.
        """
        doing = doing or f"reading {kind.name.lower()} '{ident}'"
        query = {}
        if attributes:
            query["attributes"] = attributes
        if excluded:
            query["excludedAttributes"] = excluded
        answer = self.send("GET", (kind.endpoint, ident), doing, query=query or None)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise refused(answer, doing)
        found = _read(partial(resource, kind=kind), answer, doing)
        if found["id"] != ident:
            reason = f"the service answered with another resource, id '{found['id']}'"
            raise ScimError(reason, doing=doing)
        return found

    def search(
        self,
        kind: ResourceType,
        query: Mapping[str, str],
        *,
        doing: str,
        count: int | None = None,
        most: int | None = None,
    ) -> Found:
        """Return the resources on all pages of a list, or the first ``most``.

        ``count`` is the size of a page. Raise ScimError if the list is refused.
        """
        if most is not None:
            count = min(most, count or self.capabilities.page_size)
        pages = Pages(kind, query, doing, count)
        while not pages.listed.ended and (most is None or pages.listed.rows < most):
            pages.read(self)
        listed = pages.listed
        return Found(resources=pages.found[:most], whole=listed.whole, total=listed.total)

    def write(
        self, request: Request, ids: Mapping[str, str], doing: str, *, if_match: str | None = None
    ) -> Answer:
        """Send one write with its secrets and return its answer, which may be a refusal.

        ``ids`` are those of resources that this run created. ``if_match`` is the version of the
        resource for which the write is meant (RFC 7644 section 3.14). Raise Lost or another
        ScimError.
        """
        segments, body = request.sendable(ids)
        answer = self.send(
            request.method,
            segments,
            doing,
            query=request.query or None,
            body=body,
            if_match=if_match,
        )
        return _respelt(request.segments[0], answer)


class Pages:
    """One list that is read page by page.

    Pages follow by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865). A cursor that has
    expired begins the list anew, once.
    """

    def __init__(
        self, kind: ResourceType, query: Mapping[str, str], doing: str, count: int | None = None
    ) -> None:
        self._kind = kind
        self._query = query
        self._doing = doing
        self._count = count
        self._walk = Walk()
        self._pages = 0
        self._restarted = False

    @property
    def found(self) -> tuple[Resource, ...]:
        """Return all resources that came."""
        return tuple(self._walk.found.values())

    @property
    def listed(self) -> Listed:
        """Return how far the list was read."""
        walk = self._walk
        rows = len(walk.found)
        return Listed(
            pages=self._pages,
            rows=rows,
            total=walk.total,
            promised=walk.first,
            ended=walk.ended,
            whole=walk.whole,
            came=_came(rows, walk.total),
        )

    def read(self, service: Service) -> tuple[Resource, ...]:
        """Return the resources of the next page. Raise ScimError if it is refused."""
        try:
            found = self._read_page(service)
        except ScimError as problem:
            if problem.scim_type not in LOST_PLACE or self._restarted:
                raise
            self._restarted = True
            self._walk = Walk()
            self._pages = 0
            found = self._read_page(service)
        self._pages += 1
        self._walk.take(found)
        if service.capabilities.paging == "none":
            self._walk.ended = True
        return found.resources

    def _read_page(self, service: Service) -> Page:
        size = self._count or service.capabilities.page_size
        query = {**self._query, **self._place(service)}
        if service.capabilities.paging != "none":
            query["count"] = str(size)
        answer = self._send(service, query)
        if self._may_be_too_large(answer, size) and not service.capabilities.set_by_option(
            "page_size"
        ):
            smaller = self._send(service, {**query, "count": str(SMALL_PAGE)})
            if smaller.status == 200:
                service.learn(f"answer to count={size}: 400", page_size=SMALL_PAGE)
                answer = smaller
        if answer.status != 200:
            raise refused(answer, self._doing)
        return _read(partial(page, kind=self._kind), answer, self._doing)

    def _send(self, service: Service, query: Mapping[str, str]) -> Answer:
        return service.send("GET", (self._kind.endpoint,), self._doing, query=query)

    def _may_be_too_large(self, answer: Answer, size: int) -> bool:
        """Return whether a page may have been refused for its size, which no option set."""
        if answer.status != 400 or error(answer.body)[1] in LOST_PLACE:
            return False
        return size > SMALL_PAGE and self._count is None

    def _place(self, service: Service) -> dict[str, str]:
        """Return the parameter that says where a page begins.

        The first page by index needs none.
        """
        walk = self._walk
        if walk.cursor or service.capabilities.paging == "cursor":
            return {"cursor": walk.cursor}
        return {"startIndex": str(walk.start)} if walk.start > 1 else {}


def _came(rows: int, total: int | None) -> str:
    if total is None:
        return f"{rows} came, and the last page contained nothing new"
    return f"{rows} of {total} came"


def _respelt(endpoint: str, answer: Answer) -> Answer:
    """Return an answer whose resource has its names as the schema spells them."""
    if answer.status >= 300 or not isinstance(answer.body, Mapping):
        return answer
    kind = next((one for one in KINDS.values() if one.endpoint == endpoint), None)
    found: Answer = replace(cast(Any, answer), body=respelt(kind, answer.body))
    return found


def _read(read: Callable[[Any], Read], answer: Answer, doing: str) -> Read:
    """Return what an answer says. Raise ScimError that says what was being done."""
    try:
        return read(answer.body)
    except ScimError as problem:
        raise ScimError(problem.reason, doing=doing, hint=problem.hint) from None


def refused(answer: Answer, doing: str) -> ScimError:
    """Return the error for an answer that is a refusal (RFC 7644 section 3.12)."""
    detail, scim_type = error(answer.body)
    return ScimError(
        f"the service answered {answer.status}",
        doing=doing,
        status=answer.status,
        detail=shortened(detail, 600) or answer.text,
        scim_type=shortened(scim_type, 60),
    )
