# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one update: send its requests, learn from refusals, read and plan anew, and see what really came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._model.errors import ScimError
from .._model.schema import GROUP
from .._plan.change import Change
from .._plan.desired import Secrets
from .._plan.requests import Request, rebased, replaces, requests_for
from .._protocol.answers import error, resource_or_none
from .run import DONE, FORBIDDEN, TEMPORARY, TRIES, Run
from .service import Lost, Service, refused
from .verify import Done, attributes_saved, more_left, overlaid

ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')


def update(run: Run, change: Change) -> Done:
    """Send the requests of an update; after a refusal that teaches something, or a lost answer, read and plan it anew.

    Raises ScimError when the service refuses it for good, or when more members left than were to (RFC 7644 section 3.5).
    """
    operations: list[dict[str, Any]] = []
    body: Any = None
    shown: Mapping[str, Any] = {}
    todo: Change | None = _again(run, change) if run.gone & _counted_on(run, change) else change
    tries = 0  # since there was less left to do than before
    known = run.service.capabilities
    refusals: list[ScimError] = []
    while todo is not None:
        todo = _ready(run, todo)
        again: Change | None = None
        for number, request in enumerate(requests_for(todo, run.service.capabilities)):
            try:
                answer = _written(
                    run, todo, request, refusals, first=number == 0, last=tries + 1 >= TRIES
                )
            except ScimError as fault:
                if not refusals:
                    raise
                run.service.capabilities = (
                    known  # what this resource refuses in every form says nothing of the others
                )
                raise _in_every_form(refusals[0], fault) from None
            if answer is not None and answer.status in DONE:
                operations.append(request.shown)
                body = (
                    answer.body
                    if answer.body and (request.query or request.method == "PUT")
                    else body
                )
                shown = (
                    answer.body
                    if isinstance(answer.body, Mapping)
                    and isinstance(answer.body.get("members"), list)
                    else shown
                )
                continue
            again = _again(run, todo)
            operations += [request.shown] if _took(request, todo, again) else []
            tries = 0 if again.size < todo.size else tries + 1
            break
        todo = again
    return _verified(run, change, body, shown, operations)


def _took(request: Request, before: Change, after: Change) -> bool:
    """Whether a write that was refused, or whose answer was lost, was done all the same: nothing of it is left to do."""
    about = {*request.joins, *request.leaves}
    return (
        about.isdisjoint((*after.joins, *after.leaves))
        if about
        else bool(before.paths) and not after.paths
    )


def _in_every_form(first: ScimError, last: ScimError) -> ScimError:
    """The reason of a write that was refused in one form and then in another: the first one counts, unless the credentials are refused."""
    if last.status in FORBIDDEN or (first.reason, first.detail) == (last.reason, last.detail):
        return last
    said = f"in another form: {last.reason}" + (f": {last.detail}" if last.detail else "")
    return ScimError(
        first.reason,
        doing=first.doing,
        status=first.status,
        detail=first.detail,
        scim_type=first.scim_type,
        hint=first.hint,
        lines=(said,),
    )


