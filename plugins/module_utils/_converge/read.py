# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending what reading asks for and returning what came.

Decides nothing and writes no snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .._model.errors import ScimError
from .._model.key import Key
from .._model.rewriting import OPAQUE, agrees
from .._model.schema import GROUP, USER, ResourceType
from .._model.spelling import respelt
from .._model.unread import all_decoded
from .._plan.desired import Clause, Desired, Portion, composed, former_names, searched
from .._plan.filterable import any_askable
from .._plan.inquiry import Inquiry
from .._plan.questions import Doubt, Question, Reading, Resource as KnownResource
from .._plan.reading import (
    ById,
    LookUp,
    NextPage,
    Listed,
    after_refusal,
    list_parameters,
    looking_up,
    member_attributes,
    parameters,
    satisfies,
    shown_in_list,
)
from .._plan.member_filters import (
    DOING,
    MemberFilters,
    about_groups,
    groups_of,
    is_found_by_filter,
    with_groups,
)
from .._plan.snapshot import Snapshot
from .._plan.value_index import values
from .._plan.witnesses import may_be_overlooked
from .._plan.verdicts import NOBODY
from .._protocol.filters import any_of
from .._provider.abilities import finds_members, takes_filters
from .group_filters import counted, homes
from .pages import Pages, found_on, search
from .service import Resource, Service
from .whole_lists import lists_instead, proven, read_through

Query = Mapping[str, str]
# Two known resources prove a filter: one stands first, the other one last.
MOST_OF_ANY = 2
MANY = 20
CHANGED_MEANWHILE = "run again; the list may have changed meanwhile"


class Gone(ScimError):
    """A resource that is not there any more, or not yet."""


def read(service: Service, question: Question, snapshot: Snapshot) -> list[Reading]:
    """Return what the service answers to one question.

    What the service teaches is tried here, and learnt once the question is answered. ``snapshot``
    says what is known already. A listing that an earlier question began is read on. Raise
    ScimError if the answer is not certain.
    """
    if question.nested:
        return _groups_in_groups(service, question, snapshot)
    if not is_found_by_filter(question, service.capabilities):
        return _answers(service, question, snapshot)
    readings: list[Reading] = []
    about = about_groups(question, snapshot)
    if about is not None:
        readings = _answers(service, about, snapshot)
    return [*readings, *_members(service, groups_of(question, readings, snapshot), snapshot)]


def _members(service: Service, groups: Sequence[str], snapshot: Snapshot) -> list[Reading]:
    """Return the members of groups, found by filters."""
    users = None
    if snapshot.listed(USER):
        users = [key.id for key in snapshot.keys(USER)]
    filters = MemberFilters(groups, service.capabilities, users=users, total=snapshot.total(USER))
    return found_members(service, filters)


def _groups_in_groups(service: Service, question: Question, snapshot: Snapshot) -> list[Reading]:
    """Return the members of groups with those groups that filters find in them."""
    nested = question.nested
    filters = MemberFilters(question.ids, service.capabilities, users=nested, kind=GROUP)
    return with_groups(question.ids, nested, found_members(service, filters), snapshot)


def found_members(service: Service, filters: MemberFilters) -> list[Reading]:
    """Return the members of groups, found by filters.

    Raise ScimError if a list is not whole.
    """
    while (asked := filters.next()) is not None:
        query = {} if asked.clause is None else {"filter": any_of([asked.clause])}
        try:
            filters.take(asked, _whole(service, asked.kind, query, DOING))
        except ScimError as problem:
            if not (problem.status and filters.take_refusal(asked, problem.status)):
                raise
    return filters.readings


