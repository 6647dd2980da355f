# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending changes in bulk.

What the service did is read. Then each change goes on as always, with its first write answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import ScimError
from .._model.schema import USER
from .._plan.bulk_parts import FEW, in_bulk
from .._plan.change import Change
from .._plan.creations import may_mean_duplicate
from .._plan.lessons import Lesson
from .._plan.policy import Policy
from .._plan.questions import Question, Resource
from .._plan.requests import Request
from .._plan.snapshot import Snapshot
from .._plan.witnesses import is_looked_up_again
from .._protocol.answers import error
from .._protocol.bulk import Result, bulk, fitting, operation, results
from .._provider.abilities import bulk_limits, knows_bulk
from .._transport.errors import TransportError
from .carry_out import carry_out
from .effects import DONE, FORBIDDEN, PROMISED, TEMPORARY, Answered, Effects, Run
from .look_up import made_of
from .read import read
from .removals import NotDone, is_inactive
from .service import Answer, Lost, Service
from .worker import Worker

DOING = "sending changes in bulk"
TOO_LARGE = 413
UNTOUCHED = frozenset({401, 404, 405, 406, TOO_LARGE, 415, 429, 501})
# How many operations are tried where nothing is known.
UNKNOWN_MOST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What came of changes that were sent: effects by their number.

    ``left`` are the numbers of those that the service did not look at. ``size`` is the number of
    all that were sent in one request, and ``is_too_large`` says that it was refused for that.
    """

    effects: Mapping[int, Effects] = field(default_factory=dict)
    left: tuple[int, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    size: int = 0
    is_too_large: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """Changes that are sent in one request, by number.

    ``requests`` and ``operations`` are theirs, in this order.
    """

    changes: Mapping[int, Change]
    requests: tuple[Request, ...]
    operations: tuple[dict[str, Any], ...]


def limits_for(service: Service, step: Sequence[Change], policy: Policy) -> tuple[int, int]:
    """Return how many operations and bytes a bulk request may have.

    No operation: changes are sent singly. The ServiceProviderConfig is read if it may be worth it
    and nothing else says so.
    """
    least = {"always": 2, "auto": FEW}.get(policy.bulk)
    users = sum(change.key.kind == USER.name for change in step)
    if least is None or users < least or policy.stop_on_error:
        return 0, 0
    if not knows_bulk(service.capabilities):
        service.discover()
    most, size = bulk_limits(service.capabilities)
    if policy.bulk == "always" and not knows_bulk(service.capabilities):
        most = UNKNOWN_MOST
    return most, size


def bundle(run: Run, changes: Mapping[int, Change], limits: tuple[int, int]) -> Bundle:
    """Return the first changes that fit into one request, as they would be sent.

    ``limits`` are the number of operations and the bytes of one request.
    """
    known = run.service.capabilities
    requests, operations = [], []
    for number, change in changes.items():
        request = in_bulk(change, known)
        if request is None:
            break
        segments, body = request.sendable(run.ids)
        version = Worker(run, change).version_for(request)
        place = (request.place or segments[0], *segments[1:])
        requests.append(request)
        operations.append(operation(f"{number}", request.method, place, body, version))
    most = fitting(operations, *limits)
    some = dict(list(changes.items())[:most])
    return Bundle(
        changes=some, requests=tuple(requests[:most]), operations=tuple(operations[:most])
    )


def send_bundle(run: Run, some: Bundle, fail_on_errors: int) -> Sent:
    """Send changes in one request and return what came of each.

    Whatever has no certain result may have been done, as after a lost answer. Left are changes
    after the last one that the service looked at, and those that were certainly not done.
    """
    body = bulk(some.operations, fail_on_errors)
    size = len(some.operations)
    try:
        answer = run.service.send("POST", ("Bulk",), DOING, body=body)
    except Lost as lost:
        return _carried_out(run, some, [None] * size, lost)
    except ScimError:
        return Sent(left=tuple(some.changes))
    if answer.status not in DONE:
        return _refused(run, some, answer)
    found: list[Result | None] = [Result(PROMISED)] * size
    if answer.status != PROMISED:
        found = results(some.operations, answer.body)
    missing = _lost("the service gave no result for it in its answer to a bulk request")
    return _carried_out(run, some, found, missing, fail_on_errors)


def _refused(run: Run, some: Bundle, answer: Answer) -> Sent:
    """Return what came of changes that were refused as a whole, and what that teaches.

    Smaller requests may be taken, or none. Only some statuses say that nothing was done: operations
    are carried out one by one, and an error of the last one may be the answer.
    """
    size = len(some.operations)
    is_too_large = answer.status == TOO_LARGE or error(answer.body).scim_type == "tooMany"
    sent = Sent(left=tuple(some.changes))
    if answer.lost or not (is_too_large or answer.status in UNTOUCHED):
        lost = _lost(f"the service answered {answer.status} to a bulk request")
        sent = _carried_out(run, some, [None] * size, lost)
    most = size // 2 if is_too_large else 0
    source = f"answer to POST /Bulk: {answer.status}"
    lesson = Lesson(source=source, values={"bulk_operations": most})
    return replace(sent, lessons=(lesson,), size=size, is_too_large=is_too_large)


def _carried_out(
    run: Run,
    some: Bundle,
    found: Sequence[Result | None],
    lost: Lost,
    fail_on_errors: int = 0,
) -> Sent:
    """Return the effects of changes whose requests were answered.

    ``lost`` is what those without a result count as. After the first conflict that a look-up
    explains, other conflicts are left: the names of many are looked up together.
    """
    looked_at = _looked_at(found, fail_on_errors)
    undone = _undone(run.service, some, found[:looked_at])
    held = _read_back(run.service, some, found[:looked_at])
    effects: dict[int, Effects] = {}
    left: list[int] = []
    for place, (number, change) in enumerate(some.changes.items()):
        result = found[place]
        is_met = _may_exist(run, change, result) and _has_met(effects)
        if place >= looked_at or number in undone or is_met:
            left.append(number)
            continue
        answer = lost if result is None else _answer(some.requests[place], result, held)
        effects[number] = carry_out(run, change, _named(answer, change))
        seen = run.looked_through | effects[number].looked_through
        others = run.no_duplicates | effects[number].no_duplicates
        splits = run.splits and not _is_forbidden(change, effects[number])
        run = replace(run, looked_through=seen, no_duplicates=others, splits=splits)
    return Sent(effects=effects, left=tuple(left))


def _is_forbidden(change: Change, effects: Effects) -> bool:
    """Return whether credentials were refused for a deactivation, which ends a run."""
    failure = effects.failure
    if change.verb != "deactivate" or failure is None or isinstance(failure, NotDone):
        return False
    return failure.status in FORBIDDEN


def _undone(service: Service, some: Bundle, found: Sequence[Result | None]) -> frozenset[int]:
    """Return the numbers of changes without a result that may be sent again.

    Creations may that no look-up shows, and deletions.
    """
    creations: dict[int, Change] = {}
    again: set[int] = set()
    for (number, change), request, result in zip(some.changes.items(), some.requests, found):
        if result is None and change.verb == "create":
            creations[number] = change
        elif result is None and request.method == "DELETE":
            again.add(number)
    try:
        made = made_of(service.viewed_with(service.capabilities), creations)
    except ScimError:
        return frozenset(again)
    return frozenset(again.union(creations.keys() - made))


def _may_exist(run: Run, change: Change, result: Result | None) -> bool:
    """Return whether a creation was refused that other look-ups may explain."""
    if change.verb != "create" or result is None or result.status in TEMPORARY:
        return False
    if not may_mean_duplicate(result.status):
        return False
    return is_looked_up_again(change.desired, run.snapshot, run.service.capabilities)


def _has_met(effects: Mapping[int, Effects]) -> bool:
    return any(one.created_elsewhere for one in effects.values())


def _looked_at(found: Sequence[Result | None], fail_on_errors: int) -> int:
    """Return how many operations the service looked at before it stopped.

    It stops after so many errors (RFC 7644 section 3.7). A service that leaves out results may have
    looked at all.
    """
    errors = sum(one is not None and one.status >= 400 for one in found)
    last = max((place for place, one in enumerate(found, start=1) if one is not None), default=0)
    if not fail_on_errors or errors < fail_on_errors or None in found[:last]:
        return len(found)
    return last


def _read_back(
    service: Service, some: Bundle, found: Sequence[Result | None]
) -> dict[str, Resource] | None:
    """Return the users that results are about and do not show.

    None if they cannot be read.
    """
    idents = []
    for one in found:
        if one is not None and one.status in DONE and one.ident and not _shows(one):
            idents.append(one.ident)
    if not idents:
        return {}
    view = service.viewed_with(service.capabilities)
    try:
        readings = read(view, Question(kind=USER, ids=tuple(dict.fromkeys(idents))), Snapshot())
    except ScimError:
        return None
    held: dict[str, Resource] = {}
    for reading in readings:
        held.update((str(one["id"]), one) for one in reading.resources)
    return held


def _shows(result: Result) -> bool:
    return isinstance(result.body, Mapping) and bool(result.body.get("id"))


def _answer(
    request: Request, result: Result, held: Mapping[str, Resource] | None
) -> Answered | Lost:
    """Return the answer to one request, with the user as it was read after it."""
    is_promised = result.status == PROMISED
    if is_promised or result.status not in DONE or _shows(result) or held is None:
        return Answered(status=result.status, body=result.body)
    user = held.get(result.ident)
    if request.method == "DELETE":
        if user is not None and not is_inactive(user):
            return _lost("the service said that it was deleted, but it still exists")
        return Answered(status=result.status)
    return Answered(status=result.status, body=None if user is None else dict(user))


def _named(answer: Answered | Lost, change: Change) -> Answered | Lost:
    """Return an answer. A lost one says which change it was about."""
    if not isinstance(answer, Lost):
        return answer
    lost = _lost(answer.reason, f"{DOING}: {change.text}")
    lost.status, lost.hint = answer.status, answer.hint
    lost.args = (lost.sentence(),)
    return lost


def _lost(reason: str, doing: str = DOING) -> Lost:
    return Lost(TransportError(kind="lost", reason=reason, sent=True), doing)