def _written(
    run: Run,
    change: Change,
    request: Request,
    refusals: list[ScimError],
    *,
    first: bool,
    last: bool,
) -> Any:
    """One write of an update: its answer, or None where it is to be read and planned anew. Raises ScimError when it is refused for good.

    A refusal after which another form is left to try is added to ``refusals``.
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
    refusals.append(refused(answer, doing))
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


def _counted_on(run: Run, change: Change) -> set[str]:
    """The members whom a change of a group takes to be there: those who leave, and where it replaces the whole all others too."""
    return {
        *change.leaves,
        *((change.held or ()) if replaces(change, run.service.capabilities) else ()),
    }


def _again(run: Run, change: Change) -> Change:
    """The change as far as it is still to be done, after reading what the service holds now. Members that cannot be read are sent again."""
    if change.paths:
        change = rebased(change, run.whole(change), run.ids, run.service.capabilities)
    if (
        not (change.joins or change.leaves)
        or run.service.capabilities.get("members_read") == "none"
    ):
        return change
    now = run.members(change)
    return replace(
        change,
        held=now,
        joins=tuple(one for one in change.joins if run.real(one) not in now),
        leaves=tuple(one for one in change.leaves if one in now),
    )


def _learn(service: Service, request: Request, answer: Any) -> bool:
    """What a refused write teaches about the service; True where another form of the same write is left to try."""
    known = service.capabilities
    source = f"answer to {request.method} /{request.segments[0]}: {answer.status}"
    _detail, scim_type = error(answer.body)
    moved = len(request.joins) + len(request.leaves)
    by_filter = (
        bool(request.leaves)
        and request.method == "PATCH"
        and known.get("member_remove") == "filter"
    )
    if by_filter and (answer.status == 501 or scim_type in ("invalidPath", "invalidFilter")):
        service.learn(source, member_remove="list")
    elif request.method == "PATCH" and answer.status in (400, 413) and moved > 1:
        service.learn(
            source,
            **(
                {"members_per_patch": moved // 2}
                if request.joins
                else {"removals_per_patch": moved // 2}
            ),
        )
    elif by_filter and answer.status == 400:
        service.learn(source, member_remove="list")
    elif request.method == "PATCH" and answer.status in (405, 501):
        service.learn(source, patch=False)
    elif request.query and answer.status == 400:
        service.learn(f"{source} with attributes=", patch_attributes=False)
    return service.capabilities != known


def _verified(
    run: Run, change: Change, body: Any, shown: Mapping[str, Any], operations: list[dict[str, Any]]
) -> Done:
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
        moved, not_saved = (
            attributes_saved(change, now, run.ids) if answered else (False, change.paths)
        )
        if not_saved != change.unsaved:  # no answer, or one that denies it: what is held decides
            now = run.whole(change)
            moved, not_saved = attributes_saved(change, now, run.ids)
        changed = changed or moved
    if change.joins or change.leaves:
        undone = _members_undone(run, change, shown)
        changed = changed or len(undone) < len({*change.joins, *change.leaves})
        not_saved = (*not_saved, *(("members",) if undone else ()))
        change = replace(
            change,
            joins=tuple(one for one in change.joins if one not in undone),
            leaves=tuple(one for one in change.leaves if one not in undone),
            implied=change.implied - undone,
        )
    return Done(
        change=change,
        resource=now,
        changed=changed,
        not_saved=not_saved,
        operations=tuple(operations),
    )


def _members_undone(run: Run, change: Change, shown: Mapping[str, Any]) -> set[str]:
    """Who did not join or leave though the service took it, as far as it is to be verified. Raises ScimError when more left than were to."""
    present = {
        str(row.get("value")) for row in shown.get("members", ()) if isinstance(row, Mapping)
    }
    believed = (
        run.verify == "removals"
        and not change.leaves
        and (not shown or run.reals(change.joins) <= present)
    )
    if run.service.capabilities.get("members_read") == "none" or run.verify == "none" or believed:
        return set()
    now = run.members(change)
    lost = run.reals(change.held or ()) - set(change.leaves) - run.gone - now
    if lost:
        raise _put_back(run, change, lost, now)
    return {one for one in change.joins if run.real(one) not in now} | (set(change.leaves) & now)


def _put_back(run: Run, change: Change, lost: set[str], now: frozenset[str]) -> ScimError:
    """Members whom nobody told the service to remove join again → the error that names them."""
    again = replace(
        change, paths=(), joins=tuple(sorted(lost)), leaves=(), secrets=Secrets(), held=now
    )
    try:
        back = all(
            run.service.write(one, run.ids, "").status in DONE
            for one in requests_for(again, run.service.capabilities)
        )
        back = back and lost <= run.members(change)
    except ScimError:
        back = False
    return more_left(change, lost, run.snapshot, back=back)