def _answers(service: Service, question: Question, snapshot: Snapshot) -> list[Reading]:
    kind = question.kind
    if question.doubt is not None:
        return [_proven(service, question, question.doubt)]
    if question.any_one:
        return [_any_one(service, question)]
    if question.counted:
        return [counted(service, question)]
    if question.homes:
        return [homes(service, question, snapshot)]
    name = (kind.name, tuple(list_parameters(question, service.capabilities).items()))
    pages = None
    if snapshot.listed(kind) is None:
        pages = service.lists.pop(name, None)
    listed = _known(kind, snapshot) if pages is None else pages.listed
    inquiry = Inquiry(question, listed)
    done = 0
    while (request := inquiry.next(service.capabilities)) is not None:
        if isinstance(request, NextPage):
            pages = _read_page(service, inquiry, request, pages)
            continue
        if isinstance(request, LookUp):
            _look_up(service, inquiry, request)
            done += len(request.clauses)
        else:
            _read_by_id(service, inquiry, request)
            done += 1
        _tell(service, question, done)
    if pages is not None and not pages.listed.ended:
        service.lists[pages.name] = pages
    elif pages is not None:
        found_on(service, pages)
    service.merge(inquiry.learnt)
    return [*_asked_alone(question), *inquiry.readings]


def _asked_alone(question: Question) -> list[Reading]:
    """Return that a filter of its own was asked for each key, if it was."""
    clauses = tuple(question.clauses) if question.alone else ()
    return [Reading(kind=question.kind, alone=clauses)] if clauses else []


def _tell(service: Service, question: Question, done: int) -> None:
    """Tell how many of many look-ups are done. Few are part of another phase."""
    total = len(question.clauses) + len(question.ids)
    if total > MANY:
        service.tell(f"looking up {question.kind.endpoint}", min(done, total), total)


def _proven(service: Service, question: Question, doubt: Doubt) -> Reading:
    """Return what a list that may go on brings after its end.

    Raise ScimError if a look-up is not complete: what it lacks must not count as missing.
    """
    kind = question.kind
    pages = service.doubtful.pop(doubt.name)
    pages.prove(service)
    listed = pages.listed
    if doubt.clauses and not listed.sound:
        raise _incomplete(listed.came, looking_up(kind, doubt.clauses))
    found = pages.found
    reading = Reading(kind=kind, settled=doubt.name, total=listed.total)
    if doubt.clauses:
        found = tuple(one for one in found if satisfies(kind, one, doubt.clauses))
    else:
        reading = replace(
            reading, listed=listed.whole, came=listed.came, ids=listed.ids, paged=True
        )
    shown = shown_in_list(question, service.capabilities)
    return replace(reading, resources=found, **shown._asdict())


def _any_one(service: Service, question: Question) -> Reading:
    """Return any one or two resources, and how many there are.

    Raise ScimError if that is refused.
    """
    kind = question.kind
    doing = f"reading one of the {kind.endpoint.lower()}"
    query = parameters(question, service.capabilities)
    found = search(service, kind, query, doing=doing, most=MOST_OF_ANY)
    return Reading(
        kind=kind,
        resources=found.resources,
        partial=bool(query),
        total=found.total,
        any_one=True,
    )


def _incomplete(came: str, doing: str) -> ScimError:
    return ScimError(f"the answer is not complete: {came}", doing=doing, hint=CHANGED_MEANWHILE)


def _known(kind: ResourceType, snapshot: Snapshot) -> Listed:
    """Return what earlier questions found out about a listing."""
    listed = snapshot.listed(kind)
    return Listed(
        ended=listed is not None,
        whole=bool(listed),
        total=snapshot.total(kind),
        came=snapshot.came(kind),
    )


def _read_page(
    service: Service, inquiry: Inquiry, request: NextPage, pages: Pages | None
) -> Pages | None:
    """Read one page. Return the listing if it can be read on."""
    if pages is None or request.begins:
        if request.everything:
            service.discover()
        pages = _pages_of(service, inquiry.question, request).after(pages)
        inquiry.begin_listing()
    try:
        resources = pages.read(service, inquiry.sure_pages())
        if inquiry.question.sieve is None:
            resources = all_decoded(resources)
    except ScimError:
        if not inquiry.goes_on_without_page():
            raise
        return None
    inquiry.take_page(resources, pages.listed, service.capabilities)
    return pages


