# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one creation; nothing is sent twice without a look-up."""

from __future__ import annotations

from dataclasses import replace

from .._model.errors import ScimError
from .._model.flat import flatten
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import NO_SECRETS, Change, MembershipChange
from .._plan.changes import for_existing
from .._plan.desired import Desired
from .._plan.lessons import Lesson
from .._plan.questions import Resource
from .._plan.reading import satisfies
from .._plan.requests import Request, members_only, rebased, requests_for
from .._plan.targets import match
from .._protocol.answers import resource_or_none
from .._provider.abilities import beyond_one, shows_members
from .effects import DONE, TEMPORARY, TRIES, Done
from .read import look_again
from .saved import attributes_saved
from .service import Answer, Lost, refused
from .update import update
from .verify import without_members
from .worker import Worker

CONFLICT = 409


def create(worker: Worker, change: Change) -> Done:
    """Send a POST and return what it did.

    If its answer is lost, temporary or a conflict, every key is looked up before anything else is
    sent. Raise ScimError.
    """
    doing = f"creating {change.text}"
    # A service need not answer 409 for a group that another run created: names of groups are not
    # unique (RFC 7643 section 8.7.1).
    if worker.run.created_elsewhere and change.key.kind == GROUP.name:
        found = _found(worker, change, doing)
        if found is not None:
            return _adopted(worker, change, found)
    request = requests_for(change, worker.capabilities)[0]
    for attempt in range(1, TRIES + 1):
        done = _attempted(worker, change, request, doing, is_last=attempt == TRIES)
        if done is not None:
            return done
    raise ScimError("the service did not create it", doing=doing)


def _attempted(
    worker: Worker, change: Change, request: Request, doing: str, *, is_last: bool
) -> Done | None:
    """Send the POST once. Return None if it was not done and may be sent again."""
    try:
        answer = worker.write(request, doing)
    except Lost:
        if is_last:
            raise
        found = _found(worker, change, doing)
        return _created(worker, change, found, request) if found is not None else None
    if answer.status in DONE:
        return _created(worker, change, _answered(worker, change, answer, doing), request)
    if answer.status != CONFLICT and answer.status not in TEMPORARY:
        raise refused(answer, doing)
    found = _found(worker, change, doing)
    if found is None:
        if is_last or answer.status == CONFLICT:
            raise refused(answer, doing)
        return None
    if answer.status != CONFLICT:
        return _created(worker, change, found, request)
    worker.is_created_elsewhere = True
    return _adopted(worker, change, found)


def _found(worker: Worker, change: Change, doing: str) -> Resource | None:
    """Look every key up once more. Raise ScimError if they find several resources."""
    again = worker.looked_again = look_again(worker.service, change.desired)
    found = match(change.desired, again)
    if found.problem:
        raise ScimError(found.problem, doing=doing)
    if found.resource is not None:
        key = Key(change.key.kind, str(found.resource["id"]))
        worker.keep_resource(change.kind, found.resource, partial=again.is_partial(key))
    return found.resource


def _answered(worker: Worker, change: Change, answer: Answer, doing: str) -> Resource:
    """Return the resource that a creation answered with.

    It is looked up if none came, or one that may be another: one that existed before, or that has
    other keys.
    """
    made = resource_or_none(answer.body)
    if made is not None and worker.existed(Key(change.key.kind, made["id"])):
        made = None
    if made is not None and satisfies(change.kind, made, change.desired.keys):
        return made
    found = _found(worker, change, doing) or made
    if found is None:
        raise ScimError(
            f"the service answered {answer.status} without the resource, and no look-up finds it",
            doing=doing,
        )
    return found


def _created(worker: Worker, change: Change, made: Resource, request: Request) -> Done:
    """Return what a creation did.

    Members that the service did not take are added by themselves, and verified.
    """
    worker.created(change.key, str(made["id"]))
    worker.keep_resource(change.kind, made)
    is_readable = shows_members(worker.capabilities)
    lacking = _lacking(worker, change, request) if is_readable else ()
    operations = [request.shown]
    missing: set[Key] = set()
    later = tuple(one for one in change.joins if one not in request.joins or one in lacking)
    if later:
        operations += _added(worker, change, later).operations
        if is_readable:
            now = worker.read_members(change)
            missing = set(worker.lacking(change.joins, now))
    resource, not_saved = _saved(worker, change, made)
    if missing:
        not_saved += ("members",)
    cut = beyond_one(change.desired.content.attributes, worker.capabilities, change.key.kind)
    return Done(
        change=without_members(change, missing),
        resource=resource,
        changed=True,
        not_saved=(*cut, *not_saved),
        operations=tuple(operations),
    )


def _lacking(worker: Worker, change: Change, request: Request) -> tuple[Key, ...]:
    """Return the members that were sent and that the new group does not have."""
    lacking = worker.lacking(request.joins, worker.members_shown(change))
    if not lacking:
        return ()
    # The answer to a creation need not show members.
    lacking = worker.lacking(request.joins, worker.read_members(change))
    if lacking:
        source = "answer to a creation with members"
        worker.try_lesson(Lesson(source=source, values={"create_members": False}))
    return lacking


def _added(worker: Worker, change: Change, later: tuple[Key, ...]) -> Done:
    """Add the members that did not come with the creation."""
    current = worker.service_keys(set(change.joins) - set(later))
    membership = MembershipChange(current=frozenset(current), joins=later)
    return update(worker, members_only(change, membership))


def _saved(worker: Worker, change: Change, made: Resource) -> tuple[Resource, tuple[str, ...]]:
    """Return the new resource, and the paths that are not saved."""
    _moved, not_saved = attributes_saved(change, made, worker.ids)
    if not not_saved:
        return made, ()
    # The answer to a creation need not hold everything: what the service holds decides.
    made = worker.read_whole(change)
    _moved, not_saved = attributes_saved(change, made, worker.ids)
    return made, not_saved


def _adopted(worker: Worker, change: Change, found: Resource) -> Done:
    """Converge a resource that another run created, or that no filter showed."""
    worker.created(change.key, str(found["id"]))
    adopted = replace(change, desired=_of_existing(change.desired, found))
    adopted = rebased(adopted, found, worker.ids, worker.capabilities)
    adopted = replace(adopted, complete=not worker.is_partial(change.key))
    if change.membership is not None:
        now = worker.read_members(change)
        joins = worker.lacking(change.joins, now)
        membership = replace(change.membership, current=now, joins=joins)
        adopted = replace(adopted, membership=membership)
    if adopted.verb == "keep":
        return Done(change=adopted, resource=found, changed=False)
    return update(worker, adopted)


def _of_existing(desired: Desired, found: Resource) -> Desired:
    """Return what is desired of a resource that exists after all.

    Attributes and secrets that are only set at creation are left out.
    """
    current = flatten(desired.kind, found)
    attributes = for_existing(desired, desired.content.attributes, current, found_by_id=False)
    content = replace(desired.content, attributes=attributes)
    secrets = desired.secrets if desired.secrets.always else NO_SECRETS
    return replace(desired, content=content, secrets=secrets)
