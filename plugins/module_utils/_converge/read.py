# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answering the questions of a plan: look-ups in batches, halved when refused, then one by one, then a listing.

Knows how to ask; what to ask is decided in _plan/questions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._model.errors import ScimError
from .._model.schema import GROUP, ResourceType
from .._plan.desired import Desired, folded
from .._plan.questions import Question
from .._plan.snapshot import Snapshot, values
from .._protocol.filters import Clause, any_of, chunks
from .service import REFUSED_FILTER, Service

MEMBER_ATTRIBUTES = "displayName,externalId,members"
LIST_INSTEAD = 3


def read(service: Service, snapshot: Snapshot, ask: Callable[[], list[Question]]) -> None:
    """Ask until nothing is left to ask; everything that comes goes into the snapshot. Raises ScimError.

    ``ask`` gives the open questions for what the snapshot holds by then.
    """
    while asked := ask():
        for question in asked:
            if service.interrupted:
                raise ScimError("interrupted before anything was changed")
            answer(service, snapshot, question)


def answer(service: Service, snapshot: Snapshot, question: Question) -> None:
    """Answer one question into the snapshot."""
    if question.everything:
        list_all(service, snapshot, question)
    elif question.ids:
        _by_ids(service, snapshot, question)
    else:
        _by_keys(service, snapshot, question)


def list_all(service: Service, snapshot: Snapshot, question: Question) -> None:
    """All resources of a kind. Whether they are proven to be all is kept in ``snapshot.listed``; a second try is made first."""
    kind = question.kind
    service.discover()
    for _try in range(2):
        found = service.search(
            kind, _asks(service, question), doing=f"listing all {kind.endpoint.lower()}"
        )
        _add(service, snapshot, question, found.resources)
        snapshot.listed[kind.name] = found.whole
        snapshot.came[kind.name] = found.told
        if found.whole:
            return


def _asks(service: Service, question: Question) -> dict[str, str]:
    """The parameters by which members are asked for; without them the whole resource comes."""
    ask = (
        question.members
        and not question.whole
        and service.capabilities.get("members_read") == "ask"
    )
    return {"attributes": MEMBER_ATTRIBUTES} if ask else {}


def _add(
    service: Service, snapshot: Snapshot, question: Question, resources: Sequence[dict[str, Any]]
) -> None:
    """Keep resources. Where members were asked for, or are known to come by themselves, a group without them has none."""
    asked = bool(_asks(service, question))
    inline = service.capabilities.get("members_read") == "inline"
    snapshot.add(
        question.kind,
        resources,
        members_asked=question.members and (asked or inline),
        partial=asked,
    )


def _by_ids(service: Service, snapshot: Snapshot, question: Question) -> None:
    """Resources by id: one by its address; several by a filter first, since those it does not find are read one by one."""
    kind, ids = question.kind, list(question.ids)
    if len(ids) > 1 and not question.members and service.capabilities.get("filters"):
        clauses = [("id", ident) for ident in ids]
        known = service.capabilities.get("filter_ids")
        if (
            not (known and _filtered(service, snapshot, question, clauses))
            and len(ids) > LIST_INSTEAD
        ):
            _first_page(service, snapshot, question)
        ids = [ident for ident in ids if snapshot.get(kind, ident) is None]
    for ident in ids:
        attributes = member_attributes(service) if question.members and not question.whole else ""
        found = service.get(kind, ident, attributes=attributes)
        if found is not None and question.whole and question.members and not found.get("members"):
            snapshot.add(kind, [found])
            attributes = member_attributes(service)
            found = service.get(kind, ident, attributes=attributes)
        if found is not None:
            snapshot.add(kind, [found], members_asked=question.members, partial=bool(attributes))
        snapshot.asked(kind, "id", ident)


def member_attributes(service: Service) -> str:
    """What to ask for to see a group's members by its id; nothing where they come, or stay away, by themselves."""
    return MEMBER_ATTRIBUTES if service.capabilities.get("members_read") in ("ask", "get") else ""


def _by_keys(service: Service, snapshot: Snapshot, question: Question) -> None:
    """Resources by keys: by filter where that is cheaper than a listing and the service takes it."""
    kind, clauses = question.kind, question.clauses
    if service.capabilities.get("filters") and not _listing_is_cheaper(service, snapshot, question):
        if _filtered(service, snapshot, question, clauses) and not _otherwise_spelt(
            service, snapshot, question
        ):
            return
    if kind.name not in snapshot.listed:
        list_all(service, snapshot, question)
    if not snapshot.listed[kind.name]:
        came = snapshot.came.get(kind.name, "")
        raise ScimError(
            f"the list of all {kind.endpoint.lower()} is not complete ({came}), so it cannot be told who exists",
            doing=f"looking up {len(clauses)} {kind.endpoint.lower()}",
            hint="run again, or see the option capabilities",
        )
    for path, value in clauses:
        snapshot.asked(kind, path, value)


