# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of one group while changes write it; reads nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._model.key import Key
from .._plan.change import Change

if TYPE_CHECKING:
    from .worker import Worker


@dataclass(slots=True)
class GroupMembers:
    """The members of one group while a change writes it, as the service knows them.

    ``leaving`` are the members that the change removes. ``inside`` are those that were seen in the
    group, None if they are not known. ``shown`` are those that the last write answered with, if all
    of it was as asked. ``earlier`` are the members before the first write and as asked after
    each: a read that lags shows one of these. ``unsure``: the answer to a write was lost.
    ``hidden``: the group has members and shows none. ``denied``: the answer to a write shows that
    it was not done. ``unseen``: the last read showed the group as it was before a write.
    ``promised`` are the forms of writes that are to be made later.
    """

    leaving: frozenset[Key] = frozenset()
    inside: frozenset[Key] | None = None
    shown: frozenset[Key] | None = None
    unsure: bool = False
    earlier: list[frozenset[Key]] = field(default_factory=list)
    hidden: bool = False
    denied: bool = False
    unseen: bool = False
    promised: list[str] = field(default_factory=list)

    def begin(self, worker: Worker, change: Change) -> None:
        """Take in the members before the first write.

        A read may show them as they were before an earlier change of this run that was not seen. A
        write that was promised before is not made again.
        """
        if self.inside is None and worker.awaited is not None:
            self.inside = worker.awaited.inside
            self.earlier += worker.awaited.earlier
        current = change.moves.current
        if self.inside is None and current is not None:
            self.inside = frozenset(worker.service_keys(current))
            before = worker.earlier_members
            self.earlier += [*before, self.inside] if self.inside not in before else before

    def forget(self) -> None:
        """Forget the members, since another client changed the group and this run did not."""
        self.inside = None
        self.earlier.clear()

    def wrote(self, joins: Collection[Key], leaves: Collection[Key]) -> None:
        """Take in what an accepted write is to make of the members."""
        if self.earlier:
            self.earlier.append((self.earlier[-1] | frozenset(joins)) - frozenset(leaves))

    def note_last(self, now: frozenset[Key], *, is_done: bool) -> None:
        """Take in the members after all writes, and whether everybody joined and left."""
        self.unseen = not is_done and now in self.earlier and not self.denied

    def staying(self, worker: Worker) -> frozenset[Key]:
        """Return the members that were seen and that nothing removes."""
        return (self.inside or frozenset()) - self.leaving - worker.run.deleted


@dataclass(frozen=True, slots=True)
class Unseen:
    """A change of a group whose last read showed the group as it was before."""

    change: Change
    members: GroupMembers
