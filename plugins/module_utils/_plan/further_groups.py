# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which further groups end with a team; knows no service and no request.

A team gives its further groups to its members. Users that leave the team lose them, unless another
team gives them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .._model.key import Key
from .._model.schema import USER
from .change import NO_MEMBERS, MembershipChange

Changes = Mapping[Key, MembershipChange]


@dataclass(slots=True)
class FurtherGroups:
    """The further groups that onboarded teams give.

    Both are by the key of the team's own group. ``gives`` are all of them, and has every
    onboarded team. ``ends`` are those that end with the membership in the team.
    """

    gives: dict[Key, frozenset[Key]] = field(default_factory=dict)
    ends: dict[Key, frozenset[Key]] = field(default_factory=dict)

    def ended(self, changes: Changes) -> dict[Key, frozenset[Key]]:
        """Return the users that lose each further group, by its key.

        ``changes`` are those of the teams. The own groups of onboarded teams are left out, since
        their own lists say who is in them. Users of a team that gives the group are left out too,
        whether that team lists them or not.
        """
        lost: dict[Key, frozenset[Key]] = {}
        for group, left in self._left(changes):
            lost[group] = lost.get(group, frozenset()) | left
        found = {}
        for group, left in lost.items():
            users = left - self._given_to(group, changes)
            if users:
                found[group] = users
        return found

    def unreadable(self, changes: Changes) -> Iterator[tuple[Key, Key]]:
        """Yield (team, group) for each team that may keep users in a group that ends.

        The members of such a team are not known.
        """
        ending = {group for group, _left in self._left(changes)}
        for team, groups in self.gives.items():
            if changes.get(team, NO_MEMBERS).current is None and team in changes:
                for group in sorted(groups & ending):
                    yield team, group

    def _left(self, changes: Changes) -> Iterator[tuple[Key, frozenset[Key]]]:
        """Yield each group that ends with a team, and the users that leave the team."""
        for team, groups in self.ends.items():
            unlisted = changes.get(team, NO_MEMBERS).unlisted
            left = frozenset(key for key in unlisted if key.kind == USER.name)
            if left:
                for group in sorted(groups - self.gives.keys()):
                    yield group, left

    def _given_to(self, group: Key, changes: Changes) -> frozenset[Key]:
        """Return the users to whom a team gives a group: its members afterwards."""
        found = frozenset[Key]()
        for team, groups in self.gives.items():
            if group in groups:
                found |= changes.get(team, NO_MEMBERS).after
        return found
