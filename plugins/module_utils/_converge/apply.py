# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one change: creations and deletions, each looked for before anything is sent again; updates are update.py.

Which requests they are is decided in _plan/requests.py, by what is known of the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._model.flat import flatten
from .._model.merge import fold
from .._model.errors import ScimError
from .._model.schema import GROUP, top_path
from .._plan.change import Change
from .._plan.claims import match
from .._plan.desired import Desired, Secrets
from .._plan.requests import Request, rebased, requests_for
from .._protocol.answers import resource_or_none
from .read import look_again, satisfies
from .run import DONE, TEMPORARY, TRIES, Run
from .service import Lost, refused
from .update import update
from .verify import Done, attributes_saved, kept_one


def apply_change(run: Run, change: Change, wish: Desired | None) -> Done:
    """Make one change real and say what became of it. Raises ScimError."""
    if change.verb == "delete":
        return _delete(run, change)
    done = _create(run, change, wish) if change.verb == "create" else update(run, change)
    cut = kept_one(done)
    return _alone(run, done, cut) if cut else done


def _alone(run: Run, done: Done, cut: tuple[str, ...]) -> Done:
    """After an answer that kept one of several entries: the one that counts is written alone."""
    known = run.service.capabilities
    run.service.learn(
        "an answer that kept one entry of several",
        single=tuple(dict.fromkeys([*known.get("single"), *cut])),
    )
    if run.service.capabilities == known or done.resource is None:
        return done
    rest = replace(done.change, joins=(), leaves=(), secrets=Secrets())
    again = update(run, rebased(rest, done.resource, run.ids, run.service.capabilities))
    others = (path for path in done.not_saved if path not in cut)
    return replace(
        again,
        change=done.change,
        changed=done.changed or again.changed,
        operations=(*done.operations, *again.operations),
        not_saved=tuple(dict.fromkeys([*others, *again.not_saved])),
    )


def _create(run: Run, change: Change, wish: Desired | None) -> Done:
    """POST; where the answer is lost, temporary or a conflict, every stated key is looked up before anything else is sent."""
    doing = f"creating {change.text}"
    request = requests_for(change, run.service.capabilities)[0]
    if (
        run.quicker and change.kind.name == GROUP.name
    ):  # of another run's group no service need say 409: its name is not unique (RFC 7643 section 8.7.1)
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


def _answered(
    run: Run, change: Change, wish: Desired | None, answer: Any, doing: str
) -> Mapping[str, Any]:
    """The resource that a creation answered with; where none came, or one that may be somebody else, it is looked up."""
    made = resource_or_none(answer.body)
    if made is not None and run.snapshot.get(change.kind, made["id"]) is not None:
        made = None
    if made is not None and (wish is None or satisfies(change.kind, made, wish.keys)):
        return made
    found = _found(run, wish, doing) or made
    if found is None:
        raise ScimError(
            f"the service answered {answer.status} without the resource, and it is not to be found",
            doing=doing,
        )
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
    later = tuple(
        one for one in change.joins if one not in request.joins or run.real(one) in lacking
    )
    if later:
        held = run.reals(set(change.joins) - set(later))
        more = update(
            run,
            replace(
                change,
                before=change.after,
                paths=(),
                joins=later,
                secrets=Secrets(),
                held=frozenset(held),
            ),
        )
        operations += more.operations
    missing = run.reals(change.joins) - run.members(change) if later and readable else set()
    _moved, not_saved = attributes_saved(change, made, run.ids)
    if (
        not_saved != change.unsaved
    ):  # the answer to a creation need not hold everything: what is held decides
        made = run.whole(change)
        _moved, not_saved = attributes_saved(change, made, run.ids)
    done = replace(change, joins=tuple(one for one in change.joins if run.real(one) not in missing))
    return Done(
        change=done,
        resource=made,
        changed=True,
        not_saved=(*not_saved, *(("members",) if missing else ())),
        operations=operations,
    )


def _adopted(run: Run, change: Change, wish: Desired | None, found: Mapping[str, Any]) -> Done:
    """Somebody else made it meanwhile, or the filter did not show it: what is there is converged instead."""
    run.ids[change.ident] = str(found["id"])
    only_once = wish.create_only if wish is not None else frozenset()
    held = flatten(change.kind, found)
    spelt = {
        path
        for path, value in change.keys
        if not change.kind.at(path).case_exact and fold(value) == fold(str(held.get(path, "")))
    }
    stated = {
        path: value
        for path, value in change.stated.items()
        if path not in only_once and top_path(path) not in only_once and path not in spelt
    }
    changed = rebased(
        replace(
            change, stated=stated, secrets=change.secrets if change.secrets.always else Secrets()
        ),
        found,
        run.ids,
        run.service.capabilities,
    )
    if change.kind.name == GROUP.name:
        now = run.members(change)
        changed = replace(
            changed, held=now, joins=tuple(one for one in change.joins if run.real(one) not in now)
        )
    return (
        Done(change=changed, resource=found, changed=False)
        if changed.verb == "keep"
        else update(run, changed)
    )


def _delete(run: Run, change: Change) -> Done:
    doing = f"deleting {change.text}"
    (request,) = requests_for(change, run.service.capabilities)
    changed = False
    for attempt in range(1, TRIES + 1):
        answer = run.service.write(request, run.ids, doing)
        changed = (
            changed or answer.status != 404 or answer.tries > 1
        )  # gone at the second try: that was the first one
        if answer.status not in TEMPORARY or attempt == TRIES:
            break
    if answer.status not in DONE and answer.status != 404:
        raise refused(answer, doing)
    left = None
    inactive = (change.before or {}).get(
        "active"
    ) is False  # whether this DELETE does anything is not known where it may only deactivate
    deactivates = change.kind.name != GROUP.name and (
        inactive or run.service.capabilities.get("delete_user") != "gone"
    )
    if deactivates or answer.status == 202:  # 202 is a promise, not a deletion
        left = run.service.get(
            change.kind, run.real(change.ident), doing=f"reading {change.text} after its deletion"
        )
    still = left is not None and not (
        deactivates and flatten(change.kind, left).get("active") is False
    )
    if left is not None and inactive and not still:
        run.service.learn("answer to DELETE of an inactive user", delete_user="inactive")
        changed = False
    if change.kind.name != GROUP.name:
        run.gone.add(change.ident)
    return Done(
        change=change,
        resource=left,
        changed=changed and not still,
        not_saved=("active",) if still else (),
        operations=(request.shown,),
    )
