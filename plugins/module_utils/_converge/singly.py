# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of which a service refuses some attributes: the rest is written.

Knows no form of a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .._model.errors import ScimError
from .._plan.change import Change
from .._plan.lessons import Lesson, Proof
from .._plan.parts import Part, limited, parts
from .effects import Done, about_attributes
from .members import MembersLost
from .removals import NotDone
from .service import CONFLICT
from .update import replanned, update
from .worker import Worker

# What says that the service does not know an attribute, whatever its value (RFC 7644 section 3.12).
UNKNOWN_PATH = frozenset({"invalidPath", "noTarget"})
NOT_IMPLEMENTED = 501
TAKEN = "uniqueness"


class PartlyRefused(NotDone):
    """A refused part that an update makes no sense without."""

    def __init__(self, refusal: ScimError, done: Done) -> None:
        super().__init__(refusal.reason, done, doing=refusal.doing, hint=refusal.hint)
        self.status, self.detail = refusal.status, refusal.detail
        self.scim_type, self.lines = refusal.scim_type, refusal.lines
        self.args = (self.sentence(),)


class RefusedAlone(ScimError):
    """A refusal of the only attribute of an update, which may be due to its value.

    ``done`` and ``note`` count instead of it if the run proves that it is not.
    """

    def __init__(self, refusal: ScimError, done: Done, note: str) -> None:
        super().__init__(
            refusal.reason,
            doing=refusal.doing,
            status=refusal.status,
            detail=refusal.detail,
            hint=refusal.hint,
        )
        self.done, self.note = done, note


@dataclass(slots=True)
class _Pieces:
    """What became of the parts of one update."""

    done: list[Done] = field(default_factory=list)
    refused: list[tuple[Part, ScimError]] = field(default_factory=list)

    @property
    def essential(self) -> ScimError | None:
        """Return the refusal of a part that counts as a failure, None if there is none."""
        for part, refusal in self.refused:
            if part.essential or not about_attributes(refusal):
                return refusal
        return None


def write(worker: Worker, change: Change) -> Done:
    """Send an update and return what it did.

    If it is refused, each of its attributes is tried alone once. What is refused then is not saved.
    Raise ScimError if everything is refused, or something that the change makes no sense without.
    """
    try:
        return update(worker, change)
    except ScimError as refusal:
        if isinstance(refusal, MembersLost) or not about_attributes(refusal):
            raise
        if len(parts(change)) == 1:
            return _alone(worker, change, refusal)
        return _each(worker, change, refusal)


def _alone(worker: Worker, change: Change, refusal: ScimError) -> Done:
    """Return what a refusal of one attribute leaves undone.

    Raise it if the value may be wrong, as RefusedAlone if it does not say so. What is refused in
    several forms says nothing of other resources.
    """
    (part,) = parts(change)
    if part.essential or refusal.lines:
        raise refusal
    _learn(worker, part, refusal)
    resource = worker.resource(change.key)
    done = Done(change=limited(change, ()), resource=resource, changed=False, refused=part.paths)
    if not _is_unknown(refusal):
        if refusal.scim_type or _is_taken(refusal):
            raise refusal
        raise RefusedAlone(refusal, done, _told(part, refusal)) from None
    worker.note(_told(part, refusal))
    return done


def _is_taken(refusal: ScimError) -> bool:
    """Return whether another resource has the value, so that the attribute is known."""
    return refusal.status == CONFLICT or refusal.scim_type == TAKEN


def _is_unknown(refusal: ScimError) -> bool:
    """Return whether a service does not know an attribute, whatever its value."""
    return refusal.status == NOT_IMPLEMENTED or refusal.scim_type in UNKNOWN_PATH


def _each(worker: Worker, change: Change, refusal: ScimError) -> Done:
    """Write each part of a refused update alone."""
    if change.joins or change.leaves:
        change = replanned(worker, change)  # some of it may have been written
    pieces = _Pieces()
    worker.doubt_answers()
    for part in parts(change):
        try:
            pieces.done.append(update(worker, part.change))
        except MembersLost:
            raise
        except ScimError as problem:
            pieces.refused.append((part, problem))
            if not about_attributes(problem):
                break
    worker.believe_answers()
    for one, reason in pieces.refused:
        if not one.essential and about_attributes(reason):
            _learn(worker, one, reason)
    if not pieces.done:
        raise refusal
    done = _together(change, pieces)
    if pieces.essential is not None:
        raise PartlyRefused(pieces.essential, done)
    for one, reason in pieces.refused:
        worker.note(_told(one, reason))
    return done


def _together(change: Change, pieces: _Pieces) -> Done:
    """Return what all parts that were written did."""
    refused: list[str] = []
    members = change.membership
    for part, _problem in pieces.refused:
        refused += part.paths
    written = limited(change, [path for path in change.paths if path not in refused], members=True)
    for one in pieces.done:
        if one.change.joins or one.change.leaves:
            members = one.change.membership
    return Done(
        change=replace(written, membership=members),
        resource=pieces.done[-1].resource,
        changed=any(one.changed for one in pieces.done),
        not_saved=_joined([one.not_saved for one in pieces.done]),
        refused=tuple(refused),
        operations=tuple(sum((list(one.operations) for one in pieces.done), [])),
    )


def _joined(found: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sum(map(list, found), [])))


def _learn(worker: Worker, part: Part, refusal: ScimError) -> None:
    """Learn that a service refuses an attribute.

    That holds for other resources at once if the service says so, else after another one with
    another value was refused. A value that is taken says nothing.
    """
    if _is_taken(refusal):
        return
    kind = part.change.key.kind
    for path in part.paths:
        proof = Proof(part.change.key.id, repr(part.change.new.get(path)))
        is_certain = refusal.status == NOT_IMPLEMENTED or refusal.scim_type == "invalidPath"
        lesson = Lesson(
            source=f"answer to {path}: {refusal.status}",
            values={"unsaved": (path,)},
            kind=kind,
            proof=None if is_certain else proof,
        )
        worker.try_lesson(lesson)


def _told(part: Part, refusal: ScimError) -> str:
    """Return what the user is told of a refused part."""
    said = refusal.detail.strip() or refusal.scim_type
    reason = f"{refusal.reason}: {said}" if said else refusal.reason
    paths = ", ".join(part.paths)
    return f"{paths} of {part.change.text} is not saved, since the service refuses it: {reason}"
