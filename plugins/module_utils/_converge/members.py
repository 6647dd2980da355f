# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a write of a group left everybody in that is to be in.

Any write of a group may remove members unasked. Knows no attribute.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.errors import ScimError, first_of
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._plan.change import Change, MembershipChange
from .._plan.desired import exact_list
from .._plan.known_members import ROUND
from .._plan.lessons import Lesson
from .._plan.member_rows import direct_groups
from .._plan.questions import Question, Resource
from .._plan.requests import Request, members_only, rebased, replaces, requests_for
from .._plan.write_forms import proofs
from .._protocol.answers import resource_or_none
from .._provider.abilities import is_cut_at, shows_members
from .effects import DONE, Done
from .read import read
from .removals import NotDone
from .worker import Worker

MOST_NAMES = 10
CUT = "an answer with members that were not shown before"


class MembersLost(NotDone):
    """Members left a group although nothing removed them. It ends the run."""

    def after(self, done: Done) -> MembersLost:
        """Return this error with what was done before it."""
        self.done = replace(done, failed=True)
        return self


@dataclass(slots=True)
class Roll:
    """The members of one group while a change writes it, as the service knows them.

    ``leaving`` are the members that the change removes. ``inside`` are those that were seen in the
    group, None if they are not known. ``shown`` are those that the last write answered with, if all
    of it was as asked. ``earlier`` are the members before the first write and as asked after
    each: a read that lags shows one of these. ``unsure``: the answer to a write was lost.
    ``hidden``: the group has members and shows none.
    """

    leaving: frozenset[Key] = frozenset()
    inside: frozenset[Key] | None = None
    shown: frozenset[Key] | None = None
    unsure: bool = False
    earlier: list[frozenset[Key]] = field(default_factory=list)
    hidden: bool = False

    def begin(self, worker: Worker, change: Change) -> None:
        """Take in the members before the first write."""
        current = change.moves.current
        if self.inside is None and current is not None:
            self.inside = frozenset(worker.service_keys(current))
            self.earlier.append(self.inside)

    def forget(self) -> None:
        """Forget the members, since another client changed the group and this run did not."""
        self.inside = None
        self.earlier.clear()

    def wrote(self, joins: Collection[Key], leaves: Collection[Key]) -> None:
        """Take in what an accepted write is to make of the members."""
        if self.earlier:
            self.earlier.append((self.earlier[-1] | frozenset(joins)) - frozenset(leaves))

    def staying(self, worker: Worker) -> frozenset[Key]:
        """Return the members that were seen and that nothing removes."""
        return (self.inside or frozenset()) - self.leaving - worker.run.deleted


def checked(
    worker: Worker, change: Change, request: Request, body: Any, roll: Roll
) -> Resource | None:
    """Compare the members of a group with what one accepted write was to make of them.

    An answer that shows everybody is enough. Otherwise the members are read, unless the form of the
    write is proven and its answer shows no members: then ``verify`` decides later. A form is proven
    by a group in which it did what was asked. Return the group if it was read whole for that. Raise
    MembersLost.
    """
    if change.key.kind != GROUP.name:
        return None
    asked = _Asked(worker, request, roll.staying(worker))
    roll.wrote(asked.joins, asked.leaves)
    now = worker.members_in(change, body)
    _note_unread(worker, change, asked, now or frozenset())
    roll.shown = now if now is not None and asked.holds(now) else None
    whole = None
    if roll.shown is None:
        if not _is_doubtful(worker, asked, now, roll):
            return None
        whole, now = _read(worker, change, body, asked)
        roll.hidden = not now and bool(asked.joins) and _is_hidden(worker, change, asked.joins)
        if roll.hidden:
            return whole
    seen = frozenset(now or ())
    _learn_limit(worker, change, asked, roll.inside, seen)
    worker.prove(asked.proofs, is_done=asked.holds(seen))
    refuse_loss(worker, change, roll, seen, asked.joins)
    roll.inside = seen
    return whole


