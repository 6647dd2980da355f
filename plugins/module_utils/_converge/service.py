# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One SCIM service: turns answers into resources and refusals into sentences.

Knows no plan.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from .._model.errors import CHANGED, TAKEN, ScimError
from .._model.key import names_one_resource
from .._model.schema import KINDS, ResourceType
from .._model.spelling import is_spelt, lower_names, need_no_spelling, respelt
from .._plan.evidence import Evidence
from .._plan.lessons import Lesson
from .._plan.questions import ListName
from .._protocol.answers import NO_LIST, NO_SERVICE, error, resource
from .._protocol.not_found import GONE, is_empty_list, is_list
from .._protocol.refusals import (
    names_a_change,
    names_a_duplicate,
    names_a_media_type,
    says_error,
    texts_of,
    what_it_says,
)
from .._protocol.versions import version_of
from .._provider.abilities import may_be_json, place_of, rewritten, takes_parameter
from .._provider.capabilities import FIELDS, JSON, Capabilities, Rank
from .._provider.discovery import announced
from .._provider.schemas import Schemas, believed, listed
from .._transport.errors import TransportError
from .._transport.text import clean, masked
from .prefetch import Prefetched
from .threads import Baton

if TYPE_CHECKING:
    from .._plan.requests import Request

__all__ = ["FIELDS", "Answer", "Lost", "Service", "is_taken", "read_answer", "refused"]

CHANGED_MEANWHILE = 412
CONFLICT = 409
Resource = dict[str, Any]
Read = TypeVar("Read")
# What is told the phase of a run, how much of it is done, of how many, and the requests so far.
Progress = Callable[[str, int, "int | None", int], None]


class Answer(Protocol):
    """What a session gives back for a request."""

    @property
    def status(self) -> int:
        """Return the HTTP status."""

    @property
    def body(self) -> Any:
        """Return the JSON of the answer, None if there is none."""

    @property
    def names(self) -> Set[str] | None:
        """Return all names in ``body``, at any depth, None if they are not known."""

    @property
    def text(self) -> str:
        """Return the start of an answer that is not JSON."""

    @property
    def tries(self) -> int:
        """Return how many times the request was sent."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers of the answer, with names in lower case."""

    @property
    def lost(self) -> bool:
        """Return whether an earlier try may have been done without its answer arriving."""


class Session(Protocol):
    """How requests travel: ``_transport.session.Session`` does it.

    ``media_type`` is that of requests and answers.
    """

    media_type: str

    @property
    def requests(self) -> int:
        """Return how many HTTP requests were sent, retries included."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every text to mask by now, new access tokens included."""

    def pause(self, seconds: float) -> None:
        """Wait before the next request."""

    def interrupt(self) -> None:
        """End what reads or waits, by an exception."""

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


def no_progress(_phase: str, _done: int, _total: int | None, _requests: int) -> None:
    """Tell nobody how far a run is."""


@dataclass(slots=True)
class Shared:
    """What all views of a service share.

    ``interrupted`` ends a run. ``progress`` is told how far it is. ``consistency_wait`` is how many
    seconds to wait for a service whose reads lag behind its writes. ``concurrency`` is how many
    requests are sent at the same time at most, ``prefetched`` has pages that are asked for before
    their turn. ``doubtful`` are lists that ended and may go on, by name. ``versions`` are those of
    resources by their path, empty after a write that told none. ``tried_json``: another media type
    was tried, by the thread that was ``trying`` it. ``baton`` is what a thread holds that runs the
    code of a run. ``schemas`` are None until they are read. ``small_pages_refused`` are forms of
    lists, with the status by which smaller pages of them were refused too. ``miscounted`` says by
    the endpoint whether the totals of filters count everything.
    """

    interrupted: bool = False
    progress: Progress = no_progress
    consistency_wait: float = 0.0
    concurrency: int = 1
    prefetched: Prefetched = field(default_factory=Prefetched)
    discovered: bool = False
    doubtful: dict[ListName, Any] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)
    versions: dict[tuple[str, ...], str] = field(default_factory=dict)
    tried_json: bool = False
    small_pages_refused: set[Any] = field(default_factory=set)
    miscounted: dict[str, bool] = field(default_factory=dict)
    trying: threading.Lock = field(default_factory=threading.Lock)
    baton: Baton = field(default_factory=Baton)
    schemas: Schemas | None = None