def _otherwise_spelt(service: Service, snapshot: Snapshot, question: Question) -> bool:
    """Whether somebody was not found who may be there in other letters, since the service's filters do not ignore case."""
    return service.capabilities.get("filter_case") == "exact" and any(
        not question.kind.at(path).case_exact and not snapshot.find(question.kind, path, value)
        for path, value in question.clauses
    )


def _listing_is_cheaper(service: Service, snapshot: Snapshot, question: Question) -> bool:
    """Whether everything fits into fewer pages than the look-ups need requests: asked with one page, kept if it is all."""
    kind = question.kind
    portions = list(_portions(service, question.clauses))
    if len(portions) <= LIST_INSTEAD or kind.name in snapshot.listed:
        return snapshot.listed.get(kind.name, False)
    return _first_page(service, snapshot, question)


def _first_page(service: Service, snapshot: Snapshot, question: Question) -> bool:
    """List one page; True where it is all there is."""
    kind = question.kind
    size = service.capabilities.get("page_size")
    found = service.search(
        kind, _asks(service, question), doing=f"listing {kind.endpoint.lower()}", most=size
    )
    _add(service, snapshot, question, found.resources)
    if found.whole:
        snapshot.listed[kind.name] = True
    return bool(found.whole)


def _portions(service: Service, clauses: Sequence[Clause]) -> list[tuple[Clause, ...]]:
    return list(
        chunks(
            clauses,
            service.capabilities.get("filter_clauses"),
            service.capabilities.get("filter_length"),
        )
    )


def _filtered(
    service: Service, snapshot: Snapshot, question: Question, clauses: Sequence[Clause]
) -> bool:
    """Look up by filters with ``or``; halve on refusal, down to one. False where even one comparison is refused.

    Every answer is checked on our side; a page of strangers means that the filter was not honoured. Raises ScimError
    when an answer stays incomplete: who is missing from it must not be taken for new.
    """
    kind = question.kind
    waiting = _portions(service, clauses)
    while waiting:
        portion = waiting.pop(0)
        doing = _looking_up(kind, portion)
        try:
            query = {"filter": any_of(portion), **_asks(service, question)}
            found = service.search(kind, query, doing=doing)
            if not found.whole:
                found = service.search(kind, query, doing=doing)
        except ScimError as problem:
            if problem.status not in REFUSED_FILTER or service.capabilities.stated("filters"):
                raise
            if portion[0][0] == "id" and not _finds_ids(service, kind, portion[0]):
                service.learn(f"answer to a filter on id: {problem.status}", filter_ids=False)
                return False
            if len(portion) == 1:
                service.learn(f"answer to a filter: {problem.status}", filters=False)
                return False
            half = len(portion) // 2
            service.learn(
                f"answer to a filter of {len(portion)} comparisons: {problem.status}",
                filter_clauses=half,
            )
            waiting = _portions(
                service, [*portion, *(clause for later in waiting for clause in later)]
            )
            continue
        honest = [one for one in found.resources if satisfies(kind, one, portion)]
        _add(service, snapshot, question, honest)
        if len(found.resources) > len(portion) and not honest:
            service.learn("a filter that was not honoured", filters=False)
            return False
        if not found.whole:
            raise ScimError(
                f"the answer is not complete: {found.told}",
                doing=doing,
                hint="run again; nothing was changed",
            )
        for path, value in portion:
            if path != "id":
                snapshot.asked(kind, path, value)
    return True


def _finds_ids(service: Service, kind: ResourceType, clause: Clause) -> bool:
    """Whether the service takes a filter on ``id`` at all: a refusal of several says nothing about that, nor about names."""
    try:
        service.search(kind, {"filter": any_of([clause])}, doing=_looking_up(kind, [clause]))
    except ScimError as problem:
        if problem.status not in REFUSED_FILTER:
            raise
        return False
    return True