class _Asked:
    """What one write asks of the members of a group, and what proves such writes."""

    def __init__(self, worker: Worker, request: Request, staying: frozenset[Key]) -> None:
        self.staying = staying
        self.joins = worker.service_keys(request.joins)
        self.leaves = worker.service_keys(request.leaves)
        self.proofs = tuple(proofs(request, others=bool(staying)))

    def holds(self, now: frozenset[Key]) -> bool:
        """Return whether the group is as asked."""
        return self.staying | self.joins <= now and self.leaves.isdisjoint(now)


def _learn_limit(
    worker: Worker,
    change: Change,
    asked: _Asked,
    inside: frozenset[Key] | None,
    now: frozenset[Key],
) -> None:
    """Learn at how many members the service cuts a list, if others come after a write.

    They were not shown before, and nothing of this run added them. Either as many are shown as
    before although some left, or the answer to a write shows more than reads do. Another client may
    have added some to a small group.
    """
    before = inside or frozenset()
    others = now - before - asked.joins
    if len(before) < ROUND or not others or is_cut_at(worker.capabilities, len(before)):
        return
    if len(now) >= len(before) and before <= now | asked.leaves:
        lesson = Lesson(source=CUT, values={"members_limit": len(before)})
        worker.try_lesson(lesson)
        worker.note(
            f"{change.text} shows members after a change that it did not show before, so the "
            f"service may show {len(before)} members at most; nobody leaves because a list lacks "
            f"them; set capabilities: {{members_limit: {len(before)}}}"
        )


def _note_unread(worker: Worker, change: Change, asked: _Asked, shown: frozenset[Key]) -> None:
    """Note members that only the answer to a write shows, if no others are to be in.

    Reads showed none, so that a list of all members removes nobody.
    """
    others = shown - asked.joins - asked.leaves
    if change.moves.current != frozenset() or not others:
        return
    if exact_list(change.desired.members) is not None:
        _learn_names(worker, others)
        names = first_of(sorted(map(worker.name, others)), MOST_NAMES)
        worker.note(
            f"{change.text} was read without members, but an answer to a change shows others: "
            f"{names}; nobody of these was removed"
        )


def _is_doubtful(worker: Worker, asked: _Asked, shown: frozenset[Key] | None, roll: Roll) -> bool:
    """Return whether a write must be read back before the next one.

    An answer that shows members and lacks some may be cut. One without members says nothing.
    """
    if not asked.proofs or roll.inside is None or not shows_members(worker.capabilities):
        return False
    return shown is not None or not worker.is_proven(asked.proofs)


def _read(
    worker: Worker, change: Change, body: Any, asked: _Asked
) -> tuple[Resource | None, frozenset[Key]]:
    """Return the group if it was read whole, and its members of now.

    A write of attributes without an answer is read whole in any case. If that shows all members,
    it is the only read.
    """
    whole = None
    if change.paths and resource_or_none(body) is None:
        whole = worker.read_whole(change)
        now = worker.members_in(change, whole)
        if now is not None and asked.holds(now):
            worker.seen_members = now
            return whole, now
    return whole, worker.read_members(change)


def _is_hidden(worker: Worker, change: Change, joins: Iterable[Key]) -> bool:
    """Return whether a group that shows no members has one, by the user's own entry.

    RFC 7643 section 4.1.2.
    """
    for key in sorted(joins):
        if key.kind == USER.name:
            user = worker.service.get(USER, key.id)
            return worker.service_key(change.key).id in direct_groups(user)
    return False


def refuse_loss(
    worker: Worker,
    change: Change,
    roll: Roll,
    now: frozenset[Key],
    joins: Collection[Key],
) -> None:
    """Raise MembersLost if members are gone that nothing removes.

    They are added back first, and with them those of ``joins`` that are not in either. If the
    group is as it was before a write of this change, only members that just joined are missing:
    the read may lag.
    """
    lost = roll.staying(worker) - now
    if lost and now not in roll.earlier:
        lost = lost.union(joins) - now
        raise more_left(worker, change, lost, _missing(worker, change, lost, now - roll.leaving))


