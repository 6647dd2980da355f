# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one change: send its requests, learn from refusals, look before anything is sent again; decides nothing else.

Which requests they are is decided in _plan/requests.py, by what is known of the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._model.flat import flatten
from .._model.merge import differing, merge
from .._model.problem import ScimError
from .._model.schema import top_path
from .._plan.change import Change
from .._plan.claims import match
from .._plan.desired import Desired
from .._plan.requests import Request, rebased, requests_for
from .._plan.snapshot import Snapshot
from .._protocol.answers import error, resource
from .read import look_again
from .service import Lost, Service, refused
from .verify import Done, attributes_saved, check_loss, overlaid, read_members

TRIES = 3
TEMPORARY = frozenset({500, 502, 503, 504})
Ids = dict[str, str]


def apply_change(service: Service, snapshot: Snapshot, change: Change, wish: Desired | None, ids: Ids, verify: str) -> Done:
    """Make one change real and say what became of it. ``ids`` learns the id of what is created. Raises ScimError."""
    change = _placed(change, ids)
    if change.verb == "create":
        return _create(service, snapshot, change, wish, ids, verify)
    if change.verb == "delete":
        return _delete(service, change, ids)
    return _update(service, snapshot, change, ids, verify)


def _placed(change: Change, ids: Ids) -> Change:
    """The change with the ids of what was created before in place of ``bulkId:`` ones, except where requests are shown."""
    return replace(change, ident=ids.get(change.ident, change.ident)) if change.verb != "create" else change


def _create(service: Service, snapshot: Snapshot, change: Change, wish: Desired | None, ids: Ids, verify: str) -> Done:
    doing = f"creating {change.text}"
    request, *rest = requests_for(change, service.capabilities)
    for attempt in range(TRIES):
        try:
            answer = service.write(request, ids, doing)
        except Lost:
            if attempt == TRIES - 1:
                raise
            answer = None
        if answer is not None and answer.status in (200, 201, 204):
            made = _created(service, snapshot, change, wish, answer, doing)
            return _after_creation(service, snapshot, change, made, request, rest, ids, verify)
        if answer is not None and answer.status != 409 and answer.status not in TEMPORARY:
            raise refused(answer, doing)
        found = _found(service, snapshot, wish, doing)
        if found is not None and (answer is None or answer.status != 409):  # our own, whose answer was lost
            return _after_creation(service, snapshot, change, found, request, rest, ids, verify)
        if found is not None:
            return _adopt(service, snapshot, change, wish, found, ids, verify)
        if answer is not None and (answer.status == 409 or attempt == TRIES - 1):
            raise refused(answer, doing)
    raise ScimError("the service did not take it", doing=doing)


def _found(service: Service, snapshot: Snapshot, wish: Desired | None, doing: str) -> Mapping[str, Any] | None:
    if wish is None:
        return None
    look_again(service, snapshot, wish)
    found, _by, problem = match(wish, snapshot)
    if problem:
        raise ScimError(problem, doing=doing)
    return found


def _created(service: Service, snapshot: Snapshot, change: Change, wish: Desired | None, answer: Any, doing: str) -> Mapping[str, Any]:
    """The resource that a creation answered with; where nothing came, it is looked up."""
    if isinstance(answer.body, Mapping) and answer.body.get("id"):
        return resource(answer.body)
    found = _found(service, snapshot, wish, doing)
    if found is None:
        raise ScimError(f"the service answered {answer.status} without the resource, and it is not to be found", doing=doing)
    return found