def _looking_up(kind: ResourceType, portion: Sequence[Clause]) -> str:
    """For a sentence: who is looked up, by value as long as that is short to read."""
    noun = kind.name.lower()
    if len(portion) <= 3:
        named = " or ".join(f"{path} '{value}'" for path, value in portion)
        return f"looking up {noun} by {named}"
    return f"looking up {len(portion)} {noun}s by {', '.join(dict.fromkeys(path for path, _value in portion))}"


def satisfies(kind: ResourceType, one: Mapping[str, Any], portion: Sequence[Clause]) -> bool:
    """Whether one of several comparisons holds for a resource, judged on our side."""
    return any(
        folded(kind, path, value) in {folded(kind, path, held) for held in values(one, path)}
        for path, value in portion
    )


def look_again(service: Service, snapshot: Snapshot, wish: Desired) -> None:
    """Every stated key once more, first by filter, then by a listing: after a 409 a filter's "not found" is no proof."""
    keys = [(path, value) for path, value in wish.keys if path != "id"]
    snapshot.forget(wish.kind, keys)
    question = Question(kind=wish.kind, members=bool(wish.members) and wish.kind.name == GROUP.name)
    if service.capabilities.get("filters"):
        _filtered(service, snapshot, question, keys)
    if not any(snapshot.find(wish.kind, path, value) for path, value in keys):
        list_all(service, snapshot, question)
        if any(
            not wish.kind.at(path).case_exact and snapshot.find(wish.kind, path, value)
            for path, value in keys
        ):
            service.learn(
                "a name that a filter did not find and a listing did", filter_case="exact"
            )
    for path, value in keys:
        snapshot.asked(wish.kind, path, value)


def find_by_name(
    service: Service, kind: ResourceType, name: str, query: Mapping[str, str]
) -> list[dict[str, Any]]:
    """All resources of a name, checked on our side. ``query`` goes along, but for what would leave out the name itself.

    By a listing where the service has no filters, refuses them or does not honour them, and where its filters mind the case
    and found nobody. Raises ScimError when the answer is not complete: who is missing from it may be the one.
    """
    path, clause = kind.name_attribute, (kind.name_attribute, name)
    wanted = query.get("attributes", "")
    asked = (
        {**query, "attributes": f"{wanted},{path}"}
        if wanted and path not in wanted.split(",")
        else dict(query)
    )
    excluded = ",".join(
        one for one in query.get("excludedAttributes", "").split(",") if kind.spelt(one) != path
    )
    asked = {
        key: value for key, value in {**asked, "excludedAttributes": excluded}.items() if value
    }
    doing = f"looking up {kind.name.lower()} '{name}'"
    rows: Sequence[dict[str, Any]] = ()
    if service.capabilities.get("filters"):
        try:
            rows = _whole(service, kind, {**asked, "filter": any_of([clause])}, doing)
        except ScimError as problem:
            if problem.status not in REFUSED_FILTER or service.capabilities.stated("filters"):
                raise
            service.learn(f"answer to a filter: {problem.status}", filters=False)
    found = [row for row in rows if satisfies(kind, row, [clause])]
    if not found and (
        rows
        or not service.capabilities.get("filters")
        or service.capabilities.get("filter_case") == "exact"
    ):
        found = [
            row for row in _whole(service, kind, asked, doing) if satisfies(kind, row, [clause])
        ]
    left_out = {kind.spelt(one) for one in query.get("excludedAttributes", "").split(",")}
    return [
        {
            key: value
            for key, value in row.items()
            if path not in left_out or kind.spelt(key) != path
        }
        for row in found
    ]


def _whole(
    service: Service, kind: ResourceType, query: Mapping[str, str], doing: str
) -> Sequence[dict[str, Any]]:
    """A list that is proven to be whole, asked for twice if need be. Raises ScimError."""
    for _try in range(2):
        found = service.search(kind, query, doing=doing)
        if found.whole:
            return found.resources
    raise ScimError(
        f"the answer is not complete: {found.told}",
        doing=doing,
        hint="run again; somebody may be changing it",
    )


def own_account(service: Service) -> frozenset[str]:
    """By which id, name and external id the account of these credentials may be known (RFC 7644 section 3.11); none where it cannot.

    The service is asked once; one that has no ``/Me`` is no failure. What the credentials themselves say is added.
    """
    try:
        answer = service.send("GET", ("Me",), "asking whose credentials these are")
    except ScimError:
        return service.account
    said = answer.body if answer.status == 200 and isinstance(answer.body, Mapping) else {}
    return service.account | {
        value
        for name in ("id", "userName", "externalId")
        if isinstance(value := said.get(name), str) and value
    }
