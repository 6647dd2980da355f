# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a deactivation or deletion was done, and not only accepted.

Writes nothing. A user that was not removed stays in its groups, so that the next run finds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .._model.errors import ScimError
from .._model.flat import body, boolean
from .._model.key import Key
from .._model.schema import USER, ResourceType
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.page_sizes import look_up_size
from .._plan.questions import Resource
from .._protocol.filters import any_of
from .._provider.abilities import ends_by_deactivation, most_comparisons
from .effects import Done
from .pages import search
from .patience import Patience, looks, looks_at_promise, waits
from .read import Gone
from .saved import attributes_saved
from .worker import Worker

PORTION = 20
GONE = frozenset({404, 410})


class NotDone(ScimError):
    """A removal that the service accepted and did not make.

    ``done`` is what it did nevertheless.
    """

    def __init__(self, reason: str, done: Done | None, *, doing: str, hint: str) -> None:
        self.done = None if done is None else replace(done, failed=True)
        super().__init__(reason, doing=doing, hint=hint)


def deactivated(worker: Worker, change: Change, done: Done) -> Done:
    """Return what a deactivation did. Raise NotDone if the user is still active.

    Its answer shows that, or a read. An answer may only repeat what was sent. So the first
    deactivation that leaves depend on is read too, and every one after one that was not done.
    """
    if "active" not in done.not_saved and _is_to_be_read(worker, change):
        done = _read_again(worker, change, done)
    if "active" in done.not_saved and worker.read_since_write:
        done = _shown_late(worker, change, done)
    proof = (change.verb, change.key)
    if "active" not in done.not_saved:
        if worker.read_since_write:
            worker.proved.add(proof)
        worker.is_deleted = ends_by_deactivation(worker.capabilities)
        return done
    worker.disproved.add(proof)
    raise _still_active(change.text, replace(done, change=_without_active(change)))


def held_after(worker: Worker, change: Change) -> Resource:
    """Read the resource of an update that the service accepted.

    Some services remove a user that is deactivated. One that is gone then is inactive. Raise
    ScimError if any other resource is gone.
    """
    try:
        return worker.read_whole(change)
    except Gone:
        if change.verb != "deactivate":
            raise
    worker.read_since_write = True
    source = "a user that was gone after its deactivation"
    worker.try_lesson(Lesson(source=source, values={"inactive": "removed"}))
    return {**(worker.resource(change.key) or {}), **body(change.kind, change.after or {})}


def _still_active(text: str, done: Done | None) -> NotDone:
    return NotDone(
        "the service accepted it, but the user is still active",
        done,
        doing=f"deactivating {text}",
        hint="run again if the service shows changes late; else check whether these credentials "
        "may deactivate the user, or delete the user instead",
    )


def _read_again(worker: Worker, change: Change, done: Done) -> Done:
    """Return what a deactivation did as a read of the user shows it."""
    resource = held_after(worker, change)
    moved, not_saved = attributes_saved(change, resource, worker.ids, worker.rewritten(change))
    changed = moved or bool(change.secrets.attributes)
    return replace(done, resource=resource, changed=changed, not_saved=not_saved)


def _shown_late(worker: Worker, change: Change, done: Done) -> Done:
    """Return what a deactivation did, read again while reads may lag.

    It is not read again after one of that kind was seen to fail.
    """
    if (change.verb, change.key.kind) in _kinds(worker.run.disproved):
        return done
    for pause in waits(worker.service.consistency_wait):
        worker.service.pause(pause)
        done = _read_again(worker, change, done)
        if "active" not in done.not_saved:
            break
    return done


def _is_to_be_read(worker: Worker, change: Change) -> bool:
    if change.reason == "stated" or worker.read_since_write:
        return False
    return is_unproved(worker, change)


def is_unproved(worker: Worker, change: Change) -> bool:
    """Return whether nothing shows yet that the service makes such removals.

    That is so before the first one of a kind, and after one that was not done.
    """
    like = (change.verb, change.key.kind)
    if like in _kinds(worker.run.disproved):
        return True
    return like not in _kinds(worker.run.proved)


def _kinds(removals: Iterable[tuple[str, Key]]) -> set[tuple[str, str]]:
    return {(verb, key.kind) for verb, key in removals}


def _without_active(change: Change) -> Change:
    """Return the change as far as it was made: the user is as active as before."""
    after = dict(change.new)
    after.pop("active", None)
    if "active" in change.old:
        after["active"] = change.old["active"]
    return replace(change, after=after)


def left_of(worker: Worker, change: Change, patience: Patience | None = None) -> Resource | None:
    """Return what is left of a deleted resource, None if it is gone.

    Before a deletion of that kind was seen to fail, it is read again while reads may lag.
    ``patience`` is how long a promise is waited for, None if nothing was promised.
    """
    most = worker.service.consistency_wait
    if ("delete", change.key.kind) in _kinds(worker.run.disproved):
        most = 0.0
    left = None
    for _is_last in looks_at_promise(worker.service, patience or Patience(most)):
        left = _read(worker, change.kind, worker.service_key(change.key), change.text)
        if left is None or is_inactive(left):
            break
    return left