def _after_creation(service: Service, snapshot: Snapshot, change: Change, made: Mapping[str, Any], request: Request, rest: list[Request],
                    ids: Ids, verify: str) -> Done:
    ident = str(made["id"])
    ids[change.ident] = ident
    snapshot.add(change.kind, [made])
    operations = [request.shown]
    joined = {ids.get(one, one) for one in request.joins}
    if joined and not joined <= (snapshot.members(ident) or frozenset()):
        lacking = joined - read_members(service, snapshot, ident, f"reading the members of {change.text}")
        if lacking:  # the service took the group and not its members
            service.learn("answer to a creation with members", create_members=False)
            more = replace(change, before=change.after, ident=ident, paths=(), joins=tuple(one for one in change.joins if ids.get(one, one) in lacking),
                           secrets=type(change.secrets)(), held=frozenset(joined - lacking))
            rest = [*requests_for(more, service.capabilities), *rest]
    for later in rest:
        answer = service.write(later, ids, f"adding members to {change.text}")
        if answer.status not in (200, 201, 204):
            raise refused(answer, f"adding members to {change.text}")
        operations.append(later.shown)
    if rest:
        missing = {ids.get(one, one) for one in change.joins} - read_members(service, snapshot, ident, f"reading the members of {change.text}")
        _moved, not_saved = attributes_saved(change, made)
        return Done(change=change, resource=made, changed=True, not_saved=(*not_saved, *(("members",) if missing else ())), operations=tuple(operations))
    _moved, not_saved = attributes_saved(change, made)
    return Done(change=change, resource=made, changed=True, not_saved=not_saved, operations=tuple(operations))


def _adopt(service: Service, snapshot: Snapshot, change: Change, wish: Desired | None, found: Mapping[str, Any], ids: Ids, verify: str) -> Done:
    """Somebody else made it meanwhile, or the filter did not show it: converge what is there instead."""
    ident = str(found["id"])
    ids[change.ident] = ident
    before = flatten(change.kind, found)
    only_once = wish.create_only if wish is not None else frozenset()
    stated = {path: value for path, value in (change.after or {}).items() if path not in only_once and top_path(path) not in only_once}
    after = merge(change.kind, before, stated, exact=wish.exact if wish is not None else False)
    held = read_members(service, snapshot, ident, f"reading the members of {change.text}") if change.kind.name == "Group" else None
    joins = tuple(one for one in change.joins if ids.get(one, one) not in (held or ()))
    changed = replace(change, ident=ident, before=before, after=after, paths=differing(change.kind, before, after), joins=joins, held=held,
                      secrets=change.secrets if change.secrets.always else type(change.secrets)())
    if changed.verb == "keep":
        return Done(change=changed, resource=found, changed=False)
    return _update(service, snapshot, changed, ids, verify)


def _delete(service: Service, change: Change, ids: Ids) -> Done:
    doing = f"deleting {change.text}"
    request, = requests_for(change, service.capabilities)
    answer = service.write(request, ids, doing)
    if answer.status not in (200, 202, 204, 404):
        raise refused(answer, doing)
    changed = answer.status != 404 or answer.tries > 1
    left = None
    if service.capabilities.get("delete_user") != "gone" and change.kind.name == "User" or answer.status == 202:
        left = service.get(change.kind, change.ident, doing=f"reading {change.text} after its deletion")
    still = left is not None and flatten(change.kind, left).get("active") is not False
    return Done(change=change, resource=left, changed=changed and not still, not_saved=("active",) if still else (), operations=(request.shown,))


def _update(service: Service, snapshot: Snapshot, change: Change, ids: Ids, verify: str) -> Done:
    """Send the requests of an update; after a refusal that teaches something, or a lost answer, read and plan it anew."""
    doing = f"changing {change.text}"
    operations: list[dict[str, Any]] = []
    body: Any = None
    todo = change
    learnt = True
    attempts = 0
    while learnt:
        learnt = False
        todo = _whole(service, snapshot, todo, ids, doing)
        for request in requests_for(todo, service.capabilities):
            attempts += 1
            try:
                answer = service.write(request, ids, doing)
            except Lost:
                if attempts >= TRIES:
                    raise
                answer = None
            if answer is None or answer.status in TEMPORARY and attempts < TRIES:
                todo, learnt = _again(service, snapshot, todo, ids, doing), True
                break
            attempts = 0
            if answer.status in (200, 201, 202, 204):
                operations.append(request.shown)
                body = answer.body if answer.body and (request.query or request.method == "PUT") else body
                continue
            if not _learn(service, request, answer):
                raise refused(answer, doing)
            todo, learnt = _again(service, snapshot, todo, ids, doing), True
            break
    return _verified(service, snapshot, change, body, operations, ids, verify)


