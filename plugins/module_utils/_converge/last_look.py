# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read once more at the end of a run, since nothing has shown it yet.

These are groups that were shown as before a write, and users that an answer calls inactive. Sends
nothing, except to add back members that were lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from .._model.errors import ScimError
from .._model.key import Key
from .._plan.change import Change
from .effects import Done, Effects, Run
from .group_members import Unseen
from .members import MembersLost, note_undone, refuse_loss
from .outcome import Outcome
from .patience import Patience, looks_at_promise
from .removals import still_active
from .saved import all_as_before
from .verify import without_members
from .worker import Worker


@dataclass(frozen=True, slots=True)
class Watched:
    """A change of a group that was not seen, and what it counts to have done."""

    planned: Change
    done: Done | None
    unseen: tuple[Unseen, ...]

    @property
    def change(self) -> Change:
        """Return the last change of members, else the last one of attributes."""
        every = [one.change for one in self.unseen]
        return next((one for one in reversed(every) if one.joins or one.leaves), every[-1])


class LastLook:
    """The groups that are read once more at the end of a run."""

    def __init__(self) -> None:
        self._watched: list[Watched] = []

    def watch(self, planned: Change, effects: Effects) -> None:
        """Take in what came of a change. It is read again if it was not seen."""
        if effects.unseen:
            self._watched.append(Watched(planned, effects.done, effects.unseen))

    def take(self, run: Run, outcome: Outcome) -> Iterator[tuple[Change, ScimError]]:
        """Look, and count what each change did as it is seen. Yield what was lost."""
        for one, found in last_looks(run, self._watched):
            outcome.add_notes(found.notes)
            for reading in found.readings:
                run.snapshot.add(reading)
            if found.done is not None:
                _count(outcome, one, found.done)
            if found.failure is not None:
                yield one.planned, found.failure


def proved_at_last(run: Run, outcome: Outcome) -> Iterator[tuple[Change, Effects]]:
    """Read users that an answer calls inactive, and that no leave was proved for.

    An answer may only repeat what was sent. Those whose own row says that they are inactive are
    not among them. Yield what shows that some are still active.
    """
    unproved = [one.change for one in outcome.done if _is_unproved(run, one)]
    if not unproved or run.service.interrupted:
        return
    worker = Worker(run, unproved[0])
    still_active(worker, [one.key for one in unproved])
    yield unproved[0], worker.effects(None, None)


def _is_unproved(run: Run, done: Done) -> bool:
    change = done.change
    if change.verb != "deactivate" or change.reason == "stated" or done.pending:
        return False
    return change.key in run.deactivated and ("deactivate", change.key) not in run.proved


def _count(outcome: Outcome, one: Watched, done: Done) -> None:
    """Count what a change did as it was seen at last."""
    outcome.done[:] = [done if other is one.done else other for other in outcome.done]
    is_part = any(other is one.planned for other in outcome.in_part)
    if done.failed and not is_part:
        outcome.in_part.append(one.planned)


def last_looks(run: Run, watched: Iterable[Watched]) -> Iterator[tuple[Watched, Effects]]:
    """Yield what each change of a group did, as it is read at the end of the run.

    Groups that are still shown as before are read again together, as long as the run waits for
    reads that lag. What is promised was waited for already.
    """
    left: dict[Key, list[Watched]] = {}
    for one in watched:
        left.setdefault(one.planned.key, []).append(one)
    may_read = bool(left) and not run.service.interrupted
    try:
        for is_last in looks_at_promise(run.service, run.lag or Patience(0)) if may_read else ():
            for key, some in list(left.items()):
                found = _looked(run, some, is_last=is_last)
                if found is not None:
                    del left[key]
                    yield from found
            if not left:
                return
    except ScimError:
        pass  # the run must end
    for one in chain.from_iterable(left.values()):
        yield one, _unread(run, one)


def _looked(
    run: Run, some: list[Watched], *, is_last: bool
) -> list[tuple[Watched, Effects]] | None:
    """Return what the changes of one group did by one more read of it.

    None if it is to be read again.
    """
    worker = Worker(run, some[-1].planned)
    worker.lags = True
    try:
        is_old, now = _read(worker, some)
        is_open = is_old or any(_undone(worker, one, now) for one in some)
        if is_open and not is_last and any(_is_awaited(one, now) for one in some):
            return None
        lost, now = _losses(worker, some, now)
    except ScimError:
        return [(one, _unread(run, one)) for one in some]
    found = [_judged(worker, one, now, lost.get(id(one)), is_old=is_old) for one in some]
    seen = worker.effects(found[-1].done, found[-1].failure)
    return list(zip(some, [*found[:-1], seen]))