def more_left(
    worker: Worker, change: Change, lost: Collection[Key], missing: Collection[Key]
) -> MembersLost:
    """Return the error for lost members; ``missing`` were not added back."""
    _learn_names(worker, (*lost, *missing))
    names = sorted(map(worker.name, lost))
    still = sorted(map(worker.name, missing))
    done = "they were added back"
    if still:
        which = "they" if still == names else first_of(still, MOST_NAMES)
        done = f"{which} could not be added back"
    return MembersLost(
        f"more members left the group than this run removed: {first_of(names, MOST_NAMES)}; {done}",
        None,
        doing=f"changing the members of {change.text}",
        hint="find out whether the service or another program removed them",
    )


def note_others(worker: Worker, change: Change, now: frozenset[Key]) -> None:
    """Note members that an exact list lacks and that the group did not show before.

    A member that is shown by another id may be one that joined.
    """
    before = change.moves.current
    is_exact = exact_list(change.desired.members) is not None
    if not is_exact or not before or worker.lacking(change.joins, now):
        return
    others = now - worker.service_keys((*before, *change.joins, *change.leaves))
    if not others or is_cut_at(worker.capabilities, len(before)):
        return
    _learn_names(worker, others)
    names = first_of(sorted(map(worker.name, others)), MOST_NAMES)
    worker.note(
        f"{change.text} shows members after a change that it did not show before: {names}; nobody "
        "of these was removed; run again to remove them"
    )


def note_undone(worker: Worker, change: Change, undone: Collection[Key]) -> None:
    """Note the members that the service accepted to change and does not show changed."""
    said = []
    for keys, verb in ((change.joins, "join"), (change.leaves, "leave")):
        names = sorted(worker.name(one) for one in keys if one in undone)
        if names:
            said.append(f"{first_of(names, MOST_NAMES)} did not {verb}")
    worker.note(
        f"the service accepted a change of the members of {change.text} that it does not show: "
        f"{', and '.join(said)}; if its reads lag behind its writes, the next run finds it done; "
        "if it never shows members, the capability members_read says how else they are read"
    )


def _learn_names(worker: Worker, keys: Iterable[Key]) -> None:
    """Read the users of which only the id is known, as far as one request tells them."""
    unknown = {one.id: None for one in sorted(keys) if one.kind == USER.name}
    unread = [one for one in unknown if not worker.run.snapshot.has(Key(USER.name, one))]
    if not unread:
        return
    question = Question(kind=USER, ids=tuple(unread[:MOST_NAMES]), listed_ids=True, sampled=True)
    with contextlib.suppress(ScimError):
        for reading in read(worker.service, question, worker.run.snapshot):
            worker.keep(reading)


def _missing(
    worker: Worker, change: Change, lost: frozenset[Key], others: frozenset[Key]
) -> frozenset[Key]:
    """Add lost members back. Return those that are still missing, of the others too.

    They are added by PATCH, or by PUT if the group is written so. Then they are added with all
    others: where adding replaces, only everybody in one request are all members.
    """
    everybody = lost | others
    by_patch = replace(change, desired=replace(change.desired, method="patch"))
    ways = [(by_patch, False), (by_patch, True)]
    worker.repairs = True
    if replaces(change, worker.capabilities):
        ways.insert(1, (change, False))
    now = others
    for way, at_once in ways:
        joins = everybody if at_once else everybody - now
        now = _joined(worker, way, joins, now)
        if everybody <= now:
            break
    return everybody - now


def _joined(
    worker: Worker, change: Change, joins: frozenset[Key], now: frozenset[Key]
) -> frozenset[Key]:
    """Send joins and return the members after them.

    A PUT starts from the group as it is now.
    """
    spelling = change.moves.spelling
    membership = MembershipChange(current=now, joins=tuple(sorted(joins)), spelling=spelling)
    try:
        if replaces(change, worker.capabilities):
            whole = worker.read_whole(change)
            change = rebased(change, whole, worker.ids, worker.capabilities)
            change = replace(change, received=whole)
        for request in requests_for(members_only(change, membership), worker.capabilities):
            if worker.write(request, "").status not in DONE:
                break
        return worker.read_members(change)
    except ScimError:
        return now
