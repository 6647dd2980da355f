# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a write of a group left everybody in that is to be in.

Any write of a group may remove members unasked. Knows no attribute.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from .._model.errors import ScimError, first_of
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._plan.change import Change, MembershipChange
from .._plan.desired import exact_list
from .._plan.known_members import ROUND
from .._plan.lessons import Lesson
from .._plan.member_rows import direct_groups
from .._plan.questions import Question, Reading, Resource
from .._plan.reading import member_attributes
from .._plan.requests import Request, members_only, rebased, replaces, requests_for
from .._plan.write_forms import proofs
from .._protocol.answers import resource_or_none
from .._provider.abilities import finds_members, is_cut_at, shows_members
from .effects import DONE, Done
from .group_members import GroupMembers
from .patience import looks
from .read import read
from .removals import NotDone
from .saved import all_as_before
from .worker import Worker

MOST_NAMES = 10
CUT = "an answer with members that were not shown before"


class MembersLost(NotDone):
    """Members left a group although nothing removed them. It ends the run."""

    def after(self, done: Done) -> MembersLost:
        """Return this error with what was done before it."""
        self.done = replace(done, failed=True)
        return self


def checked(
    worker: Worker, change: Change, request: Request, body: Any, members: GroupMembers
) -> Resource | None:
    """Compare the members of a group with what one accepted write was to make of them.

    An answer that shows everybody is enough. Otherwise the members are read, unless the form of the
    write is proven and its answer shows no members: then ``verify`` decides later. A form is proven
    by a group in which it did what was asked. It stays open if the group is shown as before: reads
    may lag. Return the group if it was read whole for that. Raise MembersLost.
    """
    if change.key.kind != GROUP.name:
        return None
    asked = _Asked(worker, request, members.staying(worker))
    members.wrote(asked.joins, asked.leaves)
    shown = _shown(worker, change, body, asked)
    _note_unread(worker, change, asked, shown or frozenset())
    members.shown = shown if shown is not None and asked.holds(shown) else None
    look = _Look(None, frozenset(shown or ()))
    if members.shown is None:
        if not _is_doubtful(worker, asked, shown, members):
            return None
        look = _looked(worker, change, body, asked, members)
        members.hidden = (
            not look.now and bool(asked.joins) and _is_hidden(worker, change, asked.joins)
        )
        if members.hidden:
            return look.whole
    _learn_limit(worker, change, asked, members.inside, look.now)
    _note_proof(worker, asked, look)
    members.unseen = look.is_old
    refuse_loss(worker, change, members, look.now, asked.joins)
    members.inside = look.now
    return look.whole


def _shown(worker: Worker, change: Change, body: Any, asked: _Asked) -> frozenset[Key] | None:
    """Return the members that an answer shows, None if it shows no list.

    Some services answer with an empty list, whoever is in. It says nothing of a group that is to be
    empty.
    """
    shown = worker.members_in(change, body)
    return shown if shown or asked.staying or asked.joins else None


def _note_proof(worker: Worker, asked: _Asked, look: _Look) -> None:
    """Note whether a write did what was asked, unless the read may lag."""
    if look.is_old and asked.staying:
        worker.leave_open(asked.proofs)
    else:
        worker.prove(asked.proofs, is_done=asked.holds(look.now) and not look.is_old)


def promised(worker: Worker, change: Change, request: Request, members: GroupMembers) -> None:
    """Take in a write of a group that the service is to make later."""
    if change.key.kind != GROUP.name:
        return
    asked = _Asked(worker, request, members.staying(worker))
    members.wrote(asked.joins, asked.leaves)
    if asked.staying and not worker.is_proven(asked.proofs):
        members.promised += asked.proofs


