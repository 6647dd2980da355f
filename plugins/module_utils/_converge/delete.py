# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one deletion, which on some services only deactivates."""

from __future__ import annotations

from dataclasses import replace

from .._model.flat import flatten
from .._model.schema import GROUP
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.questions import Resource
from .._plan.requests import Request, requests_for
from .._provider.abilities import deletes_users
from .effects import DONE, TEMPORARY, TRIES, Done
from .service import Answer, refused
from .worker import Worker

MISSING = 404
PROMISED = 202


def delete(worker: Worker, change: Change) -> Done:
    """Send a DELETE and return what it did.

    A resource that does not exist counts as deleted. It is read again where a DELETE may only
    deactivate, or only promises a deletion. Raise ScimError.
    """
    (request,) = requests_for(change, worker.capabilities)
    answer, changed = _sent(worker, change, request)
    worker.is_deleted = change.key.kind != GROUP.name
    deactivates = _may_deactivate(worker, change)
    left = None
    if deactivates or answer.status == PROMISED:
        left = _read(worker, change)
    done = Done(change=change, resource=left, changed=changed, operations=(request.shown,))
    if left is None:
        return done
    if not deactivates or flatten(change.kind, left).get("active") is not False:
        return replace(done, changed=False, not_saved=("active",))
    if _was_inactive(change):
        source = "answer to DELETE of an inactive user"
        worker.try_lesson(Lesson(source=source, values={"delete_user": "inactive"}))
        return replace(done, changed=False)
    return done


def _may_deactivate(worker: Worker, change: Change) -> bool:
    """Return whether a DELETE may only deactivate, which an inactive user hides."""
    if change.key.kind == GROUP.name:
        return False
    return _was_inactive(change) or not deletes_users(worker.capabilities)


def _was_inactive(change: Change) -> bool:
    return (change.before or {}).get("active") is False


def _sent(worker: Worker, change: Change, request: Request) -> tuple[Answer, bool]:
    """Send the DELETE. Return its answer and whether it changed anything."""
    doing = f"deleting {change.text}"
    changed = False
    for attempt in range(1, TRIES + 1):
        answer = worker.write(request, doing)
        # A resource that is missing at the second try was deleted by the first one.
        changed = changed or answer.status != MISSING or answer.tries > 1
        if answer.status not in TEMPORARY or attempt == TRIES:
            break
    if answer.status not in DONE and answer.status != MISSING:
        raise refused(answer, doing)
    return answer, changed


def _read(worker: Worker, change: Change) -> Resource | None:
    doing = f"reading {change.text} after its deletion"
    resource: Resource | None = worker.service.get(
        change.kind, worker.service_key(change.key).id, doing=doing
    )
    return resource