def begin(service: Service, question: Question, snapshot: Snapshot) -> None:
    """Send the first request of a question that comes later, if it is for a page.

    So lists of several types are read at the same time.
    """
    kind = question.kind
    is_whole = question.ids or question.doubt is not None or question.any_one
    if service.concurrency < 2 or is_whole or snapshot.listed(kind) is not None:
        return
    asked = list_parameters(question, service.capabilities)
    if (kind.name, tuple(asked.items())) in service.lists:
        return
    request = Inquiry(question, _known(kind, snapshot)).next(service.capabilities)
    if isinstance(request, NextPage):
        _pages_of(service, question, request).begin(service)


def _pages_of(service: Service, question: Question, request: NextPage) -> Pages:
    every = "all " if request.everything else ""
    doing = f"listing {every}{question.kind.endpoint.lower()}"
    query = list_parameters(question, service.capabilities)
    pages = Pages(question.kind, query, doing, keeps=False)
    pages.layouts = None if question.sieve is None else question.sieve.layouts
    return pages


def _look_up(service: Service, inquiry: Inquiry, request: LookUp) -> None:
    """Send one filter. Raise ScimError if it is refused for good."""
    kind = inquiry.question.kind
    more = list_parameters(inquiry.question, service.capabilities)
    query = type(more)({"filter": any_of(request.clauses), **more})
    doing = looking_up(kind, request.clauses)
    try:
        found = read_through(service, kind, query, doing=doing, clauses=request.clauses)
    except ScimError as problem:
        if not inquiry.take_refusal(request, problem.status, service.capabilities):
            raise
        return
    if lists_instead(service, kind, request.clauses, found):
        return
    inquiry.take_found(
        request,
        found.resources,
        service.capabilities,
        incomplete="" if found.sound else found.came,
        odd=found.odd,
        doubtful=found.doubtful,
    )


def _read_by_id(service: Service, inquiry: Inquiry, request: ById) -> None:
    kind = inquiry.question.kind
    found = service.get(
        kind,
        request.ident,
        attributes=request.attributes,
        any_id=inquiry.question.listed_ids,
    )
    inquiry.take_resource(request, found, service.capabilities)


def read_whole(service: Service, kind: ResourceType, key: Key, text: str) -> Reading:
    """Return a resource as it is now, whole. Raise Gone if it is gone."""
    doing = f"reading {text}"
    found = service.get(kind, key.id, doing=doing)
    if found is None:
        raise Gone("it is gone", doing=doing, status=404)
    return Reading(kind=kind, resources=(found,))


def read_members(service: Service, group: Key, text: str, users: Iterable[Key] = ()) -> Reading:
    """Return a group with its members of now. Raise Gone if it is gone.

    It is read in each form that may show them until one does. A form that shows them although the
    assumed one did not is learnt. ``users`` are those that matter, where the groups of each user
    must be asked for.
    """
    doing = f"reading the members of {text}"
    if finds_members(service.capabilities):
        return _with_members(service, group, doing, users)
    forms = member_attributes(service.capabilities)
    shown: Resource = {}
    attributes = ""
    for attributes in forms:
        found = service.get(GROUP, group.id, attributes=attributes, doing=doing)
        if found is None:
            raise Gone("the group is gone", doing=doing)
        shown = found
        if shown.get("members"):
            break
    if shown.get("members") and attributes != forms[0] and not attributes:
        service.learn("a group that shows members by its id only", members_read="get")
    partial = bool(attributes)
    return Reading(kind=GROUP, resources=(shown,), members_shown=True, partial=partial)


def _with_members(service: Service, group: Key, doing: str, users: Iterable[Key]) -> Reading:
    """Return a group with the members that filters find."""
    found = service.get(GROUP, group.id, doing=doing)
    if found is None:
        raise Gone("the group is gone", doing=doing)
    members: list[Resource] = []
    for kind in (USER, GROUP):
        idents = [one.id for one in users if one.kind == kind.name]
        if kind.name == GROUP.name and not idents:
            continue
        filters = MemberFilters([group.id], service.capabilities, users=idents, kind=kind)
        for reading in found_members(service, filters):
            if reading.only_members:
                members += reading.resources[0]["members"]
    return Reading(kind=GROUP, resources=({**found, "members": members},), members_shown=True)