def _losses(
    worker: Worker, some: Iterable[Watched], now: frozenset[Key]
) -> tuple[dict[int, MembersLost], frozenset[Key]]:
    """Add back members that are gone. Return the losses, and the members after that."""
    lost: dict[int, MembersLost] = {}
    for one in some:
        try:
            _refuse_loss(worker, one, now)
        except MembersLost as loss:
            lost[id(one)] = loss
            now = worker.seen_members or frozenset()
    return lost, now


def _judged(
    worker: Worker, one: Watched, now: frozenset[Key], loss: MembersLost | None, *, is_old: bool
) -> Effects:
    """Return what one change did, by the members of now."""
    undone = _undone(worker, one, now)
    done = _done(worker, one, undone)
    if loss is None:
        _note(worker, one, undone, is_old=is_old)
    elif done is not None:
        done = replace(done, failed=True, changed=True)
    return Effects(done=done, failure=loss)


def _undone(worker: Worker, one: Watched, now: frozenset[Key]) -> set[Key]:
    """Return the members that did not join or leave."""
    return {*worker.lacking(one.change.joins, now), *now.intersection(one.change.leaves)}


def _is_awaited(one: Watched, now: frozenset[Key]) -> bool:
    """Return whether a group is as before a change that may show later."""
    is_pending = one.done is not None and bool(one.done.pending)
    return not is_pending and any(now in part.members.earlier for part in one.unseen)


def _refuse_loss(worker: Worker, one: Watched, now: frozenset[Key]) -> None:
    """Raise MembersLost if members are gone that nothing removes."""
    change = one.change
    leaving = worker.service_keys(worker.run.leaving.get(change.key, ()))
    for part in one.unseen:
        part.members.leaving |= leaving
        refuse_loss(worker, change, part.members, now, worker.service_keys(change.joins))


def _read(worker: Worker, some: Iterable[Watched]) -> tuple[bool, frozenset[Key]]:
    """Return whether attributes are shown as before, and the members of now."""
    changes = [one.change for one in some]
    change = next((one for one in changes if one.joins or one.leaves), changes[-1])
    if change.joins or change.leaves:
        return False, worker.read_members(change)
    whole = worker.read_whole(change)
    now = worker.members_in(change, whole)
    if now is None:
        now = worker.read_members(change)
    return all_as_before(change, whole), now


def _unread(run: Run, one: Watched) -> Effects:
    """Return what a change counts to have done, with its warning, without a read."""
    worker = Worker(run, one.planned)
    moves = one.done.change.moves if one.done else one.change.moves
    undone = {*one.change.joins, *one.change.leaves}.difference(moves.joins, moves.leaves)
    if one.done is not None:
        _note(worker, one, undone, is_old=True)
    return worker.effects(one.done, None)


def _note(worker: Worker, one: Watched, undone: set[Key], *, is_old: bool) -> None:
    """Note what the last read did not show."""
    if one.done is not None and one.done.pending:
        return
    if undone:
        note_undone(worker, one.change, undone)
    elif is_old:
        worker.note(
            f"the service does not show a change of {one.change.text} that it accepted, so whether "
            "all members are still in is not known; if its reads lag behind its writes, the next "
            "run finds it done"
        )


def _done(worker: Worker, one: Watched, undone: set[Key]) -> Done | None:
    """Return what a change did, after the last read of its members."""
    done, change = one.done, one.change
    moved = {*change.joins, *change.leaves}
    if done is None or not moved:
        return done
    if done.pending and undone:
        return done
    result = without_members(replace(done.change, membership=change.membership), undone)
    not_saved = tuple(path for path in done.not_saved if path != "members")
    return replace(
        done,
        change=result,
        resource=worker.resource(change.key) or done.resource,
        changed=done.changed or len(undone) < len(moved),
        not_saved=(*not_saved, "members") if undone else not_saved,
        pending="",
    )