def caught_up(worker: Worker, change: Change, now: frozenset[Key]) -> frozenset[Key]:
    """Return the members on which a PUT may rest, after a read that gave ``now``.

    A read may lag behind a write of this run: then it is repeated, and at last what the run takes
    for the members counts. Users that did not join earlier are none of them, unless an answer
    showed them.
    """
    before = worker.earlier_members
    taken = worker.run.shown.get(worker.change.key)
    if any(members.earlier for members in worker.group_members):
        taken = before[-1]
    elif taken is None:
        taken = frozenset(worker.service_keys(worker.change.moves.known))
    while now in before[:-1] and now != taken:
        if not _may_look_again(worker):
            return taken
        now = worker.read_members(change)
    return now


def may_lose_unseen(worker: Worker, change: Change) -> bool:
    """Return whether a group is written of which nothing has shown the members.

    It is written in a form that is not proven, so that somebody may leave. A list may come without
    members.
    """
    if change.key.kind != GROUP.name or not change.paths or change.moves.current is not None:
        return False
    is_new = change.key.id.startswith("bulkId:")
    if is_new or change.joins or change.leaves or not shows_members(worker.capabilities):
        return False
    if worker.run.snapshot.why_unseen(change.key):
        return False
    requests = requests_for(change, worker.capabilities)
    return not all(worker.is_proven(proofs(one, others=True)) for one in requests)


def members_in_one_form(worker: Worker, change: Change) -> frozenset[Key]:
    """Read the members of a group by its id, once.

    One that shows none is not asked for them in another form.
    """
    if finds_members(worker.capabilities):
        return worker.read_members(change)
    attributes = member_attributes(worker.capabilities)[0]
    ident = worker.service_key(change.key).id
    doing = f"reading the members of {change.text}"
    found = worker.service.get(GROUP, ident, attributes=attributes, doing=doing)
    if found is None:
        raise ScimError("the group is gone", doing=doing)
    partial = bool(attributes)
    worker.keep(Reading(kind=GROUP, resources=(found,), members_shown=True, partial=partial))
    return worker.members_shown(change)


class _Asked:
    """What one write asks of the members of a group, and what proves such writes."""

    def __init__(self, worker: Worker, request: Request, staying: frozenset[Key]) -> None:
        self.staying = staying
        self.joins = worker.service_keys(request.joins)
        self.leaves = worker.service_keys(request.leaves)
        self.proofs = tuple(proofs(request, others=bool(staying)))

    @property
    def is_of_attributes(self) -> bool:
        """Return whether no member is to join or leave."""
        return not (self.joins or self.leaves)

    def holds(self, now: frozenset[Key]) -> bool:
        """Return whether the group is as asked."""
        return self.staying | self.joins <= now and self.leaves.isdisjoint(now)


class _Look(NamedTuple):
    """One look at a group after a write.

    ``whole`` is the group if it was read whole, ``now`` are its members. ``is_old``: nothing of the
    write is to be seen, and the members are as before it.
    """

    whole: Resource | None
    now: frozenset[Key]
    is_old: bool = False


def _looked(
    worker: Worker, change: Change, body: Any, asked: _Asked, members: GroupMembers
) -> _Look:
    """Return the last look at a group after a write, while reads may lag.

    It is repeated while the group is as before and members may be lost, since the form of the write
    is not proven. There is no sense in that if the answer shows the same.
    """
    look = _read(worker, change, body, asked, members)
    members.denied = look.is_old and _is_denied(worker, change, body, asked, look.now)
    if members.denied or worker.run.lag is None:
        return look._replace(is_old=False)
    is_open = bool(asked.staying) and not worker.is_proven(asked.proofs)
    while look.is_old and is_open and _may_look_again(worker):
        look = _read(worker, change, body, asked, members)
        worker.lags = not look.is_old
    return look


def _is_denied(
    worker: Worker, change: Change, body: Any, asked: _Asked, now: frozenset[Key]
) -> bool:
    """Return whether an answer shows, as a read does, that a write was not done."""
    answer = resource_or_none(body)
    if answer is None:
        return False
    if not asked.is_of_attributes:
        return worker.members_in(change, body) == now
    return all_as_before(change, answer)