def look_again(service: Service, *wanted: Desired, listing: bool = True) -> Snapshot:
    """Return what the service has by keys and former names of one kind, read anew.

    What no look-up finds is sought in a listing: after a 409, a filter that finds nothing proves
    nothing. Without ``listing`` that is left out where the service takes filters.
    """
    kind = wanted[0].kind
    snapshot = Snapshot(service.account, service.rewritten)
    every = _names_of(snapshot, wanted)
    members = kind.name == GROUP.name and any(one.members for one in wanted)
    by_filter = takes_filters(service.capabilities, kind.name)
    if every and by_filter:
        question = Question(kind=kind, clauses=every, members=members)
        _take_in(snapshot, read(service, question, snapshot))
    hidden = [one for one in wanted if not _shows(snapshot, kind, searched(one))]
    if hidden and (listing or not by_filter) and snapshot.listed(kind) is None:
        _take_in(snapshot, read(service, Question(kind=kind, members=members), snapshot))
        keys = [key for one in hidden for key in searched(one)]
        _learn_from_listing(service, snapshot, kind, keys)
    _take_in(snapshot, [Reading(kind=kind, answered=every)])
    return snapshot


def _names_of(snapshot: Snapshot, wanted: Sequence[Desired]) -> tuple[Clause, ...]:
    """Return the keys and former names of desired states, and what was made of them."""
    found: dict[Clause, None] = {}
    for one in wanted:
        for key in searched(one):
            found.update(dict.fromkeys(snapshot.also_named(one.kind, key)))
    for one in wanted:
        found.update(dict.fromkeys(former_names(one)))
    return tuple(found)


def _learn_from_listing(
    service: Service, snapshot: Snapshot, kind: ResourceType, keys: Sequence[Clause]
) -> None:
    """Learn from a listing that showed a name which a filter did not find.

    The filter had several comparisons, of which one alone may find it, or it minds the case.
    Otherwise filters do not find everything.
    """
    shown = [one for one in keys if snapshot.find(kind, *one)]
    if not shown or not takes_filters(service.capabilities, kind.name):
        return
    source = "a name that a filter did not find and a listing did"
    alike = [one for one in shown if _is_spelt(kind, snapshot.find(kind, *one), one)]
    if not alike:
        service.learn(source, filter_case="exact")
    elif len(keys) > 1 and _is_found_alone(service, kind, alike[0]):
        service.learn(source, filter_clauses=1)
    else:
        service.learn(source, kind=kind.name, filters=False)


def _is_spelt(kind: ResourceType, found: Sequence[KnownResource], clause: Clause) -> bool:
    """Return whether a resource has a key in the same letters."""
    path, value = clause
    if kind.at(path).case_exact:
        return True
    return any(value in values(one, path) for one in found)


def _is_found_alone(service: Service, kind: ResourceType, clause: Clause) -> bool:
    snapshot = Snapshot()
    question = Question(kind=kind, clauses=(clause,), by_filter=True)
    _take_in(snapshot, read(service, question, snapshot))
    return bool(snapshot.find(kind, *clause))


def _take_in(snapshot: Snapshot, readings: Sequence[Reading]) -> None:
    for reading in readings:
        snapshot.add(reading)


def _shows(snapshot: Snapshot, kind: ResourceType, keys: Iterable[Clause]) -> bool:
    for path, value in keys:
        if snapshot.find(kind, path, value):
            return True
    return False


