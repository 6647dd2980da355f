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
from .._model.key import Key
from .._plan.change import Change
from .._plan.lessons import Lesson, Proof
from .._plan.parts import Part, asks_more, limited, parts
from .._plan.requests import replaces
from .._protocol.blame import NOT_IMPLEMENTED, blames_path, blames_value, names_a_value
from .alone import PartlyRefused, after_refusal, proved
from .effects import FORBIDDEN, Done, about_attributes
from .members import MembersLost
from .pathless import lacks_paths, paths_without_lists, sent_as_object
from .service import CONFLICT
from .update import NoOtherForm, replanned, update
from .worker import Worker

INVALID_PATH = "invalidPath"
CHOKED = 500
NO_METHOD = frozenset({405, NOT_IMPLEMENTED})


class RefusedValue(PartlyRefused):
    """A refusal of attributes, which may be due to their values.

    ``excused`` and ``notes`` count instead of it if the run proves that the attributes are refused
    whatever their values. ``excused`` is None if that cannot be.
    """

    def __init__(
        self, refusal: ScimError, done: Done, notes: tuple[str, ...], *, is_certain: bool
    ) -> None:
        super().__init__(refusal, done if done.operations else None)
        self.excused = None if is_certain else done
        self.notes = notes


@dataclass(slots=True)
class _Pieces:
    """What became of the parts of one update, and how it was refused ``first``.

    ``is_put``: as a PUT, of which no PATCH is left to be tried.
    """

    change: Change
    first: ScimError
    is_put: bool = False
    done: list[Done] = field(default_factory=list)
    refused: list[tuple[Part, ScimError]] = field(default_factory=list)

    @property
    def lacks_put(self) -> bool:
        """Return whether the service may have no PUT, which says nothing of attributes."""
        return self.is_put and not self.done and self.first.status in NO_METHOD

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
    If that is for another reason, a deactivation or members are. Raise ScimError if everything is
    refused, or something that the change makes no sense without.
    """
    try:
        return update(worker, change)
    except MembersLost:
        raise
    except ScimError as refusal:
        worker.wait_at_once()
        if not _may_be_partial(change, refusal):
            raise after_refusal(worker, change, refusal) from None
        is_put = replaces(change, worker.capabilities)
        pieces = _tried(worker, change, refusal)
        pieces.is_put = is_put
    if not pieces.done and lacks_paths(worker, change, pieces.refused):
        _try_object(worker, pieces)
    return _judged(worker, change, pieces)


def _may_be_partial(change: Change, refusal: ScimError) -> bool:
    """Return whether an update may be refused because of some of its attributes.

    Some services answer 500 to an attribute that they do not know. Then a deactivation is made all
    the same.
    """
    is_choked = refusal.status == CHOKED and change.after is not None
    if is_choked and any(part.paths == ("active",) for part in parts(change)):
        return len(parts(change)) > 1
    return about_attributes(refusal)


def _tried(worker: Worker, change: Change, refusal: ScimError) -> _Pieces:
    """Return what becomes of each part of a refused update.

    One that was alone is refused already.
    """
    found = parts(change)
    if len(found) == 1:
        return _Pieces(change=change, refused=[(found[0], refusal)], first=refusal)
    return _each(worker, change, refusal)


def _try_object(worker: Worker, pieces: _Pieces) -> None:
    """Try attributes without their paths.

    If any of them is saved then, the rest is tried alone again.
    """
    sent = paths_without_lists(pieces.change)
    done = sent_as_object(worker, pieces.change) if sent else None
    if done is None:
        return
    pieces.done.append(done)
    if set(done.change.paths) <= set(done.not_saved):
        return
    rest = [path for path in pieces.change.paths if path not in sent]
    left = _each(worker, limited(pieces.change, rest, members=True), pieces.first)
    pieces.done += left.done
    pieces.refused = left.refused


def _judged(worker: Worker, change: Change, pieces: _Pieces) -> Done:
    """Return what an update did of which some attributes were refused.

    These are not saved, and the rest of what the task asks is there. It makes no difference whether
    this run wrote it. Raise ScimError if there is no rest, if a value is wrong, or if a part is
    refused that the change makes no sense without.
    """
    essential = pieces.essential
    if essential is not None and not pieces.done:
        raise essential if essential.status in FORBIDDEN else pieces.first
    if isinstance(pieces.first, NoOtherForm) and not pieces.done:
        raise pieces.first
    _learn_of(worker, pieces)
    done = _together(worker, pieces)
    if essential is not None:
        raise PartlyRefused(essential, proved(worker, done))
    notes = tuple(_told(part, refusal) for part, refusal in pieces.refused)
    failure = _failure(change, pieces)
    if failure is not None:
        certain = [one for _part, one in pieces.refused if _is_certain(one)]
        raise RefusedValue(failure, proved(worker, done), notes, is_certain=bool(certain))
    for note in notes:
        worker.note(note)
    return done


def _learn_of(worker: Worker, pieces: _Pieces) -> None:
    """Learn what the refused parts show."""
    if pieces.lacks_put:
        return
    if _has_patch(worker, pieces):
        pieces.refused = [(part, _of_a_path(refusal)) for part, refusal in pieces.refused]
    for part, refusal in pieces.refused:
        if not part.essential and about_attributes(refusal):
            _learn(worker, part, refusal)


def _has_patch(worker: Worker, pieces: _Pieces) -> bool:
    """Return whether the service accepted a PATCH of the type."""
    for one in pieces.done:
        if any(operation["method"] == "PATCH" for operation in one.operations):
            return True
    return worker.run.service.evidence.is_denied("patch", False, pieces.change.key.kind)


def _of_a_path(refusal: ScimError) -> ScimError:
    """Return the refusal of a PATCH as one of its path, where the service has PATCH.

    After it a PUT was refused as well. That counts if it says that a value is wrong.
    """
    return refusal if names_a_value("", refusal.lines) else replace(refusal, lines=())


def _failure(change: Change, pieces: _Pieces) -> ScimError | None:
    """Return the refusal that is a failure, None if the attributes are not saved."""
    for _part, refusal in pieces.refused:
        if _is_wrong(refusal):
            return refusal
    return None if _is_left(change, pieces) else pieces.first


def _is_left(change: Change, pieces: _Pieces) -> bool:
    """Return whether the task has what it asks, but for attributes that are not taken.

    That is so if it asks for more than these, or if the service says that it does not take them. A
    service without PUT says nothing of attributes.
    """
    if not pieces.lacks_put and all(_is_unknown(refusal) for _part, refusal in pieces.refused):
        return True
    refused = [path for part, _refusal in pieces.refused for path in part.paths]
    return asks_more(change, refused)


def _is_wrong(refusal: ScimError) -> bool:
    """Return whether a value is wrong or taken, as far as the service says so."""
    return blames_value(refusal.scim_type, _texts(refusal))


def _is_certain(refusal: ScimError) -> bool:
    """Return whether the words of a refusal, or a conflict, are about a value."""
    return refusal.status == CONFLICT or names_a_value(refusal.scim_type, _texts(refusal))


def _is_unknown(refusal: ScimError) -> bool:
    """Return whether a service does not take an attribute, whatever its value.

    What is refused in several forms says nothing of the attribute by its status.
    """
    status = None if refusal.lines else refusal.status
    return blames_path(status, refusal.scim_type, _texts(refusal))


def _texts(refusal: ScimError) -> tuple[str, ...]:
    return (refusal.detail, *refusal.lines)


def _each(worker: Worker, change: Change, refusal: ScimError) -> _Pieces:
    """Write each part of a refused update alone."""
    if change.joins or change.leaves:
        change = replanned(worker, change)  # some of it may have been written
    pieces = _Pieces(change=change, first=refusal)
    learnt = worker.lessons
    _as_said(worker, refusal)
    worker.doubt_answers()
    seen: frozenset[Key] | None = None
    for part in parts(change):
        try:
            done = update(worker, _after(part.change, seen))
            pieces.done.append(done)
            seen = _members_after(done) if part.change.joins or part.change.leaves else seen
        except MembersLost:
            raise
        except ScimError as problem:
            problem = _as_said(worker, problem)
            pieces.refused.append((part, problem))
            if not about_attributes(problem):
                break
    worker.believe_answers()
    if isinstance(refusal, NoOtherForm) and pieces.done:
        pieces.first = refusal.refusal
    elif isinstance(refusal, NoOtherForm):
        worker.unlearn(learnt)
    return pieces


def _as_said(worker: Worker, refusal: ScimError) -> ScimError:
    """Return a refusal as the service said it.

    That it left no other form is not learnt: it may be about an attribute.
    """
    if not isinstance(refusal, NoOtherForm):
        return refusal
    worker.unlearn(refusal.lessons)
    return refusal.refusal


def _after(change: Change, members: frozenset[Key] | None) -> Change:
    """Return a part of an update as it is after the one of the members."""
    if members is None or change.membership is None:
        return change
    return replace(change, membership=replace(change.membership, current=members))


def _members_after(done: Done) -> frozenset[Key] | None:
    moves = done.change.moves
    if moves.current is None:
        return None
    return frozenset(moves.current).union(moves.joins).difference(moves.leaves)


def _together(worker: Worker, pieces: _Pieces) -> Done:
    """Return what all parts that were written did."""
    change = pieces.change
    refused: list[str] = []
    for part, _problem in pieces.refused:
        refused += part.paths
    written: list[str] = []
    members = change.membership
    if members is not None:
        members = replace(members, joins=(), leaves=(), unlisted=frozenset())
    for one in pieces.done:
        written += one.change.paths
        if one.change.joins or one.change.leaves:
            members = one.change.membership
    return Done(
        change=replace(limited(change, written), membership=members),
        resource=pieces.done[-1].resource if pieces.done else worker.resource(change.key),
        changed=any(one.changed for one in pieces.done),
        not_saved=_joined([one.not_saved for one in pieces.done]),
        refused=tuple(refused),
        operations=tuple(sum((list(one.operations) for one in pieces.done), [])),
        pending=next((one.pending for one in pieces.done if one.pending), ""),
    )


def _joined(found: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sum(map(list, found), [])))


def _learn(worker: Worker, part: Part, refusal: ScimError) -> None:
    """Learn that a service refuses an attribute.

    That holds for other resources at once if the service says so, else after another one with
    another value was refused. What says that a value is wrong or taken says nothing of the
    attribute, nor does what was refused in several forms.
    """
    if refusal.lines or _is_certain(refusal):
        return
    kind = part.change.key.kind
    for path in part.paths:
        proof = Proof(part.change.key.id, repr(part.change.new.get(path)))
        lesson = Lesson(
            source=f"answer to {path}: {refusal.status}",
            values={"unsaved": (path,)},
            kind=kind,
            proof=None if _holds_for_all(refusal) else proof,
        )
        worker.try_lesson(lesson)


def _holds_for_all(refusal: ScimError) -> bool:
    """Return whether a refusal is about the attribute of all resources of the type."""
    return refusal.status == NOT_IMPLEMENTED or refusal.scim_type == INVALID_PATH


def _told(part: Part, refusal: ScimError) -> str:
    """Return what the user is told of a refused part."""
    said = refusal.detail.strip() or refusal.scim_type
    reason = f"{refusal.reason}: {said}" if said else refusal.reason
    paths = ", ".join(part.paths)
    told = f"{paths} of {part.change.text} is not saved, since the service refuses it: {reason}"
    if part.essential or refusal.lines or _is_certain(refusal):
        return told
    lines = ", ".join(f"{part.change.key.kind}.{path}" for path in part.paths)
    line = f"set capabilities: {{unsaved: [{lines}]}}"
    if _holds_for_all(refusal):
        return f"{told}; {line} so that it is not sent again"
    return f"{told}; if it never takes this, {line}"
