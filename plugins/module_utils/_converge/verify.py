# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update really did, by its answers or by one more read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import ScimError
from .._model.key import Key, without
from .._plan.change import Change, MembershipChange
from .._plan.questions import Resource
from .._plan.requests import Request, members_only, requests_for
from .._protocol.answers import resource_or_none
from .._provider.abilities import beyond_one, shows_members
from .effects import DONE, Done
from .saved import attributes_saved, more_left, overlaid
from .worker import Worker


@dataclass(slots=True)
class Answers:
    """What the accepted writes of one update answered.

    ``body`` is the last answer to a request for attributes. ``group`` is the last answer that shows
    members. ``operations`` are the writes that the service accepted, as shown.
    """

    body: Any = None
    group: Mapping[str, Any] = field(default_factory=dict)
    operations: list[dict[str, Any]] = field(default_factory=list)

    def add(self, request: Request, body: Any) -> None:
        """Take in the answer to an accepted write."""
        self.operations.append(request.shown)
        if body and (request.query or request.method == "PUT"):
            self.body = body
        if isinstance(body, Mapping) and isinstance(body.get("members"), list):
            self.group = body


def verified(worker: Worker, change: Change, answers: Answers) -> Done:
    """Return what an update did.

    Attributes are compared in its answer, or in one more read. Members are read once where
    ``verify`` asks for it, or where an answer lacks a member that joined. Raise ScimError if more
    members left than were removed.
    """
    resource: Resource = worker.resource(change.key) or {}
    changed = bool(change.secrets.attributes)
    not_saved: tuple[str, ...] = ()
    if change.paths:
        resource, moved, not_saved = _attributes_seen(worker, change, answers.body)
        changed = changed or moved
    result = change
    if change.joins or change.leaves:
        undone = _members_undone(worker, change, answers.group)
        changed = changed or len(undone) < len({*change.joins, *change.leaves})
        result = without_members(change, undone)
        if undone:
            not_saved += ("members",)
    cut = beyond_one(change.desired.content.attributes, worker.capabilities, change.key.kind)
    return Done(
        change=result,
        resource=resource,
        changed=changed,
        not_saved=(*cut, *not_saved),
        operations=tuple(answers.operations),
    )


def without_members(change: Change, undone: set[Key]) -> Change:
    """Return the change without the members that did not join or leave."""
    membership = change.membership
    if membership is None or not undone:
        return change
    done = replace(
        membership,
        joins=without(membership.joins, undone),
        leaves=without(membership.leaves, undone),
        unlisted=membership.unlisted - undone,
    )
    return replace(change, membership=done)


def _attributes_seen(
    worker: Worker, change: Change, body: Any
) -> tuple[Resource, bool, tuple[str, ...]]:
    """Return the resource, whether it changed, and the paths that are not saved."""
    key = worker.service_key(change.key)
    answer = resource_or_none(body)
    if answer is not None and answer["id"] == key.id:
        before = worker.resource(key) or {}
        seen = {**overlaid(change.kind, before, body, change.paths), "id": key.id}
        worker.keep_resource(change.kind, seen, partial=worker.is_partial(key))
        moved, not_saved = attributes_saved(change, seen, worker.ids)
        if not not_saved:
            return seen, moved, ()
    # There was no answer, or one that denies the change: what the service holds decides.
    resource = worker.read_whole(change)
    return resource, *attributes_saved(change, resource, worker.ids)


def _members_undone(worker: Worker, change: Change, group: Mapping[str, Any]) -> set[Key]:
    """Return the members that did not join or leave although the service took it.

    None if that is not to be verified. Raise ScimError if more members left than were removed.
    """
    membership = change.membership
    if membership is None or not _is_verified(worker, change, group):
        return set()
    now = worker.read_members(change)
    deleted = worker.run.deleted
    before = membership.current or frozenset()
    staying = before - deleted - set(membership.leaves)
    lost = worker.service_keys(staying) - now
    if lost:
        raise _added_back(worker, change, lost, now)
    not_joined = set(worker.lacking(membership.joins, now))
    not_left = now.intersection(membership.leaves)
    return not_joined | not_left


def _is_verified(worker: Worker, change: Change, group: Mapping[str, Any]) -> bool:
    verify = worker.run.verify
    if not shows_members(worker.capabilities) or verify == "none":
        return False
    if verify != "removals" or change.leaves:
        return True
    return bool(group) and not _all_shown(worker, change, group)


def _all_shown(worker: Worker, change: Change, group: Mapping[str, Any]) -> bool:
    """Return whether an answer shows all members that joined."""
    shown = set()
    for row in group["members"]:
        if isinstance(row, Mapping):
            shown.add(str(row.get("value")))
    joined = {one.id for one in worker.service_keys(change.joins)}
    return joined <= shown


def _added_back(worker: Worker, change: Change, lost: set[Key], now: frozenset[Key]) -> ScimError:
    """Add lost members back, and return the error that names them."""
    membership = MembershipChange(current=now, joins=tuple(sorted(lost)))
    try:
        back = _is_accepted(worker, members_only(change, membership))
        back = back and lost <= worker.read_members(change)
    except ScimError:
        back = False
    names = sorted(worker.run.snapshot.name(one) for one in lost)
    return more_left(change, names, back=back)


def _is_accepted(worker: Worker, change: Change) -> bool:
    for request in requests_for(change, worker.capabilities):
        if worker.write(request, "").status not in DONE:
            return False
    return True