def find_by_name(
    service: Service, kind: ResourceType, name: str, query: Mapping[str, str]
) -> list[Resource]:
    """Return all resources of a name, each checked. ``query`` are further parameters.

    Everything is listed if the service has no filters, refuses them or does not honour them, and if
    one that finds nothing may overlook it. Raise ScimError if the answer is not complete: what
    it lacks may be the one.
    """
    clause = (kind.name_attribute, composed(name))
    asked = _showing_the_name(kind, query)
    doing = f"looking up {kind.name.lower()} '{name}'"
    rows: Sequence[Resource] = ()
    if _is_askable(service, kind, clause):
        try:
            rows = _whole(service, kind, {**asked, "filter": any_of([clause])}, doing, (clause,))
        except ScimError as problem:
            known = service.capabilities.of(kind.name)
            retry = after_refusal((clause,), problem.status, known, kind=kind.name)
            if retry is None:
                raise
            service.merge([retry.lesson])
    found = _fitting(kind, rows, clause)
    form = service.rewritten(kind.name).get(kind.name_attribute.lower(), "")
    if not found and form == OPAQUE:
        found = _only_found(service, kind, name, rows, asked)
    elif not found and (rows or may_be_overlooked(kind, [clause], service.capabilities)):
        rows = _whole(service, kind, asked, doing)
        found = _fitting(kind, rows, clause) or _became(kind, rows, name, form)
    excluded = _names(query.get("excludedAttributes"))
    if kind.name_attribute in map(kind.spelt, excluded):
        return [_without_name(kind, row) for row in found]
    return found


def _is_askable(service: Service, kind: ResourceType, clause: Clause) -> bool:
    """Return whether a filter may find a key."""
    known = service.capabilities
    return takes_filters(known, kind.name) and any_askable(kind, [clause], known)


def _showing_the_name(kind: ResourceType, query: Mapping[str, str]) -> dict[str, str]:
    """Return parameters by which the name is shown too, so that it can be checked."""
    path = kind.name_attribute
    asked = {**query}
    wanted = _names(asked.get("attributes"))
    if wanted and path not in wanted:
        asked["attributes"] = ",".join([*wanted, path])
    excluded = _names(asked.pop("excludedAttributes", ""))
    left = [one for one in excluded if kind.spelt(one) != path]
    if left:
        asked["excludedAttributes"] = ",".join(left)
    return asked


def _names(text: str | None) -> list[str]:
    return list(filter(None, (text or "").split(",")))


def _fitting(kind: ResourceType, rows: Sequence[Resource], clause: Clause) -> list[Resource]:
    return [row for row in rows if satisfies(kind, row, [clause])]


def _became(kind: ResourceType, rows: Sequence[Resource], name: str, form: str) -> list[Resource]:
    """Return the resources with what a service makes of a name."""
    found = []
    for row in rows if form else ():
        if any(agrees(form, name, held) for held in values(row, kind.name_attribute)):
            found.append(row)
    return found


def _only_found(
    service: Service, kind: ResourceType, name: str, rows: Sequence[Resource], query: Query
) -> list[Resource]:
    """Return the one resource that a filter gave for a name.

    The name may have become anything.

    None if the service gives one also for a name that no resource has.
    """
    if len(rows) != 1:
        return []
    nobody = (kind.name_attribute, composed(name) + NOBODY)
    doing = f"looking up {kind.name.lower()} '{name}'"
    honours = not _whole(service, kind, {**query, "filter": any_of([nobody])}, doing, (nobody,))
    return list(rows) if honours else []


def _without_name(kind: ResourceType, row: Resource) -> Resource:
    return {key: value for key, value in row.items() if kind.spelt(key) != kind.name_attribute}


def _whole(
    service: Service, kind: ResourceType, query: Query, doing: str, clauses: Portion = ()
) -> Sequence[Resource]:
    """Return a list that is proven to be whole; it is read up to twice.

    ``clauses`` are the keys of a look-up. Any other filter may find as many as there are.
    """
    found = proven(service, kind, query, doing=doing, clauses=clauses)
    if not found.sound:
        raise _incomplete(found.came, doing)
    return found.resources


def own_account(service: Service) -> frozenset[str]:
    """Return the id, name and external id of the account of the credentials.

    RFC 7644 section 3.11. The service is asked; one without ``/Me`` is no failure. What the
    credentials themselves say is added.
    """
    try:
        answer = service.send("GET", ("Me",), "reading which account the credentials belong to")
    except ScimError:
        return service.account
    found = set(service.account)
    if answer.status == 200 and isinstance(answer.body, Mapping):
        account = respelt(USER, answer.body)
        for name in ("id", "userName", "externalId"):
            value = account.get(name)
            if isinstance(value, str) and value:
                found.add(value)
    return frozenset(found)