class Service:
    """A session and what is known of the service behind it.

    ``capabilities`` are what is known, ``lessons`` what was learnt here. ``account`` are the names
    by which the credentials say which account they belong to, ``address`` is where it is, and
    ``profile`` the name of its profile, for readers. ``lists`` are listings that were
    begun and may be read on. ``evidence`` weighs what changes taught. A view learns for itself
    until its lessons are merged, and begins its own listings.
    """

    def __init__(
        self, session: Session, capabilities: Capabilities, account: frozenset[str] = frozenset()
    ) -> None:
        self.session = session
        self.capabilities = capabilities
        self.account = account
        self.address = ""
        self.profile = ""
        self.lessons: list[Lesson] = []
        self.lists: dict[ListName, Any] = {}
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

    def report_to(self, progress: Progress) -> None:
        """Let ``progress`` be told how far the run is."""
        self._shared.progress = progress

    def tell(self, phase: str, done: int, total: int | None) -> None:
        """Tell how far a phase of the run is."""
        self._shared.progress(phase, done, total, self.session.requests)

    @property
    def baton(self) -> Baton:
        """Return what a thread holds that runs the code of a run."""
        return self._shared.baton

    @property
    def doubtful(self) -> dict[ListName, Any]:
        """Return the lists that ended and may go on, by name."""
        return self._shared.doubtful

    def interrupt(self) -> None:
        """End the run. A signal handler calls it.

        What reads or waits ends by an exception.
        """
        self.interrupted = True
        self.session.interrupt()

    @property
    def consistency_wait(self) -> float:
        """Return how many seconds to wait for reads that lag behind writes."""
        return self._shared.consistency_wait

    @consistency_wait.setter
    def consistency_wait(self, seconds: float) -> None:
        """Set how many seconds to wait, for every view of this service."""
        self._shared.consistency_wait = seconds

    @property
    def prefetched(self) -> Prefetched:
        """Return the pages that are asked for before their turn."""
        return self._shared.prefetched

    @property
    def concurrency(self) -> int:
        """Return how many requests are sent at the same time at most."""
        return self._shared.concurrency

    @concurrency.setter
    def concurrency(self, most: int) -> None:
        """Set how many requests are sent at the same time, for every view of this service."""
        self._shared.concurrency = most

    def pause(self, seconds: float) -> None:
        """Wait before the next request. Raise ScimError if the run is interrupted."""
        if not self.interrupted:
            with self.baton.handed_on():
                self.session.pause(seconds)
        if self.interrupted:
            raise ScimError("interrupted while waiting for the service")

    def viewed_with(self, capabilities: Capabilities) -> Service:
        """Return a view that knows these capabilities and learns for itself."""
        view = Service(self.session, capabilities, self.account)
        view._shared = self._shared
        return view

    def takes(self, parameter: str) -> bool:
        """Return whether the service takes a parameter in reads, as far as that is known."""
        return takes_parameter(self.capabilities, parameter)

    def rewritten(self, kind: str) -> Mapping[str, str]:
        """Return how the service rewrites values of a resource type, by its name."""
        return rewritten(self.capabilities, kind)

    def learn(
        self, source: str, *, rank: Rank = Rank.REFUSAL, kind: str = "", **values: Any
    ) -> None:
        """Remember what an answer taught; the option ``capabilities`` prevails.

        ``kind`` is the name of the resource type that it is about, empty for all.
        """
        self.merge([Lesson(source=source, values=values, rank=rank, kind=kind)])

    def merge(self, lessons: Iterable[Lesson]) -> None:
        """Remember what a view learnt, in order."""
        for lesson in lessons:
            self.capabilities = lesson.applied(self.capabilities)
            self.lessons.append(lesson)

    def take(
        self, lessons: Iterable[Lesson], *, patched: str = "", saved: Iterable[str] = ()
    ) -> None:
        """Remember what the work on one change taught, as far as it is proven.

        ``patched`` is the resource type of which a PATCH was accepted, if one was, and ``saved``
        are the attributes that it set.
        """
        if patched:
            self.evidence.deny("patch", False, patched)
            for path in saved:
                self.evidence.deny("unsaved", (path,), patched)
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

        Raise ScimError if no answer came; Lost if that was a write, which may have been done. An
        id that would be another endpoint is not sent.
        """
        for ident in segments[1:]:
            if not names_one_resource(ident):
                raise ScimError(f"'{ident}' cannot be the id of a resource", doing=doing)
        place = place_of(self.capabilities, segments[0]).split("/")
        at = (*place, *segments[1:])

        def sent() -> Answer:
            with self.baton.handed_on():
                return self.session.send(method, at, query=query, body=body, if_match=if_match)

        try:
            used = self.session.media_type
            answer = sent()
            if _is_wrong_media(answer) and may_be_json(self.capabilities):
                source = f"answer to {method} /{segments[0]}: {answer.status}"
                answer = self._in_json(sent, answer, used, source)
            self._note_version(method, tuple(segments), answer)
            return self._masked(answer)
        except TransportError as broken:
            if broken.sent and method != "GET":
                raise Lost(broken, doing) from None
            raise ScimError(
                broken.reason, doing=doing, status=broken.status, hint=broken.hint
            ) from None

    def _masked(self, answer: Answer) -> Answer:
        """Return an answer of which nothing but a resource or a list shows a secret."""
        if answer.status >= 300 or not what_it_says(answer.body):
            return answer
        body = masked(answer.body, self.session.secrets)
        found: Answer = replace(cast(Any, answer), body=body, names=None)
        return found

    def _in_json(
        self, sent: Callable[[], Answer], answer: Answer, used: str, source: str
    ) -> Answer:
        """Send a request again as ``application/json``, once a run unless that works.

        ``answer`` came for the media type that was ``used``. Another thread may have learnt.
        """
        with self.baton.handed_on(), self._shared.trying:
            if self.session.media_type != used:
                return sent()
            if self._shared.tried_json:
                return answer
            self._shared.tried_json = True
            self.session.media_type = JSON
            again = sent()
            if _is_wrong_media(again):
                self.session.media_type = used
                return answer
        self.learn(source, media_type=JSON)
        return again

    def _note_version(self, method: str, segments: tuple[str, ...], answer: Answer) -> None:
        """Remember the version of a resource as its last answer told it.

        A conflict and a write without a version make it unknown.
        """
        if method == "POST" and isinstance(answer.body, Mapping):
            segments = (*segments, str(answer.body.get("id")))
        if len(segments) != 2:
            return
        version = version_of(answer.body, answer.headers) if answer.status < 300 else ""
        is_moved = answer.status == CHANGED_MEANWHILE or (method != "GET" and answer.status < 300)
        if version or is_moved:
            self._shared.versions[segments] = version

    def version(self, kind: ResourceType, ident: str) -> str | None:
        """Return the version of a resource, empty if it is unknown by now.

        None: no answer was about that resource alone.
        """
        return self._shared.versions.get((kind.endpoint, ident))

    def keep_version(self, kind: ResourceType, ident: str, version: str) -> None:
        """Remember a version of a resource."""
        self._shared.versions[(kind.endpoint, ident)] = version

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

    def schemas(self) -> Schemas:
        """Return which attributes the service lists (RFC 7644 section 4), read once a run.

        What cannot be read says nothing.
        """
        if self._shared.schemas is None:
            self._shared.schemas = Schemas()
            found = listed(self.discovered_rows("Schemas")[0])
            if found.extensions:
                found = believed(found, self.discovered_rows("ResourceTypes")[0])
            self._shared.schemas = found
        return self._shared.schemas

    def discovered_rows(self, endpoint: str) -> tuple[list[Any] | None, str]:
        """Return the rows at a discovery endpoint, or None and the reason.

        RFC 7644 section 4.
        """
        try:
            answer = self.send("GET", (endpoint,), f"reading {endpoint}")
        except ScimError as failure:
            return None, failure.reason
        if answer.status == 200:
            rows = lower_names(answer.body).get("resources")
            if isinstance(rows, list):
                return rows, ""
        return None, f"it answered {answer.status}"

    def get(
        self,
        kind: ResourceType,
        ident: str,
        *,
        attributes: str = "",
        excluded: str = "",
        doing: str = "",
        any_id: bool = False,
    ) -> Resource | None:
        """Return one resource by its id, None if there is none.

        ``any_id``: the service may know it by another id (RFC 7644 sections 3.4.1 and 3.9).
        """
        doing = doing or f"reading {kind.name.lower()} '{ident}'"
        query = {}
        if attributes:
            query["attributes"] = attributes
        if excluded:
            query["excludedAttributes"] = excluded
        answer = self.send("GET", (kind.endpoint, ident), doing, query=query or None)
        if answer.status in GONE or (answer.status == 200 and is_empty_list(answer.body)):
            return None
        if answer.status != 200:
            raise refused(answer, doing)
        found = read_answer(partial(resource, kind=kind), answer, doing)
        if found["id"] != ident and not any_id:
            reason = f"the service answered with another resource, id '{found['id']}'"
            raise ScimError(reason, doing=doing)
        return found

    @property
    def endpoints(self) -> set[str]:
        """Return the endpoints that have answered with a list in this run."""
        return self._shared.endpoints

    @property
    def small_pages_refused(self) -> set[Any]:
        """Return the forms of lists of which smaller pages are refused too."""
        return self._shared.small_pages_refused

    @property
    def miscounted(self) -> dict[str, bool]:
        """Return for endpoints whether the totals of filters count everything."""
        return self._shared.miscounted

    def require_endpoint(self, kind: ResourceType, answer: Answer, doing: str) -> None:
        """Raise ScimError if an endpoint does not exist: then "not found" proves nothing.

        One resource is asked for, unless the endpoint has answered with a list before.
        """
        if kind.endpoint in self.endpoints:
            return
        first = {"startIndex": "1", "count": "1"}
        proof = self.send("GET", (kind.endpoint,), doing, query=first)
        if proof.status == 200 and is_list(proof.body):
            self.endpoints.add(kind.endpoint)
            return
        if proof.status == 200 and answer.status not in GONE:
            raise ScimError(NO_LIST, doing=doing, hint=NO_SERVICE)
        problem = refused(answer if answer.status in GONE else proof, doing)
        raise replace(problem, hint=problem.hint or NO_SERVICE)

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


def _respelt(endpoint: str, answer: Answer) -> Answer:
    """Return an answer whose resource has its names as the schema spells them."""
    if answer.status >= 300 or not isinstance(answer.body, Mapping):
        return answer
    kind = next((one for one in KINDS.values() if one.endpoint == endpoint), None)
    is_plain = answer.names is not None and need_no_spelling(kind, answer.names)
    if is_plain or is_spelt(kind, answer.body):
        return answer
    found: Answer = replace(cast(Any, answer), body=respelt(kind, answer.body), names=None)
    return found


def read_answer(read: Callable[[Any], Read], answer: Answer, doing: str) -> Read:
    """Return what an answer says. Raise ScimError that says what was being done."""
    try:
        return read(answer.body)
    except ScimError as problem:
        said = clean(what_it_says(answer.body)) if says_error(answer.body) else ""
        raise ScimError(problem.reason, doing=doing, detail=said, hint=problem.hint) from None


def refused(answer: Answer, doing: str) -> ScimError:
    """Return the error for an answer that is a refusal (RFC 7644 section 3.12)."""
    detail, scim_type = error(answer.body)
    return ScimError(
        f"the service answered {answer.status}",
        doing=doing,
        status=answer.status,
        detail=clean(detail) or answer.text,
        scim_type=clean(scim_type, 60),
        hint=_of_conflict(answer) if answer.status == CONFLICT else "",
    )


def _of_conflict(answer: Answer) -> str:
    """Return what a conflict advises, as far as its words say what it is about."""
    if is_taken(answer):
        return TAKEN
    return CHANGED if is_changing(answer) else ""


def is_taken(answer: Answer) -> bool:
    """Return whether an answer says that a value, or the resource, exists already."""
    scim_type = error(answer.body).scim_type
    return names_a_duplicate(scim_type, answer.text, *texts_of(answer.body))


def _is_wrong_media(answer: Answer) -> bool:
    return names_a_media_type(answer.status, [answer.text, answer.body])


def is_changing(answer: Answer) -> bool:
    """Return whether an answer is about a change meanwhile, or about a state."""
    scim_type = error(answer.body).scim_type
    return names_a_change(scim_type, answer.text, *texts_of(answer.body))