def _read(worker: Worker, kind: ResourceType, key: Key, text: str) -> Resource | None:
    """Read a resource that was deleted.

    Return None if it is gone (RFC 7644 section 3.6).
    """
    found: Resource | None
    try:
        found = worker.service.get(kind, key.id, doing=f"reading {text} after its removal")
    except ScimError as refusal:
        if refusal.status not in GONE:
            raise
        return None
    return found


def is_inactive(resource: Resource) -> bool:
    """Return whether a resource is an inactive user."""
    return boolean(resource.get("active")) is False


def not_deleted(worker: Worker, change: Change, done: Done | None) -> NotDone:
    """Return the error for a resource that was to be deleted and still exists."""
    worker.disproved.add(("delete", change.key))
    return _still_exists(change.kind, change.text, done)


def _still_exists(kind: ResourceType, text: str, done: Done | None) -> NotDone:
    noun = kind.name.lower()
    instead = ", or deactivate the user instead" if kind.name == USER.name else ""
    return NotDone(
        f"the service accepted it, but the {noun} still exists",
        done,
        doing=f"deleting {text}",
        hint=f"check whether these credentials may delete the {noun}{instead}",
    )


def still_active(worker: Worker, leaving: Iterable[Key]) -> frozenset[Key]:
    """Return users that leave a group, count as deactivated and are still active.

    An answer may only repeat what was sent, and only the first deactivation of a run was read back.
    The others are read together before a membership goes, and again while reads may lag.
    """
    left = []
    for key in leaving:
        if key in worker.run.deactivated and ("deactivate", key) not in worker.run.proved:
            left.append(key)
    problem: ScimError | None = None
    try:
        left = _active_at_last(worker, left)
    except ScimError as unread:
        problem = _unless_interrupted(worker, unread)
    for key in left:
        text = f"user '{worker.run.snapshot.name(key)}'"
        worker.undone["deactivate", key] = problem or _still_active(text, None)
        worker.disproved.add(("deactivate", key))
    return frozenset(left)


def _active_at_last(worker: Worker, keys: list[Key]) -> list[Key]:
    """Return the users that are not inactive, read again while reads may lag.

    Once a deactivation was seen to fail, they are read once.
    """
    left = keys
    is_known = "deactivate" in {verb for verb, _key in worker.run.disproved}
    for _is_last in looks(worker.service) if left else ():
        left = _active_of(worker, left)
        if not left or is_known:
            break
    return left


def _active_of(worker: Worker, keys: Iterable[Key]) -> list[Key]:
    """Return the users that are not inactive. Note the others as proved."""
    found = _read_together(worker, list(keys))
    active = []
    for key in keys:
        left = found.get(key) or _read(
            worker, USER, worker.service_key(key), f"user '{worker.run.snapshot.name(key)}'"
        )
        if left is None or is_inactive(left):
            worker.proved.add(("deactivate", key))
        else:
            active.append(key)
    return active


def _read_together(worker: Worker, keys: list[Key]) -> dict[Key, Resource]:
    """Return users as filters on their ids find them, or none where these are refused."""
    known = worker.capabilities.of(USER.name)
    size = min(PORTION, most_comparisons(known))
    if len(keys) == 1 or size == 1 or not (known.filters and known.filter_ids):
        return {}
    ids = {worker.service_key(key).id: key for key in keys}
    found: dict[Key, Resource] = {}
    for start in range(0, len(keys), size):
        portion = [worker.service_key(key).id for key in keys[start : start + size]]
        query = {"filter": any_of([("id", one) for one in portion])}
        try:
            doing = "reading users that leave"
            shown = search(worker.service, USER, query, doing=doing, most=look_up_size(size))
        except ScimError:
            return found
        found.update((ids[one["id"]], one) for one in shown.resources if one["id"] in ids)
    return found


def still_there(worker: Worker, leaving: Iterable[Key]) -> frozenset[Key]:
    """Return the users that are to leave a group, count as deleted and still exist.

    Only the first deletion of a run was read back. These users were members after theirs, so each
    of them is read before the membership goes.
    """
    found = set()
    for key in leaving:
        if key not in worker.run.deleted or ("delete", key) in worker.run.proved:
            continue
        problem = _survival(worker, key)
        if problem is None:
            worker.proved.add(("delete", key))
            continue
        worker.undone["delete", key] = problem
        worker.disproved.add(("delete", key))
        found.add(key)
    return frozenset(found)


def _survival(worker: Worker, key: Key) -> ScimError | None:
    """Return why a user does not count as deleted, None if it does."""
    text = f"user '{worker.run.snapshot.name(key)}'"
    try:
        left = _read(worker, USER, key, text)
    except ScimError as unread:
        return _unless_interrupted(worker, unread)
    if left is None or is_inactive(left):
        return None
    return _still_exists(USER, text, None)


def _unless_interrupted(worker: Worker, unread: ScimError) -> ScimError:
    """Return why a read proves no removal.

    Raise it if the run must end: then the removal counts as made, and the leave is not tried.
    """
    if worker.service.interrupted:
        raise unread
    return unread


def without_leaves(change: Change, staying: frozenset[Key]) -> Change:
    """Return a change of a group that these members do not leave."""
    membership = change.membership
    if membership is None or not staying:
        return change
    return replace(change, membership=membership.without(leaves=staying))