def _whole(service: Service, snapshot: Snapshot, change: Change, ids: Ids, doing: str) -> Change:
    """Before a PUT, a resource of which only some attributes were read is read whole: a replacement must lose nothing."""
    put = change.method == "put" or change.method == "auto" and not service.capabilities.get("patch")
    if not put or change.ident not in snapshot.partial:
        return change
    found = service.get(change.kind, change.ident, doing=doing)
    if found is None:
        raise ScimError("it is gone", doing=doing, status=404)
    held = snapshot.members(change.ident)
    snapshot.add(change.kind, [found])
    if change.kind.name == "Group" and held is None:
        held = read_members(service, snapshot, change.ident, doing)
    return replace(rebased(change, found), held=held if change.held is None else change.held)


def _again(service: Service, snapshot: Snapshot, change: Change, ids: Ids, doing: str) -> Change:
    """The change as far as it is still to be done, after reading what the service holds now."""
    members = change.joins or change.leaves
    now = read_members(service, snapshot, change.ident, doing) if members else None
    if change.paths:
        found = service.get(change.kind, change.ident, doing=doing)
        if found is None:
            raise ScimError("it is gone", doing=doing, status=404)
        snapshot.add(change.kind, [found])
        change = rebased(change, found)
    if now is None:
        return change
    return replace(change, held=now, joins=tuple(one for one in change.joins if ids.get(one, one) not in now),
                   leaves=tuple(one for one in change.leaves if one in now))


def _learn(service: Service, request: Request, answer: Any) -> bool:
    """What a refused write teaches about the service; True where another form of the same write is left to try."""
    known = service.capabilities
    source = f"answer to {request.method} /{request.segments[0]}: {answer.status}"
    _detail, scim_type = error(answer.body)
    moved = len(request.joins) + len(request.leaves)
    by_filter = bool(request.leaves) and request.method == "PATCH" and known.get("member_remove") == "filter"
    if by_filter and (answer.status == 501 or scim_type in ("invalidPath", "invalidFilter")):
        service.learn(source, member_remove="list")
    elif request.method == "PATCH" and answer.status in (400, 413) and moved > 1:
        service.learn(source, **({"members_per_patch": moved // 2} if request.joins else {"removals_per_patch": moved // 2}))
    elif by_filter and answer.status == 400:
        service.learn(source, member_remove="list")
    elif request.method == "PATCH" and answer.status in (405, 501):
        service.learn(source, patch=False)
    return service.capabilities != known


def _verified(service: Service, snapshot: Snapshot, change: Change, body: Any, operations: list[dict[str, Any]], ids: Ids, verify: str) -> Done:
    """What an update did: attributes from the answer or one read more, members by one read where ``verify`` asks for it."""
    before = snapshot.get(change.kind, change.ident) or {}
    now: Mapping[str, Any] = before
    changed, not_saved = False, change.unsaved
    if change.paths:
        if isinstance(body, Mapping) and body:
            now = overlaid(change.kind, before, body, change.paths)
        else:
            now = service.get(change.kind, change.ident, doing=f"reading {change.text} after its change") or {}
        changed, not_saved = attributes_saved(change, now)
        snapshot.add(change.kind, [{**now, "id": change.ident}])
    if change.joins or change.leaves:
        moved, kept = _members_verified(service, snapshot, change, ids, verify)
        changed, not_saved = changed or moved, (*not_saved, *kept)
    return Done(change=change, resource=now, changed=changed or bool(change.secrets.attributes), not_saved=not_saved, operations=tuple(operations))


def _members_verified(service: Service, snapshot: Snapshot, change: Change, ids: Ids, verify: str) -> tuple[bool, tuple[str, ...]]:
    if service.capabilities.get("members_read") == "none" or verify == "none" or (verify == "removals" and not change.leaves):
        return True, ()
    now = read_members(service, snapshot, change.ident, f"reading the members of {change.text} after their change")
    check_loss(change, now, snapshot)
    joined = {ids.get(one, one) for one in change.joins}
    undone = (joined - now) | (set(change.leaves) & now)
    return len(undone) < len(joined) + len(change.leaves), ("members",) if undone else ()
