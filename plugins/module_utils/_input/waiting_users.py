# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a roster whose desired states are made only when they are needed.

These are the rows of users, and of members of whom their team asks nothing but to be active in its
group. Knows no file and no service.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._model.schema import USER
from .._plan.desired import Desired, Reference
from .._plan.questions import Resource
from .._plan.roster import RowKeys, Unmade
from .._plan.teams import Person, onboarded_group, onboarded_member
from .plain_users import RowForm
from .resources import user_desired
from .roster import Roster, TeamRows
from .rows import Rows
from .teams import person_of, team_input

Row = Mapping[str, Any]


class WaitingUsers:
    """The rows of users and of simple teams, numbered one after another."""

    def __init__(self, roster: Roster, match_by: Sequence[str] | None) -> None:
        self._match_by = match_by
        self._lists: list[Rows] = [roster.users]
        self._starts = [0]
        self._references: dict[int, list[Reference | None]] = {}
        self._forms: dict[tuple[str, ...], RowForm] = {}
        wholes = {id(one.members.whole): one.members.whole for one in roster.teams if waits(one)}
        for whole in wholes.values():
            self._starts.append(self._starts[-1] + len(self._lists[-1]))
            self._lists.append(whole)

    @property
    def unmade(self) -> Unmade:
        """Return the rows as what is not made yet."""
        size = self._starts[-1] + len(self._lists[-1])
        return Unmade(size, self._keys, self._shows, self._made)

    def group(self, team: TeamRows, *, exact: bool, excepted: frozenset[str]) -> Desired:
        """Return the desired state of the group of a team whose members wait."""
        members = team.members
        known = self._references_of(members.whole)
        staying: list[Reference] = []
        people: list[Person] = []
        for index in members.indexes:
            reference = known[index]
            if reference is not None:
                staying.append(reference)
            else:
                row = matched(members.whole[index], self._match_by)
                people.append(person_of(row, members.whole.place(index)))
        settings = team_input(team.settings, team.place, exact=exact, excepted=excepted)
        return onboarded_group(replace(settings, people=tuple(people), staying=frozenset(staying)))

    def _references_of(self, rows: Rows) -> list[Reference | None]:
        """Return how groups name the users of rows that wait, None for each other row."""
        found = self._references.get(id(rows))
        if found is None:
            found = self._references[id(rows)] = []
            for index in range(len(rows)):
                key = None
                if rows.waits(index):
                    key = self._form(rows, index).first_key(rows.values(index))
                found.append(Reference(USER.name, *key) if key else None)
        return found

    def _form(self, rows: Rows, index: int) -> RowForm:
        """Return the form of a row that waits."""
        names = rows.names(index)
        found = self._forms.get(names)
        if found is None:
            found = self._forms[names] = RowForm(names, self._match_by)
        return found

    def _row_keys(self, rows: Rows, index: int) -> RowKeys:
        return self._form(rows, index).keys(rows.values(index))

    def _at(self, number: int) -> tuple[Rows, int, bool]:
        """Return a row by its list and index, and whether it is a member of a team."""
        which = bisect_right(self._starts, number) - 1
        return self._lists[which], number - self._starts[which], which > 0

    def _keys(self, number: int) -> RowKeys | None:
        rows, index, _is_member = self._at(number)
        return self._row_keys(rows, index) if rows.waits(index) else None

    def _shows(self, number: int, resource: Resource) -> bool:
        rows, index, is_member = self._at(number)
        if is_member and resource.get("active") is not True:
            if "active" not in rows.names(index):
                return False
        return self._form(rows, index).shows(rows.values(index), resource)

    def _made(self, number: int) -> Desired:
        rows, index, is_member = self._at(number)
        found = user_desired(matched(rows[index], self._match_by), rows.place(index))
        return onboarded_member(found) if is_member else found


def waits(team: TeamRows) -> bool:
    """Return whether the members of a team are among the waiting users."""
    return team.settings.get("state") != "offboarded" and not team.settings.get("groups")


def matched(row: Row, match_by: Sequence[str] | None) -> Row:
    """Return a user that is found by ``match_by``, unless it sets its own."""
    return {**row, "match_by": row.get("match_by") or match_by} if match_by else row
