# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update really did, by its answers or by one more read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import ScimError
from .._model.key import Key, without
from .._plan.change import Change
from .._plan.known_members import cuts_at
from .._plan.questions import Resource
from .._plan.requests import Request
from .._protocol.answers import resource_or_none
from .._protocol.versions import DEMANDED, FAILED
from .._provider.abilities import beyond_one, is_cut_at, shows_members
from .effects import Done
from .group_members import GroupMembers, Unseen
from .members import MembersLost, note_others, note_undone, refuse_loss
from .patience import looks
from .removals import held_after
from .saved import attributes_saved, overlaid
from .worker import Worker

# A write that is refused for its version was not done (RFC 7232 section 4.2).
UNMET = frozenset({DEMANDED, FAILED})


@dataclass(slots=True)
class Answers:
    """What the accepted writes of one update answered.

    ``body`` is the last answer to a request for attributes. ``members`` are the members of a group.
    ``operations`` are the writes that the service accepted, as shown. ``promised``: it has not
    made all of them yet.
    """

    members: GroupMembers = field(default_factory=GroupMembers)
    body: Any = None
    operations: list[dict[str, Any]] = field(default_factory=list)
    promised: bool = False

    def promise(self, request: Request) -> None:
        """Take in a write that is to be made later, whose answer shows nothing."""
        self.operations.append(request.shown)
        self.promised = True

    def add(self, request: Request, body: Any) -> None:
        """Take in the answer to an accepted write."""
        self.operations.append(request.shown)
        if body and (request.query or request.method == "PUT"):
            self.body = body


def verified(worker: Worker, change: Change, answers: Answers) -> Done:
    """Return what an update did.

    Attributes are compared in its answer, or in one more read. Members are read once where
    ``verify`` asks for it, and where users join that leave another group later; they were read
    already where a write was not proven. Raise ScimError if more members left than were removed.
    """
    resource: Resource = worker.resource(change.key) or {}
    changed = bool(change.secrets.attributes)
    not_saved: tuple[str, ...] = ()
    if change.paths:
        resource, moved, not_saved = _attributes_seen(worker, change, answers.body)
        changed = changed or moved
    result = change
    undone = set[Key]()
    if change.membership is not None:
        undone = _members_undone(worker, change, answers.members)
    if change.joins or change.leaves:
        changed = changed or len(undone) < len({*change.joins, *change.leaves})
        result = without_members(change, undone)
    if undone:
        not_saved += ("members",)
    is_seen = not note_unseen(worker, change, answers.members)
    if undone and is_seen and not answers.promised:
        note_undone(worker, change, undone)
    cut = beyond_one(change.desired.content.attributes, worker.capabilities, change.key.kind)
    return Done(
        change=result,
        resource=resource,
        changed=changed,
        not_saved=(*cut, *not_saved),
        operations=tuple(answers.operations),
    )


def note_unseen(worker: Worker, change: Change, members: GroupMembers) -> bool:
    """Note a change of a group that the last read did not show.

    It is read again at the end of the run. Return whether it was noted.
    """
    if not members.unseen or worker.run.lag is None:
        return False
    worker.unseen.append(Unseen(change, members))
    return True


def failed(worker: Worker, change: Change, answers: Answers, failure: ScimError) -> ScimError:
    """Return the failure of an update, or the loss of members if it caused one."""
    lost = failure
    if answers.members.unsure and not isinstance(failure, MembersLost):
        try:
            _members_undone(worker, change, answers.members)
        except ScimError as second:
            lost = second
    if isinstance(lost, MembersLost):
        return lost.after(_done_so_far(worker, change, answers))
    if answers.operations or failure.status not in UNMET:
        note_unseen(worker, change, answers.members)
    return failure


def _done_so_far(worker: Worker, change: Change, answers: Answers) -> Done:
    """Return what an update did before members were found to be lost."""
    now = worker.seen_members or frozenset()
    undone = {*worker.lacking(change.joins, now), *now.intersection(change.leaves)}
    return Done(
        change=without_members(change, undone),
        resource=worker.resource(change.key),
        changed=True,
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
        moved, not_saved = attributes_saved(change, seen, worker.ids, worker.rewritten(change))
        if not not_saved:
            return seen, moved, ()
    # There was no answer, or one that denies the change: what the service holds decides.
    held = worker.resource(key)
    if held is None or not worker.read_since_write:
        held = held_after(worker, change)
    return held, *attributes_saved(change, held, worker.ids, worker.rewritten(change))


def _members_undone(worker: Worker, change: Change, members: GroupMembers) -> set[Key]:
    """Return the members that did not join or leave although the service took it.

    None if that is not known. Raise ScimError if more members left than were removed.
    """
    now = _members_seen(worker, change, members)
    if now is None or _is_poorer(worker, now, members.shown):
        now = members.shown
    if now is None and members.unsure and members.inside and shows_members(worker.capabilities):
        now = worker.read_members(change)
    if now is None or members.hidden:
        return set()
    if not members.staying(worker) <= now:
        now = worker.read_members(change)
    refuse_loss(worker, change, members, now, worker.service_keys(change.joins))
    note_others(worker, change, now)
    not_joined = set(worker.lacking(change.joins, now))
    undone = not_joined | now.intersection(change.leaves)
    if change.joins or change.leaves:
        members.note_last(now, is_done=not undone)
    return undone


def _members_seen(worker: Worker, change: Change, members: GroupMembers) -> frozenset[Key] | None:
    """Return the members after all writes, None if nothing asks for a read."""
    now = worker.seen_members
    movers = _movers(worker, change) if members.shown is None else ()
    if movers and (now is None or worker.lacking(movers, now)):
        return _read_until(worker, change, movers)
    if now is None and _is_verified(worker, change):
        return worker.read_members(change)
    return now


def _movers(worker: Worker, change: Change) -> tuple[Key, ...]:
    """Return the users that join this group and leave another one later in the run.

    Each of them stays in the old group unless it is seen in the new one.
    """
    run = worker.run
    if run.verify == "none" or not change.joins or not shows_members(worker.capabilities):
        return ()
    leaving = set[Key]()
    for key, some in run.leaving.items():
        if key != change.key:
            leaving |= some
    return tuple(one for one in change.joins if one in leaving)


def _read_until(worker: Worker, change: Change, movers: tuple[Key, ...]) -> frozenset[Key]:
    """Read the members until all movers are in, as long as reads may lag."""
    now = frozenset[Key]()
    for is_last in looks(worker.service):
        now = worker.read_members(change)
        if is_last or not worker.lacking(movers, now):
            break
    return now


def _is_poorer(worker: Worker, now: frozenset[Key], shown: frozenset[Key] | None) -> bool:
    """Return whether a read may be cut, and the answer to the write shows more."""
    if shown is None or not now < shown:
        return False
    return cuts_at(now) or is_cut_at(worker.capabilities, len(now))


def _is_verified(worker: Worker, change: Change) -> bool:
    """Return whether ``verify`` asks for the members after all writes of a change."""
    verify = worker.run.verify
    if not shows_members(worker.capabilities) or verify == "none":
        return False
    return bool(change.leaves) or (verify == "writes" and bool(change.joins))