def _may_look_again(worker: Worker) -> bool:
    """Wait before another look.

    Return False if there is no time left, or the run must end.
    """
    pause = None if worker.run.lag is None else worker.run.lag.next_pause()
    if pause is None:
        return False
    with contextlib.suppress(ScimError):
        worker.service.pause(pause)
    return not worker.service.interrupted


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
    others = shown - worker.service_keys(change.joins) - asked.joins - asked.leaves
    if change.moves.current != frozenset() or not others:
        return
    if exact_list(change.desired.members) is not None:
        _learn_names(worker, others)
        names = first_of(sorted(map(worker.name, others)), MOST_NAMES)
        worker.note(
            f"{change.text} was read without members, but an answer to a change shows others: "
            f"{names}; nobody of these was removed"
        )
        return
    worker.note(
        f"{change.text} was read without members, but an answer to a change shows {len(others)} "
        "others, so each run writes its members again; the capability members_read says how else "
        "they are read"
    )


def _is_doubtful(
    worker: Worker, asked: _Asked, shown: frozenset[Key] | None, members: GroupMembers
) -> bool:
    """Return whether a write must be read back before the next one.

    An answer that shows members and lacks some may be cut. One without members says nothing.
    """
    if not asked.proofs or members.inside is None or not shows_members(worker.capabilities):
        return False
    return shown is not None or not worker.is_proven(asked.proofs)


def _read(worker: Worker, change: Change, body: Any, asked: _Asked, members: GroupMembers) -> _Look:
    """Return a look at a group: its members, and all of it where attributes say more.

    A write of attributes without an answer is read whole in any case. If that shows all members,
    it is the only read. After one of attributes alone only these tell whether a read lags.
    """
    whole = None
    has_answer = resource_or_none(body) is not None
    if change.paths and (asked.is_of_attributes or not has_answer):
        whole = worker.read_whole(change)
    first = None if whole is None else worker.members_in(change, whole)
    if first is not None and asked.holds(first):
        worker.seen_members = now = first
    else:
        now = worker.read_members(change)
        if first is not None and first != now and first in members.earlier:
            whole = None  # the first read lagged
    is_old = now in members.earlier and _shows_nothing(change, asked, whole, now)
    return _Look(None if has_answer else whole, now, is_old)


def _shows_nothing(
    change: Change, asked: _Asked, whole: Resource | None, now: frozenset[Key]
) -> bool:
    """Return whether a read shows nothing of a write."""
    if asked.is_of_attributes:
        return whole is not None and all_as_before(change, whole)
    return not asked.holds(now)


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
    members: GroupMembers,
    now: frozenset[Key],
    joins: Collection[Key],
) -> None:
    """Raise MembersLost if members are gone that nothing removes.

    They are added back first, and with them those of ``joins`` that are not in either, and those
    that leave later in this run: a leaver stays findable until inactive. If the group is as it was
    before a write of this change, only members that just joined are missing: the read may lag.
    """
    lost = members.staying(worker) - now
    if lost and now not in members.earlier:
        lost = lost.union(joins, _leaving_later(worker, change, members)) - now
        raise more_left(worker, change, lost, _missing(worker, change, lost, now - members.leaving))


def _leaving_later(worker: Worker, change: Change, members: GroupMembers) -> set[Key]:
    """Return the members that were seen and that a later change removes."""
    later = worker.service_keys(worker.run.leaving.get(change.key, ()))
    done = worker.run.deleted | worker.run.deactivated
    return set(later).difference(worker.service_keys(change.leaves), done) & set(
        members.inside or ()
    )


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
    others = others.difference(*worker.earlier_members)
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
        return _members_repaired(worker, change, now)
    except ScimError:
        return now


def _members_repaired(worker: Worker, change: Change, before: frozenset[Key]) -> frozenset[Key]:
    """Read the members after some were added back, again where reads are known to lag."""
    now = worker.read_members(change)
    for is_last in looks(worker.service) if worker.lags else ():
        if is_last or now != before:
            break
        now = worker.read_members(change)
    return now
