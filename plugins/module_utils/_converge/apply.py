# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one change: send its requests, learn from refusals, look before anything is sent again; decides nothing else.

Which requests they are is decided in _plan/requests.py, by what is known of the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.flat import flatten
from .._model.merge import fold
from .._model.problem import ScimError
from .._model.schema import GROUP, top_path
from .._plan.change import Change
from .._plan.claims import match
from .._plan.desired import Desired, Secrets
from .._plan.requests import Request, rebased, replaces, requests_for
from .._plan.snapshot import Snapshot
from .._protocol.answers import error, resource_or_none
from .read import look_again, satisfies
from .service import Lost, Service, refused
from .verify import Done, attributes_saved, kept_one, more_left, overlaid, read_members

TRIES = 3
DONE = frozenset({200, 201, 202, 204})
TEMPORARY = frozenset({500, 502, 503, 504})
ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What all changes of a run share. ``ids`` says which id the creation of each ``bulkId:NAME`` gave.

    ``quicker`` is what somebody else created since it was looked for: a sign that another run is at work.
    """

    service: Service
    snapshot: Snapshot
    verify: str
    ids: dict[str, str] = field(default_factory=dict)
    quicker: set[str] = field(default_factory=set)

    def real(self, ident: str) -> str:
        """The id on the service of a planned id."""
        return self.ids.get(ident, ident)

    def reals(self, idents: Iterable[str]) -> set[str]:
        """The same for several."""
        return {self.real(ident) for ident in idents}

    def members(self, change: Change) -> frozenset[str]:
        """The members of a group, read now."""
        return read_members(self.service, self.snapshot, self.real(change.ident), f"reading the members of {change.text}")

    def whole(self, change: Change) -> Mapping[str, Any]:
        """The resource, read now and whole. Raises ScimError when it is gone."""
        doing = f"reading {change.text}"
        found = self.service.get(change.kind, self.real(change.ident), doing=doing)
        if found is None:
            raise ScimError("it is gone", doing=doing, status=404)
        self.snapshot.add(change.kind, [found])
        return found


def apply_change(run: Run, change: Change, wish: Desired | None) -> Done:
    """Make one change real and say what became of it. Raises ScimError."""
    if change.verb == "delete":
        return _delete(run, change)
    done = _create(run, change, wish) if change.verb == "create" else _update(run, change)
    cut = kept_one(done)
    return _alone(run, done, cut) if cut else done


def _alone(run: Run, done: Done, cut: tuple[str, ...]) -> Done:
    """After an answer that kept one of several entries: the one that counts is written alone."""
    known = run.service.capabilities
    run.service.learn("an answer that kept one entry of several", single=tuple(dict.fromkeys([*known.get("single"), *cut])))
    if run.service.capabilities == known or done.resource is None:
        return done
    rest = replace(done.change, joins=(), leaves=(), secrets=Secrets())
    again = _update(run, rebased(rest, done.resource, run.ids, run.service.capabilities))
    others = (path for path in done.not_saved if path not in cut)
    return replace(again, change=done.change, changed=done.changed or again.changed, operations=(*done.operations, *again.operations),
                   not_saved=tuple(dict.fromkeys([*others, *again.not_saved])))


def _create(run: Run, change: Change, wish: Desired | None) -> Done:
    """POST; where the answer is lost, temporary or a conflict, every stated key is looked up before anything else is sent."""
    doing = f"creating {change.text}"
    request = requests_for(change, run.service.capabilities)[0]
    if run.quicker and change.kind.name == GROUP.name:  # of another run's group no service need say 409: its name is not unique (RFC 7643 section 8.7.1)
        found = _found(run, wish, doing)
        if found is not None:
            return _adopted(run, change, wish, found)
    for attempt in range(1, TRIES + 1):
        try:
            answer = run.service.write(request, run.ids, doing)
        except Lost:
            if attempt == TRIES:
                raise
            answer = None
        if answer is not None and answer.status in DONE:
            return _created(run, change, _answered(run, change, wish, answer, doing), request)
        if answer is not None and answer.status != 409 and answer.status not in TEMPORARY:
            raise refused(answer, doing)
        found = _found(run, wish, doing)
        if found is not None:
            if answer is None or answer.status != 409:
                return _created(run, change, found, request)
            run.quicker.add(change.ident)
            return _adopted(run, change, wish, found)
        if answer is not None and (answer.status == 409 or attempt == TRIES):
            raise refused(answer, doing)
    raise ScimError("the service did not take it", doing=doing)


def _found(run: Run, wish: Desired | None, doing: str) -> Mapping[str, Any] | None:
    if wish is None:
        return None
    look_again(run.service, run.snapshot, wish)
    found, _by, problem = match(wish, run.snapshot)
    if problem:
        raise ScimError(problem, doing=doing)
    return found


def _answered(run: Run, change: Change, wish: Desired | None, answer: Any, doing: str) -> Mapping[str, Any]:
    """The resource that a creation answered with; where none came, or one that may be somebody else, it is looked up."""
    made = resource_or_none(answer.body)
    if made is not None and run.snapshot.get(change.kind, made["id"]) is not None:
        made = None
    if made is not None and (wish is None or satisfies(change.kind, made, wish.keys)):
        return made
    found = _found(run, wish, doing) or made
    if found is None:
        raise ScimError(f"the service answered {answer.status} without the resource, and it is not to be found", doing=doing)
    return found


def _created(run: Run, change: Change, made: Mapping[str, Any], request: Request) -> Done:
    """After a creation: members that the service did not take are added by themselves, and proven."""
    ident = str(made["id"])
    run.ids[change.ident] = ident
    run.snapshot.add(change.kind, [made])
    operations: tuple[dict[str, Any], ...] = (request.shown,)
    lacking: set[str] = set()
    readable = run.service.capabilities.get("members_read") != "none"
    if change.joins and readable:
        first = run.reals(request.joins)
        lacking = first - (run.snapshot.members(ident) or frozenset())
        if lacking:
            lacking = first - run.members(change)
        if lacking:
            run.service.learn("answer to a creation with members", create_members=False)
    later = tuple(one for one in change.joins if one not in request.joins or run.real(one) in lacking)
    if later:
        held = run.reals(set(change.joins) - set(later))
        more = _update(run, replace(change, before=change.after, paths=(), joins=later, secrets=Secrets(), held=frozenset(held)))
        operations += more.operations
    missing = run.reals(change.joins) - run.members(change) if later and readable else set()
    _moved, not_saved = attributes_saved(change, made, run.ids)
    if not_saved != change.unsaved:  # the answer to a creation need not hold everything: what is held decides
        made = run.whole(change)
        _moved, not_saved = attributes_saved(change, made, run.ids)
    return Done(change=change, resource=made, changed=True, not_saved=(*not_saved, *(("members",) if missing else ())), operations=operations)


def _adopted(run: Run, change: Change, wish: Desired | None, found: Mapping[str, Any]) -> Done:
    """Somebody else made it meanwhile, or the filter did not show it: what is there is converged instead."""
    run.ids[change.ident] = str(found["id"])
    only_once = wish.create_only if wish is not None else frozenset()
    held = flatten(change.kind, found)
    spelt = {path for path, value in change.keys if not change.kind.at(path).case_exact and fold(value) == fold(str(held.get(path, "")))}
    stated = {path: value for path, value in change.stated.items()
              if path not in only_once and top_path(path) not in only_once and path not in spelt}
    changed = rebased(replace(change, stated=stated, secrets=change.secrets if change.secrets.always else Secrets()), found, run.ids, run.service.capabilities)
    if change.kind.name == GROUP.name:
        now = run.members(change)
        changed = replace(changed, held=now, joins=tuple(one for one in change.joins if run.real(one) not in now))
    return Done(change=changed, resource=found, changed=False) if changed.verb == "keep" else _update(run, changed)


def _delete(run: Run, change: Change) -> Done:
    doing = f"deleting {change.text}"
    request, = requests_for(change, run.service.capabilities)
    changed = False
    for attempt in range(1, TRIES + 1):
        answer = run.service.write(request, run.ids, doing)
        changed = changed or answer.status != 404 or answer.tries > 1  # gone at the second try: that was the first one
        if answer.status not in TEMPORARY or attempt == TRIES:
            break
    if answer.status not in DONE and answer.status != 404:
        raise refused(answer, doing)
    left = None
    inactive = (change.before or {}).get("active") is False  # whether this DELETE does anything is not known where it may only deactivate
    deactivates = change.kind.name != GROUP.name and (inactive or run.service.capabilities.get("delete_user") != "gone")
    if deactivates or answer.status == 202:  # 202 is a promise, not a deletion
        left = run.service.get(change.kind, run.real(change.ident), doing=f"reading {change.text} after its deletion")
    still = left is not None and not (deactivates and flatten(change.kind, left).get("active") is False)
    if left is not None and inactive and not still:
        run.service.learn("answer to DELETE of an inactive user", delete_user="inactive")
        changed = False
    return Done(change=change, resource=left, changed=changed and not still, not_saved=("active",) if still else (), operations=(request.shown,))


def _update(run: Run, change: Change) -> Done:
    """Send the requests of an update; after a refusal that teaches something, or a lost answer, read and plan it anew."""
    operations: list[dict[str, Any]] = []
    body: Any = None
    shown: Mapping[str, Any] = {}
    todo: Change | None = change
    tries = 0  # since there was less left to do than before
    while todo is not None:
        todo = _ready(run, todo)
        again: Change | None = None
        for number, request in enumerate(requests_for(todo, run.service.capabilities)):
            answer = _written(run, todo, request, first=number == 0, last=tries + 1 >= TRIES)
            if answer is not None and answer.status in DONE:
                operations.append(request.shown)
                body = answer.body if answer.body and (request.query or request.method == "PUT") else body
                shown = answer.body if isinstance(answer.body, Mapping) and isinstance(answer.body.get("members"), list) else shown
                continue
            again = _again(run, todo)
            tries = 0 if again.size < todo.size else tries + 1
            break
        todo = again
    return _verified(run, change, body, shown, operations)


def _written(run: Run, change: Change, request: Request, *, first: bool, last: bool) -> Any:
    """One write of an update: its answer, or None where it is to be read and planned anew. Raises ScimError when it is refused for good.

    What a list replaces whole, or a PUT, is sent only for the version that was read, where the service has versions
    (RFC 7644 section 3.14). Member operations are about single members and need none.
    """
    doing = f"changing {change.text}"
    guarded = first and (request.method == "PUT" or not (request.joins or request.leaves))
    tag = _entity_tag(run.snapshot.get(change.kind, run.real(change.ident))) if guarded else None
    try:
        answer = run.service.write(request, run.ids, doing, if_match=tag)
    except Lost:
        if last:
            raise
        return None
    if answer.status in DONE:
        return answer
    if answer.status == 412 and last:
        raise ScimError("it was changed by someone else again and again", doing=doing, status=412)
    if (answer.status == 412 or answer.status in TEMPORARY) and not last:
        return None
    if not _learn(run.service, request, answer):
        raise refused(answer, doing)
    return None


def _entity_tag(held: Mapping[str, Any] | None) -> str | None:
    meta = held.get("meta") if held is not None else None
    version = meta.get("version") if isinstance(meta, Mapping) else None
    return version if isinstance(version, str) and ENTITY_TAG.fullmatch(version) else None


def _ready(run: Run, change: Change) -> Change:
    """Before a PUT, a resource of which only some attributes were read is read whole: a replacement must lose nothing."""
    if not replaces(change, run.service.capabilities):
        return change
    if run.real(change.ident) in run.snapshot.partial:
        change = rebased(change, run.whole(change), run.ids, run.service.capabilities)
    if change.kind.name == GROUP.name and change.held is None:
        change = replace(change, held=run.members(change))
    return change


def _again(run: Run, change: Change) -> Change:
    """The change as far as it is still to be done, after reading what the service holds now."""
    if change.paths:
        change = rebased(change, run.whole(change), run.ids, run.service.capabilities)
    if not (change.joins or change.leaves):
        return change
    now = run.members(change)
    return replace(change, held=now, joins=tuple(one for one in change.joins if run.real(one) not in now),
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
    elif request.query and answer.status == 400:
        service.learn(f"{source} with attributes=", patch_attributes=False)
    return service.capabilities != known


def _verified(run: Run, change: Change, body: Any, shown: Mapping[str, Any], operations: list[dict[str, Any]]) -> Done:
    """What an update did: attributes from the answer or one read more, members by one read where ``verify`` asks for it.

    An answer that shows the members of the group (``shown``) without somebody who was to join asks for that read too.
    """
    ident = run.real(change.ident)
    now: Mapping[str, Any] = run.snapshot.get(change.kind, ident) or {}
    changed, not_saved = bool(change.secrets.attributes), change.unsaved
    if change.paths:
        told = resource_or_none(body)
        answered = told is not None and told["id"] == ident
        if answered:
            now = {**overlaid(change.kind, now, body, change.paths), "id": ident}
            run.snapshot.add(change.kind, [now], partial=ident in run.snapshot.partial)
        moved, not_saved = attributes_saved(change, now, run.ids) if answered else (False, change.paths)
        if not_saved != change.unsaved:  # no answer, or one that denies it: what is held decides
            now = run.whole(change)
            moved, not_saved = attributes_saved(change, now, run.ids)
        changed = changed or moved
    if change.joins or change.leaves:
        moved, kept = _members_verified(run, change, shown)
        changed, not_saved = changed or moved, (*not_saved, *kept)
    return Done(change=change, resource=now, changed=changed, not_saved=not_saved, operations=tuple(operations))


def _members_verified(run: Run, change: Change, shown: Mapping[str, Any]) -> tuple[bool, tuple[str, ...]]:
    present = {str(row.get("value")) for row in shown.get("members", ()) if isinstance(row, Mapping)}
    believed = run.verify == "removals" and not change.leaves and (not shown or run.reals(change.joins) <= present)
    if run.service.capabilities.get("members_read") == "none" or run.verify == "none" or believed:
        return True, ()
    now = run.members(change)
    lost = run.reals(change.held or ()) - set(change.leaves) - now
    if lost:
        raise _put_back(run, change, lost, now)
    joined = run.reals(change.joins)
    undone = (joined - now) | (set(change.leaves) & now)
    return len(undone) < len(joined) + len(change.leaves), ("members",) if undone else ()


def _put_back(run: Run, change: Change, lost: set[str], now: frozenset[str]) -> ScimError:
    """Members whom nobody told the service to remove join again → the error that names them."""
    again = replace(change, paths=(), joins=tuple(sorted(lost)), leaves=(), secrets=Secrets(), held=now)
    try:
        back = all(run.service.write(one, run.ids, "").status in DONE for one in requests_for(again, run.service.capabilities))
        back = back and lost <= run.members(change)
    except ScimError:
        back = False
    return more_left(change, lost, run.snapshot, back=back)
