# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order changes are safe; knows nothing else of them.

Joins come first, then deactivations and deletions of users, then leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from .._model.key import Key, without
from .._model.schema import USER, top_path
from .change import NO_SECRETS, Change, MembershipChange
from .memberships import SHOWN
from .name_handover import hand_over
from .targets import Targets

Steps = tuple[tuple[Change, ...], ...]


class Phase(IntEnum):
    """The phases of a plan.

    Users that move join before they leave. A leaver stays findable, as a member, until inactive or
    deleted, and out of the further groups of the team.
    """

    CREATE_USER = 0
    UPDATE_USER = 1
    CREATE_GROUP = 2
    JOIN = 3
    DEACTIVATE = 4
    DELETE_USER = 5
    LEAVE_FURTHER = 6
    LEAVE = 7
    DELETE_GROUP = 8


@dataclass(frozen=True, slots=True)
class Ordered:
    """Changes in steps, and sentences about what no order makes possible.

    The changes of one step are independent of each other.
    """

    steps: Steps = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> Iterator[Change]:
        """Yield every change in order."""
        for step in self.steps:
            yield from step


def phase(change: Change) -> Phase:
    """Return the phase in which a change happens."""
    is_user = change.key.kind == USER.name
    if change.verb == "create":
        return Phase.CREATE_USER if is_user else Phase.CREATE_GROUP
    if change.verb == "delete":
        return Phase.DELETE_USER if is_user else Phase.DELETE_GROUP
    if is_user:
        return Phase.DEACTIVATE if change.verb == "deactivate" else Phase.UPDATE_USER
    if change.joins or change.paths or not change.leaves:
        return Phase.JOIN
    is_further = change.moves.further_leaves == change.leaves
    return Phase.LEAVE_FURTHER if is_further else Phase.LEAVE


def ordered(changes: Sequence[Change], targets: Targets = Targets()) -> Ordered:
    """Return changes in a safe order.

    What gives up a name that another takes comes first of all.
    A group that members join and leave is two changes, unless it is the only one: one PATCH does
    both then. A creation comes after what it refers to. In a circle of managers, one manager
    follows in a change of its own.
    """
    first = hand_over(changes, targets)
    parts = list(first.others)
    if len(changes) > 1:
        parts = [part for one in first.others for part in _apart(one)]
    creations = []
    others = []
    for part in parts:
        if part.verb == "create":
            creations.append(part)
        else:
            others.append(part)
    created = _Creations(creations)
    created.sort()
    rounds: defaultdict[tuple[Phase, int], list[Change]] = defaultdict(list)
    for number, some in enumerate(created.rounds):
        for change in some:
            rounds[phase(change), number].append(change)
    for change in sorted((*others, *created.later), key=lambda one: one.name):
        rounds[phase(change), 0].append(change)
    steps = (*first.rounds, *(tuple(rounds[at]) for at in sorted(rounds)))
    problems = (*first.problems, *created.problems)
    return Ordered(steps=steps, problems=problems, notes=first.notes)


def _apart(change: Change) -> tuple[Change, ...]:
    """Return a change of a group as joins, further leaves and other leaves.

    Further leaves follow from teams that gave the group. Parts without a change are left out. The
    first one has the attributes: if they are refused, the others do not try them again.
    """
    moves = change.moves
    if not moves.leaves:
        return (change,)
    further = moves.further_leaves
    parts = (moves.joins, ()), ((), further), ((), without(moves.leaves, further))
    found: list[Change] = []
    left = change
    for joins, leaves in parts:
        if not (joins or leaves or left.paths):
            continue
        current = left.moves
        part = replace(
            moves,
            current=current.current,
            joins=joins,
            leaves=leaves,
            unlisted=moves.unlisted & frozenset(leaves),
        )
        found.append(replace(left, membership=part))
        rest = replace(left.desired, content=replace(left.desired.content, attributes={}, clear=()))
        left = replace(left, desired=rest, before=left.after, membership=_following(part))
    return tuple(found)


def _following(done: MembershipChange) -> MembershipChange:
    """Return the members of a group after one part of its change."""
    return replace(done, current=None if done.current is None else done.after)


@dataclass(slots=True)
class _Creations:
    """Sorts creations so that each comes after what it names.

    A circle of managers is cut. A circle of groups is a problem.
    """

    waiting: list[Change]
    rounds: list[list[Change]] = field(default_factory=list)
    later: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def sort(self) -> None:
        """Move everything that waits into rounds."""
        self.waiting.sort(key=lambda one: (one.key.kind != USER.name, one.name))
        while self.waiting:
            unmade = {one.key for one in self.waiting}
            ready = []
            waiting = []
            for change in self.waiting:
                if unmade.isdisjoint(_referred(change)):
                    ready.append(change)
                else:
                    waiting.append(change)
            if ready:
                self.rounds.append(ready)
                self.waiting = waiting
            elif not self._cut(unmade):
                return

    def _cut(self, unmade: set[Key]) -> bool:
        """Take the manager out of the first user of a circle.

        Return False for a circle of groups.
        """
        change = self.waiting[0]  # a user, if any user waits
        if change.key.kind == USER.name:
            self.waiting[0], rest = _without_links(change, unmade)
            self.later.append(rest)
            return True
        names = ", ".join(one.name for one in self.waiting[:SHOWN])
        self.problems.append(f"groups to be created contain each other: {names}")
        return False


def _links(change: Change) -> Iterator[tuple[str, Key]]:
    """Yield the attributes of a resource that name another one, as (path, key)."""
    for path, value in change.new.items():
        for kind in change.kind.at(top_path(path)).references:
            yield path, Key(kind, str(value))


def _referred(change: Change) -> set[Key]:
    """Return what a creation refers to: members and managers."""
    referred = set(change.joins)
    for _path, key in _links(change):
        referred.add(key)
    return referred


def _without_links(change: Change, unmade: set[Key]) -> tuple[Change, Change]:
    """Return a creation without some links, and the change that adds them.

    These are the links that cannot be made yet.
    """
    after = dict(change.new)
    content = change.desired.content
    kept = dict(content.attributes)
    for path, key in _links(change):
        if key in unmade:
            after.pop(path, None)
            kept.pop(path, None)
    desired = replace(change.desired, content=replace(content, attributes=kept))
    later = replace(change.desired, secrets=NO_SECRETS)
    first = replace(change, desired=desired, after=after)
    return first, replace(change, desired=later, before=after, membership=None)
