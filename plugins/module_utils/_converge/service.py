# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One SCIM service as something to read from and write to: turns answers into resources and refusals into sentences.

Knows what SCIM says and that bytes travel; knows no plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .._model.errors import ScimError, shortened
from .._model.schema import ResourceType
from .._plan.requests import Request
from .._protocol.answers import Page, Walk, error, page, resource
from .._provider.capabilities import FIELDS, Capabilities, Rank
from .._provider.discovery import announced
from .._transport.errors import TransportError

__all__ = ["FIELDS", "REFUSED_FILTER", "Lost", "Service", "refused"]

REFUSED_FILTER = frozenset({400, 413, 414, 431, 500, 501})
LOST_PLACE = frozenset({"expiredCursor", "invalidCursor"})


class Answer(Protocol):
    """What a session gives back for a request."""

    status: int
    body: Any
    text: str
    tries: int


class Session(Protocol):
    """How requests travel: ``_transport.session.Session`` is the one."""

    @property
    def requests(self) -> int:
        """HTTP requests sent so far, retries included."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything to be masked by now, the access tokens that were given included."""

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Any:
        """Send one request and give back its answer; raises TransportError."""


class Lost(ScimError):
    """A write whose answer was lost: it may have been done or not, so the service is read before anything is sent again."""

    def __init__(self, broken: TransportError, doing: str) -> None:
        super().__init__(broken.reason, doing=doing, status=broken.status, hint=broken.hint)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The answer to a search: the resources, whether they are proven to be all, and how many the service says there are."""

    resources: tuple[dict[str, Any], ...]
    whole: bool
    total: int | None

    @property
    def told(self) -> str:
        """How many came, for a sentence about a list that is not whole."""
        return (
            f"{len(self.resources)} of {self.total} came"
            if self.total is not None
            else f"{len(self.resources)} came, and the last page brought nothing new"
        )


class Service:
    """A session with what is known of the service behind it; ``capabilities`` grows by what refusals teach.

    ``account`` are the names by which the credentials say whose they are. ``interrupted`` is set from outside to end a run:
    what is being sent is finished, and nothing is begun after it.
    """

    def __init__(
        self, session: Session, capabilities: Capabilities, account: frozenset[str] = frozenset()
    ) -> None:
        self.session = session
        self.capabilities = capabilities
        self.account = account
        self.interrupted = False
        self._discovered = False

    def learn(self, source: str, **values: Any) -> None:
        """Remember what an answer taught; raises nothing, and what the option ``capabilities`` states stays."""
        self.capabilities = self.capabilities.learn(source, **values)

    def send(
        self,
        method: str,
        segments: Sequence[str],
        doing: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
    ) -> Any:
        """Send a request; whatever keeps it from being answered becomes a ScimError that says what was being done."""
        try:
            return self.session.send(method, segments, query=query, body=body, if_match=if_match)
        except TransportError as broken:
            if broken.sent and method != "GET":
                raise Lost(broken, doing) from None
            raise ScimError(
                broken.reason, doing=doing, status=broken.status, hint=broken.hint
            ) from None

    def discover(self) -> Any:
        """What the service says of itself (RFC 7644 section 4), asked once, before the first long list; no failure if it does not.

        Gives the ServiceProviderConfig as it came, or None.
        """
        if self._discovered:
            return None
        self._discovered = True
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
    ) -> dict[str, Any] | None:
        """One resource by id, or None where there is none (404). RFC 7644 section 3.4.1, 3.9."""
        doing = doing or f"reading {kind.name.lower()} '{ident}'"
        query = {
            name: value
            for name, value in (("attributes", attributes), ("excludedAttributes", excluded))
            if value
        }
        answer = self.send("GET", (kind.endpoint, ident), doing, query=query or None)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise refused(answer, doing)
        found: dict[str, Any] = _told(lambda: resource(answer.body), doing)
        if found["id"] != ident:
            raise ScimError(
                f"the service answered with another resource, id '{found['id']}'", doing=doing
            )
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
        """All pages of a list, by index or cursor (RFC 7644 section 3.4.2.4, RFC 9865); ``most`` ends it early.

        A cursor that has expired begins the walk anew, once. Raises ScimError when refused.
        """
        try:
            return self._walked(kind, query, doing, count, most)
        except ScimError as problem:
            if problem.scim_type not in LOST_PLACE:
                raise
            return self._walked(kind, query, doing, count, most)

    def _walked(
        self,
        kind: ResourceType,
        query: Mapping[str, str],
        doing: str,
        count: int | None,
        most: int | None,
    ) -> Found:
        walk = Walk()
        if most is not None:
            count = min(most, count or self.capabilities.get("page_size"))
        while not walk.ended and (most is None or len(walk.found) < most):
            walk.take(self._page(kind, {**query, **self._place(walk)}, doing, count))
            walk.ended = walk.ended or self.capabilities.get("paging") == "none"
        found = tuple(walk.found.values())
        return Found(
            resources=found if most is None else found[:most], whole=walk.whole, total=walk.total
        )

    def _place(self, walk: Walk) -> dict[str, str]:
        """The parameter that says where a page begins; the first page by index needs none."""
        if walk.cursor or self.capabilities.get("paging") == "cursor":
            return {"cursor": walk.cursor}
        return {"startIndex": str(walk.start)} if walk.start > 1 else {}

    def _page(
        self, kind: ResourceType, query: Mapping[str, str], doing: str, count: int | None
    ) -> Page:
        size = count or self.capabilities.get("page_size")
        asked = {
            **query,
            **({"count": str(size)} if self.capabilities.get("paging") != "none" else {}),
        }
        answer = self.send("GET", (kind.endpoint,), doing, query=asked)
        too_large = answer.status == 400 and error(answer.body)[1] not in LOST_PLACE
        if too_large and count is None and size > 100 and not self.capabilities.stated("page_size"):
            smaller = self.send("GET", (kind.endpoint,), doing, query={**asked, "count": "100"})
            if smaller.status == 200:
                self.learn(f"answer to count={size}: 400", page_size=100)
                answer = smaller
        if answer.status != 200:
            raise refused(answer, doing)
        found: Page = _told(lambda: page(answer.body), doing)
        return found

    def write(
        self, request: Request, ids: Mapping[str, str], doing: str, *, if_match: str | None = None
    ) -> Any:
        """Send one write, with its secrets and the ids of what was created before. The answer may be a refusal.

        ``if_match`` is the version for which it is meant (RFC 7644 section 3.14). Raises Lost or another ScimError.
        """
        segments, body = request.sendable(ids)
        return self.send(
            request.method,
            segments,
            doing,
            query=request.query or None,
            body=body,
            if_match=if_match,
        )


def _told(read: Callable[[], Any], doing: str) -> Any:
    try:
        return read()
    except ScimError as problem:
        raise ScimError(problem.reason, doing=doing, hint=problem.hint) from None


def refused(answer: Any, doing: str) -> ScimError:
    """An answer that is a refusal → the error that says so (RFC 7644 section 3.12)."""
    detail, scim_type = error(answer.body)
    return ScimError(
        f"the service answered {answer.status}",
        doing=doing,
        status=answer.status,
        detail=shortened(detail, 600) or answer.text,
        scim_type=shortened(scim_type, 60),
    )
