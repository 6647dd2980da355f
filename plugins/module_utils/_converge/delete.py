# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one deletion, which on some services only deactivates."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from .._model.errors import CHANGED, KEPT, ScimError
from .._model.schema import GROUP, USER
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.questions import Resource
from .._plan.requests import Request, requests_for
from .._protocol.refusals import says_error
from .._provider.abilities import deletes_users
from .effects import DONE, PROMISED, TEMPORARY, TRIES, Done
from .patience import Patience
from .pending import pending
from .removals import is_inactive, is_unproved, left_of, not_deleted
from .service import CHANGED_MEANWHILE, CONFLICT, Answer, Lost, is_changing, refused
from .worker import Worker

MISSING = 404
DEACTIVATES = (
    "the service deactivates users instead of deleting them; set capabilities: {delete_user: "
    "inactive}, so that later runs do not delete them again"
)
# After these a resource may be gone already.
CONFLICTS = frozenset({CONFLICT, CHANGED_MEANWHILE})


def delete(worker: Worker, change: Change) -> Done:
    """Send a DELETE and return what it did.

    A resource that does not exist counts as deleted. It is read again where a DELETE may only
    deactivate or only promises a deletion, where no answer or none that can be understood came,
    where the answer says an error, and after the first deletion of a kind in a run. A promise
    (202) that is not kept yet is pending. Raise NotDone if it is still there, and ScimError if it
    is refused.
    """
    (request,) = requests_for(change, worker.capabilities)
    left = None
    try:
        status, changed, is_denied = _sent(worker, change, request)
    except Lost as lost:
        status, changed, is_denied = MISSING, True, False
        left = _left_after(worker, change, lost)
    if is_denied or _is_to_be_read(worker, change, status):
        patience = worker.run.awaits() if status == PROMISED else None
        left = _left(worker, change, patience)
    done = Done(change=change, resource=left, changed=changed, operations=(request.shown,))
    is_user = change.key.kind == USER.name
    if left is not None and not (is_user and is_inactive(left)):
        if status == PROMISED:
            return replace(done, changed=True, pending=pending(worker, f"deleting {change.text}"))
        not_saved = () if deletes_users(worker.capabilities) else ("active",)
        raise not_deleted(worker, change, replace(done, changed=False, not_saved=not_saved))
    worker.is_deleted = change.key.kind != GROUP.name
    if left is None:
        return done
    is_new = deletes_users(worker.capabilities)
    if _was_inactive(change):
        source = "answer to DELETE of an inactive user"
        worker.try_lesson(Lesson(source=source, values={"delete_user": "inactive"}))
        done = replace(done, changed=False)
    if is_new:
        worker.note(DEACTIVATES)
    return done


def _is_to_be_read(worker: Worker, change: Change, status: int) -> bool:
    """Return whether a deletion is to be proved by a read."""
    if status == MISSING:
        return False
    is_first = is_unproved(worker, change)
    return is_first or status == PROMISED or _may_deactivate(worker, change)


def _left(worker: Worker, change: Change, patience: Patience | None) -> Resource | None:
    """Return what is left of a resource, None if it is gone or cannot be read."""
    try:
        left = left_of(worker, change, patience)
    except ScimError as unread:
        worker.note(f"whether {change.text} is deleted could not be read: {unread}")
        return None
    if left is None:
        worker.proved.add((change.verb, change.key))
    return left


def _left_after(worker: Worker, change: Change, lost: Lost) -> Resource | None:
    """Return what a deletion left whose answer was lost: nothing, or an inactive user.

    Raise the loss if neither is shown.
    """
    try:
        left = left_of(worker, change)
    except ScimError:
        raise lost from None
    if left is not None and not is_inactive(left):
        raise lost
    if left is None:
        worker.proved.add((change.verb, change.key))
    return left


def _may_deactivate(worker: Worker, change: Change) -> bool:
    """Return whether a DELETE may only deactivate, which an inactive user hides."""
    if change.key.kind == GROUP.name:
        return False
    return _was_inactive(change) or not deletes_users(worker.capabilities)


def _was_inactive(change: Change) -> bool:
    return (change.before or {}).get("active") is False


def _sent(worker: Worker, change: Change, request: Request) -> tuple[int, bool, bool]:
    """Send the DELETE.

    Return the status of its answer, whether it changed anything, and whether its body denies it.

    After a conflict the resource is read: one that is gone counts as missing. If it was changing,
    the deletion is sent again.
    """
    doing = f"deleting {change.text}"
    changed = False
    for attempt in range(1, TRIES + 1):
        answer = worker.write(request, doing)
        # A resource that is missing at the second try was deleted by the first one.
        is_made = answer.status not in (MISSING, *CONFLICTS)
        changed = changed or is_made or answer.tries > 1
        if answer.status in CONFLICTS and _is_gone(worker, change):
            return MISSING, attempt > 1, False
        if attempt == TRIES or not _is_sent_again(answer):
            break
    if answer.status not in DONE and answer.status != MISSING:
        raise _refused(answer, doing)
    _note_if_there(worker, change, answer, is_done=changed)
    is_denied = says_error(answer.body) and answer.status in DONE
    if is_denied:
        said = refused(answer, doing)
        worker.note(f"{doing}: {said.reason} with an error: {said.detail or 'no reason'}")
    return answer.status, changed, is_denied


def _is_sent_again(answer: Answer) -> bool:
    if answer.status in (*TEMPORARY, CHANGED_MEANWHILE):
        return True
    return answer.status == CONFLICT and is_changing(answer)


def _refused(answer: Answer, doing: str) -> ScimError:
    """Return the error for a deletion that is refused. No value can be taken by it."""
    refusal = refused(answer, doing)
    if answer.status == CONFLICT and refusal.hint != CHANGED:
        refusal = replace(refusal, hint=KEPT)
    return refusal


def _note_if_there(worker: Worker, change: Change, answer: Answer, *, is_done: bool) -> None:
    """Warn if a resource is still shown whose deletion was answered 404.

    Some services have no DELETE for a type. A user that is inactive may count as deleted.
    """
    if is_done or answer.status != MISSING:
        return
    found = None
    doing = f"deleting {change.text}"
    ident = worker.service_key(change.key).id
    with contextlib.suppress(ScimError):
        found = worker.service.get(change.kind, ident, doing=f"reading {change.text} after a 404")
    if found is None or (change.key.kind == USER.name and is_inactive(found)):
        return
    types = change.kind.endpoint.lower()
    worker.note(
        f"{doing}: the service answered 404 and still shows the {change.key.kind.lower()}; if this "
        f"comes in each run, it does not delete {types}: set capabilities: {{delete: {{{types}: "
        f"false}}}} and another state"
    )


def _is_gone(worker: Worker, change: Change) -> bool:
    doing = f"reading {change.text} after a conflict"
    ident = worker.service_key(change.key).id
    return worker.service.get(change.kind, ident, doing=doing) is None
